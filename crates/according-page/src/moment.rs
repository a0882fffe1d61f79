//! Days and moments as pages write them, for machines and for people.
//!
//! What can be read in two ways is not read: "3/4/2021" is a day in March or in April.

use std::fmt;

use according::Day;

/// A day of the calendar, and as far as it is told the time of day and the time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    day: Day,
    /// Hour, minute, second.
    time: Option<(u8, u8, u8)>,
    /// Minutes east of Greenwich.
    zone: Option<i16>,
}

/// What a date is said to be the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// "Published", "Posted".
    Published,
    /// "Updated", "Last modified".
    Modified,
    /// Nothing is said.
    None,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Time zones that have one meaning, in minutes. "CST" and "IST" have several.
const ZONES: [(&str, i16); 38] = [
    ("acst", 570),
    ("aedt", 660),
    ("aest", 600),
    ("akdt", -480),
    ("akst", -540),
    ("art", -180),
    ("awst", 480),
    ("brt", -180),
    ("cat", 120),
    ("cdt", -300),
    ("cest", 120),
    ("cet", 60),
    ("eat", 180),
    ("edt", -240),
    ("eest", 180),
    ("eet", 120),
    ("est", -300),
    ("gmt", 0),
    ("hkt", 480),
    ("hst", -600),
    ("ict", 420),
    ("jst", 540),
    ("kst", 540),
    ("mdt", -360),
    ("msk", 180),
    ("mst", -420),
    ("nzdt", 780),
    ("nzst", 720),
    ("pdt", -420),
    ("pht", 480),
    ("pkt", 300),
    ("pst", -480),
    ("sast", 120),
    ("sgt", 480),
    ("utc", 0),
    ("wat", 60),
    ("wib", 420),
    ("z", 0),
];

/// Zones of the United States by their names without the season.
const SEASONAL: [(&str, i16); 4] =
    [("ct", -360), ("et", -300), ("mt", -420), ("pt", -480)];

impl Moment {
    fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        // Other years are numbers of something else.
        let day = Day::new(year, month, day).filter(|_| (1601..2200).contains(&year))?;
        Some(Self { day, time: None, zone: None })
    }

    pub(crate) fn day(&self) -> Day {
        self.day
    }

    /// Whether there were pages on that day.
    pub(crate) fn is_of_the_web(&self) -> bool {
        self.day.year() >= 1993
    }

    pub(crate) fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// Seconds since 1970, as far as time and zone are told.
    fn instant(&self) -> Option<i64> {
        let ((hour, minute, second), zone) = self.time.zip(self.zone)?;
        let time = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Some(self.day.number() * 86_400 + time - i64::from(zone) * 60)
    }

    /// Whether the other is the same moment, told by the clocks of some place where this one
    /// is told by those of Greenwich.
    pub(crate) fn is_local_to(&self, other: &Self) -> bool {
        let zones = (self.zone.unwrap_or(0), other.zone.unwrap_or(0));
        let is_same = self.instant().zip(other.instant()).is_some_and(|(a, b)| a == b);
        is_same && zones.0 == 0 && zones.1 != 0
    }

    /// A value that was written for machines: ISO 8601 in its many forms, the date of a
    /// mail, seconds or milliseconds since 1970.
    pub(crate) fn of_machine(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        match (is_number, text.len()) {
            (true, 10) => return Self::of_seconds(text.parse().ok()?),
            (true, 13) => return Self::of_seconds(text.parse::<i64>().ok()? / 1000),
            (true, 8 | 14) => return Self::of_digits(text),
            _ if text.len() > 100 => return None,
            _ => {}
        }
        match text.split_once('T') {
            // "20210304T063000Z"
            Some((day, time)) if day.len() == 8 && time.len() >= 6 => {
                let moment = Self::of_digits(&format!("{day}{}", time.get(..6)?))?;
                let zone = zone(&tokens(&time[6..]), &moment);
                Some(Self { zone: zone.filter(|_| moment.has_time()), ..moment })
            }
            _ => Self::all_in(text).into_iter().map(|(_, moment)| moment).next(),
        }
    }

    fn of_seconds(seconds: i64) -> Option<Self> {
        let day = Day::from_number(seconds.div_euclid(86_400))?;
        let second = seconds.rem_euclid(86_400);
        let part = |n: i64| u8::try_from(n).unwrap_or(0);
        let time = (part(second / 3600), part(second / 60 % 60), part(second % 60));
        Some(Self { day, time: Some(time), zone: Some(0) })
    }

    /// "20210304" and "20210304063000".
    fn of_digits(digits: &str) -> Option<Self> {
        let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u8>().ok();
        let day = Self::new(digits.get(..4)?.parse().ok()?, part(4..6)?, part(6..8)?)?;
        let time = part(8..10).zip(part(10..12)).zip(part(12..14));
        Some(match time {
            Some(((h, m), s)) if h < 24 && m < 60 && s < 60 => {
                Self { time: Some((h, m, s)), ..day }
            }
            _ => day,
        })
    }

    /// Every full date in a line for people, with what it is said to be the date of.
    pub(crate) fn all_in(line: &str) -> Vec<(Label, Self)> {
        let tokens = tokens(line);
        let (mut found, mut label, mut i) = (Vec::new(), Label::None, 0);
        while i < tokens.len() {
            if let Token::Word(word) = &tokens[i] {
                label = label_of(word).unwrap_or(label);
            }
            match date(&tokens[i..]) {
                Some((day, n)) => {
                    let before = tokens[..i].iter().rposition(|t| t.is_number());
                    let mut moment = day.at(&tokens[i + n..]);
                    // "14:05, 3 March 2021"
                    if let (None, Some(last), true) =
                        (moment.time, before, found.is_empty())
                    {
                        let from = last.saturating_sub(4);
                        moment = (from..i)
                            .map(|from| day.at(&tokens[from..i]))
                            .find(Self::has_time)
                            .unwrap_or(day);
                    }
                    found.push((label, moment));
                    i += n;
                }
                None => i += 1,
            }
        }
        found
    }

    /// With the time of day that the next few tokens tell.
    fn at(self, tokens: &[Token<'_>]) -> Self {
        for (i, token) in tokens.iter().take(5).enumerate() {
            match token {
                Token::Number(_) => {}
                Token::Word(w) if is_date_word(w) || label_of(w).is_some() => {
                    return self;
                }
                _ => continue,
            }
            if date(&tokens[i..]).is_some() {
                return self;
            }
            let Some((time, n)) = time(&tokens[i..]) else { return self };
            let zone = zone(&tokens[i + n..], &self);
            return Self { time: Some(time), zone, ..self };
        }
        self
    }

    /// Whether the United States have summer time on this day: from the second Sunday of
    /// March to the first of November, since 2007.
    fn is_summer(&self) -> bool {
        let sunday = |month: u8, nth: u8| {
            let first = Day::new(self.day.year(), month, 1)?;
            let to_sunday = i64::from(7 - first.weekday());
            Some(first.number() + to_sunday + 7 * i64::from(nth - 1))
        };
        let (from, to) = (sunday(3, 2), sunday(11, 1));
        from.zip(to).is_some_and(|(from, to)| (from..to).contains(&self.day.number()))
    }
}

/// ISO 8601: the day, the time where it is known, the zone where that is known.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day)?;
        let Some((hour, minute, second)) = self.time else { return Ok(()) };
        write!(f, "T{hour:02}:{minute:02}:{second:02}")?;
        match self.zone {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(zone) => {
                let sign = if zone < 0 { '-' } else { '+' };
                let zone = zone.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", zone / 60, zone % 60)
            }
        }
    }
}

/// A run of digits, a run of letters in lower case, or a mark.
#[derive(Debug, PartialEq, Eq)]
enum Token<'t> {
    Number(&'t str),
    Word(String),
    Mark(char),
}

impl Token<'_> {
    fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    fn is(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }

    fn word(&self) -> &str {
        if let Self::Word(word) = self { word } else { "" }
    }

    /// The value of a number of so many digits.
    fn value(&self, digits: std::ops::RangeInclusive<usize>) -> Option<u16> {
        match self {
            Self::Number(n) if digits.contains(&n.len()) => n.parse().ok(),
            _ => None,
        }
    }

    fn small(&self) -> Option<u8> {
        self.value(1..=2).and_then(|n| u8::try_from(n).ok())
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let n = if first.is_ascii_digit() {
            let n = run(|c| c.is_ascii_digit());
            tokens.push(Token::Number(&rest[..n]));
            n
        } else if first.is_ascii_alphabetic() {
            let n = run(|c| c.is_ascii_alphabetic());
            tokens.push(Token::Word(rest[..n].to_ascii_lowercase()));
            n
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first));
            }
            first.len_utf8()
        };
        rest = &rest[n..];
    }
    tokens
}

fn label_of(word: &str) -> Option<Label> {
    match word {
        "published" | "posted" | "issued" | "released" | "created" | "filed" => {
            Some(Label::Published)
        }
        "updated" | "modified" | "update" | "edited" | "corrected" | "changed"
        | "revised" => Some(Label::Modified),
        _ => None,
    }
}

fn month(word: &str) -> Option<u8> {
    // "Sept", "Mar", "March"
    let is = |month: &str| {
        month == word || (3..=4).contains(&word.len()) && month.starts_with(word)
    };
    MONTHS.iter().position(|month| is(month)).and_then(|i| u8::try_from(i + 1).ok())
}

fn is_date_word(word: &str) -> bool {
    month(word).is_some()
        || word.len() >= 3 && WEEKDAYS.iter().any(|day| day.starts_with(word))
}

/// The date that `tokens` begin with, and of how many of them it is made.
fn date(tokens: &[Token<'_>]) -> Option<(Moment, usize)> {
    let at = |i: usize| tokens.get(i);
    let year = |i: usize| at(i)?.value(4..=4).map(i32::from);
    let small = |i: usize| at(i)?.small();
    let month_at = |i: usize| month(at(i)?.word());
    let is = |i: usize, mark: char| at(i).is_some_and(|t| t.is(mark));
    let skip =
        |i: usize, marks: &[char]| i + usize::from(marks.iter().any(|&mark| is(i, mark)));
    // "2021-03-04", "2021/03/04", "2021.03.04", "2021年3月4日"
    if let Some(year) = year(0) {
        for (first, second) in [('-', '-'), ('/', '/'), ('.', '.'), ('年', '月')] {
            if is(1, first) && is(3, second) {
                let moment = Moment::new(year, small(2)?, small(4)?)?;
                return Some((moment, skip(5, &['日'])));
            }
        }
        return None;
    }
    // "4 March 2021", "4th of March, 2021", "04-Mar-2021"
    if let Some(day) = small(0) {
        let is_suffix =
            at(1).is_some_and(|t| matches!(t.word(), "st" | "nd" | "rd" | "th"));
        let i = 1 + usize::from(is_suffix);
        let i = i + usize::from(at(i).is_some_and(|t| t.word() == "of"));
        let i = skip(i, &['-', '/', '.']);
        if let Some(month) = month_at(i) {
            let i = skip(skip(i + 1, &['.']), &[',', '-', '/']);
            return Some((Moment::new(year(i)?, month, day)?, i + 1));
        }
        // "4.3.2021" has one meaning, "4/3/2021" two.
        for mark in ['.', '/', '-'] {
            if is(1, mark) && is(3, mark) {
                let (first, second, year) = (day, small(2)?, year(4)?);
                let (day, month) = match mark {
                    '.' => (first, second),
                    _ if first > 12 || first == second => (first, second),
                    _ if second > 12 => (second, first),
                    _ => return None,
                };
                return Some((Moment::new(year, month, day)?, 5));
            }
        }
        return None;
    }
    // "March 4, 2021", "Mar. 4th 2021"
    let month = month_at(0)?;
    let i = skip(1, &['.']);
    let day = small(i)?;
    let is_suffix =
        at(i + 1).is_some_and(|t| matches!(t.word(), "st" | "nd" | "rd" | "th"));
    let i = skip(i + 1 + usize::from(is_suffix), &[',']);
    Some((Moment::new(year(i)?, month, day)?, i + 1))
}

/// The time of day that `tokens` begin with, and of how many of them it is made.
fn time(tokens: &[Token<'_>]) -> Option<((u8, u8, u8), usize)> {
    let hour = tokens.first()?.small()?;
    let part = |i: usize| {
        let is_colon = tokens.get(i).is_some_and(|t| t.is(':') || t.is('.'));
        let value = tokens.get(i + 1).and_then(|t| t.value(2..=2));
        value.filter(|v| is_colon && *v < 60).and_then(|v| u8::try_from(v).ok())
    };
    let minute = part(1);
    let second = minute.and_then(|_| part(3));
    let mut n = 1 + 2 * usize::from(minute.is_some()) + 2 * usize::from(second.is_some());
    // Parts of a second.
    if second.is_some() && tokens.get(n).is_some_and(|t| t.is('.')) {
        n += 2;
    }
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let half = match (word(n), word(n + 2)) {
        ("am" | "pm", _) => Some((word(n) == "pm", 1)),
        ("a" | "p", "m") if tokens.get(n + 1).is_some_and(|t| t.is('.')) => {
            let is_dotted = tokens.get(n + 3).is_some_and(|t| t.is('.'));
            Some((word(n) == "p", 3 + usize::from(is_dotted)))
        }
        _ => None,
    };
    let hour = match half {
        Some((_, k)) if (1..=12).contains(&hour) => {
            n += k;
            hour % 12 + 12 * u8::from(half.is_some_and(|(is_pm, _)| is_pm))
        }
        None if minute.is_some() && hour < 24 => hour,
        _ => return None,
    };
    Some(((hour, minute.unwrap_or(0), second.unwrap_or(0)), n))
}

/// The zone that `tokens` begin with.
fn zone(tokens: &[Token<'_>], day: &Moment) -> Option<i16> {
    let tokens = match tokens {
        [Token::Mark('('), rest @ ..] => rest,
        _ => tokens,
    };
    match tokens {
        [Token::Word(word), sign @ Token::Mark('+' | '-' | '−'), rest @ ..]
            if matches!(word.as_str(), "utc" | "gmt") && rest.first()?.is_number() =>
        {
            offset(sign.is('+'), rest)
        }
        [Token::Word(word), ..] => {
            let of = |zones: &[(&str, i16)]| {
                zones.iter().find(|(name, _)| name == word).map(|(_, zone)| *zone)
            };
            let seasonal = || Some(of(&SEASONAL)? + 60 * i16::from(day.is_summer()));
            of(&ZONES).or_else(seasonal)
        }
        [sign @ Token::Mark('+' | '-' | '−'), rest @ ..] => offset(sign.is('+'), rest),
        _ => None,
    }
}

/// "+01:00", "+0100", "+1".
fn offset(is_east: bool, tokens: &[Token<'_>]) -> Option<i16> {
    let first = tokens.first()?;
    let minutes = match (first.small(), first.value(4..=4)) {
        (Some(hours), _) => {
            let is_colon = tokens.get(1).is_some_and(|t| t.is(':'));
            let minutes = tokens.get(2).and_then(|t| t.value(2..=2));
            u16::from(hours) * 60 + minutes.filter(|_| is_colon).unwrap_or(0)
        }
        (None, Some(both)) => both / 100 * 60 + both % 100,
        _ => return None,
    };
    let minutes = i16::try_from(minutes).ok().filter(|m| *m <= 14 * 60)?;
    Some(if is_east { minutes } else { -minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_write_it_in_many_ways() {
        for (text, expected) in [
            ("2021-03-04", "2021-03-04"),
            ("2021-03-04T06:30:00+01:00", "2021-03-04T06:30:00+01:00"),
            ("2021-03-04T06:30:00.123Z", "2021-03-04T06:30:00Z"),
            ("2021-03-04T06:30Z", "2021-03-04T06:30:00Z"),
            ("2021-03-04T06:30:00-0500", "2021-03-04T06:30:00-05:00"),
            ("2021-03-04 06:30:00 +0100", "2021-03-04T06:30:00+01:00"),
            ("2021-03-04 06:30:00", "2021-03-04T06:30:00"),
            ("2021/03/04 06:30:00", "2021-03-04T06:30:00"),
            ("20210304", "2021-03-04"),
            ("20210304T063000Z", "2021-03-04T06:30:00Z"),
            ("20210304063000", "2021-03-04T06:30:00"),
            ("1614839400", "2021-03-04T06:30:00Z"),
            ("1614839400000", "2021-03-04T06:30:00Z"),
            ("Thu, 04 Mar 2021 06:30:00 GMT", "2021-03-04T06:30:00Z"),
            ("Thu Mar 4 2021 06:30:00 GMT+0100", "2021-03-04T06:30:00+01:00"),
            ("March 4, 2021", "2021-03-04"),
        ] {
            let moment = Moment::of_machine(text).map(|m| m.to_string());
            assert_eq!(moment.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn people_too() {
        for (text, expected) in [
            ("Published: Thursday 4 March 2021, 14:05 GMT", "2021-03-04T14:05:00Z"),
            ("Mar 4, 2021 at 2:05pm ET", "2021-03-04T14:05:00-05:00"),
            ("June 4th, 2021 at 2:05 p.m. ET", "2021-06-04T14:05:00-04:00"),
            ("14:05, 4th of March, 2021", "2021-03-04T14:05:00"),
            ("04.03.2021 14:05", "2021-03-04T14:05:00"),
            ("04.03.2021, 14.05", "2021-03-04T14:05:00"),
            ("2021年3月4日 14:05", "2021-03-04T14:05:00"),
            ("04-Mar-2021 | 2pm (UTC+3)", "2021-03-04T14:00:00+03:00"),
            ("Sept. 4, 2021", "2021-09-04"),
            ("25/3/2021", "2021-03-25"),
            ("3/25/2021 12:05 AM EST", "2021-03-25T00:05:00-05:00"),
            ("3/3/2021", "2021-03-03"),
        ] {
            let all = Moment::all_in(text);
            let moment = all.first().map(|(_, m)| m.to_string());
            assert_eq!(moment.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn two_dates_have_two_labels() {
        let line =
            "First published on March 3, 2021 at 4:10 pm | Updated 5 March 2021 9:15";
        let all: Vec<_> =
            Moment::all_in(line).iter().map(|(l, m)| (*l, m.to_string())).collect();
        assert_eq!(
            all,
            [
                (Label::Published, "2021-03-03T16:10:00".to_owned()),
                (Label::Modified, "2021-03-05T09:15:00".to_owned()),
            ]
        );
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_read() {
        for text in [
            "3/4/2021",
            "2021-02-30",
            "March 2021",
            "4 March",
            "yesterday",
            "",
            "2021-13-01",
        ] {
            assert_eq!(Moment::all_in(text), [], "{text}");
        }
    }

    #[test]
    fn moments_are_compared() {
        let of = |text| Moment::of_machine(text).unwrap();
        let local = of("2017-02-23T17:18:13-08:00");
        assert!(of("2017-02-24T01:18:13Z").is_local_to(&local));
        assert!(!local.is_local_to(&of("2017-02-24T01:18:13Z")));
        assert!(!of("2017-02-24T01:18:14Z").is_local_to(&local));
        assert!(!of("2017-02-24").is_local_to(&local));
        assert_eq!(of("1970-01-02T01:00:00+01:00").instant(), Some(86_400));
    }
}
