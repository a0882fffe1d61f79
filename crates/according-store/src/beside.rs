//! What others say of one article: analysts, and the articles that tell the same.

use std::collections::{BTreeMap, BTreeSet};

use according_corpus::correction::{Act, Correction, Grade, holding};
use according_corpus::format::{ClaimEntry, Corrected};
use serde::Deserialize;

use crate::ask::entry_of;
use crate::db::{self, Failure, values};
use crate::error::Error;
use crate::pack::unpacked;
use crate::set_right::{Remarks, read};
use crate::{Place, Store, run};

/// What stands beside an article.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// How reliable an analyst calls its outlet.
    pub reliability: Option<Grade>,
    /// Notes of analysts on it as a whole.
    pub notes: Vec<Corrected>,
    /// Its statements, in the order of its report.
    pub statements: Vec<Standing>,
}

/// A statement, and what became of it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Where it is.
    pub place: Place,
    /// The claim of the corpus that it is part of, such as `K7`, where others make it too.
    pub shared: Option<String>,
    /// Whether an analyst rejected it.
    pub rejected: bool,
    /// Corrections that are about it, by number.
    pub corrected: Vec<Corrected>,
}

/// Of a claim, as it is kept, where it is made.
#[derive(Deserialize)]
struct Made {
    supports: Vec<Spot>,
    #[serde(default)]
    rejected: Vec<Spot>,
}

#[derive(Deserialize)]
struct Spot {
    article: String,
    start: usize,
    end: usize,
}

impl Store {
    /// What stands beside the article that is called `reference`, if there is one.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn beside(&mut self, reference: &str) -> Result<Option<Beside>, Error> {
        self.settle()?;
        let Some((_, places)) = self.places_of_article(reference)? else {
            return Ok(None);
        };
        let sql = |error| self.error(error);
        let row = "SELECT id, outlet FROM article WHERE ref = ?1 AND newer IS NULL";
        let row = self.db.row(row, values![reference], |row| {
            Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?))
        });
        let Some((id, outlet)) = row.map_err(sql)? else { return Ok(None) };
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        let shared = self.shared(id, reference).map_err(sql)?;
        let about = self.about(id).map_err(sql)?;
        let statements = places.into_iter().enumerate().map(|(n, place)| {
            let shared = shared.get(&(place.start, place.end)).cloned();
            let about = about.get(&n).map(Vec::as_slice).unwrap_or_default();
            let judged = about.iter().rev().find(|correction| {
                matches!(correction.act, Act::Accept { .. } | Act::Reject { .. })
            });
            let rejected = judged.is_some_and(|c| matches!(c.act, Act::Reject { .. }));
            let corrected = about.iter().map(Corrected::new).collect();
            Standing { place, shared, rejected, corrected }
        });
        Ok(Some(Beside {
            reliability: remarks.grade(outlet.as_deref()),
            notes: remarks.notes(id),
            statements: statements.collect(),
        }))
    }

    /// The numbers of the claims that an article makes with others, by where it does.
    fn shared(
        &self,
        article: i64,
        reference: &str,
    ) -> db::Result<BTreeMap<(usize, usize), String>> {
        let claims = "SELECT id, entry FROM claim WHERE id IN
            (SELECT claim FROM claim_article WHERE article = ?1)";
        let found: Vec<(i64, Made)> = self.db.rows(claims, values![article], |row| {
            Ok((row.get(0)?, unpacked(row.blob(1)?).ok_or(Failure::Damaged)?))
        })?;
        let numbers = self.numbers(found.iter().map(|(id, _)| *id).collect())?;
        let mut shared = BTreeMap::new();
        for (id, claim) in found {
            let Some(number) = numbers.get(&id) else { continue };
            let places = claim.supports.iter().chain(&claim.rejected);
            for place in places.filter(|place| place.article == reference) {
                shared.insert((place.start, place.end), format!("K{number}"));
            }
        }
        Ok(shared)
    }

    /// The corrections that hold and are about each statement of an article.
    fn about(&self, article: i64) -> db::Result<BTreeMap<usize, Vec<Correction>>> {
        let places = "SELECT correction, statement FROM anchor
            WHERE article = ?1 AND statement IS NOT NULL ORDER BY correction";
        let places = self.db.rows(places, values![article], |row| {
            Ok((row.get::<u32>(0)?, row.get::<u16>(1)?))
        })?;
        let places: BTreeSet<(u32, u16)> = places.into_iter().collect();
        let mut about: BTreeMap<usize, Vec<Correction>> = BTreeMap::new();
        if places.is_empty() {
            return Ok(about);
        }
        let all = read(&self.db, &[])?;
        let holds = holding(&all);
        for (number, statement) in places {
            let at = all.binary_search_by_key(&number, |c| c.number);
            if let Ok(at) = at
                && holds.get(at) == Some(&true)
                && let Some(correction) = all.get(at)
            {
                about.entry(usize::from(statement)).or_default().push(correction.clone());
            }
        }
        Ok(about)
    }

    /// At most `limit` other claims that are told in the same articles as one, those that
    /// have most articles in common with it first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn neighbours(&mut self, id: &str, limit: u32) -> Result<Vec<ClaimEntry>, Error> {
        self.settle()?;
        let number = id.strip_prefix(['K', 'k']).and_then(|n| n.parse::<i64>().ok());
        let Some(before) = number.and_then(|n| n.checked_sub(1)).filter(|n| *n >= 0)
        else {
            return Ok(Vec::new());
        };
        let near = "SELECT claim.id, claim.entry FROM claim JOIN
                 (SELECT claim AS other, count(*) AS n FROM claim_article
                  WHERE article IN (SELECT article FROM claim_article
                      WHERE claim = ?1 LIMIT 200)
                  GROUP BY claim) AS near ON other = claim.id
             WHERE claim.id <> ?1 AND commonness < 0
             ORDER BY n DESC, commonness, place LIMIT ?2";
        let found = run::claim_after(&self.db, before).and_then(|one| {
            let Some(one) = one else { return Ok(Vec::new()) };
            self.db.rows(near, values![one, limit], |row| {
                Ok((row.get(0)?, entry_of(row, 1)?))
            })
        });
        let found = found.and_then(|found| self.numbered(found));
        found.map_err(|error| self.error(error))
    }

    /// Outlets with how many articles each publishes and how reliable an analyst calls it,
    /// those of most articles first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn outlets(
        &self,
        limit: u32,
    ) -> Result<Vec<(String, u64, Option<Grade>)>, Error> {
        let sql = |error| self.error(error);
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        let outlets = "SELECT outlet, count(*) FROM article
            WHERE newer IS NULL AND outlet IS NOT NULL
            GROUP BY outlet ORDER BY count(*) DESC, outlet LIMIT ?1";
        let rows = self.db.rows(outlets, values![limit], |row| {
            let outlet: String = row.get(0)?;
            let n: i64 = row.get(1)?;
            let grade = remarks.grade(Some(&outlet));
            Ok((outlet, n.unsigned_abs(), grade))
        });
        rows.map_err(sql)
    }
}
