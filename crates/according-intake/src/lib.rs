//! A document as it came to a report: what every program that reads has in common.
//!
//! [`Record`] is a text or page, decoded, with what its container knows of it;
//! [`Record::article`] is the article in it; [`Reading`] is the report on it.

mod decode;
mod reading;
mod record;

pub use decode::{decode, decode_page};
pub use reading::{Given, Reading, Text, day};
pub use record::{Error, Record};
