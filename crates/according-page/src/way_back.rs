//! The way back from an article to its page, and whether it still leads there.

use according_nlp::Span;

use crate::dom::{Content, Dom};
use crate::error::{Error, Limits};
use crate::lines::Line;

/// Where something stands in a page. What is selected is the text, but for white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The element.
    pub xpath: String,
    /// First code point in the text of the element, and one past the last.
    pub within: [usize; 2],
    /// The same in the text of the whole document: the `textContent` of its root.
    pub position: [usize; 2],
}

/// Where the lines of an article stood.
#[derive(Clone, Debug, Default)]
pub(crate) struct WayBack(Vec<Origin>);

/// Where one line stood.
#[derive(Clone, Debug)]
struct Origin {
    /// In the text of the article.
    span: Span,
    /// Byte of the article and position in the page of each of its characters.
    characters: Vec<(usize, usize)>,
    /// After which of the characters the page holds text that is not in the article.
    gaps: Vec<usize>,
    /// The element, and where its text begins.
    xpath: Option<String>,
    start: usize,
}

impl WayBack {
    /// Notes where a line stands that became `span` of an article, after the ones before it.
    pub(crate) fn add(&mut self, dom: &Dom, line: &Line, span: Span) {
        let start = span.range().start;
        let bytes = line.text.char_indices().map(|(byte, _)| start + byte);
        let characters: Vec<_> = bytes.zip(line.positions.iter().copied()).collect();
        let mut page = dom.chars_from(line.positions.first().copied().unwrap_or(0));
        let mut gaps = Vec::new();
        for (i, pair) in characters.windows(2).enumerate() {
            page.next();
            for _ in pair[0].1 + 1..pair[1].1 {
                if page.next().is_some_and(|c| !c.is_whitespace()) {
                    gaps.push(i);
                }
            }
        }
        gaps.dedup();
        let (xpath, start) = (dom.xpath(line.element), dom.nodes[line.element].start);
        self.0.push(Origin { span, characters, gaps, xpath, start });
    }

    /// Where a stretch of the article stood, unless text that is not read stands within it.
    pub(crate) fn selector(&self, span: Span) -> Option<Selector> {
        let (from, to) = (span.range().start, span.range().end);
        let i = self.0.partition_point(|origin| origin.span.range().end <= from);
        let origin = self.0.get(i)?;
        let first = origin.characters.partition_point(|(byte, _)| *byte < from);
        let last =
            origin.characters.partition_point(|(byte, _)| *byte < to).checked_sub(1)?;
        let whole = to <= origin.span.range().end && from >= origin.span.range().start;
        let has_gap = origin.gaps.iter().any(|gap| (first..last).contains(gap));
        if !whole || first > last || has_gap {
            return None;
        }
        let (start, end) =
            (origin.characters.get(first)?.1, origin.characters.get(last)?.1 + 1);
        Some(Selector {
            xpath: origin.xpath.clone()?,
            within: [start.checked_sub(origin.start)?, end.checked_sub(origin.start)?],
            position: [start, end],
        })
    }
}

/// Something that was quoted from an original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// Its words.
    pub exact: String,
    /// What stood before it.
    pub prefix: String,
    /// What stood after it.
    pub suffix: String,
}

/// Where a quotation stands by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Located {
    /// Where it stood: first code point in the text of the document, and one past the last.
    Unchanged([usize; 2]),
    /// Somewhere else, with the same words around it.
    Moved([usize; 2]),
    /// Nowhere, or nowhere for sure: the same words in another place are another quotation.
    Gone,
}

/// Looks for what was quoted from a page where the selector says, and then for the same
/// words among the same words elsewhere.
pub fn locate(
    html: &str,
    selector: Option<&Selector>,
    quote: &Quote,
    limits: &Limits,
) -> Result<Located, Error> {
    let (_, dom) = crate::parse(html, limits)?;
    let at = selector.and_then(|selector| {
        let element = element(&dom, &selector.xpath)?;
        let start = dom.nodes[element].start.checked_add(selector.within[0])?;
        let end = dom.nodes[element].start.checked_add(selector.within[1])?;
        Some([start, end])
    });
    let texts = dom.nodes.iter().filter(|node| !node.hidden);
    let chars = texts.flat_map(|node| match &node.content {
        Content::Text(text) => text.chars().zip(node.start..).collect::<Vec<_>>(),
        Content::Element { .. } => Vec::new(),
    });
    Ok(locate_in(chars, at, quote))
}

/// The same for an original that is plain text; `position` is where it stood.
pub fn locate_in_text(
    text: &str,
    position: Option<[usize; 2]>,
    quote: &Quote,
) -> Located {
    locate_in(text.chars().zip(0..), position, quote)
}

fn locate_in(
    chars: impl Iterator<Item = (char, usize)>,
    at: Option<[usize; 2]>,
    quote: &Quote,
) -> Located {
    let folded =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let (exact, prefix, suffix) =
        (folded(&quote.exact), folded(&quote.prefix), folded(&quote.suffix));
    let mut text = String::new();
    // Byte of the text and position in the original of each character.
    let mut places = Vec::new();
    for (c, position) in chars.filter(|(c, _)| !c.is_whitespace()) {
        places.push((text.len(), position));
        text.push(c);
    }
    if exact.is_empty() {
        return Located::Gone;
    }
    let position = |byte: usize| {
        let i = places.binary_search_by_key(&byte, |(byte, _)| *byte).ok()?;
        Some(places.get(i)?.1)
    };
    let found = |byte: usize| {
        let start = position(byte)?;
        let i =
            places.partition_point(|(b, _)| *b < byte + exact.len()).checked_sub(1)?;
        Some([start, places.get(i)?.1 + 1])
    };
    // Looked at by itself: words that repeat themselves may also match around it.
    let index = |at: [usize; 2]| places.binary_search_by_key(&at[0], |(_, place)| *place);
    if let Some(at) = at
        && let Ok(i) = index(at)
        && text[places[i].0..].starts_with(&exact)
        && found(places[i].0) == Some(at)
    {
        return Located::Unchanged(at);
    }
    let mut others = Vec::new();
    for (byte, _) in text.match_indices(&exact) {
        let Some(span) = found(byte) else { continue };
        let (before, after) = (&text[..byte], &text[byte + exact.len()..]);
        if before.ends_with(&prefix) && after.starts_with(&suffix) {
            others.push(span);
        }
    }
    match others[..] {
        [span] => Located::Moved(span),
        _ => Located::Gone,
    }
}

/// The element that a path such as `/html[1]/body[1]/p[2]` leads to.
fn element(dom: &Dom, xpath: &str) -> Option<usize> {
    let mut steps = xpath.split('/').skip(1);
    let root = steps.next()?;
    if dom.nodes.is_empty() || root != "html[1]" {
        return None;
    }
    let mut element = 0;
    for step in steps {
        let (name, nth) = step.strip_suffix(']')?.split_once('[')?;
        let mut left: usize = nth.parse().ok()?;
        let mut child = element + 1;
        let end = dom.nodes[element].end;
        element = loop {
            if child >= end {
                return None;
            }
            if dom.name(child) == name {
                left = left.checked_sub(1)?;
                if left == 0 {
                    break child;
                }
            }
            child = dom.nodes[child].end;
        };
    }
    Some(element)
}
