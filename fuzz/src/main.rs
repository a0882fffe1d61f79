//! `cargo run --release -p according-fuzz -- TARGET [--seconds N] [--seed N]`
//!
//! Tries inputs until the time is over. What breaks is written to `fuzz/regressions/TARGET/`,
//! where `cargo test` finds it from then on.

use std::fs;
use std::io::{self, Write as _};
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use according_fuzz::{Random, TARGETS};
use anyhow::{Context as _, Result, bail};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    let name =
        args.next().with_context(|| format!("name one of {}", names.join(", ")))?;
    let (mut seconds, mut first) = (60, 0);
    while let Some(flag) = args.next() {
        let value = args.next().with_context(|| format!("{flag} wants a number"))?;
        match flag.as_str() {
            "--seconds" => seconds = value.parse()?,
            "--seed" => first = value.parse()?,
            _ => bail!("there is no flag {flag}"),
        }
    }
    let target = TARGETS
        .iter()
        .find(|target| target.name == name)
        .with_context(|| format!("'{name}' is none of {}", names.join(", ")))?;
    // What readers by others panic about is caught and told as an error.
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !according_container::is_guarded() {
            tell(panic);
        }
    }));
    let (start, mut seed) = (Instant::now(), first);
    while start.elapsed() < Duration::from_secs(seconds) {
        let input = (target.make)(&mut Random::new(seed));
        if catch_unwind(|| (target.check)(&input)).is_err() {
            let folder = Path::new("fuzz/regressions").join(target.name);
            fs::create_dir_all(&folder)?;
            let path = folder.join(format!("seed-{seed}"));
            fs::write(&path, &input)?;
            bail!("seed {seed} breaks {}; kept in {}", target.name, path.display());
        }
        seed += 1;
    }
    writeln!(io::stdout(), "{}: seeds {first} to {} hold", target.name, seed - 1)?;
    Ok(())
}
