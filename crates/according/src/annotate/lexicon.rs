//! The word lists of `data/en`, read once.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::factuality::Certainty;
use super::speaker::{Gender, Role, SpeakerKind};

type Table<T> = LazyLock<FxHashMap<&'static str, T>>;

/// What a noun says about whom it names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noun {
    pub(super) kind: SpeakerKind,
    pub(super) role: Option<Role>,
    pub(super) gender: Option<Gender>,
}

/// What a noun says about a source it stands for: "spokesman", "ministry", "report".
pub(super) fn noun(lemma: &str) -> Option<Noun> {
    static NOUNS: Table<Noun> = LazyLock::new(|| {
        table(include_str!("../../data/en/source_noun.tsv"), |[_, kind, role, gender]| {
            Noun {
                kind: kind_named(kind),
                role: role_named(role),
                gender: gender_named(gender),
            }
        })
    });
    NOUNS.get(lemma).copied()
}

/// Whether `wide` can stand for what `narrow` describes: "lawmaker" for a senator.
pub(super) fn is_wider(wide: &str, narrow: &str) -> bool {
    static WIDER: Table<&str> = LazyLock::new(|| {
        table(include_str!("../../data/en/wider_noun.tsv"), |[_, narrower, ..]| narrower)
    });
    WIDER.get(wide).is_some_and(|narrower| narrower.split(';').any(|n| n == narrow))
}

/// What a noun can take up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlainNoun {
    /// "The country" for Norway.
    Country,
    /// "The city" for Osk.
    Place,
    /// People who are one, "it" or "they": "the team".
    Group,
    /// "The company" for whatever body.
    Body,
}

/// What a noun means that says little by itself: "country", "team", "company".
pub(super) fn plain_noun(lemma: &str) -> Option<PlainNoun> {
    static NOUNS: Table<PlainNoun> = LazyLock::new(|| {
        table(
            include_str!("../../data/en/plain_noun.tsv"),
            |[_, means, ..]| match means {
                "country" => PlainNoun::Country,
                "place" => PlainNoun::Place,
                "group" => PlainNoun::Group,
                _ => PlainNoun::Body,
            },
        )
    });
    NOUNS.get(lemma).copied()
}

/// What an organisation is, by a word of its name.
pub(super) fn organisation_role(word: &str) -> Option<Role> {
    static WORDS: Table<Option<Role>> = LazyLock::new(|| {
        table(include_str!("../../data/en/organisation_word.tsv"), |[_, role, ..]| {
            role_named(role)
        })
    });
    WORDS.get(word).copied().flatten()
}

/// Whether women or men bear a given name.
pub(super) fn given_name(name: &str) -> Option<Gender> {
    static NAMES: Table<Option<Gender>> = LazyLock::new(|| {
        table(include_str!("../../data/en/given_name.tsv"), |[_, g, ..]| gender_named(g))
    });
    NAMES.get(name).copied().flatten()
}

/// The full name of a news outlet known by `name`, which comes without "the".
pub(super) fn outlet(name: &str) -> Option<&'static str> {
    static OUTLETS: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        let rows = rows(include_str!("../../data/en/outlet.tsv"));
        let names = rows.flat_map(|[name, aliases, ..]| {
            [name].into_iter().chain(aliases.split(';')).map(move |alias| (alias, name))
        });
        names.filter(|(alias, _)| !alias.is_empty()).collect()
    });
    OUTLETS.get(name).copied()
}

/// The full name of the outlet that a web address belongs to: "edition.cnn.com". Each part of
/// the address may be its name or one of its aliases, written as one word.
pub(super) fn outlet_at(address: &str) -> Option<&'static str> {
    static WORDS: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| {
        let rows = rows(include_str!("../../data/en/outlet.tsv"));
        let names = rows.flat_map(|[name, aliases, ..]| {
            [name].into_iter().chain(aliases.split(';')).map(move |alias| (alias, name))
        });
        names.map(|(alias, name)| (one_word(alias), name)).collect()
    });
    let parts = address.split('.').filter(|part| part.len() > 2).map(one_word);
    let bare = |part: String| {
        WORDS.get(&part).or_else(|| WORDS.get(part.strip_prefix("the")?)).copied()
    };
    parts.into_iter().find_map(bare)
}

/// A name as it would be spelt in a web address.
pub(super) fn one_word(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How far a word lowers the commitment of who uses it.
pub(super) fn hedge(lemma: &str) -> Option<Certainty> {
    static HEDGES: Table<Certainty> = LazyLock::new(|| {
        table(include_str!("../../data/en/hedge.tsv"), |[_, c, ..]| certainty_named(c))
    });
    HEDGES.get(lemma).copied()
}

/// The rows of a list below its header line; fields a row does not have are empty.
pub(super) fn rows(tsv: &'static str) -> impl Iterator<Item = [&'static str; 4]> {
    tsv.lines().skip(1).map(|line| {
        let mut fields = line.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}

/// A list as a map from its first field to what `read` makes of a row.
fn table<T>(
    tsv: &'static str,
    read: impl Fn([&'static str; 4]) -> T,
) -> FxHashMap<&'static str, T> {
    rows(tsv).map(|row| (row[0], read(row))).collect()
}

fn kind_named(name: &str) -> SpeakerKind {
    match name {
        "people" => SpeakerKind::People,
        "organisation" => SpeakerKind::Organisation,
        "media" => SpeakerKind::Media,
        "document" => SpeakerKind::Document,
        _ => SpeakerKind::Person,
    }
}

fn role_named(name: &str) -> Option<Role> {
    Some(match name {
        "media" => Role::Media,
        "government" => Role::Government,
        "military" => Role::Military,
        "police" => Role::Police,
        "court" => Role::Court,
        "company" => Role::Company,
        "ngo" => Role::Ngo,
        "armed-group" => Role::ArmedGroup,
        "academic" => Role::Academic,
        _ => return None,
    })
}

fn gender_named(name: &str) -> Option<Gender> {
    match name {
        "f" => Some(Gender::Female),
        "m" => Some(Gender::Male),
        _ => None,
    }
}

fn certainty_named(name: &str) -> Certainty {
    match name {
        "probable" => Certainty::Probable,
        "possible" => Certainty::Possible,
        "unknown" => Certainty::Unknown,
        _ => Certainty::Certain,
    }
}

#[cfg(test)]
mod tests {
    /// A name that the reader does not know would silently become the default.
    #[test]
    fn every_list_is_sorted_and_says_only_what_is_understood() {
        let lists: [(&str, &str, &[&str]); 7] = [
            (
                "plain nouns",
                include_str!("../../data/en/plain_noun.tsv"),
                &["country place group body"],
            ),
            ("wider nouns", include_str!("../../data/en/wider_noun.tsv"), &[]),
            (
                "nouns",
                include_str!("../../data/en/source_noun.tsv"),
                &["person people organisation media document", ROLES, "f m"],
            ),
            (
                "organisations",
                include_str!("../../data/en/organisation_word.tsv"),
                &[ROLES],
            ),
            ("given-names", include_str!("../../data/en/given_name.tsv"), &["f m"]),
            ("media", include_str!("../../data/en/outlet.tsv"), &[]),
            ("hedges", include_str!("../../data/en/hedge.tsv"), &[CERTAINTIES]),
        ];
        const ROLES: &str =
            "media government military police court company ngo armed-group academic";
        const CERTAINTIES: &str = "certain probable possible unknown";
        for (name, tsv, columns) in lists {
            let lines: Vec<&str> = tsv.lines().skip(1).collect();
            let keys = lines.iter().map(|l| l.split('\t').next());
            assert!(keys.is_sorted_by(|a, b| a < b), "{name} is sorted, each entry once");
            for line in lines {
                for (field, allowed) in line.split('\t').skip(1).zip(columns) {
                    let known =
                        field.is_empty() || allowed.split(' ').any(|a| a == field);
                    assert!(known, "{name}: {line}");
                }
            }
        }
    }
}
