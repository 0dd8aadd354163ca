"""Earlier versions of contracts: how their data is read as that of the next."""

import re

from case_events.contracts.upcasting import Document, upcaster

AXES = ("urgency", "necessity")
"""The two axes that there were, before a definition named its own."""
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@upcaster("nl.casefold.case.priority-assessed.v1", "nl.casefold.case.priority-assessed.v2")
@upcaster("nl.casefold.command.assess-priority.v1", "nl.casefold.command.assess-priority.v2")
def axes_by_name(data: Document) -> Document:
    """What was chosen on the two axes, under their names."""
    axes = {name: data[name] for name in AXES if data.get(name)}
    kept = {name: value for name, value in data.items() if name not in AXES}
    return kept | {"axes": axes} if axes else kept


@upcaster("nl.casefold.sla.deadline-set.v1", "nl.casefold.sla.deadline-set.v2")
def reason_by_label(data: Document) -> Document:
    """The event that moved the due, by its label: version 1 had the name of its class."""
    return data | {"reason": label_of_class(data["reason"])}


@upcaster("nl.casefold.sla.target-breached.v1", "nl.casefold.sla.target-breached.v2")
def cause_by_label(data: Document) -> Document:
    """The event that moved the due into the past, by its label; none where time ran out."""
    return data | {"cause": label_of_class(data["cause"])} if "cause" in data else data


def label_of_class(class_name: str) -> str:
    """The label of an event by the name that its class had in version 0.1."""
    return _CAPITAL.sub("_", class_name).lower()
