//! JSON: one object a line, JSON Feed, ninjs.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::document::{Body, Document, Failure, Media, Place, Step};
use crate::documents::{Container, Found, Several};
use crate::error::Error;
use crate::feed::with_title;
use crate::form::contains;
use crate::limits::Limits;
use crate::newswire;
use crate::source::{Stream, read_line};
use crate::xml;

/// One object a line. What is in it is left to who asks for it.
pub(crate) struct Lines {
    stream: Stream,
    number: u64,
    is_done: bool,
    place: Place,
    limits: Arc<Limits>,
}

impl Lines {
    pub(crate) fn new(stream: Stream, place: Place, limits: Arc<Limits>) -> Self {
        Self { stream, number: 0, is_done: false, place, limits }
    }
}

impl Container for Lines {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        let most = self.limits.document;
        while !self.is_done {
            self.number += 1;
            let place = || self.place.step(Step::Line(self.number));
            let mut bytes = Vec::new();
            let read = read_line(&mut self.stream, most + 1, &mut bytes);
            let error = match read {
                Ok(0) => return None,
                Ok(n) if n > most && bytes.last() != Some(&b'\n') => {
                    match std::io::BufRead::skip_until(&mut self.stream, b'\n') {
                        Ok(_) => self.limits.document_too_large(),
                        Err(error) => error.into(),
                    }
                }
                Ok(_) if bytes.trim_ascii().is_empty() => continue,
                Ok(_) => {
                    if let Some(item) = newswire_line(&bytes, &self.limits) {
                        let document = Document { place: place(), ..item };
                        return Some(Ok(Found::Document(Box::new(document))));
                    }
                    let body = Body { media: Media::Record, bytes, ..Body::default() };
                    let document =
                        Document { place: place(), body, ..Document::default() };
                    return Some(Ok(Found::Document(Box::new(document))));
                }
                Err(error) => {
                    // Whatever follows cannot be read either.
                    self.is_done = true;
                    error.into()
                }
            };
            return Some(Err(Failure { place: place(), error }));
        }
        None
    }
}

/// An item of ninjs on one line. What has a text is a record.
fn newswire_line(bytes: &[u8], limits: &Limits) -> Option<Document> {
    if !contains(bytes, b"\"uri\"") || contains(bytes, b"\"text\":") {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    newswire::ninjs(&object).filter(|item| item.body.bytes.len() <= limits.document)
}

/// The documents of a file that is one value.
pub(crate) fn value(
    bytes: &[u8],
    place: &Place,
    limits: &Limits,
) -> Result<Several, Error> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Error::damaged(format!("is damaged JSON: {error}")))?;
    let mut found = Vec::new();
    match &value {
        Value::Object(feed) if is_feed(feed) => {
            read_feed(feed, place, limits, &mut found);
        }
        Value::Object(object) => found.push(one(object, place.clone(), limits)),
        Value::Array(values) => {
            for (value, number) in values.iter().zip(1..) {
                let place = place.step(Step::Item(number));
                found.push(match value {
                    Value::Object(object) => one(object, place, limits),
                    _ => Err(Failure { place, error: Error::damaged("is no object") }),
                });
            }
        }
        _ => return Err(Error::damaged("is JSON, but holds no object")),
    }
    Ok(Several(found.into_iter()))
}

fn one(
    object: &Map<String, Value>,
    place: Place,
    limits: &Limits,
) -> Result<Document, Failure> {
    let fail = |place, error| Err(Failure { place, error });
    if let Some(document) = newswire::ninjs(object) {
        if document.body.bytes.len() > limits.document {
            return fail(place, limits.document_too_large());
        }
        return Ok(Document { place, ..document });
    }
    if !object.contains_key("text") && !object.contains_key("html") {
        let message =
            "is JSON, but neither a feed, nor ninjs, nor an object with \"text\"";
        return fail(place, Error::damaged(message));
    }
    let bytes = Value::Object(object.clone()).to_string().into_bytes();
    if bytes.len() > limits.document {
        return fail(place, limits.document_too_large());
    }
    let body = Body { media: Media::Record, bytes, ..Body::default() };
    Ok(Document { place, body, ..Document::default() })
}

/// A string that is not empty.
pub(crate) fn string(object: &Map<String, Value>, key: &str) -> Option<String> {
    let value = match object.get(key)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(value).filter(|value| !value.is_empty())
}

fn is_feed(object: &Map<String, Value>) -> bool {
    let version = object.get("version").and_then(Value::as_str);
    version.is_some_and(|version| version.contains("jsonfeed.org/version/"))
}

fn read_feed(
    feed: &Map<String, Value>,
    place: &Place,
    limits: &Limits,
    found: &mut Vec<Result<Document, Failure>>,
) {
    let outlet = string(feed, "title");
    let feed_authors = authors(feed);
    let items = feed.get("items").and_then(Value::as_array).into_iter().flatten();
    for (item, number) in items.zip(1..) {
        let place = place.step(Step::Item(number));
        let document = item.as_object().and_then(|item| {
            let title = string(item, "title").map(|title| xml::one_line(&title));
            let html = string(item, "content_html").map(Body::html);
            let text = string(item, "content_text").or_else(|| string(item, "summary"));
            let text = text.map(|text| Body::text(with_title(title.as_deref(), text)));
            let body = html.or(text).or_else(|| title.clone().map(Body::text))?;
            let own = authors(item);
            Some(Document {
                place: place.clone(),
                id: string(item, "id"),
                body,
                url: string(item, "url").or_else(|| string(item, "external_url")),
                outlet: outlet.clone(),
                title,
                byline: if own.is_empty() { feed_authors.clone() } else { own },
                published: string(item, "date_published"),
                via: None,
            })
        });
        found.push(match document {
            Some(document) if document.body.bytes.len() > limits.document => {
                Err(Failure { place, error: limits.document_too_large() })
            }
            Some(document) => Ok(document),
            None => {
                Err(Failure { place, error: Error::damaged("is an item without text") })
            }
        });
    }
}

fn authors(object: &Map<String, Value>) -> Vec<String> {
    let many = object.get("authors").and_then(Value::as_array).into_iter().flatten();
    let all = many.chain(object.get("author"));
    all.filter_map(|author| string(author.as_object()?, "name")).collect()
}
