"""The declaration of an event: its stable names, and everything that other modules derive
from it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypedDict, TypeVar, Unpack

from msgspec import Struct

from case_events.contracts.declared import Audience, NoticeTerms, Requesters, Trigger

PREFIX = "nl.casefold"
_LABEL = re.compile(r"[a-z]+(_[a-z]+)*")


class Event(Struct, frozen=True, omit_defaults=True):
    """The data of a record. Everything that identifies a person is under `personal`."""


class Declared(TypedDict, total=False):
    """The optional parts of a declaration."""

    triggers: tuple[Trigger, ...]
    """The triggers of a definition that the event fires. Default: none."""
    notice: NoticeTerms
    """The terms of notices about the event. Default: there are no notices about it."""
    rule_members: tuple[str, ...]
    """The members that rules may use as `event.<member>`. Default: only the type."""
    audience: Audience | Callable[[Any], Audience]
    """Who sees the event in the history; for a command, who may use it. Default: everyone."""
    words: Audience
    """Who reads the words that came with it. Default: everyone who sees it."""
    by_rule: bool | Callable[[Any], bool]
    """Whether it follows from a rule of the definition, so that no person caused it.
    Default: no."""
    moves_clocks: bool
    """Whether it may move a clock of its case. Default: no."""
    asked_by: Requesters
    """Who may send a command. Only commands declare it."""
    informs: bool
    """Whether no decision rests on it, so that a service that does not know it may skip it.
    Default: no."""


class Contract(Struct, frozen=True, kw_only=True):
    """The declaration of an event.

    `ce_type` is its type name on the wire, with the version of its schema. `label` is its name in
    data, in rules and for people; all versions of an event share it. `topics` are the topics that
    carry it; an event of the runtime has none. `Declared` documents the other members.
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
    asked_by: Requesters | None = None
    informs: bool = False


E = TypeVar("E", bound=Event)

_by_type: dict[str, Contract] = {}
_by_class: dict[type[Event], Contract] = {}
_name_of_label: dict[str, str] = {}


def contract(
    name: str, *topics: str, label: str, version: int = 1, **declared: Unpack[Declared]
) -> Callable[[type[E]], type[E]]:
    """Register an event under `nl.casefold.<name>.v<version>`, on the topics that carry it.

    `label` is in snake case and belongs to one name. Neither changes when the class is renamed.
    Raises `ValueError` for a type that is registered twice, and for a label of another event.
    `Declared` documents the other arguments and their defaults.
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
    """Return the class of a type name. Raises `KeyError` if no contract has that name."""
    return _by_type[ce_type].event


def contract_named(ce_type: str) -> Contract:
    """Return the contract of a type name. Raises `KeyError` if no contract has that name."""
    return _by_type[ce_type]


def contract_of(event: Event | type[Event]) -> Contract:
    """Return the contract of an event or its class."""
    return _by_class[event if isinstance(event, type) else type(event)]


def type_name(event: Event | type[Event]) -> str:
    """Return the stable type name of an event or its class, with the version of its schema."""
    return _by_class[event if isinstance(event, type) else type(event)].ce_type


def label_of(event: Event | type[Event]) -> str:
    """Return the stable label of an event or its class, such as `status_changed`."""
    return _by_class[event if isinstance(event, type) else type(event)].label


def audience_of(event: Event) -> Audience:
    """Return who sees an event in the history of its case."""
    audience = _by_class[type(event)].audience
    return audience(event) if callable(audience) else audience


def notice_audience(event: Event) -> Audience:
    """Return who may receive a notice about an event."""
    terms = contract_of(event).notice
    audience = terms.audience if terms is not None else "desk"
    return audience(event) if callable(audience) else audience


def is_by_rule(event: Event) -> bool:
    """Return whether an event follows from a rule of the definition, without a person."""
    by_rule = _by_class[type(event)].by_rule
    return by_rule(event) if callable(by_rule) else by_rule


def every_contract() -> Iterator[Contract]:
    """Yield all registered contracts, in the order of registration."""
    yield from _by_type.values()
