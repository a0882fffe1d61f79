//! What analysts say of names: whose they are, and how reliable an outlet is.

use std::collections::BTreeSet;

use according_corpus::correction::{Act, Correction, Grade};
use according_corpus::format::Corrected;
use according_corpus::publisher::canonical;
use according_store::{Error, Store};

/// Corrections of names and outlets that hold, in order.
pub(crate) struct Names(Vec<Correction>);

impl Names {
    pub(crate) fn read(store: &Store) -> Result<Self, Error> {
        let all = store.corrections()?.into_iter().filter(|listed| listed.holds);
        let all = all.map(|listed| listed.correction).filter(|correction| {
            matches!(
                correction.act,
                Act::MergeSources { .. }
                    | Act::SplitSource { .. }
                    | Act::Reliability { .. }
            )
        });
        Ok(Self(all.collect()))
    }

    /// Other names of somebody, each with the correction that says so.
    pub(crate) fn also(&self, name: &str) -> Vec<(String, u32)> {
        let mut found = Vec::new();
        let mut known = BTreeSet::from([name.to_owned()]);
        for Correction { number, act, .. } in self.0.iter().rev() {
            let Act::MergeSources { names, .. } = act else { continue };
            if names.iter().any(|other| known.contains(other)) {
                let new = names.iter().filter(|other| known.insert((*other).clone()));
                found.extend(new.map(|other| (other.clone(), *number)));
            }
        }
        found
    }

    /// Corrections that are about a name.
    pub(crate) fn about(&self, name: &str) -> Vec<Corrected> {
        let is_about = |correction: &&Correction| match &correction.act {
            Act::MergeSources { names, .. } => names.iter().any(|other| other == name),
            Act::SplitSource { name: other, called, .. } => {
                other == name || called == name
            }
            _ => false,
        };
        self.0.iter().filter(is_about).map(Corrected::new).collect()
    }

    /// How reliable an outlet is that others rely on.
    pub(crate) fn grade(&self, kind: &str, name: &str) -> Option<Grade> {
        let key = |name: &str| canonical(name).to_lowercase();
        let mut latest = self.0.iter().rev().filter(|_| kind == "media");
        latest.find_map(|correction| match &correction.act {
            Act::Reliability { outlet, grade } if key(outlet) == key(name) => {
                Some(*grade)
            }
            _ => None,
        })
    }
}
