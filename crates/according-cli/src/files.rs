//! What there is to read: files, folders, standard input, and what is in containers.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use according_container::{
    Document, Documents, Error as ContainerError, Failure, Form, Limits,
};
use according_fetch::{Error as Fetch, Fetcher};
use according_intake::{Record, decode};
use anyhow::{Context as _, Result, anyhow, bail};

use crate::console::{Console, hinted};
use crate::flags::{InputFlags, InputForm};

/// The name of standard input among the files.
const STDIN: &str = "-";

/// One text to read.
#[derive(Debug)]
pub(crate) struct Item {
    /// For messages, and for want of an id: the path, and the way into the file.
    pub(crate) name: String,
    content: Result<Content>,
}

#[derive(Debug)]
enum Content {
    /// Plain text, still in its file, which the thread that takes it reads.
    File { path: PathBuf, max_size: usize },
    /// What a container handed over.
    Document(Box<Document>),
}

impl Item {
    /// Reads and decodes it. Always has a text when it is no error.
    pub(crate) fn read(self) -> Result<Record> {
        match self.content? {
            Content::File { path, max_size } => {
                let file = File::open(&path).context("cannot be opened")?;
                let (text, note) = decode(read_all(file, max_size)?);
                let notes = note.into_iter().collect();
                Ok(Record { text: Some(text), notes, ..Record::default() })
            }
            Content::Document(document) => Ok(Record::of(*document)?),
        }
    }
}

/// All inputs in order. Containers are read as their documents are asked for, plain text by
/// whoever takes the item.
pub(crate) struct Inputs {
    waiting: VecDeque<Waiting>,
    open: Option<(String, Documents)>,
    limits: Limits,
    fetcher: Fetcher,
    progress: Arc<Progress>,
}

/// What is to be read next.
#[derive(Debug)]
enum Waiting {
    Input(PathBuf, InputForm),
    Address(String, InputForm),
    Failed(Item),
}

/// How far the inputs are, for whoever watches.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Bytes of files that are read to their end.
    before: AtomicU64,
    /// Bytes that were read.
    read: AtomicU64,
    notes: Mutex<Vec<String>>,
}

impl Progress {
    /// How many bytes were read of all files together.
    pub(crate) fn bytes(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// What was found out about containers since the last call.
    pub(crate) fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inputs {
    /// Finds the files, looks into folders, and says what of them is left out.
    pub(crate) fn find(flags: &InputFlags, form: InputForm, console: &Console) -> Self {
        let mut waiting = VecDeque::new();
        for path in &flags.files {
            if let Some(address) = path.to_str().filter(|_| is_address(path)) {
                waiting.push_back(Waiting::Address(address.to_owned(), form));
            } else if path.is_dir() {
                waiting.extend(in_folder(path, form, console));
            } else {
                waiting.push_back(Waiting::Input(path.clone(), form));
            }
        }
        if flags.files.is_empty() {
            waiting.push_back(Waiting::Input(PathBuf::from(STDIN), form));
        }
        let (limits, fetcher) = (flags.limits(), Fetcher::new(flags.fetching()));
        Self { waiting, open: None, limits, fetcher, progress: Arc::default() }
    }

    /// How many texts there are, if that is known beforehand.
    pub(crate) fn total(&self) -> Option<u64> {
        let is_one = |waiting: &Waiting| match waiting {
            Waiting::Input(path, form) => is_plain(path, *form),
            Waiting::Address(..) => false,
            Waiting::Failed(_) => true,
        };
        self.waiting.iter().all(is_one).then_some(self.waiting.len() as u64)
    }

    /// How many bytes there are, if that is known beforehand.
    pub(crate) fn total_bytes(&self) -> Option<u64> {
        let size = |waiting: &Waiting| match waiting {
            Waiting::Input(path, _) if path == Path::new(STDIN) => None,
            Waiting::Input(path, _) => Some(size(path)),
            Waiting::Address(..) => None,
            Waiting::Failed(_) => Some(0),
        };
        self.waiting.iter().map(size).sum()
    }

    /// Tells how far they are, also when somebody else has them.
    pub(crate) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Whether there is any input at all that could be read.
    pub(crate) fn has_any(&self) -> bool {
        self.waiting.iter().any(|waiting| match waiting {
            Waiting::Input(path, _) => path == Path::new(STDIN) || path.exists(),
            Waiting::Address(..) => true,
            Waiting::Failed(_) => false,
        })
    }

    /// The item an input is, or `None` when it is a container to be read.
    fn open(&mut self, path: PathBuf, form: InputForm) -> Option<Item> {
        let is_stdin = path == Path::new(STDIN);
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        // Plain text in a file is left to the thread that takes the item.
        if is_plain(&path, form) && !is_stdin {
            self.count_file(&path);
            let content = Ok(Content::File { path, max_size: self.limits.document });
            return Some(Item { name, content });
        }
        let (form, limits) = (form.in_container(), self.limits.clone());
        let opened = match is_stdin {
            true => Ok(Documents::read(&name, io::stdin(), form, limits)),
            false => Documents::open(&path, form, limits).context("cannot be opened"),
        };
        match opened {
            Ok(documents) => {
                self.open = Some((name, documents));
                None
            }
            Err(error) => Some(Item { name, content: Err(error) }),
        }
    }

    /// Fetches what somebody asked for by its address.
    fn fetch(&mut self, address: &str, form: InputForm) -> Result<Documents> {
        let fetched = self.fetcher.fetch(address).map_err(|error| {
            let hint = match &error {
                Fetch::Private(..) => "'--allow-private' allows it",
                Fetch::Robots | Fetch::NoRobots(_) => {
                    "'--ignore-robots' is for those who have permission"
                }
                Fetch::Time(_) => "'--timeout SECONDS' raises the limit",
                Fetch::Size(_) => "'--limit whole=BYTES' raises the limit",
                Fetch::Media(_) => "fetch it with another program and give the file",
                _ => return error.into(),
            };
            hinted(error.to_string(), hint)
        })?;
        let name = fetched.url.split(['?', '#']).next().unwrap_or_default();
        let told = Form::of_media(&fetched.media);
        let is_told = told.is_some() || !fetched.media.ends_with("octet-stream");
        if form == InputForm::Auto && !is_told && !Form::is_known(&fetched.bytes, name) {
            bail!("is '{}', and its bytes do not tell what it is", fetched.media);
        }
        let form = form.in_container().or(told);
        let bytes = io::Cursor::new(fetched.bytes);
        let documents = Documents::read(address, bytes, form, self.limits.clone());
        Ok(documents.found_at(fetched.url, fetched.charset))
    }

    fn count_file(&self, path: &Path) {
        let size = size(path);
        let before = self.progress.before.fetch_add(size, Ordering::Relaxed);
        self.progress.read.store(before + size, Ordering::Relaxed);
    }
}

impl Iterator for Inputs {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some((_, documents)) = &mut self.open {
                let next = documents.next();
                let before = self.progress.before.load(Ordering::Relaxed);
                self.progress
                    .read
                    .store(before + documents.bytes_read(), Ordering::Relaxed);
                if let Some(next) = next {
                    return Some(item(next));
                }
            }
            if let Some((name, documents)) = self.open.take() {
                self.count_file(Path::new(&name));
                if let Some(note) = skipped_note(&name, documents.skipped()) {
                    let notes = &self.progress.notes;
                    notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
                }
            }
            match self.waiting.pop_front()? {
                Waiting::Failed(item) => return Some(item),
                Waiting::Address(address, form) => match self.fetch(&address, form) {
                    Ok(documents) => self.open = Some((address, documents)),
                    Err(error) => {
                        return Some(Item { name: address, content: Err(error) });
                    }
                },
                Waiting::Input(path, form) => {
                    if let Some(item) = self.open(path, form) {
                        return Some(item);
                    }
                }
            }
        }
    }
}

fn item(next: Result<Document, Failure>) -> Item {
    match next {
        Ok(document) => {
            let name = document.place.to_string();
            Item { name, content: Ok(Content::Document(Box::new(document))) }
        }
        Err(Failure { place, error }) => {
            Item { name: place.to_string(), content: Err(with_hint(error)) }
        }
    }
}

/// Says which flag raises the limit that was met.
fn with_hint(error: ContainerError) -> anyhow::Error {
    let hint = match error.exceeded() {
        Some("document") => "'--max-size' raises the limit".to_owned(),
        Some(name) => format!("'--limit {name}=N' raises the limit"),
        None => return error.into(),
    };
    hinted(error.to_string(), hint)
}

fn skipped_note(name: &str, skipped: &BTreeMap<String, u64>) -> Option<String> {
    let kinds: Vec<String> =
        skipped.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    let kinds = kinds.join(", ");
    (!kinds.is_empty()).then(|| format!("{name}: skipped what is not read: {kinds}"))
}

/// The files of a folder and of those in it, by name; hidden ones are left alone.
fn in_folder(folder: &Path, form: InputForm, console: &Console) -> Vec<Waiting> {
    let mut found = Vec::new();
    let mut skipped = BTreeMap::new();
    collect(folder, form, &mut found, &mut skipped);
    if let Some(note) = skipped_note(&folder.display().to_string(), &skipped) {
        console.note(note);
    }
    if found.is_empty() {
        found.push(failed(
            folder,
            anyhow!("there is nothing in this folder that is read"),
        ));
    }
    found
}

/// Whether something is an address and no path.
pub(crate) fn is_address(path: &Path) -> bool {
    path.to_str().is_some_and(according_fetch::is_address)
}

/// Whether a file's name promises a feed, which is read again when it changes.
pub(crate) fn is_feed_name(path: &Path) -> bool {
    has_extension(path, &["xml", "rss", "atom", "rdf", "json", "jsonl", "ndjson"])
}

/// The files of a folder that are read when it is named, by name.
pub(crate) fn files_in(folder: &Path, form: InputForm) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, form, &mut found, &mut BTreeMap::new());
    let found = found.into_iter().filter_map(|waiting| match waiting {
        Waiting::Input(path, _) => Some(path),
        _ => None,
    });
    found.collect()
}

fn failed(path: &Path, error: anyhow::Error) -> Waiting {
    Waiting::Failed(Item { name: path.display().to_string(), content: Err(error) })
}

fn collect(
    folder: &Path,
    form: InputForm,
    found: &mut Vec<Waiting>,
    skipped: &mut BTreeMap<String, u64>,
) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            found.push(failed(folder, anyhow!(error).context("cannot be read")));
            return;
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A link to a folder is not followed: it may lead back here.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_hidden {
            continue;
        }
        if is_folder {
            collect(&path, form, found, skipped);
        } else if is_jsonl(&path) {
            found.push(Waiting::Input(path, InputForm::Jsonl));
        } else if is_text(&path) || (form.is_any() && is_known(&path)) {
            found.push(Waiting::Input(path, form));
        } else {
            let kind = match path.extension().and_then(OsStr::to_str) {
                Some(extension) => format!(".{}", extension.to_ascii_lowercase()),
                None => "without extension".to_owned(),
            };
            *skipped.entry(kind).or_default() += 1;
        }
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|have| extensions.iter().any(|e| have.eq_ignore_ascii_case(e)))
}

fn is_text(path: &Path) -> bool {
    has_extension(path, &["txt"])
}

fn is_jsonl(path: &Path) -> bool {
    has_extension(path, &["jsonl", "ndjson"])
}

/// Whether it is worth a look among many.
fn is_known(path: &Path) -> bool {
    path.file_name().and_then(OsStr::to_str).is_some_and(Form::is_known_name)
}

/// Whether it is one plain text, by all that is said and without a look.
fn is_plain(path: &Path, form: InputForm) -> bool {
    match form {
        InputForm::Auto => is_text(path),
        InputForm::Text => !has_extension(path, &["zip", "gz", "gzip", "zst", "zstd"]),
        _ => false,
    }
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

fn too_large(max_size: usize) -> anyhow::Error {
    hinted(
        format!("larger than the limit of {} MiB", max_size >> 20),
        "'--max-size' raises the limit",
    )
}

fn read_all(from: impl Read, max_size: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(max_size as u64 + 1).read_to_end(&mut bytes).context("cannot be read")?;
    if bytes.len() > max_size { Err(too_large(max_size)) } else { Ok(bytes) }
}

/// A file, or standard input for `-`, as it is.
pub(crate) fn read_whole(path: &Path, max_size: usize) -> Result<Vec<u8>> {
    let bytes = match path == Path::new(STDIN) {
        true => read_all(io::stdin(), max_size),
        false => File::open(path)
            .context("cannot be opened")
            .and_then(|file| read_all(file, max_size)),
    };
    bytes.with_context(|| path.display().to_string())
}
