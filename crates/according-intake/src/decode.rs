//! Bytes to text, whatever they were written in.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text, and what had to be assumed to read it.
///
/// A byte order mark decides, and is no part of the text. Without one, text is UTF-8 unless
/// it cannot be; bytes that stand for nothing become U+FFFD only where the rest shows that
/// the text is UTF-8 after all. Never fails: strange text is not an error.
pub fn decode(bytes: Vec<u8>) -> (String, Option<String>) {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return decode_as(encoding, bytes.get(mark..).unwrap_or_default(), false);
    }
    if let Some(encoding) = unmarked_utf16(&bytes) {
        return decode_as(encoding, &bytes, true);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error.into_bytes(),
    };
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > bad {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return (
            text,
            Some(format!("not all of it is UTF-8: replaced in places ({bad})")),
        );
    }
    decode_as(WINDOWS_1252, &bytes, true)
}

/// The same for bytes whose encoding was declared elsewhere, if that is one.
pub(crate) fn decode_declared(
    bytes: Vec<u8>,
    charset: Option<&str>,
) -> (String, Option<String>) {
    let declared = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    match declared {
        // Everybody declares UTF-8, and not everybody writes it.
        Some(encoding) if encoding != UTF_8 && Encoding::for_bom(&bytes).is_none() => {
            decode_as(encoding, &bytes, false)
        }
        _ => decode(bytes),
    }
}

/// The text of a web page. What it came with wins over what the page declares, a byte order
/// mark over both, and bytes that are UTF-8 all through over everything.
pub fn decode_page(bytes: Vec<u8>, charset: Option<&str>) -> (String, Option<String>) {
    let is_marked = Encoding::for_bom(&bytes).is_some();
    let is_utf8 = std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains('\u{1b}'));
    let told = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    match told.filter(|&e| e != UTF_8).or_else(|| declared(&bytes)) {
        Some(encoding) if !is_marked && !is_utf8 && encoding != UTF_8 => {
            decode_as(encoding, &bytes, false)
        }
        _ => decode(bytes),
    }
}

/// The encoding that a `<meta>` among the first bytes of a page names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut metas = head.split("<meta").skip(1);
    metas
        .find_map(|meta| {
            let meta = meta.split('>').next().unwrap_or_default();
            let (_, value) = meta.split_once("charset")?;
            let value = value.trim_start().strip_prefix('=')?;
            let value = value
                .trim_start_matches(|c: char| c.is_whitespace() || "\"'".contains(c));
            let end = value.find(|c: char| c.is_whitespace() || "\"';/".contains(c));
            Encoding::for_label(&value.as_bytes()[..end.unwrap_or(value.len())])
        })
        // A page in UTF-16 could not have been read so far.
        .filter(|encoding| encoding.is_ascii_compatible())
}

fn decode_as(
    encoding: &'static Encoding,
    bytes: &[u8],
    is_guess: bool,
) -> (String, Option<String>) {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    let note = match (is_guess, has_errors) {
        (true, _) => Some(format!("not UTF-8: read as {}", encoding.name())),
        (false, true) => Some(format!("not all of it is {}: replaced", encoding.name())),
        (false, false) => None,
    };
    (text.into_owned(), note)
}

/// English in UTF-16 has a zero in nearly every second byte, and no other text has.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let zeros =
        |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = head.len() * 2 / 5;
    match (even > most, odd > most) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn text_survives_every_way_of_writing_it() {
        let text = "“We won’t,” she said.";
        let marked = |text: &str| format!("\u{feff}{text}");
        assert_eq!(decode(text.into()), (text.to_owned(), None));
        assert_eq!(decode(marked(text).into()), (text.to_owned(), None));
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(decode(utf16(&marked(text), to_bytes)), (text.to_owned(), None));
            let (decoded, note) = decode(utf16(text, to_bytes));
            assert_eq!(decoded, text);
            assert!(note.is_some_and(|note| note.contains("UTF-16")));
        }
        let (western, _, _) = WINDOWS_1252.encode(text);
        let (decoded, note) = decode(western.into_owned());
        assert_eq!(decoded, text);
        assert_eq!(note.as_deref(), Some("not UTF-8: read as windows-1252"));
    }

    #[test]
    fn one_broken_byte_does_not_spoil_the_rest() {
        let mut bytes = "“We won’t,” she said".as_bytes().to_vec();
        bytes.push(0xe2);
        let (text, note) = decode(bytes);
        assert_eq!(text, "“We won’t,” she said\u{fffd}");
        assert_eq!(
            note.as_deref(),
            Some("not all of it is UTF-8: replaced in places (1)")
        );
    }

    #[test]
    fn nothing_is_too_strange() {
        for bytes in [&b""[..], b"\0", b"\0\0\0\0", b"\xff\xfe", b"\xff\xfe\x00", b"\x80"]
        {
            decode(bytes.to_vec());
        }
    }
}
