//! What corrections change, read from the file whenever something is worked out or asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use according_corpus::correction::{Act, Correction, Found, Grade, Hand, Names, holding};
use according_corpus::format::Corrected;
use according_corpus::publisher::canonical;

use crate::Kept;
use crate::db::{self, Db, Failure};
use crate::settle::At;

/// The article and the statement of an anchor, as far as they are found.
pub(crate) type Spot = (Option<i64>, Option<u16>);

/// What the corrections of a corpus change.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) hand: Hand<At>,
    pub(crate) names: Names<i64>,
}

impl Set {
    pub(crate) fn read(db: &Db) -> db::Result<Self> {
        let all = read(db, &[])?;
        if all.is_empty() {
            return Ok(Self::default());
        }
        let places = anchors(db)?;
        let holds = holding(&all);
        let holding = all.iter().zip(&holds).filter(|(_, holds)| **holds);
        let holding: Vec<(&Correction, &[Spot])> = holding
            .map(|(c, _)| {
                (c, places.get(&c.number).map(Vec::as_slice).unwrap_or_default())
            })
            .collect();
        let found: Vec<Found<'_, At>> = holding
            .iter()
            .map(|(correction, places)| {
                let places = places.iter();
                let places = places.map(|(article, n)| article.zip(*n)).collect();
                Found { correction, places }
            })
            .collect();
        let names = holding.iter().map(|(correction, places)| {
            (*correction, places.iter().map(|(article, _)| *article).collect())
        });
        Ok(Self { hand: Hand::new(&found), names: Names::new(names) })
    }
}

/// What sources are called that had another name which holds `part`.
pub(crate) fn called_otherwise(db: &Db, part: &str) -> db::Result<Vec<String>> {
    let all = read(db, &["merge-sources", "undo"])?;
    let holds = holding(&all);
    let holding = all.iter().zip(&holds).filter(|(_, holds)| **holds);
    let names =
        Names::<i64>::new(holding.map(|(correction, _)| (correction, Vec::new())));
    Ok(names.called_otherwise(part).into_iter().map(str::to_owned).collect())
}

impl Kept {
    /// What the corrections change, by what is written in an open transaction.
    pub(crate) fn set(&mut self, db: &Db) -> db::Result<Arc<Set>> {
        if let Some(set) = &self.set {
            return Ok(Arc::clone(set));
        }
        let set = Arc::new(Set::read(db)?);
        self.set = Some(Arc::clone(&set));
        Ok(set)
    }
}

/// What analysts say of articles as a whole.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    grades: BTreeMap<String, Grade>,
    notes: BTreeMap<i64, Vec<Corrected>>,
}

impl Remarks {
    pub(crate) fn read(db: &Db) -> db::Result<Self> {
        let mut remarks = Self::default();
        let all = read(db, &["reliability", "note", "undo"])?;
        if all.is_empty() {
            return Ok(remarks);
        }
        let places = anchors(db)?;
        let holds = holding(&all);
        for (correction, _) in all.iter().zip(&holds).filter(|(_, holds)| **holds) {
            match &correction.act {
                Act::Reliability { outlet, grade } => {
                    remarks.grades.insert(outlet_key(outlet), *grade);
                }
                Act::Note { statements, .. } => {
                    let places = places.get(&correction.number).into_iter().flatten();
                    for (anchor, (article, _)) in statements.iter().zip(places) {
                        if let Some(article) = article.filter(|_| anchor.exact.is_empty())
                        {
                            let notes = remarks.notes.entry(article).or_default();
                            notes.push(Corrected::new(correction));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(remarks)
    }

    /// How reliable an outlet is.
    pub(crate) fn grade(&self, outlet: Option<&str>) -> Option<Grade> {
        let outlet = outlet.filter(|_| self.has_grades())?;
        self.grades.get(&outlet_key(outlet)).copied()
    }

    pub(crate) fn has_grades(&self) -> bool {
        !self.grades.is_empty()
    }

    /// Notes on an article.
    pub(crate) fn notes(&self, article: i64) -> Vec<Corrected> {
        self.notes.get(&article).cloned().unwrap_or_default()
    }
}

fn outlet_key(outlet: &str) -> String {
    canonical(outlet).to_lowercase()
}

/// Corrections of some kinds, or of all, in order.
pub(crate) fn read(db: &Db, kinds: &[&str]) -> db::Result<Vec<Correction>> {
    let list = kinds.iter().map(|kind| format!("'{kind}'")).collect::<Vec<_>>().join(",");
    let condition = match kinds.is_empty() {
        true => String::new(),
        false => format!("WHERE kind IN ({list})"),
    };
    let query = format!("SELECT entry FROM correction {condition} ORDER BY number");
    db.rows(&query, &[], |row| {
        serde_json::from_str(&row.get::<String>(0)?).map_err(|_| Failure::Damaged)
    })
}

/// Where the anchors of each correction are found, in their order.
pub(crate) fn anchors(db: &Db) -> db::Result<BTreeMap<u32, Vec<Spot>>> {
    let query =
        "SELECT correction, article, statement FROM anchor ORDER BY correction, n";
    let mut places: BTreeMap<u32, Vec<Spot>> = BTreeMap::new();
    db.each_row(query, &[], |row| {
        let place = (row.get(1)?, row.get(2)?);
        places.entry(row.get(0)?).or_default().push(place);
        Ok(())
    })?;
    Ok(places)
}
