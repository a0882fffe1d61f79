//! How far the text commits itself to an event, from −3 (certainly did not happen) to
//! 3 (certainly did).
//!
//! What governs a word is read from the root of its sentence down: each verb, noun or
//! adjective with a signature in `data/en/implicative.tsv` says what its complement is when
//! it holds itself and when it does not ("managed to": so and not so, "forgot to": the
//! reverse), after Karttunen 2012 and Lotan, Stern and Dagan 2013 (TruthTeller). What is so
//! read and the words it is read from are observations; a ridge regression over them, learned
//! from people's judgements, gives the weights of `data/en/factuality_weight.tsv`.

use std::sync::LazyLock;

use according_nlp::{Token, Upos};
use rustc_hash::FxHashMap;

use super::tree;
use crate::annotate::lexicon;

/// How many words above a word are asked.
const DEPTH: usize = 8;

/// What follows from a condition is no surer than this. People who judged single sentences
/// took "will" at its word there.
const CONSEQUENCE: f32 = 1.0;

/// From −3 to 3, with one decimal.
pub fn factuality(predicate: Token<'_>) -> f32 {
    let mut sum: f32 = 0.0;
    observe(predicate, &mut |name, value| sum += weight(name, value));
    if is_consequence(clause(predicate)) {
        sum = sum.min(CONSEQUENCE);
    }
    (sum.clamp(-3.0, 3.0) * 10.0).round() / 10.0
}

fn weight(name: &str, value: &str) -> f32 {
    type Weights = FxHashMap<&'static str, FxHashMap<&'static str, f32>>;
    static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
        let mut weights = Weights::default();
        let rows = include_str!("../../../data/en/factuality_weight.tsv");
        for [name, value, weight, _] in lexicon::rows(rows) {
            let weight = weight.parse().unwrap_or_default();
            weights.entry(name).or_default().insert(value, weight);
        }
        weights
    });
    WEIGHTS.get(name).and_then(|of| of.get(value)).copied().unwrap_or_default()
}

/// What is said of an event by what governs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Veridicality {
    So,
    ProbablySo,
    Open,
    ProbablyNot,
    Not,
}

use Veridicality::{Not, Open, ProbablyNot, ProbablySo, So};

impl Veridicality {
    fn parse(sign: &str) -> Self {
        match sign {
            "+" => So,
            "p" => ProbablySo,
            "n" => ProbablyNot,
            "-" => Not,
            _ => Open,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            So => "+",
            ProbablySo => "p",
            Open => "o",
            ProbablyNot => "n",
            Not => "-",
        }
    }

    fn negated(self) -> Self {
        match self {
            So => Not,
            ProbablySo => ProbablyNot,
            Open => Open,
            ProbablyNot => ProbablySo,
            Not => So,
        }
    }

    fn weakened(self) -> Self {
        match self {
            So => ProbablySo,
            Not => ProbablyNot,
            other => other,
        }
    }
}

/// What a word says of its complement when it holds, and when it does not.
type Signature = (Veridicality, Veridicality);

fn signature(lemma: &str, complement: &str) -> Option<Signature> {
    type Signatures = FxHashMap<(&'static str, &'static str), Signature>;
    static SIGNATURES: LazyLock<Signatures> = LazyLock::new(|| {
        let rows = lexicon::rows(include_str!("../../../data/en/implicative.tsv"));
        let signature = |[lemma, complement, affirmed, negated]: [&'static str; 4]| {
            let signs = (Veridicality::parse(affirmed), Veridicality::parse(negated));
            ((lemma, complement), signs)
        };
        rows.map(signature).collect()
    });
    SIGNATURES.get(&(lemma, complement)).copied()
}

/// A word above another, and how the other hangs from it.
#[derive(Clone, Copy)]
struct Step<'d> {
    head: Token<'d>,
    /// Kind of complement, as in `implicative.tsv`; empty where it is none.
    complement: &'static str,
    /// Preposition or dependency label.
    relation: &'d str,
}

/// The next word above `token` with a meaning of its own.
fn step(token: Token<'_>) -> Option<Step<'_>> {
    if token.is_root() {
        return None;
    }
    let mut head = token.head();
    let mut relation = token.dep();
    if head.upos() == Upos::Adp && !head.is_root() {
        relation = head.text();
        head = head.head();
        return Some(Step { head, complement: "doing", relation });
    }
    let complement = match token.dep() {
        "xcomp" | "acl" | "ccomp" if tree::is_infinitive(token) => "to",
        "ccomp" | "acl" if token.tag() != "VBG" && token.tag() != "VBN" => "that",
        "ccomp" if token.child("nsubj").or(token.child("nsubjpass")).is_some() => "that",
        "xcomp" | "pcomp" | "dobj" | "nsubjpass" | "attr" => "doing",
        _ => "",
    };
    Some(Step { head, complement, relation })
}

/// Whose auxiliaries and negation a word shares: "will not eat or drink".
fn clause(token: Token<'_>) -> Token<'_> {
    let mut at = token;
    for _ in 0..DEPTH {
        let own = |c: Token<'_>| {
            matches!(c.dep(), "aux" | "auxpass" | "nsubj" | "nsubjpass" | "expl")
        };
        if at.dep() != "conj" || at.is_root() || at.children().any(own) {
            break;
        }
        at = at.head();
    }
    at
}

fn is_verbal(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Verb | Upos::Aux)
}

fn is_negated(token: Token<'_>) -> bool {
    let is_no = |t: Token<'_>| {
        matches!(t.text().to_ascii_lowercase().as_str(), "no" | "neither" | "few" | "nor")
    };
    token.children().any(|c| match c.dep() {
        "neg" => true,
        "det" | "preconj" => is_no(c),
        "advmod" => matches!(
            c.lemma(),
            "never" | "hardly" | "barely" | "scarcely" | "rarely" | "seldom"
        ),
        "nsubj" | "nsubjpass" => {
            matches!(c.lemma(), "nobody" | "none" | "nothing" | "no")
                || c.children().any(|d| d.dep() == "det" && is_no(d))
        }
        "dobj" => c.lemma() == "nothing",
        _ => false,
    })
}

/// The modal verb of a clause, or `to`, or nothing.
fn modal(token: Token<'_>) -> Option<Token<'_>> {
    token.children().find(|c| c.dep() == "aux" && matches!(c.tag(), "MD" | "TO"))
}

fn is_conditional(token: Token<'_>) -> bool {
    token.children().any(|c| {
        matches!(c.dep(), "mark" | "advmod")
            && matches!(
                c.text().to_ascii_lowercase().as_str(),
                "if" | "unless" | "whether" | "until" | "before" | "lest"
            )
    })
}

/// Whether a clause says what follows from another: "if it rains, the river will rise".
fn is_consequence(token: Token<'_>) -> bool {
    let is_if = |c: Token<'_>| matches!(c.text(), "if" | "If" | "unless" | "Unless");
    token.children().any(|c| {
        c.dep() == "advcl"
            && c.children().any(|m| matches!(m.dep(), "mark" | "advmod") && is_if(m))
    })
}

/// Tense, aspect and voice: the auxiliaries and the form of the verb.
fn tense(token: Token<'_>, out: &mut String) {
    out.clear();
    for child in token.children() {
        if matches!(child.dep(), "aux" | "auxpass") {
            out.push_str(&child.text().to_ascii_lowercase());
            out.push(' ');
        }
    }
    out.push_str(token.tag());
}

/// What a word's own clause says of it, given what is said of the clause.
fn own(token: Token<'_>, outer: Veridicality) -> Veridicality {
    let mut value = outer;
    if is_negated(token) {
        value = value.negated();
    }
    if is_conditional(token) || is_consequence(token) {
        return Open;
    }
    let Some(modal) = modal(token) else { return value };
    match modal.lemma().to_ascii_lowercase().as_str() {
        "to" => value,
        "will" | "wo" | "'ll" | "must" | "shall" => value.weakened(),
        _ if matches!(value, Not | ProbablyNot) => ProbablyNot,
        _ => Open,
    }
}

/// Tells `visit` all that is observed about a word that names an event: what is observed, and
/// its value.
pub fn observe(predicate: Token<'_>, visit: &mut impl FnMut(&'static str, &str)) {
    let mut path: Vec<Step<'_>> = Vec::with_capacity(DEPTH);
    let mut at = predicate;
    while path.len() < DEPTH {
        let Some(next) = step(at) else { break };
        path.push(next);
        at = next.head;
    }
    let mut value = So;
    let question = predicate.sentence().text().trim_end().ends_with('?');
    if question {
        value = Open;
    }
    let mut said = "";
    for step in path.iter().rev() {
        value = below(*step, own(step.head, value));
        if step.complement == "that" {
            said = "said";
        }
    }
    let governed = value;
    let shared = clause(predicate);
    let value = own(predicate, governed);
    let value = if shared == predicate { value } else { own(shared, value) };

    let mut text = String::new();
    let join = |parts: &[&str]| parts.join(" ");
    let kind = predicate.upos().as_str();
    visit("bias", "");
    visit("kind", kind);
    visit("tag", predicate.tag());
    visit("value", value.sign());
    visit("value kind", &join(&[value.sign(), kind]));
    visit("governed", governed.sign());
    visit("question", if question { "yes" } else { "no" });
    visit("said", said);
    visit("said value", &join(&[said, value.sign()]));
    visit("lemma", &join(&[&predicate.lemma().to_lowercase(), kind]));
    visit("relation", &join(&[predicate.dep(), kind]));
    visit("depth", ["0", "1", "2", "3", "4"][path.len().min(4)]);
    tense(shared, &mut text);
    visit("tense", &text);
    visit("tense relation", &join(&[&text, shared.dep()]));
    if is_negated(shared) || is_negated(predicate) {
        visit("negated tense", &text);
        visit("negated", kind);
    }
    if predicate.child("nsubj").is_none() {
        visit("no subject", predicate.tag());
    }
    for child in predicate.children() {
        about(child, visit);
    }
    if shared != predicate {
        for child in shared.children().filter(|c| matches!(c.dep(), "aux" | "mark")) {
            about(child, visit);
        }
    }
    for (step, [word, pair, form]) in path.iter().zip([
        ["above", "above relation", "above tense"],
        ["above 2", "above 2 relation", "above 2 tense"],
        ["above 3", "above 3 relation", "above 3 tense"],
    ]) {
        let head = step.head;
        let negated = if is_negated(head) { "not" } else { "" };
        let lemma = head.lemma().to_lowercase();
        let by = match step.complement {
            "" | "doing" => step.relation,
            complement => complement,
        };
        visit(word, &join(&[&lemma, head.upos().as_str()]));
        visit(pair, &join(&[negated, &lemma, by]));
        tense(head, &mut text);
        visit(form, &join(&[negated, &text, by]));
    }
    if is_consequence(shared) {
        visit("consequence", kind);
    }
    if let Some(step) = path.iter().find(|s| is_conditional(s.head)) {
        visit("under condition", step.head.tag());
    }
    let finite =
        path.iter().map(|s| s.head).find(|t| is_verbal(*t) && modal(*t).is_some());
    if let Some(verb) = finite {
        let modal =
            modal(verb).map(|m| m.text().to_ascii_lowercase()).unwrap_or_default();
        visit("under modal", &join(&[&modal, kind]));
    }
}

/// What a word that is `value` itself says of what hangs from it.
fn below(step: Step<'_>, value: Veridicality) -> Veridicality {
    let lemma = step.head.lemma();
    if let Some((affirmed, negated)) = signature(lemma, step.complement) {
        return match value {
            So => affirmed,
            ProbablySo => affirmed.weakened(),
            Open if affirmed == negated => affirmed,
            Open => Open,
            ProbablyNot => negated.weakened(),
            Not => negated,
        };
    }
    match step.relation {
        "relcl" | "acl" if step.complement != "to" => So,
        "advcl" if value != Open => So,
        _ => value,
    }
}

/// What a word below an event says of it.
fn about(child: Token<'_>, visit: &mut impl FnMut(&'static str, &str)) {
    // Who and where it was says nothing that holds elsewhere.
    if child.upos() == Upos::Propn || !child.ent_type().is_empty() {
        return;
    }
    let word = child.text().to_ascii_lowercase();
    match child.dep() {
        "aux" => visit("auxiliary", &word),
        "auxpass" => visit("passive", &word),
        "mark" => visit("mark", &word),
        "advmod" | "npadvmod" => visit("adverb", &word),
        "neg" => visit("negation", &word),
        "det" => visit("determiner", &word),
        "amod" | "compound" | "poss" => visit("modifier", &word),
        "prep" | "prt" | "agent" => visit("preposition", &word),
        "nsubj" | "nsubjpass" => visit("subject", &word),
        "dobj" => visit("object", &word),
        dep => visit("below", dep),
    }
}
