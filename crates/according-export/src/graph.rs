//! A graph of claims, those who tell them, articles and outlets, as GraphML and as GEXF.
//!
//! Nodes: `claim`, `source`, `article`, `outlet`. Edges: `says` from the source nearest the
//! event to a claim, `tells` from a member of its chain to the next, `in` from a claim to its
//! article, `within` from a claim to the one it stands in, `publishes` from an outlet to an
//! article. Sources with the same name and class are one node in all articles; those without a
//! name are one in their article only.

use std::fmt::Write as _;

use according::Report;

use crate::Format;
use crate::recurring::Recurring;
use crate::view::{Actor, View, one_line, spans, uuid, word};

/// What a node or edge may tell beside its label, with the type of GraphML.
const NODE_FIELDS: [(&str, &str); 16] = [
    ("kind", "string"),
    ("class", "string"),
    ("named", "boolean"),
    ("article", "string"),
    ("claim", "string"),
    ("offsets", "string"),
    ("published", "string"),
    ("url", "string"),
    ("mode", "string"),
    ("stance", "string"),
    ("factuality", "string"),
    ("outlet", "string"),
    ("confidence", "double"),
    ("origins_least", "long"),
    ("origins_most", "long"),
    ("disputed", "boolean"),
];
const EDGE_FIELDS: [(&str, &str); 2] = [("relation", "string"), ("claim", "string")];

pub(crate) const GRAPHML_TAIL: &str = "  </graph>\n</graphml>\n";
pub(crate) const GEXF_TAIL: &str = "    </edges>\n  </graph>\n</gexf>\n";

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: String,
    label: String,
    fields: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) id: String,
    from: String,
    to: String,
    fields: [(&'static str, String); 2],
}

#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
}

impl Graph {
    fn edge(&mut self, from: &str, to: &str, relation: &str, claim: &str) {
        self.edges.push(Edge {
            id: format!("e-{}", uuid(&format!("edge {from} {to} {relation} {claim}"))),
            from: from.to_owned(),
            to: to.to_owned(),
            fields: [("relation", relation.to_owned()), ("claim", claim.to_owned())],
        });
    }
}

pub(crate) fn graph(report: &Report) -> Graph {
    let view = View::new(report);
    let mut graph = Graph::default();
    let article = node_id(&view.urn());
    let about = &report.article;
    let own = |value: &Option<String>| value.clone().unwrap_or_default();
    graph.nodes.push(Node {
        id: article.clone(),
        label: view.title().to_owned(),
        fields: vec![
            ("kind", "article".to_owned()),
            ("article", about.reference.clone().unwrap_or_else(|| about.id.clone())),
            ("published", own(&about.published)),
            ("url", own(&about.url)),
            ("outlet", own(&about.outlet)),
        ],
    });
    if let Some(outlet) = view.outlet() {
        // An outlet that is relied on elsewhere is the same node there.
        let id = source_id(&view, &outlet);
        graph.nodes.push(source(&view, &outlet, "outlet"));
        graph.edge(&id, &article, "publishes", "");
    }
    for claim in &report.claims {
        let id = node_id(&view.part(&claim.id));
        graph.nodes.push(Node {
            id: id.clone(),
            label: view.words(&claim.content),
            fields: vec![
                ("kind", "claim".to_owned()),
                ("article", about.reference.clone().unwrap_or_else(|| about.id.clone())),
                ("claim", claim.id.clone()),
                ("offsets", spans(&claim.content)),
                ("mode", word(&claim.mode)),
                ("stance", word(&claim.stance)),
                ("factuality", word(&claim.factuality)),
                ("confidence", claim.confidence.to_string()),
            ],
        });
        graph.edge(&id, &article, "in", &claim.id);
        if let Some(parent) = &claim.parent {
            graph.edge(&id, &node_id(&view.part(parent)), "within", &claim.id);
        }
        let chain = view.chain(claim);
        let chain: Vec<&Actor<'_>> = chain.iter().filter(|a| !a.is_nobody()).collect();
        for actor in &chain {
            graph.nodes.push(source(&view, actor, "source"));
        }
        let step = view.part(&claim.id);
        if let Some(first) = chain.first() {
            graph.edge(&source_id(&view, first), &id, "says", &step);
        }
        for pair in chain.windows(2) {
            if let [from, to] = pair {
                let (from, to) = (source_id(&view, from), source_id(&view, to));
                graph.edge(&from, &to, "tells", &step);
            }
        }
    }
    graph
}

/// What recurs: a node for each claim of a corpus and for each of its origins, edges from the
/// places that make it (`asserts`, `denies`, `doubts`) and from these to their origins
/// (`goes-back-to`), and from a claim to the one it denies (`contradicts`).
pub(crate) fn recurring(claims: &[Recurring<'_>]) -> Graph {
    let mut graph = Graph::default();
    for claim in claims {
        let (id, entry) = (node_id(&claim.urn), claim.entry);
        graph.nodes.push(Node {
            id: id.clone(),
            label: one_line(&entry.statement),
            fields: vec![
                ("kind", "recurring".to_owned()),
                ("claim", entry.id.clone()),
                ("origins_least", entry.independent_origins.least.to_string()),
                ("origins_most", entry.independent_origins.most.to_string()),
                ("disputed", entry.disputed.to_string()),
            ],
        });
        for origin in &entry.origins {
            graph.nodes.push(Node {
                id: node_id(&claim.part(&origin.id)),
                label: one_line(&origin.what),
                fields: vec![("kind", "origin".to_owned()), ("claim", entry.id.clone())],
            });
        }
        for placed in &claim.supports {
            let place = node_id(placed.place());
            graph.edge(&place, &id, &word(&placed.support.stance), &entry.id);
            let origin = node_id(&claim.part(&placed.support.origin));
            graph.edge(&place, &origin, "goes-back-to", &entry.id);
        }
        for denial in &claim.denials {
            graph.edge(&node_id(denial), &id, "contradicts", &entry.id);
        }
    }
    graph
}

fn node_id(what: &str) -> String {
    format!("n-{}", uuid(&format!("node {what}")))
}

fn source_id(view: &View<'_>, actor: &Actor<'_>) -> String {
    node_id(&view.key(actor))
}

fn source(view: &View<'_>, actor: &Actor<'_>, kind: &str) -> Node {
    Node {
        id: source_id(view, actor),
        label: actor.name.to_owned(),
        fields: vec![
            ("kind", kind.to_owned()),
            ("class", word(&actor.kind)),
            ("named", actor.named.to_string()),
        ],
    }
}

impl Node {
    pub(crate) fn write(&self, format: Format) -> String {
        let label = escaped(&self.label);
        if format == Format::Gexf {
            let fields = attvalues(&self.fields, &NODE_FIELDS);
            return format!(
                "      <node id=\"{}\" label=\"{label}\">{fields}</node>\n",
                self.id
            );
        }
        let data = data(&self.fields, "n");
        format!(
            "    <node id=\"{}\"><data key=\"label\">{label}</data>{data}</node>\n",
            self.id
        )
    }
}

impl Edge {
    pub(crate) fn write(&self, format: Format) -> String {
        let (id, from, to) = (&self.id, &self.from, &self.to);
        if format == Format::Gexf {
            let fields = attvalues(&self.fields, &EDGE_FIELDS);
            return format!(
                "      <edge id=\"{id}\" source=\"{from}\" target=\"{to}\">{fields}</edge>\n"
            );
        }
        let data = data(&self.fields, "e");
        format!("    <edge id=\"{id}\" source=\"{from}\" target=\"{to}\">{data}</edge>\n")
    }
}

fn data(fields: &[(&str, String)], of: &str) -> String {
    let told = fields.iter().filter(|(_, value)| !value.is_empty());
    let data = told.map(|(name, value)| {
        format!("<data key=\"{of}-{name}\">{}</data>", escaped(value))
    });
    data.collect()
}

fn attvalues(fields: &[(&str, String)], known: &[(&str, &str)]) -> String {
    let mut out = String::from("<attvalues>");
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        if let Some(i) = known.iter().position(|(known, _)| known == name) {
            // Writing to a string cannot fail.
            let _ = write!(out, "<attvalue for=\"{i}\" value=\"{}\"/>", escaped(value));
        }
    }
    out + "</attvalues>"
}

pub(crate) fn graphml_head() -> String {
    let mut head = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n  \
         <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n",
    );
    for (fields, of, element) in
        [(&NODE_FIELDS[..], "n", "node"), (&EDGE_FIELDS[..], "e", "edge")]
    {
        for (name, kind) in fields {
            // Writing to a string cannot fail.
            let _ = writeln!(
                head,
                "  <key id=\"{of}-{name}\" for=\"{element}\" attr.name=\"{name}\" \
                 attr.type=\"{kind}\"/>"
            );
        }
    }
    head + "  <graph id=\"claims\" edgedefault=\"directed\">\n"
}

pub(crate) fn gexf_head() -> String {
    let mut head = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n  \
         <meta><creator>according</creator></meta>\n  \
         <graph defaultedgetype=\"directed\">\n",
    );
    for (fields, class) in [(&NODE_FIELDS[..], "node"), (&EDGE_FIELDS[..], "edge")] {
        // Writing to a string cannot fail.
        let _ = writeln!(head, "    <attributes class=\"{class}\">");
        for (i, (name, kind)) in fields.iter().enumerate() {
            let _ = writeln!(
                head,
                "      <attribute id=\"{i}\" title=\"{name}\" type=\"{kind}\"/>"
            );
        }
        head += "    </attributes>\n";
    }
    head + "    <nodes>\n"
}

/// Text for XML, as content or in double quotation marks. Characters that XML cannot hold are
/// left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}
