//! Blocks: which statements are grouped together, and which need not be looked at.
//!
//! Grouping what says the same costs more than adding a report may, if it is done for all
//! that is linked with all: on one election every report is linked with every other by way
//! of some statement. A block is what hangs together by links that are likely enough, and is
//! small enough. Each statement is in the largest one around it that holds no more than
//! [`MOST`], looking at all links, at the likelier ones, at the likeliest. So blocks do not
//! depend on where one begins to look, nor on the order in which links were found; and a new
//! link changes no other blocks than those that its two ends are in.

use std::collections::BTreeSet;

/// How many statements a block holds, unless the likeliest links alone connect more: that is
/// one statement that very many print.
pub const MOST: usize = 512;

/// How likely links are that are looked at, in turn.
const LEVELS: [f32; 9] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.0];

/// The block around a statement. `neighbours` appends what a statement is linked with, and
/// how likely they say the same.
///
/// # Errors
///
/// When `neighbours` fails.
pub fn block<N: Copy + Ord, E>(
    start: N,
    mut neighbours: impl FnMut(N, &mut Vec<(N, f32)>) -> Result<(), E>,
) -> Result<BTreeSet<N>, E> {
    let mut inside = BTreeSet::from([start]);
    let mut linked = Vec::new();
    for (n, level) in LEVELS.into_iter().enumerate() {
        let mut wider = inside.clone();
        let mut open: Vec<N> = inside.iter().copied().collect();
        while let Some(statement) = open.pop() {
            linked.clear();
            neighbours(statement, &mut linked)?;
            for &(other, likely) in &linked {
                if likely >= level && wider.insert(other) {
                    open.push(other);
                }
            }
            if n > 0 && wider.len() > MOST {
                return Ok(inside);
            }
        }
        inside = wider;
    }
    Ok(inside)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    type Links = BTreeMap<usize, Vec<(usize, f32)>>;

    fn linked(pairs: impl IntoIterator<Item = (usize, usize, f32)>) -> Links {
        let mut links = Links::new();
        for (a, b, likely) in pairs {
            links.entry(a).or_default().push((b, likely));
            links.entry(b).or_default().push((a, likely));
        }
        links
    }

    fn around(start: usize, links: &Links) -> BTreeSet<usize> {
        let found = block(start, |n, out| {
            out.extend(links.get(&n).into_iter().flatten());
            Ok::<_, Infallible>(())
        });
        let Ok(found) = found;
        found
    }

    #[test]
    fn what_hangs_together_is_one_block() {
        let links = linked([(0, 1, 0.2), (1, 2, 0.95), (3, 4, 0.5)]);
        assert_eq!(around(0, &links), BTreeSet::from([0, 1, 2]));
        assert_eq!(around(4, &links), BTreeSet::from([3, 4]));
        assert_eq!(around(7, &links), BTreeSet::from([7]));
    }

    /// A long row of weak links with a strong pair here and there.
    #[test]
    fn what_is_too_large_falls_apart_where_it_is_weakest() {
        let row = (0..4 * MOST).map(|n| (n, n + 1, if n % 5 == 0 { 0.85 } else { 0.3 }));
        let links = linked(row);
        assert_eq!(around(10, &links), BTreeSet::from([10, 11]));
        assert_eq!(around(11, &links), BTreeSet::from([10, 11]));
        assert_eq!(around(12, &links), BTreeSet::from([12]));
    }

    #[test]
    fn every_member_has_the_same_block() {
        let links = linked((0..3 * MOST).map(|n| {
            let likely = (n * 7919 % 100) as f32 / 100.0;
            (n, (n * 31 + 7) % (3 * MOST), likely)
        }));
        for start in (0..3 * MOST).step_by(97) {
            let block = around(start, &links);
            for &member in &block {
                assert_eq!(around(member, &links), block);
            }
        }
    }
}
