//! `according locate`: whether an original still holds what was read in it.

use std::io::Write as _;
use std::path::Path;

use according_intake::{decode, decode_page};
use according_page::{Located, Quote, Selector, locate, locate_in_text};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::Ending;
use crate::console::Console;
use crate::files;
use crate::flags::LocateFlags;

/// A part of a claim, as its annotation tells where it stood.
struct Target {
    /// The id of the annotation.
    id: String,
    quote: Quote,
    selector: Option<Selector>,
    position: Option<[usize; 2]>,
}

pub(crate) fn run(flags: &LocateFlags, console: &Console) -> Result<Ending> {
    let (notes, _) = decode(files::read_whole(&flags.annotations, flags.max_size << 20)?);
    let mut targets = Vec::new();
    for (i, line) in notes.lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
    {
        let page = serde_json::from_str(line).with_context(|| {
            format!("{}:{}: no JSON", flags.annotations.display(), i + 1)
        })?;
        read_targets(&page, &mut targets);
    }
    if targets.is_empty() {
        bail!(
            "{}: there are no annotations in it, as 'according read --format webannotation' \
             writes them",
            flags.annotations.display()
        );
    }
    let original = files::read_whole(&flags.original, flags.max_size << 20)?;
    let is_page = is_page(&flags.original, &original);
    let text = if is_page { decode_page(original, None).0 } else { decode(original).0 };
    let limits = according_page::Limits { size: flags.max_size << 20, ..<_>::default() };
    let mut out = console.stdout();
    let mut n_gone = 0;
    for target in &targets {
        let located = match is_page {
            true => locate(&text, target.selector.as_ref(), &target.quote, &limits)?,
            false => locate_in_text(&text, target.position, &target.quote),
        };
        let (word, place) = match located {
            Located::Unchanged([start, end]) => ("unchanged", format!("{start}-{end}")),
            Located::Moved([start, end]) => ("moved", format!("{start}-{end}")),
            Located::Gone => ("gone", "-".to_owned()),
        };
        n_gone += usize::from(located == Located::Gone);
        let quote: String = target.quote.exact.chars().take(60).collect();
        let quote = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "{}\t{word}\t{place}\t{quote}", target.id)?;
    }
    Ok(match n_gone {
        0 => Ending::AllDone,
        n if n < targets.len() => Ending::SomeFailed,
        _ => Ending::NothingDone,
    })
}

/// Whether an original is a page, by its name or else by how it begins.
fn is_page(path: &Path, bytes: &[u8]) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let head = bytes.trim_ascii_start();
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" | "xhtml" => true,
        "txt" => false,
        _ => head.starts_with(b"<"),
    }
}

fn read_targets(page: &Value, targets: &mut Vec<Target>) {
    let annotations = page.get("items").and_then(Value::as_array);
    for annotation in annotations.into_iter().flatten() {
        let id = annotation.get("id").and_then(Value::as_str).unwrap_or_default();
        let id = id.rsplit('#').next().unwrap_or_default().to_owned();
        let parts = annotation.get("target").and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            let selectors = part.get("selector").and_then(Value::as_array);
            if let Some(target) = selectors.and_then(|all| target(&id, all)) {
                targets.push(target);
            }
        }
    }
}

fn target(id: &str, selectors: &[Value]) -> Option<Target> {
    let of = |kind: &str| {
        selectors.iter().find(|s| s.get("type").and_then(Value::as_str) == Some(kind))
    };
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let position = |value: &Value| {
        let number = |key: &str| usize::try_from(value.get(key)?.as_u64()?).ok();
        Some([number("start")?, number("end")?])
    };
    let quote = of("TextQuoteSelector")?;
    let quote = Quote {
        exact: text(quote, "exact"),
        prefix: text(quote, "prefix"),
        suffix: text(quote, "suffix"),
    };
    let position_of = of("TextPositionSelector").and_then(position);
    let selector = of("XPathSelector").and_then(|xpath| {
        Some(Selector {
            xpath: text(xpath, "value"),
            within: position(xpath.get("refinedBy")?)?,
            position: position_of.unwrap_or_default(),
        })
    });
    Some(Target { id: id.to_owned(), quote, selector, position: position_of })
}
