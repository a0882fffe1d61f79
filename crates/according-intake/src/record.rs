//! A text or page with what came with it.

use std::fmt;

use according_container::{Body, Document, Media, Page};
use serde::{Deserialize, Deserializer};

use crate::decode::{decode, decode_declared, decode_page};

/// A text or page, decoded, and what came with it.
///
/// It is read from a line of JSON as well: `{"text": …}` or `{"html": …}`, and all that is
/// known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Record {
    /// The name it came with.
    #[serde(default, deserialize_with = "id")]
    pub id: Option<String>,
    /// The article as text.
    #[serde(default)]
    pub text: Option<String>,
    /// The page it stands in, where it came as one.
    #[serde(default)]
    pub html: Option<String>,
    /// Where it was published.
    #[serde(default)]
    pub url: Option<String>,
    /// Who publishes it.
    #[serde(default)]
    pub outlet: Option<String>,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its authors.
    #[serde(default, deserialize_with = "byline")]
    pub byline: Vec<String>,
    /// When it was published, as it was written.
    #[serde(default)]
    pub published: Option<String>,
    /// Whom it was taken over from.
    #[serde(default)]
    pub via: Option<String>,
    /// Where it stands in its container.
    #[serde(skip)]
    pub locator: Option<String>,
    /// Which bytes of the text stand on which page of a paper.
    #[serde(skip)]
    pub pages: Vec<Page>,
    /// Worth telling the user.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// Why there is no report on a document.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A line that is no usable JSON object: the column, and what is wrong there.
    Line(usize, String),
    /// A JSON object with neither text nor page.
    Empty,
    /// A page beyond a limit.
    Page(according_page::Error),
    /// A text that is more than a document can hold.
    Text(according_nlp::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(column, message) => {
                write!(f, "no usable JSON object, at column {column}: {message}")
            }
            Self::Empty => f.write_str("the object has no \"text\" and no \"html\""),
            Self::Page(error) => error.fmt(f),
            Self::Text(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Page(error) => Some(error),
            Self::Text(error) => Some(error),
            Self::Line(..) | Self::Empty => None,
        }
    }
}

impl Record {
    /// What a container handed over, decoded. Has a text or a page.
    ///
    /// # Errors
    ///
    /// When it is a line of JSON that holds none.
    pub fn of(document: Document) -> Result<Self, Error> {
        let Document { place, id, body, url, outlet, title, byline, published, via } =
            document;
        let locator = (!place.steps.is_empty()).then(|| place.to_string());
        let Body { media, bytes, charset, pages } = body;
        let record = Self {
            id,
            url,
            outlet,
            title,
            byline,
            published,
            via,
            locator,
            pages,
            ..Self::default()
        };
        match media {
            Media::Text => {
                let (text, note) = decode_declared(bytes, charset.as_deref());
                let notes = note.into_iter().collect();
                Ok(Self { text: Some(text), notes, ..record })
            }
            // Which of a page is the article is told by whoever reads it.
            Media::Html => {
                let (html, note) = decode_page(bytes, charset.as_deref());
                let notes = note.into_iter().collect();
                Ok(Self { html: Some(html), notes, ..record })
            }
            Media::Record => {
                let (text, note) = decode(bytes);
                let notes = note.into_iter().collect();
                Ok(Self { locator: record.locator, notes, ..Self::of_json(&text)? })
            }
        }
    }

    /// The text of a JSON object and what it tells of it.
    ///
    /// # Errors
    ///
    /// When it is none, or holds neither text nor page.
    pub fn of_json(text: &str) -> Result<Self, Error> {
        let record: Self = serde_json::from_str(text).map_err(|error| {
            // Each line is a text of its own for the parser, which would speak of "line 1".
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            Error::Line(error.column(), message.to_owned())
        })?;
        match record.text.is_none() && record.html.is_none() {
            true => Err(Error::Empty),
            false => Ok(record),
        }
    }
}

/// Ids are strings, but numbers are common.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(Option::<Id>::deserialize(deserializer)?.map(|id| match id {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    }))
}

/// One author, or a list of them.
fn byline<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Byline {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::<Byline>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Byline::One(name)) => vec![name],
        Some(Byline::Many(names)) => names,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(json: &str) -> Result<Record, String> {
        Record::of_json(json).map_err(|e| e.to_string())
    }

    #[test]
    fn a_line_is_a_text_with_what_is_known_of_it() {
        let text = || Some("x".to_owned());
        assert_eq!(
            line(r#"{"text": "x"}"#),
            Ok(Record { text: text(), ..<_>::default() })
        );
        let record = line(r#"{"text": "x", "id": 7, "byline": "A. Roe", "other": []}"#);
        assert_eq!(
            record,
            Ok(Record {
                text: text(),
                id: Some("7".into()),
                byline: vec!["A. Roe".into()],
                ..<_>::default()
            })
        );
        assert!(line(r#"{"text": "x", "byline": null, "id": null}"#).is_ok());
        assert!(line(r#"{"html": "<p>"}"#).is_ok());
        assert_eq!(line("{}"), Err("the object has no \"text\" and no \"html\"".into()));
        assert!(
            line("[1").unwrap_err().starts_with("no usable JSON object, at column 2")
        );
        assert!(line(r#"{"text": 3}"#).is_err());
    }
}
