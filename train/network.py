"""The network that is kept: embeddings, a bidirectional LSTM, a conditional random field."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from corpus import COLUMNS, LABELS

#: Floats that stand for a value of each observation.
WIDTHS = {
    "word": 32, "tag": 12, "head-distance": 6, "deprel": 12, "cue": 6, "entity": 8,
    "place": 6, "head-tag": 8, "governor-deprel": 8, "governor-distance": 4, "quote": 6,
    "quote-length": 6, "grammar-content": 16, "grammar-source": 16, "grammar-cue": 16,
}
#: The observation that is hidden now and then, so that no single word is relied on.
WORD = COLUMNS.index("word")
#: How often a value must be met to be told from others.
SEEN = {"word": 5, "grammar-content": 20, "grammar-source": 20, "grammar-cue": 20}

HIDDEN = 48
CONTEXT = 32  # from the tensors of a token and its head
VECTOR = 48  # from its static vector
TENSOR = 192  # both tensors of a token
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
    """Labels tokens. `more` is the number of floats a token that something else has to say
    about it."""

    def __init__(self, vocabularies, readers, vector_width, hidden=HIDDEN, context=CONTEXT,
                 more=0, hide=0.15, drop=(0.35, 0.45)):
        super().__init__()
        self.hide, self.drop = hide, drop
        self.columns = nn.ModuleList(
            nn.Embedding(len(v) + 1, WIDTHS[c]) for c, v in zip(COLUMNS, vocabularies))
        for column in self.columns:
            nn.init.normal_(column.weight, 0, 0.3)
        self.context = nn.Linear(TENSOR * 3 // 2, context)
        self.vector = nn.Linear(vector_width, VECTOR)
        inputs = sum(WIDTHS.values()) + context + VECTOR + more
        self.lstm = nn.LSTM(inputs, hidden, bidirectional=True, batch_first=True)
        self.output = nn.Linear(2 * hidden, K)
        # Annotators differ in what they mark. Each gets a say in training, so that the
        # network need not explain it by the text. The last reader speaks for all of them.
        self.reader = nn.Embedding(readers, 16)
        self.louder = nn.Linear(16, 2 * hidden, bias=False)
        self.shift = nn.Linear(16, K, bias=False)
        self.transitions = nn.Parameter(torch.zeros(K, K))
        self.start = nn.Parameter(torch.zeros(K))
        self.register_buffer("impossible", impossible())

    def emissions(self, observations, context, vector, reader=None, more=()):
        if self.training:
            observations = observations.clone()
            hidden = torch.rand(observations.shape[:2]) < self.hide
            observations[..., WORD][hidden] = 0
        parts = [e(observations[..., c]) for c, e in enumerate(self.columns)]
        parts.append(self.context(F.dropout(context, 0.2, self.training)))
        parts.append(self.vector(vector))
        parts += more
        x = F.dropout(torch.cat(parts, -1), self.drop[0], self.training)
        h, _ = self.lstm(x)
        say = self.say() if reader is None else self.reader(reader)
        h = h * (1 + torch.tanh(self.louder(say)))[:, None]
        h = F.dropout(h, self.drop[1], self.training)
        return self.output(h) + self.shift(say)[:, None]

    def say(self):
        """The reader who speaks for all."""
        return self.reader.weight[-1:]

    def scores(self):
        """Transitions and start as the conditional random field uses them."""
        return self.transitions + self.impossible[:K], self.start + self.impossible[K]

    def all_paths(self, emissions, present):
        """Logarithm of the sum over all labellings; `present` is 1 where a token is. A stretch
        may begin in the midst of a part, so any label may be the first."""
        transitions = self.scores()[0]
        alpha = emissions[:, 0] + self.start
        for t in range(1, emissions.shape[1]):
            step = torch.logsumexp(alpha[:, :, None] + transitions, 1) + emissions[:, t]
            alpha = torch.where(present[:, t, None] > 0, step, alpha)
        return torch.logsumexp(alpha, 1)

    def loss(self, emissions, labels, present):
        """Negative log-likelihood of labels, summed."""
        transitions = self.scores()[0]
        gold = (emissions.gather(2, labels[..., None])[..., 0] * present).sum(1)
        gold = gold + self.start[labels[:, 0]]
        gold = gold + (transitions[labels[:, :-1], labels[:, 1:]] * present[:, 1:]).sum(1)
        return (self.all_paths(emissions, present) - gold).sum()

    def soft_loss(self, emissions, single, pair, present):
        """The same, expected under probabilities of labels and of pairs of neighbours."""
        transitions = self.transitions  # what is impossible has no probability
        expected = (emissions * single * present[..., None]).sum((1, 2))
        expected = expected + single[:, 0] @ self.start + (pair.sum(1) * transitions).sum((1, 2))
        return (self.all_paths(emissions, present) - expected).sum()


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
    """The probability of each label at each token, and of each pair of labels at a token and
    the one before it."""
    likely = np.exp(transitions.astype(np.float64))
    factors = np.exp((emissions - emissions.max(1, keepdims=True)).astype(np.float64))
    single = np.empty(factors.shape, np.float32)
    pair = np.zeros((*factors.shape, K), np.float16)
    forward = np.empty_like(factors)
    forward[0] = factors[0] * np.exp(start)
    forward[0] /= forward[0].sum()
    for t in range(1, len(factors)):
        row = factors[t] * (forward[t - 1] @ likely)
        forward[t] = row / row.sum()
    backward = np.ones(K)
    for t in range(len(factors) - 1, -1, -1):
        row = forward[t] * backward
        single[t] = row / row.sum()
        if t:
            after = backward * factors[t]
            both = forward[t - 1][:, None] * likely * after
            pair[t] = both / both.sum()
            backward = likely @ after
            backward /= backward.sum()
    return single, pair
