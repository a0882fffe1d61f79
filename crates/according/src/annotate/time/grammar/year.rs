//! Years, decades and centuries, and the year in which something else is.

use super::{
    Expression, Found, Grammar, Meaning, Name, PUBLICATION, REFERENCE, Relation, Within,
};
use crate::annotate::time::value::Count;
use crate::annotate::time::word::{Class, Unit, Word};

impl Grammar<'_, '_> {
    /// "of 1998", "1998", ", 1998", "of last year", "last year" after a month or season.
    pub(super) fn within(self, j: usize) -> (usize, Within) {
        let k = self.skip(self.skip(j, "of"), "in");
        // "of fiscal 1998", "of fiscal year 1998"
        let fiscal = match k > j && self.class(k) == Class::Fiscal {
            true => self.skip(k + 1, "year"),
            false => k,
        };
        if let Some(year) = self.four_digits(fiscal) {
            return (fiscal + 1, Within::Year(year));
        }
        // "of '68"
        if k > j
            && let Some(year) = self.two_digits(k)
        {
            return (k + 2, Within::Year(year));
        }
        if k > j && self.is(k, "the") {
            let this = Relation { base: PUBLICATION, shift: 0 };
            let before = Relation { base: REFERENCE, shift: -1 };
            match self.class(k + 1) {
                Class::Unit(Unit::Year) => return (k + 2, Within::Relative(this)),
                Class::Relation(-1) if self.is(k + 2, "year") => {
                    return (k + 3, Within::Relative(before));
                }
                _ => {}
            }
        }
        if self.is(j, ",")
            && let Some(year) = self.four_digits(j + 1)
            && !(self.is(j + 2, ",") && self.is_joined(j + 3))
        {
            return (j + 2, Within::Year(year));
        }
        if let Class::Relation(shift) = self.class(k)
            && self.is(k + 1, "year")
        {
            let refers = self.is(k, "that") || self.is(k, "previous");
            let base = if refers { REFERENCE } else { PUBLICATION };
            return (k + 2, Within::Relative(Relation { base, shift }));
        }
        (j, Within::Unknown)
    }

    /// "'82".
    pub(super) fn two_digits(self, i: usize) -> Option<i32> {
        let (n, 2) = self.digits(i + 1)? else { return None };
        let alone = !self.is_joined(i + 2) || self.class(i + 2) == Class::Mark;
        let fits = self.words.get(i)?.is_apostrophe() && !self.is_joined(i);
        let century = if n < 50 { 2000 } else { 1900 };
        (fits && alone && self.is_joined(i + 1)).then_some(century + n as i32)
    }

    pub(super) fn four_digits(self, i: usize) -> Option<i32> {
        match self.digits(i)? {
            (year @ 1000..=2200, 4) if !self.is(i + 1, "%") => Some(year as i32),
            _ => None,
        }
    }

    pub(super) fn year_then(self, i: usize) -> Option<Found> {
        let year = self.four_digits(i)?;
        // Part of a longer number, a sum, an address or a score.
        let joins = |j: usize| {
            self.is_joined(j)
                && self.words.get(j).is_some_and(|w| {
                    !matches!(w.text, "," | "." | ";" | ":" | ")" | "-" | "–" | "?" | "!")
                        && !w.is_apostrophe()
                        && w.text != "\""
                        && w.text != "”"
                        && w.text != "/"
                })
        };
        let decimal = (self.is(i + 1, ".") || self.is(i + 1, ","))
            && self.is_joined(i + 2)
            && self.digits(i + 2).is_some();
        let after_sum = i > 0
            && self.is_joined(i)
            && self.words.get(i - 1).is_some_and(|w| {
                matches!(w.text, "$" | "£" | "€" | "#" | "." | ",") || w.text == "¥"
            });
        if joins(i + 1) || decimal || after_sum || !(1400..=2100).contains(&year) {
            return None;
        }
        // "1988's fourth quarter"
        let alone = (i + 1, Expression::new(Meaning::Year(year)));
        Some(self.owned_part(i + 1, Within::Year(year)).unwrap_or(alone))
    }

    pub(super) fn fiscal(self, i: usize) -> Option<Found> {
        if let Some(year) = self.four_digits(i + 1) {
            let alone = (i + 2, Expression::new(Meaning::Year(year)));
            return Some(self.owned_part(i + 2, Within::Year(year)).unwrap_or(alone));
        }
        if let Some((j, quarter)) = self.ordinal_quarter(i) {
            let (end, within) = self.within(j);
            let name = Name::Quarter(Some(quarter));
            return Some((end, Expression::named(name, None, within)));
        }
        if self.is(i + 1, "year") {
            if let Some(year) = self.four_digits(i + 2) {
                return Some((i + 3, Expression::new(Meaning::Year(year))));
            }
            return Some((i + 2, Expression::lasting(Count::ONE, Unit::Year, 0)));
        }
        None
    }

    /// "nineteen ninety-six", as it is spoken.
    pub(super) fn spoken_year(self, i: usize) -> Option<Found> {
        let (end, year) = self.spoken_year_at(i)?;
        let counts = matches!(self.class(end), Class::Unit(_) | Class::Units(_));
        (!counts).then_some((end, Expression::new(Meaning::Year(year))))
    }

    pub(super) fn spoken_year_at(self, i: usize) -> Option<(usize, i32)> {
        let Class::Number(century @ 17..=20) = self.class(i) else { return None };
        let k = self.hyphen(i + 1).unwrap_or(i + 1);
        let Class::Number(tens @ 10..) = self.class(k) else { return None };
        let (end, count) = self.number(k)?;
        let rest = count.halves? / 2;
        ((10..100).contains(&rest) && rest >= tens)
            .then_some((end, (century * 100 + rest) as i32))
    }

    /// "1990s", "1990's", "90s".
    pub(super) fn decade(self, i: usize) -> Option<Found> {
        let (year, length) = self.digits(i)?;
        let apostrophe = self.words.get(i + 1).is_some_and(Word::is_apostrophe);
        let j = i + 1 + usize::from(apostrophe);
        if !self.is(j, "s") || !self.is_joined(i + 1) || !self.is_joined(j) {
            return None;
        }
        let decade = match (year, length) {
            (1000..=2190, 4) if year % 10 == 0 => year / 10,
            (20..=90, 2) if year % 10 == 0 => 190 + year / 10,
            _ => return None,
        };
        if year % 100 == 0 && length == 4 && year < 1900 {
            return Some((j + 1, Expression::new(Meaning::Century((year / 100) as i32))));
        }
        Some((j + 1, Expression::new(Meaning::Decade(decade as i32))))
    }

    pub(super) fn spoken_decade(self, i: usize) -> Option<Found> {
        let Class::Number(century @ 17..=20) = self.class(i) else { return None };
        let Class::Decade(n) = self.class(self.hyphen(i + 1).unwrap_or(i + 1)) else {
            return None;
        };
        let end = self.hyphen(i + 1).unwrap_or(i + 1) + 1;
        let meaning = Meaning::Decade((century * 10 + n / 10) as i32);
        Some((end, Expression::new(meaning)))
    }

    /// "19th century", and "19th" in "the 19th and 20th century".
    pub(super) fn century(self, i: usize) -> Option<Found> {
        let (n @ 1..=30, 1..=2) = self.digits(i)? else { return None };
        let j = self.skip_ordinal(i + 1);
        if j == i + 1 {
            return None;
        }
        let k = self.hyphen(j).unwrap_or(j);
        let found = Expression::new(Meaning::Century(n as i32 - 1));
        let is_century = |k| self.is(k, "century") || self.is(k, "centuries");
        if is_century(k) {
            return Some((k + 1, found));
        }
        if self.is(j, "and") || self.is(j, "or") || self.is(j, "to") {
            let k = self.skip(j + 1, "early");
            let k = self.skip(self.skip(k, "the"), "early");
            let second = self.skip_ordinal(k + 1);
            if self.digits(k).is_some() && second > k + 1 && is_century(second) {
                return Some((j, found));
            }
        }
        None
    }
}
