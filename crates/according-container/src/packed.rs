//! gzip and zstd.

use std::io::{self, BufReader, Read as _};
use std::sync::Arc;

use flate2::bufread::{GzDecoder, MultiGzDecoder};
use ruzstd::decoding::StreamingDecoder;

use crate::error::Error;
use crate::limits::{Gauge, Limits};
use crate::source::{HEAD, Made, Source, Stream, Taken};

/// The name of what is inside.
pub(crate) fn name(name: &str) -> String {
    let (inner, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match extension.to_ascii_lowercase().as_str() {
        "gz" | "gzip" | "zst" | "zstd" => inner.to_owned(),
        "tgz" => format!("{inner}.tar"),
        _ => name.to_owned(),
    }
}

/// Whether a web archive is inside: those are packed record by record.
pub(crate) fn is_warc(head: &[u8]) -> bool {
    let mut start = [0; 5];
    GzDecoder::new(head).read_exact(&mut start).is_ok() && &start == b"WARC/"
}

pub(crate) fn gzip(
    stream: Stream,
    around: &Arc<Gauge>,
    limits: &Arc<Limits>,
) -> (Source, Arc<Gauge>) {
    let gauge = Gauge::within(around);
    let taken = Taken { inner: stream, gauge: Arc::clone(&gauge) };
    (made(MultiGzDecoder::new(taken), &gauge, limits), gauge)
}

/// A frame may ask for a window this large; more would be memory nobody bounds.
const WINDOW: u64 = 128 << 20;

pub(crate) fn zstd(
    stream: Stream,
    around: &Arc<Gauge>,
    limits: &Arc<Limits>,
) -> Result<(Source, Arc<Gauge>), Error> {
    let gauge = Gauge::within(around);
    let taken = Taken { inner: stream, gauge: Arc::clone(&gauge) };
    let frames = Frames { decoder: None, rest: Some(taken) };
    Ok((made(frames, &gauge, limits), gauge))
}

pub(crate) fn made(
    reader: impl io::Read + Send + 'static,
    gauge: &Arc<Gauge>,
    limits: &Arc<Limits>,
) -> Source {
    let (gauge, limits) = (Arc::clone(gauge), Arc::clone(limits));
    let made = Made { inner: reader, gauge, limits };
    Source::Stream(Box::new(BufReader::with_capacity(HEAD, made)))
}

/// Frame after frame, as `zstd` and parallel packers write them.
struct Frames<R: io::BufRead> {
    decoder: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
    rest: Option<R>,
}

impl<R: io::BufRead> io::Read for Frames<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(decoder) = &mut self.decoder {
                let n = decoder.read(buf)?;
                if n > 0 || buf.is_empty() {
                    return Ok(n);
                }
                self.rest = self.decoder.take().map(StreamingDecoder::into_inner);
            }
            let Some(mut rest) = self.rest.take() else { return Ok(0) };
            if rest.fill_buf()?.is_empty() {
                return Ok(0);
            }
            let decoder = StreamingDecoder::new_with_max_window_size(rest, WINDOW);
            self.decoder = Some(decoder.map_err(io::Error::other)?);
        }
    }
}

/// zstd as a method of zip archives.
pub(crate) fn zstd_reader(
    reader: impl io::BufRead + Send + 'static,
) -> Box<dyn io::Read + Send> {
    Box::new(Frames { decoder: None, rest: Some(reader) })
}
