//! Runs the real program, each test in a fresh folder.

mod install;
mod parse;
mod program;
mod read;
