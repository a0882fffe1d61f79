//! What is new about a claim since somebody last looked.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::{ChangeKind, ClaimEntry, Support};

/// Something new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// What happened.
    pub kind: NewsKind,
    /// Ref of the article that made it happen.
    pub article: String,
    /// In words: what is claimed, the origin, the denial, how it is told now.
    pub text: String,
}

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NewsKind {
    /// An article came.
    Article,
    /// A second article tells what was told by one at most.
    Claim,
    /// A known claim has one more origin.
    Origin,
    /// A known claim is denied.
    Denial,
    /// What was hedged is told without a hedge.
    HedgeLost,
    /// What was told without a hedge is hedged.
    HedgeGained,
    /// Other numbers are told.
    Numbers,
    /// Somebody denies or doubts it where it is told.
    Disputed,
}

/// What is new about a claim that recurs, whose `denials` deny it. `is_new` tells whether a
/// statement, by the ref of its article and its words, was not there before.
pub fn news(
    claim: &ClaimEntry,
    denials: &[&ClaimEntry],
    is_new: impl Fn(&str, &str) -> bool,
) -> Vec<News> {
    let is_new_support = |support: &&Support| is_new(&support.article, &support.text);
    let Some(latest) = claim.supports.iter().rfind(is_new_support) else {
        return denied(denials, is_new);
    };
    let known = claim.supports.iter().filter(|support| !is_new_support(support));
    let known: BTreeSet<&str> = known.map(|support| support.article.as_str()).collect();
    if known.len() < 2 {
        let (article, text) = (latest.article.clone(), claim.statement.clone());
        let told = News { kind: NewsKind::Claim, article, text };
        return std::iter::once(told).chain(denied(denials, is_new)).collect();
    }
    let mut found = Vec::new();
    for origin in &claim.origins {
        let mut supports = claim.supports.iter().filter(|s| s.origin == origin.id);
        if let Some(first) = supports.clone().next()
            && supports.all(|support| is_new_support(&support))
        {
            let (article, text) = (first.article.clone(), origin.what.clone());
            found.push(News { kind: NewsKind::Origin, article, text });
        }
    }
    for change in &claim.changes {
        let kind = match change.kind {
            ChangeKind::First => continue,
            ChangeKind::HedgeLost => NewsKind::HedgeLost,
            ChangeKind::HedgeGained => NewsKind::HedgeGained,
            ChangeKind::Numbers => NewsKind::Numbers,
            ChangeKind::Disputed => NewsKind::Disputed,
        };
        let mut supports = claim.supports.iter().filter(|s| s.article == change.article);
        if supports.any(|support| is_new_support(&support)) {
            let to = change.to.clone().unwrap_or_default();
            let text = match &change.from {
                Some(from) => format!("{to} instead of {from}"),
                None => to,
            };
            found.push(News { kind, article: change.article.clone(), text });
        }
    }
    found.extend(denied(denials, is_new));
    found
}

fn denied(denials: &[&ClaimEntry], is_new: impl Fn(&str, &str) -> bool) -> Vec<News> {
    let supports = denials.iter().flat_map(|denial| &denial.supports);
    let new = supports.filter(|support| is_new(&support.article, &support.text));
    let news = new.map(|support| News {
        kind: NewsKind::Denial,
        article: support.article.clone(),
        text: support.text.clone(),
    });
    news.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Change, Origin, Range, SupportStance};

    fn support(article: &str, origin: &str) -> Support {
        Support {
            article: article.to_owned(),
            claim: None,
            start: 0,
            end: 9,
            text: format!("as {article} has it"),
            stance: SupportStance::Asserts,
            hedged: false,
            chain: Vec::new(),
            origin: origin.to_owned(),
            reliability: None,
            corrected: Vec::new(),
        }
    }

    fn claim(supports: Vec<Support>) -> ClaimEntry {
        let origins = ["O1", "O2"].map(|id| Origin {
            id: id.to_owned(),
            what: format!("source {id}"),
            articles: Vec::new(),
        });
        ClaimEntry {
            id: "K1".to_owned(),
            statement: "a crane fell".to_owned(),
            supports,
            origins: origins.to_vec(),
            independent_origins: Range { least: 1, most: 2 },
            explanation: String::new(),
            unsettled: None,
            disputed: false,
            denials: Vec::new(),
            first: "bell".to_owned(),
            changes: Vec::new(),
            rejected: Vec::new(),
            corrected: Vec::new(),
        }
    }

    fn kinds(claim: &ClaimEntry, denials: &[&ClaimEntry], new: &[&str]) -> Vec<NewsKind> {
        let news = news(claim, denials, |article, _| new.contains(&article));
        news.into_iter().map(|news| news.kind).collect()
    }

    #[test]
    fn what_two_tell_is_a_claim_and_what_more_tell_an_origin_or_nothing() {
        let mut told = claim(vec![support("bell", "O1"), support("globe", "O1")]);
        assert_eq!(kinds(&told, &[], &["bell", "globe"]), [NewsKind::Claim]);
        assert_eq!(kinds(&told, &[], &["globe"]), [NewsKind::Claim]);
        assert_eq!(kinds(&told, &[], &[]), []);
        told.supports.push(support("post", "O2"));
        assert_eq!(kinds(&told, &[], &["post"]), [NewsKind::Origin]);
        told.supports.push(support("herald", "O2"));
        assert_eq!(kinds(&told, &[], &["herald"]), []);
    }

    #[test]
    fn hedges_that_are_lost_and_denials_are_told() {
        let supports = ["bell", "globe", "post"].map(|article| support(article, "O1"));
        let mut told = claim(supports.to_vec());
        told.changes.push(Change {
            article: "post".to_owned(),
            published: None,
            kind: ChangeKind::HedgeLost,
            from: None,
            to: Some("it did fall".to_owned()),
        });
        assert_eq!(kinds(&told, &[], &["post"]), [NewsKind::HedgeLost]);
        let denial = claim(vec![support("herald", "O1")]);
        assert_eq!(kinds(&told, &[&denial], &["herald"]), [NewsKind::Denial]);
        assert_eq!(kinds(&told, &[&denial], &[]), []);
    }
}
