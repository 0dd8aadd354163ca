"""Two versions of the platform at the same time: what a record demands of an older reader.

An event that only informs is skipped by a reader that does not know it. An event that decisions
rest on waits until the reader is upgraded. The headers say which of the two applies, so that a
reader need not know the event.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec

from case_events.contracts.base import Event, contract_of
from case_events.contracts.parts import DECIDES
from case_events.topics import CASES

PURPOSE, NEEDS = "ce_purpose", "ce_needs"
INFORMS = "informs"


def demands(event: Event, topic: str) -> Mapping[str, str]:
    """Return the headers that say what a reader has to know. An event that decides has none.

    An event that will become part of the history never only informs on its way to workflow, because
    workflow must know it to store it.
    """
    headers, deciding = _declared(type(event), topic)
    if deciding:
        set_here = [name for name, default in deciding if getattr(event, name) != default]
        if set_here:
            return {**headers, NEEDS: ",".join(set_here)}
    return headers


def only_informs(headers: Mapping[str, str]) -> bool:
    """Return whether a reader that does not know the event, or cannot read it, may skip it."""
    return headers.get(PURPOSE) == INFORMS


def unknown_needs(headers: Mapping[str, str], event: Event) -> list[str]:
    """Return the fields of `ce_needs` that this version of the event does not have."""
    needed = headers.get(NEEDS)
    if not needed:
        return []
    return [name for name in needed.split(",") if name not in event.__struct_fields__]


@cache
def _declared(
    event: type[Event], topic: str
) -> tuple[Mapping[str, str], tuple[tuple[str, Any], ...]]:
    """Return the headers that every such record on a topic has, and the fields that decisions rest
    on, each with its default."""
    declared = contract_of(event)
    informs = declared.informs and (topic == CASES or CASES not in declared.topics)
    deciding = tuple(
        (field.name, field.default)
        for field in msgspec.structs.fields(event)
        if get_origin(field.type) is Annotated and DECIDES in get_args(field.type)
    )
    return {PURPOSE: INFORMS} if informs else {}, deciding
