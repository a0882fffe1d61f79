//! How a claim changes on its way from article to article.

use std::collections::BTreeSet;

use crate::fingerprint::{hash, number};
use crate::format::{Change, ChangeKind, SupportStance};
use crate::member::Said;
use crate::origin::Place;

/// The changes of a claim whose `places` come earliest first. A copy changes nothing, and
/// what was told in a way before is nothing new.
pub(crate) fn changes(places: &[Place<'_>]) -> Vec<Change> {
    let mut found = Vec::new();
    let mut state = State::default();
    for article in places.chunk_by(|a, b| a.article == b.article) {
        let Some(place) = article.first() else { continue };
        if place.original != place.article && !found.is_empty() {
            continue;
        }
        let mut add = |kind, from: Option<String>, to: Option<String>| {
            found.push(Change {
                article: place.member.reference.clone(),
                published: place.member.published.clone(),
                kind,
                from,
                to,
            });
        };
        let text = || Some(place.said.text.clone());
        let is_first = !state.is_told;
        if is_first {
            add(ChangeKind::First, None, text());
            state.is_told = true;
        }
        // Headlines leave out hedges that their article has.
        let body = article.iter().filter(|p| !p.said.is_headline);
        let is_hedged = match body.clone().next() {
            Some(_) => body.clone().any(|p| p.said.is_hedged),
            None => place.said.is_hedged,
        };
        let before = if is_hedged { &mut state.was_hedged } else { &mut state.was_plain };
        if !std::mem::replace(before, true) && !is_first {
            let kind =
                if is_hedged { ChangeKind::HedgeGained } else { ChangeKind::HedgeLost };
            let said = body.clone().find(|p| p.said.is_hedged == is_hedged);
            add(kind, None, said.map_or_else(text, |p| Some(p.said.text.clone())));
        }
        let told = article.iter().map(|p| numbers(p.said)).find(|n| !n.is_empty());
        if let Some((keys, words)) = told.map(|told| told.into_iter().unzip()) {
            let keys: BTreeSet<u32> = keys;
            let words: Vec<String> = words;
            let words = words.join(", ");
            // Only where as many things are counted can one number be another's.
            if let Some((before, from)) = state.numbers.last()
                && before.len() == keys.len()
                && before.is_disjoint(&keys)
                && state.numbers.iter().all(|(before, _)| *before != keys)
            {
                add(ChangeKind::Numbers, Some(from.clone()), Some(words.clone()));
            }
            if state.numbers.iter().all(|(before, _)| *before != keys) {
                state.numbers.push((keys, words));
            }
        }
        let disputes = article.iter().find(|p| p.said.stance != SupportStance::Asserts);
        if let Some(place) = disputes
            && !std::mem::replace(&mut state.was_disputed, true)
            && !is_first
        {
            add(ChangeKind::Disputed, None, Some(place.said.text.clone()));
        }
    }
    found
}

/// How a claim was told so far.
#[derive(Default)]
struct State {
    is_told: bool,
    was_hedged: bool,
    was_plain: bool,
    was_disputed: bool,
    /// Numbers that were told, as they are known and as they were written.
    numbers: Vec<(BTreeSet<u32>, String)>,
}

/// What a statement counts: not its days and years.
fn numbers(said: &Said) -> Vec<(u32, String)> {
    let words =
        said.text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/'));
    let known = words.filter_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let key = hash(&number(word)?);
        said.numbers.contains(&key).then(|| (key, word.to_owned()))
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::Member;

    fn member(name: &str, text: &str, is_hedged: bool) -> Member {
        let words = text.split(' ').filter_map(number);
        let said = Said {
            start: 0,
            end: text.len(),
            text: text.to_owned(),
            claim: None,
            sentence: 0,
            is_headline: false,
            is_quoted: false,
            stance: SupportStance::Asserts,
            is_hedged,
            numbers: words.map(|word| hash(&word)).collect(),
            chain: Vec::new(),
        };
        Member {
            reference: name.to_owned(),
            id: name.to_owned(),
            outlet: None,
            published: None,
            published_time: None,
            title: None,
            wire: None,
            statements: vec![said],
        }
    }

    /// The kinds of changes, and what they lead to; `copies` are of the first article.
    fn told(members: &[Member], copies: &[usize]) -> Vec<(ChangeKind, String)> {
        let places: Vec<Place<'_>> = members
            .iter()
            .enumerate()
            .map(|(article, member)| Place {
                article,
                member,
                said: &member.statements[0],
                original: if copies.contains(&article) { 0 } else { article },
                echo: None,
                is_sure: true,
            })
            .collect();
        let changes = changes(&places).into_iter();
        changes.map(|change| (change.kind, change.to.unwrap_or_default())).collect()
    }

    fn kinds(members: &[Member], copies: &[usize]) -> Vec<ChangeKind> {
        told(members, copies).into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn a_hedge_that_is_dropped_is_told_once() {
        let told = kinds(
            &[
                member("bell", "the bridge may have been sawn through", true),
                member("globe", "the bridge was sawn through", false),
                member("post", "the bridge may have been sawn through", true),
                member("star", "somebody had sawn through the bridge", false),
            ],
            &[],
        );
        assert_eq!(told, [ChangeKind::First, ChangeKind::HedgeLost]);
    }

    #[test]
    fn a_hedge_that_is_added_is_told() {
        let told = kinds(
            &[
                member("bell", "the bridge was sawn through", false),
                member("globe", "the bridge may have been sawn through", true),
            ],
            &[],
        );
        assert_eq!(told, [ChangeKind::First, ChangeKind::HedgeGained]);
    }

    #[test]
    fn numbers_that_move_are_told_in_figures_or_words() {
        let told = told(
            &[
                member("bell", "two men are missing", false),
                member("globe", "2 men are missing", false),
                member("post", "seven men are missing", false),
                member("star", "of 9 crew seven men are missing", false),
                member("sun", "two men are missing", false),
            ],
            &[],
        );
        let first = (ChangeKind::First, "two men are missing".to_owned());
        assert_eq!(told, [first, (ChangeKind::Numbers, "seven".to_owned())]);
    }

    #[test]
    fn copies_and_later_denials_are_told_apart() {
        let mut denied = member("post", "the bridge was not sawn through", false);
        denied.statements[0].stance = SupportStance::Denies;
        let told = kinds(
            &[
                member("bell", "the bridge was sawn through", false),
                member("globe", "the bridge may have been sawn through", true),
                denied,
            ],
            &[1],
        );
        assert_eq!(told, [ChangeKind::First, ChangeKind::Disputed]);
    }
}
