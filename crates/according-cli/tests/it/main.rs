//! Runs the real program, each test in a fresh folder.

mod container;
mod corpus;
mod correct;
mod export;
mod fetch;
mod html;
mod install;
mod mcp;
mod parse;
mod program;
mod read;
mod watch;
