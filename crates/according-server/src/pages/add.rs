//! Adding articles from a browser.

use std::sync::Arc;

use according_container::Form;
use according_view::{Item, Outcome, add_page, added_page, article_page};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::{Shown, page, styled};
use crate::App;
use crate::api::submit::{About, Failed, Kept, Sent, keep, report};
use crate::problem::Problem;

pub(crate) async fn form() -> Response {
    page(add_page(None))
}

/// What a form held.
#[derive(Default)]
struct Filled {
    text: String,
    files: Vec<(String, Vec<u8>)>,
    about: About,
    only_read: bool,
}

/// Reads what a form holds, and keeps it unless it is only to be read.
pub(crate) async fn submit(State(app): State<Arc<App>>, form: Multipart) -> Shown {
    let filled = fill(&app, form).await?;
    let given = filled.about.given()?;
    let mut sent: Vec<Sent> = Vec::new();
    let mut add = |name: String, form: Option<Form>, bytes: Vec<u8>| {
        sent.push(Sent { name, form, bytes, given: given.clone(), min_confidence: 0.0 });
    };
    if !filled.text.trim().is_empty() {
        add("text".to_owned(), Some(Form::Text), filled.text.into_bytes());
    }
    for (name, bytes) in filled.files {
        add(name, None, bytes);
    }
    if sent.is_empty() {
        let html = add_page(Some("There is neither a text nor a file."));
        return Ok((StatusCode::BAD_REQUEST, page(html)).into_response());
    }
    if filled.only_read {
        let first = sent.swap_remove(0);
        let (html, style) = article_page(&report(&app, first).await?, false);
        return Ok(styled(html, &style));
    }
    let mut items = Vec::new();
    for sent in sent {
        let name = sent.name.clone();
        match keep(&app, sent).await {
            Ok(kept) if kept.is_empty() => {
                let error = "there is nothing in it that is read".to_owned();
                items.push(item(Kept::Failed(Failed { name, error })));
            }
            Ok(kept) => items.extend(kept.into_iter().map(item)),
            Err(problem) if items.is_empty() => return Err(problem.into()),
            Err(problem) => {
                let error = problem.detail.clone();
                items.push(item(Kept::Failed(Failed { name, error })));
            }
        }
    }
    Ok(page(added_page(&items)))
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
            "title" => filled.about.title = Some(value),
            "outlet" => filled.about.outlet = Some(value),
            "published" => filled.about.published = Some(value),
            "do" => filled.only_read = value == "read",
            _ => {}
        }
    }
    Ok(filled)
}
