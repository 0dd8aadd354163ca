"""How an event gets its stable name, and how the name finds the event again."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

PREFIX = "nl.casefold"


class Event(Struct, frozen=True, omit_defaults=True):
    """The data of a record. What identifies a person lies under `personal`."""


E = TypeVar("E", bound=Event)

_by_type: dict[str, type[Event]] = {}
_type_of: dict[type[Event], str] = {}
_topics: dict[type[Event], tuple[str, ...]] = {}


def contract(name: str, *topics: str, version: int = 1) -> Callable[[type[E]], type[E]]:
    """Register an event under `nl.casefold.<name>.v<version>`, on the topics that carry it."""

    def register(event: type[E]) -> type[E]:
        ce_type = f"{PREFIX}.{name}.v{version}"
        if ce_type in _by_type:
            raise ValueError(f"{ce_type} is registered twice")
        _by_type[ce_type] = event
        _type_of[event] = ce_type
        _topics[event] = topics
        return event

    return register


def event_class(ce_type: str) -> type[Event]:
    """The class of a type name; KeyError where no contract has that name."""
    return _by_type[ce_type]


def type_name(event: Event | type[Event]) -> str:
    """The stable type name of an event or its class."""
    return _type_of[event if isinstance(event, type) else type(event)]


def every_contract() -> Iterator[tuple[str, type[Event], tuple[str, ...]]]:
    """All registered contracts: type name, class, topics; in the order of registration."""
    for ce_type, event in _by_type.items():
        yield ce_type, event, _topics[event]
