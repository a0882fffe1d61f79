//! Readers: of a stretch of a file, of what was peeked at, of what is counted.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::limits::{Gauge, Limits};

pub(crate) type Stream = Box<dyn BufRead + Send>;

/// So much is looked at to tell what something is.
pub(crate) const HEAD: usize = 64 << 10;

/// A stretch of a file with a position of its own. Copies share the file.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    file: Arc<Mutex<File>>,
    start: u64,
    len: u64,
    pos: u64,
    /// Told how many bytes were read.
    count: Arc<AtomicU64>,
}

impl Section {
    pub(crate) fn new(mut file: File, count: Arc<AtomicU64>) -> io::Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        Ok(Self { file: Arc::new(Mutex::new(file)), start: 0, len, pos: 0, count })
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// A stretch of this stretch.
    pub(crate) fn part(&self, start: u64, len: u64) -> Self {
        let start = start.min(self.len);
        let len = len.min(self.len - start);
        Self { start: self.start + start, len, pos: 0, ..self.clone() }
    }

    pub(crate) fn restarted(&self) -> Self {
        Self { pos: 0, ..self.clone() }
    }

    /// The same without telling anybody: for looking at what is read again.
    pub(crate) fn silent(&self) -> Self {
        Self { count: Arc::default(), ..self.restarted() }
    }
}

impl Read for Section {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.len.saturating_sub(self.pos);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.start + self.pos))?;
        let n = file.read(buf.get_mut(..most).unwrap_or_default())?;
        self.pos += n as u64;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let pos = match to {
            SeekFrom::Start(pos) => Some(pos),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.pos.checked_add_signed(by),
        };
        self.pos = pos.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.pos)
    }
}

/// A reader that tells how much was read.
pub(crate) struct Counted<R> {
    pub(crate) inner: R,
    pub(crate) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A reader to which bytes can be given back, and which knows how far it is.
pub(crate) struct Rewind<R> {
    back: Vec<u8>,
    /// How much of `back` was read again.
    pos: usize,
    inner: R,
    offset: u64,
    /// What went wrong behind the bytes that were given back.
    error: Option<io::Error>,
}

impl<R: BufRead> Rewind<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { back: Vec::new(), pos: 0, inner, offset: 0, error: None }
    }

    /// How many bytes were consumed and not given back.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Gives back the last bytes that were consumed.
    pub(crate) fn give_back(&mut self, mut bytes: Vec<u8>) {
        self.offset = self.offset.saturating_sub(bytes.len() as u64);
        let seen = self.back.get(..self.pos).unwrap_or_default();
        if seen.ends_with(&bytes) {
            self.pos -= bytes.len();
            return;
        }
        bytes.extend_from_slice(self.back.get(self.pos..).unwrap_or_default());
        (self.back, self.pos) = (bytes, 0);
    }

    /// The first bytes, up to `n`, which stay to be read. An error comes to who reads on.
    pub(crate) fn peek(&mut self, n: usize) -> Vec<u8> {
        let mut head = Vec::new();
        let result = self.by_ref().take(n as u64).read_to_end(&mut head);
        self.error = result.err();
        self.give_back(head.clone());
        head
    }

    pub(crate) fn inner_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    pub(crate) fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: BufRead> Read for Rewind<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let n = from.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Rewind<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.pos < self.back.len() {
            true => Ok(self.back.get(self.pos..).unwrap_or_default()),
            false => match self.error.take() {
                Some(error) => Err(error),
                None => self.inner.fill_buf(),
            },
        }
    }

    fn consume(&mut self, n: usize) {
        self.offset += n as u64;
        if self.pos < self.back.len() {
            self.pos += n;
            if self.pos >= self.back.len() {
                (self.back, self.pos) = (Vec::new(), 0);
            }
        } else {
            self.inner.consume(n);
        }
    }
}

/// Counts what a layer of unpacking takes.
pub(crate) struct Taken<R> {
    pub(crate) inner: R,
    pub(crate) gauge: Arc<Gauge>,
}

impl<R: BufRead> Read for Taken<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let n = from.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Taken<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.gauge.take(n);
        self.inner.consume(n);
    }
}

/// Counts what a layer of unpacking makes, and fails when that is too much.
pub(crate) struct Made<R> {
    pub(crate) inner: R,
    pub(crate) gauge: Arc<Gauge>,
    pub(crate) limits: Arc<Limits>,
}

impl<R: Read> Read for Made<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.gauge.make(n, &self.limits).map_err(Error::into_io)?;
        Ok(n)
    }
}

/// What there is to open: read once, or from anywhere.
pub(crate) enum Source {
    Stream(Stream),
    File(Section),
}

impl Source {
    pub(crate) fn into_stream(self) -> Stream {
        match self {
            Self::Stream(stream) => stream,
            Self::File(section) => Box::new(BufReader::with_capacity(HEAD, section)),
        }
    }
}

/// All of it, unless it is more than `most`.
pub(crate) fn read_all(
    from: impl Read,
    most: usize,
    too_large: impl FnOnce() -> Error,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    from.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most { Err(too_large()) } else { Ok(bytes) }
}

/// A line with its end, as far as it is not longer than `most`; the rest of a longer line
/// stays to be read.
pub(crate) fn read_line(
    from: &mut impl BufRead,
    most: usize,
    line: &mut Vec<u8>,
) -> io::Result<usize> {
    line.clear();
    from.take(most as u64).read_until(b'\n', line)
}
