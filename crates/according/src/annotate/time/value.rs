//! What an expression means, as TIMEX3 and EDTF write it.

use std::fmt::Write;

use super::word::Unit;
use crate::article::day::{Day, month_days};

/// A stretch of the calendar. `None` is what is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Point {
    Present,
    Past,
    Future,
    /// 18 for the 19th century.
    Century(Option<i32>),
    /// 199 for the 1990s.
    Decade(Option<i32>),
    Year(Option<i32>),
    Half(Option<i32>, u8),
    Quarter(Option<i32>, Option<u8>),
    Season(Option<i32>, &'static str),
    Month(Option<i32>, Option<u8>),
    Week(Option<(i32, u8)>),
    Weekend(Option<(i32, u8)>),
    Day(Option<Day>),
    Weekday(u8),
    MonthDay(u8, u8),
}

/// When on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// "MO", "AF", "EV", "NI".
    Part(&'static str),
    At {
        hour: u8,
        minute: Option<u8>,
        second: Option<u8>,
        zone: &'static str,
    },
}

/// How many; halves count, and `None` is several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) halves: Option<u32>,
}

impl Count {
    pub(super) const ONE: Self = Self { halves: Some(2) };
    pub(super) const VAGUE: Self = Self { halves: None };

    pub(super) fn of(n: u32) -> Self {
        Self { halves: n.checked_mul(2) }
    }

    fn write(self, factor: u32, out: &mut String) {
        let halves = self.halves.and_then(|n| n.checked_mul(factor));
        let _ = match halves {
            None => write!(out, "X"),
            Some(n) if n % 2 == 1 => write!(out, "{}.5", n / 2),
            Some(n) => write!(out, "{}", n / 2),
        };
    }
}

impl Point {
    /// The value of TIMEX3.
    pub(super) fn value(self, clock: Option<Clock>) -> String {
        let mut out = String::with_capacity(16);
        let year = |year: Option<i32>, out: &mut String| {
            let _ = match year {
                Some(year) => write!(out, "{year:04}"),
                None => write!(out, "XXXX"),
            };
        };
        let _ = match self {
            Self::Present => write!(out, "PRESENT_REF"),
            Self::Past => write!(out, "PAST_REF"),
            Self::Future => write!(out, "FUTURE_REF"),
            Self::Century(Some(century)) => write!(out, "{century:02}"),
            Self::Century(None) => write!(out, "XX"),
            Self::Decade(Some(decade)) => write!(out, "{decade:03}"),
            Self::Decade(None) => write!(out, "XXX"),
            Self::Year(y) => {
                year(y, &mut out);
                Ok(())
            }
            Self::Half(y, half) => {
                year(y, &mut out);
                write!(out, "-H{half}")
            }
            Self::Quarter(y, quarter) => {
                year(y, &mut out);
                match quarter {
                    Some(quarter) => write!(out, "-Q{quarter}"),
                    None => write!(out, "-QX"),
                }
            }
            Self::Season(y, season) => {
                year(y, &mut out);
                write!(out, "-{season}")
            }
            Self::Month(y, month) => {
                year(y, &mut out);
                match month {
                    Some(month) => write!(out, "-{month:02}"),
                    None => write!(out, "-XX"),
                }
            }
            Self::Week(Some((y, week))) => write!(out, "{y:04}-W{week:02}"),
            Self::Week(None) => write!(out, "XXXX-WXX"),
            Self::Weekend(Some((y, week))) => write!(out, "{y:04}-W{week:02}-WE"),
            Self::Weekend(None) => write!(out, "XXXX-WXX-WE"),
            Self::Day(Some(day)) => {
                write!(out, "{:04}-{:02}-{:02}", day.year, day.month, day.day)
            }
            Self::Day(None) => write!(out, "XXXX-XX-XX"),
            Self::Weekday(day) => write!(out, "XXXX-WXX-{day}"),
            Self::MonthDay(month, day) => write!(out, "XXXX-{month:02}-{day:02}"),
        };
        match clock {
            Some(Clock::Part(part)) => {
                let _ = write!(out, "T{part}");
            }
            Some(Clock::At { hour, minute, second, zone }) => {
                let _ = write!(out, "T{hour:02}:{:02}", minute.unwrap_or(0));
                if let Some(second) = second {
                    let _ = write!(out, ":{second:02}");
                }
                // TIMEX3 of the corpora writes universal time and no other zone.
                if zone == "Z" {
                    out.push_str(zone);
                }
            }
            None => {}
        }
        out
    }

    /// The same in EDTF, if it can say it.
    pub(super) fn edtf(
        self,
        clock: Option<Clock>,
        modifier: Option<&str>,
    ) -> Option<String> {
        if let (Self::Day(Some(_)), Some(Clock::At { hour, minute, second, zone })) =
            (self, clock)
            && hour < 24
        {
            let second = Some(second.unwrap_or(0));
            let at = Clock::At { hour, minute, second, zone: "" };
            return Some(self.value(Some(at)) + zone);
        }
        let mut out = match self {
            Self::Century(Some(century)) => format!("{century:02}XX"),
            Self::Decade(Some(decade)) => format!("{decade:03}X"),
            Self::Half(Some(year), half) => format!("{year:04}-{}", 39 + half),
            Self::Quarter(Some(year), Some(quarter)) => {
                format!("{year:04}-{}", 32 + quarter)
            }
            Self::Season(Some(year), season) => {
                let code = match season {
                    "SP" => 21,
                    "SU" => 22,
                    "FA" => 23,
                    _ => 24,
                };
                format!("{year:04}-{code}")
            }
            Self::Week(Some(_)) | Self::Weekend(Some(_)) => {
                let (begin, end) = self.range()?;
                let day = |day| Self::Day(Some(day)).value(None);
                return Some(format!("{}/{}", day(begin), day(end)));
            }
            Self::Year(Some(_))
            | Self::Month(_, Some(_))
            | Self::Day(Some(_))
            | Self::MonthDay(..) => self.value(None),
            _ => return None,
        };
        let is_vague = matches!(modifier, Some("START" | "MID" | "END" | "APPROX"))
            && self.is_resolved();
        if is_vague && !matches!(self, Self::Century(_) | Self::Decade(_)) {
            out.push('~');
        }
        Some(out)
    }

    /// First and last day it can mean.
    pub(super) fn range(self) -> Option<(Day, Day)> {
        let months = |year, first: u8, last: u8| {
            let end = Day::new(year, last, month_days(year, last))?;
            Some((Day::new(year, first, 1)?, end))
        };
        match self {
            Self::Century(Some(century)) => {
                let year = century.checked_mul(100)?;
                Some((Day::new(year.max(1), 1, 1)?, Day::new(year + 99, 12, 31)?))
            }
            Self::Decade(Some(decade)) => {
                let year = decade.checked_mul(10)?;
                Some((Day::new(year.max(1), 1, 1)?, Day::new(year + 9, 12, 31)?))
            }
            Self::Year(Some(year)) => months(year, 1, 12),
            Self::Half(Some(year), 1) => months(year, 1, 6),
            Self::Half(Some(year), _) => months(year, 7, 12),
            Self::Quarter(Some(year), Some(quarter @ 1..=4)) => {
                months(year, quarter * 3 - 2, quarter * 3)
            }
            Self::Month(Some(year), Some(month)) => months(year, month, month),
            Self::Season(Some(year), season) => match season {
                "SP" => months(year, 3, 5),
                "SU" => months(year, 6, 8),
                "FA" => months(year, 9, 11),
                _ => Some((Day::new(year, 12, 1)?, months(year + 1, 1, 2)?.1)),
            },
            Self::Week(Some((year, week))) => {
                let monday = Day::of_week(year, week)?;
                Some((monday, monday.plus_days(6)?))
            }
            Self::Weekend(Some((year, week))) => {
                let monday = Day::of_week(year, week)?;
                Some((monday.plus_days(5)?, monday.plus_days(6)?))
            }
            Self::Day(Some(day)) => Some((day, day)),
            _ => None,
        }
    }

    /// Whether it is a stretch of the calendar that can be pointed at.
    pub(super) fn is_resolved(self) -> bool {
        self.range().is_some()
    }

    /// Whether it lasts longer than a month.
    pub(super) fn is_longer_than_month(self) -> bool {
        matches!(
            self,
            Self::Century(_)
                | Self::Decade(_)
                | Self::Year(_)
                | Self::Half(..)
                | Self::Quarter(..)
                | Self::Season(..)
        )
    }
}

/// First and last day of the part of a stretch that "early", "mid" or "late" leave.
pub(super) fn part_of(range: (Day, Day), modifier: Option<&str>) -> (Day, Day) {
    let (begin, end) = range;
    let days = begin.days_to(end) + 1;
    let third = days / 3;
    let day = |n| begin.plus_days(n).unwrap_or(begin);
    match modifier {
        _ if days < 3 => range,
        Some("START") => (begin, day(third - 1)),
        Some("MID") => (day(third), day(days - third - 1)),
        Some("END") => (day(days - third), end),
        _ => range,
    }
}

/// The value of a duration.
pub(super) fn duration(count: Count, unit: Unit) -> String {
    let mut out = String::with_capacity(6);
    // "half an hour", "three and a half hours", "half a year"
    match (unit, count.halves) {
        (Unit::Hour, Some(halves)) if halves % 2 == 1 => {
            return match halves / 2 {
                0 => "PT30M".to_owned(),
                hours => format!("PT{hours}H30M"),
            };
        }
        (Unit::Year, Some(1)) => return "P6M".to_owned(),
        _ => {}
    }
    let (head, factor, letter) = match unit {
        Unit::Second => ("PT", 1, "S"),
        Unit::Minute => ("PT", 1, "M"),
        Unit::Hour => ("PT", 1, "H"),
        Unit::Day => ("P", 1, "D"),
        Unit::Weekend => ("P", 1, "WE"),
        Unit::Week => ("P", 1, "W"),
        Unit::Fortnight => ("P", 2, "W"),
        Unit::Month => ("P", 1, "M"),
        Unit::Quarter => ("P", 1, "Q"),
        Unit::Year => ("P", 1, "Y"),
        Unit::Decade if count.halves.is_none() => ("P", 1, "DE"),
        Unit::Century if count.halves.is_none() => ("P", 1, "CE"),
        Unit::Decade => ("P", 10, "Y"),
        Unit::Century => ("P", 100, "Y"),
    };
    out.push_str(head);
    count.write(factor, &mut out);
    out.push_str(letter);
    out
}
