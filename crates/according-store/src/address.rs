//! Where a corpus is: in a file, or on a server.

use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::db::{Failure, Result};

/// How long to wait for a server to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a corpus is: a file, or a database on a PostgreSQL server, `postgres://…`.
///
/// It is printed without what it has of passwords.
#[derive(Clone)]
pub struct Address(pub(crate) Place);

#[derive(Clone)]
pub(crate) enum Place {
    File(PathBuf),
    Server(ServerAddress),
}

impl Address {
    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Place::File(file) => Some(file),
            Place::Server(_) => None,
        }
    }
}

#[cfg(test)]
impl Address {
    /// As it was given, with what it has of passwords.
    pub(crate) fn text(&self) -> String {
        match &self.0 {
            Place::File(file) => file.display().to_string(),
            Place::Server(server) => server.text.clone(),
        }
    }
}

impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        match path.to_str() {
            Some(text) if is_server(text) => {
                Self(Place::Server(ServerAddress { text: text.to_owned() }))
            }
            _ => Self(Place::File(path)),
        }
    }
}

impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self::from(path.to_owned())
    }
}

impl From<&PathBuf> for Address {
    fn from(path: &PathBuf) -> Self {
        Self::from(path.clone())
    }
}

impl From<OsString> for Address {
    fn from(text: OsString) -> Self {
        Self::from(PathBuf::from(text))
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self::from(PathBuf::from(text))
    }
}

impl From<&Self> for Address {
    fn from(address: &Self) -> Self {
        address.clone()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(file) => file.display().fmt(f),
            Place::Server(server) => server.fmt(f),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

fn is_server(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// A database on a server, as `postgres://` addresses have it.
#[derive(Clone)]
pub(crate) struct ServerAddress {
    text: String,
}

/// Host, port and database: no user, and nothing that follows, both of which may hold
/// passwords.
impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.text.split_once("://").unwrap_or_default();
        let (before, after) = rest.split_once('?').unwrap_or((rest, ""));
        // A question mark may be part of a password that should have been escaped.
        let shown = match after.contains('@') {
            true => "…",
            false => before.rsplit_once('@').map_or(before, |(_, shown)| shown),
        };
        write!(f, "{scheme}://{shown}")
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// What an address says of encryption, which the client knows only in part.
#[derive(Debug, Default, PartialEq, Eq)]
struct Encryption {
    mode: Option<String>,
    roots: Option<PathBuf>,
}

impl ServerAddress {
    /// Logs in.
    pub(crate) async fn connect(&self) -> Result<Client> {
        let (mut config, encryption) = self.parsed()?;
        config.application_name("according");
        config.connect_timeout(PATIENCE);
        // An address shows in lists of processes: its password may be told otherwise.
        if config.get_password().is_none()
            && let Ok(password) = std::env::var("PGPASSWORD")
        {
            config.password(password);
        }
        let is_near = config.get_hosts().iter().all(is_near);
        let is_plain = match encryption.mode.as_deref() {
            Some("disable") => true,
            None | Some("allow" | "prefer") => is_near,
            Some("require" | "verify-ca" | "verify-full") => false,
            Some(other) => {
                let what = format!("sslmode={other} is none of disable, prefer, require");
                return Err(Failure::Address(what));
            }
        };
        if is_plain {
            config.ssl_mode(SslMode::Disable);
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            return Ok(client);
        }
        config.ssl_mode(SslMode::Require);
        let tls = MakeRustlsConnect::new(encryption.client()?);
        let (client, connection) = config.connect(tls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    fn parsed(&self) -> Result<(Config, Encryption)> {
        let (base, query) = self.text.split_once('?').unwrap_or((&self.text, ""));
        let mut encryption = Encryption::default();
        let mut left = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", mode)) => encryption.mode = Some(mode.to_owned()),
                Some(("sslrootcert", file)) => {
                    let file = percent_encoding::percent_decode_str(file);
                    let file = file.decode_utf8_lossy();
                    encryption.roots = Some(PathBuf::from(file.as_ref()));
                }
                _ => left.push(part),
            }
        }
        // What is wrong with it is not told by the parser without quoting from it.
        let whole = format!("{base}?{}", left.join("&"));
        let config = whole.trim_end_matches('?').parse::<Config>();
        let what = "it is no address such as postgres://user@host:5432/database";
        let config = config.map_err(|_| Failure::Address(what.to_owned()))?;
        if config.get_hosts().is_empty() {
            return Err(Failure::Address("it names no host".to_owned()));
        }
        Ok((config, encryption))
    }
}

impl Encryption {
    /// Encrypts, and wants the server's certificate to be for its name and signed by
    /// somebody trusted: encryption that anybody may answer protects from nobody.
    fn client(&self) -> Result<ClientConfig> {
        let mut roots = RootCertStore::empty();
        match &self.roots {
            Some(file) => {
                let bad = |error: String| {
                    Failure::Address(format!("sslrootcert {}: {error}", file.display()))
                };
                let found = CertificateDer::pem_file_iter(file);
                for root in found.map_err(|error| bad(error.to_string()))? {
                    let root = root.map_err(|error| bad(error.to_string()))?;
                    roots.add(root).map_err(|error| bad(error.to_string()))?;
                }
                if roots.is_empty() {
                    return Err(bad("it holds no certificate".to_owned()));
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Address(error.to_string()))?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }
}

/// Whether a host is this machine, to which nobody else listens.
fn is_near(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        for (address, shown) in [
            ("postgres://ana:s3cret@db.example/news", "postgres://db.example/news"),
            ("postgres://ana:p@ss@db.example:99/n", "postgres://db.example:99/n"),
            ("postgresql:///news?password=s3cret&host=/run", "postgresql:///news"),
            ("postgresql:///news?password=s3@cret", "postgresql://…"),
            ("postgres://ana:s3?cret@db.example/news", "postgres://…"),
            ("news.db", "news.db"),
        ] {
            let address = Address::from(address);
            assert_eq!(address.to_string(), shown);
            assert_eq!(format!("{address:?}"), format!("Address({shown})"));
        }
    }

    #[test]
    fn what_is_said_of_encryption_is_ours() {
        let text = "postgres://db/n?sslmode=verify-full&sslrootcert=%2Fa%20b&user=ana";
        let (config, encryption) =
            ServerAddress { text: text.to_owned() }.parsed().unwrap();
        assert_eq!(config.get_user(), Some("ana"));
        let roots = Some(PathBuf::from("/a b"));
        assert_eq!(encryption, Encryption { mode: Some("verify-full".into()), roots });
    }
}
