//! Whether words that look like a time expression are one here, by tags, names and tree, and
//! which way the tense of the verb looks.

use std::ops::Range;

use according_nlp::{Doc, EntIob, Span, Token, Upos};

use super::anchor::Direction;
use super::grammar::{Expression, Meaning, Name, Set, Within};
use super::value::Count;
use super::word::{Class, Unit, Word};

/// The expression as it is meant here, and which way it looks; `None` for what is no time.
pub(super) fn read(
    doc: &Doc,
    words: &[Word<'_>],
    range: Range<usize>,
    span: Span,
    expression: Expression,
) -> Option<(Expression, Direction)> {
    let tokens = doc.tokens_in(span);
    let (first, before) = (words.get(range.start)?, range.start.checked_sub(1));
    let before = before.and_then(|i| words.get(i));
    let after = words.get(range.end);
    let parsed = !tokens.is_empty();
    let head = head(doc, tokens.clone());
    if parsed && is_name_part(doc, tokens.clone()) || is_title(words, range.clone()) {
        return None;
    }
    // "23-year-old", "May-June": the second half of something longer.
    let glued = before.is_some_and(Word::is_dash) && first.joined;
    let is_date = parsed && doc.slice(tokens.clone()).any(|t| t.ent_type() == "DATE");
    let after_preposition = before.is_some_and(|w| PREPOSITIONS.iter().any(|p| w.is(p)));
    let single = range.len() == 1;
    let expression = match expression.meaning {
        Meaning::Year(_) => {
            let counts = head.is_some_and(|t| {
                t.dep() == "nummod" && t.head().tag() == "NNS" && !is_date
            });
            // "his 1987 Chevrolet"
            let is_model = single
                && head.is_some_and(|t| {
                    t.dep() != "pobj" && t.head().ent_type() == "PRODUCT"
                });
            let fits = is_date || after_preposition || !single;
            (fits && !counts && !is_model).then_some(expression)?
        }
        Meaning::Named {
            name: Name::Month(_),
            relation: None,
            within: Within::Unknown,
        } => {
            let noun =
                head.is_none_or(|t| t.upos() == Upos::Propn || t.upos() == Upos::Noun);
            // "the annual March for Life"
            let is_walk = single
                && head
                    .is_some_and(|t| t.child("det").is_some_and(|d| d.lemma() == "the"));
            let fits = noun
                && !is_walk
                && (first.is_capitalised() || !single)
                && (is_date || after_preposition || expression.modifier.is_some());
            fits.then_some(expression)?
        }
        Meaning::Named { name: Name::Season(_), relation: None, .. } => {
            let noun = head.is_some_and(|t| matches!(t.upos(), Upos::Noun | Upos::Propn));
            (noun && (is_date || after_preposition)).then_some(expression)?
        }
        Meaning::Duration { count: Count { halves: None }, sign: 0, .. } if single => {
            // "for months", "within weeks of that"
            let noun = head.is_some_and(|t| {
                t.dep() == "pobj"
                    && (t.children().next().is_none() || t.head().lemma() == "within")
            });
            (noun && !glued).then_some(expression)?
        }
        // "24 hours a day", "seven days a week": always.
        Meaning::Duration { .. } | Meaning::Set(_)
            if is_round_the_clock(words, range.clone()) =>
        {
            return None;
        }
        Meaning::Duration { count, unit, sign: 0 } if is_rate(head, first) => {
            Expression { meaning: Meaning::Set(Set::Every(count, unit)), ..expression }
        }
        Meaning::Present if single => {
            let fits = first.is("currently")
                || first.is("nowadays")
                || first.is("current")
                || (first.is("now")
                    && head.is_some_and(|t| t.tag() == "RB")
                    // "That is all for now."
                    && !before.is_some_and(|w| w.is("for")));
            fits.then_some(expression)?
        }
        // "a quarterly dividend" is a kind of dividend.
        Meaning::Set(Set::Period(period)) if period != "P1D" => {
            let attributive =
                head.is_some_and(|t| matches!(t.dep(), "amod" | "compound"));
            (!attributive).then_some(expression)?
        }
        // "the average daily volume"
        Meaning::Set(Set::Period(_)) if single => {
            let of_average = head.is_some_and(|t| {
                t.dep() == "amod" && t.head().children().any(|c| c.lemma() == "average")
            });
            (!of_average).then_some(expression)?
        }
        Meaning::Past if single => {
            let attributive =
                head.is_some_and(|t| matches!(t.head().dep(), "amod" | "acl"));
            (!attributive).then_some(expression)?
        }
        Meaning::Duration {
            count: Count { halves: Some(2) },
            unit: Unit::Day,
            sign: 0,
        } if first.is("one") && head.map(direction) == Some(Direction::Future) => {
            Expression { meaning: Meaning::Future, ..expression }
        }
        Meaning::Future if single => {
            let fits = first.is("soon")
                && !before.is_some_and(|w| w.is("as"))
                && !after.is_some_and(|w| w.is("after"));
            fits.then_some(expression)?
        }
        _ => expression,
    };
    if glued && !matches!(first.class, Class::Digits(_) | Class::Month(_)) {
        return None;
    }
    let limit = before.is_some_and(|w| w.is("until") || w.is("till"))
        || follows(words, range.start, &["as", "early", "as"])
        || follows(words, range.start, &["as", "soon", "as"]);
    let direction = match limit && !head.is_some_and(is_of_past_perfect) {
        true => Direction::Future,
        false => head.map_or(Direction::Unknown, direction),
    };
    Some((expression, direction))
}

/// Whether these words stand right before word `at`.
fn follows(words: &[Word<'_>], at: usize, before: &[&str]) -> bool {
    let from = at.checked_sub(before.len());
    let there = from.and_then(|from| words.get(from..at)).unwrap_or_default();
    there.len() == before.len() && there.iter().zip(before).all(|(word, w)| word.is(w))
}

/// Whether the words are the name of a programme or a work: `"This Week,"`, "VOA Today".
fn is_title(words: &[Word<'_>], range: Range<usize>) -> bool {
    let Some(inside) = words.get(range.clone()) else { return false };
    let is_letters = |w: &&Word<'_>| w.text.starts_with(char::is_alphabetic);
    let mut letters = inside.iter().filter(is_letters).peekable();
    if letters.peek().is_none() || !letters.all(Word::is_capitalised) {
        return false;
    }
    let is_quote = |w: &Word<'_>| w.is_apostrophe() || matches!(w.text, "\"" | "“" | "”");
    let before = range.start.checked_sub(1).and_then(|i| words.get(i));
    let mut after = words.get(range.end..).unwrap_or_default().iter();
    let mark = after.find(|w| !matches!(w.text, "," | "."));
    let is_quoted = inside.len() > 1
        && before.is_some_and(is_quote)
        && mark.is_some_and(|w| is_quote(w) && w.joined);
    // Letters of a broadcaster or a paper.
    let is_acronym =
        |w: &Word<'_>| w.text.len() > 1 && w.text.chars().all(char::is_uppercase);
    let is_named_after = inside.len() == 1
        && matches!(inside[0].class, Class::Deictic(_))
        && before.is_some_and(is_acronym)
        && !inside[0].text.chars().all(char::is_uppercase);
    is_quoted || is_named_after
}

/// Whether the first word is the determiner of a noun that stands behind the expression:
/// "the" in "the third-quarter loss".
pub(super) fn is_foreign_determiner(
    doc: &Doc,
    words: &[Word<'_>],
    range: Range<usize>,
) -> bool {
    let (Some(first), Some(last)) = (words.get(range.start), words.get(range.end - 1))
    else {
        return false;
    };
    let determiner = ["the", "a", "an", "its"].iter().any(|w| first.is(w));
    if range.len() < 2 || !determiner {
        return false;
    }
    let tokens = doc.tokens_in(Span::new(first.start, last.end()));
    tokens.clone().next().is_some_and(|i| {
        let determiner = doc.token(i);
        matches!(determiner.dep(), "det" | "poss")
            && determiner.head().index() >= tokens.end
    })
}

/// Prepositions and conjunctions before a bare month or year.
const PREPOSITIONS: [&str; 19] = [
    "after",
    "around",
    "before",
    "between",
    "by",
    "during",
    "early",
    "for",
    "from",
    "in",
    "late",
    "mid",
    "of",
    "since",
    "through",
    "throughout",
    "to",
    "until",
    "till",
];

/// Entities of these types are names, whatever words they are made of.
const NAMES: [&str; 10] = [
    "EVENT",
    "FAC",
    "GPE",
    "LAW",
    "LOC",
    "NORP",
    "ORG",
    "PERSON",
    "PRODUCT",
    "WORK_OF_ART",
];

/// Whether the words belong to a longer name: "Sunday Telegraph".
fn is_name_part(doc: &Doc, tokens: Range<usize>) -> bool {
    let named = |t: &Token<'_>| NAMES.contains(&t.ent_type());
    let edges = [tokens.start.checked_sub(1), Some(tokens.end)];
    let outside = edges.into_iter().flatten().filter(|&i| i < doc.len());
    let inside = || doc.slice(tokens.clone());
    if !inside().all(|t| named(&t)) {
        return false;
    }
    let mut kinds = outside.map(|i| doc.token(i)).filter(named);
    let Some(first) = inside().next() else { return false };
    let whole = match first.ent_type() {
        "PERSON" => true,
        "WORK_OF_ART" => tokens.len() > 1,
        _ => false,
    };
    let begins = first.ent_iob() == EntIob::B;
    let continues = |t: &Token<'_>| match t.index() < first.index() {
        true => !begins,
        false => t.ent_iob() == EntIob::I,
    };
    kinds.any(|t| continues(&t)) || begins && whole && first.span().len() > 2
}

/// The word of the expression from which its others hang.
fn head(doc: &Doc, tokens: Range<usize>) -> Option<Token<'_>> {
    let is_top = |t: &Token<'_>| t.is_root() || !tokens.contains(&t.head().index());
    doc.slice(tokens.clone()).find(is_top)
}

/// "a year" in "three times a year", "$5 a year".
fn is_rate(head: Option<Token<'_>>, first: &Word<'_>) -> bool {
    let article = first.is("a") || first.is("an");
    let Some(head) = head.filter(|_| article) else { return false };
    matches!(head.dep(), "npadvmod" | "nmod")
        && matches!(head.head().upos(), Upos::Noun | Upos::Num | Upos::Sym | Upos::Propn)
        && head.head().index() < head.index()
}

/// Whether the words belong to "24 hours a day" or "seven days a week".
fn is_round_the_clock(words: &[Word<'_>], range: Range<usize>) -> bool {
    const PHRASES: [[&str; 4]; 3] = [
        ["24", "hours", "a", "day"],
        ["seven", "days", "a", "week"],
        ["7", "days", "a", "week"],
    ];
    let starts = [Some(range.start), range.start.checked_sub(2)];
    starts.into_iter().flatten().any(|at| {
        let phrase = words.get(at..at + 4).unwrap_or_default();
        PHRASES.iter().any(|known| {
            phrase.len() == 4 && phrase.iter().zip(known).all(|(w, k)| w.is(k))
        })
    })
}

/// "Until Thursday they had not called": the verb that governs `token` looks back from then.
fn is_of_past_perfect(token: Token<'_>) -> bool {
    let verb = token.ancestors().find(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    verb.is_some_and(|verb| {
        let had = |t: Token<'_>| t.lemma() == "have" && t.tag() == "VBD";
        verb.tag() == "VBN" && verb.children().any(had)
    })
}

/// Which way the verb looks that governs `token`.
fn direction(token: Token<'_>) -> Direction {
    let verb = token.ancestors().find(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    let Some(verb) = verb else { return Direction::Unknown };
    for child in verb.children() {
        if matches!(child.dep(), "aux" | "auxpass") {
            match child.lemma() {
                "will" | "shall" | "would" | "'ll" | "wo" | "ll" => {
                    return Direction::Future;
                }
                "could" => return Direction::Unknown,
                "may" | "might" | "can" | "should" | "must" => {
                    return match verb.children().any(|c| c.lemma() == "have") {
                        true => Direction::Past,
                        false => Direction::Future,
                    };
                }
                _ => {}
            }
        }
    }
    let aux = || verb.children().filter(|c| matches!(c.dep(), "aux" | "auxpass"));
    let planned = |t: Token<'_>| {
        matches!(
            t.lemma(),
            "schedule"
                | "expect"
                | "plan"
                | "set"
                | "due"
                | "slate"
                | "hope"
                | "intend"
                | "prepare"
                | "propose"
                | "agree"
                | "decide"
                | "want"
                | "promise"
                | "vow"
        )
    };
    match verb.tag() {
        "VBD" => Direction::Past,
        "VBN" if aux().any(|a| a.lemma() == "have" && a.tag() == "VBD") => {
            Direction::Past
        }
        "VBN" if planned(verb) || aux().any(|a| a.tag() == "TO") => Direction::Future,
        "VBN" => {
            match aux().any(|a| matches!(a.tag(), "VBZ" | "VBP") && a.lemma() == "be") {
                true => Direction::Unknown,
                false => Direction::Past,
            }
        }
        "VB" if aux().any(|a| a.lemma() == "do" && a.tag() == "VBD") => Direction::Past,
        "VB" if aux().any(|a| a.tag() == "TO") => match verb.dep() {
            "xcomp" if planned(verb.head()) || verb.head().tag() != "VBD" => {
                Direction::Future
            }
            "xcomp" => Direction::Past,
            "acl" => Direction::Future,
            _ => Direction::Unknown,
        },
        "VBG" => match aux().find(|a| a.lemma() == "be") {
            Some(aux) if aux.tag() == "VBD" => Direction::Past,
            Some(_) => Direction::Future,
            None => direction(verb),
        },
        "VBZ" | "VBP" => Direction::Unknown,
        _ => Direction::Unknown,
    }
}
