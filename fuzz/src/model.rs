//! Broken pipelines: the loader says no, or what it loads can be run. It never panics.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use according_nlp::Pipeline;

use crate::Random;

/// The files that are read, in the order they are.
const FILES: [&str; 18] = [
    "config.cfg",
    "meta.json",
    "vocab/vectors.cfg",
    "vocab/lookups.bin",
    "tokenizer",
    "vocab/vectors",
    "vocab/key2row",
    "tok2vec/model",
    "tagger/model",
    "tagger/cfg",
    "parser/model",
    "parser/cfg",
    "parser/moves",
    "ner/model",
    "ner/cfg",
    "ner/moves",
    "attribute_ruler/patterns",
    "lemmatizer/lookups/lookups.bin",
];

/// The markers of MessagePack and the head of an array file, among any bytes.
const PIECES: &[&[u8]] = &[
    b"\x80",
    b"\x81",
    b"\x8f",
    b"\x90",
    b"\x91",
    b"\x9f",
    b"\xa0",
    b"\xa3abc",
    b"\xc0",
    b"\xc1",
    b"\xc2",
    b"\xc3",
    b"\xc4\x02ab",
    b"\xc5\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xc7\x01\x00a",
    b"\xca\x7f\x80\x00\x00",
    b"\xcb",
    b"\xcc\xff",
    b"\xcd\xff\xff",
    b"\xce\xff\xff\xff\xff",
    b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xd0\x80",
    b"\xd3\x80\0\0\0\0\0\0\0",
    b"\xd9\x05",
    b"\xda\xff\xff",
    b"\xdb\xff\xff\xff\xff",
    b"\xdc\xff\xff",
    b"\xdd\xff\xff\xff\xff",
    b"\xde\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xa4data",
    b"\xa5shape",
    b"\xa4name",
    b"\x93NUMPY\x01\x00",
    b"\x93NUMPY\x02\x00",
    b"\x76\x00",
    b"\xff\xff",
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (",
    b"0, 96)",
    b"2, 3), }\n",
    b"99999999999999999999, 4), }\n",
    b"18446744073709551615, 2), }",
    b"-1,",
    b"True",
    b"'<f8'",
];

/// A file made of anything.
pub(crate) fn bytes(random: &mut Random) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.below(60) {
        match random.below(3) {
            0 => bytes.push(random.any() as u8),
            _ => bytes.extend_from_slice(random.of(PIECES)),
        }
    }
    bytes
}

/// A file number, then edits of five bytes: what to do, where (three bytes), and with what.
pub(crate) fn edits(random: &mut Random) -> Vec<u8> {
    let mut edits = vec![random.below(FILES.len()) as u8];
    for _ in 0..=random.below(4) {
        let place = match random.below(2) {
            // Heads and lengths stand at the front.
            0 => random.below(400) as u32,
            _ => random.any() as u32,
        };
        edits.push(random.any() as u8);
        edits.extend_from_slice(&place.to_le_bytes()[..3]);
        edits.push(random.any() as u8);
    }
    edits
}

pub(crate) fn check_lookups(input: &[u8]) {
    load("vocab/lookups.bin", input.to_vec());
}

pub(crate) fn check_vectors(input: &[u8]) {
    load("vocab/vectors", input.to_vec());
    load("vocab/key2row", input.to_vec());
}

pub(crate) fn check_edited(input: &[u8]) {
    let Some((&file, edits)) = input.split_first() else { return };
    let name = FILES[usize::from(file) % FILES.len()];
    let mut bytes = sound().get(name).cloned().unwrap_or_default();
    for edit in edits.chunks_exact(5) {
        let place = u32::from_le_bytes([edit[1], edit[2], edit[3], 0]) as usize;
        let at = place % (bytes.len() + 1);
        match edit[0] % 4 {
            0 if at < bytes.len() => bytes[at] = edit[4],
            0 | 1 => bytes.truncate(at),
            2 => bytes.insert(at, edit[4]),
            _ => drop(bytes.drain(at..(at + usize::from(edit[4])).min(bytes.len()))),
        }
    }
    load(name, bytes);
}

/// Loads the sound pipeline with one file replaced, and runs it if that works.
fn load(name: &str, bytes: Vec<u8>) {
    let mut replaced = Some(bytes);
    let mut read = |wanted: &str| match wanted == name {
        true => Ok(replaced.take()),
        false => Ok(sound().get(wanted).cloned()),
    };
    if let Ok(pipeline) = Pipeline::load(&mut read) {
        let doc = pipeline
            .worker()
            .parse("“It rained,” Anna Roe told the Bell on May 5.\n\nNo?");
        assert_eq!(doc.tokens().count(), doc.len());
    }
}

/// The files of a sound pipeline; the small one, for speed.
fn sound() -> &'static BTreeMap<&'static str, Vec<u8>> {
    static FILES_READ: OnceLock<BTreeMap<&str, Vec<u8>>> = OnceLock::new();
    FILES_READ.get_or_init(|| {
        let mut files = according_model::testing::files("sm");
        let mut read = |name| files.read(name).expect("an installed file can be read");
        FILES.iter().filter_map(|name| Some((*name, read(name)?))).collect()
    })
}
