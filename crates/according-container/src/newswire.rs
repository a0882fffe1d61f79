//! What news agencies exchange: IPTC's ninjs and NITF.

use quick_xml::events::Event;
use serde_json::{Map, Value};

use crate::document::{Body, Document, Place};
use crate::error::Error;
use crate::feed::with_title;
use crate::json::string;
use crate::limits::Limits;
use crate::xml;

/// An item of ninjs, 1 or 2, or `None` for another object.
pub(crate) fn ninjs(object: &Map<String, Value>) -> Option<Document> {
    string(object, "uri")?;
    let title =
        string(object, "headline").or_else(|| first(object, "headlines", "value"));
    let html = string(object, "body_xhtml").or_else(|| string(object, "body_html"));
    let text = string(object, "body_text");
    let bodies = object.get("bodies").and_then(Value::as_array).into_iter().flatten();
    let bodies: Vec<_> = bodies.filter_map(Value::as_object).collect();
    let of_kind = |is_html: bool| {
        bodies.iter().find_map(|body| {
            let kind =
                string(body, "contentType").or_else(|| string(body, "contenttype"))?;
            (kind.contains("html") == is_html).then(|| string(body, "value"))?
        })
    };
    let text =
        text.or_else(|| of_kind(false)).map(|text| with_title(title.as_deref(), text));
    let html = html.or_else(|| of_kind(true));
    let body = match (html, text) {
        (_, Some(text)) => Body::text(text),
        (Some(html), None) => Body::html(html),
        (None, None) => return None,
    };
    let byline = string(object, "byline");
    let people = object.get("person").and_then(Value::as_array).into_iter().flatten();
    let authors = people.filter_map(Value::as_object).filter(|person| {
        person.get("rel").and_then(Value::as_str).is_some_and(|rel| rel == "author")
    });
    let byline = match byline {
        Some(byline) => vec![without_by(&byline)],
        None => authors.filter_map(|person| string(person, "name")).collect(),
    };
    let dates = ["firstcreated", "firstCreated", "contentcreated", "contentCreated"];
    let dates = dates.into_iter().chain(["versioncreated", "versionCreated"]);
    Some(Document {
        id: string(object, "uri"),
        body,
        url: string(object, "url").or_else(|| string(object, "located_url")),
        outlet: string(object, "copyrightholder")
            .or_else(|| string(object, "copyrightHolder")),
        title,
        byline,
        published: dates.into_iter().find_map(|key| string(object, key)),
        via: first(object, "infosource", "name")
            .or_else(|| first(object, "infosources", "name")),
        ..Document::default()
    })
}

/// A field of the first object in a list.
fn first(object: &Map<String, Value>, list: &str, key: &str) -> Option<String> {
    string(object.get(list)?.as_array()?.first()?.as_object()?, key)
}

fn without_by(byline: &str) -> String {
    let is_by = byline.get(..3).is_some_and(|by| by.eq_ignore_ascii_case("by "));
    byline.get(if is_by { 3 } else { 0 }..).unwrap_or(byline).trim().to_owned()
}

/// Elements of NITF that stand on lines of their own.
const BLOCKS: [&str; 20] = [
    "p",
    "hl1",
    "hl2",
    "byline",
    "bytag",
    "byttl",
    "dateline",
    "distributor",
    "abstract",
    "block",
    "li",
    "tr",
    "caption",
    "media-caption",
    "bq",
    "note",
    "tagline",
    "fn",
    "pre",
    "dt",
];

/// An article in NITF. Its text is title, byline, dateline and paragraphs as they stand;
/// captions and notes have no place in a plain text and are left out.
pub(crate) fn nitf(
    bytes: &[u8],
    place: Place,
    limits: &Limits,
) -> Result<Document, Error> {
    let mut decoded = String::new();
    let stream: crate::source::Stream = Box::new(std::io::Cursor::new(bytes.to_vec()));
    let mut stream = xml::to_utf8(stream, bytes);
    let mut utf8 = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut utf8)?;
    decoded.push_str(&String::from_utf8_lossy(&utf8));

    let mut found = Document { place, ..Document::default() };
    let mut reader = xml::reader(&decoded);
    let (mut path, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    let mut title = String::new();
    let mut byline = String::new();
    let mut head_title = String::new();
    loop {
        let event = reader.read_event().map_err(xml::damaged)?;
        let is_empty = matches!(event, Event::Empty(_));
        let more = match event {
            Event::Start(start) | Event::Empty(start) => {
                let name = xml::local(start.name().as_ref()).to_owned();
                let attribute = |name: &str| {
                    xml::attribute(&start, name).filter(|value| !value.trim().is_empty())
                };
                match name.as_str() {
                    "date.issue" => found.published = attribute("norm").map(|d| day(&d)),
                    "pubdata" => {
                        found.outlet = attribute("name").or(found.outlet.take());
                        let date = attribute("date.publication").map(|d| day(&d));
                        found.published = found.published.take().or(date);
                        found.url = attribute("ex-ref").or(found.url.take());
                    }
                    "doc-id" => found.id = attribute("id-string").or(found.id.take()),
                    "doc.copyright" => {
                        found.outlet = found.outlet.take().or(attribute("holder"));
                    }
                    _ => {}
                }
                if BLOCKS.contains(&name.as_str()) {
                    end_block(&mut text);
                }
                if name == "br" {
                    text.push('\n');
                }
                if !is_empty {
                    path.push(name);
                    if path.len() > limits.elements {
                        return Err(limits.elements_too_deep());
                    }
                }
                continue;
            }
            Event::End(_) => {
                if path.pop().is_some_and(|name| BLOCKS.contains(&name.as_str())) {
                    end_block(&mut text);
                }
                continue;
            }
            Event::Text(more) => more.to_string(),
            Event::CData(more) => more.to_string(),
            Event::GeneralRef(name) => xml::unescape(&format!("&{};", &*name)),
            Event::Eof if path.is_empty() => break,
            Event::Eof => return Err(Error::damaged("ends too early")),
            _ => continue,
        };
        let is_in = |name: &str| path.iter().any(|element| element == name);
        if is_in("head") {
            if is_in("title") {
                head_title.push_str(&more);
            }
            continue;
        }
        if is_in("media") || is_in("note") {
            continue;
        }
        if is_in("distributor") {
            found.via.get_or_insert_default().push_str(&more);
            continue;
        }
        if is_in("hl1") {
            title.push_str(&more);
        }
        if is_in("byline") && !is_in("byttl") {
            byline.push_str(&more);
        }
        push_flowing(&mut text, &more);
    }
    let line = |text: &str| Some(xml::one_line(text)).filter(|text| !text.is_empty());
    found.title = line(&title).or_else(|| line(&head_title));
    found.byline = line(&byline).map(|byline| without_by(&byline)).into_iter().collect();
    found.via = found.via.as_deref().and_then(line);
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::damaged("is NITF without text"));
    }
    if text.len() > limits.document {
        return Err(limits.document_too_large());
    }
    found.body = Body::text(text.to_owned());
    Ok(found)
}

/// White space of the source means a space.
fn push_flowing(text: &mut String, more: &str) {
    for (i, word) in more.split(char::is_whitespace).enumerate() {
        if i > 0 && !text.is_empty() && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(word);
    }
}

fn end_block(text: &mut String) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push_str("\n\n");
    }
}

/// `20240305T101500Z` with its dashes and colons; anything else stays.
fn day(date: &str) -> String {
    let digits = date.bytes().take_while(u8::is_ascii_digit).count();
    match (date.get(..4), date.get(4..6), date.get(6..8), date.get(8..)) {
        (Some(year), Some(month), Some(day), Some(rest)) if digits == 8 => {
            let time = rest.strip_prefix('T').filter(|time| time.len() >= 6);
            let time = time.and_then(|time| {
                Some(format!(
                    "T{}:{}:{}",
                    time.get(..2)?,
                    time.get(2..4)?,
                    time.get(4..)?
                ))
            });
            format!("{year}-{month}-{day}{}", time.unwrap_or_default())
        }
        _ => date.to_owned(),
    }
}
