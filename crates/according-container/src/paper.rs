//! PDF with a text layer.

use crate::document::{Body, Document, Page, Place};
use crate::error::Error;
use crate::guard::guard;
use crate::limits::Limits;

/// Deeply nested objects must not overflow it, which nothing could catch.
const STACK: usize = 256 << 20;

/// The text of a paper, page after page.
pub(crate) fn pdf(
    bytes: Vec<u8>,
    place: Place,
    limits: &Limits,
) -> Result<Document, Error> {
    // The library panics on many a damaged file. On a thread of its own that costs this
    // paper alone, and gets it a stack to spare.
    let read = move || guard(|| pdf_extract::extract_text_from_mem_by_pages(&bytes));
    let thread = std::thread::Builder::new().name("pdf".into()).stack_size(STACK);
    let pages = thread.spawn(read)?.join();
    let pages = match pages {
        Ok(Some(Ok(pages))) => pages,
        Ok(Some(Err(error))) => {
            return Err(Error::damaged(format!("is a damaged PDF: {error}")));
        }
        Ok(None) | Err(_) => {
            return Err(Error::damaged("is a PDF that cannot be read"));
        }
    };
    let (mut text, mut spans) = (String::new(), Vec::new());
    for (page, number) in pages.iter().zip(1..) {
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
    if text.is_empty() {
        return Err(Error::damaged("is a PDF without a text layer"));
    }
    let body = Body { pages: spans, ..Body::text(text) };
    Ok(Document { place, body, ..Document::default() })
}
