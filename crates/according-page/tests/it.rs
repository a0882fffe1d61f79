//! Pages in the manner of real sites, written for these tests.

use according::{BlockKind, BlockNote, Field, Metadata, Origin};
use according_nlp::Span;
use according_page::{Error, Limits, Located, Page, Quote, locate, read};
use proptest::prelude::*;

const STORY: &str = r#"<!DOCTYPE html><html lang="en-GB"><head><title>Ferry burns in harbour | Harbour Post</title>
<link rel="canonical" href="https://post.example/ferry">
<meta property="og:site_name" content="Harbour Post">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},
{"@type":"NewsArticle","headline":"Ferry burns in harbour","datePublished":"2021-03-04T06:30:00+01:00",
"dateModified":"2021-03-05T08:00:00Z","author":[{"@type":"Person","name":"Ann Roe"},{"@type":"Person","name":"Jon Poe"}],
"publisher":{"@type":"Organization","name":"The Harbour Post"}}]}</script></head>
<body><header><a href="/">Harbour Post</a><nav><ul><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav></header>
<main><article><h1>Ferry burns in <em>harbour</em></h1>
<p class="standfirst">Two men are held after a fire that burnt for three hours</p>
<div class="byline">By Ann Roe and Jon Poe</div><time datetime="2021-03-04T06:30:00+01:00">4 March 2021</time>
<figure><img src="f.jpg" alt=""><figcaption>The ferry on Monday morning. <span class="credit">Photo: Mia Doe</span></figcaption></figure>
<p>The ferry burnt for three hours on Monday before the crew of a tug could
   put out the fire, the harbour master said at a meeting in the town hall.</p>
<p>Two men were held over the fire,<span style="display: none"> SECRET</span> and a third was asked to come to the station, a police officer told the paper.</p>
<blockquote><p>We were never told that the ferry was unsafe, and nobody had looked at it for years.</p></blockquote>
<ul><li>The ferry was built forty years ago in a yard that has since closed.</li>
<li>It carried two hundred people a day across the bay, the company said.</li></ul>
<div class="newsletter"><p>Get the best of the Post in your inbox: sign up for our newsletter today.</p></div>
<div aria-hidden="true"><p>HIDDEN The owner of the ferry admitted that everything was his fault alone.</p></div>
<p>The company that owns the ferry did not answer questions on Tuesday, and its office in the harbour was closed when a reporter called.</p>
</article><aside><h2>Related</h2><a href="/x">Tug sinks in the bay after a collision</a></aside></main>
<footer>© 2021 The Harbour Post</footer></body></html>"#;

fn page(html: &str) -> Page {
    let page = read(html, Metadata::default(), &Limits::default()).unwrap();
    check(&page);
    page
}

/// Blocks cover all text once and in order.
fn check(page: &Page) {
    let article = &page.article;
    let mut end = 0;
    for block in &article.blocks {
        let range = block.span.range();
        assert!(article.text[end..range.start].trim().is_empty());
        assert!(!article.text[range.clone()].trim().is_empty());
        end = range.end;
    }
    assert!(article.text[end..].trim().is_empty());
}

fn blocks(page: &Page) -> Vec<(BlockKind, &str)> {
    let text = page.article.text.as_str();
    page.article.blocks.iter().map(|b| (b.kind, &text[b.span.range()])).collect()
}

#[test]
fn a_story_in_its_parts() {
    let page = page(STORY);
    let kinds: Vec<_> = blocks(&page).iter().map(|(kind, _)| *kind).collect();
    use BlockKind::*;
    assert_eq!(
        kinds,
        [
            Headline,
            Standfirst,
            Byline,
            Date,
            Caption,
            Paragraph,
            Paragraph,
            Quotation,
            ListItem,
            ListItem,
            Boilerplate,
            Paragraph
        ],
        "{:#?}",
        blocks(&page)
    );
    assert!(!page.article.text.contains("SECRET"));
    assert!(!page.article.text.contains("HIDDEN"));
    assert!(page.article.text.contains("of a tug could put out the fire"));
}

#[test]
fn what_the_page_says_about_itself() {
    let metadata = page(STORY).article.metadata;
    assert_eq!(metadata.title.as_deref(), Some("Ferry burns in harbour"));
    assert_eq!(metadata.byline, ["Ann Roe", "Jon Poe"]);
    assert_eq!(metadata.outlet.as_deref(), Some("Harbour Post"));
    assert_eq!(metadata.published.as_deref(), Some("2021-03-04"));
    assert_eq!(metadata.url.as_deref(), Some("https://post.example/ferry"));
    assert_eq!(metadata.published_time.as_deref(), Some("2021-03-04T06:30:00+01:00"));
    assert_eq!(metadata.modified.as_deref(), Some("2021-03-05T08:00:00Z"));
    assert_eq!(metadata.language.as_deref(), Some("en-GB"));
    let said = |field, origin| {
        let all = metadata.provenance.iter();
        let said = all.filter(|p| p.field == field && p.origin == origin);
        said.map(|p| (p.value.as_str(), p.used)).collect::<Vec<_>>()
    };
    assert_eq!(said(Field::Outlet, Origin::JsonLd), [("The Harbour Post", false)]);
    assert_eq!(said(Field::Outlet, Origin::OpenGraph), [("Harbour Post", true)]);
    assert_eq!(said(Field::Published, Origin::Text), [("2021-03-04", true)]);
}

#[test]
fn corrections_and_posts_are_told_apart() {
    let html = "<h1>Ferry burns</h1><div><p>The ferry burnt for three hours on Monday, the \
        harbour master said in the town hall, and two men were held.</p>\
        <blockquote class='twitter-tweet'><p>We saw the smoke from the other side of the bay, \
        and nobody came for an hour.</p></blockquote>\
        <p>The owner came back on Tuesday to see what was left of it, he told the paper.</p>\
        <p>Correction: An earlier version of this story gave the wrong day.</p></div>";
    let notes: Vec<_> =
        page(html).article.blocks.iter().map(|b| (b.kind, b.note)).collect();
    assert!(notes.contains(&(BlockKind::Quotation, Some(BlockNote::Post))), "{notes:?}");
    let correction = (BlockKind::Boilerplate, Some(BlockNote::Correction));
    assert_eq!(notes.last(), Some(&correction));
}

#[test]
fn style_sheets_hide() {
    let html = "<head><style>/* .story {display:none} */ .gone, p.off { color: red; display : none }\
        #menu{visibility:hidden} .back{display:none} .back{display:block}\
        @media print { .story { display: none } } .story b .x{display:none}\
        .most { display: none }</style></head>\
        <h1>Ferry burns</h1><div class='story most'><p>The ferry burnt for three hours on Monday, \
        the harbour master said in the town hall.</p><p class='gone'>GONE said he.</p>\
        <p class='x off'>OFF said she.</p><p class='back'>The owner came back on Tuesday to \
        see what was left of it, he told the paper.</p><div id='menu'><p>MENU</p></div></div>";
    let text = page(html).article.text;
    assert!(text.contains("harbour master") && text.contains("came back"), "{text}");
    for hidden in ["GONE", "OFF", "MENU"] {
        assert!(!text.contains(hidden), "{text}");
    }
}

#[test]
fn what_the_caller_knows_wins() {
    let given = Metadata {
        title: Some("Given".into()),
        byline: vec!["Given".into()],
        published: Some("2000-01-01".into()),
        ..Metadata::default()
    };
    let page = read(STORY, given.clone(), &Limits::default()).unwrap();
    assert_eq!(page.article.metadata.title, given.title);
    assert_eq!(page.article.metadata.byline, given.byline);
    assert_eq!(page.article.metadata.published, given.published);
}

#[test]
fn no_date_is_made_up() {
    let html = "<h1>Ferry burns</h1><p>The ferry burnt in 2019, they said, and again on the \
        3rd of May in another year.</p><meta name=date content='yesterday'>\
        <meta property='article:published_time' content='2021-02-30'><p>© 2020 The Post</p>";
    assert_eq!(page(html).article.metadata.published, None);
}

#[test]
fn a_block_with_hidden_text_in_it_has_no_way_back() {
    let page = page(STORY);
    let none: Vec<_> = page
        .article
        .blocks
        .iter()
        .filter(|block| page.selector(block.span).is_none())
        .map(|block| &page.article.text[block.span.range()][..12])
        .collect();
    assert_eq!(none, ["Two men were"]);
}

#[test]
fn limits_are_named() {
    let error = |html: &str, limits: Limits| {
        read(html, Metadata::default(), &limits).unwrap_err()
    };
    let limits = Limits::default();
    assert_eq!(error("<p>Ferry", Limits { size: 3, ..limits }), Error::Size(3));
    assert_eq!(error("<p>Ferry", Limits { nodes: 2, ..limits }), Error::Nodes(2));
    assert_eq!(error("<div><div><div>x", Limits { depth: 2, ..limits }), Error::Depth(2));
    for tag in ["div", "b", "a", "table", "p><span", "button", "x-y", "td><table"] {
        let deep = format!("<{tag}>").repeat(100_000);
        assert_eq!(error(&deep, limits), Error::Depth(limits.depth), "{tag}");
    }
    assert_eq!(
        error("<div>".repeat(1000).as_str(), limits).to_string(),
        "the page nests deeper than the limit of 480 elements"
    );
}

#[test]
fn nothing_is_too_strange() {
    for html in
        ["", " ", "<", "<p>", "</html>", "\u{0}", "<!--", "plain text", "<table>x"]
    {
        page(html);
    }
    page(&"<p>".repeat(20_000));
    page(&"<li>x".repeat(20_000));
}

/// What a selector selects in the original: in the element, and in the whole document.
fn select(html: &str, selector: &according_page::Selector) -> [String; 2] {
    let document = trafilatura::dom::Document::parse(html);
    let mut element = document.root();
    for step in selector.xpath.split('/').skip(1) {
        let (name, nth) = step.trim_end_matches(']').split_once('[').unwrap();
        let same = document.children(element).into_iter();
        let mut same = same.filter(|&id| document.tag_name(id) == name);
        element = same.nth(nth.parse::<usize>().unwrap() - 1).unwrap();
    }
    let cut = |text: String, [start, end]: [usize; 2]| {
        text.chars()
            .skip(start)
            .take(end - start)
            .filter(|c| !c.is_whitespace())
            .collect()
    };
    let root = document.children(document.root())[0];
    [
        cut(document.text_content(element), selector.within),
        cut(document.text_content(root), selector.position),
    ]
}

fn lead_back(html: &str) {
    let page = page(html);
    for block in &page.article.blocks {
        let Some(selector) = &page.selector(block.span) else { continue };
        let text: String = page.article.text[block.span.range()]
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        assert_eq!(select(html, selector), [text.clone(), text], "{selector:?}");
    }
}

#[test]
fn selectors_lead_back_to_the_story() {
    lead_back(STORY);
    let page = page(STORY);
    let blocks = page.article.blocks.iter();
    let found = blocks.filter(|block| page.selector(block.span).is_some()).count();
    assert_eq!(found + 1, page.article.blocks.len());
}

#[test]
fn what_is_quoted_is_found_again_or_said_to_be_gone() {
    let limits = Limits::default();
    let page = page(STORY);
    let exact = "the crew of a tug could put out the fire";
    let start = page.article.text.find(exact).unwrap();
    let selector = page.selector(Span::new(start, start + exact.len())).unwrap();
    let quote = Quote {
        exact: exact.to_owned(),
        prefix: "for three hours on Monday before".to_owned(),
        suffix: ", the harbour master".to_owned(),
    };
    let find = |html: &str, quote: &Quote| {
        locate(html, Some(&selector), quote, &limits).unwrap()
    };
    assert_eq!(find(STORY, &quote), Located::Unchanged(selector.position));
    // Something was put before it.
    let moved = STORY
        .replace("<p>The ferry burnt", "<p>Update: see below.</p><p>The ferry burnt");
    assert!(matches!(find(&moved, &quote), Located::Moved(_)));
    // The same words among other words are another quotation.
    let other = STORY.replace("on Monday before the crew", "on Tuesday after the crew");
    let elsewhere = other.replace("<p>The ferry burnt", "<p>x</p><p>The ferry burnt");
    assert_eq!(find(&elsewhere, &quote), Located::Gone);
    let gone = STORY.replace("put out the fire", "quench it");
    assert_eq!(find(&gone, &quote), Located::Gone);
    assert_eq!(find("", &quote), Located::Gone);
    // Twice with the same words around it: nobody knows which.
    let twice = moved.replace("</article>", "<p>The ferry burnt for three hours on Monday \
        before the crew of a tug could put out the fire, the harbour master said.</p></article>");
    assert_eq!(find(&twice, &quote), Located::Gone);
}

const PARTS: [&str; 26] = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<br>",
    "<br><br>",
    "<ul><li>",
    "</ul>",
    "<b>",
    "</b>",
    "<table><tr><td>",
    "</table>",
    "<blockquote>",
    "</blockquote>",
    "<h1>",
    "</h1>",
    "<script>x()</script>",
    "<span hidden>no</span>",
    "<svg><text>x</text></svg>",
    "<noscript><p>x</noscript>",
    "<!-- x -->",
    "&amp;&nbsp;é😀 ",
    "<a href=x>",
    "HARBOUR CITY, May 5 (AP) — Two men were held over the fire in the harbour. ",
    "The ferry burnt for three hours on Monday before the crew put out the fire.\n ",
    "<figure><figcaption>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn selectors_lead_back(parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 0..60)) {
        lead_back(&parts.concat());
    }
}
