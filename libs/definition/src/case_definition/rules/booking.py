"""How work counts under a definition: its surcharge, whether it is free or billed, and its
approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from case_events.contracts.parts import WorkPart
from msgspec import Struct

from case_definition.calendar.days import BREAK, OPEN
from case_definition.calendar.fields import calendar_of
from case_definition.calendar.instants import SECOND, instant_of
from case_definition.cel.rules import Variables
from case_definition.lookup.definition import Definition
from case_definition.rules.ledger import Ledger
from case_definition.schema.approvals import Approval, Unit
from case_definition.schema.work import Allowance, Billing, WorkKind, WorkTerms

_MINUTE = 60 * SECOND
_IN_HOURS = (OPEN, BREAK)


class Effort(Struct, frozen=True, kw_only=True):
    """Work to be booked."""

    kind: WorkKind
    began: datetime
    minutes: int


class BillingResult(Struct, frozen=True, kw_only=True):
    """How it counts: see `case_events.contracts.work.Work`."""

    parts: tuple[WorkPart, ...]
    billable: bool
    why: str
    approval: str = ""
    allowance: str = ""
    allowance_left: int = 0


class InsufficientApproval(Struct, frozen=True):
    """The work exceeds the approval: the approval, and its remaining minutes."""

    approval: str
    needed: int
    left: int


def apply_billing(
    effort: Effort, ledger: Ledger, definition: Definition, variables: Variables
) -> BillingResult | InsufficientApproval:
    """How work counts, given the account; or the missing approval.

    `variables` are those of the case, with the kind and minutes of the work as `event`.
    """
    billing = billing_of(definition, variables)
    parts = surcharged(effort, definition)
    allowance = allowance_of(definition, variables) if billing.billable else None
    free_left = free = 0
    if allowance is not None:
        had = ledger.free_used(allowance.name)
        free_left = max(definition.minutes_of(allowance.amount) - had, 0)
        free = min(free_left, effort.minutes)
    needed = effort.minutes - free
    approval = ""
    if needed:
        covering = [one.name for one in covering_of(definition, billing, variables)]
        if covering:
            best = _enough(covering, ledger, needed)
            if ledger.left(best) < needed:
                return InsufficientApproval(best, needed, ledger.left(best))
            approval = best
    return BillingResult(
        parts=_with_free(parts, free),
        billable=billing.billable,
        why=billing.name,
        approval=approval,
        allowance=allowance.name if allowance and free else "",
        allowance_left=free_left - free,
    )


def billing_of(definition: Definition, variables: Variables) -> Billing:
    """Whether work is billed, and by which rule. Raises LookupError if no rule holds."""
    for rule in _terms(definition).billing:
        if definition.holds(rule.when, variables):
            return rule
    raise LookupError(f"{definition.key}: no billing rule; a checked definition has one")


def allowance_of(definition: Definition, variables: Variables) -> Allowance | None:
    """The allowance that gives a case its first minutes, if any."""
    for allowance in _terms(definition).allowances:
        if allowance.is_for(variables["case"]["type"]) and definition.holds(
            allowance.when, variables
        ):
            return allowance
    return None


def covering_of(definition: Definition, billing: Billing, variables: Variables) -> list[Approval]:
    """The approvals of which this work needs one; empty if it needs none."""
    told = {**variables["event"], "billable": billing.billable, "why": billing.name}
    return [
        one
        for one in definition.document.approvals
        if one.is_for(variables["case"]["type"])
        and definition.holds(one.when, {**variables, "event": told})
    ]


def surcharged(effort: Effort, definition: Definition) -> list[WorkPart]:
    """The work in parts with one surcharge each, in order."""
    if not effort.kind.surcharged or effort.kind.unit == "working_days":
        return [WorkPart(effort.minutes)] if effort.minutes else []
    start = instant_of(effort.began)
    percents = [0] * effort.minutes
    for surcharge in reversed(_terms(definition).surcharges):
        calendar = calendar_of(definition.document.calendars[surcharge.outside])
        for low, high, why in calendar.pieces(start, start + effort.minutes * _MINUTE):
            if why not in _IN_HOURS:
                first, last = -(-(low - start) // _MINUTE), -(-(high - start) // _MINUTE)
                percents[first:last] = [surcharge.percent] * (last - first)
    return _joined([WorkPart(1, percent) for percent in percents])


def is_whole(minutes: int, unit: Unit, definition: Definition) -> bool:
    """Whether an amount is a whole number of that unit."""
    return unit == "hours" or minutes % definition.working_day == 0


def began_at(began: datetime | None, minutes: int, now: datetime) -> datetime:
    """The beginning of work, on a whole minute; by default so that it ends now."""
    start = began if began is not None else now - timedelta(minutes=minutes)
    return start.replace(second=0, microsecond=0)


def _terms(definition: Definition) -> WorkTerms:
    terms = definition.document.work
    if terms is None:
        raise LookupError(f"{definition.key} books no work")
    return terms


def _enough(approvals: Sequence[str], ledger: Ledger, needed: int) -> str:
    """The first approval that has enough left, or else the one with the most."""
    for name in approvals:
        if ledger.left(name) >= needed:
            return name
    return max(approvals, key=ledger.left)


def _with_free(parts: Sequence[WorkPart], free: int) -> tuple[WorkPart, ...]:
    """The parts, with the first minutes free."""
    found: list[WorkPart] = []
    for part in parts:
        taken = min(free, part.minutes)
        free -= taken
        if taken:
            found.append(WorkPart(taken, part.surcharge, free=True))
        if part.minutes > taken:
            found.append(WorkPart(part.minutes - taken, part.surcharge))
    return tuple(found)


def _joined(parts: Sequence[WorkPart]) -> list[WorkPart]:
    found: list[WorkPart] = []
    for part in parts:
        if found and found[-1].surcharge == part.surcharge:
            part = WorkPart(found.pop().minutes + part.minutes, part.surcharge)  # noqa: PLW2901
        found.append(part)
    return found
