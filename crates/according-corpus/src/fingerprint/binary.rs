//! A fingerprint as bytes: numbers of seven bits a byte, differences where lists ascend.

use super::{Fingerprint, Statement, Word, WordKind};

/// The first byte. A fingerprint of another version has to be made anew.
const VERSION: u8 = 1;

/// Bytes that are no fingerprint of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenFingerprint;

impl std::fmt::Display for BrokenFingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fingerprint is damaged or of another version")
    }
}

impl std::error::Error for BrokenFingerprint {}

impl Fingerprint {
    /// As bytes, for keeping.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        put(&mut out, self.words.len() as u32);
        let mut before = 0;
        for word in &self.words {
            put(&mut out, word.hash - before);
            before = word.hash;
            let kind = match word.kind {
                WordKind::Other => 0,
                WordKind::Verb => 1,
                WordKind::Name => 2,
                WordKind::Number => 3,
                WordKind::Time => 4,
            };
            // Weights are small, and whole sixteenths.
            put(&mut out, ((word.weight * 16.0) as u32) * 8 + kind);
            put(&mut out, word.vector.wrapping_add(1));
        }
        put(&mut out, self.statements.len() as u32);
        let mut start = 0;
        for statement in &self.statements {
            put(&mut out, zigzag(statement.start, start));
            start = statement.start;
            put(&mut out, statement.end.saturating_sub(statement.start));
            put(&mut out, statement.claim.map_or(0, |claim| claim + 1));
            put(&mut out, statement.sentence);
            out.push(
                u8::from(statement.is_headline)
                    | u8::from(statement.is_negative) << 1
                    | u8::from(statement.is_hedged) << 2
                    | u8::from(statement.is_quoted) << 3,
            );
            put_ascending(&mut out, statement.terms.iter().map(|&t| u32::from(t)));
            put_ascending(&mut out, statement.context.iter().map(|&t| u32::from(t)));
        }
        put_ascending(&mut out, self.sentences.iter().copied());
        put(&mut out, self.running.len() as u32);
        for word in &self.running {
            out.extend(word.to_le_bytes());
        }
        out
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// When the bytes are damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenFingerprint> {
        let mut input = Input { bytes };
        if input.byte()? != VERSION {
            return Err(BrokenFingerprint);
        }
        let mut fingerprint = Self::default();
        let mut hash = 0u32;
        for _ in 0..input.number()? {
            hash = hash.wrapping_add(input.number()?);
            let packed = input.number()?;
            let kind = match packed % 8 {
                0 => WordKind::Other,
                1 => WordKind::Verb,
                2 => WordKind::Name,
                3 => WordKind::Number,
                4 => WordKind::Time,
                _ => return Err(BrokenFingerprint),
            };
            let weight = (packed / 8) as f32 / 16.0;
            let vector = input.number()?.wrapping_sub(1);
            fingerprint.words.push(Word { hash, weight, kind, vector });
        }
        let mut start = 0;
        for _ in 0..input.number()? {
            start = unzigzag(input.number()?, start);
            let end = start.saturating_add(input.number()?);
            let claim = input.number()?.checked_sub(1);
            let sentence = input.number()?;
            let flags = input.byte()?;
            fingerprint.statements.push(Statement {
                start,
                end,
                claim,
                sentence,
                is_headline: flags & 1 != 0,
                is_negative: flags & 2 != 0,
                is_hedged: flags & 4 != 0,
                is_quoted: flags & 8 != 0,
                terms: input.ascending()?,
                context: input.ascending()?,
            });
        }
        let n = fingerprint.words.len();
        let statements = &fingerprint.statements;
        let indexes = || statements.iter().flat_map(|s| s.terms.iter().chain(&s.context));
        if indexes().any(|&i| usize::from(i) >= n) {
            return Err(BrokenFingerprint);
        }
        fingerprint.sentences = input.ascending()?;
        for _ in 0..input.number()? {
            fingerprint.running.push(input.word()?);
        }
        match input.bytes.is_empty() {
            true => Ok(fingerprint),
            false => Err(BrokenFingerprint),
        }
    }
}

fn put(out: &mut Vec<u8>, mut n: u32) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn put_ascending(out: &mut Vec<u8>, list: impl ExactSizeIterator<Item = u32>) {
    put(out, list.len() as u32);
    let mut before = 0;
    for n in list {
        put(out, n.wrapping_sub(before));
        before = n;
    }
}

fn zigzag(n: u32, before: u32) -> u32 {
    let difference = n.wrapping_sub(before) as i32;
    ((difference << 1) ^ (difference >> 31)) as u32
}

fn unzigzag(n: u32, before: u32) -> u32 {
    before.wrapping_add((n >> 1) ^ (n & 1).wrapping_neg())
}

struct Input<'a> {
    bytes: &'a [u8],
}

impl Input<'_> {
    fn byte(&mut self) -> Result<u8, BrokenFingerprint> {
        let (&byte, rest) = self.bytes.split_first().ok_or(BrokenFingerprint)?;
        self.bytes = rest;
        Ok(byte)
    }

    fn number(&mut self) -> Result<u32, BrokenFingerprint> {
        let mut n = 0u32;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            n |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(BrokenFingerprint)
    }

    fn word(&mut self) -> Result<u32, BrokenFingerprint> {
        let (word, rest) = self.bytes.split_first_chunk().ok_or(BrokenFingerprint)?;
        self.bytes = rest;
        Ok(u32::from_le_bytes(*word))
    }

    fn ascending<T: TryFrom<u32>>(&mut self) -> Result<Vec<T>, BrokenFingerprint> {
        let mut list = Vec::new();
        let mut n = 0u32;
        for _ in 0..self.number()? {
            n = n.wrapping_add(self.number()?);
            list.push(T::try_from(n).map_err(|_| BrokenFingerprint)?);
        }
        Ok(list)
    }
}
