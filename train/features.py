"""From labels to attributions, and what is observed about them.

The Rust side, `tagger.rs`, does the same things in the same words: a change here is a change
there.
"""

from dataclasses import dataclass

import numpy as np
import torch

from corpus import DEPREL, PARTS, PLACE, TAG

NEAR = 6  # cues on each side that a segment may belong to
FAR = 12  # steps up the tree

SHORT = {"source": "S", "content": "C", "cue": "T"}


def feature(*words):
    """FNV-1a over words with a space behind each."""
    value = 0x811C9DC5
    for byte in " ".join((*words, "")).encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


@dataclass
class Segment:
    part: str
    start: int
    end: int
    head: int = 0


def segments(article, labels):
    """Stretches of tokens with one label."""
    found, open_ = [], False
    for t, label in enumerate(labels):
        if label == 0:
            open_ = False
            continue
        part = PARTS[(label - 1) // 2]
        if open_ and label % 2 == 0 and found[-1].part == part:
            found[-1].end = t + 1
        else:
            found.append(Segment(part, t, t + 1))
        open_ = True
    for s in found:
        s.head = s.start
        for t in range(s.start, s.end):
            above = article.heads[t]
            if article.observations[t][DEPREL] != "punct" and (
                above == t or not s.start <= above < s.end
            ):
                s.head = t
                break
    return found


def cues_near(found, i):
    left = [j for j in range(i - 1, -1, -1) if found[j].part == "cue"][:NEAR]
    right = [j for j in range(i + 1, len(found)) if found[j].part == "cue"][:NEAR]
    return left[::-1] + right


def distance_name(n):
    for name in (80, 40, 20, 10, 6, 4, 3, 2, 1, 0):
        if n >= name:
            return str(name)


def ancestors(heads, t):
    for _ in range(FAR):
        if heads[t] == t:
            return
        t = heads[t]
        yield t


def relation(article, own, cue):
    """How the heads of two segments stand to one another in the tree."""
    dep = lambda t: article.observations[t][DEPREL]
    above = list(ancestors(article.heads, own.head))
    for up, t in enumerate(above):
        if cue.start <= t < cue.end:
            return ("child", dep(own.head), "") if up == 0 else (
                "under", dep(own.head), str(min(up, 3)))
    for up, t in enumerate(ancestors(article.heads, cue.head)):
        if own.start <= t < own.end:
            return "over", dep(cue.head), str(min(up, 2))
    if article.heads[own.head] == article.heads[cue.head]:
        return "beside", dep(own.head), dep(cue.head)
    if article.sentences[own.head] == article.sentences[cue.head]:
        return "near", "", ""
    return "apart", "", ""


def pair_features(article, found, i, j):
    """What is observed about segment `i` and cue `j`."""
    own, cue = found[i], found[j]
    part = SHORT[own.part]
    right = own.start >= cue.end
    side = "R" if right else "L"
    distance = distance_name(own.start - cue.end if right else cue.start - own.end)
    between = found[min(i, j) + 1 : max(i, j)]
    between = "".join(str(min(2, sum(s.part == p for s in between))) for p in PARTS)
    first, last, at = own.start, own.end - 1, cue.start
    same = lambda yes: "1" if yes else "0"
    starts = same(article.sentences[first] == article.sentences[at])
    ends = same(article.sentences[last] == article.sentences[at])
    together = same(article.blocks[first] == article.blocks[at])
    rel, deprel, deeper = relation(article, own, cue)
    row = article.observations[cue.head]
    name = lambda k: SHORT[found[k].part] if 0 <= k < len(found) else "-"
    quoted = lambda t: same(article.quoted[t])
    return [
        feature("1", part, side, distance),
        feature("2", part, side, between),
        feature("3", part, side, between, starts, ends, together),
        feature("4", part, starts, together, distance),
        feature("5", part, side, quoted(first), quoted(last), quoted(at), together, between),
        feature("6", part, side, rel, deprel, deeper),
        feature("7", part, side, rel, deprel, between),
        feature("8", part, rel, deprel, distance),
        feature("9", part, side, article.observations[own.head][DEPREL], row[DEPREL], between),
        feature("10", part, side, row[TAG], rel),
        feature("11", part, side, article.lemmas[cue.head]),
        feature("12", part, side, name(i - 1), name(i + 1), between),
    ]


def join(article, labels, pair):
    """Attributions of the labels: dicts in the form of the grammar's candidates."""
    found = segments(article, labels)
    parts = {j: {"content": [], "source": [], "score": 0.0} for j in range(len(found))}
    alone = []
    for i, own in enumerate(found):
        if own.part == "cue":
            continue
        scores = [(j, pair.sum(pair_features(article, found, i, j))) for j in cues_near(found, i)]
        best = max(scores, key=lambda s: s[1], default=None)
        if own.part == "content":
            if best and best[1] > -1:
                parts[best[0]]["content"].append(i)
                parts[best[0]]["score"] = max(parts[best[0]]["score"], best[1])
            else:
                alone.append(i)
        else:
            for j, score in scores:
                if score > 0 or j == best[0]:
                    parts[j]["source"].append((score, i))
    tokens = lambda k: list(range(found[k].start, found[k].end))
    result = []
    for j, p in parts.items():
        if not p["content"]:
            continue
        content = [tokens(k) for k in p["content"]]
        source = max(p["source"], key=lambda s: s[0], default=None)
        if source:
            who, source = article.upos[found[source[1]].head], tokens(source[1])
        else:
            who, source = known_source(article, tokens(j), content)
        result.append({
            "head": found[j].head,
            "cue": tokens(j),
            "content": content,
            "source": source,
            "who": who,
            "score": p["score"],
            "pattern": "tagged",
        })
    for i in alone:
        if article.quoted[found[i].start]:
            # Taken as it stands; the program then gives it the source that the grammar knows.
            result.append({
                "head": found[i].start, "cue": [], "content": [tokens(i)], "source": None,
                "who": None, "score": 0.0, "pattern": "quoted",
            })
    return result


def known_source(article, cue, content):
    """Whom the grammar takes for the source of a cue."""
    near = [c for c in article.candidates if cue[0] <= c["head"] <= cue[-1] and c["source"]]
    near.sort(key=lambda c: c["head"])
    inside = {t for span in content for t in span}
    for candidate in near:
        if not inside & set(candidate["source"]):
            return candidate["who"], candidate["source"]
    return None, None


def likeness(a, b):
    a, b = ({t for span in c["content"] for t in span} for c in (a, b))
    return len(a & b) / max(1, len(a | b))


def likest(candidate, candidates):
    """The candidate of the grammar with the same cue whose content is most like this one's."""
    if not candidate["cue"]:
        return None
    first, last = candidate["cue"][0], candidate["cue"][-1]
    near = [c for c in candidates if first <= c["head"] <= last]
    best = max(((likeness(candidate, c), -i, c) for i, c in enumerate(near)),
               key=lambda x: x[:2], default=None)
    return best[2] if best and best[0] >= 0.5 else None


def tenth(p):
    return str(min(9, int(p * 10)))


def length_name(n):
    for name in (41, 16, 9, 5, 3, 2, 1):
        if n >= name:
            return str(name)
    return "1"


FINITE = {"VBD", "VBZ", "VBP", "MD"}


def form_name(tags):
    """Whether a content is a clause, an infinitive or a phrase."""
    return "clause" if FINITE & set(tags) else "infinitive" if tags[0] == "TO" else "phrase"


def score_name(score):
    return "-" if score < 0 else "0" if score < 2 else "2" if score < 4 else "4" if score < 7 else "7"


def confidence_features(article, marginals, candidate, tagged, classes):
    """What is observed about a candidate, given the probability of each label."""
    origin = "T" if tagged else "G"

    def mean(label, tokens):
        tokens = list(tokens)
        return tenth(marginals[tokens, label : label + 2].sum() / len(tokens)) if tokens else "none"

    content = [t for span in candidate["content"] for t in span]
    cue = mean(5, candidate["cue"])
    source = mean(1, candidate["source"] or [])
    in_content = mean(3, content)
    start = tenth(marginals[content[0], 3])
    after = candidate["content"][-1][-1] + 1
    end = tenth(marginals[after, 4] if after < article.n else 0.0)
    matching = likest(candidate, article.candidates) if tagged else candidate
    known = tenth(matching["confidence"]) if matching else "none"
    pattern = candidate["pattern"] if not tagged or not matching else matching["pattern"]
    head = candidate["head"]
    upos = article.upos[head]
    kind = classes(article.lemmas[head], upos)
    quoted = int(article.quoted[content].sum())
    quoted = "none" if quoted == 0 else "some" if 2 * quoted < len(content) else "most"
    who = {"PRON": "pronoun", "PROPN": "name", "NOUN": "noun", None: "none"}
    who = who.get(candidate["who"], "other")
    headline = article.observations[head][PLACE] == "headline"
    lemma = article.lemmas[head] if candidate["cue"] else ""
    form = form_name([article.observations[t][TAG] for t in content])
    size = length_name(len(content))
    return [
        feature("pattern", origin, pattern),
        feature("content", origin, in_content),
        feature("cue", origin, cue),
        feature("source", origin, source),
        feature("start", origin, start),
        feature("end", origin, end),
        feature("grammar", origin, known),
        feature("content cue", origin, in_content, cue),
        feature("start end", origin, start, end),
        feature("grammar cue", origin, known, cue),
        feature("length", origin, size),
        feature("length content", size, in_content),
        feature("lemma", lemma),
        feature("class", origin, kind, upos),
        feature("form", origin, kind, form),
        feature("form content", form, kind, in_content),
        feature("form cue", form, kind, cue),
        feature("who", origin, who, kind),
        feature("quoted", origin, quoted, kind),
        feature("headline", kind if headline else "no"),
        feature("score", origin, score_name(candidate["score"]) if tagged else ""),
    ]


class Weighing:
    """A logistic regression over features that are there or not."""

    def __init__(self, features, weights, bias):
        self.features, self.weights, self.bias = features, weights, bias
        self.by_feature = dict(zip(features, weights))

    def sum(self, features):
        return self.bias + sum(self.by_feature.get(f, 0.0) for f in features)

    @classmethod
    def learn(cls, examples, right, seen=5, rounds=10, pull=2e-6, seed=1):
        """Learns from lists of features and whether each example is right. Features seen
        less than `seen` times are left out."""
        counts = {}
        for example in examples:
            for f in example:
                counts[f] = counts.get(f, 0) + 1
        features = sorted(f for f, n in counts.items() if n >= seen)
        number = {f: i for i, f in enumerate(features)}
        width = max(len(e) for e in examples)
        ids = np.full((len(examples), width), len(features))
        for row, example in zip(ids, examples):
            known = [number[f] for f in example if f in number]
            row[: len(known)] = known
        ids, right = torch.from_numpy(ids), torch.tensor(right, dtype=torch.float32)
        weights = torch.nn.EmbeddingBag(
            len(features) + 1, 1, mode="sum", padding_idx=len(features))
        torch.nn.init.zeros_(weights.weight)
        bias = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.Adam([weights.weight, bias], lr=0.03)
        order = torch.Generator().manual_seed(seed)
        for _ in range(rounds):
            for batch in torch.randperm(len(right), generator=order).split(2048):
                loss = torch.nn.functional.binary_cross_entropy_with_logits(
                    weights(ids[batch])[:, 0] + bias, right[batch])
                loss = loss + pull * weights.weight.square().sum()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            for group in optimizer.param_groups:
                group["lr"] *= 0.7
        learnt = weights.weight.detach().numpy()[:-1, 0]
        return cls(features, learnt, float(bias.detach()))
