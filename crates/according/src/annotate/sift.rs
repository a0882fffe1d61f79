//! From attributions to claims: what only looks like a claim goes, and what the grammar left
//! open is settled by what the words mean.

use according_nlp::{Doc, Span, Token, Upos};

use super::attribution::{Attribution, AttributionKind, Stance};
use super::claim::overlap;
use super::entity::Entities;
use super::speaker;

/// The attributions that are claims, each with the stance and the borders it has as one.
pub(super) fn sift(
    doc: &Doc,
    entities: &Entities,
    mut attributions: Vec<Attribution>,
) -> Vec<Attribution> {
    let cues: Vec<Token<'_>> =
        attributions.iter().filter_map(|a| token(doc, a.cue_head)).collect();
    attributions.retain(|a| !tells_only_the_way(doc, a, &cues) && !does_not_say(doc, a));
    for attribution in &mut attributions {
        settle_stance(doc, attribution);
        leave_out_the_asked(doc, attribution);
        leave_to_the_reporter(doc, attribution);
        cut_citation(doc, &mut attribution.content);
        take_name(doc, entities, attribution);
    }
    let again: Vec<bool> =
        attributions.iter().map(|a| is_said_again(doc, a, &attributions)).collect();
    let mut again = again.into_iter();
    attributions.retain(|_| !again.next().unwrap_or(false));
    attributions
}

fn token(doc: &Doc, number: Option<usize>) -> Option<Token<'_>> {
    number.filter(|&t| t < doc.len()).map(|t| doc.token(t))
}

/// Whether an attribution says nothing of the news: "Yonhap, citing an official, reported"
/// names the origin of what is reported; "he was quoted as saying" has what he said behind
/// "saying", one of `cues`; a wish to stay unnamed is the reason why a source is.
fn tells_only_the_way(doc: &Doc, attribution: &Attribution, cues: &[Token<'_>]) -> bool {
    let quotes = |cue: &Token<'_>| matches!(cue.lemma(), "cite" | "quote");
    let cue = token(doc, attribution.cue_head).filter(quotes);
    let only_cites = cue.is_some_and(|cue| {
        let says = |c: &Token<'_>| c.lemma() == "say" && *c != cue && cue.dominates(*c);
        let aside = cue.tag() == "VBG" || cue.dep() == "relcl";
        // "declined to say": the cue hangs from the verb that the aside hangs from.
        let leads_to_cue = |c: &Token<'_>| c.dep() == "xcomp" && c.head() == cue.head();
        let in_report = || {
            cue.ancestors().any(|above| cues.contains(&above))
                || cues.iter().any(leads_to_cue)
        };
        aside && in_report() || cues.iter().any(says)
    });
    let content = attribution.content.iter().flat_map(|&s| doc.slice(doc.tokens_in(s)));
    only_cites || speaker::asks_for_no_name(content)
}

/// Whether a word that mostly says something does something else here: "they were denied
/// visas" withholds, "they named the robot Robbie" names, "adding the words to the name"
/// adds, and who "has not said why" or "refused to give details" says nothing.
fn does_not_say(doc: &Doc, attribution: &Attribution) -> bool {
    let Some(cue) = token(doc, attribution.cue_head) else { return false };
    let in_content =
        |t: Token<'_>| attribution.content.iter().any(|c| c.contains(t.span()));
    let object = cue.child("dobj").filter(|&o| in_content(o));
    let is_quoted = || {
        let first = attribution.content.first().map(|&c| &doc.text()[c]);
        first.is_some_and(|text| text.starts_with(['"', '\u{201c}', '\'', '\u{2018}']))
    };
    match cue.lemma() {
        "deny" | "refuse" if cue.child("auxpass").is_some() => object.is_some(),
        "decline" | "refuse" => {
            let inner = cue.child("xcomp").map_or("", Token::lemma);
            matches!(
                inner,
                "give" | "comment" | "say" | "answer" | "elaborate" | "discuss"
            )
        }
        "name" | "rename" | "nickname" | "christen" => {
            cue.upos() == Upos::Verb && cue.children().all(|c| c.lemma() != "as")
        }
        "add" => {
            let to = cue.children().any(|c| c.dep() == "prep" && c.lemma() == "to");
            object.is_some() && to && !is_quoted()
        }
        "say" | "tell" | "explain" | "disclose" | "reveal" => {
            let asks = |t: &Token<'_>| matches!(t.tag(), "WRB" | "WP" | "WDT");
            let first = attribution.content.first().map(|&c| doc.tokens_in(c));
            cue.child("neg").is_some()
                && first.and_then(|t| doc.slice(t).next()).is_some_and(|t| asks(&t))
        }
        _ => false,
    }
}

/// "She asked the board to resign": whoever is asked is no part of what is asked.
fn leave_out_the_asked(doc: &Doc, attribution: &mut Attribution) {
    let Some(cue) = token(doc, attribution.cue_head) else { return };
    let directs = attribution.stance == Stance::Directive
        || matches!(cue.lemma(), "ask" | "urge" | "order" | "tell" | "beg");
    let (Some(asked), Some(deed)) = (cue.child("dobj"), cue.child("xcomp")) else {
        return;
    };
    let Some(content) = attribution.content.first_mut() else { return };
    let start = doc.token(deed.subtree().start);
    let holds = doc.tokens_in(*content).start == asked.subtree().start;
    if directs && holds && start.tag() == "TO" && asked.index() < start.index() {
        content.start = start.span().start;
    }
}

/// The same words do different things: people who indicate something say it, and "alleged"
/// accuses without an accuser.
fn settle_stance(doc: &Doc, attribution: &mut Attribution) {
    let cue = token(doc, attribution.cue_head).map_or("", Token::lemma);
    let source = token(doc, attribution.source_head);
    attribution.stance = match (attribution.kind, cue) {
        (AttributionKind::Hedge, _) => Stance::Infer,
        (AttributionKind::Evidential, "alleged" | "allegedly" | "allege") => {
            Stance::Accuse
        }
        (_, "indicate") if source.is_some_and(|s| !speaker::is_thing(s)) => {
            Stance::Neutral
        }
        _ => attribution.stance,
    };
}

/// "The arrests suggest that he fled" is the reporter's conclusion, all of it, while "the
/// figures show that he fled" is what the figures say; "it became known that he fled" is
/// nobody's.
fn leave_to_the_reporter(doc: &Doc, attribution: &mut Attribution) {
    let cue = token(doc, attribution.cue_head).map_or("", Token::lemma);
    if let Some(source) = token(doc, attribution.source_head) {
        let concludes = speaker::is_thing(source)
            && attribution.stance == Stance::Infer
            && matches!(cue, "suggest" | "indicate" | "imply" | "hint" | "point");
        let is_empty = source.lemma() == "it"
            && matches!(
                source.head().lemma(),
                "be" | "become" | "emerge" | "transpire" | "turn"
            );
        if concludes {
            attribution.kind = AttributionKind::Hedge;
            let starts = attribution.source.first().map(|s| s.start);
            if let (Some(start), Some(first)) = (starts, attribution.content.first_mut())
            {
                first.start = first.start.min(start);
            }
        }
        if concludes || is_empty {
            attribution.source.clear();
            attribution.source_head = None;
        }
    }
    if attribution.kind == AttributionKind::Hedge && attribution.source.is_empty() {
        attribution.cue.clear();
        attribution.cue_head = None;
    }
}

/// Takes "quoting an official," off the head of a content: it tells the way, not the news.
fn cut_citation(doc: &Doc, content: &mut [Span]) {
    let Some(first) = content.first_mut() else { return };
    let mut tokens = doc.slice(doc.tokens_in(*first));
    let cites = |t: &Token<'_>| t.tag() == "VBG" && matches!(t.lemma(), "cite" | "quote");
    let Some(object) = tokens.next().filter(cites).and_then(|t| t.child("dobj")) else {
        return;
    };
    let mut rest =
        tokens.filter(|t| t.index() > object.index()).skip_while(|t| t.text() != ",");
    if let Some(start) = rest.nth(1).map(|t| t.span().start) {
        first.start = start;
    }
}

/// "According to the coach, Alia Sarr, the team won": the name that a content begins with
/// belongs to the source when commas part it from both.
fn take_name(doc: &Doc, entities: &Entities, attribution: &mut Attribution) {
    let (Some(source), Some(content)) =
        (attribution.source.last_mut(), attribution.content.first_mut())
    else {
        return;
    };
    let start = doc.tokens_in(*content).start;
    let is_comma = |t: usize| t < doc.len() && doc.token(t).text() == ",";
    let Some(name) = entities.mention_at(start).map(|m| m.tokens.clone()) else { return };
    let person = entities.at(start).is_some_and(|e| entities.list[e].label == "PERSON");
    let described = attribution.source_head.filter(|&t| t < doc.len()).is_some_and(|t| {
        speaker::is_person_noun(doc.token(t)) && doc.tokens_in(*source).end + 1 == start
    });
    if person
        && described
        && name.start == start
        && is_comma(start - 1)
        && is_comma(name.end)
    {
        *source = source.cover(doc.span_of(name.clone()));
        let after = doc.slice(name.end + 1..doc.len()).next();
        content.start = after.map_or(content.end, |t| t.span().start.min(content.end));
    }
}

/// "A source told RFA, 'It rained,' the source said": one act of saying with two cues. The
/// second attribution holds all of the first, its source under the same noun included.
fn is_said_again(doc: &Doc, again: &Attribution, all: &[Attribution]) -> bool {
    let source = |a: &Attribution| token(doc, a.source_head);
    let length = |spans: &[Span]| spans.iter().map(|s| s.len()).sum::<usize>();
    all.iter().any(|first| {
        let same = source(first).zip(source(again));
        same.is_some_and(|(x, y)| x != y && x.lemma() == y.lemma())
            && first.source.first() < again.source.first()
            && overlap(&again.content, &first.content) == length(&first.content)
    })
}
