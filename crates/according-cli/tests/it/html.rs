//! `according read --format html`: one report as a page of its own.

use std::collections::BTreeSet;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::program::{Fresh, Ran};

const EXAMPLE: &str = include_str!("../../../../examples/border-arrests.txt");

fn page(text: &str) -> (Fresh, Ran) {
    let fresh = Fresh::new();
    fresh.write("story.txt", text);
    let ran = fresh.run(&["read", "--format", "html", "story.txt"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    (fresh, ran)
}

fn values<'t>(html: &'t str, attribute: &str) -> Vec<&'t str> {
    let start = format!(" {attribute}=\"");
    let parts = html.split(start.as_str()).skip(1);
    parts.map(|part| part.split('"').next().unwrap()).collect()
}

/// The text of a page without its elements and what a browser does not show.
fn shown(html: &str) -> String {
    let body = html.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
    }
    text
}

#[test]
fn every_claim_has_a_note_and_a_way_there_and_back() {
    let (fresh, ran) = page(EXAMPLE);
    let report = fresh.run(&["read", "--format", "jsonl", "story.txt"]).json_lines();
    let claims = report[0]["claims"].as_array().unwrap();
    assert!(claims.len() > 15);
    let ids: Vec<&str> = values(&ran.out, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "ids are unique");
    for claim in claims {
        let id = claim["id"].as_str().unwrap();
        assert!(
            unique.contains(id) && unique.contains(format!("at-{id}").as_str()),
            "{id}"
        );
    }
    for link in values(&ran.out, "href") {
        let id = link.strip_prefix('#').expect("nothing leads out of the page");
        assert!(unique.contains(id), "{link}");
    }
    let text = shown(&ran.out);
    for words in ["They open every barrel, even the honey", "Please let us know"] {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn a_page_loads_nothing_and_is_small() {
    let (_, ran) = page(&EXAMPLE.repeat(6));
    for attribute in ["src", "style", "onclick", "onload"] {
        assert_eq!(values(&ran.out, attribute), Vec::<&str>::new());
    }
    assert!(!ran.out.contains("url(http") && !ran.out.contains("@import"));
    let policy = values(&ran.out, "content")[0].replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    std::io::Write::write_all(&mut packed, ran.out.as_bytes()).unwrap();
    let size = packed.finish().unwrap().len();
    assert!(size < 150_000, "{size} bytes");
}

#[test]
fn markup_of_an_article_is_text() {
    let hostile = "Mayor \"><script>alert(1)</script> speaks\n\n\
        “<img src=x onerror=alert(2)> is all I say,” Mayor Anna Roe </style></article> said. \
        An official </script><b>told</b> the Example Herald that <a href=javascript:x>it</a> \
        may \u{202e}turn\u{202c} out.\n";
    let (_, ran) = page(hostile);
    assert_eq!(ran.out.matches("<script").count(), 1, "the page's own");
    assert_eq!(ran.out.matches("</article>").count(), 1);
    for never in ["<img", "<b>", "javascript:x>", "\u{202e}"] {
        let with_text = ran.out.replace("&lt;a href=javascript:x&gt;", "");
        assert!(!with_text.contains(never), "{never}");
    }
    assert!(ran.out.contains("&lt;img src=x onerror=alert(2)&gt;"));
}

#[test]
fn a_page_holds_one_report() {
    let fresh = Fresh::new();
    fresh.write("a.txt", "A text.");
    fresh.write("b.txt", "A text.");
    let ran = fresh.run(&["read", "--format", "html", "a.txt", "b.txt"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("one report"), "{}", ran.err);
}

#[test]
fn an_article_in_another_language_is_shown_without_claims() {
    let (_, ran) = page(
        "Der Hafen bleibt eine Woche lang geschlossen, sagte die Bürgermeisterin am Dienstag. \
         Man habe keine Wahl, erklärte sie vor der Presse und verwies auf das Wrack.\n",
    );
    assert!(ran.out.contains("not in English") && ran.out.contains("Bürgermeisterin"));
}
