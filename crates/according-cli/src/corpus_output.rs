//! What a corpus says, for people.

use std::collections::BTreeMap;

use according_corpus::CorpusReport;
use according_corpus::format::{ClaimEntry, CopyKind, SupportStance};

use crate::output::{BOLD, CUE, DIM, PLAIN, Page, Paragraph, SOURCE, STEP};

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
    for origin in &claim.origins {
        let mut lines = Paragraph::default();
        lines.push(&format!("{:<4}", origin.id), DIM);
        lines.push(&origin.what, SOURCE);
        page.paragraph(&lines, 6, 10);
        for support in claim.supports.iter().filter(|s| s.origin == origin.id) {
            let mut lines = Paragraph::default();
            lines.push(&support.article, BOLD);
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
