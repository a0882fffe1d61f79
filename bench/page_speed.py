#!/usr/bin/env python3
"""Pages a second, one thread each: According beside Python's trafilatura, over the same pages.

usage: page_speed.py ACCORDING FOLDER [ROUNDS]

FOLDER holds pages, *.html or *.html.gz. The two take turns, and the best of the rounds counts.
According is timed as a whole process that reads the pages as JSON lines and writes reports
without claims (`read --claims off`): main content, blocks with selectors, and metadata.
trafilatura is timed warm, within a process that has imported it and seen one page: its main
content alone (`extract`, with and without the fallback it uses by default), and with metadata
(`bare_extraction(with_metadata=True)`), which is nearest to what According does.
trafilatura is installed into target/bench at the first run.
"""
import gzip, json, os, subprocess, sys, time, venv
from pathlib import Path

REQUIRES = ["trafilatura==2.0.0", "lxml_html_clean==0.4.2"]


def pages(folder):
    read = lambda p: gzip.open(p).read() if p.suffix == ".gz" else p.read_bytes()
    files = sorted([*folder.glob("*.html"), *folder.glob("*.html.gz")])
    return [read(p).decode("utf-8", "replace") for p in files]


def peer(folder, rounds):
    """Runs inside the environment with trafilatura."""
    from trafilatura import bare_extraction, extract
    ways = {
        "main content, fast": lambda page: extract(page, fast=True, include_comments=False),
        "main content": lambda page: extract(page, include_comments=False),
        "with metadata, fast": lambda page: bare_extraction(
            page, fast=True, include_comments=False, with_metadata=True),
    }
    all_pages = pages(folder)
    for name, way in ways.items():
        way(all_pages[0])
        best = min(timed(lambda: [way(page) for page in all_pages]) for _ in range(rounds))
        print(json.dumps([name, len(all_pages) / best]), flush=True)


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    if sys.argv[1] == "--peer":
        return peer(Path(sys.argv[2]), int(sys.argv[3]))
    exe, folder = sys.argv[1], Path(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    home = Path(__file__).resolve().parent.parent / "target/bench/trafilatura"
    python = home / "bin/python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *REQUIRES], check=True)
    lines = "".join(json.dumps({"id": str(i), "html": page}) + "\n"
                    for i, page in enumerate(pages(folder)))
    command = [exe, "read", "--input", "jsonl", "--format", "jsonl", "--claims", "off",
               "--threads", "1"]
    ours = lambda: subprocess.run(command, input=lines.encode(), stdout=subprocess.DEVNULL,
                                  check=True)
    n, best = lines.count("\n"), float("inf")
    theirs = {}
    for _ in range(rounds):
        best = min(best, timed(ours))
        out = subprocess.run([python, __file__, "--peer", folder, "1"], check=True,
                             capture_output=True, text=True).stdout
        for name, rate in map(json.loads, out.splitlines()):
            theirs[name] = max(rate, theirs.get(name, 0))
    print(f"{n} pages")
    print(f"according, whole process     {n / best:7.1f} pages/s")
    for name, rate in theirs.items():
        print(f"trafilatura, {name:20}{rate:7.1f} pages/s   {n / best / rate:4.1f} times")


main()
