//! Whether an event took place, by the grammar around its trigger.

use according_nlp::{Token, Upos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tree;

/// Whether an event took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum EventStatus {
    Actual,
    Alleged,
    Planned,
    Hypothetical,
    Historical,
    Denied,
}

use EventStatus::{Actual, Alleged, Denied, Historical, Hypothetical, Planned};

/// How many heads are asked.
const DEPTH: usize = 6;

/// What the words around a trigger say of the event.
pub(super) fn status(trigger: Token<'_>) -> EventStatus {
    let own = match trigger.upos() {
        Upos::Verb | Upos::Aux => of_clause(trigger),
        _ => of_noun(trigger),
    };
    let mut status = own;
    let mut at = trigger;
    for _ in 0..DEPTH {
        if status != Actual || at.is_root() {
            break;
        }
        status = from_head(at);
        at = at.head();
        if matches!(at.dep(), "relcl") && at.upos() == Upos::Verb {
            break;
        }
    }
    status
}

/// Whether the event is said not to have taken place.
pub(super) fn is_negated(trigger: Token<'_>) -> bool {
    let no = |t: Token<'_>| {
        t.children().any(|c| {
            c.dep() == "neg"
                || c.dep() == "det" && c.lemma() == "no"
                || matches!(c.dep(), "preconj") && c.lemma() == "neither"
        })
    };
    let nobody = || {
        trigger.children().any(|c| {
            c.dep().starts_with("nsubj")
                && (matches!(c.lemma(), "nobody" | "none") || no(c))
        })
    };
    no(trigger)
        || trigger.upos() == Upos::Verb && nobody()
        || trigger.dep() == "pcomp" && trigger.head().lemma() == "without"
        || trigger.dep() == "xcomp" && matches!(trigger.head().lemma(), "fail" | "refuse")
        || trigger.upos() == Upos::Noun
            && tree::light_verb(trigger)
                .is_some_and(|v| v.children().any(|c| c.dep() == "neg"))
}

/// What a verb's own auxiliaries, adverbs and conjunctions say.
fn of_clause(verb: Token<'_>) -> EventStatus {
    let mut found = Actual;
    let mut had = false;
    for child in verb.children() {
        let word = child.text().to_lowercase();
        let says = match (child.dep(), word.as_str()) {
            ("aux" | "auxpass", "will" | "'ll" | "’ll" | "shall" | "wo") => Planned,
            (
                "aux",
                "would" | "could" | "may" | "might" | "should" | "must" | "can" | "'d"
                | "’d",
            ) => Hypothetical,
            ("mark" | "advmod", "if" | "unless" | "whether") => Hypothetical,
            ("advmod", "allegedly" | "reportedly" | "purportedly" | "supposedly") => {
                Alleged
            }
            ("advmod", "possibly" | "potentially" | "perhaps" | "maybe") => Hypothetical,
            ("aux", "had") => {
                had = true;
                Actual
            }
            _ => Actual,
        };
        if found == Actual {
            found = says;
        }
    }
    if found == Actual && had && verb.tag() == "VBN" { Historical } else { found }
}

fn of_noun(noun: Token<'_>) -> EventStatus {
    let says = |c: Token<'_>| match c.lemma().to_lowercase().as_str() {
        "alleged" | "suspected" | "reported" | "purported" | "allege" | "suspect" => {
            Alleged
        }
        "planned" | "upcoming" | "scheduled" | "future" | "imminent" | "forthcoming"
        | "plan" => Planned,
        "possible" | "potential" | "attempted" | "further" | "any" | "threatened"
        | "hypothetical" => Hypothetical,
        "past" | "previous" | "earlier" | "former" => Historical,
        _ => Actual,
    };
    let before = noun.children().filter(|c| c.index() < noun.index());
    before.map(says).find(|s| *s != Actual).unwrap_or(Actual)
}

/// What the word above says of what hangs from it.
fn from_head(token: Token<'_>) -> EventStatus {
    let mut head = token.head();
    let mut dep = token.dep();
    let mut preposition = "";
    if head.upos() == Upos::Adp && !head.is_root() {
        preposition = head.text();
        dep = "pobj";
        head = head.head();
    }
    let lemma = head.lemma();
    let by_word = match (lemma, dep) {
        ("accuse" | "suspect" | "allegation" | "accusation" | "suspicion", _)
            if matches!(preposition, "of" | "in" | "that" | "") =>
        {
            Some(Alleged)
        }
        ("charge", "pobj") if matches!(preposition, "with" | "of" | "for" | "in") => {
            Some(Alleged)
        }
        ("count" | "indict" | "suspicion", "pobj") => Some(Alleged),
        (
            "allege" | "believe" | "claim" | "suspect" | "think" | "accuse" | "fear",
            "ccomp" | "xcomp",
        ) => Some(Alleged),
        ("deny", "dobj" | "ccomp" | "xcomp") => Some(Denied),
        (
            "plan" | "intend" | "prepare" | "aim" | "threaten" | "promise" | "pledge"
            | "agree" | "vow" | "decide" | "set" | "expect" | "schedule" | "due"
            | "ready" | "go" | "propose" | "announce",
            "xcomp" | "acl" | "dobj" | "ccomp",
        ) if dep != "ccomp" || tree::is_infinitive(token) => match (lemma, dep) {
            ("announce", "dobj") => None,
            _ => Some(Planned),
        },
        (
            "prevent" | "avoid" | "fear" | "stop" | "prohibit" | "consider" | "discuss"
            | "threaten" | "risk" | "urge" | "demand" | "seek" | "want" | "oppose"
            | "reject" | "propose" | "suggest" | "avert" | "forbid" | "ban"
            | "contemplate",
            "dobj" | "pcomp" | "pobj" | "xcomp" | "ccomp",
        ) => Some(Hypothetical),
        (
            "threat" | "fear" | "risk" | "possibility" | "call" | "case" | "danger"
            | "chance" | "prospect" | "warning" | "hope" | "proposal",
            "pobj" | "acl",
        ) => Some(Hypothetical),
        ("plan" | "decision" | "intention", "pobj" | "acl") => Some(Planned),
        _ => None,
    };
    if let Some(status) = by_word {
        return status;
    }
    if token.upos() == Upos::Verb && tree::is_infinitive(token) {
        let goes_on = matches!(
            lemma,
            "begin"
                | "continue"
                | "manage"
                | "start"
                | "use"
                | "come"
                | "force"
                | "help"
                | "proceed"
                | "appear"
                | "seem"
        );
        if goes_on {
            return of_clause(head);
        }
        if matches!(dep, "xcomp" | "advcl" | "acl" | "ccomp" | "relcl") {
            return Hypothetical;
        }
    }
    let passes = match head.upos() {
        Upos::Verb | Upos::Aux => matches!(
            dep,
            "conj" | "dobj" | "nsubj" | "nsubjpass" | "pobj" | "xcomp" | "pcomp"
        ),
        _ => dep == "conj",
    };
    // "If there is an attack", "an attack will follow".
    match of_clause(head) {
        Historical if dep != "conj" => Actual,
        status if passes && matches!(head.upos(), Upos::Verb | Upos::Aux) => status,
        _ => Actual,
    }
}
