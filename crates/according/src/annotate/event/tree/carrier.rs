//! Verbs that only carry a noun of a deed, by who does it and whom it befalls.

use according_nlp::Token;

/// Verbs whose subject is who does what the noun under them says.
pub(super) fn is_done_by_subject(verb: Token<'_>) -> bool {
    matches!(
        verb.lemma(),
        "carry"
            | "launch"
            | "make"
            | "hold"
            | "conduct"
            | "stage"
            | "commit"
            | "impose"
            | "open"
            | "file"
            | "issue"
            | "sign"
            | "reach"
            | "begin"
            | "start"
            | "have"
            | "mount"
            | "announce"
            | "perpetrate"
            | "organize"
            | "organise"
            | "plan"
            | "lead"
            | "join"
            | "take"
            | "give"
            | "offer"
            | "provide"
            | "send"
            | "bring"
            | "press"
            | "propose"
            | "pursue"
            | "continue"
            | "declare"
            | "order"
            | "broker"
            | "do"
            | "put"
            | "express"
            | "voice"
            | "engage"
            | "enter"
            | "establish"
            | "participate"
            | "submit"
            | "step"
            | "set"
            | "go"
            | "grant"
            | "award"
            | "extend"
            | "wage"
            | "inflict"
            | "levy"
            | "tighten"
            | "enforce"
            | "introduce"
            | "restore"
            | "resume"
            | "call"
            | "attend"
            | "host"
            | "lodge"
            | "level"
            | "deliver"
            | "travel"
            | "fly"
            | "gather"
            | "pay"
            | "win"
            | "break"
            | "end"
            | "use"
    )
}

/// Verbs whose subject is whom it befalls.
pub(super) fn is_suffered_by_subject(verb: Token<'_>) -> bool {
    matches!(
        verb.lemma(),
        "face"
            | "suffer"
            | "receive"
            | "await"
            | "undergo"
            | "survive"
            | "escape"
            | "die"
            | "stand"
            | "draw"
            | "be"
            | "book"
            | "charge"
            | "arrest"
    )
}

/// Verbs whose object it befalls when they go with a noun: "charged on two counts".
pub(super) fn catches(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "arrest" | "book" | "charge")
}

/// Verbs whose subject comes by what others give.
pub(super) fn is_won(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "attract" | "draw" | "earn" | "gain" | "get" | "win")
}

/// Verbs that put what stands behind "with" upon their object.
pub(super) fn strikes(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "hit" | "punish" | "serve" | "slap" | "target" | "threaten")
}

/// Verbs whose object is whom it befalls.
pub(super) fn befalls_object(verb: Token<'_>) -> bool {
    matches!(
        verb.lemma(),
        "hit"
            | "rock"
            | "target"
            | "plague"
            | "kill"
            | "strike"
            | "shake"
            | "injure"
            | "wound"
            | "destroy"
            | "damage"
            | "sweep"
    )
}

/// "Under arrest", "into custody": what somebody is put into, or in.
pub(super) fn is_put_into(noun: Token<'_>) -> bool {
    let preposition = noun.head();
    noun.dep() == "pobj"
        && match preposition.text() {
            "under" => true,
            "in" | "into" => {
                matches!(noun.lemma(), "custody" | "detention" | "captivity" | "jail")
            }
            "on" => matches!(noun.lemma(), "blacklist" | "trial"),
            _ => false,
        }
}
