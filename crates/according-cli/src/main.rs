//! The command `according`.

mod clock;
mod commands;
mod conllu;
mod console;
mod corpus_output;
mod files;
mod flags;
mod mcp;
mod model;
mod ordered;
mod output;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::commands::Ending;
use crate::console::Console;
use crate::flags::Flags;

/// Pages and reports are trees of small things: this is a tenth faster than what C libraries
/// bring along.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let flags = Flags::parse();
    stay_quiet_when_guarded();
    let console = Console::new(flags.color);
    match commands::run(flags, &console) {
        Ok(Ending::AllDone) => ExitCode::SUCCESS,
        Ok(Ending::SomeFailed) => ExitCode::from(1),
        Ok(Ending::NothingDone) => ExitCode::from(2),
        // Whoever reads our output has read enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::from(2)
        }
    }
}

/// Damaged papers and messages make their readers panic, which is caught and told as an error.
fn stay_quiet_when_guarded() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !according_container::is_guarded() {
            tell(panic);
        }
    }));
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
