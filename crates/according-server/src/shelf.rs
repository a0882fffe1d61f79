//! The corpus: one connection that writes, and a few that ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use according_store::{Address, Error, Store};
use axum::body::Bytes;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// So many may hold a state of the corpus at the same time: what is written meanwhile has to
/// be kept twice.
const HELD: usize = 8;

/// How many bytes of questions and answers a connection keeps.
const KEPT: usize = 16 << 20;

/// About how many bytes it takes to know one of them again.
const KNOWN: usize = 128;

#[derive(Debug)]
pub(crate) struct Shelf {
    corpus: Address,
    writer: Arc<Mutex<Store>>,
    readers: Arc<Mutex<Vec<Reader>>>,
    free: Arc<Semaphore>,
    held: Arc<Semaphore>,
}

impl Shelf {
    pub(crate) fn open(corpus: &Address, readers: usize) -> Result<Self, Error> {
        let mut writer = Store::create(corpus)?;
        writer.settle()?;
        let n = readers.max(2);
        let readers: Result<Vec<Reader>, Error> =
            (0..n).map(|_| Reader::open(corpus)).collect();
        Ok(Self {
            corpus: corpus.clone(),
            writer: Arc::new(Mutex::new(writer)),
            readers: Arc::new(Mutex::new(readers?)),
            free: Arc::new(Semaphore::new(n)),
            held: Arc::new(Semaphore::new(HELD)),
        })
    }

    /// The answer to a question.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        self.with_reader(|reader| question(&mut reader.store)).await
    }

    /// The same for an answer that is kept until the corpus changes, by what tells the
    /// question from all others.
    pub(crate) async fn answer(
        &self,
        name: String,
        question: impl FnOnce(&mut Store) -> Result<Vec<u8>, Error> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        self.with_reader(|reader| reader.answer(name, question)).await
    }

    async fn with_reader<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Reader) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let room = Arc::clone(&self.free).acquire_owned().await;
        let (readers, corpus) = (Arc::clone(&self.readers), self.corpus.clone());
        let answer = tokio::task::spawn_blocking(move || {
            let _room = room;
            let reader = lock(&readers).pop();
            // As many may ask as there are connections, unless one was lost to a panic.
            let mut reader = reader.map_or_else(|| Reader::open(&corpus), Ok)?;
            let answer = work(&mut reader);
            lock(&readers).push(reader);
            answer
        });
        let answer = answer.await.map_err(|_| Problem::fault())?;
        answer.map_err(|error| Problem::of_store(&error))
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

    /// Changes the corpus, one change after another.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let writer = Arc::clone(&self.writer);
        let done = tokio::task::spawn_blocking(move || change(&mut lock(&writer)));
        let done = done.await.map_err(|_| Problem::fault())?;
        done.map_err(|error| Problem::of_store(&error))
    }

    /// The same, for changes that may be refused.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let writer = Arc::clone(&self.writer);
        let done = tokio::task::spawn_blocking(move || change(&mut lock(&writer)));
        done.await.map_err(|_| Problem::fault())?
    }

    /// The same on a thread that may wait.
    pub(crate) fn write_now<T>(
        &self,
        change: impl FnOnce(&mut Store) -> Result<T, Error>,
    ) -> Result<T, Problem> {
        change(&mut lock(&self.writer)).map_err(|error| Problem::of_store(&error))
    }
}

/// A connection that asks, and what it was answered since the corpus last changed.
#[derive(Debug)]
struct Reader {
    store: Store,
    written: (i64, u64),
    answers: HashMap<String, Bytes>,
    /// Bytes of all questions and answers.
    size: usize,
}

impl Reader {
    fn open(corpus: &Address) -> Result<Self, Error> {
        let store = Store::open(corpus)?;
        Ok(Self { store, written: (0, 0), answers: HashMap::new(), size: 0 })
    }

    fn answer(
        &mut self,
        name: String,
        question: impl FnOnce(&mut Store) -> Result<Vec<u8>, Error>,
    ) -> Result<Bytes, Error> {
        // What is written while it is answered makes an answer old, and is seen next time.
        let written = self.store.written()?;
        if written != self.written {
            self.forget();
            self.written = written;
        }
        if let Some(answer) = self.answers.get(&name) {
            return Ok(answer.clone());
        }
        let answer = Bytes::from(question(&mut self.store)?);
        // A question that nothing answers may be long itself.
        let size = KNOWN + name.len() + answer.len();
        if self.size + size > KEPT {
            self.forget();
        }
        if size <= KEPT {
            self.size += size;
            self.answers.insert(name, answer.clone());
        }
        Ok(answer)
    }

    fn forget(&mut self) {
        self.answers.clear();
        self.size = 0;
    }
}

/// A transaction that a panic cut short has been rolled back.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let file = std::env::temp_dir()
            .join(format!("according-shelf-{}.db", std::process::id()));
        let corpus = Address::from(file.as_path());
        drop(Store::create(&corpus).unwrap());
        let mut reader = Reader::open(&corpus).unwrap();
        let long = "x".repeat(KEPT / 64);
        let mut n_asked = 0;
        for n in 0..100_u8 {
            let name = format!("{n} {long}");
            let answer = |_: &mut Store| {
                n_asked += 1;
                Ok(vec![n])
            };
            assert_eq!(reader.answer(name, answer).unwrap().as_ref(), [n]);
            let kept = reader.answers.iter().map(|(q, a)| q.len() + a.len());
            assert!(kept.sum::<usize>() <= KEPT && reader.size <= KEPT);
        }
        // The same at once is not asked again.
        let again = reader.answer(format!("99 {long}"), |_| Ok(Vec::new()));
        assert_eq!(again.unwrap().as_ref(), [99]);
        assert_eq!(n_asked, 100);
        drop(reader);
        for end in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
    }
}
