//! Quantities: numbers with what they count, money, weights and lengths, with their bounds.
//!
//! A quantity is a run of number words with its currency or unit. Values are in the unit
//! given: kilograms, metres, square metres, litres, `%`, or a currency by ISO 4217. Dates,
//! times, ages, ordinals and numbers that only name something are none.

use std::sync::LazyLock;

use according_nlp::{Doc, Span, Token, Upos};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::Time;
use crate::article::{Article, BlockKind};

/// An amount of something.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number with its unit and the words that bound it; of an amount without a number
    /// the noun phrase.
    pub span: Span,
    /// The number in `unit`; the lower end of a range.
    pub value: Option<f64>,
    /// The upper end of a range.
    pub max: Option<f64>,
    /// How the number bounds the amount.
    pub bound: Option<Bound>,
    /// What is counted in.
    pub unit: Option<&'static str>,
    /// What there is so much of.
    pub what: Option<String>,
    /// Number of the token that is counted.
    pub(super) counted: Option<usize>,
}

/// How a number bounds an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// "At least ten".
    AtLeast,
    /// "Up to ten".
    AtMost,
    /// "About ten".
    About,
    /// "Fewer than ten".
    LessThan,
    /// "More than ten".
    MoreThan,
}

/// The quantities of an article, in text order.
pub(super) fn find(article: &Article, doc: &Doc, times: &[Time]) -> Vec<Quantity> {
    let mut found = Vec::new();
    for block in &article.blocks {
        let told = block.kind.is_body() || block.kind == BlockKind::Caption;
        if !told {
            continue;
        }
        let tokens = doc.tokens_in(block.span);
        let mut i = tokens.start;
        while i < tokens.end {
            let Some(run) = run(doc, i, tokens.end) else {
                i += 1;
                continue;
            };
            let next = run.end.max(i + 1);
            let span = doc.span_of(run.clone());
            let at = times.partition_point(|t| t.span.end <= span.start);
            let is_time = times.get(at).is_some_and(|t| t.span.overlaps(span));
            if !is_time && let Some(quantity) = read(doc, run, tokens.start, tokens.end) {
                i = doc.tokens_in(quantity.span).end.max(next);
                found.push(quantity);
            } else {
                i = next;
            }
        }
    }
    found
}

/// The tokens of a number that begins at token `first`.
fn run(doc: &Doc, first: usize, end: usize) -> Option<std::ops::Range<usize>> {
    let part = |t: Token<'_>| number(t.text()).is_some() || scale(t.text()).is_some();
    let token = doc.token(first);
    if !part(token) || scale(token.text()).is_some() && !is_bare_scale(token) {
        return None;
    }
    let mut last = first + 1;
    while last < end {
        let token = doc.token(last);
        let joined = matches!(token.text(), "-" | "and")
            && last + 1 < end
            && spelled(&doc.token(last + 1).text().to_lowercase())
                .is_some_and(|n| n < 10.0)
            && spelled(&doc.token(last - 1).text().to_lowercase()).is_some();
        if !(part(token) || joined)
            || number(token.text()).is_some()
                && !joined
                && !doc.token(last - 1).text().chars().all(char::is_alphabetic)
                && doc.token(last - 1).text() != "-"
        {
            break;
        }
        last += 1;
    }
    Some(first..last)
}

/// "Hundreds", "dozens of": a scale that stands for a number of its own.
fn is_bare_scale(token: Token<'_>) -> bool {
    let word = token.text().to_lowercase();
    word.ends_with('s')
        || word == "dozen"
        || token
            .prev()
            .is_some_and(|p| matches!(p.lemma(), "a" | "an" | "several" | "few"))
}

/// The value of a run of number words; with it whether it is only a scale ("dozens").
fn value(doc: &Doc, run: std::ops::Range<usize>) -> Option<(f64, bool)> {
    let (mut total, mut part, mut vague) = (0.0, None::<f64>, false);
    for token in doc.slice(run) {
        let word = token.text().to_lowercase();
        if let Some(n) = number(token.text()) {
            part = Some(part.unwrap_or(0.0) + n);
        } else if let Some(scale) = scale(&word) {
            vague |= word.ends_with('s');
            let n = part.unwrap_or(1.0) * scale;
            if scale < 1000.0 {
                part = Some(n);
            } else {
                total += n;
                part = None;
            }
        }
    }
    let value = total + part.unwrap_or(0.0);
    value.is_finite().then_some((value, vague))
}

fn read(
    doc: &Doc,
    run: std::ops::Range<usize>,
    first: usize,
    end: usize,
) -> Option<Quantity> {
    let (low, vague) = value(doc, run.clone())?;
    let head = doc.token(run.end - 1);
    let before = |n: usize| run.start.checked_sub(n).filter(|&i| i >= first);
    let word = |i: Option<usize>| i.map_or("", |i| doc.token(i).text());
    let after = (run.end < end).then(|| doc.token(run.end));
    if is_name(doc, &run, after) {
        return None;
    }
    let mut last = run.end;
    let mut max = None;
    // "10 to 12", "10-12", "between 10 and 12".
    let between = word(before(1)).eq_ignore_ascii_case("between");
    let joins = |t: &str| matches!(t, "to" | "-" | "–") || between && t == "and";
    if let Some(joint) = after.filter(|t| joins(t.text()))
        && joint.index() + 1 < end
        && let Some(second) = self::run(doc, joint.index() + 1, end)
        && let Some((high, _)) =
            value(doc, second.clone()).filter(|(high, _)| *high > low)
    {
        max = Some(high);
        last = second.end;
    }
    let mut start = run.start;
    let mut unit = None;
    let sign = before(1).filter(|&i| doc.token(i).tag() == "$" || word(Some(i)) == "£");
    if let Some(sign) = sign {
        unit = self::unit(word(Some(sign)));
        start = sign;
    }
    let mut counted = None;
    let mut measure = None;
    if unit.is_none() && last < end {
        let mut at = last;
        if matches!(doc.token(at).text(), "-") && at + 1 < end {
            at += 1;
        }
        let metric =
            matches!(doc.token(at).lemma(), "metric" | "US" | "U.S." | "nautical");
        if metric && at + 1 < end {
            at += 1;
        }
        let token = doc.token(at);
        let found = self::unit(token.lemma()).or_else(|| self::unit(token.text()));
        if let Some((name, factor)) = found {
            let factor = match (metric, token.lemma()) {
                (true, "ton") => 1000.0,
                (true, "mile") => 1852.0,
                _ => factor,
            };
            let sterling = token.lemma() == "pound" && head.ent_type() == "MONEY";
            unit = Some(if sterling { ("GBP", 1.0) } else { (name, factor) });
            measure = Some(token);
            last = at + 1;
        }
    }
    match measure {
        Some(measure) => counted = of(measure),
        None if unit.is_some() => counted = of(head),
        None => {
            let over = head.head();
            if matches!(head.dep(), "nummod" | "quantmod" | "compound") && !head.is_root()
            {
                let over = if head.dep() == "nummod" { over } else { over.head() };
                counted = Some(over).filter(|t| t.upos() != Upos::Verb);
            }
            counted = counted.or_else(|| of(head));
        }
    }
    let bounded = bound(doc, start, first);
    if let Some((_, from)) = bounded {
        start = from;
    }
    let factor = unit.map_or(1.0, |(_, factor)| factor);
    let span = doc.span_of(start..last);
    let counted_word = counted.map(|t| what(doc, t));
    Some(Quantity {
        span,
        value: Some(low * factor),
        max: max.map(|max| max * factor),
        bound: bounded.map(|(b, _)| b).or(vague.then_some(Bound::AtLeast)),
        unit: unit.map(|(name, _)| name),
        what: counted_word.filter(|w| !w.is_empty()),
        counted: Some(counted.unwrap_or(head).index()),
    })
}

/// What a number or unit is followed by: "tonnes of rice".
fn of(token: Token<'_>) -> Option<Token<'_>> {
    let of = token.children().find(|c| c.dep() == "prep" && c.text() == "of")?;
    of.child("pobj")
}

/// A noun with the words that narrow it: "fake passport".
fn what(doc: &Doc, noun: Token<'_>) -> String {
    let narrows = |c: &Token<'_>| {
        c.index() < noun.index() && matches!(c.dep(), "compound" | "amod" | "nmod")
    };
    let first = noun.children().filter(narrows).filter(|c| number(c.text()).is_none());
    let mut words: Vec<&str> =
        first.filter(|c| c.upos() != Upos::Num).map(|c| c.text()).collect();
    words.push(if noun.upos() == Upos::Noun { noun.lemma() } else { noun.text() });
    let _ = doc;
    words.join(" ")
}

/// Whether a number is an age, an ordinal or a name: "the 42-year-old", "Neu, 67,",
/// "Article 5", "1-800".
fn is_name(doc: &Doc, run: &std::ops::Range<usize>, after: Option<Token<'_>>) -> bool {
    let token = doc.token(run.end - 1);
    let age = after.is_some_and(|t| {
        let one = t.next();
        let two = one.and_then(Token::next);
        let words = [Some(t), one, two].into_iter().flatten();
        let mut words = words.map(|t| t.text()).take_while(|w| !matches!(*w, "," | "."));
        t.text() == "-" && one.is_some_and(|n| n.text() == "year")
            || matches!(t.lemma(), "year" | "month") && words.any(|w| w == "old")
    });
    let lone = run.len() == 1;
    let digits = token.text().starts_with(|c: char| c.is_ascii_digit());
    let apposed = lone
        && digits
        && matches!(token.dep(), "appos" | "npadvmod" | "nummod" | "amod" | "attr")
        && token.prev().is_some_and(|t| t.text() == ",")
        && after.is_some_and(|t| matches!(t.text(), "," | "." | ")"));
    let labelled = lone
        && digits
        && token.prev().is_some_and(|p| {
            p.upos() == Upos::Propn && p.space_after() && token.head() == p
                || matches!(p.text(), "aged" | "No." | "#" | "-" | "/")
        });
    let part = token.ent_type() == "ORDINAL"
        || matches!(token.ent_type(), "DATE" | "TIME")
        || after.is_some_and(|t| matches!(t.text(), "/" | ":"));
    // "One of the men", "no one", "the one": seldom a count.
    let one = lone && matches!(token.lemma(), "one" | "One") && token.dep() != "nummod";
    age || apposed || labelled || part || one
}

/// The words before a number that bound it, with the first of them.
fn bound(doc: &Doc, start: usize, first: usize) -> Option<(Bound, usize)> {
    let word = |n: usize| {
        let at = start.checked_sub(n).filter(|&i| i >= first)?;
        Some(doc.token(at).text().to_lowercase())
    };
    let (one, two, three) = (word(1)?, word(2), word(3));
    let two = two.as_deref().unwrap_or_default();
    let three = three.as_deref().unwrap_or_default();
    let found = match (three, two, one.as_str()) {
        ("as", "many" | "much", "as") => (Bound::AtMost, 3),
        ("no", "more", "than") => (Bound::AtMost, 3),
        ("no", "fewer" | "less", "than") => (Bound::AtLeast, 3),
        (_, "more" | "greater" | "higher", "than") => (Bound::MoreThan, 2),
        (_, "fewer" | "less" | "lower", "than") => (Bound::LessThan, 2),
        (_, "at", "least") => (Bound::AtLeast, 2),
        (_, "at", "most") | (_, "up", "to") => (Bound::AtMost, 2),
        (_, "an", "estimated") => (Bound::About, 2),
        (_, "close", "to") => (Bound::About, 2),
        (_, "in", "excess") => (Bound::MoreThan, 2),
        (_, _, "over") => (Bound::MoreThan, 1),
        (_, _, "under" | "below") => (Bound::LessThan, 1),
        (_, _, "nearly" | "almost") => (Bound::LessThan, 1),
        (
            _,
            _,
            "about" | "around" | "some" | "roughly" | "approximately" | "estimated"
            | "circa",
        ) => (Bound::About, 1),
        ("in", "excess", "of") => (Bound::MoreThan, 3),
        _ => return None,
    };
    Some((found.0, start - found.1))
}

/// The quantity that says how much of what `noun` names there is, by its number.
pub(super) fn counting(
    doc: &Doc,
    noun: Token<'_>,
    quantities: &[Quantity],
) -> Option<usize> {
    let range = noun.subtree();
    let near = doc.span_of(range);
    let first = quantities.partition_point(|q| q.span.end <= near.start);
    let near = quantities[first..].iter().take_while(|q| q.span.start < near.end);
    let mut near = near.enumerate();
    let counts = |q: &Quantity| {
        q.counted.is_some_and(|c| {
            c == noun.index() || doc.token(c).head().head() == noun && of(noun).is_some()
        })
    };
    near.find(|(_, q)| counts(q)).map(|(i, _)| first + i)
}

/// Adds what `noun` names as an amount without a number, unless it has one.
pub(super) fn add_vague(doc: &Doc, noun: Token<'_>, quantities: &mut Vec<Quantity>) {
    if quantities.iter().any(|q| q.counted == Some(noun.index())) {
        return;
    }
    if counting(doc, noun, quantities).is_some() {
        return;
    }
    let narrows = |c: &Token<'_>| {
        c.index() < noun.index()
            && matches!(c.dep(), "compound" | "amod" | "nmod" | "det" | "poss" | "nummod")
    };
    let start = noun.children().find(narrows).map_or(noun.index(), |c| c.subtree().start);
    let amount = of(noun);
    let end = amount.map_or(noun.index(), Token::index) + 1;
    let span = doc.span_of(start.min(noun.index())..end);
    let at = quantities.partition_point(|q| q.span < span);
    quantities.insert(
        at,
        Quantity {
            span,
            value: None,
            max: None,
            bound: None,
            unit: None,
            what: Some(what(doc, amount.unwrap_or(noun))),
            counted: Some(noun.index()),
        },
    );
}

/// A unit or currency by its name or sign, with how much of the unit it is.
fn unit(word: &str) -> Option<(&'static str, f64)> {
    static UNITS: LazyLock<FxHashMap<&str, (&str, f64)>> = LazyLock::new(|| {
        let rows = include_str!("../../data/en/unit.tsv").lines().skip(1);
        let row = |line: &'static str| {
            let mut fields = line.split('\t');
            let [word, unit, factor] =
                std::array::from_fn(|_| fields.next().unwrap_or_default());
            Some((word, (unit, factor.parse().ok()?)))
        };
        rows.filter_map(row).collect()
    });
    UNITS.get(word).copied()
}

/// The value of one word that is a number: "1,200", "2.5", "seven".
pub fn number(word: &str) -> Option<f64> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let digits: String = word.chars().filter(|c| *c != ',').collect();
        let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        return digits.parse().ok().filter(|_| plain && digits.len() < 16);
    }
    spelled(&word.to_lowercase())
}

fn spelled(word: &str) -> Option<f64> {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let small = SMALL.iter().position(|w| *w == word);
    let tens = || TENS.iter().position(|w| *w == word).map(|i| 10 * (i + 2));
    small.or_else(tens).map(|n| n as f64)
}

fn scale(word: &str) -> Option<f64> {
    Some(match word.to_lowercase().as_str() {
        "dozen" | "dozens" => 12.0,
        "hundred" | "hundreds" => 100.0,
        "thousand" | "thousands" => 1e3,
        "million" | "millions" | "m" => 1e6,
        "billion" | "billions" | "bn" => 1e9,
        "trillion" | "trillions" => 1e12,
        _ => return None,
    })
}
