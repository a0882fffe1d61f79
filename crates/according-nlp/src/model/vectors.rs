//! Static word vectors: a table of rows, and which row a word has.

use crate::Error;

use super::msgpack::Reader;
use super::npy::Table;

/// Word vectors by string id.
#[derive(Debug)]
pub(crate) struct Vectors {
    table: Table,
    /// Ids of all words that have a row, ascending, and their rows beside them.
    keys: Vec<u64>,
    rows: Vec<u32>,
}

impl Vectors {
    /// Reads `vocab/vectors` and `vocab/key2row`.
    pub(crate) fn read(table: Vec<u8>, key2row: &[u8]) -> Result<Self, Error> {
        let table = Table::read(table).map_err(|e| e.at("vocab/vectors"))?;
        let pairs =
            read_pairs(key2row, table.rows()).map_err(|e| e.at("vocab/key2row"))?;
        let (keys, rows) = pairs.into_iter().unzip();
        Ok(Self { table, keys, rows })
    }

    /// Floats in a vector; 0 when there are no vectors.
    pub(crate) fn width(&self) -> usize {
        if self.table.rows() == 0 { 0 } else { self.table.columns() }
    }

    /// The row of the word with this id.
    pub(crate) fn row(&self, id: u64) -> Option<usize> {
        self.keys.binary_search(&id).ok().map(|at| self.rows[at] as usize)
    }

    /// Adds the vector of the word with this id to `out`, zeros for a word without one.
    pub(crate) fn append(&self, id: u64, out: &mut Vec<f32>) {
        match self.row(id) {
            Some(row) => self.table.append_row(row, out),
            None => out.resize(out.len() + self.table.columns(), 0.0),
        }
    }
}

fn read_pairs(bytes: &[u8], n_rows: usize) -> Result<Vec<(u64, u32)>, Error> {
    let mut reader = Reader::new(bytes);
    let n = reader.map_len()?;
    let mut pairs = Vec::with_capacity(n);
    for _ in 0..n {
        let (key, row) = (reader.u64()?, reader.i64()?);
        // A word may be listed without a row.
        if row < 0 {
            continue;
        }
        let row = u32::try_from(row).ok().filter(|&row| (row as usize) < n_rows);
        pairs.push((
            key,
            row.ok_or_else(|| Error::new(format!("no row for word {key}")))?,
        ));
    }
    pairs.sort_unstable();
    pairs.dedup_by_key(|pair| pair.0);
    Ok(pairs)
}
