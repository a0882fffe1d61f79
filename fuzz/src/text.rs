//! Text of any kind, through blocks, parser, claims and report.

use std::sync::OnceLock;

use according::report::{Options, Report};
use according::{BlockKind, Metadata};
use according_nlp::{CodePoints, Pipeline};

use crate::Random;

/// What reports are made of, and what they should not be made of.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "  ",
    "\t",
    "“",
    "”",
    "\"",
    "''",
    "``",
    "‘",
    "’",
    "'",
    "«",
    "»",
    "(",
    ")",
    "—",
    "--",
    "…",
    ".",
    ",",
    ":",
    ";",
    "?",
    "!",
    "The mayor",
    "he",
    "they",
    "who",
    "said",
    "told",
    "reported",
    "denied",
    "according to",
    "citing",
    "quoting",
    "reportedly",
    "may",
    "allegedly",
    "that",
    "not",
    "been",
    "Radio Meridian",
    "RM",
    "Lenz (RM) —",
    "LENZ, March 5 —",
    "By Anna Roe",
    "March 5, 2024",
    "Photo: A. Roe",
    "Read more",
    "U.S.",
    "don't",
    "cannot",
    "https://example.org/a?b=c",
    "a@b.org",
    "$5.2m",
    "10%",
    "#tag",
    ":-)",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "\0",
    "\x1c",
    "\x1b[0m",
    "e\u{301}",
    "👍🏽",
    "日本語",
    "ﬁ",
    "İ",
    "ß",
    "\u{10ffff}",
    "\u{fffd}",
    "aaaaaaaaaaaaaaaaaaaa",
];

pub(crate) fn make(random: &mut Random) -> Vec<u8> {
    let mut text = String::new();
    for _ in 0..random.below(300) {
        match random.below(12) {
            0 => {
                let c = char::from_u32(random.below(0x11_0000) as u32);
                text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            1 => {
                let piece = random.of(PIECES);
                text.push_str(&piece.repeat(random.below(20)));
            }
            _ => {
                text.push_str(random.of(PIECES));
                if random.below(3) > 0 {
                    text.push(' ');
                }
            }
        }
    }
    text.into_bytes()
}

pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input).into_owned();
    let mut worker = pipeline().worker();
    let doc = worker.parse(&text);
    let mut end = 0;
    for token in doc.tokens() {
        let range = token.span().range();
        assert!(text[end..range.start].chars().all(char::is_whitespace), "text is lost");
        end = range.end;
    }
    assert!(text[end..].chars().all(char::is_whitespace), "text is lost at the end");

    let article = according::article::plain::read(text.clone(), Metadata::default());
    let report = according::read(&mut worker, article, &Options::default());
    check_report(&report, &text);
    let json = serde_json::to_string(&report).expect("a report can be written");
    let again: Report = serde_json::from_str(&json).expect("a report can be read");
    assert_eq!(again.claims.len(), report.claims.len());
    assert_eq!(again.article, report.article);
}

fn check_report(report: &Report, text: &str) {
    assert_eq!(report.article.text, text);
    let length = CodePoints::new(text).from_byte(text.len());
    let is_inside = |[start, end]: [usize; 2]| start < end && end <= length;
    let mut before = 0;
    for block in &report.article.blocks {
        assert!(is_inside([block.start, block.end]), "a block outside the text");
        assert!(before <= block.start, "blocks overlap");
        before = block.end;
    }
    for claim in &report.claims {
        assert!(!claim.content.is_empty(), "{} claims nothing", claim.id);
        assert!(claim.block != BlockKind::Boilerplate, "{} in boilerplate", claim.id);
        let spans = [&claim.content, &claim.source, &claim.cue, &claim.hedges];
        for span in spans.into_iter().flatten() {
            assert!(is_inside(*span), "{} points at {span:?}", claim.id);
        }
        let is_known = |id: &String| report.claims.iter().any(|other| other.id == *id);
        assert!(claim.parent.iter().all(is_known), "{} has no parent", claim.id);
        assert!((0.0..=1.0).contains(&claim.confidence));
    }
    for mention in report.entities.iter().flat_map(|entity| &entity.mentions) {
        assert!(is_inside([mention.start, mention.end]), "a mention outside the text");
    }
}

pub(crate) fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(|| {
        let mut files = according_model::testing::files("md");
        Pipeline::load(&mut |name| files.read(name)).expect("the pipeline is sound")
    })
}
