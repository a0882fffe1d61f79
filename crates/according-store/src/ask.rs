//! Questions to a corpus.

use std::collections::{BTreeMap, BTreeSet};

use according::Report;
use according_corpus::format::{
    ArticleEntry, ClaimEntry, CopyKind, CorpusReport, FORMAT,
};
use serde::{Deserialize, Serialize};

use crate::db::{self, Db, Failure, Row, Value, each_id, values};
use crate::error::Error;
use crate::pack::unpacked;
use crate::page::HitPlace;
use crate::set_right::{Remarks, called_otherwise};
use crate::{Store, called, run, words};

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
    /// When the corpus cannot be read.
    pub fn corpus_report(&mut self, min_articles: usize) -> Result<CorpusReport, Error> {
        self.corpus_report_with(min_articles, false)
    }

    /// The same, at wish with what so many articles would say but for what was rejected by
    /// analysts, last.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn corpus_report_with(
        &mut self,
        min_articles: usize,
        rejected: bool,
    ) -> Result<CorpusReport, Error> {
        self.settle()?;
        let report = match min_articles < 2 {
            true => self.report_on_all(min_articles, rejected),
            false => self.report_on_common(min_articles, rejected),
        };
        report.map_err(|error| self.error(error))
    }

    /// What all articles say, worked out anew.
    fn report_on_all(
        &self,
        min_articles: usize,
        rejected: bool,
    ) -> db::Result<CorpusReport> {
        let remarks = Remarks::read(&self.db)?;
        let mut report = self.read_corpus()?.report_with(min_articles, rejected);
        for article in &mut report.articles {
            article.reliability = remarks.grade(article.outlet.as_deref());
            let id = "SELECT id FROM article WHERE ref = ?1 AND newer IS NULL";
            let id: Option<i64> = self.db.one(id, values![article.reference])?;
            article.corrected = id.map(|id| remarks.notes(id)).unwrap_or_default();
        }
        for claim in &mut report.claims {
            self.grade(claim, &remarks)?;
        }
        Ok(report)
    }

    /// What recurs, as it is kept.
    fn report_on_common(
        &self,
        min_articles: usize,
        rejected: bool,
    ) -> db::Result<CorpusReport> {
        let remarks = Remarks::read(&self.db)?;
        let query = format!(
            "{ENTRIES}
             ORDER BY coalesce(article.published, '') = '', article.published,
                 coalesce(article.published_time, ''), article.ref"
        );
        let articles = self.db.rows(&query, &[], |row| entry(row, &remarks))?;
        let query =
            "SELECT id, commonness, entry FROM claim ORDER BY commonness, place, id";
        let mut claims = self.db.rows(query, &[], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, entry_of(row, 2)?))
        })?;
        for (_, _, entry) in &mut claims {
            self.grade(entry, &remarks)?;
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
    /// When the corpus cannot be read.
    pub fn n_claims(&mut self) -> Result<u64, Error> {
        self.settle()?;
        let count = "SELECT count(*) FROM claim WHERE commonness < 0";
        let count: i64 = self.db.the(count, &[]).map_err(|error| self.error(error))?;
        Ok(count.unsigned_abs())
    }

    /// The claim with a number such as `K7`.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn claim(&mut self, id: &str) -> Result<Option<ClaimEntry>, Error> {
        self.settle()?;
        let number = id.strip_prefix(['K', 'k']).and_then(|n| n.parse::<i64>().ok());
        let Some(before) = number.and_then(|n| n.checked_sub(1)).filter(|n| *n >= 0)
        else {
            return Ok(None);
        };
        self.claim_after(before).map_err(|error| self.error(error))
    }

    fn claim_after(&self, before: i64) -> db::Result<Option<ClaimEntry>> {
        let Some(id) = run::claim_after(&self.db, before)? else { return Ok(None) };
        let entry = "SELECT entry FROM claim WHERE id = ?1";
        let entry = self.db.row(entry, values![id], |row| entry_of(row, 0))?;
        let mut entry = entry.ok_or(Failure::Damaged)?;
        self.grade(&mut entry, &Remarks::read(&self.db)?)?;
        let mut numbers = self.numbers(denials_of(&entry).collect())?;
        numbers.insert(id, usize::try_from(before + 1).unwrap_or_default());
        Ok(Some(named(id, entry, &numbers)))
    }

    /// Claims that were first told within some days, earliest first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn timeline(
        &mut self,
        from: Option<&str>,
        to: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(Option<String>, ClaimEntry)>, Error> {
        self.settle()?;
        self.first_told(from, to, limit).map_err(|error| self.error(error))
    }

    fn first_told(
        &self,
        from: Option<&str>,
        to: Option<&str>,
        limit: u32,
    ) -> db::Result<Vec<(Option<String>, ClaimEntry)>> {
        let remarks = Remarks::read(&self.db)?;
        let mut found: Vec<(i64, Option<String>, ClaimEntry)> = Vec::new();
        // Undated ones come last, and not at all where days are asked for.
        let dated = "first >= coalesce(?1, '') AND first <= coalesce(?2, '~')";
        let undated = "first IS NULL AND CAST(?1 AS TEXT) IS NULL
            AND CAST(?2 AS TEXT) IS NULL";
        for days in [dated, undated] {
            let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
            let query = format!(
                "SELECT id, first, entry FROM claim WHERE {days} AND commonness < -1
                 ORDER BY first, commonness, place LIMIT ?3"
            );
            let more = self.db.rows(&query, values![from, to, left], |row| {
                Ok((row.get(0)?, row.get(1)?, entry_of(row, 2)?))
            });
            found.extend(more?);
        }
        for (_, _, entry) in &mut found {
            self.grade(entry, &remarks)?;
        }
        let ids = found.iter().flat_map(|(id, _, entry)| denials_of(entry).chain([*id]));
        let numbers = self.numbers(ids.collect())?;
        let found = found.into_iter();
        Ok(found.map(|(id, first, entry)| (first, named(id, entry, &numbers))).collect())
    }

    /// Claims with how reliable analysts call their outlets.
    pub(crate) fn graded(
        &self,
        mut claims: Vec<(i64, ClaimEntry)>,
    ) -> db::Result<Vec<(i64, ClaimEntry)>> {
        let remarks = Remarks::read(&self.db)?;
        for (_, claim) in &mut claims {
            self.grade(claim, &remarks)?;
        }
        Ok(claims)
    }

    /// Tells how reliable analysts call the outlets of a claim.
    pub(crate) fn grade(
        &self,
        claim: &mut ClaimEntry,
        remarks: &Remarks,
    ) -> db::Result<()> {
        if !remarks.has_grades() {
            return Ok(());
        }
        for support in &mut claim.supports {
            let outlet = "SELECT outlet FROM article WHERE ref = ?1 AND newer IS NULL";
            let outlet: Option<Option<String>> =
                self.db.one(outlet, values![support.article])?;
            support.reliability = remarks.grade(outlet.flatten().as_deref());
        }
        Ok(())
    }

    /// Claims with their numbers for ids.
    pub(crate) fn numbered(
        &self,
        claims: Vec<(i64, ClaimEntry)>,
    ) -> db::Result<Vec<ClaimEntry>> {
        let ids = claims.iter().flat_map(|(id, entry)| denials_of(entry).chain([*id]));
        let numbers = self.numbers(ids.collect())?;
        let claims = claims.into_iter();
        Ok(claims.map(|(id, entry)| named(id, entry, &numbers)).collect())
    }

    /// The numbers of claims: their places among all.
    pub(crate) fn numbers(&self, ids: BTreeSet<i64>) -> db::Result<BTreeMap<i64, usize>> {
        run::numbers(&self.db, ids)
    }

    /// Who is relied on, those in most articles first.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn sources(&self, name: Option<&str>, limit: u32) -> Result<Vec<Relied>, Error> {
        self.relied_on(name, None, limit).map_err(|error| self.error(error))
    }

    /// The same behind one of them.
    pub(crate) fn relied_on(
        &self,
        name: Option<&str>,
        after: Option<&Relied>,
        limit: u32,
    ) -> db::Result<Vec<Relied>> {
        let mut asked = Asked::default();
        if let Some(name) = name {
            let (condition, values) = named_so(&self.db, name)?;
            asked.add(&condition, values);
        }
        if let Some(Relied { name, kind, named, articles, claims }) = after {
            let behind = format!(
                "articles <= {articles} AND (-articles, -claims, name, kind, named)
                     > (-{articles}, -{claims}, ??, ??, {})",
                u8::from(*named)
            );
            asked.add(&behind, vec![name.clone(), kind.clone()]);
        }
        let query = format!(
            "SELECT name, kind, named, articles, claims FROM source WHERE {}
             ORDER BY articles DESC, claims DESC, name, kind, named LIMIT {limit}",
            asked.conditions()
        );
        self.db.rows(&query, &asked.values(), |row| {
            Ok(Relied {
                name: row.get(0)?,
                kind: row.get(1)?,
                named: row.get(2)?,
                articles: row.get(3)?,
                claims: row.get(4)?,
            })
        })
    }

    /// Articles that a question is about: the best matches first where it has words that
    /// not very many articles have, else the latest.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn search(&mut self, question: &Question) -> Result<Vec<Hit>, Error> {
        self.settle()?;
        self.searched(question).map_err(|error| self.error(error))
    }

    fn searched(&self, question: &Question) -> db::Result<Vec<Hit>> {
        self.with_claims(self.found(question, "true")?)
    }

    /// The reports on the articles that [`Self::search`] finds.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn reports(&mut self, question: &Question) -> Result<Vec<Report>, Error> {
        self.settle()?;
        let report = "SELECT report, ref FROM article WHERE id = ?1";
        let reports = self.found(question, "true").and_then(|found| {
            let ids = each_id(found.into_iter().map(|(id, _)| id));
            self.db.rows_of_each(report, &ids, called)
        });
        let reports = reports.map_err(|error| self.error(error))?;
        Ok(reports.into_iter().flatten().collect())
    }

    /// The names that each of some articles relies on.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn names(&self, references: &[&str]) -> Result<Vec<Vec<String>>, Error> {
        let names = "SELECT DISTINCT name FROM article
            JOIN article_source AS told ON told.article = article.id
            JOIN source ON source.id = told.source
            WHERE ref = ?1 AND newer IS NULL AND named <> 0 ORDER BY name";
        let each: Vec<_> =
            references.iter().map(|name| vec![Value::Text(name)]).collect();
        let found = self.db.rows_of_each(names, &each, |row| row.get(0));
        found.map_err(|error| self.error(error))
    }

    /// Articles that were found, with the numbers of the claims they share with others.
    pub(crate) fn with_claims(&self, hits: Vec<(i64, Hit)>) -> db::Result<Vec<Hit>> {
        let claims = "SELECT claim FROM claim_article WHERE article = ?1";
        let articles = each_id(hits.iter().map(|(id, _)| *id));
        let told = self.db.rows_of_each(claims, &articles, |row| row.get::<i64>(0))?;
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
    ) -> db::Result<Vec<(i64, Hit)>> {
        let found = self.found_behind(question, condition, None)?;
        Ok(found.into_iter().map(|(id, hit, _)| (id, hit)).collect())
    }

    /// The same behind a place in the order, with how well each matches where the best come
    /// first.
    pub(crate) fn found_behind(
        &self,
        question: &Question,
        condition: &str,
        after: Option<&HitPlace>,
    ) -> db::Result<Vec<(i64, Hit, Option<f64>)>> {
        let mut asked = Asked::default();
        asked.add("article.newer IS NULL", Vec::new());
        asked.add(condition, Vec::new());
        let mut from = "article";
        let mut order = "article.published DESC NULLS LAST, article.id DESC".to_owned();
        let mut rank_told = "CAST(NULL AS DOUBLE PRECISION)".to_owned();
        let wanted = question.words.as_deref();
        let wanted = wanted.map(|words| words::wanted(&self.db, words)).transpose()?;
        if let Some(wanted) = wanted.flatten() {
            from = "text JOIN article ON article.id = text.rowid";
            let mut holding = Asked::default();
            holding.add(&wanted.condition, wanted.values.clone());
            // Whoever turns pages goes on in the order of the first.
            let is_ranked = match after {
                Some(place) => place.rank.is_some(),
                None => self.are_few("text", &holding, MOST_RANKED + 1)?,
            };
            if is_ranked {
                let (rank, values) = words::rank(&self.db, &wanted)?;
                rank_told = asked.numbered(&rank, values);
                order = format!("{rank_told}, article.id");
            } else {
                order = "text.rowid DESC".to_owned();
            }
            asked.add(&wanted.condition, wanted.values);
            if let Some(place) = after {
                let id = place.article;
                let behind = match place.rank {
                    // Written so that it is read as the same number.
                    Some(rank) => {
                        let at = format!("CAST('{rank:?}' AS DOUBLE PRECISION)");
                        format!(
                            "({rank_told} > {at} OR ({rank_told} = {at} AND article.id > {id}))"
                        )
                    }
                    None => format!("text.rowid < {id}"),
                };
                asked.conditions.push(behind);
            }
        } else if let Some(place) = after {
            let id = place.article;
            match &place.published {
                Some(day) => asked.add(
                    &format!(
                        "(article.published < ?? OR article.published IS NULL
                         OR (article.published = ?? AND article.id < {id}))"
                    ),
                    vec![day.clone(), day.clone()],
                ),
                None => asked.add(
                    &format!("article.published IS NULL AND article.id < {id}"),
                    Vec::new(),
                ),
            }
        }
        if let Some(source) = &question.source {
            let (condition, values) = named_so(&self.db, source)?;
            let called = format!("source IN (SELECT id FROM source WHERE {condition})");
            let mut told = Asked::default();
            told.add(&called, values.clone());
            let condition = match self.are_few("article_source", &told, MOST_LISTED)? {
                true => format!(
                    "article.id IN (SELECT article FROM article_source WHERE {called})"
                ),
                false => format!(
                    "EXISTS (SELECT 1 FROM article_source AS told
                     WHERE told.article = article.id AND +told.{called})"
                ),
            };
            asked.add(&condition, values);
        }
        if let Some(outlet) = &question.outlet {
            let condition = "instr(lower(article.outlet), ??) > 0";
            asked.add(condition, vec![outlet.to_ascii_lowercase()]);
        }
        if let Some(from) = &question.from {
            asked.add("article.published >= ??", vec![from.clone()]);
        }
        if let Some(to) = &question.to {
            asked.add("article.published <= ??", vec![to.clone()]);
        }
        if let Some(least) = question.min_origins {
            let mut told = Asked::default();
            told.add(&format!("least >= {least}"), Vec::new());
            let condition = match self.are_few("claim_article", &told, MOST_LISTED)? {
                true => format!(
                    "article.id IN
                     (SELECT article FROM claim_article WHERE least >= {least})"
                ),
                false => format!(
                    "EXISTS (SELECT 1 FROM claim_article AS told
                     WHERE told.article = article.id AND +told.least >= {least})"
                ),
            };
            asked.add(&condition, Vec::new());
        }
        let limit = question.limit;
        let query = format!(
            "SELECT article.ref, article.title, article.outlet, article.published, article.id,
                 {rank_told}
             FROM {from} WHERE {} ORDER BY {order} LIMIT {limit}",
            asked.conditions()
        );
        self.db.rows(&query, &asked.values(), |row| {
            let hit = Hit {
                reference: row.get(0)?,
                title: row.get(1)?,
                outlet: row.get(2)?,
                published: row.get(3)?,
                claims: Vec::new(),
            };
            Ok((row.get(4)?, hit, row.get(5)?))
        })
    }

    /// Whether fewer than so many rows of a table fulfil a condition.
    fn are_few(&self, table: &str, asked: &Asked, most: u32) -> db::Result<bool> {
        let few = format!(
            "SELECT count(*) < {most} FROM
             (SELECT 1 FROM {table} WHERE {} LIMIT {most}) AS found",
            asked.conditions()
        );
        self.db.the(&few, &asked.values())
    }
}

/// Conditions, and the values they are on.
#[derive(Debug, Default)]
struct Asked {
    conditions: Vec<String>,
    values: Vec<String>,
}

impl Asked {
    /// Adds a condition in which each `??` stands for the next value.
    fn add(&mut self, condition: &str, values: Vec<String>) {
        let condition = self.numbered(condition, values);
        self.conditions.push(condition);
    }

    fn numbered(&mut self, sql: &str, values: Vec<String>) -> String {
        let mut parts = sql.split("??");
        let mut numbered = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(values) {
            // Neither database has this in a text.
            self.values.push(value.replace('\0', " "));
            numbered += &format!("?{}{part}", self.values.len());
        }
        numbered
    }

    fn conditions(&self) -> String {
        match self.conditions.is_empty() {
            true => "true".to_owned(),
            false => self.conditions.join(" AND "),
        }
    }

    fn values(&self) -> Vec<Value<'_>> {
        self.values.iter().map(|value| Value::Text(value)).collect()
    }
}

/// Articles with what they are to others, for [`entry`].
pub(crate) const ENTRIES: &str =
    "SELECT article.ref, article.digest, article.outlet, article.published,
         article.title, standing.wire, original.ref, standing.share, article.id
     FROM article JOIN standing ON standing.article = article.id
     LEFT JOIN article AS original ON original.id = standing.copy_of";

/// A row of [`ENTRIES`].
pub(crate) fn entry(row: &Row<'_>, remarks: &Remarks) -> db::Result<ArticleEntry> {
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

/// A condition on `source` for a part of its name, with `??` for each value. Names that an
/// analyst put together are found by each of them.
fn named_so(db: &Db, name: &str) -> db::Result<(String, Vec<String>)> {
    // The index of a file knows three letters in a row.
    let (condition, part) = match db {
        _ if name.chars().count() < 3 => {
            ("instr(lower(name), ??) > 0", name.to_ascii_lowercase())
        }
        Db::File(_) => (
            "id IN (SELECT rowid FROM source_name WHERE source_name MATCH ??)",
            format!("\"{}\"", name.replace('"', "\"\"")),
        ),
        Db::Server(_) => (
            "id IN (SELECT rowid FROM source_name AS found WHERE instr(found.name, ??) > 0)",
            name.to_lowercase(),
        ),
    };
    let mut values = vec![part];
    let mut condition = condition.to_owned();
    for otherwise in called_otherwise(db, name)? {
        condition += " OR name = ??";
        values.push(otherwise);
    }
    Ok((format!("({condition})"), values))
}

/// The claim in a column, as it is kept.
pub(crate) fn entry_of(row: &Row<'_>, column: usize) -> db::Result<ClaimEntry> {
    unpacked(row.blob(column)?).ok_or(Failure::Damaged)
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
