//! Times of day: "9 a.m. EST", "noon Thursday", "15:11 GMT".

use super::{Expression, Found, Grammar, Meaning};
use crate::annotate::time::value::Clock;
use crate::annotate::time::word::{Class, Word};

impl Grammar<'_, '_> {
    /// "9 a.m. [EST] [Tuesday]", "noon Thursday".
    pub(super) fn clock_and_day(self, i: usize) -> Option<Found> {
        let (end, clock) = self.clock(i).or_else(|| self.bare_hour(i))?;
        let at = self.skip(self.skip(end, ","), "on");
        let day = match self.class(at) {
            Class::Weekday(_) | Class::WeekdayAbbreviation(_) => self.weekday(at),
            // "9:30 this morning"
            Class::Relation(_) => self
                .related(at, at)
                .filter(|(_, e)| e.is_day() || matches!(e.clock, Some(Clock::Part(_)))),
            Class::Month(_) | Class::MonthAbbreviation(_) => {
                self.month(at).filter(|(_, e)| matches!(e.meaning, Meaning::Date { .. }))
            }
            Class::Deictic(days) => Some(self.deictic(at, days)),
            Class::Digits(_) if at > end => self.day_month(at),
            _ => self.in_the_part(end),
        };
        let (end, found) = day.unwrap_or((end, Expression::new(Meaning::TimeOfDay)));
        let clock = match (clock, found.clock) {
            // "8:15 Tuesday evening"
            (
                Clock::At { hour: hour @ 1..12, minute, second, zone },
                Some(Clock::Part("AF" | "EV")),
            )
            | (
                Clock::At { hour: hour @ 6..12, minute, second, zone },
                Some(Clock::Part("NI")),
            ) => Clock::At { hour: hour + 12, minute, second, zone },
            // "12:30 this morning"
            (Clock::At { hour: 12, minute, second, zone }, Some(Clock::Part("MO"))) => {
                Clock::At { hour: 0, minute, second, zone }
            }
            (clock, _) => clock,
        };
        Some((end, Expression { clock: Some(clock), ..found }))
    }

    /// "8" before "in the morning".
    fn bare_hour(self, i: usize) -> Option<(usize, Clock)> {
        let (Class::Number(hour @ 1..=12) | Class::Digits(hour @ 1..=12)) = self.class(i)
        else {
            return None;
        };
        let is_at =
            i > 0 && ["about", "around", "at", "by"].iter().any(|w| self.is(i - 1, w));
        let clock = Clock::At { hour: hour as u8, minute: None, second: None, zone: "" };
        (is_at && self.in_the_part(i + 1).is_some()).then_some((i + 1, clock))
    }

    /// "in the morning" after "eight o'clock".
    fn in_the_part(self, i: usize) -> Option<Found> {
        let Class::Part(part) = self.class(i + 2) else { return None };
        let found = Expression {
            clock: Some(Clock::Part(part)),
            ..Expression::new(Meaning::TimeOfDay)
        };
        (self.is(i, "in") && self.is(i + 1, "the")).then_some((i + 3, found))
    }

    pub(super) fn clock(self, i: usize) -> Option<(usize, Clock)> {
        let at = |hour: u32, minute, second, zone| Clock::At {
            hour: hour as u8,
            minute,
            second,
            zone,
        };
        if let Class::Clock(hour) = self.class(i) {
            let (end, zone) = self.zone(i + 1).unwrap_or((i + 1, ""));
            return Some((end, at(hour.into(), None, None, zone)));
        }
        let (hour, mut j) = match self.class(i) {
            Class::Number(n @ 1..=12) => (n, i + 1),
            Class::Digits(n) => (n, i + 1),
            _ => return None,
        };
        let is_word = self.digits(i).is_none();
        let length = self.digits(i).map_or(1, |(_, length)| length);
        let (mut minute, mut second) = (None, None);
        let mut marked = false;
        let (mut hour, military) = match length {
            1 | 2 if hour <= 24 => (hour, false),
            // "1337 EDT", "0900 GMT"
            4 if hour < 2400 && hour % 100 < 60 => {
                minute = Some((hour % 100) as u8);
                (hour / 100, true)
            }
            _ => return None,
        };
        let two = |j: usize| match self.digits(j)? {
            (n @ 0..=59, 2) => Some(n as u8),
            _ => None,
        };
        let colon = self.is(j, ":") || self.is(j, ".");
        if !military
            && !is_word
            && colon
            && self.is_joined(j)
            && self.is_joined(j + 1)
            && let Some(m) = two(j + 1)
        {
            (minute, marked) = (Some(m), self.is(j, ":"));
            j += 2;
            if self.is(j, ":") && self.is_joined(j + 1) {
                second = two(j + 1);
                j += if second.is_some() { 2 } else { 0 };
            }
        }
        let mut zone = "";
        let half = |j: usize, letter: char| {
            // "a.m.", "am", "A.M"
            let glued = if letter == 'a' { "am" } else { "pm" };
            let mut bytes = [0; 4];
            if self.is(j, glued) {
                Some(j + 1)
            } else if self.is(j, letter.encode_utf8(&mut bytes))
                && self.is(j + 1, ".")
                && self.is(j + 2, "m")
            {
                let dot = self.is(j + 3, ".") && self.is_joined(j + 3);
                Some(j + 3 + usize::from(dot))
            } else {
                None
            }
        };
        let mut named = false;
        if let Some(end) = half(j, 'a').filter(|_| hour <= 12) {
            hour %= 12;
            (j, named) = (end, true);
        } else if let Some(end) = half(j, 'p').filter(|_| hour <= 12) {
            hour = hour % 12 + 12;
            (j, named) = (end, true);
        } else if self.is(j, "o")
            && self.words.get(j + 1).is_some_and(Word::is_apostrophe)
            && self.is(j + 2, "clock")
        {
            (j, named) = (j + 3, true);
        }
        // "9 p.m. ET", and not "5 CT scans"
        if let Some((end, offset)) = self.zone(j)
            && (named || marked || !offset.is_empty())
        {
            (j, zone, named) = (end, offset, true);
        } else if self.is(j, "Z") && self.is_joined(j) {
            (j, zone, named) = (j + 1, "Z", true);
        } else if self.is(j, "local") && self.is(j + 1, "time") {
            (j, named) = (j + 2, true);
        }
        let known = named || (marked && minute.is_some());
        (known && hour <= 24).then(|| (j, at(hour, minute, second, zone)))
    }

    /// "GMT", "EST".
    fn zone(self, i: usize) -> Option<(usize, &'static str)> {
        let Class::Zone(offset) = self.class(i) else { return None };
        let shown = self.words.get(i).is_some_and(|w| w.text != w.text.to_lowercase());
        (shown || offset == "Z").then_some((i + 1, offset))
    }
}
