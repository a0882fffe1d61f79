//! The corpus: one connection that writes, and a few that ask.

use std::sync::{Arc, Mutex, PoisonError};

use according_store::{Address, Error, Store};
use tokio::sync::Semaphore;

use crate::problem::Problem;

#[derive(Debug)]
pub(crate) struct Shelf {
    corpus: Address,
    writer: Arc<Mutex<Store>>,
    readers: Arc<Mutex<Vec<Store>>>,
    free: Arc<Semaphore>,
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
