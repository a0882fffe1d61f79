//! Datelines: "HARBOUR CITY, May 5 (Agency) —" at the head of a paragraph.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::calendar;
use super::day::Day;
use super::words::{Word, list, rows, words};

/// What an agency sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trade {
    /// Reports, and pictures perhaps.
    News,
    /// Pictures alone.
    Pictures,
}

/// Agencies by their names in lower case.
static AGENCIES: LazyLock<FxHashMap<&str, Trade>> = LazyLock::new(|| {
    rows(include_str!("../../data/en/agency.tsv"))
        .filter_map(|mut row| {
            let (name, trade) = (row.next()?, row.next()?);
            Some((name, if trade == "news" { Trade::News } else { Trade::Pictures }))
        })
        .collect()
});

/// Words in capitals that open a line without being a place.
static LABELS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| list(include_str!("../../data/en/label.tsv")));

/// A dateline is no longer than this many words and marks.
const LONGEST: usize = 32;

/// Lower-case words inside names of places.
const PARTICLES: [&str; 12] =
    ["de", "la", "le", "el", "al", "of", "the", "and", "sur", "upon", "da", "do"];

/// A dateline and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dateline {
    /// Bytes of the dateline as written, without its dash.
    pub(super) written: usize,
    /// Bytes up to the end of its dash.
    pub(super) end: usize,
    /// Its date, when it is there in full.
    pub(super) date: Option<Day>,
    /// Whether nothing follows.
    pub(super) alone: bool,
    /// What tells it from any words in capitals before a dash.
    pub(super) evidence: Evidence,
}

/// How a dateline is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// By an agency or a date.
    Stated,
    /// By capitals and a dash.
    Dash,
    /// By capitals and a colon.
    Colon,
}

/// The dateline at the head of a block.
pub(super) fn dateline(words: &[Word<'_>]) -> Option<Dateline> {
    let head = &words[..words.len().min(LONGEST)];
    // "(CNN) The talks …"
    if head.first()?.is("(")
        && let Some(close) = head.iter().position(|w| w.is(")"))
        && is_agency(&head[1..close])
    {
        let last = head.get(close + 1).filter(|w| w.is("-")).unwrap_or(&head[close]);
        return found(words, close + 1, last, None, Evidence::Stated);
    }
    for (i, word) in head.iter().enumerate() {
        let evidence = match word.norm.as_ref() {
            "-" | "_" if separates(head, i) => Evidence::Dash,
            ":" if head.get(i + 1).is_some_and(|next| word.end() < next.start) => {
                Evidence::Colon
            }
            "\"" | "!" | "?" | ";" => return None,
            _ => continue,
        };
        let (stated, date) = read(&head[..i])?;
        let evidence = if stated { Evidence::Stated } else { evidence };
        return found(words, i, word, date, evidence)
            .filter(|d| stated || is_story(&words[i + 1..], d.alone));
    }
    // A line of its own needs no dash.
    let (stated, date) = read(head).filter(|_| words.len() <= LONGEST)?;
    found(words, words.len(), words.last()?, date, Evidence::Stated).filter(|_| stated)
}

fn found(
    words: &[Word<'_>],
    n_prefix: usize,
    last: &Word<'_>,
    date: Option<Day>,
    evidence: Evidence,
) -> Option<Dateline> {
    let written = words.get(n_prefix.checked_sub(1)?)?.end();
    let end = last.end();
    let alone = words.last()?.end() <= end;
    Some(Dateline { written, end, date, alone, evidence })
}

/// Whether the dash at `i` stands between a dateline and its story, not inside a name.
fn separates(words: &[Word<'_>], i: usize) -> bool {
    let (word, before) = (&words[i], i.checked_sub(1).and_then(|b| words.get(b)));
    let long = !matches!(word.text, "-" | "‐" | "‑")
        && !words
            .get(i + 1)
            .is_some_and(|a| a.number().is_some() && a.start == word.end());
    let space_before = before.is_some_and(|b| b.end() < word.start);
    let space_after = words.get(i + 1).is_none_or(|a| word.end() < a.start);
    long || space_after && (space_before || before.is_some_and(|b| b.is(")")))
}

/// Whether the words after capitals and a dash are a paragraph rather than a headline.
fn is_story(words: &[Word<'_>], alone: bool) -> bool {
    let starts = words
        .iter()
        .find(|w| w.is_alphanumeric())
        .is_some_and(|w| !w.text.starts_with(char::is_lowercase));
    let n_words = words.iter().filter(|w| w.is_alphanumeric()).count();
    let n_capitalised = words.iter().filter(|w| w.is_capitalised()).count();
    alone || starts && n_words >= 8 && 10 * n_capitalised < 7 * n_words
}

/// The trade of the agency that `words` name.
pub(super) fn agency(words: &[Word<'_>]) -> Option<Trade> {
    // Names of agencies are short; the shortest are told from words by their capitals.
    let plausible = match words {
        [word] => word.text.len() > 3 || word.is_upper(),
        _ => (2..=6).contains(&words.len()),
    };
    plausible.then(|| AGENCIES.get(joined(words).as_str()).copied()).flatten()
}

/// Whether `words` name an agency.
pub(super) fn is_agency(words: &[Word<'_>]) -> bool {
    agency(words).is_some()
}

/// Whether a name is that of a news agency.
pub fn is_news_agency(name: &str) -> bool {
    agency(&words(name)) == Some(Trade::News)
}

/// The news agency that a byline, a dateline or a credit names: "By Ann Roe, Reuters",
/// "OSLO (AP) –", "Source: AFP".
pub(super) fn news_agency_in(line: &str) -> Option<&str> {
    let parts = line.split([',', '|', '/', '(', ')', ':', '–', '—', '•', '·']);
    let mut parts = parts.map(|part| {
        let part = part.trim();
        let opening = ["By ", "by ", "BY ", "and ", "with ", "from ", "From "];
        opening.iter().find_map(|opening| part.strip_prefix(opening)).unwrap_or(part)
    });
    parts.find(|part| is_news_agency(part))
}

fn joined(words: &[Word<'_>]) -> String {
    let mut name = String::new();
    for (i, word) in words.iter().enumerate() {
        let gap =
            i.checked_sub(1).and_then(|b| words.get(b)).map(|b| b.end() < word.start);
        if gap == Some(true) {
            name.push(' ');
        }
        name.push_str(&word.norm);
    }
    name
}

/// Reads what stands before the dash: whether an agency or a date shows that it is a
/// dateline, and the date. `None` when it is no dateline.
fn read(words: &[Word<'_>]) -> Option<(bool, Option<Day>)> {
    let (words, agency) = split_agency(words)?;
    let n_place = place(words)?;
    let (place, rest) = words.split_at(n_place);
    if place.split(|w| w.is(",")).any(|part| LABELS.contains(joined(part).as_str())) {
        return None;
    }
    let date = match rest {
        [] => None,
        // No clock stands in a dateline, so a number is part of its date.
        _ => Some(calendar::date_of(rest)?),
    };
    let city = place.split(|w| w.is(",")).next()?;
    let capitals = city
        .iter()
        .filter(|w| w.is_alphanumeric() && !PARTICLES.contains(&w.text))
        .all(Word::is_upper);
    let n_letters: usize = city.iter().map(|w| w.text.len()).sum();
    let n_words = city.iter().filter(|w| w.is_alphanumeric()).count();
    match (agency, date) {
        (None, None) if capitals && n_letters >= 3 && n_words <= 4 => Some((false, None)),
        (None, None) => None,
        (Some(known), None) if !known && !capitals => None,
        (_, date) => Some((true, date.and_then(|d| d.published))),
    }
}

/// Takes "(Agency)" or "/Agency/" off the end; tells whether the agency is a known one.
fn split_agency<'a, 't>(words: &'a [Word<'t>]) -> Option<(&'a [Word<'t>], Option<bool>)> {
    let (open, close) = match words.last()?.norm.as_ref() {
        ")" => ("(", ")"),
        "/" => ("/", "/"),
        _ => return Some((words, None)),
    };
    let inside = &words[..words.len() - 1];
    let at = inside.iter().rposition(|w| w.is(open))?;
    let name = inside.get(at + 1..)?;
    let plausible = (1..=6).contains(&name.len())
        && name.iter().any(Word::is_capitalised)
        && name
            .iter()
            .all(|w| w.is_alphanumeric() || w.is("/") || w.is("-") || w.is("."));
    let known = is_agency(name) || name.split(|w| w.is("/")).any(is_agency);
    (plausible && !name.iter().any(|w| w.is(close)))
        .then_some((&inside[..at], Some(known)))
}

/// How many of `words` name a place.
fn place(words: &[Word<'_>]) -> Option<usize> {
    let is_place = |w: &Word<'_>| {
        w.is_capitalised()
            || PARTICLES.contains(&w.text)
            || matches!(w.norm.as_ref(), "." | "," | "/" | "'" | "-")
    };
    let starts_date = |i: usize| {
        let after = words[i + 1..].iter().find(|w| !w.is("."));
        words[i].number().is_some()
            || calendar::is_weekday(&words[i])
            || calendar::month(&words[i]).is_some()
                && after.is_none_or(|w| w.text.starts_with(|c: char| c.is_ascii_digit()))
    };
    let n = (0..words.len()).find(|&i| starts_date(i)).unwrap_or(words.len());
    let place = &words[..n];
    let n_names = place.iter().filter(|w| w.is_capitalised()).count();
    let fits = place.first()?.is_capitalised()
        && place.iter().all(is_place)
        && (1..=9).contains(&n_names);
    fits.then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(&str, &str)> {
        let found = dateline(&words(text))?;
        Some((&text[..found.written], text[found.end..].trim_start()))
    }

    #[test]
    fn datelines_of_many_houses() {
        const STORY: &str = "Two men were held over the ferry fire, the police said.";
        for written in [
            "HONG KONG, May 5 (Reuters)",
            "BERLIN",
            "SAN JOSE, Costa Rica",
            "HEMPSTEAD, N.Y., Sept. 26 (UPI)",
            "New York (AFP)",
            "WASHINGTON (AP)",
            "Seoul, May 5 (Yonhap)",
            "SEOUL/BEIJING (Reuters)",
            "PORT-AU-PRINCE, Haiti (AP)",
            "UNITED NATIONS, 4 May 2018",
            "NEW DELHI, Jan. 3, 2019 /PRNewswire/",
            "MOSCOW. Feb 3 (Interfax)",
            "LONDON, Dec 29 (Thomson Reuters Foundation)",
            "ST. JOHN’S",
            "(Reuters)",
        ] {
            for dash in [" — ", " – ", " - ", " -- ", " ― "] {
                let text = format!("{written}{dash}{STORY}");
                assert_eq!(parts(&text), Some((written, STORY)), "{text}");
            }
        }
        assert_eq!(parts(&format!("ISLAMABAD: {STORY}")), Some(("ISLAMABAD", STORY)));
        assert_eq!(parts(&format!("(CNN) {STORY}")), Some(("(CNN)", STORY)));
        assert_eq!(
            parts("LONDON, May 5 (Reuters)"),
            Some(("LONDON, May 5 (Reuters)", ""))
        );
    }

    #[test]
    fn other_openings_are_no_datelines() {
        for text in [
            "NATO – the alliance of thirty states – said on Monday that it would stay.",
            "EXCLUSIVE – The minister knew of the payments two years before the trial, files show.",
            "WATCH: The minister leaves the court in silence after a long day of questions.",
            "The mayor - who was not at home - said that he would not resign over the fire.",
            "Sen. Ann Doe (I-Vt.) - a critic of the bill - said on Monday she would oppose it.",
            "BERLIN",
            "REALITY, NOT A THREAT",
            "(CROSSTALK.) The two men spoke at once.",
            "Talks Resume - Harbour City Hopes For Peace After Long And Bitter Strike",
            "",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}
