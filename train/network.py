"""The network: embeddings, a bidirectional LSTM, a conditional random field."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from corpus import LABELS

#: Floats that stand for a value of each observation, in the order of `COLUMNS` in Rust.
WIDTHS = {
    "word": 32, "lemma": 32, "tag": 12, "deprel": 12, "entity": 8, "head-lemma": 16,
    "head-tag": 8, "head-distance": 6, "quote": 6, "quote-length": 6, "place": 6, "cue": 6,
    "governor": 16, "governor-deprel": 8, "governor-distance": 4, "grammar-content": 16,
    "grammar-source": 16, "grammar-cue": 16,
}
COLUMNS = list(WIDTHS)
#: Observations that are hidden now and then, so that no single word is relied on.
WORDS = [COLUMNS.index(c) for c in ("word", "lemma", "head-lemma", "governor")]
#: How often a value must be met to be told from others.
SEEN = {"word": 5, "lemma": 5, "head-lemma": 5, "governor": 5,
        "grammar-content": 20, "grammar-source": 20, "grammar-cue": 20}

HIDDEN = 64
CONTEXT = 64  # from the tensors of a token and its head
VECTOR = 48  # from its static vector
TENSOR = 192
K = len(LABELS)
NEVER = -1e4


def impossible():
    """What keeps further tokens from following anything but their first one."""
    matrix = torch.zeros(K + 1, K)  # the last row: at the start
    for to in range(2, K, 2):
        for start in range(K + 1):
            if start not in (to, to - 1):
                matrix[start, to] = NEVER
    return matrix


class Network(nn.Module):
    def __init__(self, vocabularies, annotators, vector_width, hide=0.15, drop=(0.35, 0.45)):
        super().__init__()
        self.hide, self.drop = hide, drop
        self.columns = nn.ModuleList(
            nn.Embedding(len(v) + 1, width) for v, width in zip(vocabularies, WIDTHS.values()))
        for column in self.columns:
            nn.init.normal_(column.weight, 0, 0.3)
        self.context = nn.Linear(TENSOR * 3 // 2, CONTEXT)
        self.vector = nn.Linear(vector_width, VECTOR)
        inputs = sum(WIDTHS.values()) + CONTEXT + VECTOR
        self.lstm = nn.LSTM(inputs, HIDDEN, bidirectional=True, batch_first=True)
        self.output = nn.Linear(2 * HIDDEN, K)
        # Annotators differ in what they mark. Each gets a say in training, so that the
        # network need not explain it by the text; their mean speaks afterwards.
        self.annotator = nn.Embedding(annotators, 16)
        self.louder = nn.Linear(16, 2 * HIDDEN, bias=False)
        self.shift = nn.Linear(16, K, bias=False)
        self.transitions = nn.Parameter(torch.zeros(K, K))
        self.start = nn.Parameter(torch.zeros(K))
        self.register_buffer("impossible", impossible())

    def emissions(self, observations, context, vector, annotator=None):
        if self.training:
            observations = observations.clone()
            for c in WORDS:
                hidden = torch.rand(observations.shape[:2]) < self.hide
                observations[..., c][hidden] = 0
        parts = [e(observations[..., c]) for c, e in enumerate(self.columns)]
        parts.append(self.context(F.dropout(context, 0.2, self.training)))
        parts.append(self.vector(vector))
        x = F.dropout(torch.cat(parts, -1), self.drop[0], self.training)
        h, _ = self.lstm(x)
        say = self.mean_annotator() if annotator is None else self.annotator(annotator)
        h = h * (1 + torch.tanh(self.louder(say)))[:, None]
        h = F.dropout(h, self.drop[1], self.training)
        return self.output(h) + self.shift(say)[:, None]

    def mean_annotator(self):
        return self.annotator.weight.mean(0, keepdim=True)

    def scores(self):
        """Transitions and start as the conditional random field uses them."""
        return self.transitions + self.impossible[:K], self.start + self.impossible[K]

    def loss(self, emissions, labels, present):
        """Negative log-likelihood of the labels, summed; `present` is 1 where a token is.

        A stretch may begin in the midst of a part, so any label may be the first.
        """
        transitions, start = self.scores()[0], self.start
        gold = (emissions.gather(2, labels[..., None])[..., 0] * present).sum(1)
        gold = gold + start[labels[:, 0]]
        gold = gold + (transitions[labels[:, :-1], labels[:, 1:]] * present[:, 1:]).sum(1)
        alpha = emissions[:, 0] + start
        for t in range(1, emissions.shape[1]):
            step = torch.logsumexp(alpha[:, :, None] + transitions, 1) + emissions[:, t]
            alpha = torch.where(present[:, t, None] > 0, step, alpha)
        return (torch.logsumexp(alpha, 1) - gold).sum()


def best(emissions, transitions, start):
    """Viterbi's labels."""
    score = emissions[0] + start
    come_from = np.zeros(emissions.shape, np.int64)
    for t in range(1, len(emissions)):
        step = score[:, None] + transitions
        come_from[t] = step.argmax(0)
        score = step.max(0) + emissions[t]
    labels = [int(score.argmax())]
    for t in range(len(emissions) - 1, 0, -1):
        labels.append(int(come_from[t, labels[-1]]))
    return np.array(labels[::-1])


def marginals(emissions, transitions, start):
    """Probability of each label at each token."""
    likely = np.exp(transitions)
    factors = np.exp(emissions - emissions.max(1, keepdims=True))
    forward = factors.astype(np.float64).copy()
    forward[0] *= np.exp(start)
    forward[0] /= forward[0].sum()
    for t in range(1, len(factors)):
        forward[t] *= forward[t - 1] @ likely
        forward[t] /= forward[t].sum()
    backward = np.ones(K)
    for t in range(len(factors) - 1, -1, -1):
        row = forward[t] * backward
        backward = likely @ (backward * factors[t])
        backward /= backward.sum()
        forward[t] = row / row.sum()
    return forward
