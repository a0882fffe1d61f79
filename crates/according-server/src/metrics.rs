//! What the server did, in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets, in seconds.
const BOUNDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<BTreeMap<(String, u16), Count>>);

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    requests: u64,
    seconds: f64,
    buckets: [u64; BOUNDS.len()],
}

impl Metrics {
    /// Counts a request. `route` is its pattern and not its path, so that there are few.
    pub(crate) fn count(&self, route: &str, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((route.to_owned(), status)).or_default();
        count.requests += 1;
        count.seconds += seconds;
        for (bucket, bound) in count.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    pub(crate) fn text(&self, articles: u64) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::from(
            "# HELP according_request_seconds How long requests took.\n\
             # TYPE according_request_seconds histogram\n",
        );
        for ((route, status), count) in counts {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            for (bound, n) in BOUNDS.iter().zip(count.buckets) {
                let _ = writeln!(
                    text,
                    "according_request_seconds_bucket{{{labels},le=\"{bound}\"}} {n}"
                );
            }
            let (n, seconds) = (count.requests, count.seconds);
            let _ = write!(
                text,
                "according_request_seconds_bucket{{{labels},le=\"+Inf\"}} {n}\n\
                 according_request_seconds_sum{{{labels}}} {seconds:.6}\n\
                 according_request_seconds_count{{{labels}}} {n}\n"
            );
        }
        let _ = write!(
            text,
            "# HELP according_articles Articles in the corpus.\n\
             # TYPE according_articles gauge\naccording_articles {articles}\n"
        );
        text
    }
}
