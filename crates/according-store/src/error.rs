//! What can go wrong with a corpus on disk.

use std::fmt;
use std::path::Path;

use rusqlite::ErrorCode;

/// Why a corpus could not be opened, read or written.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    file: String,
    source: Option<rusqlite::Error>,
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
    Other,
}

impl Error {
    pub(crate) fn new(kind: Kind, file: &Path) -> Self {
        Self(Box::new(Inner { kind, file: file.display().to_string(), source: None }))
    }

    pub(crate) fn sql(source: rusqlite::Error, file: &Path) -> Self {
        let kind = match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Busy,
            Some(ErrorCode::DiskFull) => Kind::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Kind::ReadOnly,
            Some(ErrorCode::NotADatabase) => Kind::Foreign,
            Some(ErrorCode::DatabaseCorrupt) => Kind::Damaged,
            _ if source == rusqlite::Error::QueryReturnedNoRows => Kind::NotFound,
            _ if matches!(source, rusqlite::Error::FromSqlConversionFailure(..)) => {
                Kind::Damaged
            }
            _ => Kind::Other,
        };
        let file = file.display().to_string();
        Self(Box::new(Inner { kind, file, source: Some(source) }))
    }

    /// What to do about it, where that is known.
    pub fn advice(&self) -> Option<&'static str> {
        match self.0.kind {
            Kind::Missing => Some("'according add --corpus FILE' makes one"),
            Kind::Newer(_) => Some("use a newer version of the program"),
            Kind::Damaged => Some(
                "keep the file, and add the articles to a new corpus from their files",
            ),
            Kind::Busy => Some("try again when the other program is done"),
            Kind::Full => Some("make room and run the same command again"),
            _ => None,
        }
    }

    /// Whether the corpus is in order and only lacks what was asked for.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Kind::NotFound
    }

    /// Whether the next article might still be added: the file itself is in order.
    pub fn is_passing(&self) -> bool {
        self.0.kind == Kind::Busy
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.0.file;
        match self.0.kind {
            Kind::Missing => write!(f, "there is no corpus {file}"),
            Kind::Folder => write!(f, "{file} is a folder, not a corpus"),
            Kind::Foreign => write!(f, "{file} is not a corpus"),
            Kind::Newer(version) => {
                write!(f, "{file} was made by a newer version (format {version})")
            }
            Kind::Damaged => write!(f, "{file} is damaged"),
            Kind::Busy => write!(f, "another program is writing to {file}"),
            Kind::Full => write!(f, "the disk with {file} is full"),
            Kind::ReadOnly => write!(f, "{file} cannot be written to"),
            Kind::NotFound => write!(f, "{file} does not hold what is asked for"),
            Kind::Other => match &self.0.source {
                Some(source) => write!(f, "{file}: {source}"),
                None => write!(f, "{file} cannot be used"),
            },
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
