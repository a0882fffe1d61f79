//! Searches that are kept, and `according watch` that tells what is new for them.

use serde_json::{Value, json};

use crate::corpus::{add, articles, ask, ask_in_text};
use crate::fetch::Server;
use crate::program::{Fresh, Ran};

fn watch(fresh: &Fresh, args: &[&str]) -> Ran {
    let once = ["watch", "--corpus", "news.db", "--once"];
    let ran = fresh.run(&[&once[..], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

fn alerts(fresh: &Fresh, args: &[&str]) -> Vec<Value> {
    watch(fresh, &[args, &["--format", "json"]].concat()).json_lines()
}

fn kinds(alerts: &[Value]) -> Vec<&str> {
    alerts.iter().map(|alert| alert["kind"].as_str().unwrap()).collect()
}

/// The first two articles, one of which copies the other, and a search for watchmen.
fn saved() -> (Fresh, Vec<String>) {
    let fresh = Fresh::new();
    let all: Vec<String> = articles().lines().map(|line| format!("{line}\n")).collect();
    assert_eq!(add(&fresh, &all[..2].concat()).code, 0);
    let save = ["search", "--corpus", "news.db", "watchmen", "--save", "fire"];
    let ran = fresh.run(&save);
    assert!(ran.out.contains("bell"), "{}", ran.out);
    assert!(ran.err.contains("kept as 'fire'"), "{}", ran.err);
    (fresh, all)
}

#[test]
fn what_is_new_for_a_search_is_told_once() {
    let (fresh, all) = saved();
    std::fs::create_dir(fresh.path("incoming")).unwrap();
    assert_eq!(watch(&fresh, &["incoming"]).out, "");
    fresh.write("incoming/post.jsonl", all[2..].concat());
    let told = alerts(&fresh, &["incoming"]);
    assert!(kinds(&told).contains(&"article"), "{told:?}");
    assert!(told.iter().all(|a| a["search"] == "fire" && a["article"] == "post"));
    assert_eq!(told[0]["outlet"], "Westport Post");
    assert_eq!(watch(&fresh, &["incoming"]).out, "");
    // What another command adds is told by the next that watches.
    let star = json!({"id": "star", "outlet": "Star", "published": "2024-03-07",
        "text": "Two night watchmen were missing after the fire at the Orlin cannery in \
            Westport, mayor Ada Lindqvist said on Wednesday."});
    assert_eq!(add(&fresh, &format!("{star}\n")).code, 0);
    let text = watch(&fresh, &["incoming"]).out;
    assert!(text.starts_with("[fire] new article: star, Star, 2024-03-07"), "{text}");
    assert!(text.contains("one more origin, in star, Star"), "{text}");
    assert!(text.contains("Ada Lindqvist"), "{text}");
    assert_eq!(watch(&fresh, &["incoming"]).out, "");
}

#[test]
fn searches_are_listed_and_removed() {
    let (fresh, _) = saved();
    let listed = ask(&fresh, &["searches", "list"]);
    assert_eq!(listed[0]["name"], "fire");
    assert_eq!(listed[0]["words"], "watchmen");
    assert_eq!(ask_in_text(&fresh, &["searches", "list"]), "fire  watchmen\n");
    let remove = ["searches", "remove", "fire", "--corpus", "news.db"];
    assert_eq!(fresh.run(&remove).code, 0);
    let again = fresh.run(&remove);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("there is no search 'fire'"), "{}", again.err);
    assert_eq!(ask_in_text(&fresh, &["searches", "list"]), "No searches are kept.\n");
}

#[test]
fn feeds_are_watched_in_files_and_on_the_web() {
    let (fresh, _) = saved();
    let server = Server::new();
    let url = server.url("/feed");
    let told = alerts(&fresh, &["--allow-private", &url]);
    assert_eq!(kinds(&told)[0], "article", "{told:?}");
    assert_eq!(told[0]["statement"], "Cannery burns");
    assert!(alerts(&fresh, &["--allow-private", &url]).is_empty());
    // Without leave nothing on this machine is fetched, and the rest is watched.
    let once = ["watch", "--corpus", "news.db", "--once", &url];
    let refused = fresh.run(&once);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("'--allow-private' allows it"), "{}", refused.err);
    let item = "<item><title>Cannery saved</title><guid>moon-1</guid><description>Both \
        night watchmen were found alive, fire chief Marta Quill said.</description></item>";
    let feed = format!("<rss version=\"2.0\"><channel>{item}</channel></rss>");
    fresh.write("moon.xml", feed);
    assert_eq!(kinds(&alerts(&fresh, &["moon.xml"])), ["article"]);
}
