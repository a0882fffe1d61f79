//! By what articles are found: for each rare word, and each run of words of a sample, the
//! latest articles that have it.
//!
//! What more articles have is no rare word in this corpus, so that a row holds no more than
//! [`MOST`] of them, and finding an article costs the same in a large corpus as in a small
//! one.

use according_corpus::Fingerprint;

use crate::db::{Db, Result, Row, Transaction, Value, each_id, values};
use crate::pack;

/// How many articles are kept for a key.
const MOST: usize = 120;
/// By how many words an article is found.
const WORDS: usize = 48;
/// One in how many shingles is kept.
const SAMPLE: u64 = 8;

/// A kind of keys.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Words,
    Shingles,
}

impl By {
    fn table(self) -> &'static str {
        match self {
            Self::Words => "recent_word",
            Self::Shingles => "recent_shingle",
        }
    }

    /// The keys of an article, with what each weighs.
    fn keys(self, fingerprint: &Fingerprint) -> Vec<(i64, f32)> {
        match self {
            Self::Words => {
                let keys = fingerprint.keys(WORDS).into_iter();
                keys.map(|(word, weight)| (i64::from(word), weight)).collect()
            }
            Self::Shingles => {
                let keys = fingerprint.shingles(SAMPLE).into_iter();
                keys.map(|shingle| (shingle.cast_signed(), 1.0)).collect()
            }
        }
    }
}

/// The keys of an article, and which articles had each before.
#[derive(Debug)]
pub(crate) struct Found {
    by: By,
    keys: Vec<(i64, f32)>,
    articles: Vec<Vec<u32>>,
}

impl Found {
    pub(crate) fn read(db: &Db, by: By, fingerprint: &Fingerprint) -> Result<Self> {
        let keys = by.keys(fingerprint);
        let query = format!("SELECT articles FROM {} WHERE key = ?1", by.table());
        let each = each_id(keys.iter().map(|(key, _)| *key));
        let read = |row: &Row<'_>| Ok(pack::blocks(row.blob(0)?));
        let rows = db.rows_of_each(&query, &each, read)?;
        let articles = rows.into_iter();
        let articles = articles.map(|row| row.into_iter().next().unwrap_or_default());
        Ok(Self { by, keys, articles: articles.collect() })
    }

    /// Every article that has one of the keys, with what the key weighs.
    pub(crate) fn each(&self) -> impl Iterator<Item = (i64, f32)> {
        let all = self.keys.iter().zip(&self.articles);
        all.flat_map(|((_, weight), articles)| {
            articles.iter().map(|article| (i64::from(*article), *weight))
        })
    }

    /// Lets an article be found by them.
    pub(crate) fn put(&mut self, db: &Db, article: u32) -> Result<()> {
        for articles in &mut self.articles {
            // One that is read anew keeps its number.
            if let Err(at) = articles.binary_search(&article) {
                articles.insert(at, article);
            }
            let more = articles.len().saturating_sub(MOST);
            articles.drain(..more);
        }
        self.write(db)
    }

    /// Lets an article be found by them no more.
    pub(crate) fn remove(&mut self, db: &Db, article: u32) -> Result<()> {
        for articles in &mut self.articles {
            articles.retain(|other| *other != article);
        }
        self.write(db)
    }

    fn write(&self, db: &Db) -> Result<()> {
        let packed: Vec<Vec<u8>> =
            self.articles.iter().map(|articles| pack::packed_blocks(articles)).collect();
        let rows = self.keys.iter().zip(&packed);
        let rows: Vec<Vec<Value<'_>>> = rows
            .map(|((key, _), packed)| vec![Value::Integer(*key), Value::Blob(packed)])
            .collect();
        let put = format!(
            "INSERT INTO {} (key, articles) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET articles = excluded.articles",
            self.by.table()
        );
        db.execute_each(&put, &rows)
    }
}

/// Fills the tables of the fourth step from those of the first, which go.
pub(crate) fn fill(db: &Transaction<'_>) -> Result<()> {
    for (old, key, by) in
        [("word", "word", By::Words), ("shingle", "shingle", By::Shingles)]
    {
        let all = format!("SELECT DISTINCT {key} FROM {old} ORDER BY {key}");
        let latest = format!(
            "SELECT article FROM {old} WHERE {key} = ?1 ORDER BY article DESC LIMIT {MOST}"
        );
        let put = format!("INSERT INTO {} (key, articles) VALUES (?1, ?2)", by.table());
        for key in db.rows(&all, &[], |row| row.get::<i64>(0))? {
            let mut articles = db.rows(&latest, values![key], |row| row.get::<u32>(0))?;
            articles.reverse();
            db.execute(&put, values![key, pack::packed_blocks(&articles)])?;
        }
        db.run(&format!("DROP TABLE {old}"))?;
    }
    Ok(())
}
