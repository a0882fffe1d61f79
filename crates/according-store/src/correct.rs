//! Corrections: kept beside what was read, found again by their words, and applied whenever
//! something is worked out.

use std::collections::{BTreeMap, BTreeSet};

use according::Report;
use according_corpus::correction::{
    Act, Anchor, Correction, Kind, holding, statement_at,
};
use according_corpus::{Fingerprint, Member};
use serde::Serialize;

use crate::add::{count_sources, uncount_sources};
use crate::db::{self, Db, Transaction, values};
use crate::error::Error;
use crate::set_right::{Set, Spot, anchors, read};
use crate::{Store, pack};

/// A correction and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The correction.
    #[serde(flatten)]
    pub correction: Correction,
    /// Whether it holds: it was not undone.
    pub holds: bool,
    /// The correction that undid it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<u32>,
    /// How many of its places are found no more, which leaves them as they are.
    pub lost: usize,
}

/// What came of corrections that were brought in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// So many are new.
    pub new: usize,
    /// So many were there just so.
    pub known: usize,
}

/// A statement that may be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What its article is called.
    pub reference: String,
    /// The claim of the report that it belongs to.
    pub claim: Option<String>,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Where it is found again.
    pub anchor: Anchor,
}

impl Store {
    /// Records a correction, by whom and when, and gives its number.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be written. It is then as it was before.
    pub fn correct(&mut self, by: &str, at: &str, act: Act) -> Result<u32, Error> {
        let (by, at) = (by.to_owned(), at.to_owned());
        let correction = Correction { number: 0, by, at, act };
        let recorded = self.record(vec![correction], None)?;
        Ok(recorded.last().map_or(0, |(number, _)| *number))
    }

    /// Brings in corrections of another corpus, in their order. Those that are there are
    /// passed over. What undoes a correction is brought in with that one only.
    ///
    /// # Errors
    ///
    /// As of [`Self::correct`]: all are brought in, or none.
    pub fn import(&mut self, corrections: Vec<Correction>) -> Result<Imported, Error> {
        let recorded = self.record(corrections, Some(BTreeMap::new()))?;
        let new = recorded.iter().filter(|(_, is_new)| *is_new).count();
        Ok(Imported { new, known: recorded.len() - new })
    }

    /// Every correction, in order.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn corrections(&self) -> Result<Vec<Listed>, Error> {
        let sql = |error| self.error(error);
        let corrections = read(&self.db, &[]).map_err(sql)?;
        let found = anchors(&self.db).map_err(sql)?;
        let holds = holding(&corrections);
        let mut undone_by: BTreeMap<u32, u32> = BTreeMap::new();
        for (correction, holds) in corrections.iter().zip(&holds) {
            if let (Act::Undo { of }, true) = (&correction.act, holds) {
                undone_by.insert(*of, correction.number);
            }
        }
        let listed = corrections.into_iter().zip(holds).map(|(correction, holds)| {
            let is_lost = |(anchor, found): &(&Anchor, &Spot)| match found {
                (None, _) => true,
                (Some(_), None) => !anchor.exact.is_empty(),
                _ => false,
            };
            let places = found.get(&correction.number).map(Vec::as_slice);
            let places = places.unwrap_or_default();
            let lost = correction.act.anchors().zip(places).filter(is_lost).count();
            let undone_by = undone_by.get(&correction.number).copied();
            Listed { correction, holds, undone_by, lost }
        });
        Ok(listed.collect())
    }

    /// The statements of the claim with a number such as `K7`, those that were rejected too.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn places_of_claim(&mut self, id: &str) -> Result<Option<Vec<Place>>, Error> {
        let Some(claim) = self.claim(id)? else { return Ok(None) };
        let mut articles: BTreeMap<String, (String, String)> = BTreeMap::new();
        let supports = claim.supports.into_iter();
        let supports = supports.map(|s| (s.article, s.claim, s.start, s.end));
        let rejected = claim.rejected.into_iter();
        let rejected = rejected.map(|r| (r.article, r.claim, r.start, r.end));
        let mut places = Vec::new();
        for (reference, claim, start, end) in supports.chain(rejected) {
            if !articles.contains_key(&reference) {
                let Some((identity, report, _)) = self.article(&reference)? else {
                    continue;
                };
                articles.insert(reference.clone(), (identity, report.article.text));
            }
            if let Some((identity, text)) = articles.get(&reference) {
                let anchor = Anchor::new(identity, text, [start, end]);
                places.push(Place { reference, claim, start, end, anchor });
            }
        }
        Ok(Some(places))
    }

    /// The anchor of the article that is called `reference`, and its statements.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn places_of_article(
        &self,
        reference: &str,
    ) -> Result<Option<(Anchor, Vec<Place>)>, Error> {
        let Some((identity, report, fingerprint)) = self.article(reference)? else {
            return Ok(None);
        };
        let text = &report.article.text;
        let statements = Member::new(&report, &fingerprint).statements.into_iter();
        let places = statements.map(|said| Place {
            reference: reference.to_owned(),
            claim: said.claim,
            start: said.start,
            end: said.end,
            anchor: Anchor::new(&identity, text, [said.start, said.end]),
        });
        let places = places.collect();
        Ok(Some((Anchor { article: identity, ..Anchor::default() }, places)))
    }

    fn article(
        &self,
        reference: &str,
    ) -> Result<Option<(String, Report, Fingerprint)>, Error> {
        let query = "SELECT identity, report, fingerprint FROM article
            WHERE ref = ?1 AND newer IS NULL";
        let found = self.db.row(query, values![reference], |row| {
            let report = pack::report(row.blob(1)?)?;
            Ok((row.get(0)?, report, pack::fingerprint(row.blob(2)?)?))
        });
        found.map_err(|error| self.error(error))
    }

    /// Records corrections in one transaction, and tells the number of each and whether it
    /// is new. `numbers` are those of another corpus, which become ours.
    fn record(
        &mut self,
        corrections: Vec<Correction>,
        numbers: Option<BTreeMap<u32, u32>>,
    ) -> Result<Vec<(u32, bool)>, Error> {
        let recorded = self.try_record(corrections, numbers);
        // What was worked out may rest on what was not written.
        self.kept.forget();
        recorded.map_err(|error| self.error(error))
    }

    fn try_record(
        &mut self,
        corrections: Vec<Correction>,
        mut numbers: Option<BTreeMap<u32, u32>>,
    ) -> db::Result<Vec<(u32, bool)>> {
        let transaction = self.kept.begin(&self.db)?;
        let before = Set::read(&transaction)?;
        let mut all = read(&transaction, &[])?;
        let body = |correction: &Correction| {
            line(&Correction { number: 0, ..correction.clone() })
        };
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        if numbers.is_some() {
            known = all.iter().map(|c| (body(c), c.number)).collect();
        }
        let mut texts = Texts { db: &transaction, read: BTreeMap::new() };
        let mut recorded = Vec::new();
        let mut new = Vec::new();
        for mut correction in corrections {
            let theirs = correction.number;
            if let (Act::Undo { of }, Some(numbers)) = (&mut correction.act, &numbers) {
                let Some(ours) = numbers.get(of) else { continue };
                *of = *ours;
            }
            let body = body(&correction);
            let number = match known.get(&body) {
                Some(number) => {
                    recorded.push((*number, false));
                    *number
                }
                None => {
                    let number = all.last().map_or(1, |last| last.number + 1);
                    correction.number = number;
                    insert(&transaction, &correction, &mut texts)?;
                    known.insert(body, number);
                    all.push(correction.clone());
                    new.push(correction);
                    recorded.push((number, true));
                    number
                }
            };
            if let Some(numbers) = &mut numbers {
                numbers.insert(theirs, number);
            }
        }
        let after = Set::read(&transaction)?;
        for correction in &new {
            let changed = undone(correction, &all);
            touch(&transaction, changed, &before, &after)?;
        }
        drop(texts);
        transaction.commit()?;
        Ok(recorded)
    }
}

/// A correction as it is exported.
fn line(correction: &Correction) -> String {
    serde_json::to_string(correction).unwrap_or_default()
}

fn insert(
    transaction: &Transaction<'_>,
    correction: &Correction,
    texts: &mut Texts<'_>,
) -> db::Result<()> {
    let kind = serde_json::to_value(correction.act.kind()).unwrap_or_default();
    transaction.execute(
        "INSERT INTO correction (number, kind, entry) VALUES (?1, ?2, ?3)",
        values![correction.number, kind.as_str(), line(correction)],
    )?;
    for (n, anchor) in correction.act.anchors().enumerate() {
        let newest = "SELECT coalesce(newer, id) FROM article WHERE identity = ?1
            ORDER BY newer IS NOT NULL, id DESC LIMIT 1";
        let article: Option<i64> = transaction.one(newest, values![anchor.article])?;
        let statement = match article {
            Some(article) => texts.find(article, anchor)?,
            None => None,
        };
        transaction.execute(
            "INSERT INTO anchor (correction, n, identity, article, statement)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            values![correction.number, n as i64, anchor.article, article, statement],
        )?;
    }
    Ok(())
}

/// Texts and statements of articles, for finding anchors.
struct Texts<'t> {
    db: &'t Db,
    read: BTreeMap<i64, Option<Text>>,
}

/// A text, and where its statements stand.
struct Text {
    text: String,
    statements: Vec<[usize; 2]>,
}

impl Text {
    fn new(report: &Report, fingerprint: &Fingerprint) -> Self {
        let statements = fingerprint.statements.iter();
        let statements = statements.map(|s| [s.start as usize, s.end as usize]).collect();
        Self { text: report.article.text.clone(), statements }
    }

    fn find(&self, anchor: &Anchor) -> Option<u16> {
        let place = anchor.find(&self.text)?;
        let found = statement_at(place, self.statements.iter().copied())?;
        u16::try_from(found).ok()
    }
}

impl Texts<'_> {
    fn find(&mut self, article: i64, anchor: &Anchor) -> db::Result<Option<u16>> {
        if !self.read.contains_key(&article) {
            let read = read_article(self.db, article)?;
            let text = read.map(|(report, print)| Text::new(&report, &print));
            self.read.insert(article, text);
        }
        let text = self.read.get(&article).and_then(Option::as_ref);
        Ok(text.and_then(|text| text.find(anchor)))
    }
}

fn read_article(db: &Db, article: i64) -> db::Result<Option<(Report, Fingerprint)>> {
    let query = "SELECT report, fingerprint FROM article WHERE id = ?1";
    let found = db.row(query, values![article], |row| {
        // One of an older version has no fingerprint that can be read.
        let report = pack::unpacked(row.blob(0)?);
        Ok(report.zip(Fingerprint::from_bytes(row.blob(1)?).ok()))
    });
    Ok(found?.flatten())
}

/// The correction that one changes whether it holds: itself, or what it undoes in the end.
fn undone<'c>(mut correction: &'c Correction, all: &'c [Correction]) -> &'c Correction {
    while let Act::Undo { of } = &correction.act {
        let at = all.binary_search_by_key(of, |c| c.number);
        let Some(other) = at.ok().and_then(|at| all.get(at)) else { break };
        if other.number >= correction.number {
            break;
        }
        correction = other;
    }
    correction
}

/// Notes what is to be worked out anew because a correction holds now, or no longer, and
/// counts sources anew.
fn touch(
    transaction: &Transaction<'_>,
    correction: &Correction,
    before: &Set,
    after: &Set,
) -> db::Result<()> {
    let mut articles = BTreeSet::new();
    let places = anchors(transaction)?;
    let places = places.get(&correction.number).into_iter().flatten();
    articles.extend(places.filter_map(|(article, _)| *article));
    let names: Vec<&str> = match &correction.act {
        Act::MergeSources { names, .. } => names.iter().map(String::as_str).collect(),
        Act::SplitSource { name, called, .. } => vec![name, called],
        _ => Vec::new(),
    };
    if !names.is_empty() {
        articles.extend(before.names.split_in().chain(after.names.split_in()));
    }
    let called = names.iter().map(|name| before.names.called(name));
    let names: BTreeSet<&str> = called.chain(names.iter().copied()).collect();
    for name in names {
        let with_name = "SELECT article FROM article_source WHERE source IN
            (SELECT id FROM source WHERE name = ?1)";
        let found = transaction.rows(with_name, values![name], |row| row.get(0))?;
        articles.extend::<Vec<i64>>(found);
    }
    let counts = matches!(
        correction.act.kind(),
        Kind::Accept | Kind::Reject | Kind::MergeSources | Kind::SplitSource
    );
    for article in articles {
        recorrect(transaction, article)?;
        if counts && let Some((report, fingerprint)) = read_article(transaction, article)?
        {
            uncount_sources(transaction, article)?;
            count_sources(transaction, article, &report, &fingerprint, after)?;
        }
    }
    Ok(())
}

fn recorrect(transaction: &Transaction<'_>, article: i64) -> db::Result<()> {
    let insert = "INSERT INTO recorrected (article) VALUES (?1) ON CONFLICT DO NOTHING";
    transaction.execute(insert, values![article]).map(|_| ())
}

/// Finds the anchors again that are in an article which was just written; `older` is the one
/// in whose place it stands. Tells whether there are any.
pub(crate) fn anchor_anew(
    transaction: &Transaction<'_>,
    id: i64,
    older: Option<i64>,
    identity: &str,
    report: &Report,
    fingerprint: &Fingerprint,
) -> db::Result<bool> {
    let found = "SELECT correction, n FROM anchor WHERE identity = ?1
        UNION SELECT correction, n FROM anchor WHERE article = ?2
        ORDER BY correction, n";
    let found: Vec<(u32, u32)> =
        transaction.rows(found, values![identity, older], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if found.is_empty() {
        return Ok(false);
    }
    let text = Text::new(report, fingerprint);
    let corrections = read(transaction, &[])?;
    for (number, n) in found {
        let at = corrections.binary_search_by_key(&number, |c| c.number);
        let anchor =
            at.ok().and_then(|at| corrections.get(at)?.act.anchors().nth(n as usize));
        let statement = anchor.and_then(|anchor| text.find(anchor));
        transaction.execute(
            "UPDATE anchor SET article = ?3, statement = ?4
             WHERE correction = ?1 AND n = ?2",
            values![number, n, id, statement],
        )?;
        // What is tied to what is not told by the ends alone.
        transaction.execute(
            "INSERT INTO recorrected (article)
             SELECT DISTINCT article FROM anchor
             WHERE correction = ?1 AND article IS NOT NULL
             ON CONFLICT DO NOTHING",
            values![number],
        )?;
    }
    Ok(true)
}
