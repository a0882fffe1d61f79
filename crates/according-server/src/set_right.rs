//! What an analyst sets right, whether by a form or by a program.

use std::collections::BTreeMap;
use std::sync::Arc;

use according_corpus::correction::Correction;
use according_store::{Beside, Instruction, Listed, Refusal, Store};
use according_view::Pick;
use axum::http::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::api::asked::{cursor, place};
use crate::problem::Problem;

/// The longest name of an analyst, in characters.
const LONGEST_NAME: usize = 80;

/// Records a correction, and tells it as it is listed.
pub(crate) async fn correct(
    app: &Arc<App>,
    by: String,
    instruction: impl FnOnce(&mut Store) -> Result<Instruction, Problem> + Send + 'static,
) -> Result<Correction, Problem> {
    let at = (app.now)();
    app.shelf
        .change(move |store| {
            let instruction = instruction(store)?;
            let act = store.act(&instruction).map_err(refused)?;
            let of_store = |error| Problem::of_store(&error);
            let number = store.correct(&by, &at, act.clone()).map_err(of_store)?;
            // Whoever asks next is answered with it.
            store.settle().map_err(of_store)?;
            Ok(Correction { number, by, at, act })
        })
        .await
}

/// A name as corrections bear it: what a person typed, or else whoever runs the server.
pub(crate) fn name_of(app: &App, typed: Option<&str>) -> String {
    let typed =
        typed.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let typed: String = typed.chars().filter(|c| !c.is_control()).collect();
    match typed.is_empty() {
        true => app.analyst.clone(),
        false => typed.chars().take(LONGEST_NAME).collect(),
    }
}

fn refused(refusal: Refusal) -> Problem {
    let status = match &refusal {
        Refusal::Store(error) => return Problem::of_store(error),
        Refusal::Undone(..) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Problem::new(status, "correction", "Not corrected", refusal.to_string())
}

/// One correction of all, as it is listed.
pub(crate) fn listed(
    store: &Store,
    number: u32,
) -> Result<Option<Listed>, according_store::Error> {
    Ok(store.corrections()?.into_iter().find(|c| c.correction.number == number))
}

/// What stands for a place in a form: where it is, and a digest of its words, so that it is
/// never taken for another when the article has changed meanwhile.
pub(crate) fn pick(place: &according_store::Place) -> Pick {
    let digest = digest(&place.anchor.exact);
    Pick(cursor(&(&place.reference, place.start, place.end, digest)).unwrap_or_default())
}

/// The place that a form names, as instructions name it.
pub(crate) fn picked(store: &Store, pick: &str) -> Result<String, Problem> {
    let wrong =
        || Problem::malformed("the form does not come from a page of this server");
    let found: Option<(String, usize, usize, String)> =
        place(Some(pick)).map_err(|_| wrong())?;
    let (reference, start, end, known) = found.ok_or_else(wrong)?;
    let places = store.places_of_article(&reference);
    let places = places.map_err(|error| Problem::of_store(&error))?;
    let mut places = places.into_iter().flat_map(|(_, places)| places);
    let is_there = places.any(|at| {
        (at.start, at.end) == (start, end) && digest(&at.anchor.exact) == known
    });
    match is_there {
        true => Ok(format!("{reference}@{start}-{end}")),
        false => Err(Problem::new(
            StatusCode::CONFLICT,
            "changed",
            "Changed in the meantime",
            "the article was read anew since the page was made, and its words are no longer \
             there; go back, load the page again, and look once more",
        )),
    }
}

fn digest(words: &str) -> String {
    let digest = Sha256::digest(words);
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// What stands beside an article, for its page.
pub(crate) fn beside(reference: &str, beside: Beside) -> according_view::Beside {
    let mut claims: BTreeMap<String, according_view::Standing> = BTreeMap::new();
    for statement in beside.statements {
        let Some(id) = statement.place.claim.clone() else { continue };
        let standing = claims.entry(id).or_default();
        standing.picks.push(pick(&statement.place));
        if let Some(shared) = statement.shared.filter(|id| !standing.shared.contains(id))
        {
            standing.shared.push(shared);
        }
        standing.rejected |= statement.rejected;
        for one in statement.corrected {
            if !standing.corrected.contains(&one) {
                standing.corrected.push(one);
            }
        }
    }
    according_view::Beside {
        reference: reference.to_owned(),
        reliability: beside.reliability,
        notes: beside.notes,
        claims,
    }
}
