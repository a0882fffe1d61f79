//! Questions to a corpus: `search`, `claim`, `sources`, `timeline`, `origins`.

use std::io::Write as _;

use according_store::{Question, Store};
use anyhow::{Context as _, Result, anyhow, bail};
use serde::Serialize;

use super::Ending;
use super::add::with_advice;
use crate::console::Console;
use crate::flags::{
    AskFlags, ClaimFlags, CorpusFormat, OriginsFlags, SearchFlags, SearchesCommand,
    SourcesFlags, TimelineFlags,
};
use crate::{corpus_output, output};

pub(crate) fn origins(flags: &OriginsFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.ask)?;
    let report = store
        .corpus_report_with(flags.min_articles, flags.rejected)
        .map_err(with_advice)?;
    print(&flags.ask, &report, console, || {
        corpus_output::origins(&report, output::width())
    })
}

pub(crate) fn search(flags: &SearchFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.ask)?;
    let words = flags.words.join(" ");
    let question = Question {
        words: (!words.trim().is_empty()).then_some(words),
        source: flags.source.clone(),
        outlet: flags.outlet.clone(),
        from: flags.from.clone(),
        to: flags.to.clone(),
        min_origins: flags.min_origins.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        limit: u32::try_from(flags.limit).unwrap_or(u32::MAX),
    };
    let hits = store.search(&question).map_err(with_advice)?;
    if let Some(name) = &flags.save {
        store.save_search(name, &question).map_err(with_advice)?;
        console.say(format_args!(
            "kept as '{name}'; 'according watch' tells what is new for it from now on"
        ));
    }
    print(&flags.ask, &hits, console, || corpus_output::hits(&hits, output::width()))
}

pub(crate) fn searches(command: &SearchesCommand, console: &Console) -> Result<Ending> {
    match command {
        SearchesCommand::List { ask } => {
            let saved = open(ask)?.searches().map_err(with_advice)?;
            print(ask, &saved, console, || {
                corpus_output::searches(&saved, output::width())
            })
        }
        SearchesCommand::Remove { name, corpus } => {
            let mut store = Store::open(&corpus.corpus).map_err(with_advice)?;
            if !store.remove_search(name).map_err(with_advice)? {
                bail!(
                    "there is no search '{name}'; 'according searches list' lists them"
                );
            }
            Ok(Ending::AllDone)
        }
    }
}

pub(crate) fn claim(flags: &ClaimFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.ask)?;
    let claim = store.claim(&flags.id).map_err(with_advice)?;
    let claim = claim.ok_or_else(|| {
        anyhow!("there is no claim '{}'; 'according origins' lists them", flags.id)
    })?;
    print(&flags.ask, &claim, console, || {
        corpus_output::one_claim(&claim, output::width())
    })
}

pub(crate) fn sources(flags: &SourcesFlags, console: &Console) -> Result<Ending> {
    let store = open(&flags.ask)?;
    let limit = u32::try_from(flags.limit).unwrap_or(u32::MAX);
    let sources = store.sources(flags.name.as_deref(), limit).map_err(with_advice)?;
    print(&flags.ask, &sources, console, || {
        corpus_output::sources(&sources, output::width())
    })
}

pub(crate) fn timeline(flags: &TimelineFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.ask)?;
    let limit = u32::try_from(flags.limit).unwrap_or(u32::MAX);
    let claims = store
        .timeline(flags.from.as_deref(), flags.to.as_deref(), limit)
        .map_err(with_advice)?;
    let days: Vec<Day<'_>> =
        claims.iter().map(|(day, claim)| Day { day: day.as_deref(), claim }).collect();
    print(&flags.ask, &days, console, || {
        corpus_output::timeline(&claims, output::width())
    })
}

/// A claim and the day it was first told.
#[derive(Serialize)]
struct Day<'c> {
    day: Option<&'c str>,
    claim: &'c according_corpus::format::ClaimEntry,
}

/// Opens a corpus that must be there.
fn open(ask: &AskFlags) -> Result<Store> {
    Store::open(&ask.corpus.corpus).map_err(with_advice).context("no answer")
}

fn print(
    ask: &AskFlags,
    value: &impl Serialize,
    console: &Console,
    text: impl Fn() -> String,
) -> Result<Ending> {
    match ask.format {
        CorpusFormat::Json => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            serde_json::to_writer_pretty(&mut out, value)
                .map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
            out.flush()?;
        }
        CorpusFormat::Text => console.stdout().write_all(text().as_bytes())?,
    }
    Ok(Ending::AllDone)
}
