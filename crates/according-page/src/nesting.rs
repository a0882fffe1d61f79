//! How deep a page nests, told before it is parsed: parsing takes time that grows with the
//! length of a page times its depth.

use std::collections::BTreeMap;

/// Markup that leaves elements open is common, and the parser closes most of them: a page
/// may look so many times deeper than it is.
const SLACK: usize = 8;

/// Elements that are left open without harm.
const LEFT_OPEN: [&str; 30] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
    "optgroup", "colgroup", "html", "head", "body", "br", "img", "input", "meta", "link",
    "hr", "source", "area", "base", "col", "embed", "param", "track", "wbr",
];

/// Elements that pages are made of, which are counted without a copy of their name.
const COMMON: [&str; 24] = [
    "a", "article", "aside", "b", "button", "div", "em", "figure", "footer", "form",
    "h1", "h2", "h3", "header", "i", "label", "nav", "ol", "script", "section", "span",
    "strong", "table", "ul",
];

fn is(name: &[u8], known: &str) -> bool {
    name.len() == known.len() && name.eq_ignore_ascii_case(known.as_bytes())
}

/// Elements that are open, by name.
#[derive(Default)]
struct Open {
    common: [usize; COMMON.len()],
    others: BTreeMap<Vec<u8>, usize>,
}

impl Open {
    fn count(&mut self, name: &[u8]) -> &mut usize {
        match COMMON.iter().position(|common| is(name, common)) {
            Some(i) => &mut self.common[i],
            None => self.others.entry(name.to_ascii_lowercase()).or_default(),
        }
    }
}

/// Whether so many elements stand open that the page must nest far deeper than `limit`.
pub(crate) fn is_deeper(html: &str, limit: usize) -> bool {
    let most = limit.saturating_mul(SLACK);
    let mut open = Open::default();
    let mut depth = 0;
    for piece in html.as_bytes().split(|b| *b == b'<').skip(1) {
        let (closes, rest) = match piece.strip_prefix(b"/") {
            Some(rest) => (true, rest),
            None => (false, piece),
        };
        let end = rest.iter().position(|b| b.is_ascii_whitespace() || b">/".contains(b));
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if !name.first().is_some_and(u8::is_ascii_alphabetic)
            || name.len() > 64
            || LEFT_OPEN.iter().any(|n| is(name, n))
        {
            continue;
        }
        let count = open.count(name);
        if !closes {
            *count += 1;
            depth += 1;
            if depth > most {
                return true;
            }
        } else if *count > 0 {
            *count -= 1;
            depth -= 1;
        }
    }
    false
}
