//! The words of a block, and what the words of `time_word.tsv` among them are.

use std::sync::LazyLock;

use according_nlp::Span;
use rustc_hash::FxHashMap;

use crate::annotate::lexicon;

/// A stretch of time that is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// What a word can be in a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Month(u8),
    MonthAbbreviation(u8),
    Weekday(u8),
    /// "Mondays".
    Weekdays(u8),
    WeekdayAbbreviation(u8),
    Unit(Unit),
    Units(Unit),
    Number(u32),
    Scale(u32),
    Ordinal(u32),
    /// "nineties".
    Decade(u32),
    Season(&'static str),
    Part(&'static str),
    /// "noon": the hour.
    Clock(u8),
    /// "yesterday": days from today.
    Deictic(i64),
    Present,
    Past,
    Future,
    /// "then".
    Then,
    /// "last", "this", "next".
    Relation(i32),
    /// "daily": the period.
    Often(&'static str),
    /// "annual", which belongs to a noun.
    OftenAdjective(&'static str),
    Every,
    /// "weeklong".
    Long(Unit),
    /// "yearslong".
    Longs(Unit),
    /// "nights".
    Parts(&'static str),
    /// "Q" in "Q3".
    QuarterLetter,
    Times(u32),
    /// "several"; 2 for "couple".
    Vague(u32),
    /// "early", "about": what it makes of what follows, or nothing for the head of a phrase.
    Prefix(&'static str),
    /// "end" in "the end of May".
    Edge(&'static str),
    Determiner,
    Fiscal,
    /// The offset from universal time.
    Zone(&'static str),
    /// "Christmas": day, or rule for it.
    Holiday(&'static str),
    /// Digits and their number.
    Digits(u32),
    /// Digits and letters, or a mark that is used in dates.
    Mark,
    /// Nothing of time.
    Other,
}

/// A word or mark of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) class: Class,
    /// Whether it follows the word before without white space.
    pub(super) joined: bool,
}

impl Word<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is `word`, which is in lower case, whatever its own case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_capitalised(&self) -> bool {
        self.text.starts_with(|c: char| c.is_uppercase())
    }

    pub(super) fn is_dash(&self) -> bool {
        matches!(self.text, "-" | "–" | "—" | "‑")
    }

    pub(super) fn is_apostrophe(&self) -> bool {
        matches!(self.text, "'" | "’" | "‘" | "`")
    }
}

/// Cuts the part of `text` at `span` into words: letters, digits, or one mark.
pub(super) fn words<'t>(text: &'t str, span: Span, out: &mut Vec<Word<'t>>) {
    out.clear();
    let Some(block) = text.get(span.range()) else { return };
    let offset = span.start as usize;
    let mut chars = block.char_indices().peekable();
    let mut end_before = 0;
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut end = start + first.len_utf8();
        let kind = kind(first);
        if kind != Kind::Mark {
            while let Some((i, c)) = chars.next_if(|&(_, c)| self::kind(c) == kind) {
                end = i + c.len_utf8();
            }
        }
        let text = &block[start..end];
        let class = match kind {
            Kind::Digit => text.parse().map_or(Class::Other, Class::Digits),
            Kind::Letter => class(text),
            Kind::Mark if matches!(first, '\'' | '’' | '‘') => Class::Determiner,
            Kind::Mark => Class::Mark,
        };
        let joined = start == end_before && start > 0;
        out.push(Word { text, start: offset + start, class, joined });
        end_before = end;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Mark,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digit,
        c if c.is_alphabetic() => Kind::Letter,
        c if c.is_whitespace() => Kind::Mark,
        _ => Kind::Mark,
    }
}

/// The longest word of the list.
const LONGEST: usize = 16;

fn class(text: &str) -> Class {
    static WORDS: LazyLock<FxHashMap<&[u8], Class>> = LazyLock::new(|| {
        let rows = lexicon::rows(include_str!("../../../data/en/time_word.tsv"));
        rows.map(|[word, class, value, _]| (word.as_bytes(), read(class, value)))
            .collect()
    });
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..text.len()) else { return Class::Other };
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    WORDS.get(&*lower).copied().unwrap_or(Class::Other)
}

fn read(class: &str, value: &'static str) -> Class {
    let number = value.parse().unwrap_or(0);
    // The list's numbers are small.
    let small = number as u8;
    match class {
        "month" => Class::Month(small),
        "month-abbreviation" => Class::MonthAbbreviation(small),
        "weekday" => Class::Weekday(small),
        "weekdays" => Class::Weekdays(small),
        "weekday-abbreviation" => Class::WeekdayAbbreviation(small),
        "unit" => Class::Unit(unit(value)),
        "units" => Class::Units(unit(value)),
        "number" => Class::Number(number),
        "scale" => Class::Scale(number),
        "ordinal" => Class::Ordinal(number),
        "decade" => Class::Decade(number),
        "season" => Class::Season(value),
        "part" => Class::Part(value),
        "clock" => Class::Clock(small),
        "deictic" => Class::Deictic(value.parse().unwrap_or(0)),
        "present" => Class::Present,
        "past" => Class::Past,
        "future" => Class::Future,
        "then" => Class::Then,
        "relation" => Class::Relation(value.parse().unwrap_or(0)),
        "often" => Class::Often(value),
        "often-adjective" => Class::OftenAdjective(value),
        "every" => Class::Every,
        "long" => Class::Long(unit(value)),
        "longs" => Class::Longs(unit(value)),
        "parts" => Class::Parts(value),
        "quarter-letter" => Class::QuarterLetter,
        "times" => Class::Times(number),
        "vague" => Class::Vague(number),
        "prefix" => Class::Prefix(value),
        "edge" => Class::Edge(value),
        "determiner" => Class::Determiner,
        "fiscal" => Class::Fiscal,
        "zone" => Class::Zone(value),
        "holiday" => Class::Holiday(value),
        _ => Class::Other,
    }
}

fn unit(name: &str) -> Unit {
    match name {
        "second" => Unit::Second,
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "weekend" => Unit::Weekend,
        "week" => Unit::Week,
        "fortnight" => Unit::Fortnight,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        "decade" => Unit::Decade,
        "century" => Unit::Century,
        _ => Unit::Day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A class that the reader does not know would silently be no word of time.
    #[test]
    fn the_list_is_sorted_and_says_only_what_is_understood() {
        let tsv = include_str!("../../../data/en/time_word.tsv");
        let rows: Vec<_> = lexicon::rows(tsv).collect();
        assert!(rows.is_sorted_by(|a, b| a[0] < b[0]));
        for [word, class, value, _] in rows {
            assert!(word.len() <= LONGEST, "{word}");
            assert_ne!(read(class, value), Class::Other, "{word}");
        }
    }
}
