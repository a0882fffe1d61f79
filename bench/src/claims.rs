//! Scores who is said to stand behind claims, and through whom, when the attributions
//! themselves are given.
//!
//! ```text
//! cargo run --release -p according-bench --bin claims -- PIPELINE GOLD TEXT [--verbose]
//! ```
//!
//! `GOLD/NAME.json` tells the claims of `TEXT/NAME.txt` with their sources, cues and contents
//! in code points. Those spans are read as attributions, so that the figures say how well
//! speakers and chains are made from them and nothing of how well attributions are found.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use according::annotate::attribution::{self, lexicon};
use according::annotate::{
    self, Annotations, Attribution, AttributionKind, Claim, SpeakerKind, Stance,
};
use according::article::{Article, Metadata, plain};
use according_nlp::{Doc, Pipeline, Span};
use anyhow::{Context, Result};
use serde_json::Value;

const FIELDS: [&str; 6] = ["speaker", "kind", "named", "chain", "parent", "all"];

fn main() -> Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "--verbose");
    let [pipeline, gold, text, ..] = args.as_slice() else {
        anyhow::bail!("usage: claims PIPELINE GOLD TEXT [--verbose]");
    };
    let mut files = according_model::Files::open(Path::new(pipeline))?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let mut worker = pipeline.worker();

    let mut names: Vec<_> =
        fs::read_dir(gold)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    names.retain(|path| path.extension().is_some_and(|e| e == "json"));
    names.sort();
    let (mut n_gold, mut n_kept, mut right) = (0, 0, [0; FIELDS.len()]);
    let mut relayed = [0, 0];
    let mut by_form: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for path in names {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let gold: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let text = fs::read_to_string(Path::new(text).join(format!("{name}.txt")))?;
        let outlet = gold["outlet"].as_str().map(str::to_owned);
        let article = plain::read(text, Metadata { outlet, ..Metadata::default() });
        let blocks: Vec<_> = article.blocks.iter().map(|block| block.span).collect();
        let doc = worker.parse_blocks(&article.text, &blocks);
        let marked =
            marked(&article, &gold).with_context(|| name.clone().into_owned())?;
        let read = annotate::annotate_attributions(
            &article,
            &doc,
            attributions(&article, &doc, &marked),
        );
        let claim_of = pair(&marked, &read.claims);
        n_gold += marked.len();
        for (i, gold) in marked.iter().enumerate() {
            relayed[1] += usize::from(gold.chain.len() > 1);
            let Some(claim) = claim_of[i] else {
                if verbose {
                    println!("{name} {} LOST {:?}", gold.id, gold.name);
                }
                continue;
            };
            n_kept += 1;
            let got = Got::new(&read, claim);
            let around = gold.parent.and_then(|p| claim_of[p]);
            let ok = gold.compare(&got, around == read.claims[claim].parent);
            relayed[0] += usize::from(gold.chain.len() > 1 && ok[3]);
            let form = by_form.entry(form_of(&doc, &gold.source)).or_default();
            for (sum, ok) in form.iter_mut().zip([true, ok[0], ok[2], ok[3]]) {
                *sum += usize::from(ok);
            }
            if gold.named != got.named {
                let form = by_form.entry(match (gold.kind.as_str(), got.named) {
                    ("person", true) => "  person without a name is given one",
                    ("person", false) => "  person with a name is given none",
                    ("document", false) => "  document with a name is given none",
                    ("media", false) => "  outlet with a name is given none",
                    ("people", false) => "  people with a name are given none",
                    (_, true) => "  other without a name is given one",
                    (_, false) => "  body with a name is given none",
                });
                form.or_default()[0] += 1;
            }
            let hops = by_form.entry(match got.chain.len().cmp(&gold.chain.len()) {
                Ordering::Less => "  too few hops",
                Ordering::Equal => "  as many hops",
                Ordering::Greater => "  too many hops",
            });
            for (sum, ok) in hops.or_default().iter_mut().zip([true, ok[0], ok[2], ok[3]])
            {
                *sum += usize::from(ok);
            }
            for (sum, ok) in right.iter_mut().zip(ok) {
                *sum += usize::from(ok);
            }
            if verbose && !ok[5] {
                let wrong = FIELDS.iter().zip(ok).filter(|(_, ok)| !ok);
                let wrong: Vec<&str> = wrong.map(|(field, _)| *field).collect();
                println!(
                    "{name} {} {}\n  gold {gold}\n  got  {got}",
                    gold.id,
                    wrong.join(" ")
                );
            }
        }
    }
    println!("claims {n_gold}, kept {n_kept}");
    for (field, right) in FIELDS.iter().zip(right) {
        println!("  {field:8} {:.3}", f64::from(right as u32) / f64::from(n_kept as u32));
    }
    println!("chains of two hops or more {}/{}", relayed[0], relayed[1]);
    println!("by form of the source: claims, right speaker, right named, right chain");
    for (form, counts) in by_form {
        println!("  {form:14} {counts:?}");
    }
    Ok(())
}

/// How a source is put.
fn form_of(doc: &Doc, source: &[Span]) -> &'static str {
    let Some(span) = source.first() else { return "none" };
    let first = doc.token(doc.tokens_in(*span).start);
    match (first.tag(), first.text().to_lowercase().as_str()) {
        ("PRP" | "PRP$", _) => "pronoun",
        ("WP" | "WDT", _) => "relative",
        (tag, _) if tag.starts_with("NNP") => "name",
        (_, "the") => "the",
        (_, "a" | "an") => "a",
        _ => "other",
    }
}

/// A claim as an annotator marked it.
struct Gold {
    id: String,
    content: Vec<Span>,
    source: Vec<Span>,
    cue: Vec<Span>,
    name: String,
    kind: String,
    named: bool,
    chain: Vec<String>,
    parent: Option<usize>,
}

/// A claim as it was read.
struct Got {
    name: String,
    kind: &'static str,
    named: bool,
    chain: Vec<String>,
}

impl Got {
    fn new(read: &Annotations, claim: usize) -> Self {
        let claim = &read.claims[claim];
        let speaker = &read.speakers[claim.speaker];
        let name = |s: usize| read.speakers[s].name.clone().unwrap_or_default();
        Self {
            name: name(claim.speaker),
            kind: match speaker.kind {
                SpeakerKind::Person => "person",
                SpeakerKind::People => "people",
                SpeakerKind::Organisation => "organisation",
                SpeakerKind::Media => "media",
                SpeakerKind::Document => "document",
                SpeakerKind::Reporter => "self",
            },
            named: speaker.named,
            chain: claim.chain.iter().map(|hop| name(hop.speaker)).collect(),
        }
    }
}

impl std::fmt::Display for Got {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {} {} {:?}", self.name, self.kind, self.named, self.chain)
    }
}

impl std::fmt::Display for Gold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {} {} {:?}", self.name, self.kind, self.named, self.chain)
    }
}

impl Gold {
    /// Which fields are right, in the order of [`FIELDS`].
    fn compare(&self, got: &Got, parent: bool) -> [bool; FIELDS.len()] {
        let speaker = same_name(&self.name, &got.name);
        let kind = self.kind == got.kind;
        let named = self.named == got.named;
        let chain = self.chain.len() == got.chain.len()
            && self.chain.iter().zip(&got.chain).all(|(a, b)| same_name(a, b));
        [speaker, kind, named, chain, parent, speaker && kind && named && chain && parent]
    }
}

/// Equal but for case, small words and order; or one holds the other; or an acronym.
fn same_name(a: &str, b: &str) -> bool {
    const SMALL: &str = " the a an of for in at from s and to some mr mrs ms dr ";
    let words = |name: &str| -> Vec<String> {
        let name = name.to_lowercase().replace('’', "'");
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty() && !SMALL.contains(&format!(" {w} ")))
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return a == b;
    }
    let initials =
        |w: &[String]| w.iter().filter_map(|w| w.chars().next()).collect::<String>();
    let acronym = |x: &[String], y: &[String]| x.len() == 1 && x[0] == initials(y);
    let (set_a, set_b): (BTreeSet<_>, BTreeSet<_>) =
        (a.iter().collect(), b.iter().collect());
    let both = set_a.intersection(&set_b).count();
    let all = set_a.union(&set_b).count();
    both == set_a.len()
        || both == set_b.len()
        || 5 * both >= 3 * all
        || acronym(&a, &b)
        || acronym(&b, &a)
}

fn marked(article: &Article, gold: &Value) -> Result<Vec<Gold>> {
    let ends = article.text.char_indices().map(|(byte, _)| byte);
    let bytes: Vec<usize> = ends.chain([article.text.len()]).collect();
    let claims = gold["claims"].as_array().context("no claims")?;
    let id =
        |claim: &Value, field: &str| claim[field].as_str().unwrap_or_default().to_owned();
    let number: HashMap<String, usize> =
        claims.iter().enumerate().map(|(i, claim)| (id(claim, "id"), i)).collect();
    let spans = |claim: &Value, field: &str| -> Vec<Span> {
        let at = |offset: &Value| bytes.get(offset.as_u64()? as usize).copied();
        let spans = claim[field].as_array().into_iter().flatten();
        spans.filter_map(|s| Some(Span::new(at(&s[0])?, at(&s[1])?))).collect()
    };
    let one = |claim: &Value| Gold {
        id: id(claim, "id"),
        content: spans(claim, "content"),
        source: spans(claim, "source"),
        cue: spans(claim, "cue"),
        name: id(claim, "source_name"),
        kind: id(claim, "source_kind"),
        named: claim["named"] == true,
        chain: claim["chain"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|hop| Some(hop.as_str()?.to_owned()))
            .collect(),
        parent: number.get(&id(claim, "parent")).copied(),
    };
    Ok(claims.iter().map(one).collect())
}

/// The marked spans as attributions: kind and pattern are those of the attribution found
/// there, or what source and cue suggest.
fn attributions(article: &Article, doc: &Doc, marked: &[Gold]) -> Vec<Attribution> {
    let found = attribution::find(article, doc);
    let head = |spans: &[Span]| {
        let range = doc.tokens_in(*spans.first()?);
        let top = |t: &according_nlp::Token<'_>| {
            t.is_root() || !range.contains(&t.head().index())
        };
        doc.slice(range.clone()).find(top).map(|t| t.index())
    };
    let one = |gold: &Gold| {
        let cue_head = head(&gold.cue);
        let near = found.iter().filter(|a| {
            let same_cue =
                gold.cue.is_empty() && a.cue.is_empty() || shared(&gold.cue, &a.cue) > 0;
            same_cue && shared(&gold.content, &a.content) > 0
        });
        let best = near.max_by_key(|a| shared(&gold.content, &a.content));
        let known = cue_head
            .map(|t| doc.token(t))
            .and_then(|t| lexicon::cue(t.lemma(), t.upos()));
        let kind = match (gold.kind.as_str(), gold.name.as_str()) {
            ("self", _) if gold.source.is_empty() => AttributionKind::Hedge,
            (_, "unspecified") => AttributionKind::Evidential,
            _ if known.is_some_and(|cue| !cue.speech) => AttributionKind::Attitude,
            _ => AttributionKind::Speech,
        };
        Attribution {
            kind: best.map_or(kind, |a| a.kind),
            pattern: best.map_or(attribution::Pattern::Clause, |a| a.pattern),
            stance: best
                .map_or(known.map_or(Stance::Neutral, |cue| cue.stance), |a| a.stance),
            source: gold.source.clone(),
            cue: gold.cue.clone(),
            content: gold.content.clone(),
            source_head: head(&gold.source),
            cue_head,
            confidence: 1.0,
        }
    };
    marked.iter().map(one).collect()
}

/// For each marked claim the one that was made of it.
fn pair(marked: &[Gold], claims: &[Claim]) -> Vec<Option<usize>> {
    let mut taken = vec![false; claims.len()];
    let best = |gold: &Gold, taken: &[bool]| {
        let alike = |claim: &Claim| {
            let both = shared(&gold.content, &claim.content);
            let all = size(&gold.content) + size(&claim.content) - both;
            let cue = gold.cue == claim.cue;
            (2 * both >= all).then_some((1000 * both / all.max(1), cue))
        };
        let free = (0..claims.len()).filter(|&i| !taken[i]);
        free.filter_map(|i| Some((alike(&claims[i])?, i))).max().map(|(_, i)| i)
    };
    marked
        .iter()
        .map(|gold| {
            let found = best(gold, &taken);
            if let Some(found) = found {
                taken[found] = true;
            }
            found
        })
        .collect()
}

fn size(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.len()).sum()
}

fn shared(a: &[Span], b: &[Span]) -> usize {
    let both = |a: &Span, b: &Span| {
        (a.end.min(b.end) as usize).saturating_sub(a.start.max(b.start) as usize)
    };
    a.iter().flat_map(|a| b.iter().map(move |b| both(a, b))).sum()
}
