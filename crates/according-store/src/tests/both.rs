//! A corpus on a server: it answers as one in a file does, and loses nothing either.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use according_corpus::format::ClaimEntry;
use proptest::prelude::*;

use super::made::{Made, Said, said};
use super::order::{STATEMENTS, articles, steps};
use super::safety::numbered;
use super::{Folder, server};
use crate::db::Db;
use crate::{Address, Error, Hit, Question, Relied, Store};

/// What a corpus answers to questions of every kind, as it is printed.
fn answers(store: &mut Store) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let mut tell = |answer: &dyn erased::Answer| told.push(answer.json());
    for min_articles in [1, 2] {
        tell(&store.corpus_report_with(min_articles, true).unwrap());
    }
    for n in 1..=store.n_claims().unwrap() + 1 {
        tell(&store.claim(&format!("K{n}")).unwrap());
    }
    let words = [
        "crane",
        "quay \"northern quay\"",
        "\"the crane fell\" Lenz",
        "dockers",
        "\"a crane\"",
        "nothing",
        "the",
        "…",
        "crane\0quay",
    ];
    let words = words
        .map(|words| Question { words: Some(words.to_owned()), ..Question::default() });
    let source =
        |name: &str| Question { source: Some(name.to_owned()), ..<_>::default() };
    let outlet =
        |name: &str| Question { outlet: Some(name.to_owned()), ..<_>::default() };
    let from = |day: &str| Question { from: Some(day.to_owned()), ..<_>::default() };
    let least = |n| Question { min_origins: Some(n), ..<_>::default() };
    let others = [
        source("Vale"),
        source("QUILL"),
        source("va"),
        source("a\" OR \"a"),
        outlet("bell"),
        outlet("ST"),
        from("2024-03-04"),
        least(1),
        least(2),
        Question::default(),
    ];
    for question in words.into_iter().chain(others) {
        for limit in [3, 20] {
            tell(&store.search(&Question { limit, ..question.clone() }).unwrap());
        }
        let whole = store.search(&Question { limit: 100, ..question.clone() }).unwrap();
        assert_eq!(search_by_pages(store, &question), whole, "{question:?}");
    }
    for name in [None, Some("Vale"), Some("q"), Some("Marta")] {
        tell(&store.sources(name, 20).unwrap());
        assert_eq!(sources_by_pages(store, name), store.sources(name, 100).unwrap());
    }
    for (from, to) in [(None, None), (Some("2024-03-03"), Some("2024-03-06"))] {
        tell(&store.timeline(from, to, 20).unwrap());
        let whole = store.timeline(from, to, 100).unwrap();
        assert_eq!(timeline_by_pages(store, from, to), whole);
    }
    tell(&store.neighbours("K1", 5).unwrap());
    tell(&format!("{:?}", store.outlets(20).unwrap()));
    let listed = store.articles(0, 100).unwrap();
    let names = listed.iter().map(|article| article.reference.clone()).collect();
    tell(&listed);
    store.hold().unwrap();
    for article in &listed {
        tell(&format!("{:?}", store.beside(&article.reference).unwrap()));
    }
    store.let_go().unwrap();
    tell(&store.entries(&names).unwrap());
    tell(&store.corrections().unwrap());
    let alerts = store.alerts().unwrap();
    tell(&alerts);
    store.given(&alerts).unwrap();
    told
}

/// All that is found, two at a time.
fn search_by_pages(store: &mut Store, question: &Question) -> Vec<Hit> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, last) = store.search_from(question, after.as_ref(), 2).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
        after = last;
    }
}

fn sources_by_pages(store: &Store, name: Option<&str>) -> Vec<Relied> {
    let mut all: Vec<Relied> = Vec::new();
    loop {
        let page = store.sources_from(name, all.last(), 2).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn timeline_by_pages(
    store: &mut Store,
    from: Option<&str>,
    to: Option<&str>,
) -> Vec<(Option<String>, ClaimEntry)> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, last) = store.timeline_from((from, to), after.as_ref(), 2).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
        after = last;
    }
}

mod erased {
    pub(super) trait Answer {
        fn json(&self) -> String;
    }
    impl<T: serde::Serialize> Answer for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_server_answers_as_a_file_does(
        articles in articles(2..10, 1..10),
        steps in steps(0..6),
        asked_after in prop::collection::vec(any::<bool>(), 1..10),
    ) {
        prop_assume!(server::server().is_some());
        let folder = Folder::new();
        let mut stores =
            [Store::create(folder.file()).unwrap(), Store::create(server::empty()).unwrap()];
        let all: Vec<&Made> = articles.iter().collect();
        let mut n_corrections = 0;
        for (n, made) in articles.iter().enumerate() {
            for (_, step) in steps.iter().filter(|(at, _)| at % articles.len() == n) {
                let Some(act) = step.act(&all, n_corrections) else { continue };
                n_corrections += 1;
                for store in &mut stores {
                    store.correct("ana", "2024-03-09T10:00:00Z", act.clone()).unwrap();
                }
            }
            for store in &mut stores {
                if n == 1 {
                    let words = Some("quay".to_owned());
                    let question = Question { words, limit: 20, ..Question::default() };
                    store.save_search("quay", &question).unwrap();
                }
                made.add(store).unwrap();
            }
            if asked_after[n % asked_after.len()] {
                let [file, server] = stores.each_mut().map(answers);
                prop_assert_eq!(file, server);
            }
        }
        let [file, server] = stores.each_mut().map(answers);
        prop_assert_eq!(file, server);
    }
}

/// Titles, names and texts that are not plain.
#[test]
fn strange_texts_are_found_alike() {
    let Some(_) = server::server() else { return };
    let folder = Folder::new();
    let mut stores =
        [Store::create(folder.file()).unwrap(), Store::create(server::empty()).unwrap()];
    let by = |name: &str, words: &str| Said {
        source: Some((name.to_owned(), true)),
        ..said(words)
    };
    let long = "x".repeat(3_000);
    let texts = [
        by("Zoë O'Neill", "L'été à Łódź — the café's car-deck burnt"),
        by("Ωmega \\ Co", "the back\\slash and the quote ' and the percent % stay"),
        by("ПЕТР Иванов", "Город Лиепая сообщил об этом"),
        by("x", &format!("a word of {long} letters and a null \u{0} byte")),
        by("李雷", "消防员说 火灾 已经 扑灭"),
        said("crane crane crane crane crane fell fell"),
    ];
    for store in &mut stores {
        for (n, text) in texts.iter().enumerate() {
            Made::new(&format!("m{n}"), vec![text.clone()]).add(store).unwrap();
        }
    }
    let questions = [
        "été",
        "ETE",
        "lodz",
        "car-deck",
        "\"s car\"",
        "back\\slash",
        "quote '",
        "город",
        "ЛИЕПАЯ",
        &long,
        "火灾",
        "\"crane crane\"",
        "crane fell",
        "% _",
    ];
    let [file, server] = stores.each_mut().map(|store| {
        let found = questions.map(|words| {
            let words = Some(words.to_owned());
            let question = Question { words, limit: 9, ..Question::default() };
            let hits = store.search(&question).unwrap().into_iter();
            hits.map(|hit| hit.reference).collect::<Vec<_>>()
        });
        let sources = ["zoë", "o'n", "Ω", "ωmega", "иванов", "李", "\\ c"]
            .map(|name| store.sources(Some(name), 9).unwrap());
        (found, sources)
    });
    assert_eq!(file, server);
    assert_eq!(file.0[1], ["m0"]);
    assert_eq!(file.0[9], ["m3"]);
}

#[test]
fn several_write_at_once() {
    let Some(_) = server::server() else { return };
    let address = server::empty();
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let address = address.clone();
            scope.spawn(move || {
                // All make the tables at once, too.
                let mut store = Store::create(address).unwrap();
                for n in 0..8 {
                    numbered(writer * 8 + n).add(&mut store).unwrap();
                    if n % 3 == writer % 3 {
                        store.settle().unwrap();
                    }
                }
            });
        }
    });
    let mut store = Store::open(address).unwrap();
    assert_eq!(store.len().unwrap(), 24);
    let told = store.corpus_report(2).unwrap();
    assert_eq!(told, store.corpus().unwrap().report(2));
}

/// At a few points; `ACCORDING_TEST_KILLS=200` tries as many.
#[test]
fn nothing_that_a_server_acknowledged_is_lost_when_killed() {
    let Some(_) = server::server() else { return };
    let kills = std::env::var("ACCORDING_TEST_KILLS").ok();
    let kills = kills.map_or(5, |kills| kills.parse::<u64>().unwrap());
    let address = server::empty();
    for round in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["tests::safety::adds_until_it_is_killed", "--exact", "--nocapture"])
            .env("ACCORDING_TEST_ADD_TO", address.text())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut told = String::new();
        lines.read_line(&mut told).unwrap();
        std::thread::sleep(Duration::from_micros(round * 7_919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        lines.read_to_string(&mut told).unwrap();
        let last =
            told.lines().filter_map(|line| line.strip_prefix("added ")).next_back();
        let last: u64 = last.unwrap().parse().unwrap();
        let mut store = Store::open(&address).unwrap();
        assert!(store.len().unwrap() > last, "round {round}");
        let told = store.corpus_report(2).unwrap();
        assert_eq!(told, store.corpus().unwrap().report(2), "round {round}");
    }
}

/// Every few moments the server ends the connection, wherever it is.
#[test]
fn a_connection_that_is_lost_loses_nothing() {
    let Some(_) = server::server() else { return };
    let mut store = Store::create(server::empty()).unwrap();
    let all = 60;
    let is_over = AtomicBool::new(false);
    let name = store.db.the::<String>("SELECT current_schema()::text", &[]).unwrap();
    let mut n_lost = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let admin = server::admin();
            let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE application_name = ?1";
            while !is_over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(37));
                admin.the::<i64>(end, crate::db::values![name]).unwrap();
            }
        });
        for n in 0..all {
            let _ = store.db.run(&format!("SET application_name = '{name}'"));
            while let Err(error) = numbered(n).add(&mut store) {
                let told = error.to_string();
                assert!(
                    told.starts_with("the server of postgres://127.0.0.1:"),
                    "{told}"
                );
                assert!(told.contains("does not answer"), "{told}");
                assert!(!told.contains("s3cret"), "{told}");
                assert!(error.advice().is_some());
                n_lost += 1;
            }
            assert_eq!(store.len().unwrap_or(n as u64 + 1), n as u64 + 1);
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(n_lost > 0);
    // The last end may have come after the last article.
    let told = store.corpus_report(2).or_else(|_| store.corpus_report(2)).unwrap();
    assert_eq!(told, store.corpus().unwrap().report(2));
    assert_eq!(told.articles.len(), all);
}

/// Between the server's last word and the end of the connection a moment passes.
#[test]
fn a_session_that_ended_is_missed_once() {
    let Some(_) = server::server() else { return };
    let store = Store::create(server::empty()).unwrap();
    let admin = server::admin();
    for _ in 0..200 {
        let pid = "SELECT pg_backend_pid()::bigint";
        let pid = store.db.the::<i64>(pid, &[]).unwrap();
        let end = "SELECT pg_terminate_backend(?1::bigint::int)";
        assert!(admin.the::<bool>(end, crate::db::values![pid]).unwrap());
        let told = store.len().or_else(|_| store.len());
        assert_eq!(told.unwrap(), 0);
    }
}

fn refused(address: Address) -> Error {
    let error = Store::open(&address).unwrap_err();
    let shown = format!("{error} {error:?} {address} {address:?}");
    assert!(!shown.contains("s3cret") && !shown.contains("wr0ng"), "{shown}");
    error
}

#[test]
fn what_is_no_corpus_is_told() {
    let Some(server) = server::server() else { return };
    let empty = server::empty();
    assert!(refused(empty.clone()).to_string().starts_with("there is no corpus"));
    let db = Db::open(&empty, false).unwrap();
    db.run("CREATE TABLE corpus (dog TEXT)").unwrap();
    assert!(refused(empty.clone()).to_string().ends_with("is not a corpus"));
    db.run("DROP TABLE corpus").unwrap();
    drop(Store::create(&empty).unwrap());
    db.run("UPDATE corpus SET according = 99").unwrap();
    assert!(refused(empty).to_string().contains("was made by a newer version"));

    let wrong = Address::from(server.replace("s3cret", "wr0ng").as_str());
    if server.contains("s3cret") {
        let error = refused(wrong);
        assert!(error.to_string().contains("lets this user not in"), "{error}");
    }
    let missing = Address::from(server.replace("/postgres", "/no_such_one").as_str());
    assert!(refused(missing).to_string().starts_with("there is no corpus"));
    let silent = Address::from("postgres://a:s3cret@127.0.0.1:1/n");
    assert!(refused(silent).to_string().contains("does not answer"));
    // It speaks no TLS, or by a certificate that is signed by nobody who is known.
    assert!(refused(encrypted(server, "require", None)).to_string().contains("TLS"));
}

fn encrypted(server: &str, mode: &str, roots: Option<&Path>) -> Address {
    let sign = if server.contains('?') { '&' } else { '?' };
    let roots = roots.map(|roots| format!("&sslrootcert={}", roots.display()));
    let roots = roots.unwrap_or_default();
    Address::from(format!("{server}{sign}sslmode={mode}{roots}").as_str())
}

#[test]
fn what_is_encrypted_is_verified() {
    let Some(server) = server::server() else { return };
    let root = "SELECT pg_read_file('ca.crt', 0, 100000, true)";
    // A server without openssl speaks no TLS.
    let Some(root) = server::admin().the::<Option<String>>(root, &[]).unwrap() else {
        return;
    };
    let folder = Folder::new();
    let file = folder.0.join("ca.crt");
    std::fs::write(&file, root).unwrap();
    let db = Db::open(&encrypted(server, "verify-full", Some(&file)), false).unwrap();
    let is_so = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert!(db.the::<bool>(is_so, &[]).unwrap());
    assert!(!server::admin().the::<bool>(is_so, &[]).unwrap());
    std::fs::write(&file, "no certificate").unwrap();
    let bad = refused(encrypted(server, "require", Some(&file)));
    assert!(bad.to_string().contains("cannot be used"), "{bad}");
}

#[test]
fn a_statement_is_found_in_its_words() {
    let Some(_) = server::server() else { return };
    let mut store = Store::create(server::empty()).unwrap();
    Made::new("a", vec![said(STATEMENTS[0])]).add(&mut store).unwrap();
    assert_eq!(store.report("a").unwrap().article.text, format!("{}. ", STATEMENTS[0]));
    assert!(store.report("b").unwrap_err().is_not_found());
}
