//! The pages of the app. All are whole without a script.

mod add;
mod corpus;
mod dossier;
mod names;
mod place;
mod review;

use std::sync::Arc;

use according_store::{Error, Store};
use according_view::{SCRIPT, STYLE, login_page, message_page, script_path, style_path};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::App;
use crate::guard::{policy, wants_page};
use crate::problem::Problem;

pub(crate) fn routes() -> Router<Arc<App>> {
    let asset = |content: &'static str, media: &'static str| {
        get(async move || {
            // Its name changes with it.
            let headers = [
                (header::CONTENT_TYPE, media),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, content)
        })
    };
    Router::new()
        .route("/", get(corpus::search))
        .route("/claims", get(corpus::claims))
        .route("/claims/{id}", get(corpus::claim))
        .route("/articles/{ref}", get(corpus::article))
        .route("/sources", get(corpus::sources))
        .route("/timeline", get(corpus::timeline))
        .route("/actors", get(dossier::actor))
        .route("/map", get(place::map))
        .route("/review", get(review::queue).post(review::set_right))
        .route("/review/corrections", get(review::corrections))
        .route("/review/outlets", get(review::outlets))
        .route("/review/name", post(review::set_name))
        .route("/review/{id}", get(review::case))
        .route("/add", get(add::form).post(add::submit))
        .route("/add/{id}", get(add::job))
        .route("/login", get(async || page(login_page(false))).post(login))
        .route("/logout", post(logout))
        .route(&style_path(), asset(STYLE, "text/css; charset=utf-8"))
        .route(&script_path(), asset(SCRIPT, "text/javascript; charset=utf-8"))
}

/// A page, or a page that says what went wrong.
pub(crate) type Shown = Result<Response, Trouble>;

/// A problem that is told to a person.
#[derive(Debug)]
pub(crate) struct Trouble(Problem);

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut detail = self.0.detail;
        if let Some(first) = detail.get(..1).map(str::to_uppercase) {
            detail.replace_range(..1, &first);
        }
        detail.push('.');
        (status, page(message_page(self.0.title, &detail))).into_response()
    }
}

/// A page that is kept until the corpus changes, by what tells it from all others.
pub(crate) async fn kept(
    app: &App,
    name: String,
    html: impl FnOnce(&mut Store) -> Result<String, Error> + Send + 'static,
) -> Shown {
    let html = app.shelf.answer(name, |store| html(store).map(String::into_bytes));
    Ok(page(html.await?))
}

pub(crate) fn page(html: impl Into<Body>) -> Response {
    let html = html.into();
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

/// A page with a style of its own, which the policy allows by its digest.
pub(crate) fn styled(html: String, style: &str) -> Response {
    let mut response = page(html);
    if !style.is_empty() {
        let source = format!(" '{}'", according_view::style_source(style));
        if let Ok(policy) = HeaderValue::from_str(&policy(&source)) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}

/// Nothing is there.
pub(crate) async fn nowhere(request: Request) -> Response {
    let problem = Problem::not_found("there is nothing at this address");
    told(request.headers(), problem)
}

/// Something is there, and not for this method.
pub(crate) async fn not_so(request: Request) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "Not that way",
        "this address does not take that method",
    );
    told(request.headers(), problem)
}

fn told(headers: &HeaderMap, problem: Problem) -> Response {
    match wants_page(headers) {
        true => Trouble(problem).into_response(),
        false => problem.into_response(),
    }
}

/// Whoever tells the token gets a cookie for it.
async fn login(State(app): State<Arc<App>>, request: Request) -> Response {
    let body = axum::body::to_bytes(request.into_body(), 4096).await.unwrap_or_default();
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let token = fields.iter().find(|(name, _)| name == "token").map(|(_, token)| token);
    if !token.is_some_and(|token| app.guard.knows(token)) {
        // Guessing takes time.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        return (StatusCode::FORBIDDEN, page(login_page(true))).into_response();
    }
    ([(header::SET_COOKIE, app.guard.cookie())], Redirect::to("/")).into_response()
}

async fn logout() -> Response {
    let cookie = "according=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
    ([(header::SET_COOKIE, cookie)], Redirect::to("/login")).into_response()
}
