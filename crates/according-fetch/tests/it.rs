//! Against a server of our own on this machine; nothing else is contacted.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use according_fetch::{Error, Fetched, Fetcher, Options};

/// Answers to paths until it is dropped.
struct Server {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// `answer` writes all of the answer to a path.
    fn new(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    break;
                }
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n")
                    && stream.read(&mut byte).unwrap_or(0) > 0
                {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                assert!(!head.to_lowercase().contains("cookie"));
                assert!(!head.to_lowercase().contains("referer"));
                assert!(head.to_lowercase().contains("user-agent: according/"), "{head}");
                answer(path, &mut stream);
            }
        });
        Self { address, is_over, thread: Some(thread) }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn fetch(&self, path: &str) -> Result<Fetched, Error> {
        Fetcher::new(options()).fetch(&self.url(path))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes it up.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().unwrap().join();
    }
}

fn options() -> Options {
    Options {
        timeout: Duration::from_secs(5),
        size: 1 << 20,
        allow_private: true,
        ..Options::default()
    }
}

/// An answer with a length.
fn answer(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let n = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {n}\r\nConnection: close\r\n\r\n"
    );
    let _ = stream.write_all(&[head.as_bytes(), body].concat());
}

fn page(stream: &mut TcpStream) {
    answer(
        stream,
        "200 OK",
        "Content-Type: text/html; Charset=\"windows-1251\"\r\n",
        b"<p>x",
    );
}

fn redirect(stream: &mut TcpStream, to: &str) {
    answer(stream, "302 Found", &format!("Location: {to}\r\n"), b"");
}

fn no_robots(path: &str, stream: &mut TcpStream) -> bool {
    let is_it = path == "/robots.txt";
    if is_it {
        answer(stream, "404 Not Found", "", b"");
    }
    is_it
}

#[test]
fn a_page_comes_with_what_the_server_tells() {
    let server = Server::new(|path, stream| {
        if !no_robots(path, stream) {
            page(stream);
        }
    });
    let fetched = server.fetch("/ferry?id=3#top").unwrap();
    assert_eq!(
        fetched,
        Fetched {
            url: server.url("/ferry?id=3"),
            media: "text/html".to_owned(),
            charset: Some("windows-1251".to_owned()),
            bytes: b"<p>x".to_vec(),
        }
    );
}

#[test]
fn private_addresses_are_refused_however_they_are_written() {
    let server = Server::new(|_, _| panic!("nobody should ask"));
    let port = server.address.port();
    let mut fetcher = Fetcher::new(Options { allow_private: false, ..options() });
    for host in
        ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:7f00:1]"]
    {
        let error = fetcher.fetch(&format!("http://{host}:{port}/")).unwrap_err();
        assert!(matches!(error, Error::Private(..)), "{host}: {error:?}");
    }
    // Asked by no one: the thread would have panicked.
    for bad in
        ["ftp://h.example/", "http://ann:secret@h.example/", "http://", "file:///x"]
    {
        assert!(matches!(fetcher.fetch(bad), Err(Error::Address(_))), "{bad}");
    }
}

#[test]
fn redirects_are_followed_so_far_and_checked() {
    let server = Server::new(|path, stream| match path {
        "/robots.txt" => answer(stream, "404 Not Found", "", b""),
        "/a" => redirect(stream, "/b"),
        "/b" => redirect(stream, "c"),
        "/loop" => redirect(stream, "/loop"),
        "/file" => redirect(stream, "file:///etc/passwd"),
        "/password" => redirect(stream, "http://ann:secret@h.example/"),
        _ => page(stream),
    });
    assert_eq!(server.fetch("/a").unwrap().url, server.url("/c"));
    assert_eq!(server.fetch("/loop"), Err(Error::Redirects(5)));
    for path in ["/file", "/password"] {
        assert!(matches!(server.fetch(path), Err(Error::Redirect(_))), "{path}");
    }
}

#[test]
fn what_a_site_does_not_allow_is_not_fetched() {
    let server = Server::new(|path, stream| match path {
        "/robots.txt" => {
            let rules = b"User-agent: *\nDisallow: /closed\n";
            answer(stream, "200 OK", "Content-Type: text/plain\r\n", rules);
        }
        "/open-first" => redirect(stream, "/closed/x"),
        _ => page(stream),
    });
    assert!(server.fetch("/open").is_ok());
    assert_eq!(server.fetch("/closed/a"), Err(Error::Robots));
    assert_eq!(server.fetch("/open-first"), Err(Error::Robots));
    let mut fetcher = Fetcher::new(Options { ignore_robots: true, ..options() });
    assert!(fetcher.fetch(&server.url("/closed/a")).is_ok());

    let broken = Server::new(|_, stream| answer(stream, "503 Later", "", b""));
    let error = broken.fetch("/").unwrap_err();
    assert_eq!(error, Error::NoRobots("status 503".to_owned()));
}

#[test]
fn time_is_limited_for_all_together() {
    let server = Server::new(|path, stream| {
        if no_robots(path, stream) {
            return;
        }
        let head =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n";
        let _ = stream.write_all(head);
        // A byte now and then keeps the connection alive.
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(100));
            if stream.write_all(b"x").is_err() {
                return;
            }
        }
    });
    let start = Instant::now();
    let options = Options { timeout: Duration::from_secs(1), ..options() };
    let error = Fetcher::new(options).fetch(&server.url("/slow")).unwrap_err();
    assert_eq!(error, Error::Time(1));
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[test]
fn size_is_limited_and_told_lengths_are_kept() {
    let server = Server::new(|path, stream| {
        let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n";
        match path {
            "/robots.txt" => answer(stream, "404 Not Found", "", b""),
            "/endless" => {
                let _ = stream.write_all(format!("{html}\r\n").as_bytes());
                while stream.write_all(&[b'x'; 65_536]).is_ok() {}
            }
            "/told" => {
                let _ = stream.write_all(
                    format!("{html}Content-Length: 99999999999\r\n\r\n").as_bytes(),
                );
            }
            "/short" => {
                let _ = stream
                    .write_all(format!("{html}Content-Length: 100\r\n\r\nx").as_bytes());
            }
            "/headers" => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
                for i in 0..100_000 {
                    let header = format!("X-{i}: {}\r\n", "y".repeat(100));
                    if stream.write_all(header.as_bytes()).is_err() {
                        return;
                    }
                }
            }
            _ => {
                let chunks = "Transfer-Encoding: chunked\r\n\r\n4\r\n<p>x\r\n0\r\n\r\n";
                let _ = stream.write_all(format!("{html}{chunks}").as_bytes());
            }
        }
    });
    assert_eq!(server.fetch("/endless"), Err(Error::Size(1 << 20)));
    assert_eq!(server.fetch("/told"), Err(Error::Size(1 << 20)));
    assert!(matches!(server.fetch("/headers"), Err(Error::Connection(_))));
    let early = Error::Connection("the answer ends too early".to_owned());
    assert_eq!(server.fetch("/short"), Err(early));
    assert_eq!(server.fetch("/chunked").unwrap().bytes, b"<p>x");
}

#[test]
fn other_answers_are_named() {
    let server = Server::new(|path, stream| match path {
        "/robots.txt" => answer(stream, "404 Not Found", "", b""),
        "/picture" => answer(stream, "200 OK", "Content-Type: image/png\r\n", b"x"),
        "/brotli" => answer(
            stream,
            "200 OK",
            "Content-Type: text/html\r\nContent-Encoding: br\r\n",
            b"x",
        ),
        _ => answer(stream, "404 Not Found", "Content-Type: text/html\r\n", b"x"),
    });
    assert_eq!(server.fetch("/picture"), Err(Error::Media("image/png".to_owned())));
    assert_eq!(server.fetch("/brotli"), Err(Error::Encoding("br".to_owned())));
    assert_eq!(server.fetch("/gone"), Err(Error::Status(404)));
    let mut fetcher = Fetcher::new(options());
    drop(server);
    assert!(matches!(fetcher.fetch("http://127.0.0.1:9/"), Err(Error::Connection(_))));
}
