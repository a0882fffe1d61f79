//! What a word looks like, as the embedding tables know it.

use crate::model::lookups;
use crate::{Error, strings, unicode};

/// Words longer than this have the shape "LONG".
const LONGEST_SHAPE: usize = 99;

/// Spellings whose normal form is another one for every language.
const BASE_NORMS: [(&str, &str); 45] = [
    ("'s", "'s"),
    ("'S", "'s"),
    ("’s", "'s"),
    ("’S", "'s"),
    ("’", "'"),
    ("‘", "'"),
    ("´", "'"),
    ("`", "'"),
    ("”", "\""),
    ("“", "\""),
    ("''", "\""),
    ("``", "\""),
    ("´´", "\""),
    ("„", "\""),
    ("»", "\""),
    ("«", "\""),
    ("‘‘", "\""),
    ("’’", "\""),
    ("？", "?"),
    ("！", "!"),
    ("，", ","),
    ("；", ";"),
    ("：", ":"),
    ("。", "."),
    ("।", "."),
    ("…", "..."),
    ("—", "-"),
    ("–", "-"),
    ("--", "-"),
    ("---", "-"),
    ("——", "-"),
    ("€", "$"),
    ("£", "$"),
    ("¥", "$"),
    ("฿", "$"),
    ("US$", "$"),
    ("C$", "$"),
    ("A$", "$"),
    ("₺", "$"),
    ("₹", "$"),
    ("৳", "$"),
    ("₩", "$"),
    ("Mex$", "$"),
    ("₣", "$"),
    ("E£", "$"),
];

/// Normal forms other than the lower-case one: ids of words and of their forms, sorted.
#[derive(Debug)]
pub(super) struct Norms(Vec<(u64, u64)>);

impl Norms {
    /// The forms of the table `lexeme_norm` in a vocabulary's `lookups.bin`, and those that
    /// hold for every language.
    pub(super) fn load(lookups: Option<&[u8]>) -> Result<Self, Error> {
        let table =
            lookups.map(|bytes| lookups::table(bytes, "lexeme_norm")).transpose()?;
        let mut norms = Vec::new();
        if let Some(mut reader) = table.flatten() {
            for _ in 0..reader.map_len()? {
                norms.push((reader.u64()?, strings::id(reader.str()?)));
            }
        }
        norms.extend(
            BASE_NORMS.map(|(word, norm)| (strings::id(word), strings::id(norm))),
        );
        // The sort is stable: what the pipeline says comes first and stays.
        norms.sort_by_key(|&(word, _)| word);
        norms.dedup_by_key(|&mut (word, _)| word);
        Ok(Self(norms))
    }

    /// The id of the normal form of the word `orth`, unless it is the lower-case form.
    pub(super) fn get(&self, orth: u64) -> Option<u64> {
        let i = self.0.binary_search_by_key(&orth, |&(word, _)| word).ok()?;
        Some(self.0[i].1)
    }
}

/// The first character.
pub(super) fn prefix(text: &str) -> &str {
    let end = text.chars().next().map_or(0, char::len_utf8);
    &text[..end]
}

/// The last three characters.
pub(super) fn suffix(text: &str) -> &str {
    let start = text.char_indices().rev().nth(2).map_or(0, |(i, _)| i);
    &text[start..]
}

/// Writes letters as `X` and `x`, digits as `d` and the rest as it is, runs cut to four.
pub(super) fn shape(text: &str, out: &mut String) {
    out.clear();
    if text.len() > LONGEST_SHAPE && text.chars().count() > LONGEST_SHAPE {
        out.push_str("LONG");
        return;
    }
    let (mut last, mut run) = (None, 0);
    for c in text.chars() {
        let shape = if unicode::is_alpha(c) {
            if unicode::is_upper(c) { 'X' } else { 'x' }
        } else if unicode::is_digit(c) {
            'd'
        } else {
            c
        };
        run = if last == Some(shape) { run + 1 } else { 1 };
        last = Some(shape);
        if run <= 4 {
            out.push(shape);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let shape = |text: &str| {
            let mut out = String::new();
            shape(text, &mut out);
            out
        };
        assert_eq!(shape("Reuters"), "Xxxxx");
        assert_eq!(shape("COVID-19"), "XXXX-dd");
        assert_eq!(shape("......"), "....");
        assert_eq!(shape("xxxxX"), "xxxxX");
        assert_eq!(shape("10²Ⅷé"), "dddⅧx");
        assert_eq!(shape(&"é".repeat(99)), "xxxx");
        assert_eq!(shape(&"é".repeat(100)), "LONG");
    }

    #[test]
    fn ends_are_counted_in_characters() {
        assert_eq!((prefix("été"), suffix("été")), ("é", "été"));
        assert_eq!((prefix("naïveté"), suffix("naïveté")), ("n", "eté"));
        assert_eq!((prefix(""), suffix("a")), ("", "a"));
    }

    #[test]
    fn norms_of_the_pipeline_come_before_those_of_all() {
        let mut table = vec![0x81, 0xab];
        table.extend(b"lexeme_norm");
        table.extend([0x82, 0xcf]);
        table.extend(strings::id("cos").to_be_bytes());
        table.extend([0xa7]);
        table.extend(b"because");
        table.extend([0xcf]);
        table.extend(strings::id("…").to_be_bytes());
        table.extend([0xa1, b'.']);
        let norms = Norms::load(Some(&table)).unwrap();
        let norm = |word: &str| norms.get(strings::id(word));
        assert_eq!(norm("cos"), Some(strings::id("because")));
        assert_eq!(norm("…"), Some(strings::id(".")));
        assert_eq!(norm("£"), Some(strings::id("$")));
        assert_eq!(norm("Cos"), None);
    }
}
