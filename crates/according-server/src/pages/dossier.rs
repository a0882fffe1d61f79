//! What is claimed by and about somebody.

use std::collections::BTreeSet;
use std::sync::Arc;

use according::Report;
use according::report::Claim;
use according_store::Question;
use according_view::{Beside, Dossier, Said, actor_page};
use axum::extract::State;
use axum::http::HeaderMap;

use super::corpus::Named;
use super::names::Names;
use super::review::desk;
use super::{Shown, page};
use crate::App;
use crate::api::asked::Asked;
use crate::problem::Problem;
use crate::set_right;

/// So many articles are looked through.
const MOST: u32 = 60;

pub(crate) async fn actor(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Named>,
) -> Shown {
    let done = asked.done;
    let name = asked
        .name()
        .ok_or_else(|| Problem::malformed("whose dossier? 'name' is missing"))?;
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        let desk = desk(&shared, &headers, store, done)?;
        let names = Names::read(store)?;
        let relied = store.sources(Some(&name), 200)?;
        let by =
            Question { source: Some(name.clone()), limit: MOST, ..Question::default() };
        let words = format!("\"{}\"", name.replace('"', " "));
        let about = Question { words: Some(words), limit: MOST, ..Question::default() };
        let mut found = store.search(&by)?;
        found.extend(store.search(&about)?);
        let mut seen = BTreeSet::new();
        found.retain(|hit| seen.insert(hit.reference.clone()));
        let mut dossier =
            Dossier { is_cut: found.len() >= MOST as usize, ..Dossier::default() };
        found.truncate(MOST as usize);
        dossier.named = relied.iter().any(|source| source.name == name && source.named);
        dossier.corrected = names.about(&name);
        // Names that an analyst put together are one's.
        dossier.aliases = names.also(&name).into_iter().map(|(name, _)| name).collect();
        let own: Vec<String> =
            std::iter::once(&name).chain(&dossier.aliases).cloned().collect();
        dossier.name = name;
        for hit in found {
            let reference = hit.reference.as_str();
            let beside = store.beside(reference)?.unwrap_or_default();
            let beside = set_right::beside(reference, beside);
            collect(&mut dossier, &own, &beside, &store.report(reference)?);
        }
        Ok((dossier, desk))
    });
    let (dossier, desk) = found.await?;
    Ok(page(actor_page(&dossier, &desk)))
}

fn collect(dossier: &mut Dossier, names: &[String], beside: &Beside, report: &Report) {
    let is = |name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
    let entities = report.entities.iter();
    let own: Vec<_> =
        entities.filter(|e| is(&e.name) || e.aliases.iter().any(|a| is(a))).collect();
    let ids: Vec<&str> = own.iter().map(|entity| entity.id.as_str()).collect();
    let mut by = Vec::new();
    let mut about = Vec::new();
    for claim in &report.claims {
        let is_own = claim.speaker.name.as_deref().is_some_and(is)
            || claim.speaker.entity.as_deref().is_some_and(|id| ids.contains(&id));
        if is_own {
            by.push(said(beside, report, claim));
        } else if claim.entities.iter().any(|id| ids.contains(&id.as_str())) {
            about.push(said(beside, report, claim));
        }
    }
    if by.is_empty() && about.is_empty() {
        return;
    }
    dossier.articles += 1;
    for name in own.iter().flat_map(|e| std::iter::once(&e.name).chain(&e.aliases)) {
        let known = dossier.aliases.iter().any(|known| known.eq_ignore_ascii_case(name));
        if !known && !name.eq_ignore_ascii_case(&dossier.name) {
            dossier.aliases.push(name.clone());
        }
    }
    dossier.by.extend(by);
    dossier.about.extend(about);
}

fn said(beside: &Beside, report: &Report, claim: &Claim) -> Said {
    let text: Vec<String> = claim
        .content
        .iter()
        .map(|&[start, end]| {
            report
                .article
                .text
                .chars()
                .skip(start)
                .take(end.saturating_sub(start))
                .collect()
        })
        .collect();
    Said {
        article: beside.reference.clone(),
        beside: beside.claims.get(&claim.id).cloned().unwrap_or_default(),
        outlet: report.article.outlet.clone(),
        published: report.article.published.clone(),
        claim: claim.clone(),
        text: text.join(" … "),
    }
}
