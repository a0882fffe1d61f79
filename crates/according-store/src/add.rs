//! Adding a report: which article it is of, and what it has in common with those before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use according::Report;
use according_corpus::publisher::wire;
use according_corpus::{Fingerprint, Link, Member, Source, echoes, link};
use rustc_hash::FxHashMap;

use crate::correct::anchor_anew;
use crate::db::{self, Db, Failure, Row, Transaction, each_id, values};
use crate::error::Error;
use crate::recent::{By, Found};
use crate::set_right::Set;
use crate::settle::Read;
use crate::{Kept, Store, pack, words};

/// How many articles are compared for what they say, and for their texts besides.
const MOST_COMPARED: usize = 40;
const MOST_TEXTS: usize = 12;
/// After how many articles what the corpus says is brought up to date: those of one event
/// often come together, so that it is not worked out anew for each of them.
const MOST_UNSETTLED: u32 = 1_000;
/// How many shingles of the sample two texts must share to be compared.
const LEAST_SHINGLES: u32 = 2;

/// How an article is called and known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// What people call it, made different from others if it must be.
    pub reference: String,
    /// What makes it the same article when it comes again: an id, an address, a path.
    pub identity: String,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// The article is new.
    New,
    /// It was there, with another text: the corpus holds both, and counts the new one.
    Changed,
    /// It was there just so; what is told of it may be read anew.
    Known,
}

impl Store {
    /// Adds the report on an article, in one transaction. When this returns, a program that
    /// is killed has the article in the corpus.
    ///
    /// # Errors
    ///
    /// When the file cannot be written. The corpus is then as it was before.
    pub fn add(
        &mut self,
        name: &Name,
        report: &Report,
        fingerprint: &Fingerprint,
    ) -> Result<Added, Error> {
        if self.n_unsettled >= MOST_UNSETTLED {
            self.settle()?;
        }
        let added = self.try_add(name, report, fingerprint);
        if added.is_err() {
            // What was read meanwhile may not have been written.
            self.kept.forget();
        }
        added.map_err(|error| self.error(error))
    }

    fn try_add(
        &mut self,
        name: &Name,
        report: &Report,
        fingerprint: &Fingerprint,
    ) -> db::Result<Added> {
        let packed = pack::packed(report).ok_or(Failure::Damaged)?;
        let bytes = fingerprint.to_bytes();
        let transaction = self.kept.begin(&self.db)?;
        let known = known(&transaction, name, report)?;
        let mut added = Added::New;
        let mut reference = None;
        let (mut older, mut replaced, mut number) = (None, None, None);
        let mut identity = &name.identity;
        if let Some(known) = &known {
            if known.digest == report.article.id && known.fingerprint == bytes {
                // Read again by the same program: there is nothing to do.
                if known.report == packed {
                    return Ok(Added::Known);
                }
                let set = self.kept.set(&transaction)?;
                reread(&transaction, known, report, fingerprint, &packed, &set)?;
                transaction.commit()?;
                self.kept.members.remove(known.id);
                // How strong its links are depends on its day.
                self.kept.edges.clear();
                return Ok(Added::Known);
            }
            forget(&transaction, known.id)?;
            self.kept.forget();
            reference = Some(known.reference.clone());
            replaced = Some(known.id);
            if known.digest == report.article.id {
                // Read anew by another version of the program.
                added = Added::Known;
                // Nothing tells it from the one that was there.
                identity = &known.identity;
                number = Some(known.id);
            } else {
                added = Added::Changed;
                // It makes room for the new one, whose number is not known yet.
                let update = "UPDATE article SET newer = id WHERE id = ?1";
                transaction.execute(update, values![known.id])?;
                older = Some(known.id);
            }
        }
        let reference = match reference {
            Some(reference) => reference,
            None => unused(&transaction, &name.reference)?,
        };
        let article = &report.article;
        // Older versions refer to what is replaced, which must not be gone in between.
        let insert =
            "INSERT INTO article (id, identity, ref, url, digest, outlet, published,
                title, report, fingerprint, published_time, wire)
            VALUES (coalesce(?1, (SELECT coalesce(max(id), 0) + 1 FROM article)),
                ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT (id) DO UPDATE SET identity = excluded.identity,
                ref = excluded.ref, url = excluded.url, digest = excluded.digest,
                outlet = excluded.outlet, published = excluded.published,
                title = excluded.title, report = excluded.report,
                fingerprint = excluded.fingerprint,
                published_time = excluded.published_time, wire = excluded.wire
            RETURNING id";
        let id: i64 = transaction.the(
            insert,
            values![
                number,
                identity,
                reference,
                article.url,
                article.id,
                article.outlet,
                article.published,
                article.title,
                packed,
                bytes,
                article.published_time,
                wire(report)
            ],
        )?;
        if let Some(older) = older {
            let update = "UPDATE article SET newer = ?2 WHERE id = ?1 OR newer = ?1";
            transaction.execute(update, values![older, id])?;
        }
        words::put(&transaction, id, article.title.as_deref(), &article.text)?;
        if anchor_anew(&transaction, id, replaced, identity, report, fingerprint)? {
            self.kept.set = None;
        }
        let set = self.kept.set(&transaction)?;
        let fingerprint = Arc::new(fingerprint.clone());
        let mut words = Found::read(&transaction, By::Words, &fingerprint)?;
        let mut shingles = Found::read(&transaction, By::Shingles, &fingerprint)?;
        let others = candidates(id, &words, &shingles);
        let others = self.kept.fingerprints_of(&transaction, &others)?;
        let mut links: Vec<(i64, Link)> = others
            .iter()
            .map(|(other, theirs)| (*other, link(&fingerprint, theirs)))
            .collect();
        let number = short(id)?;
        // What an article has in common with itself: what it says and attributes elsewhere.
        let own = Link { share: 0.0, same: echoes(&fingerprint) };
        let member = Member { reference, ..Member::new(report, &fingerprint) };
        let mut read = Read::new(member, &own.same);
        put_read(&transaction, id, &read)?;
        links.push((id, own));
        keep(&transaction, id, &links)?;
        words.put(&transaction, number)?;
        shingles.put(&transaction, number)?;
        count_sources(&transaction, id, report, &fingerprint, &set)?;
        unsettle(&transaction, id)?;
        transaction.commit()?;
        let day = according_corpus::block::day(article.published.as_deref());
        for (other, link) in links.iter().filter(|(other, _)| *other != id) {
            let edges = &mut self.kept.edges;
            edges.update(*other, |edges| edges.with(number, day, &link.same));
        }
        read.correct(id, &set);
        self.kept.members.put(id, Arc::new(read));
        self.kept.fingerprints.put(id, fingerprint);
        self.n_unsettled += 1;
        Ok(added)
    }
}

impl Kept {
    /// The fingerprints of articles. Those of an older version are left out: they are made
    /// anew when the article is read again.
    fn fingerprints_of(
        &mut self,
        db: &Db,
        articles: &[i64],
    ) -> db::Result<Vec<(i64, Arc<Fingerprint>)>> {
        let mut found = Vec::with_capacity(articles.len());
        let mut missing = Vec::new();
        for &id in articles {
            match self.fingerprints.get(id) {
                Some(fingerprint) => found.push((id, fingerprint)),
                None => missing.push(id),
            }
        }
        let read = "SELECT id, fingerprint FROM article WHERE id = ?1 AND newer IS NULL";
        let read = db.rows_of_each(read, &each_id(missing), |row| {
            let fingerprint = Fingerprint::from_bytes(row.blob(1)?).ok();
            Ok((row.get::<i64>(0)?, fingerprint))
        })?;
        for (id, fingerprint) in read.into_iter().flatten() {
            if let Some(fingerprint) = fingerprint.map(Arc::new) {
                self.fingerprints.put(id, Arc::clone(&fingerprint));
                found.push((id, fingerprint));
            }
        }
        found.sort_unstable_by_key(|(id, _)| *id);
        Ok(found)
    }
}

/// An article that is in the corpus already.
struct Known {
    id: i64,
    identity: String,
    reference: String,
    digest: String,
    report: Vec<u8>,
    fingerprint: Vec<u8>,
}

/// The article that a report is of: with the same identity; with the same address; or with
/// the same text where nothing shows that it is another outlet's.
fn known(
    transaction: &Transaction<'_>,
    name: &Name,
    report: &Report,
) -> db::Result<Option<Known>> {
    let article = &report.article;
    let columns = "SELECT id, identity, ref, digest, report, fingerprint,
             url, outlet, published
         FROM article WHERE newer IS NULL";
    type About = [Option<String>; 3];
    let find = |condition: &str, value: &str| {
        let query = format!("{columns} AND {condition} = ?1 ORDER BY id");
        transaction.rows(&query, values![value], |row| {
            let known = Known {
                id: row.get(0)?,
                identity: row.get(1)?,
                reference: row.get(2)?,
                digest: row.get(3)?,
                report: row.get(4)?,
                fingerprint: row.get(5)?,
            };
            let about: About = [row.get(6)?, row.get(7)?, row.get(8)?];
            Ok((known, about))
        })
    };
    let mut found = find("identity", &name.identity)?;
    if let Some(url) = &article.url
        && found.is_empty()
    {
        found = find("url", url)?;
    }
    if found.is_empty() {
        // Asked for all four, SQLite would rather go through all articles of the day.
        found = find("digest", &article.id)?;
        let about = [&article.url, &article.outlet, &article.published];
        found.retain(|(_, of)| of.each_ref() == about);
    }
    Ok(found.into_iter().next().map(|(known, _)| known))
}

/// Takes away what an article is found by and linked with.
fn forget(transaction: &Transaction<'_>, id: i64) -> db::Result<()> {
    let blob = "SELECT fingerprint FROM article WHERE id = ?1";
    let read = |row: &Row<'_>| Ok(Fingerprint::from_bytes(row.blob(0)?).ok());
    // What one of an older version was found by is not known any more, and finds nothing.
    if let Some(fingerprint) = transaction.row(blob, values![id], read)?.flatten() {
        for by in [By::Words, By::Shingles] {
            let mut found = Found::read(transaction, by, &fingerprint)?;
            found.remove(transaction, short(id)?)?;
        }
    }
    unstand(transaction, id)?;
    let links = "DELETE FROM link WHERE article = ?1 OR other = ?1";
    transaction.execute(links, values![id])?;
    transaction.execute("DELETE FROM text WHERE rowid = ?1", values![id])?;
    transaction.execute("DELETE FROM member WHERE article = ?1", values![id])?;
    uncount_sources(transaction, id)
}

/// Puts another report on the same text in the place of one.
fn reread(
    transaction: &Transaction<'_>,
    known: &Known,
    report: &Report,
    fingerprint: &Fingerprint,
    packed: &[u8],
    set: &Set,
) -> db::Result<()> {
    let (id, article) = (known.id, &report.article);
    transaction.execute(
        "UPDATE article SET report = ?2, outlet = ?3, published = ?4, title = ?5,
             published_time = ?6, wire = ?7, url = ?8 WHERE id = ?1",
        values![
            id,
            packed,
            article.outlet,
            article.published,
            article.title,
            article.published_time,
            wire(report),
            article.url,
        ],
    )?;
    let reference = known.reference.clone();
    let member = Member { reference, ..Member::new(report, fingerprint) };
    put_read(transaction, id, &Read::new(member, &echoes(fingerprint)))?;
    uncount_sources(transaction, id)?;
    count_sources(transaction, id, report, fingerprint, set)?;
    unstand(transaction, id)?;
    unsettle(transaction, id)
}

/// Says that what the corpus says of an article has to be worked out.
fn unsettle(transaction: &Transaction<'_>, id: i64) -> db::Result<()> {
    let insert =
        "INSERT INTO unsettled_article (article) VALUES (?1) ON CONFLICT DO NOTHING";
    transaction.execute(insert, values![id]).map(|_| ())
}

/// Takes away what the corpus says of an article; what it says of others because of this
/// one has to be worked out again.
fn unstand(transaction: &Transaction<'_>, id: i64) -> db::Result<()> {
    let blocks = "SELECT blocks FROM standing WHERE article = ?1";
    let read = |row: &Row<'_>| Ok(pack::blocks(row.blob(0)?));
    let blocks = transaction.row(blocks, values![id], read)?.unwrap_or_default();
    let blocks = blocks.iter().filter(|block| **block != 0);
    let blocks = each_id(blocks.map(|block| i64::from(*block)));
    let insert = "INSERT INTO unsettled_block (block) VALUES (?1) ON CONFLICT DO NOTHING";
    transaction.execute_each(insert, &blocks)?;
    transaction.execute(
        "INSERT INTO unsettled_article (article)
         SELECT article FROM standing WHERE copy_of = ?1
         UNION SELECT other FROM link WHERE article = ?1
         UNION SELECT article FROM link WHERE other = ?1
         ON CONFLICT DO NOTHING",
        values![id],
    )?;
    transaction.execute("DELETE FROM standing WHERE article = ?1", values![id])?;
    transaction
        .execute("DELETE FROM unsettled_article WHERE article = ?1", values![id])?;
    Ok(())
}

/// Keeps what settling needs of a report, so that it need not read all of it.
fn put_read(transaction: &Transaction<'_>, id: i64, read: &Read) -> db::Result<()> {
    let insert = "INSERT INTO member (article, told) VALUES (?1, ?2)
        ON CONFLICT (article) DO UPDATE SET told = excluded.told";
    transaction.execute(insert, values![id, read.to_bytes()?]).map(|_| ())
}

/// Fills the table of members from the articles there are.
pub(crate) fn fill_members(transaction: &Transaction<'_>) -> db::Result<()> {
    let ids = "SELECT id FROM article WHERE newer IS NULL ORDER BY id";
    for id in transaction.rows(ids, &[], |row| row.get::<i64>(0))? {
        let read = "SELECT ref, report, fingerprint,
                (SELECT same FROM link WHERE article = id AND other = id)
            FROM article WHERE id = ?1";
        let told = transaction.row(read, values![id], |row| {
            let report = pack::report(row.blob(1)?)?;
            // Nothing is told by one of an older version until it is read again.
            let fingerprint = Fingerprint::from_bytes(row.blob(2)?).unwrap_or_default();
            let reference = row.get(0)?;
            let member = Member { reference, ..Member::new(&report, &fingerprint) };
            let echoes = row.get::<Option<Vec<u8>>>(3)?.unwrap_or_default();
            Ok(Read::new(member, &pack::likenesses(&echoes).ok_or(Failure::Damaged)?))
        })?;
        put_read(transaction, id, &told.ok_or(Failure::Damaged)?)?;
    }
    Ok(())
}

/// Fills the tables of the second step from the articles there are.
pub(crate) fn fill(transaction: &Transaction<'_>) -> db::Result<()> {
    let ids = "SELECT id FROM article WHERE newer IS NULL ORDER BY id";
    // There were no corrections yet.
    let (none, set) = (Fingerprint::default(), Set::default());
    for id in transaction.rows(ids, &[], |row| row.get::<i64>(0))? {
        let report = "SELECT report FROM article WHERE id = ?1";
        let read = |row: &Row<'_>| pack::report(row.blob(0)?);
        let report = transaction.row(report, values![id], read)?;
        let report = report.ok_or(Failure::Damaged)?;
        transaction.execute(
            "UPDATE article SET published_time = ?2, wire = ?3 WHERE id = ?1",
            values![id, report.article.published_time, wire(&report)],
        )?;
        count_sources(transaction, id, &report, &none, &set)?;
        unsettle(transaction, id)?;
    }
    Ok(())
}

/// Counts who stands behind the claims of an article that were not rejected.
pub(crate) fn count_sources(
    transaction: &Transaction<'_>,
    id: i64,
    report: &Report,
    fingerprint: &Fingerprint,
    set: &Set,
) -> db::Result<()> {
    // Claims with a statement that was rejected, and those with one that was not.
    let (mut rejected, mut left) = (BTreeSet::new(), BTreeSet::new());
    if !set.hand.is_empty() {
        for (statement, n) in fingerprint.statements.iter().zip(0..) {
            let of =
                if set.hand.is_rejected((id, n)) { &mut rejected } else { &mut left };
            of.extend(statement.claim.map(|claim| claim as usize));
        }
    }
    let mut sources: BTreeMap<(String, String, bool), u32> = BTreeMap::new();
    for (n, claim) in report.claims.iter().enumerate() {
        if rejected.contains(&n) && !left.contains(&n) {
            continue;
        }
        for hop in &claim.chain {
            let name = hop.name.clone().filter(|name| name != "unspecified");
            let Some(name) = name else { continue };
            let mut source = Source::new(name, hop.kind, hop.named);
            set.names.correct(id, &mut source);
            let kind = serde_json::to_value(source.kind).ok();
            let kind = kind.and_then(|kind| Some(kind.as_str()?.to_owned()));
            let key = (source.name, kind.unwrap_or_default(), source.is_named);
            *sources.entry(key).or_default() += 1;
        }
    }
    for ((name, kind, named), claims) in sources {
        let count = "INSERT INTO source (id, name, kind, named, articles, claims)
            VALUES ((SELECT coalesce(max(id), 0) + 1 FROM source), ?1, ?2, ?3, 1, ?4)
            ON CONFLICT (name, kind, named) DO UPDATE
            SET articles = source.articles + 1, claims = source.claims + excluded.claims
            RETURNING id, articles";
        let counted = transaction.row(count, values![name, kind, named, claims], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
        });
        let (source, articles) = counted?.ok_or(Failure::NotFound)?;
        if articles == 1 {
            let insert = "INSERT INTO source_name (rowid, name) VALUES (?1, ?2)";
            let name = match **transaction {
                Db::File(_) => name,
                Db::Server(_) => name.to_lowercase(),
            };
            transaction.execute(insert, values![source, name])?;
        }
        transaction.execute(
            "INSERT INTO article_source (article, source, claims) VALUES (?1, ?2, ?3)
             ON CONFLICT (article, source) DO UPDATE
             SET claims = article_source.claims + excluded.claims",
            values![id, source, claims],
        )?;
    }
    Ok(())
}

pub(crate) fn uncount_sources(transaction: &Transaction<'_>, id: i64) -> db::Result<()> {
    transaction.execute(
        "UPDATE source
         SET articles = source.articles - 1, claims = source.claims - counted.claims
         FROM (SELECT source, claims FROM article_source WHERE article = ?1) AS counted
         WHERE source.id = counted.source",
        values![id],
    )?;
    let gone = "SELECT source.id FROM article_source AS counted
        JOIN source ON source.id = counted.source
        WHERE counted.article = ?1 AND source.articles <= 0";
    for source in transaction.rows(gone, values![id], |row| row.get::<i64>(0))? {
        transaction
            .execute("DELETE FROM source_name WHERE rowid = ?1", values![source])?;
        transaction.execute("DELETE FROM source WHERE id = ?1", values![source])?;
    }
    transaction.execute("DELETE FROM article_source WHERE article = ?1", values![id])?;
    Ok(())
}

/// `reference`, or with a number behind it when another article is called so.
fn unused(transaction: &Transaction<'_>, reference: &str) -> db::Result<String> {
    let is_used = |reference: &str| {
        let used = "SELECT id FROM article WHERE ref = ?1 AND newer IS NULL";
        Ok::<_, Failure>(transaction.one::<i64>(used, values![reference])?.is_some())
    };
    let mut candidate = reference.to_owned();
    let mut n = 1;
    while is_used(&candidate)? {
        n += 1;
        candidate = format!("{reference}~{n}");
    }
    Ok(candidate)
}

/// The number of an article in 32 bits.
fn short(id: i64) -> db::Result<u32> {
    u32::try_from(id).map_err(|_| Failure::Damaged)
}

/// The articles that are worth comparing with another: those with most of the rare words,
/// weighed, and those with most of the same runs of words.
fn candidates(id: i64, words: &Found, shingles: &Found) -> Vec<i64> {
    let mut by_words: FxHashMap<i64, (u32, f32)> = FxHashMap::default();
    for (article, weight) in words.each().filter(|(article, _)| *article != id) {
        let (count, sum) = by_words.entry(article).or_default();
        *count += 1;
        *sum += weight;
    }
    let mut by_text: FxHashMap<i64, u32> = FxHashMap::default();
    for (article, _) in shingles.each().filter(|(article, _)| *article != id) {
        *by_text.entry(article).or_default() += 1;
    }
    let mut words: Vec<(i64, f32)> = by_words
        .into_iter()
        .filter(|(_, (count, _))| *count >= 2)
        .map(|(id, (_, sum))| (id, sum))
        .collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    words.truncate(MOST_COMPARED);
    let mut texts: Vec<(i64, u32)> =
        by_text.into_iter().filter(|(_, count)| *count >= LEAST_SHINGLES).collect();
    texts.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.cmp(&a.0)));
    texts.truncate(MOST_TEXTS);
    let mut ids: Vec<i64> = words.into_iter().map(|(id, _)| id).collect();
    ids.extend(texts.into_iter().map(|(id, _)| id));
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn keep(transaction: &Transaction<'_>, id: i64, links: &[(i64, Link)]) -> db::Result<()> {
    let links = links.iter().filter(|(_, link)| !link.is_empty());
    let links: Vec<(i64, f32, Vec<u8>)> = links
        .map(|(other, link)| (*other, link.share, pack::packed_likenesses(&link.same)))
        .collect();
    let rows = links
        .iter()
        .map(|(other, share, same)| values![id, *other, *share, *same].to_vec());
    let insert = "INSERT INTO link (article, other, share, same) VALUES (?1, ?2, ?3, ?4)";
    transaction.execute_each(insert, &rows.collect::<Vec<_>>())
}
