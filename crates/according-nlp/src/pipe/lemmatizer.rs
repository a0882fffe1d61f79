//! The rule lemmatiser for English, after WordNet's Morphy: exceptions, then suffix rules
//! checked against a list of known base forms.

use std::collections::HashMap;

use crate::doc::{TokenData, Upos};
use crate::model::lookups;
use crate::model::msgpack::Reader;
use crate::tokenize::{RawToken, WordId, Words};
use crate::{Error, LabelId, Labels, Span, strings, unicode};

/// The tables, for every part of speech that has some.
#[derive(Debug)]
pub(crate) struct Lemmatizer {
    tables: Vec<(Upos, Table)>,
    /// Whether each label, read as features, marks a base form of a noun, a verb, an
    /// adjective and anything else.
    base: Vec<[bool; 4]>,
}

#[derive(Debug, Default)]
struct Table {
    /// Endings and what to put in their place.
    rules: Vec<(Box<str>, Box<str>)>,
    /// Ids of the known base forms, ascending.
    index: Vec<u64>,
    exceptions: HashMap<Box<str>, Vec<Box<str>>>,
}

/// Parts of speech whose features are read in their own way.
#[derive(Clone, Copy)]
enum BaseOf {
    Noun,
    Verb,
    Adj,
    Other,
}

/// Per worker: lemmas by word, part of speech and features.
#[derive(Debug, Default)]
pub(crate) struct LemmaCache {
    known: HashMap<(WordId, Upos, LabelId), Span>,
    lemmas: String,
}

impl LemmaCache {
    /// Forgets all words.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.lemmas.clear();
    }
}

/// Parts of speech that may have tables, and what the tables call them.
const NAMES: [(Upos, &str); 5] = [
    (Upos::Adj, "adj"),
    (Upos::Adv, "adv"),
    (Upos::Noun, "noun"),
    (Upos::Punct, "punct"),
    (Upos::Verb, "verb"),
];

impl Lemmatizer {
    /// Reads the tables. `labels` hold all features that tokens may have.
    pub(crate) fn read(bytes: &[u8], labels: &Labels) -> Result<Self, Error> {
        let mut tables: Vec<(Upos, Table)> = Vec::new();
        let names = ["lemma_rules", "lemma_index", "lemma_exc"];
        for (kind, name) in names.into_iter().enumerate() {
            let table = lookups::table(bytes, name)?;
            let mut reader =
                table.ok_or_else(|| Error::new(format!("no table '{name}'")))?;
            let read = |e: Error| e.at(name);
            for _ in 0..reader.map_len().map_err(read)? {
                let id = reader.u64().map_err(read)?;
                let upos = NAMES.into_iter().find(|(_, name)| strings::id(name) == id);
                let Some((upos, _)) = upos else {
                    return Err(
                        Error::new(format!("an unknown part of speech {id}")).at(name)
                    );
                };
                let at = tables.iter().position(|(own, _)| *own == upos).unwrap_or_else(
                    || {
                        tables.push((upos, Table::default()));
                        tables.len() - 1
                    },
                );
                let table = &mut tables[at].1;
                match kind {
                    0 => table.read_rules(&mut reader),
                    1 => table.read_index(&mut reader),
                    _ => table.read_exceptions(&mut reader),
                }
                .map_err(read)?;
            }
        }
        let base = labels.names().map(base_forms).collect();
        Ok(Self { tables, base })
    }

    /// Gives a lemma to every token that has none. Lemmas are added to `lemmas`.
    pub(crate) fn apply(
        &self,
        words: &Words,
        raw: &[RawToken],
        tokens: &mut [TokenData],
        lemmas: &mut String,
        cache: &mut LemmaCache,
    ) {
        for (token, raw) in tokens.iter_mut().zip(raw) {
            if !token.lemma.is_empty() {
                continue;
            }
            let key = (raw.word, token.upos, token.morph);
            let LemmaCache { known, lemmas: cached } = cache;
            let lemma = known.entry(key).or_insert_with(|| {
                let from = cached.len();
                cached.push_str(&self.lemma(words, raw.word, token.upos, token.morph));
                Span::new(from, cached.len())
            });
            let from = lemmas.len();
            lemmas.push_str(&cached.as_str()[*lemma]);
            token.lemma = Span::new(from, lemmas.len());
        }
    }

    fn lemma(&self, words: &Words, word: WordId, upos: Upos, morph: LabelId) -> String {
        let (text, lower) = (words.text(word), words.lower(word));
        let base_of = match upos {
            Upos::None | Upos::Eol | Upos::Space => return lower.to_owned(),
            Upos::Noun => BaseOf::Noun,
            Upos::Verb => BaseOf::Verb,
            Upos::Adj => BaseOf::Adj,
            _ => BaseOf::Other,
        };
        if self.base[morph.index()][base_of as usize] {
            return lower.to_owned();
        }
        match self.tables.iter().find(|(own, _)| *own == upos) {
            Some((_, table)) => table.lemma(text, lower),
            None if upos == Upos::Propn => text.to_owned(),
            None => lower.to_owned(),
        }
    }
}

impl Table {
    fn read_rules(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..reader.array_len()? {
            if reader.array_len()? != 2 {
                return Err(Error::new("a rule is not a pair"));
            }
            self.rules.push((reader.str()?.into(), reader.str()?.into()));
        }
        Ok(())
    }

    fn read_index(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..reader.array_len()? {
            self.index.push(strings::id(reader.str()?));
        }
        self.index.sort_unstable();
        Ok(())
    }

    fn read_exceptions(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        for _ in 0..reader.map_len()? {
            let form = reader.str()?;
            let mut lemmas = Vec::new();
            for _ in 0..reader.array_len()? {
                lemmas.push(reader.str()?.into());
            }
            self.exceptions.insert(form.into(), lemmas);
        }
        Ok(())
    }

    fn lemma(&self, text: &str, lower: &str) -> String {
        // Known base forms go to the front, exceptions before them.
        let (mut forms, mut unknown): (Vec<String>, Option<String>) = (Vec::new(), None);
        for (old, new) in &self.rules {
            let Some(stem) = lower.strip_suffix(&**old) else { continue };
            let form = format!("{stem}{new}");
            if form.is_empty() {
                continue;
            } else if self.index.binary_search(&strings::id(&form)).is_ok() {
                forms.insert(0, form);
            } else if !form.chars().all(unicode::is_alpha) {
                forms.push(form);
            } else {
                unknown.get_or_insert(form);
            }
        }
        for lemma in self.exceptions.get(lower).into_iter().flatten() {
            if !forms.iter().any(|form| **form == **lemma) {
                forms.insert(0, lemma.to_string());
            }
        }
        forms.into_iter().next().or(unknown).unwrap_or_else(|| text.to_owned())
    }
}

/// Whether `morph` says that a word is its own lemma, for each [`BaseOf`].
fn base_forms(morph: &str) -> [bool; 4] {
    let value = |field: &str| {
        morph.split('|').find_map(|f| f.strip_prefix(field)?.strip_prefix('='))
    };
    let any = matches!(value("VerbForm"), Some("Inf" | "None"))
        || value("Degree") == Some("Pos");
    let finite = value("VerbForm") == Some("Fin")
        && value("Tense") == Some("Pres")
        && value("Number").is_none();
    [any || value("Number") == Some("Sing"), any || finite, any, any]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_tell_base_forms() {
        assert_eq!(base_forms("Number=Sing"), [true, false, false, false]);
        assert_eq!(base_forms("Tense=Pres|VerbForm=Fin"), [false, true, false, false]);
        assert_eq!(
            base_forms("Number=Sing|Tense=Pres|VerbForm=Fin"),
            [true, false, false, false]
        );
        assert_eq!(base_forms("VerbForm=Inf"), [true; 4]);
        assert_eq!(base_forms("Degree=Pos"), [true; 4]);
        assert_eq!(base_forms(""), [false; 4]);
    }
}
