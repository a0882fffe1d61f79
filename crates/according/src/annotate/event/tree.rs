//! Who stands where towards a predicate: through passives, relative clauses, conjunctions,
//! infinitives, participles and nominalisations.

use according_nlp::{Token, Upos};

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
fn is_passive(verb: Token<'_>, depth: usize) -> bool {
    own_passive(verb)
        || depth > 0
            && verb.dep() == "conj"
            && verb.tag() == "VBN"
            // "Were searched and their boats seized".
            && verb.children().all(|c| !matches!(c.dep(), "aux" | "dobj"))
            && is_passive(verb.head(), depth - 1)
}

/// What stands where the subject stands, whatever its role.
pub(super) fn subject(verb: Token<'_>, depth: usize) -> Option<Token<'_>> {
    let own = verb.children().find(|c| matches!(c.dep(), "nsubj" | "nsubjpass"));
    // "Two brothers smuggled coal", which the tree takes for a measure.
    let measure = verb.child("npadvmod").filter(|m| {
        verb.tag() == "VBD"
            && m.index() < verb.index()
            && super::lexicon::is(*m, "people")
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
            object.or_else(|| subject(head, depth - 1))
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

fn is_charge(noun: Token<'_>) -> bool {
    matches!(noun.lemma(), "charge" | "suspicion" | "count" | "accusation" | "allegation")
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

/// "The court found the baker guilty", "the baker was found guilty", "he is willing".
fn of_adjective(adjective: Token<'_>) -> Arguments<'_> {
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

fn of_verb(verb: Token<'_>) -> Arguments<'_> {
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
pub(super) fn is_state_taken(noun: Token<'_>) -> bool {
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

/// "Is under investigation", "is in contact".
fn is_state_of(noun: Token<'_>, verb: Token<'_>) -> bool {
    verb.lemma() == "be" && matches!(noun.head().text(), "under" | "in")
}

/// A noun that only says how much there is of another.
fn is_measure(noun: Token<'_>) -> bool {
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

/// Verbs whose subject is who does what the noun under them says.
fn is_done_by_subject(verb: Token<'_>) -> bool {
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
            | "enforce"
            | "introduce"
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
fn is_suffered_by_subject(verb: Token<'_>) -> bool {
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
fn catches(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "arrest" | "book" | "charge")
}

/// Verbs whose subject comes by what others give.
fn is_won(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "attract" | "draw" | "earn" | "gain" | "get" | "win")
}

/// Verbs that put what stands behind "with" upon their object.
fn strikes(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "hit" | "punish" | "serve" | "slap" | "target" | "threaten")
}

/// Verbs whose object is whom it befalls.
fn befalls_object(verb: Token<'_>) -> bool {
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
fn is_put_into(noun: Token<'_>) -> bool {
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

fn of_noun(noun: Token<'_>) -> Arguments<'_> {
    let mut found = Arguments::default();
    let is_actor = |c: &Token<'_>| {
        matches!(c.ent_type(), "ORG" | "GPE" | "NORP" | "PERSON")
            || super::lexicon::is(*c, "force")
            || is_aggressor(c.lemma())
    };
    for (preposition, object) in prepositional(noun) {
        match preposition.text() {
            "of" if is_done_by_owner(noun.lemma()) => found.subjects.push(object),
            "of" => found.objects.push(object),
            "by" => found.subjects.push(object),
            "between" | "among" => found.subjects.push(object),
            _ => {}
        }
    }
    if found.objects.is_empty() {
        found.objects.extend(shared_of(noun));
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
    let over = over.map(Token::head).filter(|_| found.subjects.is_empty());
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
    let Some(verb) = light_verb(noun) else { return found };
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
    } else if is_put_into(noun) {
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
        && (is_done_by_subject(verb) || is_state_of(noun, verb))
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

/// Whether a country before "sanctions" is the one they are put upon: those who impose them
/// are called by adjectives and short names.
fn is_target(token: Token<'_>) -> bool {
    token.ent_type() == "GPE"
        && token.text().chars().any(char::is_lowercase)
        && !matches!(token.text(), "States" | "Britain" | "America")
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
    let entries = super::lexicon::entries(noun.lemma(), Upos::Noun).unwrap_or_default();
    entries.iter().any(|entry| entry.kind == Some("ASSAULT"))
}

/// Whether a name before a noun is whom it befalls.
fn is_struck(name: Token<'_>, noun: Token<'_>) -> bool {
    let lemma = noun.lemma();
    match name.ent_type() {
        "PERSON" => {
            undergoes(lemma) || matches!(lemma, "inquiry" | "investigation" | "probe")
        }
        "GPE" => is_target(name) && matches!(lemma, "invasion" | "occupation" | "siege"),
        _ => false,
    }
}

/// Nouns that name who attacks when they stand before an attack, where others name the victim.
fn is_aggressor(noun: &str) -> bool {
    matches!(
        noun,
        "gang"
            | "guerrilla"
            | "insurgent"
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

/// What two nouns are of, where only one of them carries it: "the arrest and conviction of
/// the baker".
fn shared_of(noun: Token<'_>) -> Option<Token<'_>> {
    let before = (noun.dep() == "conj").then(|| noun.head());
    let (last, other) = match before {
        Some(first) => (noun, first),
        None => noun.child("conj").map(|last| (last, last))?,
    };
    let is_deed = super::lexicon::entries(other.lemma(), Upos::Noun).is_some();
    let is_one = last.children().all(|c| !matches!(c.dep(), "det" | "nummod" | "poss"));
    of(other).filter(|of| is_deed && is_one && of.index() > last.index())
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
