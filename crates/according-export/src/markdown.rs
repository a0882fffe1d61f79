//! A brief for people: who stands behind the story, what they claim, and a footnote for each
//! claim with the place it stands in.
//!
//! Source reference citations, descriptors and a summary statement follow ICD 206. What the
//! directive asks for and a text does not tell (access, past reporting, bias, and any
//! classification) is left for an analyst to add, and said to be. Nothing of the article is
//! taken for markup.

use std::collections::BTreeMap;

use according::Report;
use according::report::{Claim, SpeakerKind};

use crate::recurring::Recurring;
use crate::view::{Actor, View, chain_in_words, one_line, spans, word};

pub(crate) fn brief(report: &Report) -> String {
    let view = View::new(report);
    let mut out = format!("# {}\n\n", escaped(view.title()));
    out += &format!("{}\n\n", citation(&view));
    out += "## Source summary statement\n\n";
    out += &format!("{}\n\n", escaped(&report.sourcing.explanation));
    if !report.claims.is_empty() {
        out += "## Claims\n\n";
        out += &claims(&view);
    }
    let descriptors = descriptors(&view);
    if !descriptors.is_empty() {
        out += "## Source descriptors\n\n";
        out += &descriptors;
        out += "\nNot told by the article, and for an analyst to add: access beyond what is \
            described, past reporting record, bias, classification.\n\n";
    }
    out += &footnotes(&view);
    out
}

/// What recurs in the articles of a corpus, and to how many origins that goes back.
pub(crate) fn recurring(claims: &[Recurring<'_>]) -> String {
    let mut out = "# What recurs\n\n".to_owned();
    for claim in claims {
        let entry = claim.entry;
        out += &format!("## {}: {}\n\n", entry.id, escaped(&entry.statement));
        out += &format!(
            "{} Independent origins: {}.\n\n",
            escaped(&entry.explanation),
            claim.count()
        );
        for placed in &claim.supports {
            let support = placed.support;
            let origin = claim.origin(&support.origin);
            let origin = origin.map(|o| format!("; origin: {}", escaped(&o.what)));
            out += &format!(
                "- {} {}, code points {}-{}, {}: “{}”{}\n",
                escaped(&support.article),
                word(&support.stance),
                support.start,
                support.end,
                escaped(&placed.chain()),
                escaped(&support.text),
                origin.unwrap_or_default()
            );
        }
        out.push('\n');
    }
    if claims.is_empty() {
        out += "Nothing that several articles say was found.\n";
    }
    out
}

/// Originator, date, title, where to find it, and what tells it from others.
fn citation(view: &View<'_>) -> String {
    let article = &view.report.article;
    let authors = (!article.byline.is_empty()).then(|| article.byline.join(", "));
    let parts = [
        Some(article.outlet.clone().unwrap_or_else(|| "Outlet not known".to_owned())),
        authors,
        Some(article.published.clone().unwrap_or_else(|| "date not known".to_owned())),
        Some(format!("“{}”", view.title())),
        article.url.clone(),
        article.via.as_ref().map(|via| format!("via {via}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(|p| escaped(&p)).collect();
    format!("Source reference: {}. Text `{}`.", parts.join("; "), article.id)
}

/// Claims under the chain they came along, in order of the first.
fn claims(view: &View<'_>) -> String {
    let mut chains: Vec<(String, Vec<&Claim>)> = Vec::new();
    for claim in &view.report.claims {
        let chain = chain_in_words(claim);
        match chains.iter_mut().find(|(known, _)| *known == chain) {
            Some((_, claims)) => claims.push(claim),
            None => chains.push((chain, vec![claim])),
        }
    }
    let mut out = String::new();
    for (chain, claims) in chains {
        out += &format!("### {}\n\n", escaped(&chain));
        for claim in claims {
            let words = escaped(&view.words(&claim.content));
            let mut how =
                vec![word(&claim.mode), word(&claim.stance), word(&claim.certainty)];
            if word(&claim.polarity) == "negative" {
                how.push("negated".to_owned());
            }
            let id = &claim.id;
            out += &format!("- “{words}” ({}) [^{id}]\n", how.join(", "));
        }
        out.push('\n');
    }
    out
}

/// One line for each source: what it is, how it is described, how often it is relied on.
fn descriptors(view: &View<'_>) -> String {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut sources: Vec<(Actor<'_>, usize, Option<&str>)> = Vec::new();
    for claim in &view.report.claims {
        let reason = claim.speaker.reason_unnamed.as_deref();
        for (i, actor) in view.chain(claim).into_iter().enumerate() {
            if actor.is_nobody() {
                continue;
            }
            let place = *known.entry(view.key(&actor)).or_insert(sources.len());
            match sources.get_mut(place) {
                Some(source) => source.1 += 1,
                None => sources.push((actor, 1, reason.filter(|_| i == 0))),
            }
        }
    }
    let mut out = String::new();
    for (actor, n, reason) in sources {
        let kind = match actor.kind {
            SpeakerKind::Person => "person",
            SpeakerKind::People => "people",
            SpeakerKind::Organisation => "organisation",
            SpeakerKind::Media => "news outlet",
            SpeakerKind::Document => "document",
            SpeakerKind::Reporter => "reporter",
        };
        let named = if actor.named { "named" } else { "not named" };
        let claims = if n == 1 { "one claim".to_owned() } else { format!("{n} claims") };
        let reason = reason.map(|reason| format!("; unnamed {}", escaped(reason)));
        out += &format!(
            "- **{}**: {kind}, {named}; relied on for {claims}{}\n",
            escaped(actor.name),
            reason.unwrap_or_default()
        );
    }
    out
}

fn footnotes(view: &View<'_>) -> String {
    let mut out = String::new();
    for claim in &view.report.claims {
        let cue = match claim.cue.is_empty() {
            true => String::new(),
            false => format!(", “{}”", escaped(&view.words(&claim.cue))),
        };
        let confidence = (claim.confidence * 100.0).round();
        out += &format!(
            "[^{}]: {}, code points {}{cue}; read with {confidence} % confidence.\n",
            claim.id,
            word(&claim.block),
            spans(&claim.content)
        );
    }
    out
}

/// Text of an article that is shown as it is written.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            c if needs_escape(c) => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Marks that mean something anywhere in a line. Those that do at its beginning only never
/// stand there: something of ours goes before.
fn needs_escape(c: char) -> bool {
    "\\`*_{}[]#|~^$!".contains(c)
}
