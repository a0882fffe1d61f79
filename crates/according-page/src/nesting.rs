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

/// Whether so many elements stand open that the page must nest far deeper than `limit`.
pub(crate) fn is_deeper(html: &str, limit: usize) -> bool {
    let most = limit.saturating_mul(SLACK);
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let mut depth = 0;
    for piece in html.split('<').skip(1) {
        let (closes, rest) = match piece.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, piece),
        };
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
        let name = &rest[..end.unwrap_or(rest.len())];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.len() > 64 {
            continue;
        }
        let name = name.to_ascii_lowercase();
        if LEFT_OPEN.contains(&name.as_str()) {
            continue;
        }
        if closes {
            if let Some(n) = open.get_mut(&name).filter(|n| **n > 0) {
                *n -= 1;
                depth -= 1;
            }
        } else {
            *open.entry(name).or_default() += 1;
            depth += 1;
            if depth > most {
                return true;
            }
        }
    }
    false
}
