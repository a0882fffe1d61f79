"""Articles: what an annotator marked, beside what `observations` says about the tokens.

An article is read once for each of its annotators, a text that nobody marked once. Tokens of
white space are left out, and everything is numbered without them.
"""

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

PARTS = ("source", "content", "cue")
#: What is observed about a token, in the order of `observe.rs`.
COLUMNS = [
    "word", "tag", "head-distance", "deprel", "cue", "entity", "place", "head-tag",
    "governor-deprel", "governor-distance", "quote", "quote-length", "grammar-content",
    "grammar-source", "grammar-cue",
]
TAG, DEPREL, PLACE = map(COLUMNS.index, ("tag", "deprel", "place"))

#: The labels, in the order of their numbers; `tagger.rs` knows the same list.
LABELS = ["O", "B-source", "I-source", "B-content", "I-content", "B-cue", "I-cue"]

TEXT_BOUND = re.compile(r"^(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t|$)", re.M)
EVENT = re.compile(r"^E\d+\t([^\n]*)$", re.M)


@dataclass
class Article:
    """One article as one annotator marked it. Arrays have a row a token."""

    name: str
    annotator: str | None
    n: int
    words: list
    observations: list  # of lists of str
    inputs: np.ndarray  # tensor and static vector
    heads: np.ndarray
    sentences: np.ndarray
    blocks: np.ndarray
    quoted: np.ndarray
    spans: list  # of (start, end) code points
    lemmas: list
    upos: list
    candidates: list
    marked: list = field(default_factory=list)  # dicts of part -> set of tokens
    labels: np.ndarray = None


def annotations(path):
    """The attributions in a BRAT file: dicts of part -> list of (start, end) code points."""
    raw = path.read_text(encoding="utf-8")
    bounds = {
        m[1]: [tuple(map(int, span.split())) for span in m[3].split(";")]
        for m in TEXT_BOUND.finditer(raw)
    }
    found = []
    for event in EVENT.finditer(raw):
        spans = {part: [] for part in PARTS}
        for argument in event[1].split():
            role, _, target = argument.partition(":")
            role = role.rstrip("0123456789").lower()
            if role in spans and target in bounds:
                spans[role] += bounds[target]
        found.append(spans)
    return found


def read(observed, folder=None):
    """Yields an article for each annotation file in `folder`, or for each text without one.

    `observed` is the path, without extension, of what `observations` wrote.
    """
    lines = [json.loads(line) for line in open(f"{observed}.jsonl", encoding="utf-8")]
    total = sum(len(line["spans"]) for line in lines)
    inputs = np.memmap(f"{observed}.f32", dtype="<f4", mode="r").reshape(total, -1)
    at = 0
    for line in lines:
        rows = inputs[at : at + len(line["spans"])]
        at += len(line["spans"])
        base = article(line, rows)
        if folder is None:
            yield base
            continue
        pattern = re.compile(re.escape(line["id"]) + r"_([0-9a-z]+)\.ann")
        for path in sorted(Path(folder, "attributions").iterdir()):
            if match := pattern.fullmatch(path.name):
                yield marked(base, match[1], annotations(path))


def article(line, rows):
    keep = [i for i, word in enumerate(line["words"]) if word.strip()]
    number = np.cumsum([bool(w.strip()) for w in line["words"]]) - 1

    def tokens(old):
        return sorted({int(number[t]) for t in old if line["words"][t].strip()})

    candidates = []
    for c in line["candidates"]:
        content = [tokens(range(*span)) for span in c["content"]]
        source = c["source"]
        candidates.append({
            **c,
            "head": int(number[c["head"]]),
            "cue": tokens(c["cue"]),
            "content": [span for span in content if span],
            "source": tokens(range(*source[1:])) if source else None,
            "who": line["upos"][source[0]] if source else None,
        })
    pick = lambda key: np.array([line[key][i] for i in keep])
    result = Article(
        name=line["id"],
        annotator=None,
        n=len(keep),
        words=[line["words"][i] for i in keep],
        observations=[line["rows"][i] for i in keep],
        inputs=np.asarray(rows[keep], dtype=np.float16),
        heads=number[pick("heads")],
        sentences=pick("sentences"),
        blocks=pick("blocks"),
        quoted=np.array([line["quotations"][i] is not None for i in keep]),
        spans=[line["spans"][i] for i in keep],
        lemmas=[line["lemmas"][i] for i in keep],
        upos=[line["upos"][i] for i in keep],
        candidates=candidates,
    )
    result.labels = np.zeros(result.n, np.int64)
    return result


def marked(base, annotator, attributions):
    """`base` as `annotator` marked it."""
    starts = [s for s, _ in base.spans]
    ends = [e for _, e in base.spans]

    def tokens(spans):
        found = set()
        for start, end in spans:
            t = bisect_right(ends, start)
            while t < base.n and starts[t] < end:
                found.add(t)
                t += 1
        return found

    copy = replace(base, annotator=annotator)
    copy.marked = [{p: tokens(a[p]) for p in PARTS} for a in attributions]
    copy.labels = labels(copy)
    return copy


def labels(article):
    """Number of the label of each token; where parts meet, a cue wins over a source over a
    content."""
    found = np.zeros(article.n, np.int64)
    for part in ("content", "source", "cue"):
        first = 2 * PARTS.index(part) + 1
        for attribution in article.marked:
            tokens = attribution[part]
            for t in tokens:
                found[t] = first + (t - 1 in tokens)
    for t in range(article.n):
        before = found[t - 1] if t else 0
        if found[t] and found[t] % 2 == 0 and before not in (found[t], found[t] - 1):
            found[t] -= 1
    return found
