//! A corpus through its life. Reports are made by hand: no pipeline is needed.

mod alert;
mod both;
mod correct;
mod made;
mod order;
mod safety;
mod server;

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Address, Recent};

thread_local! {
    /// Whether corpora are on a server.
    static ON_SERVER: Cell<bool> = const { Cell::new(false) };
}

/// Tells a test to both databases: to a file, and to a server where there is one.
fn on_both(test: impl Fn()) {
    test();
    if server::server().is_some() {
        ON_SERVER.set(true);
        test();
        ON_SERVER.set(false);
    }
}

/// A folder that is gone at the end of the test.
struct Folder(PathBuf, OnceCell<Address>);

impl Folder {
    fn new() -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let n = N.fetch_add(1, Ordering::Relaxed);
        let name = format!("according-store-{}-{n}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path, OnceCell::new())
    }

    fn file(&self) -> PathBuf {
        self.0.join("corpus.db")
    }

    /// A corpus that is the folder's, in the database that is tried.
    fn corpus(&self) -> Address {
        match ON_SERVER.get() {
            false => Address::from(self.file()),
            true => self.1.get_or_init(server::empty).clone(),
        }
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_latest_are_kept() {
    let mut recent = Recent::new(3);
    for round in 0..50_i64 {
        for id in 0..4 {
            recent.put(id, Arc::new(round));
        }
        // Put here anew, one is the latest again.
        recent.remove(1);
        recent.put(1, Arc::new(-round));
        recent.put(9, Arc::new(round));
        let here = |id| recent.get(id).map(|value| *value);
        assert_eq!([here(1), here(9), here(2)], [Some(-round), Some(round), None]);
        assert!(recent.values.len() <= 3 && recent.order.len() <= 6);
    }
    recent.clear();
    assert!(recent.get(1).is_none() && recent.order.is_empty());
}
