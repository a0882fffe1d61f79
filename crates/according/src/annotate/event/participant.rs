//! Who takes part in an event, what is moved, and between where.

use std::iter;

use according_nlp::{Doc, Span, Token, Upos};

use super::lexicon;
use super::tree::{self, Arguments};
use crate::annotate::MentionForm;
use crate::annotate::entity::Entities;
use crate::annotate::time::Time;

/// How many tokens back an antecedent is looked for.
const REACH: usize = 90;

/// What takes part in an event as one of its mentions tells it.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    pub(super) actors: Vec<Party>,
    pub(super) recipients: Vec<Party>,
    /// Heads of what is moved or seized.
    pub(super) goods: Vec<usize>,
}

/// Somebody in an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Party {
    /// The noun that names them, where a pronoun was said its antecedent.
    pub(super) head: usize,
    pub(super) span: Span,
    pub(super) entity: Option<usize>,
    pub(super) lemma: String,
    /// Whether it is plural.
    pub(super) plural: bool,
    /// Whether it is a name.
    pub(super) named: bool,
}

impl Party {
    fn new(doc: &Doc, entities: &Entities, noun: Token<'_>) -> Self {
        Self {
            head: noun.index(),
            span: phrase(doc, noun),
            entity: entities.at(noun.index()),
            lemma: noun.lemma().to_lowercase(),
            plural: matches!(noun.tag(), "NNS" | "NNPS"),
            named: noun.upos() == Upos::Propn,
        }
    }

    /// The same, as they are last called before a token.
    pub(super) fn before(&self, token: usize, doc: &Doc, entities: &Entities) -> Self {
        let noun = self.entity.and_then(|entity| last_noun(doc, entities, entity, token));
        noun.map_or_else(|| self.clone(), |noun| Self::new(doc, entities, noun))
    }
}

/// What names are looked up in.
#[derive(Clone, Copy)]
pub(super) struct Scene<'d> {
    pub(super) doc: &'d Doc,
    pub(super) entities: &'d Entities,
    /// Head of the source of the innermost claim around the trigger.
    pub(super) source: Option<Token<'d>>,
    /// The times of the article, in text order.
    pub(super) times: &'d [Time],
}

impl Scene<'_> {
    /// Whether a word belongs to a time: "on New Year's Eve".
    fn is_in_time(&self, token: Token<'_>) -> bool {
        let next = self.times.partition_point(|t| t.span.end <= token.span().start);
        self.times.get(next).is_some_and(|t| t.span.contains(token.span()))
    }
}

/// What the grammar around a trigger says of who takes part.
pub(super) fn cast<'d>(
    scene: Scene<'d>,
    trigger: Token<'d>,
    kind: &str,
    mode: Option<&str>,
    arguments: &Arguments<'d>,
) -> Cast {
    let mut cast = Cast::default();
    let nominal = trigger.upos() != Upos::Verb;
    let party = |t: Token<'d>| party(scene, t);
    let acts = |t: &Token<'_>| can_act(*t);
    cast.actors =
        arguments.subjects.iter().copied().filter(acts).filter_map(party).collect();
    let moves = matches!(kind, "TRAFFIC" | "AID" | "COOPERATE" | "CONCEDE" | "REQUEST")
        || mode == Some("seize");
    let befalls = matches!(kind, "ASSAULT" | "COERCE" | "SANCTION" | "PROTEST");
    // "Stole data from the ministry": the ministry is robbed, and not the data.
    let from = |t: Token<'d>| {
        tree::prepositional(t).any(|(p, o)| p.text() == "from" && is_victim(o))
    };
    let robbed = mode == Some("raid")
        && !nominal
        && (trigger.lemma() == "steal"
            || from(trigger)
            || arguments.objects.iter().any(|&o| from(o)));
    for &object in &arguments.objects {
        if tree::is_state_taken(object) {
            continue;
        }
        // "Took twelve clerks hostage".
        let is_taken = object.lemma() == "hostage" && object.child("det").is_none();
        let object = object.child("compound").filter(|_| is_taken).unwrap_or(object);
        let object = lexicon::lived(object).filter(|o| is_live(*o)).unwrap_or(object);
        let is_given = object.dep() == "dative";
        if (is_live(object) || is_given)
            && !is_sum(object)
            && (kind != "TRAFFIC" || !lexicon::is(object, "illicit"))
        {
            match kind {
                // Troops are what is sent.
                "MOBILIZE" => {}
                // Whoever is swindled is not moved.
                "TRAFFIC" if mode.is_some() && !is_given => {
                    cast.goods.push(object.index());
                }
                _ => cast.recipients.extend(party(object)),
            }
        } else if let Some(owner) = owner(object, kind, mode, arguments.passive) {
            cast.recipients.extend(party(owner));
            if mode == Some("seize") {
                cast.goods.push(object.index());
            }
        } else if robbed
            || moves
                && !(kind == "COERCE" && lexicon::is(object, "place"))
                && !object.ent_type().starts_with("DATE")
        {
            cast.goods.push(object.index());
        } else if befalls && !is_sum(object) && names_target(object, mode)
            || kind == "THREATEN" && lexicon::is(object, "place")
            || kind == "CONSULT"
                && (lexicon::is(object, "place") || object.upos() == Upos::Propn)
        {
            cast.recipients.extend(party(object));
        }
    }
    // "Suspended its exercises" is done to nobody who does it.
    let is_actor = |r: &Party, actors: &[Party]| actors.iter().any(|a| a.head == r.head);
    cast.recipients.retain(|r| !is_actor(r, &cast.actors));
    let named = cast.recipients.is_empty();
    for (preposition, object) in
        around(trigger, arguments, kind == "REQUEST").filter(|_| named)
    {
        let towards = match preposition.text() {
            "against" | "on" | "upon" | "at" | "toward" | "towards" => true,
            "with" if kind == "ASSAULT" => mode == Some("riot"),
            "with" if kind == "SANCTION" => mode == Some("discontinue"),
            "with" => !matches!(kind, "COERCE" | "TRAFFIC"),
            // "Condemned the test by the regime".
            "by" => {
                matches!(kind, "SUPPORT" | "ACCUSE" | "REJECT")
                    && !nominal
                    && !arguments.passive
            }
            "into" => matches!(kind, "ACCUSE" | "ASSAULT") || mode == Some("cyber"),
            // "Restricted exports to the island".
            "to" if preposition.head() != trigger && mode == Some("restrict") => true,
            // "Surrendered to the police".
            "to" if kind == "RETREAT" => !lexicon::is(object, "place"),
            "to" => {
                !matches!(kind, "COERCE" | "MOBILIZE")
                    && (nominal || mode != Some("visit"))
            }
            "from" => {
                matches!(kind, "REQUEST" | "REJECT")
                    || matches!(mode, Some("seize" | "seize-goods"))
                    || kind == "TRAFFIC" && mode.is_none()
                    || robbed
            }
            // "The hunt for the gunman".
            "for" if nominal && mode == Some("investigate") => true,
            "for" => matches!(kind, "SUPPORT" | "AID" | "REQUEST"),
            // "Critical of the minister".
            "of" => kind == "ACCUSE" && trigger.upos() == Upos::Adj,
            // "Sought asylum in the kingdom".
            "in" => kind == "REQUEST" && preposition.head().lemma() == "asylum",
            _ => false,
        };
        let is_time =
            matches!(object.ent_type(), "DATE" | "TIME") || scene.is_in_time(object);
        // "An attack on the village", "imposed a curfew on the city", "aid to the island".
        let is_on = matches!(preposition.text(), "against" | "on");
        let is_target = is_live(object)
            || (kind == "ASSAULT" || mode == Some("raid"))
                && is_on
                && nominal
                && names_target(object, mode)
            || matches!(kind, "AID" | "TRAFFIC")
                && preposition.text() == "to"
                && takes_goods(object)
            // "Fired rockets at the town".
            || kind == "ASSAULT"
                && preposition.text() == "at"
                && arguments.objects.iter().any(|o| lexicon::is(*o, "arms"))
                && names_target(object, mode)
            || robbed && is_victim(object)
            || kind == "ASSAULT" && preposition.text() == "against"
            || kind != "TRAFFIC"
                && preposition.text() != "at"
                && lexicon::is(object, "place");
        // "Agreed to the union's demands": with the union.
        // "Called for the minister's resignation": it is asked of the minister.
        let is_asked_for = preposition.text() == "for" && kind == "REQUEST";
        let target = match is_target && !is_asked_for {
            true => Some(object),
            false => owner(object, kind, mode, arguments.passive)
                .filter(|_| preposition.text() != "for" || is_asked_for),
        };
        let Some(target) = target.filter(|_| towards && !is_time && object != trigger)
        else {
            continue;
        };
        for object in tree::with_others(&[target]) {
            let known = cast.actors.iter().chain(&cast.recipients);
            let Some(party) =
                party(object).filter(|p| known.clone().all(|k| k.head != p.head))
            else {
                continue;
            };
            cast.recipients.push(party);
        }
    }
    // "Alleged that the clerk had stolen it".
    let alleged = trigger.child("ccomp").filter(|_| trigger.lemma() == "allege");
    if let Some(alleged) = alleged.filter(|_| cast.recipients.is_empty()) {
        let doers = tree::arguments(alleged).subjects.into_iter();
        cast.recipients.extend(doers.filter(|d| is_live(*d)).filter_map(party));
    }
    if cast.recipients.is_empty() {
        let intended = intended(trigger, arguments, kind);
        cast.recipients.extend(intended.flat_map(|act| suffering(scene, act, kind)));
    }
    // "Did not respond to messages requesting comment", where the messages request it.
    let answered = match trigger.dep() {
        "acl" if !nominal => tree::light_verb(trigger.head()),
        "advcl" if trigger.tag() == "VBG" && kind == "REQUEST" => {
            Some(trigger.head()).filter(|verb| is_to_answer(*verb))
        }
        // "There was no response from the bank to the request".
        "pobj" if nominal && trigger.head().head().upos() == Upos::Noun => {
            Some(trigger.head().head())
        }
        _ => tree::light_verb(trigger).filter(|_| nominal),
    };
    if cast.recipients.is_empty() && is_put_to_somebody(kind) {
        let answers = answered.and_then(answers).filter(|t| can_act(*t) && is_live(*t));
        if !nominal && let Some(answers) = answers {
            let messages = trigger.head().index();
            cast.actors.retain(|a| a.head != answers.index() && a.head != messages);
        }
        cast.recipients.extend(answers.and_then(party));
    }
    // "Was arrested after an investigation": whoever is arrested was investigated.
    let outcome = outcome(trigger).filter(|_| nominal && kind == "ACCUSE");
    if let Some(outcome) = outcome {
        if cast.recipients.is_empty() {
            let objects = outcome.objects.into_iter().filter(|o| is_live(*o));
            cast.recipients.extend(objects.filter_map(party));
        }
        if cast.actors.is_empty() {
            cast.actors.extend(outcome.subjects.into_iter().filter_map(party));
        }
    }
    if nominal && cast.actors.is_empty() && comes_from_somebody(kind) {
        // "Criticism came from the union".
        let comes = Some(trigger.head()).filter(|v| v.lemma() == "come");
        let comes = comes.filter(|_| trigger.dep() == "nsubj");
        let from = around(trigger, arguments, kind == "REQUEST")
            .chain(comes.into_iter().flat_map(tree::prepositional))
            .filter(|(p, _)| p.text() == "from");
        let from: Vec<_> = from.map(|(_, o)| o).filter(|o| is_live(*o)).collect();
        cast.actors.extend(tree::with_others(&from).into_iter().filter_map(party));
    }
    // "A man was arrested, police said".
    let is_told = arguments.passive || nominal && mode == Some("investigate");
    if cast.actors.is_empty() && is_told && is_done_by_police(kind, mode) {
        let police = scene.source.filter(|s| is_police(*s));
        cast.actors.extend(police.and_then(party));
    }
    cast.recipients.retain(|r| cast.actors.iter().all(|a| a.head != r.head));
    cast
}

/// Prepositions that can tell whom a trigger is directed at, with what they govern: its own,
/// those of the verb that carries it, those after it of the noun above it ("a round of talks
/// with the union"), and those of the thing done ("gave aid to the town").
fn around<'d>(
    trigger: Token<'d>,
    arguments: &Arguments<'d>,
    asks: bool,
) -> impl Iterator<Item = (Token<'d>, Token<'d>)> {
    let nominal = trigger.upos() != Upos::Verb;
    let light = tree::light_verb(trigger).filter(|_| nominal);
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
fn owner<'d>(
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

/// What somebody threatens, agrees or refuses to do: "threatened to attack the island",
/// "threatened an attack", "warned that it would attack".
fn intended<'d>(
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
fn suffering<'d>(scene: Scene<'d>, act: Token<'d>, kind: &str) -> Vec<Party> {
    let arguments = tree::arguments(act);
    let entry = super::entries(act).and_then(|e| lexicon::sense(act, &arguments, e));
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

/// Whether a word names a sum and nobody: "was fined 300 crowns".
fn is_sum(token: Token<'_>) -> bool {
    matches!(token.ent_type(), "MONEY" | "PERCENT")
}

/// Whether goods can be taken from it: somebody, or a house that is no mere place.
fn is_victim(token: Token<'_>) -> bool {
    is_live(token) || lexicon::is(token, "org")
}

/// Whether goods that are moved to it come into somebody's hands: "to buyers", "to a tanker",
/// and not "to the harbour".
fn takes_goods(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Noun | Upos::Propn)
        && !is_event(token)
        && !is_sum(token)
        && !lexicon::is(token, "place")
        && !lexicon::is(token, "illicit")
}

/// Whether a noun names something that is done.
fn is_event(noun: Token<'_>) -> bool {
    lexicon::entries(noun.lemma(), Upos::Noun).is_some()
}

/// Whether a thing can be the target of what is done: not what is banned or shut, nor what
/// is done itself ("imposed sanctions"), and not the means of it ("truck attack").
fn names_target(object: Token<'_>, mode: Option<&str>) -> bool {
    matches!(object.upos(), Upos::Noun | Upos::Propn)
        && !is_event(object)
        && !lexicon::is(object, "arms")
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
        )
        && !matches!(object.dep(), "compound" | "nmod" | "amod")
        && match mode {
            Some("ban") => false,
            Some("restrict") => lexicon::is(object, "place"),
            _ => true,
        }
}

fn is_put_to_somebody(kind: &str) -> bool {
    matches!(kind, "REQUEST" | "THREATEN" | "ACCUSE" | "CONSULT" | "SUPPORT")
}

fn comes_from_somebody(kind: &str) -> bool {
    matches!(kind, "REQUEST" | "THREATEN" | "ACCUSE" | "SUPPORT" | "AID" | "REJECT")
}

/// Whether a verb says that somebody answers, or does not.
fn is_to_answer(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "answer" | "reply" | "respond")
}

/// Who answers what is put to them, as a verb tells: "the bank did not respond to requests
/// for comment".
fn answers(verb: Token<'_>) -> Option<Token<'_>> {
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
fn outcome(noun: Token<'_>) -> Option<Arguments<'_>> {
    let preposition = Some(noun.head()).filter(|_| noun.dep() == "pobj")?;
    let verb = Some(preposition.head()).filter(|v| v.upos() == Upos::Verb)?;
    let ends = |entry: &lexicon::Entry| {
        matches!(entry.kind, Some("COERCE" | "ACCUSE" | "SANCTION"))
    };
    let follows = matches!(preposition.text(), "after" | "following" | "in" | "during");
    let entries = lexicon::entries(verb.lemma(), Upos::Verb).filter(|_| follows)?;
    entries.iter().any(ends).then(|| tree::arguments(verb))
}

/// What the body that tells of it has done, where nobody else is said to.
fn is_done_by_police(kind: &str, mode: Option<&str>) -> bool {
    match kind {
        "COERCE" => matches!(mode, Some("arrest" | "raid" | "seize")),
        "ACCUSE" => matches!(mode, Some("charge" | "investigate")),
        "TRAFFIC" => mode == Some("seize-goods"),
        _ => false,
    }
}

fn is_police(source: Token<'_>) -> bool {
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

/// Whether a word can name somebody to whom something is done.
fn is_live(token: Token<'_>) -> bool {
    let is_name = token.upos() == Upos::Propn && token.ent_type().is_empty();
    lexicon::is(token, "people")
        || matches!(token.ent_type(), "FAC" | "LOC")
        || is_name && !is_event(token) && !lexicon::is(token, "illicit")
}

fn can_act(token: Token<'_>) -> bool {
    match token.upos() {
        Upos::Pron => true,
        Upos::Noun | Upos::Propn | Upos::Num | Upos::Adj | Upos::Det => {
            !matches!(token.ent_type(), "DATE" | "TIME" | "MONEY" | "PERCENT")
                && (is_live(token) || !crate::annotate::speaker::is_thing(token))
        }
        _ => false,
    }
}

/// The party a word names, or stands for.
fn party<'d>(scene: Scene<'d>, token: Token<'d>) -> Option<Party> {
    let Scene { doc, entities, source, .. } = scene;
    // "We", in what somebody says.
    let token = match token.feature("Person") {
        Some("1") if token.upos() == Upos::Pron => source?,
        _ => token,
    };
    // "Those arrested" are said to be who they are.
    let is_told = token.tag() == "DT"
        && token.children().any(|c| matches!(c.dep(), "acl" | "amod" | "relcl" | "prep"));
    let stands_for =
        matches!(token.tag(), "PRP" | "PRP$" | "WP" | "WDT" | "WP$" | "DT") && !is_told;
    let token = match stands_for {
        true => antecedent(doc, entities, token)?,
        false => token,
    };
    Some(Party::new(doc, entities, token))
}

/// "Accused the mayor of fraud", which the tree can take for a mayor of fraud.
fn is_of_verb(of: Token<'_>) -> bool {
    let verb = Some(of.head()).filter(|noun| noun.dep() == "dobj").map(Token::head);
    let takes_of = verb
        .is_some_and(|v| matches!(v.lemma(), "accuse" | "acquit" | "convict" | "rob"));
    of.child("pcomp").is_some()
        || takes_of
            && verb.into_iter().flat_map(Token::children).all(|c| c.text() != "of")
}

/// The noun phrase of a head, without what follows and only adds to it, but with the name of
/// whom it describes: "the founder of the bank, Ana Reyes".
fn phrase(doc: &Doc, head: Token<'_>) -> Span {
    let range = head.subtree();
    let adds = |c: &Token<'_>| {
        c.index() > head.index()
            && (matches!(
                c.dep(),
                "relcl" | "appos" | "conj" | "cc" | "punct" | "acl" | "advcl" | "prep"
            ) && !(c.dep() == "prep" && c.text() == "of" && !is_of_verb(*c)))
    };
    let name = |c: &Token<'_>| {
        head.upos() == Upos::Noun && c.dep() == "appos" && c.upos() == Upos::Propn
    };
    // A comma, or what else stands before the name, belongs with it.
    let named = head.children().find(name).map_or(0, Token::index);
    let adds = |c: &Token<'_>| adds(c) && c.index() > named;
    let end = head.children().find(adds).map_or(range.end, |c| c.subtree().start);
    let end = end.clamp(head.index() + 1, range.end.max(head.index() + 1));
    let mut start = range.start.min(head.index());
    // "Co-conspirators", which the tree takes apart.
    if let (Some(hyphen), Some(half)) = (start.checked_sub(1), start.checked_sub(2))
        && start == head.index()
        && doc.token(hyphen).text() == "-"
        && doc.token(hyphen).head() == head.head()
        && doc.token(hyphen).span().end == head.span().start
    {
        start = half;
    }
    let first = doc.slice(start..head.index()).find(|t| !t.is_punct() && !t.is_space());
    doc.span_of(first.map_or(head.index(), Token::index)..end.min(doc.len()))
}

/// The last noun or name before a token that an entity is called by.
fn last_noun<'d>(
    doc: &'d Doc,
    entities: &Entities,
    entity: usize,
    before: usize,
) -> Option<Token<'d>> {
    let mentions = entities.list.get(entity)?.mentions.iter();
    let named = mentions.filter(|m| m.form != MentionForm::Pronoun);
    let mention = named.take_while(|m| m.tokens.start < before).last()?;
    mention.tokens.clone().next_back().map(|i| doc.token(i))
}

/// The noun a pronoun stands for: what its entity is called, or the nearest subject before
/// that agrees with it, or else the nearest noun.
fn antecedent<'d>(
    doc: &'d Doc,
    entities: &Entities,
    pronoun: Token<'d>,
) -> Option<Token<'d>> {
    if let Some(entity) = entities.at(pronoun.index()) {
        let noun = last_noun(doc, entities, entity, pronoun.index())?;
        // "Girls" are not meant by "her".
        let is_one = pronoun.feature("Number") == Some("Sing") && noun.tag() == "NNS";
        if !is_one {
            // "Homes of the members were raided and their computers seized".
            let owner = tree::of(noun).filter(|of| !can_act(noun) && is_live(*of));
            return Some(owner.unwrap_or(noun));
        }
    }
    let agrees = |t: &Token<'_>| -> bool {
        if !matches!(t.upos(), Upos::Noun | Upos::Propn) || t.dep() == "compound" {
            return false;
        }
        let plural =
            matches!(t.tag(), "NNS" | "NNPS") || t.children().any(|c| c.dep() == "conj");
        let body =
            matches!(t.ent_type(), "ORG" | "GPE" | "NORP") || lexicon::is(*t, "org");
        match pronoun.text().to_lowercase().as_str() {
            "he" | "him" | "his" | "she" | "her" | "himself" | "herself" => {
                !plural && !body && lexicon::is(*t, "people")
            }
            "they" | "them" | "their" | "themselves" | "who" | "those" | "these" => {
                (plural || body || lexicon::is(*t, "force")) && lexicon::is(*t, "people")
            }
            "it" | "its" | "itself" => !plural && body,
            _ => false,
        }
    };
    let first = pronoun.index().saturating_sub(REACH);
    let before = || doc.slice(first..pronoun.index()).rev();
    let is_subject = |t: &Token<'_>| t.dep().starts_with("nsubj");
    let sentence = pronoun.sentence().range().start;
    before()
        .filter(|t| t.index() + 40 > sentence)
        .find(|t| agrees(t) && is_subject(t))
        .or_else(|| before().find(agrees))
}

/// Where an event sets out from, goes to and passes, and where it takes place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Route {
    pub(super) from: Option<Span>,
    pub(super) to: Option<Span>,
    pub(super) via: Option<Span>,
    pub(super) place: Option<Span>,
}

/// The places that the grammar ties to a trigger. `place_at` tells which place a token is in.
pub(super) fn route(
    trigger: Token<'_>,
    kind: &str,
    place_at: impl Fn(usize) -> Option<Span>,
) -> Route {
    let mut route = Route::default();
    let moves =
        matches!(kind, "TRAFFIC" | "MOBILIZE" | "AID" | "RETREAT" | "CONSULT" | "COERCE");
    let mut at = trigger;
    for _ in 0..4 {
        for (preposition, object) in prepositions_near(at) {
            let Some(place) = place_at(object.index()) else { continue };
            let slot = match preposition.text().to_lowercase().as_str() {
                "from" if moves => &mut route.from,
                "to" | "into" | "toward" | "towards" if moves => &mut route.to,
                "via" | "through" | "across" | "over" if moves => &mut route.via,
                "in" | "at" | "near" | "on" | "outside" | "inside" | "off" | "around"
                | "within" => &mut route.place,
                _ => continue,
            };
            slot.get_or_insert(place);
        }
        if at.is_root() || matches!(at.dep(), "ccomp" | "relcl" | "parataxis" | "advcl") {
            break;
        }
        at = at.head();
    }
    if kind == "CONSULT" && route.place.is_none() {
        route.place = route.to;
    }
    route
}

/// Prepositions below a word and below the objects it takes, with what they govern.
fn prepositions_near(token: Token<'_>) -> impl Iterator<Item = (Token<'_>, Token<'_>)> {
    let objects = token.children().filter(move |c| {
        matches!(c.dep(), "dobj" | "nsubjpass" | "attr" | "agent" | "prep" | "pobj")
            && c.index() > token.index()
    });
    tree::prepositional(token).chain(objects.flat_map(tree::prepositional))
}
