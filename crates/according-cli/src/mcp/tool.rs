//! What a tool is called, takes, and is given.

use serde_json::{Map, Value, json};

/// A tool as it is told to clients.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    title: &'static str,
    description: &'static str,
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug)]
struct Parameter {
    name: &'static str,
    kind: Kind,
    is_needed: bool,
    description: &'static str,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Up to so many bytes.
    Text(usize),
    /// From one to so much.
    Count(u32),
}

impl Tool {
    /// A tool without parameters.
    pub(crate) fn new(
        name: &'static str,
        title: &'static str,
        description: &'static str,
    ) -> Self {
        Self { name, title, description, parameters: Vec::new() }
    }

    /// The same with a parameter of at most `longest` bytes.
    pub(crate) fn text(
        self,
        name: &'static str,
        longest: usize,
        is_needed: bool,
        description: &'static str,
    ) -> Self {
        self.with(Parameter { name, kind: Kind::Text(longest), is_needed, description })
    }

    /// The same with a number from one to `most`.
    pub(crate) fn count(
        self,
        name: &'static str,
        most: u32,
        description: &'static str,
    ) -> Self {
        self.with(Parameter {
            name,
            kind: Kind::Count(most),
            is_needed: false,
            description,
        })
    }

    fn with(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The tool as the protocol writes it.
    pub(super) fn told(&self) -> Value {
        let properties = self.parameters.iter().map(|p| {
            let schema = match p.kind {
                Kind::Text(longest) => json!({
                    "type": "string", "maxLength": longest, "description": p.description,
                }),
                Kind::Count(most) => json!({
                    "type": "integer", "minimum": 1, "maximum": most,
                    "description": p.description,
                }),
            };
            (p.name.to_owned(), schema)
        });
        let properties: Map<String, Value> = properties.collect();
        let needed = self.parameters.iter().filter(|p| p.is_needed).map(|p| p.name);
        json!({
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": {
                "type": "object",
                "properties": properties,
                "required": needed.collect::<Vec<_>>(),
                "additionalProperties": false,
            },
            "annotations": {
                "readOnlyHint": true,
                "destructiveHint": false,
                "idempotentHint": true,
                "openWorldHint": false,
            },
        })
    }

    /// Whether a call gives what the tool takes.
    pub(super) fn check(&self, given: &Map<String, Value>) -> Result<(), String> {
        for name in given.keys() {
            if !self.parameters.iter().any(|parameter| parameter.name == name) {
                let names: Vec<&str> = self.parameters.iter().map(|p| p.name).collect();
                return Err(format!(
                    "'{}' takes no '{}'; it takes: {}",
                    self.name,
                    name.escape_debug(),
                    names.join(", ")
                ));
            }
        }
        self.parameters.iter().try_for_each(|parameter| parameter.check(given))
    }
}

impl Parameter {
    fn check(&self, given: &Map<String, Value>) -> Result<(), String> {
        let name = self.name;
        let value = given.get(name).filter(|value| !value.is_null());
        match (value, &self.kind) {
            (None, _) if self.is_needed => Err(format!("'{name}' is missing")),
            (None, _) => Ok(()),
            (Some(Value::String(text)), Kind::Text(longest)) if text.len() > *longest => {
                Err(format!("'{name}' is longer than {longest} bytes"))
            }
            (Some(Value::String(_)), Kind::Text(_)) => Ok(()),
            (Some(_), Kind::Text(_)) => Err(format!("'{name}' is no text")),
            (Some(value), Kind::Count(most)) => match value.as_u64() {
                Some(n) if (1..=u64::from(*most)).contains(&n) => Ok(()),
                _ => Err(format!("'{name}' is no whole number from 1 to {most}")),
            },
        }
    }
}

/// What a call gives, after it was checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Arguments<'a> {
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    /// The same for those who keep it.
    pub(crate) fn owned(self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    }

    pub(crate) fn count(self, name: &str) -> Option<u32> {
        u32::try_from(self.0.get(name)?.as_u64()?).ok()
    }
}
