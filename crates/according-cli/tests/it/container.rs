//! `according read` of feeds, archives, mail and papers.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};

use crate::program::Fresh;

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn record(url: &str, text: &str) -> String {
    format!(
        "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: {url}\r\n\
         Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
        text.len()
    )
}

const FEED: &str = "<rss><channel><title>Example Herald</title>\
    <item><title>Harbour closed</title><guid>h-1</guid><link>https://h.example/1</link>\
    <pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate><source url='x'>Meridian Wire</source>\
    <description>“It snowed,” the mayor said.</description></item>\
    <item><title>Broken</item>\
    <item><title>Ferry late</title></item></channel></rss>";

const READ: [&str; 5] = ["read", "--claims", "off", "--format", "jsonl"];

#[test]
fn each_item_of_a_feed_is_a_report() {
    let fresh = Fresh::without_pipeline();
    fresh.write("today.xml", FEED);
    let ran = fresh.run(&[&READ[..], &["today.xml"]].concat());
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with("error: today.xml#item=2: is damaged XML"),
        "{}",
        ran.err
    );
    let reports = ran.json_lines();
    assert_eq!(reports.len(), 2);
    let article = &reports[0]["article"];
    for (field, value) in [
        ("ref", "h-1"),
        ("locator", "today.xml#item=1"),
        ("title", "Harbour closed"),
        ("outlet", "Example Herald"),
        ("via", "Meridian Wire"),
        ("url", "https://h.example/1"),
        ("published", "2024-03-05"),
        ("text", "Harbour closed\n\n“It snowed,” the mayor said."),
    ] {
        assert_eq!(article[field], value, "{field}");
    }
    assert_eq!(article["blocks"][0]["kind"], "headline");
    assert_eq!(reports[1]["article"]["ref"], "today.xml#item=3");
    assert_eq!(reports[1]["article"]["via"], Value::Null);

    let schema = serde_json::from_str(&fresh.run(&["schema"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(reports.iter().all(|report| validator.is_valid(report)));

    let given = ["--outlet", "The Bell", "--published", "2024-03-01", "today.xml"];
    let ran = fresh.run(&[&READ[..], &given].concat());
    let article = &ran.json_lines()[0]["article"];
    assert_eq!(article["outlet"], "The Bell", "what is given goes first");
    assert_eq!(article["published"], "2024-03-01");
}

#[test]
fn archives_are_read_in_order_and_what_is_damaged_is_named() {
    let fresh = Fresh::without_pipeline();
    let warc = record("https://h.example/a", "It rained.")
        + "WARC/1.1\r\n\r\n"
        + &record("https://h.example/b", "It snowed.");
    let mbox = "From x@y Tue Mar  5 10:00:00 2024\nFrom: A <a@b.example>\nSubject: Ferry\n\nLate.\n";
    let archive = zip(&[
        ("crawl.warc", warc.as_bytes()),
        ("pic.png", b""),
        ("in/box.mbox", mbox.as_bytes()),
        ("cut.pdf", b"%PDF-1.4 and no more"),
        ("z.jsonl", b"{\"text\": \"Last.\"}\n"),
    ]);
    fresh.write("news.zip", &archive);
    let ran = fresh.run(&[&READ[..], &["--threads", "2", "news.zip"]].concat());
    assert_eq!(ran.code, 1);
    let locators: Vec<Value> = ran
        .json_lines()
        .iter()
        .map(|report| report["article"]["locator"].clone())
        .collect();
    let second = warc.len() - record("https://h.example/b", "It snowed.").len();
    assert_eq!(
        locators,
        [
            json!("news.zip!/crawl.warc#offset=0"),
            json!(format!("news.zip!/crawl.warc#offset={second}")),
            json!("news.zip!/in/box.mbox#message=1"),
            json!("news.zip!/z.jsonl:1"),
        ]
    );
    for expected in [
        "error: news.zip!/crawl.warc#offset=",
        "is a record without a length",
        "error: news.zip!/cut.pdf: is a",
        "note: news.zip: skipped what is not read: 1 .png",
    ] {
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    // The same from standard input, which cannot be read from its end.
    let piped = fresh.run_with(&READ, archive.clone());
    assert_eq!(piped.json_lines().len(), 4);
    // Nothing at all.
    fresh.write("cut.zip", &archive[..archive.len() / 2]);
    let ran = fresh.run(&[&READ[..], &["cut.zip"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.starts_with("error: cut.zip: is a damaged zip archive"),
        "{}",
        ran.err
    );
}

#[test]
fn a_limit_names_the_flag_that_raises_it() {
    let fresh = Fresh::without_pipeline();
    let inner = zip(&[("a.txt", b"It rained.")]);
    fresh.write("a.zip", zip(&[("b.zip", &inner)]));
    let limited = [&READ[..], &["--limit", "depth=1", "a.zip"]].concat();
    let ran = fresh.run(&limited);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("deeper than the limit of 1 containers"), "{}", ran.err);
    assert!(ran.err.contains("hint: '--limit depth=N' raises the limit"), "{}", ran.err);
    assert_eq!(fresh.run(&[&READ[..], &["a.zip"]].concat()).code, 0);
    assert_eq!(
        fresh.run(&[&READ[..], &["--limit", "width=1", "a.zip"]].concat()).code,
        2
    );
}
