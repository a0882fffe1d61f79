//! A corpus in one SQLite file.

use std::cell::Cell;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use super::{Result, Row, Value};
use crate::schema::{APPLICATION, State};

/// How long to wait for another program that writes.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) connection: Connection,
    /// The state that was seen last, which changes when another program writes.
    seen: Cell<i64>,
}

impl File {
    pub(crate) fn open(file: &Path, is_made: bool) -> Result<Self> {
        let mut flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, is_made);
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self { connection, seen: Cell::new(0) })
    }

    /// Sets it up for use, once it is known to be a corpus.
    pub(crate) fn set_up(&self) -> Result<()> {
        // With WAL a killed program loses nothing that was committed, and readers do not
        // wait for a writer.
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.pragma_update(None, "synchronous", "NORMAL")?;
        self.connection.pragma_update(None, "cache_size", -16_384)?;
        // Each article writes a page or so for every word it is found by, many of them again
        // and again: what is put into place less often is put there less.
        self.connection.pragma_update(None, "wal_autocheckpoint", 8_000)?;
        self.connection.pragma_update(None, "mmap_size", 1_i64 << 28)?;
        // Plans do not depend on values, for which statements were prepared anew each time.
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(())
    }

    pub(super) fn state(&self) -> Result<State> {
        let read = |name: &str| {
            self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
        };
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = self.connection.query_row(tables, [], |row| row.get(0))?;
        let application = read("application_id")?;
        let version = u32::try_from(read("user_version")?).unwrap_or(u32::MAX);
        Ok(match application == i64::from(APPLICATION) {
            true => State::Version(version),
            false if application == 0 && tables == 0 => State::Empty,
            false => State::Foreign,
        })
    }

    pub(super) fn set_version(&self, version: u32) -> Result<()> {
        self.connection.pragma_update(None, "application_id", APPLICATION)?;
        Ok(self.connection.pragma_update(None, "user_version", version)?)
    }

    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.execute(params_from_iter(values))? as u64)
    }

    pub(super) fn each_row(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            read(&Row::File(row))?;
        }
        Ok(())
    }

    pub(super) fn run(&self, sql: &str) -> Result<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    pub(super) fn begin(&self) -> Result<bool> {
        self.run("BEGIN IMMEDIATE")?;
        let state = self.by_others().inspect_err(|_| self.roll_back())?;
        Ok(self.seen.replace(state) != state)
    }

    /// What others wrote, and what was written here.
    pub(super) fn written(&self) -> Result<(i64, u64)> {
        Ok((self.by_others()?, self.connection.total_changes()))
    }

    fn by_others(&self) -> Result<i64> {
        Ok(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    pub(super) fn roll_back(&self) {
        // Where it cannot, SQLite has done so.
        let _ = self.run("ROLLBACK");
    }
}
