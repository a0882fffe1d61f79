"""What a report holds.

Made from the JSON Schema by make_types.py: edit that, and not this.
Offsets are code points into the text of the article, as Python counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from typing_extensions import Self


class Span(NamedTuple):
    """Where something stands in a text: text[start:end]."""

    #: First code point.
    start: int
    #: One past the last.
    end: int


#: What somebody does who stands behind a claim.
Act = Literal[
    "speech",
    "attitude",
    "evidential",
    "hedge",
]


#: What a block of an article is.
BlockKind = Literal[
    "headline",
    "standfirst",
    "byline",
    "dateline",
    "date",
    "caption",
    "paragraph",
    "quotation",
    "list-item",
    "table",
    "boilerplate",
]


#: What a block is to the article around it.
BlockNote = Literal[
    "correction",
    "editors-note",
    "post",
]


#: How a number bounds an amount.
Bound = Literal[
    "at-least",
    "at-most",
    "about",
    "less-than",
    "more-than",
]


#: How sure a claim's source presents it.
Certainty = Literal[
    "certain",
    "probable",
    "possible",
    "unknown",
]


#: Whether an event took place.
EventStatus = Literal[
    "actual",
    "alleged",
    "planned",
    "hypothetical",
    "historical",
    "denied",
]


#: FactBank's values.
Factuality = Literal[
    "CT+",
    "CT-",
    "PR+",
    "PR-",
    "PS+",
    "PS-",
    "CTu",
    "Uu",
]


#: What can be told about an article.
Field = Literal[
    "title",
    "byline",
    "outlet",
    "published",
    "modified",
    "language",
    "url",
    "via",
]


#: How a mention refers.
MentionForm = Literal[
    "name",
    "nominal",
    "pronoun",
]


#: Quoted or told.
Mode = Literal[
    "direct",
    "indirect",
    "mixed",
]


#: A place where a page speaks about itself.
Origin = Literal[
    "json-ld",
    "open-graph",
    "meta",
    "markup",
    "text",
    "address",
]


#: What sort of place a name stands for.
PlaceKind = Literal[
    "country",
    "admin1",
    "admin2",
    "city",
    "water",
    "mountain",
    "region",
    "facility",
    "other",
    "demonym",
]


#: Affirmed or denied.
Polarity = Literal[
    "positive",
    "negative",
]


#: What somebody or something is in public life.
Role = Literal[
    "media",
    "government",
    "military",
    "police",
    "court",
    "company",
    "ngo",
    "armed-group",
    "academic",
]


#: What a speaker is.
SpeakerKind = Literal[
    "person",
    "people",
    "organisation",
    "media",
    "document",
    "self",
]


#: The attitude that a cue ascribes to its source.
Stance = Literal[
    "neutral",
    "assert",
    "deny",
    "concede",
    "accuse",
    "doubt",
    "infer",
    "learn",
    "predict",
    "directive",
]


#: TIMEX3's kinds of time expressions.
TimeKind = Literal[
    "DATE",
    "TIME",
    "DURATION",
    "SET",
]


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """The article a report is about."""

    #: Its parts.
    blocks: tuple[Block, ...]
    #: Authors.
    byline: tuple[str, ...]
    #: Dateline as written.
    dateline: str | None
    #: `sha256:` and the digest of the text.
    id: str
    #: Language, BCP 47. Claims are looked for in English only.
    language: str | None
    #: Where it stands in the archive, feed or mailbox it came in.
    locator: str | None
    #: Day or moment of the last change, ISO 8601.
    modified: str | None
    #: Who publishes it.
    outlet: str | None
    #: The pages of a paper.
    pages: tuple[Page, ...]
    #: What a page says about itself, in all places where it does.
    provenance: tuple[Provenance, ...]
    #: Date of publication, ISO 8601.
    published: str | None
    #: Moment of publication, ISO 8601, with its time zone where there is one.
    published_time: str | None
    #: The caller's name for it.
    ref: str | None
    #: The text all offsets point into.
    text: str
    #: Title, given or found.
    title: str | None
    #: Where.
    url: str | None
    #: Whom the outlet took it over from, as told beside the text.
    via: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a ArticleInfo is written as."""
        return cls(
            blocks=tuple(Block.of(x) for x in j["blocks"]),
            byline=tuple(j["byline"]),
            dateline=j.get("dateline"),
            id=j["id"],
            language=j.get("language"),
            locator=j.get("locator"),
            modified=j.get("modified"),
            outlet=j.get("outlet"),
            pages=tuple(Page.of(x) for x in j.get("pages", ())),
            provenance=tuple(Provenance.of(x) for x in j.get("provenance", ())),
            published=j.get("published"),
            published_time=j.get("published_time"),
            ref=j.get("ref"),
            text=j["text"],
            title=j.get("title"),
            url=j.get("url"),
            via=j.get("via"),
        )


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the article."""

    #: One past the last.
    end: int
    #: What it is.
    kind: BlockKind
    #: What it is to the article around it.
    note: BlockNote | None
    #: Where it stood in a web page, as selectors of the W3C Web Annotation model that all select
    #: the same: the text of the block, but for white space.
    selector: tuple[dict[str, Any], ...] | None
    #: First code point.
    start: int

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Block is written as."""
        return cls(
            end=j["end"],
            kind=j["kind"],
            note=j.get("note"),
            selector=None if j.get("selector") is None else tuple(j["selector"]),
            start=j["start"],
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of text somebody stands behind."""

    #: Said, held, told by nobody in particular, or hedged by the reporter.
    act: Act
    #: Kind of the block it stands in.
    block: BlockKind
    #: How sure the claim's own source presents it.
    certainty: Certainty
    #: From the origin nearest the event to the last relay before the outlet.
    chain: tuple[Hop, ...]
    #: How likely the claim is read right, from 0 to 1.
    confidence: float
    #: What is claimed.
    content: tuple[Span, ...]
    #: The words that attribute.
    cue: tuple[Span, ...]
    #: Ids of entities in it.
    entities: tuple[str, ...]
    #: Ids of events in it.
    events: tuple[str, ...]
    #: Certainty and polarity in one.
    factuality: Factuality
    #: Words that lower the commitment.
    hedges: tuple[Span, ...]
    #: `C1`, `C2`, … in text order.
    id: str
    #: Quoted or told.
    mode: Mode
    #: The claim whose content holds this one.
    parent: str | None
    #: Ids of places in it.
    places: tuple[str, ...]
    #: Whether it is affirmed or denied.
    polarity: Polarity
    #: Who claims it, as written.
    source: tuple[Span, ...]
    #: Who claims it, resolved.
    speaker: Speaker
    #: What the cue says about the speaker's attitude.
    stance: Stance
    #: Ids of the times that govern it.
    times: tuple[str, ...]

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Claim is written as."""
        return cls(
            act=j["act"],
            block=j["block"],
            certainty=j["certainty"],
            chain=tuple(Hop.of(x) for x in j["chain"]),
            confidence=j["confidence"],
            content=tuple(Span(*x) for x in j["content"]),
            cue=tuple(Span(*x) for x in j["cue"]),
            entities=tuple(j["entities"]),
            events=tuple(j["events"]),
            factuality=j["factuality"],
            hedges=tuple(Span(*x) for x in j["hedges"]),
            id=j["id"],
            mode=j["mode"],
            parent=j.get("parent"),
            places=tuple(j["places"]),
            polarity=j["polarity"],
            source=tuple(Span(*x) for x in j["source"]),
            speaker=Speaker.of(j["speaker"]),
            stance=j["stance"],
            times=tuple(j["times"]),
        )


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something with a name, or without one but mentioned more than once."""

    #: A person's age in years, as the text gives it.
    age: int | None
    #: Other names: acronym, surname.
    aliases: tuple[str, ...]
    #: ISO 3166 alpha-2.
    country: str | None
    #: `E1`, `E2`, …: first those with a name, in order of the first, then those without, in order
    #: of first mention.
    id: str
    #: Where it is mentioned, in text order.
    mentions: tuple[Mention, ...]
    #: Fullest name in the article; of what has none the fullest description.
    name: str
    #: Whether the text gives a proper name.
    named: bool
    #: What it is in public life.
    role: Role | None
    #: What stands before a person's name: "Prime Minister", "Gen.".
    titles: tuple[str, ...]
    #: OntoNotes type: `PERSON`, `ORG`, …
    type: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Entity is written as."""
        return cls(
            age=j.get("age"),
            aliases=tuple(j["aliases"]),
            country=j.get("country"),
            id=j["id"],
            mentions=tuple(Mention.of(x) for x in j["mentions"]),
            name=j["name"],
            named=j["named"],
            role=j.get("role"),
            titles=tuple(j.get("titles", ())),
            type=j.get("type"),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or is said to have."""

    #: Id of the claim it is told in.
    claim: str | None
    #: PLOVER contexts.
    contexts: tuple[str, ...]
    #: How far the text commits itself to it, from −3 (certainly not so) to 3 (certainly so).
    factuality: float
    #: Id of the place it set out from.
    from_: str | None
    #: Ids of quantities moved or seized.
    goods: tuple[str, ...]
    #: `V1`, `V2`, … in text order.
    id: str
    #: PLOVER mode.
    mode: str | None
    #: Who takes part.
    participants: tuple[Participant, ...]
    #: Id of the place.
    place: str | None
    #: Whether it is affirmed or denied.
    polarity: Polarity
    #: Whether it took place.
    status: EventStatus
    #: The fullest trigger as written.
    text: str
    #: Id of the time.
    time: str | None
    #: Id of the place it went to.
    to: str | None
    #: Every word that names the event, fullest mention first.
    triggers: tuple[Span, ...]
    #: PLOVER 2.0 category, or `TRAFFIC`.
    type: str
    #: Id of a place on the way.
    via: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Event is written as."""
        return cls(
            claim=j.get("claim"),
            contexts=tuple(j["contexts"]),
            factuality=j["factuality"],
            from_=j.get("from"),
            goods=tuple(j["goods"]),
            id=j["id"],
            mode=j.get("mode"),
            participants=tuple(Participant.of(x) for x in j["participants"]),
            place=j.get("place"),
            polarity=j["polarity"],
            status=j["status"],
            text=j["text"],
            time=j.get("time"),
            to=j.get("to"),
            triggers=tuple(Span(*x) for x in j["triggers"]),
            type=j["type"],
            via=j.get("via"),
        )


@dataclass(frozen=True, slots=True)
class Generator:
    """What made a report."""

    #: Name of what finds the attributions.
    attribution: str
    #: `according`.
    name: str
    #: Name and version of the language pipeline.
    pipeline: str
    #: Version of the program.
    version: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Generator is written as."""
        return cls(
            attribution=j["attribution"],
            name=j["name"],
            pipeline=j["pipeline"],
            version=j["version"],
        )


@dataclass(frozen=True, slots=True)
class Hop:
    """One step on the way from an origin to the outlet."""

    #: The words that show the step.
    cue: tuple[Span, ...]
    #: Id of the entity.
    entity: str | None
    #: What it is.
    kind: SpeakerKind
    #: As of speakers.
    name: str | None
    #: Whether the text gives a proper name.
    named: bool

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Hop is written as."""
        return cls(
            cue=tuple(Span(*x) for x in j["cue"]),
            entity=j.get("entity"),
            kind=j["kind"],
            name=j.get("name"),
            named=j["named"],
        )


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of an entity: the whole noun phrase, as OntoNotes marks it for
    coreference."""

    #: One past the last.
    end: int
    #: `name`, `nominal`, `pronoun`.
    form: MentionForm
    #: Where in it the name itself stands, for mentions by name.
    name: Span | None
    #: First code point.
    start: int

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Mention is written as."""
        return cls(
            end=j["end"],
            form=j["form"],
            name=None if j.get("name") is None else Span(*j["name"]),
            start=j["start"],
        )


@dataclass(frozen=True, slots=True)
class Origin2:
    """A chain and the claims that came along it."""

    #: Names from the origin to the last relay.
    chain: tuple[str, ...]
    #: Ids of claims.
    claims: tuple[str, ...]

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Origin2 is written as."""
        return cls(
            chain=tuple(j["chain"]),
            claims=tuple(j["claims"]),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paper."""

    #: One past the last.
    end: int
    #: Counted from 1, as a viewer counts them.
    number: int
    #: First code point.
    start: int

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Page is written as."""
        return cls(
            end=j["end"],
            number=j["number"],
            start=j["start"],
        )


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody or something in an event."""

    #: Id of the quantity that says how many of them there are.
    count: str | None
    #: One past the last.
    end: int
    #: Id of the entity.
    entity: str | None
    #: `actor` or `recipient`.
    role: str
    #: First code point.
    start: int

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Participant is written as."""
        return cls(
            count=j.get("count"),
            end=j["end"],
            entity=j.get("entity"),
            role=j["role"],
            start=j["start"],
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place name and what it stands for."""

    #: Province, state or region of the first level.
    admin1: str | None
    #: Kind of the block it stands in.
    block: BlockKind
    #: How likely it is that place, from 0 to 1.
    confidence: float
    #: ISO 3166 alpha-2.
    country: str | None
    #: One past the last.
    end: int
    #: `geonames:` and a number.
    gazetteer_id: str | None
    #: `P1`, `P2`, … in text order.
    id: str
    #: What sort of place.
    kind: PlaceKind
    #: Latitude in degrees.
    lat: float | None
    #: Longitude in degrees.
    lon: float | None
    #: Name in the gazetteer.
    name: str | None
    #: First code point.
    start: int
    #: As written.
    text: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Place is written as."""
        return cls(
            admin1=j.get("admin1"),
            block=j["block"],
            confidence=j["confidence"],
            country=j.get("country"),
            end=j["end"],
            gazetteer_id=j.get("gazetteer_id"),
            id=j["id"],
            kind=j["kind"],
            lat=j.get("lat"),
            lon=j.get("lon"),
            name=j.get("name"),
            start=j["start"],
            text=j["text"],
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Something a page says about itself, and where."""

    #: What is told.
    field: Field
    #: Where it is said.
    origin: Origin
    #: Whether the report goes by it.
    used: bool
    #: What is said, in the form the report uses.
    value: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Provenance is written as."""
        return cls(
            field=j["field"],
            origin=j["origin"],
            used=j["used"],
            value=j["value"],
        )


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of something."""

    #: How the number bounds the amount: "more than ten".
    bound: Bound | None
    #: One past the last.
    end: int
    #: `Q1`, `Q2`, … in text order.
    id: str
    #: The upper end of a range.
    max: float | None
    #: First code point.
    start: int
    #: As written.
    text: str
    #: What is counted in: `kg`, `m`, `m2`, `L`, `W`, `%`, `barrel` or a currency of ISO 4217.
    #: `null` for a count.
    unit: str | None
    #: The number, in `unit`; the lower end of a range.
    value: float | None
    #: What there is so much of.
    what: str | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Quantity is written as."""
        return cls(
            bound=j.get("bound"),
            end=j["end"],
            id=j["id"],
            max=j.get("max"),
            start=j["start"],
            text=j["text"],
            unit=j.get("unit"),
            value=j.get("value"),
            what=j.get("what"),
        )


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything found in one article."""

    #: The article as read.
    article: ArticleInfo
    #: Stretches of text somebody stands behind.
    claims: tuple[Claim, ...]
    #: People, organisations and other named things.
    entities: tuple[Entity, ...]
    #: What happened.
    events: tuple[Event, ...]
    #: `according-report/1`.
    format: str
    #: What made the report.
    generator: Generator
    #: Place names.
    places: tuple[Place, ...]
    #: Amounts.
    quantities: tuple[Quantity, ...]
    #: The summary a reader looks at first.
    sourcing: Sourcing
    #: Time expressions.
    times: tuple[Time, ...]

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a ReportData is written as."""
        return cls(
            article=ArticleInfo.of(j["article"]),
            claims=tuple(Claim.of(x) for x in j["claims"]),
            entities=tuple(Entity.of(x) for x in j["entities"]),
            events=tuple(Event.of(x) for x in j["events"]),
            format=j["format"],
            generator=Generator.of(j["generator"]),
            places=tuple(Place.of(x) for x in j["places"]),
            quantities=tuple(Quantity.of(x) for x in j["quantities"]),
            sourcing=Sourcing.of(j["sourcing"]),
            times=tuple(Time.of(x) for x in j["times"]),
        )


@dataclass(frozen=True, slots=True)
class Sourcing:
    """The summary of who stands behind the story; counted over body claims only."""

    #: Number of body claims.
    claims: int
    #: Different documents.
    documents: int
    #: The same in a sentence.
    explanation: str
    #: How many origins do not go back to one another.
    independent_origins: int
    #: Names of news outlets relied on.
    media: tuple[str, ...]
    #: Different people with a name.
    named_people: int
    #: Different organisations.
    organisations: int
    #: Different chains with their claims.
    origins: tuple[Origin2, ...]
    #: The reporter's own hedged statements.
    self_: int
    #: Different people without.
    unnamed_people: int
    #: Claims by nobody in particular.
    unspecified: int

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Sourcing is written as."""
        return cls(
            claims=j["claims"],
            documents=j["documents"],
            explanation=j["explanation"],
            independent_origins=j["independent_origins"],
            media=tuple(j["media"]),
            named_people=j["named_people"],
            organisations=j["organisations"],
            origins=tuple(Origin2.of(x) for x in j["origins"]),
            self_=j["self"],
            unnamed_people=j["unnamed_people"],
            unspecified=j["unspecified"],
        )


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who stands behind a claim."""

    #: Id of the entity.
    entity: str | None
    #: What it is.
    kind: SpeakerKind
    #: Fullest name in the article; for unnamed sources the fullest description.
    name: str | None
    #: Whether the text gives a proper name.
    named: bool
    #: Id of a place.
    place: str | None
    #: More than one.
    plural: bool
    #: Why it is unnamed, as the text tells.
    reason_unnamed: str | None
    #: As of entities, where the text says it.
    role: Role | None

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Speaker is written as."""
        return cls(
            entity=j.get("entity"),
            kind=j["kind"],
            name=j.get("name"),
            named=j["named"],
            place=j.get("place"),
            plural=j["plural"],
            reason_unnamed=j.get("reason_unnamed"),
            role=j.get("role"),
        )


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression, in the words of TIMEX3."""

    #: First day it can mean, ISO 8601.
    begin: str | None
    #: Kind of the block it stands in.
    block: BlockKind
    #: The value in EDTF (ISO 8601-2:2019), level 2, where that can say it. A part of a day is the
    #: day; a week is the interval of its days.
    edtf: str | None
    #: One past the last.
    end: int
    #: Last day it can mean, inclusive.
    end_date: str | None
    #: `T1`, `T2`, … in text order.
    id: str
    #: TIMEX3 modifier: `START`, `MID`, `END`, `APPROX`, `MORE_THAN`, `EQUAL_OR_LESS`, …
    mod: str | None
    #: Whether it can be pointed at in the calendar.
    resolved: bool
    #: First code point; determiners and modifiers belong to it, prepositions do not.
    start: int
    #: As written.
    text: str
    #: `DATE`, `TIME`, `DURATION` or `SET`.
    type: TimeKind
    #: TIMEX3 value: `2018-05`, `P3M`, `PRESENT_REF`; with `X` for what is not known when it hangs
    #: on an unknown date: `XXXX-WXX-2` for "Tuesday".
    value: str

    @classmethod
    def of(cls, j: dict[str, Any]) -> Self:
        """Made of the JSON object that a Time is written as."""
        return cls(
            begin=j.get("begin"),
            block=j["block"],
            edtf=j.get("edtf"),
            end=j["end"],
            end_date=j.get("end_date"),
            id=j["id"],
            mod=j.get("mod"),
            resolved=j["resolved"],
            start=j["start"],
            text=j["text"],
            type=j["type"],
            value=j["value"],
        )
