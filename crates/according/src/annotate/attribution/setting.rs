//! Where something was said, to whom, and who tells that it was, is no part of what was said.
//!
//! After a cue with an object, place and hearer stand behind the content and hang on the cue:
//! "confirmed [the arrests] in an interview with the Herald", "described [the raid] to the
//! Herald". Whom the source cites for it, and who tells that it was said, stand behind a comma:
//! "said [the gang had fled], citing witnesses", "said [the gang had fled], the Herald reported".
//! The ways that claims took are read off these words, see `chain`.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::{AttributionKind, lexicon, span};
use crate::annotate::frame::{self, Frame};

/// Takes all these out of contents, and those out that only tell that another was said.
pub(super) fn take_out(chosen: &mut Vec<Candidate<'_>>) {
    let mut framed: Vec<(Range<usize>, Vec<Range<usize>>)> = Vec::new();
    for candidate in chosen.iter_mut() {
        if let Some(frame) = cut_frame(candidate) {
            framed.push((frame, candidate.content.clone()));
        }
        cut_citation(candidate);
        cut_occasion(candidate);
        candidate.content.retain(|range| !range.is_empty());
    }
    chosen.retain(|c| {
        let tells = |(frame, content): &(Range<usize>, Vec<Range<usize>>)| {
            c.cue.iter().all(|i| frame.contains(i))
                && span::shared(&c.content, content) == span::size(&c.content)
        };
        !c.content.is_empty() && !framed.iter().any(tells)
    });
}

/// Cuts ", the Herald reported" and ", according to a clerk" off the end, and tells where that
/// stands.
fn cut_frame(candidate: &mut Candidate<'_>) -> Option<Range<usize>> {
    let doc = candidate.head.doc();
    let is_saying = candidate.kind() == AttributionKind::Speech;
    if !is_saying || candidate.source.is_none() || candidate.head.upos() != Upos::Verb {
        return None;
    }
    let range = candidate.content.last()?.clone();
    let frame = doc.slice(range.clone()).filter_map(Frame::at).find(|frame| {
        let Range { start, end } = frame.words;
        start >= range.start && end >= range.end && frame.follows_comma()
    })?;
    let frame = frame.words;
    // All of it is one when it stands apart: "[…,]" a clerk said, [the Herald reported].
    candidate.content.pop();
    let rest = span::trim(doc, range.start..frame.start);
    candidate.content.extend((!rest.is_empty()).then_some(rest));
    Some(frame)
}

/// Cuts ", citing witnesses" off the end, and "as quoted by the Herald," off the beginning.
fn cut_citation(candidate: &mut Candidate<'_>) {
    let cue = candidate.head;
    if !matches!(cue.upos(), Upos::Verb | Upos::Aux) {
        return;
    }
    let doc = cue.doc();
    for range in &mut candidate.content {
        let citing = doc.slice(range.clone()).find(|t| {
            let ends = t.subtree().end >= range.end && t.index() > range.start;
            ends && t.tag() == "VBG"
                && frame::follows_comma(*t, t.index())
                && frame::cited(*t).is_some_and(can_be_cited)
        });
        if let Some(citing) = citing {
            *range = span::trim(doc, range.start..citing.index());
        }
        let first = doc.token(range.start);
        let participle = Some(first.head()).filter(|verb| {
            first.lemma() == "as"
                && verb.index() == first.index() + 1
                && verb.tag() == "VBN"
                && verb.children().any(|c| c.dep() == "agent")
        });
        if let Some(aside) = participle.map(|verb| verb.subtree())
            && aside.end < range.end
        {
            *range = span::trim(doc, aside.end..range.end);
        }
    }
}

/// Somebody, or something written: not "citing health reasons".
fn can_be_cited(noun: Token<'_>) -> bool {
    let is_name = noun.upos() == Upos::Propn
        && matches!(noun.ent_type(), "ORG" | "PERSON" | "GPE" | "NORP");
    is_name || frame::can_be_cited(noun)
}

/// Cuts "in an interview with the Herald" and "to the Herald" off the end.
fn cut_occasion(candidate: &mut Candidate<'_>) {
    let cue = candidate.head;
    let is_speech = lexicon::cue(cue.lemma(), cue.upos()).is_some_and(|cue| cue.speech);
    let Some(object) =
        cue.child("dobj").filter(|o| is_speech && candidate.covers(o.index()))
    else {
        return;
    };
    let of_cue = cue
        .children()
        .filter(|c| c.index() > object.index() && matches!(c.dep(), "prep" | "dative"))
        .filter(|c| tells_setting(*c));
    // "announced a truce in a statement" is often read as a truce that stands in one.
    let is_saying = lexicon::cue(object.lemma(), Upos::Noun).is_some();
    let of_object = object
        .children()
        .filter(|c| c.dep() == "prep" && !is_saying && tells_occasion(*c));
    let settings = of_cue.chain(of_object);
    let doc = cue.doc();
    for setting in settings {
        let at = setting.index();
        let Some(range) = candidate.content.iter_mut().find(|r| r.contains(&at)) else {
            continue;
        };
        // What follows tells more of the saying, or nothing: "… on Monday".
        let is_aside = |t: Token<'_>| {
            let tells_why = matches!(t.lemma(), "over" | "for" | "about" | "as");
            let own = t.head() == cue
                && matches!(t.dep(), "prep" | "npadvmod" | "punct")
                && !tells_why;
            t.index() == at
                || own
                || t.head().index() >= at && t.head().index() < range.end
        };
        let is_finite = |t: Token<'_>| matches!(t.tag(), "VBD" | "VBZ" | "VBP" | "MD");
        if doc.slice(at..range.end).all(|t| is_aside(t) && !is_finite(t)) {
            *range = span::trim(doc, range.start..at);
            return;
        }
    }
}

/// "to the Herald", "to reporters", or an occasion.
fn tells_setting(prep: Token<'_>) -> bool {
    let Some(object) = prep.child("pobj") else { return false };
    match prep.lemma() {
        "to" => {
            let is_name = object.upos() == Upos::Propn
                && matches!(object.ent_type(), "ORG" | "PERSON");
            has_hearer(prep.head()) && (is_name || frame::is_press(object))
        }
        "with" => frame::is_press(object),
        _ => tells_occasion(prep),
    }
}

/// "in an interview", "at a news conference", "on Twitter".
fn tells_occasion(prep: Token<'_>) -> bool {
    matches!(prep.lemma(), "in" | "on" | "at" | "during" | "via" | "through")
        && prep.child("pobj").is_some_and(frame::is_occasion)
}

/// Verbs of which "to" tells who hears it: not "linked the blast to a gang".
fn has_hearer(verb: Token<'_>) -> bool {
    matches!(
        verb.lemma(),
        "acknowledge"
            | "admit"
            | "announce"
            | "confirm"
            | "deny"
            | "describe"
            | "detail"
            | "disclose"
            | "explain"
            | "recount"
            | "relate"
            | "report"
            | "reveal"
            | "verify"
    )
}
