//! What is refused, clearly, with nothing kept and the server up.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use according_server::Limits;

use crate::client::{Running, STORY, bind, config, reply, start, start_with, told_by};

/// Nothing was kept, and the server answers.
fn is_unharmed(server: &Running) {
    assert_eq!(server.get("/healthz").status, 200);
    let kept = server.get("/api/articles").json();
    assert_eq!(kept["items"].as_array().unwrap().len(), 0);
}

#[test]
fn what_is_too_large_is_refused() {
    let server = start_with(None, Limits { body: 10_000, ..Limits::default() });
    let large = "A word. ".repeat(2_000);
    for path in ["/api/read", "/api/articles"] {
        let reply = server.post(path, "text/plain", large.as_bytes());
        assert_eq!(reply.status, 413, "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    }
    // Small on the wire, and not unpacked.
    let bomb = {
        let mut form =
            String::from("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n");
        form.push_str(&large);
        form.push_str("\r\n--x--\r\n");
        form
    };
    let reply = server.post("/add", "multipart/form-data; boundary=x", bomb.as_bytes());
    assert_eq!(reply.status, 413, "{reply:?}");
    is_unharmed(&server);
}

#[test]
fn what_is_malformed_is_refused() {
    let server = start();
    for (path, media, body, status) in [
        ("/api/read", "text/plain", "", 400),
        ("/api/read", "text/plain", " \n ", 200),
        ("/api/read", "application/json", "{\"text\": 3}", 422),
        ("/api/read", "application/json", "{", 422),
        ("/api/read?published=soon", "text/plain", "A text.", 400),
        ("/api/read?min_confidence=7", "text/plain", "A text.", 400),
        ("/api/read?unheard=of", "text/plain", "A text.", 400),
        ("/api/articles", "multipart/form-data", "x", 415),
        ("/api/articles", "application/pdf", "%PDF-1.7 nothing", 422),
        ("/add", "text/plain", "x", 400),
    ] {
        let reply = server.post(path, media, body.as_bytes());
        assert_eq!(reply.status, status, "{path} {body}: {reply:?}");
    }
    for path in ["/api/articles?limit=0", "/api/search?min_origins=x"] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
    // To a database a text may end at this one.
    for path in [
        "/api/sources?name=a%00bc",
        "/api/search?q=a%00b&source=%00xy",
        "/sources?name=%00",
    ] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    assert_eq!(server.get("/api/articles?after=!").status, 404);
    assert_eq!(server.ask("DELETE", "/api/articles", &[], b"").status, 405);
    assert_eq!(server.send(b"no http at all\r\n\r\n").status, 400);
    let noise: Vec<u8> =
        (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let reply = server.post("/api/read", "application/octet-stream", &noise);
    assert!(matches!(reply.status, 200 | 422), "{reply:?}");
    is_unharmed(&server);
}

#[test]
fn who_is_slow_does_not_hold_up_others() {
    let limits = Limits {
        head: Duration::from_millis(400),
        time: Duration::from_millis(1500),
        ..Limits::default()
    };
    let server = start_with(None, limits);
    let begun = Instant::now();
    let mut slow: Vec<TcpStream> = Vec::new();
    for n in 0..40 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let head = match n % 2 {
            0 => "GET / HTTP/1.1\r\nHos".to_owned(),
            _ => format!(
                "POST /api/articles HTTP/1.1\r\nHost: {}\r\nContent-Length: 900\r\n\r\nA te",
                server.address
            ),
        };
        stream.write_all(head.as_bytes()).unwrap();
        slow.push(stream);
    }
    assert_eq!(server.get("/healthz").status, 200);
    for (n, stream) in slow.into_iter().enumerate() {
        let status = reply(stream).status;
        assert_eq!(status, if n % 2 == 0 { 0 } else { 408 }, "{n}");
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
    is_unharmed(&server);
}

#[test]
fn other_sites_and_other_names_are_refused() {
    let server = start();
    let body = told_by("evil", STORY);
    let own = format!("http://{}", server.address);
    for headers in [
        &[("Origin", "http://evil.example")][..],
        &[("Origin", "null")],
        &[("Origin", own.as_str()), ("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
    ] {
        let reply = server.ask("POST", "/api/articles", headers, body.as_bytes());
        assert_eq!(reply.status, 403, "{headers:?}");
    }
    // A page elsewhere may link here, and may not load anything from here.
    let site = ("Sec-Fetch-Site", "cross-site");
    let link = [site, ("Sec-Fetch-Mode", "navigate")];
    assert_eq!(server.ask("GET", "/", &link, b"").status, 200);
    assert_eq!(server.ask("GET", "/api/claims", &[site], b"").status, 403);
    for host in ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example"] {
        assert_eq!(server.ask("GET", "/", &[("Host", host)], b"").status, 421, "{host}");
    }
    assert_eq!(server.ask("GET", "/", &[("Host", "localhost:7070")], b"").status, 200);
    is_unharmed(&server);
}

#[test]
fn paths_lead_nowhere_else() {
    let server = start();
    for path in [
        "/assets/../news.db",
        "/assets/%2e%2e/news.db",
        "/../../etc/passwd",
        "/articles/..%2f..%2fetc%2fpasswd",
        "/articles/%00",
        "/articles/news.db",
        "/api/articles/%2Fetc%2Fpasswd",
        "/claims/K99999999999999999999999",
        "/claims/..",
        "//evil.example/",
    ] {
        let reply = server.get(path);
        assert_eq!(reply.status, 404, "{path}: {reply:?}");
    }
    is_unharmed(&server);
}

#[test]
fn markup_of_articles_is_never_passed_on() {
    let server = start();
    let hostile = "Mayor \"><script>alert(1)</script> speaks\n\n“<img src=x onerror=alert(2)> \
        is all,” Mayor <b>Anna</b> Roe said. An official told <i>the Herald</i> so.\n";
    let name = "</title><script>alert(3)</script>";
    let body = told_by(name, hostile);
    let added = server.post("/api/articles", "application/json", body.as_bytes());
    assert_eq!(added.status, 201, "{added:?}");
    let article = "/articles/%3C%2Ftitle%3E%3Cscript%3Ealert%283%29%3C%2Fscript%3E";
    for path in ["/", article, "/sources", "/?q=official", "/map", "/timeline"] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>") && !page.body.contains("<img"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
    }
}

#[test]
fn without_the_token_nobody_is_told_anything() {
    let token = "a token of more than sixteen letters";
    let server = start_with(Some(token), Limits::default());
    assert_eq!(server.get("/healthz").status, 200);
    for path in ["/api/claims", "/api/openapi.json", "/metrics", "/articles/x"] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
    let ask = |authorization: &str| {
        server.ask("GET", "/api/claims", &[("Authorization", authorization)], b"").status
    };
    assert_eq!(ask(&format!("Bearer {token}")), 200);
    for wrong in ["Bearer ", "Bearer a token", "Basic eDp5", token] {
        assert_eq!(ask(wrong), 401, "{wrong}");
    }
    // In an address it would be kept in histories and journals, so it does not count there.
    let in_address = format!("/api/claims?token={}", token.replace(' ', "%20"));
    assert_ne!(server.get(&in_address).status, 200);

    // A person is led to a form, and gets a cookie for the token.
    let browser = ("Accept", "text/html");
    let led = server.ask("GET", "/", &[browser], b"");
    assert_eq!((led.status, led.header("location")), (303, Some("/login")));
    let form = "application/x-www-form-urlencoded";
    assert_eq!(server.post("/login", form, b"token=wrong").status, 403);
    let login = format!("token={}", token.replace(' ', "+"));
    let reply = server.post("/login", form, login.as_bytes());
    assert_eq!(reply.status, 303, "{reply:?}");
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    assert!(!cookie.contains("sixteen"));
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(server.ask("GET", "/", &[browser, ("Cookie", cookie)], b"").status, 200);
    let forged = ("Cookie", "according=AAAA");
    assert_eq!(server.ask("GET", "/api/claims", &[forged], b"").status, 401);
}

#[test]
fn open_to_others_only_with_a_token() {
    let (mut config, folder) = config(None, Limits::default());
    config.address = "0.0.0.0:0".parse().unwrap();
    let refused = bind(config).unwrap_err();
    assert!(refused.to_string().contains("no token"), "{refused}");
    let _ = std::fs::remove_dir_all(folder);
}
