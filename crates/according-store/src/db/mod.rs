//! The database: statements, rows and transactions, in a file or on a server.
//!
//! SQL is written once, as far as SQLite and PostgreSQL agree, with `?1` for the first value.
//! Where they do not, a statement asks [`Db`] how it is said.

mod file;
mod server;
mod value;

use std::fmt;
use std::ops::Deref;

pub(crate) use file::File;
pub(crate) use server::Server;
pub(crate) use value::{FromValue, Row, ToValue, Value, each_id, values};

use crate::address::{Address, Place};
use crate::error::{Kind, of_server};
use crate::schema::State;

/// Why a statement failed.
#[derive(Debug)]
pub(crate) enum Failure {
    File(rusqlite::Error),
    Server(tokio_postgres::Error),
    /// What was read is not what was written.
    Damaged,
    /// There is none of what must be there.
    NotFound,
    /// An address that is none, and why.
    Address(String),
    /// What a server is waited for with cannot be made.
    Runtime(std::io::Error),
}

impl Failure {
    /// Whether the server answers no more in this session.
    fn ends_session(&self) -> bool {
        matches!(self, Self::Server(error) if of_server(error).0 == Kind::Gone)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::File(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Server(error)
    }
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// A database that is open.
#[derive(Debug)]
pub(crate) enum Db {
    File(File),
    Server(Box<Server>),
}

impl Db {
    /// Opens a file or logs in on a server.
    pub(crate) fn open(address: &Address, is_made: bool) -> Result<Self> {
        Ok(match &address.0 {
            Place::File(file) => Self::File(File::open(file, is_made)?),
            Place::Server(server) => Self::Server(Box::new(Server::connect(server)?)),
        })
    }

    /// Sets it up for use, once it is known to be a corpus.
    pub(crate) fn set_up(&self) -> Result<()> {
        match self {
            Self::File(file) => file.set_up(),
            Self::Server(_) => Ok(()),
        }
    }

    /// Runs a statement, and tells how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        match self {
            Self::File(file) => file.execute(sql, values),
            Self::Server(server) => server.execute(sql, values),
        }
    }

    /// Runs a statement once for each of some values. A server is asked all at once.
    pub(crate) fn execute_each(&self, sql: &str, each: &[Vec<Value<'_>>]) -> Result<()> {
        match self {
            Self::File(file) => {
                each.iter().try_for_each(|values| file.execute(sql, values).map(|_| ()))
            }
            Self::Server(server) => server.execute_each(sql, each),
        }
    }

    /// What is found, row by row. `read` must not ask in turn.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each_row(sql, values, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The same without keeping it.
    pub(crate) fn each_row(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::File(file) => file.each_row(sql, values, read),
            Self::Server(server) => server.each_row(sql, values, read),
        }
    }

    /// What is found for each of some values. A server is asked all at once.
    pub(crate) fn rows_of_each<T>(
        &self,
        sql: &str,
        each: &[Vec<Value<'_>>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<Vec<T>>> {
        match self {
            Self::File(_) => {
                each.iter().map(|values| self.rows(sql, values, &mut read)).collect()
            }
            Self::Server(server) => server.rows_of_each(sql, each, read),
        }
    }

    /// The first row that is found.
    pub(crate) fn row<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let rows = self.rows(sql, values, read)?;
        Ok(rows.into_iter().next())
    }

    /// The first column of the first row.
    pub(crate) fn one<T: FromValue>(
        &self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Option<T>> {
        self.row(sql, values, |row| row.get(0))
    }

    /// The first column of a row that must be there.
    pub(crate) fn the<T: FromValue>(&self, sql: &str, values: &[Value<'_>]) -> Result<T> {
        self.one(sql, values)?.ok_or(Failure::NotFound)
    }

    /// Runs statements that give nothing back.
    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        match self {
            Self::File(file) => file.run(sql),
            Self::Server(server) => server.run(sql),
        }
    }

    /// What there is.
    pub(crate) fn state(&self) -> Result<State> {
        match self {
            Self::File(file) => file.state(),
            Self::Server(server) => server.state(),
        }
    }

    /// Numbers that change whenever something is written, as this connection sees it.
    pub(crate) fn written(&self) -> Result<(i64, u64)> {
        match self {
            Self::File(file) => file.written(),
            Self::Server(_) => Ok((self.the("SELECT written FROM corpus", &[])?, 0)),
        }
    }

    /// Says which version the tables are of.
    pub(crate) fn set_version(&self, version: u32) -> Result<()> {
        match self {
            Self::File(file) => file.set_version(version),
            Self::Server(server) => server.set_version(version),
        }
    }

    /// Begins to make tables, once nobody else does.
    pub(crate) fn begin_making(&self) -> Result<Transaction<'_>> {
        match self {
            Self::File(file) => file.begin().map(|_| ())?,
            Self::Server(server) => server.begin_making()?,
        }
        Ok(Transaction { db: self, is_open: true })
    }

    /// Begins to write, once nobody else does; tells whether somebody else wrote since this
    /// was last asked.
    pub(crate) fn begin(&self) -> Result<(Transaction<'_>, bool)> {
        let others_wrote = match self {
            Self::File(file) => file.begin()?,
            Self::Server(server) => server.begin()?,
        };
        Ok((Transaction { db: self, is_open: true }, others_wrote))
    }
}

impl Db {
    /// From now on until [`Self::let_go`] everything is read as it is now.
    pub(crate) fn hold(&self) -> Result<()> {
        match self {
            Self::File(file) => file.run("BEGIN"),
            Self::Server(server) => server.hold(),
        }
    }

    /// Reads what is written meanwhile again.
    pub(crate) fn let_go(&self) -> Result<()> {
        match self {
            Self::File(file) => file.run("COMMIT"),
            Self::Server(server) => server.let_go(),
        }
    }
}

/// What is written while it lasts is there after [`Self::commit`], or not at all.
pub(crate) struct Transaction<'d> {
    db: &'d Db,
    is_open: bool,
}

impl Transaction<'_> {
    pub(crate) fn commit(mut self) -> Result<()> {
        match self.db {
            Db::File(file) => file.run("COMMIT")?,
            Db::Server(server) => server.commit()?,
        }
        self.is_open = false;
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_open {
            match self.db {
                Db::File(file) => file.roll_back(),
                Db::Server(server) => server.roll_back(),
            }
        }
    }
}
