//! What in a report tells who a source without a name is.

use std::collections::{BTreeMap, BTreeSet};

use according::Report;
use according::annotate::speaker::kind_of_noun;
use according::report::{Claim, Offsets, Place, PlaceKind, SpeakerKind, Time};

use super::edit::{Edit, Edits, What};
use super::word::{Term, forms, places_of};

/// Nouns that tell of somebody no more than that there is one.
const VAGUE: [&str; 26] = [
    "source",
    "sources",
    "person",
    "people",
    "persons",
    "individual",
    "individuals",
    "one",
    "ones",
    "somebody",
    "someone",
    "others",
    "other",
    "some",
    "many",
    "several",
    "both",
    "most",
    "all",
    "those",
    "who",
    "they",
    "he",
    "she",
    "it",
    "we",
];
/// Where the noun of a description ends.
const ENDS_NOUN: [&str; 26] = [
    "in", "of", "from", "at", "with", "for", "on", "to", "who", "whom", "whose", "that",
    "which", "near", "by", "inside", "within", "close", "familiar", "involved",
    "briefed", "and", "or", "about", "outside", "speaking",
];

/// What stands before a place somebody is from.
const FROM: [&str; 8] =
    ["from", "in", "near", "outside", "around", "inside", "across", "throughout"];

/// Sources without a name, and what each is called instead.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// By entity, or else by name.
    known: BTreeMap<String, String>,
    n: usize,
    /// Names as they were, and what stands for them.
    pub(super) names: BTreeMap<String, String>,
}

impl Sources {
    pub(super) fn of(report: &Report) -> Self {
        let mut sources = Self::default();
        for claim in &report.claims {
            let speaker = &claim.speaker;
            let (name, entity) = (speaker.name.as_deref(), speaker.entity.as_deref());
            sources.add(name, entity, speaker.kind, speaker.named);
            for hop in &claim.chain {
                let (name, entity) = (hop.name.as_deref(), hop.entity.as_deref());
                sources.add(name, entity, hop.kind, hop.named);
            }
        }
        sources
    }

    fn add(
        &mut self,
        name: Option<&str>,
        entity: Option<&str>,
        kind: SpeakerKind,
        named: bool,
    ) {
        let Some(key) = key(name, entity, kind, named) else { return };
        let what = match kind {
            SpeakerKind::Person | SpeakerKind::Reporter => "source",
            SpeakerKind::People => "sources",
            SpeakerKind::Organisation => "organisation",
            SpeakerKind::Media => "outlet",
            SpeakerKind::Document => "document",
        };
        let n = self.n + 1;
        let called =
            self.known.entry(key).or_insert_with(|| format!("unnamed {what} {n}"));
        if called.ends_with(&format!(" {n}")) {
            self.n = n;
        }
        if let Some(name) = name {
            self.names.entry(name.to_owned()).or_insert_with(|| called.clone());
        }
    }

    /// What somebody is called instead; `None` for who needs no protection.
    pub(super) fn called(
        &self,
        name: Option<&str>,
        entity: Option<&str>,
        kind: SpeakerKind,
        named: bool,
    ) -> Option<&str> {
        let key = key(name, entity, kind, named)?;
        self.known.get(&key).map(String::as_str)
    }

    /// The same of an entity by its id.
    pub(super) fn called_entity(&self, id: &str) -> Option<&str> {
        self.known.get(&format!("entity {id}")).map(String::as_str)
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}

fn key(
    name: Option<&str>,
    entity: Option<&str>,
    kind: SpeakerKind,
    named: bool,
) -> Option<String> {
    let is_nobody = name.is_none_or(|name| name == "unspecified");
    if named || kind == SpeakerKind::Reporter || (is_nobody && entity.is_none()) {
        return None;
    }
    Some(match entity {
        Some(id) => format!("entity {id}"),
        None => format!("name {}", name.unwrap_or_default().to_lowercase()),
    })
}

/// What is replaced where it stands, and what is replaced wherever it stands.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) edits: Vec<Edit>,
    pub(super) terms: Vec<Term>,
}

pub(super) fn find(report: &Report, points: &[char], sources: &Sources) -> Found {
    let claims = report.claims.iter();
    let spans =
        claims.flat_map(|c| [&c.content, &c.cue, &c.source].into_iter().flatten());
    let mut starts: Vec<usize> = spans.map(|span| span[0]).collect();
    starts.sort_unstable();
    let mut found = Finder { report, points, sources, starts, found: Found::default() };
    found.descriptions();
    found.mentions();
    found.reasons();
    found.times();
    found.places();
    found.names();
    found.found
}

struct Finder<'r> {
    report: &'r Report,
    points: &'r [char],
    sources: &'r Sources,
    /// Where parts of claims begin, in text order.
    starts: Vec<usize>,
    found: Found,
}

impl<'r> Finder<'r> {
    fn protected(&self) -> impl Iterator<Item = (&'r Claim, &'r str)> + use<'r> {
        let sources = self.sources;
        self.report.claims.iter().filter_map(move |claim| {
            let s = &claim.speaker;
            let called = sources.called(
                s.name.as_deref(),
                s.entity.as_deref(),
                s.kind,
                s.named,
            )?;
            Some((claim, called))
        })
    }

    fn slice(&self, [start, end]: Offsets) -> String {
        self.points.get(start..end).unwrap_or_default().iter().collect()
    }

    fn edit(&mut self, [start, end]: Offsets, what: What, instead: &str) {
        let end = end.min(self.points.len());
        let instead = format!("[{instead}]");
        self.found.edits.push(Edit { start, end, what, instead });
    }

    fn term(&mut self, words: &str, what: What, instead: &str) {
        let term = Term::new(words, what, &format!("[{instead}]"));
        self.found.terms.extend(term);
    }

    /// Sources as they are described where they speak, with what is said of them between
    /// there and the cue or after it.
    fn descriptions(&mut self) {
        for (claim, called) in self.protected() {
            for &span in &claim.source {
                let whole = self.with_apposition(span);
                self.edit(whole, What::Source, called);
            }
        }
    }

    /// "The source, a nurse of 43, told" and "said the source, who asked not to be named."
    fn with_apposition(&self, [start, end]: Offsets) -> Offsets {
        let [_, last] = self.sentence([start, end]);
        let i = self.starts.partition_point(|&at| at < end);
        let next = self.starts.get(i).map_or(last, |&next| next.min(last));
        let between = self.points.get(end..next).unwrap_or_default();
        // What follows a comma or says which one is meant, up to what is told next.
        let rest: String = between.iter().collect();
        let words = rest.trim_start();
        let first = words.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let goes_on = words.starts_with([',', '(', '–', '—'])
            || ENDS_NOUN.contains(&first.to_lowercase().as_str());
        let start = self.with_article(start);
        if !goes_on {
            return [start, end];
        }
        let tail = rest.chars().rev().take_while(|c| is_loose(*c)).count();
        [start, next.saturating_sub(tail).max(end)]
    }

    /// From the article that stands before a description on.
    fn with_article(&self, start: usize) -> usize {
        let before = self.points.get(start.saturating_sub(4)..start).unwrap_or_default();
        let before: String = before.iter().collect::<String>().to_lowercase();
        let is_apart = |word: &str| {
            before.ends_with(word)
                && before
                    .strip_suffix(word)
                    .is_none_or(|b| !b.ends_with(char::is_alphanumeric))
        };
        let word = ["a ", "an ", "the "].into_iter().find(|word| is_apart(word));
        word.map_or(start, |word| start - word.len())
    }

    /// What is said of somebody elsewhere, and pronouns, which tell of women and men.
    fn mentions(&mut self) {
        for entity in &self.report.entities {
            let Some(called) = self.sources.called_entity(&entity.id) else { continue };
            for mention in &entity.mentions {
                let span = [mention.start, mention.end];
                let words = self.slice(span).to_lowercase();
                let is_owner = matches!(words.as_str(), "his" | "her" | "their" | "its")
                    || words.ends_with("’s")
                    || words.ends_with("'s");
                self.edit(span, What::Source, called);
                if let Some(edit) = self.found.edits.last_mut().filter(|_| is_owner) {
                    edit.instead += "’s";
                }
            }
        }
    }

    fn reasons(&mut self) {
        let claims = self.report.claims.iter();
        for claim in claims {
            if let Some(reason) = &claim.speaker.reason_unnamed {
                self.term(reason, What::Reason, "reason");
            }
        }
    }

    /// When a source spoke: times in its sentences that are no part of what it says.
    fn times(&mut self) {
        for (claim, _) in self.protected() {
            let told = claim.source.iter().chain(&claim.cue);
            let sentences: Vec<Offsets> = told.map(|&span| self.sentence(span)).collect();
            for [start, end] in sentences {
                let times = &self.report.times;
                let first = times.partition_point(|time| time.start < start);
                let near = times.iter().skip(first).take_while(|time| time.end <= end);
                let is_told = |time: &Time| {
                    claim.content.iter().any(|c| c[0] <= time.start && time.end <= c[1])
                };
                for time in near.filter(|time| !is_told(time)) {
                    self.edit([time.start, time.end], What::Time, "time");
                    self.term(&time.text, What::Time, "time");
                }
            }
        }
    }

    /// Where a source is from, if that is less than a country.
    fn places(&mut self) {
        let described = self.found.edits.iter().filter(|e| e.what == What::Source);
        let described = Edits::new(described.cloned().collect());
        let named: BTreeSet<&str> = self
            .protected()
            .filter_map(|(claim, _)| claim.speaker.place.as_deref())
            .collect();
        let is_own = |place: &&Place| {
            let is_told = described.over([place.start, place.end]).is_some();
            is_small(place.kind) && (is_told || named.contains(place.id.as_str()))
        };
        let places = self.report.places.iter();
        let own: BTreeSet<&str> =
            places.clone().filter(is_own).map(|place| place.id.as_str()).collect();
        // The same place by another name is the same place.
        let known: BTreeSet<&str> = places
            .clone()
            .filter(is_own)
            .filter_map(|p| p.gazetteer_id.as_deref())
            .collect();
        self.unknown_places(&described);
        for place in places {
            let is_known =
                place.gazetteer_id.as_deref().is_some_and(|id| known.contains(id));
            if own.contains(place.id.as_str()) || is_known {
                self.term(&place.text, What::Place, "place");
                if let Some(name) = &place.name {
                    self.term(name, What::Place, "place");
                }
            }
        }
    }

    /// Names in descriptions after "from" and the like that nobody knows as a place: "a welder
    /// from Varnik". Countries and peoples are known.
    fn unknown_places(&mut self, described: &Edits) {
        let mut names: Vec<String> =
            described.iter().map(|edit| self.slice([edit.start, edit.end])).collect();
        let called = self.protected().filter_map(|(claim, _)| claim.speaker.name.clone());
        names.extend(called);
        let known = self.report.places.iter().filter(|place| !is_small(place.kind));
        let known: BTreeSet<&str> = known.map(|place| place.text.as_str()).collect();
        for name in names {
            let mut words = name.split_whitespace().peekable();
            while let Some(word) = words.next() {
                if !FROM.contains(&word.to_lowercase().as_str()) {
                    continue;
                }
                words.next_if(|word| word.eq_ignore_ascii_case("the"));
                let is_name = |word: &&str| word.starts_with(char::is_uppercase);
                let mut place = Vec::new();
                while let Some(word) = words.next_if(is_name) {
                    place.push(word);
                }
                let place = place.join(" ");
                let place = place.trim_end_matches(|c: char| !c.is_alphanumeric());
                let place = place.strip_suffix("’s").unwrap_or(place);
                if !known.contains(place) {
                    self.term(place, What::Place, "place");
                }
            }
        }
    }

    /// What sources are called, whole; and the noun in it wherever it stands.
    fn names(&mut self) {
        let called: Vec<&str> = self
            .protected()
            .filter_map(|(claim, _)| claim.speaker.name.as_deref())
            .collect();
        for noun in called.into_iter().filter_map(noun).filter(|noun| is_of_people(noun))
        {
            for form in forms(&noun) {
                let is_many = form.ends_with('s') || form.ends_with("men");
                let instead = if is_many { "people" } else { "person" };
                self.term(&form, What::Role, instead);
            }
        }
        let names = self.sources.names.iter().filter(|(name, _)| name.contains(' '));
        let names = names.filter_map(|(name, called)| {
            Term::new(name, What::Source, &format!("[{called}]"))
        });
        let names: Vec<Term> = names.collect();
        // With what is said of them there, as where they speak.
        for mut edit in places_of(&names, self.points) {
            [edit.start, edit.end] = self.with_apposition([edit.start, edit.end]);
            self.found.edits.push(edit);
        }
        self.found.terms.extend(names);
    }

    /// The sentence around a place, in its block. Where it is not sure that one ends it goes on.
    fn sentence(&self, [start, end]: Offsets) -> Offsets {
        let length = self.points.len();
        let (start, end) = (start.min(length), end.min(length));
        let blocks = &self.report.article.blocks;
        let i = blocks.partition_point(|block| block.end < end);
        let block = blocks.get(i).filter(|block| block.start <= start);
        let (first, last) = block.map_or((0, length), |b| (b.start, b.end.min(length)));
        let before = (first..start).rev().find(|&i| self.ends_sentence(i));
        let after = (end..last).find(|&i| self.ends_sentence(i));
        [before.map_or(first, |i| i + 1), after.unwrap_or(last)]
    }

    fn ends_sentence(&self, i: usize) -> bool {
        let Some('.' | '!' | '?') = self.points.get(i) else { return false };
        let rest = self.points.get(i + 1..).unwrap_or_default();
        let closing = rest.iter().take_while(|c| "”’\"')]".contains(**c)).count();
        let rest = rest.get(closing..).unwrap_or_default();
        let spaces = rest.iter().take_while(|c| c.is_whitespace()).count();
        let next = rest.get(spaces);
        let begins = next.is_none_or(|c| c.is_uppercase() || !c.is_alphanumeric());
        let word = self.points.get(..i).unwrap_or_default();
        let word = word.iter().rev().take_while(|c| c.is_alphabetic()).count();
        // "Gen. Smith", "J. Smith": a short word with a capital may be cut short.
        let is_short = word <= 4
            && i.checked_sub(word)
                .and_then(|at| self.points.get(at))
                .is_some_and(|c| c.is_uppercase());
        (spaces > 0 || rest.is_empty()) && begins && !is_short
    }
}

/// Whether a place is smaller than a country.
fn is_small(kind: PlaceKind) -> bool {
    !matches!(kind, PlaceKind::Country | PlaceKind::Demonym)
}

/// Whether a noun names people, or may: of one that nobody listed it is not sure that it names
/// a body or a document.
fn is_of_people(noun: &str) -> bool {
    let kind = forms(noun).iter().find_map(|form| kind_of_noun(form));
    kind.is_none_or(|kind| matches!(kind, SpeakerKind::Person | SpeakerKind::People))
}

/// White space and marks that belong to what comes next.
fn is_loose(c: char) -> bool {
    c.is_whitespace() || ",.;:–—\"“”'‘’".contains(c)
}

/// "trader" of "trader from Dravik"; `None` where it tells nothing.
fn noun(name: &str) -> Option<String> {
    let words = name.split(|c: char| c.is_whitespace() || c == ',');
    let words =
        words.take_while(|word| !ENDS_NOUN.contains(&word.to_lowercase().as_str()));
    let noun = words.filter(|word| !word.is_empty()).last()?.to_lowercase();
    let noun = noun.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    (!noun.is_empty() && !VAGUE.contains(&noun.as_str())).then_some(noun)
}
