//! What a line of a page is, as far as its markup tells.

use std::cell::Cell;

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

/// What the elements of a page say its lines are.
pub(crate) struct Kinds<'d> {
    dom: &'d Dom,
    /// Bytes of the story before each node, and in all.
    before: Vec<usize>,
    /// What each element is called, once somebody has asked.
    signs: Vec<Cell<Option<Option<BlockKind>>>>,
}

impl<'d> Kinds<'d> {
    pub(crate) fn new(dom: &'d Dom, lines: &[Line], told: &[bool]) -> Self {
        let mut before = vec![0; dom.nodes.len() + 1];
        for (line, _) in lines.iter().zip(told).filter(|(_, told)| **told) {
            before[line.first + 1] += line.text.len();
        }
        for i in 1..before.len() {
            before[i] += before[i - 1];
        }
        Self { dom, before, signs: vec![Cell::new(None); dom.nodes.len()] }
    }

    /// Whether an element holds so much of the story that what it is called says nothing
    /// about a single line.
    fn is_large(&self, node: usize) -> bool {
        let inside = self.before[self.dom.nodes[node].end] - self.before[node];
        inside * 3 > self.before[self.before.len() - 1]
    }

    fn sign(&self, node: usize) -> Option<BlockKind> {
        let sign = self.signs[node].get().unwrap_or_else(|| sign(self.dom, node));
        self.signs[node].set(Some(sign));
        sign
    }

    /// What the elements around a line say it is.
    pub(crate) fn of(&self, line: &Line) -> Option<BlockKind> {
        let dom = self.dom;
        let mut found = None;
        for node in dom.ancestors(line.first) {
            if dom.name(node) != "li" && self.is_large(node) {
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
            let kind = kind.or_else(|| self.sign(node)).filter(|kind| match kind {
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

/// Words in `class` of elements that hold a post from a social network.
const POSTS: [&str; 8] = [
    "twitter-tweet",
    "twitter-video",
    "instagram-media",
    "fb-post",
    "tiktok-embed",
    "bluesky-embed",
    "mastodon-embed",
    "telegram-post",
];

/// Whether a line stands in a post from a social network.
pub(crate) fn is_post(dom: &Dom, line: &Line) -> bool {
    dom.ancestors(line.first).any(|node| {
        let class = dom.attribute(node, "class").unwrap_or_default();
        class.split_ascii_whitespace().any(|class| POSTS.contains(&class))
    })
}
