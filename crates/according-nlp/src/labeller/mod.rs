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

use serde::Deserialize;

pub use weights::Weights;

use crate::nn::ops::Kernel;
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
    /// From the tensor of a token and of its head to a part of the LSTM's input.
    context: Linear,
    lstm: BiLstm,
    output: Linear,
    crf: Crf,
}

/// One kind of observation.
#[derive(Debug)]
struct Column {
    name: Box<str>,
    numbers: HashMap<Box<str>, u32>,
    width: usize,
    /// A row a value; the first one is for values that were not met in training.
    table: Vec<f32>,
}

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
    input: Vec<f32>,
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
        let header: Header = weights.header()?;
        let mut columns = Vec::with_capacity(header.columns.len());
        for ColumnHeader { name, values } in header.columns {
            let array = format!("column {name}");
            let (table, shape) = weights.floats(&array)?;
            let [rows, width] = *shape else { return Err(misfit(&array)) };
            if rows != values.len() + 1 {
                return Err(misfit(&array));
            }
            let numbers = values.into_iter().zip(1..).collect();
            columns.push(Column { name, numbers, width, table });
        }
        let linear = |name: &str| -> Result<Linear, Error> {
            Linear::new(&matrix(weights, name)?, &weights.floats(&format!("{name} bias"))?.0)
                .map_err(|e| e.at(name))
        };
        let context = linear("context")?;
        let output = linear("output")?;
        let lstm = BiLstm::new(
            &matrix(weights, "input")?,
            &weights.floats("input bias")?.0,
            [&matrix(weights, "forward")?, &matrix(weights, "backward")?],
        )?;
        let crf = Crf {
            start: weights.floats("start")?.0,
            transitions: weights.floats("transitions")?.0,
        };
        let n_labels = header.labels.len();
        let inputs = columns.iter().map(|c| c.width).sum::<usize>() + context.stride();
        let fits = (1..256).contains(&n_labels)
            && crf.start.len() == n_labels
            && crf.transitions.len() == n_labels * n_labels
            && matrix(weights, "output")?.rows() == n_labels
            && inputs == lstm.inputs()
            && output.inputs() == lstm.outputs();
        if !fits {
            return Err(Error::new("weights: the layers do not fit together"));
        }
        Ok(Self {
            kernel: Kernel::detect(),
            pipeline: header.pipeline,
            labels: header.labels,
            columns,
            context,
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
    }

    /// Labels some tokens of a text, which are taken for one sequence.
    ///
    /// `observations` holds, for each of the tokens, the numbers of its values.
    ///
    /// # Panics
    ///
    /// When the document cannot be read, a token does not exist or a number is too great.
    pub fn label(
        &self,
        doc: &Doc,
        tokens: &[u32],
        observations: &[u32],
        scratch: &mut LabellerScratch,
    ) -> Labelling {
        assert!(self.reads(doc), "the tensor of the document is of another width");
        assert_eq!(observations.len(), tokens.len() * self.columns.len());
        if tokens.is_empty() {
            return Labelling::default();
        }
        let width = doc.tensor_width();
        let LabellerScratch { tensor, context, input, lstm, hidden, output } = scratch;
        tensor.clear();
        for &token in tokens {
            let token = doc.token(token as usize);
            let row = |i: usize| &doc.tensor()[i * width..(i + 1) * width];
            tensor.extend_from_slice(row(token.index()));
            tensor.extend_from_slice(&row(token.head().index())[..width / 2]);
        }
        self.context.run(self.kernel, tensor, context);
        input.clear();
        let rows = observations.chunks_exact(self.columns.len());
        for (values, context) in rows.zip(context.chunks_exact(self.context.stride())) {
            for (column, &value) in self.columns.iter().zip(values) {
                let at = value as usize * column.width;
                input.extend_from_slice(&column.table[at..at + column.width]);
            }
            input.extend_from_slice(context);
        }
        self.lstm.run(self.kernel, input, lstm, hidden);
        self.output.run(self.kernel, hidden, output);
        let k = self.labels.len();
        let emissions: Vec<f32> = output
            .chunks_exact(self.output.stride())
            .flat_map(|row| &row[..k])
            .copied()
            .collect();
        Labelling {
            best: self.crf.best(&emissions),
            marginals: self.crf.marginals(&emissions),
        }
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
