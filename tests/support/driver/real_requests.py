"""The request of the portal's API for each command."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
from case_events.contracts.bounces import MendAddress
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
from case_events.contracts.decisions import AskDecision, DecideCase
from case_events.contracts.links import (
    LinkCase,
    MergeCase,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
    UnlinkCase,
)
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultTeam,
    RemoveWatcher,
    WithdrawConsultation,
)
from case_events.contracts.phases import ChangePhase
from case_events.contracts.ratings import RateCase
from case_events.contracts.releases import PlanRelease, SlipRelease
from case_events.contracts.tags import AddTag, RemoveTag
from case_events.contracts.work import CorrectWork, LogWork

from tests.support.driver.work_requests import approval_form, decline_body, grant_body, work_body


class Way(NamedTuple):
    """A request below a case: its path, and its body as JSON or as a form, which takes files."""

    path: str
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    method: str = "POST"


def request_of(command: Command, *, with_files: bool = False) -> Way:
    """The request that sends this command; files are sent with a form."""
    if with_files and isinstance(command, ChangeStatus):
        return _step_form(command)
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


def _step_form(asked: ChangeStatus) -> Way:
    fields = {f"fields.{name}": value for name, value in asked.fields.items()}
    body = {"comment": asked.personal.text, "seen": asked.seen, **fields}
    return Way(f"transitions/{asked.transition}", form=body)


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


def _decision(asked: DecideCase) -> Way:
    form = {"outcome": asked.outcome, "reason": asked.personal.text}
    when = {"release": asked.release, "week": asked.week, "seen": asked.seen}
    body = {**form, "answer": asked.personal.answer, **when}
    return Way(f"decisions/{asked.decision}", json=body)


def _phase(asked: ChangePhase) -> Way:
    body = {"phase": asked.phase, "comment": asked.personal.text, "fields": asked.fields}
    return Way("phase", json={**body, "seen": asked.seen})


def _slip(asked: SlipRelease) -> Way:
    body = {"release": asked.release, "week": asked.week, "reason": asked.personal.text}
    return Way("release/slip", json={**body, "seen": asked.seen})


def _split(asked: SplitCase) -> Way:
    parts = [
        {
            "case_type": part.case_type,
            "title": part.personal.title,
            "text": part.personal.text,
            "comments": list(part.comments),
        }
        for part in asked.parts
    ]
    return Way("split", json={"parts": parts, "seen": asked.seen})


def _titled(path: str, *members: str) -> Callable[[Any], Way]:
    """A command with a title and a text, and its other members by their names."""

    def way(asked: Any) -> Way:
        words = {"title": asked.personal.title, "text": asked.personal.text}
        named = {name: getattr(asked, name) for name in (*members, "seen")}
        return Way(path, json={**words, **named})

    return way


def _follow_up(asked: RequestFollowUp) -> Way:
    words = {"title": asked.personal.title, "text": asked.personal.text}
    return Way("follow-up", form={**words, "seen": asked.seen})


WAYS: Mapping[type[Command], Callable[[Any], Way]] = {
    AddComment: _comment,
    AddWatcher: _watcher,
    AnswerConsultation: lambda asked: Way(
        f"consultations/{asked.consultation}/answer", form={"text": asked.personal.text}
    ),
    AskDecision: lambda asked: Way(
        "decisions",
        json={"decision": asked.decision, "reason": asked.personal.text, "seen": asked.seen},
    ),
    AssessPriority: _named("priority", "priority", "axes"),
    AssignCase: _named("assignment", "team", "agent"),
    ChangePhase: _phase,
    ChangeStatus: _step,
    ClassifyCase: _named("type", "case_type"),
    AddTag: lambda asked: Way("tags", json={"tag": asked.tag}),
    ConsultTeam: lambda asked: Way(
        "consultations", form={"team": asked.team, "text": asked.personal.text}
    ),
    CorrectWork: lambda asked: Way(f"work/{asked.entry}/correction", json=work_body(asked)),
    DecideCase: _decision,
    DeclineApproval: lambda asked: Way(
        f"approvals/{asked.request}/decline", json=decline_body(asked)
    ),
    GrantApproval: lambda asked: Way(f"approvals/{asked.request}/grant", json=grant_body(asked)),
    LinkCase: _named("link", "kind", "reference"),
    LogWork: lambda asked: Way("work", json=work_body(asked)),
    MendAddress: lambda asked: Way("mended-addresses", json={"address": asked.personal.address}),
    MergeCase: _named("merge", "reference"),
    OpenProblem: _titled("problem", "case_type"),
    PlanRelease: _named("release", "release", "week"),
    RateCase: lambda asked: Way(
        "rating", json={"stars": asked.stars, "text": asked.personal.text, "seen": asked.seen}
    ),
    RemoveTag: lambda asked: Way(f"tags/{asked.tag}", method="DELETE"),
    RemoveWatcher: lambda asked: Way(f"watchers/{asked.watcher}", method="DELETE"),
    RequestApproval: lambda asked: Way("approvals", form=approval_form(asked)),
    RequestFollowUp: _follow_up,
    RequestAssessment: lambda asked: Way(
        "assessment-requests", json={"text": asked.personal.text, "seen": asked.seen}
    ),
    SlipRelease: _slip,
    SplitCase: _split,
    UndoMerge: _named("merge/undo"),
    UnlinkCase: lambda asked: Way(f"links/{asked.kind}/{asked.reference}", method="DELETE"),
    SetFields: _named("fields", "fields"),
    WithdrawConsultation: lambda asked: Way(f"consultations/{asked.consultation}", method="DELETE"),
}
