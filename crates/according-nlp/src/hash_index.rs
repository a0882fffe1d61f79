//! An index from hashes to places in a list.

/// Finds entries of a list that is kept elsewhere by a 64-bit hash that is already known,
/// so that keys are neither hashed again nor stored twice.
#[derive(Debug, Default)]
pub(crate) struct HashIndex {
    /// Open addressing; a place of `EMPTY` ends a search. The length is a power of two, and
    /// at least a quarter of the slots are empty.
    slots: Vec<(u64, u32)>,
    len: usize,
}

const EMPTY: u32 = u32::MAX;

impl HashIndex {
    /// The place stored for `hash` that passes `is_it`.
    pub(crate) fn get(
        &self,
        hash: u64,
        mut is_it: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        // Without slots there is nothing to find.
        while let Some(&(key, place)) = self.slots.get(at)
            && place != EMPTY
        {
            if key == hash && is_it(place as usize) {
                return Some(place as usize);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Stores `place`, which must be less than `u32::MAX`, for `hash`.
    pub(crate) fn insert(&mut self, hash: u64, place: usize) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            let larger = (self.slots.len() * 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![(0, EMPTY); larger]);
            for slot in old.into_iter().filter(|&(_, place)| place != EMPTY) {
                self.put(slot);
            }
        }
        self.put((hash, place as u32));
        self.len += 1;
    }

    /// Forgets everything but keeps the room.
    #[cfg(test)]
    pub(crate) fn clear(&mut self) {
        self.slots.fill((0, EMPTY));
        self.len = 0;
    }

    fn put(&mut self, slot: (u64, u32)) {
        let mask = self.slots.len() - 1;
        let mut at = slot.0 as usize & mask;
        while self.slots[at].1 != EMPTY {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// Mixes two numbers into a hash whose low bits depend on all of theirs.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let product =
        u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xd6e8_feb8_6659_fd93);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in() {
        let mut index = HashIndex::default();
        assert_eq!(index.get(0, |_| true), None);
        let hash = |i: usize| mix(i as u64, 7) % 500;
        for i in 0..1000 {
            assert_eq!(index.get(hash(i), |place| place == i), None);
            index.insert(hash(i), i);
        }
        for i in 0..1000 {
            assert_eq!(index.get(hash(i), |place| place == i), Some(i));
        }
        index.clear();
        assert_eq!(index.get(hash(1), |_| true), None);
    }
}
