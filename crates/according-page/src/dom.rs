//! A page as a flat list of nodes, so that no walk over it recurses.

use std::collections::BTreeMap;

use trafilatura::dom::Document;

use crate::styles;

/// A parsed page: its nodes in document order.
#[derive(Debug, Default)]
pub(crate) struct Dom {
    pub(crate) nodes: Vec<Node>,
    /// Which of them are texts.
    texts: Vec<usize>,
    /// The names of elements.
    names: Vec<String>,
}

/// One element or text of a page.
#[derive(Debug)]
pub(crate) struct Node {
    /// The element it stands in; its own number for the root.
    pub(crate) parent: usize,
    pub(crate) content: Content,
    /// Whether no reader sees it.
    pub(crate) hidden: bool,
    /// One past its last descendant.
    pub(crate) end: usize,
    /// First code point in the text of the whole page, scripts and all, as `textContent`
    /// counts it.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) stop: usize,
}

#[derive(Debug)]
pub(crate) enum Content {
    Element {
        /// Which of the names.
        name: usize,
        /// Those that are looked at by anybody.
        attributes: Vec<(&'static str, String)>,
        /// Which of the siblings of its name it is, from 1.
        nth: usize,
    },
    Text(String),
}

/// A page that is too large in some way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMuch {
    Depth,
    Nodes,
}

impl Dom {
    pub(crate) fn new(
        document: &Document,
        max_depth: usize,
        max_nodes: usize,
    ) -> Result<Self, TooMuch> {
        let mut dom = Self::default();
        let mut position = 0;
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        // Nodes still to be visited, and the elements to be closed after them.
        let mut stack = Vec::new();
        for id in document.child_nodes(document.root()) {
            if document.tag_name(id) == "html" {
                stack.push(Step::Open { id, parent: 0, nth: 1, depth: 0 });
            }
        }
        while let Some(step) = stack.pop() {
            let (id, parent, nth, depth) = match step {
                Step::Open { id, parent, nth, depth } => (id, parent, nth, depth),
                Step::Close(number) => {
                    dom.nodes[number].stop = position;
                    dom.nodes[number].end = dom.nodes.len();
                    continue;
                }
            };
            if depth > max_depth {
                return Err(TooMuch::Depth);
            }
            if dom.nodes.len() >= max_nodes {
                return Err(TooMuch::Nodes);
            }
            let number = dom.nodes.len();
            let start = position;
            let inherited = number > 0 && dom.nodes[parent].hidden;
            if document.is_text(id) {
                let text = document.text_content(id);
                position += text.chars().count();
                dom.texts.push(number);
                dom.nodes.push(Node {
                    parent,
                    content: Content::Text(text),
                    hidden: inherited,
                    end: number + 1,
                    start,
                    stop: position,
                });
                continue;
            }
            let name = document.tag_name(id);
            let attribute =
                |key: String| Some((known(&key)?, document.get_attribute(id, &key)?));
            let attributes: Vec<_> =
                document.attribute_names(id).into_iter().filter_map(attribute).collect();
            let hidden = inherited || is_hidden(name, &attributes);
            let name = match names.get(name) {
                Some(known) => *known,
                None => {
                    names.insert(name.to_owned(), dom.names.len());
                    dom.names.push(name.to_owned());
                    dom.names.len() - 1
                }
            };
            let children = document.child_nodes(id);
            dom.nodes.push(Node {
                parent,
                content: Content::Element { name, attributes, nth },
                hidden,
                end: number + 1,
                start,
                stop: start,
            });
            stack.push(Step::Close(number));
            let first = stack.len();
            let mut seen: Vec<(&str, usize)> = Vec::new();
            for id in children {
                let name = document.tag_name(id);
                let mut nth = 1;
                if document.is_element(id) {
                    match seen.iter_mut().find(|(n, _)| *n == name) {
                        Some((_, n)) => {
                            *n += 1;
                            nth = *n;
                        }
                        None => seen.push((name, 1)),
                    }
                } else if !document.is_text(id) {
                    continue;
                }
                stack.push(Step::Open { id, parent: number, nth, depth: depth + 1 });
            }
            stack[first..].reverse();
        }
        styles::hide(&mut dom);
        Ok(dom)
    }

    /// The name of an element; empty for text.
    pub(crate) fn name(&self, node: usize) -> &str {
        match &self.nodes[node].content {
            Content::Element { name, .. } => &self.names[*name],
            Content::Text(_) => "",
        }
    }

    pub(crate) fn attribute(&self, node: usize, key: &str) -> Option<&str> {
        match &self.nodes[node].content {
            Content::Element { attributes, .. } => {
                attributes.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
            }
            Content::Text(_) => None,
        }
    }

    /// A node and all that it stands in, from the inside out.
    pub(crate) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let mut next = (node < self.nodes.len()).then_some(node);
        std::iter::from_fn(move || {
            let node = next?;
            let parent = self.nodes[node].parent;
            next = (parent != node).then_some(parent);
            Some(node)
        })
    }

    /// The text of a node and all in it.
    pub(crate) fn text(&self, node: usize) -> String {
        let inside = &self.nodes[node..self.nodes[node].end];
        let texts = inside.iter().filter_map(|n| match &n.content {
            Content::Text(text) => Some(text.as_str()),
            Content::Element { .. } => None,
        });
        texts.collect()
    }

    /// The code points of the text of the page from `start` on.
    pub(crate) fn chars_from(&self, start: usize) -> impl Iterator<Item = char> {
        let first = self.texts.partition_point(|&node| self.nodes[node].stop <= start);
        let texts = self.texts[first..].iter().map(|&node| &self.nodes[node]);
        texts.flat_map(move |node| {
            let text = match &node.content {
                Content::Text(text) => text.as_str(),
                Content::Element { .. } => "",
            };
            text.chars().skip(start.saturating_sub(node.start))
        })
    }

    /// The path to an element, `/html[1]/body[1]/p[2]`, unless a name on the way is none
    /// that XPath can write.
    pub(crate) fn xpath(&self, node: usize) -> Option<String> {
        let mut steps = Vec::new();
        for node in self.ancestors(node) {
            if let Content::Element { name, nth, .. } = &self.nodes[node].content {
                steps.push(step(&self.names[*name], *nth)?);
            }
        }
        steps.reverse();
        Some(steps.concat())
    }
}

fn step(name: &str, nth: usize) -> Option<String> {
    let can_be_written = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    can_be_written.then(|| format!("/{name}[{nth}]"))
}

enum Step<Id> {
    Open { id: Id, parent: usize, nth: usize, depth: usize },
    Close(usize),
}

/// Classes of what is not shown but read out: labels of buttons and pictures.
const ONLY_READ_OUT: [&str; 7] = [
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "visuallyHidden",
    "screen-reader-text",
    "screen-reader-only",
    "a11y-hidden",
];

/// An attribute that anybody looks at.
fn known(key: &str) -> Option<&'static str> {
    macro_rules! one_of {
        ($($name:literal)*) => {
            match key {
                $($name => Some($name),)*
                _ => None,
            }
        };
    }
    one_of!(
        "aria-hidden" "class" "content" "datetime" "hidden" "href" "http-equiv" "id"
        "itemprop" "lang" "media" "name" "property" "pubdate" "rel" "style" "title" "type"
    )
}

fn is_hidden(name: &str, attributes: &[(&str, String)]) -> bool {
    if matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "select"
            | "textarea"
            | "title"
    ) {
        return true;
    }
    attributes.iter().any(|(key, value)| match *key {
        "hidden" => !value.eq_ignore_ascii_case("false"),
        "aria-hidden" => value.trim().eq_ignore_ascii_case("true"),
        "style" => styles::hides(value) == Some(true),
        "class" => value.split_ascii_whitespace().any(|c| ONLY_READ_OUT.contains(&c)),
        _ => false,
    })
}
