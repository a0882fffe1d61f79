//! The origin graph of a claim: from origins through relays to outlets, and on to copies.

use std::collections::{BTreeMap, BTreeSet};

use according_corpus::format::{ArticleEntry, ClaimEntry, Support, SupportStance};
use maud::{Markup, html};

use crate::text::shown;
use crate::word;

/// Where columns begin, and how wide what stands in them is.
const COLUMNS: [(f64, f64); 4] =
    [(0.0, 290.0), (345.0, 190.0), (590.0, 210.0), (865.0, 210.0)];
const ROW: f64 = 29.0;
const HEIGHT: f64 = 23.0;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Origin,
    Relay,
    Outlet,
    Copy,
}

struct Node<'c> {
    column: Column,
    label: String,
    link: Option<String>,
    y: f64,
    denies: bool,
    /// Nodes it leads to.
    to: BTreeSet<usize>,
    day: Option<&'c str>,
}

/// Draws it. The same is told by the list of places below it, so it is left out for those
/// who listen.
pub(crate) fn draw(claim: &ClaimEntry, articles: &[ArticleEntry]) -> Markup {
    let mut nodes = nodes(claim, articles);
    place(&mut nodes);
    let has_relays = nodes.iter().any(|node| node.column == Column::Relay);
    let has_copies = nodes.iter().any(|node| node.column == Column::Copy);
    let spot = |column: Column| {
        let (x, width) = COLUMNS[column as usize];
        // Without relays there is nothing between origins and outlets.
        let shift = if !has_relays && column > Column::Relay { 190.0 } else { 0.0 };
        (x - shift, width)
    };
    let last = if has_copies { Column::Copy } else { Column::Outlet };
    let (x, width) = spot(last);
    let (width, height) = (x + width + 4.0, bottom(&nodes) + 30.0);
    html! {
        div.graph tabindex="0" role="group" aria-label="Origin graph; the list below tells the same" {
            svg viewBox=(format!("-2 0 {width} {height}")) width=(width) height=(height)
                aria-hidden="true" focusable="false" {
                @for (column, name) in [(Column::Origin, "Origins"), (Column::Relay, "Through"),
                    (Column::Outlet, "Outlets"), (Column::Copy, "Copies")] {
                    @if nodes.iter().any(|node| node.column == column) {
                        text.head x=(spot(column).0) y="13" { (name) }
                    }
                }
                @for node in &nodes {
                    @for to in node.to.iter().filter_map(|&to| nodes.get(to)) {
                        (edge(node, to, &spot))
                    }
                }
                @for node in &nodes { (boxed(node, &spot)) }
            }
        }
    }
}

fn nodes<'c>(claim: &'c ClaimEntry, articles: &'c [ArticleEntry]) -> Vec<Node<'c>> {
    let known: BTreeMap<&str, &ArticleEntry> =
        articles.iter().map(|a| (a.reference.as_str(), a)).collect();
    let mut nodes: Vec<Node<'c>> = Vec::new();
    let mut origins: BTreeMap<&str, usize> = BTreeMap::new();
    for origin in &claim.origins {
        origins.insert(&origin.id, nodes.len());
        nodes.push(node(Column::Origin, shown(&origin.what)));
    }
    let mut outlets: BTreeMap<&str, usize> = BTreeMap::new();
    let mut relays: BTreeMap<(usize, Vec<&str>), usize> = BTreeMap::new();
    let said: BTreeSet<&str> =
        claim.supports.iter().map(|s| s.article.as_str()).collect();
    let of = |s: &'c Support| (s.article.as_str(), s.origin.as_str());
    let origins_of: BTreeSet<(&str, &str)> = claim.supports.iter().map(of).collect();
    let has_origin =
        |article: &str, origin: &str| origins_of.contains(&(article, origin));
    // Who adds an origin to what it copies is no mere copy.
    let mut own: BTreeSet<&str> = BTreeSet::new();
    for support in &claim.supports {
        match original(&support.article, &known, &said) {
            Some(original) if has_origin(original, &support.origin) => {}
            _ => _ = own.insert(&support.article),
        }
    }
    for support in &claim.supports {
        let Some(&origin) = origins.get(support.origin.as_str()) else { continue };
        let article = known.get(support.article.as_str()).copied();
        let original = original(&support.article, &known, &said);
        let number = *outlets.entry(&support.article).or_insert_with(|| {
            let outlet = article.and_then(|article| article.outlet.as_deref());
            let is_copy = !own.contains(support.article.as_str());
            let column = if is_copy { Column::Copy } else { Column::Outlet };
            let mut node = node(column, shown(outlet.unwrap_or(&support.article)));
            node.link = Some(support_link(&support.article, support.claim.as_deref()));
            node.day = article.and_then(|article| article.published.as_deref());
            nodes.push(node);
            nodes.len() - 1
        });
        if support.stance != SupportStance::Asserts
            && let Some(node) = nodes.get_mut(number)
        {
            node.denies = true;
        }
        // A copy hangs on what it copies, and on no origin that has it from there.
        if original.is_some_and(|original| has_origin(original, &support.origin)) {
            continue;
        }
        let mut from = origin;
        let steps: Vec<&str> = support.chain.iter().skip(1).map(String::as_str).collect();
        for n in 1..=steps.len() {
            let key = (origin, steps.get(..n).unwrap_or_default().to_vec());
            let relay = *relays.entry(key).or_insert_with(|| {
                let name = steps.get(n - 1).copied();
                nodes.push(node(Column::Relay, shown(word::name(name))));
                nodes.len() - 1
            });
            join(&mut nodes, from, relay);
            from = relay;
        }
        join(&mut nodes, from, number);
    }
    for (reference, &number) in &outlets {
        let original = original(reference, &known, &said);
        if let Some(&original) = original.and_then(|original| outlets.get(original)) {
            join(&mut nodes, original, number);
        }
    }
    nodes
}

/// What an article copies, or what that copies in turn: among those that make the claim.
fn original<'c>(
    article: &str,
    known: &BTreeMap<&str, &'c ArticleEntry>,
    said: &BTreeSet<&str>,
) -> Option<&'c str> {
    let copied = |article: &str| {
        let original = known.get(article).and_then(|entry| entry.copy_of.as_deref());
        original.filter(|original| said.contains(original))
    };
    let mut found = copied(article)?;
    // Copies are later than what they copy, so this ends; damaged ones are no reason to spin.
    for _ in 0..known.len() {
        match copied(found) {
            Some(further) => found = further,
            None => break,
        }
    }
    Some(found)
}

fn node<'c>(column: Column, label: String) -> Node<'c> {
    let to = BTreeSet::new();
    Node { column, label, link: None, y: 0.0, denies: false, to, day: None }
}

fn join(nodes: &mut [Node<'_>], from: usize, to: usize) {
    if from != to
        && let Some(node) = nodes.get_mut(from)
    {
        node.to.insert(to);
    }
}

/// Where an article stands in the app.
pub(crate) fn support_link(article: &str, claim: Option<&str>) -> String {
    let mut link = format!("/articles/{}", crate::text::in_path(article));
    if let Some(claim) = claim {
        link.push_str(&format!("#{claim}"));
    }
    link
}

/// Gives every node its height: those of one column below one another, each beside the first
/// that leads to it, so that where everything begins is seen first.
fn place(nodes: &mut [Node<'_>]) {
    let all = [Column::Origin, Column::Relay, Column::Outlet, Column::Copy];
    let mut beside: Vec<f64> = vec![f64::MAX; nodes.len()];
    // How much room each needs: as much as what hangs on it.
    let mut room = vec![0_usize; nodes.len()];
    for n in (0..nodes.len()).rev() {
        weigh(nodes, n, &mut room, 0);
    }
    for column in all {
        let number = |(n, node): (usize, &Node<'_>)| (node.column == column).then_some(n);
        let mut order: Vec<usize> = nodes.iter().enumerate().filter_map(number).collect();
        let wanted = |n: usize| beside.get(n).copied().unwrap_or(f64::MAX);
        order.sort_by(|&a, &b| wanted(a).total_cmp(&wanted(b)).then(a.cmp(&b)));
        let mut free = 24.0;
        for n in order {
            let Some(node) = nodes.get_mut(n) else { continue };
            let wanted = beside.get(n).copied().filter(|y| *y < f64::MAX);
            node.y = wanted.map_or(free, |wanted: f64| wanted.max(free));
            let rows = match column {
                Column::Origin => room.get(n).copied().unwrap_or(1),
                _ => 1,
            };
            free = node.y + rows as f64 * ROW;
            for &to in &node.to {
                if let Some(beside) = beside.get_mut(to) {
                    *beside = beside.min(node.y);
                }
            }
        }
    }
}

fn weigh(nodes: &[Node<'_>], n: usize, room: &mut [usize], depth: usize) -> usize {
    if let Some(&known) = room.get(n).filter(|known| **known > 0) {
        return known;
    }
    // Chains are short; a circle of copies ends here.
    let to = nodes.get(n).filter(|_| depth < 12).map(|node| &node.to);
    let rows: usize =
        to.into_iter().flatten().map(|&to| weigh(nodes, to, room, depth + 1)).sum();
    if let Some(room) = room.get_mut(n) {
        *room = rows.max(1);
    }
    rows.max(1)
}

fn bottom(nodes: &[Node<'_>]) -> f64 {
    nodes.iter().map(|node| node.y).fold(0.0, f64::max) + HEIGHT / 2.0
}

fn edge(from: &Node<'_>, to: &Node<'_>, spot: &impl Fn(Column) -> (f64, f64)) -> Markup {
    let (x, width) = spot(from.column);
    let (start, end) = (x + width, spot(to.column).0);
    let (y1, y2) = (from.y + HEIGHT / 2.0, to.y + HEIGHT / 2.0);
    let path = if end <= start {
        // One relay after another: around, in the same column.
        let out = start + 26.0;
        format!("M{start} {y1}C{out} {y1} {out} {y2} {start} {y2}")
    } else if from.column == Column::Outlet && y1 != y2 {
        // Copies hang on a rail, of which there are many at times.
        let rail = end - 18.0;
        let bend = if y2 > y1 { y2 - 6.0 } else { y2 + 6.0 };
        format!("M{start} {y1}H{rail}V{bend}Q{rail} {y2} {} {y2}H{end}", rail + 6.0)
    } else {
        let middle = f64::midpoint(start, end);
        format!("M{start} {y1}C{middle} {y1} {middle} {y2} {end} {y2}")
    };
    html! { path.copy[from.column >= Column::Outlet] d=(path) {} }
}

/// A node: the browser knows how much of a name has room in it.
fn boxed(node: &Node<'_>, spot: &impl Fn(Column) -> (f64, f64)) -> Markup {
    let (x, width) = spot(node.column);
    let class = match node.column {
        Column::Origin => "origin",
        Column::Relay => "relay",
        Column::Outlet => "outlet",
        Column::Copy => "outlet copy",
    };
    let inner = html! {
        rect width=(width) height=(HEIGHT) rx="4" {}
        foreignObject width=(width) height=(HEIGHT) {
            div.node title=(node.label) {
                span { @if node.denies { "✕ " } (node.label) }
                @if let Some(day) = node.day { time { (day.get(5..).unwrap_or(day)) } }
            }
        }
    };
    html! {
        g class=(class) transform=(format!("translate({x} {})", node.y)) {
            @match &node.link {
                Some(link) => a href=(link) tabindex="-1" { (inner) },
                None => (inner),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use according_corpus::format::{CopyKind, Origin, Range};

    use super::*;

    fn support(n: usize, chain: &[&str]) -> Support {
        Support {
            article: format!("a{n}"),
            claim: Some("C1".into()),
            start: 0,
            end: 1,
            text: "x".into(),
            stance: SupportStance::Asserts,
            hedged: false,
            chain: chain.iter().map(|&name| name.to_owned()).collect(),
            origin: format!("O{}", n % 3 + 1),
            reliability: None,
            corrected: Vec::new(),
        }
    }

    fn article(n: usize, copy_of: Option<usize>) -> ArticleEntry {
        ArticleEntry {
            reference: format!("a{n}"),
            id: String::new(),
            outlet: Some(format!("Outlet {n}")),
            published: None,
            title: None,
            wire: None,
            copy_of: copy_of.map(|n| format!("a{n}")),
            copy_kind: copy_of.map(|_| CopyKind::Verbatim),
            overlap: None,
            reliability: None,
            corrected: Vec::new(),
        }
    }

    #[test]
    fn forty_outlets_stand_clear_of_each_other_and_copies_hang_on_their_first() {
        let origins = (1..=3).map(|n| Origin {
            id: format!("O{n}"),
            what: format!("source {n}"),
            articles: Vec::new(),
        });
        let claim = ClaimEntry {
            id: "K1".into(),
            statement: String::new(),
            supports: (0..40).map(|n| support(n, &["source", "Agency"])).collect(),
            origins: origins.collect(),
            independent_origins: Range { least: 3, most: 3 },
            explanation: String::new(),
            unsettled: None,
            disputed: false,
            denials: Vec::new(),
            first: "a0".into(),
            changes: Vec::new(),
            rejected: Vec::new(),
            corrected: Vec::new(),
        };
        // Copies of copies, and two that are said to copy each other.
        let copied = |n: usize| match n {
            38 => Some(39),
            39 => Some(38),
            n => (n > 9).then(|| n - 1),
        };
        let articles: Vec<ArticleEntry> =
            (0..40).map(|n| article(n, copied(n))).collect();
        let mut nodes = nodes(&claim, &articles);
        place(&mut nodes);
        assert_eq!(nodes.iter().filter(|n| n.column == Column::Relay).count(), 3);
        for (n, a) in nodes.iter().enumerate() {
            for b in nodes.iter().skip(n + 1).filter(|b| b.column == a.column) {
                assert!((a.y - b.y).abs() >= HEIGHT, "{} and {}", a.label, b.label);
            }
        }
        let ninth = nodes.iter().find(|node| node.label == "Outlet 9").unwrap();
        assert_eq!(ninth.to.len(), 28);
    }
}
