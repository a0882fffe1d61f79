//! Nouns that attribute: "the union's [claim] that …", "their [denial of] …", "Her [view
//! is] that …".

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::scene::Scene;
use super::{Pattern, source, span, verbal};

pub(super) fn propose<'d>(
    scene: &Scene<'d>,
    noun: Token<'d>,
    found: &mut Vec<Candidate<'d>>,
) {
    if noun.upos() != Upos::Noun {
        return;
    }
    let doc = scene.doc;
    // "made the claim", "has doubts": the verb gives the source and belongs to the cue.
    let above = noun.head();
    let governed = match noun.dep() {
        "dobj" | "attr" => above.index() < noun.index(),
        _ => false,
    };
    let own = source::owner(noun);
    let light = own.is_none() && governed;
    let owner = own
        .or_else(|| source::subject(above).filter(|_| light))
        .or_else(|| source::name_before(noun));
    let mut cue: Vec<usize> = noun
        .children()
        .filter(|c| c.index() < noun.index())
        .filter(|c| matches!(c.dep(), "amod" | "compound" | "det"))
        .filter(|c| owner.as_ref().is_none_or(|o| !o.tokens.contains(&c.index())))
        .map(Token::index)
        .collect();
    cue.push(noun.index());
    if light && noun.dep() == "dobj" {
        cue.extend(verbal::group(above));
        cue.sort_unstable();
        cue.dedup();
    }
    let mut push = |pattern,
                    content: std::ops::Range<usize>,
                    cue: Vec<usize>,
                    owner,
                    preposition| {
        let content = span::without(doc, &[content], 0..0);
        if !content.is_empty() {
            let mut candidate = Candidate::new(pattern, noun, cue, owner, content);
            candidate.preposition = preposition;
            found.push(candidate);
        }
    };
    for child in noun.children().filter(|c| c.index() > noun.index()) {
        let range = child.subtree();
        match child.dep() {
            "acl" | "ccomp" | "relcl" if introduced_by_that(child) => {
                push(Pattern::Noun, range, cue.clone(), owner.clone(), "that");
            }
            "acl" | "xcomp" if is_to_infinitive(child) => {
                push(Pattern::Noun, range, cue.clone(), owner.clone(), "to");
            }
            "prep" => {
                let at = child.index();
                let Some(object) = child
                    .children()
                    .find(|c| matches!(c.dep(), "pobj" | "pcomp") && c.index() > at)
                else {
                    continue;
                };
                if owner.as_ref().is_some_and(|o| o.tokens.contains(&object.index()))
                    || tells_place(child, object)
                {
                    continue;
                }
                let mut cue = cue.clone();
                cue.push(at);
                cue.sort_unstable();
                push(
                    Pattern::NounPrep,
                    object.subtree(),
                    cue,
                    owner.clone(),
                    child.lemma(),
                );
            }
            _ => {}
        }
    }
    // "Her view is that it will pass."
    if noun.dep() == "nsubj"
        && above.lemma() == "be"
        && let Some(clause) = above
            .children()
            .find(|c| matches!(c.dep(), "ccomp" | "xcomp") && c.index() > above.index())
    {
        let mut cue = cue.clone();
        cue.extend(verbal::group(above));
        cue.sort_unstable();
        push(Pattern::NounIs, clause.subtree(), cue, owner, clause.dep());
    }
}

/// "a news conference in Velm": where it is, not what it is about.
fn tells_place(prep: Token<'_>, object: Token<'_>) -> bool {
    matches!(prep.lemma(), "in" | "at" | "near" | "outside")
        && matches!(object.ent_type(), "GPE" | "LOC" | "FAC")
}

fn introduced_by_that(clause: Token<'_>) -> bool {
    clause.children().any(|c| {
        c.dep() == "mark"
            && matches!(c.lemma(), "that" | "whether" | "if")
            && c.index() < clause.index()
    })
}

fn is_to_infinitive(clause: Token<'_>) -> bool {
    clause.children().any(|c| c.dep() == "aux" && c.tag() == "TO")
}
