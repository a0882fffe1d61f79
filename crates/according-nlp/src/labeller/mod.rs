//! Gives each token of a text one label out of a few, from weights trained elsewhere.
//!
//! A [`Labeller`] is a bidirectional LSTM with a conditional random field on top (Huang, Xu
//! and Yu 2015). What it reads about a token are observations, which the caller makes and
//! numbers with [`Labeller::value`], and what the networks of a pipeline know about it
//! ([`Doc::tensor`]). It says nothing about what the labels mean.
//!
//! The weights belong to one version of one pipeline, [`Labeller::pipeline`].

mod crf;
mod weights;

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;

pub use weights::Weights;

use crate::nn::ops::{self, Kernel};
use crate::nn::{BiLstm, BiLstmScratch, Linear, Matrix};
use crate::{Doc, Error};
use crf::Crf;

/// A network that labels tokens.
#[derive(Debug)]
pub struct Labeller {
    kernel: Kernel,
    pipeline: Box<str>,
    labels: Vec<Box<str>>,
    columns: Vec<Column>,
    /// From the tensor of a token and of its head to a part of the input.
    context: Linear,
    /// From the static vector of a token to another part.
    vector: Linear,
    /// From that to the gates of the LSTM.
    vector_input: Linear,
    /// From the context to the gates.
    input: Linear,
    /// What the values of small columns add to those gates, a row a value, one column
    /// after another.
    folded: Vec<f32>,
    lstm: BiLstm,
    output: Linear,
    crf: Crf,
}

/// One kind of observation.
#[derive(Debug)]
struct Column {
    name: Box<str>,
    numbers: HashMap<Box<str>, u32>,
    table: Table,
}

/// What the values of a column add to the gates of the LSTM. The first value is for those
/// not met in training.
#[derive(Debug)]
enum Table {
    /// The rows of [`Labeller::folded`] from this one on.
    Folded { from: usize },
    /// What a text needs is worked out text by text.
    Embedded { width: usize, rows: Vec<f32>, input: Linear },
}

/// Columns with no more values than this are multiplied with the weights of the input
/// layer once and for all.
const MOST_FOLDED: usize = 1000;

/// What a [`Labeller`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelling {
    /// The number of the likeliest label of each token, as a whole.
    pub best: Vec<u8>,
    /// The probability of each label, a row a token.
    pub marginals: Vec<f32>,
}

/// Buffers of a [`Labeller`], for use from text to text.
#[derive(Debug, Default)]
pub struct LabellerScratch {
    tensor: Vec<f32>,
    context: Vec<f32>,
    vectors: Vec<f32>,
    vector: Vec<f32>,
    /// What the different words and values of the text add to the gates.
    products: Vec<f32>,
    /// For each token where those of its own are.
    own: Vec<usize>,
    input: Vec<f32>,
    product: Vec<f32>,
    folded: Vec<usize>,
    gates: Vec<f32>,
    lstm: BiLstmScratch,
    hidden: Vec<f32>,
    output: Vec<f32>,
}

#[derive(Deserialize)]
struct Header {
    pipeline: Box<str>,
    labels: Vec<Box<str>>,
    columns: Vec<ColumnHeader>,
}

#[derive(Deserialize)]
struct ColumnHeader {
    name: Box<str>,
    values: Vec<Box<str>>,
}

impl Labeller {
    /// Puts the network together.
    ///
    /// # Errors
    ///
    /// When an array is missing or does not fit the others.
    pub fn new(weights: &Weights<'_>) -> Result<Self, Error> {
        let kernel = Kernel::detect();
        let header: Header = weights.header()?;
        let linear = |name: &str| -> Result<Linear, Error> {
            Linear::new(
                &matrix(weights, name)?,
                &weights.floats(&format!("{name} bias"))?.0,
            )
            .map_err(|e| e.at(name))
        };
        let (context, vector, output) =
            (linear("context")?, linear("vector")?, linear("output")?);
        let input = matrix(weights, "input")?;
        let zero = vec![0.0; input.rows()];
        let mut columns = Vec::with_capacity(header.columns.len());
        let (mut folded, mut n_folded, mut at) = (Vec::new(), 0, 0);
        for ColumnHeader { name, values } in header.columns {
            let array = format!("column {name}");
            let (rows, shape) = weights.floats(&array)?;
            let [n_rows, width] = *shape else { return Err(misfit(&array)) };
            if n_rows != values.len() + 1 || width == 0 || at + width > input.columns() {
                return Err(misfit(&array));
            }
            let part = at..at + width;
            at += width;
            let input = Linear::new(&input.columns_of(part), &zero)?;
            let table = if n_rows <= MOST_FOLDED {
                let mut products = Vec::new();
                input.run(kernel, &rows, &mut products);
                folded.append(&mut products);
                n_folded += n_rows;
                Table::Folded { from: n_folded - n_rows }
            } else {
                Table::Embedded { width, rows, input }
            };
            let numbers = values.into_iter().zip(1..).collect();
            columns.push(Column { name, numbers, table });
        }
        let rest = at..at + context.stride();
        let lstm =
            BiLstm::new([&matrix(weights, "forward")?, &matrix(weights, "backward")?])?;
        let crf = Crf {
            start: weights.floats("start")?.0,
            transitions: weights.floats("transitions")?.0,
        };
        let n_labels = header.labels.len();
        let fits = (1..256).contains(&n_labels)
            && crf.start.len() == n_labels
            && crf.transitions.len() == n_labels * n_labels
            && matrix(weights, "output")?.rows() == n_labels
            && input.rows() == lstm.inputs()
            && input.columns() == at + context.stride() + vector.stride()
            && output.inputs() == lstm.outputs();
        if !fits {
            return Err(Error::new("weights: the layers do not fit together"));
        }
        let (bias, _) = weights.floats("input bias")?;
        let vector_input =
            Linear::new(&input.columns_of(rest.end..input.columns()), &zero)?;
        let input = Linear::new(&input.columns_of(rest), &bias)?;
        Ok(Self {
            kernel,
            pipeline: header.pipeline,
            labels: header.labels,
            columns,
            context,
            vector,
            vector_input,
            input,
            folded,
            lstm,
            output,
            crf,
        })
    }

    /// The pipeline whose tensors it was trained on, as [`Pipeline::name`] tells it.
    ///
    /// [`Pipeline::name`]: crate::Pipeline::name
    pub fn pipeline(&self) -> &str {
        &self.pipeline
    }

    /// The labels, in the order of their numbers.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.labels.iter().map(|l| &**l)
    }

    /// The names of the observations it wants for each token, in order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.iter().map(|c| &*c.name)
    }

    /// The number of the value that observation number `column` has; 0 for a value that
    /// was not met in training.
    ///
    /// # Panics
    ///
    /// When there is no such column.
    pub fn value(&self, column: usize, value: &str) -> u32 {
        self.columns[column].numbers.get(value).copied().unwrap_or(0)
    }

    /// Whether the tensor of `doc` can be read; one of a document put together by hand
    /// cannot.
    pub fn reads(&self, doc: &Doc) -> bool {
        3 * doc.tensor_width() == 2 * self.context.inputs()
            && doc.vector_width() == self.vector.inputs()
    }

    /// Labels some tokens of a text. `sequences` says which of them are read together, in
    /// order and without a gap; `observations` holds, for each of the tokens, the numbers of
    /// its values.
    ///
    /// # Panics
    ///
    /// When the document cannot be read, a token does not exist or a number is too great.
    pub fn label(
        &self,
        doc: &Doc,
        tokens: &[u32],
        observations: &[u32],
        sequences: &[Range<usize>],
        scratch: &mut LabellerScratch,
    ) -> Labelling {
        assert!(self.reads(doc), "the tensor of the document is of another width");
        assert_eq!(observations.len(), tokens.len() * self.columns.len());
        let whole = sequences.iter().try_fold(0, |n, s| (s.start == n).then_some(s.end));
        assert_eq!(whole, Some(tokens.len()), "sequences cover all tokens");
        if tokens.is_empty() {
            return Labelling::default();
        }
        let n_own = self.work_out(doc, tokens, observations, scratch);
        let width = doc.tensor_width();
        scratch.tensor.clear();
        for &token in tokens {
            let token = doc.token(token as usize);
            let row = |i: usize| &doc.tensor()[i * width..(i + 1) * width];
            scratch.tensor.extend_from_slice(row(token.index()));
            scratch.tensor.extend_from_slice(&row(token.head().index())[..width / 2]);
        }
        self.context.run(self.kernel, &scratch.tensor, &mut scratch.context);
        self.input.run(self.kernel, &scratch.context, &mut scratch.gates);
        let size = self.lstm.inputs();
        let rows = observations
            .chunks_exact(self.columns.len())
            .zip(scratch.own.chunks_exact(n_own));
        for ((values, own), gates) in rows.zip(scratch.gates.chunks_exact_mut(size)) {
            ops::add_rows(self.kernel, &scratch.products, own, gates);
            scratch.folded.clear();
            for (column, &value) in self.columns.iter().zip(values) {
                if let Table::Folded { from } = column.table {
                    scratch.folded.push((from + value as usize) * size);
                }
            }
            ops::add_rows(self.kernel, &self.folded, &scratch.folded, gates);
        }
        self.lstm.run(
            self.kernel,
            &scratch.gates,
            sequences,
            &mut scratch.lstm,
            &mut scratch.hidden,
        );
        self.output.run(self.kernel, &scratch.hidden, &mut scratch.output);
        let k = self.labels.len();
        let emissions: Vec<f32> = scratch
            .output
            .chunks_exact(self.output.stride())
            .flat_map(|row| &row[..k])
            .copied()
            .collect();
        let mut found = Labelling::default();
        for sequence in sequences {
            let emissions = &emissions[sequence.start * k..sequence.end * k];
            found.best.append(&mut self.crf.best(emissions));
            found.marginals.append(&mut self.crf.marginals(emissions));
        }
        found
    }
}

impl Labeller {
    /// Works out what each different word and each different value of an embedded column
    /// adds to the gates: texts repeat more than half of them. Returns how many such rows
    /// each token has.
    fn work_out(
        &self,
        doc: &Doc,
        tokens: &[u32],
        observations: &[u32],
        scratch: &mut LabellerScratch,
    ) -> usize {
        let size = self.lstm.inputs();
        let embedded = |c: &Column| matches!(c.table, Table::Embedded { .. });
        let n_own = 1 + self.columns.iter().filter(|c| embedded(c)).count();
        let LabellerScratch { vectors, vector, products, own, input, product, .. } =
            scratch;
        own.clear();
        own.resize(tokens.len() * n_own, 0);
        products.clear();
        vectors.clear();
        let mut rows: HashMap<&str, usize> = HashMap::new();
        for (&token, own) in tokens.iter().zip(own.chunks_exact_mut(n_own)) {
            let text = doc.token(token as usize).text();
            let next = rows.len() * size;
            own[0] = *rows.entry(text).or_insert_with(|| {
                doc.append_vector(text, vectors);
                next
            });
        }
        self.vector.run(self.kernel, vectors, vector);
        self.vector_input.run(self.kernel, vector, product);
        products.extend_from_slice(product);
        let mut at = 1;
        for (c, column) in self.columns.iter().enumerate() {
            let Table::Embedded { width, rows, input: layer } = &column.table else {
                continue;
            };
            input.clear();
            let mut row_of = vec![usize::MAX; rows.len() / width];
            for (values, own) in observations
                .chunks_exact(self.columns.len())
                .zip(own.chunks_exact_mut(n_own))
            {
                let value = values[c] as usize;
                if row_of[value] == usize::MAX {
                    row_of[value] = products.len() + input.len() / width * size;
                    input.extend_from_slice(&rows[value * width..(value + 1) * width]);
                }
                own[at] = row_of[value];
            }
            layer.run(self.kernel, input, product);
            products.extend_from_slice(product);
            at += 1;
        }
        n_own
    }
}

fn matrix(weights: &Weights<'_>, name: &str) -> Result<Matrix, Error> {
    let (data, shape) = weights.floats(name)?;
    let [rows, columns] = *shape else { return Err(misfit(name)) };
    Matrix::new(rows, columns, data).map_err(|e| e.at(name))
}

fn misfit(name: &str) -> Error {
    Error::new(format!("weights: '{name}' is of the wrong shape"))
}
