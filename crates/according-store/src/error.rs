//! What can go wrong with a corpus.

use std::fmt;

use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

use crate::address::{Address, Place};
use crate::db::Failure;

/// Why a corpus could not be opened, read or written.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    /// As it is shown.
    place: String,
    is_server: bool,
    /// What is known besides.
    detail: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Missing,
    Folder,
    Foreign,
    Newer(u32),
    Damaged,
    Busy,
    Full,
    ReadOnly,
    NotFound,
    /// The server does not answer, or not any more.
    Gone,
    /// The server lets nobody in by this name and password.
    Refused,
    /// The address is none.
    Address,
    Other,
}

impl Error {
    pub(crate) fn new(kind: Kind, address: &Address) -> Self {
        Self::with(kind, address, None, None)
    }

    fn with(
        kind: Kind,
        address: &Address,
        detail: Option<String>,
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let is_server = matches!(address.0, Place::Server(_));
        let place = address.to_string();
        Self(Box::new(Inner { kind, place, is_server, detail, source }))
    }

    pub(crate) fn of(failure: Failure, address: &Address) -> Self {
        match failure {
            Failure::Damaged => Self::new(Kind::Damaged, address),
            Failure::NotFound => Self::new(Kind::NotFound, address),
            Failure::Address(what) => {
                Self::with(Kind::Address, address, Some(what), None)
            }
            Failure::Runtime(source) => {
                let detail = Some(source.to_string());
                Self::with(Kind::Other, address, detail, Some(Box::new(source)))
            }
            Failure::File(source) => {
                let (kind, detail) = (of_file(&source), Some(source.to_string()));
                Self::with(kind, address, detail, Some(Box::new(source)))
            }
            Failure::Server(source) => {
                let (kind, detail) = of_server(&source);
                Self::with(kind, address, Some(detail), Some(Box::new(source)))
            }
        }
    }

    /// What to do about it, where that is known.
    pub fn advice(&self) -> Option<&'static str> {
        match self.0.kind {
            Kind::Missing => Some("'according add --corpus' makes one"),
            Kind::Newer(_) => Some("use a newer version of the program"),
            Kind::Damaged => {
                Some("keep it, and add the articles to a new corpus from their files")
            }
            Kind::Busy => Some("try again when the other program is done"),
            Kind::Full => Some("make room and run the same command again"),
            Kind::Gone => {
                Some("run the same command again when it answers: what was added is kept")
            }
            Kind::Refused => Some("give the password in PGPASSWORD"),
            _ => None,
        }
    }

    /// Whether the corpus is in order and only lacks what was asked for.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::NotFound
    }

    /// Whether the next article might still be added: the corpus itself is in order.
    pub fn is_passing(&self) -> bool {
        self.0.kind == Kind::Busy
    }
}

fn of_file(error: &rusqlite::Error) -> Kind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Busy,
        Some(ErrorCode::DiskFull) => Kind::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Kind::ReadOnly,
        Some(ErrorCode::NotADatabase) => Kind::Foreign,
        Some(ErrorCode::DatabaseCorrupt) => Kind::Damaged,
        _ => Kind::Other,
    }
}

/// What a server's error means, and how it says so itself.
pub(crate) fn of_server(error: &tokio_postgres::Error) -> (Kind, String) {
    let Some(told) = error.as_db_error() else {
        // The client's own words hold no address and no password; what is below is told
        // once, by whoever prints the whole chain.
        let is_over = error.is_closed() || is_io(error);
        return (if is_over { Kind::Gone } else { Kind::Other }, error.to_string());
    };
    let code = told.code();
    let kind = match *code {
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::T_R_SERIALIZATION_FAILURE => Kind::Busy,
        SqlState::DISK_FULL => Kind::Full,
        SqlState::INSUFFICIENT_PRIVILEGE | SqlState::READ_ONLY_SQL_TRANSACTION => {
            Kind::ReadOnly
        }
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            Kind::Refused
        }
        SqlState::INVALID_CATALOG_NAME => Kind::Missing,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => Kind::Damaged,
        _ if matches!(code.code().get(..2), Some("08")) => Kind::Gone,
        // Shut down, crashed, or starting.
        _ if code.code().starts_with("57P") => Kind::Gone,
        _ => Kind::Other,
    };
    (kind, told.message().to_owned())
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.is::<std::io::Error>() {
            return true;
        }
        source = error.source();
    }
    error.to_string().contains("connect")
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, place, is_server, detail, .. } = &*self.0;
        match kind {
            Kind::Missing => write!(f, "there is no corpus {place}"),
            Kind::Folder => write!(f, "{place} is a folder, not a corpus"),
            Kind::Foreign => write!(f, "{place} is not a corpus"),
            Kind::Newer(version) => {
                write!(f, "{place} was made by a newer version (format {version})")
            }
            Kind::Damaged => write!(f, "{place} is damaged"),
            Kind::Busy => write!(f, "another program is writing to {place}"),
            Kind::Full => write!(f, "the disk with {place} is full"),
            Kind::ReadOnly => write!(f, "{place} cannot be written to"),
            Kind::NotFound => write!(f, "{place} does not hold what is asked for"),
            Kind::Gone => write!(f, "the server of {place} does not answer"),
            Kind::Refused => write!(f, "the server of {place} lets this user not in"),
            Kind::Address => write!(f, "{place} cannot be used"),
            Kind::Other if *is_server => {
                write!(f, "the server of {place} failed")
            }
            Kind::Other => write!(f, "{place} cannot be used"),
        }?;
        match (kind, detail) {
            (
                Kind::Address | Kind::Other | Kind::Gone | Kind::Refused | Kind::ReadOnly,
                Some(detail),
            ) => write!(f, ": {detail}"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}
