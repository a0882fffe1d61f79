//! Lines that tell who wrote an article.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::calendar;
use super::dateline::is_agency;
use super::day::Day;
use super::words::{Word, list, words};

/// Words for jobs and desks, which are no part of a name.
static DESK_WORDS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| list(include_str!("../../data/en/byline_word.tsv")));

/// Names have no more words and marks.
const MOST_WORDS: usize = 12;

/// Lower-case words inside names.
const PARTICLES: [&str; 14] = [
    "de", "van", "von", "der", "den", "bin", "ibn", "al", "el", "da", "dos", "du", "la",
    "ter",
];

/// A byline and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    /// The names of the authors.
    pub(super) names: Vec<String>,
    /// A date that stands on the same line in full.
    pub(super) date: Option<Day>,
}

/// The byline that `words`, a whole block of `text`, are.
pub(super) fn byline(text: &str, words: &[Word<'_>]) -> Option<Byline> {
    let opening = match words {
        [by, colon, ..] if by.is("byline") && colon.is(":") => 2,
        [by, colon, ..] if by.is("by") && colon.is(":") => 2,
        [by, ..] if by.is("by") && by.is_capitalised() => 1,
        [verb, by, ..]
            if by.is("by")
                && matches!(
                    verb.norm.as_ref(),
                    "words" | "written" | "story" | "report"
                ) =>
        {
            2
        }
        _ => return None,
    };
    let rest = &words[opening..];
    let first = rest.first().filter(|w| w.is_capitalised())?;
    if rest.len() > 40 || calendar::month(first).is_some() || calendar::is_weekday(first)
    {
        return None;
    }
    let (names, n_named) = names(text, rest);
    let tail = &rest[n_named..];
    let n_lower = |ws: &[Word<'_>]| {
        let lower = |w: &&Word<'_>| w.text.starts_with(char::is_lowercase);
        ws.iter().filter(lower).count()
    };
    // A sentence may begin with "By" too, but it goes on in small letters to a full stop.
    let is_sentence = tail.last().is_some_and(|w| matches!(w.text, "." | "!" | "?"))
        && tail.len() > 1
        || n_lower(tail) > 4;
    (!names.is_empty() && !is_sentence).then(|| Byline { names, date: date_in(tail) })
}

/// Two to four words that could be a name and nothing else.
pub(super) fn bare_name(text: &str, words: &[Word<'_>]) -> Option<Byline> {
    let (names, n_named) = names(text, words);
    let fits =
        (2..=4).contains(&words.len()) && n_named == words.len() && names.len() == 1;
    fits.then_some(Byline { names, date: None })
}

/// Splits the names off the head of `words`; also how many words they take.
///
/// "A, B and C" are three names, but "A, B" are a name and where its bearer works.
fn names(text: &str, words: &[Word<'_>]) -> (Vec<String>, usize) {
    let mut names = Vec::new();
    // How many of the names are certain to be names of authors.
    let mut n_certain = 1;
    let mut i = 0;
    let mut end = 0;
    while let Some(n) = name(&words[i..]) {
        let found = &words[i..i + n];
        let is_desk = found.iter().any(|w| DESK_WORDS.contains(w.norm.as_ref()));
        if names.is_empty() || !is_desk && !is_agency(found) {
            let (first, last) = (&found[0], &found[n - 1]);
            let name = text[first.start..last.end()].split_whitespace();
            let name = name.collect::<Vec<_>>().join(" ");
            // A date may follow without a space.
            names.push(name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
        }
        i += n;
        end = i;
        let is_joint =
            |w: &Word<'_>| matches!(w.norm.as_ref(), "," | "and" | "&" | ";" | "with");
        let joint = words[i..].iter().take_while(|w| is_joint(w));
        if joint.clone().any(|w| !w.is(",")) {
            n_certain = names.len() + 1;
        }
        match joint.count() {
            0 => break,
            n_joint => i += n_joint,
        }
    }
    names.truncate(n_certain);
    (names, end)
}

/// The names in a line that is known to be a byline or a line with a date: "by Ann Roe",
/// "Ann Roe Monday, May 5, 2018", "5/5/2018 7:11 AM by Ann Roe".
pub(super) fn signed(line: &str, words: &[Word<'_>]) -> Vec<String> {
    let after = words.iter().take(12).position(|w| w.is("by")).map(|i| &words[i + 1..]);
    let rest = after.unwrap_or(words);
    let Some(n) = name(rest) else { return Vec::new() };
    let is_date = |w: &Word<'_>| {
        calendar::month(w).is_some() || calendar::is_weekday(w) || w.number().is_some()
    };
    let goes_on = rest.get(n).is_some_and(is_date);
    let is_label = rest.first().is_some_and(|w| {
        matches!(
            w.norm.as_ref(),
            "published"
                | "posted"
                | "updated"
                | "modified"
                | "created"
                | "last"
                | "first"
        )
    });
    let is_name = (2..=4).contains(&n) && !is_label && !rest.iter().take(n).any(is_date);
    match after.is_some() || is_name && goes_on {
        true => names(line, rest).0,
        false => Vec::new(),
    }
}

/// Whether a name is that of a desk, or of somebody's job.
pub fn is_desk(name: &str) -> bool {
    words(name).iter().any(|w| DESK_WORDS.contains(w.norm.as_ref()))
}

/// The names of the authors in a byline, with or without "By" before them; the line itself
/// where it has no more than one name. None when it is too long to be a name.
pub fn authors(line: &str) -> Vec<String> {
    let words = words(line);
    // "Analysis by Ann Roe", "by Ann Roe"
    let n_before = words.iter().take(3).position(|w| w.is("by")).map_or(0, |i| i + 1);
    let rest = words.get(n_before..).unwrap_or_default();
    let is_joint = |w: &Word<'_>| {
        matches!(w.norm.as_ref(), "," | "and" | "&" | ";" | "|" | "with" | "-")
    };
    if n_before > 0 || rest.iter().any(is_joint) {
        return names(line, rest).0;
    }
    match words.len() <= MOST_WORDS {
        true => vec![line.split_whitespace().collect::<Vec<_>>().join(" ")],
        false => Vec::new(),
    }
}

/// How many words at the head of `words` are one name; `None` when there is none.
fn name(words: &[Word<'_>]) -> Option<usize> {
    let mut n = 0;
    while let Some(word) = words.get(n) {
        // "van der Berg": particles until a capital follows.
        let after = words[n..].iter().find(|w| !PARTICLES.contains(&w.text));
        let next = if PARTICLES.contains(&word.text) { after } else { words.get(n + 1) };
        let next_capitalised = next.is_some_and(Word::is_capitalised);
        // "By Ann Roe March 18, 2015", "By Ann Roe Tuesday, Aug. 17"
        let is_date = calendar::month(word).is_some()
            && words[n + 1..]
                .iter()
                .find(|w| !w.is("."))
                .is_some_and(|w| w.number().is_some())
            || calendar::is_weekday(word);
        if n > 1 && is_date {
            break;
        }
        let touches = n > 0 && words[n - 1].end() == word.start;
        let part = word.is_capitalised() && !word.is("and")
            || touches && next_capitalised && matches!(word.text, "-" | "'" | "’")
            || n > 0 && next_capitalised && PARTICLES.contains(&word.text)
            || n > 0 && word.text == "." && is_initial(&words[n - 1]);
        if !part {
            break;
        }
        n += 1;
    }
    (1..=7).contains(&n).then_some(n)
}

/// Whether a full stop belongs to the word: "J.", "Jr.".
fn is_initial(word: &Word<'_>) -> bool {
    word.text.chars().count() == 1
        || matches!(word.norm.as_ref(), "jr" | "sr" | "st" | "dr")
}

/// The date after the last bar, dash or bullet of a byline, or after its last comma.
fn date_in(tail: &[Word<'_>]) -> Option<Day> {
    let is_bar =
        |w: &Word<'_>| matches!(w.norm.as_ref(), "|" | "-" | "•" | "·" | "," | ":");
    (0..tail.len())
        .filter(|&i| is_bar(&tail[i]))
        .find_map(|i| calendar::date_of(&tail[i + 1..])?.published)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn names_in(text: &str) -> Option<Vec<String>> {
        byline(text, &words(text)).map(|b| b.names)
    }

    #[test]
    fn names_are_read() {
        for (text, names) in [
            ("By Ann Doe", vec!["Ann Doe"]),
            ("BY ANN DOE", vec!["ANN DOE"]),
            (
                "By Ann Doe and J. P. van der Berg in Oslo",
                vec!["Ann Doe", "J. P. van der Berg"],
            ),
            (
                "By Ann Doe, Ben O'Neil and Cleo Ruiz-Paz",
                vec!["Ann Doe", "Ben O'Neil", "Cleo Ruiz-Paz"],
            ),
            ("By Ann Doe, Reuters", vec!["Ann Doe"]),
            ("By Ann Doe and Ben Roe, Harbour Post", vec!["Ann Doe", "Ben Roe"]),
            ("By Ann Doe, Staff Writer | May 5, 2018", vec!["Ann Doe"]),
            ("By Associated Press", vec!["Associated Press"]),
            ("Byline: Ann Doe.", vec!["Ann Doe"]),
            ("By Ann Doe March 18, 2015", vec!["Ann Doe"]),
            ("By Ann Doe Tuesday, Aug. 17, 2010", vec!["Ann Doe"]),
            ("By Ann Doe and Ben Roe - AP Writers", vec!["Ann Doe", "Ben Roe"]),
        ] {
            assert_eq!(
                names_in(text),
                Some(names.iter().map(ToString::to_string).collect()),
                "{text}"
            );
        }
        let text = "By Ann Doe | Published 5 May 2018";
        let date =
            byline(text, &words(text)).and_then(|b| b.date).map(|day| day.to_string());
        assert_eq!(date.as_deref(), Some("2018-05-05"));
    }

    #[test]
    fn bylines_hold_dates() {
        for text in [
            "by Ann Roe",
            "Ann Roe Monday, May 5, 2018 @ 11:10 PM",
            "5/5/2018 7:11 AM PST BY Ann Roe",
            "by Ann Roe22 Dec 2016",
        ] {
            assert_eq!(signed(text, &words(text)), ["Ann Roe"], "{text}");
        }
        for text in [
            "Monday, May 5, 2018",
            "Published May 5, 2018",
            "Business News",
            "Harbour, May 5",
        ] {
            assert_eq!(signed(text, &words(text)), [""; 0], "{text}");
        }
    }

    #[test]
    fn sentences_are_no_bylines() {
        for text in [
            "By Friday, the river had risen.",
            "By Ann Doe’s account, the ferry was never safe.",
            "By the time they came it was over",
            "Bystanders ran.",
            "By",
        ] {
            assert_eq!(names_in(text), None, "{text}");
        }
    }
}
