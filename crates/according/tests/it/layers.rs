//! The rooms of the crate stand in a row, and each looks only at those before it.

#![allow(clippy::disallowed_methods, reason = "the test reads the sources of the crate")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order in which an article passes through them.
const ROOMS: [&str; 3] = ["article", "annotate", "report"];

#[test]
fn rooms_look_only_backward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (number, room) in ROOMS.iter().enumerate() {
        let files = sources(&src, room);
        assert!(!files.is_empty(), "room {room} has no file");
        for file in files {
            let code = fs::read_to_string(&file).unwrap();
            for name in names_from_the_crate(&code) {
                let reached = ROOMS.iter().position(|r| *r == name);
                // What the crate's front page offers is for visitors: rooms say where a
                // name comes from.
                if reached.is_none_or(|r| r > number) {
                    wrong.push(format!("{}: crate::{name}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "rooms that look forward:\n{}", wrong.join("\n"));
}

/// `room.rs` and everything under `room/`.
fn sources(src: &Path, room: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![src.join(room)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.extend(Some(src.join(format!("{room}.rs"))).filter(|f| f.exists()));
    files
}

/// The first names after `crate::` in code: of `crate::a::b`, `a`; of `crate::{a::b, c}`,
/// `a` and `c`.
fn names_from_the_crate(code: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        if before.is_some_and(is_name) || line.contains("//") {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let Some(list) = rest.strip_prefix('{') else {
            names.push(rest.chars().take_while(|c| is_name(*c)).collect());
            continue;
        };
        let mut depth = 0;
        let mut name = String::new();
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                c if depth == 0 => name.push(c),
                _ => {}
            }
        }
        names.push(name);
    }
    let first =
        |n: &String| n.trim().chars().take_while(|c| is_name(*c)).collect::<String>();
    names.iter().map(first).filter(|n| !n.is_empty()).collect()
}

#[test]
fn every_way_to_name_a_room_is_seen() {
    let code = "use crate::a::B;\nuse crate::{c::{d, e}, f};\n// crate::g\nlet h = crate::i::j();";
    assert_eq!(names_from_the_crate(code), ["a", "c", "f", "i"]);
}
