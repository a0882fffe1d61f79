//! Values as blobs.

use std::io::{Read as _, Write as _};

use according::Report;
use according_corpus::Fingerprint;
use according_corpus::same::Likeness;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::{Failure, Result};

/// A value as deflated JSON.
pub(crate) fn packed(value: &impl Serialize) -> Option<Vec<u8>> {
    let json = serde_json::to_vec(value).ok()?;
    let mut out = DeflateEncoder::new(Vec::new(), Compression::new(4));
    out.write_all(&json).ok()?;
    out.finish().ok()
}

/// What [`packed`] wrote.
pub(crate) fn unpacked<T: DeserializeOwned>(blob: &[u8]) -> Option<T> {
    let mut json = Vec::new();
    DeflateDecoder::new(blob).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}

/// A report that was packed.
pub(crate) fn report(blob: &[u8]) -> Result<Report> {
    unpacked(blob).ok_or(Failure::Damaged)
}

/// A fingerprint as it is kept.
pub(crate) fn fingerprint(blob: &[u8]) -> Result<Fingerprint> {
    Fingerprint::from_bytes(blob).map_err(|_| Failure::Damaged)
}

/// Five bytes for each: two statements of 16 bits and a likelihood of 8.
pub(crate) fn packed_likenesses(same: &[Likeness]) -> Vec<u8> {
    let mut out = Vec::with_capacity(same.len() * 5);
    for likeness in same {
        out.extend((likeness.a as u16).to_le_bytes());
        out.extend((likeness.b as u16).to_le_bytes());
        out.push((likeness.likely * 255.0).round() as u8);
    }
    out
}

/// What [`packed_likenesses`] wrote.
pub(crate) fn likenesses(blob: &[u8]) -> Option<Vec<Likeness>> {
    let (chunks, rest) = blob.as_chunks::<5>();
    let likeness = |&[a0, a1, b0, b1, likely]: &[u8; 5]| Likeness {
        a: u32::from(u16::from_le_bytes([a0, a1])),
        b: u32::from(u16::from_le_bytes([b0, b1])),
        likely: f32::from(likely) / 255.0,
    };
    rest.is_empty().then(|| chunks.iter().map(likeness).collect())
}

/// 32 bits for the block of each statement.
pub(crate) fn packed_blocks(blocks: &[u32]) -> Vec<u8> {
    blocks.iter().flat_map(|block| block.to_le_bytes()).collect()
}

/// What [`packed_blocks`] wrote.
pub(crate) fn blocks(blob: &[u8]) -> Vec<u32> {
    blob.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect()
}

/// 64 bits for the article and 16 for the number of each statement.
pub(crate) fn packed_members<'m>(
    members: impl IntoIterator<Item = &'m (i64, u16)>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for (article, statement) in members {
        out.extend(article.to_le_bytes());
        out.extend(statement.to_le_bytes());
    }
    out
}

/// What [`packed_members`] wrote.
pub(crate) fn members(blob: &[u8]) -> Vec<(i64, u16)> {
    let member = |&[a, b, c, d, e, f, g, h, low, high]: &[u8; 10]| {
        let article = i64::from_le_bytes([a, b, c, d, e, f, g, h]);
        (article, u16::from_le_bytes([low, high]))
    };
    blob.as_chunks::<10>().0.iter().map(member).collect()
}

/// 16 bits for each number.
pub(crate) fn packed_numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// What [`packed_numbers`] wrote.
pub(crate) fn numbers(blob: &[u8]) -> Vec<u16> {
    blob.as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect()
}
