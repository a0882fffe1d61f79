//! How a claim changes on its way from article to article.

use crate::format::{Change, ChangeKind, SupportStance};
use crate::origin::Place;

/// The changes of a claim whose `places` come earliest first.
pub(crate) fn changes(places: &[Place<'_>]) -> Vec<Change> {
    let mut found = Vec::new();
    let Some(first) = places.first() else { return found };
    let change =
        |place: &Place<'_>, kind, from: Option<String>, to: Option<String>| Change {
            article: place.member.reference.clone(),
            published: place.member.published.clone(),
            kind,
            from,
            to,
        };
    found.push(change(first, ChangeKind::First, None, Some(first.said.text.clone())));
    let mut is_hedged = first.said.is_hedged;
    let mut told = numbers(&first.said.text);
    // A copy changes nothing, and what was told with and without a hedge stays so.
    let mut was_plain = !is_hedged;
    let mut was_disputed = first.said.stance != SupportStance::Asserts;
    for place in places.iter().skip(1).filter(|p| p.original == p.article) {
        let text = &place.said.text;
        if is_hedged && !place.said.is_hedged && !was_plain {
            found.push(change(place, ChangeKind::HedgeLost, None, Some(text.clone())));
            was_plain = true;
        } else if !is_hedged && place.said.is_hedged {
            found.push(change(place, ChangeKind::HedgeGained, None, Some(text.clone())));
            was_plain = false;
        }
        is_hedged = place.said.is_hedged;
        let numbers = numbers(text);
        if !numbers.is_empty() && numbers != told {
            // Only where the same number of things is counted can one be another's.
            if numbers.len() == told.len() {
                let (from, to) = (told.join(", "), numbers.join(", "));
                found.push(change(place, ChangeKind::Numbers, Some(from), Some(to)));
            }
            told = numbers;
        }
        if place.said.stance != SupportStance::Asserts && !was_disputed {
            found.push(change(place, ChangeKind::Disputed, None, Some(text.clone())));
            was_disputed = true;
        }
    }
    found
}

/// The numbers in figures of a text, without the marks between thousands.
fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/'));
    let figures = words.filter_map(|word| {
        let figures: String =
            word.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        let figures = figures.trim_matches('.');
        (!figures.is_empty()).then(|| figures.to_owned())
    });
    figures.collect()
}
