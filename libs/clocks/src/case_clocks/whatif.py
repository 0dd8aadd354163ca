"""What-if: the same histories under other agreements or calendars."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import compile_agreement
from case_events.contracts.intake import CaseCreated
from case_events.envelope import Record
from msgspec import Struct

from case_clocks.case_time import empty_case_time
from case_clocks.clock import Cycle
from case_clocks.fold import expire
from case_clocks.moves import move
from case_clocks.terms import CompiledCalendars

State = Literal["met", "breached", "excluded", "open"]


class CycleOutcome(Struct, frozen=True):
    """The outcome of a cycle: its state, and the missed or next due."""

    state: State
    due: int | None
    promised: float


class CycleComparison(Struct, frozen=True):
    """A cycle under both terms; None if a target does not apply under one of them."""

    reference: str
    target: str
    cycle: int
    priority: str
    as_is: CycleOutcome | None
    what_if: CycleOutcome | None

    @property
    def differs(self) -> bool:
        """Whether the cycle would have ended differently."""
        now, then = self.as_is, self.what_if
        return (now and now.state) != (then and then.state)


class Tally(Struct, frozen=True):
    """The numbers of kept, missed, excluded and open cycles of a target, under one set of terms."""

    target: str
    promised: float
    kept: int
    missed: int
    unanswered: int
    open: int


class TenantTerms:
    """Everything that a tenant promises, and the calendars compiled so far."""

    def __init__(self, reference: Reference) -> None:
        self.reference, self.calendars = reference, CompiledCalendars()

    def cycles(self, history: Iterable[Record], at: int) -> dict[tuple[str, int], CycleOutcome]:
        """Every cycle of a history under these terms, by target and number."""
        case, found = empty_case_time(), dict[tuple[str, int], CycleOutcome]()
        ended: dict[str, Cycle] = {}
        for record in history:
            case = move(case, record, self.reference, self.calendars)
            for clock in case.clocks.clocks:
                cycle, before = clock.cycle, ended.get(clock.metric)
                if cycle is None or cycle is before:
                    continue
                if before is not None and before.number != cycle.number:
                    _note(found, clock.metric, before)
                ended[clock.metric] = cycle
        for clock in expire(case.clocks, at).clocks:
            if clock.cycle is not None:
                _note(found, clock.metric, clock.cycle)
        return found


def _note(found: dict[tuple[str, int], CycleOutcome], metric: str, cycle: Cycle) -> None:
    if cycle.target is None:
        return
    state: State = "open"
    if cycle.missed is not None:
        state = "breached"
    elif cycle.excluded:
        state = "excluded"
    elif cycle.ended is not None:
        state = "met"
    due = cycle.missed if cycle.missed is not None else cycle.due
    found[metric, cycle.number] = CycleOutcome(state, due, cycle.target.promised)


def compare(
    history: Sequence[Record], as_is: TenantTerms, what_if: TenantTerms, at: int
) -> Iterator[CycleComparison]:
    """Each cycle of a case under both terms."""
    created = history[0].data
    name = created.reference if isinstance(created, CaseCreated) else str(history[0].case)
    priority = next(
        (str(p) for r in reversed(history) if (p := getattr(r.data, "priority", ""))), ""
    )
    now, then = as_is.cycles(history, at), what_if.cycles(history, at)
    for target, cycle in sorted(now.keys() | then.keys()):
        key = (target, cycle)
        yield CycleComparison(name, target, cycle, priority, now.get(key), then.get(key))


def tallies(outcomes: Iterable[tuple[str, CycleOutcome | None]]) -> list[Tally]:
    """The outcomes counted by target and promised share."""
    states: dict[tuple[str, float], Counter[str]] = {}
    for target, outcome in outcomes:
        if outcome is not None:
            states.setdefault((target, outcome.promised), Counter())[outcome.state] += 1
    return [
        Tally(target, promised, n["met"], n["breached"], n["excluded"], n["open"])
        for (target, promised), n in sorted(states.items())
    ]


def substituted(
    known: Reference,
    tenant: str,
    agreements: Sequence[Mapping[str, Any]],
    calendars: Mapping[str, Mapping[str, Any]],
) -> Reference:
    """The tenant's terms with these agreements instead of every version of the same ids, and these
    calendars instead of those with the same names. Raises ValueError for an invalid one."""
    definitions, agreed = known.terms_of(tenant)
    other, instead = Reference(), {terms["id"]: terms for terms in agreements}
    for definition in definitions:
        document = definition.document.model_dump(mode="json", by_alias=True)
        document["calendars"] = _replaced(document["calendars"], calendars)
        other.add_definition(compile_definition(document))
    for agreement in agreed:
        document = agreement.document.model_dump(mode="json", by_alias=True)
        if agreement.document.id in instead:
            document = {**instead[agreement.document.id], "version": agreement.document.version}
        document["calendars"] = _replaced(document.get("calendars", {}), calendars)
        other.add_agreement(compile_agreement(document))
    return other


def _replaced(
    known: Mapping[str, Any], calendars: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    return {name: calendars.get(name, data) for name, data in known.items()}
