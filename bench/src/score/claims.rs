//! Claims against reports in which every claim is annotated.
//!
//! Claims are paired by what they cover; of each pair every field is compared. Claims of
//! captions are left out on the side of the report.

use std::collections::HashSet;

use according::report::{BlockKind, Claim, Factuality, Offsets, Report, SpeakerKind};

use super::{Counts, Tally, pair};
use crate::gold::claims::{Article, Claim as Gold};

/// The fields that are compared of every pair, in the order of [`Fields`].
pub const FIELDS: [&str; 9] = [
    "speaker",
    "kind",
    "named",
    "chain",
    "mode",
    "stance",
    "certainty",
    "polarity",
    "factuality",
];

/// Kinds of claims: whether one is found, and whether its speaker is right.
pub const KINDS: [[&str; 2]; 5] = [
    ["top-level", "top-level.who"],
    ["nested", "nested.who"],
    ["unnamed", "unnamed.who"],
    ["relayed", "relayed.who"],
    ["self", "self.who"],
];

/// For each field whether it is right.
pub type Fields = [bool; FIELDS.len()];

/// What comes of comparing a report with its annotation.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The figures.
    pub counts: Counts,
    /// Predictions.
    pub predicted: Vec<&'a Claim>,
    /// Numbers of a prediction and an annotated claim, and what is right about the former.
    pub pairs: Vec<(usize, usize, Fields)>,
}

/// Compares a report with the annotation of its article.
pub fn compare<'a>(article: &Article, report: &'a Report) -> Compared<'a> {
    let gold = &article.claims;
    let told =
        |c: &&Claim| !matches!(c.block, BlockKind::Caption | BlockKind::Boilerplate);
    let predicted: Vec<&Claim> = report.claims.iter().filter(told).collect();
    let covers =
        |spans: &[Offsets]| spans.iter().flat_map(|s| s[0]..s[1]).collect::<HashSet<_>>();
    let p: Vec<_> = predicted.iter().map(|c| covers(&c.content)).collect();
    let g: Vec<_> = gold.iter().map(|c| covers(&c.content)).collect();
    let pairs = pair(p.len(), g.len(), |i, j| {
        let both = p[i].intersection(&g[j]).count();
        let either = p[i].len() + g[j].len() - both;
        let same = same_name(&predicted[i].speaker.name, &gold[j].source_name);
        Some((both as f64 / either.max(1) as f64, (same, j, i)))
    });
    let pairs: Vec<_> =
        pairs.into_iter().map(|(i, j)| (i, j, fields(predicted[i], &gold[j]))).collect();

    let mut counts = Counts::default();
    let tally = |is: &dyn Fn(&Fields) -> bool| {
        let hits = pairs.iter().filter(|(.., fields)| is(fields)).count();
        Tally::new(hits, predicted.len(), gold.len())
    };
    counts.add("found", tally(&|_| true));
    counts.add("who+chain", tally(&|f| f[0] && f[3]));
    counts.add("all", tally(&|f| f.iter().all(|right| *right)));
    for (.., fields) in &pairs {
        for (name, right) in FIELDS.into_iter().zip(fields) {
            counts.count(name, *right);
        }
    }
    for (i, j, _) in &pairs {
        let hedges = |spans: &[Offsets]| spans.iter().copied().collect::<HashSet<_>>();
        let gold: Vec<_> = gold[*j].hedges.iter().map(|h| [h.start, h.end]).collect();
        let (p, g) = (hedges(&predicted[*i].hedges), hedges(&gold));
        counts.add("hedges", Tally::new(p.intersection(&g).count(), p.len(), g.len()));
    }
    for (j, claim) in gold.iter().enumerate() {
        let met = pairs.iter().find(|(_, other, _)| *other == j).map(|(.., f)| f);
        let is = [
            claim.parent.is_none(),
            claim.parent.is_some(),
            !claim.named && claim.source_kind != SpeakerKind::Reporter,
            claim.chain.len() > 1,
            claim.source_kind == SpeakerKind::Reporter,
        ];
        for ([found, who], _) in KINDS.into_iter().zip(is).filter(|(_, is)| *is) {
            counts.count(found, met.is_some());
            counts.count(who, met.is_some_and(|f| f[0]));
        }
        if claim.chain.len() > 1 {
            counts.count("relayed.chain", met.is_some_and(|f| f[3]));
        }
    }
    for (i, claim) in predicted.iter().enumerate() {
        let right = pairs.iter().any(|(other, _, f)| *other == i && f[0]);
        counts.calibration.add(claim.confidence, right);
    }
    Compared { counts, predicted, pairs }
}

fn fields(p: &Claim, g: &Gold) -> Fields {
    let same_chain = p.chain.len() == g.chain.len()
        && p.chain.iter().zip(&g.chain).all(|(p, g)| same_name(&p.name, g));
    [
        same_name(&p.speaker.name, &g.source_name),
        p.speaker.kind == g.source_kind,
        p.speaker.named == g.named,
        same_chain,
        p.mode == g.mode,
        p.stance == g.stance,
        p.certainty == g.certainty,
        p.polarity == g.polarity,
        p.factuality == Factuality::new(g.certainty, g.polarity),
    ]
}

/// Words that do not tell names apart.
const SMALL: [&str; 16] = [
    "the", "a", "an", "of", "for", "in", "at", "from", "s", "and", "to", "some", "mr",
    "mrs", "ms", "dr",
];

/// Whether two names name the same: but for case, order and small words they are equal, or
/// one is part of the other or its initials, or they share three words in five.
pub fn same_name(a: &Option<String>, b: &Option<String>) -> bool {
    let (a, b) = (words(a), words(b));
    let (set_a, set_b): (HashSet<&str>, HashSet<&str>) =
        (a.iter().map(String::as_str).collect(), b.iter().map(String::as_str).collect());
    if a.is_empty() || b.is_empty() {
        return a == b;
    }
    let shared = set_a.intersection(&set_b).count();
    let initials = |words: &[String]| {
        words.iter().filter_map(|w| w.chars().next()).collect::<String>()
    };
    set_a.is_subset(&set_b)
        || set_b.is_subset(&set_a)
        || shared as f64 / set_a.union(&set_b).count() as f64 >= 0.6
        || a.len() == 1 && a[0] == initials(&b)
        || b.len() == 1 && b[0] == initials(&a)
}

fn words(name: &Option<String>) -> Vec<String> {
    let name = name.as_deref().unwrap_or_default().to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric());
    words.filter(|w| !w.is_empty() && !SMALL.contains(w)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        same_name(&Some(a.to_owned()), &Some(b.to_owned()))
    }

    #[test]
    fn counts_claims_fields_and_kinds() {
        let claim = |id: &str, content: Offsets, chain: &[&str], certainty: &str| {
            serde_json::json!({
                "id": id, "content": [content], "source": [], "cue": [],
                "mode": "indirect", "source_name": chain[0], "source_kind": "person",
                "named": true, "chain": chain, "parent": null, "stance": "neutral",
                "certainty": certainty, "polarity": "positive",
            })
        };
        let gold = serde_json::json!({"claims": [
            claim("c1", [0, 10], &["Holt"], "certain"),
            claim("c2", [20, 30], &["Holt", "RFA"], "possible"),
            claim("c3", [40, 50], &["Lund"], "certain"),
        ]});
        let gold: Article = serde_json::from_value(gold).unwrap();
        let text = "x".repeat(60);
        let (report, _) = super::super::testing::report(
            &text,
            &[[&[], &[], &[[0, 8]]], [&[], &[], &[[20, 30]]]],
        );
        let counts = compare(&gold, &report).counts;
        assert_eq!(counts.tally("found"), Tally::new(2, 2, 3));
        assert_eq!(counts.tally("who+chain"), Tally::new(1, 2, 3));
        assert_eq!(counts.tally("speaker"), Tally::new(2, 0, 2));
        assert_eq!(counts.tally("certainty"), Tally::new(1, 0, 2));
        assert_eq!(counts.tally("relayed"), Tally::new(1, 0, 1));
        assert_eq!(counts.tally("relayed.chain"), Tally::new(0, 0, 1));
        assert_eq!(counts.tally("nested"), Tally::default());
    }

    #[test]
    fn names_are_the_same_in_short() {
        assert!(same("Radio Free Asia", "RFA"));
        assert!(same("the Ministry of Mines", "Mines Ministry"));
        assert!(same("Anna Holt", "Holt"));
        assert!(!same("Anna Holt", "Robert Holt"));
        assert!(!same("a source", "Anna Holt"));
        assert!(same_name(&None, &None));
        assert!(!same_name(&None, &Some("Holt".to_owned())));
    }
}
