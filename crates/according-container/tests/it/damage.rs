//! Files that begin like one thing and go on like nothing.

use crate::make::{all, gzip, pick, zip, zstd};

#[test]
fn nothing_is_too_strange() {
    let starts: [&[u8]; 14] = [
        b"",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x1f\x8b\x08\0",
        b"\x28\xb5\x2f\xfd",
        b"WARC/1.1\r\n",
        b"%PDF-1.7\n",
        b"<rss><item>",
        b"<nitf><p>",
        b"From x\nSubject: y\n",
        b"From: a\nTo: b\nDate: c\n",
        b"{\"",
        b"{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [",
        b"\xff\xfe<\0r\0s\0s\0",
    ];
    let names = [
        "x", "x.txt", "x.xml", "x.json", "x.eml", "x.mbox", "x.pdf", "x.zip", "x.gz",
        "x.warc", "x.nitf",
    ];
    for start in starts {
        for name in names {
            let mut state = 7;
            let noise: Vec<u8> = (0..200).map(|_| pick(&mut state)).collect();
            all(name, [start, &noise].concat());
        }
    }
}

#[test]
fn damaged_packs_are_named() {
    let text = "It snowed in Lenz. ".repeat(30);
    for (name, packed) in [
        ("x.txt.gz", gzip(text.as_bytes())),
        ("x.txt.zst", zstd(text.as_bytes())),
        ("x.zip", zip(&[("a.txt", text.as_bytes()), ("b.txt", b"It rained.")])),
    ] {
        let whole = all(name, packed.clone());
        for at in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x41;
            for found in all(name, damaged).iter().flatten() {
                let is_same =
                    whole.iter().flatten().any(|w| w.body.bytes == found.body.bytes);
                // zstd of one frame may carry no checksum.
                assert!(is_same || name != "x.txt.gz", "{name} {at}");
            }
            all(name, &packed[..at]);
        }
    }
    assert!(
        all(
            "x.tgz",
            gzip(&{
                let mut tar = vec![0; 512];
                tar[257..262].copy_from_slice(b"ustar");
                tar
            })
        )[0]
        .as_ref()
        .unwrap_err()
        .contains("tar archive")
    );
    assert!(
        all("x.xml", "<?xml version='1.0'?><svg/>")[0]
            .as_ref()
            .unwrap_err()
            .contains("neither a feed nor NITF")
    );
}
