"""Checks process timers: possible beginnings, existing calendars, and a consequence."""

from collections.abc import Iterator

from case_definition.check.flow import reachable
from case_definition.check.names import all_unknown, twice, unknown
from case_definition.check.settings import length_problems
from case_definition.check.terms import signal_problems
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import DefinitionProblem


def timer_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the process timers of a definition."""
    yield from twice(("timers",), [timer.name for timer in document.timers])
    kinds = [kind.name for kind in document.case_types]
    for position, timer in enumerate(document.timers):
        path = ("timers", position)
        if timer.name in document.metric_names:
            sentence = f"`{timer.name}` is a metric already; give the timer another name"
            yield DefinitionProblem((*path, "name"), "duplicate-name", sentence)
        yield from length_problems((*path, "after"), timer.after, timer.elapsed)
        yield from signal_problems((*path, "since"), timer.since, document)
        yield from signal_problems((*path, "until"), timer.until, document)
        yield from all_unknown((*path, "case_types"), "case type", timer.case_types, kinds)
        if timer.calendar:
            yield from unknown(
                (*path, "calendar"), "calendar", timer.calendar, list(document.calendars)
            )
        elif not timer.elapsed:
            sentence = "say on which `calendar` its time counts, or write `elapsed: true`"
            yield DefinitionProblem(path, "no-calendar", sentence)
        yield from _begun(position, document)
        if timer.name not in _answered(document):
            sentence = f"nothing follows: put `timer:{timer.name}` on a step, automation or notice"
            yield DefinitionProblem(path, "idle-timer", sentence)


def _begun(position: int, document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """A timer that no event begins, or that begins another timer by which it begins itself."""
    timer, path = document.timers[position], ("timers", position, "since")
    if set(timer.since) == {f"timer:{timer.name}"}:
        sentence = "only itself begins it, so it never begins; name what comes first"
        yield DefinitionProblem(path, "never", sentence)
    leads = [
        (signal.removeprefix("timer:"), other.name)
        for other in document.timers
        for signal in other.since
        if signal.startswith("timer:") and signal != f"timer:{other.name}"
    ]
    following = [to for begins, to in leads if begins == timer.name]
    if timer.name in reachable(following, leads):
        sentence = "these timers begin each other for ever; let one begin with something else"
        yield DefinitionProblem(path, "circle", sentence)


def _answered(document: DefinitionDocument) -> set[str]:
    """The timers for which something waits."""
    asked = [step.on for step in document.transitions] + [one.on for one in document.automations]
    asked += [signal for timer in document.timers for signal in timer.since]
    names = {on.partition(":")[2] for on in asked if on and on.startswith("timer:")}
    if any(on == "timer" for on in asked) or any(n.on == "timer_fired" for n in document.notices):
        names |= {timer.name for timer in document.timers}
    return names
