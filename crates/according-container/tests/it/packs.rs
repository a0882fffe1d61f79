use according_container::{Documents, Form, Limits};

use crate::make::{all, gzip, places, record, text, whole, zip, zip_by, zstd};

#[test]
fn packed_is_what_it_is_unpacked() {
    let feed = "<rss><channel><item><title>It snowed</title></item></channel></rss>";
    let two = "{\"text\": \"One.\"}\n\n{\"text\": \"Two.\"}\n";
    assert_eq!(places(&all("f.xml.gz", gzip(feed.as_bytes()))), ["f.xml.gz#item=1"]);
    assert_eq!(
        places(&all("l.jsonl.zst", zstd(two.as_bytes()))),
        ["l.jsonl.zst:1", "l.jsonl.zst:3"]
    );
    let twice = [gzip(b"It sno"), gzip(b"wed.")].concat();
    assert_eq!(text(&whole("s.txt.gz", twice)[0]), "It snowed.");
    let frames = [zstd(b"It sno"), zstd(b"wed.")].concat();
    assert_eq!(text(&whole("s.txt.zst", frames)[0]), "It snowed.");

    let inner = zip(&[("deep.txt", b"Deep.")]);
    let archive = zip(&[
        ("a/feed.xml", feed.as_bytes()),
        ("a/pic.png", b"\x89PNG"),
        (".hidden.txt", b"no"),
        ("b.txt", b"It rained."),
        ("in.zip", &inner),
        ("l.jsonl.gz", &gzip(two.as_bytes())),
    ]);
    let expected = [
        "n.zip!/a/feed.xml#item=1",
        "n.zip!/b.txt",
        "n.zip!/in.zip!/deep.txt",
        "n.zip!/l.jsonl.gz:1",
        "n.zip!/l.jsonl.gz:3",
    ];
    assert_eq!(places(&all("n.zip", archive.clone())), expected);
    let stored = zip_by(zip::CompressionMethod::Stored, &[("n.zip", &archive)]);
    assert_eq!(all("s.zip", stored).len(), 5);

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &archive).unwrap();
    let mut documents = Documents::open(file.path(), None, Limits::default()).unwrap();
    assert_eq!(documents.by_ref().count(), 5);
    assert_eq!(
        documents.skipped().iter().collect::<Vec<_>>(),
        [(&".png".to_owned(), &1)]
    );
    assert!(documents.bytes_read() > 0);
}

#[test]
fn wacz_is_read_for_its_archives_alone() {
    let warc =
        gzip(&record("resource", "text/plain", "https://h.example/", b"It rained."));
    let wacz = zip_by(
        zip::CompressionMethod::Stored,
        &[
            ("datapackage.json", b"{}"),
            ("pages/pages.jsonl", b"{\"text\": \"index\"}\n"),
            ("archive/data.warc.gz", &warc),
        ],
    );
    assert_eq!(places(&all("c.wacz", wacz)), ["c.wacz!/archive/data.warc.gz#offset=0"]);
}

#[test]
fn asked_for_text_it_is_text() {
    let read = |bytes: Vec<u8>| {
        let cursor = std::io::Cursor::new(bytes);
        Documents::read("x", cursor, Some(Form::Text), Limits::default())
            .next()
            .unwrap()
            .unwrap()
    };
    assert_eq!(text(&read(b"<rss><item>".to_vec())), "<rss><item>");
    assert_eq!(text(&read(gzip(b"<rss>"))), "<rss>");
}
