"""What a tenant writes about its ways in: who may use which when, and what that begins with."""

from typing import Literal, get_args

from pydantic import Field, model_validator

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule
from case_definition.vocabulary import Capacity

Way = Literal["mail", "portal", "phone", "api"]
"""How something reaches the desk."""

WAYS: tuple[str, ...] = get_args(Way)


class Opening(DefinitionModel):
    """When a way in can be used, as far as it is not always."""

    calendar: Name
    open: Literal["inside", "outside"] = "inside"
    """Within the hours of the calendar, or only outside of them."""


class Choice(DefinitionModel):
    """An answer of a telephone menu, and where it leads; nowhere in particular without more."""

    name: Name
    team: Name | None = None
    """The team that the case goes to, whatever the routing."""
    case_type: Name | None = None
    """The type of a case that names none."""
    channel: Name | None = None
    """The way in that the call comes by instead."""


class Channel(DefinitionModel):
    """A way in. Its text `refused` tells whoever may not use it now what to do instead."""

    name: Name
    way: Way | None = None
    """How people come by it; its name where that is a way already."""
    by: tuple[Capacity, ...] = Field(min_length=1)
    case_type: Name | None = None
    """The type of a case that names none; mail always needs one."""
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    when: Rule | None = None
    """Who of them may use it."""
    hours: Opening | None = None
    """When it can be used; always when left out."""
    priority: Name | None = None
    """What a case begins with, in place of what its type says."""
    status: Name | None = None
    """Where a case begins, in place of the status of its type: what lies before is skipped."""
    received_within: LengthText | None = None
    """How long ago an agent may say that something was received, such as a letter that they type
    in; clocks count from then. Received as it is typed in when left out."""
    unregistered_contacts: Literal["refused", "accepted"] = "refused"
    """Whether cases of people who are in no directory are accepted: whose mail comes, or whom an
    agent names by mail address and name. They have no customer, and are answered by mail alone."""
    menu: tuple[Choice, ...] = ()
    """What callers choose from; whoever types the call in names the choice."""

    @model_validator(mode="after")
    def _comes_by_one_way(self) -> "Channel":
        if self.name in WAYS and self.way not in (None, self.name):
            raise ValueError(f"this name is that of a way already; write `way: {self.name}`")
        if self.name not in WAYS and self.way in (None, "mail"):
            raise ValueError("say by which `way` people come: portal, phone or api")
        return self

    @property
    def comes_by(self) -> str:
        """How people come by it."""
        return self.way or self.name

    @property
    def is_limited(self) -> bool:
        """Whether some of those whom it is for may not use it at times."""
        return bool(self.when or self.hours or self.case_types)
