//! Alerts on what is new, each given once.

use according_corpus::news::NewsKind;

use super::made::{Made, Said, said};
use super::{Folder, on_both};
use crate::{Added, Alert, Name, Question, Store};

const CRANE: &str =
    "a crane fell on the northern quay of harbour Lenz before dawn on Monday";
const UNION: &str = "the union called a strike of all dockers for Wednesday morning";

fn by(name: &str, words: &str) -> Said {
    Said { source: Some((name.to_owned(), true)), ..said(words) }
}

fn saved(folder: &Folder) -> Store {
    let mut store = Store::create(folder.corpus()).unwrap();
    Made::new("bell", vec![by("Marta Quill", CRANE), said("the quay is closed")])
        .add(&mut store)
        .unwrap();
    Made::new("globe", vec![by("Marta Quill", CRANE), said(UNION)])
        .add(&mut store)
        .unwrap();
    let words = Some("\"crane fell\"".to_owned());
    store.save_search("crane", &Question { words, limit: 20, ..<_>::default() }).unwrap();
    store
}

fn kinds(alerts: &[(i64, Alert)]) -> Vec<(NewsKind, &str)> {
    alerts.iter().map(|(_, alert)| (alert.kind, alert.article.as_str())).collect()
}

/// What waits, and is given.
fn given(store: &mut Store) -> Vec<(i64, Alert)> {
    let alerts = store.alerts().unwrap();
    store.given(&alerts).unwrap();
    alerts
}

#[test]
fn an_alert_waits_until_it_is_given_and_is_given_once() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = saved(&folder);
        assert_eq!(store.alerts().unwrap(), []);
        Made::new("post", vec![by("Orlin Brisk", CRANE)]).add(&mut store).unwrap();
        let alerts = store.alerts().unwrap();
        assert_eq!(
            kinds(&alerts),
            [(NewsKind::Article, "post"), (NewsKind::Origin, "post")]
        );
        let origin = &alerts[1].1;
        assert_eq!(
            (origin.search.as_str(), origin.claim.as_deref()),
            ("crane", Some("K1"))
        );
        assert_eq!(origin.text.as_deref(), Some("Orlin Brisk"));
        assert_eq!(origin.statement.as_deref(), Some(CRANE));
        drop(store);
        // The program ended before it had told of them.
        let mut store = Store::open(folder.corpus()).unwrap();
        assert_eq!(given(&mut store), alerts);
        drop(store);
        let mut store = Store::open(folder.corpus()).unwrap();
        assert_eq!(given(&mut store), []);
    });
}

#[test]
fn denials_and_claims_are_told_and_what_is_no_news_is_not() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = saved(&folder);
        // Of something else.
        Made::new("sport", vec![said("goalkeeper Ana Roe left the club"), said(UNION)])
            .add(&mut store)
            .unwrap();
        assert_eq!(given(&mut store), []);
        let denied = Said { is_denied: true, ..by("Piet Vale", CRANE) };
        Made::new("herald", vec![denied]).add(&mut store).unwrap();
        let alerts = given(&mut store);
        assert_eq!(
            kinds(&alerts),
            [(NewsKind::Article, "herald"), (NewsKind::Denial, "herald")]
        );
        // The same by the same source is no origin more; another text of a known article is no
        // other article, and another reading of it nothing at all.
        Made::new("post", vec![by("Marta Quill", CRANE)]).add(&mut store).unwrap();
        assert_eq!(kinds(&given(&mut store)), [(NewsKind::Article, "post")]);
        let globe =
            Made::new("globe", vec![by("Marta Quill", CRANE), said("more later")]);
        assert_eq!(globe.add(&mut store).unwrap(), Added::Changed);
        let (report, mut print) = globe.read();
        print.statements[1].is_hedged = true;
        let name = Name { reference: "globe".into(), identity: "id globe".into() };
        assert_eq!(store.add(&name, &report, &print).unwrap(), Added::Known);
        assert_eq!(given(&mut store), []);
        // What one article told becomes a claim.
        let words = Some("union".to_owned());
        let question = Question { words, limit: 1, ..Question::default() };
        store.save_search("strike", &question).unwrap();
        store.remove_search("crane").unwrap();
        let names: Vec<String> =
            store.searches().unwrap().into_iter().map(|s| s.name).collect();
        assert_eq!(names, ["strike"]);
        Made::new("star", vec![by("Orlin Brisk", UNION)]).add(&mut store).unwrap();
        assert_eq!(
            kinds(&given(&mut store)),
            [(NewsKind::Article, "star"), (NewsKind::Claim, "star")]
        );
    });
}

#[test]
fn a_hedge_that_is_lost_is_told() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = Store::create(folder.corpus()).unwrap();
        // Words that nobody else has, so that none is a copy.
        let own = |name: &str, n: usize| {
            let words: Vec<String> = (0..9).map(|i| format!("{name}{n}x{i}")).collect();
            said(&words.join(" "))
        };
        // The fifth statement is hedged.
        for name in ["bell", "globe"] {
            let mut all: Vec<Said> = (0..4).map(|n| own(name, n)).collect();
            all.push(by("Marta Quill", CRANE));
            Made::new(name, all).add(&mut store).unwrap();
        }
        store.save_search("all", &Question { limit: 9, ..Question::default() }).unwrap();
        let mut plain = vec![by("Marta Quill", CRANE)];
        plain.extend((0..4).map(|n| own("post", n)));
        Made::new("post", plain).add(&mut store).unwrap();
        let alerts = given(&mut store);
        assert_eq!(
            kinds(&alerts),
            [(NewsKind::Article, "post"), (NewsKind::HedgeLost, "post")]
        );
        assert_eq!(alerts[1].1.text.as_deref(), Some(CRANE));
    });
}
