#!/usr/bin/env python3
"""Records what spaCy makes of our own texts, for the test `recorded`.

usage: record.py PIPELINE_FOLDER OUT.jsonl TEXT.txt…      (spaCy 3.8.18)

A text file is one document; a line of odd.txt is one document each, with Python escapes.
One line a document: {"id", "text", "tokens"}, as `according parse --format jsonl` prints.
"""
import json, sys
from pathlib import Path

import spacy

assert spacy.__version__ == "3.8.18", spacy.__version__
nlp = spacy.load(sys.argv[1])
texts = []
for path in map(Path, sys.argv[3:]):
    text = path.read_bytes().decode()
    if path.name == "odd.txt":
        lines = text.splitlines()
        texts += [(f"odd-{i + 1}", json.loads(line)) for i, line in enumerate(lines)]
    else:
        texts.append((path.stem, text))
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for name, text in texts:
        tokens = [
            [t.idx, t.idx + len(t), t.tag_, t.pos_, t.lemma_, str(t.morph), t.head.i, t.dep_,
             int(bool(t.is_sent_start)), t.ent_iob_ or "O", t.ent_type_]
            for t in nlp(text)
        ]
        out.write(json.dumps({"id": name, "text": text, "tokens": tokens}, ensure_ascii=False) + "\n")
