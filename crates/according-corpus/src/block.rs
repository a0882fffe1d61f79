//! Blocks: which statements are grouped together, and which need not be looked at.
//!
//! Grouping what says the same costs more than adding a report may, if it is done for all
//! that is linked with all: on one election every report is linked with every other by way
//! of some statement. A block is what hangs together by links that are strong enough, and is
//! small enough: of all that hangs together around a statement by links of a strength and
//! above, the largest that holds no more than [`MOST`] statements. So blocks do not depend
//! on where one begins to look, nor on the order in which links were found. A new link
//! changes no other blocks than those that its two ends are in, and those only if it is
//! stronger than what they are parted by.

use std::collections::BTreeSet;
use std::hash::Hash;

use according::article::Day;
use rustc_hash::FxHashSet;

/// How many statements a block holds, unless links of the greatest strength alone connect
/// more: that is one statement that very many print on a day.
pub const MOST: usize = 512;

/// How strong a link is, from 0 to [`STRONGEST`].
pub type Strength = u16;

/// The greatest strength.
pub const STRONGEST: Strength = 255 + 2 * NEAR;

/// How much it adds to the strength of a link that both articles are of two months, and again
/// that they are of one day: a story is told within days.
const NEAR: Strength = 64;

/// The number of a day of publication, ISO 8601, by which [`nearness`] counts.
pub fn day(published: Option<&str>) -> Option<i64> {
    Day::parse(published?).map(Day::number)
}

/// How near two days are: 2 within a day, 1 within two months. Where one is not known nothing
/// shows that they are far from each other.
pub fn nearness(a: Option<i64>, b: Option<i64>) -> u8 {
    match (a, b) {
        (None, None) => 2,
        (Some(a), Some(b)) => match a.abs_diff(b) {
            0..=1 => 2,
            2..=62 => 1,
            _ => 0,
        },
        _ => 1,
    }
}

/// The strength of a link between two statements that likely say the same, of 255, in
/// articles of days so near.
pub fn strength(likely: u8, near: u8) -> Strength {
    Strength::from(likely) + NEAR * Strength::from(near)
}

/// What statements must be likely, of 255, for a link between days that are far from each
/// other to connect anything: four in five.
const LEAST_FAR: u8 = 204;
/// What they must be likely for a link to be firm: three in five.
const FIRM: u8 = 153;

/// Whether a link connects two statements that likely say the same, of 255, in articles of
/// days so near. What is told in much the same words half a year later is about something
/// else, most of the time.
pub fn connects(likely: u8, near: u8) -> bool {
    near > 0 || likely >= LEAST_FAR
}

/// Whether two statements that likely say the same, of 255, can make a claim of their own.
pub fn is_firm(likely: u8) -> bool {
    likely >= FIRM
}

/// Statements that are grouped together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<N> {
    /// The statements.
    pub members: BTreeSet<N>,
    /// The strength of the links by which the block would be too large: links that are no
    /// stronger do not change it. 0 where there are none.
    pub parted_by: Strength,
}

/// The block around a statement. `neighbours` appends what a statement is linked with, and
/// how strongly, which is more than 0. `parted_by` tells of statements whose block is known
/// what it is parted by, and 0 of others: whoever meets one of them by so weak a link need
/// not look further.
///
/// # Errors
///
/// When `neighbours` or `parted_by` fails.
pub fn block<N: Copy + Ord + Hash, E>(
    start: N,
    mut neighbours: impl FnMut(N, &mut Vec<(N, Strength)>) -> Result<(), E>,
    mut parted_by: impl FnMut(N) -> Result<Strength, E>,
) -> Result<Block<N>, E> {
    let mut found = vec![start];
    let mut is_found = FxHashSet::from_iter([start]);
    // Links to be followed, by strength: the strongest first, as a spanning tree is grown.
    // What was found when none of a strength is left hangs together by it.
    let mut open: Vec<Vec<N>> = vec![Vec::new(); usize::from(STRONGEST) + 1];
    let mut linked = Vec::new();
    let (mut strongest, mut level, mut n_whole) = (0, STRONGEST, 0);
    let mut at = Some(start);
    loop {
        if let Some(at) = at {
            linked.clear();
            neighbours(at, &mut linked)?;
            for &(other, strength) in &linked {
                let strength = usize::from(strength.min(STRONGEST));
                if let Some(open) = open.get_mut(strength) {
                    open.push(other);
                    strongest = strongest.max(strength);
                }
            }
        }
        let next = loop {
            match open.get_mut(strongest).and_then(Vec::pop) {
                Some(next) => break Some(next),
                None if strongest == 0 => break None,
                None => strongest -= 1,
            }
        };
        let Some(next) = next else {
            return Ok(Block { members: found.into_iter().collect(), parted_by: 0 });
        };
        at = is_found.insert(next).then_some(next);
        if at.is_none() {
            continue;
        }
        if strongest < usize::from(level) {
            level = strongest as Strength;
            n_whole = found.len();
        }
        found.push(next);
        if n_whole > 0 && (found.len() > MOST || parted_by(next)? >= level) {
            found.truncate(n_whole);
            return Ok(Block { members: found.into_iter().collect(), parted_by: level });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    type Links = BTreeMap<usize, Vec<(usize, Strength)>>;

    fn linked(pairs: impl IntoIterator<Item = (usize, usize, Strength)>) -> Links {
        let mut links = Links::new();
        for (a, b, strength) in pairs {
            links.entry(a).or_default().push((b, strength));
            links.entry(b).or_default().push((a, strength));
        }
        links
    }

    fn around(start: usize, links: &Links) -> BTreeSet<usize> {
        found(start, links, &BTreeMap::new()).members
    }

    fn found(
        start: usize,
        links: &Links,
        parted_by: &BTreeMap<usize, Strength>,
    ) -> Block<usize> {
        let near = |n, out: &mut Vec<(usize, Strength)>| {
            out.extend(links.get(&n).into_iter().flatten());
            Ok::<_, Infallible>(())
        };
        let Ok(found) =
            block(start, near, |n| Ok(parted_by.get(&n).copied().unwrap_or(0)));
        found
    }

    #[test]
    fn what_hangs_together_is_one_block() {
        let links = linked([(0, 1, 50), (1, 2, 240), (3, 4, 130)]);
        assert_eq!(around(0, &links), BTreeSet::from([0, 1, 2]));
        assert_eq!(around(4, &links), BTreeSet::from([3, 4]));
        assert_eq!(around(7, &links), BTreeSet::from([7]));
    }

    #[test]
    fn days_are_near_within_two_months() {
        let near = |a: Option<&str>, b: Option<&str>| nearness(day(a), day(b));
        assert_eq!(near(Some("2018-05-31"), Some("2018-06-01")), 2);
        assert_eq!(near(Some("2018-05-31"), Some("2018-07-30")), 1);
        assert_eq!(near(Some("2018-05-31"), Some("2019-05-31")), 0);
        assert_eq!(near(None, Some("2018-05-31")), 1);
        assert_eq!(near(None, None), 2);
    }

    /// A long row of weak links with a strong pair here and there.
    #[test]
    fn what_is_too_large_falls_apart_where_it_is_weakest() {
        let row = (0..4 * MOST).map(|n| (n, n + 1, if n % 5 == 0 { 220 } else { 80 }));
        let links = linked(row);
        assert_eq!(around(10, &links), BTreeSet::from([10, 11]));
        assert_eq!(around(11, &links), BTreeSet::from([10, 11]));
        assert_eq!(around(12, &links), BTreeSet::from([12]));
    }

    #[test]
    fn every_member_has_the_same_block() {
        let links =
            linked((0..3 * MOST).map(|n| {
                (n, (n * 31 + 7) % (3 * MOST), 1 + (n * 7919 % 100) as Strength)
            }));
        // What is known of others makes no difference but to the time it takes.
        let mut parted_by = BTreeMap::new();
        for start in (0..3 * MOST).step_by(97) {
            let block = found(start, &links, &BTreeMap::new());
            assert_eq!(found(start, &links, &parted_by), block);
            for &member in &block.members {
                assert_eq!(around(member, &links), block.members);
                parted_by.insert(member, block.parted_by);
            }
        }
    }
}
