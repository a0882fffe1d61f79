"""On a real cluster of Spark: two machines of one core each, in processes of their own."""

import datetime
import os
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import according

pyspark = pytest.importorskip("pyspark")
import according.spark  # noqa: E402

if shutil.which("java") is None:
    pytest.skip("Spark needs Java 17", allow_module_level=True)


@pytest.fixture(scope="module")
def spark():
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    server = urlsplit(os.environ.get("ACCORDING_TEST_POSTGRES", ""))
    session = (
        SparkSession.builder.master("local-cluster[2,1,2048]").appName("according")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "20")
        .config("spark.executorEnv.PGPASSWORD", server.password or "")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def rows(texts):
    rows = [{"id": f"{i:03}", "text": texts[i % len(texts)], "outlet": "Bay Echo", "shelf": i}
            for i in range(160)]
    # What cannot be read: neither text nor page.
    rows += [{"id": "bad", "text": None, "outlet": None, "shelf": 999}]
    return rows


@pytest.fixture(scope="module")
def read(spark, rows, tmp_path_factory):
    df = spark.createDataFrame(rows, "id string, text string, outlet string, shelf int").repartition(8)
    path = str(tmp_path_factory.mktemp("spark") / "reports")
    according.spark.read(df).write.parquet(path)
    return spark.read.parquet(path)


def test_records_are_those_of_one_process(rows, read):
    expected = {}
    for row, report in zip(rows, according.read_many(
        [{k: row[k] for k in ("id", "text", "outlet") if row[k]} for row in rows]
    )):
        expected[row["id"]] = report
    found = {row["id"]: row for row in read.collect()}
    assert set(found) == set(expected)
    assert read.columns == ["id", "outlet", "shelf", "report", "error"]
    for id, row in found.items():
        if id == "bad":
            assert row["report"] is None and 'no "text"' in row["error"] and row["shelf"] == 999
        else:
            assert row["report"] == expected[id].to_json() and row["error"] is None


def test_tables_are_those_of_one_process(read):
    reports = [according.Report.from_json(row["report"]) for row in read.collect() if row["report"]]
    for name in according.TABLES:
        table = according.spark.table(read, name)
        arrow = according.to_arrow(reports, name)
        assert table.columns == arrow.schema.names
        assert table.count() == arrow.num_rows
    claims = according.spark.table(read).where("claim = 'C1'").select("spans", "chain", "confidence", "article")
    row = claims.orderBy("article").first()
    report = next(r for r in reports if r.ref == row["article"])
    assert [tuple(s) for s in row["spans"]] == [tuple(s) for s in report.claims[0].content]
    assert row["confidence"] == report.claims[0].confidence


def test_the_pipeline_is_sent_once(spark, rows):
    df = spark.createDataFrame(rows[:4], "id string, text string, outlet string, shelf int")
    first = according.spark._ship(spark, None)
    begun = time.perf_counter()
    assert according.spark._ship(spark, None) == first
    assert time.perf_counter() - begun < 0.1
    assert spark.sparkContext.listFiles and any(first in file for file in spark.sparkContext.listFiles)
    # A name that the workers know is as good.
    read = according.spark.read(df, pipeline="en_core_web_md", ship=False)
    assert read.where("error IS NULL").count() == 4


def test_rows_go_into_a_corpus(spark, texts, server, tmp_path):
    # The same stories in many papers, a day later in each.
    day = datetime.date(2024, 3, 5)
    rows = [{"id": f"{i:03}", "text": texts[i % len(texts)], "outlet": f"Paper {i}",
             "published": str(day + datetime.timedelta(days=i))} for i in range(32)]
    rows += [{"id": "bad"}]
    df = spark.createDataFrame(rows, "id string, text string, outlet string, published string").repartition(8)
    # Some are there already, as after a job that was broken off.
    first = according.spark.add(df.where("id < '010'"), server)
    assert (first.new, first.changed, first.known, first.errors) == (10, 0, 0, ())
    added = according.spark.add(df, server)
    assert (added.new, added.changed, added.known) == (22, 0, 10)
    assert [(error.name, 'no "text"' in error.message) for error in added.errors] == [("bad", True)]

    there = according.Corpus(server, create=False)
    alone = according.Corpus(tmp_path / "news.db")
    # Tasks end in any order.
    of_id = {row["id"]: row for row in rows}
    alone.add(of_id[report.ref] for report in there)
    assert len(there) == len(alone) == 32
    assert [report.to_json() for report in there] == [report.to_json() for report in alone]
    assert there.origins() == alone.origins() and there.origins().claims


def test_what_workers_cannot_reach_or_must_not_know_is_refused(spark, rows):
    df = spark.createDataFrame(rows[:1], "id string, text string, outlet string, shelf int")
    with pytest.raises(ValueError, match="on a server"):
        according.spark.add(df, "news.db")
    for address in ("postgres://ana:s3cret@127.0.0.1:1/news", "postgres://127.0.0.1:1/news?password=s3cret"):
        with pytest.raises(ValueError, match="PGPASSWORD") as refused:
            according.spark.add(df, address)
        assert "s3cret" not in str(refused.value)
    with pytest.raises(OSError):
        according.spark.add(df, "postgres://ana@127.0.0.1:1/news")
