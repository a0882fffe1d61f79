//! From a record to its report.

use std::ops::Range;

use according::report::{Offsets, Options, Report, Selector, read_doc};
use according::{Article, Day, Metadata};
use according_corpus::{Fingerprint, fingerprint};
use according_nlp::{CodePoints, Doc, DocBuilder, Pipeline, Span, Worker};
use according_page::{Limits, Page};

use crate::record::{Error, Record};

/// What somebody says of a text who gives it to be read. It goes before what the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Title.
    pub title: Option<String>,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
}

/// The article of a record, and the way back to the page it stood in.
#[derive(Debug)]
pub struct Text {
    article: Article,
    page: Page,
    is_page: bool,
}

/// A report with what is known only while it is made.
#[derive(Debug)]
pub struct Reading {
    /// The report.
    pub report: Report,
    doc: Doc,
    page: Page,
    is_page: bool,
}

impl Record {
    /// The article in this record, which is left without its text. `name` is what it is
    /// called unless it has an id.
    ///
    /// # Errors
    ///
    /// When it is a page beyond a limit.
    pub fn article(
        &mut self,
        name: String,
        given: &Given,
        limits: &Limits,
    ) -> Result<Text, Error> {
        let metadata = self.metadata(name, given);
        let is_page = self.text.is_none();
        let mut page = match self.text.take() {
            Some(text) => {
                let mut page = Page::default();
                page.article = according::article::plain::read(text, metadata);
                page
            }
            None => {
                let html = self.html.take().unwrap_or_default();
                according_page::read(&html, metadata, limits).map_err(Error::Page)?
            }
        };
        let pages = self.pages.iter().map(|page| according::Page {
            number: page.number,
            span: Span::new(page.start, page.end),
        });
        let pages = pages.collect();
        let article = Article { pages, ..std::mem::take(&mut page.article) };
        Ok(Text { article, page, is_page })
    }

    fn metadata(&mut self, name: String, given: &Given) -> Metadata {
        let own = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
        let published = own(self.published.take()).and_then(|published| {
            let day = day(published.split(['T', ' ']).next().unwrap_or_default());
            if day.is_none() {
                self.notes.push(format!(
                    "'{}' is no date like 2024-03-05 and is left out",
                    published.escape_debug()
                ));
            }
            day
        });
        Metadata {
            reference: Some(own(self.id.take()).unwrap_or(name)),
            locator: self.locator.take(),
            title: given.title.clone().or_else(|| own(self.title.take())),
            outlet: given.outlet.clone().or_else(|| own(self.outlet.take())),
            url: own(self.url.take()),
            byline: std::mem::take(&mut self.byline),
            dateline: None,
            published: given.published.clone().or(published),
            via: own(self.via.take()),
            ..Metadata::default()
        }
    }
}

impl Text {
    /// The report on this article. Without a worker the article itself is all there is to
    /// report.
    ///
    /// # Errors
    ///
    /// When the text is more than a document can hold.
    pub fn read(
        self,
        worker: Option<(&mut Worker<'_>, &Pipeline)>,
        options: &Options,
    ) -> Result<Reading, Error> {
        let Self { article, page, is_page } = self;
        let (doc, name) = match worker {
            Some((worker, pipeline)) => {
                (according::parse(worker, &article), pipeline.name())
            }
            None => {
                let doc = DocBuilder::new(&article.text).finish();
                (doc.map_err(Error::Text)?, "none")
            }
        };
        let mut report = read_doc(article, &doc, name, options);
        let text = report.article.text.clone();
        let points = CodePoints::new(&text);
        for block in &mut report.article.blocks {
            block.selector = selectors(&page, &points, [block.start, block.end]);
        }
        Ok(Reading { report, doc, page, is_page })
    }
}

impl Reading {
    /// What the article is known by among others.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.report, &self.doc)
    }

    /// The sentences, as ranges of code points.
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let points = CodePoints::new(&self.report.article.text);
        let range = |[start, end]: [usize; 2]| start..end;
        self.doc.sentences().map(|s| range(points.of(s.span()))).collect()
    }

    /// The way back from stretches of the article to what it was read from; `None` where it
    /// leads nowhere.
    pub fn way_back(&self) -> impl Fn(Offsets) -> Option<Vec<Selector>> + '_ {
        let points = CodePoints::new(&self.report.article.text);
        move |[start, end]| match self.is_page {
            true => selectors(&self.page, &points, [start, end]),
            false => Some(vec![Selector::Position { start, end }]),
        }
    }
}

/// The way back from a stretch of a page's article, as a report tells it.
fn selectors(
    page: &Page,
    points: &CodePoints<'_>,
    [start, end]: Offsets,
) -> Option<Vec<Selector>> {
    let span = Span::new(points.to_byte(start)?, points.to_byte(end)?);
    let selector = page.selector(span)?;
    let [start, end] = selector.within;
    let within = Box::new(Selector::Position { start, end });
    let [start, end] = selector.position;
    Some(vec![
        Selector::XPath { value: selector.xpath, refined_by: within },
        Selector::Position { start, end },
    ])
}

/// A year, month or day of the calendar, ISO 8601.
pub fn day(text: &str) -> Option<String> {
    let first_day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let is_day = first_day.len() == 10 && Day::parse(&first_day).is_some();
    is_day.then(|| text.to_owned())
}
