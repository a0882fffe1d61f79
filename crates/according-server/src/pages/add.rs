//! Adding articles from a browser.

use std::sync::Arc;
use std::time::Duration;

use according_container::Form;
use according_view::{Desk, Item, Outcome, add_page, article_page, job_page};
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{Shown, page, styled};
use crate::App;
use crate::api::submit::About;
use crate::jobs::{Kept, Part, Room, fetch, start};
use crate::problem::Problem;
use crate::reading::{Failed, Sent, report};

/// How long a person looks at a page that was sent off before another says how far it is:
/// most articles are kept by then.
const MOMENT: Duration = Duration::from_millis(700);
/// So many addresses are taken from one form.
const ADDRESSES: usize = 50;

pub(crate) async fn form(State(app): State<Arc<App>>) -> Response {
    page(add_page(app.fetch.is_some(), None))
}

/// What a form held.
#[derive(Default)]
struct Filled {
    text: String,
    addresses: String,
    files: Vec<(String, Vec<u8>)>,
    about: About,
    only_read: bool,
}

/// Reads what a form holds, and keeps it unless it is only to be read.
pub(crate) async fn submit(State(app): State<Arc<App>>, request: Request) -> Shown {
    let room = app.jobs.room(&app, request.headers())?;
    let form = Multipart::from_request(request, &()).await;
    let form = form.map_err(|error| Problem::malformed(error.body_text()))?;
    let filled = fill(&app, form).await?;
    let only_read = filled.only_read;
    let mut parts = parts(filled, &room)?;
    if parts.is_empty() {
        let problem = "There is neither a text nor a file nor an address.";
        let html = add_page(app.fetch.is_some(), Some(problem));
        return Ok((StatusCode::BAD_REQUEST, page(html)).into_response());
    }
    if only_read {
        let sent = match parts.swap_remove(0) {
            Part::Sent(sent) => sent,
            Part::Address(address, given) => {
                let sent = fetch(&app, &address, given).await;
                sent.map_err(|why| Problem::unreadable(format!("{address}: {why}")))?
            }
        };
        let report = report(&app, sent).await?;
        let (html, style) = article_page(&report, None, &Desk::default());
        return Ok(styled(html, &style));
    }
    let job = start(&app, parts)?;
    let _ = tokio::time::timeout(MOMENT, job.ended()).await;
    Ok(Redirect::to(&format!("/add/{}", job.id)).into_response())
}

/// What is to be read, as far as anything is.
fn parts(filled: Filled, room: &Arc<Room>) -> Result<Vec<Part>, Problem> {
    let given = filled.about.given()?;
    let sent = |name: String, form: Option<Form>, bytes: Vec<u8>| {
        Part::Sent(Sent {
            name,
            form,
            bytes,
            given: given.clone(),
            min_confidence: 0.0,
            found_at: None,
            room: Some(Arc::clone(room)),
        })
    };
    let mut parts = Vec::new();
    if !filled.text.trim().is_empty() {
        parts.push(sent("text".to_owned(), Some(Form::Text), filled.text.into_bytes()));
    }
    let files = filled.files.into_iter();
    parts.extend(files.map(|(name, bytes)| sent(name, None, bytes)));
    let addresses = filled.addresses.split_whitespace().take(ADDRESSES);
    parts.extend(
        addresses.map(|address| Part::Address(address.to_owned(), given.clone())),
    );
    Ok(parts)
}

/// How far a job is.
pub(crate) async fn job(State(app): State<Arc<App>>, Path(id): Path<String>) -> Shown {
    let job = app.jobs.find(&id).ok_or_else(|| {
        Problem::not_found(
            "what was added here is done and forgotten; the search has the articles",
        )
    })?;
    let told = job.told(0);
    let progress = told.progress();
    let items: Vec<Item> = told.into_items().into_iter().map(item).collect();
    Ok(page(job_page(&progress, &items)))
}

fn item(kept: Kept) -> Item {
    match kept {
        Kept::Added { reference, title, added, claims, notes } => Item {
            name: reference,
            outcome: Outcome::Kept { title, added, claims, notes },
        },
        Kept::Failed(Failed { name, error }) => {
            Item { name, outcome: Outcome::Failed(error) }
        }
    }
}

async fn fill(app: &App, mut form: Multipart) -> Result<Filled, Problem> {
    let problem = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(app.limits.body),
        _ => Problem::malformed(error.body_text()),
    };
    let mut filled = Filled::default();
    while let Some(field) = form.next_field().await.map_err(problem)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            // A name is a name and no path, whatever a browser sends.
            let file = field.file_name().unwrap_or_default();
            let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(problem)?;
            if !bytes.is_empty() {
                let file = if file.is_empty() { "file".to_owned() } else { file };
                filled.files.push((file, bytes.into()));
            }
            continue;
        }
        let value = field.text().await.map_err(problem)?;
        match name.as_str() {
            "text" => filled.text = value,
            "address" => filled.addresses = value,
            "title" => filled.about.title = Some(value),
            "outlet" => filled.about.outlet = Some(value),
            "published" => filled.about.published = Some(value),
            "do" => filled.only_read = value == "read",
            _ => {}
        }
    }
    Ok(filled)
}
