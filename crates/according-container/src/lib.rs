//! News texts out of what they come in: feeds, web archives, mail, papers, and packed files
//! and folders of all these.
//!
//! [`Documents`] hands them over one after another, in the order they stand, and holds no
//! more than one of them at a time. What is damaged is named and passed over.
//!
//! ```
//! use according_container::{Documents, Limits};
//!
//! let feed = r#"<rss><channel><title>Example Herald</title>
//!   <item><title>Harbour closed</title><description>It snowed.</description></item>
//!   <item><title>Bro</item>
//!   <item><title>Ferry late</title></item></channel></rss>"#;
//! let found: Vec<_> =
//!     Documents::read("today.xml", feed.as_bytes(), None, Limits::default()).collect();
//! assert_eq!(found[0].as_ref().unwrap().outlet.as_deref(), Some("Example Herald"));
//! assert_eq!(found[1].as_ref().unwrap_err().place.to_string(), "today.xml#item=2");
//! assert_eq!(found[2].as_ref().unwrap().title.as_deref(), Some("Ferry late"));
//! ```
//!
//! HTML is handed over as it came: what in it is the article is not decided here. Nothing is
//! fetched, and nothing is written but archives within archives, to a nameless file.

mod document;
mod documents;
mod error;
mod feed;
mod form;
mod guard;
mod http;
mod json;
mod limits;
mod mail;
mod newswire;
mod packed;
mod paper;
mod source;
mod warc;
mod xml;
mod zipped;

pub use document::{Body, Document, Failure, Media, Page, Place, Step};
pub use documents::Documents;
pub use error::Error;
pub use form::Form;
pub use guard::is_guarded;
pub use limits::Limits;
