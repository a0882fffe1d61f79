//! Somebody in an event, and the noun that names them.

use according_nlp::{Doc, Span, Token, Upos};

use super::super::{lexicon, tree};
use super::Scene;
use super::word::{can_act, is_live};
use crate::annotate::MentionForm;
use crate::annotate::entity::Entities;

/// How many tokens back an antecedent is looked for.
const REACH: usize = 90;

/// Somebody in an event.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::annotate::event) struct Party {
    /// The noun that names them, where a pronoun was said its antecedent.
    pub(in crate::annotate::event) head: usize,
    pub(in crate::annotate::event) span: Span,
    pub(in crate::annotate::event) entity: Option<usize>,
    pub(in crate::annotate::event) lemma: String,
    /// Whether it is plural.
    pub(in crate::annotate::event) plural: bool,
    /// Whether it is a name.
    pub(in crate::annotate::event) named: bool,
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
    pub(in crate::annotate::event) fn before(
        &self,
        token: usize,
        doc: &Doc,
        entities: &Entities,
    ) -> Self {
        let noun = self.entity.and_then(|entity| last_noun(doc, entities, entity, token));
        noun.map_or_else(|| self.clone(), |noun| Self::new(doc, entities, noun))
    }
}

/// The party a word names, or stands for.
pub(super) fn party<'d>(scene: Scene<'d>, token: Token<'d>) -> Option<Party> {
    let Scene { doc, entities, source, .. } = scene;
    // "We", in what somebody says.
    let token = match token.feature("Person") {
        Some("1") if token.upos() == Upos::Pron => source?,
        _ => token,
    };
    if matches!(token.lemma(), "nobody" | "none") {
        return None;
    }
    // "Ana Reyes, a clerk jailed in May": the clerk is called by her name.
    let is_described = token.dep() == "appos"
        && token.upos() == Upos::Noun
        && token.head().upos() == Upos::Propn
        && token.head().ent_type() == "PERSON"
        && lexicon::is(token, "people");
    let token = if is_described { token.head() } else { token };
    // "The banker whose arrest they want".
    let token = match token.tag() {
        "WP$" => {
            let clause = token.ancestors().find(|above| above.dep() == "relcl");
            clause.map_or(token, Token::head)
        }
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
        // "Velm Airlines" is one.
        let is_one =
            !plural || t.tag() == "NNPS" && matches!(t.ent_type(), "ORG" | "GPE");
        let body =
            matches!(t.ent_type(), "ORG" | "GPE" | "NORP") || lexicon::is(*t, "org");
        match pronoun.text().to_lowercase().as_str() {
            "he" | "him" | "his" | "she" | "her" | "himself" | "herself" => {
                !plural && !body && lexicon::is(*t, "people")
            }
            "they" | "them" | "their" | "themselves" | "who" | "those" | "these" => {
                (plural || body || lexicon::is(*t, "force")) && lexicon::is(*t, "people")
            }
            "it" | "its" | "itself" => is_one && body,
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
