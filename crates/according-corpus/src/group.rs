//! From likenesses between statements to groups that say the same.
//!
//! Agglomerative clustering by average linkage: the two groups that are most alike on
//! average become one, until none are alike enough. Two statements without a link count as
//! not alike at all, so that a chain of half-likenesses does not make one claim of a whole
//! story.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::corpus::At;

/// Groups that are less alike on average stay apart.
pub const LEAST_ALIKE: f32 = 0.05;

/// Groups that are less alike in all, summed over their statements, stay apart.
const LEAST_IN_ALL: f32 = 0.3;

/// Statements that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The statements, ascending.
    pub group: Vec<At>,
    /// What denies them, as numbers of others of the same block.
    pub denials: Vec<usize>,
}

impl Told {
    /// How many articles tell it.
    pub fn n_articles(&self) -> usize {
        n_articles(&self.group)
    }
}

fn n_articles(group: &[At]) -> usize {
    group.chunk_by(|a, b| a.0 == b.0).count()
}

/// What is said in a block, whose statements ascend, by at least `min_articles` articles, or
/// denies what is. `same` are pairs of numbers of statements in the block, and how likely
/// they say the same. A denial is a claim of its own.
pub fn told(
    block: &[At],
    same: &[(usize, usize, f32)],
    denies: impl Fn(usize) -> bool,
    min_articles: usize,
) -> Vec<Told> {
    let (agreeing, against): (Vec<_>, Vec<_>) =
        same.iter().copied().partition(|(x, y, _)| denies(*x) == denies(*y));
    let groups = group(block.len(), &agreeing);
    let mut group_of = vec![0; block.len()];
    for (number, members) in groups.iter().enumerate() {
        for &member in members {
            group_of[member] = number;
        }
    }
    // What a denial denies is what it is most alike to.
    let mut sums: BTreeMap<usize, BTreeMap<usize, f32>> = BTreeMap::new();
    for (x, y, likely) in against {
        let (asserts, denies) = if denies(x) { (y, x) } else { (x, y) };
        let (asserts, denies) = (group_of[asserts], group_of[denies]);
        *sums.entry(denies).or_default().entry(asserts).or_default() += likely;
    }
    let mut denied: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (denies, asserted) in sums {
        let best =
            asserted.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((asserts, _)) = best {
            denied.entry(asserts).or_default().push(denies);
        }
    }
    let groups: Vec<Vec<At>> = groups
        .iter()
        .map(|members| members.iter().filter_map(|&m| block.get(m).copied()).collect())
        .collect();
    // A denial of what recurs is told although it does not recur itself.
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (number, group) in groups.iter().enumerate() {
        if n_articles(group) >= min_articles {
            told.insert(number);
            told.extend(denied.get(&number).into_iter().flatten());
        }
    }
    let told: Vec<usize> = told.into_iter().collect();
    let group = |number: &usize| {
        let denials = denied.get(number).map(Vec::as_slice).unwrap_or_default();
        let denials = denials.iter().filter_map(|d| told.binary_search(d).ok());
        Some(Told { group: groups.get(*number)?.clone(), denials: denials.collect() })
    };
    told.iter().filter_map(group).collect()
}

/// Two groups and how alike they are. The most alike come first, then the lower numbers.
struct Candidate {
    alike: f32,
    a: usize,
    b: usize,
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Candidate {}
impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_alike = self.alike.total_cmp(&other.alike);
        by_alike.then(other.a.cmp(&self.a)).then(other.b.cmp(&self.b))
    }
}

/// Groups the statements `0..n` by `links`, each of two different ones and how likely they
/// say the same. Every statement is in one group; groups and their members ascend.
pub fn group(n: usize, links: &[(usize, usize, f32)]) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
    // Sums of likelihoods between groups.
    let mut sums: Vec<BTreeMap<usize, f32>> = vec![BTreeMap::new(); n];
    for &(a, b, likely) in links {
        if a != b && a < n && b < n {
            sums[a].insert(b, likely);
            sums[b].insert(a, likely);
        }
    }
    let mut heap = BinaryHeap::new();
    for (a, others) in sums.iter().enumerate() {
        for (&b, &alike) in others.range(a + 1..) {
            heap.push(Candidate { alike, a, b });
        }
    }
    while let Some(Candidate { alike, a, b }) = heap.pop() {
        if alike < LEAST_ALIKE {
            break;
        }
        if members[a].is_empty() || members[b].is_empty() {
            continue;
        }
        // Many may agree a little; two must agree on something.
        if sums[a].get(&b).copied().unwrap_or(0.0) < LEAST_IN_ALL {
            continue;
        }
        // A group that grew is less alike to those its new members are not linked with. That
        // is found out here, when it matters, and not for all of them whenever it grows.
        let now = average(&sums, &members, a, b);
        if now != alike {
            if now < alike && now >= LEAST_ALIKE {
                heap.push(Candidate { alike: now, a, b });
            }
            continue;
        }
        // The one with fewer links joins the other.
        let (a, b) = if sums[a].len() >= sums[b].len() { (a, b) } else { (b, a) };
        let joining = std::mem::take(&mut members[b]);
        members[a].extend(joining);
        let others = std::mem::take(&mut sums[b]);
        sums[a].remove(&b);
        for (c, sum) in others {
            if c == a {
                continue;
            }
            let total = sums[a].entry(c).or_default();
            *total += sum;
            let total = *total;
            sums[c].remove(&b);
            sums[c].insert(a, total);
            let (low, high) = (a.min(c), a.max(c));
            let alike = average(&sums, &members, low, high);
            if alike >= LEAST_ALIKE {
                heap.push(Candidate { alike, a: low, b: high });
            }
        }
    }
    members.retain(|group| !group.is_empty());
    for group in &mut members {
        group.sort_unstable();
    }
    members.sort_unstable();
    members
}

fn average(
    sums: &[BTreeMap<usize, f32>],
    members: &[Vec<usize>],
    a: usize,
    b: usize,
) -> f32 {
    let sum = sums[a].get(&b).copied().unwrap_or(0.0);
    sum / (members[a].len() * members[b].len()).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_does_not_make_two_claims_one() {
        let mut links = Vec::new();
        for base in [0, 30] {
            for a in base..base + 30 {
                links.extend((a + 1..base + 30).map(|b| (a, b, 0.9)));
            }
        }
        links.push((0, 30, 0.9));
        let groups = group(60, &links);
        assert_eq!(groups, [(0..30).collect::<Vec<_>>(), (30..60).collect()]);
    }

    #[test]
    fn two_that_hardly_agree_stay_apart_and_many_that_do_a_little_do_not() {
        assert_eq!(group(2, &[(0, 1, 0.2)]), [vec![0], vec![1]]);
        let little = [(0, 1, 0.9), (2, 3, 0.9), (0, 2, 0.1), (0, 3, 0.1), (1, 2, 0.1)];
        let some = [(1, 3, 0.1)];
        assert_eq!(group(4, &[&little[..], &some].concat()), [vec![0, 1, 2, 3]]);
        assert_eq!(group(4, &little[..3]), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn what_has_no_link_is_alone() {
        assert_eq!(group(3, &[(0, 2, 0.8)]), [vec![0, 2], vec![1]]);
        assert!(group(0, &[]).is_empty());
    }
}
