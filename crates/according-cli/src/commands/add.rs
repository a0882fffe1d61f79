//! `according add`: reports into a corpus.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use according::Report;
use according::report::{Options, Selector, read_doc};
use according_corpus::{Fingerprint, fingerprint};
use according_nlp::{CodePoints, Pipeline, Worker};
use according_store::{Name, Store};
use anyhow::{Result, bail};

use super::batch::{self, Done};
use super::{Ending, read};
use crate::console::{Console, hinted};
use crate::files::{Inputs, Item, files_in};
use crate::flags::{AddFlags, InputFlags, WatchFlags};

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
    add(flags, inputs, &mut store, &pipeline, console)
}

/// Reads what changes in folders, until the program is stopped.
pub(crate) fn watch(
    flags: &WatchFlags,
    wanted: Option<&str>,
    console: &Console,
) -> Result<Ending> {
    let folders = &flags.add.inputs.files;
    if let Some(other) = folders.iter().find(|folder| !folder.is_dir()) {
        bail!("{} is not a folder", other.display());
    }
    let mut store = Store::create(&flags.add.corpus.corpus).map_err(with_advice)?;
    let pipeline = crate::model::load(wanted, console)?;
    let form = flags.add.text.input;
    let (mut seen, mut read) = (BTreeMap::new(), BTreeMap::new());
    loop {
        let before = std::mem::take(&mut seen);
        for path in folders.iter().flat_map(|folder| files_in(folder, form)) {
            // One that vanished in the meantime is not there.
            let Ok(found) = path.metadata() else { continue };
            if let Ok(changed) = found.modified() {
                seen.insert(path, (found.len(), changed));
            }
        }
        // Whoever writes a file may be in the middle of it: it is read when it was the same
        // twice.
        let is_due = |path: &PathBuf, state: &State| {
            before.get(path) == Some(state) && read.get(path) != Some(state)
        };
        let due: Vec<(PathBuf, State)> = seen
            .iter()
            .filter(|(path, state)| is_due(path, state))
            .map(|(path, state)| (path.clone(), *state))
            .collect();
        if !due.is_empty() {
            let files = due.iter().map(|(path, _)| path.clone()).collect();
            let inputs = InputFlags { files, ..flags.add.inputs.clone() };
            let inputs = Inputs::find(&inputs, form, console);
            add(&flags.add, inputs, &mut store, &pipeline, console)?;
            read.extend(due);
        }
        std::thread::sleep(Duration::from_secs(flags.every as u64));
    }
}

/// Size of a file, and when it was changed.
type State = (u64, SystemTime);

fn add(
    flags: &AddFlags,
    inputs: Inputs,
    store: &mut Store,
    pipeline: &Pipeline,
    console: &Console,
) -> Result<Ending> {
    let limits = flags.inputs.page_limits();
    let options = Options::default();
    let work = |worker: &mut Worker<'_>, item: Item| {
        let path = item.name.clone();
        let mut record = item.read()?;
        let id = record.id.clone().filter(|id| !id.trim().is_empty());
        let name = name(id, record.url.as_deref(), &path);
        let metadata = read::metadata(&mut record, name.reference.clone(), &flags.text);
        let pages = record.pages.iter().map(read::on_page).collect();
        let mut page = read::page(&mut record, metadata, &limits)?;
        let article = according::Article { pages, ..std::mem::take(&mut page.article) };
        let doc = according::parse(worker, &article);
        let mut report = read_doc(article, &doc, pipeline.name(), &options);
        let text = report.article.text.clone();
        let points = CodePoints::new(&text);
        for block in &mut report.article.blocks {
            let selectors: Option<Vec<Selector>> =
                read::selectors(&page, &points, [block.start, block.end]);
            block.selector = selectors;
        }
        let fingerprint = fingerprint(&report, &doc);
        Ok(Done { output: Ready { name, report, fingerprint }, notes: record.notes })
    };
    let mut tally = [0_u64; 3];
    let each = |_: &str, ready: Ready| {
        let Ready { name, report, fingerprint } = ready;
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
    let count = store.len().map_err(with_advice)?;
    console.say(format_args!(
        "{new} new, {changed} changed, {known} known already; {} holds {count} articles",
        flags.corpus.corpus.display()
    ));
    Ok(ending)
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
