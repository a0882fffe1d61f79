//! The engine against spaCy's own output and against noise.
//!
//! The pipelines are fetched into `target/` by the first test that needs one.

mod properties;
mod recorded;

use std::sync::OnceLock;

use according_nlp::{Kernel, Pipeline};

/// The pipeline called `name` (`md`, `sm`), loaded for `kernel`.
fn load(name: &str, kernel: Kernel) -> Pipeline {
    let mut files = according_model::testing::files(name);
    Pipeline::load_for(kernel, &mut |path| files.read(path))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn md() -> &'static Pipeline {
    static MD: OnceLock<Pipeline> = OnceLock::new();
    MD.get_or_init(|| load("md", Kernel::detect()))
}
