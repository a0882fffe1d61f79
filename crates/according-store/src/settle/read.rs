//! What is read of articles, and kept at hand.

use std::sync::Arc;

use according_corpus::Member;
use according_corpus::block::nearness;

use super::{At, Edge, Edges, Read, Settling};
use crate::db::{Failure, Result, values};
use crate::pack;

impl Settling<'_> {
    pub(super) fn edges_of(&mut self, article: i64) -> Result<Arc<Edges>> {
        if let Some(edges) = self.edges.get(article) {
            return Ok(edges);
        }
        let mut edges: Vec<(u16, Edge)> = Vec::new();
        let day = "SELECT published FROM article WHERE id = ?1";
        let day: Option<String> = self.transaction.the(day, values![article])?;
        let links =
            "SELECT other, same, 0, published FROM link JOIN article ON id = other
            WHERE link.article = ?1 AND other <> ?1
            UNION ALL
            SELECT article, same, 1, published FROM link JOIN article ON id = article
            WHERE other = ?1 AND link.article <> ?1";
        self.transaction.each_row(links, values![article], |row| {
            let (other, is_turned): (u32, bool) = (row.get(0)?, row.get(2)?);
            let theirs: Option<String> = row.get(3)?;
            let near = nearness(day.as_deref(), theirs.as_deref());
            let same = pack::likenesses(row.blob(1)?);
            for likeness in same.ok_or(Failure::Damaged)? {
                let (a, b) = (likeness.a, likeness.b);
                let (own, theirs) = if is_turned { (b, a) } else { (a, b) };
                let edge = Edge::new(other, theirs, likeness.likely, near);
                edges.push((own as u16, edge));
            }
            Ok(())
        })?;
        let edges = Arc::new(Edges::new(day.map(String::into_boxed_str), edges));
        self.edges.put(article, Arc::clone(&edges));
        Ok(edges)
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
