"""Reading on a cluster, by Spark.

>>> import according.spark                                          # doctest: +SKIP
>>> articles = spark.read.json("articles.jsonl")                    # doctest: +SKIP
>>> according.spark.read(articles).write.parquet("reports")         # doctest: +SKIP
>>> according.spark.table(spark.read.parquet("reports"), "claims")  # doctest: +SKIP
>>> according.spark.add(articles, "postgres://ana@db.example/news")  # doctest: +SKIP

The package must be installed where Spark's workers run. The pipeline need not: it is sent to
each machine once, and each Python process there loads it once.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from .batches import COLUMNS, DROPPED, _rows, read_batch, table_batches, table_schema
from .corpus import Added, Corpus
from .reading import Act, ReadError, _reader

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession


def read(
    df: DataFrame,
    *,
    acts: Iterable[Act] | None = None,
    min_confidence: float = 0.0,
    protect_sources: bool = False,
    pipeline: str | None = None,
    ship: bool = True,
) -> DataFrame:
    """A row with a report for each row with a text.

    Read are the columns ``text`` or ``html``, and where they are there ``id``, ``url``,
    ``outlet``, ``title``, ``byline``, ``published`` and ``via``. All columns but ``text`` and
    ``html`` are kept; ``report`` is the report as JSON, and ``error`` says why there is none. A
    row that cannot be read ends nothing.

    With ``ship=False`` the pipeline is not sent along: ``pipeline`` is then a path that every
    worker has, or a name that is installed there.
    """
    from pyspark.sql.types import StringType, StructField, StructType

    shipped = _ship(df.sparkSession, pipeline) if ship else None
    options: dict[str, Any] = {
        "acts": None if acts is None else tuple(acts),
        "min_confidence": min_confidence,
        "protect_sources": protect_sources,
    }

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        path = pipeline if shipped is None else _shipped(shipped)
        for batch in batches:
            yield read_batch(batch, pipeline=path, **options)

    kept = [field for field in df.schema if field.name not in (*DROPPED, "report", "error")]
    added = [StructField(name, StringType()) for name in ("report", "error")]
    return df.mapInArrow(work, StructType(kept + added))


def add(
    df: DataFrame,
    corpus: str,
    *,
    outlet: str | None = None,
    pipeline: str | None = None,
    ship: bool = True,
) -> Added:
    """Reads the texts of all rows, as :func:`read` does, and adds them to a corpus on a
    PostgreSQL server, ``postgres://USER@HOST/NAME``, which is made where there is none.

    This is done at once, and again by every call: articles that are there already are known,
    those of a task that Spark began anew too. Rows should have an ``id`` or a ``url``, by
    which articles are known again.

    The address goes to the workers, and therefore holds no password: each takes it from
    ``PGPASSWORD`` in its environment (``spark.executorEnv.PGPASSWORD``), as the driver does.
    """
    import pyarrow

    _check(corpus)
    here = Corpus(corpus)
    shipped = _ship(df.sparkSession, pipeline) if ship else None
    error = pyarrow.struct([("name", pyarrow.string()), ("message", pyarrow.string())])
    counts = [(name, pyarrow.int64()) for name in ("new", "changed", "known")]
    told = pyarrow.schema([*counts, ("errors", pyarrow.list_(error))])

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        path = pipeline if shipped is None else _shipped(shipped)
        rows = (row for batch in batches for row in _rows(batch))
        there = Corpus(corpus, create=False)
        # What the corpus says is worked out once, at the end.
        added = there.add(rows, threads=1, outlet=outlet, pipeline=path, settle=False)
        errors = [{"name": error.name, "message": error.message} for error in added.errors]
        counts = {"new": added.new, "changed": added.changed, "known": added.known}
        yield pyarrow.RecordBatch.from_pylist([{**counts, "errors": errors}], schema=told)

    columns = ", ".join(f"`{field.name}` {_sql(field.type)}" for field in told)
    read = df.select([name for name in df.columns if name in COLUMNS])
    done = read.mapInArrow(work, columns).collect()
    here.settle()
    return Added(
        sum(task.new for task in done),
        sum(task.changed for task in done),
        sum(task.known for task in done),
        tuple(ReadError(e.name, e.message) for task in done for e in task.errors),
    )


def _check(corpus: str) -> None:
    """Whether all workers can reach the corpus, and may be told where it is."""
    parts = urlsplit(corpus)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("workers on several machines add to a corpus on a server: postgres://USER@HOST/NAME")
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise ValueError(
            "the address goes to all workers and holds a password: take it out, and give it in "
            "PGPASSWORD here and in spark.executorEnv.PGPASSWORD there"
        )


def table(df: DataFrame, table: str = "claims") -> DataFrame:
    """A table of the reports in the column ``report``: a row for each claim, for each step of
    its chain (``"sources"``), or for each event (``"events"``)."""

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            yield from table_batches(batch, table)

    columns = ", ".join(f"`{f.name}` {_sql(f.type)}" for f in table_schema(table))
    return df.select("report").mapInArrow(work, columns)


def _sql(kind: pyarrow.DataType) -> str:
    """What Spark calls a type of ours."""
    import pyarrow

    if pyarrow.types.is_list(kind):
        return f"array<{_sql(kind.value_type)}>"
    if pyarrow.types.is_struct(kind):
        return "struct<" + ", ".join(f"`{f.name}`: {_sql(f.type)}" for f in kind) + ">"
    names = {"string": "string", "int32": "int", "int64": "bigint", "double": "double", "bool": "boolean"}
    return names[str(kind)]


#: Where pipelines lie that were sent along, by Spark application and name.
_SENT: dict[tuple[str, str | None], str] = {}


def _ship(spark: SparkSession, pipeline: str | None) -> str:
    """Sends the pipeline to all machines, once, and tells what its file is called there."""
    context = spark.sparkContext
    key = (context.applicationId, pipeline)
    if key not in _SENT:
        reader = _reader(pipeline, None, 0.0, False, None, None, None)
        path = Path(reader.path)
        if path.is_dir():
            # Spark sends files; the folder stays until the driver ends, since machines fetch
            # it when they first need it.
            folder = tempfile.mkdtemp(prefix="according-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            name = os.path.join(folder, reader.pipeline.replace(" ", "-"))
            path = Path(shutil.make_archive(name, "zip", path))
        context.addFile(str(path))
        _SENT[key] = path.name
    return _SENT[key]


def _shipped(name: str) -> str:
    from pyspark import SparkFiles

    return str(SparkFiles.get(name))
