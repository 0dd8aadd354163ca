"""The parts of the view of a case: people, decisions, release, rating."""

from datetime import datetime
from typing import Literal

from case_events.contracts.bounces import Standing
from case_events.contracts.parts import Person
from msgspec import Struct


class OpenConsultation(Struct, frozen=True):
    """A question to a team, without an answer yet."""

    id: str
    team: str


class Participants(Struct, frozen=True, omit_defaults=True):
    """The people of a case.

    The watchers are keyed by their ids in the history, with the person if no directory has them.
    Open consultations are internal. `joined` are the watchers of the cases that were merged into
    this one, by the reference of each; these people get messages about this case, and see no more
    than before.
    """

    watchers: dict[str, Person] = {}
    consultations: tuple[OpenConsultation, ...] = ()
    joined: dict[str, dict[str, Person]] = {}


class BouncedAddress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An address that a mail about the case did not reach: internal. `recipient` is whose it is, as
    in notices; `reason` is one line of the report."""

    address: str
    recipient: str
    standing: Standing
    status: str = ""
    reason: str = ""
    at: datetime


class DecisionView(Struct, frozen=True, kw_only=True):
    """One decision: the role that it waits for, or that made it. The reasons are in the history."""

    state: Literal["asked", "yes", "no"]
    role: str
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    shown: bool = False


class ReleaseView(Struct, frozen=True, kw_only=True):
    """The week in which the release of a case is expected.

    `slipped` is the number of moves to a later release. `released_at` is the time of the
    release.
    """

    week: str = ""
    slipped: int = 0
    released_at: datetime | None = None


class RatingView(Struct, frozen=True, kw_only=True):
    """Whether the contact was asked to rate, and the last rating. Its text is in the history."""

    asked_at: datetime | None = None
    stars: int | None = None
    rated_at: datetime | None = None
