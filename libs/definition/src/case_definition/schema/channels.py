"""Channels: who may use which channel when, and how its cases begin."""

from typing import Literal, get_args

from pydantic import Field, model_validator

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule
from case_definition.vocabulary import Capacity

Way = Literal["mail", "portal", "phone", "api"]
"""The medium of a channel."""

WAYS: tuple[str, ...] = get_args(Way)


class Opening(DefinitionModel):
    """The hours of a channel, if it is not always open."""

    calendar: Name
    open: Literal["inside", "outside"] = "inside"
    """Open within the hours of the calendar, or only outside of them."""


class Choice(DefinitionModel):
    """An option of a telephone menu, and its effect."""

    name: Name
    team: Name | None = None
    """The team that gets the case, whatever the routing."""
    case_type: Name | None = None
    """The type of a case without a given type."""
    channel: Name | None = None
    """The channel that the call uses instead."""


class Channel(DefinitionModel):
    """A channel by which cases come in. Its text `refused` tells people who may not use it now what
    to do instead."""

    name: Name
    way: Way | None = None
    """The medium of the channel. A channel with the name of a medium has that medium. Only the
    channel with the name `mail` has the medium `mail`."""
    by: tuple[Capacity, ...] = Field(min_length=1)
    case_type: Name | None = None
    """The type of a case without a given type; mail always needs one."""
    case_types: tuple[Name, ...] = ()
    """The case types of the channel; default: all."""
    when: Rule | None = None
    """Who of these may use it."""
    hours: Opening | None = None
    """When it is open; default: always."""
    priority: Name | None = None
    """The first priority of a case, instead of that of its type."""
    status: Name | None = None
    """The first status of a case, instead of that of its type. Earlier steps are skipped."""
    received_within: LengthText | None = None
    """How long ago an agent may say that a case was received, such as a letter that they enter;
    clocks count from the receipt. Default: a case is received when it is entered."""
    unregistered_contacts: Literal["refused", "accepted"] = "refused"
    """Whether cases of unregistered contacts are accepted: people who write a mail, or whom an
    agent names by mail address and name. They have no customer, and get answers only by mail."""
    menu: tuple[Choice, ...] = ()
    """The telephone menu. The agent who enters the call gives the caller's choice."""

    @model_validator(mode="after")
    def _comes_by_one_way(self) -> "Channel":
        if self.name in WAYS and self.way not in (None, self.name):
            raise ValueError(f"this name is that of a way already; write `way: {self.name}`")
        if self.name not in WAYS and self.way in (None, "mail"):
            raise ValueError("say by which `way` people come: portal, phone or api")
        return self

    @property
    def comes_by(self) -> str:
        """The medium of the channel."""
        return self.way or self.name

    @property
    def is_limited(self) -> bool:
        """Whether some people, or cases, may not use it at some times."""
        return bool(self.when or self.hours or self.case_types)
