//! Who says what: source, cue and content, the PARC and PolNeAR triple.
//!
//! [`find`] reads the grammar of an article. Words that can attribute ([`lexicon`]) are
//! looked up, and the frames in which they stand propose candidates ([`Pattern`] names each
//! with an example). A network trained on PolNeAR proposes others, if it knows the pipeline
//! that parsed the article. Every candidate gets a confidence from weights learnt on PolNeAR,
//! and what is likely enough is kept: nested where one lies inside the content of another,
//! never crossing.
//!
//! Quotations are followed to their end, over sentences and paragraphs, and are joined to
//! the cue that stands next to them even where the parse does not.

mod aside;
mod candidate;
mod choose;
mod confidence;
mod evidential;
pub mod lexicon;
mod nominal;
mod observe;
mod passage;
mod quoted;
mod scene;
mod setting;
mod source;
mod span;
mod tagger;
mod verbal;

use std::ops::Range;

use according_nlp::{Doc, Span, Token};

pub use candidate::Feature;
pub use lexicon::Stance;
pub use observe::{COLUMNS, N_COLUMNS};

use crate::article::Article;
use candidate::Candidate;
use scene::Scene;
use tagger::Tagger;

/// Name and number of what finds the attributions of `doc`, as reports tell it: the tagger
/// together with the grammar, or the grammar alone.
pub fn method(doc: &Doc) -> &'static str {
    match Tagger::of(doc) {
        Some(_) => "polnear-1",
        None => "grammar-1",
    }
}

/// A stretch of text and whoever stands behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// What kind of standing behind it is.
    pub kind: AttributionKind,
    /// The grammar that shows it.
    pub pattern: Pattern,
    /// The attitude that the cue ascribes to the source.
    pub stance: Stance,
    /// The noun phrase of the source, nearest to the cue; empty when none is named.
    pub source: Vec<Span>,
    /// The words that attribute; empty for a quotation that stands alone.
    pub cue: Vec<Span>,
    /// What is said, thought, wanted.
    pub content: Vec<Span>,
    /// Token number of the head of the source.
    pub source_head: Option<usize>,
    /// Token number of the head of the cue.
    pub cue_head: Option<usize>,
    /// How likely it is right, from 0 to 1.
    pub confidence: f32,
}

/// What kind of standing behind it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributionKind {
    /// Somebody said or wrote it.
    Speech,
    /// Somebody holds, wants, knows or feels it.
    Attitude,
    /// Said by nobody in particular: "reportedly", "is said to".
    Evidential,
    /// The reporter's own statement, with a hedge.
    Hedge,
}

macro_rules! patterns {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// The grammar by which an attribution is found. In the examples the cue stands in
        /// brackets.
        #[allow(rustdoc::broken_intra_doc_links, reason = "brackets mark cues, not links")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Pattern {
            $(#[doc = $doc] $variant,)*
        }

        impl Pattern {
            /// The name under which the pattern appears in `weight.tsv`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

patterns! {
    Clause "clause" "A clause as object: *She [said] (that) the dam would hold.*",
    Before "before" "The clause comes first: *The dam would hold, she [said].*",
    Parenthesis "parenthesis" "The cue interrupts: *The dam, she [said], would hold.*",
    Aside "aside" "Between commas, whatever the parse says: *It fell, Radio X [said] Monday.*",
    As "as" "Introduced by *as*: *As she [put] it, the dam would hold.*",
    Object "object" "A noun phrase as object: *The ministry [denied] any payment.*",
    ObjectPlus "object-plus" "Object and what is said of it: *She [called] the plan a farce.*",
    Infinitive "infinitive" "An infinitive as object: *He [claims] to know the buyer.*",
    Prepositional "prep" "An object with its preposition: *They [complained about] the noise.*",
    Purpose "for-to" "*For* with an infinitive: *She [called for] the board to resign.*",
    Relative "relative" "The object is the noun above: *the price he [mentioned]*.",
    Passive "passive" "The source is the agent: *The deal was [rejected] by the union.*",
    Raising "raising" "The subject belongs to the content: *The ring [is said] to smuggle.*",
    Impersonal "impersonal" "*It* without meaning: *It [is believed] that two escaped.*",
    Adjective "adjective" "An adjective with its clause: *He [is sure] that it rained.*",
    AdjectivePrep "adjective-prep" "Adjective and preposition: *She [is critical of] the plan.*",
    Noun "noun" "A noun with its clause: *the union's [claim] that wages fell*.",
    NounPrep "noun-prep" "A noun and its preposition: *their [denial of] the charge*.",
    NounIs "noun-is" "A noun and a copula: *Her [view is] that it will pass.*",
    According "according" "A preposition: *[According to] the mayor, it rained.*",
    Adverb "adverb" "An evidential adverb: *He [reportedly] fled.*",
    Alleged "alleged" "An evidential adjective: *the [alleged] payment*.",
    Quoted "quoted" "A quotation next to its cue, whatever the parse says.",
    Colon "colon" "A colon and the words after it: *She [wrote]:* and the next paragraph.",
    Speaker "speaker" "A name before a colon, as in transcripts: *MAYOR[:] We will see.*",
    Byline "byline" "A name after a quotation that stands alone: *“We lost.” — A. Reyes*",
    Tagged "tagged" "Seen by the tagger and by no pattern: *The board's [mood] is grim.*",
    Hedge "hedge" "The reporter's hedge: *The delay [may] have cost lives.*",
}

/// Candidates of the grammar less likely than this are dropped where it stands alone, and
/// inside contents. This bound and the next ones were chosen on PolNeAR dev for the best F1.
const LIKELY: f32 = 0.42;

/// Where the tagger reads too, what it does not see must be likelier.
const LIKELY_UNSEEN: f32 = 0.75;

/// What the tagger proposes has been chosen already, as the best reading of the whole text.
const LIKELY_TAGGED: f32 = 0.28;

/// Attitudes towards a thing or an act, which claim nothing that is true or false ("they
/// support the plan", "she wants to leave"), must be surer than other ones.
const LIKELY_VAGUE: f32 = 0.4;

/// So must what stands inside a content, which the tagger was not taught.
const LIKELY_NESTED: f32 = 0.6;

/// What the grammar is so sure of is heard whatever the tagger says.
const CLEAR: f32 = 0.8;

/// Every attribution in the article, in the order of their first words.
///
/// `doc` is the parse of the article's text, block by block. An attribution may lie inside
/// the content of another; otherwise contents do not overlap.
pub fn find(article: &Article, doc: &Doc) -> Vec<Attribution> {
    let scene = Scene::new(article, doc);
    let mut candidates = propose(&scene);
    match Tagger::of(doc) {
        Some(tagger) => tagger.propose(&scene, &mut candidates),
        None => candidates.retain(|c| c.confidence >= LIKELY),
    }
    for candidate in &mut candidates {
        let head = candidate.head;
        let by_nobody = source::asked(head).is_some() || source::is_said_of(head);
        candidate.source.take_if(|_| by_nobody);
        let named = candidate.source.as_ref().and_then(source::with_name_behind);
        candidate.source = named.or(candidate.source.take());
    }
    let mut chosen = choose::choose(&scene, candidates);
    setting::take_out(&mut chosen);
    drop_told_hedges(doc, &mut chosen);
    chosen.iter().map(|c| c.attribution(&scene)).collect()
}

/// A hedge in what somebody says is theirs, and not the reporter's: "According to the mayor,
/// the delay [may] have cost lives".
fn drop_told_hedges(doc: &Doc, chosen: &mut Vec<Candidate<'_>>) {
    let mut told = vec![false; doc.len()];
    let claims = chosen.iter().filter(|c| c.kind() != AttributionKind::Hedge);
    for range in claims.flat_map(|c| &c.content) {
        if let Some(told) = told.get_mut(range.clone()) {
            told.fill(true);
        }
    }
    let is_told = |hedge: Token<'_>| told.get(hedge.index()).is_some_and(|told| *told);
    chosen.retain(|c| c.kind() != AttributionKind::Hedge || !is_told(c.head));
}

/// Who is asked or told, by nobody who is named: the mayor, in "[Asked] whether it would hold,
/// the mayor nodded".
pub(super) fn asked<'d>(doc: &'d Doc, attribution: &Attribution) -> Option<Token<'d>> {
    let cue = attribution.cue_head.filter(|&cue| cue < doc.len());
    Some(source::asked(doc.token(cue?))?.head)
}

/// Every candidate, however unlikely, with the features its confidence is made from: what
/// weights are learnt from.
pub fn candidates<'d>(
    article: &'d Article,
    doc: &'d Doc,
) -> Vec<(Attribution, Vec<Feature<'d>>)> {
    let scene = Scene::new(article, doc);
    let found = propose(&scene);
    found
        .iter()
        .map(|c| (c.attribution(&scene), confidence::features(&scene, c)))
        .collect()
}

/// What training needs of one article besides the tensors of [`Doc`].
#[derive(Debug)]
pub struct Lesson {
    /// What is observed about each token, in the order of [`COLUMNS`].
    pub observations: Vec<Vec<String>>,
    /// The number of the quotation each token stands in, if any.
    pub quotations: Vec<Option<usize>>,
    /// The number of the block each token stands in.
    pub blocks: Vec<usize>,
    /// What the grammar proposes.
    pub candidates: Vec<Proposal>,
}

/// A candidate of the grammar, in token numbers.
#[derive(Debug)]
pub struct Proposal {
    /// Name of its pattern.
    pub pattern: &'static str,
    /// How likely it is by the weights of the grammar alone.
    pub confidence: f32,
    /// Head of the cue.
    pub head: usize,
    /// Tokens of the cue.
    pub cue: Vec<usize>,
    /// Head and tokens of the source.
    pub source: Option<(usize, Range<usize>)>,
    /// Ranges of tokens.
    pub content: Vec<Range<usize>>,
    /// `speech`, `attitude` or `none`, by the lexicon.
    pub class: &'static str,
}

/// Everything about an article that the tagger is trained on.
pub fn lesson(article: &Article, doc: &Doc) -> Lesson {
    let scene = Scene::new(article, doc);
    let found = propose(&scene);
    let mut fixed = Vec::with_capacity(doc.len());
    observe::fixed(&scene, |row| fixed.push(row.map(str::to_owned)));
    let mut observations = Vec::with_capacity(doc.len());
    observe::varying(&scene, &found, 0..doc.len(), false, |row| {
        let mut all: Vec<String> = std::mem::take(&mut fixed[observations.len()]).into();
        all.extend(row.map(str::to_owned));
        observations.push(all);
    });
    Lesson {
        observations,
        quotations: (0..doc.len()).map(|t| scene.quote_at(t)).collect(),
        blocks: (0..doc.len()).map(|t| scene.block_at(t)).collect(),
        candidates: found
            .iter()
            .map(|c| Proposal {
                pattern: c.pattern.name(),
                confidence: c.grammar,
                head: c.head.index(),
                cue: c.cue.clone(),
                source: c.source.as_ref().map(|s| (s.head.index(), s.tokens.clone())),
                content: c.content.clone(),
                class: match lexicon::cue(c.head.lemma(), c.head.upos()) {
                    Some(cue) if cue.speech => "speech",
                    Some(_) => "attitude",
                    None => "none",
                },
            })
            .collect(),
    }
}

/// Tells every candidate which other pattern its cue proposes; patterns are listed from the
/// strongest.
fn find_rivals(found: &mut [Candidate<'_>]) {
    let mut by_cue: Vec<(usize, Pattern)> =
        found.iter().map(|c| (c.head.index(), c.pattern)).collect();
    by_cue.sort_unstable();
    by_cue.dedup();
    for candidate in found {
        let cue = candidate.head.index();
        let from = by_cue.partition_point(|&(head, _)| head < cue);
        candidate.rival = by_cue[from..]
            .iter()
            .take_while(|(head, _)| *head == cue)
            .map(|&(_, pattern)| pattern)
            .find(|&pattern| pattern != candidate.pattern);
    }
}

fn propose<'d>(scene: &Scene<'d>) -> Vec<Candidate<'d>> {
    let mut found = Vec::new();
    for token in scene.doc.tokens() {
        verbal::propose(scene, token, &mut found);
        nominal::propose(scene, token, &mut found);
        evidential::propose(scene, token, &mut found);
    }
    aside::propose(scene, &mut found);
    quoted::follow(scene, &mut found);
    passage::propose(scene, &mut found);
    quoted::propose(scene, &mut found);
    find_rivals(&mut found);
    for candidate in &mut found {
        candidate.grammar = confidence::of(scene, candidate);
        candidate.confidence = candidate.grammar;
    }
    found
}
