"""What is told of a corpus.

Made from the JSON Schema by make_types.py: edit that, and not this.
Offsets are code points into the text of the article, as Python counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from typing_extensions import Self


#: What changed.
ChangeKind = Literal[
    "first",
    "hedge-lost",
    "hedge-gained",
    "numbers",
    "disputed",
]


#: How a copy was made.
CopyKind = Literal[
    "verbatim",
    "edited",
]


#: How reliable a source of information is, by the Admiralty Code.
Grade = Literal[
    "A",
    "B",
    "C",
    "D",
    "E",
    "F",
]


#: The kinds of corrections.
Kind = Literal[
    "accept",
    "merge",
    "split",
    "reject",
    "merge-sources",
    "split-source",
    "reliability",
    "note",
    "undo",
]


#: What a source says of a statement.
SupportStance = Literal[
    "asserts",
    "denies",
    "doubts",
]


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article of a corpus."""

    #: How much alike the two are.
    copy_kind: CopyKind | None
    #: The earlier article that most of its text stands in.
    copy_of: str | None
    #: Notes of analysts on it; left out where there are none.
    corrected: tuple[Corrected, ...]
    #: `sha256:` and the digest of its text.
    id: str
    #: Who publishes it.
    outlet: str | None
    #: Share of the shorter text that stands in the other, from 0 to 1.
    overlap: float | None
    #: Date of publication, ISO 8601.
    published: str | None
    #: The caller's name for it.
    ref: str
    #: How reliable an analyst calls its outlet; left out where none does.
    reliability: Grade | None
    #: Title, given or found.
    title: str | None
    #: The agency that wrote most of it.
    wire: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a ArticleEntry is written as."""
        return cls(
            copy_kind=j.get("copy_kind"),
            copy_of=j.get("copy_of"),
            corrected=tuple(Corrected.of(x) for x in j.get("corrected", ())),
            id=j["id"],
            outlet=j.get("outlet"),
            overlap=j.get("overlap"),
            published=j.get("published"),
            ref=j["ref"],
            reliability=j.get("reliability"),
            title=j.get("title"),
            wire=j.get("wire"),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a claim as it spread."""

    #: Ref of the article that first tells it so.
    article: str
    #: What it was before, where there is something to show.
    from_: str | None
    #: What changed.
    kind: ChangeKind
    #: When that was published.
    published: str | None
    #: What it is now.
    to: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Change is written as."""
        return cls(
            article=j["article"],
            from_=j.get("from"),
            kind=j["kind"],
            published=j.get("published"),
            to=j.get("to"),
        )


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A statement that is made in several places."""

    #: How it changed on its way, earliest first.
    changes: tuple[Change, ...]
    #: Corrections by analysts that are about it, by number; left out where there are none.
    corrected: tuple[Corrected, ...]
    #: Ids of claims that deny it.
    denials: tuple[str, ...]
    #: Whether it is denied, or told with other numbers.
    disputed: bool
    #: The same in a sentence.
    explanation: str
    #: Ref of the earliest article that makes it.
    first: str
    #: `K1`, `K2`, …
    id: str
    #: How many origins assert it.
    independent_origins: Range
    #: What the supports go back to.
    origins: tuple[Origin, ...]
    #: Places that made it and were rejected by an analyst: they count for nothing. Left out where
    #: there are none.
    rejected: tuple[Rejected, ...]
    #: The clearest wording found.
    statement: str
    #: Every place that makes it, earliest first.
    supports: tuple[Support, ...]
    #: What the text would have to show for there to be one origin more; `null` where the count is
    #: sure.
    unsettled: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a ClaimEntry is written as."""
        return cls(
            changes=tuple(Change.of(x) for x in j["changes"]),
            corrected=tuple(Corrected.of(x) for x in j.get("corrected", ())),
            denials=tuple(j["denials"]),
            disputed=j["disputed"],
            explanation=j["explanation"],
            first=j["first"],
            id=j["id"],
            independent_origins=Range.of(j["independent_origins"]),
            origins=tuple(Origin.of(x) for x in j["origins"]),
            rejected=tuple(Rejected.of(x) for x in j.get("rejected", ())),
            statement=j["statement"],
            supports=tuple(Support.of(x) for x in j["supports"]),
            unsettled=j.get("unsettled"),
        )


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """Which articles are copies, which statements recur, and to how many origins they go
    back."""

    #: By date, then by ref.
    articles: tuple[ArticleEntry, ...]
    #: Those with most articles first.
    claims: tuple[ClaimEntry, ...]
    #: `according-corpus/1`.
    format: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a CorpusReport is written as."""
        return cls(
            articles=tuple(ArticleEntry.of(x) for x in j["articles"]),
            claims=tuple(ClaimEntry.of(x) for x in j["claims"]),
            format=j["format"],
        )


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that an answer rests on."""

    #: When, ISO 8601.
    at: str
    #: Who did.
    by: str
    #: What was done.
    kind: Kind
    #: Its number in the corpus.
    number: int
    #: The words of a note; left out for all else.
    text: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Corrected is written as."""
        return cls(
            at=j["at"],
            by=j["by"],
            kind=j["kind"],
            number=j["number"],
            text=j.get("text"),
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """What supports go back to: one act of saying, witness, document or text."""

    #: Refs of the articles that go back to it.
    articles: tuple[str, ...]
    #: `O1`, `O2`, … within the claim.
    id: str
    #: In words.
    what: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Origin is written as."""
        return cls(
            articles=tuple(j["articles"]),
            id=j["id"],
            what=j["what"],
        )


@dataclass(frozen=True, slots=True)
class Range:
    """A count, as far as the texts tell."""

    #: There are at least so many.
    least: int
    #: And at most so many.
    most: int

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Range is written as."""
        return cls(
            least=j["least"],
            most=j["most"],
        )


@dataclass(frozen=True, slots=True)
class Rejected:
    """A place that an analyst rejected."""

    #: Ref of the article.
    article: str
    #: Id of the claim in the article's report; `null` for the outlet's own voice.
    claim: str | None
    #: One past the last.
    end: int
    #: First code point.
    start: int
    #: The words.
    text: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Rejected is written as."""
        return cls(
            article=j["article"],
            claim=j.get("claim"),
            end=j["end"],
            start=j["start"],
            text=j["text"],
        )


@dataclass(frozen=True, slots=True)
class Support:
    """One place that makes a statement."""

    #: Ref of the article.
    article: str
    #: From the origin nearest the event to the last relay before the outlet.
    chain: tuple[str, ...]
    #: Id of the claim in the article's report; `null` for the outlet's own voice.
    claim: str | None
    #: Numbers of the corrections that are about this place; left out where there are none.
    corrected: tuple[int, ...]
    #: One past the last.
    end: int
    #: Whether a word lowers the commitment.
    hedged: bool
    #: Id of the origin.
    origin: str
    #: How reliable an analyst calls the outlet; left out where none does.
    reliability: Grade | None
    #: What its source says of it.
    stance: SupportStance
    #: First code point.
    start: int
    #: The words.
    text: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Support is written as."""
        return cls(
            article=j["article"],
            chain=tuple(j["chain"]),
            claim=j.get("claim"),
            corrected=tuple(j.get("corrected", ())),
            end=j["end"],
            hedged=j["hedged"],
            origin=j["origin"],
            reliability=j.get("reliability"),
            stance=j["stance"],
            start=j["start"],
            text=j["text"],
        )
