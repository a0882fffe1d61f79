//! From articles and the links between them to what the corpus says.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::changes;
use crate::format::{
    ArticleEntry, ClaimEntry, CopyKind, CorpusReport, FORMAT, Origin, Range, Support,
    SupportStance,
};
use crate::group::group;
use crate::link::Link;
use crate::member::{Member, Said};
use crate::origin::{OriginKind, Origins, Place, origins};
use crate::publisher::{canonical, publisher};

/// Texts that share this much in unbroken runs of words are copies. Where half of a text was
/// taken over, edits break some of it into pieces that no longer count.
const LEAST_COPIED: f32 = 0.4;
/// Among the earlier articles that share nearly as much as the best one the earliest is the
/// one that was copied.
const NEARLY_AS_MUCH: f32 = 0.85;
/// Copies that share more are verbatim.
const VERBATIM: f32 = 0.9;

/// Statements that are as likely the same count as surely so.
const SURE: f32 = 0.95;

/// A corpus in memory.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    members: Vec<Member>,
    links: Vec<(usize, usize, Link)>,
    copies: Vec<Option<(usize, f32)>>,
    /// What says the same as something its own article attributes.
    echoes: BTreeMap<At, usize>,
}

/// A statement: number of the article and of the statement in it.
pub type At = (usize, usize);

impl Corpus {
    /// Puts members and links together. A link joins the members of two numbers; its
    /// likenesses name statements of the first, then of the second. A link of a member with
    /// itself holds its echoes.
    pub fn new(members: Vec<Member>, links: Vec<(usize, usize, Link)>) -> Self {
        // The order of adding must not show.
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|&a, &b| members[a].order().cmp(&members[b].order()));
        let mut rank = vec![0; members.len()];
        for (new, &old) in order.iter().enumerate() {
            rank[old] = new;
        }
        let mut slots: Vec<Option<Member>> = members.into_iter().map(Some).collect();
        let members: Vec<Member> =
            order.iter().filter_map(|&old| slots.get_mut(old)?.take()).collect();
        let renumbered = links.into_iter().filter_map(|(a, b, mut link)| {
            let (a, b) = (*rank.get(a)?, *rank.get(b)?);
            if a <= b {
                return Some((a, b, link));
            }
            for same in &mut link.same {
                std::mem::swap(&mut same.a, &mut same.b);
            }
            Some((b, a, link))
        });
        let mut links: Vec<(usize, usize, Link)> = renumbered.collect();
        links.sort_by_key(|(a, b, _)| (*a, *b));
        let mut echoes = BTreeMap::new();
        for (member, _, link) in links.extract_if(.., |(a, b, _)| a == b) {
            let said = link.same.iter();
            echoes.extend(said.map(|e| ((member, e.a as usize), e.b as usize)));
        }
        let copies = copies(members.len(), &links);
        // Whoever wrote what was copied wrote most of the copy.
        let mut members = members;
        for i in 0..members.len() {
            let of = copies.get(i).copied().flatten().and_then(|(of, _)| members.get(of));
            let wire = of.and_then(|of| {
                let agency = of.outlet.as_deref().and_then(publisher);
                let agency = agency.filter(|p| p.is_agency).map(|p| p.name.to_owned());
                of.wire.clone().or(agency)
            });
            if let Some(member) = members.get_mut(i).filter(|m| m.wire.is_none()) {
                let own = member.outlet.as_deref().map(canonical);
                member.wire = wire.filter(|wire| Some(wire) != own.as_ref());
            }
        }
        Self { members, links, copies, echoes }
    }

    /// The articles, earliest first.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// What is said in at least `min_articles` articles, and to how many origins it goes
    /// back.
    pub fn report(&self, min_articles: usize) -> CorpusReport {
        CorpusReport {
            format: FORMAT.to_owned(),
            articles: self.article_entries(),
            claims: self.claim_entries(min_articles),
        }
    }

    fn article_entries(&self) -> Vec<ArticleEntry> {
        let entry = |(i, member): (usize, &Member)| {
            let copy = self.copies.get(i).copied().flatten();
            ArticleEntry {
                reference: member.reference.clone(),
                id: member.id.clone(),
                outlet: member.outlet.clone(),
                published: member.published.clone(),
                title: member.title.clone(),
                wire: member.wire.clone(),
                copy_of: copy
                    .and_then(|(of, _)| Some(self.members.get(of)?.reference.clone())),
                copy_kind: copy.map(|(_, share)| match share > VERBATIM {
                    true => CopyKind::Verbatim,
                    false => CopyKind::Edited,
                }),
                overlap: copy.map(|(_, share)| (share * 100.0).round() / 100.0),
            }
        };
        self.members.iter().enumerate().map(entry).collect()
    }

    /// Statements that say the same. A denial is a group of its own.
    fn groups(&self) -> (Vec<Vec<At>>, Vec<(usize, usize)>) {
        let mut first = Vec::with_capacity(self.members.len());
        let mut statements: Vec<At> = Vec::new();
        for (i, member) in self.members.iter().enumerate() {
            first.push(statements.len());
            statements.extend((0..member.statements.len()).map(|j| (i, j)));
        }
        let denies = |n: usize| {
            statements.get(n).and_then(|at| self.said(*at)).map(|s| s.stance)
                == Some(SupportStance::Denies)
        };
        let mut same = Vec::new();
        let mut against = Vec::new();
        for (a, b, link) in &self.links {
            for likeness in &link.same {
                let (Some(x), Some(y)) = (first.get(*a), first.get(*b)) else { continue };
                let (x, y) = (x + likeness.a as usize, y + likeness.b as usize);
                match denies(x) == denies(y) {
                    true => same.push((x, y, likeness.likely)),
                    false if denies(x) => against.push((y, x, likeness.likely)),
                    false => against.push((x, y, likeness.likely)),
                }
            }
        }
        let groups = group(statements.len(), &same);
        let mut group_of = vec![0; statements.len()];
        for (number, members) in groups.iter().enumerate() {
            for &member in members {
                group_of[member] = number;
            }
        }
        // What a denial denies is what it is most alike to.
        let mut sums: BTreeMap<usize, BTreeMap<usize, f32>> = BTreeMap::new();
        for (asserts, denies, likely) in against {
            let (asserts, denies) = (group_of[asserts], group_of[denies]);
            *sums.entry(denies).or_default().entry(asserts).or_default() += likely;
        }
        let denials = sums.into_iter().filter_map(|(denies, asserted)| {
            let best = asserted
                .into_iter()
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
            Some((best.0, denies))
        });
        let denials = denials.collect();
        let at = |members: &Vec<usize>| {
            members.iter().filter_map(|&m| statements.get(m).copied()).collect()
        };
        (groups.iter().map(at).collect(), denials)
    }

    fn said(&self, (article, statement): At) -> Option<&Said> {
        self.members.get(article)?.statements.get(statement)
    }

    fn claim_entries(&self, min_articles: usize) -> Vec<ClaimEntry> {
        let (groups, denials) = self.groups();
        let likeness = self.likeness();
        let articles_of = |group: &[At]| {
            group.iter().map(|(article, _)| *article).collect::<BTreeSet<_>>().len()
        };
        let is_told = |number: &usize| {
            groups.get(*number).is_some_and(|group| articles_of(group) >= min_articles)
        };
        // A denial of what recurs is told although it does not recur itself.
        let mut told: Vec<usize> = (0..groups.len()).filter(is_told).collect();
        let extra = denials.iter().filter(|(asserts, denies)| {
            told.binary_search(asserts).is_ok() && told.binary_search(denies).is_err()
        });
        let extra: Vec<usize> = extra.map(|(_, denies)| *denies).collect();
        told.extend(extra);
        told.sort_by_key(|&number| {
            let group = groups.get(number).map(Vec::as_slice).unwrap_or_default();
            (std::cmp::Reverse(articles_of(group)), group.first().copied())
        });
        told.dedup();
        let id_of: BTreeMap<usize, String> = told
            .iter()
            .enumerate()
            .map(|(i, &number)| (number, format!("K{}", i + 1)))
            .collect();
        let entry = |&number: &usize| {
            let group = groups.get(number)?;
            let denials = denials.iter().filter(|(asserts, _)| *asserts == number);
            let denials: Vec<String> =
                denials.filter_map(|(_, denies)| id_of.get(denies).cloned()).collect();
            self.claim_entry(id_of.get(&number)?.clone(), group, denials, &likeness)
        };
        told.iter().filter_map(entry).collect()
    }

    /// How much each statement is like others in all: the clearest wording is the one that
    /// is most like the rest.
    fn likeness(&self) -> BTreeMap<At, f32> {
        let mut sums: BTreeMap<At, f32> = BTreeMap::new();
        for (a, b, link) in &self.links {
            for same in &link.same {
                *sums.entry((*a, same.a as usize)).or_default() += same.likely;
                *sums.entry((*b, same.b as usize)).or_default() += same.likely;
            }
        }
        sums
    }

    /// The article at the beginning of a chain of copies: itself for one that is none.
    fn original(&self, article: usize) -> usize {
        let mut original = article;
        // Copies are of earlier articles, so this ends.
        while let Some((of, _)) = self.copies.get(original).copied().flatten() {
            original = of;
        }
        original
    }

    /// The statements of a group that surely say what another article says.
    fn sure(&self, group: &[At]) -> BTreeSet<At> {
        let members: BTreeSet<At> = group.iter().copied().collect();
        let articles: BTreeSet<usize> =
            group.iter().map(|(article, _)| *article).collect();
        let mut sure = BTreeSet::new();
        for &a in &articles {
            let start = self.links.partition_point(|(x, _, _)| *x < a);
            let links = self.links.iter().skip(start).take_while(|(x, _, _)| *x == a);
            for (_, b, link) in links.filter(|(_, b, _)| articles.contains(b)) {
                for same in link.same.iter().filter(|same| same.likely >= SURE) {
                    let (x, y) = ((a, same.a as usize), (*b, same.b as usize));
                    if members.contains(&x) && members.contains(&y) {
                        sure.extend([x, y]);
                    }
                }
            }
        }
        sure
    }

    fn claim_entry(
        &self,
        id: String,
        group: &[At],
        denials: Vec<String>,
        likeness: &BTreeMap<At, f32>,
    ) -> Option<ClaimEntry> {
        let sure = self.sure(group);
        let places = group.iter().filter_map(|&(article, statement)| {
            let member = self.members.get(article)?;
            let said = member.statements.get(statement)?;
            let echo = self.echoes.get(&(article, statement));
            Some(Place {
                article,
                member,
                said,
                original: self.original(article),
                echo: echo.and_then(|&echo| member.statements.get(echo)),
                is_sure: sure.contains(&(article, statement)),
            })
        });
        let places: Vec<Place<'_>> = places.collect();
        let found = origins(&places);
        let clearest = group.iter().max_by(|a, b| {
            let value = |at: &&At| {
                let said = self.said(**at);
                let is_headline = said.is_some_and(|s| s.is_headline);
                let like = likeness.get(at).copied().unwrap_or(0.0);
                if is_headline { like / 2.0 } else { like }
            };
            value(a).total_cmp(&value(b)).then(b.cmp(a))
        })?;
        let origin_id = |n: usize| format!("O{}", n + 1);
        let mut entries: Vec<Origin> = Vec::new();
        for (n, origin) in found.origins.iter().enumerate() {
            let articles = places.iter().zip(&found.of_place).filter(|(_, of)| **of == n);
            let mut articles: Vec<String> =
                articles.map(|(p, _)| p.member.reference.clone()).collect();
            articles.dedup();
            entries.push(Origin {
                id: origin_id(n),
                what: origin.what.clone(),
                articles,
            });
        }
        let supports =
            places.iter().zip(&found.of_place).map(|(place, &origin)| Support {
                article: place.member.reference.clone(),
                claim: place.said.claim.clone(),
                start: place.said.start,
                end: place.said.end,
                text: place.said.text.clone(),
                stance: place.said.stance,
                hedged: place.said.is_hedged,
                chain: place.said.chain.iter().map(|s| s.name.clone()).collect(),
                origin: origin_id(origin),
            });
        let (explanation, unsettled) = explain(&places, &found);
        Some(ClaimEntry {
            id,
            statement: self.said(*clearest)?.text.clone(),
            supports: supports.collect(),
            origins: entries,
            independent_origins: found.range,
            explanation,
            unsettled,
            disputed: !denials.is_empty() || numbers_differ(&places),
            denials,
            first: places.first()?.member.reference.clone(),
            changes: changes(&places),
        })
    }
}

/// The earlier article each one is a copy of.
fn copies(n: usize, links: &[(usize, usize, Link)]) -> Vec<Option<(usize, f32)>> {
    let mut shares: Vec<Vec<(usize, f32)>> = vec![Vec::new(); n];
    for (a, b, link) in links {
        if link.share >= LEAST_COPIED
            && let Some(shares) = shares.get_mut(*b)
        {
            shares.push((*a, link.share));
        }
    }
    let copied = |shares: Vec<(usize, f32)>| {
        let most = shares.iter().map(|(_, share)| *share).fold(0.0, f32::max);
        shares.into_iter().find(|(_, share)| *share >= most * NEARLY_AS_MUCH)
    };
    shares.into_iter().map(copied).collect()
}

/// Whether two places that count the same thing give numbers none of which agree.
fn numbers_differ(places: &[Place<'_>]) -> bool {
    let counted: Vec<&Vec<u32>> =
        places.iter().map(|p| &p.said.numbers).filter(|n| !n.is_empty()).collect();
    let differ = |a: &[u32], b: &[u32]| !a.iter().any(|n| b.contains(n));
    counted.first().is_some_and(|first| counted.iter().any(|other| differ(first, other)))
}

/// Who vouches for a claim, in a sentence; and what would have to be known for there to be
/// more origins.
fn explain(places: &[Place<'_>], found: &Origins) -> (String, Option<String>) {
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
