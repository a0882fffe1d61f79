//! What analysts set right, and that it outlasts what happens to the articles.

use according_corpus::correction::{Act, Anchor, Correction, Grade, Kind};
use according_corpus::format::ClaimEntry;
use rusqlite::Connection;

use super::made::{Made, Said, keep_old_keys, said};
use super::{Folder, on_both};
use crate::{Added, Imported, Place, Question, Store, schema};

const CRANE: &str =
    "a crane fell on the northern quay of harbour Lenz before dawn on Monday";
const UNION: &str = "the union called a strike of all dockers for Wednesday morning";
const OWNER: &str = "the owner Vale Shipping knew that the northern quay was sinking";
const WHEN: &str = "2024-03-09T10:00:00Z";

fn by(name: &str, words: &str) -> Said {
    Said { source: Some((name.to_owned(), true)), ..said(words) }
}

/// Three articles on a crane, two of which tell of a strike.
fn made() -> [Made; 3] {
    [
        Made::new("bell", vec![by("Marta Quill", CRANE), by("Piet Vale", UNION)]),
        Made::new("globe", vec![by("Quill", CRANE), said(UNION)]),
        Made::new("post", vec![by("Orlin Brisk", CRANE), said(OWNER)]),
    ]
}

fn filled(folder: &Folder) -> Store {
    let mut store = Store::create(folder.corpus()).unwrap();
    for made in made() {
        made.add(&mut store).unwrap();
    }
    store
}

/// The claim that is made in words that begin so.
fn claim(store: &mut Store, words: &str) -> Option<ClaimEntry> {
    let claims = store.corpus_report(2).unwrap().claims;
    assert_eq!(claims, store.corpus().unwrap().report(2).claims);
    claims.into_iter().find(|claim| {
        let supports = claim.supports.iter().map(|support| &support.text);
        let mut wordings = supports.chain([&claim.statement]);
        wordings.any(|wording| wording.starts_with(words))
    })
}

fn places(store: &mut Store, words: &str) -> Vec<Place> {
    let id = claim(store, words).unwrap().id;
    store.places_of_claim(&id).unwrap().unwrap()
}

fn anchors(places: &[Place]) -> Vec<Anchor> {
    places.iter().map(|place| place.anchor.clone()).collect()
}

fn correct(store: &mut Store, act: Act) -> u32 {
    store.correct("ana", WHEN, act).unwrap()
}

#[test]
fn merged_claims_are_one_and_say_by_whose_hand() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let both =
            [places(&mut store, "a crane"), places(&mut store, "the union")].concat();
        let n = correct(&mut store, Act::Merge { statements: anchors(&both) });
        assert_eq!(n, 1);
        let merged = claim(&mut store, "a crane").unwrap();
        assert_eq!(merged.supports.len(), 5);
        assert_eq!(merged.origins.len(), 3);
        let corrected = &merged.corrected[0];
        assert_eq!((corrected.number, corrected.kind), (1, Kind::Merge));
        assert_eq!((corrected.by.as_str(), corrected.at.as_str()), ("ana", WHEN));
        assert!(merged.supports.iter().all(|support| support.corrected == [1]));
        assert_eq!(claim(&mut store, "the union").unwrap(), merged);
        // Undone, brought back, and undone again.
        for (of, is_one) in [(1, false), (2, true), (3, false)] {
            assert_eq!(correct(&mut store, Act::Undo { of }), of + 1);
            let [crane, union] =
                ["a crane", "the union"].map(|words| claim(&mut store, words));
            assert_eq!(crane == union, is_one);
        }
        let listed = store.corrections().unwrap();
        let states: Vec<_> =
            listed.iter().map(|c| (c.holds, c.undone_by, c.lost)).collect();
        assert_eq!(
            states,
            [(false, Some(2), 0), (true, None, 0), (false, Some(4), 0), (true, None, 0)]
        );
    });
}

#[test]
fn what_is_split_off_is_another_claim() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let all = places(&mut store, "a crane");
        let (off, from) = (anchors(&all[2..]), anchors(&all[..2]));
        correct(&mut store, Act::Split { statements: off, others: from });
        let rest = claim(&mut store, "a crane").unwrap();
        let articles: Vec<&str> =
            rest.supports.iter().map(|s| s.article.as_str()).collect();
        assert_eq!(articles, ["bell", "globe"]);
        assert_eq!(rest.corrected[0].kind, Kind::Split);
        // What comes later goes with either, and never brings the two together.
        Made::new("herald", vec![by("Orlin Brisk", CRANE)]).add(&mut store).unwrap();
        let found = store.corpus_report(2).unwrap().claims;
        assert_eq!(found, store.corpus().unwrap().report(2).claims);
        let with_post =
            found.iter().find(|c| c.supports.iter().any(|s| s.article == "post"));
        assert!(with_post.is_none_or(|c| c.supports.iter().all(|s| s.article != "bell")));
    });
}

#[test]
fn what_was_misread_counts_for_nothing_and_is_shown_when_asked_for() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let all = places(&mut store, "a crane");
        correct(&mut store, Act::Reject { statements: anchors(&all[..1]) });
        let left = claim(&mut store, "a crane").unwrap();
        assert_eq!((left.supports.len(), left.origins.len()), (2, 2));
        assert_eq!((left.first.as_str(), left.rejected.len()), ("globe", 1));
        assert_eq!(left.rejected[0].article, "bell");
        // Nor is the source counted.
        assert_eq!(store.sources(Some("Marta Quill"), 9).unwrap(), []);
        let all = places(&mut store, "the union");
        let n = correct(&mut store, Act::Reject { statements: anchors(&all) });
        assert_eq!(claim(&mut store, "the union"), None);
        let shown = store.corpus_report_with(2, true).unwrap().claims;
        let gone = shown.last().unwrap();
        assert_eq!((gone.supports.len(), gone.rejected.len()), (0, 2));
        assert_eq!(store.claim(&gone.id).unwrap().as_ref(), Some(gone));
        assert_eq!(store.n_claims().unwrap(), 1);
        let question =
            Question { words: Some("union".into()), limit: 9, ..<_>::default() };
        let hits = store.search(&question).unwrap();
        let told: Vec<_> = hits.iter().map(|hit| hit.claims.join(" ")).collect();
        assert_eq!(told, ["", "K1"], "{hits:?}");
        assert_eq!(store.timeline(None, None, 9).unwrap().len(), 1);
        correct(&mut store, Act::Undo { of: n });
        assert_eq!(claim(&mut store, "the union").unwrap().supports.len(), 2);
        correct(&mut store, Act::Undo { of: 1 });
        assert_eq!(store.sources(Some("Marta Quill"), 9).unwrap()[0].articles, 1);
    });
}

#[test]
fn sources_are_merged_and_told_apart() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let names = vec!["Marta Quill".to_owned(), "Orlin Brisk".to_owned()];
        let source_kind = according::report::SpeakerKind::Person;
        let n = correct(&mut store, Act::MergeSources { names, source_kind });
        let merged = claim(&mut store, "a crane").unwrap();
        assert_eq!(merged.supports[2].chain, ["Marta Quill"]);
        assert_eq!(merged.supports[2].corrected, [n]);
        assert_eq!(merged.corrected[0].kind, Kind::MergeSources);
        assert_eq!(merged.supports[0].origin, merged.supports[2].origin);
        assert_eq!(store.sources(Some("Marta Quill"), 9).unwrap()[0].articles, 2);
        // Either name finds the two of them.
        assert_eq!(store.sources(Some("Orlin Brisk"), 9).unwrap()[0].name, "Marta Quill");
        let source = Some("orlin".to_owned());
        let hits =
            store.search(&Question { source, limit: 9, ..<_>::default() }).unwrap();
        assert_eq!(hits.len(), 2);
        correct(&mut store, Act::Undo { of: n });
        assert_eq!(store.sources(Some("Orlin Brisk"), 9).unwrap()[0].articles, 1);
        let apart = claim(&mut store, "a crane").unwrap();
        assert_ne!(apart.supports[0].origin, apart.supports[2].origin);
        // "Quill" is taken for Marta Quill by the last name; it is somebody else.
        assert_eq!(apart.supports[0].origin, apart.supports[1].origin);
        let articles = vec![Anchor { article: "id globe".to_owned(), ..<_>::default() }];
        let (name, called) = ("Quill".to_owned(), "Mads Quill".to_owned());
        correct(&mut store, Act::SplitSource { name, articles, called });
        let split = claim(&mut store, "a crane").unwrap();
        assert_eq!(split.supports[1].chain, ["Mads Quill"]);
        assert_ne!(split.supports[0].origin, split.supports[1].origin);
        assert_eq!(store.sources(Some("Mads"), 9).unwrap()[0].articles, 1);
    });
}

#[test]
fn outlets_are_graded_and_notes_are_shown() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let statements = anchors(&places(&mut store, "a crane"));
        let outlet = "the bell".to_owned();
        correct(&mut store, Act::Reliability { outlet, grade: Grade::B });
        let text = "seen on a photograph".to_owned();
        correct(&mut store, Act::Note { statements, text });
        let article = Anchor { article: "id post".to_owned(), ..<_>::default() };
        let text = "withdrawn".to_owned();
        correct(&mut store, Act::Note { statements: vec![article], text });
        for min_articles in [1, 2] {
            let report = store.corpus_report(min_articles).unwrap();
            let [bell, globe, post] = &report.articles[..] else { panic!() };
            assert_eq!((bell.reliability, globe.reliability), (Some(Grade::B), None));
            assert_eq!(post.corrected[0].text.as_deref(), Some("withdrawn"));
            let crane = &report.claims[0];
            assert_eq!(crane.supports[0].reliability, Some(Grade::B));
            assert_eq!(crane.corrected[0].text.as_deref(), Some("seen on a photograph"));
        }
        assert_eq!(store.claim("K1").unwrap().unwrap().supports.len(), 3);
    });
}

#[test]
fn corrections_outlast_reading_anew_and_never_go_to_a_look_alike() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let all = places(&mut store, "a crane");
        let bell = anchors(&all[..1]);
        correct(&mut store, Act::Reject { statements: bell });
        let [bell, ..] = made();
        // Read by another version of the program, which also found something more.
        let (report, mut print) = bell.read();
        print.statements[0].end -= 10;
        let name = crate::Name { reference: "bell".into(), identity: "id bell".into() };
        assert_eq!(store.add(&name, &report, &print).unwrap(), Added::Known);
        assert_eq!(claim(&mut store, "a crane").unwrap().supports.len(), 2);
        // More was written below.
        let mut longer = bell.clone();
        longer.said.push(said("goalkeeper Ana Roe left the club"));
        assert_eq!(longer.add(&mut store).unwrap(), Added::Changed);
        assert_eq!(claim(&mut store, "a crane").unwrap().supports.len(), 2);
        // The sentence now stands among others.
        let mut other = bell.clone();
        other.said = vec![said(OWNER), by("Marta Quill", CRANE), said(OWNER)];
        assert_eq!(other.add(&mut store).unwrap(), Added::Changed);
        assert_eq!(claim(&mut store, "a crane").unwrap().supports.len(), 3);
        let listed = store.corrections().unwrap();
        assert_eq!((listed[0].holds, listed[0].lost), (true, 1));
        // It is kept, and found when the article is as it was.
        assert_eq!(bell.add(&mut store).unwrap(), Added::Changed);
        assert_eq!(claim(&mut store, "a crane").unwrap().supports.len(), 2);
        assert_eq!(store.corrections().unwrap()[0].lost, 0);
    });
}

#[test]
fn corrections_are_taken_to_another_corpus_once() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = filled(&folder);
        let all = places(&mut store, "a crane");
        correct(&mut store, Act::Reject { statements: anchors(&all[..1]) });
        let both = [all, places(&mut store, "the union")].concat();
        correct(&mut store, Act::Merge { statements: anchors(&both) });
        correct(&mut store, Act::Undo { of: 1 });
        let lines: Vec<Correction> =
            store.corrections().unwrap().into_iter().map(|c| c.correction).collect();
        let told = claim(&mut store, "a crane").unwrap();
        let there = Folder::new();
        // It has a correction of its own, and the articles come later.
        let mut other = Store::create(there.file()).unwrap();
        let (outlet, grade) = ("Globe".to_owned(), Grade::C);
        correct(&mut other, Act::Reliability { outlet, grade });
        let imported = other.import(lines.clone()).unwrap();
        assert_eq!(imported, Imported { new: 3, known: 0 });
        assert_eq!(other.import(lines).unwrap(), Imported { new: 0, known: 3 });
        assert_eq!(other.corrections().unwrap()[1].lost, 1);
        for made in made().iter().rev() {
            made.add(&mut other).unwrap();
        }
        let same = claim(&mut other, "a crane").unwrap();
        assert_eq!(
            (same.supports.len(), &same.origins),
            (told.supports.len(), &told.origins)
        );
        let listed = other.corrections().unwrap();
        assert_eq!(listed[3].correction.act, Act::Undo { of: 2 });
        assert!(!listed[1].holds && listed.iter().all(|c| c.lost == 0));
    });
}

/// The tables as the second version made them, and what it wrote.
#[test]
fn a_corpus_of_the_second_version_is_brought_up_to_date() {
    let folder = Folder::new();
    let mut store = filled(&folder);
    let told = store.corpus_report(2).unwrap();
    drop(store);
    let old = folder.as_ref().join("old.db");
    {
        let db = Connection::open(&old).unwrap();
        for step in &schema::STEPS[..2] {
            db.execute_batch(step.tables).unwrap();
            db.execute_batch(step.in_file).unwrap();
        }
        db.pragma_update(None, "application_id", schema::APPLICATION).unwrap();
        db.pragma_update(None, "user_version", 2).unwrap();
        db.execute("ATTACH ?1 AS new", [folder.file().to_str().unwrap()]).unwrap();
        for table in [
            "article",
            "link",
            "source",
            "article_source",
            "standing",
            "block",
            "claim",
            "claim_article",
        ] {
            let copy = format!("INSERT INTO {table} SELECT * FROM new.{table}");
            db.execute_batch(&copy).unwrap();
        }
        keep_old_keys(&db, &made());
    }
    let mut store = Store::open(&old).unwrap();
    assert_eq!(store.corpus_report(2).unwrap(), told);
    let all = places(&mut store, "a crane");
    correct(&mut store, Act::Reject { statements: anchors(&all[..1]) });
    assert_eq!(claim(&mut store, "a crane").unwrap().supports.len(), 2);
    drop(store);
    let mut store = Store::open(&old).unwrap();
    assert_eq!(claim(&mut store, "a crane").unwrap().supports.len(), 2);
}
