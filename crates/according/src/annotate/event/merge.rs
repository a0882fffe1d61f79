//! One event for all its mentions in an article.
//!
//! A mention joins the latest event before it that it can be a mention of: of the same
//! category, with no participant, time or status that contradicts. A noun that names nobody
//! ("the attack") joins on its category alone.

use super::Mention;
use super::participant::Party;
use super::status::EventStatus;
use crate::annotate::time::Time;

/// How many events back are asked.
const REACH: usize = 48;

/// How many mentions of an event are compared, the latest: enough to know it by.
const MEMORY: usize = 24;

/// The mentions of each event, in text order.
pub(super) fn group(mentions: &[Mention], times: &[Time]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (i, mention) in mentions.iter().enumerate() {
        let first = groups.len().saturating_sub(REACH);
        let fits = |group: &&mut Vec<usize>| {
            let kind = |m: usize| mentions[m].kind == mention.kind;
            group.first().is_some_and(|&m| kind(m))
                && agree(mentions, group, mention, times)
        };
        match groups[first..].iter_mut().rev().find(fits) {
            Some(group) => group.push(i),
            None => groups.push(vec![i]),
        }
    }
    groups
}

/// A role's parties in a mention.
pub(super) type Parties = fn(&Mention) -> &[Party];

fn agree(
    mentions: &[Mention],
    group: &[usize],
    mention: &Mention,
    times: &[Time],
) -> bool {
    let known = || group.iter().rev().take(MEMORY).map(|&m| &mentions[m]);
    // "Imposed sanctions": verb and noun of one event.
    if known().any(|m| {
        m.carried_by == Some(mention.token)
            || mention.carried_by == Some(m.token)
            || m.completes(mention)
    }) {
        return true;
    }
    let modes = known().all(|m| m.mode == mention.mode || is_vague(m.mode, mention.mode));
    let settled = |s: EventStatus| {
        !matches!(
            s,
            EventStatus::Hypothetical | EventStatus::Planned | EventStatus::Denied
        )
    };
    let statuses = known().all(|m| {
        settled(m.status) == settled(mention.status) || mention.is_bare() || m.is_bare()
    });
    if !modes || !statuses || known().any(|m| apart(m, mention, times)) {
        return false;
    }
    let shares = |of: Parties| {
        known().flat_map(of).any(|a| of(mention).iter().any(|b| is_same(a, b)))
    };
    let clashes = |of: Parties| {
        let mut all = known().flat_map(of).peekable();
        all.peek().is_some() && !of(mention).is_empty() && !shares(of)
    };
    let (actors, recipients): (Parties, Parties) =
        (|m| &m.cast.actors, |m| &m.cast.recipients);
    if clashes(recipients) {
        return false;
    }
    // Whom it befalls makes an event what it is, more than who is said to do it.
    !clashes(actors) || shares(recipients)
}

/// Whether one mode only says less than the other.
fn is_vague(a: Option<&str>, b: Option<&str>) -> bool {
    let general =
        |m: Option<&str>| matches!(m, None | Some("attack" | "accuse" | "allege"));
    general(a) || general(b)
}

/// Whether two mentions speak of different times.
fn apart(a: &Mention, b: &Mention, times: &[Time]) -> bool {
    let (Some(a), Some(b)) = (a.time, b.time) else { return false };
    let (Some(a), Some(b)) = (times.get(a), times.get(b)) else { return false };
    let (Some(from), Some(to)) = (&a.begin, &a.end) else { return false };
    let (Some(first), Some(last)) = (&b.begin, &b.end) else { return false };
    to < first || last < from
}

/// Whether two phrases can name the same.
pub(super) fn is_same(a: &Party, b: &Party) -> bool {
    if a.head == b.head {
        return true;
    }
    match (a.entity, b.entity) {
        (Some(a), Some(b)) => a == b,
        // "Michael Neu" and "the man"; "the police" and the name of a force.
        _ => {
            a.lemma == b.lemma || (is_general(a) || is_general(b)) && a.plural == b.plural
        }
    }
}

/// Nouns that anybody can be called by.
fn is_general(party: &Party) -> bool {
    matches!(
        party.lemma.as_str(),
        "man"
            | "woman"
            | "person"
            | "people"
            | "suspect"
            | "individual"
            | "victim"
            | "authority"
            | "official"
            | "police"
            | "officer"
            | "defendant"
            | "group"
            | "attacker"
            | "assailant"
            | "culprit"
            | "fraudster"
            | "fugitive"
            | "gunman"
            | "mastermind"
            | "offender"
            | "perpetrator"
            | "ringleader"
            | "teenager"
            | "department"
    )
}
