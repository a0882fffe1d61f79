//! The web app and the HTTP API over a corpus of reports.
//!
//! [`Server::bind`] takes an address, [`Server::run`] answers until it is told to stop and
//! then lets what is under way come to its end. A pipeline is shared by all; texts are read
//! by a few threads of their own, so that many questions and much reading do not get into
//! each other's way; one connection to the corpus writes and a few ask.
//!
//! Whoever listens on more than the machine itself needs a token: there is no other lock.

mod api;
mod guard;
mod jobs;
mod journal;
mod metrics;
mod pages;
mod problem;
mod readers;
mod reading;
mod set_right;
mod shelf;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use according_nlp::Pipeline;
use according_store::Address;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::guard::Guard;
use crate::jobs::Jobs;
use crate::metrics::Metrics;
use crate::readers::Readers;
use crate::shelf::Shelf;

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; port 0 takes any that is free.
    pub address: SocketAddr,
    /// The corpus, made when it is not there.
    pub corpus: Address,
    /// What everybody has to know who asks. Without one only this machine may.
    pub token: Option<String>,
    /// Names it is called by besides `localhost` and addresses in digits.
    pub names: Vec<String>,
    /// Threads that read texts.
    pub threads: usize,
    /// How much is put up with.
    pub limits: Limits,
    /// Whether every request is told of on standard error.
    pub journal: bool,
    /// Who corrections are by, unless somebody says another name.
    pub analyst: String,
    /// Tells what time it is, in UTC and ISO 8601.
    pub now: fn() -> String,
    /// Fetches what somebody asks for by its address; without it nothing is.
    pub fetch: Option<Fetch>,
}

/// What was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Where it was found in the end.
    pub url: String,
    /// Its media type, in lower case and without parameters; empty when not told.
    pub media: String,
    /// The encoding of its text, as the other server tells it.
    pub charset: Option<String>,
    /// As it was sent.
    pub bytes: Vec<u8>,
}

/// Fetches the resource at an address, or tells why not. The server touches no network but
/// its own port: what may be fetched is decided where this is made.
#[derive(Clone)]
pub struct Fetch(Arc<Fetching>);

type Fetching = dyn Fn(&str) -> Result<Fetched, String> + Send + Sync;

impl Fetch {
    /// By a function, which is called on a thread that may wait.
    pub fn new(
        fetch: impl Fn(&str) -> Result<Fetched, String> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(fetch))
    }

    pub(crate) fn fetch(&self, address: &str) -> Result<Fetched, String> {
        (self.0)(address)
    }
}

impl std::fmt::Debug for Fetch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetch").finish_non_exhaustive()
    }
}

/// How much is put up with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one request.
    pub body: usize,
    /// How long one request may take.
    pub time: Duration,
    /// How long a head may take to come in, and a connection may stay idle.
    pub head: Duration,
    /// How many connections are served at a time; more have to wait.
    pub connections: usize,
    /// How many texts may wait to be read, and how many jobs be under way; more are turned
    /// away.
    pub waiting: usize,
    /// Bytes of all requests together that are held until they are read.
    pub held: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 32 << 20,
            time: Duration::from_secs(120),
            head: Duration::from_secs(20),
            connections: 512,
            waiting: 64,
            held: 512 << 20,
        }
    }
}

/// Why a server does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It would be open to others without a token.
    Open(SocketAddr),
    /// It cannot listen there.
    Listen(SocketAddr, io::Error),
    /// The corpus cannot be used.
    Store(according_store::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open(address) => {
                write!(f, "{address} is open to other machines, and there is no token")
            }
            Self::Listen(address, error) => {
                write!(f, "cannot listen on {address}: {error}")
            }
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// What all requests share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) shelf: Shelf,
    pub(crate) readers: Readers,
    pub(crate) metrics: Metrics,
    pub(crate) guard: Guard,
    pub(crate) limits: Limits,
    pub(crate) journal: bool,
    pub(crate) analyst: String,
    pub(crate) now: fn() -> String,
    pub(crate) fetch: Option<Fetch>,
    pub(crate) jobs: Jobs,
}

/// A server that has its address and waits to run.
#[derive(Debug)]
pub struct Server {
    listener: std::net::TcpListener,
    address: SocketAddr,
    app: Arc<App>,
}

impl Server {
    /// Takes the address and opens the corpus.
    ///
    /// # Errors
    ///
    /// When it would be open to others without a token, the address is taken, or the corpus
    /// cannot be used.
    pub fn bind(
        config: Config,
        pipeline: impl Into<Arc<Pipeline>>,
    ) -> Result<Self, Error> {
        if !config.address.ip().is_loopback() && config.token.is_none() {
            return Err(Error::Open(config.address));
        }
        let listen = |error| Error::Listen(config.address, error);
        let listener = std::net::TcpListener::bind(config.address).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let shelf = Shelf::open(&config.corpus, config.threads).map_err(Error::Store)?;
        let app = App {
            shelf,
            readers: Readers::start(
                pipeline.into(),
                config.threads,
                config.limits.waiting,
            ),
            metrics: Metrics::default(),
            guard: Guard::new(config.token, config.names),
            limits: config.limits,
            journal: config.journal,
            analyst: config.analyst,
            now: config.now,
            fetch: config.fetch,
            jobs: Jobs::new(config.limits.held.max(config.limits.body)),
        };
        Ok(Self { listener, address, app: Arc::new(app) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the program is told to end: by Ctrl-C, or by `SIGTERM`.
    ///
    /// # Errors
    ///
    /// As of [`Self::run`].
    pub fn run_until_told(self) -> io::Result<()> {
        self.run(async {
            #[cfg(unix)]
            {
                use tokio::signal::unix::{SignalKind, signal};
                if let Ok(mut terminated) = signal(SignalKind::terminate()) {
                    tokio::select! {
                        _ = tokio::signal::ctrl_c() => {}
                        _ = terminated.recv() => {}
                    }
                    return;
                }
            }
            // Without signals it runs until it is ended the hard way: nothing is lost.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }

    /// Answers until `stop` is done, and then lets requests and jobs that are under way come to
    /// their end, for ten seconds at most.
    ///
    /// # Errors
    ///
    /// When there can be no threads, or the socket is lost.
    pub fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(self.app.shelf.most_threads() + jobs::FETCHING)
            .enable_all()
            .build()?;
        let ended = runtime.block_on(self.serve(stop));
        runtime.shutdown_timeout(Duration::from_secs(2));
        ended
    }

    async fn serve(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let listener = TcpListener::from_std(self.listener)?;
        let limits = self.app.limits;
        let router = router(Arc::clone(&self.app));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_headers(64);
        let room = Arc::new(Semaphore::new(limits.connections));
        let open = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = async {
                let room = Arc::clone(&room).acquire_owned().await;
                (room, listener.accept().await)
            };
            let (room, accepted) = tokio::select! {
                accepted = accepted => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, _)) = accepted else {
                // Too many open files, or a peer that is gone already: others may come.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
            let connection = http.serve_connection(TokioIo::new(stream), service);
            let connection = open.watch(connection);
            tokio::spawn(async move {
                // A peer that breaks off does so at its own risk.
                let _ = connection.await;
                drop(room);
            });
        }
        drop(listener);
        let all = async {
            open.shutdown().await;
            self.app.jobs.at_rest().await;
        };
        tokio::select! {
            () = all => {}
            () = tokio::time::sleep(Duration::from_secs(10)) => {}
        }
        Ok(())
    }
}

fn router(app: Arc<App>) -> Router {
    let routes = Router::new().merge(api::routes()).merge(pages::routes());
    let routes =
        routes.fallback(pages::nowhere).method_not_allowed_fallback(pages::not_so);
    routes
        .layer(axum::extract::DefaultBodyLimit::max(app.limits.body))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), guard::watch))
        .with_state(app)
}
