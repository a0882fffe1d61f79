//! How sure a claim's own source presents it, and whether as so or as not so.
//!
//! Certainty and polarity are those of the claim's main statement. A hedge deeper in the
//! sentence ("a tool that may help") is written down but changes neither.

use according_nlp::{Doc, Span, Token, Upos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attribution::{Attribution, AttributionKind, Stance};
use super::lexicon;

/// How sure a claim's source presents it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum Certainty {
    Certain,
    Probable,
    Possible,
    Unknown,
}

/// Affirmed or denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum Polarity {
    Positive,
    Negative,
}

/// FactBank's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Factuality {
    /// Certainly so.
    #[serde(rename = "CT+")]
    CertainPositive,
    /// Certainly not so.
    #[serde(rename = "CT-")]
    CertainNegative,
    /// Probably so.
    #[serde(rename = "PR+")]
    ProbablePositive,
    /// Probably not so.
    #[serde(rename = "PR-")]
    ProbableNegative,
    /// Possibly so.
    #[serde(rename = "PS+")]
    PossiblePositive,
    /// Possibly not so.
    #[serde(rename = "PS-")]
    PossibleNegative,
    /// Certain which, but the text does not tell.
    #[serde(rename = "CTu")]
    CertainUnknown,
    /// Nothing is said about it.
    #[serde(rename = "Uu")]
    Unknown,
}

impl Factuality {
    /// The value for a certainty and a polarity.
    pub fn new(certainty: Certainty, polarity: Polarity) -> Self {
        match (certainty, polarity) {
            (Certainty::Certain, Polarity::Positive) => Self::CertainPositive,
            (Certainty::Certain, Polarity::Negative) => Self::CertainNegative,
            (Certainty::Probable, Polarity::Positive) => Self::ProbablePositive,
            (Certainty::Probable, Polarity::Negative) => Self::ProbableNegative,
            (Certainty::Possible, Polarity::Positive) => Self::PossiblePositive,
            (Certainty::Possible, Polarity::Negative) => Self::PossibleNegative,
            (Certainty::Unknown, _) => Self::Unknown,
        }
    }
}

/// What the words of a claim say about its truth.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Commitment {
    pub(super) certainty: Certainty,
    pub(super) polarity: Polarity,
    /// The words that lower the commitment, in text order.
    pub(super) hedges: Vec<Span>,
}

/// Reads how far the source of `attribution` commits itself to the content.
pub(super) fn commitment(doc: &Doc, attribution: &Attribution) -> Commitment {
    let tokens: Vec<Token<'_>> =
        attribution.content.iter().flat_map(|&s| doc.slice(doc.tokens_in(s))).collect();
    let cue: Vec<Token<'_>> =
        attribution.cue.iter().flat_map(|&s| doc.slice(doc.tokens_in(s))).collect();
    let inside =
        |t: Token<'_>| tokens.binary_search_by_key(&t.index(), |t| t.index()).is_ok();

    let statements = statements(&tokens, inside);
    let first = statements.first().copied();
    let mut certainty = match attribution.stance {
        Stance::Directive => Certainty::Unknown,
        Stance::Predict => Certainty::Probable,
        Stance::Doubt => Certainty::Unknown,
        _ => Certainty::Certain,
    };
    let by_reporter = attribution.kind == AttributionKind::Hedge;
    let hedging_cue = cue.iter().filter_map(|t| hedge(*t)).max();
    if matches!(attribution.stance, Stance::Infer | Stance::Predict) || by_reporter {
        certainty = hedging_cue.unwrap_or(Certainty::Certain).max(certainty);
    }
    if certainty != Certainty::Unknown
        && let Some(statement) = first
    {
        let own = own_certainty(statement, inside);
        certainty = own.max(certainty);
    }

    let all_negated =
        !statements.is_empty() && statements.iter().all(|t| is_negated(*t, inside));
    let negative = all_negated != (attribution.stance == Stance::Deny);
    let mut hedges: Vec<Span> = tokens
        .iter()
        .chain(&cue)
        .filter(|t| hedge(**t).is_some())
        .map(|t| t.span())
        .collect();
    hedges.sort_unstable();
    hedges.dedup();
    Commitment {
        certainty,
        polarity: if negative { Polarity::Negative } else { Polarity::Positive },
        hedges,
    }
}

/// The main words of the statements in a content: those that hang from nothing inside it,
/// and the clauses set beside them.
fn statements<'d>(
    tokens: &[Token<'d>],
    inside: impl Fn(Token<'d>) -> bool,
) -> Vec<Token<'d>> {
    let is_verb = |t: &Token<'_>| matches!(t.upos(), Upos::Verb | Upos::Aux);
    let can_state = |t: &Token<'_>| {
        is_verb(t) || matches!(t.upos(), Upos::Adj | Upos::Noun | Upos::Propn)
    };
    let tops = tokens.iter().filter(|t| t.is_root() || !inside(t.head()));
    let mut found: Vec<Token<'d>> = tops.filter(|t| can_state(t)).copied().collect();
    if found.iter().any(is_verb) {
        found.retain(is_verb);
    }
    let beside = |c: &Token<'d>| {
        let before = c.index() < c.head().index();
        is_verb(c)
            && inside(*c)
            && (c.dep() == "conj" || before && matches!(c.dep(), "ccomp" | "parataxis"))
    };
    let mut i = 0;
    while let Some(&statement) = found.get(i) {
        found.extend(statement.children().filter(beside));
        i += 1;
    }
    found
}

/// The certainty a statement's own words give it: its auxiliaries and adverbs, the verb it
/// is itself ("seems"), what it says of a clause below it ("is unclear"), "I think".
fn own_certainty<'d>(
    statement: Token<'d>,
    inside: impl Fn(Token<'d>) -> bool,
) -> Certainty {
    let hedges = hedges_clause(statement);
    let mut certainty = match hedges {
        true => hedge(statement).unwrap_or(Certainty::Certain),
        false => Certainty::Certain,
    };
    for child in statement.children().filter(|c| inside(*c)) {
        let counts = match child.dep() {
            "aux" | "advmod" => true,
            "acomp" | "oprd" => child.lemma() != "possible" || takes_clause(statement),
            "parataxis" | "ccomp" => is_aside(child),
            _ => false,
        };
        if counts {
            certainty = certainty.max(hedge(child).unwrap_or(Certainty::Certain));
        }
        if child.dep() == "ccomp" && hedges {
            certainty = certainty.max(modal(child));
        }
        if child.dep() == "punct" && child.text() == "?" {
            certainty = Certainty::Unknown;
        }
    }
    let directs =
        matches!(statement.lemma(), "urge" | "demand" | "ask" | "call" | "request")
            && has_first_person(statement);
    if directs { Certainty::Unknown } else { certainty }
}

/// Whether a verb weakens the clause below it: "seems to work", "is thought to have fled".
/// What somebody else thinks is that person's own claim.
fn hedges_clause(verb: Token<'_>) -> bool {
    let of_mind = matches!(
        verb.lemma(),
        "believe"
            | "think"
            | "suspect"
            | "assume"
            | "guess"
            | "theorize"
            | "theorise"
            | "fear"
    );
    let passive = || verb.children().any(|c| c.dep() == "auxpass");
    hedge(verb).is_some()
        && takes_clause(verb)
        && (!of_mind || has_first_person(verb) || passive())
}

fn has_first_person(verb: Token<'_>) -> bool {
    verb.children().any(|c| c.dep() == "nsubj" && matches!(c.text(), "I" | "We" | "we"))
}

/// "Prompted, I think, by the film".
fn is_aside(verb: Token<'_>) -> bool {
    has_first_person(verb) && verb.children().all(|c| c.dep() == "nsubj" || c.is_punct())
}

fn takes_clause(statement: Token<'_>) -> bool {
    statement.children().any(|c| matches!(c.dep(), "ccomp" | "xcomp" | "oprd" | "csubj"))
}

fn modal(verb: Token<'_>) -> Certainty {
    let modals = verb.children().filter(|c| c.dep() == "aux").filter_map(hedge);
    modals.max().unwrap_or(Certainty::Certain)
}

fn is_negated<'d>(statement: Token<'d>, inside: impl Fn(Token<'d>) -> bool) -> bool {
    let own = statement.children().filter(|c| inside(*c)).any(|c| {
        let is_none = matches!(c.lemma(), "nobody" | "nothing" | "none")
            || c.children().any(|d| d.dep() == "det" && d.lemma() == "no");
        c.dep() == "neg"
            || matches!(c.dep(), "nsubj" | "nsubjpass" | "dobj" | "attr") && is_none
    });
    // "They seem not to know".
    let below = statement.children().find(|c| matches!(c.dep(), "ccomp" | "xcomp"));
    let hedged = below.filter(|_| hedges_clause(statement));
    own || hedged.is_some_and(|c| c.children().any(|n| n.dep() == "neg"))
}

/// What a word does to the commitment, if it hedges here.
fn hedge(token: Token<'_>) -> Option<Certainty> {
    let word = match token.upos() {
        Upos::Verb | Upos::Noun | Upos::Aux => token.lemma(),
        _ => token.text(),
    };
    let found = lexicon::hedge(word).or_else(|| lexicon::hedge(&word.to_lowercase()))?;
    match token.upos() {
        // The month, and "could not" of lack of ability, are no hedges.
        Upos::Propn => None,
        Upos::Aux if token.tag() != "MD" => None,
        Upos::Noun if matches!(word, "report" | "fear" | "suspect" | "estimate") => None,
        _ => Some(found),
    }
}
