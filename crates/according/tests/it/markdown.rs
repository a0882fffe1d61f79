//! The readable cases of `tests/suite/`: one behaviour a section, told in a sentence or
//! two, then its fenced blocks.

#![allow(clippy::disallowed_methods, reason = "the tests read the cases from files")]

use std::fs;
use std::path::Path;

use according::report::{Claim, Report};
use serde::Serialize;
use serde_json::Value;

/// A section of a suite file.
pub(crate) struct Case {
    /// File and heading, for messages.
    pub(crate) name: String,
    fences: Vec<(String, String)>,
}

impl Case {
    /// What stands in the fence whose info string begins with `kind`, if there is one.
    pub(crate) fn fence(&self, kind: &str) -> Option<&str> {
        let is_kind = |info: &str| info.split_whitespace().next() == Some(kind);
        self.fences.iter().find(|(info, _)| is_kind(info)).map(|(_, text)| text.as_str())
    }

    /// The value of `name=value` in the info string of a fence.
    pub(crate) fn attribute(&self, kind: &str, name: &str) -> Option<&str> {
        let (info, _) = self.fences.iter().find(|(info, _)| info.starts_with(kind))?;
        let mut words = info.split_whitespace();
        words.find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    /// The rows of a fence: columns between bars.
    pub(crate) fn rows(&self, kind: &str) -> Vec<Vec<&str>> {
        let columns = |line| str::split(line, " | ").map(str::trim).collect();
        self.fence(kind)
            .map(|text| text.lines().map(columns).collect())
            .unwrap_or_default()
    }
}

/// The cases of all files in `tests/suite/FOLDER`, in order of name.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

/// Runs all cases of a folder, of which there are at least `fewest`.
pub(crate) fn run(folder: &str, fewest: usize, failures: fn(&Case) -> Vec<String>) {
    let cases = cases(folder);
    assert!(cases.len() >= fewest, "the suite is not where it should be");
    let wrong: Vec<_> = cases.iter().flat_map(failures).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn read(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).unwrap();
    let file = file.file_name().unwrap().to_string_lossy();
    let mut cases: Vec<Case> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match (open, line.strip_prefix("```"), line.strip_prefix("## ")) {
            (false, Some(info), _) => {
                let case = cases.last_mut().expect("a fence stands below a heading");
                case.fences.push((info.to_owned(), String::new()));
                open = true;
            }
            (true, Some(_), _) => open = false,
            (true, None, _) => {
                let (_, fence) = cases.last_mut().unwrap().fences.last_mut().unwrap();
                fence.push_str(line);
                fence.push('\n');
            }
            (false, None, Some(title)) => {
                cases.push(Case { name: format!("{file}: {title}"), fences: Vec::new() });
            }
            (false, None, None) => {}
        }
    }
    assert!(!open, "{file} leaves a fence open");
    cases
}

/// What a case expected and did not find.
pub(crate) struct Differences<'c> {
    case: &'c Case,
    /// One message each.
    pub(crate) list: Vec<String>,
}

impl<'c> Differences<'c> {
    pub(crate) fn new(case: &'c Case) -> Self {
        Self { case, list: Vec::new() }
    }

    /// Notes down that `found` is not what was `expected`, if so.
    pub(crate) fn check(&mut self, what: &str, found: &str, expected: &str) {
        if found != expected {
            let name = &self.case.name;
            self.list.push(format!(
                "{name}: {what}\n  expected  {expected}\n  found     {found}"
            ));
        }
    }

    /// Compares `found` with the rows of a fence, one by one. What a row has beyond its first
    /// `fixed` columns are fields that it asks for.
    pub(crate) fn check_rows<T>(
        &mut self,
        fence: &str,
        found: &[T],
        fixed: usize,
        told: impl Fn(&T, &[&str]) -> String,
    ) {
        let expected = self.case.rows(fence);
        for i in 0..found.len().max(expected.len()) {
            let row = expected.get(i).map(Vec::as_slice).unwrap_or_default();
            let asked = &row[row.len().min(fixed)..];
            let found = found.get(i).map(|it| told(it, asked)).unwrap_or_default();
            self.check(fence, &found, &row.join(" | "));
        }
    }
}

/// A value of JSON as the suites write it.
pub(crate) fn plain_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            items.iter().map(plain_value).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// The fields of `it` that a row asks for, as ` | name = value` each.
pub(crate) fn asked_fields(it: &impl Serialize, asked: &[&str]) -> String {
    let values = serde_json::to_value(it).unwrap();
    let field = |asked: &&str| {
        let name = asked.split(" = ").next().unwrap_or_default();
        format!(" | {name} = {}", plain_value(&values[name]))
    };
    asked.iter().map(field).collect()
}

/// The words of a claim's content.
pub(crate) fn content(report: &Report, claim: &Claim) -> String {
    let text: Vec<char> = report.article.text.chars().collect();
    let parts = claim.content.iter().map(|c| text[c[0]..c[1]].iter().collect::<String>());
    parts.collect::<Vec<_>>().join(" … ")
}
