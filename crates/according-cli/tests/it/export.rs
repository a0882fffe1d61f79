//! `according export`, and `read` in the formats of other programs.

use std::fs;

use serde_json::{Value, json};

use crate::program::Fresh;

const STORY: &str = "VARNIK, March 5, 2024 — A welder from Varnik told the Harbour Post on Monday \
    that the rudder had been repaired twice. “Nobody checked it,” said the welder, who asked not \
    to be named for fear of dismissal.\n\nThe yard denied that.\n";

fn read(fresh: &Fresh, args: &[&str]) -> String {
    let ran = fresh.run(&[&["read", "--outlet", "Bay Echo"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

fn export(fresh: &Fresh, args: &[&str]) -> String {
    let ran = fresh.run(&[&["export"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn reports_are_exported_as_they_are_read() {
    let fresh = Fresh::new();
    fresh.write("a.txt", STORY);
    fresh.write("b.txt", STORY.replace("rudder", "pump"));
    fresh.write("reports.jsonl", read(&fresh, &["--format", "jsonl", "a.txt", "b.txt"]));
    for format in
        ["csv", "stix", "graphml", "geojson", "plover", "ftm", "misp", "markdown"]
    {
        let at_once = read(&fresh, &["--format", format, "a.txt", "b.txt"]);
        assert_eq!(
            export(&fresh, &["--to", format, "reports.jsonl"]),
            at_once,
            "{format}"
        );
    }
    let bundle: Value =
        serde_json::from_str(&export(&fresh, &["--to", "stix", "reports.jsonl"]))
            .unwrap();
    let objects = bundle["objects"].as_array().unwrap();
    let count = |kind: &str| objects.iter().filter(|o| o["type"] == kind).count();
    assert_eq!(count("report"), 2);
    assert!(count("note") >= 4);
    // Pretty or not, one after another.
    fresh.write("pretty.json", read(&fresh, &["--format", "json", "a.txt", "b.txt"]));
    let rows = export(&fresh, &["--to", "csv", "pretty.json"]);
    assert_eq!(rows, export(&fresh, &["--to", "csv", "reports.jsonl"]));
}

#[test]
fn a_corpus_is_exported_into_a_folder() {
    let fresh = Fresh::new();
    let line = |id: &str, text: &str| format!("{}\n", json!({"id": id, "text": text}));
    let lines = line("one/a", STORY) + &line("two/a", &STORY.replace("rudder", "pump"));
    let ran =
        fresh.run_with(&["add", "--corpus", "news.db", "--input", "jsonl", "-"], &lines);
    assert_eq!(ran.code, 0, "{}", ran.err);
    export(&fresh, &["--to", "brat", "--corpus", "news.db", "--out", "brat/"]);
    let mut names: Vec<String> = fs::read_dir(fresh.path("brat"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a-2.ann", "a-2.txt", "a.ann", "a.txt", "annotation.conf"]);
    assert_eq!(fs::read_to_string(fresh.path("brat/a.txt")).unwrap(), STORY);
    let rows = export(&fresh, &["--to", "csv", "--corpus", "news.db"]);
    assert!(rows.contains("one/a") && rows.contains("two/a"));
    export(&fresh, &["--to", "gexf", "--corpus", "news.db", "--out", "news.gexf"]);
    assert!(fs::read_to_string(fresh.path("news.gexf")).unwrap().ends_with("</gexf>\n"));

    let ran = fresh.run(&["export", "--to", "brat", "--corpus", "news.db"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--out FOLDER/"), "{}", ran.err);
    let ran = fresh.run(&["export", "--to", "csv", "--corpus", "other.db"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn what_is_no_report_is_named() {
    let fresh = Fresh::new();
    fresh.write("a.txt", STORY);
    fresh.write("good.json", read(&fresh, &["--format", "json", "a.txt"]));
    fresh.write("bad.json", "{\"format\": 5}");
    fresh.write(
        "other.json",
        read(&fresh, &["--format", "json", "a.txt"]).replace("report/1", "report/9"),
    );
    let ran = fresh.run(&[
        "export",
        "--to",
        "csv",
        "bad.json",
        "good.json",
        "other.json",
        "none.json",
    ]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("rudder"), "{}", ran.out);
    for told in
        ["bad.json", "no report", "according-report/9", "none.json: cannot be read"]
    {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    assert_eq!(fresh.run(&["export", "--to", "csv", "bad.json"]).code, 2);
    fresh.write("large.json", format!("{{\"format\": \"{}\"}}", "x".repeat(2 << 20)));
    let ran = fresh.run(&["export", "--to", "csv", "--max-size", "1", "large.json"]);
    assert!(ran.err.contains("too large"), "{}", ran.err);
}

#[test]
fn sources_are_protected_in_every_format() {
    let fresh = Fresh::new();
    fresh.write("a.txt", STORY);
    fresh.write("a.json", read(&fresh, &["--format", "json", "a.txt"]));
    let telling = ["welder", "Varnik", "VARNIK", "Monday", "dismissal"];
    let check = |what: &str, text: &str| {
        for word in telling {
            assert!(!text.contains(word), "{what} tells '{word}': {text}");
        }
        assert!(
            text.contains("unnamed source 1") || text.contains("Nobody"),
            "{what}: {text}"
        );
    };
    for format in [
        "text",
        "json",
        "jsonl",
        "webannotation",
        "csv",
        "markdown",
        "prov",
        "schema-org",
        "ftm",
        "stix",
        "misp",
        "graphml",
        "gexf",
    ] {
        let args = ["read", "--format", format, "--protect-sources", "a.txt"];
        let ran = fresh.run(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("sources without a name are protected"), "{}", ran.err);
        check(format, &ran.out);
        let to = match format {
            "text" | "json" | "jsonl" => continue,
            format => format,
        };
        check(to, &export(&fresh, &["--to", to, "--protect-sources", "a.json"]));
    }
    for more in [["--claims", "off"], ["--acts", "speech"], ["--min-confidence", "0.5"]] {
        let ran =
            fresh.run(&[&["read", "--protect-sources", "a.txt"], &more[..]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{more:?}: {}", ran.err);
    }
}

#[test]
fn what_recurs_in_a_corpus_is_exported() {
    let fresh = Fresh::new();
    assert_eq!(crate::corpus::add(&fresh, &crate::corpus::articles()).code, 0);
    let told = crate::corpus::origins(&fresh, &[]);
    let claims = told["claims"].as_array().unwrap();
    assert!(!claims.is_empty());
    for format in [
        "graphml",
        "gexf",
        "prov",
        "schema-org",
        "ftm",
        "stix",
        "webannotation",
        "markdown",
    ] {
        let document = export(&fresh, &["--to", format, "--corpus", "news.db"]);
        let protected = ["--to", format, "--corpus", "news.db", "--protect-sources"];
        let protected = export(&fresh, &protected);
        for claim in claims {
            let statement = claim["statement"].as_str().unwrap();
            let count = document.matches(statement).count();
            assert!(
                count > protected.matches(statement).count(),
                "{format}: {statement}"
            );
        }
        assert!(
            !protected.contains("What recurs") && !protected.contains("goes-back-to")
        );
    }
    // Each edge leads from and to a node that is there.
    let graph = export(&fresh, &["--to", "graphml", "--corpus", "news.db"]);
    let values = |name: &str| -> Vec<&str> {
        let found = graph.split(name).skip(1);
        found.map(|rest| rest.split('"').next().unwrap()).collect()
    };
    let nodes = values("<node id=\"");
    for end in [values("source=\""), values("target=\"")].concat() {
        assert!(nodes.contains(&end), "{end}");
    }
    assert_eq!(graph.matches(">recurring<").count(), claims.len());
    assert!(graph.contains(">asserts<") && graph.contains(">goes-back-to<"));
}

#[test]
fn tables_are_written_into_a_folder() {
    let fresh = Fresh::new();
    fresh.write("a.txt", STORY);
    fresh.write("reports.jsonl", read(&fresh, &["--format", "jsonl", "a.txt"]));
    let missing = fresh.run(&["export", "--to", "parquet", "reports.jsonl"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("--out FOLDER/"), "{}", missing.err);
    export(&fresh, &["--to", "parquet", "--out", "tables/", "reports.jsonl"]);
    for table in ["claims", "sources", "events"] {
        let bytes = fs::read(fresh.path(&format!("tables/{table}.parquet"))).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{table}");
    }
    export(&fresh, &["--to", "csv", "--out", "rows/", "reports.jsonl"]);
    let rows = fs::read_to_string(fresh.path("rows/claims.csv")).unwrap();
    assert_eq!(rows, export(&fresh, &["--to", "csv", "reports.jsonl"]));
    assert_eq!(fs::read_dir(fresh.path("rows")).unwrap().count(), 3);
    // Nothing of what is protected is left.
    let claims = fs::read(fresh.path("tables/claims.parquet")).unwrap();
    export(
        &fresh,
        &["--to", "parquet", "--protect-sources", "--out", "tables/", "reports.jsonl"],
    );
    assert_ne!(claims, fs::read(fresh.path("tables/claims.parquet")).unwrap());
}

#[test]
fn tables_tell_what_recurs_in_a_corpus() {
    let fresh = Fresh::new();
    assert_eq!(crate::corpus::add(&fresh, &crate::corpus::articles()).code, 0);
    let told = crate::corpus::origins(&fresh, &[]);
    let claims = told["claims"].as_array().unwrap();
    let files = |folder: &str| {
        let files = fs::read_dir(fresh.path(folder)).unwrap();
        let mut names: Vec<String> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names.join(" ")
    };
    let all = "claims.csv events.csv recurring.csv sources.csv supports.csv";
    export(&fresh, &["--to", "csv", "--corpus", "news.db", "--out", "rows/"]);
    assert_eq!(files("rows"), all);
    export(&fresh, &["--to", "parquet", "--corpus", "news.db", "--out", "tables/"]);
    assert_eq!(files("tables"), all.replace("csv", "parquet"));
    let lines = |table: &str| {
        let text = fs::read_to_string(fresh.path(&format!("rows/{table}.csv"))).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let recurring = lines("recurring");
    assert_eq!(recurring.len(), claims.len());
    for (row, claim) in recurring.iter().zip(claims) {
        assert!(row.starts_with(&format!("{},", claim["id"].as_str().unwrap())), "{row}");
    }
    let supports = claims.iter().map(|claim| claim["supports"].as_array().unwrap().len());
    assert_eq!(lines("supports").len(), supports.sum::<usize>());

    // Whom a corpus relies on is not told where sources are protected.
    let args = [
        "export",
        "--to",
        "csv",
        "--corpus",
        "news.db",
        "--protect-sources",
        "--out",
        "few/",
    ];
    let ran = fresh.run(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(files("few"), "claims.csv events.csv sources.csv");
    assert!(ran.err.contains("what recurs in the corpus is left out"), "{}", ran.err);
}
