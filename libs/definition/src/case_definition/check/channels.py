"""Checks channels: each is usable by somebody, has existing hours, and begins where cases can
be."""

from collections.abc import Iterator

from case_definition.check.flow import gets_to
from case_definition.check.names import all_unknown, twice, unknown
from case_definition.check.unregistered import unregistered_problems
from case_definition.schema.access import lifetime
from case_definition.schema.channels import Channel, Choice
from case_definition.schema.definition import CaseType, DefinitionDocument
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath


def channel_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the channels of a definition."""
    kinds = [kind.name for kind in document.case_types]
    for position, channel in enumerate(document.channels):
        path = ("channels", position)
        if channel.case_type:
            yield from unknown((*path, "case_type"), "case type", channel.case_type, kinds)
        yield from all_unknown((*path, "case_types"), "case type", channel.case_types, kinds)
        if channel.hours:
            calendar, known = channel.hours.calendar, list(document.calendars)
            yield from unknown((*path, "hours", "calendar"), "calendar", calendar, known)
        yield from _beginning(path, channel, document)
        yield from _for_nobody(path, channel, document)
        yield from _menu(path, channel, document)
        yield from _receipt((*path, "received_within"), channel)
        yield from unregistered_problems(path, channel, document)


def _beginning(
    path: DocPath, channel: Channel, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    scale = document.priorities.scale
    if channel.priority:
        yield from unknown((*path, "priority"), "priority", channel.priority, scale)
    statuses = {status.name: status for status in document.statuses}
    if channel.status is None:
        return
    where = (*path, "status")
    if channel.status not in statuses:
        yield from unknown(where, "status", channel.status, statuses)
        return
    if statuses[channel.status].kind == "final":
        sentence = f"a case cannot begin in `{channel.status}`, which is final; choose another"
        yield DefinitionProblem(where, "status-of-a-channel", sentence)
    for kind in _kinds(channel, document):
        if channel.status not in gets_to(document, kind):
            sentence = f"no `{kind.name}` ever gets to `{channel.status}`; choose another status"
            yield DefinitionProblem(where, "status-of-a-channel", sentence)


def _for_nobody(
    path: DocPath, channel: Channel, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    kinds = _kinds(channel, document)
    may_create = {capacity for kind in kinds for capacity in kind.created_by}
    if kinds and may_create.isdisjoint(channel.by):
        sentence = "nobody whom it is for may create such a case; add to `by` or to `case_types`"
        yield DefinitionProblem((*path, "by"), "for-nobody", sentence)
    if channel.case_type and channel.case_types and channel.case_type not in channel.case_types:
        sentence = f"`{channel.case_type}` does not come in here; add it to `case_types`"
        yield DefinitionProblem((*path, "case_type"), "for-nobody", sentence)


def _receipt(path: DocPath, channel: Channel) -> Iterator[DefinitionProblem]:
    if channel.received_within is None:
        return
    try:
        lifetime(channel.received_within)
    except ValueError as failure:
        yield DefinitionProblem(path, "length", f"{channel.received_within!r} cannot be: {failure}")
    if "agent" not in channel.by or channel.comes_by == "mail":
        sentence = "only agents say when something was received; write it at a way in of theirs"
        yield DefinitionProblem(path, "for-nobody", sentence)


def _menu(
    path: DocPath, channel: Channel, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    yield from twice((*path, "menu"), [choice.name for choice in channel.menu])
    if channel.menu and channel.comes_by != "phone":
        sentence = "only a telephone has a menu; write `way: phone`, or remove it"
        yield DefinitionProblem((*path, "menu"), "menu", sentence)
    teams = [team.name for team in document.teams]
    kinds = [kind.name for kind in document.case_types]
    for at, choice in enumerate(channel.menu):
        where = (*path, "menu", at)
        if choice.team:
            yield from unknown((*where, "team"), "team", choice.team, teams)
        if choice.case_type:
            yield from unknown((*where, "case_type"), "case type", choice.case_type, kinds)
        if choice.channel:
            yield from _leads_on((*where, "channel"), choice, channel, document)


def _leads_on(
    path: DocPath, choice: Choice, channel: Channel, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    others = {one.name: one for one in document.channels if one.comes_by != "mail"}
    found = others.get(choice.channel or "")
    if found is None:
        yield from unknown(path, "channel", choice.channel or "", others)
    elif found.menu:
        sentence = f"`{found.name}` has a menu itself; lead to a way in without one"
        yield DefinitionProblem(path, "menu", sentence)
    elif set(found.by).isdisjoint(channel.by):
        sentence = f"`{found.name}` is not for {' or '.join(channel.by)}; add them to its `by`"
        yield DefinitionProblem(path, "menu", sentence)
    if choice.team:
        yield DefinitionProblem(path, "menu", "lead to a team or to a way in, and not to both")


def _kinds(channel: Channel, document: DefinitionDocument) -> list[CaseType]:
    """The case types of the channel."""
    named = channel.case_types
    return [kind for kind in document.case_types if not named or kind.name in named]
