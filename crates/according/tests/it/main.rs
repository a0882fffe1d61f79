//! What the crate promises, feature by feature.

mod article;
mod article_properties;
mod attribution;
mod claim;
mod layers;
mod markdown;
mod recorded;
mod report;
