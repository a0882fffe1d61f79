//! An article as a member of a corpus: what of its report the links between articles need.

use according::report::{Report, SpeakerKind, Stance};
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::format::SupportStance;
use crate::publisher::{canonical, wire};

/// An article and its statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The caller's name for it.
    pub reference: String,
    /// `sha256:` and the digest of its text.
    pub id: String,
    /// Who publishes it, as told.
    pub outlet: Option<String>,
    /// Date of publication, ISO 8601.
    pub published: Option<String>,
    /// Moment of publication, ISO 8601.
    pub published_time: Option<String>,
    /// Title, given or found.
    pub title: Option<String>,
    /// The agency that wrote most of it.
    pub wire: Option<String>,
    /// What it says, in the order of the fingerprint's statements.
    pub statements: Vec<Said>,
}

/// A statement of an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub text: String,
    /// Id of the claim it belongs to.
    pub claim: Option<String>,
    /// Which sentence it stands in.
    pub sentence: u32,
    /// Whether it is a headline.
    pub is_headline: bool,
    /// Whether it stands in quotation marks.
    pub is_quoted: bool,
    /// What the source says of it.
    pub stance: SupportStance,
    /// Whether a word lowers the commitment.
    pub is_hedged: bool,
    /// Numbers in it, as hashes.
    pub numbers: Vec<u32>,
    /// Whose words these are, nearest the event first.
    pub chain: Vec<Source>,
}

/// One hop of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As the report calls it.
    pub name: String,
    /// What it is.
    pub kind: SpeakerKind,
    /// Whether it has a proper name.
    pub is_named: bool,
    /// Whether an analyst told it from others of its name, so that it is nobody else's.
    pub is_apart: bool,
    /// The correction by which it is called so.
    pub correction: Option<u32>,
}

impl Source {
    /// One as the report calls it.
    pub fn new(name: String, kind: SpeakerKind, is_named: bool) -> Self {
        Self { name, kind, is_named, is_apart: false, correction: None }
    }
}

impl Member {
    /// The member that a report and its fingerprint make.
    pub fn new(report: &Report, fingerprint: &Fingerprint) -> Self {
        let article = &report.article;
        let text: Vec<char> = article.text.chars().collect();
        let statements = fingerprint.statements.iter().map(|statement| {
            let (start, end) = (statement.start as usize, statement.end as usize);
            let claim = statement.claim.and_then(|c| report.claims.get(c as usize));
            let hops = claim.map(|c| c.chain.as_slice()).unwrap_or_default();
            let hops = hops.iter().filter_map(|hop| {
                let name = hop.name.clone().filter(|name| name != "unspecified")?;
                Some(Source::new(name, hop.kind, hop.named))
            });
            let numbers = statement.terms.iter().filter_map(|&t| {
                let word = fingerprint.words.get(usize::from(t))?;
                let is_number = word.kind == crate::fingerprint::WordKind::Number;
                is_number.then_some(word.hash)
            });
            Said {
                start,
                end,
                text: text.get(start..end).unwrap_or_default().iter().collect(),
                claim: claim.map(|c| c.id.clone()),
                sentence: statement.sentence,
                is_headline: statement.is_headline,
                is_quoted: statement.is_quoted,
                stance: match claim.map(|c| c.stance) {
                    Some(Stance::Deny) => SupportStance::Denies,
                    Some(Stance::Doubt) => SupportStance::Doubts,
                    _ => SupportStance::Asserts,
                },
                is_hedged: statement.is_hedged,
                numbers: numbers.collect(),
                chain: hops.collect(),
            }
        });
        let mut statements: Vec<Said> = statements.collect();
        attribute_quoted(&mut statements);
        Self {
            statements,
            reference: article.reference.clone().unwrap_or_else(|| article.id.clone()),
            id: article.id.clone(),
            outlet: article.outlet.clone(),
            published: article.published.clone(),
            published_time: article.published_time.clone(),
            title: article.title.clone(),
            wire: wire(report).map(str::to_owned),
        }
    }

    /// What articles are put in order by: date, moment and ref; undated ones come last,
    /// since nothing shows that they were there before.
    pub fn order(&self) -> (bool, &str, &str, &str) {
        let published = self.published.as_deref().unwrap_or_default();
        let time = self.published_time.as_deref().unwrap_or_default();
        (published.is_empty(), published, time, &self.reference)
    }

    /// Who speaks in the article's own voice: the agency that wrote it, or the outlet.
    pub fn voice(&self) -> String {
        match (&self.wire, &self.outlet) {
            (Some(agency), _) => agency.clone(),
            (None, Some(outlet)) => canonical(outlet),
            (None, None) => self.reference.clone(),
        }
    }
}

/// What stands in quotation marks is nobody's own voice: a quotation that runs on belongs to
/// whoever is quoted next to it.
fn attribute_quoted(statements: &mut [Said]) {
    for i in 0..statements.len() {
        let Some(said) = statements.get(i).filter(|s| s.is_quoted && s.chain.is_empty())
        else {
            continue;
        };
        let before = statements.iter().take(i).rev();
        let after = statements.iter().skip(i + 1);
        let mut near = before.take(3).chain(after.take(3)).filter(|other| {
            !other.chain.is_empty() && other.sentence.abs_diff(said.sentence) <= 1
        });
        let Some(other) = near.next() else { continue };
        let (claim, chain, stance) =
            (other.claim.clone(), other.chain.clone(), other.stance);
        if let Some(said) = statements.get_mut(i) {
            (said.claim, said.chain, said.stance) = (claim, chain, stance);
        }
    }
}
