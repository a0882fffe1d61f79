//! Gives each token of a text one label out of a few, from weights trained elsewhere.
//!
//! A [`Labeller`] is a bidirectional LSTM with a conditional random field on top (Huang, Xu
//! and Yu 2015). What it reads about a token are observations, which the caller makes and
//! numbers with [`Labeller::value`], and what the networks of a pipeline know about it
//! ([`Doc::tensor`], [`Doc::ner_tensor`], its static vector). It says nothing about what the
//! labels mean.
//!
//! A document may be read more than once, in whole or in part. What is observed of a token
//! wherever it is read is worked out once, by [`Labeller::read`]; the rest is told to
//! [`Reading::label`].
//!
//! The weights belong to one version of one pipeline, [`Labeller::pipeline`].

mod crf;
mod weights;

use std::mem;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

pub use weights::Weights;

use crate::hash_index::HashIndex;
use crate::nn::ops::{self, Kernel};
use crate::nn::{BiLstm, BiLstmScratch, Linear, Matrix};
use crate::{Doc, Error, strings};
use crf::Crf;

/// A network that labels tokens.
#[derive(Debug)]
pub struct Labeller {
    kernel: Kernel,
    pipeline: Box<str>,
    labels: Vec<Box<str>>,
    columns: Vec<Column>,
    /// How many of the columns are the same wherever a token is read. They come first.
    fixed: usize,
    /// From what tagger and parser know about a token to its own part of the context and
    /// to the one of those that hang on it.
    context: Linear,
    /// From what the entity recognizer knows to the own part.
    ner_context: Linear,
    /// From the context to the gates of the LSTM, for each direction.
    input: [Linear; 2],
    /// From the static vector of a word to a part of the input.
    vector: Linear,
    /// From that to the gates.
    vector_input: Linear,
    embedded: Vec<Embedded>,
    groups: Vec<Group>,
    /// What the values of all groups add to the gates.
    folded: Vec<f32>,
    /// Where in `folded` the values that are not fixed add to the gates, all of them empty: of
    /// most tokens nothing is told.
    silent: usize,
    lstm: BiLstm,
    output: Linear,
    crf: Crf,
    /// Buffers that are not in use. What they keep never changes a result.
    free: Mutex<Vec<Scratch>>,
}

/// One kind of observation. The first value is for those not met in training.
#[derive(Debug)]
struct Column {
    name: Box<str>,
    values: Vec<Box<str>>,
    index: HashIndex,
    /// Number of the empty value, which is the most frequent of many columns.
    empty: u32,
}

impl Column {
    fn new(name: Box<str>, values: Vec<Box<str>>) -> Self {
        let mut index = HashIndex::default();
        for (i, value) in values.iter().enumerate() {
            index.insert(strings::id(value), i);
        }
        let empty = values.iter().position(|v| v.is_empty()).map_or(0, |i| i as u32 + 1);
        Self { name, values, index, empty }
    }

    fn value(&self, value: &str) -> u32 {
        if value.is_empty() {
            return self.empty;
        }
        let found = self.index.get(strings::id(value), |i| &*self.values[i] == value);
        found.map_or(0, |i| i as u32 + 1)
    }
}

/// A column with too many values to be worked out beforehand.
#[derive(Debug)]
struct Embedded {
    column: usize,
    width: usize,
    rows: Vec<f32>,
    input: Linear,
}

/// Columns whose values are multiplied with the weights of the input layer once and for all,
/// each combination of them: they stand in [`Labeller::folded`].
#[derive(Debug)]
struct Group {
    columns: Range<usize>,
    /// How far apart the values of each column are, in rows.
    steps: Vec<usize>,
    /// First row.
    from: usize,
    n_rows: usize,
}

/// A group has no more rows than this.
const MOST_FOLDED: usize = 1000;

/// Words whose share in the gates is kept from text to text.
const MOST_KEPT: usize = 8192;

/// What a [`Labeller`] finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labelling {
    /// The number of the likeliest label of each token, as a whole.
    pub best: Vec<u8>,
    /// The probability of each label, a row a token.
    pub marginals: Vec<f32>,
}

/// A document with what a [`Labeller`] knows of each of its tokens wherever it is read.
#[derive(Debug)]
pub struct Reading<'l> {
    labeller: &'l Labeller,
    scratch: Scratch,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.labeller.free().push(mem::take(&mut self.scratch));
    }
}

#[derive(Debug, Default)]
struct Scratch {
    kept: Kept,
    context: Vec<f32>,
    ner_context: Vec<f32>,
    /// For each token of the document its static vector.
    vectors: Vec<usize>,
    /// For each token of the document where in [`Kept::products`] its words add to the gates.
    words: Vec<usize>,
    /// For each token where in [`Labeller::folded`] its fixed values do.
    values: Vec<usize>,
    /// The same for the other values of each token that is being labelled, and where those of
    /// each token end.
    told: Vec<usize>,
    told_ends: Vec<usize>,
    /// The context of some tokens.
    input: Vec<f32>,
    rows: Vec<usize>,
    lstm: BiLstmScratch,
    hidden: Vec<f32>,
    output: Vec<f32>,
}

/// What words add to the gates.
#[derive(Debug, Default)]
struct Kept {
    products: Vec<f32>,
    /// For each static vector, and for none, where in `products` its row is plus one; 0 when
    /// it is not there.
    of_vector: Vec<usize>,
    /// The same for each value of each embedded column.
    of_value: Vec<Vec<usize>>,
    /// What is to be worked out for a text.
    new: Vec<f32>,
    hidden: Vec<f32>,
    product: Vec<f32>,
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
    /// Puts the network together. The first `fixed` of its columns are those that
    /// [`Labeller::read`] is told, the others are told to [`Reading::label`].
    ///
    /// # Errors
    ///
    /// When an array is missing or does not fit the others.
    pub fn new(weights: &Weights<'_>, fixed: usize) -> Result<Self, Error> {
        let kernel = Kernel::detect();
        let header: Header = weights.header()?;
        let bias =
            |name: &str| Ok::<_, Error>(weights.floats(&format!("{name} bias"))?.0);
        let linear = |name: &str| -> Result<Linear, Error> {
            Linear::new(&matrix(weights, name)?, &bias(name)?).map_err(|e| e.at(name))
        };
        let input = matrix(weights, "input")?;
        let size = input.rows();
        let zero = vec![0.0; size];
        let part = |columns: Range<usize>| Linear::new(&input.columns_of(columns), &zero);
        let (mut columns, mut embedded) = (Vec::new(), Vec::new());
        let (mut groups, mut folded, mut at) = (Vec::<Group>::new(), Vec::new(), 0);
        for ColumnHeader { name, values } in header.columns {
            let column = columns.len();
            let array = format!("column {name}");
            let (rows, shape) = weights.floats(&array)?;
            let [n_rows, width] = *shape else { return Err(misfit(&array)) };
            if n_rows != values.len() + 1 || width == 0 || at + width > input.columns() {
                return Err(misfit(&array));
            }
            let layer = part(at..at + width)?;
            at += width;
            columns.push(Column::new(name, values));
            if n_rows > MOST_FOLDED {
                embedded.push(Embedded { column, width, rows, input: layer });
                continue;
            }
            let mut products = Vec::new();
            layer.run(kernel, &rows, &mut products);
            let fits = |last: &Group| {
                last.columns.end == column
                    && (last.columns.start < fixed) == (column < fixed)
                    && last.n_rows * n_rows <= MOST_FOLDED
            };
            match groups.last_mut().filter(|last| fits(last)) {
                Some(last) => {
                    let before = folded.split_off(last.from * size);
                    for (a, b) in before
                        .chunks_exact(size)
                        .flat_map(|a| products.chunks_exact(size).map(move |b| (a, b)))
                    {
                        folded.extend(a.iter().zip(b).map(|(a, b)| a + b));
                    }
                    last.columns.end += 1;
                    last.steps.iter_mut().for_each(|step| *step *= n_rows);
                    last.steps.push(1);
                    last.n_rows *= n_rows;
                }
                None => {
                    let from = folded.len() / size;
                    folded.append(&mut products);
                    let columns = column..column + 1;
                    groups.push(Group { columns, steps: vec![1], from, n_rows });
                }
            }
        }
        if fixed > columns.len() || embedded.iter().any(|e: &Embedded| e.column >= fixed)
        {
            return Err(Error::new("weights: made for other observations"));
        }
        // The context is read off the tensor of a token, its entity tensor, and the tensor
        // of its head.
        let context = matrix(weights, "context")?;
        let (n_context, width) = (context.rows(), context.columns() / 3);
        let vector = linear("vector")?;
        let output = linear("output")?;
        let rest = at..at + n_context;
        if context.columns() != 3 * width
            || input.columns() != rest.end + vector.stride()
            || !n_context.is_multiple_of(ops::BLOCK)
        {
            return Err(Error::new("weights: the layers do not fit together"));
        }
        let own =
            context.columns_of(0..width).above(&context.columns_of(2 * width..3 * width));
        let mut own_bias = bias("context")?;
        own_bias.resize(own.rows(), 0.0);
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
            && size == 2 * lstm.gates()
            && output.inputs() == lstm.outputs();
        if !fits {
            return Err(Error::new("weights: the layers do not fit together"));
        }
        let input_bias = bias("input")?;
        if input_bias.len() != size {
            return Err(misfit("input bias"));
        }
        let context_input = input.columns_of(rest.clone());
        let half = |side: Range<usize>| {
            Linear::new(&context_input.slice(side.clone()), &input_bias[side])
        };
        let mut labeller = Self {
            kernel,
            pipeline: header.pipeline,
            labels: header.labels,
            columns,
            fixed,
            context: Linear::new(&own, &own_bias)?,
            ner_context: Linear::new(
                &context.columns_of(width..2 * width),
                &vec![0.0; n_context],
            )?,
            vector_input: part(rest.end..input.columns())?,
            input: [half(0..size / 2)?, half(size / 2..size)?],
            vector,
            embedded,
            groups,
            folded,
            silent: 0,
            lstm,
            output,
            crf,
            free: Mutex::default(),
        };
        labeller.silent = labeller.folded.len();
        let rows: Vec<usize> = labeller.rows_of(fixed, &labeller.silence()).collect();
        let row = |i: usize| rows.iter().map(|at| labeller.folded[at + i]).sum();
        let row: Vec<f32> = (0..size).map(row).collect();
        labeller.folded.extend(row);
        Ok(labeller)
    }

    /// The values that are not fixed, all of them empty.
    fn silence(&self) -> Vec<u32> {
        self.columns[self.fixed..].iter().map(|column| column.empty).collect()
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
        self.columns[column].value(value)
    }

    /// Whether the tensors of `doc` can be read; those of a document put together by hand
    /// cannot.
    pub fn reads(&self, doc: &Doc) -> bool {
        let whole = |rows: &[f32], width: usize| rows.len() == doc.len() * width;
        doc.vector_width() == self.vector.inputs()
            && whole(doc.tensor(), self.context.inputs())
            && whole(doc.ner_tensor(), self.ner_context.inputs())
    }

    /// Works out what is known of each token wherever it is read. `observations` holds, for
    /// each token of the document, the numbers of its fixed values.
    ///
    /// # Panics
    ///
    /// When the document cannot be read, or a number is too great.
    pub fn read(&self, doc: &Doc, observations: &[u32]) -> Reading<'_> {
        assert!(self.reads(doc), "the tensors of the document are of another width");
        assert_eq!(observations.len(), doc.len() * self.fixed);
        let mut reading =
            Reading { labeller: self, scratch: self.free().pop().unwrap_or_default() };
        let Scratch { kept, context, ner_context, vectors, words, values, .. } =
            &mut reading.scratch;
        vectors.clear();
        vectors.extend(doc.tokens().map(|token| vector_of(doc, token.text())));
        self.keep_words(doc, vectors, observations, kept);
        self.context.run(self.kernel, doc.tensor(), context);
        self.ner_context.run(self.kernel, doc.ner_tensor(), ner_context);
        let width = self.ner_context.stride();
        words.clear();
        values.clear();
        let tokens = doc.tokens().zip(observations.chunks_exact(self.fixed));
        for ((token, own), sum) in tokens.zip(ner_context.chunks_exact_mut(width)) {
            let row = |i: usize| &context[2 * i * width..][..2 * width];
            let (near, above) = (row(token.index()), row(token.head().index()));
            for (i, sum) in sum.iter_mut().enumerate() {
                *sum += near[i] + above[width + i];
            }
            words.push(kept.of_vector[vectors[token.index()]] - 1);
            for (e, of_value) in self.embedded.iter().zip(&kept.of_value) {
                words.push(of_value[own[e.column] as usize] - 1);
            }
            values.extend(self.rows_of(0, own));
        }
        reading
    }

    /// Where in [`Labeller::folded`] the values of columns from `first` on add to the gates.
    fn rows_of(&self, first: usize, values: &[u32]) -> impl Iterator<Item = usize> {
        let told = first..first + values.len();
        let groups = self.groups.iter().filter(move |g| told.contains(&g.columns.start));
        groups.map(move |group| {
            let own = &values[group.columns.start - first..group.columns.end - first];
            let row = own.iter().zip(&group.steps).map(|(&v, step)| v as usize * step);
            (group.from + row.sum::<usize>()) * 2 * self.lstm.gates()
        })
    }

    /// Works out what each different word adds to the gates, unless it is known. Texts
    /// repeat more than half of their words, and those of one language most.
    fn keep_words(
        &self,
        doc: &Doc,
        vectors: &[usize],
        observations: &[u32],
        kept: &mut Kept,
    ) {
        let size = 2 * self.lstm.gates();
        if kept.of_vector.is_empty() || kept.products.len() > MOST_KEPT * size {
            kept.products.clear();
            // Room that is not used costs nothing; growing step by step copies.
            kept.products.reserve_exact(MOST_KEPT * size);
            kept.of_vector.clear();
            kept.of_vector.resize(doc.n_vectors() + 1, 0);
            let none = |e: &Embedded| vec![0; e.rows.len() / e.width];
            kept.of_value = self.embedded.iter().map(none).collect();
        }
        let Kept { products, of_vector, of_value, new, hidden, product } = kept;
        new.clear();
        for &vector in vectors {
            if of_vector[vector] == 0 {
                let row = new.len() / self.vector.inputs();
                of_vector[vector] = products.len() + row * size + 1;
                doc.append_vector((vector as u32).checked_sub(1), new);
            }
        }
        self.vector.run(self.kernel, new, hidden);
        self.vector_input.run(self.kernel, hidden, product);
        products.extend_from_slice(product);
        for (e, of_value) in self.embedded.iter().zip(of_value) {
            new.clear();
            for values in observations.chunks_exact(self.fixed) {
                let value = values[e.column] as usize;
                if of_value[value] == 0 {
                    of_value[value] = products.len() + new.len() / e.width * size + 1;
                    new.extend_from_slice(
                        &e.rows[value * e.width..(value + 1) * e.width],
                    );
                }
            }
            e.input.run(self.kernel, new, product);
            products.extend_from_slice(product);
        }
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Scratch>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of the static vector of a word plus one; 0 for none.
fn vector_of(doc: &Doc, word: &str) -> usize {
    doc.vector_of(word).map_or(0, |vector| vector as usize + 1)
}

impl Reading<'_> {
    /// Labels some tokens of the document. `sequences` says which of them are read together,
    /// in order and without a gap; `observations` holds, for each of the tokens, the numbers
    /// of its values that are not fixed.
    ///
    /// # Panics
    ///
    /// When a token does not exist or a number is too great.
    pub fn label(
        &mut self,
        tokens: &[u32],
        observations: &[u32],
        sequences: &[Range<usize>],
    ) -> Labelling {
        let labeller = self.labeller;
        let Labeller { kernel, columns, fixed, lstm, output: layer, crf, .. } = labeller;
        let Scratch {
            kept,
            ner_context: context,
            words,
            values,
            told,
            told_ends,
            input,
            rows,
            lstm: lstm_scratch,
            hidden,
            output,
            ..
        } = &mut self.scratch;
        let n_told = columns.len() - fixed;
        assert_eq!(observations.len(), tokens.len() * n_told);
        let whole = sequences.iter().try_fold(0, |n, s| (s.start == n).then_some(s.end));
        assert_eq!(whole, Some(tokens.len()), "sequences cover all tokens");
        if tokens.is_empty() {
            return Labelling::default();
        }
        told.clear();
        told_ends.clear();
        let silence = labeller.silence();
        for i in 0..tokens.len() {
            let own = &observations[i * n_told..][..n_told];
            match own == silence {
                true => told.push(labeller.silent),
                false => told.extend(labeller.rows_of(*fixed, own)),
            }
            told_ends.push(told.len());
        }
        let width = labeller.ner_context.stride();
        let n_words = 1 + labeller.embedded.len();
        let n_values =
            labeller.groups.iter().filter(|g| g.columns.start < *fixed).count();
        // Some tokens at a time, so that a long text takes no more memory than a short one.
        lstm.run(*kernel, sequences, lstm_scratch, hidden, |side, wanted, gates| {
            let of_side = |row: &usize| row + side * lstm.gates();
            input.clear();
            for &i in wanted {
                input.extend_from_slice(&context[tokens[i] as usize * width..][..width]);
            }
            labeller.input[side].run(*kernel, input, gates);
            for (&i, gates) in wanted.iter().zip(gates.chunks_exact_mut(lstm.gates())) {
                let token = tokens[i] as usize;
                rows.clear();
                rows.extend(words[token * n_words..][..n_words].iter().map(of_side));
                ops::add_rows(*kernel, &kept.products, rows, gates);
                rows.clear();
                rows.extend(values[token * n_values..][..n_values].iter().map(of_side));
                let from = i.checked_sub(1).map_or(0, |before| told_ends[before]);
                rows.extend(told[from..told_ends[i]].iter().map(of_side));
                ops::add_rows(*kernel, &labeller.folded, rows, gates);
            }
        });
        layer.run(*kernel, hidden, output);
        let k = labeller.labels.len();
        let rows = output.chunks_exact(layer.stride());
        let emissions: Vec<f32> = rows.flat_map(|row| &row[..k]).copied().collect();
        let mut found = Labelling::default();
        for sequence in sequences {
            let emissions = &emissions[sequence.start * k..sequence.end * k];
            found.best.append(&mut crf.best(emissions));
            found.marginals.append(&mut crf.marginals(emissions));
        }
        found
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
