//! Which language an article is written in.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use whatlang::{Lang, Script};

use super::words::rows;

/// So many bytes of a text are looked at.
const SAMPLE: usize = 4096;

/// So many letters are enough to tell other languages apart.
const OTHER: usize = 512;

/// Texts with fewer words are taken for English when they are in Latin letters: they say
/// too little.
const FEWEST: usize = 12;

/// One in so many words of English is a function word that other languages do not have.
/// News has one in three to five.
const RARITY: usize = 10;

/// Small words of English that hardly any other language writes the same way.
static FUNCTION_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    rows(include_str!("../../data/en/function_word.tsv"))
        .filter_map(|mut row| row.next())
        .collect()
});

/// Tags of BCP 47 for what the detector knows, which speaks ISO 639-3.
static TAGS: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
    rows(include_str!("../../data/language.tsv"))
        .filter_map(|mut row| Some((row.next()?, row.next()?)))
        .collect()
});

/// The language that most of a text is written in, as a tag of BCP 47; `und` when it can
/// only be said that it is not English.
///
/// `declared` is what the text came with. It is believed where the text does not contradict
/// it, which tells `en-GB` from `en`.
pub(super) fn language<'t>(
    parts: impl Iterator<Item = &'t str> + Clone,
    declared: Option<&str>,
) -> String {
    let found = if reads_as_english(parts.clone()) { Some("en") } else { other(parts) };
    let fits = |tag: &&str| {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let is_english = primary.eq_ignore_ascii_case("en");
        is_tag(tag) && found.map_or(!is_english, |f| primary.eq_ignore_ascii_case(f))
    };
    match declared.map(str::trim).filter(fits) {
        Some(tag) => written(tag),
        None => found.unwrap_or("und").to_owned(),
    }
}

/// Whether a tag of BCP 47 is of English, wherever it is spoken.
pub(crate) fn is_english(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

/// A tag as BCP 47 recommends to write it: "en-GB".
fn written(tag: &str) -> String {
    let parts =
        tag.split(['-', '_']).enumerate().map(|(i, part)| match (i, part.len()) {
            (0, _) => part.to_ascii_lowercase(),
            (_, 2) => part.to_ascii_uppercase(),
            _ => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("-")
}

/// Whether it looks like a tag of BCP 47.
fn is_tag(tag: &str) -> bool {
    tag.len() <= 35
        && tag.starts_with(|c: char| c.is_ascii_alphabetic())
        && tag.split(['-', '_']).all(|part| {
            (1..=8).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
        && tag.split(['-', '_']).next().is_some_and(|p| (2..=3).contains(&p.len()))
}

/// Whether a text is English, or too short to tell.
fn reads_as_english<'t>(parts: impl Iterator<Item = &'t str>) -> bool {
    let (mut words, mut function_words, mut latin, mut other) = (0, 0, 0, 0);
    let mut word = String::new();
    for c in sample(parts).chain([' ']) {
        if c.is_alphabetic() {
            match c as u32 {
                0..0x250 | 0x1e00..0x1f00 => latin += 1,
                _ => other += 1,
            }
            word.extend(c.to_lowercase());
        } else if !word.is_empty() {
            words += 1;
            function_words +=
                usize::from(FUNCTION_WORDS.binary_search(&word.as_str()).is_ok());
            word.clear();
        }
    }
    let is_latin = other <= latin;
    is_latin && (words < FEWEST || function_words * RARITY >= words)
}

/// The language of a text that has not the words of English.
fn other<'t>(parts: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let sample: String = sample(parts).take(OTHER).collect();
    let info = whatlang::detect(&sample)?;
    // English without its small words: headlines, names, tables. The detector is sure of
    // itself only where it has seen enough.
    let is_latin = info.script() == Script::Latin;
    if info.lang() == Lang::Eng || is_latin && !info.is_reliable() {
        return is_latin.then_some("en");
    }
    TAGS.get(info.lang().code()).copied()
}

/// The first letters of a text.
fn sample<'t>(parts: impl Iterator<Item = &'t str>) -> impl Iterator<Item = char> {
    parts.flat_map(|part| part.chars().chain([' '])).take(SAMPLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, declared: Option<&str>) -> String {
        language([text].into_iter(), declared)
    }

    #[test]
    fn the_text_decides() {
        let english = "The harbour master said on Monday that the ferry had been \
            inspected twice this year and that nobody had found fault with it.";
        assert_eq!(of(english, None), "en");
        assert_eq!(of(english, Some("en_gb")), "en-GB");
        assert_eq!(of(english, Some("de")), "en");
        for (tag, text) in [
            (
                "de",
                "Der Hafenmeister sagte am Montag, die Fähre sei in diesem Jahr \
                 zweimal geprüft worden, und niemand habe etwas beanstandet.",
            ),
            (
                "fr",
                "Le capitaine du port a déclaré lundi que le ferry avait été \
                 inspecté deux fois cette année et que personne n'avait rien trouvé.",
            ),
            (
                "es",
                "El capitán del puerto dijo el lunes que el transbordador había sido \
                 revisado dos veces este año y que nadie había encontrado fallos.",
            ),
            (
                "ru",
                "Начальник порта заявил в понедельник, что паром в этом году \
                 проверяли дважды и никаких нарушений не нашли.",
            ),
            ("ko", "항만장은 월요일 여객선이 올해 두 차례 점검을 받았다고 말했다."),
            ("ja", "港長は月曜日、フェリーは今年二度検査を受けたと述べた。"),
            ("zh", "港务长周一表示，该渡轮今年已接受两次检查，没有发现问题。"),
            (
                "ar",
                "قال مدير الميناء يوم الاثنين إن العبارة خضعت للتفتيش مرتين هذا العام.",
            ),
        ] {
            assert_eq!(of(text, Some("en")), tag, "{text}");
        }
    }

    #[test]
    fn little_text_is_taken_for_english() {
        assert_eq!(of("Ferry burns in harbour", None), "en");
        assert_eq!(of("", None), "en");
        assert_eq!(of("123 – 45", None), "en");
        let names = "Ilse Marran, Pavel Orlich, Tomas Vehr, Anna Kessel, Jon Strand, \
            Mira Dolan, Petr Novik, Lena Brandt";
        assert_eq!(of(names, None), "en");
    }

    #[test]
    fn lists_are_sorted_and_complete() {
        assert!(FUNCTION_WORDS.is_sorted());
        for lang in Lang::all() {
            assert!(TAGS.contains_key(lang.code()), "{}", lang.code());
        }
    }
}
