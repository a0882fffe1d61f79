//! What is said of a claim beside the words it stands in.

use std::collections::HashMap;

use according::report::{Claim, Entity, Place, Report, Time};
use maud::{Markup, html};

use crate::beside::Beside;
use crate::text::{shown, slice};
use crate::word;

/// A report with what is looked up in it.
pub(crate) struct View<'r> {
    pub(crate) report: &'r Report,
    pub(crate) text: Vec<char>,
    /// What is known of it besides, where it is kept.
    pub(crate) beside: Option<&'r Beside>,
    places: HashMap<&'r str, &'r Place>,
    times: HashMap<&'r str, &'r Time>,
    entities: HashMap<&'r str, &'r Entity>,
}

impl<'r> View<'r> {
    pub(crate) fn new(report: &'r Report, beside: Option<&'r Beside>) -> Self {
        Self {
            report,
            beside,
            text: report.article.text.chars().collect(),
            places: report.places.iter().map(|p| (p.id.as_str(), p)).collect(),
            times: report.times.iter().map(|t| (t.id.as_str(), t)).collect(),
            entities: report.entities.iter().map(|e| (e.id.as_str(), e)).collect(),
        }
    }

    pub(crate) fn words(&self, spans: &[[usize; 2]]) -> String {
        let words: Vec<String> =
            spans.iter().map(|&span| slice(&self.text, span)).collect();
        words.join(" … ")
    }

    pub(crate) fn place(&self, id: &str) -> Option<&'r Place> {
        self.places.get(id).copied()
    }

    pub(crate) fn time(&self, id: &str) -> Option<&'r Time> {
        self.times.get(id).copied()
    }
}

/// The note on a claim: who says so in a line, and the whole of it for whoever asks.
pub(crate) fn note(view: &View<'_>, claim: &Claim) -> Markup {
    let steps = word::steps(claim);
    let notable = word::notable(claim);
    let is_rejected = view.beside.is_some_and(|beside| beside.is_rejected(&claim.id));
    let of = format!("Claim {}: {}", claim.id, shown(&word::by_whom(claim)));
    html! {
        li.note.struck[is_rejected] id=(claim.id) {
            p.who {
                a.id href={ "#at-" (claim.id) } aria-label={ (of) ", to its words" } { (claim.id) }
                " "
                @for (n, hop) in steps.iter().enumerate() {
                    @if n > 0 { span.to aria-hidden="true" { " › " } }
                    span.hop.anon[!hop.named] { (shown(word::name(hop.name.as_deref()))) }
                }
            }
            @if !notable.is_empty() || !claim.hedges.is_empty() {
                p.how {
                    (notable.join(" · "))
                    @if !claim.hedges.is_empty() {
                        @if !notable.is_empty() { " · " }
                        "hedged: “" (view.words(&claim.hedges)) "”"
                    }
                }
            }
            @if let Some(said) = view.beside.and_then(|beside| beside.in_a_line(&claim.id)) {
                p.by-hand { (said) }
            }
            div.more {
                a.close href="#story" { "Close" }
                (chain(view, claim))
                (facts(view, claim))
                @if let Some(beside) = view.beside { (beside.of_claim(&claim.id)) }
            }
        }
    }
}

/// The way a claim took, drawn from its origin to this report.
fn chain(view: &View<'_>, claim: &Claim) -> Markup {
    let reason = claim.speaker.reason_unnamed.as_deref();
    html! {
        ol.chain aria-label="How it reached this report" {
            @for (n, hop) in word::steps(claim).iter().enumerate() {
                li.anon[!hop.named] {
                    strong { (shown(word::name(hop.name.as_deref()))) }
                    " "
                    small {
                        (word::kind(hop.kind, hop.named, hop.name.as_deref()))
                        @if !hop.cue.is_empty() { ", “" (view.words(&hop.cue)) "”" }
                        @if n == 0 && let Some(reason) = reason {
                            ", unnamed because: " (shown(reason))
                        }
                    }
                }
            }
            li.end { (shown(view.report.article.outlet.as_deref().unwrap_or("This report"))) }
        }
    }
}

fn facts(view: &View<'_>, claim: &Claim) -> Markup {
    let factuality = factuality(claim);
    let mut times: Vec<String> = Vec::new();
    for time in claim.times.iter().filter_map(|id| view.time(id)) {
        let mut words = shown(&time.text);
        if time.resolved {
            words.push_str(&format!(" ({})", shown(time.when())));
        }
        times.push(words);
    }
    let places = claim.places.iter().filter_map(|id| view.place(id));
    let mut places: Vec<String> = places.map(place_name).collect();
    places.dedup();
    let entities = claim.entities.iter().filter_map(|id| view.entities.get(id.as_str()));
    let entities: Vec<String> = entities.map(|e| shown(&e.name)).collect();
    html! {
        dl.facts {
            dt { "Told" } dd { (word::mode(claim.mode)) }
            dt { "How surely" }
            dd { (word::certainty(claim.certainty)) " " abbr title=(factuality.1) { (factuality.0) } }
            @if let Some(stance) = word::stance(claim.stance) {
                dt { "Stance" } dd { (stance) }
            }
            @if !claim.hedges.is_empty() {
                dt { "Hedges" } dd { "“" (view.words(&claim.hedges)) "”" }
            }
            @if !times.is_empty() { dt { "When" } dd { (times.join(", ")) } }
            @if !places.is_empty() { dt { "Where" } dd { (places.join(", ")) } }
            @if !entities.is_empty() { dt { "About" } dd { (entities.join(", ")) } }
            @if let Some(parent) = &claim.parent {
                dt { "Inside" } dd { a href={ "#" (parent) } { (parent) } }
            }
            dt { "Read right" }
            dd { (format!("{:.0} %", claim.confidence * 100.0)) " likely" }
        }
    }
}

/// FactBank's sign, and what it means.
fn factuality(claim: &Claim) -> (&'static str, &'static str) {
    use according::report::Factuality as F;
    match claim.factuality {
        F::CertainPositive => ("CT+", "certain, affirmed"),
        F::CertainNegative => ("CT−", "certain, denied"),
        F::ProbablePositive => ("PR+", "probable, affirmed"),
        F::ProbableNegative => ("PR−", "probable, denied"),
        F::PossiblePositive => ("PS+", "possible, affirmed"),
        F::PossibleNegative => ("PS−", "possible, denied"),
        F::CertainUnknown => ("CTu", "known whether, not told"),
        F::Unknown => ("Uu", "unknown"),
    }
}

/// "Hyesan, Ryanggang, KP"; a place that nobody knows as it is written.
pub(crate) fn place_name(place: &Place) -> String {
    let Some(name) = &place.name else { return shown(&place.text) };
    let mut parts = vec![name.as_str()];
    parts.extend(place.admin1.as_deref().filter(|part| *part != name));
    if place.kind != according::report::PlaceKind::Country {
        parts.extend(place.country.as_deref());
    }
    shown(&parts.join(", "))
}
