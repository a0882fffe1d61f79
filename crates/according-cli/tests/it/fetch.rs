//! `according read https://…`, against a server of our own on this machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::program::Fresh;

/// Hands out a few things until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                serve(stream.unwrap());
            }
        });
        Self { address, is_over, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().unwrap().join();
    }
}

fn serve(mut stream: TcpStream) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) > 0 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let packed = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let story =
        b"<h1>Ferry burns in harbour</h1><p>\xcf\xee\xf0\xf2 burnt for three hours on \
        Monday, the police said.";
    let (status, headers, body) = match head.split(' ').nth(1).unwrap_or_default() {
        "/ferry" => {
            let headers = "Content-Type: text/html; charset=windows-1251\r\n\
                Content-Encoding: gzip\r\n";
            ("200 OK", headers, packed(story))
        }
        "/bomb" => {
            let headers = "Content-Type: text/html\r\nContent-Encoding: gzip\r\n";
            ("200 OK", headers, packed(&vec![b'x'; 100 << 20]))
        }
        "/feed" => ("200 OK", "Content-Type: application/rss+xml\r\n", feed()),
        "/old" => ("301 Moved", "Location: /ferry\r\n", Vec::new()),
        "/bytes" => (
            "200 OK",
            "Content-Type: application/octet-stream\r\n",
            b"\0\x01\x02".to_vec(),
        ),
        _ => ("404 Not Found", "", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

/// A feed of one story.
fn feed() -> Vec<u8> {
    let item = "<item><title>Cannery burns</title><guid>star-1</guid>\
        <pubDate>Thu, 07 Mar 2024 08:00:00 GMT</pubDate><description>Two night watchmen \
        were missing after the fire, mayor Ada Lindqvist said on Wednesday. She said the \
        fire had begun in the boiler room.</description></item>";
    let title = "<title>Westport Star</title>";
    format!("<rss version=\"2.0\"><channel>{title}{item}</channel></rss>").into_bytes()
}

#[test]
fn an_address_is_read_like_a_file() {
    let (fresh, server) = (Fresh::new(), Server::new());
    let args = ["read", "--format", "jsonl", "--claims", "off", "--allow-private"];
    let url = server.url("/old");
    let ran = fresh.run(&[&args[..], &[&url]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let article = &ran.json_lines()[0]["article"];
    assert_eq!(article["ref"], url);
    assert_eq!(article["url"], server.url("/ferry"));
    assert_eq!(article["title"], "Ferry burns in harbour");
    assert!(article["text"].as_str().unwrap().contains("Порт burnt"), "{article}");
}

#[test]
fn what_cannot_be_fetched_is_named_and_the_rest_is_read() {
    let (fresh, server) = (Fresh::new(), Server::new());
    let urls = ["/gone", "/bomb", "/bytes", "/ferry"].map(|path| server.url(path));
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let args = ["read", "--format", "jsonl", "--claims", "off", "--allow-private"];
    let ran = fresh.run(&[&args[..], &urls].concat());
    assert_eq!((ran.code, ran.json_lines().len()), (1, 1));
    for (url, message) in [
        (urls[0], "there is no such page"),
        (urls[1], "larger than the limit of 16 MiB"),
        (urls[2], "its bytes do not tell what it is"),
    ] {
        let line = ran.err.lines().find(|line| line.contains(url)).unwrap();
        assert!(line.contains(message), "{line}");
    }

    let ran = fresh.run(&["read", "--claims", "off", urls[3]]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("'--allow-private' allows it"), "{}", ran.err);
}
