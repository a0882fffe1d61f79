//! Through whom a claim came: from its origin to the last relay before the outlet.
//!
//! A relay shows in the words around the cue ("told Reuters", "quoted by KCNA as saying",
//! "in an interview with the BBC"), in a second source that the first one cites, or in the
//! claim around the claim. Who once spoke to an outlet is taken to go on speaking to it
//! until the text says otherwise.

use std::collections::HashMap;

use according_nlp::{Doc, Span, Token, Upos};

use super::attribution::Attribution;
use super::speaker::{Cast, SpeakerIdx, SpeakerKind};

/// One step on the way from an origin to the outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Number of the speaker.
    pub speaker: SpeakerIdx,
    /// The words that show the step.
    pub cue: Vec<Span>,
}

/// What the words around a cue say about the way a claim took.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    /// Whom the source cites for it, nearest first.
    pub(super) origins: Vec<Hop>,
    /// Which outlets passed it on.
    pub(super) relays: Vec<Hop>,
    /// Whether the text says where it was said: to reporters, in a statement.
    pub(super) settled: bool,
}

/// Which outlets each speaker was last said to speak to.
#[derive(Clone, Debug, Default)]
pub(super) struct Relays(HashMap<SpeakerIdx, Vec<Hop>>);

impl Relays {
    /// The relays of a claim by `speaker` with the route `route`, from now on remembered.
    pub(super) fn of(&mut self, speaker: SpeakerIdx, route: &Route) -> Vec<Hop> {
        if !route.relays.is_empty() {
            self.0.insert(speaker, route.relays.clone());
            return route.relays.clone();
        }
        if route.settled {
            self.0.remove(&speaker);
        }
        self.0.get(&speaker).cloned().unwrap_or_default()
    }
}

/// Reads the words around the cue of `attribution`, whose source is `speaker`.
pub(super) fn route<'a>(
    doc: &'a Doc,
    cast: &mut Cast<'a>,
    attribution: &Attribution,
    speaker: SpeakerIdx,
) -> Route {
    let mut search = Search { doc, cast, attribution, speaker, route: Route::default() };
    if let Some(source) = attribution.source_head.filter(|&t| t < doc.len()) {
        search.source_phrase(doc.token(source));
    }
    if let Some(cue) = attribution.cue_head.filter(|&t| t < doc.len()) {
        search.cue(doc.token(cue));
    }
    search.citations();
    search.route
}

struct Search<'a, 'c> {
    doc: &'a Doc,
    cast: &'c mut Cast<'a>,
    attribution: &'c Attribution,
    speaker: SpeakerIdx,
    route: Route,
}

impl<'a> Search<'a, '_> {
    /// "a letter obtained by Reuters", "a report in the Daily Mail", "an RFA source".
    fn source_phrase(&mut self, head: Token<'a>) {
        for child in head.children() {
            match child.dep() {
                "acl" | "relcl" if passes_on(child.lemma()) => self.agent(child),
                "prep"
                    if self.is_document()
                        && matches!(child.lemma(), "by" | "in" | "from") =>
                {
                    self.objects(child, 0);
                }
                "compound" | "poss" if head.lemma() == "source" => {
                    self.recipient(child, child);
                }
                _ => {}
            }
        }
    }

    fn is_document(&self) -> bool {
        self.cast.list[self.speaker].kind == SpeakerKind::Document
    }

    fn cue(&mut self, cue: Token<'a>) {
        // "was quoted by KCNA as saying": the verb above says through whom.
        let quoting = cue.ancestors().take(2).find(|a| is_quoting(*a));
        for verb in std::iter::once(cue).chain(quoting) {
            if is_quoting(verb) {
                self.agent(verb);
                self.quoted(verb);
                let subject = verb.child("nsubj");
                if let Some(subject) =
                    subject.filter(|s| Some(s.index()) != self.source_head())
                {
                    self.recipient(subject, verb);
                }
            }
            self.objects(verb, 0);
        }
    }

    /// "KCNA quoted the minister as saying": the one quoted is the origin.
    fn quoted(&mut self, verb: Token<'a>) {
        let by_source = verb.child("nsubj").map(Token::index) == self.source_head();
        let says = verb.children().any(|c| c.dep() == "prep" && c.lemma() == "as");
        let object = verb.child("dobj").filter(|o| by_source && says && is_source(*o));
        if let Some(object) = object {
            let origin = self.cast.source(object, &[], None);
            if origin != self.speaker {
                self.route.origins.push(Hop { speaker: origin, cue: vec![verb.span()] });
            }
        }
    }

    fn source_head(&self) -> Option<usize> {
        self.attribution.source_head
    }

    /// The agent of a participle: "published by the Guardian".
    fn agent(&mut self, verb: Token<'a>) {
        let by = verb.children().find(|c| c.dep() == "agent" || c.lemma() == "by");
        if let Some(object) = by.and_then(|by| by.child("pobj")) {
            self.recipient(object, verb);
        }
    }

    /// Follows objects and prepositions below `from`: "told X", "in an interview with X".
    fn objects(&mut self, from: Token<'a>, depth: usize) {
        if depth > 4 {
            return;
        }
        for child in from.children() {
            if self.is_told(child) {
                continue;
            }
            match child.dep() {
                "dobj" | "dative" | "pobj" | "oprd" => {
                    self.recipient(child, self.cue_token(child));
                    if is_venue(child) {
                        self.route.settled = true;
                    }
                    self.objects(child, depth + 1);
                }
                "prep" | "agent" if leads_to_recipient(child) => {
                    self.objects(child, depth + 1);
                }
                "advcl" if matches!(child.lemma(), "speak" | "talk" | "write") => {
                    self.objects(child, depth + 1);
                }
                _ => {}
            }
        }
    }

    fn cue_token(&self, otherwise: Token<'a>) -> Token<'a> {
        let cue = self.attribution.cue_head.filter(|&t| t < self.doc.len());
        cue.map_or(otherwise, |t| self.doc.token(t))
    }

    /// Whether a token belongs to what is said or to who says it.
    fn is_told(&self, token: Token<'_>) -> bool {
        let spans = self.attribution.content.iter().chain(&self.attribution.source);
        spans.into_iter().any(|s| s.contains(token.span()))
    }

    /// Takes the noun `token` as a relay if it names or describes a news outlet.
    fn recipient(&mut self, token: Token<'a>, cue: Token<'a>) {
        if !is_noun(token) {
            return;
        }
        let listed = super::lexicon::noun(token.lemma()).map(|n| n.kind);
        let named = self.cast.entities.at(token.index());
        if named.is_none() && !is_outlet_noun(token) {
            let person =
                matches!(listed, Some(SpeakerKind::Person | SpeakerKind::People));
            self.route.settled |= person && token.dep() != "agent";
            return;
        }
        let relay = self.cast.resolve(token, None);
        if self.cast.list[relay].kind != SpeakerKind::Media || relay == self.speaker {
            return;
        }
        if self.route.relays.iter().all(|h| h.speaker != relay) {
            let cue = match self.attribution.cue.as_slice() {
                own if own.iter().any(|s| s.contains(cue.span())) => own.to_vec(),
                _ => vec![cue.span()],
            };
            self.route.relays.push(Hop { speaker: relay, cue });
        }
    }

    /// "Yonhap reported, citing an official": the source names another one behind it.
    fn citations(&mut self) {
        let Some(anchor) = self.attribution.cue_head.or(self.attribution.source_head)
        else {
            return;
        };
        if anchor >= self.doc.len() {
            return;
        }
        let sentence = self.doc.token(anchor).sentence();
        let citing = sentence.tokens().filter(|t| {
            matches!(t.lemma(), "quote" | "cite")
                && t.tag() == "VBG"
                && !self.is_told(*t)
                && !self.is_cue(*t)
        });
        for verb in citing.collect::<Vec<_>>() {
            let object = verb.child("dobj").filter(|o| is_noun(*o));
            let Some(object) = object.filter(|o| self.can_speak(*o)) else { continue };
            let origin = self.cast.source(object, &[], None);
            if origin != self.speaker {
                self.route.origins.push(Hop { speaker: origin, cue: vec![verb.span()] });
                break;
            }
        }
    }

    fn is_cue(&self, token: Token<'_>) -> bool {
        self.attribution.cue.iter().any(|s| s.contains(token.span()))
    }

    /// Whether a noun can be a source: "citing officials", but not "citing privacy rules".
    fn can_speak(&self, noun: Token<'_>) -> bool {
        let named = self.cast.entities.at(noun.index()).is_some_and(|e| {
            matches!(self.cast.entities.list[e].label.as_str(), "PERSON" | "ORG" | "GPE")
        });
        let listed = super::lexicon::noun(noun.lemma());
        named
            || listed.is_some_and(|n| {
                n.kind != SpeakerKind::Document
                    || !matches!(noun.lemma(), "law" | "act" | "order" | "agreement")
            })
    }
}

fn is_source(token: Token<'_>) -> bool {
    is_noun(token) || token.upos() == Upos::Pron
}

fn is_noun(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Noun | Upos::Propn)
}

/// "a local newspaper", "state television"; "the press" and "the media" are nobody in
/// particular.
fn is_outlet_noun(noun: Token<'_>) -> bool {
    let vague = matches!(noun.lemma(), "press" | "media" | "news" | "paper" | "channel");
    let of_state = || noun.children().any(|c| c.lemma() == "state");
    super::lexicon::noun(noun.lemma()).is_some_and(|n| n.kind == SpeakerKind::Media)
        && (!vague || of_state())
}

fn is_quoting(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "quote" | "cite") && verb.upos() == Upos::Verb
}

/// Verbs by which an outlet passes on what others wrote.
fn passes_on(lemma: &str) -> bool {
    matches!(
        lemma,
        "carry"
            | "publish"
            | "release"
            | "air"
            | "broadcast"
            | "print"
            | "run"
            | "obtain"
            | "quote"
            | "cite"
            | "post"
            | "see"
            | "review"
            | "report"
            | "conduct"
            | "post_on"
    )
}

fn leads_to_recipient(prep: Token<'_>) -> bool {
    matches!(
        prep.lemma(),
        "to" | "with" | "by" | "on" | "in" | "for" | "via" | "through" | "at" | "during"
    )
}

/// Something in or at which one speaks.
fn is_venue(noun: Token<'_>) -> bool {
    matches!(
        noun.lemma(),
        "statement"
            | "conference"
            | "briefing"
            | "speech"
            | "tweet"
            | "post"
            | "interview"
            | "letter"
            | "email"
            | "testimony"
            | "hearing"
            | "filing"
            | "twitter"
            | "facebook"
            | "reporter"
            | "journalist"
            | "press"
            | "rally"
            | "court"
            | "parliament"
    )
}
