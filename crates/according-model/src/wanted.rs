//! Which pipeline is meant.

use std::path::Path;

use crate::{Error, Files, Installed, Known, Store};

/// A pipeline that was asked for.
#[derive(Debug)]
pub enum Wanted {
    /// It is on this machine.
    Here(Files),
    /// It is not, and can be fetched: [`Store::install`].
    Known(&'static Known),
}

impl Wanted {
    /// The pipeline at the path `name`, or else the one that goes by that name; without a
    /// name the medium one, or the only one that is installed.
    ///
    /// # Errors
    ///
    /// When there is none of that name to be had, or it cannot be opened.
    pub fn find(name: Option<&str>) -> Result<Self, Error> {
        let store = Store::of_user;
        let Some(name) = name else {
            return match default_of(&store()?)? {
                Some(installed) => Ok(Self::Here(installed.open()?)),
                None => Ok(Self::Known(Known::default_pipeline())),
            };
        };
        if Path::new(name).exists() {
            return Ok(Self::Here(Files::open(Path::new(name))?));
        }
        if let Some(installed) = store()?.find(name)? {
            return Ok(Self::Here(installed.open()?));
        }
        Known::by_name(name).map(Self::Known).ok_or_else(|| {
            Error::new(format!(
                "there is no pipeline called '{name}', and no such file or folder"
            ))
            .hint(
                "'according model list' shows what is installed; 'md' and 'sm' can be \
                 fetched",
            )
        })
    }
}

/// The medium pipeline when it is there, else the only one that is.
fn default_of(store: &Store) -> Result<Option<Installed>, Error> {
    if let Some(installed) = store.find(Known::default_pipeline().name)? {
        return Ok(Some(installed));
    }
    let mut all = store.list()?;
    Ok(if all.len() == 1 { all.pop() } else { None })
}
