//! Lengths of time: "three years", "10-day", "a month or two".

use super::{Expression, Found, Grammar};
use crate::annotate::time::value::Count;
use crate::annotate::time::word::{Class, Unit};

impl Grammar<'_, '_> {
    /// "three years", "10-day", "several months", "a year ago", "two to three weeks".
    pub(super) fn counted(self, i: usize) -> Option<Found> {
        let (mut j, mut count) = self.number(i)?;
        // The second year of "1989-90" counts nothing.
        let is_range =
            i > 1 && self.hyphen(i - 1).is_some() && self.four_digits(i - 2).is_some();
        // "1/4 hours"
        let is_part = i > 0 && self.is(i - 1, "/") && self.is_joined(i);
        if count == Count::of(0) || is_range || is_part {
            return None;
        }
        let is_article = self.is(i, "a") || self.is(i, "an");
        let mut approx = false;
        // "two to three", "12 to 18", "one or two"
        if self.is(j, "to") || self.is(j, "or") || self.is_dash(j) {
            let fits =
                |k: usize| matches!(self.class(k), Class::Unit(_) | Class::Units(_));
            if let Some((k, second)) = self.number(j + 1)
                && !(self.is(j + 1, "a") || self.is(j + 1, "an"))
                && (fits(k) || self.hyphen(k).is_some_and(fits))
            {
                // The first is what it is at least.
                (j, count, approx) =
                    (k, if count == Count::VAGUE { second } else { count }, true);
            }
        }
        // "two and a half years", "two-and-a-half-year"
        let mut and_half = j;
        for word in ["and", "a", "half"] {
            let k = self.hyphen(and_half).unwrap_or(and_half);
            if !self.is(k, word) {
                and_half = j;
                break;
            }
            and_half = k + 1;
        }
        if and_half > j {
            let halves = count.halves.and_then(|n| n.checked_add(1));
            (j, count) = (and_half, Count { halves });
        }
        let mut k = self.hyphen(j).unwrap_or(j);
        let is_compound = k > j;
        // "two more weeks", "eight trading days"
        // and not "the 2015 fiscal year"
        let is_year = self.four_digits(i).is_some() && self.class(k) == Class::Fiscal;
        if BETWEEN.iter().any(|word| self.is(k, word)) && !is_year {
            k += 1;
        }
        let mut unit = match self.class(k) {
            Class::Unit(unit) => unit,
            // "a months-long siege" has no number.
            Class::Units(unit) if !(is_article && j == i + 1) => unit,
            _ => return None,
        };
        // "a year-end budget", "in some quarters", "some year"
        let is_end = is_article && self.hyphen(k + 1).is_some_and(|h| self.is(h, "end"));
        let is_some = self.is(i, "some")
            && (unit == Unit::Quarter
                || matches!(self.class(k), Class::Unit(_)) && !is_compound);
        if is_end || is_some {
            return None;
        }
        // "a quarter-century"
        let century = self.hyphen(k + 1).unwrap_or(k + 1);
        if unit == Unit::Quarter && self.is(century, "century") {
            (k, unit, count) = (century, Unit::Year, Count::of(25));
        }
        if is_compound && unit == Unit::Quarter {
            // "three-quarters"
            return None;
        }
        if unit == Unit::Second && is_article {
            // "a second chance"
            return None;
        }
        let mut end = k + 1;
        // "a year or two"
        if count == Count::ONE && self.is(end, "or") && self.is(end + 1, "two") {
            (end, approx) = (end + 2, true);
        }
        // "a year-earlier period"
        if let Some(found) = self.year_ago_period(k).filter(|_| is_article) {
            return Some(found);
        }
        if self.is_age(end) {
            return None;
        }
        if self.is(end, "and") && self.is(end + 1, "a") && self.is(end + 2, "half") {
            let halves = count.halves.and_then(|n| n.checked_add(1));
            (end, count) = (end + 3, Count { halves });
        }
        if let Some(found) = self.ago(end, count, unit) {
            return Some(found);
        }
        // "a three-year period"
        if let Some(long) = self.long(end) {
            end = long;
        } else if is_compound && is_article {
            return None;
        }
        if self.is(end, "or") && self.is(end + 1, "so") {
            (end, approx) = (end + 2, true);
        }
        let modifier = approx.then_some("APPROX");
        Some((end, Expression { modifier, ..Expression::lasting(count, unit, 0) }))
    }

    /// A number in digits or words. "a" and "an" are one.
    pub(super) fn number(self, i: usize) -> Option<(usize, Count)> {
        if let Some(end) = self.a_half(i) {
            return Some((end, Count { halves: Some(1) }));
        }
        if let Some((mut n, _)) = self.digits(i) {
            let mut j = i + 1;
            // "1,200"
            while self.is(j, ",")
                && self.is_joined(j)
                && self.is_joined(j + 1)
                && let Some((thousands, 3)) = self.digits(j + 1)
            {
                n = n.checked_mul(1000)?.checked_add(thousands)?;
                j += 2;
            }
            // "2.5"
            if self.is(j, ".")
                && self.is_joined(j)
                && self.is_joined(j + 1)
                && let Some((fraction, 1)) = self.digits(j + 1)
            {
                let half = u32::from(fraction == 5);
                let halves = n.checked_mul(2)?.checked_add(half)?;
                return Some((j + 2, Count { halves: Some(halves) }));
            }
            // "2½", "2 1/2"
            let half = match self.is(j, "½") {
                true => Some(j + 1),
                false => self.a_half(j),
            };
            if let Some(end) = half {
                let halves = n.checked_mul(2)?.checked_add(1)?;
                return Some((end, Count { halves: Some(halves) }));
            }
            return Some((j, Count::of(n)));
        }
        let (mut j, mut n) = match self.class(i) {
            Class::Number(n) => (i + 1, n),
            Class::Scale(n) => return Some((self.skip(i + 1, "of"), Count::of(n))),
            Class::Vague(2) => {
                return Some((self.skip(i + 1, "of"), Count::of(2)));
            }
            Class::Vague(_) => return Some((i + 1, Count::VAGUE)),
            Class::Determiner if self.is(i, "half") => {
                let k = self.skip(self.skip(i + 1, "a"), "an");
                let k = if k == i + 1 { self.hyphen(k).unwrap_or(k) } else { k };
                return Some((k, Count { halves: Some(1) }));
            }
            Class::Determiner if self.is(i, "a") || self.is(i, "an") => {
                return match self.class(i + 1) {
                    Class::Vague(_) | Class::Scale(_) => self.number(i + 1),
                    _ => Some((i + 1, Count::ONE)),
                };
            }
            _ => return None,
        };
        // "twenty-four", "twenty four"
        let k = self.hyphen(j).unwrap_or(j);
        if n >= 20
            && n % 10 == 0
            && let Class::Number(ones @ 1..=9) = self.class(k)
        {
            (j, n) = (k + 1, n + ones);
        }
        if let Class::Scale(scale) = self.class(j) {
            (j, n) = (j + 1, n.checked_mul(scale)?);
        }
        Some((j, Count::of(n)))
    }

    /// Past "1/2".
    fn a_half(self, i: usize) -> Option<usize> {
        let joined = self.is_joined(i + 1) && self.is_joined(i + 2);
        let fits = self.is(i, "1") && self.is(i + 1, "/") && self.is(i + 2, "2");
        (fits && joined).then_some(i + 3)
    }

    /// "old", "-old", "of age": an age and no time.
    fn is_age(self, i: usize) -> bool {
        let j = self.hyphen(i).unwrap_or(i);
        self.is(j, "old")
            || self.is(j, "olds")
            || (self.is(j, "of") && self.is(j + 1, "age"))
    }

    /// Past "-long".
    pub(super) fn long(self, i: usize) -> Option<usize> {
        self.hyphen(i).filter(|&h| self.is(h, "long")).map(|h| h + 1)
    }
}

/// Words between a number and the unit it counts: "two more weeks", "eight trading days".
const BETWEEN: [&str; 17] = [
    "additional",
    "business",
    "calendar",
    "consecutive",
    "entire",
    "extra",
    "fiscal",
    "full",
    "more",
    "other",
    "school",
    "shopping",
    "solid",
    "straight",
    "trading",
    "whole",
    "working",
];
