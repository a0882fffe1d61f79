//! Agencies, outlets and who owns them: a small table that is edited by hand.

use std::collections::HashMap;
use std::sync::LazyLock;

use according::BlockKind;
use according::report::Report;

/// A row of `publisher.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publisher {
    /// What it is called here.
    pub name: &'static str,
    /// Whether others print its texts.
    pub is_agency: bool,
    /// Who owns it, where the table says so.
    pub owner: Option<&'static str>,
}

fn table() -> &'static HashMap<String, Publisher> {
    static TABLE: LazyLock<HashMap<String, Publisher>> = LazyLock::new(|| {
        let rows = include_str!("../data/en/publisher.tsv").lines().skip(1);
        let mut table = HashMap::new();
        for row in rows {
            let mut cells = row.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let (name, kind, owner, aliases) = (cell(), cell(), cell(), cell());
            let owner = (!owner.is_empty()).then_some(owner);
            let publisher = Publisher { name, is_agency: kind == "agency", owner };
            for alias in std::iter::once(name).chain(aliases.split(';')) {
                table.insert(normal(alias), publisher);
            }
        }
        table
    });
    &TABLE
}

fn normal(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let name = name.strip_prefix("the ").unwrap_or(&name);
    name.strip_prefix("www.").unwrap_or(name).to_owned()
}

/// The publisher that goes by `name`, an alias or a domain.
pub fn publisher(name: &str) -> Option<Publisher> {
    let name = normal(name);
    table().get(&name).copied().or_else(|| {
        // "edition.cnn.com" is of "cnn.com".
        let (_, domain) = name.split_once('.').filter(|(_, rest)| rest.contains('.'))?;
        table().get(domain).copied()
    })
}

/// One name for all names of a publisher.
pub fn canonical(name: &str) -> String {
    publisher(name).map_or_else(|| name.trim().to_owned(), |p| p.name.to_owned())
}

/// The agency that wrote a report or most of it, as its byline, credit line, dateline or
/// copyright tells. An agency on its own site is its outlet.
pub fn wire(report: &Report) -> Option<&'static str> {
    let article = &report.article;
    let own = article.outlet.as_deref().and_then(publisher).map(|p| p.name);
    let agency = |name: &str| {
        publisher(name).filter(|p| p.is_agency && Some(p.name) != own).map(|p| p.name)
    };
    let bylines = article.byline.iter().map(String::as_str).chain(article.via.as_deref());
    if let Some(found) = bylines.flat_map(credited).find_map(|name| agency(&name)) {
        return Some(found);
    }
    // "/wires/reuters/…", "/aponline/…": where outlets keep what they take over.
    let path = article.url.as_deref().unwrap_or_default();
    let segments = path.split('/').skip(3).filter(|segment| segment.len() > 1);
    let segments =
        segments.map(|segment| segment.strip_suffix("online").unwrap_or(segment));
    if let Some(found) = segments.filter(|s| s.len() <= 30).find_map(agency) {
        return Some(found);
    }
    let text: Vec<char> = article.text.chars().collect();
    for block in &article.blocks {
        let words: String = text
            .get(block.start..block.end.min(block.start + 400))
            .unwrap_or_default()
            .iter()
            .collect();
        let is_credit = match block.kind {
            BlockKind::Byline | BlockKind::Dateline => true,
            BlockKind::Boilerplate => {
                let lower = words.to_lowercase();
                lower.contains("copyright") || lower.contains('©')
            }
            _ => false,
        };
        if is_credit && let Some(found) = credited(&words).find_map(|n| agency(&n)) {
            return Some(found);
        }
    }
    // "(AP)" before the first sentence, or at the very end.
    let paragraphs = article.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph);
    let paragraphs: Vec<_> = paragraphs.collect();
    let head = paragraphs.first().map(|b| (b.start, b.end.min(b.start + 80)));
    let tail = paragraphs.last().map(|b| (b.start.max(b.end.saturating_sub(30)), b.end));
    for (start, end) in head.into_iter().chain(tail) {
        let words: String = text.get(start..end).unwrap_or_default().iter().collect();
        let in_brackets = words.split('(').skip(1).filter_map(|w| w.split(')').next());
        if let Some(found) = in_brackets.flat_map(credited).find_map(|n| agency(&n)) {
            return Some(found);
        }
    }
    None
}

/// The stretches of a credit that may be names: "By The Associated Press", "Copyright 2017
/// The Associated Press. All rights reserved."
fn credited(line: &str) -> impl Iterator<Item = String> {
    let parts = line.split(['/', ',', '.', '|', '-', '–', '—', '(', ')', '\n', ';']);
    let parts = parts.flat_map(|part| part.split(" and "));
    parts.map(|part| {
        let words = part.split_whitespace().filter(|word| {
            let word = word.to_lowercase();
            !matches!(
                word.as_str(),
                "by" | "copyright" | "©" | "from" | "staff" | "in" | "for"
            ) && !word.starts_with(|c: char| c.is_ascii_digit())
        });
        words.collect::<Vec<_>>().join(" ")
    })
}
