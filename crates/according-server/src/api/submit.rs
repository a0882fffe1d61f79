//! Texts that are sent: to be read, or to be kept.

use std::sync::Arc;
use std::time::{Duration, Instant};

use according::report::{Options, Report};
use according_container::{Documents, Form, Limits as ContainerLimits};
use according_intake::{Given, Reading, Record};
use according_nlp::{Pipeline, Worker};
use according_page::Limits as PageLimits;
use according_store::{Added, Name};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::asked::{Asked, day};
use super::{Answer, json, lines, wants_lines};
use crate::App;
use crate::problem::Problem;

/// How long whoever reads an answer line by line may take for one.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The name of the file, where there is one.
    pub(crate) name: String,
    pub(crate) form: Option<Form>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) given: Given,
    pub(crate) min_confidence: f32,
}

/// What is said of a text in the query.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) min_confidence: Option<f32>,
}

impl About {
    pub(crate) fn given(&self) -> Result<Given, Problem> {
        let own = |text: &Option<String>| {
            text.as_ref()
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        Ok(Given {
            title: own(&self.title),
            outlet: own(&self.outlet),
            published: day(self.published.clone())?,
        })
    }
}

async fn sent(app: &App, about: About, request: Request) -> Result<Sent, Problem> {
    let media = request.headers().get(header::CONTENT_TYPE);
    let media = media.and_then(|media| media.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let form = match media.as_str() {
        "application/json" => Some(Form::Json),
        "application/x-ndjson" | "application/jsonl" => Some(Form::Lines),
        "application/x-www-form-urlencoded" | "multipart/form-data" => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media",
                "Not read",
                "send the text itself, as text/plain, text/html or application/json",
            ));
        }
        media => Form::of_media(media),
    };
    let bytes = axum::body::to_bytes(request.into_body(), app.limits.body).await;
    let bytes = bytes.map_err(|error| body_problem(app, &error))?;
    if bytes.is_empty() {
        return Err(Problem::malformed("the request has no body: send a text or page"));
    }
    let min_confidence = about.min_confidence.unwrap_or(0.0);
    if !(0.0..=1.0).contains(&min_confidence) {
        return Err(Problem::malformed("min_confidence is not from 0 to 1"));
    }
    Ok(Sent {
        given: about.given()?,
        name: about.name.unwrap_or_else(|| "text".to_owned()),
        form,
        bytes: bytes.into(),
        min_confidence,
    })
}

/// Why a body did not come in.
fn body_problem(app: &App, error: &axum::Error) -> Problem {
    let text = error.to_string();
    match text.contains("length limit") {
        true => Problem::too_large(app.limits.body),
        false => Problem::malformed(format!("the body broke off: {text}")),
    }
}

/// A text that was read, or why it was not.
type Outcome = Result<(Name, Reading, Vec<String>), Failed>;

/// A text that could not be read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Failed {
    pub(crate) name: String,
    pub(crate) error: String,
}

/// Reads all that was sent, one text after another, until `each` has had enough.
fn read_all(
    app: &App,
    sent: Sent,
    (worker, pipeline): (&mut Worker<'_>, &Pipeline),
    mut each: impl FnMut(Outcome) -> bool,
) {
    let limits = ContainerLimits {
        document: app.limits.body,
        whole: app.limits.body,
        ..ContainerLimits::default()
    };
    let page_limits = PageLimits { size: app.limits.body, ..PageLimits::default() };
    let options = Options { min_confidence: sent.min_confidence, ..Options::default() };
    let bytes = std::io::Cursor::new(sent.bytes);
    for document in Documents::read(&sent.name, bytes, sent.form, limits) {
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
            let url = record.url.clone();
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
        if !each(one()) {
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
    let called = match (stem, title) {
        ("text", Some(title)) => slug(&title),
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
        read_all(&shared, sent, (worker, pipeline), |outcome| {
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

/// `POST /api/read`: reports on what is sent, and nothing is kept.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(about): Asked<About>,
    request: Request,
) -> Answer {
    let sent = sent(&app, about, request).await?;
    if !wants_lines(&headers) {
        return json(&headers, &report(&app, sent).await?);
    }
    let (send, receive) = tokio::sync::mpsc::channel(8);
    let shared = Arc::clone(&app);
    app.readers.submit(move |worker, pipeline| {
        read_all(&shared, sent, (worker, pipeline), |outcome| {
            let line = match outcome {
                Ok((_, reading, _)) => serde_json::to_vec(&reading.report),
                Err(failed) => serde_json::to_vec(&failed),
            };
            hand_over(&send, line.unwrap_or_default())
        });
    })?;
    Ok(lines(receive))
}

/// Hands a line to whoever reads the answer; false when nobody does any more. A reader that
/// is too slow must not keep a thread from reading for others.
fn hand_over(
    send: &tokio::sync::mpsc::Sender<Result<Vec<u8>, std::io::Error>>,
    mut line: Vec<u8>,
) -> bool {
    use tokio::sync::mpsc::error::TrySendError;
    line.push(b'\n');
    let begun = Instant::now();
    let mut waiting = Ok(line);
    loop {
        match send.try_send(waiting) {
            Ok(()) => return true,
            Err(TrySendError::Full(line)) if begun.elapsed() < PATIENCE => {
                waiting = line;
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(_) => return false,
        }
    }
}

/// What became of one text that was to be kept.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Kept {
    /// It is in the corpus.
    Added {
        /// What it is called there.
        #[serde(rename = "ref")]
        reference: String,
        title: Option<String>,
        added: &'static str,
        claims: usize,
        notes: Vec<String>,
    },
    /// It could not be read.
    Failed(Failed),
}

/// Reads what was sent and keeps it.
pub(crate) async fn keep(app: &Arc<App>, sent: Sent) -> Result<Vec<Kept>, Problem> {
    let shared = Arc::clone(app);
    let read = app.readers.read(move |worker, pipeline| {
        let mut kept: Vec<Kept> = Vec::new();
        let mut problem = None;
        read_all(&shared, sent, (worker, pipeline), |outcome| {
            let (name, reading, notes) = match outcome {
                Ok(read) => read,
                Err(failed) => {
                    kept.push(Kept::Failed(failed));
                    return true;
                }
            };
            let added = shared.shelf.write_now(|store| {
                let print = reading.fingerprint();
                let added = store.add(&name, &reading.report, &print)?;
                Ok((added, store.called(&name.identity, &reading.report.article.id)?))
            });
            match added {
                Ok((added, called)) => {
                    kept.push(Kept::Added {
                        reference: called.unwrap_or(name.reference),
                        title: reading.report.article.title,
                        added: word(added),
                        claims: reading.report.claims.len(),
                        notes,
                    });
                    true
                }
                Err(error) => {
                    problem = Some(error);
                    false
                }
            }
        });
        problem.map_or(Ok(kept), Err)
    });
    let kept = read.await??;
    // Asking is quick afterwards.
    app.shelf.write(|store| store.settle()).await?;
    Ok(kept)
}

fn word(added: Added) -> &'static str {
    match added {
        Added::New => "new",
        Added::Changed => "changed",
        Added::Known => "known",
    }
}

#[derive(Serialize)]
struct Items {
    items: Vec<Kept>,
}

/// `POST /api/articles`: reads what is sent and keeps it.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(about): Asked<About>,
    request: Request,
) -> Answer {
    let sent = sent(&app, about, request).await?;
    let items = keep(&app, sent).await?;
    if let [Kept::Failed(failed)] = items.as_slice() {
        return Err(Problem::unreadable(failed.error.clone()));
    }
    if items.is_empty() {
        return Err(Problem::unreadable("there is nothing in it that is read"));
    }
    let is_new = |kept: &Kept| matches!(kept, Kept::Added { added: "new", .. });
    let status = match items.iter().any(is_new) {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let answer = json(&headers, &Items { items })?;
    Ok((status, answer).into_response())
}
