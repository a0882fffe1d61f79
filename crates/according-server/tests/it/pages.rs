//! What people are shown, without a script.

use crate::client::{STORY, start, told_by};

pub(crate) fn form(fields: &[(&str, &str)], files: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in fields {
        form.push_str(&format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    for (name, content) in files {
        form.push_str(&format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{content}\r\n"
        ));
    }
    form + "--xyz--\r\n"
}

#[test]
fn a_pasted_text_and_files_are_added_and_shown() {
    let server = start();
    let media = "multipart/form-data; boundary=xyz";
    let read = form(&[("text", STORY), ("do", "read")], &[]);
    let read = server.post("/add", media, read.as_bytes());
    assert_eq!(read.status, 200, "{read:?}");
    assert!(read.body.contains("not kept") && read.body.contains("id=\"C1\""));
    let policy = read.header("content-security-policy").unwrap();
    assert!(policy.contains("style-src 'self' 'sha256-"), "{policy}");
    assert!(server.get("/").body.contains("0 articles"));

    let fields = [
        ("text", STORY),
        ("outlet", "The Bell"),
        ("published", "2024-03-05"),
        ("do", "keep"),
    ];
    let files = [("../../b.txt", STORY), ("empty.warc", "WARC/9.9 nothing\r\n\r\n")];
    let added = server.post("/add", media, form(&fields, &files).as_bytes());
    assert_eq!(added.status, 303, "{added:?}");
    let added = loop {
        let page = server.get(added.header("location").unwrap());
        if !page.body.contains("data-live") {
            break page;
        }
        // Without a script the page asks by itself.
        assert!(page.body.contains("http-equiv=\"refresh\""));
    };
    assert!(added.body.contains("2 articles of 3 read"), "{}", added.body);
    let link = "/articles/two-watchmen-missing-after-cannery-fire";
    assert!(added.body.contains(link), "{}", added.body);
    assert!(server.get(link).body.contains("Marta Quill"));
    let nothing = server.post("/add", media, form(&[("text", " ")], &[]).as_bytes());
    assert_eq!(nothing.status, 400);
    assert!(nothing.body.contains("neither a text nor a file"));
}

#[test]
fn a_claim_is_followed_from_outlet_to_origin() {
    let server = start();
    for outlet in ["The Bell", "Globe", "Post", "Star"] {
        let body = told_by(outlet, STORY);
        let added = server.post("/api/articles", "application/json", body.as_bytes());
        assert_eq!(added.status, 201, "{added:?}");
    }
    let claims = server.get("/claims").body;
    let link = claims.split("href=\"/claims/").nth(1).unwrap().split('"').next().unwrap();
    let claim = server.get(&format!("/claims/{link}")).body;
    for told in ["How it travelled", "<svg", "The Bell", "Star", "independent origin"] {
        assert!(claim.contains(told), "{told}");
    }
    assert!(!claim.contains("style="), "the policy lets no style of elements through");
    let search = server.get("/?q=cannery&outlet=bell").body;
    assert!(search.contains("1 article found"), "{search}");
    assert!(
        server.get("/sources?name=Quill").body.contains("/actors?name=Marta%20Quill")
    );
    let actor = server.get("/actors?name=Piet%20Orlin").body;
    assert!(actor.contains("the boiler had been unsafe") && actor.contains("denies"));
    assert!(server.get("/timeline?from=2024-03-05").body.contains("2024-03-05"));
    assert_eq!(server.get("/map?q=cannery").status, 200);
    assert_eq!(
        server.ask("GET", "/claims/K99", &[("Accept", "text/html")], b"").status,
        404
    );
    assert_eq!(server.get("/timeline?from=soon").status, 400);
}
