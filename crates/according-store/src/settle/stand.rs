//! What articles have to do with those before them.

use std::collections::BTreeSet;
use std::sync::Arc;

use according_corpus::{LEAST_COPIED, Standing};

use super::{Known, Order, Settling, Stood};
use crate::db::{Result, values};
use crate::pack;

impl Settling<'_> {
    /// Works out what articles have to do with those before them, and those after with
    /// them.
    pub(super) fn stand(&mut self, articles: &[i64]) -> Result<()> {
        let mut work: BTreeSet<(Order, i64)> = BTreeSet::new();
        for &article in articles {
            let Some(known) = self.known(article)? else { continue };
            work.insert((known.order.clone(), article));
            for (other, _) in self.shares(article)? {
                if self.stood(other)?.is_some()
                    && let Some(known) = self.known(other)?
                {
                    work.insert((known.order.clone(), other));
                }
            }
        }
        // Earliest first, so that whatever one is a copy of is settled before.
        while let Some((order, article)) = work.pop_first() {
            let Some(known) = self.known(article)? else { continue };
            let mut earlier = Vec::new();
            for (other, share) in self.shares(article)? {
                if let Some(of) = self.known(other)?
                    && of.order < order
                    && self.stood(other)?.is_some()
                {
                    earlier.push((of.order.clone(), other, share));
                }
            }
            earlier.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
            let earlier: Vec<(i64, f32)> =
                earlier.into_iter().map(|(_, other, share)| (other, share)).collect();
            let (outlet, wire) = (known.outlet.as_deref(), known.wire.as_deref());
            let standing = Standing::new(article, outlet, wire, &earlier, |of| {
                let known = self.known.get(&of)?.as_ref()?;
                Some((known.outlet.as_deref(), &self.stood.get(&of)?.as_ref()?.standing))
            });
            let before = self.stood(article)?;
            if before.as_ref().is_some_and(|stood| stood.standing == standing) {
                continue;
            }
            let before = before
                .map(|s| (std::mem::take(&mut s.blocks), std::mem::take(&mut s.denials)));
            let (blocks, denials) = match before {
                Some(before) => before,
                None => (Vec::new(), self.read(article)?.denials()),
            };
            let stood = Stood { standing, blocks, denials, is_changed: true };
            self.stood.insert(article, Some(stood));
            self.changed.insert(article);
            let copies = "SELECT article FROM standing WHERE copy_of = ?1";
            for copy in self.ids(copies, article)? {
                if let Some(known) = self.known(copy)? {
                    work.insert((known.order.clone(), copy));
                }
            }
        }
        Ok(())
    }

    pub(super) fn known(&mut self, article: i64) -> Result<Option<Arc<Known>>> {
        if let Some(known) = self.known.get(&article) {
            return Ok(known.clone());
        }
        let known = "SELECT published, published_time, ref, outlet, wire FROM article
            WHERE id = ?1 AND newer IS NULL";
        let known = self.transaction.row(known, values![article], |row| {
            let published = row.get::<Option<String>>(0)?.unwrap_or_default();
            let time = row.get::<Option<String>>(1)?.unwrap_or_default();
            let order = (published.is_empty(), published, time, row.get(2)?);
            Ok(Arc::new(Known { order, outlet: row.get(3)?, wire: row.get(4)? }))
        })?;
        self.known.insert(article, known.clone());
        Ok(known)
    }

    /// What an article shares so much text with that one may be a copy.
    pub(super) fn shares(&self, article: i64) -> Result<Vec<(i64, f32)>> {
        let shares = "SELECT other, share FROM link WHERE article = ?1 AND share >= ?2
            UNION ALL
            SELECT article, share FROM link WHERE other = ?1 AND share >= ?2";
        self.transaction.rows(shares, values![article, LEAST_COPIED], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    pub(super) fn stood(&mut self, article: i64) -> Result<Option<&mut Stood>> {
        if !self.stood.contains_key(&article) {
            let stood = "SELECT wire, copy_of, share, original, blocks, denials
                FROM standing WHERE article = ?1";
            let stood = self.transaction.row(stood, values![article], |row| {
                let copy: (Option<i64>, Option<f32>) = (row.get(1)?, row.get(2)?);
                Ok(Stood {
                    standing: Standing {
                        wire: row.get(0)?,
                        copy_of: copy.0.zip(copy.1),
                        original: row.get(3)?,
                    },
                    blocks: pack::blocks(row.blob(4)?),
                    denials: pack::numbers(row.blob(5)?),
                    is_changed: false,
                })
            });
            self.stood.insert(article, stood?);
        }
        Ok(self.stood.get_mut(&article).and_then(Option::as_mut))
    }
}
