//! Adding a report: which article it is of, and what it has in common with those before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use according::Report;
use according_corpus::publisher::wire;
use according_corpus::{Fingerprint, Link, Member, Source, echoes, link};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::correct::anchor_anew;
use crate::error::{Error, Kind};
use crate::set_right::Set;
use crate::settle::Read;
use crate::{Store, pack};

/// By how many words an article is found.
const WORDS: usize = 48;
/// One in how many shingles is kept.
const SAMPLE: u64 = 8;
/// How many articles with one word are looked at, the latest ones: what more have is no rare
/// word in this corpus.
const MOST_WITH_WORD: u32 = 120;
/// How many articles are compared for what they say, and for their texts besides.
const MOST_COMPARED: usize = 40;
const MOST_TEXTS: usize = 12;
/// After how many articles what the corpus says is brought up to date: those of one event
/// often come together, so that it is not worked out anew for each of them.
const MOST_UNSETTLED: u32 = 250;
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
        added
    }

    fn try_add(
        &mut self,
        name: &Name,
        report: &Report,
        fingerprint: &Fingerprint,
    ) -> Result<Added, Error> {
        let file = self.file.clone();
        let sql = |error| Error::sql(error, &file);
        let packed =
            pack::packed(report).ok_or_else(|| Error::new(Kind::Other, &file))?;
        let bytes = fingerprint.to_bytes();
        let transaction = self.kept.begin(&mut self.db).map_err(sql)?;
        let known = known(&transaction, name, report).map_err(sql)?;
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
                let set = self.kept.set(&transaction).map_err(sql)?;
                reread(&transaction, known.id, report, fingerprint, &packed, &set)
                    .map_err(sql)?;
                transaction.commit().map_err(sql)?;
                self.kept.members.remove(known.id);
                // How strong its links are depends on its day.
                self.kept.edges.clear();
                return Ok(Added::Known);
            }
            forget(&transaction, known.id).map_err(sql)?;
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
                transaction.execute(update, [known.id]).map_err(sql)?;
                older = Some(known.id);
            }
        }
        let reference = match reference {
            Some(reference) => reference,
            None => unused(&transaction, &name.reference).map_err(sql)?,
        };
        let article = &report.article;
        // Older versions refer to what is replaced, which must not be gone in between.
        let verb = if number.is_some() { "INSERT OR REPLACE" } else { "INSERT" };
        let insert = format!(
            "{verb} INTO article (id, identity, ref, url, digest, outlet, published, title,
                 report, fingerprint, published_time, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        );
        transaction
            .prepare_cached(&insert)
            .and_then(|mut insert| {
                insert.execute(params![
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
                ])
            })
            .map_err(sql)?;
        let id = transaction.last_insert_rowid();
        if let Some(older) = older {
            let update = "UPDATE article SET newer = ?2 WHERE id = ?1 OR newer = ?1";
            transaction.execute(update, [older, id]).map_err(sql)?;
        }
        transaction
            .prepare_cached("INSERT INTO text (rowid, title, body) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| {
                insert.execute(params![id, article.title, article.text])
            })
            .map_err(sql)?;
        let is_corrected =
            anchor_anew(&transaction, id, replaced, identity, report, fingerprint)
                .map_err(sql)?;
        if is_corrected {
            self.kept.set = None;
        }
        let set = self.kept.set(&transaction).map_err(sql)?;
        let fingerprint = Arc::new(fingerprint.clone());
        let others = candidates(&transaction, &fingerprint).map_err(sql)?;
        for &other in &others {
            let theirs = match self.kept.fingerprints.get(other) {
                Some(theirs) => theirs,
                None => {
                    let read = "SELECT fingerprint FROM article WHERE id = ?1";
                    let blob: Vec<u8> = transaction
                        .prepare_cached(read)
                        .and_then(|mut query| query.query_row([other], |row| row.get(0)))
                        .map_err(sql)?;
                    // One of an older version is made anew when its article is read again.
                    let Ok(theirs) = Fingerprint::from_bytes(&blob) else { continue };
                    let theirs = Arc::new(theirs);
                    self.kept.fingerprints.put(other, Arc::clone(&theirs));
                    theirs
                }
            };
            let found = link(&fingerprint, &theirs);
            keep(&transaction, id, other, &found).map_err(sql)?;
        }
        // What an article has in common with itself: what it says and attributes elsewhere.
        let own = Link { share: 0.0, same: echoes(&fingerprint) };
        keep(&transaction, id, id, &own).map_err(sql)?;
        index(&transaction, id, &fingerprint).map_err(sql)?;
        count_sources(&transaction, id, report, &fingerprint, &set).map_err(sql)?;
        unsettle(&transaction, id).map_err(sql)?;
        transaction.commit().map_err(sql)?;
        for other in others {
            self.kept.edges.remove(other);
        }
        let mut member = Member { reference, ..Member::new(report, &fingerprint) };
        set.names.correct_all(id, &mut member);
        let echoes = own.same.iter().map(|e| (e.a as usize, e.b as usize)).collect();
        self.kept.members.put(id, Arc::new(Read { member: Arc::new(member), echoes }));
        self.kept.fingerprints.put(id, fingerprint);
        self.n_unsettled += 1;
        Ok(added)
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
) -> rusqlite::Result<Option<Known>> {
    let article = &report.article;
    let columns = "SELECT id, identity, ref, digest, report, fingerprint FROM article
         WHERE newer IS NULL";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Known {
            id: row.get(0)?,
            identity: row.get(1)?,
            reference: row.get(2)?,
            digest: row.get(3)?,
            report: row.get(4)?,
            fingerprint: row.get(5)?,
        })
    };
    let by_identity = format!("{columns} AND identity = ?1");
    let mut query = transaction.prepare_cached(&by_identity)?;
    if let Some(known) = query.query_row([&name.identity], read).optional()? {
        return Ok(Some(known));
    }
    if let Some(url) = &article.url {
        let by_url = format!("{columns} AND url = ?1");
        let mut query = transaction.prepare_cached(&by_url)?;
        if let Some(known) = query.query_row([url], read).optional()? {
            return Ok(Some(known));
        }
    }
    let by_text = format!(
        "{columns} AND digest = ?1 AND url IS ?2 AND outlet IS ?3 AND published IS ?4"
    );
    let mut query = transaction.prepare_cached(&by_text)?;
    let same = params![article.id, article.url, article.outlet, article.published];
    query.query_row(same, read).optional()
}

/// Takes away what an article is found by and linked with.
fn forget(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    let blob: Vec<u8> = transaction.query_row(
        "SELECT fingerprint FROM article WHERE id = ?1",
        [id],
        |row| row.get(0),
    )?;
    if let Ok(fingerprint) = Fingerprint::from_bytes(&blob) {
        for (word, _) in fingerprint.keys(WORDS) {
            let delete = "DELETE FROM word WHERE word = ?1 AND article = ?2";
            transaction.execute(delete, params![word, id])?;
        }
        for shingle in fingerprint.shingles(SAMPLE) {
            let delete = "DELETE FROM shingle WHERE shingle = ?1 AND article = ?2";
            transaction.execute(delete, params![shingle.cast_signed(), id])?;
        }
    } else {
        // Of an older version: what it was found by is not known any more.
        transaction.execute("DELETE FROM word WHERE article = ?1", [id])?;
        transaction.execute("DELETE FROM shingle WHERE article = ?1", [id])?;
    }
    unstand(transaction, id)?;
    transaction.execute("DELETE FROM link WHERE article = ?1 OR other = ?1", [id])?;
    transaction.execute("DELETE FROM text WHERE rowid = ?1", [id])?;
    uncount_sources(transaction, id)
}

/// Puts another report on the same text in the place of one.
fn reread(
    transaction: &Transaction<'_>,
    id: i64,
    report: &Report,
    fingerprint: &Fingerprint,
    packed: &[u8],
    set: &Set,
) -> rusqlite::Result<()> {
    let article = &report.article;
    transaction.execute(
        "UPDATE article SET report = ?2, outlet = ?3, published = ?4, title = ?5,
             published_time = ?6, wire = ?7, url = ?8 WHERE id = ?1",
        params![
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
    uncount_sources(transaction, id)?;
    count_sources(transaction, id, report, fingerprint, set)?;
    unstand(transaction, id)?;
    unsettle(transaction, id)
}

/// Says that what the corpus says of an article has to be worked out.
fn unsettle(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO unsettled_article (article) VALUES (?1)")?
        .execute([id])?;
    Ok(())
}

/// Takes away what the corpus says of an article; what it says of others because of this
/// one has to be worked out again.
fn unstand(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    let blocks = "SELECT blocks FROM standing WHERE article = ?1";
    let blocks: Option<Vec<u8>> =
        transaction.query_row(blocks, [id], |row| row.get(0)).optional()?;
    let mut insert = transaction
        .prepare("INSERT OR IGNORE INTO unsettled_block (block) VALUES (?1)")?;
    for block in blocks.iter().flat_map(|blocks| pack::blocks(blocks)) {
        if block != 0 {
            insert.execute([block])?;
        }
    }
    transaction.execute(
        "INSERT OR IGNORE INTO unsettled_article (article)
         SELECT article FROM standing WHERE copy_of = ?1
         UNION SELECT other FROM link WHERE article = ?1
         UNION SELECT article FROM link WHERE other = ?1",
        [id],
    )?;
    transaction.execute("DELETE FROM standing WHERE article = ?1", [id])?;
    transaction.execute("DELETE FROM unsettled_article WHERE article = ?1", [id])?;
    Ok(())
}

/// Fills the tables of the second step from the articles there are.
pub(crate) fn fill(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    let mut query =
        transaction.prepare("SELECT id, report FROM article WHERE newer IS NULL")?;
    // There were no corrections yet.
    let (none, set) = (Fingerprint::default(), Set::default());
    let mut update = transaction
        .prepare("UPDATE article SET published_time = ?2, wire = ?3 WHERE id = ?1")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (id, blob): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let Some(report) = pack::unpacked::<Report>(&blob) else { return Ok(false) };
        update.execute(params![id, report.article.published_time, wire(&report)])?;
        count_sources(transaction, id, &report, &none, &set)?;
        unsettle(transaction, id)?;
    }
    Ok(true)
}

/// Counts who stands behind the claims of an article that were not rejected.
pub(crate) fn count_sources(
    transaction: &Transaction<'_>,
    id: i64,
    report: &Report,
    fingerprint: &Fingerprint,
    set: &Set,
) -> rusqlite::Result<()> {
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
    let mut count = transaction.prepare_cached(
        "INSERT INTO source (name, kind, named, articles, claims) VALUES (?1, ?2, ?3, 1, ?4)
         ON CONFLICT (name, kind, named)
         DO UPDATE SET articles = articles + 1, claims = claims + excluded.claims
         RETURNING id, articles",
    )?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO article_source (article, source, claims) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET claims = claims + excluded.claims",
    )?;
    let mut find = transaction
        .prepare_cached("INSERT INTO source_name (rowid, name) VALUES (?1, ?2)")?;
    for ((name, kind, named), claims) in sources {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (source, articles): (i64, i64) =
            count.query_row(params![name, kind, named, claims], row)?;
        if articles == 1 {
            find.execute(params![source, name])?;
        }
        insert.execute(params![id, source, claims])?;
    }
    Ok(())
}

pub(crate) fn uncount_sources(
    transaction: &Transaction<'_>,
    id: i64,
) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE source SET articles = articles - 1, claims = source.claims - counted.claims
         FROM (SELECT source, claims FROM article_source WHERE article = ?1) AS counted
         WHERE source.id = counted.source",
        [id],
    )?;
    let gone = "SELECT source FROM article_source JOIN source ON id = source
        WHERE article = ?1 AND articles <= 0";
    let mut gone = transaction.prepare(gone)?;
    let gone = gone.query_map([id], |row| row.get::<_, i64>(0))?;
    for source in gone.collect::<rusqlite::Result<Vec<i64>>>()? {
        transaction.execute("DELETE FROM source_name WHERE rowid = ?1", [source])?;
        transaction.execute("DELETE FROM source WHERE id = ?1", [source])?;
    }
    transaction.execute("DELETE FROM article_source WHERE article = ?1", [id])?;
    Ok(())
}

/// `reference`, or with a number behind it when another article is called so.
fn unused(transaction: &Transaction<'_>, reference: &str) -> rusqlite::Result<String> {
    let is_used = |reference: &str| {
        transaction
            .prepare_cached("SELECT 1 FROM article WHERE ref = ?1 AND newer IS NULL")?
            .exists([reference])
    };
    let mut candidate = reference.to_owned();
    let mut n = 1;
    while is_used(&candidate)? {
        n += 1;
        candidate = format!("{reference}~{n}");
    }
    Ok(candidate)
}

/// The articles that are worth comparing: those with most of the rare words, weighed, and
/// those with most of the same runs of words.
fn candidates(
    transaction: &Transaction<'_>,
    fingerprint: &Fingerprint,
) -> rusqlite::Result<Vec<i64>> {
    let mut by_words: BTreeMap<i64, (u32, f32)> = BTreeMap::new();
    let mut query = transaction.prepare_cached(
        "SELECT article FROM word WHERE word = ?1 ORDER BY article DESC LIMIT ?2",
    )?;
    for (word, weight) in fingerprint.keys(WORDS) {
        let mut rows = query.query(params![word, MOST_WITH_WORD])?;
        while let Some(row) = rows.next()? {
            let (count, sum) = by_words.entry(row.get(0)?).or_default();
            *count += 1;
            *sum += weight;
        }
    }
    let mut by_text: BTreeMap<i64, u32> = BTreeMap::new();
    let mut query = transaction.prepare_cached(
        "SELECT article FROM shingle WHERE shingle = ?1 ORDER BY article DESC LIMIT ?2",
    )?;
    for shingle in fingerprint.shingles(SAMPLE) {
        let mut rows = query.query(params![shingle.cast_signed(), MOST_WITH_WORD])?;
        while let Some(row) = rows.next()? {
            *by_text.entry(row.get(0)?).or_default() += 1;
        }
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
    Ok(ids)
}

fn keep(
    transaction: &Transaction<'_>,
    id: i64,
    other: i64,
    link: &Link,
) -> rusqlite::Result<()> {
    if link.is_empty() {
        return Ok(());
    }
    let same = pack::packed_likenesses(&link.same);
    transaction
        .prepare_cached(
            "INSERT INTO link (article, other, share, same) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![id, other, link.share, same])?;
    Ok(())
}

fn index(
    transaction: &Transaction<'_>,
    id: i64,
    fingerprint: &Fingerprint,
) -> rusqlite::Result<()> {
    let mut insert =
        transaction.prepare_cached("INSERT INTO word (word, article) VALUES (?1, ?2)")?;
    for (word, _) in fingerprint.keys(WORDS) {
        insert.execute(params![word, id])?;
    }
    let mut insert = transaction
        .prepare_cached("INSERT INTO shingle (shingle, article) VALUES (?1, ?2)")?;
    for shingle in fingerprint.shingles(SAMPLE) {
        insert.execute(params![shingle.cast_signed(), id])?;
    }
    Ok(())
}
