//! What a corpus says, with what its parts are called in a document.
//!
//! A support points to a claim of an article by the names that the article and the claim have
//! in the document, so that chains and offsets are told once.

use std::collections::BTreeMap;

use according::Report;
use according_corpus::format::{ClaimEntry, CorpusReport, Origin, Support};

use crate::view::{View, uuid};

/// The articles of a document: how a corpus calls them, and what they are called in it.
#[derive(Debug, Default)]
pub(crate) struct Articles {
    /// By ref and digest, since a corpus may call an article otherwise than its report does.
    by_name: BTreeMap<(String, String), String>,
    by_digest: BTreeMap<String, String>,
}

impl Articles {
    pub(crate) fn add(&mut self, report: &Report) {
        let (article, urn) = (&report.article, View::new(report).urn());
        let name = article.reference.clone().unwrap_or_default();
        self.by_digest.entry(article.id.clone()).or_insert_with(|| urn.clone());
        self.by_name.insert((name, article.id.clone()), urn);
    }

    /// By what the corpus calls them.
    fn of(&self, corpus: &CorpusReport) -> BTreeMap<String, String> {
        let entries = corpus.articles.iter().filter_map(|entry| {
            let key = (entry.reference.clone(), entry.id.clone());
            let urn = self.by_name.get(&key).or_else(|| self.by_digest.get(&entry.id))?;
            Some((entry.reference.clone(), urn.clone()))
        });
        entries.collect()
    }
}

/// A claim of the corpus.
pub(crate) struct Recurring<'c> {
    /// What it is called: the same as long as it has the same statement and first article.
    pub(crate) urn: String,
    pub(crate) entry: &'c ClaimEntry,
    /// Those whose articles are in the document.
    pub(crate) supports: Vec<Placed<'c>>,
    /// What claims that deny it are called.
    pub(crate) denials: Vec<String>,
}

/// A support with what its article and claim are called.
pub(crate) struct Placed<'c> {
    pub(crate) support: &'c Support,
    pub(crate) article: String,
    /// `None` for the outlet's own voice.
    pub(crate) claim: Option<String>,
}

impl Placed<'_> {
    /// The claim, or the article where the outlet speaks itself.
    pub(crate) fn place(&self) -> &str {
        self.claim.as_deref().unwrap_or(&self.article)
    }

    /// "police officer › Harbour Post", or the outlet itself.
    pub(crate) fn chain(&self) -> String {
        match self.support.chain.is_empty() {
            true => "the outlet itself".to_owned(),
            false => self.support.chain.join(" › "),
        }
    }
}

impl Recurring<'_> {
    /// The number of the claim and what makes it the same: `urn:uuid:…`.
    pub(crate) fn part(&self, what: &str) -> String {
        format!("urn:uuid:{}", uuid(&format!("{} {what}", self.urn)))
    }

    /// The origin a support goes back to.
    pub(crate) fn origin(&self, id: &str) -> Option<&Origin> {
        self.entry.origins.iter().find(|origin| origin.id == id)
    }

    /// "2", or "1 to 3" where the texts do not tell.
    pub(crate) fn count(&self) -> String {
        let range = self.entry.independent_origins;
        match range.least == range.most {
            true => range.least.to_string(),
            false => format!("{} to {}", range.least, range.most),
        }
    }
}

/// The claims of a corpus whose articles are in a document.
pub(crate) fn recurring<'c>(
    corpus: &'c CorpusReport,
    articles: &Articles,
) -> Vec<Recurring<'c>> {
    let urns = articles.of(corpus);
    let urn = |entry: &ClaimEntry| {
        let what = format!("recurring {} {}", entry.first, entry.statement);
        format!("urn:uuid:{}", uuid(&what))
    };
    let by_id: BTreeMap<&str, String> =
        corpus.claims.iter().map(|entry| (entry.id.as_str(), urn(entry))).collect();
    let claims = corpus.claims.iter().map(|entry| {
        let supports = entry.supports.iter().filter_map(|support| {
            let article = urns.get(&support.article)?.clone();
            let claim = support.claim.as_ref().map(|id| format!("{article}#{id}"));
            Some(Placed { support, article, claim })
        });
        let denials = entry.denials.iter().filter_map(|id| by_id.get(id.as_str()));
        Recurring {
            urn: urn(entry),
            entry,
            supports: supports.collect(),
            denials: denials.cloned().collect(),
        }
    });
    claims.filter(|claim| !claim.supports.is_empty()).collect()
}
