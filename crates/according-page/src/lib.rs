//! Web pages to articles: what a news page says, in which part, and where it stood.
//!
//! ```
//! use according::Metadata;
//! use according_page::{Limits, read};
//! let html = "<body><nav>News</nav><h1>Ferry burns in harbour</h1>\
//!     <p>Two men were held on Monday over the fire, the police said.</p></body>";
//! let page = read(html, Metadata::default(), &Limits::default()).unwrap();
//! assert_eq!(page.article.metadata.title.as_deref(), Some("Ferry burns in harbour"));
//! let selector = page.selector(page.article.blocks[0].span).unwrap();
//! assert_eq!(selector.xpath, "/html[1]/body[1]/h1[1]");
//! assert_eq!(selector.within, [0, 22]);
//! ```

mod body;
mod dom;
mod error;
mod kinds;
mod lines;
mod metadata;
mod moment;
mod nesting;
mod styles;
mod way_back;

use according::{Article, BlockKind, BlockNote, Metadata};
use according_nlp::Span;
use trafilatura::dom::Document;

use crate::dom::{Dom, TooMuch};
use crate::kinds::Kinds;
use crate::lines::Line;
use crate::metadata::About;
use crate::way_back::WayBack;

pub use error::{Error, Limits};
pub use way_back::{Located, Quote, Selector, locate, locate_in_text};

/// An article and the way back to the page it was read from.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What the page tells.
    pub article: Article,
    way_back: WayBack,
}

impl Page {
    /// Where a stretch of the article stood, unless it is longer than a line of the page, or
    /// text that is not read stands within it.
    pub fn selector(&self, span: Span) -> Option<Selector> {
        self.way_back.selector(span)
    }
}

/// Reads a page. What is `given` about the article wins over what the page says.
pub fn read(html: &str, given: Metadata, limits: &Limits) -> Result<Page, Error> {
    let (document, dom) = parse(html, limits)?;
    let lines = lines::lines(&dom);
    let told = body::body(document, &dom, &lines);
    Ok(page(&dom, &lines, &told, given))
}

fn parse(html: &str, limits: &Limits) -> Result<(Document, Dom), Error> {
    if html.len() > limits.size {
        return Err(Error::Size(limits.size));
    }
    if nesting::is_deeper(html, limits.depth) {
        return Err(Error::Depth(limits.depth));
    }
    let document = Document::parse(html);
    let dom = Dom::new(&document, limits.depth, limits.nodes).map_err(|e| match e {
        TooMuch::Depth => Error::Depth(limits.depth),
        TooMuch::Nodes => Error::Nodes(limits.nodes),
    })?;
    Ok((document, dom))
}

/// A line that becomes part of the article.
struct Kept<'l> {
    line: &'l Line,
    span: Span,
    kind: Option<BlockKind>,
    told: bool,
}

fn page(dom: &Dom, lines: &[Line], told: &[bool], given: Metadata) -> Page {
    let mut about = About::new(dom);
    let headline = headline(dom, lines, told, &about);
    let told = &*without_menus(lines, told, headline);
    let kinds = Kinds::new(dom, lines, told);
    let first = told.iter().position(|t| *t).into_iter().chain(headline).min();
    let last = told.iter().rposition(|t| *t).into_iter().chain(headline).max();
    let mut text = String::new();
    let mut kept: Vec<Kept<'_>> = Vec::new();
    for i in first.unwrap_or(0)..last.map_or(0, |i| i + 1) {
        let line = &lines[i];
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(&line.text);
        let in_head = !told[..i].contains(&true);
        let kind = match kinds.of(line) {
            _ if Some(i) == headline => Some(BlockKind::Headline),
            _ if told[i] && line.is_links() => Some(BlockKind::Boilerplate),
            kind if told[i] => kind,
            // Sums up this story only where it stands between its headline and itself.
            Some(BlockKind::Standfirst) if !in_head || headline.is_none_or(|h| i < h) => {
                Some(BlockKind::Boilerplate)
            }
            Some(
                kind @ (BlockKind::Caption
                | BlockKind::Byline
                | BlockKind::Standfirst
                | BlockKind::Date),
            ) => Some(kind),
            _ if in_head && may_be_head(&line.text) => None,
            _ => Some(BlockKind::Boilerplate),
        };
        let span = Span::new(start, text.len());
        kept.push(Kept { line, span, kind, told: told[i] });
    }
    let given_lines: Vec<_> = kept.iter().map(|k| (k.span, k.kind)).collect();
    tell_dates(&mut about, dom, &kinds, lines, told, headline);
    let given = about.complete(given, headline.map(|i| lines[i].text.as_str()));
    let mut article = according::article::plain::read_lines(text, &given_lines, given);
    let mut k = 0;
    for block in &mut article.blocks {
        while kept[k].span.range().end <= block.span.range().start {
            k += 1;
        }
        if kinds::is_post(dom, kept[k].line) && block.kind.is_body() {
            block.note = Some(BlockNote::Post);
        }
        if !kept[k].told && block.kind == BlockKind::Paragraph {
            block.kind = BlockKind::Boilerplate;
        }
    }
    let mut way_back = WayBack::default();
    for kept in &kept {
        way_back.add(dom, kept.line, kept.span);
    }
    Page { article, way_back }
}

/// Longer lines are no headlines, whatever the markup says.
const LONGEST_HEADLINE: usize = 250;

/// What stands above the headline is no part of the story, unless it is a good part of it.
fn without_menus(lines: &[Line], told: &[bool], headline: Option<usize>) -> Vec<bool> {
    let headline = headline.unwrap_or(0);
    let size = |range: std::ops::Range<usize>| {
        range.filter(|&i| told[i]).map(|i| lines[i].text.len()).sum::<usize>()
    };
    let mut told_below = told.to_vec();
    if size(0..headline) * 3 < size(headline..lines.len()) {
        told_below[..headline].fill(false);
    }
    told_below
}

/// So many lines above the headline may tell a date.
const HEAD: usize = 12;

/// Looks for dates around the story.
fn tell_dates(
    about: &mut About,
    dom: &Dom,
    kinds: &Kinds<'_>,
    lines: &[Line],
    told: &[bool],
    headline: Option<usize>,
) {
    let is_story = |i: &usize| {
        told[*i] && Some(*i) != headline && lines[*i].text.split(' ').count() >= 15
    };
    let start = (0..lines.len()).find(is_story).unwrap_or(lines.len());
    let top = headline.unwrap_or(start).min(start);
    let end = told.iter().rposition(|told| *told).map_or(lines.len(), |last| last + HEAD);
    let may_be_date = |line: &Line| {
        line.text.len() <= 200 && line.text.contains(|c: char| c.is_ascii_digit())
    };
    let is_beside = |node: usize| {
        let mut around = dom.ancestors(node);
        around.any(|n| match dom.name(n) {
            "nav" | "aside" => true,
            // "Released | 4 March 2021" is about what the article is about.
            "tr" => (n..dom.nodes[n].end).any(|n| dom.name(n) == "th"),
            _ => false,
        })
    };
    // What stands nearer to the story is said first.
    let above = (top..start).chain((top.saturating_sub(HEAD)..top).rev());
    for i in above {
        let line = &lines[i];
        if Some(i) == headline || !may_be_date(line) || is_beside(line.first) {
            continue;
        }
        let kind = kinds.of(line);
        if kind != Some(BlockKind::Boilerplate) {
            about.add_line(line, true, kind == Some(BlockKind::Date));
        }
    }
    for i in start..end.min(lines.len()) {
        if told[i] || !may_be_date(&lines[i]) {
            continue;
        }
        let kind = kinds.of(&lines[i]);
        if kind != Some(BlockKind::Boilerplate) {
            about.add_line(&lines[i], false, kind == Some(BlockKind::Date));
        }
    }
    let first = lines.get(top.saturating_sub(1)).map_or(0, |line| line.first);
    let last = lines.get(start).map_or(dom.nodes.len(), |line| line.first);
    for node in first..last {
        if dom.name(node) == "time" && !dom.nodes[node].hidden && !is_beside(node) {
            about.add_time(dom, node);
        }
    }
}

/// The line with the headline: what the page calls itself, best in an `h1`, else the last
/// `h1` above the story.
fn headline(dom: &Dom, lines: &[Line], told: &[bool], about: &About) -> Option<usize> {
    let first = told.iter().position(|t| *t).unwrap_or(lines.len());
    let last = told.iter().rposition(|t| *t).unwrap_or(0);
    let above = 0..(first + 3).min(lines.len());
    let within = |i: usize, names: &[&str]| {
        dom.ancestors(lines[i].element).any(|n| names.contains(&dom.name(n)))
    };
    let titles: Vec<_> = about.titles().map(str::to_lowercase).collect();
    let is_h1 = |i: &usize| within(*i, &["h1"]);
    // "Ferry burns in harbour | The Harbour Post"
    let is_title = |i: &usize| {
        let line = lines[*i].text.to_lowercase();
        titles.iter().any(|title| {
            *title == line
                || line.len() > 20
                    && line.len() * 2 > title.len()
                    && title.starts_with(&line)
        })
    };
    let is_short = |i: &usize| lines[*i].text.len() <= LONGEST_HEADLINE;
    let mut named = above.clone().rev().filter(|i| is_title(i) && is_short(i));
    // Menus may be taken for the story, so the headline may stand further down.
    let mut below = (above.end..last).filter(|i| {
        let is_heading = || within(*i, &["h1", "h2", "h3"]);
        is_title(i) && is_short(i) && is_heading()
    });
    // An `h1` that is not what the page calls itself may be the name of the site.
    let is_site = |i: &usize| about.is_site(&lines[*i].text);
    let is_other_h1 = |i: &usize| is_h1(i) && is_short(i) && !is_site(i);
    let named_h1 = named.clone().find(is_h1);
    named_h1
        .or_else(|| named.next())
        .or_else(|| below.next())
        .or_else(|| above.clone().rev().find(is_other_h1))
}

/// Whether a line above the story that is none of it may be a byline or a date.
fn may_be_head(text: &str) -> bool {
    let opens = text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("by "));
    text.len() <= 200 && (opens || text.contains(|c: char| c.is_ascii_digit()))
}
