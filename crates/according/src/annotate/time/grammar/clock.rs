//! Times of day: "9 a.m. EST", "noon Thursday", "15:11 GMT".

use super::{Expression, Found, Grammar, Meaning};
use crate::annotate::time::value::Clock;
use crate::annotate::time::word::{Class, Word};

impl Grammar<'_, '_> {
    /// "9 a.m. [EST] [Tuesday]", "noon Thursday".
    pub(super) fn clock_and_day(self, i: usize) -> Option<Found> {
        let (end, clock) = self.clock(i)?;
        let at = self.skip(self.skip(end, ","), "on");
        let day = match self.class(at) {
            Class::Weekday(_) | Class::WeekdayAbbreviation(_) => self.weekday(at),
            Class::Month(_) | Class::MonthAbbreviation(_) => {
                self.month(at).filter(|(_, e)| matches!(e.meaning, Meaning::Date { .. }))
            }
            Class::Deictic(days) => {
                Some((at + 1, Expression::new(Meaning::Deictic(days))))
            }
            Class::Digits(_) if at > end => self.day_month(at),
            _ => None,
        };
        let clock = Some(clock);
        if let Some((end, found)) = day {
            return Some((end, Expression { clock, ..found }));
        }
        Some((end, Expression { clock, ..Expression::new(Meaning::TimeOfDay) }))
    }

    pub(super) fn clock(self, i: usize) -> Option<(usize, Clock)> {
        let at = |hour: u32, minute, second, zone| Clock::At {
            hour: hour as u8,
            minute,
            second,
            zone,
        };
        if let Class::Clock(hour) = self.class(i) {
            return Some((i + 1, at(hour.into(), None, None, "")));
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
        // "GMT", "(GMT)", "local time"
        if let Class::Zone(offset) = self.class(j) {
            let shown =
                self.words.get(j).is_some_and(|w| w.text != w.text.to_lowercase());
            // "9 p.m. ET", and not "5 CT scans"
            if shown && (named || marked || !offset.is_empty()) {
                (j, zone, named) = (j + 1, offset, true);
            }
        } else if self.is(j, "Z") && self.is_joined(j) {
            (j, zone, named) = (j + 1, "Z", true);
        } else if self.is(j, "local") && self.is(j + 1, "time") {
            (j, named) = (j + 2, true);
        }
        let known = named || (marked && minute.is_some());
        (known && hour <= 24).then(|| (j, at(hour, minute, second, zone)))
    }
}
