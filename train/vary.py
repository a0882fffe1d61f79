"""Writes variants of texts: some of their words replaced by words like them.

    vary.py OUT OBSERVED TEXTS [OBSERVED TEXTS …]

`OBSERVED` is what `observations` wrote about the folder `TEXTS`. A variant need not make sense.
It shows what the teacher says of many more words where people speak and think.
"""

import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np

import corpus
from network import TENSOR

#: Tags of words that are replaced by others with the same tag.
OPEN = {"VB", "VBD", "VBZ", "VBP", "VBG", "VBN", "NN", "NNS", "JJ", "RB"}
#: Words that do more than mean.
CLOSED = {"be", "have", "do", "also", "very", "more", "most", "so", "too", "not", "n't"}
SHARE = 0.35
NEAREST = 12
LIKE = 0.35  # cosine


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    sets = [(list(corpus.read(observed)), Path(folder))
            for observed, folder in zip(sys.argv[2::2], sys.argv[3::2])]
    near = neighbours([a for articles, _ in sets for a in articles])
    order = random.Random(5)
    replaced = tokens = 0
    for articles, folder in sets:
        for article in articles:
            text = (folder / f"{article.name}.txt").read_bytes().decode()
            parts, at = [], 0
            for t, (start, end) in enumerate(article.spans):
                others = near.get((article.words[t], article.observations[t][corpus.TAG]))
                closed = article.upos[t] == "AUX" or article.lemmas[t] in CLOSED
                if others and not closed and order.random() < SHARE:
                    parts += text[at:start], order.choice(others)
                    at = end
                    replaced += 1
            tokens += article.n
            (out / f"{article.name}.txt").write_bytes("".join([*parts, text[at:]]).encode())
    print(f"{replaced} of {tokens} tokens replaced")


def neighbours(articles):
    """For words with their tags other words of that tag with vectors like theirs."""
    count, vectors = Counter(), {}
    for article in articles:
        for t, word in enumerate(article.words):
            tag = article.observations[t][corpus.TAG]
            if tag in OPEN and len(word) > 2 and word.isalpha() and word.islower():
                count[word, tag] += 1
                if word not in vectors:
                    vectors[word] = article.inputs[t, TENSOR:].astype(np.float32)
    near = {}
    for tag in sorted(OPEN):
        words = sorted(w for (w, t), n in count.items() if t == tag and n >= 3 and vectors[w].any())
        table = np.array([vectors[w] for w in words])
        table /= np.linalg.norm(table, axis=1, keepdims=True)
        for at in range(0, len(words), 512):
            likeness = table[at : at + 512] @ table.T
            nearest = np.argsort(-likeness, axis=1, kind="stable")[:, : NEAREST + 1]
            for i, row in enumerate(nearest):
                # Words that share one vector say nothing new.
                others = [words[j] for j in row if LIKE < likeness[i, j] < 0.999]
                if others:
                    near[words[at + i], tag] = others
    return near


if __name__ == "__main__":
    main()
