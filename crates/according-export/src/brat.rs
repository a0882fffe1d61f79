//! BRAT standoff: annotations of a text in a file beside it.
//!
//! Offsets are code points, which is what brat counts in. What stands in several places is a
//! discontinuous annotation, and so is what runs over the end of a line, since brat wants no
//! line breaks in its fragments. Text-bound: `Content`, `Source`, `Cue`, `Hedge`, `Time`,
//! `Place`, `Quantity`, mentions of entities, and triggers of events by their category.
//! Relations: `says` from source to content, `marks` from cue to content, `within` from a
//! content to the one it stands in. Mentions of one entity are equivalent (`*`). How a claim is
//! put are attributes of its content, its chain is a note, and a gazetteer's id a
//! normalization.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use according::Report;
use according::report::{Claim, Event, Offsets};

use crate::view::{View, chain_in_words, word};

/// What brat must be told about the annotations: `annotation.conf`.
pub const CONFIGURATION: &str = include_str!("annotation.conf");

/// The annotations of a report, `.ann`.
pub(crate) fn annotations(report: &Report) -> String {
    let mut file = File { view: View::new(report), out: String::new(), n: [0; 5] };
    let mut contents = BTreeMap::new();
    for claim in &report.claims {
        if let Some(content) = file.claim(claim) {
            contents.insert(claim.id.as_str(), content);
        }
    }
    for claim in &report.claims {
        let parent = claim.parent.as_deref().and_then(|parent| contents.get(parent));
        if let (Some(own), Some(parent)) = (contents.get(claim.id.as_str()), parent) {
            file.relation("within", own, parent);
        }
    }
    file.entities();
    file.others();
    for event in &report.events {
        file.event(event);
    }
    file.out
}

/// What is numbered on its own.
#[derive(Clone, Copy)]
enum Sort {
    Text,
    Relation,
    Attribute,
    Note,
    Event,
}

struct File<'r> {
    view: View<'r>,
    out: String,
    n: [usize; 5],
}

impl File<'_> {
    fn next(&mut self, sort: Sort) -> String {
        let letter = match sort {
            Sort::Text => 'T',
            Sort::Relation => 'R',
            Sort::Attribute => 'A',
            Sort::Note => '#',
            Sort::Event => 'E',
        };
        let n = self.n.get_mut(sort as usize).map_or(0, |n| {
            *n += 1;
            *n
        });
        format!("{letter}{n}")
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{line}");
    }

    /// A text-bound annotation, if there is anything in its places.
    fn text(&mut self, kind: &str, spans: &[Offsets]) -> Option<String> {
        let mut fragments: Vec<Offsets> =
            spans.iter().flat_map(|&span| self.lines_of(span)).collect();
        fragments.sort_unstable();
        fragments.dedup();
        if fragments.is_empty() {
            return None;
        }
        let id = self.next(Sort::Text);
        let places = fragments.iter().map(|[start, end]| format!("{start} {end}"));
        let places = places.collect::<Vec<_>>().join(";");
        let words = fragments.iter().map(|&span| self.view.slice(span));
        let words = words.collect::<Vec<_>>().join(" ");
        self.line(format_args!("{id}\t{kind} {places}\t{words}"));
        Some(id)
    }

    /// A stretch of text cut at the ends of lines, without white space at its ends.
    fn lines_of(&self, [start, end]: Offsets) -> Vec<Offsets> {
        let points = self.view.points().get(start..end).unwrap_or_default();
        let mut lines = Vec::new();
        let mut from = 0;
        for line in points.split(|&c| is_break(c)) {
            let space = |c: &char| c.is_whitespace();
            let before = line.iter().take_while(|c| space(c)).count();
            let after = line.iter().rev().take_while(|c| space(c)).count();
            if before < line.len() {
                let first = start + from + before;
                lines.push([first, start + from + line.len() - after]);
            }
            from += line.len() + 1;
        }
        lines
    }

    fn relation(&mut self, kind: &str, from: &str, to: &str) {
        let id = self.next(Sort::Relation);
        self.line(format_args!("{id}\t{kind} Arg1:{from} Arg2:{to}"));
    }

    fn attribute(&mut self, name: &str, of: &str, value: &str) {
        let id = self.next(Sort::Attribute);
        self.line(format_args!("{id}\t{name} {of} {value}"));
    }

    fn claim(&mut self, claim: &Claim) -> Option<String> {
        let content = self.text("Content", &claim.content)?;
        if let Some(source) = self.text("Source", &claim.source) {
            self.relation("says", &source, &content);
        }
        if let Some(cue) = self.text("Cue", &claim.cue) {
            self.relation("marks", &cue, &content);
        }
        for &hedge in &claim.hedges {
            self.text("Hedge", &[hedge]);
        }
        for (name, value) in [
            ("Act", word(&claim.act)),
            ("Mode", word(&claim.mode)),
            ("Stance", word(&claim.stance)),
            ("Certainty", word(&claim.certainty)),
            ("Polarity", word(&claim.polarity)),
            ("SpeakerKind", word(&claim.speaker.kind)),
        ] {
            self.attribute(name, &content, &value);
        }
        if claim.speaker.named {
            let id = self.next(Sort::Attribute);
            self.line(format_args!("{id}\tNamed {content}"));
        }
        let id = self.next(Sort::Note);
        let chain = crate::view::one_line(&chain_in_words(claim));
        let confidence = claim.confidence;
        self.line(format_args!(
            "{id}\tAnnotatorNotes {content}\t{}; {chain}; confidence {confidence}",
            claim.id
        ));
        Some(content)
    }

    fn entities(&mut self) {
        let report = self.view.report;
        for entity in &report.entities {
            let kind = entity.kind.as_deref().unwrap_or("OTHER").to_owned();
            let spans = entity.mentions.iter().map(|m| [m.start, m.end]);
            let mentions: Vec<String> =
                spans.filter_map(|span| self.text(&kind, &[span])).collect();
            if mentions.len() > 1 {
                self.line(format_args!("*\tEquiv {}", mentions.join(" ")));
            }
        }
    }

    fn others(&mut self) {
        let report = self.view.report;
        for time in &report.times {
            if let Some(id) = self.text("Time", &[[time.start, time.end]]) {
                let note = self.next(Sort::Note);
                self.line(format_args!("{note}\tAnnotatorNotes {id}\t{}", time.value));
            }
        }
        let mut n = 0;
        for place in &report.places {
            let Some(id) = self.text("Place", &[[place.start, place.end]]) else {
                continue;
            };
            let known = place.gazetteer_id.as_deref().and_then(|id| id.split_once(':'));
            if let (Some((_, number)), Some(name)) = (known, &place.name) {
                n += 1;
                let name = crate::view::one_line(name);
                self.line(format_args!("N{n}\tReference {id} GeoNames:{number}\t{name}"));
            }
        }
        for quantity in &report.quantities {
            self.text("Quantity", &[[quantity.start, quantity.end]]);
        }
    }

    fn event(&mut self, event: &Event) {
        let Some(&trigger) = event.triggers.first() else { return };
        let Some(trigger) = self.text(&event.kind, &[trigger]) else { return };
        let mut arguments = String::new();
        for participant in &event.participants {
            let role = if participant.role == "actor" { "Actor" } else { "Recipient" };
            let span = [participant.start, participant.end];
            if let Some(id) = self.text("Participant", &[span]) {
                // Writing to a string cannot fail.
                let _ = write!(arguments, " {role}:{id}");
            }
        }
        let id = self.next(Sort::Event);
        self.line(format_args!("{id}\t{}:{trigger}{arguments}", event.kind));
        self.attribute("Status", &id, &word(&event.status));
    }
}

/// What ends a line for brat or for whoever reads its files.
fn is_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1C}'
            ..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\t'
    )
}
