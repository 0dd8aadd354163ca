"""Earlier versions of contracts: how their data is read as that of the next."""

from case_events.upcasting import Document, upcaster

AXES = ("urgency", "necessity")
"""The two axes that there were, before a definition named its own."""


@upcaster("nl.casefold.case.priority-assessed.v1", "nl.casefold.case.priority-assessed.v2")
@upcaster("nl.casefold.command.assess-priority.v1", "nl.casefold.command.assess-priority.v2")
def axes_by_name(data: Document) -> Document:
    """What was chosen on the two axes, under their names."""
    axes = {name: data[name] for name in AXES if data.get(name)}
    kept = {name: value for name, value in data.items() if name not in AXES}
    return kept | {"axes": axes} if axes else kept
