//! What the crate promises, feature by feature.

mod article;
mod article_properties;
mod attribution;
mod layers;
mod markdown;
