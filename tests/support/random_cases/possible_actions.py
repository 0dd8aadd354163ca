"""The possible actions on a case: by people with the right role, by replies and by timers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from case_definition.lookup.definition import Definition
from case_definition.schema.model import Requires
from case_events.contracts.base import Event
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
)
from case_events.contracts.decisions import AskDecision, DecideCase
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.links import UndoMerge
from case_events.contracts.parts import DecisionContent, WrittenContent
from case_events.contracts.phases import ChangePhase
from case_events.contracts.sla import TimerFired
from case_events.envelope import SYSTEM, Actor
from case_workflow.domain.case import Case

from tests.support.random_cases.generators import good

WRITTEN = WrittenContent(text="As we said.")
RULED = DecisionContent(text="It is worth it.", answer="We decided.")
SOME_DAY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


def possible_actions(
    case: Case, definition: Definition, agents: Sequence[Actor]
) -> Iterator[tuple[Event, Actor]]:
    """Everything that may bring a case further, with its actor; steps first, with valid values."""
    people = [*agents]
    if case.contact:
        people.insert(0, Actor(kind="contact", id=case.contact, capacity="contact"))
    for step in definition.transitions_from(case.status, case.case_type):
        for who in people if step.by else ():
            fields = _filled(step.requires, case, definition, who)
            yield ChangeStatus(transition=step.name, fields=fields, personal=WRITTEN), who
    for phase in definition.phases_from(case.phase, case.case_type):
        for who in people if phase.by else ():
            fields = _filled(phase.requires, case, definition, who)
            yield ChangePhase(phase=phase.name, fields=fields, personal=WRITTEN), who
    for name, terms in definition.decisions.items():
        if case.status in terms.statuses:
            week = "2027-W02" if terms.plans_release == "must" else ""
            yield AskDecision(decision=name, personal=WRITTEN), agents[0]
            for who in agents:
                yield DecideCase(decision=name, outcome="yes", week=week, personal=RULED), who
                yield DecideCase(decision=name, outcome="no", personal=RULED), who
    yield from _by_themselves(case, definition)
    for who in people:
        yield AddComment(public=True, personal=WRITTEN), who
    for who in agents[:1]:
        yield from _settings(case, definition, who)


def _settings(case: Case, definition: Definition, who: Actor) -> Iterator[tuple[Event, Actor]]:
    """The changes by an agent: another team, priority or type."""
    if case.links.merged is not None:
        yield UndoMerge(), who
    for team in definition.teams:
        yield AssignCase(team=team), who
    for priority in definition.document.priorities.scale:
        yield AssessPriority(priority=priority), who
    for case_type in definition.case_types[case.case_type].reclassify_to:
        yield ClassifyCase(case_type=case_type), who


def _by_themselves(case: Case, definition: Definition) -> Iterator[tuple[Event, Actor]]:
    """The timers that can run in the current status, and a reply of the contact."""
    for timer in definition.document.timers:
        begun = [signal for signal in timer.since if signal.startswith("status:")]
        if len(begun) < len(timer.since) or f"status:{case.status}" in begun:
            fired = TimerFired(
                timer=timer.name,
                cycle=case.timers.get(timer.name, 0) + 1,
                rests_on=case.version,
                due_at=SOME_DAY,
                fired_at=SOME_DAY,
            )
            yield fired, SYSTEM
    if case.contact:
        who = Actor(kind="contact", id=case.contact, capacity="contact")
        yield ReplyReceived("token", True, personal=WRITTEN), who


def _filled(requires: Requires, case: Case, definition: Definition, who: Actor) -> dict[str, str]:
    """The required fields of a step without a value, which this actor may fill in."""
    own = definition.case_types[case.case_type].field_names
    return {
        name: good(definition.fields[name])
        for name in requires.fields
        if name in own and not case.fields.get(name)
        if who.kind in definition.fields[name].editable_by
    }
