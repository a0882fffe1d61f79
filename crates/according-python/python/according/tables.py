"""Reports as tables: Arrow, pandas, polars, Parquet. Each of these packages is optional.

The columns are those that ``according export --to parquet`` writes; docs/exports.md tells them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from . import _native
from .report import Report

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: The tables there are: a row for each claim, for each step of its chain, for each event.
TABLES = ("claims", "sources", "events")


def to_arrow(reports: Iterable[Report], table: str = "claims") -> pyarrow.Table:
    """A table of all reports, for pyarrow."""
    import pyarrow.parquet

    return pyarrow.parquet.read_table(io.BytesIO(_parquet(reports, table)))


def to_pandas(reports: Iterable[Report], table: str = "claims") -> pandas.DataFrame:
    """A table of all reports, for pandas (which needs pyarrow to read it)."""
    import pandas

    return pandas.read_parquet(io.BytesIO(_parquet(reports, table)))


def to_polars(reports: Iterable[Report], table: str = "claims") -> polars.DataFrame:
    """A table of all reports, for polars."""
    import polars

    return polars.read_parquet(io.BytesIO(_parquet(reports, table)))


def write_parquet(reports: Iterable[Report], folder: str | os.PathLike[str]) -> None:
    """Writes the three tables of all reports into a folder, as Parquet."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    kept = list(reports)
    for table in TABLES:
        (Path(folder) / f"{table}.parquet").write_bytes(_parquet(kept, table))


def _parquet(reports: Iterable[Report], table: str) -> bytes:
    return _native.table([report._native for report in reports], table)
