//! The reader page: an article as people read it, and beside it who says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use according::report::{Block, BlockKind, BlockNote, Claim, Event, EventStatus, Report};
use maud::{Markup, PreEscaped, Render as _, html};

use crate::beside::Beside;
use crate::figure;
use crate::mark::{Piece, pieces};
use crate::note::{View, note, place_name};
use crate::review::{Desk, just_done};
use crate::shell;
use crate::text::{link, shown, slice};
use crate::word::{self, count};

/// The page of one report, as a file of its own.
pub fn reader_page(report: &Report) -> String {
    let title = format!("{} · According", title(report));
    let body = html! {
        header.top { p.brand { strong { "According" } " who says so, and through whom" } }
        (reader(report, None))
    };
    shell::alone(&title, &targets(report), &body)
}

/// The page of one report within the app, and the style that has to be allowed for it. What
/// stands beside it is known of articles that are kept, and shown with the forms by which
/// they are set right.
pub fn article_page(
    report: &Report,
    beside: Option<&Beside>,
    desk: &Desk,
) -> (String, String) {
    let targets = targets(report);
    let body = html! {
        @if beside.is_none() {
            p.banner { "Read, and not kept. " a href="/add" { "Add it" } " to have it among the others." }
        }
        @if desk.done.is_some() { div.banner { (just_done(desk)) } }
        (reader(report, beside))
    };
    let page = shell::served(&title(report), shell::Place::Elsewhere, &targets, &body);
    (page, targets)
}

/// What an article is called.
pub(crate) fn title(report: &Report) -> String {
    let article = &report.article;
    let known = article.title.as_ref().or(article.reference.as_ref());
    known.map_or_else(|| "Untitled report".to_owned(), |title| shown(title))
}

/// What lights the words of the claim that an address points to, without a script.
pub(crate) fn targets(report: &Report) -> String {
    let mut rules = String::new();
    for (n, Claim { id, .. }) in report.claims.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(rules, "{comma}:root:has(#{id}:target) .{id}");
    }
    if !rules.is_empty() {
        rules.push_str("{background:var(--lit);color:var(--ink)}");
    }
    rules
}

/// The page without its frame.
pub(crate) fn reader(report: &Report, beside: Option<&Beside>) -> Markup {
    let view = View::new(report, beside);
    html! {
        main.reader {
            (summary(report))
            (legend(report))
            article #story tabindex="-1" aria-label="The article" {
                (head(report))
                @if let Some(beside) = beside { (beside.of_article(report.article.outlet.as_deref())) }
                (rows(&view))
            }
            (aftermath(&view))
        }
        footer.bottom {
            p {
                "A reading by machine, and it makes mistakes: every claim is shown in its own \
                 words so that you can check. Whether a claim is true is not said here."
            }
            p.made {
                (report.generator.name) " " (report.generator.version) " · "
                (report.generator.pipeline) " · " (report.generator.attribution)
            }
        }
    }
}

fn summary(report: &Report) -> Markup {
    let sourcing = &report.sourcing;
    let language = report.article.language.as_deref();
    html! {
        section.summary aria-labelledby="who" {
            h2 #who { "Who stands behind it" }
            @if report.is_english() {
                p.lead { (shown(&sourcing.explanation)) }
            } @else {
                p.lead {
                    "This article is not in English"
                    @if let Some(language) = language { " (but “" (shown(language)) "”)" }
                    ", and claims are looked for in English only."
                }
            }
            @if sourcing.claims > 0 {
                div.figures {
                    p.big {
                        strong { (sourcing.independent_origins) } " "
                        (if sourcing.independent_origins == 1 { "independent origin" } else { "independent origins" })
                        span { "of " (count(sourcing.claims, "claim", "claims")) }
                    }
                    (figure::bar(report))
                }
            }
            (figure::ways(report))
        }
    }
}

fn legend(report: &Report) -> Markup {
    if report.claims.is_empty() {
        return html! {};
    }
    html! {
        aside.legend aria-label="How to read the marks" {
            span { i.o {} span.m.d1 { "what is claimed" } i.e {} }
            span { span.m.s { "by whom" } }
            span { span.m.q { "in which words" } }
            span { span.m.h { "what hedges it" } }
            span.keys hidden { kbd { "j" } " " kbd { "k" } " next and previous claim, " kbd { "Esc" } " none" }
        }
    }
}

/// What is known of the article besides its text.
fn head(report: &Report) -> Markup {
    let article = &report.article;
    let has = |kind| article.blocks.iter().any(|block| block.kind == kind);
    let byline = article.byline.join(", ");
    let url = article.url.as_deref().and_then(link);
    let known = [&article.outlet, &article.published, &article.via];
    html! {
        @if !has(BlockKind::Headline) { h1 { (title(report)) } }
        @if known.iter().any(|known| known.is_some()) || url.is_some() {
            p.meta {
                @if let Some(outlet) = &article.outlet { span { (shown(outlet)) } }
                @if let Some(day) = &article.published {
                    span { time datetime=(shown(day)) { (shown(day)) } }
                }
                @if let Some(via) = &article.via { span { "via " (shown(via)) } }
                @if let Some(url) = url {
                    span { a href=(url) rel="noreferrer noopener" { "original" } }
                }
            }
        }
        @if !has(BlockKind::Byline) && !byline.is_empty() {
            p.byline { (shown(&byline)) }
        }
    }
}

/// Blocks that stand side by side with the notes on their claims.
struct Row<'r> {
    blocks: Vec<usize>,
    kind: BlockKind,
    notes: Vec<&'r Claim>,
}

fn rows(view: &View<'_>) -> Markup {
    let blocks = &view.report.article.blocks;
    let pieces = pieces(view.report);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut row_of: Vec<usize> = Vec::with_capacity(blocks.len());
    for (n, block) in blocks.iter().enumerate() {
        match rows.last_mut() {
            Some(row) if goes_on(view, row, blocks, block) => {
                if row.kind == BlockKind::Dateline {
                    row.kind = block.kind;
                }
                row.blocks.push(n);
            }
            _ => rows.push(Row { blocks: vec![n], kind: block.kind, notes: Vec::new() }),
        }
        row_of.push(rows.len() - 1);
    }
    for claim in &view.report.claims {
        let first = claim.content.iter().chain(&claim.source).map(|span| span[0]).min();
        let first = first.unwrap_or_default();
        let block = blocks.partition_point(|block| block.end <= first);
        let row = row_of.get(block.min(row_of.len().saturating_sub(1)));
        if let Some(row) = row.and_then(|&row| rows.get_mut(row)) {
            row.notes.push(claim);
        }
    }
    html! {
        @for row in &rows {
            div.row {
                (body(view, row, &pieces))
                @if !row.notes.is_empty() {
                    ol.notes aria-label="Claims here" {
                        @for claim in &row.notes { (note(view, claim)) }
                    }
                }
            }
        }
    }
}

/// Whether a block stands in the same row as the one before it: items of one list, and what a
/// dateline begins.
fn goes_on(view: &View<'_>, row: &Row<'_>, blocks: &[Block], block: &Block) -> bool {
    match (row.kind, block.kind) {
        (BlockKind::ListItem, BlockKind::ListItem) => true,
        (BlockKind::Dateline, BlockKind::Paragraph) => {
            let end = row.blocks.last().and_then(|&n| blocks.get(n)).map(|b| b.end);
            !slice(&view.text, [end.unwrap_or_default(), block.start]).contains('\n')
        }
        _ => false,
    }
}

fn body(view: &View<'_>, row: &Row<'_>, pieces: &[Vec<Piece>]) -> Markup {
    let blocks = row.blocks.iter().filter_map(|&n| {
        let block = view.report.article.blocks.get(n)?;
        Some((block, pieces.get(n)?.as_slice()))
    });
    let words = |block: (&Block, &[Piece])| words(view, block.1);
    let all = || blocks.clone();
    let text = || html! { @for block in all() { (words(block)) " " } };
    let note = all().find_map(|(block, _)| block.note).map(|note| match note {
        BlockNote::Correction => "Correction",
        BlockNote::EditorsNote => "Editor’s note",
        BlockNote::Post => "Post on a social network",
    });
    html! {
        @match row.kind {
            BlockKind::Headline => h1 { (text()) },
            BlockKind::Standfirst => p.standfirst { (text()) },
            BlockKind::Byline => p.byline { (text()) },
            BlockKind::Date | BlockKind::Dateline => p.date { (text()) },
            BlockKind::Caption => div.aside.caption {
                p.label { "Caption, not counted" } p { (text()) }
            },
            BlockKind::Boilerplate => div.aside.furniture {
                p.label { (note.unwrap_or("Not part of the story")) } p { (text()) }
            },
            BlockKind::Quotation => blockquote { p { (text()) } },
            BlockKind::ListItem => ul { @for block in all() { li { (words(block)) } } },
            BlockKind::Table => div.table { (text()) },
            BlockKind::Paragraph => div.par {
                @if let Some(note) = note { p.label { (note) } }
                p {
                    @for block in all() {
                        @if block.0.kind == BlockKind::Dateline {
                            span.dateline { (words(block)) } " "
                        } @else {
                            (words(block))
                        }
                    }
                }
            },
        }
    }
}

/// The words of a block with their marks.
fn words(view: &View<'_>, pieces: &[Piece]) -> Markup {
    let mut out = String::new();
    for piece in pieces {
        let text = slice(&view.text, piece.span);
        if piece.claims.is_empty() {
            text.render_to(&mut out);
            continue;
        }
        for _ in &piece.opens {
            out.push_str("<i class=\"o\"></i>");
        }
        let _ = write!(out, "<span class=\"m");
        if piece.depth > 0 {
            let _ = write!(out, " d{}", piece.depth.min(3));
        }
        let is_rejected = |n: &usize| {
            let claim = view.report.claims.get(*n);
            claim.zip(view.beside).is_some_and(|(c, beside)| beside.is_rejected(&c.id))
        };
        let is_rejected = piece.claims.iter().all(is_rejected);
        for (is, class) in [
            (piece.is_source, " s"),
            (piece.is_cue, " q"),
            (piece.is_hedge, " h"),
            (is_rejected, " x"),
        ] {
            if is {
                out.push_str(class);
            }
        }
        let claims = piece.claims.iter().filter_map(|&n| view.report.claims.get(n));
        for claim in claims {
            out.push(' ');
            claim.id.render_to(&mut out);
        }
        out.push_str("\">");
        text.render_to(&mut out);
        out.push_str("</span>");
        for &(claim, is_last) in &piece.closes {
            out.push_str("<i class=\"e\"></i>");
            if let Some(claim) = view.report.claims.get(claim).filter(|_| is_last) {
                out.push_str(&reference(claim).into_string());
            }
        }
    }
    PreEscaped(out)
}

/// The way from the words of a claim to the note on it.
fn reference(claim: &Claim) -> Markup {
    let label = format!("Claim {} by {}", claim.id, shown(&word::by_whom(claim)));
    html! {
        a.ref id={ "at-" (claim.id) } href={ "#" (claim.id) } aria-label=(label) { (claim.id) }
    }
}

/// What comes after the story: when, where, and what is said to have happened.
fn aftermath(view: &View<'_>) -> Markup {
    let (days, spots) = (days(view), spots(view));
    html! {
        div.after {
            @if !days.is_empty() {
                section aria-labelledby="when" {
                    h2 #when { "When" }
                    ul.list {
                        @for (value, told) in &days {
                            li { strong { (shown(value)) } " " (words_of(&told.words)) (refs(&told.claims)) }
                        }
                    }
                }
            }
            @if !spots.is_empty() {
                section aria-labelledby="where" {
                    h2 #where { "Where" }
                    ul.list {
                        @for (name, told) in &spots {
                            li { strong { (name) } " " (words_of(&told.words)) (refs(&told.claims)) }
                        }
                    }
                }
            }
            @if !view.report.events.is_empty() {
                section aria-labelledby="what" {
                    h2 #what { "What is said to have happened" }
                    details {
                        summary { (count(view.report.events.len(), "event", "events")) }
                        ul.list { @for event in &view.report.events { li { (happened(view, event)) } } }
                    }
                }
            }
        }
    }
}

/// A time or place: how it is written, and the claims that have it.
#[derive(Default)]
struct Told<'r> {
    words: Vec<&'r str>,
    claims: Vec<&'r str>,
}

impl<'r> Told<'r> {
    fn add(&mut self, word: &'r str, claims: &[&'r str]) {
        if !self.words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            self.words.push(word);
        }
        for id in claims {
            if !self.claims.contains(id) {
                self.claims.push(id);
            }
        }
    }
}

/// The ids of claims by those of what they name.
fn claims_of<'r>(
    report: &'r Report,
    named: impl Fn(&'r Claim) -> &'r [String],
) -> BTreeMap<&'r str, Vec<&'r str>> {
    let mut claims: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for claim in &report.claims {
        for id in named(claim) {
            claims.entry(id).or_default().push(&claim.id);
        }
    }
    claims
}

fn days<'r>(view: &View<'r>) -> Vec<(&'r str, Told<'r>)> {
    let claims = claims_of(view.report, |claim| &claim.times);
    let mut days: BTreeMap<(&str, &str), Told<'_>> = BTreeMap::new();
    for time in view.report.times.iter().filter(|time| time.block.is_body()) {
        if let Some(begin) = time.begin.as_deref().filter(|_| time.is_calendar())
            && let Some(claims) = claims.get(time.id.as_str())
        {
            days.entry((begin, time.when())).or_default().add(&time.text, claims);
        }
    }
    days.into_iter().map(|((_, value), told)| (value, told)).collect()
}

fn spots<'r>(view: &View<'r>) -> Vec<(String, Told<'r>)> {
    let claims = claims_of(view.report, |claim| &claim.places);
    let mut spots: BTreeMap<String, Told<'_>> = BTreeMap::new();
    for place in view.report.places.iter().filter(|place| place.block.is_body()) {
        if let Some(claims) = claims.get(place.id.as_str()) {
            spots.entry(place_name(place)).or_default().add(&place.text, claims);
        }
    }
    let mut spots: Vec<_> = spots.into_iter().collect();
    spots.sort_by_key(|(_, told)| std::cmp::Reverse(told.claims.len()));
    for (name, told) in &mut spots {
        told.words.retain(|word| !name.starts_with(*word));
    }
    spots
}

fn words_of(words: &[&str]) -> Markup {
    let words: Vec<String> = words.iter().map(|w| format!("“{}”", shown(w))).collect();
    html! { span.said { (words.join(", ")) } " " }
}

fn refs(claims: &[&str]) -> Markup {
    html! { span.refs { @for id in claims { a href={ "#" (id) } { (id) } " " } } }
}

fn happened(view: &View<'_>, event: &Event) -> Markup {
    let people = |role: &str| {
        let all = event.participants.iter().filter(|p| p.role == role);
        let words = all.map(|p| slice(&view.text, [p.start, p.end]));
        words.collect::<Vec<_>>().join(", ")
    };
    let place =
        |id: &Option<String>| id.as_deref().and_then(|id| view.place(id)).map(place_name);
    let time = event.time.as_deref().and_then(|id| view.time(id));
    let ends = [
        time.map(|time| shown(&time.text)),
        place(&event.place),
        place(&event.from).map(|place| format!("from {place}")),
        place(&event.to).map(|place| format!("to {place}")),
        place(&event.via).map(|place| format!("via {place}")),
    ];
    let mode = event.mode.as_deref();
    html! {
        (people("actor")) " " em { (shown(&event.text)) } " " (people("recipient"))
        span.said {
            @for end in ends.iter().flatten() { " · " (end) }
            " · " (shown(&event.kind).to_lowercase()) @if let Some(mode) = mode { ", " (shown(mode)) }
            " · " (status(event.status))
        }
        " "
        @if let Some(claim) = &event.claim { (refs(&[claim])) }
    }
}

fn status(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Actual => "told as fact",
        EventStatus::Alleged => "alleged",
        EventStatus::Planned => "planned",
        EventStatus::Hypothetical => "hypothetical",
        EventStatus::Historical => "historical",
        EventStatus::Denied => "denied",
    }
}
