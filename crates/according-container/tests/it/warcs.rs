use std::io::Write as _;

use according_container::{Documents, Limits, Media};

use crate::make::{all, gzip, places, record, response, text, whole};

fn page(n: usize) -> Vec<u8> {
    let body = format!("<html><p>Page {n}: it snowed in Lenz.</p></html>");
    response(
        &format!("https://h.example/{n}"),
        "Content-Type: text/html; charset=utf-8\r\n",
        body.as_bytes(),
    )
}

fn archive() -> Vec<Vec<u8>> {
    vec![
        record("warcinfo", "application/warc-fields", "", b"software: own\r\n"),
        page(1),
        record(
            "request",
            "application/http; msgtype=request",
            "u",
            b"GET / HTTP/1.1\r\n\r\n",
        ),
        page(2),
        response("p", "Content-Type: image/png\r\n", b"\x89PNG"),
        record("resource", "text/plain", "https://h.example/t", b"It rained."),
        record(
            "response",
            "application/http",
            "gone",
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nno",
        ),
        page(3),
    ]
}

#[test]
fn pages_come_with_address_and_offset_packed_or_not() {
    let records = archive();
    let plain = whole("a.warc", records.concat());
    let urls: Vec<_> = plain.iter().map(|d| d.url.clone().unwrap()).collect();
    assert_eq!(
        urls,
        [
            "https://h.example/1",
            "https://h.example/2",
            "https://h.example/t",
            "https://h.example/3"
        ]
    );
    assert_eq!(plain[0].body.media, Media::Html);
    assert_eq!(plain[0].body.charset.as_deref(), Some("utf-8"));
    assert_eq!(text(&plain[0]), "<html><p>Page 1: it snowed in Lenz.</p></html>");
    assert_eq!(plain[0].id.as_deref(), Some("urn:x:https://h.example/1"));
    assert_eq!(plain[0].published, None, "the day of the crawl is no day of publication");
    assert_eq!(plain[0].place.to_string(), format!("a.warc#offset={}", records[0].len()));
    assert_eq!((plain[2].body.media, text(&plain[2])), (Media::Text, "It rained."));

    let each: Vec<Vec<u8>> = records.iter().map(|r| gzip(r)).collect();
    let packed = whole("a.warc.gz", each.concat());
    assert_eq!(
        packed[0].place.to_string(),
        format!("a.warc.gz#offset={}", each[0].len())
    );
    let together = whole("a.warc.gz", gzip(&records.concat()));
    for found in [&packed, &together] {
        assert!(found.iter().map(|d| &d.body).eq(plain.iter().map(|d| &d.body)));
    }
}

#[test]
fn feeds_in_an_archive_are_read_and_the_rest_is_counted() {
    let feed = "<?xml version='1.0'?><rss version='2.0'><channel><title>Lenz News</title>\
        <item><title>Snow</title><link>https://h.example/1</link>\
        <description>It snowed in Lenz.</description></item></channel></rss>";
    let mut records = archive();
    let xml = "Content-Type: text/xml\r\n";
    records.push(response("https://h.example/feed", xml, feed.as_bytes()));
    records.push(response("https://h.example/map", xml, b"<urlset/>"));
    records.push(record("revisit", "application/http", "https://h.example/1", b""));
    let bytes = std::io::Cursor::new(records.concat());
    let mut documents = Documents::read("a.warc", bytes, None, Limits::default());
    let found: Vec<_> = documents.by_ref().map(Result::unwrap).collect();
    let item = found.last().unwrap();
    assert_eq!((found.len(), item.url.as_deref()), (5, Some("https://h.example/1")));
    assert_eq!(item.title.as_deref(), Some("Snow"));
    let skipped: Vec<_> =
        documents.skipped().iter().map(|(k, n)| (k.as_str(), *n)).collect();
    assert_eq!(
        skipped,
        [
            ("answers with status 404", 1),
            ("image", 1),
            ("repeated answers", 1),
            ("text/xml", 1)
        ]
    );
}

#[test]
fn what_servers_pack_is_unpacked() {
    let html = "<p>It snowed.</p>".repeat(50);
    let deflated = {
        let mut packer =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
        packer.write_all(html.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let zipped = gzip(html.as_bytes());
    let mut chunked = Vec::new();
    for chunk in zipped.chunks(20) {
        chunked.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        chunked.extend(chunk);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let head = "Content-Type: text/html\r\n";
    let archive = [
        response("1", &format!("{head}Content-Encoding: gzip\r\n"), &zipped),
        response("2", &format!("{head}Content-Encoding: deflate\r\n"), &deflated),
        response(
            "3",
            &format!("{head}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
            &chunked,
        ),
        response(
            "4",
            &format!("{head}Content-Encoding: zstd\r\n"),
            &crate::make::zstd(html.as_bytes()),
        ),
        response(
            "5",
            &format!("{head}Content-Encoding: gzip\r\n"),
            &zipped[..zipped.len() / 2],
        ),
        response("6", &format!("{head}Content-Encoding: br\r\n"), BROTLI),
    ];
    let found = all("a.warc", archive.concat());
    for n in [0, 1, 2, 3] {
        assert_eq!(text(found[n].as_ref().unwrap()), html, "{n}");
    }
    assert!(
        found[4].as_ref().unwrap_err().contains("damaged where it is packed by gzip")
    );
    assert_eq!(text(found[5].as_ref().unwrap()), "<p>It snowed.</p>\n");
}

/// The stream of one uncompressed block of 18 bytes.
const BROTLI: &[u8] = b"\x8b\x08\x80<p>It snowed.</p>\n\x03";

#[test]
fn a_damaged_record_costs_itself_alone() {
    let mut records: Vec<Vec<u8>> = (0..20).map(page).collect();
    let at = records[7].iter().position(|b| *b == b'H').unwrap();
    records[7][at] = b'X';
    let length = b"Content-Length: ";
    let at = records[12].windows(length.len()).position(|w| w == length).unwrap();
    records[12][at + length.len()] = b'9';
    let found = all("a.warc", records.concat());
    let bad: Vec<_> = places(&found).into_iter().filter(|p| p.starts_with('!')).collect();
    assert_eq!(bad.len(), 2, "{bad:?}");
    assert!(bad[0].ends_with("is no answer of HTTP: invalid HTTP version"), "{bad:?}");
    assert!(bad[1].ends_with("has another length than it says"), "{bad:?}");
    assert_eq!(found.len(), 20);

    let whole: Vec<Vec<u8>> = (0..20).map(|n| gzip(&page(n))).collect();
    // Flip every byte of a packed record in turn: no other record may suffer.
    for at in 0..whole[7].len() {
        let mut damaged = whole.clone();
        damaged[7][at] ^= 0x55;
        let found = all("a.warc.gz", damaged.concat());
        let good = found.iter().filter(|found| found.is_ok()).count();
        assert!(good >= 19, "{at}: {:?}", places(&found));
        assert!(good == 20 || found.len() == 20, "{at}: {:?}", places(&found));
    }
}

#[test]
fn a_cut_archive_gives_what_is_whole() {
    let archive: Vec<u8> = (0..4).flat_map(page).collect();
    let packed: Vec<u8> = (0..4).flat_map(|n| gzip(&page(n))).collect();
    for (name, bytes, step) in [("a.warc", archive, 1), ("a.warc.gz", packed, 1)] {
        for end in (0..bytes.len()).step_by(step) {
            let found = all(name, &bytes[..end]);
            let good = found.iter().filter(|found| found.is_ok()).count();
            assert!(good <= 4 && found.len() <= good + 1, "{name} {end}");
        }
        let found = all(name, &bytes[..bytes.len() - 30]);
        assert_eq!(found.iter().filter(|f| f.is_ok()).count(), 3);
        assert!(places(&found)[3].starts_with('!'), "{:?}", places(&found));
    }
}
