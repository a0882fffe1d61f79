//! A parsed text as CoNLL-U.
//!
//! The columns are those of the format; labels and features are the pipeline's own, except
//! that the root of a sentence is called `root`. Named entities stand in the last column as
//! `Entity=B-ORG`, `Entity=I-ORG`.
//!
//! White space that is a token for the pipeline is no word here: it stands, escaped, as
//! `SpacesAfter` with the word before it or `SpacesBefore` with the first word of the text.
//! What hangs from such a token hangs from the next word up the tree. Sentences of nothing
//! but white space are left out, and every sentence has exactly one root.

use std::fmt::{self, Write as _};

use according_nlp::{Doc, EntIob, Sentence, Token};

/// Writes the sentences of `doc`, the text called `name`.
pub(crate) fn write(doc: &Doc, name: &str, to: &mut String) {
    let mut is_first = true;
    for sentence in doc.sentences() {
        let words: Vec<Token<'_>> =
            sentence.tokens().filter(|token| !is_blank(token.text())).collect();
        if words.is_empty() {
            continue;
        }
        if is_first {
            line(to, format_args!("# newdoc id = {}", one_line(name)));
        }
        line(to, format_args!("# sent_id = {}-{}", one_line(name), sentence.index() + 1));
        let spaces: Vec<&str> =
            words.iter().map(|word| space_after(doc, *word)).collect();
        write_text(&words, &spaces, to);
        let before = spaces_before(doc, words.first().filter(|_| is_first));
        let heads = heads(sentence, &words);
        for (i, word) in words.iter().enumerate() {
            let before = if i == 0 { before } else { "" };
            write_word(i, *word, heads[i], before, spaces[i], to);
        }
        to.push('\n');
        is_first = false;
    }
}

fn line(to: &mut String, what: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(to, "{what}");
}

fn write_text(words: &[Token<'_>], spaces: &[&str], to: &mut String) {
    to.push_str("# text = ");
    for (i, word) in words.iter().enumerate() {
        to.push_str(&one_line(word.text()));
        if !spaces[i].is_empty() && i + 1 < words.len() {
            to.push(' ');
        }
    }
    to.push('\n');
}

fn write_word(
    i: usize,
    word: Token<'_>,
    head: usize,
    before: &str,
    after: &str,
    to: &mut String,
) {
    let or_none = |text: &str| match one_line(text) {
        text if text.is_empty() => "_".to_owned(),
        text => text,
    };
    let deprel = match (head, word.dep()) {
        (0, _) => "root",
        // Hung from another word only because a sentence has one root.
        (_, "ROOT" | "") => "dep",
        (_, dep) => dep,
    };
    let mut misc = Vec::new();
    if word.ent_iob() != EntIob::O {
        misc.push(format!("Entity={}-{}", word.ent_iob().as_str(), word.ent_type()));
    }
    match after {
        "" => misc.push("SpaceAfter=No".to_owned()),
        " " => {}
        spaces => misc.push(format!("SpacesAfter={}", escaped(spaces))),
    }
    if !before.is_empty() {
        misc.push(format!("SpacesBefore={}", escaped(before)));
    }
    let columns = [
        (i + 1).to_string(),
        or_none(word.text()),
        or_none(word.lemma()),
        or_none(word.upos().as_str()),
        or_none(word.tag()),
        or_none(word.morph()),
        head.to_string(),
        deprel.to_owned(),
        "_".to_owned(),
        or_none(&misc.join("|")),
    ];
    line(to, format_args!("{}", columns.join("\t")));
}

/// The number, from 1, of the word each word hangs from; 0 for the root.
fn heads(sentence: Sentence<'_>, words: &[Token<'_>]) -> Vec<usize> {
    let range = sentence.range();
    let mut number = vec![0; range.len()];
    for (i, word) in words.iter().enumerate() {
        number[word.index() - range.start] = i + 1;
    }
    let above = |word: &Token<'_>| {
        let inside = word.ancestors().filter(|head| range.contains(&head.index()));
        let numbers = inside.map(|head| number[head.index() - range.start]);
        numbers.into_iter().find(|&number| number != 0)
    };
    let heads: Vec<Option<usize>> = words.iter().map(above).collect();
    let root = heads.iter().position(Option::is_none).map_or(0, |i| i + 1);
    let head_of = |(i, head): (usize, &Option<usize>)| match head {
        Some(head) => *head,
        None if i + 1 == root => 0,
        None => root,
    };
    heads.iter().enumerate().map(head_of).collect()
}

/// The white space between a word and the next.
fn space_after<'d>(doc: &'d Doc, word: Token<'d>) -> &'d str {
    let mut next = word.next();
    while let Some(token) = next.filter(|token| is_blank(token.text())) {
        next = token.next();
    }
    let end = next.map_or(doc.text().len(), |token| token.span().range().start);
    blank_prefix(&doc.text()[word.span().range().end..end])
}

/// The white space before the first word of the text.
fn spaces_before<'d>(doc: &'d Doc, first: Option<&Token<'d>>) -> &'d str {
    first.map_or("", |word| blank_prefix(&doc.text()[..word.span().range().start]))
}

fn blank_prefix(text: &str) -> &str {
    text.find(|c| !is_blank_char(c)).map_or(text, |end| &text[..end])
}

/// White space as spaCy sees it: four control characters more than in Unicode.
fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn is_blank(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

/// Nothing in a column or comment may end its line or its column.
fn one_line(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

fn escaped(spaces: &str) -> String {
    let mut out = String::new();
    for c in spaces.chars() {
        match c {
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use according_nlp::{DocBuilder, TokenSpec, Upos};

    use super::*;

    /// Tokens as `(text, head, sentence start)` found one after another in `text`.
    fn conllu(text: &str, tokens: &[(&str, usize, bool)]) -> String {
        let mut doc = DocBuilder::new(text);
        let mut at = 0;
        for &(word, head, sent_start) in tokens {
            let start = at + text[at..].find(word).unwrap();
            at = start + word.len();
            doc.push(TokenSpec {
                head,
                sent_start,
                dep: "dep",
                tag: "NN",
                upos: Upos::Noun,
                ..TokenSpec::new(start..at)
            });
        }
        let mut out = String::new();
        write(&doc.finish().unwrap(), "t", &mut out);
        out
    }

    fn columns(conllu: &str) -> Vec<(&str, &str, &str, &str)> {
        let words = conllu.lines().filter(|line| line.contains('\t'));
        words
            .map(|line| {
                let columns: Vec<&str> = line.split('\t').collect();
                assert_eq!(columns.len(), 10, "{line}");
                (columns[1], columns[6], columns[7], columns[9])
            })
            .collect()
    }

    #[test]
    fn sentences_count_from_one_and_spaces_are_kept() {
        let out = conllu(
            "She left. Why?",
            &[
                ("She", 1, true),
                ("left", 1, false),
                (".", 1, false),
                ("Why", 3, true),
                ("?", 3, false),
            ],
        );
        assert_eq!(
            columns(&out),
            [
                ("She", "2", "dep", "_"),
                ("left", "0", "root", "SpaceAfter=No"),
                (".", "2", "dep", "_"),
                ("Why", "0", "root", "SpaceAfter=No"),
                ("?", "1", "dep", "SpaceAfter=No"),
            ]
        );
        assert!(
            out.starts_with("# newdoc id = t\n# sent_id = t-1\n# text = She left.\n")
        );
        assert!(out.contains("\n\n# sent_id = t-2\n# text = Why?\n"));
        assert!(out.ends_with("\n\n"));
    }

    #[test]
    fn white_space_is_no_word() {
        let out = conllu(
            "\n a \n\n b  c",
            &[
                ("\n ", 0, true),
                ("a", 0, false),
                ("\n\n ", 1, false),
                ("b", 2, false),
                (" ", 0, false),
                ("c", 4, false),
            ],
        );
        // The root of the tree is white space, so its first word becomes the root.
        assert_eq!(
            columns(&out),
            [
                ("a", "0", "root", "SpacesAfter=\\s\\n\\n\\s|SpacesBefore=\\n\\s"),
                ("b", "1", "dep", "SpacesAfter=\\s\\s"),
                ("c", "1", "dep", "SpaceAfter=No"),
            ]
        );
        assert_eq!(conllu("\n\n", &[("\n\n", 0, true)]), "");
    }
}
