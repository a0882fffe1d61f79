//! Rules of sites that nobody would write: read in little time, whatever they hold.

use according_fetch::{Robots, TOKEN};

use crate::Random;

const PIECES: &[&str] = &[
    "User-agent: ",
    "user-agent:according",
    "*",
    "$",
    "Disallow: ",
    "Allow: ",
    "/",
    "/a",
    "%2f",
    "%",
    "%zz",
    "é",
    "\n",
    "\r\n",
    "\n\n",
    "#",
    ":",
    "\u{feff}",
    "\0",
    "Sitemap: x",
];

pub(crate) fn make(random: &mut Random) -> Vec<u8> {
    let mut file = String::new();
    for _ in 0..random.below(200) {
        let n = if random.below(40) == 0 { random.below(300) } else { 1 };
        file.push_str(&random.of(PIECES).repeat(n));
    }
    file.into_bytes()
}

/// The same bytes are rules, and a path to ask for.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let robots = Robots::new(&text, TOKEN);
    for path in text.lines().take(20) {
        robots.allows(path);
        robots.allows(&format!("/{path}"));
    }
    assert!(robots.allows("/robots.txt"));
}
