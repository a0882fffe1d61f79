//! `according model install` and `according model list`.

use std::io::Write as _;
use std::path::Path;

use according_model::{Installed, Known, Outcome, Source, Store};
use anyhow::Result;

use super::Ending;
use crate::console::Console;

pub(crate) fn install(
    from: Option<&Path>,
    name: &str,
    console: &Console,
) -> Result<Ending> {
    let store = Store::of_user()?;
    let source = match (from, Known::by_name(name)) {
        (Some(path), _) => Source::Path(path),
        (None, Some(known)) => Source::Known(known),
        (None, None) => anyhow::bail!("no pipeline is known as '{name}'"),
    };
    let (how, installed) = match crate::model::install(&store, source, console)? {
        Outcome::New(installed) => ("installed", installed),
        Outcome::Present(installed) => ("already installed", installed),
    };
    if installed.origin.known().is_none() {
        console.note("this is none of the pipelines According knows by their hash");
    }
    let mut out = console.stdout();
    writeln!(out, "{} is {how}", installed.meta.title())?;
    describe(&installed, &mut out)?;
    Ok(Ending::AllDone)
}

pub(crate) fn list(console: &Console) -> Result<Ending> {
    let store = Store::of_user()?;
    let all = store.list()?;
    if all.is_empty() {
        console.note(format_args!(
            "no pipeline is installed in {}; 'according model install' fetches one",
            store.folder().display()
        ));
    }
    let mut out = console.stdout();
    for installed in &all {
        writeln!(out, "{}", installed.meta.title())?;
        describe(installed, &mut out)?;
    }
    Ok(Ending::AllDone)
}

fn describe(installed: &Installed, out: &mut impl std::io::Write) -> std::io::Result<()> {
    let meta = &installed.meta;
    writeln!(out, "  licence     {}", meta.licence())?;
    if !meta.author().is_empty() {
        writeln!(out, "  made by     {}", meta.author())?;
    }
    if !meta.trained_on().is_empty() {
        writeln!(out, "  built on    {}", meta.trained_on().join("; "))?;
    }
    let is_known = match installed.origin.known() {
        Some(known) => format!(" ('{}', hash checked)", known.name),
        None => " (not one of those known by their hash)".to_owned(),
    };
    writeln!(out, "  from        {}{is_known}", installed.origin.from)?;
    writeln!(out, "  in          {}", installed.folder.join("pipeline").display())?;
    for notice in installed.notices() {
        writeln!(out, "  notice      {}", notice.display())?;
    }
    Ok(())
}
