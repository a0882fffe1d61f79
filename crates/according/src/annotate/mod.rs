//! What is found in one article, a layer a file; each layer reads earlier ones only.

pub mod attribution;
pub mod chain;
pub mod claim;
mod coreference;
pub mod entity;
pub mod event;
pub mod factuality;
mod frame;
mod lexicon;
pub mod place;
mod profile;
pub mod quantity;
pub mod quotation;
mod sift;
pub mod speaker;
pub mod time;

use according_nlp::{Doc, Span};

pub use attribution::{Attribution, AttributionKind, Stance};
pub use chain::Hop;
pub use claim::{Act, Claim, Mode};
pub use entity::{Entity, Mention, MentionForm};
pub use event::{Event, EventStatus, Participant, ParticipantRole};
pub use factuality::{Certainty, Factuality, Polarity};
pub use place::{Place, PlaceKind};
pub use quantity::{Bound, Quantity};
pub use speaker::{Role, Speaker, SpeakerKind};
pub use time::{Time, TimeKind};

use crate::article::Article;

/// Everything found in one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotations {
    /// Name of what found the attributions; empty where they came from elsewhere.
    pub method: &'static str,
    /// Named people, organisations and other things, in order of first mention.
    pub entities: Vec<Entity>,
    /// Everybody and everything that stands behind a claim or passes one on.
    pub speakers: Vec<Speaker>,
    /// What they claim, in text order.
    pub claims: Vec<Claim>,
    /// Time expressions, in text order.
    pub times: Vec<Time>,
    /// Place names, in text order.
    pub places: Vec<Place>,
    /// Amounts, in text order.
    pub quantities: Vec<Quantity>,
    /// What happened, in text order.
    pub events: Vec<Event>,
}

/// Reads `doc`, the parse of the article's blocks.
pub fn annotate(article: &Article, doc: &Doc) -> Annotations {
    let found = annotate_attributions(article, doc, attribution::find(article, doc));
    Annotations { method: attribution::method(doc), ..found }
}

/// Reads `doc` with attributions found elsewhere.
pub fn annotate_attributions(
    article: &Article,
    doc: &Doc,
    attributions: Vec<Attribution>,
) -> Annotations {
    let quotations = quotation::find(&article.text, &article.blocks);
    let quoted = quotations.iter().flat_map(|q| q.parts.iter().copied()).collect();
    let entities = entity::Entities::find(article, doc);
    let mut cast = speaker::Cast::new(doc, entities, quoted);
    let times = time::find(article, doc);
    let places = place::find(article, doc);
    let mut claims = claim::claims(article, doc, attributions, &quotations, &mut cast);
    for claim in &mut claims {
        claim.times = time::within(doc, &times, &claim.content, &claim.cue);
    }
    coreference::find(doc, &mut cast, &claims, &places);
    profile::describe(doc, &mut cast, &places);
    for claim in &mut claims {
        claim.entities = cast.entities.within(doc, &claim.content);
    }
    let mut quantities = quantity::find(article, doc, &times);
    let is_where = |place: &&Place| place.kind != PlaceKind::Demonym;
    let named: Vec<Span> = places.iter().filter(is_where).map(|p| p.span).collect();
    let layers = event::Layers {
        entities: &cast.entities,
        times: &times,
        claims: &claims,
        places: &named,
    };
    let events = event::find(article, doc, &layers, &mut quantities);
    let (entities, speakers) = (cast.entities.list, cast.list);
    Annotations {
        method: "",
        entities,
        speakers,
        claims,
        times,
        places,
        quantities,
        events,
    }
}
