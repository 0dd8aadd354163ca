"""The parts of an event's declaration: triggers, terms of notices, audience and members for
rules."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from msgspec import Struct

Audience = Literal["everyone", "desk"]
"""An audience: contacts and agents, or agents and auditors only."""

Requesters = Literal["anybody", "agents", "cases"]
"""Who may send a command: everybody who takes part in the case, agents, or another case."""


class Trigger(Struct, frozen=True, kw_only=True):
    """A trigger that definitions use after `on`, alone or about one thing.

    `about` is the member of the event that names that thing, and `section` the section of the
    definition with its names; both are empty for a trigger without a subject. `when` returns
    whether an event fires the trigger; without it, every event does. `needs` is the path, with
    dots, of the part of a definition without which it never fires.
    """

    name: str
    about: str = ""
    section: str = ""
    when: Callable[[Any], bool] | None = None
    needs: str = ""

    def named(self, event: object) -> Iterator[str]:
        """Yield the triggers that an event fires: the trigger alone, and with its subject."""
        if self.when is None or self.when(event):
            yield self.name
            if self.about:
                yield f"{self.name}:{getattr(event, self.about)}"


class NoticeTerms(Struct, frozen=True):
    """The terms of notices about an event.

    `places` are the names that its template may use, besides those of every case. `recipients` are
    the recipients that only this event has. `audience` says who may receive a notice.
    """

    places: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    audience: Audience | Callable[[Any], Audience] = "everyone"


def notice(
    *places: str,
    recipients: tuple[str, ...] = (),
    audience: Audience | Callable[[Any], Audience] = "everyone",
) -> NoticeTerms:
    """Return the terms of notices about an event: see `NoticeTerms`."""
    return NoticeTerms(places, recipients, audience)


OF_A_TARGET = ("metric", "due")
OF_A_RELEASE = ("release", "week", "comment")
OF_AN_ACCOUNT = ("approval", "amount", "granted", "used", "left", "comment", "author")
OF_WORK = (*OF_AN_ACCOUNT, "kind", "billing", "why", "free", "surcharges")


def has_reason(event: Any) -> bool:
    """Return whether an event names the rule that it follows from."""
    return bool(event.reason)
