//! What is read of articles, and kept at hand.

use std::sync::Arc;

use according_corpus::Member;
use according_corpus::block::{day, nearness};
use according_corpus::same::Likeness;

use super::{At, Edge, Edges, Read, Settling};
use crate::db::{Failure, Result, each_id, values};
use crate::pack;

impl Settling<'_> {
    pub(super) fn edges_of(&mut self, article: i64) -> Result<Arc<Edges>> {
        if let Some(edges) = self.edges.get(article) {
            return Ok(edges);
        }
        let links = "SELECT other, same, 0 FROM link WHERE article = ?1 AND other <> ?1
            UNION ALL
            SELECT article, same, 1 FROM link WHERE other = ?1 AND article <> ?1";
        let mut linked: Vec<(u32, bool, Vec<Likeness>)> = Vec::new();
        self.transaction.each_row(links, values![article], |row| {
            let same = pack::likenesses(row.blob(1)?).ok_or(Failure::Damaged)?;
            linked.push((row.get(0)?, row.get(2)?, same));
            Ok(())
        })?;
        self.read_days(
            linked.iter().map(|(other, ..)| i64::from(*other)).chain([article]),
        )?;
        let day_of = |article: i64| self.days.get(&article).copied().flatten();
        let own_day = day_of(article);
        let mut edges: Vec<(u16, Edge)> = Vec::new();
        for (other, is_turned, same) in linked {
            let near = nearness(own_day, day_of(i64::from(other)));
            for Likeness { a, b, likely } in same {
                let (own, theirs) = if is_turned { (b, a) } else { (a, b) };
                edges.push((own as u16, Edge::new(other, theirs, likely, near)));
            }
        }
        let edges = Arc::new(Edges::new(own_day, edges));
        self.edges.put(article, Arc::clone(&edges));
        Ok(edges)
    }

    /// Reads the days of articles that were not asked for yet: nearly all are linked with many
    /// others.
    fn read_days(&mut self, articles: impl Iterator<Item = i64>) -> Result<()> {
        let new: Vec<i64> = articles.filter(|id| !self.days.contains_key(id)).collect();
        let published = "SELECT published FROM article WHERE id = ?1";
        let each = each_id(new.iter().copied());
        let days = self
            .transaction
            .rows_of_each(published, &each, |row| row.get::<Option<String>>(0))?;
        let days = days
            .into_iter()
            .map(|rows| day(rows.into_iter().flatten().next().as_deref()));
        self.days.extend(new.into_iter().zip(days));
        Ok(())
    }

    /// Calls `each` with what links a statement with those of settled articles.
    pub(super) fn linked(&mut self, at: At, mut each: impl FnMut(&Edge)) -> Result<()> {
        let edges = self.edges_of(at.0)?;
        for edge in edges.of(at.1) {
            if !self.some_wait || self.stood(edge.other().0)?.is_some() {
                each(edge);
            }
        }
        Ok(())
    }

    pub(super) fn read(&mut self, article: i64) -> Result<Arc<Read>> {
        if let Some(read) = self.members.get(article) {
            return Ok(read);
        }
        let read = "SELECT told FROM member WHERE article = ?1";
        let read = self
            .transaction
            .row(read, values![article], |row| Read::from_bytes(row.blob(0)?));
        let mut read = read?.ok_or(Failure::Damaged)?;
        read.correct(article, &self.set);
        let read = Arc::new(read);
        self.members.put(article, Arc::clone(&read));
        Ok(read)
    }

    /// A member with the agency that wrote it, as far as is known of all it copies.
    pub(super) fn placed(&mut self, article: i64) -> Result<Arc<Member>> {
        if let Some(member) = self.placed.get(&article) {
            return Ok(Arc::clone(member));
        }
        let mut member = Arc::clone(&self.read(article)?.member);
        let stood = self.stood(article)?.ok_or(Failure::Damaged)?;
        if member.wire != stood.standing.wire {
            let wire = stood.standing.wire.clone();
            Arc::make_mut(&mut member).wire = wire;
        }
        self.placed.insert(article, Arc::clone(&member));
        Ok(member)
    }
}
