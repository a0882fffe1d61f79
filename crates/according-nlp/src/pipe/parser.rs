//! The dependency parser: arc-eager transitions (Nivre 2008) with spaCy's additions for
//! sentence breaks (Honnibal and Johnson 2015) and pseudo-projective labels (Nivre and
//! Nilsson 2005).

use std::ops::Range;

use crate::doc::TokenData;
use crate::nn::ops::Kernel;
use crate::{Error, LabelId, Labels};

use super::transition::{Classes, Moves, NONE, Scorer, ScorerScratch, best};

/// The parser's weights and labels.
#[derive(Debug)]
pub(crate) struct Parser {
    scorer: Scorer,
    classes: Classes<5>,
    /// The label of every class.
    labels: Vec<DepLabel>,
    root: LabelId,
}

/// The actions, in spaCy's order.
const SHIFT: usize = 0;
const REDUCE: usize = 1;
const LEFT: usize = 2;
const RIGHT: usize = 3;
const BREAK: usize = 4;

/// A dependency label, and for a lifted one (`X||Y`) what it says about its true head.
#[derive(Clone, Copy, Debug)]
struct DepLabel {
    id: LabelId,
    lifted: Option<Lifted>,
}

#[derive(Clone, Copy, Debug)]
struct Lifted {
    /// The label proper, `X`.
    label: LabelId,
    /// The label of the true head, `Y`.
    head_label: LabelId,
}

/// Scratch of a [`Parser`].
#[derive(Debug, Default)]
pub(crate) struct ParserScratch {
    scorer: ScorerScratch,
    state: State,
    edges: Edges,
}

impl Parser {
    /// The next two tokens and the top two of the stack: most tokens pass through all four.
    pub(crate) const COMMON_SLOTS: usize = 4;

    /// Builds the parser from its scorer and the labels of its actions.
    pub(crate) fn new(
        scorer: Scorer,
        n_classes: usize,
        moves: Moves,
        labels: &mut Labels,
    ) -> Result<Self, Error> {
        let classes = Classes::new(moves, n_classes)?;
        let mut label = |name: &String| {
            let lifted = match name.split_once("||") {
                Some((label, head)) => Some(Lifted {
                    label: labels.add(label)?,
                    head_label: labels.add(head)?,
                }),
                None => None,
            };
            Ok(DepLabel { id: labels.add(name)?, lifted })
        };
        let dep_labels =
            classes.labels.iter().map(&mut label).collect::<Result<_, Error>>()?;
        Ok(Self { scorer, classes, labels: dep_labels, root: labels.add("ROOT")? })
    }

    /// Parses one document: sets head, label and sentence start of every token. `vectors`
    /// hold one row for each token. Heads are numbers within `tokens`.
    pub(crate) fn parse(
        &self,
        kernel: Kernel,
        vectors: &[f32],
        tokens: &mut [TokenData],
        is_space: impl Fn(usize) -> bool,
        scratch: &mut ParserScratch,
    ) {
        let n = tokens.len();
        let state = &mut scratch.state;
        state.start(n);
        self.scorer.start(&mut scratch.scorer, n);
        // Every transition shifts, attaches, breaks or takes a token off the stack, and a
        // token can return to the buffer only once without being attached, so a document
        // needs few transitions a token. The bound is never met; it is there to make sure
        // that no weights whatever can hold us up.
        for _ in 0..16 * n + 16 {
            if state.is_final() {
                break;
            }
            let of = &self.classes.of;
            let valid = state.valid();
            let when =
                |valid: bool, range: Range<usize>| if valid { range } else { 0..0 };
            let valid = [
                when(valid.shift, of[SHIFT].clone()),
                when(valid.reduce, of[REDUCE].clone()),
                when(valid.arc, of[LEFT].start..of[RIGHT].end),
                when(valid.break_, of[BREAK].clone()),
            ];
            let mut classes = valid.iter().cloned().flatten();
            let best = match (classes.next(), classes.next()) {
                // Without a choice, as when the buffer is empty, no score matters.
                (only, None) => only,
                _ => {
                    let features = state.features();
                    let scores =
                        self.scorer.score(kernel, vectors, features, &mut scratch.scorer);
                    best(scores, valid)
                }
            };
            match best {
                Some(class) if class < of[SHIFT].end => state.shift(),
                Some(class) if class < of[REDUCE].end => state.reduce(),
                Some(class) if class < of[LEFT].end => state.left(class as u32),
                Some(class) if class < of[RIGHT].end => state.right(class as u32),
                Some(_) => state.break_(),
                None => break,
            }
        }
        for (i, token) in tokens.iter_mut().enumerate() {
            let head = state.heads[i];
            token.head = if head == NONE { i as u32 } else { head };
            token.dep = match head {
                NONE => self.root,
                _ => self.labels[state.classes[i] as usize].id,
            };
        }
        scratch.edges.set(tokens);
        let lifted = |i: usize| match state.heads[i] {
            NONE => None,
            _ => self.labels[state.classes[i] as usize].lifted,
        };
        if (0..n).any(|i| lifted(i).is_some()) {
            deprojectivize(tokens, lifted, is_space, &scratch.edges);
            scratch.edges.set(tokens);
        }
        scratch.edges.start_sentences(tokens);
    }
}

/// Which actions may be taken; the label never matters, nor does the direction of an arc.
#[derive(Clone, Copy)]
struct Valid {
    shift: bool,
    reduce: bool,
    arc: bool,
    break_: bool,
}

/// The state of the parser: a stack, a buffer, and the arcs made so far.
///
/// Children of a token are linked in the order they were attached, left and right apart.
#[derive(Debug, Default)]
struct State {
    n: u32,
    stack: Vec<u32>,
    /// Tokens that went back to the buffer; the last is its first.
    returned: Vec<u32>,
    /// First token of the buffer proper.
    next: u32,
    heads: Vec<u32>,
    /// The class that attached each token.
    classes: Vec<u32>,
    last_left: Vec<u32>,
    last_right: Vec<u32>,
    /// The sibling attached before and after, on the same side.
    older: Vec<u32>,
    younger: Vec<u32>,
    unshiftable: Vec<bool>,
    starts: Vec<bool>,
}

impl State {
    fn start(&mut self, n: usize) {
        self.n = n as u32;
        self.stack.clear();
        self.returned.clear();
        self.next = 0;
        for list in [
            &mut self.heads,
            &mut self.last_left,
            &mut self.last_right,
            &mut self.older,
            &mut self.younger,
        ] {
            list.clear();
            list.resize(n, NONE);
        }
        self.classes.clear();
        self.classes.resize(n, 0);
        for list in [&mut self.unshiftable, &mut self.starts] {
            list.clear();
            list.resize(n, false);
        }
        // The first token starts a sentence whatever the parser thinks.
        if let Some(first) = self.starts.first_mut() {
            *first = true;
        }
    }

    fn stack(&self, depth: usize) -> u32 {
        self.stack.iter().rev().nth(depth).copied().unwrap_or(NONE)
    }

    fn buffer(&self, at: usize) -> u32 {
        if let Some(&token) = self.returned.iter().rev().nth(at) {
            return token;
        }
        let token = self.next + (at - self.returned.len()) as u32;
        if token < self.n { token } else { NONE }
    }

    fn buffer_len(&self) -> usize {
        (self.n - self.next) as usize + self.returned.len()
    }

    fn is_final(&self) -> bool {
        self.stack.is_empty() && self.buffer_len() == 0
    }

    fn starts_sentence(&self, token: u32) -> bool {
        self.starts.get(token as usize).copied().unwrap_or(false)
    }

    fn features(&self) -> [u32; 8] {
        let (b0, s0) = (self.buffer(0), self.stack(0));
        let of =
            |list: &[u32], token: u32| list.get(token as usize).copied().unwrap_or(NONE);
        [
            b0,
            self.buffer(1),
            s0,
            self.stack(1),
            self.stack(2),
            of(&self.last_left, b0),
            of(&self.last_left, s0),
            of(&self.last_right, s0),
        ]
    }

    fn valid(&self) -> Valid {
        let b0 = self.buffer(0);
        let starts = self.starts_sentence(b0);
        let buffer_len = self.buffer_len();
        let has_stack = !self.stack.is_empty();
        let b1 = self.buffer(1);
        Valid {
            shift: !has_stack
                || (buffer_len >= 2
                    && !starts
                    && !self.unshiftable.get(b0 as usize).copied().unwrap_or(false)),
            reduce: has_stack,
            arc: has_stack && buffer_len > 0 && !starts,
            break_: buffer_len >= 2 && b1 == b0 + 1 && !self.starts_sentence(b1),
        }
    }

    fn shift(&mut self) {
        match self.returned.pop() {
            Some(token) => self.stack.push(token),
            None if self.next < self.n => {
                self.stack.push(self.next);
                self.next += 1;
            }
            None => {}
        }
    }

    /// Takes a token off the stack; one without a head goes back to the buffer, unless it
    /// is the last of the stack.
    fn reduce(&mut self) {
        let depth = self.stack.len();
        if let Some(s0) = self.stack.pop()
            && depth > 1
            && self.heads[s0 as usize] == NONE
        {
            self.unshiftable[s0 as usize] = true;
            self.returned.push(s0);
        }
    }

    fn left(&mut self, class: u32) {
        let (b0, s0) = (self.buffer(0), self.stack(0));
        self.attach(b0, s0, class);
        self.unshiftable[b0 as usize] = false;
        self.stack.pop();
    }

    fn right(&mut self, class: u32) {
        let (b0, s0) = (self.buffer(0), self.stack(0));
        self.attach(s0, b0, class);
        self.shift();
    }

    fn break_(&mut self) {
        let b1 = self.buffer(1);
        self.starts[b1 as usize] = true;
    }

    fn attach(&mut self, head: u32, child: u32, class: u32) {
        let c = child as usize;
        self.detach(child);
        let last = self.last_child(head, child);
        let older = std::mem::replace(last, child);
        self.older[c] = older;
        self.younger[c] = NONE;
        if older != NONE {
            self.younger[older as usize] = child;
        }
        self.heads[c] = head;
        self.classes[c] = class;
    }

    fn detach(&mut self, child: u32) {
        let c = child as usize;
        let head = self.heads[c];
        if head == NONE {
            return;
        }
        let (older, younger) = (self.older[c], self.younger[c]);
        match younger {
            NONE => *self.last_child(head, child) = older,
            _ => self.older[younger as usize] = older,
        }
        if older != NONE {
            self.younger[older as usize] = younger;
        }
    }

    /// The youngest child of `head` on the side of `child`.
    fn last_child(&mut self, head: u32, child: u32) -> &mut u32 {
        let side = if head > child { &mut self.last_left } else { &mut self.last_right };
        &mut side[head as usize]
    }
}

/// The leftmost and rightmost token below each token, as spaCy works them out.
#[derive(Debug, Default)]
struct Edges {
    left: Vec<u32>,
    right: Vec<u32>,
    starts: Vec<bool>,
}

impl Edges {
    /// Works the edges out from the heads. With crossing arcs one pass is not enough, so
    /// passes go on until no head lies outside the sentence of its child, at most eleven
    /// times.
    fn set(&mut self, tokens: &[TokenData]) {
        let n = tokens.len() as u32;
        self.left.clear();
        self.left.extend(0..n);
        self.right.clear();
        self.right.extend(0..n);
        for _ in 0..12 {
            for i in 0..tokens.len() {
                self.widen(tokens, i);
            }
            for i in (0..tokens.len()).rev() {
                self.widen(tokens, i);
            }
            if self.heads_stay_inside(tokens) {
                break;
            }
        }
    }

    fn widen(&mut self, tokens: &[TokenData], child: usize) {
        let head = tokens[child].head as usize;
        self.left[head] = self.left[head].min(self.left[child]);
        self.right[head] = self.right[head].max(self.right[child]);
    }

    fn mark_starts(&mut self, tokens: &[TokenData]) {
        self.starts.clear();
        self.starts.resize(tokens.len(), false);
        for (i, token) in tokens.iter().enumerate() {
            if token.head as usize == i {
                self.starts[self.left[i] as usize] = true;
            }
        }
    }

    /// Whether every head lies between the start of its child's sentence and the start of
    /// the next one, which spaCy counts in. The last token is never looked at.
    fn heads_stay_inside(&mut self, tokens: &[TokenData]) -> bool {
        self.mark_starts(tokens);
        let mut start = 0;
        for i in 0..tokens.len() {
            if (i > 0 && self.starts[i]) || i + 1 == tokens.len() {
                let inside = |t: &TokenData| (start..=i).contains(&(t.head as usize));
                if !tokens[start..i].iter().all(inside) {
                    return false;
                }
                start = i;
            }
        }
        true
    }

    /// A sentence starts at the left edge of every root.
    fn start_sentences(&mut self, tokens: &mut [TokenData]) {
        self.mark_starts(tokens);
        for (token, &starts) in tokens.iter_mut().zip(&self.starts) {
            token.sent_start = starts;
        }
    }
}

/// Gives lifted tokens their true heads: the nearest token below the present head, breadth
/// first, whose label is the one that the lifted label names.
///
/// Only tokens between the edges of a node count as its children; edges are not brought up
/// to date on the way.
fn deprojectivize(
    tokens: &mut [TokenData],
    lifted: impl Fn(usize) -> Option<Lifted>,
    is_space: impl Fn(usize) -> bool,
    edges: &Edges,
) {
    // Lifted arcs are rare, so children are looked for and not kept. Heads form a tree and
    // stay one, so the search meets every token once at most.
    for i in 0..tokens.len() {
        let Some(Lifted { label, head_label }) = lifted(i) else { continue };
        let head = tokens[i].head as usize;
        tokens[i].dep = label;
        let mut queue = vec![head];
        let mut at = 0;
        let mut found = None;
        'search: while let Some(&node) = queue.get(at) {
            at += 1;
            let (left, right) = (edges.left[node] as usize, edges.right[node] as usize);
            for child in (left..node).chain(node + 1..right + 1) {
                if tokens[child].head as usize != node || child == i || is_space(child) {
                    continue;
                }
                if tokens[child].dep == head_label {
                    found = Some(child);
                    break 'search;
                }
                queue.push(child);
            }
        }
        if let Some(found) = found {
            tokens[i].head = found as u32;
        }
    }
}
