//! From likenesses between statements to groups that say the same.
//!
//! Agglomerative clustering by average linkage: the two groups that are most alike on
//! average become one, until none are alike enough. Two statements without a link count as
//! not alike at all, so that a chain of half-likenesses does not make one claim of a whole
//! story.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use rustc_hash::FxHashMap;

use crate::corpus::At;
use crate::correction::Hand;

/// Groups that are less alike on average stay apart.
pub const LEAST_ALIKE: f32 = 0.02;

/// Groups that are less alike in all, summed over their statements, stay apart.
const LEAST_IN_ALL: f32 = 0.2;

/// Two statements of a block that may say the same, by their numbers in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// One of them.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// How likely they say the same.
    pub likely: f32,
    /// Whether it is likely enough to make a claim: [`is_firm`](crate::block::is_firm).
    pub is_firm: bool,
}

/// Statements that say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The statements, ascending.
    pub group: Vec<At>,
    /// Statements that an analyst rejected, ascending: they count for nothing.
    pub rejected: Vec<At>,
    /// What denies them, as numbers of others of the same block.
    pub denials: Vec<usize>,
    /// Whether enough articles tell it: if not, it would recur but for what was rejected.
    pub recurs: bool,
}

impl Told {
    /// How common it is: how many articles tell it, or 0 where it does not recur.
    pub fn commonness(&self) -> usize {
        if self.recurs { n_articles(&self.group) } else { 0 }
    }

    /// The statement that claims of one commonness are put in order by.
    pub fn first(&self) -> Option<At> {
        let rejected = self.rejected.first().filter(|_| !self.recurs);
        self.group.first().into_iter().chain(rejected).min().copied()
    }
}

fn n_articles(group: &[At]) -> usize {
    group.chunk_by(|a, b| a.0 == b.0).count()
}

/// What is said in a block, whose statements ascend, by at least `min_articles` articles, or
/// denies what is. `same` are pairs of statements in the block; `hand` is what an analyst says
/// of these numbers. A denial is a claim of its own. Statements that are only a little alike
/// are no claim, however many there are: two of one must firmly say the same.
pub fn told(
    block: &[At],
    same: &[Pair],
    denies: impl Fn(usize) -> bool,
    hand: &Hand<usize>,
    min_articles: usize,
) -> Vec<Told> {
    let (agreeing, against): (Vec<Pair>, Vec<Pair>) =
        same.iter().copied().partition(|pair| denies(pair.a) == denies(pair.b));
    let links: Vec<(usize, usize, f32)> =
        agreeing.iter().map(|pair| (pair.a, pair.b, pair.likely)).collect();
    let groups = group(block.len(), &links, hand);
    let groups = firm(groups, &agreeing, hand);
    let group_of = numbers(block.len(), &groups);
    // What a denial denies is what it is most alike to.
    let mut sums: BTreeMap<usize, BTreeMap<usize, f32>> = BTreeMap::new();
    for Pair { a: x, b: y, likely, .. } in against {
        if hand.is_rejected(x) || hand.is_rejected(y) {
            continue;
        }
        let (asserts, denies) = if denies(x) { (y, x) } else { (x, y) };
        let (asserts, denies) = (group_of[asserts], group_of[denies]);
        // An analyst may hold a denial to say what it seems to deny.
        if asserts == denies {
            continue;
        }
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
    // What counts, and what was rejected.
    let groups: Vec<(Vec<At>, Vec<At>)> = groups
        .iter()
        .map(|members| {
            let is_rejected = |m: &&usize| hand.is_rejected(**m);
            let (rejected, left): (Vec<_>, Vec<_>) =
                members.iter().partition(is_rejected);
            let at = |of: Vec<&usize>| {
                of.into_iter().filter_map(|m| block.get(*m).copied()).collect()
            };
            (at(left), at(rejected))
        })
        .collect();
    // A denial of what recurs is told although it does not recur itself.
    let mut recurring: BTreeSet<usize> = BTreeSet::new();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (number, (left, rejected)) in groups.iter().enumerate() {
        if n_articles(left) >= min_articles {
            recurring.insert(number);
            recurring.extend(denied.get(&number).into_iter().flatten());
        } else if !rejected.is_empty() {
            let mut all = [left.as_slice(), rejected].concat();
            all.sort_unstable();
            told.extend((n_articles(&all) >= min_articles).then_some(number));
        }
    }
    told.extend(&recurring);
    let told: Vec<usize> = told.into_iter().collect();
    let group = |number: &usize| {
        let recurs = recurring.contains(number);
        let denials = denied.get(number).filter(|_| recurs);
        let denials = denials.map(Vec::as_slice).unwrap_or_default();
        let denials = denials.iter().filter_map(|d| told.binary_search(d).ok());
        let denials = denials.collect();
        let (group, rejected) = groups.get(*number)?.clone();
        Some(Told { group, rejected, denials, recurs })
    };
    told.iter().filter_map(group).collect()
}

/// The number of the group of each of `n` statements.
fn numbers(n: usize, groups: &[Vec<usize>]) -> Vec<usize> {
    let mut group_of = vec![0; n];
    for (number, members) in groups.iter().enumerate() {
        for &member in members {
            group_of[member] = number;
        }
    }
    group_of
}

/// Takes groups apart of which no two firmly say the same.
fn firm(groups: Vec<Vec<usize>>, pairs: &[Pair], hand: &Hand<usize>) -> Vec<Vec<usize>> {
    let n = groups.iter().map(Vec::len).sum();
    let group_of = numbers(n, &groups);
    let mut is_firm = vec![false; groups.len()];
    for pair in pairs.iter().filter(|pair| pair.is_firm) {
        let (a, b) = (group_of[pair.a], group_of[pair.b]);
        is_firm[a] |= a == b;
    }
    let is_tied =
        |members: &[usize]| members.iter().any(|m| hand.same(*m).next().is_some());
    let mut all = Vec::with_capacity(groups.len());
    for (members, is_firm) in groups.into_iter().zip(is_firm) {
        match is_firm || is_tied(&members) {
            true => all.push(members),
            false => all.extend(members.into_iter().map(|member| vec![member])),
        }
    }
    all.sort_unstable();
    all
}

/// Two groups and how alike they are. The most alike are the greatest, then the lower numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// The bits of a likeness above 0, which are in the order of what they stand for.
    alike: u32,
    pair: Reverse<(u32, u32)>,
}

impl Candidate {
    fn new(alike: f32, a: usize, b: usize) -> Self {
        Self { alike: alike.to_bits(), pair: Reverse((a.min(b) as u32, a.max(b) as u32)) }
    }

    fn pair(&self) -> (usize, usize) {
        let Reverse((a, b)) = self.pair;
        (a as usize, b as usize)
    }
}

/// Groups the statements `0..n` by `links`, each of two different ones and how likely they
/// say the same, and by what an analyst says of them. Every statement is in one group; groups
/// and their members ascend.
pub fn group(
    n: usize,
    links: &[(usize, usize, f32)],
    hand: &Hand<usize>,
) -> Vec<Vec<usize>> {
    let mut groups = Groups::new(n, links, hand);
    let mut heap = BinaryHeap::new();
    for (a, others) in groups.sums.iter().enumerate() {
        let later = others.keys().filter(|b| a < **b);
        heap.extend(later.filter_map(|&b| groups.candidate(a, b)));
    }
    while let Some(candidate) = heap.pop() {
        let (a, b) = candidate.pair();
        if groups.members[a].is_empty()
            || groups.members[b].is_empty()
            || groups.apart[a].contains(&b)
        {
            continue;
        }
        // A group that grew may be less alike to others than it was. That is found out here,
        // when it matters, and not for all of them whenever it grows.
        let Some(now) = groups.candidate(a, b) else { continue };
        if now != candidate {
            if now < candidate {
                heap.push(now);
            }
            continue;
        }
        let (a, closer) = groups.join(a, b);
        heap.extend(closer.into_iter().filter_map(|c| groups.candidate(a, c)));
    }
    let mut members = groups.members;
    members.retain(|group| !group.is_empty());
    for group in &mut members {
        group.sort_unstable();
    }
    members.sort_unstable();
    members
}

/// Groups on their way.
struct Groups {
    members: Vec<Vec<usize>>,
    /// Sums of likelihoods between groups. In whatever order they are gone through, each is
    /// added to once, and candidates are put in order by the heap.
    sums: Vec<FxHashMap<usize, f32>>,
    /// Groups that must not become one.
    apart: Vec<BTreeSet<usize>>,
}

impl Groups {
    /// Statements as links and an analyst have them: those that are tied are one group.
    fn new(n: usize, links: &[(usize, usize, f32)], hand: &Hand<usize>) -> Self {
        let mut this = Self {
            members: (0..n).map(|i| vec![i]).collect(),
            sums: vec![FxHashMap::default(); n],
            apart: vec![BTreeSet::new(); n],
        };
        for &(a, b, likely) in links {
            if a != b && a < n && b < n {
                this.sums[a].insert(b, likely);
                this.sums[b].insert(a, likely);
            }
        }
        if hand.is_empty() {
            return this;
        }
        for a in 0..n {
            this.apart[a].extend(hand.apart(a).filter(|b| *b < n));
        }
        let mut of: Vec<usize> = (0..n).collect();
        for a in 0..n {
            for b in hand.same(a).filter(|b| a < *b && *b < n) {
                let (x, y) = (of[a], of[b]);
                if x != y && !this.apart[x].contains(&y) {
                    let (joined, _) = this.join(x, y);
                    for &member in &this.members[joined] {
                        of[member] = joined;
                    }
                }
            }
        }
        this
    }

    /// Makes two groups one. Tells which, and to what others it is more alike than before.
    fn join(&mut self, a: usize, b: usize) -> (usize, Vec<usize>) {
        // The one with fewer links joins the other.
        let (a, b) =
            if self.sums[a].len() >= self.sums[b].len() { (a, b) } else { (b, a) };
        let before = self.members[a].len();
        let joining = std::mem::take(&mut self.members[b]);
        self.members[a].extend(joining);
        for c in std::mem::take(&mut self.apart[b]) {
            self.apart[c].remove(&b);
            self.apart[c].insert(a);
            self.apart[a].insert(c);
        }
        let others = std::mem::take(&mut self.sums[b]);
        self.sums[a].remove(&b);
        let mut closer = Vec::new();
        for (c, sum) in others.into_iter().filter(|(c, _)| *c != a) {
            let total = self.sums[a].entry(c).or_default();
            let was = alike(*total, before * self.members[c].len());
            *total += sum;
            let total = *total;
            self.sums[c].remove(&b);
            self.sums[c].insert(a, total);
            if alike(total, self.members[a].len() * self.members[c].len()) > was {
                closer.push(c);
            }
        }
        (a, closer)
    }

    fn candidate(&self, a: usize, b: usize) -> Option<Candidate> {
        let sum = self.sums[a].get(&b).copied()?;
        let alike = alike(sum, self.members[a].len() * self.members[b].len())?;
        Some(Candidate::new(alike, a, b))
    }
}

/// How alike two groups are that may become one, by the sum of the likelihoods of so many
/// pairs of statements. Many may agree a little; two must agree on something.
fn alike(sum: f32, pairs: usize) -> Option<f32> {
    let alike = sum / pairs.max(1) as f32;
    (sum >= LEAST_IN_ALL && alike >= LEAST_ALIKE).then_some(alike)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups without an analyst.
    fn alone(n: usize, links: &[(usize, usize, f32)]) -> Vec<Vec<usize>> {
        group(n, links, &Hand::default())
    }

    #[test]
    fn a_bridge_does_not_make_two_claims_one() {
        let mut links = Vec::new();
        for base in [0, 30] {
            for a in base..base + 30 {
                links.extend((a + 1..base + 30).map(|b| (a, b, 0.9)));
            }
        }
        links.push((0, 30, 0.9));
        let groups = alone(60, &links);
        assert_eq!(groups, [(0..30).collect::<Vec<_>>(), (30..60).collect()]);
    }

    #[test]
    fn two_that_hardly_agree_stay_apart_and_many_that_do_a_little_do_not() {
        assert_eq!(alone(2, &[(0, 1, 0.15)]), [vec![0], vec![1]]);
        let little = [(0, 1, 0.9), (2, 3, 0.9), (0, 2, 0.1), (0, 3, 0.1), (1, 2, 0.1)];
        let some = [(1, 3, 0.1)];
        assert_eq!(alone(4, &[&little[..], &some].concat()), [vec![0, 1, 2, 3]]);
        assert_eq!(alone(4, &little[..3]), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn what_is_only_a_little_alike_is_no_claim() {
        let block: Vec<At> = (0..3).map(|article| (article, 0)).collect();
        let told_of = |firm: usize, hand: &Hand<usize>| {
            let pair = |a, b| Pair { a, b, likely: 0.4, is_firm: a + b == firm };
            let same = [pair(0, 1), pair(0, 2), pair(1, 2)];
            told(&block, &same, |_| false, hand, 2).len()
        };
        assert_eq!(told_of(9, &Hand::default()), 0);
        assert_eq!(told_of(3, &Hand::default()), 1);
    }

    #[test]
    fn what_has_no_link_is_alone() {
        assert_eq!(alone(3, &[(0, 2, 0.8)]), [vec![0, 2], vec![1]]);
        assert!(alone(0, &[]).is_empty());
    }
}
