//! Full text: which articles hold the words of a question, and which hold them best.
//!
//! A file has FTS5 for it. A server has an index of words, and is told them by FTS5 all the
//! same, so that both take the same for a word; what FTS5 ranks by is worked out there from
//! the same numbers.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::db::{Db, Result, Value, values};

/// PostgreSQL indexes no longer words.
const LONGEST: usize = 500;
/// Nor more of one text.
const MOST_BYTES: usize = 900_000;

/// What texts hold, as a condition on `text`.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// With `??` for each value.
    pub(crate) condition: String,
    pub(crate) values: Vec<String>,
    /// The phrases, as they stand in texts on a server.
    phrases: Vec<Wanted>,
}

/// What a person asks for: every word or phrase in quotation marks, so that nothing a person
/// types is an operator. `None` where there is no word.
pub(crate) fn wanted(db: &Db, words: &str) -> Result<Option<Wanted>> {
    let terms = terms(words);
    if terms.is_empty() {
        return Ok(None);
    }
    match db {
        Db::File(_) => {
            let quoted: Vec<String> =
                terms.iter().map(|term| format!("\"{term}\"")).collect();
            let condition = "text MATCH ??".to_owned();
            let values = vec![quoted.join(" ")];
            Ok(Some(Wanted { condition, values, phrases: Vec::new() }))
        }
        Db::Server(server) => {
            let mut phrases = Vec::new();
            for term in terms {
                let tokens = server.splitter()?.split("", &term)?.body;
                if !tokens.is_empty() {
                    phrases.push(phrase(&tokens));
                }
            }
            let of = |phrase: &Wanted| phrase.condition.clone();
            let conditions: Vec<String> = phrases.iter().map(of).collect();
            let condition = match conditions.is_empty() {
                true => "false".to_owned(),
                false => conditions.join(" AND "),
            };
            let values = phrases.iter().flat_map(|phrase| phrase.values.clone());
            Ok(Some(Wanted { condition, values: values.collect(), phrases }))
        }
    }
}

/// What orders texts by how well they hold what is wanted, best first, with `??` for each
/// value: BM25 as FTS5 computes it.
pub(crate) fn rank(db: &Db, wanted: &Wanted) -> Result<(String, Vec<String>)> {
    if matches!(db, Db::File(_)) {
        return Ok(("text.rank".to_owned(), Vec::new()));
    }
    let all = "SELECT count(*), CAST(coalesce(sum(length), 0) AS BIGINT) FROM text";
    let all = db.row(all, &[], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)))?;
    let (n, words) = all.unwrap_or_default();
    let average = words as f64 / (n as f64).max(1.0);
    let (mut sum, mut values) = (Vec::new(), Vec::new());
    for phrase in &wanted.phrases {
        let of = numbered(&phrase.condition);
        let count = format!("SELECT count(*) FROM text WHERE {of}");
        let of: Vec<_> = phrase.values.iter().map(|value| Value::Text(value)).collect();
        let with: i64 = db.the(&count, &of)?;
        let weight = ((n as f64 - with as f64 + 0.5) / (with as f64 + 0.5)).ln();
        let weight = if weight <= 0.0 { 1e-6 } else { weight };
        let phrase = phrase.values.last().cloned().unwrap_or_default();
        let often = format!(
            "CAST((octet_length(text.body) - octet_length(replace(text.body, ??, '')))
                 / {} AS DOUBLE PRECISION)",
            phrase.len()
        );
        sum.push(format!(
            "CAST('{weight:?}' AS DOUBLE PRECISION) * (({often} * 2.2::float8)
             / ({often} + 1.2::float8 * (1.0::float8 - 0.75::float8
                 + 0.75::float8 * text.length::float8 / '{average:?}'::float8)))"
        ));
        values.extend([phrase.clone(), phrase]);
    }
    Ok((format!("-1.0::float8 * (0.0::float8 + {})", sum.join(" + ")), values))
}

/// Keeps the text of an article.
pub(crate) fn put(db: &Db, id: i64, title: Option<&str>, body: &str) -> Result<()> {
    let Db::Server(server) = db else {
        let insert = "INSERT INTO text (rowid, title, body) VALUES (?1, ?2, ?3)";
        return db.execute(insert, values![id, title, body]).map(|_| ());
    };
    let split = server.splitter()?.split(title.unwrap_or_default(), body)?;
    let length = (split.title.len() + split.body.len()) as i64;
    let mut room = MOST_BYTES;
    let words: BTreeSet<&str> =
        split.title.iter().chain(&split.body).map(|word| cut(word)).collect();
    let mut words: Vec<&str> = words.into_iter().collect();
    words.retain(|word| {
        room = room.saturating_sub(word.len());
        room > 0
    });
    // No phrase is in both.
    let body = format!("{}\n{}", spaced(&split.title), spaced(&split.body));
    let insert = "INSERT INTO text (rowid, body, words, length)
        VALUES (?1, ?2, array_to_tsvector(string_to_array(?3, ' ')), ?4)";
    db.execute(insert, values![id, body, words.join(" "), length]).map(|_| ())
}

/// Words, and phrases that stood in quotation marks.
fn terms(words: &str) -> Vec<String> {
    // Neither database has this in a text.
    let words = words.replace('\0', " ");
    let mut terms = Vec::new();
    for (n, part) in words.split('"').enumerate() {
        // Every second part stood in quotation marks.
        match n % 2 {
            1 => terms.push(part.to_owned()),
            _ => terms.extend(part.split_whitespace().map(str::to_owned)),
        }
    }
    terms.retain(|term| term.contains(char::is_alphanumeric));
    terms
}

/// The condition that words stand in a text one after another.
fn phrase(tokens: &[String]) -> Wanted {
    let quoted = tokens.iter().map(|token| {
        let token = cut(token).replace('\\', "\\\\").replace('\'', "''");
        format!("'{token}'")
    });
    let query = quoted.collect::<Vec<String>>().join(" & ");
    let is_plain = tokens.len() == 1 && tokens.iter().all(|t| t.len() <= LONGEST);
    let condition = match is_plain {
        // It takes its value all the same, which is what ranks.
        true => "text.words @@ CAST(CAST(?? AS TEXT) AS TSQUERY) AND ?? <> ''",
        false => {
            "text.words @@ CAST(CAST(?? AS TEXT) AS TSQUERY) AND instr(text.body, ??) > 0"
        }
    };
    let values = vec![query, spaced(tokens)];
    Wanted { condition: condition.to_owned(), values, phrases: Vec::new() }
}

/// A condition with a number for each value.
fn numbered(condition: &str) -> String {
    let mut parts = condition.split("??");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, n) in parts.zip(1..) {
        out += &format!("?{n}{part}");
    }
    out
}

fn spaced(tokens: &[String]) -> String {
    tokens.iter().map(|token| format!(" {token} ")).collect()
}

fn cut(token: &str) -> &str {
    let end = token.floor_char_boundary(LONGEST);
    token.get(..end).unwrap_or_default()
}

/// Splits texts into words as FTS5 does.
#[derive(Debug)]
pub(crate) struct Splitter {
    memory: Connection,
}

/// The words of a text.
#[derive(Debug, Default)]
pub(crate) struct Split {
    pub(crate) title: Vec<String>,
    pub(crate) body: Vec<String>,
}

impl Splitter {
    pub(crate) fn new() -> Result<Self> {
        let memory = Connection::open_in_memory()?;
        memory.execute_batch(
            "CREATE VIRTUAL TABLE text USING fts5 (
                 title, body, content = '', tokenize = 'unicode61'
             );
             CREATE VIRTUAL TABLE word USING fts5vocab (text, instance);",
        )?;
        Ok(Self { memory })
    }

    pub(crate) fn split(&self, title: &str, body: &str) -> Result<Split> {
        let insert = "INSERT INTO text (rowid, title, body) VALUES (1, ?1, ?2)";
        self.memory.prepare_cached(insert)?.execute([title, body])?;
        let read = "SELECT col = 'title', offset, term FROM word";
        let mut words: Vec<(bool, i64, String)> = Vec::new();
        {
            let mut read = self.memory.prepare_cached(read)?;
            let mut rows = read.query([])?;
            while let Some(row) = rows.next()? {
                words.push((row.get(0)?, row.get(1)?, row.get(2)?));
            }
        }
        self.memory
            .prepare_cached("INSERT INTO text (text) VALUES ('delete-all')")?
            .execute([])?;
        words.sort_unstable();
        let mut split = Split::default();
        for (is_title, _, word) in words {
            if is_title { &mut split.title } else { &mut split.body }.push(word);
        }
        Ok(split)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_fts5_does() {
        let splitter = Splitter::new().unwrap();
        for _ in 0..2 {
            let split = splitter.split("Café-Bar", "It's 3.5 km; it's ÉTÉ.").unwrap();
            assert_eq!(split.title, ["cafe", "bar"]);
            assert_eq!(split.body, ["it", "s", "3", "5", "km", "it", "s", "ete"]);
        }
        assert!(splitter.split("", " … ").unwrap().body.is_empty());
    }
}
