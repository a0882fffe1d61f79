//! What of a report is compared with other reports, small enough to keep beside each one.
//!
//! A fingerprint holds the statements of an article, clause by clause, as sets of words; and
//! the running text as a sequence of words, for telling copies. Words are numbers: a hash of
//! the lemma. How much a word tells is its weight, from how rare it is in English news at
//! large, never from the corpus: what two articles have in common must not depend on which
//! others were added before.

mod binary;
mod build;
mod words;

pub use binary::BrokenFingerprint;
pub use build::fingerprint;
pub(crate) use words::{country, number};
pub use words::{hash, name_words, term};

/// A word of an article.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    /// Hash of the normalised lemma.
    pub hash: u32,
    /// How much it tells: 0 for what every report has, about 6 for names and numbers. In
    /// sixteenths, since it is kept so.
    pub weight: f32,
    /// What it is.
    pub kind: WordKind,
    /// The number of its static vector in the pipeline, `u32::MAX` for none. Words of one
    /// vector mean about the same.
    pub vector: u32,
}

/// What a word is for comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A noun, adjective or adverb.
    Other,
    /// A verb.
    Verb,
    /// A part of a name.
    Name,
    /// A number.
    Number,
    /// A day, month or year of the calendar.
    Time,
}

/// A clause of an article, in somebody's words or in the outlet's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// First code point in the article's text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Which claim of the report it belongs to, counted from 0.
    pub claim: Option<u32>,
    /// Which sentence it stands in.
    pub sentence: u32,
    /// Whether it is a headline.
    pub is_headline: bool,
    /// Whether it stands in quotation marks.
    pub is_quoted: bool,
    /// Whether it is negated: "was not arrested".
    pub is_negative: bool,
    /// Whether a word lowers the commitment: "may", "reportedly".
    pub is_hedged: bool,
    /// Its own words, as ascending indexes into [`Fingerprint::words`].
    pub terms: Vec<u16>,
    /// What it is about although the clause does not say so itself: the subject it shares
    /// with the clause before, the name behind a pronoun. Ascending likewise.
    pub context: Vec<u16>,
}

/// What of one report is compared with others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fingerprint {
    /// Distinct words, ascending by hash.
    pub words: Vec<Word>,
    /// Statements in text order.
    pub statements: Vec<Statement>,
    /// The running text of the body: a hash for each word as written, in lower case.
    pub running: Vec<u32>,
    /// Where sentences begin in `running`, ascending.
    pub sentences: Vec<u32>,
}

impl Fingerprint {
    /// The words by which an article is found again, best first: rare ones, `n` at most.
    pub fn keys(&self, n: usize) -> Vec<(u32, f32)> {
        let mut counts = vec![0u32; self.words.len()];
        for statement in &self.statements {
            for &term in &statement.terms {
                if let Some(count) = counts.get_mut(usize::from(term)) {
                    *count += 1;
                }
            }
        }
        let mut keys: Vec<(u32, f32)> = self
            .words
            .iter()
            .zip(&counts)
            .filter(|(word, count)| **count > 0 && word.weight > 2.5)
            .map(|(word, &count)| (word.hash, word.weight * (1.0 + count as f32).ln()))
            .collect();
        keys.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        keys.truncate(n);
        keys
    }

    /// Hashes of three words in a row, one in `one_in` of them, the same ones wherever they
    /// stand: a sample by which copies are found.
    pub fn shingles(&self, one_in: u64) -> Vec<u64> {
        let mut found: Vec<u64> = self
            .running
            .windows(3)
            .map(|w| {
                w.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, &x| mix(h ^ u64::from(x)))
            })
            .filter(|h| h % one_in == 0)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Spreads the bits of a number (the finalizer of SplitMix64).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
