//! What the crate promises, feature by feature.

mod article;
mod article_properties;
mod attribution;
mod attribution_properties;
mod claim;
mod coreference;
mod event;
mod layers;
mod markdown;
mod place;
mod recorded;
mod report;
mod time;
