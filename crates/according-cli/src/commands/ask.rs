//! Questions to a corpus: `search`, `claim`, `sources`, `timeline`, `origins`.

use std::io::Write as _;

use according_store::Question;
use anyhow::{Result, anyhow};
use serde::Serialize;

use super::Ending;
use super::add::{open, with_advice};
use crate::console::Console;
use crate::flags::{
    ClaimFlags, CorpusFormat, OriginsFlags, SearchFlags, SourcesFlags, TimelineFlags,
};
use crate::{corpus_output, output};

pub(crate) fn origins(flags: &OriginsFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.corpus.corpus)?;
    let report = store.corpus_report(flags.min_articles).map_err(with_advice)?;
    print(flags.format, &report, console, || {
        corpus_output::origins(&report, output::width())
    })
}

pub(crate) fn search(flags: &SearchFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.corpus.corpus)?;
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
    print(flags.format, &hits, console, || corpus_output::hits(&hits, output::width()))
}

pub(crate) fn claim(flags: &ClaimFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.corpus.corpus)?;
    let claim = store.claim(&flags.id).map_err(with_advice)?;
    let claim = claim.ok_or_else(|| {
        anyhow!("there is no claim '{}'; 'according origins' lists them", flags.id)
    })?;
    print(flags.format, &claim, console, || {
        corpus_output::one_claim(&claim, output::width())
    })
}

pub(crate) fn sources(flags: &SourcesFlags, console: &Console) -> Result<Ending> {
    let store = open(&flags.corpus.corpus)?;
    let limit = u32::try_from(flags.limit).unwrap_or(u32::MAX);
    let sources = store.sources(flags.name.as_deref(), limit).map_err(with_advice)?;
    print(flags.format, &sources, console, || {
        corpus_output::sources(&sources, output::width())
    })
}

pub(crate) fn timeline(flags: &TimelineFlags, console: &Console) -> Result<Ending> {
    let mut store = open(&flags.corpus.corpus)?;
    let limit = u32::try_from(flags.limit).unwrap_or(u32::MAX);
    let claims = store
        .timeline(flags.from.as_deref(), flags.to.as_deref(), limit)
        .map_err(with_advice)?;
    let days: Vec<Day<'_>> =
        claims.iter().map(|(day, claim)| Day { day: day.as_deref(), claim }).collect();
    print(flags.format, &days, console, || {
        corpus_output::timeline(&claims, output::width())
    })
}

/// A claim and the day it was first told.
#[derive(Serialize)]
struct Day<'c> {
    day: Option<&'c str>,
    claim: &'c according_corpus::format::ClaimEntry,
}

fn print(
    format: CorpusFormat,
    value: &impl Serialize,
    console: &Console,
    text: impl Fn() -> String,
) -> Result<Ending> {
    match format {
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
