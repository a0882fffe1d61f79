//! Tables of what reports and a corpus say: which columns they have, and what stands in them.
//!
//! A column is a name and a function, so that what a format says of a column and what it
//! writes cannot differ. CSV and Parquet are written from these.

use std::collections::{BTreeMap, BTreeSet};

use according::Report;
use according::report::{ArticleInfo, Claim, Entity, Event, Hop, Offsets};
use according_corpus::format::{
    ArticleEntry, ClaimEntry, CorpusReport, Support, SupportStance,
};

use crate::view::{View, number, one_line, steps, word};

/// A table that can be made of reports, or of what a corpus says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// A row for each claim.
    Claims,
    /// A row for each step of the chain of each claim: who told it.
    Sources,
    /// A row for each event.
    Events,
    /// A row for each claim of a corpus, which several articles make.
    Recurring,
    /// A row for each place that makes one of these.
    Supports,
}

impl Table {
    /// Those that are made of reports.
    pub const OF_REPORTS: [Self; 3] = [Self::Claims, Self::Sources, Self::Events];

    /// Those that are made of what a corpus says.
    pub const OF_CORPUS: [Self; 2] = [Self::Recurring, Self::Supports];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Sources => "sources",
            Self::Events => "events",
            Self::Recurring => "recurring",
            Self::Supports => "supports",
        }
    }

    /// Its columns, without rows.
    pub(crate) fn columns(self, to: &mut impl Visit) {
        match self {
            Self::Claims => to.visit(&claim_columns(), &[]),
            Self::Sources => to.visit(&source_columns(), &[]),
            Self::Events => to.visit(&event_columns(), &[]),
            Self::Recurring => to.visit(&recurring_columns(), &[]),
            Self::Supports => to.visit(&support_columns(), &[]),
        }
    }

    /// The rows of a report.
    pub(crate) fn report(self, report: &Report, to: &mut impl Visit) {
        let view = View::new(report);
        match self {
            Self::Claims => to.visit(&claim_columns(), &claim_rows(&view)),
            Self::Sources => to.visit(&source_columns(), &source_rows(&view)),
            Self::Events => to.visit(&event_columns(), &event_rows(&view)),
            Self::Recurring | Self::Supports => {}
        }
    }

    /// The rows of a claim of a corpus.
    pub(crate) fn claim(self, claim: &ClaimEntry, of: &Entries<'_>, to: &mut impl Visit) {
        match self {
            Self::Recurring => {
                to.visit(&recurring_columns(), &[RecurringRow { claim, of }]);
            }
            Self::Supports => to.visit(&support_columns(), &support_rows(claim, of)),
            Self::Claims | Self::Sources | Self::Events => {}
        }
    }
}

/// What is done with the columns of a table and some of its rows, whatever these are of.
pub(crate) trait Visit {
    fn visit<R>(&mut self, columns: &[Column<R>], rows: &[R]);
}

/// The articles of a corpus by what it calls them.
pub(crate) struct Entries<'c>(BTreeMap<&'c str, &'c ArticleEntry>);

impl<'c> Entries<'c> {
    pub(crate) fn new(corpus: &'c CorpusReport) -> Self {
        let articles = corpus.articles.iter();
        Self(articles.map(|article| (article.reference.as_str(), article)).collect())
    }

    fn get(&self, reference: &str) -> Option<&'c ArticleEntry> {
        self.0.get(reference).copied()
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
struct ClaimRow<'r> {
    view: &'r View<'r>,
    claim: &'r Claim,
}

/// A step of a claim's chain. 0 is nearest the event.
struct SourceRow<'r> {
    view: &'r View<'r>,
    claim: &'r Claim,
    step: usize,
    hop: &'r Hop,
}

/// An event and the report it stands in.
struct EventRow<'r> {
    view: &'r View<'r>,
    event: &'r Event,
}

/// A claim of a corpus.
struct RecurringRow<'r> {
    claim: &'r ClaimEntry,
    of: &'r Entries<'r>,
}

/// A place that makes a claim of a corpus.
struct SupportRow<'r> {
    claim: &'r ClaimEntry,
    support: &'r Support,
    article: &'r ArticleEntry,
}

fn claim_rows<'r>(view: &'r View<'r>) -> Vec<ClaimRow<'r>> {
    view.report.claims.iter().map(|claim| ClaimRow { view, claim }).collect()
}

fn source_rows<'r>(view: &'r View<'r>) -> Vec<SourceRow<'r>> {
    let claims = view.report.claims.iter();
    let steps = claims.flat_map(|claim| {
        let hops = claim.chain.iter().enumerate();
        hops.map(move |(step, hop)| SourceRow { view, claim, step, hop })
    });
    steps.collect()
}

fn event_rows<'r>(view: &'r View<'r>) -> Vec<EventRow<'r>> {
    view.report.events.iter().map(|event| EventRow { view, event }).collect()
}

fn support_rows<'r>(claim: &'r ClaimEntry, of: &Entries<'r>) -> Vec<SupportRow<'r>> {
    let supports = claim.supports.iter().filter_map(|support| {
        let article = of.get(&support.article)?;
        Some(SupportRow { claim, support, article })
    });
    supports.collect()
}

/// A row of an article.
trait OfArticle {
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
fn claim_columns<'r>() -> Vec<Column<ClaimRow<'r>>> {
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
fn source_columns<'r>() -> Vec<Column<SourceRow<'r>>> {
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
fn event_columns<'r>() -> Vec<Column<EventRow<'r>>> {
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
        (
            "time",
            Known(|r| Some(r.view.time(r.event.time.as_deref())?.when().to_owned())),
        ),
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

/// The columns of claims of a corpus, in order.
fn recurring_columns<'r>() -> Vec<Column<RecurringRow<'r>>> {
    use Get::{Known, Text, Texts, Truth, Whole};
    vec![
        ("recurring", Text(|r: &RecurringRow<'r>| r.claim.id.clone())),
        ("statement", Text(|r| one_line(&r.claim.statement))),
        ("first", Text(|r| r.claim.first.clone())),
        ("first_published", Known(|r| r.of.get(&r.claim.first)?.published.clone())),
        ("articles", Whole(articles)),
        ("supports", Whole(|r| r.claim.supports.len())),
        ("asserts", Whole(|r| count(r.claim, SupportStance::Asserts))),
        ("denies", Whole(|r| count(r.claim, SupportStance::Denies))),
        ("doubts", Whole(|r| count(r.claim, SupportStance::Doubts))),
        ("origins", Texts(|r| r.claim.origins.iter().map(|o| o.what.clone()).collect())),
        ("origins_least", Whole(|r| r.claim.independent_origins.least)),
        ("origins_most", Whole(|r| r.claim.independent_origins.most)),
        ("explanation", Text(|r| r.claim.explanation.clone())),
        ("unsettled", Known(|r| r.claim.unsettled.clone())),
        ("disputed", Truth(|r| r.claim.disputed)),
        ("denials", Texts(|r| r.claim.denials.clone())),
        ("corrections", Whole(|r| r.claim.corrected.len())),
    ]
}

fn articles(row: &RecurringRow<'_>) -> usize {
    let articles = row.claim.supports.iter().map(|support| &support.article);
    articles.collect::<BTreeSet<_>>().len()
}

fn count(claim: &ClaimEntry, stance: SupportStance) -> usize {
    claim.supports.iter().filter(|support| support.stance == stance).count()
}

/// The columns of what supports claims of a corpus, in order.
fn support_columns<'r>() -> Vec<Column<SupportRow<'r>>> {
    use Get::{Known, Steps, Text, Truth, Whole};
    vec![
        ("article", Known(|r: &SupportRow<'r>| Some(r.article.reference.clone()))),
        ("article_id", Text(|r| r.article.id.clone())),
        ("outlet", Known(|r| r.article.outlet.clone())),
        ("published", Known(|r| r.article.published.clone())),
        ("title", Known(|r| r.article.title.clone())),
        ("wire", Known(|r| r.article.wire.clone())),
        ("copy_of", Known(|r| r.article.copy_of.clone())),
        ("recurring", Text(|r| r.claim.id.clone())),
        ("claim", Known(|r| r.support.claim.clone())),
        ("content", Text(|r| one_line(&r.support.text))),
        ("start", Whole(|r| r.support.start)),
        ("end", Whole(|r| r.support.end)),
        ("stance", Text(|r| word(&r.support.stance))),
        ("hedged", Truth(|r| r.support.hedged)),
        ("chain", Steps(|r| r.support.chain.clone())),
        ("origin", Text(|r| r.support.origin.clone())),
        ("origin_what", Known(origin)),
        ("reliability", Known(|r| r.support.reliability.as_ref().map(word))),
        ("corrections", Whole(|r| r.support.corrected.len())),
    ]
}

fn origin(row: &SupportRow<'_>) -> Option<String> {
    let origins = &row.claim.origins;
    let origin = origins.iter().find(|origin| origin.id == row.support.origin)?;
    Some(origin.what.clone())
}

fn words_of_each(view: &View<'_>, spans: &[Offsets]) -> Vec<String> {
    spans.iter().map(|&span| one_line(&view.slice(span))).collect()
}

fn times(view: &View<'_>, ids: &[String]) -> Vec<String> {
    let times = ids.iter().filter_map(|id| view.time(Some(id)));
    times.map(|time| time.when().to_owned()).collect()
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
