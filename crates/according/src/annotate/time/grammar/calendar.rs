//! What the calendar has a name or a number for: weekdays, seasons, holidays, weeks of a
//! month.

use super::{
    Expression, Found, Grammar, Meaning, Name, PUBLICATION, Relation, Set, Within,
};
use crate::annotate::time::value::Clock;
use crate::annotate::time::word::{Class, Unit, Word};

impl Grammar<'_, '_> {
    pub(super) fn weekday(self, i: usize) -> Option<Found> {
        let (mut j, day) = match self.class(i) {
            Class::Weekday(day) => (i + 1, day),
            Class::WeekdayAbbreviation(day) => {
                let dot = self.is(i + 1, ".") && self.is_joined(i + 1);
                (i + 1 + usize::from(dot), day)
            }
            _ => return None,
        };
        if matches!(self.class(i), Class::WeekdayAbbreviation(_)) {
            // "Sun. 5 May"; what Sun makes is no day.
            let dated = self.month_at(self.skip(j, ",")).is_some();
            let goes_on =
                j > i + 1 && self.words.get(j).is_some_and(|w| !w.is_capitalised());
            let known = self.words.get(i)?.is_capitalised() && (dated || goes_on);
            if !known {
                return None;
            }
        }
        let part = match self.class(j) {
            Class::Part(part) => {
                j += 1;
                Some(Clock::Part(part))
            }
            Class::Parts(part) => {
                let set = Set::WeekdayPart(day, part);
                return Some((j + 1, Expression::new(Meaning::Set(set))));
            }
            _ => None,
        };
        // "Tuesday, May 22, 2018", "Tuesday the 5th of May"
        let k = self.skip(self.skip(j, ","), "the");
        let date = match self.class(k) {
            Class::Month(_) | Class::MonthAbbreviation(_) => self.month(k),
            Class::Digits(_) => self.day_month(k),
            _ => None,
        };
        if let Some((end, found)) = date
            && let Meaning::Date { year, month, day: of_month, .. } = found.meaning
        {
            let meaning =
                Meaning::Date { year, month, day: of_month, weekday: Some(day) };
            return Some((end, Expression { meaning, clock: part, modifier: None }));
        }
        // "Tuesday last week", "Tuesday of next week"
        let w = self.skip(j, "of");
        let mut relation = None;
        if let Class::Relation(shift) = self.class(w)
            && self.is(w + 1, "week")
        {
            relation = Some(Relation { base: PUBLICATION, shift: shift * 10 });
            j = w + 2;
        }
        let found = Expression::named(Name::Weekday(day), relation, Within::Unknown);
        Some((j, Expression { clock: part, ..found }))
    }

    pub(super) fn with_part(self, j: usize, found: Expression) -> Found {
        match self.class(j) {
            Class::Part(part) => {
                (j + 1, Expression { clock: Some(Clock::Part(part)), ..found })
            }
            _ => (j, found),
        }
    }

    pub(super) fn deictic(self, i: usize, days: i64) -> Found {
        let found = Expression::new(Meaning::Deictic(days));
        if self.is(i, "tonight") {
            return (i + 1, Expression { clock: Some(Clock::Part("NI")), ..found });
        }
        self.with_part(i + 1, found)
    }

    pub(super) fn season(
        self,
        i: usize,
        season: &'static str,
        relation: Option<Relation>,
    ) -> Option<Found> {
        let (end, within) = self.within(i + 1);
        Some((end, Expression::named(Name::Season(season), relation, within)))
    }

    pub(super) fn holiday(self, i: usize) -> Option<Found> {
        let Class::Holiday(rule) = self.class(i) else { return None };
        if !self.words.get(i)?.is_capitalised() {
            return None;
        }
        let mut j = i + 1;
        let mut rule = rule;
        // "Labor Day", "Valentine's Day", "New Year's Eve": the first word alone is none.
        if let Some(bound) = rule.strip_prefix('+') {
            rule = bound;
            if rule == "01-01" {
                if !self.is(j, "year") {
                    return None;
                }
                j += 1;
            }
            // "Valentine's Day", "Presidents' Day"
            if self.words.get(j).is_some_and(Word::is_apostrophe) {
                j = self.skip(j + 1, "s");
            }
            let fits = match self.class(j) {
                _ if rule == "01-01" && self.is(j, "eve") => {
                    rule = "12-31";
                    true
                }
                Class::Unit(Unit::Day) => !rule.starts_with("easter"),
                // "Good Friday"
                Class::Weekday(_) => rule.starts_with("easter"),
                _ => false,
            };
            if !fits {
                return None;
            }
            j += 1;
            let (end, within) = self.within(j);
            return Some((end, Expression::named(Name::Holiday(rule), None, within)));
        }
        match (rule, self.class(j)) {
            ("12-25", _) if self.is(j, "eve") => (j, rule) = (j + 1, "12-24"),
            (_, Class::Unit(Unit::Day)) => j += 1,
            ("easter", Class::Weekday(7)) => j += 1,
            ("easter", Class::Weekday(1)) => (j, rule) = (j + 1, "easter+1"),
            _ => {}
        }
        let (end, within) = self.within(j);
        Some((end, Expression::named(Name::Holiday(rule), None, within)))
    }

    /// "of Oct. 9" after "the week", or what "ended Oct. 14" there says of it.
    pub(super) fn week_with(self, j: usize) -> Option<Found> {
        let is_of = self.is(j, "of");
        let k = self.skip(j, "that");
        if !is_of && !self.is(k, "ended") && !self.is(k, "ending") {
            return None;
        }
        // "the week ended Friday", "the week that ended Friday"
        if !is_of && let Class::Weekday(day) = self.class(k + 1) {
            return Some((
                j,
                Expression::named(Name::WeekTo(day), None, Within::Unknown),
            ));
        }
        let (day, month) = self.month_at(j + 1)?;
        let (end, day) = self.day_after_month(day)?;
        let (end, within) = self.within(end);
        let end = if is_of { end } else { j };
        Some((end, Expression::named(Name::WeekWith(month, day), None, within)))
    }

    /// "of March" after "the last week": `n` tells which week.
    pub(super) fn week_of(self, j: usize, n: u8) -> Option<Found> {
        let (end, month) = self.month_at(j + 1).filter(|_| self.is(j, "of"))?;
        let (end, within) = self.within(end);
        Some((end, Expression::named(Name::WeekOf(n, month), None, within)))
    }

    /// "in November" after "the fourth Thursday".
    pub(super) fn weekday_of(self, j: usize, n: u8, weekday: u8) -> Option<Found> {
        let of = self.is(j, "of") || self.is(j, "in");
        let (end, month) = self.month_at(j + 1).filter(|_| of)?;
        let is_name = self.words.get(j + 1)?.is_capitalised();
        let (end, within) = self.within(end);
        let name = Name::WeekdayOf { n, weekday, month };
        is_name.then(|| (end, Expression::named(name, None, within)))
    }

    /// Ordinals of quarters, halves, centuries, weeks and days.
    pub(super) fn ordinal(self, i: usize) -> Option<Found> {
        if let Some((j, name)) = self.part_of_year(i) {
            let (end, within) = self.within(j);
            return Some((end, Expression::named(name, None, within)));
        }
        let n = match self.class(i) {
            Class::Ordinal(n) => n,
            Class::Unit(Unit::Second) => 2,
            _ => return None,
        };
        let j = self.hyphen(i + 1).unwrap_or(i + 1);
        if self.is(j, "century") {
            return Some((j + 1, Expression::new(Meaning::Century(n as i32 - 1))));
        }
        if n <= 5 && self.is(j, "week") {
            return self.week_of(j + 1, n as u8);
        }
        if n <= 5
            && let Class::Weekday(weekday) = self.class(j)
        {
            return self.weekday_of(j + 1, n as u8, weekday);
        }
        // "the Fourth of July", and not "the middle third of July"
        let is_share = i > 0
            && ["final", "first", "last", "middle", "one", "two"]
                .iter()
                .any(|w| self.is(i - 1, w));
        if n <= 31
            && !is_share
            && self.is(j, "of")
            && let Some((end, month)) = self.month_at(j + 1)
            && self.words.get(j + 1)?.is_capitalised()
        {
            let (end, year) = self.within(end);
            let meaning = Meaning::Date { year, month, day: n as u8, weekday: None };
            return Some((end, Expression::new(meaning)));
        }
        // "the first nine months", "the first week" of something told elsewhere
        if n == 1
            && let Some((end, found)) = self.counted(j)
            && let Meaning::Duration { count, unit, .. } = found.meaning
        {
            let (after, year) = self.within(end);
            if self.is(end, "of") && year != Within::Unknown {
                let meaning = Meaning::FirstOf { count, unit, year };
                return Some((after, Expression { meaning, ..found }));
            }
            return Some((end, found));
        }
        None
    }
}
