//! The summary a reader looks at first: who stands behind the story, through whom.

use super::build::claim_id;
use super::{Origin, Sourcing};
use crate::annotate::{Annotations, Claim, Speaker, SpeakerKind};
use crate::article::BlockKind;

/// Counts over the claims of the body; captions are left out.
pub(super) fn summary(annotations: &Annotations) -> Sourcing {
    let speakers = &annotations.speakers;
    let body: Vec<(usize, &Claim)> = annotations
        .claims
        .iter()
        .enumerate()
        .filter(|(_, c)| !matches!(c.block, BlockKind::Caption | BlockKind::Boilerplate))
        .collect();
    let met = distinct(body.iter().map(|(_, c)| c.speaker));
    let count =
        |is: &dyn Fn(&Speaker) -> bool| met.iter().filter(|&&s| is(&speakers[s])).count();
    let is_person =
        |s: &Speaker| matches!(s.kind, SpeakerKind::Person | SpeakerKind::People);
    let claims_of = |is: &dyn Fn(&Speaker) -> bool| {
        body.iter().filter(|(_, c)| is(&speakers[c.speaker])).count()
    };
    let hops = body.iter().flat_map(|(_, c)| c.chain.iter().map(|h| h.speaker));
    let outlets = distinct(hops.filter(|&s| speakers[s].kind == SpeakerKind::Media));
    let mut sourcing = Sourcing {
        claims: body.len(),
        named_people: count(&|s| is_person(s) && s.named),
        unnamed_people: count(&|s| is_person(s) && !s.named && !is_nobody(s)),
        organisations: count(&|s| s.kind == SpeakerKind::Organisation),
        media: outlets.iter().filter_map(|&s| speakers[s].name.clone()).collect(),
        documents: count(&|s| s.kind == SpeakerKind::Document),
        unspecified: claims_of(&is_nobody),
        reporter: claims_of(&|s| s.kind == SpeakerKind::Reporter),
        origins: origins(speakers, &body),
        independent_origins: 0,
        explanation: String::new(),
    };
    let independent = independent(annotations, &body);
    sourcing.independent_origins = independent.len();
    sourcing.explanation = explanation(annotations, &body, &independent, &sourcing);
    sourcing
}

/// "Reportedly": said by nobody in particular.
fn is_nobody(speaker: &Speaker) -> bool {
    speaker.name.as_deref() == Some("unspecified") && !speaker.named
}

fn distinct(items: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

/// Different chains, in order of their first claims.
fn origins(speakers: &[Speaker], body: &[(usize, &Claim)]) -> Vec<Origin> {
    let mut found: Vec<(Vec<usize>, Origin)> = Vec::new();
    for (i, claim) in body.iter().filter(|(_, c)| !c.chain.is_empty()) {
        let chain: Vec<usize> = claim.chain.iter().map(|h| h.speaker).collect();
        match found.iter_mut().find(|(known, _)| *known == chain) {
            Some((_, origin)) => origin.claims.push(claim_id(*i)),
            None => {
                let name = |&s: &usize| name(&speakers[s]).to_owned();
                let names = chain.iter().map(name).collect();
                found.push((chain, Origin { chain: names, claims: vec![claim_id(*i)] }));
            }
        }
    }
    found.into_iter().map(|(_, origin)| origin).collect()
}

fn name(speaker: &Speaker) -> &str {
    speaker.name.as_deref().unwrap_or("unknown source")
}

/// One origin that the text shows to be apart from the others, and how many claims go back
/// to it.
struct Independent {
    name: String,
    claims: usize,
}

/// The origins that one article shows to be independent.
///
/// A claim goes back to the first hop of its chain that has a name. An unnamed source
/// vouches for nothing by itself: what it says through an outlet counts as that outlet's,
/// so that five unnamed sources of one outlet are one origin, and so is what the outlet says
/// itself. A spokesperson is the body spoken for. Claims without any name in their chain
/// may all go back to one person, or to somebody named elsewhere: they make one origin
/// together if nothing else does, and none otherwise. "Reportedly" and the reporter's own
/// statements are no origins. Claims nested in others came with those and are not counted.
///
/// The count is therefore a lower bound: so many the article shows, there may be more.
fn independent(annotations: &Annotations, body: &[(usize, &Claim)]) -> Vec<Independent> {
    let mut named: Vec<(usize, Independent)> = Vec::new();
    let mut unnamed: Option<Independent> = None;
    for (_, claim) in body.iter().filter(|(_, c)| c.parent.is_none()) {
        let speakers = claim.chain.iter().map(|h| h.speaker);
        let mut named_hops = speakers.clone().filter(|&s| annotations.speakers[s].named);
        if let Some(hop) = named_hops.next() {
            let (key, name) = vouching(annotations, hop);
            match named.iter_mut().find(|(known, _)| *known == key) {
                Some((_, origin)) => origin.claims += 1,
                None => named.push((key, Independent { name, claims: 1 })),
            }
        } else if let Some(first) =
            speakers.clone().map(|s| &annotations.speakers[s]).next()
            && !is_nobody(first)
        {
            let name = name(first).to_owned();
            unnamed.get_or_insert(Independent { name, claims: 0 }).claims += 1;
        }
    }
    if named.is_empty() {
        return unnamed.into_iter().collect();
    }
    named.into_iter().map(|(_, origin)| origin).collect()
}

/// Who vouches for what a named speaker says, by number and name: for all spokespeople of
/// one body, that body.
fn vouching(annotations: &Annotations, speaker: usize) -> (usize, String) {
    let speaker = annotations.speakers[speaker].speaks_for.unwrap_or(speaker);
    (speaker, name(&annotations.speakers[speaker]).to_owned())
}

/// The summary in a sentence or two.
fn explanation(
    annotations: &Annotations,
    body: &[(usize, &Claim)],
    independent: &[Independent],
    counts: &Sourcing,
) -> String {
    let speakers = &annotations.speakers;
    let sourced: Vec<&Claim> = body
        .iter()
        .map(|(_, c)| *c)
        .filter(|c| c.parent.is_none())
        .filter(|c| {
            !c.chain.is_empty()
                && !c.chain.iter().all(|h| is_nobody(&speakers[h.speaker]))
        })
        .collect();
    let loose = counts.unspecified + counts.reporter;
    let Some(first) = sourced.first() else {
        return match loose {
            0 => "Nothing in this report is attributed to anybody.".to_owned(),
            _ => "No claim in this report has a source: each is hearsay or the reporter's own \
                  hedged statement."
                .to_owned(),
        };
    };
    let relay = first.chain.iter().map(|h| h.speaker).rfind(|&s| {
        let all = sourced.iter().all(|c| c.chain.iter().any(|h| h.speaker == s));
        all && speakers[s].kind == SpeakerKind::Media
    });
    let all =
        if sourced.len() == 1 { "The only sourced claim" } else { "All sourced claims" };
    let verb = |one: &'static str, many: &'static str| {
        if sourced.len() == 1 { one } else { many }
    };
    let nameless = nameless(speakers, &sourced);
    let mut text = if let Some(relay) = relay {
        let quoted = distinct(sourced.iter().map(|c| c.speaker).filter(|&s| s != relay));
        let behind = match quoted.iter().filter(|&&s| speakers[s].named).count() {
            _ if quoted.is_empty() => String::new(),
            0 if quoted.len() == 1 => "; the source it quotes is unnamed".to_owned(),
            0 => "; the sources it quotes are unnamed".to_owned(),
            n if n == quoted.len() => "; the sources it quotes are named".to_owned(),
            n => format!(
                "; of the {} sources it quotes, {n} {} named",
                quoted.len(),
                is_are(n)
            ),
        };
        let reach = verb("reaches", "reach");
        format!("{all} {reach} this report through {}{behind}.", name(&speakers[relay]))
    } else if let [only] = independent {
        let unnamed = sourced.iter().filter(|c| !has_name(speakers, c)).count();
        let named_claims = sourced.len() - unnamed;
        if named_claims == 0 {
            let rest = verb("rests", "rest");
            format!("{all} {rest} on sources without a name{nameless}.")
        } else if unnamed == 0 {
            format!("{all} {} back to {}.", verb("goes", "go"), only.name)
        } else {
            format!(
                "{named_claims} of {} sourced claims {} back to {}; the others rest on sources \
                 without a name{nameless}.",
                sourced.len(),
                if named_claims == 1 { "goes" } else { "go" },
                only.name
            )
        }
    } else {
        let unnamed = sourced.iter().filter(|c| !has_name(speakers, c)).count();
        let mut listed: Vec<&Independent> = independent.iter().collect();
        listed.sort_by_key(|o| std::cmp::Reverse(o.claims));
        let rest = listed.len().saturating_sub(4);
        let mut names: Vec<String> =
            listed.iter().take(4).map(|o| format!("{} ({})", o.name, o.claims)).collect();
        if rest > 0 {
            names.push(format!("{rest} more"));
        }
        let tail = match unnamed {
            0 => String::new(),
            1 => format!("; one rests on sources without a name{nameless}"),
            n => format!("; {n} rest on sources without a name{nameless}"),
        };
        format!(
            "{} sourced claims go back to {} independent origins: {}{tail}.",
            sourced.len(),
            independent.len(),
            enumeration(&names)
        )
    };
    match (counts.unspecified, counts.reporter) {
        (0, 0) => {}
        (n, 0) => text += &format!(" {} hearsay without a source.", amount(n)),
        (0, n) => text += &format!(" {} the reporter's own, with a hedge.", amount(n)),
        (n, own) => {
            text += &format!(
                " {} hearsay without a source, and {own} {} the reporter's own, with a hedge.",
                amount(n),
                is_are(own)
            );
        }
    }
    text
}

/// How the text calls the commonest sources without a name, in brackets.
fn nameless(speakers: &[Speaker], sourced: &[&Claim]) -> String {
    let claims = sourced.iter().filter(|c| !has_name(speakers, c)).map(|c| c.speaker);
    let claims: Vec<usize> = claims.filter(|&s| speakers[s].name.is_some()).collect();
    let mut called = distinct(claims.iter().copied());
    called.sort_by_key(|s| std::cmp::Reverse(claims.iter().filter(|c| *c == s).count()));
    let names: Vec<&str> = called.iter().take(3).map(|&s| name(&speakers[s])).collect();
    let more = if called.len() > names.len() { ", …" } else { "" };
    match names.is_empty() {
        true => String::new(),
        false => format!(" ({}{more})", names.join(", ")),
    }
}

fn has_name(speakers: &[Speaker], claim: &Claim) -> bool {
    claim.chain.iter().any(|h| speakers[h.speaker].named)
}

fn is_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn amount(n: usize) -> String {
    match n {
        1 => "One claim is".to_owned(),
        n => format!("{n} claims are"),
    }
}

/// "a, b and c".
fn enumeration(items: &[String]) -> String {
    match items {
        [init @ .., last] if !init.is_empty() => {
            format!("{} and {last}", init.join(", "))
        }
        _ => items.concat(),
    }
}
