//! What the style sheets within a page make invisible.
//!
//! Only what they say plainly counts: a class, an id, or an element with a class, outside
//! of media queries. What scripts and other files do is not known.

use std::collections::BTreeMap;

use crate::dom::{Content, Dom};

/// Marks what the style sheets of a page hide. A rule that would hide most of the page is
/// left alone: a script shows it again.
pub(crate) fn hide(dom: &mut Dom) {
    let mut rules: BTreeMap<String, bool> = BTreeMap::new();
    for node in 0..dom.nodes.len() {
        if dom.name(node) == "style" && dom.attribute(node, "media").is_none() {
            add_rules(&dom.text(node), &mut rules);
        }
    }
    rules.retain(|_, hides| *hides);
    if rules.is_empty() {
        return;
    }
    let mut hidden: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for node in 0..dom.nodes.len() {
        if dom.nodes[node].hidden {
            continue;
        }
        let (name, class) = (dom.name(node), dom.attribute(node, "class"));
        let id = dom.attribute(node, "id").map(|id| format!("#{id}"));
        let classes = class.unwrap_or_default().split_ascii_whitespace();
        let classes = classes.flat_map(|c| [format!(".{c}"), format!("{name}.{c}")]);
        for selector in classes.chain(id) {
            if let Some((rule, _)) = rules.get_key_value(&selector) {
                hidden.entry(rule).or_default().push(node);
            }
        }
    }
    // Bytes of visible text before each node, and in all.
    let mut before = vec![0];
    for node in &dom.nodes {
        let n = match &node.content {
            Content::Text(text) if !node.hidden => text.trim().len(),
            _ => 0,
        };
        before.push(before[before.len() - 1] + n);
    }
    let all = before[dom.nodes.len()];
    let mut ranges = Vec::new();
    for nodes in hidden.into_values() {
        let mut outer: Vec<std::ops::Range<usize>> = Vec::new();
        for node in nodes {
            if outer.last().is_none_or(|range| range.end <= node) {
                outer.push(node..dom.nodes[node].end);
            }
        }
        let share: usize = outer.iter().map(|r| before[r.end] - before[r.start]).sum();
        if share * 3 <= all {
            ranges.extend(outer);
        }
    }
    // One range may lie within another: each node is met once.
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut done = 0;
    for range in ranges {
        for node in range.start.max(done)..range.end {
            dom.nodes[node].hidden = true;
        }
        done = done.max(range.end);
    }
}

/// Notes for each plain selector of a style sheet whether it hides in the end.
fn add_rules(sheet: &str, rules: &mut BTreeMap<String, bool>) {
    let sheet = without_comments(sheet);
    let mut rest = sheet.as_str();
    while let Some(open) = rest.find('{') {
        let selectors = rest[..open].rsplit(['}', ';']).next().unwrap_or_default().trim();
        let body = &rest[open + 1..];
        // Whatever begins with "@" holds rules of its own, for some other medium.
        let is_query = selectors.starts_with('@');
        let end = if is_query { block_end(body) } else { body.find('}') };
        let end = end.unwrap_or(body.len());
        if !is_query && let Some(hides) = hides(&body[..end]) {
            for selector in selectors.split(',').map(str::trim) {
                if is_plain(selector) {
                    rules.insert(selector.to_owned(), hides);
                }
            }
        }
        rest = body.get(end + 1..).unwrap_or_default();
    }
}

/// Where a block ends that holds blocks.
fn block_end(body: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (i, c) in body.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(i),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once("*/").map_or("", |(_, after)| after));
    }
    text
}

/// ".note", "#note", "p.note".
fn is_plain(selector: &str) -> bool {
    let Some(at) = selector.find(['.', '#']) else { return false };
    let (element, name) = (&selector[..at], &selector[at + 1..]);
    let is_name =
        |name: &str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let is_id = selector[at..].starts_with('#');
    !name.is_empty()
        && is_name(name)
        && is_name(element)
        && (element.is_empty() || !is_id)
}

/// Whether declarations hide, or show, their elements; `None` when they do neither.
pub(crate) fn hides(declarations: &str) -> Option<bool> {
    let mut found = None;
    for declaration in declarations.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().to_ascii_lowercase();
        let is_hidden = match property.trim().to_ascii_lowercase().as_str() {
            "display" => value.starts_with("none"),
            "visibility" => value.starts_with("hidden") || value.starts_with("collapse"),
            _ => continue,
        };
        found = Some(found == Some(true) || is_hidden);
    }
    found
}
