//! The files of one pipeline, in a folder or inside a wheel.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zip::ZipArchive;

use crate::Error;

/// More than any pipeline holds; a bound on what a foreign wheel may make us unpack.
const MAX_FILES: usize = 10_000;
const MAX_BYTES: u64 = 2 << 30;

/// How far below a given folder its pipeline may lie: as installed by pip it is two down.
const MAX_DEPTH: usize = 3;

/// The files of a pipeline, by their path inside it with `/`, as in `vocab/vectors`.
#[derive(Debug)]
pub struct Files {
    path: PathBuf,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Wheel {
        archive: Box<ZipArchive<BufReader<File>>>,
        /// Paths of everything in it.
        names: Vec<String>,
        /// What stands before the pipeline's own paths; ends in `/` unless empty.
        prefix: String,
    },
}

/// What a pipeline says of itself in its `meta.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Meta {
    lang: String,
    name: String,
    version: String,
    #[serde(default)]
    license: String,
    #[serde(default)]
    author: String,
    #[serde(default, rename = "sources", deserialize_with = "source_names")]
    trained_on: Vec<String>,
}

impl Files {
    /// The pipeline at `path`: a wheel, or a folder that is a pipeline or holds one.
    ///
    /// # Errors
    ///
    /// When there is nothing at `path`, or nothing that looks like a pipeline.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let kind = fs::metadata(path).map_err(|e| Error::io("open", path, e))?;
        let place = if kind.is_dir() { folder(path)? } else { wheel(path)? };
        Ok(Self { path: path.to_owned(), place })
    }

    /// The bytes of the file called `name`; `None` when the pipeline has no such file.
    ///
    /// # Errors
    ///
    /// When the file is there but cannot be read; says why.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let mut bytes = Vec::new();
        let read = match &self.place {
            // With room for the whole file from the start.
            Place::Folder(root) if is_plain(name) => {
                fs::read(root.join(name)).map(|read| bytes = read)
            }
            _ => self.copy(name, &mut bytes).map(|_| ()),
        };
        match read {
            Ok(()) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What the pipeline says of itself.
    ///
    /// # Errors
    ///
    /// When its `meta.json` is missing or says something else than it should.
    pub fn meta(&mut self) -> Result<Meta, Error> {
        let bytes = self
            .read("meta.json")
            .and_then(|bytes| bytes.ok_or_else(|| "there is none".to_owned()))
            .map_err(|why| {
                Error::new(format!("cannot read meta.json of {}: {why}", self.at()))
            })?;
        Meta::parse(&bytes).map_err(|why| {
            Error::new(format!("meta.json of {} is no pipeline's: {why}", self.at()))
        })
    }

    /// Where the pipeline was found, for messages.
    pub fn at(&self) -> std::path::Display<'_> {
        self.path.display()
    }

    /// The paths of all files of the pipeline, sorted.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        match &self.place {
            Place::Folder(root) => list(root, "", &mut names)?,
            Place::Wheel { names: all, prefix, .. } => names.extend(
                all.iter()
                    .filter_map(|name| name.strip_prefix(prefix.as_str()))
                    .filter(|name| !name.ends_with('/'))
                    .map(str::to_owned),
            ),
        }
        names.sort_unstable();
        match names.iter().find(|name| !is_plain(name)) {
            Some(bad) => Err(Error::new(format!(
                "{} holds a file called '{}', which would lie outside its folder",
                self.at(),
                bad.escape_debug()
            ))),
            None => Ok(names),
        }
    }

    /// Licences and descriptions that stand beside the pipeline in its wheel, by their paths
    /// in the wheel.
    pub(crate) fn notices(&self) -> Vec<String> {
        let Place::Wheel { names, .. } = &self.place else { return Vec::new() };
        let is_notice = |name: &str| {
            let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
            let file = file.to_ascii_uppercase();
            folder.split('/').next().is_some_and(|top| top.ends_with(".dist-info"))
                && ["METADATA", "LICEN", "NOTICE", "COPYING", "AUTHORS"]
                    .iter()
                    .any(|start| file.starts_with(start))
        };
        let is_wanted = |name: &&String| is_notice(name) && is_plain(name);
        let mut notices: Vec<String> = names.iter().filter(is_wanted).cloned().collect();
        notices.sort_unstable();
        notices
    }

    /// Writes the file called `name` to `to` and returns its size.
    pub(crate) fn copy(
        &mut self,
        name: &str,
        to: &mut impl io::Write,
    ) -> io::Result<u64> {
        if !is_plain(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        match &mut self.place {
            Place::Folder(root) => io::copy(&mut File::open(root.join(name))?, to),
            Place::Wheel { archive, prefix, .. } => {
                let name = format!("{prefix}{name}");
                unpack(archive, &name, to)
            }
        }
    }

    /// Writes the notice called `name` to `to`.
    pub(crate) fn copy_notice(
        &mut self,
        name: &str,
        to: &mut impl io::Write,
    ) -> io::Result<u64> {
        match &mut self.place {
            Place::Folder(_) => Err(io::ErrorKind::NotFound.into()),
            Place::Wheel { archive, .. } => unpack(archive, name, to),
        }
    }
}

impl Meta {
    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let meta: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        // The names become the name of a folder.
        let is_word = |word: &str| {
            !word.is_empty()
                && word.len() <= 100
                && word.starts_with(|c: char| c.is_ascii_alphanumeric())
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.+-".contains(&b))
        };
        for (what, word) in
            [("lang", &meta.lang), ("name", &meta.name), ("version", &meta.version)]
        {
            if !is_word(word) {
                return Err(format!("its {what} is '{}'", word.escape_debug()));
            }
        }
        Ok(meta)
    }

    /// Language and name: `en_core_web_md`.
    pub fn name(&self) -> String {
        format!("{}_{}", self.lang, self.name)
    }

    /// Name and version for people: `en_core_web_md 3.8.0`.
    pub fn title(&self) -> String {
        format!("{} {}", self.name(), self.version)
    }

    /// Name and version as one word: `en_core_web_md-3.8.0`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.name(), self.version)
    }

    /// Licence, as stated.
    pub fn licence(&self) -> &str {
        if self.license.is_empty() { "not stated" } else { &self.license }
    }

    /// Who made it; empty when not stated.
    pub fn author(&self) -> &str {
        &self.author
    }

    /// Names of what it was trained on.
    pub fn trained_on(&self) -> &[String] {
        &self.trained_on
    }
}

/// The names in `sources`, which has been a list of objects and a plain list in its time.
fn source_names<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    let name = |source: &serde_json::Value| {
        source.get("name").unwrap_or(source).as_str().map(str::to_owned)
    };
    let list = value.as_ref().and_then(|value| value.as_array());
    Ok(list.map(|list| list.iter().filter_map(name).collect()).unwrap_or_default())
}

fn folder(path: &Path) -> Result<Place, Error> {
    let mut found = Vec::new();
    find_pipelines(path, MAX_DEPTH, &mut found)?;
    let places: Vec<String> = found.iter().map(|p| p.display().to_string()).collect();
    match (found.pop(), places.len()) {
        (Some(root), 1) => Ok(Place::Folder(root)),
        (Some(_), _) => Err(several(path, &places)),
        (None, _) => Err(none_in(path)),
    }
}

fn find_pipelines(
    path: &Path,
    depth: usize,
    found: &mut Vec<PathBuf>,
) -> Result<(), Error> {
    if path.join("config.cfg").is_file() && path.join("meta.json").is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    if depth == 0 {
        return Ok(());
    }
    for entry in entries(path)? {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            find_pipelines(&entry.path(), depth - 1, found)?;
        }
    }
    Ok(())
}

fn wheel(path: &Path) -> Result<Place, Error> {
    let file = File::open(path).map_err(|e| Error::io("open", path, e))?;
    let no_wheel = |error| {
        Error::new(format!("{} is no wheel: {error}", path.display()))
            .hint("give a wheel (.whl) or the folder of a pipeline, with its config.cfg")
    };
    let archive = ZipArchive::new(BufReader::new(file)).map_err(no_wheel)?;
    if archive.len() > MAX_FILES {
        return Err(Error::new(format!(
            "{} holds {} files, more than the {MAX_FILES} a pipeline may have",
            path.display(),
            archive.len()
        )));
    }
    if archive.decompressed_size().is_none_or(|size| size > MAX_BYTES.into()) {
        return Err(Error::new(format!(
            "{} unpacks to more than the {} GiB a pipeline may have",
            path.display(),
            MAX_BYTES >> 30
        )));
    }
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(|name| name.into_owned()))
        .collect::<Result<_, _>>()
        .map_err(no_wheel)?;
    let is_there = |name: String| names.contains(&name);
    let mut prefixes: Vec<String> = names
        .iter()
        .filter_map(|name| name.strip_suffix("config.cfg"))
        .filter(|prefix| prefix.is_empty() || prefix.ends_with('/'))
        .filter(|prefix| is_there(format!("{prefix}meta.json")))
        .map(str::to_owned)
        .collect();
    prefixes.sort_unstable();
    match prefixes.as_slice() {
        [prefix] => {
            let prefix = prefix.clone();
            Ok(Place::Wheel { archive: Box::new(archive), names, prefix })
        }
        [] => Err(none_in(path)),
        _ => Err(several(path, &prefixes)),
    }
}

fn none_in(path: &Path) -> Error {
    Error::new(format!(
        "there is no pipeline in {}: no config.cfg with a meta.json beside it",
        path.display()
    ))
    .hint("give a wheel (.whl) or the folder of a spaCy v3 pipeline")
}

fn several(path: &Path, places: &[String]) -> Error {
    Error::new(format!(
        "{} holds more than one pipeline: {}",
        path.display(),
        places.join(", ")
    ))
    .hint("name the folder of one of them")
}

/// Unpacks one file; never writes more than the archive declares for it.
fn unpack(
    archive: &mut ZipArchive<BufReader<File>>,
    name: &str,
    to: &mut impl io::Write,
) -> io::Result<u64> {
    let mut entry = archive.by_name(name).map_err(io::Error::from)?;
    let declared = entry.size();
    let written = io::copy(&mut entry.by_ref().take(declared + 1), to)?;
    if written == declared {
        return Ok(written);
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{name} is not as long as the wheel says"),
    ))
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), Error> {
    for entry in entries(folder)? {
        let Ok(file_name) = entry.file_name().into_string() else { continue };
        let name = format!("{prefix}{file_name}");
        let path = entry.path();
        let kind = fs::metadata(&path).map_err(|e| Error::io("read", &path, e))?;
        if kind.is_dir() {
            list(&path, &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
        if names.len() > MAX_FILES {
            return Err(Error::new(format!(
                "{} holds more than {MAX_FILES} files",
                folder.display()
            )));
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, Error> {
    let fail = |e| Error::io("read", folder, e);
    let mut entries: Vec<_> =
        fs::read_dir(folder).map_err(fail)?.collect::<Result<_, _>>().map_err(fail)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

/// Whether a path stays below the folder it is joined to, on any system.
fn is_plain(name: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..");
    name.split('/').all(is_part) && !name.contains(['\\', ':', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_stay_inside() {
        for good in ["meta.json", "vocab/vectors", "a/b.c/..d"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "a/../b", "..", "./a", "a//b", "a\\b", "C:x", "a/"]
        {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[test]
    fn meta_names_become_folders_and_are_checked() {
        let meta = |name: &str| {
            let json =
                serde_json::json!({"lang": "en", "name": name, "version": "3.8.0"});
            Meta::parse(json.to_string().as_bytes()).map(|meta| meta.id())
        };
        assert_eq!(meta("core_web_md").as_deref(), Ok("en_core_web_md-3.8.0"));
        for bad in ["", "../x", "a/b", ".hidden", "a b"] {
            assert!(meta(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sources_of_any_shape_are_names() {
        let names = |sources: serde_json::Value| {
            let json = serde_json::json!({
                "lang": "en", "name": "x", "version": "1", "sources": sources
            });
            Meta::parse(json.to_string().as_bytes()).unwrap().trained_on
        };
        assert_eq!(names(serde_json::json!([{"name": "A"}, "B", 3])), ["A", "B"]);
        assert!(names(serde_json::Value::Null).is_empty());
        assert!(names(serde_json::json!("A")).is_empty());
    }
}
