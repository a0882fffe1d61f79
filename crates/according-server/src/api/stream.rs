//! Answers of many lines, all of one state of the corpus.

use std::io;
use std::time::{Duration, Instant};

use according_store::{Error, Store};
use axum::response::Response;
use tokio::sync::mpsc::{Sender, error::TrySendError};

use super::lines;
use crate::App;
use crate::problem::Problem;

/// How long whoever reads an answer line by line may take for a part of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is told in one go, and where the next begins; nothing where all is told.
pub(crate) type Next<S> = Result<Option<(Vec<u8>, S)>, Error>;

/// Tells part after part, beginning at `start`, whatever is written meanwhile. An answer that
/// cannot be told to its end is broken off, so that nobody takes it for whole.
pub(crate) fn stream<S: Send + 'static>(
    app: &App,
    start: S,
    mut next: impl FnMut(&mut Store, S) -> Next<S> + Send + 'static,
) -> Result<Response, Problem> {
    let (send, receive) = tokio::sync::mpsc::channel(4);
    app.shelf.hold(move |store| {
        let mut place = start;
        loop {
            match next(store, place) {
                Ok(Some((part, further))) => match hand_over(&send, Ok(part)) {
                    true => place = further,
                    false => return,
                },
                Ok(None) => return,
                Err(error) => {
                    let _ = hand_over(&send, Err(io::Error::other(error.to_string())));
                    return;
                }
            }
        }
    })?;
    Ok(lines(receive))
}

/// Hands a part to whoever reads the answer; false when nobody does any more. A reader that
/// is too slow must not keep a thread from others.
pub(crate) fn hand_over(
    send: &Sender<Result<Vec<u8>, io::Error>>,
    part: Result<Vec<u8>, io::Error>,
) -> bool {
    let begun = Instant::now();
    let mut waiting = part;
    loop {
        match send.try_send(waiting) {
            Ok(()) => return true,
            Err(TrySendError::Full(part)) if begun.elapsed() < PATIENCE => {
                waiting = part;
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(_) => return false,
        }
    }
}
