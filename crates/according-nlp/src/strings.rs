//! spaCy's 64-bit string ids.
//!
//! The id of a string is a hash of its bytes, so none needs to be looked up in the 10 MB of
//! `strings.json`; but some hundred names that spaCy uses itself are numbered by hand, and
//! keep their number when they occur as words of a text ("number", "X", "mark").

use std::sync::LazyLock;

/// The id of `text`.
pub(crate) fn id(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let hash = murmur(text.as_bytes());
    SYMBOL_IDS.get(hash).unwrap_or(hash)
}

/// MurmurHash64A with seed 1.
pub(crate) fn murmur(bytes: &[u8]) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    const R: u32 = 47;
    let mut hash = 1 ^ (bytes.len() as u64).wrapping_mul(M);
    let (words, tail) = bytes.as_chunks::<8>();
    for word in words {
        let mut k = u64::from_le_bytes(*word).wrapping_mul(M);
        k ^= k >> R;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let tail = tail.iter().rev().fold(0, |k, &b| k << 8 | u64::from(b));
        hash = (hash ^ tail).wrapping_mul(M);
    }
    hash ^= hash >> R;
    hash = hash.wrapping_mul(M);
    hash ^ hash >> R
}

/// Numbered names, each run with the number of its first.
const SYMBOLS: [(u16, &str); 3] = [
    (
        1,
        "IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_PUNCT IS_SPACE IS_TITLE IS_UPPER \
     LIKE_URL LIKE_NUM LIKE_EMAIL IS_STOP IS_OOV_DEPRECATED IS_BRACKET IS_QUOTE \
     IS_LEFT_PUNCT IS_RIGHT_PUNCT IS_CURRENCY",
    ),
    (
        64,
        "ID ORTH LOWER NORM SHAPE PREFIX SUFFIX LENGTH CLUSTER LEMMA POS TAG DEP \
     ENT_IOB ENT_TYPE HEAD SENT_START SPACY PROB LANG ADJ ADP ADV AUX CONJ CCONJ \
     DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X EOL SPACE",
    ),
    (
        380,
        "PERSON NORP FACILITY ORG GPE LOC PRODUCT EVENT WORK_OF_ART LANGUAGE LAW DATE \
     TIME PERCENT MONEY QUANTITY ORDINAL CARDINAL acomp advcl advmod agent amod \
     appos attr aux auxpass cc ccomp complm conj cop csubj csubjpass dep det dobj \
     expl hmod hyph infmod intj iobj mark meta neg nmod nn npadvmod nsubj nsubjpass \
     num number oprd obj obl parataxis partmod pcomp pobj poss possessive preconj \
     prep prt punct quantmod relcl rcmod root xcomp acl ENT_KB_ID MORPH ENT_ID IDX \
     _",
    ),
];

/// The numbers of names that stand for nothing yet: `FLAG19` to `FLAG63`, and
/// `DEPRECATED001` to `DEPRECATED276` from 104 on.
fn unused_names() -> impl Iterator<Item = (u16, String)> {
    let flags = (19..=63).map(|n| (n, format!("FLAG{n}")));
    let deprecated = (1..=276).map(|n| (103 + n, format!("DEPRECATED{n:03}")));
    flags.chain(deprecated)
}

static SYMBOL_IDS: LazyLock<SymbolIds> = LazyLock::new(SymbolIds::new);

/// From the hash of a symbol to its number, by open addressing. Nearly every word is no
/// symbol and is told so by the first slot.
struct SymbolIds {
    slots: [(u64, u16); Self::SLOTS],
}

impl SymbolIds {
    /// A power of two, and more than four times the number of symbols.
    const SLOTS: usize = 2048;

    fn new() -> Self {
        let mut symbols = Self { slots: [(0, 0); Self::SLOTS] };
        for (first, names) in SYMBOLS {
            for (number, name) in (first..).zip(names.split(' ')) {
                symbols.insert(name, number);
            }
        }
        for (number, name) in unused_names() {
            symbols.insert(&name, number);
        }
        symbols
    }

    fn insert(&mut self, name: &str, number: u16) {
        let hash = murmur(name.as_bytes());
        let mut at = hash as usize % Self::SLOTS;
        while self.slots[at].1 != 0 {
            at = (at + 1) % Self::SLOTS;
        }
        self.slots[at] = (hash, number);
    }

    fn get(&self, hash: u64) -> Option<u64> {
        let mut at = hash as usize % Self::SLOTS;
        loop {
            match self.slots[at] {
                (_, 0) => return None,
                (key, number) if key == hash => return Some(number.into()),
                _ => at = (at + 1) % Self::SLOTS,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as spaCy's own `StringStore` gives them.
    #[test]
    fn ids_are_those_of_spacy() {
        assert_eq!(id(""), 0);
        assert_eq!(id("adj"), 12401032943472870168);
        assert_eq!(id("noun"), 16833663260455505849);
        assert_eq!(id("verb"), 6360137228241296794);
        assert_eq!(id("adv"), 10054248821341768113);
        assert_eq!(id("coffee"), 3197928453018144401);
        assert_eq!(id("a"), 11901859001352538922);
        assert_eq!(id("ab"), 6606101647874324205);
        assert_eq!(id("eightchr"), 16614730885346826757);
        assert_eq!(id("nine char"), 1423752564574045411);
        assert_eq!(id("über"), 1502415808165053963);
        assert_eq!(id("日本語"), 1998301522555383300);
        assert_eq!(id("…"), 12034422695025479550);
    }

    #[test]
    fn names_of_spacy_keep_their_numbers() {
        assert_eq!(id("IS_ALPHA"), 1);
        assert_eq!(id("FLAG19"), 19);
        assert_eq!(id("FLAG63"), 63);
        assert_eq!(id("ORTH"), 65);
        assert_eq!(id("X"), 101);
        assert_eq!(id("SPACE"), 103);
        assert_eq!(id("DEPRECATED001"), 104);
        assert_eq!(id("DEPRECATED276"), 379);
        assert_eq!(id("PERSON"), 380);
        assert_eq!(id("punct"), 445);
        assert_eq!(id("_"), 456);
    }
}
