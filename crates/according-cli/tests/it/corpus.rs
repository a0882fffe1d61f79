//! `according add` and `according origins`.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Fresh, Ran};

/// Three outlets on one fire, two of them by the same agency, and one on something else.
fn articles() -> String {
    let articles = [
        (
            "bell",
            "The Bell",
            "2024-03-05",
            "WESTPORT (Reuters) — A fire destroyed the \
            Orlin cannery in Westport on Monday night. Fire chief Marta Quill told Reuters \
            that two night watchmen were missing. She said the fire had begun in the \
            boiler room.\n\nThe cannery employs ninety people.",
        ),
        (
            "globe",
            "Morning Globe",
            "2024-03-06",
            "WESTPORT (Reuters) — A fire destroyed \
            the Orlin cannery in Westport on Monday night. Fire chief Marta Quill told Reuters \
            that two night watchmen were missing. She said the fire had begun in the \
            boiler room.\n\nThe cannery employs ninety people.",
        ),
        (
            "post",
            "Westport Post",
            "2024-03-06",
            "Two night watchmen are missing after the fire \
            at the Orlin cannery in Westport, fire chief Marta Quill said on Tuesday. Owner \
            Piet Orlin denied that the boiler room had been unsafe.",
        ),
        (
            "sport",
            "Sports Daily",
            "2024-03-06",
            "Goalkeeper Ana Brisk will leave the Highfield \
            club in the summer, coach Tom Vale said. The club has signed a striker from \
            Larkholm.",
        ),
    ];
    let line = |(id, outlet, published, text): (&str, &str, &str, &str)| {
        format!(
            "{}\n",
            json!({"id": id, "outlet": outlet, "published": published, "text": text})
        )
    };
    articles.into_iter().map(line).collect()
}

fn add(fresh: &Fresh, articles: &str) -> Ran {
    fresh.run_with(&["add", "--corpus", "news.db", "--input", "jsonl", "-"], articles)
}

fn origins(fresh: &Fresh, args: &[&str]) -> Value {
    let base = ["origins", "--corpus", "news.db", "--format", "json"];
    let ran = fresh.run(&[&base[..], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn copies_and_what_recurs_are_told_and_valid() {
    let fresh = Fresh::new();
    assert_eq!(add(&fresh, &articles()).code, 0);
    let told = origins(&fresh, &[]);
    let schema = serde_json::from_str(&fresh.run(&["schema", "--corpus"]).out).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&told)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());

    let article = |name: &str| {
        let all = told["articles"].as_array().unwrap();
        all.iter().find(|a| a["ref"] == name).unwrap().clone()
    };
    assert_eq!(article("globe")["copy_of"], "bell");
    assert_eq!(article("globe")["wire"], "Reuters");
    assert_eq!(article("post")["copy_of"], Value::Null);
    let claims = told["claims"].as_array().unwrap();
    let supports = |claim: &Value| -> Vec<String> {
        let all = claim["supports"].as_array().unwrap().iter();
        all.map(|s| s["article"].as_str().unwrap().to_owned()).collect()
    };
    let missing = claims.iter().find(|c| {
        let supports = supports(c);
        ["bell", "globe", "post"].iter().all(|a| supports.contains(&(*a).to_owned()))
    });
    let missing = missing.expect("all three tell that the watchmen are missing");
    assert_eq!(missing["independent_origins"]["least"], 1, "{missing}");
    assert!(claims.iter().all(|c| !supports(c).contains(&"sport".to_owned())));
}

#[test]
fn the_same_article_twice_is_one_and_a_changed_one_a_new_version() {
    let fresh = Fresh::new();
    let first = add(&fresh, &articles());
    assert!(first.err.contains("4 new"), "{}", first.err);
    let before = origins(&fresh, &["--min-articles", "1"]);
    let again = add(&fresh, &articles());
    assert!(
        again.err.contains("0 new") && again.err.contains("4 known"),
        "{}",
        again.err
    );
    assert_eq!(origins(&fresh, &["--min-articles", "1"]), before);
    let changed = articles().replace("ninety people", "ninety-five people");
    let changed = add(&fresh, &changed);
    assert!(changed.err.contains("2 changed"), "{}", changed.err);
    let articles = origins(&fresh, &[])["articles"].as_array().unwrap().len();
    assert_eq!(articles, 4);
}

#[test]
fn the_order_of_adding_does_not_show() {
    let told = |reversed: bool| {
        let fresh = Fresh::new();
        let all = articles();
        let mut lines: Vec<&str> = all.lines().collect();
        if reversed {
            lines.reverse();
        }
        for line in lines {
            assert_eq!(add(&fresh, line).code, 0);
        }
        origins(&fresh, &["--min-articles", "1"])
    };
    assert_eq!(told(false), told(true));
}

#[test]
fn what_is_no_corpus_is_named_and_left_alone() {
    let fresh = Fresh::new();
    let none = fresh.run(&["origins", "--corpus", "none.db"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("there is no corpus"), "{}", none.err);
    assert!(!fresh.path("none.db").exists());
    fresh.write("news.db", "no database at all, only words ".repeat(40));
    fresh.write("articles.jsonl", articles());
    let foreign = fresh.run(&["add", "--corpus", "news.db", "articles.jsonl"]);
    assert_eq!(foreign.code, 2);
    assert!(foreign.err.contains("is not a corpus"), "{}", foreign.err);
    let kept = std::fs::read(fresh.path("news.db")).unwrap();
    assert!(kept.starts_with(b"no database at all"));
}

/// What is there after the program was killed is whole, and adding goes on from there. The
/// article on sport is the same each time, and so is one.
#[test]
fn a_killed_program_leaves_a_corpus_that_opens() {
    let fresh = Fresh::new();
    let many: String = (0..60)
        .flat_map(|n| {
            let all = articles().replace("Westport", &format!("Westport{n}"));
            let named = all.replace("{\"id\":\"", &format!("{{\"id\":\"{n}-"));
            named.lines().map(|line| format!("{line}\n")).collect::<Vec<_>>()
        })
        .collect();
    fresh.write("many.jsonl", &many);
    for milliseconds in [250, 400, 700, 1100] {
        let mut child = fresh
            .command(&["add", "--corpus", "news.db", "--threads", "1", "many.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = child.kill();
        child.wait().unwrap();
        if fresh.path("news.db").exists() {
            let opened =
                fresh.run(&["origins", "--corpus", "news.db", "--format", "json"]);
            assert_eq!(opened.code, 0, "{}", opened.err);
        }
    }
    let rest = fresh.run(&["add", "--corpus", "news.db", "many.jsonl"]);
    assert_eq!(rest.code, 0, "{}", rest.err);
    assert!(rest.err.contains("holds 181 articles"), "{}", rest.err);
}
