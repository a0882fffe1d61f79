//! What the words of a report are called on a page.

use according::report::{
    Act, BlockKind, Certainty, Claim, Hop, Mode, Polarity, SpeakerKind, Stance,
};

/// The name that reports give to who is told of by nobody.
const UNSPECIFIED: &str = "unspecified";

/// Who it is, for people.
pub(crate) fn name(name: Option<&str>) -> &str {
    match name {
        Some(UNSPECIFIED) => "nobody in particular",
        Some(name) => name,
        None => "somebody",
    }
}

/// "unnamed person", "outlet".
pub(crate) fn kind(kind: SpeakerKind, named: bool, who: Option<&str>) -> &'static str {
    match (kind, named) {
        (SpeakerKind::People, false) if who == Some(UNSPECIFIED) => "hearsay",
        (SpeakerKind::Person, true) => "person",
        (SpeakerKind::Person, false) => "unnamed person",
        (SpeakerKind::People, true) => "people",
        (SpeakerKind::People, false) => "unnamed people",
        (SpeakerKind::Organisation, true) => "organisation",
        (SpeakerKind::Organisation, false) => "unnamed organisation",
        (SpeakerKind::Media, true) => "outlet",
        (SpeakerKind::Media, false) => "unnamed outlet",
        (SpeakerKind::Document, _) => "document",
        (SpeakerKind::Reporter, _) => "the reporter",
    }
}

/// The steps of a claim from the origin to the outlet; one without any is the reporter's.
pub(crate) fn steps(claim: &Claim) -> Vec<Hop> {
    if !claim.chain.is_empty() {
        return claim.chain.clone();
    }
    let speaker = &claim.speaker;
    let own = speaker.kind == SpeakerKind::Reporter;
    vec![Hop {
        name: speaker.name.clone().or_else(|| own.then(|| "the reporter".to_owned())),
        entity: speaker.entity.clone(),
        kind: speaker.kind,
        named: speaker.named,
        cue: claim.cue.clone(),
    }]
}

/// "source in Dravik, through Radio Meridian".
pub(crate) fn by_whom(claim: &Claim) -> String {
    let steps = steps(claim);
    let mut names = steps.iter().map(|hop| name(hop.name.as_deref()));
    let mut text = names.next().unwrap_or_default().to_owned();
    for (n, relay) in names.enumerate() {
        text.push_str(if n == 0 { ", through " } else { ", then " });
        text.push_str(relay);
    }
    text
}

pub(crate) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Direct => "quoted",
        Mode::Indirect => "retold",
        Mode::Mixed => "retold, in part quoted",
    }
}

pub(crate) fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "stated flatly",
        Certainty::Probable => "held probable",
        Certainty::Possible => "held possible",
        Certainty::Unknown => "left open",
    }
}

/// What a cue says of its speaker's attitude, where it says any.
pub(crate) fn stance(stance: Stance) -> Option<&'static str> {
    match stance {
        Stance::Neutral => None,
        Stance::Assert => Some("asserts"),
        Stance::Deny => Some("denies"),
        Stance::Concede => Some("concedes"),
        Stance::Accuse => Some("accuses"),
        Stance::Doubt => Some("doubts"),
        Stance::Infer => Some("infers"),
        Stance::Learn => Some("learned"),
        Stance::Predict => Some("predicts"),
        Stance::Directive => Some("demands"),
    }
}

/// What makes a claim other than a plain one, in a few words each.
pub(crate) fn notable(claim: &Claim) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    words.extend(stance(claim.stance).map(str::to_owned));
    if claim.certainty != Certainty::Certain {
        words.push(certainty(claim.certainty).to_owned());
    }
    if claim.polarity == Polarity::Negative && claim.stance != Stance::Deny {
        words.push("negated".to_owned());
    }
    if claim.act == Act::Attitude {
        words.push("held, not said".to_owned());
    }
    if claim.mode != Mode::Indirect {
        words.push(mode(claim.mode).to_owned());
    }
    if !is_counted(claim) {
        words.push(format!("in {}, not counted", block(claim.block)));
    }
    words.extend(claim.parent.as_ref().map(|parent| format!("inside {parent}")));
    words
}

/// Whether a claim is the story's: those beside it are left out of its summary.
pub(crate) fn is_counted(claim: &Claim) -> bool {
    !matches!(claim.block, BlockKind::Caption | BlockKind::Boilerplate)
}

/// "a caption".
pub(crate) fn block(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Headline => "the headline",
        BlockKind::Standfirst => "the standfirst",
        BlockKind::Byline => "the byline",
        BlockKind::Dateline => "the dateline",
        BlockKind::Date => "a date line",
        BlockKind::Caption => "a caption",
        BlockKind::Paragraph => "a paragraph",
        BlockKind::Quotation => "a quotation",
        BlockKind::ListItem => "a list",
        BlockKind::Table => "a table",
        BlockKind::Boilerplate => "what is not part of the story",
    }
}

/// "1 claim", "3 claims".
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
