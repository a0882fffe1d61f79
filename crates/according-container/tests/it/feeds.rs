use according_container::Media;

use crate::make::{all, places, text, whole};

#[test]
fn rss_tells_what_it_knows_of_each_item() {
    let feed = r#"<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Example Herald</title><link>https://herald.example/</link>
<image><title>Logo</title></image>
<item>
  <title><![CDATA[Harbour &amp; ferry closed]]></title>
  <link>https://herald.example/1</link>
  <guid isPermaLink="false">h-1</guid>
  <pubDate>Tue, 05 Mar 2024 10:00:00 +0100</pubDate>
  <dc:creator>Anna Roe</dc:creator>
  <source url="https://wire.example/feed">Meridian Wire</source>
  <description>Short.</description>
  <content:encoded><![CDATA[<p>It snowed &amp; <i>snowed</i>.</p>]]></content:encoded>
</item>
<item>
  <title>Caf&#233; opens</title><guid>https://herald.example/2</guid>
  <author>desk@herald.example (Ben Poe)</author>
  <atom:source><atom:title>Lenz Courier</atom:title></atom:source>
  <description>The caf&amp;eacute; &amp;amp; bar opened.</description>
</item>
</channel></rss>"#;
    let found = whole("today.xml", feed);
    let first = &found[0];
    assert_eq!(first.place.to_string(), "today.xml#item=1");
    assert_eq!(first.id.as_deref(), Some("h-1"));
    assert_eq!(first.title.as_deref(), Some("Harbour & ferry closed"));
    assert_eq!(first.url.as_deref(), Some("https://herald.example/1"));
    assert_eq!(first.outlet.as_deref(), Some("Example Herald"));
    assert_eq!(first.via.as_deref(), Some("Meridian Wire"));
    assert_eq!(first.byline, ["Anna Roe"]);
    assert_eq!(first.published.as_deref(), Some("2024-03-05T10:00:00+01:00"));
    assert_eq!(first.body.media, Media::Html);
    assert_eq!(text(first), "<p>It snowed &amp; <i>snowed</i>.</p>");
    let second = &found[1];
    assert_eq!(second.body.media, Media::Text);
    assert_eq!(text(second), "Café opens\n\nThe café & bar opened.");
    assert_eq!(second.byline, ["Ben Poe"]);
    assert_eq!(second.url.as_deref(), Some("https://herald.example/2"));
    assert_eq!(second.via.as_deref(), Some("Lenz Courier"));
    assert_eq!(second.published, None);
}

#[test]
fn atom_in_any_prefix_and_encoding() {
    let feed = |p: &str| {
        let feed = format!(
            r#"<?xml version="1.0" encoding="iso-8859-1"?>
<{p}feed xmlns="http://www.w3.org/2005/Atom" xmlns:a="http://www.w3.org/2005/Atom">
<{p}title>Lenz Courier</{p}title><{p}author><{p}name>Desk</{p}name></{p}author>
<{p}entry><{p}id>tag:1</{p}id><{p}title type="html">Fjord &amp;amp; hill</{p}title>
<{p}link rel="self" href="x"/><{p}link href="https://lenz.example/1"/>
<{p}published>2024-03-05T09:00:00Z</{p}published><{p}updated>2024-03-06T09:00:00Z</{p}updated>
<{p}source><{p}id>s</{p}id><{p}title>Meridian Wire</{p}title></{p}source>
<{p}content type="xhtml"><div><p>Snow in Røros.</p></div></{p}content></{p}entry>
</{p}feed>"#
        );
        encoding_rs::WINDOWS_1252.encode(&feed).0.into_owned()
    };
    for prefix in ["", "a:"] {
        let found = whole("f", feed(prefix));
        let [entry] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(entry.title.as_deref(), Some("Fjord & hill"));
        assert_eq!(entry.outlet.as_deref(), Some("Lenz Courier"));
        assert_eq!(entry.byline, ["Desk"]);
        assert_eq!(entry.url.as_deref(), Some("https://lenz.example/1"));
        assert_eq!(entry.via.as_deref(), Some("Meridian Wire"));
        assert_eq!(entry.published.as_deref(), Some("2024-03-05T09:00:00Z"));
        assert_eq!(text(entry), "<div><p>Snow in Røros.</p></div>");
    }
}

#[test]
fn json_feed_is_a_feed() {
    let feed = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Example Herald",
      "authors": [{"name": "Desk"}], "items": [
      {"id": 1, "url": "https://h.example/1", "title": "Snow", "content_text": "It snowed.",
       "date_published": "2024-03-05T10:00:00Z", "authors": [{"name": "Anna Roe"}]},
      {"id": "2"}, {"id": "3", "content_html": "<p>It rained."}]}"#;
    let found = all("f.json", feed);
    assert_eq!(
        places(&found),
        ["f.json#item=1", "! f.json#item=2: is an item without text", "f.json#item=3"]
    );
    let first = found[0].as_ref().unwrap();
    assert_eq!(
        (first.id.as_deref(), first.outlet.as_deref()),
        (Some("1"), Some("Example Herald"))
    );
    assert_eq!(text(first), "Snow\n\nIt snowed.");
    let third = found[2].as_ref().unwrap();
    assert_eq!(
        (third.body.media, third.byline.as_slice()),
        (Media::Html, &["Desk".to_owned()][..])
    );
}

#[test]
fn a_damaged_item_is_named_and_the_rest_goes_on() {
    let item = |n: u32| {
        format!(
            "<item><title>T{n}</title><description>It &who; <![CDATA[<item>]]> {n} & on.</description></item>"
        )
    };
    let feed = format!(
        "<rss><channel>{}<item><title>cut<item><title>T2</title></item>{}<item><b></c></item>\
         <!-- <item> -->{}</channel></rss>",
        item(1),
        item(3),
        item(5)
    );
    let found = all("f.rss", feed.clone());
    let places = places(&found);
    assert_eq!(places[1], "! f.rss#item=2: is an item without an end");
    assert!(places[4].starts_with("! f.rss#item=5: is damaged XML"), "{places:?}");
    assert_eq!(places.len(), 6);
    assert_eq!(text(found[0].as_ref().unwrap()), "It &who; <item> 1 & on.");

    // Cut anywhere, it gives what is whole.
    for end in 0..feed.len() {
        let cut = all("f.rss", &feed.as_bytes()[..end]);
        let whole = cut.iter().filter(|found| found.is_ok()).count();
        assert!(whole <= 4);
    }
    let cut = all("f.rss", &feed.as_bytes()[..feed.len() - 60]);
    assert!(cut.last().unwrap().is_err(), "{cut:?}");
}
