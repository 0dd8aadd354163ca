"""The state on which a case's time depends, folded from its history."""

from case_definition.lookup.definition import Definition
from case_definition.rules.case_state import CaseState
from msgspec.structs import replace

from case_clocks.clock import METRICS, CaseClocks, Clock, clock


class CaseTime(CaseState, frozen=True, kw_only=True, omit_defaults=True):
    """A case with its clocks and process timers. The state of the case determines the targets, and
    who has to act."""

    clocks: CaseClocks
    timers: CaseClocks = CaseClocks(())


def empty_case_time() -> CaseTime:
    """A case without events. Every metric has a clock, and no clock has a target."""
    return CaseTime(clocks=CaseClocks(tuple(clock(metric) for metric in METRICS)))


def with_metrics(case: CaseTime, definition: Definition) -> CaseTime:
    """The case with a clock for each metric that its definition adds or extends."""
    clocks = {each.metric: each for each in case.clocks.clocks}
    for terms in definition.document.metrics:
        known = clocks.get(terms.name, Clock(terms.name, (), ()))
        clocks[terms.name] = replace(
            known,
            begins=tuple(dict.fromkeys((*known.begins, *terms.begins))),
            ends=tuple(dict.fromkeys((*known.ends, *terms.ends))),
        )
    return replace(case, clocks=replace(case.clocks, clocks=tuple(clocks.values())))


def hands(case: CaseTime, definition: Definition) -> str:
    """Who has to act now: `contact`, `third_party`, a team or `team/agent`."""
    status = definition.statuses.get(case.status)
    if status is not None and status.waits_for in ("contact", "third_party"):
        return status.waits_for
    return f"{case.team}/{case.agent}" if case.agent else case.team
