//! From what is said to which date that is, seen from the day of publication and from the
//! times told before.

use super::TimeKind;
use super::grammar::{Base, Expression, Meaning, Name, Relation, Set, Within};
use super::value::{Clock, Count, Point, duration};
use super::word::Unit;
use crate::article::day::{Day, easter, month_days, plus_months};

/// Which way a name without a direction looks: what is told in the past tense has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Past,
    /// "since May": it is over, and something else is told that came after.
    Since,
    Future,
    Unknown,
}

impl Direction {
    fn is_past(self) -> bool {
        matches!(self, Self::Past | Self::Since)
    }
}

/// Where the reader of an article stands in time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Anchor {
    pub(super) publication: Option<Day>,
    /// The time told last.
    reference: Option<Point>,
    /// The month or shorter stretch told last.
    in_month: Option<Point>,
    /// The day told last.
    day: Option<Day>,
    /// The time told last that is to come.
    coming: Option<Point>,
    /// The quarter a report on business is about.
    quarter: Option<(i32, u8)>,
    /// Whether that is what figures are about just now, and not a whole year.
    in_quarter: bool,
}

/// What an expression means here.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolved {
    pub(super) kind: TimeKind,
    pub(super) value: String,
    pub(super) point: Option<Point>,
    pub(super) clock: Option<Clock>,
    /// First and last day, where they do not follow from the point.
    pub(super) range: Option<(Day, Day)>,
}

impl Anchor {
    pub(super) fn new(publication: Option<Day>) -> Self {
        Self { publication, ..Self::default() }
    }

    /// Whether what was told before lets it be a time: "the second half" is one of a year
    /// where figures of firms are told, and of a match elsewhere.
    pub(super) fn knows(&self, expression: &Expression) -> bool {
        let is_half = matches!(
            expression.meaning,
            Meaning::Named { name: Name::Half(_), within: Within::Unknown, .. }
        );
        !is_half || self.quarter.is_some()
    }

    /// Works out what `expression` means, and remembers it for those after it. `told` is the
    /// same in other words where it has them.
    pub(super) fn resolve(
        &mut self,
        expression: &Expression,
        told: Option<Meaning>,
        direction: Direction,
    ) -> Resolved {
        let clock = expression.clock;
        // "Three years later" is a length for TimeML, and for readers what was then.
        let length = match expression.meaning {
            Meaning::Shift { count, unit, sign: 1, base: Base::Reference } => {
                Some(duration(count, unit))
            }
            _ => None,
        };
        let meaning = told.unwrap_or(expression.meaning);
        let expression = &Expression { meaning, ..*expression };
        match expression.meaning {
            Meaning::Duration { count, unit, sign } => {
                let today = self.publication.filter(|_| sign != 0);
                return self.lasting(
                    count,
                    unit,
                    today.and_then(|d| stretch(d, count, unit, sign)),
                );
            }
            Meaning::FirstOf { count, unit, year } => {
                let first = self.year(year).and_then(|year| Day::new(year, 1, 1));
                let range = first.and_then(|day| stretch(day, count, unit, 1));
                let range =
                    range.and_then(|(day, after)| Some((day, after.plus_days(-1)?)));
                return self.lasting(count, unit, range);
            }
            Meaning::Set(set) => return set_value(set),
            _ => {}
        }
        let point = self.point(expression, direction);
        // "a year ago" compares, and does not lead the story there.
        let compares = matches!(
            expression.meaning,
            Meaning::Shift { unit: Unit::Year, .. }
                | Meaning::YearAgo
                | Meaning::Named { relation: Some(Relation { shift: -4, .. }), .. }
                | Meaning::Named {
                    name: Name::Quarter(None),
                    within: Within::Relative(Relation { shift: -1, .. }),
                    ..
                }
        );
        // The day something began, and what is years away, is not where the story is; "since
        // 1992. That August …" is of that year.
        let begins = direction == Direction::Since && !point.is_longer_than_month();
        if !compares && !begins && !self.is_far(point) {
            self.remember(point, direction);
        }
        let kind = match (&length, clock) {
            (Some(_), _) => TimeKind::Duration,
            (None, Some(_)) => TimeKind::Time,
            (None, None) => TimeKind::Date,
        };
        Resolved {
            kind,
            value: length.unwrap_or_else(|| point.value(clock)),
            point: Some(point),
            clock,
            range: None,
        }
    }

    /// Whether it is years after the day of publication: "bonds due in 2027".
    fn is_far(&self, point: Point) -> bool {
        let begin = point.range().map(|range| range.0.year);
        self.publication.zip(begin).is_some_and(|(today, year)| year > today.year + 2)
    }

    fn remember(&mut self, point: Point, direction: Direction) {
        if point.is_resolved() {
            self.reference = Some(point);
            let begin = point.range().map(|range| range.0);
            if begin.zip(self.publication).is_some_and(|(begin, today)| begin > today) {
                self.coming = Some(point);
            }
            if !point.is_longer_than_month() {
                self.in_month = Some(point);
            }
        }
        match point {
            Point::Day(Some(day)) => self.day = Some(day),
            Point::Quarter(Some(year), Some(quarter)) => {
                // A quarter to come is a forecast, and the same one of the year before is
                // what figures are compared with: they are about neither. The one that is
                // running is over where its figures are told: it is one of a fiscal year.
                let is_to_come = self.publication.is_some_and(|today| {
                    let now = (today.year, (today.month - 1) / 3 + 1);
                    (year, quarter) > now
                        || (year, quarter) == now && !direction.is_past()
                });
                if !is_to_come && self.quarter != Some((year + 1, quarter)) {
                    self.quarter = Some((year, quarter));
                }
                self.in_quarter = true;
            }
            Point::Year(_) => self.in_quarter = false,
            _ => {}
        }
    }

    fn lasting(
        &mut self,
        count: Count,
        unit: Unit,
        range: Option<(Day, Day)>,
    ) -> Resolved {
        // "For the nine months": figures are about a quarter no more.
        if unit == Unit::Month && count != Count::of(3) {
            self.in_quarter = false;
        }
        let value = duration(count, unit);
        Resolved { kind: TimeKind::Duration, value, point: None, clock: None, range }
    }

    fn point(&self, expression: &Expression, direction: Direction) -> Point {
        let today = self.publication;
        match expression.meaning {
            Meaning::Date { year, month, day, .. } => {
                let year = self.year(year).or_else(|| {
                    let today = today?;
                    nearest(today, month, Some(day), direction)
                });
                match year.map(|year| Day::new(year, month, day)) {
                    Some(Some(date)) => Point::Day(Some(date)),
                    _ => Point::MonthDay(month, day),
                }
            }
            Meaning::Year(year) => Point::Year(Some(year)),
            Meaning::Decade(decade) => Point::Decade(Some(decade)),
            Meaning::Century(century) => Point::Century(Some(century)),
            Meaning::Deictic(days) => Point::Day(today.and_then(|d| d.plus_days(days))),
            Meaning::Named { name, relation, within } => {
                self.named(name, relation, within, direction)
            }
            // "Months later, he resigned": nobody knows when, but it is over.
            Meaning::Shift { count: Count { halves: None }, sign, .. } => {
                match sign < 0 || direction.is_past() {
                    true => Point::Past,
                    false => Point::Future,
                }
            }
            Meaning::Shift {
                count: Count { halves: Some(halves) },
                unit,
                sign,
                base,
            } => self.shifted(halves, unit, sign, base),
            Meaning::ShiftedWeekday { count, unit, sign, weekday: day } => {
                let shifted = || {
                    let n = i32::try_from(count.halves? / 2).ok()?.checked_mul(sign)?;
                    let toward =
                        if sign < 0 { Direction::Past } else { Direction::Future };
                    let from = weekday(today?, day, None, toward)?;
                    match unit {
                        Unit::Week => from.plus_days(i64::from(n) * 7),
                        // The nearest such day: a year is no whole number of weeks.
                        unit => {
                            let months = if unit == Unit::Year { 12 } else { 1 };
                            let there = today?.plus_months(n.checked_mul(months)?)?;
                            weekday(there.plus_days(-3)?, day, None, Direction::Future)
                        }
                    }
                };
                Point::Day(shifted())
            }
            Meaning::ShiftedDay { count, unit, sign, days } => {
                let day = today
                    .and_then(|today| today.plus_days(days))
                    .and_then(|day| Some(stretch(day, count, unit, sign)?.0));
                Point::Day(day)
            }
            // "13 percent in March, up from 8 percent a year ago": in March of it.
            Meaning::YearAgo => match self.reference {
                Some(Point::Month(Some(year), month)) if !self.in_quarter => {
                    Point::Month(Some(year - 1), month)
                }
                _ => self.shifted(2, Unit::Year, -1, Base::Publication),
            },
            // "By then" is what is to come if such a time was told.
            Meaning::Then => {
                let coming = self.coming.filter(|_| !direction.is_past());
                coming.or(self.reference).unwrap_or(Point::Past)
            }
            Meaning::DayOfMonth(day) => {
                let shift = |today: Day| match direction {
                    Direction::Past | Direction::Since if day > today.day => -1,
                    Direction::Future if day < today.day => 1,
                    _ => 0,
                };
                Point::Day(today.and_then(|today| {
                    let (year, month) =
                        plus_months(today.year, today.month, shift(today))?;
                    Day::new(year, month, day)
                }))
            }
            // A day that is to come is none of which something is told in the past.
            Meaning::TimeOfDay => {
                let is_over = |day: &Day| !direction.is_past() || Some(*day) <= today;
                Point::Day(self.day.filter(is_over).or(today))
            }
            Meaning::Overnight => {
                let days = if direction == Direction::Future { 0 } else { -1 };
                Point::Day(today.and_then(|today| today.plus_days(days)))
            }
            Meaning::Present => Point::Present,
            Meaning::Past => Point::Past,
            Meaning::Future => Point::Future,
            Meaning::Duration { .. } | Meaning::FirstOf { .. } | Meaning::Set(_) => {
                Point::Present
            }
        }
    }

    fn year(&self, within: Within) -> Option<i32> {
        match within {
            Within::Unknown => None,
            Within::Year(year) => Some(year),
            Within::Relative(relation) => {
                self.base(relation.base)?.year.checked_add(relation.shift)
            }
        }
    }

    /// The day a relative expression counts from.
    fn base(&self, base: Base) -> Option<Day> {
        match base {
            Base::Publication => self.publication,
            Base::Reference => {
                let told = self.reference.and_then(Point::range).map(|range| range.0);
                told.or(self.publication)
            }
        }
    }

    fn named(
        &self,
        name: Name,
        relation: Option<Relation>,
        within: Within,
        direction: Direction,
    ) -> Point {
        let shift = relation.map_or(0, |r| r.shift);
        let base = self.base(relation.map_or(Base::Publication, |r| r.base));
        let year = self.year(within);
        match name {
            Name::Unit(Unit::Month) if year.is_some() => {
                Point::Month(year, base.map(|base| base.month))
            }
            Name::Unit(unit) => self.unit(unit, relation, direction),
            // Where a quarter was told it is that one, whatever the firm calls it.
            Name::QuarterTo(_)
                if self.quarter.is_some()
                    && year.is_none()
                    && direction != Direction::Future =>
            {
                let told = Relation { base: Base::Reference, shift: 0 };
                self.quarter(Some(told), None)
            }
            Name::QuarterTo(month) => {
                let nearest = || nearest(base?, month, None, direction);
                let year = year.or_else(nearest);
                // It is called by its middle: one to July is the second.
                let middle = year.and_then(|year| plus_months(year, month, -1));
                let quarter = middle.map(|(_, month)| (month - 1) / 3 + 1);
                Point::Quarter(middle.map(|(year, _)| year), quarter)
            }
            Name::Period if self.in_quarter => self.quarter(relation, year),
            Name::Period => Point::Year(year),
            Name::WeekOf(n, month) => {
                let year = year.or_else(|| nearest(base?, month, None, direction));
                let day = year.and_then(|year| week_of(n, year, month));
                Point::Week(day.map(Day::week))
            }
            Name::WeekdayOf { n, weekday: day, month } => {
                let nearest = || nearest(base?, month, None, direction);
                let date =
                    year.or_else(nearest).and_then(|y| nth_weekday(n, day, y, month));
                Point::Day(date)
            }
            Name::WeekTo(day) => {
                let day = base.and_then(|base| weekday(base, day, None, direction));
                Point::Week(day.map(Day::week))
            }
            Name::WeekWith(month, day) => {
                let nearest = || nearest(base?, month, Some(day), direction);
                let day = year.or_else(nearest).and_then(|y| Day::new(y, month, day));
                Point::Week(day.map(Day::week))
            }
            Name::Weekday(day) => {
                let date = base.and_then(|base| weekday(base, day, relation, direction));
                date.map_or(Point::Weekday(day), |date| Point::Day(Some(date)))
            }
            Name::Month(month) => {
                let year = year.or_else(|| {
                    let base = base?;
                    let ahead = i32::from(month) - i32::from(base.month);
                    match (relation.is_some(), shift) {
                        (true, -1) => Some(base.year - i32::from(ahead >= 0)),
                        (true, 1) => Some(base.year + i32::from(ahead <= 0)),
                        (true, _) => Some(base.year),
                        (false, _) => nearest(base, month, None, direction),
                    }
                });
                Point::Month(year, Some(month))
            }
            Name::Season(season) => {
                let year = year.or_else(|| {
                    let base = base?;
                    // By its middle month; winter counts for the year it begins in.
                    let middle = match season {
                        "SP" => 4,
                        "SU" => 7,
                        "FA" => 10,
                        _ => 13,
                    };
                    let ahead = middle - i32::from(base.month);
                    let running = ahead.abs() <= 1;
                    let last = base.year - i32::from(ahead >= -1);
                    Some(match (relation.is_some(), shift) {
                        (true, -1) => last,
                        (true, 1) => base.year + i32::from(ahead <= 1),
                        // The winter that began last year goes on into spring.
                        _ if middle == 13 && base.month <= 3 => base.year - 1,
                        (true, _) => base.year,
                        (false, _) if direction.is_past() && !running => {
                            base.year - i32::from(ahead > 1)
                        }
                        (false, _) => base.year,
                    })
                });
                Point::Season(year, season)
            }
            Name::Quarter(Some(quarter)) => {
                let year = year.or_else(|| {
                    let base = base?;
                    let now = (base.month - 1) / 3 + 1;
                    // The results of a fourth quarter are told in the next year.
                    let before =
                        quarter > now + 1 && (direction.is_past() || quarter == now + 3);
                    Some(base.year - i32::from(before))
                });
                Point::Quarter(year, Some(quarter))
            }
            Name::Quarter(None) => self.quarter(relation, year),
            Name::NewYear => Point::Year(base.map(|d| d.year + i32::from(d.month >= 7))),
            Name::Half(half) => {
                // Told in the past before it has begun it is that of the year before.
                let last = |day: Day| {
                    i32::from(half == 2 && day.month < 7 && direction.is_past())
                };
                Point::Half(year.or(base.map(|b| b.year - last(b))), half)
            }
            Name::Holiday(rule) => {
                let date = |year| holiday(rule, year);
                let found = match (year, base) {
                    (Some(year), _) => date(year),
                    (None, None) => None,
                    (None, Some(base)) => date(base.year).and_then(|day| {
                        let days = base.days_to(day);
                        match (relation.is_some(), shift) {
                            (true, -1) if days >= 0 => date(base.year - 1),
                            (true, 1) if days <= 0 => date(base.year + 1),
                            (true, _) => Some(day),
                            // In its own week it is not the one of the year before.
                            (false, _) if direction.is_past() && days > 7 => {
                                date(base.year - 1)
                            }
                            (false, _) if direction == Direction::Future => {
                                date(base.year + i32::from(days < -7))
                            }
                            (false, _) if days > 183 => date(base.year - 1),
                            (false, _) if days < -183 => date(base.year + 1),
                            (false, _) => Some(day),
                        }
                    }),
                };
                match (found, rule.get(..2), rule.get(3..5)) {
                    (Some(day), ..) => Point::Day(Some(day)),
                    (None, Some(month), Some(day)) if rule.len() == 5 => {
                        match (month.parse(), day.parse()) {
                            (Ok(month), Ok(day)) => Point::MonthDay(month, day),
                            _ => Point::Day(None),
                        }
                    }
                    _ => Point::Day(None),
                }
            }
        }
    }

    fn unit(
        &self,
        unit: Unit,
        relation: Option<Relation>,
        direction: Direction,
    ) -> Point {
        let shift = relation.map_or(0, |r| r.shift);
        let refers = relation.is_some_and(|r| r.base == Base::Reference);
        let base = match relation {
            Some(relation) => self.base(relation.base),
            None => self.publication,
        };
        match unit {
            Unit::Day if refers => {
                let told = match self.reference {
                    Some(Point::Day(day)) => day,
                    _ => self.day,
                };
                let day = told.or(self.publication.filter(|_| shift == 0));
                Point::Day(day.and_then(|d| d.plus_days(shift.into())))
            }
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => {
                Point::Day(base.and_then(|d| d.plus_days(shift.into())))
            }
            Unit::Week | Unit::Fortnight => {
                // After "since 1993", "the week" is none of that year.
                let base = match self.reference {
                    Some(Point::Day(_) | Point::Week(_) | Point::Weekend(_)) => base,
                    _ if refers => self.day.or(self.publication),
                    _ => base,
                };
                let day = base.and_then(|d| d.plus_days(i64::from(shift) * 7));
                Point::Week(day.map(Day::week))
            }
            Unit::Weekend => {
                let weeks = base.map(|base| {
                    let back = match (relation.is_some(), direction) {
                        (true, _) => shift,
                        // On a weekend it is this one, on other days of the past the last.
                        (
                            false,
                            Direction::Past | Direction::Since | Direction::Unknown,
                        ) if base.weekday() < 6 => -1,
                        _ => 0,
                    };
                    base.plus_days(i64::from(back) * 7).map(Day::week)
                });
                Point::Weekend(weeks.flatten())
            }
            Unit::Month if refers => {
                let told = self.in_month.and_then(Point::range).map(|range| range.0);
                month(told.or(self.publication), shift)
            }
            Unit::Month => month(base, shift),
            Unit::Quarter => self.quarter(relation, None),
            // "For the year": told in its first months it is the one before.
            Unit::Year if relation.is_none() => Point::Year(
                base.map(|d| d.year - i32::from(d.month <= 3 && direction.is_past())),
            ),
            Unit::Year => Point::Year(base.and_then(|d| d.year.checked_add(shift))),
            Unit::Decade => Point::Decade(base.map(|d| d.year / 10 + shift)),
            Unit::Century => Point::Century(base.map(|d| d.year / 100 + shift)),
        }
    }

    fn quarter(&self, relation: Option<Relation>, year: Option<i32>) -> Point {
        let Some(today) = self.publication else { return Point::Quarter(year, None) };
        let now = today.year * 4 + i32::from(today.month - 1) / 3;
        let told = self.quarter.map(|(year, quarter)| year * 4 + i32::from(quarter) - 1);
        let n = match relation {
            Some(Relation { base: Base::Publication, shift }) => now + shift,
            Some(Relation { shift, .. }) => told.unwrap_or(now - 1) + shift,
            None => told.unwrap_or(now - 1),
        };
        let quarter = (n.rem_euclid(4) + 1) as u8;
        Point::Quarter(Some(year.unwrap_or(n.div_euclid(4))), Some(quarter))
    }

    fn shifted(&self, halves: u32, unit: Unit, sign: i32, base: Base) -> Point {
        // "a year and a half ago", "half a century ago"
        let (halves, unit) = match unit {
            Unit::Century => (halves.saturating_mul(100), Unit::Year),
            Unit::Decade => (halves.saturating_mul(10), Unit::Year),
            Unit::Year if halves % 2 == 1 => (halves.saturating_mul(12), Unit::Month),
            unit => (halves, unit),
        };
        let n = i32::try_from(halves / 2).unwrap_or(i32::MAX);
        let by = |factor: i32| n.checked_mul(sign)?.checked_mul(factor);
        let from = self.base(base);
        match (unit, self.quarter) {
            // "against $3 million a year ago", of a quarter: that quarter.
            (Unit::Year, Some((year, quarter)))
                if n == 1 && sign < 0 && self.in_quarter =>
            {
                Point::Quarter(Some(year - 1), Some(quarter))
            }
            (Unit::Year | Unit::Decade | Unit::Century, _) => {
                Point::Year(from.and_then(|d| d.year.checked_add(by(1)?)))
            }
            (Unit::Month | Unit::Quarter, _) => {
                let factor = if unit == Unit::Quarter { 3 } else { 1 };
                let to = from.and_then(|d| plus_months(d.year, d.month, by(factor)?));
                match to {
                    Some((year, month)) => Point::Month(Some(year), Some(month)),
                    None => Point::Month(None, None),
                }
            }
            (Unit::Week | Unit::Weekend | Unit::Fortnight, _) => {
                let days = if unit == Unit::Fortnight { 14 } else { 7 };
                let from = match (base, self.reference) {
                    (Base::Reference, Some(told)) if told.is_longer_than_month() => {
                        self.day
                    }
                    _ => from,
                };
                let to = from.and_then(|d| d.plus_days(by(days)?.into()));
                Point::Week(to.map(Day::week))
            }
            (Unit::Day, _) => {
                let from = match (base, self.reference) {
                    (Base::Reference, Some(Point::Day(_)) | None) => from,
                    (Base::Reference, _) => self.day,
                    _ => from,
                };
                Point::Day(from.and_then(|d| d.plus_days(by(1)?.into())))
            }
            (Unit::Hour, _) => {
                let days = i64::from(n / 24) * i64::from(sign);
                Point::Day(from.and_then(|d| d.plus_days(days)))
            }
            (Unit::Minute | Unit::Second, _) => Point::Day(from),
        }
    }
}

/// The month so many after that of a day.
fn month(day: Option<Day>, shift: i32) -> Point {
    match day.and_then(|day| plus_months(day.year, day.month, shift)) {
        Some((year, month)) => Point::Month(Some(year), Some(month)),
        None => Point::Month(None, None),
    }
}

/// The days from `day` on, or up to it: "the last three months".
fn stretch(day: Day, count: Count, unit: Unit, sign: i32) -> Option<(Day, Day)> {
    let n = i32::try_from(count.halves? / 2).ok()?.checked_mul(sign)?;
    let months = |factor: i32| day.plus_months(n.checked_mul(factor)?);
    let other = match unit {
        Unit::Day => day.plus_days(n.into()),
        Unit::Week => day.plus_days(i64::from(n) * 7),
        Unit::Fortnight => day.plus_days(i64::from(n) * 14),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
        Unit::Decade => months(120),
        Unit::Century => months(1200),
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Weekend => None,
    }?;
    Some((day.min(other), day.max(other)))
}

fn set_value(set: Set) -> Resolved {
    let value = match set {
        Set::Every(count, unit) => duration(count, unit),
        Set::Period(period) => period.to_owned(),
        Set::Weekday(day) => format!("XXXX-WXX-{day}"),
        Set::WeekdayPart(day, part) => format!("XXXX-WXX-{day}T{part}"),
        Set::Month(month) => format!("XXXX-{month:02}"),
        Set::Season(season) => format!("XXXX-{season}"),
        Set::Part(part) => format!("XXXX-XX-XXT{part}"),
    };
    Resolved { kind: TimeKind::Set, value, point: None, clock: None, range: None }
}

/// The weekday before or after `base` that is meant.
fn weekday(
    base: Day,
    day: u8,
    relation: Option<Relation>,
    direction: Direction,
) -> Option<Day> {
    let ahead = (i64::from(day) - i64::from(base.weekday())).rem_euclid(7);
    let days = match (relation.map(|r| r.shift), direction) {
        // "Tuesday of last week"
        (Some(shift @ (-10 | 10)), _) => {
            i64::from(day) - i64::from(base.weekday()) + i64::from(shift) / 10 * 7
        }
        (Some(-1), _) => ahead - 7,
        (Some(1), _) if ahead == 0 => 7,
        (Some(1), _) => ahead,
        (None, Direction::Past | Direction::Since | Direction::Unknown) if ahead > 0 => {
            ahead - 7
        }
        _ => ahead,
    };
    base.plus_days(days)
}

/// The `n`-th of a weekday in a month, its last for 0.
fn nth_weekday(n: u8, weekday: u8, year: i32, month: u8) -> Option<Day> {
    let after = |first: u8| {
        let from = Day::new(year, month, first)?;
        let ahead = (i64::from(weekday) - i64::from(from.weekday())).rem_euclid(7);
        from.plus_days(ahead).filter(|day| day.month == month)
    };
    match n {
        0 => after(month_days(year, month).checked_sub(6)?),
        n => after(1)?.plus_days(7 * i64::from(n - 1)).filter(|day| day.month == month),
    }
}

/// A day in the `n`-th week of a month, in its last for 0.
fn week_of(n: u8, year: i32, month: u8) -> Option<Day> {
    let day = match n {
        0 => month_days(year, month).checked_sub(3)?,
        n => 7 * n - 3,
    };
    Day::new(year, month, day)
}

/// The year of a month, or of a day of a month, that is meant without being told.
fn nearest(today: Day, month: u8, day: Option<u8>, direction: Direction) -> Option<i32> {
    let months = i32::from(month) - i32::from(today.month);
    let days = months * 30 + day.map_or(0, |day| i32::from(day) - i32::from(today.day));
    // A month is past or coming as the tense says; a day is mostly the nearest one, and far
    // from today the tense tells more.
    let far = if day.is_some() { 60 } else { 0 };
    let years = match days {
        184.. => -1,
        ..-183 => 1,
        _ => 0,
    };
    let days = days + years * 365;
    Some(match direction {
        Direction::Past if days > far => today.year + years - 1,
        Direction::Since if days > 0 => today.year + years - 1,
        Direction::Future if days < -far => today.year + years + 1,
        _ => today.year + years,
    })
}

/// The day of a holiday: "12-25", "11-4-4" for the fourth Thursday of November, "easter".
fn holiday(rule: &str, year: i32) -> Option<Day> {
    if let Some(rest) = rule.strip_prefix("easter") {
        let days = if rest.is_empty() { 0 } else { rest.parse().ok()? };
        return easter(year)?.plus_days(days);
    }
    if rule == "11-election" {
        // The Tuesday after the first Monday of November.
        return holiday("11-1-1", year)?.plus_days(1);
    }
    let mut parts = rule.split('-').map(str::parse::<u8>);
    let mut next = || parts.next()?.ok();
    let (month, second) = (next()?, next()?);
    match next() {
        // The fifth is the last.
        Some(5) => nth_weekday(0, second, year, month),
        None => Day::new(year, month, second),
        Some(n) => nth_weekday(n, second, year, month),
    }
}
