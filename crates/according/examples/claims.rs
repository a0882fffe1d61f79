//! Who claims what in a text.
//!
//! ```sh
//! cargo run --release -p according --example claims -- PIPELINE_FOLDER STORY.txt
//! ```
//!
//! The folder is a spaCy pipeline such as `en_core_web_md`; `according model list` shows where
//! one lies. The library opens no file: whoever calls it does.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program for people"
)]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs, io};

use according::report::Options;
use according::{Metadata, article};
use according_nlp::Pipeline;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(story)) = (args.next(), args.next()) else {
        return Err("name the folder of a pipeline and a text".into());
    };
    // The library asks for files by name; one that is not there is no error.
    let pipeline = Pipeline::load(&mut |name| match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    })?;
    // A worker reads one text after another, and each thread has its own.
    let mut worker = pipeline.worker();
    let text = fs::read_to_string(story)?;
    let article = article::plain::read(text, Metadata::default());
    let report = according::read(&mut worker, article, &Options::default());

    let letters: Vec<char> = report.article.text.chars().collect();
    for claim in &report.claims {
        let chain: Vec<&str> =
            claim.chain.iter().map(|hop| hop.name.as_deref().unwrap_or("?")).collect();
        println!("{}  {}", claim.id, chain.join(" › "));
        for &[start, end] in &claim.content {
            println!("    {}", letters[start..end].iter().collect::<String>());
        }
    }
    println!("\n{}", report.sourcing.explanation);
    Ok(())
}
