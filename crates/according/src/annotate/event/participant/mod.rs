//! Who takes part in an event, what is moved, and between where.

mod party;
mod recipient;
mod route;
mod word;

use according_nlp::{Doc, Token, Upos};

use super::lexicon;
use super::tree::{self, Arguments};
use crate::annotate::entity::Entities;
use crate::annotate::time::Time;
use recipient::{
    answers, around, comes_from_somebody, intended, is_put_to_somebody, is_to_answer,
    outcome, owner, suffering,
};
use word::{
    can_act, is_court, is_done_by_police, is_live, is_mishap, is_police, is_sum,
    is_victim, is_weapon, keeps_from_doing, names_target, takes_goods,
};

use party::party;

pub(super) use party::Party;
pub(super) use route::{Route, route};

/// What takes part in an event as one of its mentions tells it.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    pub(super) actors: Vec<Party>,
    pub(super) recipients: Vec<Party>,
    /// Heads of what is moved or seized.
    pub(super) goods: Vec<usize>,
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
    /// Whether a word names somebody, by itself or by what the article says elsewhere.
    fn is_live(&self, token: Token<'_>) -> bool {
        let label = self.entities.at(token.index()).map(|e| &self.entities.list[e].label);
        let is_name = token.upos() == Upos::Propn
            && label.is_some_and(|l| matches!(l.as_str(), "PERSON" | "ORG" | "GPE"));
        is_name || is_live(token)
    }

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
    let nominal = trigger.upos() != Upos::Verb;
    let cast = Cast::default();
    let mut casting = Casting { scene, trigger, kind, mode, arguments, nominal, cast };
    let acts = |t: &Token<'_>| can_act(*t);
    let doers = arguments.subjects.iter().copied().filter(acts);
    casting.cast.actors.extend(doers.filter_map(|t| party(scene, t)));
    casting.objects();
    if casting.cast.recipients.is_empty() {
        casting.directed();
    }
    casting.alleged();
    casting.intended();
    casting.asked();
    casting.investigated();
    casting.senders();
    casting.police();
    let Cast { actors, recipients, .. } = &mut casting.cast;
    recipients.retain(|r| actors.iter().all(|a| a.head != r.head));
    casting.cast
}

/// A cast that is being put together. What is told most plainly is looked for first.
struct Casting<'d, 's> {
    scene: Scene<'d>,
    trigger: Token<'d>,
    kind: &'s str,
    mode: Option<&'s str>,
    arguments: &'s Arguments<'d>,
    nominal: bool,
    cast: Cast,
}

impl<'d> Casting<'d, '_> {
    fn befall(&mut self, tokens: impl IntoIterator<Item = Token<'d>>) {
        let parties = tokens.into_iter().filter_map(|t| party(self.scene, t));
        self.cast.recipients.extend(parties);
    }

    fn act(&mut self, tokens: impl IntoIterator<Item = Token<'d>>) {
        let parties = tokens.into_iter().filter_map(|t| party(self.scene, t));
        self.cast.actors.extend(parties);
    }

    /// Whether goods are taken from somebody. "Stole data from the ministry": the ministry is
    /// robbed, and not the data.
    fn robs(&self) -> bool {
        let from = |t: Token<'d>| {
            tree::prepositional(t).any(|(p, o)| p.text() == "from" && is_victim(o))
        };
        self.mode == Some("raid")
            && !self.nominal
            && (self.trigger.lemma() == "steal"
                || from(self.trigger)
                || self.arguments.objects.iter().any(|&o| from(o)))
    }

    /// To whom or with what it is done, as the objects say.
    fn objects(&mut self) {
        for &object in &self.arguments.objects {
            if !tree::is_state_taken(object) {
                self.object(object);
            }
        }
        // "Suspended its exercises" is done to nobody who does it.
        let Cast { actors, recipients, .. } = &mut self.cast;
        recipients.retain(|r| actors.iter().all(|a| a.head != r.head));
    }

    fn object(&mut self, object: Token<'d>) {
        let Self { kind, mode, .. } = *self;
        // "Took twelve clerks hostage".
        let is_taken = object.lemma() == "hostage" && object.child("det").is_none();
        let object = object.child("compound").filter(|_| is_taken).unwrap_or(object);
        let object = lexicon::lived(object).filter(|o| is_live(*o)).unwrap_or(object);
        let is_given = object.dep() == "dative";
        // "The airline said that it would be compensated": the pronoun is the speaker.
        let is_told_of = self.arguments.passive && object.tag() == "PRP";
        let stands_for = is_told_of.then(|| party(self.scene, object));
        let for_somebody = stands_for.flatten().is_some_and(|it| {
            let noun = self.scene.doc.token(it.head);
            is_live(noun)
                && noun.dep() == "nsubj"
                && object.ancestors().any(|above| above == noun.head())
        });
        // "Met a number of farmers", "barred a business from selling".
        let is_part = lexicon::part_of(object).is_some_and(is_live);
        let is_kept_from = mode == Some("ban")
            && keeps_from_doing(self.trigger)
            && object.head() == self.trigger;
        let is_alive = self.scene.is_live(object) || is_part || is_kept_from;
        // "Demanded soldiers": of somebody who is not told.
        let is_wanted = kind == "REQUEST"
            && matches!(self.trigger.lemma(), "demand" | "request" | "seek")
            && object.dep() == "dobj"
            && object.head() == self.trigger
            && !self.trigger.children().any(tree::is_infinitive);
        let is_somebody = (is_alive || is_given || for_somebody)
            && !is_wanted
            && !is_sum(object)
            && (kind != "TRAFFIC" || !lexicon::is(object, "illicit"));
        if is_somebody {
            match kind {
                // Troops are what is sent.
                "MOBILIZE" => {}
                // Whoever is swindled is not moved.
                "TRAFFIC" if mode.is_some() && !is_given => {
                    self.cast.goods.push(object.index());
                }
                _ => self.befall([object]),
            }
            return;
        }
        if let Some(owner) = owner(object, kind, mode, self.arguments.passive) {
            self.befall([owner]);
            if mode == Some("seize") {
                self.cast.goods.push(object.index());
            }
            return;
        }
        let is_place = lexicon::is(object, "place");
        let moves =
            matches!(kind, "TRAFFIC" | "AID" | "COOPERATE" | "CONCEDE" | "REQUEST")
                || mode == Some("seize");
        let is_moved = moves
            && !(kind == "COERCE" && is_place)
            && !object.ent_type().starts_with("DATE");
        let is_struck = match kind {
            "ASSAULT" | "COERCE" | "SANCTION" | "PROTEST" => {
                !is_sum(object) && names_target(object, mode)
            }
            "THREATEN" => is_place,
            "CONSULT" => is_place || object.upos() == Upos::Propn,
            _ => false,
        };
        if is_moved || self.robs() {
            self.cast.goods.push(object.index());
        } else if is_struck {
            self.befall([object]);
        }
    }

    /// Whom a preposition says it is directed at.
    fn directed(&mut self) {
        for (preposition, object) in
            around(self.trigger, self.arguments, self.kind == "REQUEST")
        {
            let is_time = matches!(object.ent_type(), "DATE" | "TIME")
                || self.scene.is_in_time(object);
            if is_time || object == self.trigger || !self.leads_to(preposition, object) {
                continue;
            }
            // "Agreed to the union's demands": with the union.
            // "Called for the minister's resignation": it is asked of the minister.
            let is_asked_for = preposition.text() == "for" && self.kind == "REQUEST";
            let target = match self.is_target(preposition, object) && !is_asked_for {
                true => Some(object),
                false => owner(object, self.kind, self.mode, self.arguments.passive)
                    .filter(|_| preposition.text() != "for" || is_asked_for),
            };
            for object in target.into_iter().flat_map(|t| tree::with_others(&[t])) {
                let known = self.cast.actors.iter().chain(&self.cast.recipients);
                let new = party(self.scene, object)
                    .filter(|p| known.clone().all(|k| k.head != p.head));
                self.cast.recipients.extend(new);
            }
        }
    }

    /// Whether a preposition leads to whom it is done.
    fn leads_to(&self, preposition: Token<'d>, object: Token<'d>) -> bool {
        let Self { kind, mode, nominal, trigger, .. } = *self;
        match preposition.text() {
            // "Resigned from the top job at the firm".
            _ if kind == "RETREAT" && preposition.text() != "to" => false,
            "against" | "on" | "upon" | "at" | "toward" | "towards" => true,
            "between" => trigger.lemma() == "mediate",
            "with" if kind == "ASSAULT" => mode == Some("riot"),
            "with" if kind == "SANCTION" => mode == Some("discontinue"),
            "with" => !matches!(kind, "COERCE" | "TRAFFIC"),
            // "Condemned the test by the regime".
            "by" => {
                matches!(kind, "SUPPORT" | "ACCUSE" | "REJECT")
                    && !nominal
                    && !self.arguments.passive
            }
            // "An inquiry into the death of the baker" blames somebody else.
            "into" if mode == Some("investigate") => !is_mishap(object),
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
                    || self.robs()
            }
            // "The hunt for the gunman".
            "for" if nominal && mode == Some("investigate") => true,
            "for" => matches!(kind, "SUPPORT" | "AID" | "REQUEST"),
            // "Critical of the minister".
            "of" => kind == "ACCUSE" && trigger.upos() == Upos::Adj,
            // "Sought asylum in the kingdom".
            "in" => kind == "REQUEST" && preposition.head().lemma() == "asylum",
            _ => false,
        }
    }

    /// Whether what stands behind a preposition is itself whom or what it is done to: "an
    /// attack on the village", "imposed a curfew on the city", "aid to the island".
    fn is_target(&self, preposition: Token<'d>, object: Token<'d>) -> bool {
        let Self { kind, mode, nominal, .. } = *self;
        let preposition = preposition.text();
        let strikes = kind == "ASSAULT" || mode == Some("raid");
        let is_on = matches!(preposition, "against" | "on");
        let fires = || self.arguments.objects.iter().any(|o| is_weapon(*o));
        // "Handed the town over to local forces".
        let is_armed = object.lemma() == "force" && object.tag() == "NNS";
        self.scene.is_live(object)
            || lexicon::part_of(object).is_some_and(is_live)
            || is_armed
            || strikes && is_on && nominal && names_target(object, mode)
            || matches!(kind, "AID" | "TRAFFIC")
                && preposition == "to"
                && takes_goods(object)
            // "Fired rockets at the town".
            || kind == "ASSAULT"
                && preposition == "at"
                && fires()
                && names_target(object, mode)
            // "Fired on a ferry".
            || self.trigger.lemma() == "fire" && !nominal && names_target(object, mode)
            || is_victim(object) && self.robs()
            || kind == "ASSAULT" && preposition == "against"
            || kind != "TRAFFIC" && preposition != "at" && lexicon::is(object, "place")
    }

    /// "Alleged that the clerk had stolen it", "complained that the police had not come".
    fn alleged(&mut self) {
        let alleges = matches!(self.trigger.lemma(), "allege" | "complain")
            && self.cast.recipients.is_empty();
        if let Some(deed) = self.trigger.child("ccomp").filter(|_| alleges) {
            let doers = tree::arguments(deed).subjects.into_iter();
            self.befall(doers.filter(|d| is_live(*d)));
        }
    }

    /// Whom what is threatened, agreed to or refused would befall.
    fn intended(&mut self) {
        if self.cast.recipients.is_empty() {
            let acts = intended(self.trigger, self.arguments, self.kind);
            let suffer = acts.flat_map(|act| suffering(self.scene, act, self.kind));
            self.cast.recipients.extend(suffer);
        }
    }

    /// Who answers what is put to them.
    fn asked(&mut self) {
        let Self { trigger, nominal, kind, .. } = *self;
        if !self.cast.recipients.is_empty() || !is_put_to_somebody(kind) {
            return;
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
        let answers = answered.and_then(answers).filter(|t| can_act(*t) && is_live(*t));
        if !nominal && let Some(answers) = answers {
            let messages = trigger.head().index();
            self.cast.actors.retain(|a| a.head != answers.index() && a.head != messages);
        }
        self.befall(answers);
    }

    /// "Was arrested after an investigation": whoever is arrested was investigated.
    fn investigated(&mut self) {
        let is_charge = self.nominal && self.kind == "ACCUSE";
        let Some(outcome) = outcome(self.trigger).filter(|_| is_charge) else { return };
        if self.cast.recipients.is_empty() {
            self.befall(outcome.objects.into_iter().filter(|o| is_live(*o)));
        }
        if self.cast.actors.is_empty() {
            self.act(outcome.subjects);
        }
    }

    /// "Criticism came from the union".
    fn senders(&mut self) {
        let trigger = self.trigger;
        let is_open = self.nominal && self.cast.actors.is_empty();
        // "Sanctions from Washington", and not "expulsion from the club".
        let comes = comes_from_somebody(self.kind)
            || matches!(trigger.lemma(), "sanction" | "tip");
        if !is_open || !comes {
            return;
        }
        let comes = Some(trigger.head()).filter(|v| v.lemma() == "come");
        let comes = comes.filter(|_| trigger.dep() == "nsubj");
        let from = around(trigger, self.arguments, self.kind == "REQUEST")
            .chain(comes.into_iter().flat_map(tree::prepositional))
            .filter(|(p, _)| p.text() == "from");
        let from: Vec<_> = from.map(|(_, o)| o).filter(|o| is_live(*o)).collect();
        self.act(tree::with_others(&from));
    }

    /// "A man was arrested, police said".
    fn police(&mut self) {
        let Self { kind, mode, .. } = *self;
        let is_told =
            self.arguments.passive || self.nominal && mode == Some("investigate");
        if self.cast.actors.is_empty() && is_told && is_done_by_police(kind, mode) {
            self.act(self.scene.source.filter(|s| is_police(*s)));
        }
        // "The baker was sentenced to two years, a court ruled".
        let is_judged = mode == Some("convict") && self.arguments.passive;
        if self.cast.actors.is_empty() && is_judged {
            self.act(self.scene.source.filter(|s| is_court(*s)));
        }
    }
}
