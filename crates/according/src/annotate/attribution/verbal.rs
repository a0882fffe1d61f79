//! Verbs that attribute, and adjectives with their copula, by the frame they stand in.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::scene::Scene;
use super::source::{self, Source};
use super::{Pattern, Stance, lexicon, span};
use crate::article::BlockKind;

pub(super) fn propose<'d>(
    scene: &Scene<'d>,
    token: Token<'d>,
    found: &mut Vec<Candidate<'d>>,
) {
    if !matches!(token.upos(), Upos::Verb | Upos::Aux) || is_auxiliary(token) {
        return;
    }
    let mut frame = Frame::new(scene, token, found);
    if token.upos() == Upos::Verb {
        frame.clauses();
        frame.objects();
        frame.prepositions();
        frame.passives();
        frame.parentheses();
        frame.relatives();
    }
    frame.adjectives();
}

pub(super) fn is_auxiliary(token: Token<'_>) -> bool {
    matches!(token.dep(), "aux" | "auxpass")
}

/// The words of a verb group up to and with `verb`: auxiliaries, negation, adverbs between
/// them, the particle, and the verbs it hangs from as an infinitive: "[has not yet begun to
/// say]".
pub(super) fn group(verb: Token<'_>) -> Vec<usize> {
    let mut words = vec![verb.index()];
    let mut at = verb;
    for _ in 0..4 {
        let mut left = at.index();
        let mut before: Vec<Token<'_>> =
            at.children().filter(|c| c.index() < at.index()).collect();
        before.reverse();
        for child in before {
            let belongs = matches!(child.dep(), "aux" | "auxpass" | "neg")
                || (child.dep() == "advmod"
                    && child.upos() == Upos::Adv
                    && child.index() + 1 == left);
            if belongs {
                words.push(child.index());
                left = child.index();
            }
        }
        words.extend(
            at.children()
                .filter(|c| {
                    c.dep() == "prt" || (c.dep() == "neg" && c.index() > at.index())
                })
                .map(Token::index),
        );
        if at.dep() != "xcomp"
            || !matches!(at.head().upos(), Upos::Verb)
            || at.child("aux").is_none()
        {
            break;
        }
        at = at.head();
        words.push(at.index());
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// Headlines leave the auxiliary out: *Smugglers [Said] to Pay Guards*.
fn is_headline_passive(scene: &Scene<'_>, verb: Token<'_>) -> bool {
    let block = scene.blocks.get(scene.block_at(verb.index()));
    block.is_some_and(|b| b.kind == BlockKind::Headline)
        && matches!(verb.tag(), "VBD" | "VBN")
        && verb.next().is_some_and(|to| to.tag() == "TO")
        && verb.child("xcomp").is_some()
        && lexicon::cue(verb.lemma(), Upos::Verb).is_some_and(|cue| {
            (cue.speech && cue.stance == Stance::Neutral) || verb.lemma() == "believe"
        })
}

/// A verb with what it governs, proposing candidates.
struct Frame<'s, 'd> {
    scene: &'s Scene<'d>,
    verb: Token<'d>,
    cue: Vec<usize>,
    source: Option<Source<'d>>,
    passive: bool,
    found: &'s mut Vec<Candidate<'d>>,
}

impl<'s, 'd> Frame<'s, 'd> {
    fn new(
        scene: &'s Scene<'d>,
        verb: Token<'d>,
        found: &'s mut Vec<Candidate<'d>>,
    ) -> Self {
        let passive = verb.child("auxpass").is_some() || is_headline_passive(scene, verb);
        let quoted = source::quoted(verb);
        let source = match passive && quoted.is_none() {
            true => source::agent(verb),
            false => quoted.or_else(|| source::subject(verb)),
        };
        let mut cue = group(verb);
        if let Some(saying) = source::quoted_saying(verb) {
            cue.extend([saying.head().index(), saying.index()]);
        }
        Self { scene, verb, cue, source, passive, found }
    }

    fn push(&mut self, pattern: Pattern, content: Vec<Range<usize>>) {
        self.push_with(pattern, content, None, "", self.source.clone());
    }

    fn push_with(
        &mut self,
        pattern: Pattern,
        content: Vec<Range<usize>>,
        more_cue: Option<Range<usize>>,
        preposition: &'d str,
        source: Option<Source<'d>>,
    ) {
        let doc = self.scene.doc;
        let mut cue = self.cue.clone();
        cue.extend(more_cue.into_iter().flatten());
        cue.sort_unstable();
        let mut content = span::without(doc, &content, 0..0);
        for word in super::candidate::runs(&cue) {
            content = span::without(doc, &content, word);
        }
        if let Some(source) = &source {
            content = span::without(doc, &content, source.tokens.clone());
        }
        if content.is_empty() {
            return;
        }
        let mut candidate = Candidate::new(pattern, self.verb, cue, source, content);
        candidate.preposition = preposition;
        self.found.push(candidate);
    }

    /// The words of a clause that follows the verb.
    fn right(&self, child: Token<'d>) -> Range<usize> {
        let range = child.subtree();
        range.start.max(self.verb.index() + 1)..range.end
    }

    fn clauses(&mut self) {
        let verb = self.verb;
        let is_clause = |c: &Token<'_>| c.dep() == "ccomp";
        let before = verb.children().find(|c| is_clause(c) && c.index() < verb.index());
        if let Some(clause) = before {
            let content = self.before(clause);
            self.push(Pattern::Before, vec![content]);
        }
        let mut after: Vec<Range<usize>> = Vec::new();
        for clause in verb.children().filter(|c| is_clause(c) && c.index() > verb.index())
        {
            let clause = self.right(clause);
            match after.last_mut() {
                // The parse cut one clause in two: "that the men held in May | were guards".
                Some(last) if last.end == clause.start => last.end = clause.end,
                _ => after.push(clause),
            }
        }
        let it = verb.children().find(|c| {
            matches!(c.dep(), "expl" | "nsubj" | "nsubjpass") && c.lemma() == "it"
        });
        let impersonal = it.is_some_and(|it| self.passive || it.dep() == "expl");
        for content in after {
            if impersonal {
                let source = source::agent(verb);
                self.push_with(Pattern::Impersonal, vec![content], None, "", source);
            } else {
                self.push(Pattern::Clause, vec![content]);
            }
        }
        let infinitive = verb.children().find(|c| c.dep() == "xcomp");
        if let Some(infinitive) = infinitive
            && !self.passive
            && verb.child("dobj").is_none()
        {
            let content = self.right(infinitive);
            self.push(Pattern::Infinitive, vec![content]);
        }
        let purpose = verb.children().find(|c| {
            c.dep() == "advcl"
                && c.index() > verb.index()
                && c.children().any(|m| m.dep() == "mark" && m.lemma() == "for")
        });
        if let Some(purpose) = purpose {
            let content = self.right(purpose);
            let clause = content.start + 1..content.end;
            self.push_with(
                Pattern::Purpose,
                vec![clause],
                Some(content.start..content.start + 1),
                "for",
                self.source.clone(),
            );
        }
    }

    /// A clause before its verb reaches back to the start of the sentence, where the parse
    /// hangs "But" and the like from the wrong verb.
    fn before(&self, clause: Token<'d>) -> Range<usize> {
        let sentence = self.verb.sentence().range();
        let range = clause.subtree();
        let source = self.source.as_ref().map_or(usize::MAX, |s| s.tokens.start);
        let cue = self.cue.first().copied().unwrap_or(self.verb.index());
        let end = if range.end > self.verb.index() + 1 {
            // The verb interrupts its clause.
            range.end
        } else {
            [source, cue].into_iter().filter(|&i| i > clause.index()).min().unwrap_or(cue)
        };
        let start = if self.verb.is_root() && source > clause.index() {
            sentence.start
        } else {
            range.start
        };
        start..end.max(start)
    }

    fn objects(&mut self) {
        let verb = self.verb;
        if self.passive {
            return;
        }
        let Some(object) =
            verb.children().find(|c| c.dep() == "dobj" && c.index() > verb.index())
        else {
            return;
        };
        let range = self.right(object);
        self.push(Pattern::Object, vec![range.clone()]);
        let more: Vec<_> = verb
            .children()
            .filter(|c| c.index() > object.index())
            .filter(|c| matches!(c.dep(), "oprd" | "xcomp" | "prep" | "advcl"))
            .collect();
        for more in more {
            let preposition = match more.dep() {
                "prep" => more.lemma(),
                other => other,
            };
            // "asked the board to resign": whoever is asked is no part of what is asked.
            let asked = more.dep() == "xcomp"
                && lexicon::cue(verb.lemma(), verb.upos())
                    .is_some_and(|c| c.stance == Stance::Directive);
            let start = if asked { range.end } else { range.start };
            let content = start..more.subtree().end.max(range.end);
            self.push_with(
                Pattern::ObjectPlus,
                vec![content],
                None,
                preposition,
                self.source.clone(),
            );
        }
    }

    fn prepositions(&mut self) {
        let verb = self.verb;
        let prepositions: Vec<_> = verb
            .children()
            .filter(|c| c.dep() == "prep" && c.index() > verb.index())
            .filter(|_| !self.passive)
            .collect();
        for preposition in prepositions {
            let Some(object) = preposition.children().find(|c| {
                matches!(c.dep(), "pobj" | "pcomp") && c.index() > preposition.index()
            }) else {
                continue;
            };
            let at = preposition.index();
            let content = object.subtree().start.max(at + 1)..object.subtree().end;
            self.push_with(
                Pattern::Prepositional,
                vec![content],
                Some(at..at + 1),
                preposition.lemma(),
                self.source.clone(),
            );
        }
    }

    fn passives(&mut self) {
        let verb = self.verb;
        if !self.passive || source::quoted(verb).is_some() {
            return;
        }
        let subject = verb.child("nsubjpass").or_else(|| verb.child("nsubj"));
        let Some(subject) = subject.filter(|s| s.lemma() != "it") else { return };
        let agent = verb
            .children()
            .find(|c| c.dep() == "agent")
            .map(|by| by.index()..by.index() + 1);
        let predicate = verb.children().filter(|c| c.index() > verb.index()).find(|c| {
            matches!(c.dep(), "xcomp" | "oprd")
                || (c.dep() == "prep" && c.lemma() == "as")
        });
        let named = subject.subtree();
        if let Some(predicate) = predicate {
            let content = vec![named, self.right(predicate)];
            self.push_with(
                Pattern::Raising,
                content,
                agent,
                predicate.dep(),
                self.source.clone(),
            );
        } else {
            self.push_with(Pattern::Passive, vec![named], agent, "", self.source.clone());
        }
    }

    /// "The dam, she [said], would hold." "As she [put] it, the dam would hold."
    fn parentheses(&mut self) {
        let verb = self.verb;
        if verb.is_root() || verb.child("ccomp").is_some() {
            return;
        }
        let above = verb.head();
        if !matches!(above.upos(), Upos::Verb | Upos::Aux) {
            return;
        }
        let mut own = verb.subtree();
        if let Some(comma) = resumption(verb) {
            own.end = comma;
        }
        let short = own.len() <= 14;
        let clause = above.subtree();
        let as_clause = verb.dep() == "advcl"
            && verb.children().any(|c| {
                c.index() < verb.index()
                    && matches!(c.dep(), "mark" | "advmod")
                    && c.lemma() == "as"
            });
        let aside = matches!(verb.dep(), "parataxis")
            || (matches!(verb.dep(), "advcl" | "dep" | "ccomp")
                && short
                && verb.child("mark").is_none()
                && verb.child("dobj").is_none()
                && verb.children().any(|c| c.dep() == "nsubj"));
        if as_clause {
            self.push(Pattern::As, span::without(self.scene.doc, &[clause], own));
        } else if aside && short {
            self.push(
                Pattern::Parenthesis,
                span::without(self.scene.doc, &[clause], own),
            );
        }
    }

    /// "the price he [mentioned]": the object is the noun above.
    fn relatives(&mut self) {
        let verb = self.verb;
        if verb.dep() != "relcl" || self.passive {
            return;
        }
        let object = verb.children().find(|c| c.dep() == "dobj");
        let open = object
            .is_none_or(|o| matches!(o.tag(), "WDT" | "WP") && o.index() < verb.index());
        let subject_is_pronoun =
            self.source.as_ref().is_some_and(|s| matches!(s.head.tag(), "WDT" | "WP"));
        if !open
            || subject_is_pronoun
            || self.source.is_none()
            || verb.child("ccomp").is_some()
        {
            return;
        }
        let noun = verb.head();
        let range = noun.subtree().start..verb.subtree().start.max(noun.index() + 1);
        self.push(Pattern::Relative, vec![range]);
    }

    /// "He [is sure] that it rained." "She [is critical of] the plan."
    fn adjectives(&mut self) {
        let verb = self.verb;
        let Some(adjective) = verb.child("acomp").filter(|a| a.index() > verb.index())
        else {
            return;
        };
        let source = source::subject(verb);
        let mut cue = self.cue.clone();
        cue.extend(
            adjective
                .children()
                .filter(|c| matches!(c.dep(), "advmod" | "neg"))
                .map(Token::index),
        );
        cue.push(adjective.index());
        cue.sort_unstable();
        let complements: Vec<_> = adjective
            .children()
            .chain(verb.children())
            .filter(|c| c.index() > adjective.index())
            .collect();
        for complement in complements {
            let at = complement.index();
            let range = complement.subtree();
            let (pattern, content, preposition, more) = match complement.dep() {
                "ccomp" | "xcomp" => (Pattern::Adjective, range, complement.dep(), None),
                "prep" => match complement
                    .children()
                    .find(|c| matches!(c.dep(), "pobj" | "pcomp"))
                {
                    Some(object) => (
                        Pattern::AdjectivePrep,
                        object.subtree(),
                        complement.lemma(),
                        Some(at),
                    ),
                    None => continue,
                },
                _ => continue,
            };
            let impersonal = source.as_ref().is_some_and(|s| s.head.lemma() == "it");
            let mut words = cue.clone();
            words.extend(more);
            words.sort_unstable();
            words.dedup();
            let content = span::without(self.scene.doc, &[content], 0..0);
            if content.is_empty() {
                continue;
            }
            let source = source.clone().filter(|_| !impersonal);
            let mut candidate =
                Candidate::new(pattern, adjective, words, source, content);
            candidate.preposition = preposition;
            self.found.push(candidate);
        }
    }
}

/// The comma behind which what is said goes on, which the parse hangs from the cue: "Ten died,
/// police [said], in what was the worst attack this year".
fn resumption(verb: Token<'_>) -> Option<usize> {
    let goes_on = |c: &Token<'_>| {
        let is_superlative = |object: Token<'_>| {
            object.children().any(|m| {
                m.dep() == "amod"
                    && (m.tag() == "JJS" || matches!(m.lemma(), "first" | "latest"))
            })
        };
        c.dep() == "prep"
            && c.index() > verb.index() + 1
            && c.lemma() == "in"
            && c.prev().is_some_and(|comma| comma.text() == ",")
            && (c.child("pcomp").is_some() || c.child("pobj").is_some_and(is_superlative))
    };
    verb.children().find(goes_on).map(|c| c.index() - 1)
}
