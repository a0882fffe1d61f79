//! A document to be read beside something: its words, and one place in them.

use according::report::{BlockKind, Offsets, Report};
use maud::{Markup, html};

use crate::text::slice;

/// The article as people read it, with one place marked, to which `#here` leads.
pub(crate) fn document(report: &Report, place: Offsets) -> Markup {
    let text: Vec<char> = report.article.text.chars().collect();
    let mut is_marked = false;
    html! {
        div.document lang=[report.article.language.as_deref()] {
            @for block in &report.article.blocks {
                (shown(block.kind, &words(&text, [block.start, block.end], place, &mut is_marked)))
            }
        }
    }
}

fn shown(kind: BlockKind, words: &Markup) -> Markup {
    html! {
        @match kind {
            BlockKind::Headline => h3 { (words) },
            BlockKind::Quotation => blockquote { (words) },
            BlockKind::Caption | BlockKind::Boilerplate => p.aside { (words) },
            BlockKind::Byline | BlockKind::Date | BlockKind::Dateline => p.soft { (words) },
            _ => p { (words) },
        }
    }
}

/// The words of a block. The first part of the place gets the name that leads to it.
fn words(
    text: &[char],
    [start, end]: Offsets,
    place: Offsets,
    is_marked: &mut bool,
) -> Markup {
    let [from, to] = place.map(|at| at.clamp(start, end));
    if from >= to {
        return html! { (slice(text, [start, end])) };
    }
    let id = (!std::mem::replace(is_marked, true)).then_some("here");
    html! {
        (slice(text, [start, from]))
        mark id=[id] { (slice(text, [from, to])) }
        (slice(text, [to, end]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_marked_and_everything_is_there() {
        let text: Vec<char> = "A crane fell on <Monday>.".chars().collect();
        let mut is_marked = false;
        let whole = |place, is_marked: &mut bool| {
            words(&text, [0, text.len()], place, is_marked).into_string()
        };
        assert_eq!(
            whole([2, 7], &mut is_marked),
            "A <mark id=\"here\">crane</mark> fell on &lt;Monday&gt;."
        );
        // A name is given once.
        assert_eq!(
            whole([20, 90], &mut is_marked),
            "A crane fell on &lt;Mon<mark>day&gt;.</mark>"
        );
        assert!(!whole([90, 95], &mut false).contains("mark"));
        assert!(!whole([7, 2], &mut false).contains("mark"));
    }
}
