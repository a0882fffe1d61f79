//! zip, and WACZ, which is one.
//!
//! The `zip` crate reads the directory; entries are read here, since a reader of its own
//! cannot be kept beside the archive it borrows from.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::document::{Failure, Place, Step};
use crate::documents::{Container, Found, Part};
use crate::error::Error;
use crate::form::Form;
use crate::limits::{Gauge, Limits};
use crate::packed;
use crate::source::{HEAD, Section, Source, Taken};

pub(crate) struct Zip {
    archive: ZipArchive<Section>,
    file: Section,
    next: usize,
    /// Only what lies in `archive/` is content; the rest is an index to it.
    is_wacz: bool,
    /// Packed bytes of the entries so far. Entries that share bytes are a known bomb.
    packed: u64,
    form: Option<Form>,
    place: Place,
    gauge: Arc<Gauge>,
    limits: Arc<Limits>,
}

impl Zip {
    pub(crate) fn open(
        source: Source,
        place: &Place,
        form: Option<Form>,
        gauge: &Arc<Gauge>,
        limits: &Arc<Limits>,
    ) -> Result<Self, Error> {
        let file = match source {
            Source::File(section) => section,
            Source::Stream(stream) => spool(stream, limits)?,
        };
        let damaged =
            |error| Error::damaged(format!("is a damaged zip archive: {error}"));
        let archive = ZipArchive::new(file.restarted()).map_err(damaged)?;
        if archive.len() > limits.entries {
            let (n, most) = (archive.len(), limits.entries);
            let message = format!("has {n} entries, more than the limit of {most}");
            return Err(Error::limit("entries", message));
        }
        let is_wacz = archive.index_for_name("datapackage.json").is_some()
            && archive.file_names().flatten().any(|name| name.starts_with("archive/"));
        Ok(Self {
            archive,
            file,
            next: 0,
            is_wacz,
            packed: 0,
            form,
            place: place.clone(),
            gauge: Arc::clone(gauge),
            limits: Arc::clone(limits),
        })
    }

    fn entry(&mut self, number: usize) -> Option<Result<Found, Failure>> {
        let name = self.archive.name_for_index(number).and_then(Result::ok);
        let name =
            name.map_or_else(|| format!("entry {}", number + 1), |n| n.into_owned());
        let place = self.place.step(Step::Entry(name.clone()));
        let file_name = name.rsplit('/').next().unwrap_or_default();
        if name.ends_with('/')
            || file_name.starts_with('.')
            || name.starts_with("__MACOSX/")
            || (self.is_wacz && !name.starts_with("archive/"))
        {
            return None;
        }
        if !Form::is_known_name(file_name) {
            return Some(Ok(Found::Skipped(kind(file_name))));
        }
        let file_name = file_name.to_owned();
        let source = self.source(number, Form::of_name(&file_name) == Some(Form::Zip));
        Some(match source {
            Ok((source, gauge)) => Ok(Found::Part(Part {
                place,
                name: file_name,
                source,
                form: self.form,
                url: None,
                charset: None,
                depth: 0,
                gauge,
                limits: Arc::clone(&self.limits),
            })),
            Err(error) => Err(Failure { place, error }),
        })
    }

    fn source(
        &mut self,
        number: usize,
        is_archive: bool,
    ) -> Result<(Source, Arc<Gauge>), Error> {
        let damaged = |error| Error::damaged(format!("is a damaged entry: {error}"));
        let entry = self.archive.by_index_raw(number).map_err(damaged)?;
        let (size, crc) = (entry.compressed_size(), entry.crc32());
        let (method, is_encrypted) = (entry.compression(), entry.encrypted());
        let start = entry.data_start();
        drop(entry);
        if is_encrypted {
            return Err(Error::damaged("is encrypted"));
        }
        let start = start.ok_or_else(|| Error::damaged("is a damaged entry"))?;
        self.packed = self.packed.saturating_add(size);
        if self.packed > self.file.len() {
            return Err(Error::damaged("shares its bytes with other entries"));
        }
        let section = self.file.part(start, size);
        let gauge = Gauge::within(&self.gauge);
        // An archive that was stored as it is can be read from both ends where it lies.
        if method == CompressionMethod::Stored && is_archive {
            return Ok((Source::File(section), Arc::clone(&self.gauge)));
        }
        let section = BufReader::with_capacity(HEAD, section);
        let taken = Taken { inner: section, gauge: Arc::clone(&gauge) };
        let reader: Box<dyn Read + Send> = match method {
            CompressionMethod::Stored => Box::new(taken),
            CompressionMethod::Deflated => Box::new(DeflateDecoder::new(taken)),
            // Zstandard, which the `zip` crate knows only together with a decoder in C.
            CompressionMethod::ZSTD => packed::zstd_reader(taken),
            method => {
                let message = format!("is packed with {method}, which cannot be read");
                return Err(Error::damaged(message));
            }
        };
        let checked = Checked { reader, seen: Crc::new(), wanted: crc };
        Ok((packed::made(checked, &gauge, &self.limits), gauge))
    }
}

impl Container for Zip {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        while self.next < self.archive.len() {
            self.next += 1;
            if let Some(found) = self.entry(self.next - 1) {
                return Some(found);
            }
        }
        None
    }
}

/// What kind of file a name tells of.
fn kind(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, extension)) if extension.len() <= 16 => {
            format!(".{}", extension.to_ascii_lowercase().escape_default())
        }
        _ => "without extension".to_owned(),
    }
}

/// An archive in an archive is written out, to a file without a name.
fn spool(stream: impl Read, limits: &Limits) -> Result<Section, Error> {
    let mut file = tempfile::tempfile()?;
    let n = io::copy(&mut stream.take(limits.spool + 1), &mut file)?;
    if n > limits.spool {
        let most = limits.spool >> 20;
        let message = format!("is an archive larger than the limit of {most} MiB");
        return Err(Error::limit("spool", message));
    }
    Ok(Section::new(file, Arc::default())?)
}

/// Fails at the end when the checksum is another.
struct Checked<R> {
    reader: R,
    seen: Crc,
    wanted: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buf)?;
        self.seen.update(buf.get(..n).unwrap_or_default());
        if n == 0 && !buf.is_empty() && self.seen.sum() != self.wanted {
            return Err(Error::damaged("is damaged: its checksum is another").into_io());
        }
        Ok(n)
    }
}
