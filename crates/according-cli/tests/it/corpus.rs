//! `according add`, and the questions to a corpus.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Fresh, Ran};

/// Three outlets on one fire, two of them by the same agency, and one on something else.
pub(crate) fn articles() -> String {
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

pub(crate) fn add(fresh: &Fresh, articles: &str) -> Ran {
    fresh.run_with(&["add", "--corpus", "news.db", "--input", "jsonl", "-"], articles)
}

pub(crate) fn origins(fresh: &Fresh, args: &[&str]) -> Value {
    ask(fresh, &[&["origins"], args].concat())
}

/// The answer to a question, for programs.
pub(crate) fn ask(fresh: &Fresh, args: &[&str]) -> Value {
    let ran = fresh.run(&[args, &["--corpus", "news.db", "--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// The answer for people.
pub(crate) fn ask_in_text(fresh: &Fresh, args: &[&str]) -> String {
    let ran = fresh.run(&[args, &["--corpus", "news.db"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

/// What is wrong with a claim by the schema that is printed.
pub(crate) fn errors_of_claim(fresh: &Fresh, claim: &Value) -> Vec<String> {
    let schema = fresh.run(&["schema", "--corpus"]).out;
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    let definitions = schema["$defs"].take();
    let schema = json!({"$defs": definitions, "$ref": "#/$defs/ClaimEntry"});
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(claim).map(|error| error.to_string()).collect()
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
fn articles_are_found_by_words_sources_outlets_and_days() {
    let fresh = Fresh::new();
    assert_eq!(add(&fresh, &articles()).code, 0);
    let found = |args: &[&str]| -> Vec<String> {
        let hits = ask(&fresh, &[&["search"], args].concat());
        let hits = hits.as_array().unwrap().iter();
        let mut found: Vec<String> =
            hits.map(|hit| hit["ref"].as_str().unwrap().to_owned()).collect();
        found.sort();
        found
    };
    assert_eq!(found(&["watchmen"]), ["bell", "globe", "post"]);
    assert_eq!(found(&["\"boiler room\"", "unsafe"]), ["post"]);
    assert_eq!(found(&["--source", "quill", "--outlet", "globe"]), ["globe"]);
    assert_eq!(found(&["--from", "2024-03-06", "striker"]), ["sport"]);
    assert_eq!(found(&["--to", "2024-03-05"]), ["bell"]);
    assert_eq!(found(&["zeppelin"]), [""; 0]);
    let hits = ask(&fresh, &["search", "watchmen", "--outlet", "post"]);
    assert!(!hits[0]["claims"].as_array().unwrap().is_empty(), "{hits}");
    let text = ask_in_text(&fresh, &["search", "watchmen"]);
    assert!(text.contains("Westport Post") && text.contains("K1"), "{text}");
    let text = ask_in_text(&fresh, &["search", "zeppelin"]);
    assert_eq!(text, "Nothing found.\n");
}

#[test]
fn claims_are_told_one_by_one_and_by_day() {
    let fresh = Fresh::new();
    assert_eq!(add(&fresh, &articles()).code, 0);
    let told = origins(&fresh, &[]);
    for claim in told["claims"].as_array().unwrap() {
        let id = claim["id"].as_str().unwrap();
        assert_eq!(&ask(&fresh, &["claim", id]), claim);
        assert_eq!(errors_of_claim(&fresh, claim), Vec::<String>::new());
    }
    let none = fresh.run(&["claim", "K99", "--corpus", "news.db"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("there is no claim 'K99'"), "{}", none.err);
    let days = ask(&fresh, &["timeline"]);
    let days = days.as_array().unwrap();
    // A denial that one article makes is told beside what it denies, and has no day here.
    let recurs = |claim: &&Value| {
        let supports = claim["supports"].as_array().unwrap();
        supports.iter().any(|support| support["article"] != supports[0]["article"])
    };
    assert_eq!(
        days.len(),
        told["claims"].as_array().unwrap().iter().filter(recurs).count()
    );
    assert!(days.iter().all(|day| day["day"] == "2024-03-05"), "{days:?}");
    let later = ask(&fresh, &["timeline", "--from", "2024-03-06"]);
    assert_eq!(later, json!([]));
    let text = ask_in_text(&fresh, &["timeline"]);
    assert!(text.starts_with("2024-03-05  K"), "{text}");
}

#[test]
fn those_who_are_relied_on_are_counted() {
    let fresh = Fresh::new();
    assert_eq!(add(&fresh, &articles()).code, 0);
    let sources = ask(&fresh, &["sources", "Quill"]);
    assert_eq!(sources[0]["name"], "Marta Quill");
    assert_eq!(sources[0]["articles"], 3);
    assert_eq!(sources[0]["named"], true);
    let all = ask(&fresh, &["sources"]);
    assert!(all.as_array().unwrap().len() > sources.as_array().unwrap().len());
    let text = ask_in_text(&fresh, &["sources", "quill"]);
    assert!(text.contains("Marta Quill"), "{text}");
    // An article that is no longer so relies on nobody any more.
    let changed = articles().replace("fire chief Marta Quill said", "it was said");
    assert!(add(&fresh, &changed).err.contains("1 changed"));
    assert_eq!(ask(&fresh, &["sources", "Quill"])[0]["articles"], 2);
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

#[test]
fn what_is_put_into_a_watched_folder_is_added() {
    let fresh = Fresh::new();
    fresh
        .write("incoming/first.txt", "Fire chief Marta Quill said two men were missing.");
    let mut child = fresh
        .command(&["watch", "--corpus", "news.db", "--every", "1", "incoming"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let comes = |word: &str| {
        for _ in 0..120 {
            std::thread::sleep(Duration::from_millis(500));
            if !fresh.path("news.db").exists() {
                continue;
            }
            let ran =
                fresh.run(&["search", word, "--corpus", "news.db", "--format", "json"]);
            if ran.code == 0 && ran.out.contains("\"ref\"") {
                return true;
            }
        }
        false
    };
    let first = comes("missing");
    fresh.write(
        "incoming/later/second.txt",
        "Coach Tom Vale said the striker would leave.",
    );
    let second = comes("striker");
    fresh.write(
        "incoming/first.txt",
        "Fire chief Marta Quill said both were found alive.",
    );
    let changed = comes("alive");
    let _ = child.kill();
    child.wait().unwrap();
    assert!(first && second && changed, "{first} {second} {changed}");
    let all = ask(&fresh, &["search"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    let file = fresh.run(&["watch", "--corpus", "news.db", "incoming/first.txt"]);
    assert_eq!(file.code, 2);
    assert!(file.err.contains("is not a folder"), "{}", file.err);
}
