"""How an event is declared: its stable names, and all that others need to know of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypedDict, TypeVar, Unpack

from msgspec import Struct

from case_events.contracts.declared import Askers, Audience, NoticeTerms, Trigger

PREFIX = "nl.casefold"
_LABEL = re.compile(r"[a-z]+(_[a-z]+)*")


class Event(Struct, frozen=True, omit_defaults=True):
    """The data of a record. What identifies a person lies under `personal`."""


class Declared(TypedDict, total=False):
    """What may be declared of an event, besides its names and topics."""

    triggers: tuple[Trigger, ...]
    """What it can set off in a definition. Left out: nothing."""
    notice: NoticeTerms
    """How a notice tells of it. Left out: none can."""
    rule_members: tuple[str, ...]
    """The members that rules may ask as `event.<member>`. Left out: its type alone."""
    audience: Audience | Callable[[Any], Audience]
    """Who sees it in the history; for a command, for whom it exists. Left out: everyone."""
    words: Audience
    """Who reads what was written with it. Left out: whoever sees it."""
    by_rule: bool | Callable[[Any], bool]
    """Whether it follows by a rule of the definition, so that nobody did it. Left out: no."""
    moves_clocks: bool
    """Whether it may move a clock of its case. Left out: no."""
    asked_by: Askers
    """Who may ask a command. Only commands have it."""
    informs: bool
    """Whether nothing is decided by it, so that a service which does not know it yet may pass it
    by. Left out: no."""


class Contract(Struct, frozen=True, kw_only=True):
    """What is declared of an event.

    `ce_type` is its type name on the wire, with the version of its schema. `label` is its name in
    data, in rules and for people; all versions of an event share it. `topics` carry it; an event
    of the runtime alone has none. For the rest see `contract`.
    """

    ce_type: str
    label: str
    event: type[Event]
    topics: tuple[str, ...]
    triggers: tuple[Trigger, ...] = ()
    notice: NoticeTerms | None = None
    rule_members: tuple[str, ...] = ()
    audience: Audience | Callable[[Any], Audience] = "everyone"
    words: Audience = "everyone"
    by_rule: bool | Callable[[Any], bool] = False
    moves_clocks: bool = False
    asked_by: Askers | None = None
    informs: bool = False


E = TypeVar("E", bound=Event)

_by_type: dict[str, Contract] = {}
_by_class: dict[type[Event], Contract] = {}
_name_of_label: dict[str, str] = {}


def contract(
    name: str, *topics: str, label: str, version: int = 1, **declared: Unpack[Declared]
) -> Callable[[type[E]], type[E]]:
    """Register an event under `nl.casefold.<name>.v<version>`, on the topics that carry it.

    `label` is in snake case, and belongs to one name. Neither changes when the class is renamed.
    Raises ValueError for a type that is registered twice, and for a label of another event. What
    else may be declared of it, and what it means where it is left out: see `Declared`.
    """

    def register(event: type[E]) -> type[E]:
        ce_type = f"{PREFIX}.{name}.v{version}"
        if ce_type in _by_type:
            raise ValueError(f"{ce_type} is registered twice")
        if not _LABEL.fullmatch(label) or _name_of_label.setdefault(label, name) != name:
            raise ValueError(f"{ce_type} cannot have the label {label!r}")
        one = Contract(ce_type=ce_type, label=label, event=event, topics=topics, **declared)
        _by_type[ce_type] = _by_class[event] = one
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
    return _by_class[event if isinstance(event, type) else type(event)].ce_type


def label_of(event: Event | type[Event]) -> str:
    """The stable label of an event or its class, such as `status_changed`."""
    return _by_class[event if isinstance(event, type) else type(event)].label


def audience_of(event: Event) -> Audience:
    """Who sees an event in the history of its case."""
    audience = _by_class[type(event)].audience
    return audience(event) if callable(audience) else audience


def notice_audience(event: Event) -> Audience:
    """Whom a notice may tell of an event."""
    terms = contract_of(event).notice
    audience = terms.audience if terms is not None else "desk"
    return audience(event) if callable(audience) else audience


def is_by_rule(event: Event) -> bool:
    """Whether an event follows by a rule of the definition, and nobody asked for it."""
    by_rule = _by_class[type(event)].by_rule
    return by_rule(event) if callable(by_rule) else by_rule


def every_contract() -> Iterator[Contract]:
    """All registered contracts, in the order of registration."""
    yield from _by_type.values()
