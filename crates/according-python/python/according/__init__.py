"""Who claims what in a news report, through whom, and how surely.

>>> import according
>>> report = according.read("Mayor Ada Lund said on Monday that the bridge was closed.")
>>> claim = report.claims[0]
>>> claim.speaker.name, report.words(claim.content)
('Ada Lund', 'that the bridge was closed')

All offsets are code points, as Python counts: ``report.text[start:end]``.
"""

from .corpus import Added, Corpus, Hit, Relied
from .reading import ReadError, documents, read, read_many
from .report import Report, Source, export
from .tables import TABLES, to_arrow, to_pandas, to_polars, write_parquet

__all__ = [
    "TABLES",
    "Added",
    "Corpus",
    "Hit",
    "ReadError",
    "Relied",
    "Report",
    "Source",
    "documents",
    "export",
    "read",
    "read_many",
    "to_arrow",
    "to_pandas",
    "to_polars",
    "write_parquet",
]
