//! What the readers of XML share. Entities a document defines itself are never expanded:
//! they stay as they are written, so nothing can be blown up with them.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::Error;
use crate::form::find;
use crate::limits::Limits;
use crate::source::{HEAD, Stream};

/// The start of a file as text, for a look.
pub(crate) fn decode_head(head: &[u8]) -> String {
    let encoding = Encoding::for_bom(head).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode_without_bom_handling(head).0.into_owned()
}

/// The name of the first element, without prefix.
pub(crate) fn root(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start().strip_prefix('<')?;
        let end = if text.starts_with('?') {
            "?>"
        } else if text.starts_with("!--") {
            "-->"
        } else if text.starts_with('!') {
            // An internal subset holds tags of its own.
            let tag = text.find('>')?;
            if text.get(..tag)?.contains('[') { "]>" } else { ">" }
        } else {
            let is_end = |c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<');
            let name = text.split(is_end).next()?;
            return Some(name.rsplit_once(':').map_or(name, |(_, local)| local));
        };
        text = text.split_once(end)?.1;
    }
}

/// The encoding a file of XML declares or shows.
fn encoding(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    // Without a mark, the declaration itself is written so.
    match head {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE,
        [0, b'<', ..] => return encoding_rs::UTF_16BE,
        _ => {}
    }
    let declaration = head.get(..head.len().min(256)).unwrap_or_default();
    let declaration = find(declaration, b"?>").and_then(|end| declaration.get(..end));
    let declared = declaration.and_then(|declaration| {
        let at = find(declaration, b"encoding")? + "encoding".len();
        let mut quoted = declaration.get(at..)?.split(|b| matches!(b, b'"' | b'\''));
        Encoding::for_label(quoted.nth(1)?)
    });
    declared.unwrap_or(UTF_8)
}

/// The same in UTF-8, whatever it is written in.
pub(crate) fn to_utf8(stream: Stream, head: &[u8]) -> Stream {
    let encoding = encoding(head);
    if encoding == UTF_8 {
        return stream;
    }
    let decoder = encoding.new_decoder_with_bom_removal();
    let decoded = Decoded { stream, decoder, ready: Vec::new(), pos: 0, is_done: false };
    Box::new(BufReader::with_capacity(HEAD, decoded))
}

struct Decoded {
    stream: Stream,
    decoder: Decoder,
    ready: Vec<u8>,
    pos: usize,
    is_done: bool,
}

impl Read for Decoded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.pos >= self.ready.len() && !self.is_done {
            let from = self.stream.fill_buf()?;
            self.is_done = from.is_empty();
            let most = self.decoder.max_utf8_buffer_length(from.len()).unwrap_or(0);
            (self.pos, self.ready) = (0, vec![0; most]);
            let (_, read, written, _) =
                self.decoder.decode_to_utf8(from, &mut self.ready, self.is_done);
            self.stream.consume(read);
            self.ready.truncate(written);
        }
        let mut from = self.ready.get(self.pos..).unwrap_or_default();
        let n = from.read(buf)?;
        self.pos += n;
        Ok(n)
    }
}

/// A reader that is not petty.
pub(crate) fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    reader
}

pub(crate) fn damaged(error: impl std::fmt::Display) -> Error {
    Error::damaged(format!("is damaged XML: {error}"))
}

/// An attribute, by its local name.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let attributes = attributes.with_checks(false);
    let found = attributes.flatten().find(|a| local(a.key.as_ref()) == name)?;
    Some(unescape(&found.value))
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// With references to characters and HTML's names resolved, and others left alone.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match reference(after) {
            Some((resolved, after)) => {
                out.push_str(&resolved);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What stands after `&`: what it means, and the rest.
fn reference(after: &str) -> Option<(String, &str)> {
    // No name is longer.
    let end = after.bytes().take(33).position(|b| b == b';')?;
    let (name, rest) = (after.get(..end)?, after.get(end + 1..)?);
    Some((resolve(name)?, rest))
}

fn resolve(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0').map(String::from);
    }
    quick_xml::escape::resolve_html5_entity(name).map(str::to_owned)
}

/// The content of an element as HTML: what it holds as text, or its markup itself where it
/// holds elements, as Atom's "xhtml" does and careless feeds do.
pub(crate) fn html(inner: &str, limits: &Limits) -> Result<String, Error> {
    let (text, has_elements) = content(inner, limits)?;
    Ok(if has_elements { inner.to_owned() } else { text })
}

/// The content of an element as plain text, as titles and names want it: on one line,
/// without markup, even where that was escaped.
pub(crate) fn line(inner: &str, limits: &Limits) -> Result<String, Error> {
    let (text, _) = content(inner, limits)?;
    let text = if is_html(&text) { without_tags(&text) } else { text };
    Ok(one_line(&unescape(&text)))
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether there is a tag in it.
pub(crate) fn is_html(text: &str) -> bool {
    let Some(last) = text.rfind('>') else { return false };
    let text = text.get(..last).unwrap_or_default();
    text.match_indices('<').any(|(at, _)| {
        let after = text.get(at + 1..).unwrap_or_default();
        let after = after.strip_prefix('/').unwrap_or(after);
        after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!')
    })
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut pieces = text.split('<');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push_str(piece.split_once('>').map_or("", |(_, after)| after));
    }
    out
}

/// The text in an element and below, and whether there are elements in it.
fn content(inner: &str, limits: &Limits) -> Result<(String, bool), Error> {
    let mut reader = reader(inner);
    let (mut text, mut depth, mut has_elements) = (String::new(), 0_usize, false);
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Text(more) => text.push_str(&more),
            Event::CData(more) => text.push_str(&more),
            Event::GeneralRef(name) => match resolve(&name) {
                Some(resolved) => text.push_str(&resolved),
                None => text.extend(["&", &name, ";"]),
            },
            Event::Start(_) => {
                depth += 1;
                has_elements = true;
                if depth > limits.elements {
                    return Err(limits.elements_too_deep());
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Empty(_) => has_elements = true,
            Event::Eof => return Ok((text, has_elements)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// Calls `each` with the start and the content of every child of the first element.
pub(crate) fn children(
    element: &str,
    mut each: impl FnMut(&BytesStart<'_>, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = reader(element);
    let mut is_inside = false;
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Start(_) if !is_inside => is_inside = true,
            Event::Start(start) => {
                let inner = reader.read_text(start.name()).map_err(damaged)?;
                each(&start, &inner)?;
            }
            Event::Empty(start) if is_inside => each(&start, "")?,
            Event::Eof if is_inside => return Err(Error::damaged("ends too early")),
            Event::End(_) | Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_once_and_strange_ones_stay() {
        assert_eq!(
            unescape("A &amp;amp; B&#39;s &eacute;t&eacute; &who; &"),
            "A &amp; B's été &who; &"
        );
        assert_eq!(unescape("&#0;&#xFFFFFFFF;&#x41;"), "&#0;&#xFFFFFFFF;A");
    }

    #[test]
    fn content_is_text_or_markup() {
        let limits = Limits::default();
        let html = |inner| html(inner, &limits).unwrap();
        assert_eq!(html("&lt;p&gt;A &amp;amp; B"), "<p>A &amp; B");
        assert_eq!(html("<![CDATA[<p>A]]> B"), "<p>A B");
        assert_eq!(html("<div><p>A</p></div>"), "<div><p>A</p></div>");
        let line = |inner| line(inner, &limits).unwrap();
        assert_eq!(line("<![CDATA[A <b>big</b>\n &amp; B]]>"), "A big & B");
        assert_eq!(line("1 &lt; 2"), "1 < 2");
    }

    #[test]
    fn every_encoding_is_utf8_afterwards() {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>“é”</a>";
        let western = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [western, wide, text.as_bytes().to_vec()] {
            if bytes == text.as_bytes() {
                continue;
            }
            let head = bytes.clone();
            let mut read = String::new();
            let stream: Stream = Box::new(io::Cursor::new(bytes));
            to_utf8(stream, &head).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
    }
}
