"""Checks triggers: a part with an impossible trigger would wait for ever."""

from collections.abc import Iterator
from typing import Any

from case_definition.schema.definition import DefinitionDocument, Transition
from case_definition.source.findings import DefinitionProblem
from case_definition.vocabulary import NEEDS


def trigger_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Steps, phases and automations with a trigger that is impossible in this definition."""
    for section in ("transitions", "automations", "phases"):
        for position, one in enumerate(getattr(document, section)):
            if one.on is not None and (why := _never(document, one.on)):
                yield DefinitionProblem((section, position, "on"), "never", why)
    for position, step in enumerate(document.transitions):
        if step.by and "contact" not in step.by and "agent" not in step.by and step.on is None:
            sentence = "no person takes this step; say who (`by`), or on which event (`on`)"
            yield DefinitionProblem(("transitions", position, "by"), "nobody", sentence)
        yield from _from_statuses(document, position, step)


def _never(document: DefinitionDocument, on: str) -> str | None:
    """Why a trigger never happens in any status; None if it can."""
    kind = on.partition(":")[0]
    missing = NEEDS.get(kind, "")
    if not missing or _has(document, missing):
        return None
    return f"`{kind}` never happens without `{missing}`; declare them"


def _has(document: DefinitionDocument, path: str) -> bool:
    """Whether the definition has something at a path, such as `links.problems`."""
    part: Any = document
    for name in path.split("."):
        part = getattr(part, name)
    return part is not None and part != ()


def _from_statuses(
    document: DefinitionDocument, position: int, step: Transition
) -> Iterator[DefinitionProblem]:
    """A step with a trigger that is impossible in one of the statuses in which the step begins."""
    if step.on is None:
        return
    kind, _, about = step.on.partition(":")
    statuses = {status.name: status for status in document.statuses}
    path = ("transitions", position, "on")
    for name in step.from_statuses:
        if name not in statuses:
            continue
        if kind in ("contact_replied", "agent_replied"):
            author = kind.removesuffix("_replied")
            if author not in statuses[name].comments_by:
                sentence = f"no {author} may write in `{name}`; add `{author}` to its `comments_by`"
                yield DefinitionProblem(path, "never", sentence)
        if kind in ("decision_yes", "decision_no"):
            waiting = [one for one in document.decisions if about in ("", one.name)]
            if waiting and not any(name in one.statuses for one in waiting):
                sentence = f"no decision is waited for in `{name}`; add it to its `statuses`"
                yield DefinitionProblem(path, "never", sentence)
        if kind == "timer":
            timers = [timer for timer in document.timers if about in ("", timer.name)]
            begun = {signal for timer in timers for signal in timer.since}
            elsewhere = all(signal.startswith("status:") for signal in begun)
            if begun and elsewhere and f"status:{name}" not in begun:
                sentence = f"the timer does not run in `{name}`; take that out of `from`"
                yield DefinitionProblem(path, "never", sentence)
