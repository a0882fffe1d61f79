//! Messages and mailboxes.

use std::sync::Arc;

use mail_parser::{Message, MessageParser, PartType};

use crate::document::{Body, Document, Failure, Place, Step};
use crate::documents::{Container, Found, Several};
use crate::error::Error;
use crate::form::find;
use crate::guard::guard;
use crate::limits::Limits;
use crate::source::{Stream, read_line};

/// The documents of one message: its own text, and those of messages attached to it.
pub(crate) fn message(
    bytes: Vec<u8>,
    place: &Place,
    limits: &Limits,
) -> Result<Several, Error> {
    let header = find(&bytes, b"\n\r\n").or_else(|| find(&bytes, b"\n\n"));
    if header.unwrap_or(bytes.len()) > limits.header {
        return Err(limits.header_too_large());
    }
    // The parser says it never panics; a mistake in it must not cost the rest of a mailbox.
    let read = guard(|| {
        let message = MessageParser::default().parse(&bytes)?;
        let mut found = Vec::new();
        read_message(&message, place, 0, limits, &mut found);
        Some(found)
    });
    match read {
        Some(Some(found)) => Ok(Several(found.into_iter())),
        Some(None) => Err(Error::damaged("is no message")),
        None => Err(Error::damaged("is a message that cannot be read")),
    }
}

fn read_message(
    message: &Message<'_>,
    place: &Place,
    depth: usize,
    limits: &Limits,
    found: &mut Vec<Result<Document, Failure>>,
) {
    let fail = |error| Err(Failure { place: place.clone(), error });
    if depth > limits.depth {
        found.push(fail(limits.too_deep()));
        return;
    }
    let attached: Vec<&Message<'_>> = message
        .parts
        .iter()
        .filter_map(|part| match &part.body {
            PartType::Message(inner) => Some(inner),
            _ => None,
        })
        .collect();
    match body(message) {
        Some(body) if body.bytes.len() > limits.document => {
            found.push(fail(limits.document_too_large()));
        }
        Some(body) => found.push(Ok(document(message, place, body))),
        // A message may only carry others.
        None if attached.is_empty() => {
            found.push(fail(Error::damaged("is a message without text")));
        }
        None => {}
    }
    for (message, number) in attached.into_iter().zip(1..) {
        let place = place.step(Step::Attached(number));
        read_message(message, &place, depth + 1, limits, found);
    }
}

fn document(message: &Message<'_>, place: &Place, body: Body) -> Document {
    let sender = message.from().and_then(|from| from.first());
    let sender =
        sender.and_then(|sender| sender.name()).map(|name| name.trim().to_owned());
    let sender = sender.filter(|name| !name.is_empty());
    // Who sends to a list publishes; who writes a letter writes.
    let is_list = ["List-Id", "List-Unsubscribe", "List-Post"]
        .iter()
        .any(|name| message.header(*name).is_some());
    let (outlet, byline) = match is_list {
        true => (sender, Vec::new()),
        false => (None, sender.into_iter().collect()),
    };
    let published = message.date().filter(|date| date.is_valid());
    let subject = message.subject().map(|subject| subject.trim().to_owned());
    Document {
        place: place.clone(),
        id: message.message_id().map(str::to_owned),
        body,
        url: None,
        outlet,
        title: subject.filter(|subject| !subject.is_empty()),
        byline,
        published: published.map(|date| date.to_rfc3339()),
        via: None,
    }
}

/// The plain text, if it is one and no excuse for not having one; else the HTML.
fn body(message: &Message<'_>) -> Option<Body> {
    let parts = |ids: &[u32]| -> Vec<&PartType<'_>> {
        ids.iter().filter_map(|id| message.part(*id)).map(|part| &part.body).collect()
    };
    let plain: Vec<&str> = parts(&message.text_body)
        .into_iter()
        .filter_map(|part| match part {
            PartType::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .filter(|text| !text.trim().is_empty())
        .collect();
    let html: Vec<&str> = parts(&message.html_body)
        .into_iter()
        .filter_map(|part| match part {
            PartType::Html(html) => Some(html.as_ref()),
            _ => None,
        })
        .filter(|html| !html.trim().is_empty())
        .collect();
    let (plain, html) = (plain.join("\n\n"), html.join("\n"));
    match (plain.is_empty(), html.is_empty()) {
        (true, true) => None,
        (false, true) => Some(Body::text(plain)),
        (true, false) => Some(Body::html(html)),
        (false, false) if words(&plain) * 2 >= words_of_html(&html) => {
            Some(Body::text(plain))
        }
        (false, false) => Some(Body::html(html)),
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| !word.starts_with("http")).count()
}

/// About as many words as a reader of the page sees.
fn words_of_html(html: &str) -> usize {
    let mut count = 0;
    let mut is_style = false;
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        let name = tag.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "style" | "script" => is_style = true,
            "/style" | "/script" => is_style = false,
            _ => {}
        }
        if !is_style {
            count += words(text);
        }
    }
    count
}

/// A mailbox: messages one after another, each behind a line that begins with "From ".
pub(crate) struct Mbox {
    stream: Stream,
    number: u64,
    /// The line that begins the next message was read.
    is_begun: bool,
    is_done: bool,
    current: Option<Several>,
    place: Place,
    limits: Arc<Limits>,
}

impl Mbox {
    pub(crate) fn new(stream: Stream, place: Place, limits: Arc<Limits>) -> Self {
        let (number, is_begun, is_done, current) = (0, false, false, None);
        Self { stream, number, is_begun, is_done, current, place, limits }
    }

    /// The bytes of the next message.
    fn message(&mut self) -> Option<Result<Vec<u8>, Error>> {
        let (mut bytes, mut line) = (Vec::new(), Vec::new());
        let (mut is_blank, mut is_start) = (!self.is_begun, true);
        let mut is_too_large = false;
        loop {
            match read_line(&mut self.stream, self.limits.whole, &mut line) {
                Ok(0) => {
                    self.is_done = true;
                    break;
                }
                Ok(_) => {}
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(error.into()));
                }
            }
            let is_line = std::mem::replace(&mut is_start, line.last() == Some(&b'\n'));
            if is_line && is_blank && line.starts_with(b"From ") {
                let was_begun = std::mem::replace(&mut self.is_begun, true);
                if was_begun || !bytes.trim_ascii().is_empty() {
                    return Some(self.whole(bytes, is_too_large));
                }
                (is_blank, bytes) = (false, Vec::new());
                continue;
            }
            is_blank = is_line && line.trim_ascii().is_empty();
            // What looks like the start of a message was quoted.
            let quoted = line.iter().take_while(|b| **b == b'>').count();
            let is_quoted =
                quoted > 0 && line.get(quoted..).is_some_and(|l| l.starts_with(b"From "));
            if bytes.len() + line.len() > self.limits.whole {
                is_too_large = true;
                bytes = Vec::new();
            }
            if !is_too_large {
                let line = line.get(usize::from(is_line && is_quoted)..);
                bytes.extend_from_slice(line.unwrap_or_default());
            }
        }
        let is_any = is_too_large || self.is_begun || !bytes.trim_ascii().is_empty();
        is_any.then(|| self.whole(bytes, is_too_large))
    }

    fn whole(&self, bytes: Vec<u8>, is_too_large: bool) -> Result<Vec<u8>, Error> {
        if is_too_large { Err(self.limits.whole_too_large()) } else { Ok(bytes) }
    }
}

impl Container for Mbox {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        loop {
            if let Some(current) = &mut self.current {
                match current.next() {
                    Some(found) => return Some(found),
                    None => self.current = None,
                }
            }
            if self.is_done {
                return None;
            }
            let bytes = self.message()?;
            self.number += 1;
            let place = self.place.step(Step::Message(self.number));
            match bytes.and_then(|bytes| message(bytes, &place, &self.limits)) {
                Ok(several) => self.current = Some(several),
                Err(error) => return Some(Err(Failure { place, error })),
            }
        }
    }
}
