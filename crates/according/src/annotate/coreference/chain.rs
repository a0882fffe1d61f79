//! Chains while they grow.

use std::collections::HashMap;

use according_nlp::Doc;

use super::super::entity::MentionForm;
use super::super::lexicon;
use super::super::speaker::{self, Cast, Gender};
use super::mention::{self, Mention, Number};

/// The mentions of an article and what is joined of them so far.
pub(super) struct Chains<'a> {
    pub(super) doc: &'a Doc,
    /// In text order.
    pub(super) mentions: Vec<Mention>,
    /// For each mention the number of its chain.
    of: Vec<usize>,
    /// Empty ones were joined to others.
    chains: Vec<Chain>,
    /// The mention that a token is the head of; no coordination.
    by_head: HashMap<usize, usize>,
}

/// How many words a chain is known by; who is described in more ways is everything.
const WORDS: usize = 40;

/// What is known of a chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    /// Numbers of its mentions, in no order.
    pub(super) members: Vec<usize>,
    /// The first of them.
    first: usize,
    /// The named entity it is about.
    pub(super) entity: Option<usize>,
    pub(super) gender: Option<Gender>,
    /// The nouns it is called by, in lower case.
    pub(super) nouns: Vec<String>,
    /// All words before these nouns, in lower case.
    pub(super) modifiers: Vec<String>,
}

impl<'a> Chains<'a> {
    /// Every mention on its own, but for those of named entities and of speakers that were
    /// resolved already.
    pub(super) fn new(doc: &'a Doc, cast: &Cast<'_>) -> Self {
        let mentions = mention::find(doc, &cast.entities);
        let mut chains: Vec<Chain> = Vec::with_capacity(mentions.len());
        for (i, mention) in mentions.iter().enumerate() {
            let head = doc.token(mention.head);
            let mut chain = Chain {
                members: vec![i],
                first: i,
                entity: mention.entity,
                gender: mention.gender,
                ..Chain::default()
            };
            if mention.form != MentionForm::Pronoun && !mention.is_coordination {
                chain.nouns.push(speaker::describing_word(head));
                chain.modifiers.extend(words_before(doc, mention));
            }
            chains.push(chain);
        }
        let of = (0..mentions.len()).collect();
        let heads = mentions.iter().enumerate().filter(|(_, m)| !m.is_coordination);
        let by_head = heads
            .flat_map(|(i, m)| {
                [Some(m.head), m.host].into_iter().flatten().map(move |h| (h, i))
            })
            .collect();
        let mut all = Self { doc, mentions, of, chains, by_head };
        all.join_entities(cast);
        all.join_speakers(cast);
        all
    }

    fn join_entities(&mut self, cast: &Cast<'_>) {
        for (number, entity) in cast.entities.list.iter().enumerate() {
            let heads = entity.mentions.iter().map(|m| {
                let root = speaker::root_of(self.doc, m.tokens.clone());
                (root.index(), m.form)
            });
            let members: Vec<usize> = heads.filter_map(|(h, _)| self.at(h)).collect();
            let Some((&first, rest)) = members.split_first() else { continue };
            for &other in rest {
                self.join(first, other);
            }
            let chain = self.of[first];
            let chain = &mut self.chains[chain];
            chain.entity = Some(number);
            chain.nouns.clear();
            let given = entity.name.split(' ').next().unwrap_or_default();
            if entity.label == "PERSON" {
                chain.gender = chain.gender.or_else(|| lexicon::given_name(given));
            }
            for noun in cast.descriptions(number) {
                let word = speaker::describing_word(noun);
                if let Some(known) = lexicon::noun(&word) {
                    chain.gender = chain.gender.or(known.gender);
                }
                if !chain.nouns.contains(&word) {
                    learn(&mut chain.nouns, word);
                    for word in speaker::modifiers(noun) {
                        learn(&mut chain.modifiers, word.to_lowercase());
                    }
                }
            }
        }
    }

    /// What the speakers of claims were brought down to, where they have no name.
    fn join_speakers(&mut self, cast: &Cast<'_>) {
        let mut first: HashMap<usize, usize> = HashMap::new();
        for (token, speaker) in cast.met() {
            let it = &cast.list[speaker];
            if it.entity.is_some() || it.name.is_none() {
                continue;
            }
            let Some(mention) = self.at(token) else { continue };
            match first.get(&speaker) {
                Some(&known) => {
                    self.join(known, mention);
                }
                None => {
                    first.insert(speaker, mention);
                }
            }
        }
    }

    /// The mention that token number `head` is the head of.
    pub(super) fn at(&self, head: usize) -> Option<usize> {
        self.by_head.get(&head).copied()
    }

    pub(super) fn chain(&self, mention: usize) -> &Chain {
        &self.chains[self.of[mention]]
    }

    /// The number of the chain of a mention, as long as none is joined to it.
    pub(super) fn number(&self, mention: usize) -> usize {
        self.of[mention]
    }

    /// Whether two mentions are in one chain.
    pub(super) fn is_same(&self, a: usize, b: usize) -> bool {
        self.of[a] == self.of[b]
    }

    /// Whether a mention goes back to another one already.
    pub(super) fn is_resolved(&self, mention: usize) -> bool {
        let chain = self.chain(mention);
        chain.entity.is_some() || chain.first < mention
    }

    /// Joins two chains, unless they have two names or genders.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (mut to, mut from) = (self.of[a], self.of[b]);
        if to == from {
            return true;
        }
        let (x, y) = (&self.chains[to], &self.chains[from]);
        let opposed = x.gender.zip(y.gender).is_some_and(|(a, b)| a != b);
        let two_names = x.entity.zip(y.entity).is_some_and(|(a, b)| a != b);
        if opposed || two_names {
            return false;
        }
        if x.members.len() < y.members.len() {
            std::mem::swap(&mut to, &mut from);
        }
        let moved = std::mem::take(&mut self.chains[from]);
        for &member in &moved.members {
            self.of[member] = to;
        }
        let chain = &mut self.chains[to];
        chain.members.extend(moved.members);
        chain.first = chain.first.min(moved.first);
        chain.entity = chain.entity.or(moved.entity);
        chain.gender = chain.gender.or(moved.gender);
        for noun in moved.nouns {
            learn(&mut chain.nouns, noun);
        }
        for word in moved.modifiers {
            learn(&mut chain.modifiers, word);
        }
        true
    }

    /// The chains in order of their first mentions, each in text order.
    pub(super) fn finish(self) -> Vec<Vec<Mention>> {
        let mut chains = self.chains;
        for chain in &mut chains {
            chain.members.sort_unstable();
        }
        chains.retain(|c| !c.members.is_empty());
        chains.sort_by_key(|c| c.members[0]);
        let mentions = &self.mentions;
        let of_chain = |c: &Chain| {
            let entity = c.entity;
            let members = c.members.iter().map(|&m| mentions[m].clone());
            members.map(|m| Mention { entity: m.entity.or(entity), ..m }).collect()
        };
        chains.iter().map(of_chain).collect()
    }
}

fn learn(words: &mut Vec<String>, word: String) {
    if words.len() < WORDS && !words.contains(&word) {
        words.push(word);
    }
}

/// The words between the start of a phrase and its head, in lower case, without articles.
pub(super) fn words_before(doc: &Doc, mention: &Mention) -> Vec<String> {
    let start = mention.phrase.start.min(mention.head);
    let words = doc.slice(start..mention.head).filter(|t| {
        !t.is_punct()
            && !matches!(t.dep(), "det" | "predet")
            && !matches!(t.tag(), "POS" | "PRP$" | "DT")
    });
    words.map(|t| t.lemma().to_lowercase()).collect()
}

pub(super) fn numbers_agree(a: Number, b: Number) -> bool {
    a == b || a == Number::Either || b == Number::Either
}
