//! Inputs nobody would write, and what must hold for them all the same.
//!
//! Everything here builds with the stable toolchain and is repeatable: an input is made from
//! a seed. What once broke is kept in `regressions/TARGET/` and run by every `cargo test`.
//!
//! ```sh
//! cargo run --release -p according-fuzz -- text --seconds 600
//! ```

mod container;
mod exports;
mod model;
mod page;
mod robots;
mod text;

/// One way in.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is called, and the folder of its regressions.
    pub name: &'static str,
    /// Makes an input.
    pub make: fn(&mut Random) -> Vec<u8>,
    /// Panics when something does not hold for an input.
    pub check: fn(&[u8]),
    /// So many inputs are tried by `cargo test`.
    pub few: u64,
}

/// All ways in.
pub const TARGETS: [Target; 13] = [
    Target { name: "text", make: text::make, check: text::check, few: 60 },
    Target { name: "exports", make: text::make, check: exports::check, few: 20 },
    Target { name: "page", make: page::make, check: page::check, few: 60 },
    Target { name: "robots", make: robots::make, check: robots::check, few: 300 },
    Target {
        name: "lookups",
        make: model::bytes,
        check: model::check_lookups,
        few: 2000,
    },
    Target { name: "vectors", make: model::bytes, check: model::check_vectors, few: 200 },
    Target { name: "model", make: model::edits, check: model::check_edited, few: 16 },
    Target { name: "feed", make: container::feed, check: container::check, few: 500 },
    Target { name: "warc", make: container::warc, check: container::check, few: 500 },
    Target { name: "mail", make: container::mail, check: container::check, few: 500 },
    Target { name: "json", make: container::json, check: container::check, few: 500 },
    Target { name: "paper", make: container::paper, check: container::check, few: 50 },
    Target { name: "packed", make: container::packed, check: container::check, few: 500 },
];

/// Numbers that look random and are the same for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.any() % n as u64) as usize
    }

    /// One of `all`, which is not empty.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
