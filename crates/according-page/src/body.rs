//! Which lines of a page tell the story.

use std::collections::{BTreeMap, BTreeSet};

use trafilatura::dom::Document;
use trafilatura::{HtmlDateMode, Options, extract_document};

use crate::dom::Dom;
use crate::lines::Line;

/// So many words in a row are compared.
const RUN: usize = 4;

/// A line is told again by the extracted text when so much of it is, in percent.
const MOST: usize = 60;

/// Marks the lines that belong to the main content of the page.
pub(crate) fn body(mut document: Document, dom: &Dom, lines: &[Line]) -> Vec<bool> {
    answer(&mut document);
    let mut options = Options::default().with_fallback(false).with_exclude_comments(true);
    options.html_date_mode = HtmlDateMode::Disabled;
    let told = extract_document(document, &options)
        .map(|extracted| align(&extracted.content_text, dom, lines))
        .unwrap_or_default();
    match told.contains(&true) {
        true => told,
        false => paragraphs(dom, lines),
    }
}

/// Answers in the head of the page what the extraction asks about it. Nobody wants to know,
/// and where the head is silent it looks for authors, sections, tags and licences in the whole
/// page, which takes as long as half of the extraction proper.
fn answer(document: &mut Document) {
    let root = document.root();
    let Some(head) = document.query_selector(root, "head") else { return };
    for meta in document.get_elements_by_tag_name(head, "meta") {
        document.remove(meta, true);
    }
    // Attributes are found only if they are set in alphabetical order.
    type Element = (&'static str, &'static [(&'static str, &'static str)], &'static str);
    const ANSWERS: [Element; 5] = [
        ("meta", &[("content", "Title"), ("property", "og:title")], ""),
        ("meta", &[("content", "An Author"), ("property", "article:author")], ""),
        ("meta", &[("content", "tag"), ("property", "article:tag")], ""),
        ("a", &[("href", "/"), ("rel", "license")], "Licence"),
        (
            "script",
            &[("type", "application/ld+json")],
            r#"{"@type":"WebPage","articleSection":"Section"}"#,
        ),
    ];
    for (tag, attributes, text) in ANSWERS {
        let element = document.sub_element(head, tag);
        for (name, value) in attributes {
            document.set_attribute(element, name, value);
        }
        document.set_text(element, text);
    }
}

/// What of a text is compared: its words, whatever stands between them, as hashes.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut word = SEED;
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word = mixed(word, u64::from(c));
        } else if word != SEED {
            words.push(word);
            word = SEED;
        }
    }
    words
}

/// FNV-1a, a number at a time.
fn mixed(hash: u64, next: u64) -> u64 {
    (hash ^ next).wrapping_mul(0x0100_0000_01b3)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The runs of a text, sorted, each as often as it stands there.
struct Runs(Vec<u64>);

impl Runs {
    fn new(words: &[u64]) -> Self {
        let mut runs: Vec<u64> = words.windows(RUN).map(run).collect();
        runs.sort_unstable();
        Self(runs)
    }

    fn has(&self, words: &[u64]) -> bool {
        self.0.binary_search(&run(words)).is_ok()
    }

    /// How often it stands there, if it does.
    fn count(&self, words: &[u64]) -> Option<usize> {
        let run = run(words);
        let from = self.0.partition_point(|r| *r < run);
        let count = self.0[from..].partition_point(|r| *r == run);
        (count > 0).then_some(count)
    }
}

/// One number for a run of words.
fn run(words: &[u64]) -> u64 {
    words.iter().fold(SEED, |hash, word| mixed(hash.rotate_left(5), *word))
}

/// The lines of the page that `content` is made of.
fn align(content: &str, dom: &Dom, lines: &[Line]) -> Vec<bool> {
    let all = words(content);
    let runs = Runs::new(&all);
    let mut short: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
    for words in content.lines().map(words).filter(|words| words.len() < RUN) {
        *short.entry(words).or_default() += 1;
    }
    let cut: Vec<_> = lines.iter().map(|line| words(&line.text)).collect();
    let is_told = |words: &Vec<u64>| {
        if words.len() < RUN {
            return false;
        }
        let told = words.windows(RUN).filter(|w| runs.has(w)).count();
        told * 100 >= (words.len() + 1 - RUN) * MOST
    };
    let mut marks: Vec<bool> = cut.iter().map(is_told).collect();
    let is_set_apart = |i: usize| {
        dom.ancestors(lines[i].element)
            .any(|n| matches!(dom.name(n), "figure" | "figcaption" | "aside" | "li"))
    };
    keep_one_of_each(&cut, &mut marks, &runs, is_set_apart);
    // Short lines say too little alone: they count between lines that are told.
    let first = marks.iter().position(|m| *m).unwrap_or(0);
    let last = marks.iter().rposition(|m| *m).map_or(0, |i| i + 1);
    for i in first..last {
        if cut[i].len() < RUN
            && let Some(n) = short.get_mut(&cut[i])
            && *n > 0
        {
            *n -= 1;
            marks[i] = true;
        }
    }
    add_left_out(dom, lines, &cut, &mut marks[..last], first);
    marks
}

/// Marks what the extraction leaves out in the middle of the story: lines that only line
/// breaks part from lines of the story, and quotations.
fn add_left_out(
    dom: &Dom,
    lines: &[Line],
    cut: &[Vec<u64>],
    marks: &mut [bool],
    first: usize,
) {
    let told: BTreeSet<usize> = (first..marks.len())
        .filter(|&i| marks[i] && cut[i].len() >= RUN)
        .map(|i| lines[i].element)
        .collect();
    let mut said: BTreeSet<&[u64]> =
        cut.iter().zip(&*marks).filter(|(_, m)| **m).map(|(c, _)| &**c).collect();
    for i in first..marks.len() {
        let quoted = || {
            let mut around = dom.ancestors(lines[i].element);
            around.any(|n| dom.name(n) == "blockquote")
        };
        let long = cut[i].len() > 2 * RUN;
        if long && (told.contains(&lines[i].element) || quoted()) && said.insert(&cut[i])
        {
            marks[i] = true;
        }
    }
}

/// Of lines that say the same only as many are kept as the content has, those with most
/// other lines of the story around them.
fn keep_one_of_each(
    cut: &[Vec<u64>],
    marks: &mut [bool],
    runs: &Runs,
    is_set_apart: impl Fn(usize) -> bool,
) {
    let mut same: BTreeMap<&[u64], Vec<usize>> = BTreeMap::new();
    for (i, words) in cut.iter().enumerate().filter(|(i, _)| marks[*i]) {
        same.entry(words).or_default().push(i);
    }
    let mut sums = vec![0];
    for (words, mark) in cut.iter().zip(&*marks) {
        sums.push(sums[sums.len() - 1] + if *mark { words.len() } else { 0 });
    }
    let around = |i: usize| {
        let (from, to) = (i.saturating_sub(6), (i + 7).min(cut.len()));
        sums[to] - sums[from]
    };
    for (words, mut places) in same {
        let counts = words.windows(RUN).filter_map(|w| runs.count(w));
        let n = counts.min().unwrap_or(1);
        if places.len() > n {
            places.sort_by_key(|&i| (is_set_apart(i), std::cmp::Reverse(around(i))));
            places[n..].iter().for_each(|&i| marks[i] = false);
        }
    }
}

/// The story of a page too short for the extraction: what stands in paragraphs, within the
/// article where one is marked.
fn paragraphs(dom: &Dom, lines: &[Line]) -> Vec<bool> {
    let within = |line: &Line, names: &[&str]| {
        dom.ancestors(line.element).any(|n| names.contains(&dom.name(n)))
    };
    let is_story = |line: &Line| {
        within(line, &["p", "blockquote"])
            && !within(line, &["nav", "aside", "footer", "form", "figure"])
    };
    let in_article = |line: &Line| is_story(line) && within(line, &["article", "main"]);
    match lines.iter().any(in_article) {
        true => lines.iter().map(in_article).collect(),
        false => lines.iter().map(is_story).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is not answered is searched for, and found where no one should have looked.
    #[test]
    fn questions_about_the_page_are_answered_in_its_head() {
        let page = r#"<head><meta name="author" content="Ann Roe"></head><body>
            <div class="author">By Jo Poe</div><div class="entry-tags"><a href="/t/">ferry</a>
            </div><p>The ferry that burnt in the harbour on Monday carried no passengers, and
            nobody was hurt, the coast guard said in a statement read out to reporters on the
            quay. The cause of the fire, which took all night to put out, is not known.</p>
            <footer><a href="https://creativecommons.org/licenses/by/4.0/">CC BY</a></footer>"#;
        let mut document = Document::parse(page);
        answer(&mut document);
        let mut options = Options::default().with_fallback(false);
        options.html_date_mode = HtmlDateMode::Disabled;
        let about = extract_document(document, &options).unwrap().metadata;
        assert_eq!(
            [&about.title, &about.author, &about.license, &about.tags[0]],
            ["Title", "An Author", "Licence", "tag"]
        );
        assert_eq!(about.categories, ["Section"]);
    }
}
