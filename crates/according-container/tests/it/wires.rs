use according_container::Media;

use crate::make::{all, text, whole};

#[test]
fn ninjs_one_and_two() {
    let one = r#"{
 "uri": "urn:wire:1", "type": "text", "headline": "Snow in Lenz", "byline": "By Anna Roe",
 "versioncreated": "2024-03-06T10:00:00Z", "firstcreated": "2024-03-05T10:00:00Z",
 "copyrightholder": "Meridian Wire", "infosource": [{"name": "Lenz Courier"}],
 "body_xhtml": "<p>It snowed.</p>"}"#;
    let one = &whole("1.json", one)[0];
    assert_eq!(one.title.as_deref(), Some("Snow in Lenz"));
    assert_eq!(one.byline, ["Anna Roe"]);
    assert_eq!(one.published.as_deref(), Some("2024-03-05T10:00:00Z"));
    assert_eq!(one.outlet.as_deref(), Some("Meridian Wire"));
    assert_eq!(one.via.as_deref(), Some("Lenz Courier"));
    assert_eq!((one.body.media, text(one)), (Media::Html, "<p>It snowed.</p>"));
    let two = r#"[{"uri": "urn:wire:2", "headlines": [{"value": "Snow"}],
 "bodies": [{"contentType": "text/plain", "value": "It snowed."}]}, 7]"#;
    let line = r#"{"uri": "urn:wire:3", "type": "text", "body_text": "It rained."}"#;
    assert_eq!(text(&whole("3.json", line)[0]), "It rained.");
    let two = all("2.json", two);
    assert_eq!(text(two[0].as_ref().unwrap()), "Snow\n\nIt snowed.");
    assert_eq!(two[1].as_ref().unwrap_err(), "2.json#item=2: is no object");
}

#[test]
fn nitf_is_its_article() {
    let nitf = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf [ <!ENTITY a "aaaaaaaa"> <!ENTITY b "&a;&a;&a;"> ]>
<nitf><head><title>slug</title><docdata><doc-id id-string="w-7"/>
<date.issue norm="20240305T101500Z"/><doc.copyright holder="Meridian Wire"/></docdata>
<pubdata name="Example Herald"/></head>
<body><body.head><hedline><hl1>Snow in
 Lenz</hl1></hedline><byline>By <person>Anna Roe</person><byttl>Correspondent</byttl></byline>
<distributor>Meridian Wire</distributor><dateline>LENZ</dateline></body.head>
<body.content><media><caption><p>A hill.</p></caption></media><p>It snowed,
the <em>mayor</em> said &amp; left&b;.</p><p>It rained.</p></body.content></body></nitf>"#;
    let found = &whole("w.xml", nitf)[0];
    assert_eq!(found.title.as_deref(), Some("Snow in Lenz"));
    assert_eq!(found.byline, ["Anna Roe"]);
    assert_eq!(found.id.as_deref(), Some("w-7"));
    assert_eq!(found.published.as_deref(), Some("2024-03-05T10:15:00Z"));
    assert_eq!(found.outlet.as_deref(), Some("Example Herald"));
    assert_eq!(found.via.as_deref(), Some("Meridian Wire"));
    assert!(
        text(found).ends_with("It snowed, the mayor said & left&b;.\n\nIt rained."),
        "{}",
        text(found)
    );
    assert!(!text(found).contains("hill"));
    for end in 0..nitf.len() {
        assert!(all("w.nitf", &nitf.as_bytes()[..end])[0].is_err(), "{end}");
    }
}
