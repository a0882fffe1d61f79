//! Text of articles on its way into a page.

use according::report::Offsets;

/// A stretch of the article as it is shown. What is out of bounds is not there.
pub(crate) fn slice(text: &[char], [start, end]: Offsets) -> String {
    text.get(start..end)
        .unwrap_or_default()
        .iter()
        .copied()
        .filter_map(shown_as)
        .collect()
}

/// Any other text that comes from an article.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter_map(shown_as).collect()
}

/// What a character is in a page: itself, unless it would turn the words around it about, or
/// is none that a page may hold.
fn shown_as(c: char) -> Option<char> {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            None
        }
        '\n' | '\t' => Some(c),
        '\r' => Some('\n'),
        c if c.is_control() => Some(char::REPLACEMENT_CHARACTER),
        c => Some(c),
    }
}

/// An address that may become a link: of the web, and of nothing else.
pub(crate) fn link(url: &str) -> Option<&str> {
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|have| have.eq_ignore_ascii_case(scheme))
    });
    is_web.then_some(url)
}

/// A name as one part of a path.
pub(crate) fn in_path(name: &str) -> String {
    encoded(name)
}

/// A value in a query.
pub(crate) fn in_query(value: &str) -> String {
    encoded(value)
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) => out.push(b.into()),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_page_is_left_out() {
        assert_eq!(shown("a\u{202e}b\u{0}c\r\n"), "ab\u{fffd}c\n\n");
        assert_eq!(slice(&['a', 'b'], [1, 9]), "");
        assert_eq!(slice(&['a', 'b'], [1, 0]), "");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert!(link("HTTPS://herald.example/a").is_some());
        for bad in ["javascript:alert(1)", "data:text/html,x", "//x", "ht", "étht://"] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }
}
