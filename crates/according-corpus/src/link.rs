//! What connects two articles.

use crate::copy::overlap;
use crate::fingerprint::Fingerprint;
use crate::same::{Likeness, compare, compare_within};

/// Texts that share less are not compared for copies any further.
const LEAST_SHARE: f32 = 0.1;
/// With how many statements of another article one statement may be linked: the best ones.
const MOST_LINKS: usize = 8;

/// What two articles have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Share of the shorter running text that stands in the other.
    pub share: f32,
    /// Statements that may say the same.
    pub same: Vec<Likeness>,
}

impl Link {
    /// Whether the two have nothing in common.
    pub fn is_empty(&self) -> bool {
        self.share == 0.0 && self.same.is_empty()
    }
}

/// Compares two articles. What they have in common is the same to the last bit whichever
/// comes first.
pub fn link(a: &Fingerprint, b: &Fingerprint) -> Link {
    let size = |f: &Fingerprint| (f.running.len(), f.statements.len(), f.words.len());
    if (size(a), &a.running) <= (size(b), &b.running) {
        return ordered(a, b);
    }
    let mut link = ordered(b, a);
    for same in &mut link.same {
        std::mem::swap(&mut same.a, &mut same.b);
    }
    link.same.sort_by_key(|likeness| (likeness.a, likeness.b));
    link
}

fn ordered(a: &Fingerprint, b: &Fingerprint) -> Link {
    let share = overlap(a, b).share;
    let mut same = compare(a, b);
    same.sort_by(|x, y| y.likely.total_cmp(&x.likely).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut counts = [vec![0; a.statements.len()], vec![0; b.statements.len()]];
    same.retain(|likeness| {
        let [of_a, of_b] = &mut counts;
        let (Some(x), Some(y)) =
            (of_a.get_mut(likeness.a as usize), of_b.get_mut(likeness.b as usize))
        else {
            return false;
        };
        *x += 1;
        *y += 1;
        *x <= MOST_LINKS && *y <= MOST_LINKS
    });
    same.sort_by_key(|likeness| (likeness.a, likeness.b));
    Link { share: if share < LEAST_SHARE { 0.0 } else { share }, same }
}

/// What is less likely is no echo.
const LEAST_ECHO: f32 = 0.5;

/// Which statements in the outlet's own voice say what the same article elsewhere attributes
/// to somebody: `a` echoes `b`. Each has one echo, the likeliest.
pub fn echoes(fingerprint: &Fingerprint) -> Vec<Likeness> {
    let statement = |n: u32| fingerprint.statements.get(n as usize);
    let mut best: Vec<Option<Likeness>> = vec![None; fingerprint.statements.len()];
    for likeness in compare_within(fingerprint) {
        let (Some(a), Some(b)) = (statement(likeness.a), statement(likeness.b)) else {
            continue;
        };
        let is_echo = a.claim.is_none() && b.claim.is_some() && a.sentence != b.sentence;
        if is_echo
            && likeness.likely >= LEAST_ECHO
            && let Some(best) = best.get_mut(likeness.a as usize)
            && best.is_none_or(|known| known.likely < likeness.likely)
        {
            *best = Some(likeness);
        }
    }
    best.into_iter().flatten().collect()
}
