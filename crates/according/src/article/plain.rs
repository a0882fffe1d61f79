//! Plain text to an [`Article`]: what each line of a report is.
//!
//! ```
//! use according::article::{self, BlockKind, Metadata};
//! let text = "Ferry burns in harbour\n\nHARBOUR CITY, May 5 (AP) — Two men were held.";
//! let article = article::plain::read(text.to_owned(), Metadata::default());
//! let kinds: Vec<_> = article.blocks.iter().map(|b| b.kind).collect();
//! assert_eq!(kinds, [BlockKind::Headline, BlockKind::Dateline, BlockKind::Paragraph]);
//! assert_eq!(article.metadata.title.as_deref(), Some("Ferry burns in harbour"));
//! ```
//!
//! The kinds are told from the words alone, so a caption that reads like a paragraph stays
//! one. Headings inside a story are paragraphs.

use according_nlp::Span;

use super::byline::{self, Byline};
use super::calendar;
use super::dateline::{self, Dateline, Evidence};
use super::furniture::{self, Furniture};
use super::lines::{self, Form};
use super::words::{Word, words};
use super::{Article, Block, BlockKind, Metadata, language, note};

/// Pieces longer than this are told by their first bytes alone.
const LONGEST_LOOK: usize = 4096;

/// So many pull quotes and more are the story itself: a list of what people said.
const MANY_QUOTES: usize = 4;

/// A caption repeats a paragraph at most so many pieces away.
const NEAR: usize = 6;

/// Reads an article from `text`, exactly as decoded and at most 4 GiB long.
///
/// What is `given` about the article wins over what its text says; what neither says stays
/// unknown.
pub fn read(text: String, given: Metadata) -> Article {
    let pieces = pieces(&text);
    let (blocks, metadata) = classify(&text, pieces, given);
    Article { text, blocks, pages: Vec::new(), metadata }
}

/// Reads an article that was cut into lines elsewhere, where the kinds of some are known.
///
/// `lines` are in order, do not overlap and hold all of `text` that is not white space. A
/// list item or a quotation may still turn out to be furniture; other given kinds stay.
pub fn read_lines(
    text: String,
    lines: &[(Span, Option<BlockKind>)],
    given: Metadata,
) -> Article {
    let piece = |&(span, kind): &(Span, Option<BlockKind>)| {
        let form = match kind {
            Some(BlockKind::ListItem) => Form::Item,
            Some(BlockKind::Quotation) => Form::Quoted,
            _ => Form::Plain,
        };
        let kind = kind.filter(|_| form == Form::Plain);
        Piece { span, form, words: look(&text, span), kind }
    };
    let pieces: Vec<_> = lines.iter().map(piece).collect();
    let is_signed =
        |p: &&Piece<'_>| matches!(p.kind, Some(BlockKind::Byline | BlockKind::Date));
    let mut names = pieces.iter().filter(is_signed).filter_map(|p| {
        let line = &text.as_str()[p.span];
        let byline = byline::byline(line, &p.words);
        let is_byline = p.kind == Some(BlockKind::Byline);
        let byline = byline
            .or_else(|| byline::bare_name(line, &p.words).filter(|_| is_byline))
            .map(|byline| byline.names);
        let names = byline.unwrap_or_else(|| byline::signed(line, &p.words));
        (!names.is_empty()).then_some(names)
    });
    let signed = names.next().unwrap_or_default();
    let (blocks, mut metadata) = classify(&text, pieces, given);
    if metadata.byline.is_empty() {
        metadata.byline = signed;
    }
    Article { text, blocks, pages: Vec::new(), metadata }
}

/// What each piece of `text` is, and what they tell.
fn classify(
    text: &str,
    mut pieces: Vec<Piece<'_>>,
    given: Metadata,
) -> (Vec<Block>, Metadata) {
    let mut found = Metadata::default();
    if let Some(headline) = pieces.iter().find(|p| p.kind == Some(BlockKind::Headline)) {
        found.title = Some(one_line(&text[headline.span]));
    }
    mark_furniture(&mut pieces);
    let lead = mark_head(text, &mut pieces, &mut found);
    mark_repeats(&mut pieces, lead);
    let blocks = blocks(text, &pieces, lead, &mut found);
    let told = blocks.iter().filter(|b| b.kind != BlockKind::Boilerplate);
    let parts = told.map(|b| &text[b.span]);
    let signed = blocks.iter().filter(|b| b.kind == BlockKind::Byline);
    let credits = signed.map(|b| &text[b.span]).chain(found.dateline.as_deref());
    // "CNN" is no agency in the pages of "CNN.com".
    let outlet = given.outlet.as_deref().unwrap_or_default().to_lowercase();
    let mut agencies = credits.filter_map(dateline::news_agency_in);
    let via = agencies.find(|agency| !outlet.contains(&agency.to_lowercase()));
    let metadata = Metadata {
        via: given.via.or_else(|| via.map(str::to_owned)),
        language: Some(language::language(parts, given.language.as_deref())),
        title: given.title.or(found.title),
        byline: if given.byline.is_empty() { found.byline } else { given.byline },
        dateline: given.dateline.or(found.dateline),
        published: given.published.or(found.published),
        ..given
    };
    (blocks, metadata)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A piece of the text on its way to becoming a block.
struct Piece<'t> {
    span: Span,
    form: Form,
    /// Its words; of very long ones the first.
    words: Vec<Word<'t>>,
    /// What it is, once known.
    kind: Option<BlockKind>,
}

impl Piece<'_> {
    /// Its words without the mark of a list item or a quotation.
    fn content(&self) -> &[Word<'_>] {
        let n_marks = match self.form {
            Form::Plain => 0,
            _ => self.words.iter().take_while(|w| !w.is_alphanumeric()).count(),
        };
        self.words.get(n_marks..).unwrap_or_default()
    }

    fn dateline(&self) -> Option<Dateline> {
        dateline::dateline(&self.words)
    }

    fn n_words(&self) -> usize {
        self.words.iter().filter(|w| w.is_alphanumeric()).count()
    }

    /// Whether it ends as a sentence does.
    fn is_closed(&self) -> bool {
        let mut last = self.words.iter().rev();
        let is_stop = |w: &Word<'_>| w.is(".") || matches!(w.text, "!" | "?" | "…");
        let is_close = |w: &Word<'_>| w.is("\"") || w.is("'") || w.is(")") || w.is("]");
        last.find(|w| !is_close(w)).is_some_and(is_stop)
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let piece = |p: lines::Piece| Piece {
        span: p.span,
        form: p.form,
        words: look(text, p.span),
        kind: None,
    };
    lines::pieces(text).into_iter().map(piece).collect()
}

/// The words of a piece; of very long ones the first.
fn look(text: &str, span: Span) -> Vec<Word<'_>> {
    let mut end = span.len().min(LONGEST_LOOK);
    while !text[span].is_char_boundary(end) {
        end -= 1;
    }
    words(&text[span][..end])
}

/// Marks captions, prompts, credits and date lines wherever they stand.
fn mark_furniture(pieces: &mut [Piece<'_>]) {
    let mut in_links = false;
    let mut pull_quotes = Vec::new();
    for (i, piece) in pieces.iter_mut().enumerate() {
        if piece.kind.is_some() {
            continue;
        }
        let content = piece.content();
        if calendar::date_of(content).is_some() {
            piece.kind = Some(BlockKind::Date);
            continue;
        }
        if piece.dateline().is_some_and(|d| d.evidence == Evidence::Stated && !d.alone) {
            in_links = false;
            continue;
        }
        let furniture = furniture::furniture(content);
        piece.kind = match furniture {
            Some(Furniture::Caption) => Some(BlockKind::Caption),
            Some(Furniture::Credit) => Some(BlockKind::Byline),
            Some(Furniture::Prompt | Furniture::LinkHeading) => {
                Some(BlockKind::Boilerplate)
            }
            Some(Furniture::PullQuote) | None
                if in_links && furniture::is_link(content) =>
            {
                Some(BlockKind::Boilerplate)
            }
            Some(Furniture::PullQuote) => {
                if i > 0 {
                    pull_quotes.push(i);
                }
                None
            }
            None => None,
        };
        in_links = furniture == Some(Furniture::LinkHeading)
            || in_links && piece.kind == Some(BlockKind::Boilerplate);
    }
    if pull_quotes.len() < MANY_QUOTES {
        for i in pull_quotes {
            pieces[i].kind = Some(BlockKind::Caption);
        }
    }
}

/// Marks headline, standfirst, bylines and dates above the story; the index of the piece
/// with which the story begins.
fn mark_head(text: &str, pieces: &mut [Piece<'_>], found: &mut Metadata) -> usize {
    let mut in_summary = false;
    for i in 0..pieces.len() {
        if pieces[i].kind == Some(BlockKind::Date) {
            let date = calendar::date_of(pieces[i].content()).and_then(|d| d.published);
            found.published = found.published.take().or(date.map(|day| day.to_string()));
        }
        if pieces[i].kind.is_some() {
            continue;
        }
        if let Some(dateline) = pieces[i].dateline() {
            if !dateline.alone {
                return i;
            }
            pieces[i].kind = Some(BlockKind::Dateline);
            set_dateline(text, pieces[i].span, &dateline, found);
            continue;
        }
        in_summary = is_summary(&pieces[i]) || in_summary && !pieces[i].is_closed();
        let kind = match byline_at(text, pieces, i, found.title.is_some()) {
            Some(byline) => {
                if found.byline.is_empty() {
                    found.byline = byline.names;
                }
                found.published =
                    found.published.take().or(byline.date.map(|day| day.to_string()));
                BlockKind::Byline
            }
            None if found.title.is_none() && is_section(pieces, i) => {
                BlockKind::Boilerplate
            }
            None if in_summary => BlockKind::Standfirst,
            None if found.title.is_none() && is_headline(pieces, i) => {
                found.title = Some(one_line(&text[pieces[i].span]));
                BlockKind::Headline
            }
            None if found.title.is_some() && is_standfirst(pieces, i) => {
                BlockKind::Standfirst
            }
            None => return i,
        };
        pieces[i].kind = Some(kind);
    }
    pieces.len()
}

fn byline_at(
    text: &str,
    pieces: &[Piece<'_>],
    i: usize,
    below_title: bool,
) -> Option<Byline> {
    let piece = &pieces[i];
    let text = &text[piece.span];
    let next = pieces.get(i + 1);
    let before_date =
        next.is_some_and(|p| p.kind == Some(BlockKind::Date) || opens_story(p));
    byline::byline(text, &piece.words).or_else(|| {
        let bare = byline::bare_name(text, &piece.words);
        bare.filter(|_| below_title && before_date)
    })
}

/// Whether it opens with a dateline that an agency or a date shows to be one.
fn opens_story(piece: &Piece<'_>) -> bool {
    piece.dateline().is_some_and(|d| d.evidence != Evidence::Colon)
}

/// A word or two above the headline: "World news".
fn is_section(pieces: &[Piece<'_>], i: usize) -> bool {
    let is_short = pieces[i].n_words() <= 2 && !pieces[i].is_closed();
    let next = pieces.get(i + 1).filter(|p| p.kind.is_none() && p.n_words() >= 5);
    is_short && next.is_some_and(|p| !p.is_closed() && is_headline(pieces, i + 1))
}

/// Whether the first piece that is no furniture is the headline and not the first
/// paragraph of a text without one.
fn is_headline(pieces: &[Piece<'_>], i: usize) -> bool {
    let piece = &pieces[i];
    if piece.form != Form::Plain || piece.span.len() > 250 || i + 1 == pieces.len() {
        return false;
    }
    let words = &piece.words;
    let asks = words.last().is_some_and(|w| matches!(w.text, "!" | "?"));
    if !piece.is_closed() || asks {
        return !words.last().is_some_and(|w| matches!(w.text, ":" | ","));
    }
    // Some archives put a full stop after every headline.
    let is_head = |p: &Piece<'_>| {
        matches!(p.kind, Some(BlockKind::Date | BlockKind::Byline)) || opens_story(p)
    };
    let n_words = piece.n_words();
    let n_capitalised = words.iter().filter(|w| w.is_capitalised()).count();
    let title_case = n_words >= 3 && n_capitalised * 10 >= n_words * 7;
    let one_sentence = words.iter().filter(|w| w.is(".")).count() == 1;
    piece.span.len() <= 150
        && one_sentence
        && (title_case || pieces.get(i + 1).is_some_and(is_head))
}

/// Whether a label shows that it sums the story up.
fn is_summary(piece: &Piece<'_>) -> bool {
    let [first, second, ..] = piece.words.as_slice() else { return false };
    matches!(
        (first.norm.as_ref(), second.norm.as_ref()),
        ("story", "highlights") | ("key", "points") | ("in", "summary")
    )
}

/// Whether a piece below the headline sums the story up: a line without a full stop, or
/// one that stands above the byline, the date or the dateline.
fn is_standfirst(pieces: &[Piece<'_>], i: usize) -> bool {
    let piece = &pieces[i];
    if piece.form != Form::Plain || piece.span.len() > 400 || i + 1 == pieces.len() {
        return false;
    }
    let after = pieces[i + 1..].iter().take(3);
    let is_head =
        |p: &Piece<'_>| matches!(p.kind, Some(BlockKind::Date)) || opens_story(p);
    let above_head = after
        .take_while(|p| p.kind.is_some() || p.n_words() <= 12 || opens_story(p))
        .any(is_head);
    let n_before = pieces[..i]
        .iter()
        .filter(|p| p.kind == Some(BlockKind::Standfirst))
        .take(2)
        .count();
    let quotes = piece.words.first().is_some_and(|w| w.is("\""));
    let open_ended = piece.words.last().is_some_and(Word::is_alphanumeric);
    above_head || open_ended && !quotes && piece.n_words() >= 4 && n_before < 2
}

/// Marks the pieces of the story without a full stop that repeat a paragraph near by.
fn mark_repeats(pieces: &mut [Piece<'_>], lead: usize) {
    for i in lead + 1..pieces.len() {
        if pieces[i].kind.is_some() || pieces[i].is_closed() {
            continue;
        }
        let near = lead.max(i.saturating_sub(NEAR))..(i + NEAR + 1).min(pieces.len());
        let repeats = near.filter(|&j| j != i && pieces[j].kind.is_none()).any(|j| {
            pieces[j].is_closed()
                && furniture::repeats(&pieces[i].words, &pieces[j].words)
        });
        if repeats {
            pieces[i].kind = Some(BlockKind::Caption);
        }
    }
}

fn blocks(
    text: &str,
    pieces: &[Piece<'_>],
    lead: usize,
    found: &mut Metadata,
) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(pieces.len() + 1);
    for (i, piece) in pieces.iter().enumerate() {
        let Piece { span, .. } = *piece;
        if let Some(kind) = piece.kind {
            let note =
                note::note(&piece.words).filter(|_| kind == BlockKind::Boilerplate);
            blocks.push(Block { kind, span, note });
            continue;
        }
        let kind = match piece.form {
            Form::Plain => BlockKind::Paragraph,
            Form::Item => BlockKind::ListItem,
            Form::Quoted => BlockKind::Quotation,
        };
        let dateline = piece.dateline().filter(|d| match d.evidence {
            Evidence::Stated => true,
            Evidence::Dash | Evidence::Colon => i == lead && !is_transcript(pieces),
        });
        let mut story = span.range();
        if let Some(dateline) = dateline {
            set_dateline(text, span, &dateline, found);
            let end = story.start + dateline.end;
            let span = Span::new(story.start, end);
            blocks.push(Block::new(BlockKind::Dateline, span));
            story.start = end + leading_space(&text[end..story.end]);
        }
        let credit = furniture::trailing_credit(&piece.words)
            .filter(|_| span.len() <= LONGEST_LOOK)
            .map(|at| span.range().start + at)
            .filter(|&at| at > story.start);
        if let Some(at) = credit {
            let end = story.start + text[story.start..at].trim_end().len();
            blocks.push(Block::new(kind, Span::new(story.start, end)));
            blocks.push(Block::new(BlockKind::Byline, Span::new(at, story.end)));
        } else if !story.is_empty() {
            blocks.push(Block::new(kind, story.into()));
        }
    }
    blocks
}

fn set_dateline(text: &str, span: Span, dateline: &Dateline, found: &mut Metadata) {
    if found.dateline.is_none() {
        let written = text[span][..dateline.written].split_whitespace();
        found.dateline = Some(written.collect::<Vec<_>>().join(" "));
        let date = dateline.date.map(|day| day.to_string());
        found.published = found.published.take().or(date);
    }
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Whether names in capitals open several pieces: speakers, not places.
fn is_transcript(pieces: &[Piece<'_>]) -> bool {
    let by_capitals =
        |p: &&Piece<'_>| p.dateline().is_some_and(|d| d.evidence != Evidence::Stated);
    pieces.iter().filter(|p| p.kind.is_none()).filter(by_capitals).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_wins() {
        let text = "Ferry burns\nBy Ann Doe\nMay 5, 2018\n\nOSLO — Two men were held on Monday \
            over the fire, the police said.\n";
        let given = Metadata {
            title: Some("Fire".to_owned()),
            published: Some("2018-05-06".to_owned()),
            outlet: Some("Harbour Post".to_owned()),
            ..Metadata::default()
        };
        let found = read(text.to_owned(), Metadata::default()).metadata;
        assert_eq!(found.title.as_deref(), Some("Ferry burns"));
        assert_eq!(found.published.as_deref(), Some("2018-05-05"));
        assert_eq!(found.byline, ["Ann Doe"]);
        assert_eq!(found.dateline.as_deref(), Some("OSLO"));
        let read = read(text.to_owned(), given.clone()).metadata;
        assert_eq!(read.title, given.title);
        assert_eq!(read.published, given.published);
        assert_eq!(read.outlet, given.outlet);
        assert_eq!(read.byline, ["Ann Doe"]);
    }
}
