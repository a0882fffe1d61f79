//! What a page says about itself: JSON-LD, meta tags, microdata, visible dates, its address.
//!
//! Everything that is said is kept with the place where it is said; what the report goes by
//! is chosen at the end.

use according::{Field, Metadata, Origin, Provenance};
use serde_json::Value;

use crate::dom::Dom;
use crate::lines::Line;
use crate::moment::{Label, Moment};

/// Longer values name nobody.
const LONGEST_NAME: usize = 120;

/// Lines with a date and more words than this are sentences.
const MOST_WORDS: usize = 10;

/// Lines with a date that nothing is said about have no more words: a weekday, a month, a
/// name, a place.
const FEW_WORDS: usize = 6;

/// Authors stand so many nodes from one another.
const SIDE_BY_SIDE: usize = 60;

/// What content management systems write for want of an author.
const NOBODY: [&str; 8] =
    ["admin", "administrator", "webmaster", "root", "user", "guest", "none", "null"];

/// What a page says about itself. What it does not say stays unknown.
#[derive(Debug, Default)]
pub(crate) struct About {
    said: Vec<Provenance>,
    dates: Vec<Date>,
    /// The node of the author found last.
    last_author: Option<usize>,
}

/// One of the things said that is a date.
#[derive(Clone, Copy, Debug)]
struct Date {
    /// Which of them.
    said: usize,
    moment: Moment,
    /// What the page calls it.
    label: Label,
}

impl About {
    pub(crate) fn new(dom: &Dom) -> Self {
        let mut about = Self::default();
        about.add_scripts(dom);
        for node in 0..dom.nodes.len() {
            match dom.name(node) {
                "" => {}
                "meta" => about.add_meta(dom, node),
                "link" if is_one_of(dom.attribute(node, "rel"), &["canonical"]) => {
                    about.add_url(dom.attribute(node, "href"), Origin::Meta);
                }
                "html" => {
                    let language = dom.attribute(node, "lang");
                    about.add(Field::Language, language, Origin::Meta);
                }
                "title" if about.first(Field::Title, Origin::Meta).is_none() => {
                    about.add(Field::Title, Some(&dom.text(node)), Origin::Meta);
                }
                _ if !dom.nodes[node].hidden => about.add_markup(dom, node),
                _ => {}
            }
        }
        about
    }

    /// What the page calls itself, the most reliable name first.
    pub(crate) fn titles(&self) -> impl Iterator<Item = &str> {
        ORIGINS.iter().flat_map(|&origin| {
            let titles = self.all(Field::Title, origin);
            titles.map(|said| said.value.as_str())
        })
    }

    /// Whether the page says that this is the name of the outlet, or its titles end so.
    pub(crate) fn is_site(&self, name: &str) -> bool {
        let name = fold(name);
        let is_it = |said: &&Provenance| match said.field {
            Field::Outlet => fold(&said.value) == name,
            Field::Title => {
                let title = said.value.trim_end_matches([' ', ':', '|']);
                let is_part = name.len() * 3 < title.len();
                is_part && tail(title).is_some_and(|(_, t)| fold(t).starts_with(&name))
            }
            _ => false,
        };
        self.said.iter().any(|said| is_it(&said))
    }

    /// Looks for dates in lines around the story: above it, and after it where they are
    /// said to be the date of publication or change.
    pub(crate) fn add_line(&mut self, line: &Line, is_above: bool, is_date: bool) {
        let moments = Moment::all_in(&line.text);
        let words = line.text.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 2);
        let n_words = words.count();
        // A sentence may hold a date too, and a headline or a caption.
        if !is_date && n_words > MOST_WORDS {
            return;
        }
        let is_plain = is_date || n_words <= FEW_WORDS;
        for (label, moment) in moments {
            let field = match label {
                Label::Published => Field::Published,
                Label::Modified => Field::Modified,
                Label::None if is_above && is_plain && moment.is_of_the_web() => {
                    Field::Published
                }
                Label::None => continue,
            };
            self.add_moment(field, Some(moment), label, Origin::Text);
        }
    }

    /// A `<time>` element above the story tells when the story was published.
    pub(crate) fn add_time(&mut self, dom: &Dom, node: usize) {
        let around = dom.ancestors(node).take(3);
        let mut names = around.filter_map(|n| dom.attribute(n, "class"));
        let is_change = |name: &str| {
            let name = name.to_ascii_lowercase();
            name.contains("updated") || name.contains("modified")
        };
        let before = dom.text(dom.nodes[node].parent);
        let is_modified = names.any(is_change)
            || matches!(Moment::all_in(&before).first(), Some((Label::Modified, _)));
        let field = if is_modified { Field::Modified } else { Field::Published };
        let moment = dom.attribute(node, "datetime").and_then(Moment::of_machine);
        self.add_moment(field, moment, Label::None, Origin::Markup);
    }

    /// Fills in what is not `given`, and tells what was chosen. `headline` is what stands
    /// above the story.
    pub(crate) fn complete(
        mut self,
        given: Metadata,
        headline: Option<&str>,
    ) -> Metadata {
        let address = self
            .best(Field::Url)
            .map(|i| self.said[i].value.clone())
            .or_else(|| given.url.clone());
        if let Some(moment) = address.as_deref().and_then(in_address) {
            let (field, label) = (Field::Published, Label::None);
            self.add_moment(field, Some(moment), label, Origin::Address);
        }
        self.add_outlet_of_title(headline);
        let outlet = given.outlet.or_else(|| self.value(Field::Outlet));
        let title = given.title.or_else(|| match headline {
            Some(headline) => {
                let i = self.add(Field::Title, Some(headline), Origin::Text)?;
                self.said[i].used = true;
                Some(self.said[i].value.clone())
            }
            None => self.title(outlet.as_deref()),
        });
        let byline = match given.byline.is_empty() {
            true => self.authors(outlet.as_deref()),
            false => given.byline,
        };
        let (published, published_time) = match given.published {
            Some(day) => (Some(day), given.published_time),
            None => self.published(),
        };
        let modified = given.modified.or_else(|| self.modified(published.as_deref()));
        Metadata {
            title,
            byline,
            published,
            published_time,
            modified,
            url: given.url.or_else(|| self.value(Field::Url)),
            language: given.language.or_else(|| self.value(Field::Language)),
            via: given.via.or_else(|| self.value(Field::Via)),
            outlet,
            provenance: self.said,
            reference: given.reference,
            locator: given.locator,
            dateline: given.dateline,
        }
    }

    fn all(&self, field: Field, origin: Origin) -> impl Iterator<Item = &Provenance> {
        self.said.iter().filter(move |s| s.field == field && s.origin == origin)
    }

    fn first(&self, field: Field, origin: Origin) -> Option<usize> {
        self.said.iter().position(|s| s.field == field && s.origin == origin)
    }

    /// The first thing said in the most reliable place.
    fn best(&self, field: Field) -> Option<usize> {
        // What a page calls its own address stands in its `<link>`; the name under which
        // people know an outlet is that of the site, since its publisher may be an agency.
        let first = match field {
            Field::Url => Some(Origin::Meta),
            Field::Outlet => Some(Origin::OpenGraph),
            _ => None,
        };
        let order = first.into_iter().chain(ORIGINS);
        let is_name =
            |i: &usize| field != Field::Outlet || !self.said[*i].value.contains('|');
        let mut found = order.filter_map(|origin| self.first(field, origin));
        found.clone().find(is_name).or_else(|| found.next())
    }

    fn value(&mut self, field: Field) -> Option<String> {
        let best = self.best(field)?;
        self.said[best].used = true;
        Some(self.said[best].value.clone())
    }

    /// The title without the name of the outlet behind it.
    fn title(&mut self, outlet: Option<&str>) -> Option<String> {
        let best = self.best(Field::Title)?;
        self.said[best].used = true;
        let title = self.said[best].value.as_str();
        let outlet = outlet.map(str::to_lowercase);
        let is_outlet = |tail: &str| {
            let tail = tail.to_lowercase();
            outlet.as_deref().is_some_and(|outlet| {
                tail == outlet
                    || outlet.strip_prefix("the ") == Some(&tail)
                    || tail.strip_prefix("the ") == Some(outlet)
            })
        };
        match tail(title) {
            Some((head, tail)) if is_outlet(tail) => Some(head.to_owned()),
            _ => Some(title.to_owned()),
        }
    }

    /// "Ferry burns in harbour | Harbour Post" under the headline "Ferry burns in harbour"
    /// tells who publishes it.
    fn add_outlet_of_title(&mut self, headline: Option<&str>) {
        let Some(i) = self.first(Field::Title, Origin::Meta) else { return };
        let title = self.said[i].value.clone();
        let Some((head, tail)) = tail(&title) else { return };
        let same = |h: &str| fold(head).starts_with(&fold(h)) && !fold(h).is_empty();
        if headline.is_some_and(same) && tail.split(' ').count() <= 5 {
            self.add(Field::Outlet, Some(tail), Origin::Text);
        }
    }

    /// The people and desks named in the most reliable place.
    fn authors(&mut self, outlet: Option<&str>) -> Vec<String> {
        let is_outlet = |name: &str| outlet.is_some_and(|o| fold(o) == fold(name));
        for origin in ORIGINS {
            let mut names: Vec<String> = Vec::new();
            for i in 0..self.said.len() {
                let said = &self.said[i];
                if said.field != Field::Byline
                    || said.origin != origin
                    || is_outlet(&said.value)
                {
                    continue;
                }
                for name in according::article::authors(without(&said.value, outlet)) {
                    if !is_outlet(&name) && names.iter().all(|n| fold(n) != fold(&name)) {
                        names.push(name);
                    }
                }
                self.said[i].used = true;
            }
            // "Ann Roe", "Harbour Post business reporter"
            let is_name = |name: &String| !according::article::is_desk(name);
            if names.iter().any(is_name) {
                names.retain(is_name);
            }
            if !names.is_empty() {
                return names;
            }
        }
        Vec::new()
    }

    /// The day of publication, and the moment where it is told.
    fn published(&mut self) -> (Option<String>, Option<String>) {
        let dates = self.dates.iter().copied();
        let dates = dates.filter(|d| self.said[d.said].field == Field::Published);
        let dates: Vec<_> = dates.map(|d| (self.said[d.said].origin, d)).collect();
        let of = |wanted: Origin| dates.iter().filter(move |(o, _)| *o == wanted);
        let of = |wanted| of(wanted).map(|(_, date)| *date);
        let told = || ORIGINS[..4].iter().flat_map(|&origin| of(origin));
        // The day of the place is that of the clocks there.
        let local = |meta: Date| told().find(|d| meta.moment.is_local_to(&d.moment));
        let meta = told().next().map(|meta| local(meta).unwrap_or(meta));
        let labelled = of(Origin::Text).find(|d| d.label == Label::Published);
        let seen = labelled.or_else(|| of(Origin::Text).next());
        let is_near = |a: Date, b: Date| {
            (a.moment.day().number() - b.moment.day().number()).abs() <= 1
        };
        // The moment is what machines are told, the day what readers are told: between them
        // may lie a time zone. Where the two contradict one another readers are told the
        // truth if anybody is, but a date without a label may be that of something else.
        let both = match (meta, seen) {
            (Some(meta), Some(seen)) if is_near(meta, seen) => {
                let says_more = meta.moment.has_time() || !seen.moment.has_time();
                Some((seen, if says_more { meta } else { seen }))
            }
            (Some(_), Some(seen)) if seen.label == Label::Published => Some((seen, seen)),
            (Some(one), _) | (None, Some(one)) => Some((one, one)),
            (None, None) => of(Origin::Address).next().map(|one| (one, one)),
        };
        let Some((day, date)) = both else { return (None, None) };
        for used in [day.said, date.said] {
            self.said[used].used = true;
        }
        let time = date.moment.has_time().then(|| date.moment.to_string());
        (Some(day.moment.day().to_string()), time)
    }

    /// When it was last changed: not before it was published.
    fn modified(&mut self, published: Option<&str>) -> Option<String> {
        let is_later = |value: &str| {
            published.is_none_or(|p| value.get(..10).is_some_and(|day| day >= p))
        };
        let best = ORIGINS.iter().find_map(|&origin| {
            self.said.iter().position(|s| {
                s.field == Field::Modified && s.origin == origin && is_later(&s.value)
            })
        })?;
        self.said[best].used = true;
        Some(self.said[best].value.clone())
    }

    fn add(
        &mut self,
        field: Field,
        value: Option<&str>,
        origin: Origin,
    ) -> Option<usize> {
        let value = value.map(one_line).filter(|v| !v.is_empty())?;
        let is_same =
            |s: &Provenance| s.field == field && s.origin == origin && s.value == value;
        match self.said.iter().position(is_same) {
            Some(i) => Some(i),
            None => {
                self.said.push(Provenance { field, value, origin, used: false });
                Some(self.said.len() - 1)
            }
        }
    }

    fn add_url(&mut self, value: Option<&str>, origin: Origin) {
        let is_whole = |v: &&str| v.starts_with("https://") || v.starts_with("http://");
        self.add(Field::Url, value.map(str::trim).filter(is_whole), origin);
    }

    fn add_date(&mut self, field: Field, value: Option<&str>, origin: Origin) {
        self.add_moment(field, value.and_then(Moment::of_machine), Label::None, origin);
    }

    fn add_moment(
        &mut self,
        field: Field,
        moment: Option<Moment>,
        label: Label,
        origin: Origin,
    ) {
        let Some(moment) = moment else { return };
        if let Some(i) = self.add(field, Some(&moment.to_string()), origin)
            && self.dates.iter().all(|date| date.said != i)
        {
            self.dates.push(Date { said: i, moment, label });
        }
    }

    /// Adds who wrote it, unless it is an address or nobody.
    fn add_author(&mut self, name: Option<&str>, origin: Origin) {
        let Some(name) = name.map(one_line) else { return };
        let is_name = name.chars().any(char::is_alphabetic)
            && name.len() <= LONGEST_NAME
            && !name.contains(['/', '{', '<', '@'])
            && !NOBODY.contains(&name.to_lowercase().as_str());
        // "jroe" is an account.
        let is_account = !name.contains(' ') && name.starts_with(char::is_lowercase);
        // "View my complete profile" is a link.
        let lower = name.split(' ').filter(|w| w.starts_with(char::is_lowercase));
        if is_name && !is_account && (lower.count() < 3 || name.contains('(')) {
            self.add(Field::Byline, Some(&name), origin);
        }
    }

    /// The JSON-LD that is about this page.
    fn add_scripts(&mut self, dom: &Dom) {
        let is_json = |node: &usize| {
            dom.name(*node) == "script"
                && dom.attribute(*node, "type").is_some_and(|t| {
                    t.trim().to_ascii_lowercase().starts_with("application/ld+json")
                })
        };
        let scripts = (0..dom.nodes.len()).filter(is_json).map(|node| dom.text(node));
        let scripts: Vec<String> = scripts.collect();
        let values: Vec<Value> = scripts.iter().filter_map(|s| json(s)).collect();
        let mut articles = Vec::new();
        values.iter().for_each(|value| collect_articles(value, 0, &mut articles));
        // Pages list other stories too; what they are about themselves comes first, and is
        // marked as such where there is any doubt.
        let title = (0..dom.nodes.len()).find(|&n| dom.name(n) == "h1");
        let title = title.map(|n| fold(&dom.text(n))).unwrap_or_default();
        let is_this = |article: &&&Value| {
            article.get("headline").and_then(Value::as_str).is_some_and(|headline| {
                let headline = fold(&unescaped(headline));
                !headline.is_empty()
                    && (title.starts_with(&headline) || headline.starts_with(&title))
            })
        };
        let this = articles.iter().find(is_this).or(articles.first());
        if let Some(article) = this {
            self.add_json(article);
        } else {
            scripts.iter().for_each(|script| self.add_broken(script));
        }
        let pages = values.iter().filter_map(|value| find(value, 0, &is_page));
        pages.for_each(|page| {
            for (field, key) in DATES {
                let text = page.get(key).and_then(Value::as_str);
                self.add_date(field, text, Origin::JsonLd);
            }
        });
    }

    fn add_json(&mut self, article: &Value) {
        let origin = Origin::JsonLd;
        let text = |key: &str| article.get(key).and_then(Value::as_str).map(unescaped);
        let title = text("headline").or_else(|| text("name"));
        self.add(Field::Title, title.as_deref(), origin);
        for (field, key) in DATES {
            self.add_date(field, text(key).as_deref(), origin);
        }
        self.add(Field::Language, text("inLanguage").as_deref(), origin);
        let outlet = article.get("publisher").and_then(name).map(unescaped);
        self.add(Field::Outlet, outlet.as_deref(), origin);
        let page = article.get("mainEntityOfPage");
        let page = page.and_then(|p| p.as_str().or_else(|| p.get("@id")?.as_str()));
        self.add_url(page.or_else(|| article.get("url")?.as_str()), origin);
        let authors = article.get("author").or_else(|| article.get("creator"));
        let authors = match authors {
            Some(Value::Array(all)) => all.iter().filter_map(name).collect(),
            Some(author) => name(author).into_iter().collect(),
            None => Vec::new(),
        };
        for name in authors {
            self.add_author(Some(&unescaped(name)), origin);
        }
        for key in ["sourceOrganization", "provider"] {
            let agency = article.get(key).and_then(name).map(unescaped);
            let agency = agency.filter(|name| according::article::is_news_agency(name));
            self.add(Field::Via, agency.as_deref(), origin);
        }
    }

    /// JSON-LD that is no JSON still tells its dates and its headline, if it has one each.
    fn add_broken(&mut self, script: &str) {
        let value = |key: &str| {
            let key = format!("\"{key}\"");
            let mut parts = script.split(&key).skip(1);
            let (first, second) = (parts.next()?, parts.next());
            let value = first.trim_start().strip_prefix(':')?.trim_start();
            let value = value.strip_prefix('"')?.split('"').next()?;
            second.is_none().then(|| unescaped(value))
        };
        self.add(Field::Title, value("headline").as_deref(), Origin::JsonLd);
        for (field, key) in DATES {
            self.add_date(field, value(key).as_deref(), Origin::JsonLd);
        }
    }

    fn add_meta(&mut self, dom: &Dom, node: usize) {
        let attribute = |key| dom.attribute(node, key);
        let key = ["property", "name", "itemprop", "http-equiv"].into_iter();
        let key = key.filter_map(attribute).next().unwrap_or_default();
        let key = key.trim().to_ascii_lowercase();
        let content = attribute("content");
        let is_graph = matches!(key.split(':').next(), Some("og" | "article"));
        let is_item = attribute("itemprop").is_some();
        let origin = match (is_graph, is_item) {
            (true, _) => Origin::OpenGraph,
            (_, true) => Origin::Markup,
            _ => Origin::Meta,
        };
        match key.as_str() {
            "og:title" | "headline" | "dc.title" | "dcterms.title" | "parsely-title"
            | "sailthru.title" | "twitter:title" => {
                self.add(Field::Title, content, origin);
            }
            "og:site_name"
            | "application-name"
            | "dc.publisher"
            | "dcterms.publisher"
            | "publisher"
            | "cre"
            | "article:publisher_name" => {
                let is_address = content.is_some_and(|c| c.contains("://"));
                self.add(Field::Outlet, content.filter(|_| !is_address), origin);
            }
            "og:url" | "parsely-link" => self.add_url(content, origin),
            "og:locale" | "content-language" | "dc.language" | "language" => {
                self.add(Field::Language, content, origin);
            }
            "article:published_time"
            | "article:published"
            | "datepublished"
            | "og:published_time"
            | "dc.date.issued"
            | "dcterms.issued"
            | "dcterms.created"
            | "dc.date.created"
            | "dc.date"
            | "dcterms.date"
            | "dc.created"
            | "parsely-pub-date"
            | "sailthru.date"
            | "pubdate"
            | "pub_date"
            | "publishdate"
            | "publish-date"
            | "publish_date"
            | "publication_date"
            | "publicationdate"
            | "citation_publication_date"
            | "citation_date"
            | "originalpublicationdate"
            | "date"
            | "datecreated"
            | "article.published"
            | "article.created"
            | "cxenseparse:recs:publishtime"
            | "ptime"
            | "pdate" => {
                self.add_date(Field::Published, content, origin);
            }
            "article:modified_time"
            | "article:modified"
            | "og:updated_time"
            | "datemodified"
            | "dc.date.modified"
            | "dcterms.modified"
            | "dc.modified"
            | "last-modified"
            | "lastmod"
            | "article.updated"
            | "utime"
            | "revision_date" => {
                self.add_date(Field::Modified, content, origin);
            }
            "article:author"
            | "article:author_name"
            | "author"
            | "dc.creator"
            | "dcterms.creator"
            | "parsely-author"
            | "sailthru.author"
            | "byl"
            | "citation_author"
            | "creator"
            | "article.author" => {
                self.add_author(content, origin);
            }
            _ => {}
        }
    }

    /// Microdata, RDFa and microformats.
    fn add_markup(&mut self, dom: &Dom, node: usize) {
        let attribute = |key| dom.attribute(node, key);
        let property = attribute("itemprop").or_else(|| attribute("property"));
        let properties = property.unwrap_or_default().split_ascii_whitespace();
        let classes = attribute("class").unwrap_or_default().split_ascii_whitespace();
        let of_property = properties.filter_map(|property| {
            let name = property.rsplit([':', '/']).next()?.to_ascii_lowercase();
            match name.as_str() {
                "datepublished" | "issued" | "created" => Some(Field::Published),
                "datemodified" | "modified" => Some(Field::Modified),
                "author" | "creator" => Some(Field::Byline),
                _ => None,
            }
        });
        let is_author_card = is_one_of(attribute("class"), &["author", "byline"]);
        let of_class = classes.filter_map(|class| match class {
            "dt-published" | "entry-date" | "published" => Some(Field::Published),
            "dt-updated" | "updated" => Some(Field::Modified),
            "p-author" => Some(Field::Byline),
            "vcard" => is_author_card.then_some(Field::Byline),
            _ => None,
        });
        let is_author = is_one_of(attribute("rel"), &["author"]);
        let of_rel = is_author.then_some(Field::Byline);
        let of_time = attribute("pubdate").map(|_| Field::Published);
        let mut fields = of_property.chain(of_rel).chain(of_time).chain(of_class);
        let Some(field) = fields.next() else { return };
        let is_comment = |n: usize| {
            let names = [dom.attribute(n, "class"), dom.attribute(n, "id")];
            names
                .into_iter()
                .flatten()
                .any(|name| name.to_lowercase().contains("comment"))
        };
        if dom.ancestors(node).any(is_comment) {
            return;
        }
        if field == Field::Byline {
            let is_name = |n: &usize| {
                is_one_of(dom.attribute(*n, "itemprop"), &["name"])
                    || is_one_of(dom.attribute(*n, "class"), &["fn", "p-name"])
            };
            let name = (node + 1..dom.nodes[node].end).find(is_name).unwrap_or(node);
            let text = match attribute("content") {
                Some(content) => content.to_owned(),
                None => dom.text(name),
            };
            // Authors of the article stand side by side; others wrote other articles.
            let is_near = self.last_author.is_none_or(|last| node < last + SIDE_BY_SIDE);
            if is_near && text.len() <= LONGEST_NAME {
                self.last_author = Some(node);
                self.add_author(Some(&text), Origin::Markup);
            }
            return;
        }
        let told = ["datetime", "content", "title"].into_iter().filter_map(attribute);
        let text = || {
            let is_short = dom.nodes[node].end - node < 16;
            is_short.then(|| dom.text(node))
        };
        let value = told.map(str::to_owned).find(|v| !v.trim().is_empty()).or_else(text);
        self.add_date(field, value.as_deref(), Origin::Markup);
    }
}

/// The most reliable place first.
const ORIGINS: [Origin; 6] = [
    Origin::JsonLd,
    Origin::OpenGraph,
    Origin::Meta,
    Origin::Markup,
    Origin::Text,
    Origin::Address,
];

const DATES: [(Field, &str); 3] = [
    (Field::Published, "datePublished"),
    (Field::Published, "dateCreated"),
    (Field::Modified, "dateModified"),
];

/// Whether one of the words of an attribute is one of `names`.
fn is_one_of(attribute: Option<&str>, names: &[&str]) -> bool {
    let mut words = attribute.unwrap_or_default().split_ascii_whitespace();
    words.any(|word| names.contains(&word))
}

/// "Ferry burns in harbour | World | Harbour Post": all but the last part, and that.
fn tail(title: &str) -> Option<(&str, &str)> {
    let cuts = [" | ", " – ", " — ", " - ", " :: ", " » ", " · "].into_iter();
    let (at, cut) = cuts.filter_map(|cut| Some((title.rfind(cut)?, cut))).max()?;
    let (head, tail) = (title[..at].trim(), title[at + cut.len()..].trim());
    (!head.is_empty() && !tail.is_empty()).then_some((head, tail))
}

/// Only letters and digits, in lower case: how titles and names are compared.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An author without the outlet behind the name.
fn without<'n>(name: &'n str, outlet: Option<&str>) -> &'n str {
    let at = outlet.and_then(|o| name.len().checked_sub(o.len())).filter(|at| *at > 0);
    match at.and_then(|at| name.split_at_checked(at)) {
        Some((head, tail)) if outlet.is_some_and(|o| tail.eq_ignore_ascii_case(o)) => {
            let head = head.trim_end();
            let cut = head.trim_end_matches([',', '.', '|', '-', '–', '—', '/', '(']);
            cut.trim_end()
        }
        _ => name,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day in an address such as `https://post.example/2021/03/04/ferry`.
fn in_address(address: &str) -> Option<Moment> {
    let path = address.split(['?', '#']).next()?.splitn(4, '/').nth(3)?;
    let parts: Vec<&str> = path.split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|parts| {
        let [year, month, day] = parts else { return None };
        let is_day = year.len() == 4 && month.len() == 2 && day.len() == 2;
        is_day.then(|| Moment::of_machine(&parts.join("-")))?
    })
}

/// A script's JSON, without what is wrapped around it.
fn json(script: &str) -> Option<Value> {
    let script = script.trim().trim_end_matches(';').trim_end();
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    let from = script.find(['{', '['])?;
    let to = script.rfind(['}', ']'])?;
    let inner = script.get(from..=to)?;
    // Line breaks within strings, which JSON forbids, are common.
    let inner: String =
        inner.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    serde_json::from_str(&inner).ok()
}

/// Text in JSON-LD is often escaped as if it were HTML.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let document =
        trafilatura::dom::Document::parse(&format!("<p>{}", text.replace('<', "&lt;")));
    document.text_content(document.root())
}

/// Lists and graphs deeper than this hold no article.
const DEEPEST: usize = 6;

fn kinds(value: &Value) -> impl Iterator<Item = &str> {
    let (one, many) = match value.get("@type") {
        Some(Value::Array(all)) => (None, all.as_slice()),
        Some(kind) => (kind.as_str(), &[][..]),
        None => (None, &[][..]),
    };
    one.into_iter().chain(many.iter().filter_map(Value::as_str))
}

fn is_article(value: &Value) -> bool {
    kinds(value).any(|kind| {
        kind.ends_with("Article")
            || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report")
    })
}

fn is_page(value: &Value) -> bool {
    kinds(value).any(|kind| matches!(kind, "WebPage" | "ItemPage" | "NewsMediaWebPage"))
}

/// All news articles in JSON-LD, however deep within lists and graphs they stand.
fn collect_articles<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    match value {
        _ if depth > DEEPEST => {}
        Value::Array(all) => {
            all.iter().for_each(|value| collect_articles(value, depth + 1, found));
        }
        _ if is_article(value) => found.push(value),
        Value::Object(object) => {
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "hasPart"] {
                if let Some(value) = object.get(key) {
                    collect_articles(value, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

fn find<'v>(
    value: &'v Value,
    depth: usize,
    is_wanted: &impl Fn(&Value) -> bool,
) -> Option<&'v Value> {
    match value {
        _ if depth > DEEPEST => None,
        Value::Array(all) => all.iter().find_map(|v| find(v, depth + 1, is_wanted)),
        _ if is_wanted(value) => Some(value),
        _ => value.get("@graph").and_then(|v| find(v, depth + 1, is_wanted)),
    }
}

/// The name of a person or organisation.
fn name(value: &Value) -> Option<&str> {
    match value {
        Value::Array(all) => all.iter().find_map(name),
        Value::Object(object) => object.get("name").and_then(name),
        _ => value.as_str(),
    }
}
