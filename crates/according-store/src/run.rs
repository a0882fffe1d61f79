//! The numbers of claims: their places among all.
//!
//! Storing them would mean writing all of them anew with every claim. So what is stored is how
//! many claims there are in each of many runs of their order: a number is what the runs before
//! hold, and a part of one run.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{Db, Result, Transaction, each_id, values};

/// A run with more claims is parted into halves of this.
const MOST: usize = if cfg!(test) { 4 } else { 512 };

/// What claims are put in order by: commonness and place.
pub(crate) type Key = (i64, Vec<u8>);

/// All runs, in order. There is always a first one, which begins before any claim.
struct Runs(Vec<Run>);

struct Run {
    start: Key,
    /// How many claims are in those before it.
    before: i64,
    claims: i64,
}

impl Runs {
    fn read(db: &Db) -> Result<Self> {
        let runs =
            "SELECT commonness, place, claims FROM claim_run ORDER BY commonness, place";
        let mut before = 0;
        let runs = db.rows(runs, &[], |row| {
            let start = (row.get(0)?, row.get(1)?);
            let run = Run { start, before, claims: row.get(2)? };
            before += run.claims;
            Ok(run)
        });
        runs.map(Self)
    }

    /// The one that a claim belongs to.
    fn of(&self, key: &Key) -> usize {
        self.0.partition_point(|run| run.start <= *key).saturating_sub(1)
    }
}

/// The id of the claim that has so many before it.
pub(crate) fn claim_after(db: &Db, before: i64) -> Result<Option<i64>> {
    let runs = Runs::read(db)?.0;
    let at = runs.partition_point(|run| run.before <= before).saturating_sub(1);
    let Some(run) = runs.get(at) else { return Ok(None) };
    let found = "SELECT id FROM claim WHERE (commonness, place) >= (?1, ?2)
        ORDER BY commonness, place LIMIT 1 OFFSET ?3";
    db.one(found, values![run.start.0, run.start.1, before - run.before])
}

/// The numbers of claims, by their ids.
pub(crate) fn numbers(db: &Db, ids: BTreeSet<i64>) -> Result<BTreeMap<i64, usize>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let key = "SELECT id, commonness, place FROM claim WHERE id = ?1";
    let keys = db.rows_of_each(key, &each_id(ids), |row| {
        Ok((row.get::<i64>(0)?, (row.get::<i64>(1)?, row.get::<Vec<u8>>(2)?)))
    })?;
    let keys: Vec<(i64, Key)> = keys.into_iter().flatten().collect();
    let runs = Runs::read(db)?;
    let runs =
        keys.iter().filter_map(|(id, key)| Some((*id, key, runs.0.get(runs.of(key))?)));
    let runs: Vec<(i64, &Key, &Run)> = runs.collect();
    let within = "SELECT count(*) FROM claim
        WHERE (commonness, place) >= (?1, ?2) AND (commonness, place) <= (?3, ?4)";
    let each: Vec<_> = runs
        .iter()
        .map(|(_, key, run)| values![run.start.0, run.start.1, key.0, key.1].to_vec())
        .collect();
    let counts = db.rows_of_each(within, &each, |row| row.get::<i64>(0))?;
    let numbers = runs.iter().zip(counts.into_iter().flatten());
    Ok(numbers
        .filter_map(|((id, _, run), n)| {
            Some((*id, usize::try_from(run.before + n).ok()?))
        })
        .collect())
}

/// Counts claims that were written: how many more, or fewer, each place has.
pub(crate) fn count(db: &Db, changes: &BTreeMap<Key, i64>) -> Result<()> {
    let mut runs = Runs::read(db)?;
    let mut changed = BTreeSet::new();
    for (key, more) in changes.iter().filter(|(_, more)| **more != 0) {
        let at = runs.of(key);
        if let Some(run) = runs.0.get_mut(at) {
            run.claims += more;
            changed.insert(at);
        }
    }
    for run in changed.into_iter().filter_map(|at| runs.0.get(at)) {
        write(db, run)?;
    }
    Ok(())
}

/// Writes a run, or what it is parted into.
fn write(db: &Db, Run { start, claims, .. }: &Run) -> Result<()> {
    let put = "INSERT INTO claim_run (commonness, place, claims) VALUES (?1, ?2, ?3)
        ON CONFLICT (commonness, place) DO UPDATE SET claims = excluded.claims";
    let n = usize::try_from(*claims).unwrap_or_default();
    if n <= MOST {
        let is_first = start.0 == i64::MIN;
        if n == 0 && !is_first {
            let delete = "DELETE FROM claim_run WHERE commonness = ?1 AND place = ?2";
            return db.execute(delete, values![start.0, start.1]).map(|_| ());
        }
        return db.execute(put, values![start.0, start.1, claims]).map(|_| ());
    }
    let keys = "SELECT commonness, place FROM claim WHERE (commonness, place) >= (?1, ?2)
        ORDER BY commonness, place LIMIT ?3";
    let mut keys: Vec<Key> = db.rows(keys, values![start.0, start.1, claims], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    // Claims may come before the first that is there now.
    if let Some(first) = keys.first_mut() {
        first.clone_from(start);
    }
    let parts = keys.chunks(MOST / 2);
    let parts: Vec<(&Key, i64)> =
        parts.filter_map(|part| Some((part.first()?, part.len() as i64))).collect();
    let rows: Vec<_> =
        parts.iter().map(|(first, n)| values![first.0, first.1, *n].to_vec()).collect();
    db.execute_each(put, &rows)
}

/// Fills the table of the sixth step from the claims there are.
pub(crate) fn fill(transaction: &Transaction<'_>) -> Result<()> {
    let claims = transaction.the("SELECT count(*) FROM claim", &[])?;
    let first = Run { start: (i64::MIN, Vec::new()), before: 0, claims };
    write(transaction, &first)
}
