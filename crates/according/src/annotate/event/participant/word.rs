//! What words can mean in an event: somebody, goods, a deed.

use according_nlp::{Token, Upos};

use super::super::lexicon;

/// Whether a word names a sum and nobody: "was fined 300 crowns".
pub(super) fn is_sum(token: Token<'_>) -> bool {
    matches!(token.ent_type(), "MONEY" | "PERCENT")
}

/// Whether goods can be taken from it: somebody, or a house that is no mere place.
pub(super) fn is_victim(token: Token<'_>) -> bool {
    is_live(token) || lexicon::is(token, "org")
}

/// Whether goods that are moved to it come into somebody's hands: "to buyers", "to a tanker",
/// and not "to the harbour".
pub(super) fn takes_goods(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Noun | Upos::Propn)
        && !is_event(token)
        && !is_sum(token)
        && !lexicon::is(token, "place")
        && !lexicon::is(token, "illicit")
}

/// Whether a noun names what is fired or thrown.
pub(super) fn is_weapon(noun: Token<'_>) -> bool {
    lexicon::is(noun, "arms")
        || matches!(noun.lemma(), "bottle" | "brick" | "egg" | "flare" | "rock" | "stone")
}

/// Whether a noun names what nobody need have done: whom it befell is not blamed for it.
pub(super) fn is_mishap(noun: Token<'_>) -> bool {
    matches!(
        noun.lemma(),
        "accident"
            | "collapse"
            | "crash"
            | "death"
            | "disappearance"
            | "fire"
            | "incident"
            | "loss"
            | "outbreak"
            | "sinking"
    )
}

/// Whether a verb says that somebody is not to do something: "barred them from entering".
pub(super) fn keeps_from_doing(verb: Token<'_>) -> bool {
    verb.children().any(|c| c.text() == "from" && c.child("pcomp").is_some())
}

/// Whether a noun names something that is done.
pub(super) fn is_event(noun: Token<'_>) -> bool {
    lexicon::entries(noun.lemma(), Upos::Noun).is_some()
}

/// Whether a thing can be the target of what is done: not what is banned or shut, nor what
/// is done itself ("imposed sanctions"), and not the means of it ("truck attack").
pub(super) fn names_target(object: Token<'_>, mode: Option<&str>) -> bool {
    matches!(object.upos(), Upos::Noun | Upos::Propn)
        && !is_event(object)
        && !is_weapon(object)
        // "On a small scale", "on the grounds".
        && !matches!(
            object.lemma(),
            "anniversary"
                | "basis"
                | "behalf"
                | "gas"
                | "ground"
                | "occasion"
                | "order"
                | "scale"
                | "slogan"
        )
        && !matches!(object.dep(), "compound" | "nmod" | "amod")
        && match mode {
            Some("ban") => false,
            Some("restrict") => lexicon::is(object, "place"),
            _ => true,
        }
}

/// Whether a word can name somebody to whom something is done.
pub(super) fn is_live(token: Token<'_>) -> bool {
    let is_name = token.upos() == Upos::Propn && token.ent_type().is_empty();
    // "Both sides", and not the side of a house.
    let is_party = token.lemma() == "side" && token.tag() == "NNS";
    lexicon::is(token, "people")
        || is_party
        || matches!(token.ent_type(), "FAC" | "LOC")
        || is_name && !is_event(token) && !lexicon::is(token, "illicit")
}

pub(super) fn can_act(token: Token<'_>) -> bool {
    match token.upos() {
        Upos::Pron => true,
        Upos::Noun | Upos::Propn | Upos::Num | Upos::Adj | Upos::Det => {
            !matches!(token.ent_type(), "DATE" | "TIME" | "MONEY" | "PERCENT")
                && (is_live(token) || !crate::annotate::speaker::is_thing(token))
        }
        _ => false,
    }
}

/// Whether who tells of it is who judges.
pub(super) fn is_court(source: Token<'_>) -> bool {
    matches!(
        source.lemma().to_lowercase().as_str(),
        "court" | "judge" | "jury" | "tribunal"
    )
}

pub(super) fn is_police(source: Token<'_>) -> bool {
    let is_it = |t: Token<'_>| {
        matches!(
            t.lemma().to_lowercase().as_str(),
            "police"
                | "sheriff"
                | "prosecutor"
                | "authority"
                | "customs"
                | "constabulary"
        )
    };
    is_it(source)
        || source.child("compound").is_some_and(is_it) && lexicon::is(source, "org")
}

/// What the body that tells of it has done, where nobody else is said to.
pub(super) fn is_done_by_police(kind: &str, mode: Option<&str>) -> bool {
    match kind {
        "COERCE" => matches!(mode, Some("arrest" | "raid" | "seize")),
        "ACCUSE" => matches!(mode, Some("charge" | "investigate")),
        "TRAFFIC" => mode == Some("seize-goods"),
        _ => false,
    }
}
