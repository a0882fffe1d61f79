//! Which statements of two articles say the same.
//!
//! Words are weighed twice: by how rare they are in English news, and by how well they tell
//! the statements of these two articles apart. In five reports on one plane crash "plane" and
//! "crash" tell nothing, "pilot" and "cousin" do. What two statements share becomes odds by
//! logistic regression over nine observations, and a likelihood by another over these odds,
//! those of the best rival, and what stands beside both. All of it depends on the two
//! articles alone, so that links are the same in whatever order articles are added.

use crate::fingerprint::{Fingerprint, Statement, Word, WordKind};

/// Two statements and how likely they say the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Index of the statement in the first article.
    pub a: u32,
    /// Index in the second.
    pub b: u32,
    /// From 0 to 1.
    pub likely: f32,
}

/// What is less likely is no link.
pub const LEAST_LIKELY: f32 = 0.1;

/// So many statements are thought to be there besides: in two articles of a sentence each,
/// what both say would tell nothing.
const UNSEEN: f32 = 4.0;

/// How much a word counts that the clause does not say itself but is about.
const CONTEXT: f32 = 0.5;

/// What two statements share.
#[derive(Clone, Copy, Debug, Default)]
struct Shared {
    weight: f32,
    number: bool,
    name: bool,
    verb: bool,
}

/// What one statement has, shared or not.
#[derive(Clone, Copy, Debug, Default)]
struct Mass {
    weight: f32,
    number: bool,
    name: bool,
}

/// Every two statements of two articles that may say the same.
pub fn compare(a: &Fingerprint, b: &Fingerprint) -> Vec<Likeness> {
    let (share, pairs) = pairs(a, b);
    in_context(&pairs, of_story(share))
}

/// Every two statements of an article that may say the same, each pair twice, and each
/// statement with itself.
pub(crate) fn compare_within(of: &Fingerprint) -> Vec<Likeness> {
    let pairs = pairs(of, of).1.into_iter();
    let alike =
        pairs.map(|Pair { a, b, odds }| Likeness { a, b, likely: logistic(odds) });
    alike.filter(|same| same.likely >= LEAST_LIKELY).collect()
}

/// What the odds of two statements gain by how much of one story their articles tell: nothing
/// where it is a quarter or more, as in articles that people put together, and less the less
/// it is.
fn of_story(share: f32) -> f32 {
    4.0 * (share / SURE_STORY).min(1.0).ln()
}

/// What share tells as much as a larger one.
const SURE_STORY: f32 = 0.25;

/// Every two statements that share words, ascending; and before them the share of one story
/// that both articles tell.
fn pairs(a: &Fingerprint, b: &Fingerprint) -> (f32, Vec<Pair>) {
    let numbered = Numbered::new(&a.words, &b.words);
    let mut pairs = Vec::new();
    let share = story_share(a, b, &numbered);
    if share >= ONE_STORY {
        observe(a, b, &numbered, |i, j, observed| {
            let odds = weighed(&observed);
            if odds >= LEAST_ODDS {
                pairs.push(Pair { a: i, b: j, odds });
            }
        });
    }
    (share, pairs)
}

/// Two statements that share words, and the logarithm of the odds that these alone give.
#[derive(Clone, Copy, Debug)]
struct Pair {
    a: u32,
    b: u32,
    odds: f32,
}

/// What has lower odds by its words is not looked at again.
const LEAST_ODDS: f32 = -4.0;

/// How likely two statements say the same, given what else they may be the same as, and
/// what stands beside them: an article says a thing once, and what two articles both tell
/// they tell in passages. `pairs` ascend by both numbers; `story` is what their odds gain by
/// their articles.
fn in_context(pairs: &[Pair], story: f32) -> Vec<Likeness> {
    let mut of_a = Rivals::default();
    let mut of_b = Rivals::default();
    for pair in pairs {
        of_a.add(pair.a, pair.odds);
        of_b.add(pair.b, pair.odds);
    }
    let mut found = Vec::new();
    let rows: Vec<&[Pair]> = pairs.chunk_by(|x, y| x.a == y.a).collect();
    for (n, row) in rows.iter().enumerate() {
        let is_beside = |other: &&[Pair]| match (other.first(), row.first()) {
            (Some(other), Some(own)) => other.a.abs_diff(own.a) <= 1,
            _ => false,
        };
        let near = rows.iter().take(n + 2).skip(n.saturating_sub(1));
        let mut near: Vec<&[Pair]> = near.copied().filter(is_beside).collect();
        for pair in *row {
            let mut beside = f32::NEG_INFINITY;
            for others in &mut near {
                while let [first, rest @ ..] = others
                    && first.b + 1 < pair.b
                {
                    *others = rest;
                }
                let others = others.iter().take_while(|other| other.b <= pair.b + 1);
                let others =
                    others.filter(|other| (other.a, other.b) != (pair.a, pair.b));
                beside = others.map(|other| other.odds).fold(beside, f32::max);
            }
            let rival = of_a.of(pair.a, pair.odds).max(of_b.of(pair.b, pair.odds));
            let [own, against, beside_it] = IN_CONTEXT;
            let odds = own * pair.odds
                + against * logistic(rival)
                + beside_it * logistic(beside)
                + story
                + BIAS_IN_CONTEXT;
            let likely = logistic(odds);
            if likely >= LEAST_LIKELY {
                found.push(Likeness { a: pair.a, b: pair.b, likely });
            }
        }
    }
    found
}

/// The best odds of each statement, and the second best.
#[derive(Default)]
struct Rivals(Vec<[f32; 2]>);

impl Rivals {
    fn add(&mut self, statement: u32, odds: f32) {
        let statement = statement as usize;
        if self.0.len() <= statement {
            self.0.resize(statement + 1, [f32::NEG_INFINITY; 2]);
        }
        if let Some([best, second]) = self.0.get_mut(statement) {
            if odds > *best {
                (*best, *second) = (odds, *best);
            } else if odds > *second {
                *second = odds;
            }
        }
    }

    /// The best odds of a statement beside these.
    fn of(&self, statement: u32, odds: f32) -> f32 {
        match self.0.get(statement as usize) {
            Some([best, second]) if odds >= *best => *second,
            Some([best, _]) => *best,
            None => f32::NEG_INFINITY,
        }
    }
}

/// The words of two articles, numbered together.
struct Numbered {
    /// The number of each word of the first article, and of the second.
    of_a: Vec<u32>,
    of_b: Vec<u32>,
    /// Whether both articles have the word of each number.
    in_both: Vec<bool>,
}

impl Numbered {
    fn new(a: &[Word], b: &[Word]) -> Self {
        let most = a.len() + b.len();
        let mut this = Self {
            of_a: Vec::with_capacity(a.len()),
            of_b: Vec::with_capacity(b.len()),
            in_both: Vec::with_capacity(most),
        };
        // Both ascend by hash.
        let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
        loop {
            let (has_a, has_b) = match (a.peek(), b.peek()) {
                (None, None) => return this,
                (Some(_), None) => (true, false),
                (None, Some(_)) => (false, true),
                (Some(a), Some(b)) => (a.hash <= b.hash, b.hash <= a.hash),
            };
            let number = this.in_both.len() as u32;
            if has_a {
                a.next();
                this.of_a.push(number);
            }
            if has_b {
                b.next();
                this.of_b.push(number);
            }
            this.in_both.push(has_a && has_b);
        }
    }
}

/// How much of what the shorter of two articles tells must be in the other for them to be on
/// one story: statements are weighed by what tells them apart within one, which says
/// nothing of two that have only the times in common.
const ONE_STORY: f32 = 0.16;

/// How much of one story two articles tell: the share of the rarer words of the shorter one
/// that are in both.
fn story_share(a: &Fingerprint, b: &Fingerprint, numbered: &Numbered) -> f32 {
    let rare = |word: &&Word| word.weight > RARE && word.kind != WordKind::Time;
    let mass =
        |f: &Fingerprint| f.words.iter().filter(rare).map(|w| w.weight).sum::<f32>();
    let shared = a.words.iter().zip(&numbered.of_a);
    let shared =
        shared.filter(|(_, n)| numbered.in_both.get(**n as usize) == Some(&true));
    let shared: f32 = shared.map(|(word, _)| word).filter(rare).map(|w| w.weight).sum();
    let least = mass(a).min(mass(b)).max(f32::EPSILON);
    shared / least
}

/// Words that are rarer than this tell what a story is about.
const RARE: f32 = 3.0;

/// A word as one statement has it.
#[derive(Clone, Copy)]
struct Had {
    /// Its number among the words of both articles.
    number: u32,
    kind: WordKind,
    /// How well it tells the statements of both articles apart.
    weight: f32,
    /// How much it counts in this statement.
    counts: f32,
}

/// Calls `each` with what is observed of every two statements that share a word.
fn observe(
    a: &Fingerprint,
    b: &Fingerprint,
    numbered: &Numbered,
    mut each: impl FnMut(u32, u32, [f32; N_OBSERVED]),
) {
    let n = (a.statements.len() + b.statements.len()) as f32;
    if n < 2.0 {
        return;
    }
    let n_words = numbered.in_both.len();
    let mut counts = vec![0.0_f32; n_words];
    for (of, numbers) in [(a, &numbered.of_a), (b, &numbered.of_b)] {
        for &term in of.statements.iter().flat_map(|statement| &statement.terms) {
            let number = numbers.get(usize::from(term));
            if let Some(count) = number.and_then(|n| counts.get_mut(*n as usize)) {
                *count += 1.0;
            }
        }
    }
    // How rarely each word is said here.
    for count in &mut counts {
        *count = ((n + UNSEEN) / count.max(1.0)).ln();
    }
    let all = (n + UNSEEN).ln();
    let [of_a, of_b] = [(a, &numbered.of_a), (b, &numbered.of_b)].map(|(of, numbers)| {
        let word = |(word, &number): (&Word, &u32)| Had {
            number,
            kind: word.kind,
            weight: word.weight * counts.get(number as usize).unwrap_or(&0.0) / all,
            counts: 1.0,
        };
        of.words.iter().zip(numbers).map(word).collect::<Vec<Had>>()
    });
    let masses: Vec<Mass> =
        b.statements.iter().map(|t| Mass::of(had(&of_b, t))).collect();
    // Which statements of the second article have a word, those of a word together.
    let mut ends = vec![0; n_words + 1];
    for had in b.statements.iter().flat_map(|statement| had(&of_b, statement)) {
        ends[had.number as usize + 1] += 1;
    }
    for n in 0..n_words {
        ends[n + 1] += ends[n];
    }
    let nothing = Had { number: 0, kind: WordKind::Other, weight: 0.0, counts: 0.0 };
    let mut places = vec![(0, nothing); ends[n_words]];
    for (j, statement) in b.statements.iter().enumerate() {
        for had in had(&of_b, statement) {
            let end = &mut ends[had.number as usize];
            places[*end] = (j, had);
            *end += 1;
        }
    }
    let of_word = |n: usize| {
        let begin = if n == 0 { 0 } else { ends[n - 1] };
        &places[begin..ends[n]]
    };
    let mut row = vec![Shared::default(); b.statements.len()];
    let mut touched: Vec<usize> = Vec::new();
    for (i, statement) in a.statements.iter().enumerate() {
        for word in had(&of_a, statement) {
            for (j, other) in of_word(word.number as usize) {
                let shared = &mut row[*j];
                if shared.weight == 0.0 {
                    touched.push(*j);
                }
                // Not nothing, so that what is touched is known.
                let weight = word.weight * word.counts.min(other.counts);
                shared.weight += weight.max(f32::MIN_POSITIVE);
                // A word may be a name in one article and none in the other.
                let is = |wanted| word.kind == wanted || other.kind == wanted;
                shared.number |= is(WordKind::Number);
                shared.name |= is(WordKind::Name);
                shared.verb |= is(WordKind::Verb);
            }
        }
        if touched.is_empty() {
            continue;
        }
        let mass = Mass::of(had(&of_a, statement));
        touched.sort_unstable();
        for j in touched.drain(..) {
            let shared = std::mem::take(&mut row[j]);
            each(i as u32, j as u32, observed(shared, mass, masses[j]));
        }
    }
}

impl Mass {
    fn of(words: impl Iterator<Item = Had>) -> Self {
        let mut mass = Self::default();
        for word in words {
            mass.weight += word.weight * word.counts;
            mass.number |= word.kind == WordKind::Number;
            mass.name |= word.kind == WordKind::Name;
        }
        mass
    }
}

/// The words of a statement, of all words of its article.
fn had<'w>(words: &'w [Had], statement: &'w Statement) -> impl Iterator<Item = Had> + 'w {
    let word = |term: &u16| words.get(usize::from(*term)).copied();
    let context = statement.context.iter().filter_map(word);
    let context = context.map(|word| Had { counts: CONTEXT, ..word });
    statement.terms.iter().filter_map(word).chain(context)
}

/// How many things are observed.
const N_OBSERVED: usize = 9;

fn observed(shared: Shared, a: Mass, b: Mass) -> [f32; N_OBSERVED] {
    let is = |yes: bool| f32::from(u8::from(yes));
    // Share of both together, and of the smaller one.
    let dice = (2.0 * shared.weight / (a.weight + b.weight).max(f32::EPSILON)).min(1.0);
    let contained = shared.weight / a.weight.min(b.weight).max(f32::EPSILON);
    [
        dice,
        is(shared.number),
        is(a.number && b.number && !shared.number),
        is(shared.name),
        is(a.name && b.name && !shared.name),
        is(shared.verb),
        dice * contained.min(1.0),
        dice.sqrt(),
        (1.0 + shared.weight).ln(),
    ]
}

/// Learnt from four events told by 4 to 13 outlets each, in which two statements that people
/// put together are examples and two that they did not are counterexamples.
const WEIGHTS: [f32; N_OBSERVED] =
    [-2.502, 0.574, 0.807, -0.875, -0.624, 0.692, 0.989, 8.819, 0.778];
const BIAS: f32 = -6.359;

/// Of a pair's odds, of how likely the best other pair of either statement is, and the best
/// pair beside it. Learnt likewise from what the weights above give, and then moved to where
/// the groups are best.
const IN_CONTEXT: [f32; 3] = [0.9, -2.5, 1.0];
const BIAS_IN_CONTEXT: f32 = 0.25;

fn weighed(observed: &[f32; N_OBSERVED]) -> f32 {
    observed.iter().zip(&WEIGHTS).map(|(x, w)| x * w).sum::<f32>() + BIAS
}

fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An article of one statement for each list of words.
    fn article(statements: &[&[u32]]) -> Fingerprint {
        let mut hashes: Vec<u32> = statements.concat();
        hashes.sort_unstable();
        hashes.dedup();
        let word = |&hash: &u32| Word {
            hash,
            weight: 6.0,
            kind: WordKind::Name,
            vector: u32::MAX,
        };
        let words = hashes.iter().map(word).collect();
        let statements = statements.iter().zip(0..).map(|(terms, n)| {
            let mut terms: Vec<u16> =
                terms.iter().map(|t| hashes.binary_search(t).unwrap() as u16).collect();
            terms.sort_unstable();
            Statement {
                start: n * 10,
                end: n * 10 + 9,
                claim: None,
                sentence: n,
                is_headline: false,
                is_quoted: false,
                is_negative: false,
                is_hedged: false,
                terms,
                context: Vec::new(),
            }
        });
        let statements = statements.collect();
        Fingerprint { words, statements, ..Fingerprint::default() }
    }

    #[test]
    fn statements_of_one_story_are_compared() {
        let a = article(&[&[1, 2, 3, 4], &[5, 6, 7]]);
        let b = article(&[&[1, 2, 3, 8], &[9, 10, 11]]);
        let best =
            compare(&a, &b).into_iter().max_by(|x, y| x.likely.total_cmp(&y.likely));
        assert_eq!(best.map(|found| (found.a, found.b)), Some((0, 0)));
    }

    #[test]
    fn articles_of_one_sentence_match() {
        let (a, b) = (article(&[&[1, 2, 3, 4, 5]]), article(&[&[1, 2, 3, 4, 6]]));
        assert!(compare(&a, &b)[0].likely > 0.5);
    }

    #[test]
    fn what_else_a_statement_may_be_the_same_as_counts_against_it() {
        let pair = |a, b, odds| Pair { a, b, odds };
        let likely = |pairs: &[Pair]| in_context(pairs, 0.0)[0].likely;
        let alone = likely(&[pair(0, 0, 0.0)]);
        let with_rival = likely(&[pair(0, 0, 0.0), pair(0, 5, 0.5)]);
        let with_two = likely(&[pair(0, 0, 0.0), pair(0, 5, 0.5), pair(7, 0, 0.4)]);
        assert!(with_rival < alone && with_two == with_rival);
    }

    #[test]
    fn passages_in_common_speak_for_what_stands_in_them() {
        let pair = |a, b, odds| Pair { a, b, odds };
        let likely = |pairs: &[Pair]| {
            let found = in_context(pairs, 0.0).into_iter().find(|s| (s.a, s.b) == (3, 4));
            found.unwrap().likely
        };
        let alone = likely(&[pair(3, 4, 0.0)]);
        assert!(likely(&[pair(3, 4, 0.0), pair(4, 5, 2.0)]) > alone);
        assert!(likely(&[pair(2, 3, 2.0), pair(3, 4, 0.0)]) > alone);
        assert_eq!(likely(&[pair(3, 4, 0.0), pair(5, 6, 2.0)]), alone);
    }

    #[test]
    fn the_less_of_a_story_two_articles_share_the_less_alike_is_what_they_say() {
        let likely = |n: u32| {
            let other: Vec<u32> = (100..100 + n).collect();
            let another: Vec<u32> = (200..200 + n).collect();
            let (a, b) =
                ([&[1, 2, 3], other.as_slice()], [&[1, 2, 3], another.as_slice()]);
            compare(&article(&a), &article(&b))[0].likely
        };
        assert!(likely(9) >= 0.5 && likely(15) < likely(9) - 0.1);
    }

    #[test]
    fn a_sentence_in_common_makes_no_story() {
        let other: Vec<u32> = (100..140).collect();
        let another: Vec<u32> = (200..240).collect();
        let (a, b) = (article(&[&[1, 2], &other]), article(&[&[1, 2], &another]));
        assert!(compare(&a, &b).is_empty());
    }
}
