"""What is declared of an event besides its names: what it sets off, who is told, what rules ask."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from msgspec import Struct

Audience = Literal["everyone", "desk"]
"""For whom something is: contacts and agents, or agents and auditors alone."""

Askers = Literal["anybody", "agents", "cases"]
"""Who may ask a command: whoever takes part in the case, agents, or another case."""


class Trigger(Struct, frozen=True, kw_only=True):
    """Something that a definition can wait for, after `on`: alone, or about one thing.

    `about` is the member of the event that names that thing, `section` the section of the
    definition that has its names; both are empty for what stands alone. `when` says of which of
    the events it holds: of each, where it is left out. `needs` is the part of a definition without
    which it never happens, a path with dots.
    """

    name: str
    about: str = ""
    section: str = ""
    when: Callable[[Any], bool] | None = None
    needs: str = ""

    def named(self, event: object) -> Iterator[str]:
        """What an event sets off: the trigger alone, and about the one thing it concerns."""
        if self.when is None or self.when(event):
            yield self.name
            if self.about:
                yield f"{self.name}:{getattr(event, self.about)}"


class NoticeTerms(Struct, frozen=True):
    """How a notice tells of an event.

    `places` are what its template may name besides what it may of every case. `recipients` are
    those whom this event names and no other does. `audience`: whom a notice may tell.
    """

    places: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    audience: Audience | Callable[[Any], Audience] = "everyone"


def notice(
    *places: str,
    recipients: tuple[str, ...] = (),
    audience: Audience | Callable[[Any], Audience] = "everyone",
) -> NoticeTerms:
    """The terms of notices about an event: see `NoticeTerms`."""
    return NoticeTerms(places, recipients, audience)


OF_A_TARGET = ("metric", "due")
OF_A_RELEASE = ("release", "week", "comment")
OF_AN_ACCOUNT = ("approval", "amount", "granted", "used", "left", "comment", "author")
OF_WORK = (*OF_AN_ACCOUNT, "kind", "billing", "why", "free", "surcharges")


def has_reason(event: Any) -> bool:
    """Whether an event names the rule by which it follows."""
    return bool(event.reason)
