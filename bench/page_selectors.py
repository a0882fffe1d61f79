#!/usr/bin/env python3
"""Whether the selectors of blocks lead back to their text, by another parser of HTML.

usage: page_selectors.py ACCORDING FOLDER

FOLDER holds pages, *.html or *.html.gz. Each is read, parsed again by html5lib, and every
block's XPath and positions are applied there: what they select must be the text of the block,
but for white space. html5lib is installed into target/bench at the first run.
"""
import gzip, json, subprocess, sys, venv
from pathlib import Path


def pages(folder):
    read = lambda p: gzip.open(p).read() if p.suffix == ".gz" else p.read_bytes()
    files = sorted([*folder.glob("*.html"), *folder.glob("*.html.gz")])
    return {p.name: read(p).decode("utf-8", "replace") for p in files}


def text_content(node):
    parts = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str):
            parts.append(text_content(child))
        parts.append(child.tail or "")
    return "".join(parts)


def element(root, xpath):
    node = root
    for step in xpath.split("/")[2:]:
        name, nth = step.rstrip("]").split("[")
        same = [c for c in node if isinstance(c.tag, str) and c.tag.split("}")[-1] == name]
        node = same[int(nth) - 1]
    return node


def check(exe, folder):
    import html5lib
    sys.setrecursionlimit(10_000)
    squeeze = lambda s: "".join(s.split())
    right = wrong = without = unparsed = 0
    all_pages = pages(folder)
    lines = "".join(json.dumps({"id": n, "html": h}) + "\n" for n, h in all_pages.items())
    run = subprocess.run([exe, "read", "--input", "jsonl", "--format", "jsonl", "--claims", "off"],
                         input=lines, capture_output=True, text=True)
    for line in run.stdout.splitlines():
        article = json.loads(line)["article"]
        html = all_pages[article["ref"]]
        tree = html5lib.getTreeBuilder("etree")
        parser = html5lib.HTMLParser(tree, namespaceHTMLElements=False)
        # As a browser that runs scripts: what <noscript> holds is text.
        root = parser.parse(html, scripting=True)
        whole = text_content(root)
        for block in article["blocks"]:
            text = squeeze(article["text"][block["start"]:block["end"]])
            if "selector" not in block:
                without += 1
                continue
            xpath, position = block["selector"]
            within = xpath["refinedBy"]
            try:
                found = text_content(element(root, xpath["value"]))
            except IndexError:
                unparsed += 1
                continue
            ok = squeeze(found[within["start"]:within["end"]]) == text
            ok = ok and squeeze(whole[position["start"]:position["end"]]) == text
            right, wrong = right + ok, wrong + (not ok)
            if not ok:
                print(article["ref"], xpath["value"], repr(text[:40]))
    print(f"{len(all_pages)} pages: {right} blocks lead back, {wrong} lead elsewhere, "
          f"{unparsed} to an element the other parser has not, {without} say they have no way")


def main():
    home = Path(__file__).resolve().parent.parent / "target/bench/html5lib"
    python = home / "bin/python"
    if sys.argv[1] == "--check":
        return check(sys.argv[2], Path(sys.argv[3]))
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "html5lib==1.1"], check=True)
    sys.exit(subprocess.run([python, __file__, "--check", *sys.argv[1:]]).returncode)


main()
