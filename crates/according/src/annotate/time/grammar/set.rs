//! What comes back again and again: "every Monday", "twice a week".

use super::{Expression, Found, Grammar, Meaning, Set};
use crate::annotate::time::value::Count;
use crate::annotate::time::word::Class;

impl Grammar<'_, '_> {
    pub(super) fn every(self, i: usize) -> Option<Found> {
        let j = self.skip(i + 1, "single");
        let j = j + usize::from(self.class(j) == Class::Fiscal);
        let set = |end, set| Some((end, Expression::new(Meaning::Set(set))));
        match self.class(j) {
            Class::Unit(unit) => set(j + 1, Set::Every(Count::ONE, unit)),
            Class::Weekday(day) => set(j + 1, Set::Weekday(day)),
            Class::Month(month) if self.words.get(j)?.is_capitalised() => {
                set(j + 1, Set::Month(month))
            }
            Class::Season(season) => set(j + 1, Set::Season(season)),
            Class::Part(part) => set(j + 1, Set::Part(part)),
            _ if self.is(j, "other") => match self.class(j + 1) {
                Class::Unit(unit) => set(j + 2, Set::Every(Count::of(2), unit)),
                // "every other Tuesday"
                Class::Weekday(day) => set(j + 2, Set::Weekday(day)),
                _ => None,
            },
            _ => {
                let (k, count) = self.number(j)?;
                let Class::Units(unit) = self.class(k) else { return None };
                set(k + 1, Set::Every(count, unit))
            }
        }
    }

    /// "twice a week", "once every two years".
    pub(super) fn times(self, i: usize) -> Option<Found> {
        if self.class(i + 1) == Class::Every {
            return self.every(i + 1);
        }
        let article =
            self.is(i + 1, "a") || self.is(i + 1, "an") || self.is(i + 1, "per");
        let Class::Unit(unit) = self.class(i + 2) else { return None };
        let meaning = Meaning::Set(Set::Every(Count::ONE, unit));
        article.then_some((i + 3, Expression::new(meaning)))
    }
}
