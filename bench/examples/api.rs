//! Writes down what each library offers: `api TARGET/DOC FOLDER`, where the former holds what
//! rustdoc says as JSON. `.ci/api` makes that, and compares.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use public_api::Builder;

fn main() -> Result<()> {
    let mut folders = env::args_os().skip(1).map(PathBuf::from);
    let (Some(json), Some(written)) = (folders.next(), folders.next()) else {
        bail!("usage: api TARGET/DOC FOLDER");
    };
    for entry in fs::read_dir(&json).context("no folder with JSON of rustdoc")? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with("according") || path.extension() != Some("json".as_ref()) {
            continue;
        }
        // What every type has, and what is derived, would be most of it.
        let api = Builder::from_rustdoc_json(&path)
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .omit_auto_derived_impls(true)
            .build()
            .with_context(|| path.display().to_string())?;
        fs::write(written.join(format!("{name}.txt")), format!("{api}\n"))?;
    }
    Ok(())
}
