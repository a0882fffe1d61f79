//! The file that trained weights come in.
//!
//! A line `according weights 1`, the length of the header in bytes as a little-endian
//! `u32`, the header, and the arrays one after another. The header is a JSON object whose
//! `arrays` lists each with `name`, `type` (`f16`, `f32`, `u32`) and `shape`; what else it
//! says is up to whoever reads it. Nothing may follow the last array.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Error;

const MAGIC: &[u8] = b"according weights 1\n";

/// A file of trained weights: what its header says, and arrays by name.
#[derive(Debug)]
pub struct Weights<'b> {
    header: &'b str,
    arrays: BTreeMap<String, Array<'b>>,
}

#[derive(Debug)]
struct Array<'b> {
    element: Element,
    shape: Vec<usize>,
    bytes: &'b [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Element {
    F16,
    F32,
    U32,
}

impl Element {
    fn size(self) -> usize {
        match self {
            Self::F16 => 2,
            Self::F32 | Self::U32 => 4,
        }
    }
}

impl<'b> Weights<'b> {
    /// Reads a file of weights.
    ///
    /// # Errors
    ///
    /// When the bytes are no such file, or one of another version, or not all there.
    pub fn read(bytes: &'b [u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Header {
            arrays: Vec<Entry>,
        }
        #[derive(Deserialize)]
        struct Entry {
            name: String,
            #[serde(rename = "type")]
            element: Element,
            shape: Vec<usize>,
        }
        let broken = |what: &str| Error::new(format!("weights: {what}"));
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| broken("not a file of weights, or one of another version"))?;
        let (length, rest) =
            rest.split_first_chunk().ok_or_else(|| broken("no header"))?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (header, mut rest) = rest
            .split_at_checked(length)
            .ok_or_else(|| broken("the header is not all there"))?;
        let header =
            std::str::from_utf8(header).map_err(|_| broken("the header is no text"))?;
        let entries: Header = serde_json::from_str(header)
            .map_err(|e| broken(&format!("the header is broken ({e})")))?;
        let mut arrays = BTreeMap::new();
        for Entry { name, element, shape } in entries.arrays {
            let size = shape
                .iter()
                .try_fold(element.size(), |size, &n| size.checked_mul(n))
                .and_then(|size| rest.split_at_checked(size));
            let Some((bytes, after)) = size else {
                return Err(broken(&format!("array '{name}' is not all there")));
            };
            rest = after;
            arrays.insert(name, Array { element, shape, bytes });
        }
        if !rest.is_empty() {
            return Err(broken("more bytes than arrays"));
        }
        Ok(Self { header, arrays })
    }

    /// What the header says, as `T` reads it.
    ///
    /// # Errors
    ///
    /// When it does not say what `T` wants.
    pub fn header<T: Deserialize<'b>>(&self) -> Result<T, Error> {
        serde_json::from_str(self.header)
            .map_err(|e| Error::new(format!("weights: the header is broken ({e})")))
    }

    /// The floats of array `name` and its shape.
    ///
    /// # Errors
    ///
    /// When there is no such array, when it is not of floats, or when one of them is not
    /// finite.
    pub fn floats(&self, name: &str) -> Result<(Vec<f32>, &[usize]), Error> {
        let array = self.array(name)?;
        let floats: Vec<f32> = match array.element {
            Element::F16 => {
                let (halves, _) = array.bytes.as_chunks();
                halves.iter().map(|&two| half(u16::from_le_bytes(two))).collect()
            }
            Element::F32 => {
                let (words, _) = array.bytes.as_chunks();
                words.iter().map(|&four| f32::from_le_bytes(four)).collect()
            }
            Element::U32 => {
                return Err(Error::new(format!("weights: '{name}' is not of floats")));
            }
        };
        if floats.iter().any(|x| !x.is_finite()) {
            return Err(Error::new(format!("weights: '{name}' has floats without end")));
        }
        Ok((floats, &array.shape))
    }

    /// The numbers of array `name`.
    ///
    /// # Errors
    ///
    /// When there is no such array or it is not of whole numbers.
    pub fn numbers(&self, name: &str) -> Result<Vec<u32>, Error> {
        let array = self.array(name)?;
        if array.element != Element::U32 {
            return Err(Error::new(format!("weights: '{name}' is not of numbers")));
        }
        let (words, _) = array.bytes.as_chunks();
        Ok(words.iter().map(|&four| u32::from_le_bytes(four)).collect())
    }

    fn array(&self, name: &str) -> Result<&Array<'b>, Error> {
        self.arrays
            .get(name)
            .ok_or_else(|| Error::new(format!("weights: there is no array '{name}'")))
    }
}

/// An IEEE 754 half-precision float.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10) & 31;
    let fraction = u32::from(bits) & 0x3ff;
    match exponent {
        0 => {
            let small = fraction as f32 / (1u32 << 24) as f32;
            if sign == 0 { small } else { -small }
        }
        31 => f32::from_bits(sign | 0x7f80_0000 | (fraction << 13)),
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        let length = (header.len() as u32).to_le_bytes();
        [MAGIC, &length, header.as_bytes(), data].concat()
    }

    const HEADER: &str = r#"{"arrays":[{"name":"a","type":"f16","shape":[2,2]},
        {"name":"b","type":"u32","shape":[1]}],"labels":["O"]}"#;

    #[test]
    fn halves_are_what_ieee_says() {
        let cases = [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0x83ff, -6.097_555e-5),
        ];
        for (bits, value) in cases {
            assert_eq!(half(bits), value, "{bits:x}");
        }
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
    }

    #[test]
    fn arrays_come_back() {
        let data = [0, 0x3c, 0, 0xc0, 0, 0, 0, 0x38, 7, 0, 0, 0];
        let bytes = file(HEADER, &data);
        let weights = Weights::read(&bytes).unwrap();
        let (floats, shape) = weights.floats("a").unwrap();
        assert_eq!((floats, shape), (vec![1.0, -2.0, 0.0, 0.5], &[2, 2][..]));
        assert_eq!(weights.numbers("b").unwrap(), [7]);
        assert!(weights.floats("b").is_err() && weights.numbers("a").is_err());
        assert!(weights.floats("c").is_err());
        #[derive(Deserialize)]
        struct Labels {
            labels: Vec<String>,
        }
        assert_eq!(weights.header::<Labels>().unwrap().labels, ["O"]);
    }

    #[test]
    fn broken_files_are_errors() {
        let whole = file(HEADER, &[0; 12]);
        for end in 0..whole.len() {
            assert!(Weights::read(&whole[..end]).is_err(), "cut at {end}");
        }
        assert!(Weights::read(&[&whole[..], &[0]].concat()).is_err());
        let lying = HEADER.replace("[2,2]", "[4294967296,4294967296,2]");
        assert!(Weights::read(&file(&lying, &[0; 12])).is_err());
        assert!(Weights::read(&file(&HEADER.replace("f16", "f64"), &[0; 36])).is_err());
        let endless = file(HEADER, &[0, 0x7c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert!(Weights::read(&endless).unwrap().floats("a").is_err());
    }
}
