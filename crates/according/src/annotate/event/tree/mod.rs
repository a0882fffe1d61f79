//! Who stands where towards a predicate: through passives, relative clauses, conjunctions,
//! infinitives, participles and nominalisations.

mod carrier;
mod noun;
mod verb;

use according_nlp::{Token, Upos};

use super::lexicon;
use noun::{is_measure, is_state_of, of_noun};
use verb::{of_adjective, of_verb};

pub(super) use verb::{is_state_taken, subject};

/// How many heads are followed to find a subject that is not said again.
const DEPTH: usize = 6;

/// The heads of the phrases that a predicate takes.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments<'d> {
    /// Who does it.
    pub(super) subjects: Vec<Token<'d>>,
    /// To whom or what.
    pub(super) objects: Vec<Token<'d>>,
    /// Whether the object is what the sentence is about.
    pub(super) passive: bool,
}

/// The arguments of a verb, noun or adjective.
pub(super) fn arguments(token: Token<'_>) -> Arguments<'_> {
    let mut found = match token.upos() {
        Upos::Verb => of_verb(token),
        Upos::Noun | Upos::Propn => of_noun(token),
        _ => of_adjective(token),
    };
    found.subjects = with_others(&found.subjects);
    found.objects = with_others(&found.objects);
    found
}

/// Heads with those beside them: "the baker and his son".
pub(super) fn with_others<'d>(heads: &[Token<'d>]) -> Vec<Token<'d>> {
    let mut all: Vec<Token<'d>> = Vec::new();
    for &head in heads {
        let mut at = all.len();
        if all.contains(&head) {
            continue;
        }
        all.push(head);
        while let Some(&one) = all.get(at) {
            let is_noun = |c: &Token<'_>| {
                !matches!(c.upos(), Upos::Verb | Upos::Aux | Upos::Punct)
                    && !is_state_taken(one)
            };
            all.extend(one.children().filter(|c| c.dep() == "conj" && is_noun(c)));
            at += 1;
            if all.len() > 8 {
                break;
            }
        }
    }
    all
}

/// Whether a verb takes a clausal complement, finite or not.
pub(super) fn has_complement(verb: Token<'_>) -> bool {
    verb.children().any(|c| matches!(c.dep(), "ccomp" | "xcomp"))
}

pub(super) fn is_infinitive(verb: Token<'_>) -> bool {
    verb.children().any(|c| c.dep() == "aux" && c.tag() == "TO")
}

/// Prepositions below a word, with what they govern.
pub(super) fn prepositional(
    token: Token<'_>,
) -> impl Iterator<Item = (Token<'_>, Token<'_>)> {
    let preps =
        token.children().filter(|c| matches!(c.dep(), "prep" | "dative" | "agent"));
    // "Help to displaced families": the participle is not the verb that "to" makes of it.
    let takes = token.children().filter(|c| matches!(c.dep(), "acl" | "advcl"));
    let taken = takes.filter(|c| c.tag() == "VBN").filter_map(|c| {
        let to = c.children().find(|a| a.dep() == "aux" && a.text() == "to")?;
        Some((to, c.child("dobj")?))
    });
    let governed = preps.flat_map(|p| {
        let objects = p.children().filter(|c| c.dep() == "pobj" && !is_half_word(*c));
        // "Away from the coast", "out of the valley".
        let deeper = p.children().filter(|c| c.dep() == "prep");
        let deeper = deeper.flat_map(|q| {
            q.children().filter(|c| c.dep() == "pobj").map(move |o| (q, o))
        });
        objects.map(move |o| (p, o)).chain(deeper)
    });
    governed.map(|(p, o)| (p, before_day(o))).chain(taken)
}

/// "Reyes" of "met with Reyes Monday", which the tree takes for a Monday.
fn before_day(token: Token<'_>) -> Token<'_> {
    let is_name =
        |c: &Token<'_>| matches!(c.ent_type(), "PERSON" | "ORG" | "GPE" | "NORP");
    let name = token.child("compound").filter(|_| token.ent_type() == "DATE");
    name.filter(is_name).unwrap_or(token)
}

/// What a noun is of: "the sailors" in "the lives of the sailors".
pub(super) fn of(noun: Token<'_>) -> Option<Token<'_>> {
    prepositional(noun).find(|(p, _)| p.text() == "of").map(|(_, of)| of)
}

/// "Co" and the hyphen of "co-conspirators", which the tree takes for nouns of their own.
fn is_half_word(token: Token<'_>) -> bool {
    let is_hyphen = |t: Token<'_>| t.text() == "-";
    let before_hyphen = token.next().is_some_and(|next| {
        is_hyphen(next) && next.head() == token.head() && next.dep() == token.dep()
    });
    is_hyphen(token) || before_hyphen
}

/// The verb that only carries a noun: "carried out" of "carried out an attack", and of
/// "carried out a series of attacks".
pub(super) fn light_verb(noun: Token<'_>) -> Option<Token<'_>> {
    let mut at = noun;
    for _ in 0..4 {
        match at.dep() {
            "conj" => at = at.head(),
            // "Survived an assassination attempt".
            "compound" if super::is_of_action(at.head()) => at = at.head(),
            "dobj" | "nsubjpass" => return Some(at.head()),
            "pobj" => {
                let over = at.head().head();
                if over.upos() == Upos::Verb || is_state_of(at, over) {
                    return Some(over);
                }
                if !is_measure(over) {
                    return None;
                }
                at = over;
            }
            _ => return None,
        }
    }
    None
}

/// What blames somebody for what a verb tells: "accused of selling", "caught selling".
pub(super) fn blame(verb: Token<'_>) -> Option<Token<'_>> {
    match verb.dep() {
        "pcomp" if matches!(verb.head().text(), "of" | "for" | "with") => {
            Some(verb.head().head())
        }
        "xcomp" if verb.tag() == "VBG" => Some(verb.head()),
        _ => None,
    }
}

/// The attacks that a verb tells the victims of: "the attack killed ten", "were wounded in the
/// attack", "attacked the base, killing ten", "killed ten and wounded twenty".
pub(super) fn attacks_behind(verb: Token<'_>) -> Vec<Token<'_>> {
    let tells_victims =
        matches!(verb.lemma(), "hurt" | "injure" | "kill" | "maim" | "wound");
    if verb.upos() != Upos::Verb || !tells_victims {
        return Vec::new();
    }
    let inside = prepositional(verb)
        .filter(|(p, _)| matches!(p.text(), "in" | "during" | "by" | "from"))
        .map(|(_, o)| o);
    let nouns = subject(verb, DEPTH).into_iter().chain(inside);
    let nouns = nouns.chain((verb.dep() == "relcl").then(|| verb.head()));
    // "Were killed when a bomb went off".
    let when =
        verb.children().filter(|c| c.dep() == "advcl" && c.child("nsubj").is_some());
    let over = matches!(verb.dep(), "advcl" | "conj" | "xcomp").then(|| verb.head());
    let verbs = when.chain(over).filter(|v| v.upos() == Upos::Verb);
    nouns.filter(|n| is_violent(*n)).chain(verbs).collect()
}

fn is_violent(noun: Token<'_>) -> bool {
    let entries = lexicon::entries(noun.lemma(), Upos::Noun).unwrap_or_default();
    entries.iter().any(|entry| entry.kind == Some("ASSAULT"))
}
