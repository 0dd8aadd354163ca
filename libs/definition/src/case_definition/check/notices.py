"""Checks notices: recipients that do not exist at the event, or that must not be notified."""

from collections.abc import Iterator

from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.notices import Notice
from case_definition.source.findings import DefinitionProblem
from case_definition.vocabulary import DESK_EVENTS, NAMED_BY


def notice_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Each recipient of a notice who cannot get it."""
    for position, notice in enumerate(document.notices):
        path = ("notices", position, "to")
        if notice.on == "rating_requested" and set(notice.to) != {"contact"}:
            # The link for rating acts for the contact, so nobody else may get it.
            sentence = "a rating is asked of the contact alone; write `to: [contact]`"
            yield DefinitionProblem(path, "recipient", sentence)
        for at, to in enumerate(notice.to):
            if why := _nobody(notice, to):
                yield DefinitionProblem((*path, at), "recipient", why)
            if to in ("contact", "watchers") and notice.on in DESK_EVENTS:
                sentence = f"`{notice.on}` is the desk's own; send it to agents"
                yield DefinitionProblem((*path, at), "internal-fact", sentence)


def _nobody(notice: Notice, to: str) -> str:
    """Why there is no such recipient at the event; empty if there can be one."""
    naming = NAMED_BY.get(to)
    if naming and notice.on not in naming:
        return f"only {' and '.join(naming)} have a {to}; choose somebody else"
    if notice.on == "case_created" and to in ("agent", "team", "on_call"):
        return f"a case that just came in has no {to} yet; write `on: case_assigned`"
    return ""
