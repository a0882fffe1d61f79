//! Pronouns: whom "I", "she", "its" and "they" stand for.

use std::collections::BTreeMap;

use according_nlp::{Span, Token};

use super::super::claim::Claim;
use super::super::entity::MentionForm;
use super::super::speaker::{self, Cast, Gender, SpeakerIdx, SpeakerKind};
use super::chain::{Chains, numbers_agree};
use super::mention::{Determiner, Kind, Number, Pronoun};

/// How many earlier mentions can be meant.
const NEAR: usize = 60;

/// What suits "it" and "they" less than this is not meant: both stand for much that is no
/// mention, such as a whole sentence.
const LEAST: f32 = -0.7;

/// How many sentences back.
const FAR: usize = 4;

/// "I" in what somebody says is who says it; "we" is a body that speaks, or else the same
/// people as long as the same person speaks.
pub(super) fn join_first_persons(
    chains: &mut Chains<'_>,
    cast: &Cast<'_>,
    claims: &[Claim],
) {
    let mut of_speaker: BTreeMap<SpeakerIdx, usize> = BTreeMap::new();
    for (token, speaker) in cast.met() {
        if let Some(mention) = chains.at(token) {
            of_speaker.entry(speaker).or_insert(mention);
        }
    }
    let mut said: BTreeMap<(Option<SpeakerIdx>, bool), usize> = BTreeMap::new();
    for (i, speaker) in speakers_of(chains, claims).into_iter().enumerate() {
        let singular = match chains.mentions[i].pronoun {
            Some(Pronoun::I) => true,
            Some(Pronoun::We) => false,
            _ => continue,
        };
        // "We", says who speaks for a body.
        let body = speaker.and_then(|s| cast.list[s].speaks_for).filter(|_| !singular);
        if let Some(speaker) = body.or(speaker) {
            let it = &cast.list[speaker];
            let body = matches!(it.kind, SpeakerKind::Organisation | SpeakerKind::Media);
            let document = it.kind == SpeakerKind::Document;
            if singular && !document || body || it.plural {
                let named = it.entity.and_then(|e| {
                    cast.entities.list[e].mentions.iter().find_map(|m| {
                        chains.at(speaker::root_of(chains.doc, m.tokens.clone()).index())
                    })
                });
                if let Some(mention) = named.or(of_speaker.get(&speaker).copied()) {
                    chains.join(mention, i);
                    continue;
                }
            }
        }
        match said.get(&(speaker, singular)) {
            Some(&before) => {
                chains.join(before, i);
            }
            None => {
                said.insert((speaker, singular), i);
            }
        }
    }
}

/// For each mention who says the words it stands in.
fn speakers_of(chains: &Chains<'_>, claims: &[Claim]) -> Vec<Option<SpeakerIdx>> {
    // Outer claims come before those within them.
    let mut contents: Vec<(Span, SpeakerIdx)> =
        claims.iter().flat_map(|c| c.content.iter().map(|&s| (s, c.speaker))).collect();
    contents.sort_by_key(|(s, _)| (s.start, std::cmp::Reverse(s.end)));
    let mut open: Vec<(Span, SpeakerIdx)> = Vec::new();
    let mut contents = contents.into_iter().peekable();
    let mut order: Vec<usize> = (0..chains.mentions.len()).collect();
    order.sort_by_key(|&i| chains.mentions[i].head);
    let mut found = vec![None; order.len()];
    for i in order {
        let at = chains.doc.token(chains.mentions[i].head).span();
        while let Some(content) = contents.next_if(|(s, _)| s.start <= at.start) {
            open.push(content);
        }
        while open.last().is_some_and(|(s, _)| s.end <= at.start) {
            open.pop();
        }
        found[i] = open.last().map(|&(_, speaker)| speaker);
    }
    found
}

/// Joins every pronoun of the third person to what suits it best before it.
pub(super) fn join_third_persons(chains: &mut Chains<'_>) {
    for i in 0..chains.mentions.len() {
        let Some(pronoun) = chains.mentions[i].pronoun else { continue };
        let third =
            matches!(pronoun, Pronoun::He | Pronoun::She | Pronoun::It | Pronoun::They);
        if !third || chains.is_resolved(i) {
            continue;
        }
        if let Some(antecedent) = antecedent(chains, i, pronoun) {
            chains.join(antecedent, i);
        }
    }
}

fn antecedent(chains: &Chains<'_>, i: usize, pronoun: Pronoun) -> Option<usize> {
    let own = &chains.mentions[i];
    let token = chains.doc.token(own.head);
    let apart = co_arguments(chains, token);
    let mut best: Option<(f32, usize)> = None;
    for before in (i.saturating_sub(NEAR)..i).rev() {
        let other = &chains.mentions[before];
        let away = own.sentence.saturating_sub(other.sentence);
        if away > FAR {
            break;
        }
        let is_co_argument = || apart.iter().any(|&a| chains.is_same(a, before));
        let holds = other.phrase.contains(&own.head)
            || other.is_coordination && token.head().index() == other.head;
        if holds || is_co_argument() {
            continue;
        }
        let Some(fit) = fit(chains, before, pronoun) else { continue };
        let mut score = fit - 0.8 * away as f32;
        let head = chains.doc.token(other.head);
        if matches!(head.dep(), "nsubj" | "nsubjpass") {
            score += 0.5;
        }
        if matches!(head.dep(), "poss" | "compound" | "pobj") {
            score -= 0.3;
        }
        score += 0.2 * (chains.chain(before).members.len().min(5) as f32);
        let open = matches!(pronoun, Pronoun::It | Pronoun::They);
        if open && score < LEAST {
            continue;
        }
        if best.is_none_or(|(top, _)| score > top) {
            best = Some((score, before));
        }
    }
    best.map(|(_, before)| before)
}

/// What grammar tells apart from a pronoun: the other arguments of its verb, and of the verb
/// that lends its own a subject ("the firm wants to sell it"). "Itself" is one of them.
fn co_arguments(chains: &Chains<'_>, pronoun: Token<'_>) -> Vec<usize> {
    let is_argument =
        |t: &Token<'_>| matches!(t.dep(), "dobj" | "dative" | "nsubj" | "nsubjpass");
    let reflexive =
        pronoun.text().ends_with("self") || pronoun.text().ends_with("selves");
    if reflexive || !is_argument(&pronoun) {
        return Vec::new();
    }
    let verb = pronoun.head();
    let lender = (verb.dep() == "xcomp" && verb.child("nsubj").is_none())
        .then(|| verb.head().child("nsubj"));
    let others = verb.children().filter(|c| is_argument(c) && *c != pronoun);
    let all = others.chain(lender.flatten());
    all.filter_map(|t| chains.at(t.index())).collect()
}

/// How well a mention suits a pronoun; `None` where it cannot be meant.
fn fit(chains: &Chains<'_>, before: usize, pronoun: Pronoun) -> Option<f32> {
    let other = &chains.mentions[before];
    let chain = chains.chain(before);
    if let Some(pronoun_before) = other.pronoun {
        return (pronoun_before == pronoun).then_some(0.3);
    }
    match pronoun {
        Pronoun::He | Pronoun::She => {
            let gender =
                if pronoun == Pronoun::He { Gender::Male } else { Gender::Female };
            let fits = other.kind == Kind::Person
                && numbers_agree(other.number, Number::One)
                && other.number != Number::Several
                && chain.gender.is_none_or(|g| g == gender);
            let named = if other.form == MentionForm::Name { 0.3 } else { 0.0 };
            fits.then_some(named + if chain.gender.is_some() { 0.3 } else { 0.0 })
        }
        Pronoun::It => {
            let fits = other.kind != Kind::Person && other.number != Number::Several;
            let bonus = match other.kind {
                Kind::Body => 0.4,
                Kind::Place => -0.4,
                _ if other.determiner == Determiner::Bare
                    && other.form != MentionForm::Name =>
                {
                    -0.4
                }
                _ => 0.0,
            };
            fits.then_some(bonus)
        }
        Pronoun::They => match other.number {
            Number::Several => Some(match other.kind {
                Kind::Person | Kind::Body => 0.5,
                _ => 0.1,
            }),
            Number::Either if other.kind == Kind::Body => Some(0.3),
            _ => None,
        },
        _ => None,
    }
}
