//! `according schema`.

use std::io::Write as _;

use anyhow::Result;

use super::Ending;

pub(crate) fn run() -> Result<Ending> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &according::report::schema())?;
    writeln!(out)?;
    Ok(Ending::AllDone)
}
