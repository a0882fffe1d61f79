use std::ops::Range;
use std::sync::Arc;

use super::{Doc, EntIob, Labels, TokenData, Upos};
use crate::{Error, Span};

/// Builds a [`Doc`] token by token, for tests and for annotations made elsewhere.
#[derive(Debug)]
pub struct DocBuilder {
    text: Arc<str>,
    tokens: Vec<TokenData>,
    labels: Labels,
    lemmas: String,
    error: Option<Error>,
}

/// What to write on one token.
#[derive(Clone, Debug)]
pub struct TokenSpec<'a> {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Fine-grained tag.
    pub tag: &'a str,
    /// Part of speech.
    pub upos: Upos,
    /// Dictionary form; empty for the token as written.
    pub lemma: &'a str,
    /// Features, `Field=Value|Field=Value`.
    pub morph: &'a str,
    /// Number of the head token; the token's own number for a root.
    pub head: usize,
    /// Dependency label.
    pub dep: &'a str,
    /// Whether a sentence starts here.
    pub sent_start: bool,
    /// Place in an entity.
    pub ent_iob: EntIob,
    /// Type of that entity.
    pub ent_type: &'a str,
}

impl TokenSpec<'_> {
    /// A token of which only the place is known.
    pub fn new(span: Range<usize>) -> Self {
        Self {
            span,
            tag: "",
            upos: Upos::None,
            lemma: "",
            morph: "",
            head: 0,
            dep: "",
            sent_start: false,
            ent_iob: EntIob::O,
            ent_type: "",
        }
    }
}

impl DocBuilder {
    /// A document over `text` without tokens.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            tokens: Vec::new(),
            labels: Labels::default(),
            lemmas: String::new(),
            error: None,
        }
    }

    /// Adds a token after the last one. A token that does not fit is reported by
    /// [`DocBuilder::finish`].
    pub fn push(&mut self, spec: TokenSpec<'_>) {
        match self.checked(&spec) {
            Ok(token) => self.tokens.push(token),
            Err(error) => {
                self.error
                    .get_or_insert(error.at(format_args!("token {}", self.tokens.len())));
            }
        }
    }

    fn checked(&mut self, spec: &TokenSpec<'_>) -> Result<TokenData, Error> {
        let Range { start, end } = spec.span;
        let after = self.tokens.last().map_or(0, |t| t.span.end as usize);
        if start < after || start >= end || self.text.get(start..end).is_none() {
            return Err(Error::new(format!("bytes {start}..{end} are no place for it")));
        }
        let head =
            u32::try_from(spec.head).map_err(|_| Error::new("head out of range"))?;
        let from = self.lemmas.len();
        self.lemmas.push_str(match spec.lemma {
            "" => &self.text[start..end],
            lemma => lemma,
        });
        Ok(TokenData {
            span: Span::new(start, end),
            lemma: Span::new(from, self.lemmas.len()),
            head,
            tag: self.labels.add(spec.tag)?,
            dep: self.labels.add(spec.dep)?,
            morph: self.labels.add(spec.morph)?,
            ent_type: self.labels.add(spec.ent_type)?,
            upos: spec.upos,
            ent_iob: spec.ent_iob,
            sent_start: spec.sent_start,
            space_after: self.text[end..].starts_with(' '),
        })
    }

    /// The finished document.
    ///
    /// # Errors
    ///
    /// When a token lies outside the text or before its forerunner, when a head is no token,
    /// or when heads run in a circle.
    pub fn finish(self) -> Result<Doc, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let n = self.tokens.len();
        // 0: not looked at, 1: on the way up, 2: known to end in a root.
        let mut state = vec![0u8; n];
        for i in 0..n {
            let (mut at, mut path) = (i, Vec::new());
            while state[at] == 0 {
                state[at] = 1;
                path.push(at);
                let head = self.tokens[at].head as usize;
                if head >= n {
                    return Err(Error::new(format!(
                        "head {head} of token {at} is no token"
                    )));
                }
                if head == at {
                    state[at] = 2;
                }
                at = head;
            }
            if state[at] == 1 {
                return Err(Error::new(format!("heads run in a circle at token {at}")));
            }
            for done in path {
                state[done] = 2;
            }
        }
        Ok(Doc::assemble(self.text, self.tokens, Arc::new(self.labels), self.lemmas))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(span: Range<usize>, head: usize) -> TokenSpec<'static> {
        TokenSpec { head, ..TokenSpec::new(span) }
    }

    #[test]
    fn refuses_what_is_no_document() {
        let build = |specs: &[(Range<usize>, usize)]| {
            let mut doc = DocBuilder::new("é a b");
            for (span, head) in specs {
                doc.push(spec(span.clone(), *head));
            }
            doc.finish().map(|d| d.len()).map_err(|e| e.to_string())
        };
        assert_eq!(build(&[(0..2, 0), (3..4, 0)]), Ok(2));
        assert!(build(&[(0..1, 0)]).is_err(), "inside a character");
        assert!(build(&[(3..4, 0), (0..2, 0)]).is_err(), "out of order");
        assert!(build(&[(0..2, 7)]).is_err(), "no such head");
        assert!(build(&[(0..2, 1), (3..4, 0)]).is_err(), "a circle");
    }

    #[test]
    fn subtrees_follow_crossing_arcs() {
        let mut doc = DocBuilder::new("a b c d e");
        for (i, head) in [2, 2, 4, 0, 4].into_iter().enumerate() {
            doc.push(spec(2 * i..2 * i + 1, head));
        }
        let doc = doc.finish().unwrap();
        assert_eq!(doc.token(0).subtree(), 0..4);
        assert_eq!(doc.token(2).subtree(), 0..4);
        assert_eq!(doc.token(4).subtree(), 0..5);
        assert!(doc.token(2).dominates(doc.token(3)));
    }
}
