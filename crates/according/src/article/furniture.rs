//! What stands in and around a story without being told by it: captions with their
//! credits, prompts, notices and links.
//!
//! A paragraph taken for furniture loses its claims, so one clear sign is asked for: a
//! phrase of the lists, a credit, a mark such as "(L)", or the present tense that only
//! captions use for a dated moment.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::calendar;
use super::dateline::{Trade, agency, is_agency};
use super::note;
use super::words::{Phrases, Place, Word, list};

static PROMPTS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(include_str!("../../data/en/boilerplate.tsv")));
static CAPTIONS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(include_str!("../../data/en/caption.tsv")));
static CREDITS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(include_str!("../../data/en/credit.tsv")));
static CAPTION_VERBS: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| list(include_str!("../../data/en/caption_verb.tsv")));

/// No caption and no prompt is longer than this many words and marks, unless it opens with
/// a phrase of the lists.
const LONGEST: usize = 110;

/// What a block is, if it is no part of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Furniture {
    /// A picture's caption or credit.
    Caption,
    /// A pull quote: words of the story, or about it, set apart as an ornament.
    PullQuote,
    /// Who reported, wrote and edited, below the story.
    Credit,
    /// A prompt, notice or link.
    Prompt,
    /// A heading over a list of links or sources.
    LinkHeading,
}

/// What the block made of `words` is, if it is no part of the story.
pub(super) fn furniture(words: &[Word<'_>]) -> Option<Furniture> {
    // "* Translated by A. Writer", "» Read more"
    let is_ornament = |w: &&Word<'_>| {
        !w.is_alphanumeric()
            && !matches!(w.norm.as_ref(), "(" | "[" | "\"" | "'" | "©" | "-")
    };
    let words = &words[words.iter().take_while(is_ornament).count()..];
    if !words.iter().any(Word::is_alphanumeric) || is_address(words) {
        return Some(Furniture::Prompt);
    }
    if note::note(words).is_some() {
        return Some(Furniture::Prompt);
    }
    let short = &words[..words.len().min(LONGEST)];
    let long = words.len() > LONGEST;
    let fits = |place: Place| !long || place == Place::Start;
    if CREDITS.find(short).is_some_and(fits) || credit(words) == Some(Trade::News) {
        return Some(Furniture::Credit);
    }
    match PROMPTS.find(short).filter(|&place| fits(place)) {
        Some(Place::Heading) => return Some(Furniture::LinkHeading),
        Some(_) => return Some(Furniture::Prompt),
        None => {}
    }
    if long {
        return None;
    }
    if is_caption(words) {
        return Some(Furniture::Caption);
    }
    if is_trail(words) || is_source(words) {
        return Some(Furniture::Prompt);
    }
    is_pull_quote(words).then_some(Furniture::PullQuote)
}

fn is_caption(words: &[Word<'_>]) -> bool {
    CAPTIONS.find(words).is_some()
        || credit(words) == Some(Trade::Pictures)
        || ends_in_credit(words)
        || opens_with_credit(words)
        || !speaks(words) && (has_position(words) || shows_dated_moment(words))
}

/// Whether somebody says something in it, which captions seldom tell.
fn speaks(words: &[Word<'_>]) -> bool {
    words.iter().any(|w| {
        matches!(
            w.norm.as_ref(),
            "said"
                | "says"
                | "told"
                | "tells"
                | "wrote"
                | "added"
                | "asked"
                | "according"
                | "\""
        )
    })
}

/// The trade of those who are credited, if `words` are nothing but a credit: "Agency",
/// "A. Photographer/Agency", "A. Photographer via Agency Images", "Agency - Agency".
fn credit(words: &[Word<'_>]) -> Option<Trade> {
    let end = words.iter().rposition(|w| !w.is(".")).map_or(0, |i| i + 1);
    let words = &words[..end];
    let names_only = words.iter().all(|w| {
        w.is_capitalised()
            || matches!(
                w.norm.as_ref(),
                "via" | "of" | "for" | "the" | "de" | "van" | "al" | "s"
            )
            || !w.is_alphanumeric() && !w.is(",") && !w.is(":")
    });
    if words.len() > 14 || !names_only {
        return None;
    }
    let is_joint = |w: &Word<'_>| matches!(w.norm.as_ref(), "/" | "|" | "via" | "-");
    let mut parts: Vec<_> = words.split(is_joint).collect();
    // "Agency Photo", "Agency/File"
    let mut shows = false;
    for part in &mut parts {
        let is_picture = |w: &Word<'_>| {
            matches!(
                w.norm.as_ref(),
                "photo" | "photos" | "file" | "pictures" | "archive" | "video"
            )
        };
        let n_names = part.iter().rposition(|w| !is_picture(w)).map_or(0, |i| i + 1);
        shows |= n_names < part.len();
        *part = &part[..n_names];
    }
    parts.retain(|part| !part.is_empty());
    let ends_in_agency =
        |part: &[Word<'_>]| (0..part.len()).any(|i| is_agency(&part[i..]));
    if !parts.is_empty() && parts.iter().all(|part| agency(part) == Some(Trade::News)) {
        return Some(if shows { Trade::Pictures } else { Trade::News });
    }
    let is_name = |part: &&[Word<'_>]| {
        part.len() <= 5 && part.first().is_some_and(Word::is_capitalised)
    };
    let is_credit = match *parts.as_slice() {
        [part] => is_agency(part),
        // "A. Photographer/Harbour Post": a slash without spaces joins little else.
        [_, _]
            if is_joined_by_slash(words)
                && words.len() >= 4
                && parts.iter().all(is_name) =>
        {
            true
        }
        _ => parts.iter().any(|part| ends_in_agency(part)),
    };
    is_credit.then_some(Trade::Pictures)
}

fn is_joined_by_slash(words: &[Word<'_>]) -> bool {
    words
        .windows(3)
        .any(|w| w[1].text == "/" && w[0].end() == w[1].start && w[1].end() == w[2].start)
}

/// A credit in parentheses or after the last sentence.
fn ends_in_credit(words: &[Word<'_>]) -> bool {
    let end = words.iter().rposition(|w| !w.is(".")).map_or(0, |i| i + 1);
    let (body, named) = match words[..end].split_last() {
        Some((close, inside)) if close.is(")") => {
            let Some(open) = inside.iter().rposition(|w| w.is("(")) else { return false };
            let (body, named) = (&inside[..open], &inside[open + 1..]);
            // "… in a statement. (Agency)" closes a report; a caption has no full stop, or
            // its credit names the photographer.
            let ends_sentence =
                body.last().is_some_and(|w| matches!(w.text, "." | "!" | "?"));
            if ends_sentence && agency(named) == Some(Trade::News) {
                return false;
            }
            (body, named)
        }
        _ => {
            let stop =
                words[..end].iter().rposition(|w| matches!(w.text, "." | "!" | "?"));
            let Some(stop) = stop else { return false };
            let named = &words[stop + 1..end];
            // "… Michael R. Bloomberg."
            if agency(named) == Some(Trade::News) {
                return false;
            }
            (&words[..=stop], named)
        }
    };
    !body.is_empty() && (credit(named).is_some() || is_labelled_credit(named))
}

/// "Image: A Harbour Museum", "Photo by A. Photographer".
fn is_labelled_credit(words: &[Word<'_>]) -> bool {
    let [label, by, name, ..] = words else { return false };
    let is_label = matches!(
        label.norm.as_ref(),
        "photo"
            | "photos"
            | "image"
            | "images"
            | "picture"
            | "photograph"
            | "credit"
            | "pic"
            | "photography"
            | "courtesy"
    );
    let is_by = matches!(
        by.norm.as_ref(),
        ":" | "by" | "courtesy" | "credit" | "of" | "via" | "-" | "/"
    );
    // "Credit A. Photographer/Agency" has no mark between.
    let names = label.is("credit")
        && words.iter().all(|w| w.is_capitalised() || !w.is_alphanumeric());
    let is_credit = names || is_by && name.is_alphanumeric();
    is_label && label.is_capitalised() && is_credit && words.len() <= 16
}

/// "EPA Fans wait outside the stadium": an agency, a capital, and no full stop.
fn opens_with_credit(words: &[Word<'_>]) -> bool {
    let Some(last) = words.last() else { return false };
    let open_ended = last.is_alphanumeric();
    let is_name = |n: usize| {
        words.get(..n).is_some_and(|head| {
            is_agency(head) && head.iter().all(|w| w.is_upper() || n > 1)
        })
    };
    open_ended
        && words.len() >= 6
        && (1..=2).any(|n| is_name(n) && words.get(n).is_some_and(Word::is_capitalised))
        && words.iter().filter(|w| w.text.starts_with(char::is_lowercase)).count() * 3
            >= words.len()
}

/// "(L)", "(C)", "(left)", "(second from right)"; "(R)" only beside another sign, since it
/// names a party too.
fn has_position(words: &[Word<'_>]) -> bool {
    let (mut right, mut party) = (false, false);
    for (i, _) in words.iter().enumerate().filter(|(_, w)| w.is("(")) {
        let inside: Vec<_> = words[i + 1..]
            .iter()
            .take_while(|w| !w.is(")"))
            .take(6)
            .map(|w| &*w.norm)
            .collect();
        match *inside.as_slice() {
            ["c" | "l"] if words[i + 1].is_upper() => return true,
            ["r"] => right = true,
            ["d"] => party = true,
            ["left" | "right" | "center" | "centre" | "front" | "back" | "rear"] => {
                return true;
            }
            [_, "from", "left" | "right"] | [_, "left" | "right" | "l" | "r"] => {
                return true;
            }
            _ => {}
        }
    }
    right && !party && has_caption_verb(words)
}

/// "A soldier guards the bridge … on March 1, 2015".
fn shows_dated_moment(words: &[Word<'_>]) -> bool {
    has_caption_verb(words) && is_dated(words)
}

/// Whether the first sentence has a verb in the present tense that captions use.
fn has_caption_verb(words: &[Word<'_>]) -> bool {
    let first =
        words.split(|w| matches!(w.text, "." | ";" | ":")).next().unwrap_or(words);
    let head = &first[..first.len().min(20)];
    let is_shown = |three: &[Word<'_>]| {
        matches!(three[0].text, "is" | "are")
            && matches!(three[1].text, "seen" | "shown")
            && !matches!(three[2].text, "as" | "by" | "to")
    };
    head.iter().skip(1).any(|w| CAPTION_VERBS.contains(w.text))
        || head.windows(3).any(is_shown)
}

/// Whether it has a date with day, month and year.
fn is_dated(words: &[Word<'_>]) -> bool {
    (0..words.len()).any(|i| {
        let window = |n: usize| words.get(i..i + n);
        let starts = calendar::month(&words[i]).is_some() || words[i].number().is_some();
        starts
            && (3..=5)
                .filter_map(window)
                .any(|w| calendar::date_of(w).is_some_and(|d| d.published.is_some()))
    })
}

/// An address of a page or for mail, and nothing else.
fn is_address(words: &[Word<'_>]) -> bool {
    let unbroken = words.windows(2).all(|w| w[0].end() == w[1].start);
    let is_page = words
        .first()
        .is_some_and(|w| matches!(w.norm.as_ref(), "http" | "https" | "www"));
    let is_mail = words.iter().skip(1).any(|w| w.is("@"));
    unbroken && words.len() >= 4 && (is_page || is_mail)
}

/// A line of links: "World > Europe > Ferries", "Share | Print | Email".
fn is_trail(words: &[Word<'_>]) -> bool {
    let n_marks = words
        .iter()
        .filter(|w| matches!(w.norm.as_ref(), ">" | "»" | "›" | "|" | "•" | "·"))
        .count();
    words.len() <= 40 && n_marks >= 2 && words.len() <= 4 * (n_marks + 1)
}

/// An entry of a list of sources: a quoted title, a dash, an outlet and a date.
fn is_source(words: &[Word<'_>]) -> bool {
    let Some(dash) = words.iter().rposition(|w| w.is("-")) else { return false };
    let (title, rest) = words.split_at(dash);
    let has_title = title.iter().filter(|w| w.is("\"")).count() >= 2;
    has_title && rest.len() <= 14 && is_dated(rest)
}

/// A quotation with nothing but its speaker after it, or a writer and a quoted title.
fn is_pull_quote(words: &[Word<'_>]) -> bool {
    if !words.first().is_some_and(|w| w.is("\"")) {
        return false;
    }
    let Some(close) = (5..words.len()).find(|&i| is_closing(words, i)) else {
        return false;
    };
    let (before, after) = (&words[close - 1], &words[close + 1..]);
    let has_dash = after.first().is_some_and(|w| w.is("-"));
    let credit = &after[usize::from(has_dash)..];
    // "A. Writer", "Mayor A. Writer, in a speech", "A blogger, \"The title\"".
    let (name, title) = match credit.iter().position(|w| w.is("\"")) {
        Some(at) => credit.split_at(at),
        None => (credit, &[][..]),
    };
    let is_title = match title {
        [] => true,
        [_, inside @ .., last] => {
            last.is("\"")
                && !inside.iter().any(|w| w.is("\"") || matches!(w.text, "." | "?" | "!"))
        }
        [_] => false,
    };
    let set_apart = has_dash || matches!(before.text, "." | "!" | "?" | "…");
    let is_name = |w: &Word<'_>| w.is_capitalised() || !w.is_alphanumeric();
    let verbless = has_dash || !title.is_empty() || name.iter().all(is_name);
    let open_ended = credit.last().is_some_and(|w| w.is_alphanumeric() || w.is("\""));
    set_apart
        && is_title
        && verbless
        && open_ended
        && name.len() <= 10
        && name.first().is_some_and(Word::is_capitalised)
        && !name.iter().any(|w| matches!(w.text, "." | "!" | "?") || w.is(":"))
        && !speaks(name)
}

/// Whether the mark at `i` closes the quotation: nothing in it may follow at once.
fn is_closing(words: &[Word<'_>], i: usize) -> bool {
    let before = &words[i - 1];
    let after = words.get(i + 1);
    words[i].is("\"")
        && before.end() == words[i].start
        && after.is_none_or(|a| a.start > words[i].end() || a.is("-"))
}

/// Whether `words` read like a link rather than a sentence: no full stop at the end, or a
/// quoted title.
pub(super) fn is_link(words: &[Word<'_>]) -> bool {
    let open_ended =
        words.last().is_some_and(|w| !matches!(w.text, "." | "!" | "\"" | "”"));
    words.len() <= 45 && (open_ended || is_source(words))
}

/// Whether `words` without a full stop say again what `paragraph` says, as captions do.
pub(super) fn repeats(words: &[Word<'_>], paragraph: &[Word<'_>]) -> bool {
    let open_ended = words.last().is_some_and(Word::is_alphanumeric);
    if !open_ended || !(15..=70).contains(&words.len()) || paragraph.len() > 4 * LONGEST {
        return false;
    }
    let told: BTreeSet<_> = paragraph.iter().map(|w| w.norm.as_ref()).collect();
    let n_told = words.iter().filter(|w| told.contains(w.norm.as_ref())).count();
    n_told * 10 >= words.len() * 8
}

/// Where the credits begin that close a paragraph: "… said. (Reporting by A. Writer)".
pub(super) fn trailing_credit(words: &[Word<'_>]) -> Option<usize> {
    let close = words.iter().rposition(|w| !w.is(".")).filter(|&i| words[i].is(")"))?;
    let open = words[..close].iter().rposition(|w| w.is("("))?;
    let before = open.checked_sub(1).and_then(|i| words.get(i))?;
    let is_end = matches!(before.text, "." | "!" | "?" | "\"" | "”" | "’" | "'");
    let place = CREDITS.find(&words[open..])?;
    (is_end && place == Place::Start).then_some(words[open].start)
}

#[cfg(test)]
mod tests {
    use super::super::words::{rows, words};
    use super::*;

    const LISTS: [(&str, &str); 9] = [
        ("agency", include_str!("../../data/en/agency.tsv")),
        ("boilerplate", include_str!("../../data/en/boilerplate.tsv")),
        ("note", include_str!("../../data/en/note.tsv")),
        ("byline_word", include_str!("../../data/en/byline_word.tsv")),
        ("calendar", include_str!("../../data/en/calendar.tsv")),
        ("caption", include_str!("../../data/en/caption.tsv")),
        ("caption_verb", include_str!("../../data/en/caption_verb.tsv")),
        ("credit", include_str!("../../data/en/credit.tsv")),
        ("label", include_str!("../../data/en/label.tsv")),
    ];

    #[test]
    fn lists_are_sorted() {
        for (name, list) in LISTS {
            let entries: Vec<_> = list.lines().skip(1).collect();
            for pair in entries.windows(2) {
                assert!(pair[0] < pair[1], "{name}: {:?} before {:?}", pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn phrases_are_found_in_their_examples() {
        let mut wrong = Vec::new();
        for (list, kinds) in [
            ("boilerplate", &[Furniture::Prompt, Furniture::LinkHeading][..]),
            ("caption", &[Furniture::Caption]),
            ("credit", &[Furniture::Credit]),
        ] {
            let (_, text) = LISTS.iter().find(|(name, _)| *name == list).unwrap();
            for mut row in rows(text) {
                let (phrase, example) = (row.next().unwrap(), row.nth(1).unwrap());
                let found = furniture(&words(example));
                let right = found.is_some_and(|f| kinds.contains(&f));
                if !right {
                    wrong.push(format!("{list}: {phrase:?}: {example:?} is {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn credits() {
        for (text, trade) in [
            ("Reuters", Some(Trade::News)),
            ("Reuters - AFP", Some(Trade::News)),
            ("AP Photo/Ann Doe", Some(Trade::Pictures)),
            ("AP Photo", Some(Trade::Pictures)),
            ("REUTERS/Ann Doe/File Photo", Some(Trade::Pictures)),
            ("Ann Doe via Getty Images", Some(Trade::Pictures)),
            ("Ann Doe/Harbour Post", Some(Trade::Pictures)),
            ("Pa.", None),
            ("Ann Doe", None),
            ("the mayor/the judge", None),
            ("The Mayor Denies It/The Judge Does Not Believe Him", None),
        ] {
            assert_eq!(credit(&words(text)), trade, "{text}");
        }
    }

    #[test]
    fn addresses() {
        for text in [
            "ann.doe@harbour.example",
            "https://harbour.example/1",
            "*Translated by Ann Doe",
        ] {
            assert!(furniture(&words(text)).is_some(), "{text}");
        }
        for text in
            ["and/or", "Ann", "3.5", "Write to ann@harbour.example, said the mayor."]
        {
            assert_eq!(furniture(&words(text)), None, "{text}");
        }
    }
}
