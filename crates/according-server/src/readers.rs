//! Threads that read texts, each with a worker of its own over one pipeline.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use according_nlp::{Pipeline, Worker};
use tokio::sync::oneshot;

use crate::problem::Problem;

type Job = Box<dyn FnOnce(&mut Worker<'_>, &Pipeline) + Send>;

/// The threads. They end when this is dropped.
#[derive(Debug)]
pub(crate) struct Readers {
    jobs: SyncSender<Job>,
}

impl Readers {
    pub(crate) fn start(pipeline: Arc<Pipeline>, threads: usize, waiting: usize) -> Self {
        let (jobs, queue) = sync_channel::<Job>(waiting);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..threads.max(1) {
            let (pipeline, queue) = (Arc::clone(&pipeline), Arc::clone(&queue));
            std::thread::spawn(move || work(&pipeline, &queue));
        }
        Self { jobs }
    }

    /// What comes of a text, when a thread has come to it.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Worker<'_>, &Pipeline) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (tell, told) = oneshot::channel();
        self.submit(move |worker, pipeline| {
            // Whoever asked may have gone.
            let _ = tell.send(job(worker, pipeline));
        })?;
        told.await.map_err(|_| Problem::fault())
    }

    /// Has something done by the next thread that is free, unless too much is waiting.
    pub(crate) fn submit(
        &self,
        job: impl FnOnce(&mut Worker<'_>, &Pipeline) + Send + 'static,
    ) -> Result<(), Problem> {
        self.jobs.try_send(Box::new(job)).map_err(|error| match error {
            TrySendError::Full(_) => Problem::busy(),
            TrySendError::Disconnected(_) => Problem::fault(),
        })
    }
}

fn work(pipeline: &Pipeline, queue: &Mutex<Receiver<Job>>) {
    let mut worker = pipeline.worker();
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A mistake of ours must cost one text. The worker may be in any state afterwards.
        if catch_unwind(AssertUnwindSafe(|| job(&mut worker, pipeline))).is_err() {
            worker = pipeline.worker();
        }
    }
}
