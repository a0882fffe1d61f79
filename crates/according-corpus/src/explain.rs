//! Who vouches for a claim, in words.

use std::collections::{BTreeMap, BTreeSet};

use crate::format::Range;
use crate::origin::{OriginKind, Origins, Place};
use crate::publisher::{canonical, publisher};

/// Who vouches for a claim, in a sentence; and what would have to be known for there to be
/// more origins.
pub(crate) fn explain(places: &[Place<'_>], found: &Origins) -> (String, Option<String>) {
    let voices = |wanted: &dyn Fn(usize) -> bool| {
        let places = places.iter().zip(&found.of_place);
        let outlets = places.filter(|(_, of)| wanted(**of)).map(|(p, _)| {
            p.member
                .outlet
                .as_deref()
                .map_or_else(|| p.member.reference.clone(), canonical)
        });
        outlets.collect::<BTreeSet<String>>()
    };
    let outlets = voices(&|_| true);
    let counted = |n: usize, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    let Range { least, most } = found.range;
    let origins = match least == most {
        true => counted(most, "origin"),
        false => format!("{least} to {most} origins"),
    };
    let of_kind = |kind: OriginKind| {
        let found = found.origins.iter().enumerate();
        found.filter(move |(_, o)| o.kind == kind).collect::<Vec<_>>()
    };
    let (named, unnamed, own) = (
        of_kind(OriginKind::Named),
        of_kind(OriginKind::Unnamed),
        of_kind(OriginKind::Own),
    );
    let names = |list: &[(usize, &crate::origin::Found)]| {
        let mut names: Vec<&str> =
            list.iter().take(4).map(|(_, o)| o.what.as_str()).collect();
        if list.len() > names.len() {
            names.push("others");
        }
        enumeration(&names)
    };
    let mut parts = Vec::new();
    if !named.is_empty() || !unnamed.is_empty() {
        let sources = [named.clone(), unnamed.clone()].concat();
        let all =
            if own.is_empty() && sources.len() == 1 { "all go back to" } else { "from" };
        parts.push(format!("{all} {}", names(&sources)));
    }
    if !own.is_empty() {
        let voices: BTreeSet<String> =
            own.iter().flat_map(|(n, _)| voices(&|of| of == *n)).collect();
        let voices: Vec<&str> = voices.iter().map(String::as_str).take(5).collect();
        let says = if voices.len() == 1 { "says" } else { "say" };
        parts.push(format!(
            "{} {says} so without telling how it is known",
            enumeration(&voices)
        ));
    }
    let mut copied: Vec<String> = Vec::new();
    for place in places {
        if place.original != place.article {
            copied.push(place.member.reference.clone());
        }
    }
    copied.dedup();
    if !copied.is_empty() {
        let is = if copied.len() == 1 { "is a copy" } else { "are copies" };
        let copied: Vec<&str> = copied.iter().take(4).map(String::as_str).collect();
        parts.push(format!("{} {is}", enumeration(&copied)));
    }
    let owners: BTreeMap<&str, BTreeSet<&str>> = owners(&outlets);
    for (owner, owned) in owners.iter().filter(|(_, owned)| owned.len() > 1) {
        let owned: Vec<&str> = owned.iter().copied().collect();
        parts.push(format!("{} belong to {owner}", enumeration(&owned)));
    }
    let explanation =
        format!("{}, {origins}: {}.", counted(outlets.len(), "outlet"), parts.join("; "));
    let unsettled = (least < most).then(|| {
        let what = match (unnamed.first(), own.first()) {
            (_, Some((_, own))) if named.is_empty() && unnamed.is_empty() => {
                format!("how {} knows", own.what.trim_start_matches("own reporting of "))
            }
            (Some((_, unnamed)), _) => {
                format!("that {} is not one of the other sources", unnamed.what)
            }
            (None, Some((_, own))) => format!(
                "that {} has it from somebody else than {}",
                own.what.trim_start_matches("own reporting of "),
                names(&named)
            ),
            (None, None) => "that the same source spoke on two occasions".to_owned(),
        };
        format!("One more for sure if the texts showed {what}.")
    });
    (explanation, unsettled)
}

/// The outlets of each owner.
fn owners(outlets: &BTreeSet<String>) -> BTreeMap<&'static str, BTreeSet<&str>> {
    let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for outlet in outlets {
        if let Some(owner) = publisher(outlet).and_then(|p| p.owner) {
            owners.entry(owner).or_default().insert(outlet);
        }
    }
    owners
}

/// "a, b and c".
fn enumeration(items: &[&str]) -> String {
    match items {
        [init @ .., last] if !init.is_empty() => {
            format!("{} and {last}", init.join(", "))
        }
        _ => items.concat(),
    }
}
