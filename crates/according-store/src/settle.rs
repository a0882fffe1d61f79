//! What the corpus says, kept ready for questions.
//!
//! Adding an article changes what is said of few others: those it shares text with, and the
//! blocks that its statements are linked with. Only these are worked out anew, from all links
//! that are in the file, so that the outcome is that of working out everything at once. What
//! waits to be worked out is written down with each article, and a program that is killed
//! leaves it to the next.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use according::Report;
use according_corpus::block::{STRONGEST, Strength, block, strength};
use according_corpus::format::{ClaimEntry, SupportStance};
use according_corpus::{Corpus, Fingerprint, LEAST_COPIED, Member, Standing, Told, told};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::error::{Error, Kind};
use crate::group::{Group, digest, numbers, place};
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
    own: u16,
    strength: Strength,
    /// Of 255.
    likely: u8,
}

impl Edge {
    fn other(&self) -> At {
        (i64::from(self.other), self.theirs)
    }

    fn likely(&self) -> f32 {
        f32::from(self.likely) / 255.0
    }
}

/// What stops settling.
enum Trouble {
    Sql(rusqlite::Error),
    Damaged,
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

type Result<T> = std::result::Result<T, Trouble>;

impl Store {
    /// Works out what the corpus says, as far as articles that were added change it. Asking
    /// does so too, where it must.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written.
    pub fn settle(&mut self) -> std::result::Result<(), Error> {
        if self.is_held {
            return Ok(());
        }
        let file = self.file.clone();
        let sql = |error| Error::sql(error, &file);
        loop {
            if self.is_settled()? {
                self.n_unsettled = 0;
                return Ok(());
            }
            let transaction = self.kept.begin(&mut self.db).map_err(sql)?;
            let set = self.kept.set(&transaction).map_err(sql)?;
            let mut settling = Settling {
                transaction: &transaction,
                set,
                edges: &mut self.kept.edges,
                members: &mut self.kept.members,
                known: HashMap::new(),
                stood: HashMap::new(),
                placed: HashMap::new(),
                changed: BTreeSet::new(),
                open: BTreeSet::new(),
                parted_by: HashMap::new(),
                some_wait: false,
                some_vanished: false,
                before: HashMap::new(),
            };
            match settling.run() {
                Ok(()) => {}
                Err(Trouble::Sql(error)) => return Err(sql(error)),
                Err(Trouble::Damaged) => return Err(Error::new(Kind::Damaged, &file)),
            }
            drop(settling);
            transaction.commit().map_err(sql)?;
        }
    }

    /// Whether what the corpus says is worked out.
    pub(crate) fn is_settled(&self) -> std::result::Result<bool, Error> {
        let settled = "SELECT NOT EXISTS (SELECT 1 FROM unsettled_article)
            AND NOT EXISTS (SELECT 1 FROM unsettled_block)
            AND NOT EXISTS (SELECT 1 FROM recorrected)";
        let settled = self.db.query_row(settled, [], |row| row.get(0));
        settled.map_err(|error| self.error(error))
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
    edges: &'s mut Recent<[Edge]>,
    members: &'s mut Recent<Read>,
    known: HashMap<i64, Option<Arc<Known>>>,
    /// `None` for articles that are not settled yet: nothing is said of them.
    stood: HashMap<i64, Option<Stood>>,
    /// Members with the agencies of what they copy.
    placed: HashMap<i64, Arc<Member>>,
    /// Articles that are new, or of which the standing changed.
    changed: BTreeSet<i64>,
    /// Statements that are to be put into blocks.
    open: BTreeSet<At>,
    /// What blocks are parted by from what they are linked with; and whether that was found
    /// just now.
    parted_by: HashMap<u32, (Strength, bool)>,
    /// Whether more articles wait than are settled at once.
    some_wait: bool,
    /// Whether links were taken away: what blocks were parted by may be there no more.
    some_vanished: bool,
    /// Claims of blocks that were taken apart, by what tells their statements.
    before: HashMap<i64, i64>,
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
        let blocks = self.ids("SELECT block FROM unsettled_block LIMIT ?1", -1)?;
        let recorrected = self.ids("SELECT article FROM recorrected LIMIT ?1", -1)?;
        self.some_vanished = !blocks.is_empty() || !recorrected.is_empty();
        for block in blocks {
            self.release(u32::try_from(block).map_err(|_| Trouble::Damaged)?)?;
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
            for edge in self.edges_of(article)?.iter() {
                let other = edge.other();
                if self.stood(other.0)?.is_some() {
                    self.reopen((article, edge.own))?;
                    if edge.strength > self.parted_by(other)? {
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
                    this.linked(at, |edge| out.push((edge.other(), edge.strength)))?;
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
        let mut query = self.transaction.prepare_cached(query)?;
        let rows = query.query_map([limit], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<Vec<i64>>>()?)
    }

    /// Works out what articles have to do with those before them, and those after with
    /// them.
    fn stand(&mut self, articles: &[i64]) -> Result<()> {
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

    fn known(&mut self, article: i64) -> Result<Option<Arc<Known>>> {
        if let Some(known) = self.known.get(&article) {
            return Ok(known.clone());
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT published, published_time, ref, outlet, wire FROM article
             WHERE id = ?1 AND newer IS NULL",
        )?;
        let known = query.query_row([article], |row| {
            let published = row.get::<_, Option<String>>(0)?.unwrap_or_default();
            let time = row.get::<_, Option<String>>(1)?.unwrap_or_default();
            let order = (published.is_empty(), published, time, row.get(2)?);
            Ok(Arc::new(Known { order, outlet: row.get(3)?, wire: row.get(4)? }))
        });
        let known = known.optional()?;
        self.known.insert(article, known.clone());
        Ok(known)
    }

    /// What an article shares so much text with that one may be a copy.
    fn shares(&self, article: i64) -> Result<Vec<(i64, f32)>> {
        let mut query = self.transaction.prepare_cached(
            "SELECT other, share FROM link WHERE article = ?1 AND share >= ?2
             UNION ALL
             SELECT article, share FROM link WHERE other = ?1 AND share >= ?2",
        )?;
        let rows = query.query_map(params![article, LEAST_COPIED], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<Vec<(i64, f32)>>>()?)
    }

    fn stood(&mut self, article: i64) -> Result<Option<&mut Stood>> {
        if !self.stood.contains_key(&article) {
            let mut query = self.transaction.prepare_cached(
                "SELECT wire, copy_of, share, original, blocks, denials FROM standing
                 WHERE article = ?1",
            )?;
            let stood = query.query_row([article], |row| {
                let copy: (Option<i64>, Option<f32>) = (row.get(1)?, row.get(2)?);
                Ok(Stood {
                    standing: Standing {
                        wire: row.get(0)?,
                        copy_of: copy.0.zip(copy.1),
                        original: row.get(3)?,
                    },
                    blocks: pack::blocks(&row.get::<_, Vec<u8>>(4)?),
                    denials: pack::numbers(&row.get::<_, Vec<u8>>(5)?),
                    is_changed: false,
                })
            });
            self.stood.insert(article, stood.optional()?);
        }
        Ok(self.stood.get_mut(&article).and_then(Option::as_mut))
    }

    /// Opens the block of a statement, or the statement alone.
    fn reopen(&mut self, at: At) -> Result<()> {
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
    fn reopen_tied(&mut self, article: i64) -> Result<()> {
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
    fn parted_by(&mut self, at: At) -> Result<Strength> {
        let stood = self.stood(at.0)?;
        let block = stood.and_then(|stood| stood.blocks.get(usize::from(at.1)).copied());
        let block = block.unwrap_or_default();
        if block == 0 {
            return Ok(0);
        }
        let (strength, is_new) = match self.parted_by.get(&block) {
            Some(known) => *known,
            None => {
                let mut query = self
                    .transaction
                    .prepare_cached("SELECT parted_by FROM block WHERE id = ?1")?;
                let strength = query.query_row([block], |row| row.get(0)).optional()?;
                let known = (strength.unwrap_or_default(), false);
                self.parted_by.insert(block, known);
                known
            }
        };
        let is_sure = is_new || !self.some_vanished;
        Ok(if is_sure { strength } else { 0 })
    }

    /// Takes a block apart. The claims made of it stay until all is told.
    fn release(&mut self, block: u32) -> Result<()> {
        let mut query =
            self.transaction.prepare_cached("SELECT members FROM block WHERE id = ?1")?;
        let members: Option<Vec<u8>> =
            query.query_row([block], |row| row.get(0)).optional()?;
        let Some(members) = members else { return Ok(()) };
        for at in pack::members(&members) {
            if let Some(stood) = self.stood(at.0)? {
                if let Some(of) = stood.blocks.get_mut(usize::from(at.1)) {
                    *of = 0;
                }
                stood.is_changed = true;
                self.open.insert(at);
            }
        }
        let mut query = self
            .transaction
            .prepare_cached("SELECT members, id FROM claim WHERE block = ?1")?;
        let rows = query.query_map([block], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.before.extend(rows.collect::<rusqlite::Result<Vec<(i64, i64)>>>()?);
        self.parted_by.remove(&block);
        self.transaction
            .prepare_cached("DELETE FROM block WHERE id = ?1")?
            .execute([block])?;
        Ok(())
    }

    fn edges_of(&mut self, article: i64) -> Result<Arc<[Edge]>> {
        if let Some(edges) = self.edges.get(article) {
            return Ok(edges);
        }
        let mut edges = Vec::new();
        let mut query = self.transaction.prepare_cached(
            "SELECT other, same, 0, published FROM link JOIN article ON id = other
             WHERE link.article = ?1 AND other <> ?1
             UNION ALL
             SELECT article, same, 1, published FROM link JOIN article ON id = article
             WHERE other = ?1 AND link.article <> ?1",
        )?;
        let mut day = self
            .transaction
            .prepare_cached("SELECT published FROM article WHERE id = ?1")?;
        let day: Option<String> = day.query_row([article], |row| row.get(0))?;
        let mut rows = query.query([article])?;
        while let Some(row) = rows.next()? {
            let (other, is_turned): (u32, bool) = (row.get(0)?, row.get(2)?);
            let theirs: Option<String> = row.get(3)?;
            let (day, their_day) = (day.as_deref(), theirs.as_deref());
            let same = row.get_ref(1)?.as_blob().ok().and_then(pack::likenesses);
            for likeness in same.ok_or(Trouble::Damaged)? {
                let (a, b) = (likeness.a as u16, likeness.b as u16);
                let (own, theirs) = if is_turned { (b, a) } else { (a, b) };
                let strength = strength(likeness.likely, day, their_day);
                let likely = (likeness.likely * 255.0).round() as u8;
                edges.push(Edge { other, theirs, own, strength, likely });
            }
        }
        edges.sort_by_key(|edge| (edge.own, edge.other()));
        let edges: Arc<[Edge]> = edges.into();
        self.edges.put(article, Arc::clone(&edges));
        Ok(edges)
    }

    /// Calls `each` with what links a statement with those of settled articles.
    fn linked(&mut self, at: At, mut each: impl FnMut(&Edge)) -> Result<()> {
        let edges = self.edges_of(at.0)?;
        let first = edges.partition_point(|edge| edge.own < at.1);
        for edge in edges.iter().skip(first).take_while(|edge| edge.own == at.1) {
            if !self.some_wait || self.stood(edge.other().0)?.is_some() {
                each(edge);
            }
        }
        Ok(())
    }

    fn read(&mut self, article: i64) -> Result<Arc<Read>> {
        if let Some(read) = self.members.get(article) {
            return Ok(read);
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT ref, report, fingerprint,
                 (SELECT same FROM link WHERE article = id AND other = id)
             FROM article WHERE id = ?1",
        )?;
        let mut rows = query.query([article])?;
        let row = rows.next()?.ok_or(Trouble::Damaged)?;
        let reference: String = row.get(0)?;
        let (report, fingerprint): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
        let report: Report = pack::unpacked(&report).ok_or(Trouble::Damaged)?;
        let fingerprint =
            Fingerprint::from_bytes(&fingerprint).map_err(|_| Trouble::Damaged)?;
        let echoes: Option<Vec<u8>> = row.get(3)?;
        let echoes = pack::likenesses(&echoes.unwrap_or_default());
        let echoes = echoes.ok_or(Trouble::Damaged)?.into_iter();
        let mut member = Member { reference, ..Member::new(&report, &fingerprint) };
        self.set.names.correct_all(article, &mut member);
        let read = Arc::new(Read {
            member: Arc::new(member),
            echoes: echoes.map(|e| (e.a as usize, e.b as usize)).collect(),
        });
        self.members.put(article, Arc::clone(&read));
        Ok(read)
    }

    /// A member with the agency that wrote it, as far as is known of all it copies.
    fn placed(&mut self, article: i64) -> Result<Arc<Member>> {
        if let Some(member) = self.placed.get(&article) {
            return Ok(Arc::clone(member));
        }
        let mut member = Arc::clone(&self.read(article)?.member);
        let stood = self.stood(article)?.ok_or(Trouble::Damaged)?;
        if member.wire != stood.standing.wire {
            let wire = stood.standing.wire.clone();
            Arc::make_mut(&mut member).wire = wire;
        }
        self.placed.insert(article, Arc::clone(&member));
        Ok(member)
    }

    fn add_block(&mut self, found: &BTreeSet<At>, parted_by: Strength) -> Result<u32> {
        let next = "SELECT coalesce(max(id), 0) + 1 FROM block";
        let mut next = self.transaction.prepare_cached(next)?;
        let block: u32 = next.query_row([], |row| row.get(0))?;
        self.transaction
            .prepare_cached(
                "INSERT INTO block (id, parted_by, members) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![block, parted_by, pack::packed_members(found)])?;
        self.parted_by.insert(block, (parted_by, true));
        for at in found {
            let stood = self.stood(at.0)?.ok_or(Trouble::Damaged)?;
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

    /// Keeps the claims that are made in a block.
    fn tell(&mut self, block: u32, found: &BTreeSet<At>) -> Result<()> {
        let ids = self.in_order(found)?;
        let number = numbers(&ids);
        let within = |at: &At| Some((*number.get(&at.0)?, usize::from(at.1)));
        let mut statements: Vec<(usize, usize)> =
            found.iter().filter_map(within).collect();
        statements.sort_unstable();
        let mut same = Vec::new();
        let mut denials = vec![false; statements.len()];
        for (n, (article, statement)) in statements.iter().enumerate() {
            let Some(&article) = ids.get(*article) else { continue };
            let at = (article, *statement as u16);
            self.linked(at, |edge| {
                let other = edge.other();
                if found.contains(&other)
                    && let Some(other) = within(&other)
                    && let Ok(other) = statements.binary_search(&other)
                    && n < other
                {
                    same.push((n, other, edge.likely()));
                }
            })?;
            let stood = self.stood(article)?.ok_or(Trouble::Damaged)?;
            if let Some(denies) = denials.get_mut(n) {
                *denies = stood.denials.binary_search(&at.1).is_ok();
            }
        }
        same.sort_by_key(|(a, b, _)| (*a, *b));
        let denies = |n: usize| denials.get(n).copied().unwrap_or_default();
        let set = Arc::clone(&self.set);
        let mut numbers = BTreeMap::new();
        if !set.hand.is_empty() {
            let at = |(n, statement): &(usize, usize)| {
                Some((*ids.get(*n)?, *statement as u16))
            };
            let all = statements.iter().enumerate();
            numbers.extend(all.filter_map(|(n, statement)| Some((at(statement)?, n))));
        }
        let told = told(&statements, &same, denies, &set.hand.part(&numbers), 2);

        let mut next = self
            .transaction
            .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM claim")?;
        let mut next: i64 = next.query_row([], |row| row.get(0))?;
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
        let mut keep = self
            .transaction
            .prepare_cached("UPDATE claim SET block = ?2 WHERE id = ?1")?;
        for (((id, members, is_kept), told), group) in
            claims.iter().zip(&told).zip(&groups)
        {
            if *is_kept {
                keep.execute(params![id, block])?;
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
    fn let_go(&mut self, told: &[Told], kept: &mut [(i64, Option<i64>)]) {
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
    fn in_order<'a>(
        &mut self,
        found: impl IntoIterator<Item = &'a At>,
    ) -> Result<Vec<i64>> {
        let ids: BTreeSet<i64> = found.into_iter().map(|(article, _)| *article).collect();
        let mut articles = Vec::with_capacity(ids.len());
        for id in ids {
            articles.push((self.known(id)?.ok_or(Trouble::Damaged)?, id));
        }
        articles.sort_by(|a, b| a.0.order.cmp(&b.0.order));
        Ok(articles.into_iter().map(|(_, id)| id).collect())
    }

    /// The claim that statements make, which come in the order of their articles.
    fn claim(&mut self, group: &Group, is_denied: bool) -> Result<ClaimEntry> {
        let ids = self.in_order(group.all())?;
        let mut number = numbers(&ids);
        let (mut members, mut standings) = (Vec::new(), Vec::new());
        for &article in &ids {
            members.push(self.placed(article)?);
            let standing = &self.stood(article)?.ok_or(Trouble::Damaged)?.standing;
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
        part.claim(&told).ok_or(Trouble::Damaged)
    }

    fn insert(
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
        let (first, statement) = group.first.ok_or(Trouble::Damaged)?;
        let first = self.placed(first)?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO claim (id, block, members, commonness, place, first, entry)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        insert.execute(params![
            id,
            block,
            digest,
            -(articles.len() as i64),
            place(&first, statement),
            first.published,
            pack::packed(entry).ok_or(Trouble::Damaged)?
        ])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO claim_article (article, claim, least) VALUES (?1, ?2, ?3)",
        )?;
        let least = entry.independent_origins.least as i64;
        for article in articles {
            insert.execute(params![article, id, least])?;
        }
        Ok(())
    }

    fn write(&mut self, articles: &[i64]) -> Result<()> {
        let mut insert = self.transaction.prepare_cached(
            "INSERT OR REPLACE INTO standing
                 (article, wire, copy_of, share, original, blocks, denials)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let changed = self.stood.iter().filter_map(|(article, stood)| {
            Some((*article, stood.as_ref().filter(|stood| stood.is_changed)?))
        });
        // In the order of their numbers, which is how they lie in the file.
        let changed: BTreeMap<i64, &Stood> = changed.collect();
        for (article, Stood { standing, blocks, denials, .. }) in changed {
            insert.execute(params![
                article,
                standing.wire,
                standing.copy_of.map(|(of, _)| of),
                standing.copy_of.map(|(_, share)| share),
                standing.original,
                pack::packed_blocks(blocks),
                pack::packed_numbers(denials)
            ])?;
        }
        let mut delete = self
            .transaction
            .prepare_cached("DELETE FROM unsettled_article WHERE article = ?1")?;
        for article in articles {
            delete.execute([article])?;
        }
        self.transaction.execute("DELETE FROM unsettled_block", [])?;
        self.transaction.execute("DELETE FROM recorrected", [])?;
        let mut articles = self
            .transaction
            .prepare_cached("DELETE FROM claim_article WHERE claim = ?1")?;
        let mut claim =
            self.transaction.prepare_cached("DELETE FROM claim WHERE id = ?1")?;
        let gone: BTreeSet<i64> = self.before.values().copied().collect();
        for id in gone {
            articles.execute([id])?;
            claim.execute([id])?;
        }
        Ok(())
    }
}
