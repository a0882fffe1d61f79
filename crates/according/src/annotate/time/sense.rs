//! Whether words that look like a time expression are one here, by tags, names and tree, and
//! which way the tense of the verb looks.

use std::ops::Range;

use according_nlp::{Doc, EntIob, Span, Token, Upos};

use super::anchor::Direction;
use super::grammar::{Base, Expression, Meaning, Name, Relation, Set, Within};
use super::value::{Clock, Count};
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
    if parsed && is_name_part(doc, tokens.clone())
        || is_title(words, range.clone())
        || is_named(words, range.clone(), &expression)
    {
        return None;
    }
    // "23-year-old", "May-June": the second half of something longer.
    let glued = before.is_some_and(Word::is_dash) && first.joined;
    let is_date = parsed && doc.slice(tokens.clone()).any(|t| t.ent_type() == "DATE");
    let after_preposition = before.is_some_and(|w| PREPOSITIONS.iter().any(|p| w.is(p)));
    let single = range.len() == 1;
    let expression = match expression.meaning {
        Meaning::Year(year) => {
            let counts = head.is_some_and(|t| {
                t.dep() == "nummod" && t.head().tag() == "NNS" && !is_date
            });
            // "the 2016 election"
            let is_attribute = (1900..2100).contains(&year)
                && year % 100 != 0
                && before.is_some_and(is_determiner)
                && head.is_some_and(|t| {
                    let noun = t.head();
                    let named =
                        noun.tag() == "NNP" && before.is_some_and(|w| !w.is("the"));
                    matches!(t.dep(), "nummod" | "compound" | "amod" | "nmod")
                        && matches!(noun.tag(), "NN" | "NNP")
                        && !named
                        && noun.index() > t.index()
                });
            // "his 1987 Chevrolet"
            let is_model = single
                && head.is_some_and(|t| {
                    t.dep() != "pobj" && t.head().ent_type() == "PRODUCT"
                });
            let is_due = before.is_some_and(|w| w.is("due"));
            let fits = is_date || after_preposition || is_attribute || is_due || !single;
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
        Meaning::Duration { count: Count { halves: None }, unit, sign: 0 } if single => {
            // "for months", "after weeks of protest", "hours before the vote"
            let bare = head.is_some_and(|t| {
                let under = |lemma| t.dep() == "pobj" && t.head().lemma() == lemma;
                let alone = t.children().all(|c| matches!(c.dep(), "advmod" | "prep"))
                    && !under("of")
                    || under("within");
                let related = ["after", "ahead", "away", "before", "of"];
                let follows = after.is_some_and(|w| related.iter().any(|r| w.is(r)));
                // "It took months."
                let lasts = t.dep() == "dobj"
                    && matches!(t.head().lemma(), "last" | "need" | "spend" | "take");
                matches!(t.tag(), "NNS" | "NN")
                    && alone
                    && (t.dep() == "pobj" || follows || lasts)
            });
            let fits = !glued && (bare || matches!(first.class, Class::Longs(_)));
            let meaning = match unit {
                Unit::Weekend => Meaning::Set(Set::Period("XXXX-WXX-WE")),
                _ => expression.meaning,
            };
            fits.then_some(Expression { meaning, ..expression })?
        }
        // "24 hours a day", "seven days a week": always.
        Meaning::Duration { .. } | Meaning::Set(_)
            if is_round_the_clock(words, range.clone()) =>
        {
            return None;
        }
        // "$15 an hour"
        Meaning::Duration {
            unit: Unit::Hour | Unit::Minute | Unit::Second,
            sign: 0,
            ..
        } if is_rate(head, first) => return None,
        Meaning::Duration { count, unit, sign: 0 } if is_rate(head, first) => {
            Expression { meaning: Meaning::Set(Set::Every(count, unit)), ..expression }
        }
        // "a quarter of the voters", "three quarters of them", "a day job"
        Meaning::Duration { count, unit, sign: 0 }
            if unit == Unit::Quarter
                && (count == Count::ONE
                    || count == Count::of(3) && after.is_some_and(|w| w.is("of")))
                || single && matches!(first.class, Class::Unit(_)) =>
        {
            return None;
        }
        // "in her late 20s"
        Meaning::Decade(_) if is_of_life(words, range.start) => return None,
        // "per hour" belongs to a speed or a wage.
        Meaning::Set(Set::Every(_, Unit::Hour | Unit::Minute | Unit::Second))
            if first.is("per") =>
        {
            return None;
        }
        Meaning::Named {
            name: Name::Unit(Unit::Day),
            relation: Some(Relation { base: Base::Publication, shift: 0 }),
            ..
        } if before.is_some_and(|w| w.is("to")) => {
            // "to this day"
            Expression { meaning: Meaning::Present, ..expression }
        }
        // "It will rule within the next month."
        Meaning::Named {
            name: Name::Unit(unit @ (Unit::Day | Unit::Week | Unit::Month | Unit::Year)),
            relation: Some(Relation { base: Base::Reference, shift: 1 }),
            within: Within::Unknown,
        } if before.is_some_and(|w| w.is("within")) => {
            let meaning = Meaning::Duration { count: Count::ONE, unit, sign: 1 };
            Expression { meaning, ..expression }
        }
        // "For the year, sales fell", and not "for the year ended in June"
        Meaning::Duration { count: Count::ONE, unit: Unit::Year, sign: 0 }
            if range.len() == 2
                && first.is("the")
                && !after.is_some_and(|w| w.is("ended") || w.is("ending"))
                && head.is_some_and(|t| told(t, Unit::Year).is_some()) =>
        {
            let name = Name::Unit(Unit::Year);
            let (relation, within) = (None, Within::Unknown);
            Expression {
                meaning: Meaning::Named { name, relation, within },
                ..expression
            }
        }
        Meaning::Named {
            name: name @ Name::Unit(unit @ (Unit::Day | Unit::Week | Unit::Month)),
            relation: Some(Relation { base: Base::Reference, shift: 0 }),
            within,
        } if range.len() == 2 && first.is("the") => {
            let relation = Some(Relation { base: told(head?, unit)?, shift: 0 });
            Expression {
                meaning: Meaning::Named { name, relation, within },
                ..expression
            }
        }
        // "Compared with a loss of 3 million last year": in the same quarter of it.
        Meaning::Named {
            name: Name::Unit(Unit::Year),
            relation: Some(Relation { base: Base::Publication, shift: -1 }),
            ..
        } if is_compared(words, range.start) || owns_sum(words, range.clone()) => {
            let (count, unit, base) = (Count::ONE, Unit::Year, Base::Publication);
            let meaning = Meaning::Shift { count, unit, sign: -1, base };
            Expression { meaning, ..expression }
        }
        // "Up from a year earlier" is told of figures of today, whatever was told last.
        Meaning::Shift { count: Count::ONE, unit: Unit::Year, sign: -1, .. }
            if before.is_some_and(|w| w.is("from") || w.is("than"))
                || is_compared(words, range.start) =>
        {
            Expression { meaning: Meaning::YearAgo, ..expression }
        }
        // "flew in overnight", and not "overnight trading"
        Meaning::Overnight => {
            let fits = head.is_some_and(|t| matches!(t.dep(), "advmod" | "npadvmod"));
            (fits && !before.is_some_and(is_determiner)).then_some(expression)?
        }
        // "by then-Secretary Reyes"
        Meaning::Then if after.is_some_and(|w| w.is_dash() && w.joined) => return None,
        // "in the morning", "by late afternoon", where something is told of one day
        Meaning::TimeOfDay if matches!(expression.clock, Some(Clock::Part(_))) => {
            let told = head.is_some_and(|t| {
                let alone = t
                    .children()
                    .all(|c| c.dep() == "det" || expression.modifier.is_some());
                let after = |words: &[&str]| {
                    t.dep() == "pobj" && words.contains(&t.head().lemma())
                };
                let fits = match single {
                    // "by midafternoon"
                    true => t.dep() == "npadvmod" || after(&["by", "since", "until"]),
                    false if expression.modifier.is_some() => {
                        t.dep() == "npadvmod" || after(&["by", "in", "since", "until"])
                    }
                    false => after(&["in"]),
                };
                alone && fits && direction(t) != Direction::Unknown
            });
            told.then_some(expression)?
        }
        // "the now-cancelled deal", "the soon-to-open bridge"
        Meaning::Present | Meaning::Future
            if single && after.is_some_and(|w| w.is_dash() && w.joined) =>
        {
            return None;
        }
        Meaning::Present if single => {
            let fits = first.is("currently")
                || first.is("nowadays")
                // "the current account", "current assets"
                || (first.is("current")
                    && !after.is_some_and(|w| KINDS.iter().any(|kind| w.is(kind))))
                || (first.is("now")
                    && head.is_some_and(|t| t.tag() == "RB")
                    // "That is all for now", "every now and again"
                    && !before.is_some_and(|w| w.is("for") || w.is("every")));
            fits.then_some(expression)?
        }
        // "a quarterly dividend" is a kind of dividend, "a weekly" is a paper, and "2 million
        // annually" a rate.
        Meaning::Set(Set::Period(period)) if period != "P1D" => {
            let is_adverb = head.is_some_and(|t| t.dep() == "advmod" || t.tag() == "RB");
            (is_adverb && !before.is_some_and(is_sum)).then_some(expression)?
        }
        // "the average daily volume", "the party's daily"
        Meaning::Set(Set::Period(_)) if single => {
            let fits = head.is_some_and(|t| {
                let of_average = t.dep() == "amod"
                    && t.head().children().any(|c| c.lemma() == "average");
                !of_average && !t.tag().starts_with("NN")
            });
            fits.then_some(expression)?
        }
        // "Super Tuesday"
        Meaning::Named { name: Name::Weekday(_), .. }
            if before.is_some_and(|w| NAMED_DAYS.contains(&w.text)) =>
        {
            return None;
        }
        // "as recently as May", "the past seven contests"
        Meaning::Past if single => {
            let attributive =
                head.is_some_and(|t| matches!(t.head().dep(), "amod" | "acl"));
            let compares = before.is_some_and(|w| w.is("as")) || first.is("past");
            (!attributive && !compares).then_some(expression)?
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
                && !before
                    .is_some_and(|w| ["as", "how", "so", "too"].iter().any(|m| w.is(m)))
                && !after.is_some_and(|w| w.is("after"));
            fits.then_some(expression)?
        }
        _ => expression,
    };
    if glued && !matches!(first.class, Class::Digits(_) | Class::Month(_)) {
        return None;
    }
    if before.is_some_and(|w| w.is("since")) {
        return Some((expression, Direction::Since));
    }
    if let Meaning::Named { name: Name::Month(_), relation: None, .. } =
        expression.meaning
        && let Some(direction) =
            after.and_then(|after| of_goods_or_figures(after, before))
    {
        return Some((expression, direction));
    }
    // "as soon as Tuesday or Wednesday"
    let joins = before.is_some_and(|w| w.is("or"))
        && range.start > 1
        && matches!(words[range.start - 2].class, Class::Weekday(_));
    let start = if joins { range.start - 2 } else { range.start };
    let at_least =
        if follows(words, start, &["at", "least"]) { start - 2 } else { start };
    let is_limit = |at| LIMITS.iter().any(|before| follows(words, at, before));
    let limit = (is_limit(start) || is_limit(at_least)) && !head.is_some_and(is_of_stay);
    // "a rally planned for Sunday"
    let aim = before.is_some_and(|w| w.is("for"))
        && matches!(expression.meaning, Meaning::Named { name: Name::Weekday(_), .. });
    let ahead = head.is_some_and(is_ahead) || by_then(before, head);
    let direction = match (limit || aim || ahead) && !head.is_some_and(is_of_past_perfect)
    {
        true => Direction::Future,
        false => head.map_or(Direction::Unknown, direction),
    };
    Some((expression, direction))
}

/// The end of the sentence that a time begins, with or without a preposition: "In 1989".
pub(super) fn framed(doc: &Doc, span: Span) -> Option<u32> {
    let tokens = doc.tokens_in(span);
    let first = doc.slice(tokens.clone()).next()?;
    let sentence = first.sentence().range();
    let mut before = doc.slice(sentence.start..tokens.start);
    let is_first = before.all(|t| t.upos() == Upos::Adp || t.is_punct());
    let owns = tokens.end < doc.len() && doc.token(tokens.end).tag() == "POS";
    (is_first && !owns).then(|| doc.span_of(sentence).end)
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

/// What stands before a time up to which, or from which on, something is to be.
const LIMITS: [&[&str]; 8] = [
    &["until"],
    &["till"],
    &["as", "early", "as"],
    &["as", "soon", "as"],
    &["effective"],
    &["ending"],
    &["deadline", "of"],
    &["through", "at", "least"],
];

/// Whether somebody, a street or a paper is called so: "Mr. March", "March 8 Square", "the
/// Sunday Herald".
fn is_named(words: &[Word<'_>], range: Range<usize>, expression: &Expression) -> bool {
    const TITLES: [&str; 4] = ["dr", "mr", "mrs", "ms"];
    const PLACES: [&str; 7] =
        ["Avenue", "Boulevard", "Bridge", "Commission", "Park", "Square", "Street"];
    const PAPERS: [&str; 12] = [
        "Chronicle",
        "Express",
        "Herald",
        "Independent",
        "Journal",
        "Mail",
        "Mirror",
        "Post",
        "Star",
        "Telegraph",
        "Times",
        "Tribune",
    ];
    let is_weekday =
        matches!(expression.meaning, Meaning::Named { name: Name::Weekday(_), .. });
    let can_be_name = matches!(
        expression.meaning,
        Meaning::Date { .. }
            | Meaning::Named {
                name: Name::Weekday(_) | Name::Month(_),
                relation: None,
                ..
            }
    );
    let is_titled = |title: &&str| {
        follows(words, range.start, &[title])
            || follows(words, range.start, &[title, "."])
    };
    let after = words.get(range.end);
    can_be_name
        && (TITLES.iter().any(is_titled)
            || after.is_some_and(|w| PLACES.contains(&w.text))
            || is_weekday && after.is_some_and(|w| PAPERS.contains(&w.text)))
}

/// What is called current without being of today.
const KINDS: [&str; 5] = ["account", "accounts", "affairs", "assets", "liabilities"];

/// What makes a name of a weekday: "Black Monday".
const NAMED_DAYS: [&str; 5] = ["Black", "Bloody", "Cyber", "Fat", "Super"];

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

/// Whether "the day" or "the week" is one that is told of, and from where it counts: "the
/// index ended the day at", "for the week, shares fell", "the rest of the month".
fn told(token: Token<'_>, unit: Unit) -> Option<Base> {
    let over = token.head();
    let rest = || matches!(over.head().lemma(), "remainder" | "rest");
    let found = match token.dep() {
        "dobj" | "npadvmod" => {
            matches!(over.lemma(), "begin" | "close" | "end" | "finish" | "start")
        }
        "pobj" if over.lemma() == "of" => rest() || over.head().lemma() == "course",
        "pobj" => over.lemma() == "for" || over.lemma() == "during" && unit != Unit::Day,
        _ => false,
    };
    let alone = token.children().all(|child| child.dep() == "det");
    let base =
        if over.lemma() == "of" && rest() { Base::Publication } else { Base::Reference };
    (found && alone).then_some(base)
}

/// Whether it is whose sum others are compared with: "up from last year's $3 million".
fn owns_sum(words: &[Word<'_>], range: Range<usize>) -> bool {
    let compares = ["against", "from", "than", "with"]
        .iter()
        .any(|word| follows(words, range.start, &[word]));
    let after = words.get(range.end..).unwrap_or_default();
    let [mark, s, sum, ..] = after else { return false };
    let is_sum =
        matches!(sum.class, Class::Digits(_)) || matches!(sum.text, "$" | "£" | "€");
    compares && mark.is_apostrophe() && s.is("s") && is_sum
}

/// Whether a sum ends with this word.
fn is_sum(word: &Word<'_>) -> bool {
    const SUMS: [&str; 7] =
        ["%", "billion", "cents", "million", "percent", "share", "thousand"];
    matches!(word.class, Class::Digits(_)) || SUMS.iter().any(|sum| word.is(sum))
}

/// Whether the words before `at` are a sum that others are compared with: "down from 21
/// million", "compared with a loss of 3 million".
fn is_compared(words: &[Word<'_>], at: usize) -> bool {
    let before = words.get(at.saturating_sub(12)..at).unwrap_or_default();
    let compares =
        |w: &Word<'_>| ["against", "compared", "from", "versus"].iter().any(|c| w.is(c));
    let ends = |w: &&Word<'_>| w.text != ";" && !w.is("to");
    before.last().is_some_and(is_sum)
        && before.iter().rev().take_while(ends).any(compares)
}

/// Whether the decade that begins at word `at` is one of somebody's life: "in her late 20s".
fn is_of_life(words: &[Word<'_>], at: usize) -> bool {
    const OWNERS: [&str; 5] = ["her", "his", "my", "our", "their"];
    let modifies = |w: &Word<'_>| w.is_dash() || matches!(w.class, Class::Prefix(_));
    let mut before = words.get(..at).unwrap_or_default().iter().rev();
    let owner = before.find(|w| !modifies(w));
    owner.is_some_and(|w| OWNERS.iter().any(|o| w.is(o)))
}

/// Whether the word comes before a noun and says which.
fn is_determiner(word: &Word<'_>) -> bool {
    const WORDS: [&str; 11] =
        ["a", "an", "her", "his", "its", "my", "our", "s", "that", "the", "their"];
    WORDS.iter().any(|w| word.is(w))
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

/// Which way a month looks from what it is the month of: goods are traded for a month to come
/// ("December corn"), and figures are of one that is over ("August sales").
fn of_goods_or_figures(after: &Word<'_>, before: Option<&Word<'_>>) -> Option<Direction> {
    const GOODS: [&str; 20] = [
        "cattle",
        "cocoa",
        "coffee",
        "contract",
        "contracts",
        "copper",
        "corn",
        "cotton",
        "crude",
        "futures",
        "gasoline",
        "gold",
        "hogs",
        "oats",
        "platinum",
        "silver",
        "soybeans",
        "soybean",
        "sugar",
        "wheat",
    ];
    const FIGURES: [&str; 12] = [
        "employment",
        "exports",
        "figures",
        "imports",
        "industrial",
        "inflation",
        "orders",
        "payrolls",
        "production",
        "retail",
        "sales",
        "unemployment",
    ];
    let is = |words: &[&str]| words.iter().any(|word| after.is(word));
    let is_delivered = after.is("delivery") && before.is_some_and(|w| w.is("for"));
    match () {
        () if is_delivered || is(&GOODS) => Some(Direction::Future),
        () => is(&FIGURES).then_some(Direction::Past),
    }
}

/// Whether somebody wanted or promised it by then: "They expected a result by Thursday."
fn by_then(before: Option<&Word<'_>>, head: Option<Token<'_>>) -> bool {
    const VERBS: [&str; 18] = [
        "agree", "ask", "ban", "call", "demand", "expect", "hope", "intend", "need",
        "offer", "order", "plan", "pledge", "promise", "schedule", "seek", "urge",
        "want",
    ];
    let is_limit = before.is_some_and(|w| w.is("by") || w.is("before"));
    let mut above = head.into_iter().flat_map(Token::ancestors);
    let verb = above.find(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    // "Both want it passed by Oct. 1."
    let over = verb.filter(|verb| verb.dep() == "ccomp").map(Token::head);
    let awaits = |verb: Token<'_>| VERBS.contains(&verb.lemma());
    is_limit && (verb.is_some_and(awaits) || over.is_some_and(awaits))
}

/// "He stayed until Thursday": what lasted until then is over.
fn is_of_stay(token: Token<'_>) -> bool {
    const VERBS: [&str; 12] = [
        "be", "continue", "last", "live", "play", "remain", "run", "serve", "sit",
        "stay", "wait", "work",
    ];
    let verb = token.ancestors().find(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    verb.is_some_and(|verb| verb.tag() == "VBD" && VERBS.contains(&verb.lemma()))
}

/// "Until Thursday they had not called": the verb that governs `token` looks back from then.
fn is_of_past_perfect(token: Token<'_>) -> bool {
    let verb = token.ancestors().find(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    verb.is_some_and(is_past_perfect)
}

fn is_past_perfect(verb: Token<'_>) -> bool {
    let had = |t: Token<'_>| t.lemma() == "have" && t.tag() == "VBD";
    verb.tag() == "VBN" && verb.children().any(had)
}

/// Whether a noun or adjective above `token` tells that it is to come: "before Sunday's
/// vote", "ahead of the vote on Sunday", "a planned rally on Sunday", "due on Friday".
fn is_ahead(token: Token<'_>) -> bool {
    const COMING: [&str; 5] =
        ["expected", "planned", "proposed", "scheduled", "upcoming"];
    let is_owner = token.dep() == "poss";
    let noun = match token.dep() {
        "pobj" if token.head().lemma() == "on" => Some(token.head().head()),
        "npadvmod" | "poss" => Some(token.head()),
        _ => None,
    };
    let is_coming = |noun: Token<'_>| {
        let preposition = noun.head();
        let of_ahead =
            || preposition.prev().is_some_and(|w| w.text().eq_ignore_ascii_case("ahead"));
        let follows = noun.dep() == "pobj"
            && match preposition.lemma() {
                "before" | "for" => is_owner,
                "of" => of_ahead(),
                _ => false,
            };
        let is_planned = |t: Token<'_>| t.dep() == "amod" && COMING.contains(&t.text());
        follows || noun.children().any(is_planned)
    };
    let is_due = |t: Token<'_>| t.lemma() == "due" && t.upos() == Upos::Adj;
    noun.is_some_and(|t| t.upos() == Upos::Noun && is_coming(t))
        || token.ancestors().take(2).any(is_due) && direction(token) != Direction::Past
}

/// Whether the verb, in the present, tells what is fixed for a day to come: "The court meets
/// on Monday", "She is due back on Monday".
fn is_fixed(verb: Token<'_>) -> bool {
    const VERBS: [&str; 16] = [
        "arrive", "begin", "close", "end", "expire", "face", "leave", "meet", "open",
        "resume", "return", "speak", "start", "testify", "turn", "vote",
    ];
    let due = |t: Token<'_>| t.dep() == "acomp" && t.lemma() == "due";
    // "takes effect in January"
    let takes_effect = verb.lemma() == "take"
        && verb.child("dobj").is_some_and(|effect| effect.lemma() == "effect");
    VERBS.contains(&verb.lemma()) || takes_effect || verb.children().any(due)
}

/// Whether the present tense tells what is planned for a day: "Friday is a holiday", "They
/// play on Sunday", "if he wins on Tuesday".
fn is_of_plan(token: Token<'_>, verb: Token<'_>) -> bool {
    const VERBS: [&str; 18] = [
        "air",
        "cast",
        "compete",
        "debut",
        "gather",
        "go",
        "hold",
        "host",
        "kick",
        "launch",
        "play",
        "reconvene",
        "reopen",
        "shut",
        "take",
        "talk",
        "travel",
        "visit",
    ];
    let is_condition = |t: Token<'_>| t.dep() == "mark" && t.lemma() == "if";
    if verb.children().any(is_condition) {
        return true;
    }
    let names_day = |t: Token<'_>| t.text().ends_with("day");
    let is_day = names_day(token) || token.children().any(names_day);
    let is_doer = token.dep() == "nsubj" && token.head() == verb;
    is_day && (is_doer || modifies(token, verb) && VERBS.contains(&verb.lemma()))
}

/// Whether the time modifies the verb and nothing below it.
fn modifies(token: Token<'_>, verb: Token<'_>) -> bool {
    let over = token.head();
    match token.dep() {
        "npadvmod" => over == verb,
        "pobj" => matches!(over.lemma(), "by" | "in" | "on") && over.head() == verb,
        _ => false,
    }
}

/// Verbs whose past is like their present.
const SAME: [&str; 18] = [
    "beat", "bid", "burst", "cast", "cost", "cut", "hit", "hurt", "let", "put", "quit",
    "read", "rid", "set", "shed", "shut", "split", "spread",
];

/// Which way the verb looks that governs `token`.
fn direction(token: Token<'_>) -> Direction {
    let verb = token.ancestors().find(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    let Some(verb) = verb else { return Direction::Unknown };
    // "After Monday's crash", "since the vote on Monday"
    let path = token.ancestors().take_while(|t| t.index() != verb.index());
    let is_over = path.last().is_some_and(|t| matches!(t.lemma(), "after" | "since"));
    for child in verb.children() {
        if matches!(child.dep(), "aux" | "auxpass") {
            match child.lemma() {
                "will" | "shall" | "would" | "'ll" | "wo" | "ll" => {
                    return Direction::Future;
                }
                "could" => {
                    // "He could not be reached on Monday", "smoke could be seen on Monday"
                    let is_over = verb.children().any(|c| {
                        matches!(c.dep(), "auxpass" | "neg") || c.lemma() == "have"
                    });
                    return match is_over {
                        true => Direction::Unknown,
                        false => Direction::Future,
                    };
                }
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
        // "Rivals first bid for him in January."
        "VBP" if SAME.contains(&verb.lemma()) => Direction::Past,
        // "On Tuesday the board plans to meet", "The hearing begins Tuesday."
        "VBZ" | "VBP" if planned(verb) || is_fixed(verb) => Direction::Future,
        // "Friday is a holiday", "The window shuts on Monday."
        "VBZ" | "VBP" if is_of_plan(token, verb) => Direction::Future,
        // "They planned a march on Saturday."
        "VBD" if verb.lemma() == "plan" && verb.child("dobj").is_some() => {
            Direction::Future
        }
        "VBD" => Direction::Past,
        "VBN" if aux().any(|a| a.lemma() == "have" && a.tag() == "VBD") => {
            Direction::Past
        }
        // "Sales are predicted to have fallen in March."
        "VBN" if aux().any(|a| a.lemma() == "have" && a.tag() == "VB") => Direction::Past,
        "VBN" if planned(verb) || aux().any(|a| a.tag() == "TO") => Direction::Future,
        // "Bonuses will be set in December and paid in January."
        "VBN" | "VB" if verb.dep() == "conj" && aux().next().is_none() => direction(verb),
        "VBN" => {
            match aux().any(|a| matches!(a.tag(), "VBZ" | "VBP") && a.lemma() == "be") {
                true => Direction::Unknown,
                false => Direction::Past,
            }
        }
        "VB" if aux().any(|a| a.lemma() == "do" && a.tag() == "VBD") => Direction::Past,
        // "The offer had been scheduled to end on Friday."
        "VB" if verb.dep() == "xcomp" && is_past_perfect(verb.head()) => Direction::Past,
        "VB" if aux().any(|a| a.tag() == "TO") => match verb.dep() {
            // "They were quick to offer help on Monday."
            "xcomp" if verb.head().upos() == Upos::Adj && !planned(verb.head()) => {
                match verb.head().head().tag() {
                    "VBD" => Direction::Past,
                    _ => Direction::Future,
                }
            }
            "xcomp" if planned(verb.head()) => Direction::Future,
            // "The fund failed, forcing them to sell on Monday."
            "xcomp" if verb.head().tag() == "VBG" && verb.head().dep() == "advcl" => {
                direction(verb.head())
            }
            "xcomp" if verb.head().tag() != "VBD" => Direction::Future,
            "xcomp" => Direction::Past,
            "acl" => Direction::Future,
            _ => Direction::Unknown,
        },
        // "Look for rain on Tuesday."
        "VB" if verb.is_root() && aux().next().is_none() && modifies(token, verb) => {
            Direction::Future
        }
        "VBG" => match aux().find(|a| a.lemma() == "be") {
            Some(aux) if aux.tag() == "VBD" => Direction::Past,
            Some(_) if is_over => Direction::Past,
            Some(_) => Direction::Future,
            None => direction(verb),
        },
        // "The race will be over when they vote on Tuesday."
        "VBZ" | "VBP" if verb.dep() == "advcl" => direction(verb.head()),
        _ => Direction::Unknown,
    }
}
