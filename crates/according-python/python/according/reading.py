"""Texts to reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from . import _native
from .report import Report

#: What can be read: a text or a page as it is, the bytes of a file, a path, or what is known of
#: a text: ``{"text": …}`` or ``{"html": …}`` with ``id``, ``url``, ``outlet``, ``title``,
#: ``byline``, ``published``.
Readable: TypeAlias = "str | bytes | os.PathLike[str] | Mapping[str, Any] | _native.Document"
#: Kinds of claims.
Act = Literal["speech", "attitude", "evidential", "hedge"]


class ReadError(Exception):
    """A text that cannot be read. Stands in its place in the results of :func:`read_many`."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, message)
        #: What the text is called.
        self.name = name
        #: Why it cannot be read.
        self.message = message

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def read(
    source: Readable,
    *,
    ref: str = "text",
    title: str | None = None,
    outlet: str | None = None,
    published: str | None = None,
    acts: Iterable[Act] | None = None,
    min_confidence: float = 0.0,
    protect_sources: bool = False,
    pipeline: str | None = None,
) -> Report:
    """The report on one text.

    What it is, text, page or paper, is told by how it begins. ``title``, ``outlet`` and
    ``published`` (``2024-03-05``, ``2024-03`` or ``2024``) go before what it says of itself.
    ``acts`` and ``min_confidence`` leave claims out. ``protect_sources`` makes general what
    tells of sources without a name. ``pipeline`` is a path or ``"md"``, ``"sm"``; the medium one
    is fetched through pip at first need.

    Raises :class:`ReadError` when it cannot be read, :class:`OSError` when there is no pipeline.
    """
    reader = _reader(pipeline, _acts(acts), min_confidence, protect_sources, title, outlet, published)
    found = reader.read(source, ref)
    if isinstance(found, _native.Failure):
        raise ReadError(found.name, found.message)
    return Report(found)


def read_many(
    sources: Iterable[Readable | ReadError],
    *,
    threads: int | None = None,
    outlet: str | None = None,
    acts: Iterable[Act] | None = None,
    min_confidence: float = 0.0,
    protect_sources: bool = False,
    pipeline: str | None = None,
) -> Iterator[Report | ReadError]:
    """The reports on many texts, in order, read by several threads while you go through them.

    What cannot be read is a :class:`ReadError` in its place, and the rest go on. A few texts
    for each thread are held at a time, so that ``sources`` may be endless. Texts without an id
    are called by their number, from 0. See :func:`read` for the rest.
    """
    reader = _reader(pipeline, _acts(acts), min_confidence, protect_sources, None, outlet, None)
    reports = reader.read_many(map(_plain, sources), threads)
    return (_told(found) for found in reports)


def documents(source: bytes | os.PathLike[str] | str, *, name: str = "bytes") -> Iterator[_native.Document | ReadError]:
    """The texts in a file or in bytes, one after another, for :func:`read_many`.

    ``source`` is a path, or the bytes of a file that was called ``name``: a feed, an archive, a
    mailbox, JSON Lines, or zip, gzip and zstd of these. What is damaged is a
    :class:`ReadError` in its place.
    """
    path = source if isinstance(source, bytes) else os.fspath(source)
    container = _native.Container(path if isinstance(path, bytes) else _Path(path), name)
    return (ReadError(d.name, d.message) if isinstance(d, _native.Failure) else d for d in container)


class _Path(os.PathLike[str]):
    """A path that is no text."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return self.path


def _told(found: _native.Report | _native.Failure) -> Report | ReadError:
    if isinstance(found, _native.Failure):
        return ReadError(found.name, found.message)
    return Report(found)


def _plain(source: object) -> object:
    """What is read of an object: failures come to it as they are."""
    if isinstance(source, ReadError):
        return _native.Failure(source.name, source.message)
    return source


def _acts(acts: Iterable[Act] | None) -> tuple[str, ...] | None:
    return None if acts is None else tuple(acts)


@lru_cache(maxsize=64)
def _reader(
    pipeline: str | None,
    acts: tuple[str, ...] | None,
    min_confidence: float,
    protect_sources: bool,
    title: str | None,
    outlet: str | None,
    published: str | None,
) -> _native.Reader:
    given = None if acts is None else list(acts)
    return _native.Reader(
        pipeline, given, min_confidence, protect_sources, title, outlet, published, _tell
    )


def _tell(message: str) -> None:
    print(message, file=sys.stderr)
