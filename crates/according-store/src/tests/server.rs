//! A PostgreSQL server for the tests, thrown away at the end.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Address;
use crate::db::Db;

/// Where a server is found whose corpora may be thrown away. Without it the tests start one,
/// where PostgreSQL 15 or later is installed as Debian does.
const SERVER: &str = "ACCORDING_TEST_POSTGRES";

/// The address of a schema of its own on the server, which holds nothing, and the server's.
pub(super) fn empty() -> Address {
    static N: AtomicU32 = AtomicU32::new(0);
    let n = N.fetch_add(1, Ordering::Relaxed);
    let schema = format!("t{}_{n}", std::process::id());
    let server = server().unwrap();
    admin().run(&format!("CREATE SCHEMA {schema}")).unwrap();
    let sign = if server.contains('?') { '&' } else { '?' };
    Address::from(format!("{server}{sign}options=-csearch_path%3D{schema}").as_str())
}

/// A connection of its own.
pub(super) fn admin() -> Db {
    Db::open(&Address::from(server().unwrap().as_str()), false).unwrap()
}

#[allow(clippy::print_stderr, reason = "whoever runs the tests is to know")]
/// The server's address, or `None` where there is none, which is said.
pub(super) fn server() -> Option<&'static String> {
    static ADDRESS: OnceLock<Option<String>> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| {
        let given = std::env::var(SERVER).ok();
        given.or_else(|| is_installed().then(start)).or_else(|| {
            eprintln!("PostgreSQL is not installed: nothing is tried on a server");
            None
        })
    });
    address.as_ref()
}

fn is_installed() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions = versions
        .filter_map(|version| version.ok()?.file_name().to_str()?.parse::<u32>().ok());
    versions.any(|version| version >= 15)
}

fn start() -> String {
    // Free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut watch = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres"))
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(watch.stdout.take().unwrap()).read_line(&mut address).unwrap();
    assert!(address.starts_with("postgres://"), "the server does not start");
    // Its standard input ends with this program.
    std::mem::forget(watch);
    address.trim_end().to_owned()
}
