"""A corpus: many reports, what recurs in them, and to how many origins that goes back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import _native
from .corpus_model import ClaimEntry, CorpusReport
from .model import SpeakerKind
from .reading import Readable, ReadError, _plain, _reader
from .report import Report

#: So many articles are listed at a time.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Added:
    """What became of texts that were added."""

    #: Articles that were not there before.
    new: int
    #: Articles that were there with another text.
    changed: int
    #: Articles that were there just so.
    known: int
    #: What could not be read.
    errors: tuple[ReadError, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    #: What it is called.
    ref: str
    #: Title, given or found.
    title: str | None
    #: Who publishes it.
    outlet: str | None
    #: When.
    published: str | None
    #: Numbers of the claims it shares with others.
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relied:
    """Somebody who is relied on."""

    #: As reports call them.
    name: str
    #: What they are.
    kind: SpeakerKind
    #: Whether they have a proper name.
    named: bool
    #: In how many articles.
    articles: int
    #: For how many claims.
    claims: int


class Corpus:
    """A corpus, as ``according add`` keeps it, in a file or on a PostgreSQL server; made where
    there is none.

    >>> corpus = according.Corpus("news.db")            # doctest: +SKIP
    >>> corpus.add([{"id": "bell", "text": "…"}])       # doctest: +SKIP
    >>> according.Corpus("postgres://ana@db.example/news")  # doctest: +SKIP
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True) -> None:
        """Opens a corpus; ``create=False`` is an :class:`OSError` where there is none."""
        self._native = _native.Corpus(os.fspath(path), create)

    def add(
        self,
        sources: Iterable[Readable | ReadError],
        *,
        threads: int | None = None,
        outlet: str | None = None,
        pipeline: str | None = None,
        settle: bool = True,
    ) -> Added:
        """Reads and adds all texts, as :func:`according.read_many` reads them.

        An article is known again by its id, else by its address, else by its text. With
        ``settle=False`` the first question works out what the corpus says, or :meth:`settle`:
        that is for those who call this many times.
        """
        reader = _reader(pipeline, None, 0.0, False, None, outlet, None)
        counts, failures = self._native.add(reader, map(_plain, sources), threads)
        new, changed, known = counts
        errors = tuple(ReadError(failure.name, failure.message) for failure in failures)
        if settle:
            self.settle()
        return Added(new, changed, known, errors)

    def settle(self) -> None:
        """Works out what the corpus says, as far as what was added changes it, so that asking
        is quick."""
        self._native.settle()

    def __len__(self) -> int:
        return len(self._native)

    def __getitem__(self, ref: str) -> Report:
        """The report on the article that is called so."""
        return Report(self._native.report(ref))

    def __iter__(self) -> Iterator[Report]:
        """The reports on all articles, in the order they were added."""
        last = 0
        while listed := json.loads(self._native.articles(last, _PAGE)):
            for last, ref in listed:
                yield self[ref]

    def search(
        self,
        words: str | None = None,
        *,
        source: str | None = None,
        outlet: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        min_origins: int | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """Articles by words (a phrase in double quotation marks), by part of the name of
        somebody they rely on, by outlet, by day of publication (ISO 8601), and by how many
        origins something they say has for sure."""
        question = {"words": words, "source": source, "outlet": outlet, "from": from_, "to": to,
                    "min_origins": min_origins, "limit": limit}
        hits = json.loads(self._native.search(json.dumps(question)))
        return [Hit(**{**hit, "claims": tuple(hit["claims"])}) for hit in hits]

    def origins(self, min_articles: int = 2) -> CorpusReport:
        """What at least so many articles say, to how many origins that goes back, and which
        articles are copies of others."""
        return CorpusReport.of(json.loads(self._native.origins(min_articles)))

    def claim(self, id: str) -> ClaimEntry | None:
        """The claim with a number such as ``K7``, with everyone who says it."""
        found = json.loads(self._native.claim(id))
        return None if found is None else ClaimEntry.of(found)

    def sources(self, name: str | None = None, *, limit: int = 50) -> list[Relied]:
        """Who is relied on, those in most articles first; ``name`` is part of a name."""
        return [Relied(**found) for found in json.loads(self._native.sources(name, limit))]

    def timeline(
        self, from_: str | None = None, to: str | None = None, *, limit: int = 100
    ) -> list[tuple[str | None, ClaimEntry]]:
        """What several articles say, by the day on which it was first told (ISO 8601)."""
        found = json.loads(self._native.timeline(from_, to, limit))
        return [(day, ClaimEntry.of(claim)) for day, claim in found]
