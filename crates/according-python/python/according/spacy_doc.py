"""Reports as documents of spaCy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import spacy
from spacy.tokens import Doc, Span, SpanGroup

if TYPE_CHECKING:
    from spacy.language import Language

    from .report import Report


def to_spacy_doc(report: Report, nlp: Language | None = None) -> Doc:
    """The article with what was found in it as groups of spans."""
    doc = (nlp or spacy.blank("en"))(report.text)
    groups: dict[str, list[Span]] = {
        name: []
        for name in (
            "claims", "sources", "cues", "hedges", "places", "times", "quantities", "events",
            "mentions",
        )
    }

    def add(group: str, start: int, end: int, label: str, id: str) -> None:
        # Words that are cut by a span belong to it.
        span = doc.char_span(start, end, label=label, span_id=id, alignment_mode="expand")
        if span is not None and len(span):
            groups[group].append(span)

    for claim in report.claims:
        parts = (("claims", claim.content), ("sources", claim.source), ("cues", claim.cue),
                 ("hedges", claim.hedges))
        for group, places in parts:
            for start, end in places:
                label = claim.factuality if group == "claims" else group[:-1].upper()
                add(group, start, end, label, claim.id)
    for place in report.places:
        add("places", place.start, place.end, place.kind, place.id)
    for time in report.times:
        add("times", time.start, time.end, time.type, time.id)
    for quantity in report.quantities:
        add("quantities", quantity.start, quantity.end, quantity.unit or "count", quantity.id)
    for event in report.events:
        for start, end in event.triggers:
            add("events", start, end, event.type, event.id)
    for entity in report.entities:
        for mention in entity.mentions:
            add("mentions", mention.start, mention.end, entity.type or "OTHER", entity.id)
    for name, spans in groups.items():
        doc.spans[name] = SpanGroup(doc, name=name, spans=spans)
    return doc
