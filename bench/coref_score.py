#!/usr/bin/env python3
"""Score the chains of a report against coreference in CoNLL form.

usage: coref_score.py CONLL_DIR PROGRAM [--half tune|report|all] [--spaced] [--kinds]
                      [--misses NAME]

CONLL_DIR holds one document a file: the number of a token, its form and the brackets of the
chains, separated by tabs, without singletons. Where `../conllu/NAME.conllu` has the same
number of tokens, white space and paragraphs are taken from there; with `--spaced` or
without such a file there is a space between any two tokens.

Files at even positions in order of name (from 0) are the half to tune on, the others the
half to report on. PROGRAM reads the texts as `PROGRAM read --input jsonl --format jsonl`.
A chain is an entity of the report with two mentions or more, whatever its type; a mention is
the tokens it shares text with, and is right only when they are the same as in the gold.

Prints precision, recall and F1 of mentions, MUC (Vilain et al. 1995), B-cubed (Bagga and
Baldwin 1998) and CEAF-e (Luo 2005), and the mean of the three F1s: CoNLL F1 as in the
shared tasks of 2011 and 2012. `--kinds` adds recall of mentions by form; `--misses` prints
the chains of one document of the tuning half. Needs only Python's own library.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
from collections import Counter

MARK = re.compile(r"\((\d+)\)|\((\d+)|(\d+)\)")


def gold(path):
    """Forms of the tokens, and the chains as lists of (first token, one past the last)."""
    forms, chains, opened = [], {}, {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        _, form, *_, marks = line.split("\t")
        for alone, begin, end in MARK.findall(marks):
            if alone:
                chains.setdefault(alone, []).append((len(forms), len(forms) + 1))
            elif begin:
                opened.setdefault(begin, []).append(len(forms))
            else:
                start = opened[end].pop()
                chains.setdefault(end, []).append((start, len(forms) + 1))
        forms.append(form)
    return forms, [sorted(set(chain)) for chain in chains.values()]


def gaps(path, count):
    """The white space before each token, by the CoNLL-U file."""
    found, gap = [], ""
    if not path.exists():
        return None
    for line in path.read_text().splitlines():
        if line.startswith("# newpar") and not line.startswith("# newpar_block"):
            gap = "\n\n" if found else ""
        columns = line.split("\t")
        if len(columns) == 10 and columns[0].isdigit():
            found.append(gap)
            gap = "" if "SpaceAfter=No" in columns[9] else " "
    return found if len(found) == count else None


def document(path, spaced):
    forms, chains = gold(path)
    found = gaps(path.parent.parent / "conllu" / f"{path.stem}.conllu", len(forms))
    if spaced or found is None:
        found = [" " if i else "" for i in range(len(forms))]
    text, offsets = "", []
    for gap, form in zip(found, forms):
        text += gap
        offsets.append((len(text), len(text) + len(form)))
        text += form
    return {"name": path.stem, "text": text, "offsets": offsets, "gold": chains}


def read(documents, program):
    lines = "".join(
        json.dumps({"id": d["name"], "text": d["text"]}) + "\n" for d in documents
    )
    command = [program, "read", "--input", "jsonl", "--format", "jsonl"]
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    reports = [json.loads(line) for line in run.stdout.splitlines()]
    if len(reports) != len(documents):
        sys.exit(f"{len(documents)} documents, but {len(reports)} reports")
    return reports


def chains_of(report, doc):
    """Chains of a report in tokens, since white space at its ends may have been cut off."""
    text = report["article"]["text"]
    shift = doc["text"].find(text)
    if shift < 0:
        sys.exit(f"{doc['name']}: the text was changed")
    token_at = {}
    for i, (start, end) in enumerate(doc["offsets"]):
        token_at.update(dict.fromkeys(range(start, end), i))
    chains, taken = [], set()
    for entity in report["entities"]:
        chain = []
        for mention in entity["mentions"]:
            places = range(mention["start"] + shift, mention["end"] + shift)
            tokens = [token_at[c] for c in places if c in token_at]
            if tokens:
                span = (tokens[0], tokens[-1] + 1)
                if span not in taken:
                    taken.add(span)
                    chain.append(span)
        if len(chain) > 1:
            chains.append(sorted(chain))
    return chains


def ratio(a, b):
    return a / b if b else 0.0


def f1(p, r):
    return ratio(2 * p * r, p + r)


def muc(key, response):
    """Links of `key` that `response` has, and all links of `key`."""
    where = {m: i for i, chain in enumerate(response) for m in chain}
    found = total = 0
    for chain in key:
        parts = {where[m] for m in chain if m in where}
        parts = len(parts) + sum(m not in where for m in chain)
        found += len(chain) - parts
        total += len(chain) - 1
    return found, total


def b_cubed(key, response):
    where = {m: set(chain) for chain in response for m in chain}
    found = total = 0
    for chain in key:
        found += sum(len(where.get(m, set()) & set(chain)) / len(chain) for m in chain)
        total += len(chain)
    return found, total


def ceaf(key, response):
    similarity = [[0.0] * len(response) for _ in key]
    for i, a in enumerate(key):
        for j, b in enumerate(response):
            shared = len(set(a) & set(b))
            similarity[i][j] = 2 * shared / (len(a) + len(b))
    return best_assignment(similarity)


def best_assignment(weights):
    """Largest sum of weights over pairs of rows and columns: the Hungarian method by
    shortest augmenting paths (Jonker and Volgenant 1987), on negated weights."""
    if not weights or not weights[0]:
        return 0.0
    if len(weights) > len(weights[0]):
        weights = [list(column) for column in zip(*weights)]
    n, m = len(weights), len(weights[0])
    u, v = [0.0] * (n + 1), [0.0] * (m + 1)
    row_of = [0] * (m + 1)
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        least, way = [float("inf")] * (m + 1), [0] * (m + 1)
        used = [False] * (m + 1)
        while row_of[column]:
            used[column] = True
            here, delta, after = row_of[column], float("inf"), 0
            for j in range(1, m + 1):
                if not used[j]:
                    cost = -weights[here - 1][j - 1] - u[here] - v[j]
                    if cost < least[j]:
                        least[j], way[j] = cost, column
                    if least[j] < delta:
                        delta, after = least[j], j
            for j in range(m + 1):
                if used[j]:
                    u[row_of[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = after
        while column:
            row_of[column] = row_of[way[column]]
            column = way[column]
    return sum(weights[row_of[j] - 1][j - 1] for j in range(1, m + 1) if row_of[j])


class Tally:
    """Sums over documents, from which precision and recall are taken."""

    def __init__(self):
        self.sums = Counter()

    def add(self, key, response):
        gold_mentions = {m for chain in key for m in chain}
        own_mentions = {m for chain in response for m in chain}
        both = len(gold_mentions & own_mentions)
        parts = {
            "mentions": [both, len(own_mentions), both, len(gold_mentions)],
            "MUC": [*muc(response, key), *muc(key, response)],
            "B3": [*b_cubed(response, key), *b_cubed(key, response)],
        }
        phi = ceaf(key, response)
        parts["CEAF-e"] = [phi, len(response), phi, len(key)]
        for name, numbers in parts.items():
            for i, number in enumerate(numbers):
                self.sums[name, i] += number

    def figures(self, name):
        p = ratio(self.sums[name, 0], self.sums[name, 1])
        r = ratio(self.sums[name, 2], self.sums[name, 3])
        return p, r, f1(p, r)

    def conll(self):
        return sum(self.figures(name)[2] for name in ("MUC", "B3", "CEAF-e")) / 3


def pronoun(words):
    return words.lower() in (
        "i me my mine myself we us our ours ourselves you your yours yourself he him his "
        "himself she her hers herself it its itself they them their theirs themselves "
        "this that these those"
    ).split()


def form_of(doc, span):
    start, end = doc["offsets"][span[0]][0], doc["offsets"][span[1] - 1][1]
    words = doc["text"][start:end]
    if pronoun(words):
        return "pronoun"
    return "name" if re.search(r"\b[A-Z]\w*\b", words[1:]) else "nominal"


def show(doc, response):
    def words(span):
        start, end = doc["offsets"][span[0]][0], doc["offsets"][span[1] - 1][1]
        return f"{span[0]}:" + " ".join(doc["text"][start:end].split())

    own = {m for chain in response for m in chain}
    right = {m for chain in doc["gold"] for m in chain}
    for title, chains, others in (("GOLD", doc["gold"], own), ("OURS", response, right)):
        print(f"== {title} ({doc['name']}; * is in no chain of the other)")
        for chain in chains:
            print("  " + " | ".join("*" * (m not in others) + words(m) for m in chain))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("--half", choices=["tune", "report", "all"], default="tune")
    parser.add_argument("--spaced", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--misses")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.conll"))
    halves = {"tune": files[::2], "report": files[1::2], "all": files}
    documents = [document(f, options.spaced) for f in halves[options.half]]
    reports = read(documents, options.program)
    tally, kinds = Tally(), Counter()
    for doc, report in zip(documents, reports):
        response = chains_of(report, doc)
        one = Tally()
        one.add(doc["gold"], response)
        tally.add(doc["gold"], response)
        if options.half == "tune":
            print(f"{doc['name']:28} {100 * one.conll():5.1f}")
        own = {m for chain in response for m in chain}
        right = {m for chain in doc["gold"] for m in chain}
        for m in right:
            kinds["gold", form_of(doc, m)] += 1
            kinds["found", form_of(doc, m)] += m in own
        for m in own - right:
            kinds["extra", form_of(doc, m)] += 1
        if options.misses and options.half == "tune" and options.misses in doc["name"]:
            show(doc, response)
    if options.kinds:
        for form in ("name", "nominal", "pronoun"):
            numbers = [kinds[what, form] for what in ("gold", "found", "extra")]
            print("{:8} in gold {}, found {}, in excess {}".format(form, *numbers))
    print(f"{len(documents)} documents ({options.half}), in %: precision, recall, F1")
    for name in ("mentions", "MUC", "B3", "CEAF-e"):
        print(f"{name:9}" + "".join(f" {100 * x:6.2f}" for x in tally.figures(name)))
    print(f"CoNLL F1  {100 * tally.conll():6.2f}")


if __name__ == "__main__":
    main()
