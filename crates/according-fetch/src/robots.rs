//! What a site lets programs fetch: `robots.txt`, by RFC 9309.

/// So many bytes of a file are read, as the RFC asks for at least.
pub(crate) const MOST: usize = 512 << 10;

/// The rules of a site for one program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    /// Patterns and whether what they match may be fetched.
    rules: Vec<(String, bool)>,
}

impl Robots {
    /// Reads the groups of a file that are meant for the program with this product token, or
    /// where there are none those for all programs.
    pub fn new(text: &str, token: &str) -> Self {
        let (mut own, mut general) = (None::<Vec<_>>, Vec::new());
        let (mut is_own, mut is_general, mut in_rules) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    // Several lines in a row begin one group.
                    if std::mem::take(&mut in_rules) {
                        (is_own, is_general) = (false, false);
                    }
                    let end =
                        value.find(|c: char| !is_of_token(c)).unwrap_or(value.len());
                    is_own |= value[..end].eq_ignore_ascii_case(token);
                    is_general |= value == "*";
                    if is_own {
                        own.get_or_insert_with(Vec::new);
                    }
                }
                key @ ("allow" | "disallow") => {
                    in_rules = true;
                    // An empty pattern matches nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = (value.to_owned(), key == "allow");
                    if let Some(own) = own.as_mut().filter(|_| is_own) {
                        own.push(rule.clone());
                    }
                    if is_general {
                        general.push(rule);
                    }
                }
                _ => {}
            }
        }
        Self { rules: own.unwrap_or(general) }
    }

    /// Whether a path with its query may be fetched: the longest pattern that matches
    /// decides, and of two as long the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = normal(path);
        let matching = self.rules.iter().filter_map(|(pattern, allows)| {
            let pattern = normal(pattern);
            matches(&pattern, &path).then_some((pattern.len(), *allows))
        });
        matching.max().is_none_or(|(_, allows)| allows)
    }
}

fn is_of_token(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '-' | '_')
}

/// With letters and digits that were escaped without need as they are, and all other escapes
/// in capitals.
fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let bytes = path.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let hex = bytes.get(i + 1..i + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[i], code) {
            (b'%', Some(c)) if c.is_ascii_alphanumeric() || b"-._~".contains(&c) => {
                normal.push(char::from(c));
                i += 3;
            }
            (b'%', Some(c)) => {
                normal.push_str(&format!("%{c:02X}"));
                i += 3;
            }
            (c, _) if c.is_ascii() => {
                normal.push(char::from(c));
                i += 1;
            }
            (c, _) => {
                normal.push_str(&format!("%{c:02X}"));
                i += 1;
            }
        }
    }
    normal
}

/// Whether a pattern with `*` for anything and `$` for the end matches the head of a path.
/// Takes time that grows with the product of their lengths at most.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let last = if is_whole { parts.pop() } else { None };
    for part in &parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    match last {
        Some(last) => rest.ends_with(last),
        None => !is_whole || rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_group_counts_and_else_that_for_all() {
        let text = "# all\nUser-agent: *\nDisallow: /private\n\nUser-Agent: other\n\
            user-agent: According/1.0\nDisallow: /x\nAllow: /x/y\nCrawl-delay: 5\n\
            User-agent: third\nDisallow: /";
        let own = Robots::new(text, "according");
        assert!(own.allows("/private/a") && !own.allows("/x") && own.allows("/x/y"));
        let general = Robots::new(text, "somebody");
        assert!(!general.allows("/private/a") && general.allows("/x"));
        assert!(Robots::new("", "according").allows("/"));
        assert!(Robots::new("User-agent: *\nDisallow:", "according").allows("/"));
        let closed = Robots::new("User-agent: *\nDisallow: /", "according");
        assert!(!closed.allows("/a") && closed.allows("/robots.txt"));
    }

    #[test]
    fn groups_of_one_program_are_joined() {
        let text = "user-agent: according\ndisallow: /a\nuser-agent: *\ndisallow: /b\n\
            user-agent: according\ndisallow: /c";
        let robots = Robots::new(text, "according");
        assert!(!robots.allows("/a") && robots.allows("/b") && !robots.allows("/c"));
    }

    #[test]
    fn patterns_match() {
        let allows = |pattern: &str, path: &str| {
            Robots::new(&format!("User-agent: *\nDisallow: {pattern}"), "x").allows(path)
        };
        for (pattern, path) in [
            ("/", "/anything"),
            ("/fish", "/fish.html"),
            ("/*.php", "/a/b.php?x"),
            ("/*.php$", "/a.php"),
            ("/a*b*c", "/a1b2c3"),
            ("/a%3cd", "/a%3Cd"),
            ("/%7Ejoe", "/~joe"),
            ("/ü", "/%C3%BC"),
        ] {
            assert!(!allows(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/fish", "/Fish"),
            ("/*.php$", "/a.php5"),
            ("/fish/", "/fish"),
            ("/$", "/a"),
        ] {
            assert!(allows(pattern, path), "{pattern} {path}");
        }
        let both = Robots::new("User-agent: *\nAllow: /a\nDisallow: /a", "x");
        assert!(both.allows("/a"));
        // A pattern made to be slow.
        assert!(allows(
            &format!("/{}b", "*a".repeat(2000)),
            &format!("/{}", "a".repeat(4000))
        ));
    }
}
