//! Quarters of a year, as firms report by them.

use super::{Expression, Found, Grammar, Meaning, Name, PUBLICATION, Relation, Within};
use crate::annotate::time::value::Count;
use crate::annotate::time::word::{Class, Unit, Word};

impl Grammar<'_, '_> {
    /// "third quarter", "fiscal second quarter".
    pub(super) fn ordinal_quarter(self, i: usize) -> Option<(usize, u8)> {
        let i = if self.class(i) == Class::Fiscal {
            self.hyphen(i + 1).unwrap_or(i + 1)
        } else {
            i
        };
        let n = match self.class(i) {
            Class::Ordinal(n @ 1..=4) => n,
            Class::Unit(Unit::Second) => 2,
            _ => return None,
        };
        // "fourth fiscal quarter"
        let j = i + 1 + usize::from(self.class(i + 1) == Class::Fiscal);
        let j = self.hyphen(j).unwrap_or(j);
        let fits = self.is(j, "quarter");
        fits.then_some((j + 1, n as u8))
    }

    /// "third quarter", "first half".
    pub(super) fn part_of_year(self, i: usize) -> Option<(usize, Name)> {
        if let Some((end, quarter)) = self.ordinal_quarter(i) {
            return Some((end, Name::Quarter(Some(quarter))));
        }
        let half = match self.class(i) {
            Class::Ordinal(1) => 1,
            Class::Unit(Unit::Second) => 2,
            _ => return None,
        };
        let j = self.hyphen(i + 1).unwrap_or(i + 1);
        self.is(j, "half").then_some((j + 1, Name::Half(half)))
    }

    /// "third quarter" of a year that was told before word `i`: "1988's third quarter".
    pub(super) fn owned_part(self, i: usize, year: Within) -> Option<Found> {
        let owns =
            self.words.get(i).is_some_and(Word::is_apostrophe) && self.is(i + 1, "s");
        let (end, name) = self.part_of_year(i + 2).filter(|_| owns)?;
        Some((end, Expression::named(name, None, year)))
    }

    /// "the 1988 quarter", "the 1988 third quarter", "the 1988 period".
    pub(super) fn year_quarter(self, j: usize) -> Option<Found> {
        let year = Within::Year(self.four_digits(j)?);
        if let Some((end, name)) = self.part_of_year(j + 1) {
            return Some((end, Expression::named(name, None, year)));
        }
        if self.is(j + 1, "quarter") {
            let name = Name::Quarter(None);
            return Some((j + 2, Expression::named(name, None, year)));
        }
        if self.is(j + 1, "period") {
            return Some((j + 2, Expression::named(Name::Period, None, year)));
        }
        None
    }

    /// The fourth quarter, if words from `j` on say of which year.
    pub(super) fn last_quarter(self, j: usize) -> Option<Found> {
        let (end, within) = self.within(j);
        let name = Name::Quarter(Some(4));
        (within != Within::Unknown).then(|| (end, Expression::named(name, None, within)))
    }

    /// The month in "ended July 31" after "the quarter", and the year if one follows.
    pub(super) fn ended(self, j: usize) -> Option<(u8, Within)> {
        let ends = self.is(j, "ended") || self.is(j, "ending");
        let (day, month) = self.month_at(j + 1).filter(|_| ends)?;
        let (end, _) = self.day_after_month(day)?;
        Some((month, self.within(end).1))
    }

    /// "year-ago quarter", "year-earlier period", "year-ago".
    pub(super) fn year_ago_period(self, j: usize) -> Option<Found> {
        let h = self.hyphen(j + 1)?;
        let is_ago = self.is(h, "ago") || self.is(h, "earlier");
        (self.is(j, "year") && is_ago).then(|| self.period_of_year_before(h + 1))
    }

    /// The quarter or period that is named at `j`, a year before the one that is told of.
    pub(super) fn period_of_year_before(self, j: usize) -> Found {
        let before = Relation { base: PUBLICATION, shift: -1 };
        if let Some((end, quarter)) = self.ordinal_quarter(j) {
            let (name, year) = (Name::Quarter(Some(quarter)), Within::Relative(before));
            return (end, Expression::named(name, None, year));
        }
        if self.is(j, "quarter") {
            return (j + 1, Expression::quarter_of_year_before());
        }
        // "year-earlier six months"
        let length = self.counted(j).filter(|(_, e)| e.is_duration());
        let end = length.map_or_else(|| self.skip(j, "period"), |(end, _)| end);
        let (count, unit, base) = (Count::ONE, Unit::Year, PUBLICATION);
        let meaning = Meaning::Shift { count, unit, sign: -1, base };
        (end, Expression::new(meaning))
    }
}
