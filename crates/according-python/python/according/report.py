"""A report: what was found in one article."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from . import _native, model

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    import spacy

#: What a report can be written as.
Format = Literal[
    "webannotation",
    "csv",
    "markdown",
    "brat",
    "prov",
    "schema-org",
    "ftm",
    "stix",
    "misp",
    "plover",
    "geojson",
    "graphml",
    "gexf",
]


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody whom an article relies on."""

    #: Name, or else the description; None for what nobody in particular says.
    name: str | None
    #: What it is.
    kind: model.SpeakerKind
    #: Whether the text gives a proper name.
    named: bool
    #: Id of the entity.
    entity: str | None
    #: Ids of the claims that came from or through it.
    claims: tuple[str, ...]


class Report:
    """What was found in one article: claims, sources, places, times, events.

    Everything points into :attr:`text`, in code points: ``report.text[start:end]``. The fields
    are those of ``according-report/1``.
    """

    __slots__ = ("_data", "_native")

    def __init__(self, native: _native.Report) -> None:
        self._native = native
        self._data: model.ReportData | None = None

    @classmethod
    def from_json(cls, text: str) -> Report:
        """A report that was stored as JSON."""
        return cls(_native.Report.from_json(text))

    def to_json(self) -> str:
        """The report as JSON, on one line: ``according-report/1``."""
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The same as dictionaries and lists."""
        value: dict[str, Any] = json.loads(self.to_json())
        return value

    @property
    def data(self) -> model.ReportData:
        """The whole as one typed object."""
        if self._data is None:
            self._data = model.ReportData.of(self.to_dict())
        return self._data

    @property
    def text(self) -> str:
        """The text all offsets point into."""
        return self._native.text

    @property
    def ref(self) -> str | None:
        """What the article is called."""
        return self._native.reference

    @property
    def title(self) -> str | None:
        """Title, given or found."""
        return self._native.title

    @property
    def article(self) -> model.ArticleInfo:
        """The article as read: metadata and blocks."""
        return self.data.article

    @property
    def claims(self) -> tuple[model.Claim, ...]:
        """Stretches of text somebody stands behind."""
        return self.data.claims

    @property
    def entities(self) -> tuple[model.Entity, ...]:
        """People, organisations and other named things."""
        return self.data.entities

    @property
    def places(self) -> tuple[model.Place, ...]:
        """Place names."""
        return self.data.places

    @property
    def times(self) -> tuple[model.Time, ...]:
        """Time expressions."""
        return self.data.times

    @property
    def quantities(self) -> tuple[model.Quantity, ...]:
        """Amounts."""
        return self.data.quantities

    @property
    def events(self) -> tuple[model.Event, ...]:
        """What happened."""
        return self.data.events

    @property
    def sourcing(self) -> model.Sourcing:
        """On whom the story rests."""
        return self.data.sourcing

    @property
    def sources(self) -> tuple[Source, ...]:
        """Those from or through whom claims came, in order of the first."""
        found: dict[tuple[str | None, model.SpeakerKind, bool, str | None], list[str]] = {}
        for claim in self.claims:
            for hop in claim.chain:
                claims = found.setdefault((hop.name, hop.kind, hop.named, hop.entity), [])
                if claim.id not in claims:
                    claims.append(claim.id)
        return tuple(Source(*key, tuple(claims)) for key, claims in found.items())

    def words(self, spans: Iterable[model.Span]) -> str:
        """The words of what stands in several places, joined by `` … ``."""
        return " … ".join(" ".join(self.text[start:end].split()) for start, end in spans)

    def protected(self) -> tuple[Report, str]:
        """A report that tells less of sources without a name, and what that took."""
        report, removed = self._native.protect()
        return Report(report), removed

    def export(self, format: Format) -> str:
        """The report in a format of other programs; of BRAT the annotations, to :attr:`text`."""
        return self._native.export(format)

    def html(self) -> str:
        """The reader view: a page of its own that loads nothing."""
        return self._native.html()

    def to_arrow(self, table: str = "claims") -> pyarrow.Table:
        """A table of this report; see :func:`according.to_arrow`."""
        from .tables import to_arrow

        return to_arrow([self], table)

    def to_pandas(self, table: str = "claims") -> pandas.DataFrame:
        """A table of this report; see :func:`according.to_pandas`."""
        from .tables import to_pandas

        return to_pandas([self], table)

    def to_polars(self, table: str = "claims") -> polars.DataFrame:
        """A table of this report; see :func:`according.to_polars`."""
        from .tables import to_polars

        return to_polars([self], table)

    def to_spacy_doc(self, nlp: spacy.language.Language | None = None) -> spacy.tokens.Doc:
        """The article as a document of spaCy, with what was found as groups of spans.

        ``nlp`` makes the document; without one it is split into words only. ``doc.spans`` has
        ``claims``, ``sources``, ``cues``, ``hedges``, ``places``, ``times``, ``quantities``,
        ``events`` and ``mentions``; the id of a span is that in the report.
        """
        from .spacy_doc import to_spacy_doc

        return to_spacy_doc(self, nlp)

    def _repr_html_(self) -> str:
        # In a frame of its own, without scripts: nothing of it touches the notebook.
        name = html.escape(self.title or self.ref or "report", quote=True)
        page = html.escape(self.html(), quote=True)
        return (
            f'<iframe title="{name}, as read by According" sandbox="" srcdoc="{page}" '
            'style="width:100%;height:36em;border:1px solid #8888" loading="lazy"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<Report {self.title or self.ref!r}: {self._native.n_claims} claims>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> tuple[Any, ...]:
        return Report.from_json, (self.to_json(),)


def export(reports: Iterable[Report], format: Format, path: str | os.PathLike[str]) -> None:
    """Writes any number of reports to one document in a format of other programs.

    One report is held at a time; what several have in common is written once.
    """
    document = _native.Export(format)
    with open(path, "w", encoding="utf-8", newline="") as file:
        for report in reports:
            file.write(document.report(report._native))
        file.write(document.end())
