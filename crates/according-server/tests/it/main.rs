//! The real server on a port of this machine, asked over plain sockets.

mod abuse;
mod answers;
mod client;
mod jobs;
mod pages;
mod review;
