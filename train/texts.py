"""Writes news texts that nobody marked, one a file, for the teacher to label.

    texts.py DATA OUT

Takes what it finds in `DATA` of: the article-extraction-benchmark (`aeb`), TR-News and GeoVirus
(`geo`), TimeBank and AQUAINT TimeML (`time`), the news of OntoGUM (`coref`).
"""

import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

SHORTEST = 200  # characters


def extraction_benchmark(folder):
    for name in folder.glob("ground-truth.json"):
        for key, page in json.loads(name.read_text(encoding="utf-8")).items():
            yield key[:16], page["articleBody"]


def toponyms(folder):
    for name in sorted(folder.glob("*.xml")):
        for i, article in enumerate(ET.parse(name).iter("article")):
            yield f"{name.stem}-{i}", article.findtext("text") or ""


def timeml(folder):
    for name in sorted(folder.glob("*/*.tml")):
        root = ET.parse(name).getroot()
        text = "".join((root.find("TEXT") if root.find("TEXT") is not None else root).itertext())
        # Lines are broken anywhere; paragraphs are apart.
        paragraphs = re.split(r"\n\s*\n", text)
        yield name.stem, "\n\n".join(re.sub(r"\s*\n\s*", " ", p) for p in paragraphs)


def universal(folder):
    for name in sorted(folder.glob("conllu/*.conllu")):
        text = ""
        for line in name.read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if line.startswith("# newpar"):
                text += "\n\n"
            elif len(fields) == 10 and fields[0].isdigit():
                text += fields[1] + ("" if "SpaceAfter=No" in fields[9] else " ")
        yield name.stem, text


READERS = {
    "aeb": extraction_benchmark, "geo": toponyms, "time": timeml, "coref": universal,
}


def main():
    data, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for folder, read in READERS.items():
        found = 0
        for name, text in read(data / folder):
            text = re.sub(r"[ \t]+", " ", text).strip()
            if len(text) >= SHORTEST:
                (out / f"{folder}-{name}.txt").write_text(text + "\n", encoding="utf-8")
                found += 1
        print(f"{folder}: {found} texts")


if __name__ == "__main__":
    main()
