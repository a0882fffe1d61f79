//! Attributions as a network trained on PolNeAR sees them: every token is labelled as part
//! of a source, a cue, a content or nothing, and what is labelled is put together cue by cue.
//!
//! The weights are a file of ours, `data/en/attribution.weights`, made by `train/`; the model
//! card beside it tells what they know. They read what one version of one pipeline says
//! about a text, so for other pipelines the grammar stands alone.

use std::ops::Range;
use std::sync::LazyLock;

use according_nlp::{Doc, Labeller, Reading, Token, Upos, Weights};
use rustc_hash::FxHashMap;

use super::candidate::Candidate;
use super::confidence::length;
use super::observe::{self, COLUMNS, N_FIXED, N_VARYING};
use super::scene::Scene;
use super::source::{self, Source};
use super::{
    AttributionKind, CLEAR, LIKELY, LIKELY_NESTED, LIKELY_TAGGED, LIKELY_UNSEEN,
    LIKELY_VAGUE, Pattern, lexicon, span,
};
use crate::article::BlockKind;

/// The weights that come with the program.
static TAGGER: LazyLock<Tagger> = LazyLock::new(|| {
    Tagger::read(include_bytes!("../../../data/en/attribution.weights"))
        .expect("the file is our own, and a test reads it")
});

/// Labels and joins the parts of attributions.
#[derive(Debug)]
pub(super) struct Tagger {
    labeller: Labeller,
    pair: Weighing,
    confidence: Weighing,
}

/// The labels, in the order of their numbers: outside, then first and further tokens.
const LABELS: [&str; 7] =
    ["O", "B-source", "I-source", "B-content", "I-content", "B-cue", "I-cue"];

impl Tagger {
    /// Reads a file of weights; says what is wrong with one that cannot be used.
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let broken = |e: according_nlp::Error| e.to_string();
        let weights = Weights::read(bytes).map_err(broken)?;
        let labeller = Labeller::new(&weights, N_FIXED).map_err(broken)?;
        if !labeller.labels().eq(LABELS) || !labeller.columns().eq(COLUMNS) {
            return Err("weights: made for other labels or observations".to_owned());
        }
        let pair = Weighing::read(&weights, "pair").map_err(broken)?;
        let confidence = Weighing::read(&weights, "confidence").map_err(broken)?;
        Ok(Self { labeller, pair, confidence })
    }

    /// The tagger that reads what the pipeline of `doc` says, if there is one.
    pub(super) fn of(doc: &Doc) -> Option<&'static Self> {
        let tagger: &Self = &TAGGER;
        let ours = doc.pipeline() == Some(tagger.labeller.pipeline());
        (ours && tagger.labeller.reads(doc)).then_some(tagger)
    }

    /// Adds the attributions that the tagger sees to those of the grammar, gives all of them
    /// the confidence that both together deserve, and keeps those that are likely.
    ///
    /// PolNeAR does not mark what is attributed inside a content, so contents are read once
    /// more, each as if it were a text of its own.
    pub(super) fn propose<'d>(&self, scene: &Scene<'d>, found: &mut Vec<Candidate<'d>>) {
        let mut reading = self.look(scene);
        let words = scene.doc.tokens().filter(|t| !t.is_space());
        let all = words.map(|t| t.index() as u32).collect();
        let outer = self.label(scene, &mut reading, found, &[all], false);
        let contents = outer.contents();
        let (mut inside, mut outside): (Vec<_>, Vec<_>) =
            found.drain(..).partition(|c| outer.is_inside(c));
        self.judge(&outer, &mut outside, LIKELY_TAGGED);
        found.append(&mut outside);
        if !contents.is_empty() {
            let inner = self.label(scene, &mut reading, &inside, &contents, true);
            self.judge(&inner, &mut inside, LIKELY_NESTED);
        }
        found.append(&mut inside);
    }

    /// Adds to candidates of the grammar those that the tagger sees in a view, and keeps of
    /// both what is likely.
    /// `likely` is how sure what the tagger proposes must be.
    fn judge<'d>(
        &self,
        view: &View<'_, 'd>,
        candidates: &mut Vec<Candidate<'d>>,
        likely: f32,
    ) {
        let mut tagged = self.join(view, candidates);
        let by_cue = ByCue::new(candidates);
        for candidate in &mut tagged {
            candidate.confidence = self.confidence_of(view, candidate, Some(&by_cue));
        }
        tagged.retain(|c| {
            c.confidence >= if c.is_vague() { likely.max(LIKELY_VAGUE) } else { likely }
        });
        candidates.retain_mut(|candidate| {
            // Judged by hand, since PolNeAR has too few of them.
            let rare = matches!(
                candidate.pattern,
                Pattern::Adverb
                    | Pattern::Alleged
                    | Pattern::Hedge
                    | Pattern::Byline
                    | Pattern::Colon
                    | Pattern::Aside
            );
            if rare || view.is_inside(candidate) {
                return candidate.confidence >= LIKELY;
            }
            candidate.confidence = self.confidence_of(view, candidate, None);
            // A clear sentence about somebody who speaks is heard even where the tagger,
            // which knows one kind of news, does not.
            if candidate.grammar >= CLEAR && candidate.kind() == AttributionKind::Speech {
                let mean = (candidate.confidence + candidate.grammar) / 2.0;
                candidate.confidence = candidate.confidence.max(mean);
            }
            candidate.confidence >= LIKELY_UNSEEN
        });
        candidates.append(&mut tagged);
    }

    /// What the labeller knows of each token wherever it is read.
    fn look(&self, scene: &Scene<'_>) -> Reading<'_> {
        let mut values = Vec::with_capacity(scene.doc.len() * N_FIXED);
        let mut known = Known::new();
        observe::fixed(scene, |row| {
            for (column, value) in row.into_iter().enumerate() {
                values.push(known.value(&self.labeller, column, value));
            }
        });
        self.labeller.read(scene.doc, &values)
    }

    /// Labels some tokens, each of `sequences` on its own, and `aside` as if it were not
    /// quoted.
    fn label<'s, 'd>(
        &self,
        scene: &'s Scene<'d>,
        reading: &mut Reading<'_>,
        grammar: &[Candidate<'d>],
        sequences: &[Vec<u32>],
        aside: bool,
    ) -> View<'s, 'd> {
        let doc = scene.doc;
        let tokens = sequences.concat();
        let mut ranges = Vec::with_capacity(sequences.len());
        let mut sequence_of = Vec::with_capacity(tokens.len());
        for sequence in sequences {
            let start = sequence_of.len();
            sequence_of.resize(start + sequence.len(), ranges.len() as u32);
            ranges.push(start..sequence_of.len());
        }
        let mut values = Vec::with_capacity(tokens.len() * N_VARYING);
        let words = tokens.iter().map(|&t| t as usize);
        observe::varying(scene, grammar, words, aside, |row| {
            let numbered = row.into_iter().zip(N_FIXED..);
            values.extend(numbered.map(|(value, c)| self.labeller.value(c, value)));
        });
        let labelling = reading.label(&tokens, &values, &ranges);
        let mut place = vec![u32::MAX; doc.len()];
        for (i, &token) in tokens.iter().enumerate() {
            place[token as usize] = i as u32;
        }
        let segments = segments(scene, &tokens, &labelling.best);
        let marginals = labelling.marginals;
        View { scene, tokens, place, sequence_of, marginals, segments }
    }

    /// Puts segments together to attributions, one a cue.
    fn join<'d>(
        &self,
        view: &View<'_, 'd>,
        grammar: &[Candidate<'d>],
    ) -> Vec<Candidate<'d>> {
        let mut parts: Vec<Parts> = vec![Parts::default(); view.segments.len()];
        let mut alone = Vec::new();
        for (i, segment) in view.segments.iter().enumerate() {
            if segment.part == Part::Cue {
                continue;
            }
            let scores: Vec<(usize, f32)> = view
                .cues_near(i)
                .map(|cue| (cue, self.pair.sum(|add| view.pair_features(i, cue, add))))
                .collect();
            let best = scores
                .iter()
                .copied()
                .reduce(|best, new| if new.1 > best.1 { new } else { best });
            match (segment.part, best) {
                (Part::Content, Some((cue, score))) if score > -1.0 => {
                    parts[cue].content.push(i);
                    parts[cue].score = parts[cue].score.max(score);
                }
                (Part::Content, _) => alone.push(i),
                (_, Some(best)) => {
                    for (cue, score) in scores {
                        if score > 0.0 || cue == best.0 {
                            parts[cue].source.push((score, i));
                        }
                    }
                }
                _ => {}
            }
        }
        let by_cue = ByCue::new(grammar);
        let mut found: Vec<Candidate<'d>> = parts
            .iter()
            .enumerate()
            .filter(|(_, parts)| !parts.content.is_empty())
            .map(|(cue, parts)| view.candidate(cue, parts, &by_cue))
            .collect();
        found.extend(alone.into_iter().filter_map(|i| view.quotation(i, &by_cue)));
        found
    }

    /// The probability that an annotator would mark the candidate. `grammar` are the
    /// candidates of the grammar for one of the tagger's, which are compared with it.
    fn confidence_of(
        &self,
        view: &View<'_, '_>,
        candidate: &Candidate<'_>,
        grammar: Option<&ByCue<'_, '_>>,
    ) -> f32 {
        let sum =
            self.confidence.sum(|add| view.confidence_features(candidate, grammar, add));
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Values that were looked up a moment ago, by where their text stands in memory: labels of
/// a pipeline stand in one place, however often they are used. Texts that change keep their
/// place as well, so these are not kept.
struct Known {
    seen: Vec<(*const u8, usize, u32)>,
}

impl Known {
    /// Slots a column.
    const SLOTS: usize = 64;

    fn new() -> Self {
        Self { seen: vec![(std::ptr::null(), 0, 0); Self::SLOTS * N_FIXED] }
    }

    fn value(&mut self, labeller: &Labeller, column: usize, value: &str) -> u32 {
        if matches!(COLUMNS[column], "word" | "entity") {
            return labeller.value(column, value);
        }
        let (at, len) = (value.as_ptr(), value.len());
        let slot = (at.addr() >> 1 ^ at.addr() >> 7) % Self::SLOTS;
        let seen = &mut self.seen[column * Self::SLOTS + slot];
        if (seen.0, seen.1) != (at, len) {
            *seen = (at, len, labeller.value(column, value));
        }
        seen.2
    }
}

/// A logistic regression over features that are there or not.
#[derive(Debug)]
struct Weighing {
    bias: f32,
    /// By the hash of the feature's words.
    weights: FxHashMap<u32, f32>,
}

impl Weighing {
    fn read(weights: &Weights<'_>, name: &str) -> Result<Self, according_nlp::Error> {
        let features = weights.numbers(&format!("{name} features"))?;
        let (values, _) = weights.floats(&format!("{name} weights"))?;
        let (bias, _) = weights.floats(&format!("{name} bias"))?;
        Ok(Self {
            bias: bias.first().copied().unwrap_or(0.0),
            weights: features.into_iter().zip(values).collect(),
        })
    }

    fn sum(&self, features: impl FnOnce(&mut dyn FnMut(&[&str]))) -> f32 {
        let mut sum = self.bias;
        features(&mut |words| sum += self.weights.get(&hash(words)).unwrap_or(&0.0));
        sum
    }
}

/// FNV-1a over words with a space behind each.
fn hash(words: &[&str]) -> u32 {
    let bytes = words.iter().flat_map(|w| w.bytes().chain([b' ']));
    bytes.fold(0x811c_9dc5, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

/// What a stretch of labelled tokens is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Source,
    Content,
    Cue,
}

/// Neighbouring tokens with one label, as numbers among the tokens that were labelled.
#[derive(Clone, Debug)]
struct Segment {
    part: Part,
    tokens: Range<usize>,
    /// Number in the document of the token on which the others hang.
    head: usize,
}

/// The segments that belong to a cue.
#[derive(Clone, Debug, Default)]
struct Parts {
    content: Vec<usize>,
    /// The best score of a content.
    score: f32,
    source: Vec<(f32, usize)>,
}

fn segments(scene: &Scene<'_>, tokens: &[u32], labels: &[u8]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut open = false;
    for (i, &label) in labels.iter().enumerate() {
        let part = match label {
            1 | 2 => Part::Source,
            3 | 4 => Part::Content,
            5 | 6 => Part::Cue,
            _ => {
                open = false;
                continue;
            }
        };
        // Only contents run from one block into another.
        let block = |i: usize| scene.block_at(tokens[i] as usize);
        let goes_on = |last: &Segment| {
            label % 2 == 0
                && last.part == part
                && (part == Part::Content || block(last.tokens.start) == block(i))
        };
        match segments.last_mut() {
            Some(last) if open && goes_on(last) => {
                last.tokens.end = i + 1;
            }
            _ => segments.push(Segment { part, tokens: i..i + 1, head: 0 }),
        }
        open = true;
    }
    for segment in &mut segments {
        let own = &tokens[segment.tokens.clone()];
        let inside = |token: usize| own.binary_search(&(token as u32)).is_ok();
        let is_top = |&&token: &&u32| {
            let token = scene.doc.token(token as usize);
            token.dep() != "punct" && (token.is_root() || !inside(token.head().index()))
        };
        segment.head = *own.iter().find(is_top).unwrap_or(&own[0]) as usize;
    }
    segments
}

/// An article with its labels.
struct View<'s, 'd> {
    scene: &'s Scene<'d>,
    /// Numbers of the tokens that were labelled.
    tokens: Vec<u32>,
    /// For each token of the document its number among those; `u32::MAX` for none.
    place: Vec<u32>,
    /// For each of those that were labelled the number of its sequence.
    sequence_of: Vec<u32>,
    marginals: Vec<f32>,
    segments: Vec<Segment>,
}

/// How many cues on each side may be the one of a segment.
const NEAR: usize = 6;

/// Contents of fewer tokens hold nothing attributed.
const SHORTEST: usize = 5;

/// How far from a quotation the grammar's cue for it may be, in tokens.
const REACH: usize = 60;

/// How far up the tree two segments are looked for in one another.
const FAR: usize = 12;

impl<'d> View<'_, 'd> {
    /// The tokens of the document from the first to the last of some labelled ones.
    fn range(&self, labelled: &Range<usize>) -> Range<usize> {
        let last = self.tokens[labelled.end - 1] as usize;
        self.tokens[labelled.start] as usize..last + 1
    }

    /// The contents in which something may be attributed, token by token.
    fn contents(&self) -> Vec<Vec<u32>> {
        self.segments
            .iter()
            .filter(|s| s.part == Part::Content && s.tokens.len() >= SHORTEST)
            .map(|s| self.tokens[s.tokens.clone()].to_vec())
            .filter(|tokens| tokens.iter().any(|&t| self.scene.cue(t as usize).is_some()))
            .collect()
    }

    /// Whether two segments were read together.
    fn together(&self, a: usize, b: usize) -> bool {
        let sequence = |s: usize| self.sequence_of[self.segments[s].tokens.start];
        sequence(a) == sequence(b)
    }

    /// The numbers of the cues around segment `i`, from left to right.
    fn cues_near(&self, i: usize) -> impl Iterator<Item = usize> {
        let is_cue = |s: &usize| self.segments[*s].part == Part::Cue;
        let together = |s: &usize| self.together(i, *s);
        let left = (0..i).rev().take_while(together).filter(is_cue).take(NEAR);
        let mut near: Vec<usize> = left.collect();
        near.reverse();
        let right = (i + 1..self.segments.len()).take_while(together);
        near.extend(right.filter(is_cue).take(NEAR));
        near.into_iter()
    }

    /// What is observed about segment `i` and a cue it may belong to.
    fn pair_features(&self, i: usize, cue: usize, add: &mut dyn FnMut(&[&str])) {
        let doc = self.scene.doc;
        let (segment, verb) = (&self.segments[i], &self.segments[cue]);
        let part = if segment.part == Part::Source { "S" } else { "C" };
        let right = segment.tokens.start >= verb.tokens.end;
        let side = if right { "R" } else { "L" };
        let distance = match right {
            true => segment.tokens.start - verb.tokens.end,
            false => verb.tokens.start - segment.tokens.end,
        };
        let distance = distance_name(distance);
        let between = self.between(i.min(cue) + 1..i.max(cue));
        let first = self.tokens[segment.tokens.start] as usize;
        let last = self.tokens[segment.tokens.end - 1] as usize;
        let at = self.tokens[verb.tokens.start] as usize;
        let sentence = |token: usize| doc.sentence_of(token).index();
        let block = |token: usize| self.scene.block_at(token);
        let same = |yes: bool| if yes { "1" } else { "0" };
        let starts = same(sentence(first) == sentence(at));
        let ends = same(sentence(last) == sentence(at));
        let together = same(block(first) == block(at));
        let quoted = |token: usize| same(self.scene.quote_at(token).is_some());
        let (relation, deprel, deeper) = self.relation(segment, verb);
        let head = doc.token(verb.head);
        add(&["1", part, side, distance]);
        add(&["2", part, side, between]);
        add(&["3", part, side, between, starts, ends, together]);
        add(&["4", part, starts, together, distance]);
        let (opens, closes) = (quoted(first), quoted(last));
        add(&["5", part, side, opens, closes, quoted(at), together, between]);
        add(&["6", part, side, relation, deprel, deeper]);
        add(&["7", part, side, relation, deprel, between]);
        add(&["8", part, relation, deprel, distance]);
        let own = doc.token(segment.head).dep();
        add(&["9", part, side, own, head.dep(), between]);
        add(&["10", part, side, head.tag(), relation]);
        add(&["11", part, side, head.lemma()]);
        let around = [i.checked_sub(1), Some(i + 1)].map(|near| self.part_name(i, near));
        add(&["12", part, side, around[0], around[1], between]);
    }

    /// What stands next to segment `i`.
    fn part_name(&self, i: usize, near: Option<usize>) -> &'static str {
        let near = near.filter(|&s| s < self.segments.len() && self.together(i, s));
        match near.map(|s| self.segments[s].part) {
            Some(Part::Source) => "S",
            Some(Part::Content) => "C",
            Some(Part::Cue) => "T",
            None => "-",
        }
    }

    /// How many sources, contents and cues stand between two segments: none, one or more.
    fn between(&self, segments: Range<usize>) -> &'static str {
        const NAMES: [&str; 27] = [
            "000", "001", "002", "010", "011", "012", "020", "021", "022", "100", "101",
            "102", "110", "111", "112", "120", "121", "122", "200", "201", "202", "210",
            "211", "212", "220", "221", "222",
        ];
        let mut counts = [0usize; 3];
        for segment in &self.segments[segments] {
            counts[segment.part as usize] += 1;
        }
        NAMES[counts.iter().fold(0, |name, &n| 3 * name + n.min(2))]
    }

    /// How the heads of two segments stand to one another in the tree.
    fn relation(
        &self,
        segment: &Segment,
        cue: &Segment,
    ) -> (&'static str, &'d str, &'d str) {
        let doc = self.scene.doc;
        let labelled = |token: Token<'_>| self.place[token.index()] as usize;
        let within = |s: &Segment, t: Token<'_>| s.tokens.contains(&labelled(t));
        let (own, verb) = (doc.token(segment.head), doc.token(cue.head));
        let sentence = |t: Token<'_>| doc.sentence_of(t.index()).index();
        let up = own.ancestors().take(FAR).position(|a| within(cue, a));
        match up {
            Some(0) => return ("child", own.dep(), ""),
            Some(1) => return ("under", own.dep(), "1"),
            Some(2) => return ("under", own.dep(), "2"),
            Some(_) => return ("under", own.dep(), "3"),
            None => {}
        }
        match verb.ancestors().take(FAR).position(|a| within(segment, a)) {
            Some(0) => ("over", verb.dep(), "0"),
            Some(1) => ("over", verb.dep(), "1"),
            Some(_) => ("over", verb.dep(), "2"),
            None if own.head() == verb.head() => ("beside", own.dep(), verb.dep()),
            None if sentence(own) == sentence(verb) => ("near", "", ""),
            None => ("apart", "", ""),
        }
    }

    fn candidate(
        &self,
        cue: usize,
        parts: &Parts,
        grammar: &ByCue<'_, 'd>,
    ) -> Candidate<'d> {
        let doc = self.scene.doc;
        let words: Vec<usize> = self.tokens[self.segments[cue].tokens.clone()]
            .iter()
            .map(|&t| t as usize)
            .collect();
        let content: Vec<Range<usize>> =
            parts.content.iter().map(|&c| self.range(&self.segments[c].tokens)).collect();
        let head = doc.token(self.segments[cue].head);
        // "smugglers said to work for the army": the subject is no source, which the grammar
        // knows better.
        let raised = grammar.of(&words).find(|c| {
            matches!(c.pattern, Pattern::Raising | Pattern::Impersonal)
                && c.source.is_none()
                && c.grammar >= LIKELY
        });
        if let Some(raised) = raised {
            return Candidate { score: parts.score, tagged: true, ..raised.clone() };
        }
        let likest = grammar.likest(&words, &content);
        let nearest = parts
            .source
            .iter()
            .copied()
            .reduce(|best, new| if new.0 > best.0 { new } else { best });
        let own = nearest.map(|(_, s)| {
            let segment = &self.segments[s];
            Source { head: doc.token(segment.head), tokens: self.range(&segment.tokens) }
        });
        let outside =
            |s: &Source<'_>| span::shared(&content, std::slice::from_ref(&s.tokens)) == 0;
        // "was quoted by KCNA as saying": not who is nearest.
        let quoted = words.iter().find_map(|&w| source::quoted(doc.token(w)));
        // Without one the grammar may know: the subject that verbs share, an agent.
        let source = quoted.filter(outside).or(own).or_else(|| {
            let known = grammar.of(&words).filter_map(|c| c.source.clone());
            known.into_iter().find(outside).or_else(|| {
                let is_verb = matches!(head.upos(), Upos::Verb | Upos::Aux);
                let passive = head.child("auxpass").is_some();
                let subject = match (is_verb, passive) {
                    (true, false) => source::subject(head),
                    (true, true) => source::agent(head),
                    _ => None,
                };
                subject.filter(outside)
            })
        });
        let pattern = likest.map_or(Pattern::Tagged, |c| c.pattern);
        let mut candidate = Candidate::new(pattern, head, words, source, content);
        candidate.preposition = likest.map_or("", |c| c.preposition);
        candidate.score = parts.score;
        candidate.tagged = true;
        candidate
    }

    /// A content without a cue, if it is quoted. The grammar may know whose words they are.
    fn quotation(&self, i: usize, grammar: &ByCue<'_, 'd>) -> Option<Candidate<'d>> {
        let tokens = self.range(&self.segments[i].tokens);
        self.scene.quote_at(tokens.start)?;
        let first = self.scene.doc.token(tokens.start);
        let around = [tokens.start.saturating_sub(REACH), tokens.end + REACH];
        let content = vec![tokens];
        let mut quotation = match grammar.likest(&around, &content) {
            Some(known) => Candidate { content, ..known.clone() },
            None => Candidate::new(Pattern::Quoted, first, Vec::new(), None, content),
        };
        quotation.tagged = true;
        Some(quotation)
    }

    /// Whether the cue of a candidate lies inside a content.
    fn is_inside(&self, candidate: &Candidate<'_>) -> bool {
        let place = self.place[candidate.head.index()] as usize;
        let after = self.segments.partition_point(|s| s.tokens.start <= place);
        after.checked_sub(1).is_some_and(|s| {
            let segment = &self.segments[s];
            segment.part == Part::Content && segment.tokens.contains(&place)
        })
    }

    /// What is observed about a candidate.
    fn confidence_features(
        &self,
        candidate: &Candidate<'_>,
        grammar: Option<&ByCue<'_, '_>>,
        add: &mut dyn FnMut(&[&str]),
    ) {
        let origin = if candidate.tagged { "T" } else { "G" };
        let content = candidate.content.iter().flat_map(Clone::clone);
        let [source, cue] = [
            self.mean(1, candidate.source.iter().flat_map(|s| s.tokens.clone())),
            self.mean(5, candidate.cue.iter().copied()),
        ]
        .map(|p| p.map_or("none", tenth));
        let content = self.mean(3, content).map_or("none", tenth);
        let first = candidate.content.first().map_or(0, |r| r.start);
        let start = tenth(self.probability(first, 3..4));
        let last = candidate.content.last().map_or(0, |r| r.end);
        let next = (last..self.place.len()).find(|&t| self.place[t] != u32::MAX);
        let end = tenth(next.map_or(0.0, |next| self.probability(next, 4..5)));
        let matching = match grammar {
            Some(grammar) => grammar.likest(&candidate.cue, &candidate.content),
            None => Some(candidate),
        };
        let known = matching.map_or("none", |c| tenth(c.grammar));
        let head = candidate.head;
        let class = match lexicon::cue(head.lemma(), head.upos()) {
            Some(cue) if cue.speech => "speech",
            Some(_) => "attitude",
            None => "none",
        };
        let tokens = || candidate.content.iter().flat_map(Clone::clone);
        let quoted = tokens().filter(|&t| self.scene.quote_at(t).is_some()).count();
        let size = tokens().count();
        let quoted = match quoted {
            0 => "none",
            q if 2 * q < size => "some",
            _ => "most",
        };
        let who = candidate.source.as_ref().map_or("none", |s| match s.head.upos() {
            Upos::Pron => "pronoun",
            Upos::Propn => "name",
            Upos::Noun => "noun",
            _ => "other",
        });
        let block = self.scene.blocks.get(self.scene.block_at(head.index()));
        let headline = block.is_some_and(|b| b.kind == BlockKind::Headline);
        let lemma = if candidate.cue.is_empty() { "" } else { head.lemma() };
        let form = form_name(tokens().map(|t| self.scene.doc.token(t).tag()));
        add(&["pattern", origin, candidate.pattern.name()]);
        add(&["content", origin, content]);
        add(&["cue", origin, cue]);
        add(&["source", origin, source]);
        add(&["start", origin, start]);
        add(&["end", origin, end]);
        add(&["grammar", origin, known]);
        add(&["content cue", origin, content, cue]);
        add(&["start end", origin, start, end]);
        add(&["grammar cue", origin, known, cue]);
        add(&["length", origin, length(size)]);
        add(&["length content", length(size), content]);
        add(&["lemma", lemma]);
        add(&["class", origin, class, head.upos().as_str()]);
        add(&["form", origin, class, form]);
        add(&["form content", form, class, content]);
        add(&["form cue", form, class, cue]);
        add(&["who", origin, who, class]);
        add(&["quoted", origin, quoted, class]);
        add(&["headline", if headline { class } else { "no" }]);
        add(&[
            "score",
            origin,
            if candidate.tagged { score(candidate.score) } else { "" },
        ]);
    }

    /// The mean probability that tokens belong to the part whose first label is `label`.
    fn mean(&self, label: usize, tokens: impl Iterator<Item = usize>) -> Option<f32> {
        let (mut sum, mut n) = (0.0, 0);
        for token in tokens.filter(|&t| self.place.get(t).is_some_and(|&p| p != u32::MAX))
        {
            sum += self.probability(token, label..label + 2);
            n += 1;
        }
        (n > 0).then(|| sum / n as f32)
    }

    /// The probability that a token has one of some labels.
    fn probability(&self, token: usize, labels: Range<usize>) -> f32 {
        match self.place.get(token) {
            Some(&place) if place != u32::MAX => {
                let row = place as usize * LABELS.len();
                self.marginals[row + labels.start..row + labels.end].iter().sum()
            }
            _ => 0.0,
        }
    }
}

/// Candidates by the head of their cue.
struct ByCue<'c, 'd> {
    sorted: Vec<(usize, &'c Candidate<'d>)>,
}

impl<'c, 'd> ByCue<'c, 'd> {
    fn new(candidates: &'c [Candidate<'d>]) -> Self {
        let mut sorted: Vec<_> = candidates.iter().map(|c| (c.head.index(), c)).collect();
        sorted.sort_by_key(|(head, _)| *head);
        Self { sorted }
    }

    /// The candidates whose cue has its head among `words`.
    fn of(&self, words: &[usize]) -> impl Iterator<Item = &'c Candidate<'d>> {
        let range = words.first().copied().zip(words.last().copied());
        let (first, last) = range.unwrap_or((usize::MAX, 0));
        let from = self.sorted.partition_point(|(head, _)| *head < first);
        self.sorted[from..].iter().take_while(move |(head, _)| *head <= last).map(|c| c.1)
    }

    /// The one of them whose content is most like `content`, if half of both is shared.
    fn likest(
        &self,
        words: &[usize],
        content: &[Range<usize>],
    ) -> Option<&'c Candidate<'d>> {
        let likeness = |c: &Candidate<'_>| {
            let shared = span::shared(&c.content, content);
            let all = span::size(&c.content) + span::size(content) - shared;
            shared as f32 / all.max(1) as f32
        };
        self.of(words)
            .map(|c| (likeness(c), c))
            .filter(|(likeness, _)| *likeness >= 0.5)
            .reduce(|best, new| if new.0 > best.0 { new } else { best })
            .map(|(_, c)| c)
    }
}

fn distance_name(tokens: usize) -> &'static str {
    match tokens {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4..=5 => "4",
        6..=9 => "6",
        10..=19 => "10",
        20..=39 => "20",
        40..=79 => "40",
        _ => "80",
    }
}

fn tenth(p: f32) -> &'static str {
    const NAMES: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    NAMES[((p * 10.0) as usize).min(9)]
}

/// Whether a content is a clause, an infinitive or a phrase, by the tags of its words.
fn form_name<'t>(tags: impl Iterator<Item = &'t str> + Clone) -> &'static str {
    let finite = |tag: &str| matches!(tag, "VBD" | "VBZ" | "VBP" | "MD");
    if tags.clone().any(finite) {
        "clause"
    } else if tags.into_iter().next() == Some("TO") {
        "infinitive"
    } else {
        "phrase"
    }
}

fn score(score: f32) -> &'static str {
    match score {
        ..0.0 => "-",
        0.0..2.0 => "0",
        2.0..4.0 => "2",
        4.0..7.0 => "4",
        _ => "7",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_come_with_the_program_are_read() {
        assert_eq!(TAGGER.labeller.pipeline(), "en_core_web_md 3.8.0");
    }

    /// The numbers are what `feature` in `train/features.py` gives.
    #[test]
    fn features_have_the_names_they_are_trained_under() {
        assert_eq!(hash(&["1", "S", "R", "0"]), 458_171_373);
        assert_eq!(hash(&["lemma", ""]), 1_454_752_787);
        assert_eq!(hash(&["11", "C", "L", "é"]), 2_700_557_026);
    }

    #[test]
    fn broken_weights_are_refused() {
        let bytes = include_bytes!("../../../data/en/attribution.weights");
        assert!(Tagger::read(&[]).is_err());
        for end in (0..bytes.len()).step_by(bytes.len() / 97) {
            assert!(Tagger::read(&bytes[..end]).is_err(), "cut at {end}");
        }
        // Made for something else.
        let text = b"\"B-source\"";
        let at = bytes.windows(text.len()).position(|w| w == text).unwrap();
        let mut other = bytes.to_vec();
        other[at + 1] = b'X';
        assert!(Tagger::read(&other).is_err());
    }
}
