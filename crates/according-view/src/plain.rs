//! The plainer pages: looking for articles, logging in, and messages.

use maud::{Markup, html};

use crate::corpus::card;
use crate::origin_graph::support_link;
use crate::shell::{Place, served};
use crate::text::{in_query, shown};
use crate::word::count;

/// What was asked for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Words.
    pub words: String,
    /// Part of the name of a source.
    pub source: String,
    /// Part of the name of an outlet.
    pub outlet: String,
    /// On this day or later.
    pub from: String,
    /// On this day or earlier.
    pub to: String,
    /// Least number of origins.
    pub min_origins: String,
}

impl Asked {
    fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_empty())
    }

    fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("q", &self.words),
            ("source", &self.source),
            ("outlet", &self.outlet),
            ("from", &self.from),
            ("to", &self.to),
            ("min_origins", &self.min_origins),
        ]
    }

    /// The same question with another value for a field.
    fn with(&self, name: &str, value: &str) -> String {
        let fields = self.fields();
        let fields =
            fields.iter().map(|(n, v)| (*n, if *n == name { value } else { *v }));
        let parts = fields
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", in_query(value)));
        format!("/?{}", parts.collect::<Vec<_>>().join("&"))
    }
}

/// An article that was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What it is called.
    pub reference: String,
    /// Title, given or found.
    pub title: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// Numbers of the claims it shares with others.
    pub claims: Vec<String>,
}

/// A value of a field, and how many of what was found have it.
#[derive(Clone, Debug)]
pub struct Facet {
    /// The field: `outlet`, `source`.
    pub field: &'static str,
    /// The value.
    pub value: String,
    /// How many articles.
    pub count: usize,
}

/// Articles that are looked for; without a question the latest, and what most of them say.
pub fn search_page(
    asked: &Asked,
    found: &[Found],
    facets: &[Facet],
    total: u64,
    claims: &[according_corpus::format::ClaimEntry],
) -> String {
    let is_home = asked.is_empty();
    let facets_of = |field: &'static str, title: &'static str| {
        let own: Vec<&Facet> = facets.iter().filter(|f| f.field == field).collect();
        html! {
            @if own.len() > 1 {
                section aria-label=(title) {
                    h2 { (title) }
                    ul.facets { @for facet in own {
                        li { a href=(asked.with(field, &facet.value)) { (shown(&facet.value)) } " " span.soft { (facet.count) } }
                    } }
                }
            }
        }
    };
    let body = html! {
        main #main .wide {
            @if is_home {
                h1 { "Who says so?" }
                p.lead { (count(total as usize, "article", "articles")) " in this corpus. Look for words, for a source, for what has more than one origin." }
            } @else { h1 { "Search" } }
            form.search role="search" action="/" {
                label.wide-field { "Words, “phrases”" input type="search" name="q" value=(asked.words); }
                label { "Relies on" input type="text" name="source" value=(asked.source); }
                label { "Outlet" input type="text" name="outlet" value=(asked.outlet); }
                label { "From" input type="date" name="from" value=(asked.from); }
                label { "To" input type="date" name="to" value=(asked.to); }
                label { "Origins, at least" input type="number" min="0" max="99" name="min_origins" value=(asked.min_origins); }
                button { "Search" }
            }
            div.results {
                div {
                    @if !is_home { p.soft role="status" { (count(found.len(), "article", "articles")) " found" } }
                    @else if !found.is_empty() { h2 { "Latest additions" } }
                    ul.cards { @for hit in found { (article(hit)) } }
                    @if is_home && total == 0 {
                        p { a.button href="/add" { "Add the first article" } }
                    }
                }
                div {
                    @if !claims.is_empty() {
                        h2 { "Told by most" }
                        ul.cards { @for claim in claims { (card(claim)) } }
                        p { a href="/claims" { "All claims" } }
                    }
                    (facets_of("outlet", "By outlet"))
                    (facets_of("source", "By source"))
                }
            }
        }
    };
    let title = if is_home {
        "Search".to_owned()
    } else {
        format!("{} · Search", shown(&asked.words))
    };
    served(&title, Place::Search, "", &body)
}

fn article(hit: &Found) -> Markup {
    html! {
        li.card {
            p.statement {
                a href=(support_link(&hit.reference, None)) {
                    (shown(hit.title.as_deref().unwrap_or(&hit.reference)))
                }
            }
            p.soft {
                @if let Some(outlet) = &hit.outlet { (shown(outlet)) " · " }
                @if let Some(day) = &hit.published { (shown(day)) " · " }
                (shown(&hit.reference))
            }
            @if !hit.claims.is_empty() {
                p.refs { @for id in &hit.claims { a href={ "/claims/" (id) } { (id) } " " } }
            }
        }
    }
}

/// The form for the token of a server that others can reach.
pub fn login_page(is_wrong: bool) -> String {
    let body = html! {
        main #main .wide {
            h1 { "Token, please" }
            @if is_wrong { p.flag role="alert" { "That is not it." } }
            form.add method="post" action="/login" {
                label { "Token" input type="password" name="token" autocomplete="current-password" required; }
                p.buttons { button { "Go on" } }
            }
        }
    };
    served("Log in", Place::Elsewhere, "", &body)
}

/// Something that went wrong, told on a page.
pub fn message_page(title: &str, detail: &str) -> String {
    let body = html! {
        main #main .wide {
            h1 { (shown(title)) }
            p.lead { (shown(detail)) }
            p { a href="/" { "To the beginning" } }
        }
    };
    served(title, Place::Elsewhere, "", &body)
}
