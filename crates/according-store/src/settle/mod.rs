//! What the corpus says, kept ready for questions.
//!
//! Adding an article changes what is said of few others: those it shares text with, and the
//! blocks that its statements are linked with. Only these are worked out anew, from all links
//! that are in the file, so that the outcome is that of working out everything at once. What
//! waits to be worked out is written down with each article, and a program that is killed
//! leaves it to the next.

mod blocks;
mod read;
mod stand;
mod tell;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use according_corpus::block::{STRONGEST, Strength, block, connects, nearness, strength};
use according_corpus::format::SupportStance;
use according_corpus::same::Likeness;
use according_corpus::{Member, Standing};
use rustc_hash::FxHashMap;

use crate::db::{Failure, Result, Transaction, each_id, values};
use crate::error::Error;
use crate::run::{self, Key};
use crate::set_right::Set;
use crate::{Recent, Store, pack};

/// How many articles are settled in one transaction.
const AT_ONCE: u32 = 1_000;

/// A statement: the id of its article, and its number in it.
pub(crate) type At = (i64, u16);

/// What is told of an article, and which of its statements echo others.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) member: Arc<Member>,
    pub(crate) echoes: BTreeMap<usize, usize>,
}

impl Read {
    /// What is told before anything is corrected.
    pub(crate) fn new(member: Member, echoes: &[Likeness]) -> Self {
        let echoes = echoes.iter().map(|e| (e.a as usize, e.b as usize)).collect();
        Self { member: Arc::new(member), echoes }
    }

    /// As bytes, before anything is corrected.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        postcard::to_allocvec(&(&*self.member, &self.echoes))
            .map_err(|_| Failure::Damaged)
    }

    /// What [`Self::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (member, echoes) =
            postcard::from_bytes(bytes).map_err(|_| Failure::Damaged)?;
        Ok(Self { member: Arc::new(member), echoes })
    }

    /// Calls the sources of article `id` what analysts do.
    pub(crate) fn correct(&mut self, id: i64, set: &Set) {
        set.names.correct_all(id, Arc::make_mut(&mut self.member));
    }

    fn denials(&self) -> Vec<u16> {
        let statements = self.member.statements.iter().zip(0..);
        let denials = statements.filter(|(s, _)| s.stance == SupportStance::Denies);
        denials.map(|(_, n)| n).collect()
    }
}

/// A statement of one article may say what a statement of another does. There are very many
/// of these in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    other: u32,
    theirs: u16,
    /// Of 255.
    likely: u8,
    /// How near the days of both articles are.
    near: u8,
}

impl Edge {
    /// One of two whose days are so near, as a link keeps it.
    fn new(other: u32, theirs: u32, likely: f32, near: u8) -> Self {
        Self {
            other,
            theirs: theirs as u16,
            likely: (likely * 255.0).round() as u8,
            near,
        }
    }

    fn other(self) -> At {
        (i64::from(self.other), self.theirs)
    }

    fn likely(self) -> f32 {
        f32::from(self.likely) / 255.0
    }

    fn strength(self) -> Strength {
        strength(self.likely, self.near)
    }
}

/// What an article's statements are linked with.
#[derive(Debug)]
pub(crate) struct Edges {
    /// The number of the day of the article.
    day: Option<i64>,
    /// In the order of the statements, and of what they are linked with.
    all: Box<[Edge]>,
    /// Where those of each statement end.
    ends: Box<[u32]>,
}

impl Edges {
    fn new(day: Option<i64>, mut edges: Vec<(u16, Edge)>) -> Self {
        edges.retain(|(_, edge)| connects(edge.likely, edge.near));
        edges.sort_by_key(|(own, edge)| (*own, edge.other()));
        let n = edges.last().map_or(0, |(own, _)| own.saturating_add(1));
        let end = |n: u16| edges.partition_point(|(own, _)| *own <= n) as u32;
        let ends = (0..n).map(end).collect();
        let all = edges.into_iter().map(|(_, edge)| edge).collect();
        Self { day, all, ends }
    }

    /// These and those to an article of a day that was just linked: its statements are `a`,
    /// those of this one `b`.
    pub(crate) fn with(&self, other: u32, day: Option<i64>, same: &[Likeness]) -> Self {
        let near = nearness(self.day, day);
        let mut edges: Vec<(u16, Edge)> =
            self.each().map(|(own, edge)| (own, *edge)).collect();
        let new = |s: &Likeness| (s.b as u16, Edge::new(other, s.a, s.likely, near));
        edges.extend(same.iter().map(new));
        Self::new(self.day, edges)
    }

    fn of(&self, statement: u16) -> &[Edge] {
        let end = |n: usize| self.ends.get(n).map_or(self.all.len(), |end| *end as usize);
        let n = usize::from(statement);
        let begin = n.checked_sub(1).map_or(0, end);
        self.all.get(begin..end(n)).unwrap_or_default()
    }

    /// Every edge with its statement.
    fn each(&self) -> impl Iterator<Item = (u16, &Edge)> {
        let statements = 0..self.ends.len() as u16;
        statements.flat_map(|n| self.of(n).iter().map(move |edge| (n, edge)))
    }
}

impl Store {
    /// Works out what the corpus says, as far as articles that were added change it. Asking
    /// does so too, where it must.
    ///
    /// # Errors
    ///
    /// When the corpus cannot be read or written.
    pub fn settle(&mut self) -> std::result::Result<(), Error> {
        self.try_settle().map_err(|error| self.error(error))
    }

    /// Whether what the corpus says is worked out.
    pub(crate) fn is_settled(&self) -> Result<bool> {
        let waiting = "SELECT EXISTS (SELECT 1 FROM unsettled_article)
            OR EXISTS (SELECT 1 FROM unsettled_block)
            OR EXISTS (SELECT 1 FROM recorrected)";
        Ok(!self.db.the::<bool>(waiting, &[])?)
    }

    fn try_settle(&mut self) -> Result<()> {
        if self.is_held {
            return Ok(());
        }
        loop {
            if self.is_settled()? {
                self.n_unsettled = 0;
                return Ok(());
            }
            let transaction = self.kept.begin(&self.db)?;
            let set = self.kept.set(&transaction)?;
            let mut settling = Settling {
                transaction: &transaction,
                set,
                edges: &mut self.kept.edges,
                members: &mut self.kept.members,
                known: FxHashMap::default(),
                days: FxHashMap::default(),
                stood: FxHashMap::default(),
                placed: FxHashMap::default(),
                changed: BTreeSet::new(),
                open: BTreeSet::new(),
                parted_by: FxHashMap::default(),
                some_wait: false,
                some_vanished: false,
                before: FxHashMap::default(),
                counted: BTreeMap::new(),
            };
            settling.run()?;
            drop(settling);
            transaction.commit()?;
        }
    }
}

/// What an article tells of itself.
struct Known {
    order: Order,
    outlet: Option<String>,
    wire: Option<String>,
}

/// What articles are put in order by, as [`Member::order`].
type Order = (bool, String, String, String);

/// What the file holds of an article, or will.
struct Stood {
    standing: Standing<i64>,
    /// The block of each statement, 0 and beyond the end for none.
    blocks: Vec<u32>,
    /// Which statements deny something, ascending.
    denials: Vec<u16>,
    is_changed: bool,
}

struct Settling<'s> {
    transaction: &'s Transaction<'s>,
    /// What analysts say.
    set: Arc<Set>,
    edges: &'s mut Recent<Edges>,
    members: &'s mut Recent<Read>,
    known: FxHashMap<i64, Option<Arc<Known>>>,
    days: FxHashMap<i64, Option<i64>>,
    /// `None` for articles that are not settled yet: nothing is said of them.
    stood: FxHashMap<i64, Option<Stood>>,
    /// Members with the agencies of what they copy.
    placed: FxHashMap<i64, Arc<Member>>,
    /// Articles that are new, or of which the standing changed.
    changed: BTreeSet<i64>,
    /// Statements that are to be put into blocks.
    open: BTreeSet<At>,
    /// What blocks are parted by from what they are linked with; and whether that was found
    /// just now.
    parted_by: FxHashMap<u32, (Strength, bool)>,
    /// Whether more articles wait than are settled at once.
    some_wait: bool,
    /// Whether links were taken away: what blocks were parted by may be there no more.
    some_vanished: bool,
    /// Claims of blocks that were taken apart, by what tells their statements.
    before: FxHashMap<i64, i64>,
    /// How many more claims each place in their order has than before, or fewer.
    counted: BTreeMap<Key, i64>,
}

impl Settling<'_> {
    fn run(&mut self) -> Result<()> {
        let articles: Vec<i64> = self.ids(
            "SELECT article FROM unsettled_article ORDER BY article LIMIT ?1",
            i64::from(AT_ONCE),
        )?;
        let waiting = "SELECT article FROM unsettled_article LIMIT ?1";
        self.some_wait =
            self.ids(waiting, i64::from(AT_ONCE) + 1)?.len() > articles.len();
        let blocks = self.ids(
            "SELECT block FROM unsettled_block WHERE block > ?1 ORDER BY block",
            0,
        )?;
        let recorrected = self.ids(
            "SELECT article FROM recorrected WHERE article > ?1 ORDER BY article",
            0,
        )?;
        self.some_vanished = !blocks.is_empty() || !recorrected.is_empty();
        for block in blocks {
            self.release(u32::try_from(block).map_err(|_| Failure::Damaged)?)?;
        }
        self.stand(&articles)?;
        for article in recorrected {
            if self.stood(article)?.is_some() {
                self.changed.insert(article);
                self.reopen_tied(article)?;
            }
        }
        for &article in &articles {
            self.reopen_tied(article)?;
            for (own, edge) in self.edges_of(article)?.each() {
                let other = edge.other();
                if self.stood(other.0)?.is_some() {
                    self.reopen((article, own))?;
                    if edge.strength() > self.parted_by(other)? {
                        self.reopen(other)?;
                    }
                }
            }
        }
        for article in self.changed.clone() {
            let blocks = self.stood(article)?.map(|stood| stood.blocks.clone());
            for block in blocks.into_iter().flatten().filter(|block| *block != 0) {
                self.release(block)?;
            }
        }
        while let Some(&start) = self.open.first() {
            let this = RefCell::new(&mut *self);
            let found = block(
                start,
                |at, out| {
                    let mut this = this.borrow_mut();
                    this.linked(at, |edge| out.push((edge.other(), edge.strength())))?;
                    let set = Arc::clone(&this.set);
                    for other in set.hand.same(at) {
                        if this.stood(other.0)?.is_some() {
                            out.push((other, STRONGEST));
                        }
                    }
                    Ok(())
                },
                |at| this.borrow_mut().parted_by(at),
            )?;
            for &at in &found.members {
                // There is none left but where the file was written by something else.
                self.reopen(at)?;
            }
            for at in &found.members {
                self.open.remove(at);
            }
            if found.members.len() > 1 || found.parted_by > 0 {
                let block = self.add_block(&found.members, found.parted_by)?;
                self.tell(block, &found.members)?;
            }
        }
        self.write(&articles)
    }

    fn ids(&self, query: &str, limit: i64) -> Result<Vec<i64>> {
        self.transaction.rows(query, values![limit], |row| row.get(0))
    }

    fn write(&mut self, articles: &[i64]) -> Result<()> {
        let insert = "INSERT INTO standing
                (article, wire, copy_of, share, original, blocks, denials)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (article) DO UPDATE SET wire = excluded.wire,
                copy_of = excluded.copy_of, share = excluded.share,
                original = excluded.original, blocks = excluded.blocks,
                denials = excluded.denials";
        let changed = self.stood.iter().filter_map(|(article, stood)| {
            Some((*article, stood.as_ref().filter(|stood| stood.is_changed)?))
        });
        // In the order of their numbers, which is how they lie in the file.
        let changed: BTreeMap<i64, &Stood> = changed.collect();
        for (article, Stood { standing, blocks, denials, .. }) in changed {
            let (copy_of, share) = standing.copy_of.unzip();
            self.transaction.execute(
                insert,
                values![
                    article,
                    standing.wire,
                    copy_of,
                    share,
                    standing.original,
                    pack::packed_blocks(blocks),
                    pack::packed_numbers(denials)
                ],
            )?;
        }
        let settled = each_id(articles.iter().copied());
        let delete = "DELETE FROM unsettled_article WHERE article = ?1";
        self.transaction.execute_each(delete, &settled)?;
        self.transaction.execute("DELETE FROM unsettled_block", &[])?;
        self.transaction.execute("DELETE FROM recorrected", &[])?;
        let gone: BTreeSet<i64> = self.before.values().copied().collect();
        let gone = each_id(gone);
        let articles = "DELETE FROM claim_article WHERE claim = ?1";
        self.transaction.execute_each(articles, &gone)?;
        let key = "SELECT commonness, place FROM claim WHERE id = ?1";
        let keys = self.transaction.rows_of_each(key, &gone, |row| {
            Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?))
        })?;
        for key in keys.into_iter().flatten() {
            *self.counted.entry(key).or_default() -= 1;
        }
        self.transaction.execute_each("DELETE FROM claim WHERE id = ?1", &gone)?;
        run::count(self.transaction, &self.counted)
    }
}
