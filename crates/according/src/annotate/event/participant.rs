//! Who takes part in an event, what is moved, and between where.

use according_nlp::{Doc, Span, Token, Upos};

use super::lexicon;
use super::tree::{self, Arguments};
use crate::annotate::MentionForm;
use crate::annotate::entity::Entities;

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
}

/// What names are looked up in.
#[derive(Clone, Copy)]
pub(super) struct Scene<'d> {
    pub(super) doc: &'d Doc,
    pub(super) entities: &'d Entities,
    /// Head of the source of the innermost claim around the trigger.
    pub(super) source: Option<Token<'d>>,
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
    for &object in &arguments.objects {
        if is_live(object) && (kind != "TRAFFIC" || !lexicon::is(object, "illicit")) {
            match kind {
                // Troops are what is sent.
                "MOBILIZE" => {}
                // Whoever is swindled is not moved.
                "TRAFFIC" if mode.is_some() => cast.goods.push(object.index()),
                _ => cast.recipients.extend(party(object)),
            }
        } else if let Some(owner) = owner(object, kind, mode) {
            cast.recipients.extend(party(owner));
            if mode == Some("seize") {
                cast.goods.push(object.index());
            }
        } else if moves && !object.ent_type().starts_with("DATE") {
            cast.goods.push(object.index());
        } else if befalls && names_target(object, mode)
            || kind == "CONSULT" && lexicon::is(object, "place")
        {
            cast.recipients.extend(party(object));
        }
    }
    let named = cast.recipients.is_empty();
    for (preposition, object) in around(trigger, arguments).filter(|_| named) {
        let towards = match preposition.text() {
            "against" | "on" | "upon" | "at" | "toward" | "towards" => true,
            "with" if kind == "ASSAULT" => mode == Some("riot"),
            "with" if kind == "SANCTION" => mode == Some("discontinue"),
            "with" => !matches!(kind, "COERCE" | "TRAFFIC"),
            "by" => kind == "SUPPORT" && !nominal && !arguments.passive,
            "into" => matches!(kind, "ACCUSE" | "ASSAULT"),
            "to" => {
                !matches!(kind, "COERCE" | "MOBILIZE" | "RETREAT")
                    && (nominal || mode != Some("visit"))
            }
            "from" => matches!(kind, "REQUEST") || mode == Some("seize"),
            "for" => matches!(kind, "SUPPORT" | "AID"),
            _ => false,
        };
        let is_time = matches!(object.ent_type(), "DATE" | "TIME");
        // "An attack on the village", "imposed a curfew on the city", "aid to the island".
        let is_on = matches!(preposition.text(), "against" | "on");
        let is_target = is_live(object)
            || kind == "ASSAULT" && is_on && nominal && names_target(object, mode)
            || kind == "ASSAULT" && preposition.text() == "against"
            || kind != "TRAFFIC"
                && preposition.text() != "at"
                && lexicon::is(object, "place");
        if towards && !is_time && is_target && object != trigger {
            for object in tree::with_others(&[object]) {
                let is_new = |p: &Party| p.head != object.index();
                if cast.actors.iter().all(is_new) && cast.recipients.iter().all(is_new) {
                    cast.recipients.extend(party(object));
                }
            }
        }
    }
    // "Did not respond to messages requesting comment".
    let noun = match trigger.dep() {
        "acl" if !nominal => Some(trigger.head()),
        _ => Some(trigger).filter(|_| nominal),
    };
    if cast.recipients.is_empty() && is_put_to_somebody(kind) {
        let answers = noun.and_then(answers).filter(|t| can_act(*t) && is_live(*t));
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
        let from = around(trigger, arguments)
            .chain(comes.into_iter().flat_map(tree::prepositional))
            .filter(|(p, _)| p.text() == "from");
        let from: Vec<_> = from.map(|(_, o)| o).filter(|o| is_live(*o)).collect();
        cast.actors.extend(tree::with_others(&from).into_iter().filter_map(party));
    }
    // "A man was arrested, police said".
    if cast.actors.is_empty() && arguments.passive && is_done_by_police(kind, mode) {
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
) -> impl Iterator<Item = (Token<'d>, Token<'d>)> {
    let nominal = trigger.upos() != Upos::Verb;
    let light = tree::light_verb(trigger).filter(|_| nominal);
    let over = (trigger.dep() == "pobj").then(|| trigger.head().head());
    let over = over.filter(|o| nominal && o.upos() == Upos::Noun);
    let things = arguments.objects.iter().copied();
    // An event of its own has its own participants, but those whom it is put upon.
    let is_put_upon = |o: Token<'_>| {
        tree::prepositional(o)
            .any(|(p, _)| matches!(p.text(), "against" | "to" | "with" | "from"))
    };
    let is_thing =
        |o: &Token<'_>| !nominal && !is_live(*o) && (!is_event(*o) || is_put_upon(*o));
    let things: Vec<_> = things.filter(is_thing).collect();
    let after = over.into_iter().flat_map(tree::prepositional);
    tree::prepositional(trigger)
        .chain(light.into_iter().flat_map(tree::prepositional))
        .chain(after.filter(move |(p, _)| p.index() > trigger.index()))
        .chain(things.into_iter().flat_map(tree::prepositional))
}

/// Whose thing is meant when it is praised, blamed or taken: "supported the minister's
/// decision", "seized the baker's van".
fn owner<'d>(object: Token<'d>, kind: &str, mode: Option<&str>) -> Option<Token<'d>> {
    let is_judged =
        matches!(kind, "SUPPORT" | "ACCUSE" | "REJECT" | "CONCEDE" | "THREATEN");
    let is_taken = kind == "COERCE" && matches!(mode, Some("seize" | "raid"));
    let is_undone = matches!(mode, Some("withdraw")) && kind == "SANCTION";
    let of = tree::prepositional(object).find(|(p, _)| p.text() == "of").map(|(_, o)| o);
    let owner = object.child("poss").or_else(|| of.filter(|o| is_live(*o)));
    owner.filter(|owner| (is_judged || is_taken || is_undone) && can_act(*owner))
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

/// Who answers what a noun names: "the bank did not respond to requests for comment".
fn answers(noun: Token<'_>) -> Option<Token<'_>> {
    let verb = tree::light_verb(noun)?;
    let answers = matches!(
        verb.lemma(),
        "respond"
            | "reply"
            | "answer"
            | "comply"
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
    lexicon::is(token, "people") || matches!(token.ent_type(), "FAC" | "LOC")
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
    let Scene { doc, entities, source } = scene;
    // "We", in what somebody says.
    let token = match token.feature("Person") {
        Some("1") if token.upos() == Upos::Pron => source?,
        _ => token,
    };
    let token = match matches!(token.tag(), "PRP" | "PRP$" | "WP" | "WDT" | "WP$" | "DT")
    {
        true => antecedent(doc, entities, token)?,
        false => token,
    };
    Some(Party {
        head: token.index(),
        span: phrase(doc, token),
        entity: entities.at(token.index()),
        lemma: token.lemma().to_lowercase(),
        plural: matches!(token.tag(), "NNS" | "NNPS"),
    })
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
            ) && !(c.dep() == "prep" && c.text() == "of"))
    };
    let name = |c: &Token<'_>| {
        head.upos() == Upos::Noun && c.dep() == "appos" && c.upos() == Upos::Propn
    };
    // A comma, or what else stands before the name, belongs with it.
    let named = head.children().find(name).map_or(0, Token::index);
    let adds = |c: &Token<'_>| adds(c) && c.index() > named;
    let end = head.children().find(adds).map_or(range.end, |c| c.subtree().start);
    let end = end.clamp(head.index() + 1, range.end.max(head.index() + 1));
    let start = range.start.min(head.index());
    let first = doc.slice(start..head.index()).find(|t| !t.is_punct() && !t.is_space());
    doc.span_of(first.map_or(head.index(), Token::index)..end.min(doc.len()))
}

/// The noun a pronoun stands for: what its entity is called, or the nearest subject before
/// that agrees with it, or else the nearest noun.
fn antecedent<'d>(
    doc: &'d Doc,
    entities: &Entities,
    pronoun: Token<'d>,
) -> Option<Token<'d>> {
    if let Some(entity) = entities.at(pronoun.index()) {
        let mentions = entities.list.get(entity)?.mentions.iter();
        let named = mentions.filter(|m| m.form != MentionForm::Pronoun);
        let mention = named.take_while(|m| m.tokens.start < pronoun.index()).last()?;
        return mention.tokens.clone().next_back().map(|i| doc.token(i));
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
