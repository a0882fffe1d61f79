//! What holds for the blocks of any text, and how long it takes to find them.

use std::time::{Duration, Instant};

use according::article::{Article, Metadata, plain};
use proptest::prelude::*;

fn read(text: &str) -> Article {
    plain::read(text.to_owned(), Metadata::default())
}

/// Asserts that the blocks hold all text but white space, once and in order.
fn assert_covered(text: &str) {
    let article = read(text);
    assert_eq!(article.text, text);
    let mut end = 0;
    for block in &article.blocks {
        let span = block.span.range();
        assert!(end <= span.start, "{block:?} begins before {end}");
        assert_eq!(text[end..span.start].trim(), "", "left out before {block:?}");
        assert!(!span.is_empty(), "{block:?} is empty");
        assert_eq!(text[span.clone()].trim(), &text[span.clone()], "{block:?}");
        end = span.end;
    }
    assert_eq!(text[end..].trim(), "", "left out at the end");
}

/// Pieces of reports in an order that no report has.
fn scraps() -> impl Strategy<Value = String> {
    let scraps = [
        "HARBOUR CITY, May 5 (AP) — ",
        "OSLO: ",
        "(CNN) ",
        "By Ann Doe",
        "5 May 2018",
        " - ",
        "— ",
        "Two men were held over the fire, the police said.",
        "Photo: Harbour Pictures",
        "(L)",
        "(",
        ")",
        "“",
        "”",
        "\"",
        "'",
        "said",
        "Read more",
        "Sources",
        "(Reporting by Ann Doe)",
        "> ",
        "* ",
        "1. ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\u{2028}",
        "\u{a0}",
        "\u{1f}",
        "\u{feff}",
        "İ",
        "ﬁ",
        "e\u{301}",
        "日本",
        "👍🏽",
        "…",
        "___",
        "/",
        "|",
        ".",
        " and ",
        "which goes on\n",
    ];
    prop::collection::vec(prop::sample::select(scraps.to_vec()), 0..40)
        .prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn blocks_cover_any_text(text in any::<String>()) {
        assert_covered(&text);
    }

    #[test]
    fn blocks_cover_scraps(text in scraps()) {
        assert_covered(&text);
    }
}

#[test]
fn blocks_cover_texts_that_were_trouble() {
    for text in [
        "",
        " ",
        "\n",
        "\u{feff}",
        "—",
        "OSLO —",
        "OSLO — \n",
        "(Reporting by A.)",
        "\"\"\"\"",
    ] {
        assert_covered(text);
    }
}

/// Long texts are read in time that grows with their length: a second is plenty for these,
/// and what grows with its square takes hours.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test is about time")]
fn long_texts_take_no_longer_than_their_length() {
    let n = 5 << 20;
    let texts = [
        "The ferry burnt. ".repeat(n / 17),
        "x".repeat(n),
        "\"(".repeat(n / 2),
        "\n".repeat(1 << 20),
        "a\n".repeat(1 << 20),
        "Read more:\n".repeat(n / 11),
        "(L) on May 5, 2018 a\n\n".repeat(n / 22),
        "> “So it goes” - Ann\n".repeat(n / 23),
        " \u{2028}".repeat(n / 4),
    ];
    for text in texts {
        let start = Instant::now();
        let article = read(&text);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(20),
            "{took:?} for {} blocks of {:?}",
            article.blocks.len(),
            &text[..12]
        );
    }
}
