//! The blocks that statements are in.

use std::collections::BTreeSet;
use std::sync::Arc;

use according_corpus::block::Strength;

use super::{At, Settling};
use crate::db::{Failure, Result, values};
use crate::pack;

impl Settling<'_> {
    /// Opens the block of a statement, or the statement alone.
    pub(super) fn reopen(&mut self, at: At) -> Result<()> {
        let stood = self.stood(at.0)?;
        let block = stood.and_then(|stood| stood.blocks.get(usize::from(at.1)).copied());
        match block.unwrap_or_default() {
            0 => {
                self.open.insert(at);
                Ok(())
            }
            block => self.release(block),
        }
    }

    /// Opens the blocks of what an analyst ties to statements of an article.
    pub(super) fn reopen_tied(&mut self, article: i64) -> Result<()> {
        let set = Arc::clone(&self.set);
        for (at, other) in set.hand.tied((article, 0)..=(article, u16::MAX)) {
            if self.stood(at.0)?.is_some() && self.stood(other.0)?.is_some() {
                self.reopen(at)?;
                self.reopen(other)?;
            }
        }
        Ok(())
    }

    /// What the block of a statement is parted by from what it is linked with.
    pub(super) fn parted_by(&mut self, at: At) -> Result<Strength> {
        let stood = self.stood(at.0)?;
        let block = stood.and_then(|stood| stood.blocks.get(usize::from(at.1)).copied());
        let block = block.unwrap_or_default();
        if block == 0 {
            return Ok(0);
        }
        let (strength, is_new) = match self.parted_by.get(&block) {
            Some(known) => *known,
            None => {
                let strength = "SELECT parted_by FROM block WHERE id = ?1";
                let strength = self.transaction.one(strength, values![block])?;
                let known = (strength.unwrap_or_default(), false);
                self.parted_by.insert(block, known);
                known
            }
        };
        let is_sure = is_new || !self.some_vanished;
        Ok(if is_sure { strength } else { 0 })
    }

    /// Takes a block apart. The claims made of it stay until all is told.
    pub(super) fn release(&mut self, block: u32) -> Result<()> {
        let members = "SELECT members FROM block WHERE id = ?1";
        let members = self
            .transaction
            .row(members, values![block], |row| Ok(pack::members(row.blob(0)?)))?;
        let Some(members) = members else { return Ok(()) };
        for at in members {
            if let Some(stood) = self.stood(at.0)? {
                if let Some(of) = stood.blocks.get_mut(usize::from(at.1)) {
                    *of = 0;
                }
                stood.is_changed = true;
                self.open.insert(at);
            }
        }
        let claims = "SELECT members, id FROM claim WHERE block = ?1 ORDER BY id";
        let claims: Vec<(i64, i64)> =
            self.transaction
                .rows(claims, values![block], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.before.extend(claims);
        self.parted_by.remove(&block);
        self.transaction.execute("DELETE FROM block WHERE id = ?1", values![block])?;
        Ok(())
    }

    pub(super) fn add_block(
        &mut self,
        found: &BTreeSet<At>,
        parted_by: Strength,
    ) -> Result<u32> {
        let next = "SELECT coalesce(max(id), 0) + 1 FROM block";
        let block: u32 = self.transaction.the(next, &[])?;
        self.transaction.execute(
            "INSERT INTO block (id, parted_by, members) VALUES (?1, ?2, ?3)",
            values![block, parted_by, pack::packed_members(found)],
        )?;
        self.parted_by.insert(block, (parted_by, true));
        for at in found {
            let stood = self.stood(at.0)?.ok_or(Failure::Damaged)?;
            let n = usize::from(at.1);
            if stood.blocks.len() <= n {
                stood.blocks.resize(n + 1, 0);
            }
            if let Some(of) = stood.blocks.get_mut(n) {
                *of = block;
            }
            stood.is_changed = true;
        }
        Ok(block)
    }
}
