use std::fmt;
use std::io;

/// Why something could not be read.
#[derive(Debug)]
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Limit { name: &'static str, message: String },
    Damaged(String),
    Io(io::Error),
}

impl Error {
    pub(crate) fn limit(name: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Limit { name, message: message.into() }))
    }

    pub(crate) fn damaged(message: impl Into<String>) -> Self {
        Self(Box::new(Kind::Damaged(message.into())))
    }

    /// The field of [`Limits`](crate::Limits) that was exceeded, if that is what is wrong.
    pub fn exceeded(&self) -> Option<&'static str> {
        match &*self.0 {
            Kind::Limit { name, .. } => Some(name),
            Kind::Damaged(_) | Kind::Io(_) => None,
        }
    }

    /// For readers within readers: it comes out again as what it is.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(error) => error,
            Err(error) => Self(Box::new(Kind::Io(error))),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Limit { message, .. } | Kind::Damaged(message) => f.write_str(message),
            Kind::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                f.write_str("ends too early")
            }
            Kind::Io(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

impl std::error::Error for Error {}
