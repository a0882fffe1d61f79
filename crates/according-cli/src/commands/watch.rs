//! `according watch`: adds what is new, and tells those who look for it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use according_corpus::news::NewsKind;
use according_store::{Alert, Store};
use anyhow::{Result, bail};

use super::Ending;
use super::add::{Adder, Seen, with_advice};
use crate::console::Console;
use crate::corpus_output::one_line;
use crate::files::{Inputs, files_in, is_address, is_feed_name};
use crate::flags::{CorpusFormat, InputFlags, WatchFlags};

/// How often a site is asked at most, in seconds: whoever writes a feed does so more seldom.
const LEAST_EVERY: u64 = 60;

/// Reads what changes in folders and feeds, until the program is stopped.
pub(crate) fn run(
    flags: &WatchFlags,
    wanted: Option<&str>,
    console: &Console,
) -> Result<Ending> {
    let (addresses, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        flags.add.inputs.files.iter().cloned().partition(|path| is_address(path));
    let is_watched = |path: &PathBuf| path.is_dir() || is_feed_name(path);
    if let Some(other) = paths.iter().find(|path| !is_watched(path)) {
        bail!("{} is not a folder, nor a feed", other.display());
    }
    let mut store = Store::create(&flags.add.corpus.corpus).map_err(with_advice)?;
    let pipeline = crate::model::load(wanted, console)?;
    let seen = Seen::default();
    let adder =
        Adder { flags: &flags.add, pipeline: &pipeline, seen: Some(&seen), console };
    let add = |store: &mut Store, files: Vec<PathBuf>| {
        let inputs = InputFlags { files, ..flags.add.inputs.clone() };
        adder.add(Inputs::find(&inputs, flags.add.text.input, console), store)
    };
    let mut folders = Folders { paths, ..Folders::default() };
    let mut asked: Option<Instant> = None;
    loop {
        let mut endings = Vec::new();
        let due = folders.due(flags);
        if !due.is_empty() {
            endings.push(add(&mut store, due)?);
        }
        let every = Duration::from_secs(feed_every(flags));
        if !addresses.is_empty() && asked.is_none_or(|asked| asked.elapsed() >= every) {
            endings.push(add(&mut store, addresses.clone())?);
            asked = Some(Instant::now());
        }
        tell(&mut store, flags.format, console)?;
        if flags.once {
            let is_done = endings.iter().all(|ending| *ending == Ending::AllDone);
            return Ok(if is_done { Ending::AllDone } else { Ending::SomeFailed });
        }
        std::thread::sleep(Duration::from_secs(flags.every as u64));
    }
}

fn feed_every(flags: &WatchFlags) -> u64 {
    let least = if flags.add.inputs.fetch.allow_private { 1 } else { LEAST_EVERY };
    (flags.feed_every as u64).max(least)
}

/// Size of a file, and when it was changed.
type State = (u64, SystemTime);

/// Folders and files that are watched.
#[derive(Default)]
struct Folders {
    paths: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, State>,
    read: BTreeMap<PathBuf, State>,
}

impl Folders {
    /// What is to be read now.
    fn due(&mut self, flags: &WatchFlags) -> Vec<PathBuf> {
        let form = flags.add.text.input;
        let before = std::mem::take(&mut self.seen);
        let files = self.paths.iter().flat_map(|path| match path.is_dir() {
            true => files_in(path, form),
            false => vec![path.clone()],
        });
        for path in files.collect::<Vec<PathBuf>>() {
            // One that vanished in the meantime is not there.
            let Ok(found) = path.metadata() else { continue };
            if let Ok(changed) = found.modified() {
                self.seen.insert(path, (found.len(), changed));
            }
        }
        // Whoever writes a file may be in the middle of it: it is read when it was the same
        // twice.
        let is_due = |path: &PathBuf, state: &State| {
            let is_whole = flags.once || before.get(path) == Some(state);
            is_whole && self.read.get(path) != Some(state)
        };
        let due: Vec<(PathBuf, State)> = self
            .seen
            .iter()
            .filter(|(path, state)| is_due(path, state))
            .map(|(path, state)| (path.clone(), *state))
            .collect();
        let paths = due.iter().map(|(path, _)| path.clone()).collect();
        self.read.extend(due);
        paths
    }
}

/// Gives the alerts that wait, and strikes them off.
fn tell(store: &mut Store, format: CorpusFormat, console: &Console) -> Result<()> {
    use std::io::Write as _;
    let alerts = store.alerts().map_err(with_advice)?;
    let mut out = Vec::new();
    for (_, alert) in &alerts {
        match format {
            CorpusFormat::Json => {
                serde_json::to_writer(&mut out, alert).map_err(std::io::Error::from)?;
                out.push(b'\n');
            }
            CorpusFormat::Text => out.extend(in_words(alert).into_bytes()),
        }
    }
    if !out.is_empty() {
        let mut stdout = console.stdout();
        stdout.write_all(&out)?;
        stdout.flush()?;
    }
    store.given(&alerts).map_err(with_advice)
}

/// An alert in a line.
fn in_words(alert: &Alert) -> String {
    let known = [Some(&alert.article), alert.outlet.as_ref(), alert.published.as_ref()];
    let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
    let article = known.join(", ");
    let claim = alert.claim.as_deref().unwrap_or("a claim");
    let statement = alert.statement.as_deref().unwrap_or_default();
    let what = match alert.kind {
        NewsKind::Article => format!("new article: {article}"),
        NewsKind::Claim => format!("{claim} is told by {article} too"),
        NewsKind::Origin => format!("{claim} has one more origin, in {article}"),
        NewsKind::Denial => format!("{claim} is denied in {article}"),
        NewsKind::HedgeLost => format!("{claim} has lost its hedge in {article}"),
        NewsKind::HedgeGained => format!("{claim} is hedged in {article}"),
        NewsKind::Numbers => format!("{claim} has other numbers in {article}"),
        NewsKind::Disputed => format!("{claim} is disputed in {article}"),
    };
    let text = alert.text.as_deref().filter(|text| *text != statement);
    let words = [text, Some(statement)].into_iter().flatten();
    let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
    let words = words.join(" \u{2014} ");
    let line = one_line(&format!("[{}] {what}: {words}", alert.search));
    format!("{}\n", line.trim_end_matches([' ', ':']))
}
