//! What time it is. Nothing else here asks.

use std::time::{SystemTime, UNIX_EPOCH};

use according::Day;

/// This moment in UTC, ISO 8601.
pub(crate) fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    moment(since.as_secs())
}

fn moment(seconds: u64) -> String {
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let day = i64::try_from(days).ok().and_then(Day::from_number);
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{day}T{hours:02}:{minutes:02}:{:02}Z", seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_iso_8601_does() {
        assert_eq!(moment(0), "1970-01-01T00:00:00Z");
        assert_eq!(moment(1_709_643_909), "2024-03-05T13:05:09Z");
    }
}
