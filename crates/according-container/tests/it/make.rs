//! Makes containers.

use std::io::{Cursor, Write as _};

use according_container::{Document, Documents, Limits};

/// Everything in it, failures as what people read.
pub(crate) fn all(
    name: &str,
    bytes: impl Into<Vec<u8>>,
) -> Vec<Result<Document, String>> {
    all_with(name, bytes, Limits::default())
}

pub(crate) fn all_with(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    limits: Limits,
) -> Vec<Result<Document, String>> {
    let documents = Documents::read(name, Cursor::new(bytes.into()), None, limits);
    documents.map(|found| found.map_err(|failure| failure.to_string())).collect()
}

/// Everything in it, which must be whole.
pub(crate) fn whole(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<Document> {
    all(name, bytes).into_iter().map(|found| found.unwrap()).collect()
}

/// Where each is, or what is wrong.
pub(crate) fn places(found: &[Result<Document, String>]) -> Vec<String> {
    let place = |found: &Result<Document, String>| match found {
        Ok(document) => document.place.to_string(),
        Err(error) => format!("! {error}"),
    };
    found.iter().map(place).collect()
}

pub(crate) fn text(document: &Document) -> &str {
    std::str::from_utf8(&document.body.bytes).unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_by(zip::CompressionMethod::Deflated, entries)
}

pub(crate) fn zip_by(
    method: zip::CompressionMethod,
    entries: &[(&str, &[u8])],
) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in entries {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A record of a web archive.
pub(crate) fn record(kind: &str, content_type: &str, url: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n\
         WARC-Record-ID: <urn:x:{url}>\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

/// A page as a crawler stores it.
pub(crate) fn response(url: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
    let answer = [head.as_bytes(), body].concat();
    record("response", "application/http; msgtype=response", url, &answer)
}

/// The next of numbers that look random.
pub(crate) fn pick(state: &mut u64) -> u8 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 56) as u8
}
