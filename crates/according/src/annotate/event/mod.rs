//! Events: PLOVER 2.0, with `TRAFFIC` for illicit trade.
//!
//! A verb, noun or adjective of `data/en/event.tsv` is a trigger where its conditions hold.
//! The tree tells who takes part (`tree`), whether it took place (`status`) and how far the
//! text commits itself to that (`factuality`);
//! mentions of one event are brought together (`merge`).
//!
//! Limits: a trigger is one word, and a route is read within a clause.

pub mod factuality;
mod lexicon;
mod merge;
mod participant;
mod status;
mod tree;

use std::collections::BTreeSet;

use according_nlp::{Doc, Span, Token, Upos};
use rustc_hash::FxHashMap;

pub use status::EventStatus;

use super::Stance;
use super::claim::{Act, Claim};
use super::entity::Entities;
use super::factuality::{Certainty, Polarity};
use super::quantity::{self, Quantity};
use super::time::{self, Time};
use crate::article::{Article, BlockKind, Day};
use participant::{Cast, Party, Route};

/// Something that happened, or is said to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// PLOVER 2.0 category, or `TRAFFIC`.
    pub kind: &'static str,
    /// PLOVER mode.
    pub mode: Option<&'static str>,
    /// PLOVER contexts, in alphabetical order.
    pub contexts: Vec<&'static str>,
    /// Every word that names it, fullest mention first.
    pub triggers: Vec<Span>,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// Number of the time that governs the fullest mention that has one.
    pub time: Option<usize>,
    /// Where it takes place.
    pub place: Option<Span>,
    /// Where it sets out from.
    pub from: Option<Span>,
    /// Where it goes to.
    pub to: Option<Span>,
    /// Where it passes.
    pub via: Option<Span>,
    /// Number of the innermost claim that tells the fullest mention.
    pub claim: Option<usize>,
    /// Whether it took place.
    pub status: EventStatus,
    /// Whether it is affirmed or denied.
    pub polarity: Polarity,
    /// How far the text commits itself to it, from −3 to 3, as the fullest mention tells it.
    pub factuality: f32,
    /// Numbers of quantities moved or seized, ascending.
    pub goods: Vec<usize>,
}

/// Somebody in an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// What they do in it.
    pub role: ParticipantRole,
    /// The noun phrase.
    pub span: Span,
    /// Number of the entity.
    pub entity: Option<usize>,
    /// Number of the quantity that says how many.
    pub count: Option<usize>,
}

/// What somebody does in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantRole {
    /// Does it.
    Actor,
    /// Has it done to them.
    Recipient,
}

impl ParticipantRole {
    /// As the report says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Recipient => "recipient",
        }
    }
}

/// How many tokens after an arrest an inquiry without an object is about who was arrested.
const NEAR: usize = 120;

/// How many tokens after a deed it can be named again by its own word.
const FAR: usize = 400;

/// One place where an event is told.
#[derive(Clone, Debug)]
struct Mention {
    token: usize,
    /// Its lemma, in lower case.
    word: String,
    span: Span,
    kind: &'static str,
    mode: Option<&'static str>,
    cast: Cast,
    route: Route,
    time: Option<usize>,
    claim: Option<usize>,
    status: EventStatus,
    polarity: Polarity,
    factuality: f32,
    /// The attacks whose victims it tells.
    attacks: Vec<usize>,
    /// The verb a noun is only carried by.
    carried_by: Option<usize>,
    in_headline: bool,
    nominal: bool,
}

impl Mention {
    /// How much it tells.
    fn fullness(&self) -> usize {
        let cast = &self.cast;
        2 * usize::from(!cast.actors.is_empty())
            + 2 * usize::from(!cast.recipients.is_empty())
            + usize::from(!cast.goods.is_empty())
            + usize::from(cast.recipients.iter().any(|r| r.named))
            + usize::from(self.time.is_some())
            + usize::from(self.route.place.is_some())
            + usize::from(!self.nominal)
    }

    /// Whether one of two tells the victims of the other: "the attack killed ten".
    fn completes(&self, other: &Self) -> bool {
        self.attacks.contains(&other.token) || other.attacks.contains(&self.token)
    }

    /// Whether it names nobody.
    fn is_bare(&self) -> bool {
        self.nominal && self.cast.actors.is_empty() && self.cast.recipients.is_empty()
    }
}

/// What events are read from, besides the words.
pub(super) struct Layers<'a> {
    pub(super) entities: &'a Entities,
    pub(super) times: &'a [Time],
    pub(super) claims: &'a [Claim],
    /// Spans of places, in text order and without overlap.
    pub(super) places: &'a [Span],
}

/// The events of an article's story, in text order. What is moved or seized without a number
/// is added to `quantities`.
pub(super) fn find(
    article: &Article,
    doc: &Doc,
    layers: &Layers<'_>,
    quantities: &mut Vec<Quantity>,
) -> Vec<Event> {
    let mut mentions = mentions(article, doc, layers);
    fill_inquiries(&mut mentions, doc, layers.entities);
    let groups = merge::group(&mentions, layers.times);
    fill_answers(&mut mentions, &groups, doc, layers.entities);
    for mention in &mentions {
        for &goods in &mention.cast.goods {
            quantity::add_vague(doc, doc.token(goods), quantities);
        }
    }
    quantities.sort_by_key(|q| q.span);
    groups.iter().map(|group| event(doc, &mentions, group, quantities)).collect()
}

fn mentions(article: &Article, doc: &Doc, layers: &Layers<'_>) -> Vec<Mention> {
    let year = article.metadata.published.as_deref().and_then(Day::parse);
    let year = year.map(|day| day.to_string());
    let mut found = Vec::new();
    for block in article.blocks.iter().filter(|b| b.kind.is_body()) {
        for token in doc.slice(doc.tokens_in(block.span)) {
            let headline = block.kind == BlockKind::Headline;
            if let Some(mention) = mention(doc, layers, token, headline, year.as_deref())
            {
                found.push(mention);
            }
        }
    }
    found
}

/// "The investigation is going on", after somebody was arrested or charged: it is about them,
/// and by who arrested them.
fn fill_inquiries(mentions: &mut [Mention], doc: &Doc, entities: &Entities) {
    let tells_who = |m: &&Mention| {
        matches!(m.mode, Some("arrest" | "charge"))
            && m.status == EventStatus::Actual
            && !m.cast.recipients.is_empty()
    };
    for i in 0..mentions.len() {
        let (before, after) = mentions.split_at_mut(i);
        let inquiry = &mut after[0];
        let at = inquiry.token;
        // "Into the fire": what it is about is said.
        let is_told = tree::prepositional(doc.token(at)).any(|(p, _)| p.text() == "into");
        let is_open = inquiry.nominal && inquiry.cast.recipients.is_empty() && !is_told;
        let near = before.iter().rev().take_while(|m| m.token + NEAR > at);
        let is_inquiry = is_open && inquiry.mode == Some("investigate");
        let Some(caught) = near.into_iter().find(tells_who).filter(|_| is_inquiry) else {
            continue;
        };
        let again = |party: &Party| party.before(at, doc, entities);
        inquiry.cast.recipients = caught.cast.recipients.iter().map(again).collect();
        if inquiry.cast.actors.is_empty() {
            inquiry.cast.actors = caught.cast.actors.iter().map(again).collect();
        }
    }
}

/// "France condemned the massacre", "the mayor rejected the demand", "the mayor refused": meant
/// is who did what is named, or who asked it of them. "Lifted the sanctions" is done to whom
/// they were put upon.
fn fill_answers(
    mentions: &mut [Mention],
    groups: &[Vec<usize>],
    doc: &Doc,
    entities: &Entities,
) {
    // The mention and the event of a word.
    let places: FxHashMap<usize, (usize, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(n, group)| group.iter().map(move |&m| (m, n)))
        .map(|(m, n)| (mentions[m].token, (m, n)))
        .collect();
    let deed = |mentions: &[Mention], answer: usize, object: Token<'_>| {
        let named = places.get(&object.index());
        let named = named.map(|&(m, n)| (m, groups[n].as_slice()));
        deed(mentions, named, answer, object).map(<[Party]>::to_vec)
    };
    for i in 0..mentions.len() {
        let answer = &mentions[i];
        let judges = match (answer.kind, answer.mode) {
            ("ACCUSE", mode) => matches!(mode, None | Some("criticise" | "blame")),
            // What is promised is done by who promises it.
            ("AGREE", mode) => mode != Some("promise"),
            (kind, _) => matches!(kind, "CONCEDE" | "REJECT" | "SUPPORT"),
        };
        if answer.nominal || !judges || !answer.cast.recipients.is_empty() {
            continue;
        }
        let verb = doc.token(answer.token);
        let objects = tree::arguments(verb).objects;
        let told = match objects.iter().find_map(|o| deed(mentions, i, *o)) {
            Some(told) => told,
            None if objects.is_empty() && !tree::has_complement(verb) => {
                let asked = asked_before(mentions, i, &["REQUEST", "THREATEN"]);
                asked.map(|asked| asked.cast.actors.clone()).unwrap_or_default()
            }
            // "Denied any part in it": to who said so.
            None if answer.mode == Some("deny") => {
                let said = asked_before(mentions, i, &["ACCUSE"]);
                said.map(|said| said.cast.actors.clone()).unwrap_or_default()
            }
            None => continue,
        };
        let is_other = |party: &Party| {
            let noun = doc.token(party.head);
            matches!(noun.upos(), Upos::Noun | Upos::Propn)
                && noun.ent_type() != "NORP"
                && answer.cast.actors.iter().all(|actor| !merge::is_same(actor, party))
        };
        let again = |party: &Party| party.before(answer.token, doc, entities);
        let told = told.iter().filter(|party| is_other(party)).map(again).collect();
        mentions[i].cast.recipients = told;
    }
}

/// Who stands behind the deed that an object names, told before it: who did it, and of what is
/// eased who suffers it. `named` is the object as a mention, with all of its event.
fn deed<'m>(
    mentions: &'m [Mention],
    named: Option<(usize, &[usize])>,
    answer: usize,
    object: Token<'_>,
) -> Option<&'m [Party]> {
    let (kind, at) = (mentions[answer].kind, mentions[answer].token);
    let fits = |m: &Mention| match kind {
        "ACCUSE" => !matches!(m.kind, "AGREE" | "CONSULT" | "SUPPORT" | "REQUEST"),
        "SUPPORT" => matches!(m.kind, "AID" | "CONCEDE" | "RETREAT" | "SANCTION"),
        "CONCEDE" => matches!(m.kind, "COERCE" | "SANCTION"),
        _ => {
            matches!(m.kind, "ACCUSE" | "REQUEST" | "THREATEN")
                || m.kind == "AGREE" && m.mode == Some("promise")
        }
    };
    let of: merge::Parties = match kind {
        "CONCEDE" => |m| &m.cast.recipients,
        _ => |m| &m.cast.actors,
    };
    let named = named.filter(|&(m, _)| fits(&mentions[m]));
    let told = named.and_then(|(_, group)| {
        let before = group.iter().map(|&m| &mentions[m]);
        let before = before.filter(|m| m.token < at || m.token == object.index());
        before.map(of).find(|parties| !parties.is_empty())
    });
    let near = || mentions[..answer].iter().rev().take_while(|m| m.token + FAR > at);
    // "Tested a missile … condemned the test".
    let word = object.lemma().to_lowercase();
    let is_same_word = |m: &&Mention| m.word == word && !m.nominal && fits(m);
    let is_definite = object.child("det").is_some_and(|det| det.lemma() != "a");
    let again = || near().filter(|_| is_definite).find(is_same_word).map(of);
    // "Accused the mayor … the mayor rejects the accusation".
    let accused = || {
        let (named, _) = named?;
        let asked = asked_before(mentions, answer, &[mentions[named].kind]);
        asked.map(|asked| asked.cast.actors.as_slice())
    };
    told.or_else(again).or_else(accused)
}

/// What was asked, threatened or alleged not long before of who answers it.
fn asked_before<'m>(
    mentions: &'m [Mention],
    answer: usize,
    kinds: &[&str],
) -> Option<&'m Mention> {
    let (before, after) = mentions.split_at(answer);
    let answer = after.first()?;
    let is_answer = matches!(answer.kind, "AGREE" | "CONCEDE" | "REJECT");
    let near = before.iter().rev().take_while(|m| m.token + NEAR > answer.token);
    let is_put_to = |asked: &&Mention| {
        let mut whom = asked.cast.recipients.iter();
        kinds.contains(&asked.kind)
            && !asked.cast.actors.is_empty()
            && whom.any(|w| answer.cast.actors.iter().any(|a| merge::is_same(w, a)))
    };
    near.filter(|_| is_answer).find(is_put_to)
}

fn mention(
    doc: &Doc,
    layers: &Layers<'_>,
    token: Token<'_>,
    in_headline: bool,
    published: Option<&str>,
) -> Option<Mention> {
    let entries = entries(token)?;
    let arguments = tree::arguments(token);
    let entry = lexicon::sense(token, &arguments, entries)?;
    let kind = entry.kind?;
    let nominal = token.upos() != Upos::Verb;
    let place_at = |at: usize| {
        let span = doc.token(at).span();
        let next = layers.places.partition_point(|p| p.end <= span.start);
        layers.places.get(next).copied().filter(|p| p.overlaps(span))
    };
    let time = time::governing(doc, layers.times, token.index());
    let claim = innermost(layers.claims, token.span());
    let source = claim.and_then(|c| source_head(doc, &layers.claims[c]));
    let Layers { entities, times, .. } = *layers;
    let scene = participant::Scene { doc, entities, source, times };
    let cast = participant::cast(scene, token, kind, entry.mode, &arguments);
    let negated = status::is_negated(token);
    let mut status = status::status(token);
    let claimed = claim.map(|c| &layers.claims[c]);
    if status == EventStatus::Actual {
        status = match claimed {
            Some(c) if c.stance == Stance::Accuse => EventStatus::Alleged,
            Some(c) if c.stance == Stance::Directive => EventStatus::Hypothetical,
            Some(c) if c.act == Act::Evidential && c.certainty != Certainty::Certain => {
                EventStatus::Alleged
            }
            Some(c) if c.stance == Stance::Deny => EventStatus::Denied,
            _ if is_long_ago(time.and_then(|t| layers.times.get(t)), published, doc) => {
                EventStatus::Historical
            }
            _ => status,
        };
    }
    if negated {
        status = EventStatus::Denied;
    }
    let attacks = tree::attacks_behind(token).into_iter().map(Token::index).collect();
    let carried_by = tree::light_verb(token).filter(|_| nominal).map(Token::index);
    Some(Mention {
        token: token.index(),
        word: token.lemma().to_lowercase(),
        span: token.span(),
        kind,
        mode: entry.mode,
        route: participant::route(token, kind, place_at),
        cast,
        time,
        claim,
        status,
        polarity: if negated { Polarity::Negative } else { Polarity::Positive },
        factuality: factuality::factuality(token),
        attacks,
        carried_by,
        in_headline,
        nominal,
    })
}

/// The word of a claim's source from which its others hang.
fn source_head<'d>(doc: &'d Doc, claim: &Claim) -> Option<Token<'d>> {
    let range = doc.tokens_in(*claim.source.first()?);
    let mut words = doc.slice(range.clone());
    words.find(|t| t.is_root() || !range.contains(&t.head().index()))
}

/// What the list has for a word as it is used here.
fn entries(token: Token<'_>) -> Option<&'static [lexicon::Entry]> {
    // "AIDS" is no help.
    let is_acronym = token.text() == "AIDS";
    match token.upos() {
        _ if is_acronym || is_person_of_deed(token) => None,
        // The lemma of "fined" is "fin" for the pipeline.
        Upos::Verb => lexicon::entries(token.lemma(), Upos::Verb)
            .or_else(|| lexicon::entries(&format!("{}e", token.lemma()), Upos::Verb)),
        Upos::Adj => lexicon::entries(token.lemma(), Upos::Adj),
        Upos::Noun if token.dep() != "compound" || is_of_action(token.head()) => {
            lexicon::entries(token.lemma(), Upos::Noun)
        }
        // Capitals of headlines make names of nouns.
        Upos::Propn if token.ent_type().is_empty() && token.dep() != "compound" => {
            let word = token.text().to_lowercase();
            let one = word.strip_suffix('s').unwrap_or(&word);
            let noun = lexicon::entries(&word, Upos::Noun);
            noun.or_else(|| lexicon::entries(one, Upos::Noun))
        }
        _ => None,
    }
}

/// "The displaced": who has suffered it, and not that somebody does.
fn is_person_of_deed(token: Token<'_>) -> bool {
    token.tag() == "VBN"
        && matches!(token.dep(), "dobj" | "nsubj" | "nsubjpass" | "pobj")
        && token.child("det").is_some()
}

/// "Rescue effort": a noun that only says that something is done.
fn is_of_action(noun: Token<'_>) -> bool {
    matches!(
        noun.lemma(),
        "effort"
            | "operation"
            | "attempt"
            | "campaign"
            | "scheme"
            | "case"
            | "spree"
            | "mission"
    )
}

/// The innermost claim whose content holds `span`.
fn innermost(claims: &[Claim], span: Span) -> Option<usize> {
    let holds = |c: &Claim| c.content.iter().any(|part| part.contains(span));
    let end = claims.partition_point(|c| {
        c.content.first().is_some_and(|first| first.start <= span.start)
    });
    // Contents may have gaps: one that holds it is not far.
    let first = end.saturating_sub(24);
    claims[first..end].iter().rposition(holds).map(|at| first + at)
}

/// Whether a time lies more than a year before the article was published.
fn is_long_ago(time: Option<&Time>, published: Option<&str>, doc: &Doc) -> bool {
    let Some(time) = time else { return false };
    if let (Some(end), Some(published)) = (&time.end, published) {
        let year = |day: &str| day.split('-').next().and_then(|y| y.parse::<i32>().ok());
        let month = |day: &str| day.split('-').nth(1).and_then(|m| m.parse::<i32>().ok());
        let months = |day: &str| Some(12 * year(day)? + month(day)?);
        return months(end).zip(months(published)).is_some_and(|(a, b)| a + 12 <= b);
    }
    let words = doc.text().get(time.span.range()).unwrap_or_default();
    ["years ago", "decades ago", "years before", "years earlier"]
        .iter()
        .any(|w| words.contains(w))
}

fn event(
    doc: &Doc,
    mentions: &[Mention],
    group: &[usize],
    quantities: &[Quantity],
) -> Event {
    let mut told: Vec<&Mention> = group.iter().map(|&m| &mentions[m]).collect();
    told.sort_by_key(|m| (m.in_headline, std::cmp::Reverse(m.fullness())));
    let full = told[0];
    let mut participants = Vec::new();
    let roles: [(ParticipantRole, merge::Parties); 2] = [
        (ParticipantRole::Actor, |m| &m.cast.actors),
        (ParticipantRole::Recipient, |m| &m.cast.recipients),
    ];
    for (role, of) in roles {
        let mut known: Vec<&Party> = Vec::new();
        for mention in &told {
            // Later mentions fill a role that fuller ones leave open, or tell more victims.
            if !known.is_empty() && !told.iter().any(|m| m.completes(mention)) {
                continue;
            }
            for party in of(mention) {
                if !known.iter().any(|k| merge::is_same(k, party)) {
                    known.push(party);
                }
            }
        }
        participants.extend(known.iter().map(|party| Participant {
            role,
            span: party.span,
            entity: party.entity,
            count: quantity::counting(doc, doc.token(party.head), quantities),
        }));
    }
    let contexts: BTreeSet<&str> = told
        .iter()
        .flat_map(|m| doc.sentence_of(m.token).range())
        .flat_map(|i| lexicon::contexts(doc.token(i)))
        .collect();
    let first = |of: fn(&Mention) -> Option<Span>| told.iter().find_map(|m| of(m));
    let goods = told.iter().flat_map(|m| &m.cast.goods);
    let goods = goods.filter_map(|&g| quantity::counting(doc, doc.token(g), quantities));
    let goods: BTreeSet<usize> = goods.collect();
    let rank = |s: EventStatus| match s {
        EventStatus::Actual => 0,
        EventStatus::Historical => 1,
        EventStatus::Alleged => 2,
        EventStatus::Planned => 3,
        EventStatus::Hypothetical => 4,
        EventStatus::Denied => 5,
    };
    // "The bombing killed ten" is a bombing.
    let is_of = |m: &Mention| told.iter().any(|o| m.attacks.contains(&o.token));
    let deeds = told.iter().filter(|m| !is_of(m));
    let named = told.iter().filter(|m| !m.is_bare() || full.is_bare());
    let status = named.map(|m| m.status).min_by_key(|s| rank(*s)).unwrap_or(full.status);
    Event {
        kind: full.kind,
        mode: deeds.chain(told.iter()).find_map(|m| m.mode),
        contexts: contexts.into_iter().collect(),
        triggers: told.iter().map(|m| m.span).collect(),
        participants,
        time: told.iter().find_map(|m| m.time),
        place: first(|m| m.route.place),
        from: first(|m| m.route.from),
        to: first(|m| m.route.to),
        via: first(|m| m.route.via),
        claim: full.claim,
        status,
        polarity: full.polarity,
        factuality: full.factuality,
        goods: goods.into_iter().collect(),
    }
}
