//! Days and months: "May 3, 1998", "the 5th of May", "2018-05-22", "May".

use super::{Expression, Found, Grammar, Meaning, Name, Relation, Within};
use crate::annotate::time::word::{Class, Word};

impl Grammar<'_, '_> {
    pub(super) fn month(self, i: usize) -> Option<Found> {
        let (j, month) = self.month_at(i)?;
        if month == 5 && self.words.get(j).is_some_and(|w| w.text == "Day") {
            let (end, within) = self.within(j + 1);
            return Some((end, Expression::named(Name::Holiday("05-01"), None, within)));
        }
        if let Some((end, day)) = self.day_after_month(j) {
            let (end, mut year) = self.within(end);
            // "the Sept. 11 attacks", without a year, are those of 2001.
            let attacks = |k| ATTACKS.iter().any(|word| self.is(k, word));
            if (month, day, year) == (9, 11, Within::Unknown)
                && (attacks(end) || attacks(end + 1))
            {
                year = Within::Year(2001);
            }
            let meaning = Meaning::Date { year, month, day, weekday: None };
            return Some((end, Expression::new(meaning)));
        }
        let (end, within) = self.within(j);
        if let Some((end, year)) = self.spoken_year_at(j) {
            let name = Name::Month(month);
            return Some((end, Expression::named(name, None, Within::Year(year))));
        }
        // "dec" is no month, and neither is DEC.
        let is_name =
            |w: &Word<'_>| w.is_capitalised() && w.text.ends_with(char::is_lowercase);
        if matches!(self.class(i), Class::MonthAbbreviation(_))
            && within == Within::Unknown
            && !is_name(self.words.get(i)?)
        {
            return None;
        }
        Some((end, Expression::named(Name::Month(month), None, within)))
    }

    /// "5 May 2018", "5th of May".
    pub(super) fn day_month(self, i: usize) -> Option<Found> {
        let (day, length) = self.digits(i)?;
        if length > 2 || !(1..=31).contains(&day) {
            return None;
        }
        let j = self.skip(self.skip_ordinal(i + 1), "of");
        let j = self.hyphen(j).unwrap_or(j);
        let (k, month) = self.month_at(j)?;
        if !self.words.get(j)?.is_capitalised() {
            return None;
        }
        let k = self.hyphen(k).unwrap_or(k);
        let (end, year) = self.within(k);
        let meaning = Meaning::Date { year, month, day: day as u8, weekday: None };
        Some((end, Expression::new(meaning)))
    }

    /// "the 12th" of "on the 12th", behind which nothing is numbered.
    pub(super) fn day_of_month(self, i: usize) -> Option<Found> {
        let (day, _) = self.digits(i + 1).filter(|(n, _)| (1..=31).contains(n))?;
        let end = self.skip_ordinal(i + 2);
        let before = i.checked_sub(1)?;
        let dates =
            ["by", "from", "on", "since", "until"].iter().any(|w| self.is(before, w));
        let alone = self.words.get(end).is_none_or(|w| {
            matches!(w.text, "." | "," | ";" | ")" | "\"" | "”") || w.is("and")
        });
        let fits = self.is(i, "the") && end > i + 2 && dates && alone;
        fits.then(|| (end, Expression::new(Meaning::DayOfMonth(day as u8))))
    }

    /// The second day of "May 3 and 4", "May 3 to 9", "May 3-9".
    pub(super) fn another_day(self, i: usize) -> Option<Found> {
        let before = |n: usize| {
            let first = i.checked_sub(n)?;
            self.month_at(first).filter(|(j, _)| *j == i - 2)
        };
        // "May 3 and", "Nov. 3 and"
        let (j, month) = before(3).or_else(|| before(4))?;
        let (joint, _) = self.day_after_month(j)?;
        let (end, day) = self.day_after_month(i).filter(|_| joint + 1 == i)?;
        let (end, year) = self.within(end);
        let is_last = self.words.get(end).is_none_or(|w| {
            matches!(w.text, "." | "," | ";" | ")") || w.is("in") || w.is("at")
        });
        let meaning = Meaning::Date { year, month, day, weekday: None };
        let joins = ["and", "to", "through"].iter().any(|w| self.is(joint, w))
            || self.hyphen(joint).is_some();
        (joins && is_last).then(|| (end, Expression::new(meaning)))
    }

    /// The year of a month, or of a day of it, that is told behind the months it is joined
    /// with: "between September and October of 2007", "from May 3 to June 9, 1998".
    pub(super) fn shared_year(self, end: usize, month: u8) -> Within {
        const JOINTS: [&str; 6] = ["and", "or", "through", "till", "to", "until"];
        let (mut end, mut before, mut years) = (end, month, 0);
        for _ in 0..MOST_JOINED {
            let joint = self.skip(end, ",");
            let is_joint = JOINTS.iter().any(|word| self.is(joint, word));
            let next = match (is_joint, self.hyphen(end)) {
                (true, _) => joint + 1,
                (false, Some(next)) => next,
                (false, None) if joint > end => joint,
                _ => return Within::Unknown,
            };
            let found = self.month(next).or_else(|| self.day_month(next));
            let found = found.or_else(|| self.another_day(next));
            let Some((after, Expression { meaning, .. })) = found else {
                return Within::Unknown;
            };
            let (month, within) = match meaning {
                Meaning::Date { year, month, .. } => (month, year),
                Meaning::Named { name: Name::Month(month), within, .. } => {
                    (month, within)
                }
                _ => return Within::Unknown,
            };
            // "from November to February 2015"
            years += i32::from(before > month);
            match within {
                Within::Unknown => (end, before) = (after, month),
                // "on May 3, June 9, 1998" are no two that belong together.
                _ if !is_joint && joint > end => return Within::Unknown,
                Within::Year(year) => return Within::Year(year - years),
                Within::Relative(Relation { base, shift }) => {
                    return Within::Relative(Relation { base, shift: shift - years });
                }
            }
        }
        Within::Unknown
    }

    /// "2018-05-22", "05/22/2018".
    pub(super) fn numeric_date(self, i: usize) -> Option<Found> {
        let separated = |j: usize| {
            let mark = self.words.get(j)?;
            let fits = (mark.is_dash() || mark.text == "/") && mark.joined;
            (fits && self.is_joined(j + 1)).then_some(mark.text)
        };
        let (first, mark) = (self.digits(i)?, separated(i + 1)?);
        let second = self.digits(i + 2)?;
        if separated(i + 3).is_none() && (first.0, mark, second.0) == (9, "/", 11) {
            let year = Within::Year(2001);
            let meaning = Meaning::Date { year, month: 9, day: 11, weekday: None };
            return Some((i + 3, Expression::new(meaning)));
        }
        if separated(i + 3)? != mark {
            return None;
        }
        let third = self.digits(i + 4)?;
        let (year, month, day) = match (first, second, third) {
            ((year, 4), (month, _), (day, _)) => (year, month, day),
            ((a, _), (b, _), (year, 2 | 4)) => {
                let year = match year {
                    0..=49 => 2000 + year,
                    50..=99 => 1900 + year,
                    year => year,
                };
                let (month, day) = if a > 12 { (b, a) } else { (a, b) };
                (year, month, day)
            }
            _ => return None,
        };
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
        let year = Within::Year(i32::try_from(year).ok().filter(|y| *y <= 9999)?);
        let meaning = Meaning::Date { year, month, day, weekday: None };
        let (mut end, mut found) = (i + 5, Expression::new(meaning));
        let at = end + usize::from(self.is(end, "T") && self.is_joined(end));
        if let Some((after, clock)) = self.clock(at) {
            (end, found.clock) = (after, Some(clock));
        }
        fits.then_some((end, found))
    }

    pub(super) fn month_at(self, i: usize) -> Option<(usize, u8)> {
        match self.class(i) {
            Class::Month(month) => Some((i + 1, month)),
            Class::MonthAbbreviation(month) => {
                let dot = self.is(i + 1, ".") && self.is_joined(i + 1);
                Some((i + 1 + usize::from(dot), month))
            }
            _ => None,
        }
    }

    pub(super) fn day_after_month(self, i: usize) -> Option<(usize, u8)> {
        let (day, length) = self.digits(i)?;
        if length > 2 || !(1..=31).contains(&day) {
            return None;
        }
        Some((self.skip_ordinal(i + 1), day as u8))
    }

    /// Past "th" in "5th".
    pub(super) fn skip_ordinal(self, j: usize) -> usize {
        let suffix = ["st", "nd", "rd", "th"].iter().any(|s| self.is(j, s));
        j + usize::from(suffix && self.is_joined(j))
    }
}

/// How many months are joined at most.
const MOST_JOINED: usize = 12;

const ATTACKS: [&str; 6] =
    ["attack", "attacks", "hijackers", "hijackings", "terror", "terrorist"];
