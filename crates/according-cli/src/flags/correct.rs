//! What can be typed after `according correct`.

use std::path::PathBuf;

use according_corpus::correction::Grade;
use clap::{Args, Subcommand, ValueEnum};

use super::{AskFlags, CorpusFlags};

#[derive(Debug, Subcommand)]
pub(crate) enum CorrectCommand {
    /// Say that claims were looked at and read right; takes back an earlier rejection
    Accept {
        /// A claim such as K3 with all who make it, or one statement: bell#C4, bell@517
        #[arg(value_name = "PLACE", required = true)]
        places: Vec<String>,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Make claims one: they say the same
    Merge {
        /// Claims such as K3, or statements such as bell#C4 or bell@517; at least two
        #[arg(value_name = "CLAIM", required = true, num_args = 2..)]
        places: Vec<String>,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Split off what does not say what the rest of a claim does
    Split {
        /// The claim, such as K3
        #[arg(value_name = "CLAIM")]
        claim: String,
        /// Who makes it and says something else: bell, or bell#C4 or bell@517 for one
        /// statement of an article; several become one claim
        #[arg(value_name = "SUPPORT", required = true)]
        places: Vec<String>,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Reject what was misread: it counts for nothing from now on
    Reject {
        /// A claim such as K3 with all who make it, or one statement of an article: bell#C4
        /// by the claim of its report, bell@517 by a code point in it
        #[arg(value_name = "PLACE", required = true)]
        places: Vec<String>,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Tell that several names are one person's or organisation's
    MergeSources {
        /// Names as 'according sources' prints them; the first is kept
        #[arg(value_name = "NAME", required = true, num_args = 2..)]
        names: Vec<String>,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Tell that a name is somebody else's in some articles
    SplitSource {
        /// The name as 'according sources' prints it
        #[arg(value_name = "NAME")]
        name: String,
        /// The articles in which it is somebody else's
        #[arg(long = "in", value_name = "ARTICLE", required = true, num_args = 1..)]
        articles: Vec<String>,
        /// What that one is called from now on
        #[arg(long = "as", value_name = "NAME")]
        called: String,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Say how reliable an outlet is, by the Admiralty Code
    Reliability {
        /// The outlet, by any of its names
        #[arg(value_name = "OUTLET")]
        outlet: String,
        /// The grade
        #[arg(value_name = "GRADE", ignore_case = true)]
        grade: GradeName,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Note something on a claim, a statement or an article; it changes nothing
    Note {
        /// K3, bell#C4, bell@517 or bell
        #[arg(value_name = "PLACE")]
        place: String,
        /// The words
        #[arg(value_name = "TEXT")]
        text: String,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Undo a correction, or what undid one
    Undo {
        /// Its number, as 'according correct list' prints it
        #[arg(value_name = "N")]
        number: u32,
        #[command(flatten)]
        hand: HandFlags,
    },
    /// Print all corrections, and which of them find their place no more
    List {
        #[command(flatten)]
        ask: AskFlags,
        /// Only those with a place that is found no more
        #[arg(long)]
        lost: bool,
    },
    /// Bring in what 'according correct list --format json' printed of another corpus
    Import {
        /// The file; '-' for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        corpus: CorpusFlags,
    },
}

/// Which corpus is corrected, and by whom.
#[derive(Debug, Args)]
pub(crate) struct HandFlags {
    #[command(flatten)]
    pub(crate) corpus: CorpusFlags,

    /// Who makes the correction [default: your user name]
    #[arg(long, value_name = "NAME", env = "ACCORDING_BY")]
    pub(crate) by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GradeName {
    /// Completely reliable
    #[value(name = "A")]
    A,
    /// Usually reliable
    #[value(name = "B")]
    B,
    /// Fairly reliable
    #[value(name = "C")]
    C,
    /// Not usually reliable
    #[value(name = "D")]
    D,
    /// Unreliable
    #[value(name = "E")]
    E,
    /// Reliability cannot be judged
    #[value(name = "F")]
    F,
}

impl From<GradeName> for Grade {
    fn from(name: GradeName) -> Self {
        match name {
            GradeName::A => Self::A,
            GradeName::B => Self::B,
            GradeName::C => Self::C,
            GradeName::D => Self::D,
            GradeName::E => Self::E,
            GradeName::F => Self::F,
        }
    }
}

pub(super) const CORRECT_EXAMPLES: &str = "\
Examples:
  according correct merge K2 K5 --corpus ferry.db
      The two claims say the same: they are one from now on, and its origins are counted anew.
  according correct split K2 globe herald#C4 --corpus ferry.db
      What Globe says, and claim C4 of Herald's report, is something else than the rest of K2.
  according correct reject bell#C7 --corpus ferry.db
      That claim of Bell's report was misread and counts for nothing.
  according correct accept K3
      Somebody has looked at it, and it is right: it needs no more review.
  according correct merge-sources 'Marta Quill' 'Marta Quill-Orlin' --corpus ferry.db
      One person under two names.
  according correct split-source 'John Vale' --in post --as 'John Vale (Lenz)'
      In Post the name is somebody else's.
  according correct reliability 'Morning Globe' B
  according correct note K2 'seen on the harbour photographs'
  according correct list
  according correct undo 3
      Takes correction 3 back. That is a correction too: undoing it brings 3 back.
  according correct list --format json > ours.jsonl
  according correct import ours.jsonl --corpus theirs.db

What was read stays as it is. A correction is kept beside it, with who made it and when, and
every answer says which parts of it rest on one. It remembers the words it is about with a
little of what stands around them, not a number: it holds when the article is read by a newer
version, and when the article changes elsewhere. When its words are gone it is kept, listed as
finding its place no more, and never applied to a look-alike. Later corrections prevail.

Who a source without a name is is not for anybody to guess: only names are merged and split.";
