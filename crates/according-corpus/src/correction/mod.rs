//! What an analyst sets right, kept apart from what the programs read.
//!
//! A correction is a record: who, when, what. It points to statements by their words and not
//! by numbers, so that it outlasts reading an article anew. What the corrections of a corpus
//! change together is its [`Hand`].

mod anchor;
mod hand;
mod names;

use according::report::SpeakerKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use anchor::{Anchor, statement_at};
pub use hand::{Found, Hand};
pub use names::Names;

/// More places than these are not corrected at once.
pub const MOST_ANCHORS: usize = 5_000;

/// One thing that was set right. A line of what is exported is one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its number in the corpus, from 1; later ones prevail over earlier ones.
    pub number: u32,
    /// Who made it.
    pub by: String,
    /// When, ISO 8601.
    pub at: String,
    /// What is set right.
    #[serde(flatten)]
    pub act: Act,
}

/// What is set right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Act {
    /// These statements were looked at and read right. It changes no count, and takes back
    /// an earlier rejection.
    Accept {
        /// The statements.
        statements: Vec<Anchor>,
    },
    /// These statements say the same.
    Merge {
        /// The statements.
        statements: Vec<Anchor>,
    },
    /// These statements say the same, and none of the others do.
    Split {
        /// What is split off.
        statements: Vec<Anchor>,
        /// What it is split from.
        others: Vec<Anchor>,
    },
    /// These statements were misread and count for nothing.
    Reject {
        /// The statements.
        statements: Vec<Anchor>,
    },
    /// These names are one person's or organisation's. The first is what it is called.
    MergeSources {
        /// The names, as reports call their sources.
        names: Vec<String>,
        /// What it is.
        source_kind: SpeakerKind,
    },
    /// Who goes by a name in these articles is somebody else.
    SplitSource {
        /// The name.
        name: String,
        /// The articles, as anchors without words.
        articles: Vec<Anchor>,
        /// What that one is called from now on.
        called: String,
    },
    /// How reliable an outlet is. The analyst tells; the programs never do.
    Reliability {
        /// The outlet, by any of its names.
        outlet: String,
        /// The grade.
        grade: Grade,
    },
    /// Something worth knowing, which changes nothing.
    Note {
        /// What it is about; anchors without words are whole articles.
        statements: Vec<Anchor>,
        /// The words.
        text: String,
    },
    /// Another correction no longer holds; or holds again, if that one was of this kind.
    Undo {
        /// Its number.
        of: u32,
    },
}

impl Act {
    /// Every anchor, in order.
    pub fn anchors(&self) -> impl Iterator<Item = &Anchor> {
        let (some, more): (&[Anchor], &[Anchor]) = match self {
            Self::Accept { statements }
            | Self::Merge { statements }
            | Self::Reject { statements }
            | Self::Note { statements, .. } => (statements, &[]),
            Self::Split { statements, others } => (statements, others),
            Self::SplitSource { articles, .. } => (articles, &[]),
            Self::MergeSources { .. } | Self::Reliability { .. } | Self::Undo { .. } => {
                (&[], &[])
            }
        };
        some.iter().chain(more)
    }

    /// What it says, for people, in a line unless a name or a note holds more.
    pub fn in_words(&self) -> String {
        match self {
            Self::Accept { statements } => format!("read right: {}", places(statements)),
            Self::Merge { statements } => format!("one claim: {}", places(statements)),
            Self::Split { statements, others } => {
                format!("other claims: {}, not {}", places(statements), places(others))
            }
            Self::Reject { statements } => format!("rejected: {}", places(statements)),
            Self::MergeSources { names, .. } => {
                format!("one source: {}", names.join(", "))
            }
            Self::SplitSource { name, articles, called } => {
                format!("{name} is {called} in {}", places(articles))
            }
            Self::Reliability { outlet, grade } => {
                format!("{outlet}: {grade:?}, {}", grade.meaning())
            }
            Self::Note { statements, text } => {
                format!("note on {}: {text}", places(statements))
            }
            Self::Undo { of } => format!("undoes {of}"),
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Accept { .. } => Kind::Accept,
            Self::Merge { .. } => Kind::Merge,
            Self::Split { .. } => Kind::Split,
            Self::Reject { .. } => Kind::Reject,
            Self::MergeSources { .. } => Kind::MergeSources,
            Self::SplitSource { .. } => Kind::SplitSource,
            Self::Reliability { .. } => Kind::Reliability,
            Self::Note { .. } => Kind::Note,
            Self::Undo { .. } => Kind::Undo,
        }
    }
}

/// The first few places, with the first words of each.
fn places(anchors: &[Anchor]) -> String {
    const SHOWN: usize = 3;
    let place = |anchor: &Anchor| {
        let article = anchor.article.split_once(' ').map_or("", |(_, name)| name);
        let words = anchor.exact.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
        match words.is_empty() {
            true => article.to_owned(),
            false => format!("{article} \u{201c}{words} …\u{201d}"),
        }
    };
    let mut shown: Vec<String> = anchors.iter().take(SHOWN).map(place).collect();
    if anchors.len() > SHOWN {
        shown.push(format!("{} more", anchors.len() - SHOWN));
    }
    shown.join(", ")
}

/// The kinds of corrections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Statements were read right.
    Accept,
    /// Statements say the same.
    Merge,
    /// Statements do not say what others do.
    Split,
    /// Statements were misread.
    Reject,
    /// Names are one's.
    MergeSources,
    /// A name is somebody else's too.
    SplitSource,
    /// The grade of an outlet.
    Reliability,
    /// A note.
    Note,
    /// Another correction no longer holds.
    Undo,
}

impl Kind {
    /// What was done, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Accept => "found right",
            Self::Merge => "merged by hand",
            Self::Split => "split by hand",
            Self::Reject => "rejected by hand",
            Self::MergeSources => "sources merged by hand",
            Self::SplitSource => "sources told apart by hand",
            Self::Reliability => "reliability",
            Self::Note => "note",
            Self::Undo => "undone",
        }
    }
}

/// How reliable a source of information is, by the Admiralty Code.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Grade {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged.
    F,
}

impl Grade {
    /// All of them, the best first and "cannot be judged" last.
    pub const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// What it means, in the words of the code.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "completely reliable",
            Self::B => "usually reliable",
            Self::C => "fairly reliable",
            Self::D => "not usually reliable",
            Self::E => "unreliable",
            Self::F => "reliability cannot be judged",
        }
    }
}

/// For each correction whether it holds: no undoing of it does. They ascend by number.
pub fn holding(corrections: &[Correction]) -> Vec<bool> {
    let mut holds = vec![true; corrections.len()];
    // What undoes something comes later, and may itself be undone later still.
    for i in (0..corrections.len()).rev() {
        let Some(Correction { number, act: Act::Undo { of }, .. }) = corrections.get(i)
        else {
            continue;
        };
        if holds.get(i) == Some(&true)
            && of < number
            && let Ok(at) = corrections.binary_search_by_key(of, |c| c.number)
            && let Some(undone) = holds.get_mut(at)
        {
            *undone = false;
        }
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undo(number: u32, of: u32) -> Correction {
        let (by, at) = ("ana".to_owned(), "2024-03-05T10:00:00Z".to_owned());
        Correction { number, by, at, act: Act::Undo { of } }
    }

    #[test]
    fn what_is_undone_can_be_brought_back() {
        let note = Act::Note { statements: Vec::new(), text: "look again".to_owned() };
        let all = [Correction { act: note, ..undo(1, 0) }, undo(2, 1), undo(3, 2)];
        assert_eq!(holding(&all[..1]), [true]);
        assert_eq!(holding(&all[..2]), [false, true]);
        assert_eq!(holding(&all), [true, false, true]);
        // What is not there, or comes later, is not undone.
        assert_eq!(holding(&[undo(1, 9), undo(2, 2), undo(3, 4)]), [true; 3]);
    }

    #[test]
    fn a_correction_is_one_line() {
        let anchor = Anchor { article: "id bell".to_owned(), ..Anchor::default() };
        let statements = vec![Anchor { exact: "a crane fell".to_owned(), ..anchor }];
        let merge = Correction { act: Act::Merge { statements }, ..undo(1, 0) };
        let line = serde_json::to_string(&merge).unwrap();
        assert_eq!(
            line,
            r#"{"number":1,"by":"ana","at":"2024-03-05T10:00:00Z","kind":"merge","statements":[{"article":"id bell","exact":"a crane fell"}]}"#
        );
        assert_eq!(serde_json::from_str::<Correction>(&line).unwrap(), merge);
    }
}
