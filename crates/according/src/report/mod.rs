//! The public result, and the only thing that is written to disk or wire.
//!
//! Offsets are code points into `article.text`, half-open. Field by field this is the
//! format `according-report/1`.

mod build;
mod sourcing;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::language;

pub use crate::annotate::{
    Act, Bound, Certainty, EventStatus, Factuality, MentionForm, Mode, PlaceKind,
    Polarity, Role, SpeakerKind, Stance, TimeKind,
};
pub use crate::article::{BlockKind, BlockNote, Field, Provenance};
pub use build::{Acts, Options, from_annotations, parse, read, read_doc};

/// The name and number of the format.
pub const FORMAT: &str = "according-report/1";

/// The JSON Schema every report is valid against.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}

/// `[start, end)` in code points of `article.text`.
pub type Offsets = [usize; 2];

/// Everything found in one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    pub places: Vec<Place>,
    /// Time expressions.
    pub times: Vec<Time>,
    /// Amounts.
    pub quantities: Vec<Quantity>,
    /// Stretches of text somebody stands behind.
    pub claims: Vec<Claim>,
    /// What happened.
    pub events: Vec<Event>,
    /// The summary a reader looks at first.
    pub sourcing: Sourcing,
}

impl Report {
    /// Whether the article is in English: no claims are looked for in any other.
    pub fn is_english(&self) -> bool {
        self.article.language.as_deref().is_some_and(language::is_english)
    }
}

/// What made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArticleInfo {
    /// `sha256:` and the digest of the text.
    pub id: String,
    /// The caller's name for it.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Where it stands in the archive, feed or mailbox it came in.
    pub locator: Option<String>,
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
    /// Moment of publication, ISO 8601, with its time zone where there is one.
    pub published_time: Option<String>,
    /// Day or moment of the last change, ISO 8601.
    pub modified: Option<String>,
    /// Whom the outlet took it over from, as told beside the text.
    pub via: Option<String>,
    /// Language, BCP 47. Claims are looked for in English only.
    pub language: Option<String>,
    /// What a page says about itself, in all places where it does.
    #[serde(default)]
    pub provenance: Vec<Provenance>,
    /// The text all offsets point into.
    pub text: String,
    /// Its parts.
    pub blocks: Vec<Block>,
    /// The pages of a paper.
    #[serde(default)]
    pub pages: Vec<Page>,
}

/// One page of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// Counted from 1, as a viewer counts them.
    pub number: u32,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// One part of the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it is to the article around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<BlockNote>,
    /// Where it stood in a web page, as selectors of the W3C Web Annotation model that all
    /// select the same: the text of the block, but for white space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Vec<Selector>>,
}

/// A selector of the W3C Web Annotation model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
pub enum Selector {
    /// A part of an element.
    #[serde(rename = "XPathSelector")]
    XPath {
        /// The path to the element.
        value: String,
        /// The part, in the text of the element.
        #[serde(rename = "refinedBy")]
        refined_by: Box<Selector>,
    },
    /// Code points of a text: of the element around, or else of the whole document.
    #[serde(rename = "TextPositionSelector")]
    Position {
        /// First code point.
        start: usize,
        /// One past the last.
        end: usize,
    },
    /// The words themselves.
    #[serde(rename = "TextQuoteSelector")]
    Quote {
        /// The words.
        exact: String,
        /// What stands before them.
        prefix: String,
        /// What stands after them.
        suffix: String,
    },
    /// A part by the rules of a media type: a page of a paper.
    #[serde(rename = "FragmentSelector")]
    Fragment {
        /// Whose rules.
        #[serde(rename = "conformsTo")]
        conforms_to: String,
        /// The part, such as `page=3`.
        value: String,
    },
}

/// Somebody or something with a name, or without one but mentioned more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// `E1`, `E2`, …: first those with a name, in order of the first, then those without, in
    /// order of first mention.
    pub id: String,
    /// OntoNotes type: `PERSON`, `ORG`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Fullest name in the article; of what has none the fullest description.
    pub name: String,
    /// Whether the text gives a proper name.
    #[serde(default = "yes")]
    pub named: bool,
    /// Other names: acronym, surname.
    pub aliases: Vec<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// What it is in public life.
    pub role: Option<Role>,
    /// What stands before a person's name: "Prime Minister", "Gen.".
    #[serde(default)]
    pub titles: Vec<String>,
    /// A person's age in years, as the text gives it.
    #[serde(default)]
    pub age: Option<u8>,
    /// Where it is mentioned, in text order.
    pub mentions: Vec<Mention>,
}

/// One mention of an entity: the whole noun phrase, as OntoNotes marks it for coreference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// `name`, `nominal`, `pronoun`.
    pub form: MentionForm,
    /// Where in it the name itself stands, for mentions by name.
    #[serde(default)]
    pub name: Option<Offsets>,
}

fn yes() -> bool {
    true
}

/// A place name and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// `P1`, `P2`, … in text order.
    pub id: String,
    /// Kind of the block it stands in.
    pub block: BlockKind,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// As written.
    pub text: String,
    /// Name in the gazetteer.
    pub name: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Province, state or region of the first level.
    pub admin1: Option<String>,
    /// What sort of place.
    pub kind: PlaceKind,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// `geonames:` and a number.
    pub gazetteer_id: Option<String>,
    /// How likely it is that place, from 0 to 1.
    pub confidence: f32,
}

/// A time expression, in the words of TIMEX3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    /// `T1`, `T2`, … in text order.
    pub id: String,
    /// Kind of the block it stands in.
    pub block: BlockKind,
    /// First code point; determiners and modifiers belong to it, prepositions do not.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// As written.
    pub text: String,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    #[serde(rename = "type")]
    pub kind: TimeKind,
    /// TIMEX3 value: `2018-05`, `P3M`, `PRESENT_REF`; with `X` for what is not known when it
    /// hangs on an unknown date: `XXXX-WXX-2` for "Tuesday".
    pub value: String,
    /// TIMEX3 modifier: `START`, `MID`, `END`, `APPROX`, `MORE_THAN`, `EQUAL_OR_LESS`, …
    #[serde(rename = "mod")]
    pub modifier: Option<String>,
    /// The value in EDTF (ISO 8601-2:2019), level 2, where that can say it. A part of a day
    /// is the day; a week is the interval of its days.
    pub edtf: Option<String>,
    /// First day it can mean, ISO 8601.
    pub begin: Option<String>,
    /// Last day it can mean, inclusive.
    pub end_date: Option<String>,
    /// Whether it can be pointed at in the calendar.
    pub resolved: bool,
}

impl Time {
    /// Whether it is a time of the calendar, and not only a length or something that comes
    /// back: what belongs on a timeline if it has a `begin`.
    pub fn is_calendar(&self) -> bool {
        matches!(self.kind, TimeKind::Date | TimeKind::Time) || self.edtf.is_some()
    }

    /// Its value; of a length that leads from one time to another ("three years later") that
    /// other one in EDTF, if it is known.
    pub fn when(&self) -> &str {
        match (self.kind, &self.edtf) {
            (TimeKind::Duration, Some(edtf)) => edtf,
            _ => &self.value,
        }
    }
}

/// An amount of something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// `Q1`, `Q2`, … in text order.
    pub id: String,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// As written.
    pub text: String,
    /// The number, in `unit`; the lower end of a range.
    pub value: Option<f64>,
    /// The upper end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// How the number bounds the amount: "more than ten".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// What is counted in: `kg`, `m`, `m2`, `L`, `W`, `%`, `barrel` or a currency of ISO
    /// 4217. `null` for a count.
    pub unit: Option<String>,
    /// What there is so much of.
    pub what: Option<String>,
}

/// Something that happened, or is said to have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// `V1`, `V2`, … in text order.
    pub id: String,
    /// PLOVER 2.0 category, or `TRAFFIC`.
    #[serde(rename = "type")]
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// PLOVER contexts.
    pub contexts: Vec<String>,
    /// Every word that names the event, fullest mention first.
    pub triggers: Vec<Offsets>,
    /// The fullest trigger as written.
    pub text: String,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// Id of the time.
    pub time: Option<String>,
    /// Id of the place.
    pub place: Option<String>,
    /// Id of the claim it is told in.
    pub claim: Option<String>,
    /// Whether it took place.
    pub status: EventStatus,
    /// Whether it is affirmed or denied.
    pub polarity: Polarity,
    /// How far the text commits itself to it, from −3 (certainly not so) to 3 (certainly so).
    #[serde(default)]
    pub factuality: f32,
    /// Ids of quantities moved or seized.
    pub goods: Vec<String>,
    /// Id of the place it set out from.
    pub from: Option<String>,
    /// Id of the place it went to.
    pub to: Option<String>,
    /// Id of a place on the way.
    pub via: Option<String>,
}

/// Somebody or something in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Participant {
    /// `actor` or `recipient`.
    pub role: String,
    /// Id of the entity.
    pub entity: Option<String>,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Id of the quantity that says how many of them there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
}

/// A stretch of text somebody stands behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Said, held, told by nobody in particular, or hedged by the reporter.
    pub act: Act,
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
    /// Certainty and polarity in one.
    pub factuality: Factuality,
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

/// Who stands behind a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// As of entities, where the text says it.
    pub role: Option<Role>,
    /// Id of a place.
    pub place: Option<String>,
    /// Why it is unnamed, as the text tells.
    pub reason_unnamed: Option<String>,
}

/// One step on the way from an origin to the outlet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// The summary of who stands behind the story; counted over body claims only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// Names from the origin to the last relay.
    pub chain: Vec<String>,
    /// Ids of claims.
    pub claims: Vec<String>,
}
