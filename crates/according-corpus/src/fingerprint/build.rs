//! From a report and the parse it was made of to its fingerprint.

use std::collections::{BTreeMap, BTreeSet};

use according::BlockKind;
use according::report::{MentionForm, Report, SpeakerKind};
use according_nlp::{CodePoints, Doc, Span, Token, Upos};

use super::words::{hash, name_words, term};
use super::{Fingerprint, Statement, Word, WordKind};

/// Longest article that is compared to its end, in words. Books are not news.
const MOST_WORDS: usize = 20_000;
/// Most statements that are kept of one article.
const MOST_STATEMENTS: usize = 2_000;
/// Most distinct words, so that an index fits 16 bits.
const MOST_DISTINCT: usize = 60_000;

/// The fingerprint of `report`, which was made from `doc`, the parse of its text.
pub fn fingerprint(report: &Report, doc: &Doc) -> Fingerprint {
    let mut builder = Builder::new(report, doc);
    for sentence in doc.sentences() {
        builder.sentence(sentence.range());
    }
    builder.finish()
}

/// A word before its index is known.
type Key = u32;

struct Builder<'a> {
    doc: &'a Doc,
    points: CodePoints<'a>,
    /// Blocks of the body and headlines, as code points.
    blocks: Vec<(BlockKind, [usize; 2])>,
    /// For each token the innermost claim it is claimed in.
    claim_of: Vec<Option<usize>>,
    /// Tokens that attribute something.
    cues: BTreeSet<usize>,
    /// How many tokens each claim has so.
    claim_sizes: Vec<usize>,
    /// For each claim the name of whose it is.
    speakers: Vec<Vec<String>>,
    /// First code points of words that lower the commitment.
    hedges: BTreeSet<usize>,
    /// Where somebody with a name is meant by other words: start and name.
    meant: BTreeMap<usize, Vec<String>>,
    /// First code point of a time that is one day or month, its end and its value.
    times: BTreeMap<usize, (usize, String)>,
    words: BTreeMap<Key, Word>,
    statements: Vec<(Statement, Vec<Key>, Vec<Key>)>,
    running: Vec<u32>,
    /// Whether a quotation is open, and in which block.
    is_quoted: bool,
    block: usize,
    sentences: Vec<u32>,
}

impl<'a> Builder<'a> {
    fn new(report: &'a Report, doc: &'a Doc) -> Self {
        let blocks = report.article.blocks.iter();
        let points = CodePoints::new(doc.text());
        let claim_of = claims_of_tokens(report, doc, &points);
        let cues = report.claims.iter().flat_map(|claim| &claim.cue);
        let cues = cues.flat_map(|cue| tokens_in(doc, &points, *cue)).collect();
        let mut meant = BTreeMap::new();
        for entity in report.entities.iter().filter(|e| e.named) {
            let words = name_words(&entity.name);
            // A person goes by the last name.
            let words = match entity.kind.as_deref() {
                Some("PERSON") => words.last().cloned().into_iter().collect(),
                _ => words,
            };
            for mention in &entity.mentions {
                if mention.form != MentionForm::Name {
                    meant.insert(mention.start, words.clone());
                }
            }
        }
        let times = report.times.iter().filter(|t| t.resolved && t.when().len() >= 7);
        Self {
            doc,
            claim_sizes: claim_of.iter().flatten().fold(
                vec![0; report.claims.len()],
                |mut sizes, &claim| {
                    sizes[claim] += 1;
                    sizes
                },
            ),
            claim_of,
            cues,
            points,
            blocks: blocks.map(|b| (b.kind, [b.start, b.end])).collect(),
            speakers: report.claims.iter().map(speaker).collect(),
            hedges: report.claims.iter().flat_map(|c| &c.hedges).map(|h| h[0]).collect(),
            meant,
            times: times
                .filter(|t| t.when().starts_with(|c: char| c.is_ascii_digit()))
                .map(|t| (t.start, (t.end, t.when().chars().take(10).collect())))
                .collect(),
            words: BTreeMap::new(),
            statements: Vec::new(),
            running: Vec::new(),
            is_quoted: false,
            block: 0,
            sentences: Vec::new(),
        }
    }

    fn offsets(&self, span: Span) -> [usize; 2] {
        self.points.of(span)
    }

    /// The block a code point stands in.
    fn block_at(&self, point: usize) -> Option<BlockKind> {
        let after = self.blocks.partition_point(|(_, span)| span[0] <= point);
        let (kind, span) = self.blocks.get(after.checked_sub(1)?)?;
        (point < span[1]).then_some(*kind)
    }

    fn sentence(&mut self, range: std::ops::Range<usize>) {
        let Some(first) = self.doc.slice(range.clone()).find(|t| !t.is_space()) else {
            return;
        };
        let start = self.offsets(first.span())[0];
        let is_headline = match self.block_at(start) {
            Some(BlockKind::Headline) => true,
            Some(
                BlockKind::Standfirst
                | BlockKind::Paragraph
                | BlockKind::Quotation
                | BlockKind::ListItem
                | BlockKind::Table,
            ) => false,
            _ => return,
        };
        if self.running.len() > MOST_WORDS || self.statements.len() > MOST_STATEMENTS {
            return;
        }
        // What a block leaves open is closed.
        let block = self.blocks.partition_point(|(_, span)| span[0] <= start);
        self.is_quoted &= block == self.block;
        self.block = block;
        let number = self.sentences.len() as u32;
        self.sentences.push(self.running.len() as u32);
        let mut quoted = Vec::with_capacity(range.len());
        for token in self.doc.slice(range.clone()) {
            match token.text() {
                "“" => self.is_quoted = true,
                "”" => self.is_quoted = false,
                "\"" => self.is_quoted = !self.is_quoted,
                // Two who were at one press conference did not copy one another.
                _ if self.is_quoted || is_headline || token.is_space() => {}
                word if word.contains(char::is_alphanumeric) => {
                    self.running.push(hash(&word.to_lowercase()));
                }
                _ => {}
            }
            quoted.push(self.is_quoted);
        }
        let first = range.start;
        let is_quoted = |t: usize| quoted.get(t.wrapping_sub(first)) == Some(&true);
        for clause in self.clauses(range) {
            let n_quoted = clause.tokens.iter().filter(|&&t| is_quoted(t)).count();
            let is_quoted = n_quoted * 2 > clause.tokens.len();
            self.statement(&clause, number, is_headline, is_quoted);
        }
    }

    /// The tokens of each clause of a sentence. One with fewer than two content words is no
    /// statement by itself and stays with the clause it hangs from.
    fn clauses(&self, range: std::ops::Range<usize>) -> Vec<Clause> {
        let tokens: Vec<Token<'_>> = self.doc.slice(range.clone()).collect();
        let is_head: Vec<bool> = tokens.iter().map(|t| is_clause_head(*t)).collect();
        let at = |index: usize| index.checked_sub(range.start);
        // The clause of a token is that of the nearest head above it.
        let owner = |token: Token<'_>| {
            let mut up = std::iter::once(token).chain(token.ancestors());
            let found = up.find(|t| {
                t.is_root()
                    || at(t.index()).is_some_and(|i| is_head.get(i) == Some(&true))
            });
            found.map_or(range.start, |t| t.index())
        };
        let mut clauses: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for token in &tokens {
            if !token.is_space() {
                clauses.entry(owner(*token)).or_default().push(token.index());
            }
        }
        // Small ones join the clause above, innermost first.
        let mut heads: Vec<usize> = clauses.keys().copied().collect();
        let depth = |head: usize| self.doc.token(head).ancestors().count();
        heads.sort_by_key(|&head| std::cmp::Reverse(depth(head)));
        for head in heads {
            let token = self.doc.token(head);
            let content = clauses.get(&head).map_or(0, |tokens| {
                tokens.iter().filter(|&&t| term(self.doc.token(t)).is_some()).count()
            });
            if content >= 3 || token.is_root() {
                continue;
            }
            let above = owner(token.head());
            if above != head
                && let Some(small) = clauses.remove(&head)
            {
                clauses.entry(above).or_default().extend(small);
            }
        }
        let clauses = clauses.into_iter().map(|(head, mut tokens)| {
            tokens.sort_unstable();
            Clause { head, tokens }
        });
        clauses.collect()
    }

    fn statement(
        &mut self,
        clause: &Clause,
        sentence: u32,
        is_headline: bool,
        is_quoted: bool,
    ) {
        let claim = self.claim_of(&clause.tokens);
        let is_claimed = |t: &usize| self.claim_of.get(*t).is_some_and(Option::is_some);
        // "The chief told the Courier": that somebody spoke, and nothing of what was said.
        let is_word = |t: &&usize| !self.doc.token(**t).is_punct();
        let mut words = clause.tokens.iter().filter(is_word);
        if self.cues.contains(&clause.head) && !words.any(is_claimed) {
            return;
        }
        // Of a claim the words that attribute it are no part of what is said.
        let is_said = |t: &&usize| claim.is_none() || is_claimed(t);
        let tokens: Vec<usize> = clause.tokens.iter().filter(is_said).copied().collect();
        let is_marked = |t: &usize| !self.doc.token(*t).is_punct();
        let Some(&first) = tokens.iter().find(|t| is_marked(t)) else { return };
        let Some(&last) = tokens.iter().rfind(|t| is_marked(t)) else { return };
        let span = self.doc.token(first).span().cover(self.doc.token(last).span());
        let [start, end] = self.offsets(span);
        let mut terms = Vec::new();
        let mut context = Vec::new();
        let mut is_negative = false;
        let mut is_hedged = false;
        let mut until = 0;
        for &t in &tokens {
            let token = self.doc.token(t);
            let [point, _] = self.offsets(token.span());
            is_negative |= token.dep() == "neg" || is_denying(token);
            is_hedged |= self.hedges.contains(&point)
                || matches!(token.lemma(), "may" | "might" | "could" | "allegedly");
            if let Some(words) = self.meant.get(&point) {
                let words = words.clone();
                context.extend(words.iter().map(|word| {
                    add(&mut self.words, word, 6.0, WordKind::Name, u32::MAX)
                }));
            }
            if let Some((end, value)) = self.times.get(&point) {
                until = *end;
                let word = format!("@{value}");
                terms.push(add(&mut self.words, &word, 2.5, WordKind::Time, u32::MAX));
            }
            if point < until {
                continue;
            }
            terms.extend(self.term(token));
        }
        // The subject of the clause before, or the noun a relative clause tells about.
        let head = self.doc.token(clause.head);
        let has_subject = head.children().any(|c| c.dep().starts_with("nsubj"));
        let shared = match head.dep() {
            "relcl" | "acl" => Some(head.head()),
            "conj" | "advcl" | "xcomp" if !has_subject => {
                head.head().children().find(|c| c.dep().starts_with("nsubj"))
            }
            _ => None,
        };
        if let Some(shared) = shared {
            for token in std::iter::once(shared).chain(shared.children()) {
                if matches!(token.dep(), "relcl" | "acl" | "conj" | "appos") {
                    continue;
                }
                context.extend(self.term(token));
                let point = self.offsets(token.span())[0];
                if let Some(words) = self.meant.get(&point).cloned() {
                    context.extend(words.iter().map(|word| {
                        add(&mut self.words, word, 6.0, WordKind::Name, u32::MAX)
                    }));
                }
            }
        }
        // What one person said in two places is likelier the same.
        let speaker = claim.and_then(|claim| self.speakers.get(claim));
        for word in speaker.into_iter().flatten() {
            context.push(add(&mut self.words, word, 6.0, WordKind::Name, u32::MAX));
        }
        for list in [&mut terms, &mut context] {
            list.sort_unstable();
            list.dedup();
        }
        context.retain(|word| terms.binary_search(word).is_err());
        if terms.len() < 2 {
            return;
        }
        let statement = Statement {
            start: start as u32,
            end: end as u32,
            claim: claim.map(|claim| claim as u32),
            sentence,
            is_headline,
            is_quoted,
            is_negative,
            is_hedged,
            terms: Vec::new(),
            context: Vec::new(),
        };
        self.statements.push((statement, terms, context));
    }

    /// The claim that has most of a clause, or stands in it with nearly all of its words.
    fn claim_of(&self, tokens: &[usize]) -> Option<usize> {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for token in tokens {
            if let Some(claim) = self.claim_of.get(*token).copied().flatten() {
                *counts.entry(claim).or_default() += 1;
            }
        }
        let (claim, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let size = self.claim_sizes.get(claim).copied().unwrap_or_default();
        let is_most = count * 2 > tokens.len();
        (is_most || count >= 4 && count * 10 >= size * 7).then_some(claim)
    }

    fn term(&mut self, token: Token<'_>) -> Option<Key> {
        let (word, weight, kind) = term(token)?;
        let vector = match kind {
            WordKind::Verb | WordKind::Other => {
                self.doc.vector_of(token.lemma()).unwrap_or(u32::MAX)
            }
            _ => u32::MAX,
        };
        Some(add(&mut self.words, &word, weight, kind, vector))
    }

    fn finish(self) -> Fingerprint {
        let words: Vec<Word> = self.words.into_values().take(MOST_DISTINCT).collect();
        let index = |keys: &[Key]| -> Vec<u16> {
            let found = keys
                .iter()
                .filter_map(|key| words.binary_search_by_key(key, |word| word.hash).ok());
            found.map(|i| i as u16).collect()
        };
        let statements =
            self.statements.into_iter().map(|(statement, terms, context)| Statement {
                terms: index(&terms),
                context: index(&context),
                ..statement
            });
        Fingerprint {
            statements: statements.collect(),
            running: self.running,
            sentences: self.sentences,
            words,
        }
    }
}

/// For each token the innermost claim it is claimed in.
fn claims_of_tokens(
    report: &Report,
    doc: &Doc,
    points: &CodePoints<'_>,
) -> Vec<Option<usize>> {
    let mut claims: Vec<usize> = (0..report.claims.len()).collect();
    let claim = |i: usize| report.claims.get(i);
    claims.sort_by_key(|&i| {
        depth(report, claim(i).and_then(|claim| claim.parent.as_deref()))
    });
    let mut claim_of = vec![None; doc.len()];
    for i in claims {
        for part in claim(i).into_iter().flat_map(|claim| &claim.content) {
            for token in tokens_in(doc, points, *part) {
                if let Some(claim) = claim_of.get_mut(token) {
                    *claim = Some(i);
                }
            }
        }
    }
    claim_of
}

/// The tokens of a stretch of the text, in code points.
fn tokens_in(
    doc: &Doc,
    points: &CodePoints<'_>,
    part: [usize; 2],
) -> std::ops::Range<usize> {
    let [start, end] = part.map(|point| points.to_byte(point));
    match (start, end) {
        (Some(start), Some(end)) => doc.tokens_in(Span::new(start, end)),
        _ => 0..0,
    }
}

/// The words of the name of a claim's speaker: of people the last name.
fn speaker(claim: &according::report::Claim) -> Vec<String> {
    let name = claim.speaker.name.as_deref().filter(|_| claim.speaker.named);
    let words = name.map(name_words).unwrap_or_default();
    match claim.speaker.kind {
        SpeakerKind::Person => words.last().cloned().into_iter().collect(),
        _ => words,
    }
}

/// How many claims are around the one that has `parent`.
fn depth<'r>(report: &'r Report, mut parent: Option<&'r str>) -> usize {
    let mut depth = 0;
    while let Some(id) = parent.filter(|_| depth < 16) {
        depth += 1;
        // Claims are numbered from 1 in their order.
        let number = id.strip_prefix('C').and_then(|n| n.parse::<usize>().ok());
        let claim = number.and_then(|n| report.claims.get(n.checked_sub(1)?));
        parent = claim.and_then(|c| c.parent.as_deref());
    }
    depth
}

fn add(
    words: &mut BTreeMap<Key, Word>,
    word: &str,
    weight: f32,
    kind: WordKind,
    vector: u32,
) -> Key {
    let hash = hash(word);
    words.entry(hash).or_insert(Word { hash, weight, kind, vector });
    hash
}

#[derive(Debug)]
struct Clause {
    head: usize,
    tokens: Vec<usize>,
}

fn is_clause_head(token: Token<'_>) -> bool {
    let is_verb = matches!(token.upos(), Upos::Verb | Upos::Aux);
    match token.dep() {
        "ROOT" => true,
        "ccomp" | "advcl" | "relcl" | "parataxis" => is_verb,
        "conj" | "acl" | "pcomp" => is_verb,
        _ => false,
    }
}

/// Verbs and adverbs that turn what follows into its opposite.
fn is_denying(token: Token<'_>) -> bool {
    matches!(
        token.lemma(),
        "deny" | "refute" | "reject" | "never" | "no" | "false" | "untrue" | "dismiss"
    )
}
