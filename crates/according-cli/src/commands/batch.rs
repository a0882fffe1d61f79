//! What `read`, `parse` and `add` have in common: many inputs, in order, failures named and
//! passed over.

use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Result, anyhow};

use super::Ending;
use crate::console::Console;
use crate::files::{Inputs, Item};
use crate::ordered::{in_order, threads};

/// One input done.
#[derive(Debug)]
pub(crate) struct Done<T = Vec<u8>> {
    /// What came of it: for most commands the bytes for standard output.
    pub(crate) output: T,
    /// What the user should know.
    pub(crate) notes: Vec<String>,
}

/// Runs `work` on every input, each thread with a `state` of its own, and writes what comes
/// of it to `out`, in order. An input that fails is named, and the rest go on.
pub(crate) fn run<S>(
    inputs: Inputs,
    asked: Option<usize>,
    console: &Console,
    out: impl Write,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Item) -> Result<Done> + Sync,
) -> Result<Ending> {
    let mut out = BufWriter::new(out);
    let each = |_: &str, output: Vec<u8>| Ok(out.write_all(&output)?);
    let ending = run_each(inputs, asked, console, state, work, each)?;
    out.flush()?;
    Ok(ending)
}

/// Runs `work` on every input, each thread with a `state` of its own, and hands what comes
/// of it to `each`, in order, with the name of the input. An input that fails is named, and
/// the rest go on; an error of `each` ends everything.
pub(crate) fn run_each<S, T: Send>(
    inputs: Inputs,
    asked: Option<usize>,
    console: &Console,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Item) -> Result<Done<T>> + Sync,
    mut each: impl FnMut(&str, T) -> Result<()>,
) -> Result<Ending> {
    let (total, total_bytes) = (inputs.total(), inputs.total_bytes());
    let progress = inputs.progress();
    let mut tally = Tally::default();
    let one = |worker: &mut S, item: Item| {
        let name = item.name.clone();
        // A mistake of ours must cost one report, not all of them. The worker may be in any
        // state afterwards, so the next item gets a new one.
        let result = catch_unwind(AssertUnwindSafe(|| work(worker, item)));
        let result = result.unwrap_or_else(|_| {
            *worker = state();
            Err(anyhow!("this text makes the program fail; please report it"))
        });
        (name, result)
    };
    in_order(inputs, threads(asked), &state, one, |(name, result)| -> Result<()> {
        if let Some(done) = tally.count(&name, result, console) {
            for note in done.notes {
                console.note(format_args!("{name}: {note}"));
            }
            each(&name, done.output)?;
        }
        for note in progress.take_notes() {
            console.note(note);
        }
        match (total, total_bytes) {
            (None, Some(bytes)) => {
                console.count_bytes(tally.done + tally.failed, progress.bytes(), bytes);
            }
            _ => console.count_report(tally.done + tally.failed, total),
        }
        Ok(())
    })?;
    for note in progress.take_notes() {
        console.note(note);
    }
    console.clear();
    Ok(tally.ending())
}

/// Names what is wrong with inputs none of which can be read.
pub(crate) fn name_failures(inputs: Inputs, console: &Console) -> Result<Ending> {
    let mut tally = Tally::default();
    for item in inputs {
        let name = item.name.clone();
        tally.count(&name, item.read(), console);
    }
    Ok(tally.ending())
}

#[derive(Default)]
struct Tally {
    done: u64,
    failed: u64,
}

impl Tally {
    fn count<T>(
        &mut self,
        name: &str,
        result: Result<T>,
        console: &Console,
    ) -> Option<T> {
        match result {
            Ok(done) => {
                self.done += 1;
                Some(done)
            }
            Err(error) => {
                self.failed += 1;
                console.error(&error.context(name.to_owned()));
                None
            }
        }
    }

    fn ending(&self) -> Ending {
        match (self.done, self.failed) {
            (_, 0) => Ending::AllDone,
            (0, _) => Ending::NothingDone,
            _ => Ending::SomeFailed,
        }
    }
}
