//! Whether claims are as often right as their confidence says.

use super::ratio;

/// Claims by confidence, in tenths.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// From 0 to 0.1, from 0.1 to 0.2, …
    pub bins: [Bin; 10],
}

/// Claims of about one confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub claims: f64,
    /// Sum of their confidences.
    pub confidence: f64,
    /// How many are right.
    pub right: f64,
}

impl Bin {
    /// What they are said to be right, on average.
    pub fn expected(self) -> f64 {
        ratio(self.confidence, self.claims)
    }

    /// How often they are.
    pub fn observed(self) -> f64 {
        ratio(self.right, self.claims)
    }
}

impl Calibration {
    /// Counts a claim.
    pub fn add(&mut self, confidence: f32, right: bool) {
        // Confidences are written with two decimals: 0.7 must not fall below 0.7.
        let bin = ((f64::from(confidence) * 10.0 + 1e-6) as usize).min(9);
        let bin = &mut self.bins[bin];
        bin.claims += 1.0;
        bin.confidence += f64::from(confidence);
        bin.right += f64::from(u8::from(right));
    }

    /// Adds all of `other`, `weight` times.
    pub fn absorb(&mut self, other: &Self, weight: f64) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.claims += weight * other.claims;
            bin.confidence += weight * other.confidence;
            bin.right += weight * other.right;
        }
    }

    /// Expected calibration error: how far confidence and share right lie apart, averaged
    /// over all claims.
    pub fn error(&self) -> f64 {
        let claims: f64 = self.bins.iter().map(|b| b.claims).sum();
        let apart: f64 = self.bins.iter().map(|b| (b.confidence - b.right).abs()).sum();
        ratio(apart, claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_the_distance_from_what_was_promised() {
        let mut calibration = Calibration::default();
        for right in [true, true, true, false] {
            calibration.add(0.75, right);
        }
        assert!(calibration.error() < 1e-6);
        assert_eq!(calibration.bins[7].observed(), 0.75);
        for _ in 0..4 {
            calibration.add(1.0, false);
        }
        assert_eq!(calibration.bins[9].claims, 4.0);
        assert!((calibration.error() - 0.5).abs() < 1e-6);
    }
}
