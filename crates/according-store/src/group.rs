//! The statements of a claim, as they are kept and told from others.

use according_corpus::{Hand, Member, Told};
use rustc_hash::FxHashMap;

use crate::settle::At;

/// A claim's statements, in the order of their articles.
pub(crate) struct Group {
    /// Those that count.
    pub(crate) left: Vec<At>,
    /// Those that were rejected.
    pub(crate) rejected: Vec<At>,
    /// What it is put in order by.
    pub(crate) first: Option<At>,
    pub(crate) recurs: bool,
}

impl Group {
    /// What is told, with numbers for articles in the place of their order.
    pub(crate) fn new(told: &Told, ids: &[i64]) -> Self {
        let at =
            |(n, statement): &(usize, usize)| Some((*ids.get(*n)?, *statement as u16));
        Self {
            left: told.group.iter().filter_map(at).collect(),
            rejected: told.rejected.iter().filter_map(at).collect(),
            first: told.first().and_then(|first| at(&first)),
            recurs: told.recurs,
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &At> {
        self.left.iter().chain(&self.rejected)
    }
}

/// The place of each article.
pub(crate) fn numbers(ids: &[i64]) -> FxHashMap<i64, usize> {
    ids.iter().enumerate().map(|(n, id)| (*id, n)).collect()
}

/// Tells groups of statements, and what analysts say of them, from any others (FNV-1a, 64
/// bits).
pub(crate) fn digest(groups: &[&Group], hand: &Hand<At>) -> i64 {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for group in groups {
        add(&(group.left.len() as u64).to_le_bytes());
        for &at in group.all() {
            add(&at.0.to_le_bytes());
            add(&at.1.to_le_bytes());
            for number in hand.about(at) {
                add(&number.to_le_bytes());
            }
            let mut same = hand.same(at);
            if same.any(|other| group.left.contains(&other)) {
                add(b"tied");
            }
        }
        if !group.rejected.is_empty() {
            add(&[u8::from(group.recurs)]);
        }
    }
    digest.cast_signed()
}

/// What claims that equally many articles make are put in order by: their first statement.
pub(crate) fn place(member: &Member, statement: u16) -> Vec<u8> {
    let (is_undated, published, time, reference) = member.order();
    let mut place = vec![u8::from(is_undated)];
    for part in [published, time, reference] {
        place.extend(part.bytes());
        place.push(0);
    }
    place.extend(statement.to_be_bytes());
    place
}
