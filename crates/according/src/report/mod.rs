//! The public result, and the only thing that is written to disk or wire.
//!
//! Offsets are code points into `article.text`, half-open. Field by field this is the
//! format `according-report/1`.

use serde::{Deserialize, Serialize};

/// `[start, end)` in code points of `article.text`.
pub type Offsets = [usize; 2];

/// Everything found in one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `according-report/1`.
    pub format: String,
    /// What made the report.
    pub generator: Generator,
    /// The article as read.
    pub article: ArticleInfo,
    /// People, organisations and other named things.
    pub entities: Vec<Entity>,
    /// Place names.
    pub places: Vec<serde_json::Value>,
    /// Time expressions.
    pub times: Vec<serde_json::Value>,
    /// Amounts.
    pub quantities: Vec<serde_json::Value>,
    /// Stretches of text somebody stands behind.
    pub claims: Vec<Claim>,
    /// What happened.
    pub events: Vec<serde_json::Value>,
    /// The summary a reader looks at first.
    pub sourcing: Sourcing,
}

/// What made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generator {
    /// `according`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Name and version of the language pipeline.
    pub pipeline: String,
    /// Name of what finds the attributions.
    pub attribution: String,
}

/// The article a report is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleInfo {
    /// `sha256:` and the digest of the text.
    pub id: String,
    /// The caller's name for it.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Title, given or found.
    pub title: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// Authors.
    pub byline: Vec<String>,
    /// Dateline as written.
    pub dateline: Option<String>,
    /// Date of publication, ISO 8601.
    pub published: Option<String>,
    /// Language, BCP 47.
    pub language: Option<String>,
    /// The text all offsets point into.
    pub text: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// One part of the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// What a part of the article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it; article::BlockKind explains each")]
pub enum BlockKind {
    Headline,
    Standfirst,
    Byline,
    Dateline,
    Date,
    Caption,
    Paragraph,
    Quotation,
    ListItem,
    Table,
    Boilerplate,
}

/// Somebody or something with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// `E1`, `E2`, … in order of first mention.
    pub id: String,
    /// OntoNotes type: `PERSON`, `ORG`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Fullest name in the article.
    pub name: String,
    /// Other names: acronym, surname.
    pub aliases: Vec<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// `media`, `government`, `military`, `police`, `court`, `company`, `ngo`,
    /// `armed-group`, `academic`.
    pub role: Option<String>,
    /// Where it is mentioned.
    pub mentions: Vec<Mention>,
}

/// One mention of an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// `name`, `nominal`, `pronoun`.
    pub form: MentionForm,
}

/// How a mention refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MentionForm {
    /// By name.
    Name,
    /// By description: "the ring".
    Nominal,
    /// By pronoun.
    Pronoun,
}

/// A stretch of text somebody stands behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// `C1`, `C2`, … in text order.
    pub id: String,
    /// Kind of the block it stands in.
    pub block: BlockKind,
    /// What is claimed.
    pub content: Vec<Offsets>,
    /// Who claims it, as written.
    pub source: Vec<Offsets>,
    /// The words that attribute.
    pub cue: Vec<Offsets>,
    /// Quoted or told.
    pub mode: Mode,
    /// Who claims it, resolved.
    pub speaker: Speaker,
    /// From the origin nearest the event to the last relay before the outlet.
    pub chain: Vec<Hop>,
    /// The claim whose content holds this one.
    pub parent: Option<String>,
    /// What the cue says about the speaker's attitude.
    pub stance: Stance,
    /// How sure the claim's own source presents it.
    pub certainty: Certainty,
    /// Whether it is affirmed or denied.
    pub polarity: Polarity,
    /// FactBank value of certainty and polarity together.
    pub factuality: String,
    /// Words that lower the commitment.
    pub hedges: Vec<Offsets>,
    /// Ids of the times that govern it.
    pub times: Vec<String>,
    /// Ids of places in it.
    pub places: Vec<String>,
    /// Ids of entities in it.
    pub entities: Vec<String>,
    /// Ids of events in it.
    pub events: Vec<String>,
    /// How likely the claim is read right, from 0 to 1.
    pub confidence: f32,
}

/// Quoted or told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// All quoted.
    Direct,
    /// Told in the reporter's words.
    Indirect,
    /// Partly quoted.
    Mixed,
}

/// Who stands behind a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Fullest name in the article; for unnamed sources the fullest description.
    pub name: Option<String>,
    /// Id of the entity.
    pub entity: Option<String>,
    /// What it is.
    pub kind: SpeakerKind,
    /// Whether the text gives a proper name.
    pub named: bool,
    /// More than one.
    pub plural: bool,
    /// As of entities.
    pub role: Option<String>,
    /// Id of a place.
    pub place: Option<String>,
    /// Why it is unnamed, as the text tells.
    pub reason_unnamed: Option<String>,
}

/// What a speaker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpeakerKind {
    /// One human being.
    Person,
    /// Several, or nobody in particular.
    People,
    /// A body that is no news outlet.
    Organisation,
    /// A news outlet or agency.
    Media,
    /// A report, statement, lawsuit.
    Document,
    /// The reporter.
    #[serde(rename = "self")]
    Reporter,
}

/// One step on the way from an origin to the outlet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// As of speakers.
    pub name: Option<String>,
    /// Id of the entity.
    pub entity: Option<String>,
    /// What it is.
    pub kind: SpeakerKind,
    /// Whether the text gives a proper name.
    pub named: bool,
    /// The words that show the step.
    pub cue: Vec<Offsets>,
}

/// A speaker's attitude, from the cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum Stance {
    Neutral,
    Assert,
    Deny,
    Concede,
    Accuse,
    Doubt,
    Infer,
    Learn,
    Predict,
    Directive,
}

/// How sure a claim's source presents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum Certainty {
    Certain,
    Probable,
    Possible,
    Unknown,
}

/// Affirmed or denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum Polarity {
    Positive,
    Negative,
}

/// The summary of who stands behind the story; counted over body claims only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourcing {
    /// Number of body claims.
    pub claims: usize,
    /// Different people with a name.
    pub named_people: usize,
    /// Different people without.
    pub unnamed_people: usize,
    /// Different organisations.
    pub organisations: usize,
    /// Names of news outlets relied on.
    pub media: Vec<String>,
    /// Different documents.
    pub documents: usize,
    /// Claims by nobody in particular.
    pub unspecified: usize,
    /// The reporter's own hedged statements.
    #[serde(rename = "self")]
    pub reporter: usize,
    /// Different chains with their claims.
    pub origins: Vec<Origin>,
    /// How many origins do not go back to one another.
    pub independent_origins: usize,
    /// The same in a sentence.
    pub explanation: String,
}

/// A chain and the claims that came along it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Names from the origin to the last relay.
    pub chain: Vec<String>,
    /// Ids of claims.
    pub claims: Vec<String>,
}
