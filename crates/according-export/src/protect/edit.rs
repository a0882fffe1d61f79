//! Edits of a text, and where they leave everything else.

use according::report::Offsets;

/// A stretch of text and what is written in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: What,
    pub(super) instead: String,
}

/// What is replaced; of two that overlap the earlier sort decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// How a source is described, or a mention of it.
    Source,
    /// Why it is not named.
    Reason,
    /// When it spoke.
    Time,
    /// Where it is from.
    Place,
    /// What it is.
    Role,
}

/// Edits in text order that do not overlap, each with how far what follows it is moved.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Edit, isize)>);

impl Edits {
    /// Of edits in any order. Those that overlap become one.
    pub(super) fn new(mut edits: Vec<Edit>) -> Self {
        edits.retain(|edit| edit.start < edit.end);
        // The longest first where several begin together.
        edits.sort_by_key(|edit| (edit.start, std::cmp::Reverse(edit.end), edit.what));
        let mut kept: Vec<Edit> = Vec::new();
        for edit in edits {
            match kept.last_mut().filter(|last| edit.start < last.end) {
                Some(last) => {
                    if edit.what < last.what {
                        last.what = edit.what;
                        last.instead = edit.instead;
                    }
                    last.end = last.end.max(edit.end);
                }
                None => kept.push(edit),
            }
        }
        let mut shift = 0;
        let kept = kept.into_iter().map(|edit| {
            shift += edit.instead.chars().count() as isize;
            shift -= (edit.end - edit.start) as isize;
            (edit, shift)
        });
        Self(kept.collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter().map(|(edit, _)| edit)
    }

    /// The edited text.
    pub(super) fn apply(&self, points: &[char]) -> String {
        let mut out = String::new();
        let mut from = 0;
        for edit in self.iter() {
            out.extend(points.get(from..edit.start).unwrap_or_default());
            out += &edit.instead;
            from = edit.end;
        }
        out.extend(points.get(from..).unwrap_or_default());
        out
    }

    /// The edit that takes a place over, if one does.
    pub(super) fn over(&self, [start, end]: Offsets) -> Option<&Edit> {
        let edit = self.first_after(start)?;
        (edit.start <= start && end <= edit.end).then_some(edit)
    }

    /// Whether anything within a place is replaced.
    pub(super) fn touch(&self, [start, end]: Offsets) -> bool {
        self.first_after(start).is_some_and(|edit| edit.start < end)
    }

    /// The first edit that ends after a point.
    fn first_after(&self, point: usize) -> Option<&Edit> {
        let i = self.0.partition_point(|(edit, _)| edit.end <= point);
        self.0.get(i).map(|(edit, _)| edit)
    }

    /// Where a place is afterwards; what is cut in half is taken whole.
    pub(super) fn map(&self, [start, end]: Offsets) -> Offsets {
        [self.moved(start, false), self.moved(end, true)]
    }

    fn moved(&self, point: usize, is_end: bool) -> usize {
        let is_passed = |edit: &Edit| match is_end {
            true => edit.end < point,
            false => edit.end <= point,
        };
        let i = self.0.partition_point(|(edit, _)| is_passed(edit));
        let shift = i.checked_sub(1).and_then(|i| self.0.get(i)).map_or(0, |(_, n)| *n);
        match self.0.get(i) {
            Some((edit, after)) if edit.start < point && is_end => {
                edit.end.saturating_add_signed(*after)
            }
            Some((edit, _)) if edit.start < point => {
                edit.start.saturating_add_signed(shift)
            }
            _ => point.saturating_add_signed(shift),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, what: What, instead: &str) -> Edit {
        Edit { start, end, what, instead: instead.to_owned() }
    }

    #[test]
    fn what_overlaps_is_one_edit() {
        let text: Vec<char> = "A trader from Dravik said so in May.".chars().collect();
        let edits = Edits::new(vec![
            edit(14, 20, What::Place, "[place]"),
            edit(0, 20, What::Source, "[source]"),
            edit(32, 35, What::Time, "[time]"),
        ]);
        assert_eq!(edits.apply(&text), "[source] said so in [time].");
        assert_eq!(edits.map([0, 20]), [0, 8]);
        assert_eq!(edits.map([14, 20]), [0, 8]);
        assert_eq!(edits.map([21, 25]), [9, 13]);
        assert_eq!(edits.map([32, 36]), [20, 27]);
        assert!(edits.over([14, 20]).is_some_and(|edit| edit.what == What::Source));
        assert!(edits.touch([30, 34]) && !edits.touch([20, 32]));
    }
}
