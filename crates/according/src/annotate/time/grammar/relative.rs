//! What is told by its distance from another time: "last Friday", "this week", "the day
//! before", "three years ago".

use super::{
    Base, Expression, Found, Grammar, Meaning, Name, PUBLICATION, REFERENCE, Relation,
    Within,
};
use crate::annotate::time::value::{Clock, Count};
use crate::annotate::time::word::{Class, Unit, Word};

impl Grammar<'_, '_> {
    /// `start` is the word before the relation at `i` where that is "the", else `i`.
    pub(super) fn related(self, start: usize, i: usize) -> Option<Found> {
        let Class::Relation(shift) = self.class(i) else { return None };
        let with_the = start < i;
        let word = self.words.get(i)?;
        let refers = REFERRING.iter().any(|w| word.is(w)) || word.is("next") && with_the;
        let base = if refers { REFERENCE } else { PUBLICATION };
        let relation = Some(Relation { base, shift });
        let mut j = i + 1;
        // "that same year"
        if self.is(j, "same") && (word.is("that") || word.is("this")) {
            return self.related(i, j);
        }
        if word.is("these") {
            return self
                .is(j, "days")
                .then(|| (j + 1, Expression::new(Meaning::Present)));
        }
        if word.is("past") && !matches!(self.class(j), Class::Unit(_)) {
            // "the past three months", "the past"
            return self
                .last_units(j, -1)
                .or_else(|| with_the.then(|| (j, Expression::new(Meaning::Past))));
        }
        // "the prior-year quarter"
        if let Some(year) = self.hyphen(j) {
            let fits = shift == -1 && self.is(year, "year");
            return fits.then(|| self.period_of_year_before(year + 1));
        }
        // "this coming Monday", "this past week"
        if word.is("this") && matches!(self.class(j), Class::Relation(1 | -1)) {
            let Class::Relation(shift) = self.class(j) else { return None };
            let relation = Some(Relation { base: PUBLICATION, shift });
            return self.name_after(j + 1, relation);
        }
        if word.is("this") && matches!(self.class(j), Class::Edge(_) | Class::Prefix(_)) {
            return None;
        }
        // "the current fiscal year"
        if self.class(j) == Class::Fiscal && self.is(j + 1, "year") {
            j += 1;
        }
        if refers
            && shift == 0
            && let Some(found) = self.same(j)
        {
            return Some(found);
        }
        // "the corresponding 1988 period"
        if word.is("comparable") || word.is("corresponding") {
            return self.year_quarter(j);
        }
        if word.is("last")
            && let Some(found) = match self.class(j) {
                Class::Unit(Unit::Quarter) => self.last_quarter(j + 1),
                Class::Unit(Unit::Week) => self.week_of(j + 1, 0),
                Class::Weekday(day) => self.weekday_of(j + 1, 0, day),
                _ => None,
            }
        {
            return Some(found);
        }
        if let Some((end, unit)) = match self.class(j) {
            Class::Unit(unit) => Some((j + 1, unit)),
            _ => None,
        } {
            return self.related_unit(end, unit, word, with_the, relation);
        }
        if word.is("latest") && self.is(j, "period") {
            let name = Name::Quarter(None);
            let relation = Some(Relation { base: REFERENCE, shift: 0 });
            return Some((j + 1, Expression::named(name, relation, Within::Unknown)));
        }
        if word.is("current") && !with_the || word.is("that") && !self.is_name(j) {
            let is_present = word.is("current") && !self.is_name(j);
            return is_present.then(|| (i + 1, Expression::new(Meaning::Present)));
        }
        if let Some(found) = self.name_after(j, relation) {
            return Some(found);
        }
        self.last_units(j, shift.signum()).filter(|_| shift != 0 || word.is("latest"))
    }

    fn is_name(self, j: usize) -> bool {
        matches!(
            self.class(j),
            Class::Weekday(_)
                | Class::Month(_)
                | Class::Season(_)
                | Class::Part(_)
                | Class::Unit(_)
        )
    }

    fn related_unit(
        self,
        end: usize,
        unit: Unit,
        word: &Word<'_>,
        with_the: bool,
        relation: Option<Relation>,
    ) -> Option<Found> {
        // "last year's third quarter", "this year's quarter"
        let possessive =
            self.words.get(end).is_some_and(Word::is_apostrophe) && self.is(end + 1, "s");
        if possessive
            && unit == Unit::Year
            && let Some(relation) = relation
        {
            let within = Within::Relative(relation);
            if let Some(found) = self.owned_part(end, within) {
                return Some(found);
            }
            let name = match self.is(end + 2, "quarter") {
                true => Some(Name::Quarter(None)),
                false => self.is(end + 2, "period").then_some(Name::Period),
            };
            if let Some(name) = name {
                return Some((end + 3, Expression::named(name, None, within)));
            }
        }
        // "the last year of his term"
        let of_it = |j: usize| {
            ["her", "his", "its", "the", "their"].iter().any(|w| self.is(j, w))
        };
        if with_the && word.is("last") && self.is(end, "of") && of_it(end + 1) {
            return Some((end, Expression::lasting(Count::ONE, unit, 0)));
        }
        // "the past year", "the next decade"
        let length = match unit {
            Unit::Week | Unit::Month => false,
            Unit::Decade | Unit::Century => !word.is("next") || with_the,
            _ => word.is("past") && with_the,
        };
        let sign = relation.map_or(0, |r| r.shift.signum());
        if length && sign != 0 {
            return Some((end, Expression::lasting(Count::ONE, unit, sign)));
        }
        if matches!(unit, Unit::Hour | Unit::Minute | Unit::Second) {
            return None;
        }
        let name = match unit {
            Unit::Quarter => Name::Quarter(None),
            unit => Name::Unit(unit),
        };
        // The latest year is the one that is over, whatever was told last.
        let relation = match word.is("latest") && unit == Unit::Year {
            true => None,
            false => relation,
        };
        // "the next year or so"
        let approx = self.is(end, "or") && self.is(end + 1, "so");
        let found = Expression::named(name, relation, Within::Unknown);
        let modifier = approx.then_some("APPROX");
        Some((end + if approx { 2 } else { 0 }, Expression { modifier, ..found }))
    }

    /// "period a year ago" after "the same", "month of last year".
    fn same(self, j: usize) -> Option<Found> {
        let (k, before) = (j + 1, Relation { base: REFERENCE, shift: -1 });
        let (end, within) = match self.class(k) {
            Class::Determiner => {
                let year =
                    self.is(k + 1, "year") && (self.is(k, "a") || self.is(k, "the"));
                let earlier =
                    ["ago", "earlier", "before"].iter().any(|w| self.is(k + 2, w));
                (k + 3, (year && earlier).then_some(Within::Relative(before))?)
            }
            _ => self.within(k),
        };
        if within == Within::Unknown {
            return None;
        }
        let name = match self.class(j) {
            Class::Unit(Unit::Month) => Name::Unit(Unit::Month),
            Class::Unit(Unit::Quarter) => Name::Quarter(None),
            _ if self.is(j, "period") => Name::Period,
            _ => return None,
        };
        let same = Relation { base: REFERENCE, shift: 0 };
        Some((end, Expression::named(name, Some(same), within)))
    }

    /// "last Friday", "this summer", "next May", "this morning".
    pub(super) fn name_after(
        self,
        j: usize,
        relation: Option<Relation>,
    ) -> Option<Found> {
        let unknown = Within::Unknown;
        match self.class(j) {
            Class::Weekday(day) => {
                let found = Expression::named(Name::Weekday(day), relation, unknown);
                Some(self.with_part(j + 1, found))
            }
            Class::Month(_) if !self.words.get(j)?.is_capitalised() => None,
            Class::Month(month) => {
                if let Some((end, day)) = self.day_after_month(j + 1) {
                    let year = match relation {
                        Some(r) => Within::Relative(Relation { shift: 0, ..r }),
                        None => unknown,
                    };
                    let meaning = Meaning::Date { year, month, day, weekday: None };
                    return Some((end, Expression::new(meaning)));
                }
                Some((j + 1, Expression::named(Name::Month(month), relation, unknown)))
            }
            Class::Season(season) => self.season(j, season, relation),
            Class::Holiday(_) => {
                self.holiday(j).map(|(end, found)| match found.meaning {
                    Meaning::Named { name, .. } => {
                        (end, Expression::named(name, relation, unknown))
                    }
                    _ => (end, found),
                })
            }
            Class::Unit(Unit::Quarter) => {
                Some((j + 1, Expression::named(Name::Quarter(None), relation, unknown)))
            }
            Class::Unit(unit) => {
                Some((j + 1, Expression::named(Name::Unit(unit), relation, unknown)))
            }
            Class::Part(part) => {
                let days = i64::from(relation?.shift);
                let found = match relation?.base {
                    Base::Publication => Expression::new(Meaning::Deictic(days)),
                    Base::Reference => {
                        Expression::named(Name::Unit(Unit::Day), relation, unknown)
                    }
                };
                Some((j + 1, Expression { clock: Some(Clock::Part(part)), ..found }))
            }
            _ => None,
        }
    }

    /// "three months" in "the last three months".
    fn last_units(self, j: usize, sign: i32) -> Option<Found> {
        let (k, count) = match self.class(j) {
            Class::Units(_) => (j, Count::VAGUE),
            _ => self.number(j)?,
        };
        let (end, found) = match self.class(k) {
            Class::Units(unit) => (k + 1, Expression::lasting(count, unit, sign)),
            _ => {
                let (end, found) = self.counted(j)?;
                let Meaning::Duration { count, unit, .. } = found.meaning else {
                    return None;
                };
                (
                    end,
                    Expression {
                        modifier: found.modifier,
                        ..Expression::lasting(count, unit, sign)
                    },
                )
            }
        };
        let approx = self.is(end, "or") && self.is(end + 1, "so");
        let modifier = approx.then_some("APPROX");
        Some((end + if approx { 2 } else { 0 }, Expression { modifier, ..found }))
    }

    /// "the day" in "later in the day", "the end of the year", "the end of the day Saturday".
    pub(super) fn this_unit(self, i: usize) -> Option<Found> {
        if self.is(i, "the") && self.is(i + 1, "new") && self.is(i + 2, "year") {
            return self.determined(i);
        }
        let Class::Unit(unit) = self.class(i + 1) else { return None };
        if !self.is(i, "the") {
            return None;
        }
        if unit == Unit::Day {
            let day = match self.class(i + 2) {
                Class::Weekday(_) => self.weekday(i + 2),
                Class::Deictic(days) => Some(self.deictic(i + 2, days)),
                _ => None,
            };
            if day.is_some() {
                return day;
            }
        }
        let base = if unit == Unit::Day { REFERENCE } else { PUBLICATION };
        let this = Relation { base, shift: 0 };
        let found = Expression::named(Name::Unit(unit), Some(this), Within::Unknown);
        Some((i + 2, found))
    }

    /// "the year" is a duration or this year; "the quarter", "the weekend" are those told of.
    pub(super) fn the_bare_unit(self, j: usize, unit: Unit) -> Option<Found> {
        let relation = |base, shift| Some(Relation { base, shift });
        let name = Name::Unit(unit);
        if let Some(found) = self.year_ago_period(j) {
            return Some(found);
        }
        // "the year earlier"
        if self.is(j + 1, "earlier") {
            return self.ago(j + 1, Count::ONE, unit);
        }
        // "the week after next", "the year before last"
        for (word, shift, two) in [("after", 1, "next"), ("before", -1, "last")] {
            if self.is(j + 1, word) && self.is(j + 2, two) {
                let relation = relation(PUBLICATION, 2 * shift);
                return Some((j + 3, Expression::named(name, relation, Within::Unknown)));
            }
        }
        // "the day before", "the year after"; not "the day before he left".
        if self.is(j + 1, "before") || self.is(j + 1, "after") {
            // "the day before yesterday", "the day after tomorrow"
            if unit == Unit::Day
                && let Class::Deictic(days @ (-1 | 1)) = self.class(j + 2)
            {
                return Some((j + 3, Expression::new(Meaning::Deictic(2 * days))));
            }
            let ends = self.ends_clause(j + 2);
            let shift = if self.is(j + 1, "before") { -1 } else { 1 };
            return ends.then(|| {
                let relation = relation(REFERENCE, shift);
                (j + 2, Expression::named(name, relation, Within::Unknown))
            });
        }
        match unit {
            Unit::Quarter => {
                // "the quarter a year ago"
                if self.is(j + 1, "a")
                    && let Some((end, found)) = self.counted(j + 1)
                    && matches!(found.meaning, Meaning::Shift { unit: Unit::Year, .. })
                {
                    return Some((end, Expression::quarter_of_year_before()));
                }
                if let Some((month, year)) = self.ended(j + 1) {
                    let name = Name::QuarterTo(month);
                    return Some((j + 1, Expression::named(name, None, year)));
                }
                let (end, within) = self.within(j + 1);
                // "the quarter of the voters"
                if within == Within::Unknown && self.is(j + 1, "of") {
                    return None;
                }
                let name = Name::Quarter(None);
                let relation = relation(REFERENCE, 0);
                Some((end, Expression::named(name, relation, within)))
            }
            Unit::Weekend => {
                Some((j + 1, Expression::named(name, None, Within::Unknown)))
            }
            // "the week of Oct. 9", "the week ended Oct. 14"
            Unit::Week if let Some(found) = self.week_with(j + 1) => Some(found),
            Unit::Year if self.four_digits(j + 1).is_some() => {
                let year = self.four_digits(j + 1)?;
                Some((j + 2, Expression::new(Meaning::Year(year))))
            }
            Unit::Year if self.is(j + 1, "two") && self.is(j + 2, "thousand") => {
                Some((j + 3, Expression::new(Meaning::Year(2000))))
            }
            Unit::Year => Some((j + 1, Expression::lasting(Count::ONE, unit, 0))),
            // Only where the sentence takes it for one that was told (see `sense`).
            Unit::Day | Unit::Week | Unit::Month
                if j > 0 && self.is(j - 1, "the") && self.hyphen(j + 1).is_none() =>
            {
                let relation = relation(REFERENCE, 0);
                Some((j + 1, Expression::named(name, relation, Within::Unknown)))
            }
            _ => None,
        }
    }

    /// Whether nothing hangs on a word before `i`: "the day before", and not "the day before he
    /// left".
    fn ends_clause(self, i: usize) -> bool {
        self.words.get(i).is_none_or(|w| {
            matches!(w.text, "." | "," | ";" | ")" | "\"" | "”") || w.is("and")
        })
    }

    pub(super) fn bare_unit(self, j: usize, unit: Unit) -> Option<Found> {
        if let Some(found) = self.year_ago_period(j) {
            return Some(found);
        }
        // "year's end", "year-end 1990", "month's end"
        let owns =
            self.words.get(j + 1).is_some_and(Word::is_apostrophe) && self.is(j + 2, "s");
        let k = if owns { j + 3 } else { self.hyphen(j + 1).unwrap_or(j + 1) };
        if matches!(unit, Unit::Year | Unit::Month) && self.is(k, "end") {
            let name = Name::Unit(unit);
            let (end, found) = match self.four_digits(k + 1) {
                Some(year) => (k + 2, Expression::new(Meaning::Year(year))),
                None => (k + 1, Expression::named(name, None, Within::Unknown)),
            };
            return Some((end, Expression { modifier: Some("END"), ..found }));
        }
        // "day-long"
        self.long(j + 1).map(|end| (end, Expression::lasting(Count::ONE, unit, 0)))
    }

    /// "ago", "earlier", "from now", "later" after a length of time.
    pub(super) fn ago(self, end: usize, count: Count, unit: Unit) -> Option<Found> {
        let pair = |a, b| self.is(end, a) && self.is(end + 1, b);
        // "two weeks ago Tuesday", "a week from Sunday"
        if matches!(unit, Unit::Week | Unit::Month | Unit::Year)
            && let Class::Weekday(weekday) = self.class(end + 1)
            && let Some(sign) = match () {
                () if self.is(end, "ago") => Some(-1),
                () => self.is(end, "from").then_some(1),
            }
        {
            let meaning = Meaning::ShiftedWeekday { count, unit, sign, weekday };
            return Some(self.with_part(end + 2, Expression::new(meaning)));
        }
        let (after, sign, base) = if self.is(end, "ago") {
            (end + 1, -1, PUBLICATION)
        } else if self.is(end, "earlier") {
            (end + 1, -1, REFERENCE)
        } else if self.is(end, "later") || self.is(end, "afterward") {
            (end + 1, 1, REFERENCE)
        } else if self.is(end, "before") && self.ends_clause(end + 1) {
            (end + 1, -1, REFERENCE)
        } else if pair("from", "now") || pair("from", "today") {
            (end + 2, 1, PUBLICATION)
        } else if self.is(end, "hence") {
            (end + 1, 1, PUBLICATION)
        } else {
            return None;
        };
        // "a year ago today", "two weeks ago yesterday"
        if base == PUBLICATION
            && sign < 0
            && let Class::Deictic(days) = self.class(after)
        {
            let meaning = Meaning::ShiftedDay { count, unit, sign, days };
            return Some((after + 1, Expression::new(meaning)));
        }
        let meaning = Meaning::Shift { count, unit, sign, base };
        Some((after, Expression::new(meaning)))
    }
}

/// Words that count from a time told before.
const REFERRING: [&str; 9] = [
    "comparable",
    "corresponding",
    "following",
    "latest",
    "preceding",
    "previous",
    "prior",
    "same",
    "that",
];
