use std::io::{self, Read};

use according_container::{Documents, Limits};

use crate::make::{all_with, gzip, places, record, text, zip, zstd};

fn limits(set: &[(&str, u64)]) -> Limits {
    let mut limits = Limits::default();
    for (name, value) in set {
        assert!(limits.set(name, *value));
    }
    limits
}

/// Reads it all, and says which limits were met.
fn exceeded(name: &str, bytes: Vec<u8>, set: &[(&str, u64)]) -> Vec<&'static str> {
    let documents = Documents::read(name, io::Cursor::new(bytes), None, limits(set));
    documents.filter_map(Result::err).filter_map(|f| f.error.exceeded()).collect()
}

#[test]
fn every_limit_has_a_name() {
    let long = "It snowed. ".repeat(200);
    let feed = format!(
        "<rss><item><title>{long}</title></item><item><title>T</title></item></rss>"
    );
    assert_eq!(exceeded("f", feed.into_bytes(), &[("document", 1000)]), ["document"]);
    assert_eq!(
        exceeded("t.txt", long.clone().into_bytes(), &[("document", 1000)]),
        ["document"]
    );
    let line = format!("{{\"text\": \"{long}\"}}\n{{\"text\": \"x\"}}\n");
    assert_eq!(
        exceeded("l.jsonl", line.into_bytes(), &[("document", 1000)]),
        ["document"]
    );
    let warc = record("resource", "text/plain", "u", long.as_bytes());
    assert_eq!(
        exceeded("w", warc.clone(), &[("document", 1000), ("header", 300)]),
        ["document"]
    );
    assert_eq!(exceeded("w", warc, &[("header", 10)]), ["header"]);
    let mail = format!("From: a@b\nTo: c@d\nSubject: {long}\n\nHello");
    assert_eq!(
        exceeded("m.eml", mail.clone().into_bytes(), &[("header", 1000)]),
        ["header"]
    );
    assert_eq!(exceeded("m.eml", mail.into_bytes(), &[("whole", 1000)]), ["whole"]);
    let nested = format!(
        "<rss><item><content>{}</content></item></rss>",
        "<b>".repeat(3000) + &"</b>".repeat(3000)
    );
    assert_eq!(exceeded("f", nested.into_bytes(), &[]), ["elements"]);
    let nitf = format!("<nitf>{}", "<p>".repeat(3000));
    assert_eq!(exceeded("n", nitf.into_bytes(), &[]), ["elements"]);
    let many: Vec<(String, &[u8])> =
        (0..20).map(|n| (format!("{n}.txt"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    assert_eq!(exceeded("z", zip(&many), &[("entries", 10)]), ["entries"]);
    let inner = zip(&[("in.zip", &zip(&many))]);
    assert_eq!(exceeded("z", inner, &[("spool", 100)]), ["spool"]);
}

#[test]
fn containers_lie_so_deep_and_no_deeper() {
    let mut deep = b"Deep.".to_vec();
    for n in 0..8 {
        let name = if n == 0 { "x.txt".to_owned() } else { "x.zip".to_owned() };
        deep = zip(&[(&name, &deep), ("by.txt", b"By.")]);
    }
    let found = all_with("d.zip", deep.clone(), Limits::default());
    let failed: Vec<_> =
        places(&found).into_iter().filter(|p| p.starts_with('!')).collect();
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert!(
        failed[0].ends_with("lies deeper than the limit of 6 containers"),
        "{failed:?}"
    );
    assert!(all_with("d.zip", deep, limits(&[("depth", 10)])).iter().all(Result::is_ok));
    let mut packed = b"x".to_vec();
    for _ in 0..100 {
        packed = gzip(&packed);
    }
    assert_eq!(exceeded("x.gz", packed, &[]), ["depth"]);
}

#[test]
fn bombs_do_not_go_off() {
    let zeros = vec![b'0'; 64 << 20];
    let line = gzip(&zeros);
    // One endless line: named once, and not unpacked to its end.
    assert_eq!(exceeded("l.jsonl.gz", line.clone(), &[]), ["ratio"]);
    assert_eq!(exceeded("l.jsonl.gz", gzip(&line), &[]), ["ratio"]);
    assert_eq!(exceeded("l.jsonl.zst", zstd(&zeros), &[]), ["ratio"]);
    let archive = zip(&[("a.jsonl", &zeros), ("b.txt", b"It rained.")]);
    let found = all_with("b.zip", archive, Limits::default());
    assert!(found[0].is_err());
    assert_eq!(text(found[1].as_ref().unwrap()), "It rained.");
    let warc = [
        gzip(&record("resource", "text/plain", "a", b"One.")),
        gzip(&record("resource", "text/plain", "b", &zeros)),
        gzip(&record("resource", "text/plain", "c", b"Two.")),
    ];
    let found = all_with("w.warc.gz", warc.concat(), Limits::default());
    assert_eq!(found.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    // Entities that would multiply stay as they are written.
    let mut laughs = "<!DOCTYPE rss [<!ENTITY a0 \"ha\">".to_owned();
    for n in 1..40 {
        laughs += &format!("<!ENTITY a{n} \"&a{};&a{};\">", n - 1, n - 1);
    }
    laughs += "]><rss><item><title>&a39;</title></item></rss>";
    let found = all_with("f.xml", laughs, Limits::default());
    assert_eq!(found[0].as_ref().unwrap().title.as_deref(), Some("&a39;"));
}

#[test]
fn endless_lines_take_no_memory() {
    // 1 GB that is made as it is read.
    let endless = |start: &'static str| {
        io::Cursor::new(start).chain(io::repeat(b'x').take(1 << 30))
    };
    for (name, start) in [
        ("l.jsonl", "{\"text\": \""),
        ("f.rss", "<rss><item><title>"),
        ("f.rss", "<rss><item><title a=\""),
        ("w.warc", "WARC/1.1\r\nWARC-Type: "),
        ("m.mbox", "From x@y\nSubject: "),
        ("t", ""),
    ] {
        let documents = Documents::read(name, endless(start), None, Limits::default());
        let found: Vec<_> = documents.collect();
        assert_eq!(found.len(), 1, "{name} {found:?}");
        assert!(found[0].is_err());
    }
}

#[test]
fn time_does_not_grow_with_the_square() {
    let start = std::time::Instant::now();
    let open = format!(
        "<rss><item><description><![CDATA[{}]]></description></item></rss>",
        "<a ".repeat(1 << 20)
    );
    assert_eq!(all_with("f", open, Limits::default()).len(), 1);
    let record = "WARC/1.1\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nContent-Length: 4000000\r\n\r\nIt snowed.\r\n\r\n";
    let wrong = all_with("w", record.repeat(1 << 16), Limits::default());
    assert!(wrong.iter().all(Result::is_err));
    let mut bytes = gzip(b"WARC/1.1\r\n\r\n");
    bytes.extend([0x1f, 0x8b, 8, 0].repeat(1 << 18));
    assert!(all_with("w.warc.gz", bytes, Limits::default()).iter().all(Result::is_err));
    // Far more than it takes, and far less than it would.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
