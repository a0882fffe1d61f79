#!/usr/bin/env python3
"""Makes the dataclasses of reports and corpora from their JSON Schemas.

usage: make_types.py [--check]

Writes python/according/model.py and corpus_model.py by the schemas of the installed package;
with --check only tells whether they are what it would write.
"""
import importlib.machinery
import importlib.util
import json
import sys
import sysconfig
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Names of fields that Python keeps for itself.
TAKEN = {"from": "from_", "self": "self_"}


def native():
    """The module itself: the package around it needs what is made here."""
    folder = Path(sysconfig.get_paths()["platlib"]) / "according"
    path = next(p for p in folder.glob("_native*") if p.suffix in (".so", ".pyd"))
    loader = importlib.machinery.ExtensionFileLoader("_native", str(path))
    spec = importlib.util.spec_from_loader("_native", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def annotation(schema):
    """The type of a value, and what makes it of an expression for JSON; None for itself."""
    if "$ref" in schema:
        return resolve(schema["$ref"].rsplit("/", 1)[1])
    kind = schema.get("type")
    if isinstance(kind, list):
        inner = {**schema, "type": next(k for k in kind if k != "null")}
        return optional(*annotation(inner))
    if "anyOf" in schema:
        return optional(*annotation(next(p for p in schema["anyOf"] if p.get("type") != "null")))
    if kind == "array" and schema.get("maxItems") == 2:
        return "Span", "Span(*{})".format
    if kind == "array":
        inner, make = annotation(schema["items"])
        each = (lambda e: f"tuple({make('x')} for x in {e})") if make else "tuple({})".format
        return f"tuple[{inner}, ...]", each
    if kind == "object":
        return "dict[str, Any]", None
    return {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}[kind], None


def optional(kind, make):
    def made(e):
        # What is not None is there.
        there = f"j[{e[6:-1]}]" if e.startswith("j.get(") else e
        return f"None if {e} is None else {make(there)}"
    return f"{kind} | None", make and made


def resolve(name):
    if words(DEFS[name]):
        return name, None
    if "oneOf" in DEFS[name]:
        return "dict[str, Any]", None
    return name, (name + ".of({})").format


def words(schema):
    """The words a value can be, where it is one of several."""
    if "enum" in schema:
        return schema["enum"]
    parts = schema.get("oneOf", [])
    if parts and all("const" in part or "enum" in part for part in parts):
        return [word for part in parts for word in part.get("enum", [part.get("const")])]
    return None


def comment(text, indent):
    lines = textwrap.wrap(" ".join(text.split()), 96 - indent)
    return "".join(f"{' ' * indent}#: {line}\n" for line in lines)


def write_class(name, schema):
    out = ["@dataclass(frozen=True, slots=True)\n", f"class {name}:\n"]
    doc = " ".join(schema.get("description", name).split())
    out.append(textwrap.indent(textwrap.fill(f'"""{doc}"""', 92), "    ") + "\n\n")
    makes = []
    for field, about in schema["properties"].items():
        kind, make = annotation(about)
        own = TAKEN.get(field, field)
        out.append(comment(about.get("description", ""), 4))
        out.append(f"    {own}: {kind}\n")
        value = f'j["{field}"]'
        if field not in schema.get("required", []):
            # Lists are left out where they are empty, and of the rest what may be None.
            if kind.endswith("None"):
                value = f'j.get("{field}")'
            elif kind.startswith("tuple"):
                value = f'j.get("{field}", ())'
        makes.append(f"            {own}={make(value) if make else value},\n")
    out.append("\n    @classmethod\n    def of(cls, j: dict[str, Any]) -> Self:\n")
    out.append(f'        """Made of the JSON object that a {name} is written as."""\n')
    out.append("        return cls(\n" + "".join(makes) + "        )\n")
    return "".join(out)


def module(schema, root, about):
    global DEFS
    DEFS = dict(schema["$defs"])
    DEFS[root] = schema
    out = [f'"""{about}\n\nMade from the JSON Schema by make_types.py: edit that, and not this.\n'
           'Offsets are code points into the text of the article, as Python counts.\n"""\n\n',
           "from __future__ import annotations\n\n",
           "from dataclasses import dataclass\n",
           "from typing import TYPE_CHECKING, Any, Literal, NamedTuple\n\n",
           "if TYPE_CHECKING:\n    from typing_extensions import Self\n\n\n"]
    body = []
    for name in sorted(DEFS):
        literal = words(DEFS[name])
        if literal:
            about = comment(DEFS[name].get("description", ""), 0)
            listed = "".join(f"    {json.dumps(word)},\n" for word in literal)
            body.append(f"{about}{name} = Literal[\n{listed}]\n")
    for name in sorted(DEFS):
        if not words(DEFS[name]) and "properties" in DEFS[name]:
            body.append(write_class(name, DEFS[name]))
    if any("Span" in part for part in body):
        out.append('class Span(NamedTuple):\n    """Where something stands in a text: text[start:end]."""\n\n'
                   "    #: First code point.\n    start: int\n    #: One past the last.\n    end: int\n\n\n")
    else:
        out[3] = "from typing import TYPE_CHECKING, Any, Literal\n\n"
    return "".join(out) + "\n\n".join(body)


def main():
    rust = native()
    files = {
        "model.py": module(json.loads(rust.report_schema()), "ReportData", "What a report holds."),
        "corpus_model.py": module(json.loads(rust.corpus_schema()), "CorpusReport",
                                  "What is told of a corpus."),
    }
    for name, text in files.items():
        path = HERE / "python/according" / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                sys.exit(f"{name} is not made from the schema: run make_types.py")
        else:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
