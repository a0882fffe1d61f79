//! A corpus on a PostgreSQL server.

use std::cell::{Cell, OnceCell, Ref, RefCell};
use std::collections::HashMap;
use std::error::Error as StdError;
use std::pin::pin;

use bytes::{BufMut as _, BytesMut};
use futures_util::{TryStreamExt as _, future};
use tokio::runtime::Runtime;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

use super::{Failure, Result, Row, Value, values};
use crate::address::ServerAddress;
use crate::schema::State;
use crate::words::Splitter;

/// So many statements are kept prepared. Questions come in many forms.
const MOST_PREPARED: usize = 200;

/// What every session begins with. Waiting for another program that writes ends after a
/// while; what is seen after it has ended is what it wrote, whatever the server is set to.
const SET_UP: &str = "SET lock_timeout = '20s';
    SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET standard_conforming_strings = on";

/// The connection to a server, made again when it was lost between two transactions.
pub(crate) struct Server {
    address: ServerAddress,
    /// `None` when it is over.
    runtime: Option<Runtime>,
    session: RefCell<Option<Session>>,
    /// The server said that it ends the session, or nothing more: until the connection is
    /// closed as well, a little while passes.
    is_lost: Cell<bool>,
    /// How often was written when it was seen last.
    seen: Cell<i64>,
    in_transaction: Cell<bool>,
    splitter: OnceCell<Splitter>,
}

struct Session {
    client: Client,
    prepared: RefCell<HashMap<String, Statement>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    pub(crate) fn connect(address: &ServerAddress) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(Failure::Runtime)?;
        let server = Self {
            address: address.clone(),
            runtime: Some(runtime),
            session: RefCell::new(None),
            is_lost: Cell::new(false),
            seen: Cell::new(-1),
            in_transaction: Cell::new(false),
            splitter: OnceCell::new(),
        };
        server.session()?;
        Ok(server)
    }

    fn wait<T, E>(
        &self,
        answer: impl Future<Output = std::result::Result<T, E>>,
    ) -> Result<T>
    where
        Failure: From<E>,
    {
        let runtime = self.runtime.as_ref().ok_or(Failure::NotFound)?;
        runtime.block_on(answer).map_err(|error| {
            let failure = Failure::from(error);
            self.is_lost.set(self.is_lost.get() || failure.ends_session());
            failure
        })
    }

    /// The session, which is begun anew if the last one ended.
    fn session(&self) -> Result<Ref<'_, Session>> {
        if !self.in_transaction.get() {
            // Lets what the server said meanwhile be heard: that it ended the session.
            self.wait(async {
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                }
                Ok::<_, Failure>(())
            })?;
        }
        let is_open = |session: &Session| !session.client.is_closed();
        let is_over =
            self.is_lost.get() || !self.session.borrow().as_ref().is_some_and(is_open);
        if is_over && !self.in_transaction.get() {
            let client = self.wait(self.address.connect())?;
            self.wait(client.batch_execute(SET_UP))?;
            let prepared = RefCell::new(HashMap::new());
            *self.session.borrow_mut() = Some(Session { client, prepared });
            self.is_lost.set(false);
        }
        Ref::filter_map(self.session.borrow(), Option::as_ref)
            .map_err(|_| Failure::NotFound)
    }

    fn prepared(&self, session: &Session, sql: &str) -> Result<Statement> {
        if let Some(statement) = session.prepared.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let numbered = sql.replace('?', "$");
        let statement = self.wait(session.client.prepare(&numbered))?;
        let mut prepared = session.prepared.borrow_mut();
        if prepared.len() >= MOST_PREPARED {
            prepared.clear();
        }
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// The session and a statement that was prepared in it.
    fn ready(&self, sql: &str) -> Result<(Ref<'_, Session>, Statement)> {
        let session = self.session()?;
        let statement = self.prepared(&session, sql)?;
        Ok((session, statement))
    }

    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let (session, statement) = self.ready(sql)?;
        let values = values.iter().copied();
        self.wait(session.client.execute_raw(&statement, values))
    }

    pub(super) fn execute_each(&self, sql: &str, each: &[Vec<Value<'_>>]) -> Result<()> {
        let (session, statement) = self.ready(sql)?;
        let client = &session.client;
        let all = each.iter().map(|values| {
            let values = values.iter().copied();
            client.execute_raw(&statement, values)
        });
        self.wait(future::try_join_all(all))?;
        Ok(())
    }

    pub(super) fn each_row(
        &self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let (session, statement) = self.ready(sql)?;
        let values = values.iter().copied();
        let rows = self.wait(session.client.query_raw(&statement, values))?;
        let mut rows = pin!(rows);
        while let Some(row) = self.wait(rows.try_next())? {
            read(&Row::Server(&row))?;
        }
        Ok(())
    }

    pub(super) fn rows_of_each<T>(
        &self,
        sql: &str,
        each: &[Vec<Value<'_>>],
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<Vec<T>>> {
        let (session, statement) = self.ready(sql)?;
        let (client, statement) = (&session.client, &statement);
        let all = each.iter().map(|values| async move {
            let rows = client.query_raw(statement, values.iter().copied()).await?;
            rows.try_collect::<Vec<tokio_postgres::Row>>().await
        });
        let all = self.wait(future::try_join_all(all))?;
        all.iter()
            .map(|rows| rows.iter().map(|row| read(&Row::Server(row))).collect())
            .collect()
    }

    pub(super) fn run(&self, sql: &str) -> Result<()> {
        let session = self.session()?;
        self.wait(session.client.batch_execute(sql))
    }

    /// What splits texts into words.
    pub(crate) fn splitter(&self) -> Result<&Splitter> {
        if self.splitter.get().is_none() {
            let _ = self.splitter.set(Splitter::new()?);
        }
        self.splitter.get().ok_or(Failure::NotFound)
    }

    pub(super) fn state(&self) -> Result<State> {
        // Whatever else a schema holds, a table of this name and column is ours.
        let found = "SELECT count(*), count(*) FILTER (WHERE relname = 'corpus'
                AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute
                    WHERE attrelid = pg_class.oid AND attname = 'according'))
            FROM pg_catalog.pg_class
            WHERE relnamespace = current_schema()::regnamespace
                AND relkind IN ('r', 'p', 'v', 'm', 'f')";
        let mut found_tables = (0_i64, 0_i64);
        self.each_row(found, &[], |row| {
            found_tables = (row.get(0)?, row.get(1)?);
            Ok(())
        })?;
        match found_tables {
            (0, _) => Ok(State::Empty),
            (_, 0) => Ok(State::Foreign),
            _ => {
                let mut version = 0;
                self.each_row("SELECT according FROM corpus", &[], |row| {
                    version = row.get(0)?;
                    Ok(())
                })?;
                Ok(State::Version(version))
            }
        }
    }

    pub(super) fn set_version(&self, version: u32) -> Result<()> {
        let update = "UPDATE corpus SET according = ?1";
        self.execute(update, values![version]).map(|_| ())
    }

    pub(super) fn begin_making(&self) -> Result<()> {
        self.run("BEGIN")?;
        self.in_transaction.set(true);
        // The schema that the address names; the version, and how often was written.
        let make = "SELECT pg_advisory_xact_lock(1633903471);
            DO $$ BEGIN
                IF current_schema() IS NULL
                    AND current_setting('search_path') NOT LIKE '%$user%' THEN
                    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', trim(BOTH '\" '
                        FROM split_part(current_setting('search_path'), ',', 1)));
                END IF;
            END $$;
            CREATE TABLE IF NOT EXISTS corpus
                (according BIGINT NOT NULL, written BIGINT NOT NULL);
            INSERT INTO corpus SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM corpus);
            SELECT 1 FROM corpus FOR UPDATE";
        self.run(make).inspect_err(|_| self.roll_back())
    }

    pub(super) fn begin(&self) -> Result<bool> {
        self.run("BEGIN")?;
        self.in_transaction.set(true);
        // Whoever holds this row writes. What the others wrote is seen once they let go.
        let written = "SELECT written FROM corpus FOR UPDATE";
        let mut now = -1;
        let read = self.each_row(written, &[], |row| {
            now = row.get(0)?;
            Ok(())
        });
        read.inspect_err(|_| self.roll_back())?;
        Ok(self.seen.replace(now) != now)
    }

    pub(super) fn hold(&self) -> Result<()> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        self.in_transaction.set(true);
        Ok(())
    }

    pub(super) fn let_go(&self) -> Result<()> {
        self.in_transaction.set(false);
        self.run("COMMIT")
    }

    pub(super) fn commit(&self) -> Result<()> {
        self.execute("UPDATE corpus SET written = written + 1", &[])?;
        self.run("COMMIT")?;
        self.in_transaction.set(false);
        self.seen.set(self.seen.get() + 1);
        Ok(())
    }

    pub(super) fn roll_back(&self) {
        // Where it cannot, the server has done so.
        let _ = self.run("ROLLBACK");
        self.in_transaction.set(false);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whoever drops it may be a task that must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (*self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Integer(value), &Type::INT8) => out.put_i64(value),
            (Self::Integer(value), &Type::INT4) => out.put_i32(value.try_into()?),
            (Self::Integer(value), &Type::INT2) => out.put_i16(value.try_into()?),
            (Self::Integer(value), &Type::BOOL) => out.put_u8(u8::from(value != 0)),
            (Self::Real(value), &Type::FLOAT8) => out.put_f64(value),
            (Self::Text(value), &Type::TEXT | &Type::VARCHAR) => {
                // What PostgreSQL cannot keep in a text.
                out.put_slice(value.replace('\0', "\u{fffd}").as_bytes());
            }
            (Self::Blob(value), &Type::BYTEA) => out.put_slice(value),
            (value, ty) => return Err(format!("{value:?} for a {ty}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Value<'r> {
    fn from_sql(
        ty: &Type,
        raw: &'r [u8],
    ) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Integer(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Self::Integer(i64::from(i16::from_sql(ty, raw)?)),
            Type::BOOL => Self::Integer(i64::from(bool::from_sql(ty, raw)?)),
            Type::FLOAT8 => Self::Real(f64::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR => Self::Text(<&str>::from_sql(ty, raw)?),
            Type::BYTEA => Self::Blob(raw),
            _ => return Err(format!("a column of type {ty}").into()),
        })
    }

    fn from_sql_null(
        _: &Type,
    ) -> std::result::Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
