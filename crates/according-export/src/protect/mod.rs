//! Reports that tell less of sources without a name.
//!
//! How such a source is described, what it is, where it is from, when and why without a name
//! it spoke, and how many there were are made general in the text itself, in square brackets,
//! and in everything that is told of it. What the source says is left as it is, and may tell
//! who it was; so may the outlet, the authors and the original of the report. What is looked
//! for is told in `find`, and to users, with what is not protected, in `docs/exports.md`.

mod edit;
mod find;
mod word;

use std::collections::BTreeSet;
use std::fmt;

use according::Report;
use according::report::{Claim, MentionForm, Offsets, PlaceKind, Time};
use sha2::{Digest as _, Sha256};

use edit::{Edits, What};
use find::Sources;
use word::{Term, places_of};

use crate::view::by_id;

/// A report that was made general, and what that took.
#[derive(Debug)]
pub struct Protected {
    /// The report. Its text, and with it its id, are others than they were.
    pub report: Report,
    /// What was made general.
    pub removed: Removed,
    edits: Edits,
}

impl Protected {
    /// Where a stretch of the text as it was is in the text as it is.
    pub fn offsets(&self, offsets: Offsets) -> Offsets {
        self.edits.map(offsets)
    }
}

/// How much was made general, counted by where it stood in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Sources without a name.
    pub sources: usize,
    /// Descriptions and mentions of them.
    pub descriptions: usize,
    /// Words for what they are.
    pub roles: usize,
    /// Places they are from.
    pub places: usize,
    /// Times at which they spoke.
    pub times: usize,
    /// Reasons for which they are not named.
    pub reasons: usize,
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |n: usize, one: &str, many: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let parts = [
            count(
                self.descriptions,
                "description or mention",
                "descriptions and mentions",
            ),
            count(self.roles, "word for a role", "words for roles"),
            count(self.places, "place", "places"),
            count(self.times, "time", "times"),
            count(self.reasons, "reason", "reasons"),
        ];
        let sources = count(self.sources, "source", "sources");
        let are = if self.sources == 1 { "is" } else { "are" };
        let parts = parts.join(", ");
        write!(f, "{sources} without a name {are} protected; generalised: {parts}")
    }
}

/// A report that tells less of sources without a name.
pub fn protect(report: &Report) -> Protected {
    let points: Vec<char> = report.article.text.chars().collect();
    let sources = Sources::of(report);
    let found = find::find(report, &points, &sources);
    let mut edits = found.edits;
    edits.extend(places_of(&found.terms, &points));
    let edits = Edits::new(edits);
    let removed = removed(&sources, &edits);
    let mut maker = Maker {
        text: edits.apply(&points).chars().collect(),
        edits: &edits,
        sources: &sources,
        terms: &found.terms,
        gone: BTreeSet::new(),
    };
    let report = maker.report(report.clone(), &removed);
    Protected { report, removed, edits }
}

fn removed(sources: &Sources, edits: &Edits) -> Removed {
    let count = |what: What| edits.iter().filter(|edit| edit.what == what).count();
    Removed {
        sources: sources.len(),
        descriptions: count(What::Source),
        roles: count(What::Role),
        places: count(What::Place),
        times: count(What::Time),
        reasons: count(What::Reason),
    }
}

/// The value of a time, and the days it begins and ends with.
fn days_of(time: &Time) -> impl Iterator<Item = &String> {
    [Some(&time.value), time.begin.as_ref(), time.end_date.as_ref()].into_iter().flatten()
}

struct Maker<'a> {
    /// The text as it will be.
    text: Vec<char>,
    edits: &'a Edits,
    sources: &'a Sources,
    terms: &'a [Term],
    /// Ids of what stood in something that is not told any more.
    gone: BTreeSet<String>,
}

impl Maker<'_> {
    fn report(&mut self, mut report: Report, removed: &Removed) -> Report {
        self.entities(&mut report);
        self.places(&mut report);
        self.times(&mut report);
        self.quantities(&mut report);
        report.claims.iter_mut().for_each(|claim| self.claim(claim));
        self.events(&mut report);
        self.article(&mut report);
        self.sourcing(&mut report, removed);
        report
    }

    fn slice(&self, [start, end]: Offsets) -> String {
        self.text.get(start..end).unwrap_or_default().iter().collect()
    }

    /// Words that stand beside the text, without those that must not be read.
    fn swept(&self, words: &str) -> String {
        let points: Vec<char> = words.chars().collect();
        let edits = Edits::new(places_of(self.terms, &points));
        edits.apply(&points)
    }

    fn sweep(&self, words: &mut String) {
        *words = self.swept(words);
    }

    /// An address or path that must not be read in part is not told at all.
    fn drop_if_telling(&self, words: &mut Option<String>) {
        if words.as_ref().is_some_and(|words| self.swept(words) != *words) {
            *words = None;
        }
    }

    /// Whether a place in the text is told no more; what is made general is told still.
    fn is_gone(&self, span: Offsets) -> bool {
        let over = self.edits.over(span);
        over.is_some_and(|edit| matches!(edit.what, What::Source | What::Reason))
    }

    fn entities(&mut self, report: &mut Report) {
        for entity in &mut report.entities {
            let called = self.sources.called_entity(&entity.id).map(str::to_owned);
            let is_source = called.is_some();
            entity.mentions.retain(|m| is_source || !self.is_gone([m.start, m.end]));
            for mention in &mut entity.mentions {
                [mention.start, mention.end] =
                    self.edits.map([mention.start, mention.end]);
                mention.name = mention.name.map(|name| self.edits.map(name));
                if is_source {
                    (mention.form, mention.name) = (MentionForm::Nominal, None);
                }
            }
            // Several mentions may have become one.
            entity.mentions.dedup();
            match called {
                Some(called) => {
                    entity.name = called;
                    entity.aliases.clear();
                    entity.titles.clear();
                    (entity.country, entity.role, entity.age) = (None, None, None);
                }
                None => {
                    self.sweep(&mut entity.name);
                    entity.aliases.iter_mut().for_each(|alias| self.sweep(alias));
                    entity.titles.iter_mut().for_each(|title| self.sweep(title));
                }
            }
        }
        let gone = report.entities.iter().filter(|e| e.mentions.is_empty());
        self.gone.extend(gone.map(|entity| entity.id.clone()));
        report.entities.retain(|entity| !entity.mentions.is_empty());
    }

    fn places(&mut self, report: &mut Report) {
        for place in &mut report.places {
            let span = [place.start, place.end];
            if self.is_gone(span) {
                self.gone.insert(place.id.clone());
                continue;
            }
            let is_general = self.edits.touch(span);
            [place.start, place.end] = self.edits.map(span);
            place.text = self.slice([place.start, place.end]);
            let same = |name: &String| self.swept(name) == *name;
            let tells = place.name.as_ref().is_some_and(|name| !same(name));
            if is_general || tells {
                (place.name, place.admin1, place.gazetteer_id) = (None, None, None);
                (place.lat, place.lon, place.confidence) = (None, None, 0.0);
                place.kind = PlaceKind::Other;
            }
            if let Some(admin1) = &mut place.admin1 {
                *admin1 = self.swept(admin1);
            }
        }
        report.places.retain(|place| !self.gone.contains(&place.id));
    }

    fn times(&mut self, report: &mut Report) {
        let is_touched = |time: &Time| self.edits.touch([time.start, time.end]);
        // "That day" may be the one that must not be told, and "since that day" begin with it.
        let touched =
            report.times.iter().filter(|time| time.resolved && is_touched(time));
        let days: BTreeSet<String> = touched.flat_map(days_of).cloned().collect();
        for time in &mut report.times {
            let span = [time.start, time.end];
            if self.edits.touch(span) || days_of(time).any(|day| days.contains(day)) {
                self.gone.insert(time.id.clone());
            }
            [time.start, time.end] = self.edits.map(span);
        }
        report.times.retain(|time| !self.gone.contains(&time.id));
    }

    fn quantities(&mut self, report: &mut Report) {
        for quantity in &mut report.quantities {
            let span = [quantity.start, quantity.end];
            if self.edits.touch(span) {
                self.gone.insert(quantity.id.clone());
            }
            [quantity.start, quantity.end] = self.edits.map(span);
            if let Some(what) = &mut quantity.what {
                *what = self.swept(what);
            }
        }
        report.quantities.retain(|quantity| !self.gone.contains(&quantity.id));
    }

    fn spans(&self, spans: &mut Vec<Offsets>) {
        spans.iter_mut().for_each(|span| *span = self.edits.map(*span));
        spans.dedup();
    }

    fn ids(&self, ids: &mut Vec<String>) {
        ids.retain(|id| !self.gone.contains(id));
    }

    fn id(&self, id: &mut Option<String>) {
        if id.as_ref().is_some_and(|id| self.gone.contains(id)) {
            *id = None;
        }
    }

    fn claim(&self, claim: &mut Claim) {
        claim.hedges.retain(|&hedge| !self.is_gone(hedge));
        for spans in
            [&mut claim.content, &mut claim.source, &mut claim.cue, &mut claim.hedges]
        {
            self.spans(spans);
        }
        let s = &mut claim.speaker;
        let (name, entity) = (s.name.as_deref(), s.entity.as_deref());
        match self.sources.called(name, entity, s.kind, s.named) {
            Some(called) => {
                s.name = Some(called.to_owned());
                (s.role, s.place, s.reason_unnamed) = (None, None, None);
            }
            None => {
                s.name = s.name.as_ref().map(|name| self.swept(name));
                s.reason_unnamed = None;
            }
        }
        self.id(&mut s.entity);
        self.id(&mut s.place);
        for hop in &mut claim.chain {
            let (name, entity) = (hop.name.as_deref(), hop.entity.as_deref());
            let called = self.sources.called(name, entity, hop.kind, hop.named);
            let called = called.map(str::to_owned);
            hop.name = called.or_else(|| hop.name.as_ref().map(|name| self.swept(name)));
            self.id(&mut hop.entity);
            self.spans(&mut hop.cue);
        }
        for ids in [&mut claim.times, &mut claim.places, &mut claim.entities] {
            self.ids(ids);
        }
    }

    fn events(&self, report: &mut Report) {
        for event in &mut report.events {
            let first = event.triggers.first().copied();
            self.spans(&mut event.triggers);
            if let Some(trigger) = event.triggers.first()
                && first.is_some_and(|trigger| self.edits.touch(trigger))
            {
                event.text = self.slice(*trigger);
            }
            for participant in &mut event.participants {
                [participant.start, participant.end] =
                    self.edits.map([participant.start, participant.end]);
                self.id(&mut participant.entity);
                self.id(&mut participant.count);
            }
            for id in [
                &mut event.time,
                &mut event.place,
                &mut event.from,
                &mut event.to,
                &mut event.via,
            ] {
                self.id(id);
            }
            self.ids(&mut event.goods);
        }
    }

    fn article(&self, report: &mut Report) {
        let article = &mut report.article;
        for block in &mut article.blocks {
            if self.edits.touch([block.start, block.end]) {
                // It leads to words that are no more here.
                block.selector = None;
            }
            [block.start, block.end] = self.edits.map([block.start, block.end]);
        }
        for page in &mut article.pages {
            [page.start, page.end] = self.edits.map([page.start, page.end]);
        }
        article.text = self.text.iter().collect();
        let digest = Sha256::digest(article.text.as_bytes());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        article.id = format!("sha256:{digest}");
        for words in [
            &mut article.title,
            &mut article.outlet,
            &mut article.dateline,
            &mut article.via,
        ] {
            *words = words.as_ref().map(|words| self.swept(words));
        }
        article.byline.iter_mut().for_each(|name| self.sweep(name));
        article.provenance.iter_mut().for_each(|told| self.sweep(&mut told.value));
        for words in [&mut article.url, &mut article.reference, &mut article.locator] {
            self.drop_if_telling(words);
        }
    }

    fn sourcing(&self, report: &mut Report, removed: &Removed) {
        let claims = &report.claims;
        let sourcing = &mut report.sourcing;
        for origin in &mut sourcing.origins {
            let first = origin.claims.first();
            let claim = first.and_then(|id| by_id(claims, id, |claim| &claim.id));
            let names = claim.into_iter().flat_map(|claim| &claim.chain);
            let unknown = || "unknown source".to_owned();
            origin.chain =
                names.map(|hop| hop.name.clone().unwrap_or_else(unknown)).collect();
        }
        for name in &mut sourcing.media {
            *name = match self.sources.names.get(name) {
                Some(called) => called.clone(),
                None => self.swept(name),
            };
        }
        let names = self.sources.names.iter();
        let names: Vec<Term> = names
            .filter_map(|(name, called)| Term::new(name, What::Source, called))
            .collect();
        let points: Vec<char> = sourcing.explanation.chars().collect();
        sourcing.explanation = Edits::new(places_of(&names, &points)).apply(&points);
        self.sweep(&mut sourcing.explanation);
        if *removed != Removed::default() {
            sourcing.explanation += &format!(" Here {removed}.");
        }
    }
}
