//! Time expressions as the suite says, and what holds of them in any text.

use according::annotate::time;
use according::article::plain;
use according::report::{Report, Time};
use according::{Article, Block, BlockKind, Metadata, Options, read_doc};
use according_nlp::{Doc, DocBuilder, EntIob, Span, TokenSpec, Upos};
use proptest::prelude::*;

use crate::markdown::{
    self, Case, Differences, asked_fields, cases, content, plain_value,
};
use crate::recorded;

#[test]
fn suite() {
    markdown::run("time", 21, failures);
}

/// The article of a case.
pub(crate) fn article(case: &Case) -> Article {
    let text = case.fence("article").expect("every case has an article");
    let metadata = Metadata {
        published: case.attribute("article", "published").map(str::to_owned),
        ..Metadata::default()
    };
    plain::read(text.to_owned(), metadata)
}

/// What is read in the article of a case.
pub(crate) fn report(case: &Case) -> Report {
    let article = article(case);
    let doc = recorded::parse(&article);
    read_doc(article, &doc, recorded::PIPELINE, &Options::default())
}

fn failures(case: &Case) -> Vec<String> {
    let report = report(case);
    let mut wrong = Differences::new(case);
    wrong.check_rows("times", &report.times, 3, told);
    if case.fence("claims").is_some() {
        wrong.check_rows("claims", &report.claims, 3, |c, _| claim(&report, c));
    }
    wrong.list
}

/// A time as the suite writes it, with those of its other fields that are asked for.
fn told(time: &Time, asked: &[&str]) -> String {
    let kind = plain_value(&serde_json::to_value(time.kind).unwrap());
    format!("{} | {kind} | {}{}", time.text, time.value, asked_fields(time, asked))
}

/// The content of a claim and the words of its times.
fn claim(report: &Report, claim: &according::report::Claim) -> String {
    let times = report.times.iter().filter(|time| claim.times.contains(&time.id));
    let times: Vec<&str> = times.map(|time| time.text.as_str()).collect();
    format!("{} | {}", content(report, claim), times.join(", "))
}

/// The times of the event whose predicate is `verb`, by the words of the time.
fn governing<'a>(article: &'a Article, doc: &Doc, verb: &str) -> Option<&'a str> {
    let times = time::find(article, doc);
    let event = doc.tokens().find(|t| t.text() == verb).unwrap().index();
    let found = time::governing(doc, &times, event)?;
    Some(&article.text[times[found].span.range()])
}

#[test]
fn a_time_governs_by_grammar_and_not_by_nearness() {
    let all = cases("time");
    let case = all.iter().find(|c| c.name.contains("By grammar")).unwrap();
    let article = article(case);
    let doc = recorded::parse(&article);
    assert_eq!(governing(&article, &doc, "collapsed"), Some("Monday"));
    assert_eq!(governing(&article, &doc, "said"), Some("Tuesday"));
    assert_eq!(governing(&article, &doc, "fined"), None);
    assert_eq!(governing(&article, &doc, "stopped"), Some("Friday"));
    assert_eq!(time::governing(&doc, &[], usize::MAX), None);
}

/// Words that set off the grammar, beside any others.
fn text() -> impl Strategy<Value = String> {
    let words = "the a last next this that early late mid about more than least at end of \
        May March Sept. Monday Tuesdays Mon. 1 3 12 31 99 1998 2018 9999 00 1337 4294967295 \
        99999999999 . , - – / : ' ’ s th a.m. p.m. GMT Z T noon midnight o clock morning \
        night year years quarter second half month weeks decade century fiscal ago earlier \
        later from now hence before after every each twice once daily summer winter \
        Christmas Easter New Year Eve Day Labor Election today tomorrow tonight two twenty \
        hundred dozen few several and or so to old age 1990s nineties 19th 20th é 日 👍";
    let word = prop_oneof![
        6 => prop::sample::select(words.split_whitespace().collect::<Vec<_>>())
            .prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    let gap = prop::sample::select(vec![" ", " ", " ", "", "\n", "\n\n"]);
    prop::collection::vec((word, gap), 0..60)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
}

/// A parse with a token for every word, hanging from the one before or from itself.
fn doc(text: &str, seed: u64) -> Doc {
    let mut doc = DocBuilder::new(text);
    let mut at = 0;
    let tags = [(Upos::Verb, "VBD"), (Upos::Noun, "NN"), (Upos::Propn, "NNP")];
    let tokens = text.split_whitespace().map(|word| {
        let start = at + text[at..].find(word).unwrap();
        at = start + word.len();
        start..at
    });
    for (i, span) in tokens.enumerate() {
        let n = (seed >> (i % 48)) as usize;
        let (upos, tag) = tags[n % 3];
        let (head, dep) = if i == 0 || n.is_multiple_of(5) {
            (i, "ROOT")
        } else {
            (i - 1, ["pobj", "prep", "det", "npadvmod"][n % 4])
        };
        let ent_type = ["DATE", "ORG", ""][n % 3];
        let ent_iob = if ent_type.is_empty() { EntIob::O } else { EntIob::B };
        let sent_start = head == i;
        doc.push(TokenSpec {
            upos,
            tag,
            head,
            dep,
            ent_type,
            ent_iob,
            sent_start,
            ..TokenSpec::new(span)
        });
    }
    doc.finish().unwrap()
}

proptest! {
    #[test]
    fn times_point_into_any_text_in_order(
        text in text(),
        seed in any::<u64>(),
        published in prop::option::of(prop::sample::select(vec![
            "2018-05-22", "0001-01-01", "9999-12-31", "2024-02-29", "soon",
        ])),
    ) {
        let doc = doc(&text, seed);
        let span = Span::new(0, text.len());
        let metadata =
            Metadata { published: published.map(str::to_owned), ..Metadata::default() };
        let blocks = vec![Block::new(BlockKind::Paragraph, span)];
        let article = Article { text, blocks, metadata, ..Article::default() };
        let times = time::find(&article, &doc);
        prop_assert_eq!(&times, &time::find(&article, &doc));
        let mut end = 0;
        for found in &times {
            prop_assert!(found.span.start >= end, "{:?} in {:?}", found, article.text);
            prop_assert!(article.text.get(found.span.range()).is_some_and(|t| !t.is_empty()));
            prop_assert_eq!(found.begin.is_some(), found.resolved);
            prop_assert!(found.begin <= found.end);
            end = found.span.end;
        }
        for event in 0..doc.len() {
            let governs = time::governing(&doc, &times, event);
            prop_assert!(governs.is_none_or(|time| time < times.len()));
        }
    }
}
