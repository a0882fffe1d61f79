//! `according correct`: what an analyst sets right.

use std::io::Write as _;

use according::report::SpeakerKind;
use according_corpus::correction::{Act, Anchor, Correction, Grade, MOST_ANCHORS};
use according_store::{Listed, Place, Store};
use anyhow::{Context as _, Result, anyhow, bail};

use super::Ending;
use super::add::with_advice;
use crate::clock;
use crate::console::{Console, hinted};
use crate::files;
use crate::flags::{AskFlags, CorpusFlags, CorpusFormat, CorrectCommand, HandFlags};
use crate::{corpus_output, output};

/// The largest file of corrections.
const MOST_BYTES: usize = 256 << 20;
/// How many sources are looked at for a name.
const MOST_SOURCES: u32 = 100_000;

pub(crate) fn run(command: &CorrectCommand, console: &Console) -> Result<Ending> {
    match command {
        CorrectCommand::Merge { places, hand } => {
            let mut store = open(&hand.corpus)?;
            let statements = statements(&mut store, places)?;
            record(store, hand, Act::Merge { statements }, console)
        }
        CorrectCommand::Split { claim, places, hand } => {
            let mut store = open(&hand.corpus)?;
            let act = split(&mut store, claim, places)?;
            record(store, hand, act, console)
        }
        CorrectCommand::Reject { places, hand } => {
            let mut store = open(&hand.corpus)?;
            let statements = statements(&mut store, places)?;
            record(store, hand, Act::Reject { statements }, console)
        }
        CorrectCommand::MergeSources { names, hand } => {
            let store = open(&hand.corpus)?;
            let kinds: Vec<SpeakerKind> =
                names.iter().map(|name| kind_of(&store, name)).collect::<Result<_>>()?;
            let source_kind = kinds.first().copied().unwrap_or(SpeakerKind::Person);
            let act = Act::MergeSources { names: names.clone(), source_kind };
            record(store, hand, act, console)
        }
        CorrectCommand::SplitSource { name, articles, called, hand } => {
            let store = open(&hand.corpus)?;
            kind_of(&store, name)?;
            if called.trim().is_empty() || called == name {
                bail!("'--as' must give another name than '{name}'");
            }
            let articles = articles.iter().map(|reference| {
                let found = store.places_of_article(reference).map_err(with_advice)?;
                Ok(found.ok_or_else(|| no_article(reference))?.0)
            });
            let articles = articles.collect::<Result<_>>()?;
            let (name, called) = (name.clone(), called.clone());
            record(store, hand, Act::SplitSource { name, articles, called }, console)
        }
        CorrectCommand::Reliability { outlet, grade, hand } => {
            let store = open(&hand.corpus)?;
            let (outlet, grade) = (outlet.clone(), Grade::from(*grade));
            record(store, hand, Act::Reliability { outlet, grade }, console)
        }
        CorrectCommand::Note { place, text, hand } => {
            let mut store = open(&hand.corpus)?;
            let statements = match on(&mut store, place)? {
                On::Statements(places) => anchors(&places),
                On::Article(anchor) => vec![anchor],
            };
            record(store, hand, Act::Note { statements, text: text.clone() }, console)
        }
        CorrectCommand::Undo { number, hand } => undo(*number, hand, console),
        CorrectCommand::List { ask, lost } => list(ask, *lost, console),
        CorrectCommand::Import { file, corpus } => {
            let lines = read(file)?;
            let mut store = open(corpus)?;
            let imported = store.import(lines).map_err(with_advice)?;
            settle(&mut store, console)?;
            let (new, known) = (imported.new, imported.known);
            console.say(format_args!("{new} new, {known} known already"));
            Ok(Ending::AllDone)
        }
    }
}

fn open(corpus: &CorpusFlags) -> Result<Store> {
    Store::open(&corpus.corpus).map_err(with_advice)
}

fn record(
    mut store: Store,
    hand: &HandFlags,
    act: Act,
    console: &Console,
) -> Result<Ending> {
    let n = act.anchors().count();
    if n > MOST_ANCHORS {
        bail!("these are {n} places; no more than {MOST_ANCHORS} are corrected at once");
    }
    let (by, what) = (who(hand), corpus_output::act(&act));
    let number = store.correct(&by, &clock::now(), act).map_err(with_advice)?;
    settle(&mut store, console)?;
    console.say(format_args!(
        "correction {number} by {by}: {what}\n'according correct undo {number}' takes it back"
    ));
    Ok(Ending::AllDone)
}

/// Asking is quick afterwards.
fn settle(store: &mut Store, console: &Console) -> Result<()> {
    let spinner = console.spinner("working out what the corpus says");
    store.settle().map_err(with_advice)?;
    spinner.finish_and_clear();
    Ok(())
}

fn who(hand: &HandFlags) -> String {
    let user = || {
        let names = ["USER", "LOGNAME", "USERNAME"].into_iter();
        names.filter_map(|name| std::env::var(name).ok()).find(|name| !name.is_empty())
    };
    let by = hand.by.clone().filter(|by| !by.trim().is_empty());
    by.or_else(user).unwrap_or_else(|| "analyst".to_owned())
}

/// What a person points to.
enum On {
    Statements(Vec<Place>),
    Article(Anchor),
}

/// What `K3`, `bell`, `bell#C4` and `bell@517` point to.
fn on(store: &mut Store, place: &str) -> Result<On> {
    if is_claim(place) {
        let found = store.places_of_claim(place).map_err(with_advice)?;
        return found.map(On::Statements).ok_or_else(|| {
            anyhow!("there is no claim '{place}'; 'according origins' lists them")
        });
    }
    if let Some((anchor, _)) = store.places_of_article(place).map_err(with_advice)? {
        return Ok(On::Article(anchor));
    }
    let (reference, part) = parted(place);
    let found = store.places_of_article(reference).map_err(with_advice)?;
    let (_, places) = found.ok_or_else(|| no_article(reference))?;
    let places: Vec<Place> = places.into_iter().filter(|at| part.holds(at)).collect();
    if places.is_empty() {
        bail!(
            "'{place}' is nothing that is compared with other articles; 'according read' \
             shows the claims of an article"
        );
    }
    Ok(On::Statements(places))
}

fn is_claim(place: &str) -> bool {
    place
        .strip_prefix(['K', 'k'])
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn no_article(reference: &str) -> anyhow::Error {
    hinted(
        format!("there is no article '{reference}'"),
        "'according search' lists what articles are called",
    )
}

/// A part of an article.
enum Part<'p> {
    All,
    Claim(&'p str),
    At(usize),
}

impl Part<'_> {
    fn holds(&self, place: &Place) -> bool {
        match self {
            Part::All => true,
            Part::Claim(id) => {
                place.claim.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))
            }
            Part::At(at) => (place.start..place.end).contains(at),
        }
    }
}

/// The article and the part of it in `bell#C4` or `bell@517`.
fn parted(place: &str) -> (&str, Part<'_>) {
    if let Some((reference, claim)) = place.rsplit_once('#') {
        return (reference, Part::Claim(claim));
    }
    if let Some((reference, at)) = place.rsplit_once('@')
        && let Ok(at) = at.parse()
    {
        return (reference, Part::At(at));
    }
    (place, Part::All)
}

fn statements(store: &mut Store, places: &[String]) -> Result<Vec<Anchor>> {
    let mut found = Vec::new();
    for place in places {
        match on(store, place)? {
            On::Statements(places) => found.extend(anchors(&places)),
            On::Article(_) => {
                return Err(hinted(
                    format!("'{place}' is a whole article"),
                    format!("name a claim of it, such as {place}#C4"),
                ));
            }
        }
    }
    Ok(found)
}

fn anchors(places: &[Place]) -> Vec<Anchor> {
    places.iter().map(|place| place.anchor.clone()).collect()
}

fn split(store: &mut Store, claim: &str, places: &[String]) -> Result<Act> {
    let all = match on(store, claim)? {
        On::Statements(all) if is_claim(claim) => all,
        _ => bail!("'{claim}' is no claim such as K3"),
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
            bail!("'{place}' does not make {claim}; it is made by {}", tell.join(", "));
        }
    }
    let part = |off: bool| {
        let of = all.iter().zip(&is_off).filter(|(_, is_off)| **is_off == off);
        of.map(|(at, _)| at.anchor.clone()).collect::<Vec<Anchor>>()
    };
    let (statements, others) = (part(true), part(false));
    if others.is_empty() {
        bail!("nothing of {claim} would be left");
    }
    Ok(Act::Split { statements, others })
}

/// What a source with a name is.
fn kind_of(store: &Store, name: &str) -> Result<SpeakerKind> {
    let found = store.sources(Some(name), MOST_SOURCES).map_err(with_advice)?;
    let mut found = found.iter().filter(|source| source.name == name);
    let Some(source) = found.clone().find(|s| s.named).or_else(|| found.next()) else {
        return Err(hinted(
            format!("nobody is relied on who is called '{name}'"),
            "'according sources' lists the names",
        ));
    };
    if !source.named {
        bail!("'{name}' is no name: who that is is not told, and not to be guessed");
    }
    let kind = serde_json::Value::String(source.kind.clone());
    serde_json::from_value(kind).context("a source of an unknown kind")
}

fn undo(number: u32, hand: &HandFlags, console: &Console) -> Result<Ending> {
    let store = open(&hand.corpus)?;
    let all = store.corrections().map_err(with_advice)?;
    let Some(found) = all.iter().find(|c| c.correction.number == number) else {
        return Err(hinted(
            format!("there is no correction {number}"),
            "'according correct list' lists them",
        ));
    };
    if let Some(by) = found.undone_by {
        return Err(hinted(
            format!("correction {number} is undone already, by {by}"),
            format!("'according correct undo {by}' brings it back"),
        ));
    }
    record(store, hand, Act::Undo { of: number }, console)
}

fn list(ask: &AskFlags, lost: bool, console: &Console) -> Result<Ending> {
    let store = open(&ask.corpus)?;
    let mut all = store.corrections().map_err(with_advice)?;
    all.retain(|listed: &Listed| !lost || listed.lost > 0);
    match ask.format {
        CorpusFormat::Json => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            for listed in &all {
                serde_json::to_writer(&mut out, listed).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
        CorpusFormat::Text => {
            let text = corpus_output::corrections(&all, output::width());
            console.stdout().write_all(text.as_bytes())?;
        }
    }
    Ok(Ending::AllDone)
}

/// Corrections, one a line, of which each undoes only what came before.
fn read(file: &std::path::Path) -> Result<Vec<Correction>> {
    let text = String::from_utf8(files::read_whole(file, MOST_BYTES)?)
        .with_context(|| format!("{}: not UTF-8", file.display()))?;
    let mut corrections: Vec<Correction> = Vec::new();
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    for (line, n) in lines {
        let place = || format!("{}:{n}", file.display());
        let correction: Correction = serde_json::from_str(line)
            .with_context(|| format!("{}: no correction", place()))?;
        let before = corrections.last().map_or(0, |last| last.number);
        if correction.number <= before {
            bail!("{}: correction {} comes too late", place(), correction.number);
        }
        if correction.act.anchors().count() > MOST_ANCHORS {
            bail!("{}: more than {MOST_ANCHORS} places", place());
        }
        if let Act::Undo { of } = &correction.act
            && corrections.binary_search_by_key(of, |c| c.number).is_err()
        {
            bail!("{}: it undoes correction {of}, which is not in the file", place());
        }
        corrections.push(correction);
    }
    Ok(corrections)
}
