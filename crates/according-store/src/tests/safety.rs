//! Whatever happens to the program or the file, nothing that was promised is lost.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use according_corpus::correction::{Act, Anchor};
use rusqlite::Connection;

use super::made::{Made, said};
use super::{Folder, on_both};
use crate::db::Db;
use crate::{Added, Address, Store};

pub(super) fn numbered(n: usize) -> Made {
    let text = format!("a crane fell on quay {n} of harbour Lenz before dawn on Monday");
    Made::new(&format!("a{n}"), vec![said(&text), said("the quay is closed")])
}

/// The file of a corpus that is in one.
fn sqlite(store: &Store) -> &Connection {
    match &store.db {
        Db::File(file) => &file.connection,
        Db::Server(_) => panic!("it is on a server"),
    }
}

/// Rejects the first statement of an article that is there.
fn reject(n: usize, store: &mut Store) {
    let made = numbered(n);
    let place = [0, made.said[0].words.len()];
    let text = made.read().0.article.text;
    let statements = vec![Anchor::new(&format!("id {}", made.name), &text, place)];
    store.correct("ana", "2024-03-09T10:00:00Z", Act::Reject { statements }).unwrap();
}

/// Says something in one piece, so that no half of it is read. The test harness keeps what
/// goes to standard output to itself.
fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// The part of another program: adds articles and corrects every third, and says so, until
/// it is killed.
#[test]
fn adds_until_it_is_killed() {
    let Ok(file) = std::env::var("ACCORDING_TEST_ADD_TO") else { return };
    let mut store = Store::create(Address::from(file.as_str())).unwrap();
    let first = store.len().unwrap() as usize;
    for n in first..100_000 {
        numbered(n).add(&mut store).unwrap();
        say(&format!("added {n}\n"));
        if n % 3 == 0 {
            reject(n, &mut store);
            say(&format!("corrected {n}\n"));
        }
    }
}

/// At a few points; `ACCORDING_TEST_KILLS=200` tries as many.
#[test]
fn nothing_that_was_acknowledged_is_lost_when_killed() {
    let kills = std::env::var("ACCORDING_TEST_KILLS").ok();
    let kills = kills.map_or(20, |kills| kills.parse::<u64>().unwrap());
    let folder = Folder::new();
    let mut n_corrections = 0;
    for round in 0..kills {
        // Another corpus now and then: one that grows takes longer to be checked.
        if round % 50 == 49 {
            std::fs::remove_file(folder.file()).unwrap();
            n_corrections = 0;
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["tests::safety::adds_until_it_is_killed", "--exact", "--nocapture"])
            .env("ACCORDING_TEST_ADD_TO", folder.file())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        // Anywhere between two articles, or within a settlement.
        let random = RandomState::new().hash_one(round) % 60_000;
        std::thread::sleep(Duration::from_micros(random));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        line += &rest;
        let last =
            line.lines().filter_map(|line| line.strip_prefix("added ")).next_back();
        let last: usize = last.unwrap().parse().unwrap();
        n_corrections +=
            line.lines().filter(|line| line.starts_with("corrected ")).count();
        let mut store = Store::open(folder.file()).unwrap();
        assert!(store.len().unwrap() > last as u64, "round {round}");
        let corrections = store.corrections().unwrap();
        // One more may have been written than was told of.
        assert!(corrections.len() >= n_corrections, "round {round}");
        n_corrections = corrections.len();
        assert!(corrections.iter().all(|c| c.holds && c.lost == 0), "round {round}");
        let (by_and_by, at_once) =
            (store.corpus_report(2).unwrap(), store.corpus().unwrap().report(2));
        assert_eq!(by_and_by, at_once, "round {round}");
    }
    let db = Connection::open(folder.file()).unwrap();
    let check: String = db.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn a_second_writer_waits_and_then_says_why_not() {
    let folder = Folder::new();
    let mut store = Store::create(folder.file()).unwrap();
    numbered(0).add(&mut store).unwrap();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    sqlite(&store).busy_timeout(Duration::from_millis(300)).unwrap();
    let start = Instant::now();
    let error = numbered(1).add(&mut store).unwrap_err();
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert!(error.to_string().starts_with("another program is writing to"), "{error}");
    assert!(error.advice().is_some());
    other.execute_batch("ROLLBACK").unwrap();
    numbered(1).add(&mut store).unwrap();
    assert_eq!(store.len().unwrap(), 2);
}

#[test]
fn a_glance_waits_for_nobody_and_says_what_is_missing() {
    on_both(|| {
        let folder = Folder::new();
        let mut writer = Store::create(folder.corpus()).unwrap();
        let mut reader = Store::open(folder.corpus()).unwrap();
        for name in ["bell", "star"] {
            Made::new(name, numbered(1).said).add(&mut writer).unwrap();
        }
        let claims = |store: &mut Store| Ok(store.claims(2, None, 10)?.0.len());
        assert_eq!(reader.glance(|store| store.len()).unwrap(), (2, false));
        assert_eq!(reader.glance(claims).unwrap(), (0, false));
        let nothing = reader.glance(|store| store.report("nothing"));
        assert!(nothing.unwrap_err().is_not_found());
        writer.settle().unwrap();
        assert_eq!(reader.glance(claims).unwrap(), (2, true));
    });
}

#[test]
fn two_that_write_in_turns_see_what_the_other_wrote() {
    on_both(|| {
        let folder = Folder::new();
        let mut one = Store::create(folder.corpus()).unwrap();
        let mut two = Store::create(folder.corpus()).unwrap();
        for n in 0..10 {
            let store = if n % 2 == 0 { &mut one } else { &mut two };
            numbered(n).add(store).unwrap();
            if n % 3 == 0 {
                store.settle().unwrap();
            }
        }
        let told = one.corpus_report(2).unwrap();
        assert_eq!(told, two.corpus_report(2).unwrap());
        assert_eq!(told, one.corpus().unwrap().report(2));
        assert_eq!(told.articles.len(), 10);
    });
}

#[test]
fn what_another_program_linked_is_seen_after_an_article_that_was_known() {
    on_both(|| {
        let folder = Folder::new();
        let mut one = Store::create(folder.corpus()).unwrap();
        let mut two = Store::create(folder.corpus()).unwrap();
        numbered(0).add(&mut one).unwrap();
        numbered(1).add(&mut one).unwrap();
        one.settle().unwrap();
        // Linked with the first ones, and told of by nobody until the first program asks.
        numbered(2).add(&mut two).unwrap();
        assert_eq!(numbered(0).add(&mut one).unwrap(), Added::Known);
        assert_eq!(one.corpus_report(2).unwrap(), one.corpus().unwrap().report(2));
    });
}

#[test]
fn a_file_that_was_cut_short_is_named() {
    let folder = Folder::new();
    {
        let mut store = Store::create(folder.file()).unwrap();
        for n in 0..40 {
            numbered(n).add(&mut store).unwrap();
        }
        store.settle().unwrap();
    }
    let whole = std::fs::read(folder.file()).unwrap();
    for kept in [100, 4_096, whole.len() / 2, whole.len() - 5_000] {
        let file = folder.as_ref().join(format!("cut{kept}.db"));
        std::fs::write(&file, &whole[..kept]).unwrap();
        let asked = Store::open(&file).and_then(|mut store| {
            numbered(99).add(&mut store)?;
            store.corpus_report(2)?;
            store.corpus()
        });
        let error = asked.unwrap_err().to_string();
        let is_told = error.ends_with("is damaged") || error.ends_with("is not a corpus");
        assert!(is_told, "{kept}: {error}");
    }
}

#[test]
fn a_corpus_of_a_newer_version_is_refused_and_left_alone() {
    let folder = Folder::new();
    drop(Store::create(folder.file()).unwrap());
    let db = Connection::open(folder.file()).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let before = std::fs::read(folder.file()).unwrap();
    for opened in [Store::open(folder.file()), Store::create(folder.file())] {
        let error = opened.unwrap_err();
        assert!(error.to_string().contains("was made by a newer version"), "{error}");
        assert_eq!(error.advice(), Some("use a newer version of the program"));
    }
    assert_eq!(std::fs::read(folder.file()).unwrap(), before);
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let folder = Folder::new();
    let mut store = Store::create(folder.file()).unwrap();
    let pages: i64 =
        sqlite(&store).pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    sqlite(&store).pragma_update(None, "max_page_count", pages + 60).unwrap();
    let mut added = 0;
    let error = loop {
        match numbered(added).add(&mut store) {
            Ok(_) => added += 1,
            Err(error) => break error,
        }
        assert!(added < 10_000);
    };
    assert!(error.to_string().contains("is full"), "{error}");
    assert!(added > 0);
    assert_eq!(store.len().unwrap(), added as u64);
    // With room again it goes on.
    sqlite(&store).pragma_update(None, "max_page_count", 1_000_000).unwrap();
    numbered(added).add(&mut store).unwrap();
    let told = store.corpus_report(2).unwrap();
    assert_eq!(told, store.corpus().unwrap().report(2));
    assert_eq!(told.articles.len(), added + 1);
}
