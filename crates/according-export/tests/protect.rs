//! What protection takes out, and what it leaves in order.

#![allow(clippy::disallowed_methods, reason = "tests may read files")]

use std::path::Path;

use according::Report;
use according_export::{Removed, protect};

fn ferry() -> Report {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ferry");
    let report = std::fs::read_to_string(folder.join("report.json")).unwrap();
    serde_json::from_str(&report).unwrap()
}

#[test]
fn nothing_tells_of_who_has_no_name() {
    let protected = protect(&ferry());
    let all = serde_json::to_string(&protected.report).unwrap();
    for word in ["eckhand", "Naantali", "Monday", "dismissal"] {
        assert!(!all.contains(word), "{word}: {all}");
    }
    let text = &protected.report.article.text;
    assert!(
        text.contains("[unnamed document 2] told the Harbour Post on [time]."),
        "{text}"
    );
    // Who has a name, and when and where things happened, is told as before.
    for word in ["Eero Lind", "Turku on Tuesday", "Harbour Post", "300 passengers"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert_eq!(protected.removed.sources, 2);
    assert!(protected.removed.to_string().starts_with("2 sources without a name are"));
}

#[test]
fn offsets_are_those_of_the_new_text() {
    let (old, protected) = (ferry(), protect(&ferry()));
    let new = &protected.report;
    let slice = |report: &Report, [start, end]: [usize; 2]| -> String {
        report.article.text.chars().skip(start).take(end - start).collect()
    };
    assert_ne!(new.article.id, old.article.id);
    assert_eq!(new.claims.len(), old.claims.len());
    for (after, before) in new.claims.iter().zip(&old.claims) {
        assert_eq!(after.id, before.id);
        for (&after, &before) in after.content.iter().zip(&before.content) {
            assert_eq!(slice(new, after), slice(&old, before), "what is said is left");
            assert_eq!(protected.offsets(before), after);
        }
        for &cue in &after.cue {
            assert!(!slice(new, cue).is_empty());
        }
    }
    for time in &new.times {
        assert_eq!(slice(new, [time.start, time.end]), time.text);
    }
    for place in &new.places {
        assert_eq!(slice(new, [place.start, place.end]), place.text);
    }
    let mut end = 0;
    for block in &new.article.blocks {
        assert!(end <= block.start && block.start < block.end);
        assert_eq!(slice(new, [end, block.start]).trim(), "");
        end = block.end;
    }
    assert_eq!(slice(new, [end, new.article.text.chars().count()]).trim(), "");
}

#[test]
fn what_tells_of_nobody_stays_as_it_is() {
    let mut report = ferry();
    report.claims.retain(|claim| claim.speaker.named);
    report.entities.retain(|entity| entity.named);
    let protected = protect(&report);
    assert_eq!(protected.removed, Removed::default());
    assert_eq!(protected.report.article, report.article);
    assert_eq!(protected.report.claims, report.claims);
}

#[test]
fn protecting_again_changes_no_words() {
    let once = protect(&ferry()).report;
    assert_eq!(protect(&once).report.claims.len(), once.claims.len());
}

/// A report that was made by hand, or is damaged, points anywhere.
#[test]
fn offsets_out_of_the_text_do_no_harm() {
    let mut report = ferry();
    for claim in &mut report.claims {
        claim.source = vec![[5, 2], [usize::MAX - 1, usize::MAX], [0, usize::MAX]];
        claim.cue.push([usize::MAX, 0]);
    }
    for block in &mut report.article.blocks {
        (block.start, block.end) = (block.end, block.start);
    }
    for entity in &mut report.entities {
        for mention in &mut entity.mentions {
            (mention.start, mention.end) = (usize::MAX, 1);
        }
    }
    for time in &mut report.times {
        (time.start, time.end) = (time.end, usize::MAX);
    }
    protect(&report);
}
