//! A server in a folder of its own, and whoever asks it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use according_nlp::Pipeline;
use according_server::{Config, Limits, Server};
use serde_json::Value;
use tokio::sync::oneshot;

/// All servers of the tests share one.
fn pipeline() -> Arc<Pipeline> {
    static PIPELINE: OnceLock<Arc<Pipeline>> = OnceLock::new();
    let load = || {
        let mut files = according_model::testing::files("md");
        Arc::new(Pipeline::load(&mut |name| files.read(name)).unwrap())
    };
    Arc::clone(PIPELINE.get_or_init(load))
}

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) folder: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(have, _)| have.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    }
}

pub(crate) fn start() -> Running {
    start_with(None, Limits::default())
}

pub(crate) fn config(token: Option<&str>, limits: Limits) -> (Config, PathBuf) {
    static N: AtomicU32 = AtomicU32::new(0);
    let n = N.fetch_add(1, Ordering::Relaxed);
    let name = format!("according-server-{}-{n}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let config = Config {
        address: "127.0.0.1:0".parse().unwrap(),
        corpus: folder.join("news.db").into(),
        token: token.map(str::to_owned),
        names: Vec::new(),
        threads: 2,
        limits,
        journal: false,
        analyst: "ana".to_owned(),
        fetch: None,
        now: || "2024-03-09T10:00:00Z".to_owned(),
    };
    (config, folder)
}

pub(crate) fn bind(config: Config) -> Result<Server, according_server::Error> {
    Server::bind(config, pipeline())
}

pub(crate) fn start_with(token: Option<&str>, limits: Limits) -> Running {
    let (config, folder) = config(token, limits);
    run(config, folder)
}

pub(crate) fn run(config: Config, folder: PathBuf) -> Running {
    let server = bind(config).unwrap();
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        server.run(async {
            let _ = stopped.await;
        })
    });
    Running { address, folder, stop: Some(stop), thread: Some(thread) }
}

impl Running {
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], b"")
    }

    pub(crate) fn post(&self, path: &str, media: &str, body: &[u8]) -> Reply {
        self.ask("POST", path, &[("Content-Type", media)], body)
    }

    /// One request on a connection of its own.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        self.send(&[request.as_bytes(), body].concat())
    }

    /// Bytes as they are, and what comes back for them.
    pub(crate) fn send(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // Whoever is turned away early may not get all of it out.
        let _ = stream.write_all(bytes);
        reply(stream)
    }

    /// Ends it, and tells whether it came to its end by itself.
    pub(crate) fn stop(mut self) -> bool {
        self.end()
    }

    fn end(&mut self) -> bool {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        self.thread.take().is_some_and(|thread| thread.join().unwrap().is_ok())
    }
}

/// What a server says until it closes, its chunks put together.
pub(crate) fn reply(mut stream: TcpStream) -> Reply {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if is_chunked { joined(body) } else { body.to_owned() };
    Reply { status, head: head.to_owned(), body }
}

fn joined(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        body.push_str(&after[..size]);
        rest = after[size..].strip_prefix("\r\n").unwrap_or_default();
    }
    body
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) const STORY: &str = "Two watchmen missing after cannery fire\n\n\
    WESTPORT (Coastal Press) — A fire destroyed the Orlin cannery in Westport on Monday \
    night, and two night watchmen are missing, fire chief Marta Quill told Coastal Press.\n\n\
    Owner Piet Orlin denied that the boiler had been unsafe.\n";

/// The story as an outlet tells it.
pub(crate) fn told_by(outlet: &str, text: &str) -> String {
    serde_json::json!({
        "id": outlet, "outlet": outlet, "published": "2024-03-05", "text": text,
    })
    .to_string()
}
