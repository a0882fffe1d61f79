#!/usr/bin/env python3
"""How fast `according.read_many` is beside the program, on the same articles, in one run.

usage: python_speed.py ACCORDING [--articles N] [--threads N] [--rounds N]

Run it by a Python that has the package. Each round reads all articles by the program and then
by the package, with the pipeline loaded in both times; every report is written to a file as
JSON by both. Prints articles a second of each round, and the median share.
"""
import argparse, json, statistics, subprocess, tempfile, time
from pathlib import Path

import according
from articles import made


def told(path):
    """The reports in a file, but for where in it each text stood, which lists do not have."""
    reports = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for report in reports:
        report["article"].pop("locator")
    return reports


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    articles = list(made(asked.articles))
    words = sum(len(a["text"].split()) for a in articles)
    print(f"{len(articles)} articles, {words} words, {asked.threads} threads")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        inputs, few = folder / "articles.jsonl", folder / "few.jsonl"
        inputs.write_text("".join(json.dumps(a) + "\n" for a in articles))
        few.write_text(json.dumps(articles[0]) + "\n")

        def program(path, out):
            begun = time.perf_counter()
            with open(folder / out, "wb") as file:
                subprocess.run([asked.program, "read", "--format", "jsonl", "--input", "jsonl",
                                "--threads", str(asked.threads), path], stdout=file, check=True,
                               stderr=subprocess.DEVNULL)
            return time.perf_counter() - begun

        def package(out):
            begun = time.perf_counter()
            with open(folder / out, "w", encoding="utf-8") as file:
                for report in according.read_many(articles, threads=asked.threads):
                    file.write(report.to_json() + "\n")
            return time.perf_counter() - begun

        according.read("Loaded.")
        shares = []
        for _ in range(asked.rounds):
            # Starting and loading are no part of reading.
            start = min(program(few, "few") for _ in range(3))
            a = len(articles) / (program(inputs, "program") - start)
            b = len(articles) / package("package")
            shares.append(b / a)
            print(f"program {a:7.1f} articles/s   package {b:7.1f} articles/s   {b / a:6.1%}")
        same = told(folder / "program") == told(folder / "package")
    print(f"median {statistics.median(shares):.1%}; reports are {'the same' if same else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
