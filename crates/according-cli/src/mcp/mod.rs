//! The Model Context Protocol over standard input and output: a JSON-RPC message a line.
//!
//! Spoken are the revision 2026-07-28, in which every request stands for itself and
//! `server/discover` tells what there is, and those before it that begin with `initialize`.
//! There are tools and nothing else: no resources, prompts, sampling or subscriptions, so that
//! every message has its answer before the next one is read.

mod answer;
mod tool;

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Value, json};

pub(crate) use answer::Answer;
pub(crate) use tool::{Arguments, Tool};

/// The revision in which requests stand for themselves.
const MODERN: &str = "2026-07-28";
/// Those that begin with `initialize`, the newest last.
const HANDSHAKE: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// The longest message in bytes.
const LONGEST: u64 = 16 << 20;

const PARSE_ERROR: i64 = -32_700;
const INVALID_REQUEST: i64 = -32_600;
const METHOD_NOT_FOUND: i64 = -32_601;
const INVALID_PARAMS: i64 = -32_602;
const UNSUPPORTED_VERSION: i64 = -32_022;

const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";
const SERVER_KEY: &str = "io.modelcontextprotocol/serverInfo";

/// What answers calls of tools.
pub(crate) trait Tools {
    /// Those there are.
    fn list(&self) -> Vec<Tool>;

    /// What to know before using them.
    fn instructions(&self) -> String;

    /// Calls one of them. An error is for who called: it says what to do about it.
    fn call(&mut self, name: &str, arguments: Arguments<'_>) -> Result<Answer, String>;
}

/// Answers messages until there are no more.
pub(crate) fn serve(
    mut input: impl BufRead,
    mut output: impl Write,
    tools: &mut impl Tools,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let n = io::Read::take(&mut input, LONGEST).read_until(b'\n', &mut line)?;
        if n == 0 {
            return Ok(());
        }
        let is_whole = line.ends_with(b"\n") || (n as u64) < LONGEST;
        let answer = match is_whole {
            true => message(&line, tools),
            false => {
                skip_line(&mut input)?;
                let message = format!("a message is longer than {} MiB", LONGEST >> 20);
                Some(error(Value::Null, INVALID_REQUEST, message))
            }
        };
        if let Some(answer) = answer {
            serde_json::to_writer(&mut output, &answer)?;
            output.write_all(b"\n")?;
            output.flush()?;
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let (n, is_done) = (end.map_or(buffer.len(), |end| end + 1), end.is_some());
        let is_over = buffer.is_empty();
        input.consume(n);
        if is_done || is_over {
            return Ok(());
        }
    }
}

/// The answer to a message; notifications and blank lines have none.
fn message(line: &[u8], tools: &mut impl Tools) -> Option<Value> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let message = match serde_json::from_slice::<Value>(line) {
        Ok(message) => message,
        Err(problem) => {
            return Some(error(Value::Null, PARSE_ERROR, format!("no JSON: {problem}")));
        }
    };
    let id = message.get("id").filter(|id| id.is_string() || id.is_number()).cloned();
    let method = message.get("method").and_then(Value::as_str);
    match (id, method) {
        (Some(id), Some(method)) => {
            let params = message.get("params").and_then(Value::as_object);
            let nothing = Map::new();
            Some(match request(method, params.unwrap_or(&nothing), tools) {
                Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                Err(refusal) => refusal.to(id),
            })
        }
        // A notification, or an answer to a question that was never asked.
        (None, Some(_)) if message.get("id").is_none() => None,
        (Some(_), None) if message.get("result").or(message.get("error")).is_some() => {
            None
        }
        _ => Some(error(Value::Null, INVALID_REQUEST, "no JSON-RPC request".to_owned())),
    }
}

/// Why a request is not answered.
struct Refusal {
    code: i64,
    message: String,
    data: Option<Value>,
}

impl Refusal {
    fn new(code: i64, message: String) -> Self {
        Self { code, message, data: None }
    }

    fn to(self, id: Value) -> Value {
        let mut answer = error(id, self.code, self.message);
        if let (Some(data), Some(told)) =
            (self.data, answer.get_mut("error").and_then(Value::as_object_mut))
        {
            told.insert("data".to_owned(), data);
        }
        answer
    }
}

fn error(id: Value, code: i64, message: String) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

fn request(
    method: &str,
    params: &Map<String, Value>,
    tools: &mut impl Tools,
) -> Result<Value, Refusal> {
    let version = params.get("_meta").and_then(|meta| meta.get(VERSION_KEY));
    let version = version.and_then(Value::as_str);
    if let Some(version) = version.filter(|version| *version != MODERN) {
        let supported: Vec<&str> = HANDSHAKE.into_iter().chain([MODERN]).collect();
        return Err(Refusal {
            code: UNSUPPORTED_VERSION,
            message: "this revision of the protocol is not spoken here".to_owned(),
            data: Some(json!({ "supported": supported, "requested": version })),
        });
    }
    let mut result = match method {
        "initialize" => initialize(params, tools),
        "ping" => json!({}),
        "server/discover" => discover(tools),
        "tools/list" => {
            let tools: Vec<Value> = tools.list().iter().map(Tool::told).collect();
            cached(json!({ "tools": tools }), version)
        }
        "tools/call" => call(params, tools)?,
        _ => {
            let message = format!("there is no method '{}'", method.escape_debug());
            return Err(Refusal::new(METHOD_NOT_FOUND, message));
        }
    };
    if let (Some(_), Some(result)) = (version, result.as_object_mut()) {
        result.insert("resultType".to_owned(), json!("complete"));
        result.insert("_meta".to_owned(), json!({ SERVER_KEY: program() }));
    }
    Ok(result)
}

fn program() -> Value {
    json!({
        "name": "according",
        "title": "According",
        "version": env!("CARGO_PKG_VERSION"),
    })
}

fn initialize(params: &Map<String, Value>, tools: &impl Tools) -> Value {
    let wanted = params.get("protocolVersion").and_then(Value::as_str);
    let known = HANDSHAKE.into_iter().find(|known| Some(*known) == wanted);
    json!({
        // Whoever wants another one decides whether the newest will do.
        "protocolVersion": known.or(HANDSHAKE.last().copied()),
        "capabilities": { "tools": {} },
        "serverInfo": program(),
        "instructions": tools.instructions(),
    })
}

fn discover(tools: &impl Tools) -> Value {
    let versions: Vec<&str> = HANDSHAKE.into_iter().chain([MODERN]).collect();
    let told = json!({
        "supportedVersions": versions,
        "capabilities": { "tools": {} },
        "serverInfo": program(),
        "instructions": tools.instructions(),
    });
    cached(told, Some(MODERN))
}

/// What stays as it is for as long as the program runs, and is for nobody else.
fn cached(mut result: Value, version: Option<&str>) -> Value {
    if let (Some(_), Some(result)) = (version, result.as_object_mut()) {
        result.insert("ttlMs".to_owned(), json!(3_600_000));
        result.insert("cacheScope".to_owned(), json!("private"));
    }
    result
}

fn call(params: &Map<String, Value>, tools: &mut impl Tools) -> Result<Value, Refusal> {
    let name = params.get("name").and_then(Value::as_str).unwrap_or_default();
    let Some(tool) = tools.list().into_iter().find(|tool| tool.name == name) else {
        let message = format!("there is no tool '{}'", name.escape_debug());
        return Err(Refusal::new(INVALID_PARAMS, message));
    };
    let nothing = Map::new();
    let given = params.get("arguments").and_then(Value::as_object).unwrap_or(&nothing);
    // A mistake of ours must cost one call.
    let answered = tool.check(given).and_then(|()| {
        let call = || tools.call(name, Arguments(given));
        catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
            Err("this makes the program fail; please report it".to_owned())
        })
    });
    Ok(match answered {
        Ok(answer) => {
            let value = answer.told();
            json!({
                "content": [{ "type": "text", "text": value.to_string() }],
                "structuredContent": value,
                "isError": false,
            })
        }
        Err(problem) => json!({
            "content": [{ "type": "text", "text": problem }],
            "isError": true,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Echo;

    impl Tools for Echo {
        fn list(&self) -> Vec<Tool> {
            vec![
                Tool::new("echo", "Echo", "Says it again")
                    .text("words", 10, true, "What"),
            ]
        }

        fn instructions(&self) -> String {
            "Speak.".to_owned()
        }

        fn call(&mut self, _: &str, arguments: Arguments<'_>) -> Result<Answer, String> {
            match arguments.text("words") {
                Some("") => Ok(Answer::cannot_tell("nothing was said", "Say something.")),
                Some("panic") => panic!("asked to"),
                words => Ok(Answer::found(json!({ "words": words }))),
            }
        }
    }

    fn said(input: &str) -> Vec<Value> {
        let mut out = Vec::new();
        serve(input.as_bytes(), &mut out, &mut Echo).unwrap();
        let lines = std::str::from_utf8(&out).unwrap().lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn ask(method: &str, params: Value) -> Value {
        let message =
            json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        let mut said = said(&format!("{message}\n"));
        assert_eq!(said.len(), 1);
        assert_eq!(said[0]["id"], 7);
        said.remove(0)
    }

    #[test]
    fn revisions_are_agreed_on() {
        for known in HANDSHAKE {
            let answer = ask("initialize", json!({ "protocolVersion": known }));
            assert_eq!(answer["result"]["protocolVersion"], known);
        }
        let answer = ask("initialize", json!({ "protocolVersion": "1999-01-01" }));
        assert_eq!(answer["result"]["protocolVersion"], "2025-11-25");
        let meta = json!({ "_meta": { VERSION_KEY: MODERN } });
        let answer = ask("server/discover", meta);
        assert_eq!(answer["result"]["resultType"], "complete");
        assert_eq!(answer["result"]["_meta"][SERVER_KEY]["name"], "according");
        let answer = ask("tools/list", json!({ "_meta": { VERSION_KEY: "2099-01-01" } }));
        assert_eq!(answer["error"]["code"], UNSUPPORTED_VERSION);
        assert_eq!(answer["error"]["data"]["requested"], "2099-01-01");
    }

    #[test]
    fn tools_are_called() {
        let tools = ask("tools/list", json!({}));
        assert_eq!(tools["result"]["tools"][0]["inputSchema"]["required"][0], "words");
        let call = |words: Value| {
            ask("tools/call", json!({ "name": "echo", "arguments": { "words": words } }))
        };
        let answer = call(json!("so"));
        assert_eq!(answer["result"]["structuredContent"]["words"], "so");
        assert_eq!(answer["result"]["structuredContent"]["status"], "found");
        let answer = call(json!(""));
        assert_eq!(answer["result"]["structuredContent"]["status"], "cannot-tell");
        for bad in [json!(5), json!("longer than it may be"), Value::Null] {
            assert_eq!(call(bad.clone())["result"]["isError"], true, "{bad}");
        }
        assert_eq!(call(json!("panic"))["result"]["isError"], true);
        let answer = ask("tools/call", json!({ "name": "other" }));
        assert_eq!(answer["error"]["code"], INVALID_PARAMS);
    }

    #[test]
    fn what_is_no_request_does_no_harm() {
        let notification =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
        assert!(said(notification).is_empty());
        assert!(said("\n  \n").is_empty());
        assert_eq!(said("{\n")[0]["error"]["code"], PARSE_ERROR);
        assert_eq!(said("[]\n5\n{}\n").len(), 3);
        assert_eq!(ask("resources/list", json!({}))["error"]["code"], METHOD_NOT_FOUND);
        let long = "x".repeat(usize::try_from(LONGEST).unwrap() + 5);
        let ping = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}\n";
        let answers = said(&format!("{long}\n{ping}"));
        assert_eq!(answers[0]["error"]["code"], INVALID_REQUEST);
        assert_eq!(answers[1]["id"], "a");
    }
}
