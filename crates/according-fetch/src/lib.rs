//! One web resource, fetched with care, for people who ask for it.
//!
//! Nothing is fetched but what was asked for, the `robots.txt` of its site, and where
//! redirects lead. Everything is bounded: time, size, redirects. Addresses that are not
//! public are refused, by the address that is connected to and not by a name that may stand
//! for another one a moment later. Proxies are not used, since the rule would see the
//! address of the proxy.

mod address;
mod error;
mod robots;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::{Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::Url;

pub use address::is_public;
pub use error::Error;
pub use robots::Robots;

/// By this name sites know the program in their `robots.txt`.
pub const TOKEN: &str = "according";

/// Redirects are followed so often.
pub const REDIRECTS: usize = 5;

/// How things are fetched.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long one resource may take, with everything on the way to it.
    pub timeout: Duration,
    /// Bytes of one resource, as they are sent.
    pub size: usize,
    /// Whether addresses that are not public are connected to.
    pub allow_private: bool,
    /// Whether `robots.txt` is left aside, for those who have permission.
    pub ignore_robots: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            size: 64 << 20,
            allow_private: false,
            ignore_robots: false,
        }
    }
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was found in the end.
    pub url: String,
    /// Its media type, in lower case and without parameters; empty when not told.
    pub media: String,
    /// The encoding of its text, as the server tells it.
    pub charset: Option<String>,
    /// As it was sent: may be packed by gzip.
    pub bytes: Vec<u8>,
}

/// Whether an argument asks for something to be fetched.
pub fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|s| {
        s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https")
    })
}

/// Fetches, and remembers what sites allow.
#[derive(Debug)]
pub struct Fetcher {
    options: Options,
    agent: Agent,
    robots: BTreeMap<String, Robots>,
}

impl Fetcher {
    /// One that asks no site for anything yet.
    pub fn new(options: Options) -> Self {
        let config = Config::builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .user_agent(concat!("according/", env!("CARGO_PKG_VERSION")))
            .accept("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8")
            .accept_encoding("gzip")
            .max_response_header_size(64 << 10)
            .build();
        let resolver =
            PublicOnly { allow_private: options.allow_private, default: <_>::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { options, agent, robots: BTreeMap::new() }
    }

    /// Fetches one resource.
    pub fn fetch(&mut self, address: &str) -> Result<Fetched, Error> {
        let deadline = Instant::now() + self.options.timeout;
        let mut url = parse(address)?;
        for _ in 0..=REDIRECTS {
            self.ask(&url, deadline)?;
            let response = self.get(&url, deadline)?;
            let status = response.status().as_u16();
            if let Some(to) = redirect(&response, &url)? {
                url = to;
                continue;
            }
            if status != 200 {
                return Err(Error::Status(status));
            }
            let header = |name: &str| {
                let value = response.headers().get(name)?;
                Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
            };
            let (media, charset) = media(&header("content-type").unwrap_or_default());
            if !is_read(&media) {
                return Err(Error::Media(media));
            }
            let encoding = header("content-encoding").unwrap_or_default();
            if !matches!(encoding.trim(), "" | "identity" | "gzip" | "x-gzip") {
                return Err(Error::Encoding(encoding));
            }
            let bytes = self.read(response, self.options.size)?;
            // What is in the address for readers only is no part of where it is.
            url.set_fragment(None);
            return Ok(Fetched { url: url.into(), media, charset, bytes });
        }
        Err(Error::Redirects(REDIRECTS))
    }

    /// Asks the site whether it may be fetched.
    fn ask(&mut self, url: &Url, deadline: Instant) -> Result<(), Error> {
        if self.options.ignore_robots {
            return Ok(());
        }
        let site = url.origin().ascii_serialization();
        if !self.robots.contains_key(&site) {
            let robots = self.robots(url, deadline)?;
            self.robots.insert(site.clone(), robots);
        }
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        match self.robots.get(&site).is_none_or(|robots| robots.allows(path)) {
            true => Ok(()),
            false => Err(Error::Robots),
        }
    }

    fn robots(&self, site: &Url, deadline: Instant) -> Result<Robots, Error> {
        let mut url =
            site.join("/robots.txt").map_err(|e| Error::Address(e.to_string()))?;
        for _ in 0..=REDIRECTS {
            let response = self.get(&url, deadline)?;
            if let Some(to) = redirect(&response, &url)? {
                url = to;
                continue;
            }
            return match response.status().as_u16() {
                200..300 => {
                    let mut bytes = Vec::new();
                    let reader = response.into_body().into_reader();
                    // The RFC asks for what there is of a file that is too long.
                    let read = reader.take(robots::MOST as u64).read_to_end(&mut bytes);
                    read.map_err(|error| self.io_error(error))?;
                    Ok(Robots::new(&String::from_utf8_lossy(&bytes), TOKEN))
                }
                400..500 => Ok(Robots::default()),
                status => Err(Error::NoRobots(format!("status {status}"))),
            };
        }
        // As if there were none.
        Ok(Robots::default())
    }

    fn get(&self, url: &Url, deadline: Instant) -> Result<Response<Body>, Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.too_late());
        }
        let request = self.agent.get(url.as_str()).config();
        let request = request.timeout_global(Some(left)).build();
        request.call().map_err(|error| match error {
            ureq::Error::Timeout(_) => self.too_late(),
            ureq::Error::HostNotFound => {
                let host = url.host_str().unwrap_or_default();
                Error::Connection(format!("there is no host '{host}'"))
            }
            ureq::Error::Io(error) => self.io_error(error),
            error => Error::Connection(error.to_string()),
        })
    }

    fn read(&self, response: Response<Body>, most: usize) -> Result<Vec<u8>, Error> {
        let length = response.body().content_length();
        if length.is_some_and(|length| length > most as u64) {
            return Err(Error::Size(most));
        }
        let mut bytes = Vec::new();
        let mut reader = response.into_body().into_reader().take(most as u64 + 1);
        reader.read_to_end(&mut bytes).map_err(|error| self.io_error(error))?;
        if bytes.len() > most {
            return Err(Error::Size(most));
        }
        if length.is_some_and(|length| length > bytes.len() as u64) {
            return Err(Error::Connection("the answer ends too early".to_owned()));
        }
        Ok(bytes)
    }

    fn too_late(&self) -> Error {
        Error::Time(self.options.timeout.as_secs())
    }

    fn io_error(&self, error: io::Error) -> Error {
        let inner = error.get_ref();
        if let Some(refused) = inner.and_then(|inner| inner.downcast_ref::<Error>()) {
            return refused.clone();
        }
        let timeout = inner.and_then(|inner| inner.downcast_ref::<ureq::Error>());
        if error.kind() == io::ErrorKind::TimedOut
            || matches!(timeout, Some(ureq::Error::Timeout(_)))
        {
            return self.too_late();
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Error::Connection("the answer ends too early".to_owned())
            }
            _ => Error::Connection(error.to_string()),
        }
    }
}

fn parse(address: &str) -> Result<Url, Error> {
    let url = Url::parse(address.trim()).map_err(|e| Error::Address(e.to_string()))?;
    match url.scheme() {
        "http" | "https" => {}
        scheme => return Err(Error::Address(format!("'{scheme}' is not fetched"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::Address("it holds a name or a password".to_owned()));
    }
    Ok(url)
}

/// Where an answer redirects to, if it does.
fn redirect(response: &Response<Body>, from: &Url) -> Result<Option<Url>, Error> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get("location");
    let location = location.map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
    let Some(location) = location else {
        return Err(Error::Status(response.status().as_u16()));
    };
    let to = from.join(&location).ok().and_then(|to| parse(to.as_str()).ok());
    match to {
        Some(to) if from.scheme() == "http" || to.scheme() == "https" => Ok(Some(to)),
        _ => Err(Error::Redirect(location)),
    }
}

/// A content type in its parts: media type and charset.
fn media(content_type: &str) -> (String, Option<String>) {
    let mut parts = content_type.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"');
        key.trim().eq_ignore_ascii_case("charset").then(|| value.to_owned())
    });
    (media, charset.filter(|charset| !charset.is_empty()))
}

/// Whether something of a media type may hold an article.
fn is_read(media: &str) -> bool {
    let Some((family, kind)) = media.split_once('/') else { return media.is_empty() };
    match family {
        "text" => !matches!(kind, "css" | "javascript" | "ecmascript"),
        "message" => kind == "rfc822",
        "application" => {
            kind.ends_with("+xml")
                || kind.ends_with("+json")
                || kind.ends_with("+zip")
                || matches!(
                    kind,
                    "gzip"
                        | "json"
                        | "jsonl"
                        | "mbox"
                        | "ndjson"
                        | "octet-stream"
                        | "pdf"
                        | "warc"
                        | "x-gzip"
                        | "x-ndjson"
                        | "x-pdf"
                        | "x-zip-compressed"
                        | "xml"
                        | "zip"
                        | "zstd"
                )
        }
        _ => false,
    }
}

/// Looks names up and refuses addresses that are not public.
#[derive(Debug)]
struct PublicOnly {
    allow_private: bool,
    default: DefaultResolver,
}

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.default.resolve(uri, config, timeout)?;
        if self.allow_private {
            return Ok(found);
        }
        let is_refused = |address: &IpAddr| !is_public(*address);
        match found.iter().map(std::net::SocketAddr::ip).find(is_refused) {
            None => Ok(found),
            Some(address) => {
                let host = uri.host().unwrap_or_default().to_owned();
                let refused = Error::Private(host, address);
                Err(ureq::Error::Io(io::Error::other(refused)))
            }
        }
    }
}
