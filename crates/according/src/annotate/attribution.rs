//! Who says what: source, cue and content, the PARC and PolNeAR triple.

use according_nlp::Span;

/// A stretch of text and whoever stands behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// What kind of standing behind it is.
    pub kind: AttributionKind,
    /// The noun phrase of the source, nearest to the cue; empty when none is named.
    pub source: Vec<Span>,
    /// The words that attribute; empty for a quotation that stands alone.
    pub cue: Vec<Span>,
    /// What is said, thought, wanted.
    pub content: Vec<Span>,
    /// Token number of the head of the source.
    pub source_head: Option<usize>,
    /// Token number of the head of the cue.
    pub cue_head: Option<usize>,
    /// How likely it is right, from 0 to 1.
    pub confidence: f32,
}

/// What kind of standing behind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributionKind {
    /// Somebody said or wrote it.
    Speech,
    /// Somebody holds, wants, knows or feels it.
    Attitude,
    /// Said by nobody in particular: "reportedly", "is said to".
    Evidential,
    /// The reporter's own statement, with a hedge.
    Hedge,
}
