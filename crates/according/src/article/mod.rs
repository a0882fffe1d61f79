//! What is read: a text with its parts and what is known about it from outside.

pub mod plain;

mod byline;
mod calendar;
mod dateline;
mod furniture;
mod lines;
mod words;

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
}

/// One page of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1, as a viewer counts them.
    pub number: u32,
    /// Which text stands on it.
    pub span: Span,
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
    /// Whom the outlet took it over from, as told beside the text.
    pub via: Option<String>,
}
