#!/usr/bin/env python3
"""Captions, credits and prompts among the body blocks of real pages.

usage: page_leaks.py ACCORDING AEB_FOLDER [--misses]

AEB_FOLDER is the article-extraction-benchmark: html/*.html.gz and ground-truth.json. A body
block (headline, standfirst, paragraph, quotation, list-item) leaks when the text of the
article as people marked it has less than half of its words in a row, and it stands in an
element that is named for something else: a caption, a credit, comments, a newsletter, sharing,
related stories, the author, copyright. Elements are found by html5lib, by the selectors of the
blocks. html5lib is installed into target/bench at the first run.
"""
import gzip, json, re, subprocess, sys, venv
from pathlib import Path

BODY = {"standfirst", "paragraph", "quotation", "list-item"}
NAMES = re.compile(
    r"(?i)caption|credit|comment|disqus|newsletter|sign-?up|subscri|share|sharing|social|related"
    r"|recirc|promo|read-?more|more-?(on|from|stories)|copyright|author-?(bio|box|info|card)|about"
    r"|\btags?\b|advert|sponsor|cookie|paywall|footer|popular|trending|recommend")
ELEMENTS = {"figcaption", "figure", "nav", "footer", "form", "button"}


def runs(text):
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[i:i + 4]) for i in range(len(words) - 3)] or [tuple(words)]


def path(root, xpath):
    node, nodes = root, [root]
    for step in xpath.split("/")[2:]:
        name, nth = step.rstrip("]").split("[")
        node = [c for c in node if c.tag == name][int(nth) - 1]
        nodes.append(node)
    return nodes


def sign(nodes):
    """Why the innermost elements are no part of a story; those that hold everything say nothing."""
    for node in reversed(nodes[2:]):
        if node.tag in ("article", "main", "body"):
            return None
        if node.tag in ELEMENTS:
            return node.tag
        # An element with much text in it is the story, however it is called.
        if len("".join(node.itertext())) > 1500:
            return None
        found = NAMES.search(f"{node.get('class') or ''} {node.get('id') or ''}")
        if found:
            return found.group()
    return None


def check(exe, folder, misses):
    import html5lib
    sys.setrecursionlimit(10_000)
    truth = json.loads((folder / "ground-truth.json").read_text())
    pages = {k: gzip.open(folder / "html" / f"{k}.html.gz").read().decode("utf-8", "replace")
             for k in truth}
    lines = "".join(json.dumps({"id": k, "html": h, "url": truth[k].get("url")}) + "\n"
                    for k, h in pages.items())
    run = subprocess.run([exe, "read", "--input", "jsonl", "--format", "jsonl", "--claims", "off"],
                         input=lines, capture_output=True, text=True)
    leaking, other, have = [], 0, 0
    for line in run.stdout.splitlines():
        article = json.loads(line)["article"]
        key = article["ref"]
        parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        root = parser.parse(pages[key], scripting=True)
        told = set(runs(truth[key].get("articleBody", "")))
        has = any(isinstance(e.tag, str) and (e.tag == "figcaption" or NAMES.search(
            f"{e.get('class') or ''} {e.get('id') or ''}")) for e in root.iter())
        have += has
        leaks = []
        for block in article["blocks"]:
            text = article["text"][block["start"]:block["end"]]
            found = runs(text)
            if block["kind"] not in BODY or 2 * sum(r in told for r in found) >= len(found):
                continue
            why = sign(path(root, block["selector"][0]["value"])) if "selector" in block else None
            if why:
                leaks.append((why, text))
            else:
                other += 1
                if misses:
                    print(f"other: {block['kind']}: {text[:90]!r}")
        if leaks:
            leaking.append(key)
        for why, text in leaks if misses else []:
            print(f"{truth[key].get('url', key)[:70]}\n    {why}: {text[:110]!r}")
    print(f"{have - len(leaking)} of {have} pages that have such elements keep them out, "
          f"{100 * (have - len(leaking)) / have:.1f} %")
    print(f"{other} body blocks are in no such element and not in the marked text either")


def main():
    home = Path(__file__).resolve().parent.parent / "target/bench/html5lib"
    python = home / "bin/python"
    if sys.argv[1] == "--check":
        return check(sys.argv[2], Path(sys.argv[3]), "--misses" in sys.argv)
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "html5lib==1.1"], check=True)
    sys.exit(subprocess.run([python, __file__, "--check", *sys.argv[1:]]).returncode)


main()
