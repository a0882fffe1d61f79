//! What a tool answers: what was found, or that it cannot tell.

use serde_json::{Map, Value, json};

/// An answer. Never an empty list: that there is nothing to be found is not known to whoever
/// has read only some of what there is.
#[derive(Debug)]
pub(crate) struct Answer(Map<String, Value>);

impl Answer {
    /// What was found, an object.
    pub(crate) fn found(value: Value) -> Self {
        let mut told = Map::from_iter([("status".to_owned(), json!("found"))]);
        if let Value::Object(value) = value {
            told.extend(value);
        }
        Self(told)
    }

    /// Nothing can be told: why, and what to try.
    pub(crate) fn cannot_tell(reason: &str, next: &str) -> Self {
        Self(Map::from_iter([
            ("status".to_owned(), json!("cannot-tell")),
            ("reason".to_owned(), json!(reason)),
            ("next".to_owned(), json!(next)),
        ]))
    }

    pub(super) fn told(self) -> Value {
        Value::Object(self.0)
    }
}
