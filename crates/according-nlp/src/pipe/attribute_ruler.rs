//! Sets attributes of tokens that match patterns.
//!
//! All patterns are matched against the tokens as the tagger and the parser left them; then
//! the attributes of all matches are set in the order of the rules, so that later rules win,
//! attribute by attribute.
//!
//! A rule hardly ever looks at more than one token, and of a word it asks little: whether it
//! is one of some hundred. So words fall into few classes, and what the rules make of a
//! token is worked out once for its tag, label and class. Patterns may test TAG, DEP, ORTH
//! (TEXT), LOWER and IS_SPACE; anything else, operators too, is refused.

use std::collections::HashMap;

use crate::doc::TokenData;
use crate::hash_index::{HashIndex, mix};
use crate::model::msgpack::{Kind, Reader};
use crate::pattern::{self, Pattern};
use crate::tokenize::{RawToken, WordId, Words};
use crate::{Error, LabelId, Labels, Span, Upos};

/// The rules of one pipeline.
#[derive(Debug)]
pub(crate) struct AttributeRuler {
    rules: Vec<Rule>,
    /// What rules ask about words.
    word_tests: WordTests,
}

/// What is known of words and of tokens met so far; good for one [`Words`] until that is
/// cleared.
#[derive(Debug, Default)]
pub(crate) struct RulerCache {
    /// By word; `UNKNOWN` until asked for.
    classes: Vec<u32>,
    /// For every class, the word tests that hold, ascending.
    class_tests: Vec<Box<[u32]>>,
    outcomes: Vec<Outcome>,
    index: HashIndex,
    /// The outcome of every token of the document at hand.
    at_hand: Vec<u32>,
    scratch: pattern::Scratch,
}

const UNKNOWN: u32 = u32::MAX;

/// The word test for white space, behind all others.
const IS_SPACE: u32 = u32::MAX;

/// One pattern of a rule.
#[derive(Debug)]
struct Rule {
    pattern: Vec<Vec<Test>>,
    /// The token of the pattern whose attributes are set.
    target: usize,
    effect: Effect,
}

/// What a pattern asks of a token.
#[derive(Debug)]
enum Test {
    Tag(LabelTest),
    Dep(LabelTest),
    IsSpace(bool),
    /// A test among the word tests.
    Word(u32),
}

/// Whether a label is one of some, or none of them.
#[derive(Debug)]
struct LabelTest {
    labels: Vec<LabelId>,
    listed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Form {
    Orth,
    Lower,
}

#[derive(Debug)]
enum StringTest {
    In(Vec<Box<str>>),
    NotIn(Vec<Box<str>>),
    Regex(Box<Pattern>),
}

/// Tests of word forms. Those that ask for one of some words are found by the word.
#[derive(Debug, Default)]
struct WordTests {
    n_tests: u32,
    listed: HashMap<(Form, Box<str>), Vec<u32>>,
    others: Vec<(u32, Form, StringTest)>,
}

/// Attributes to set.
#[derive(Clone, Debug, Default)]
struct Effect {
    tag: Option<LabelId>,
    dep: Option<LabelId>,
    morph: Option<LabelId>,
    upos: Option<Upos>,
    lemma: Option<Box<str>>,
}

/// What the rules make of a token of some tag, label and class.
#[derive(Debug)]
struct Outcome {
    tag: LabelId,
    dep: LabelId,
    class: u32,
    /// Of the rules for single tokens alone.
    effect: Effect,
    /// Longer patterns that may begin here.
    longer: Vec<u32>,
}

/// A token as rules see it.
#[derive(Clone, Copy)]
struct View<'a> {
    tag: LabelId,
    dep: LabelId,
    /// Word tests that hold, ascending, `IS_SPACE` among them.
    tests: &'a [u32],
}

impl AttributeRuler {
    /// Reads `attribute_ruler/patterns`. Labels that rules name are added to `labels`.
    pub(crate) fn read(patterns: &[u8], labels: &mut Labels) -> Result<Self, Error> {
        let mut reader = Reader::new(patterns);
        let mut ruler = Self { rules: Vec::new(), word_tests: WordTests::default() };
        for number in 0..reader.array_len()? {
            ruler
                .read_rule(&mut reader, labels)
                .map_err(|e| e.at(format_args!("rule {number}")))?;
        }
        Ok(ruler)
    }

    fn read_rule(
        &mut self,
        reader: &mut Reader<'_>,
        labels: &mut Labels,
    ) -> Result<(), Error> {
        let (mut patterns, mut effect, mut index) = (Vec::new(), Effect::default(), 0);
        for _ in 0..reader.map_len()? {
            match reader.str()? {
                "patterns" => {
                    for _ in 0..reader.array_len()? {
                        let tokens = reader.array_len()?;
                        let pattern =
                            (0..tokens).map(|_| self.read_token(reader, labels));
                        patterns.push(pattern.collect::<Result<Vec<_>, _>>()?);
                    }
                }
                "attrs" => effect = Effect::read(reader, labels)?,
                "index" => index = reader.i64()?,
                _ => reader.skip()?,
            }
        }
        for pattern in patterns {
            let target = match usize::try_from(index) {
                Ok(target) => Some(target),
                Err(_) => pattern.len().checked_add_signed(index as isize),
            };
            let target = target.filter(|&t| t < pattern.len()).ok_or_else(|| {
                Error::new(format!("a pattern has no token number {index}"))
            })?;
            self.rules.push(Rule { pattern, target, effect: effect.clone() });
        }
        Ok(())
    }

    fn read_token(
        &mut self,
        reader: &mut Reader<'_>,
        labels: &mut Labels,
    ) -> Result<Vec<Test>, Error> {
        (0..reader.map_len()?)
            .map(|_| {
                Ok(match reader.str()? {
                    "TAG" => Test::Tag(LabelTest::read(reader, labels)?),
                    "DEP" => Test::Dep(LabelTest::read(reader, labels)?),
                    "ORTH" | "TEXT" => self.word_test(Form::Orth, reader)?,
                    "LOWER" => self.word_test(Form::Lower, reader)?,
                    "IS_SPACE" => Test::IsSpace(reader.bool()?),
                    "OP" => {
                        return Err(Error::new("operators (OP) are not supported"));
                    }
                    key => {
                        return Err(Error::new(format!(
                            "a pattern cannot test {key} here"
                        )));
                    }
                })
            })
            .collect()
    }

    fn word_test(&mut self, form: Form, reader: &mut Reader<'_>) -> Result<Test, Error> {
        StringTest::read(reader).map(|test| Test::Word(self.word_tests.add(form, test)))
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
        cache.at_hand.clear();
        let mut longer = false;
        for (token, raw) in tokens.iter().zip(raw) {
            let outcome = self.outcome(words, token, raw.word, cache);
            longer |= !cache.outcomes[outcome].longer.is_empty();
            cache.at_hand.push(outcome as u32);
        }
        let hits = if longer { self.longer_matches(cache) } else { Vec::new() };
        let mut hits = hits.as_slice();
        for (i, token) in tokens.iter_mut().enumerate() {
            let n_hits = hits.partition_point(|&(target, _)| target == i);
            let (here, rest) = hits.split_at(n_hits);
            hits = rest;
            let outcome = &cache.outcomes[cache.at_hand[i] as usize];
            if here.is_empty() {
                outcome.effect.apply(token, lemmas);
                continue;
            }
            let view = cache.view(outcome);
            let mut effect = Effect::default();
            for (number, rule) in (0..).zip(&self.rules) {
                let single = matches!(&rule.pattern[..], [tests] if view.passes(tests));
                if single || here.contains(&(i, number)) {
                    effect.update(&rule.effect);
                }
            }
            effect.apply(token, lemmas);
        }
    }

    /// The number of the outcome for a token.
    fn outcome(
        &self,
        words: &Words,
        token: &TokenData,
        word: WordId,
        cache: &mut RulerCache,
    ) -> usize {
        let class = self.class(words, word, cache);
        let (tag, dep) = (token.tag, token.dep);
        let hash = mix(u64::from(tag.0) << 32 | u64::from(dep.0), class.into());
        let known = cache.index.get(hash, |i| {
            let o = &cache.outcomes[i];
            (o.tag, o.dep, o.class) == (tag, dep, class)
        });
        if let Some(known) = known {
            return known;
        }
        let mut outcome =
            Outcome { tag, dep, class, effect: Effect::default(), longer: Vec::new() };
        let view = cache.view(&outcome);
        for (number, rule) in (0..).zip(&self.rules) {
            match &rule.pattern[..] {
                [tests] if view.passes(tests) => outcome.effect.update(&rule.effect),
                [first, _, ..] if view.passes(first) => outcome.longer.push(number),
                _ => {}
            }
        }
        cache.index.insert(hash, cache.outcomes.len());
        cache.outcomes.push(outcome);
        cache.outcomes.len() - 1
    }

    /// The class of a word: what word tests it passes, and whether it is white space.
    fn class(&self, words: &Words, word: WordId, cache: &mut RulerCache) -> u32 {
        if cache.classes.len() <= word.index() {
            cache.classes.resize(words.len(), UNKNOWN);
        }
        let known = cache.classes[word.index()];
        if known != UNKNOWN {
            return known;
        }
        let mut tests =
            self.word_tests.of(words.text(word), words.lower(word), &mut cache.scratch);
        if words.get(word).is_space {
            tests.push(IS_SPACE);
        }
        let known = cache.class_tests.iter().position(|t| **t == *tests);
        let class = known.unwrap_or_else(|| {
            cache.class_tests.push(tests.into());
            cache.class_tests.len() - 1
        }) as u32;
        cache.classes[word.index()] = class;
        class
    }

    /// Matches of patterns for several tokens: the token to change and the rule, sorted.
    fn longer_matches(&self, cache: &RulerCache) -> Vec<(usize, u32)> {
        let mut hits = Vec::new();
        let outcome = |i: u32| &cache.outcomes[i as usize];
        for (start, &first) in cache.at_hand.iter().enumerate() {
            for &number in &outcome(first).longer {
                let rule = &self.rules[number as usize];
                let there = cache.at_hand.get(start..start + rule.pattern.len());
                let matches = there.is_some_and(|tokens| {
                    let mut tokens = tokens.iter().zip(&rule.pattern);
                    tokens.all(|(&o, tests)| cache.view(outcome(o)).passes(tests))
                });
                if matches {
                    hits.push((start + rule.target, number));
                }
            }
        }
        hits.sort_unstable();
        hits
    }
}

impl RulerCache {
    /// To be called whenever the words are cleared.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    fn view(&self, outcome: &Outcome) -> View<'_> {
        let tests = &*self.class_tests[outcome.class as usize];
        View { tag: outcome.tag, dep: outcome.dep, tests }
    }
}

impl View<'_> {
    fn passes(self, tests: &[Test]) -> bool {
        tests.iter().all(|test| match test {
            Test::Tag(test) => test.passes(self.tag),
            Test::Dep(test) => test.passes(self.dep),
            Test::IsSpace(expected) => {
                (self.tests.last() == Some(&IS_SPACE)) == *expected
            }
            Test::Word(test) => self.tests.binary_search(test).is_ok(),
        })
    }
}

impl LabelTest {
    fn read(reader: &mut Reader<'_>, labels: &mut Labels) -> Result<Self, Error> {
        let (list, listed) = match StringTest::read(reader)? {
            StringTest::In(list) => (list, true),
            StringTest::NotIn(list) => (list, false),
            StringTest::Regex(_) => {
                return Err(Error::new("REGEX is supported for words only"));
            }
        };
        let labels = list.iter().map(|name| labels.add(name));
        Ok(Self { labels: labels.collect::<Result<_, _>>()?, listed })
    }

    fn passes(&self, label: LabelId) -> bool {
        self.labels.contains(&label) == self.listed
    }
}

impl StringTest {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.peek()? == Kind::Str {
            return Ok(Self::In(vec![reader.str()?.into()]));
        }
        let entries = reader.map_len()?;
        if entries != 1 {
            return Err(Error::new(format!("{entries} conditions on one attribute")));
        }
        match reader.str()? {
            "IN" => Ok(Self::In(strings(reader)?)),
            "NOT_IN" => Ok(Self::NotIn(strings(reader)?)),
            "REGEX" => Ok(Self::Regex(Box::new(Pattern::new(reader.str()?)?))),
            key => Err(Error::new(format!("the condition {key} is not supported"))),
        }
    }

    fn passes(&self, text: &str, scratch: &mut pattern::Scratch) -> bool {
        match self {
            Self::In(list) => list.iter().any(|s| **s == *text),
            Self::NotIn(list) => !list.iter().any(|s| **s == *text),
            Self::Regex(pattern) => pattern.is_in(text, scratch),
        }
    }
}

impl WordTests {
    fn add(&mut self, form: Form, test: StringTest) -> u32 {
        let number = self.n_tests;
        self.n_tests += 1;
        match test {
            StringTest::In(list) => {
                for text in list {
                    self.listed.entry((form, text)).or_default().push(number);
                }
            }
            test => self.others.push((number, form, test)),
        }
        number
    }

    /// The tests that a word passes, ascending.
    fn of(&self, orth: &str, lower: &str, scratch: &mut pattern::Scratch) -> Vec<u32> {
        let mut tests = Vec::new();
        for (form, text) in [(Form::Orth, orth), (Form::Lower, lower)] {
            tests.extend(self.listed.get(&(form, text.into())).into_iter().flatten());
            let others = self.others.iter().filter(|(_, f, _)| *f == form);
            tests.extend(
                others.filter(|(_, _, t)| t.passes(text, scratch)).map(|(n, _, _)| n),
            );
        }
        tests.sort_unstable();
        tests.dedup();
        tests
    }
}

impl Effect {
    fn read(reader: &mut Reader<'_>, labels: &mut Labels) -> Result<Self, Error> {
        let mut effect = Self::default();
        for _ in 0..reader.map_len()? {
            let key = reader.str()?;
            let value = reader.str()?;
            match key {
                "TAG" => effect.tag = Some(labels.add(value)?),
                "DEP" => effect.dep = Some(labels.add(value)?),
                "MORPH" => effect.morph = Some(labels.add(&normal_morph(value))?),
                "LEMMA" => effect.lemma = Some(value.into()),
                "POS" => {
                    let upos = Upos::from_name(value).ok_or_else(|| {
                        Error::new(format!("{value:?} is no part of speech"))
                    })?;
                    effect.upos = Some(upos);
                }
                _ => return Err(Error::new(format!("a rule cannot set {key} here"))),
            }
        }
        Ok(effect)
    }

    fn update(&mut self, later: &Self) {
        self.tag = later.tag.or(self.tag);
        self.dep = later.dep.or(self.dep);
        self.morph = later.morph.or(self.morph);
        self.upos = later.upos.or(self.upos);
        if later.lemma.is_some() {
            self.lemma.clone_from(&later.lemma);
        }
    }

    fn apply(&self, token: &mut TokenData, lemmas: &mut String) {
        token.tag = self.tag.unwrap_or(token.tag);
        token.dep = self.dep.unwrap_or(token.dep);
        token.morph = self.morph.unwrap_or(token.morph);
        token.upos = self.upos.unwrap_or(token.upos);
        if let Some(lemma) = &self.lemma {
            let start = lemmas.len();
            lemmas.push_str(lemma);
            token.lemma = Span::new(start, lemmas.len());
        }
    }
}

fn strings(reader: &mut Reader<'_>) -> Result<Vec<Box<str>>, Error> {
    (0..reader.array_len()?).map(|_| reader.str().map(Box::from)).collect()
}

/// Features in their normal form: fields sorted, the values of a field sorted, and "_" for
/// none spelt as nothing.
fn normal_morph(features: &str) -> String {
    if features == "_" {
        return String::new();
    }
    let mut fields: Vec<(&str, Vec<&str>)> = features
        .split('|')
        .filter_map(|feature| feature.split_once('='))
        .map(|(field, values)| {
            let mut values: Vec<&str> = values.split(',').collect();
            values.sort_unstable();
            (field, values)
        })
        .collect();
    fields.sort_unstable();
    let fields =
        fields.iter().map(|(field, values)| format!("{field}={}", values.join(",")));
    fields.collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntIob;
    use crate::tokenize::Tokenizer;

    /// MessagePack, as far as patterns need it.
    enum Value<'a> {
        Str(&'a str),
        Bool(bool),
        Int(i8),
        List(&'a [Value<'a>]),
        Map(&'a [(&'a str, Value<'a>)]),
    }

    use Value::{Bool, Int, List, Map, Str};

    impl Value<'_> {
        fn write(&self, out: &mut Vec<u8>) {
            match self {
                Str(text) => {
                    out.push(0xa0 | text.len() as u8);
                    out.extend(text.as_bytes());
                }
                Bool(value) => out.push(0xc2 | u8::from(*value)),
                Int(value) => out.extend([0xd0, *value as u8]),
                List(values) => {
                    out.push(0x90 | values.len() as u8);
                    values.iter().for_each(|v| v.write(out));
                }
                Map(entries) => {
                    out.push(0x80 | entries.len() as u8);
                    for (key, value) in *entries {
                        Str(key).write(out);
                        value.write(out);
                    }
                }
            }
        }
    }

    fn read(rules: &[Value<'_>]) -> Result<(AttributeRuler, Labels), Error> {
        let mut bytes = Vec::new();
        List(rules).write(&mut bytes);
        let mut labels = Labels::default();
        Ok((AttributeRuler::read(&bytes, &mut labels)?, labels))
    }

    /// What rules make of words that carry the given tags: part of speech, features, lemma.
    fn apply(rules: &[Value<'_>], words: &str, tags: &[&str]) -> Vec<String> {
        let (ruler, mut labels) = read(rules).unwrap();
        // A pipeline without rules for words cuts at white space alone.
        let tokenizer = Tokenizer::load(&[0x80], None).unwrap();
        let (mut types, mut raw) = (Words::default(), Vec::new());
        tokenizer.tokenize(&mut types, words, 0, &mut raw);
        assert_eq!(raw.len(), tags.len());
        let mut token = |raw: &RawToken, tag: &str| TokenData {
            span: raw.span,
            lemma: Span::default(),
            head: 0,
            tag: labels.add(tag).unwrap(),
            dep: LabelId::default(),
            morph: LabelId::default(),
            ent_type: LabelId::default(),
            upos: Upos::None,
            ent_iob: EntIob::O,
            sent_start: false,
            space_after: raw.space_after,
        };
        let mut tokens: Vec<_> = raw.iter().zip(tags).map(|(r, t)| token(r, t)).collect();
        let mut lemmas = String::new();
        let mut cache = RulerCache::default();
        ruler.apply(&types, &raw, &mut tokens, &mut lemmas, &mut cache);
        let show = |t: &TokenData| {
            format!("{} {} {}", t.upos, labels.name(t.morph), &lemmas.as_str()[t.lemma])
        };
        tokens.iter().map(show).collect()
    }

    fn rule<'a>(
        patterns: &'a [Value<'a>],
        attrs: &'a [(&'a str, Value<'a>)],
    ) -> [(&'a str, Value<'a>); 2] {
        [("patterns", List(patterns)), ("attrs", Map(attrs))]
    }

    #[test]
    fn later_rules_win_attribute_by_attribute() {
        let verb = [List(&[Map(&[("TAG", Str("V"))])])];
        let form = [
            List(&[Map(&[("LOWER", Map(&[("IN", List(&[Str("is"), Str("’s")]))]))])]),
            List(&[Map(&[("ORTH", Str("Am"))])]),
        ];
        let verb = rule(&verb, &[("POS", Str("VERB")), ("MORPH", Str("B=2,1|A=x"))]);
        let form = rule(&form, &[("POS", Str("AUX")), ("LEMMA", Str("be"))]);
        assert_eq!(
            apply(&[Map(&verb), Map(&form)], "Is goes Am am", &["V"; 4]),
            [
                "AUX A=x|B=1,2 be",
                "VERB A=x|B=1,2 ",
                "AUX A=x|B=1,2 be",
                "VERB A=x|B=1,2 "
            ]
        );
        assert_eq!(apply(&[Map(&form), Map(&verb)], "is", &["V"]), ["VERB A=x|B=1,2 be"]);
        assert_eq!(apply(&[Map(&verb), Map(&form)], "so", &["R"]), ["  "]);
    }

    #[test]
    fn longer_patterns_see_what_was_there_before() {
        let pair = [List(&[
            Map(&[("LOWER", Str("gon"))]),
            Map(&[("LOWER", Map(&[("REGEX", Str("^na+$"))])), ("TAG", Str("T"))]),
        ])];
        let space = [List(&[Map(&[("IS_SPACE", Bool(true))])])];
        let other = [List(&[Map(&[("TAG", Map(&[("NOT_IN", List(&[Str("T")]))]))])])];
        let rules = [
            Map(&[
                ("patterns", List(&pair)),
                ("attrs", Map(&[("LEMMA", Str("to")), ("POS", Str("PART"))])),
                ("index", Int(-1)),
            ]),
            Map(&rule(&space, &[("POS", Str("SPACE"))])),
            Map(&rule(&other, &[("POS", Str("X"))])),
        ];
        assert_eq!(
            apply(&rules, "gon naa gon na\n", &["V", "T", "V", "N", "S"]),
            ["X  ", "PART  to", "X  ", "X  ", "X  "]
        );
        assert_eq!(apply(&rules, "gon\nna", &["T", "T", "T"]), ["  ", "SPACE  ", "  "]);
    }

    #[test]
    fn what_cannot_be_run_is_refused() {
        let says = |test: (&str, Value<'_>), attr: (&str, Value<'_>), index: i8| {
            read(&[Map(&[
                ("patterns", List(&[List(&[Map(&[test])])])),
                ("attrs", Map(&[attr])),
                ("index", Int(index)),
            ])])
            .unwrap_err()
            .to_string()
        };
        let pos = || ("POS", Str("X"));
        assert_eq!(
            says(("OP", Str("+")), pos(), 0),
            "rule 0: operators (OP) are not supported"
        );
        assert_eq!(
            says(("SHAPE", Str("x")), pos(), 0),
            "rule 0: a pattern cannot test SHAPE here"
        );
        assert_eq!(
            says(("LOWER", Map(&[("FUZZY", Str("x"))])), pos(), 0),
            "rule 0: the condition FUZZY is not supported"
        );
        assert_eq!(
            says(("TAG", Str("V")), ("ENT_TYPE", Str("X")), 0),
            "rule 0: a rule cannot set ENT_TYPE here"
        );
        assert_eq!(
            says(("TAG", Str("V")), ("POS", Str("V")), 0),
            "rule 0: \"V\" is no part of speech"
        );
        assert_eq!(
            says(("TAG", Str("V")), pos(), 1),
            "rule 0: a pattern has no token number 1"
        );
    }
}
