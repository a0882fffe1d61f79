//! The summary of whom a story rests on, as figures that can be read as text.

use according::report::{Claim, Report, SpeakerKind};
use maud::{Markup, html};

use crate::text::shown;
use crate::word::{self, count};

/// What claims rest on, in the order of the bar.
const KINDS: [(&str, &str, &str); 7] = [
    ("named", "named person", "named people"),
    ("unnamed", "unnamed person", "unnamed people"),
    ("body", "organisation", "organisations"),
    ("media", "outlet alone", "outlets alone"),
    ("paper", "document", "documents"),
    ("nobody", "nobody in particular", "nobody in particular"),
    ("own", "the reporter, with a hedge", "the reporter, with a hedge"),
];

fn kind(claim: &Claim) -> usize {
    let speaker = &claim.speaker;
    match (speaker.kind, speaker.named) {
        (SpeakerKind::Reporter, _) => 6,
        (SpeakerKind::People, false)
            if word::kind(speaker.kind, false, speaker.name.as_deref()) == "hearsay" =>
        {
            5
        }
        (SpeakerKind::Person | SpeakerKind::People, true) => 0,
        (SpeakerKind::Person | SpeakerKind::People, false) => 1,
        (SpeakerKind::Organisation, _) => 2,
        (SpeakerKind::Media, _) => 3,
        (SpeakerKind::Document, _) => 4,
    }
}

/// How many claims rest on whom: a bar, and the same in words below it.
pub(crate) fn bar(report: &Report) -> Markup {
    let mut counts = [0_usize; KINDS.len()];
    for claim in report.claims.iter().filter(|claim| word::is_counted(claim)) {
        if let Some(n) = counts.get_mut(kind(claim)) {
            *n += 1;
        }
    }
    let total: usize = counts.iter().sum();
    if total == 0 {
        return html! {};
    }
    let scale = 600.0 / total as f64;
    let mut before = 0.0;
    let mut parts = Vec::new();
    for ((class, ..), n) in KINDS.iter().zip(counts).filter(|(_, n)| *n > 0) {
        let width = n as f64 * scale;
        parts.push((*class, n, before, width));
        before += width;
    }
    html! {
        figure.bar {
            svg viewBox="0 0 600 34" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                (patterns())
                @for (class, _, x, width) in &parts {
                    rect class=(class) x=(format!("{x:.2}")) y="0"
                        width=(format!("{:.2}", (width - 2.0).max(1.0))) height="34" {}
                }
            }
            figcaption {
                ul.key {
                    @for ((class, one, many), n) in KINDS.iter().zip(counts).filter(|(_, n)| *n > 0) {
                        li {
                            svg.swatch viewBox="0 0 14 14" aria-hidden="true" focusable="false" {
                                rect class=(class) width="14" height="14" {}
                            }
                            strong { (n) } " by " (if n == 1 { one } else { many })
                        }
                    }
                }
            }
        }
    }
}

/// Hatching tells the kinds apart where colours do not.
fn patterns() -> Markup {
    html! {
        defs {
            pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                rect.p1 width="7" height="7" {}
                rect.p2 width="3" height="7" {}
            }
            pattern id="dots" width="7" height="7" patternUnits="userSpaceOnUse" {
                rect.p3 width="7" height="7" {}
                circle.p4 cx="3.5" cy="3.5" r="1.4" {}
            }
        }
    }
}

/// So many ways are shown at once.
const SHOWN: usize = 6;

/// The ways on which claims came, most used first, each with links to its claims.
pub(crate) fn ways(report: &Report) -> Markup {
    let mut origins: Vec<_> = report.sourcing.origins.iter().collect();
    origins.sort_by_key(|origin| std::cmp::Reverse(origin.claims.len()));
    let way = |origin: &according::report::Origin| {
        html! {
            li {
                span.way {
                    @for (n, name) in origin.chain.iter().enumerate() {
                        @if n > 0 { span.to { " › " } }
                        span.hop { (shown(word::name(Some(name)))) }
                    }
                }
                " "
                span.refs {
                    @for id in &origin.claims {
                        a href={ "#" (id) } { (id) } " "
                    }
                }
            }
        }
    };
    let (first, rest) = origins.split_at(origins.len().min(SHOWN));
    html! {
        @if !first.is_empty() {
            ul.ways { @for origin in first { (way(origin)) } }
        }
        @if !rest.is_empty() {
            details {
                summary { (count(rest.len(), "more source", "more sources")) }
                ul.ways { @for origin in rest { (way(origin)) } }
            }
        }
    }
}
