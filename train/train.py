"""Trains the attribution tagger and writes its weights.

    train.py OBSERVED POLNEAR/train CUES OUT [TEXTS …] [--pipeline NAME]

`OBSERVED` is what `observations` wrote about POLNEAR/train, `TEXTS` what it wrote about texts
that nobody marked, `CUES` the lexicon `cue.tsv`. `train/run` does all of it with one command.

1. A teacher, a large network that knows English, is trained on the articles. It says of each
   token of all texts how likely each label is.
2. The network that is kept learns from the marks and from what the teacher says.
3. Four more like it, each on three quarters of the articles, label the quarter they have not
   seen. What confidence an attribution deserves is learnt from these labels, which are as
   good and as bad as those of unseen text will be. (Each learns from the teacher as well,
   which has seen that quarter, but not from what it says about it.)
"""

import argparse
import gc
import json
import multiprocessing
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
import teacher
from corpus import COLUMNS
from network import SEEN, TENSOR, Network

WINDOW = 160  # tokens a training example
BATCH = 24
RATE = 3e-3
#: The encoder of the teacher is good already and moves slowly.
ENCODER_RATE = 1e-4
TEACHER_RATE = 2e-3
FOLDS = 4


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("observed")
    parser.add_argument("corpus")
    parser.add_argument("cues")
    parser.add_argument("out")
    parser.add_argument("texts", nargs="*")
    parser.add_argument("--pipeline", default="en_core_web_md 3.8.0")
    parser.add_argument("--teacher-epochs", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--fold-epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.time()
    said = lambda what: print(f"{time.time() - began:.0f} s: {what}", flush=True)
    torch.set_num_threads(2)
    articles = list(corpus.read(options.observed, options.corpus))
    texts = [text for name in options.texts for text in corpus.read(name)]
    said(f"{len(articles)} annotated articles, {sum(a.n for a in articles)} tokens; "
         f"{len(texts)} texts, {sum(t.n for t in texts)} tokens")
    vocabularies = vocabulary(articles)
    number(articles + texts, vocabularies)
    teacher.cut(articles + texts)
    readers = 1 + max(a.who for a in articles)
    width = articles[0].inputs.shape[1] - TENSOR
    pair = learn_pair(articles)
    said("segments are paired")

    torch.manual_seed(options.seed)
    taught = fit(teacher.Teacher(vocabularies, readers, width), articles, [],
                 options.teacher_epochs, options.seed, TEACHER_RATE)
    teacher.ask(taught, articles + texts, batch)
    said("the teacher has spoken")

    # The networks are small: two at a time, one thread each, are done sooner.
    def learn(part):
        torch.set_num_threads(1)
        torch.manual_seed(options.seed + part)
        return fit(Network(vocabularies, readers + 1, width),
                   [a for a in articles if fold(a.name) != part - 1],
                   [t for t in texts if fold(t.name) != part - 1],
                   options.fold_epochs if part else options.epochs, options.seed + part, RATE)

    kept, *others = side_by_side(learn, range(1 + FOLDS))
    said("networks are trained")
    classes = lexicon(options.cues)
    examples, right = [], []
    for i, net in enumerate(others):
        for article in articles:
            if fold(article.name) == i:
                judge(article, *label(net, article), pair, classes, examples, right)
    confidence = features.Weighing.learn(examples, right)
    said(f"{len(right)} candidates, {sum(right)} right")
    write(options.out, kept, vocabularies, pair, confidence, options.pipeline)


def fold(name):
    return sum(map(ord, name)) % FOLDS


WORK = None


def side_by_side(work, parts):
    """The results of `work` on each part, two at a time."""
    global WORK
    WORK = work
    gc.freeze()  # what the processes share stays shared
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(do_work, parts, chunksize=1)


def do_work(part):
    return WORK(part)


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


def number(articles, vocabularies):
    """Gives each article the numbers of its observations and its annotator."""
    numbers = [{v: i + 1 for i, v in enumerate(values)} for values in vocabularies]
    annotators = sorted({a.annotator for a in articles if a.annotator})
    for article in articles:
        article.values = np.array(
            [[n.get(v, 0) for n, v in zip(numbers, row)] for row in article.observations],
            np.int32).reshape(-1, len(COLUMNS))
        article.who = annotators.index(article.annotator) if article.annotator else 0


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


def probabilities(stretches):
    """What the teacher says, padded to the longest stretch."""
    shape = (len(stretches), max(end - start for _, start, end in stretches))
    single = np.zeros((*shape, network.K), np.float32)
    pair = np.zeros((*shape, network.K, network.K), np.float32)
    for b, (a, start, end) in enumerate(stretches):
        single[b, : end - start] = a.single[start:end]
        pair[b, 1 : end - start] = a.pair[start + 1 : end]
    return torch.from_numpy(single), torch.from_numpy(pair)


def batches(articles, texts, order, taught):
    """Batches of stretches for one epoch, with whether the teacher tells their labels: the
    articles as they are marked, and unless a teacher is `taught` once more as it sees them,
    and so the texts."""
    found = []
    by_words = {id(a.words): a for a in articles + texts}
    for told, some in ((False, articles), (True, [] if taught else list(by_words.values()))):
        stretches = []
        for a in some:
            cuts = [0, *range(order.randrange(WINDOW), a.n, WINDOW), a.n]
            stretches += [(a, s, e) for s, e in zip(cuts, cuts[1:]) if e - s >= 8]
        order.shuffle(stretches)
        found += [(told, stretches[at : at + BATCH]) for at in range(0, len(stretches), BATCH)]
    order.shuffle(found)
    return found


def fit(net, articles, texts, epochs, seed, rate):
    """Trains a network: in the end it is the mean of what it was in the last rounds."""
    order = random.Random(seed)
    encoder = list(net.encoder.parameters()) if isinstance(net, teacher.Teacher) else []
    own = {id(p) for p in encoder}
    groups = [{"params": [p for p in net.parameters() if id(p) not in own], "most": rate}]
    if encoder:
        groups.append({"params": encoder, "most": ENCODER_RATE})
    optimizer = torch.optim.AdamW(groups, rate, betas=(0.9, 0.98), weight_decay=1e-3)
    mean = {k: v.detach().clone() for k, v in net.named_parameters()}
    step, total = 0, None
    for epoch in range(epochs):
        net.train()
        some = batches(articles, texts, order, taught=bool(encoder))
        total = total or epochs * len(some)
        loss_sum, tokens, began = 0.0, 0, time.time()
        for told, stretches in some:
            values, context, vector, labels, present, who = batch(stretches)
            if told:
                emissions = net.emissions(values, context, vector)
                loss = net.soft_loss(emissions, *probabilities(stretches), present)
            else:
                more = net.more(stretches) if encoder else ()
                emissions = net.emissions(values, context, vector, who, more)
                loss = net.loss(emissions, labels, present)
            optimizer.zero_grad()
            (loss / present.sum()).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            done = min(1.0, step / total)
            part = min(1, (step + 1) / 100) * (0.03 + 0.485 * (1 + np.cos(np.pi * done)))
            for group in optimizer.param_groups:
                group["lr"] = group["most"] * part
            optimizer.step()
            step += 1
            loss_sum += loss.item()
            tokens += int(present.sum())
            keep = min(0.998, step / (step + 20))
            with torch.no_grad():
                for name, parameter in net.named_parameters():
                    mean[name].lerp_(parameter, 1 - keep)
        print(f"  {seed}, epoch {epoch + 1}: {loss_sum / tokens:.4f}, "
              f"{time.time() - began:.0f} s", flush=True)
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
    return network.best(*known), network.marginals(*known)[0]


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
    say = net.say()
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
