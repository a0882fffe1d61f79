"""The reader as a pure function over Arrow batches, for engines that spread them out.

A batch goes in and a batch comes out, with the same rows in the same order: nothing else is
read, written or remembered. :mod:`according.spark` runs it on Spark.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .reading import ReadError, read_many
from .report import Report
from .tables import to_arrow

if TYPE_CHECKING:
    import pyarrow

#: Columns that are read. Each may be missing or null; ``text`` or ``html`` must not both be.
COLUMNS = ("id", "text", "html", "url", "outlet", "title", "byline", "published", "via")
#: Columns that are too large to be kept: the report has the text.
DROPPED = ("text", "html")


def read_batch(
    batch: pyarrow.RecordBatch, *, threads: int | None = 1, **options: Any
) -> pyarrow.RecordBatch:
    """The batch with a column ``report`` (``according-report/1``, JSON) and a column ``error``
    instead of ``text`` and ``html``. One of the two is null in each row.

    ``options`` are those of :func:`according.read_many`.
    """
    import pyarrow

    reports: list[str | None] = []
    errors: list[str | None] = []
    for found in read_many(_rows(batch), threads=threads, **options):
        reports.append(None if isinstance(found, ReadError) else found.to_json())
        errors.append(found.message if isinstance(found, ReadError) else None)
    names = [name for name in batch.schema.names if name not in (*DROPPED, "report", "error")]
    columns = [batch.column(name) for name in names]
    columns += [pyarrow.array(reports, pyarrow.string()), pyarrow.array(errors, pyarrow.string())]
    return pyarrow.RecordBatch.from_arrays(columns, names=[*names, "report", "error"])


def table_batches(batch: pyarrow.RecordBatch, table: str) -> Iterator[pyarrow.RecordBatch]:
    """A table of the reports in the column ``report`` of a batch; see :data:`according.TABLES`.

    Rows without a report have nothing in it.
    """
    found = (Report.from_json(text) for text in batch.column("report").to_pylist() if text)
    yield from to_arrow(found, table).cast(table_schema(table)).to_batches()


def table_schema(table: str) -> pyarrow.Schema:
    """The schema of a table, with everything nullable, as engines expect it."""
    import pyarrow

    def loose(kind: pyarrow.DataType) -> pyarrow.DataType:
        if pyarrow.types.is_list(kind):
            return pyarrow.list_(loose(kind.value_type))
        if pyarrow.types.is_struct(kind):
            return pyarrow.struct([(field.name, loose(field.type)) for field in kind])
        return kind

    schema = to_arrow([], table).schema
    return pyarrow.schema([(field.name, loose(field.type)) for field in schema])


def _rows(batch: pyarrow.RecordBatch) -> Iterator[dict[str, Any]]:
    """What is known of each text, without what is not."""
    names = [name for name in COLUMNS if name in batch.schema.names]
    columns = [batch.column(name).to_pylist() for name in names]
    for values in zip(*columns, strict=True):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}
