//! The corpus: one connection that writes, and a few that ask.

use std::sync::{Arc, Mutex, PoisonError};

use according_store::{Address, Error, Store};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// So many may hold a state of the corpus at the same time: what is written meanwhile has to
/// be kept twice.
const HELD: usize = 8;

#[derive(Debug)]
pub(crate) struct Shelf {
    corpus: Address,
    writer: Arc<Mutex<Store>>,
    readers: Arc<Mutex<Vec<Store>>>,
    free: Arc<Semaphore>,
    held: Arc<Semaphore>,
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
        let room = Arc::clone(&self.free).acquire_owned().await;
        let (readers, corpus) = (Arc::clone(&self.readers), self.corpus.clone());
        let answer = tokio::task::spawn_blocking(move || {
            let _room = room;
            let store = lock(&readers).pop();
            // As many may ask as there are connections, unless one was lost to a panic.
            let mut store = store.map_or_else(|| Store::open(&corpus), Ok)?;
            let answer = question(&mut store);
            lock(&readers).push(store);
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

/// A transaction that a panic cut short has been rolled back.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
