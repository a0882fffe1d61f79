//! Vectors for tokens in context: hashed lexical features, static word vectors, a mixer,
//! and four residual layers over windows of three tokens.

use std::ops::Range;
use std::{mem, slice};

use crate::Error;
use crate::hash_index::HashIndex;
use crate::model::vectors::Vectors;
use crate::nn::ops::{Kernel, TILE};
use crate::nn::{
    Conv, ConvScratch, HashEmbed, Linear, Maxout, MaxoutScratch, ProjectedConv,
};
use crate::tokenize::{RawToken, Word, Words};

/// A lexical feature of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attr {
    Orth,
    Norm,
    Prefix,
    Suffix,
    Shape,
    /// Whether a space follows.
    Spacy,
    IsSpace,
}

impl Attr {
    /// The feature that a model calls `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "ORTH" => Self::Orth,
            "NORM" => Self::Norm,
            "PREFIX" => Self::Prefix,
            "SUFFIX" => Self::Suffix,
            "SHAPE" => Self::Shape,
            "SPACY" => Self::Spacy,
            "IS_SPACE" => Self::IsSpace,
            _ => return None,
        })
    }

    /// Whether many words share few values.
    fn recurs(self) -> bool {
        matches!(self, Self::Prefix | Self::Shape | Self::Spacy | Self::IsSpace)
    }

    fn id(self, word: &Word, space_after: bool) -> u64 {
        match self {
            Self::Orth => word.orth,
            Self::Norm => word.norm,
            Self::Prefix => word.prefix,
            Self::Suffix => word.suffix,
            Self::Shape => word.shape,
            Self::Spacy => u64::from(space_after),
            Self::IsSpace => u64::from(word.is_space),
        }
    }
}

/// The weights.
#[derive(Debug)]
pub(crate) struct Tok2Vec {
    kernel: Kernel,
    features: Vec<(Attr, HashEmbed)>,
    static_vectors: Option<Linear>,
    mixer: Maxout,
    /// The first layer of the encoder, whose input depends on the word type alone.
    first: ProjectedConv,
    encoder: Vec<Conv>,
}

/// Rows that are encoded together: enough to keep the kernels busy, few enough to stay in
/// the second-level cache.
const WINDOW: usize = 256;

/// Word types whose projections for the first layer are kept. They take kilobytes each, so
/// only types met [`OFTEN`] get a place, from those that were not met of late; the
/// projections of others are computed whenever needed.
const MAX_PROJECTED: usize = 2560;

/// How many times a word type must be met for its projections to be kept.
const OFTEN: u8 = 2;

/// Values of features whose share in the mixer is kept, and as many again as new words
/// bring.
const MAX_RECURRING: usize = 1024;

/// Word types that there is room for from the start; a long text may need more.
const USUAL_TYPES: usize = 32 << 10;

/// Per worker: the mixed embedding of every word type met so far, and buffers.
#[derive(Debug, Default)]
pub(crate) struct Tok2VecCache {
    /// For each word type without and with a space after it, its row plus one; 0 for none.
    row_of: Vec<u32>,
    rows: Vec<f32>,
    parts: Vec<f32>,
    recurring: Recurring,
    /// Where in `recurring` the share of each recurring feature of each new type is.
    shares: Vec<usize>,
    vector_rows: Vec<f32>,
    projected: Vec<f32>,
    /// Word types to embed: the token they came from.
    new: Vec<u32>,
    /// How often the type of each row was met, and where its projections are.
    kept: Vec<Kept>,
    /// Projections of nothing, of frequent word types, and of the other ones in a window.
    projections: Vec<f32>,
    /// Which types those of frequent ones are of.
    places: Places,
    /// Rows of types that have just become frequent.
    frequent: Vec<u32>,
    /// Rows of a window without kept projections, one after another.
    unprojected: Vec<f32>,
    /// Where in `projections` those of each row of a window are.
    projected_at: Vec<usize>,
    window: Vec<f32>,
    mixer: MaxoutScratch,
    conv: ConvScratch,
}

#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    /// Counted up to [`OFTEN`] while there is no place.
    uses: u8,
    /// Number of the place among [`Tok2VecCache::places`] plus one, which is its number
    /// among the projections; 0 for none.
    place: u16,
}

/// What values of recurring features add in the mixer.
#[derive(Debug, Default)]
struct Recurring {
    index: HashIndex,
    /// Number of the feature and value of each row.
    keys: Vec<(usize, u64)>,
    projections: Vec<f32>,
}

impl Recurring {
    /// Number of the row for a value of a feature, and whether it is new.
    fn row(&mut self, feature: usize, id: u64) -> (usize, bool) {
        let key = (feature, id);
        let hash = id.wrapping_add((feature as u64) << 1);
        match self.index.get(hash, |row| self.keys[row] == key) {
            Some(row) => (row, false),
            None => {
                self.index.insert(hash, self.keys.len());
                self.keys.push(key);
                (self.keys.len() - 1, true)
            }
        }
    }
}

/// Where the projections of frequent word types are kept: the clock algorithm (Corbató 1968).
#[derive(Debug, Default)]
struct Places {
    all: Vec<Place>,
    /// The place that is asked next to make room.
    hand: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    /// Row of the type.
    row: u32,
    /// Whether the type was met since the hand came by.
    used: bool,
}

impl Tok2VecCache {
    /// Forgets all word types.
    pub(crate) fn clear(&mut self) {
        self.row_of.clear();
        self.rows.clear();
        self.kept.clear();
        self.projections.clear();
        self.places = Places::default();
        self.recurring = Recurring::default();
    }
}

/// What is encoded: the tokens of some texts, and what is known about their words.
pub(crate) struct Texts<'t> {
    pub(crate) vectors: &'t Vectors,
    pub(crate) words: &'t Words,
    pub(crate) tokens: &'t [RawToken],
}

/// Where the tokens of several texts stand among the rows to encode. Texts are laid end to
/// end with rows of padding before, between and after them, as many as there are layers, so
/// that nothing leaks from one to the next. Every text begins at a multiple of the rows that
/// are computed together, and so gets the same bits wherever it stands.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Token of each row, or `None` for padding.
    rows: Vec<Option<u32>>,
}

impl Layout {
    /// Lays out texts whose tokens are numbered `texts`.
    pub(crate) fn set(&mut self, texts: &[Range<usize>], padding: usize) {
        let padding = padding.next_multiple_of(TILE);
        self.rows.clear();
        for text in texts.iter().filter(|t| !t.is_empty()) {
            let tile = self.rows.len().next_multiple_of(TILE);
            self.rows.resize(tile + padding, None);
            self.rows.extend(text.clone().map(|token| Some(token as u32)));
        }
        self.rows.resize(self.rows.len() + padding, None);
    }
}

impl Tok2Vec {
    /// Puts the layers together.
    pub(crate) fn new(
        kernel: Kernel,
        features: Vec<(Attr, HashEmbed)>,
        static_vectors: Option<Linear>,
        mixer: Maxout,
        first: ProjectedConv,
        encoder: Vec<Conv>,
    ) -> Result<Self, Error> {
        let (apart, others): (Vec<_>, Vec<_>) =
            features.iter().partition(|(attr, _)| attr.recurs());
        let inputs = others.iter().map(|(_, e)| e.width()).sum::<usize>()
            + static_vectors.as_ref().map_or(0, Linear::stride);
        if inputs != mixer.inputs()
            || !apart
                .iter()
                .map(|(_, e)| e.width())
                .eq(mixer.apart().iter().map(Linear::inputs))
            || first.width() != mixer.width()
            || encoder.iter().any(|c| c.width() != mixer.width())
        {
            return Err(Error::new("the layers of a tok2vec do not fit together"));
        }
        if encoder.len() > 16 {
            return Err(Error::new(format!(
                "{} encoder layers are too many",
                encoder.len()
            )));
        }
        Ok(Self { kernel, features, static_vectors, mixer, first, encoder })
    }

    /// The parts of the mixer's input that it is told apart from the rest, given all its
    /// features.
    pub(crate) fn recurring(features: &[(Attr, HashEmbed)]) -> Vec<Range<usize>> {
        let mut at = 0;
        let parts = features.iter().map(|(attr, table)| {
            at += table.width();
            (attr, at - table.width()..at)
        });
        parts.filter(|(attr, _)| attr.recurs()).map(|(_, part)| part).collect()
    }

    /// Floats a token.
    pub(crate) fn width(&self) -> usize {
        self.mixer.width()
    }

    /// Number of layers of the encoder, and so of padding rows around a text.
    pub(crate) fn depth(&self) -> usize {
        1 + self.encoder.len()
    }

    /// Encodes the tokens of `layout` in order, a row each, onto the end of `out`, and tells
    /// `sink` the rows that have just been added.
    pub(crate) fn encode(
        &self,
        texts: &Texts<'_>,
        layout: &Layout,
        cache: &mut Tok2VecCache,
        out: &mut Vec<f32>,
        mut sink: impl FnMut(&[f32]),
    ) {
        self.embed(texts, cache);
        let tokens = texts.tokens;
        let width = self.width();
        let margin = self.depth().next_multiple_of(TILE);
        let n_rows = layout.rows.len();
        for start in (0..n_rows).step_by(WINDOW) {
            let end = (start + WINDOW).min(n_rows);
            let from = start.saturating_sub(margin);
            let rows = &layout.rows[from..(end + margin).min(n_rows)];
            cache.window.resize(Conv::padded(rows.len()) * width, 0.0);
            cache.window[..width].fill(0.0);
            cache.window[(rows.len() + 1) * width..].fill(0.0);
            cache.projected_at.clear();
            cache.unprojected.clear();
            let size = self.first.projected();
            let kept = cache.projections.len();
            for (row, x) in rows.iter().zip(cache.window[width..].chunks_exact_mut(width))
            {
                let Some(token) = row else {
                    cache.projected_at.push(0);
                    x.fill(0.0);
                    continue;
                };
                let at = cache.row_of[type_of(&tokens[*token as usize])] as usize - 1;
                x.copy_from_slice(&cache.rows[at * width..(at + 1) * width]);
                match cache.kept[at].place {
                    0 => {
                        let others = cache.unprojected.len() / width;
                        cache.projected_at.push(kept + others * size);
                        cache.unprojected.extend_from_slice(x);
                    }
                    place => cache.projected_at.push(usize::from(place) * size),
                }
            }
            self.first.project(self.kernel, &cache.unprojected, &mut cache.projected);
            cache.projections.extend_from_slice(&cache.projected);
            self.first.run(
                self.kernel,
                &cache.projections,
                &cache.projected_at,
                &mut cache.window[width..(rows.len() + 1) * width],
                &mut cache.conv,
            );
            cache.projections.truncate(kept);
            let all = 0..rows.len().div_ceil(TILE);
            let wanted =
                tiles_with_tokens(&layout.rows[start..end], (start - from) / TILE);
            for (n, conv) in self.encoder.iter().enumerate() {
                // Nothing reads what the last layer makes of padding.
                let is_last = n + 1 == self.encoder.len();
                let tiles = if is_last { &wanted[..] } else { slice::from_ref(&all) };
                conv.run(&mut cache.window, rows.len(), tiles, &mut cache.conv);
            }
            let new = out.len();
            for row in start..end {
                if layout.rows[row].is_some() {
                    let at = (row - from + 1) * width;
                    out.extend_from_slice(&cache.window[at..at + width]);
                }
            }
            sink(&out[new..]);
        }
    }

    /// Sees to it that the cache has the mixed embedding of every token.
    fn embed(&self, texts: &Texts<'_>, cache: &mut Tok2VecCache) {
        let Texts { vectors, words, tokens } = *texts;
        if cache.rows.capacity() == 0 {
            // Room that is not used costs nothing; growing step by step leaves holes.
            cache.rows.reserve_exact(USUAL_TYPES * self.width());
            let in_window = WINDOW + 2 * self.depth().next_multiple_of(TILE);
            let most = 1 + MAX_PROJECTED + in_window;
            cache.projections.reserve_exact(most * self.first.projected());
        }
        let mut n_rows = cache.rows.len() / self.width();
        if cache.row_of.len() < 2 * words.len() {
            cache.row_of.resize(2 * words.len(), 0);
        }
        cache.new.clear();
        for (i, token) in tokens.iter().enumerate() {
            let row = &mut cache.row_of[type_of(token)];
            if *row == 0 {
                n_rows += 1;
                *row = n_rows as u32;
                cache.new.push(i as u32);
                cache.kept.push(Kept::default());
            }
            let kept = &mut cache.kept[*row as usize - 1];
            match usize::from(kept.place).checked_sub(1) {
                Some(place) => cache.places.all[place].used = true,
                None if kept.uses < OFTEN => {
                    kept.uses += 1;
                    if kept.uses == OFTEN {
                        cache.frequent.push(*row - 1);
                    }
                }
                None => {}
            }
        }
        // A text may hold any number of new words; they are embedded some at a time.
        for new in mem::take(&mut cache.new).chunks(WINDOW) {
            let types = || {
                new.iter().map(|&token| {
                    let token = &tokens[token as usize];
                    (words.get(token.word), token.space_after)
                })
            };
            self.share(types(), cache);
            if let Some(projection) = &self.static_vectors {
                cache.vector_rows.clear();
                for (word, _) in types() {
                    vectors.append(word.orth, &mut cache.vector_rows);
                }
                projection.run(self.kernel, &cache.vector_rows, &mut cache.projected);
            }
            let inputs = self.mixer.inputs();
            cache.parts.resize(new.len() * inputs, 0.0);
            // Table by table, so that each stays in the cache while all look it up.
            let mut at = 0;
            for (attr, table) in self.features.iter().filter(|(attr, _)| !attr.recurs()) {
                for (i, (word, space_after)) in types().enumerate() {
                    let part = i * inputs + at..i * inputs + at + table.width();
                    table.embed(attr.id(word, space_after), &mut cache.parts[part]);
                }
                at += table.width();
            }
            if let Some(projection) = &self.static_vectors {
                let projected = cache.projected.chunks_exact(projection.stride());
                for (parts, projected) in
                    cache.parts.chunks_exact_mut(inputs).zip(projected)
                {
                    parts[at..].copy_from_slice(projected);
                }
            }
            self.mixer.run(
                self.kernel,
                &cache.parts,
                (&cache.recurring.projections, &cache.shares),
                &mut cache.rows,
                &mut cache.mixer,
            );
        }
        self.keep_projections(cache);
    }

    /// Finds what the recurring features of some word types add in the mixer.
    fn share<'t>(
        &self,
        types: impl Iterator<Item = (&'t Word, bool)> + Clone,
        cache: &mut Tok2VecCache,
    ) {
        let Tok2VecCache { recurring, shares, parts, projected, .. } = cache;
        if recurring.keys.len() > MAX_RECURRING {
            *recurring = Recurring::default();
        }
        let n_parts = self.mixer.apart().len();
        shares.clear();
        shares.resize(types.clone().count() * n_parts, 0);
        let features = self.features.iter().filter(|(attr, _)| attr.recurs());
        for (part, ((attr, table), layer)) in features.zip(self.mixer.apart()).enumerate()
        {
            parts.clear();
            for (i, (word, space_after)) in types.clone().enumerate() {
                let id = attr.id(word, space_after);
                let (row, is_new) = recurring.row(part, id);
                if is_new {
                    let at = parts.len();
                    parts.resize(at + table.width(), 0.0);
                    table.embed(id, &mut parts[at..]);
                }
                shares[i * n_parts + part] = row * self.mixer.projected();
            }
            layer.run(self.kernel, parts, projected);
            recurring.projections.extend_from_slice(projected);
        }
    }

    /// Projects the word types that have just become frequent, as long as there is room.
    fn keep_projections(&self, cache: &mut Tok2VecCache) {
        let (width, size) = (self.width(), self.first.projected());
        // The table starts with the projections of padding, which are zero.
        if cache.projections.is_empty() {
            cache.projections.resize(size, 0.0);
        }
        // Once around, so that no type of this text makes room for another one.
        let mut asked = 0;
        let frequent = mem::take(&mut cache.frequent);
        for rows in frequent.chunks(WINDOW) {
            cache.unprojected.clear();
            for &row in rows {
                let x = row as usize * width..(row as usize + 1) * width;
                cache.unprojected.extend_from_slice(&cache.rows[x]);
            }
            self.first.project(self.kernel, &cache.unprojected, &mut cache.projected);
            for (&row, projected) in rows.iter().zip(cache.projected.chunks_exact(size)) {
                let Some((place, old)) = cache.places.give(row, &mut asked) else {
                    cache.kept[row as usize].uses = 0;
                    continue;
                };
                cache.kept[row as usize].place = place as u16 + 1;
                let at = (place + 1) * size;
                match old {
                    None => cache.projections.extend_from_slice(projected),
                    Some(old) => {
                        cache.kept[old as usize] = Kept::default();
                        cache.projections[at..at + size].copy_from_slice(projected);
                    }
                }
            }
        }
        cache.frequent = frequent;
        cache.frequent.clear();
    }
}

/// The tiles of rows that hold a token, in runs; the first tile has the number `first`.
fn tiles_with_tokens(rows: &[Option<u32>], first: usize) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (tile, rows) in (first..).zip(rows.chunks(TILE)) {
        match runs.last_mut() {
            _ if rows.iter().all(Option::is_none) => {}
            Some(run) if run.end == tile => run.end += 1,
            _ => runs.push(tile..tile + 1),
        }
    }
    runs
}

impl Places {
    /// Finds a place for the type of `row`: a new one, or that of a type that was not met
    /// since the hand came by last, whose row is told. `asked` counts the places that the
    /// hand has passed.
    fn give(&mut self, row: u32, asked: &mut usize) -> Option<(usize, Option<u32>)> {
        let new = Place { row, used: true };
        if self.all.len() < MAX_PROJECTED {
            self.all.push(new);
            return Some((self.all.len() - 1, None));
        }
        while *asked < MAX_PROJECTED {
            let at = self.hand;
            self.hand = (at + 1) % MAX_PROJECTED;
            *asked += 1;
            let place = &mut self.all[at];
            if !mem::take(&mut place.used) {
                return Some((at, Some(mem::replace(place, new).row)));
            }
        }
        None
    }
}

/// The number of a token's type: its word, without or with a space after it.
fn type_of(token: &RawToken) -> usize {
    2 * token.word.index() + usize::from(token.space_after)
}
