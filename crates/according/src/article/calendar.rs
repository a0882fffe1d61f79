//! Lines that hold nothing but a date.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::day::Day;
use super::words::{Word, rows};

/// What a word of the calendar is, and the number it stands for.
static CALENDAR: LazyLock<FxHashMap<&str, (&str, u32)>> = LazyLock::new(|| {
    rows(include_str!("../../data/en/calendar.tsv"))
        .filter_map(|mut row| {
            let (word, class) = (row.next()?, row.next()?);
            Some((word, (class, row.next().and_then(|v| v.parse().ok()).unwrap_or(0))))
        })
        .collect()
});

/// The day, if the calendar has it and news may have been published then.
fn date(year: u32, month: u32, day: u32) -> Option<Day> {
    let small = |n: u32| u8::try_from(n).ok();
    let year = i32::try_from(year).ok().filter(|_| is_year(year))?;
    Day::new(year, small(month)?, small(day)?)
}

/// A stretch of words that is a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DateLine {
    /// The date of publication, when it is there with day, month and year, in a form that
    /// can be read one way only, and is not the date of a later change.
    pub(super) published: Option<Day>,
}

/// The month that `word` names, as a number.
pub(super) fn month(word: &Word<'_>) -> Option<u32> {
    value(word, "month")
}

/// Whether `word` names a day of the week.
pub(super) fn is_weekday(word: &Word<'_>) -> bool {
    value(word, "weekday").is_some()
}

fn value(word: &Word<'_>, class: &str) -> Option<u32> {
    CALENDAR.get(word.norm.as_ref()).filter(|(c, _)| *c == class).map(|&(_, v)| v)
}

fn is_year(n: u32) -> bool {
    (1800..2200).contains(&n)
}

/// The day of a month: "5", "05", "5th".
fn day(word: &Word<'_>) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| word.norm.strip_suffix(suffix))
        .unwrap_or(&word.norm);
    digits.parse().ok().filter(|d| (1..=31).contains(d))
}

/// The date that `words` are, if they are nothing but a date, the time of day, and words
/// such as "published" and "updated".
pub(super) fn date_of(words: &[Word<'_>]) -> Option<DateLine> {
    // No date takes more words and marks, so no need to read whole paragraphs.
    if words.len() > 40 {
        return None;
    }
    let mut line = DateLine::default();
    let (mut found, mut later_change) = (false, false);
    let mut i = 0;
    while let Some(word) = words.get(i) {
        let rest = &words[i..];
        if let Some((n, date)) = full_date(rest) {
            found = true;
            if !later_change && line.published.is_none() {
                line.published = date;
            }
            i += n;
            continue;
        }
        match CALENDAR.get(word.norm.as_ref()).map(|&(class, _)| class) {
            Some("label") => later_change = false,
            Some("update") => later_change = true,
            Some(_) => {}
            None if word.number().is_some() && word.text.len() <= 4 => {}
            None if is_clock(word) => {}
            None if matches!(
                word.norm.as_ref(),
                "." | "," | ":" | "-" | "|" | "/" | "(" | ")" | "·" | "•" | "+"
            ) => {}
            None => return None,
        }
        i += 1;
    }
    found.then_some(line)
}

/// Times of day without white space: "7pm", "10h30".
fn is_clock(word: &Word<'_>) -> bool {
    let rest = word.norm.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < word.norm.len() && matches!(rest, "am" | "pm" | "h" | "hrs" | "z" | "t")
        || matches!(rest, "h00" | "h15" | "h30" | "h45")
}

/// The date at the head of `words`: how many words it takes, and its value if it has a
/// year and can be read one way only.
fn full_date(words: &[Word<'_>]) -> Option<(usize, Option<Day>)> {
    let at = |i: usize| words.get(i);
    let is = |i: usize, mark: &str| at(i).is_some_and(|w| w.is(mark));
    let number = |i: usize| at(i).and_then(Word::number);
    let year = |i: usize| number(i).filter(|&n| is_year(n));
    let first = at(0)?;
    let month_after = |i: usize| -> Option<(usize, u32)> {
        let m = month(at(i)?)?;
        Some((if is(i + 1, ".") { i + 2 } else { i + 1 }, m))
    };
    // "May 5, 2018", "Sept. 5", "May 2018"
    if let Some((i, m)) = month_after(0) {
        if year(i).is_some() {
            return Some((i + 1, None));
        }
        let d = day(at(i)?)?;
        let comma = usize::from(is(i + 1, ",") || is(i + 1, "."));
        return Some(match year(i + 1 + comma) {
            Some(y) => (i + 2 + comma, date(y, m, d)),
            None => (i + 1, None),
        });
    }
    // "2018-05-22"
    if let Some(y) = year(0)
        && let (Some(m), Some(d)) = (number(2), number(4))
        && ["-", "/", "."].iter().any(|mark| is(1, mark) && is(3, mark))
    {
        return date(y, m, d).map(|day| (5, Some(day)));
    }
    // "2018-05-22T10:00:00Z" ends the day with the hour: the "22T10" is one word.
    if let Some(y) = year(0)
        && let (Some(m), Some((d, _))) = (number(2), at(4)?.norm.split_once('t'))
        && is(1, "-")
        && is(3, "-")
    {
        return date(y, m, d.parse().ok()?).map(|day| (5, Some(day)));
    }
    let d = day(first)?;
    // "5 May 2018", "5th of May, 2018"
    let of = usize::from(is(1, "of"));
    let dot = usize::from(is(1, ".") || is(1, "-"));
    if let Some((i, m)) = month_after(1 + of + dot) {
        let mark = usize::from(is(i, ",") || is(i, "-"));
        return Some(match year(i + mark) {
            Some(y) => (i + 1 + mark, date(y, m, d)),
            None => (i, None),
        });
    }
    // "22/05/2018": the day only where it cannot be a month.
    if let (Some(m), Some(y)) = (number(2), year(4))
        && ["-", "/", "."].iter().any(|mark| is(1, mark) && is(3, mark))
    {
        return match (d, m) {
            (d, m) if d > 12 || d == m => date(y, m, d).map(|x| (5, Some(x))),
            (m, d) if d > 12 => date(y, m, d).map(|x| (5, Some(x))),
            _ => Some((5, None)),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn date_line(text: &str) -> Option<DateLine> {
        date_of(&words(text))
    }

    fn published(text: &str) -> Option<String> {
        date_line(text).and_then(|line| line.published).map(|day| day.to_string())
    }

    #[test]
    fn full_dates_are_read() {
        for text in [
            "Tuesday, May 22, 2018",
            "22 May 2018",
            "22nd of May 2018",
            "2018-05-22",
            "2018-05-22T10:00:00Z",
            "Published: 22 May 2018 10:42 GMT",
            "May 22, 2018 at 7:05 p.m. EDT",
            "Posted on May 22 2018 | Updated May 23, 2018",
            "Updated 11:15 GMT, May 23, 2018; published May 22, 2018"
                .replace(';', " |")
                .as_str(),
            "22/05/2018",
            "05/22/2018 7pm",
        ] {
            assert_eq!(published(text).as_deref(), Some("2018-05-22"), "{text}");
        }
    }

    #[test]
    fn what_is_not_stated_is_not_published() {
        for text in ["May 22", "May 2018", "05/06/2018", "Updated May 23, 2018"] {
            assert_eq!(date_line(text), Some(DateLine::default()), "{text}");
        }
        for text in ["7 p.m.", "2018", "", "Tuesday", "May", "May 22 was a Tuesday"] {
            assert_eq!(date_line(text), None, "{text}");
        }
        assert_eq!(published("February 30, 2018"), None);
    }
}
