//! Tables of claims, sources and events: which columns they have, and what stands in them.
//!
//! A column is a name and a function, so that what a format says of a column and what it
//! writes cannot differ. CSV and Parquet are written from these.

use according::report::{ArticleInfo, Claim, Entity, Event, Hop, Offsets};

use crate::view::{View, number, one_line, steps, word};

/// A table that can be made of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// A row for each claim.
    Claims,
    /// A row for each step of the chain of each claim: who told it.
    Sources,
    /// A row for each event.
    Events,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Claims, Self::Sources, Self::Events];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Sources => "sources",
            Self::Events => "events",
        }
    }
}

/// What stands in a column, by what is told there: a row to a value.
pub(crate) enum Get<R> {
    /// Words, always.
    Text(fn(&R) -> String),
    /// Words, where they are known.
    Known(fn(&R) -> Option<String>),
    /// A count or a code point.
    Whole(fn(&R) -> usize),
    /// A number.
    Real(fn(&R) -> f64),
    /// A number, where it is known.
    KnownReal(fn(&R) -> Option<f64>),
    /// Yes or no.
    Truth(fn(&R) -> bool),
    /// Several values, joined by `; ` where there are no lists.
    Texts(fn(&R) -> Vec<String>),
    /// A chain, joined by ` › ` where there are no lists.
    Steps(fn(&R) -> Vec<String>),
    /// Stretches of the text, in code points.
    Spans(fn(&R) -> Vec<Offsets>),
}

/// A column by its name.
pub(crate) type Column<R> = (&'static str, Get<R>);

/// A claim and the report it stands in.
pub(crate) struct ClaimRow<'r> {
    view: &'r View<'r>,
    claim: &'r Claim,
}

/// A step of a claim's chain. 0 is nearest the event.
pub(crate) struct SourceRow<'r> {
    view: &'r View<'r>,
    claim: &'r Claim,
    step: usize,
    hop: &'r Hop,
}

/// An event and the report it stands in.
pub(crate) struct EventRow<'r> {
    view: &'r View<'r>,
    event: &'r Event,
}

pub(crate) fn claim_rows<'r>(view: &'r View<'r>) -> Vec<ClaimRow<'r>> {
    view.report.claims.iter().map(|claim| ClaimRow { view, claim }).collect()
}

pub(crate) fn source_rows<'r>(view: &'r View<'r>) -> Vec<SourceRow<'r>> {
    let claims = view.report.claims.iter();
    let steps = claims.flat_map(|claim| {
        let hops = claim.chain.iter().enumerate();
        hops.map(move |(step, hop)| SourceRow { view, claim, step, hop })
    });
    steps.collect()
}

pub(crate) fn event_rows<'r>(view: &'r View<'r>) -> Vec<EventRow<'r>> {
    view.report.events.iter().map(|event| EventRow { view, event }).collect()
}

/// A row of an article.
pub(crate) trait OfArticle {
    fn article(&self) -> &ArticleInfo;
}

impl OfArticle for ClaimRow<'_> {
    fn article(&self) -> &ArticleInfo {
        &self.view.report.article
    }
}

impl OfArticle for SourceRow<'_> {
    fn article(&self) -> &ArticleInfo {
        &self.view.report.article
    }
}

impl OfArticle for EventRow<'_> {
    fn article(&self) -> &ArticleInfo {
        &self.view.report.article
    }
}

/// The columns that tell of which article a row is.
fn article_columns<R: OfArticle>() -> Vec<Column<R>> {
    vec![
        ("article", Get::Known(|r| r.article().reference.clone())),
        ("article_id", Get::Text(|r| r.article().id.clone())),
        ("outlet", Get::Known(|r| r.article().outlet.clone())),
        ("published", Get::Known(|r| r.article().published.clone())),
    ]
}

/// The columns of claims, in order.
pub(crate) fn claim_columns<'r>() -> Vec<Column<ClaimRow<'r>>> {
    use Get::{Known, Real, Spans, Steps, Text, Texts, Truth, Whole};
    let mut columns = article_columns();
    columns.extend([
        ("title", Known(|r: &ClaimRow<'r>| r.article().title.clone())),
        ("url", Known(|r| r.article().url.clone())),
        ("claim", Text(|r| r.claim.id.clone())),
        ("block", Text(|r| word(&r.claim.block))),
        ("content", Text(|r| r.view.words(&r.claim.content))),
        ("start", Whole(|r| r.claim.content.iter().map(|s| s[0]).min().unwrap_or(0))),
        ("end", Whole(|r| r.claim.content.iter().map(|s| s[1]).max().unwrap_or(0))),
        ("spans", Spans(|r| r.claim.content.clone())),
        ("source", Text(|r| r.view.words(&r.claim.source))),
        ("source_spans", Spans(|r| r.claim.source.clone())),
        ("cue", Text(|r| r.view.words(&r.claim.cue))),
        ("cue_spans", Spans(|r| r.claim.cue.clone())),
        ("speaker", Known(|r| r.claim.speaker.name.clone())),
        ("speaker_kind", Text(|r| word(&r.claim.speaker.kind))),
        ("named", Truth(|r| r.claim.speaker.named)),
        ("role", Known(|r| r.claim.speaker.role.as_ref().map(word))),
        ("chain", Steps(|r| steps(r.claim))),
        ("act", Text(|r| word(&r.claim.act))),
        ("mode", Text(|r| word(&r.claim.mode))),
        ("stance", Text(|r| word(&r.claim.stance))),
        ("certainty", Text(|r| word(&r.claim.certainty))),
        ("polarity", Text(|r| word(&r.claim.polarity))),
        ("factuality", Text(|r| word(&r.claim.factuality))),
        ("hedges", Texts(|r| words_of_each(r.view, &r.claim.hedges))),
        ("parent", Known(|r| r.claim.parent.clone())),
        ("times", Texts(|r| times(r.view, &r.claim.times))),
        ("places", Texts(|r| places(r.view, &r.claim.places))),
        ("confidence", Real(|r| number(r.claim.confidence))),
    ]);
    columns
}

/// The columns of sources, in order.
pub(crate) fn source_columns<'r>() -> Vec<Column<SourceRow<'r>>> {
    use Get::{Known, Spans, Text, Truth, Whole};
    let mut columns = article_columns();
    columns.extend([
        ("claim", Text(|r: &SourceRow<'r>| r.claim.id.clone())),
        ("step", Whole(|r| r.step + 1)),
        ("steps", Whole(|r| r.claim.chain.len())),
        ("name", Known(|r| r.hop.name.clone())),
        ("kind", Text(|r| word(&r.hop.kind))),
        ("named", Truth(|r| r.hop.named)),
        ("entity", Known(|r| r.hop.entity.clone())),
        ("role", Known(|r| entity(r)?.role.as_ref().map(word))),
        ("country", Known(|r| entity(r)?.country.clone())),
        ("cue", Text(|r| r.view.words(&r.hop.cue))),
        ("cue_spans", Spans(|r| r.hop.cue.clone())),
    ]);
    columns
}

fn entity<'r>(row: &SourceRow<'r>) -> Option<&'r Entity> {
    row.view.entity(row.hop.entity.as_deref())
}

/// The columns of events, in order.
pub(crate) fn event_columns<'r>() -> Vec<Column<EventRow<'r>>> {
    use Get::{Known, KnownReal, Real, Spans, Text, Texts};
    let mut columns = article_columns();
    columns.extend([
        ("event", Text(|r: &EventRow<'r>| r.event.id.clone())),
        ("category", Text(|r| r.event.kind.clone())),
        ("mode", Known(|r| r.event.mode.clone())),
        ("contexts", Texts(|r| r.event.contexts.clone())),
        ("trigger", Text(|r| one_line(&r.event.text))),
        ("triggers", Spans(|r| r.event.triggers.clone())),
        ("actors", Texts(|r| people(r, "actor"))),
        ("recipients", Texts(|r| people(r, "recipient"))),
        ("time", Known(|r| Some(r.view.time(r.event.time.as_deref())?.value.clone()))),
        ("first_day", Known(|r| r.view.time(r.event.time.as_deref())?.begin.clone())),
        ("last_day", Known(|r| r.view.time(r.event.time.as_deref())?.end_date.clone())),
        ("place", Known(|r| place(r.view, r.event.place.as_ref()))),
        ("country", Known(|r| r.view.place(r.event.place.as_deref())?.country.clone())),
        ("lat", KnownReal(|r| r.view.place(r.event.place.as_deref())?.lat)),
        ("lon", KnownReal(|r| r.view.place(r.event.place.as_deref())?.lon)),
        ("from", Known(|r| place(r.view, r.event.from.as_ref()))),
        ("to", Known(|r| place(r.view, r.event.to.as_ref()))),
        ("via", Known(|r| place(r.view, r.event.via.as_ref()))),
        ("goods", Texts(goods)),
        ("claim", Known(|r| r.event.claim.clone())),
        ("status", Text(|r| word(&r.event.status))),
        ("polarity", Text(|r| word(&r.event.polarity))),
        ("factuality", Real(|r| number(r.event.factuality))),
    ]);
    columns
}

fn words_of_each(view: &View<'_>, spans: &[Offsets]) -> Vec<String> {
    spans.iter().map(|&span| one_line(&view.slice(span))).collect()
}

fn times(view: &View<'_>, ids: &[String]) -> Vec<String> {
    let times = ids.iter().filter_map(|id| view.time(Some(id)));
    times.map(|time| time.value.clone()).collect()
}

fn places(view: &View<'_>, ids: &[String]) -> Vec<String> {
    ids.iter().filter_map(|id| place(view, Some(id))).collect()
}

/// The name a place has in the gazetteer, or else the one that is written.
fn place(view: &View<'_>, id: Option<&String>) -> Option<String> {
    let place = view.place(id.map(String::as_str))?;
    Some(place.name.as_ref().unwrap_or(&place.text).clone())
}

fn people(row: &EventRow<'_>, role: &str) -> Vec<String> {
    let of_role = row.event.participants.iter().filter(|p| p.role == role);
    of_role.map(|p| one_line(&row.view.slice([p.start, p.end]))).collect()
}

fn goods(row: &EventRow<'_>) -> Vec<String> {
    let of_id = |id: &String| {
        let quantities = &row.view.report.quantities;
        let found = quantities.iter().find(|q| q.id == *id)?;
        Some(one_line(&found.text))
    };
    row.event.goods.iter().filter_map(of_id).collect()
}
