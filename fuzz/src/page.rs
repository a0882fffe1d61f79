//! Web pages that nobody would write: read or refused, with blocks that cover the text and
//! as many ways back.

use according::Metadata;
use according_page::{Limits, Located, Quote, locate, read};

use crate::Random;

const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<b>",
    "<a href=x>",
    "</a>",
    "<br>",
    "<table>",
    "<td>",
    "</table>",
    "<li>",
    "<ul>",
    "<h1>",
    "</h1>",
    "<svg>",
    "<math>",
    "<template>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<noscript>",
    "<figure>",
    "<blockquote>",
    "<select>",
    "<span hidden>",
    "<form>",
    "&#0;",
    "&amp;",
    "<",
    "\"",
    "\u{301}",
    "\u{feff}",
    "😀 ",
    "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"author\":[[{}]]}</script>",
    "<meta property=article:published_time content=2021-02-30>",
    "<time datetime=é>",
    "<time datetime='20210504T1015é'>",
    "<style>.x,#y{display:none} @media{.z{visibility:hidden}} .x{display:block}</style>",
    "<style>/*{",
    "<p class='x sr-only'>",
    "<blockquote class=twitter-tweet>",
    "<span class='author vcard'><b class=fn>",
    "<title>Ferry | Post</title>",
    "<meta property=og:site_name content=Post>",
    "<meta name=date content=99999999999999>",
    "Published: 29.02.2021 25:61 | Updated 3/4/2021 at 2pm (UTC+99) ",
    "14:05, 4th of March, 2021 ",
    "Correction: no. ",
    "Two men were held over the fire in the harbour. ",
    "By Ann Roe ",
    "May 5, 2021 ",
];

/// Pieces of pages in any order, some of them many times.
pub(crate) fn make(random: &mut Random) -> Vec<u8> {
    let mut page = String::new();
    for _ in 0..random.below(120) {
        let n = if random.below(40) == 0 { random.below(2000) } else { 1 };
        page.push_str(&random.of(PIECES).repeat(n));
    }
    page.into_bytes()
}

pub(crate) fn check(input: &[u8]) {
    let html = String::from_utf8_lossy(input);
    let Ok(page) = read(&html, Metadata::default(), &Limits::default()) else { return };
    let mut end = 0;
    for block in &page.article.blocks {
        let range = block.span.range();
        let selector = page.selector(block.span);
        let quote = Quote {
            exact: page.article.text[range.clone()].to_owned(),
            ..Quote::default()
        };
        let located = locate(&html, selector.as_ref(), &quote, &Limits::default());
        if let Some(selector) = selector {
            assert_eq!(located, Ok(Located::Unchanged(selector.position)));
        }
        assert!(page.article.text[end..range.start].trim().is_empty());
        assert!(!page.article.text[range.clone()].is_empty());
        end = range.end;
    }
    assert!(page.article.text[end..].trim().is_empty());
}
