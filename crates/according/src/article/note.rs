//! What an outlet says about its own article: corrections and notes of the editors.

use std::sync::LazyLock;

use super::BlockNote;
use super::words::{Phrases, Word};

static LIST: &str = include_str!("../../data/en/note.tsv");

static CORRECTIONS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::labelled(LIST, "correction"));

static EDITORS_NOTES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::labelled(LIST, "editors-note"));

/// So many words tell what a note is.
const OPENING: usize = 24;

/// The note that a block made of `words` is.
pub(super) fn note(words: &[Word<'_>]) -> Option<BlockNote> {
    let words = words.get(..words.len().min(OPENING)).unwrap_or_default();
    if CORRECTIONS.find(words).is_some() {
        return Some(BlockNote::Correction);
    }
    EDITORS_NOTES.find(words).map(|_| BlockNote::EditorsNote)
}

#[cfg(test)]
mod tests {
    use super::super::words::{rows, words};
    use super::*;

    #[test]
    fn phrases_are_found_in_their_examples() {
        for mut row in rows(LIST) {
            let (label, example) = (row.nth(2).unwrap(), row.next().unwrap());
            let expected = match label {
                "correction" => BlockNote::Correction,
                _ => BlockNote::EditorsNote,
            };
            assert_eq!(note(&words(example)), Some(expected), "{example}");
        }
        assert_eq!(note(&words("The correction was small.")), None);
    }
}
