"""How an event gets its stable names, and how a name finds the event again."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

PREFIX = "nl.casefold"
_LABEL = re.compile(r"[a-z]+(_[a-z]+)*")


class Event(Struct, frozen=True, omit_defaults=True):
    """The data of a record. What identifies a person lies under `personal`."""


class Contract(Struct, frozen=True, kw_only=True):
    """What is declared of an event.

    `ce_type` is its type name on the wire, with the version of its schema. `label` is its name in
    data, in rules and for people; all versions of an event share it. `topics` carry it; an event
    of the runtime alone has none. `informs`: nothing is decided by it, so that a service which
    does not know it yet may pass it by.
    """

    ce_type: str
    label: str
    event: type[Event]
    topics: tuple[str, ...]
    informs: bool = False


E = TypeVar("E", bound=Event)

_by_type: dict[str, Contract] = {}
_by_class: dict[type[Event], Contract] = {}
_name_of_label: dict[str, str] = {}


def contract(
    name: str, *topics: str, label: str, version: int = 1, informs: bool = False
) -> Callable[[type[E]], type[E]]:
    """Register an event under `nl.casefold.<name>.v<version>`, on the topics that carry it.

    `label` is in snake case, and belongs to one name. Neither changes when the class is renamed.
    `informs` is for what no service decides by.
    Raises ValueError for a type that is registered twice, and for a label of another event.
    """

    def register(event: type[E]) -> type[E]:
        ce_type = f"{PREFIX}.{name}.v{version}"
        if ce_type in _by_type:
            raise ValueError(f"{ce_type} is registered twice")
        if not _LABEL.fullmatch(label) or _name_of_label.setdefault(label, name) != name:
            raise ValueError(f"{ce_type} cannot have the label {label!r}")
        declared = Contract(
            ce_type=ce_type, label=label, event=event, topics=topics, informs=informs
        )
        _by_type[ce_type] = _by_class[event] = declared
        return event

    return register


def event_class(ce_type: str) -> type[Event]:
    """The class of a type name; KeyError where no contract has that name."""
    return _by_type[ce_type].event


def contract_named(ce_type: str) -> Contract:
    """What is declared under a type name; KeyError where no contract has that name."""
    return _by_type[ce_type]


def contract_of(event: Event | type[Event]) -> Contract:
    """What is declared of an event or its class."""
    return _by_class[event if isinstance(event, type) else type(event)]


def type_name(event: Event | type[Event]) -> str:
    """The stable type name of an event or its class, with the version of its schema."""
    return contract_of(event).ce_type


def label_of(event: Event | type[Event]) -> str:
    """The stable label of an event or its class, such as `status_changed`."""
    return contract_of(event).label


def every_contract() -> Iterator[Contract]:
    """All registered contracts, in the order of registration."""
    yield from _by_type.values()
