//! Claims: attributions with their speakers, their way and their weight.

use according_nlp::{Doc, Span, Token, Upos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attribution::{self, Attribution, AttributionKind, Pattern, Stance};
use super::chain::{self, Hop, Relays};
use super::entity::Entities;
use super::factuality::{self, Certainty, Polarity};
use super::lexicon;
use super::quotation::Quotation;
use super::sift;
use super::speaker::{self, Cast, SpeakerIdx, SpeakerKind};
use crate::article::{Article, BlockKind};

/// A stretch of text somebody stands behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Kind of the block its content begins in.
    pub block: BlockKind,
    /// What is claimed.
    pub content: Vec<Span>,
    /// Who claims it, as written.
    pub source: Vec<Span>,
    /// The words that attribute.
    pub cue: Vec<Span>,
    /// Said, held, told by nobody in particular, or hedged by the reporter.
    pub act: Act,
    /// Quoted or told.
    pub mode: Mode,
    /// Number of who claims it.
    pub speaker: SpeakerIdx,
    /// From the origin to the last relay; empty for the reporter's own statements.
    pub chain: Vec<Hop>,
    /// Number of the claim whose content holds this one.
    pub parent: Option<usize>,
    /// The speaker's attitude.
    pub stance: Stance,
    /// How sure the source presents it.
    pub certainty: Certainty,
    /// Whether it is affirmed or denied.
    pub polarity: Polarity,
    /// Words that lower the commitment.
    pub hedges: Vec<Span>,
    /// Numbers of the entities mentioned in it, ascending.
    pub entities: Vec<usize>,
    /// Numbers of the times that govern it, ascending.
    pub times: Vec<usize>,
    /// How likely it is read right, from 0 to 1.
    pub confidence: f32,
}

/// What somebody does who stands behind a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Says or writes it.
    Speech,
    /// Holds, wants, knows or feels it.
    Attitude,
    /// Is said to: "reportedly", "is believed to".
    Evidential,
    /// Hedges it, as the reporter.
    Hedge,
}

impl From<AttributionKind> for Act {
    fn from(kind: AttributionKind) -> Self {
        match kind {
            AttributionKind::Speech => Self::Speech,
            AttributionKind::Attitude => Self::Attitude,
            AttributionKind::Evidential => Self::Evidential,
            AttributionKind::Hedge => Self::Hedge,
        }
    }
}

/// Quoted or told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// All quoted.
    Direct,
    /// Told in the reporter's words.
    Indirect,
    /// Partly quoted.
    Mixed,
}

/// Turns attributions into claims, in text order. Claims nest or stand apart: an overlap
/// that is no nesting is cut back.
pub(super) fn claims<'a>(
    article: &Article,
    doc: &'a Doc,
    attributions: Vec<Attribution>,
    quotations: &[Quotation],
    cast: &mut Cast<'a>,
) -> Vec<Claim> {
    let mut relays = Relays::default();
    let parts = quotations.iter().flat_map(|q| &q.parts).copied();
    let spoken: Vec<Span> =
        parts.filter(|p| !names_something(doc, &article.text, *p)).collect();
    let mut claims: Vec<Claim> = Vec::new();
    // For each attribution the claim it became, or the one around it if it became none.
    let mut place: Vec<Option<usize>> = Vec::new();
    let attributions = sift::sift(doc, &cast.entities, attributions);
    for (mut attribution, parent) in nested(article, attributions) {
        let parent = parent.and_then(|p| place[p]);
        let block = block_of(article, &attribution.content);
        let around = parent.map(|p| &claims[p]);
        let within = around.map(|c| c.speaker);
        let before = claims.iter().rev().find(|c| c.parent.is_none());
        let speaker = speaker_of(doc, cast, &attribution, within, before);
        let thing = head_of(doc, &attribution).is_some_and(speaker::is_thing)
            && !names_person(doc, &cast.entities, &attribution.source);
        // A thing has no attitudes, but figures can show something.
        let shows = matches!(attribution.stance, Stance::Infer | Stance::Learn);
        let in_passing = thing && attribution.kind == AttributionKind::Attitude && !shows;
        if in_passing
            || within.is_some_and(|o| thing || is_part_of(&attribution, speaker, o))
        {
            place.push(parent);
            continue;
        }
        place.push(Some(claims.len()));
        let chain = if is_own_voice(cast, article, speaker) {
            cast.list[speaker].kind = SpeakerKind::Reporter;
            Vec::new()
        } else {
            chain(doc, cast, &attribution, speaker, around, &mut relays, article)
        };
        // Whoever is nearest to the event makes the claim: KCNA, when Yonhap quotes it.
        let speaker = chain.first().map_or(speaker, |hop| hop.speaker);
        attribution.stance = factuality::stance(doc, &attribution);
        let commitment = factuality::commitment(doc, &attribution);
        claims.push(Claim {
            block,
            act: attribution.kind.into(),
            mode: mode(article, &spoken, &attribution),
            speaker,
            chain,
            parent,
            stance: attribution.stance,
            certainty: commitment.certainty,
            polarity: commitment.polarity,
            hedges: commitment.hedges,
            entities: Vec::new(),
            times: Vec::new(),
            confidence: attribution.confidence,
            content: attribution.content,
            source: attribution.source,
            cue: attribution.cue,
        });
    }
    claims
}

/// Attributions in text order, outer ones first, each with the number of the one around it.
fn nested(
    article: &Article,
    mut attributions: Vec<Attribution>,
) -> Vec<(Attribution, Option<usize>)> {
    attributions.retain(|a| {
        !a.content.is_empty()
            && !matches!(
                block_of(article, &a.content),
                BlockKind::Boilerplate
                    | BlockKind::Byline
                    | BlockKind::Dateline
                    | BlockKind::Date
            )
    });
    let size = |a: &Attribution| a.content.iter().map(|s| s.len()).sum::<usize>();
    let start = |a: &Attribution| a.content.first().map_or(0, |s| s.start);
    attributions.sort_by(|a, b| start(a).cmp(&start(b)).then(size(b).cmp(&size(a))));
    let mut kept: Vec<(Attribution, Option<usize>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for mut attribution in attributions {
        let end = |i: usize| kept[i].0.content.last().map_or(0, |s| s.end);
        while open.last().is_some_and(|&i| end(i) <= start(&attribution)) {
            open.pop();
        }
        // Innermost claim that holds most of this one.
        let mut parent = None;
        for &i in open.iter().rev() {
            let shared = overlap(&kept[i].0.content, &attribution.content);
            if shared == 0 {
                continue;
            }
            if 2 * shared >= size(&attribution) {
                parent = Some(i);
                break;
            }
            attribution.content = outside(&attribution.content, &kept[i].0.content);
        }
        if let Some(i) = parent {
            attribution.content = inside(&attribution.content, &kept[i].0.content);
            let outer = &kept[i].0;
            let same = attribution.content == outer.content
                && (attribution.source == outer.source || attribution.cue == outer.cue);
            if same {
                continue;
            }
        }
        if attribution.content.is_empty() {
            continue;
        }
        open.push(kept.len());
        kept.push((attribution, parent));
    }
    in_text_order(kept)
}

/// What was cut may begin later than it did. Outer claims still come before inner ones that
/// begin with them.
fn in_text_order(
    nested: Vec<(Attribution, Option<usize>)>,
) -> Vec<(Attribution, Option<usize>)> {
    let start = |i: &usize| nested[*i].0.content.first().map(|s| s.start);
    let mut order: Vec<usize> = (0..nested.len()).collect();
    order.sort_by_key(start);
    let mut rank = vec![0; nested.len()];
    for (new, &old) in order.iter().enumerate() {
        rank[old] = new;
    }
    let mut ranked: Vec<_> = rank.iter().copied().zip(nested).collect();
    ranked.sort_by_key(|(new, _)| *new);
    let moved = |(_, (a, parent)): (usize, (Attribution, Option<usize>))| {
        (a, parent.map(|p| rank[p]))
    };
    ranked.into_iter().map(moved).collect()
}

/// Whether an attribution inside the claim of `outer` only shapes that claim: the speaker's
/// own hedge ("it may help"), the speaker again ("I think", "we urge"), or a thought or wish
/// told in passing: unless it is a whole clause, it must be very clear.
fn is_part_of(attribution: &Attribution, speaker: SpeakerIdx, outer: SpeakerIdx) -> bool {
    let clear = match attribution.pattern {
        Pattern::Clause | Pattern::Before | Pattern::Parenthesis => 0.55,
        _ => 0.85,
    };
    match attribution.kind {
        AttributionKind::Hedge => true,
        AttributionKind::Attitude => speaker == outer || attribution.confidence < clear,
        AttributionKind::Speech => speaker == outer,
        AttributionKind::Evidential => false,
    }
}

/// How many bytes two lists of spans share.
pub(super) fn overlap(a: &[Span], b: &[Span]) -> usize {
    inside(a, b).iter().map(|s| s.len()).sum()
}

/// The parts of `spans` that lie in `others`.
fn inside(spans: &[Span], others: &[Span]) -> Vec<Span> {
    let mut parts = Vec::new();
    for s in spans {
        for o in others.iter().filter(|o| o.overlaps(*s)) {
            parts.push(Span { start: s.start.max(o.start), end: s.end.min(o.end) });
        }
    }
    parts
}

/// The parts of `spans` that lie outside `others`.
fn outside(spans: &[Span], others: &[Span]) -> Vec<Span> {
    let mut parts = spans.to_vec();
    for o in others {
        let cut = |s: Span| {
            let left = Span { start: s.start, end: s.end.min(o.start.max(s.start)) };
            let right = Span { start: s.start.max(o.end.min(s.end)), end: s.end };
            [left, right].into_iter().filter(|p| !p.is_empty())
        };
        parts = parts.into_iter().flat_map(cut).collect();
    }
    parts
}

fn block_of(article: &Article, content: &[Span]) -> BlockKind {
    let start = content.first().map_or(0, |s| s.start);
    let after = article.blocks.partition_point(|b| b.span.end <= start);
    article.blocks.get(after).map_or(BlockKind::Paragraph, |b| b.kind)
}

/// The word of the source from which its others hang.
fn head_of<'a>(doc: &'a Doc, attribution: &Attribution) -> Option<Token<'a>> {
    let known = attribution.source_head.filter(|&t| t < doc.len());
    known.map(|t| doc.token(t)).or_else(|| {
        let range = doc.tokens_in(*attribution.source.first()?);
        let is_top = |t: &Token<'_>| t.is_root() || !range.contains(&t.head().index());
        doc.slice(range.clone()).find(is_top)
    })
}

/// Whether a source is said to be a person by name, as in "his running mate, Ana Reyes", or
/// is the name of one that the parse takes for a noun.
fn names_person(doc: &Doc, entities: &Entities, source: &[Span]) -> bool {
    let people = || entities.list.iter().filter(|e| e.label == "PERSON");
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && people().any(|e| e.name.split(' ').any(|part| part == word))
    };
    let mut tokens = source.iter().flat_map(|&s| doc.slice(doc.tokens_in(s)));
    tokens.any(|t| match t.ent_type() {
        "PERSON" => t.dep() == "appos" || t.head().dep() == "appos",
        _ => t.is_root() || !source.iter().any(|s| s.contains(t.head().span())),
    } && (t.ent_type() == "PERSON" || is_name(t.text())))
}

fn speaker_of<'a>(
    doc: &'a Doc,
    cast: &mut Cast<'a>,
    attribution: &Attribution,
    within: Option<SpeakerIdx>,
    before: Option<&Claim>,
) -> SpeakerIdx {
    if attribution.kind == AttributionKind::Hedge && attribution.source.is_empty() {
        return cast.reporter();
    }
    if let Some(head) = head_of(doc, attribution) {
        return cast.source(head, &attribution.source, &attribution.content, within);
    }
    // Whoever is asked has the word next.
    if let Some(asked) = attribution::asked(doc, attribution) {
        cast.source(asked, &[], &attribution.content, within);
    }
    // A quotation that stands alone is of whoever has the floor.
    match before.filter(|_| attribution.cue.is_empty()) {
        Some(claim) => claim.speaker,
        None => cast.unspecified(),
    }
}

/// Whether a speaker is the outlet that publishes the article, or its reporter.
fn is_own_voice(cast: &Cast<'_>, article: &Article, speaker: SpeakerIdx) -> bool {
    let speaker = &cast.list[speaker];
    let outlet = article.metadata.outlet.as_deref();
    speaker.kind == SpeakerKind::Reporter
        || speaker.kind == SpeakerKind::Media
            && is_outlet(outlet, speaker.name.as_deref())
}

/// Whether `name` is that of `outlet`, which may be given by its web address.
fn is_outlet(outlet: Option<&str>, name: Option<&str>) -> bool {
    let (Some(outlet), Some(name)) = (outlet, name) else { return false };
    let bare = |s: &str| {
        let s = s.trim().to_lowercase();
        s.strip_prefix("the ").map_or(s.clone(), str::to_owned)
    };
    let full = lexicon::outlet(name);
    let is_address = outlet.contains('.') && !outlet.contains(' ');
    if is_address {
        let word = lexicon::one_word(&bare(name));
        let mut parts = outlet.split('.').map(lexicon::one_word);
        let spelt =
            parts.any(|p| !word.is_empty() && p.trim_start_matches("the") == word);
        return spelt || full.is_some() && full == lexicon::outlet_at(outlet);
    }
    bare(outlet) == bare(name)
        || full.is_some()
            && full == lexicon::outlet(outlet.trim().trim_start_matches("The "))
}

fn chain<'a>(
    doc: &'a Doc,
    cast: &mut Cast<'a>,
    attribution: &Attribution,
    speaker: SpeakerIdx,
    around: Option<&Claim>,
    relays: &mut Relays,
    article: &Article,
) -> Vec<Hop> {
    let mut route = chain::route(doc, cast, attribution, speaker);
    let mut hops = route.origins.clone();
    hops.push(Hop { speaker, cue: attribution.cue.clone() });
    match around {
        None => {
            // A poll or a transcript tells of this claim, an outlet of those that follow too.
            let is_outlet = |h: &Hop| cast.list[h.speaker].kind == SpeakerKind::Media;
            let tellers = std::mem::take(&mut route.tellers);
            let (outlets, papers): (Vec<_>, Vec<_>) =
                tellers.into_iter().partition(is_outlet);
            route.relays.extend(outlets);
            hops.extend(relays.of(speaker, &cast.list[speaker], &route));
            hops.extend(papers);
        }
        // Who tells of the claim around it tells of this one.
        Some(_) => hops.extend(route.relays),
    }
    hops.extend(around.iter().flat_map(|c| c.chain.iter().cloned()));
    let outlet = article.metadata.outlet.as_deref();
    let mut chain: Vec<Hop> = Vec::new();
    for hop in hops {
        let own = is_outlet(outlet, cast.list[hop.speaker].name.as_deref())
            && cast.list[hop.speaker].kind == SpeakerKind::Media;
        if !own && chain.iter().all(|h| h.speaker != hop.speaker) {
            chain.push(hop);
        }
    }
    chain
}

/// Whether a content is quoted. Only marks of its own count: neither those around the claim
/// it is nested in, nor those of a name or title ("a robot named 'Hope'").
fn mode(article: &Article, spoken: &[Span], attribution: &Attribution) -> Mode {
    let content = &attribution.content;
    let length: usize = content.iter().map(|s| s.len()).sum();
    // A content may begin behind its opening mark.
    const MARK: u32 = 3;
    let opens_here =
        |p: &Span| content.iter().any(|c| c.start <= p.start + MARK && p.start < c.end);
    let start = content.first().map_or(0, |s| s.start);
    let end = content.last().map_or(0, |s| s.end);
    let from = spoken.partition_point(|p| p.end <= start);
    let near = spoken.iter().skip(from).take_while(|p| p.start < end);
    let own: Vec<Span> = near.filter(|p| opens_here(p)).copied().collect();
    let quoted = overlap(content, &own);
    let is_script = matches!(attribution.pattern, Pattern::Speaker | Pattern::Byline);
    // "Said that Kim 'may leave'" begins outside its quotation.
    let before =
        own.first().and_then(|p| article.text.get(start as usize..p.start as usize));
    let begins = before.is_none_or(|b| b.split_whitespace().count() <= 1) && quoted > 0;
    if begins && 20 * quoted >= 17 * length
        || is_script
        || follows_colon(article, attribution)
    {
        Mode::Direct
    } else if quoted > 0 {
        Mode::Mixed
    } else {
        Mode::Indirect
    }
}

/// Whether a content is a block of its own that a cue and a colon introduce.
fn follows_colon(article: &Article, attribution: &Attribution) -> bool {
    let (Some(cue), Some(first)) = (attribution.cue.last(), attribution.content.first())
    else {
        return false;
    };
    let between = article.text.get(cue.end as usize..first.start as usize);
    block_index(article, *cue) < block_index(article, *first)
        && between.is_some_and(|b| b.trim_end().ends_with(':'))
}

fn block_index(article: &Article, span: Span) -> usize {
    article.blocks.partition_point(|b| b.span.end <= span.start)
}

/// "The boat named 'Swan'", "the 'Grey Swan' affair".
fn names_something(doc: &Doc, text: &str, quote: Span) -> bool {
    let tokens = doc.tokens_in(quote);
    let modifies = |t: Token<'_>| {
        !tokens.contains(&t.head().index())
            && (t.dep() == "compound" || t.dep() == "nmod" && t.upos() == Upos::Propn)
            && t.index() < t.head().index()
    };
    if tokens.len() <= 6 && doc.slice(tokens.clone()).any(modifies) {
        return true;
    }
    let before = text.get(..quote.start as usize).unwrap_or_default();
    let word = before.trim_end_matches([' ', ',']).rsplit(' ').next().unwrap_or_default();
    matches!(
        word.to_ascii_lowercase().as_str(),
        "named"
            | "titled"
            | "entitled"
            | "called"
            | "labelled"
            | "labeled"
            | "nicknamed"
            | "dubbed"
    )
}
