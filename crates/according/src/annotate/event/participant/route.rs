//! Where an event sets out from, where it goes to, and where it takes place.

use according_nlp::{Span, Token};

use super::super::tree;

/// Where an event sets out from, goes to and passes, and where it takes place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::annotate::event) struct Route {
    pub(in crate::annotate::event) from: Option<Span>,
    pub(in crate::annotate::event) to: Option<Span>,
    pub(in crate::annotate::event) via: Option<Span>,
    pub(in crate::annotate::event) place: Option<Span>,
}

/// The places that the grammar ties to a trigger. `place_at` tells which place a token is in.
pub(in crate::annotate::event) fn route(
    trigger: Token<'_>,
    kind: &str,
    place_at: impl Fn(usize) -> Option<Span>,
) -> Route {
    let mut route = Route::default();
    let moves =
        matches!(kind, "TRAFFIC" | "MOBILIZE" | "AID" | "RETREAT" | "CONSULT" | "COERCE");
    let mut at = trigger;
    for _ in 0..4 {
        for (preposition, object) in prepositions_near(at) {
            let Some(place) = place_at(object.index()) else { continue };
            let slot = match preposition.text().to_lowercase().as_str() {
                "from" if moves => &mut route.from,
                "to" | "into" | "toward" | "towards" if moves => &mut route.to,
                "via" | "through" | "across" | "over" if moves => &mut route.via,
                "in" | "at" | "near" | "on" | "outside" | "inside" | "off" | "around"
                | "within" => &mut route.place,
                _ => continue,
            };
            slot.get_or_insert(place);
        }
        if at.is_root() || matches!(at.dep(), "ccomp" | "relcl" | "parataxis" | "advcl") {
            break;
        }
        at = at.head();
    }
    if kind == "CONSULT" && route.place.is_none() {
        route.place = route.to;
    }
    route
}

/// Prepositions below a word and below the objects it takes, with what they govern.
fn prepositions_near(token: Token<'_>) -> impl Iterator<Item = (Token<'_>, Token<'_>)> {
    let objects = token.children().filter(move |c| {
        matches!(c.dep(), "dobj" | "nsubjpass" | "attr" | "agent" | "prep" | "pobj")
            && c.index() > token.index()
    });
    tree::prepositional(token).chain(objects.flat_map(tree::prepositional))
}
