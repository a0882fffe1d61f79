//! Reads MessagePack where it lies: strings and arrays are borrowed, nothing is copied.
//!
//! Every length is checked against the bytes that are left before it is believed, so a
//! reader may reserve room for what a header announces: a map or list never has more
//! entries than there are bytes behind it.

use crate::Error;

/// How deep [`Reader::skip`] follows maps and lists.
const MAX_DEPTH: usize = 64;

/// The kinds of value a [`Reader`] tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nil,
    Bool,
    Int,
    Float,
    Str,
    Bin,
    List,
    Map,
    Ext,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool => "a truth value",
            Self::Int => "a whole number",
            Self::Float => "a number with a fraction",
            Self::Str => "a string",
            Self::Bin => "bytes",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Ext => "an extension value",
        }
    }
}

/// A place in a MessagePack file, from which values are read one after another.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// A reader at the first byte.
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Number of bytes read so far.
    #[cfg(test)]
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Whether all bytes are read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Complains when bytes are left.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        if self.is_at_end() {
            return Ok(());
        }
        Err(self.error("the end of the file"))
    }

    /// The kind of the next value, which stays unread.
    #[inline]
    pub(crate) fn peek(&self) -> Result<Kind, Error> {
        let &mark = self.bytes.get(self.at).ok_or_else(|| self.error("another value"))?;
        Ok(match mark {
            0x00..=0x7f | 0xcc..=0xd3 | 0xe0..=0xff => Kind::Int,
            0x80..=0x8f | 0xde | 0xdf => Kind::Map,
            0x90..=0x9f | 0xdc | 0xdd => Kind::List,
            0xa0..=0xbf | 0xd9..=0xdb => Kind::Str,
            0xc0 => Kind::Nil,
            0xc2 | 0xc3 => Kind::Bool,
            0xc4..=0xc6 => Kind::Bin,
            0xca | 0xcb => Kind::Float,
            0xc7..=0xc9 | 0xd4..=0xd8 => Kind::Ext,
            0xc1 => return Err(self.error("a value")),
        })
    }

    /// The number of entries of a map, whose keys and values follow in turn.
    pub(crate) fn map_len(&mut self) -> Result<usize, Error> {
        let start = self.at;
        let len = match self.mark(Kind::Map)? {
            mark @ 0x80..=0x8f => usize::from(mark & 0x0f),
            0xde => self.uint(2)? as usize,
            _ => self.uint(4)? as usize,
        };
        self.check_entries(start, len, 2)
    }

    /// The number of values of a list, which follow.
    pub(crate) fn array_len(&mut self) -> Result<usize, Error> {
        let start = self.at;
        let len = match self.mark(Kind::List)? {
            mark @ 0x90..=0x9f => usize::from(mark & 0x0f),
            0xdc => self.uint(2)? as usize,
            _ => self.uint(4)? as usize,
        };
        self.check_entries(start, len, 1)
    }

    /// A string.
    pub(crate) fn str(&mut self) -> Result<&'b str, Error> {
        let start = self.at;
        let len = match self.mark(Kind::Str)? {
            mark @ 0xa0..=0xbf => usize::from(mark & 0x1f),
            0xd9 => self.uint(1)? as usize,
            0xda => self.uint(2)? as usize,
            _ => self.uint(4)? as usize,
        };
        let bytes = self.take(len)?;
        std::str::from_utf8(bytes)
            .map_err(|_| Error::new(format!("the string at byte {start} is not UTF-8")))
    }

    /// Raw bytes.
    pub(crate) fn bin(&mut self) -> Result<&'b [u8], Error> {
        let len = match self.mark(Kind::Bin)? {
            0xc4 => self.uint(1)? as usize,
            0xc5 => self.uint(2)? as usize,
            _ => self.uint(4)? as usize,
        };
        self.take(len)
    }

    /// Raw bytes, or the bytes of a string: writers that predate the difference mix them up.
    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Error> {
        match self.peek()? {
            Kind::Str => Ok(self.str()?.as_bytes()),
            _ => self.bin(),
        }
    }

    /// A whole number from 0 up.
    pub(crate) fn u64(&mut self) -> Result<u64, Error> {
        let start = self.at;
        // Tables of words hold hundreds of thousands of these.
        let near = self.bytes.get(start..).and_then(<[u8]>::first_chunk::<9>);
        if let Some([0xcf, bytes @ ..]) = near {
            self.at += 9;
            return Ok(u64::from_be_bytes(*bytes));
        }
        let wide = self.integer()?;
        u64::try_from(wide).map_err(|_| {
            Error::new(format!("{wide} at byte {start} should not be negative"))
        })
    }

    /// A whole number that fits in 64 bits with a sign.
    pub(crate) fn i64(&mut self) -> Result<i64, Error> {
        let start = self.at;
        // And as many numbers of rows.
        let near = self.bytes.get(start..).and_then(<[u8]>::first_chunk::<3>);
        if let Some([0xcd, bytes @ ..]) = near {
            self.at += 3;
            return Ok(i64::from(u16::from_be_bytes(*bytes)));
        }
        let wide = self.integer()?;
        i64::try_from(wide)
            .map_err(|_| Error::new(format!("{wide} at byte {start} is too large")))
    }

    /// A whole number from 0 up that counts something in memory.
    pub(crate) fn usize(&mut self) -> Result<usize, Error> {
        let start = self.at;
        let wide = self.u64()?;
        usize::try_from(wide)
            .map_err(|_| Error::new(format!("{wide} at byte {start} is too large")))
    }

    /// A truth value.
    pub(crate) fn bool(&mut self) -> Result<bool, Error> {
        Ok(self.mark(Kind::Bool)? == 0xc3)
    }

    /// Nil.
    pub(crate) fn nil(&mut self) -> Result<(), Error> {
        self.mark(Kind::Nil).map(|_| ())
    }

    /// A number of either width, or a whole number, as the widest.
    pub(crate) fn f64(&mut self) -> Result<f64, Error> {
        if self.peek()? == Kind::Int {
            return Ok(self.integer()? as f64);
        }
        Ok(match self.mark(Kind::Float)? {
            0xca => f64::from(f32::from_bits(self.uint(4)? as u32)),
            _ => f64::from_bits(self.uint(8)?),
        })
    }

    /// Passes over one value of any kind with all that is inside.
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        self.skip_within(MAX_DEPTH)
    }

    fn skip_within(&mut self, depth: usize) -> Result<(), Error> {
        let values = match self.peek()? {
            Kind::Nil => return self.nil(),
            Kind::Bool => return self.bool().map(|_| ()),
            Kind::Int => return self.integer().map(|_| ()),
            Kind::Float => return self.f64().map(|_| ()),
            Kind::Str => return self.str().map(|_| ()),
            Kind::Bin => return self.bin().map(|_| ()),
            Kind::Ext => return self.skip_ext(),
            Kind::List => self.array_len()?,
            // No overflow: a map of that many entries would not fit in the file.
            Kind::Map => self.map_len()? * 2,
        };
        let depth = depth.checked_sub(1).ok_or_else(|| {
            Error::new(format!(
                "values at byte {} are nested more than {MAX_DEPTH} deep",
                self.at
            ))
        })?;
        (0..values).try_for_each(|_| self.skip_within(depth))
    }

    fn skip_ext(&mut self) -> Result<(), Error> {
        let len = match self.mark(Kind::Ext)? {
            mark @ 0xd4..=0xd8 => 1 << (mark - 0xd4),
            0xc7 => self.uint(1)? as usize,
            0xc8 => self.uint(2)? as usize,
            _ => self.uint(4)? as usize,
        };
        // One byte of type stands before the data.
        self.take(1)?;
        self.take(len).map(|_| ())
    }

    /// Any whole number. 128 bits hold both `u64` and `i64`.
    #[inline]
    fn integer(&mut self) -> Result<i128, Error> {
        Ok(match self.mark(Kind::Int)? {
            mark @ 0x00..=0x7f => i128::from(mark),
            0xcc => i128::from(self.uint(1)?),
            0xcd => i128::from(self.uint(2)?),
            0xce => i128::from(self.uint(4)?),
            0xcf => i128::from(self.uint(8)?),
            0xd0 => i128::from(self.uint(1)? as u8 as i8),
            0xd1 => i128::from(self.uint(2)? as u16 as i16),
            0xd2 => i128::from(self.uint(4)? as u32 as i32),
            0xd3 => i128::from(self.uint(8)? as i64),
            mark => i128::from(mark as i8),
        })
    }

    /// Reads the first byte of a value that must be of this kind.
    fn mark(&mut self, kind: Kind) -> Result<u8, Error> {
        if self.peek()? != kind {
            return Err(self.error(kind.name()));
        }
        self.take(1).map(|b| b[0])
    }

    /// A big-endian number of `width` bytes.
    #[inline]
    fn uint(&mut self, width: usize) -> Result<u64, Error> {
        let mut wide = [0; 8];
        wide[8 - width..].copy_from_slice(self.take(width)?);
        Ok(u64::from_be_bytes(wide))
    }

    #[inline]
    fn take(&mut self, len: usize) -> Result<&'b [u8], Error> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.get(..len));
        let bytes = bytes.ok_or_else(|| {
            Error::new(format!("{len} bytes should follow at byte {}", self.at))
        })?;
        self.at += len;
        Ok(bytes)
    }

    fn check_entries(
        &self,
        start: usize,
        entries: usize,
        each: usize,
    ) -> Result<usize, Error> {
        if entries > (self.bytes.len() - self.at) / each {
            return Err(Error::new(format!(
                "{entries} entries announced at byte {start} do not fit in the file"
            )));
        }
        Ok(entries)
    }

    fn error(&self, expected: &str) -> Error {
        let found = match self.bytes.get(self.at) {
            None => "the file ends there".to_owned(),
            Some(0xc1) => "found a byte without meaning".to_owned(),
            Some(_) => {
                format!("found {}", self.peek().map_or("nothing", Kind::name))
            }
        };
        Error::new(format!("expected {expected} at byte {}, {found}", self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        let mut bytes = vec![0x82, 0xa1, b'k', 0xcd, 0x01, 0x00, 0xd9, 0x01, b'v'];
        bytes.extend([0x94, 0xc0, 0xc3, 0xe0, 0xd1, 0xff, 0x00]);
        bytes.extend([0xcf, 0xff, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0xca, 0x3f, 0x80, 0, 0, 0xcb, 0x40, 0, 0, 0, 0, 0, 0, 0, 5]);
        bytes.extend([0xc4, 2, 7, 8, 0xd6, 1, 2, 3, 4, 5, 0xdc, 0, 1, 0xc2]);
        let mut r = Reader::new(&bytes);
        let mut whole = r.clone();
        assert_eq!(r.map_len(), Ok(2));
        assert_eq!(r.str(), Ok("k"));
        assert_eq!(r.u64(), Ok(256));
        assert_eq!(r.bytes(), Ok(&b"v"[..]));
        assert_eq!(r.array_len(), Ok(4));
        assert_eq!(r.nil(), Ok(()));
        assert_eq!(r.bool(), Ok(true));
        assert_eq!(r.i64(), Ok(-32));
        assert_eq!(r.i64(), Ok(-256));
        assert_eq!(r.u64(), Ok(0xff00_0000_0000_0000));
        assert_eq!(r.f64(), Ok(1.0));
        assert_eq!(r.f64(), Ok(2.0));
        assert_eq!(r.f64(), Ok(5.0));
        assert_eq!(r.bin(), Ok(&[7, 8][..]));
        assert_eq!(r.peek(), Ok(Kind::Ext));
        assert_eq!(r.skip(), Ok(()));
        assert_eq!(r.skip(), Ok(()));
        assert_eq!(r.finish(), Ok(()));
        for _ in 0..7 {
            whole.skip().unwrap();
        }
        assert_eq!(whole.position(), bytes.len() - 4, "only the last list is left");
    }

    #[test]
    fn lying_headers_are_found_out() {
        let says = |bytes: &[u8], read: fn(&mut Reader<'_>) -> Result<(), Error>| {
            read(&mut Reader::new(bytes)).unwrap_err().to_string()
        };
        let list = |r: &mut Reader<'_>| r.array_len().map(|_| ());
        let str = |r: &mut Reader<'_>| r.str().map(|_| ());
        assert_eq!(
            says(&[0xdd, 0xff, 0xff, 0xff, 0xff, 0], list),
            "4294967295 entries announced at byte 0 do not fit in the file"
        );
        assert_eq!(says(&[0xdb, 0xff, 0xff], str), "4 bytes should follow at byte 1");
        assert_eq!(says(&[0xa5, b'x'], str), "5 bytes should follow at byte 1");
        assert_eq!(says(&[0xa1, 0xff], str), "the string at byte 0 is not UTF-8");
        assert_eq!(says(&[0xc0], str), "expected a string at byte 0, found nil");
        assert_eq!(
            says(&[], list),
            "expected another value at byte 0, the file ends there"
        );
        assert_eq!(
            says(&[0xff], |r| r.u64().map(|_| ())),
            "-1 at byte 0 should not be negative"
        );
        let deep = [0x91; 1000];
        assert!(says(&deep, |r| r.skip()).contains("more than 64 deep"));
    }

    #[test]
    fn noise_never_panics() {
        let mut seed = 1u32;
        for _ in 0..20_000 {
            let noise: [u8; 12] = std::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            });
            let mut r = Reader::new(&noise);
            while r.skip().is_ok() && !r.is_at_end() {}
            assert!(r.position() <= noise.len());
        }
    }
}
