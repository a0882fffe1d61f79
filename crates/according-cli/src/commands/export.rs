//! `according export`: reports in the formats of other programs.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use according::{Report, report};
use according_corpus::format::CorpusReport;
use according_export::{
    BRAT_CONFIGURATION, CsvTable, Export, Format, ParquetTable, Table, files, protect,
};
use according_store::Store;
use anyhow::{Context as _, Result, anyhow, bail};

use super::Ending;
use super::add::with_advice;
use crate::console::{Console, hinted};
use crate::flags::ExportFlags;

pub(crate) fn run(flags: &ExportFlags, console: &Console) -> Result<Ending> {
    let protect = flags.protection.protect_sources.then_some(console);
    let of_corpus = flags.corpus.is_some();
    let mut target =
        Target::new(flags.to.of_text(), flags.out.as_deref(), of_corpus, protect)?;
    let ending = match &flags.corpus {
        Some(file) => {
            let mut store =
                Store::open(file).map_err(with_advice).context("no answer")?;
            store
                .each_report(|report| target.write(&report).map_err(Stop::Other))
                .map_err(|stop| match stop {
                    Stop::Store(error) => with_advice(error),
                    Stop::Other(error) => error,
                })?;
            if target.takes_corpus() {
                target.corpus(&store.corpus_report(2).map_err(with_advice)?)?;
            }
            Ending::AllDone
        }
        None => export_files(flags, &mut target, console)?,
    };
    target.end()?;
    Ok(ending)
}

/// Why a corpus was not read to its end.
enum Stop {
    Store(according_store::Error),
    Other(anyhow::Error),
}

impl From<according_store::Error> for Stop {
    fn from(error: according_store::Error) -> Self {
        Self::Store(error)
    }
}

/// Exports what can be read, and names what cannot.
fn export_files(
    flags: &ExportFlags,
    target: &mut Target<'_>,
    console: &Console,
) -> Result<Ending> {
    let standard = [PathBuf::from("-")];
    let paths = if flags.reports.is_empty() { &standard[..] } else { &flags.reports };
    let (mut done, mut failed) = (0_u64, 0_u64);
    for path in paths {
        for report in reports(path, flags.max_size << 20) {
            match report {
                Ok(report) => {
                    target.write(&report)?;
                    done += 1;
                }
                Err(error) => {
                    console.error(&error.context(path.display().to_string()));
                    failed += 1;
                }
            }
        }
    }
    Ok(match (done, failed) {
        (_, 0) => Ending::AllDone,
        (0, _) => Ending::NothingDone,
        _ => Ending::SomeFailed,
    })
}

/// The reports in a file, each at most `limit` bytes long. After what is no report nothing
/// more is read.
fn reports(path: &Path, limit: usize) -> impl Iterator<Item = Result<Report>> {
    let source: io::Result<Box<dyn Read>> = match path.as_os_str() == "-" {
        true => Ok(Box::new(io::stdin().lock())),
        false => File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
    };
    let (source, failed) = match source {
        Ok(source) => (source, None),
        Err(error) => {
            let error = anyhow!(error).context("cannot be read");
            (Box::new(io::empty()) as Box<dyn Read>, Some(Err(error)))
        }
    };
    let left = std::rc::Rc::new(Cell::new(limit));
    let source = Limited { source: BufReader::new(source), left: left.clone() };
    let values = serde_json::Deserializer::from_reader(source).into_iter::<Report>();
    let mut ended = false;
    let read = values.map_while(move |value| {
        left.set(limit);
        let value = (!ended).then_some(value)?;
        let value = value.map_err(no_report).and_then(known_format);
        ended = value.is_err();
        Some(value)
    });
    failed.into_iter().chain(read)
}

fn no_report(error: serde_json::Error) -> anyhow::Error {
    let hint =
        "'according read --format json' writes reports; '--max-size' raises the limit";
    match error.is_io() {
        true => hinted(error.to_string(), hint),
        false => hinted(format!("no report: {error}"), hint),
    }
}

fn known_format(read: Report) -> Result<Report> {
    if read.format != report::FORMAT {
        bail!(
            "is '{}', and only '{}' is known",
            read.format.escape_debug(),
            report::FORMAT
        );
    }
    Ok(read)
}

/// What ends when too much is read without a report being done.
struct Limited<R> {
    source: R,
    left: std::rc::Rc<Cell<usize>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        match self.left.get().checked_sub(n) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other("the report is too large")),
        }
        Ok(n)
    }
}

/// Where reports are written to.
struct Target<'c> {
    form: Form,
    /// Whom to tell what was made general, where sources are protected.
    protect: Option<&'c Console>,
}

enum Form {
    /// One document.
    Document { export: Export, out: Box<dyn Write> },
    /// Files of each report in a folder.
    Folder { folder: PathBuf, format: Format, names: BTreeSet<String> },
    /// A file for each table.
    Tables(Vec<TableFile>),
}

enum TableFile {
    Csv(CsvTable<BufWriter<File>>),
    Parquet(Box<ParquetTable<BufWriter<File>>>),
}

impl TableFile {
    fn make(folder: &Path, table: Table, is_csv: bool) -> Result<Self> {
        let extension = if is_csv { "csv" } else { "parquet" };
        let path = folder.join(format!("{}.{extension}", table.name()));
        let make = || {
            let file = BufWriter::new(File::create(&path)?);
            Ok::<_, io::Error>(match is_csv {
                true => Self::Csv(CsvTable::new(file, table)?),
                false => Self::Parquet(Box::new(ParquetTable::new(file, table)?)),
            })
        };
        make().with_context(|| format!("cannot write to {}", path.display()))
    }

    fn report(&mut self, report: &Report) -> io::Result<()> {
        match self {
            Self::Csv(table) => table.report(report),
            Self::Parquet(table) => table.report(report),
        }
    }

    fn corpus(&mut self, corpus: &CorpusReport) -> io::Result<()> {
        match self {
            Self::Csv(table) => table.corpus(corpus),
            Self::Parquet(table) => table.corpus(corpus),
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Csv(table) => table.end()?.flush(),
            Self::Parquet(table) => table.end()?.flush(),
        }
    }
}

impl<'c> Target<'c> {
    fn new(
        format: Option<Format>,
        out: Option<&Path>,
        of_corpus: bool,
        protect: Option<&'c Console>,
    ) -> Result<Self> {
        let mut tables = Table::OF_REPORTS.to_vec();
        if of_corpus && protect.is_none() {
            tables.extend(Table::OF_CORPUS);
        }
        let form = match (format, out.filter(|path| is_folder(path))) {
            (Some(Format::Csv), Some(folder)) => Form::tables(folder, &tables, true)?,
            (Some(format), _) => Form::new(format, out)?,
            (None, Some(folder)) => Form::tables(folder, &tables, false)?,
            (None, None) => {
                return Err(hinted(
                    "Parquet takes a file for each table".to_owned(),
                    "'--out FOLDER/' writes them into a folder",
                ));
            }
        };
        Ok(Self { form, protect })
    }

    fn write(&mut self, report: &Report) -> Result<()> {
        let Some(console) = self.protect else { return self.form.write(report) };
        let protected = protect(report);
        let name = report.article.reference.as_deref().unwrap_or(&report.article.id);
        console.note(format_args!("{name}: {}", protected.removed));
        self.form.write(&protected.report)
    }

    /// Whether there is a place for what recurs. Who supports it is told by their words,
    /// which protection does not make general.
    fn takes_corpus(&self) -> bool {
        match (&self.form, self.protect) {
            (Form::Folder { .. }, _) => false,
            (_, None) => true,
            (_, Some(console)) => {
                console
                    .note("what recurs in the corpus is left out: it tells of sources");
                false
            }
        }
    }

    fn corpus(&mut self, corpus: &CorpusReport) -> Result<()> {
        match &mut self.form {
            Form::Document { export, out } => {
                out.write_all(export.corpus(corpus).as_bytes())?;
            }
            Form::Tables(tables) => {
                for table in tables {
                    table.corpus(corpus)?;
                }
            }
            Form::Folder { .. } => {}
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        self.form.end()
    }
}

/// Whether a path is a folder, or says that it is to be one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(std::path::MAIN_SEPARATOR)
}

impl Form {
    fn tables(folder: &Path, tables: &[Table], is_csv: bool) -> Result<Self> {
        make_folder(folder)?;
        let files = tables.iter().map(|&table| TableFile::make(folder, table, is_csv));
        Ok(Self::Tables(files.collect::<Result<_>>()?))
    }

    fn new(format: Format, out: Option<&Path>) -> Result<Self> {
        if let Some(folder) = out.filter(|path| is_folder(path)) {
            make_folder(folder)?;
            if format == Format::Brat {
                write(&folder.join("annotation.conf"), BRAT_CONFIGURATION)?;
            }
            return Ok(Self::Folder {
                folder: folder.to_owned(),
                format,
                names: BTreeSet::new(),
            });
        }
        let Some(export) = Export::new(format) else {
            return Err(hinted(
                "BRAT takes two files for each article".to_owned(),
                "'--out FOLDER/' writes them into a folder",
            ));
        };
        let out: Box<dyn Write> = match out {
            Some(path) => Box::new(
                File::create(path)
                    .with_context(|| format!("cannot write to {}", path.display()))?,
            ),
            None => Box::new(io::stdout().lock()),
        };
        Ok(Self::Document { export, out: Box::new(BufWriter::new(out)) })
    }

    fn write(&mut self, report: &Report) -> Result<()> {
        match self {
            Self::Document { export, out } => {
                out.write_all(export.report(report).as_bytes())?;
            }
            Self::Folder { folder, format, names } => {
                let name = file_name(report, names);
                for (extension, text) in files(report, *format) {
                    write(&folder.join(format!("{name}.{extension}")), &text)?;
                }
            }
            Self::Tables(tables) => {
                for table in tables {
                    table.report(report)?;
                }
            }
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        match self {
            Self::Document { mut export, mut out } => {
                out.write_all(export.end().as_bytes())?;
                out.flush()?;
            }
            Self::Folder { .. } => {}
            Self::Tables(tables) => {
                for table in tables {
                    table.end()?;
                }
            }
        }
        Ok(())
    }
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write to {}", path.display()))
}

/// The longest name of a file, without what tells it from others and without its ending.
const LONGEST_NAME: usize = 100;

/// What the files of a report are called: as the report, in letters that every system takes.
fn file_name(report: &Report, names: &mut BTreeSet<String>) -> String {
    let reference = report.article.reference.as_deref().unwrap_or_default();
    let name = reference.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".txt").or(name.strip_suffix(".html")).unwrap_or(name);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name = name.chars().map(|c| if is_plain(c) { c } else { '-' });
    let name: String = name.take(LONGEST_NAME).collect();
    let name = match name.trim_matches(['-', '.']) {
        "" => "article",
        name => name,
    };
    let mut unique = name.to_owned();
    let mut n = 1;
    // File systems that know no case take these for the same.
    while !names.insert(unique.to_lowercase()) {
        n += 1;
        unique = format!("{name}-{n}");
    }
    unique
}
