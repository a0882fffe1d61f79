//! How sure a claim's own source presents it, and whether as so or as not so.
//!
//! Certainty and polarity are those of the claim's main statement. A hedge deeper in the
//! sentence ("a tool that may help") is written down but changes neither.

use according_nlp::{Doc, Span, Token, Upos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attribution::{Attribution, AttributionKind, Stance, lexicon as cues};
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
    let words = tokens(doc, &attribution.content);
    let cue = tokens(doc, &attribution.cue);
    let inside = |t| holds(&words, t);
    let statements = statements(&words, inside);
    let negation = negation_of_cue(doc, attribution);

    let mut certainty = from_cue(attribution, &cue, statements.first().copied());
    if negation == Some(Negation::Withholds) {
        certainty = Certainty::Unknown;
    }
    if let Some(statement) = statements.first() {
        certainty = own_certainty(*statement, inside).max(certainty);
    }
    certainty = of_first_sentence(&words).max(certainty);
    if attribution.kind == AttributionKind::Hedge {
        // It is a claim for its hedges' sake, wherever in the sentence they stand.
        let hedges = words.iter().filter_map(|t| hedge(*t)).max();
        certainty = hedges.unwrap_or(Certainty::Certain).max(certainty);
    }

    let all_negated =
        !statements.is_empty() && statements.iter().all(|t| is_negated(*t, inside));
    let negative =
        all_negated ^ (attribution.stance == Stance::Deny) ^ negation.is_some();
    let of_cue = cue.iter().filter(|t| hedges_as_cue(**t, attribution));
    let mut hedges: Vec<Span> = words
        .iter()
        .filter(|t| hedge(**t).is_some())
        .chain(of_cue)
        .map(|t| hedge_span(*t))
        .collect();
    hedges.sort_unstable();
    hedges.dedup();
    Commitment {
        certainty,
        polarity: if negative { Polarity::Negative } else { Polarity::Positive },
        hedges,
    }
}

fn tokens<'d>(doc: &'d Doc, spans: &[Span]) -> Vec<Token<'d>> {
    spans.iter().flat_map(|&s| doc.slice(doc.tokens_in(s))).collect()
}

/// Whether `token` is one of `words`, which are in text order.
fn holds(words: &[Token<'_>], token: Token<'_>) -> bool {
    words.binary_search_by_key(&token.index(), |t| t.index()).is_ok()
}

fn cue_head<'d>(doc: &'d Doc, attribution: &Attribution) -> Option<Token<'d>> {
    attribution.cue_head.filter(|&t| t < doc.len()).map(|t| doc.token(t))
}

/// The attitude of a source, where words around the head of the cue decide it: who calls
/// *for* something demands it, who agrees *to do* it promises it, who expresses *doubt* doubts.
pub(super) fn stance(doc: &Doc, attribution: &Attribution) -> Stance {
    let Some(cue) = cue_head(doc, attribution) else { return attribution.stance };
    // "Denied saying so".
    let denied = stance_of(cue.head()) == Stance::Deny
        && matches!(cue.dep(), "xcomp" | "pcomp")
        && cue.tag() == "VBG";
    if denied {
        return Stance::Deny;
    }
    let words = tokens(doc, &attribution.content);
    let inside = |t| holds(&words, t);
    let to_do = statements(&words, inside).first().is_some_and(|t| is_infinitive(*t));
    let by_particle = cue
        .children()
        .filter(|c| matches!(c.dep(), "prep" | "prt"))
        .find_map(|c| phrasal_stance(lemma(cue), c.lemma()));
    let by_object = || {
        let words = tokens(doc, &attribution.cue);
        let objects = words.into_iter().filter(|t| t.upos() == Upos::Noun && *t != cue);
        objects.map(stance_of).find(|s| *s != Stance::Neutral)
    };
    match lemma(cue) {
        "hope" => Stance::Predict,
        "agree" | "tell" if to_do && attribution.kind != AttributionKind::Evidential => {
            Stance::Directive
        }
        _ if attribution.stance == Stance::Neutral => {
            by_particle.or_else(by_object).unwrap_or_default()
        }
        _ => by_particle.unwrap_or(attribution.stance),
    }
}

/// What the lexicon says of a word taken by itself.
fn stance_of(token: Token<'_>) -> Stance {
    cues::cue(token.lemma(), token.upos()).map(|cue| cue.stance).unwrap_or_default()
}

/// The attitude of a verb with its preposition or particle.
fn phrasal_stance(verb: &str, particle: &str) -> Option<Stance> {
    Some(match (verb, particle) {
        ("call", "for" | "on" | "upon") | ("push" | "press", "for") => Stance::Directive,
        ("rule", "out")
        | ("turn" | "shoot" | "knock", "down")
        | ("brush", "off" | "aside") => Stance::Deny,
        ("own", "up") => Stance::Concede,
        ("find", "out") => Stance::Learn,
        ("see" | "view" | "regard", "as") => Stance::Infer,
        ("suspect", "of") => Stance::Accuse,
        ("hear", "from") => Stance::Neutral,
        _ => return None,
    })
}

/// The certainty that a cue leaves to its content, whose main word is `statement`.
fn from_cue(
    attribution: &Attribution,
    cue: &[Token<'_>],
    statement: Option<Token<'_>>,
) -> Certainty {
    let of_cue = cue.iter().filter(|t| hedges_as_cue(**t, attribution));
    let hedged = of_cue.filter_map(|t| listed(*t)).max();
    let told = statement.is_some_and(is_finite);
    let lemma_in = |lemmas: &[&str]| cue.iter().any(|t| lemmas.contains(&t.lemma()));
    match attribution.stance {
        Stance::Directive if told && lemma_in(&WARNINGS) => Certainty::Certain,
        Stance::Directive | Stance::Doubt => Certainty::Unknown,
        Stance::Predict => hedged.unwrap_or(Certainty::Probable),
        _ if !told && lemma_in(&INTENTIONS) => Certainty::Unknown,
        _ => hedged.unwrap_or(Certainty::Certain),
    }
}

/// Cues that demand when an infinitive follows, and tell when a sentence does: "warned
/// sailors to stay in port", "warned that a storm was near".
const WARNINGS: [&str; 6] =
    ["advise", "caution", "instruct", "remind", "warn", "warning"];

/// Cues of what somebody is yet to do, when an infinitive or a noun follows.
const INTENTIONS: [&str; 12] = [
    "aim",
    "aspire",
    "desire",
    "determined",
    "eager",
    "goal",
    "intend",
    "intention",
    "keen",
    "plan",
    "willing",
    "wish",
];

/// Whether a statement is told as a sentence with its subject, not as an infinitive.
fn is_finite(statement: Token<'_>) -> bool {
    let is = |deps: &[&str]| statement.children().any(|c| deps.contains(&c.dep()));
    is(&["nsubj", "nsubjpass", "expl", "csubj"]) && !is_infinitive(statement)
}

fn is_infinitive(verb: Token<'_>) -> bool {
    verb.children().any(|c| c.dep() == "aux" && c.tag() == "TO")
}

/// What "not" does before a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Negation {
    /// "Does not believe that it rained": believes that it did not.
    Denies,
    /// "Does not claim that it rained": leaves open whether it did.
    Withholds,
}

fn negation_of_cue(doc: &Doc, attribution: &Attribution) -> Option<Negation> {
    let cue = cue_head(doc, attribution)?;
    let negated = cue.children().any(|c| c.dep() == "neg" && c.index() < cue.index());
    negated.then(|| match cue.lemma() {
        "believe" | "think" | "expect" | "want" | "feel" | "suppose" | "see" => {
            Negation::Denies
        }
        _ => Negation::Withholds,
    })
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
/// is itself ("seems"), what it says of a clause below it ("is unclear"), "I think", and the
/// question or condition it is.
fn own_certainty<'d>(
    statement: Token<'d>,
    inside: impl Fn(Token<'d>) -> bool,
) -> Certainty {
    let hedges = hedges_clause(statement);
    let mut certainty = match hedges {
        true => listed(statement).unwrap_or(Certainty::Certain),
        false => Certainty::Certain,
    };
    for child in statement.children().filter(|c| inside(*c)) {
        let counts = match child.dep() {
            "aux" | "advmod" | "acomp" | "oprd" => true,
            "attr" => is_odds(child),
            "parataxis" | "ccomp" => is_aside(child),
            _ => false,
        };
        if counts {
            certainty = certainty.max(hedge(child).unwrap_or(Certainty::Certain));
        }
        // "The report found that it may leak": the modal is the report's and the speaker's.
        if child.dep() == "ccomp" && child.index() > statement.index() {
            certainty = certainty.max(modal(child));
        }
        let is_open =
            child.dep() == "mark" && child.lemma().eq_ignore_ascii_case("whether");
        if is_open || is_unclear(child) {
            certainty = Certainty::Unknown;
        }
    }
    let directs =
        matches!(statement.lemma(), "urge" | "demand" | "ask" | "call" | "request")
            && has_subject(statement, &FIRST_PERSON)
            && statement.children().all(|c| c.tag() != "MD");
    if directs || is_supposed(statement) { Certainty::Unknown } else { certainty }
}

/// "It is not clear whether", "are not sure if".
fn is_unclear(predicate: Token<'_>) -> bool {
    predicate.dep() == "acomp"
        && matches!(predicate.lemma(), "clear" | "sure" | "certain")
        && [predicate, predicate.head()]
            .iter()
            .any(|t| t.children().any(|c| c.dep() == "neg"))
}

/// What the first sentence of a content says as a whole: a question leaves open what it asks,
/// and "I think" stands anywhere in what is thought.
fn of_first_sentence(words: &[Token<'_>]) -> Certainty {
    let Some(first) = words.first() else { return Certainty::Certain };
    let sentence = first.sentence().index();
    let own = words.iter().take_while(|t| t.sentence().index() == sentence);
    let weakens = |t: &Token<'_>| match t.text() {
        "?" => Some(Certainty::Unknown),
        _ if is_of_mind(*t) && has_subject(*t, &FIRST_PERSON) => listed(*t),
        _ => None,
    };
    own.filter_map(weakens).max().unwrap_or(Certainty::Certain)
}

/// "It would close if nobody paid": neither that it closes nor that nobody pays is said.
fn is_supposed(statement: Token<'_>) -> bool {
    let conditional = |c: Token<'_>| {
        c.dep() == "advcl"
            && c.children().any(|m| {
                m.dep() == "mark"
                    && matches!(m.lemma(), "if" | "unless" | "If" | "Unless")
            })
    };
    let modal = statement
        .children()
        .any(|c| c.dep() == "aux" && matches!(c.lemma(), "would" | "could"));
    modal
        && statement.children().any(conditional)
        && statement.children().all(|c| hedge(c).is_none())
}

/// Whether a verb weakens the clause below it: "seems to work", "is thought to have fled",
/// "we hope", and of the source itself "he believes". What somebody else thinks is that
/// person's own claim.
fn hedges_clause(verb: Token<'_>) -> bool {
    let says_something = || {
        takes_clause(verb)
            || is_suspected_of(verb)
            || matches!(verb.lemma(), "suggest" | "indicate") && is_finite(verb)
    };
    listed(verb).is_some() && says_something() && (!is_of_mind(verb) || is_own_mind(verb))
}

fn is_of_mind(verb: Token<'_>) -> bool {
    matches!(
        lemma(verb),
        "assume"
            | "believe"
            | "consider"
            | "expect"
            | "fear"
            | "guess"
            | "hope"
            | "suspect"
            | "theorise"
            | "theorize"
            | "think"
            | "worry"
    )
}

const FIRST_PERSON: [&str; 3] = ["I", "We", "we"];

/// Whether the mind is that of who speaks, or nobody's: "I think", "he hopes", "is expected".
fn is_own_mind(verb: Token<'_>) -> bool {
    has_subject(verb, &["I", "We", "we", "he", "she", "they", "He", "She", "They"])
        || is_passive(verb)
}

fn is_passive(verb: Token<'_>) -> bool {
    verb.children().any(|c| c.dep() == "auxpass")
}

fn has_subject(verb: Token<'_>, words: &[&str]) -> bool {
    verb.children().any(|c| c.dep() == "nsubj" && words.contains(&c.text()))
}

/// "Is suspected of theft".
fn is_suspected_of(verb: Token<'_>) -> bool {
    verb.lemma() == "suspect"
        && verb.children().any(|c| c.dep() == "prep" && c.lemma() == "of")
}

/// "Prompted, I think, by the film".
fn is_aside(verb: Token<'_>) -> bool {
    has_subject(verb, &FIRST_PERSON)
        && verb.children().all(|c| c.dep() == "nsubj" || c.is_punct())
}

/// "There is a chance that": nouns that weaken the clause below them.
fn is_odds(noun: Token<'_>) -> bool {
    matches!(
        noun.lemma(),
        "chance" | "likelihood" | "possibility" | "probability" | "sign"
    )
}

/// Whether a word says something of a clause, or of what a predicate below it holds: "seems
/// to work", "seems unsafe".
fn takes_clause(statement: Token<'_>) -> bool {
    statement
        .children()
        .any(|c| is_clause(c) || c.dep() == "acomp" && c.index() > statement.index())
}

fn is_clause(token: Token<'_>) -> bool {
    matches!(token.dep(), "ccomp" | "xcomp" | "oprd" | "csubj" | "acl")
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

/// What the list says of a word: how sure somebody is who uses it to hedge.
fn listed(token: Token<'_>) -> Option<Certainty> {
    let word = match token.upos() {
        Upos::Verb if token.dep() == "amod" => token.text(),
        Upos::Verb | Upos::Noun | Upos::Aux => lemma(token),
        _ => token.text(),
    };
    lexicon::hedge(word).or_else(|| lexicon::hedge(&word.to_lowercase()))
}

/// The lemma of a word; that of "hopes" and "hoped" is "hop" for the pipeline.
fn lemma(token: Token<'_>) -> &str {
    match token.lemma() {
        "hop" if token.text().starts_with("hop") && token.text().len() > 4 => "hope",
        lemma => lemma,
    }
}

/// What a word of a content does to the commitment, if it hedges here.
fn hedge(token: Token<'_>) -> Option<Certainty> {
    let found = listed(token)?;
    let hedges = match (token.upos(), token.lemma()) {
        (Upos::Noun | Upos::Adv | Upos::Adj, "kind" | "sort") => softens(token),
        // The month.
        (Upos::Propn, _) => false,
        (Upos::Aux | Upos::Verb, "could" | "may" | "might") => {
            token.tag() == "MD" && !is_inability(token)
        }
        (Upos::Aux, _) => false,
        // "A suspicion that", not "a chance to show it"; a guess is an amount.
        (Upos::Noun, _) => token.children().any(|c| {
            matches!(c.dep(), "acl" | "ccomp" | "relcl") && !is_infinitive(c)
                || matches!(c.lemma(), "of" | "about" | "over")
        }),
        // "The suspected thief".
        (Upos::Verb, _) if token.dep() == "amod" => true,
        // "The tracks suggest a truck", not "asked to suggest names".
        (Upos::Verb, "suggest" | "indicate") => is_finite(token),
        (Upos::Verb, _) => {
            takes_clause(token)
                || is_passive(token)
                || is_of_mind(token) && has_subject(token, &FIRST_PERSON)
        }
        // "It is possible that", neither "possible causes" nor "possible to see".
        (Upos::Adj, "possible" | "conceivable" | "hopeful") => {
            let claims =
                |t: Token<'_>| t.children().any(|c| is_clause(c) && is_finite(c));
            token.dep() != "amod" && (claims(token) || claims(token.head()))
        }
        // "An unknown man".
        (Upos::Adj, "unclear" | "uncertain" | "unknown") => token.dep() != "amod",
        _ => true,
    };
    hedges.then_some(found)
}

/// "Could not swim" tells what somebody is unable to do.
fn is_inability(modal: Token<'_>) -> bool {
    modal.lemma() == "could" && modal.head().children().any(|c| c.dep() == "neg")
}

/// "Kind of magical", not "a kind of magic".
fn softens(kind: Token<'_>) -> bool {
    let before = kind.prev().is_some_and(|t| {
        matches!(t.upos(), Upos::Adv | Upos::Verb | Upos::Aux | Upos::Part)
    });
    before && kind.next().is_some_and(|t| t.lemma() == "of")
}

/// Whether a word of a cue hedges: "expected", "hopes", "alleged"; who indicates something
/// simply says it.
fn hedges_as_cue(token: Token<'_>, attribution: &Attribution) -> bool {
    let stance = attribution.stance;
    let weakens =
        stance != Stance::Neutral || attribution.kind != AttributionKind::Speech;
    weakens && token.upos() != Upos::Propn && listed(token).is_some()
}

/// A hedge with the words that belong to it: "I think", "very likely", "kind of".
fn hedge_span(token: Token<'_>) -> Span {
    let before = token.prev().filter(|t| {
        let of_mind = is_of_mind(token) && t.text() == "I";
        let degree = matches!(token.upos(), Upos::Adj | Upos::Adv)
            && matches!(t.text(), "very" | "most" | "more" | "quite" | "highly");
        t.head() == token && (of_mind || degree)
    });
    let after = token.next().filter(|_| matches!(token.lemma(), "kind" | "sort"));
    let first = before.unwrap_or(token).span();
    first.cover(token.span()).cover(after.unwrap_or(token).span())
}
