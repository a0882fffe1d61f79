//! PolNeAR: news articles with every attribution marked as source, cue and content.
//!
//! A compartment is a folder with `text/NAME.txt` and, for each annotator,
//! `attributions/NAME_ANNOTATOR.ann` in brat standoff.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use according::report::Offsets;
use anyhow::{Result, ensure};

/// A text and what its annotators marked.
#[derive(Clone, Debug)]
pub struct Article {
    /// File name without its ending.
    pub name: String,
    /// Exactly as stored.
    pub text: String,
    /// One for each annotator, at least one.
    pub annotations: Vec<Annotation>,
}

/// What one annotator marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// Attributions in the order of the file.
    pub attributions: Vec<Marked>,
    /// What the annotator set aside as no part of the article.
    pub discarded: Vec<Offsets>,
}

/// One attribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Who; empty when nobody is named.
    pub source: Vec<Offsets>,
    /// The words that attribute.
    pub cue: Vec<Offsets>,
    /// What is attributed.
    pub content: Vec<Offsets>,
}

/// Reads the annotated texts of a compartment, by name.
pub fn read(folder: &Path) -> Result<Vec<Article>> {
    let mut standoff: BTreeMap<String, Vec<Annotation>> = BTreeMap::new();
    for path in super::files(&folder.join("attributions"), "ann")? {
        let stem = super::stem(&path);
        let Some((name, annotator)) = stem.rsplit_once('_') else { continue };
        let is_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        if !annotator.is_empty() && annotator.bytes().all(is_id) {
            let annotation = annotation(&super::read_file(&path)?);
            standoff.entry(name.to_owned()).or_default().push(annotation);
        }
    }
    let mut articles = Vec::new();
    for path in super::files(&folder.join("text"), "txt")? {
        let name = super::stem(&path);
        if let Some(annotations) = standoff.remove(&name) {
            articles.push(Article { name, text: super::read_file(&path)?, annotations });
        }
    }
    ensure!(!articles.is_empty(), "no annotated text in {}", folder.display());
    Ok(articles)
}

/// Reads brat standoff: text-bound lines `T1<tab>Label START END;START END<tab>words` and
/// event lines `E1<tab>Attribution:T4 Content:T3 Cue:T2`.
fn annotation(standoff: &str) -> Annotation {
    let mut annotation = Annotation::default();
    let mut bound: HashMap<&str, Vec<Offsets>> = HashMap::new();
    for line in standoff.lines().filter(|line| line.starts_with('T')) {
        let mut cells = line.split('\t');
        let (Some(id), Some(place)) = (cells.next(), cells.next()) else { continue };
        let Some((label, places)) = place.split_once(' ') else { continue };
        let spans: Vec<Offsets> = places.split(';').filter_map(offsets).collect();
        if label == "Discard" {
            annotation.discarded.extend(&spans);
        }
        bound.insert(id, spans);
    }
    for line in standoff.lines().filter(|line| line.starts_with('E')) {
        let Some((_, roles)) = line.split_once('\t') else { continue };
        let mut marked = Marked::default();
        for (role, id) in roles.split_whitespace().filter_map(|r| r.split_once(':')) {
            let role = role.trim_end_matches(|c: char| c.is_ascii_digit());
            let spans = match role.to_ascii_lowercase().as_str() {
                "source" => &mut marked.source,
                "cue" => &mut marked.cue,
                "content" => &mut marked.content,
                _ => continue,
            };
            spans.extend(bound.get(id).into_iter().flatten());
        }
        annotation.attributions.push(marked);
    }
    annotation
}

fn offsets(place: &str) -> Option<Offsets> {
    let (start, end) = place.split_once(' ')?;
    Some([start.parse().ok()?, end.parse().ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_standoff() {
        let standoff = "T1\tContent 10 20;25 30\tthe mill is … it closed\n\
                        T2\tCue 5 9\tsaid\n\
                        T3\tSource 0 4\tAnna\n\
                        T4\tAttribution 5 9\tsaid\n\
                        T5\tDiscard 40 50\tSubscribe\n\
                        E1\tAttribution:T4 Content:T1 Cue:T2 Source2:T3\n\
                        #1\tAnnotatorNotes T1\tunsure\n\
                        E2\tAttribution-no-source:T4 Content:T1\r\n";
        let read = annotation(standoff);
        assert_eq!(read.discarded, [[40, 50]]);
        let content = vec![[10, 20], [25, 30]];
        let whole =
            Marked { source: vec![[0, 4]], cue: vec![[5, 9]], content: content.clone() };
        assert_eq!(read.attributions, [whole, Marked { content, ..Marked::default() }]);
    }
}
