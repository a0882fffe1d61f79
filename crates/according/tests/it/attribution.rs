//! Who says what, as the suite says, on recorded parses of the suite's own sentences.

use according::annotate::attribution::{self, Attribution};
use according::{Article, Block, BlockKind};
use according_nlp::Span;

use crate::markdown::{Case, cases};
use crate::recorded;

#[test]
fn suite() {
    let cases = cases("attribution");
    assert!(cases.len() > 50, "the suite is not where it should be");
    let wrong: Vec<_> = cases.iter().filter_map(failure).collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The article of a case; every paragraph is a block of the story.
pub(crate) fn article(case: &Case) -> Article {
    let text = case.fence("article").expect("every case has an article").trim_end();
    Article { text: text.to_owned(), blocks: paragraphs(text), ..Article::default() }
}

fn failure(case: &Case) -> Option<String> {
    let article = article(case);
    let doc = recorded::parse(&article);
    let text = &article.text;
    let found: Vec<_> =
        attribution::find(&article, &doc).iter().map(|a| row(text, a)).collect();
    let expected = case.fence("claims").expect("every case has claims");
    let expected: Vec<_> = expected.lines().map(str::to_owned).collect();
    (found != expected).then(|| {
        let name = &case.name;
        format!(
            "{name}\n  expected\n    {}\n  found\n    {}",
            expected.join("\n    "),
            found.join("\n    ")
        )
    })
}

/// Source, cue and content between bars.
fn row(text: &str, attribution: &Attribution) -> String {
    let words = |spans: &[Span]| match spans {
        [] => "-".to_owned(),
        spans => {
            let pieces: Vec<_> = spans.iter().map(|&span| &text[span]).collect();
            pieces.join(" … ").split_whitespace().collect::<Vec<_>>().join(" ")
        }
    };
    let Attribution { source, cue, content, .. } = attribution;
    format!("{} | {} | {}", words(source), words(cue), words(content))
}

fn paragraphs(text: &str) -> Vec<Block> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for paragraph in text.split("\n\n") {
        let span = Span::new(start, start + paragraph.len());
        blocks.push(Block::new(BlockKind::Paragraph, span));
        start += paragraph.len() + 2;
    }
    blocks
}
