"""Runs spaCy over texts and prints what it took, for `speed`.

usage: spacy_speed.py process|pipe PIPELINE_FOLDER TEXTS.jsonl

process  parses all texts once and prints one JSON line a text, as `according parse` does.
pipe     parses all texts twice in one process and prints the seconds of load and passes.
"""
import json, sys, time

import spacy

mode, pipeline, texts = sys.argv[1:]
started = time.perf_counter()
nlp = spacy.load(pipeline)
loaded = time.perf_counter() - started
items = [json.loads(line) for line in open(texts, encoding="utf-8")]
texts = [item["text"] for item in items]
if mode == "process":
    for item, doc in zip(items, nlp.pipe(texts)):
        tokens = [
            [t.idx, t.idx + len(t), t.tag_, t.pos_, t.lemma_, str(t.morph), t.head.i, t.dep_,
             int(bool(t.is_sent_start)), t.ent_iob_, t.ent_type_]
            for t in doc
        ]
        print(json.dumps({"id": item["id"], "text": item["text"], "tokens": tokens}))
else:
    passes, n = [], 0
    for _ in range(2):
        started = time.perf_counter()
        n = sum(len(doc) for doc in nlp.pipe(texts))
        passes.append(time.perf_counter() - started)
    print(json.dumps({"load": loaded, "cold": passes[0], "warm": passes[1], "tokens": n}))
