//! `according serve`: the web app and the HTTP API.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use according_fetch::Fetcher;
use according_server::{Config, Error, Fetch, Fetched, Limits, Server};
use anyhow::{Context as _, Result, anyhow};

use super::Ending;
use super::add::with_advice;
use crate::console::{Console, hinted};
use crate::flags::ServeFlags;
use crate::ordered::threads;

/// Shorter ones can be guessed.
const SHORTEST_TOKEN: usize = 16;

pub(crate) fn run(
    flags: &ServeFlags,
    wanted: Option<&str>,
    console: &Console,
) -> Result<Ending> {
    let token = flags.token_file.as_deref().map(token).transpose()?;
    let limits = Limits { body: flags.max_size << 20, ..Limits::default() };
    let config = Config {
        address: SocketAddr::new(flags.host, flags.port),
        corpus: flags.corpus.corpus.clone(),
        token,
        names: flags.names.clone(),
        threads: threads(flags.threads),
        limits,
        // A person at a terminal wants to see the address, not every request.
        journal: !std::io::stderr().is_terminal(),
        analyst: crate::commands::correct::who(flags.by.as_deref()),
        now: crate::clock::now,
        fetch: Some(fetch(flags)),
    };
    let pipeline = crate::model::load(wanted, console)?;
    let server = Server::bind(config, pipeline).map_err(|error| match error {
        Error::Open(_) => hinted(
            error.to_string(),
            "'--token-file FILE' names a file with one of at least 16 characters",
        ),
        Error::Listen(..) => hinted(error.to_string(), "'--port N' takes another port"),
        Error::Store(error) => with_advice(error),
        error => anyhow!(error),
    })?;
    let address = format!("http://{}/", server.address());
    console.say(format_args!(
        "{} is open at {address}; Ctrl-C ends it.",
        flags.corpus.corpus
    ));
    if !flags.no_open && open::that_detached(&address).is_err() {
        console.note("there is no browser to open; go there yourself");
    }
    server.run_until_told()?;
    Ok(Ending::AllDone)
}

fn token(file: &Path) -> Result<String> {
    let token = std::fs::read_to_string(file)
        .with_context(|| format!("the token cannot be read from {}", file.display()))?;
    let token = token.trim();
    if token.chars().count() < SHORTEST_TOKEN {
        return Err(hinted(
            format!("the token in {} is too short", file.display()),
            "at least 16 characters that nobody can guess, such as 'openssl rand -hex 24' \
             prints",
        ));
    }
    Ok(token.to_owned())
}

/// Fetches what people ask for by its address, as 'according read' does. Each that waits has
/// a fetcher of its own, which remembers what sites allow.
fn fetch(flags: &ServeFlags) -> Fetch {
    let options = flags.fetch.options(flags.max_size << 20);
    let idle: Mutex<Vec<Fetcher>> = Mutex::default();
    Fetch::new(move |address| {
        let lock = || idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fetcher = lock().pop().unwrap_or_else(|| Fetcher::new(options));
        let fetched = fetcher.fetch(address);
        lock().push(fetcher);
        let according_fetch::Fetched { url, media, charset, bytes } =
            fetched.map_err(|error| error.to_string())?;
        Ok(Fetched { url, media, charset, bytes })
    })
}
