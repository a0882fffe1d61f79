//! Reports in which every claim is annotated: who makes it, through whom, how surely.
//!
//! A folder of them holds `gold/NAME.json` and `text/NAME.txt`.

use std::path::Path;

use according::Metadata;
use according::report::{Certainty, Mode, Offsets, Polarity, SpeakerKind, Stance};
use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// A text and its claims.
#[derive(Clone, Debug, Deserialize)]
pub struct Article {
    /// File name without its ending.
    #[serde(skip)]
    pub name: String,
    /// Exactly as stored.
    #[serde(skip)]
    pub text: String,
    /// Day of publication.
    pub published: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Every claim.
    pub claims: Vec<Claim>,
}

/// One claim.
#[derive(Clone, Debug, Deserialize)]
pub struct Claim {
    /// Its name in the file.
    pub id: String,
    /// What is claimed.
    pub content: Vec<Offsets>,
    /// By whom, as written.
    pub source: Vec<Offsets>,
    /// In which words.
    pub cue: Vec<Offsets>,
    /// Quoted or told.
    pub mode: Mode,
    /// Fullest name of the source.
    pub source_name: Option<String>,
    /// What the source is.
    pub source_kind: SpeakerKind,
    /// Whether the text gives a proper name.
    pub named: bool,
    /// Names from the origin to the last relay.
    pub chain: Vec<Option<String>>,
    /// The claim in whose content this one lies.
    pub parent: Option<String>,
    /// The source's attitude.
    pub stance: Stance,
    /// How sure the source presents it.
    pub certainty: Certainty,
    /// Whether it is affirmed or denied.
    pub polarity: Polarity,
    /// Words that lower the commitment.
    #[serde(default)]
    pub hedges: Vec<Hedge>,
}

/// A word that lowers the commitment.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Hedge {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Article {
    /// What is known of the text from outside.
    pub fn metadata(&self) -> Metadata {
        Metadata {
            published: self.published.clone(),
            outlet: self.outlet.clone(),
            ..Metadata::default()
        }
    }
}

/// Reads the annotated reports of a folder, by name.
pub fn read(folder: &Path) -> Result<Vec<Article>> {
    let mut articles = Vec::new();
    for path in super::files(&folder.join("gold"), "json")? {
        let name = super::stem(&path);
        let text = super::read_file(&folder.join("text").join(format!("{name}.txt")))?;
        let read = serde_json::from_str(&super::read_file(&path)?);
        let article: Article = read.with_context(|| path.display().to_string())?;
        articles.push(Article { name, text, ..article });
    }
    ensure!(!articles.is_empty(), "no annotated report in {}", folder.display());
    Ok(articles)
}
