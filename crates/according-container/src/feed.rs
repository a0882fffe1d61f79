//! RSS and Atom, item by item.
//!
//! A parser for feeds would read all of one at once, stop at the first error, and drop the
//! name in `<source>`. So the items are cut out first, which needs no more than to know what
//! a tag is, and each is parsed on its own.

use std::io::{self, BufRead};
use std::sync::Arc;

use mail_parser::DateTime;

use crate::document::{Body, Document, Failure, Place, Step};
use crate::documents::{Container, Found};
use crate::error::Error;
use crate::limits::Limits;
use crate::source::Stream;
use crate::xml;

pub(crate) struct Feed {
    stream: Stream,
    scan: Scan,
    channel: Option<Channel>,
    number: u64,
    is_done: bool,
    place: Place,
    limits: Arc<Limits>,
}

/// What a feed says of itself.
#[derive(Debug, Default)]
struct Channel {
    title: Option<String>,
    authors: Vec<String>,
}

impl Feed {
    pub(crate) fn new(
        stream: Stream,
        head: &[u8],
        place: Place,
        limits: Arc<Limits>,
    ) -> Self {
        let stream = xml::to_utf8(stream, head);
        let scan = Scan::default();
        Self { stream, scan, channel: None, number: 0, is_done: false, place, limits }
    }

    fn place(&self) -> Place {
        self.place.step(Step::Item(self.number))
    }
}

impl Container for Feed {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        if self.is_done {
            return None;
        }
        let cut = match self.scan.next(&mut self.stream, &self.limits) {
            Ok(cut) => cut,
            Err(error) => {
                self.is_done = true;
                let place = self.place.clone();
                return Some(Err(Failure { place, error: error.into() }));
            }
        };
        let channel =
            self.channel.get_or_insert_with(|| channel(&self.scan.head, &self.limits));
        let result = match cut {
            Cut::End => {
                self.is_done = true;
                if self.number > 0 || self.scan.is_closed {
                    return None;
                }
                let error = Error::damaged("ends too early");
                return Some(Err(Failure { place: self.place.clone(), error }));
            }
            Cut::Item(bytes) => {
                let item = String::from_utf8_lossy(&bytes);
                item_document(&item, channel, &self.limits)
            }
            Cut::Unclosed => Err(Error::damaged("is an item without an end")),
            Cut::TooLarge => Err(self.limits.document_too_large()),
        };
        self.number += 1;
        let place = self.place();
        Some(match result {
            Ok(document) => Ok(Found::Document(Box::new(Document { place, ..document }))),
            Err(error) => Err(Failure { place, error }),
        })
    }
}

/// What is cut out of a feed.
enum Cut {
    Item(Vec<u8>),
    /// Another began, or the feed ended, before this one did.
    Unclosed,
    TooLarge,
    End,
}

/// Where the scan stands.
#[derive(Debug, Default)]
struct Scan {
    /// What came before the first item.
    head: Vec<u8>,
    /// The item so far.
    item: Option<Vec<u8>>,
    /// Local name of what an item is called here.
    name: Vec<u8>,
    /// The item is too large, and the rest of it is dropped.
    is_dropping: bool,
    /// The end of the feed itself was seen.
    is_closed: bool,
}

impl Scan {
    fn next(&mut self, stream: &mut Stream, limits: &Limits) -> io::Result<Cut> {
        let mut markup = Vec::new();
        loop {
            if self.is_dropping {
                skip_until(stream, b'<')?;
            } else {
                let most = limits.document;
                let text = match &mut self.item {
                    Some(item) => item,
                    None => &mut self.head,
                };
                until(stream, b'<', most, text)?;
                self.overflow(limits);
            }
            let is_end = stream.fill_buf()?.is_empty();
            if is_end {
                let was_dropping = std::mem::take(&mut self.is_dropping);
                return Ok(match self.item.take() {
                    Some(_) if was_dropping => Cut::TooLarge,
                    Some(_) => Cut::Unclosed,
                    None => Cut::End,
                });
            }
            // The "<" was read with the text before it.
            let whole = rest_of_markup(stream, limits.document, &mut markup)?;
            let (is_closing, name) = tag_name(&markup);
            let is_item = match self.name.is_empty() {
                true => matches!(name, b"item" | b"entry"),
                false => name == self.name,
            };
            if matches!(name, b"rss" | b"feed" | b"RDF") && is_closing {
                self.is_closed = true;
            }
            if !whole {
                self.is_dropping = self.item.is_some();
            }
            if is_item && !is_closing {
                let before = self.item.replace([b"<", markup.as_slice()].concat());
                self.name = name.to_vec();
                let was_dropping = std::mem::take(&mut self.is_dropping);
                if markup.ends_with(b"/>") {
                    let empty = self.item.take().unwrap_or_default();
                    return Ok(Cut::Item(empty));
                }
                match before {
                    Some(_) if was_dropping => return Ok(Cut::TooLarge),
                    Some(_) => return Ok(Cut::Unclosed),
                    None => continue,
                }
            }
            if self.is_dropping {
                if is_item {
                    self.is_dropping = false;
                    self.item = None;
                    return Ok(Cut::TooLarge);
                }
                continue;
            }
            match &mut self.item {
                Some(item) => item.extend_from_slice(&markup),
                None => self.head.extend_from_slice(&markup),
            }
            self.overflow(limits);
            if is_item && let Some(item) = self.item.take() {
                return Ok(Cut::Item(item));
            }
        }
    }

    /// Lets go of what is too large: an item is dropped, and of a head the start is enough.
    fn overflow(&mut self, limits: &Limits) {
        match &mut self.item {
            Some(item) if item.len() > limits.document => {
                item.clear();
                self.is_dropping = true;
            }
            None if self.head.len() > limits.header => self.head.truncate(limits.header),
            _ => {}
        }
    }
}

/// Reads up to and with `end`, as long as `into` does not grow beyond `most`; what is more is
/// dropped. False when something was.
fn until(
    stream: &mut Stream,
    end: u8,
    most: usize,
    into: &mut Vec<u8>,
) -> io::Result<bool> {
    let mut is_whole = true;
    loop {
        let buffer = stream.fill_buf()?;
        if buffer.is_empty() {
            return Ok(is_whole);
        }
        let found = buffer.iter().position(|b| *b == end).map(|at| at + 1);
        let n = found.unwrap_or(buffer.len());
        if into.len() <= most {
            into.extend_from_slice(buffer.get(..n).unwrap_or_default());
        } else {
            is_whole = false;
        }
        stream.consume(n);
        if found.is_some() {
            return Ok(is_whole);
        }
    }
}

fn skip_until(stream: &mut Stream, end: u8) -> io::Result<()> {
    stream.skip_until(end).map(|_| ())
}

/// Reads what follows "<", up to and with its end. False when not all of it was kept.
fn rest_of_markup(
    stream: &mut Stream,
    most: usize,
    markup: &mut Vec<u8>,
) -> io::Result<bool> {
    markup.clear();
    let mut is_whole = true;
    loop {
        is_whole &= until(stream, b'>', most, markup)?;
        let is_over = if markup.starts_with(b"!--") {
            markup.ends_with(b"-->") && markup.len() >= 6
        } else if markup.starts_with(b"![CDATA[") {
            markup.ends_with(b"]]>")
        } else if markup.starts_with(b"!DOCTYPE") && markup.contains(&b'[') {
            markup.ends_with(b"]>")
        } else {
            true
        };
        // What is too large to be kept ends anywhere.
        if is_over || !is_whole || stream.fill_buf()?.is_empty() {
            return Ok(is_whole);
        }
    }
}

/// Whether it is a closing tag, and its name without prefix; empty for what is no tag.
fn tag_name(markup: &[u8]) -> (bool, &[u8]) {
    let (is_closing, name) = match markup.strip_prefix(b"/") {
        Some(rest) => (true, rest),
        None => (false, markup),
    };
    let is_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    let name = name.split(is_end).next().unwrap_or_default();
    if name.starts_with(b"!") || name.starts_with(b"?") {
        return (false, b"");
    }
    (is_closing, name.rsplit(|b| *b == b':').next().unwrap_or_default())
}

/// What the head of a feed says. Whatever is wrong with it, the items are worth reading.
fn channel(head: &[u8], limits: &Limits) -> Channel {
    let head = String::from_utf8_lossy(head);
    let mut channel = Channel::default();
    let (mut reader, mut depth) = (xml::reader(&head), 0);
    use quick_xml::events::Event;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = xml::local(start.name().as_ref()).to_owned();
                if matches!(name.as_str(), "rss" | "RDF" | "feed" | "channel")
                    && depth < 2
                {
                    depth += 1;
                    continue;
                }
                let Ok(inner) = reader.read_text(start.name()) else { return channel };
                let line = || {
                    let line = xml::line(&inner, limits).ok()?;
                    Some(line).filter(|line| !line.is_empty())
                };
                match name.as_str() {
                    "title" if channel.title.is_none() => channel.title = line(),
                    "author" => channel.authors.extend(person(&inner, limits)),
                    _ => {}
                }
            }
            Ok(Event::Eof) | Err(_) => return channel,
            Ok(_) => {}
        }
    }
}

fn item_document(
    item: &str,
    channel: &Channel,
    limits: &Limits,
) -> Result<Document, Error> {
    let mut found = Document { outlet: channel.title.clone(), ..Document::default() };
    let (mut content, mut summary) = (None, None);
    let (mut published, mut updated) = (None, None);
    let mut permalink = None;
    // An Atom feed may give all its names a prefix.
    let own =
        item.get(1..).unwrap_or_default().split([' ', '>', '/', '\n', '\t', '\r']).next();
    let own = own.and_then(|name| name.rsplit_once(':')).map_or("", |(prefix, _)| prefix);
    let result = xml::children(item, |start, inner| {
        let name = start.name();
        let name = name.as_ref();
        let name = match name.split_once(':') {
            Some((prefix, local)) if prefix == own => local,
            Some(("atom" | "a10", local)) => local,
            _ => name,
        };
        let line = || -> Result<Option<String>, Error> {
            Ok(Some(xml::line(inner, limits)?).filter(|line| !line.is_empty()))
        };
        match name {
            "title" => found.title = line()?.or(found.title.take()),
            "link" => match xml::attribute(start, "href") {
                Some(href) => {
                    let rel = xml::attribute(start, "rel");
                    if rel.is_none_or(|rel| rel == "alternate") {
                        found.url.get_or_insert(href);
                    }
                }
                None => found.url = line()?.or(found.url.take()),
            },
            "guid" | "id" | "dc:identifier" => {
                found.id = line()?.or(found.id.take());
                if name == "guid"
                    && xml::attribute(start, "isPermaLink").is_none_or(|is| is == "true")
                {
                    permalink = found.id.clone().filter(|id| id.starts_with("http"));
                }
            }
            "pubDate" | "published" | "dc:date" | "issued" => {
                published = line()?.or(published.take());
            }
            "updated" | "modified" | "dcterms:modified" => updated = line()?,
            "author" | "dc:creator" => found.byline.extend(person(inner, limits)),
            "source" => {
                // RSS has the name in it, Atom a feed's head.
                let mut title = None;
                if inner.contains('<') && !inner.contains("<![CDATA[") {
                    let wrapped = format!("<source>{inner}</source>");
                    xml::children(&wrapped, |start, inner| {
                        if xml::local(start.name().as_ref()) == "title" {
                            title = Some(xml::line(inner, limits)?);
                        }
                        Ok(())
                    })?;
                } else {
                    title = line()?;
                }
                found.via = title.filter(|title| !title.is_empty()).or(found.via.take());
            }
            "content:encoded" | "content" | "xhtml:body" => {
                let kind = xml::attribute(start, "type");
                content =
                    read_content(kind.as_deref(), inner, limits)?.or(content.take());
            }
            "description" | "summary" => {
                let kind = xml::attribute(start, "type");
                summary =
                    read_content(kind.as_deref(), inner, limits)?.or(summary.take());
            }
            _ => {}
        }
        Ok(())
    });
    result?;
    if found.byline.is_empty() {
        found.byline.clone_from(&channel.authors);
    }
    found.url = found.url.or(permalink);
    found.published = published.or(updated).map(|date| iso(&date));
    found.body = match content.or(summary) {
        Some(Content::Html(html)) => Body::html(html),
        Some(Content::Text(text)) => Body::text(with_title(found.title.as_deref(), text)),
        None => match &found.title {
            Some(title) => Body::text(title.clone()),
            None => return Err(Error::damaged("is an item without text")),
        },
    };
    if found.body.bytes.len() > limits.document {
        return Err(limits.document_too_large());
    }
    Ok(found)
}

enum Content {
    Html(String),
    Text(String),
}

fn read_content(
    kind: Option<&str>,
    inner: &str,
    limits: &Limits,
) -> Result<Option<Content>, Error> {
    let html = xml::html(inner, limits)?;
    let html = html.trim();
    Ok(match kind {
        _ if html.is_empty() => None,
        Some("text" | "text/plain") => Some(Content::Text(html.to_owned())),
        _ if xml::is_html(html) => Some(Content::Html(html.to_owned())),
        Some("html" | "xhtml" | "text/html") | None => {
            Some(Content::Text(xml::unescape(html)))
        }
        // An enclosure, or XML of another kind.
        Some(_) => None,
    })
}

/// A text under its title, as a report stands on a page.
pub(crate) fn with_title(title: Option<&str>, text: String) -> String {
    match title {
        Some(title) if !text.trim_start().starts_with(title) => {
            format!("{title}\n\n{text}")
        }
        _ => text,
    }
}

/// A name: as such, in `<name>`, or after an address in brackets.
fn person(inner: &str, limits: &Limits) -> Option<String> {
    let mut name = None;
    if inner.contains('<') && !inner.contains("<![CDATA[") {
        let wrapped = format!("<author>{inner}</author>");
        let _ = xml::children(&wrapped, |start, inner| {
            if xml::local(start.name().as_ref()) == "name" {
                name = Some(xml::line(inner, limits)?);
            }
            Ok(())
        });
    } else {
        let line = xml::line(inner, limits).ok()?;
        name = Some(match line.split_once('(') {
            Some((address, name)) if address.contains('@') => {
                name.trim_end_matches(')').to_owned()
            }
            _ if line.contains('@') && !line.contains(' ') => return None,
            _ => line,
        });
    }
    name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// A date in ISO 8601, where it is one of mail's.
pub(crate) fn iso(date: &str) -> String {
    let is_iso =
        date.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()));
    match DateTime::parse_rfc822(date) {
        Some(parsed) if !is_iso && parsed.is_valid() => parsed.to_rfc3339(),
        _ => date.to_owned(),
    }
}
