//! `according read`: who claims what.

use std::io::Write as _;
use std::ops::Range;

use according::report::{Act, Acts, Offsets, Options, Report, Selector, read_doc};
use according::{Article, Metadata};
use according_export::{Export, annotations, annotations_of_text, protect};
use according_nlp::{CodePoints, DocBuilder, Pipeline, Span, Worker};
use according_page::{Limits, Page};
use anyhow::{Context as _, Result};

use super::Ending;
use super::batch::{self, Done};
use crate::console::{Console, hinted};
use crate::files::{Inputs, Item, Record};
use crate::flags::{self, ExportFormat, ReadFlags, ReadFormat, Switch, TextFlags};
use crate::output;

pub(crate) fn run(
    flags: &ReadFlags,
    wanted: Option<&str>,
    console: &Console,
) -> Result<Ending> {
    if flags.protection.protect_sources && leaves_claims_out(flags) {
        return Err(hinted(
            "sources are known by their claims, and some of these are left out"
                .to_owned(),
            "'--protect-sources' goes without '--claims', '--acts' and '--min-confidence'",
        ));
    }
    let inputs = Inputs::find(&flags.inputs, flags.text.input, console);
    if !inputs.has_any() {
        return batch::name_failures(inputs, console);
    }
    let pipeline = match flags.claims {
        Switch::On => Some(crate::model::load(wanted, console)?),
        Switch::Off => None,
    };
    let acts = flags.acts.iter().map(|&act| Act::from(act));
    let options = Options {
        claims: flags.claims == Switch::On,
        min_confidence: flags.min_confidence,
        acts: if flags.acts.is_empty() { Acts::ALL } else { acts.collect() },
    };
    let width = output::width();
    let limits = flags.inputs.page_limits();
    let state = || pipeline.as_ref().map(Pipeline::worker);
    let read = |worker: &mut Option<Worker<'_>>,
                item: Item|
     -> Result<(ReadItem, Vec<String>)> {
        let name = item.name.clone();
        let mut record = item.read()?;
        let metadata = metadata(&mut record, name, &flags.text);
        let pages = record.pages.iter().map(on_page).collect();
        let is_page = record.text.is_none();
        let mut page = page(&mut record, metadata, &limits)?;
        let article = Article { pages, ..std::mem::take(&mut page.article) };
        let (mut report, sentences) =
            report(article, worker.as_mut(), pipeline.as_ref(), &options)?;
        let text = report.article.text.clone();
        let points = CodePoints::new(&text);
        for block in &mut report.article.blocks {
            block.selector = selectors(&page, &points, [block.start, block.end]);
        }
        let mut item = ReadItem {
            report,
            sentences,
            page: is_page.then_some(page),
            is_protected: false,
        };
        if flags.protection.protect_sources {
            record.notes.push(item.protect());
        }
        Ok((item, record.notes))
    };
    let threads = flags.inputs.threads;
    let format = match flags.format {
        ReadFormat::Export(ExportFormat::Webannotation) => None,
        ReadFormat::Export(format) => Export::new(format.into()),
        _ => None,
    };
    if let Some(mut export) = format {
        let work = |worker: &mut Option<Worker<'_>>, item: Item| {
            let (item, notes) = read(worker, item)?;
            Ok(Done { output: item.report, notes })
        };
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let each = |_: &str, report: Report| {
            Ok(out.write_all(export.report(&report).as_bytes())?)
        };
        let ending = batch::run_each(inputs, threads, console, state, work, each)?;
        out.write_all(export.end().as_bytes())?;
        out.flush()?;
        return Ok(ending);
    }
    let work = |worker: &mut Option<Worker<'_>>, item: Item| {
        let (item, notes) = read(worker, item)?;
        let mut output = item.write(flags.format, worker.is_some(), width)?;
        output.push(b'\n');
        Ok(Done { output, notes })
    };
    match flags.format {
        ReadFormat::Text => {
            batch::run(inputs, threads, console, console.stdout(), state, work)
        }
        // For programs every byte counts: nothing stands between them and the report.
        _ => batch::run(inputs, threads, console, std::io::stdout().lock(), state, work),
    }
}

fn leaves_claims_out(flags: &ReadFlags) -> bool {
    flags.claims == Switch::Off || !flags.acts.is_empty() || flags.min_confidence > 0.0
}

/// A report with what it was made from.
struct ReadItem {
    report: Report,
    sentences: Vec<Range<usize>>,
    /// Where its parts stood, if it was a page.
    page: Option<Page>,
    /// Whether it is not the text any more that was read.
    is_protected: bool,
}

impl ReadItem {
    /// Makes general what tells of sources without a name, and says what that was.
    fn protect(&mut self) -> String {
        let protected = protect(&self.report);
        for sentence in &mut self.sentences {
            let [start, end] = protected.offsets([sentence.start, sentence.end]);
            *sentence = start..end;
        }
        self.report = protected.report;
        self.is_protected = true;
        protected.removed.to_string()
    }

    /// For people, or a value a line for programs.
    fn write(
        &self,
        format: ReadFormat,
        has_claims: bool,
        width: usize,
    ) -> Result<Vec<u8>> {
        let report = &self.report;
        let bytes = match format {
            ReadFormat::Text if !has_claims => {
                return Ok(output::article(report, width).into_bytes());
            }
            ReadFormat::Text => {
                return Ok(output::report(report, &self.sentences, width).into_bytes());
            }
            ReadFormat::Json => serde_json::to_vec_pretty(report),
            ReadFormat::Jsonl => serde_json::to_vec(report),
            ReadFormat::Export(_) => serde_json::to_vec(&self.annotations()),
        };
        bytes.context("cannot be written")
    }

    /// Annotations of the page as it was read.
    fn annotations(&self) -> serde_json::Value {
        if self.is_protected {
            return annotations_of_text(&self.report);
        }
        let points = CodePoints::new(&self.report.article.text);
        annotations(&self.report, |span| match &self.page {
            Some(page) => selectors(page, &points, span),
            None => Some(vec![Selector::Position { start: span[0], end: span[1] }]),
        })
    }
}

pub(super) fn on_page(page: &according_container::Page) -> according::Page {
    according::Page { number: page.number, span: Span::new(page.start, page.end) }
}

/// What is known of a text: from the flags first, else from what it came in.
pub(super) fn metadata(record: &mut Record, name: String, flags: &TextFlags) -> Metadata {
    let own = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
    let published = own(record.published.take()).and_then(|published| {
        let day = published.split(['T', ' ']).next().unwrap_or_default();
        let day = flags::date(day).ok();
        if day.is_none() {
            record.notes.push(format!(
                "'{}' is no date like 2024-03-05 and is left out",
                published.escape_debug()
            ));
        }
        day
    });
    Metadata {
        reference: Some(own(record.id.take()).unwrap_or(name)),
        locator: record.locator.take(),
        title: flags.title.clone().or_else(|| own(record.title.take())),
        outlet: flags.outlet.clone().or_else(|| own(record.outlet.take())),
        url: own(record.url.take()),
        byline: std::mem::take(&mut record.byline),
        dateline: None,
        published: flags.published.clone().or(published),
        via: own(record.via.take()),
        ..Metadata::default()
    }
}

/// The article in a record. Of a page it is known where its blocks stood.
pub(super) fn page(
    record: &mut Record,
    metadata: Metadata,
    limits: &Limits,
) -> Result<Page> {
    if let Some(text) = record.text.take() {
        let article = according::article::plain::read(text, metadata);
        let mut page = Page::default();
        page.article = article;
        return Ok(page);
    }
    let html = record.html.take().unwrap_or_default();
    according_page::read(&html, metadata, limits).map_err(|error| {
        let hint = match error {
            according_page::Error::Depth(_) => "'--limit nesting=N' raises the limit",
            according_page::Error::Nodes(_) => "'--limit nodes=N' raises the limit",
            _ => "'--max-size' raises the limit",
        };
        hinted(error.to_string(), hint)
    })
}

/// The way back from a stretch of a page's article, as a report tells it.
pub(super) fn selectors(
    page: &Page,
    points: &CodePoints<'_>,
    [start, end]: Offsets,
) -> Option<Vec<Selector>> {
    let span = Span::new(points.to_byte(start)?, points.to_byte(end)?);
    let selector = page.selector(span)?;
    let [start, end] = selector.within;
    let within = Box::new(Selector::Position { start, end });
    let [start, end] = selector.position;
    Some(vec![
        Selector::XPath { value: selector.xpath, refined_by: within },
        Selector::Position { start, end },
    ])
}

/// The report of an article, and its sentences as ranges of code points. Without a worker
/// the article itself is all there is to report.
fn report(
    article: Article,
    worker: Option<&mut Worker<'_>>,
    pipeline: Option<&Pipeline>,
    options: &Options,
) -> Result<(Report, Vec<Range<usize>>)> {
    let doc = match worker {
        Some(worker) => according::parse(worker, &article),
        None => DocBuilder::new(&article.text).finish()?,
    };
    let points = CodePoints::new(&article.text);
    let range = |[start, end]: [usize; 2]| start..end;
    let sentences = doc.sentences().map(|s| range(points.of(s.span()))).collect();
    let name = pipeline.map_or("none", Pipeline::name);
    Ok((read_doc(article, &doc, name, options), sentences))
}
