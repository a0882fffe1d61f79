//! A corpus as it grows: reports a second, bytes a report, memory, and how long questions take.
//!
//! ```text
//! cargo run --release -p according-bench --bin corpus -- PIPELINE [--texts FILE] [--reports N]
//!     [--keep FILE] [--read FILE]
//! ```
//!
//! Writes `N` reports (1,000 unless told) that are made up here: events with people, places
//! and numbers of their own, each told by one to twelve outlets in words of their own, with
//! wire copies, denials and figures that move. Reads each with the pipeline over two threads,
//! adds it, and tells for each tenth of the way how fast that was, and how long linking,
//! storing and working out what the corpus says took a processor. Then asks.
//!
//! `--texts FILE` takes articles that somebody wrote instead, a JSON object with `text` a line,
//! and `id`, `outlet`, `published` and `title` where they are known.
//!
//! No more than 4,000 are read. Those that follow are made of what was read, with other names
//! and numbers, and with other words for two of three: reports on other events that hang
//! together as the first ones do, and with them. What is measured then is the corpus and not
//! the reading. `--read FILE` keeps what was read for the next time, and `--keep FILE` the
//! corpus, which grows on if it is there already.
//!
//! Peak memory is what Linux calls `VmHWM`, time of the processor its `schedstat`.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::{Duration, Instant};

use according::report::{Options, Report, read_doc};
use according::{Metadata, article::plain, parse};
use according_corpus::fingerprint::WordKind;
use according_corpus::{Fingerprint, fingerprint};
use according_nlp::Pipeline;
use according_store::{Name, Question, Store};
use anyhow::{Context as _, Result, anyhow};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Deserialize;

/// The allocator of the program that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many reports wait at most for being added.
const WAITING: usize = 64;
/// How many reports are read; the others are made of these.
const MOST_READ: usize = 4_000;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let (mut pipeline, mut reports) = (None, 1_000_usize);
    let (mut keep, mut read, mut texts) = (None, None, Texts::MadeUp);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--reports" => {
                reports = args.next().context("--reports wants a number")?.parse()?;
            }
            "--keep" => keep = args.next().map(PathBuf::from),
            "--read" => read = args.next().map(PathBuf::from),
            "--texts" => {
                texts = Texts::from_file(args.next().context("--texts wants a file")?)?;
            }
            _ => pipeline = Some(arg),
        }
    }
    let path = pipeline.context("which pipeline?")?;
    let texts = &texts;
    let to_read = reports.min(texts.len());
    let temporary =
        std::env::temp_dir().join(format!("according-{}.db", std::process::id()));
    let file = keep.clone().unwrap_or(temporary);
    let mut store = Store::create(file.as_path())?;
    let (send, receive) = mpsc::sync_channel(WAITING);
    let result = std::thread::scope(|scope| {
        let reading = scope.spawn(move || match read {
            Some(file) => from_file(&file, path.as_ref(), texts, to_read, &send),
            None => from_pipeline(path.as_ref(), texts, to_read, &send),
        });
        let grown = grow(&mut store, receive, reports, to_read, &file);
        reading.join().map_err(|_| anyhow!("reading ended early"))?.and(grown)
    });
    let result = result.and_then(|()| ask(&mut store));
    if keep.is_none() {
        for end in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(end);
            let _ = fs::remove_file(name);
        }
    }
    result
}

/// What is told of one article.
type Told = (Report, Fingerprint);

/// The articles that are read.
enum Texts {
    MadeUp,
    Written(Vec<Written>),
}

/// An article that somebody wrote.
#[derive(Deserialize)]
struct Written {
    id: Option<String>,
    text: String,
    outlet: Option<String>,
    published: Option<String>,
    title: Option<String>,
}

impl Texts {
    fn from_file(path: String) -> Result<Self> {
        let lines = fs::read_to_string(&path).with_context(|| path.clone())?;
        let written = lines.lines().map(serde_json::from_str);
        let written: Vec<Written> = written.collect::<Result<_, _>>().context(path)?;
        anyhow::ensure!(!written.is_empty(), "there are no articles");
        Ok(Self::Written(written))
    }

    /// How many there are to be read.
    fn len(&self) -> usize {
        match self {
            Self::MadeUp => MOST_READ,
            Self::Written(written) => written.len().min(MOST_READ),
        }
    }

    fn get(&self, number: usize) -> Option<(String, Metadata)> {
        let Self::Written(written) = self else { return Some(made_up(number as u64)) };
        let Written { id, text, outlet, published, title } = written.get(number)?;
        let metadata = Metadata {
            reference: id.clone().or_else(|| Some(format!("r{number}"))),
            outlet: outlet.clone(),
            // The years of what is made of it are told from this one.
            published: published.clone().or_else(|| Some("2017-01-01".to_owned())),
            title: title.clone(),
            ..Metadata::default()
        };
        Some((text.clone(), metadata))
    }
}

/// Reads the first articles, on two threads.
fn from_pipeline(
    path: &Path,
    texts: &Texts,
    to_read: usize,
    send: &SyncSender<Told>,
) -> Result<()> {
    let mut files = according_model::Files::open(path)?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let pipeline = &pipeline;
    std::thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || {
                let mut worker = pipeline.worker();
                for number in (thread..to_read).step_by(2) {
                    let Some((text, metadata)) = texts.get(number) else { return };
                    let article = plain::read(text, metadata);
                    let doc = parse(&mut worker, &article);
                    let options = Options::default();
                    let report = read_doc(article, &doc, pipeline.name(), &options);
                    let fingerprint = fingerprint(&report, &doc);
                    if send.send((report, fingerprint)).is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(())
}

/// Takes what was read from a file, which is written if it is not there.
fn from_file(
    file: &Path,
    path: &Path,
    texts: &Texts,
    to_read: usize,
    send: &SyncSender<Told>,
) -> Result<()> {
    if !file.exists() {
        let (tell, hear) = mpsc::sync_channel::<Told>(WAITING);
        let mut out =
            GzEncoder::new(BufWriter::new(File::create(file)?), Compression::fast());
        std::thread::scope(|scope| -> Result<()> {
            let reading =
                scope.spawn(move || from_pipeline(path, texts, texts.len(), &tell));
            for (report, fingerprint) in hear {
                for part in [serde_json::to_vec(&report)?, fingerprint.to_bytes()] {
                    out.write_all(&u32::try_from(part.len())?.to_le_bytes())?;
                    out.write_all(&part)?;
                }
            }
            reading.join().map_err(|_| anyhow!("reading ended early"))?
        })?;
        out.finish()?.flush()?;
    }
    let mut input = BufReader::new(GzDecoder::new(File::open(file)?));
    let mut part = || -> Result<Vec<u8>> {
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let mut part = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut part)?;
        Ok(part)
    };
    for _ in 0..to_read {
        let report = serde_json::from_slice(&part()?)?;
        let fingerprint = Fingerprint::from_bytes(&part()?)
            .map_err(|error| anyhow!("{}: {error}", file.display()))?;
        if send.send((report, fingerprint)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Adds reports one by one, and tells of each tenth how that went.
fn grow(
    store: &mut Store,
    receive: Receiver<Told>,
    reports: usize,
    to_read: usize,
    file: &Path,
) -> Result<()> {
    println!("reports\treports/s\tadding, ms of CPU a report\tbytes a report\tpeak MiB");
    let (mut tenth, mut spent) = (Instant::now(), Duration::ZERO);
    // A corpus that was kept grows on.
    let kept = store.len()? as usize;
    let step = (reports.saturating_sub(kept) / 10).max(1);
    let mut read: Vec<Told> = Vec::new();
    let mut receive = receive.into_iter();
    for n in 0..reports {
        let (report, fingerprint) = match receive.next() {
            Some(new) => {
                if reports > to_read {
                    read.push(new.clone());
                }
                new
            }
            None if n < kept => continue,
            None => {
                let base = read.get(n % to_read).context("nothing was read")?;
                renamed(base, n / to_read)
            }
        };
        if n < kept {
            continue;
        }
        let start = processor();
        let reference = report.article.reference.clone().unwrap_or_default();
        let name = Name { identity: format!("id {reference}"), reference };
        store.add(&name, &report, &fingerprint)?;
        spent += processor().saturating_sub(start);
        if (n + 1 - kept).is_multiple_of(step) {
            println!(
                "{}\t{:.1}\t{:.2}\t{}\t{}",
                n + 1,
                step as f64 / tenth.elapsed().as_secs_f64(),
                spent.as_secs_f64() * 1000.0 / step as f64,
                size(file) / (n as u64 + 1),
                peak().unwrap_or_default(),
            );
            (tenth, spent) = (Instant::now(), Duration::ZERO);
        }
    }
    Ok(())
}

/// Bytes of the file, with what was not yet put into it.
fn size(file: &Path) -> u64 {
    let of = |end: &&str| {
        let mut name = file.to_path_buf().into_os_string();
        name.push(end);
        Some(fs::metadata(name).ok()?.len())
    };
    ["", "-wal"].iter().filter_map(of).sum()
}

/// Times a question: the slowest of five.
fn timed<T>(what: &str, mut ask: impl FnMut() -> Result<T>) -> Result<()> {
    let mut slowest = Duration::ZERO;
    for _ in 0..5 {
        let start = Instant::now();
        ask()?;
        slowest = slowest.max(start.elapsed());
    }
    println!("{what}\t{:.1} ms", slowest.as_secs_f64() * 1000.0);
    Ok(())
}

fn ask(store: &mut Store) -> Result<()> {
    let start = Instant::now();
    store.settle()?;
    println!(
        "the last ones worked out\t{:.1} ms",
        start.elapsed().as_secs_f64() * 1000.0
    );
    let mut dice = Dice(5);
    let claims = store.n_claims()?;
    println!("claims\t{claims}");
    let middle = claims / 2 + 1;
    let question = |words: Option<&str>| Question {
        words: words.map(str::to_owned),
        limit: 20,
        ..Question::default()
    };
    timed("the last claim", || Ok(store.claim(&format!("K{claims}"))?))?;
    timed("one claim", || Ok(store.claim(&format!("K{middle}"))?))?;
    timed("a common word", || Ok(store.search(&question(Some("minister")))?))?;
    timed("a phrase", || Ok(store.search(&question(Some("\"power plant\"")))?))?;
    let name = dice.name();
    timed("a rare name", || Ok(store.search(&question(Some(&name)))?))?;
    timed("a source", || {
        let source = Some("Interfax".to_owned());
        Ok(store.search(&Question { source, ..question(None) })?)
    })?;
    timed("two origins", || {
        Ok(store.search(&Question { min_origins: Some(2), ..question(None) })?)
    })?;
    timed("sources", || Ok(store.sources(None, 50)?))?;
    timed("timeline", || Ok(store.timeline(Some("2024-03-01"), None, 50)?))?;
    timed("count", || Ok(store.len()?))
}

/// The report on an event like that of another, with other names and numbers, and with other
/// words for two of three.
fn renamed((report, fingerprint): &Told, round: usize) -> Told {
    let (mut report, mut fingerprint) = (report.clone(), fingerprint.clone());
    let other = |hash: u32| Dice((u64::from(hash) << 32) | round as u64).next() as u32;
    let mut names: Vec<u32> = Vec::new();
    for word in &mut fingerprint.words {
        let is_name = matches!(word.kind, WordKind::Name | WordKind::Number);
        if is_name || other(word.hash) % 3 > 0 {
            names.push(word.hash);
            word.hash = other(word.hash);
        }
    }
    for running in &mut fingerprint.running {
        if names.binary_search(running).is_ok() {
            *running = other(*running);
        }
    }
    let mut order: Vec<u16> = (0..fingerprint.words.len() as u16).collect();
    order.sort_by_key(|n| fingerprint.words.get(usize::from(*n)).map(|word| word.hash));
    let mut place = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(usize::from(from)) {
            *place = to as u16;
        }
    }
    fingerprint.words.sort_by_key(|word| word.hash);
    for statement in &mut fingerprint.statements {
        for terms in [&mut statement.terms, &mut statement.context] {
            for term in terms.iter_mut() {
                *term = place.get(usize::from(*term)).copied().unwrap_or_default();
            }
            terms.sort_unstable();
        }
    }
    let article = &mut report.article;
    article.reference =
        article.reference.take().map(|reference| format!("{reference}-{round}"));
    article.id = format!("{}{round:06x}", &article.id[..article.id.len() - 6]);
    // Another year for each round, as new events come.
    article.published = article.published.take().map(|day| {
        let (year, rest) = day.split_at_checked(4).unwrap_or((&day, ""));
        match year.parse::<usize>() {
            Ok(year) => format!("{:04}{rest}", year + round),
            Err(_) => day,
        }
    });
    (report, fingerprint)
}

/// Time that the processor spent on this thread.
fn processor() -> Duration {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent = spent.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(spent.unwrap_or_default())
}

/// Peak memory in MiB.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let n = self.below(list.len() as u64) as usize;
        list.get(n).copied().unwrap_or_default()
    }

    /// A name of two or three syllables.
    fn name(&mut self) -> String {
        let mut name = String::new();
        for _ in 0..2 + self.below(2) {
            name += self.one(&[
                "ba", "ber", "cor", "da", "del", "dra", "fen", "gar", "hol", "ka", "kes",
                "lan", "len", "lo", "mar", "mi", "nor", "ol", "or", "pa", "rin", "ro",
                "sa", "sel", "ta", "tor", "ul", "va", "vik", "wen", "ya", "zan",
            ]);
        }
        let mut letters = name.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => name,
        }
    }
}

const THINGS: [&str; 40] = [
    "bakery",
    "barracks",
    "bazaar",
    "boatyard",
    "brewery",
    "bridge",
    "bus depot",
    "canal",
    "cannery",
    "cathedral",
    "clinic",
    "court house",
    "dairy",
    "dam",
    "dockyard",
    "embassy",
    "foundry",
    "garrison",
    "glassworks",
    "granary",
    "hotel",
    "laundry",
    "library",
    "lighthouse",
    "museum",
    "observatory",
    "orchard",
    "orphanage",
    "power plant",
    "prison",
    "quarry",
    "refinery",
    "sawmill",
    "school",
    "stadium",
    "tannery",
    "theatre",
    "tunnel",
    "vineyard",
    "warehouse",
];

/// What happened, told by several outlets.
struct Event {
    place: String,
    country: String,
    minister: String,
    witness: String,
    company: String,
    agency: &'static str,
    what: usize,
    count: u64,
    day: u64,
}

const OUTLETS: [&str; 24] = [
    "Northern Courier",
    "Harbour Times",
    "Daily Ledger",
    "The Beacon",
    "Evening Star",
    "Meridian Post",
    "Valley Herald",
    "Capital Record",
    "The Watchman",
    "Coast Gazette",
    "Morning Call",
    "City Tribune",
    "The Lantern",
    "River Echo",
    "Border News",
    "The Argus",
    "Plain Dealer",
    "Hill Chronicle",
    "Island Mail",
    "Lake Observer",
    "Union Press",
    "Market Wire",
    "The Mirror of Ostra",
    "Southern Cross",
];

/// Report number `number`: events are told by twelve outlets at most, one after another.
fn made_up(number: u64) -> (String, Metadata) {
    // Sizes of events: many small ones, a few large ones.
    let sizes = [1, 2, 1, 3, 5, 1, 2, 12, 4, 1];
    let round: u64 = sizes.iter().sum();
    let (mut event, mut teller) = (number / round * sizes.len() as u64, number % round);
    for size in sizes {
        if teller < size {
            break;
        }
        teller -= size;
        event += 1;
    }
    let mut dice = Dice(event.wrapping_mul(0x51ed_2701));
    let event = Event {
        place: dice.name(),
        country: dice.name() + "ia",
        minister: format!("{} {}", dice.name(), dice.name()),
        witness: format!("{} {}", dice.name(), dice.name()),
        company: format!(
            "{} {}",
            dice.name(),
            dice.one(&["Shipping", "Mining", "Energy", "Foods"])
        ),
        agency: dice.one(&[
            "Reuters",
            "Associated Press",
            "Agence France-Presse",
            "Interfax",
        ]),
        what: dice.below(4) as usize,
        count: 3 + dice.below(90),
        day: dice.below(28) + 1,
    };
    // A third of those who tell it later print what the agency wrote.
    let is_copy = teller > 0 && teller % 3 == 0;
    let mut dice = Dice(number.wrapping_mul(0x2545_f491).wrapping_add(7));
    let outlet = OUTLETS[(number.wrapping_mul(7) % OUTLETS.len() as u64) as usize];
    let mut style = match is_copy {
        true => Dice(event.count * 31 + event.day),
        false => Dice(number.wrapping_mul(0x9e37)),
    };
    let text = tell(&event, &mut style, is_copy, &mut dice);
    let metadata = Metadata {
        reference: Some(format!("r{number}")),
        outlet: Some(outlet.to_owned()),
        published: Some(format!("2024-{:02}-{:02}", 1 + number / 997 % 12, event.day)),
        byline: match is_copy {
            true => vec![event.agency.to_owned()],
            false => vec![dice.name() + " " + &dice.name()],
        },
        ..Metadata::default()
    };
    (text, metadata)
}

fn tell(event: &Event, style: &mut Dice, is_copy: bool, dice: &mut Dice) -> String {
    let Event { place, country, minister, witness, company, agency, count, day, .. } =
        event;
    let (event_noun, verb) = [
        ("explosion", style.one(&["killed", "left dead", "claimed the lives of"])),
        (
            "raid",
            style.one(&["led to the arrest of", "ended with the detention of", "netted"]),
        ),
        ("ferry accident", style.one(&["drowned", "killed", "took the lives of"])),
        ("strike", style.one(&["cost the jobs of", "put out of work", "idled"])),
    ][event.what];
    let count = if dice.below(6) == 0 { count + 1 + dice.below(4) } else { *count };
    let surname = minister.split(' ').next_back().unwrap_or_default();
    let mut paragraphs = vec![
        format!(
            "{} {event_noun} near {place} in {country} {verb} {count} {} on {day} March, {} {}.",
            style.one(&["A", "Another", "The third"]),
            style.one(&["people", "workers", "men and women"]),
            style.one(&["officials", "police", "the authorities", "rescuers"]),
            style.one(&["said", "reported", "confirmed"]),
        ),
        format!(
            "\"{}\" {minister}, the interior minister of {country}, told {}.",
            style.one(&[
                "We are doing everything that can be done for the families,",
                "Nothing of the kind has been seen here for twenty years,",
                "Those who are responsible will answer for it in court,",
            ]),
            if is_copy || style.below(2) == 0 { *agency } else { "reporters" },
        ),
        format!(
            "{witness}, who {} near the {}, said that {} had {} the {} shortly before {}.",
            style.one(&["lives", "was working", "keeps a shop", "was fishing"]),
            style.one(&["harbour", "mill", "old bridge", "railway station"]),
            style.one(&["smoke", "a lorry", "a crowd", "two boats"]),
            style.one(&["reached", "blocked", "passed"]),
            style.one(&["gate", "quay", "yard", "main road"]),
            style.one(&["noon", "midnight", "dawn", "six in the evening"]),
        ),
        format!(
            "{company} {} that its {} {} {}.",
            style.one(&["denied", "rejected reports", "said in a statement"]),
            style.one(&["managers", "inspectors", "drivers"]),
            style.one(&["knew of", "had been warned about", "had ignored"]),
            style.one(&["the danger", "cracks in the wall", "the missing papers"]),
        ),
        format!(
            "Two sources {} the inquiry told {agency} that {} would be {} by {}.",
            style.one(&["close to", "familiar with", "with knowledge of"]),
            style.one(&["the director", "three employees", "a former mayor"]),
            style.one(&["charged", "questioned", "released"]),
            style.one(&["Friday", "the end of the month", "the weekend"]),
        ),
        format!(
            "{surname} {} {} a commission of {} members and {} million crowns for {place}.",
            style.one(&["promised", "announced", "also set up"]),
            style.one(&["on Tuesday", "later", "in parliament"]),
            style.below(9) + 3,
            style.below(80) + 5,
        ),
    ];
    // What stands around it in every report, of the event and not of the teller.
    let mut background = Dice(event.count * 8191 + event.day * 131 + event.what as u64);
    for _ in 0..3 + style.below(4) {
        let about = background.name();
        paragraphs.push(format!(
            "{} {} {} {about} {} {} {}, {} {} kilometres away.",
            background.one(&[
                "The",
                "An old",
                "A new",
                "The only",
                "Another",
                "The largest"
            ]),
            background.one(&THINGS),
            background.one(&["of", "near", "outside", "in", "beyond", "above"]),
            background.one(&[
                "was closed",
                "burnt down",
                "opened",
                "was sold",
                "was flooded",
                "was searched",
                "has been empty",
                "was rebuilt"
            ]),
            background.one(&[
                "last winter",
                "in spring",
                "two years ago",
                "after the war",
                "before the election",
                "this month",
                "for the third time"
            ]),
            background.one(&[
                "because of",
                "despite",
                "without",
                "together with",
                "like"
            ]),
            background.one(&THINGS),
            background.below(300) + 4,
        ));
    }
    // Tellers order things in their own way, and leave some out.
    if !is_copy {
        let turn = style.below(3) as usize + 1;
        let length = paragraphs.len() - 1;
        if let Some(rest) = paragraphs.get_mut(1..) {
            rest.rotate_left(turn % length.max(1));
        }
        paragraphs.truncate(6 + style.below(5) as usize);
    }
    paragraphs.join("\n\n")
}
