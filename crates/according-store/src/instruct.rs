//! What people say is to be set right, and the correction that makes of it.
//!
//! Places are named as answers show them: `K3` is a claim with all who make it, `bell` an
//! article, `bell#C4` a claim of its report, `bell@517` what holds that code point, and
//! `bell@517-587` what stands just there.

use std::fmt;

use according::report::SpeakerKind;
use according_corpus::correction::{Act, Anchor, Grade, MOST_ANCHORS};
use serde::{Deserialize, Serialize};

use crate::{Error, Place, Store};

/// How many sources are looked at for a name.
const MOST_SOURCES: u32 = 100_000;

/// What is to be set right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Instruction {
    /// These were read right.
    Accept {
        /// Claims or statements.
        places: Vec<String>,
    },
    /// These say the same.
    Merge {
        /// Claims or statements.
        places: Vec<String>,
    },
    /// Some who make a claim say something else.
    Split {
        /// The claim, such as `K3`.
        claim: String,
        /// Articles or statements that make it.
        places: Vec<String>,
    },
    /// These were misread.
    Reject {
        /// Claims or statements.
        places: Vec<String>,
    },
    /// These names are one's.
    MergeSources {
        /// Names as the corpus lists them; the first is kept.
        names: Vec<String>,
    },
    /// A name is somebody else's in some articles.
    SplitSource {
        /// The name as the corpus lists it.
        name: String,
        /// What the articles are called.
        articles: Vec<String>,
        /// What that one is called from now on.
        called: String,
    },
    /// How reliable an outlet is.
    Reliability {
        /// The outlet, by any of its names.
        outlet: String,
        /// The grade.
        grade: Grade,
    },
    /// Something worth knowing.
    Note {
        /// A claim, statement or article.
        place: String,
        /// The words.
        text: String,
    },
    /// Another correction no longer holds.
    Undo {
        /// Its number.
        of: u32,
    },
}

/// Why something is not set right.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The corpus cannot be used.
    Store(Error),
    /// There is no claim of this number.
    Claim(String),
    /// There is no article that is called so.
    Article(String),
    /// What is named is nothing that is compared with other articles.
    Statement(String),
    /// An article is named where a statement must be.
    Whole(String),
    /// Nobody is relied on who is called so.
    Source(String),
    /// There is no correction of this number.
    Correction(u32),
    /// It is undone already, by another.
    Undone(u32, u32),
    /// It makes no sense, and why.
    Senseless(String),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Claim(id) => write!(f, "there is no claim '{id}'"),
            Self::Article(name) => write!(f, "there is no article '{name}'"),
            Self::Statement(place) => {
                write!(f, "'{place}' is nothing that is compared with other articles")
            }
            Self::Whole(place) => write!(f, "'{place}' is a whole article"),
            Self::Source(name) => {
                write!(f, "nobody is relied on who is called '{name}'")
            }
            Self::Correction(number) => write!(f, "there is no correction {number}"),
            Self::Undone(number, by) => {
                write!(f, "correction {number} is undone already, by {by}")
            }
            Self::Senseless(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Refusal {}

/// What a place is.
enum On {
    Statements(Vec<Place>),
    Article(Anchor),
}

impl Store {
    /// The correction that an instruction makes, as the corpus stands now.
    ///
    /// # Errors
    ///
    /// When it names what is not there, makes no sense, or the file cannot be read.
    pub fn act(&mut self, instruction: &Instruction) -> Result<Act, Refusal> {
        let act = match instruction {
            Instruction::Accept { places } => {
                Act::Accept { statements: self.statements(places)? }
            }
            Instruction::Merge { places } => {
                Act::Merge { statements: self.statements(places)? }
            }
            Instruction::Reject { places } => {
                Act::Reject { statements: self.statements(places)? }
            }
            Instruction::Split { claim, places } => self.split(claim, places)?,
            Instruction::MergeSources { names } => {
                let kinds = names.iter().map(|name| self.kind_of(name));
                let kinds = kinds.collect::<Result<Vec<SpeakerKind>, Refusal>>()?;
                let first = kinds.first().filter(|_| names.len() > 1);
                let source_kind = *first.ok_or_else(|| nonsense("it takes two names"))?;
                Act::MergeSources { names: names.clone(), source_kind }
            }
            Instruction::SplitSource { name, articles, called } => {
                self.kind_of(name)?;
                if called.trim().is_empty() || called == name {
                    return Err(nonsense(format!(
                        "whoever is told from '{name}' must get another name"
                    )));
                }
                let articles = articles.iter().map(|reference| {
                    let found = self.places_of_article(reference)?;
                    let (anchor, _) =
                        found.ok_or_else(|| Refusal::Article(reference.clone()))?;
                    Ok(anchor)
                });
                let articles = articles.collect::<Result<Vec<Anchor>, Refusal>>()?;
                Act::SplitSource { name: name.clone(), articles, called: called.clone() }
            }
            Instruction::Reliability { outlet, grade } if !outlet.trim().is_empty() => {
                Act::Reliability { outlet: outlet.clone(), grade: *grade }
            }
            Instruction::Reliability { .. } => return Err(nonsense("which outlet?")),
            Instruction::Note { text, place }
                if text.trim().is_empty() || place.is_empty() =>
            {
                return Err(nonsense("the note is empty, or on nothing"));
            }
            Instruction::Note { place, text } => {
                let statements = match self.on(place)? {
                    On::Statements(places) => anchors(&places),
                    On::Article(anchor) => vec![anchor],
                };
                Act::Note { statements, text: text.clone() }
            }
            Instruction::Undo { of } => self.undo(*of)?,
        };
        let n = act.anchors().count();
        if n > MOST_ANCHORS {
            return Err(nonsense(format!(
                "these are {n} places; no more than {MOST_ANCHORS} are corrected at once"
            )));
        }
        Ok(act)
    }

    fn on(&mut self, place: &str) -> Result<On, Refusal> {
        if is_claim(place) {
            let found = self.places_of_claim(place)?;
            return found
                .map(On::Statements)
                .ok_or_else(|| Refusal::Claim(place.to_owned()));
        }
        if let Some((anchor, _)) = self.places_of_article(place)? {
            return Ok(On::Article(anchor));
        }
        let (reference, part) = parted(place);
        let found = self.places_of_article(reference)?;
        let (_, places) = found.ok_or_else(|| Refusal::Article(reference.to_owned()))?;
        let places: Vec<Place> = places.into_iter().filter(|at| part.holds(at)).collect();
        match places.is_empty() {
            true => Err(Refusal::Statement(place.to_owned())),
            false => Ok(On::Statements(places)),
        }
    }

    fn statements(&mut self, places: &[String]) -> Result<Vec<Anchor>, Refusal> {
        let mut found = Vec::new();
        for place in places {
            match self.on(place)? {
                On::Statements(places) => found.extend(anchors(&places)),
                On::Article(_) => return Err(Refusal::Whole(place.clone())),
            }
        }
        match found.is_empty() {
            true => Err(nonsense("no place is named")),
            false => Ok(found),
        }
    }

    fn split(&mut self, claim: &str, places: &[String]) -> Result<Act, Refusal> {
        let all = match self.on(claim)? {
            On::Statements(all) if is_claim(claim) => all,
            _ => return Err(nonsense(format!("'{claim}' is no claim such as K3"))),
        };
        let mut is_off = vec![false; all.len()];
        for place in places {
            let is_ref = all.iter().any(|at| at.reference == *place);
            let (reference, part) =
                if is_ref { (place.as_str(), Part::All) } else { parted(place) };
            let mut found = false;
            for (at, is_off) in all.iter().zip(&mut is_off) {
                if at.reference == reference && part.holds(at) {
                    (*is_off, found) = (true, true);
                }
            }
            if !found {
                let mut tell: Vec<&str> =
                    all.iter().map(|at| at.reference.as_str()).collect();
                tell.dedup();
                let who = tell.join(", ");
                return Err(nonsense(format!(
                    "'{place}' does not make {claim}; it is made by {who}"
                )));
            }
        }
        let part = |off: bool| {
            let of = all.iter().zip(&is_off).filter(|(_, is_off)| **is_off == off);
            of.map(|(at, _)| at.anchor.clone()).collect::<Vec<Anchor>>()
        };
        let (statements, others) = (part(true), part(false));
        if statements.is_empty() {
            return Err(nonsense("no place is named"));
        }
        if others.is_empty() {
            return Err(nonsense(format!("nothing of {claim} would be left")));
        }
        Ok(Act::Split { statements, others })
    }

    /// What a source with a name is.
    fn kind_of(&self, name: &str) -> Result<SpeakerKind, Refusal> {
        let found = self.sources(Some(name), MOST_SOURCES)?;
        let mut found = found.iter().filter(|source| source.name == name);
        let Some(source) = found.clone().find(|s| s.named).or_else(|| found.next())
        else {
            return Err(Refusal::Source(name.to_owned()));
        };
        if !source.named {
            return Err(nonsense(format!(
                "'{name}' is no name: who that is is not told, and not to be guessed"
            )));
        }
        let kind = serde_json::Value::String(source.kind.clone());
        serde_json::from_value(kind).map_err(|_| nonsense("a source of an unknown kind"))
    }

    fn undo(&self, number: u32) -> Result<Act, Refusal> {
        let all = self.corrections()?;
        let found = all.iter().find(|c| c.correction.number == number);
        match found.ok_or(Refusal::Correction(number))?.undone_by {
            Some(by) => Err(Refusal::Undone(number, by)),
            None => Ok(Act::Undo { of: number }),
        }
    }
}

fn nonsense(why: impl Into<String>) -> Refusal {
    Refusal::Senseless(why.into())
}

fn anchors(places: &[Place]) -> Vec<Anchor> {
    places.iter().map(|place| place.anchor.clone()).collect()
}

fn is_claim(place: &str) -> bool {
    place
        .strip_prefix(['K', 'k'])
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// A part of an article.
enum Part<'p> {
    All,
    Claim(&'p str),
    At(usize),
    Just(usize, usize),
}

impl Part<'_> {
    fn holds(&self, place: &Place) -> bool {
        match self {
            Part::All => true,
            Part::Claim(id) => {
                place.claim.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))
            }
            Part::At(at) => (place.start..place.end).contains(at),
            Part::Just(start, end) => (place.start, place.end) == (*start, *end),
        }
    }
}

/// The article and the part of it in `bell#C4`, `bell@517` or `bell@517-587`.
fn parted(place: &str) -> (&str, Part<'_>) {
    if let Some((reference, at)) = place.rsplit_once('@') {
        if let Ok(at) = at.parse() {
            return (reference, Part::At(at));
        }
        let ends = at.split_once('-').map(|(start, end)| (start.parse(), end.parse()));
        if let Some((Ok(start), Ok(end))) = ends {
            return (reference, Part::Just(start, end));
        }
    }
    match place.rsplit_once('#') {
        Some((reference, claim)) => (reference, Part::Claim(claim)),
        None => (place, Part::All),
    }
}
