//! `according mcp`: a session with the real program.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::program::Fresh;

const STORY: &str = "VARNIK, March 5, 2024 — A welder from Varnik told the Harbour Post on Monday \
    that the rudder of the Marjut had been repaired twice. “Nobody checked it,” said the welder.\
    \n\nThe harbour master, Ada Lund, denied that the rudder had been repaired twice.\n";

/// The program, spoken with line by line.
struct Session {
    program: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    n: u64,
}

impl Session {
    fn new(fresh: &Fresh, args: &[&str]) -> Self {
        let mut command = fresh.command(&[&["mcp"], args].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let (input, output) = (program.stdin.take(), program.stdout.take().unwrap());
        Self { program, input, output: BufReader::new(output), n: 0 }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.n += 1;
        let message =
            json!({"jsonrpc": "2.0", "id": self.n, "method": method, "params": params});
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], self.n, "{answer}");
        answer["result"].clone()
    }

    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let result =
            self.ask("tools/call", json!({"name": tool, "arguments": arguments}));
        assert_eq!(result["isError"], false, "{result}");
        result["structuredContent"].clone()
    }

    fn tools(&mut self) -> Vec<String> {
        let tools = self.ask("tools/list", json!({}));
        let tools = tools["tools"].as_array().unwrap().iter();
        tools.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Ends when there is nothing more to read.
    fn end(mut self) {
        drop(self.input.take());
        assert!(self.program.wait().unwrap().success());
    }
}

/// Whether evidence stands where it says.
fn stands(text: &str, evidence: &Value) -> bool {
    let evidence = evidence.as_array().unwrap();
    let points: Vec<char> = text.chars().collect();
    let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    !evidence.is_empty()
        && evidence.iter().all(|quote| {
            let quoted: String =
                points[at(&quote["start"])..at(&quote["end"])].iter().collect();
            quote["quote"] == quoted
        })
}

fn corpus() -> Fresh {
    let fresh = Fresh::new();
    let line = |id: &str, outlet: &str, text: &str| {
        format!(
            "{}\n",
            json!({"id": id, "outlet": outlet, "published": "2024-03-05", "text": text})
        )
    };
    let lines = line("echo", "Bay Echo", STORY) + &line("copy", "Coast Mail", STORY);
    let args = ["add", "--corpus", "news.db", "--input", "jsonl", "-"];
    let ran = fresh.run_with(&args, &lines);
    assert_eq!(ran.code, 0, "{}", ran.err);
    fresh
}

#[test]
fn a_text_is_read() {
    let fresh = Fresh::new();
    let mut session = Session::new(&fresh, &[]);
    assert_eq!(session.tools(), ["read_text"]);
    let read =
        session.call("read_text", json!({"text": STORY, "published": "2024-03-05"}));
    assert_eq!(read["status"], "found");
    let claims = read["claims"].as_array().unwrap();
    assert!(claims.iter().all(|claim| stands(STORY, &claim["evidence"])), "{read}");
    let welder = &claims[0];
    assert!(stands(STORY, &welder["source"]) && stands(STORY, &welder["cue"]));
    assert_eq!(welder["chain"][1]["name"], "Harbour Post");
    let none = session.call("read_text", json!({"text": "The harbour is deep."}));
    assert_eq!(none["status"], "cannot-tell");
    assert!(none.get("claims").is_none());
    for bad in [json!({}), json!({"text": "a", "published": "soon"}), json!({"txt": "a"})]
    {
        let result =
            session.ask("tools/call", json!({"name": "read_text", "arguments": bad}));
        assert_eq!(result["isError"], true, "{result}");
    }
    session.end();

    let mut session = Session::new(&fresh, &["--protect-sources"]);
    let read = session.call("read_text", json!({"text": STORY})).to_string();
    assert!(read.contains("unnamed source 1"), "{read}");
    assert!(!read.contains("welder") && !read.contains("Varnik"), "{read}");
    session.end();
}

#[test]
fn a_corpus_is_asked() {
    let fresh = corpus();
    let mut session = Session::new(&fresh, &["--corpus", "news.db"]);
    let tools = [
        "read_text",
        "search",
        "get_article",
        "trace_claim",
        "list_origins",
        "list_sources",
    ];
    assert_eq!(session.tools(), tools);
    let found = session.call("search", json!({"words": "rudder", "source": "lund"}));
    let articles = found["articles"].as_array().unwrap();
    assert_eq!(articles.len(), 2);
    assert!(
        articles.iter().all(|a| stands(STORY, &a["claims"][0]["evidence"])),
        "{found}"
    );
    assert_eq!(articles[0]["claims"][0]["speaker"], "Ada Lund");
    let origins = session.call("list_origins", json!({}));
    let first = &origins["claims"][0];
    assert_eq!(first["independent_origins"]["most"], 1, "a copy is no origin: {origins}");
    assert!(stands(STORY, &first["supports"][0]["evidence"]));
    let traced = session.call("trace_claim", json!({"claim": first["claim"]}));
    assert_eq!(traced["supports"].as_array().unwrap().len(), 2);
    assert!(
        traced["supports"]
            .as_array()
            .unwrap()
            .iter()
            .all(|s| stands(STORY, &s["evidence"]))
    );
    let sources = session.call("list_sources", json!({"name": "lund"}));
    assert_eq!(sources["sources"][0]["name"], "Ada Lund");
    assert!(stands(STORY, &sources["sources"][0]["example"]["claim"]["evidence"]));
    let article =
        session.call("get_article", json!({"article": "echo", "first_claim": 2}));
    assert_eq!(article["claims"][0]["id"], "C2");

    for (tool, arguments) in [
        ("search", json!({"words": "volcano"})),
        ("get_article", json!({"article": "none"})),
        ("trace_claim", json!({"claim": "K99999"})),
        ("list_origins", json!({"min_articles": 9})),
        ("list_sources", json!({"name": "nobody of that name"})),
    ] {
        let answer = session.call(tool, arguments);
        assert_eq!(answer["status"], "cannot-tell", "{tool}");
        assert!(answer["next"].is_string());
    }
    session.end();

    let mut session = Session::new(&fresh, &["--corpus", "news.db", "--protect-sources"]);
    assert_eq!(session.tools(), ["read_text", "search", "get_article"]);
    let found = session.call("search", json!({"words": "rudder"})).to_string();
    assert!(!found.contains("welder") && found.contains("unnamed source 1"), "{found}");
    session.end();

    let ran = fresh.run(&["mcp", "--corpus", "none.db"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

/// The client of the protocol's own Python package, which sets itself up.
#[test]
fn a_client_that_is_not_ours_is_served() {
    let fresh = corpus();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/mcp_check.py");
    let ran = Command::new("python3")
        .args([script, env!("CARGO_BIN_EXE_according")])
        .arg(fresh.path("news.db"))
        .env("ACCORDING_DATA", fresh.data())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&ran.stdout);
    let err = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{out}{err}");
    assert!(out.contains("2026-07-28") && out.contains("2025-11-25"), "{out}");
}
