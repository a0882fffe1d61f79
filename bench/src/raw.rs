use according::annotate::attribution;
use according::article::{BlockKind, Metadata, plain};
use according_nlp::{CodePoints, Pipeline, Span};
use std::path::Path;
fn main() -> anyhow::Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let mut files = according_model::Files::open(Path::new(&args[0]))?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let mut worker = pipeline.worker();
    let mut names: Vec<_> =
        std::fs::read_dir(&args[1])?.map(|e| e.unwrap().path()).collect();
    names.sort();
    for p in names {
        let article = plain::read(std::fs::read_to_string(&p)?, Metadata::default());
        let blocks: Vec<_> = article
            .blocks
            .iter()
            .filter(|b| b.kind != BlockKind::Boilerplate)
            .map(|b| b.span)
            .collect();
        let doc = worker.parse_blocks(&article.text, &blocks);
        let points = CodePoints::new(&article.text);
        let found = attribution::find(&article, &doc);
        let of = |s: &[Span]| s.iter().map(|s| points.of(*s)).collect::<Vec<_>>();
        // top level only
        let inside = |a: &attribution::Attribution| {
            found.iter().any(|o| {
                !std::ptr::eq(o, a)
                    && a.cue.first().or(a.content.first()).is_some_and(|c| {
                        o.content.iter().any(|s| s.start <= c.start && c.end <= s.end)
                    })
            })
        };
        let list: Vec<_> = found.iter().filter(|a| !inside(a) && a.kind != attribution::AttributionKind::Hedge).map(|a| serde_json::json!({"source": of(&a.source), "cue": of(&a.cue), "content": of(&a.content), "pattern": a.pattern.name(), "confidence": a.confidence, "kind": format!("{:?}", a.kind), "finite": a.content.iter().flat_map(|s| doc.slice(doc.tokens_in(*s))).any(|t| matches!(t.tag(), "VBD" | "VBZ" | "VBP" | "MD")), "inf": a.content.iter().flat_map(|s| doc.slice(doc.tokens_in(*s))).next().is_some_and(|t| t.tag() == "TO"), "quoted": a.content.iter().any(|s| article.text.as_str()[s.start as usize..s.end as usize].contains(['"', '“', '‘'])), "lemma": a.cue_head.map(|h| doc.token(h).lemma())})).collect();
        println!(
            "{}",
            serde_json::json!({"id": p.file_stem().unwrap().to_string_lossy(), "attributions": list})
        );
    }
    Ok(())
}
