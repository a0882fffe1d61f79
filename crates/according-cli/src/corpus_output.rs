//! What a corpus says, for people.

use std::collections::BTreeMap;

use according_corpus::CorpusReport;
use according_corpus::correction::Act;
use according_corpus::format::{Change, ChangeKind, ClaimEntry, CopyKind, SupportStance};
use according_store::{Hit, Listed, Question, Relied, Saved};

use crate::output::{BOLD, CUE, DIM, PLAIN, Page, Paragraph, SOURCE, STEP, shown_as};

/// Copies first, then what recurs, with its origins and who says it.
pub(crate) fn origins(report: &CorpusReport, width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    let copies: Vec<_> = report.articles.iter().filter(|a| a.copy_of.is_some()).collect();
    page.heading("ARTICLES");
    let mut lines = Paragraph::default();
    let counted = |n: usize, one: &str, many: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    };
    let summary = format!(
        "{}, {} of others",
        counted(report.articles.len(), "article", "articles"),
        counted(copies.len(), "copy", "copies"),
    );
    lines.push(&summary, PLAIN);
    page.paragraph(&lines, 2, 2);
    for article in copies {
        let mut lines = Paragraph::default();
        lines.push(&article.reference, BOLD);
        let kind = match article.copy_kind {
            Some(CopyKind::Verbatim) => "copies",
            _ => "copies, edited,",
        };
        let share = article.overlap.unwrap_or_default() * 100.0;
        let of = article.copy_of.as_deref().unwrap_or_default();
        lines.push(&format!(" {kind} {of} ({share:.0} % the same words)"), PLAIN);
        page.paragraph(&lines, 2, 6);
    }
    let mut wires: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for article in &report.articles {
        if let Some(wire) = &article.wire {
            wires.entry(wire).or_default().push(&article.reference);
        }
    }
    for (wire, articles) in wires {
        let mut lines = Paragraph::default();
        lines.push(wire, SOURCE);
        lines.push(&format!(" wrote {}", articles.join(", ")), PLAIN);
        page.paragraph(&lines, 2, 6);
    }
    for article in &report.articles {
        if let Some(grade) = article.reliability {
            let mut lines = Paragraph::default();
            lines.push(&article.reference, BOLD);
            lines.push(&format!(" {grade:?}, {}", grade.meaning()), PLAIN);
            page.paragraph(&lines, 2, 6);
        }
        for corrected in &article.corrected {
            let mut lines = Paragraph::default();
            lines.push(&article.reference, BOLD);
            lines.push(&format!("  {}", one_line(&corrected.in_words())), CUE);
            page.paragraph(&lines, 2, 6);
        }
    }
    page.heading("CLAIMS");
    if report.claims.is_empty() {
        let mut lines = Paragraph::default();
        lines.push("Nothing recurs.", PLAIN);
        page.paragraph(&lines, 2, 2);
    }
    for claim in &report.claims {
        page.out.push('\n');
        self::claim(claim, &mut page);
    }
    page.out
}

/// One claim with its origins and every place that makes it.
pub(crate) fn claim(claim: &ClaimEntry, page: &mut Page) {
    let mut lines = Paragraph::default();
    lines.push(&format!("{:<4}", claim.id), BOLD);
    lines.push(&claim.statement, PLAIN);
    page.paragraph(&lines, 2, 6);
    let mut lines = Paragraph::default();
    lines.push(&claim.explanation, BOLD);
    if let Some(unsettled) = &claim.unsettled {
        lines.push(&format!(" {unsettled}"), DIM);
    }
    page.paragraph(&lines, 6, 6);
    if claim.disputed {
        let mut lines = Paragraph::default();
        let by = match claim.denials.is_empty() {
            true => "told with different numbers".to_owned(),
            false => format!("denied: {}", claim.denials.join(", ")),
        };
        lines.push(&format!("disputed, {by}"), CUE);
        page.paragraph(&lines, 6, 6);
    }
    for corrected in &claim.corrected {
        let mut lines = Paragraph::default();
        lines.push(&one_line(&corrected.in_words()), CUE);
        page.paragraph(&lines, 6, 6);
    }
    for rejected in &claim.rejected {
        let mut lines = Paragraph::default();
        lines.push(&rejected.article, BOLD);
        lines.push("  rejected", CUE);
        lines.push(&format!("  {}", rejected.text), DIM);
        page.paragraph(&lines, 6, 14);
    }
    for origin in &claim.origins {
        let mut lines = Paragraph::default();
        lines.push(&format!("{:<4}", origin.id), DIM);
        lines.push(&origin.what, SOURCE);
        page.paragraph(&lines, 6, 10);
        for support in claim.supports.iter().filter(|s| s.origin == origin.id) {
            let mut lines = Paragraph::default();
            lines.push(&support.article, BOLD);
            if let Some(grade) = support.reliability {
                lines.push(&format!(" ({grade:?})"), CUE);
            }
            if !support.chain.is_empty() {
                lines.push(&format!("  {}", support.chain.join(STEP)), SOURCE);
            }
            match support.stance {
                SupportStance::Asserts => {}
                SupportStance::Denies => lines.push("  denies", CUE),
                SupportStance::Doubts => lines.push("  doubts", CUE),
            }
            lines.push(&format!("  {}", support.text), DIM);
            page.paragraph(&lines, 10, 14);
        }
    }
}

/// One claim with its origins and how it changed.
pub(crate) fn one_claim(entry: &ClaimEntry, width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    claim(entry, &mut page);
    if entry.changes.len() > 1 {
        page.heading("HOW IT CHANGED");
        for change in &entry.changes {
            self::change(change, &mut page);
        }
    }
    page.out
}

fn change(change: &Change, page: &mut Page) {
    let mut lines = Paragraph::default();
    let day = change.published.as_deref().unwrap_or("undated");
    lines.push(&format!("{day:<10}  "), DIM);
    lines.push(&change.article, BOLD);
    let to = change.to.as_deref().unwrap_or_default();
    let from = change.from.as_deref().unwrap_or_default();
    let what = match change.kind {
        ChangeKind::First => format!(" tells it first: {to}"),
        ChangeKind::HedgeLost => format!(" drops the hedge: {to}"),
        ChangeKind::HedgeGained => format!(" adds a hedge: {to}"),
        ChangeKind::Numbers => format!(" tells {to} instead of {from}"),
        ChangeKind::Disputed => format!(" has it denied or doubted: {to}"),
    };
    lines.push(&what, PLAIN);
    page.paragraph(&lines, 2, 14);
}

const NOTHING: &str = "Nothing found.\n";

/// Articles that were found.
pub(crate) fn hits(hits: &[Hit], width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    if hits.is_empty() {
        page.out.push_str(NOTHING);
    }
    for hit in hits {
        let mut lines = Paragraph::default();
        lines.push(&hit.reference, BOLD);
        let known = [&hit.published, &hit.outlet, &hit.title];
        let known: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
        lines.push(&format!("  {}", known.join(" · ")), PLAIN);
        lines.push(&format!("  {}", hit.claims.join(" ")), DIM);
        page.paragraph(&lines, 0, 4);
    }
    page.out
}

/// Searches that are kept, a line for each.
pub(crate) fn searches(saved: &[Saved], width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    if saved.is_empty() {
        page.out.push_str("No searches are kept.\n");
    }
    for Saved { name, question } in saved {
        let Question { words, source, outlet, from, to, min_origins, .. } = question;
        let min_origins = min_origins.map(|n| n.to_string());
        let flags = [
            ("--source", source),
            ("--outlet", outlet),
            ("--from", from),
            ("--to", to),
            ("--min-origins", &min_origins),
        ];
        let flags = flags.into_iter();
        let flags = flags.filter_map(|(flag, value)| Some((flag, value.as_ref()?)));
        let flags = flags.map(|(flag, value)| format!("{flag} {value}"));
        let wanted: Vec<String> = words.iter().cloned().chain(flags).collect();
        let mut lines = Paragraph::default();
        lines.push(name, BOLD);
        lines.push(&format!("  {}", wanted.join(" ")), PLAIN);
        page.paragraph(&lines, 0, 4);
    }
    page.out
}

/// Who is relied on, a line for each.
pub(crate) fn sources(sources: &[Relied], width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    if sources.is_empty() {
        page.out.push_str(NOTHING);
    }
    for source in sources {
        let mut lines = Paragraph::default();
        lines.push(
            &format!(
                "{:>5} {:<8} {:>5} {:<6}  ",
                source.articles,
                if source.articles == 1 { "article" } else { "articles" },
                source.claims,
                if source.claims == 1 { "claim" } else { "claims" },
            ),
            DIM,
        );
        lines.push(&source.name, if source.named { SOURCE } else { PLAIN });
        let named = if source.named { "" } else { ", unnamed" };
        lines.push(&format!("  {}{named}", source.kind), DIM);
        page.paragraph(&lines, 0, 30);
    }
    page.out
}

/// Claims by the day they were first told, with how they changed.
pub(crate) fn timeline(claims: &[(Option<String>, ClaimEntry)], width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    if claims.is_empty() {
        page.out.push_str(NOTHING);
    }
    for (day, claim) in claims {
        let mut lines = Paragraph::default();
        lines.push(&format!("{:<10}  ", day.as_deref().unwrap_or("undated")), BOLD);
        lines.push(&format!("{}  ", claim.id), DIM);
        lines.push(&claim.statement, PLAIN);
        let range = claim.independent_origins;
        let origins = match range.least == range.most {
            true => range.most.to_string(),
            false => format!("{} to {}", range.least, range.most),
        };
        let first = format!("  {}, origins: {origins}", claim.first);
        lines.push(&first, DIM);
        page.paragraph(&lines, 0, 12);
        for change in claim.changes.iter().skip(1) {
            self::change(change, &mut page);
        }
    }
    page.out
}

/// Every correction, with what became of it.
pub(crate) fn corrections(all: &[Listed], width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    if all.is_empty() {
        page.out.push_str("No corrections.\n");
    }
    for listed in all {
        let correction = &listed.correction;
        let mut lines = Paragraph::default();
        lines.push(&format!("{:>4}  ", correction.number), BOLD);
        let moment = correction.at.get(..16).unwrap_or(&correction.at);
        lines.push(&format!("{}  ", moment.replace('T', " ")), DIM);
        lines.push(&format!("{}  ", correction.by), SOURCE);
        lines.push(&act(&correction.act), PLAIN);
        if let Some(by) = listed.undone_by {
            lines.push(&format!("  undone by {by}"), CUE);
        }
        if listed.lost > 0 {
            let n = correction.act.anchors().count();
            let of = format!("  finds its place no more ({} of {n})", listed.lost);
            lines.push(&of, CUE);
        }
        page.paragraph(&lines, 0, 6);
    }
    page.out
}

/// What comes from texts and files, as one line and no more.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_whitespace() { Some(' ') } else { shown_as(c) };
    text.chars().filter_map(shown).collect()
}

/// What a correction says, in a line.
pub(crate) fn act(act: &Act) -> String {
    one_line(&act.in_words())
}
