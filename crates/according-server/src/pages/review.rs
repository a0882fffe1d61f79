//! Checking what was read, and setting it right, by plain forms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use according_corpus::correction::Kind;
use according_corpus::format::Rejected;
use according_store::{ClaimPlace, Instruction, Store};
use according_view::{
    Case, Desk, Made, case_page, corrections_page, outlets_page, queue_page,
};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::{Shown, page};
use crate::App;
use crate::api::asked::{Asked, cursor, place};
use crate::problem::Problem;
use crate::set_right::{correct, listed, name_of, pick, picked};

/// The cookie with the name of whoever reviews.
const NAME: &str = "according-by";
/// So many claims are gone through for a page of what is to be looked at.
const MANY: u32 = 60;
/// So many outlets are listed.
const OUTLETS: u32 = 500;
/// A form of this kind holds no more bytes.
const FORM: usize = 4 << 20;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct At {
    after: Option<String>,
    /// The number of a correction that was just made.
    done: Option<u32>,
    /// Which place of a claim the document is of, from 1.
    doc: Option<usize>,
}

/// Who reviews, and what they have just done.
pub(crate) fn desk(
    app: &App,
    headers: &HeaderMap,
    store: &Store,
    done: Option<u32>,
) -> Result<Desk, according_store::Error> {
    let done = done.map(|number| listed(store, number)).transpose()?.flatten();
    let done = done.filter(|listed| listed.holds).map(|listed| listed.correction);
    Ok(Desk { by: by(app, headers), done })
}

/// The name that corrections by whoever asks bear.
pub(crate) fn by(app: &App, headers: &HeaderMap) -> String {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    let cookies = cookies.unwrap_or_default().split(';');
    let mut named = cookies.filter_map(|cookie| cookie.trim().split_once('='));
    let name = named.find(|(name, _)| *name == NAME);
    let name = name.and_then(|(_, value)| URL_SAFE_NO_PAD.decode(value).ok());
    let name = name.and_then(|name| String::from_utf8(name).ok());
    name_of(app, name.as_deref())
}

/// What is to be looked at.
pub(crate) async fn queue(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(at): Asked<At>,
) -> Shown {
    let after: Option<(i64, Vec<u8>)> = place(at.after.as_deref())?;
    let after = after.map(|(commonness, place)| ClaimPlace { commonness, place });
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        let desk = desk(&shared, &headers, store, at.done)?;
        let (claims, last) = store.claims(2, after.as_ref(), MANY)?;
        Ok((desk, claims, last))
    });
    let (desk, mut claims, last) = found.await?;
    let n = claims.len();
    let last = last.filter(|_| n == MANY as usize);
    let next = last.and_then(|last| cursor(&(last.commonness, last.place)));
    claims.retain(|claim| !claim.corrected.iter().any(|c| c.kind == Kind::Accept));
    Ok(page(queue_page(&desk, &claims, n - claims.len(), next.as_deref())))
}

/// Every correction.
pub(crate) async fn corrections(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(at): Asked<At>,
) -> Shown {
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        let desk = desk(&shared, &headers, store, at.done)?;
        Ok((desk, store.corrections()?))
    });
    let (desk, all) = found.await?;
    let made = all.into_iter().rev().map(|listed| Made {
        correction: listed.correction,
        undone_by: listed.undone_by,
        lost: listed.lost,
    });
    Ok(page(corrections_page(&desk, &made.collect::<Vec<_>>())))
}

/// Outlets and their grades.
pub(crate) async fn outlets(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(at): Asked<At>,
) -> Shown {
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        Ok((desk(&shared, &headers, store, at.done)?, store.outlets(OUTLETS)?))
    });
    let (desk, outlets) = found.await?;
    Ok(page(outlets_page(&desk, &outlets)))
}

/// One claim, with a document beside it.
pub(crate) async fn case(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Asked(at): Asked<At>,
) -> Shown {
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        let desk = desk(&shared, &headers, store, at.done)?;
        let Some(claim) = store.claim(&id)? else { return Ok(None) };
        let places = store.places_of_claim(&id)?.unwrap_or_default();
        let picks: BTreeMap<_, _> = places
            .iter()
            .map(|at| ((at.reference.clone(), at.start, at.end), pick(at)))
            .collect();
        let supports = claim.supports.iter().map(|s| &s.article);
        let all: Vec<&String> =
            supports.chain(claim.rejected.iter().map(|r| &r.article)).collect();
        let doc = at.doc.unwrap_or(1).saturating_sub(1).min(all.len().saturating_sub(1));
        let report = all.get(doc).map(|reference| store.report(reference));
        let report = report.transpose()?;
        let names: BTreeSet<String> = all.into_iter().cloned().collect();
        let articles = store.entries(&names)?;
        let mut neighbours = Vec::new();
        for other in store.neighbours(&id, 8)? {
            let first = store.places_of_claim(&other.id)?.unwrap_or_default();
            if let Some(first) = first.first() {
                neighbours.push((other, pick(first)));
            }
        }
        let case = Case {
            claim: &claim,
            articles: &articles,
            picks: &picks,
            neighbours: &neighbours,
            shown: doc,
            report: report.as_ref(),
        };
        Ok(Some(case_page(&desk, &case)))
    });
    let html = found.await?.ok_or_else(|| {
        Problem::not_found(
            "there is no claim of that number; numbers change as the corpus grows",
        )
    })?;
    Ok(page(html))
}

/// The fields of a form, in order.
struct Fields(Vec<(String, String)>);

impl Fields {
    async fn of(request: Request) -> Result<Self, Problem> {
        let body = axum::body::to_bytes(request.into_body(), FORM).await;
        let body = body.map_err(|_| Problem::too_large(FORM))?;
        let fields = serde_urlencoded::from_bytes(&body);
        Ok(Self(fields.map_err(|error| Problem::malformed(error.to_string()))?))
    }

    fn all(&self, name: &str) -> Vec<String> {
        let fields = self.0.iter().filter(|(n, value)| n == name && !value.is_empty());
        fields.map(|(_, value)| value.clone()).collect()
    }

    fn one(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(n, _)| n == name);
        field.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn needed(&self, name: &str, what: &str) -> Result<String, Problem> {
        self.one(name).map(str::to_owned).ok_or_else(|| Problem::malformed(what))
    }
}

/// What a form asks for.
fn instruction(fields: &Fields, store: &mut Store) -> Result<Instruction, Problem> {
    let places = || -> Result<Vec<String>, Problem> {
        let places = fields.all("place");
        let places = places.iter().map(|place| picked(store, place));
        let places = places.collect::<Result<Vec<String>, Problem>>()?;
        match places.is_empty() {
            true => Err(Problem::malformed("tick the places first that are meant")),
            false => Ok(places),
        }
    };
    Ok(match fields.one("do").unwrap_or_default() {
        "accept" => Instruction::Accept { places: places()? },
        "accept-all" => Instruction::Accept { places: vec![same_claim(fields, store)?] },
        "reject" => Instruction::Reject { places: places()? },
        "split" => {
            let places = places()?;
            Instruction::Split { claim: same_claim(fields, store)?, places }
        }
        "merge" => {
            let other = match (fields.one("number"), fields.one("with")) {
                (Some(number), _) => number.to_owned(),
                (None, Some(pick)) => {
                    let place = picked(store, pick)?;
                    claim_of(store, &place)?.unwrap_or(place)
                }
                (None, None) => {
                    return Err(Problem::malformed("which claim says the same?"));
                }
            };
            Instruction::Merge { places: vec![same_claim(fields, store)?, other] }
        }
        "note" => {
            let text = fields.needed("text", "the note is empty")?;
            let place = match fields.one("claim") {
                Some(_) => same_claim(fields, store)?,
                None => places()?.swap_remove(0),
            };
            Instruction::Note { place, text }
        }
        "reliability" => {
            let outlet = fields.needed("outlet", "which outlet?")?;
            let grade = fields.needed("grade", "choose a grade from A to F")?;
            let grade = serde_json::from_value(grade.into());
            let grade = grade.map_err(|_| Problem::malformed("grades are A to F"))?;
            Instruction::Reliability { outlet, grade }
        }
        "merge-sources" => {
            let name = fields.needed("name", "whose name?")?;
            let other = fields.needed("other", "which other name?")?;
            Instruction::MergeSources { names: vec![name, other] }
        }
        "split-source" => Instruction::SplitSource {
            name: fields.needed("name", "whose name?")?,
            articles: fields.all("article"),
            called: fields.needed("called", "what is that one to be called?")?,
        },
        "undo" => {
            let of = fields.needed("of", "which correction?")?.parse();
            let of = of.map_err(|_| Problem::malformed("no number of a correction"))?;
            Instruction::Undo { of }
        }
        _ => return Err(Problem::malformed("the form does not tell what to do")),
    })
}

/// The number that a claim has now, which a page showed under a number: found again by the
/// places in the form, since numbers change as the corpus grows.
fn same_claim(fields: &Fields, store: &mut Store) -> Result<String, Problem> {
    let number = fields.needed("claim", "which claim?")?;
    let first =
        fields.needed("first", "the form does not come from a page of this server")?;
    let place = picked(store, &first)?;
    if let Some(now) = claim_of(store, &place)? {
        return Ok(now);
    }
    // All of it was rejected: it is nowhere but under its number.
    let claim = store.claim(&number).map_err(|error| Problem::of_store(&error))?;
    let is_first = |r: &Rejected| format!("{}@{}-{}", r.article, r.start, r.end) == place;
    let claim = claim.filter(|claim| claim.rejected.iter().any(is_first));
    claim.map(|claim| claim.id).ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "changed",
            "Changed in the meantime",
            "the claim is no longer there as the page showed it; go back and look once more",
        )
    })
}

/// The claim that a place is part of.
fn claim_of(store: &mut Store, place: &str) -> Result<Option<String>, Problem> {
    let Some((reference, span)) = place.rsplit_once('@') else { return Ok(None) };
    let beside = store.beside(reference).map_err(|error| Problem::of_store(&error))?;
    let mut statements = beside.into_iter().flat_map(|beside| beside.statements);
    let found = statements.find(|s| format!("{}-{}", s.place.start, s.place.end) == span);
    Ok(found.and_then(|statement| statement.shared))
}

/// Sets something right, and leads back to where that is seen.
pub(crate) async fn set_right(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    request: Request,
) -> Shown {
    let fields = Arc::new(Fields::of(request).await?);
    let asked = Arc::clone(&fields);
    let by = by(&app, &headers);
    let correction = correct(&app, by, move |store| instruction(&asked, store)).await?;
    let number = correction.number;
    let back = match fields.one("back").filter(|back| is_local(back)) {
        Some(back) => back.to_owned(),
        None => home(&app, &fields).await?,
    };
    let (path, fragment) = back.split_once('#').unwrap_or((&back, ""));
    let mark = if path.contains('?') { '&' } else { '?' };
    let hash = if fragment.is_empty() { "" } else { "#" };
    Ok(Redirect::to(&format!("{path}{mark}done={number}{hash}{fragment}"))
        .into_response())
}

/// Where the claim of a form is now.
async fn home(app: &Arc<App>, fields: &Arc<Fields>) -> Result<String, Problem> {
    let fields = Arc::clone(fields);
    let found = app.shelf.change(move |store| {
        let first = fields.one("first").map(|pick| picked(store, pick));
        let Some(Ok(place)) = first else { return Ok(None) };
        claim_of(store, &place)
    });
    Ok(found.await?.map_or_else(|| "/review".to_owned(), |id| format!("/review/{id}")))
}

/// Whether an address is one of this server.
fn is_local(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

/// Sets the name that corrections bear.
pub(crate) async fn set_name(State(app): State<Arc<App>>, request: Request) -> Shown {
    let fields = Fields::of(request).await?;
    let by = name_of(&app, fields.one("by"));
    let back = fields.one("back").filter(|back| is_local(back)).unwrap_or("/review");
    let value = URL_SAFE_NO_PAD.encode(&by);
    let cookie =
        format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000");
    let mut response: Response = Redirect::to(back).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_its_own_are_led_back_to() {
        for good in ["/review", "/articles/bell?x=1#C4"] {
            assert!(is_local(good), "{good}");
        }
        for bad in
            ["", "review", "//evil.example", "https://evil.example", "/\\evil", "/a b"]
        {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
