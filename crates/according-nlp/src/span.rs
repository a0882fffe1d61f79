//! Stretches of text, in bytes inside and in code points at the border.

use std::fmt;
use std::ops::{Index, Range};

/// A half-open range of UTF-8 bytes in one text.
///
/// Both ends lie on character boundaries of the text the span was made for.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`.
    ///
    /// # Panics
    ///
    /// When `start > end`, or a bound does not fit in 32 bits: texts are at most 4 GiB.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "span {start}..{end} runs backwards");
        let bound = |i: usize| u32::try_from(i).expect("texts are shorter than 4 GiB");
        Self { start: bound(start), end: bound(end) }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The shortest span that holds both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span as a range of byte offsets.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl Index<Span> for str {
    type Output = str;

    fn index(&self, span: Span) -> &str {
        &self[span.range()]
    }
}

/// Turns byte offsets of one text into code point offsets and back.
///
/// Keeps one count for every [`CodePoints::STEP`] bytes; a text of ASCII alone keeps none.
///
/// ```
/// use according_nlp::CodePoints;
/// let points = CodePoints::new("Côte d’Or");
/// assert_eq!(points.from_byte(3), 2);
/// assert_eq!(points.to_byte(2), Some(3));
/// ```
#[derive(Clone, Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points before byte `i * STEP`; empty for ASCII.
    before: Vec<u32>,
}

impl<'t> CodePoints<'t> {
    /// Bytes between two kept counts.
    pub const STEP: usize = 256;

    /// Counts the code points of `text`.
    pub fn new(text: &'t str) -> Self {
        let mut before = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for chunk in text.as_bytes().chunks(Self::STEP) {
                before.push(count);
                count += chunk.iter().filter(|&&b| starts_char(b)).count() as u32;
            }
            before.push(count);
        }
        Self { text, before }
    }

    /// The code points before byte offset `byte`.
    ///
    /// # Panics
    ///
    /// When `byte` lies past the end of the text.
    pub fn from_byte(&self, byte: usize) -> usize {
        assert!(byte <= self.text.len(), "byte {byte} lies past the end of the text");
        if self.before.is_empty() {
            return byte;
        }
        let step = byte / Self::STEP;
        let rest = &self.text.as_bytes()[step * Self::STEP..byte];
        self.before[step] as usize + rest.iter().filter(|&&b| starts_char(b)).count()
    }

    /// The byte offset of the code point numbered `point`, the length of the text for one
    /// past the last, `None` beyond.
    pub fn to_byte(&self, point: usize) -> Option<usize> {
        if self.before.is_empty() {
            return (point <= self.text.len()).then_some(point);
        }
        let step =
            self.before.partition_point(|&n| n as usize <= point).checked_sub(1)?;
        let (mut left, mut byte) =
            (point - self.before[step] as usize, step * Self::STEP);
        let bytes = self.text.as_bytes();
        while byte < bytes.len() {
            if starts_char(bytes[byte]) {
                if left == 0 {
                    return Some(byte);
                }
                left -= 1;
            }
            byte += 1;
        }
        (left == 0).then_some(bytes.len())
    }

    /// A span as `[start, end)` in code points.
    pub fn of(&self, span: Span) -> [usize; 2] {
        let range = span.range();
        [self.from_byte(range.start), self.from_byte(range.end)]
    }
}

fn starts_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_code_points_are_inverse() {
        for text in
            ["", "plain", "ÜBER “naïve” 日本語 👍🏽 e\u{301}", &"é\u{200b}x".repeat(300)]
        {
            let points = CodePoints::new(text);
            let bytes = text.char_indices().map(|(i, _)| i).chain([text.len()]);
            let mut n = 0;
            for (point, byte) in bytes.enumerate() {
                assert_eq!(points.from_byte(byte), point);
                assert_eq!(points.to_byte(point), Some(byte));
                n = point;
            }
            assert_eq!(points.to_byte(n + 1), None);
        }
    }
}
