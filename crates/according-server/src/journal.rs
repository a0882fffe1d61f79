//! A line of JSON on standard error for each request.

use std::io::Write as _;
use std::time::{Duration, SystemTime};

/// Tells of a request. Its query is left out: what people look for is theirs.
pub(crate) fn tell(method: &str, path: &str, status: u16, took: Duration) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let line = serde_json::json!({
        "time": now.unwrap_or_default().as_millis() as u64,
        "method": method,
        "path": path,
        "status": status,
        "ms": (took.as_secs_f64() * 1e4).round() / 10.0,
    });
    // Nobody may be listening.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
