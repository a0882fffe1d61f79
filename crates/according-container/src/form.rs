//! What something is: told by how it begins, and only then by its name.

use crate::source::HEAD;
use crate::xml;

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Text,
    /// A page.
    Html,
    /// One JSON object a line.
    Lines,
    /// One JSON value: a JSON feed, an item of IPTC's ninjs, or an object as in lines.
    Json,
    /// RSS or Atom.
    Feed,
    /// NITF.
    Nitf,
    /// A web archive.
    Warc,
    /// One message.
    Mail,
    /// A mailbox.
    Mbox,
    /// A PDF.
    Pdf,
    /// A zip archive, among them WACZ.
    Zip,
    /// Packed by gzip.
    Gzip,
    /// Packed by zstd.
    Zstd,
}

/// Extensions that are worth a look, with what they promise when the content does not tell.
const EXTENSIONS: [(&str, Option<Form>); 25] = [
    ("txt", Some(Form::Text)),
    ("html", Some(Form::Html)),
    ("htm", Some(Form::Html)),
    ("xhtml", Some(Form::Html)),
    ("jsonl", Some(Form::Lines)),
    ("ndjson", Some(Form::Lines)),
    ("json", Some(Form::Json)),
    ("ninjs", Some(Form::Json)),
    ("rss", Some(Form::Feed)),
    ("rdf", Some(Form::Feed)),
    ("atom", Some(Form::Feed)),
    ("xml", None),
    ("nitf", Some(Form::Nitf)),
    ("warc", Some(Form::Warc)),
    ("eml", Some(Form::Mail)),
    ("mbox", Some(Form::Mbox)),
    ("mbx", Some(Form::Mbox)),
    ("pdf", Some(Form::Pdf)),
    ("zip", Some(Form::Zip)),
    ("wacz", Some(Form::Zip)),
    ("gz", Some(Form::Gzip)),
    ("gzip", Some(Form::Gzip)),
    ("zst", Some(Form::Zstd)),
    ("zstd", Some(Form::Zstd)),
    ("tgz", Some(Form::Gzip)),
];

impl Form {
    /// What the name of a file promises. `None` is a name that promises nothing.
    pub fn of_name(name: &str) -> Option<Self> {
        entry(name)?.1
    }

    /// Whether a file of that name among many is worth a look.
    pub fn is_known_name(name: &str) -> bool {
        entry(name).is_some()
    }

    /// What something of a media type is. `None` for types that do not tell: XML and JSON of
    /// any kind, packed files, bytes.
    pub fn of_media(media: &str) -> Option<Self> {
        Some(match media {
            "text/html" | "application/xhtml+xml" => Self::Html,
            "text/plain" => Self::Text,
            "application/pdf" | "application/x-pdf" => Self::Pdf,
            "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json" => Self::Feed,
            "application/warc" => Self::Warc,
            "message/rfc822" => Self::Mail,
            "application/mbox" => Self::Mbox,
            _ => return None,
        })
    }

    /// Whether bytes or the name of their file tell what they are.
    pub fn is_known(bytes: &[u8], name: &str) -> bool {
        let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
        Self::of(head, name) != Self::Text || Self::of_name(name).is_some()
    }

    /// What it is, from its first bytes, and where they do not tell by its name.
    pub(crate) fn of(head: &[u8], name: &str) -> Self {
        let promised = Self::of_name(name);
        if let Some(packed) = Self::packed(head) {
            return packed;
        }
        // These look like anything, and a name of theirs is not given by accident.
        if let Some(form @ (Self::Text | Self::Lines)) = promised {
            return form;
        }
        if head.starts_with(b"WARC/") {
            return Self::Warc;
        }
        if head.get(..1024.min(head.len())).is_some_and(|h| contains(h, b"%PDF-")) {
            return Self::Pdf;
        }
        let text = xml::decode_head(head);
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('<')
            && let Some(form) = Self::of_root(start)
        {
            return form;
        }
        if let Some(form) = Self::of_json(start, head.len() >= HEAD) {
            return form;
        }
        if start.starts_with("From ")
            && header_names(start.split_once('\n').map_or("", |s| s.1)) > 0
        {
            return Self::Mbox;
        }
        match promised {
            Some(form) => form,
            None if header_names(start) > 2 => Self::Mail,
            None => Self::Text,
        }
    }

    fn packed(head: &[u8]) -> Option<Self> {
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    fn of_root(start: &str) -> Option<Self> {
        let has_doctype =
            start.get(..14).is_some_and(|s| s.eq_ignore_ascii_case("<!doctype html"));
        if has_doctype {
            return Some(Self::Html);
        }
        let root = xml::root(start)?;
        match root.to_ascii_lowercase().as_str() {
            "rss" | "rdf" | "feed" => Some(Self::Feed),
            "nitf" => Some(Self::Nitf),
            "html" => Some(Self::Html),
            _ => None,
        }
    }

    /// No report begins like an object.
    fn of_json(start: &str, is_cut: bool) -> Option<Self> {
        let object = start.strip_prefix('{')?.trim_start();
        if !object.starts_with(['"', '}']) {
            return None;
        }
        if start.contains("jsonfeed.org/version/") {
            return Some(Self::Json);
        }
        let (first, more) = start.split_once('\n').unwrap_or((start, ""));
        let is_line = first.trim_end().ends_with('}') || (is_cut && more.is_empty());
        Some(if is_line { Self::Lines } else { Self::Json })
    }
}

fn entry(name: &str) -> Option<(&'static str, Option<Form>)> {
    let (_, extension) = name.rsplit_once('.')?;
    EXTENSIONS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(extension))
}

/// How many of the first lines are headers that mail has.
fn header_names(start: &str) -> usize {
    const NAMES: [&str; 14] = [
        "received",
        "return-path",
        "delivered-to",
        "message-id",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "from",
        "to",
        "subject",
        "date",
        "reply-to",
        "list-id",
        "list-unsubscribe",
    ];
    let lines = start.lines().take(60);
    let headers = lines.take_while(|line| {
        line.starts_with([' ', '\t'])
            || line.split_once(':').is_some_and(|(name, _)| {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic())
            })
    });
    let is_name = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(name, _)| NAMES.iter().any(|n| n.eq_ignore_ascii_case(name)))
    };
    headers.filter(is_name).count()
}

pub(crate) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_tells_the_form() {
        for (start, name, form) in [
            ("{\"id\": 1}", "", Form::Lines),
            ("\u{feff} \n{ \"text\": 1}\n", "", Form::Lines),
            ("{\n \"uri\": \"x\"", "", Form::Json),
            ("{\"version\": \"https://jsonfeed.org/version/1.1\"}", "", Form::Json),
            ("<!DOCTYPE HTML>", "a.xml", Form::Html),
            ("\n<html lang=en>", "", Form::Html),
            ("<?xml version='1.0'?><!-- a --><rss version='2.0'>", "", Form::Feed),
            ("<a:feed xmlns:a='x'>", "", Form::Feed),
            ("<nitf>", "", Form::Nitf),
            ("<p>piece", "a.html", Form::Html),
            ("<p>piece", "", Form::Text),
            ("WARC/1.0\r\n", "", Form::Warc),
            ("%PDF-1.4", "", Form::Pdf),
            ("From a@b Mon Jan  1 00:00:00 2024\nSubject: x\n", "", Form::Mbox),
            ("From here on it rained.\nThey left: all of them.\n", "", Form::Text),
            ("From: a\nTo: b\nSubject: c\n\nHello", "", Form::Mail),
            ("Subject: trade talks\n\nThey met.", "", Form::Text),
            ("Subject: c\n\nHello", "c.eml", Form::Mail),
            ("<rss>", "a.txt", Form::Text),
            ("PK\u{3}\u{4}", "a.txt", Form::Zip),
            ("{brackets} in a title", "", Form::Text),
            ("Title", "", Form::Text),
            ("", "", Form::Text),
        ] {
            assert_eq!(Form::of(start.as_bytes(), name), form, "{start:?} {name}");
        }
    }
}
