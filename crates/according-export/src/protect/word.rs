//! Words that must not be read any more, wherever they stand.

use std::collections::BTreeMap;

use super::edit::{Edit, What};

/// A word or phrase, and what is written in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// In small letters.
    words: Vec<char>,
    pub(super) what: What,
    pub(super) instead: String,
}

impl Term {
    /// `None` for what holds no letter or figure.
    pub(super) fn new(words: &str, what: What, instead: &str) -> Option<Self> {
        let words: Vec<char> = words.trim().chars().map(small).collect();
        let is_any = words.iter().any(|c| c.is_alphanumeric());
        is_any.then(|| Self { words, what, instead: instead.to_owned() })
    }
}

/// A letter as small letters compare; others of a letter with several are left out.
fn small(c: char) -> char {
    match c {
        // Line ends within a phrase are spaces to readers.
        c if c.is_whitespace() => ' ',
        '’' => '\'',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Where terms stand in a text as whole words. The text is seen as runs of letters and figures.
pub(super) fn places_of(terms: &[Term], points: &[char]) -> Vec<Edit> {
    let text: Vec<char> = points.iter().map(|&c| small(c)).collect();
    let mut begun: BTreeMap<&[char], Vec<&Term>> = BTreeMap::new();
    for term in terms {
        begun.entry(first_word(&term.words)).or_default().push(term);
    }
    let is_word = |i: usize| text.get(i).is_some_and(|c| c.is_alphanumeric());
    let mut edits = Vec::new();
    for start in (0..text.len()).filter(|&i| i == 0 || !is_word(i - 1)) {
        let rest = text.get(start..).unwrap_or_default();
        for term in begun.get(first_word(rest)).into_iter().flatten() {
            let end = start + term.words.len();
            if text.get(start..end) == Some(&term.words[..]) && !is_word(end) {
                let (what, instead) = (term.what, term.instead.clone());
                edits.push(Edit { start, end, what, instead });
            }
        }
    }
    edits
}

/// The letters and figures that a text begins with; its first character where that is neither.
fn first_word(text: &[char]) -> &[char] {
    let n = text.iter().take_while(|c| c.is_alphanumeric()).count();
    text.get(..n.max(1)).unwrap_or_default()
}

/// The forms that a noun has in one and in several.
pub(super) fn forms(noun: &str) -> Vec<String> {
    let noun = noun.to_lowercase();
    let mut forms = vec![noun.clone()];
    if let Some(stem) = noun.strip_suffix("men") {
        forms.push(format!("{stem}man"));
    } else if let Some(stem) = noun.strip_suffix("man") {
        forms.push(format!("{stem}men"));
    } else if let Some(stem) = noun.strip_suffix("ies") {
        forms.push(format!("{stem}y"));
    } else if noun.ends_with('s') && !noun.ends_with("ss") {
        forms.push(noun.trim_end_matches('s').to_owned());
        forms.extend(noun.strip_suffix("es").map(str::to_owned));
    } else {
        forms.push(format!("{noun}s"));
        forms.push(format!("{noun}es"));
        forms.extend(noun.strip_suffix('y').map(|stem| format!("{stem}ies")));
    }
    forms.retain(|form| form.chars().count() > 1);
    forms
}
