//! Many items over several threads, results in order, memory bounded.
//!
//! Not rayon: what is wanted here is state for each thread, results in input order as they
//! come, and a bound on how many are in flight, so that a folder of a million reports takes
//! no more memory than a few; rayon has the first of these only.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// How many items may be in flight for each thread. One long report must not keep the other
/// threads waiting.
const WINDOW: usize = 8;

/// As many threads as asked for, or as the machine has cores.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Runs `work` on all items over `threads` threads, each with a state of its own, and hands
/// the results to `each` on this thread, in the order of the items. Items are taken only
/// while few enough are in flight. An error of `each` ends everything. One thread is this one.
pub(crate) fn in_order<T: Send, S, R: Send, E>(
    items: impl Iterator<Item = T> + Send,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, T) -> R + Sync,
    mut each: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if threads == 1 {
        let mut state = state();
        return items.map(|item| work(&mut state, item)).try_for_each(each);
    }
    let feed = Mutex::new(items.enumerate());
    let limit = Limit { end: Mutex::new(threads * WINDOW), moved: Condvar::new() };
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let send = send.clone();
            let (feed, limit, state, work) = (&feed, &limit, &state, &work);
            scope.spawn(move || {
                let mut state = state();
                while let Some((number, item)) = take(feed, limit) {
                    let result = work(&mut state, item);
                    if send.send((number, result)).is_err() {
                        return;
                    }
                }
            });
        }
        // The loop below ends when the last thread has dropped its sender.
        drop(send);
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (number, result) in receive {
            early.insert(number, result);
            while let Some(result) = early.remove(&next) {
                if let Err(error) = each(result) {
                    limit.set(0);
                    return Err(error);
                }
                next += 1;
                limit.set(next + threads * WINDOW);
            }
        }
        Ok(())
    })
}

/// Items from this number on have to wait; 0 for ever.
struct Limit {
    end: Mutex<usize>,
    moved: Condvar,
}

impl Limit {
    fn set(&self, end: usize) {
        *lock(&self.end) = end;
        self.moved.notify_all();
    }

    /// Waits until item `number` may start; false when none may any more.
    fn admits(&self, number: usize) -> bool {
        let end = lock(&self.end);
        let is_early = |end: &mut usize| *end != 0 && number >= *end;
        let end = self.moved.wait_while(end, is_early);
        *end.unwrap_or_else(PoisonError::into_inner) != 0
    }
}

/// The next item. Whoever waits for the limit keeps the feed locked: the others would have
/// to wait as well.
fn take<T>(
    feed: &Mutex<std::iter::Enumerate<impl Iterator<Item = T>>>,
    limit: &Limit,
) -> Option<(usize, T)> {
    let mut feed = lock(feed);
    let (number, item) = feed.next()?;
    limit.admits(number).then_some((number, item))
}

/// A thread that panicked leaves nothing half done here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_whatever_takes_longest() {
        for threads in [1, 2, 7] {
            let mut seen = Vec::new();
            let slow_first = |_: &mut (), n: u64| {
                thread::sleep(Duration::from_millis(5 * u64::from(n < 3)));
                n * n
            };
            let each = |n| {
                seen.push(n);
                Ok::<(), ()>(())
            };
            in_order(0..100, threads, || (), slow_first, each).unwrap();
            assert!(seen.iter().copied().eq((0..100).map(|n| n * n)));
        }
    }

    #[test]
    fn few_items_are_in_flight() {
        let taken = AtomicUsize::new(0);
        let items = (0..1000).inspect(|_| {
            taken.fetch_add(1, Ordering::Relaxed);
        });
        let mut written = 0;
        let each = |()| {
            written += 1;
            assert!(taken.load(Ordering::Relaxed) <= written + 2 * WINDOW + 1);
            Ok::<(), ()>(())
        };
        in_order(items, 2, || (), |_, _| (), each).unwrap();
        assert_eq!(written, 1000);
    }

    #[test]
    fn an_error_ends_an_endless_feed() {
        let each = |n| if n < 50 { Ok(()) } else { Err(n) };
        let ended = in_order(0..u64::MAX, 3, || (), |_, n| n, each);
        assert_eq!(ended, Err(50));
    }
}
