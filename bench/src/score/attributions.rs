//! Attributions against PolNeAR.
//!
//! What is compared: tokens of each role, whole spans, attributions (content shared by half
//! or more), and whether their source, cue and all three spans are right. Several annotators
//! of one article share its weight. What an annotator set aside counts for nothing, unless it
//! lies in an attribution after all.

use std::collections::HashSet;

use according::annotate::attribution::lexicon;
use according::report::{Claim, Offsets, Report, SpeakerKind};
use according_nlp::{CodePoints, Doc, Token};

use super::{Counts, Tally, pair};
use crate::gold::in_bytes;
use crate::gold::polnear::{Annotation, Article, Marked};

/// What is compared of each role: tokens and whole spans.
const ROLES: [[&str; 2]; 3] =
    [["source", "source.exact"], ["cue", "cue.exact"], ["content", "content.exact"]];

/// Verbs that tell of saying or writing and of little else, the commonest in news.
pub const SPEECH_VERBS: [&str; 36] = [
    "acknowledge",
    "add",
    "admit",
    "allege",
    "announce",
    "argue",
    "ask",
    "assert",
    "call",
    "claim",
    "comment",
    "confirm",
    "declare",
    "deny",
    "describe",
    "explain",
    "insist",
    "mention",
    "note",
    "observe",
    "recall",
    "remark",
    "repeat",
    "reply",
    "report",
    "respond",
    "reveal",
    "say",
    "state",
    "suggest",
    "tell",
    "testify",
    "tweet",
    "urge",
    "warn",
    "write",
];

/// The claims of a report that PolNeAR would mark: made by somebody other than the reporter,
/// and not inside another, since PolNeAR does not nest.
pub fn comparable(report: &Report) -> Vec<&Claim> {
    let is = |c: &&Claim| c.parent.is_none() && c.speaker.kind != SpeakerKind::Reporter;
    report.claims.iter().filter(is).collect()
}

/// Compares a report with every annotation of its article.
pub fn score(article: &Article, doc: &Doc, report: &Report) -> Counts {
    let mut counts = Counts::default();
    for annotation in &article.annotations {
        let compared = compare(article, doc, report, annotation).counts;
        counts.absorb(&compared, 1.0 / article.annotations.len() as f64);
    }
    counts
}

/// What comes of comparing a report with one annotation.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The figures.
    pub counts: Counts,
    /// Predictions, each once.
    pub predicted: Vec<&'a Claim>,
    /// Annotated attributions, each once.
    pub gold: Vec<&'a Marked>,
    /// Prediction and attribution with about the same content, and whether the source is
    /// right.
    pub pairs: Vec<(usize, usize, bool)>,
}

/// Compares a report with one annotation of its article.
pub fn compare<'a>(
    article: &'a Article,
    doc: &Doc,
    report: &'a Report,
    annotation: &'a Annotation,
) -> Compared<'a> {
    let text = Text::new(&article.text);
    let mut masked = text.covered(&annotation.discarded);
    for marked in &annotation.attributions {
        for spans in [&marked.source, &marked.cue, &marked.content] {
            masked = &masked - &text.covered(spans);
        }
    }
    let claims = comparable(report);
    let claims = claims.into_iter().map(|c| (c, [&c.source, &c.cue, &c.content]));
    let (predicted, p) = text.distinct(claims, &masked);
    let marked = annotation.attributions.iter();
    let marked = marked.map(|m| (m, [&m.source, &m.cue, &m.content]));
    let (gold, g) = text.distinct(marked, &masked);

    let mut counts = Counts::default();
    for (role, [tokens, exact]) in ROLES.into_iter().enumerate() {
        let all = |a: &[Triple]| a.iter().flat_map(|a| &a[role]).copied().collect();
        let (ptokens, gtokens): (Tokens, Tokens) = (all(&p), all(&g));
        let both = ptokens.intersection(&gtokens).count();
        counts.add(tokens, Tally::new(both, ptokens.len(), gtokens.len()));
        let (pspans, gspans) = (spans(&p, role), spans(&g, role));
        let both = pspans.intersection(&gspans).count();
        counts.add(exact, Tally::new(both, pspans.len(), gspans.len()));
    }
    let (plabels, glabels) = (text.labels(&p), text.labels(&g));
    for (i, (a, b)) in plabels.into_iter().zip(glabels).enumerate() {
        if !masked.contains(&i) {
            counts.labels[a][b] += 1.0;
        }
    }

    let pairs = pair(p.len(), g.len(), |i, j| {
        let shared = |role: usize| p[i][role].intersection(&g[j][role]).count();
        let both = shared(CONTENT);
        let either = p[i][CONTENT].len() + g[j][CONTENT].len() - both;
        let iou = both as f64 / either as f64;
        (both > 0).then(|| (iou, (shared(SOURCE), shared(CUE))))
    });
    let who = |p: &Triple, g: &Triple| {
        let mut words = p[SOURCE].iter().filter(|&&i| text.is_word[i]);
        match g[SOURCE].is_empty() {
            true => p[SOURCE].is_empty(),
            false => words.any(|i| g[SOURCE].contains(i)),
        }
    };
    let pairs: Vec<_> =
        pairs.into_iter().map(|(i, j)| (i, j, who(&p[i], &g[j]))).collect();
    let with_content = |a: &[Triple]| a.iter().filter(|a| !a[CONTENT].is_empty()).count();
    let tally = |is: &dyn Fn(&Triple, &Triple) -> bool| {
        let hits = pairs.iter().filter(|&&(i, j, _)| is(&p[i], &g[j])).count();
        Tally::new(hits, with_content(&p), with_content(&g))
    };
    counts.add("attr", tally(&|_, _| true));
    counts.add("who", tally(&who));
    counts.add("attrcue", tally(&|p, g| !p[CUE].is_disjoint(&g[CUE])));
    let exact = |p: &Triple, g: &Triple| {
        let source = g[SOURCE].is_empty() || p[SOURCE] == g[SOURCE];
        who(p, g) && source && p[CUE] == g[CUE] && p[CONTENT] == g[CONTENT]
    };
    counts.add("allexact", tally(&exact));

    let points = CodePoints::new(&article.text);
    for (j, marked) in gold.iter().enumerate().filter(|(j, _)| !g[*j][CONTENT].is_empty())
    {
        let met = pairs.iter().find(|(_, other, _)| *other == j);
        for [found, right] in kinds(&points, doc, &article.text, marked) {
            counts.count(found, met.is_some());
            counts.count(right, met.is_some_and(|(.., who)| *who));
        }
    }
    for (i, claim) in predicted.iter().enumerate() {
        let right = pairs.iter().any(|&(other, _, who)| other == i && who);
        counts.calibration.add(claim.confidence, right);
    }
    Compared { counts, predicted, gold, pairs }
}

/// The kinds of attribution, under which it is counted whether one is found and whether its
/// source is right.
fn kinds(
    points: &CodePoints<'_>,
    doc: &Doc,
    text: &str,
    marked: &Marked,
) -> Vec<[&'static str; 2]> {
    let content: String =
        in_bytes(points, &marked.content).iter().map(|s| &text[s.range()]).collect();
    let cue: Vec<Token<'_>> = in_bytes(points, &marked.cue)
        .iter()
        .flat_map(|&span| doc.slice(doc.tokens_in(span)))
        .collect();
    let told = quoted(&content);
    let by_speech_verb = cue.iter().any(|t| SPEECH_VERBS.contains(&t.lemma()));
    let known = cue.iter().filter_map(|t| lexicon::cue(t.lemma(), t.upos()));
    let class = known.map(|cue| cue.speech).max();
    let mut kinds = vec![
        match told {
            Told::Direct => ["direct", "direct.who"],
            Told::Mixed => ["mixed", "mixed.who"],
            Told::Indirect => ["indirect", "indirect.who"],
        },
        match by_speech_verb {
            true => ["speech-verb", "speech-verb.who"],
            false => ["other-cue", "other-cue.who"],
        },
        match class {
            Some(true) => ["lexicon-speech", "lexicon-speech.who"],
            Some(false) => ["lexicon-attitude", "lexicon-attitude.who"],
            None => ["lexicon-none", "lexicon-none.who"],
        },
    ];
    if told == Told::Direct && by_speech_verb {
        kinds.push(["direct-speech-verb", "direct-speech-verb.who"]);
    }
    if marked.source.is_empty() {
        kinds.push(["no-source", "no-source.who"]);
    }
    kinds
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Begins with a quotation mark.
    Direct,
    /// Holds one.
    Mixed,
    Indirect,
}

fn quoted(content: &str) -> Told {
    const MARKS: [&str; 8] = ["\"", "“", "”", "«", "„", "``", "''", "‘"];
    let content = content.trim_start();
    if MARKS.iter().any(|mark| content.starts_with(mark)) || content.starts_with('\'') {
        Told::Direct
    } else if MARKS.iter().any(|mark| content.contains(mark)) {
        Told::Mixed
    } else {
        Told::Indirect
    }
}

/// Numbers of tokens.
type Tokens = HashSet<usize>;

/// The tokens of source, cue and content.
type Triple = [Tokens; 3];

const SOURCE: usize = 0;
const CUE: usize = 1;
const CONTENT: usize = 2;

/// The tokens of a text: runs of letters and digits, and every other character by itself.
struct Text {
    start: Vec<usize>,
    end: Vec<usize>,
    is_word: Vec<bool>,
}

impl Text {
    fn new(text: &str) -> Self {
        let mut tokens = Self { start: Vec::new(), end: Vec::new(), is_word: Vec::new() };
        for (i, c) in text.chars().enumerate() {
            let is_word = c.is_alphanumeric();
            let goes_on = is_word
                && tokens.end.last() == Some(&i)
                && tokens.is_word.last() == Some(&true);
            if goes_on {
                tokens.end.pop();
                tokens.end.push(i + 1);
            } else if !c.is_whitespace() {
                tokens.start.push(i);
                tokens.end.push(i + 1);
                tokens.is_word.push(is_word);
            }
        }
        tokens
    }

    /// The tokens that overlap with any of `spans`.
    fn covered(&self, spans: &[Offsets]) -> Tokens {
        let mut tokens = Tokens::new();
        for &[start, end] in spans {
            let from = self.end.partition_point(|&e| e <= start);
            tokens.extend((from..self.start.len()).take_while(|&i| self.start[i] < end));
        }
        tokens
    }

    /// Attributions without what is masked, without empty and equal ones.
    fn distinct<'a, T>(
        &self,
        attributions: impl Iterator<Item = (&'a T, [&'a Vec<Offsets>; 3])>,
        masked: &Tokens,
    ) -> (Vec<&'a T>, Vec<Triple>) {
        let mut found: (Vec<&T>, Vec<Triple>) = Default::default();
        for (attribution, roles) in attributions {
            let triple = roles.map(|spans| &self.covered(spans) - masked);
            if triple.iter().any(|t| !t.is_empty()) && !found.1.contains(&triple) {
                found.0.push(attribution);
                found.1.push(triple);
            }
        }
        found
    }

    /// For every token 0 for content, 1 for source, 2 for cue, 3 for none of them: the
    /// highest it is, where attributions nest.
    fn labels(&self, attributions: &[Triple]) -> Vec<usize> {
        let mut labels = vec![3; self.start.len()];
        for (label, role) in [(0, CONTENT), (1, SOURCE), (2, CUE)] {
            for &token in attributions.iter().flat_map(|a| &a[role]) {
                labels[token] = label;
            }
        }
        labels
    }
}

/// The different spans of one role.
fn spans(attributions: &[Triple], role: usize) -> HashSet<Vec<usize>> {
    let sorted = |tokens: &Tokens| {
        let mut sorted: Vec<usize> = tokens.iter().copied().collect();
        sorted.sort_unstable();
        sorted
    };
    let spans = attributions.iter().map(|a| &a[role]).filter(|t| !t.is_empty());
    spans.map(sorted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One source and one content are cut short, one source is missed, and one claim lies in
    /// what the annotator set aside.
    #[test]
    fn counts_tokens_spans_and_attributions() {
        let text = "Anna Holt said the mill shut. It may open, some add. Subscribe now";
        let marked = |source: Offsets, cue: Offsets, content: Offsets| Marked {
            source: vec![source],
            cue: vec![cue],
            content: vec![content],
        };
        let gold =
            [marked([0, 9], [10, 14], [15, 28]), marked([43, 47], [48, 51], [30, 41])];
        let annotation = |gold: &[Marked]| Annotation {
            attributions: gold.to_vec(),
            discarded: vec![[53, 66]],
        };
        let article = |annotations| Article {
            name: String::new(),
            text: text.to_owned(),
            annotations,
        };
        let (report, doc) = super::super::testing::report(
            text,
            &[
                [&[[5, 9]], &[[10, 14]], &[[15, 23]]],
                [&[], &[[48, 51]], &[[30, 41]]],
                [&[], &[], &[[53, 62]]],
            ],
        );
        let counts = score(&article(vec![annotation(&gold)]), &doc, &report);
        assert_eq!(counts.tally("source"), Tally::new(1, 1, 3));
        assert_eq!(counts.tally("cue.exact"), Tally::new(2, 2, 2));
        assert_eq!(counts.tally("content"), Tally::new(5, 5, 6));
        assert_eq!(counts.tally("attr"), Tally::new(2, 2, 2));
        assert_eq!(counts.tally("who"), Tally::new(1, 2, 2));
        assert_eq!(counts.tally("allexact"), Tally::new(0, 2, 2));
        assert_eq!(counts.tally("indirect.who"), Tally::new(1, 0, 2));
        assert_eq!(counts.calibration.bins[7].right, 1.0);

        // A second annotator who marked nothing of it shares the weight.
        let both = article(vec![annotation(&gold), annotation(&[])]);
        let counts = score(&both, &doc, &report);
        assert_eq!(counts.tally("attr").gold, 1.0);
        assert_eq!(counts.tally("attr").precision(), 0.5);
    }

    #[test]
    fn tokens_are_words_and_marks() {
        let text = Text::new("“It’s 3.5_km,” é");
        let words: Vec<_> = text.start.iter().zip(&text.end).collect();
        assert_eq!(words.len(), 12);
        assert_eq!(words[1], (&1, &3));
        assert_eq!(text.is_word.iter().filter(|w| **w).count(), 6);
        assert_eq!(text.covered(&[[2, 4]]), Tokens::from([1, 2]));
    }

    #[test]
    fn kinds_of_quoting() {
        assert_eq!(quoted(" “We lost,” he"), Told::Direct);
        assert_eq!(quoted("the team “lost”"), Told::Mixed);
        assert_eq!(quoted("the team's loss"), Told::Indirect);
    }

    #[test]
    fn speech_verbs_are_sorted() {
        assert!(SPEECH_VERBS.is_sorted());
    }
}
