//! PDF with a text layer.
//!
//! The library that reads them does what a file tells it to: it unpacks without end, follows
//! drawings that draw themselves, and panics where something is missing. So what a file asks
//! for is checked first, and each page is read on its own.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use pdf_extract::{
    Dictionary, Document as Pdf, Object, ObjectId, PlainTextOutput, Stream,
};

use crate::document::{Body, Document, Failure, Page, Place, Step};
use crate::documents::Several;
use crate::error::Error;
use crate::form::{contains, find};
use crate::guard::guard;
use crate::limits::Limits;

/// Objects may lie within one another as deep as the limits allow, and an overflow of the
/// stack could not be caught.
const STACK: usize = 256 << 20;

/// The text of a paper, page after page. A page that cannot be read is named, and the text of
/// the others stays together.
pub(crate) fn pdf(
    bytes: Vec<u8>,
    place: &Place,
    limits: &Limits,
) -> Result<Several, Error> {
    check_packed(&bytes, limits)?;
    let most = limits.clone();
    let read = move || guard(|| pages(&bytes, &most));
    let thread = std::thread::Builder::new().name("pdf".into()).stack_size(STACK);
    let pages = match thread.spawn(read)?.join() {
        Ok(Some(pages)) => pages?,
        Ok(None) | Err(_) => return Err(Error::damaged("is a PDF that cannot be read")),
    };
    let (mut text, mut spans, mut found) = (String::new(), Vec::new(), Vec::new());
    for (number, page) in pages {
        let Some(page) = page else {
            let place = place.step(Step::Page(number));
            let error = Error::damaged("is a page that cannot be read");
            found.push(Err(Failure { place, error }));
            continue;
        };
        let page = page.trim();
        if page.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(page);
        spans.push(Page { number, start, end: text.len() });
        if text.len() > limits.document {
            return Err(limits.document_too_large());
        }
    }
    if !text.is_empty() {
        let body = Body { pages: spans, ..Body::text(text) };
        let document = Document { place: place.clone(), body, ..Document::default() };
        found.insert(0, Ok(document));
    } else if found.is_empty() {
        return Err(Error::damaged("is a PDF without a text layer"));
    }
    Ok(Several(found.into_iter()))
}

/// The text of each page, or `None` for one that cannot be read.
fn pages(bytes: &[u8], limits: &Limits) -> Result<Vec<(u32, Option<String>)>, Error> {
    let damaged = |error| Error::damaged(format!("is a damaged PDF: {error}"));
    let mut pdf = Pdf::load_mem(bytes).map_err(damaged)?;
    if pdf.is_encrypted() {
        return Err(Error::damaged("is encrypted"));
    }
    for object in pdf.objects.values_mut() {
        if let Object::Stream(stream) = object
            && is_named(&stream.dict, b"Subtype", b"Image")
        {
            // The library would take pictures for drawings.
            stream.dict.remove(b"Filter");
            stream.content.clear();
        }
    }
    let numbers = pdf.get_pages();
    if numbers.len() > limits.entries {
        return Err(too_many(limits));
    }
    let mut work = Work { pdf: &pdf, limits, known: HashMap::new() };
    for id in numbers.values() {
        work.page(*id)?;
    }
    let mut length = 0;
    let mut pages = Vec::new();
    for number in numbers.keys() {
        let page = guard(|| {
            let mut text = String::new();
            let mut output = PlainTextOutput::new(&mut text);
            pdf_extract::output_doc_page(&pdf, &mut output, *number).ok()?;
            Some(text)
        });
        let page = page.flatten();
        length += page.as_ref().map_or(0, String::len);
        if length > limits.document {
            return Err(limits.document_too_large());
        }
        pages.push((*number, page));
    }
    Ok(pages)
}

/// How much has to be read for a page, drawings within drawings included.
struct Work<'a> {
    pdf: &'a Pdf,
    limits: &'a Limits,
    /// `None` while it is being worked out.
    known: HashMap<ObjectId, Option<u64>>,
}

impl Work<'_> {
    fn page(&mut self, id: ObjectId) -> Result<(), Error> {
        let Ok(page) = self.pdf.get_dictionary(id) else { return Ok(()) };
        // Pages inherit from what is around them, which must end somewhere.
        let (mut resources, mut around) = (None, Some(page));
        for _ in 0..=self.limits.elements {
            let Some(dict) = around else { break };
            resources = resources.or_else(|| self.dictionary(dict, b"Resources"));
            let parent = dict.get(b"Parent").and_then(Object::as_reference);
            around = parent.and_then(|id| self.pdf.get_dictionary(id)).ok();
        }
        if around.is_some() {
            return Err(self.limits.elements_too_deep());
        }
        for stream in self.pdf.get_page_contents(id) {
            if let Ok(stream) = self.pdf.get_object(stream).and_then(Object::as_stream) {
                check_filters(stream, self.limits)?;
            }
        }
        let content = self.pdf.get_page_content(id).unwrap_or_default();
        self.content(&content, resources, 0)?;
        Ok(())
    }

    fn dictionary<'d>(&self, dict: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary>
    where
        Self: 'd,
    {
        match dict.get(key).ok()? {
            Object::Dictionary(dict) => Some(dict),
            _ => None,
        }
    }

    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&Dictionary>,
        depth: usize,
    ) -> Result<u64, Error> {
        let n = content.windows(2).filter(|w| *w == b"Do").count() as u64;
        let mut most = 0;
        if n > 0 {
            for id in self.drawings(resources) {
                most = most.max(self.drawing(id, depth + 1)?);
            }
        }
        let work = (content.len() as u64 + 1).saturating_add(n.saturating_mul(most));
        if work > self.limits.whole as u64 * 4 {
            return Err(self.limits.whole_too_large());
        }
        Ok(work)
    }

    fn drawings(&self, resources: Option<&Dictionary>) -> Vec<ObjectId> {
        let all = resources.and_then(|resources| resources.get(b"XObject").ok());
        let all = all.and_then(|all| self.pdf.dereference(all).ok()?.1.as_dict().ok());
        let all = all.into_iter().flat_map(Dictionary::iter);
        all.filter_map(|(_, drawing)| drawing.as_reference().ok()).collect()
    }

    fn drawing(&mut self, id: ObjectId, depth: usize) -> Result<u64, Error> {
        match self.known.get(&id) {
            Some(Some(work)) => return Ok(*work),
            Some(None) => {
                return Err(Error::damaged("is a PDF with a drawing that draws itself"));
            }
            None => {}
        }
        if depth > self.limits.elements {
            return Err(self.limits.elements_too_deep());
        }
        self.known.insert(id, None);
        let pdf = self.pdf;
        let mut work = 1;
        if let Ok(stream) = pdf.get_object(id).and_then(Object::as_stream) {
            check_filters(stream, self.limits)?;
            let content = stream.decompressed_content();
            let content = content.unwrap_or_else(|_| stream.content.clone());
            let own = stream.dict.get(b"Resources").ok();
            let own = own.and_then(|own| pdf.dereference(own).ok()?.1.as_dict().ok());
            if own.is_none() && contains(&content, b"Do") {
                // It draws with what is around it, and so perhaps itself.
                return Err(Error::damaged("is a PDF with a drawing without resources"));
            }
            work = self.content(&content, own, depth)?;
        }
        self.known.insert(id, Some(work));
        Ok(work)
    }
}

fn is_named(dict: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dict.get(key).and_then(Object::as_name).is_ok_and(|is| is == name)
}

/// Most of a stream that is packed in more than one way, as it lies in the file.
const WRAPPED: usize = 256 << 10;

/// How a stream is packed must not make more of it than was counted.
fn check_filters(stream: &Stream, limits: &Limits) -> Result<(), Error> {
    let filters = stream.filters().unwrap_or_default();
    let is_packer = |name: &[u8]| matches!(name, b"FlateDecode" | b"LZWDecode");
    let n = filters.iter().filter(|name| is_packer(name)).count();
    let is_plain = filters.len() < 2 && !filters.iter().any(|name| *name == b"LZWDecode");
    if n > 1 || (!is_plain && stream.content.len() > WRAPPED) {
        return Err(too_much(limits));
    }
    Ok(())
}

fn too_much(limits: &Limits) -> Error {
    let ratio = limits.ratio;
    Error::limit(
        "ratio",
        format!("unpacks to more than the limit of {ratio} times its size"),
    )
}

fn too_many(limits: &Limits) -> Error {
    let most = limits.entries;
    Error::limit("entries", format!("has more parts than the limit of {most} entries"))
}

/// Unpacks all that is packed, without keeping it, and counts.
fn check_packed(bytes: &[u8], limits: &Limits) -> Result<(), Error> {
    let most = (bytes.len() as u64).saturating_mul(limits.ratio);
    let mut left = most.max(16 << 20).min((limits.whole as u64).saturating_mul(4));
    let (mut rest, mut n_streams) = (bytes, 0);
    while let Some(at) = find(rest, b"stream") {
        let (before, after) = rest.split_at(at);
        rest = after.get(b"stream".len()..).unwrap_or_default();
        if before.ends_with(b"end") {
            continue;
        }
        let tail = before.get(before.len().saturating_sub(1024)..).unwrap_or_default();
        let dict = tail.rsplit(|b| *b == b'<').take(8).collect::<Vec<_>>().concat();
        let is_index = contains(&dict, b"/ObjStm") || contains(&dict, b"/XRef");
        if is_index && (contains(&dict, b"/ASCII") || contains(&dict, b"/LZW")) {
            return Err(too_much(limits));
        }
        if !is_index && contains(&dict, b"/Image") {
            continue;
        }
        let packed = rest.trim_ascii_start();
        // The head of zlib: the method, and a check.
        let is_packed = matches!(packed, [a, b, ..]
            if a & 0x0f == 8 && (u32::from(*a) << 8 | u32::from(*b)) % 31 == 0);
        if !is_packed {
            continue;
        }
        n_streams += 1;
        if n_streams > limits.entries {
            return Err(too_many(limits));
        }
        // An error ends what the library would unpack as well.
        let unpacked = ZlibDecoder::new(packed).take(left + 1);
        let n = count(unpacked);
        if n > left {
            return Err(too_much(limits));
        }
        left -= n;
    }
    Ok(())
}

/// How many bytes come before the end or an error.
fn count(mut from: impl Read) -> u64 {
    let (mut n, mut buffer) = (0, vec![0; 1 << 14]);
    while let Ok(more @ 1..) = from.read(&mut buffer) {
        n += more as u64;
    }
    n
}
