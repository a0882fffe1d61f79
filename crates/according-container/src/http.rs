//! The answer of a server, as a web archive keeps it.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::error::Error;
use crate::limits::Limits;
use crate::packed;
use crate::source::read_all;

/// An answer, unpacked as far as its header asks for it.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    encodings: Vec<String>,
    is_chunked: bool,
    body: &'a [u8],
}

impl<'a> Response<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut headers = [httparse::EMPTY_HEADER; 256];
        let mut head = httparse::Response::new(&mut headers);
        let mut config = httparse::ParserConfig::default();
        config
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true);
        // Archives of HTTP/2 write a version the parser does not know.
        let patched;
        let (start, shift) = match bytes.strip_prefix(b"HTTP/2 ") {
            Some(rest) => {
                patched = [b"HTTP/1.1 ", rest].concat();
                (patched.as_slice(), 2)
            }
            None => (bytes, 0),
        };
        let damaged = |error| Error::damaged(format!("is no answer of HTTP: {error}"));
        let end = match config.parse_response(&mut head, start).map_err(damaged)? {
            httparse::Status::Complete(end) => end - shift,
            httparse::Status::Partial => {
                return Err(Error::damaged("has a header of HTTP that ends too early"));
            }
        };
        let mut response = Self {
            status: head.code.unwrap_or(0),
            content_type: String::new(),
            encodings: Vec::new(),
            is_chunked: false,
            body: bytes.get(end..).unwrap_or_default(),
        };
        for header in head.headers.iter() {
            let value = String::from_utf8_lossy(header.value).trim().to_ascii_lowercase();
            let list = value.split(',').map(str::trim).filter(|s| !s.is_empty());
            match header.name.to_ascii_lowercase().as_str() {
                "content-type" if response.content_type.is_empty() => {
                    response.content_type = value;
                }
                "content-encoding" => response.encodings.extend(list.map(str::to_owned)),
                "transfer-encoding" => {
                    for name in list {
                        match name {
                            "chunked" => response.is_chunked = true,
                            name => response.encodings.push(name.to_owned()),
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(response)
    }

    /// The body, unpacked. Many crawlers unpack what they store and leave the header as it
    /// was; so what does not look packed is taken as it is.
    pub(crate) fn body(self, limits: &Limits) -> Result<Vec<u8>, Error> {
        let mut body = match self.is_chunked {
            true => unchunked(self.body).unwrap_or_else(|| self.body.to_vec()),
            false => self.body.to_vec(),
        };
        for encoding in self.encodings.iter().rev() {
            if let Some(unpacked) = unpack(encoding, &body, limits)? {
                body = unpacked;
            }
        }
        if body.len() > limits.document {
            return Err(limits.document_too_large());
        }
        Ok(body)
    }
}

/// The chunks joined, or `None` when these are no chunks.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(bytes.len());
    loop {
        let httparse::Status::Complete((skip, size)) =
            httparse::parse_chunk_size(bytes).ok()?
        else {
            // Cut off between chunks: what is there is there.
            return (!joined.is_empty()).then_some(joined);
        };
        let rest = bytes.get(skip..)?;
        let size = usize::try_from(size).ok()?;
        if size == 0 {
            return Some(joined);
        }
        let Some(chunk) = rest.get(..size) else {
            joined.extend_from_slice(rest);
            return Some(joined);
        };
        joined.extend_from_slice(chunk);
        bytes = rest.get(size..)?;
        bytes = bytes.strip_prefix(b"\r\n").or_else(|| bytes.strip_prefix(b"\n"))?;
    }
}

fn unpack(
    encoding: &str,
    body: &[u8],
    limits: &Limits,
) -> Result<Option<Vec<u8>>, Error> {
    let reader: Box<dyn Read + '_> = match encoding {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
            Box::new(MultiGzDecoder::new(body))
        }
        // Half the world sends it without the wrapping it should have.
        "deflate" if body.first().is_some_and(|b| b & 0x0f == 8) => {
            Box::new(ZlibDecoder::new(body))
        }
        "deflate" if !looks_like_text(body) => Box::new(DeflateDecoder::new(body)),
        "br" if !looks_like_text(body) => {
            Box::new(brotli_decompressor::Decompressor::new(body, 4096))
        }
        "zstd" if body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
            packed::zstd_reader(io::Cursor::new(body.to_vec()))
        }
        _ => return Ok(None),
    };
    let unpacked = read_all(reader, limits.document, || limits.document_too_large());
    unpacked.map(Some).map_err(|error| match error.exceeded() {
        Some(_) => error,
        None => Error::damaged(format!("is damaged where it is packed by {encoding}")),
    })
}

fn looks_like_text(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(64)).unwrap_or_default();
    head.trim_ascii_start().first().is_some_and(|b| *b == b'<')
        || head.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace())
}

/// The kind in a content type, and its charset.
pub(crate) fn media_type(content_type: &str) -> (String, Option<String>) {
    let mut parts = content_type.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty())
            .then(|| value.to_ascii_lowercase())
    });
    (kind, charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(answer: &[u8]) -> Result<Vec<u8>, Error> {
        Response::parse(answer)?.body(&Limits::default())
    }

    #[test]
    fn chunks_are_joined() {
        let answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nIt s\r\n6;x=y\r\nnowed.\r\n0\r\n\r\n";
        assert_eq!(body(answer).unwrap(), b"It snowed.");
        let stored = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nIt snowed.";
        assert_eq!(body(stored).unwrap(), b"It snowed.");
    }

    #[test]
    fn what_is_stored_unpacked_stays() {
        for name in ["gzip", "br", "deflate", "zstd"] {
            let answer =
                format!("HTTP/2 200\r\nContent-Encoding: {name}\r\n\r\n<p>It snowed.");
            assert_eq!(body(answer.as_bytes()).unwrap(), b"<p>It snowed.", "{name}");
        }
    }

    #[test]
    fn media_types_tell_kind_and_charset() {
        assert_eq!(
            media_type("Text/HTML; Charset=\"UTF-8\""),
            ("text/html".into(), Some("utf-8".into()))
        );
        assert_eq!(media_type("text/plain"), ("text/plain".into(), None));
    }
}
