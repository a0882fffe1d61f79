//! Why nothing was fetched.

use std::fmt;
use std::net::IpAddr;

/// Why nothing was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be used, and why.
    Address(String),
    /// A host of this name is at a private address.
    Private(String, IpAddr),
    /// The site does not let programs fetch it.
    Robots,
    /// `robots.txt` cannot be read, so that nobody knows.
    NoRobots(String),
    /// The answer has a status that is no success.
    Status(u16),
    /// More redirects than the limit.
    Redirects(usize),
    /// A redirect that is not followed, and where to.
    Redirect(String),
    /// Something of a media type that is not read.
    Media(String),
    /// Packed in a way that was not asked for.
    Encoding(String),
    /// More bytes than the limit.
    Size(usize),
    /// It took longer than so many seconds.
    Time(u64),
    /// The connection failed.
    Connection(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(why) => write!(f, "is no address that can be fetched: {why}"),
            Self::Private(host, address) => {
                write!(f, "'{host}' is at {address}, an address that is not public")
            }
            Self::Robots => write!(f, "the robots.txt of the site does not allow it"),
            Self::NoRobots(why) => {
                write!(f, "the robots.txt of the site cannot be read: {why}")
            }
            Self::Status(404 | 410) => write!(f, "there is no such page"),
            Self::Status(status @ (401 | 402 | 403 | 451)) => {
                write!(f, "the server does not hand it out (status {status})")
            }
            Self::Status(429) => write!(f, "the server was asked too often (status 429)"),
            Self::Status(status @ 500..) => {
                write!(f, "the server has failed (status {status}); try again later")
            }
            Self::Status(status) => write!(f, "the server answered with status {status}"),
            Self::Redirects(limit) => {
                write!(f, "more redirects than the limit of {limit}")
            }
            Self::Redirect(to) => {
                write!(f, "is redirected to '{to}', which is not followed")
            }
            Self::Media(kind) => write!(f, "is '{kind}', which cannot be read"),
            Self::Encoding(name) => {
                write!(f, "is packed by '{name}', which was not asked for")
            }
            Self::Size(limit) => {
                write!(
                    f,
                    "larger than the limit of {} MiB for what is fetched",
                    limit >> 20
                )
            }
            Self::Time(limit) => {
                write!(f, "took longer than the limit of {limit} seconds")
            }
            Self::Connection(why) => write!(f, "cannot be fetched: {why}"),
        }
    }
}

impl std::error::Error for Error {}
