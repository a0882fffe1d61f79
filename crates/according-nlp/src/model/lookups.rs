//! `lookups.bin`: tables by name, each from string ids to values.

use super::msgpack::Reader;
use crate::Error;

/// A reader that stands before the table called `name`, if there is one.
pub(crate) fn table<'b>(
    bytes: &'b [u8],
    name: &str,
) -> Result<Option<Reader<'b>>, Error> {
    let mut reader = Reader::new(bytes);
    for _ in 0..reader.map_len()? {
        if reader.str()? == name {
            return Ok(Some(reader));
        }
        reader.skip()?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_table_behind_another() {
        let bytes = [0x82, 0xa1, b'a', 0x81, 7, 0xa1, b'x', 0xa1, b'b', 0x80];
        let mut found = table(&bytes, "b").unwrap().unwrap();
        assert_eq!(found.map_len(), Ok(0));
        assert!(table(&bytes, "c").unwrap().is_none());
        assert!(table(&bytes[..8], "b").is_err());
    }
}
