//! The corpus: one connection that writes, and a few that ask.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use according_store::{Address, Error, Store};
use axum::body::Bytes;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// So many may hold a state of the corpus at the same time: what is written meanwhile has to
/// be kept twice.
const HELD: usize = 8;

/// How many bytes of questions and answers are kept.
const KEPT: usize = 32 << 20;

/// About how many bytes it takes to know one of them again.
const KNOWN: usize = 256;

/// How long what is added may wait to be worked out, and an answer be older than that.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Shelf {
    corpus: Address,
    writer: Arc<tokio::sync::Mutex<Store>>,
    readers: Arc<Mutex<Vec<Store>>>,
    n_readers: usize,
    free: Arc<Semaphore>,
    held: Arc<Semaphore>,
    answers: Arc<Mutex<Answers>>,
    /// Whether what was added is being worked out, or was just now.
    is_settling: Arc<AtomicBool>,
}

impl Shelf {
    pub(crate) fn open(corpus: &Address, readers: usize) -> Result<Self, Error> {
        let mut writer = Store::create(corpus)?;
        writer.settle()?;
        let n = readers.max(2);
        let readers: Result<Vec<Store>, Error> =
            (0..n).map(|_| Store::open(corpus)).collect();
        Ok(Self {
            corpus: corpus.clone(),
            writer: Arc::new(tokio::sync::Mutex::new(writer)),
            readers: Arc::new(Mutex::new(readers?)),
            n_readers: n,
            free: Arc::new(Semaphore::new(n)),
            held: Arc::new(Semaphore::new(HELD)),
            answers: Arc::new(Mutex::new(Answers::open(corpus)?)),
            is_settling: Arc::default(),
        })
    }

    /// How many threads it takes at most, each of which may keep some memory: those who ask,
    /// those who hold a state, the one who writes, and one who looks for what is kept.
    pub(crate) fn most_threads(&self) -> usize {
        self.n_readers + HELD + 2
    }

    /// The answer to a question.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.turn().await;
        self.ask_in(turn, question).await
    }

    /// The same for an answer that is kept until the corpus changes, by what tells the
    /// question from all others. Who asks it meanwhile waits for the same answer.
    pub(crate) async fn answer(
        &self,
        name: String,
        question: impl FnOnce(&mut Store) -> Result<Vec<u8>, Error> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        // What is kept is given in turn as well: else whoever asks for something else, one
        // among many, would wait for all of them.
        let turn = self.turn().await;
        let answers = Arc::clone(&self.answers);
        let kept = tokio::task::spawn_blocking(move || lock(&answers).to(name));
        let kept = kept.await.map_err(|_| Problem::fault())?;
        let (kept, is_new) = kept.map_err(|error| Problem::of_store(&error))?;
        // Others take the turn of one who only waits.
        let turn = is_new.then_some(turn);
        let answer = kept.get_or_try_init(async || {
            let turn = match turn {
                Some(turn) => turn,
                None => self.turn().await,
            };
            let answer = Bytes::from(self.ask_in(turn, question).await?);
            lock(&self.answers).keep(&kept, answer.len());
            Ok(answer)
        });
        answer.await.cloned()
    }

    /// Waits for a turn to ask: first come, first served.
    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // It is never closed.
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    async fn ask_in<T: Send + 'static>(
        &self,
        turn: Option<OwnedSemaphorePermit>,
        question: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let (readers, corpus) = (Arc::clone(&self.readers), self.corpus.clone());
        let answer = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let reader = lock(&readers).pop();
            // As many may ask as there are connections, unless one was lost to a panic.
            let mut reader = reader.map_or_else(|| Store::open(&corpus), Ok)?;
            let answer = reader.glance(question);
            lock(&readers).push(reader);
            answer
        });
        let answer = answer.await.map_err(|_| Problem::fault())?;
        let (answer, is_settled) = answer.map_err(|error| Problem::of_store(&error))?;
        if !is_settled {
            self.settle_soon();
        }
        Ok(answer)
    }

    /// How many articles there are.
    pub(crate) async fn len(&self) -> Result<u64, Problem> {
        let count = |store: &mut Store| Ok(store.len()?.to_le_bytes().to_vec());
        let count = self.answer("how many".to_owned(), count).await?;
        let count = count.as_ref().try_into().map_err(|_| Problem::fault())?;
        Ok(u64::from_le_bytes(count))
    }

    /// Has what was added worked out by the one who writes. Whoever adds does so at the end;
    /// this is for what is asked before, and for programs that came to no end.
    fn settle_soon(&self) {
        if self.is_settling.swap(true, Ordering::AcqRel) {
            return;
        }
        let (writer, is_settling) =
            (Arc::clone(&self.writer), Arc::clone(&self.is_settling));
        tokio::spawn(async move {
            let mut writer = writer.lock_owned().await;
            let settled = tokio::task::spawn_blocking(move || writer.settle());
            // Whoever asks next tries again.
            let _ = settled.await;
            tokio::time::sleep(PAUSE).await;
            is_settling.store(false, Ordering::Release);
        });
    }

    /// Hands a connection of its own to somebody who needs all answers to be of one state of
    /// the corpus, on a thread that may wait.
    pub(crate) fn hold(
        &self,
        work: impl FnOnce(&mut Store) + Send + 'static,
    ) -> Result<(), Problem> {
        let room = Arc::clone(&self.held).try_acquire_owned();
        let room = room.map_err(|_| Problem::busy())?;
        let corpus = self.corpus.clone();
        tokio::task::spawn_blocking(move || {
            let _room = room;
            let held = Store::open(&corpus).and_then(|mut store| {
                store.hold()?;
                Ok(store)
            });
            // Whoever waits sees the answer end before it began.
            if let Ok(mut store) = held {
                work(&mut store);
            }
        });
        Ok(())
    }

    /// Changes the corpus, one change after another. Whoever asks afterwards is answered with
    /// it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        self.change(|store| change(store).map_err(|error| Problem::of_store(&error)))
            .await
    }

    /// The same, for changes that may be refused.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        // Whoever waits keeps no thread.
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        let answers = Arc::clone(&self.answers);
        let done = tokio::task::spawn_blocking(move || {
            let done = change(&mut writer);
            drop(writer);
            let mut answers = lock(&answers);
            let written = answers.watch.written();
            written.map(|written| answers.renew(written)).and(Ok(done))
        });
        let done = done.await.map_err(|_| Problem::fault())?;
        done.map_err(|error| Problem::of_store(&error))?
    }

    /// The same on a thread that may wait.
    pub(crate) fn write_now<T>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Error>,
    ) -> Result<T, Problem> {
        change(&mut self.writer.blocking_lock())
            .map_err(|error| Problem::of_store(&error))
    }
}

/// What was answered since the corpus last changed.
///
/// What was just added is worked out in a moment, and then changes what is answered once more.
/// Until then, and for no longer than [`PAUSE`], what was answered before stays. So all is
/// worked out anew once for an article and not twice.
#[derive(Debug)]
struct Answers {
    /// Tells when it does.
    watch: Store,
    written: (i64, u64),
    /// Since when that is known to be old.
    old: Option<Instant>,
    all: HashMap<String, Arc<OnceCell<Bytes>>>,
    /// Bytes of all questions and answers.
    size: usize,
}

impl Answers {
    fn open(corpus: &Address) -> Result<Self, Error> {
        let watch = Store::open(corpus)?;
        let (written, all) = ((0, 0), HashMap::new());
        Ok(Self { watch, written, old: None, all, size: 0 })
    }

    /// Where the answer to a question is, or will be, and whether nobody has asked it yet.
    fn to(&mut self, name: String) -> Result<(Arc<OnceCell<Bytes>>, bool), Error> {
        // What is written while it is answered makes an answer old, and is seen next time.
        let written = self.watch.written()?;
        if written != self.written {
            let since = *self.old.get_or_insert_with(Instant::now);
            if since.elapsed() >= PAUSE || self.watch.glance(|_| Ok(()))?.1 {
                self.renew(written);
            }
        }
        if let Some(answer) = self.all.get(&name) {
            return Ok((Arc::clone(answer), false));
        }
        // A question that nothing answers may be long itself.
        self.grow(KNOWN + name.len());
        let answer = Arc::default();
        self.all.insert(name, Arc::clone(&answer));
        Ok((answer, true))
    }

    /// Lets go of everything: the corpus is another.
    fn renew(&mut self, written: (i64, u64)) {
        self.forget();
        self.written = written;
        self.old = None;
    }

    /// Takes so many bytes more, and lets go of everything where that is too much.
    fn grow(&mut self, more: usize) {
        if self.size + more > KEPT {
            self.forget();
        }
        self.size += more;
    }

    /// Takes the bytes of an answer. Where that is too much all others go: whoever asked for
    /// this one meanwhile shall find it.
    fn keep(&mut self, answer: &Arc<OnceCell<Bytes>>, bytes: usize) {
        if self.size + bytes > KEPT {
            self.all.retain(|_, kept| Arc::ptr_eq(kept, answer));
            self.size = self.all.keys().map(|name| KNOWN + name.len()).sum();
        }
        self.grow(bytes);
    }

    fn forget(&mut self) {
        self.all.clear();
        self.size = 0;
    }
}

/// A transaction that a panic cut short has been rolled back.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use according_store::Question;

    use super::*;

    #[tokio::test]
    async fn what_is_kept_is_bounded_and_asked_once() {
        let file = std::env::temp_dir()
            .join(format!("according-shelf-{}.db", std::process::id()));
        let corpus = Address::from(file.as_path());
        let shelf = Shelf::open(&corpus, 2).unwrap();
        let long = "x".repeat(KEPT / 64);
        let n_asked = Arc::new(AtomicUsize::new(0));
        let ask = |n: u8| {
            let n_asked = Arc::clone(&n_asked);
            shelf.answer(format!("{n} {long}"), move |_| {
                n_asked.fetch_add(1, Ordering::Relaxed);
                Ok(vec![n; KEPT / 64])
            })
        };
        for n in 0..100_u8 {
            // Two at the same time wait for one answer.
            let (one, two) = tokio::join!(ask(n), ask(n));
            assert_eq!(one.unwrap().first(), Some(&n));
            assert_eq!(two.unwrap().first(), Some(&n));
            let kept = lock(&shelf.answers);
            let size = |(name, answer): (&String, &Arc<OnceCell<Bytes>>)| {
                name.len() + answer.get().map_or(0, Bytes::len)
            };
            assert!(kept.all.iter().map(size).sum::<usize>() <= KEPT);
        }
        assert_eq!(n_asked.load(Ordering::Relaxed), 100);
        // It is asked again when the corpus has changed.
        ask(99).await.unwrap();
        assert_eq!(n_asked.load(Ordering::Relaxed), 100);
        let save = |store: &mut Store| store.save_search("all", &Question::default());
        shelf.write(save).await.unwrap();
        ask(99).await.unwrap();
        assert_eq!(n_asked.load(Ordering::Relaxed), 101);
        drop(shelf);
        for end in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
    }
}
