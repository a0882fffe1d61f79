//! Pages over many reports: claims, who is relied on, when things were told.

use std::collections::BTreeMap;

use according_corpus::correction::{Grade, Kind};
use according_corpus::format::{
    ArticleEntry, Change, ChangeKind, ClaimEntry, Range, Support, SupportStance,
};
use maud::{Markup, html};

use crate::beside::badge;
use crate::origin_graph::{draw, support_link};
use crate::review::{Desk, about, just_done};
use crate::shell::{Place, served};
use crate::text::{in_query, shown};
use crate::word::{self, count};

/// One claim, with the articles that make it and the claims that deny it.
pub fn claim_page(
    claim: &ClaimEntry,
    articles: &[ArticleEntry],
    denials: &[ClaimEntry],
    desk: &Desk,
) -> String {
    let known: BTreeMap<&str, &ArticleEntry> =
        articles.iter().map(|a| (a.reference.as_str(), a)).collect();
    let n_articles = known.len();
    let body = html! {
        main #main .wide {
            p.crumb { a href="/claims" { "Claims" } " › " (claim.id) }
            h1.quote { "“" (shown(&claim.statement)) "”" }
            (just_done(desk))
            section.summary aria-label="Where it comes from" {
                div.figures {
                    p.big {
                        strong { (range(claim.independent_origins)) }
                        (if claim.independent_origins.most == 1 { "independent origin" } else { "independent origins" })
                        span { "in " (count(n_articles, "article", "articles")) }
                    }
                    div {
                        p.lead { (shown(&claim.explanation)) }
                        @if let Some(unsettled) = &claim.unsettled { p.soft { (shown(unsettled)) } }
                    }
                }
                @if claim.disputed { p.flag { strong { "Disputed. " } (disputed(claim)) } }
                (about(&claim.corrected, &format!("/claims/{}", claim.id)))
                p.soft { "Is it read right? " a href={ "/review/" (claim.id) } { "Review it" } " with its documents beside it." }
            }
            section aria-labelledby="graph" {
                h2 #graph { "How it travelled" }
                (draw(claim, articles))
            }
            @if !denials.is_empty() {
                section aria-labelledby="denied" {
                    h2 #denied { "Who denies it" }
                    @for denial in denials {
                        div.denial {
                            p { a href={ "/claims/" (denial.id) } { (denial.id) } " “" (shown(&denial.statement)) "”" }
                            (places(denial.supports.iter(), &known))
                        }
                    }
                }
            }
            @if claim.changes.len() > 1 {
                section aria-labelledby="changes" {
                    h2 #changes { "How it changed" }
                    ol.changes { @for change in &claim.changes { (changed(change, &known)) } }
                }
            }
            section aria-labelledby="wording" {
                h2 #wording { "In every outlet’s words" }
                @for origin in &claim.origins {
                    h3.origin { span.id { (origin.id) } " " (shown(&origin.what)) }
                    (places(claim.supports.iter().filter(|s| s.origin == origin.id), &known))
                }
            }
            @if !claim.rejected.is_empty() { (rejected(claim, &known)) }
        }
    };
    served(
        &format!("{}: {}", claim.id, shown(&claim.statement)),
        Place::Claims,
        "",
        &body,
    )
}

/// "1", or "1 to 3" where the texts do not tell.
pub(crate) fn range(range: Range) -> String {
    match range.least == range.most {
        true => range.most.to_string(),
        false => format!("{}–{}", range.least, range.most),
    }
}

fn disputed(claim: &ClaimEntry) -> Markup {
    html! {
        @if claim.denials.is_empty() {
            "It is told with different numbers."
        } @else {
            "It is denied: "
            @for id in &claim.denials { a href={ "/claims/" (id) } { (id) } " " }
        }
    }
}

/// The places that make a statement. Copies say nothing that their originals do not, and
/// stand behind a click.
fn places<'c>(
    supports: impl Iterator<Item = &'c Support>,
    known: &BTreeMap<&str, &ArticleEntry>,
) -> Markup {
    let (copies, own): (Vec<&Support>, Vec<&Support>) =
        supports.partition(|support| is_copy(support, known));
    html! {
        ul.supports { @for support in &own { (told(support, known, None)) } }
        @if !copies.is_empty() {
            details {
                summary { (count(copies.len(), "place in a copy", "places in copies")) }
                ul.supports { @for support in &copies { (told(support, known, None)) } }
            }
        }
    }
}

/// Whether a place stands in a copy of another article that makes the same statement.
pub(crate) fn is_copy(support: &Support, known: &BTreeMap<&str, &ArticleEntry>) -> bool {
    let article = known.get(support.article.as_str());
    let original = article.and_then(|article| article.copy_of.as_deref());
    original.is_some_and(|original| known.contains_key(original))
}

/// Places that an analyst rejected.
fn rejected(claim: &ClaimEntry, known: &BTreeMap<&str, &ArticleEntry>) -> Markup {
    html! {
        section aria-labelledby="rejected" {
            h2 #rejected { "Rejected as misread, and not counted" }
            ul.supports {
                @for place in &claim.rejected {
                    @let outlet = known.get(place.article.as_str()).and_then(|a| a.outlet.as_deref());
                    li.struck {
                        p.where {
                            a href=(support_link(&place.article, place.claim.as_deref())) { (shown(outlet.unwrap_or(&place.article))) }
                        }
                        blockquote { (shown(&place.text)) }
                    }
                }
            }
        }
    }
}

/// One place that makes a statement; `around` is what a form has before and after it.
pub(crate) fn told(
    support: &Support,
    known: &BTreeMap<&str, &ArticleEntry>,
    around: Option<(&Markup, &Markup)>,
) -> Markup {
    let article = known.get(support.article.as_str()).copied();
    let outlet = article.and_then(|article| article.outlet.as_deref());
    let day = article.and_then(|article| article.published.as_deref());
    html! {
        li {
            p.where {
                @if let Some((before, _)) = around { (before) }
                a href=(support_link(&support.article, support.claim.as_deref())) {
                    (shown(outlet.unwrap_or(&support.article)))
                }
                @if let Some(grade) = support.reliability { " " (badge(grade)) }
                @if let Some(day) = day { " " time datetime=(shown(day)) { (shown(day)) } }
                @if !support.chain.is_empty() {
                    " · " span.hop { (chain(&support.chain)) }
                } @else { " · in its own voice" }
                @match support.stance {
                    SupportStance::Asserts => {},
                    SupportStance::Denies => { " · " strong.deny { "denies" } },
                    SupportStance::Doubts => { " · " strong.deny { "doubts" } },
                }
                @if support.hedged { " · hedged" }
                @if let Some(article) = article { (copied(article)) }
                @if !support.corrected.is_empty() {
                    " · corrected by hand ("
                    @for (n, number) in support.corrected.iter().enumerate() { @if n > 0 { ", " } (number) }
                    ")"
                }
                @if let Some((_, after)) = around { " · " (after) }
            }
            blockquote { (shown(&support.text)) }
        }
    }
}

fn copied(article: &ArticleEntry) -> Markup {
    html! {
        @if let Some(wire) = &article.wire { " · by " (shown(wire)) }
        @if let Some(original) = &article.copy_of {
            " · copies "
            a href=(support_link(original, None)) { (shown(original)) }
            @if let Some(overlap) = article.overlap { (format!(" ({:.0} %)", overlap * 100.0)) }
        }
    }
}

fn chain(names: &[String]) -> String {
    let names: Vec<String> =
        names.iter().map(|name| shown(word::name(Some(name)))).collect();
    names.join(" › ")
}

fn changed(change: &Change, known: &BTreeMap<&str, &ArticleEntry>) -> Markup {
    let outlet = known.get(change.article.as_str()).and_then(|a| a.outlet.as_deref());
    let from = change.from.as_deref().map(shown).unwrap_or_default();
    let to = change.to.as_deref().map(shown).unwrap_or_default();
    html! {
        li {
            time { (shown(change.published.as_deref().unwrap_or("undated"))) }
            " "
            a href=(support_link(&change.article, None)) { (shown(outlet.unwrap_or(&change.article))) }
            " "
            @match change.kind {
                ChangeKind::First => { "tells it first: " q { (to) } },
                ChangeKind::HedgeLost => { strong { "drops the hedge: " } q { (to) } },
                ChangeKind::HedgeGained => { strong { "adds a hedge: " } q { (to) } },
                ChangeKind::Numbers => { strong { "other numbers: " } (to) " instead of " (from) },
                ChangeKind::Disputed => { strong { "has it denied or doubted: " } q { (to) } },
            }
        }
    }
}

/// What claims have in common wherever they are listed.
pub(crate) fn card(claim: &ClaimEntry) -> Markup {
    let articles: std::collections::BTreeSet<&str> =
        claim.supports.iter().map(|support| support.article.as_str()).collect();
    html! {
        li.card {
            p.statement { a href={ "/claims/" (claim.id) } { (shown(&claim.statement)) } }
            p.soft {
                span.id { (claim.id) } " "
                strong { (range(claim.independent_origins)) " " (if claim.independent_origins.most == 1 { "origin" } else { "origins" }) }
                " in " (count(articles.len(), "article", "articles"))
                @if claim.disputed { " · " strong.deny { "disputed" } }
                @if !claim.corrected.is_empty() { " · " span.by-hand { (by_hand(claim)) } }
            }
            p.soft { (shown(&claim.explanation)) }
        }
    }
}

/// What analysts did to a claim, in two words.
fn by_hand(claim: &ClaimEntry) -> &'static str {
    let kind = |kind| claim.corrected.iter().any(|c| c.kind == kind);
    if !claim.rejected.is_empty() {
        "rejected in part"
    } else if kind(Kind::Merge) || kind(Kind::Split) {
        "set right by hand"
    } else if kind(Kind::Accept) {
        "found right"
    } else {
        "with a correction or note"
    }
}

/// Claims, those of most articles first, with the way to more.
pub fn claims_page(claims: &[ClaimEntry], next: Option<&str>) -> String {
    let body = html! {
        main #main .wide {
            h1 { "What several articles say" }
            @if claims.is_empty() {
                p.soft { "Nothing recurs so far. " a href="/add" { "Add articles" } " on the same events." }
            }
            ul.cards { @for claim in claims { (card(claim)) } }
            @if let Some(next) = next {
                p { a.button href={ "/claims?after=" (next) } { "More claims" } }
            }
        }
    };
    served("Claims", Place::Claims, "", &body)
}

/// Somebody who is relied on.
#[derive(Clone, Debug)]
pub struct Source {
    /// As reports call them.
    pub name: String,
    /// What they are, in the words of reports.
    pub kind: String,
    /// Whether they have a proper name.
    pub named: bool,
    /// In how many articles.
    pub articles: u32,
    /// For how many claims.
    pub claims: u32,
    /// Other names that an analyst told to be theirs, and by which correction.
    pub also: Vec<(String, u32)>,
    /// How reliable an analyst calls them, where they are an outlet.
    pub reliability: Option<Grade>,
}

/// Who is relied on, those in most articles first; `name` is what was looked for.
pub fn sources_page(sources: &[Source], name: &str, desk: &Desk) -> String {
    let most = sources.iter().map(|source| source.claims).max().unwrap_or(1).max(1);
    let body = html! {
        main #main .wide {
            h1 { "Who is relied on" }
            (just_done(desk))
            form.line role="search" action="/sources" {
                label { "Name holds " input type="search" name="name" value=(name); }
                button { "Look" }
            }
            @if sources.is_empty() { p.soft { "Nobody found." } }
            @else {
                table {
                    thead { tr { th scope="col" { "Source" } th scope="col" { "What" } th.num scope="col" { "Articles" } th.num scope="col" { "Claims" } } }
                    tbody {
                        @for source in sources {
                            tr {
                                th scope="row" {
                                    a.anon[!source.named] href={ "/actors?name=" (in_query(&source.name)) } {
                                        (shown(word::name(Some(&source.name))))
                                    }
                                    @if let Some(grade) = source.reliability { " " (badge(grade)) }
                                    @for (name, number) in &source.also {
                                        p.soft { "also " (shown(name)) ", by " a href={ "/review/corrections#correction-" (number) } { "correction " (number) } }
                                    }
                                }
                                td { (shown(&source.kind)) @if !source.named { ", unnamed" } }
                                td.num { (source.articles) }
                                td.num {
                                    (source.claims) " "
                                    svg.meter viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
                                        rect width=(100 * source.claims / most) height="8" {}
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    served("Sources", Place::Sources, "", &body)
}

/// Claims by the day they were first told.
pub fn timeline_page(
    days: &[(Option<String>, ClaimEntry)],
    from: &str,
    to: &str,
) -> String {
    let body = html! {
        main #main .wide {
            h1 { "When it was first told" }
            form.line action="/timeline" {
                label { "From " input type="date" name="from" value=(from); }
                label { "to " input type="date" name="to" value=(to); }
                button { "Show" }
            }
            @if days.is_empty() { p.soft { "Nothing that several articles say was first told then." } }
            ol.days {
                @for day in days.chunk_by(|a, b| a.0 == b.0) {
                    li {
                        h2 { (shown(day.first().and_then(|(day, _)| day.as_deref()).unwrap_or("Undated"))) }
                        ul.cards { @for (_, claim) in day {
                            (card(claim))
                            @for change in claim.changes.iter().skip(1) {
                                li.change { ol.changes { (changed(change, &BTreeMap::new())) } }
                            }
                        } }
                    }
                }
            }
        }
    };
    served("Timeline", Place::Timeline, "", &body)
}
