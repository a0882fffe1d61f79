//! A large web archive: is any page lost, and how much memory does it take?
//!
//! ```text
//! cargo run --release -p according-bench --bin archive -- [--mib N] [--plain] [--damage N]
//!     [--program PATH [ARGUMENT…]]
//! ```
//!
//! Writes an archive of `N` MiB (200 unless told) of pages that were made up here: many
//! sizes and charsets, chunked and packed or not, with requests and pictures between them,
//! and every record packed by gzip. `--damage N` breaks every `N`th page. Then reads it, by
//! the library on its own, or with `--program` by a program that is given the arguments and
//! the archive, and counts lines and named errors. `--plain` makes plain text of all pages.
//!
//! Peak memory is what Linux calls `VmHWM`.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use according_container::{Documents, Limits};
use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

fn main() -> Result<()> {
    let (mut mib, mut is_plain, mut damage) = (200_u64, false, 0_u64);
    let mut program = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(flag) = args.next() {
        match flag.as_str() {
            "--plain" => is_plain = true,
            "--mib" => mib = args.next().context("--mib wants a number")?.parse()?,
            "--damage" => {
                damage = args.next().context("--damage wants a number")?.parse()?;
            }
            "--program" => program.extend(args.by_ref()),
            _ => anyhow::bail!("there is no flag {flag}"),
        }
    }
    let path =
        std::env::temp_dir().join(format!("according-{}.warc.gz", std::process::id()));
    let result = write(&path, mib << 20, is_plain, damage).and_then(|made| {
        println!(
            "{} pages, {} of them damaged, {} MiB of records in {} MiB",
            made.pages,
            made.damaged,
            made.bytes >> 20,
            fs::metadata(&path)?.len() >> 20
        );
        let start = Instant::now();
        let (good, bad, peak) = match program.split_first() {
            Some((program, arguments)) => run(program, arguments, &path)?,
            None => read(&path)?,
        };
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{good} read, {bad} named as failed, in {seconds:.1} s, peak {peak} MiB"
        );
        ensure!(good + bad == made.pages, "{} pages are lost", made.pages - good - bad);
        Ok(())
    });
    fs::remove_file(&path)?;
    result
}

struct Made {
    pages: u64,
    damaged: u64,
    bytes: u64,
}

fn write(path: &Path, size: u64, is_plain: bool, damage: u64) -> Result<Made> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut made = Made { pages: 0, damaged: 0, bytes: 0 };
    let mut random = Random(1);
    let info =
        record("warcinfo", "application/warc-fields", "", b"software: according\r\n");
    put(&mut file, &info, &mut made, None)?;
    while made.bytes < size {
        made.pages += 1;
        let url = format!("https://herald.example/{}", made.pages);
        let request = format!("GET /{} HTTP/1.1\r\n\r\n", made.pages);
        let request = record("request", "application/http", &url, request.as_bytes());
        put(&mut file, &request, &mut made, None)?;
        let page = page(&mut random, made.pages, is_plain);
        let page = record("response", "application/http", &url, &page);
        let broken =
            (damage > 0 && made.pages.is_multiple_of(damage)).then(|| random.any());
        made.damaged += u64::from(broken.is_some());
        put(&mut file, &page, &mut made, broken)?;
        if random.below(4) == 0 {
            let noise: Vec<u8> =
                (0..random.below(60_000)).map(|_| random.any() as u8).collect();
            let head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n";
            let picture = [&head[..], &noise].concat();
            let picture = record("response", "application/http", &url, &picture);
            put(&mut file, &picture, &mut made, None)?;
        }
    }
    file.flush()?;
    Ok(made)
}

/// Writes a record, packed; a broken one with a stretch of it overwritten.
fn put(
    file: &mut impl Write,
    record: &[u8],
    made: &mut Made,
    broken: Option<u64>,
) -> Result<()> {
    made.bytes += record.len() as u64;
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(record)?;
    let mut packed = packer.finish()?;
    if let Some(random) = broken {
        // Behind the header, so that it is a packed record still.
        let at = 10 + (random as usize) % (packed.len() - 18);
        for byte in packed.iter_mut().skip(at).take(8) {
            *byte ^= 0xa5;
        }
    }
    file.write_all(&packed)?;
    Ok(())
}

fn record(kind: &str, content_type: &str, url: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

/// An answer of a server.
fn page(random: &mut Random, number: u64, is_plain: bool) -> Vec<u8> {
    const WHO: [&str; 6] = [
        "the mayor",
        "a fisherman",
        "the ministry",
        "two drivers",
        "an official",
        "Anna Roe",
    ];
    const SAID: [&str; 5] = ["said", "told reporters", "denied", "insisted", "wrote"];
    const WHAT: [&str; 6] = [
        "the harbour of Lenz would be closed",
        "it had snowed in Røros for a week",
        "nobody was hurt on the ferry",
        "the bridge would be “as good as new”",
        "prices had risen by a fifth",
        "the café had never been searched",
    ];
    let mut paragraphs = vec![format!("Report number {number} from the harbour")];
    // Most pages are short, and a few are ten times as long.
    let length = match random.below(50) {
        0 => 100 + random.below(300),
        _ => 3 + random.below(40),
    };
    for _ in 0..length {
        let mut paragraph = String::new();
        for _ in 0..1 + random.below(4) {
            let (who, said) = (random.pick(&WHO), random.pick(&SAID));
            let day = 1 + random.below(28);
            paragraph +=
                &format!("On March {day}, {who} {said} that {}. ", random.pick(&WHAT));
        }
        paragraphs.push(paragraph);
    }
    let (kind, text) = match is_plain {
        true => ("text/plain", paragraphs.join("\n\n")),
        false => {
            let body: String =
                paragraphs.iter().map(|p| format!("<p>{p}</p>\n")).collect();
            let page =
                format!("<!doctype html><html><body><nav>Home</nav>{body}</body></html>");
            ("text/html", page)
        }
    };
    let (charset, bytes) = match random.below(4) {
        0 => (
            "iso-8859-1",
            text.chars()
                .map(|c| {
                    if c == 'ø' {
                        0xf8
                    } else if c.is_ascii() {
                        c as u8
                    } else {
                        b'\''
                    }
                })
                .collect(),
        ),
        _ => ("utf-8", text.into_bytes()),
    };
    let mut head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset={charset}\r\n");
    let mut body = match random.below(4) {
        0 => {
            head += "Content-Encoding: gzip\r\n";
            let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
            packer.write_all(&bytes).and_then(|()| packer.finish()).unwrap_or_default()
        }
        1 => {
            head += "Content-Encoding: deflate\r\n";
            let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
            packer.write_all(&bytes).and_then(|()| packer.finish()).unwrap_or_default()
        }
        _ => bytes,
    };
    if random.below(3) == 0 {
        head += "Transfer-Encoding: chunked\r\n";
        let chunk = |chunk: &[u8]| {
            [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat()
        };
        body = body.chunks(4096).flat_map(chunk).chain(*b"0\r\n\r\n").collect();
    }
    [head.as_bytes(), b"\r\n", &body].concat()
}

/// By the library, in this process.
fn read(path: &Path) -> Result<(u64, u64, u64)> {
    let (mut good, mut bad) = (0, 0);
    for found in Documents::open(path, None, Limits::default())? {
        match found {
            Ok(_) => good += 1,
            Err(_) => bad += 1,
        }
    }
    Ok((good, bad, peak(std::process::id())))
}

/// By a program.
fn run(program: &str, arguments: &[String], path: &Path) -> Result<(u64, u64, u64)> {
    let mut child = Command::new(program)
        .args(arguments)
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} cannot be started"))?;
    let out = child.stdout.take().context("there is no output")?;
    let err = child.stderr.take().context("there is no output")?;
    let errors = thread::spawn(move || {
        let lines = BufReader::new(err).lines().map_while(Result::ok);
        lines.filter(|line| line.starts_with("error: ")).count() as u64
    });
    let reports = thread::spawn(move || {
        let (mut out, mut buffer, mut lines) = (out, vec![0; 1 << 16], 0);
        while let Ok(n @ 1..) = out.read(&mut buffer) {
            lines += buffer.iter().take(n).filter(|b| **b == b'\n').count() as u64;
        }
        lines
    });
    let mut highest = 0;
    while child.try_wait()?.is_none() {
        highest = highest.max(peak(child.id()));
        thread::sleep(Duration::from_millis(20));
    }
    let join = |_| anyhow::anyhow!("a thread panicked");
    Ok((reports.join().map_err(join)?, errors.join().map_err(join)?, highest))
}

/// Most memory a process has had so far, in MiB; 0 where nobody says.
fn peak(process: u32) -> u64 {
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) >> 10
}

/// Numbers that look random and are the same every time (SplitMix64).
struct Random(u64);

impl Random {
    fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.any() % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len() as u64) as usize;
        from.get(at).copied().unwrap_or_default()
    }
}
