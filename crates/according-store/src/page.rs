//! Answers a page at a time, each beginning behind a place in an order.
//!
//! What comes in meanwhile moves nothing that was told: articles and days keep their places.
//! Sources and the best matches are ranked, and what rises past a place while somebody turns
//! pages is not told again; [`Store::hold`] is for those who need all of it.

use according_corpus::format::ClaimEntry;
use serde::{Deserialize, Serialize};

use crate::ask::{denials_of, entry_of, named};
use crate::db::{self, values};
use crate::error::Error;
use crate::{Hit, Question, Relied, Store};

/// A claim with the day it was first told.
type Told = (Option<String>, ClaimEntry);

/// Where an article stands among those that are found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HitPlace {
    /// Its number.
    pub article: i64,
    /// Its day, where the latest come first.
    pub published: Option<String>,
    /// How well it matches, where the best come first.
    pub rank: Option<f64>,
}

/// Where a claim stands among those of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPlace {
    /// The day it was first told.
    pub day: Option<String>,
    /// The number of articles, below nothing.
    pub commonness: i64,
    /// Its first statement.
    pub place: Vec<u8>,
}

impl Store {
    /// From now on until [`Self::let_go`] all answers are of one state of the corpus,
    /// whatever is written meanwhile. Nothing can be written through this store.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn hold(&mut self) -> Result<(), Error> {
        loop {
            self.settle()?;
            self.db.hold().map_err(|error| self.error(error))?;
            // Another program may have written in between; what it says is worked out first.
            if self.is_settled().map_err(|error| self.error(error))? {
                self.is_held = true;
                return Ok(());
            }
            self.let_go()?;
        }
    }

    /// Answers are of the newest state again.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn let_go(&mut self) -> Result<(), Error> {
        self.is_held = false;
        self.db.let_go().map_err(|error| self.error(error))
    }

    /// The answer to a question, of one state of the corpus and without waiting for whoever
    /// writes: what was added last may not be worked out yet. Also tells whether it is.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read, and those of the question.
    pub fn glance<T>(
        &mut self,
        question: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<(T, bool), Error> {
        self.db.hold().map_err(|error| self.error(error))?;
        self.is_held = true;
        let answer = question(self);
        let is_settled = self.is_settled().map_err(|error| self.error(error));
        self.let_go()?;
        Ok((answer?, is_settled?))
    }

    /// At most `limit` articles that a question is about, behind a place; with where the last
    /// of them stands. The question's own limit does not matter.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn search_from(
        &mut self,
        question: &Question,
        after: Option<&HitPlace>,
        limit: u32,
    ) -> Result<(Vec<Hit>, Option<HitPlace>), Error> {
        self.settle()?;
        let question = Question { limit, ..question.clone() };
        let found = self.found_behind(&question, "true", after);
        let found = found.map_err(|error| self.error(error))?;
        let last = found.last().map(|(article, hit, rank)| HitPlace {
            article: *article,
            published: hit.published.clone(),
            rank: *rank,
        });
        let found = found.into_iter().map(|(article, hit, _)| (article, hit)).collect();
        let found = self.with_claims(found).map_err(|error| self.error(error))?;
        Ok((found, last))
    }

    /// At most `limit` sources behind one of them, those in most articles first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn sources_from(
        &self,
        name: Option<&str>,
        after: Option<&Relied>,
        limit: u32,
    ) -> Result<Vec<Relied>, Error> {
        self.relied_on(name, after, limit).map_err(|error| self.error(error))
    }

    /// At most `limit` claims that were first told within some days, behind a place, earliest
    /// first and undated ones last; with where the last of them stands.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn timeline_from(
        &mut self,
        days: (Option<&str>, Option<&str>),
        after: Option<&DayPlace>,
        limit: u32,
    ) -> Result<(Vec<Told>, Option<DayPlace>), Error> {
        self.settle()?;
        self.told_behind(days, after, limit).map_err(|error| self.error(error))
    }

    fn told_behind(
        &self,
        (from, to): (Option<&str>, Option<&str>),
        after: Option<&DayPlace>,
        limit: u32,
    ) -> db::Result<(Vec<Told>, Option<DayPlace>)> {
        let start = DayPlace { day: None, commonness: i64::MIN, place: Vec::new() };
        let is_undated = after.is_some_and(|place| place.day.is_none());
        let (mut found, mut places) = (Vec::new(), Vec::new());
        let dated = "first >= coalesce(?1, '') AND first <= coalesce(?2, '~')
            AND (first, commonness, place) > (coalesce(?4, ''), ?5, ?6)";
        let undated = "first IS NULL AND CAST(?1 AS TEXT) IS NULL
            AND CAST(?2 AS TEXT) IS NULL AND CAST(?4 AS TEXT) IS NULL
            AND (commonness, place) > (?5, ?6)";
        for days in [dated, undated].into_iter().skip(usize::from(is_undated)) {
            // Undated ones begin anew when the dated ones are all told.
            let begin = match (after, days == undated && !is_undated) {
                (Some(place), false) => place,
                _ => &start,
            };
            let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
            let query = format!(
                "SELECT id, first, commonness, place, entry FROM claim
                 WHERE {days} AND commonness < -1
                 ORDER BY first, commonness, place LIMIT ?3"
            );
            let values =
                values![from, to, left, begin.day, begin.commonness, begin.place];
            let more = self.db.rows(&query, values, |row| {
                places.push(DayPlace {
                    day: row.get(1)?,
                    commonness: row.get(2)?,
                    place: row.get(3)?,
                });
                Ok((row.get(0)?, entry_of(row, 4)?))
            });
            found.extend(more?);
        }
        let found = self.graded(found)?;
        let ids = found.iter().flat_map(|(id, entry)| denials_of(entry).chain([*id]));
        let numbers = self.numbers(ids.collect())?;
        let last = places.last().cloned();
        let days = places.into_iter().map(|place| place.day);
        let told =
            days.zip(found).map(|(day, (id, entry))| (day, named(id, entry, &numbers)));
        Ok((told.collect(), last))
    }
}
