//! What a corpus says, as it is written to disk and wire: `according-corpus/1`.
//!
//! Offsets are code points into the article's text, half-open.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::correction::{Act, Correction, Grade, Kind};

/// The name and number of the format.
pub const FORMAT: &str = "according-corpus/1";

/// The JSON Schema of what [`CorpusReport`] is written as.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(CorpusReport).to_value()
}

/// The JSON Schema of what [`ClaimSummary`] is written as.
pub fn summary_schema() -> serde_json::Value {
    schemars::schema_for!(ClaimSummary).to_value()
}

/// Which articles are copies, which statements recur, and to how many origins they go back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CorpusReport {
    /// `according-corpus/1`.
    pub format: String,
    /// By date, then by ref.
    pub articles: Vec<ArticleEntry>,
    /// Those with most articles first.
    pub claims: Vec<ClaimEntry>,
}

/// An article of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleEntry {
    /// The caller's name for it.
    #[serde(rename = "ref")]
    pub reference: String,
    /// `sha256:` and the digest of its text.
    pub id: String,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Date of publication, ISO 8601.
    pub published: Option<String>,
    /// Title, given or found.
    pub title: Option<String>,
    /// The agency that wrote most of it.
    pub wire: Option<String>,
    /// The earlier article that most of its text stands in.
    pub copy_of: Option<String>,
    /// How much alike the two are.
    pub copy_kind: Option<CopyKind>,
    /// Share of the shorter text that stands in the other, from 0 to 1.
    pub overlap: Option<f32>,
    /// How reliable an analyst calls its outlet; left out where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Grade>,
    /// Notes of analysts on it; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Corrected>,
}

/// How a copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CopyKind {
    /// More than nine tenths are the same.
    Verbatim,
    /// Less is.
    Edited,
}

impl CopyKind {
    /// Copies that share more are verbatim.
    const VERBATIM: f32 = 0.9;

    /// The kind of a copy that has so much in common with what it copies, from 0 to 1.
    pub fn of(share: f32) -> Self {
        if share > Self::VERBATIM { Self::Verbatim } else { Self::Edited }
    }
}

/// A statement that is made in several places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimEntry {
    /// `K1`, `K2`, …
    pub id: String,
    /// The clearest wording found.
    pub statement: String,
    /// Every place that makes it, earliest first.
    pub supports: Vec<Support>,
    /// What the supports go back to.
    pub origins: Vec<Origin>,
    /// How many origins assert it.
    pub independent_origins: Range,
    /// The same in a sentence.
    pub explanation: String,
    /// What the text would have to show for there to be one origin more; `null` where the
    /// count is sure.
    pub unsettled: Option<String>,
    /// Whether it is denied, or told with other numbers.
    pub disputed: bool,
    /// Ids of claims that deny it.
    pub denials: Vec<String>,
    /// Ref of the earliest article that makes it.
    pub first: String,
    /// How it changed on its way, earliest first.
    pub changes: Vec<Change>,
    /// Places that made it and were rejected by an analyst: they count for nothing. Left out
    /// where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
    /// Corrections by analysts that are about it, by number; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Corrected>,
}

/// A claim in short, for lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimSummary {
    /// `K1`, `K2`, …
    pub id: String,
    /// The clearest wording found.
    pub statement: String,
    /// How many origins assert it.
    pub independent_origins: Range,
    /// The same in a sentence.
    pub explanation: String,
    /// Whether it is denied, or told with other numbers.
    pub disputed: bool,
    /// Ids of claims that deny it.
    pub denials: Vec<String>,
    /// Ref of the earliest article that makes it.
    pub first: String,
    /// How many articles make it.
    pub articles: usize,
    /// How many places in them do.
    pub supports: usize,
    /// How many corrections by analysts are about it.
    pub corrections: usize,
}

impl ClaimSummary {
    /// A claim without its evidence.
    pub fn of(claim: &ClaimEntry) -> Self {
        let articles: BTreeSet<&str> =
            claim.supports.iter().map(|support| support.article.as_str()).collect();
        Self {
            id: claim.id.clone(),
            statement: claim.statement.clone(),
            independent_origins: claim.independent_origins,
            explanation: claim.explanation.clone(),
            disputed: claim.disputed,
            denials: claim.denials.clone(),
            first: claim.first.clone(),
            articles: articles.len(),
            supports: claim.supports.len(),
            corrections: claim.corrected.len(),
        }
    }
}

/// A correction that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// Its number in the corpus.
    pub number: u32,
    /// What was done.
    pub kind: Kind,
    /// Who did.
    pub by: String,
    /// When, ISO 8601.
    pub at: String,
    /// The words of a note; left out for all else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Corrected {
    /// What answers tell of a correction.
    pub fn new(correction: &Correction) -> Self {
        let text = match &correction.act {
            Act::Note { text, .. } => Some(text.clone()),
            _ => None,
        };
        let (by, at) = (correction.by.clone(), correction.at.clone());
        Self { number: correction.number, kind: correction.act.kind(), by, at, text }
    }

    /// The same for people: "rejected by hand (correction 3, ana, 2024-03-09)".
    pub fn in_words(&self) -> String {
        let Self { number, kind, by, at, text } = self;
        let day = at.get(..10).unwrap_or(at);
        let what = match (kind, text) {
            (Kind::Note, Some(text)) => format!("note: {text}"),
            _ => kind.in_words().to_owned(),
        };
        format!("{what} (correction {number}, {by}, {day})")
    }
}

/// A place that an analyst rejected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rejected {
    /// Ref of the article.
    pub article: String,
    /// Id of the claim in the article's report; `null` for the outlet's own voice.
    pub claim: Option<String>,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub text: String,
}

/// A change of a claim as it spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Ref of the article that first tells it so.
    pub article: String,
    /// When that was published.
    pub published: Option<String>,
    /// What changed.
    pub kind: ChangeKind,
    /// What it was before, where there is something to show.
    pub from: Option<String>,
    /// What it is now.
    pub to: Option<String>,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It was told for the first time.
    First,
    /// What was hedged is told without a hedge.
    HedgeLost,
    /// What was told without a hedge is hedged.
    HedgeGained,
    /// Other numbers are told.
    Numbers,
    /// Somebody denies or doubts it.
    Disputed,
}

/// One place that makes a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Support {
    /// Ref of the article.
    pub article: String,
    /// Id of the claim in the article's report; `null` for the outlet's own voice.
    pub claim: Option<String>,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub text: String,
    /// What its source says of it.
    pub stance: SupportStance,
    /// Whether a word lowers the commitment.
    pub hedged: bool,
    /// From the origin nearest the event to the last relay before the outlet.
    pub chain: Vec<String>,
    /// Id of the origin.
    pub origin: String,
    /// How reliable an analyst calls the outlet; left out where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Grade>,
    /// Numbers of the corrections that are about this place; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<u32>,
}

/// What a source says of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SupportStance {
    /// That it is so.
    Asserts,
    /// That it is not.
    Denies,
    /// That it may not be.
    Doubts,
}

/// What supports go back to: one act of saying, witness, document or text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// `O1`, `O2`, … within the claim.
    pub id: String,
    /// In words.
    pub what: String,
    /// Refs of the articles that go back to it.
    pub articles: Vec<String>,
}

/// A count, as far as the texts tell.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema,
)]
pub struct Range {
    /// There are at least so many.
    pub least: usize,
    /// And at most so many.
    pub most: usize,
}
