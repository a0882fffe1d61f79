//! Who may ask, and what every answer says of itself.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::App;
use crate::api::with_tag;
use crate::problem::Problem;

/// The cookie of a browser that knows the token.
const COOKIE: &str = "according";

/// Where one may go without the token.
const OPEN: [&str; 4] = ["/healthz", "/readyz", "/login", "/assets/"];

/// What is compared with what is sent.
#[derive(Debug)]
pub(crate) struct Guard {
    /// Digests, so that neither lengths nor first bytes show in how long it takes.
    token: Option<[u8; 32]>,
    session: String,
    names: Vec<String>,
}

impl Guard {
    pub(crate) fn new(token: Option<String>, names: Vec<String>) -> Self {
        let mut random = [0_u8; 32];
        // Without random numbers there are no sessions: nobody can know what follows.
        let known = getrandom::fill(&mut random).is_ok();
        let session = match known {
            true => URL_SAFE_NO_PAD.encode(random),
            false => String::new(),
        };
        Self { token: token.map(|token| Sha256::digest(token).into()), session, names }
    }

    /// Whether somebody knows the token.
    pub(crate) fn knows(&self, token: &str) -> bool {
        let sent: [u8; 32] = Sha256::digest(token).into();
        self.token.is_none_or(|token| token.ct_eq(&sent).into())
    }

    /// What a browser that has told the token is given to keep: good until the server ends.
    pub(crate) fn cookie(&self) -> String {
        format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", self.session)
    }

    fn admits(&self, headers: &HeaderMap, path: &str) -> bool {
        let is_open = OPEN.iter().any(|open| match open.ends_with('/') {
            true => path.starts_with(open),
            false => path == *open,
        });
        if is_open || self.token.is_none() {
            return true;
        }
        let text =
            |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if let Some(bearer) =
            text(header::AUTHORIZATION).and_then(|v| v.strip_prefix("Bearer "))
        {
            return self.knows(bearer.trim());
        }
        let cookies = text(header::COOKIE).unwrap_or_default().split(';');
        let mut named = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        let sent = named.find(|(name, _)| *name == COOKIE).map(|(_, value)| value);
        let is_session =
            |sent: &str| sent.as_bytes().ct_eq(self.session.as_bytes()).into();
        !self.session.is_empty() && sent.is_some_and(is_session)
    }

    /// Whether the server is called by a name of its own. A page of somebody else's can make
    /// its own name mean this machine, but not make a browser send another name.
    fn is_called(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        let digits = name.trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost")
            || digits.parse::<IpAddr>().is_ok()
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Whether a page of another site stands behind a request.
fn is_foreign(method: &Method, headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_safe = matches!(*method, Method::GET | Method::HEAD);
    let site = text("sec-fetch-site").unwrap_or("none");
    let is_navigation = text("sec-fetch-mode") == Some("navigate");
    let is_own = matches!(site, "none" | "same-origin");
    // A page elsewhere may link here, and no more.
    let is_link = is_safe && is_navigation;
    if !is_own && !is_link {
        return true;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let origin = origin.to_str().ok().and_then(|o| o.parse::<Uri>().ok());
    let authority = origin.as_ref().and_then(Uri::authority);
    !authority.is_some_and(|origin| origin.as_str().eq_ignore_ascii_case(host))
}

/// Looks at every request before it is answered, and at every answer before it goes out.
pub(crate) async fn watch(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>();
    let route =
        route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let wants_page = wants_page(request.headers());
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = match refusal(&app.guard, &request) {
        Some(problem) if problem.status == 401 && wants_page => {
            axum::response::Redirect::to("/login").into_response()
        }
        Some(problem) => problem.into_response(),
        None => match tokio::time::timeout(app.limits.time, next.run(request)).await {
            Ok(response) if method == Method::GET => tag(known.as_ref(), response).await,
            Ok(response) => response,
            Err(_) => Problem::late().into_response(),
        },
    };
    finish(&mut response);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    app.metrics.count(&route, status, took);
    if app.journal {
        crate::journal::tell(method.as_str(), &path, status, took);
    }
    response
}

/// Gives a page its tag. Answers to programs have theirs already.
async fn tag(known: Option<&HeaderValue>, response: Response) -> Response {
    let media = response.headers().get(header::CONTENT_TYPE);
    let is_page = media.is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
    let size = response.body().size_hint().exact();
    if response.status() != StatusCode::OK || !is_page || size.is_none() {
        return response;
    }
    let (parts, body) = response.into_parts();
    // It is in memory as a whole, so that this cannot fail.
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut tagged = with_tag(known, body);
    tagged.headers_mut().extend(parts.headers);
    tagged
}

fn refusal(guard: &Guard, request: &Request) -> Option<Problem> {
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host.filter(|host| hosts == 1 && guard.is_called(host)) else {
        return Some(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host",
            "Wrong name",
            "the server does not go by the name in 'Host'; '--name NAME' makes it one",
        ));
    };
    if is_foreign(request.method(), headers, host) {
        return Some(Problem::new(
            StatusCode::FORBIDDEN,
            "cross-site",
            "From another site",
            "pages of other sites may not ask here",
        ));
    }
    if !guard.admits(headers, request.uri().path()) {
        return Some(Problem::new(
            StatusCode::UNAUTHORIZED,
            "token",
            "Token needed",
            "send 'Authorization: Bearer TOKEN', or log in at /login",
        ));
    }
    None
}

/// Whether a person looks at the answer.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // With "no-referrer" browsers hide the origin of forms even from their own site.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// What a page may load: the style and script of the server, and nothing else.
pub(crate) fn policy(more_style: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'{more_style}; script-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

fn finish(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&policy(""))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_its_own_are_answered() {
        let guard = Guard::new(None, vec!["news.example".into()]);
        for good in
            ["localhost", "localhost:8", "127.0.0.1:80", "[::1]:80", "News.example"]
        {
            assert!(guard.is_called(good), "{good}");
        }
        for bad in
            ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:1"]
        {
            assert!(!guard.is_called(bad), "{bad}");
        }
    }

    #[test]
    fn a_token_is_known_or_not() {
        let guard = Guard::new(Some("open sesame".into()), Vec::new());
        assert!(guard.knows("open sesame"));
        assert!(!guard.knows("open sesam") && !guard.knows(""));
    }
}
