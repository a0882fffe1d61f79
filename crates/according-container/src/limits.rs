use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;

/// How much is put up with. What exceeds a limit is an error that names it, and the rest is
/// read on.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one document.
    pub document: usize,
    /// Bytes of what must be held whole before a document comes of it: a message with its
    /// attachments, a PDF, a JSON feed.
    pub whole: usize,
    /// How many bytes one packed byte may become, over all layers of packing. Text comes to
    /// 20 at most; what unpacks to less than 16 MiB may do as it likes.
    pub ratio: u64,
    /// How many containers may lie within one another.
    pub depth: usize,
    /// Entries of one archive.
    pub entries: usize,
    /// Bytes of the header of a record, a message or a feed.
    pub header: usize,
    /// How many elements of XML may lie within one another.
    pub elements: usize,
    /// Bytes of an archive within an archive that is copied to a file, to be read from both
    /// ends.
    pub spool: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: 16 << 20,
            whole: 64 << 20,
            ratio: 250,
            depth: 6,
            entries: 1_000_000,
            header: 256 << 10,
            elements: 256,
            spool: 8 << 30,
        }
    }
}

impl Limits {
    /// Sets a field by its name. False when there is none of that name.
    pub fn set(&mut self, name: &str, value: u64) -> bool {
        let size = usize::try_from(value).unwrap_or(usize::MAX >> 1);
        match name {
            "document" => self.document = size,
            "whole" => self.whole = size,
            "ratio" => self.ratio = value,
            "depth" => self.depth = size,
            "entries" => self.entries = size,
            "header" => self.header = size,
            "elements" => self.elements = size,
            "spool" => self.spool = value.min(u64::MAX >> 1),
            _ => return false,
        }
        true
    }

    pub(crate) fn document_too_large(&self) -> Error {
        let size = size(self.document as u64);
        Error::limit("document", format!("larger than the limit of {size}"))
    }

    pub(crate) fn whole_too_large(&self) -> Error {
        let size = size(self.whole as u64);
        let message =
            format!("larger than the limit of {size} for a whole file of its kind");
        Error::limit("whole", message)
    }

    pub(crate) fn header_too_large(&self) -> Error {
        let size = size(self.header as u64);
        Error::limit("header", format!("has a header larger than the limit of {size}"))
    }

    pub(crate) fn too_deep(&self) -> Error {
        let depth = self.depth;
        Error::limit("depth", format!("lies deeper than the limit of {depth} containers"))
    }

    pub(crate) fn elements_too_deep(&self) -> Error {
        let depth = self.elements;
        Error::limit(
            "elements",
            format!("nested deeper than the limit of {depth} elements"),
        )
    }
}

/// A size as people write it.
fn size(bytes: u64) -> String {
    match bytes {
        n if n >= 1 << 20 => format!("{} MiB", n >> 20),
        n if n >= 1 << 10 => format!("{} KiB", n >> 10),
        n => format!("{n} bytes"),
    }
}

/// Less than this is never a bomb.
const HARMLESS: u64 = 16 << 20;

/// What one layer of unpacking took and made.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    taken: AtomicU64,
    made: AtomicU64,
    around: Option<Arc<Gauge>>,
}

impl Gauge {
    pub(crate) fn within(around: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self { around: Some(Arc::clone(around)), ..Self::default() })
    }

    pub(crate) fn take(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts what was made, and says when it is too much.
    pub(crate) fn make(&self, bytes: usize, limits: &Limits) -> Result<(), Error> {
        let made = self.made.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        if made > HARMLESS && self.ratio() > limits.ratio as f64 {
            let ratio = limits.ratio;
            let message =
                format!("unpacks to more than the limit of {ratio} times its size");
            return Err(Error::limit("ratio", message));
        }
        Ok(())
    }

    fn ratio(&self) -> f64 {
        let around = self.around.as_ref().map_or(1.0, |around| around.ratio());
        let made = self.made.load(Ordering::Relaxed) as f64;
        let taken = self.taken.load(Ordering::Relaxed) as f64;
        // A layer that has not made anything yet does not shrink the ones within.
        around * (made / taken.max(1.0)).max(1.0)
    }
}
