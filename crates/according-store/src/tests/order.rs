//! What is worked out article by article is what is worked out at once.

use according::report::SpeakerKind;
use according_corpus::CorpusReport;
use according_corpus::correction::{Act, Anchor};
use proptest::collection::vec;
use proptest::prelude::*;
use rusqlite::Connection;

use super::made::{Made, Said, keep_old_keys, said};
use super::{Folder, on_both};
use crate::{Added, Name, Question, Store, pack, schema};

pub(super) const STATEMENTS: [&str; 8] = [
    "a crane fell on the northern quay of harbour Lenz before dawn on Monday",
    "two dockers Orlin and Brisk were missing after the crane fell",
    "the crane had not been inspected since the spring of last year",
    "harbour master Quill promised a report on the crane within a week",
    "the owner Vale Shipping knew that the northern quay was sinking",
    "police searched the offices of Vale Shipping on Tuesday afternoon",
    "divers found the helmet of a docker below the northern quay",
    "the union called a strike of all dockers for Wednesday morning",
];

/// A statement with a few words left out, by somebody or nobody.
fn statement() -> impl Strategy<Value = Said> {
    let source = prop_oneof![
        3 => Just(None),
        1 => Just(Some(("Marta Quill".to_owned(), true))),
        1 => Just(Some(("Piet Vale".to_owned(), true))),
        1 => Just(Some(("docker".to_owned(), false))),
    ];
    (0..STATEMENTS.len(), vec(0..14_usize, 0..5), source, prop::bool::weighted(0.2))
        .prop_map(|(n, left_out, source, is_denied)| {
            let words = STATEMENTS[n].split(' ').enumerate();
            let words =
                words.filter(|(n, _)| !left_out.contains(n)).map(|(_, word)| word);
            let words: Vec<&str> = words.collect();
            Said { words: words.join(" "), source, is_denied }
        })
}

fn article(n_statements: std::ops::Range<usize>) -> impl Strategy<Value = Made> {
    let day = prop_oneof![
        1 => Just(None),
        4 => (1..9_u32).prop_map(|day| Some(format!("2024-03-{day:02}"))),
    ];
    let outlet = prop::sample::select(vec!["The Bell", "Reuters", "Globe", "Lenz Post"]);
    (day, outlet, vec(statement(), n_statements)).prop_map(|(published, outlet, said)| {
        Made { name: String::new(), outlet: outlet.to_owned(), published, said }
    })
}

/// Some articles, some of which take over most of one before. No two have all alike: those
/// are one article, which is called what it was called first.
pub(super) fn articles(
    n: std::ops::Range<usize>,
    n_statements: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Made>> {
    vec((article(n_statements), prop::option::weighted(0.3, 0..100_usize)), n).prop_map(
        |made| {
            let mut articles: Vec<Made> = Vec::new();
            for (n, (mut made, copied)) in made.into_iter().enumerate() {
                if let Some(copied) = copied
                    && n > 0
                {
                    made.said.truncate(1);
                    made.said.extend(articles[copied % n].said.iter().cloned());
                }
                made.name = format!("a{n}");
                set_apart(&mut made, &articles);
                articles.push(made);
            }
            articles
        },
    )
}

fn set_apart(made: &mut Made, others: &[Made]) {
    while others.iter().any(|other| other.is_like(made)) {
        made.said.push(said(&format!("as told by {}", made.name)));
    }
}

/// A correction of statements, which are numbers of articles and of statements in them.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Merge(Vec<(usize, usize)>),
    Split(Vec<(usize, usize)>, Vec<(usize, usize)>),
    Accept(Vec<(usize, usize)>),
    Reject(Vec<(usize, usize)>),
    MergeSources,
    SplitSource(usize),
    Undo(usize),
}

/// Corrections, each with the number of articles that are added before it.
pub(super) fn steps(
    n: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<(usize, Step)>> {
    let some = |most| vec((0..12_usize, 0..12_usize), 1..most);
    let step = prop_oneof![
        4 => some(5).prop_map(Step::Merge),
        4 => (some(3), some(5)).prop_map(|(off, from)| Step::Split(off, from)),
        1 => some(3).prop_map(Step::Accept),
        3 => some(3).prop_map(Step::Reject),
        1 => Just(Step::MergeSources),
        1 => (0..12_usize).prop_map(Step::SplitSource),
        3 => (0..9_usize).prop_map(Step::Undo),
    ];
    vec((0..14_usize, step), n)
}

impl Step {
    /// What it is about in articles, some of which may be added later. `before` is how many
    /// corrections there were.
    pub(super) fn act(&self, articles: &[&Made], before: usize) -> Option<Act> {
        let article = |n: usize| {
            let made = articles[n % articles.len()];
            (format!("id {}", made.name), made.read())
        };
        let anchor = |&(n, statement): &(usize, usize)| {
            let (identity, (report, print)) = article(n);
            let said = &print.statements[statement % print.statements.len()];
            let place = [said.start as usize, said.end as usize];
            Anchor::new(&identity, &report.article.text, place)
        };
        let anchors = |at: &[(usize, usize)]| at.iter().map(anchor).collect();
        Some(match self {
            Self::Merge(at) => Act::Merge { statements: anchors(at) },
            Self::Split(off, from) => {
                Act::Split { statements: anchors(off), others: anchors(from) }
            }
            Self::Accept(at) => Act::Accept { statements: anchors(at) },
            Self::Reject(at) => Act::Reject { statements: anchors(at) },
            Self::MergeSources => Act::MergeSources {
                names: vec!["Piet Vale".to_owned(), "Marta Quill".to_owned()],
                source_kind: SpeakerKind::Person,
            },
            Self::SplitSource(n) => Act::SplitSource {
                name: "Marta Quill".to_owned(),
                articles: vec![Anchor { article: article(*n).0, ..Anchor::default() }],
                called: "Marta Quill of Lenz".to_owned(),
            },
            Self::Undo(n) if before > 0 => Act::Undo { of: (n % before) as u32 + 1 },
            Self::Undo(_) => return None,
        })
    }
}

/// Some are read again at once by another version of the program, which takes hedges and the
/// end of a statement otherwise.
fn is_read_anew(made: &Made) -> bool {
    made.said.len().is_multiple_of(3)
}

fn read_anew(made: &Made, store: &mut Store) -> Added {
    let (report, mut print) = made.read();
    for statement in &mut print.statements {
        statement.is_hedged = !statement.is_hedged;
        statement.end -= 1;
    }
    let identity = format!("id {}", made.name);
    store.add(&Name { reference: made.name.clone(), identity }, &report, &print).unwrap()
}

/// What is told of articles added in an order, settled after some of them.
fn told(articles: &[&Made], settled_after: &[bool]) -> (CorpusReport, CorpusReport) {
    told_with(articles, &[], articles, settled_after)
}

/// The same with corrections in between. `all` are the articles as they are counted.
fn told_with(
    articles: &[&Made],
    steps: &[(usize, Step)],
    all: &[&Made],
    settled_after: &[bool],
) -> (CorpusReport, CorpusReport) {
    let folder = Folder::new();
    let mut store = Store::create(folder.file()).unwrap();
    let mut steps = steps.iter().peekable();
    let (mut made, mut n) = (articles.iter(), 0);
    let mut settled_after = settled_after.iter().cycle();
    let mut n_corrections = 0;
    loop {
        let is_due = |step: &&&(usize, Step)| step.0 <= n || n == articles.len();
        let due = steps.peek().filter(is_due).is_some();
        if let Some((_, step)) = due.then(|| steps.next()).flatten() {
            if let Some(act) = step.act(all, n_corrections) {
                store.correct("ana", "2024-03-09T10:00:00Z", act).unwrap();
                n_corrections += 1;
            }
        } else if let Some(made) = made.next() {
            made.add(&mut store).unwrap();
            if is_read_anew(made) {
                assert_eq!(read_anew(made, &mut store), Added::Known);
            }
            n += 1;
        } else {
            break;
        }
        if settled_after.next() == Some(&true) {
            store.settle().unwrap();
        }
    }
    let at_once = store.corpus().unwrap();
    let with_rejected = store.corpus_report_with(2, true).unwrap();
    assert_eq!(with_rejected, at_once.report_with(2, true));
    all_are_found_by_their_numbers(&mut store);
    (store.corpus_report(2).unwrap(), at_once.report(2))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn neither_order_nor_batches_show(
        (articles, order) in articles(2..12, 1..12).prop_flat_map(|articles| {
            let order: Vec<usize> = (0..articles.len()).collect();
            (Just(articles), Just(order).prop_shuffle())
        }),
        settled_after in vec(any::<bool>(), 1..12),
    ) {
        let straight: Vec<&Made> = articles.iter().collect();
        let (by_and_by, at_once) = told(&straight, &[false]);
        prop_assert_eq!(&by_and_by, &at_once);
        let shuffled: Vec<&Made> = order.iter().map(|&n| &articles[n]).collect();
        let (by_and_by, again) = told(&shuffled, &settled_after);
        prop_assert_eq!(&by_and_by, &again);
        prop_assert_eq!(&by_and_by, &at_once);
    }

    /// Corrections, undone and not, before, between and after the articles they are about.
    #[test]
    fn corrections_hold_wherever_they_are_made(
        (articles, order) in articles(2..12, 1..12).prop_flat_map(|articles| {
            let order: Vec<usize> = (0..articles.len()).collect();
            (Just(articles), Just(order).prop_shuffle())
        }),
        steps in steps(1..9),
        settled_after in vec(any::<bool>(), 1..12),
    ) {
        let straight: Vec<&Made> = articles.iter().collect();
        let last: Vec<(usize, Step)> =
            steps.iter().map(|(_, step)| (usize::MAX, step.clone())).collect();
        let (by_and_by, at_once) = told_with(&straight, &last, &straight, &[false]);
        prop_assert_eq!(&by_and_by, &at_once);
        let shuffled: Vec<&Made> = order.iter().map(|&n| &articles[n]).collect();
        let (by_and_by, again) = told_with(&shuffled, &steps, &straight, &settled_after);
        prop_assert_eq!(&by_and_by, &again);
        prop_assert_eq!(&by_and_by, &at_once);
    }

    #[test]
    fn corrections_of_articles_that_change_leave_nothing_behind(
        articles in articles(3..9, 1..10),
        mut others in articles(3..9, 1..10),
        steps in steps(1..9),
        settled_after in vec(any::<bool>(), 1..9),
    ) {
        others.iter_mut().for_each(|made| set_apart(made, &articles));
        let all: Vec<&Made> = articles.iter().chain(&others).collect();
        let (by_and_by, at_once) = told_with(&all, &steps, &all, &settled_after);
        prop_assert_eq!(&by_and_by, &at_once);
        let last: Vec<(usize, Step)> =
            steps.iter().map(|(_, step)| (usize::MAX, step.clone())).collect();
        prop_assert_eq!(told_with(&all, &last, &all, &[false]).0, by_and_by);
    }

    /// Other texts and other dates of articles that are there already.
    #[test]
    fn changed_articles_leave_nothing_behind(
        articles in articles(3..9, 1..10),
        mut others in articles(3..9, 1..10),
        settled_after in vec(any::<bool>(), 1..9),
    ) {
        others.iter_mut().for_each(|made| set_apart(made, &articles));
        let mut all: Vec<&Made> = articles.iter().chain(&others).collect();
        let (by_and_by, at_once) = told(&all, &settled_after);
        prop_assert_eq!(&by_and_by, &at_once);
        // Those that came later are what counts.
        let replaced = |made: &&Made| !others.iter().any(|other| other.name == made.name);
        let kept: Vec<&Made> = articles.iter().filter(replaced).collect();
        all = kept.into_iter().chain(&others).collect();
        prop_assert_eq!(told(&all, &[false]).0, by_and_by);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    /// More statements that hang together than a block holds.
    #[test]
    fn large_stories_are_told_alike(
        (articles, order) in articles(18..24, 50..60).prop_flat_map(|articles| {
            let order: Vec<usize> = (0..articles.len()).collect();
            (Just(articles), Just(order).prop_shuffle())
        }),
    ) {
        let straight: Vec<&Made> = articles.iter().collect();
        let (by_and_by, at_once) = told(&straight, &[true]);
        prop_assert_eq!(&by_and_by, &at_once);
        let shuffled: Vec<&Made> = order.iter().map(|&n| &articles[n]).collect();
        prop_assert_eq!(&told(&shuffled, &[false, false, true]).0, &at_once);
    }
}

/// Counting runs of claims comes to the same as going through all.
fn all_are_found_by_their_numbers(store: &mut Store) {
    let report = store.corpus_report_with(2, true).unwrap();
    for claim in &report.claims {
        assert_eq!(store.claim(&claim.id).unwrap().as_ref(), Some(claim));
    }
    let behind = format!("K{}", report.claims.len() + 1);
    assert_eq!(store.claim(&behind).unwrap(), None);
}

/// The tables as the fifth version made them.
#[test]
fn claims_of_the_fifth_version_are_counted() {
    let folder = Folder::new();
    let said: Vec<Said> = STATEMENTS.iter().map(|words| said(words)).collect();
    let mut store = Store::create(folder.file()).unwrap();
    for n in 0..3 {
        Made::new(&format!("a{n}"), said.clone()).add(&mut store).unwrap();
    }
    let new = store.corpus_report(2).unwrap();
    assert!(new.claims.len() > 4);
    drop(store);
    let db = Connection::open(folder.file()).unwrap();
    db.execute_batch("DROP TABLE claim_run; DROP INDEX article_outlet").unwrap();
    db.pragma_update(None, "user_version", 5).unwrap();
    drop(db);
    let mut store = Store::open(folder.file()).unwrap();
    assert_eq!(store.corpus_report(2).unwrap(), new);
    all_are_found_by_their_numbers(&mut store);
    Made::new("a3", said).add(&mut store).unwrap();
    all_are_found_by_their_numbers(&mut store);
}

/// The tables as the first version made them, and what it wrote.
#[test]
fn a_corpus_of_the_first_version_is_brought_up_to_date() {
    let all: Vec<Made> = (0..3)
        .map(|n| {
            let mut made = Made::new(&format!("a{n}"), vec![said(STATEMENTS[0])]);
            let quill = Some(("Marta Quill".to_owned(), true));
            made.said.push(Said { source: quill, ..said(STATEMENTS[2]) });
            made
        })
        .collect();
    let folder = Folder::new();
    let new = told(&all.iter().collect::<Vec<_>>(), &[false]).0;
    {
        let mut store = Store::create(folder.file()).unwrap();
        for made in &all {
            made.add(&mut store).unwrap();
        }
    }
    let old = folder.as_ref().join("old.db");
    {
        let db = Connection::open(&old).unwrap();
        db.execute_batch(schema::STEPS[0].tables).unwrap();
        db.execute_batch(schema::STEPS[0].in_file).unwrap();
        db.pragma_update(None, "application_id", schema::APPLICATION).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        db.execute("ATTACH ?1 AS new", [folder.file().to_str().unwrap()]).unwrap();
        db.execute_batch(
            "INSERT INTO article SELECT id, identity, ref, url, digest, outlet, published,
                 title, newer, report, fingerprint FROM new.article;
             INSERT INTO link SELECT * FROM new.link;",
        )
        .unwrap();
        keep_old_keys(&db, &all);
    }
    let mut store = Store::open(&old).unwrap();
    assert_eq!(store.len().unwrap(), 3);
    assert_eq!(store.corpus_report(2).unwrap(), new);
    let sources = store.sources(Some("quill"), 10).unwrap();
    assert_eq!(sources.iter().map(|s| s.articles).collect::<Vec<_>>(), [3]);
    assert_eq!(all[0].add(&mut store).unwrap(), Added::Known);
    drop(store);
    // Once is enough.
    assert_eq!(Store::open(&old).unwrap().corpus_report(2).unwrap(), new);
    // What it cannot read it leaves as it is.
    let db = Connection::open(&old).unwrap();
    db.execute("ATTACH ?1 AS new", [folder.file().to_str().unwrap()]).unwrap();
    for table in ["recent_word", "recent_shingle", "member"] {
        let both = format!(
            "SELECT count(*) FROM (SELECT * FROM {table} INTERSECT
             SELECT * FROM new.{table}) UNION ALL SELECT count(*) FROM new.{table}"
        );
        let mut both = db.prepare(&both).unwrap();
        let both = both.query_map([], |row| row.get::<_, i64>(0)).unwrap();
        let both: Vec<i64> = both.map(|n| n.unwrap()).collect();
        assert!(both[0] > 0 && both[0] == both[1], "{table}: {both:?}");
    }
    let report: Vec<u8> =
        db.query_row("SELECT report FROM article LIMIT 1", [], |row| row.get(0)).unwrap();
    assert!(pack::unpacked::<according::Report>(&report).is_some());
}

#[test]
fn questions_are_answered() {
    on_both(|| {
        let folder = Folder::new();
        let mut store = Store::create(folder.corpus()).unwrap();
        let by = |name: &str, words: &str| Said {
            source: Some((name.to_owned(), true)),
            ..said(words)
        };
        let mut bell = Made::new("bell", vec![by("Marta Quill", STATEMENTS[2])]);
        bell.published = Some("2024-03-05".to_owned());
        let mut globe = Made::new("globe", vec![by("Piet Vale", STATEMENTS[2])]);
        globe.published = Some("2024-03-07".to_owned());
        let mut post = Made::new("post", vec![said("goalkeeper Ana Roe left the club")]);
        post.published = None;
        for made in [&globe, &post, &bell] {
            made.add(&mut store).unwrap();
        }
        let mut found = |question: Question| {
            let hits = store.search(&Question { limit: 9, ..question }).unwrap();
            hits.into_iter().map(|hit| hit.reference).collect::<Vec<String>>()
        };
        let words = |words: &str| Question {
            words: Some(words.to_owned()),
            ..Question::default()
        };
        assert_eq!(found(words("goalkeeper")), ["post"]);
        assert_eq!(found(words("\"crane had\" spring")).len(), 2);
        assert_eq!(found(words("\"had crane\"")), [""; 0]);
        // Nothing a person types is an operator.
        assert_eq!(found(words("crane AND NOT (\"")), [""; 0]);
        let source = |name: &str| Question {
            source: Some(name.to_owned()),
            ..Question::default()
        };
        assert_eq!(found(source("vale")), ["globe"]);
        assert_eq!(found(source("va")), ["globe"]);
        assert_eq!(found(source("a\" OR \"a")), [""; 0]);
        let outlet = Some("bell".to_owned());
        assert_eq!(found(Question { outlet, ..Question::default() }), ["bell"]);
        let from = Some("2024-03-06".to_owned());
        assert_eq!(found(Question { from, ..Question::default() }), ["globe"]);

        let claim = store.claim("K1").unwrap().unwrap();
        assert_eq!(claim.first, "bell");
        assert_eq!(claim.origins.len(), 2);
        let least = claim.independent_origins.least as u32;
        for (min_origins, n) in [(least, 2), (least + 1, 0)] {
            let min_origins = Some(min_origins);
            let question = Question { min_origins, limit: 9, ..Question::default() };
            assert_eq!(store.search(&question).unwrap().len(), n);
        }
        assert_eq!(store.claim("K2").unwrap(), None);
        assert_eq!(store.claim("7").unwrap(), None);
        let day = Some("2024-03-05");
        let timeline = store.timeline(day, day, 9).unwrap();
        assert_eq!(timeline.len(), 1);
        assert_eq!(timeline[0].0.as_deref(), day);
        assert!(store.timeline(Some("2024-03-06"), None, 9).unwrap().is_empty());
    });
}
