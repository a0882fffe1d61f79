//! Which words form a time expression, and what they say; not yet which date that is.
//!
//! A recursive descent over the words of a block: from each word on, the longest expression.
//! What belongs to one is decided as TimeML's annotators do: its determiner and what modifies
//! it ("early next year", "about ten days") but no preposition before it.

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
    Holiday(&'static str),
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
    /// A time of day alone.
    TimeOfDay,
    /// "three years"; `sign` says whether it ends or begins at publication, or 0.
    Duration {
        count: Count,
        unit: Unit,
        sign: i32,
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
        Some(self.trailer(end, expression))
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

    /// "early May", "about ten days", "more than a year", "earlier this week".
    fn modified(self, i: usize) -> Option<Found> {
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
        if word.is("earlier") || word.is("later") {
            // "earlier in the day"
            let k = self.skip(j, "in");
            if let Some((end, found)) = self.this_unit(k).filter(|_| k > j) {
                return Some((end, Expression { modifier: Some(modifier), ..found }));
            }
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
            Meaning::Duration { .. } | Meaning::Shift { .. } => !time_of_part,
            Meaning::Set(_) | Meaning::Present | Meaning::Past | Meaning::Future => false,
            Meaning::Date { .. } | Meaning::TimeOfDay => {
                modifier == "APPROX" || (time_of_part && found.clock.is_some())
            }
            Meaning::Named { .. } | Meaning::Deictic(_) => {
                time_of_part || modifier == "APPROX"
            }
            Meaning::Year(_) | Meaning::Decade(_) | Meaning::Century(_) => {
                time_of_part || modifier == "APPROX"
            }
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
    fn edge(self, i: usize) -> Option<Found> {
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
                | Meaning::Set(_)
                | Meaning::Present
                | Meaning::Past
                | Meaning::Future
                | Meaning::Shift { .. }
        );
        found.modifier = Some(modifier);
        fits.then_some((end, found))
    }

    /// "the day" in "later in the day", "the end of the year", "the end of the day Saturday".
    fn this_unit(self, i: usize) -> Option<Found> {
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

    /// What may follow: a time of day after a day.
    fn trailer(self, end: usize, expression: Expression) -> Found {
        let is_day = matches!(
            expression.meaning,
            Meaning::Date { .. }
                | Meaning::Deictic(_)
                | Meaning::Named { name: Name::Weekday(_), .. }
        );
        if is_day && expression.clock.is_none() {
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
                .or_else(|| self.spoken_year(i))
                .or_else(|| self.counted(i)),
            Class::Vague(_) => self.counted(i),
            Class::Ordinal(_) => self.ordinal(i),
            Class::Relation(_) => self.related(i, i),
            Class::Every => self.every(i),
            Class::Long(unit) => Some((i + 1, lasting(Count::ONE, unit, 0))),
            Class::Longs(unit) => Some((i + 1, lasting(Count::VAGUE, unit, 0))),
            Class::Part(part) => {
                let clock = Some(Clock::Part(part));
                let found = Expression::new(Meaning::TimeOfDay);
                self.is(i, "overnight").then_some((i + 1, Expression { clock, ..found }))
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
                            Some((i + 2, lasting(Count::VAGUE, unit, -1)))
                        }
                        _ => None,
                    };
                }
                Some((i + 1, Expression::new(Meaning::Past)))
            }
            Class::Future => Some((i + 1, Expression::new(Meaning::Future))),
            Class::Unit(unit) => self.bare_unit(i, unit),
            Class::Units(unit) => {
                if let Some(end) = self.long(i + 1) {
                    return Some((end, lasting(Count::VAGUE, unit, 0)));
                }
                let found = (i + 1, lasting(Count::VAGUE, unit, 0));
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
                (n, 2)
                    if self.is_joined(j)
                        && !self.is_joined(i)
                        && (!self.is_joined(j + 1)
                            || self.class(j + 1) == Class::Mark) =>
                {
                    let century = if n < 50 { 2000 } else { 1900 };
                    let dated = i > 0
                        && (["in", "of", "since"].iter().any(|w| self.is(i - 1, w))
                            || matches!(self.class(i - 1), Class::Season(_)));
                    let year = Expression::new(Meaning::Year(century + n as i32));
                    dated.then_some((j + 1, year))
                }
                _ => None,
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
                .or_else(|| self.counted(j).filter(|(_, e)| is_duration(e))),
            Class::Ordinal(_) => self.ordinal(j),
            Class::Number(_) | Class::Vague(_) => self
                .spoken_decade(j)
                .or_else(|| self.counted(j).filter(|(_, e)| is_duration(e))),
            Class::Season(season) => self.season(j, season, None),
            Class::Fiscal => self.fiscal(j),
            Class::Future => Some((j + 1, Expression::new(Meaning::Future))),
            Class::Determiner if self.words.get(j)?.is_apostrophe() => self.determined(j),
            Class::Unit(unit) => self.the_bare_unit(j, unit),
            Class::Units(unit @ (Unit::Year | Unit::Month | Unit::Week | Unit::Day)) => {
                // "In the days ahead", "over the years".
                let over = unit == Unit::Year && i > 0 && self.is(i - 1, "over");
                (self.is(i, "the") && (over || self.is(j + 1, "ahead")))
                    .then_some((j + 1, lasting(Count::VAGUE, unit, 0)))
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
                    Class::Unit(unit) => Some((j + 2, lasting(Count::ONE, unit, 0))),
                    _ => None,
                }
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
            Class::Other if self.is(j, "year") => None,
            _ => None,
        }
    }

    /// "the year" is a duration or this year; "the quarter", "the weekend" are those told of.
    fn the_bare_unit(self, j: usize, unit: Unit) -> Option<Found> {
        let relation = |base, shift| Some(Relation { base, shift });
        let name = Name::Unit(unit);
        if let Some(found) = self.year_ago_period(j) {
            return Some(found);
        }
        // "the day before", "the year after"; not "the day before he left".
        if self.is(j + 1, "before") || self.is(j + 1, "after") {
            let ends = self.words.get(j + 2).is_none_or(|w| {
                matches!(w.text, "." | "," | ";" | ")" | "\"" | "”") || w.is("and")
            });
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
                    && let Some(found) = self.counted(j + 1)
                    && matches!(found.1.meaning, Meaning::Shift { .. })
                {
                    return Some(found);
                }
                if let Some(month) = self.ended(j + 1) {
                    let name = Name::QuarterTo(month);
                    return Some((j + 1, Expression::named(name, None, Within::Unknown)));
                }
                let (end, within) = self.within(j + 1);
                let name = Name::Quarter(None);
                let relation = relation(REFERENCE, 0);
                Some((end, Expression::named(name, relation, within)))
            }
            Unit::Weekend => {
                Some((j + 1, Expression::named(name, None, Within::Unknown)))
            }
            Unit::Year if self.four_digits(j + 1).is_some() => {
                let year = self.four_digits(j + 1)?;
                Some((j + 2, Expression::new(Meaning::Year(year))))
            }
            Unit::Year if self.is(j + 1, "two") && self.is(j + 2, "thousand") => {
                Some((j + 3, Expression::new(Meaning::Year(2000))))
            }
            Unit::Year => Some((j + 1, lasting(Count::ONE, unit, 0))),
            // Only where the sentence takes it for one that was told (see `sense`).
            Unit::Day | Unit::Week | Unit::Month if j > 0 && self.is(j - 1, "the") => {
                let relation = relation(REFERENCE, 0);
                Some((j + 1, Expression::named(name, relation, Within::Unknown)))
            }
            _ => None,
        }
    }

    /// The fourth quarter, if words from `j` on say of which year.
    fn last_quarter(self, j: usize) -> Option<Found> {
        let (end, within) = self.within(j);
        let name = Name::Quarter(Some(4));
        (within != Within::Unknown).then(|| (end, Expression::named(name, None, within)))
    }

    /// "of March" after "the last week": `n` tells which week.
    fn week_of(self, j: usize, n: u8) -> Option<Found> {
        let (end, month) = self.month_at(j + 1).filter(|_| self.is(j, "of"))?;
        let (end, within) = self.within(end);
        Some((end, Expression::named(Name::WeekOf(n, month), None, within)))
    }

    /// Past "-long".
    fn long(self, i: usize) -> Option<usize> {
        self.hyphen(i).filter(|&h| self.is(h, "long")).map(|h| h + 1)
    }

    /// The month in "ended July 31" after "the quarter".
    fn ended(self, j: usize) -> Option<u8> {
        let ends = self.is(j, "ended") || self.is(j, "ending");
        let (day, month) = self.month_at(j + 1).filter(|_| ends)?;
        self.day_after_month(day).map(|_| month)
    }

    /// "year-ago quarter", "year-earlier period", "year-ago".
    fn year_ago_period(self, j: usize) -> Option<Found> {
        let h = self.hyphen(j + 1)?;
        if !self.is(j, "year") || !(self.is(h, "ago") || self.is(h, "earlier")) {
            return None;
        }
        let base = PUBLICATION;
        let (end, _) = match self.ordinal_quarter(h + 1) {
            Some((end, _)) => (end, ()),
            None if self.is(h + 1, "quarter") || self.is(h + 1, "period") => (h + 2, ()),
            None => (h + 1, ()),
        };
        let (count, unit) = (Count::ONE, Unit::Year);
        let meaning = Meaning::Shift { count, unit, sign: -1, base };
        Some((end, Expression::new(meaning)))
    }

    fn bare_unit(self, j: usize, unit: Unit) -> Option<Found> {
        if let Some(found) = self.year_ago_period(j) {
            return Some(found);
        }
        if unit == Unit::Year
            && (self.is(j + 1, "end")
                || self.words.get(j + 1).is_some_and(Word::is_apostrophe)
                    && self.is(j + 2, "s")
                    && self.is(j + 3, "end"))
        {
            let end = if self.is(j + 1, "end") { j + 2 } else { j + 4 };
            let this = Relation { base: PUBLICATION, shift: 0 };
            let name = Name::Unit(Unit::Year);
            let found = Expression::named(name, Some(this), Within::Unknown);
            return Some((end, Expression { modifier: Some("END"), ..found }));
        }
        // "day-long"
        self.long(j + 1).map(|end| (end, lasting(Count::ONE, unit, 0)))
    }

    // Numbers and counted units.

    /// A number in digits or words. "a" and "an" are one.
    fn number(self, i: usize) -> Option<(usize, Count)> {
        if let Some((mut n, _)) = self.digits(i) {
            let mut j = i + 1;
            // "1,200"
            while self.is(j, ",")
                && self.is_joined(j)
                && self.is_joined(j + 1)
                && let Some((thousands, 3)) = self.digits(j + 1)
            {
                n = n.checked_mul(1000)?.checked_add(thousands)?;
                j += 2;
            }
            // "2.5"
            if self.is(j, ".")
                && self.is_joined(j)
                && self.is_joined(j + 1)
                && let Some((fraction, 1)) = self.digits(j + 1)
            {
                let half = u32::from(fraction == 5);
                let halves = n.checked_mul(2)?.checked_add(half)?;
                return Some((j + 2, Count { halves: Some(halves) }));
            }
            if self.is(j, "½") {
                let halves = n.checked_mul(2)?.checked_add(1)?;
                return Some((j + 1, Count { halves: Some(halves) }));
            }
            return Some((j, Count::of(n)));
        }
        let (mut j, mut n) = match self.class(i) {
            Class::Number(n) => (i + 1, n),
            Class::Scale(n) => return Some((self.skip(i + 1, "of"), Count::of(n))),
            Class::Vague(2) => {
                return Some((self.skip(i + 1, "of"), Count::of(2)));
            }
            Class::Vague(_) => return Some((i + 1, Count::VAGUE)),
            Class::Determiner if self.is(i, "half") => {
                let k = self.skip(self.skip(i + 1, "a"), "an");
                let k = if k == i + 1 { self.hyphen(k).unwrap_or(k) } else { k };
                return Some((k, Count { halves: Some(1) }));
            }
            Class::Determiner if self.is(i, "a") || self.is(i, "an") => {
                return match self.class(i + 1) {
                    Class::Vague(_) | Class::Scale(_) => self.number(i + 1),
                    _ => Some((i + 1, Count::ONE)),
                };
            }
            _ => return None,
        };
        // "twenty-four", "twenty four"
        let k = self.hyphen(j).unwrap_or(j);
        if n >= 20
            && n % 10 == 0
            && let Class::Number(ones @ 1..=9) = self.class(k)
        {
            (j, n) = (k + 1, n + ones);
        }
        if let Class::Scale(scale) = self.class(j) {
            (j, n) = (j + 1, n.checked_mul(scale)?);
        }
        Some((j, Count::of(n)))
    }

    /// "three years", "10-day", "several months", "a year ago", "two to three weeks".
    fn counted(self, i: usize) -> Option<Found> {
        let (mut j, mut count) = self.number(i)?;
        if count == Count::of(0) {
            return None;
        }
        let is_article = self.is(i, "a") || self.is(i, "an");
        let mut approx = false;
        // "two to three", "12 to 18", "one or two"
        if self.is(j, "to") || self.is(j, "or") || self.is_dash(j) {
            let fits =
                |k: usize| matches!(self.class(k), Class::Unit(_) | Class::Units(_));
            if let Some((k, second)) = self.number(j + 1)
                && !self.is(j + 1, "a")
                && (fits(k) || self.hyphen(k).is_some_and(fits))
            {
                // The first is what it is at least.
                (j, count, approx) =
                    (k, if count == Count::VAGUE { second } else { count }, true);
            }
        }
        // "two and a half years"
        if self.is(j, "and") && self.is(j + 1, "a") && self.is(j + 2, "half") {
            let halves = count.halves.and_then(|n| n.checked_add(1));
            (j, count) = (j + 3, Count { halves });
        }
        let mut k = self.hyphen(j).unwrap_or(j);
        let is_compound = k > j;
        // "two more weeks", "eight trading days"
        if BETWEEN.iter().any(|word| self.is(k, word)) {
            k += 1;
        }
        let mut unit = match self.class(k) {
            Class::Unit(unit) => unit,
            Class::Units(unit) => unit,
            _ => return None,
        };
        // "a quarter-century"
        let century = self.hyphen(k + 1).unwrap_or(k + 1);
        if unit == Unit::Quarter && self.is(century, "century") {
            (k, unit, count) = (century, Unit::Year, Count::of(25));
        }
        if is_compound && unit == Unit::Quarter {
            // "three-quarters"
            return None;
        }
        if unit == Unit::Second && is_article {
            // "a second chance"
            return None;
        }
        let mut end = k + 1;
        // "a year or two"
        if count == Count::ONE && self.is(end, "or") && self.is(end + 1, "two") {
            (end, approx) = (end + 2, true);
        }
        // "a year-earlier period"
        if let Some(found) = self.year_ago_period(k).filter(|_| is_article) {
            return Some(found);
        }
        if self.is_age(end) {
            return None;
        }
        if self.is(end, "and") && self.is(end + 1, "a") && self.is(end + 2, "half") {
            let halves = count.halves.and_then(|n| n.checked_add(1));
            (end, count) = (end + 3, Count { halves });
        }
        if let Some(found) = self.ago(end, count, unit) {
            return Some(found);
        }
        // "a three-year period"
        if let Some(long) = self.long(end) {
            end = long;
        } else if is_compound && is_article {
            return None;
        }
        if self.is(end, "or") && self.is(end + 1, "so") {
            (end, approx) = (end + 2, true);
        }
        let modifier = approx.then_some("APPROX");
        Some((end, Expression { modifier, ..lasting(count, unit, 0) }))
    }

    /// "old", "-old", "of age": an age and no time.
    fn is_age(self, i: usize) -> bool {
        let j = self.hyphen(i).unwrap_or(i);
        self.is(j, "old")
            || self.is(j, "olds")
            || (self.is(j, "of") && self.is(j + 1, "age"))
    }

    /// "ago", "earlier", "from now", "later" after a length of time.
    fn ago(self, end: usize, count: Count, unit: Unit) -> Option<Found> {
        let pair = |a, b| self.is(end, a) && self.is(end + 1, b);
        let (after, sign, base) = if self.is(end, "ago") {
            (end + 1, -1, PUBLICATION)
        } else if self.is(end, "earlier") {
            (end + 1, -1, REFERENCE)
        } else if self.is(end, "later") || self.is(end, "afterward") {
            (end + 1, 1, REFERENCE)
        } else if pair("from", "now") || pair("from", "today") {
            (end + 2, 1, PUBLICATION)
        } else if self.is(end, "hence") {
            (end + 1, 1, PUBLICATION)
        } else {
            return None;
        };
        let meaning = Meaning::Shift { count, unit, sign, base };
        Some((after, Expression::new(meaning)))
    }

    // "last", "this", "next" and what they stand before.

    /// `start` is the word before the relation at `i` where that is "the", else `i`.
    fn related(self, start: usize, i: usize) -> Option<Found> {
        let Class::Relation(shift) = self.class(i) else { return None };
        let with_the = start < i;
        let word = self.words.get(i)?;
        let refers = REFERRING.iter().any(|w| word.is(w)) || word.is("next") && with_the;
        let base = if refers { REFERENCE } else { PUBLICATION };
        let relation = Some(Relation { base, shift });
        let mut j = i + 1;
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
        if word.is("comparable") || word.is("corresponding") {
            return None;
        }
        if word.is("last")
            && let Some(found) = match self.class(j) {
                Class::Unit(Unit::Quarter) => self.last_quarter(j + 1),
                Class::Unit(Unit::Week) => self.week_of(j + 1, 0),
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
            if let Some((after, quarter)) = self.ordinal_quarter(end + 2) {
                let name = Name::Quarter(Some(quarter));
                return Some((after, Expression::named(name, None, within)));
            }
            if self.is(end + 2, "quarter") || self.is(end + 2, "period") {
                return Some((end + 3, Expression::named(Name::Period, None, within)));
            }
        }
        // "the last year of his term"
        let of_it = |j: usize| {
            ["her", "his", "its", "the", "their"].iter().any(|w| self.is(j, w))
        };
        if with_the && word.is("last") && self.is(end, "of") && of_it(end + 1) {
            return Some((end, lasting(Count::ONE, unit, 0)));
        }
        let length = (word.is("past") && with_the)
            || (matches!(unit, Unit::Decade | Unit::Century)
                && !word.is("this")
                && !word.is("next"));
        if length && !matches!(unit, Unit::Week | Unit::Month) {
            let sign = relation.map_or(0, |r| r.shift.signum());
            return Some((end, lasting(Count::ONE, unit, sign)));
        }
        if matches!(unit, Unit::Hour | Unit::Minute | Unit::Second) {
            return None;
        }
        let name = match unit {
            Unit::Quarter => Name::Quarter(None),
            unit => Name::Unit(unit),
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
    fn name_after(self, j: usize, relation: Option<Relation>) -> Option<Found> {
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
            Class::Units(unit) => (k + 1, lasting(count, unit, sign)),
            _ => {
                let (end, found) = self.counted(j)?;
                let Meaning::Duration { count, unit, .. } = found.meaning else {
                    return None;
                };
                (
                    end,
                    Expression { modifier: found.modifier, ..lasting(count, unit, sign) },
                )
            }
        };
        let approx = self.is(end, "or") && self.is(end + 1, "so");
        let modifier = approx.then_some("APPROX");
        Some((end + if approx { 2 } else { 0 }, Expression { modifier, ..found }))
    }

    // Names of the calendar.

    /// "of 1998", "1998", ", 1998", "of last year", "last year" after a month or season.
    fn within(self, j: usize) -> (usize, Within) {
        let k = self.skip(self.skip(j, "of"), "in");
        // "of fiscal 1998", "of fiscal year 1998"
        let fiscal = match k > j && self.class(k) == Class::Fiscal {
            true => self.skip(k + 1, "year"),
            false => k,
        };
        if let Some(year) = self.four_digits(fiscal) {
            return (fiscal + 1, Within::Year(year));
        }
        if k > j && self.is(k, "the") {
            let this = Relation { base: PUBLICATION, shift: 0 };
            let before = Relation { base: REFERENCE, shift: -1 };
            match self.class(k + 1) {
                Class::Unit(Unit::Year) => return (k + 2, Within::Relative(this)),
                Class::Relation(-1) if self.is(k + 2, "year") => {
                    return (k + 3, Within::Relative(before));
                }
                _ => {}
            }
        }
        if self.is(j, ",")
            && let Some(year) = self.four_digits(j + 1)
            && !(self.is(j + 2, ",") && self.is_joined(j + 3))
        {
            return (j + 2, Within::Year(year));
        }
        if let Class::Relation(shift) = self.class(k)
            && self.is(k + 1, "year")
        {
            let refers = self.is(k, "that") || self.is(k, "previous");
            let base = if refers { REFERENCE } else { PUBLICATION };
            return (k + 2, Within::Relative(Relation { base, shift }));
        }
        (j, Within::Unknown)
    }

    fn four_digits(self, i: usize) -> Option<i32> {
        match self.digits(i)? {
            (year @ 1000..=2200, 4) if !self.is(i + 1, "%") => Some(year as i32),
            _ => None,
        }
    }

    fn month_at(self, i: usize) -> Option<(usize, u8)> {
        match self.class(i) {
            Class::Month(month) => Some((i + 1, month)),
            Class::MonthAbbreviation(month) => {
                let dot = self.is(i + 1, ".") && self.is_joined(i + 1);
                Some((i + 1 + usize::from(dot), month))
            }
            _ => None,
        }
    }

    fn day_after_month(self, i: usize) -> Option<(usize, u8)> {
        let (day, length) = self.digits(i)?;
        if length > 2 || !(1..=31).contains(&day) {
            return None;
        }
        Some((self.skip_ordinal(i + 1), day as u8))
    }

    /// Past "th" in "5th".
    fn skip_ordinal(self, j: usize) -> usize {
        let suffix = ["st", "nd", "rd", "th"].iter().any(|s| self.is(j, s));
        j + usize::from(suffix && self.is_joined(j))
    }

    fn month(self, i: usize) -> Option<Found> {
        let (j, month) = self.month_at(i)?;
        if let Some((end, day)) = self.day_after_month(j) {
            let (end, mut year) = self.within(end);
            // "the Sept. 11 attacks", without a year, are those of 2001.
            let attacks = |k| ATTACKS.iter().any(|word| self.is(k, word));
            if (month, day, year) == (9, 11, Within::Unknown)
                && (attacks(end) || attacks(end + 1))
            {
                year = Within::Year(2001);
            }
            let meaning = Meaning::Date { year, month, day, weekday: None };
            return Some((end, Expression::new(meaning)));
        }
        let (end, within) = self.within(j);
        if let Some((end, year)) = self.spoken_year_at(j) {
            let name = Name::Month(month);
            return Some((end, Expression::named(name, None, Within::Year(year))));
        }
        if matches!(self.class(i), Class::MonthAbbreviation(_))
            && !self.words.get(i)?.is_capitalised()
        {
            return None;
        }
        Some((end, Expression::named(Name::Month(month), None, within)))
    }

    /// The second day of "May 3 and 4".
    fn another_day(self, i: usize) -> Option<Found> {
        let first = i.checked_sub(3)?;
        let (j, month) = self.month_at(first)?;
        let (joint, _) = self.day_after_month(j).filter(|_| j == first + 1)?;
        let (end, day) = self.day_after_month(i).filter(|_| joint + 1 == i)?;
        let (end, year) = self.within(end);
        let is_last = self.words.get(end).is_none_or(|w| {
            matches!(w.text, "." | "," | ";" | ")") || w.is("in") || w.is("at")
        });
        let meaning = Meaning::Date { year, month, day, weekday: None };
        (self.is(joint, "and") && is_last).then(|| (end, Expression::new(meaning)))
    }

    /// "5 May 2018", "5th of May".
    fn day_month(self, i: usize) -> Option<Found> {
        let (day, length) = self.digits(i)?;
        if length > 2 || !(1..=31).contains(&day) {
            return None;
        }
        let j = self.skip(self.skip_ordinal(i + 1), "of");
        let j = self.hyphen(j).unwrap_or(j);
        let (k, month) = self.month_at(j)?;
        if !self.words.get(j)?.is_capitalised() {
            return None;
        }
        let k = self.hyphen(k).unwrap_or(k);
        let (end, year) = self.within(k);
        let meaning = Meaning::Date { year, month, day: day as u8, weekday: None };
        Some((end, Expression::new(meaning)))
    }

    /// "2018-05-22", "05/22/2018".
    fn numeric_date(self, i: usize) -> Option<Found> {
        let separated = |j: usize| {
            let mark = self.words.get(j)?;
            let fits = (mark.is_dash() || mark.text == "/") && mark.joined;
            (fits && self.is_joined(j + 1)).then_some(mark.text)
        };
        let (first, mark) = (self.digits(i)?, separated(i + 1)?);
        let second = self.digits(i + 2)?;
        if separated(i + 3)? != mark {
            return None;
        }
        let third = self.digits(i + 4)?;
        let (year, month, day) = match (first, second, third) {
            ((year, 4), (month, _), (day, _)) => (year, month, day),
            ((a, _), (b, _), (year, 2 | 4)) => {
                let year = match year {
                    0..=49 => 2000 + year,
                    50..=99 => 1900 + year,
                    year => year,
                };
                let (month, day) = if a > 12 { (b, a) } else { (a, b) };
                (year, month, day)
            }
            _ => return None,
        };
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
        let year = Within::Year(i32::try_from(year).ok().filter(|y| *y <= 9999)?);
        let meaning = Meaning::Date { year, month, day, weekday: None };
        let (mut end, mut found) = (i + 5, Expression::new(meaning));
        let at = end + usize::from(self.is(end, "T") && self.is_joined(end));
        if let Some((after, clock)) = self.clock(at) {
            (end, found.clock) = (after, Some(clock));
        }
        fits.then_some((end, found))
    }

    fn weekday(self, i: usize) -> Option<Found> {
        let (mut j, day) = match self.class(i) {
            Class::Weekday(day) => (i + 1, day),
            Class::WeekdayAbbreviation(day) => {
                let dot = self.is(i + 1, ".") && self.is_joined(i + 1);
                (i + 1 + usize::from(dot), day)
            }
            _ => return None,
        };
        if matches!(self.class(i), Class::WeekdayAbbreviation(_)) {
            let dated = self.month_at(self.skip(j, ",")).is_some();
            let known = self.words.get(i)?.is_capitalised() && (dated || j > i + 1);
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

    fn with_part(self, j: usize, found: Expression) -> Found {
        match self.class(j) {
            Class::Part(part) => {
                (j + 1, Expression { clock: Some(Clock::Part(part)), ..found })
            }
            _ => (j, found),
        }
    }

    fn deictic(self, i: usize, days: i64) -> Found {
        let found = Expression::new(Meaning::Deictic(days));
        if self.is(i, "tonight") {
            return (i + 1, Expression { clock: Some(Clock::Part("NI")), ..found });
        }
        self.with_part(i + 1, found)
    }

    fn season(
        self,
        i: usize,
        season: &'static str,
        relation: Option<Relation>,
    ) -> Option<Found> {
        let (end, within) = self.within(i + 1);
        Some((end, Expression::named(Name::Season(season), relation, within)))
    }

    fn holiday(self, i: usize) -> Option<Found> {
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

    /// The ordinals of quarters and halves, and of days and centuries.
    fn ordinal_quarter(self, i: usize) -> Option<(usize, u8)> {
        let i = if self.class(i) == Class::Fiscal {
            self.hyphen(i + 1).unwrap_or(i + 1)
        } else {
            i
        };
        let n = match self.class(i) {
            Class::Ordinal(n @ 1..=4) => n,
            Class::Unit(Unit::Second) => 2,
            _ => return None,
        };
        let j = self.hyphen(i + 1).unwrap_or(i + 1);
        let fits = self.is(j, "quarter");
        fits.then_some((j + 1, n as u8))
    }

    fn ordinal(self, i: usize) -> Option<Found> {
        if let Some((j, quarter)) = self.ordinal_quarter(i) {
            let (end, within) = self.within(j);
            let name = Name::Quarter(Some(quarter));
            return Some((end, Expression::named(name, None, within)));
        }
        let n = match self.class(i) {
            Class::Ordinal(n) => n,
            Class::Unit(Unit::Second) => 2,
            _ => return None,
        };
        let j = self.hyphen(i + 1).unwrap_or(i + 1);
        if n <= 2 && self.is(j, "half") {
            // "the second half" of a match is none: a year has to follow.
            let (end, within) = self.within(j + 1);
            let name = Name::Half(n as u8);
            return (within != Within::Unknown)
                .then(|| (end, Expression::named(name, None, within)));
        }
        if self.is(j, "century") {
            return Some((j + 1, Expression::new(Meaning::Century(n as i32 - 1))));
        }
        if n <= 5 && self.is(j, "week") {
            return self.week_of(j + 1, n as u8);
        }
        // "the Fourth of July"
        if n <= 31
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
            && is_duration(&found)
        {
            return Some((end, found));
        }
        None
    }

    fn fiscal(self, i: usize) -> Option<Found> {
        if let Some(year) = self.four_digits(i + 1) {
            return Some((i + 2, Expression::new(Meaning::Year(year))));
        }
        if let Some((j, quarter)) = self.ordinal_quarter(i) {
            let (end, within) = self.within(j);
            let name = Name::Quarter(Some(quarter));
            return Some((end, Expression::named(name, None, within)));
        }
        if self.is(i + 1, "year") {
            if let Some(year) = self.four_digits(i + 2) {
                return Some((i + 3, Expression::new(Meaning::Year(year))));
            }
            return Some((i + 2, lasting(Count::ONE, Unit::Year, 0)));
        }
        None
    }

    // Years.

    fn year_then(self, i: usize) -> Option<Found> {
        let year = self.four_digits(i)?;
        // Part of a longer number, a sum, an address or a score.
        let joins = |j: usize| {
            self.is_joined(j)
                && self.words.get(j).is_some_and(|w| {
                    !matches!(w.text, "," | "." | ";" | ":" | ")" | "-" | "–" | "?" | "!")
                        && !w.is_apostrophe()
                        && w.text != "\""
                        && w.text != "”"
                        && w.text != "/"
                })
        };
        let decimal = (self.is(i + 1, ".") || self.is(i + 1, ","))
            && self.is_joined(i + 2)
            && self.digits(i + 2).is_some();
        let after_sum = i > 0
            && self.is_joined(i)
            && self.words.get(i - 1).is_some_and(|w| {
                matches!(w.text, "$" | "£" | "€" | "#" | "." | ",") || w.text == "¥"
            });
        if joins(i + 1) || decimal || after_sum || !(1400..=2100).contains(&year) {
            return None;
        }
        // "1988's fourth quarter"
        let owns =
            self.words.get(i + 1).is_some_and(Word::is_apostrophe) && self.is(i + 2, "s");
        if let Some((end, quarter)) = self.ordinal_quarter(i + 3).filter(|_| owns) {
            let name = Name::Quarter(Some(quarter));
            return Some((end, Expression::named(name, None, Within::Year(year))));
        }
        Some((i + 1, Expression::new(Meaning::Year(year))))
    }

    /// "the 1988 quarter", "the 1988 third quarter", "the 1988 period".
    fn year_quarter(self, j: usize) -> Option<Found> {
        let year = Within::Year(self.four_digits(j)?);
        if let Some((end, quarter)) = self.ordinal_quarter(j + 1) {
            let name = Name::Quarter(Some(quarter));
            return Some((end, Expression::named(name, None, year)));
        }
        if self.is(j + 1, "quarter") {
            let name = Name::Quarter(None);
            return Some((j + 2, Expression::named(name, None, year)));
        }
        if self.is(j + 1, "period") {
            return Some((j + 2, Expression::named(Name::Period, None, year)));
        }
        None
    }

    fn spoken_year_at(self, i: usize) -> Option<(usize, i32)> {
        let Class::Number(century @ 17..=20) = self.class(i) else { return None };
        let k = self.hyphen(i + 1).unwrap_or(i + 1);
        let Class::Number(tens @ 10..) = self.class(k) else { return None };
        let (end, count) = self.number(k)?;
        let rest = count.halves? / 2;
        ((10..100).contains(&rest) && rest >= tens)
            .then_some((end, (century * 100 + rest) as i32))
    }

    /// "nineteen ninety-six", as it is spoken.
    fn spoken_year(self, i: usize) -> Option<Found> {
        let (end, year) = self.spoken_year_at(i)?;
        let counts = matches!(self.class(end), Class::Unit(_) | Class::Units(_));
        (!counts).then_some((end, Expression::new(Meaning::Year(year))))
    }

    fn spoken_decade(self, i: usize) -> Option<Found> {
        let Class::Number(century @ 17..=20) = self.class(i) else { return None };
        let Class::Decade(n) = self.class(self.hyphen(i + 1).unwrap_or(i + 1)) else {
            return None;
        };
        let end = self.hyphen(i + 1).unwrap_or(i + 1) + 1;
        let meaning = Meaning::Decade((century * 10 + n / 10) as i32);
        Some((end, Expression::new(meaning)))
    }

    /// "1990s", "1990's", "90s".
    fn decade(self, i: usize) -> Option<Found> {
        let (year, length) = self.digits(i)?;
        let apostrophe = self.words.get(i + 1).is_some_and(Word::is_apostrophe);
        let j = i + 1 + usize::from(apostrophe);
        if !self.is(j, "s") || !self.is_joined(i + 1) || !self.is_joined(j) {
            return None;
        }
        let decade = match (year, length) {
            (1000..=2190, 4) if year % 10 == 0 => year / 10,
            (20..=90, 2) if year % 10 == 0 => 190 + year / 10,
            _ => return None,
        };
        if year % 100 == 0 && length == 4 && year < 1900 {
            return Some((j + 1, Expression::new(Meaning::Century((year / 100) as i32))));
        }
        Some((j + 1, Expression::new(Meaning::Decade(decade as i32))))
    }

    /// "19th century", and "19th" in "the 19th and 20th century".
    fn century(self, i: usize) -> Option<Found> {
        let (n @ 1..=30, 1..=2) = self.digits(i)? else { return None };
        let j = self.skip_ordinal(i + 1);
        if j == i + 1 {
            return None;
        }
        let k = self.hyphen(j).unwrap_or(j);
        let found = Expression::new(Meaning::Century(n as i32 - 1));
        let is_century = |k| self.is(k, "century") || self.is(k, "centuries");
        if is_century(k) {
            return Some((k + 1, found));
        }
        if self.is(j, "and") || self.is(j, "or") || self.is(j, "to") {
            let k = self.skip(j + 1, "early");
            let k = self.skip(self.skip(k, "the"), "early");
            let second = self.skip_ordinal(k + 1);
            if self.digits(k).is_some() && second > k + 1 && is_century(second) {
                return Some((j, found));
            }
        }
        None
    }

    // Times of day.

    /// "9 a.m. [EST] [Tuesday]", "noon Thursday".
    fn clock_and_day(self, i: usize) -> Option<Found> {
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

    fn clock(self, i: usize) -> Option<(usize, Clock)> {
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

    // What comes back.

    fn every(self, i: usize) -> Option<Found> {
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
    fn times(self, i: usize) -> Option<Found> {
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

/// Words between a number and the unit it counts: "two more weeks", "eight trading days".
const BETWEEN: [&str; 11] = [
    "additional",
    "consecutive",
    "entire",
    "extra",
    "full",
    "more",
    "other",
    "solid",
    "straight",
    "trading",
    "whole",
];

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

const ATTACKS: [&str; 6] =
    ["attack", "attacks", "hijackers", "hijackings", "terror", "terrorist"];

/// A length of time.
fn lasting(count: Count, unit: Unit, sign: i32) -> Expression {
    Expression::new(Meaning::Duration { count, unit, sign })
}

fn is_duration(expression: &Expression) -> bool {
    matches!(expression.meaning, Meaning::Duration { .. })
}
