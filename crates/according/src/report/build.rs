//! Annotations to a report: numbers become ids, bytes become code points.

use according_nlp::{CodePoints, Doc, Span, Worker};
use sha2::{Digest, Sha256};

use super::{
    Act, ArticleInfo, Block, Claim, Entity, Event, Factuality, Generator, Hop, Mention,
    Offsets, Page, Participant, Place, PlaceKind, Quantity, Report, Speaker, Time,
    sourcing,
};
use crate::annotate::{self, Annotations, MentionForm};
use crate::article::{self, Article, BlockKind};

/// What to put into a report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Whether to look for entities and claims, or only at the article and its parts.
    pub claims: bool,
    /// Claims less likely than this, from 0 to 1, are left out.
    pub min_confidence: f32,
    /// Claims made by another act are left out.
    pub acts: Acts,
}

/// A set of acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acts([bool; 4]);

impl Acts {
    /// Every act there is.
    pub const ALL: Self = Self([true; 4]);

    /// Whether `act` is one of them.
    pub fn contains(self, act: Act) -> bool {
        self.0[act as usize]
    }
}

impl FromIterator<Act> for Acts {
    fn from_iter<I: IntoIterator<Item = Act>>(acts: I) -> Self {
        let mut set = Self([false; 4]);
        for act in acts {
            set.0[act as usize] = true;
        }
        set
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { claims: true, min_confidence: 0.0, acts: Acts::ALL }
    }
}

/// Reads an article: parses its blocks, finds who claims what and reports it.
pub fn read(worker: &mut Worker<'_>, article: Article, options: &Options) -> Report {
    let doc = match options.claims {
        true => parse(worker, &article),
        false => worker.parse_blocks(&article.text, &[]),
    };
    read_doc(article, &doc, worker.pipeline().name(), options)
}

/// Parses the blocks of an article, each on its own. Neither boilerplate is parsed, nor an
/// article that is not in English.
pub fn parse(worker: &mut Worker<'_>, article: &Article) -> Doc {
    let is_parsed = |b: &&article::Block| b.kind != BlockKind::Boilerplate;
    let blocks = if article.is_english() { &*article.blocks } else { &[] };
    let spans: Vec<Span> = blocks.iter().filter(is_parsed).map(|b| b.span).collect();
    worker.parse_blocks(&article.text, &spans)
}

/// The report on an article that was parsed elsewhere: `doc` is the parse of its blocks by
/// the pipeline called `pipeline`.
pub fn read_doc(
    article: Article,
    doc: &Doc,
    pipeline: &str,
    options: &Options,
) -> Report {
    let annotations = match options.claims {
        true if article.is_english() => annotate::annotate(&article, doc),
        _ => Annotations::default(),
    };
    from_annotations(article, annotations, pipeline, options)
}

/// Turns annotations into the public form.
pub fn from_annotations(
    article: Article,
    mut annotations: Annotations,
    pipeline: &str,
    options: &Options,
) -> Report {
    keep(&mut annotations, |claim| {
        claim.confidence >= options.min_confidence && options.acts.contains(claim.act)
    });
    let points = CodePoints::new(&article.text);
    let writer =
        Writer { text: &article.text, points: &points, annotations: &annotations };

    let entities = writer.entities();
    let claims = writer.claims();
    let times = writer.times();
    let places = writer.places();
    let quantities = writer.quantities();
    let events = writer.events();
    let blocks = article.blocks.iter().map(|b| {
        let [start, end] = points.of(b.span);
        Block { kind: b.kind, start, end, note: b.note, selector: None }
    });
    let pages = article.pages.iter().map(|page| {
        let [start, end] = points.of(page.span);
        Page { number: page.number, start, end }
    });
    Report {
        format: super::FORMAT.to_owned(),
        generator: Generator {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pipeline: pipeline.to_owned(),
            attribution: annotations.method.to_owned(),
        },
        sourcing: sourcing::summary(&annotations),
        entities,
        claims,
        article: ArticleInfo {
            id: id(&article.text),
            blocks: blocks.collect(),
            pages: pages.collect(),
            reference: article.metadata.reference,
            locator: article.metadata.locator,
            title: article.metadata.title,
            outlet: article.metadata.outlet,
            url: article.metadata.url,
            byline: article.metadata.byline,
            dateline: article.metadata.dateline,
            published: article.metadata.published,
            published_time: article.metadata.published_time,
            modified: article.metadata.modified,
            via: article.metadata.via,
            language: article.metadata.language.filter(|tag| tag != "und"),
            provenance: article.metadata.provenance,
            text: article.text,
        },
        places,
        times,
        quantities,
        events,
    }
}

/// `sha256:` and the digest of the text in UTF-8, in lower-case hexadecimal: the same text
/// has the same id wherever it was read.
fn id(text: &str) -> String {
    let hex =
        Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let hex: String = hex;
    format!("sha256:{hex}")
}

/// Leaves out claims that are not wanted and hangs what was nested in them one level higher.
fn keep(annotations: &mut Annotations, is_wanted: impl Fn(&annotate::Claim) -> bool) {
    let claims = std::mem::take(&mut annotations.claims);
    // For each claim its new number, or that of the nearest kept one around it.
    let mut number: Vec<Option<usize>> = Vec::with_capacity(claims.len());
    for mut claim in claims {
        claim.parent = claim.parent.and_then(|p| number.get(p).copied().flatten());
        if !is_wanted(&claim) {
            number.push(claim.parent);
            continue;
        }
        number.push(Some(annotations.claims.len()));
        annotations.claims.push(claim);
    }
    for event in &mut annotations.events {
        event.claim = event.claim.and_then(|c| number.get(c).copied().flatten());
    }
}

/// The id of claim number `i`.
pub(super) fn claim_id(i: usize) -> String {
    format!("C{}", i + 1)
}

fn entity_id(i: usize) -> String {
    format!("E{}", i + 1)
}

fn time_id(i: usize) -> String {
    format!("T{}", i + 1)
}

fn place_id(i: usize) -> String {
    format!("P{}", i + 1)
}

fn quantity_id(i: usize) -> String {
    format!("Q{}", i + 1)
}

fn event_id(i: usize) -> String {
    format!("V{}", i + 1)
}

struct Writer<'a> {
    text: &'a str,
    points: &'a CodePoints<'a>,
    annotations: &'a Annotations,
}

impl Writer<'_> {
    fn offsets(&self, spans: &[Span]) -> Vec<Offsets> {
        spans.iter().map(|&s| self.points.of(s)).collect()
    }

    fn entities(&self) -> Vec<Entity> {
        let entities = self.annotations.entities.iter().enumerate();
        let mentions = |it: &annotate::Entity| {
            let mut mentions: Vec<Mention> =
                it.mentions.iter().map(|m| self.mention(m)).collect();
            mentions.sort_by_key(|m| (m.start, m.end));
            mentions
        };
        let entity = |(i, it): (usize, &annotate::Entity)| Entity {
            id: entity_id(i),
            kind: (!it.label.is_empty()).then(|| it.label.clone()),
            name: it.name.clone(),
            named: it.named,
            aliases: it.aliases.clone(),
            country: it.country.map(str::to_owned),
            role: it.role,
            titles: it.titles.clone(),
            age: it.age,
            mentions: mentions(it),
        };
        entities.map(entity).collect()
    }

    fn mention(&self, mention: &annotate::Mention) -> Mention {
        let [start, end] = self.points.of(mention.phrase);
        let name = (mention.form == MentionForm::Name).then_some(mention.span);
        let name = name.map(|n| self.points.of(n));
        Mention { start, end, form: mention.form, name }
    }

    fn claims(&self) -> Vec<Claim> {
        let claims = self.annotations.claims.iter().enumerate();
        let claim = |(i, it): (usize, &annotate::Claim)| Claim {
            id: claim_id(i),
            block: it.block,
            content: self.offsets(&it.content),
            source: self.offsets(&it.source),
            cue: self.offsets(&it.cue),
            act: it.act,
            mode: it.mode,
            speaker: self.speaker(it.speaker),
            chain: it.chain.iter().map(|h| self.hop(h)).collect(),
            parent: it.parent.map(claim_id),
            stance: it.stance,
            certainty: it.certainty,
            polarity: it.polarity,
            factuality: Factuality::new(it.certainty, it.polarity),
            hedges: self.offsets(&it.hedges),
            times: it.times.iter().copied().map(time_id).collect(),
            places: self.places_in(&it.content).map(place_id).collect(),
            entities: it.entities.iter().copied().map(entity_id).collect(),
            events: self.events_in(it),
            confidence: two_decimals(it.confidence),
        };
        claims.map(claim).collect()
    }

    fn times(&self) -> Vec<Time> {
        let times = self.annotations.times.iter().enumerate();
        let time = |(i, it): (usize, &annotate::Time)| {
            let [start, end] = self.points.of(it.span);
            Time {
                id: time_id(i),
                block: it.block,
                start,
                end,
                text: self.written(it.span),
                kind: it.kind,
                value: it.value.clone(),
                modifier: it.modifier.map(str::to_owned),
                edtf: it.edtf.clone(),
                begin: it.begin.clone(),
                end_date: it.end.clone(),
                resolved: it.resolved,
            }
        };
        times.map(time).collect()
    }

    fn places(&self) -> Vec<Place> {
        let places = self.annotations.places.iter().enumerate();
        let place = |(i, it): (usize, &annotate::Place)| {
            let [start, end] = self.points.of(it.span);
            let resolved = it.resolved.as_ref();
            Place {
                id: place_id(i),
                block: it.block,
                start,
                end,
                text: self.written(it.span),
                name: resolved.map(|r| r.name.to_owned()),
                country: resolved.and_then(|r| r.country).map(str::to_owned),
                admin1: resolved.and_then(|r| r.admin1).map(str::to_owned),
                kind: it.kind,
                lat: resolved.map(|r| degrees(r.lat)),
                lon: resolved.map(|r| degrees(r.lon)),
                gazetteer_id: resolved
                    .and_then(|r| r.geonames)
                    .map(|n| format!("geonames:{n}")),
                confidence: two_decimals(it.confidence),
            }
        };
        places.map(place).collect()
    }

    /// The numbers of the places named within `spans`; a people is no place.
    fn places_in(&self, spans: &[Span]) -> impl Iterator<Item = usize> {
        let places = self.annotations.places.iter().enumerate();
        let is_in = move |place: &annotate::Place| {
            place.kind != PlaceKind::Demonym
                && spans.iter().any(|s| s.contains(place.span))
        };
        places.filter(move |(_, place)| is_in(place)).map(|(i, _)| i)
    }

    /// The place in the words for a speaker without a name: "a source from Changbai".
    fn place_of(&self, speaker: usize) -> Option<usize> {
        let claims = self.annotations.claims.iter().filter(|c| c.speaker == speaker);
        claims.flat_map(|claim| self.places_in(&claim.source)).next()
    }

    fn quantities(&self) -> Vec<Quantity> {
        let quantities = self.annotations.quantities.iter().enumerate();
        let quantity = |(i, it): (usize, &annotate::Quantity)| {
            let [start, end] = self.points.of(it.span);
            Quantity {
                id: quantity_id(i),
                start,
                end,
                text: self.written(it.span),
                value: it.value,
                max: it.max,
                bound: it.bound,
                unit: it.unit.map(str::to_owned),
                what: it.what.clone(),
            }
        };
        quantities.map(quantity).collect()
    }

    fn events(&self) -> Vec<Event> {
        let events = self.annotations.events.iter().enumerate();
        let event = |(i, it): (usize, &annotate::Event)| Event {
            id: event_id(i),
            kind: it.kind.to_owned(),
            mode: it.mode.map(str::to_owned),
            contexts: it.contexts.iter().map(|&c| c.to_owned()).collect(),
            triggers: self.offsets(&it.triggers),
            text: it.triggers.first().map(|&t| self.written(t)).unwrap_or_default(),
            participants: it.participants.iter().map(|p| self.participant(p)).collect(),
            time: it.time.map(time_id),
            place: self.place(it.place),
            claim: it.claim.map(claim_id),
            status: it.status,
            polarity: it.polarity,
            factuality: it.factuality,
            goods: it.goods.iter().copied().map(quantity_id).collect(),
            from: self.place(it.from),
            to: self.place(it.to),
            via: self.place(it.via),
        };
        events.map(event).collect()
    }

    fn participant(&self, it: &annotate::Participant) -> Participant {
        let [start, end] = self.points.of(it.span);
        Participant {
            role: it.role.as_str().to_owned(),
            entity: it.entity.map(entity_id),
            start,
            end,
            count: it.count.map(quantity_id),
        }
    }

    /// The id of the place that shares text with `span`.
    fn place(&self, span: Option<Span>) -> Option<String> {
        let span = span?;
        let places = &self.annotations.places;
        let next = places.partition_point(|p| p.span.end <= span.start);
        places.get(next).is_some_and(|p| p.span.overlaps(span)).then(|| place_id(next))
    }

    /// The events with a trigger in the content of a claim.
    fn events_in(&self, claim: &annotate::Claim) -> Vec<String> {
        let told = |trigger: &Span| claim.content.iter().any(|c| c.contains(*trigger));
        let events = self.annotations.events.iter().enumerate();
        let events = events.filter(|(_, event)| event.triggers.iter().any(told));
        events.map(|(i, _)| event_id(i)).collect()
    }

    fn written(&self, span: Span) -> String {
        self.text.get(span.range()).unwrap_or_default().to_owned()
    }

    fn speaker(&self, number: usize) -> Speaker {
        let it = &self.annotations.speakers[number];
        let reason = it.reason_unnamed.and_then(|s| self.text.get(s.range()));
        Speaker {
            name: it.name.clone(),
            entity: it.entity.map(entity_id),
            kind: it.kind,
            named: it.named,
            plural: it.plural,
            role: it.role,
            place: (!it.named).then(|| self.place_of(number)).flatten().map(place_id),
            reason_unnamed: reason.map(str::to_owned),
        }
    }

    fn hop(&self, hop: &annotate::Hop) -> Hop {
        let it = &self.annotations.speakers[hop.speaker];
        Hop {
            name: it.name.clone(),
            entity: it.entity.map(entity_id),
            kind: it.kind,
            named: it.named,
            cue: self.offsets(&hop.cue),
        }
    }
}

/// Degrees to the ten-thousandth, as exact as the gazetteer is.
fn degrees(degrees: f64) -> f64 {
    (degrees * 10_000.0).round() / 10_000.0
}

/// A confidence as it is written: the same on every machine.
fn two_decimals(confidence: f32) -> f32 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() / 100.0
}
