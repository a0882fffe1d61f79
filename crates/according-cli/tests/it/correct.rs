//! `according correct`.

use serde_json::{Value, json};

use crate::corpus::{add, articles, ask, ask_in_text, errors_of_claim, origins};
use crate::program::{Fresh, Ran};

fn filled() -> Fresh {
    let fresh = Fresh::new();
    assert_eq!(add(&fresh, &articles()).code, 0);
    fresh
}

fn try_correct(fresh: &Fresh, args: &[&str]) -> Ran {
    let corpus = ["--corpus", "news.db", "--by", "ana"];
    fresh.run(&[&["correct"], args, &corpus].concat())
}

fn correct(fresh: &Fresh, args: &[&str]) -> String {
    let ran = try_correct(fresh, args);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    ran.err
}

fn list(fresh: &Fresh) -> String {
    fresh.run(&["correct", "list", "--corpus", "news.db"]).out
}

fn lines(fresh: &Fresh, args: &[&str]) -> Ran {
    let corpus = ["--corpus", "news.db", "--format", "json"];
    fresh.run(&[&["correct", "list"], args, &corpus].concat())
}

/// Every claim that holds some words in one of its supports.
fn claims(fresh: &Fresh, words: &str) -> Vec<Value> {
    let told = origins(fresh, &[]);
    let claims = told["claims"].as_array().unwrap().iter();
    let holds = |claim: &&Value| {
        let supports = claim["supports"].as_array().unwrap();
        supports.iter().any(|s| s["text"].as_str().unwrap().contains(words))
    };
    claims.filter(holds).cloned().collect()
}

fn claim(fresh: &Fresh, words: &str) -> Value {
    claims(fresh, words).into_iter().next().unwrap_or_default()
}

fn n(value: &Value, key: &str) -> usize {
    value[key].as_array().map_or(0, Vec::len)
}

#[test]
fn claims_are_merged_split_and_brought_back() {
    let fresh = filled();
    let before = origins(&fresh, &[]);
    let (missing, boiler) = (claim(&fresh, "were missing"), claim(&fresh, "begun in"));
    let (a, b) = (missing["id"].as_str().unwrap(), boiler["id"].as_str().unwrap());
    let said = correct(&fresh, &["merge", a, b]);
    assert!(said.contains("correction 1 by ana"), "{said}");
    let merged = claim(&fresh, "were missing");
    assert_eq!(n(&merged, "supports"), n(&missing, "supports") + n(&boiler, "supports"));
    assert_eq!(merged["corrected"][0]["kind"], "merge");
    assert_eq!(merged["corrected"][0]["by"], "ana");
    assert_eq!(errors_of_claim(&fresh, &merged), [""; 0]);
    let id = merged["id"].as_str().unwrap();
    assert_eq!(ask(&fresh, &["claim", id]), merged);
    let text = ask_in_text(&fresh, &["claim", id]);
    assert!(text.contains("merged by hand (correction 1, ana,"), "{text}");
    let text = ask_in_text(&fresh, &["origins"]);
    assert!(text.contains("merged by hand"), "{text}");

    correct(&fresh, &["undo", "1"]);
    assert_eq!(origins(&fresh, &[]), before);
    correct(&fresh, &["undo", "2"]);
    assert_eq!(claim(&fresh, "were missing"), merged);
    let again = try_correct(&fresh, &["undo", "2"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("is undone already, by 3"), "{}", again.err);
    assert!(again.err.contains("'according correct undo 3' brings it back"));
    correct(&fresh, &["undo", "3"]);

    let all = claim(&fresh, "were missing");
    let id = all["id"].as_str().unwrap();
    correct(&fresh, &["split", id, "post"]);
    let rest = claim(&fresh, "were missing");
    assert!(n(&rest, "supports") < n(&all, "supports"), "{rest}");
    let supports = rest["supports"].as_array().unwrap();
    assert!(supports.iter().all(|s| s["article"] != "post"), "{rest}");
    let none = try_correct(&fresh, &["split", id, "sport"]);
    assert!(none.err.contains("'sport' does not make K"), "{}", none.err);
    let text = list(&fresh);
    assert!(text.contains("ana") && text.contains("undone by 4"), "{text}");
}

#[test]
fn what_was_misread_is_rejected_and_shown_when_asked_for() {
    let fresh = filled();
    let missing = claim(&fresh, "were missing");
    let supports = missing["supports"].as_array().unwrap();
    let by_quill = supports.iter().find(|s| s["claim"].is_string()).unwrap();
    let (article, id) = (&by_quill["article"], &by_quill["claim"]);
    let place = format!("{}#{}", article.as_str().unwrap(), id.as_str().unwrap());
    correct(&fresh, &["reject", &place]);
    let left = claim(&fresh, "were missing");
    assert_eq!(
        (&left["rejected"][0]["article"], &left["rejected"][0]["claim"]),
        (article, id)
    );
    assert!(n(&left, "supports") < supports.len());
    assert_eq!(errors_of_claim(&fresh, &left), [""; 0]);
    correct(&fresh, &["undo", "1"]);

    let id = missing["id"].as_str().unwrap();
    correct(&fresh, &["reject", id]);
    assert_eq!(claims(&fresh, "were missing").len(), 0);
    let hits = ask(&fresh, &["search", "watchmen"]);
    let shown = origins(&fresh, &["--rejected"]);
    let gone = shown["claims"].as_array().unwrap().last().unwrap();
    assert_eq!(n(gone, "rejected"), n(&missing, "supports"));
    assert_eq!(gone["independent_origins"], json!({"least": 0, "most": 0}));
    let gone_id = gone["id"].as_str().unwrap();
    assert!(!hits.to_string().contains(&format!("\"{gone_id}\"")), "{hits}");
    assert_eq!(&ask(&fresh, &["claim", gone_id]), gone);
    let days = ask(&fresh, &["timeline"]);
    assert!(!days.to_string().contains("were missing"), "{days}");
}

#[test]
fn what_was_found_right_says_so_and_counts_again() {
    let fresh = filled();
    let missing = claim(&fresh, "were missing");
    let id = missing["id"].as_str().unwrap();
    correct(&fresh, &["accept", id]);
    let right = claim(&fresh, "were missing");
    assert_eq!(right["corrected"][0]["kind"], "accept");
    assert_eq!(right["independent_origins"], missing["independent_origins"]);
    correct(&fresh, &["reject", id]);
    assert_eq!(claims(&fresh, "were missing").len(), 0);
    let shown = origins(&fresh, &["--rejected"]);
    let gone = shown["claims"].as_array().unwrap().last().unwrap();
    correct(&fresh, &["accept", gone["id"].as_str().unwrap()]);
    assert_eq!(n(&claim(&fresh, "were missing"), "supports"), n(&missing, "supports"));
}

#[test]
fn sources_outlets_and_notes() {
    let fresh = filled();
    correct(&fresh, &["merge-sources", "Marta Quill", "Piet Orlin"]);
    assert_eq!(ask(&fresh, &["sources", "Piet Orlin"])[0]["name"], "Marta Quill");
    assert_eq!(ask(&fresh, &["sources", "Quill"])[0]["articles"], 3);
    correct(&fresh, &["undo", "1"]);
    assert_eq!(ask(&fresh, &["sources", "Piet Orlin"])[0]["articles"], 1);
    let args = ["split-source", "Marta Quill", "--in", "post", "--as", "Mads Quill"];
    correct(&fresh, &args);
    assert_eq!(ask(&fresh, &["sources", "Marta"])[0]["articles"], 2);
    assert_eq!(ask(&fresh, &["sources", "Mads"])[0]["articles"], 1);
    let missing = claim(&fresh, "were missing");
    assert!(missing["supports"].to_string().contains("Mads Quill"), "{missing}");

    correct(&fresh, &["reliability", "The Bell", "b"]);
    correct(&fresh, &["note", "K1", "seen on photographs"]);
    correct(&fresh, &["note", "sport", "of no use here"]);
    let told = origins(&fresh, &[]);
    let article = |name: &str| {
        let all = told["articles"].as_array().unwrap();
        all.iter().find(|a| a["ref"] == name).unwrap().clone()
    };
    assert_eq!(article("bell")["reliability"], "B");
    assert_eq!(article("post").get("reliability"), None);
    assert_eq!(article("sport")["corrected"][0]["text"], "of no use here");
    let first = ask(&fresh, &["claim", "K1"]);
    assert!(first["corrected"].to_string().contains("seen on photographs"), "{first}");
    let text = ask_in_text(&fresh, &["origins"]);
    assert!(text.contains("B, usually reliable"), "{text}");
    assert!(text.contains("note: of no use here"), "{text}");
}

#[test]
fn corrections_outlast_changes_and_travel_to_another_corpus() {
    let fresh = filled();
    let missing = claim(&fresh, "were missing");
    let id = missing["id"].as_str().unwrap();
    correct(&fresh, &["note", id, "seen on photographs"]);
    correct(&fresh, &["reject", "post@10"]);
    // Something else in the article is told otherwise.
    let more = "ninety people. It was built in 1911.";
    let changed = articles().replace("ninety people.", more);
    assert!(add(&fresh, &changed).err.contains("2 changed"));
    assert!(!list(&fresh).contains("no more"), "{}", list(&fresh));
    // And now what was rejected.
    let changed = changed.replace("Two night watchmen are missing", "Two men are gone");
    assert!(add(&fresh, &changed).err.contains("1 changed"));
    assert!(list(&fresh).contains("finds its place no more"), "{}", list(&fresh));
    assert_eq!(lines(&fresh, &["--lost"]).json_lines().len(), 2);
    assert!(add(&fresh, &articles()).err.contains("3 changed"));
    assert_eq!(lines(&fresh, &["--lost"]).out, "");

    correct(&fresh, &["undo", "2"]);
    let exported = lines(&fresh, &[]).out;
    assert_eq!(exported.lines().count(), 3);
    let other = Fresh::new();
    assert_eq!(add(&other, &articles()).code, 0);
    let import = ["correct", "import", "-", "--corpus", "news.db"];
    let brought = other.run_with(&import, &exported);
    assert!(brought.err.contains("3 new, 0 known"), "{}", brought.err);
    let again = other.run_with(&import, &exported);
    assert!(again.err.contains("0 new, 3 known"), "{}", again.err);
    assert_eq!(origins(&other, &[]), origins(&fresh, &[]));
    assert_eq!(lines(&other, &[]).out, exported);
    for (wrong, told) in [
        ("{\"number\": 1}", "-:1: no correction"),
        ("no JSON", "-:1: no correction"),
        (exported.lines().last().unwrap(), "undoes correction 2, which is not in"),
    ] {
        let ran = other.run_with(&import, wrong);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(told), "{}", ran.err);
    }
}

#[test]
fn what_cannot_be_corrected_is_told() {
    let fresh = filled();
    for (args, told) in [
        (&["reject", "K99"][..], "there is no claim 'K99'"),
        (&["reject", "nobody#C1"], "there is no article 'nobody'"),
        (&["reject", "bell"], "'bell' is a whole article"),
        (&["reject", "bell#C99"], "is nothing that is compared"),
        (&["merge-sources", "Marta Quill", "Ada Nobody"], "called 'Ada Nobody'"),
        (&["undo", "7"], "there is no correction 7"),
        (&["split", "bell#C1", "bell"], "is no claim such as K3"),
    ] {
        let ran = try_correct(&fresh, args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    assert_eq!(list(&fresh), "No corrections.\n");
    let help = fresh.run(&["correct", "--help"]);
    assert!(help.out.contains("never applied to a look-alike"), "{}", help.out);
}
