//! FollowTheMoney entities, one a line.
//!
//! FollowTheMoney has neither claims nor offsets. The convention here: the article is an
//! `Article`; whoever tells something is a `Person`, an `Organization` or a `LegalEntity`, with
//! a `Documentation` that links it to the article; a claim is a `Note` about whoever it goes
//! back to, with the article as `proof`; each step of a chain is an `UnknownLink` with the role
//! "told"; an event is an `Event`. Offsets stand, for people, in `summary`; programs take them
//! from the annotations of the same article, whose ids they share.

use std::collections::BTreeSet;

use according::Report;
use according::report::{Claim, Entity, Event, SpeakerKind};
use serde_json::{Map, Value, json};

use crate::recurring::Recurring;
use crate::view::{Actor, View, in_a_line, uuid, word};

pub(crate) fn entities(report: &Report) -> Vec<Value> {
    let view = View::new(report);
    let article = article_id(&view);
    let mut entities = vec![self::article(&view, &article)];
    let mut linked = BTreeSet::new();
    for claim in &report.claims {
        let chain: Vec<Actor<'_>> = view.chain(claim);
        let known: Vec<(Actor<'_>, String)> = chain
            .into_iter()
            .filter(|actor| !actor.is_nobody() && schema(actor.kind).is_some())
            .map(|actor| (actor, actor_id(&view, &actor)))
            .collect();
        for (actor, id) in &known {
            if linked.insert(id.clone()) {
                entities.extend(self::actor(&view, actor, id));
                entities.push(documentation(&view, &article, id));
            }
        }
        for (i, pair) in known.windows(2).enumerate() {
            if let [(_, from), (_, to)] = pair {
                entities.push(told(&view, claim, i, from, to, &article));
            }
        }
        let first = known.first().map(|(_, id)| id.as_str());
        entities.push(note(&view, claim, first, &article));
    }
    for event in &report.events {
        let met =
            event.participants.iter().filter_map(|p| view.entity(p.entity.as_deref()));
        let met: Vec<(Actor<'_>, String)> = met
            .filter_map(participant)
            .map(|actor| (actor, actor_id(&view, &actor)))
            .collect();
        for (actor, id) in &met {
            if linked.insert(id.clone()) {
                entities.extend(self::actor(&view, actor, id));
            }
        }
        entities.push(self::event(&view, event, &article));
    }
    entities
}

/// What recurs, as a note on all articles that say it.
pub(crate) fn recurring(claim: &Recurring<'_>) -> Value {
    let entry = claim.entry;
    let mut articles: Vec<String> =
        claim.supports.iter().map(|placed| id(&placed.article)).collect();
    articles.sort_unstable();
    articles.dedup();
    let disputed = if entry.disputed { "disputed" } else { "" };
    entity(
        &id(&claim.urn),
        "Note",
        vec![
            ("name", vec![format!("{} of the corpus", entry.id)]),
            ("description", vec![entry.statement.clone()]),
            ("summary", vec![entry.explanation.clone()]),
            ("entity", articles.clone()),
            ("proof", articles),
            ("keywords", vec!["recurring".to_owned(), disputed.to_owned()]),
        ],
    )
}

fn schema(kind: SpeakerKind) -> Option<&'static str> {
    match kind {
        SpeakerKind::Person => Some("Person"),
        SpeakerKind::Organisation | SpeakerKind::Media => Some("Organization"),
        SpeakerKind::People => Some("LegalEntity"),
        SpeakerKind::Document | SpeakerKind::Reporter => None,
    }
}

/// People and bodies with a name, as those who tell something are seen.
fn participant(entity: &Entity) -> Option<Actor<'_>> {
    let kind = match entity.kind.as_deref() {
        Some("PERSON") => SpeakerKind::Person,
        Some("ORG") => SpeakerKind::Organisation,
        _ => return None,
    };
    entity.named.then_some(Actor {
        name: &entity.name,
        entity: Some(&entity.id),
        kind,
        named: true,
    })
}

fn id(what: &str) -> String {
    uuid(&format!("ftm {what}")).to_string()
}

fn article_id(view: &View<'_>) -> String {
    id(&view.urn())
}

fn actor_id(view: &View<'_>, actor: &Actor<'_>) -> String {
    id(&view.key(actor))
}

/// An entity with those of its properties that have values.
fn entity(id: &str, schema: &str, properties: Vec<(&str, Vec<String>)>) -> Value {
    let properties = properties.into_iter().filter_map(|(name, mut values)| {
        values.retain(|value| !value.trim().is_empty());
        (!values.is_empty()).then(|| (name.to_owned(), json!(values)))
    });
    json!({ "id": id, "schema": schema, "properties": properties.collect::<Map<_, _>>() })
}

fn some(value: Option<&String>) -> Vec<String> {
    value.into_iter().cloned().collect()
}

fn article(view: &View<'_>, id: &str) -> Value {
    let article = &view.report.article;
    let name = article.reference.as_ref().unwrap_or(&article.id);
    entity(
        id,
        "Article",
        vec![
            ("fileName", vec![name.clone()]),
            ("title", vec![view.title().to_owned()]),
            ("author", article.byline.clone()),
            ("publisher", some(article.outlet.as_ref())),
            ("publishedAt", some(article.published.as_ref())),
            ("modifiedAt", some(article.modified.as_ref())),
            ("sourceUrl", some(article.url.as_ref())),
            (
                "language",
                article.language.as_deref().and_then(language).into_iter().collect(),
            ),
            ("bodyText", vec![article.text.clone()]),
            ("generator", vec![view.report.generator.name.clone()]),
        ],
    )
}

/// A language as FollowTheMoney writes it, ISO 639-3. Of others than these nothing is told.
fn language(tag: &str) -> Option<String> {
    let code = match tag.split('-').next().unwrap_or_default() {
        "ar" => "ara",
        "cs" => "ces",
        "da" => "dan",
        "de" => "deu",
        "el" => "ell",
        "en" => "eng",
        "es" => "spa",
        "fa" => "fas",
        "fr" => "fra",
        "he" => "heb",
        "hi" => "hin",
        "hu" => "hun",
        "id" => "ind",
        "it" => "ita",
        "ja" => "jpn",
        "ko" => "kor",
        "nl" => "nld",
        "no" | "nb" => "nor",
        "pl" => "pol",
        "pt" => "por",
        "ro" => "ron",
        "ru" => "rus",
        "sv" => "swe",
        "tr" => "tur",
        "uk" => "ukr",
        "ur" => "urd",
        "vi" => "vie",
        "zh" => "zho",
        _ => return None,
    };
    Some(code.to_owned())
}

fn actor(view: &View<'_>, actor: &Actor<'_>, id: &str) -> Option<Value> {
    let known = view.entity(actor.entity).filter(|_| actor.named);
    let unnamed = "A source without a name, as the article describes it.";
    Some(entity(
        id,
        schema(actor.kind)?,
        vec![
            ("name", vec![actor.name.to_owned()]),
            ("alias", known.map(|e| e.aliases.clone()).unwrap_or_default()),
            (
                "country",
                some(
                    known
                        .and_then(|e| e.country.as_ref())
                        .map(|c| c.to_lowercase())
                        .as_ref(),
                ),
            ),
            ("notes", if actor.named { vec![] } else { vec![unnamed.to_owned()] }),
        ],
    ))
}

fn documentation(view: &View<'_>, article: &str, actor: &str) -> Value {
    entity(
        &id(&format!("documentation {article} {actor}")),
        "Documentation",
        vec![
            ("document", vec![article.to_owned()]),
            ("entity", vec![actor.to_owned()]),
            ("role", vec!["source".to_owned()]),
            ("date", some(view.report.article.published.as_ref())),
        ],
    )
}

fn told(
    view: &View<'_>,
    claim: &Claim,
    step: usize,
    from: &str,
    to: &str,
    article: &str,
) -> Value {
    entity(
        &id(&format!("told {} {step}", view.part(&claim.id))),
        "UnknownLink",
        vec![
            ("subject", vec![from.to_owned()]),
            ("object", vec![to.to_owned()]),
            ("role", vec!["told".to_owned()]),
            ("recordId", vec![claim.id.clone()]),
            ("proof", vec![article.to_owned()]),
            ("date", some(view.report.article.published.as_ref())),
        ],
    )
}

fn note(view: &View<'_>, claim: &Claim, speaker: Option<&str>, article: &str) -> Value {
    let names = claim.entities.iter().filter_map(|id| view.entity(Some(id)));
    let names = names.filter(|entity| entity.named);
    let people = |kind: &str| {
        let of_kind = names.clone().filter(|e| e.kind.as_deref() == Some(kind));
        of_kind.map(|entity| entity.name.clone()).collect()
    };
    let places = claim.places.iter().filter_map(|id| view.place(Some(id)));
    let summary = in_a_line(claim);
    entity(
        &id(&format!("note {}", view.part(&claim.id))),
        "Note",
        vec![
            ("name", vec![format!("{} of {}", claim.id, view.title())]),
            ("description", vec![view.words(&claim.content)]),
            ("summary", vec![summary]),
            ("entity", vec![speaker.unwrap_or(article).to_owned()]),
            ("proof", vec![article.to_owned()]),
            ("peopleMentioned", people("PERSON")),
            ("companiesMentioned", people("ORG")),
            ("locationMentioned", places.map(|p| p.text.clone()).collect()),
            ("publisher", some(view.report.article.outlet.as_ref())),
            ("sourceUrl", some(view.report.article.url.as_ref())),
            ("keywords", vec![word(&claim.act), word(&claim.factuality)]),
        ],
    )
}

fn event(view: &View<'_>, event: &Event, article: &str) -> Value {
    let mode = event.mode.as_deref().map(|mode| format!(" {mode}")).unwrap_or_default();
    let of_role = |role: &str| {
        let of_role = event.participants.iter().filter(|p| p.role == role);
        let known = of_role.filter_map(|p| view.entity(p.entity.as_deref()));
        let known = known.filter_map(participant);
        known.map(|actor| actor_id(view, &actor)).collect::<Vec<_>>()
    };
    let place = view.place(event.place.as_deref());
    let time = view.time(event.time.as_deref());
    entity(
        &id(&format!("event {}", view.part(&event.id))),
        "Event",
        vec![
            (
                "name",
                vec![format!("{}{mode}: {}", event.kind, view.words(&event.triggers))],
            ),
            ("summary", vec![format!("{}; {}", word(&event.status), event.id)]),
            ("startDate", some(time.and_then(|time| time.begin.as_ref()))),
            ("endDate", some(time.and_then(|time| time.end_date.as_ref()))),
            (
                "location",
                some(place.map(|place| place.name.as_ref().unwrap_or(&place.text))),
            ),
            (
                "country",
                some(
                    place
                        .and_then(|p| p.country.as_ref())
                        .map(|c| c.to_lowercase())
                        .as_ref(),
                ),
            ),
            ("organizer", of_role("actor")),
            ("involved", of_role("recipient")),
            ("proof", vec![article.to_owned()]),
            ("recordId", vec![event.id.clone()]),
            ("keywords", vec![event.kind.clone(), word(&event.status)]),
        ],
    )
}
