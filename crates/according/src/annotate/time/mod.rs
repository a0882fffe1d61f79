//! Time expressions: TIMEX3 of TimeML with the same in EDTF (ISO 8601-2:2019).
//!
//! [`find`] goes over the words of each block (`word`), finds where an expression begins
//! and what it says (`grammar`), leaves alone what only looks like one, and works out the
//! date by the day of publication, the times told before and the tense of the verb
//! (`anchor`). [`governing`] tells by the tree which time an event took place at.
//!
//! Limits: zones are written down and not converted, and a range such as "from May to July"
//! is two times.

mod anchor;
mod govern;
mod grammar;
mod sense;
mod value;
mod word;

use according_nlp::{Doc, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use govern::{governing, within};

use crate::article::{Article, BlockKind, Day};
use anchor::Anchor;

use grammar::{Base, Grammar, Meaning};
use value::{Point, part_of};

/// A time expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// Where it stands, without a preposition before it.
    pub span: Span,
    /// Kind of the block it stands in.
    pub block: BlockKind,
    /// TIMEX3's type.
    pub kind: TimeKind,
    /// TIMEX3's value; `X` for what is not known.
    pub value: String,
    /// TIMEX3's `mod`: `START`, `APPROX`, …
    pub modifier: Option<&'static str>,
    /// The value in EDTF, level 2, where that can say it.
    pub edtf: Option<String>,
    /// First day it can mean, ISO 8601.
    pub begin: Option<String>,
    /// Last day it can mean.
    pub end: Option<String>,
    /// Whether it can be pointed at in the calendar.
    pub resolved: bool,
}

/// TIMEX3's kinds of time expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeKind {
    /// A day or something longer of the calendar.
    Date,
    /// A time of day, or a part of a day.
    Time,
    /// How long.
    Duration,
    /// What comes back again and again.
    Set,
}

/// The time expressions of an article, in text order and without overlap. `doc` is the parse
/// of its blocks; in those that were not parsed only what needs no parse is found.
pub fn find(article: &Article, doc: &Doc) -> Vec<Time> {
    let published = article.metadata.published.as_deref().and_then(Day::parse);
    let mut anchor = Anchor::new(published);
    let mut times = Vec::new();
    let mut words = Vec::new();
    // The year a sentence begins with, and where the sentence ends.
    let mut frame = None;
    for block in &article.blocks {
        word::words(&article.text, block.span, &mut words);
        let grammar = Grammar { words: &words };
        let mut i = 0;
        while i < words.len() {
            let found =
                grammar.expression(i).filter(|&(end, _)| i < end && end <= words.len());
            let Some((end, expression)) = found else {
                i += 1;
                continue;
            };
            let begin =
                i + usize::from(sense::is_foreign_determiner(doc, &words, i..end));
            let span = Span::new(words[begin].start, words[end - 1].end());
            let read = sense::read(doc, &words, begin..end, span, expression);
            let read = read.filter(|(expression, _)| anchor.knows(expression));
            let Some((expression, direction)) = read else {
                i += 1;
                continue;
            };
            // "9:40 p.m." as the heading of an entry is a time of the day it is published.
            let is_heading = begin == 0 && words[end..].iter().all(|w| w.text == ".");
            let told = match expression.meaning {
                Meaning::TimeOfDay if is_heading => Some(Meaning::Deictic(0)),
                Meaning::Shift { base: Base::Reference, .. } => {
                    grammar.told_again(end).map(|again| again.meaning)
                }
                _ => None,
            };
            let year = frame.filter(|&(_, end)| span.start < end).map(|(year, _)| year);
            let expression = year.map_or(expression, |year| expression.of_year(year));
            let resolved = anchor.resolve(&expression, told, direction);
            if let Some(Point::Year(Some(year))) = resolved.point {
                frame = sense::framed(doc, span).map(|end| (year, end));
            }
            times.push(time(span, block.kind, &resolved, expression.modifier));
            i = end;
        }
    }
    times
}

fn time(
    span: Span,
    block: BlockKind,
    it: &anchor::Resolved,
    modifier: Option<&'static str>,
) -> Time {
    let range = it.point.and_then(Point::range).map(|range| part_of(range, modifier));
    let range = range.or(it.range);

    Time {
        span,
        block,
        kind: it.kind,
        value: it.value.clone(),
        modifier,
        edtf: it.point.and_then(|point| point.edtf(it.clock, modifier)),
        begin: range.map(|range| range.0.to_string()),
        end: range.map(|range| range.1.to_string()),
        resolved: range.is_some(),
    }
}
