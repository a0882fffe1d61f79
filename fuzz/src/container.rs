//! Containers of every kind, made of what they are made of, and edited by chance. Whatever
//! comes: no panic, no hang, nothing larger than the limits allow, and every step has a place.

use std::io::{Cursor, Write as _};

use according_container::{Documents, Limits};

use crate::Random;

/// Small, so that they are met.
fn limits() -> Limits {
    Limits {
        document: 4 << 10,
        whole: 16 << 10,
        ratio: 50,
        depth: 3,
        entries: 8,
        header: 512,
        elements: 16,
        spool: 16 << 10,
    }
}

const FEED: &[&str] = &[
    "<rss>",
    "<channel>",
    "</channel></rss>",
    "<feed>",
    "</feed>",
    "<rdf:RDF>",
    "<item>",
    "</item>",
    "<item/>",
    "<entry>",
    "</entry>",
    "<a:entry>",
    "</a:entry>",
    "<title>",
    "</title>",
    "<title/>",
    "<description>",
    "</description>",
    "<content type='xhtml'>",
    "</content>",
    "<content:encoded>",
    "</content:encoded>",
    "<source url='x'>",
    "</source>",
    "<author><name>",
    "</name></author>",
    "<link href='https://h.example/'/>",
    "<pubDate>Tue, 05 Mar 2024 10:00:00 +0100</pubDate>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml version='1.0' encoding='utf-16'?>",
    "<!DOCTYPE x [",
    "<!ENTITY a '&a;&a;'>",
    "]>",
    "&a;",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "&",
    "<",
    ">",
    "</",
    "\"",
    "'",
    "It snowed.",
    "Röros",
    "\u{feff}",
    "<div><p>",
    "</p></div>",
    "<nitf>",
    "</nitf>",
    "<body>",
    "<p>",
    "</p>",
    "<hl1>",
    "</hl1>",
    "<byline>By A. Roe</byline>",
    "<date.issue norm='20240305T1'/>",
];

const WARC: &[&str] = &[
    "WARC/1.1\r\n",
    "WARC/1.0\r\n",
    "WARC-Type: response\r\n",
    "WARC-Type: resource\r\n",
    "Content-Type: application/http\r\n",
    "Content-Type: text/plain\r\n",
    "Content-Length: 10\r\n",
    "Content-Length: 0\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Content-Length: 4000\r\n",
    "Content-Length: -1\r\n",
    "\r\n",
    "\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/2 200\r\n",
    "Content-Type: text/html; charset=utf-8\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Content-Encoding: gzip\r\n",
    "Content-Encoding: br\r\n",
    "Content-Encoding: deflate\r\n",
    "Content-Encoding: zstd\r\n",
    "4\r\nWiki\r\n",
    "0\r\n\r\n",
    "FFFFFFFFFFFFFFFF\r\n",
    "0123456789",
    "\r\n\r\n",
    "\u{1f}\u{8b}\u{8}",
    "It snowed. ",
];

const MAIL: &[&str] = &[
    "From x@y Tue Mar  5 10:00:00 2024\n",
    "From: A <a@b.example>\n",
    "To: c\n",
    "Subject: =?utf-8?q?S=C3=B8?=\n",
    "Subject: =?x?b?////?=\n",
    "Date: Tue, 05 Mar 2024 10:00:00 +0100\n",
    "Date: 99 99 9999\n",
    "MIME-Version: 1.0\n",
    "Content-Type: multipart/mixed; boundary=b\n",
    "Content-Type: multipart/alternative; boundary=\"b\"\n",
    "Content-Type: text/html; charset=x-none\n",
    "Content-Type: text/plain; charset=utf-7\n",
    "Content-Type: message/rfc822\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "List-Id: x\n",
    "\n",
    "\n\n",
    "--b\n",
    "--b--\n",
    ">From here\n",
    "=C3=\n=B8",
    "PHA+SXQ=",
    "<p>It snowed.</p>",
    "It rained.\n",
    "\r",
    "\0",
    "\u{ff}",
];

const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "\"",
    "\"text\"",
    "\"html\"",
    "\"version\"",
    "\"https://jsonfeed.org/version/1.1\"",
    "\"items\"",
    "\"content_text\"",
    "\"content_html\"",
    "\"id\"",
    "7",
    "\"uri\"",
    "\"headline\"",
    "\"bodies\"",
    "\"contentType\"",
    "\"value\"",
    "\"body_xhtml\"",
    "null",
    "true",
    "\"It snowed.\"",
    "\\",
    "\\ud800",
    "{\"text\": \"x\"}\n",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

pub(crate) fn feed(random: &mut Random) -> Vec<u8> {
    pieces(random, FEED)
}

pub(crate) fn warc(random: &mut Random) -> Vec<u8> {
    pieces(random, WARC)
}

pub(crate) fn mail(random: &mut Random) -> Vec<u8> {
    pieces(random, MAIL)
}

pub(crate) fn json(random: &mut Random) -> Vec<u8> {
    pieces(random, JSON)
}

/// A paper of a few pages and drawings, with a few bytes changed.
pub(crate) fn paper(random: &mut Random) -> Vec<u8> {
    const CONTENT: [&str; 12] = [
        "BT ",
        "ET ",
        "/F1 12 Tf ",
        "/F2 0 Tf ",
        "72 700 Td ",
        "(It snowed.) Tj ",
        "[(a) 9 (b)] TJ ",
        "/X1 Do ",
        "/X2 Do ",
        "q ",
        "Q ",
        "1 0 0 1 0 0 cm ",
    ];
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 /MediaBox [0 0 9 9] >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for i in 0..6 {
        let to = [4 + random.below(8), 4 + random.below(8), 2 + random.below(4)];
        let resources = format!(
            "<< /Font << /F1 3 0 R >> /XObject << /X1 {} 0 R /X2 {} 0 R >> >>",
            to[0], to[1]
        );
        if i < 4 && i % 2 == 0 {
            objects.push(format!(
                "<< /Type /Page /Parent {} 0 R /Contents {} 0 R /Resources {resources} >>",
                to[2],
                5 + i
            ));
            continue;
        }
        let content: String =
            (0..random.below(30)).map(|_| CONTENT[random.below(CONTENT.len())]).collect();
        let kind = ["Form", "Image", "Form /Resources 1 0 R"][random.below(3)];
        objects.push(format!(
            "<< /Subtype /{kind} /Resources {resources} /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    let (mut file, mut table) = ("%PDF-1.4\n".to_owned(), String::new());
    for (i, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let start = file.len();
    let n = objects.len() + 1;
    file += &format!("xref\n0 {n}\n0000000000 65535 f \n{table}");
    file += &format!("trailer\n<< /Size {n} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    let mut bytes = file.into_bytes();
    for _ in 0..random.below(3) {
        let at = random.below(bytes.len());
        bytes[at] = b"0123456789R/<>[]() x"[random.below(20)];
    }
    bytes
}

/// Something in packs, with a few bytes changed, moved or missing.
pub(crate) fn packed(random: &mut Random) -> Vec<u8> {
    let mut bytes = match random.below(4) {
        0 => feed(random),
        1 => warc(random),
        2 => mail(random),
        _ => json(random),
    };
    for _ in 0..1 + random.below(5) {
        bytes = match random.below(5) {
            0 => [gzip(&bytes), gzip(&warc(random))].concat(),
            1 => zip(&bytes, random),
            2 => {
                let (a, b) = (zip(&bytes, random), warc(random));
                [gzip(&b), a].concat()
            }
            3 => vec![b'0'; random.below(1 << 16)],
            _ => gzip(&bytes),
        };
    }
    for _ in 0..random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(3) {
            0 => bytes.truncate(at),
            1 => bytes.rotate_left(at),
            _ => bytes[at] = random.any() as u8,
        }
    }
    bytes
}

fn pieces(random: &mut Random, pieces: &[&str]) -> Vec<u8> {
    // Most begin as they should.
    let mut bytes = match random.below(4) {
        0 => Vec::new(),
        _ => pieces.first().map(|first| first.as_bytes().to_vec()).unwrap_or_default(),
    };
    for _ in 0..random.below(60) {
        let piece = pieces[random.below(pieces.len())];
        let n = if random.below(40) == 0 { 600 } else { 1 };
        bytes.extend(piece.as_bytes().repeat(n));
    }
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zip(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    const NAMES: [&str; 8] = [
        "a.xml",
        "b.warc.gz",
        "c.eml",
        "d.json",
        "e.zip",
        "datapackage.json",
        "archive/f.warc",
        "g.txt",
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let options = match random.below(2) {
        0 => options.compression_method(zip::CompressionMethod::Stored),
        _ => options,
    };
    let first = random.below(NAMES.len());
    for name in NAMES.iter().cycle().skip(first).take(1 + random.below(4)) {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn check(bytes: &[u8]) {
    let limits = limits();
    for name in ["x", "x.xml", "x.json", "x.eml", "x.mbox", "x.warc", "x.zip"] {
        let reader = Cursor::new(bytes.to_vec());
        let mut n = 0;
        for found in Documents::read(name, reader, None, limits.clone()) {
            n += 1;
            // Nothing is made of nothing, even where it was packed several times.
            assert!(n <= (1 + bytes.len()) * 100, "{name}");
            match found {
                Ok(document) => {
                    // The end of a line is no part of it.
                    assert!(document.body.bytes.len() <= limits.document + 1, "{name}");
                    assert!(document.place.to_string().starts_with(name));
                }
                Err(failure) => assert!(!failure.to_string().is_empty()),
            }
        }
    }
}
