//! The words that attribute, read from the tables in `data/en`.

use std::sync::LazyLock;

use according_nlp::Upos;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A word that attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Whether it tells of an act of saying or writing, rather than of an attitude.
    pub speech: bool,
    /// The attitude it ascribes to the source.
    pub stance: Stance,
}

/// The attitude that a cue ascribes to its source.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// Says, without more.
    #[default]
    Neutral,
    /// Insists, claims, maintains.
    Assert,
    /// Denies, rejects.
    Deny,
    /// Admits, acknowledges.
    Concede,
    /// Accuses, blames.
    Accuse,
    /// Questions, doubts.
    Doubt,
    /// Suggests, concludes.
    Infer,
    /// Learns, finds, knows.
    Learn,
    /// Expects, forecasts.
    Predict,
    /// Demands, urges, asks, warns, promises.
    Directive,
}

impl Stance {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "neutral" => Self::Neutral,
            "assert" => Self::Assert,
            "deny" => Self::Deny,
            "concede" => Self::Concede,
            "accuse" => Self::Accuse,
            "doubt" => Self::Doubt,
            "infer" => Self::Infer,
            "learn" => Self::Learn,
            "predict" => Self::Predict,
            "directive" => Self::Directive,
            _ => return None,
        })
    }
}

/// A word that attributes without a verb of saying.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidential {
    pub(super) class: EvidentialClass,
    /// How often it is right. PolNeAR has too few of these to learn weights from.
    pub(super) confidence: f32,
}

/// What an evidential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EvidentialClass {
    /// "according to"
    According,
    /// "reportedly"
    Adverb,
    /// "alleged"
    Adjective,
    /// "may", "appear", "seem": the reporter's own caution.
    Hedge,
}

/// The rows of a table, each a sequence of cells, without the header line.
pub(super) fn rows(table: &str) -> impl Iterator<Item = std::str::Split<'_, char>> {
    table.lines().skip(1).map(|line| line.split('\t'))
}

static CUES: LazyLock<FxHashMap<(&str, Upos), Cue>> = LazyLock::new(|| {
    rows(include_str!("../../../data/en/cue.tsv"))
        .filter_map(|mut row| {
            let key = (row.next()?, Upos::from_name(row.next()?)?);
            let speech = row.next()? == "speech";
            Some((key, Cue { speech, stance: Stance::from_name(row.next()?)? }))
        })
        .collect()
});

static EVIDENTIALS: LazyLock<FxHashMap<&str, Evidential>> = LazyLock::new(|| {
    rows(include_str!("../../../data/en/evidential.tsv"))
        .filter_map(|mut row| {
            let lemma = row.next()?;
            let class = match row.next()? {
                "according" => EvidentialClass::According,
                "adverb" => EvidentialClass::Adverb,
                "adjective" => EvidentialClass::Adjective,
                "hedge" => EvidentialClass::Hedge,
                _ => return None,
            };
            Some((lemma, Evidential { class, confidence: row.next()?.parse().ok()? }))
        })
        .collect()
});

/// What is known about `lemma` as a cue.
pub fn cue(lemma: &str, upos: Upos) -> Option<Cue> {
    let upos = match upos {
        Upos::Aux => Upos::Verb,
        Upos::Propn => Upos::Noun,
        other => other,
    };
    CUES.get(&(lemma, upos)).copied()
}

/// What is known about `lemma` as an evidential.
pub(super) fn evidential(lemma: &str) -> Option<Evidential> {
    EVIDENTIALS.get(lemma).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_whole() {
        let tables = [
            (include_str!("../../../data/en/cue.tsv"), 5, CUES.len()),
            (include_str!("../../../data/en/evidential.tsv"), 4, EVIDENTIALS.len()),
            (include_str!("../../../data/en/weight.tsv"), 4, usize::MAX),
        ];
        for (table, n_columns, n_entries) in tables {
            let lines: Vec<_> = table.lines().skip(1).collect();
            assert!(lines.is_sorted(), "{:?}", table.lines().next());
            assert!(
                n_entries == usize::MAX || n_entries == lines.len(),
                "an entry is not read"
            );
            assert!(rows(table).all(|row| row.count() == n_columns));
        }
    }

    #[test]
    fn examples_show_their_entry() {
        let tables = [
            include_str!("../../../data/en/cue.tsv"),
            include_str!("../../../data/en/evidential.tsv"),
        ];
        for line in tables.iter().flat_map(|table| table.lines().skip(1)) {
            let lemma = line.split('\t').next().unwrap();
            let example = line.split('\t').next_back().unwrap();
            let Some((_, after)) = example.split_once('[') else {
                assert!(example.is_empty(), "{line}");
                continue;
            };
            let (word, _) = after.split_once(']').expect("a bracket closes");
            let stem: String = lemma.chars().take(2).collect();
            let irregular = matches!(lemma, "tell" | "find");
            assert!(irregular || word.to_lowercase().starts_with(&stem), "{line}");
        }
    }

    #[test]
    fn stance_is_the_cues() {
        let stance = |lemma, upos| cue(lemma, upos).map(|c| c.stance);
        assert_eq!(stance("deny", Upos::Verb), Some(Stance::Deny));
        assert_eq!(stance("denial", Upos::Noun), Some(Stance::Deny));
        assert_eq!(stance("say", Upos::Verb), Some(Stance::Neutral));
        assert_eq!(stance("table", Upos::Noun), None);
    }
}
