//! A corpus of reports in one SQLite file, or in a PostgreSQL database of a team.
//!
//! Each report is added in one transaction: with its text, what it is found by, and its
//! links to the articles before it. A program that is killed leaves the corpus as it was
//! after the last report that was added.

mod add;
mod address;
mod alert;
mod ask;
mod beside;
mod browse;
mod correct;
mod db;
mod error;
mod group;
mod instruct;
mod pack;
mod page;
mod recent;
mod run;
mod schema;
mod set_right;
mod settle;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use according::Report;
use according_corpus::{Corpus, Fingerprint};
use rustc_hash::FxHashMap;

pub use add::{Added, Name};
pub use address::Address;
pub use alert::{Alert, Saved};
pub use ask::{Hit, Question, Relied};
pub use beside::{Beside, Standing};
pub use browse::{ClaimPlace, ListedArticle};
pub use correct::{Imported, Listed, Place};
use db::{Db, Failure, Transaction, values};
pub use error::Error;
use error::Kind;
pub use instruct::{Instruction, Refusal};
pub use page::{DayPlace, HitPlace};
use set_right::Set;
use settle::{Edges, Read};

/// A corpus that is open.
#[derive(Debug)]
pub struct Store {
    db: Db,
    address: Address,
    kept: Kept,
    /// How many articles were added here since what the corpus says was worked out.
    n_unsettled: u32,
    /// Whether all answers are of one state, which is settled.
    is_held: bool,
}

/// What was read from the corpus, so that it is not decoded anew for every report on the same
/// event.
#[derive(Debug)]
struct Kept {
    fingerprints: Recent<Fingerprint>,
    /// What is told of articles.
    members: Recent<Read>,
    /// What their statements are linked with.
    edges: Recent<Edges>,
    /// What the corrections change.
    set: Option<Arc<Set>>,
}

impl Kept {
    fn forget(&mut self) {
        self.fingerprints.clear();
        self.members.clear();
        self.edges.clear();
        self.set = None;
    }

    /// Begins to write, and forgets what another program may have changed meanwhile.
    fn begin<'d>(&mut self, db: &'d Db) -> db::Result<Transaction<'d>> {
        let (transaction, others_wrote) = db.begin()?;
        if others_wrote {
            self.forget();
        }
        Ok(transaction)
    }
}

impl Store {
    /// Opens the corpus at an address for adding, or makes a new one.
    ///
    /// # Errors
    ///
    /// When there is something else, when it is damaged, of a newer version, or cannot be
    /// written, and when a server does not answer or lets nobody in.
    pub fn create(address: impl Into<Address>) -> Result<Self, Error> {
        Self::open_with(address.into(), true)
    }

    /// Opens the corpus at an address, which must be there.
    ///
    /// # Errors
    ///
    /// As of [`Self::create`], and when there is none.
    pub fn open(address: impl Into<Address>) -> Result<Self, Error> {
        Self::open_with(address.into(), false)
    }

    fn open_with(address: Address, is_made: bool) -> Result<Self, Error> {
        if let Some(file) = address.file() {
            if file.is_dir() {
                return Err(Error::new(Kind::Folder, &address));
            }
            if !is_made && !file.exists() {
                return Err(Error::new(Kind::Missing, &address));
            }
        }
        let db = Db::open(&address, is_made);
        let db = db.map_err(|failure| Error::of(failure, &address))?;
        schema::migrate(&db, &address, is_made)?;
        db.set_up().map_err(|failure| Error::of(failure, &address))?;
        Ok(Self {
            db,
            address,
            // About 20, 40 and 3 kB each.
            kept: Kept {
                fingerprints: Recent::new(2_000),
                members: Recent::new(4_000),
                edges: Recent::new(100_000),
                set: None,
            },
            n_unsettled: 0,
            is_held: false,
        })
    }

    /// Numbers that change whenever the corpus does, whoever changes it: what was answered
    /// since they last did is true still. They mean nothing to another store.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn written(&self) -> Result<(i64, u64), Error> {
        self.db.written().map_err(|error| self.error(error))
    }

    /// How many articles there are, newest versions only.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn len(&self) -> Result<u64, Error> {
        let count = "SELECT count(*) FROM article WHERE newer IS NULL";
        let count: i64 = self.db.the(count, &[]).map_err(|error| self.error(error))?;
        Ok(count.unsigned_abs())
    }

    /// Whether there is none.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.len()? == 0)
    }

    /// All articles with what connects them.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read.
    pub fn corpus(&self) -> Result<Corpus, Error> {
        self.read_corpus().map_err(|error| self.error(error))
    }

    fn read_corpus(&self) -> db::Result<Corpus> {
        let set = Set::read(&self.db)?;
        let mut numbers = BTreeMap::new();
        let mut number: BTreeMap<i64, usize> = BTreeMap::new();
        let mut members = Vec::new();
        let articles = "SELECT article, told FROM member ORDER BY article";
        self.db.each_row(articles, &[], |row| {
            let id: i64 = row.get(0)?;
            let mut read = Read::from_bytes(row.blob(1)?)?;
            read.correct(id, &set);
            let member = Arc::unwrap_or_clone(read.member);
            if !set.hand.is_empty() {
                let n = 0..member.statements.len();
                numbers.extend(n.map(|n| ((id, n as u16), (members.len(), n))));
            }
            number.insert(id, members.len());
            members.push(member);
            Ok(())
        })?;
        let mut links = Vec::new();
        let link = "SELECT article, other, share, same FROM link ORDER BY article, other";
        self.db.each_row(link, &[], |row| {
            let ids: (i64, i64) = (row.get(0)?, row.get(1)?);
            if let (Some(&a), Some(&b)) = (number.get(&ids.0), number.get(&ids.1)) {
                let share: f32 = row.get(2)?;
                let same = pack::likenesses(row.blob(3)?).ok_or(Failure::Damaged)?;
                links.push((a, b, according_corpus::Link { share, same }));
            }
            Ok(())
        })?;
        Ok(Corpus::corrected(members, links, &set.hand.part(&numbers)))
    }

    /// The newest report on the article that is called `reference`.
    ///
    /// # Errors
    ///
    /// When there is none or the corpus cannot be read.
    pub fn report(&self, reference: &str) -> Result<Report, Error> {
        let report = "SELECT report, ref FROM article WHERE ref = ?1 AND newer IS NULL";
        let report = self.db.row(report, values![reference], called);
        let report = report.and_then(|report| report.ok_or(Failure::NotFound));
        report.map_err(|error| self.error(error))
    }

    /// Hands the newest report on every article to `each`, by day of publication and then by
    /// ref, one at a time.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read, and those of `each`, which end it.
    pub fn each_report<E: From<Error>>(
        &self,
        mut each: impl FnMut(Report) -> Result<(), E>,
    ) -> Result<(), E> {
        // Numbers alone are sorted: all reports together may not fit into memory.
        let ids = "SELECT id FROM article WHERE newer IS NULL
            ORDER BY coalesce(published, '') = '', published,
                coalesce(published_time, ''), ref, id";
        let ids = self.db.rows(ids, &[], |row| row.get::<i64>(0));
        for id in ids.map_err(|error| self.error(error))? {
            let report = "SELECT report, ref FROM article WHERE id = ?1";
            let report = self.db.row(report, values![id], called);
            if let Some(report) = report.map_err(|error| self.error(error))? {
                each(report)?;
            }
        }
        Ok(())
    }

    fn error(&self, failure: Failure) -> Error {
        Error::of(failure, &self.address)
    }
}

/// The report in a row, on an article that is called as the corpus calls it.
fn called(row: &db::Row<'_>) -> db::Result<Report> {
    let mut report = pack::report(row.blob(0)?)?;
    report.article.reference = Some(row.get(1)?);
    Ok(report)
}

/// What was read of articles lately.
#[derive(Debug)]
struct Recent<T> {
    /// With when each was put here.
    values: FxHashMap<i64, (u64, Arc<T>)>,
    /// Oldest first. Some may have been removed since, or put here anew.
    order: VecDeque<(i64, u64)>,
    now: u64,
    most: usize,
}

impl<T> Recent<T> {
    fn new(most: usize) -> Self {
        Self { values: FxHashMap::default(), order: VecDeque::new(), now: 0, most }
    }

    fn get(&self, id: i64) -> Option<Arc<T>> {
        self.values.get(&id).map(|(_, value)| Arc::clone(value))
    }

    fn put(&mut self, id: i64, value: Arc<T>) {
        if let Some((_, known)) = self.values.get_mut(&id) {
            *known = value;
            return;
        }
        self.now += 1;
        self.values.insert(id, (self.now, value));
        self.order.push_back((id, self.now));
        while self.values.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            if self.is_here(oldest) {
                self.values.remove(&oldest.0);
            }
        }
        if self.order.len() > 2 * self.most {
            let mut order = std::mem::take(&mut self.order);
            order.retain(|place| self.is_here(*place));
            self.order = order;
        }
    }

    /// Puts another in the place of what is kept of `id`, if anything is.
    fn update(&mut self, id: i64, other: impl FnOnce(&T) -> T) {
        if let Some((_, known)) = self.values.get_mut(&id) {
            *known = Arc::new(other(known));
        }
    }

    fn is_here(&self, (id, since): (i64, u64)) -> bool {
        self.values.get(&id).is_some_and(|(of, _)| *of == since)
    }

    fn remove(&mut self, id: i64) {
        self.values.remove(&id);
    }

    fn clear(&mut self) {
        self.values.clear();
        self.order.clear();
    }
}
