//! What was read wrong, as Markdown for a person to study.
//!
//! Every miss shows the sentences it stands in twice: as annotated and as read, with
//! `[what is claimed]`, `{by whom}` and `_in which words_` marked.

use std::fmt::Write as _;
use std::ops::Range;

use according::report::{Claim, Offsets};
use according_nlp::{CodePoints, Doc};

use crate::gold::claims::Claim as Gold;
use crate::score::{attributions, claims};

/// Source, cue and content.
type Roles<'a> = [&'a [Offsets]; 3];

/// What opens and closes each role.
const MARKS: [[char; 2]; 3] = [['{', '}'], ['_', '_'], ['[', ']']];

/// An article whose misses are told.
#[derive(Debug)]
pub struct Teller<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its parse.
    pub doc: &'a Doc,
}

impl Teller<'_> {
    /// Attributions that are missed, too many, or given to somebody else.
    pub fn attributions(&self, compared: &attributions::Compared<'_>, out: &mut String) {
        let gold: Vec<Roles<'_>> =
            compared.gold.iter().map(|m| [&*m.source, &*m.cue, &*m.content]).collect();
        let read: Vec<Roles<'_>> = compared.predicted.iter().map(|c| roles(c)).collect();
        let pairs: Vec<(usize, usize, String)> = compared
            .pairs
            .iter()
            .map(|&(p, g, who)| {
                let wrong = if who { "" } else { "another source" };
                (p, g, wrong.to_owned())
            })
            .collect();
        self.tell(&gold, &read, &pairs, out);
    }

    /// Claims that are missed, too many, or of which something is wrong.
    pub fn claims(
        &self,
        gold: &[Gold],
        compared: &claims::Compared<'_>,
        out: &mut String,
    ) {
        let pairs: Vec<(usize, usize, String)> = compared
            .pairs
            .iter()
            .map(|(p, g, right)| {
                (
                    *p,
                    *g,
                    wrong_fields(
                        self.doc.text(),
                        compared.predicted[*p],
                        &gold[*g],
                        right,
                    ),
                )
            })
            .collect();
        let gold: Vec<Roles<'_>> =
            gold.iter().map(|c| [&*c.source, &*c.cue, &*c.content]).collect();
        let read: Vec<Roles<'_>> = compared.predicted.iter().map(|c| roles(c)).collect();
        self.tell(&gold, &read, &pairs, out);
    }

    fn tell(
        &self,
        gold: &[Roles<'_>],
        read: &[Roles<'_>],
        pairs: &[(usize, usize, String)],
        out: &mut String,
    ) {
        for (p, g, wrong) in pairs.iter().filter(|(.., wrong)| !wrong.is_empty()) {
            self.miss(wrong, Some(gold[*g]), Some(read[*p]), out);
        }
        for (g, missed) in gold.iter().enumerate() {
            if pairs.iter().all(|(_, other, _)| *other != g) {
                let near = read.iter().copied().max_by_key(|r| shared(r[2], missed[2]));
                let near = near.filter(|r| shared(r[2], missed[2]) > 0);
                self.miss("missed", Some(*missed), near, out);
            }
        }
        for (p, extra) in read.iter().enumerate() {
            if pairs.iter().all(|(other, ..)| *other != p) {
                self.miss("not annotated", None, Some(*extra), out);
            }
        }
    }

    fn miss(
        &self,
        what: &str,
        gold: Option<Roles<'_>>,
        read: Option<Roles<'_>>,
        out: &mut String,
    ) {
        let _ = writeln!(out, "## {}: {what}\n", self.name);
        let shown = self.sentences(gold.iter().chain(&read).flatten().copied().flatten());
        for (label, roles) in [("annotated", gold), ("read", read)] {
            let text =
                roles.map_or_else(|| "nothing".to_owned(), |r| self.marked(&shown, r));
            let _ = writeln!(out, "* {label}: {text}");
        }
        out.push('\n');
    }

    /// The sentences, in code points, that hold any of `spans`.
    fn sentences<'s>(
        &self,
        spans: impl Iterator<Item = &'s Offsets>,
    ) -> Vec<Range<usize>> {
        let points = CodePoints::new(self.doc.text());
        let spans: Vec<&Offsets> = spans.collect();
        let sentences = self.doc.sentences().map(|s| points.of(s.span()));
        let held = sentences
            .filter(|[start, end]| spans.iter().any(|s| *start < s[1] && s[0] < *end));
        held.map(|[start, end]| start..end).collect()
    }

    /// The text of `shown` with the marks of an attribution.
    fn marked(&self, shown: &[Range<usize>], roles: Roles<'_>) -> String {
        let mut marked = String::new();
        let spans = || {
            roles
                .iter()
                .zip(MARKS)
                .flat_map(|(spans, m)| spans.iter().map(move |s| (s, m)))
        };
        for range in shown {
            let text = self.doc.text().chars().enumerate();
            for (i, c) in text.skip(range.start).take(range.len()) {
                marked.extend(spans().filter(|(s, _)| s[0] == i).map(|(_, m)| m[0]));
                marked.push(if c.is_whitespace() { ' ' } else { c });
                marked.extend(spans().filter(|(s, _)| s[1] == i + 1).map(|(_, m)| m[1]));
            }
            marked.push(' ');
        }
        marked.trim_end().to_owned()
    }
}

fn roles(claim: &Claim) -> Roles<'_> {
    [&claim.source, &claim.cue, &claim.content]
}

fn shared(a: &[Offsets], b: &[Offsets]) -> usize {
    let both = |a: &Offsets, b: &Offsets| a[1].min(b[1]).saturating_sub(a[0].max(b[0]));
    a.iter().flat_map(|a| b.iter().map(move |b| both(a, b))).sum()
}

/// What is wrong about a claim: "certainty certain for possible".
fn wrong_fields(text: &str, read: &Claim, gold: &Gold, right: &claims::Fields) -> String {
    let show = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    let route = |names: Vec<String>| names.join(" > ");
    let values = [
        [name(&read.speaker.name), name(&gold.source_name)],
        [show(&read.speaker.kind), show(&gold.source_kind)],
        [show(&read.speaker.named), show(&gold.named)],
        [
            route(read.chain.iter().map(|h| name(&h.name)).collect()),
            route(gold.chain.iter().map(name).collect()),
        ],
        [show(&read.mode), show(&gold.mode)],
        [show(&read.stance), show(&gold.stance)],
        [show(&read.certainty), show(&gold.certainty)],
        [show(&read.polarity), show(&gold.polarity)],
    ];
    let fields = claims::FIELDS.iter().zip(values).zip(right);
    let wrong = fields.filter(|(_, right)| !**right);
    let mut told: Vec<String> =
        wrong.map(|((field, [p, g]), _)| format!("{field} {p} for {g}")).collect();
    let hedges: Vec<Offsets> = gold.hedges.iter().map(|h| [h.start, h.end]).collect();
    if read.hedges != hedges {
        let words = |hedges: &[Offsets]| {
            let word = |&[start, end]: &Offsets| -> String {
                text.chars().skip(start).take(end - start).collect()
            };
            hedges.iter().map(word).collect::<Vec<_>>().join("+")
        };
        told.push(format!("hedges '{}' for '{}'", words(&read.hedges), words(&hedges)));
    }
    told.join(", ")
}
