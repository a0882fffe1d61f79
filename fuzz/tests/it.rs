//! What once broke, and a few inputs more, on every run of the tests.

#![allow(clippy::print_stdout, reason = "tells at which input a test failed")]

use std::fs;
use std::path::Path;

use according_fuzz::{Random, TARGETS};

#[test]
fn what_once_broke_holds() {
    for target in TARGETS {
        let folder = Path::new("regressions").join(target.name);
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            (target.check)(&fs::read(path).unwrap());
        }
    }
}

#[test]
fn a_few_inputs_hold_for_every_target() {
    for target in TARGETS {
        for seed in 0..target.few {
            println!("{} --seed {seed}", target.name);
            (target.check)(&(target.make)(&mut Random::new(seed)));
        }
    }
}
