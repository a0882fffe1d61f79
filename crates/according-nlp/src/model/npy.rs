//! NumPy's `.npy` format, version 1 to 3: one array of little-endian floats.

use crate::Error;

/// A row-major table of `f32`, kept as the bytes it came in.
#[derive(Debug, Default)]
pub(crate) struct Table {
    bytes: Vec<u8>,
    data: usize,
    rows: usize,
    columns: usize,
}

impl Table {
    /// Reads a two-dimensional array.
    ///
    /// # Errors
    ///
    /// When the bytes are no such array or not all there.
    pub(crate) fn read(bytes: Vec<u8>) -> Result<Self, Error> {
        let (header, data) =
            header(&bytes).ok_or_else(|| Error::new("not a NumPy file"))?;
        if !header.contains("'<f4'") || !header.contains("'fortran_order': False") {
            return Err(Error::new("the array is not of 32-bit floats in row order"));
        }
        let shape = shape(header).ok_or_else(|| Error::new("the array has no shape"))?;
        let [rows, columns] = shape[..] else {
            return Err(Error::new(format!(
                "the array has {} dimensions, not 2",
                shape.len()
            )));
        };
        let size =
            rows.checked_mul(columns).and_then(|n| n.checked_mul(size_of::<f32>()));
        if size != Some(bytes.len() - data) {
            return Err(Error::new(format!(
                "{} bytes are no array of {rows} by {columns} floats",
                bytes.len() - data
            )));
        }
        Ok(Self { bytes, data, rows, columns })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Adds the floats of one row to `out`.
    pub(crate) fn append_row(&self, row: usize, out: &mut Vec<f32>) {
        let size = self.columns * size_of::<f32>();
        let at = self.data + row * size;
        out.extend(floats(&self.bytes[at..at + size]));
    }
}

/// Little-endian floats.
pub(crate) fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four))
}

/// The header's dictionary and where the data begins.
fn header(bytes: &[u8]) -> Option<(&str, usize)> {
    let rest = bytes.strip_prefix(b"\x93NUMPY")?;
    let (version, rest) = rest.split_at_checked(2)?;
    let (length, at) = match version[0] {
        1 => (usize::from(u16::from_le_bytes(*rest.first_chunk()?)), 10),
        2 | 3 => (usize::try_from(u32::from_le_bytes(*rest.first_chunk()?)).ok()?, 12),
        _ => return None,
    };
    let data = length.checked_add(at)?;
    Some((std::str::from_utf8(bytes.get(at..data)?).ok()?, data))
}

/// The numbers of `'shape': (20000, 300)`.
fn shape(header: &str) -> Option<Vec<usize>> {
    let (_, rest) = header.split_once("'shape': (")?;
    let (numbers, _) = rest.split_once(')')?;
    numbers
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(|n| n.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[f32]) -> Vec<u8> {
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data.iter().flat_map(|x| x.to_le_bytes()));
        bytes
    }

    const HEADER: &str = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

    #[test]
    fn rows_come_back() {
        let table = Table::read(file(HEADER, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5])).unwrap();
        let mut row = Vec::new();
        table.append_row(1, &mut row);
        assert_eq!((table.rows(), table.columns(), row), (2, 3, vec![4.0, 5.0, 6.5]));
    }

    #[test]
    fn broken_files_are_errors() {
        let whole = file(HEADER, &[0.0; 6]);
        for end in 0..whole.len() {
            assert!(Table::read(whole[..end].to_vec()).is_err(), "cut at {end}");
        }
        let lying =
            HEADER.replace("(2, 3)", "(9223372036854775807, 9223372036854775807)");
        assert!(Table::read(file(&lying, &[])).is_err());
        assert!(Table::read(file(&HEADER.replace("<f4", "<f8"), &[0.0; 6])).is_err());
        assert!(Table::read(file(&HEADER.replace("(2, 3)", "(6,)"), &[0.0; 6])).is_err());
    }
}
