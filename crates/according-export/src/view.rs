//! What all formats ask of a report.

use according::Report;
use according::report::{Claim, Entity, Hop, Offsets, Place, SpeakerKind, Time};
use serde::Serialize;
use uuid::Uuid;

/// A report with its text by code points.
pub(crate) struct View<'r> {
    pub(crate) report: &'r Report,
    points: Vec<char>,
}

impl<'r> View<'r> {
    pub(crate) fn new(report: &'r Report) -> Self {
        Self { report, points: report.article.text.chars().collect() }
    }

    /// The words between two code points; none where there are none.
    pub(crate) fn slice(&self, [start, end]: Offsets) -> String {
        self.points.get(start..end).unwrap_or_default().iter().collect()
    }

    pub(crate) fn points(&self) -> &[char] {
        &self.points
    }

    /// What stands in several places, as one line; what lies between is left out.
    pub(crate) fn words(&self, spans: &[Offsets]) -> String {
        let parts = spans.iter().map(|&span| one_line(&self.slice(span)));
        parts.collect::<Vec<_>>().join(" … ")
    }

    /// What the article is called.
    pub(crate) fn title(&self) -> &'r str {
        let article = &self.report.article;
        let title = article.title.as_deref().or(article.reference.as_deref());
        title.unwrap_or(&article.id)
    }

    /// `urn:according:sha256:…`: the article by its text, and by where or under which name it
    /// was published, since a copy is another article.
    pub(crate) fn urn(&self) -> String {
        let article = &self.report.article;
        let id = format!("urn:according:{}", article.id);
        match article.url.as_ref().or(article.reference.as_ref()) {
            Some(name) => {
                let name = uuid(&format!("article {name}")).simple().to_string();
                format!("{id}:{}", name.get(..12).unwrap_or_default())
            }
            None => id,
        }
    }

    /// A part of the article by its id in the report.
    pub(crate) fn part(&self, id: &str) -> String {
        format!("{}#{id}", self.urn())
    }

    pub(crate) fn entity(&self, id: Option<&str>) -> Option<&'r Entity> {
        by_id(&self.report.entities, id?, |entity| &entity.id)
    }

    pub(crate) fn place(&self, id: Option<&str>) -> Option<&'r Place> {
        by_id(&self.report.places, id?, |place| &place.id)
    }

    pub(crate) fn time(&self, id: Option<&str>) -> Option<&'r Time> {
        by_id(&self.report.times, id?, |time| &time.id)
    }

    /// Day of publication, the first of those it may be; `None` where it is not known.
    pub(crate) fn day(&self) -> Option<String> {
        let published = self.report.article.published.as_deref()?;
        let day = match published.len() {
            4 => format!("{published}-01-01"),
            7 => format!("{published}-01"),
            _ => published.to_owned(),
        };
        (day.len() == 10 && according::Day::parse(&day).is_some()).then_some(day)
    }

    /// What makes somebody the same in another article: a name; and without one nothing.
    pub(crate) fn key(&self, hop: &Actor<'_>) -> String {
        let class = class(hop.kind);
        match hop.named {
            true => format!("{class} {}", hop.name.to_lowercase()),
            false => {
                let id = hop.entity.unwrap_or(hop.name);
                format!("{} {class} {id}", self.urn())
            }
        }
    }

    /// Those who tell a claim, the one nearest the event first. Nobody for what is told by
    /// nobody in particular, or by the reporter.
    pub(crate) fn chain(&self, claim: &'r Claim) -> Vec<Actor<'r>> {
        claim.chain.iter().map(Actor::of).collect()
    }

    /// The outlet that publishes the article.
    pub(crate) fn outlet(&self) -> Option<Actor<'r>> {
        let name = self.report.article.outlet.as_deref()?;
        let media = SpeakerKind::Media;
        Some(Actor { name, entity: None, kind: media, named: true })
    }
}

/// What has an id, which in reports is its number among its like.
pub(crate) fn by_id<'r, T>(
    all: &'r [T],
    id: &str,
    id_of: impl Fn(&T) -> &str,
) -> Option<&'r T> {
    let number = id.get(1..).and_then(|number| number.parse::<usize>().ok());
    let at = number.and_then(|number| all.get(number.checked_sub(1)?));
    let at = at.filter(|value| id_of(value) == id);
    at.or_else(|| all.iter().find(|value| id_of(value) == id))
}

/// Somebody who tells something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actor<'r> {
    pub(crate) name: &'r str,
    pub(crate) entity: Option<&'r str>,
    pub(crate) kind: SpeakerKind,
    pub(crate) named: bool,
}

impl<'r> Actor<'r> {
    fn of(hop: &'r Hop) -> Self {
        Self {
            name: hop.name.as_deref().unwrap_or("unspecified"),
            entity: hop.entity.as_deref(),
            kind: hop.kind,
            named: hop.named,
        }
    }

    /// Told by nobody in particular.
    pub(crate) fn is_nobody(&self) -> bool {
        !self.named && self.name == "unspecified"
    }
}

/// What is one sort of actor to others, though reports tell it apart.
fn class(kind: SpeakerKind) -> &'static str {
    match kind {
        SpeakerKind::Person => "person",
        SpeakerKind::People => "people",
        SpeakerKind::Organisation | SpeakerKind::Media => "organisation",
        SpeakerKind::Document => "document",
        SpeakerKind::Reporter => "reporter",
    }
}

/// A claim in a line: its chain, how it is told and how surely, and where it stands.
pub(crate) fn in_a_line(claim: &Claim) -> String {
    format!(
        "{}: {}, {}, {}; {}, code points {}",
        chain_in_words(claim),
        word(&claim.mode),
        word(&claim.stance),
        word(&claim.factuality),
        claim.id,
        spans(&claim.content)
    )
}

/// "police officer › Harbour Post", or whose own words they are.
pub(crate) fn chain_in_words(claim: &Claim) -> String {
    steps(claim).join(" › ")
}

/// The names of a chain, or whose own words they are.
pub(crate) fn steps(claim: &Claim) -> Vec<String> {
    let name = |name: &Option<String>| name.clone().unwrap_or("unspecified".to_owned());
    match claim.chain.is_empty() {
        true => vec![name(&claim.speaker.name)],
        false => claim.chain.iter().map(|hop| name(&hop.name)).collect(),
    }
}

/// The word that a value is written as in a report.
pub(crate) fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// A number with as many digits as it has in a report.
pub(crate) fn number(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

/// White space and control characters made single spaces.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// "284-416 459-532".
pub(crate) fn spans(spans: &[Offsets]) -> String {
    let spans = spans.iter().map(|[start, end]| format!("{start}-{end}"));
    spans.collect::<Vec<_>>().join(" ")
}

/// A UUID of version 5 that follows from what it is for.
pub(crate) fn uuid(what: &str) -> Uuid {
    let ours = Uuid::new_v5(&Uuid::NAMESPACE_OID, according::report::FORMAT.as_bytes());
    Uuid::new_v5(&ours, what.as_bytes())
}
