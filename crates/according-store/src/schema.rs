//! The tables, and how older ones become newer ones.

use std::path::Path;

use rusqlite::Connection;

use crate::error::{Error, Kind};

/// Tells a corpus from any other SQLite file: "acco".
pub(crate) const APPLICATION: i32 = 0x6163_636f;

/// Each step makes the tables of one version of those before it; the number of steps done is
/// the file's `user_version`. Steps are never changed, only added.
const STEPS: [&str; 1] = [
    // 1: articles, what they are found by, and what connects two of them.
    "
    CREATE TABLE article (
        id INTEGER PRIMARY KEY,
        -- What makes it the same article when it is added again.
        identity TEXT NOT NULL,
        ref TEXT NOT NULL,
        url TEXT,
        digest TEXT NOT NULL,
        outlet TEXT,
        published TEXT,
        title TEXT,
        -- The article that is a newer version of this one.
        newer INTEGER REFERENCES article (id),
        -- The report as JSON, deflated.
        report BLOB NOT NULL,
        fingerprint BLOB NOT NULL
    );
    CREATE UNIQUE INDEX article_identity ON article (identity) WHERE newer IS NULL;
    CREATE UNIQUE INDEX article_ref ON article (ref) WHERE newer IS NULL;
    CREATE INDEX article_url ON article (url) WHERE newer IS NULL AND url IS NOT NULL;
    CREATE INDEX article_digest ON article (digest) WHERE newer IS NULL;
    -- Rare words of an article.
    CREATE TABLE word (
        word INTEGER NOT NULL,
        article INTEGER NOT NULL,
        PRIMARY KEY (word, article)
    ) WITHOUT ROWID;
    -- A sample of three words in a row.
    CREATE TABLE shingle (
        shingle INTEGER NOT NULL,
        article INTEGER NOT NULL,
        PRIMARY KEY (shingle, article)
    ) WITHOUT ROWID;
    -- What an article, the later one added, has in common with one before.
    CREATE TABLE link (
        article INTEGER NOT NULL,
        other INTEGER NOT NULL,
        share REAL NOT NULL,
        same BLOB NOT NULL,
        PRIMARY KEY (article, other)
    ) WITHOUT ROWID;
    CREATE INDEX link_other ON link (other);
    -- Who is relied on: kinds as reports have them.
    CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL COLLATE NOCASE,
        kind TEXT NOT NULL,
        named INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        claims INTEGER NOT NULL,
        UNIQUE (name, kind, named)
    );
    CREATE INDEX source_articles ON source (articles DESC, claims DESC);
    CREATE TABLE article_source (
        article INTEGER NOT NULL,
        source INTEGER NOT NULL,
        claims INTEGER NOT NULL,
        PRIMARY KEY (article, source)
    ) WITHOUT ROWID;
    CREATE INDEX article_source_source ON article_source (source);
    -- How often articles were added or changed, and up to which of that the tables below
    -- tell what the corpus says.
    CREATE TABLE state (additions INTEGER NOT NULL, settled INTEGER NOT NULL);
    INSERT INTO state VALUES (0, 0);
    -- What an article is to the others, as JSON.
    CREATE TABLE standing (
        number INTEGER PRIMARY KEY,
        ref TEXT NOT NULL,
        entry BLOB NOT NULL
    );
    CREATE INDEX standing_ref ON standing (ref);
    -- What at least two articles say: as JSON, deflated.
    CREATE TABLE claim (
        number INTEGER PRIMARY KEY,
        articles INTEGER NOT NULL,
        least INTEGER NOT NULL,
        most INTEGER NOT NULL,
        disputed INTEGER NOT NULL,
        first TEXT,
        entry BLOB NOT NULL
    );
    CREATE INDEX claim_first ON claim (first);
    CREATE TABLE claim_article (
        ref TEXT NOT NULL,
        claim INTEGER NOT NULL,
        PRIMARY KEY (ref, claim)
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE text USING fts5 (
        title, body, content = '', contentless_delete = 1, tokenize = 'unicode61'
    );
    ",
];

/// Brings the tables of an open file up to date.
pub(crate) fn migrate(db: &mut Connection, file: &Path) -> Result<(), Error> {
    let sql = |error| Error::sql(error, file);
    let read = |db: &Connection, name: &str| -> Result<i64, Error> {
        db.pragma_query_value(None, name, |row| row.get(0)).map_err(sql)
    };
    let application = read(db, "application_id")?;
    let version = read(db, "user_version")?;
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(sql)?;
    if application != i64::from(APPLICATION) && (application != 0 || tables > 0) {
        return Err(Error::new(Kind::Foreign, file));
    }
    if version > STEPS.len() as i64 {
        return Err(Error::new(Kind::Newer(u32::try_from(version).unwrap_or(0)), file));
    }
    if version == STEPS.len() as i64 {
        return Ok(());
    }
    let transaction = db
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(sql)?;
    // Somebody else may have done it in the meantime.
    let version: i64 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(sql)?;
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(sql)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as i64).map_err(sql)?;
    transaction.commit().map_err(sql)
}
