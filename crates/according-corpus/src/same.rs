//! Which statements of two articles say the same.
//!
//! Words are weighed twice: by how rare they are in English news, and by how well they tell
//! the statements of these two articles apart. In five reports on one plane crash "plane" and
//! "crash" tell nothing, "pilot" and "cousin" do. What two statements share becomes a
//! likelihood by logistic regression over nine observations. All of it depends on the two
//! articles alone, so that links are the same in whatever order articles are added.

use std::collections::HashMap;

use crate::fingerprint::{Fingerprint, Statement, Word, WordKind};

/// Two statements and how likely they say the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Index of the statement in the first article.
    pub a: u32,
    /// Index in the second.
    pub b: u32,
    /// From 0 to 1.
    pub likely: f32,
}

/// What is less likely is no link.
pub const LEAST_LIKELY: f32 = 0.1;

/// So many statements are thought to be there besides: in two articles of a sentence each,
/// what both say would tell nothing.
const UNSEEN: f32 = 4.0;

/// How much a word counts that the clause does not say itself but is about.
const CONTEXT: f32 = 0.5;

/// What two statements share.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    weight: f32,
    number: bool,
    name: bool,
    verb: bool,
}

/// What one statement has, shared or not.
#[derive(Clone, Copy, Debug, Default)]
struct Mass {
    weight: f32,
    number: bool,
    name: bool,
}

/// Every two statements of `a` and `b` that may say the same.
pub fn compare(a: &Fingerprint, b: &Fingerprint) -> Vec<Likeness> {
    let mut found = Vec::new();
    if !is_one_story(a, b) {
        return found;
    }
    observe(a, b, |i, j, observed| {
        let likely = likelihood(&observed);
        if likely >= LEAST_LIKELY {
            found.push(Likeness { a: i, b: j, likely });
        }
    });
    found
}

/// How much of what the shorter of two articles tells must be in the other for them to be on
/// one story: statements are weighed by what tells them apart within one, which says
/// nothing of two that have only the times in common.
const ONE_STORY: f32 = 0.16;

/// Whether two articles may be on one story: by the share of their rarer words.
fn is_one_story(a: &Fingerprint, b: &Fingerprint) -> bool {
    let rare = |word: &&Word| word.weight > RARE && word.kind != WordKind::Time;
    let mass =
        |f: &Fingerprint| f.words.iter().filter(rare).map(|w| w.weight).sum::<f32>();
    let shared = a.words.iter().filter(rare).filter(|word| {
        b.words.binary_search_by_key(&word.hash, |other| other.hash).is_ok()
    });
    let shared: f32 = shared.map(|word| word.weight).sum();
    let least = mass(a).min(mass(b)).max(f32::EPSILON);
    shared / least >= ONE_STORY
}

/// Words that are rarer than this tell what a story is about.
const RARE: f32 = 3.0;

/// Calls `each` with what is observed of every two statements that share a word.
pub fn observe(
    a: &Fingerprint,
    b: &Fingerprint,
    mut each: impl FnMut(u32, u32, [f32; N_OBSERVED]),
) {
    let n = (a.statements.len() + b.statements.len()) as f32;
    if n < 2.0 {
        return;
    }
    let mut counts: HashMap<u32, f32> = HashMap::new();
    for fingerprint in [a, b] {
        for (word, _) in fingerprint.statements.iter().flat_map(|s| own(fingerprint, s)) {
            *counts.entry(word.hash).or_default() += 1.0;
        }
    }
    let weight = |hash: u32, weight: f32| {
        let count = counts.get(&hash).copied().unwrap_or(1.0);
        weight * ((n + UNSEEN) / count).ln() / (n + UNSEEN).ln()
    };
    let mass = |fingerprint: &Fingerprint, statement: &Statement| {
        let mut mass = Mass::default();
        for (word, c) in all(fingerprint, statement) {
            mass.weight += weight(word.hash, word.weight) * c;
            mass.number |= word.kind == WordKind::Number;
            mass.name |= word.kind == WordKind::Name;
        }
        mass
    };
    let masses: Vec<Mass> = b.statements.iter().map(|t| mass(b, t)).collect();
    let mut places: HashMap<u32, Vec<(u32, f32, WordKind)>> = HashMap::new();
    for (j, statement) in b.statements.iter().enumerate() {
        for (word, c) in all(b, statement) {
            places.entry(word.hash).or_default().push((j as u32, c, word.kind));
        }
    }
    let mut row = vec![Shared::default(); b.statements.len()];
    let mut touched: Vec<u32> = Vec::new();
    for (i, statement) in a.statements.iter().enumerate() {
        let own_mass = mass(a, statement);
        for (word, c) in all(a, statement) {
            let w = weight(word.hash, word.weight);
            for &(j, other, kind) in places.get(&word.hash).into_iter().flatten() {
                let Some(shared) = row.get_mut(j as usize) else { continue };
                if shared.weight == 0.0 {
                    touched.push(j);
                }
                // Not nothing, so that what is touched is known.
                shared.weight += (w * c.min(other)).max(f32::MIN_POSITIVE);
                // A word may be a name in one article and none in the other.
                let is = |wanted| word.kind == wanted || kind == wanted;
                shared.number |= is(WordKind::Number);
                shared.name |= is(WordKind::Name);
                shared.verb |= is(WordKind::Verb);
            }
        }
        touched.sort_unstable();
        for j in touched.drain(..) {
            let Some(shared) = row.get_mut(j as usize).map(std::mem::take) else {
                continue;
            };
            let Some(other) = masses.get(j as usize) else { continue };
            each(i as u32, j, observed(shared, own_mass, *other));
        }
    }
}

fn own<'f>(
    fingerprint: &'f Fingerprint,
    statement: &'f Statement,
) -> impl Iterator<Item = (&'f crate::fingerprint::Word, f32)> {
    let word = |&t: &u16| fingerprint.words.get(usize::from(t));
    statement.terms.iter().filter_map(word).map(|word| (word, 1.0))
}

fn all<'f>(
    fingerprint: &'f Fingerprint,
    statement: &'f Statement,
) -> impl Iterator<Item = (&'f crate::fingerprint::Word, f32)> {
    let word = |&t: &u16| fingerprint.words.get(usize::from(t));
    let context = statement.context.iter().filter_map(word);
    own(fingerprint, statement).chain(context.map(|word| (word, CONTEXT)))
}

/// How many things are observed.
pub const N_OBSERVED: usize = 9;

fn observed(shared: Shared, a: Mass, b: Mass) -> [f32; N_OBSERVED] {
    let is = |yes: bool| f32::from(u8::from(yes));
    // Share of both together, and of the smaller one.
    let dice = (2.0 * shared.weight / (a.weight + b.weight).max(f32::EPSILON)).min(1.0);
    let contained = shared.weight / a.weight.min(b.weight).max(f32::EPSILON);
    [
        dice,
        is(shared.number),
        is(a.number && b.number && !shared.number),
        is(shared.name),
        is(a.name && b.name && !shared.name),
        is(shared.verb),
        dice * contained.min(1.0),
        dice.sqrt(),
        (1.0 + shared.weight).ln(),
    ]
}

/// Learnt from four events told by 4 to 13 outlets each, in which two statements that people
/// put together are examples and two that they did not are counterexamples.
const WEIGHTS: [f32; N_OBSERVED] =
    [-2.502, 0.574, 0.807, -0.875, -0.624, 0.692, 0.989, 8.819, 0.778];
const BIAS: f32 = -6.359;

fn likelihood(observed: &[f32; N_OBSERVED]) -> f32 {
    let sum: f32 = observed.iter().zip(&WEIGHTS).map(|(x, w)| x * w).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An article of one statement for each list of words.
    fn article(statements: &[&[u32]]) -> Fingerprint {
        let mut hashes: Vec<u32> = statements.concat();
        hashes.sort_unstable();
        hashes.dedup();
        let word = |&hash: &u32| Word {
            hash,
            weight: 6.0,
            kind: WordKind::Name,
            vector: u32::MAX,
        };
        let words = hashes.iter().map(word).collect();
        let statements = statements.iter().zip(0..).map(|(terms, n)| {
            let mut terms: Vec<u16> =
                terms.iter().map(|t| hashes.binary_search(t).unwrap() as u16).collect();
            terms.sort_unstable();
            Statement {
                start: n * 10,
                end: n * 10 + 9,
                claim: None,
                sentence: n,
                is_headline: false,
                is_quoted: false,
                is_negative: false,
                is_hedged: false,
                terms,
                context: Vec::new(),
            }
        });
        let statements = statements.collect();
        Fingerprint { words, statements, ..Fingerprint::default() }
    }

    #[test]
    fn statements_of_one_story_are_compared() {
        let a = article(&[&[1, 2, 3, 4], &[5, 6, 7]]);
        let b = article(&[&[1, 2, 3, 8], &[9, 10, 11]]);
        let best =
            compare(&a, &b).into_iter().max_by(|x, y| x.likely.total_cmp(&y.likely));
        assert_eq!(best.map(|found| (found.a, found.b)), Some((0, 0)));
    }

    #[test]
    fn articles_of_one_sentence_match() {
        let (a, b) = (article(&[&[1, 2, 3, 4, 5]]), article(&[&[1, 2, 3, 4, 6]]));
        assert!(compare(&a, &b)[0].likely > 0.5);
    }

    #[test]
    fn a_sentence_in_common_makes_no_story() {
        let other: Vec<u32> = (100..140).collect();
        let another: Vec<u32> = (200..240).collect();
        let (a, b) = (article(&[&[1, 2], &other]), article(&[&[1, 2], &another]));
        assert!(compare(&a, &b).is_empty());
    }
}
