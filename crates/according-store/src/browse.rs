//! Going through a corpus a page at a time, while it may grow.
//!
//! A page begins after a place in an order and not after a number of items, so that what
//! comes in meanwhile neither repeats nor hides any.

use std::collections::BTreeSet;

use according_corpus::format::{ArticleEntry, ClaimEntry};
use serde::Serialize;

use crate::Store;
use crate::ask::{ENTRIES, entry, entry_of};
use crate::db::{Value, values};
use crate::error::Error;
use crate::set_right::Remarks;

/// An article as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedArticle {
    /// Where it stands in the order in which articles were added.
    #[serde(skip)]
    pub number: i64,
    /// What it is called.
    #[serde(rename = "ref")]
    pub reference: String,
    /// `sha256:` and the digest of its text.
    pub id: String,
    /// Title, given or found.
    pub title: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// The agency that wrote it, as it tells itself.
    pub wire: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
}

/// Where a claim stands among all, by how many articles make it and then by its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPlace {
    /// The number of articles, below nothing.
    pub commonness: i64,
    /// Its first statement.
    pub place: Vec<u8>,
}

impl Store {
    /// At most `limit` articles that were added after the one with a number, oldest first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn articles(&self, after: i64, limit: u32) -> Result<Vec<ListedArticle>, Error> {
        self.listed("id > ?1 AND newer IS NULL ORDER BY id LIMIT ?2", after, limit)
    }

    /// At most `limit` articles, the latest additions first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn latest(&self, limit: u32) -> Result<Vec<ListedArticle>, Error> {
        self.listed("id > ?1 AND newer IS NULL ORDER BY id DESC LIMIT ?2", 0, limit)
    }

    /// What the article with an identity, or else with a text, is called.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn called(&self, identity: &str, id: &str) -> Result<Option<String>, Error> {
        // In one statement SQLite would go through all articles.
        let find = |column: &str, value: &str| {
            let called = format!(
                "SELECT ref FROM article WHERE newer IS NULL AND {column} = ?1
                 ORDER BY id LIMIT 1"
            );
            self.db.one(&called, values![value])
        };
        let called = find("identity", identity);
        let called = called.and_then(|called| match called {
            None => find("digest", id),
            called => Ok(called),
        });
        called.map_err(|error| self.error(error))
    }

    fn listed(
        &self,
        which: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ListedArticle>, Error> {
        let query = format!(
            "SELECT id, ref, digest, title, outlet, published, wire, url FROM article
             WHERE {which}"
        );
        let listed = self.db.rows(&query, values![after, limit], |row| {
            Ok(ListedArticle {
                number: row.get(0)?,
                reference: row.get(1)?,
                id: row.get(2)?,
                title: row.get(3)?,
                outlet: row.get(4)?,
                published: row.get(5)?,
                wire: row.get(6)?,
                url: row.get(7)?,
            })
        });
        listed.map_err(|error| self.error(error))
    }

    /// The articles that are called so, with what they are to others, by name.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn entries(
        &mut self,
        references: &BTreeSet<String>,
    ) -> Result<Vec<ArticleEntry>, Error> {
        self.settle()?;
        let sql = |error| self.error(error);
        let query = format!("{ENTRIES} WHERE article.ref = ?1 AND article.newer IS NULL");
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        let references: Vec<_> =
            references.iter().map(|reference| vec![Value::Text(reference)]).collect();
        let found = self.db.rows_of_each(&query, &references, |row| entry(row, &remarks));
        Ok(found.map_err(sql)?.into_iter().flatten().collect())
    }

    /// At most `limit` claims that at least `min_articles` articles make, those of most
    /// articles first, after a place in that order; with where the last of them stands.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn claims(
        &mut self,
        min_articles: u32,
        after: Option<&ClaimPlace>,
        limit: u32,
    ) -> Result<(Vec<ClaimEntry>, Option<ClaimPlace>), Error> {
        self.settle()?;
        let start = ClaimPlace { commonness: i64::MIN, place: Vec::new() };
        let after = after.unwrap_or(&start);
        let query = "SELECT id, commonness, place, entry FROM claim
            WHERE (commonness, place) > (?1, ?2) AND commonness <= ?3
            ORDER BY commonness, place LIMIT ?4";
        // What was rejected stands behind all others, and is not told here.
        let most = -i64::from(min_articles.max(1));
        let values = values![after.commonness, after.place, most, limit];
        let mut last = None;
        let found = self.db.rows(query, values, |row| {
            last = Some(ClaimPlace { commonness: row.get(1)?, place: row.get(2)? });
            Ok((row.get(0)?, entry_of(row, 3)?))
        });
        let found = found.and_then(|found| self.numbered(self.graded(found)?));
        Ok((found.map_err(|error| self.error(error))?, last))
    }
}
