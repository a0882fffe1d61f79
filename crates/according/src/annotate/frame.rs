//! The words around a saying that tell of the saying itself: who passes it on, whom the source
//! cites for it, where and to whom it was said.
//!
//! They are no part of what is said, and they are the way it took: contents end before them,
//! see `attribution::setting`, and chains are read off them, see `chain`.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::lexicon;

/// Who tells that something was said: "according to a clerk", "the Herald reported".
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    /// Who tells it.
    pub(super) teller: Token<'a>,
    /// Numbers of all its tokens.
    pub(super) words: Range<usize>,
    /// Numbers of those that show that it is told.
    pub(super) cue: Range<usize>,
}

impl<'a> Frame<'a> {
    /// The frame whose verb, or the first word of whose preposition, is `token`.
    pub(super) fn at(token: Token<'a>) -> Option<Self> {
        let at = token.index();
        if token.lemma() == "accord" {
            let to = token.next().filter(|to| to.lemma() == "to")?;
            let words = at..token.subtree().end;
            return Some(Self { teller: to.child("pobj")?, words, cue: at..at + 2 });
        }
        let tells = matches!(token.lemma(), "report" | "say" | "write")
            && matches!(token.tag(), "VBD" | "VBZ" | "VBP");
        let teller = token.child("nsubj").filter(|_| tells)?;
        let subject = teller.subtree();
        let is_last =
            token.next().is_none_or(|next| next.is_punct() || next.is_sent_start());
        let is_next = subject.end == at && token.prev().is_some_and(|t| !t.is_punct());
        let frame = Self { teller, words: subject.start..at + 1, cue: at..at + 1 };
        (is_next && is_last && frame.follows_comma()).then_some(frame)
    }

    /// Whether it stands behind a comma.
    pub(super) fn follows_comma(&self) -> bool {
        follows_comma(self.teller, self.words.start)
    }
}

/// Whether token number `at` of the document of `token` stands behind a comma.
pub(super) fn follows_comma(token: Token<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| token.doc().token(before).text() == ",")
}

/// Whom a verb cites: "citing witnesses", "which quoted a clerk".
pub(super) fn cited(verb: Token<'_>) -> Option<Token<'_>> {
    let cites = matches!(verb.lemma(), "cite" | "quote") && verb.upos() == Upos::Verb;
    verb.child("dobj")
        .filter(|object| cites && matches!(object.upos(), Upos::Noun | Upos::Propn))
}

/// Whether a noun is somebody, or something written, that can be cited: "officials", but not
/// "privacy rules".
pub(super) fn can_be_cited(noun: Token<'_>) -> bool {
    lexicon::noun(noun.lemma()).is_some()
        && !matches!(noun.lemma(), "law" | "act" | "order" | "agreement")
}

/// Something in or at which one speaks or writes.
pub(super) fn is_occasion(noun: Token<'_>) -> bool {
    matches!(
        noun.lemma(),
        "address"
            | "appearance"
            | "briefing"
            | "call"
            | "comment"
            | "conference"
            | "conversation"
            | "court"
            | "e-mail"
            | "ed"
            | "email"
            | "filing"
            | "hearing"
            | "interview"
            | "letter"
            | "memo"
            | "message"
            | "parliament"
            | "post"
            | "rally"
            | "release"
            | "remark"
            | "speech"
            | "statement"
            | "testimony"
            | "tweet"
    ) || matches!(
        noun.text(),
        "Facebook" | "Telegram" | "Twitter" | "X" | "television" | "TV" | "radio"
    )
}

/// People and papers that hear what is said to the public.
pub(super) fn is_press(noun: Token<'_>) -> bool {
    matches!(noun.lemma(), "reporter" | "journalist" | "press" | "media" | "newspaper")
}
