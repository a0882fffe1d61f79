//! What stands beside the claims of an article: who else tells them, and what analysts say.

use std::collections::BTreeMap;

use according_corpus::correction::{Grade, Kind};
use according_corpus::format::Corrected;
use maud::{Markup, html};

use crate::origin_graph::support_link;
use crate::text::shown;

/// What stands for a place in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick(pub String);

/// What stands beside an article.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What the article is called.
    pub reference: String,
    /// How reliable an analyst calls its outlet.
    pub reliability: Option<Grade>,
    /// Notes on it as a whole.
    pub notes: Vec<Corrected>,
    /// What stands beside each claim of its report, by its id.
    pub claims: BTreeMap<String, Standing>,
}

/// What stands beside a claim.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The places it is made of.
    pub picks: Vec<Pick>,
    /// The claims of the corpus it is part of, such as `K7`.
    pub shared: Vec<String>,
    /// Whether an analyst rejected it.
    pub rejected: bool,
    /// Corrections that are about it, by number.
    pub corrected: Vec<Corrected>,
}

impl Beside {
    pub(crate) fn is_rejected(&self, claim: &str) -> bool {
        self.claims.get(claim).is_some_and(|standing| standing.rejected)
    }

    /// What analysts say of a claim, in a line.
    pub(crate) fn in_a_line(&self, claim: &str) -> Option<&'static str> {
        let standing = self.claims.get(claim)?;
        let kind = |kind| standing.corrected.iter().any(|c| c.kind == kind);
        match standing.rejected {
            true => Some("rejected: misread"),
            false if kind(Kind::Accept) => Some("found right"),
            false if kind(Kind::Merge) || kind(Kind::Split) => Some("set right by hand"),
            false if kind(Kind::Note) => Some("with a note"),
            false => None,
        }
    }

    /// The way from a claim to its origins, what analysts say of it, and the forms by which
    /// more is said.
    pub(crate) fn of_claim(&self, claim: &str) -> Markup {
        let Some(standing) = self.claims.get(claim) else { return html! {} };
        let back = support_link(&self.reference, Some(claim));
        html! {
            @if !standing.shared.is_empty() {
                p.elsewhere {
                    "Others tell it too: "
                    @for id in &standing.shared {
                        a href={ "/claims/" (id) } { "origins of " (id) } " "
                        a href={ "/review/" (id) } { "review" } " "
                    }
                }
            }
            @if !standing.corrected.is_empty() {
                ul.by-hand { @for one in &standing.corrected { li { (shown(&one.in_words())) } } }
            }
            form.judge method="post" action="/review" {
                input type="hidden" name="back" value=(back);
                @for pick in &standing.picks { input type="hidden" name="place" value=(pick.0); }
                p.buttons {
                    @if standing.rejected {
                        button.second name="do" value="accept" { "Right after all" }
                    } @else {
                        button.second name="do" value="accept" { "Read right" }
                        button.second name="do" value="reject" { "Misread" }
                    }
                }
                details {
                    summary { "Note" }
                    input type="text" name="text" maxlength="4000" aria-label={ "Note on " (claim) };
                    " " button.second name="do" value="note" { "Keep" }
                }
            }
        }
    }

    /// What analysts say of the article as a whole.
    pub(crate) fn of_article(&self, outlet: Option<&str>) -> Markup {
        html! {
            @if let (Some(grade), Some(outlet)) = (self.reliability, outlet) {
                p.soft { (shown(outlet)) ": " (badge(grade)) " " (grade.meaning()) ", says the analyst" }
            }
            @if !self.notes.is_empty() {
                ul.by-hand { @for one in &self.notes { li { (shown(&one.in_words())) } } }
            }
        }
    }
}

/// A grade, small beside the name of an outlet.
pub(crate) fn badge(grade: Grade) -> Markup {
    html! {
        abbr.grade title={ "Reliability " (format!("{grade:?}")) ": " (grade.meaning()) ", by an analyst" } {
            (format!("{grade:?}"))
        }
    }
}
