//! Whom something is done to where it is not an object that says so.

use std::iter;

use according_nlp::{Token, Upos};

use super::super::tree::{self, Arguments};
use super::super::{entries, lexicon};
use super::word::{can_act, is_event, is_live};
use super::{Party, Scene, cast, party};

/// Prepositions that can tell whom a trigger is directed at, with what they govern: its own,
/// those of the verb that carries it, those after it of the noun above it ("a round of talks
/// with the union"), and those of the thing done ("gave aid to the town").
pub(super) fn around<'d>(
    trigger: Token<'d>,
    arguments: &Arguments<'d>,
    asks: bool,
) -> impl Iterator<Item = (Token<'d>, Token<'d>)> {
    let nominal = trigger.upos() != Upos::Verb;
    // "Cancelled all flights to the island after the attack": none of it is told of the attack.
    let is_after = trigger.dep() == "pobj"
        && matches!(trigger.head().text(), "after" | "before" | "despite" | "following");
    let light = tree::light_verb(trigger).filter(|_| nominal && !is_after);
    let over = (trigger.dep() == "pobj").then(|| trigger.head().head());
    let over = over.filter(|o| nominal && o.upos() == Upos::Noun);
    // "Asked for an answer from the police".
    let asked = tree::prepositional(trigger).filter(|(p, _)| p.text() == "for");
    let asked = asked.map(|(_, o)| o).filter(|_| asks);
    let things = arguments.objects.iter().copied().chain(asked);
    // An event of its own has its own participants, but those whom it is put upon.
    let is_put_upon = |o: Token<'_>| {
        tree::prepositional(o)
            .any(|(p, _)| matches!(p.text(), "against" | "to" | "with" | "from"))
    };
    let is_thing =
        |o: &Token<'_>| !nominal && !is_live(*o) && (!is_event(*o) || is_put_upon(*o));
    let things: Vec<_> = things.filter(is_thing).collect();
    let after = over.into_iter().flat_map(tree::prepositional);
    // "Charges brought against the captain".
    let told = things.clone().into_iter().chain(nominal.then_some(trigger));
    let told = told.flat_map(Token::children).filter(|c| is_told_of(*c));
    tree::prepositional(trigger)
        .chain(light.into_iter().flat_map(tree::prepositional))
        .chain(after.filter(move |(p, _)| p.index() > trigger.index()))
        .chain(told.flat_map(tree::prepositional))
        .chain(things.into_iter().flat_map(tree::prepositional))
}

/// A participle that says to whom the noun above it is done.
fn is_told_of(participle: Token<'_>) -> bool {
    participle.tag() == "VBN"
        && matches!(participle.dep(), "acl" | "relcl")
        && matches!(
            participle.lemma(),
            "address"
                | "aim"
                | "bring"
                | "direct"
                | "file"
                | "hold"
                | "impose"
                | "issue"
                | "launch"
                | "level"
                | "make"
                | "mount"
                | "send"
                | "slap"
        )
}

/// Whose thing is meant when it is praised, blamed or taken: "supported the minister's
/// decision", "seized the baker's van"; who does what is: "sought the mayor's help".
pub(super) fn owner<'d>(
    object: Token<'d>,
    kind: &str,
    mode: Option<&str>,
    passive: bool,
) -> Option<Token<'d>> {
    let is_judged = matches!(
        kind,
        "SUPPORT" | "ACCUSE" | "AGREE" | "REJECT" | "CONCEDE" | "THREATEN"
    );
    let is_taken = kind == "COERCE"
        && matches!(mode, Some("seize" | "raid" | "deport" | "cyber"))
        || kind == "ASSAULT" && mode == Some("raid")
        || mode == Some("rescue");
    let is_undone = kind == "SANCTION";
    // "The missile test by the regime", "a request from the firm", "trade with the island".
    let is_by = |p: Token<'_>| match p.text() {
        "of" => !is_event(object),
        "by" => is_judged && !passive,
        "from" => is_judged,
        "with" => is_undone,
        _ => false,
    };
    let by = |t: Token<'d>| {
        tree::prepositional(t).find(|(p, o)| is_by(*p) && is_live(*o)).map(|(_, o)| o)
    };
    // "Condemned the killing of the baker": not the baker, but who killed him.
    if is_judged && is_event(object) || kind == "REQUEST" && is_favour(object) {
        // No people are meant by "terrorist attacks".
        let is_kind = |s: Token<'_>| matches!(s.dep(), "amod" | "compound" | "nmod");
        let is_doer =
            |s: &Token<'_>| is_live(*s) && !(is_kind(*s) && s.upos() != Upos::Propn);
        let doer = tree::arguments(object).subjects.into_iter().find(is_doer);
        return doer.or_else(|| by(object));
    }
    // "Denied the students visas", which the tree takes for visas of the students.
    let is_given = is_judged || kind == "AID";
    let before = object.child("compound").filter(|c| is_given && is_live(*c));
    let owner = object.child("poss").or_else(|| by(object));
    let owner = owner.or_else(|| keeper(object)).or(before);
    let is_judged = is_judged || kind == "AID" && before.is_some();
    owner.filter(|owner| (is_judged || is_taken || is_undone) && can_act(*owner))
}

/// Whether a noun names what somebody can be asked to do.
fn is_favour(noun: Token<'_>) -> bool {
    is_event(noun)
        || matches!(
            noun.lemma(),
            "advice"
                | "consent"
                | "explanation"
                | "permission"
                | "response"
                | "testimony"
        )
}

/// Whose a thing is, told behind it: "a ship owned by the firm", "a house belonging to him",
/// or who is aboard: "a boat carrying migrants".
fn keeper(object: Token<'_>) -> Option<Token<'_>> {
    let mut told = object.children().filter(|c| c.dep() == "acl");
    told.find_map(|verb| {
        let by = match verb.lemma() {
            "own" | "operate" | "control" | "run" => "by",
            "belong" => "to",
            "carry" => return verb.child("dobj").filter(|o| is_live(*o)),
            _ => return None,
        };
        tree::prepositional(verb).find(|(p, _)| p.text() == by).map(|(_, keeper)| keeper)
    })
}

/// What somebody threatens, agrees or refuses to do: "threatened to attack the island",
/// "threatened an attack", "warned that it would attack".
pub(super) fn intended<'d>(
    trigger: Token<'d>,
    arguments: &Arguments<'d>,
    kind: &str,
) -> impl Iterator<Item = Token<'d>> {
    let is_threat = kind == "THREATEN";
    let to_do = move |c: &Token<'_>| match c.dep() {
        "xcomp" => matches!(kind, "THREATEN" | "AGREE" | "REJECT"),
        // "Warned that he would attack", and not that others would.
        "ccomp" => is_threat && c.child("nsubj").is_some_and(|s| s.upos() == Upos::Pron),
        _ => false,
    };
    let done = arguments.objects.clone().into_iter();
    // Of a noun it is among its objects.
    let of = tree::of(trigger).filter(|_| trigger.upos() == Upos::Verb).into_iter();
    // "Agreed to open talks with the king".
    let acts = trigger.children().filter(to_do);
    let acts = acts.flat_map(|act| iter::once(act).chain(act.child("dobj")));
    acts.chain(done.chain(of).filter(move |_| is_threat))
        // Only downward, so that looking into what is intended comes to an end.
        .filter(move |act| act.ancestors().any(|above| above == trigger))
}

/// Whom it befalls when it is done: of a threat all, of consent and refusal who is dealt
/// with or helped.
pub(super) fn suffering<'d>(scene: Scene<'d>, act: Token<'d>, kind: &str) -> Vec<Party> {
    let arguments = tree::arguments(act);
    let entry = entries(act).and_then(|e| lexicon::sense(act, &arguments, e));
    let Some((done, entry)) = entry.and_then(|e| Some((e.kind?, e))) else {
        // "Threatened to use its bombs against the island", "offered to send it to the island".
        let is_threat = kind == "THREATEN";
        let does_to = |p: Token<'_>| match p.text() {
            "against" => is_threat,
            "to" => !is_threat && act.child("dobj").is_some(),
            _ => false,
        };
        let inner = tree::prepositional(act).filter(|(p, _)| does_to(*p));
        let objects = arguments.objects.into_iter().filter(|_| is_threat);
        let all = objects.chain(inner.map(|(_, o)| o)).filter(|o| is_live(*o));
        return all
            .filter(|_| kind != "REJECT")
            .filter_map(|o| party(scene, o))
            .collect();
    };
    let is_dealing =
        matches!(done, "CONSULT" | "COOPERATE" | "AID" | "CONCEDE" | "AGREE");
    match kind == "THREATEN" || is_dealing {
        true => cast(scene, act, done, entry.mode, &arguments).recipients,
        false => Vec::new(),
    }
}

pub(super) fn is_put_to_somebody(kind: &str) -> bool {
    matches!(kind, "REQUEST" | "THREATEN" | "ACCUSE" | "CONSULT" | "SUPPORT")
}

pub(super) fn comes_from_somebody(kind: &str) -> bool {
    matches!(kind, "REQUEST" | "THREATEN" | "ACCUSE" | "SUPPORT" | "AID" | "REJECT")
}

/// Whether a verb says that somebody answers, or does not.
pub(super) fn is_to_answer(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "answer" | "reply" | "respond")
}

/// Who answers what is put to them, as a verb tells: "the bank did not respond to requests
/// for comment".
pub(super) fn answers(verb: Token<'_>) -> Option<Token<'_>> {
    let answers = is_to_answer(verb)
        || matches!(
            verb.lemma(),
            "comply"
                | "bow"
                | "yield"
                | "agree"
                | "reject"
                | "refuse"
                | "ignore"
                | "rebuff"
                | "accept"
                | "decline"
                | "heed"
                | "dismiss"
                | "resist"
                | "get"
                | "meet"
                | "deny"
        );
    let active = verb.children().all(|c| c.dep() != "auxpass");
    let is_answer = matches!(verb.lemma(), "answer" | "reaction" | "reply" | "response");
    if is_answer && verb.upos() == Upos::Noun {
        let from = tree::prepositional(verb).find(|(p, _)| p.text() == "from");
        return verb.child("poss").or_else(|| Some(from?.1));
    }
    tree::subject(verb, 4).filter(|_| answers && active)
}

/// Who did what to whom at the end of what a noun names, as its verb tells: "arrested the
/// baker after an inquiry".
pub(super) fn outcome(noun: Token<'_>) -> Option<Arguments<'_>> {
    let preposition = Some(noun.head()).filter(|_| noun.dep() == "pobj")?;
    let verb = Some(preposition.head()).filter(|v| v.upos() == Upos::Verb)?;
    let ends = |entry: &lexicon::Entry| {
        matches!(entry.kind, Some("COERCE" | "ACCUSE" | "SANCTION"))
    };
    let follows = matches!(preposition.text(), "after" | "following" | "in" | "during");
    let entries = lexicon::entries(verb.lemma(), Upos::Verb).filter(|_| follows)?;
    entries.iter().any(ends).then(|| tree::arguments(verb))
}
