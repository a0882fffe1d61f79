//! The tables, and how older ones become newer ones.

use crate::address::Address;
use crate::db::{self, Db, Transaction};
use crate::error::{Error, Kind};

/// Tells a corpus from any other SQLite file: "acco".
pub(crate) const APPLICATION: i32 = 0x6163_636f;

/// Each step makes the tables of one version of those before it; the number of steps done is
/// the version of the corpus. Steps are never changed, only added.
pub(crate) const STEPS: [Step; 7] = [
    // 1: articles, what they are found by, and what connects two of them.
    Step {
        tables: "
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
    ",
        in_file: "
    CREATE VIRTUAL TABLE text USING fts5 (
        title, body, content = '', contentless_delete = 1, tokenize = 'unicode61'
    );
    ",
        on_server: "
    -- The words of title and body one after another, each between two spaces; which words
    -- these are; and how many.
    CREATE TABLE text (
        rowid BIGINT PRIMARY KEY,
        body TEXT COLLATE \"C\" NOT NULL,
        words TSVECTOR NOT NULL,
        length BIGINT NOT NULL
    );
    CREATE INDEX text_words ON text USING gin (words) WITH (fastupdate = off);
    CREATE FUNCTION instr(whole TEXT, part TEXT) RETURNS INTEGER
        LANGUAGE SQL IMMUTABLE RETURN strpos(whole, part);
    ",
        fill: |_| Ok(()),
    },
    // 2: who is relied on, and what the corpus says, kept ready for questions.
    Step {
        tables: "
    ALTER TABLE article ADD COLUMN published_time TEXT;
    -- The agency that wrote it, as it tells itself.
    ALTER TABLE article ADD COLUMN wire TEXT;
    -- Kinds as reports have them.
    CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        named INTEGER NOT NULL,
        articles INTEGER NOT NULL,
        claims INTEGER NOT NULL,
        UNIQUE (name, kind, named)
    );
    CREATE INDEX source_articles ON source (articles DESC, claims DESC, name, kind, named);
    CREATE TABLE article_source (
        article INTEGER NOT NULL,
        source INTEGER NOT NULL,
        claims INTEGER NOT NULL,
        PRIMARY KEY (article, source)
    ) WITHOUT ROWID;
    CREATE INDEX article_source_source ON article_source (source);
    -- What an article has to do with those before it; and for each statement the block it
    -- is in, 32 bits each, 0 for none; and which deny something, 16 bits each.
    CREATE TABLE standing (
        article INTEGER PRIMARY KEY,
        wire TEXT,
        copy_of INTEGER,
        share REAL,
        original INTEGER NOT NULL,
        blocks BLOB NOT NULL,
        denials BLOB NOT NULL
    );
    CREATE INDEX standing_copy ON standing (copy_of) WHERE copy_of IS NOT NULL;
    -- Statements that are grouped together: article and number, 64 and 16 bits each.
    -- Links as strong as what a block is parted by do not change it.
    CREATE TABLE block (
        id INTEGER PRIMARY KEY,
        parted_by INTEGER NOT NULL,
        members BLOB NOT NULL
    );
    -- What at least two articles say, or denies what they do. A claim's number is its
    -- place by commonness, the number of articles below nothing, and then by its first
    -- statement.
    CREATE TABLE claim (
        id INTEGER PRIMARY KEY,
        block INTEGER NOT NULL,
        -- Tells its statements and those of its denials from any others.
        members INTEGER NOT NULL,
        commonness INTEGER NOT NULL,
        place BLOB NOT NULL,
        first TEXT,
        -- Ids of those that deny it stand in it for their numbers. As JSON, deflated.
        entry BLOB NOT NULL
    );
    CREATE INDEX claim_block ON claim (block);
    CREATE INDEX claim_place ON claim (commonness, place);
    CREATE INDEX claim_first ON claim (first, commonness, place);
    CREATE TABLE claim_article (
        article INTEGER NOT NULL,
        claim INTEGER NOT NULL,
        -- How many origins it has for sure.
        least INTEGER NOT NULL,
        PRIMARY KEY (article, claim)
    ) WITHOUT ROWID;
    CREATE INDEX claim_article_claim ON claim_article (claim);
    CREATE INDEX claim_article_least ON claim_article (least, article);
    -- Articles and blocks for which the tables above do not hold what they must: since the
    -- article was added, or taken away from the block.
    CREATE TABLE unsettled_article (article INTEGER PRIMARY KEY);
    CREATE TABLE unsettled_block (block INTEGER PRIMARY KEY);
    ",
        in_file: "
    CREATE INDEX article_published ON article (published DESC, id DESC)
        WHERE newer IS NULL;
    CREATE VIRTUAL TABLE source_name USING fts5 (
        name, content = '', contentless_delete = 1, tokenize = 'trigram'
    );
    ",
        on_server: "
    CREATE INDEX article_published ON article (published DESC NULLS LAST, id DESC)
        WHERE newer IS NULL;
    -- Names in lower case.
    CREATE TABLE source_name (
        rowid BIGINT PRIMARY KEY,
        name TEXT COLLATE \"C\" NOT NULL
    );
    ",
        fill: crate::add::fill,
    },
    // 3: what analysts set right, and what they look for.
    Step {
        tables: "
    CREATE TABLE correction (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        -- As it is exported.
        entry TEXT NOT NULL
    );
    CREATE INDEX correction_kind ON correction (kind);
    -- Where the anchors of a correction are: the newest version of the article, and the
    -- statement in it; null for what finds its place no more.
    CREATE TABLE anchor (
        correction INTEGER NOT NULL,
        n INTEGER NOT NULL,
        identity TEXT NOT NULL,
        article INTEGER,
        statement INTEGER,
        PRIMARY KEY (correction, n)
    ) WITHOUT ROWID;
    CREATE INDEX anchor_identity ON anchor (identity);
    CREATE INDEX anchor_article ON anchor (article) WHERE article IS NOT NULL;
    -- Older versions of articles may have had other identities.
    CREATE INDEX article_older ON article (identity) WHERE newer IS NOT NULL;
    CREATE INDEX article_newer ON article (newer) WHERE newer IS NOT NULL;
    -- Articles of which something was corrected since the tables above were filled.
    CREATE TABLE recorrected (article INTEGER PRIMARY KEY);
    -- Searches that are kept. Articles up to a number have been looked at.
    CREATE TABLE search (
        name TEXT PRIMARY KEY,
        -- As JSON.
        question TEXT NOT NULL,
        checked INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- Alerts that were not yet given, as JSON.
    CREATE TABLE alert (
        id INTEGER PRIMARY KEY,
        search TEXT NOT NULL,
        entry TEXT NOT NULL
    );
    ",
        in_file: "",
        on_server: "",
        fill: |_| Ok(()),
    },
    // 4: what articles are found by, in one row for each word and run of words: the latest
    // articles that have it, ascending, 32 bits each.
    Step {
        tables: "
    CREATE TABLE recent_word (
        key INTEGER PRIMARY KEY,
        articles BLOB NOT NULL
    );
    CREATE TABLE recent_shingle (
        key INTEGER PRIMARY KEY,
        articles BLOB NOT NULL
    );
    ",
        in_file: "",
        on_server: "",
        fill: crate::recent::fill,
    },
    // 5: what working out what the corpus says needs of each report.
    Step {
        tables: "
    CREATE TABLE member (
        article INTEGER PRIMARY KEY,
        -- What the article tells, before anything is corrected, and which of its
        -- statements echo others. In postcard's format since the seventh step.
        told BLOB NOT NULL
    );
    ",
        in_file: "",
        on_server: "",
        fill: |_| Ok(()),
    },
    // 6: how many claims there are in each run of their order, so that one is found by its
    // number, and the number of one, without walking through all before it.
    Step {
        tables: "
    CREATE TABLE claim_run (
        -- Where it begins. It ends where the next one does.
        commonness INTEGER NOT NULL,
        place BLOB NOT NULL,
        claims INTEGER NOT NULL,
        PRIMARY KEY (commonness, place)
    ) WITHOUT ROWID;
    CREATE INDEX article_outlet ON article (outlet)
        WHERE newer IS NULL AND outlet IS NOT NULL;
    ",
        in_file: "",
        on_server: "",
        fill: crate::run::fill,
    },
    // 7: what the fifth step keeps, in a format that is read ten times as fast.
    Step { tables: "", in_file: "", on_server: "", fill: crate::add::fill_members },
];

/// How tables of one version become those of the next.
pub(crate) struct Step {
    /// What is made anew, in the words of SQLite.
    pub(crate) tables: &'static str,
    /// What else is made in a file.
    pub(crate) in_file: &'static str,
    /// What stands for that on a server.
    on_server: &'static str,
    /// Puts what is there already into it.
    fill: fn(&Transaction<'_>) -> db::Result<()>,
}

impl Step {
    fn make(&self, db: &Db) -> db::Result<()> {
        match db {
            Db::File(_) => {
                db.run(self.tables)?;
                db.run(self.in_file)
            }
            Db::Server(_) => {
                db.run(&for_server(self.tables))?;
                db.run(self.on_server)
            }
        }
    }
}

/// Tables in the words of PostgreSQL. Texts are put in order by their bytes, as SQLite does,
/// so that both give the same answers.
fn for_server(tables: &str) -> String {
    let words = [
        ("INTEGER", "BIGINT"),
        ("REAL", "DOUBLE PRECISION"),
        ("BLOB", "BYTEA"),
        ("TEXT", "TEXT COLLATE \"C\""),
        (" WITHOUT ROWID", ""),
    ];
    words
        .iter()
        .fold(tables.to_owned(), |tables, (file, server)| tables.replace(file, server))
}

/// What stands at the address of a corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing.
    Empty,
    /// A corpus of a version.
    Version(u32),
    /// Something else.
    Foreign,
}

/// Brings the tables up to date; where there are none they are made at wish.
pub(crate) fn migrate(db: &Db, address: &Address, is_made: bool) -> Result<(), Error> {
    let of = |failure| Error::of(failure, address);
    let newest = STEPS.len() as u32;
    match db.state().map_err(of)? {
        State::Version(version) if version == newest => return Ok(()),
        State::Version(version) if version > newest => {
            return Err(Error::new(Kind::Newer(version), address));
        }
        State::Foreign => return Err(Error::new(Kind::Foreign, address)),
        // An empty file is a corpus that was not yet begun.
        State::Empty if !is_made && matches!(db, Db::Server(_)) => {
            return Err(Error::new(Kind::Missing, address));
        }
        State::Empty | State::Version(_) => {}
    }
    let transaction = db.begin_making().map_err(of)?;
    // Somebody else may have done it in the meantime.
    let done = match transaction.state().map_err(of)? {
        State::Version(version) => version,
        State::Empty | State::Foreign => 0,
    };
    for step in STEPS.iter().skip(done as usize) {
        step.make(&transaction).map_err(of)?;
        (step.fill)(&transaction).map_err(of)?;
    }
    transaction.set_version(newest).map_err(of)?;
    transaction.commit().map_err(of)
}
