use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, Files, Known, Meta};

/// The folder that holds the installed pipelines, each in a folder of its own:
///
/// ```text
/// pipelines/
///   en_core_web_md-3.8.0/
///     pipeline/      the pipeline, unmodified
///     notices/       licence and description from its wheel
///     origin.json    where it came from
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) root: PathBuf,
}

/// A pipeline of the store.
#[derive(Debug)]
pub struct Installed {
    /// What it says of itself.
    pub meta: Meta,
    /// Where it came from.
    pub origin: Origin,
    /// Its folder.
    pub folder: PathBuf,
}

/// Where an installed pipeline came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The package and its version, or the path that was given.
    pub from: String,
    /// Hash of the wheel; `None` for a folder.
    pub sha256: Option<String>,
}

impl Origin {
    /// The pinned pipeline it is, byte for byte.
    pub fn known(&self) -> Option<&'static Known> {
        Known::by_sha256(self.sha256.as_deref()?)
    }
}

impl Store {
    /// The store inside a data folder.
    pub fn new(data: &Path) -> Self {
        Self { root: data.join("pipelines") }
    }

    /// The user's store: below `ACCORDING_DATA` when that is set, else below the folder the
    /// system keeps for such things.
    ///
    /// # Errors
    ///
    /// When the system names no such folder.
    pub fn of_user() -> Result<Self, Error> {
        data_folder().map(|data| Self::new(&data)).ok_or_else(|| {
            Error::new("there is no home folder to keep pipelines in")
                .hint("set ACCORDING_DATA to a folder")
        })
    }

    /// Where the pipelines are.
    pub fn folder(&self) -> &Path {
        &self.root
    }

    /// All installed pipelines, by name.
    ///
    /// # Errors
    ///
    /// When the store is there but cannot be read.
    pub fn list(&self) -> Result<Vec<Installed>, Error> {
        let fail = |e| Error::io("read", &self.root, e);
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(fail(e)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry.map_err(fail)?.file_name();
            // Names with a dot in front are ours: the lock, and what is on its way in or out.
            let id = name.to_str().filter(|name| !name.starts_with('.'));
            found.extend(id.and_then(|id| self.installed(id)));
        }
        found.sort_by_key(|installed| installed.meta.id());
        Ok(found)
    }

    /// The installed pipeline that goes by `name`: `md`, `en_core_web_md` or
    /// `en_core_web_md-3.8.0`. Of several versions the last in order.
    ///
    /// # Errors
    ///
    /// When the store is there but cannot be read.
    pub fn find(&self, name: &str) -> Result<Option<Installed>, Error> {
        let known = Known::by_name(name).map(Known::id);
        let is_it = |meta: &Meta| {
            meta.id() == name || meta.name() == name || Some(meta.id()) == known
        };
        Ok(self.list()?.into_iter().rfind(|installed| is_it(&installed.meta)))
    }

    /// The pipeline installed under `id`, if it is there and says so itself.
    pub(crate) fn installed(&self, id: &str) -> Option<Installed> {
        let folder = self.root.join(id);
        let meta = Files::open(&folder.join("pipeline")).ok()?.meta().ok()?;
        let origin = File::open(folder.join("origin.json")).ok()?;
        let origin = serde_json::from_reader(origin).ok()?;
        (meta.id() == id).then_some(Installed { meta, origin, folder })
    }
}

impl Installed {
    /// Its files.
    ///
    /// # Errors
    ///
    /// When they are gone.
    pub fn open(&self) -> Result<Files, Error> {
        Files::open(&self.folder.join("pipeline"))
    }

    /// The files that state licences and sources.
    pub fn notices(&self) -> Vec<PathBuf> {
        let is_file = |path: &PathBuf| path.is_file();
        let mut notices: Vec<PathBuf> = ["LICENSE", "LICENSES_SOURCES", "meta.json"]
            .iter()
            .map(|name| self.folder.join("pipeline").join(name))
            .filter(is_file)
            .collect();
        let beside = fs::read_dir(self.folder.join("notices")).into_iter().flatten();
        notices.extend(beside.flatten().map(|entry| entry.path()).filter(is_file));
        notices.sort_unstable();
        notices
    }
}

fn data_folder() -> Option<PathBuf> {
    let from = |variable| {
        std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
    };
    let below_home = |path: &str| std::env::home_dir().map(|home| home.join(path));
    if let Some(data) = from("ACCORDING_DATA") {
        return Some(data);
    }
    let shared = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        below_home("Library/Application Support")
    } else {
        // Relative paths here are to be ignored, says the XDG base directory specification.
        from("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| below_home(".local/share"))
    };
    shared.map(|shared| shared.join("according"))
}
