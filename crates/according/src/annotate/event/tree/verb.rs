//! What verbs and adjectives take: subjects through passives, relative clauses and verbs that are
//! joined.

use according_nlp::{Token, Upos};

use super::noun::is_charge;
use super::{Arguments, DEPTH, before_day, is_infinitive, light_verb, prepositional};
use crate::annotate::event::lexicon;

pub(super) fn of_verb(verb: Token<'_>) -> Arguments<'_> {
    let passive = is_passive(verb, DEPTH);
    let mut found = Arguments { passive, ..Arguments::default() };
    let object = |c: &Token<'_>| matches!(c.dep(), "dobj" | "dative");
    let objects = verb.children().filter(object).filter(|c| c.upos() != Upos::Adp);
    found.objects.extend(objects.map(|o| relative(before_day(o), verb)));
    let surface = subject(verb, DEPTH);
    if passive {
        found.objects.splice(0..0, surface);
        let agents = |t| prepositional(t).filter(|(p, _)| p.text() == "by");
        found.subjects.extend(agents(verb).map(|(_, o)| o));
        // "Criticised by the union and by the bishop".
        let again = agents(verb).filter_map(|(by, _)| by.child("conj"));
        let again = again.filter(|by| by.text() == "by");
        let again: Vec<_> = again.filter_map(|by| by.child("pobj")).collect();
        found.subjects.extend(again);
        // "Was denied a visa by the embassy".
        let kept = verb.child("dobj").filter(|_| found.subjects.is_empty());
        found.subjects.extend(kept.into_iter().flat_map(agents).map(|(_, o)| o));
    } else {
        found.subjects.extend(surface);
        // "The man whom police arrested", "the man police arrested".
        let has_own = verb.children().any(|c| c.dep() == "nsubj");
        let intransitive = found.objects.iter().all(|o| is_state_taken(*o))
            && verb.dep() == "relcl"
            && has_own
            // "The town where police arrested".
            && verb.children().all(|c| c.tag() != "WRB")
            && found.subjects.first() != Some(&verb.head());
        if intransitive {
            found.objects.insert(0, verb.head());
        }
        // "Beat and robbed the clerk".
        if found.objects.is_empty() {
            found.objects.extend(object_of_next(verb));
        }
        // "Urged the rebels to stop": their subject is whom it is said to.
        if found.objects.is_empty() {
            let to_do = |c: &Token<'_>| {
                // "Called for the mayor to resign".
                let for_them = |c: &Token<'_>| {
                    c.children().any(|m| m.dep() == "mark" && m.text() == "for")
                };
                is_infinitive(*c)
                    && (c.dep() == "ccomp" || c.dep() == "advcl" && for_them(c))
            };
            let told = verb.children().filter(|c| to_do(c) || is_demanded(verb, *c));
            found.objects.extend(told.filter_map(|c| c.child("nsubj")));
        }
    }
    found
}

/// "The court found the baker guilty", "the baker was found guilty", "he is willing".
pub(super) fn of_adjective(adjective: Token<'_>) -> Arguments<'_> {
    let verb = adjective.head();
    let mut found = Arguments { passive: own_passive(verb), ..Arguments::default() };
    let surface = subject(verb, DEPTH);
    if found.passive {
        found.objects.extend(surface);
        return found;
    }
    found.subjects.extend(surface);
    found.objects.extend(verb.child("dobj"));
    found
}

/// What stands where the subject stands, whatever its role.
pub(in crate::annotate::event) fn subject(
    verb: Token<'_>,
    depth: usize,
) -> Option<Token<'_>> {
    let own = verb.children().find(|c| matches!(c.dep(), "nsubj" | "nsubjpass"));
    // "Two brothers smuggled coal", which the tree takes for a measure.
    let measure = verb.child("npadvmod").filter(|m| {
        verb.tag() == "VBD" && m.index() < verb.index() && lexicon::is(*m, "people")
    });
    if let Some(own) = own.or(measure) {
        return Some(relative(own, verb));
    }
    if depth == 0 || verb.is_root() {
        return None;
    }
    let head = verb.head();
    match verb.dep() {
        "conj" | "advcl" | "auxpass" | "aux" => subject(head, depth - 1),
        "xcomp" | "ccomp" => {
            let object = head.child("dobj").filter(|_| verb.dep() == "xcomp");
            // "Called on the minister to resign".
            let calls = matches!(head.lemma(), "appeal" | "call") && is_infinitive(verb);
            let upon = prepositional(head)
                .find(|(p, _)| calls && matches!(p.text(), "on" | "upon" | "to"))
                .map(|(_, called)| called);
            object.or(upon).or_else(|| subject(head, depth - 1))
        }
        "relcl" => Some(among(head)),
        // "Is ready to help": who is ready.
        "acomp" | "oprd" => subject(head, depth - 1),
        // "Backed the king's decision to leave".
        "acl" if is_infinitive(verb) => head
            .child("poss")
            .or_else(|| light_verb(head).and_then(|v| subject(v, depth - 1))),
        "acl" | "amod" => Some(among(head)),
        // "Held on suspicion of stealing": whoever is held.
        "pobj" if is_charge(verb) && head.dep() == "prep" => {
            subject(head.head(), depth - 1)
        }
        // "Accused of stealing", "jailed for stealing", "by stealing".
        "pcomp" if head.dep() == "prep" => {
            let over = head.head();
            match head.text() {
                // "Keeps up a policy of turning boats away": whose policy it is.
                "of" | "for" if over.upos() == Upos::Noun => {
                    let owner = over.child("poss");
                    owner.or_else(|| subject(light_verb(over)?, depth - 1))
                }
                "of" | "for" | "with" | "from" | "into" => {
                    over.child("dobj").or_else(|| subject(over, depth - 1))
                }
                _ => subject(over, depth - 1),
            }
        }
        _ => None,
    }
}

fn own_passive(verb: Token<'_>) -> bool {
    // "Fighters taken hostage by the rebels" has nothing but its agent to tell it by.
    verb.children().any(|c| matches!(c.dep(), "auxpass" | "nsubjpass" | "agent"))
        || is_short_passive(verb)
        // "The village came under fire".
        || verb.lemma() == "come"
            && verb.children().any(|c| c.dep() == "prep" && c.text() == "under")
        // "Arrested men", "were reported killed".
        || verb.tag() == "VBN" && matches!(verb.dep(), "acl" | "amod" | "oprd")
        || verb.tag() == "VBN"
            && matches!(verb.dep(), "xcomp" | "ccomp")
            && verb.children().all(|c| !matches!(c.dep(), "aux" | "nsubj" | "dobj"))
        || verb.tag() == "VBN"
            && matches!(verb.dep(), "advcl" | "ROOT")
            && verb.children().all(|c| !matches!(c.dep(), "aux" | "nsubj" | "dobj"))
}

/// "Former mayor jailed", as headlines say it: a verb that has to have an object, and none.
fn is_short_passive(verb: Token<'_>) -> bool {
    let fits = |c: Token<'_>| {
        !matches!(c.dep(), "aux" | "dobj" | "dative" | "ccomp" | "xcomp" | "oprd" | "neg")
    };
    matches!(verb.tag(), "VBD" | "VBN")
        && verb.child("nsubj").is_some_and(|s| !matches!(s.tag(), "WP" | "WDT" | "PRP"))
        && verb.children().all(fits)
        && object_of_next(verb).is_none()
        && matches!(
            verb.lemma(),
            "abduct"
                | "accuse"
                | "acquit"
                | "arrest"
                | "assassinate"
                | "ban"
                | "behead"
                | "blacklist"
                | "capture"
                | "charge"
                | "convict"
                | "deport"
                | "detain"
                | "dismiss"
                | "evacuate"
                | "evict"
                | "execute"
                | "expel"
                | "extradite"
                | "fin"
                | "fine"
                | "free"
                | "imprison"
                | "indict"
                | "injure"
                | "jail"
                | "kidnap"
                | "kill"
                | "murder"
                | "oust"
                | "prosecute"
                | "rape"
                | "release"
                | "rescue"
                | "rob"
                | "sanction"
                | "seize"
                | "sentence"
                | "stab"
                | "suspend"
                | "wound"
        )
}

/// Whether a verb is in the passive, which "arrested and charged" says once.
pub(super) fn is_passive(verb: Token<'_>, depth: usize) -> bool {
    own_passive(verb)
        || depth > 0
            && verb.dep() == "conj"
            && verb.tag() == "VBN"
            // "Were searched and their boats seized".
            && verb.children().all(|c| !matches!(c.dep(), "aux" | "dobj"))
            && is_passive(verb.head(), depth - 1)
}

/// Who is one of "those" that something befell: "the baker was among those arrested".
fn among(those: Token<'_>) -> Token<'_> {
    let preposition = Some(those.head()).filter(|_| those.text() == "those");
    let among = preposition.filter(|p| p.text().eq_ignore_ascii_case("among"));
    let verb = among.map(Token::head);
    let is = verb.filter(|v| v.lemma() == "be");
    // "Among those arrested was a minister".
    let who = is.and_then(|v| v.child("nsubj").or_else(|| v.child("attr")));
    who.unwrap_or(those)
}

/// Whom a relative pronoun stands for.
fn relative<'d>(pronoun: Token<'d>, verb: Token<'d>) -> Token<'d> {
    let is_relative = matches!(pronoun.tag(), "WP" | "WDT");
    let clause = std::iter::once(verb).chain(verb.ancestors().take(2));
    let mut clause = clause.filter(|v| v.dep() == "relcl");
    match clause.next() {
        Some(relcl) if is_relative => relcl.head(),
        _ => pronoun,
    }
}

/// Whether a clause says what its subject is to do: "demanded that the rebels disarm".
fn is_demanded(verb: Token<'_>, clause: Token<'_>) -> bool {
    let should = || {
        clause.tag() == "VB"
            && clause
                .children()
                .all(|c| c.dep() != "aux" || matches!(c.lemma(), "should" | "must"))
    };
    clause.dep() == "ccomp"
        && !own_passive(clause)
        && match verb.lemma() {
            "demand" => true,
            "ask" | "insist" | "propose" | "recommend" | "request" | "suggest"
            | "urge" => should(),
            _ => false,
        }
}

/// "Hostage" of "the clerk they took hostage", which only says what somebody becomes.
pub(in crate::annotate::event) fn is_state_taken(noun: Token<'_>) -> bool {
    noun.lemma() == "hostage"
        && noun.tag() == "NN"
        && noun.children().all(|c| c.index() > noun.index())
}

/// The object that a verb shares with the one joined to it, said only after the last.
fn object_of_next(verb: Token<'_>) -> Option<Token<'_>> {
    let takes_more = |c: Token<'_>| {
        matches!(c.dep(), "prep" | "prt" | "ccomp" | "xcomp" | "advcl" | "npadvmod")
    };
    if verb.children().any(takes_more) {
        return None;
    }
    let next = verb.child("conj").filter(|c| c.index() <= verb.index() + 3)?;
    let has_own = |c: Token<'_>| matches!(c.dep(), "nsubj" | "nsubjpass" | "aux");
    let shares = next.tag() == verb.tag() && !next.children().any(has_own);
    next.child("dobj").filter(|_| shares)
}
