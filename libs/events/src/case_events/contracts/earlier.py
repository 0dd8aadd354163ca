"""Upcasters: the data of an earlier version of a contract as data of the next."""

import re

from case_events.contracts.upcasting import Document, upcaster

AXES = ("urgency", "necessity")
"""The two axes of the priority from before definitions named their own."""
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@upcaster("nl.casefold.case.priority-assessed.v1", "nl.casefold.case.priority-assessed.v2")
@upcaster("nl.casefold.command.assess-priority.v1", "nl.casefold.command.assess-priority.v2")
def axes_by_name(data: Document) -> Document:
    """Put the values of the two axes under their names."""
    axes = {name: data[name] for name in AXES if data.get(name)}
    kept = {name: value for name, value in data.items() if name not in AXES}
    return kept | {"axes": axes} if axes else kept


@upcaster("nl.casefold.sla.deadline-set.v1", "nl.casefold.sla.deadline-set.v2")
def reason_by_label(data: Document) -> Document:
    """Name the event that moved the due time by its label. Version 1 had the name of its class."""
    return data | {"reason": label_of_class(data["reason"])}


@upcaster("nl.casefold.sla.target-breached.v1", "nl.casefold.sla.target-breached.v2")
def cause_by_label(data: Document) -> Document:
    """Name the event that moved the due time into the past by its label. It is absent if the time
    ran out."""
    return data | {"cause": label_of_class(data["cause"])} if "cause" in data else data


def label_of_class(class_name: str) -> str:
    """Return the label of an event from the name that its class had in version 0.1."""
    return _CAPITAL.sub("_", class_name).lower()
