//! `config.cfg`: sections of `key = value` lines, each value JSON.

use std::collections::HashMap;

use serde_json::Value;

use crate::Error;

/// The settings of a pipeline, by section and key. Sections written as objects
/// (`tokenizer = {"@tokenizers": …}`) are found like others.
#[derive(Debug, Default)]
pub(crate) struct Config(HashMap<(String, String), Value>);

impl Config {
    /// Reads the file. Values that are no JSON, such as references to other values, are
    /// passed over: none of the settings that matter here are written so.
    pub(crate) fn read(text: &str) -> Self {
        let mut config = Self::default();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name.to_owned();
            } else if let Some((key, value)) = line.split_once('=')
                && let Ok(value) = serde_json::from_str(value.trim())
            {
                config.0.insert((section.clone(), key.trim().to_owned()), value);
            }
        }
        config
    }

    /// One setting.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&Value> {
        self.0.get(&(section.to_owned(), key.to_owned()))
    }

    /// A setting that must be a list of names.
    pub(crate) fn names(&self, section: &str, key: &str) -> Result<Vec<&str>, Error> {
        self.get(section, key)
            .and_then(Value::as_array)
            .and_then(|list| list.iter().map(Value::as_str).collect())
            .ok_or_else(|| {
                Error::new(format!("[{section}] has no list of names '{key}'"))
            })
    }

    /// Refuses a setting that is there with another value than we support.
    pub(crate) fn require(
        &self,
        section: &str,
        key: &str,
        value: Value,
    ) -> Result<(), Error> {
        match self.get(section, key) {
            Some(other) if *other != value => Err(Error::new(format!(
                "[{section}] {key} is {other}; only {value} is supported"
            ))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sections_keys_and_json() {
        let config = Config::read(
            "[nlp]\nlang = \"en\"\npipeline = [\"tok2vec\",\"ner\"]\nseed = ${system.seed}\n\n\
             [components.parser]\nlearn_tokens = false\n",
        );
        assert_eq!(config.names("nlp", "pipeline").unwrap(), ["tok2vec", "ner"]);
        assert!(config.names("nlp", "lang").is_err());
        assert!(config.get("nlp", "seed").is_none());
        assert!(
            config.require("components.parser", "learn_tokens", false.into()).is_ok()
        );
        assert!(
            config.require("components.parser", "learn_tokens", true.into()).is_err()
        );
        assert!(config.require("components.parser", "missing", true.into()).is_ok());
    }
}
