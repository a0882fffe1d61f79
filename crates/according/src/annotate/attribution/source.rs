//! Whose words they are: from a cue to the noun phrase that stands behind it.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::span;

/// The noun phrase of a source.
#[derive(Clone, Debug)]
pub(super) struct Source<'d> {
    pub(super) head: Token<'d>,
    pub(super) tokens: Range<usize>,
}

/// The noun phrase around `head`, with its appositions and prepositions and without relative
/// and participle clauses, which only add news.
pub(super) fn phrase(head: Token<'_>) -> Source<'_> {
    let mut tokens = head.subtree();
    for child in head.children().filter(|c| c.index() > head.index()) {
        // "officials familiar with the matter": needed to know who. "the mayor, who was
        // elected in May": not.
        let adds_news = matches!(
            child.dep(),
            "relcl" | "acl" | "advcl" | "ccomp" | "parataxis" | "dep"
        );
        if adds_news {
            tokens.end = tokens.end.min(child.subtree().start.max(head.index() + 1));
        }
    }
    let mut tokens = span::trim(head.doc(), tokens);
    if tokens.is_empty() {
        tokens = head.index()..head.index() + 1;
    }
    Source { head, tokens }
}

/// Whether it tells what is said of the noun before it, by nobody who is named, whatever the
/// parse says: "a man [said] to be her brother", "a clerk, [believed] to be in Velm".
pub(super) fn is_said_of(verb: Token<'_>) -> bool {
    let to_be = |c: Token<'_>| {
        let has_been = || c.children().any(|a| a.dep() == "aux" && a.lemma() == "have");
        c.dep() == "xcomp" && (c.lemma() == "be" || c.tag() == "VBN" && has_been())
    };
    let takes_no_infinitive = match verb.lemma() {
        "allege" | "believe" | "know" | "presume" | "report" | "rumor" | "think" => true,
        "say" => verb.children().any(to_be),
        _ => false,
    };
    takes_no_infinitive
        && matches!(verb.tag(), "VBN" | "VBD")
        && verb.next().is_some_and(|to| to.tag() == "TO")
        && verb.child("xcomp").is_some()
        && verb.children().all(|c| !matches!(c.dep(), "aux" | "auxpass" | "agent"))
}

/// "said Sgt. [Ana Reyes, a spokeswoman]": a source that is no more than a title, behind whose
/// point the pipeline took a sentence to begin, with the name that stands there.
pub(super) fn with_name_behind<'d>(source: &Source<'d>) -> Option<Source<'d>> {
    let title = source.head;
    let is_title = TITLES.iter().any(|t| title.text().eq_ignore_ascii_case(t));
    let dot = title.next().filter(|dot| is_title && dot.text() == ".")?;
    let mut name = dot.next().filter(|t| t.is_sent_start() && !title.space_after())?;
    while name.dep() == "compound" && name.head().index() > name.index() {
        name = name.head();
    }
    let start = source.tokens.start;
    let mut named = phrase(name);
    let follows = name.upos() == Upos::Propn && named.tokens.start == dot.index() + 1;
    named.tokens.start = start;
    follows.then_some(named)
}

/// Titles that are written with a point.
const TITLES: [&str; 22] = [
    "asst", "atty", "brig", "cmdr", "comm", "const", "cpl", "cst", "det", "hon", "insp",
    "lt", "maj", "msgr", "pfc", "pres", "pte", "pvt", "sgt", "spc", "supt", "vp",
];

fn is_subject(token: Token<'_>) -> bool {
    matches!(token.dep(), "nsubj" | "nsubjpass" | "csubj") && token.dep() != "expl"
}

/// The subject that `verb` has, borrows from the verb it is joined to, or is understood to
/// have: "The mayor resigned, [saying] he was tired."
pub(super) fn subject(verb: Token<'_>) -> Option<Source<'_>> {
    let mut at = verb;
    // Five steps reach as far as any real sentence; parses of tables run deeper.
    for _ in 0..5 {
        if let Some(own) = at.children().find(|&c| is_subject(c)) {
            return (own.dep() != "csubj").then(|| phrase(own));
        }
        if at.children().any(|c| c.dep() == "agent") && at != verb {
            return None;
        }
        if at.is_root() {
            return None;
        }
        let above = at.head();
        match at.dep() {
            // "asked [him] to say"
            "xcomp" => {
                if let Some(object) =
                    above.child("dobj").filter(|o| o.index() > above.index())
                {
                    return Some(phrase(object));
                }
                at = above;
            }
            "conj" | "advcl" | "ccomp" | "pcomp" | "prep" | "parataxis" | "dep"
            | "acomp" | "attr" | "dobj" | "pobj" | "oprd" => at = above,
            // "one poster writing in a blog"
            "acl" => return Some(without(phrase(above), at)),
            "relcl" => return None,
            _ => return None,
        }
        if matches!(at.upos(), Upos::Noun | Upos::Propn | Upos::Pron)
            && at.dep() == "pobj"
        {
            // "with one poster writing": the participle hung from the noun.
            return None;
        }
    }
    None
}

/// "was quoted [as saying]" with the verb of saying.
pub(super) fn quoted_saying(quoting: Token<'_>) -> Option<Token<'_>> {
    let quotes = matches!(quoting.lemma(), "quote" | "cite")
        && quoting.upos() == Upos::Verb
        && quoting.child("auxpass").is_some();
    let prep = quoting.child("prep").filter(|p| quotes && p.lemma() == "as");
    prep.and_then(|prep| prep.child("pcomp"))
}

/// Who "was quoted as saying": the one quoted, whoever quotes. Either verb leads there.
pub(super) fn quoted(verb: Token<'_>) -> Option<Source<'_>> {
    let above = verb.ancestors().take(2).find(|a| quoted_saying(*a) == Some(verb));
    let quoting = above.or_else(|| quoted_saying(verb).map(|_| verb))?;
    quoting.child("nsubjpass").map(phrase)
}

/// Who is asked or told, by nobody who is named: "[Asked] whether it would hold, [the mayor]
/// nodded."
pub(super) fn asked(verb: Token<'_>) -> Option<Source<'_>> {
    let is_bare = |c: Token<'_>| {
        !matches!(c.dep(), "aux" | "auxpass" | "nsubj" | "nsubjpass" | "agent")
    };
    let is_asked =
        matches!(verb.lemma(), "ask" | "inform" | "press" | "question" | "quiz" | "tell")
            && matches!(verb.tag(), "VBN" | "VBD")
            && matches!(verb.dep(), "advcl" | "acl")
            && verb.children().all(is_bare);
    subject(verb).filter(|_| is_asked)
}

fn without<'d>(mut source: Source<'d>, part: Token<'d>) -> Source<'d> {
    let cut = part.subtree();
    if cut.start > source.head.index() {
        let rest = source.tokens.start..source.tokens.end.min(cut.start);
        let rest = span::trim(part.doc(), rest);
        if !rest.is_empty() {
            source.tokens = rest;
        }
    }
    source
}

/// The agent of a passive: "rejected by [the union]".
pub(super) fn agent(verb: Token<'_>) -> Option<Source<'_>> {
    let by = verb.children().find(|c| c.dep() == "agent")?;
    by.child("pobj").map(phrase)
}

/// Whoever a noun of saying or thinking belongs to by its own phrase: "[the union]'s claim",
/// "a claim by [the union]".
pub(super) fn owner(noun: Token<'_>) -> Option<Source<'_>> {
    if let Some(poss) = noun.child("poss") {
        let mut source = phrase(poss);
        // The genitive mark belongs to nobody's name.
        if let Some(mark) = poss.children().find(|c| c.dep() == "case") {
            source.tokens.end = source.tokens.end.min(mark.index());
        }
        return (!source.tokens.is_empty()).then_some(source);
    }
    let from = noun.children().find(|c| {
        c.index() > noun.index()
            && matches!(c.dep(), "prep" | "agent")
            && matches!(c.lemma(), "by" | "from" | "among")
    })?;
    from.child("pobj").map(phrase)
}

/// The name before a noun: "the [White House] denial".
pub(super) fn name_before(noun: Token<'_>) -> Option<Source<'_>> {
    let named = noun.children().find(|c| {
        matches!(c.dep(), "compound" | "nmod" | "amod")
            && matches!(c.ent_type(), "ORG" | "GPE" | "NORP" | "PERSON")
            && c.upos() != Upos::Num
    });
    named.map(phrase)
}
