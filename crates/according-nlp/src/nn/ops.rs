//! The kernels: every bulk float operation of the project.
//!
//! Sums run over `k` in order with one fused multiply-add a step, for each output on its
//! own, so results do not depend on the vector width nor on how rows are grouped. Weights
//! are packed for [`BLOCK`] outputs at a time.

#![allow(
    clippy::needless_range_loop,
    reason = "tiles are addressed by row and vector; iterators hide which is which"
)]

use super::lanes::{Lanes, Portable};

/// Outputs that are computed together: one AVX-512 register, two of AVX2.
pub(crate) const BLOCK: usize = 16;

/// Pieces of a maxout unit of the encoder.
pub(crate) const PIECES: usize = 3;

/// Which instructions to use. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Plain Rust, for every machine.
    Portable,
    /// AVX2 and FMA, eight lanes.
    Avx2,
    /// AVX-512F, sixteen lanes.
    Avx512,
}

impl Kernel {
    /// The fastest kernel this machine runs.
    pub fn detect() -> Self {
        Self::available()[0]
    }

    /// Floats that are computed side by side.
    pub(crate) fn lanes(self) -> usize {
        match self {
            Self::Portable | Self::Avx2 => 8,
            Self::Avx512 => 16,
        }
    }

    /// All kernels this machine runs, fastest first.
    pub fn available() -> &'static [Self] {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            if is_x86_feature_detected!("avx512f") {
                return &[Self::Avx512, Self::Avx2, Self::Portable];
            }
            return &[Self::Avx2, Self::Portable];
        }
        &[Self::Portable]
    }
}

/// Defines a safe function that checks its arguments and runs one generic body with the
/// instructions of the given kernel.
macro_rules! kernel {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),* $(,)?)
     narrow $narrow:literal wide $wide:literal $check:block => $body:ident) => {
        $(#[$doc])*
        pub(crate) fn $name(kernel: Kernel, $($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($arg: $type),*) {
                // SAFETY: the features are enabled here, the arguments were checked.
                unsafe { $body::<super::lanes::Avx2, $narrow>($($arg),*) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma,avx512f")]
            fn avx512($($arg: $type),*) {
                // SAFETY: the features are enabled here, the arguments were checked.
                unsafe { $body::<super::lanes::Avx512, $wide>($($arg),*) }
            }
            $check
            match kernel {
                // SAFETY: `Kernel::available` hands these out only where they exist.
                #[cfg(target_arch = "x86_64")]
                Kernel::Avx512 => unsafe { avx512($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Kernel::Avx2 => unsafe { avx2($($arg),*) },
                // SAFETY: plain Rust needs no feature, the arguments were checked.
                _ => unsafe { $body::<Portable, $narrow>($($arg),*) },
            }
        }
    };
}

kernel! {
    /// `y[r] = x[r] · B + bias` for the rows of `x`, each of `k` floats.
    ///
    /// `packed` is `[block][k][16]`, `bias` one float an output, `y` row-major with
    /// `bias.len()` floats a row.
    fn gemm(x: &[f32], k: usize, packed: &[f32], bias: &[f32], y: &mut [f32])
    narrow 6 wide 12
    {
        assert!(k > 0 && bias.len().is_multiple_of(BLOCK) && x.len().is_multiple_of(k));
        assert_eq!(packed.len(), bias.len() * k);
        assert_eq!(y.len(), x.len() / k * bias.len());
    }
    => gemm_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `gemm` asserts.
#[inline(always)]
unsafe fn gemm_body<L: Lanes, const R: usize>(
    x: &[f32],
    k: usize,
    packed: &[f32],
    bias: &[f32],
    y: &mut [f32],
) {
    let (rows, width) = (x.len() / k, bias.len());
    let mut output = 0;
    while output < width {
        // SAFETY: outputs, rows and k stay inside the lengths asserted by `gemm`.
        unsafe {
            let b = packed.as_ptr().add(output * k);
            let c = bias.as_ptr().add(output);
            let y = y.as_mut_ptr().add(output);
            // Two vectors share what is loaded of `x`.
            if width - output >= 2 * L::N {
                gemm_outputs::<L, R, 2>(x, k, rows, b, c, y, width);
                output += 2 * L::N;
            } else {
                gemm_outputs::<L, R, 1>(x, k, rows, b, c, y, width);
                output += L::N;
            }
        }
    }
}

/// All rows by `V` vectors of outputs.
///
/// # Safety
///
/// `L` is enabled; `x` holds `rows` rows, and the rest is as [`gemm_tile`] wants it.
#[inline(always)]
unsafe fn gemm_outputs<L: Lanes, const R: usize, const V: usize>(
    x: &[f32],
    k: usize,
    rows: usize,
    b: *const f32,
    c: *const f32,
    y: *mut f32,
    stride: usize,
) {
    // SAFETY: rows stay inside `x`, and what the caller promises holds for each.
    unsafe {
        let x = |row: usize| x.as_ptr().add(row * k);
        let y = |row: usize| y.add(row * stride);
        let mut row = 0;
        while row + R <= rows {
            gemm_tile::<L, R, V>(x(row), k, b, c, y(row), stride);
            row += R;
        }
        // Fewer rows than four would wait for the additions to end.
        while row + 6 <= rows {
            gemm_tile::<L, 6, V>(x(row), k, b, c, y(row), stride);
            row += 6;
        }
        while row + 4 <= rows {
            gemm_tile::<L, 4, V>(x(row), k, b, c, y(row), stride);
            row += 4;
        }
        while row < rows {
            gemm_tile::<L, 1, V>(x(row), k, b, c, y(row), stride);
            row += 1;
        }
    }
}

/// `R` rows by `V` vectors of outputs, held in registers.
///
/// # Safety
///
/// `L` is enabled; `x` holds `R * k` floats, `b` the blocks of these outputs and `c` their
/// biases, and `y` has `R` rows of them, `stride` apart.
#[inline(always)]
unsafe fn gemm_tile<L: Lanes, const R: usize, const V: usize>(
    x: *const f32,
    k: usize,
    b: *const f32,
    c: *const f32,
    y: *mut f32,
    stride: usize,
) {
    // SAFETY: as promised by the caller.
    unsafe {
        let mut sum = [[L::splat(0.0); V]; R];
        for i in 0..k {
            let mut w = [L::splat(0.0); V];
            for v in 0..V {
                // A vector is a block, or part of one.
                let output = v * L::N;
                let block = b.add(output / BLOCK * BLOCK * k);
                w[v] = L::load(block.add(i * BLOCK + output % BLOCK));
            }
            for r in 0..R {
                let x = L::splat(*x.add(r * k + i));
                for v in 0..V {
                    sum[r][v] = sum[r][v].mul_add(x, w[v]);
                }
            }
        }
        for r in 0..R {
            for v in 0..V {
                let c = L::load(c.add(v * L::N));
                sum[r][v].add(c).store(y.add(r * stride + v * L::N));
            }
        }
    }
}

kernel! {
    /// `y = x · B + bias` for one row. `rows` is `[k][y.len()]`.
    fn matvec(x: &[f32], rows: &[f32], bias: &[f32], y: &mut [f32])
    narrow 0 wide 0
    {
        assert!(y.len().is_multiple_of(BLOCK) && bias.len() == y.len());
        assert_eq!(rows.len(), x.len() * y.len());
    }
    => matvec_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `matvec` asserts.
#[inline(always)]
unsafe fn matvec_body<L: Lanes, const UNUSED: usize>(
    x: &[f32],
    rows: &[f32],
    bias: &[f32],
    y: &mut [f32],
) {
    /// Computes `V` vectors of outputs and returns `V`.
    ///
    /// # Safety
    ///
    /// `L` is enabled; `V * L::N` outputs from `from` on exist.
    #[inline(always)]
    unsafe fn strip<L: Lanes, const V: usize>(
        x: &[f32],
        rows: &[f32],
        bias: &[f32],
        y: &mut [f32],
        from: usize,
    ) -> usize {
        // SAFETY: as promised by the caller.
        unsafe {
            let mut sum = [L::splat(0.0); V];
            for (i, &x) in x.iter().enumerate() {
                let x = L::splat(x);
                let row = rows.as_ptr().add(i * y.len() + from);
                for v in 0..V {
                    sum[v] = sum[v].mul_add(x, L::load(row.add(v * L::N)));
                }
            }
            for v in 0..V {
                let at = from + v * L::N;
                sum[v].add(L::load(bias.as_ptr().add(at))).store(y.as_mut_ptr().add(at));
            }
        }
        V
    }
    let mut from = 0;
    while from < y.len() {
        let left = (y.len() - from) / L::N;
        // SAFETY: no strip is wider than what is left.
        from += L::N
            * unsafe {
                match left {
                    14 | 15 => strip::<L, 14>(x, rows, bias, y, from),
                    10..=13 => strip::<L, 10>(x, rows, bias, y, from),
                    8.. => strip::<L, 8>(x, rows, bias, y, from),
                    7 => strip::<L, 7>(x, rows, bias, y, from),
                    5.. => strip::<L, 5>(x, rows, bias, y, from),
                    2.. => strip::<L, 2>(x, rows, bias, y, from),
                    _ => strip::<L, 1>(x, rows, bias, y, from),
                }
            };
    }
}

/// Rows that a convolution computes together.
pub(crate) const TILE: usize = 4;

/// Products that Winograd's minimal filtering F(4,3) needs for [`TILE`] rows.
pub(crate) const PRODUCTS: usize = TILE + 2;

/// The points at which F(4,3) evaluates its polynomials, besides 0 and infinity: ±`POINTS`.
/// On noise the mean error is 5.6e-7 and the greatest 6.5e-6; the usual 1 and 2 give 7.0e-7
/// and 1.2e-5, the plain convolution in `f32` 3.7e-7 and 5.3e-6.
pub(crate) const POINTS: [f32; 2] = [0.625, 1.25];

kernel! {
    /// A convolution over windows of three rows followed by maxout, four rows at a time by
    /// Winograd's minimal filtering F(4,3): six products where twelve would be needed
    /// (Lavin and Gray 2016, section 4.3, in one dimension).
    ///
    /// `transformed` holds [`PRODUCTS`] rows for each tile, as written by
    /// [`winograd_input`]. With `L` for [`Kernel::lanes`], `packed` is
    /// `[outputs / L][PRODUCTS][width][PIECES][L]`, products in the same order, and `bias`
    /// `[outputs / L][PIECES][L]`. `y` has `width` floats a row.
    fn conv_maxout(transformed: &[f32], width: usize, packed: &[f32], bias: &[f32], y: &mut [f32])
    narrow 3 wide 8
    {
        assert!(width > 0 && width.is_multiple_of(BLOCK) && bias.len() == width * PIECES);
        assert_eq!(packed.len(), PRODUCTS * PIECES * width * width);
        assert!(y.len().is_multiple_of(TILE * width));
        assert_eq!(transformed.len() * TILE, y.len() * PRODUCTS);
    }
    => conv_maxout_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `conv_maxout` asserts.
#[inline(always)]
unsafe fn conv_maxout_body<L: Lanes, const T: usize>(
    transformed: &[f32],
    width: usize,
    packed: &[f32],
    bias: &[f32],
    y: &mut [f32],
) {
    let tiles = y.len() / (TILE * width);
    for block in 0..width / L::N {
        // SAFETY: block and tile stay inside the lengths asserted by `conv_maxout`.
        unsafe {
            let g = packed.as_ptr().add(block * PRODUCTS * width * PIECES * L::N);
            let c = bias.as_ptr().add(block * PIECES * L::N);
            let d = |tile: usize| transformed.as_ptr().add(tile * PRODUCTS * width);
            let y = y.as_mut_ptr().add(block * L::N);
            let y = |tile: usize| y.add(tile * TILE * width);
            let mut tile = 0;
            while tile + T <= tiles {
                conv_tiles::<L, T>(d(tile), width, g, c, y(tile));
                tile += T;
            }
            while tile + 3 <= tiles {
                conv_tiles::<L, 3>(d(tile), width, g, c, y(tile));
                tile += 3;
            }
            match tiles - tile {
                2 => conv_tiles::<L, 2>(d(tile), width, g, c, y(tile)),
                1 => conv_tiles::<L, 1>(d(tile), width, g, c, y(tile)),
                _ => {}
            }
        }
    }
}

/// `T` tiles by one vector of outputs.
///
/// With `m` for the products at 0, ±a, ±b and infinity, sums and differences of the pairs
/// give the rows: `m0 + s + t`, `a d + b e`, `a² s + b² t` and `a³ d + b³ e + m5`.
///
/// # Safety
///
/// `L` is enabled; `d` holds `T` transformed tiles, `g` and `c` the weights and biases of
/// these outputs, and `y` has `T * TILE` rows, `width` apart, with a vector in each.
#[inline(always)]
unsafe fn conv_tiles<L: Lanes, const T: usize>(
    d: *const f32,
    width: usize,
    g: *const f32,
    c: *const f32,
    y: *mut f32,
) {
    let weights = width * PIECES * L::N;
    // SAFETY: as promised by the caller.
    unsafe {
        let zero = [[L::splat(0.0); PIECES]; T];
        let plus = conv_product(d, width, g, zero);
        let minus = conv_product(d.add(width), width, g.add(weights), zero);
        let (sum_a, difference_a) = sum_and_difference(plus, minus);
        let (d, g) = (d.add(2 * width), g.add(2 * weights));
        let plus = conv_product(d, width, g, zero);
        let minus = conv_product(d.add(width), width, g.add(weights), zero);
        let (sum_b, difference_b) = sum_and_difference(plus, minus);
        let (d, g) = (d.add(2 * width), g.add(2 * weights));

        let [a, b] = POINTS;
        let row = combine(c, &difference_a, a, &difference_b, b);
        store_best(row, y.add(width), width);
        let row = combine(c, &sum_a, a * a, &sum_b, b * b);
        store_best(row, y.add(2 * width), width);
        let row = combine(c, &sum_a, 1.0, &sum_b, 1.0);
        store_best(conv_product(d, width, g, row), y, width);
        let row = combine(c, &difference_a, a * a * a, &difference_b, b * b * b);
        let row = conv_product(d.add(width), width, g.add(weights), row);
        store_best(row, y.add(3 * width), width);
    }
}

/// # Safety
///
/// `L` is enabled.
#[inline(always)]
unsafe fn sum_and_difference<L: Lanes, const T: usize>(
    plus: Sums<L, T>,
    minus: Sums<L, T>,
) -> (Sums<L, T>, Sums<L, T>) {
    let (mut sum, mut difference) = (plus, plus);
    for t in 0..T {
        for piece in 0..PIECES {
            // SAFETY: as promised by the caller.
            unsafe {
                sum[t][piece] = plus[t][piece].add(minus[t][piece]);
                difference[t][piece] = plus[t][piece].sub(minus[t][piece]);
            }
        }
    }
    (sum, difference)
}

/// `bias + by_a * a + by_b * b`.
///
/// # Safety
///
/// `L` is enabled; `bias` holds a vector for each piece.
#[inline(always)]
unsafe fn combine<L: Lanes, const T: usize>(
    bias: *const f32,
    by_a: &Sums<L, T>,
    a: f32,
    by_b: &Sums<L, T>,
    b: f32,
) -> Sums<L, T> {
    let mut row = *by_a;
    // SAFETY: as promised by the caller.
    unsafe {
        let (a, b) = (L::splat(a), L::splat(b));
        for t in 0..T {
            for piece in 0..PIECES {
                let bias = L::load(bias.add(piece * L::N));
                row[t][piece] =
                    bias.mul_add(by_a[t][piece], a).mul_add(by_b[t][piece], b);
            }
        }
    }
    row
}

/// Stores the greatest piece of each tile.
///
/// # Safety
///
/// `L` is enabled; `y` holds a vector for each tile, `TILE * width` floats apart.
#[inline(always)]
unsafe fn store_best<L: Lanes, const T: usize>(
    sums: Sums<L, T>,
    y: *mut f32,
    width: usize,
) {
    for t in 0..T {
        let [a, b, c] = sums[t];
        // SAFETY: as promised by the caller.
        unsafe { a.max(b).max(c).store(y.add(t * TILE * width)) };
    }
}

/// For each of some tiles, a vector for each piece.
type Sums<L, const T: usize> = [[L; PIECES]; T];

/// Adds one product of some tiles onto their sums.
///
/// # Safety
///
/// `L` is enabled; `d` holds a transformed row of each of `T` tiles, `PRODUCTS` rows apart,
/// `g` the weights of the product.
#[inline(always)]
unsafe fn conv_product<L: Lanes, const T: usize>(
    d: *const f32,
    width: usize,
    g: *const f32,
    mut sums: Sums<L, T>,
) -> Sums<L, T> {
    for i in 0..width {
        // SAFETY: as promised by the caller.
        unsafe {
            let mut w = [L::splat(0.0); PIECES];
            for piece in 0..PIECES {
                w[piece] = L::load(g.add((i * PIECES + piece) * L::N));
            }
            for t in 0..T {
                let d = L::splat(*d.add(t * PRODUCTS * width + i));
                for piece in 0..PIECES {
                    sums[t][piece] = sums[t][piece].mul_add(d, w[piece]);
                }
            }
        }
    }
    sums
}

kernel! {
    /// Transforms rows for [`conv_maxout`]: for a tile of output rows from `r` on, the rows
    /// `x[r-1..=r+4]` become the factors of the products at a, −a, b, −b, 0 and infinity.
    /// `x` begins one row before the first output row and ends one row after the last.
    fn winograd_input(x: &[f32], width: usize, transformed: &mut [f32])
    narrow 0 wide 0
    {
        assert!(width > 0 && width.is_multiple_of(BLOCK));
        assert!(transformed.len().is_multiple_of(PRODUCTS * width));
        assert_eq!(x.len(), transformed.len() / PRODUCTS * TILE + 2 * width);
    }
    => winograd_input_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `winograd_input` asserts.
#[inline(always)]
unsafe fn winograd_input_body<L: Lanes, const UNUSED: usize>(
    x: &[f32],
    width: usize,
    transformed: &mut [f32],
) {
    let [a, b] = POINTS;
    for tile in 0..transformed.len() / (PRODUCTS * width) {
        for i in (0..width).step_by(L::N) {
            // SAFETY: tile and i stay inside the lengths asserted by `winograd_input`.
            unsafe {
                let x = x.as_ptr().add(tile * TILE * width + i);
                let mut d = [L::splat(0.0); PRODUCTS];
                for r in 0..PRODUCTS {
                    d[r] = L::load(x.add(r * width));
                }
                let out = transformed.as_mut_ptr().add(tile * PRODUCTS * width + i);
                // At ±p, where q is the other point: d4 − q² d2 ± p (d3 − q² d1).
                for (m, p, q) in [(0, a, b), (2, b, a)] {
                    let minus_square = L::splat(-q * q);
                    let even = d[4].mul_add(d[2], minus_square);
                    let odd = d[3].mul_add(d[1], minus_square).mul(L::splat(p));
                    even.add(odd).store(out.add(m * width));
                    even.sub(odd).store(out.add((m + 1) * width));
                }
                // At 0 and infinity: d4 − (a² + b²) d2 + a² b² d0, and one row later.
                let (minus_sum, product) =
                    (L::splat(-a * a - b * b), L::splat(a * a * b * b));
                for (m, [first, third, fifth]) in
                    [(4, [d[0], d[2], d[4]]), (5, [d[1], d[3], d[5]])]
                {
                    fifth
                        .mul_add(third, minus_sum)
                        .mul_add(first, product)
                        .store(out.add(m * width));
                }
            }
        }
    }
}

kernel! {
    /// Layer normalisation of each row of `y`, added onto the same row of `x`:
    /// `x + (y - mean) / sqrt(variance + 1e-8) * gain + bias`.
    fn add_layer_norm(x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32])
    narrow 0 wide 0
    {
        assert!(!gain.is_empty() && gain.len().is_multiple_of(BLOCK) && gain.len() == bias.len());
        assert!(x.len() == y.len() && y.len().is_multiple_of(gain.len()));
    }
    => add_layer_norm_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `add_layer_norm` asserts.
#[inline(always)]
unsafe fn add_layer_norm_body<L: Lanes, const UNUSED: usize>(
    x: &mut [f32],
    y: &[f32],
    gain: &[f32],
    bias: &[f32],
) {
    let width = gain.len();
    for (x, y) in x.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
        // SAFETY: `i` runs over whole vectors of a row.
        unsafe {
            // Two accumulators of eight lanes, or one of sixteen: the same sixteen sums.
            let mut sums = [0.0; BLOCK];
            accumulate::<L>(width, &mut sums, |i, sum| {
                sum.add(L::load(y.as_ptr().add(i)))
            });
            let mean = total(&sums) / width as f32;
            let mean = L::splat(mean);
            let mut sums = [0.0; BLOCK];
            accumulate::<L>(width, &mut sums, |i, sum| {
                let off = L::load(y.as_ptr().add(i)).sub(mean);
                sum.mul_add(off, off)
            });
            let scale = L::splat(1.0 / (total(&sums) / width as f32 + 1e-8).sqrt());
            for i in (0..width).step_by(L::N) {
                let off = L::load(y.as_ptr().add(i)).sub(mean).mul(scale);
                let normal = L::load(bias.as_ptr().add(i))
                    .mul_add(off, L::load(gain.as_ptr().add(i)));
                let x = x.as_mut_ptr().add(i);
                L::load(x).add(normal).store(x);
            }
        }
    }
}

/// Runs `step` over a row with sixteen running sums.
///
/// # Safety
///
/// `L` is enabled, `width` is a multiple of `BLOCK`.
#[inline(always)]
unsafe fn accumulate<L: Lanes>(
    width: usize,
    sums: &mut [f32; BLOCK],
    step: impl Fn(usize, L) -> L,
) {
    // SAFETY: `sums` holds a block, which is a whole number of vectors.
    unsafe {
        for lane in (0..BLOCK).step_by(L::N) {
            let mut sum = L::splat(0.0);
            for i in (lane..width).step_by(BLOCK) {
                sum = step(i, sum);
            }
            sum.store(sums.as_mut_ptr().add(lane));
        }
    }
}

/// The sum of sixteen partial sums, in pairs.
#[inline(always)]
fn total(sums: &[f32; BLOCK]) -> f32 {
    let mut sums = *sums;
    let mut n = BLOCK;
    while n > 1 {
        n /= 2;
        for i in 0..n {
            sums[i] += sums[i + n];
        }
    }
    sums[0]
}

kernel! {
    /// `y[i] = max` over the pieces of `x`, which is `[piece][y.len()]`.
    fn maxout(x: &[f32], y: &mut [f32])
    narrow 0 wide 0
    {
        assert!(!y.is_empty() && y.len().is_multiple_of(BLOCK));
        assert!(!x.is_empty() && x.len().is_multiple_of(y.len()));
    }
    => maxout_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `maxout` asserts.
#[inline(always)]
unsafe fn maxout_body<L: Lanes, const UNUSED: usize>(x: &[f32], y: &mut [f32]) {
    for i in (0..y.len()).step_by(L::N) {
        // SAFETY: both are whole numbers of vectors, and a piece is as long as `y`.
        unsafe {
            let mut best = L::load(x.as_ptr().add(i));
            for piece in 1..x.len() / y.len() {
                best = best.max(L::load(x.as_ptr().add(piece * y.len() + i)));
            }
            best.store(y.as_mut_ptr().add(i));
        }
    }
}

kernel! {
    /// The first layer of the encoder from projections made beforehand: for each of three
    /// table rows at `rows`, what the row before, the row itself and the row after add;
    /// then maxout. A table row is `[3][PIECES][y.len()]`, `bias` `[PIECES][y.len()]`.
    fn window_maxout(table: &[f32], rows: &[usize; 3], bias: &[f32], y: &mut [f32])
    narrow 0 wide 0
    {
        assert!(y.len().is_multiple_of(BLOCK) && bias.len() == PIECES * y.len());
        assert!(rows.iter().all(|&row| {
            row <= table.len() && table.len() - row >= 3 * bias.len()
        }));
    }
    => window_maxout_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `window_maxout` asserts.
#[inline(always)]
unsafe fn window_maxout_body<L: Lanes, const UNUSED: usize>(
    table: &[f32],
    rows: &[usize; 3],
    bias: &[f32],
    y: &mut [f32],
) {
    let width = y.len();
    for i in (0..width).step_by(L::N) {
        // SAFETY: a table row holds three times what `bias` does.
        unsafe {
            let unit = |piece: usize| {
                let at = piece * width + i;
                let part =
                    |w: usize| L::load(table.as_ptr().add(rows[w] + w * bias.len() + at));
                part(0).add(part(1)).add(part(2)).add(L::load(bias.as_ptr().add(at)))
            };
            unit(0).max(unit(1)).max(unit(2)).store(y.as_mut_ptr().add(i));
        }
    }
}

kernel! {
    /// The hidden layer of a transition state: the rows of `table` that start at `rows`,
    /// summed onto `bias` in order, then the greater of the two halves.
    fn sum_max2(table: &[f32], rows: &[usize], bias: &[f32], hidden: &mut [f32])
    narrow 0 wide 0
    {
        assert!(hidden.len().is_multiple_of(BLOCK) && bias.len() == 2 * hidden.len());
        assert!(rows.iter().all(|&row| {
            row <= table.len() && table.len() - row >= bias.len()
        }));
    }
    => sum_max2_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `sum_max2` asserts.
#[inline(always)]
unsafe fn sum_max2_body<L: Lanes, const UNUSED: usize>(
    table: &[f32],
    rows: &[usize],
    bias: &[f32],
    hidden: &mut [f32],
) {
    let half = hidden.len();
    for i in (0..half).step_by(L::N) {
        // SAFETY: every row holds `bias.len()` floats, which is twice `half`.
        unsafe {
            let (mut a, mut b) = (L::splat(0.0), L::splat(0.0));
            for &row in rows {
                let row = table.as_ptr().add(row + i);
                a = a.add(L::load(row));
                b = b.add(L::load(row.add(half)));
            }
            let a = a.add(L::load(bias.as_ptr().add(i)));
            let b = b.add(L::load(bias.as_ptr().add(half + i)));
            a.max(b).store(hidden.as_mut_ptr().add(i));
        }
    }
}

kernel! {
    /// Adds the rows of `table` that start at `rows` to `y`, in order.
    fn add_rows(table: &[f32], rows: &[usize], y: &mut [f32])
    narrow 0 wide 0
    {
        assert!(y.len().is_multiple_of(BLOCK));
        assert!(rows.iter().all(|&row| {
            row <= table.len() && table.len() - row >= y.len()
        }));
    }
    => add_rows_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `add_rows` asserts.
#[inline(always)]
unsafe fn add_rows_body<L: Lanes, const UNUSED: usize>(
    table: &[f32],
    rows: &[usize],
    y: &mut [f32],
) {
    for i in (0..y.len()).step_by(L::N) {
        // SAFETY: every row holds as many floats as `y`.
        unsafe {
            let y = y.as_mut_ptr().add(i);
            let mut sum = L::load(y);
            for &row in rows {
                sum = sum.add(L::load(table.as_ptr().add(row + i)));
            }
            sum.store(y);
        }
    }
}

kernel! {
    /// One step of some LSTMs side by side (Hochreiter and Schmidhuber 1997, with the
    /// forget gate of Gers et al. 2000).
    ///
    /// A cell has `width` units and its gates stand in the order input, forget, candidate,
    /// output. `own` holds what each cell's last output adds to its gates, a row a cell;
    /// `inputs[at[r]..]` what the input of cell `r` adds. A cell whose `at` is `usize::MAX`
    /// rests.
    fn lstm_step(own: &[f32], inputs: &[f32], at: &[usize], width: usize, state: &mut [f32], out: &mut [f32])
    narrow 0 wide 0
    {
        assert!(width > 0 && width.is_multiple_of(BLOCK));
        assert!(own.len() == at.len() * 4 * width && state.len() == at.len() * width);
        assert_eq!(out.len(), state.len());
        assert!(at.iter().all(|&at| {
            at == usize::MAX || at <= inputs.len() && inputs.len() - at >= 4 * width
        }));
    }
    => lstm_step_body
}

/// # Safety
///
/// `L` is enabled, and the lengths are those `lstm_step` asserts.
#[inline(always)]
unsafe fn lstm_step_body<L: Lanes, const UNUSED: usize>(
    own: &[f32],
    inputs: &[f32],
    at: &[usize],
    width: usize,
    state: &mut [f32],
    out: &mut [f32],
) {
    for (r, &at) in at.iter().enumerate().filter(|(_, at)| **at != usize::MAX) {
        for i in (0..width).step_by(L::N) {
            // SAFETY: a cell has four gates of `width` floats in `own` and in `inputs`,
            // and `width` floats of state and output.
            unsafe {
                let own = own.as_ptr().add(r * 4 * width + i);
                let input = inputs.as_ptr().add(at + i);
                let gate = |g: usize| {
                    L::load(own.add(g * width)).add(L::load(input.add(g * width)))
                };
                let state = state.as_mut_ptr().add(r * width + i);
                let kept = sigmoid(gate(1)).mul(L::load(state));
                let cell = kept.mul_add(sigmoid(gate(0)), tanh(gate(2)));
                cell.store(state);
                sigmoid(gate(3))
                    .mul(tanh(cell))
                    .store(out.as_mut_ptr().add(r * width + i));
            }
        }
    }
}

/// # Safety
///
/// `L` is enabled.
#[inline(always)]
unsafe fn sigmoid<L: Lanes>(x: L) -> L {
    // SAFETY: as promised by the caller.
    unsafe {
        let half = L::splat(0.5);
        half.mul_add(half, tanh(x.mul(half)))
    }
}

/// The hyperbolic tangent to within 4e-7, as the quotient of polynomials that Eigen uses.
///
/// # Safety
///
/// `L` is enabled.
#[inline(always)]
unsafe fn tanh<L: Lanes>(x: L) -> L {
    const GREATEST: f32 = 7.905_311;
    const ABOVE: [f32; 7] = [
        -2.760_768_5e-16,
        2.000_188e-13,
        -8.604_672e-11,
        5.122_297e-8,
        1.485_722_4e-5,
        6.372_619e-4,
        4.893_524_6e-3,
    ];
    const BELOW: [f32; 4] =
        [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];
    // SAFETY: as promised by the caller.
    unsafe {
        let x = x.min(L::splat(GREATEST)).max(L::splat(-GREATEST));
        let square = x.mul(x);
        let mut above = L::splat(ABOVE[0]);
        for a in &ABOVE[1..] {
            above = L::splat(*a).mul_add(above, square);
        }
        let mut below = L::splat(BELOW[0]);
        for b in &BELOW[1..] {
            below = L::splat(*b).mul_add(below, square);
        }
        x.mul(above).div(below)
    }
}

/// The lowest index with the greatest value; 0 when there is none.
pub(crate) fn argmax(x: &[f32]) -> usize {
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    let (blocks, rest) = x.as_chunks::<BLOCK>();
    let mut best = [f32::NEG_INFINITY; BLOCK];
    for block in blocks {
        for (best, &x) in best.iter_mut().zip(block) {
            *best = greater(x, *best);
        }
    }
    let best =
        best.iter().chain(rest).fold(f32::NEG_INFINITY, |best, &x| greater(x, best));
    x.iter().position(|&x| x == best).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added() {
        let (table, start) = (noise(5 * 32, 1), noise(32, 2));
        let y = agree("add_rows", |kernel| {
            let mut y = start.clone();
            add_rows(kernel, &table, &[64, 0], &mut y);
            y
        });
        for i in 0..32 {
            assert_eq!(y[i], start[i] + table[64 + i] + table[i]);
        }
    }

    #[test]
    fn an_lstm_steps_as_its_definition_says() {
        let (cells, width) = (3, 32);
        let own = noise(cells * 4 * width, 5);
        let inputs: Vec<f32> = noise(4 * 4 * width, 6).iter().map(|x| 9.0 * x).collect();
        let at = [4 * width, usize::MAX, 0];
        let before = noise(cells * width, 7);
        let both = agree("lstm_step", |kernel| {
            let (mut state, mut out) = (before.clone(), before.clone());
            lstm_step(kernel, &own, &inputs, &at, width, &mut state, &mut out);
            [state, out].concat()
        });
        let (state, out) = both.split_at(cells * width);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for r in 0..cells {
            for i in 0..width {
                let c = r * width + i;
                if at[r] == usize::MAX {
                    assert_eq!((state[c], out[c]), (before[c], before[c]));
                    continue;
                }
                let gate = |g: usize| {
                    f64::from(own[r * 4 * width + g * width + i])
                        + f64::from(inputs[at[r] + g * width + i])
                };
                let cell = sigmoid(gate(1)) * f64::from(before[c])
                    + sigmoid(gate(0)) * gate(2).tanh();
                assert!((f64::from(state[c]) - cell).abs() < 2e-6);
                let wanted = sigmoid(gate(3)) * cell.tanh();
                assert!((f64::from(out[c]) - wanted).abs() < 2e-6);
            }
        }
    }

    /// Repeatable floats in −1…1.
    fn noise(n: usize, mut seed: u64) -> Vec<f32> {
        (0..n)
            .map(|_| {
                seed = seed
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                (seed >> 40) as f32 / (1 << 23) as f32 - 1.0
            })
            .collect()
    }

    /// Runs `f` with every kernel of this machine and asserts that the bits agree.
    fn agree(what: &str, f: impl Fn(Kernel) -> Vec<f32>) -> Vec<f32> {
        let portable = f(Kernel::Portable);
        for &kernel in Kernel::available() {
            let bits = |v: &[f32]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&f(kernel)), bits(&portable), "{what} with {kernel:?}");
        }
        portable
    }

    fn close(a: f32, b: f32) -> bool {
        (a - b).abs() <= 1e-4 * (1.0 + a.abs())
    }

    #[test]
    fn gemm_is_the_product() {
        let (rows, k, width) = (29, 37, 48);
        let (x, w, bias) = (noise(rows * k, 1), noise(k * width, 2), noise(width, 3));
        // `w` is [k][width]; packed is [block][k][16].
        let mut packed = Vec::new();
        for block in 0..width / BLOCK {
            for row in w.chunks(width) {
                packed.extend_from_slice(&row[block * BLOCK..][..BLOCK]);
            }
        }
        let y = agree("gemm", |kernel| {
            let mut y = vec![0.0; rows * width];
            gemm(kernel, &x, k, &packed, &bias, &mut y);
            y
        });
        let z = agree("matvec", |kernel| {
            let mut y = vec![0.0; width];
            matvec(kernel, &x[..k], &w, &bias, &mut y);
            y
        });
        for (row, y) in y.chunks(width).enumerate() {
            for o in 0..width {
                let sum: f32 = (0..k).map(|i| x[row * k + i] * w[i * width + o]).sum();
                assert!(close(sum + bias[o], y[o]), "row {row}, output {o}");
            }
        }
        assert_eq!(z, y[..width]);
    }

    #[test]
    fn layer_norm_has_mean_and_variance() {
        let (rows, width) = (5, 96);
        let (x, y) = (noise(rows * width, 4), noise(rows * width, 5));
        let out = agree("layer norm", |kernel| {
            let mut out = x.clone();
            add_layer_norm(kernel, &mut out, &y, &vec![2.0; width], &vec![1.0; width]);
            out
        });
        for (out, x) in out.chunks(width).zip(x.chunks(width)) {
            let normal: Vec<f32> =
                out.iter().zip(x).map(|(o, x)| (o - x - 1.0) / 2.0).collect();
            let mean = normal.iter().sum::<f32>() / width as f32;
            let variance = normal.iter().map(|n| n * n).sum::<f32>() / width as f32;
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn hidden_layer_is_the_greater_half() {
        let table = noise(32 * 9, 6);
        let bias = noise(32, 7);
        let rows = [0, 64, 32 * 8];
        let hidden = agree("hidden layer", |kernel| {
            let mut hidden = vec![0.0; 16];
            sum_max2(kernel, &table, &rows, &bias, &mut hidden);
            hidden
        });
        let unit = |i: usize| rows.iter().map(|r| table[r + i]).sum::<f32>() + bias[i];
        for (i, &h) in hidden.iter().enumerate() {
            assert!(close(h, unit(i).max(unit(16 + i))));
        }
    }

    #[test]
    fn argmax_takes_the_first_of_equals() {
        assert_eq!(argmax(&[1.0, 3.0, 3.0, 2.0]), 1);
        let mut long = noise(100, 8);
        long[40] = 2.0;
        long[97] = 2.0;
        assert_eq!(argmax(&long), 40);
        assert_eq!(argmax(&[f32::NAN, f32::NAN]), 0);
        assert_eq!(argmax(&[]), 0);
    }
}
