//! What there is to read: files, folders, standard input, lines of JSON.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::{Deserialize, Deserializer};

use crate::console::{Console, hinted};
use crate::decode::decode;
use crate::flags::{InputFlags, InputForm};

/// The name of standard input among the files.
const STDIN: &str = "-";

/// One text to read.
#[derive(Debug)]
pub(crate) struct Item {
    /// For messages, and for want of an id: the path, with the line for lines of JSON.
    pub(crate) name: String,
    content: Result<Content>,
}

#[derive(Debug)]
enum Content {
    /// Plain text, still in its file, which the thread that takes it reads.
    File { path: PathBuf, max_size: usize },
    /// Plain text.
    Text(Vec<u8>),
    /// One line of JSON.
    Line(Vec<u8>),
}

/// A text and what came with it.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Record {
    #[serde(default, deserialize_with = "id")]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    html: Option<String>,
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) outlet: Option<String>,
    #[serde(default)]
    pub(crate) title: Option<String>,
    #[serde(default, deserialize_with = "byline")]
    pub(crate) byline: Vec<String>,
    #[serde(default)]
    pub(crate) published: Option<String>,
    /// Worth telling the user.
    #[serde(skip)]
    pub(crate) notes: Vec<String>,
}

impl Item {
    /// Reads and decodes it. Always has a text when it is no error.
    pub(crate) fn read(self) -> Result<Record> {
        let (bytes, is_line) = match self.content? {
            Content::File { path, max_size } => {
                let file = File::open(&path).context("cannot be opened")?;
                (read_all(file, max_size)?, false)
            }
            Content::Text(bytes) => (bytes, false),
            Content::Line(bytes) => (bytes, true),
        };
        let (text, note) = decode(bytes);
        let notes = note.into_iter().collect();
        if !is_line {
            return Ok(Record { text: Some(text), notes, ..Record::default() });
        }
        let mut record: Record = serde_json::from_str(&text).map_err(|error| {
            // Each line is a text of its own for the parser, which would speak of "line 1".
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            anyhow!("no usable JSON object, at column {}: {message}", error.column())
        })?;
        if record.text.is_none() && record.html.is_some() {
            return Err(no_html_yet());
        }
        if record.text.is_none() {
            bail!("the object has no \"text\"");
        }
        record.notes = notes;
        Ok(record)
    }
}

/// All inputs in order. Lines of JSON are read as they are asked for, other files by whoever
/// takes the item.
pub(crate) struct Inputs {
    waiting: VecDeque<Waiting>,
    lines: Option<Lines>,
    max_size: usize,
}

/// What is to be read next.
#[derive(Debug)]
enum Waiting {
    Input(PathBuf, InputForm),
    Failed(Item),
}

struct Lines {
    name: String,
    number: usize,
    reader: Box<dyn BufRead + Send>,
}

impl Inputs {
    /// Finds the files, looks into folders, and says what of them is left out.
    pub(crate) fn find(flags: &InputFlags, form: InputForm, console: &Console) -> Self {
        let mut waiting = VecDeque::new();
        for path in &flags.files {
            if path.is_dir() {
                waiting.extend(in_folder(path, form, console));
            } else {
                waiting.push_back(Waiting::Input(path.clone(), form));
            }
        }
        if flags.files.is_empty() {
            waiting.push_back(Waiting::Input(PathBuf::from(STDIN), form));
        }
        Self { waiting, lines: None, max_size: flags.max_size << 20 }
    }

    /// How many texts there are, if that is known beforehand.
    pub(crate) fn total(&self) -> Option<u64> {
        let is_one = |waiting: &Waiting| match waiting {
            Waiting::Input(path, form) => *form == InputForm::Text || is_text(path),
            Waiting::Failed(_) => true,
        };
        self.waiting.iter().all(is_one).then_some(self.waiting.len() as u64)
    }

    /// Whether there is any input at all that could be read.
    pub(crate) fn has_any(&self) -> bool {
        self.waiting.iter().any(|waiting| match waiting {
            Waiting::Input(path, _) => path == Path::new(STDIN) || path.exists(),
            Waiting::Failed(_) => false,
        })
    }

    /// The item an input is, or `None` when its lines are to be read.
    fn open(&mut self, path: PathBuf, form: InputForm) -> Option<Item> {
        let is_stdin = path == Path::new(STDIN);
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let form = match form {
            InputForm::Auto => form_of(&path),
            form => form,
        };
        // Plain text in a file is left to the thread that takes the item.
        if form == InputForm::Text && !is_stdin {
            let content = Ok(Content::File { path, max_size: self.max_size });
            return Some(Item { name, content });
        }
        let opened: io::Result<Box<dyn BufRead + Send>> = if is_stdin {
            Ok(Box::new(BufReader::new(io::stdin())))
        } else {
            File::open(&path).map(|file| Box::new(BufReader::new(file)) as _)
        };
        let mut reader = match opened.context("cannot be opened") {
            Ok(reader) => reader,
            Err(error) => return Some(Item { name, content: Err(error) }),
        };
        let form = match form {
            InputForm::Auto => reader.fill_buf().map_or(InputForm::Text, form_of_start),
            form => form,
        };
        match form {
            InputForm::Jsonl => {
                self.lines = Some(Lines { name, number: 0, reader });
                None
            }
            InputForm::Html => Some(Item { name, content: Err(no_html_yet()) }),
            InputForm::Text | InputForm::Auto => {
                let content = read_all(reader, self.max_size).map(Content::Text);
                Some(Item { name, content })
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.next(self.max_size) {
                    Some(item) => return Some(item),
                    None => self.lines = None,
                }
            }
            match self.waiting.pop_front()? {
                Waiting::Failed(item) => return Some(item),
                Waiting::Input(path, form) => {
                    if let Some(item) = self.open(path, form) {
                        return Some(item);
                    }
                }
            }
        }
    }
}

impl Lines {
    /// The next line that is not empty.
    fn next(&mut self, max_size: usize) -> Option<Item> {
        loop {
            self.number += 1;
            let mut bytes = Vec::new();
            let line = self.reader.by_ref().take(max_size as u64 + 1);
            let read = { line }.read_until(b'\n', &mut bytes);
            let name = format!("{}:{}", self.name, self.number);
            match read {
                Ok(0) => return None,
                Ok(n) if n > max_size && bytes.last() != Some(&b'\n') => {
                    let skipped = self.reader.skip_until(b'\n');
                    let content = Err(match skipped {
                        Ok(_) => too_large(max_size),
                        Err(error) => error.into(),
                    });
                    return Some(Item { name, content });
                }
                Ok(_) if bytes.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Item { name, content: Ok(Content::Line(bytes)) }),
                Err(error) => {
                    // Whatever follows cannot be read either.
                    self.reader = Box::new(io::empty());
                    let content = Err(anyhow!(error).context("cannot be read"));
                    return Some(Item { name, content });
                }
            }
        }
    }
}

/// The files of a folder and of those in it, by name; hidden ones are left alone.
fn in_folder(folder: &Path, form: InputForm, console: &Console) -> Vec<Waiting> {
    let mut found = Vec::new();
    let mut skipped = BTreeMap::new();
    collect(folder, form, &mut found, &mut skipped);
    if !skipped.is_empty() {
        let kinds: Vec<String> =
            skipped.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        console.note(format_args!(
            "{}: skipped what is neither .txt nor .jsonl: {}",
            folder.display(),
            kinds.join(", ")
        ));
    }
    if found.is_empty() {
        found.push(failed(folder, anyhow!("there is no .txt or .jsonl in this folder")));
    }
    found
}

fn failed(path: &Path, error: anyhow::Error) -> Waiting {
    Waiting::Failed(Item { name: path.display().to_string(), content: Err(error) })
}

fn collect(
    folder: &Path,
    form: InputForm,
    found: &mut Vec<Waiting>,
    skipped: &mut BTreeMap<String, usize>,
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
        } else if is_text(&path) {
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

fn form_of(path: &Path) -> InputForm {
    if is_text(path) {
        InputForm::Text
    } else if is_jsonl(path) {
        InputForm::Jsonl
    } else if has_extension(path, &["html", "htm", "xhtml"]) {
        InputForm::Html
    } else {
        InputForm::Auto
    }
}

/// What it is, from how it begins. No report begins like an object or a page.
fn form_of_start(start: &[u8]) -> InputForm {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |tag: &[u8]| {
        start.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag))
    };
    let object = start.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    if object.is_some_and(|rest| rest.starts_with(b"\"") || rest.starts_with(b"}")) {
        InputForm::Jsonl
    } else if begins(b"<!doctype html") || begins(b"<html") {
        InputForm::Html
    } else {
        InputForm::Text
    }
}

fn no_html_yet() -> anyhow::Error {
    hinted(
        "HTML cannot be read yet",
        "give the plain text; '--input text' reads the page as if it were plain text",
    )
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

/// Ids are strings, but numbers are common.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::<Id>::deserialize(deserializer)?.map(|id| match id {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    }))
}

/// One author, or a list of them.
fn byline<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Byline {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::<Byline>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Byline::One(name)) => vec![name],
        Some(Byline::Many(names)) => names,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(json: &str) -> Result<Record, String> {
        let content = Ok(Content::Line(json.into()));
        Item { name: String::new(), content }.read().map_err(|e| e.to_string())
    }

    #[test]
    fn a_line_is_a_text_with_what_is_known_of_it() {
        let text = || Some("x".to_owned());
        assert_eq!(
            line(r#"{"text": "x"}"#),
            Ok(Record { text: text(), ..<_>::default() })
        );
        let record = line(r#"{"text": "x", "id": 7, "byline": "A. Roe", "other": []}"#);
        assert_eq!(
            record,
            Ok(Record {
                text: text(),
                id: Some("7".into()),
                byline: vec!["A. Roe".into()],
                ..<_>::default()
            })
        );
        assert!(line(r#"{"text": "x", "byline": null, "id": null}"#).is_ok());
        assert_eq!(line(r#"{"html": "<p>"}"#), Err("HTML cannot be read yet".into()));
        assert_eq!(line("{}"), Err("the object has no \"text\"".into()));
        assert!(
            line("[1").unwrap_err().starts_with("no usable JSON object, at column 2")
        );
        assert!(line(r#"{"text": 3}"#).is_err());
    }

    #[test]
    fn the_start_tells_the_form() {
        for (start, form) in [
            (&b"{\"id\": 1}"[..], InputForm::Jsonl),
            (b"\xef\xbb\xbf \n{ \"text\"", InputForm::Jsonl),
            (b"<!DOCTYPE HTML>", InputForm::Html),
            (b"\n<html lang=en>", InputForm::Html),
            (b"{brackets} in a title", InputForm::Text),
            (b"Title", InputForm::Text),
            (b"", InputForm::Text),
        ] {
            assert_eq!(form_of_start(start), form, "{start:?}");
        }
    }

    #[test]
    fn a_line_too_long_is_named_and_passed_over() {
        let reader = Box::new(io::Cursor::new(b"0123456789\n\n01234567\n0123".to_vec()));
        let mut lines = Lines { name: "f".into(), number: 0, reader };
        let mut next = || lines.next(8).map(|item| (item.name, item.content.is_ok()));
        assert_eq!(next(), Some(("f:1".into(), false)));
        assert_eq!(next(), Some(("f:3".into(), true)));
        assert_eq!(next(), Some(("f:4".into(), true)));
        assert_eq!(next(), None);
    }
}
