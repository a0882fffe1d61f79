//! What the corpus says, kept ready for questions.
//!
//! Copies, claims and origins depend on all articles, so they are worked out after a batch
//! of them was added, or when somebody asks first, and kept until the next change.

use std::collections::BTreeMap;

use according_corpus::format::{ArticleEntry, ClaimEntry, CorpusReport, FORMAT};
use rusqlite::{OptionalExtension as _, TransactionBehavior, params, params_from_iter};
use serde::Serialize;

use crate::Store;
use crate::error::{Error, Kind};
use crate::pack::{packed, unpacked};

/// What articles are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Words that stand in title or text; a phrase in quotation marks.
    pub words: Option<String>,
    /// Part of the name of somebody the article relies on.
    pub source: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Published on this day or later, ISO 8601.
    pub from: Option<String>,
    /// Published on this day or earlier.
    pub to: Option<String>,
    /// Says something that has at least so many origins for sure.
    pub min_origins: Option<u32>,
    /// How many articles at most.
    pub limit: u32,
}

/// An article that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// What it is called.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Title, given or found.
    pub title: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// Numbers of the claims it shares with others.
    pub claims: Vec<String>,
}

/// Somebody who is relied on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relied {
    /// As reports call them.
    pub name: String,
    /// What they are, in the words of reports.
    pub kind: String,
    /// Whether they have a proper name.
    pub named: bool,
    /// In how many articles.
    pub articles: u32,
    /// For how many claims.
    pub claims: u32,
}

impl Store {
    /// Works out what the corpus says, if articles were added since that was done last.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written.
    pub fn settle(&mut self) -> Result<(), Error> {
        let file = self.file.clone();
        let sql = |error| Error::sql(error, &file);
        let state = "SELECT additions, settled FROM state";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (additions, settled): (i64, i64) =
            self.db.query_row(state, [], read).map_err(sql)?;
        if additions == settled {
            return Ok(());
        }
        let report = self.corpus()?.report(2);
        let transaction = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql)?;
        for table in ["standing", "claim", "claim_article"] {
            transaction.execute(&format!("DELETE FROM {table}"), []).map_err(sql)?;
        }
        let broken = || Error::new(Kind::Other, &file);
        let mut published: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        {
            let mut insert = transaction
                .prepare("INSERT INTO standing (number, ref, entry) VALUES (?1, ?2, ?3)")
                .map_err(sql)?;
            for (number, article) in report.articles.iter().enumerate() {
                published.insert(&article.reference, article.published.as_deref());
                let entry = serde_json::to_vec(article).map_err(|_| broken())?;
                insert
                    .execute(params![number as i64, article.reference, entry])
                    .map_err(sql)?;
            }
            let mut insert = transaction
                .prepare(
                    "INSERT INTO claim (number, articles, least, most, disputed, first, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )
                .map_err(sql)?;
            let mut told = transaction
                .prepare(
                    "INSERT OR IGNORE INTO claim_article (ref, claim) VALUES (?1, ?2)",
                )
                .map_err(sql)?;
            for (number, claim) in report.claims.iter().enumerate() {
                let number = number as i64 + 1;
                let mut refs: Vec<&str> =
                    claim.supports.iter().map(|s| s.article.as_str()).collect();
                refs.sort_unstable();
                refs.dedup();
                let range = claim.independent_origins;
                let first = published.get(claim.first.as_str()).copied().flatten();
                let entry = packed(claim).ok_or_else(broken)?;
                insert
                    .execute(params![
                        number,
                        refs.len() as i64,
                        range.least as i64,
                        range.most as i64,
                        claim.disputed,
                        first,
                        entry
                    ])
                    .map_err(sql)?;
                for reference in refs {
                    told.execute(params![reference, number]).map_err(sql)?;
                }
            }
        }
        // What was added in the meantime is not in this.
        let update = "UPDATE state SET settled = ?1";
        transaction.execute(update, [additions]).map_err(sql)?;
        transaction.commit().map_err(sql)
    }

    /// What at least `min_articles` articles say, and what all articles are to one another.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn corpus_report(&mut self, min_articles: usize) -> Result<CorpusReport, Error> {
        if min_articles < 2 {
            return Ok(self.corpus()?.report(min_articles));
        }
        self.settle()?;
        let sql = |error| self.error(error);
        let damaged = || Error::new(Kind::Damaged, &self.file);
        let mut articles = Vec::new();
        let mut query =
            self.db.prepare("SELECT entry FROM standing ORDER BY number").map_err(sql)?;
        let mut rows = query.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let entry = row.get_ref(0).map_err(sql)?.as_blob().map_err(|_| damaged())?;
            articles.push(
                serde_json::from_slice::<ArticleEntry>(entry).map_err(|_| damaged())?,
            );
        }
        let mut claims: Vec<ClaimEntry> = Vec::new();
        let mut query = self
            .db
            .prepare("SELECT articles, entry FROM claim ORDER BY number")
            .map_err(sql)?;
        let mut rows = query.query([]).map_err(sql)?;
        // A denial is told where what it denies is, however few articles make it.
        let mut denials = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let of_articles: u32 = row.get(0).map_err(sql)?;
            let entry = row.get_ref(1).map_err(sql)?.as_blob().map_err(|_| damaged())?;
            let is_told = of_articles as usize >= min_articles;
            if !is_told && min_articles == 2 {
                denials.push(unpacked::<ClaimEntry>(entry).ok_or_else(damaged)?);
            } else if is_told {
                claims.push(unpacked::<ClaimEntry>(entry).ok_or_else(damaged)?);
            }
        }
        claims.extend(denials);
        Ok(CorpusReport { format: FORMAT.to_owned(), articles, claims })
    }

    /// The claim with a number such as `K7`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn claim(&mut self, id: &str) -> Result<Option<ClaimEntry>, Error> {
        self.settle()?;
        let Some(number) =
            id.strip_prefix(['K', 'k']).and_then(|n| n.parse::<i64>().ok())
        else {
            return Ok(None);
        };
        let entry: Option<Vec<u8>> = self
            .db
            .query_row("SELECT entry FROM claim WHERE number = ?1", [number], |row| {
                row.get(0)
            })
            .optional()
            .map_err(|error| self.error(error))?;
        entry
            .map(|e| unpacked(&e).ok_or_else(|| Error::new(Kind::Damaged, &self.file)))
            .transpose()
    }

    /// Claims that were first told within some days, earliest first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn timeline(
        &mut self,
        from: Option<&str>,
        to: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(Option<String>, ClaimEntry)>, Error> {
        self.settle()?;
        let sql = |error| self.error(error);
        let mut query = self
            .db
            .prepare(
                "SELECT first, entry FROM claim
                 WHERE articles > 1 AND (?1 IS NULL OR first >= ?1)
                   AND (?2 IS NULL OR first <= ?2)
                 ORDER BY first IS NULL, first, number LIMIT ?3",
            )
            .map_err(sql)?;
        let mut rows = query.query(params![from, to, limit]).map_err(sql)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let first: Option<String> = row.get(0).map_err(sql)?;
            let entry: Vec<u8> = row.get(1).map_err(sql)?;
            let entry = unpacked(&entry);
            let entry = entry.ok_or_else(|| Error::new(Kind::Damaged, &self.file))?;
            found.push((first, entry));
        }
        Ok(found)
    }

    /// Who is relied on, those in most articles first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn sources(&self, name: Option<&str>, limit: u32) -> Result<Vec<Relied>, Error> {
        let sql = |error| self.error(error);
        let mut query = self
            .db
            .prepare(
                "SELECT name, kind, named, articles, claims FROM source
                 WHERE ?1 IS NULL OR instr(lower(name), lower(?1)) > 0
                 ORDER BY articles DESC, claims DESC, name LIMIT ?2",
            )
            .map_err(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Relied {
                name: row.get(0)?,
                kind: row.get(1)?,
                named: row.get(2)?,
                articles: row.get(3)?,
                claims: row.get(4)?,
            })
        };
        let rows = query.query_map(params![name, limit], read).map_err(sql)?;
        rows.collect::<rusqlite::Result<Vec<Relied>>>().map_err(sql)
    }

    /// Articles that a question is about: the best matches first where it has words, else
    /// the latest.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn search(&mut self, question: &Question) -> Result<Vec<Hit>, Error> {
        if question.min_origins.is_some() {
            self.settle()?;
        }
        let sql = |error| self.error(error);
        let mut conditions = vec!["article.newer IS NULL".to_owned()];
        let mut values: Vec<rusqlite::types::Value> = Vec::new();
        let mut from = "article";
        let mut order = "article.published DESC, article.id DESC";
        let mut add = |condition: &str, value: rusqlite::types::Value| {
            values.push(value);
            conditions.push(condition.replace("??", &format!("?{}", values.len())));
        };
        if let Some(words) = question.words.as_deref().and_then(full_text) {
            from = "text JOIN article ON article.id = text.rowid";
            order = "text.rank";
            add("text MATCH ??", words.into());
        }
        if let Some(source) = &question.source {
            add(
                "article.id IN (SELECT article FROM article_source WHERE source IN
                 (SELECT id FROM source WHERE instr(lower(name), lower(??)) > 0))",
                source.clone().into(),
            );
        }
        if let Some(outlet) = &question.outlet {
            add("instr(lower(article.outlet), lower(??)) > 0", outlet.clone().into());
        }
        if let Some(from) = &question.from {
            add("article.published >= ??", from.clone().into());
        }
        if let Some(to) = &question.to {
            add("article.published <= ??", to.clone().into());
        }
        if let Some(least) = question.min_origins {
            add(
                "article.ref IN (SELECT ref FROM claim_article JOIN claim
                 ON claim.number = claim_article.claim WHERE claim.least >= ??)",
                i64::from(least).into(),
            );
        }
        let limit = question.limit;
        let query = format!(
            "SELECT article.ref, article.title, article.outlet, article.published FROM {from}
             WHERE {} ORDER BY {order} LIMIT {limit}",
            conditions.join(" AND ")
        );
        let mut query = self.db.prepare(&query).map_err(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Hit {
                reference: row.get(0)?,
                title: row.get(1)?,
                outlet: row.get(2)?,
                published: row.get(3)?,
                claims: Vec::new(),
            })
        };
        let rows = query.query_map(params_from_iter(values), read).map_err(sql)?;
        let mut hits = rows.collect::<rusqlite::Result<Vec<Hit>>>().map_err(sql)?;
        let mut query = self
            .db
            .prepare("SELECT claim FROM claim_article WHERE ref = ?1 ORDER BY claim")
            .map_err(sql)?;
        for hit in &mut hits {
            let claims = query.query_map([&hit.reference], |row| row.get::<_, i64>(0));
            for claim in claims.map_err(sql)? {
                hit.claims.push(format!("K{}", claim.map_err(sql)?));
            }
        }
        Ok(hits)
    }
}

/// A question as FTS5 reads it: every word or phrase in quotation marks, so that nothing a
/// person types is an operator. `None` where there is no word.
fn full_text(words: &str) -> Option<String> {
    let mut terms = Vec::new();
    for (n, part) in words.split('"').enumerate() {
        // Every second part stood in quotation marks.
        match n % 2 {
            1 => terms.push(part.to_owned()),
            _ => terms.extend(part.split_whitespace().map(str::to_owned)),
        }
    }
    terms.retain(|term| term.contains(char::is_alphanumeric));
    let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}
