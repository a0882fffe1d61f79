//! Reports and fingerprints that are made up.

use according::Report;
use according_corpus::Fingerprint;
use according_corpus::fingerprint::{Statement, Word, WordKind, hash};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{Added, Error, Name, Store};

/// An article to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    pub(super) name: String,
    pub(super) outlet: String,
    pub(super) published: Option<String>,
    pub(super) said: Vec<Said>,
}

/// A sentence, and who says it, with a name or without.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) words: String,
    pub(super) source: Option<(String, bool)>,
    pub(super) is_denied: bool,
}

pub(super) fn said(words: &str) -> Said {
    Said { words: words.to_owned(), source: None, is_denied: false }
}

impl Made {
    pub(super) fn new(name: &str, said: Vec<Said>) -> Self {
        let published = Some("2024-03-05".to_owned());
        Self { name: name.to_owned(), outlet: format!("The {name}"), published, said }
    }

    /// Whether another has the same text in the same outlet on the same day.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let words = |made: &Self| -> Vec<String> {
            made.said.iter().map(|said| said.words.clone()).collect()
        };
        words(self) == words(other)
            && (&self.outlet, &self.published) == (&other.outlet, &other.published)
    }

    pub(super) fn add(&self, store: &mut Store) -> Result<Added, Error> {
        let (report, fingerprint) = self.read();
        let identity = format!("id {}", self.name);
        let name = Name { reference: self.name.clone(), identity };
        store.add(&name, &report, &fingerprint)
    }

    pub(super) fn read(&self) -> (Report, Fingerprint) {
        let mut fingerprint = Fingerprint::default();
        let words = |said: &Said| -> Vec<u32> {
            said.words.split_whitespace().map(hash).collect()
        };
        let mut hashes: Vec<u32> = self.said.iter().flat_map(words).collect();
        hashes.sort_unstable();
        hashes.dedup();
        // "The" and "of" tell nothing.
        let all = || self.said.iter().flat_map(|said| said.words.split_whitespace());
        let small: Vec<u32> = all().filter(|word| word.len() < 4).map(hash).collect();
        let word = |&hash: &u32| Word {
            hash,
            weight: if small.contains(&hash) { 0.5 } else { 5.0 },
            kind: if hash % 3 == 0 { WordKind::Name } else { WordKind::Other },
            vector: u32::MAX,
        };
        fingerprint.words = hashes.iter().map(word).collect();
        let (mut text, mut claims) = (String::new(), Vec::new());
        for (n, said) in self.said.iter().enumerate() {
            let start = text.len();
            text += &said.words;
            let end = text.len();
            text += ". ";
            fingerprint.running.extend(words(said));
            let mut terms: Vec<u16> = words(said)
                .iter()
                .filter_map(|hash| Some(hashes.binary_search(hash).ok()? as u16))
                .collect();
            terms.sort_unstable();
            terms.dedup();
            let claim = said.source.as_ref().map(|_| claims.len() as u32);
            claims.extend(claim_of(said, claims.len(), start, end));
            fingerprint.statements.push(Statement {
                start: start as u32,
                end: end as u32,
                claim,
                sentence: n as u32,
                is_headline: n == 0,
                is_quoted: false,
                is_negative: said.is_denied,
                is_hedged: n % 5 == 4,
                terms,
                context: Vec::new(),
            });
        }
        let report = json!({
            "format": "according-report/1",
            "generator": {"name": "according", "version": "0", "pipeline": "none",
                "attribution": "none"},
            "article": {"id": format!("sha256:{text}"), "ref": self.name, "locator": null,
                "title": null, "outlet": self.outlet, "url": null, "byline": [],
                "dateline": null, "published": self.published, "published_time": null,
                "modified": null, "via": null, "language": "en", "provenance": [],
                "text": text, "blocks": [], "pages": []},
            "entities": [], "places": [], "times": [], "quantities": [],
            "claims": claims, "events": [],
            "sourcing": {"claims": 0, "named_people": 0, "unnamed_people": 0,
                "organisations": 0, "media": [], "documents": 0, "unspecified": 0,
                "self": 0, "origins": [], "independent_origins": 0, "explanation": ""},
        });
        (serde_json::from_value(report).unwrap(), fingerprint)
    }
}

/// What articles are found by, as versions before the fourth kept it; their numbers are in
/// their order.
pub(super) fn keep_old_keys(db: &Connection, all: &[Made]) {
    for (made, id) in all.iter().zip(1_i64..) {
        let fingerprint = made.read().1;
        for (word, _) in fingerprint.keys(48) {
            db.execute("INSERT INTO word VALUES (?1, ?2)", (word, id)).unwrap();
        }
        for shingle in fingerprint.shingles(8) {
            let shingle = shingle.cast_signed();
            db.execute("INSERT INTO shingle VALUES (?1, ?2)", (shingle, id)).unwrap();
        }
    }
}

fn claim_of(said: &Said, n: usize, start: usize, end: usize) -> Option<Value> {
    let (name, named) = said.source.as_ref()?;
    let speaker = json!({"name": name, "entity": null, "kind": "person", "named": named,
        "plural": false, "role": null, "place": null, "reason_unnamed": null});
    let hop = json!({"name": name, "entity": null, "kind": "person", "named": named,
        "cue": [[start, start + 1]]});
    let stance = if said.is_denied { "deny" } else { "neutral" };
    Some(json!({"id": format!("C{}", n + 1), "block": "paragraph",
        "content": [[start, end]], "source": [[start, start + 1]],
        "cue": [[start, start + 1]], "act": "speech", "mode": "indirect",
        "speaker": speaker, "chain": [hop], "parent": null, "stance": stance,
        "certainty": "certain", "polarity": "positive", "factuality": "CT+",
        "hedges": [], "times": [], "places": [], "entities": [], "events": [],
        "confidence": 0.9}))
}
