//! Pipelines for the tests of this workspace.
//!
//! They are kept below `target/` of the checkout, or in `ACCORDING_DATA` when that is set, and
//! are fetched by whoever needs one first, so that plain `cargo test` works on a fresh machine
//! that has pip. A test that runs the program passes [`data_folder`] as `ACCORDING_DATA`.

use std::path::{Path, PathBuf};

use crate::{Files, Installed, Known, Source, Store};

/// The data folder tests use.
///
/// # Panics
///
/// When not started by Cargo inside a checkout.
pub fn data_folder() -> PathBuf {
    if let Some(data) = std::env::var_os("ACCORDING_DATA") {
        return data.into();
    }
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("tests run under Cargo");
    let workspace = Path::new(&package)
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file())
        .expect("a package of the workspace lies below its Cargo.lock");
    workspace.join("target").join("according-data")
}

/// The pipeline called `name` (`md`, `sm`), installed at the first call.
///
/// # Panics
///
/// When there is no such pipeline or it cannot be fetched; says why.
pub fn installed(name: &str) -> Installed {
    let known = Known::by_name(name).unwrap_or_else(|| panic!("no pipeline '{name}'"));
    let store = Store::new(&data_folder());
    if let Ok(Some(installed)) = store.find(name) {
        return installed;
    }
    match store.install(Source::Known(known), &mut |_| Ok(()), &mut |_| {}) {
        Ok(outcome) => outcome.into_installed(),
        Err(error) => panic!("{error}; {}", error.advice().unwrap_or_default()),
    }
}

/// The files of the pipeline called `name`.
///
/// # Panics
///
/// As [`installed`].
pub fn files(name: &str) -> Files {
    installed(name).open().unwrap_or_else(|error| panic!("{error}"))
}
