//! What is being read and kept, and how far it is.
//!
//! Storing a large upload, or fetching from a slow site, takes longer than anybody waits for
//! an answer. So it is a job: it goes on by itself, and whoever wants to know asks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use according_container::Form;
use according_intake::Given;
use according_store::Added;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::App;
use crate::problem::Problem;
use crate::reading::{Failed, Sent, read_all};

/// So many jobs that have ended are remembered.
const REMEMBERED: usize = 200;
/// So many addresses are fetched at the same time.
pub(crate) const FETCHING: usize = 4;

/// A place among all bodies that are held in memory, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Room(
    #[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit,
);

/// A part of what is to be kept.
#[derive(Debug)]
pub(crate) enum Part {
    /// It was sent.
    Sent(Sent),
    /// It is to be fetched, and what somebody says of it.
    Address(String, Given),
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

/// All jobs.
#[derive(Debug)]
pub(crate) struct Jobs {
    all: Mutex<VecDeque<Arc<Job>>>,
    /// Kibibytes of bodies that may be held.
    held: Arc<Semaphore>,
    fetching: Semaphore,
}

/// One job.
#[derive(Debug)]
pub(crate) struct Job {
    /// Nobody can guess it.
    pub(crate) id: String,
    state: Mutex<State>,
    change: watch::Sender<(usize, bool)>,
}

#[derive(Debug, Default)]
struct State {
    doing: &'static str,
    items: Vec<Kept>,
    problem: Option<Problem>,
    /// Bytes that are read, of those that are known of.
    read: u64,
    total: u64,
    is_over: bool,
}

/// How far a job is.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    id: String,
    /// `waiting`, `fetching`, `reading`, `done` or `failed`.
    state: &'static str,
    bytes: u64,
    total_bytes: u64,
    /// How many texts became something.
    count: usize,
    /// What became of them, from the one that was asked for on.
    items: Vec<Kept>,
    problem: Option<Problem>,
}

impl Jobs {
    /// `held` is how many bytes of bodies are held at the same time.
    pub(crate) fn new(held: usize) -> Self {
        let held = Arc::new(Semaphore::new((held >> 10).max(1)));
        Self { all: Mutex::default(), held, fetching: Semaphore::new(FETCHING) }
    }

    /// Room for the body of a request.
    pub(crate) fn room(
        &self,
        app: &App,
        headers: &HeaderMap,
    ) -> Result<Arc<Room>, Problem> {
        let length = headers.get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok());
        let length = length.and_then(|n| n.parse::<usize>().ok());
        let most = app.limits.body;
        let kibibytes = (length.unwrap_or(most).min(most) >> 10) + 1;
        let kibibytes = u32::try_from(kibibytes).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.held).try_acquire_many_owned(kibibytes);
        Ok(Arc::new(Room(permit.map_err(|_| Problem::busy())?)))
    }

    /// The job of an id.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Job>> {
        lock(&self.all).iter().find(|job| job.id == id).map(Arc::clone)
    }

    /// Waits until nothing is under way.
    pub(crate) async fn at_rest(&self) {
        loop {
            let busy = lock(&self.all).iter().find(|job| !job.is_over()).map(Arc::clone);
            match busy {
                Some(job) => job.ended().await,
                None => return,
            }
        }
    }

    fn add(&self, most: usize) -> Result<Arc<Job>, Problem> {
        let mut random = [0_u8; 15];
        getrandom::fill(&mut random).map_err(|_| Problem::fault())?;
        let mut all = lock(&self.all);
        if all.iter().filter(|job| !job.is_over()).count() >= most {
            return Err(Problem::busy());
        }
        while all.len() >= REMEMBERED + most
            && let Some(oldest) = all.iter().position(|job| job.is_over())
        {
            all.remove(oldest);
        }
        let job = Arc::new(Job {
            id: URL_SAFE_NO_PAD.encode(random),
            state: Mutex::new(State { doing: "waiting", ..State::default() }),
            change: watch::Sender::new((0, false)),
        });
        all.push_back(Arc::clone(&job));
        Ok(job)
    }
}

impl Job {
    fn set(&self, change: impl FnOnce(&mut State)) {
        let mut state = lock(&self.state);
        change(&mut state);
        let now = (state.items.len(), state.is_over);
        drop(state);
        self.change.send_replace(now);
    }

    /// Waits for its end.
    pub(crate) async fn ended(&self) {
        let mut watching = self.change.subscribe();
        // The sender is in this job, so it cannot be gone.
        let _ = watching.wait_for(|(_, is_over)| *is_over).await;
    }

    /// Waits until more than `known` texts became something, or its end.
    pub(crate) async fn changed(&self, known: usize) {
        let mut watching = self.change.subscribe();
        let _ = watching.wait_for(|(count, is_over)| *count > known || *is_over).await;
    }

    pub(crate) fn is_over(&self) -> bool {
        lock(&self.state).is_over
    }

    /// Why it came to an end before all was read.
    pub(crate) fn problem(&self) -> Option<Problem> {
        lock(&self.state).problem.clone()
    }

    /// What became of its texts, from a number on.
    pub(crate) fn items(&self, from: usize) -> Vec<Kept> {
        lock(&self.state).items.get(from..).unwrap_or_default().to_vec()
    }

    /// How far it is, with what became of its texts from a number on.
    pub(crate) fn told(&self, from: usize) -> Told {
        let state = lock(&self.state);
        let ended = if state.problem.is_some() { "failed" } else { "done" };
        Told {
            id: self.id.clone(),
            state: if state.is_over { ended } else { state.doing },
            bytes: state.read.min(state.total),
            total_bytes: state.total,
            count: state.items.len(),
            items: state.items.get(from..).unwrap_or_default().to_vec(),
            problem: state.problem.clone(),
        }
    }
}

impl Told {
    /// What is being done, how far, and whether it is over.
    pub(crate) fn progress(&self) -> according_view::Progress {
        according_view::Progress {
            doing: self.state,
            bytes: self.bytes,
            total: self.total_bytes,
            problem: self.problem.as_ref().map(|problem| problem.detail.clone()),
        }
    }

    /// What became of the texts.
    pub(crate) fn into_items(self) -> Vec<Kept> {
        self.items
    }
}

/// Begins to keep what was sent.
pub(crate) fn start(app: &Arc<App>, parts: Vec<Part>) -> Result<Arc<Job>, Problem> {
    let job = app.jobs.add(app.limits.waiting)?;
    let size = |part: &Part| match part {
        Part::Sent(sent) => sent.bytes.len() as u64,
        Part::Address(..) => 0,
    };
    let total = parts.iter().map(size).sum();
    job.set(|state| state.total = total);
    let (app, own) = (Arc::clone(app), Arc::clone(&job));
    tokio::spawn(async move {
        let ended = run(&app, &own, parts).await;
        own.set(|state| {
            state.problem = ended.err();
            state.is_over = true;
        });
    });
    Ok(job)
}

async fn run(app: &Arc<App>, job: &Arc<Job>, parts: Vec<Part>) -> Result<(), Problem> {
    for part in parts {
        let sent = match part {
            Part::Sent(sent) => sent,
            Part::Address(address, given) => {
                job.set(|state| state.doing = "fetching");
                match fetch(app, &address, given).await {
                    Ok(sent) => {
                        job.set(|state| state.total += sent.bytes.len() as u64);
                        sent
                    }
                    Err(error) => {
                        let failed = Kept::Failed(Failed { name: address, error });
                        job.set(|state| state.items.push(failed));
                        continue;
                    }
                }
            }
        };
        keep(app, job, sent).await?;
    }
    // Asking is quick afterwards.
    app.shelf.write(|store| store.settle()).await
}

/// Fetches what somebody asked for by its address.
pub(crate) async fn fetch(
    app: &Arc<App>,
    address: &str,
    given: Given,
) -> Result<Sent, String> {
    let Some(fetch) = app.fetch.clone() else {
        return Err("this server fetches nothing".to_owned());
    };
    let _turn = app.jobs.fetching.acquire().await;
    let owned = address.trim().to_owned();
    let fetched = tokio::task::spawn_blocking(move || fetch.fetch(&owned));
    let fetched = fetched.await.map_err(|_| "a mistake of ours".to_owned())??;
    let form = Form::of_media(&fetched.media);
    let name = fetched.url.split(['?', '#']).next().unwrap_or_default();
    let is_told = form.is_some() || !fetched.media.ends_with("octet-stream");
    if !is_told && !Form::is_known(&fetched.bytes, name) {
        return Err(format!(
            "is '{}', and its bytes do not tell what it is",
            fetched.media
        ));
    }
    Ok(Sent {
        name: address.trim().to_owned(),
        form,
        bytes: fetched.bytes,
        given,
        min_confidence: 0.0,
        found_at: Some((fetched.url, fetched.charset)),
        room: None,
    })
}

/// Reads what was sent and keeps it, text by text.
async fn keep(app: &Arc<App>, job: &Arc<Job>, sent: Sent) -> Result<(), Problem> {
    let (name, size) = (sent.name.clone(), sent.bytes.len() as u64);
    let (before, count) = {
        let state = lock(&job.state);
        (state.read, state.items.len())
    };
    let (shared, own) = (Arc::clone(app), Arc::clone(job));
    let sent = Arc::new(Mutex::new(Some(sent)));
    let read = loop {
        let (shared, own, sent) =
            (Arc::clone(&shared), Arc::clone(&own), Arc::clone(&sent));
        let read = app.readers.read(move |worker, pipeline| {
            let Some(sent) = lock(&sent).take() else { return Ok(()) };
            own.set(|state| state.doing = "reading");
            let mut problem = None;
            read_all(&shared, sent, (worker, pipeline), |outcome, bytes| {
                let kept = outcome.map_or_else(
                    |failed| Ok(Kept::Failed(failed)),
                    |read| store(&shared, read),
                );
                match kept {
                    Ok(kept) => own.set(|state| {
                        state.items.push(kept);
                        state.read = before + bytes;
                    }),
                    Err(error) => problem = Some(error),
                }
                problem.is_none()
            });
            problem.map_or(Ok(()), Err)
        });
        match read.await {
            // It was accepted, so it waits for its turn.
            Err(problem) if problem.is_busy() => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            read => break read?,
        }
    };
    job.set(|state| {
        state.read = before + size;
        if state.items.len() == count && read.is_ok() {
            let error = "there is nothing in it that is read".to_owned();
            state.items.push(Kept::Failed(Failed { name, error }));
        }
    });
    read
}

fn store(
    app: &App,
    (name, reading, notes): (
        according_store::Name,
        according_intake::Reading,
        Vec<String>,
    ),
) -> Result<Kept, Problem> {
    let print = reading.fingerprint();
    let (added, called) = app.shelf.write_now(|store| {
        let added = store.add(&name, &reading.report, &print)?;
        Ok((added, store.called(&name.identity, &reading.report.article.id)?))
    })?;
    Ok(Kept::Added {
        reference: called.unwrap_or(name.reference),
        title: reading.report.article.title,
        added: word(added),
        claims: reading.report.claims.len(),
        notes,
    })
}

fn word(added: Added) -> &'static str {
    match added {
        Added::New => "new",
        Added::Changed => "changed",
        Added::Known => "known",
    }
}

/// No state is left half changed by a panic.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
