"""Counts in how many texts of a thousand each lemma stands.

    word_frequency.py PARSES > crates/according-corpus/data/en/word_frequency.tsv

`PARSES` holds one text a line, as `according parse --format jsonl` writes them. Lemmas are counted
without accents and marks, as `according-corpus` compares them; those of fewer than five texts in a
thousand are left out.
"""

import collections
import json
import sys
import unicodedata

RAREST = 5  # texts in a thousand


def normal(lemma):
    letters = unicodedata.normalize("NFKD", lemma.lower())
    return "".join(c for c in letters if c.isascii() and c.isalnum())


def main():
    counts, texts = collections.Counter(), 0
    with open(sys.argv[1], encoding="utf-8") as parses:
        for line in parses:
            tokens = json.loads(line)["tokens"]
            counts.update({normal(token[4]) for token in tokens})
            texts += 1
    print("lemma\tper_mille")
    for lemma, count in sorted(counts.items()):
        per_mille = round(1000 * count / texts)
        if lemma and not lemma[0].isdigit() and per_mille >= RAREST:
            print(f"{lemma}\t{per_mille}")


main()
