//! Questions to a corpus.

use std::collections::{BTreeMap, BTreeSet};

use according_corpus::format::{
    ArticleEntry, ClaimEntry, CopyKind, CorpusReport, FORMAT,
};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension as _, params, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::{Error, Kind};
use crate::pack::unpacked;
use crate::set_right::{Remarks, called_otherwise};

/// Words that more articles have tell the best ones no better than the latest ones.
const MOST_RANKED: u32 = 2_000;
/// More articles than these are not listed but tried one by one.
const MOST_LISTED: u32 = 5_000;

/// What articles are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What at least `min_articles` articles say, and what all articles are to one another.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn corpus_report(&mut self, min_articles: usize) -> Result<CorpusReport, Error> {
        self.corpus_report_with(min_articles, false)
    }

    /// The same, at wish with what so many articles would say but for what was rejected by
    /// analysts, last.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn corpus_report_with(
        &mut self,
        min_articles: usize,
        rejected: bool,
    ) -> Result<CorpusReport, Error> {
        self.settle()?;
        let sql = |error| self.error(error);
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        if min_articles < 2 {
            let mut report = self.corpus()?.report_with(min_articles, rejected);
            for article in &mut report.articles {
                article.reliability = remarks.grade(article.outlet.as_deref());
                let id = self.article_id(&article.reference).map_err(sql)?;
                article.corrected = id.map(|id| remarks.notes(id)).unwrap_or_default();
            }
            for claim in &mut report.claims {
                self.grade(claim, &remarks).map_err(sql)?;
            }
            return Ok(report);
        }
        let query = format!(
            "{ENTRIES}
             ORDER BY coalesce(article.published, '') = '', article.published,
                 coalesce(article.published_time, ''), article.ref"
        );
        let mut query = self.db.prepare(&query).map_err(sql)?;
        let articles = query.query_map([], |row| entry(row, &remarks));
        let articles = articles.map_err(sql)?;
        let articles =
            articles.collect::<rusqlite::Result<Vec<ArticleEntry>>>().map_err(sql)?;

        let mut query = self
            .db
            .prepare(
                "SELECT id, commonness, entry FROM claim ORDER BY commonness, place, id",
            )
            .map_err(sql)?;
        let mut rows = query.query([]).map_err(sql)?;
        let mut claims: Vec<(i64, i64, ClaimEntry)> = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let mut entry = self.entry(row.get_ref(2).map_err(sql)?.as_blob())?;
            self.grade(&mut entry, &remarks).map_err(sql)?;
            claims.push((row.get(0).map_err(sql)?, row.get(1).map_err(sql)?, entry));
        }
        // A denial is told where what it denies is, however few articles make it.
        let most = -i64::try_from(min_articles).unwrap_or(i64::MAX);
        let is_common =
            |commonness: i64| commonness <= most || (rejected && commonness == 0);
        let denials = claims.iter().filter(|(_, commonness, _)| is_common(*commonness));
        let denials: BTreeSet<i64> =
            denials.flat_map(|(_, _, entry)| denials_of(entry)).collect();
        claims
            .retain(|(id, commonness, _)| is_common(*commonness) || denials.contains(id));
        let numbers: BTreeMap<i64, usize> =
            claims.iter().zip(1..).map(|((id, ..), n)| (*id, n)).collect();
        let claims = claims.into_iter().map(|(id, _, entry)| named(id, entry, &numbers));
        let claims = claims.collect();
        Ok(CorpusReport { format: FORMAT.to_owned(), articles, claims })
    }

    /// How many claims there are.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn n_claims(&mut self) -> Result<u64, Error> {
        self.settle()?;
        let count = self.db.query_row(
            "SELECT count(*) FROM claim WHERE commonness < 0",
            [],
            |row| row.get(0),
        );
        let count: i64 = count.map_err(|error| self.error(error))?;
        Ok(count.unsigned_abs())
    }

    /// The claim with a number such as `K7`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn claim(&mut self, id: &str) -> Result<Option<ClaimEntry>, Error> {
        self.settle()?;
        let sql = |error| self.error(error);
        let number = id.strip_prefix(['K', 'k']).and_then(|n| n.parse::<i64>().ok());
        let Some(before) = number.and_then(|n| n.checked_sub(1)).filter(|n| *n >= 0)
        else {
            return Ok(None);
        };
        // The index alone is walked, and one row read.
        let found = "SELECT id, entry FROM claim WHERE id =
            (SELECT id FROM claim ORDER BY commonness, place LIMIT 1 OFFSET ?1)";
        let found = self.db.query_row(found, [before], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        });
        let Some((id, entry)) = found.optional().map_err(sql)? else { return Ok(None) };
        let mut entry = self.entry(Ok::<_, Error>(entry.as_slice()))?;
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        self.grade(&mut entry, &remarks).map_err(sql)?;
        let numbers = self.numbers(denials_of(&entry).chain([id]).collect())?;
        Ok(Some(named(id, entry, &numbers)))
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
        let remarks = Remarks::read(&self.db).map_err(sql)?;
        let mut found: Vec<(i64, Option<String>, ClaimEntry)> = Vec::new();
        // Undated ones come last, and not at all where days are asked for.
        let dated = "first >= coalesce(?1, '') AND first <= coalesce(?2, '~')";
        let undated = "first IS NULL AND ?1 IS NULL AND ?2 IS NULL";
        for days in [dated, undated] {
            let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
            let query = format!(
                "SELECT id, first, entry FROM claim WHERE {days} AND commonness < -1
                 ORDER BY first, commonness, place LIMIT ?3"
            );
            let mut query = self.db.prepare(&query).map_err(sql)?;
            let mut rows = query.query(params![from, to, left]).map_err(sql)?;
            while let Some(row) = rows.next().map_err(sql)? {
                let mut entry = self.entry(row.get_ref(2).map_err(sql)?.as_blob())?;
                self.grade(&mut entry, &remarks).map_err(sql)?;
                found.push((row.get(0).map_err(sql)?, row.get(1).map_err(sql)?, entry));
            }
        }
        let ids = found.iter().flat_map(|(id, _, entry)| denials_of(entry).chain([*id]));
        let numbers = self.numbers(ids.collect())?;
        let found = found.into_iter();
        Ok(found.map(|(id, first, entry)| (first, named(id, entry, &numbers))).collect())
    }

    /// Tells how reliable analysts call the outlets of a claim.
    pub(crate) fn grade(
        &self,
        claim: &mut ClaimEntry,
        remarks: &Remarks,
    ) -> rusqlite::Result<()> {
        if !remarks.has_grades() {
            return Ok(());
        }
        let outlet = "SELECT outlet FROM article WHERE ref = ?1 AND newer IS NULL";
        let mut outlet = self.db.prepare_cached(outlet)?;
        for support in &mut claim.supports {
            let outlet = outlet.query_row([&support.article], |row| row.get(0));
            let outlet: Option<String> = outlet.optional()?.flatten();
            support.reliability = remarks.grade(outlet.as_deref());
        }
        Ok(())
    }

    fn article_id(&self, reference: &str) -> rusqlite::Result<Option<i64>> {
        let id = "SELECT id FROM article WHERE ref = ?1 AND newer IS NULL";
        self.db.prepare_cached(id)?.query_row([reference], |row| row.get(0)).optional()
    }

    /// Claims with their numbers for ids.
    pub(crate) fn numbered(
        &self,
        claims: Vec<(i64, ClaimEntry)>,
    ) -> Result<Vec<ClaimEntry>, Error> {
        let ids = claims.iter().flat_map(|(id, entry)| denials_of(entry).chain([*id]));
        let numbers = self.numbers(ids.collect())?;
        let claims = claims.into_iter();
        Ok(claims.map(|(id, entry)| named(id, entry, &numbers)).collect())
    }

    pub(crate) fn entry<E>(&self, blob: Result<&[u8], E>) -> Result<ClaimEntry, Error> {
        let entry = blob.ok().and_then(unpacked);
        entry.ok_or_else(|| Error::new(Kind::Damaged, &self.file))
    }

    /// The numbers of claims: their places among all.
    pub(crate) fn numbers(
        &self,
        ids: BTreeSet<i64>,
    ) -> Result<BTreeMap<i64, usize>, Error> {
        let sql = |error| self.error(error);
        let mut places: Vec<(i64, Vec<u8>, i64)> = Vec::with_capacity(ids.len());
        let mut query = self
            .db
            .prepare_cached("SELECT commonness, place FROM claim WHERE id = ?1")
            .map_err(sql)?;
        for id in ids {
            let place = query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, id)));
            places.extend(place.optional().map_err(sql)?);
        }
        places.sort();
        // From one to the next, so that all together are one walk through the index.
        let mut query = self
            .db
            .prepare_cached(
                "SELECT count(*) FROM claim
                 WHERE (commonness, place) > (?1, ?2) AND (commonness, place) <= (?3, ?4)",
            )
            .map_err(sql)?;
        let (mut number, mut before) = (0, (i64::MIN, Vec::new()));
        let mut numbers = BTreeMap::new();
        for (commonness, place, id) in places {
            let more: i64 = query
                .query_row(params![before.0, before.1, commonness, place], |row| {
                    row.get(0)
                })
                .map_err(sql)?;
            number += usize::try_from(more).unwrap_or_default();
            numbers.insert(id, number);
            before = (commonness, place);
        }
        Ok(numbers)
    }

    /// Who is relied on, those in most articles first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn sources(&self, name: Option<&str>, limit: u32) -> Result<Vec<Relied>, Error> {
        let sql = |error| self.error(error);
        let otherwise = called_otherwise(&self.db, name.unwrap_or_default());
        let otherwise = otherwise.map_err(sql)?;
        let (condition, name) = match name {
            Some(name) => sources_named(name),
            None => ("?1 = ''", String::new()),
        };
        let query = format!(
            "SELECT name, kind, named, articles, claims FROM source
             WHERE {condition} OR name IN (SELECT value FROM json_each(?3))
             ORDER BY articles DESC, claims DESC, name, kind, named LIMIT ?2"
        );
        let mut query = self.db.prepare(&query).map_err(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Relied {
                name: row.get(0)?,
                kind: row.get(1)?,
                named: row.get(2)?,
                articles: row.get(3)?,
                claims: row.get(4)?,
            })
        };
        let rows = query.query_map(params![name, limit, otherwise], read).map_err(sql)?;
        rows.collect::<rusqlite::Result<Vec<Relied>>>().map_err(sql)
    }

    /// Articles that a question is about: the best matches first where it has words that
    /// not very many articles have, else the latest.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn search(&mut self, question: &Question) -> Result<Vec<Hit>, Error> {
        self.settle()?;
        let hits = self.found(question, "true")?;
        self.with_claims(hits)
    }

    /// Articles that were found, with the numbers of the claims they share with others.
    pub(crate) fn with_claims(&self, hits: Vec<(i64, Hit)>) -> Result<Vec<Hit>, Error> {
        let sql = |error| self.error(error);
        let mut query = self
            .db
            .prepare("SELECT claim FROM claim_article WHERE article = ?1")
            .map_err(sql)?;
        let mut told: Vec<Vec<i64>> = Vec::with_capacity(hits.len());
        for (article, _) in &hits {
            let claims = query.query_map([article], |row| row.get(0)).map_err(sql)?;
            told.push(claims.collect::<rusqlite::Result<Vec<i64>>>().map_err(sql)?);
        }
        let numbers = self.numbers(told.iter().flatten().copied().collect())?;
        let hits = hits.into_iter().zip(told).map(|((_, hit), told)| {
            let mut claims: Vec<usize> =
                told.iter().filter_map(|id| numbers.get(id).copied()).collect();
            claims.sort_unstable();
            Hit { claims: claims.iter().map(|n| format!("K{n}")).collect(), ..hit }
        });
        Ok(hits.collect())
    }

    /// Articles that a question is about and that fulfil a condition, without their claims.
    pub(crate) fn found(
        &self,
        question: &Question,
        condition: &str,
    ) -> Result<Vec<(i64, Hit)>, Error> {
        self.found_in_order(question, condition, None)
    }

    /// The same, at wish in the order of another time: the best first, or the latest.
    pub(crate) fn found_in_order(
        &self,
        question: &Question,
        condition: &str,
        best_first: Option<bool>,
    ) -> Result<Vec<(i64, Hit)>, Error> {
        let sql = |error| self.error(error);
        let newest = "article.newer IS NULL".to_owned();
        let mut conditions = vec![newest, condition.to_owned()];
        let mut values: Vec<Value> = Vec::new();
        let mut from = "article";
        let mut order = "article.published DESC, article.id DESC";
        // Each "??" stands for the next value.
        let mut add = |condition: &str, new: Vec<Value>| {
            let mut parts = condition.split("??");
            let mut condition = parts.next().unwrap_or_default().to_owned();
            for (part, value) in parts.zip(new) {
                values.push(value);
                condition += &format!("?{}{part}", values.len());
            }
            conditions.push(condition);
        };
        if let Some(words) = question.words.as_deref().and_then(full_text) {
            let few = match best_first {
                Some(best_first) => best_first,
                None => self.is_ranked(&words)?,
            };
            from = "text JOIN article ON article.id = text.rowid";
            order = if few { "text.rank, article.id" } else { "text.rowid DESC" };
            add("text MATCH ??", vec![words.into()]);
        }
        if let Some(source) = &question.source {
            let (condition, name) = sources_named(source);
            // Names that an analyst put together are found by each of them.
            let otherwise = called_otherwise(&self.db, source).map_err(sql)?;
            let condition = format!(
                "article.id IN (SELECT article FROM article_source
                     WHERE source IN (SELECT id FROM source WHERE {condition}
                         OR name IN (SELECT value FROM json_each(??))))"
            );
            let values = vec![name.into(), otherwise.into()];
            add(&condition.replace("?1", "??"), values);
        }
        if let Some(outlet) = &question.outlet {
            let condition = "instr(lower(article.outlet), lower(??)) > 0";
            add(condition, vec![outlet.clone().into()]);
        }
        if let Some(from) = &question.from {
            add("article.published >= ??", vec![from.clone().into()]);
        }
        if let Some(to) = &question.to {
            add("article.published <= ??", vec![to.clone().into()]);
        }
        if let Some(least) = question.min_origins {
            let few = "SELECT count(*) < ?2 FROM
                (SELECT 1 FROM claim_article WHERE least >= ?1 LIMIT ?2)";
            let few: bool = self
                .db
                .query_row(few, [least, MOST_LISTED], |row| row.get(0))
                .map_err(sql)?;
            let condition = match few {
                true => {
                    "article.id IN (SELECT article FROM claim_article WHERE least >= ??)"
                }
                false => {
                    "EXISTS (SELECT 1 FROM claim_article AS told
                    WHERE told.article = article.id AND +told.least >= ??)"
                }
            };
            add(condition, vec![i64::from(least).into()]);
        }
        let limit = question.limit;
        let query = format!(
            "SELECT article.ref, article.title, article.outlet, article.published, article.id
             FROM {from} WHERE {} ORDER BY {order} LIMIT {limit}",
            conditions.join(" AND ")
        );
        let mut query = self.db.prepare(&query).map_err(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let hit = Hit {
                reference: row.get(0)?,
                title: row.get(1)?,
                outlet: row.get(2)?,
                published: row.get(3)?,
                claims: Vec::new(),
            };
            Ok((row.get(4)?, hit))
        };
        let rows = query.query_map(params_from_iter(values), read).map_err(sql)?;
        rows.collect::<rusqlite::Result<Vec<(i64, Hit)>>>().map_err(sql)
    }
}

impl Store {
    /// Whether few enough articles hold some words for the best to come first.
    pub(crate) fn is_ranked(&self, words: &str) -> Result<bool, Error> {
        let few = "SELECT count(*) <= ?2 FROM
            (SELECT 1 FROM text WHERE text MATCH ?1 LIMIT ?2 + 1)";
        let few = self.db.query_row(few, params![words, MOST_RANKED], |row| row.get(0));
        few.map_err(|error| self.error(error))
    }
}

/// Articles with what they are to others, for [`entry`].
pub(crate) const ENTRIES: &str =
    "SELECT article.ref, article.digest, article.outlet, article.published,
         article.title, standing.wire, original.ref, standing.share, article.id
     FROM article JOIN standing ON standing.article = article.id
     LEFT JOIN article AS original ON original.id = standing.copy_of";

/// A row of [`ENTRIES`].
pub(crate) fn entry(
    row: &rusqlite::Row<'_>,
    remarks: &Remarks,
) -> rusqlite::Result<ArticleEntry> {
    let share: Option<f32> = row.get(7)?;
    let outlet: Option<String> = row.get(2)?;
    Ok(ArticleEntry {
        reliability: remarks.grade(outlet.as_deref()),
        corrected: remarks.notes(row.get(8)?),
        reference: row.get(0)?,
        id: row.get(1)?,
        outlet,
        published: row.get(3)?,
        title: row.get(4)?,
        wire: row.get(5)?,
        copy_of: row.get(6)?,
        copy_kind: share.map(CopyKind::of),
        overlap: share.map(|share| (share * 100.0).round() / 100.0),
    })
}

/// A condition on `source` for a part of its name, and what is to be put for `?1` in it.
pub(crate) fn sources_named(name: &str) -> (&'static str, String) {
    // The index knows three letters in a row.
    // To SQLite a text ends at the first of these.
    let name = name.replace('\0', " ");
    match name.chars().count() >= 3 {
        true => (
            "id IN (SELECT rowid FROM source_name WHERE source_name MATCH ?1)",
            format!("\"{}\"", name.replace('"', "\"\"")),
        ),
        false => ("instr(lower(name), lower(?1)) > 0", name),
    }
}

/// Ids of the claims that deny one, as they stand in the file.
pub(crate) fn denials_of(entry: &ClaimEntry) -> impl Iterator<Item = i64> {
    entry.denials.iter().filter_map(|id| id.parse().ok())
}

/// A claim with numbers for ids.
pub(crate) fn named(
    id: i64,
    entry: ClaimEntry,
    numbers: &BTreeMap<i64, usize>,
) -> ClaimEntry {
    let mut denials: Vec<usize> =
        denials_of(&entry).filter_map(|id| numbers.get(&id).copied()).collect();
    denials.sort_unstable();
    let denials = denials.iter().map(|n| format!("K{n}")).collect();
    let id = numbers.get(&id).map(|n| format!("K{n}")).unwrap_or_default();
    ClaimEntry { id, denials, ..entry }
}

/// A question as FTS5 reads it: every word or phrase in quotation marks, so that nothing a
/// person types is an operator. `None` where there is no word.
pub(crate) fn full_text(words: &str) -> Option<String> {
    // To SQLite a text ends at the first of these.
    let words = words.replace('\0', " ");
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
