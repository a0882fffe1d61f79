//! `according correct`: what an analyst sets right.

use std::io::Write as _;
use std::path::Path;

use according_corpus::correction::{Act, Correction, Grade, MOST_ANCHORS};
use according_store::{Instruction, Listed, Refusal, Store};
use anyhow::{Context as _, Result, bail};

use super::Ending;
use super::add::with_advice;
use crate::clock;
use crate::console::{Console, hinted};
use crate::files;
use crate::flags::{AskFlags, CorpusFlags, CorpusFormat, CorrectCommand, HandFlags};
use crate::{corpus_output, output};

/// The largest file of corrections.
const MOST_BYTES: usize = 256 << 20;

pub(crate) fn run(command: &CorrectCommand, console: &Console) -> Result<Ending> {
    let (hand, instruction) = match command {
        CorrectCommand::Accept { places, hand } => {
            (hand, Instruction::Accept { places: places.clone() })
        }
        CorrectCommand::Merge { places, hand } => {
            (hand, Instruction::Merge { places: places.clone() })
        }
        CorrectCommand::Split { claim, places, hand } => {
            (hand, Instruction::Split { claim: claim.clone(), places: places.clone() })
        }
        CorrectCommand::Reject { places, hand } => {
            (hand, Instruction::Reject { places: places.clone() })
        }
        CorrectCommand::MergeSources { names, hand } => {
            (hand, Instruction::MergeSources { names: names.clone() })
        }
        CorrectCommand::SplitSource { name, articles, called, hand } => {
            let (name, articles) = (name.clone(), articles.clone());
            let called = called.clone();
            (hand, Instruction::SplitSource { name, articles, called })
        }
        CorrectCommand::Reliability { outlet, grade, hand } => {
            let (outlet, grade) = (outlet.clone(), Grade::from(*grade));
            (hand, Instruction::Reliability { outlet, grade })
        }
        CorrectCommand::Note { place, text, hand } => {
            (hand, Instruction::Note { place: place.clone(), text: text.clone() })
        }
        CorrectCommand::Undo { number, hand } => {
            (hand, Instruction::Undo { of: *number })
        }
        CorrectCommand::List { ask, lost } => return list(ask, *lost, console),
        CorrectCommand::Import { file, corpus } => return import(file, corpus, console),
    };
    let mut store = open(&hand.corpus)?;
    let act = store.act(&instruction).map_err(refused)?;
    record(store, hand, act, console)
}

fn import(file: &Path, corpus: &CorpusFlags, console: &Console) -> Result<Ending> {
    let lines = read(file)?;
    let mut store = open(corpus)?;
    let imported = store.import(lines).map_err(with_advice)?;
    settle(&mut store, console)?;
    let (new, known) = (imported.new, imported.known);
    console.say(format_args!("{new} new, {known} known already"));
    Ok(Ending::AllDone)
}

/// Why something is not set right, and what to do.
fn refused(refusal: Refusal) -> anyhow::Error {
    if let Refusal::Store(error) = refusal {
        return with_advice(error);
    }
    let hint = match &refusal {
        Refusal::Claim(_) => "'according origins' lists them".to_owned(),
        Refusal::Article(_) => {
            "'according search' lists what articles are called".to_owned()
        }
        Refusal::Statement(_) => {
            "'according read' shows the claims of an article".to_owned()
        }
        Refusal::Whole(place) => format!("name a claim of it, such as {place}#C4"),
        Refusal::Source(_) => "'according sources' lists the names".to_owned(),
        Refusal::Correction(_) => "'according correct list' lists them".to_owned(),
        Refusal::Undone(_, by) => format!("'according correct undo {by}' brings it back"),
        _ => return refusal.into(),
    };
    hinted(refusal.to_string(), hint)
}

fn open(corpus: &CorpusFlags) -> Result<Store> {
    Store::open(&corpus.corpus).map_err(with_advice)
}

fn record(
    mut store: Store,
    hand: &HandFlags,
    act: Act,
    console: &Console,
) -> Result<Ending> {
    let (by, what) = (who(hand.by.as_deref()), corpus_output::act(&act));
    let number = store.correct(&by, &clock::now(), act).map_err(with_advice)?;
    settle(&mut store, console)?;
    console.say(format_args!(
        "correction {number} by {by}: {what}\n'according correct undo {number}' takes it back"
    ));
    Ok(Ending::AllDone)
}

/// Asking is quick afterwards.
fn settle(store: &mut Store, console: &Console) -> Result<()> {
    let spinner = console.spinner("working out what the corpus says");
    store.settle().map_err(with_advice)?;
    spinner.finish_and_clear();
    Ok(())
}

/// Who corrections are by: whom the flag names, or else who uses the program.
pub(crate) fn who(by: Option<&str>) -> String {
    let user = || {
        let names = ["USER", "LOGNAME", "USERNAME"].into_iter();
        names.filter_map(|name| std::env::var(name).ok()).find(|name| !name.is_empty())
    };
    let by = by.filter(|by| !by.trim().is_empty()).map(str::to_owned);
    by.or_else(user).unwrap_or_else(|| "analyst".to_owned())
}

fn list(ask: &AskFlags, lost: bool, console: &Console) -> Result<Ending> {
    let store = open(&ask.corpus)?;
    let mut all = store.corrections().map_err(with_advice)?;
    all.retain(|listed: &Listed| !lost || listed.lost > 0);
    match ask.format {
        CorpusFormat::Json => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            for listed in &all {
                serde_json::to_writer(&mut out, listed).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
        CorpusFormat::Text => {
            let text = corpus_output::corrections(&all, output::width());
            console.stdout().write_all(text.as_bytes())?;
        }
    }
    Ok(Ending::AllDone)
}

/// Corrections, one a line, of which each undoes only what came before.
fn read(file: &Path) -> Result<Vec<Correction>> {
    let text = String::from_utf8(files::read_whole(file, MOST_BYTES)?)
        .with_context(|| format!("{}: not UTF-8", file.display()))?;
    let mut corrections: Vec<Correction> = Vec::new();
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    for (line, n) in lines {
        let place = || format!("{}:{n}", file.display());
        let correction: Correction = serde_json::from_str(line)
            .with_context(|| format!("{}: no correction", place()))?;
        let before = corrections.last().map_or(0, |last| last.number);
        if correction.number <= before {
            bail!("{}: correction {} comes too late", place(), correction.number);
        }
        if correction.act.anchors().count() > MOST_ANCHORS {
            bail!("{}: more than {MOST_ANCHORS} places", place());
        }
        if let Act::Undo { of } = &correction.act
            && corrections.binary_search_by_key(of, |c| c.number).is_err()
        {
            bail!("{}: it undoes correction {of}, which is not in the file", place());
        }
        corrections.push(correction);
    }
    Ok(corrections)
}
