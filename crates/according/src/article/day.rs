//! Days, weeks and months counted forth and back.
//!
//! The proleptic Gregorian calendar by the algorithms `days_from_civil` and
//! `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". Time
//! zones are written down and never converted, so that nothing more is needed.

use std::fmt;

/// A day of the calendar; written as ISO 8601 does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub(crate) year: i32,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Day {
    /// The day, if the calendar has it and its year is written with four digits.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=month_days(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// The day at the head of an ISO 8601 date or date and time.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| {
            let part = text.get(range)?;
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
        };
        let is_dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let day = Self::new(year.into(), month.try_into().ok()?, day.try_into().ok()?);
        day.filter(|_| is_dash(4) && is_dash(7))
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Days since 1 January 1970.
    pub fn number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let year = year.rem_euclid(400);
        era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
    }

    /// The day so many days after 1 January 1970.
    pub fn from_number(number: i64) -> Option<Self> {
        let number = number.checked_add(719_468)?;
        let era = number.div_euclid(146_097);
        let day = number.rem_euclid(146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        Self::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
    }

    /// The day `n` days later, or earlier for a negative `n`.
    pub(crate) fn plus_days(self, n: i64) -> Option<Self> {
        Self::from_number(self.number().checked_add(n)?)
    }

    /// The same day `n` months later, or the last day of that month.
    pub(crate) fn plus_months(self, n: i32) -> Option<Self> {
        let (year, month) = plus_months(self.year, self.month, n)?;
        Self::new(year, month, self.day.min(month_days(year, month)))
    }

    /// Days from `self` to `later`.
    pub(crate) fn days_to(self, later: Self) -> i64 {
        later.number() - self.number()
    }

    /// 1 for Monday to 7 for Sunday.
    pub fn weekday(self) -> u8 {
        // Day 0 was a Thursday. The remainder is below seven.
        (self.number() + 3).rem_euclid(7) as u8 + 1
    }

    /// Year and number of the ISO week.
    pub(crate) fn week(self) -> (i32, u8) {
        let thursday = self.plus_days(4 - i64::from(self.weekday())).unwrap_or(self);
        let first = Self { month: 1, day: 1, ..thursday };
        // A year has 53 weeks at most.
        (thursday.year, (first.days_to(thursday) / 7) as u8 + 1)
    }

    /// The Monday of an ISO week.
    pub(crate) fn of_week(year: i32, week: u8) -> Option<Self> {
        let fourth = Self::new(year, 1, 4)?;
        let monday = 1 - i64::from(fourth.weekday());
        fourth.plus_days(monday + 7 * (i64::from(week) - 1))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Easter Sunday of a year, by the anonymous Gregorian algorithm (Meeus).
pub(crate) fn easter(year: i32) -> Option<Day> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
    Day::new(year, u8::try_from(n / 31).ok()?, u8::try_from(n % 31 + 1).ok()?)
}

/// How many days a month has.
pub(crate) fn month_days(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The month `n` months after another.
pub(crate) fn plus_months(year: i32, month: u8, n: i32) -> Option<(i32, u8)> {
    let count =
        year.checked_mul(12)?.checked_add(i32::from(month) - 1)?.checked_add(n)?;
    Some((count.div_euclid(12), u8::try_from(count.rem_euclid(12) + 1).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years_and_weeks_over_new_year() {
        let date = |text| Day::parse(text).unwrap();
        assert_eq!(date("2000-02-28").plus_days(2), Some(date("2000-03-01")));
        assert_eq!(date("1900-02-28").plus_days(1), Some(date("1900-03-01")));
        assert_eq!(date("2018-05-22").weekday(), 2);
        assert_eq!(date("2021-01-03").week(), (2020, 53));
        assert_eq!(date("2018-12-31").week(), (2019, 1));
        assert_eq!(Day::of_week(2020, 53), Some(date("2020-12-28")));
        assert_eq!(date("2024-01-31").plus_months(1), Some(date("2024-02-29")));
        assert_eq!(easter(2024), Some(date("2024-03-31")));
        for text in [
            "2018-02-29",
            "2018-13-01",
            "2018",
            "",
            "+018-01-01",
            "2018-05-2é",
            "2018-1-011",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        let first = date("1583-01-01").number();
        for number in first..first + 200_000 {
            assert_eq!(Day::from_number(number).unwrap().number(), number);
        }
    }
}
