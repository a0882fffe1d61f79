//! Answers a page at a time, each beginning behind a place in an order.
//!
//! What comes in meanwhile moves nothing that was told: articles and days keep their places.
//! Sources and the best matches are ranked, and what rises past a place while somebody turns
//! pages is not told again; [`Store::hold`] is for those who need all of it.

use according_corpus::format::ClaimEntry;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::ask::{denials_of, full_text, named, sources_named};
use crate::error::Error;
use crate::set_right::{Remarks, called_otherwise};
use crate::{Hit, Question, Relied, Store};

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
    /// When the file cannot be read.
    pub fn hold(&mut self) -> Result<(), Error> {
        loop {
            self.settle()?;
            self.db.execute_batch("BEGIN").map_err(|error| self.error(error))?;
            // Another program may have written in between; what it says is worked out first.
            if self.is_settled()? {
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
    /// When the file cannot be read.
    pub fn let_go(&mut self) -> Result<(), Error> {
        self.is_held = false;
        self.db.execute_batch("COMMIT").map_err(|error| self.error(error))
    }

    /// At most `limit` articles that a question is about, behind a place; with where the last
    /// of them stands. The question's own limit does not matter.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn search_from(
        &mut self,
        question: &Question,
        after: Option<&HitPlace>,
        limit: u32,
    ) -> Result<(Vec<Hit>, Option<HitPlace>), Error> {
        self.settle()?;
        let words = question.words.as_deref().and_then(full_text);
        let best_first = match (&words, after) {
            (None, _) => false,
            (Some(_), Some(place)) => place.rank.is_some(),
            (Some(words), None) => self.is_ranked(words)?,
        };
        let condition = after.map_or_else(|| "true".to_owned(), |place| {
            let id = place.article;
            let day = place.published.as_deref().map(quoted);
            match (place.rank, &words, day) {
                // Written so that it is read as the same number.
                (Some(rank), Some(_), _) => format!(
                    "(text.rank > {rank:?} OR (text.rank = {rank:?} AND article.id > {id}))"
                ),
                (_, Some(_), _) => format!("text.rowid < {id}"),
                (_, None, Some(day)) => format!(
                    "(article.published < {day} OR article.published IS NULL
                     OR (article.published = {day} AND article.id < {id}))"
                ),
                (_, None, None) => {
                    format!("article.published IS NULL AND article.id < {id}")
                }
            }
        });
        let question = Question { limit, ..question.clone() };
        let found = self.found_in_order(&question, &condition, Some(best_first))?;
        let last = found.last().map(|(article, hit)| HitPlace {
            article: *article,
            published: hit.published.clone(),
            rank: None,
        });
        let last = match (last, words.filter(|_| best_first)) {
            (Some(last), Some(words)) => {
                let rank = self.rank(&words, last.article)?;
                Some(HitPlace { rank, ..last })
            }
            (last, _) => last,
        };
        Ok((self.with_claims(found)?, last))
    }

    fn rank(&self, words: &str, article: i64) -> Result<Option<f64>, Error> {
        let rank = "SELECT rank FROM text WHERE text MATCH ?1 AND rowid = ?2";
        let rank = self.db.query_row(rank, params![words, article], |row| row.get(0));
        rank.optional().map_err(|error| self.error(error))
    }

    /// At most `limit` sources behind one of them, those in most articles first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn sources_from(
        &self,
        name: Option<&str>,
        after: Option<&Relied>,
        limit: u32,
    ) -> Result<Vec<Relied>, Error> {
        let sql = |error| self.error(error);
        let Some(after) = after else { return self.sources(name, limit) };
        let otherwise = called_otherwise(&self.db, name.unwrap_or_default());
        let otherwise = otherwise.map_err(sql)?;
        let (condition, name) = match name {
            Some(name) => sources_named(name),
            None => ("?1 = ''", String::new()),
        };
        let query = format!(
            "SELECT name, kind, named, articles, claims FROM source
             WHERE ({condition} OR name IN (SELECT value FROM json_each(?3)))
                 AND articles <= ?4
                 AND (-articles, -claims, name, kind, named) > (-?4, -?5, ?6, ?7, ?8)
             ORDER BY articles DESC, claims DESC, name, kind, named LIMIT ?2"
        );
        let mut query = self.db.prepare_cached(&query).map_err(sql)?;
        let Relied { name: last, kind, named, articles, claims } = after;
        let values = params![name, limit, otherwise, articles, claims, last, kind, named];
        let rows = query.query_map(values, |row| {
            Ok(Relied {
                name: row.get(0)?,
                kind: row.get(1)?,
                named: row.get(2)?,
                articles: row.get(3)?,
                claims: row.get(4)?,
            })
        });
        rows.map_err(sql)?.collect::<rusqlite::Result<_>>().map_err(sql)
    }

    /// At most `limit` claims that were first told within some days, behind a place, earliest
    /// first and undated ones last; with where the last of them stands.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    #[expect(clippy::type_complexity, reason = "a page, and where it ends")]
    pub fn timeline_from(
        &mut self,
        (from, to): (Option<&str>, Option<&str>),
        after: Option<&DayPlace>,
        limit: u32,
    ) -> Result<(Vec<(Option<String>, ClaimEntry)>, Option<DayPlace>), Error> {
        self.settle()?;
        let sql = |error| self.error(error);
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        let start = DayPlace { day: None, commonness: i64::MIN, place: Vec::new() };
        let is_undated = after.is_some_and(|place| place.day.is_none());
        let mut found: Vec<(i64, ClaimEntry, DayPlace)> = Vec::new();
        let dated = "first >= coalesce(?1, '') AND first <= coalesce(?2, '~')
            AND (first, commonness, place) > (coalesce(?4, ''), ?5, ?6)";
        let undated = "first IS NULL AND ?1 IS NULL AND ?2 IS NULL AND ?4 IS NULL
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
            let mut query = self.db.prepare_cached(&query).map_err(sql)?;
            let values =
                params![from, to, left, begin.day, begin.commonness, begin.place];
            let mut rows = query.query(values).map_err(sql)?;
            while let Some(row) = rows.next().map_err(sql)? {
                let mut entry = self.entry(row.get_ref(4).map_err(sql)?.as_blob())?;
                self.grade(&mut entry, &remarks).map_err(sql)?;
                let place = DayPlace {
                    day: row.get(1).map_err(sql)?,
                    commonness: row.get(2).map_err(sql)?,
                    place: row.get(3).map_err(sql)?,
                };
                found.push((row.get(0).map_err(sql)?, entry, place));
            }
        }
        let last = found.last().map(|(.., place)| place.clone());
        let ids = found.iter().flat_map(|(id, entry, _)| denials_of(entry).chain([*id]));
        let numbers = self.numbers(ids.collect())?;
        let found = found.into_iter();
        let found =
            found.map(|(id, entry, place)| (place.day, named(id, entry, &numbers)));
        Ok((found.collect(), last))
    }
}

/// A text as SQL reads it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
