//! Which words form a time expression, and what they say; not yet which date that is.
//!
//! A recursive descent over the words of a block: from each word on, the longest expression.
//! What belongs to one is decided as TimeML's annotators do: its determiner and what modifies
//! it ("early next year", "about ten days") but no preposition before it.

mod calendar;
mod clock;
mod date;
mod duration;
mod modifier;
mod quarter;
mod relative;
mod set;
mod year;

use super::value::{Clock, Count};
use super::word::{Class, Unit, Word};

/// What an expression says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expression {
    pub(super) meaning: Meaning,
    pub(super) clock: Option<Clock>,
    pub(super) modifier: Option<&'static str>,
}

/// From where a relative expression counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// From the day of publication.
    Publication,
    /// From the time told before.
    Reference,
}

/// "last", "this", "the following".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) base: Base,
    pub(super) shift: i32,
}

/// A stretch that has a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Unit(Unit),
    Weekday(u8),
    Month(u8),
    Season(&'static str),
    /// `None` for one whose number is not told.
    Quarter(Option<u8>),
    Half(u8),
    /// The quarter that ends with a month.
    QuarterTo(u8),
    /// "period" in "the 1988 period": a quarter where figures are about quarters, or a year.
    Period,
    /// The n-th week of a month, and 0 for its last.
    WeekOf(u8, u8),
    /// The n-th of a weekday in a month, and 0 for its last.
    WeekdayOf {
        n: u8,
        weekday: u8,
        month: u8,
    },
    /// The week in which a day of a month is.
    WeekWith(u8, u8),
    /// The week that ends with a weekday.
    WeekTo(u8),
    Holiday(&'static str),
    /// "the new year": the one that begins or has begun.
    NewYear,
}

/// The year in which something with a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    Unknown,
    Year(i32),
    Relative(Relation),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// "May 3, 1998", "May 3".
    Date {
        year: Within,
        month: u8,
        day: u8,
        weekday: Option<u8>,
    },
    /// "1998", or 98 in "the '98 season".
    Year(i32),
    Decade(i32),
    Century(i32),
    /// "yesterday": days after publication.
    Deictic(i64),
    Named {
        name: Name,
        relation: Option<Relation>,
        within: Within,
    },
    /// "three days ago": so much later, or earlier.
    Shift {
        count: Count,
        unit: Unit,
        sign: i32,
        base: Base,
    },
    /// "a year ago" of figures that are compared: the same month, or quarter, of the year
    /// before.
    YearAgo,
    /// "two weeks ago Tuesday", "a week from Sunday": the weekday so much before the last one,
    /// or after the next one.
    ShiftedWeekday {
        count: Count,
        unit: Unit,
        sign: i32,
        weekday: u8,
    },
    /// "a year ago today": the day so long before the one that is so many days from today.
    ShiftedDay {
        count: Count,
        unit: Unit,
        sign: i32,
        days: i64,
    },
    /// "since then": the time told before.
    Then,
    /// "the 12th", of a month that is not told.
    DayOfMonth(u8),
    /// A time of day alone.
    TimeOfDay,
    /// "overnight".
    Overnight,
    /// "three years"; `sign` says whether it ends or begins at publication, or 0.
    Duration {
        count: Count,
        unit: Unit,
        sign: i32,
    },
    /// "the first nine months of 1989"
    FirstOf {
        count: Count,
        unit: Unit,
        year: Within,
    },
    Set(Set),
    Present,
    Past,
    Future,
}

/// What comes back again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Every(Count, Unit),
    Period(&'static str),
    Weekday(u8),
    /// "Monday nights".
    WeekdayPart(u8, &'static str),
    Month(u8),
    Season(&'static str),
    Part(&'static str),
}

/// An expression and the index one past its last word.
type Found = (usize, Expression);

/// The words of one block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar<'w, 't> {
    pub(super) words: &'w [Word<'t>],
}

const PUBLICATION: Base = Base::Publication;
const REFERENCE: Base = Base::Reference;

impl Expression {
    fn new(meaning: Meaning) -> Self {
        Self { meaning, clock: None, modifier: None }
    }

    fn named(name: Name, relation: Option<Relation>, within: Within) -> Self {
        Self::new(Meaning::Named { name, relation, within })
    }

    /// The quarter a year before the one that is told of.
    fn quarter_of_year_before() -> Self {
        let before = Relation { base: REFERENCE, shift: -4 };
        Self::named(Name::Quarter(None), Some(before), Within::Unknown)
    }

    /// A length of time.
    fn lasting(count: Count, unit: Unit, sign: i32) -> Self {
        Self::new(Meaning::Duration { count, unit, sign })
    }

    /// The same of a year that is told, where it has none of its own: "In 1989 they closed by
    /// Halloween".
    pub(super) fn of_year(mut self, year: i32) -> Self {
        match &mut self.meaning {
            Meaning::Date { year: within @ Within::Unknown, .. }
            | Meaning::Named {
                name: Name::Month(_) | Name::Season(_) | Name::Holiday(_),
                relation: None,
                within: within @ Within::Unknown,
            } => *within = Within::Year(year),
            _ => {}
        }
        self
    }

    fn is_day(&self) -> bool {
        matches!(
            self.meaning,
            Meaning::Date { .. }
                | Meaning::Deictic(_)
                | Meaning::Named { name: Name::Weekday(_), .. }
        )
    }

    fn is_duration(&self) -> bool {
        matches!(self.meaning, Meaning::Duration { .. })
    }
}

impl Grammar<'_, '_> {
    /// The expression that begins with word `i`, if there is one.
    pub(super) fn expression(self, i: usize) -> Option<Found> {
        let found = match self.class(i) {
            Class::Other | Class::Mark | Class::Zone(_) | Class::OftenAdjective(_) => {
                // Dates of two and four digits begin with digits.
                return None;
            }
            Class::Prefix(_) => self.modified(i),
            Class::Determiner if self.is(i, "the") || self.is(i, "its") => {
                self.edge(i + 1).or_else(|| self.modified(i + 1)).or_else(|| self.core(i))
            }
            Class::Determiner if self.is(i, "a") => self.core(i),
            Class::Edge(_) => self.edge(i),
            _ => self.core(i),
        };
        let (end, expression) = found?;
        let expression = self.with_shared_year(end, expression);
        Some(self.trailer(end, expression))
    }

    fn with_shared_year(self, end: usize, mut expression: Expression) -> Expression {
        match &mut expression.meaning {
            Meaning::Date { year: within @ Within::Unknown, month, .. }
            | Meaning::Named {
                name: Name::Month(month),
                relation: None,
                within: within @ Within::Unknown,
            } => *within = self.shared_year(end, *month),
            _ => {}
        }
        expression
    }

    /// The date that is told again right behind an expression that counts from another:
    /// "two years later, in 1992", "three days later, on March 3".
    pub(super) fn told_again(self, end: usize) -> Option<Expression> {
        if !self.is(end, ",") {
            return None;
        }
        let (_, found) = match self.is(end + 1, "in") || self.is(end + 1, "on") {
            true => self.expression(end + 2)?,
            false => self.expression(end + 1)?,
        };
        let fits = match found.meaning {
            Meaning::Date { .. } => true,
            Meaning::Year(_) => self.is(end + 1, "in"),
            Meaning::Named { name: Name::Month(_), .. } => self.is(end + 1, "in"),
            _ => false,
        };
        (fits && found.clock.is_none()).then_some(found)
    }

    fn class(self, i: usize) -> Class {
        self.words.get(i).map_or(Class::Other, |w| w.class)
    }

    pub(super) fn is(self, i: usize, word: &str) -> bool {
        self.words.get(i).is_some_and(|w| w.is(word))
    }

    fn is_dash(self, i: usize) -> bool {
        self.words.get(i).is_some_and(Word::is_dash)
    }

    /// Whether word `i` is joined to the one before it.
    fn is_joined(self, i: usize) -> bool {
        self.words.get(i).is_some_and(|w| w.joined)
    }

    fn digits(self, i: usize) -> Option<(u32, usize)> {
        let word = self.words.get(i)?;
        match word.class {
            Class::Digits(n) => Some((n, word.text.len())),
            _ => None,
        }
    }

    /// "-" with no white space on either side.
    fn hyphen(self, i: usize) -> Option<usize> {
        (self.is_dash(i) && self.is_joined(i) && self.is_joined(i + 1)).then_some(i + 1)
    }

    fn skip(self, i: usize, word: &str) -> usize {
        i + usize::from(self.is(i, word))
    }

    /// What may follow: a time of day after a day.
    fn trailer(self, end: usize, expression: Expression) -> Found {
        if expression.is_day() && expression.clock.is_none() {
            let at = self.skip(self.skip(end, ","), "at");
            if let Some((after, clock)) = self.clock(at) {
                return (after, Expression { clock: Some(clock), ..expression });
            }
        }
        (end, expression)
    }

    fn core(self, i: usize) -> Option<Found> {
        match self.class(i) {
            Class::Digits(_) => self
                .numeric_date(i)
                .or_else(|| self.clock_and_day(i))
                .or_else(|| self.day_month(i))
                .or_else(|| self.decade(i))
                .or_else(|| self.century(i))
                .or_else(|| self.counted(i))
                .or_else(|| self.another_day(i))
                .or_else(|| self.year_then(i)),
            Class::Clock(_) => self.clock_and_day(i),
            Class::Month(_) | Class::MonthAbbreviation(_) => self.month(i),
            Class::Weekday(_) | Class::WeekdayAbbreviation(_) => self.weekday(i),
            Class::Weekdays(day) => {
                Some((i + 1, Expression::new(Meaning::Set(Set::Weekday(day)))))
            }
            Class::Deictic(days) => Some(self.deictic(i, days)),
            Class::Season(season) => self.season(i, season, None),
            Class::Number(_) | Class::Scale(_) => self
                .clock_and_day(i)
                .or_else(|| self.spoken_decade(i))
                .or_else(|| self.spoken_year(i))
                .or_else(|| self.counted(i)),
            Class::Vague(_) => self.counted(i),
            Class::Ordinal(_) => self.ordinal(i),
            Class::Relation(_) => self.related(i, i),
            Class::Every => self.every(i),
            Class::Long(unit) => Some((i + 1, Expression::lasting(Count::ONE, unit, 0))),
            Class::Longs(unit) => {
                Some((i + 1, Expression::lasting(Count::VAGUE, unit, 0)))
            }
            Class::Part(part) => {
                let clock = Some(Clock::Part(part));
                let is = |word| self.is(i, word);
                let meaning = match () {
                    // Told in the past it is the night that is over.
                    () if is("overnight") => Meaning::Overnight,
                    () if is("midafternoon") || is("midmorning") => Meaning::TimeOfDay,
                    () => return None,
                };
                Some((i + 1, Expression { clock, ..Expression::new(meaning) }))
            }
            Class::QuarterLetter => {
                let (n @ 1..=4, 1) = self.digits(i + 1)? else { return None };
                let name = Name::Quarter(Some(n as u8));
                let (end, within) = self.within(i + 2);
                let known = self.words.get(i)?.is_capitalised() && self.is_joined(i + 1);
                known.then(|| (end, Expression::named(name, None, within)))
            }
            Class::Times(_) => self.times(i),
            Class::Often(period) => {
                Some((i + 1, Expression::new(Meaning::Set(Set::Period(period)))))
            }
            Class::Holiday(_) => self.holiday(i),
            Class::Fiscal => self.fiscal(i),
            Class::Present => Some((i + 1, Expression::new(Meaning::Present))),
            Class::Past => {
                if self.is(i, "recent") {
                    return match self.class(i + 1) {
                        Class::Units(unit) => {
                            Some((i + 2, Expression::lasting(Count::VAGUE, unit, -1)))
                        }
                        _ => None,
                    };
                }
                Some((i + 1, Expression::new(Meaning::Past)))
            }
            Class::Future => Some((i + 1, Expression::new(Meaning::Future))),
            Class::Then => {
                let limits = ["before", "by", "since", "till", "until"];
                let fits = i > 0 && limits.iter().any(|w| self.is(i - 1, w));
                fits.then(|| (i + 1, Expression::new(Meaning::Then)))
            }
            // "second quarter"
            Class::Unit(unit) => self.ordinal(i).or_else(|| self.bare_unit(i, unit)),
            Class::Units(unit) => {
                if let Some(end) = self.long(i + 1) {
                    return Some((end, Expression::lasting(Count::VAGUE, unit, 0)));
                }
                let found = (i + 1, Expression::lasting(Count::VAGUE, unit, 0));
                Some(self.ago(i + 1, Count::VAGUE, unit).unwrap_or(found))
            }
            Class::Prefix(_) if self.is(i, "mid") || self.is(i, "early") => None,
            Class::Determiner => self.determined(i),
            _ => None,
        }
    }

    fn determined(self, i: usize) -> Option<Found> {
        let j = i + 1;
        if self.words.get(i)?.is_apostrophe() {
            // "the '90s", "'98"
            return match self.digits(j)? {
                (n, 2) if self.is(j + 1, "s") && self.is_joined(j + 1) && n % 10 == 0 => {
                    Some((j + 2, Expression::new(Meaning::Decade(190 + n as i32 / 10))))
                }
                // "since '82"
                _ => {
                    let year = self.two_digits(i)?;
                    let dated = i > 0
                        && (["in", "of", "since"].iter().any(|w| self.is(i - 1, w))
                            || matches!(self.class(i - 1), Class::Season(_)));
                    dated.then(|| (j + 1, Expression::new(Meaning::Year(year))))
                }
            };
        }
        // "at a later date"
        if self.is(i, "a")
            && self.is(j, "later")
            && ["date", "stage", "time"].iter().any(|w| self.is(j + 1, w))
        {
            return Some((j + 2, Expression::new(Meaning::Future)));
        }
        if self.is(i, "a") || self.is(i, "an") || self.is(i, "half") {
            return self.counted(i);
        }
        match self.class(j) {
            Class::Relation(_) => self.related(i, j),
            Class::Decade(n) => {
                let meaning = Meaning::Decade(190 + (n / 10) as i32);
                Some((j + 1, Expression::new(meaning)))
            }
            Class::Digits(_) => self
                .decade(j)
                .or_else(|| self.century(j))
                .or_else(|| self.day_month(j))
                .or_else(|| self.year_quarter(j))
                .or_else(|| self.counted(j).filter(|(_, e)| e.is_duration()))
                .or_else(|| self.day_of_month(i)),
            Class::Ordinal(_) => self.ordinal(j),
            Class::Number(_) | Class::Vague(_) => self
                .spoken_decade(j)
                .or_else(|| self.counted(j).filter(|(_, e)| e.is_duration())),
            Class::Season(season) => self.season(j, season, None),
            Class::Fiscal => self.fiscal(j),
            Class::Future => Some((j + 1, Expression::new(Meaning::Future))),
            Class::Determiner if self.words.get(j)?.is_apostrophe() => self.determined(j),
            Class::Unit(unit) => self.ordinal(j).or_else(|| self.the_bare_unit(j, unit)),
            Class::Units(unit @ (Unit::Year | Unit::Month | Unit::Week | Unit::Day)) => {
                // "In the days ahead", "over the years".
                let over = unit == Unit::Year && i > 0 && self.is(i - 1, "over");
                (self.is(i, "the") && (over || self.is(j + 1, "ahead")))
                    .then_some((j + 1, Expression::lasting(Count::VAGUE, unit, 0)))
            }
            Class::Prefix(_) => match self.modified(j)? {
                found if self.is(i, "the") => Some(found),
                _ => None,
            },
            Class::Part(part) if self.is(i, "the") => {
                let clock = Some(Clock::Part(part));
                Some((j + 1, Expression { clock, ..Expression::new(Meaning::TimeOfDay) }))
            }
            Class::Clock(_) | Class::Part(_) => None,
            // "the full year" is one that is told of, "the whole day" is a length.
            Class::Other if ["entire", "full", "whole"].iter().any(|w| self.is(j, w)) => {
                match self.class(j + 1) {
                    Class::Unit(unit @ Unit::Year) => {
                        let name = Name::Unit(unit);
                        Some((j + 2, Expression::named(name, None, Within::Unknown)))
                    }
                    Class::Unit(unit) => {
                        Some((j + 2, Expression::lasting(Count::ONE, unit, 0)))
                    }
                    Class::Season(season) => self.season(j + 1, season, None),
                    _ => None,
                }
            }
            // "early in the new year"
            Class::Holiday(_)
                if self.words.get(j)?.text == "new" && self.is(j + 1, "year") =>
            {
                let relation = Some(Relation { base: PUBLICATION, shift: 1 });
                let name = Name::NewYear;
                Some((j + 2, Expression::named(name, relation, Within::Unknown)))
            }
            // "the final quarter of 2009"
            Class::Other if self.is(j, "final") && self.is(j + 1, "quarter") => {
                self.last_quarter(j + 2)
            }
            Class::Other if self.is(j, "other") && self.is(j + 1, "day") => {
                Some((j + 2, Expression::new(Meaning::Past)))
            }
            Class::Other if self.is(j, "time") && self.is(j + 1, "being") => {
                Some((j + 2, Expression::new(Meaning::Present)))
            }
            // "at the moment", and not "at the moment he left"
            Class::Other if self.is(j, "moment") && i > 0 => {
                let ends = self.words.get(j + 1).is_none_or(|w| w.class == Class::Mark);
                let at = self.is(i - 1, "at") || self.is(i - 1, "for");
                (at && ends).then_some((j + 1, Expression::new(Meaning::Present)))
            }
            Class::Other if self.is(j, "near") && self.is(j + 1, "future") => {
                Some((j + 2, Expression::new(Meaning::Future)))
            }
            // "the most recent quarter"
            Class::Other if self.is(j, "most") && self.is(j + 1, "recent") => {
                let latest = Relation { base: REFERENCE, shift: 0 };
                self.name_after(j + 2, Some(latest))
            }
            _ => None,
        }
    }
}
