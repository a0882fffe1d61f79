//! `according origins`: copies, what recurs, and how many origins it has.

use std::io::Write as _;

use anyhow::Result;

use super::Ending;
use super::add::{open, with_advice};
use crate::console::Console;
use crate::corpus_output;
use crate::flags::{CorpusFormat, OriginsFlags};
use crate::output;

pub(crate) fn run(flags: &OriginsFlags, console: &Console) -> Result<Ending> {
    let store = open(&flags.corpus.corpus)?;
    let corpus = store.corpus().map_err(with_advice)?;
    let report = corpus.report(flags.min_articles);
    match flags.format {
        CorpusFormat::Json => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            serde_json::to_writer_pretty(&mut out, &report)
                .map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
            out.flush()?;
        }
        CorpusFormat::Text => {
            let text = corpus_output::origins(&report, output::width());
            console.stdout().write_all(text.as_bytes())?;
        }
    }
    Ok(Ending::AllDone)
}
