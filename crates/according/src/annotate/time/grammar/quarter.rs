//! Quarters of a year, as firms report by them.

use super::{Expression, Found, Grammar, Meaning, Name, PUBLICATION, Within};
use crate::annotate::time::value::Count;
use crate::annotate::time::word::{Class, Unit};

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
        let j = self.hyphen(i + 1).unwrap_or(i + 1);
        let fits = self.is(j, "quarter");
        fits.then_some((j + 1, n as u8))
    }

    /// "the 1988 quarter", "the 1988 third quarter", "the 1988 period".
    pub(super) fn year_quarter(self, j: usize) -> Option<Found> {
        let year = Within::Year(self.four_digits(j)?);
        if let Some((end, quarter)) = self.ordinal_quarter(j + 1) {
            let name = Name::Quarter(Some(quarter));
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

    /// The month in "ended July 31" after "the quarter".
    pub(super) fn ended(self, j: usize) -> Option<u8> {
        let ends = self.is(j, "ended") || self.is(j, "ending");
        let (day, month) = self.month_at(j + 1).filter(|_| ends)?;
        self.day_after_month(day).map(|_| month)
    }

    /// "year-ago quarter", "year-earlier period", "year-ago".
    pub(super) fn year_ago_period(self, j: usize) -> Option<Found> {
        let h = self.hyphen(j + 1)?;
        if !self.is(j, "year") || !(self.is(h, "ago") || self.is(h, "earlier")) {
            return None;
        }
        let base = PUBLICATION;
        let (end, _) = match self.ordinal_quarter(h + 1) {
            Some((end, _)) => (end, ()),
            None if self.is(h + 1, "quarter") || self.is(h + 1, "period") => (h + 2, ()),
            None => (h + 1, ()),
        };
        let (count, unit) = (Count::ONE, Unit::Year);
        let meaning = Meaning::Shift { count, unit, sign: -1, base };
        Some((end, Expression::new(meaning)))
    }
}
