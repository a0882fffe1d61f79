//! thinc's serialised models: a list of layers, each with its settings and weights.

use std::collections::BTreeMap;

use crate::Error;
use crate::nn::Matrix;

use super::msgpack::{Kind, Reader};
use super::npy::floats;

/// A model file, still in its bytes.
#[derive(Debug, Default)]
pub(crate) struct Model<'m> {
    pub(crate) nodes: Vec<Node<'m>>,
}

/// One layer. Layers are listed breadth first.
#[derive(Debug, Default)]
pub(crate) struct Node<'m> {
    pub(crate) name: &'m str,
    /// Other layers that play a part in this one, by number.
    refs: BTreeMap<&'m str, usize>,
    /// Settings, each MessagePack of its own.
    attrs: BTreeMap<&'m str, &'m [u8]>,
    params: BTreeMap<&'m str, Array<'m>>,
}

/// An array of little-endian floats.
#[derive(Debug)]
pub(crate) struct Array<'m> {
    pub(crate) shape: Vec<usize>,
    data: &'m [u8],
}

impl<'m> Model<'m> {
    /// Reads the list of layers.
    ///
    /// # Errors
    ///
    /// When the bytes are no model, or a layer has state that we do not know.
    pub(crate) fn read(bytes: &'m [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let mut model = Self::default();
        for _ in 0..reader.map_len()? {
            let key = reader.str()?;
            let n = reader.array_len()?;
            if !matches!(key, "nodes" | "attrs" | "params" | "shims") {
                return Err(Error::new(format!("a model has no '{key}'")));
            }
            if model.nodes.is_empty() {
                model.nodes.resize_with(n, Node::default);
            }
            if n != model.nodes.len() {
                return Err(Error::new(format!("'{key}' lists {n} layers")));
            }
            for node in &mut model.nodes {
                match key {
                    "nodes" => node.read_info(&mut reader)?,
                    "attrs" => {
                        for _ in 0..reader.map_len()? {
                            node.attrs.insert(reader.str()?, reader.bin()?);
                        }
                    }
                    "params" => node.read_params(&mut reader)?,
                    _ => reader.skip()?,
                }
            }
        }
        reader.finish()?;
        Ok(model)
    }

    /// All layers called `name`, in order.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Node<'m>> {
        self.nodes.iter().filter(move |node| node.name == name)
    }

    /// The only layer called `name`.
    pub(crate) fn the(&self, name: &str) -> Result<&Node<'m>, Error> {
        let mut nodes = self.named(name);
        match (nodes.next(), nodes.next()) {
            (Some(node), None) => Ok(node),
            (None, _) => Err(Error::new(format!("no layer '{name}'"))),
            _ => Err(Error::new(format!("more than one layer '{name}'"))),
        }
    }
}

impl<'m> Node<'m> {
    fn read_info(&mut self, reader: &mut Reader<'m>) -> Result<(), Error> {
        for _ in 0..reader.map_len()? {
            match reader.str()? {
                "name" => self.name = reader.str()?,
                "refs" => {
                    for _ in 0..reader.map_len()? {
                        let name = reader.str()?;
                        if reader.peek()? == Kind::Int {
                            let layer = usize::try_from(reader.i64()?).map_err(|_| {
                                Error::new("a layer has a negative number")
                            })?;
                            self.refs.insert(name, layer);
                        } else {
                            reader.skip()?;
                        }
                    }
                }
                _ => reader.skip()?,
            }
        }
        Ok(())
    }

    fn read_params(&mut self, reader: &mut Reader<'m>) -> Result<(), Error> {
        for _ in 0..reader.map_len()? {
            let name = reader.str()?;
            if reader.peek()? == Kind::Nil {
                reader.skip()?;
            } else {
                let array = Array::read(reader).map_err(|e| e.at(name))?;
                self.params.insert(name, array);
            }
        }
        Ok(())
    }

    /// The number of the layer that this one calls `name`.
    pub(crate) fn reference(&self, name: &str) -> Option<usize> {
        self.refs.get(name).copied()
    }

    /// A reader on the setting called `name`.
    pub(crate) fn attr(&self, name: &str) -> Result<Reader<'m>, Error> {
        let bytes = self.attrs.get(name).ok_or_else(|| self.lacks(name))?;
        Ok(Reader::new(bytes))
    }

    /// The weights called `name`.
    pub(crate) fn param(&self, name: &str) -> Result<&Array<'m>, Error> {
        self.params.get(name).ok_or_else(|| self.lacks(name))
    }

    fn lacks(&self, what: &str) -> Error {
        Error::new(format!("layer '{}' has no '{what}'", self.name))
    }
}

impl<'m> Array<'m> {
    /// Reads an array as msgpack-numpy writes it; keys may be strings or binary.
    fn read(reader: &mut Reader<'m>) -> Result<Self, Error> {
        let (mut shape, mut data, mut float) = (None, None, false);
        for _ in 0..reader.map_len()? {
            let key = reader.bytes()?;
            match key {
                b"type" => float = reader.str()? == "<f4",
                b"shape" => {
                    let mut sizes = Vec::new();
                    for _ in 0..reader.array_len()? {
                        sizes.push(reader.usize()?);
                    }
                    shape = Some(sizes);
                }
                b"data" => data = Some(reader.bin()?),
                _ => reader.skip()?,
            }
        }
        let (Some(shape), Some(data), true) = (shape, data, float) else {
            return Err(Error::new("not an array of 32-bit floats"));
        };
        let size =
            shape.iter().try_fold(size_of::<f32>(), |n, &size| n.checked_mul(size));
        if size != Some(data.len()) {
            return Err(Error::new(format!(
                "{} bytes for the shape {shape:?}",
                data.len()
            )));
        }
        Ok(Self { shape, data })
    }

    /// The floats in the order of the file.
    pub(crate) fn floats(&self) -> Vec<f32> {
        floats(self.data).collect()
    }

    /// The array with all dimensions but the last as rows.
    pub(crate) fn matrix(&self) -> Result<Matrix, Error> {
        let columns = self.shape.last().copied().unwrap_or(0);
        let rows = self.data.len() / size_of::<f32>() / columns.max(1);
        Matrix::new(rows, columns, self.floats())
    }
}
