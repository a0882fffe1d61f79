//! A place in an article that outlasts reading it anew.

use serde::{Deserialize, Serialize};

/// How many code points before and after the words are kept.
const CONTEXT: usize = 40;

/// Words in an article with a little of what stands around them, as the TextQuoteSelector of
/// W3C Web Annotation; or the whole article, where there are no words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// What makes it the same article when it comes again.
    pub article: String,
    /// The words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exact: String,
    /// What stands before them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// What stands after them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

impl Anchor {
    /// The anchor of the code points from `start` to `end`.
    pub fn new(article: &str, text: &str, [start, end]: [usize; 2]) -> Self {
        let part = |from: usize, to: usize| -> String {
            text.chars().take(to).skip(from).collect()
        };
        Self {
            article: article.to_owned(),
            exact: part(start, end),
            prefix: part(start.saturating_sub(CONTEXT), start),
            suffix: part(end, end.saturating_add(CONTEXT)),
        }
    }

    /// Where the words stand in a text, in code points; white space does not matter. They
    /// must stand there once only among what is around them, or else next to what was on one
    /// side of them: the same words elsewhere are another statement.
    pub fn find(&self, text: &str) -> Option<[usize; 2]> {
        let folded = Folded::new(text);
        let exact = folded_text(&self.exact);
        if exact.is_empty() {
            return None;
        }
        let (prefix, suffix) = (folded_text(&self.prefix), folded_text(&self.suffix));
        // Less was kept only where the text began or ended.
        let is_head = self.prefix.chars().count() < CONTEXT;
        let is_tail = self.suffix.chars().count() < CONTEXT;
        let (mut between, mut beside) = (Vec::new(), Vec::new());
        for (byte, _) in folded.text.match_indices(&exact) {
            let end = byte + exact.len();
            let before = folded.text.get(..byte).unwrap_or_default();
            let after = folded.text.get(end..).unwrap_or_default();
            let follows = before.ends_with(&prefix) && (!is_head || before == prefix);
            let precedes = after.starts_with(&suffix) && (!is_tail || after == suffix);
            if follows && precedes {
                between.push([byte, end]);
            }
            if follows || precedes {
                beside.push([byte, end]);
            }
        }
        match (&between[..], &beside[..]) {
            ([place], _) | ([], [place]) => folded.place(*place),
            _ => None,
        }
    }
}

/// The number of the statement that stands at a place, of those that stand where `spans`
/// tell: a newer program may have cut it a little differently.
pub fn statement_at(
    [start, end]: [usize; 2],
    spans: impl Iterator<Item = [usize; 2]>,
) -> Option<usize> {
    // More than half of both together must be the same.
    let mut best: Option<(usize, usize, usize)> = None;
    for (n, [from, to]) in spans.enumerate() {
        let shared = end.min(to).saturating_sub(start.max(from));
        let all = end.max(to).saturating_sub(start.min(from));
        let is_better =
            best.is_none_or(|(_, most, of)| shared * of.max(1) > most * all.max(1));
        if shared * 2 > all && is_better {
            best = Some((n, shared, all));
        }
    }
    best.map(|(n, ..)| n)
}

/// A text without white space, and the way back.
struct Folded {
    text: String,
    /// Byte here and code point there of each character.
    places: Vec<(usize, usize)>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded = Self { text: String::new(), places: Vec::new() };
        for (place, c) in text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()) {
            folded.places.push((folded.text.len(), place));
            folded.text.push(c);
        }
        folded
    }

    fn place(&self, [start, end]: [usize; 2]) -> Option<[usize; 2]> {
        let first = self.places.partition_point(|(byte, _)| *byte < start);
        let last = self.places.partition_point(|(byte, _)| *byte < end).checked_sub(1)?;
        Some([self.places.get(first)?.1, self.places.get(last)?.1 + 1])
    }
}

fn folded_text(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Crane falls. Two men are missing. The police said on Monday that \
        the quay was closed. Later they said that two men are missing. Nobody was hurt \
        on Tuesday, when the crane was lifted and the quay was closed once more.";

    fn anchor(words: &str, nth: usize) -> Anchor {
        let (start, _) = TEXT.match_indices(words).nth(nth).unwrap();
        Anchor::new("id bell", TEXT, [start, start + words.len()])
    }

    #[test]
    fn the_same_place_is_found_among_the_same_words() {
        for (words, nth) in [("the quay was closed", 0), ("the quay was closed", 1)] {
            let (start, _) = TEXT.match_indices(words).nth(nth).unwrap();
            assert_eq!(anchor(words, nth).find(TEXT), Some([start, start + words.len()]));
        }
        let spaced = TEXT.replace(". ", ".\n\n  ");
        let [start, end] = anchor("the quay was closed", 0).find(&spaced).unwrap();
        assert_eq!(&spaced[start..end], "the quay was closed");
    }

    #[test]
    fn one_side_is_enough_and_a_look_alike_is_not() {
        let anchor = anchor("the quay was closed", 0);
        let after = TEXT.replace("Later they said", "Hours later a clerk said");
        assert!(anchor.find(&after).is_some());
        let both = after.replace("said on Monday that", "told reporters that");
        assert_eq!(anchor.find(&both), None);
        assert_eq!(anchor.find(&TEXT.replace("was closed", "was open")), None);
    }

    #[test]
    fn what_was_at_the_beginning_is_looked_for_there() {
        let anchor = anchor("Crane falls", 0);
        assert_eq!(anchor.find(TEXT), Some([0, 11]));
        let moved = format!("Harbour news today. {}", TEXT.replace("Two men", "Three"));
        assert_eq!(anchor.find(&moved), None);
        assert_eq!(Anchor::default().find(TEXT), None);
    }

    #[test]
    fn a_statement_that_was_cut_differently_is_the_same() {
        let spans = [[0, 20], [21, 60], [61, 70]];
        assert_eq!(statement_at([21, 60], spans.into_iter()), Some(1));
        assert_eq!(statement_at([25, 62], spans.into_iter()), Some(1));
        assert_eq!(statement_at([50, 90], spans.into_iter()), None);
    }
}
