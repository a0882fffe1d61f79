import dataclasses
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import according
from according import model

HERE = Path(__file__).resolve().parent


def test_objects_hold_all_of_a_report(reports):
    """Every field of the JSON, by its name, comes back from the objects."""

    def plain(value):
        if dataclasses.is_dataclass(value):
            fields = {f.name.rstrip("_"): plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
            return {name: value for name, value in fields.items()}
        return [plain(v) for v in value] if isinstance(value, (tuple, list)) else value

    def without(value):
        """Fields that are left out where there is nothing."""
        if isinstance(value, dict):
            return {k: without(v) for k, v in value.items() if v not in (None, [])}
        return [without(v) for v in value] if isinstance(value, list) else value

    for report in reports:
        assert without(plain(report.data)) == without(report.to_dict())


def test_types_are_those_of_the_schema():
    subprocess.run([sys.executable, HERE.parent / "make_types.py", "--check"], check=True)


def test_spans_are_tuples(reports):
    claim = reports[0].claims[0]
    assert isinstance(claim.content[0], model.Span)
    assert claim.content[0].start == claim.content[0][0]
    assert isinstance(reports[0].events[0].triggers[0], model.Span)


def test_every_source_has_its_claims(reports):
    for report in reports:
        for source in report.sources:
            for id in source.claims:
                claim = next(c for c in report.claims if c.id == id)
                assert source.name in [hop.name for hop in claim.chain]


def test_a_notebook_shows_it_in_a_frame(reports):
    shown = reports[0]._repr_html_()
    frame = re.fullmatch(r'<iframe title="[^"<>]*" sandbox="" srcdoc="([^"]*)" style="[^"]*" loading="lazy"></iframe>', shown)
    assert html.unescape(frame.group(1)) == reports[0].html()
    assert "<style" not in shown and "<script" not in shown


def test_markup_of_an_article_stays_in_it():
    report = according.read('He said "</iframe><script>alert(1)</script>" twice.', title='"><b>')
    assert report._repr_html_().count("<") == 2


def test_exports_are_those_of_the_command(reports, tmp_path):
    assert json.loads(reports[0].export("stix"))["type"] == "bundle"
    assert reports[0].export("csv").startswith("article,article_id")
    assert reports[0].export("brat").startswith("T1\t")
    with pytest.raises(ValueError, match="no format"):
        reports[0].export("docx")
    path = tmp_path / "all.gexf"
    according.export(reports, "gexf", path)
    text = path.read_text(encoding="utf-8")
    assert text.endswith("</gexf>\n") and text.count('value="article"/>') == len(reports)


def test_tables(reports, tmp_path):
    claims = sum(len(r.claims) for r in reports)
    steps = sum(len(c.chain) for r in reports for c in r.claims)
    events = sum(len(r.events) for r in reports)
    arrow = pytest.importorskip("pyarrow")
    for table, n in zip(according.TABLES, (claims, steps, events)):
        assert according.to_arrow(reports, table).num_rows == n
    table = according.to_arrow(reports)
    assert table.schema.field("confidence").type == arrow.float64()
    spans = [[tuple(s.values()) for s in row] for row in table["spans"].to_pylist()]
    assert spans == [[tuple(s) for s in c.content] for r in reports for c in r.claims]
    with pytest.raises(ValueError, match="no table"):
        according.to_arrow(reports, "chairs")
    according.write_parquet(reports, tmp_path / "tables")
    duckdb = pytest.importorskip("duckdb")
    query = f"SELECT count(*) FROM '{tmp_path}/tables/claims.parquet'"
    assert duckdb.connect().execute(query).fetchall() == [(claims,)]


def test_frames(reports):
    pandas = pytest.importorskip("pandas")
    frame = reports[0].to_pandas()
    assert isinstance(frame, pandas.DataFrame) and len(frame) == len(reports[0].claims)
    assert list(frame["speaker"].dropna()) == [c.speaker.name for c in reports[0].claims if c.speaker.name]
    polars = pytest.importorskip("polars")
    frame = reports[0].to_polars("events")
    assert isinstance(frame, polars.DataFrame) and frame.height == len(reports[0].events)
    assert according.to_polars([], "claims").height == 0


def test_spacy(reports):
    pytest.importorskip("spacy")
    for report in reports:
        doc = report.to_spacy_doc()
        assert doc.text == report.text
        n = sum(len(c.content) for c in report.claims)
        assert len(doc.spans["claims"]) == n
        ids = {c.id: c for c in report.claims}
        for span in doc.spans["claims"]:
            claim = ids[span.id_]
            assert any(span.start_char <= s and e <= span.end_char for s, e in claim.content)
        assert len(doc.spans["places"]) == len(report.places)


def test_types_hold():
    mypy = pytest.importorskip("mypy.api")
    out, err, code = mypy.run(["--cache-dir", "/dev/null", "--config-file", str(HERE.parent / "pyproject.toml"),
                               str(HERE.parent / "python/according")])
    assert code == 0, out + err
    from mypy import stubtest
    args = stubtest.parse_options(["according._native"])
    assert stubtest.test_stubs(args) == 0
