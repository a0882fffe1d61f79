//! `according add`: reports into a corpus.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use according::Report;
use according::report::Options;
use according_corpus::Fingerprint;
use according_intake::Record;
use according_nlp::{Pipeline, Worker};
use according_store::{Name, Store};
use anyhow::Result;

use super::Ending;
use super::batch::{self, Done};
use super::read::with_hint;
use crate::console::{Console, hinted};
use crate::files::{Inputs, Item};
use crate::flags::AddFlags;

/// A report on its way into the corpus.
struct Ready {
    name: Name,
    report: Report,
    fingerprint: Fingerprint,
}

pub(crate) fn run(
    flags: &AddFlags,
    wanted: Option<&str>,
    console: &Console,
) -> Result<Ending> {
    let inputs = Inputs::find(&flags.inputs, flags.text.input, console);
    if !inputs.has_any() {
        return batch::name_failures(inputs, console);
    }
    let mut store = Store::create(&flags.corpus.corpus).map_err(with_advice)?;
    let pipeline = crate::model::load(wanted, console)?;
    let adder = Adder { flags, pipeline: &pipeline, seen: None, console };
    adder.add(inputs, &mut store)
}

/// What was read of each article last, as a digest of all that came with it.
#[derive(Default)]
pub(super) struct Seen(Mutex<BTreeMap<String, u64>>);

impl Seen {
    /// Whether an article is another one than the last time, or comes for the first time.
    fn is_new(&self, name: &Name, record: &Record) -> bool {
        let mut digest = DefaultHasher::new();
        let Record { text, html, url, outlet, title, byline, published, .. } = record;
        (text, html, url, outlet, title, byline, published).hash(&mut digest);
        let digest = digest.finish();
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(name.identity.clone(), digest) != Some(digest)
    }
}

/// How reports come into a corpus.
pub(super) struct Adder<'a> {
    pub(super) flags: &'a AddFlags,
    pub(super) pipeline: &'a Pipeline,
    /// What need not be read again; a feed holds for days what it held before.
    pub(super) seen: Option<&'a Seen>,
    pub(super) console: &'a Console,
}

impl Adder<'_> {
    /// Adds all inputs.
    pub(super) fn add(&self, inputs: Inputs, store: &mut Store) -> Result<Ending> {
        let Self { flags, pipeline, seen, console } = self;
        let limits = flags.inputs.page_limits();
        let options = Options::default();
        let given = flags.text.given();
        let work = |worker: &mut Worker<'_>, item: Item| {
            let path = item.name.clone();
            let mut record = item.read()?;
            let id = record.id.clone().filter(|id| !id.trim().is_empty());
            let url = record.url.as_deref().filter(|url| !url.trim().is_empty());
            let name = name(id, url, &path);
            if seen.is_some_and(|seen| !seen.is_new(&name, &record)) {
                return Ok(Done { output: None, notes: Vec::new() });
            }
            let called = name.reference.clone();
            let article = record.article(called, &given, &limits).map_err(with_hint)?;
            let reading = article.read(Some((worker, pipeline)), &options)?;
            let fingerprint = reading.fingerprint();
            let report = reading.report;
            let ready = Ready { name, report, fingerprint };
            Ok(Done { output: Some(ready), notes: record.notes })
        };
        let mut tally = [0_u64; 3];
        let each = |_: &str, ready: Option<Ready>| {
            let Some(Ready { name, report, fingerprint }) = ready else { return Ok(()) };
            let added = store.add(&name, &report, &fingerprint).map_err(with_advice)?;
            if let Some(count) = tally.get_mut(added as usize) {
                *count += 1;
            }
            Ok(())
        };
        let threads = flags.inputs.threads;
        let ending =
            batch::run_each(inputs, threads, console, || pipeline.worker(), work, each)?;
        // Asking is quick afterwards.
        let spinner = console.spinner("working out what the corpus says");
        store.settle().map_err(with_advice)?;
        spinner.finish_and_clear();
        let [new, changed, known] = tally;
        if seen.is_some() && tally == [0; 3] {
            return Ok(ending);
        }
        let count = store.len().map_err(with_advice)?;
        let corpus = &flags.corpus.corpus;
        console.say(format_args!(
            "{new} new, {changed} changed, {known} known already; {corpus} holds {count} \
             articles"
        ));
        Ok(ending)
    }
}

/// What an article is called and known by: its id; or else its address; or else its path,
/// of which the name of the file is what people call it.
fn name(id: Option<String>, url: Option<&str>, path: &str) -> Name {
    if let Some(id) = id {
        return Name { identity: format!("id {id}"), reference: id };
    }
    let in_container = path.contains("!/") || path.contains('#');
    let stem = match in_container {
        true => path.rsplit('/').next().map(str::to_owned),
        false => Path::new(path).file_stem().map(|s| s.to_string_lossy().into_owned()),
    };
    let reference = stem.filter(|stem| !stem.is_empty()).unwrap_or(path.to_owned());
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
    let identity = match url {
        Some(url) => format!("url {url}"),
        None if in_container => format!("path {path}"),
        None => format!("path {}", absolute.display()),
    };
    Name { reference, identity }
}

/// An error of the corpus with what to do about it.
pub(super) fn with_advice(error: according_store::Error) -> anyhow::Error {
    match error.advice() {
        Some(advice) => hinted(error.to_string(), advice),
        None => anyhow::Error::new(error),
    }
}
