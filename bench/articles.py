#!/usr/bin/env python3
"""Makes as many articles as are wanted out of the examples.

usage: articles.py N > articles.jsonl

Each is a headline and some paragraphs of the examples, with other numbers and other names, so
that hardly a sentence comes twice. The same number makes the same articles anywhere.
"""
import json, random, re, sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SYLLABLES = "ar bel cor dan el fen gar hol is jor kel lun mar nor ol per quin rus sal tor ul ven wes yar zan".split()
#: Words that begin a sentence or a name, and are kept: others with a capital become new names.
KEPT = set("""A An The In On At By For From He She It They We I But And Or As If When While Two Three
Four Five Ten No Not One Some Most More Many Monday Tuesday Wednesday Thursday Friday Saturday Sunday
January February March April May June July August September October November December""".split())


def made(n):
    """`n` articles, as objects with id, title and text."""
    paragraphs, heads = [], []
    for path in sorted(EXAMPLES.glob("*.txt")):
        blocks = [b for b in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")) if b.strip()]
        heads.append(blocks[0].strip())
        paragraphs += [b.strip() for b in blocks[1:] if len(b) > 80]
    for i in range(n):
        chance = random.Random(i)
        names = {}

        def renamed(match):
            word = match.group(0)
            if word in KEPT or chance.random() < 0.5:
                return word
            if word not in names:
                names[word] = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
            return names[word]

        chosen = chance.sample(paragraphs, chance.randint(2, 6))
        text = "\n\n".join([chance.choice(heads), *chosen])
        text = re.sub(r"(?<=[a-z,] )[A-Z][a-z]+\b", renamed, text)
        text = re.sub(r"\b\d{1,2}\b", lambda m: str(chance.randint(2, 99)), text)
        yield {"id": f"a{i:06}", "text": text}


if __name__ == "__main__":
    for article in made(int(sys.argv[1])):
        print(json.dumps(article, ensure_ascii=False))
