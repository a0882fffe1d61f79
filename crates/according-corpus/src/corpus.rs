//! From articles and the links between them to what the corpus says.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::Arc;

use crate::block::{
    STRONGEST, Strength, block, connects, day, is_firm, nearness, strength,
};
use crate::change::changes;
use crate::correction::Hand;
use crate::explain::explain;
use crate::format::{
    ArticleEntry, ClaimEntry, CopyKind, CorpusReport, Corrected, FORMAT, Origin, Range,
    Rejected, Support, SupportStance,
};
use crate::group::{Pair, Told, told};
use crate::link::Link;
use crate::member::{Member, Said};
use crate::origin::{Place, origins};
use crate::publisher::{canonical, publisher};

/// Texts that share this much in unbroken runs of words are copies. Where half of a text was
/// taken over, edits break some of it into pieces that no longer count.
pub const LEAST_COPIED: f32 = 0.4;
/// Among the earlier articles that share nearly as much as the best one the earliest is the
/// one that was copied.
const NEARLY_AS_MUCH: f32 = 0.85;

/// Statements that are as likely the same count as surely so.
const SURE: f32 = 0.95;

/// A corpus in memory, or what of one is needed for some of its claims.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    members: Vec<Arc<Member>>,
    /// The number of the day of each article.
    days: Vec<Option<i64>>,
    /// What an article has to do with those before it.
    standings: Vec<Standing<usize>>,
    /// Statements that may say the same, both ways and in order.
    near: BTreeMap<At, Vec<(At, f32)>>,
    /// What says the same as something its own article attributes.
    echoes: BTreeMap<At, usize>,
    /// What an analyst says of statements.
    hand: Hand<At>,
}

/// A statement: number of the article and of the statement in it.
pub type At = (usize, usize);

/// What an article has to do with those before it. Articles are numbers of any kind `N`.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<N> {
    /// The earlier article that it is a copy of, and the share they have in common.
    pub copy_of: Option<(N, f32)>,
    /// The article at the beginning of a chain of copies: itself for one that is none.
    pub original: N,
    /// The agency that wrote most of it: who wrote what was copied wrote most of the copy.
    pub wire: Option<String>,
}

/// A likelihood as links keep it.
fn of_255(likely: f32) -> u8 {
    (likely * 255.0).round() as u8
}

impl<N: Copy> Standing<N> {
    /// The standing of an article that tells of itself who publishes it and which agency
    /// wrote it. `earlier` are those before it that it shares text with, earliest first;
    /// `known` tells the outlet and the standing of one of them.
    pub fn new<'k>(
        article: N,
        outlet: Option<&str>,
        wire: Option<&str>,
        earlier: &[(N, f32)],
        known: impl FnOnce(N) -> Option<(Option<&'k str>, &'k Self)>,
    ) -> Self
    where
        N: 'k,
    {
        let shares = earlier.iter().filter(|(_, share)| *share >= LEAST_COPIED);
        let most = shares.clone().map(|(_, share)| *share).fold(0.0, f32::max);
        let copy_of = shares.copied().find(|(_, share)| *share >= most * NEARLY_AS_MUCH);
        let of = copy_of.and_then(|(of, _)| known(of));
        let agency = of.and_then(|(outlet, standing)| {
            let agency = outlet.and_then(publisher).filter(|p| p.is_agency);
            standing.wire.clone().or(agency.map(|p| p.name.to_owned()))
        });
        let own = outlet.map(canonical);
        let inherited = agency.filter(|agency| Some(agency) != own.as_ref());
        Self {
            copy_of,
            original: of.map_or(article, |(_, standing)| standing.original),
            wire: wire.map(str::to_owned).or(inherited),
        }
    }
}

impl Corpus {
    /// Puts members and links together. A link joins the members of two numbers; its
    /// likenesses name statements of the first, then of the second. A link of a member with
    /// itself holds its echoes.
    pub fn new(members: Vec<Member>, links: Vec<(usize, usize, Link)>) -> Self {
        Self::corrected(members, links, &Hand::default())
    }

    /// The same with what an analyst says of statements of these members.
    pub fn corrected(
        members: Vec<Member>,
        links: Vec<(usize, usize, Link)>,
        hand: &Hand<At>,
    ) -> Self {
        // The order of adding must not show.
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|&a, &b| members[a].order().cmp(&members[b].order()));
        let mut rank = vec![0; members.len()];
        for (new, &old) in order.iter().enumerate() {
            rank[old] = new;
        }
        let mut numbers: BTreeMap<At, At> = BTreeMap::new();
        if !hand.is_empty() {
            for ((old, member), &new) in members.iter().enumerate().zip(&rank) {
                numbers
                    .extend((0..member.statements.len()).map(|n| ((old, n), (new, n))));
            }
        }
        let hand = hand.part(&numbers);
        let mut slots: Vec<Option<Member>> = members.into_iter().map(Some).collect();
        let members: Vec<Member> =
            order.iter().filter_map(|&old| slots.get_mut(old)?.take()).collect();
        let mut shares: Vec<Vec<(usize, f32)>> = vec![Vec::new(); members.len()];
        let days: Vec<Option<i64>> =
            members.iter().map(|member| day(member.published.as_deref())).collect();
        let mut same = Vec::new();
        let mut echoes = BTreeMap::new();
        for (a, b, link) in links {
            let (Some(&a), Some(&b)) = (rank.get(a), rank.get(b)) else { continue };
            let near = nearness(days[a], days[b]);
            for said in &link.same {
                let (x, y) = (said.a as usize, said.b as usize);
                match a == b {
                    true => drop(echoes.insert((a, x), y)),
                    false => {
                        if connects(of_255(said.likely), near) {
                            same.push(((a, x), (b, y), said.likely));
                        }
                    }
                }
            }
            if let Some(shares) = shares.get_mut(a.max(b)).filter(|_| a != b) {
                shares.push((a.min(b), link.share));
            }
        }
        let mut standings: Vec<Standing<usize>> = Vec::with_capacity(members.len());
        for (article, (member, mut shares)) in members.iter().zip(shares).enumerate() {
            shares.sort_by_key(|(earlier, _)| *earlier);
            let (outlet, wire) = (member.outlet.as_deref(), member.wire.as_deref());
            let standing = Standing::new(article, outlet, wire, &shares, |of| {
                Some((members.get(of)?.outlet.as_deref(), standings.get(of)?))
            });
            standings.push(standing);
        }
        let members = members.into_iter().map(Arc::new).collect();
        Self::part(members, standings, same, echoes, hand)
    }

    /// A part of a corpus: some members, earliest first, with what is known of them, which
    /// of their statements may say the same, which echo others of their article, and what an
    /// analyst says of them. An original that is not in the part has a number that no member
    /// has.
    pub fn part(
        mut members: Vec<Arc<Member>>,
        standings: Vec<Standing<usize>>,
        same: impl IntoIterator<Item = (At, At, f32)>,
        echoes: BTreeMap<At, usize>,
        hand: Hand<At>,
    ) -> Self {
        for (member, standing) in members.iter_mut().zip(&standings) {
            if member.wire != standing.wire {
                Arc::make_mut(member).wire.clone_from(&standing.wire);
            }
        }
        let mut near: BTreeMap<At, Vec<(At, f32)>> = BTreeMap::new();
        for (a, b, likely) in same {
            near.entry(a).or_default().push((b, likely));
            near.entry(b).or_default().push((a, likely));
        }
        for near in near.values_mut() {
            near.sort_by_key(|(at, _)| *at);
        }
        let days = members.iter().map(|m| day(m.published.as_deref())).collect();
        Self { members, days, standings, near, echoes, hand }
    }

    /// The articles, earliest first.
    pub fn members(&self) -> &[Arc<Member>] {
        &self.members
    }

    /// What is said in at least `min_articles` articles, and to how many origins it goes
    /// back.
    pub fn report(&self, min_articles: usize) -> CorpusReport {
        self.report_with(min_articles, false)
    }

    /// The same, at wish with what would be said so often but for what was rejected, last.
    pub fn report_with(&self, min_articles: usize, rejected: bool) -> CorpusReport {
        CorpusReport {
            format: FORMAT.to_owned(),
            articles: self.article_entries(),
            claims: self.claim_entries(min_articles, rejected),
        }
    }

    fn article_entries(&self) -> Vec<ArticleEntry> {
        let entry = |(member, standing): (&Arc<Member>, &Standing<usize>)| {
            let of = standing.copy_of.and_then(|(of, _)| self.members.get(of));
            let share = standing.copy_of.map(|(_, share)| share);
            ArticleEntry {
                reference: member.reference.clone(),
                id: member.id.clone(),
                outlet: member.outlet.clone(),
                published: member.published.clone(),
                title: member.title.clone(),
                wire: member.wire.clone(),
                copy_of: of.map(|of| of.reference.clone()),
                copy_kind: share.map(CopyKind::of),
                overlap: share.map(|share| (share * 100.0).round() / 100.0),
                reliability: None,
                corrected: Vec::new(),
            }
        };
        self.members.iter().zip(&self.standings).map(entry).collect()
    }

    fn claim_entries(&self, min_articles: usize, rejected: bool) -> Vec<ClaimEntry> {
        // The number of the first one of the same block stands beside each.
        let mut all: Vec<(usize, Told)> = Vec::new();
        for block in self.blocks() {
            let first = all.len();
            let told = self.told(&block, min_articles);
            all.extend(told.into_iter().map(|told| (first, told)));
        }
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.retain(|&n| all.get(n).is_some_and(|(_, told)| told.recurs || rejected));
        order.sort_by_key(|&n| {
            all.get(n).map(|(_, told)| (Reverse(told.commonness()), told.first()))
        });
        let mut number = vec![0; all.len()];
        for (place, &n) in order.iter().enumerate() {
            number[n] = place + 1;
        }
        let entry = |n: usize| {
            let (first, told) = all.get(n)?;
            let mut denials: Vec<usize> = told
                .denials
                .iter()
                .filter_map(|d| number.get(first + d).copied())
                .collect();
            denials.sort_unstable();
            Some(ClaimEntry {
                id: format!("K{}", number.get(n)?),
                denials: denials.iter().map(|number| format!("K{number}")).collect(),
                ..self.claim(told)?
            })
        };
        order.into_iter().filter_map(entry).collect()
    }

    /// All statements, in blocks.
    fn blocks(&self) -> Vec<Vec<At>> {
        let mut blocks = Vec::new();
        let mut parted_by: HashMap<At, Strength> = HashMap::new();
        for (article, member) in self.members.iter().enumerate() {
            for at in (0..member.statements.len()).map(|statement| (article, statement)) {
                if parted_by.contains_key(&at) {
                    continue;
                }
                let neighbours = |at: At, out: &mut Vec<(At, Strength)>| {
                    let near = self.near.get(&at).into_iter().flatten();
                    out.extend(near.map(|(other, likely)| {
                        (*other, strength(of_255(*likely), self.nearness(at, *other)))
                    }));
                    out.extend(self.hand.same(at).map(|other| (other, STRONGEST)));
                    Ok::<_, Infallible>(())
                };
                let known = |at| Ok(parted_by.get(&at).copied().unwrap_or_default());
                let Ok(found) = block(at, neighbours, known);
                parted_by.extend(found.members.iter().map(|at| (*at, found.parted_by)));
                blocks.push(found.members.into_iter().collect());
            }
        }
        blocks
    }

    /// What is said in a block by at least `min_articles` articles, or denies what is.
    fn told(&self, block: &[At], min_articles: usize) -> Vec<Told> {
        let mut same = Vec::new();
        for (x, at) in block.iter().enumerate() {
            for (other, likely) in self.near.get(at).into_iter().flatten() {
                let y = block.binary_search(other).ok().filter(|y| x < *y);
                same.extend(y.map(|y| Pair {
                    a: x,
                    b: y,
                    likely: *likely,
                    is_firm: is_firm(of_255(*likely)),
                }));
            }
        }
        let denies = |n: usize| {
            let said = block.get(n).and_then(|at| self.said(*at));
            said.is_some_and(|said| said.stance == SupportStance::Denies)
        };
        let numbers = match self.hand.is_empty() {
            true => BTreeMap::new(),
            false => block.iter().enumerate().map(|(n, at)| (*at, n)).collect(),
        };
        told(block, &same, denies, &self.hand.part(&numbers), min_articles)
    }

    /// How near the days of two statements are.
    fn nearness(&self, a: At, b: At) -> u8 {
        let day = |at: At| self.days.get(at.0).copied().flatten();
        nearness(day(a), day(b))
    }

    fn said(&self, (article, statement): At) -> Option<&Said> {
        self.members.get(article)?.statements.get(statement)
    }

    /// How much a statement is like others of its group, in all.
    fn likeness(&self, at: &At, group: &[At]) -> f32 {
        let near = self.near.get(at).into_iter().flatten();
        near.filter(|(other, _)| group.binary_search(other).is_ok()).map(|(_, l)| l).sum()
    }

    /// Whether a statement of a group surely says what another article says.
    fn is_sure(&self, at: &At, group: &[At]) -> bool {
        let near = self.near.get(at).into_iter().flatten();
        let sure = near.filter(|(_, likely)| *likely >= SURE).map(|(other, _)| *other);
        let mut sure = sure.chain(self.hand.same(*at));
        sure.any(|other| group.binary_search(&other).is_ok())
    }

    /// The claim that statements make, without an id and denials. `None` where there are
    /// none.
    pub fn claim(&self, told: &Told) -> Option<ClaimEntry> {
        let Told { group, denials, .. } = told;
        if group.is_empty() {
            return self.rejected_claim(told);
        }
        let places = group.iter().filter_map(|&(article, statement)| {
            let member = self.members.get(article)?;
            let said = member.statements.get(statement)?;
            let echo = self.echoes.get(&(article, statement));
            Some(Place {
                article,
                member,
                said,
                original: self.standings.get(article)?.original,
                echo: echo.and_then(|&echo| member.statements.get(echo)),
                is_sure: self.is_sure(&(article, statement), group),
            })
        });
        let places: Vec<Place<'_>> = places.collect();
        let found = origins(&places);
        let clearest = group.iter().max_by(|a, b| {
            let value = |at: &&At| {
                let said = self.said(**at);
                let is_headline = said.is_some_and(|s| s.is_headline);
                // The clearest wording is the one that is most like the rest.
                let like = self.likeness(at, group);
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
        let supports = places.iter().zip(&found.of_place).zip(group);
        let supports = supports.map(|((place, &origin), at)| Support {
            article: place.member.reference.clone(),
            claim: place.said.claim.clone(),
            start: place.said.start,
            end: place.said.end,
            text: place.said.text.clone(),
            stance: place.said.stance,
            hedged: place.said.is_hedged,
            chain: place.said.chain.iter().map(|s| s.name.clone()).collect(),
            origin: origin_id(origin),
            reliability: None,
            corrected: self.about(*at),
        });
        let (explanation, unsettled) = explain(&places, &found);
        Some(ClaimEntry {
            id: String::new(),
            statement: self.said(*clearest)?.text.clone(),
            supports: supports.collect(),
            origins: entries,
            independent_origins: found.range,
            explanation,
            unsettled,
            disputed: !denials.is_empty() || numbers_differ(&places),
            denials: Vec::new(),
            first: places.first()?.member.reference.clone(),
            changes: changes(&places),
            rejected: self.rejected(told),
            corrected: self.corrections(told),
        })
    }

    /// A claim of which nothing is left.
    fn rejected_claim(&self, told: &Told) -> Option<ClaimEntry> {
        let rejected = self.rejected(told);
        let first = rejected.first()?;
        let clearest = told.rejected.iter().max_by(|a, b| {
            let like = |at| self.likeness(at, &told.rejected);
            like(a).total_cmp(&like(b)).then(b.cmp(a))
        })?;
        Some(ClaimEntry {
            id: String::new(),
            statement: self.said(*clearest)?.text.clone(),
            supports: Vec::new(),
            origins: Vec::new(),
            independent_origins: Range::default(),
            explanation: "Rejected: every place that makes it was misread.".to_owned(),
            unsettled: None,
            disputed: false,
            denials: Vec::new(),
            first: first.article.clone(),
            changes: Vec::new(),
            rejected,
            corrected: self.corrections(told),
        })
    }

    fn rejected(&self, told: &Told) -> Vec<Rejected> {
        let rejected = told.rejected.iter().filter_map(|at| {
            let said = self.said(*at)?;
            Some(Rejected {
                article: self.members.get(at.0)?.reference.clone(),
                claim: said.claim.clone(),
                start: said.start,
                end: said.end,
                text: said.text.clone(),
            })
        });
        rejected.collect()
    }

    /// Numbers of the corrections that are about a place, ascending.
    fn about(&self, at: At) -> Vec<u32> {
        let chain = self.said(at).into_iter().flat_map(|said| &said.chain);
        let of_sources = chain.filter_map(|source| source.correction);
        let about: BTreeSet<u32> =
            self.hand.about(at).iter().copied().chain(of_sources).collect();
        about.into_iter().collect()
    }

    /// The corrections that are about a claim, ascending by number.
    fn corrections(&self, told: &Told) -> Vec<Corrected> {
        let all = told.group.iter().chain(&told.rejected);
        let about: BTreeSet<u32> = all.flat_map(|at| self.about(*at)).collect();
        about.into_iter().filter_map(|n| self.hand.told(n).cloned()).collect()
    }
}

/// Whether two places that count the same thing give numbers none of which agree.
fn numbers_differ(places: &[Place<'_>]) -> bool {
    let counted: Vec<&Vec<u32>> =
        places.iter().map(|p| &p.said.numbers).filter(|n| !n.is_empty()).collect();
    let differ = |a: &[u32], b: &[u32]| !a.iter().any(|n| b.contains(n));
    counted.first().is_some_and(|first| counted.iter().any(|other| differ(first, other)))
}
