//! `according schema`.

use std::io::Write as _;

use anyhow::Result;

use super::Ending;

pub(crate) fn run(of_corpus: bool) -> Result<Ending> {
    let schema = match of_corpus {
        true => according_corpus::format::schema(),
        false => according::report::schema(),
    };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema)?;
    writeln!(out)?;
    Ok(Ending::AllDone)
}
