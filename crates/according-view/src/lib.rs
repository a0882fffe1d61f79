//! Reports as web pages: values in, strings out.
//!
//! [`reader_page`] is one report as a file of its own, with style and script inside: the
//! article as people read it, every claim marked where it stands, and beside it who says so
//! and which way it came. Nothing is loaded from anywhere, and the page says so to the
//! browser with a content security policy that allows nothing but the bytes it carries.
//!
//! Text of articles is text: it is escaped, its markup is never passed through, and what
//! would steer the direction of the page is left out.
//!
//! # Limits
//!
//! A page shows a report and knows no more than it. Pages are for browsers since 2023; older
//! ones show the text and the notes without what ties them together.

mod actor;
mod add;
mod beside;
mod corpus;
mod document;
mod figure;
mod map;
mod mark;
mod note;
mod origin_graph;
mod plain;
mod reader;
mod review;
mod shell;
mod text;
mod word;

pub use actor::{Dossier, Said, actor_page};
pub use add::{Item, Outcome, Progress, add_page, job_page};
pub use beside::{Beside, Pick, Standing};
pub use corpus::{Source, claim_page, claims_page, sources_page, timeline_page};
pub use map::{Spoken, Spot, map_page};
pub use plain::{Asked, Facet, Found, login_page, message_page, search_page};
pub use reader::{article_page, reader_page};
pub use review::{
    Case, Desk, Made, case_page, corrections_page, outlets_page, queue_page,
};
pub use shell::{SCRIPT, STYLE, script_path, style_path, style_source};
