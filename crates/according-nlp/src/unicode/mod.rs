//! What CPython's `str` says about characters.
//!
//! spaCy's word shapes, white space and patterns rest on CPython's character classes, which
//! are neither Rust's nor those of the newest Unicode. The tables are frozen so that a
//! pipeline reads a text the same way for ever.

mod tables;

/// `str.isalpha`: letters.
pub(crate) fn is_alpha(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { within(tables::ALPHA, c) }
}

/// `str.isupper` of a single character.
pub(crate) fn is_upper(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_uppercase() } else { within(tables::UPPER, c) }
}

/// `str.isdigit`: decimal digits and such as superscripts.
pub(crate) fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { within(tables::DIGIT, c) }
}

/// `str.isspace`, which is also `\s`.
pub(crate) fn is_space(c: char) -> bool {
    match c {
        '\u{9}'..='\u{d}' | '\u{1c}'..=' ' => true,
        // Between the space and NEL lie the characters that most texts are made of.
        ..'\u{85}' => false,
        _ => within(tables::SPACE, c),
    }
}

/// The class `\d` as code points at which it begins and ends in turn.
pub(crate) const DECIMAL: &[u32] = tables::DECIMAL;

/// The class `\w`, likewise.
pub(crate) const WORD: &[u32] = tables::WORD;

/// The class `\s`, likewise.
pub(crate) const SPACE: &[u32] = tables::SPACE;

/// Appends `str.lower()` of `text`.
pub(crate) fn push_lower(out: &mut String, text: &str) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(new) = out.get_mut(start..) {
            new.make_ascii_lowercase();
        }
    } else {
        // Rust agrees with CPython, final sigmas included, but knows more capitals.
        for part in text.split_inclusive(is_newer_capital) {
            let old = part.strip_suffix(is_newer_capital).unwrap_or(part);
            out.push_str(&old.to_lowercase());
            out.push_str(&part[old.len()..]);
        }
    }
}

/// Whether `c` has a small form that the frozen tables do not know of.
fn is_newer_capital(c: char) -> bool {
    !c.is_ascii() && c.to_lowercase().ne([c]) && !is_alpha(c) && !is_upper(c)
}

fn within(bounds: &[u32], c: char) -> bool {
    bounds.partition_point(|&bound| bound <= u32::from(c)) % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_shortcuts_agree_with_the_tables() {
        for c in (0..0x100).filter_map(char::from_u32) {
            assert_eq!(is_alpha(c), within(tables::ALPHA, c), "{c:?}");
            assert_eq!(is_upper(c), within(tables::UPPER, c), "{c:?}");
            assert_eq!(is_digit(c), within(tables::DIGIT, c), "{c:?}");
            assert_eq!(is_space(c), within(tables::SPACE, c), "{c:?}");
        }
    }

    #[test]
    fn differs_from_rust_where_python_does() {
        // A letter number and a vowel sign are alphabetic to Rust alone.
        assert!(!is_alpha('Ⅷ') && 'Ⅷ'.is_alphabetic());
        assert!(!is_alpha('\u{93f}') && '\u{93f}'.is_alphabetic());
        assert!(is_digit('²') && !within(DECIMAL, '²') && within(WORD, '²'));
        assert!(is_space('\u{1f}') && !'\u{1f}'.is_whitespace());
        assert!(is_upper('Ⅷ') && is_upper('É') && !is_upper('ǅ'));
    }

    #[test]
    fn lower_knows_the_final_sigma() {
        let lower = |text: &str| {
            let mut out = String::from("x");
            push_lower(&mut out, text);
            out
        };
        assert_eq!(lower("ÜBER NATO"), "xüber nato");
        assert_eq!(lower("ΟΔΟΣ ΣΑΣ"), "xοδος σας");
        assert_eq!(lower("ABC"), "xabc");
        // Garay came with Unicode 16.
        assert_eq!(lower("ÀΣ\u{10d50}Σ"), "xàς\u{10d50}σ");
    }
}
