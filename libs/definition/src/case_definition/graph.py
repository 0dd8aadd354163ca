"""The life of a case as a picture: a Mermaid state diagram."""

from collections.abc import Iterator

from case_definition.schema import DefinitionDocument, Transition


def mermaid(document: DefinitionDocument) -> str:
    """The statuses and transitions of a definition, in Mermaid's language."""
    return "\n".join(["stateDiagram-v2", *_lines(document)]) + "\n"


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
            yield f"    {source} --> {step.to}: {_label(step)}"
    for status in document.statuses:
        if status.kind == "final":
            yield f"    {status.name} --> [*]"


def _label(step: Transition) -> str:
    causes = [*step.by, *([f"on {step.on}"] if step.on else [])]
    only = f" [{', '.join(step.case_types)}]" if step.case_types else ""
    return f"{step.name} ({', '.join(causes)}){only}"
