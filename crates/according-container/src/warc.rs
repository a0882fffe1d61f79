//! Web archives: WARC 1.0 and 1.1, as they are or packed record by record.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use flate2::bufread::GzDecoder;

use crate::document::{Body, Document, Failure, Media, Place, Step};
use crate::documents::{Container, Found, Part, is_at_end};
use crate::error::Error;
use crate::form::{Form, find};
use crate::http::{Response, media_type};
use crate::limits::{Gauge, Limits};
use crate::packed;
use crate::source::{HEAD, Made, Rewind, Source, Stream, Taken, read_line};

/// A web archive that is not packed.
pub(crate) struct Warc {
    records: Records<Stream>,
    place: Place,
}

impl Warc {
    pub(crate) fn new(stream: Stream, place: Place, limits: Arc<Limits>) -> Self {
        Self { records: Records::new(stream, limits), place }
    }
}

impl Container for Warc {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        let (offset, result) = self.records.next()?;
        Some(found(&self.place, offset, result, &self.records.limits))
    }
}

/// What a record holds that may be of use.
enum Held {
    Document(Box<Document>),
    /// A feed or a paper, to be opened in turn.
    Part(Form, Vec<u8>, Option<String>),
    /// Something of a kind that is not read.
    Skipped(String),
}

fn found(
    place: &Place,
    offset: u64,
    result: Result<Held, Error>,
    limits: &Arc<Limits>,
) -> Result<Found, Failure> {
    let place = place.step(Step::Record(offset));
    match result {
        Ok(Held::Document(document)) => {
            Ok(Found::Document(Box::new(Document { place, ..*document })))
        }
        Ok(Held::Part(form, bytes, url)) => Ok(Found::Part(Part {
            place,
            name: String::new(),
            source: Source::Stream(Box::new(io::Cursor::new(bytes))),
            form: Some(form),
            url,
            charset: None,
            depth: 0,
            gauge: Arc::default(),
            limits: Arc::clone(limits),
        })),
        Ok(Held::Skipped(kind)) => Ok(Found::Skipped(kind)),
        Err(error) => Err(Failure { place, error }),
    }
}

/// Record after record.
struct Records<R> {
    reader: Rewind<R>,
    limits: Arc<Limits>,
    /// The reader itself has failed; nothing more comes.
    is_broken: bool,
    /// So many bytes may be read again after records with a wrong length.
    again: usize,
}

impl<R: BufRead> Records<R> {
    fn new(reader: R, limits: Arc<Limits>) -> Self {
        let again = limits.document.saturating_mul(64);
        Self { reader: Rewind::new(reader), limits, is_broken: false, again }
    }

    /// The next record that holds a text, or is damaged, and where it begins.
    fn next(&mut self) -> Option<(u64, Result<Held, Error>)> {
        while !self.is_broken {
            let mut offset = self.reader.offset();
            let result = self.record(&mut offset);
            match result {
                Ok(Some(held)) => return Some((offset, Ok(held))),
                Ok(None) if self.is_broken => {}
                Ok(None) => match is_at_end(&mut self.reader) {
                    Ok(true) => return None,
                    Ok(false) => {}
                    Err(error) => return self.broken(offset, error),
                },
                Err(Damage::Record(error)) => {
                    if let Err(error) = self.seek_record() {
                        return self.broken(offset, error);
                    }
                    return Some((offset, Err(error)));
                }
                Err(Damage::Inside(error)) => return Some((offset, Err(error))),
                Err(Damage::Reader(error)) => return self.broken(offset, error),
            }
        }
        None
    }

    fn broken(
        &mut self,
        offset: u64,
        error: io::Error,
    ) -> Option<(u64, Result<Held, Error>)> {
        self.is_broken = true;
        Some((offset, Err(error.into())))
    }

    /// Reads one record; `None` when there is no text in it or none is left.
    fn record(&mut self, offset: &mut u64) -> Result<Option<Held>, Damage> {
        self.skip_blank()?;
        *offset = self.reader.offset();
        if is_at_end(&mut self.reader)? {
            return Ok(None);
        }
        let head = self.head()?;
        let Ok(length) = head.length.trim().parse::<u64>() else {
            return Err(Damage::Record(Error::damaged("is a record without a length")));
        };
        let most = (self.limits.document + self.limits.header) as u64;
        if !head.is_wanted() || length > most {
            let skipped =
                io::copy(&mut self.reader.by_ref().take(length), &mut io::sink())?;
            if skipped < length {
                return Err(Damage::Record(Error::damaged("ends too early")));
            }
            self.expect_end(&mut Vec::new())?;
            return match head.is_wanted() {
                true => Err(Damage::Inside(self.limits.document_too_large())),
                false => Ok(head.skipped()),
            };
        }
        let mut body = Vec::new();
        let n = self.reader.by_ref().take(length).read_to_end(&mut body)?;
        if (n as u64) < length {
            self.give_back_records(&mut body);
            return Err(Damage::Record(Error::damaged("ends too early")));
        }
        self.expect_end(&mut body)?;
        head.held(body, &self.limits).map_err(Damage::Inside)
    }

    fn skip_blank(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let n = buffer.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            if n == 0 {
                return Ok(());
            }
            self.reader.consume(n);
        }
    }

    fn head(&mut self) -> Result<Head, Damage> {
        let (mut line, mut left) = (Vec::new(), self.limits.header);
        let (mut head, mut is_first) = (Head::default(), true);
        loop {
            let n = read_line(&mut self.reader, left, &mut line)?;
            left -= n;
            if is_first && !line.starts_with(b"WARC/") {
                let error = Error::damaged("is no record of a web archive");
                return Err(Damage::Record(error));
            }
            if line.last() != Some(&b'\n') {
                return Err(Damage::Record(match left {
                    0 => self.limits.header_too_large(),
                    _ => Error::damaged("ends too early"),
                }));
            }
            let text = String::from_utf8_lossy(&line);
            if text.trim().is_empty() {
                return Ok(head);
            }
            if !is_first && let Some((name, value)) = text.split_once(':') {
                head.set(name.trim(), value.trim());
            }
            is_first = false;
        }
    }

    /// After a record comes another, or nothing. If not, its length was wrong, and records
    /// may have been read as part of it.
    fn expect_end(&mut self, body: &mut Vec<u8>) -> Result<(), Damage> {
        self.skip_blank()?;
        if is_at_end(&mut self.reader)? {
            return Ok(());
        }
        let mut start = [0; 5];
        self.reader.read_exact(&mut start).or_else(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Ok(()),
            _ => Err(error),
        })?;
        let is_record = &start == b"WARC/";
        self.reader.give_back(start.to_vec());
        if is_record {
            return Ok(());
        }
        self.give_back_records(body);
        Err(Damage::Record(Error::damaged("has another length than it says")))
    }

    fn give_back_records(&mut self, body: &mut Vec<u8>) {
        if self.again >= body.len()
            && let Some(at) = find(body, b"\r\n\r\nWARC/1.")
        {
            self.again -= body.len();
            self.reader.give_back(body.split_off(at + 4));
        }
    }

    /// Goes to the next line that begins a record.
    fn seek_record(&mut self) -> io::Result<()> {
        let (mut line, mut is_start) = (Vec::new(), true);
        loop {
            if read_line(&mut self.reader, HEAD, &mut line)? == 0 {
                return Ok(());
            }
            if is_start && line.starts_with(b"WARC/1.") {
                self.reader.give_back(line);
                return Ok(());
            }
            is_start = line.last() == Some(&b'\n');
        }
    }
}

/// What is broken when something is.
enum Damage {
    /// The record; where the next one begins has to be looked for.
    Record(Error),
    /// What is in the record.
    Inside(Error),
    /// The reader.
    Reader(io::Error),
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Self {
        Self::Reader(error)
    }
}

/// What a record says about itself.
#[derive(Debug, Default)]
struct Head {
    kind: String,
    length: String,
    content_type: String,
    url: String,
    id: String,
}

impl Head {
    fn set(&mut self, name: &str, value: &str) {
        let field = match name.to_ascii_lowercase().as_str() {
            "warc-type" => &mut self.kind,
            "content-length" => &mut self.length,
            "content-type" => &mut self.content_type,
            "warc-target-uri" => &mut self.url,
            "warc-record-id" => &mut self.id,
            _ => return,
        };
        // Some writers put these in angle brackets.
        value.trim_matches(['<', '>']).clone_into(field);
    }

    fn is_wanted(&self) -> bool {
        match self.kind.as_str() {
            "response" => {
                let is_http = self.content_type.starts_with("application/http");
                is_http || self.content_type.is_empty()
            }
            "resource" | "conversion" => {
                content(&media_type(&self.content_type).0, &[]).is_some()
            }
            _ => false,
        }
    }

    /// What a record is that is passed over without a look, if it could have been a text.
    fn skipped(&self) -> Option<Held> {
        match self.kind.as_str() {
            "revisit" => Some(Held::Skipped("repeated answers".to_owned())),
            "resource" | "conversion" => {
                Some(Held::Skipped(kind_of(&media_type(&self.content_type).0)))
            }
            _ => None,
        }
    }

    fn held(self, bytes: Vec<u8>, limits: &Limits) -> Result<Option<Held>, Error> {
        let (kind, bytes, charset) = if self.kind == "response" {
            let response = Response::parse(&bytes)?;
            let (kind, charset) = media_type(&response.content_type);
            if response.status != 200 {
                let kind = format!("answers with status {}", response.status);
                return Ok(Some(Held::Skipped(kind)));
            }
            if content(&kind, &[]).is_none() {
                return Ok(Some(Held::Skipped(kind_of(&kind))));
            }
            (kind, response.body(limits)?, charset)
        } else {
            let (kind, charset) = media_type(&self.content_type);
            (kind, bytes, charset)
        };
        let media = match content(&kind, &bytes) {
            Some(Content::Media(media)) => media,
            Some(Content::Form(form)) => {
                // What a feed tells of stands elsewhere.
                let url = Some(self.url).filter(|u| form != Form::Feed && !u.is_empty());
                return Ok(Some(Held::Part(form, bytes, url)));
            }
            _ => return Ok(Some(Held::Skipped(kind_of(&kind)))),
        };
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(Some(Held::Document(Box::new(Document {
            id: some(self.id),
            url: some(self.url),
            body: Body { media, bytes, charset, pages: Vec::new() },
            ..Document::default()
        }))))
    }
}

/// What a body is.
enum Content {
    Media(Media),
    Form(Form),
    /// XML of some kind, told by how it begins.
    Xml,
}

/// What a body of a media type is; `None` when it is not read. Without the body XML is just
/// that.
fn content(kind: &str, body: &[u8]) -> Option<Content> {
    match (Form::of_media(kind), kind) {
        (Some(Form::Html), _) => Some(Content::Media(Media::Html)),
        (Some(Form::Text), _) => Some(Content::Media(Media::Text)),
        (Some(form @ (Form::Pdf | Form::Feed)), _) => Some(Content::Form(form)),
        (None, "application/xml" | "text/xml") if body.is_empty() => Some(Content::Xml),
        (None, "application/xml" | "text/xml") => match Form::of(body, "") {
            form @ (Form::Feed | Form::Nitf) => Some(Content::Form(form)),
            _ => None,
        },
        _ => None,
    }
}

/// "image/png" and "image/jpeg" are images to whoever is told what was passed over.
fn kind_of(kind: &str) -> String {
    match kind.split_once('/') {
        Some((family @ ("image" | "audio" | "video" | "font"), _)) => family.to_owned(),
        _ if kind.is_empty() => "without media type".to_owned(),
        _ => kind.chars().take(60).collect(),
    }
}

type Raw = Rewind<Taken<Stream>>;
type Member = Records<BufReader<Made<GzDecoder<Logged<Raw>>>>>;

/// A web archive in which every record, or several together, are packed by gzip.
pub(crate) struct Packed {
    raw: Option<Raw>,
    member: Option<Member>,
    /// Where in the file the member begins.
    start: u64,
    around: Arc<Gauge>,
    /// How often a packed record is looked for after damage.
    tries: usize,
    place: Place,
    limits: Arc<Limits>,
}

impl Packed {
    pub(crate) fn new(
        stream: Stream,
        place: Place,
        around: &Arc<Gauge>,
        limits: Arc<Limits>,
    ) -> Self {
        let raw = Rewind::new(Taken { inner: stream, gauge: Arc::default() });
        let around = Arc::clone(around);
        let tries = limits.entries;
        Self { raw: Some(raw), member: None, start: 0, around, tries, place, limits }
    }

    /// Begins the next member. `None` at the end.
    fn enter(&mut self) -> Option<Result<(), Error>> {
        let mut raw = self.raw.take()?;
        // Some tapes and disks fill up with zeros.
        loop {
            let buffer = match raw.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) => return Some(Err(error.into())),
            };
            let zeros = buffer.iter().take_while(|b| **b == 0).count();
            if zeros == 0 {
                break;
            }
            raw.consume(zeros);
        }
        self.start = raw.offset();
        match is_at_end(&mut raw) {
            Ok(true) => return None,
            Ok(false) => {}
            Err(error) => return Some(Err(error.into())),
        }
        if raw.peek(2) != [0x1f, 0x8b] {
            seek_member(&mut raw, &mut self.tries);
            self.raw = Some(raw);
            return Some(Err(Error::damaged("is no packed record")));
        }
        let gauge = Gauge::within(&self.around);
        // Whatever is in the buffer of the file counts for the member that takes it.
        let mut raw = raw;
        raw.set_gauge(&gauge);
        let unpacked =
            GzDecoder::new(Logged { inner: raw, log: Vec::new(), is_whole: true });
        let made = Made { inner: unpacked, gauge, limits: Arc::clone(&self.limits) };
        self.member = Some(Records::new(BufReader::new(made), Arc::clone(&self.limits)));
        Some(Ok(()))
    }

    /// Takes the file back from the member, and its first bytes.
    fn leave(&mut self) -> Option<(Raw, Vec<u8>)> {
        let member = self.member.take()?;
        let logged = member.reader.into_inner().into_inner().inner.into_inner();
        Some((logged.inner, if logged.is_whole { logged.log } else { Vec::new() }))
    }
}

impl Container for Packed {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        loop {
            let Some(member) = &mut self.member else {
                match self.enter()? {
                    Ok(()) => continue,
                    Err(error) => {
                        return Some(found(
                            &self.place,
                            self.start,
                            Err(error),
                            &self.limits,
                        ));
                    }
                }
            };
            let next = member.next();
            let is_broken = member.is_broken;
            let start = self.start;
            if is_broken {
                let (mut raw, mut log) = self.leave()?;
                // What was unpacked from damaged bytes may have eaten the next member.
                if !log.is_empty() {
                    raw.give_back(log.split_off(1));
                }
                seek_member(&mut raw, &mut self.tries);
                self.raw = Some(raw);
            } else if next.is_none() {
                self.raw = self.leave().map(|(raw, _)| raw);
            }
            if let Some((_, result)) = next {
                return Some(found(&self.place, start, result, &self.limits));
            }
        }
    }
}

/// So much of a packed record shows that it is one.
const START: usize = 4 << 10;

/// Goes to the next bytes that begin a packed record, or to the end. Whatever looks so costs
/// one of the `tries`, and when these are over nothing more is looked for.
fn seek_member(raw: &mut Raw, tries: &mut usize) {
    loop {
        let head = raw.peek(HEAD);
        let is_last = head.len() < HEAD;
        let end = if is_last { head.len() } else { head.len() - START };
        for at in 0..end {
            let start = head.get(at..).unwrap_or_default();
            if !matches!(start, [0x1f, 0x8b, 8, 0..32, ..]) {
                continue;
            }
            if *tries == 0 {
                raw.consume_all(u64::MAX);
                return;
            }
            *tries -= 1;
            if packed::is_warc(start) {
                raw.consume_all(at as u64);
                return;
            }
        }
        raw.consume_all(end as u64);
        if is_last {
            return;
        }
    }
}

impl Raw {
    /// Consumes so many bytes.
    fn consume_all(&mut self, n: u64) {
        // What was peeked at was read without an error, and others come again.
        let _ = io::copy(&mut self.by_ref().take(n), &mut io::sink());
    }

    fn set_gauge(&mut self, gauge: &Arc<Gauge>) {
        self.inner_mut().gauge = Arc::clone(gauge);
    }
}

/// Most of what is kept of a member in case it turns out to be damaged.
const LOG: usize = 4 << 20;

/// Remembers what was consumed.
struct Logged<R> {
    inner: R,
    log: Vec<u8>,
    is_whole: bool,
}

impl<R: BufRead> Read for Logged<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let n = from.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Logged<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        match self.inner.fill_buf() {
            Ok(buffer) if self.log.len() < LOG => {
                self.log.extend_from_slice(buffer.get(..n).unwrap_or_default());
            }
            _ => self.is_whole = false,
        }
        self.inner.consume(n);
    }
}
