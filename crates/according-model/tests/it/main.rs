//! Installing pipelines made up on the spot: whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use according_model::{Event, Files, Outcome, Source, Store};
use zip::write::SimpleFileOptions;

/// A fresh folder, gone at the end of the test.
struct Fresh(PathBuf);

impl Fresh {
    fn new() -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let n = N.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir()
            .join(format!("according-model-{}-{n}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn store(&self) -> Store {
        Store::new(&self.0.join("data"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn wheel(&self, files: &[(&str, &[u8])]) -> PathBuf {
        let path = self.path("some.whl");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
        path
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const META: &[u8] =
    br#"{"lang": "en", "name": "tiny", "version": "1.0", "license": "MIT",
    "sources": [{"name": "Some corpus"}]}"#;

const WHEEL: [(&str, &[u8]); 5] = [
    ("tiny/__init__.py", b""),
    ("tiny/model/config.cfg", b"[nlp]"),
    ("tiny/model/meta.json", META),
    ("tiny/model/vocab/vectors", b"\x80"),
    ("tiny-1.0.dist-info/METADATA", b"Name: tiny"),
];

fn install(store: &Store, path: &Path) -> Result<Outcome, String> {
    store
        .install(Source::Path(path), &mut |_| Ok(()), &mut |_| {})
        .map_err(|error| error.to_string())
}

/// Everything visible in the store.
fn visible(store: &Store) -> Vec<String> {
    let entries = fs::read_dir(store.folder()).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != ".lock")
        .collect();
    names.sort();
    names
}

#[test]
fn a_wheel_is_installed_with_its_notices_and_found_again() {
    let fresh = Fresh::new();
    let store = fresh.store();
    assert!(store.list().unwrap().is_empty());

    let Outcome::New(installed) = install(&store, &fresh.wheel(&WHEEL)).unwrap() else {
        panic!("it was not there before");
    };
    assert_eq!(installed.meta.title(), "en_tiny 1.0");
    assert_eq!(installed.meta.licence(), "MIT");
    assert_eq!(installed.meta.trained_on(), ["Some corpus"]);
    assert_eq!(installed.origin.known(), None);
    assert_eq!(visible(&store), ["en_tiny-1.0"]);

    let mut files = store.find("en_tiny").unwrap().unwrap().open().unwrap();
    assert_eq!(files.read("vocab/vectors").unwrap().as_deref(), Some(&b"\x80"[..]));
    assert_eq!(files.read("vocab/none").unwrap(), None);
    assert_eq!(files.read("../origin.json").unwrap(), None);
    let notices = installed.notices();
    assert!(notices.contains(&installed.folder.join("notices/METADATA")), "{notices:?}");
    assert!(
        notices.contains(&installed.folder.join("pipeline/meta.json")),
        "{notices:?}"
    );
}

#[test]
fn a_sound_installation_is_left_alone_and_a_broken_one_mended() {
    let fresh = Fresh::new();
    let store = fresh.store();
    let wheel = fresh.wheel(&WHEEL);
    let installed = install(&store, &wheel).unwrap().into_installed();
    assert!(matches!(install(&store, &wheel), Ok(Outcome::Present(_))));

    fs::remove_file(installed.folder.join("pipeline/vocab/vectors")).unwrap();
    let mut needs_vectors = |files: &mut Files| match files.read("vocab/vectors")? {
        Some(_) => Ok(()),
        None => Err("no vectors".to_owned()),
    };
    let again = store.install(Source::Path(&wheel), &mut needs_vectors, &mut |_| {});
    assert!(matches!(again, Ok(Outcome::New(_))), "{again:?}");
    assert!(installed.folder.join("pipeline/vocab/vectors").is_file());
}

#[test]
fn a_folder_is_installed_from_wherever_the_pipeline_lies_in_it() {
    let fresh = Fresh::new();
    let inner = fresh.path("site/tiny/tiny-1.0");
    fs::create_dir_all(&inner).unwrap();
    fs::write(inner.join("config.cfg"), "").unwrap();
    fs::write(inner.join("meta.json"), META).unwrap();
    let store = fresh.store();
    let installed = install(&store, &fresh.path("site")).unwrap().into_installed();
    assert_eq!(installed.meta.id(), "en_tiny-1.0");
    assert_eq!(installed.origin.sha256, None);
}

#[test]
fn what_is_no_pipeline_is_refused_and_leaves_nothing() {
    let fresh = Fresh::new();
    let store = fresh.store();
    let refused = |path: &Path, why: &str| {
        let error = install(&store, path).map(drop).unwrap_err();
        assert!(error.contains(why), "{error}");
        assert!(visible(&store).is_empty(), "{:?}", visible(&store));
    };

    refused(&fresh.path("missing.whl"), "no such file");
    fs::write(fresh.path("text.whl"), "no zip").unwrap();
    refused(&fresh.path("text.whl"), "is no wheel");
    fs::create_dir(fresh.path("empty")).unwrap();
    refused(&fresh.path("empty"), "there is no pipeline in");
    refused(&fresh.wheel(&[("tiny/__init__.py", b"")]), "there is no pipeline in");
    refused(
        &fresh.wheel(&[("a/config.cfg", b""), ("a/meta.json", b"{}")]),
        "meta.json of",
    );
    let two = [
        ("a/config.cfg", &b""[..]),
        ("a/meta.json", META),
        ("b/config.cfg", b""),
        ("b/meta.json", META),
    ];
    refused(&fresh.wheel(&two), "more than one pipeline");
}

#[test]
fn a_pipeline_that_cannot_run_is_not_installed() {
    let fresh = Fresh::new();
    let store = fresh.store();
    let wheel = fresh.wheel(&WHEEL);
    let error = store
        .install(Source::Path(&wheel), &mut |_| Err("no tagger".into()), &mut |_| {})
        .unwrap_err();
    assert!(error.to_string().ends_with("cannot be used: no tagger"), "{error}");
    assert!(visible(&store).is_empty());
}

#[test]
fn nothing_is_written_outside_the_store() {
    let fresh = Fresh::new();
    let store = fresh.store();
    for evil in ["tiny/model/../../../evil", "tiny/model//etc/evil", "tiny/model/a\\evil"]
    {
        let mut files = WHEEL.to_vec();
        files.push((evil, b"evil"));
        let error = install(&store, &fresh.wheel(&files)).map(drop).unwrap_err();
        assert!(error.contains("outside its folder"), "{error}");
        assert!(visible(&store).is_empty());
    }
}

#[test]
fn a_wheel_that_unpacks_to_too_much_is_refused_unread() {
    let fresh = Fresh::new();
    let store = fresh.store();
    let wheel = fresh.wheel(&WHEEL);
    // The size of the last file, as its entry in the central directory declares it.
    let mut bytes = fs::read(&wheel).unwrap();
    let entry = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&0xF000_0000_u32.to_le_bytes());
    fs::write(&wheel, bytes).unwrap();
    let error = install(&store, &wheel).map(drop).unwrap_err();
    assert!(error.contains("unpacks to more than"), "{error}");
}

#[test]
fn what_a_killed_program_left_is_cleared_away() {
    let fresh = Fresh::new();
    let store = fresh.store();
    let left = store.folder().join(".incoming-1/folder/pipeline");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("meta.json"), META).unwrap();
    assert!(store.list().unwrap().is_empty(), "what is on its way is not there yet");
    install(&store, &fresh.wheel(&WHEEL)).unwrap();
    assert_eq!(visible(&store), ["en_tiny-1.0"]);
}

#[test]
fn of_two_at_once_one_installs_and_the_other_waits() {
    let fresh = Fresh::new();
    let store = fresh.store();
    let wheel = fresh.wheel(&WHEEL);
    let (first_holds, second_may_start) = std::sync::mpsc::channel();
    let (second_waits, first_may_finish) = std::sync::mpsc::channel();
    let (at, from) = (&store, Source::Path(&wheel));
    std::thread::scope(|scope| {
        let first = scope.spawn(move || {
            at.install(
                from,
                &mut |_| {
                    first_holds.send(()).unwrap();
                    first_may_finish.recv().map_err(|e| e.to_string())
                },
                &mut |_| {},
            )
        });
        let second = scope.spawn(move || {
            second_may_start.recv().unwrap();
            at.install(from, &mut |_| Ok(()), &mut |event| {
                if event == Event::Waiting {
                    second_waits.send(()).unwrap();
                }
            })
        });
        assert!(matches!(first.join().unwrap(), Ok(Outcome::New(_))));
        assert!(matches!(second.join().unwrap(), Ok(Outcome::Present(_))));
    });
    assert_eq!(visible(&store), ["en_tiny-1.0"]);
}

#[test]
fn the_default_pipeline_is_fetched_by_name_with_its_pinned_hash() {
    let installed = according_model::testing::installed("md");
    let known = according_model::Known::default_pipeline();
    assert_eq!(installed.meta.title(), known.title);
    assert_eq!(installed.meta.licence(), known.licence);
    assert_eq!(installed.origin.known(), Some(known));
    let mut files = installed.open().unwrap();
    assert_eq!(files.read("vocab/vectors").unwrap().map(|v| v.len()), Some(24_000_128));
}
