//! The regular part of Python's regular expressions, in linear time.
//!
//! A pipeline brings its own patterns for prefixes, suffixes, infixes and web addresses, so
//! they are compiled when it is loaded. There are groups, alternatives, repetition, classes
//! and look-around of any kind; a pattern with back references, flags or word boundaries is
//! refused. Alternatives are tried in their order, as in Python. All threads of a match
//! advance together (Thompson's construction), so no text makes a pattern slow.

mod parse;

use std::fmt;

use crate::Error;
use parse::Node;

/// A pattern is a list of alternatives, of which only those are tried that can begin (or,
/// searched from the end, can end) with the character at hand.
pub(crate) struct Pattern {
    alternatives: Vec<Program>,
    dispatch: Dispatch,
    /// Every match holds one of these characters.
    required: Option<CharSet>,
}

/// Room that matching needs, kept to be used again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    now: Vec<u32>,
    next: Vec<u32>,
    stack: Vec<u32>,
    /// The step at which an instruction was last reached.
    seen: Vec<u64>,
    step: u64,
}

impl Pattern {
    /// Larger patterns are refused: `x{1000}{1000}`.
    const MAX_NODES: u32 = 1 << 15;

    /// A pattern to be found anywhere or at a given place.
    pub(crate) fn new(source: &str) -> Result<Self, Error> {
        Self::compile(parse::parse(source)?, Direction::Forward)
    }

    /// A pattern all of whose alternatives are bound to the start of the text.
    pub(crate) fn at_start(source: &str) -> Result<Self, Error> {
        let node = parse::parse(source)?;
        if !node.alternatives().all(|n| n.first_is(|n| matches!(n, Node::Start))) {
            return Err(Error::new("every alternative should begin with '^'"));
        }
        Self::compile(node, Direction::Forward)
    }

    /// A pattern all of whose alternatives are bound to the end of the text; it is read
    /// backward from there.
    pub(crate) fn at_end(source: &str) -> Result<Self, Error> {
        let node = parse::parse(source)?;
        if !node.alternatives().all(|n| n.last_is(|n| matches!(n, Node::End))) {
            return Err(Error::new("every alternative should end with '$'"));
        }
        Self::compile(node, Direction::Backward)
    }

    fn compile(node: Node, direction: Direction) -> Result<Self, Error> {
        let required = node.required();
        let nodes = match direction {
            Direction::Forward => node.into_alternatives(),
            // The longest match counts, whichever alternative it comes from.
            Direction::Backward => node.into_spread_alternatives(),
        };
        if nodes.len() > usize::from(u16::MAX) {
            return Err(Error::new("the pattern has too many alternatives"));
        }
        let mut alternatives = Vec::with_capacity(nodes.len());
        let mut edges = Vec::with_capacity(nodes.len());
        let mut budget = Self::MAX_NODES;
        for node in &nodes {
            alternatives.push(Program::new(node, direction, &mut budget)?);
            let mut edge = CharSet::default();
            let nullable = node.edge(direction, &mut edge);
            edges.push((!nullable).then_some(edge));
        }
        Ok(Self { alternatives, dispatch: Dispatch::new(&edges), required })
    }

    /// Where the match that begins at byte `at` ends.
    pub(crate) fn match_at(
        &self,
        text: &str,
        at: usize,
        scratch: &mut Scratch,
    ) -> Option<usize> {
        let next = char_after(text, at);
        self.dispatch.candidates(next).iter().find_map(|&i| {
            self.alternatives[usize::from(i)].run(text, at, Take::First, scratch)
        })
    }

    /// The leftmost match that begins at byte `from` or later.
    pub(crate) fn find_from(
        &self,
        text: &str,
        from: usize,
        scratch: &mut Scratch,
    ) -> Option<(usize, usize)> {
        let rest = text.get(from..)?;
        let starts = rest.char_indices().map(|(i, c)| (from + i, Some(c)));
        for (at, next) in starts.chain([(text.len(), None)]) {
            for &i in self.dispatch.candidates(next) {
                let program = &self.alternatives[usize::from(i)];
                if let Some(end) = program.run(text, at, Take::First, scratch) {
                    return Some((at, end));
                }
            }
        }
        None
    }

    /// Whether the pattern occurs in `text`.
    pub(crate) fn is_in(&self, text: &str, scratch: &mut Scratch) -> bool {
        self.may_be_in(text) && self.find_from(text, 0, scratch).is_some()
    }

    /// Whether a match at the start of `text` is possible at all, judged by characters that
    /// every match must hold.
    pub(crate) fn may_be_in(&self, text: &str) -> bool {
        self.required.as_ref().is_none_or(|set| text.chars().any(|c| set.contains(c)))
    }

    /// The leftmost match of a pattern made by [`Pattern::at_end`].
    pub(crate) fn find_at_end(
        &self,
        text: &str,
        scratch: &mut Scratch,
    ) -> Option<(usize, usize)> {
        let mut found: Option<(usize, usize)> = None;
        // Python's `$` also stands before a last line break.
        let ends = [Some(text.len()), text.ends_with('\n').then(|| text.len() - 1)];
        for end in ends.into_iter().flatten() {
            let last = char_before(text, end);
            for &i in self.dispatch.candidates(last) {
                let program = &self.alternatives[usize::from(i)];
                if let Some(start) = program.run(text, end, Take::Longest, scratch)
                    && found.is_none_or(|(leftmost, _)| start < leftmost)
                {
                    found = Some((start, end));
                }
            }
        }
        found
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({} alternatives)", self.alternatives.len())
    }
}

/// Which way a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

/// Which of several matches from one place counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    /// The one that Python's order of trying meets first.
    First,
    Longest,
}

/// For every character, the alternatives that can have it at their edge.
struct Dispatch {
    /// Code points at which the list of candidates changes, beginning with 0.
    bounds: Vec<u32>,
    /// For every stretch between two bounds, its end in `candidates`.
    ends: Vec<u32>,
    candidates: Vec<u16>,
    /// The stretch in which an ASCII character lies.
    ascii: [u16; 128],
    /// Alternatives that may match nothing, and so at the edge of the text.
    empty: Vec<u16>,
}

impl Dispatch {
    /// `None` stands for an alternative that may match nothing. The caller has made sure
    /// that there are fewer than 65,536 alternatives.
    fn new(edges: &[Option<CharSet>]) -> Self {
        let mut bounds: Vec<u32> = vec![0];
        for edge in edges.iter().flatten() {
            bounds.extend(edge.ranges.iter().flat_map(|&(start, end)| [start, end]));
        }
        bounds.sort_unstable();
        bounds.dedup();
        let numbered = || (0u16..).zip(edges);
        let stretch = |point: u32| bounds.partition_point(|&b| b <= point) - 1;
        let mut pairs = Vec::new();
        for (i, edge) in numbered() {
            let everywhere = [(0, u32::MAX)];
            let ranges = edge.as_ref().map_or(&everywhere[..], |e| &e.ranges);
            for &(start, end) in ranges {
                pairs.extend((stretch(start)..=stretch(end - 1)).map(|at| (at, i)));
            }
        }
        pairs.sort_unstable();
        let ends = (0..bounds.len())
            .map(|at| pairs.partition_point(|&(stretch, _)| stretch <= at) as u32)
            .collect();
        let candidates = pairs.into_iter().map(|(_, i)| i).collect();
        let ascii = std::array::from_fn(|c| stretch(c as u32) as u16);
        let empty = numbered().filter(|(_, e)| e.is_none()).map(|(i, _)| i).collect();
        Self { bounds, ends, candidates, ascii, empty }
    }

    fn candidates(&self, c: Option<char>) -> &[u16] {
        let Some(c) = c else { return &self.empty };
        let stretch = match self.ascii.get(c as usize) {
            Some(&stretch) => usize::from(stretch),
            None => self.bounds.partition_point(|&b| b <= u32::from(c)) - 1,
        };
        let start = if stretch == 0 { 0 } else { self.ends[stretch - 1] };
        &self.candidates[start as usize..self.ends[stretch] as usize]
    }
}

/// A set of characters.
#[derive(Clone, Debug, Default)]
struct CharSet {
    ascii: u128,
    /// All of them, ASCII too: half-open, sorted, apart.
    ranges: Vec<(u32, u32)>,
}

impl CharSet {
    fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let mut set = Self { ascii: 0, ranges: merged };
        set.ascii =
            (0..128).filter(|&c| set.contains_point(c)).fold(0, |bits, c| bits | 1 << c);
        set
    }

    fn add(&mut self, other: &Self) {
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.extend_from_slice(&other.ranges);
        *self = Self::new(ranges);
    }

    fn inverse(&self) -> Self {
        let mut at = 0;
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        for &(start, end) in &self.ranges {
            if at < start {
                ranges.push((at, start));
            }
            at = end;
        }
        if at < 0x11_0000 {
            ranges.push((at, 0x11_0000));
        }
        Self::new(ranges)
    }

    /// Number of characters.
    fn size(&self) -> u32 {
        self.ranges.iter().map(|&(start, end)| end - start).sum()
    }

    fn contains(&self, c: char) -> bool {
        if c.is_ascii() {
            self.ascii >> (c as u32) & 1 == 1
        } else {
            self.contains_point(c.into())
        }
    }

    fn contains_point(&self, point: u32) -> bool {
        let i = self.ranges.partition_point(|&(_, end)| end <= point);
        self.ranges.get(i).is_some_and(|&(start, _)| start <= point)
    }
}

/// One step of a [`Program`]. Numbers are places in `code`, `sets` or `looks`.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Passes over one character of a set.
    Set(u32),
    /// Goes on at both places, the first preferred.
    Split(u32, u32),
    Jump(u32),
    /// Goes on at the start of the text.
    Start,
    /// Goes on at the end of the text or before its last line break.
    End,
    /// Goes on at the very end of the text.
    VeryEnd,
    /// Goes on where a look-around holds.
    Look(u32),
    Match,
}

/// An alternative made ready to run in one direction.
struct Program {
    code: Vec<Step>,
    sets: Vec<CharSet>,
    looks: Vec<Look>,
    direction: Direction,
}

struct Look {
    negative: bool,
    /// Reads ahead when forward, behind when backward.
    program: Program,
}

impl Program {
    /// `budget` is how many nodes may yet be written down, copies counted.
    fn new(node: &Node, direction: Direction, budget: &mut u32) -> Result<Self, Error> {
        let mut program =
            Self { code: Vec::new(), sets: Vec::new(), looks: Vec::new(), direction };
        program.emit(node, budget)?;
        program.push(Step::Match);
        Ok(program)
    }

    fn push(&mut self, step: Step) -> usize {
        self.code.push(step);
        self.code.len() - 1
    }

    fn emit(&mut self, node: &Node, budget: &mut u32) -> Result<(), Error> {
        *budget = budget
            .checked_sub(1)
            .ok_or_else(|| Error::new("the pattern is too large"))?;
        match node {
            Node::Set(set) => {
                let known = self.sets.iter().position(|s| s.ranges == set.ranges);
                let number = known.unwrap_or_else(|| {
                    self.sets.push(set.clone());
                    self.sets.len() - 1
                });
                self.push(Step::Set(number as u32));
            }
            Node::Start => {
                self.push(Step::Start);
            }
            Node::End => {
                self.push(Step::End);
            }
            Node::VeryEnd => {
                self.push(Step::VeryEnd);
            }
            Node::Concat(nodes) => match self.direction {
                Direction::Forward => {
                    nodes.iter().try_for_each(|n| self.emit(n, budget))?;
                }
                Direction::Backward => {
                    nodes.iter().rev().try_for_each(|n| self.emit(n, budget))?;
                }
            },
            Node::Alt(nodes) => {
                let mut jumps = Vec::new();
                for (i, node) in nodes.iter().enumerate() {
                    let split =
                        (i + 1 < nodes.len()).then(|| self.push(Step::Split(0, 0)));
                    self.emit(node, budget)?;
                    if let Some(split) = split {
                        jumps.push(self.push(Step::Jump(0)));
                        self.code[split] =
                            Step::Split(split as u32 + 1, self.code.len() as u32);
                    }
                }
                let end = self.code.len() as u32;
                for jump in jumps {
                    self.code[jump] = Step::Jump(end);
                }
            }
            Node::Repeat { node, min, max, greedy } => {
                (0..*min).try_for_each(|_| self.emit(node, budget))?;
                // Every split leads on to the end, so that a thread is never in two
                // copies for the same text.
                let mut splits = Vec::new();
                for _ in 0..max.map_or(1, |max| max - min) {
                    splits.push(self.push(Step::Split(0, 0)));
                    self.emit(node, budget)?;
                }
                if let (None, Some(&split)) = (max, splits.first()) {
                    self.push(Step::Jump(split as u32));
                }
                let end = self.code.len() as u32;
                for split in splits {
                    let inside = split as u32 + 1;
                    self.code[split] = if *greedy {
                        Step::Split(inside, end)
                    } else {
                        Step::Split(end, inside)
                    };
                }
            }
            Node::Look { node, ahead, negative } => {
                let direction =
                    if *ahead { Direction::Forward } else { Direction::Backward };
                let program = Program::new(node, direction, budget)?;
                self.looks.push(Look { negative: *negative, program });
                self.push(Step::Look(self.looks.len() as u32 - 1));
            }
        }
        Ok(())
    }

    /// The other end of the match whose one end is at byte `at`.
    fn run(
        &self,
        text: &str,
        at: usize,
        take: Take,
        scratch: &mut Scratch,
    ) -> Option<usize> {
        if scratch.seen.len() < self.code.len() {
            scratch.seen.resize(self.code.len(), 0);
        }
        let mut found = None;
        let mut at = at;
        scratch.now.clear();
        scratch.step += 1;
        self.follow(0, text, at, scratch);
        std::mem::swap(&mut scratch.now, &mut scratch.next);
        while !scratch.now.is_empty() {
            let c = self.char_at(text, at);
            let after = match self.direction {
                Direction::Forward => at + c.map_or(0, char::len_utf8),
                Direction::Backward => at - c.map_or(0, char::len_utf8),
            };
            scratch.step += 1;
            for i in 0..scratch.now.len() {
                let place = scratch.now[i];
                match self.code[place as usize] {
                    Step::Match => {
                        found = Some(at);
                        if take == Take::First {
                            break;
                        }
                    }
                    Step::Set(set)
                        if c.is_some_and(|c| self.sets[set as usize].contains(c)) =>
                    {
                        self.follow(place + 1, text, after, scratch);
                    }
                    _ => {}
                }
            }
            scratch.now.clear();
            std::mem::swap(&mut scratch.now, &mut scratch.next);
            at = after;
        }
        found
    }

    /// Adds to `next` all places that are reached from `place` without reading on.
    fn follow(&self, place: u32, text: &str, at: usize, scratch: &mut Scratch) {
        scratch.stack.push(place);
        while let Some(place) = scratch.stack.pop() {
            let seen = &mut scratch.seen[place as usize];
            if *seen == scratch.step {
                continue;
            }
            *seen = scratch.step;
            let goes_on = match self.code[place as usize] {
                Step::Set(_) | Step::Match => {
                    scratch.next.push(place);
                    false
                }
                Step::Split(first, second) => {
                    scratch.stack.extend([second, first]);
                    false
                }
                Step::Jump(to) => {
                    scratch.stack.push(to);
                    false
                }
                Step::Start => at == 0,
                Step::End => at == text.len() || text.get(at..) == Some("\n"),
                Step::VeryEnd => at == text.len(),
                Step::Look(look) => self.looks[look as usize].holds(text, at),
            };
            if goes_on {
                scratch.stack.push(place + 1);
            }
        }
    }

    fn char_at(&self, text: &str, at: usize) -> Option<char> {
        match self.direction {
            Direction::Forward => char_after(text, at),
            Direction::Backward => char_before(text, at),
        }
    }
}

impl Look {
    fn holds(&self, text: &str, at: usize) -> bool {
        let program = &self.program;
        let found = match program.code[..] {
            // By far the most common: one character of a set.
            [Step::Set(_), Step::Match] => {
                program.char_at(text, at).is_some_and(|c| program.sets[0].contains(c))
            }
            _ => {
                let mut scratch = Scratch::default();
                program.run(text, at, Take::First, &mut scratch).is_some()
            }
        };
        found != self.negative
    }
}

fn char_after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, text: &str) -> Option<(usize, usize)> {
        let pattern = Pattern::new(pattern).unwrap();
        pattern.find_from(text, 0, &mut Scratch::default())
    }

    fn find_end<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
        let pattern = Pattern::at_end(pattern).unwrap();
        let (start, end) = pattern.find_at_end(text, &mut Scratch::default())?;
        text.get(start..end)
    }

    #[test]
    fn the_first_alternative_wins_as_in_python() {
        assert_eq!(find("a|ab", "ab"), Some((0, 1)));
        assert_eq!(find("ab|a", "ab"), Some((0, 2)));
        assert_eq!(find("(?:a|ab)(?:c|bcd)", "abcd"), Some((0, 4)));
        assert_eq!(find("a{2,3}?", "aaaa"), Some((0, 2)));
        assert_eq!(find("a{2,3}", "aaaa"), Some((0, 3)));
        assert_eq!(find(r"\.\.+|…", "x...…"), Some((1, 4)));
        assert_eq!(find("(?:a*)*b", &"a".repeat(9)), None);
    }

    #[test]
    fn classes_and_escapes() {
        assert_eq!(find(r"[^\W\d_]+", "12_él²"), Some((3, 8)));
        assert_eq!(find(r"[]a-]+", "x]-a"), Some((1, 4)));
        assert_eq!(find(r"[\u00e0-\xff]", "eé"), Some((1, 3)));
        assert_eq!(find(r"\d{,2}x{", "12x{"), Some((0, 4)));
        assert_eq!(find(r"a.c", "a\nc abc"), Some((4, 7)));
        assert_eq!(find(r"\S+$", "a bc\n"), Some((2, 4)));
        assert_eq!(find(r"\S+\Z", "a bc\n"), None);
    }

    #[test]
    fn looks_around() {
        assert_eq!(find(r"(?<=[0-9])[+-](?=[0-9])", "a-1-2"), Some((3, 4)));
        assert_eq!(find(r"\+(?![0-9])", "+1 +x"), Some((3, 4)));
        assert_eq!(find(r"(?<![ab])c", "acbcc"), Some((4, 5)));
        assert_eq!(find(r"(?<=ab|cd)x", "xabxcdx"), Some((3, 4)));
        assert_eq!(find(r"^(?!10(?:\.\d){2})[\d.]+$", "10.1.1"), None);
        assert_eq!(find(r"^(?!10(?:\.\d){2})[\d.]+$", "11.1.1"), Some((0, 6)));
    }

    #[test]
    fn at_the_end_the_leftmost_start_wins() {
        let units = r"m$|km$|(?<=[0-9])(?:mm|cm|k?m²)$|\.\.+$|(?<=[A-Z][A-Z])\.$";
        assert_eq!(find_end(units, "5km"), Some("km"));
        assert_eq!(find_end(units, "5mm"), Some("mm"));
        assert_eq!(find_end(units, "amm"), Some("m"));
        assert_eq!(find_end(units, "5km²"), Some("km²"));
        assert_eq!(find_end(units, "a....."), Some("....."));
        assert_eq!(find_end(units, "UK."), Some("."));
        assert_eq!(find_end(units, "Uk."), None);
        assert_eq!(find_end(units, "km\n"), Some("km"));
    }

    #[test]
    fn a_pattern_says_what_it_needs() {
        let pattern = Pattern::new(r"(?:\w+://)?(?:\w+\.)+[a-z]{2,}|x\.y").unwrap();
        assert!(pattern.may_be_in("a.b") && !pattern.may_be_in("http://ab"));
    }

    #[test]
    fn what_cannot_be_run_is_refused() {
        for (pattern, why) in [
            (r"(a)\1", "unknown escape"),
            (r"\bx", "unknown escape"),
            ("(?i)a", "unknown kind of group"),
            ("(?P<x>a)", "unknown kind of group"),
            ("a)", "parenthesis too many"),
            ("(a", "unclosed"),
            ("[a", "early end"),
            ("*a", "nothing to repeat"),
            ("[z-a]", "wrong range"),
            ("a{2,1}", "ends before"),
            ("a{60000}", "too large"),
            ("(((((a{9}){9}){9}){9}){9}){9}", "too large"),
        ] {
            let error = Pattern::new(pattern).unwrap_err().to_string();
            assert!(error.contains(why), "{pattern}: {error}");
        }
        assert!(Pattern::new(&"(".repeat(100_000)).is_err());
        assert!(Pattern::at_end("a$|b").is_err() && Pattern::at_start("^a|b").is_err());
    }

    #[test]
    fn long_texts_take_linear_time() {
        let text = "a".repeat(200_000);
        assert_eq!(find(r"(?:\S+(?::\S*)?@)?(?:a?)*b$", &text[..2000]), None);
        let pattern = Pattern::new(r"^(?:\S+(?::\S*)?@)?\S+\.com$").unwrap();
        assert_eq!(pattern.match_at(&text, 0, &mut Scratch::default()), None);
        assert_eq!(find_end(r"[a:]+$", &text).map(str::len), Some(200_000));
    }
}
