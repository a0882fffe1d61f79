//! From the layers of a model file to ours.

use crate::Error;
use crate::nn::ops::Kernel;
use crate::nn::{
    Conv, Dense, HashEmbed, LayerNorm, Linear, Matrix, Maxout, ProjectedConv, by_piece,
};
use crate::pipe::{Attr, Scorer, Tok2Vec};

use super::thinc::{Model, Node};

/// The `tok2vec` among the layers of `model`; `vector_width` is that of the pipeline's
/// static vectors.
pub(crate) fn tok2vec(
    kernel: Kernel,
    model: &Model<'_>,
    vector_width: usize,
) -> Result<Tok2Vec, Error> {
    let mut columns = Vec::new();
    let mut names = model.the("extract_features")?.attr("columns")?;
    for _ in 0..names.array_len()? {
        let name = names.str()?;
        let attr = Attr::from_name(name);
        columns
            .push(attr.ok_or_else(|| Error::new(format!("unknown feature '{name}'")))?);
    }
    let mut features = Vec::new();
    for node in model.named("hashembed") {
        let column = node.attr("column")?.u64()?;
        let column = usize::try_from(column).ok().and_then(|c| columns.get(c).copied());
        let column = column.ok_or_else(|| Error::new("an embedding of no feature"))?;
        let seed = u32::try_from(node.attr("seed")?.u64()?)
            .map_err(|_| Error::new("the seed of an embedding is no 32-bit number"))?;
        let table = node.param("E")?;
        let width = table.shape.last().copied().unwrap_or(0);
        features.push((column, HashEmbed::new(seed, width, table.floats())?));
    }
    let static_vectors = match model.named("static_vectors").next() {
        None => None,
        Some(node) => {
            let mut key = node.attr("key_attr")?;
            if !matches!(key.str(), Ok("ORTH")) {
                return Err(Error::new(
                    "static vectors are looked up by something else than ORTH",
                ));
            }
            let weights = node.param("W")?.matrix()?;
            if weights.columns() != vector_width {
                return Err(Error::new(format!(
                    "made for vectors of {} floats; the pipeline has {vector_width}",
                    weights.columns()
                )));
            }
            Some(Linear::new(&weights, &vec![0.0; weights.rows()])?)
        }
    };
    for node in model.named("expand_window") {
        if node.attr("window_size")?.u64()? != 1 {
            return Err(Error::new(
                "the window of the encoder is not one token on either side",
            ));
        }
    }
    // The mixer is nearer the root than the encoder, and so comes first.
    let mut layers = model.named("maxout").zip(model.named("layernorm"));
    let (maxout, norm) = layers.next().ok_or_else(|| Error::new("no maxout layer"))?;
    let apart = Tok2Vec::recurring(&features);
    let mixer = Maxout::new(
        maxout.param("W")?.matrix()?,
        &maxout.param("b")?.floats(),
        layer_norm(norm)?,
        apart,
    )?;
    let (maxout, norm) = layers.next().ok_or_else(|| Error::new("no encoder"))?;
    let first = ProjectedConv::new(
        &maxout.param("W")?.matrix()?,
        &maxout.param("b")?.floats(),
        layer_norm(norm)?,
    )?;
    let mut encoder = Vec::new();
    for (maxout, norm) in layers {
        let (weights, bias) = (maxout.param("W")?.matrix()?, maxout.param("b")?.floats());
        encoder.push(Conv::new(kernel, &weights, &bias, layer_norm(norm)?)?);
    }
    Tok2Vec::new(kernel, features, static_vectors, mixer, first, encoder)
}

fn layer_norm(node: &Node<'_>) -> Result<LayerNorm, Error> {
    LayerNorm::new(node.param("G")?.floats(), node.param("b")?.floats())
}

/// A layer `W x + b` and its number of outputs.
pub(crate) fn linear(node: &Node<'_>) -> Result<(Linear, usize), Error> {
    let weights = node.param("W")?.matrix()?;
    Ok((Linear::new(&weights, &node.param("b")?.floats())?, weights.rows()))
}

/// The parts of a transition model.
pub(crate) struct Transition {
    /// From token vectors to what the scorer reads.
    pub(crate) projection: Linear,
    pub(crate) scorer: Scorer,
    /// Number of actions that are scored.
    pub(crate) n_classes: usize,
}

/// The transition network among the layers of `model`, whose first `n_common` slots look at
/// every token.
pub(crate) fn transition(
    model: &Model<'_>,
    n_common: usize,
) -> Result<Transition, Error> {
    const PIECES: usize = 2;
    let upper_number = model.the("parser_model")?.reference("upper");
    let upper = upper_number
        .and_then(|i| model.nodes.get(i))
        .filter(|node| node.name == "linear")
        .ok_or_else(|| Error::new("the transition model has no upper layer"))?;
    let mut others = model.named("linear").filter(|node| !std::ptr::eq(*node, upper));
    let projection =
        others.next().ok_or_else(|| Error::new("no layer over the tokens"))?;
    if others.next().is_some() {
        return Err(Error::new("a linear layer too many"));
    }
    let (projection, width) = linear(projection)?;

    let lower = model.the("precomputable_affine")?;
    let weights = lower.param("W")?;
    let [n_slots, hidden, pieces, inputs] = weights.shape[..] else {
        return Err(Error::new("the lower layer is not four-dimensional"));
    };
    if pieces != PIECES {
        return Err(Error::new(format!(
            "the lower layer has {pieces} pieces; only {PIECES} are supported"
        )));
    }
    if inputs != width || projection.stride() != width {
        return Err(Error::new("the lower layer does not fit the token vectors"));
    }
    // Within a slot: from [unit][piece] to [piece][unit].
    let per_slot = hidden * PIECES;
    let order =
        |i: usize| i / per_slot * per_slot + by_piece(i % per_slot, hidden, PIECES);
    let reorder = |values: Vec<f32>, n: usize, what: &str| {
        if values.len() == n {
            Ok((0..n).map(|i| values[order(i)]).collect::<Vec<_>>())
        } else {
            Err(Error::new(format!("the lower layer's '{what}' has a wrong size")))
        }
    };
    let n = n_slots * per_slot;
    let missing = reorder(lower.param("pad")?.floats(), n, "pad")?;
    let bias = reorder(lower.param("b")?.floats(), per_slot, "b")?;
    let weights: Matrix = weights.matrix()?.reorder(order);

    let upper_weights = upper.param("W")?.matrix()?;
    let dense = Dense::new(&upper_weights, &upper.param("b")?.floats())?;
    let scorer = Scorer::new(&weights, missing, bias, dense, n_common)?;
    Ok(Transition { projection, scorer, n_classes: upper_weights.rows() })
}
