use std::fmt;

use crate::error::Error;

/// One text out of a container, and what the container knows of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Where it was.
    pub place: Place,
    /// The container's own name for it: a guid, a message id, the id of a record.
    pub id: Option<String>,
    /// What it holds.
    pub body: Body,
    /// Where it was published.
    pub url: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its authors.
    pub byline: Vec<String>,
    /// When it was published: ISO 8601 where the container's own form is understood, else as
    /// the container writes it.
    pub published: Option<String>,
    /// Whom it was taken over from, where the container says so: `<source>` of a feed, the
    /// agency of a newswire.
    pub via: Option<String>,
}

/// What a document holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// How it is written.
    pub media: Media,
    /// The bytes as they came, unpacked.
    pub bytes: Vec<u8>,
    /// The encoding, where it was declared outside of the bytes. That goes before what they
    /// say themselves.
    pub charset: Option<String>,
    /// For a paper: which bytes stand on which page.
    pub pages: Vec<Page>,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Media {
    /// Plain text.
    #[default]
    Text,
    /// HTML, a page or a piece of one.
    Html,
    /// One JSON object: a text and what is known of it.
    Record,
}

/// A page of a paper: bytes `start..end` of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// First byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Body {
    pub(crate) fn text(text: String) -> Self {
        Self::utf8(Media::Text, text)
    }

    pub(crate) fn html(html: String) -> Self {
        Self::utf8(Media::Html, html)
    }

    fn utf8(media: Media, text: String) -> Self {
        let charset = Some("utf-8".to_owned());
        Self { media, bytes: text.into_bytes(), charset, pages: Vec::new() }
    }
}

/// Where something is: a file, and the way into it.
///
/// Written as `news.zip!/today.xml#item=3`: entries of archives after `!/`, parts of a file
/// after `#`, lines after a colon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The way into it, outermost first.
    pub steps: Vec<Step>,
}

/// One step into a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The path of an entry of an archive.
    Entry(String),
    /// A record of a web archive, by its first byte, as the indexes of such archives do.
    Record(u64),
    /// An item of a feed, from 1.
    Item(u64),
    /// A message of a mailbox, from 1.
    Message(u64),
    /// A message attached to another, from 1.
    Attached(u64),
    /// A page of a paper, from 1.
    Page(u32),
    /// A line, from 1.
    Line(u64),
}

impl Place {
    /// A file.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), steps: Vec::new() }
    }

    pub(crate) fn step(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { file: self.file.clone(), steps }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for step in &self.steps {
            match step {
                // Names of entries are anybody's, and end up on terminals.
                Step::Entry(path) => {
                    f.write_str("!/")?;
                    for c in path.chars() {
                        if c.is_control() {
                            write!(f, "{}", c.escape_default())?;
                        } else {
                            write!(f, "{c}")?;
                        }
                    }
                }
                Step::Record(offset) => write!(f, "#offset={offset}")?,
                Step::Item(n) => write!(f, "#item={n}")?,
                Step::Message(n) => write!(f, "#message={n}")?,
                Step::Attached(n) => write!(f, "#attached={n}")?,
                Step::Page(n) => write!(f, "#page={n}")?,
                Step::Line(n) => write!(f, ":{n}")?,
            }
        }
        Ok(())
    }
}

/// What could not be read, and why. The rest goes on.
#[derive(Debug)]
pub struct Failure {
    /// Where it is.
    pub place: Place,
    /// What is wrong with it.
    pub error: Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.error)
    }
}

impl std::error::Error for Failure {}
