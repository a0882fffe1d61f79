//! `according read`: who claims what.

use std::io::Write as _;
use std::ops::Range;

use according::Report;
use according::report::{Act, Acts, Options};
use according_export::{Export, annotations, annotations_of_text, protect};
use according_intake::{Error, Reading};
use according_nlp::{Pipeline, Worker};
use according_view::reader_page;
use anyhow::{Context as _, Result};

use super::Ending;
use super::batch::{self, Done};
use crate::console::{Console, hinted};
use crate::files::{Inputs, Item};
use crate::flags::{ExportFormat, ReadFlags, ReadFormat, Switch};
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
    let given = flags.text.given();
    let read = |worker: &mut Option<Worker<'_>>,
                item: Item|
     -> Result<(ReadItem, Vec<String>)> {
        let name = item.name.clone();
        let mut record = item.read()?;
        let article = record.article(name, &given, &limits).map_err(with_hint)?;
        let reading = article.read(worker.as_mut().zip(pipeline.as_ref()), &options)?;
        let sentences = reading.sentences();
        let mut item = ReadItem { reading, sentences, is_protected: false };
        if flags.protection.protect_sources {
            record.notes.push(item.protect());
        }
        Ok((item, record.notes))
    };
    let threads = flags.inputs.threads;
    let format = match flags.format {
        ReadFormat::Export(ExportFormat::Webannotation) => None,
        ReadFormat::Export(format) => format.of_text().and_then(Export::new),
        _ => None,
    };
    if let Some(mut export) = format {
        let work = |worker: &mut Option<Worker<'_>>, item: Item| {
            let (item, notes) = read(worker, item)?;
            Ok(Done { output: item.reading.report, notes })
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
        ReadFormat::Html => {
            let mut pages = Vec::new();
            let each = |_: &str, page| {
                if !pages.is_empty() {
                    return Err(hinted(
                        "a page holds one report, and there are more",
                        "run the command once for each of them, or see 'according serve'",
                    ));
                }
                pages.push(page);
                Ok(())
            };
            let ending = batch::run_each(inputs, threads, console, state, work, each)?;
            std::io::stdout().lock().write_all(&pages.concat())?;
            Ok(ending)
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
    reading: Reading,
    sentences: Vec<Range<usize>>,
    /// Whether it is not the text any more that was read.
    is_protected: bool,
}

impl ReadItem {
    /// Makes general what tells of sources without a name, and says what that was.
    fn protect(&mut self) -> String {
        let protected = protect(&self.reading.report);
        for sentence in &mut self.sentences {
            let [start, end] = protected.offsets([sentence.start, sentence.end]);
            *sentence = start..end;
        }
        self.reading.report = protected.report;
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
        let report = &self.reading.report;
        let bytes = match format {
            ReadFormat::Text if !has_claims => {
                return Ok(output::article(report, width).into_bytes());
            }
            ReadFormat::Text => {
                return Ok(output::report(report, &self.sentences, width).into_bytes());
            }
            ReadFormat::Html => return Ok(reader_page(report).into_bytes()),
            ReadFormat::Json => serde_json::to_vec_pretty(report),
            ReadFormat::Jsonl => serde_json::to_vec(report),
            ReadFormat::Export(_) => serde_json::to_vec(&self.annotations()),
        };
        bytes.context("cannot be written")
    }

    /// Annotations of the page as it was read.
    fn annotations(&self) -> serde_json::Value {
        if self.is_protected {
            return annotations_of_text(&self.reading.report);
        }
        annotations(&self.reading.report, self.reading.way_back())
    }
}

/// Says which flag raises the limit that was met.
pub(super) fn with_hint(error: Error) -> anyhow::Error {
    let Error::Page(limit) = &error else { return error.into() };
    let hint = match limit {
        according_page::Error::Depth(_) => "'--limit nesting=N' raises the limit",
        according_page::Error::Nodes(_) => "'--limit nodes=N' raises the limit",
        _ => "'--max-size' raises the limit",
    };
    hinted(limit.to_string(), hint)
}
