//! Texts that people annotated. All offsets are code points into the text as stored.

pub mod claims;
pub mod given;
pub mod polnear;

use std::fs;
use std::path::{Path, PathBuf};

use according::report::Offsets;
use according_nlp::{CodePoints, Span};
use anyhow::{Context as _, Result};

/// The spans in bytes; those that do not lie in the text, or hold nothing of it, are left out.
pub fn in_bytes(points: &CodePoints<'_>, spans: &[Offsets]) -> Vec<Span> {
    let span = |&[start, end]: &Offsets| {
        let (start, end) = (points.to_byte(start)?, points.to_byte(end)?);
        (start < end).then(|| Span::new(start, end))
    };
    spans.iter().filter_map(span).collect()
}

/// How many bytes the spans hold.
pub fn size(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.len()).sum()
}

/// How many bytes two lists of spans share.
pub fn shared(a: &[Span], b: &[Span]) -> usize {
    let both = |a: &Span, b: &Span| {
        (a.end.min(b.end) as usize).saturating_sub(a.start.max(b.start) as usize)
    };
    a.iter().flat_map(|a| b.iter().map(move |b| both(a, b))).sum()
}

fn read_file(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// The files of a folder whose names end in `.extension`, by name.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e == extension));
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
