//! What a line of a page is, as far as its markup tells.

use according::BlockKind;

use crate::dom::Dom;
use crate::lines::Line;

/// Words in `class`, `id` and `itemprop` that tell what an element holds.
const SIGNS: [(BlockKind, &[&str]); 5] = [
    (BlockKind::Caption, &["caption", "figcaption", "credit", "cutline", "photocredit"]),
    (
        BlockKind::Boilerplate,
        &[
            "newsletter",
            "related",
            "signup",
            "subscribe",
            "subscription",
            "promo",
            "advert",
            "advertisement",
            "ad",
            "share",
            "sharing",
            "readmore",
            "comments",
            "disqus",
            "paywall",
            "copyright",
            "tags",
            "breadcrumb",
            "breadcrumbs",
            "recommended",
            "trending",
        ],
    ),
    (BlockKind::Byline, &["byline", "author", "authors"]),
    (
        BlockKind::Standfirst,
        &["standfirst", "subtitle", "subheadline", "subhead", "dek", "deck", "strapline"],
    ),
    (
        BlockKind::Date,
        &["date", "timestamp", "datetime", "published", "datepublished", "pubdate"],
    ),
];

/// Longer lines are no byline and no date, whatever the markup says.
const LONGEST_HEAD: usize = 200;

/// Cells with more words hold running text: the table only lays out the page.
const LONGEST_CELL: usize = 15;

/// How much of the story each element of a page holds.
#[derive(Debug)]
pub(crate) struct Shares {
    /// Bytes of the story before each node, and in all.
    before: Vec<usize>,
}

impl Shares {
    pub(crate) fn new(dom: &Dom, lines: &[Line], told: &[bool]) -> Self {
        let mut before = vec![0; dom.nodes.len() + 1];
        for (line, _) in lines.iter().zip(told).filter(|(_, told)| **told) {
            before[line.first + 1] += line.text.len();
        }
        for i in 1..before.len() {
            before[i] += before[i - 1];
        }
        Self { before }
    }

    /// Whether an element holds so much of the story that what it is called says nothing
    /// about a single line.
    fn is_large(&self, dom: &Dom, node: usize) -> bool {
        let inside = self.before[dom.nodes[node].end] - self.before[node];
        inside * 3 > self.before[self.before.len() - 1]
    }
}

/// What the elements around a line say it is.
pub(crate) fn kind(dom: &Dom, shares: &Shares, line: &Line) -> Option<BlockKind> {
    let mut found = None;
    for node in dom.ancestors(line.first) {
        if dom.name(node) != "li" && shares.is_large(dom, node) {
            break;
        }
        let name = dom.name(node);
        let kind = match name {
            "figcaption" | "figure" => Some(BlockKind::Caption),
            "nav" | "footer" | "form" | "button" => Some(BlockKind::Boilerplate),
            "blockquote" => Some(BlockKind::Quotation),
            "li" => Some(BlockKind::ListItem),
            "td" | "th" if line.text.split(' ').count() < LONGEST_CELL => {
                Some(BlockKind::Table)
            }
            "time" => Some(BlockKind::Date),
            "article" | "main" | "body" => break,
            _ => None,
        };
        let kind = kind.or_else(|| sign(dom, node)).filter(|kind| match kind {
            BlockKind::Byline => line.text.len() <= LONGEST_HEAD,
            BlockKind::Date => {
                line.text.len() <= LONGEST_HEAD / 2
                    && line.text.contains(|c: char| c.is_ascii_digit())
            }
            _ => true,
        });
        // What is no part of the story stays so within a list or a quotation.
        match kind {
            Some(BlockKind::Caption | BlockKind::Boilerplate) => return kind,
            _ => found = found.or(kind),
        }
    }
    found
}

fn sign(dom: &Dom, node: usize) -> Option<BlockKind> {
    let values = ["class", "id", "itemprop", "rel"].map(|key| dom.attribute(node, key));
    let values: Vec<_> = values.into_iter().flatten().collect();
    let has = |sign: &&str| {
        values.iter().any(|value| {
            value
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word.eq_ignore_ascii_case(sign))
        })
    };
    let (kind, _) = SIGNS.iter().find(|(_, signs)| signs.iter().any(has))?;
    Some(*kind)
}
