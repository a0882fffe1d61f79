//! Layers with their weights packed for the kernels.

use std::ops::Range;

use super::ops::{self, BLOCK, Kernel, PIECES, POINTS, PRODUCTS, TILE};
use crate::Error;

/// A row-major matrix as a model file holds it.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    rows: usize,
    columns: usize,
    data: Vec<f32>,
}

impl Matrix {
    /// `data` as `rows` rows.
    pub(crate) fn new(
        rows: usize,
        columns: usize,
        data: Vec<f32>,
    ) -> Result<Self, Error> {
        if rows == 0 || columns == 0 || rows.checked_mul(columns) != Some(data.len()) {
            return Err(Error::new(format!(
                "{} weights are no {rows} by {columns} matrix",
                data.len()
            )));
        }
        Ok(Self { rows, columns, data })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    fn at(&self, row: usize, column: usize) -> f32 {
        self.data[row * self.columns + column]
    }

    /// The rows numbered `rows`.
    pub(crate) fn slice(&self, rows: Range<usize>) -> Self {
        let data = &self.data[rows.start * self.columns..rows.end * self.columns];
        Self { rows: rows.len(), columns: self.columns, data: data.to_vec() }
    }

    /// The columns numbered `columns`, in that order.
    pub(crate) fn columns_of(&self, columns: impl IntoIterator<Item = usize>) -> Self {
        let columns: Vec<usize> = columns.into_iter().collect();
        let mut data = Vec::with_capacity(self.rows * columns.len());
        for row in self.data.chunks_exact(self.columns) {
            data.extend(columns.iter().map(|&column| row[column]));
        }
        Self { rows: self.rows, columns: columns.len(), data }
    }

    /// The rows of this matrix and then those of another one, which has as many columns.
    pub(crate) fn above(mut self, below: &Self) -> Self {
        debug_assert_eq!(self.columns, below.columns);
        self.data.extend_from_slice(&below.data);
        Self { rows: self.rows + below.rows, ..self }
    }

    /// Row `i` of the result is row `order(i)` of this matrix.
    pub(crate) fn reorder(self, order: impl Fn(usize) -> usize) -> Self {
        let mut data = Vec::with_capacity(self.data.len());
        for i in 0..self.rows {
            let from = order(i) * self.columns;
            data.extend_from_slice(&self.data[from..from + self.columns]);
        }
        Self { data, ..self }
    }
}

/// The index in thinc's `[unit][piece]` order of unit `i % n`, piece `i / n`.
pub(crate) fn by_piece(i: usize, units: usize, pieces: usize) -> usize {
    i % units * pieces + i / units
}

fn check_bias(weights: &Matrix, bias: &[f32]) -> Result<(), Error> {
    if weights.rows == bias.len() {
        return Ok(());
    }
    Err(Error::new(format!("{} biases for {} outputs", bias.len(), weights.rows)))
}

/// `y = W x + b` for many rows at once.
#[derive(Debug)]
pub(crate) struct Linear {
    inputs: usize,
    packed: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// A layer with one row of weights an output.
    pub(crate) fn new(weights: &Matrix, bias: &[f32]) -> Result<Self, Error> {
        check_bias(weights, bias)?;
        let blocks = weights.rows.div_ceil(BLOCK);
        let inputs = weights.columns;
        let mut packed = Vec::with_capacity(blocks * inputs * BLOCK);
        for block in 0..blocks {
            for i in 0..inputs {
                packed.extend(
                    (block * BLOCK..(block + 1) * BLOCK)
                        .map(|o| if o < weights.rows { weights.at(o, i) } else { 0.0 }),
                );
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(blocks * BLOCK, 0.0);
        Ok(Self { inputs, packed, bias })
    }

    /// Floats a row of input.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Floats a row of output: the outputs, rounded up to whole blocks.
    pub(crate) fn stride(&self) -> usize {
        self.bias.len()
    }

    /// Makes `y` one row of output for each row of `x`.
    pub(crate) fn run(&self, kernel: Kernel, x: &[f32], y: &mut Vec<f32>) {
        y.resize(x.len() / self.inputs * self.stride(), 0.0);
        self.run_into(kernel, x, y);
    }

    /// Writes one row of output for each row of `x` to `y`, from row number `row` on. What
    /// `y` holds behind them stays.
    pub(crate) fn run_at(&self, kernel: Kernel, x: &[f32], row: usize, y: &mut Vec<f32>) {
        let from = row * self.stride();
        let end = from + x.len() / self.inputs * self.stride();
        if y.len() < end {
            y.resize(end, 0.0);
        }
        self.run_into(kernel, x, &mut y[from..end]);
    }

    /// Writes one row of output for each row of `x` to `y`, which holds just these.
    pub(crate) fn run_into(&self, kernel: Kernel, x: &[f32], y: &mut [f32]) {
        ops::gemm(kernel, x, self.inputs, &self.packed, &self.bias, y);
    }
}

/// `y = W x + b` for one row at a time.
#[derive(Debug)]
pub(crate) struct Dense {
    inputs: usize,
    rows: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// A layer with one row of weights an output.
    pub(crate) fn new(weights: &Matrix, bias: &[f32]) -> Result<Self, Error> {
        check_bias(weights, bias)?;
        let stride = weights.rows.next_multiple_of(BLOCK);
        let mut rows = vec![0.0; weights.columns * stride];
        for i in 0..weights.columns {
            for o in 0..weights.rows {
                rows[i * stride + o] = weights.at(o, i);
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(stride, 0.0);
        Ok(Self { inputs: weights.columns, rows, bias })
    }

    /// Floats of input.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Floats of output: the outputs, rounded up to whole blocks.
    pub(crate) fn stride(&self) -> usize {
        self.bias.len()
    }

    /// Writes the outputs for `x`.
    pub(crate) fn run(&self, kernel: Kernel, x: &[f32], y: &mut [f32]) {
        ops::matvec(kernel, x, &self.rows, &self.bias, y);
    }
}

/// Layer normalisation (Ba, Kiros and Hinton 2016).
#[derive(Clone, Debug)]
pub(crate) struct LayerNorm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

impl LayerNorm {
    /// A layer for rows as long as `gain`.
    pub(crate) fn new(gain: Vec<f32>, bias: Vec<f32>) -> Result<Self, Error> {
        if gain.is_empty() || gain.len() != bias.len() {
            return Err(Error::new("gain and bias of a layer norm differ in length"));
        }
        Ok(Self { gain, bias })
    }

    /// Adds the normalised rows of `y` onto the rows of `x`.
    pub(crate) fn add(&self, kernel: Kernel, x: &mut [f32], y: &[f32]) {
        ops::add_layer_norm(kernel, x, y, &self.gain, &self.bias);
    }
}

/// A maxout layer with layer normalisation: the mixer of the embeddings.
///
/// What some parts of the input add before the greatest piece is taken is told beside the
/// rest of it, so that the caller can keep it for those that recur.
#[derive(Debug)]
pub(crate) struct Maxout {
    linear: Linear,
    apart: Vec<Linear>,
    norm: LayerNorm,
    width: usize,
}

impl Maxout {
    /// `weights` has a row for each piece of each unit, pieces of a unit side by side. The
    /// columns `apart` are told as projections.
    pub(crate) fn new(
        weights: Matrix,
        bias: &[f32],
        norm: LayerNorm,
        apart: impl IntoIterator<Item = Range<usize>>,
    ) -> Result<Self, Error> {
        let width = norm.gain.len();
        check_maxout(&weights, bias, width)?;
        let apart: Vec<_> = apart.into_iter().collect();
        let columns = 0..weights.columns;
        let fits = |part: &Range<usize>| !part.is_empty() && part.end <= columns.end;
        let rest: Vec<usize> =
            columns.clone().filter(|c| !apart.iter().any(|p| p.contains(c))).collect();
        if !apart.iter().all(fits) || rest.is_empty() {
            return Err(Error::new("the inputs of a maxout layer do not fit"));
        }
        let order = |i| by_piece(i, width, PIECES);
        let bias: Vec<f32> = (0..bias.len()).map(|i| bias[order(i)]).collect();
        let zero = vec![0.0; bias.len()];
        let weights = weights.reorder(order);
        let part = |columns: &Range<usize>| {
            Linear::new(&weights.columns_of(columns.clone()), &zero)
        };
        Ok(Self {
            linear: Linear::new(&weights.columns_of(rest), &bias)?,
            apart: apart.iter().map(part).collect::<Result<_, _>>()?,
            norm,
            width,
        })
    }

    /// Floats a row of the input that is not apart.
    pub(crate) fn inputs(&self) -> usize {
        self.linear.inputs()
    }

    /// The layers from each part of the input that is apart to its projections.
    pub(crate) fn apart(&self) -> &[Linear] {
        &self.apart
    }

    /// Floats of the projections of a part.
    pub(crate) fn projected(&self) -> usize {
        self.linear.stride()
    }

    /// Floats a row of output.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Adds one row to `out` for each row of `x`. `rows` says where in `table` the
    /// projections of the parts of each row are.
    pub(crate) fn run(
        &self,
        kernel: Kernel,
        x: &[f32],
        (table, rows): (&[f32], &[usize]),
        out: &mut Vec<f32>,
        scratch: &mut MaxoutScratch,
    ) {
        let MaxoutScratch { pieces, best } = scratch;
        self.linear.run(kernel, x, pieces);
        let from = out.len();
        best.resize(pieces.len() / PIECES, 0.0);
        let n_apart = self.apart.len();
        for (i, (best, row)) in best
            .chunks_exact_mut(self.width)
            .zip(pieces.chunks_exact_mut(self.width * PIECES))
            .enumerate()
        {
            ops::add_rows(kernel, table, &rows[i * n_apart..(i + 1) * n_apart], row);
            ops::maxout(kernel, row, best);
        }
        out.resize(from + best.len(), 0.0);
        self.norm.add(kernel, &mut out[from..], best);
    }
}

/// Buffers for [`Maxout`].
#[derive(Debug, Default)]
pub(crate) struct MaxoutScratch {
    pieces: Vec<f32>,
    best: Vec<f32>,
}

fn check_maxout(weights: &Matrix, bias: &[f32], width: usize) -> Result<(), Error> {
    check_bias(weights, bias)?;
    if !width.is_multiple_of(BLOCK) || weights.rows != width * PIECES {
        return Err(Error::new(format!(
            "a maxout layer has {} rows of weights for width {width}; supported are \
             {PIECES} pieces and widths that are multiples of {BLOCK}",
            weights.rows
        )));
    }
    Ok(())
}

/// One residual layer of the encoder: a window of three rows, maxout, layer norm.
#[derive(Debug)]
pub(crate) struct Conv {
    /// The kernel that the weights are packed for.
    kernel: Kernel,
    width: usize,
    packed: Vec<f32>,
    bias: Vec<f32>,
    norm: LayerNorm,
}

/// Buffers for [`Conv`].
#[derive(Debug, Default)]
pub(crate) struct ConvScratch {
    transformed: Vec<f32>,
    best: Vec<f32>,
}

impl Conv {
    /// `weights` has a row for each piece of each unit over `[before, here, after]`.
    pub(crate) fn new(
        kernel: Kernel,
        weights: &Matrix,
        bias: &[f32],
        norm: LayerNorm,
    ) -> Result<Self, Error> {
        let width = norm.gain.len();
        check_maxout(weights, bias, width)?;
        check_window(weights, width)?;
        // The filter of Winograd's F(4,3) at a, −a, b, −b, 0 and infinity, in the order of
        // `ops::conv_maxout`.
        let [a, b] = POINTS;
        let at_point = |p: f32, scale: f32| [scale, scale * p, scale * p * p];
        let (scale_a, scale_b) =
            (0.5 / (a * a * (a * a - b * b)), 0.5 / (b * b * (b * b - a * a)));
        let products: [[f32; 3]; PRODUCTS] = [
            at_point(a, scale_a),
            at_point(-a, scale_a),
            at_point(b, scale_b),
            at_point(-b, scale_b),
            at_point(0.0, 1.0 / (a * a * b * b)),
            [0.0, 0.0, 1.0],
        ];
        let lanes = kernel.lanes();
        let mut packed = Vec::with_capacity(PRODUCTS * PIECES * width * width);
        let mut blocked = Vec::with_capacity(bias.len());
        for block in (0..width).step_by(lanes) {
            let rows = |piece| (block..block + lanes).map(move |o| o * PIECES + piece);
            for product in products {
                for i in 0..width {
                    for row in (0..PIECES).flat_map(rows) {
                        let at = |w| weights.at(row, w * width + i);
                        packed.push(
                            product[0] * at(0) + product[1] * at(1) + product[2] * at(2),
                        );
                    }
                }
            }
            blocked.extend((0..PIECES).flat_map(rows).map(|row| bias[row]));
        }
        Ok(Self { kernel, width, packed, bias: blocked, norm })
    }

    /// Floats a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Rows that [`Conv::run`] wants room for: one of zeros before, `n` rounded up to whole
    /// tiles, one of zeros after.
    pub(crate) fn padded(n: usize) -> usize {
        n.next_multiple_of(TILE) + 2
    }

    /// Runs the layer in place over those of `n` rows that are in `tiles`, each of [`TILE`]
    /// rows; the other rows stay as they are. `x` has [`Conv::padded`] rows; the first and
    /// all after the `n` are zero and stay so.
    pub(crate) fn run(
        &self,
        x: &mut [f32],
        n: usize,
        tiles: &[Range<usize>],
        scratch: &mut ConvScratch,
    ) {
        let Self { kernel, width, .. } = *self;
        let ConvScratch { transformed, best } = scratch;
        debug_assert_eq!(x.len(), Self::padded(n) * width);
        let n_tiles: usize = tiles.iter().map(Range::len).sum();
        transformed.resize(n_tiles * PRODUCTS * width, 0.0);
        best.resize(n_tiles * TILE * width, 0.0);
        let mut rest = transformed.as_mut_slice();
        for tiles in tiles {
            let (own, others) = rest.split_at_mut(tiles.len() * PRODUCTS * width);
            let x = &x[tiles.start * TILE * width..(tiles.end * TILE + 2) * width];
            ops::winograd_input(kernel, x, width, own);
            rest = others;
        }
        ops::conv_maxout(kernel, transformed, width, &self.packed, &self.bias, best);
        let mut rest = best.as_slice();
        for tiles in tiles {
            let (own, others) = rest.split_at(tiles.len() * TILE * width);
            let rows = tiles.start * TILE..n.min(tiles.end * TILE);
            let x = &mut x[(rows.start + 1) * width..(rows.end + 1) * width];
            self.norm.add(kernel, x, &own[..rows.len() * width]);
            rest = others;
        }
    }
}

/// The same layer as [`Conv`] for rows that recur: what a row adds to its neighbours and
/// itself is computed once and kept by the caller.
#[derive(Debug)]
pub(crate) struct ProjectedConv {
    width: usize,
    linear: Linear,
    bias: Vec<f32>,
    norm: LayerNorm,
}

impl ProjectedConv {
    /// `weights` has a row for each piece of each unit over `[before, here, after]`.
    pub(crate) fn new(
        weights: &Matrix,
        bias: &[f32],
        norm: LayerNorm,
    ) -> Result<Self, Error> {
        let width = norm.gain.len();
        check_maxout(weights, bias, width)?;
        check_window(weights, width)?;
        // Outputs in the order [before, here, after][piece][unit].
        let mut data = Vec::with_capacity(weights.data.len());
        for window in 0..3 {
            for row in (0..width * PIECES).map(|i| by_piece(i, width, PIECES)) {
                data.extend((0..width).map(|i| weights.at(row, window * width + i)));
            }
        }
        let outputs = 3 * PIECES * width;
        let linear =
            Linear::new(&Matrix::new(outputs, width, data)?, &vec![0.0; outputs])?;
        let bias = (0..bias.len()).map(|i| bias[by_piece(i, width, PIECES)]).collect();
        Ok(Self { width, linear, bias, norm })
    }

    /// Floats a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Floats of the projections of a row.
    pub(crate) fn projected(&self) -> usize {
        self.linear.stride()
    }

    /// Writes the projections of each row of `x`.
    pub(crate) fn project(&self, kernel: Kernel, x: &[f32], projections: &mut Vec<f32>) {
        self.linear.run(kernel, x, projections);
    }

    /// Runs the layer over the rows of `x` in place. `rows` says where in `table` the
    /// projections of each row are; before the first and after the last lie rows of zeros,
    /// whose projections are at the start of the table.
    pub(crate) fn run(
        &self,
        kernel: Kernel,
        table: &[f32],
        rows: &[usize],
        x: &mut [f32],
        scratch: &mut ConvScratch,
    ) {
        scratch.best.resize(x.len(), 0.0);
        for (i, y) in scratch.best.chunks_exact_mut(self.width).enumerate() {
            let row = |i: usize| rows.get(i).copied().unwrap_or(0);
            let window = [row(i.wrapping_sub(1)), row(i), row(i + 1)];
            ops::window_maxout(kernel, table, &window, &self.bias, y);
        }
        self.norm.add(kernel, x, &scratch.best);
    }
}

fn check_window(weights: &Matrix, width: usize) -> Result<(), Error> {
    if weights.columns == 3 * width {
        return Ok(());
    }
    Err(Error::new(format!(
        "an encoder layer looks at {} floats; supported is a window of one row on either \
         side, {} floats",
        weights.columns,
        3 * width
    )))
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;

    /// Every third of a repeatable sequence, in −1…1.
    fn weights(n: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 7919) % 2003) as f32 / 1001.5 - 1.0).collect()
    }

    #[test]
    fn conv_is_the_plain_convolution() {
        let (width, n) = (16, 11);
        let w = weights(3 * width * PIECES * width);
        let b = weights(width * PIECES);
        let norm = |scale: f32| {
            LayerNorm::new(vec![scale; width], (0..width).map(|i| i as f32).collect())
                .unwrap()
        };
        let matrix = Matrix::new(width * PIECES, 3 * width, w.clone()).unwrap();
        let mut x = vec![0.0; Conv::padded(n) * width];
        x[width..(n + 1) * width].copy_from_slice(&weights(n * width));
        // The same by hand: unit o is the greatest of its pieces over three rows.
        let mut plain = Vec::new();
        for row in 0..n {
            let window = &x[row * width..(row + 3) * width];
            for o in 0..width {
                let piece = |p: usize| {
                    let w = &w[(o * PIECES + p) * 3 * width..][..3 * width];
                    w.iter().zip(window).map(|(w, x)| w * x).sum::<f32>()
                        + b[o * PIECES + p]
                };
                plain.push(piece(0).max(piece(1)).max(piece(2)));
            }
        }
        let mut expected = x[width..(n + 1) * width].to_vec();
        norm(1.5).add(Kernel::Portable, &mut expected, &plain);

        for &kernel in Kernel::available() {
            let mut y = x.clone();
            let conv = Conv::new(kernel, &matrix, &b, norm(1.5)).unwrap();
            let all = 0..n.div_ceil(TILE);
            conv.run(&mut y, n, slice::from_ref(&all), &mut ConvScratch::default());
            for (i, (a, b)) in y[width..].iter().zip(&expected).enumerate() {
                assert!((a - b).abs() < 1e-3, "{kernel:?} at {i}: {a} is not {b}");
            }
            assert!(y[..width].iter().chain(&y[(n + 1) * width..]).all(|&x| x == 0.0));

            // Some tiles get the bits that they get among all; the others stay.
            let mut some = x.clone();
            conv.run(&mut some, n, &[0..1, 2..3], &mut ConvScratch::default());
            for row in 1..=n {
                let wanted = if (row - 1) / TILE == 1 { &x } else { &y };
                let row = row * width..(row + 1) * width;
                assert_eq!(some[row.clone()], wanted[row], "{kernel:?}");
            }

            let first = ProjectedConv::new(&matrix, &b, norm(1.5)).unwrap();
            let mut y = x[width..(n + 1) * width].to_vec();
            let mut table = Vec::new();
            first.project(kernel, &x[..(n + 1) * width], &mut table);
            let rows: Vec<usize> = (1..=n).map(|row| row * first.projected()).collect();
            first.run(kernel, &table, &rows, &mut y, &mut ConvScratch::default());
            assert!(y.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-3));
        }
    }

    #[test]
    fn maxout_takes_the_greatest_piece() {
        let width = 16;
        let matrix = Matrix::new(width * PIECES, 2, weights(width * PIECES * 2)).unwrap();
        let b = weights(width * PIECES);
        let norm = LayerNorm::new(vec![1.0; width], vec![0.0; width]).unwrap();
        let x = [0.25, -2.0];
        let mut plain = Vec::new();
        for o in 0..width {
            let piece = |p: usize| {
                let row = o * PIECES + p;
                matrix.at(row, 0) * x[0] + matrix.at(row, 1) * x[1] + b[row]
            };
            plain.push(piece(0).max(piece(1)).max(piece(2)));
        }
        let mut expected = vec![0.0; width];
        norm.add(Kernel::Portable, &mut expected, &plain);
        let maxout = |apart: Option<Range<usize>>| {
            Maxout::new(matrix.clone(), &b, norm.clone(), apart)
        };
        let whole = maxout(None).unwrap();
        let second = maxout(Some(1..2)).unwrap();
        for &kernel in Kernel::available() {
            let mut scratch = MaxoutScratch::default();
            let (mut out, mut table) = (Vec::new(), Vec::new());
            whole.run(kernel, &x, (&[], &[]), &mut out, &mut scratch);
            second.apart()[0].run(kernel, &x[1..], &mut table);
            second.run(kernel, &x[..1], (&table, &[0]), &mut out, &mut scratch);
            let twice = expected.iter().chain(&expected);
            assert!(out.iter().zip(twice).all(|(a, b)| (a - b).abs() < 1e-4));
        }
        assert!(maxout(Some(1..3)).is_err() && maxout(Some(0..2)).is_err());
    }
}
