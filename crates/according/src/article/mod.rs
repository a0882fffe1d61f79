//! What is read: a text with its parts and what is known about it from outside.

pub mod plain;

mod byline;
mod calendar;
mod dateline;
pub(crate) mod day;
mod furniture;
pub(crate) mod language;
mod lines;
mod note;
mod words;

pub use byline::{authors, is_desk};
pub use dateline::is_news_agency;
pub use day::Day;

use according_nlp::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A news article, ready to be parsed. Its text never changes.
#[derive(Clone, Debug, Default)]
pub struct Article {
    /// The text exactly as decoded; every span points in here.
    pub text: String,
    /// The parts of the text, in order, without overlap; together they hold all of it that
    /// is not white space.
    pub blocks: Vec<Block>,
    /// The pages of a paper, in order; empty for everything else.
    pub pages: Vec<Page>,
    /// What is known about the article.
    pub metadata: Metadata,
}

/// One part of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands, without surrounding white space.
    pub span: Span,
    /// What else is known of it.
    pub note: Option<BlockNote>,
}

impl Block {
    /// A block of which nothing else is known.
    pub fn new(kind: BlockKind, span: Span) -> Self {
        Self { kind, span, note: None }
    }
}

/// What a block is to the article around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockNote {
    /// The outlet corrects itself.
    Correction,
    /// The editors say something about the article.
    EditorsNote,
    /// A post from a social network, shown within the article.
    Post,
}

/// One page of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1, as a viewer counts them.
    pub number: u32,
    /// Which text stands on it.
    pub span: Span,
}

impl Article {
    /// Whether it is in English, the language that is read.
    pub fn is_english(&self) -> bool {
        self.metadata.language.as_deref().is_none_or(language::is_english)
    }
}

/// What a block of an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// The title above the article.
    Headline,
    /// The line or two below the headline that sum the article up.
    Standfirst,
    /// Who wrote it.
    Byline,
    /// Place (and often date and agency) at the head of the first paragraph.
    Dateline,
    /// A line with the date of publication.
    Date,
    /// Text that belongs to a picture, its credit included.
    Caption,
    /// Running text of the story.
    Paragraph,
    /// A block quotation.
    Quotation,
    /// An item of a list.
    ListItem,
    /// A table.
    Table,
    /// Comment prompts, "read more", copyright, related links.
    Boilerplate,
}

impl BlockKind {
    /// Whether the story is told here: claims from elsewhere never count in the summary.
    pub fn is_body(self) -> bool {
        matches!(
            self,
            Self::Headline
                | Self::Standfirst
                | Self::Paragraph
                | Self::Quotation
                | Self::ListItem
        )
    }
}

/// What is known about an article besides its text. Unknown is `None`, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The caller's name for it: an id or a file path.
    pub reference: Option<String>,
    /// Where it stands in the archive, feed or mailbox it came in.
    pub locator: Option<String>,
    /// Title, given or found as the headline.
    pub title: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Names of the authors.
    pub byline: Vec<String>,
    /// The dateline as written.
    pub dateline: Option<String>,
    /// Date of publication, ISO 8601; TimeML's document creation time.
    pub published: Option<String>,
    /// The moment of publication as far as it is told, ISO 8601, with its time zone where
    /// there is one. Its day is `published`, or next to it where a zone lies between.
    pub published_time: Option<String>,
    /// Day or moment of the last change, ISO 8601.
    pub modified: Option<String>,
    /// Whom the outlet took it over from, as told beside the text.
    pub via: Option<String>,
    /// Language, BCP 47; `und` where it can only be said that it is not English. What is
    /// given counts where the text does not contradict it.
    pub language: Option<String>,
    /// What a page says about itself, in all places where it does.
    pub provenance: Vec<Provenance>,
}

/// Something a page says about itself, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// What is told.
    pub field: Field,
    /// What is said, in the form the report uses.
    pub value: String,
    /// Where it is said.
    pub origin: Origin,
    /// Whether the report goes by it.
    pub used: bool,
}

/// What can be told about an article.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are those of the fields they fill")]
pub enum Field {
    Title,
    Byline,
    Outlet,
    Published,
    Modified,
    Language,
    Url,
    Via,
}

/// A place where a page speaks about itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// JSON-LD of a news article.
    JsonLd,
    /// OpenGraph.
    OpenGraph,
    /// Other `<meta>` and `<link>` elements, `<title>`, attributes of `<html>`.
    Meta,
    /// Microdata, microformats, RDFa and `<time>` elements.
    Markup,
    /// What a reader sees.
    Text,
    /// The address of the page.
    Address,
}
