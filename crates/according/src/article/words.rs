//! Text as words, and the phrases of the word lists found in them.
//!
//! The lists in `data/en/` write a phrase as words with single spaces. `a|b` means either
//! word, `…` skips up to twelve words, `#` is any number, `<month>` and `<weekday>` are any
//! word of that class in `calendar.tsv`.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::calendar;

/// A run of letters and digits, or a run of one punctuation mark.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    /// As written.
    pub(super) text: &'t str,
    /// In lower case, with all dashes as `-` and all quotation marks as `'` or `"`.
    pub(super) norm: Cow<'t, str>,
    /// First byte in the text that was cut into words.
    pub(super) start: usize,
}

impl Word<'_> {
    /// One past the last byte.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is the mark or word `norm`.
    pub(super) fn is(&self, norm: &str) -> bool {
        self.norm == norm
    }

    /// Whether it is made of letters or digits.
    pub(super) fn is_alphanumeric(&self) -> bool {
        self.text.starts_with(char::is_alphanumeric)
    }

    /// Whether it begins with a capital letter.
    pub(super) fn is_capitalised(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Whether all its letters are capital letters.
    pub(super) fn is_upper(&self) -> bool {
        self.is_capitalised() && !self.text.contains(char::is_lowercase)
    }

    /// Its value, if it is a number written in figures.
    pub(super) fn number(&self) -> Option<u32> {
        self.text.parse().ok()
    }
}

/// Cuts `text` into words. White space only separates.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let is_word = first.is_alphanumeric();
        let same = |c: char| match is_word {
            true => c.is_alphanumeric() || is_combining(c),
            false => c == first,
        };
        let mut end = start + first.len_utf8();
        while let Some((i, c)) = chars.next_if(|&(_, c)| same(c)) {
            end = i + c.len_utf8();
        }
        // Both bounds come from `char_indices`.
        let text = &text[start..end];
        words.push(Word { text, norm: normal(first, text), start });
    }
    words
}

fn normal(first: char, text: &str) -> Cow<'_, str> {
    match first {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '-' => "-".into(),
        '‘' | '’' | '`' | '´' | '\'' if text.chars().count() == 1 => "'".into(),
        '“' | '”' | '«' | '»' | '„' | '"' | '\'' | '‘' | '’' | '`' => {
            "\"".into()
        }
        '.' => ".".into(),
        _ if text.bytes().all(|b| b.is_ascii_lowercase()) => text.into(),
        _ if text.contains(char::is_uppercase) => text.to_lowercase().into(),
        _ => text.into(),
    }
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A list of single entries, one a line below a header; of each line the first column.
pub(super) fn list(tsv: &'static str) -> FxHashSet<&'static str> {
    rows(tsv).filter_map(|mut row| row.next()).collect()
}

/// The lines of a list below its header, as columns.
pub(super) fn rows(
    tsv: &'static str,
) -> impl Iterator<Item = std::str::Split<'static, char>> {
    tsv.lines().skip(1).filter(|line| !line.is_empty()).map(|line| line.split('\t'))
}

/// Where in a block a phrase has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At its beginning.
    Start,
    /// It is all of it.
    Whole,
    /// It is all of it, and the lines below are a list that it announces.
    Heading,
    /// Anywhere.
    Within,
    /// At its end.
    End,
}

/// A list of phrases, found by their first word.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// Those that stand at the beginning of a block and nowhere else.
    opening: FxHashMap<&'static str, Vec<Phrase>>,
    other: FxHashMap<&'static str, Vec<Phrase>>,
}

#[derive(Clone, Debug)]
struct Phrase {
    /// What stands between the gaps; each word with its alternatives.
    pieces: Vec<Vec<Vec<&'static str>>>,
    place: Place,
}

/// A gap in a phrase is at most so many words long.
const GAP: usize = 12;

impl Phrases {
    /// Reads a list with the columns `phrase` and `where`.
    pub(super) fn new(tsv: &'static str) -> Self {
        Self::of(rows(tsv))
    }

    /// Reads those rows of a list that have `label` in a third column.
    pub(super) fn labelled(tsv: &'static str, label: &str) -> Self {
        Self::of(rows(tsv).filter(|row| row.clone().nth(2) == Some(label)))
    }

    fn of(rows: impl Iterator<Item = std::str::Split<'static, char>>) -> Self {
        let mut phrases = Self::default();
        for mut row in rows {
            let (Some(phrase), Some(place)) = (row.next(), row.next()) else { continue };
            let place = match place {
                "whole" => Place::Whole,
                "heading" => Place::Heading,
                "within" => Place::Within,
                "end" => Place::End,
                _ => Place::Start,
            };
            let alternatives = |word: &'static str| word.split('|').collect::<Vec<_>>();
            let pieces: Vec<Vec<Vec<_>>> = phrase
                .split('…')
                .map(|piece| piece.split_whitespace().map(alternatives).collect())
                .collect();
            let phrase = Phrase { pieces, place };
            let by_first = match phrase.opens() {
                true => &mut phrases.opening,
                false => &mut phrases.other,
            };
            for &first in phrase.first_words() {
                by_first.entry(first).or_default().push(phrase.clone());
            }
        }
        phrases
    }

    /// Where the first phrase of the list that `words` hold has to stand.
    pub(super) fn find(&self, words: &[Word<'_>]) -> Option<Place> {
        // Closing marks do not keep a phrase from being the end.
        let is_mark = |w: &Word<'_>| !w.is_alphanumeric() && !w.is("-");
        let end = words.iter().rposition(|w| !is_mark(w)).map_or(0, |i| i + 1);
        let find = |by_first: &FxHashMap<&str, Vec<Phrase>>, at: usize| {
            let word: &Word<'_> = &words[at];
            let number = word.number().map(|_| "#");
            let firsts = [Some(word.norm.as_ref()), number].into_iter().flatten();
            let mut candidates = firsts.filter_map(|first| by_first.get(first)).flatten();
            candidates.find_map(|p| p.matches(words, at, end).then_some(p.place))
        };
        let opening = (!words.is_empty()).then(|| find(&self.opening, 0)).flatten();
        opening.or_else(|| (0..words.len()).find_map(|at| find(&self.other, at)))
    }
}

impl Phrase {
    fn first_words(&self) -> &[&'static str] {
        self.pieces.first().and_then(|piece| piece.first()).map_or(&[], Vec::as_slice)
    }

    /// Whether it stands at the beginning of a block.
    fn opens(&self) -> bool {
        matches!(self.place, Place::Start | Place::Whole | Place::Heading)
    }

    /// Whether the phrase stands in `words` from `at` on; one that opens a block is looked
    /// for at its beginning alone.
    fn matches(&self, words: &[Word<'_>], at: usize, end: usize) -> bool {
        let Some((first, later)) = self.pieces.split_first() else { return false };
        let Some(mut i) = piece_at(first, words, at) else { return false };
        for piece in later {
            let found = (i..=i + GAP).find_map(|j| piece_at(piece, words, j));
            let Some(next) = found else { return false };
            i = next;
        }
        // The list may write a mark that the search for the end leaves out.
        matches!(self.place, Place::Start | Place::Within) || i >= end
    }
}

/// The index after `piece`, if it stands in `words` at `at`.
fn piece_at(piece: &[Vec<&str>], words: &[Word<'_>], at: usize) -> Option<usize> {
    let found = words.get(at..at.checked_add(piece.len())?)?;
    let is_word = |alternatives: &Vec<&str>, word: &Word<'_>| {
        alternatives.iter().any(|&a| match a {
            "#" => word.number().is_some(),
            "<month>" => calendar::month(word).is_some(),
            "<weekday>" => calendar::is_weekday(word),
            _ => word.is(a),
        })
    };
    piece.iter().zip(found).all(|(a, w)| is_word(a, w)).then_some(at + piece.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_marks_are_cut_apart() {
        let norms: Vec<_> =
            words("“Côte d’Or” — 3.5 m").iter().map(|w| w.norm.to_string()).collect();
        assert_eq!(norms, ["\"", "côte", "d", "'", "or", "\"", "-", "3", ".", "5", "m"]);
    }

    #[test]
    fn phrases_stand_where_they_have_to() {
        let list = Phrases::new(
            "phrase\twhere\nread|see more\tstart\nrelated\theading\non … twitter\tend\n\
             copyright #\twithin\n",
        );
        let find = |text| list.find(&words(text));
        assert_eq!(find("See more: the flood"), Some(Place::Start));
        assert_eq!(find("They see more of it"), None);
        assert_eq!(find("RELATED:"), Some(Place::Heading));
        assert_eq!(find("Related"), Some(Place::Heading));
        assert_eq!(find("Related by blood"), None);
        assert_eq!(find("Find us on the new Twitter!"), Some(Place::End));
        assert_eq!(find("Seen on Twitter by many"), None);
        assert_eq!(find("(Copyright 2019)"), Some(Place::Within));
    }
}
