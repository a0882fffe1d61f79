//! The lines a reader sees on a page: runs of text that no block element interrupts.

use crate::dom::{Content, Dom};

/// A run of text within one block element.
#[derive(Debug)]
pub(crate) struct Line {
    /// The block element.
    pub(crate) element: usize,
    /// The text node it begins in.
    pub(crate) first: usize,
    /// Its text, with runs of white space made one space as a browser does.
    pub(crate) text: String,
    /// Where in the text of the page each of its characters stands.
    pub(crate) positions: Vec<usize>,
    /// So many of its characters are links, spaces left out.
    linked: usize,
}

impl Line {
    /// Whether it is nothing but links.
    pub(crate) fn is_links(&self) -> bool {
        let n_spaces = self.text.matches(' ').count();
        self.linked * 10 >= (self.positions.len() - n_spaces) * 9
    }
}

/// Elements that do not interrupt a line.
const INLINE: [&str; 43] = [
    "a", "abbr", "acronym", "audio", "b", "bdi", "bdo", "big", "cite", "code", "data",
    "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "meta",
    "link", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

/// All lines of a page that can be seen, in order.
pub(crate) fn lines(dom: &Dom) -> Vec<Line> {
    let mut lines = Lines { done: Vec::new(), line: None, breaks: 0 };
    // Block elements that are open, with their ends.
    let mut open: Vec<(usize, usize)> = Vec::new();
    // One past the last node of the link that is open.
    let mut link_end = 0;
    let mut number = 0;
    while number < dom.nodes.len() {
        while open.pop_if(|(_, end)| *end <= number).is_some() {
            lines.end();
        }
        let node = &dom.nodes[number];
        match &node.content {
            Content::Element { .. } => {
                let name = dom.name(number);
                let is_inline = INLINE.contains(&name);
                if node.hidden {
                    number = node.end;
                    continue;
                }
                if name == "a" && dom.attribute(number, "href").is_some() {
                    link_end = node.end;
                }
                if name == "br" {
                    lines.line_break();
                } else if !is_inline {
                    lines.end();
                    open.push((number, node.end));
                }
            }
            Content::Text(text) if !node.hidden => {
                let element = open.last().map_or(0, |(element, _)| *element);
                lines.add(element, number, node.start, text, number < link_end);
            }
            Content::Text(_) => {}
        }
        number += 1;
    }
    lines.end();
    lines.done
}

struct Lines {
    done: Vec<Line>,
    line: Option<Line>,
    /// So many line breaks stand since the last text.
    breaks: usize,
}

impl Lines {
    fn add(
        &mut self,
        element: usize,
        node: usize,
        start: usize,
        text: &str,
        linked: bool,
    ) {
        for (i, c) in text.chars().enumerate() {
            if c.is_ascii_whitespace() {
                self.space(start + i);
                continue;
            }
            if self.breaks > 1 {
                self.end();
            }
            self.breaks = 0;
            let line = self.line.get_or_insert_with(|| Line {
                element,
                first: node,
                text: String::new(),
                positions: Vec::new(),
                linked: 0,
            });
            line.linked += usize::from(linked);
            line.text.push(c);
            line.positions.push(start + i);
        }
    }

    fn space(&mut self, position: usize) {
        if let Some(line) = &mut self.line
            && !line.text.ends_with(' ')
        {
            line.text.push(' ');
            line.positions.push(position);
        }
    }

    fn line_break(&mut self) {
        self.breaks += 1;
        let position = self.line.as_ref().and_then(|line| line.positions.last());
        if let Some(&position) = position {
            self.space(position);
        }
    }

    fn end(&mut self) {
        self.breaks = 0;
        let Some(mut line) = self.line.take() else { return };
        let end = line.text.trim_end().len();
        line.text.truncate(end);
        line.positions.truncate(line.text.chars().count());
        let start = line.text.len() - line.text.trim_start().len();
        let n_before = line.text[..start].chars().count();
        line.positions.drain(..n_before);
        line.text.drain(..start);
        if !line.text.is_empty() {
            self.done.push(line);
        }
    }
}
