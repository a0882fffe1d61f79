//! A report for people.
//!
//! Who stands behind the story comes first, then every claim with the sentence it stands in,
//! then the days and the places that claims speak of.
//! Marks in the sentence say what is claimed, by whom, and in which words, so that nothing
//! depends on colour. What comes from the article is shown without its control characters:
//! a report must not be able to write to the terminal what is not in it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use according::report::{
    Act, Block, BlockKind, Claim, Offsets, Place, PlaceKind, Report,
};
use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar as _;

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
const CONTENT: Style = AnsiColor::Green.on_default();
pub(crate) const SOURCE: Style = AnsiColor::Cyan.on_default().bold();
pub(crate) const CUE: Style = AnsiColor::Yellow.on_default();
const HEDGE: Style = AnsiColor::Magenta.on_default();

/// What stands between the steps of a chain.
pub(crate) const STEP: &str = " › ";

/// How wide a line may be: as wide as the terminal, within what reads well.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size()
        .map_or(80, |(terminal_size::Width(width), _)| width.into())
        .clamp(40, 100)
}

/// Writes a report in lines of `width` columns. `sentences` are those of the text, in order,
/// as ranges of its code points.
pub(crate) fn report(
    report: &Report,
    sentences: &[Range<usize>],
    width: usize,
) -> String {
    let text: Vec<char> = report.article.text.chars().collect();
    let mut page = Page { out: String::new(), width };
    head(report, &text, &mut page);
    sourcing(report, &mut page);
    if !report.claims.is_empty() {
        claims(report, &text, sentences, &mut page);
    }
    events(report, &text, &mut page);
    timeline(report, &mut page);
    places(report, &mut page);
    page.out
}

/// Writes what is known of an article before anything is claimed: metadata and blocks.
pub(crate) fn article(report: &Report, width: usize) -> String {
    let text: Vec<char> = report.article.text.chars().collect();
    let mut page = Page { out: String::new(), width };
    head(report, &text, &mut page);
    page.heading("BLOCKS");
    for block in &report.article.blocks {
        let mut lines = Paragraph::default();
        lines.push(&format!("{:<11} ", word(&block.kind)), DIM);
        lines.push_all(slice(&text, block.start..block.end), PLAIN);
        page.paragraph(&lines, 2, 14);
    }
    page.out
}

fn head(report: &Report, text: &[char], page: &mut Page) {
    let info = &report.article;
    let headline = info.blocks.iter().find(|block| block.kind == BlockKind::Headline);
    let headline =
        headline.map(|block| slice(text, block.start..block.end).iter().collect());
    let title = info.title.clone().or(headline).or_else(|| info.reference.clone());
    let mut lines = Paragraph::default();
    lines.push(title.as_deref().unwrap_or("Untitled"), BOLD);
    page.paragraph(&lines, 0, 0);
    page.rule();

    let byline = info.byline.join(", ");
    let known = [Some(&byline), info.outlet.as_ref(), info.published.as_ref()];
    let mut known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
    known.extend(info.dateline.as_deref());
    known.extend(info.url.as_deref());
    known.extend(info.reference.as_deref().filter(|_| title != info.reference));
    known.retain(|known| !known.is_empty());
    let mut lines = Paragraph::default();
    lines.push(&known.join(" · "), DIM);
    page.paragraph(&lines, 0, 0);
}

fn sourcing(report: &Report, page: &mut Page) {
    let sourcing = &report.sourcing;
    page.heading("WHO STANDS BEHIND IT");
    let mut lines = Paragraph::default();
    match report.is_english() {
        true => lines.push(&sourcing.explanation, PLAIN),
        false => {
            let language = report.article.language.as_deref();
            let language = language.map(|tag| format!(" (but '{tag}')"));
            let language = language.unwrap_or_default();
            let note = format!(
                "This article is not in English{language}, and claims are looked for in \
                 English only."
            );
            lines.push(&note, PLAIN);
        }
    }
    page.paragraph(&lines, 2, 2);
    if report.claims.is_empty() {
        return;
    }
    let count = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let counts = [
        count(sourcing.claims, "claim", "claims"),
        count(sourcing.named_people, "named person", "named people"),
        count(sourcing.unnamed_people, "unnamed person", "unnamed people"),
        count(sourcing.organisations, "organisation", "organisations"),
        count(sourcing.media.len(), "outlet", "outlets"),
        count(sourcing.documents, "document", "documents"),
        count(
            sourcing.unspecified,
            "claim by nobody in particular",
            "by nobody in particular",
        ),
        count(
            sourcing.reporter,
            "hedge of the reporter's own",
            "hedges of the reporter's own",
        ),
        count(sourcing.independent_origins, "independent origin", "independent origins"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let mut lines = Paragraph::default();
    lines.push(&counts.join(" · "), DIM);
    page.paragraph(&lines, 2, 2);
    if !sourcing.origins.is_empty() {
        page.out.push('\n');
    }
    for origin in &sourcing.origins {
        let mut lines = Paragraph::default();
        lines.push(&origin.chain.join(STEP), SOURCE);
        lines.push("  ", PLAIN);
        lines.push(&origin.claims.join(" "), DIM);
        page.paragraph(&lines, 2, 6);
    }
}

fn claims(report: &Report, text: &[char], sentences: &[Range<usize>], page: &mut Page) {
    page.heading("CLAIMS");
    let mut lines = Paragraph::default();
    lines.push("marked:", DIM);
    for (open, what, close, style) in [
        ("[", "what is claimed", "]", CONTENT),
        ("{", "by whom", "}", SOURCE),
        ("_", "in which words", "_", CUE),
    ] {
        lines.push(" ", PLAIN);
        lines.push(&format!("{open}{what}{close}"), style);
    }
    page.paragraph(&lines, 2, 2);
    for claim in &report.claims {
        page.out.push('\n');
        let mut lines = Paragraph::default();
        lines.push(&format!("{:<4}", claim.id), BOLD);
        lines.push(&chain(claim), SOURCE);
        page.paragraph(&lines, 2, 6);
        let mut lines = Paragraph::default();
        lines.push(&verdict(claim, text), DIM);
        page.paragraph(&lines, 6, 6);
        let lines = passage(claim, text, sentences, &report.article.blocks);
        page.paragraph(&lines, 6, 6);
    }
}

/// The most events that are listed; all are in the other formats.
const EVENTS: usize = 20;

/// Who did what to whom, when, where, and on whose word.
fn events(report: &Report, text: &[char], page: &mut Page) {
    if report.events.is_empty() {
        return;
    }
    page.heading("EVENTS");
    for event in report.events.iter().take(EVENTS) {
        let mut lines = Paragraph::default();
        let sort = event.mode.as_deref().map(|mode| format!(" ({mode})"));
        let sort = format!("{}{}", event.kind, sort.unwrap_or_default());
        lines.push(&format!("{:<4}{sort}", event.id), BOLD);
        let people = |role: &str| {
            let all = event.participants.iter().filter(|p| p.role == role);
            let words =
                all.map(|p| slice(text, p.start..p.end).iter().collect::<String>());
            words.collect::<Vec<_>>().join(", ")
        };
        let words = [people("actor"), format!("_{}_", event.text), people("recipient")];
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
        lines.push(&format!("  {}", words.join(" ")), PLAIN);
        let goods = event.goods.iter().filter_map(|id| {
            report.quantities.iter().find(|q| q.id == *id).map(|q| q.text.as_str())
        });
        let time = report.times.iter().find(|t| Some(&t.id) == event.time.as_ref());
        let place = |id: &Option<String>| {
            report.places.iter().find(|p| Some(&p.id) == id.as_ref()).map(full_name)
        };
        let ends = [
            Some(goods.collect::<Vec<_>>().join(", ")).filter(|goods| !goods.is_empty()),
            time.map(|time| time.text.clone()),
            place(&event.place),
            place(&event.from).map(|from| format!("from {from}")),
            place(&event.to).map(|to| format!("to {to}")),
            place(&event.via).map(|via| format!("via {via}")),
            Some(word(&event.status)).filter(|status| status != "actual"),
            event.claim.clone(),
        ];
        for end in ends.into_iter().flatten() {
            lines.push(&format!(" · {end}"), DIM);
        }
        page.paragraph(&lines, 2, 14);
    }
    if report.events.len() > EVENTS {
        let mut more = Paragraph::default();
        more.push(&format!("and {} more", report.events.len() - EVENTS), DIM);
        page.paragraph(&more, 2, 2);
    }
}

/// A time or place: how it is written, and the claims that have it.
#[derive(Default)]
struct Told<'r> {
    words: Vec<&'r str>,
    claims: Vec<&'r str>,
}

/// What is claimed of when, earliest first: the resolved times of the story that claims have.
fn timeline(report: &Report, page: &mut Page) {
    // By begin and value, so that what is told several times is told once.
    let mut days: BTreeMap<(&str, &str), Told<'_>> = BTreeMap::new();
    for time in report.times.iter().filter(|time| time.block.is_body()) {
        let Some(begin) = time.begin.as_deref().filter(|_| time.is_calendar()) else {
            continue;
        };
        let has_time = |claim: &&Claim| claim.times.contains(&time.id);
        let claims = report.claims.iter().filter(has_time).map(|c| c.id.as_str());
        let mut claims = claims.peekable();
        if claims.peek().is_none() {
            continue;
        }
        let day = days.entry((begin, time.when())).or_default();
        if !day.words.iter().any(|word| word.eq_ignore_ascii_case(&time.text)) {
            day.words.push(&time.text);
        }
        for id in claims {
            if !day.claims.contains(&id) {
                day.claims.push(id);
            }
        }
    }
    if days.is_empty() {
        return;
    }
    page.heading("TIMELINE");
    for ((_, value), day) in days {
        let mut lines = Paragraph::default();
        lines.push(&format!("{value:<10}"), BOLD);
        let words: Vec<String> =
            day.words.iter().map(|word| format!("“{word}”")).collect();
        lines.push(&format!("  {}  ", words.join(", ")), PLAIN);
        lines.push(&day.claims.join(" "), DIM);
        page.paragraph(&lines, 2, 14);
    }
}

/// Where it happened: the places that claims speak of, as often as they do.
fn places(report: &Report, page: &mut Page) {
    let mut spots: Vec<(String, Told<'_>)> = Vec::new();
    for place in report.places.iter().filter(|place| place.block.is_body()) {
        let has_place = |claim: &&Claim| claim.places.contains(&place.id);
        let claims = report.claims.iter().filter(has_place).map(|c| c.id.as_str());
        let mut claims = claims.peekable();
        if claims.peek().is_none() {
            continue;
        }
        let name = full_name(place);
        let i = spots.iter().position(|(other, _)| *other == name).unwrap_or_else(|| {
            spots.push((name, Told::default()));
            spots.len() - 1
        });
        let spot = &mut spots[i].1;
        if !spot.words.iter().any(|word| word.eq_ignore_ascii_case(&place.text)) {
            spot.words.push(&place.text);
        }
        for id in claims {
            if !spot.claims.contains(&id) {
                spot.claims.push(id);
            }
        }
    }
    if spots.is_empty() {
        return;
    }
    spots.sort_by_key(|(_, spot)| Reverse(spot.claims.len()));
    page.heading("PLACES");
    for (name, spot) in spots {
        let mut lines = Paragraph::default();
        lines.push(&name, BOLD);
        let is_other = |word: &&&str| !name.starts_with(**word);
        let words: Vec<String> =
            spot.words.iter().filter(is_other).map(|word| format!("“{word}”")).collect();
        if !words.is_empty() {
            lines.push(&format!("  {}", words.join(", ")), PLAIN);
        }
        lines.push(&format!("  {}", spot.claims.join(" ")), DIM);
        page.paragraph(&lines, 2, 14);
    }
}

/// "Hyesan, Ryanggang, KP"; a place that nobody knows as it is written.
fn full_name(place: &Place) -> String {
    let Some(name) = &place.name else {
        return format!("{}, unknown", place.text);
    };
    let mut parts = vec![name.as_str()];
    let is_new = |part: &&str| *part != name.as_str();
    parts.extend(place.admin1.as_deref().filter(is_new));
    if place.kind != PlaceKind::Country {
        parts.extend(place.country.as_deref());
    }
    parts.join(", ")
}

/// Whose claim it is and which way it came.
fn chain(claim: &Claim) -> String {
    let names: Vec<&str> =
        claim.chain.iter().map(|hop| hop.name.as_deref().unwrap_or("somebody")).collect();
    match (names.as_slice(), claim.speaker.name.as_deref()) {
        ([], Some(name)) => name.to_owned(),
        ([], None) => "the reporter".to_owned(),
        (names, _) => names.join(STEP),
    }
}

/// How it is said: mode, certainty, stance, and what makes the claim special. That a claim is
/// the reporter's or nobody's shows in its chain; that it was never said does not.
fn verdict(claim: &Claim, text: &[char]) -> String {
    let mut words = vec![word(&claim.mode), word(&claim.certainty)];
    words.push(word(&claim.stance));
    if claim.act == Act::Attitude {
        words.push("held, not said".to_owned());
    }
    if word(&claim.polarity) == "negative" {
        words.push("negated".to_owned());
    }
    let kind = word(&claim.speaker.kind);
    words.push(match (kind.as_str(), claim.speaker.named) {
        ("self", _) => "reporter's own".to_owned(),
        ("person" | "people", false) => format!("unnamed {kind}"),
        _ => kind,
    });
    if claim.block == BlockKind::Caption {
        words.push("in a caption".to_owned());
    }
    words.extend(claim.parent.as_ref().map(|parent| format!("inside {parent}")));
    if !claim.hedges.is_empty() {
        let hedges = claim.hedges.iter().map(|hedge| {
            let hedge: String = slice(text, hedge[0]..hedge[1]).iter().collect();
            format!("“{hedge}”")
        });
        words.push(format!("hedged by {}", hedges.collect::<Vec<_>>().join(", ")));
    }
    words.push(format!("confidence {:.0}%", claim.confidence * 100.0));
    words.join(" · ")
}

/// The name a value has in the report.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The sentences a claim stands in, with its parts marked.
fn passage(
    claim: &Claim,
    text: &[char],
    sentences: &[Range<usize>],
    blocks: &[Block],
) -> Paragraph {
    let layer = |style, open, close| {
        move |span: &Offsets| Layer {
            span: span[0]..span[1],
            style,
            marks: [open, close],
        }
    };
    let content = claim.content.iter().map(layer(CONTENT, Some('['), Some(']')));
    let source = claim.source.iter().map(layer(SOURCE, Some('{'), Some('}')));
    let cue = claim.cue.iter().map(layer(CUE, Some('_'), Some('_')));
    let hedges = claim.hedges.iter().map(layer(HEDGE, None, None));
    let layers: Vec<Layer> = content.chain(source).chain(cue).chain(hedges).collect();

    let mut lines = Paragraph::default();
    let mut end_before = None;
    for range in shown(claim, sentences, blocks, text.len()) {
        let between = end_before.map_or(&[][..], |end| slice(text, end..range.start));
        if between.iter().any(|c| !c.is_whitespace()) {
            lines.push("… ", DIM);
        }
        end_before = Some(range.end);
        for (at, c) in range.clone().zip(slice(text, range)) {
            for layer in layers.iter().filter(|layer| layer.span.start == at) {
                lines.0.extend(layer.marks[0].map(|mark| (mark, layer.style)));
            }
            let top = layers.iter().rfind(|layer| layer.span.contains(&at));
            lines.0.push((*c, top.map_or(PLAIN, |layer| layer.style)));
            for layer in layers.iter().rev().filter(|layer| layer.span.end == at + 1) {
                lines.0.extend(layer.marks[1].map(|mark| (mark, layer.style)));
            }
        }
        lines.push(" ", PLAIN);
    }
    lines
}

/// How a part of a claim is shown. Of several over one character the last is on top.
struct Layer {
    span: Range<usize>,
    style: Style,
    /// What opens and closes it.
    marks: [Option<char>; 2],
}

/// The sentences, or parts of blocks where there are none, that hold the parts of a claim.
fn shown(
    claim: &Claim,
    sentences: &[Range<usize>],
    blocks: &[Block],
    len: usize,
) -> Vec<Range<usize>> {
    let mut shown: Vec<Range<usize>> = Vec::new();
    let mut spans: Vec<&Offsets> =
        claim.content.iter().chain(&claim.source).chain(&claim.cue).collect();
    spans.sort_unstable();
    for span in spans {
        let touches = |range: &Range<usize>| range.start < span[1] && span[0] < range.end;
        let block = blocks.iter().map(|block| block.start..block.end).find(touches);
        let mut found: Vec<Range<usize>> =
            sentences.iter().filter(|sentence| touches(sentence)).cloned().collect();
        if found.is_empty() {
            found.extend(block);
        }
        shown.extend(found);
    }
    shown.sort_unstable_by_key(|range| range.start);
    shown.dedup();
    shown.retain(|range| range.end <= len);
    shown
}

fn slice(text: &[char], range: Range<usize>) -> &[char] {
    text.get(range).unwrap_or_default()
}

/// Lines being written.
pub(crate) struct Page {
    pub(crate) out: String,
    pub(crate) width: usize,
}

impl Page {
    pub(crate) fn heading(&mut self, text: &str) {
        let _ = writeln!(self.out, "\n{BOLD}{text}{BOLD:#}");
    }

    /// Makes a new report stand out, also without bold letters.
    fn rule(&mut self) {
        let _ = writeln!(self.out, "{DIM}{}{DIM:#}", "─".repeat(self.width));
    }

    /// Writes a paragraph, the first line indented by `first`, the others by `rest`.
    pub(crate) fn paragraph(&mut self, paragraph: &Paragraph, first: usize, rest: usize) {
        let words = paragraph.words();
        let mut column = 0;
        for word in &words {
            if column > 0 && column + word.space + word.width > self.width {
                self.out.push('\n');
                column = 0;
            }
            let space = match (column, std::ptr::eq(word, &raw const words[0])) {
                (0, true) => first,
                (0, false) => rest,
                _ => word.space,
            };
            let _ = write!(self.out, "{:space$}{}", "", word.text);
            column += space + word.width;
        }
        if !words.is_empty() {
            self.out.push('\n');
        }
    }
}

/// Characters with their styles, on their way to be wrapped.
#[derive(Default)]
pub(crate) struct Paragraph(Vec<(char, Style)>);

/// What is never broken.
struct Word {
    /// With its styles.
    text: String,
    /// Columns it takes.
    width: usize,
    /// Columns before it when it does not begin a line.
    space: usize,
}

impl Paragraph {
    pub(crate) fn push(&mut self, text: &str, style: Style) {
        self.0.extend(text.chars().map(|c| (c, style)));
    }

    fn push_all(&mut self, text: &[char], style: Style) {
        self.0.extend(text.iter().map(|c| (*c, style)));
    }

    fn words(&self) -> Vec<Word> {
        let mut words = Vec::new();
        let mut space = 0;
        for run in
            self.0.chunk_by(|(a, _), (b, _)| a.is_whitespace() == b.is_whitespace())
        {
            if run.iter().all(|(c, _)| c.is_whitespace()) {
                // Columns are set with spaces; line breaks and the like are the article's.
                space = if run.iter().all(|(c, _)| *c == ' ') { run.len() } else { 1 };
            } else {
                words.push(Word::new(run, space));
                space = 0;
            }
        }
        words
    }
}

impl Word {
    fn new(styled: &[(char, Style)], space: usize) -> Self {
        let mut word = Self { text: String::new(), width: 0, space };
        for run in styled.chunk_by(|(_, a), (_, b)| a == b) {
            let style = run.first().map_or(PLAIN, |(_, style)| *style);
            let _ = write!(word.text, "{style}");
            for c in run.iter().filter_map(|(c, _)| shown_as(*c)) {
                word.text.push(c);
                word.width += c.width().unwrap_or(0);
            }
            let _ = write!(word.text, "{style:#}");
        }
        word
    }
}

/// What a character of an article is on a terminal: itself, unless it would steer it.
pub(crate) fn shown_as(c: char) -> Option<char> {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            None
        }
        c if c.is_control() => Some(char::REPLACEMENT_CHARACTER),
        c => Some(c),
    }
}
