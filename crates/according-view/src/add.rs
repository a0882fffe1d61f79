//! Adding articles, and how far that is.

use maud::{Markup, html};

use crate::origin_graph::support_link;
use crate::shell::{Head, Place, served, served_with};
use crate::text::shown;
use crate::word::count;

/// The form by which articles are added or read; `problem` is what was wrong with the last.
/// Whether the server fetches decides whether addresses are asked for.
pub fn add_page(fetches: bool, problem: Option<&str>) -> String {
    let body = html! {
        main #main .wide {
            h1 { "Add articles" }
            @if let Some(problem) = problem { p.flag role="alert" { strong { "Not added. " } (shown(problem)) } }
            form.add method="post" action="/add" enctype="multipart/form-data" {
                label.wide-field {
                    "Text of an article"
                    textarea name="text" rows="12" spellcheck="false"
                        placeholder="Paste it as you found it, headline first." {}
                }
                label.wide-field.drop {
                    "Or files: pages, texts, feeds, archives, mail, PDF; several at once, or dropped here"
                    input type="file" name="file" multiple;
                }
                @if fetches {
                    label.wide-field {
                        "Or addresses of pages and feeds, one a line"
                        textarea name="address" rows="2" spellcheck="false" inputmode="url" placeholder="https://" {}
                    }
                }
                label { "Outlet" input type="text" name="outlet"; }
                label { "Title, if the text lacks it" input type="text" name="title"; }
                label { "Published" input type="date" name="published"; }
                p.buttons {
                    button name="do" value="keep" { "Add to the corpus" }
                    button.second name="do" value="read" { "Only read it" }
                }
            }
            p.soft {
                "Everything is read on this machine and stays on it."
                @if fetches { " An address is fetched if its site lets programs do so and is a public one; nothing it refers to is." }
            }
        }
    };
    served("Add", Place::Add, "", &body)
}

/// What became of one text that was sent.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is called.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a text.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is in the corpus.
    Kept {
        /// Title, given or found.
        title: Option<String>,
        /// `new`, `changed` or `known`.
        added: &'static str,
        /// How many claims are in it.
        claims: usize,
        /// Worth telling.
        notes: Vec<String>,
    },
    /// It could not be read.
    Failed(String),
}

/// How far what was sent is read.
#[derive(Clone, Debug)]
pub struct Progress {
    /// `waiting`, `fetching`, `reading`, `done` or `failed`.
    pub doing: &'static str,
    /// Bytes that are read.
    pub bytes: u64,
    /// Of so many, as far as is known.
    pub total: u64,
    /// Why not all was read.
    pub problem: Option<String>,
}

/// So many texts are listed on the page of a job.
const LISTED: usize = 500;

/// What became of what was sent, text by text. While it is read the page asks again by
/// itself: the script does so in place, and without one the whole page is loaded anew.
pub fn job_page(progress: &Progress, items: &[Item]) -> String {
    let is_over = matches!(progress.doing, "done" | "failed");
    // What could not be read is what somebody must look at.
    let (failed, read): (Vec<&Item>, Vec<&Item>) =
        items.iter().partition(|item| matches!(item.outcome, Outcome::Failed(_)));
    let percent = 100 * progress.bytes / progress.total.max(1);
    let doing = match progress.doing {
        "fetching" => "Fetching …",
        "reading" => "Reading …",
        _ => "Waiting for its turn …",
    };
    let body = html! {
        main #main .wide data-live[!is_over] {
            div #progress role="status" {
                @if is_over {
                    h1 { (count(read.len(), "article", "articles")) " of " (items.len()) " read" }
                } @else {
                    h1 { (doing) }
                    progress max="100" value=[(progress.total > 0).then_some(percent)] aria-label="How far it is" {}
                    p.soft {
                        (count(read.len(), "article", "articles")) " read so far"
                        @if !failed.is_empty() { ", " (failed.len()) " that could not be" }
                        ". It goes on when you leave this page."
                    }
                }
                @if let Some(problem) = &progress.problem {
                    p.flag role="alert" { strong { "Not all was read. " } (shown(problem)) }
                }
            }
            div #items {
                @if is_over {
                    p.buttons {
                        a.button href="/add" { "Add more" }
                        a.button.quiet href="/claims" { "What several articles say" }
                    }
                }
                ul.cards { @for item in failed.iter().chain(&read).take(LISTED) { (entry(item)) } }
                @if items.len() > LISTED { p.soft { "and " (items.len() - LISTED) " more" } }
            }
        }
    };
    let title = if is_over { "Added" } else { "Adding" };
    served_with(title, Place::Add, Head { refresh: !is_over, ..Head::default() }, &body)
}

fn entry(item: &Item) -> Markup {
    html! {
        @match &item.outcome {
            Outcome::Kept { title, added, claims, notes } => li.card {
                p.statement { a href=(support_link(&item.name, None)) { (shown(title.as_deref().unwrap_or(&item.name))) } }
                p.soft {
                    strong { (match *added { "new" => "New", "changed" => "A new version", _ => "Known already" }) }
                    " · " (count(*claims, "claim", "claims")) " · " (shown(&item.name))
                }
                @for note in notes { p.soft { (shown(note)) } }
            },
            Outcome::Failed(error) => li.card.failed {
                p { strong { "Not read: " } (shown(&item.name)) }
                p.soft { (shown(error)) }
            },
        }
    }
}
