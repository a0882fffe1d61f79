//! What is claimed by and about somebody.

use according::report::Claim;
use according_corpus::format::Corrected;
use maud::{Markup, html};

use crate::beside::Standing;
use crate::origin_graph::support_link;
use crate::review::{Desk, about, just_done};
use crate::shell::{Place, served};
use crate::text::{in_query, shown};
use crate::word::{self, count};

/// A claim in an article.
#[derive(Clone, Debug)]
pub struct Said {
    /// What the article is called.
    pub article: String,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// The claim.
    pub claim: Claim,
    /// Its content, word for word.
    pub text: String,
    /// What analysts say of it, and whether they rejected it.
    pub beside: Standing,
}

/// All that is known of somebody.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// As it was asked for.
    pub name: String,
    /// Other names, in the order in which they were met.
    pub aliases: Vec<String>,
    /// What they claim.
    pub by: Vec<Said>,
    /// What others claim about them.
    pub about: Vec<Said>,
    /// How many articles were looked through.
    pub articles: usize,
    /// Whether there are more.
    pub is_cut: bool,
    /// Corrections by analysts of what they are called.
    pub corrected: Vec<Corrected>,
    /// Whether they have a proper name, so that an analyst may say whose else it is.
    pub named: bool,
}

/// The page on somebody: what they claim, and what others claim about them.
pub fn actor_page(dossier: &Dossier, desk: &Desk) -> String {
    let name = shown(word::name(Some(&dossier.name)));
    let by = || dossier.by.iter().filter(|said| !said.beside.rejected);
    let firm = by().filter(|said| said.claim.hedges.is_empty()).count();
    let here = format!("/actors?name={}", in_query(&dossier.name));
    let body = html! {
        main #main .wide {
            p.crumb { a href="/sources" { "Sources" } " › Dossier" }
            h1 { (name) }
            (just_done(desk))
            @if !dossier.aliases.is_empty() { p.soft { "also " (shown(&dossier.aliases.join(", "))) } }
            p.lead {
                (count(by().count(), "claim", "claims")) " by them, "
                (firm) " without a hedge; "
                (count(dossier.about.len(), "claim", "claims")) " about them by others, in "
                (count(dossier.articles, "article", "articles"))
                @if dossier.is_cut { ", the latest of more" }
                ". "
                a href={ "/?source=" (in_query(&dossier.name)) } { "Articles that rely on them" }
            }
            p.soft { "Who has the same name is told together here: names are all that is compared." }
            (about(&dossier.corrected, &here))
            @if dossier.named { (whose_name(dossier, &here)) }
            section aria-labelledby="by" { h2 #by { "What they claim" } (list(&dossier.by, false)) }
            section aria-labelledby="about" { h2 #about { "What others claim about them" } (list(&dossier.about, true)) }
        }
    };
    served(&name, Place::Sources, "", &body)
}

/// The forms by which an analyst says whose a name is.
fn whose_name(dossier: &Dossier, here: &str) -> Markup {
    let mut articles: Vec<(&str, &str)> = Vec::new();
    for said in &dossier.by {
        let outlet = said.outlet.as_deref().unwrap_or(&said.article);
        if !articles.iter().any(|(article, _)| *article == said.article) {
            articles.push((&said.article, outlet));
        }
    }
    html! {
        details.more-forms {
            summary { "Two names for one, or one name for two …" }
            form.judge method="post" action="/review" {
                input type="hidden" name="back" value=(here);
                input type="hidden" name="name" value=(dossier.name);
                label { "Is also called " input type="text" name="other" list="other-names" required; }
                datalist id="other-names" { @for name in &dossier.aliases { option value=(shown(name)) {} } }
                " " button.second name="do" value="merge-sources" { "They are one" }
            }
            @if !articles.is_empty() {
                form.judge method="post" action="/review" {
                    input type="hidden" name="back" value=(here);
                    input type="hidden" name="name" value=(dossier.name);
                    fieldset {
                        legend { "Is somebody else in" }
                        @for (article, outlet) in &articles {
                            label.pick { input type="checkbox" name="article" value=(article); " " span { (shown(outlet)) " " span.soft { (shown(article)) } } }
                        }
                    }
                    label { "who is to be called " input type="text" name="called" required; }
                    " " button.second name="do" value="split-source" { "They are two" }
                }
            }
        }
    }
}

fn list(said: &[Said], tell_who: bool) -> Markup {
    // The same words in several outlets are told once.
    let mut groups: Vec<Vec<&Said>> = Vec::new();
    for said in said {
        let is_same = |other: &&Said| {
            other.text == said.text
                && word::by_whom(&other.claim) == word::by_whom(&said.claim)
                && other.claim.certainty == said.claim.certainty
                && other.beside.rejected == said.beside.rejected
                && word::notable(&other.claim) == word::notable(&said.claim)
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(is_same)) {
            Some(group) => group.push(said),
            None => groups.push(vec![said]),
        }
    }
    html! {
        @if said.is_empty() { p.soft { "Nothing." } }
        ul.supports {
            @for group in &groups {
                @if let Some(first) = group.first() {
                    li.struck[first.beside.rejected] {
                        blockquote { (shown(&first.text)) }
                        p.where {
                            @if tell_who { span.hop { (shown(&word::by_whom(&first.claim))) } " · " }
                            (word::certainty(first.claim.certainty))
                            @for word in word::notable(&first.claim).iter().filter(|w| w.as_str() != word::certainty(first.claim.certainty)) {
                                " · " (word)
                            }
                            @for one in &first.beside.corrected { " · " span.by-hand { (shown(&one.in_words())) } }
                            @for (n, said) in group.iter().enumerate() {
                                @if n == 0 { " · in " } @else { ", " }
                                a href=(support_link(&said.article, Some(&said.claim.id))) {
                                    (shown(said.outlet.as_deref().unwrap_or(&said.article)))
                                }
                                @if let Some(day) = &said.published { " " time datetime=(shown(day)) { (shown(day)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
