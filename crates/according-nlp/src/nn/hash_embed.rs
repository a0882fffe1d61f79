use crate::Error;

/// An embedding table that any 64-bit id falls into four rows of (thinc's `HashEmbed`).
#[derive(Debug)]
pub(crate) struct HashEmbed {
    seed: u32,
    width: usize,
    table: Vec<f32>,
}

impl HashEmbed {
    /// A table of rows of `width` floats.
    pub(crate) fn new(seed: u32, width: usize, table: Vec<f32>) -> Result<Self, Error> {
        let rows = table.len().checked_div(width).unwrap_or(0);
        if rows == 0 || rows * width != table.len() || u32::try_from(rows).is_err() {
            return Err(Error::new("a hash embedding has no whole rows"));
        }
        Ok(Self { seed, width, table })
    }

    /// Floats in a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Writes the embedding of `id`, the sum of its four rows, to `out`.
    pub(crate) fn embed(&self, id: u64, out: &mut [f32]) {
        let n_rows = (self.table.len() / self.width) as u32;
        out.fill(0.0);
        for key in row_keys(id, self.seed) {
            let row = (key % n_rows) as usize * self.width;
            for (out, x) in out.iter_mut().zip(&self.table[row..row + self.width]) {
                *out += x;
            }
        }
    }
}

/// Four 32-bit hashes of `id`: MurmurHash3 x64 128 of its eight bytes.
fn row_keys(id: u64, seed: u32) -> [u32; 4] {
    fn fmix(mut x: u64) -> u64 {
        x ^= x >> 33;
        x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
        x ^= x >> 33;
        x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        x ^ (x >> 33)
    }
    const LENGTH: u64 = 8;
    let seed = u64::from(seed);
    let mut h1 = id.wrapping_mul(0x87c3_7b91_1142_53d5).rotate_left(31);
    h1 = h1.wrapping_mul(0x4cf5_ad43_2745_937f) ^ seed ^ LENGTH;
    let mut h2 = seed ^ LENGTH;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = fmix(h1);
    h2 = fmix(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    [h1 as u32, (h1 >> 32) as u32, h2 as u32, (h2 >> 32) as u32]
}
