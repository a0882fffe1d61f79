//! Mistakes of others.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is expected now and becomes an error. Whoever prints what
/// panics say may want to leave these out.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Calls a reader that others wrote. `None` when it panics.
pub(crate) fn guard<T>(read: impl FnOnce() -> T) -> Option<T> {
    GUARDED.set(true);
    // It reads bytes and gives back a value; nothing half done is left behind.
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    result.ok()
}
