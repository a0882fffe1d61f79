//! Reports in the formats of others.
//!
//! A report goes in and text comes out; nothing is opened, fetched or dated here. Each format
//! has a file, which says what of ours goes where and what is lost; `docs/exports.md` tells the
//! same to users. Ids follow from the text of the article and from names, so that the same
//! report gives the same bytes.
//!
//! ```
//! use according_export::{Export, Format};
//!
//! let mut export = Export::new(Format::GeoJson).expect("one document");
//! let document = export.end();
//! assert!(document.contains("FeatureCollection"));
//! ```

mod brat;
mod csv;
mod ftm;
mod geojson;
mod graph;
mod markdown;
mod misp;
mod parquet;
mod plover;
mod protect;
mod prov;
mod recurring;
mod schema_org;
mod stix;
mod table;
mod view;
mod web_annotation;

use std::collections::BTreeSet;

use according::Report;
use according_corpus::format::CorpusReport;
use serde_json::Value;

use recurring::{Articles, recurring};

pub use brat::CONFIGURATION as BRAT_CONFIGURATION;
pub use csv::CsvTable;
pub use parquet::ParquetTable;
pub use protect::{Protected, Removed, protect};
pub use table::Table;
pub use web_annotation::{annotations, annotations_of_text};

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// W3C Web Annotation, JSON-LD: an annotation page a line.
    WebAnnotation,
    /// A table with a row for each claim.
    Csv,
    /// A brief for people, with source descriptors and footnotes.
    Markdown,
    /// BRAT standoff: a text and its annotations.
    Brat,
    /// Chains in PROV-O, JSON-LD.
    Prov,
    /// schema.org claims, quotations and stubs of reviews, JSON-LD.
    SchemaOrg,
    /// FollowTheMoney: an entity a line.
    Ftm,
    /// A STIX 2.1 bundle.
    Stix,
    /// A MISP event with a report, one a line.
    Misp,
    /// PLOVER event records, one a line.
    Plover,
    /// Places on the map.
    GeoJson,
    /// A graph for networkx, yEd and others.
    GraphMl,
    /// A graph for Gephi.
    Gexf,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::WebAnnotation,
        Self::Csv,
        Self::Markdown,
        Self::Brat,
        Self::Prov,
        Self::SchemaOrg,
        Self::Ftm,
        Self::Stix,
        Self::Misp,
        Self::Plover,
        Self::GeoJson,
        Self::GraphMl,
        Self::Gexf,
    ];

    /// What users call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebAnnotation => "webannotation",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Brat => "brat",
            Self::Prov => "prov",
            Self::SchemaOrg => "schema-org",
            Self::Ftm => "ftm",
            Self::Stix => "stix",
            Self::Misp => "misp",
            Self::Plover => "plover",
            Self::GeoJson => "geojson",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
        }
    }

    /// How names of files in it end, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::WebAnnotation => "anno.jsonld",
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Brat => "ann",
            Self::Prov => "prov.jsonld",
            Self::SchemaOrg => "schema.jsonld",
            Self::Ftm => "ftm.json",
            Self::Stix => "stix.json",
            Self::Misp => "misp.json",
            Self::Plover => "plover.jsonl",
            Self::GeoJson => "geojson",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
        }
    }
}

/// One document about any number of reports, written piece by piece.
///
/// What several reports have in common, such as an outlet, is written once.
#[derive(Debug)]
pub struct Export {
    format: Format,
    /// Whether the head was written.
    begun: bool,
    /// How many pieces were written between which something stands.
    n: usize,
    /// Ids of what was written.
    seen: BTreeSet<String>,
    /// What must come after everything else.
    last: String,
    articles: Articles,
}

impl Export {
    /// A document in `format`; `None` where each report has files of its own, as in BRAT.
    pub fn new(format: Format) -> Option<Self> {
        let (seen, last) = (BTreeSet::new(), String::new());
        let articles = Articles::default();
        let export = Self { format, begun: false, n: 0, seen, last, articles };
        (format != Format::Brat).then_some(export)
    }

    /// What a report adds to the end of the document.
    pub fn report(&mut self, report: &Report) -> String {
        let mut out = self.head();
        self.articles.add(report);
        match self.format {
            Format::WebAnnotation => {
                line(&annotations_of_text(report), &mut out);
            }
            Format::Misp => line(&misp::event(report), &mut out),
            Format::Plover => {
                plover::records(report).iter().for_each(|r| line(r, &mut out));
            }
            Format::Ftm => {
                for entity in self.fresh(ftm::entities(report)) {
                    line(&entity, &mut out);
                }
            }
            Format::Csv => out += &csv::rows(Table::Claims, report),
            Format::Markdown => {
                if self.n > 0 {
                    out += "\n---\n\n";
                }
                self.n += 1;
                out += &markdown::brief(report);
            }
            Format::Prov => self.items(prov::nodes(report), &mut out),
            Format::SchemaOrg => self.items(schema_org::nodes(report), &mut out),
            Format::Stix => self.items(stix::objects(report), &mut out),
            Format::GeoJson => self.items(geojson::features(report), &mut out),
            Format::GraphMl | Format::Gexf => {
                self.graph(&graph::graph(report), &mut out);
            }
            // `new` makes none.
            Format::Brat => {}
        }
        out
    }

    /// What a corpus says adds to the end of the document: what recurs in the reports that
    /// were written, who says so, and to how many origins that goes back. Nothing in formats
    /// that have no place for it: CSV, which has tables of its own ([`CsvTable`]), BRAT, MISP,
    /// PLOVER and GeoJSON.
    pub fn corpus(&mut self, corpus: &CorpusReport) -> String {
        let mut out = self.head();
        let claims = recurring(corpus, &self.articles);
        match self.format {
            Format::WebAnnotation => {
                claims.iter().for_each(|c| line(&web_annotation::recurring(c), &mut out));
            }
            Format::Ftm => {
                let notes = claims.iter().map(ftm::recurring).collect();
                self.fresh(notes).iter().for_each(|note| line(note, &mut out));
            }
            Format::Markdown => {
                out += if self.n > 0 { "\n---\n\n" } else { "" };
                self.n += 1;
                out += &markdown::recurring(&claims);
            }
            Format::Prov => {
                self.items(claims.iter().flat_map(prov::recurring).collect(), &mut out);
            }
            Format::SchemaOrg => {
                let nodes = claims.iter().flat_map(schema_org::recurring);
                self.items(nodes.collect(), &mut out);
            }
            Format::Stix => {
                self.items(claims.iter().map(stix::recurring).collect(), &mut out);
            }
            Format::GraphMl | Format::Gexf => {
                self.graph(&graph::recurring(&claims), &mut out);
            }
            Format::Csv
            | Format::Brat
            | Format::Misp
            | Format::Plover
            | Format::GeoJson => {}
        }
        out
    }

    /// Nodes at once, edges at the end.
    fn graph(&mut self, graph: &graph::Graph, out: &mut String) {
        for node in &graph.nodes {
            if self.seen.insert(node.id.clone()) {
                *out += &node.write(self.format);
            }
        }
        for edge in &graph.edges {
            if self.seen.insert(edge.id.clone()) {
                self.last += &edge.write(self.format);
            }
        }
    }

    /// The end of the document.
    pub fn end(&mut self) -> String {
        let mut out = self.head();
        match self.format {
            Format::Stix => {
                let ids: Vec<&str> = self.seen.iter().map(String::as_str).collect();
                out += &stix::tail(&ids);
            }
            Format::Prov | Format::SchemaOrg | Format::GeoJson => out += "\n]}\n",
            Format::GraphMl => {
                out += &std::mem::take(&mut self.last);
                out += graph::GRAPHML_TAIL;
            }
            Format::Gexf => {
                out += "    </nodes>\n    <edges>\n";
                out += &std::mem::take(&mut self.last);
                out += graph::GEXF_TAIL;
            }
            _ => {}
        }
        out
    }

    /// The beginning of the document, the first time.
    fn head(&mut self) -> String {
        if std::mem::replace(&mut self.begun, true) {
            return String::new();
        }
        match self.format {
            Format::Csv => csv::head(Table::Claims),
            Format::Prov => prov::head(),
            Format::SchemaOrg => schema_org::head(),
            Format::Stix => stix::HEAD.to_owned(),
            Format::GeoJson => geojson::HEAD.to_owned(),
            Format::GraphMl => graph::graphml_head(),
            Format::Gexf => graph::gexf_head(),
            _ => String::new(),
        }
    }

    /// Those of `values` whose ids were not met before.
    fn fresh(&mut self, mut values: Vec<Value>) -> Vec<Value> {
        let id = |value: &Value| {
            let id = value.get("id").or_else(|| value.get("@id"));
            id.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        values.retain(|value| self.seen.insert(id(value)));
        values
    }

    /// Members of a JSON array, each on a line.
    fn items(&mut self, values: Vec<Value>, out: &mut String) {
        for value in self.fresh(values) {
            *out += if self.n == 0 { "\n" } else { ",\n" };
            self.n += 1;
            *out += &value.to_string();
        }
    }
}

fn line(value: &Value, out: &mut String) {
    *out += &value.to_string();
    out.push('\n');
}

/// The files that one report is written to: how the name of each ends, and what it holds.
pub fn files(report: &Report, format: Format) -> Vec<(&'static str, String)> {
    match Export::new(format) {
        Some(mut export) => {
            let document = export.report(report) + &export.end();
            vec![(format.extension(), document)]
        }
        None => {
            let annotations = brat::annotations(report);
            vec![("txt", report.article.text.clone()), (format.extension(), annotations)]
        }
    }
}
