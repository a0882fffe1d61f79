//! How much of one text stands in another.

use crate::fingerprint::Fingerprint;

/// Shortest run of words that counts as the same text: two words in a row are the language's.
const SHORTEST_RUN: usize = 4;
/// How many places of a run are tried: more is a formula that stands everywhere.
const MOST_PLACES: usize = 16;

/// Of texts of so many words a sample is compared first: one that is copied in half has very
/// many runs in common.
const SAMPLED: usize = 200;
/// One in how many runs is in the sample, and how many must be common.
const ONE_IN: u64 = 8;
const LEAST_COMMON: usize = 2;

/// What two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Share of the words of the shorter text that stand in the longer one in runs.
    pub share: f32,
}

/// Compares the running texts of two articles.
pub fn overlap(a: &Fingerprint, b: &Fingerprint) -> Overlap {
    let (short, long) = if a.running.len() <= b.running.len() { (a, b) } else { (b, a) };
    if short.running.is_empty() {
        return Overlap::default();
    }
    if short.running.len() >= SAMPLED && !shares_sample(short, long) {
        return Overlap::default();
    }
    let covered = covered(&short.running, &long.running);
    let share = covered.iter().filter(|c| **c).count() as f32 / covered.len() as f32;
    Overlap { share }
}

fn shares_sample(a: &Fingerprint, b: &Fingerprint) -> bool {
    let (a, b) = (a.shingles(ONE_IN), b.shingles(ONE_IN));
    let common = a.iter().filter(|run| b.binary_search(run).is_ok());
    common.take(LEAST_COMMON).count() == LEAST_COMMON
}

/// Which words of `text` stand in `other` in a run of at least `SHORTEST_RUN`. A word or two
/// that were changed between two runs that follow one another in both texts count as well.
pub fn covered(text: &[u32], other: &[u32]) -> Vec<bool> {
    let mut covered = vec![false; text.len()];
    // Places of runs, those of one run together and ascending: a list for each run would be
    // an allocation for each word of every text that is compared.
    let mut places: Vec<(&[u32; SHORTEST_RUN], usize)> =
        other.array_windows().zip(0..).collect();
    places.sort_unstable();
    let mut at = 0;
    // Where the last run ended in both.
    let mut before: Option<(usize, usize)> = None;
    while let Some(run) = text.get(at..).and_then(<[u32]>::first_chunk::<SHORTEST_RUN>) {
        let length = |&place: &usize| {
            let rest = text.iter().skip(at).zip(other.iter().skip(place));
            rest.take_while(|(a, b)| a == b).count()
        };
        let first = places.partition_point(|(other, _)| *other < run);
        let found = places.iter().skip(first).take(MOST_PLACES);
        let found = found.take_while(|(other, _)| *other == run);
        let Some((length, place)) =
            found.map(|(_, place)| (length(place), *place)).max_by_key(|(n, _)| *n)
        else {
            at += 1;
            continue;
        };
        let mut from = at;
        if let Some((end, other_end)) = before
            && at - end <= 2
            && place >= other_end
            && place - other_end <= 2
        {
            from = end;
        }
        covered.iter_mut().take(at + length).skip(from).for_each(|c| *c = true);
        before = Some((at + length, place + length));
        at += length;
    }
    covered
}
