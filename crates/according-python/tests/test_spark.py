"""On a real cluster of Spark: two machines of one core each, in processes of their own."""

import os
import shutil
import sys
import time
from pathlib import Path

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

    session = (
        SparkSession.builder.master("local-cluster[2,1,2048]").appName("according")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "20")
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
