//! Places of the world by name, offline: countries and their subdivisions, towns of a
//! thousand inhabitants and more, well-known regions, seas, rivers and mountains.
//!
//! ```
//! let world = according_gazetteer::world();
//! let paris = world.find("Paris").map(|found| found.place).max_by_key(|p| p.population);
//! assert_eq!(paris.and_then(|p| p.country), Some("FR"));
//! ```
//!
//! The data are read in place from one array of bytes, so that opening costs nothing and only
//! what is looked up is touched. They come from [GeoNames] (CC BY 4.0), joined with lists of
//! our own; `data/README.md` tells which.
//!
//! [GeoNames]: https://www.geonames.org

mod fold;
mod format;

use std::fmt;
use std::sync::LazyLock;

pub use fold::fold;
pub use format::{Entry, encode};
use format::{Table, Tables};

/// The gazetteer that comes with this crate.
///
/// # Panics
///
/// Never: a test reads the same bytes.
pub fn world() -> &'static Gazetteer<'static> {
    static WORLD: LazyLock<Gazetteer<'static>> = LazyLock::new(|| {
        Gazetteer::read(include_bytes!("../data/world.gazetteer"))
            .expect("the gazetteer that comes with the program is whole")
    });
    &WORLD
}

/// Places, found by their names.
#[derive(Debug)]
pub struct Gazetteer<'b> {
    tables: Tables<'b>,
}

/// Why bytes are no gazetteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(&'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a gazetteer that can be read: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

/// The number of a place in its gazetteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32);

/// What sort of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A country or dependent territory with a code of its own.
    Country,
    /// A subdivision of the first level: state, province.
    Admin1,
    /// A subdivision of the second level: county, district.
    Admin2,
    /// A city, town or village.
    City,
    /// A sea, lake, river or strait.
    Water,
    /// A mountain or a range.
    Mountain,
    /// A region without a government of its own: "Middle East".
    Region,
    /// A building, an airport, a square.
    Facility,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Country,
        Self::Admin1,
        Self::Admin2,
        Self::City,
        Self::Water,
        Self::Mountain,
        Self::Region,
        Self::Facility,
    ];
}

/// What a name is to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// Its name in the gazetteer.
    Main,
    /// Another name of it: in another language or spelling, or an abbreviation.
    Alternate,
    /// What belongs to it or comes from it: "French", "Parisian".
    Demonym,
}

impl NameKind {
    const ALL: [Self; 3] = [Self::Main, Self::Alternate, Self::Demonym];
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'b> {
    /// Its number.
    pub id: PlaceId,
    /// Its name.
    pub name: &'b str,
    /// What sort of place.
    pub kind: Kind,
    /// ISO 3166-1 alpha-2; none for what lies in several countries or in none.
    pub country: Option<&'b str>,
    /// The smallest division it is a part of.
    pub parent: Option<PlaceId>,
    /// Degrees north, to about a ten-thousandth.
    pub lat: f64,
    /// Degrees east, to about a ten-thousandth.
    pub lon: f64,
    /// People who live there, to about a tenth; 0 where nobody says or nobody does.
    pub population: u32,
    /// Whether the government of its country sits there.
    pub is_capital: bool,
    /// Its number at GeoNames.
    pub geonames: Option<u32>,
}

impl Place<'_> {
    /// Kilometres to another along the surface of the earth, taken for a ball (haversine).
    pub fn kilometres_to(&self, other: &Place<'_>) -> f64 {
        let [a, b] = [self.lat.to_radians(), other.lat.to_radians()];
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let chord =
            half(other.lat - self.lat) + a.cos() * b.cos() * half(other.lon - self.lon);
        12_742.0 * chord.sqrt().min(1.0).asin()
    }
}

/// A place that bears a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<'b> {
    /// The place.
    pub place: Place<'b>,
    /// What the name is to it.
    pub name: NameKind,
}

impl<'b> Gazetteer<'b> {
    /// Reads a gazetteer in the format of this crate.
    ///
    /// # Errors
    ///
    /// When the bytes are no such file, of another version, or not all there.
    pub fn read(bytes: &'b [u8]) -> Result<Self, Malformed> {
        Ok(Self { tables: Tables::read(bytes)? })
    }

    /// The places that bear `name`; letter case, accents and most punctuation do not matter.
    pub fn find(&self, name: &str) -> impl Iterator<Item = Found<'b>> {
        let numbers = self.tables.places_named(&fold(name));
        numbers.filter_map(|(number, name)| {
            Some(Found { place: self.place(PlaceId(number))?, name })
        })
    }

    /// A place by its number; none for a number of another gazetteer.
    pub fn place(&self, id: PlaceId) -> Option<Place<'b>> {
        self.tables.place(id)
    }

    /// The divisions a place is a part of, the smallest first.
    pub fn divisions(&self, place: &Place<'b>) -> impl Iterator<Item = Place<'b>> {
        let mut parent = place.parent;
        // Three levels; a file that leads in circles ends here too.
        let up = move || {
            let place = self.place(parent?)?;
            parent = place.parent;
            Some(place)
        };
        std::iter::from_fn(up).take(3)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.tables.len(Table::Places)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, country: &str) -> Place<'static> {
        let found = world().find(name).filter(|f| f.place.country == Some(country));
        found.map(|f| f.place).max_by_key(|p| p.population).unwrap()
    }

    #[test]
    fn towns_lie_in_their_divisions() {
        let town = named("Hyesan", "KP");
        assert_eq!((town.kind, town.name), (Kind::City, "Hyesan"));
        assert!(
            (town.lat - 41.4017).abs() < 0.001 && (town.lon - 128.1778).abs() < 0.001
        );
        let up: Vec<&str> = world().divisions(&town).map(|p| p.name).collect();
        assert_eq!(up, ["Ryanggang", "North Korea"]);
    }

    #[test]
    fn names_are_found_in_any_spelling() {
        for name in ["São Paulo", "Sao Paulo", "SAO PAULO", "são paulo"] {
            assert_eq!(named(name, "BR").name, "São Paulo", "{name}");
        }
        for name in ["U.S.", "US", "United States", "the States", "America"] {
            let found = world().find(name).any(|f| f.place.name == "United States");
            assert!(found, "{name}");
        }
        assert_eq!(named("B.C.", "CA").name, "British Columbia");
        assert_eq!(world().find("no such place").count(), 0);
        assert_eq!(world().find("").count(), 0);
    }

    #[test]
    fn demonyms_are_told_from_names() {
        let french: Vec<_> = world().find("French").collect();
        assert!(french.iter().any(|f| f.name == NameKind::Demonym
            && f.place.country == Some("FR")
            && f.place.kind == Kind::Country));
    }

    #[test]
    fn distances_are_those_of_an_atlas() {
        let distance = named("London", "GB").kilometres_to(&named("Paris", "FR"));
        assert!((distance - 344.0).abs() < 3.0, "{distance}");
    }
}
