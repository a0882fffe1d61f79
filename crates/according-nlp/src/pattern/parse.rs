//! Python's notation for regular expressions.

use super::{CharSet, Direction};
use crate::{Error, unicode};

/// How deep groups may be nested.
const MAX_DEPTH: usize = 50;

/// A piece of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Set(CharSet),
    Start,
    /// The end, or before a last line break.
    End,
    VeryEnd,
    Concat(Vec<Node>),
    Alt(Vec<Node>),
    /// `max` is at least `min`.
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
        greedy: bool,
    },
    Look {
        node: Box<Node>,
        ahead: bool,
        negative: bool,
    },
}

impl Node {
    /// The choices at the outermost level.
    pub(super) fn alternatives(&self) -> impl Iterator<Item = &Node> {
        match self {
            Self::Alt(nodes) => nodes.as_slice(),
            node => std::slice::from_ref(node),
        }
        .iter()
    }

    pub(super) fn into_alternatives(self) -> Vec<Node> {
        match self {
            Self::Alt(nodes) => nodes,
            node => vec![node],
        }
    }

    /// The choices at the outermost level, with a choice inside one of them, such as
    /// `(?:km|m)` in `[0-9](?:km|m)$`, spread out into several. Only for matching where
    /// the order of the choices plays no part.
    pub(super) fn into_spread_alternatives(self) -> Vec<Node> {
        let mut spread = Vec::new();
        for node in self.into_alternatives() {
            let inner = match &node {
                Self::Concat(nodes) => {
                    nodes.iter().enumerate().find_map(|(i, n)| match n {
                        Self::Alt(branches) => Some((nodes, i, branches)),
                        _ => None,
                    })
                }
                _ => None,
            };
            let Some((nodes, i, branches)) = inner else {
                spread.push(node);
                continue;
            };
            for branch in branches {
                let mut nodes = nodes.clone();
                nodes[i] = branch.clone();
                spread.push(Self::Concat(nodes));
            }
        }
        spread
    }

    pub(super) fn first_is(&self, holds: fn(&Node) -> bool) -> bool {
        match self {
            Self::Concat(nodes) => nodes.first().is_some_and(|n| n.first_is(holds)),
            node => holds(node),
        }
    }

    pub(super) fn last_is(&self, holds: fn(&Node) -> bool) -> bool {
        match self {
            Self::Concat(nodes) => nodes.last().is_some_and(|n| n.last_is(holds)),
            node => holds(node),
        }
    }

    /// Adds to `edge` the characters with which a match can begin, read in `direction`.
    /// Tells whether a match may do without any character.
    pub(super) fn edge(&self, direction: Direction, edge: &mut CharSet) -> bool {
        let mut nullable = |node: &Node| node.edge(direction, edge);
        match self {
            Self::Set(set) => {
                edge.add(set);
                false
            }
            Self::Start | Self::End | Self::VeryEnd | Self::Look { .. } => true,
            Self::Concat(nodes) => match direction {
                Direction::Forward => nodes.iter().all(nullable),
                Direction::Backward => nodes.iter().rev().all(nullable),
            },
            // Every branch has its say: no stopping at the first that is nullable.
            Self::Alt(nodes) => nodes.iter().filter(|n| nullable(n)).count() > 0,
            Self::Repeat { node, min, .. } => nullable(node) || *min == 0,
        }
    }

    /// Characters of which every match holds at least one; the fewest that can be told.
    pub(super) fn required(&self) -> Option<CharSet> {
        match self {
            Self::Set(set) => Some(set.clone()),
            Self::Start | Self::End | Self::VeryEnd | Self::Look { .. } => None,
            Self::Concat(nodes) => {
                nodes.iter().filter_map(Node::required).min_by_key(CharSet::size)
            }
            Self::Alt(nodes) => {
                let mut all = CharSet::default();
                for node in nodes {
                    all.add(&node.required()?);
                }
                Some(all)
            }
            Self::Repeat { min: 0, .. } => None,
            Self::Repeat { node, .. } => node.required(),
        }
    }
}

/// Reads a whole pattern.
pub(super) fn parse(source: &str) -> Result<Node, Error> {
    // Unicode matching is what Python does anyway.
    let source = source.strip_prefix("(?u)").unwrap_or(source);
    let mut parser = Parser { source, at: 0 };
    let node = parser.alternatives(0)?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.error("a parenthesis too many")),
    }
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
}

impl Parser<'_> {
    fn alternatives(&mut self, depth: usize) -> Result<Node, Error> {
        if depth > MAX_DEPTH {
            return Err(self.error("too deeply nested groups"));
        }
        let mut nodes = vec![self.concat(depth)?];
        while self.eat('|') {
            nodes.push(self.concat(depth)?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { choice(nodes, depth) })
    }

    fn concat(&mut self, depth: usize) -> Result<Node, Error> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek()
            && c != '|'
            && c != ')'
        {
            let atom = self.atom(depth)?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Concat(nodes) })
    }

    fn atom(&mut self, depth: usize) -> Result<Node, Error> {
        Ok(match self.next()? {
            '(' => return self.group(depth),
            '[' => Node::Set(self.class()?),
            '.' => Node::Set(single('\n').inverse()),
            '^' => Node::Start,
            '$' => Node::End,
            '*' | '+' | '?' => return Err(self.error("nothing to repeat")),
            '\\' => match self.next()? {
                'A' => Node::Start,
                'Z' => Node::VeryEnd,
                c => Node::Set(self.escape(c)?),
            },
            c => Node::Set(single(c)),
        })
    }

    fn group(&mut self, depth: usize) -> Result<Node, Error> {
        let look = if self.eat('?') {
            match self.next()? {
                ':' => None,
                '=' => Some((true, false)),
                '!' => Some((true, true)),
                '<' => match self.next()? {
                    '=' => Some((false, false)),
                    '!' => Some((false, true)),
                    _ => return Err(self.error("an unknown kind of group")),
                },
                _ => return Err(self.error("an unknown kind of group")),
            }
        } else {
            None
        };
        let node = self.alternatives(depth + 1)?;
        if !self.eat(')') {
            return Err(self.error("an unclosed parenthesis"));
        }
        Ok(match look {
            None => node,
            Some((ahead, negative)) => {
                Node::Look { node: Box::new(node), ahead, negative }
            }
        })
    }

    /// `atom` with the quantifier that follows, if any.
    fn repeated(&mut self, atom: Node) -> Result<Node, Error> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts() {
                Some(counts) => counts,
                None => return Ok(atom),
            },
            _ => return Ok(atom),
        };
        self.at += 1;
        if max.is_some_and(|max| max < min) {
            return Err(self.error("a repetition that ends before it begins"));
        }
        if matches!(atom, Node::Start | Node::End | Node::VeryEnd) {
            return Err(self.error("a repeated anchor"));
        }
        let greedy = !self.eat('?');
        if let Some('*' | '+') = self.peek() {
            return Err(self.error("a repetition of a repetition"));
        }
        Ok(Node::Repeat { node: Box::new(atom), min, max, greedy })
    }

    /// The numbers of `{m}`, `{m,}`, `{,n}` or `{m,n}`, stopping before the last brace. Any
    /// other brace stands for itself.
    fn counts(&mut self) -> Option<(u32, Option<u32>)> {
        let rest = self.source.get(self.at + 1..)?;
        let close = rest.find('}')?;
        let counts = rest.get(..close)?;
        let number = |digits: &str| {
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let counts = match counts.split_once(',') {
            None => (number(counts)?, Some(number(counts)?)),
            Some(("", "")) => return None,
            Some((min, "")) => (number(min)?, None),
            Some(("", max)) => (0, Some(number(max)?)),
            Some((min, max)) => (number(min)?, Some(number(max)?)),
        };
        self.at += 1 + close;
        Some(counts)
    }

    /// What stands between brackets; the opening one is read.
    fn class(&mut self) -> Result<CharSet, Error> {
        let negative = self.eat('^');
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut first = true;
        loop {
            let c = match self.next()? {
                ']' if !first => break,
                c => c,
            };
            first = false;
            let start = self.member(c)?;
            // A hyphen makes a range unless it is the last member.
            if self.rest().starts_with('-') && !self.rest().starts_with("-]") {
                self.at += 1;
                let c = self.next()?;
                let end = self.member(c)?;
                match (&start.ranges[..], &end.ranges[..]) {
                    (&[(start, after)], &[(end, past)])
                        if after == start + 1 && past == end + 1 && start <= end =>
                    {
                        ranges.push((start, past));
                    }
                    _ => return Err(self.error("a wrong range of characters")),
                }
            } else {
                ranges.extend(start.ranges);
            }
        }
        let set = CharSet::new(ranges);
        Ok(if negative { set.inverse() } else { set })
    }

    fn member(&mut self, c: char) -> Result<CharSet, Error> {
        if c != '\\' {
            return Ok(single(c));
        }
        match self.next()? {
            'b' => Ok(single('\u{8}')),
            c => self.escape(c),
        }
    }

    /// The characters that a backslash and `c` stand for.
    fn escape(&mut self, c: char) -> Result<CharSet, Error> {
        let class = |bounds: &[u32]| {
            CharSet::new(bounds.chunks(2).map(|pair| (pair[0], pair[1])).collect())
        };
        Ok(match c {
            'd' => class(unicode::DECIMAL),
            'D' => class(unicode::DECIMAL).inverse(),
            's' => class(unicode::SPACE),
            'S' => class(unicode::SPACE).inverse(),
            'w' => class(unicode::WORD),
            'W' => class(unicode::WORD).inverse(),
            'n' => single('\n'),
            'r' => single('\r'),
            't' => single('\t'),
            'a' => single('\u{7}'),
            'f' => single('\u{c}'),
            'v' => single('\u{b}'),
            'x' => self.code_point(2)?,
            'u' => self.code_point(4)?,
            'U' => self.code_point(8)?,
            c if c.is_ascii_alphanumeric() => {
                return Err(self.error("an unknown escape"));
            }
            c => single(c),
        })
    }

    fn code_point(&mut self, digits: usize) -> Result<CharSet, Error> {
        let hex = self.rest().get(..digits);
        let point = hex
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .filter(|&point| point < 0x11_0000)
            .ok_or_else(|| self.error("a wrong code point"))?;
        self.at += digits;
        Ok(CharSet::new(vec![(point, point + 1)]))
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Result<char, Error> {
        let c = self.peek().ok_or_else(|| self.error("an early end"))?;
        self.at += c.len_utf8();
        Ok(c)
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn error(&self, what: &str) -> Error {
        Error::new(format!("the pattern has {what} at byte {}", self.at))
    }
}

fn single(c: char) -> CharSet {
    CharSet::new(vec![(c.into(), u32::from(c) + 1)])
}

/// One of several nodes. Inside a group, a choice between single characters is a set.
fn choice(nodes: Vec<Node>, depth: usize) -> Node {
    if depth == 0 || !nodes.iter().all(|n| matches!(n, Node::Set(_))) {
        return Node::Alt(nodes);
    }
    let sets = nodes.into_iter().filter_map(|n| match n {
        Node::Set(set) => Some(set.ranges),
        _ => None,
    });
    Node::Set(CharSet::new(sets.flatten().collect()))
}
