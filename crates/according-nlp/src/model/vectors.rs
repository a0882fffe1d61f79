//! Static word vectors: a table of rows, and which row a word has.

use crate::Error;

use super::msgpack::Reader;
use super::npy::Table;

/// Word vectors by string id.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    table: Table,
    /// Ids of all words that have a row, those with the same highest bits together, and
    /// their rows beside them.
    keys: Vec<u64>,
    rows: Vec<u32>,
    /// For each value of the highest bits of an id, the first key with these bits or
    /// higher ones. Ids are hashes, so that few keys share them.
    starts: Vec<u32>,
}

/// How many of the highest bits of an id lead to its neighbourhood.
const HIGH: u32 = 16;

impl Vectors {
    /// Reads `vocab/vectors` and `vocab/key2row`.
    pub(crate) fn read(table: Vec<u8>, key2row: &[u8]) -> Result<Self, Error> {
        let table = Table::read(table).map_err(|e| e.at("vocab/vectors"))?;
        let pairs =
            read_pairs(key2row, table.rows()).map_err(|e| e.at("vocab/key2row"))?;
        let high = |key: u64| (key >> (64 - HIGH)) as usize;
        let mut starts = vec![0; (1 << HIGH) + 1];
        for (key, _) in &pairs {
            starts[high(*key) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let (mut keys, mut rows) = (vec![0; pairs.len()], vec![0; pairs.len()]);
        for (key, row) in pairs {
            let at = &mut next[high(key)];
            (keys[*at as usize], rows[*at as usize]) = (key, row);
            *at += 1;
        }
        Ok(Self { table, keys, rows, starts })
    }

    /// Floats in a vector; 0 when there are no vectors.
    pub(crate) fn width(&self) -> usize {
        if self.table.rows() == 0 { 0 } else { self.table.columns() }
    }

    /// How many vectors there are.
    pub(crate) fn len(&self) -> usize {
        self.table.rows()
    }

    /// The row of the word with this id, if it has one.
    pub(crate) fn row_of(&self, id: u64) -> Option<u32> {
        let high = (id >> (64 - HIGH)) as usize;
        let near = self.starts.get(high..high + 2).map_or(0..0, |n| n[0]..n[1]);
        let found = near.map(|at| at as usize).find(|&at| self.keys[at] == id);
        found.map(|at| self.rows[at])
    }

    /// Adds a row to `out`, zeros for no row.
    pub(crate) fn append_row(&self, row: Option<u32>, out: &mut Vec<f32>) {
        match row {
            Some(row) => self.table.append_row(row as usize, out),
            None => out.resize(out.len() + self.table.columns(), 0.0),
        }
    }

    /// Adds the vector of the word with this id to `out`, zeros for a word without one.
    pub(crate) fn append(&self, id: u64, out: &mut Vec<f32>) {
        self.append_row(self.row_of(id), out);
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
    Ok(pairs)
}
