//! `according read`.

use std::io::Read as _;
use std::process::Stdio;

use crate::program::Fresh;

const STORY: &str = "\
Harbour to close for a week

LITTLE HARBOUR, March 5 — The harbour of this town will be closed for a week, Mayor Anna \
Roe said on Tuesday.

“We have no choice,” Roe told reporters.

An official who asked not to be named told the Example Herald that the wreck may be raised \
by Friday.
";

#[test]
fn a_report_is_valid_and_its_offsets_lead_back_to_the_text() {
    let fresh = Fresh::new();
    fresh.write("story.txt", STORY);
    let args =
        ["read", "--format", "json", "--published", "2024-03-05", "--outlet", "The Bell"];
    let ran = fresh.run(&[&args[..], &["story.txt"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let schema = serde_json::from_str(&fresh.run(&["schema"]).out).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());

    let article = &report["article"];
    assert_eq!(article["text"], STORY, "plain text is kept as it is");
    assert_eq!(article["ref"], "story.txt");
    assert_eq!(article["outlet"], "The Bell");
    assert_eq!(article["published"], "2024-03-05");
    let chars: Vec<char> = STORY.chars().collect();
    let quoted = |spans: &serde_json::Value| -> Vec<String> {
        let spans = spans.as_array().unwrap().iter();
        let at = |span: &serde_json::Value, i: usize| span[i].as_u64().unwrap() as usize;
        spans.map(|span| chars[at(span, 0)..at(span, 1)].iter().collect()).collect()
    };
    let claims = report["claims"].as_array().unwrap();
    let told = claims.iter().find(|claim| quoted(&claim["cue"]) == ["told"]).unwrap();
    assert_eq!(quoted(&told["content"]), ["“We have no choice,”"]);
    assert!(told["speaker"]["name"].as_str().unwrap().ends_with("Roe"), "{told}");
}

#[test]
fn the_view_for_people_needs_no_colour() {
    let fresh = Fresh::new();
    fresh.write("story.txt", STORY);
    let plain = fresh.run(&["read", "story.txt"]);
    assert_eq!((plain.code, plain.err.as_str()), (0, ""));
    assert!(!plain.out.contains('\x1b'));
    assert!(plain.out.starts_with("Harbour to close for a week\n"), "{}", plain.out);
    let summary = plain.out.find("WHO STANDS BEHIND IT").unwrap();
    let claims = plain.out.find("CLAIMS").unwrap();
    assert!(summary < claims);
    assert!(
        plain.out.contains("[“We have no choice,”] {Roe} _told_ reporters."),
        "{}",
        plain.out
    );
    assert!(plain.out.lines().all(|line| line.chars().count() <= 80), "{}", plain.out);

    let coloured = fresh.run(&["read", "--color", "always", "story.txt"]);
    assert!(coloured.out.contains('\x1b'));
    let output = fresh
        .command(&["read", "--color", "auto", "story.txt"])
        .env("NO_COLOR", "1")
        .output();
    assert_eq!(crate::program::Ran::from(output.unwrap()).out, plain.out);
}

#[test]
fn a_report_cannot_steer_the_terminal() {
    let fresh = Fresh::new();
    let text = "The mayor said \x1b[2Jthe \u{202e}harbour would close.";
    let ran = fresh.run_with(&["read", "-"], text);
    assert_eq!(ran.code, 0);
    assert!(!ran.out.contains(['\x1b', '\u{202e}']), "{}", ran.out);
    let ran = fresh.run_with(&["read", "--format", "json", "-"], text);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["article"]["text"], text);
}

#[test]
fn failures_are_named_and_the_rest_goes_on() {
    let fresh = Fresh::new();
    fresh.write(
        "feed.jsonl",
        "{\"id\": \"a\", \"text\": \"It rained.\"}\n\n{broken\n{\"html\": 1}\n{\"id\": 4}\n\
         {\"id\": 5, \"text\": \"It snowed.\", \"published\": \"May 5\", \"byline\": \"A. Roe\"}\n",
    );
    let ran = fresh.run(&["read", "--format", "jsonl", "feed.jsonl", "missing.txt"]);
    assert_eq!(ran.code, 1);
    let refs: Vec<serde_json::Value> =
        ran.json_lines().iter().map(|report| report["article"]["ref"].clone()).collect();
    assert_eq!(refs, ["a", "5"]);
    assert_eq!(ran.json_lines()[1]["article"]["byline"][0], "A. Roe");
    assert_eq!(ran.json_lines()[1]["article"]["published"], serde_json::Value::Null);
    for expected in [
        "error: feed.jsonl:3: no usable JSON object",
        "error: feed.jsonl:4: no usable JSON object",
        "error: feed.jsonl:5: the object has no \"text\" and no \"html\"",
        "note: feed.jsonl:6: 'May 5' is no date",
        "error: missing.txt: cannot be opened",
    ] {
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    assert_eq!(fresh.run(&["read", "missing.txt"]).code, 2);
    assert_eq!(fresh.run(&["read", "--published", "May 5", "feed.jsonl"]).code, 2);
}

#[test]
fn a_folder_is_read_by_name_and_what_is_left_out_is_said() {
    let fresh = Fresh::new();
    fresh.write("in/b.txt", "It rained.");
    fresh.write("in/a/z.txt", "It snowed.");
    fresh.write("in/c.jsonl", "{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n");
    fresh.write("in/d.png", "");
    fresh.write("in/.hidden.txt", "");
    let ran = fresh.run(&["read", "--format", "jsonl", "in"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let refs: Vec<String> = ran
        .json_lines()
        .iter()
        .map(|report| report["article"]["ref"].as_str().unwrap().replace('\\', "/"))
        .collect();
    assert_eq!(refs, ["in/a/z.txt", "in/b.txt", "in/c.jsonl:1", "in/c.jsonl:2"]);
    assert!(ran.err.contains("skipped what is not read: 1 .png"), "{ran:?}");
    fresh.write("empty/x.png", "");
    assert_eq!(fresh.run(&["read", "empty"]).code, 2);
}

#[test]
fn without_claims_no_pipeline_is_needed() {
    let fresh = Fresh::without_pipeline();
    fresh.write("story.txt", STORY);
    let ran = fresh.run(&["read", "--claims", "off", "--format", "json", "story.txt"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["article"]["blocks"][0]["kind"], "headline");
    assert_eq!(report["claims"], serde_json::json!([]));
    let text = fresh.run(&["read", "--claims", "off", "story.txt"]).out;
    assert!(text.contains("  headline    Harbour to close for a week\n"), "{text}");
    assert!(!fresh.data().exists());
}

#[test]
fn unsure_claims_can_be_left_out() {
    let fresh = Fresh::new();
    fresh.write("story.txt", STORY);
    let claims = |least: &str| {
        let args = ["read", "--format", "jsonl", "--min-confidence", least, "story.txt"];
        let report = fresh.run(&args).json_lines().remove(0);
        let confidences = report["claims"].as_array().unwrap().clone();
        confidences.iter().map(|c| c["confidence"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let all = claims("0");
    assert!(!all.is_empty());
    let kept: Vec<f64> =
        all.into_iter().filter(|confidence| *confidence >= 0.9).collect();
    assert_eq!(claims("0.9"), kept);
}

#[test]
fn only_what_is_said_can_be_asked_for() {
    let fresh = Fresh::new();
    let wish = "Residents want the harbour to open on Sunday.\n";
    fresh.write("story.txt", format!("{STORY}\n{wish}"));
    let report = |acts: &[&str]| {
        let args = [&["read", "--format", "jsonl", "story.txt"], acts].concat();
        fresh.run(&args).json_lines().remove(0)
    };
    let acts = |report: &serde_json::Value| -> Vec<String> {
        let claims = report["claims"].as_array().unwrap().iter();
        claims.map(|claim| claim["act"].as_str().unwrap().to_owned()).collect()
    };
    let all = report(&[]);
    assert!(acts(&all).contains(&"attitude".to_owned()));
    assert_eq!(all, report(&["--acts", "speech,attitude,evidential,hedge"]));
    let said = report(&["--acts", "speech"]);
    assert_eq!(acts(&said), ["speech"; 3]);
    assert_eq!(said["sourcing"]["claims"], 3);
    assert!(fresh.run(&["read", "story.txt"]).out.contains("held, not said"));
    assert_eq!(fresh.run(&["read", "--acts", "song", "story.txt"]).code, 2);
    assert!(fresh.run(&["help", "read"]).out.contains("--acts speech,evidential"));
}

#[test]
fn text_is_read_in_any_encoding_up_to_the_limit() {
    let fresh = Fresh::new();
    let bytes: Vec<u8> =
        "\u{feff}“No,” she said.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ran = fresh.run_with(&["read", "--format", "jsonl", "-"], bytes);
    assert_eq!(ran.json_lines()[0]["article"]["text"], "“No,” she said.");
    assert_eq!(ran.err, "");
    let ran =
        fresh.run_with(&["read", "--format", "jsonl", "-"], b"\x93No,\x94 she said.");
    assert_eq!(ran.json_lines()[0]["article"]["text"], "“No,” she said.");
    assert_eq!(ran.err, "note: standard input: not UTF-8: read as windows-1252\n");

    fresh.write("large.txt", " ".repeat((1 << 20) + 1));
    let ran = fresh.run(&["read", "--max-size", "1", "large.txt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("large.txt: larger than the limit of 1 MiB"), "{}", ran.err);
    assert!(ran.err.contains("hint: '--max-size'"), "{}", ran.err);
}

#[test]
fn the_form_is_told_by_name_or_by_how_it_begins() {
    let fresh = Fresh::new();
    let object = "{\"id\": \"x\", \"text\": \"It rained.\"}\n";
    let ran = fresh.run_with(&["read", "--format", "jsonl"], object);
    assert_eq!(ran.json_lines()[0]["article"]["ref"], "x");
    let ran = fresh.run_with(&["read", "--format", "jsonl", "--input", "text"], object);
    assert_eq!(ran.json_lines()[0]["article"]["text"], object);
    let ran = fresh.run_with(&["read", "--format", "jsonl"], "<!doctype html><p>Text");
    assert_eq!(ran.json_lines()[0]["article"]["text"], "Text");
}

#[test]
fn blocks_of_a_page_lead_back_to_it() {
    let fresh = Fresh::new();
    let head =
        "<html lang=en><meta charset=windows-1251><h1>Ferry burns in harbour</h1><p>";
    let mut page = head.as_bytes().to_vec();
    page.extend(b"\xcf\xee\xf0\xf2 burnt for three hours on Monday, the police said.");
    fresh.write("page.html", page);
    let ran = fresh.run(&["read", "--format", "json", "--claims", "off", "page.html"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let schema = serde_json::from_str(&fresh.run(&["schema"]).out).unwrap();
    assert!(jsonschema::is_valid(&schema, &report));
    assert_eq!(report["article"]["title"], "Ferry burns in harbour");
    assert!(report["article"]["text"].as_str().unwrap().contains("Порт burnt"));
    let selector = serde_json::json!([
        {
            "type": "XPathSelector",
            "value": "/html[1]/body[1]/h1[1]",
            "refinedBy": {"type": "TextPositionSelector", "start": 0, "end": 22}
        },
        {"type": "TextPositionSelector", "start": 0, "end": 22}
    ]);
    assert_eq!(report["article"]["blocks"][0]["selector"], selector);

    fresh.write("deep.html", "<div>".repeat(100_000));
    let ran = fresh.run(&["read", "--claims", "off", "deep.html"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("deeper than the limit of 480"), "{}", ran.err);
}

#[test]
fn threads_change_nothing() {
    let fresh = Fresh::new();
    let line = |i: usize| {
        serde_json::json!({"id": i, "text": STORY.repeat(1 + (i * 7) % 5)}).to_string()
            + "\n"
    };
    fresh.write("feed.jsonl", (0..40).map(line).collect::<String>());
    let run = |threads: &str| {
        let args = ["read", "--format", "jsonl", "--threads", threads, "feed.jsonl"];
        let ran = fresh.run(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let one = run("1");
    assert_eq!(one.lines().count(), 40);
    assert!(one == run("2") && one == run("7"));
}

#[test]
fn a_closed_pipe_is_success() {
    let fresh = Fresh::new();
    let line = serde_json::json!({"text": STORY}).to_string() + "\n";
    fresh.write("feed.jsonl", line.repeat(300));
    let mut program = fresh
        .command(&["read", "--format", "jsonl", "feed.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = program.stdout.take().unwrap();
    out.read_exact(&mut [0]).unwrap();
    drop(out);
    let output = program.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[test]
fn help_teaches_with_examples_that_run() {
    let fresh = Fresh::new();
    fresh.write("story.txt", STORY);
    let short = fresh.run(&["read", "-h"]).out;
    assert!(short.lines().count() <= 40, "fits a screen");
    let long = fresh.run(&["help", "read"]).out;
    assert!(long.contains("  according read story.txt\n"), "{long}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            fresh.run(&["completions", shell]).out.contains("min-confidence"),
            "{shell}"
        );
    }
    assert_eq!(fresh.run(&["man", "."]).code, 0);
    assert!(fresh.path("according-read.1").is_file());
}

#[test]
fn claims_are_found_again_in_their_original() {
    let fresh = Fresh::new();
    let story = "<h1>Ferry burns in harbour</h1><p>Two men were held over the fire, police said.\
        </p><p>The ferry was never safe, the harbour master told reporters on Monday.</p>";
    fresh.write("ferry.html", story);
    let ran = fresh.run(&["read", "--format", "webannotation", "ferry.html"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(page["@context"], "http://www.w3.org/ns/anno.jsonld");
    let target = &page["items"][0]["target"][0];
    assert_eq!(target["source"], "ferry.html");
    assert_eq!(target["selector"][0]["value"], "/html[1]/body[1]/p[1]");
    assert_eq!(target["selector"][2]["exact"], "Two men were held over the fire");
    assert_eq!(target["selector"][2]["suffix"], ", police said.");

    fresh.write("claims.jsonld", ran.out);
    let locate = |story: &str| {
        fresh.write("now.html", story);
        fresh.run(&["locate", "claims.jsonld", "now.html"])
    };
    let words = |stdout: &str| {
        let words =
            stdout.lines().map(|line| line.split('\t').nth(1).unwrap().to_owned());
        words.collect::<Vec<_>>()
    };
    let ran = locate(story);
    assert_eq!((ran.code, words(&ran.out)), (0, vec!["unchanged".to_owned(); 2]));
    let ran = locate(&story.replace("<p>Two", "<p>By Ann Roe</p><p>Two"));
    assert_eq!((ran.code, words(&ran.out)), (0, vec!["moved".to_owned(); 2]));
    let ran = locate(&story.replace("never safe", "quite safe"));
    let expected = vec!["unchanged".to_owned(), "gone".to_owned()];
    assert_eq!((ran.code, words(&ran.out)), (1, expected));
    let ran = fresh.run(&["locate", "ferry.html", "ferry.html"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no JSON"), "{}", ran.err);
}
