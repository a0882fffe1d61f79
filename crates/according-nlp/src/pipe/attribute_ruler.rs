//! The attribute ruler: patterns over tokens that set parts of speech, features, lemmas,
//! labels and tags.
//!
//! All patterns are matched first, then all attributes are set in the order of the
//! patterns, so that a later pattern overrules an earlier one attribute by attribute.
//! Nearly all patterns look at one token only, and what they say depends on nothing but its
//! tag, label and word, so it is worked out once for each such triple.

use std::collections::HashMap;

use crate::doc::{TokenData, Upos};
use crate::model::msgpack::{Kind, Reader};
use crate::pattern::{self, Pattern};
use crate::tokenize::{RawToken, WordId, Words};
use crate::{Error, LabelId, Labels, Span};

/// The patterns.
#[derive(Debug)]
pub(crate) struct AttributeRuler {
    rules: Vec<Rule>,
    /// The lemmas that rules give.
    lemmas: Vec<Box<str>>,
}

#[derive(Debug)]
struct Rule {
    /// Any of these may match; each has one test for each token.
    patterns: Vec<Vec<Vec<Test>>>,
    /// Which token of the match gets the attributes.
    index: i64,
    attrs: Attrs,
}

/// Something that must hold of a token.
#[derive(Debug)]
enum Test {
    Tag(Set<LabelId>),
    Dep(Set<LabelId>),
    Lower(Set<Box<str>>),
    Orth(Set<Box<str>>),
    LowerMatches(Pattern),
    OrthMatches(Pattern),
    IsSpace(bool),
}

/// Values that are asked for, or anything but these.
#[derive(Debug)]
struct Set<T> {
    values: Vec<T>,
    inside: bool,
}

impl<T: PartialEq> Set<T> {
    fn holds(&self, is: impl Fn(&T) -> bool) -> bool {
        self.values.iter().any(is) == self.inside
    }
}

/// Attributes to set.
#[derive(Clone, Copy, Debug, Default)]
struct Attrs {
    tag: Option<LabelId>,
    dep: Option<LabelId>,
    morph: Option<LabelId>,
    upos: Option<Upos>,
    /// Index into `AttributeRuler::lemmas`.
    lemma: Option<u32>,
}

impl Attrs {
    /// Takes over what `later` sets.
    fn overrule(&mut self, later: Attrs) {
        self.tag = later.tag.or(self.tag);
        self.dep = later.dep.or(self.dep);
        self.morph = later.morph.or(self.morph);
        self.upos = later.upos.or(self.upos);
        self.lemma = later.lemma.or(self.lemma);
    }
}

/// What the rules say about tokens with one tag, label and word.
#[derive(Debug)]
struct Verdict {
    /// What all matching one-token patterns together set.
    attrs: Attrs,
    /// The rules with such patterns, ascending.
    rules: Vec<u32>,
    /// Longer patterns that such a token may be part of.
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    rule: u32,
    pattern: u32,
    position: u32,
}

/// Per worker: verdicts by tag, label and word, and scratch.
#[derive(Debug, Default)]
pub(crate) struct RulerCache {
    known: HashMap<(LabelId, LabelId, WordId), u32>,
    verdicts: Vec<Verdict>,
    of_token: Vec<u32>,
    /// Tokens that longer patterns set something on, with the rule.
    longer: Vec<(usize, u32)>,
    scratch: pattern::Scratch,
}

impl RulerCache {
    /// Forgets all words.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.verdicts.clear();
    }
}

impl AttributeRuler {
    /// Reads the list of patterns.
    pub(crate) fn read(bytes: &[u8], labels: &mut Labels) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let mut ruler = Self { rules: Vec::new(), lemmas: Vec::new() };
        for number in 0..reader.array_len()? {
            let rule = ruler.read_rule(&mut reader, labels);
            ruler.rules.push(rule.map_err(|e| e.at(format_args!("pattern {number}")))?);
        }
        Ok(ruler)
    }

    fn read_rule(
        &mut self,
        reader: &mut Reader<'_>,
        labels: &mut Labels,
    ) -> Result<Rule, Error> {
        let mut rule = Rule { patterns: Vec::new(), index: 0, attrs: Attrs::default() };
        for _ in 0..reader.map_len()? {
            match reader.str()? {
                "patterns" => {
                    for _ in 0..reader.array_len()? {
                        let mut pattern = Vec::new();
                        for _ in 0..reader.array_len()? {
                            pattern.push(read_tests(reader, labels)?);
                        }
                        if pattern.is_empty() {
                            return Err(Error::new("a pattern over no token"));
                        }
                        rule.patterns.push(pattern);
                    }
                }
                "index" => rule.index = reader.i64()?,
                "attrs" => {
                    for _ in 0..reader.map_len()? {
                        let (key, value) = (reader.str()?, reader.str()?);
                        self.read_attr(key, value, &mut rule.attrs, labels)?;
                    }
                }
                key => return Err(Error::new(format!("'{key}' is not supported"))),
            }
        }
        for pattern in &rule.patterns {
            if target(pattern.len(), rule.index).is_none() {
                return Err(Error::new(format!(
                    "no token {} in the pattern",
                    rule.index
                )));
            }
        }
        Ok(rule)
    }

    fn read_attr(
        &mut self,
        key: &str,
        value: &str,
        attrs: &mut Attrs,
        labels: &mut Labels,
    ) -> Result<(), Error> {
        match key {
            "TAG" => attrs.tag = Some(labels.add(value)?),
            "DEP" => attrs.dep = Some(labels.add(value)?),
            "MORPH" => attrs.morph = Some(labels.add(&normal_morph(value))?),
            "POS" => {
                let upos = Upos::from_name(value);
                attrs.upos =
                    Some(upos.ok_or_else(|| {
                        Error::new(format!("no part of speech '{value}'"))
                    })?);
            }
            "LEMMA" => {
                attrs.lemma = Some(self.lemmas.len() as u32);
                self.lemmas.push(value.into());
            }
            _ => return Err(Error::new(format!("attribute '{key}' is not supported"))),
        }
        Ok(())
    }

    /// Sets the attributes of the tokens of one document. Lemmas are added to `lemmas`.
    pub(crate) fn apply(
        &self,
        words: &Words,
        raw: &[RawToken],
        tokens: &mut [TokenData],
        lemmas: &mut String,
        cache: &mut RulerCache,
    ) {
        cache.of_token.clear();
        for (token, raw) in tokens.iter().zip(raw) {
            let (verdicts, scratch) = (&mut cache.verdicts, &mut cache.scratch);
            let known = cache.known.entry((token.tag, token.dep, raw.word));
            cache.of_token.push(*known.or_insert_with(|| {
                verdicts.push(self.verdict(token, words, raw.word, scratch));
                verdicts.len() as u32 - 1
            }));
        }
        self.match_longer(cache);
        let mut longer = cache.longer.iter().peekable();
        for (i, token) in tokens.iter_mut().enumerate() {
            let verdict = &cache.verdicts[cache.of_token[i] as usize];
            let mut attrs = verdict.attrs;
            if longer.peek().is_some_and(|&&(at, _)| at == i) {
                let mut rules = verdict.rules.clone();
                while let Some((_, rule)) = longer.next_if(|&&(at, _)| at == i) {
                    rules.push(*rule);
                }
                rules.sort_unstable();
                attrs = self.overruled(&rules);
            }
            token.tag = attrs.tag.unwrap_or(token.tag);
            token.dep = attrs.dep.unwrap_or(token.dep);
            token.morph = attrs.morph.unwrap_or(token.morph);
            token.upos = attrs.upos.unwrap_or(token.upos);
            if let Some(lemma) = attrs.lemma {
                let from = lemmas.len();
                lemmas.push_str(&self.lemmas[lemma as usize]);
                token.lemma = Span::new(from, lemmas.len());
            }
        }
    }

    /// Finds matches of patterns over more than one token.
    fn match_longer(&self, cache: &mut RulerCache) {
        cache.longer.clear();
        let parts = |token: usize| -> &[Part] {
            match cache.of_token.get(token) {
                Some(&verdict) => &cache.verdicts[verdict as usize].parts,
                None => &[],
            }
        };
        for start in 0..cache.of_token.len() {
            for first in parts(start).iter().filter(|part| part.position == 0) {
                let rule = &self.rules[first.rule as usize];
                let length = rule.patterns[first.pattern as usize].len();
                let matches = (1..length).all(|position| {
                    parts(start + position)
                        .contains(&Part { position: position as u32, ..*first })
                });
                if matches && let Some(target) = target(length, rule.index) {
                    cache.longer.push((start + target, first.rule));
                }
            }
        }
        cache.longer.sort_unstable();
    }

    fn verdict(
        &self,
        token: &TokenData,
        words: &Words,
        word: WordId,
        scratch: &mut pattern::Scratch,
    ) -> Verdict {
        let mut verdict =
            Verdict { attrs: Attrs::default(), rules: Vec::new(), parts: Vec::new() };
        for (r, rule) in self.rules.iter().enumerate() {
            let mut matched = false;
            for (p, pattern) in rule.patterns.iter().enumerate() {
                for (t, tests) in pattern.iter().enumerate() {
                    if !tests.iter().all(|test| test.holds(token, words, word, scratch)) {
                        continue;
                    }
                    if pattern.len() == 1 {
                        matched = true;
                    } else {
                        let [rule, pattern, position] = [r, p, t].map(|n| n as u32);
                        verdict.parts.push(Part { rule, pattern, position });
                    }
                }
            }
            if matched {
                verdict.rules.push(r as u32);
            }
        }
        verdict.attrs = self.overruled(&verdict.rules);
        verdict
    }

    fn overruled(&self, rules: &[u32]) -> Attrs {
        let mut attrs = Attrs::default();
        for &rule in rules {
            attrs.overrule(self.rules[rule as usize].attrs);
        }
        attrs
    }
}

impl Test {
    fn holds(
        &self,
        token: &TokenData,
        words: &Words,
        word: WordId,
        scratch: &mut pattern::Scratch,
    ) -> bool {
        match self {
            Self::Tag(tags) => tags.holds(|&tag| tag == token.tag),
            Self::Dep(deps) => deps.holds(|&dep| dep == token.dep),
            Self::Lower(set) => set.holds(|lower| **lower == *words.lower(word)),
            Self::Orth(set) => set.holds(|text| **text == *words.text(word)),
            Self::LowerMatches(pattern) => pattern.is_in(words.lower(word), scratch),
            Self::OrthMatches(pattern) => pattern.is_in(words.text(word), scratch),
            Self::IsSpace(space) => *space == words.get(word).is_space,
        }
    }
}

/// The token of a pattern over `length` tokens that `index` means; negative ones count from
/// the end.
fn target(length: usize, index: i64) -> Option<usize> {
    let index =
        usize::try_from(if index < 0 { index + length as i64 } else { index }).ok()?;
    (index < length).then_some(index)
}

/// Reads what is asked of one token.
fn read_tests(reader: &mut Reader<'_>, labels: &mut Labels) -> Result<Vec<Test>, Error> {
    let mut tests = Vec::new();
    for _ in 0..reader.map_len()? {
        let key = reader.str()?;
        if key == "IS_SPACE" {
            tests.push(Test::IsSpace(reader.bool()?));
            continue;
        }
        if reader.peek()? == Kind::Str {
            let value = reader.str()?;
            tests.push(string_test(
                key,
                Set { values: vec![value], inside: true },
                labels,
            )?);
            continue;
        }
        for _ in 0..reader.map_len()? {
            let operator = reader.str()?;
            match (operator, key) {
                ("IN" | "NOT_IN", _) => {
                    let mut values = Vec::new();
                    for _ in 0..reader.array_len()? {
                        values.push(reader.str()?);
                    }
                    tests.push(string_test(
                        key,
                        Set { values, inside: operator == "IN" },
                        labels,
                    )?);
                }
                ("REGEX", "LOWER" | "ORTH" | "TEXT") => {
                    let regex = Pattern::new(reader.str()?)?;
                    tests.push(match key {
                        "LOWER" => Test::LowerMatches(regex),
                        _ => Test::OrthMatches(regex),
                    });
                }
                _ => {
                    return Err(Error::new(format!(
                        "'{operator}' on '{key}' is not supported"
                    )));
                }
            }
        }
    }
    Ok(tests)
}

fn string_test(key: &str, set: Set<&str>, labels: &mut Labels) -> Result<Test, Error> {
    let Set { values, inside } = set;
    let words = || Set { values: values.iter().map(|&v| v.into()).collect(), inside };
    let mut ids = || {
        let values = values.iter().map(|v| labels.add(v)).collect::<Result<_, _>>()?;
        Ok::<_, Error>(Set { values, inside })
    };
    Ok(match key {
        "TAG" => Test::Tag(ids()?),
        "DEP" => Test::Dep(ids()?),
        "LOWER" => Test::Lower(words()),
        "ORTH" | "TEXT" => Test::Orth(words()),
        _ => return Err(Error::new(format!("'{key}' in a pattern is not supported"))),
    })
}

/// Features in the order spaCy keeps them: sorted by field, values of a field sorted; `_`
/// stands for none.
fn normal_morph(morph: &str) -> String {
    if morph == "_" {
        return String::new();
    }
    let mut fields: Vec<(&str, Vec<&str>)> = morph
        .split('|')
        .filter_map(|feature| feature.split_once('='))
        .map(|(field, values)| (field, values.split(',').collect()))
        .collect();
    fields.sort();
    for (_, values) in &mut fields {
        values.sort_unstable();
    }
    let features: Vec<String> = fields
        .iter()
        .map(|(field, values)| format!("{field}={}", values.join(",")))
        .collect();
    features.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_sorted() {
        assert_eq!(normal_morph("_"), "");
        assert_eq!(normal_morph("Tense=Pres|Mood=Ind"), "Mood=Ind|Tense=Pres");
        assert_eq!(normal_morph("PronType=Rel,Int"), "PronType=Int,Rel");
    }

    #[test]
    fn negative_targets_count_from_the_end() {
        assert_eq!(target(2, 1), Some(1));
        assert_eq!(target(2, -2), Some(0));
        assert_eq!(target(2, 2), None);
        assert_eq!(target(2, -3), None);
    }
}
