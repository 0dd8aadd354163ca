"""Checks fields, priorities, channels, routing and escalation against each other."""

from collections.abc import Iterable, Iterator

from case_definition.calendar.lengths import parse_length, parse_wait
from case_definition.check.names import all_unknown
from case_definition.schema.access import lifetime
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.model import LengthText
from case_definition.schema.notices import Level
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath
from case_definition.vocabulary import AGENT_ROLES, FROM_MAIL


def setting_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems between parts of a definition."""
    yield from _fields(document)
    yield from _hidden(document)
    yield from _titles(document)
    yield from _matrix(document)
    yield from _mail(document)
    yield from _routing(document)
    yield from escalation_problems(("escalation",), document.escalation)
    yield from _own_addresses(document)
    yield from _access(document)


def _fields(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    for position, field in enumerate(document.fields):
        if field.type == "choice" and not field.options:
            yield DefinitionProblem(
                ("fields", position), "options", "give the choice its `options`"
            )
        if field.type != "choice" and field.options:
            sentence = "only a choice has options; write `type: choice` or remove them"
            yield DefinitionProblem(("fields", position, "options"), "options", sentence)
        if field.type == "agent" and "contact" in field.editable_by:
            sentence = "contacts do not know who works at the desk; write `editable_by: [agent]`"
            yield DefinitionProblem(("fields", position), "names-agent", sentence)
        for capacity in field.editable_by:
            if capacity not in field.visible_to:
                sentence = f"a {capacity} would change what they do not see; write `editable_by`"
                yield DefinitionProblem(("fields", position), "unseen", f"{sentence} without them")


def _hidden(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    types = {field.name: field.type for field in document.fields}
    yield from all_unknown(("hidden_from",), "field", document.hidden_from, types)
    for position, name in enumerate(document.hidden_from):
        if types.get(name, "agent") != "agent":
            sentence = f"`{name}` names nobody; give it `type: agent`, or name another field"
            yield DefinitionProblem(("hidden_from", position), "names-agent", sentence)


def _titles(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    texts = {field.name for field in document.fields if field.type == "text"}
    for position, kind in enumerate(document.case_types):
        required = {use.field for use in kind.fields if use.required}
        for name in ("title", "description"):
            if name not in required & texts:
                sentence = f"every case has a {name}: add the text field `{name}`, required"
                yield DefinitionProblem(("case_types", position, "fields"), "no-title", sentence)


def _matrix(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    matrix, path = document.priorities.matrix, ("priorities", "matrix")
    if matrix is None:
        for position, kind in enumerate(document.case_types):
            if kind.start_priority.by_matrix:
                where = ("case_types", position, "start_priority", "by_matrix")
                yield DefinitionProblem(
                    where, "matrix", "there is no `priorities.matrix`; write one"
                )
        return
    options = {field.name: field.options for field in document.fields if field.type == "choice"}
    for at, axis in enumerate(matrix.axes):
        if axis not in options:
            sentence = f"`{axis}` is no choice among `fields`; declare it as one"
            yield DefinitionProblem((*path, "axes", at), "matrix", sentence)
    if all(axis in options for axis in matrix.axes):
        first, second = (options[axis] for axis in matrix.axes)
        yield from _gaps((*path, "priority"), matrix.priority, first)
        for name, row in matrix.priority.items():
            yield from _gaps((*path, "priority", name), row, second)
    for name, row in matrix.priority.items():
        for column, priority in row.items():
            if priority not in document.priorities.scale:
                sentence = f"`{priority}` is not on `priorities.scale`; correct it or add it there"
                yield DefinitionProblem(
                    (*path, "priority", name, column), "unknown-priority", sentence
                )


def _gaps(
    path: DocPath, given: Iterable[str], wanted: Iterable[str]
) -> Iterator[DefinitionProblem]:
    for name in set(wanted) - set(given):
        yield DefinitionProblem(
            path, "matrix", f"add `{name}`, an option that the matrix leaves out"
        )
    for name in set(given) - set(wanted):
        yield DefinitionProblem(
            (*path, name), "matrix", f"`{name}` is no option of that field; remove it"
        )


def _mail(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    kinds = {kind.name: kind for kind in document.case_types}
    for position, channel in enumerate(document.channels):
        if channel.name != "mail":
            continue
        if channel.case_type is None:
            sentence = "say which `case_type` a mail becomes"
            yield DefinitionProblem(("channels", position), "mail-case-type", sentence)
        elif kind := kinds.get(channel.case_type):
            required = {use.field for use in kind.fields if use.required or use.accept}
            for name in sorted(required - FROM_MAIL):
                sentence = f"a mail cannot fill in `{name}`, which `{kind.name}` requires"
                path = ("channels", position, "case_type")
                yield DefinitionProblem(path, "mail-case-type", f"{sentence}; choose another type")


def _routing(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    *first, last = enumerate(document.routing)
    if last[1].when is not None:
        sentence = "end with a team without `when`, for all that no rule takes"
        yield DefinitionProblem(("routing", last[0]), "routing", sentence)
    for position, route in first:
        if route.when is None:
            sentence = "what follows is never reached; move this to the end or give it a `when`"
            yield DefinitionProblem(("routing", position), "routing", sentence)


def escalation_problems(path: DocPath, levels: tuple[Level, ...]) -> Iterator[DefinitionProblem]:
    """Levels that do not count 1, 2, 3, …, and impossible times."""
    for position, level in enumerate(levels):
        if level.level != position + 1:
            sentence = f"this is level {position + 1}; number the levels 1, 2, 3, …"
            yield DefinitionProblem((*path, position, "level"), "escalation", sentence)
        for at, cause in enumerate(level.raised):
            where = (*path, position, "raised", at, "after")
            if cause.after is None:
                continue
            if cause.on == "warning":
                yield DefinitionProblem(
                    where, "escalation", "a warning raises a level at once; remove `after`"
                )
            try:
                parse_wait(cause.after)
            except ValueError as failure:
                yield DefinitionProblem(where, "length", f"{cause.after!r} cannot be: {failure}")


def length_problems(
    path: DocPath, text: LengthText, elapsed: bool = False
) -> Iterator[DefinitionProblem]:
    """A problem for an invalid or zero length."""
    try:
        parse_length(text, elapsed=elapsed)
    except ValueError as failure:
        yield DefinitionProblem(path, "length", f"{text!r} cannot be: {failure}")


def _access(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    if document.access is None:
        return
    for place, text in document.access.lifetimes():
        try:
            lifetime(text)
        except ValueError as failure:
            yield DefinitionProblem(("access", *place), "length", f"{text!r} cannot be: {failure}")
    if document.access.invitation is not None:
        path, roles = ("access", "invitation", "by"), [*AGENT_ROLES, *document.roles]
        yield from all_unknown(path, "role", document.access.invitation.by, roles)
    asked = document.access.request_by_mail
    if asked is not None and not (asked.plus or asked.subjects):
        sentence = "say which mail asks for access: a `plus` part, or `subjects`"
        yield DefinitionProblem(("access", "request_by_mail"), "access", sentence)


def _own_addresses(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    addresses = [(("teams", at), team.address) for at, team in enumerate(document.teams)]
    addresses += [
        (("escalation", at), level.address) for at, level in enumerate(document.escalation)
    ]
    for path, address in addresses:
        yield from own_address((*path, "address"), address, document)


def own_address(
    path: DocPath, address: str, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """A problem for an address whose mail would come back as a case."""
    if address.lower() in {known.lower() for known in document.mail.receives}:
        sentence = f"mail to {address} becomes a case; write an address that a person reads"
        yield DefinitionProblem(path, "own-address", sentence)
