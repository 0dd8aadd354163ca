"""The fold of a case's events, whatever they are and in whatever order they are asked for."""

from typing import Any

import msgspec
import pytest
from case_events.contracts.base import Event, every_contract
from case_events.contracts.cases import AgreementApplied, CaseAssigned, FieldsSet
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    SetFields,
)
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.parts import WrittenContent
from case_events.contracts.refusals import CommandRefused, CommandUnchanged
from case_events.contracts.sla import BreachWithdrawn, ClockEvent, DeadlineWarned, TargetBreached
from case_events.envelope import Actor
from case_events.kernel import Draft, replay
from case_events.topics import CASES, REFUSALS
from case_workflow.domain.case import Case, fold
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from tests.unit.workflow.workflow_desk import (
    ANNA,
    BO,
    CASE,
    CY,
    GRACE,
    REFERENCE,
    START,
    UNKNOWN_ACTOR,
    Desk,
    created,
    opened,
    record,
)

TEXT = WrittenContent(text="WrittenContent")


def _sample(kind: inspect.Type) -> Any:
    match kind:
        case inspect.StrType():
            return "x"
        case inspect.IntType():
            return 1
        case inspect.FloatType():
            return 0.5
        case inspect.BoolType():
            return True
        case inspect.DictType():
            return {}
        case inspect.UUIDType():
            return CASE
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.UnionType(types=types):
            return _sample(types[0])
        case inspect.LiteralType(values=values):
            return values[0]
        case _:
            return START


def simplest(event: type[Event]) -> Event:
    """An event of that type with what it must have, and no more."""
    shape = inspect.type_info(event)
    assert isinstance(shape, inspect.StructType)
    return msgspec.convert(
        {field.name: _sample(field.type) for field in shape.fields if field.required}, event
    )


HISTORY = [simplest(one.event) for one in every_contract() if CASES in one.topics]


@pytest.mark.parametrize("event", HISTORY, ids=lambda event: type(event).__name__)
def test_every_event_of_the_history_folds_into_every_case(event: Event) -> None:
    """C10: the fold is total, and each event is one version."""
    for case in (Case(), opened().snapshot_state.case):
        assert fold(case, event).version == case.version + 1


def test_the_fold_keeps_what_deciding_needs() -> None:
    events: list[Event] = [
        created(),
        AgreementApplied("sample/gold/1"),
        FieldsSet({"cause": "Dust"}),
        CaseAssigned("gold", "bo"),
    ]
    case = replay(fold, Case(), events)
    assert (case.contact, case.customer, case.agreement) == ("anna", "acme", "sample/gold/1")
    assert case.fields == {"title": "Noise", "cause": "Dust"}
    assert (case.team, case.agent) == ("gold", "bo")
    assert case.modified_at == {"cause": 3, "assignment": 4}
    assert case.clock_version == 4


VERSIONS = st.integers(0, 12)
STEPS = st.sampled_from(["ask", "answered", "solve", "agree", "reopen", "dance"])
NAMES = st.sampled_from(["title", "urgency", "cause", "colour"])
FIELDS = st.dictionaries(NAMES, st.sampled_from(["", "high", "Dust"]), max_size=2)
WORDS = st.sampled_from([WrittenContent(), TEXT])
PRIORITIES = st.sampled_from(["", "P1", "P2", "P9"])
TEAMS = st.sampled_from(["desk", "gold", "kitchen"])
CLOCK = {"target": st.just("resolution"), "cycle": st.integers(1, 2), "rests_on": VERSIONS}
ASKED: st.SearchStrategy[Event] = st.one_of(
    st.just(created()),
    st.builds(AddComment, seen=VERSIONS, public=st.booleans(), personal=WORDS),
    st.builds(ChangeStatus, seen=VERSIONS, transition=STEPS, fields=FIELDS, personal=WORDS),
    st.builds(SetFields, seen=VERSIONS, fields=FIELDS),
    st.builds(ClassifyCase, case_type=st.sampled_from(["incident", "question", "wish"])),
    st.builds(
        AssessPriority, seen=VERSIONS, priority=PRIORITIES, axes=st.just({"urgency": "high"})
    ),
    st.builds(AssignCase, seen=VERSIONS, team=TEAMS, agent=st.sampled_from(["", "bo"])),
    st.builds(ReplyReceived, found_by=st.just("token"), participant=st.booleans(), personal=WORDS),
    st.builds(DeadlineWarned, share=st.just(0.5), due=st.just(START), **CLOCK),
    st.builds(TargetBreached, due_at=st.just(START), detected_at=st.just(START), **CLOCK),
    st.builds(BreachWithdrawn, fact=st.just("x"), **CLOCK),
)
ACTORS = st.sampled_from([ANNA, GRACE, BO, CY, UNKNOWN_ACTOR])
MINUTES = st.integers(0, 60)


def never_runs_back(history: list[Draft]) -> bool:
    """Whether nothing is told at a time before that of the last thing that people did."""
    last = START
    for draft in history:
        if draft.occurred_at is None or draft.occurred_at < last:
            return False
        if not isinstance(draft.event, ClockEvent):
            last = draft.occurred_at
    return True


def _is_one_outcome(asked: Event, facts: tuple[Draft, ...]) -> bool:
    """Facts of the case, or one answer, and never both; machines may get silence."""
    answers = [draft for draft in facts if draft.topic == REFUSALS]
    if answers:
        answered = isinstance(answers[0].event, CommandRefused | CommandUnchanged)
        return answered and len(facts) == 1
    return bool(facts) or not isinstance(asked, Command | CaseCreated | ReplyReceived)


@settings(max_examples=150)
@given(st.lists(st.tuples(ASKED, ACTORS, MINUTES), max_size=25))
def test_whatever_is_asked_has_one_outcome_and_the_history_makes_the_case(
    asked: list[tuple[Event, Actor, int]],
) -> None:
    """C6, C10: any sequence of people and machines, in any order of time."""
    desk = Desk()
    for event, actor, minute in asked:
        outcome = desk.take(record(event, actor, minute))
        assert _is_one_outcome(event, outcome.events)
    if not desk.history:
        return
    case = desk.snapshot_state.case
    start = Case(channel=case.channel)
    assert replay(fold, start, [draft.event for draft in desk.history]) == case
    assert case.version == len(desk.history)
    definition = REFERENCE.definition(desk.snapshot_state.definition)
    assert case.status in definition.statuses
    assert case.team in definition.teams
    assert case.priority in definition.document.priorities.scale
    assert never_runs_back(desk.history)
