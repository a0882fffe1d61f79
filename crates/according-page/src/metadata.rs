//! What a page says about itself: JSON-LD, meta tags, microdata.

use according::Metadata;
use serde_json::Value;

use crate::dom::Dom;

/// What a page says about itself. What it does not say stays unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The title.
    pub title: Option<Found>,
    /// Names of the authors.
    pub authors: Vec<Found>,
    /// Who publishes it.
    pub outlet: Option<Found>,
    /// When it was published, as written, with its time zone.
    pub published: Option<Found>,
    /// When it was last changed, as written.
    pub modified: Option<Found>,
    /// Language, BCP 47.
    pub language: Option<Found>,
    /// The address it calls its own.
    pub url: Option<Found>,
}

/// A value, and where in the page it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub value: String,
    /// Where.
    pub origin: Origin,
}

/// A place where a page speaks about itself, the most reliable first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// JSON-LD of a news article.
    JsonLd,
    /// OpenGraph.
    OpenGraph,
    /// Other `<meta>` and `<link>` elements and attributes of `<html>`.
    Meta,
    /// Microdata and `<time>` elements.
    Markup,
}

impl About {
    pub(crate) fn new(dom: &Dom) -> Self {
        let mut about = Self::default();
        for node in 0..dom.nodes.len() {
            if dom.name(node) == "script"
                && dom.attribute(node, "type").is_some_and(|t| t.contains("ld+json"))
                && let Ok(value) = serde_json::from_str::<Value>(dom.text(node).trim())
                && let Some(article) = article(&value)
            {
                about.add_json(article);
            }
        }
        for origin in [Origin::OpenGraph, Origin::Meta, Origin::Markup] {
            for node in 0..dom.nodes.len() {
                about.add_element(dom, node, origin);
            }
        }
        about
    }

    /// Fills in what is not `given`.
    pub(crate) fn complete(&self, given: Metadata) -> Metadata {
        let value = |found: &Option<Found>| found.as_ref().map(|f| f.value.clone());
        let day = || value(&self.published).map(|p| p[..10].to_owned());
        let authors = || self.authors.iter().map(|f| f.value.clone()).collect();
        Metadata {
            outlet: given.outlet.or_else(|| value(&self.outlet)),
            url: given.url.or_else(|| value(&self.url)),
            byline: if given.byline.is_empty() { authors() } else { given.byline },
            published: given.published.or_else(day),
            ..given
        }
    }

    /// Looks for a date of publication in the `<time>` elements around the nodes of a range:
    /// those above the story.
    pub(crate) fn add_times(&mut self, dom: &Dom, head: std::ops::Range<usize>) {
        for node in head.flat_map(|node| [dom.nodes[node].parent, node]) {
            if dom.name(node) == "time" && !dom.nodes[node].hidden {
                let value = dom.attribute(node, "datetime");
                set_date(&mut self.published, value, Origin::Markup);
            }
        }
    }

    fn add_json(&mut self, article: &Value) {
        let origin = Origin::JsonLd;
        let text = |key: &str| article.get(key).and_then(Value::as_str);
        set(&mut self.title, text("headline"), origin);
        set_date(&mut self.published, text("datePublished"), origin);
        set_date(&mut self.modified, text("dateModified"), origin);
        set(&mut self.language, text("inLanguage"), origin);
        let outlet = article.get("publisher").and_then(name);
        set(&mut self.outlet, outlet, origin);
        if self.authors.is_empty() {
            let names: Vec<&str> = match article.get("author") {
                Some(Value::Array(authors)) => authors.iter().filter_map(name).collect(),
                Some(author) => name(author).into_iter().collect(),
                None => Vec::new(),
            };
            names.into_iter().for_each(|name| self.add_author(name, origin));
        }
    }

    fn add_element(&mut self, dom: &Dom, node: usize, origin: Origin) {
        let attribute = |key| dom.attribute(node, key);
        let name = dom.name(node);
        match (origin, name) {
            (Origin::OpenGraph | Origin::Meta, "meta") => {
                let key = attribute("property").or_else(|| attribute("name"));
                let key = key.or_else(|| attribute("itemprop"));
                let key = key.unwrap_or_default().to_ascii_lowercase();
                self.add_meta(&key, attribute("content"), origin);
            }
            (Origin::Meta, "html") => set(&mut self.language, attribute("lang"), origin),
            (Origin::Meta, "link") if attribute("rel") == Some("canonical") => {
                set_url(&mut self.url, attribute("href"), origin);
            }
            (Origin::Markup, _) => {
                let value = || attribute("datetime").or_else(|| attribute("content"));
                let is_author = self.authors.iter().all(|a| a.origin == origin)
                    && !dom.nodes[node].hidden
                    && dom.text(node).len() <= 120;
                match attribute("itemprop") {
                    Some("author") if is_author => {
                        self.add_author(&dom.text(node), origin);
                    }
                    None if is_author && attribute("rel") == Some("author") => {
                        self.add_author(&dom.text(node), origin);
                    }
                    Some("datePublished") => {
                        set_date(&mut self.published, value(), origin);
                    }
                    Some("dateModified") => set_date(&mut self.modified, value(), origin),
                    _ if name == "time" && attribute("pubdate").is_some() => {
                        set_date(&mut self.published, value(), origin);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn add_meta(&mut self, key: &str, content: Option<&str>, origin: Origin) {
        let graph = matches!(key.split(':').next(), Some("og" | "article"));
        if graph != (origin == Origin::OpenGraph) {
            return;
        }
        match key {
            "og:title" => set(&mut self.title, content, origin),
            "og:site_name" | "application-name" => {
                set(&mut self.outlet, content, origin);
            }
            "og:url" => set_url(&mut self.url, content, origin),
            "article:published_time"
            | "datepublished"
            | "dc.date.issued"
            | "dcterms.created"
            | "parsely-pub-date"
            | "sailthru.date"
            | "pubdate"
            | "publishdate"
            | "publish-date"
            | "article.published" => {
                set_date(&mut self.published, content, origin);
            }
            "article:modified_time"
            | "datemodified"
            | "dcterms.modified"
            | "last-modified"
            | "lastmod" => {
                set_date(&mut self.modified, content, origin);
            }
            "article:author" | "author" | "dc.creator" | "parsely-author"
            | "sailthru.author" | "byl" => {
                let is_first = self.authors.iter().all(|a| a.origin == origin);
                if let Some(name) = content.filter(|_| is_first) {
                    self.add_author(name, origin);
                }
            }
            _ => {}
        }
    }

    /// Adds an author unless it is an address or known already.
    fn add_author(&mut self, name: &str, origin: Origin) {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = match name.get(..3) {
            Some(by) if by.eq_ignore_ascii_case("by ") => name[3..].to_owned(),
            _ => name,
        };
        let is_name = name.chars().any(char::is_alphabetic)
            && name.len() <= 120
            && !name.contains(['/', '@', '{', '<']);
        if is_name && self.authors.iter().all(|a| a.value != name) {
            self.authors.push(Found { value: name, origin });
        }
    }
}

/// The news article in JSON-LD, however deep within lists and graphs it stands.
fn article(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(all) => all.iter().find_map(article),
        Value::Object(object) => {
            let kinds: Vec<&str> = match object.get("@type") {
                Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
                Some(kind) => kind.as_str().into_iter().collect(),
                None => Vec::new(),
            };
            let is_article = |kind: &&str| {
                kind.ends_with("Article") || matches!(*kind, "BlogPosting" | "Report")
            };
            if kinds.iter().any(is_article) {
                return Some(value);
            }
            object.get("@graph").and_then(article)
        }
        _ => None,
    }
}

/// The name of a person or organisation.
fn name(value: &Value) -> Option<&str> {
    match value {
        Value::Array(all) => all.iter().find_map(name),
        Value::Object(object) => object.get("name").and_then(name),
        _ => value.as_str(),
    }
}

fn set(slot: &mut Option<Found>, value: Option<&str>, origin: Origin) {
    let value = value.map(|v| v.split_whitespace().collect::<Vec<_>>().join(" "));
    if slot.is_none()
        && let Some(value) = value.filter(|v| !v.is_empty())
    {
        *slot = Some(Found { value, origin });
    }
}

fn set_url(slot: &mut Option<Found>, value: Option<&str>, origin: Origin) {
    let is_whole = |v: &&str| v.starts_with("https://") || v.starts_with("http://");
    set(slot, value.map(str::trim).filter(is_whole), origin);
}

/// Dates that are not written as ISO 8601 does are left alone: others would be guesses.
fn set_date(slot: &mut Option<Found>, value: Option<&str>, origin: Origin) {
    set(slot, value.map(str::trim).filter(|value| is_date(value)), origin);
}

fn is_date(value: &str) -> bool {
    let Some(day) = value.get(..10) else { return false };
    let mut parts = day.split('-');
    let mut number = |length: usize| {
        let part = parts.next().filter(|p| p.len() == length)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
    };
    let (year, month, day) = (number(4), number(2), number(2));
    let rest_fits = value[10..].is_empty() || value[10..].starts_with(['T', ' ']);
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return false };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    rest_fits && year > 1600 && (1..=days).contains(&day)
}
