#!/usr/bin/env python3
"""Whether exports are valid to the tools of their standards, and hold what the reports hold.

usage: export_check.py ACCORDING FILE_OR_FOLDER…  [--reports N] [--protected] [--corpus]

Texts are read by ACCORDING, the reports exported to every format, one file an article, and each
file opened by a tool that is not ours: followthemoney, stix2, pymisp, networkx, PyLD and rdflib,
geojson, jsonschema, markdown-it, csv, pyarrow and duckdb, and a reader of BRAT standoff below.
Counts and spans are compared with the reports. The whole is written once more as one document a format, which must
hold the same. The tools are installed into target/bench at the first run.

--protected exports with --protect-sources instead: each export must be valid and equal to the
protected report, and none may hold a string that tells of a source without a name in the report
as it was: its description, its noun, a place smaller than a country in it, a time in a sentence
where it speaks (and is not what it says), its reason.

--corpus adds the texts to a corpus and exports that instead: each document must be valid, and
hold every claim that recurs with its supports and origins, as `according origins` tells them.
"""
import csv, io, json, re, subprocess, sys, tempfile, venv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent / "target/bench/export"
FORMATS = {
    "webannotation": "anno.jsonld", "csv": "csv", "markdown": "md", "brat": "ann",
    "prov": "prov.jsonld", "schema-org": "schema.jsonld", "ftm": "ftm.json", "stix": "stix.json",
    "misp": "misp.json", "plover": "plover.jsonl", "geojson": "geojson", "graphml": "graphml",
    "gexf": "gexf",
}
# Exports write words on one line, and control characters of a text are no words.
squeeze = lambda text: " ".join(re.split(r"[\s\x00-\x1f\x7f-\x9f]+", text)).strip()


def words(report, spans):
    text = report["article"]["text"]
    return " … ".join(squeeze(text[start:end]) for start, end in spans)


def hops(claim):
    """Those of a chain of whom anything is told."""
    return [hop for hop in claim["chain"] if hop["name"] not in (None, "unspecified")]


def lines(text):
    # Not splitlines: a text may hold other ends of lines than "\n".
    return [json.loads(line) for line in text.split("\n") if line]


# JSON-LD. Contexts are not fetched: the terms used here of each are told below.

ANNO = {"@context": {
    "oa": "http://www.w3.org/ns/oa#", "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": {"@type": "@id", "@id": "@id"}, "type": {"@type": "@vocab", "@id": "@type"},
    **{name: f"oa:{name}" for name in ["Annotation", "TextualBody", "SpecificResource",
       "XPathSelector", "TextQuoteSelector", "TextPositionSelector", "FragmentSelector",
       "describing"]},
    "AnnotationPage": "as:OrderedCollectionPage",
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": "oa:hasPurpose"},
    "body": {"@type": "@id", "@id": "oa:hasBody"},
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"},
    "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "refinedBy": {"@type": "@id", "@id": "oa:refinedBy"},
    "conformsTo": {"@type": "@id", "@id": "dcterms:conformsTo"},
    "value": "rdf:value", "format": "dc:format", "language": "dc:language",
    "exact": "oa:exact", "prefix": "oa:prefix", "suffix": "oa:suffix",
    "start": {"@type": "xsd:nonNegativeInteger", "@id": "oa:start"},
    "end": {"@type": "xsd:nonNegativeInteger", "@id": "oa:end"},
}}
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": ANNO,
    "https://schema.org": {"@context": {"@vocab": "https://schema.org/"}},
}


def expand(document):
    from pyld import jsonld

    def load(url, options):
        return {"contextUrl": None, "documentUrl": url, "document": CONTEXTS[url]}
    return jsonld.expand(document, {"documentLoader": load})


def properties(nodes):
    """All keys and types of expanded JSON-LD that are names of a vocabulary."""
    for node in nodes:
        if isinstance(node, list):
            yield from properties(node)
        if not isinstance(node, dict):
            continue
        for key, value in node.items():
            if key == "@type":
                yield from value if isinstance(value, list) else [value]
            elif not key.startswith("@"):
                yield key
            if isinstance(value, (list, dict)):
                yield from properties(value if isinstance(value, list) else [value])


def check_webannotation(text, report):
    page = json.loads(text)
    expanded = expand(page)
    # Every key is a term of the context: what is none is dropped when expanded.
    count = lambda value: (sum(map(count, value.values())) + len(value) if isinstance(value, dict)
                           else sum(map(count, value)) if isinstance(value, list) else 0)
    terms = set(ANNO["@context"]) | {"@context"}
    def known(value):
        if isinstance(value, dict):
            assert set(value) <= terms, set(value) - terms
            list(map(known, value.values()))
        if isinstance(value, list):
            list(map(known, value))
    known(page)
    items = expanded[0]["http://www.w3.org/ns/activitystreams#items"][0]["@list"]
    assert len(items) == len(report["claims"]) and count(page) > 0
    article = report["article"]["text"]
    n = 0
    for annotation, claim in zip(page["items"], report["claims"]):
        assert annotation["id"].endswith("#" + claim["id"])
        assert len(annotation["target"]) == len(claim["content"])
        for target, (start, end) in zip(annotation["target"], claim["content"]):
            of = {s["type"]: s for s in target["selector"]}
            quote = of["TextQuoteSelector"]
            assert quote["exact"] == article[start:end]
            assert article[:start].endswith(quote["prefix"])
            assert article[end:].startswith(quote["suffix"])
            position = of["TextPositionSelector"]
            assert article[position["start"]:position["end"]] == quote["exact"]
            n += 1
    return n


def check_csv(text, report):
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(report["claims"]), (len(rows), len(report["claims"]))
    assert None not in {key for row in rows for key in row}
    for row, claim in zip(rows, report["claims"]):
        # The guard against formulas is no part of the words.
        bare = lambda field: field[1:] if field[:1] == "'" else field
        expected = words(report, claim["content"])
        assert row["claim"] == claim["id"] and expected in (row["content"], bare(row["content"]))
        spans = [tuple(map(int, span.split("-"))) for span in row["spans"].split()]
        assert spans == [tuple(span) for span in claim["content"]]
        assert int(row["start"]) == spans[0][0] or len(spans) > 1
        assert float(row["confidence"]) == claim["confidence"]
        assert row["named"] == str(claim["speaker"]["named"]).lower()
        for field in row.values():
            assert field.lstrip()[:1] not in set("=+-@"), field
    return len(rows)


def check_markdown(text, report):
    from markdown_it import MarkdownIt
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    raw = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or []}
    assert not raw & {"html_block", "html_inline", "image", "link_open", "fence"}, raw
    plain = lambda token: "".join(
        c.content if c.type in ("text", "text_special", "code_inline") else " " for c in token.children or [])
    shown = squeeze(" ".join(plain(t) for t in tokens if t.type == "inline"))
    for claim in report["claims"]:
        said = words(report, claim["content"])
        assert "“%s”" % said in shown, said
        assert text.count("[^%s]\n" % claim["id"]) == 1, claim["id"]
        assert text.count("\n[^%s]: " % claim["id"]) == 1
    items = sum(t.type == "list_item_open" for t in tokens)
    assert items >= len(report["claims"])
    return len(report["claims"])


class Brat:
    """A reader of BRAT standoff, after the description of the format at brat.nlplab.org."""

    def __init__(self, annotations, text):
        self.text_bound, self.relations, self.events = {}, [], {}
        self.attributes, self.notes, self.normal, self.equivalent = [], [], [], []
        ids = set()
        for line in annotations.split("\n"):
            if not line:
                continue
            id, rest = line.split("\t", 1)
            assert id == "*" or id not in ids, id
            ids.add(id)
            if id[0] == "T":
                head, covered = rest.split("\t")
                kind, places = head.split(" ", 1)
                spans = [tuple(map(int, span.split(" "))) for span in places.split(";")]
                assert spans == sorted(spans) and all(s < e for s, e in spans), line
                assert " ".join(text[s:e] for s, e in spans) == covered, line
                assert "\n" not in covered
                self.text_bound[id] = (kind, spans)
            elif id[0] == "R":
                kind, first, second = rest.split(" ")
                arguments = dict(a.split(":") for a in (first, second))
                assert set(arguments) == {"Arg1", "Arg2"}
                self.relations.append((kind, arguments["Arg1"], arguments["Arg2"]))
            elif id[0] == "E":
                trigger, *arguments = rest.split(" ")
                self.events[id] = (trigger.split(":"), [a.split(":") for a in arguments])
            elif id[0] == "A":
                self.attributes.append(rest.split(" "))
            elif id[0] == "#":
                head, note = rest.split("\t", 1)
                self.notes.append((head.split(" "), note))
            elif id[0] == "N":
                head, name = rest.split("\t")
                self.normal.append((head.split(" "), name))
            elif id == "*":
                kind, *members = rest.split(" ")
                self.equivalent.append((kind, members))
            else:
                raise AssertionError(line)
        bound, events = set(self.text_bound), set(self.events)
        assert all({a, b} <= bound for _, a, b in self.relations)
        assert all(a[1] in bound | events for a in self.attributes)
        assert all(note[0][1] in bound for note in self.notes)
        assert all(head[1] in bound for head, _ in self.normal)
        assert all(len(m) > 1 and set(m) <= bound for _, m in self.equivalent)
        for (kind, trigger), arguments in self.events.values():
            assert self.text_bound[trigger][0] == kind
            assert all(target in bound for _, target in arguments)


def fragments(text, spans):
    """What a span is for brat: its lines, without white space around them."""
    found = []
    for start, end in spans:
        for line in _cut(text, start, end):
            found.append(line)
    return sorted(set(found))


def _cut(text, start, end):
    breaks = set("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\t")
    at = start
    for i in range(start, end + 1):
        if i == end or text[i] in breaks:
            piece = text[at:i]
            if piece.strip():
                yield (at + len(piece) - len(piece.lstrip()), at + len(piece.rstrip()))
            at = i + 1


def check_brat(text, report):
    brat = Brat(text, report["article"]["text"])
    article = report["article"]["text"]
    of = lambda kind: Counter(tuple(s) for k, s in brat.text_bound.values() if k == kind)
    expected = lambda spans: Counter(tuple(fragments(article, s)) for s in spans if s and fragments(article, s))
    claims = report["claims"]
    assert of("Content") == expected(c["content"] for c in claims)
    assert of("Source") == expected(c["source"] for c in claims)
    assert of("Cue") == expected(c["cue"] for c in claims)
    assert of("Hedge") == expected([h] for c in claims for h in c["hedges"])
    assert of("Time") == expected([[t["start"], t["end"]]] for t in report["times"])
    assert of("Place") == expected([[p["start"], p["end"]]] for p in report["places"])
    assert len(brat.events) == len(report["events"])
    assert sum(k == "within" for k, *_ in brat.relations) == sum(c["parent"] is not None for c in claims)
    mentions = sum(len(e["mentions"]) for e in report["entities"])
    kinds = {e["type"] or "OTHER" for e in report["entities"]}
    assert sum(k in kinds for k, _ in brat.text_bound.values()) == mentions
    return len(brat.text_bound)


def check_prov(text, report):
    from rdflib import Graph, Namespace
    from rdflib.namespace import DCTERMS, FOAF, PROV, RDF
    document = json.loads(text)
    for name in properties(expand(document)):
        for space in (PROV, DCTERMS, FOAF):
            if name.startswith(str(space)):
                assert name in space, name
    graph = Graph().parse(data=text, format="json-ld")
    chain = lambda claim: len(claim["chain"])
    quoted = len(list(graph.triples((None, PROV.wasQuotedFrom, None))))
    primary = len(list(graph.triples((None, PROV.hadPrimarySource, None))))
    # What nobody in particular told is a step as well.
    assert quoted + primary == sum(map(chain, report["claims"])), (quoted, primary)
    assert primary == sum(chain(c) > 0 for c in report["claims"])
    values = Counter(str(v) for v in graph.objects(None, PROV.value))
    assert values == Counter(words(report, c["content"]) for c in report["claims"])
    OA = Namespace("http://www.w3.org/ns/oa#")
    spans = Counter((int(graph.value(s, OA.start)), int(graph.value(s, OA.end)))
                    for s in graph.subjects(RDF.type, OA.TextPositionSelector))
    assert spans == Counter(tuple(s) for c in report["claims"] for s in c["content"])
    for claim in report["claims"]:
        # From the claim back to the source nearest the event, name by name.
        node = next(s for s in graph.subjects(PROV.value, None) if str(s).endswith("#" + claim["id"]))
        for hop in reversed(claim["chain"]):
            node = graph.value(node, PROV.wasQuotedFrom) or graph.value(node, PROV.hadPrimarySource)
            agent = graph.value(node, PROV.wasAttributedTo)
            name = graph.value(agent, FOAF.name) if agent else graph.value(node, DCTERMS.title)
            # One that is written in two ways is one, and has one of the names.
            assert hop not in hops(claim) or str(name).lower() == hop["name"].lower(), (name, hop)
    return quoted + primary


def check_schema_org(text, report):
    from rdflib import Graph
    from rdflib.namespace import SDO
    document = json.loads(text)
    names = set(properties(expand(document)))
    assert all(name in SDO for name in names), [n for n in names if n not in SDO]
    document["@context"] = {"@vocab": "https://schema.org/"}
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    of = lambda kind: list(graph.subjects(None, kind))
    claims = report["claims"]
    assert len(of(SDO.Claim)) == len(claims)
    assert len(of(SDO.Quotation)) == sum(c["mode"] == "direct" for c in claims)
    assert len(of(SDO.ClaimReview)) == sum(c["act"] in ("speech", "evidential") for c in claims)
    texts = Counter(str(graph.value(c, SDO.text)) for c in of(SDO.Claim))
    assert texts == Counter(words(report, c["content"]) for c in claims)
    for review in of(SDO.ClaimReview):
        assert graph.value(review, SDO.itemReviewed) in of(SDO.Claim)
        assert graph.value(review, SDO.reviewRating) is None
    return len(claims)


def check_ftm(text, report):
    from followthemoney import model
    entities = lines(text)
    by = Counter(e["schema"] for e in entities)
    ids = {e["id"] for e in entities}
    assert len(ids) == len(entities)
    for entity in entities:
        # Not taken at its word: values that a property does not take are dropped.
        proxy = model.get_proxy(entity, cleaned=False)
        for name, values in entity["properties"].items():
            prop = proxy.schema.get(name)
            assert prop is not None, (entity["schema"], name)
            kept = proxy.get(name)
            assert len(kept) == len(set(values)) or name in ("keywords",), (name, values, kept)
            if prop.type.name == "entity":
                assert set(values) <= ids, (name, values)
                for value in values:
                    other = next(e for e in entities if e["id"] == value)
                    assert model.get(other["schema"]).is_a(prop.range), (name, other["schema"])
        for name in proxy.schema.required:
            assert proxy.get(name), (entity["schema"], name)
        proxy.schema.validate(entity)
    assert by["Article"] == 1 and by["Note"] == len(report["claims"])
    assert by["Event"] == len(report["events"])
    told = [h for c in report["claims"] for h in [[h for h in hops(c) if h["kind"] != "document"]]]
    assert by["UnknownLink"] == sum(max(0, len(h) - 1) for h in told)
    notes = Counter(squeeze(v) for e in entities if e["schema"] == "Note" for v in e["properties"]["description"])
    assert notes == Counter(squeeze(words(report, c["content"])) for c in report["claims"])
    return len(entities)


def check_stix(text, report):
    import stix2
    from stix2 import v21
    bundle = stix2.parse(text, version="2.1", allow_custom=False)
    objects = {o["id"]: o for o in bundle.objects}
    assert len(objects) == len(bundle.objects)
    definition = next(o for o in bundle.objects if o["type"] == "extension-definition")
    for o in bundle.objects:
        references = [r for k in ("object_refs",) for r in o.get(k, [])]
        references += [o["created_by_ref"]] if "created_by_ref" in o else []
        assert all(r in objects for r in references), o
    notes = [o for o in json.loads(text)["objects"] if o["type"] == "note"]
    claims = report["claims"]
    assert len(notes) == len(claims)
    for note, claim in zip(notes, claims):
        more = note["extensions"][definition["id"]]
        assert more["content_offsets"] == claim["content"]
        assert more.get("chain", []) == [h["name"] or "unspecified" for h in claim["chain"]]
        assert note["content"] == words(report, claim["content"])
    assert sum(isinstance(o, v21.Report) for o in bundle.objects) == 1
    return len(objects)


def check_misp(text, report):
    from jsonschema import Draft7Validator
    import pymisp
    from pymisp import MISPEvent
    schema = json.loads((Path(pymisp.__file__).parent / "data/schema.json").read_text())
    event = MISPEvent(strict_validation=True)
    event.load(json.loads(text))
    # The schema that pymisp ships is older than event reports, which pymisp itself reads.
    plain = json.loads(text)
    reports = plain["Event"].pop("EventReport")
    Draft7Validator(schema).validate(plain)
    assert [r["uuid"] for r in reports] == [r.uuid for r in event.event_reports]
    values = Counter(a.value for a in event.attributes if a.type == "text")
    assert values == Counter(words(report, c["content"]) for c in report["claims"])
    assert len(event.event_reports) == 1 and not event.tags
    assert not any(a.tags for a in event.attributes)
    check_markdown(event.event_reports[0].content, report)
    return len(event.attributes)


PLOVER = {
    "type": "object",
    "required": ["id", "date", "actor", "event"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"}, "has_event": {"type": "boolean"},
        "date": {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\d$"},
        "time": {"type": "string"}, "endtime": {"type": "string"},
        "enddate": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "actor": {"type": "array", "items": {"$ref": "#/$defs/actor"}},
        "recipient": {"type": "array", "items": {"$ref": "#/$defs/actor"}},
        "event": {"type": "array", "minItems": 1, "items": {"enum": [
            "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
            "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE",
            "ASSAULT", "TRAFFIC"]}},
        "event_loc": {"$ref": "#/$defs/location"},
        "event_text": {"type": "array", "items": {"type": "string"}},
        "quad_code": {"enum": [1, 2, 3, 4]}, "event_scale": {"type": "number"},
        "mode": {"type": "array", "items": {"type": "string"}},
        "context": {"type": "array", "items": {"type": "string"}},
        "link": {}, "text": {"type": "string"},
        "text_info": {"type": "object", "properties": {
            "start": {"type": "integer"}, "end": {"type": "integer"}},
            "additionalProperties": False},
        "cite_info": {"type": "object", "additionalProperties": False, "properties": {
            k: {"type": ["string", "null"]} for k in [
                "corpus", "citation", "url", "title", "language", "publication", "license",
                "copyright", "coder", "codebook", "version"]}},
        "coder": {}, "coded_date": {}, "coded_time": {}, "comment": {"type": "string"},
    },
    "$defs": {
        "actor": {"type": "object", "additionalProperties": False, "properties": {
            k: {} for k in ["code", "sector", "actor_text", "identifier_id", "identifier_text",
                            "actor_loc", "religion", "ethnicity", "office", "gender", "age"]}},
        "location": {"type": "object", "additionalProperties": False, "properties": {
            k: {} for k in ["geonameid", "name", "asciiname", "alternatenames", "latitude",
                            "longitude", "feature class", "feature code", "country code", "cc3",
                            "cc2", "admin1 code", "admin2 code", "population", "timezone"]}},
    },
}


def check_plover(text, report):
    from jsonschema import Draft202012Validator
    check = Draft202012Validator(PLOVER)
    records = lines(text)
    assert len(records) == len(report["events"])
    article = report["article"]["text"]
    for record, event in zip(records, report["events"]):
        check.validate(record)
        assert record["event"] == [event["type"]]
        at = record["text_info"]
        assert squeeze(article[at["start"]:at["end"]]) == squeeze(event["text"])
        assert len(record["actor"]) + len(record["recipient"]) == len(event["participants"])
        people = {"actor": record["actor"], "recipient": record["recipient"]}
        for participant in event["participants"]:
            said = squeeze(article[participant["start"]:participant["end"]])
            assert said in [a["actor_text"] for a in people[participant["role"]]]
    return len(records)


def check_geojson(text, report):
    import geojson
    features = geojson.loads(text)
    assert features.is_valid, features.errors()
    placed = [p for p in report["places"] if p["lat"] is not None and p["lon"] is not None]
    assert len(features["features"]) == len(placed)
    for feature, place in zip(features["features"], placed):
        lon, lat = feature["geometry"]["coordinates"]
        # geojson rounds to six digits.
        assert abs(lon - place["lon"]) < 1e-6 and abs(lat - place["lat"]) < 1e-6
        own = feature["properties"]
        assert report["article"]["text"][own["start"]:own["end"]] == own["text"] == place["text"]
        assert own["claims"] == [c["id"] for c in report["claims"] if place["id"] in c["places"]]
    return len(placed)


def check_graph(graph, report):
    kinds = Counter(data["kind"] for _, data in graph.nodes(data=True))
    claims = report["claims"]
    assert kinds["claim"] == len(claims) and kinds["article"] == 1
    name = lambda data, node: data.get("label", node)
    says = Counter(name(graph.nodes[a], a) for a, b, data in graph.edges(data=True) if data["relation"] == "says")
    # XML has no room for control characters, and both tools drop outer white space.
    assert sum(says.values()) == sum(bool(hops(c)) for c in claims)
    tells = sum(data["relation"] == "tells" for *_, data in graph.edges(data=True))
    assert tells == sum(max(0, len(hops(c)) - 1) for c in claims), tells
    found = {data["claim"]: data for _, data in graph.nodes(data=True) if data["kind"] == "claim"}
    for claim in claims:
        spans = " ".join(f"{s}-{e}" for s, e in claim["content"])
        assert found[claim["id"]]["offsets"] == spans
        assert abs(found[claim["id"]]["confidence"] - claim["confidence"]) < 1e-9
        assert squeeze(found[claim["id"]]["label"]) == words(report, claim["content"])
    return graph.number_of_nodes()


def check_graphml(text, report):
    import networkx
    return check_graph(networkx.parse_graphml(text.encode()), report)


def check_gexf(text, report):
    import networkx
    return check_graph(networkx.read_gexf(io.BytesIO(text.encode()), version="1.3"), report)


CHECKS = {name: globals()["check_" + name.replace("-", "_")] for name in FORMATS}


# Parquet: all reports in a table each.

def flat(value):
    """A value as both readers give it: spans as pairs, lists as lists."""
    if isinstance(value, dict):
        return (value["start"], value["end"])
    return [flat(v) for v in value] if isinstance(value, list) else value


def spans_of(spans):
    return [tuple(span) for span in spans]


def expected_claims(report, by_id):
    for claim in report["claims"]:
        speaker = claim["speaker"]
        chain = [hop["name"] or "unspecified" for hop in claim["chain"]]
        places = [by_id[id] for id in claim["places"]]
        yield {
            "claim": claim["id"], "block": claim["block"], "content": words(report, claim["content"]),
            "spans": spans_of(claim["content"]), "source": words(report, claim["source"]),
            "source_spans": spans_of(claim["source"]), "cue": words(report, claim["cue"]),
            "cue_spans": spans_of(claim["cue"]), "speaker": speaker["name"],
            "speaker_kind": speaker["kind"], "named": speaker["named"], "role": speaker["role"],
            "chain": chain or [speaker["name"] or "unspecified"], "act": claim["act"],
            "mode": claim["mode"], "stance": claim["stance"], "certainty": claim["certainty"],
            "polarity": claim["polarity"], "factuality": claim["factuality"],
            "hedges": [words(report, [span]) for span in claim["hedges"]], "parent": claim["parent"],
            "times": [by_id[id]["value"] for id in claim["times"]],
            "places": [p["name"] or p["text"] for p in places], "confidence": claim["confidence"],
            "start": min(s for s, _ in claim["content"]), "end": max(e for _, e in claim["content"]),
        }


def expected_sources(report, by_id):
    for claim in report["claims"]:
        for step, hop in enumerate(claim["chain"], 1):
            entity = by_id.get(hop["entity"]) or {}
            yield {
                "claim": claim["id"], "step": step, "steps": len(claim["chain"]), "name": hop["name"],
                "kind": hop["kind"], "named": hop["named"], "entity": hop["entity"],
                "role": entity.get("role"), "country": entity.get("country"),
                "cue": words(report, hop["cue"]), "cue_spans": spans_of(hop["cue"]),
            }


def expected_events(report, by_id):
    for event in report["events"]:
        text = report["article"]["text"]
        people = lambda role: [squeeze(text[p["start"]:p["end"]]) for p in event["participants"] if p["role"] == role]
        time, place = by_id.get(event["time"]) or {}, by_id.get(event["place"]) or {}
        name = lambda id: by_id[id]["name"] or by_id[id]["text"] if id else None
        yield {
            "event": event["id"], "category": event["type"], "mode": event["mode"],
            "contexts": event["contexts"], "trigger": squeeze(event["text"]),
            "triggers": spans_of(event["triggers"]), "actors": people("actor"),
            "recipients": people("recipient"), "time": time.get("value"),
            "first_day": time.get("begin"), "last_day": time.get("end_date"),
            "place": name(event["place"]), "country": place.get("country"), "lat": place.get("lat"),
            "lon": place.get("lon"), "from": name(event["from"]), "to": name(event["to"]),
            "via": name(event["via"]), "goods": [squeeze(by_id[id]["text"]) for id in event["goods"]],
            "claim": event["claim"], "status": event["status"], "polarity": event["polarity"],
            "factuality": event["factuality"],
        }


def check_parquet(folder, reports):
    """Each value of each table, as pyarrow and as duckdb read it, against the reports."""
    import duckdb
    import pyarrow.parquet
    told = []
    for name, expect in (("claims", expected_claims), ("sources", expected_sources), ("events", expected_events)):
        path = str(Path(folder) / f"{name}.parquet")
        expected = []
        for report in reports:
            by_id = {x["id"]: x for key in ("entities", "places", "times", "quantities") for x in report[key]}
            article = report["article"]
            about = {"article": article["ref"], "article_id": article["id"],
                     "outlet": article["outlet"], "published": article["published"]}
            if name == "claims":
                about |= {"title": article["title"], "url": article["url"]}
            expected += [{**about, **row} for row in expect(report, by_id)]
        table = pyarrow.parquet.read_table(path)
        table.validate(full=True)
        duck = duckdb.connect().execute(f"SELECT * FROM read_parquet('{path}')")
        names = [column[0] for column in duck.description]
        readers = {
            "pyarrow": table.to_pylist(),
            "duckdb": [dict(zip(names, row)) for row in duck.fetchall()],
        }
        for reader, rows in readers.items():
            assert len(rows) == len(expected), (reader, name, len(rows), len(expected))
            for row, wanted in zip(rows, expected):
                assert set(row) == set(wanted), set(row) ^ set(wanted)
                for column, value in wanted.items():
                    assert flat(row[column]) == value, (reader, name, column, row[column], value)
        told.append(f"{len(expected)} {name}")
    return ", ".join(told)


def check_csv_tables(folder):
    """All tables as CSV and as Parquet hold the same."""
    import pyarrow.parquet

    def field(column, value):
        if isinstance(value, list):
            if column.endswith("spans") or column == "triggers":
                return " ".join(f"{v['start']}-{v['end']}" for v in value)
            return (" › " if column == "chain" else "; ").join(value)
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else value

    told = []
    for path in sorted(Path(folder).glob("*.parquet")):
        rows = list(csv.DictReader(io.StringIO(contents(path.with_suffix(".csv")), newline="")))
        wanted = pyarrow.parquet.read_table(path).to_pylist()
        assert len(rows) == len(wanted), path.stem
        for row, values in zip(rows, wanted):
            assert list(row) == list(values), path.stem
            for column, value in values.items():
                value = field(column, value)
                found = row[column] if isinstance(value, str) else float(row[column])
                assert found in (value, f"'{value}"), (path.stem, column, row[column], value)
        told.append(f"{len(rows)} {path.stem}")
    return ", ".join(told)


def contents(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def csv_of_articles(folder):
    """By table what gives the rows of an article, under the header."""
    def of_table(path):
        header, *rows = csv.reader(io.StringIO(contents(path), newline=""))
        by_ref = {}
        for row in rows:
            by_ref.setdefault(row[0], []).append(row)

        def of(ref):
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows([header, *by_ref.get(ref, [])])
            return out.getvalue()
        return of
    return {path.stem: of_table(path) for path in sorted(Path(folder).glob("*.csv"))}


# The whole as one document.

def parts(name, text):
    """How many parts of its kind a document holds."""
    import networkx
    if name in ("webannotation", "ftm", "misp", "plover"):
        return len(lines(text))
    if name == "csv":
        return len(list(csv.reader(io.StringIO(text, newline="")))) - 1
    if name == "graphml":
        return networkx.parse_graphml(text.encode()).number_of_nodes()
    if name == "gexf":
        return networkx.read_gexf(io.BytesIO(text.encode()), version="1.3").number_of_nodes()
    if name == "markdown":
        return text.count("\n## Source summary statement\n")
    document = json.loads(text)
    key = next(k for k in ("@graph", "objects", "features") if k in document)
    return len(document[key])


def ids(name, text):
    key = {"stix": ("objects", "id"), "prov": ("@graph", "@id"), "schema-org": ("@graph", "@id")}
    if name == "ftm":
        return [e["id"] for e in lines(text)]
    where, id = key[name]
    return [o[id] for o in json.loads(text)[where]]


# A corpus.

def check_corpus(exe, inputs):
    """What recurs, in each format that has a place for it, against `according origins`."""
    def run(*args):
        done = subprocess.run([exe, *args], capture_output=True)
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.stdout.decode()

    with tempfile.TemporaryDirectory() as folder:
        corpus = str(Path(folder) / "news.db")
        run("add", "--corpus", corpus, *inputs)
        known = json.loads(run("origins", "--corpus", corpus, "--format", "json"))
        claims = known["claims"]
        supports = sum(len(c["supports"]) for c in claims)
        origins = sum(len(c["origins"]) for c in claims)
        print(f"{len(known['articles'])} articles, {len(claims)} claims recur in {supports} places "
              f"and go back to {origins} origins")
        wrong = 0
        for name, compare in CORPUS.items():
            try:
                compare(run("export", "--corpus", corpus, "--to", name), claims)
                print(f"{name:14} valid and equal")
            except Exception as error:  # Every format is told of.
                print(f"{name:14} {type(error).__name__}: {str(error)[:300]}")
                wrong += 1
        for to in ("parquet", "csv"):
            run("export", "--corpus", corpus, "--to", to, "--out", folder + "/tables/")
        try:
            recurring_tables(folder + "/tables", known)
            print(f"{'tables':14} {check_csv_tables(folder + '/tables')}: equal in Parquet and CSV")
        except Exception as error:
            print(f"{'tables':14} {type(error).__name__}: {str(error)[:300]}")
            wrong += 1
        plain = run("export", "--corpus", corpus, "--to", "markdown", "--protect-sources")
        assert "# What recurs" not in plain
    return wrong


def recurring_graph(graph, claims):
    kinds = Counter(data["kind"] for _, data in graph.nodes(data=True) if data)
    assert all(data for _, data in graph.nodes(data=True)), "an edge to a node that is not there"
    assert kinds["recurring"] == len(claims)
    assert kinds["origin"] == sum(len(c["origins"]) for c in claims)
    by_id = {data["claim"]: (node, data) for node, data in graph.nodes(data=True) if data["kind"] == "recurring"}
    relations = Counter((v, data["relation"]) for _, v, data in graph.edges(data=True))
    for claim in claims:
        node, data = by_id[claim["id"]]
        assert squeeze(data["label"]) == squeeze(claim["statement"])
        assert (data["origins_least"], data["origins_most"]) == tuple(claim["independent_origins"].values())
        places = lambda stance: len({(s["article"], s["claim"]) for s in claim["supports"] if s["stance"] == stance})
        for stance in ("asserts", "denies", "doubts"):
            assert relations[node, stance] == places(stance), (claim["id"], stance)


def recurring_graphml(text, claims):
    import networkx
    # Several relations may lead from one to another.
    recurring_graph(networkx.parse_graphml(text.encode(), force_multigraph=True), claims)


def recurring_gexf(text, claims):
    import networkx
    recurring_graph(networkx.read_gexf(io.BytesIO(text.encode()), version="1.3"), claims)


def recurring_prov(text, claims):
    from rdflib import Graph, URIRef
    from rdflib.namespace import DCTERMS, PROV
    for name in properties(expand(json.loads(text))):
        for space in (PROV, DCTERMS):
            assert not name.startswith(str(space)) or name in space, name
    graph = Graph().parse(data=text, format="json-ld")
    for claim in claims:
        found = [s for s in graph.subjects(DCTERMS.description, None)
                 if str(graph.value(s, DCTERMS.identifier)) == claim["id"]]
        assert len(found) == 1 and str(graph.value(found[0], PROV.value)) == claim["statement"]
        places = list(graph.subjects(PROV.specializationOf, found[0]))
        assert len(places) == len(claim["supports"])
        origins = {graph.value(place, PROV.wasDerivedFrom) for place in places}
        assert Counter(str(graph.value(o, DCTERMS.title)) for o in origins) == Counter(o["what"] for o in claim["origins"])
        for place in places:
            told = graph.value(place, PROV.alternateOf)
            assert told is None or graph.value(told, PROV.value) is not None, "a claim that is not there"
            assert isinstance(graph.value(place, DCTERMS.isPartOf), URIRef)


def recurring_schema_org(text, claims):
    document = json.loads(text)
    from rdflib.namespace import SDO
    assert all(name in SDO for name in properties(expand(document)))
    nodes = {n["@id"]: n for n in document["@graph"]}
    found = {n["identifier"]: n for n in document["@graph"] if n["@type"] == "Claim" and "description" in n}
    reviews = Counter(n["itemReviewed"]["@id"] for n in document["@graph"] if n["@type"] == "ClaimReview")
    assert set(found) == {c["id"] for c in claims}
    for claim in claims:
        node = found[claim["id"]]
        assert node["text"] == claim["statement"] and reviews[node["@id"]] == 1
        assert len(node["appearance"]) == len({s["article"] for s in claim["supports"]})
        assert all(nodes[a["@id"]]["@type"] == "NewsArticle" for a in node["appearance"])


def recurring_ftm(text, claims):
    from followthemoney import model
    entities = {e["id"]: e for e in lines(text)}
    notes = [e for e in entities.values() if "recurring" in e["properties"].get("keywords", [])]
    assert len(notes) == len(claims)
    for note in notes:
        proxy = model.get_proxy(note, cleaned=False)
        proxy.schema.validate(note)
        assert all(entities[id]["schema"] == "Article" for id in note["properties"]["proof"])
    told = lambda e: squeeze(e["properties"]["description"][0])
    assert Counter(map(told, notes)) == Counter(squeeze(c["statement"]) for c in claims)


def recurring_stix(text, claims):
    import stix2
    bundle = stix2.parse(text, version="2.1", allow_custom=False)
    ids = {o["id"] for o in bundle.objects}
    notes = [o for o in bundle.objects if o["type"] == "note" and "extensions" not in o]
    assert len(notes) == len(claims)
    by_id = {c["id"]: c for c in claims}
    for note in notes:
        claim = by_id[note["abstract"].split(":")[0]]
        assert note["content"].startswith(claim["statement"]) and set(note["object_refs"]) <= ids
        assert len(note["object_refs"]) == len({(s["article"], s["claim"]) for s in claim["supports"]})


def recurring_webannotation(text, claims):
    pages = lines(text)
    articles = {p["id"] for p in pages if p["type"] == "AnnotationPage"}
    found = [p for p in pages if p["type"] == "Annotation"]
    assert len(found) == len(claims)
    list(map(expand, found))
    for annotation in found:
        claim = next(c for c in claims if annotation["body"]["value"].startswith(c["id"] + ": "))
        assert [t["selector"][0]["start"] for t in annotation["target"]] == [s["start"] for s in claim["supports"]]
        assert all(t["source"] in articles for t in annotation["target"])


def recurring_markdown(text, claims):
    from markdown_it import MarkdownIt
    last = text[text.index("# What recurs"):]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(last)
    assert not {t.type for t in tokens} & {"html_block", "fence"}
    assert sum(t.type == "heading_open" and t.tag == "h2" for t in tokens) == len(claims)
    assert sum(t.type == "list_item_open" for t in tokens) == sum(len(c["supports"]) for c in claims)


def recurring_tables(folder, known):
    import duckdb
    import pyarrow.parquet
    read = lambda table: pyarrow.parquet.read_table(f"{folder}/{table}.parquet").to_pylist()
    assert [
        (r["recurring"], r["statement"], r["origins_least"], r["origins_most"], r["explanation"],
         r["disputed"], r["denials"], r["first"], r["origins"], r["supports"])
        for r in read("recurring")
    ] == [
        (c["id"], squeeze(c["statement"]), *c["independent_origins"].values(), c["explanation"],
         c["disputed"], c["denials"], c["first"], [o["what"] for o in c["origins"]], len(c["supports"]))
        for c in known["claims"]
    ]
    articles = {a["ref"]: a for a in known["articles"]}
    assert [
        (r["recurring"], r["article"], r["article_id"], r["outlet"], r["published"], r["copy_of"], r["claim"],
         r["start"], r["end"], r["content"], r["stance"], r["hedged"], r["chain"], r["origin"])
        for r in read("supports")
    ] == [
        (c["id"], s["article"], *(articles[s["article"]][k] for k in ("id", "outlet", "published", "copy_of")), s["claim"],
         s["start"], s["end"], squeeze(s["text"]), s["stance"], s["hedged"], s["chain"], s["origin"])
        for c in known["claims"] for s in c["supports"]
    ]
    # Supports lead to the claims of articles.
    lost = duckdb.sql(f"""SELECT count(*) FROM '{folder}/supports.parquet' s
        ANTI JOIN '{folder}/claims.parquet' c USING (article, claim) WHERE s.claim IS NOT NULL""")
    assert lost.fetchall() == [(0,)]


CORPUS = {
    "graphml": recurring_graphml, "gexf": recurring_gexf, "prov": recurring_prov,
    "schema-org": recurring_schema_org, "ftm": recurring_ftm, "stix": recurring_stix,
    "webannotation": recurring_webannotation, "markdown": recurring_markdown,
}


# Protection.

VAGUE = set("""source sources person people persons individual individuals one ones somebody someone
others other some many several both most all those who they he she it we""".split())
STOPS = set("""in of from at with for on to who whom whose that which near by inside within close
familiar involved briefed and or about outside speaking""".split())


def telling(report, listed):
    """Strings that tell of sources without a name, by what they tell."""
    import re
    text = report["article"]["text"]
    places = {p["id"]: p for p in report["places"]}
    found = {"description": set(), "role": set(), "place": set(), "time": set(), "reason": set()}
    for claim in report["claims"]:
        speaker = claim["speaker"]
        if speaker["named"] or speaker["kind"] == "self" or speaker["name"] in (None, "unspecified"):
            continue
        name = squeeze(speaker["name"]).lower()
        # Those that tell nothing are what everybody is called instead.
        if " " in name and not re.fullmatch("unnamed (source|organisation|outlet|document)s?", name):
            found["description"].add(name)
        noun = [w.strip(".,'’-") for w in re.split(r"[\s,]+", name)]
        end = next((i for i, w in enumerate(noun) if w in STOPS), len(noun))
        noun = noun[end - 1] if end else ""
        forms = [noun, noun.rstrip("s"), re.sub("ies$", "y", noun), re.sub("es$", "", noun), re.sub("men$", "man", noun)]
        kind = next((listed[form] for form in forms if form in listed), "person")
        if len(noun) > 1 and noun not in VAGUE and kind in ("person", "people"):
            found["role"].add(noun)
        inside = [p for p in report["places"] if any(s <= p["start"] and p["end"] <= e for s, e in claim["source"])]
        inside += [places[speaker["place"]]] if speaker["place"] else []
        found["place"] |= {p["text"].lower() for p in inside if p["kind"] not in ("country", "demonym")}
        if speaker["reason_unnamed"]:
            found["reason"].add(squeeze(speaker["reason_unnamed"]).lower())
        for start, end in claim["source"] + claim["cue"]:
            block = next((b for b in report["article"]["blocks"] if b["start"] <= start and end <= b["end"]), None)
            if block is None:
                continue
            # Within the clause: no end of a sentence between the time and the source or cue.
            for time in report["times"]:
                if not (block["start"] <= time["start"] and time["end"] <= block["end"]):
                    continue
                if any(s <= time["start"] and time["end"] <= e for s, e in claim["content"]):
                    continue
                between = text[min(end, time["end"]):max(start, time["start"])]
                if not re.search(r"[.!?]", between):
                    found["time"].add(squeeze(time["text"]).lower())
    return found


def holds(text, word):
    import re
    return re.search(r"(?<!\w)" + re.escape(word) + r"(?!\w)", text) is not None


def strings(value, key=""):
    """What of a report is words, and not a name of a field or of a kind."""
    fixed = {"id", "format", "kind", "type", "role", "act", "mode", "stance", "certainty", "polarity",
             "factuality", "block", "form", "status", "entity", "place", "parent", "version",
             "pipeline", "attribution", "value", "edtf", "unit", "bound", "claim", "time", "from",
             "to", "via", "note", "origin", "field", "mod", "contexts"}
    if isinstance(value, dict):
        for k, v in value.items():
            yield from strings(v, k)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v, key)
    elif isinstance(value, str) and key not in fixed:
        yield squeeze(value).lower().replace("’", "'")


def leaks(report, protected, exports, listed, neutral):
    """What is told in spite of protection: (kind, string, where)."""
    told = telling(report, listed)
    own = " \n ".join(strings(protected))
    for kind, words in told.items():
        for word in words:
            word = word.replace("’", "'")
            # What we say ourselves ("unnamed source", "general") tells of nobody.
            if holds(own, word) and not holds("unnamed sources source organisation outlet document "
                                              "person people place time reason", word):
                yield kind, word, "report"
            for name, text in exports.items():
                if not holds(neutral[name], word) and holds(squeeze(text).lower().replace("’", "'"), word):
                    yield kind, word, name


def listed_nouns():
    lines = (HERE.parent / "crates/according/data/en/source_noun.tsv").read_text().splitlines()[1:]
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines}


def check(exe, inputs, most, protect):
    def run(*args, input=None):
        done = subprocess.run([exe, *args], capture_output=True, input=input)
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.stdout.decode()

    flag = ["--protect-sources"] if protect else []
    read = lambda *more: lines(run("read", "--threads", "1", "--format", "jsonl", *more, *inputs))[:most]
    reports = before = read()
    if protect:
        reports = read(*flag)
    for i, (report, old) in enumerate(zip(reports, before)):
        report["article"]["ref"] = old["article"]["ref"] = f"r{i:05}"
    dump = lambda reports: "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in reports).encode()
    whole = dump(before)
    claims = sum(len(r["claims"]) for r in reports)
    print(f"{len(reports)} reports, {claims} claims, "
          f"{sum(len(r['events']) for r in reports)} events, "
          f"{sum(len(r['places']) for r in reports)} places")
    wrong = 0
    exports = {r["article"]["ref"]: {} for r in reports}
    for name, ending in FORMATS.items():
        right, n, failures = 0, 0, []
        with tempfile.TemporaryDirectory() as folder:
            run("export", *flag, "--to", name, "--out", folder + "/", input=whole)
            rows = csv_of_articles(folder) if name == "csv" else {}
            for report in reports:
                ref = report["article"]["ref"]
                if name == "csv":
                    text = rows["claims"](ref)
                    exports[ref][name] = "".join(table(ref) for table in rows.values())
                else:
                    text = contents(Path(folder) / f"{ref}.{ending}")
                    exports[ref][name] = text
                try:
                    n += CHECKS[name](text, report)
                    right += 1
                except Exception as error:  # Every report is told of.
                    failures.append(f"  {report['article']['ref']}: {type(error).__name__}: {str(error)[:200]}")
        joined = "one file each only"
        if name != "brat":
            text = run("export", *flag, "--to", name, input=whole)
            joined = f"{parts(name, text)} parts in one document"
            if name in ("stix", "prov", "schema-org", "ftm"):
                found = ids(name, text)
                assert len(found) == len(set(found)), name
        print(f"{name:14} {right:5} of {len(reports)} valid and equal, {n} compared; {joined}")
        print("\n".join(failures[:5]), end="\n" if failures else "")
        wrong += len(failures)
    with tempfile.TemporaryDirectory() as folder:
        for to in ("parquet", "csv"):
            run("export", *flag, "--to", to, "--out", folder + "/", input=whole)
        print(f"{'parquet':14} {check_parquet(folder, reports)}: equal to pyarrow and duckdb")
        print(f"{'csv tables':14} {check_csv_tables(folder)}: equal to Parquet")
        # What is looked for is looked for in the tables as well.
        for report in reports:
            exports[report["article"]["ref"]]["parquet"] = ""
        for ref, text in parquet_words(folder).items():
            exports[ref]["parquet"] = text
    return wrong + (protection(before, reports, exports) if protect else 0)


def parquet_words(folder):
    """All words of the tables, by article."""
    import pyarrow.parquet
    found = {}
    for path in sorted(Path(folder).glob("*.parquet")):
        for row in pyarrow.parquet.read_table(path).to_pylist():
            found[row["article"]] = found.get(row["article"], "") + " \n ".join(str(v) for v in row.values() if v is not None)
    return found


def protection(before, reports, exports):
    # Words that the formats themselves are made of: those of a report without sources.
    folder = HERE.parent / "crates/according-export/tests/ferry"
    # And PLOVER's contexts, which are a closed list.
    contexts = " election legal economic trafficking military diplomatic "
    neutral = {name: contexts + squeeze((folder / f"ferry.{ending}").read_text()).lower() + (folder / "../../src/annotation.conf").read_text().lower()
               for name, ending in FORMATS.items()}
    neutral["parquet"] = neutral["csv"] + neutral["plover"] + contexts
    listed = listed_nouns()
    told, found = Counter(), Counter()
    for old, new in zip(before, reports):
        for kind, words in telling(old, listed).items():
            told[kind] += len(words)
        leaked = {}
        for kind, word, where in leaks(old, new, exports[new["article"]["ref"]], listed, neutral):
            leaked.setdefault((kind, word), []).append(where)
        for (kind, word), where in leaked.items():
            found[kind] += 1
            print(f"  {new['article']['ref']}: the {kind} '{word}' is told by {', '.join(where)}")
    print("protected: " + ", ".join(f"{n} {kind}s" for kind, n in told.items())
          + f"; told in spite of it: {dict(found) or 'none'}")
    return sum(found.values())


def main():
    python = HOME / "bin/python"
    if sys.argv[1] == "--check":
        args = sys.argv[2:]
        most = None
        if "--reports" in args:
            at = args.index("--reports")
            most = int(args[at + 1])
            del args[at:at + 2]
        protect = "--protected" in args
        if "--corpus" in args:
            sys.exit(1 if check_corpus(args[0], [arg for arg in args[1:] if arg != "--corpus"]) else 0)
        args = [arg for arg in args if arg != "--protected"]
        sys.exit(1 if check(args[0], args[1:], most, protect) else 0)
    if not python.exists():
        venv.create(HOME, with_pip=True)
        needed = HERE / "export-requirements.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", needed], check=True)
    sys.exit(subprocess.run([python, __file__, "--check", *sys.argv[1:]]).returncode)


if __name__ == "__main__":
    main()
