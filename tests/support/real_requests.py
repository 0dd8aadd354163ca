"""How the portal's API is asked each command."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    RequestAssessment,
    SetFields,
)
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultTeam,
    RemoveWatcher,
)


class Way(NamedTuple):
    """A request below a case: its path, and its body as JSON or as a form, which takes files."""

    path: str
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    method: str = "POST"


def request_of(command: Command) -> Way:
    """The request that asks this command."""
    ask = WAYS.get(type(command))
    if ask is None:
        raise TypeError(f"the API has no way to ask {command}")
    return ask(command)


def _comment(asked: AddComment) -> Way:
    public = str(asked.public).lower()
    return Way("comments", form={"text": asked.personal.text, "public": public, "seen": asked.seen})


def _step(asked: ChangeStatus) -> Way:
    body = {"comment": asked.personal.text, "fields": asked.fields, "seen": asked.seen}
    return Way(f"transitions/{asked.transition}", json=body)


def _watcher(asked: AddWatcher) -> Way:
    kind, _, name = asked.watcher.partition("/")
    if kind:
        return Way("watchers", json={kind: name})
    person = asked.personal
    return Way("watchers", json={"address": person.address, "name": person.name})


def _named(path: str, *members: str) -> Callable[[Any], Way]:
    """The members of a command, by their names."""

    def way(asked: Any) -> Way:
        return Way(path, json={name: getattr(asked, name) for name in (*members, "seen")})

    return way


WAYS: Mapping[type[Command], Callable[[Any], Way]] = {
    AddComment: _comment,
    AddWatcher: _watcher,
    AnswerConsultation: lambda asked: Way(
        f"consultations/{asked.consultation}/answer", form={"text": asked.personal.text}
    ),
    AssessPriority: _named("priority", "priority", "axes"),
    AssignCase: _named("assignment", "team", "agent"),
    ChangeStatus: _step,
    ClassifyCase: _named("type", "case_type"),
    ConsultTeam: lambda asked: Way(
        "consultations", form={"team": asked.team, "text": asked.personal.text}
    ),
    RemoveWatcher: lambda asked: Way(f"watchers/{asked.watcher}", method="DELETE"),
    RequestAssessment: lambda asked: Way(
        "assessment-requests", json={"text": asked.personal.text, "seen": asked.seen}
    ),
    SetFields: _named("fields", "fields"),
}
