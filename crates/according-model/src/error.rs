use std::fmt;
use std::io;
use std::path::Path;

/// What went wrong, and where known what to do about it.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    hint: Option<String>,
    source: Option<io::Error>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner { message: message.into(), hint: None, source: None }))
    }

    /// An error of the file system: `doing` says what was tried, as in "write to".
    pub(crate) fn io(doing: &str, path: &Path, source: io::Error) -> Self {
        let hint = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(
                "a pipeline takes up to 150 MB while it is installed; make room, or set ACCORDING_DATA to a folder on another disk",
            ),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Some("set ACCORDING_DATA to a folder you may write to")
            }
            _ => None,
        };
        let what = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full"
            }
            io::ErrorKind::PermissionDenied => "no permission",
            io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
            io::ErrorKind::NotFound => "no such file or folder",
            _ => return Self::of(format!("cannot {doing} {}", path.display()), source),
        };
        let error = Self::new(format!("cannot {doing} {}: {what}", path.display()));
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    fn of(message: String, source: io::Error) -> Self {
        Self(Box::new(Inner { message, hint: None, source: Some(source) }))
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What the user can do about it.
    pub fn advice(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
