//! What was sent, and the reports on the texts in it.

use std::sync::Arc;

use according::report::{Options, Report};
use according_container::{Documents, Form, Limits as ContainerLimits};
use according_intake::{Given, Reading, Record};
use according_nlp::{Pipeline, Worker};
use according_page::Limits as PageLimits;
use according_store::Name;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::jobs::Room;
use crate::problem::Problem;

/// Something that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The name of the file, where there is one.
    pub(crate) name: String,
    pub(crate) form: Option<Form>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) given: Given,
    pub(crate) min_confidence: f32,
    /// Where it was fetched from and in which encoding, if it was.
    pub(crate) found_at: Option<(String, Option<String>)>,
    /// Its room among all that is held in memory.
    pub(crate) room: Option<Arc<Room>>,
}

/// A text that was read, or why it was not.
pub(crate) type Outcome = Result<(Name, Reading, Vec<String>), Failed>;

/// A text that could not be read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Failed {
    pub(crate) name: String,
    pub(crate) error: String,
}

/// Reads all that was sent, one text after another, until `each` has had enough. It is told
/// how many bytes were read so far.
pub(crate) fn read_all(
    app: &App,
    sent: Sent,
    (worker, pipeline): (&mut Worker<'_>, &Pipeline),
    mut each: impl FnMut(Outcome, u64) -> bool,
) {
    let limits = ContainerLimits {
        document: app.limits.body,
        whole: app.limits.body,
        ..ContainerLimits::default()
    };
    let page_limits = PageLimits { size: app.limits.body, ..PageLimits::default() };
    let options = Options { min_confidence: sent.min_confidence, ..Options::default() };
    // Given back when all is read.
    let _room = sent.room;
    let bytes = std::io::Cursor::new(sent.bytes);
    let mut documents = Documents::read(&sent.name, bytes, sent.form, limits);
    if let Some((url, charset)) = sent.found_at {
        documents = documents.found_at(url, charset);
    }
    while let Some(document) = documents.next() {
        let one = || -> Outcome {
            let document = document.map_err(|failure| Failed {
                name: failure.place.to_string(),
                error: failure.error.to_string(),
            })?;
            let place = document.place.to_string();
            let failed = |error: according_intake::Error| Failed {
                name: place.clone(),
                error: error.to_string(),
            };
            let mut record = Record::of(document).map_err(failed)?;
            let id = record.id.clone().filter(|id| !id.trim().is_empty());
            let url = record.url.clone().filter(|url| !url.trim().is_empty());
            let called = record.title.clone().or_else(|| sent.given.title.clone());
            let article = record.article(place.clone(), &sent.given, &page_limits);
            let reading = article.and_then(|article| {
                article.read(Some((&mut *worker, pipeline)), &options)
            });
            let reading = reading.map_err(failed)?;
            if reading.report.article.text.trim().is_empty() {
                record.notes.push("there is no text in it".to_owned());
            }
            let name = name(id, url, called, &place, &reading.report);
            Ok((name, reading, std::mem::take(&mut record.notes)))
        };
        let outcome = one();
        if !each(outcome, documents.bytes_read()) {
            return;
        }
    }
}

/// What an article is called and known by: its id, its address, or else its text.
fn name(
    id: Option<String>,
    url: Option<String>,
    title: Option<String>,
    place: &str,
    report: &Report,
) -> Name {
    if let Some(id) = id {
        return Name { identity: format!("id {id}"), reference: id };
    }
    let stem = place.rsplit('/').next().unwrap_or(place);
    let stem = match stem.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() && !stem.contains('#') => stem,
        _ => stem,
    };
    let title = title.or_else(|| report.article.title.clone());
    let called = match (stem.trim(), title) {
        ("text" | "", Some(title)) => slug(&title),
        ("", None) => "text".to_owned(),
        (stem, _) => stem.to_owned(),
    };
    let identity = match url {
        Some(url) => format!("url {url}"),
        None => {
            let digest = Sha256::digest(&report.article.text);
            let digest: String =
                digest.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("text {digest}")
        }
    };
    Name { reference: called, identity }
}

/// A title as a name: its first words in small letters.
fn slug(title: &str) -> String {
    let words =
        title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(6).map(str::to_lowercase).collect();
    if words.is_empty() { "text".to_owned() } else { words.join("-") }
}

/// The report on one text that was sent, without keeping it.
pub(crate) async fn report(app: &Arc<App>, sent: Sent) -> Result<Report, Problem> {
    let shared = Arc::clone(app);
    let read = app.readers.read(move |worker, pipeline| {
        let mut found: Vec<Result<Report, Failed>> = Vec::new();
        read_all(&shared, sent, (worker, pipeline), |outcome, _| {
            found.push(outcome.map(|(_, reading, _)| reading.report));
            found.len() < 2
        });
        found
    });
    let mut found = read.await?;
    match (found.len(), found.pop()) {
        (1, Some(Ok(report))) => Ok(report),
        (1, Some(Err(failed))) => Err(Problem::unreadable(failed.error)),
        (0, _) => Err(Problem::unreadable("there is nothing in it that is read")),
        _ => Err(Problem::unreadable(
            "there is more than one text in it; ask with 'Accept: application/x-ndjson' \
             for a report a line",
        )),
    }
}
