//! Reviewing: what is to be looked at, and what analysts set right.

use std::collections::BTreeMap;

use according::Report;
use according_corpus::correction::{Act, Correction, Grade};
use according_corpus::format::{ArticleEntry, ClaimEntry, Corrected, Support};
use maud::{Markup, html};

use crate::beside::Pick;
use crate::corpus::{is_copy, range, told};
use crate::document::document;
use crate::origin_graph::support_link;
use crate::shell::{Place, served};
use crate::text::shown;
use crate::word::count;

/// What the pages of reviewing have in common.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Who corrections are by.
    pub by: String,
    /// A correction that was just made.
    pub done: Option<Correction>,
}

/// A correction and what became of it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The correction.
    pub correction: Correction,
    /// What undid it.
    pub undone_by: Option<u32>,
    /// How many of its places are found no more.
    pub lost: usize,
}

const ROOMS: [(&str, &str); 3] = [
    ("/review", "To look at"),
    ("/review/corrections", "Corrections made"),
    ("/review/outlets", "Outlets"),
];

/// A page of reviewing; `room` is its address, if it is one of the list.
fn page(title: &str, room: &str, desk: &Desk, body: &Markup) -> String {
    let body = html! {
        main #main .wide {
            ul.rooms {
                @for (path, name) in ROOMS {
                    li { a href=(path) aria-current=[(path == room).then_some("page")] { (name) } }
                }
                li.hand {
                    form.line method="post" action="/review/name" {
                        input type="hidden" name="back" value=(room);
                        label { "Corrections are by " input type="text" name="by" value=(desk.by) maxlength="80" required autocomplete="nickname"; }
                        button.second { "Set" }
                    }
                }
            }
            (just_done(desk))
            (body)
        }
    };
    served(title, Place::Review, "", &body)
}

/// What was just set right, with the way back.
pub(crate) fn just_done(desk: &Desk) -> Markup {
    html! {
        @if let Some(correction) = &desk.done {
            div.done role="status" {
                p { strong { "Correction " (correction.number) ". " } (shown(&correction.act.in_words())) }
                (undo(correction.number, "Take it back", "/review/corrections"))
            }
        }
    }
}

fn undo(number: u32, label: &str, back: &str) -> Markup {
    html! {
        form.small method="post" action="/review" {
            input type="hidden" name="of" value=(number);
            input type="hidden" name="back" value=(back);
            button.second name="do" value="undo" aria-label={ (label) ": correction " (number) } { (label) }
        }
    }
}

/// What nobody has looked at yet, what most rests on first.
pub fn queue_page(
    desk: &Desk,
    claims: &[ClaimEntry],
    looked_at: usize,
    next: Option<&str>,
) -> String {
    let body = html! {
        h1 { "To look at" }
        p.lead {
            "What several articles say, as the program read it, and nobody has checked so far. \
             What you set right stands beside what was read and never in its place."
        }
        @if looked_at > 0 { p.soft { (count(looked_at, "claim", "claims")) " here found right already." } }
        @if claims.is_empty() { p.soft { "Nothing is left to look at here." } }
        ul.cards {
            @for claim in claims {
                li.card {
                    p.statement { a href={ "/review/" (claim.id) } { (shown(&claim.statement)) } }
                    p.soft {
                        span.id { (claim.id) } " "
                        strong { (range(claim.independent_origins)) " " (if claim.independent_origins.most == 1 { "origin" } else { "origins" }) }
                        " from " (count(claim.supports.len(), "place", "places"))
                        @for why in doubts(claim) { " · " strong.deny { (why) } }
                    }
                }
            }
        }
        @if let Some(next) = next { p { a.button href={ "/review?after=" (next) } { "Further on" } } }
    };
    page("Review", "/review", desk, &body)
}

/// Why a claim wants a look more than others.
fn doubts(claim: &ClaimEntry) -> Vec<&'static str> {
    let is_sure = claim.independent_origins.least == claim.independent_origins.most;
    let reasons = [
        (claim.disputed, "disputed"),
        (!is_sure, "count not sure"),
        (!claim.rejected.is_empty(), "rejected in part"),
        (!claim.corrected.is_empty(), "corrected"),
    ];
    reasons.into_iter().filter(|(is, _)| *is).map(|(_, why)| why).collect()
}

/// Every correction, the latest first.
pub fn corrections_page(desk: &Desk, made: &[Made]) -> String {
    let body = html! {
        h1 { "Corrections made" }
        @if made.is_empty() {
            p.soft { "None so far. " a href="/review" { "See what is to look at" } "." }
        } @else {
            table {
                thead { tr { th.num scope="col" { "No." } th scope="col" { "What" } th scope="col" { "By" } th scope="col" { "When" } th scope="col" { "State" } } }
                tbody {
                    @for Made { correction, undone_by, lost } in made {
                        tr.undone[undone_by.is_some()] id={ "correction-" (correction.number) } {
                            th.num scope="row" { (correction.number) }
                            td { (shown(&correction.act.in_words())) }
                            td { (shown(&correction.by)) }
                            td { time datetime=(correction.at) { (moment(&correction.at)) } }
                            td {
                                @match undone_by {
                                    Some(by) => { "undone by " a href={ "#correction-" (by) } { (by) } },
                                    None => {
                                        @let label = if matches!(correction.act, Act::Undo { .. }) { "Bring it back" } else { "Take it back" };
                                        (undo(correction.number, label, "/review/corrections"))
                                    },
                                }
                                @if *lost > 0 {
                                    p.soft.deny {
                                        "Its words are found no more in " (count(*lost, "place", "places"))
                                        ": they count there as they are read."
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page("Corrections", "/review/corrections", desk, &body)
}

/// "2024-03-09 10:15".
fn moment(at: &str) -> String {
    shown(&at.get(..16).unwrap_or(at).replace('T', " "))
}

/// Outlets and how reliable analysts call them.
pub fn outlets_page(desk: &Desk, outlets: &[(String, u64, Option<Grade>)]) -> String {
    let body = html! {
        h1 { "How reliable are the outlets?" }
        p.lead {
            "By the Admiralty Code, A to F. The grades are yours: the program never gives any, \
             and no count rests on them."
        }
        dl.grades { @for grade in Grade::ALL { div { dt { (format!("{grade:?}")) } dd { (grade.meaning()) } } } }
        @if outlets.is_empty() { p.soft { "No article names its outlet." } }
        @else {
            table {
                thead { tr { th scope="col" { "Outlet" } th.num scope="col" { "Articles" } th scope="col" { "Grade" } } }
                tbody {
                    @for (outlet, n, grade) in outlets {
                        tr {
                            th scope="row" { a href={ "/?outlet=" (crate::text::in_query(outlet)) } { (shown(outlet)) } }
                            td.num { (n) }
                            td { (grade_form(outlet, *grade, "/review/outlets")) }
                        }
                    }
                }
            }
        }
    };
    page("Outlets", "/review/outlets", desk, &body)
}

/// The form by which the grade of an outlet is set.
fn grade_form(outlet: &str, grade: Option<Grade>, back: &str) -> Markup {
    html! {
        form.small method="post" action="/review" {
            input type="hidden" name="outlet" value=(outlet);
            input type="hidden" name="back" value=(back);
            select name="grade" aria-label={ "Grade of " (shown(outlet)) } required {
                @if grade.is_none() { option value="" selected { "not graded" } }
                @for one in Grade::ALL {
                    option value=(format!("{one:?}")) selected[grade == Some(one)] { (format!("{one:?}")) " " (one.meaning()) }
                }
            }
            button.second name="do" value="reliability" { "Set" }
        }
    }
}

/// A claim with all who make it, to be set right, and the document beside it.
#[derive(Debug)]
pub struct Case<'c> {
    /// The claim.
    pub claim: &'c ClaimEntry,
    /// The articles that make it.
    pub articles: &'c [ArticleEntry],
    /// What stands for each place in a form, by article, first and last code point.
    pub picks: &'c BTreeMap<(String, usize, usize), Pick>,
    /// Claims that may say the same, and what stands for each.
    pub neighbours: &'c [(ClaimEntry, Pick)],
    /// Which of the places the document beside is of.
    pub shown: usize,
    /// The document, if it is there.
    pub report: Option<&'c Report>,
}

/// One claim on the desk.
pub fn case_page(desk: &Desk, case: &Case<'_>) -> String {
    let claim = case.claim;
    let known: BTreeMap<&str, &ArticleEntry> =
        case.articles.iter().map(|a| (a.reference.as_str(), a)).collect();
    let here = format!("/review/{}", claim.id);
    let supports = claim.supports.iter().enumerate();
    let (copies, own): (Vec<_>, Vec<_>) =
        supports.partition(|(_, support)| is_copy(support, &known));
    let body = html! {
        h1.quote { "“" (shown(&claim.statement)) "”" }
        p.soft {
            span.id { (claim.id) } " "
            strong { (range(claim.independent_origins)) " " (if claim.independent_origins.most == 1 { "independent origin" } else { "independent origins" }) }
            " in " (count(known.len(), "article", "articles")) ". "
            a href={ "/claims/" (claim.id) } { "See its origins" }
        }
        (about(&claim.corrected, &here))
        div.desk {
            div {
                form.judge method="post" action="/review" {
                    (all_of(case))
                    h2 { "Who makes it" }
                    ol.supports.picks {
                        @for &(n, support) in &own { (row(case, n, support, &known, &here)) }
                    }
                    @if !copies.is_empty() {
                        details open[copies.iter().any(|(n, _)| *n == case.shown)] {
                            summary { (count(copies.len(), "place in a copy", "places in copies")) }
                            ol.supports.picks {
                                @for &(n, support) in &copies { (row(case, n, support, &known, &here)) }
                            }
                        }
                    }
                    @if !claim.rejected.is_empty() {
                        h2 { "Rejected" }
                        ul.supports.picks {
                            @for (n, rejected) in claim.rejected.iter().enumerate() {
                                @let n = claim.supports.len() + n;
                                li.struck {
                                    label.pick {
                                        (check(case, (&rejected.article, rejected.start, rejected.end), &rejected.text))
                                        span.where { (shown(&rejected.article)) }
                                    }
                                    " " (reading(&here, n, case.shown))
                                    blockquote { (shown(&rejected.text)) }
                                }
                            }
                        }
                    }
                    div.verdict {
                        button name="do" value="accept-all" { "All of it is right" }
                        fieldset {
                            legend { "What is ticked" }
                            button.second name="do" value="accept" { "is right" }
                            button.second name="do" value="reject" { "was misread" }
                            button.second name="do" value="split" { "says something else" }
                        }
                    }
                }
                details.more-forms {
                    summary { "It says the same as another claim …" }
                    form.judge method="post" action="/review" {
                        (all_of(case))
                        fieldset {
                            legend { "Told in the same articles" }
                            @for (other, pick) in case.neighbours {
                                label.pick {
                                    input type="radio" name="with" value=(pick.0);
                                    span { span.id { (other.id) } " " (shown(&other.statement)) }
                                }
                            }
                            label { "or the claim with the number " input.short type="text" name="number" pattern="[Kk][0-9]+" placeholder="K7"; }
                        }
                        p.buttons { button.second name="do" value="merge" { "Make them one" } }
                    }
                }
                details.more-forms {
                    summary { "A note …" }
                    form.judge method="post" action="/review" {
                        (all_of(case))
                        label.wide-field { "Something worth knowing; it changes no count" textarea name="text" rows="3" maxlength="4000" required {} }
                        p.buttons { button.second name="do" value="note" { "Keep the note" } }
                    }
                }
            }
            (beside(case, &known))
        }
    };
    page(&format!("{}: {}", claim.id, shown(&claim.statement)), &here, desk, &body)
}

/// What stands for a claim as a whole in a form: its number, and its first place, by which it
/// is found again when numbers have changed.
fn all_of(case: &Case<'_>) -> Markup {
    let claim = case.claim;
    let support = claim.supports.first().map(|s| (s.article.clone(), s.start, s.end));
    let rejected = claim.rejected.first().map(|r| (r.article.clone(), r.start, r.end));
    let pick = support.or(rejected).and_then(|first| case.picks.get(&first));
    html! {
        input type="hidden" name="claim" value=(claim.id);
        @if let Some(pick) = pick { input type="hidden" name="first" value=(pick.0); }
    }
}

fn check(
    case: &Case<'_>,
    (article, start, end): (&str, usize, usize),
    text: &str,
) -> Markup {
    let pick = case.picks.get(&(article.to_owned(), start, end));
    let label = format!("{article}: {text}");
    html! {
        @if let Some(pick) = pick {
            input type="checkbox" name="place" value=(pick.0) aria-label=(shown(&label));
            " "
        }
    }
}

fn row(
    case: &Case<'_>,
    n: usize,
    support: &Support,
    known: &BTreeMap<&str, &ArticleEntry>,
    here: &str,
) -> Markup {
    let place = (support.article.as_str(), support.start, support.end);
    let tick = check(case, place, &support.text);
    let more = reading(here, n, case.shown);
    told(support, known, Some((&tick, &more)))
}

/// The way to the document beside.
fn reading(here: &str, n: usize, is_shown: usize) -> Markup {
    html! {
        a.read href={ (here) "?doc=" (n + 1) "#here" } aria-current=[(n == is_shown).then_some("true")] {
            (if n == is_shown { "shown beside" } else { "read it beside" })
        }
    }
}

fn beside(case: &Case<'_>, known: &BTreeMap<&str, &ArticleEntry>) -> Markup {
    let claim = case.claim;
    let n = case.shown;
    let of_support =
        claim.supports.get(n).map(|s| (&s.article, s.claim.as_deref(), [s.start, s.end]));
    let rejected = claim.rejected.get(n.saturating_sub(claim.supports.len()));
    let of_rejected =
        rejected.map(|r| (&r.article, r.claim.as_deref(), [r.start, r.end]));
    let Some((article, claim, span)) = of_support.or(of_rejected) else {
        return html! {};
    };
    let entry = known.get(article.as_str());
    let outlet = entry.and_then(|entry| entry.outlet.as_deref()).unwrap_or(article);
    html! {
        aside.beside tabindex="0" aria-label={ "The document: " (shown(outlet)) } {
            p.where {
                strong { (shown(outlet)) }
                @if let Some(day) = entry.and_then(|entry| entry.published.as_deref()) { " " time { (shown(day)) } }
                " · " a href=(support_link(article, claim)) { "with all its claims" }
            }
            @match case.report {
                Some(report) => (document(report, span)),
                None => p.soft { "The document is not there any more." },
            }
        }
    }
}

/// Corrections that something rests on.
pub(crate) fn about(corrected: &[Corrected], back: &str) -> Markup {
    html! {
        @if !corrected.is_empty() {
            ul.by-hand aria-label="Corrections" {
                @for one in corrected {
                    li { span { (shown(&one.in_words())) } " " (undo(one.number, "Take it back", back)) }
                }
            }
        }
    }
}
