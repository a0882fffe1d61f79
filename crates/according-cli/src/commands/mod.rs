//! One file a command.

mod add;
mod ask;
mod batch;
mod correct;
mod export;
mod locate;
mod mcp;
mod model;
mod parse;
mod read;
mod schema;
mod serve;
mod watch;

use std::io::Write as _;

use anyhow::{Context as _, Result};
use clap::CommandFactory as _;

use crate::console::Console;
use crate::flags::{Command, Flags, ModelCommand};

/// How far a command came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    AllDone,
    SomeFailed,
    NothingDone,
}

pub(crate) fn run(flags: Flags, console: &Console) -> Result<Ending> {
    let wanted = flags.model.as_deref();
    match flags.command {
        Command::Read(read) => read::run(&read, wanted, console),
        Command::Parse(parse) => parse::run(&parse, wanted, console),
        Command::Locate(flags) => locate::run(&flags, console),
        Command::Add(add) => add::run(&add, wanted, console),
        Command::Watch(flags) => watch::run(&flags, wanted, console),
        Command::Origins(flags) => ask::origins(&flags, console),
        Command::Search(flags) => ask::search(&flags, console),
        Command::Searches(command) => ask::searches(&command, console),
        Command::Claim(flags) => ask::claim(&flags, console),
        Command::Sources(flags) => ask::sources(&flags, console),
        Command::Timeline(flags) => ask::timeline(&flags, console),
        Command::Correct(command) => correct::run(&command, console),
        Command::Export(flags) => export::run(&flags, console),
        Command::Mcp(flags) => mcp::run(&flags, wanted, console),
        Command::Serve(flags) => serve::run(&flags, wanted, console),
        Command::Schema { corpus } => schema::run(corpus),
        Command::Model(ModelCommand::Install { from, name }) => {
            model::install(from.as_deref(), &name, console)
        }
        Command::Model(ModelCommand::List) => model::list(console),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(
                shell,
                &mut Flags::command(),
                "according",
                &mut script,
            );
            std::io::stdout().write_all(&script)?;
            Ok(Ending::AllDone)
        }
        Command::Man { folder } => {
            clap_mangen::generate_to(Flags::command(), &folder)
                .with_context(|| format!("cannot write to {}", folder.display()))?;
            Ok(Ending::AllDone)
        }
    }
}
