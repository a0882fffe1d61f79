//! Texts that are sent: to be read, or to be kept.

use std::sync::Arc;
use std::time::Duration;

use according_container::Form;
use according_intake::Given;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::asked::{Asked, day};
use super::stream::hand_over;
use super::{Answer, json, lines, push_line, wants_lines};
use crate::App;
use crate::jobs::{Job, Kept, Part, start};
use crate::problem::Problem;
use crate::reading::{Sent, read_all, report};

/// How long an answer waits for a job, unless the asker prefers otherwise.
const WAIT: Duration = Duration::from_secs(20);

/// What is said of a text in the query.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) min_confidence: Option<f64>,
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
    let room = app.jobs.room(app, request.headers())?;
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
        min_confidence: min_confidence as f32,
        found_at: None,
        room: Some(room),
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
        read_all(&shared, sent, (worker, pipeline), |outcome, _| {
            let line = match outcome {
                Ok((_, reading, _)) => serde_json::to_vec(&reading.report),
                Err(failed) => serde_json::to_vec(&failed),
            };
            let mut line = line.unwrap_or_default();
            line.push(b'\n');
            hand_over(&send, Ok(line))
        });
    })?;
    Ok(lines(receive))
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
    let job = start(&app, vec![Part::Sent(sent)])?;
    answer(&headers, job).await
}

/// What is to be fetched, and what is said of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToFetch {
    url: String,
    title: Option<String>,
    outlet: Option<String>,
    published: Option<String>,
}

/// `POST /api/fetch`: fetches a page or feed, reads it, and keeps it.
pub(crate) async fn fetch(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let body = super::small_json(request).await?;
    let malformed = |error: serde_json::Error| Problem::malformed(error.to_string());
    let asked: ToFetch = serde_json::from_value(body).map_err(malformed)?;
    let ToFetch { url, title, outlet, published } = asked;
    let about = About { title, outlet, published, ..About::default() };
    let part = Part::Address(url, about.given()?);
    let job = start(&app, vec![part])?;
    answer(&headers, job).await
}

/// How long an asker wants to wait, by RFC 7240.
fn patience(headers: &HeaderMap) -> Duration {
    let prefer = headers.get("prefer").and_then(|prefer| prefer.to_str().ok());
    let mut wishes = prefer.unwrap_or_default().split([',', ';']).map(str::trim);
    let wait = wishes.find_map(|wish| match wish {
        "respond-async" => Some(0),
        wish => wish.strip_prefix("wait=")?.trim().parse().ok(),
    });
    wait.map_or(WAIT, Duration::from_secs).min(Duration::from_secs(90))
}

/// What became of a job: all of it where that does not take long, else where to ask.
async fn answer(headers: &HeaderMap, job: Arc<Job>) -> Answer {
    if wants_lines(headers) {
        return Ok(stream(job));
    }
    let done = tokio::time::timeout(patience(headers), job.ended()).await;
    if done.is_err() {
        let mut response = json(headers, &job.told(0))?;
        *response.status_mut() = StatusCode::ACCEPTED;
        if let Ok(place) = HeaderValue::from_str(&format!("/api/jobs/{}", job.id)) {
            response.headers_mut().insert(header::LOCATION, place);
        }
        return Ok(response);
    }
    if let Some(problem) = job.problem() {
        return Err(problem);
    }
    let items = job.items(0);
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
    let mut response = json(headers, &Items { items })?;
    *response.status_mut() = status;
    Ok(response)
}

/// What becomes of each text, as it is read. The job goes on when nobody listens any more.
fn stream(job: Arc<Job>) -> Response {
    let (send, receive) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        let mut told = 0;
        loop {
            // Looked at before what came is taken, so that nothing is missed in between.
            let is_over = job.is_over();
            let items = job.items(told);
            told += items.len();
            let mut lines = Vec::new();
            for item in &items {
                push_line(&mut lines, item);
            }
            if is_over && let Some(problem) = job.problem() {
                push_line(&mut lines, &problem);
            }
            if !lines.is_empty() && send.send(Ok(lines)).await.is_err() || is_over {
                return;
            }
            job.changed(told).await;
        }
    });
    lines(receive)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    after: Option<usize>,
}

/// How far a job is.
pub(crate) async fn job(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Asked(since): Asked<Since>,
) -> Answer {
    let job = app.jobs.find(&id).ok_or_else(|| {
        Problem::not_found(
            "there is no such job; those that ended long ago are forgotten",
        )
    })?;
    json(&headers, &job.told(since.after.unwrap_or(0)))
}
