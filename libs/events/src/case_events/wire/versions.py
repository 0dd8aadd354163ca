"""Two versions side by side: what a record asks of a reader that does not know all of it.

What only informs passes as nothing. What deciding rests on waits until the reader is upgraded.
The headers say which it is, so that a reader can tell without knowing the event.
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
    """The headers that say what a reader has to know: none, for an event that decides.

    What is to become part of the history is never only informing on its way there: workflow must
    know it, to write it down.
    """
    headers, deciding = _declared(type(event), topic)
    if deciding:
        set_here = [name for name, default in deciding if getattr(event, name) != default]
        if set_here:
            return {**headers, NEEDS: ",".join(set_here)}
    return headers


def only_informs(headers: Mapping[str, str]) -> bool:
    """Whether a reader that does not know the event, or cannot read it, may pass it by."""
    return headers.get(PURPOSE) == INFORMS


def unknown_needs(headers: Mapping[str, str], event: Event) -> list[str]:
    """The fields that deciding rests on, are set, and are not known here."""
    needed = headers.get(NEEDS)
    if not needed:
        return []
    return [name for name in needed.split(",") if name not in event.__struct_fields__]


@cache
def _declared(
    event: type[Event], topic: str
) -> tuple[Mapping[str, str], tuple[tuple[str, Any], ...]]:
    """The headers of every such record on a topic, and the fields that deciding rests on, each
    with what stands for not set."""
    declared = contract_of(event)
    informs = declared.informs and (topic == CASES or CASES not in declared.topics)
    deciding = tuple(
        (field.name, field.default)
        for field in msgspec.structs.fields(event)
        if get_origin(field.type) is Annotated and DECIDES in get_args(field.type)
    )
    return {PURPOSE: INFORMS} if informs else {}, deciding
