//! Words as numbers, and how much each tells.

use std::collections::HashMap;
use std::sync::LazyLock;

use according::annotate::quantity;
use according_gazetteer::{Found, Kind, fold};
use according_nlp::{Token, Upos};

use super::WordKind;

/// FNV-1a over the bytes, in 32 bits: the same on every machine and in every version.
pub fn hash(word: &str) -> u32 {
    word.bytes()
        .fold(0x811c_9dc5, |h, byte| (h ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// How much a lemma tells. One that no report of the sample has tells most.
fn weight(lemma: &str) -> f32 {
    static TABLE: LazyLock<HashMap<&str, f32>> = LazyLock::new(|| {
        let rows = include_str!("../../data/en/word_frequency.tsv").lines().skip(1);
        rows.filter_map(|row| {
            let (lemma, per_mille) = row.split_once('\t')?;
            let per_mille: f32 = per_mille.parse().ok()?;
            Some((lemma, (1000.0 / per_mille).ln()))
        })
        .collect()
    });
    TABLE.get(lemma).copied().unwrap_or(RAREST)
}

const RAREST: f32 = 5.5;
/// Names and numbers tell who and how many, however common they are.
const NAME: f32 = 6.0;
/// A number of one or two digits.
const SMALL_NUMBER: f32 = 4.0;

/// How much a number tells, as [`number`] writes it: small ones stand everywhere.
fn weight_of_number(number: &str) -> f32 {
    if number.len() > "#99".len() { NAME } else { SMALL_NUMBER }
}

/// A content word as it is compared: its normal form, its weight and what it is.
pub fn term(token: Token<'_>) -> Option<(String, f32, WordKind)> {
    if token.is_space() || token.is_punct() {
        return None;
    }
    let kind = match token.upos() {
        Upos::Propn => WordKind::Name,
        Upos::Num => WordKind::Number,
        Upos::Verb => WordKind::Verb,
        Upos::Noun | Upos::Adj | Upos::Adv => WordKind::Other,
        _ => return None,
    };
    if kind == WordKind::Number || token.text().starts_with(|c: char| c.is_ascii_digit())
    {
        return number(token.text()).map(|n| {
            let weight = weight_of_number(&n);
            (n, weight, WordKind::Number)
        });
    }
    let lemma = normal(token.lemma());
    // "Pole" and "Turkey" are countries with a capital only.
    let is_capital = token.text().starts_with(char::is_uppercase);
    if let Some(name) = is_capital.then(|| country(&lemma)).flatten() {
        return Some((name.to_owned(), 4.5, WordKind::Name));
    }
    if let Some(n) = number(&lemma) {
        let weight = weight_of_number(&n);
        return Some((n, weight, WordKind::Number));
    }
    if !lemma.contains(char::is_alphanumeric) {
        return None;
    }
    let weight = match kind {
        WordKind::Name => NAME.min(weight(&lemma) + 1.0),
        _ => weight(&lemma),
    };
    (weight > 0.9).then(|| (lemma, kept(weight), kind))
}

/// A weight as it is kept, in sixteenths: what an article has in common with others must not
/// hang on whether these were read just now.
fn kept(weight: f32) -> f32 {
    (weight * 16.0).floor() / 16.0
}

/// Lower case, without the marks that are written in one paper and not in another.
fn normal(word: &str) -> String {
    let word = word.trim_end_matches("'s").trim_end_matches("’s");
    fold(word).replace(' ', "")
}

/// Figures and number words in one form. "One" is a pronoun as often.
pub(crate) fn number(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '$' | '£' | '€' | '%'))
        .collect();
    if digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!("#{}", digits.to_lowercase()));
    }
    let value = quantity::number(text).filter(|value| *value != 1.0)?;
    Some(format!("#{value}"))
}

/// The country that words name, or whose people: "American", "U.S.".
pub(crate) fn country(word: &str) -> Option<&'static str> {
    let is_country = |found: &Found<'_>| found.place.kind == Kind::Country;
    Some(according_gazetteer::world().find(word).find(is_country)?.place.name)
}

/// The words of a name in their normal form.
pub fn name_words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| c.is_whitespace() || c == '-');
    let words = words.map(normal).filter(|word| !word.is_empty());
    words.map(|word| country(&word).map_or(word, str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fingerprint;
    use crate::fingerprint::Word;

    #[test]
    fn weights_are_kept_as_they_are() {
        let word = |lemma: &str| Word {
            hash: 0,
            weight: kept(weight(lemma)),
            kind: WordKind::Other,
            vector: u32::MAX,
        };
        let words = ["bridge", "ferry", "strike", "zebra", "oracular"].map(word).to_vec();
        let fingerprint = Fingerprint { words, ..Fingerprint::default() };
        let read = Fingerprint::from_bytes(&fingerprint.to_bytes());
        assert_eq!(read.unwrap(), fingerprint);
    }
}
