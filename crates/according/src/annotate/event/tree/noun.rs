//! What nouns of deeds take: owners, names before them, and what the verb that carries them takes.

use according_nlp::{Token, Upos};

use super::carrier::{
    befalls_object, catches, is_done_by_subject, is_put_into, is_suffered_by_subject,
    is_won, strikes,
};
use super::verb::{of_verb, subject};
use super::{Arguments, DEPTH, is_infinitive, is_violent, light_verb, of, prepositional};
use crate::annotate::event::lexicon;

pub(super) fn of_noun(noun: Token<'_>) -> Arguments<'_> {
    let mut found = Arguments::default();
    let is_actor = |c: &Token<'_>| {
        matches!(c.ent_type(), "ORG" | "GPE" | "NORP" | "PERSON")
            || lexicon::is(*c, "force")
            || is_acronym(*c)
            || is_aggressor(c.lemma())
    };
    for (preposition, object) in prepositional(noun) {
        match preposition.text() {
            // "The support of the mayor" is his, and "in support of the mayor" is for him.
            "of" if is_done_by_owner(noun.lemma()) && noun.head().text() != "in" => {
                found.subjects.push(object);
            }
            "of" => found.objects.push(object),
            "by" => found.subjects.push(object),
            "between" | "among" => found.subjects.push(object),
            _ => {}
        }
    }
    if found.objects.is_empty() {
        found.objects.extend(shared_of(noun).or_else(|| of_behind_place(noun)));
    }
    // "Calls for the minister to resign", which can hang from the verb above.
    let told = [noun, noun.head()].into_iter().flat_map(Token::children);
    let asked = told.filter(|c| is_infinitive(*c)).filter(|c| {
        let mark = c.child("mark").filter(|mark| mark.text() == "for");
        mark.is_some_and(|mark| mark.index() == noun.index() + 1)
    });
    found.objects.extend(asked.filter_map(|c| c.child("nsubj")));
    for child in noun.children().filter(|c| c.index() < noun.index()) {
        match child.dep() {
            "poss" if found.objects.is_empty() && undergoes(noun.lemma()) => {
                found.objects.push(child);
            }
            "poss" => found.subjects.push(child),
            // "The Iran sanctions", and "American sanctions".
            "compound" if noun.lemma() == "sanction" && is_target(child) => {
                found.objects.push(child);
            }
            // "The Armenian genocide".
            _ if is_of_a_people(noun)
                && child.ent_type() == "NORP"
                && !is_aggressor(&child.text().to_lowercase()) =>
            {
                found.objects.push(child);
            }
            // "The Reyes shooting", "the Kuwait invasion".
            "compound" if is_struck(child, noun) => found.objects.push(child),
            // "The Paris attacks" are only called by where they were.
            "compound" if is_target(child) && is_violent(noun) => {}
            "compound" | "amod" | "nmod" if is_actor(&child) => {
                found.subjects.push(child);
            }
            "compound" | "nmod" if found.objects.is_empty() => found.objects.push(child),
            _ => {}
        }
    }
    for told in noun.children().filter(|c| matches!(c.dep(), "acl" | "relcl")) {
        let outer = of_verb(told);
        // "Attacks carried out by militants".
        if found.subjects.is_empty() && is_done_by_subject(told) {
            found.subjects.extend(outer.subjects.into_iter().filter(|s| *s != noun));
        }
        // "The attack that hit the town".
        if found.objects.is_empty() && told.dep() == "relcl" && befalls_object(told) {
            found.objects.extend(outer.objects.into_iter().filter(|o| *o != noun));
        }
    }
    // "The sanctions target three banks".
    let hits = Some(noun.head()).filter(|v| noun.dep() == "nsubj" && befalls_object(*v));
    if let Some(object) = hits.and_then(|verb| verb.child("dobj")) {
        found.objects = vec![object];
    }
    // "Subject to sanctions".
    let subject_to =
        Some(noun.head()).filter(|p| noun.dep() == "pobj" && p.text() == "to");
    let subject_to = subject_to.map(Token::head).filter(|a| a.lemma() == "subject");
    if let Some(who) = subject_to.and_then(|a| subject(a, DEPTH)) {
        found.objects = vec![who];
        return found;
    }
    let over = Some(noun.head()).filter(|p| noun.dep() == "pobj" && p.text() == "of");
    let over = over.map(Token::head);
    // "Was the subject of an inquiry", "became the target of threats by the gang".
    let suffering = over.filter(|o| {
        o.dep() == "attr"
            && matches!(o.lemma(), "focus" | "subject" | "target" | "victim")
    });
    if let Some(who) = suffering.and_then(|o| subject(o.head(), DEPTH)) {
        found.objects = vec![who];
        return found;
    }
    let over = over.filter(|_| found.subjects.is_empty());
    // "The king's offer of talks".
    let offer = over.filter(|o| is_offer(o.lemma()));
    found.subjects.extend(offer.and_then(|offer| offer.child("poss")));
    // "Arrested on charges of murder", "faces ten counts of fraud".
    let charged = over.filter(|o| is_charge(*o)).map(|charge| of_noun(charge).objects);
    let charged = charged.into_iter().flatten();
    found.subjects.extend(charged.filter(|who| *who != noun));
    // "Claimed responsibility for the attack".
    let answers_for = Some(noun.head()).filter(|_| noun.dep() == "pobj").map(Token::head);
    let answers_for = answers_for.filter(|h| {
        matches!(h.lemma(), "responsibility" | "blame") && found.subjects.is_empty()
    });
    if let Some(verb) = answers_for.and_then(light_verb) {
        if matches!(verb.lemma(), "claim" | "admit" | "accept" | "take" | "bear") {
            found.subjects.extend(of_verb(verb).subjects);
        }
        return found;
    }
    // "Made progress despite sanctions" says nothing of who imposed them.
    let is_beside = noun.dep() == "pobj"
        && matches!(
            noun.head().text().to_lowercase().as_str(),
            "amid" | "before" | "despite" | "since" | "until" | "without"
        );
    let Some(verb) = light_verb(noun).filter(|_| !is_beside) else { return found };
    let outer = of_verb(verb);
    // "Gave the farmers an apology".
    let given = verb.child("dative").filter(|to| to.upos() != Upos::Adp && *to != noun);
    if found.objects.is_empty() {
        found.objects.extend(given);
    }
    // "Was served an ultimatum by the minister".
    if outer.passive && noun.dep() == "dobj" && found.objects.is_empty() {
        found.objects = outer.objects.into_iter().filter(|o| *o != noun).collect();
        if found.subjects.is_empty() {
            found.subjects = outer.subjects;
        }
        return found;
    }
    let is_levied = matches!(noun.lemma(), "damage" | "fine" | "penalty");
    if verb.lemma() == "pay" && is_levied {
        found.objects = outer.subjects;
    } else if is_put_into(noun) && !is_put_upon(noun) {
        // "Was placed under arrest", "came under fire": whom the verb is about.
        found.objects = match outer.objects.is_empty() {
            true => outer.subjects,
            false => outer.objects,
        };
    } else if is_won(verb)
        && prepositional(noun).chain(prepositional(verb)).any(|(p, _)| p.text() == "from")
    {
        // "Won support from the mayor".
        found.objects = outer.subjects;
    } else if found.subjects.is_empty()
        && (is_done_by_subject(verb) || is_state_of(noun, verb) || is_way(noun, verb))
    {
        found.subjects.extend(outer.subjects);
    } else if noun.head().text() == "with" && strikes(verb) {
        // "Hit the firm with sanctions".
        found.objects = outer.objects;
        if found.subjects.is_empty() {
            found.subjects = outer.subjects;
        }
    } else if is_suffered_by_subject(verb)
        // "Charged with murder", "arrested after a shooting": nobody was arrested by these.
        && !(catches(verb) && is_violent(noun))
        // "Faces charges of fraud".
        && (found.objects.is_empty()
            || matches!(verb.lemma(), "face" | "await")
            || is_charge(noun))
    {
        found.objects.clear();
        found.objects.extend(match outer.passive || catches(verb) {
            true => outer.objects,
            false => outer.subjects,
        });
    } else if noun.dep() == "pobj" && found.subjects.is_empty() {
        // "Accused of murder", "jailed for smuggling": who is accused did it.
        let whose = matches!(noun.head().text(), "of" | "for" | "with" | "in" | "to");
        let accuses = matches!(
            verb.lemma(),
            "accuse"
                | "charge"
                | "suspect"
                | "convict"
                | "jail"
                | "arrest"
                | "indict"
                | "sentence"
                | "involve"
                | "wanted"
                | "blame"
                | "link"
                | "tie"
        );
        if whose && accuses {
            found.subjects.extend(outer.objects);
        }
    }
    found
}

/// "Is under investigation", "is in contact".
pub(super) fn is_state_of(noun: Token<'_>, verb: Token<'_>) -> bool {
    verb.lemma() == "be" && matches!(noun.head().text(), "under" | "in")
}

/// Whether a noun only says how the verb is done: "marched in support of the mayor", "asked for
/// boats in a call with the mayor".
fn is_way(noun: Token<'_>, verb: Token<'_>) -> bool {
    noun.head().text() == "in"
        && noun.head().head() == verb
        && matches!(noun.lemma(), "call" | "protest" | "solidarity" | "support")
}

/// Whether a country before "sanctions" is the one they are put upon: those who impose them
/// are called by adjectives and short names.
fn is_target(token: Token<'_>) -> bool {
    token.ent_type() == "GPE"
        && token.text().chars().any(char::is_lowercase)
        && !matches!(token.text(), "States" | "Britain" | "America")
}

/// What two nouns are of, where only one of them carries it: "the arrest and conviction of
/// the baker".
fn shared_of(noun: Token<'_>) -> Option<Token<'_>> {
    let before = (noun.dep() == "conj").then(|| noun.head());
    let (last, other) = match before {
        Some(first) => (noun, first),
        None => noun.child("conj").map(|last| (last, last))?,
    };
    let is_deed = lexicon::entries(other.lemma(), Upos::Noun).is_some();
    let is_one = last.children().all(|c| !matches!(c.dep(), "det" | "nummod" | "poss"));
    of(other).filter(|of| is_deed && is_one && of.index() > last.index())
}

/// Whom a deed befell where place or time stand between: "the arrest in Lisbon of two bakers".
fn of_behind_place(noun: Token<'_>) -> Option<Token<'_>> {
    let is_between = |(p, o): &(Token<'_>, Token<'_>)| {
        matches!(p.text(), "at" | "in" | "near" | "on" | "outside")
            && o.upos() == Upos::Propn
    };
    let mut between = prepositional(noun).filter(is_between);
    let of = || between.find_map(|(_, place)| of(place));
    undergoes(noun.lemma()).then(of).flatten()
}

/// "The embargo on the island" says whom it befalls, whatever goes on under it.
fn is_put_upon(noun: Token<'_>) -> bool {
    prepositional(noun).any(|(p, o)| {
        matches!(p.text(), "against" | "on")
            && (lexicon::is(o, "people") || lexicon::is(o, "place"))
    })
}

/// Deeds that are called by the people they befell.
fn is_of_a_people(noun: Token<'_>) -> bool {
    matches!(noun.lemma(), "genocide" | "massacre" | "persecution" | "pogrom")
}

/// Whether a name before a noun is whom it befalls.
pub(super) fn is_struck(name: Token<'_>, noun: Token<'_>) -> bool {
    let lemma = noun.lemma();
    match name.ent_type() {
        "PERSON" => {
            undergoes(lemma) || matches!(lemma, "inquiry" | "investigation" | "probe")
        }
        "GPE" => is_target(name) && matches!(lemma, "invasion" | "occupation" | "siege"),
        _ => false,
    }
}

pub(super) fn is_charge(noun: Token<'_>) -> bool {
    matches!(noun.lemma(), "charge" | "suspicion" | "count" | "accusation" | "allegation")
}

/// A noun that only says how much there is of another.
pub(super) fn is_measure(noun: Token<'_>) -> bool {
    matches!(
        noun.lemma(),
        "number"
            | "series"
            | "string"
            | "wave"
            | "round"
            | "spate"
            | "lot"
            | "dozen"
            | "hundred"
            | "host"
            | "handful"
            | "flurry"
            | "barrage"
            | "act"
            | "campaign"
            | "kind"
            | "form"
            | "letter"
            | "message"
            | "expression"
            | "word"
    )
}

/// "F.B.I.": a body, whatever the pipeline takes it for.
fn is_acronym(name: Token<'_>) -> bool {
    let is_letter = |c: char| c.is_uppercase() || c == '.';
    name.upos() == Upos::Propn
        && name.text().contains('.')
        && name.text().chars().all(is_letter)
}

/// Nouns that name who attacks when they stand before an attack, where others name the victim.
fn is_aggressor(noun: &str) -> bool {
    matches!(
        noun,
        "gang"
            | "guerrilla"
            | "insurgent"
            | "islamist"
            | "jihadist"
            | "militant"
            | "militia"
            | "mob"
            | "pirate"
            | "rebel"
            | "separatist"
            | "terrorist"
    )
}

/// Nouns of what is done by whom they are of: "the resignation of the mayor".
fn is_done_by_owner(noun: &str) -> bool {
    matches!(
        noun,
        "apology"
            | "approval"
            | "assistance"
            | "backing"
            | "consent"
            | "cooperation"
            | "help"
            | "objection"
            | "protest"
            | "refusal"
            | "resignation"
            | "support"
            | "surrender"
            | "visit"
    )
}

/// Nouns of what somebody says they will do.
fn is_offer(noun: &str) -> bool {
    matches!(noun, "offer" | "plan" | "pledge" | "promise" | "proposal" | "threat")
}

/// Nouns whose owner is whom it befalls: "his arrest".
fn undergoes(noun: &str) -> bool {
    matches!(
        noun,
        "arrest"
            | "release"
            | "murder"
            | "killing"
            | "death"
            | "abduction"
            | "kidnapping"
            | "detention"
            | "conviction"
            | "deportation"
            | "expulsion"
            | "extradition"
            | "execution"
            | "assassination"
            | "imprisonment"
            | "indictment"
            | "trial"
            | "prosecution"
            | "rescue"
            | "evacuation"
            | "capture"
            | "rape"
            | "beating"
            | "torture"
            | "slaying"
            | "acquittal"
            | "boycott"
            | "dismissal"
            | "impeachment"
            | "interrogation"
            | "jailing"
            | "ouster"
            | "poisoning"
            | "removal"
            | "repatriation"
            | "sentencing"
            | "shooting"
            | "stabbing"
    )
}
