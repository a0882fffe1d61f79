//! The claims that are made in a block.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use according_corpus::block::is_firm;
use according_corpus::format::ClaimEntry;
use according_corpus::{Corpus, Pair, Standing, Told, told};
use rustc_hash::FxHashMap;

use super::{At, Settling};
use crate::db::{Failure, Result, values};
use crate::group::{Group, digest, numbers, place};
use crate::pack;

impl Settling<'_> {
    /// Keeps the claims that are made in a block.
    pub(super) fn tell(&mut self, block: u32, found: &BTreeSet<At>) -> Result<()> {
        let ids = self.in_order(found)?;
        let number = numbers(&ids);
        let within = |at: &At| Some((*number.get(&at.0)?, usize::from(at.1)));
        let mut statements: Vec<(usize, usize)> =
            found.iter().filter_map(within).collect();
        statements.sort_unstable();
        let at = |(article, statement): &(usize, usize)| {
            Some((*ids.get(*article)?, *statement as u16))
        };
        let places: FxHashMap<At, usize> = statements
            .iter()
            .enumerate()
            .filter_map(|(n, statement)| Some((at(statement)?, n)))
            .collect();
        let mut same = Vec::new();
        let mut denials = vec![false; statements.len()];
        for (n, statement) in statements.iter().enumerate() {
            let Some(at) = at(statement) else { continue };
            self.linked(at, |edge| {
                if let Some(&other) = places.get(&edge.other())
                    && n < other
                {
                    same.push(Pair {
                        a: n,
                        b: other,
                        likely: edge.likely(),
                        is_firm: is_firm(edge.likely),
                    });
                }
            })?;
            let stood = self.stood(at.0)?.ok_or(Failure::Damaged)?;
            if let Some(denies) = denials.get_mut(n) {
                *denies = stood.denials.binary_search(&at.1).is_ok();
            }
        }
        same.sort_by_key(|pair| (pair.a, pair.b));
        let denies = |n: usize| denials.get(n).copied().unwrap_or_default();
        let set = Arc::clone(&self.set);
        let mut numbers = BTreeMap::new();
        if !set.hand.is_empty() {
            numbers.extend(places.iter().map(|(at, n)| (*at, *n)));
        }
        let told = told(&statements, &same, denies, &set.hand.part(&numbers), 2);

        let next = "SELECT coalesce(max(id), 0) + 1 FROM claim";
        let mut next: i64 = self.transaction.the(next, &[])?;
        // What the same statements told before stays, denials and all.
        let groups: Vec<Group> = told.iter().map(|told| Group::new(told, &ids)).collect();
        let mut kept: Vec<(i64, Option<i64>)> = Vec::with_capacity(told.len());
        for (claim, group) in told.iter().zip(&groups) {
            let denials = claim.denials.iter().filter_map(|n| groups.get(*n));
            let all: Vec<&Group> = std::iter::once(group).chain(denials).collect();
            let members = digest(&all, &set.hand);
            let mut statements = all.into_iter().flat_map(Group::all);
            let is_changed = statements.any(|at| self.changed.contains(&at.0));
            let before = if is_changed { None } else { self.before.remove(&members) };
            kept.push((members, before));
        }
        self.let_go(&told, &mut kept);
        let mut claims: Vec<(i64, i64, bool)> = Vec::with_capacity(told.len());
        for (members, kept) in kept {
            claims.push((kept.unwrap_or(next), members, kept.is_some()));
            next += i64::from(kept.is_none());
        }
        for (((id, members, is_kept), told), group) in
            claims.iter().zip(&told).zip(&groups)
        {
            if *is_kept {
                let keep = "UPDATE claim SET block = ?2 WHERE id = ?1";
                self.transaction.execute(keep, values![*id, block])?;
                continue;
            }
            let denials = told.denials.iter().filter_map(|n| claims.get(*n));
            let denials = denials.map(|(id, ..)| id.to_string()).collect();
            let entry = self.claim(group, !told.denials.is_empty())?;
            let entry = ClaimEntry { denials, ..entry };
            self.insert(*id, block, *members, group, &entry)?;
        }
        Ok(())
    }

    /// Lets go of claims whose denials are told anew: an analyst may hold a denial to say
    /// what is itself denied, and it then changes with its own denials.
    pub(super) fn let_go(&mut self, told: &[Told], kept: &mut [(i64, Option<i64>)]) {
        loop {
            let is_kept: Vec<bool> = kept.iter().map(|(_, id)| id.is_some()).collect();
            let is_new = |n: &usize| is_kept.get(*n) == Some(&false);
            let mut is_done = true;
            for (told, (members, id)) in told.iter().zip(&mut *kept) {
                if told.denials.iter().any(is_new)
                    && let Some(id) = id.take()
                {
                    self.before.insert(*members, id);
                    is_done = false;
                }
            }
            if is_done {
                return;
            }
        }
    }

    /// The articles of statements, earliest first.
    pub(super) fn in_order<'a>(
        &mut self,
        found: impl IntoIterator<Item = &'a At>,
    ) -> Result<Vec<i64>> {
        let ids: BTreeSet<i64> = found.into_iter().map(|(article, _)| *article).collect();
        let mut articles = Vec::with_capacity(ids.len());
        for id in ids {
            articles.push((self.known(id)?.ok_or(Failure::Damaged)?, id));
        }
        articles.sort_by(|a, b| a.0.order.cmp(&b.0.order));
        Ok(articles.into_iter().map(|(_, id)| id).collect())
    }

    /// The claim that statements make, which come in the order of their articles.
    pub(super) fn claim(&mut self, group: &Group, is_denied: bool) -> Result<ClaimEntry> {
        let ids = self.in_order(group.all())?;
        let mut number = numbers(&ids);
        let (mut members, mut standings) = (Vec::new(), Vec::new());
        for &article in &ids {
            members.push(self.placed(article)?);
            let standing = &self.stood(article)?.ok_or(Failure::Damaged)?.standing;
            let next = number.len();
            standings.push(Standing {
                copy_of: None,
                original: *number.entry(standing.original).or_insert(next),
                wire: standing.wire.clone(),
            });
        }
        let within = |at: &At| Some((*number.get(&at.0)?, usize::from(at.1)));
        let grouped: BTreeSet<At> = group.all().copied().collect();
        let (mut same, mut echoes) = (Vec::new(), BTreeMap::new());
        for at in group.all() {
            let Some(from) = within(at) else { continue };
            self.linked(*at, |edge| {
                let other = edge.other();
                if *at < other
                    && grouped.contains(&other)
                    && let Some(to) = within(&other)
                {
                    same.push((from, to, edge.likely()));
                }
            })?;
            if let Some(echo) = self.read(at.0)?.echoes.get(&usize::from(at.1)) {
                echoes.insert(from, *echo);
            }
        }
        let numbers = group.all().filter_map(|at| Some((*at, within(at)?))).collect();
        let hand = self.set.hand.part(&numbers);
        let part = Corpus::part(members, standings, same, echoes, hand);
        let told = Told {
            group: group.left.iter().filter_map(within).collect(),
            rejected: group.rejected.iter().filter_map(within).collect(),
            // What denies it stands elsewhere.
            denials: if is_denied { vec![0] } else { Vec::new() },
            recurs: group.recurs,
        };
        part.claim(&told).ok_or(Failure::Damaged)
    }

    pub(super) fn insert(
        &mut self,
        id: i64,
        block: u32,
        digest: i64,
        group: &Group,
        entry: &ClaimEntry,
    ) -> Result<()> {
        let counted = group.left.chunk_by(|a, b| a.0 == b.0).filter(|_| group.recurs);
        let articles: Vec<i64> =
            counted.filter_map(|of| of.first().map(|at| at.0)).collect();
        let (first, statement) = group.first.ok_or(Failure::Damaged)?;
        let first = self.placed(first)?;
        let key = (-(articles.len() as i64), place(&first, statement));
        self.transaction.execute(
            "INSERT INTO claim (id, block, members, commonness, place, first, entry)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            values![
                id,
                block,
                digest,
                key.0,
                key.1,
                first.published,
                pack::packed(entry).ok_or(Failure::Damaged)?
            ],
        )?;
        *self.counted.entry(key).or_default() += 1;
        let least = entry.independent_origins.least as i64;
        let rows = articles.iter().map(|article| values![*article, id, least].to_vec());
        let insert =
            "INSERT INTO claim_article (article, claim, least) VALUES (?1, ?2, ?3)";
        self.transaction.execute_each(insert, &rows.collect::<Vec<_>>())
    }
}
