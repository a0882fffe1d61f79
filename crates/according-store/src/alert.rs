//! Searches that are kept, and alerts on what is new for them.
//!
//! A search remembers up to which article it has looked. What is new is told by that alone,
//! so that nothing is kept for each claim, and numbers of claims may change meanwhile. Alerts
//! are written down with it in one transaction and struck off once they were given.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use according::Report;
use according_corpus::format::ClaimEntry;
use according_corpus::news::{NewsKind, news};
use serde::{Deserialize, Serialize};

use crate::ask::{Question, denials_of, entry_of};
use crate::db::{self, Db, Failure, values};
use crate::error::Error;
use crate::{Store, pack};

/// A search that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// What it is called.
    pub name: String,
    /// What is looked for.
    #[serde(flatten)]
    pub question: Question,
}

/// Something new for a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The search.
    pub search: String,
    /// What happened.
    pub kind: NewsKind,
    /// Ref of the article that made it happen.
    pub article: String,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// The claim it is about, as it is called now; `null` for an article.
    pub claim: Option<String>,
    /// The clearest wording of the claim, or the title of the article.
    pub statement: Option<String>,
    /// What is new, in words; `null` for an article.
    pub text: Option<String>,
}

impl Store {
    /// Keeps a search, which is alerted to what comes from now on. One of the same name makes
    /// room for it.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be written.
    pub fn save_search(&mut self, name: &str, question: &Question) -> Result<(), Error> {
        let json = serde_json::to_string(question).unwrap_or_default();
        let insert = "INSERT INTO search (name, question, checked)
            VALUES (?1, ?2, (SELECT coalesce(max(id), 0) FROM article))
            ON CONFLICT (name) DO UPDATE
            SET question = excluded.question, checked = excluded.checked";
        let inserted = self.db.execute(insert, values![name, json]);
        inserted.map(|_| ()).map_err(|error| self.error(error))
    }

    /// Forgets a search, and tells whether there was one.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be written.
    pub fn remove_search(&mut self, name: &str) -> Result<bool, Error> {
        self.try_remove_search(name).map_err(|error| self.error(error))
    }

    fn try_remove_search(&mut self, name: &str) -> db::Result<bool> {
        let transaction = self.kept.begin(&self.db)?;
        transaction.execute("DELETE FROM alert WHERE search = ?1", values![name])?;
        let search = "DELETE FROM search WHERE name = ?1";
        let removed = transaction.execute(search, values![name])?;
        transaction.commit()?;
        Ok(removed > 0)
    }

    /// The searches that are kept, by name.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn searches(&self) -> Result<Vec<Saved>, Error> {
        let all = self.saved().map_err(|error| self.error(error))?.into_iter();
        Ok(all.map(|(name, question, _)| Saved { name, question }).collect())
    }

    fn saved(&self) -> db::Result<Vec<(String, Question, i64)>> {
        let query = "SELECT name, question, checked FROM search ORDER BY name";
        self.db.rows(query, &[], |row| {
            let question = serde_json::from_str(&row.get::<String>(1)?);
            Ok((row.get(0)?, question.map_err(|_| Failure::Damaged)?, row.get(2)?))
        })
    }

    /// What is new for every search that is kept, and was not yet given: pass it to
    /// [`Self::given`] once it was.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read or written.
    pub fn alerts(&mut self) -> Result<Vec<(i64, Alert)>, Error> {
        let newest = "SELECT coalesce(max(id), 0) FROM article";
        let newest: i64 = self.db.the(newest, &[]).map_err(|error| self.error(error))?;
        // What another program adds from here on is looked at the next time.
        self.settle()?;
        self.look(newest).map_err(|error| self.error(error))
    }

    /// Writes down what is new up to an article, and gives all that waits.
    fn look(&mut self, newest: i64) -> db::Result<Vec<(i64, Alert)>> {
        let mut found = Vec::new();
        for (name, question, checked) in self.saved()? {
            if checked < newest {
                let alerts = self.alerts_of(&name, &question, checked..newest)?;
                found.push((name, checked, alerts));
            }
        }
        let transaction = self.kept.begin(&self.db)?;
        for (name, checked, alerts) in found {
            // Another program may have looked meanwhile, and written the same down.
            let update =
                "UPDATE search SET checked = ?3 WHERE name = ?1 AND checked = ?2";
            if transaction.execute(update, values![name, checked, newest])? == 0 {
                continue;
            }
            for alert in alerts {
                let entry = serde_json::to_string(&alert).unwrap_or_default();
                let insert = "INSERT INTO alert (id, search, entry)
                    VALUES ((SELECT coalesce(max(id), 0) + 1 FROM alert), ?1, ?2)";
                transaction.execute(insert, values![name, entry])?;
            }
        }
        transaction.commit()?;
        self.db.rows("SELECT id, entry FROM alert ORDER BY id", &[], |row| {
            let alert = serde_json::from_str(&row.get::<String>(1)?);
            Ok((row.get(0)?, alert.map_err(|_| Failure::Damaged)?))
        })
    }

    /// Strikes alerts off that were given.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be written.
    pub fn given(&mut self, alerts: &[(i64, Alert)]) -> Result<(), Error> {
        if alerts.is_empty() {
            return Ok(());
        }
        self.try_strike_off(alerts).map_err(|error| self.error(error))
    }

    fn try_strike_off(&mut self, alerts: &[(i64, Alert)]) -> db::Result<()> {
        let transaction = self.kept.begin(&self.db)?;
        for (id, _) in alerts {
            transaction.execute("DELETE FROM alert WHERE id = ?1", values![*id])?;
        }
        transaction.commit()
    }

    /// What is new for a search in articles with numbers above the first and up to the last.
    fn alerts_of(
        &self,
        name: &str,
        question: &Question,
        new: Range<i64>,
    ) -> db::Result<Vec<Alert>> {
        let Range { start: checked, end: newest } = new;
        let mut before = Before { db: &self.db, new, read: BTreeMap::new() };
        let mut alerts = Vec::new();
        let all = Question { limit: u32::MAX, ..question.clone() };
        let mut hits = self
            .found(&all, &format!("article.id > {checked} AND article.id <= {newest}"))?;
        hits.sort_by_key(|(id, _)| *id);
        for (_, hit) in hits {
            // Another version of an article is no other article.
            if before.is_known(&hit.reference)? {
                continue;
            }
            alerts.push(Alert {
                search: name.to_owned(),
                kind: NewsKind::Article,
                article: hit.reference,
                outlet: hit.outlet,
                published: hit.published,
                claim: None,
                statement: hit.title,
                text: None,
            });
        }
        // What new articles tell, and what that may deny.
        let query = "SELECT id, entry FROM claim WHERE commonness < -1 AND block IN
                (SELECT block FROM claim JOIN claim_article ON claim = id
                 WHERE article > ?1)
             ORDER BY commonness, place";
        let mut told: Vec<(i64, ClaimEntry)> = Vec::new();
        self.db.each_row(query, values![checked], |row| {
            let claim = entry_of(row, 1)?;
            if question.is_about(&claim) {
                told.push((row.get(0)?, claim));
            }
            Ok(())
        })?;
        for (id, claim) in told {
            let mut denials = Vec::new();
            for denial in denials_of(&claim) {
                let entry = "SELECT entry FROM claim WHERE id = ?1";
                let entry = self.db.row(entry, values![denial], |row| entry_of(row, 0));
                denials.extend(entry?);
            }
            let mut new: BTreeMap<(String, String), bool> = BTreeMap::new();
            let supports = denials.iter().chain([&claim]).flat_map(|c| &c.supports);
            for support in supports {
                let is_new = before.is_new(&support.article, &support.text)?;
                new.insert((support.article.clone(), support.text.clone()), is_new);
            }
            let is_new = |article: &str, text: &str| {
                let key = (article.to_owned(), text.to_owned());
                new.get(&key).copied().unwrap_or_default()
            };
            let found = news(&claim, &denials.iter().collect::<Vec<_>>(), is_new);
            if found.is_empty() || !self.is_told_in(id, &all)? {
                continue;
            }
            let numbers = self.numbers(BTreeSet::from([id]))?;
            for news in found {
                let (outlet, published) = self.published(&news.article)?;
                alerts.push(Alert {
                    search: name.to_owned(),
                    kind: news.kind,
                    article: news.article,
                    outlet,
                    published,
                    claim: numbers.get(&id).map(|n| format!("K{n}")),
                    statement: Some(claim.statement.clone()),
                    text: Some(news.text),
                });
            }
        }
        Ok(alerts)
    }

    /// Whether an article that a question is about makes a claim.
    fn is_told_in(&self, claim: i64, question: &Question) -> db::Result<bool> {
        let condition = format!(
            "article.id IN (SELECT article FROM claim_article WHERE claim = {claim})"
        );
        let question = Question { limit: 1, ..question.clone() };
        Ok(!self.found(&question, &condition)?.is_empty())
    }

    fn published(&self, article: &str) -> db::Result<(Option<String>, Option<String>)> {
        let query =
            "SELECT outlet, published FROM article WHERE ref = ?1 AND newer IS NULL";
        let found =
            self.db.row(query, values![article], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found?.unwrap_or_default())
    }
}

impl Question {
    /// Whether a claim is about what is looked for, as far as it tells itself.
    fn is_about(&self, claim: &ClaimEntry) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(part);
        let words = self.words.as_deref().unwrap_or_default().to_lowercase();
        let has_words = words.split('"').enumerate().all(|(n, part)| {
            // Every second part stood in quotation marks.
            let terms: Vec<&str> = match n % 2 {
                1 => vec![part],
                _ => part.split_whitespace().collect(),
            };
            terms.iter().all(|term| claim.supports.iter().any(|s| holds(&s.text, term)))
        });
        let source = self.source.as_deref().map(str::to_lowercase);
        let has_source = source.is_none_or(|source| {
            let chains = claim.supports.iter().flat_map(|support| &support.chain);
            chains.into_iter().any(|name| holds(name, &source))
        });
        let least = self.min_origins.unwrap_or_default() as usize;
        has_words && has_source && claim.independent_origins.least >= least
    }
}

/// What was there when a search last looked.
struct Before<'d> {
    db: &'d Db,
    new: Range<i64>,
    read: BTreeMap<String, State>,
}

/// What became of an article since.
enum State {
    /// Nothing.
    AsItWas,
    /// It changed; this is the text it had.
    Changed(String),
    /// It came.
    New,
}

impl Before<'_> {
    /// Whether a version of an article was there.
    fn is_known(&mut self, reference: &str) -> db::Result<bool> {
        Ok(!matches!(self.state(reference)?, State::New))
    }

    /// Whether a statement of an article was not there.
    fn is_new(&mut self, reference: &str, text: &str) -> db::Result<bool> {
        Ok(match self.state(reference)? {
            State::AsItWas => false,
            State::Changed(before) => !before.contains(text),
            State::New => true,
        })
    }

    fn state(&mut self, reference: &str) -> db::Result<&State> {
        if !self.read.contains_key(reference) {
            let state = self.read_state(reference)?;
            self.read.insert(reference.to_owned(), state);
        }
        Ok(self.read.get(reference).unwrap_or(&State::New))
    }

    fn read_state(&self, reference: &str) -> db::Result<State> {
        let newest = "SELECT id FROM article WHERE ref = ?1 AND newer IS NULL";
        let newest: Option<i64> = self.db.one(newest, values![reference])?;
        let Some(newest) = newest else { return Ok(State::New) };
        if newest <= self.new.start || newest > self.new.end {
            return Ok(State::AsItWas);
        }
        let before = "SELECT report FROM article WHERE newer = ?1 AND id <= ?2
            ORDER BY id DESC LIMIT 1";
        let report = self.db.row(before, values![newest, self.new.start], |row| {
            Ok(pack::unpacked::<Report>(row.blob(0)?))
        });
        let report = report?.flatten();
        Ok(report.map_or(State::New, |report| State::Changed(report.article.text)))
    }
}
