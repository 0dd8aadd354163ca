"""The result of each cycle of a target, as known at each time: one document for each change."""

from datetime import datetime
from typing import Literal

from case_events.contracts.parts import TimeSpent
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineSet,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
    TargetMet,
)
from case_events.envelope import Record
from msgspec import Struct

from case_portal.read_model.view import CaseView

Kind = Literal["met", "breached", "withdrawn", "excluded", "running", "answered"]


class CycleReading(Struct, frozen=True, kw_only=True):
    """The result of a cycle by one event, and the owner of the case at that time.

    `at` is the time of the result: the due that was missed, otherwise the time of the event.
    `answered` is an addition to a breach and is no result of its own. `elapsed` and `left` are
    counted microseconds.
    """

    tenant: str
    reference: str
    target: str
    cycle: int
    kind: Kind
    at: datetime
    recorded_at: datetime
    customer: str
    case_type: str
    priority: str
    team: str
    agent: str
    agreement: str = ""
    promised: float = 1.0
    elapsed: int = 0
    left: int = 0
    cause: str = ""
    held: tuple[TimeSpent, ...] = ()


def reading_of(view: CaseView, record: Record) -> CycleReading | None:
    """The result that a record gives for a case in its earlier state; None if it gives none."""
    fact = record.data
    kind = _kind(view, fact) if isinstance(fact, ClockEvent) else None
    if kind is None or not isinstance(fact, ClockEvent):
        return None
    return CycleReading(
        tenant=record.tenant,
        reference=view.reference,
        target=fact.target,
        cycle=fact.cycle,
        kind=kind,
        at=fact.due_at if isinstance(fact, TargetBreached) else record.occurred_at,
        recorded_at=record.recorded_at,
        customer=view.customer,
        case_type=view.case_type,
        priority=view.priority,
        team=view.team,
        agent=view.agent,
        agreement=getattr(fact, "agreement", "") or view.agreement,
        promised=getattr(fact, "promised", 1.0),
        elapsed=getattr(fact, "elapsed", 0),
        left=getattr(fact, "left", 0),
        cause=getattr(fact, "cause", ""),
        held=getattr(fact, "held", ()),
    )


def _kind(view: CaseView, fact: ClockEvent) -> Kind | None:
    before = view.clocks.get(fact.target)
    ended = before is not None and before.cycle == fact.cycle and before.state == "met"
    match fact:
        case TargetMet():
            return "met"
        case TargetBreached():
            return "breached"
        case BreachWithdrawn():
            return "withdrawn"
        case TargetExcluded():
            return "excluded"
        case TargetAnswered():
            return "answered"
        case DeadlineSet(due=due) if due is not None and ended:
            return "running"
        case _:
            return None
