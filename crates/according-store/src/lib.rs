//! A corpus of reports in one SQLite file.
//!
//! Each report is added in one transaction: with its text, what it is found by, and its
//! links to the articles before it. A program that is killed leaves the corpus as it was
//! after the last report that was added.

mod add;
mod alert;
mod ask;
mod beside;
mod browse;
mod correct;
mod error;
mod group;
mod instruct;
mod pack;
mod page;
mod schema;
mod set_right;
mod settle;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use according::Report;
use according_corpus::{Corpus, Fingerprint, Member};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use add::{Added, Name};
pub use alert::{Alert, Saved};
pub use ask::{Hit, Question, Relied};
pub use beside::{Beside, Standing};
pub use browse::{ClaimPlace, ListedArticle};
pub use correct::{Imported, Listed, Place};
pub use error::Error;
use error::Kind;
pub use instruct::{Instruction, Refusal};
pub use page::{DayPlace, HitPlace};
use set_right::Set;
use settle::{Edge, Read};

/// How long to wait for another program that writes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A corpus that is open.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    file: PathBuf,
    kept: Kept,
    /// How many articles were added here since what the corpus says was worked out.
    n_unsettled: u32,
    /// Whether all answers are of one state, which is settled.
    is_held: bool,
}

/// What was read from the file, so that it is not decoded anew for every report on the same
/// event.
#[derive(Debug)]
struct Kept {
    fingerprints: Recent<Fingerprint>,
    /// What is told of articles.
    members: Recent<Read>,
    /// What their statements are linked with.
    edges: Recent<[Edge]>,
    /// What the corrections change.
    set: Option<Arc<Set>>,
    /// The state of the file that these are of.
    version: i64,
}

impl Kept {
    fn forget(&mut self) {
        self.fingerprints.clear();
        self.members.clear();
        self.edges.clear();
        self.set = None;
    }

    /// Begins to write, and forgets what another program may have changed meanwhile.
    fn begin<'c>(&mut self, db: &'c mut Connection) -> rusqlite::Result<Transaction<'c>> {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version =
            transaction.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if version != self.version {
            self.forget();
            self.version = version;
        }
        Ok(transaction)
    }
}

impl Store {
    /// Opens the corpus in `file` for adding, or makes a new one.
    ///
    /// # Errors
    ///
    /// When the file is something else, damaged, of a newer version, or cannot be written.
    pub fn create(file: &Path) -> Result<Self, Error> {
        Self::open_with(file, OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens the corpus in `file`, which must be there.
    ///
    /// # Errors
    ///
    /// As of [`Self::create`], and when there is none.
    pub fn open(file: &Path) -> Result<Self, Error> {
        if !file.exists() {
            return Err(Error::new(Kind::Missing, file));
        }
        Self::open_with(file, OpenFlags::empty())
    }

    fn open_with(file: &Path, more: OpenFlags) -> Result<Self, Error> {
        if file.is_dir() {
            return Err(Error::new(Kind::Folder, file));
        }
        let sql = |error| Error::sql(error, file);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(file, flags | more).map_err(sql)?;
        db.busy_timeout(PATIENCE).map_err(sql)?;
        schema::migrate(&mut db, file)?;
        // With WAL a killed program loses nothing that was committed, and readers do not
        // wait for a writer.
        db.pragma_update(None, "journal_mode", "WAL").map_err(sql)?;
        db.pragma_update(None, "synchronous", "NORMAL").map_err(sql)?;
        db.pragma_update(None, "cache_size", -65_536).map_err(sql)?;
        db.pragma_update(None, "mmap_size", 1_i64 << 30).map_err(sql)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            db,
            file: file.to_owned(),
            // About 20, 40 and 5 kB each.
            kept: Kept {
                fingerprints: Recent::new(2_000),
                members: Recent::new(6_000),
                edges: Recent::new(20_000),
                set: None,
                version: 0,
            },
            n_unsettled: 0,
            is_held: false,
        })
    }

    /// How many articles there are, newest versions only.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn len(&self) -> Result<u64, Error> {
        let count = "SELECT count(*) FROM article WHERE newer IS NULL";
        let count: i64 = self
            .db
            .query_row(count, [], |row| row.get(0))
            .map_err(|error| self.error(error))?;
        Ok(count.unsigned_abs())
    }

    /// Whether there is none.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.len()? == 0)
    }

    /// All articles with what connects them.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn corpus(&self) -> Result<Corpus, Error> {
        let sql = |error| self.error(error);
        let set = Set::read(&self.db).map_err(sql)?;
        let mut numbers = BTreeMap::new();
        let mut number: BTreeMap<i64, usize> = BTreeMap::new();
        let mut members = Vec::new();
        let mut query = self
            .db
            .prepare(
                "SELECT id, ref, report, fingerprint FROM article
                 WHERE newer IS NULL ORDER BY id",
            )
            .map_err(sql)?;
        let mut rows = query.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let id: i64 = row.get(0).map_err(sql)?;
            let reference: String = row.get(1).map_err(sql)?;
            let report = self.report_of(row.get_ref(2).map_err(sql)?.as_blob())?;
            let fingerprint =
                self.fingerprint_of(row.get_ref(3).map_err(sql)?.as_blob())?;
            let mut member = Member { reference, ..Member::new(&report, &fingerprint) };
            set.names.correct_all(id, &mut member);
            if !set.hand.is_empty() {
                let n = 0..member.statements.len();
                numbers.extend(n.map(|n| ((id, n as u16), (members.len(), n))));
            }
            number.insert(id, members.len());
            members.push(member);
        }
        let mut links = Vec::new();
        let mut query = self
            .db
            .prepare("SELECT article, other, share, same FROM link")
            .map_err(sql)?;
        let mut rows = query.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let ids: (i64, i64) = (row.get(0).map_err(sql)?, row.get(1).map_err(sql)?);
            let (Some(&a), Some(&b)) = (number.get(&ids.0), number.get(&ids.1)) else {
                continue;
            };
            let share: f32 = row.get(2).map_err(sql)?;
            let same = row.get_ref(3).map_err(sql)?.as_blob();
            let same = same.ok().and_then(pack::likenesses);
            let same = same.ok_or_else(|| Error::new(Kind::Damaged, &self.file))?;
            links.push((a, b, according_corpus::Link { share, same }));
        }
        Ok(Corpus::corrected(members, links, &set.hand.part(&numbers)))
    }

    /// The newest report on the article that is called `reference`.
    ///
    /// # Errors
    ///
    /// When there is none or the file cannot be read.
    pub fn report(&self, reference: &str) -> Result<Report, Error> {
        let report = "SELECT report FROM article WHERE ref = ?1 AND newer IS NULL";
        let report: Vec<u8> = self
            .db
            .query_row(report, [reference], |row| row.get(0))
            .map_err(|error| self.error(error))?;
        self.report_of(Ok::<_, Error>(&report))
    }

    /// Hands the newest report on every article to `each`, by day of publication and then by
    /// ref, one at a time.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, and those of `each`, which end it.
    pub fn each_report<E: From<Error>>(
        &self,
        mut each: impl FnMut(Report) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = |error| self.error(error);
        // Numbers alone are sorted: all reports together may not fit into memory.
        let mut query = self
            .db
            .prepare(
                "SELECT id FROM article WHERE newer IS NULL
                 ORDER BY coalesce(published, '') = '', published,
                     coalesce(published_time, ''), ref, id",
            )
            .map_err(sql)?;
        let ids = query.query_map([], |row| row.get(0)).map_err(sql)?;
        let ids = ids.collect::<rusqlite::Result<Vec<i64>>>().map_err(sql)?;
        let report = "SELECT report FROM article WHERE id = ?1";
        let mut query = self.db.prepare(report).map_err(sql)?;
        for id in ids {
            let report: Vec<u8> = query.query_row([id], |row| row.get(0)).map_err(sql)?;
            each(self.report_of(Ok::<_, Error>(&report))?)?;
        }
        Ok(())
    }

    fn report_of<E>(&self, blob: Result<&[u8], E>) -> Result<Report, Error> {
        let report = blob.ok().and_then(pack::unpacked);
        report.ok_or_else(|| Error::new(Kind::Damaged, &self.file))
    }

    fn fingerprint_of<E>(&self, blob: Result<&[u8], E>) -> Result<Fingerprint, Error> {
        let fingerprint = blob.ok().and_then(|b| Fingerprint::from_bytes(b).ok());
        fingerprint.ok_or_else(|| Error::new(Kind::Damaged, &self.file))
    }

    fn error(&self, error: rusqlite::Error) -> Error {
        Error::sql(error, &self.file)
    }
}

/// What was read of articles lately.
#[derive(Debug)]
struct Recent<T: ?Sized> {
    values: HashMap<i64, Arc<T>>,
    order: VecDeque<i64>,
    most: usize,
}

impl<T: ?Sized> Recent<T> {
    fn new(most: usize) -> Self {
        Self { values: HashMap::new(), order: VecDeque::new(), most }
    }

    fn get(&self, id: i64) -> Option<Arc<T>> {
        self.values.get(&id).cloned()
    }

    fn put(&mut self, id: i64, value: Arc<T>) {
        if self.values.insert(id, value).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
    }

    fn remove(&mut self, id: i64) {
        if self.values.remove(&id).is_some() {
            self.order.retain(|other| *other != id);
        }
    }

    fn clear(&mut self) {
        self.values.clear();
        self.order.clear();
    }
}
