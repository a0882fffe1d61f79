//! Every kind of container, whole and damaged. All texts in here are our own.

mod damage;
mod feeds;
mod limits;
mod mails;
mod make;
mod packs;
mod papers;
mod warcs;
mod wires;
