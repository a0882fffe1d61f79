//! What people see besides the output: notes, errors, progress; all on standard error.

use std::cell::OnceCell;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::flags::Color;

/// Work that is over by then needs no progress bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Standard error, with a progress bar now and then.
#[derive(Debug)]
pub(crate) struct Console {
    color: anstream::ColorChoice,
    start: Instant,
    bar: OnceCell<ProgressBar>,
}

impl Console {
    pub(crate) fn new(color: Color) -> Self {
        let color = match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        Self { color, start: Instant::now(), bar: OnceCell::new() }
    }

    /// Standard output, through which colour passes only where it is wanted.
    pub(crate) fn stdout(&self) -> AutoStream<io::StdoutLock<'static>> {
        AutoStream::new(io::stdout().lock(), self.color)
    }

    /// Something worth knowing that changes nothing.
    pub(crate) fn note(&self, what: impl Display) {
        self.line("note", AnsiColor::Cyan, &what);
    }

    /// What could not be done, and where known what to do about it.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.line("error", AnsiColor::Red, &format_args!("{error:#}"));
        if let Some(hint) = advice(error) {
            self.line("hint", AnsiColor::Cyan, &hint);
        }
    }

    /// A plain line.
    pub(crate) fn say(&self, what: impl Display) {
        self.write(&format!("{what}\n"));
    }

    fn line(&self, label: &str, color: AnsiColor, what: &dyn Display) {
        let style = Style::new().bold().fg_color(Some(color.into()));
        self.write(&format!("{style}{label}{style:#}: {what}\n"));
    }

    fn write(&self, text: &str) {
        let print = || {
            let mut stderr = AutoStream::new(io::stderr().lock(), self.color);
            // With standard error closed there is nobody left to tell.
            let _ = stderr.write_all(text.as_bytes());
        };
        match self.bar.get() {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// A bar that fills up to `total` bytes.
    pub(crate) fn bytes(&self, total: u64) -> ProgressBar {
        let style = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}";
        self.hidden_unless_seen(Some(total), style)
    }

    /// A mark that turns while something takes its time.
    pub(crate) fn spinner(&self, what: &'static str) -> ProgressBar {
        let bar = self.hidden_unless_seen(None, "{spinner} {msg}");
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// Tells how many reports came of how many bytes, if somebody is watching.
    pub(crate) fn count_bytes(&self, done: u64, read: u64, total: u64) {
        if io::stdout().is_terminal() || self.start.elapsed() < PATIENCE {
            return;
        }
        let style = "{bar:30} {bytes} of {total_bytes}, {msg}, {eta} left";
        let bar = self.bar.get_or_init(|| self.hidden_unless_seen(Some(total), style));
        bar.set_message(format!("{done} reports"));
        bar.set_position(read);
    }

    /// Counts one more of `total` reports, if somebody is watching and it takes a while.
    pub(crate) fn count_report(&self, done: u64, total: Option<u64>) {
        // With the reports themselves on the terminal, they are progress enough.
        if io::stdout().is_terminal() || self.start.elapsed() < PATIENCE {
            return;
        }
        let style = match total {
            Some(_) => "{bar:30} {pos} of {len} reports, {per_sec}, {eta} left",
            None => "{spinner} {pos} reports, {per_sec}",
        };
        self.bar.get_or_init(|| self.hidden_unless_seen(total, style)).set_position(done);
    }

    /// Takes the progress bar away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn hidden_unless_seen(&self, total: Option<u64>, style: &str) -> ProgressBar {
        let target = ProgressDrawTarget::stderr();
        let style = ProgressStyle::with_template(style);
        ProgressBar::with_draw_target(total, target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

/// What the error itself advises, however deep it lies.
fn advice(error: &anyhow::Error) -> Option<&str> {
    error.chain().find_map(|cause| match cause.downcast_ref::<Hinted>() {
        Some(hinted) => Some(hinted.hint.as_str()),
        None => cause.downcast_ref::<according_model::Error>()?.advice(),
    })
}

/// An error of the command with its advice.
#[derive(Debug)]
struct Hinted {
    message: String,
    hint: String,
}

/// An error with a word of advice.
pub(crate) fn hinted(
    message: impl Into<String>,
    hint: impl Into<String>,
) -> anyhow::Error {
    Hinted { message: message.into(), hint: hint.into() }.into()
}

impl Display for Hinted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}
