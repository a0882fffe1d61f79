//! What the corrections of a corpus change together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Act, Correction};
use crate::format::Corrected;

/// A correction that holds, and where its anchors are found, in their order. Statements are
/// numbers of any kind `N`.
#[derive(Clone, Debug)]
pub struct Found<'c, N> {
    /// The correction.
    pub correction: &'c Correction,
    /// The statements, `None` for what finds its place no more.
    pub places: Vec<Option<N>>,
}

/// What an analyst says of statements. Where corrections contradict one another the later
/// ones prevail.
#[derive(Clone, Debug)]
pub struct Hand<N> {
    /// Statements that say the same: enough pairs to reach all from each, both ways.
    same: BTreeMap<N, BTreeSet<N>>,
    /// Statements that do not, both ways.
    apart: BTreeMap<N, BTreeSet<N>>,
    rejected: BTreeSet<N>,
    /// Numbers of corrections that are about a statement, ascending.
    about: BTreeMap<N, Vec<u32>>,
    told: Arc<BTreeMap<u32, Corrected>>,
}

impl<N> Default for Hand<N> {
    fn default() -> Self {
        Self {
            same: BTreeMap::new(),
            apart: BTreeMap::new(),
            rejected: BTreeSet::new(),
            about: BTreeMap::new(),
            told: Arc::default(),
        }
    }
}

impl<N: Copy + Ord> Hand<N> {
    /// What corrections change together, which ascend by number.
    pub fn new(found: &[Found<'_, N>]) -> Self {
        let mut hand = Self::default();
        let told = found.iter().map(|Found { correction, .. }| {
            (correction.number, Corrected::new(correction))
        });
        hand.told = Arc::new(told.collect());
        let mut ties = Ties { of: BTreeMap::new(), all: Vec::new() };
        // Statements of which a later correction says whether they were read right.
        let mut judged = BTreeSet::new();
        for Found { correction, places } in found.iter().rev() {
            let number = correction.number;
            for at in places.iter().flatten() {
                let about = hand.about.entry(*at).or_default();
                if !about.contains(&number) {
                    about.push(number);
                    about.sort_unstable();
                }
            }
            let some =
                |of: &[Option<N>]| of.iter().copied().flatten().collect::<Vec<N>>();
            match &correction.act {
                Act::Merge { .. } => hand.tie(&some(places), &mut ties),
                Act::Split { statements, .. } => {
                    let (off, from) = places.split_at(statements.len().min(places.len()));
                    let off = some(off);
                    hand.tie(&off, &mut ties);
                    // One of those that are tied together stands for all of them.
                    let mut parted = BTreeSet::new();
                    for at in &off {
                        if parted.insert(ties.component(*at)) {
                            for other in from.iter().flatten() {
                                hand.part_from(*at, *other, &mut ties);
                            }
                        }
                    }
                }
                Act::Accept { .. } => judged.extend(places.iter().flatten()),
                Act::Reject { .. } => {
                    let mut places = places.iter().flatten();
                    hand.rejected
                        .extend(places.by_ref().filter(|at| judged.insert(**at)));
                }
                _ => {}
            }
        }
        hand
    }

    /// Ties statements together as far as later corrections let them.
    fn tie(&mut self, statements: &[N], ties: &mut Ties<N>) {
        for (n, at) in statements.iter().enumerate() {
            for other in statements.iter().take(n) {
                let (a, b) = (ties.component(*at), ties.component(*other));
                if a == b {
                    break;
                }
                if !ties.are_apart(a, b, &self.apart) {
                    ties.unite(a, b);
                    self.same.entry(*at).or_default().insert(*other);
                    self.same.entry(*other).or_default().insert(*at);
                    break;
                }
            }
        }
    }

    fn part_from(&mut self, a: N, b: N, ties: &mut Ties<N>) {
        if ties.component(a) != ties.component(b) {
            self.apart.entry(a).or_default().insert(b);
            self.apart.entry(b).or_default().insert(a);
        }
    }

    /// Whether it is about no statement.
    pub fn is_empty(&self) -> bool {
        self.about.is_empty()
    }

    /// What a statement is tied to.
    pub fn same(&self, at: N) -> impl Iterator<Item = N> {
        self.same.get(&at).into_iter().flatten().copied()
    }

    /// All that is tied to something, within a range.
    pub fn tied(
        &self,
        range: std::ops::RangeInclusive<N>,
    ) -> impl Iterator<Item = (N, N)> {
        let tied = self.same.range(range);
        tied.flat_map(|(at, others)| others.iter().map(|other| (*at, *other)))
    }

    /// What a statement does not say.
    pub fn apart(&self, at: N) -> impl Iterator<Item = N> {
        self.apart.get(&at).into_iter().flatten().copied()
    }

    /// Whether a statement counts for nothing.
    pub fn is_rejected(&self, at: N) -> bool {
        self.rejected.contains(&at)
    }

    /// Numbers of corrections that are about a statement, ascending.
    pub fn about(&self, at: N) -> &[u32] {
        self.about.get(&at).map(Vec::as_slice).unwrap_or_default()
    }

    /// A correction, as answers tell of it.
    pub fn told(&self, number: u32) -> Option<&Corrected> {
        self.told.get(&number)
    }

    /// The part that is about some statements, which have other numbers there.
    pub fn part<M: Copy + Ord>(&self, numbers: &BTreeMap<N, M>) -> Hand<M> {
        let mut part = Hand { told: Arc::clone(&self.told), ..Hand::default() };
        if self.is_empty() {
            return part;
        }
        for (&at, &to) in numbers {
            let within = |others: &BTreeMap<N, BTreeSet<N>>| -> BTreeSet<M> {
                let others = others.get(&at).into_iter().flatten();
                others.filter_map(|other| numbers.get(other).copied()).collect()
            };
            let (same, apart) = (within(&self.same), within(&self.apart));
            if !same.is_empty() {
                part.same.insert(to, same);
            }
            if !apart.is_empty() {
                part.apart.insert(to, apart);
            }
            if self.is_rejected(at) {
                part.rejected.insert(to);
            }
            if let Some(about) = self.about.get(&at) {
                part.about.insert(to, about.clone());
            }
        }
        part
    }
}

/// What is tied together.
struct Ties<N> {
    of: BTreeMap<N, usize>,
    all: Vec<Vec<N>>,
}

impl<N: Copy + Ord> Ties<N> {
    fn component(&mut self, at: N) -> usize {
        let next = self.all.len();
        let component = *self.of.entry(at).or_insert(next);
        if component == next {
            self.all.push(vec![at]);
        }
        component
    }

    fn are_apart(&self, a: usize, b: usize, apart: &BTreeMap<N, BTreeSet<N>>) -> bool {
        let mut members = self.all.get(a).into_iter().flatten();
        members.any(|at| {
            let mut others = apart.get(at).into_iter().flatten();
            others.any(|other| self.of.get(other) == Some(&b))
        })
    }

    fn unite(&mut self, a: usize, b: usize) {
        let joining = self.all.get_mut(b).map(std::mem::take).unwrap_or_default();
        for at in &joining {
            self.of.insert(*at, a);
        }
        if let Some(all) = self.all.get_mut(a) {
            all.extend(joining);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Anchor;
    use super::*;

    /// Corrections of statements that are called by letters: "=abc" ties, "a/bc" parts,
    /// "+a" accepts, "-a" rejects.
    fn hand(acts: &[&str]) -> Hand<char> {
        let anchors = |n: usize| vec![Anchor::default(); n];
        let corrections = acts.iter().zip(1..).map(|(act, number)| {
            let (off, from) = act.split_once('/').unwrap_or((act, ""));
            let (statements, others) = (anchors(off.len()), anchors(from.len()));
            let act = match (act.get(..1), act.len()) {
                (Some("="), n) => Act::Merge { statements: anchors(n - 1) },
                (Some("+"), n) => Act::Accept { statements: anchors(n - 1) },
                (Some("-"), n) => Act::Reject { statements: anchors(n - 1) },
                _ => Act::Split { statements, others },
            };
            Correction { number, by: String::new(), at: String::new(), act }
        });
        let corrections: Vec<Correction> = corrections.collect();
        let found = corrections.iter().zip(acts).map(|(correction, act)| {
            let letters = act.chars().filter(|c| c.is_alphabetic());
            Found { correction, places: letters.map(Some).collect() }
        });
        Hand::new(&found.collect::<Vec<_>>())
    }

    fn tied(hand: &Hand<char>, at: char) -> String {
        let mut found = BTreeSet::from([at]);
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            open.extend(hand.same(at).filter(|other| found.insert(*other)));
        }
        found.into_iter().collect()
    }

    #[test]
    fn later_corrections_prevail() {
        let merged = hand(&["=abc", "=cd"]);
        assert_eq!(tied(&merged, 'a'), "abcd");
        let split = hand(&["=abc", "a/bc"]);
        assert_eq!((tied(&split, 'a').as_str(), tied(&split, 'b').as_str()), ("a", "bc"));
        assert_eq!(split.apart('a').collect::<String>(), "bc");
        let again = hand(&["a/bc", "=ab"]);
        assert_eq!(tied(&again, 'a'), "ab");
        assert_eq!(again.apart('a').collect::<String>(), "c");
        assert_eq!(again.about('c'), [1]);
        assert_eq!(again.about('b'), [1, 2]);
    }

    #[test]
    fn what_was_rejected_can_be_accepted_later() {
        let hand = hand(&["-ab", "+ac", "-c"]);
        let rejected: String = ('a'..'e').filter(|at| hand.is_rejected(*at)).collect();
        assert_eq!(rejected, "bc");
        assert_eq!(hand.about('a'), [1, 2]);
    }

    #[test]
    fn what_must_stay_apart_is_not_tied_by_way_of_others() {
        let hand = hand(&["=ax", "=xb", "a/b"]);
        assert_eq!(tied(&hand, 'b'), "bx");
        assert_eq!(tied(&hand, 'a'), "a");
    }
}
