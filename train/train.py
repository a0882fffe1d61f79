"""Trains the attribution tagger on PolNeAR and writes its weights.

    train.py OBSERVED POLNEAR/train CUES OUT [--pipeline NAME] [--threads N]

`OBSERVED` is what `observations` wrote about POLNEAR/train, `CUES` the lexicon `cue.tsv`.
`train/run` does all of it with one command.

1. Four networks, each on three quarters of the articles, label the quarter they have not
   seen.
2. What confidence an attribution deserves is learnt from these labels, which are as good
   and as bad as those of unseen text will be.
3. The network that is kept is trained on all articles.
"""

import argparse
import json
import random
import struct
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch

import corpus
import features
import network
from network import COLUMNS, SEEN, TENSOR, Network

WINDOW = 160  # tokens a training example
BATCH = 24
RATE = 3e-3
FOLDS = 4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("observed")
    parser.add_argument("corpus")
    parser.add_argument("cues")
    parser.add_argument("out")
    parser.add_argument("--pipeline", default="en_core_web_md 3.8.0")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--fold-epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    began = time.time()
    articles = list(corpus.read(options.observed, options.corpus))
    print(f"{len(articles)} annotated articles, {sum(a.n for a in articles)} tokens", flush=True)
    vocabularies = vocabulary(articles)
    prepare(articles, vocabularies)

    pair = learn_pair(articles)
    examples, right = [], []
    classes = lexicon(options.cues)
    for fold in range(FOLDS):
        unseen = lambda a: sum(map(ord, a.name)) % FOLDS == fold
        net = fit([a for a in articles if not unseen(a)], articles, vocabularies,
                  options.fold_epochs, options.seed + 10 + fold)
        for article in filter(unseen, articles):
            judge(article, *label(net, article), pair, classes, examples, right)
        print(f"fold {fold + 1}: {time.time() - began:.0f} s", flush=True)
    confidence = features.Weighing.learn(examples, right)
    print(f"{len(right)} candidates, {sum(right)} right", flush=True)

    net = fit(articles, articles, vocabularies, options.epochs, options.seed)
    write(options.out, net, vocabularies, pair, confidence, options.pipeline)
    print(f"done in {time.time() - began:.0f} s")


def vocabulary(articles):
    """For each column the values met often enough, the most frequent first."""
    counts = [Counter() for _ in COLUMNS]
    for article in articles:
        for row in article.observations:
            for count, value in zip(counts, row):
                count[value] += 1
    return [
        [v for v, n in sorted(count.items(), key=lambda x: (-x[1], x[0])) if n >= SEEN.get(c, 1)]
        for c, count in zip(COLUMNS, counts)
    ]


def prepare(articles, vocabularies):
    """Gives each article the numbers of its observations and its annotator."""
    numbers = [{v: i + 1 for i, v in enumerate(values)} for values in vocabularies]
    annotators = sorted({a.annotator for a in articles})
    for article in articles:
        article.values = np.array(
            [[n.get(v, 0) for n, v in zip(numbers, row)] for row in article.observations],
            np.int32).reshape(-1, len(COLUMNS))
        article.who = annotators.index(article.annotator)


def batch(stretches):
    """Tensors for stretches of articles, padded to the longest. A stretch is an article, its
    first token and the one after its last."""
    longest = max(end - start for _, start, end in stretches)
    width = stretches[0][0].inputs.shape[1] - TENSOR
    shape = (len(stretches), longest)
    values = np.zeros((*shape, len(COLUMNS)), np.int64)
    context = np.zeros((*shape, TENSOR * 3 // 2), np.float32)
    vector = np.zeros((*shape, width), np.float32)
    labels, present = np.zeros(shape, np.int64), np.zeros(shape, np.float32)
    who = np.zeros(len(stretches), np.int64)
    for b, (a, start, end) in enumerate(stretches):
        n = end - start
        values[b, :n] = a.values[start:end]
        context[b, :n, :TENSOR] = a.inputs[start:end, :TENSOR]
        context[b, :n, TENSOR:] = a.inputs[a.heads[start:end], : TENSOR // 2]
        vector[b, :n] = a.inputs[start:end, TENSOR:]
        labels[b, :n] = a.labels[start:end]
        present[b, :n] = 1
        who[b] = a.who
    return [torch.from_numpy(x) for x in (values, context, vector, labels, present, who)]


def fit(articles, everyone, vocabularies, epochs, seed):
    """A network trained on `articles`: the mean of what it was in the last rounds."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    net = Network(vocabularies, 1 + max(a.who for a in everyone),
                  articles[0].inputs.shape[1] - TENSOR)
    mean = {k: v.detach().clone() for k, v in net.named_parameters()}
    optimizer = torch.optim.AdamW(net.parameters(), RATE, betas=(0.9, 0.98), weight_decay=1e-3)
    total = epochs * sum(-(-a.n // WINDOW) for a in articles) // BATCH
    step = 0
    for epoch in range(epochs):
        net.train()
        stretches = []
        for a in articles:
            cuts = [0, *range(order.randrange(WINDOW), a.n, WINDOW), a.n]
            stretches += [(a, s, e) for s, e in zip(cuts, cuts[1:]) if e - s >= 8]
        order.shuffle(stretches)
        loss_sum, began = 0.0, time.time()
        for at in range(0, len(stretches), BATCH):
            values, context, vector, labels, present, who = batch(stretches[at : at + BATCH])
            loss = net.loss(net.emissions(values, context, vector, who), labels, present)
            optimizer.zero_grad()
            (loss / present.sum()).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            done = min(1.0, step / total)
            rate = RATE * min(1, (step + 1) / 100) * (0.03 + 0.485 * (1 + np.cos(np.pi * done)))
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
            step += 1
            loss_sum += loss.item()
            keep = min(0.998, step / (step + 20))
            with torch.no_grad():
                for name, parameter in net.named_parameters():
                    mean[name].lerp_(parameter, 1 - keep)
        tokens = sum(e - s for _, s, e in stretches)
        print(f"  epoch {epoch + 1}: {loss_sum / tokens:.4f}, {time.time() - began:.0f} s", flush=True)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            parameter.copy_(mean[name])
    return net.eval()


def scores(net, article):
    """Emissions of a whole article, transitions and start."""
    with torch.no_grad():
        values, context, vector, *_ = batch([(article, 0, article.n)])
        emissions = net.emissions(values, context, vector)[0]
        return [x.numpy() for x in (emissions, *net.scores())]


def label(net, article):
    """The best labels and the probability of each."""
    known = scores(net, article)
    return network.best(*known), network.marginals(*known)


def learn_pair(articles):
    examples, right = [], []
    for article in articles:
        found = features.segments(article, article.labels)
        owners = [
            {k for k, m in enumerate(article.marked) if not m[s.part].isdisjoint(range(s.start, s.end))}
            for s in found
        ]
        for i, own in enumerate(found):
            if own.part != "cue":
                for j in features.cues_near(found, i):
                    examples.append(features.pair_features(article, found, i, j))
                    right.append(bool(owners[i] & owners[j]))
    return features.Weighing.learn(examples, right)


#: Patterns whose confidence is judged by hand, as in `tagger.rs`.
RARE = {"adverb", "alleged", "hedge", "byline", "colon", "aside"}


def judge(article, labels, marginals, pair, classes, examples, right):
    """Adds the candidates of tagger and grammar and whether each is right: whether somebody
    marked a content that shares half of all tokens with it. The grammar proposes many cues
    for one content, so its candidates must have found the cue as well."""
    tagged = [(c, True) for c in features.join(article, labels, pair)]
    grammar = [
        (c, False) for c in article.candidates
        if c["pattern"] not in RARE and labels[c["head"]] not in (3, 4) and c["content"]
    ]
    for candidate, is_tagged in tagged + grammar:
        content = {t for span in candidate["content"] for t in span}
        cue = set(candidate["cue"])
        examples.append(features.confidence_features(
            article, marginals, candidate, is_tagged, classes))
        right.append(any(
            2 * len(content & m["content"]) >= len(content | m["content"])
            and (is_tagged or not m["cue"] or cue & m["cue"])
            for m in article.marked if m["content"]))


def lexicon(path):
    rows = [line.split("\t") for line in Path(path).read_text(encoding="utf-8").splitlines()[1:]]
    known = {(row[0], row[1]): row[2] for row in rows}
    same = {"AUX": "VERB", "PROPN": "NOUN"}
    return lambda lemma, upos: known.get((lemma, same.get(upos, upos)), "none")


def write(path, net, vocabularies, pair, confidence, pipeline):
    """The file that `Weights` in Rust reads."""
    lstm = net.lstm
    numpy = lambda x: x.detach().numpy()
    say = net.mean_annotator()
    louder = numpy(1 + torch.tanh(net.louder(say)))[0]
    transitions, start = net.scores()
    arrays = {f"column {c}": numpy(e.weight) for c, e in zip(COLUMNS, net.columns)}
    arrays |= {
        "context": numpy(net.context.weight), "context bias": numpy(net.context.bias),
        "vector": numpy(net.vector.weight), "vector bias": numpy(net.vector.bias),
        "input": np.concatenate([numpy(lstm.weight_ih_l0), numpy(lstm.weight_ih_l0_reverse)]),
        "input bias": np.concatenate([
            numpy(lstm.bias_ih_l0 + lstm.bias_hh_l0),
            numpy(lstm.bias_ih_l0_reverse + lstm.bias_hh_l0_reverse)]),
        "forward": numpy(lstm.weight_hh_l0), "backward": numpy(lstm.weight_hh_l0_reverse),
        "output": numpy(net.output.weight) * louder,
        "output bias": numpy(net.output.bias) + numpy(net.shift(say))[0],
        "transitions": numpy(transitions), "start": numpy(start),
    }
    for name, weighing in (("pair", pair), ("confidence", confidence)):
        arrays[f"{name} features"] = np.array(weighing.features, np.uint32)
        arrays[f"{name} weights"] = np.array(weighing.weights, np.float32)
        arrays[f"{name} bias"] = np.array([weighing.bias], np.float32)
    entries, data = [], []
    for name, array in arrays.items():
        kind = "u32" if array.dtype == np.uint32 else "f16"
        if kind == "f16":
            array = array.astype("<f2")
        entries.append({"name": name, "type": kind, "shape": list(array.shape)})
        data.append(array.astype("<u4" if kind == "u32" else "<f2").tobytes())
    header = json.dumps({
        "pipeline": pipeline,
        "labels": corpus.LABELS,
        "columns": [{"name": c, "values": v} for c, v in zip(COLUMNS, vocabularies)],
        "arrays": entries,
    }, ensure_ascii=False, separators=(",", ":")).encode()
    Path(path).write_bytes(
        b"according weights 1\n" + struct.pack("<I", len(header)) + header + b"".join(data))


if __name__ == "__main__":
    main()
