//! What stands before an expression and modifies it: "early May", "about ten days", "the
//! end of May".

use super::{Expression, Found, Grammar, Meaning, Name};
use crate::annotate::time::value::Clock;
use crate::annotate::time::word::Class;

impl Grammar<'_, '_> {
    /// "early May", "about ten days", "more than a year", "earlier this week".
    pub(super) fn modified(self, i: usize) -> Option<Found> {
        let Class::Prefix(value) = self.class(i) else { return None };
        if self.is(i, "right") && self.is(i + 1, "now") {
            return Some((i + 2, Expression::new(Meaning::Present)));
        }
        if self.is(i, "more") && self.is(i + 1, "recently") {
            return Some((i + 2, Expression::new(Meaning::Past)));
        }
        let word = self.words.get(i)?;
        let (j, modifier) = match value {
            "" => self.comparison(i)?,
            modifier => (i + 1, modifier),
        };
        let time_of_part = matches!(modifier, "START" | "MID" | "END");
        let j = match time_of_part {
            true => self.hyphen(j).unwrap_or(j),
            false => j,
        };
        // "earlier in the day", "late in the week"
        let of_day = self.skip(j, "in");
        if time_of_part
            && of_day > j
            && let Some((end, found)) = self.this_unit(of_day)
        {
            return Some((end, Expression { modifier: Some(modifier), ..found }));
        }
        // "late afternoon", "mid-afternoon yesterday"
        if time_of_part && let Class::Part(part) = self.class(j) {
            let day = match self.class(j + 1) {
                Class::Weekday(_) => self.weekday(j + 1),
                Class::Deictic(days) => Some(self.deictic(j + 1, days)),
                _ => None,
            };
            let (end, found) =
                day.unwrap_or((j + 1, Expression::new(Meaning::TimeOfDay)));
            let clock = Some(Clock::Part(part));
            return Some((end, Expression { clock, modifier: Some(modifier), ..found }));
        }
        if word.is("earlier") || word.is("later") {
            let k = of_day;
            let (end, mut found) = self.core(k)?;
            let fits = match found.meaning {
                Meaning::Named { relation, name, .. } => {
                    relation.is_some() || matches!(name, Name::Weekday(_)) || k > j
                }
                Meaning::Deictic(_) => true,
                _ => false,
            };
            found.modifier = match (found.meaning, found.clock) {
                (Meaning::Deictic(_), _) | (_, Some(_)) => None,
                _ => Some(modifier),
            };
            return fits.then_some((end, found));
        }
        // "over two years" is more than two years, "over the last two years" is not.
        let preposition = ["over", "under", "around"].iter().any(|w| word.is(w));
        let number = matches!(
            self.class(j),
            Class::Digits(_)
                | Class::Number(_)
                | Class::Scale(_)
                | Class::Month(_)
                | Class::MonthAbbreviation(_)
                | Class::Clock(_)
        ) || ["a", "an", "half"].iter().any(|w| self.is(j, w));
        // "They talked about yesterday."
        let is_theme = word.is("about") && matches!(self.class(j), Class::Deictic(_));
        if preposition && !number || is_theme {
            return None;
        }
        let (end, mut found) = self.core(j)?;
        let fits = match found.meaning {
            Meaning::Duration { .. }
            | Meaning::FirstOf { .. }
            | Meaning::Shift { .. } => !time_of_part,
            Meaning::Set(_) | Meaning::Present | Meaning::Past | Meaning::Future => false,
            Meaning::Date { .. } | Meaning::TimeOfDay => {
                modifier == "APPROX" || (time_of_part && found.clock.is_some())
            }
            Meaning::Named { .. }
            | Meaning::Deictic(_)
            | Meaning::ShiftedWeekday { .. }
            | Meaning::ShiftedDay { .. }
            | Meaning::Then
            | Meaning::YearAgo
            | Meaning::Overnight
            | Meaning::DayOfMonth(_)
            | Meaning::Year(_)
            | Meaning::Decade(_)
            | Meaning::Century(_) => time_of_part || modifier == "APPROX",
        };
        found.modifier = Some(modifier);
        fits.then_some((end, found))
    }

    /// "more than", "at least", "up to", "no more than", "just over".
    fn comparison(self, i: usize) -> Option<(usize, &'static str)> {
        let pair = |a, b| self.is(i, a) && self.is(i + 1, b);
        Some(if pair("more", "than") {
            (i + 2, "MORE_THAN")
        } else if pair("less", "than") || pair("fewer", "than") {
            (i + 2, "LESS_THAN")
        } else if pair("at", "least") {
            (i + 2, "EQUAL_OR_MORE")
        } else if pair("at", "most") || pair("up", "to") {
            (i + 2, "EQUAL_OR_LESS")
        } else if self.is(i, "no") && self.is(i + 2, "than") {
            let fewer = self.is(i + 1, "less") || self.is(i + 1, "fewer");
            (i + 3, if fewer { "EQUAL_OR_MORE" } else { "EQUAL_OR_LESS" })
        } else if pair("just", "over") {
            (i + 2, "MORE_THAN")
        } else if pair("just", "under") {
            (i + 2, "LESS_THAN")
        } else {
            return None;
        })
    }

    /// "end of May", "beginning of the year", "year's end".
    pub(super) fn edge(self, i: usize) -> Option<Found> {
        let Class::Edge(modifier) = self.class(i) else { return None };
        if !self.is(i + 1, "of") {
            return None;
        }
        // "the end of the year"
        if let Some((end, found)) = self.this_unit(i + 2) {
            return Some((end, Expression { modifier: Some(modifier), ..found }));
        }
        let (end, mut found) = self.core(i + 2)?;
        let fits = !matches!(
            found.meaning,
            Meaning::Duration { sign: 0, .. }
                | Meaning::FirstOf { .. }
                | Meaning::Set(_)
                | Meaning::Present
                | Meaning::Past
                | Meaning::Future
                | Meaning::Shift { .. }
        );
        found.modifier = Some(modifier);
        fits.then_some((end, found))
    }
}
