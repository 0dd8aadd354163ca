"""The life of a case as a diagram: a Mermaid state diagram."""

from collections.abc import Iterator

from case_definition.schema.definition import DefinitionDocument, Transition
from case_definition.schema.phases import Phase


def mermaid(document: DefinitionDocument) -> str:
    """The statuses, transitions and phases of a definition, in Mermaid's language."""
    return "\n".join(["stateDiagram-v2", *_lines(document), *_phases(document)]) + "\n"


def _lines(document: DefinitionDocument) -> Iterator[str]:
    texts = document.texts.get(document.default_language, {})
    for status in document.statuses:
        name = texts.get(f"statuses.{status.name}.name", status.name)
        yield f"    {status.name}: {name}"
    starts = [kind.start_status for kind in document.case_types]
    starts += [channel.status for channel in document.channels if channel.status]
    for start in dict.fromkeys(starts):
        yield f"    [*] --> {start}"
    for step in document.transitions:
        for source in step.from_statuses:
            yield f"    {source} --> {step.to}: {_label(step, document)}"
    for status in document.statuses:
        if status.kind == "final":
            yield f"    {status.name} --> [*]"


def _phases(document: DefinitionDocument) -> Iterator[str]:
    """The phases in a box of their own, because they are independent of the status; empty without
    phases."""
    if not document.phases:
        return
    texts = document.texts.get(document.default_language, {})
    phases = {phase.name: phase for phase in document.phases}
    yield '    state "phases" as phases {'
    for phase in document.phases:
        yield f"        phase_{phase.name}: {texts.get(f'phases.{phase.name}.name', phase.name)}"
    for phase in document.phases:
        if phase.first:
            yield f"        [*] --> phase_{phase.name}: {_label(phase, document)}"
        for name in (one for one in phase.next if one in phases):
            label = _label(phases[name], document)
            yield f"        phase_{phase.name} --> phase_{name}: {label}"
    yield "    }"


def _label(step: Transition | Phase, document: DefinitionDocument) -> str:
    """The name of a step, who takes it or which event triggers it, and its case types."""
    causes = [*step.by, *([f"on {step.on}{_after(step.on, document)}"] if step.on else [])]
    only = f" [{', '.join(step.case_types)}]" if step.case_types else ""
    return f"{step.name} ({', '.join(causes)}){only}"


def _after(on: str, document: DefinitionDocument) -> str:
    """The length of a timer that triggers a step."""
    lengths = [str(timer.after) for timer in document.timers if on == f"timer:{timer.name}"]
    return f" after {lengths[0]}" if lengths else ""
