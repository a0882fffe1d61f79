//! Through whom a claim came: from its origin to the last relay before the outlet.
//!
//! A relay shows in the words around the cue ("told Reuters", "quoted by KCNA as saying",
//! "in an interview with the BBC"), in a second source that the first one cites, or in the
//! claim around the claim. Who once spoke to an outlet is taken to go on speaking to it
//! until the text says otherwise.

use std::collections::HashMap;

use according_nlp::{Doc, Span, Token, Upos};

use super::attribution::Attribution;
use super::frame::{self, Frame};
use super::lexicon;
use super::speaker::{Cast, Speaker, SpeakerIdx, SpeakerKind};

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
    /// Who tells that it was said, in the frame around it.
    pub(super) tellers: Vec<Hop>,
    /// Whether the text says where it was said: to reporters, in a statement.
    pub(super) settled: bool,
    /// When it was said, as written.
    pub(super) when: Option<String>,
}

/// Through whom each speaker last spoke, and who has the floor.
#[derive(Clone, Debug, Default)]
pub(super) struct Relays {
    last: HashMap<SpeakerIdx, Route>,
    floor: Option<SpeakerIdx>,
}

impl Relays {
    /// The relays of a claim by `speaker` with the route `route`, from now on remembered.
    ///
    /// Who told an outlet something goes on telling it until a new occasion is named. Of a
    /// single unnamed source no more is known than that it spoke to the outlet; everybody else
    /// has more than one occasion to speak, and goes on only while nobody else does.
    pub(super) fn of(
        &mut self,
        speaker: SpeakerIdx,
        it: &Speaker,
        route: &Route,
    ) -> Vec<Hop> {
        // "Asked about the strike, she said": nobody in particular takes the floor from nobody.
        if it.is_nobody() {
            return route.relays.clone();
        }
        let has_floor = self.floor.replace(speaker) == Some(speaker);
        if !route.relays.is_empty() {
            self.last.insert(speaker, route.clone());
            return route.relays.clone();
        }
        let is_known = it.named || it.plural;
        let other_occasion = |last: &Route| {
            route.settled
                || is_known && !has_floor
                || route.when.is_some() && route.when != last.when
        };
        if self.last.get(&speaker).is_some_and(other_occasion) {
            self.last.remove(&speaker);
        }
        self.last.get(&speaker).map(|last| last.relays.clone()).unwrap_or_default()
    }
}

/// Reads the words around the cue of `attribution`, whose source is `speaker`.
pub(super) fn route<'a>(
    doc: &'a Doc,
    cast: &mut Cast<'a>,
    attribution: &Attribution,
    speaker: SpeakerIdx,
) -> Route {
    let token = |t: Option<usize>| t.filter(|&t| t < doc.len()).map(|t| doc.token(t));
    let (source, cue) = (token(attribution.source_head), token(attribution.cue_head));
    let mut search =
        Search { cast, attribution, speaker, source, route: Route::default() };
    if let Some(source) = source {
        search.source_phrase(source);
    }
    if let Some(cue) = cue {
        search.cue(cue);
        search.setting(cue);
    }
    if let Some(anchor) = cue.or(source) {
        search.citations(anchor);
        search.frame(anchor);
    }
    search.route
}

/// How far from its cue the words stand that tell the way of a claim, in tokens.
const NEAR: usize = 120;

struct Search<'a, 'c> {
    cast: &'c mut Cast<'a>,
    attribution: &'c Attribution,
    speaker: SpeakerIdx,
    source: Option<Token<'a>>,
    route: Route,
}

impl<'a> Search<'a, '_> {
    /// "a letter obtained by Reuters", "a report in the Daily Mail", "an RFA source", "a clerk
    /// who spoke to the BBC".
    fn source_phrase(&mut self, head: Token<'a>) {
        let is_document = self.cast.list[self.speaker].kind == SpeakerKind::Document;
        for child in head.children() {
            match child.dep() {
                "acl" | "relcl" if speaks_to(child) => self.agent(child),
                "prep"
                    if is_document && matches!(child.lemma(), "by" | "in" | "from") =>
                {
                    self.object_of(child, child);
                }
                "compound" | "poss" if head.lemma() == "source" => {
                    self.recipient(child, child);
                }
                _ => {}
            }
        }
        // "KCNA carried a statement by the army"
        let is_paper = |noun: Token<'_>| {
            let listed = lexicon::noun(noun.lemma());
            listed.is_some_and(|n| n.kind == SpeakerKind::Document)
        };
        let carrying = head.ancestors().take(5).find(|verb| {
            let paper = verb.child("dobj").filter(|o| o.index() <= head.index());
            passes_on(*verb) && paper.is_some_and(is_paper)
        });
        let outlet = carrying.and_then(|verb| Some((verb, verb.child("nsubj")?)));
        if let Some((verb, outlet)) = outlet.filter(|(_, outlet)| *outlet != head) {
            self.recipient(outlet, verb);
        }
        // "a letter from the bishop, seen by Le Monde": the parse hangs it anywhere.
        let phrase = head.subtree();
        let near = phrase.start..phrase.end.min(head.index() + NEAR);
        for verb in head.doc().slice(near) {
            let participle = matches!(verb.dep(), "acl" | "relcl") && passes_on(verb);
            if participle && !self.is_content(verb) && head.dominates(verb) {
                self.agent(verb);
            }
        }
    }

    fn cue(&mut self, cue: Token<'a>) {
        // "was quoted by KCNA as saying": the verb above says through whom.
        let quoting = cue.ancestors().take(2).find(|a| is_quoting(*a));
        for verb in std::iter::once(cue).chain(quoting) {
            if is_quoting(verb) {
                self.agent(verb);
                // "was quoted as saying by KCNA"
                let saying = verb.child("prep").and_then(|prep| prep.child("pcomp"));
                saying.into_iter().for_each(|saying| self.agent(saying));
                self.quoted(verb);
                let subject = verb.child("nsubj").filter(|s| !self.is_source(*s));
                if let Some(subject) = subject {
                    self.recipient(subject, verb);
                }
            }
            for child in verb.children() {
                let object = matches!(child.dep(), "dobj" | "dative" | "oprd");
                if object && !self.is_told(child) {
                    self.recipient(child, cue);
                }
            }
            self.prepositions(verb, cue);
        }
        self.hearer(cue);
    }

    /// "The union heard from a clerk that …", "Reuters was told by a clerk that …": who hears
    /// it passes it on.
    fn hearer(&mut self, cue: Token<'a>) {
        let by = |lemma: &'static str| {
            cue.children()
                .any(|c| c.lemma() == lemma && c.children().any(|o| self.is_source(o)))
        };
        let hears = match cue.lemma() {
            "hear" | "learn" | "understand" | "gather" => by("from"),
            "tell" | "inform" => by("by"),
            _ => false,
        };
        let subject = cue.child("nsubj").or_else(|| cue.child("nsubjpass"));
        let Some(subject) = subject.filter(|s| hears && !self.is_told(*s)) else {
            return;
        };
        let hearer = self.cast.resolve(subject, None);
        if self.cast.list[hearer].name.is_some() {
            self.pass_on(hearer, cue);
        }
    }

    /// "KCNA quoted the minister as saying", "KCNA quotes the minister: “…”": the one quoted is
    /// the origin.
    fn quoted(&mut self, verb: Token<'a>) {
        let by_source = verb.child("nsubj").is_some_and(|s| self.is_source(s));
        let says = verb.children().any(|c| c.dep() == "prep" && c.lemma() == "as");
        let can_speak = |t: &Token<'_>| match says {
            true => is_noun(*t) || t.upos() == Upos::Pron,
            false => {
                verb.lemma() == "quote"
                    && is_noun(*t)
                    && !self.is_content(*t)
                    && self.can_speak(*t)
            }
        };
        let object = verb.child("dobj").filter(|o| by_source && can_speak(o));
        if let Some(object) = object {
            self.origin(object, verb);
        }
    }

    fn origin(&mut self, noun: Token<'a>, cue: Token<'a>) {
        let origin = self.cast.source(noun, &[], &self.attribution.content, None);
        if origin != self.speaker {
            self.route.origins.push(Hop { speaker: origin, cue: vec![cue.span()] });
        }
    }

    fn is_source(&self, token: Token<'_>) -> bool {
        self.source == Some(token)
    }

    /// The agent of a participle and where it stands: "published by the Guardian", "aired on
    /// state television".
    fn agent(&mut self, verb: Token<'a>) {
        for child in verb.children() {
            if matches!(child.lemma(), "by" | "in" | "on" | "to" | "with" | "through") {
                self.object_of(child, verb);
            }
        }
    }

    /// "said to Reuters", "wrote in the Guardian", "said on state television".
    fn prepositions(&mut self, verb: Token<'a>, cue: Token<'a>) {
        for child in verb.children() {
            let leads = matches!(child.dep(), "prep" | "agent" | "dative")
                && leads_to_recipient(child);
            if leads && !self.is_told(child) {
                self.object_of(child, cue);
            }
        }
    }

    fn object_of(&mut self, prep: Token<'a>, cue: Token<'a>) {
        if let Some(object) = prep.child("pobj").filter(|o| !self.is_content(*o)) {
            self.recipient(object, cue);
        }
    }

    /// Where it was said, wherever in the sentence that stands: "in an interview with the
    /// BBC", "in a statement carried by KCNA", "speaking to AFP", "as reported by Interfax".
    fn setting(&mut self, cue: Token<'a>) {
        let sentence = cue.sentence();
        let range = sentence.range();
        let near = range.start.max(cue.index().saturating_sub(NEAR))
            ..range.end.min(cue.index() + NEAR);
        for token in cue.doc().slice(near) {
            if token == cue || self.is_told(token) || !belongs_to(token, cue) {
                continue;
            }
            if token.ent_type() == "DATE" && self.route.when.is_none() {
                self.route.when = Some(token.text().to_owned());
            }
            let is_verb = token.upos() == Upos::Verb;
            let as_reported = || {
                let sign = |c: Token<'_>| matches!(c.dep(), "mark" | "advmod" | "prep");
                token.children().any(|c| c.lemma() == "as" && sign(c))
            };
            if is_verb && speaks_to(token) {
                self.prepositions(token, token);
            } else if is_verb && token.tag() == "VBN" && passes_on(token) && as_reported()
            {
                self.agent(token);
            } else if is_noun(token) && matches!(token.dep(), "pobj" | "dobj" | "conj") {
                self.venue(token);
            }
        }
    }

    fn venue(&mut self, noun: Token<'a>) {
        let venue = is_venue(noun);
        let listed = lexicon::noun(noun.lemma());
        if !venue && listed.is_none_or(|n| n.kind != SpeakerKind::Document) {
            return;
        }
        self.route.settled |= venue;
        for child in noun.children() {
            match child.dep() {
                "compound" | "poss" | "nmod" => self.recipient(child, noun),
                "prep"
                    if leads_to_recipient(child)
                        || matches!(child.lemma(), "for" | "from") =>
                {
                    let object = child.child("pobj");
                    if noun.lemma() == "interview"
                        && let Some(object) = object
                    {
                        self.cast.take_for_outlet(object);
                    }
                    self.object_of(child, noun);
                }
                "acl" | "relcl" if passes_on(child) => self.agent(child),
                _ => {}
            }
        }
    }

    /// Whether a token belongs to what is said or to who says it.
    fn is_told(&self, token: Token<'_>) -> bool {
        let spans = self.attribution.content.iter().chain(&self.attribution.source);
        spans.into_iter().any(|s| s.contains(token.span()))
    }

    /// Takes the noun `token` as a relay if it names or describes a news outlet or somebody
    /// who works for one.
    fn recipient(&mut self, token: Token<'a>, cue: Token<'a>) {
        if !is_noun(token) {
            return;
        }
        self.cast.take_for_outlet_by_name(token);
        if let Some(outlet) = self.outlet_of(token) {
            if outlet != self.speaker {
                self.pass_on(outlet, cue);
            }
            return;
        }
        let listed = lexicon::noun(token.lemma()).map(|n| n.kind);
        let people = matches!(listed, Some(SpeakerKind::Person | SpeakerKind::People));
        self.route.settled |= people && token.dep() != "agent" || is_venue(token);
    }

    /// The outlet that a noun names ("the BBC", "a regional paper"), or that it belongs to
    /// ("CNN's Jake Tapper", "the BBC's evening programme", "a reporter for Bild").
    fn outlet_of(&mut self, noun: Token<'a>) -> Option<SpeakerIdx> {
        let belongs = noun.upos() == Upos::Propn || works_for_outlet(noun.lemma());
        let owners = noun.children().filter(|_| belongs).filter_map(|child| match child
            .dep()
        {
            "compound" | "poss" | "nmod" | "appos" => Some(child),
            "prep" if matches!(child.lemma(), "of" | "for" | "from" | "on" | "at") => {
                child.child("pobj")
            }
            _ => None,
        });
        // "the BBC's Newsnight": the owner before what it owns.
        let (owned, rest): (Vec<_>, Vec<_>) = owners.partition(|o| o.dep() == "poss");
        let candidates = owned.into_iter().chain([noun]).chain(rest);
        candidates.into_iter().find_map(|candidate| {
            let named = self.cast.entities.at(candidate.index()).is_some();
            if !is_noun(candidate) || !named && !is_outlet_noun(candidate) {
                return None;
            }
            let outlet = self.cast.resolve(candidate, None);
            (self.cast.list[outlet].kind == SpeakerKind::Media).then_some(outlet)
        })
    }

    fn pass_on(&mut self, relay: SpeakerIdx, cue: Token<'a>) {
        if self.route.relays.iter().all(|h| h.speaker != relay) {
            let cue = match self.attribution.cue.as_slice() {
                own if own.iter().any(|s| s.contains(cue.span())) => own.to_vec(),
                _ => vec![cue.span()],
            };
            self.route.relays.push(Hop { speaker: relay, cue });
        }
    }

    /// "Yonhap reported, citing an official", "Reuters, which quoted a clerk, said": the source
    /// names another one behind it.
    fn citations(&mut self, anchor: Token<'a>) {
        let range = anchor.sentence().range();
        let near = range.start.max(anchor.index().saturating_sub(NEAR))
            ..range.end.min(anchor.index() + NEAR);
        let citing = anchor.doc().slice(near).filter(|t| {
            let of_source =
                || t.dep() == "relcl" && self.source.is_some_and(|s| t.head() == s);
            (t.tag() == "VBG" || of_source()) && !self.is_cue(*t) && !self.is_content(*t)
        });
        let cited = citing.filter_map(|verb| Some((frame::cited(verb)?, verb)));
        for (object, verb) in cited.collect::<Vec<_>>() {
            if self.can_speak(object) {
                self.origin(object, verb);
            }
            if !self.route.origins.is_empty() {
                break;
            }
        }
    }

    /// Who tells that it was said: "… said, according to a transcript", "…, Reuters reported".
    fn frame(&mut self, anchor: Token<'a>) {
        let range = anchor.sentence().range();
        let near = range.start..range.end.min(anchor.index() + NEAR);
        for frame in anchor.doc().slice(near).filter_map(Frame::at) {
            let doc = anchor.doc();
            let is_own = |t: Token<'_>| t == anchor || self.is_told(t) || self.is_cue(t);
            let is_source = self.is_source(frame.teller);
            let behind = frame.cue.start > anchor.index();
            if !behind || is_source || doc.slice(frame.cue.clone()).any(is_own) {
                continue;
            }
            let token = doc.token(frame.cue.start);
            let teller = if token.lemma() != "accord" {
                self.outlet_of(frame.teller)
            } else if self.is_about(token, anchor) && self.can_speak(frame.teller) {
                let content = &self.attribution.content;
                Some(self.cast.source(frame.teller, &[], content, None))
            } else {
                None
            };
            let hop = teller
                .filter(|teller| *teller != self.speaker)
                .map(|speaker| Hop { speaker, cue: vec![doc.span_of(frame.cue)] });
            self.route.tellers.extend(hop);
        }
    }

    /// Whether an aside is about the claim: it hangs on the cue or on what is claimed.
    fn is_about(&self, aside: Token<'_>, cue: Token<'_>) -> bool {
        let above = aside.head();
        let is_top =
            above.is_root() || above.dep() != "conj" && !self.is_content(above.head());
        above == cue || is_top && self.is_content(above)
    }

    fn is_content(&self, token: Token<'_>) -> bool {
        self.attribution.content.iter().any(|s| s.contains(token.span()))
    }

    fn is_cue(&self, token: Token<'_>) -> bool {
        self.attribution.cue.iter().any(|s| s.contains(token.span()))
    }

    /// Whether a noun can be a source.
    fn can_speak(&self, noun: Token<'_>) -> bool {
        let named = self.cast.entities.at(noun.index()).is_some_and(|e| {
            matches!(self.cast.entities.list[e].label.as_str(), "PERSON" | "ORG" | "GPE")
        });
        named || frame::can_be_cited(noun)
    }
}

/// Whether a token tells something of the act of saying `cue`: it hangs below it, and no other
/// finite verb stands between.
fn belongs_to(token: Token<'_>, cue: Token<'_>) -> bool {
    for above in token.ancestors().take(NEAR) {
        if above == cue {
            return true;
        }
        if matches!(above.tag(), "VBD" | "VBZ" | "VBP" | "MD") {
            return false;
        }
    }
    false
}

fn is_noun(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Noun | Upos::Propn)
}

/// "a local newspaper", "state television", "a regional paper"; "the press" and "the media"
/// are nobody in particular.
fn is_outlet_noun(noun: Token<'_>) -> bool {
    let modified =
        || noun.children().any(|c| matches!(c.dep(), "amod" | "compound" | "nmod"));
    let particular = || noun.children().any(|c| matches!(c.lemma(), "a" | "an"));
    match noun.lemma() {
        "press" | "media" | "medium" | "news" => {
            modified() && !noun.children().any(|c| c.lemma() == "social")
        }
        "paper" | "channel" => modified() || particular(),
        "agency" => noun.children().any(|c| matches!(c.lemma(), "news" | "press")),
        lemma => lexicon::noun(&lemma.to_lowercase())
            .is_some_and(|n| n.kind == SpeakerKind::Media),
    }
}

/// People and parts of a news outlet: what is told to them is told to it.
fn works_for_outlet(lemma: &str) -> bool {
    matches!(
        lemma,
        "reporter"
            | "journalist"
            | "correspondent"
            | "presenter"
            | "anchor"
            | "host"
            | "columnist"
            | "crew"
            | "affiliate"
            | "programme"
            | "program"
            | "show"
            | "podcast"
            | "website"
            | "site"
            | "agency"
            | "service"
            | "bureau"
            | "radio"
            | "television"
            | "tv"
    ) || lexicon::noun(lemma).is_some_and(|n| n.kind == SpeakerKind::Media)
}

fn is_quoting(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "quote" | "cite") && verb.upos() == Upos::Verb
}

/// "speaking to Reuters", "a clerk who talked with the BBC"
fn speaks_to(verb: Token<'_>) -> bool {
    matches!(verb.lemma(), "speak" | "talk" | "write" | "appear")
        || verb.lemma() == "tell" && verb.dep() == "relcl"
}

/// Verbs by which an outlet passes on what others say or write.
fn passes_on(verb: Token<'_>) -> bool {
    matches!(
        verb.lemma(),
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
            | "view"
            | "review"
            | "report"
            | "conduct"
            | "send"
            | "email"
            | "give"
            | "grant"
            | "provide"
            | "leak"
            | "share"
            | "issue"
            | "distribute"
            | "televise"
            | "record"
            | "relay"
    )
}

fn leads_to_recipient(prep: Token<'_>) -> bool {
    matches!(prep.lemma(), "to" | "with" | "by" | "on" | "in" | "via" | "through")
}

/// Something in or at which one speaks, or those before whom one does.
fn is_venue(noun: Token<'_>) -> bool {
    frame::is_occasion(noun) || frame::is_press(noun)
}
