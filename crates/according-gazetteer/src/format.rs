//! The file of a gazetteer.
//!
//! A line `according gazetteer 1`, the sizes of five tables in bytes as little-endian `u32`,
//! and the tables one after another, nothing behind them:
//!
//! | table | holds |
//! |---|---|
//! | places | 17 bytes a place; countries come first, then larger divisions before smaller |
//! | labels | the names of places, the text of each between two offsets |
//! | names | 6 bytes a name: end of its key, end of its numbers; sorted by key |
//! | keys | the folded names, one after another |
//! | numbers | 3 bytes for each place that bears a name, what the name is to it on top |
//!
//! Numbers are little-endian. A latitude or longitude is the full circle in 2²⁴ parts, a
//! population its logarithm to the base ∜2, so that a place takes few bytes and reading one
//! is a matter of shifts.

use std::collections::BTreeMap;

use crate::fold::fold;
use crate::{Kind, Malformed, NameKind, Place, PlaceId};

const MAGIC: &[u8] = b"according gazetteer 1\n";
const TABLES: usize = 5;
/// Bytes of a place.
const PLACE: usize = 17;
/// Bytes of a name.
const NAME: usize = 6;
/// Bytes of the number of a place.
const NUMBER: usize = 3;
/// The parent of what has none.
const NONE: u16 = u16::MAX;
/// Parts of a full circle.
const CIRCLE: f64 = 16_777_216.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Places,
    Labels,
    Names,
    Keys,
    Numbers,
}

impl Table {
    const fn row(self) -> usize {
        match self {
            Self::Places => PLACE,
            Self::Names => NAME,
            Self::Numbers => NUMBER,
            Self::Labels | Self::Keys => 1,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Tables<'b> {
    tables: [&'b [u8]; TABLES],
}

/// Three bytes at `at`; 0 past the end.
fn three(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at + 3) {
        Some(&[a, b, c]) => u32::from_le_bytes([a, b, c, 0]),
        _ => 0,
    }
}

/// The text between two offsets; none where that is not UTF-8, which is not looked at before
/// it is read, so that opening touches nothing.
fn text(bytes: &[u8], from: u32, to: u32) -> &str {
    let bytes = bytes.get(from as usize..to as usize).unwrap_or_default();
    str::from_utf8(bytes).unwrap_or_default()
}

impl<'b> Tables<'b> {
    pub(crate) fn read(bytes: &'b [u8]) -> Result<Self, Malformed> {
        let rest =
            bytes.strip_prefix(MAGIC).ok_or(Malformed("the first line differs"))?;
        let (sizes, mut rest) = rest
            .split_at_checked(TABLES * 4)
            .ok_or(Malformed("the sizes are cut off"))?;
        let mut tables = [&rest[..0]; TABLES];
        for (table, size) in tables.iter_mut().zip(sizes.chunks_exact(4)) {
            let size = size.try_into().map_or(0, u32::from_le_bytes) as usize;
            (*table, rest) =
                rest.split_at_checked(size).ok_or(Malformed("a table is cut off"))?;
        }
        let tables = Self { tables };
        let is_whole = |t: Table| tables.bytes(t).len().is_multiple_of(t.row());
        if !rest.is_empty() {
            return Err(Malformed("something follows the last table"));
        }
        if ![Table::Places, Table::Names, Table::Numbers].into_iter().all(is_whole) {
            return Err(Malformed("a table ends amid a row"));
        }
        Ok(tables)
    }

    fn bytes(&self, table: Table) -> &'b [u8] {
        self.tables[table as usize]
    }

    pub(crate) fn len(&self, table: Table) -> usize {
        self.bytes(table).len() / table.row()
    }

    pub(crate) fn place(&self, id: PlaceId) -> Option<Place<'b>> {
        let record = self.record(id.0)?;
        let kind = *Kind::ALL.get(usize::from(record[16] & 0x0f))?;
        let part = |at: usize| f64::from(three(record, at)) / CIRCLE * 360.0 - 180.0;
        let parent = u16::from_le_bytes([record[10], record[11]]);
        let parent = (parent != NONE).then_some(PlaceId(parent.into()));
        let population = match record[9] {
            0 => 0,
            power => (f64::from(power - 1) / 4.0).exp2().round() as u32,
        };
        let geonames = Some(three(record, 0)).filter(|number| *number != 0);
        Some(Place {
            id,
            name: self.label(record),
            kind,
            country: self.country(id, 0),
            parent,
            lat: part(3),
            lon: part(6),
            population,
            is_capital: record[16] & 0x80 != 0,
            geonames,
        })
    }

    fn record(&self, number: u32) -> Option<&'b [u8; PLACE]> {
        let at = number as usize * PLACE;
        self.bytes(Table::Places).get(at..at + PLACE)?.try_into().ok()
    }

    /// Its label; that of a country has its code before it.
    fn label(&self, record: &[u8; PLACE]) -> &'b str {
        let (from, length) = (three(record, 12), u32::from(record[15]));
        text(self.bytes(Table::Labels), from, from.saturating_add(length))
    }

    /// The code that stands before the label of the country it lies in.
    fn country(&self, id: PlaceId, depth: u8) -> Option<&'b str> {
        let record = self.record(id.0)?;
        if record[16] & 0x0f == Kind::Country as u8 {
            let end = three(record, 12);
            return Some(text(self.bytes(Table::Labels), end.checked_sub(2)?, end));
        }
        let parent = u16::from_le_bytes([record[10], record[11]]);
        // Three levels; a file that leads in circles ends here too.
        (parent != NONE && depth < 3)
            .then(|| self.country(PlaceId(parent.into()), depth + 1))?
    }

    /// The numbers of the places with the folded name `key`.
    pub(crate) fn places_named(
        &self,
        key: &str,
    ) -> impl Iterator<Item = (u32, NameKind)> + use<'b> {
        let [names, keys] = [self.bytes(Table::Names), self.bytes(Table::Keys)];
        let end = |name: usize, column: usize| match name.checked_sub(1) {
            Some(before) => three(names, before * NAME + column),
            None => 0,
        };
        // Texts are in the order of their bytes.
        let key = key.as_bytes();
        let at = |name: usize| {
            let key = keys.get(end(name, 0) as usize..end(name + 1, 0) as usize);
            key.unwrap_or_default()
        };
        let (mut low, mut high) = (0, self.len(Table::Names));
        while low < high {
            let middle = (low + high) / 2;
            if at(middle) < key { low = middle + 1 } else { high = middle }
        }
        let is_there = low < self.len(Table::Names) && at(low) == key;
        let numbers = match is_there && !key.is_empty() {
            true => end(low, 3)..end(low + 1, 3),
            false => 0..0,
        };
        let table = self.bytes(Table::Numbers);
        numbers.filter_map(move |row| {
            let number = three(table, row as usize * NUMBER);
            let kind = *NameKind::ALL.get((number >> 22) as usize)?;
            Some((number & 0x3f_ffff, kind))
        })
    }
}

/// A place to be written into a gazetteer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What sort of place.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Other names.
    pub alternates: Vec<String>,
    /// What belongs to it or comes from it.
    pub demonyms: Vec<String>,
    /// ISO 3166-1 alpha-2; of countries only, the others have it from their parents.
    pub code: Option<[u8; 2]>,
    /// The place of the smallest division that it is a part of, among the entries before it.
    pub parent: Option<usize>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// People who live there; 0 where that is not known.
    pub population: u32,
    /// Whether the government of its country sits there.
    pub is_capital: bool,
    /// Its number at GeoNames.
    pub geonames: Option<u32>,
}

/// Writes a gazetteer. Parents must be among the first 65,535 entries.
///
/// # Errors
///
/// When there are more places or longer names than the format has room for.
pub fn encode(entries: &[Entry]) -> Result<Vec<u8>, String> {
    let mut tables: [Vec<u8>; TABLES] = Default::default();
    let mut named: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let room = |n: usize, bits: u32| {
            let n = u32::try_from(n).ok().filter(|n| *n < 1 << bits);
            n.ok_or_else(|| format!("no room for {:?}", entry.name))
        };
        let number = room(number, 22)?;
        let text = &mut tables[Table::Labels as usize];
        text.extend(entry.code.iter().flatten());
        let label = match labels.get(entry.name.as_str()) {
            Some(label) if entry.code.is_none() => *label,
            _ => {
                let label = text.len();
                text.extend(entry.name.as_bytes());
                *labels.entry(&entry.name).insert_entry(label).get()
            }
        };
        let parent = match entry.parent {
            Some(parent) => room(parent, 16)? as u16,
            None => NONE,
        };
        let part = |degrees: f64| ((degrees + 180.0) / 360.0 * CIRCLE).round() as u32;
        let power = match entry.population {
            0 => 0,
            n => (f64::from(n).log2() * 4.0).round() as u8 + 1,
        };
        let geonames = room(entry.geonames.unwrap_or(0) as usize, 24)?;
        let places = &mut tables[Table::Places as usize];
        places.extend(&geonames.to_le_bytes()[..3]);
        places.extend(&part(entry.lat).min(0xff_ffff).to_le_bytes()[..3]);
        places.extend(&part(entry.lon).min(0xff_ffff).to_le_bytes()[..3]);
        places.push(power);
        places.extend(parent.to_le_bytes());
        places.extend(&room(label, 24)?.to_le_bytes()[..3]);
        places.push(room(entry.name.len(), 8)? as u8);
        places.push(entry.kind as u8 | u8::from(entry.is_capital) << 7);
        let all = [
            (NameKind::Main, std::slice::from_ref(&entry.name)),
            (NameKind::Alternate, &entry.alternates[..]),
            (NameKind::Demonym, &entry.demonyms[..]),
        ];
        for (kind, names) in all {
            for name in names {
                let numbers = named.entry(fold(name)).or_default();
                if numbers.iter().all(|n| n & 0x3f_ffff != number) {
                    numbers.push(number | (kind as u32) << 22);
                }
            }
        }
    }
    named.remove("");
    let [_, _, names, keys, numbers] = &mut tables;
    for (key, places) in &named {
        keys.extend(key.as_bytes());
        numbers.extend(places.iter().flat_map(|n| n.to_le_bytes().into_iter().take(3)));
        for end in [keys.len(), numbers.len() / NUMBER] {
            let end = u32::try_from(end).ok().filter(|end| *end < 1 << 24);
            let end = end.ok_or_else(|| "too many names".to_owned())?;
            names.extend(&end.to_le_bytes()[..3]);
        }
    }
    let mut file = MAGIC.to_vec();
    for table in &tables {
        let size = u32::try_from(table.len()).map_err(|e| e.to_string())?;
        file.extend(size.to_le_bytes());
    }
    file.extend(tables.concat());
    Ok(file)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Gazetteer;

    fn entry() -> impl Strategy<Value = Entry> {
        let words = || prop::collection::vec("[A-Za-zäöü' .-]{1,12}", 0..3);
        let numbers = (any::<bool>(), any::<u32>(), prop::option::of(1u32..1 << 24));
        let kind = prop::sample::select(&Kind::ALL[..]);
        let point = (-90.0..90.0, -180.0..179.9);
        (kind, "[A-Za-zäöü]{1,12}", words(), words(), point, numbers).prop_map(
            |(kind, name, alternates, demonyms, (lat, lon), numbers)| {
                let (is_capital, population, geonames) = numbers;
                let code = (kind == Kind::Country).then_some(*b"ZZ");
                Entry {
                    kind,
                    name,
                    alternates,
                    demonyms,
                    code,
                    parent: None,
                    lat,
                    lon,
                    population,
                    is_capital,
                    geonames,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(entries in prop::collection::vec(entry(), 0..20)) {
            let bytes = encode(&entries).unwrap();
            let gazetteer = Gazetteer::read(&bytes).unwrap();
            prop_assert_eq!(gazetteer.len(), entries.len());
            for (number, entry) in entries.iter().enumerate() {
                let place = gazetteer.place(PlaceId(number as u32)).unwrap();
                prop_assert_eq!(place.name, &entry.name);
                prop_assert_eq!((place.kind, place.is_capital), (entry.kind, entry.is_capital));
                prop_assert_eq!(place.geonames, entry.geonames);
                prop_assert_eq!(place.country, entry.code.map(|_| "ZZ"));
                prop_assert!((place.lat - entry.lat).abs() < 1e-4);
                prop_assert!((place.lon - entry.lon).abs() < 1e-4);
                let told = f64::from(place.population) - f64::from(entry.population);
                prop_assert!(told.abs() <= f64::from(entry.population) * 0.1 + 0.5);
                let found = |name: &str| gazetteer.find(name).any(|f| f.place.id == place.id);
                prop_assert!(found(&entry.name));
                let others = entry.alternates.iter().chain(&entry.demonyms);
                prop_assert!(others.filter(|n| !fold(n).is_empty()).all(|n| found(n)));
            }
        }

        #[test]
        fn damaged_files_are_refused_or_read(
            entries in prop::collection::vec(entry(), 1..6),
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = encode(&entries).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(bytes.len() - cut.index(3));
            if let Ok(gazetteer) = Gazetteer::read(&bytes) {
                for entry in &entries {
                    for found in gazetteer.find(&entry.name) {
                        let _ = gazetteer.divisions(&found.place).count();
                    }
                }
            }
        }
    }
}
