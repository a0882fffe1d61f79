//! spaCy's tokenizer: white space first, then affixes, special cases and infixes.
//!
//! Text is cut at white space into chunks. From a chunk, prefixes and suffixes are taken off
//! in turn until a special case ("don't", ":)") or nothing to take off is left; what is left
//! is one token if it is a web address, and is cut at infixes otherwise. Last, special cases
//! that affixes have torn apart are put together again.

use super::lexeme::Norms;
use super::words::{Piece, Scratch};
use super::{WordId, Words};
use crate::hash_index::HashIndex;
use crate::model::msgpack::{Kind, Reader};
use crate::pattern::{self, Pattern};
use crate::{Error, Span, strings, unicode};

/// Attribute numbers of spaCy's that special cases set.
const ORTH: u64 = 65;
const NORM: u64 = 67;

/// A token before anything is known about it but its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawToken {
    pub(crate) span: Span,
    /// Whether a space follows that is part of no token.
    pub(crate) space_after: bool,
    pub(crate) word: WordId,
}

/// The rules of one pipeline.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    prefix: Option<Pattern>,
    suffix: Option<Pattern>,
    infix: Option<Pattern>,
    /// What matches one of these at its start stays whole.
    whole: [Option<Pattern>; 2],
    specials: Specials,
    norms: Norms,
}

/// Strings that fall apart in their own way.
#[derive(Debug, Default)]
struct Specials {
    cases: Vec<Special>,
    index: HashIndex,
    /// Length of the longest string.
    longest: usize,
    /// Special cases that affixes may tear apart, as the words they would become, sorted.
    torn: Vec<Box<[u64]>>,
    /// Every first word, and where the cases that begin with it end in `torn`.
    groups: Vec<(u64, usize)>,
}

#[derive(Debug)]
struct Special {
    text: Box<str>,
    pieces: Vec<SpecialPiece>,
}

#[derive(Debug)]
struct SpecialPiece {
    text: Box<str>,
    orth: u64,
    norm: Option<u64>,
}

impl Tokenizer {
    /// Reads a pipeline's `tokenizer`, and the normal forms from its vocabulary's
    /// `lookups.bin`.
    pub(crate) fn load(rules: &[u8], lookups: Option<&[u8]>) -> Result<Self, Error> {
        let norms = Norms::load(lookups).map_err(|e| e.at("vocab/lookups.bin"))?;
        Self::read(rules, norms).map_err(|e| e.at("tokenizer"))
    }

    fn read(rules: &[u8], norms: Norms) -> Result<Self, Error> {
        let mut tokenizer = Self {
            prefix: None,
            suffix: None,
            infix: None,
            whole: [None, None],
            specials: Specials::default(),
            norms,
        };
        let mut only_affixed = false;
        let mut reader = Reader::new(rules);
        for _ in 0..reader.map_len()? {
            match reader.str()? {
                "exceptions" => tokenizer.specials = Specials::read(&mut reader)?,
                "faster_heuristics" => only_affixed = reader.bool()?,
                "prefix_search" => {
                    tokenizer.prefix = read_pattern(&mut reader, Pattern::at_start)?;
                }
                "suffix_search" => {
                    tokenizer.suffix = read_pattern(&mut reader, Pattern::at_end)?;
                }
                "infix_finditer" => {
                    tokenizer.infix = read_pattern(&mut reader, Pattern::new)?;
                }
                "token_match" => {
                    tokenizer.whole[0] = read_pattern(&mut reader, Pattern::new)?;
                }
                "url_match" => {
                    tokenizer.whole[1] = read_pattern(&mut reader, Pattern::new)?;
                }
                _ => reader.skip()?,
            }
        }
        tokenizer.find_torn_specials(only_affixed);
        Ok(tokenizer)
    }

    /// Works out how the special cases look when affixes have torn them apart.
    fn find_torn_specials(&mut self, only_affixed: bool) {
        let mut words = Words::default();
        let mut torn: Vec<Box<[u64]>> = Vec::new();
        for case in &self.specials.cases {
            let text = &*case.text;
            let scratch = &mut words.scratch.pattern;
            let affixed = self.prefix(text, scratch) > 0
                || self.suffix(text, scratch) > 0
                || self
                    .infix
                    .as_ref()
                    .is_some_and(|p| p.find_from(text, 0, scratch).is_some())
                || text.contains(' ');
            if affixed || !only_affixed {
                let mut tokens = Vec::new();
                self.cut(&mut words, text, 0, &mut tokens, false);
                torn.push(tokens.iter().map(|t| words.get(t.word).orth).collect());
            }
        }
        torn.retain(|sequence| !sequence.is_empty());
        torn.sort_unstable();
        torn.dedup();
        let groups = torn.chunk_by(|a, b| a[0] == b[0]);
        let mut end = 0;
        self.specials.groups = groups
            .map(|group| {
                end += group.len();
                (group[0][0], end)
            })
            .collect();
        self.specials.torn = torn;
    }

    /// Appends the tokens of `text`, which begins at byte `base` of something larger.
    pub(crate) fn tokenize(
        &self,
        words: &mut Words,
        text: &str,
        base: usize,
        out: &mut Vec<RawToken>,
    ) {
        let first = out.len();
        self.cut(words, text, base, out, true);
        self.mend_specials(words, text, base, first, out);
    }

    /// Cuts `text` at white space and takes the chunks apart.
    fn cut(
        &self,
        words: &mut Words,
        text: &str,
        base: usize,
        out: &mut Vec<RawToken>,
        specials: bool,
    ) {
        let mut start = 0;
        let mut in_space = text.chars().next().is_some_and(unicode::is_space);
        for (i, c) in text.char_indices() {
            if unicode::is_space(c) == in_space {
                continue;
            }
            self.chunk(words, &text[start..i], base + start, out, specials);
            start = i;
            if c == ' ' {
                // The first space belongs to the word before it.
                if let Some(last) = out.last_mut() {
                    last.space_after = true;
                }
                start += 1;
            }
            in_space = !in_space;
        }
        self.chunk(words, &text[start..], base + start, out, specials);
    }

    fn chunk(
        &self,
        words: &mut Words,
        chunk: &str,
        base: usize,
        out: &mut Vec<RawToken>,
        specials: bool,
    ) {
        if chunk.is_empty() {
            return;
        }
        let hash = strings::murmur(chunk.as_bytes());
        let mut at = base;
        let mut push = |piece: &Piece| {
            let span = Span::new(at, at + piece.len as usize);
            out.push(RawToken { span, space_after: false, word: piece.word });
            at = span.end as usize;
        };
        if specials && let Some(pieces) = words.known_chunk(chunk, hash) {
            pieces.iter().for_each(push);
            return;
        }
        let mut scratch = std::mem::take(&mut words.scratch);
        scratch.pieces.clear();
        self.take_apart(words, &mut scratch, chunk, specials);
        scratch.pieces.iter().for_each(&mut push);
        words.scratch = scratch;
        if specials {
            words.keep_chunk(chunk, hash);
        }
    }

    /// Writes the pieces of `chunk` to the scratch.
    fn take_apart(
        &self,
        words: &mut Words,
        scratch: &mut Scratch,
        chunk: &str,
        specials: bool,
    ) {
        let special = |text: &str| specials.then(|| self.specials.get(text)).flatten();
        let (mut start, mut end) = (0, chunk.len());
        scratch.suffixes.clear();
        while start < end {
            let rest = &chunk[start..end];
            if let Some(pattern) = &self.whole[0]
                && pattern.match_at(rest, 0, &mut scratch.pattern).is_some()
            {
                break;
            }
            if special(rest).is_some() {
                break;
            }
            let prefix = self.prefix(rest, &mut scratch.pattern);
            let (cut, without) = rest.split_at(prefix);
            if prefix > 0 && special(without).is_some() {
                self.push(words, scratch, cut);
                start += prefix;
                break;
            }
            let suffix = self.suffix(without, &mut scratch.pattern);
            // The prefix is still on here, as in spaCy.
            if suffix > 0 && special(&rest[..rest.len() - suffix]).is_some() {
                scratch.suffixes.push(end);
                end -= suffix;
                break;
            }
            if prefix == 0 && suffix == 0 {
                break;
            }
            if prefix > 0 {
                self.push(words, scratch, cut);
                start += prefix;
            }
            if suffix > 0 {
                scratch.suffixes.push(end);
                end -= suffix;
            }
        }
        let middle = &chunk[start..end];
        if let Some(special) = special(middle) {
            for piece in &special.pieces {
                let word = self.word(words, &piece.text, piece.orth, piece.norm);
                scratch.pieces.push(Piece { word, len: piece.text.len() as u32 });
            }
        } else if self.stays_whole(middle, scratch) {
            self.push(words, scratch, middle);
        } else {
            self.cut_at_infixes(words, scratch, middle);
        }
        let mut start = end;
        while let Some(end) = scratch.suffixes.pop() {
            self.push(words, scratch, &chunk[start..end]);
            start = end;
        }
    }

    fn stays_whole(&self, text: &str, scratch: &mut Scratch) -> bool {
        self.whole.iter().flatten().any(|pattern| {
            pattern.may_be_in(text)
                && pattern.match_at(text, 0, &mut scratch.pattern).is_some()
        })
    }

    fn cut_at_infixes(&self, words: &mut Words, scratch: &mut Scratch, text: &str) {
        let (mut start, mut from) = (0, 0);
        while let Some(infix) = &self.infix
            && let Some((a, b)) = infix.find_from(text, from, &mut scratch.pattern)
        {
            // An empty match must not be found again.
            let step = text[b..].chars().next().map_or(1, char::len_utf8);
            from = if a == b { b + step } else { b };
            if a == 0 {
                continue;
            }
            self.push(words, scratch, &text[start..a]);
            self.push(words, scratch, &text[a..b]);
            start = b;
        }
        self.push(words, scratch, &text[start..]);
    }

    /// Adds `text` as a piece, if it is not empty.
    fn push(&self, words: &mut Words, scratch: &mut Scratch, text: &str) {
        if !text.is_empty() {
            let word = self.word(words, text, strings::id(text), None);
            scratch.pieces.push(Piece { word, len: text.len() as u32 });
        }
    }

    fn word(
        &self,
        words: &mut Words,
        text: &str,
        orth: u64,
        norm: Option<u64>,
    ) -> WordId {
        words.add(text, orth, norm, &self.norms, |orth| self.specials.group_of(orth))
    }

    /// Length of the prefix.
    fn prefix(&self, text: &str, scratch: &mut pattern::Scratch) -> usize {
        let pattern = self.prefix.as_ref();
        pattern.and_then(|p| p.match_at(text, 0, scratch)).unwrap_or(0)
    }

    /// Length of the suffix.
    fn suffix(&self, text: &str, scratch: &mut pattern::Scratch) -> usize {
        let found = self.suffix.as_ref().and_then(|p| p.find_at_end(text, scratch));
        let Some((start, end)) = found else { return 0 };
        if end == text.len() {
            return end - start;
        }
        // The match stands before a last line break. spaCy then takes as many characters
        // from the very end as it has.
        let count = text[start..end].chars().count();
        text.chars().rev().take(count).map(char::len_utf8).sum()
    }

    /// Puts special cases together again that lie in several tokens.
    fn mend_specials(
        &self,
        words: &mut Words,
        text: &str,
        base: usize,
        first: usize,
        out: &mut Vec<RawToken>,
    ) {
        let tokens = &out[first..];
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            for sequence in self.specials.group(words.get(token.word).special) {
                let there = tokens.get(i..i + sequence.len()).is_some_and(|tokens| {
                    tokens.iter().zip(sequence).all(|(t, s)| words.get(t.word).orth == *s)
                });
                if there {
                    found.push((i, i + sequence.len()));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        found.sort_by_key(|&(start, end)| (std::cmp::Reverse(end - start), start));
        let mut taken = vec![false; tokens.len()];
        found.retain(|&(start, end)| {
            let free = !taken[start] && !taken[end - 1];
            // What is dropped takes its tokens along, as in spaCy.
            taken[start..end].fill(true);
            free
        });
        found.sort_unstable();
        let mut mended = Vec::with_capacity(tokens.len());
        let mut next = 0;
        for (start, end) in found {
            let span = tokens[start].span.cover(tokens[end - 1].span);
            let range = span.start as usize - base..span.end as usize - base;
            let Some(special) = self.specials.get(&text[range]) else { continue };
            mended.extend_from_slice(&tokens[next..start]);
            let mut at = span.start as usize;
            for piece in &special.pieces {
                let word = self.word(words, &piece.text, piece.orth, piece.norm);
                let span = Span::new(at, at + piece.text.len());
                mended.push(RawToken { span, space_after: false, word });
                at += piece.text.len();
            }
            if let Some(last) = mended.last_mut() {
                last.space_after = tokens[end - 1].space_after;
            }
            next = end;
        }
        mended.extend_from_slice(&tokens[next..]);
        out.truncate(first);
        out.append(&mut mended);
    }
}

impl Specials {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut specials = Self::default();
        for _ in 0..reader.map_len()? {
            let text = reader.str()?;
            let pieces = (0..reader.array_len()?)
                .map(|_| SpecialPiece::read(reader))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|e| e.at(format_args!("special case {text:?}")))?;
            if text.is_empty()
                || pieces.iter().map(|p| &*p.text).collect::<String>() != text
            {
                return Err(Error::new(format!(
                    "the pieces of the special case {text:?} do not make it up"
                )));
            }
            specials.longest = specials.longest.max(text.len());
            let hash = strings::murmur(text.as_bytes());
            specials.index.insert(hash, specials.cases.len());
            specials.cases.push(Special { text: text.into(), pieces });
        }
        Ok(specials)
    }

    fn get(&self, text: &str) -> Option<&Special> {
        // A long chunk is looked up again for every affix, so it must not be hashed.
        if text.is_empty() || text.len() > self.longest {
            return None;
        }
        let hash = strings::murmur(text.as_bytes());
        let i = self.index.get(hash, |i| *self.cases[i].text == *text)?;
        self.cases.get(i)
    }

    /// The number of the group of torn cases that begin with the word `orth`, from 1 up; 0
    /// for none.
    fn group_of(&self, orth: u64) -> u32 {
        let found = self.groups.binary_search_by_key(&orth, |&(word, _)| word);
        found.map_or(0, |i| i as u32 + 1)
    }

    /// The torn cases of a group.
    fn group(&self, number: u32) -> &[Box<[u64]>] {
        let end = |i: usize| self.groups.get(i).map_or(0, |&(_, end)| end);
        match number as usize {
            0 => &[],
            1 => &self.torn[..end(0)],
            n => &self.torn[end(n - 2)..end(n - 1)],
        }
    }
}

impl SpecialPiece {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let (mut text, mut norm) = (None, None);
        for _ in 0..reader.map_len()? {
            match reader.u64()? {
                ORTH => text = Some(reader.str()?),
                NORM => norm = Some(strings::id(reader.str()?)),
                key => {
                    return Err(Error::new(format!(
                        "attribute {key} is none that a special case can set"
                    )));
                }
            }
        }
        let text = text.ok_or_else(|| Error::new("a piece has no text"))?;
        Ok(Self { text: text.into(), orth: strings::id(text), norm })
    }
}

/// A pattern, unless nil stands in its place.
fn read_pattern(
    reader: &mut Reader<'_>,
    compile: fn(&str) -> Result<Pattern, Error>,
) -> Result<Option<Pattern>, Error> {
    if reader.peek()? == Kind::Nil {
        reader.nil()?;
        return Ok(None);
    }
    compile(reader.str()?).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MessagePack of a map of short strings to ready-made values.
    fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut out = vec![0x80 | entries.len() as u8];
        for (key, value) in entries {
            out.extend(string(key));
            out.extend(value);
        }
        out
    }

    fn string(text: &str) -> Vec<u8> {
        let mut out = vec![0xda];
        out.extend((text.len() as u16).to_be_bytes());
        out.extend(text.as_bytes());
        out
    }

    fn exceptions(cases: &[&[(&str, &str)]]) -> Vec<u8> {
        let mut out = vec![0xde];
        out.extend((cases.len() as u16).to_be_bytes());
        for pieces in cases {
            let text: String = pieces.iter().map(|(orth, _)| *orth).collect();
            out.extend(string(&text));
            out.push(0x90 | pieces.len() as u8);
            for (orth, norm) in *pieces {
                out.push(if norm.is_empty() { 0x81 } else { 0x82 });
                out.push(65);
                out.extend(string(orth));
                if !norm.is_empty() {
                    out.push(67);
                    out.extend(string(norm));
                }
            }
        }
        out
    }

    fn rules() -> Vec<u8> {
        map(&[
            ("prefix_search", string(r"^\(|^“|^\.\.+|^:|^\$")),
            (
                "suffix_search",
                string(r"\)$|”$|,$|'s$|(?<=[a-z])\.$|\.\.+$|(?<=[0-9])km$|:$"),
            ),
            ("infix_finditer", string(r"\.\.+|(?<=[a-z])[-/](?=[a-z])")),
            ("token_match", vec![0xc0]),
            ("url_match", string(r"^(?:\w+://)?(?:\w+\.)+com$")),
            (
                "exceptions",
                exceptions(&[
                    &[("do", ""), ("n't", "not")],
                    &[("ca", "can"), ("n't", "not")],
                    &[(":)", "")],
                    &[("Mr.", "")],
                    &[("\n", "")],
                ]),
            ),
            ("faster_heuristics", vec![0xc3]),
        ])
    }

    fn tokenizer() -> Tokenizer {
        Tokenizer::load(&rules(), None).unwrap()
    }

    /// Tokens with `_` for a space after.
    fn tokens(words: &mut Words, text: &str) -> Vec<String> {
        let mut out = Vec::new();
        tokenizer().tokenize(words, text, 0, &mut out);
        let form = |t: &RawToken| {
            assert_eq!(words.text(t.word), &text[t.span]);
            format!("{}{}", &text[t.span], if t.space_after { "_" } else { "" })
        };
        out.iter().map(form).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut words = Words::default();
        assert_eq!(tokens(&mut words, text), expected, "met for the first time");
        assert_eq!(tokens(&mut words, text), expected, "known");
    }

    #[test]
    fn white_space() {
        check("", &[]);
        check("a b ", &["a_", "b_"]);
        check(" a  b\n\n c  ", &[" ", "a_", " ", "b", "\n\n ", "c_", " "]);
        check("a\r\nb\u{a0}c\u{1f}", &["a", "\r\n", "b", "\u{a0}", "c", "\u{1f}"]);
    }

    #[test]
    fn affixes_specials_and_infixes() {
        check("(don't), he", &["(", "do", "n't", ")", ",_", "he"]);
        check("“Mr. Fox's”", &["“", "Mr._", "Fox", "'s", "”"]);
        check(
            "$5km, x-ray/tv...",
            &["$", "5", "km", ",_", "x", "-", "ray", "/", "tv", "..."],
        );
        check(
            "see x.com/ or a-b.com.",
            &["see_", "x.com/_", "or_", "a", "-", "b.com", "."],
        );
        check("...", &["..."]);
    }

    #[test]
    fn torn_specials_are_mended_only_without_white_space() {
        check("(x:)", &["(", "x", ":)"]);
        check("x: )", &["x", ":_", ")"]);
        check("(:) ", &["(", ":)_"]);
    }

    #[test]
    fn contractions_have_their_own_normal_form() {
        let mut words = Words::default();
        let mut out = Vec::new();
        tokenizer().tokenize(&mut words, "can't ca Ca", 7, &mut out);
        let norms: Vec<u64> = out.iter().map(|t| words.get(t.word).norm).collect();
        assert_eq!(norms, ["can", "not", "ca", "ca"].map(strings::id));
        assert_eq!(words.get(out[0].word).orth, words.get(out[2].word).orth);
        assert_eq!((out[0].span, out[3].span), (Span::new(7, 9), Span::new(16, 18)));
    }

    #[test]
    fn words_are_numbered_without_gaps() {
        let mut words = Words::default();
        let mut out = Vec::new();
        tokenizer().tokenize(&mut words, "To be or not to be", 0, &mut out);
        assert_eq!(out.iter().map(|t| t.word.0).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 1]);
        assert_eq!((words.len(), words.lower(WordId(0))), (5, "to"));
        words.clear();
        assert_eq!((words.len(), words.text_len()), (0, 0));
    }

    #[test]
    fn rules_that_contradict_themselves_are_refused() {
        let load = |rules: &[u8]| Tokenizer::load(rules, None).unwrap_err().to_string();
        let pieces = map(&[("x", vec![0x91, 0x81, 65, 0xa1, b'y'])]);
        assert_eq!(
            load(&map(&[("exceptions", pieces)])),
            "tokenizer: the pieces of the special case \"x\" do not make it up"
        );
        assert!(load(&map(&[("suffix_search", string("a"))])).contains("end with '$'"));
        assert!(load(&map(&[("infix_finditer", string("(a"))])).contains("unclosed"));
        let rules = rules();
        for end in 0..rules.len() {
            assert!(Tokenizer::load(&rules[..end], None).is_err());
        }
    }

    #[test]
    fn a_megabyte_without_a_space_is_no_burden() {
        for part in ["a", "(", ".", "a-", "'s", ":)", "x@:", "é…"] {
            let text = part.repeat(1_000_000 / part.len());
            let mut words = Words::default();
            let mut out = Vec::new();
            tokenizer().tokenize(&mut words, &text, 0, &mut out);
            assert_eq!(out.last().map(|t| t.span.end as usize), Some(text.len()));
        }
    }
}
