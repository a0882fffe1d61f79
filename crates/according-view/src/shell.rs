//! What every page has: its head, its look, its landmarks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

/// The one stylesheet.
pub const STYLE: &str = include_str!("style.css");

/// The one script. Every page can be read and used without it.
pub const SCRIPT: &str = include_str!("script.js");

/// A page that is a file of its own: style and script inside, and nothing else is let in.
pub(crate) fn alone(title: &str, more_style: &str, body: &Markup) -> String {
    let style = format!("{STYLE}{more_style}");
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; \
         form-action 'none'",
        source(&style),
        source(SCRIPT)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(style.as_str())) }
            }
            body {
                a.skip href="#story" { "Skip to the story" }
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// What a policy calls the bytes of a style or script.
pub(crate) fn source(content: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

/// Where a page of the app belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Looking for articles.
    Search,
    /// What several articles say.
    Claims,
    /// Who is relied on.
    Sources,
    /// When things were told.
    Timeline,
    /// Where.
    Map,
    /// Checking and setting right.
    Review,
    /// Adding articles.
    Add,
    /// None of these.
    Elsewhere,
}

const MENU: [(Place, &str, &str); 7] = [
    (Place::Search, "/", "Search"),
    (Place::Claims, "/claims", "Claims"),
    (Place::Sources, "/sources", "Sources"),
    (Place::Timeline, "/timeline", "Timeline"),
    (Place::Map, "/map", "Map"),
    (Place::Review, "/review", "Review"),
    (Place::Add, "/add", "Add"),
];

/// A page of the app. Style and script come from the server, under names that change with
/// them; `more_style` is what [`style_source`] allows.
pub(crate) fn served(
    title: &str,
    place: Place,
    more_style: &str,
    body: &Markup,
) -> String {
    served_with(title, place, Head { more_style, refresh: false }, body)
}

/// What the head of a page has besides.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head<'h> {
    /// A style of its own.
    pub(crate) more_style: &'h str,
    /// Whether it is loaded anew every second where there is no script.
    pub(crate) refresh: bool,
}

/// The same, with more in its head.
pub(crate) fn served_with(
    title: &str,
    place: Place,
    Head { more_style, refresh }: Head<'_>,
    body: &Markup,
) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · According" }
                @if refresh { noscript { meta http-equiv="refresh" content="1"; } }
                link rel="stylesheet" href=(style_path());
                @if !more_style.is_empty() { style { (PreEscaped(more_style)) } }
                script defer src=(script_path()) {}
            }
            body {
                a.skip href={ "#" (if body.0.contains("id=\"story\"") { "story" } else { "main" }) } {
                    "Skip to the content"
                }
                header.top {
                    p.brand { a href="/" { "According" } }
                    nav aria-label="Pages" {
                        ul {
                            @for (there, path, name) in MENU {
                                li { a href=(path) aria-current=[(there == place).then_some("page")] { (name) } }
                            }
                        }
                    }
                }
                (body)
            }
        }
    };
    page.into_string()
}

/// Where the stylesheet is.
pub fn style_path() -> String {
    format!("/assets/style-{}.css", short(STYLE))
}

/// Where the script is.
pub fn script_path() -> String {
    format!("/assets/script-{}.js", short(SCRIPT))
}

/// What a content security policy calls a style that stands in a page.
pub fn style_source(style: &str) -> String {
    source(style)
}

fn short(content: &str) -> String {
    let digest = Sha256::digest(content);
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
