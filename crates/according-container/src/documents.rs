//! The way through containers within containers.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::document::{Body, Document, Failure, Media, Place};
use crate::error::Error;
use crate::form::Form;
use crate::limits::{Gauge, Limits};
use crate::source::{Counted, HEAD, Rewind, Section, Source, read_all};
use crate::{feed, json, mail, newswire, packed, paper, warc, zipped};

/// All documents of one file, in the order they stand.
pub struct Documents {
    /// Containers that are open, outermost first.
    open: Vec<Open>,
    waiting: Option<Part>,
    skipped: BTreeMap<String, u64>,
    count: Arc<AtomicU64>,
}

/// Something that holds more than one document.
pub(crate) trait Container: Send {
    fn next(&mut self) -> Option<Result<Found, Failure>>;
}

/// So many kinds of what is passed over are told apart.
const MOST_KINDS: usize = 40;

/// What is in a container.
pub(crate) enum Found {
    Document(Box<Document>),
    /// Something that has to be opened in turn.
    Part(Part),
    /// Something of a kind that is not read.
    Skipped(String),
}

/// Something to open.
pub(crate) struct Part {
    pub(crate) place: Place,
    /// The name of the file, without endings for how it was packed.
    pub(crate) name: String,
    pub(crate) source: Source,
    /// What it is, when that is known.
    pub(crate) form: Option<Form>,
    /// Where it was published, when that is known and holds for all that is in it.
    pub(crate) url: Option<String>,
    /// The encoding of a text, as told by whoever handed it over.
    pub(crate) charset: Option<String>,
    /// What is around it.
    pub(crate) depth: usize,
    pub(crate) gauge: Arc<Gauge>,
    pub(crate) limits: Arc<Limits>,
}

impl Documents {
    /// The documents of what a reader gives. `name` is what it is called in messages, and
    /// helps to tell what it is, unless `form` does.
    pub fn read(
        name: &str,
        reader: impl io::Read + Send + 'static,
        form: Option<Form>,
        limits: Limits,
    ) -> Self {
        let count = Arc::new(AtomicU64::new(0));
        let reader = Counted { inner: reader, count: Arc::clone(&count) };
        let source = Source::Stream(Box::new(BufReader::with_capacity(HEAD, reader)));
        Self::new(name, source, form, limits, count)
    }

    /// The documents of a file, which a zip archive wants to read from both ends.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub fn open(path: &Path, form: Option<Form>, limits: Limits) -> io::Result<Self> {
        let count = Arc::new(AtomicU64::new(0));
        let file = File::open(path)?;
        let name = path.display().to_string();
        // A pipe has a name and no end to read from.
        let source = match file.metadata()?.is_file() {
            true => Source::File(Section::new(file, Arc::clone(&count))?),
            false => {
                let counted = Counted { inner: file, count: Arc::clone(&count) };
                Source::Stream(Box::new(BufReader::with_capacity(HEAD, counted)))
            }
        };
        Ok(Self::new(&name, source, form, limits, count))
    }

    fn new(
        name: &str,
        source: Source,
        form: Option<Form>,
        limits: Limits,
        count: Arc<AtomicU64>,
    ) -> Self {
        let part = Part {
            place: Place::new(name),
            name: name.to_owned(),
            source,
            form,
            url: None,
            charset: None,
            depth: 0,
            gauge: Arc::default(),
            limits: Arc::new(limits),
        };
        Self { open: Vec::new(), waiting: Some(part), skipped: BTreeMap::new(), count }
    }

    /// With where it was found and in which encoding, as a server tells: that of what is one
    /// text, not of texts in a container.
    #[must_use]
    pub fn found_at(mut self, url: String, charset: Option<String>) -> Self {
        if let Some(part) = &mut self.waiting {
            (part.url, part.charset) = (Some(url), charset);
        }
        self
    }

    /// How many bytes of the file were read, for those who wait.
    pub fn bytes_read(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// What was passed over because it is of a kind that is not read, by kind, so far.
    pub fn skipped(&self) -> &BTreeMap<String, u64> {
        &self.skipped
    }

    fn enter(&mut self, part: Part) -> Option<Result<Document, Failure>> {
        let place = part.place.clone();
        let fail = |error| Some(Err(Failure { place, error }));
        let mut part = part;
        loop {
            if part.depth > part.limits.depth {
                let error = part.limits.too_deep();
                return fail(error);
            }
            match part.enter() {
                Ok(Entered::Document(document)) => return Some(Ok(*document)),
                Ok(Entered::Container(open)) => {
                    self.open.push(open);
                    return None;
                }
                Ok(Entered::Unpacked(unpacked)) => part = unpacked,
                Err(error) => return fail(error),
            }
        }
    }
}

impl Iterator for Documents {
    type Item = Result<Document, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(part) = self.waiting.take()
                && let Some(found) = self.enter(part)
            {
                return Some(found);
            }
            let open = self.open.last_mut()?;
            match open.container.next() {
                Some(Ok(Found::Document(mut document))) => {
                    document.url = document.url.or_else(|| open.url.clone());
                    return Some(Ok(*document));
                }
                Some(Ok(Found::Part(mut part))) => {
                    part.depth = open.depth + 1;
                    self.waiting = Some(part);
                }
                Some(Ok(Found::Skipped(kind))) => {
                    let is_new = !self.skipped.contains_key(&kind);
                    let kind = match is_new && self.skipped.len() >= MOST_KINDS {
                        true => "of other kinds".to_owned(),
                        false => kind,
                    };
                    *self.skipped.entry(kind).or_default() += 1;
                }
                Some(Err(failure)) => return Some(Err(failure)),
                None => {
                    self.open.pop();
                }
            }
        }
    }
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents")
            .field("open", &self.open.len())
            .finish_non_exhaustive()
    }
}

/// A container that is being read.
struct Open {
    depth: usize,
    url: Option<String>,
    container: Box<dyn Container>,
}

enum Entered {
    Document(Box<Document>),
    Container(Open),
    Unpacked(Part),
}

impl Part {
    fn enter(self) -> Result<Entered, Error> {
        let Self { place, name, source, form, url, charset, depth, gauge, limits } = self;
        let (head, source) = match source {
            Source::Stream(stream) => {
                let mut stream = Rewind::new(stream);
                (stream.peek(HEAD), Source::Stream(Box::new(stream)))
            }
            Source::File(section) => {
                let head = io::Read::take(section.silent(), HEAD as u64);
                let head = read_all(head, HEAD, || Error::damaged(""))?;
                (head, Source::File(section))
            }
        };
        let told = Form::of(&head, &name);
        let asked = form;
        let form = match (asked, told) {
            // Whatever is asked for may be packed.
            (Some(_), Form::Zip | Form::Gzip | Form::Zstd) => told,
            (Some(Form::Mail), Form::Mbox) => Form::Mbox,
            (Some(Form::Feed), Form::Json) => Form::Json,
            (Some(form), _) => form,
            (None, told) => told,
        };
        if head.get(257..262) == Some(b"ustar") {
            return Err(Error::damaged(
                "is a tar archive, which cannot be read; unpack it first",
            ));
        }
        if asked.is_none() && form == Form::Text && is_xml(&head, &name) {
            return Err(Error::damaged("is XML, but neither a feed nor NITF"));
        }
        let unpacked = |source, name, gauge| {
            let (place, limits) = (place.clone(), Arc::clone(&limits));
            let (form, url, charset) = (asked, url.clone(), charset.clone());
            let depth = depth + 1;
            Part { place, name, source, form, url, charset, depth, gauge, limits }
        };
        let container: Box<dyn Container> = match form {
            Form::Zip => {
                Box::new(zipped::Zip::open(source, &place, asked, &gauge, &limits)?)
            }
            Form::Gzip if packed::is_warc(&head) => {
                Box::new(warc::Packed::new(source.into_stream(), place, &gauge, limits))
            }
            Form::Gzip => {
                let (source, gauge) = packed::gzip(source.into_stream(), &gauge, &limits);
                return Ok(Entered::Unpacked(unpacked(
                    source,
                    packed::name(&name),
                    gauge,
                )));
            }
            Form::Zstd => {
                let (source, gauge) =
                    packed::zstd(source.into_stream(), &gauge, &limits)?;
                return Ok(Entered::Unpacked(unpacked(
                    source,
                    packed::name(&name),
                    gauge,
                )));
            }
            Form::Warc => Box::new(warc::Warc::new(source.into_stream(), place, limits)),
            Form::Feed => {
                Box::new(feed::Feed::new(source.into_stream(), &head, place, limits))
            }
            Form::Lines => {
                Box::new(json::Lines::new(source.into_stream(), place, limits))
            }
            Form::Mbox => Box::new(mail::Mbox::new(source.into_stream(), place, limits)),
            Form::Mail | Form::Json | Form::Pdf | Form::Nitf => {
                let whole = source.into_stream();
                let bytes = read_all(whole, limits.whole, || limits.whole_too_large())?;
                match form {
                    Form::Mail => Box::new(mail::message(bytes, &place, &limits)?),
                    Form::Json => Box::new(json::value(&bytes, &place, &limits)?),
                    Form::Nitf => {
                        let document = newswire::nitf(&bytes, place, &limits)?;
                        return Ok(Entered::Document(Box::new(document)));
                    }
                    _ => Box::new(paper::pdf(bytes, &place, &limits)?),
                }
            }
            Form::Text | Form::Html => {
                let stream = source.into_stream();
                let bytes =
                    read_all(stream, limits.document, || limits.document_too_large())?;
                let media = if form == Form::Html { Media::Html } else { Media::Text };
                let body = Body { media, bytes, charset, ..Body::default() };
                return Ok(Entered::Document(Box::new(Document {
                    place,
                    body,
                    url,
                    ..Document::default()
                })));
            }
        };
        // A paper stands where it was found; what feeds and archives tell of, elsewhere.
        let url = url.filter(|_| form == Form::Pdf);
        Ok(Entered::Container(Open { depth, url, container }))
    }
}

fn is_xml(head: &[u8], name: &str) -> bool {
    let has_name = name.len() > 4
        && name.get(name.len() - 4..).is_some_and(|s| s.eq_ignore_ascii_case(".xml"));
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    has_name && head.starts_with(b"<") || head.starts_with(b"<?xml")
}

/// Several things that are known already.
pub(crate) struct Several(pub(crate) std::vec::IntoIter<Result<Document, Failure>>);

impl Container for Several {
    fn next(&mut self) -> Option<Result<Found, Failure>> {
        let found = self.0.next()?;
        Some(found.map(|document| Found::Document(Box::new(document))))
    }
}

/// Whether nothing is left.
pub(crate) fn is_at_end(reader: &mut impl BufRead) -> io::Result<bool> {
    Ok(reader.fill_buf()?.is_empty())
}
