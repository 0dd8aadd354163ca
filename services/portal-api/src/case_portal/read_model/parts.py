"""What the view of a case is made of: who takes part in it, what was decided, planned and rated."""

from datetime import datetime
from typing import Literal

from case_events.contracts.parts import Person
from msgspec import Struct


class OpenConsultation(Struct, frozen=True):
    """What a team was asked, and has not answered yet."""

    id: str
    team: str


class Participants(Struct, frozen=True, omit_defaults=True):
    """The watchers as the history names them, with the person where they are in no directory;
    the open consultations, which are the desk's own. `joined` are the watchers of the cases that
    go on in this one, by the reference of each: they hear of it, and see no more than they did."""

    watchers: dict[str, Person] = {}
    consultations: tuple[OpenConsultation, ...] = ()
    joined: dict[str, dict[str, Person]] = {}


class DecisionView(Struct, frozen=True, kw_only=True):
    """One decision: whose role it waits for or was made by. The reasons are in the history."""

    state: Literal["asked", "yes", "no"]
    role: str
    asked_at: datetime | None = None
    decided_at: datetime | None = None
    shown: bool = False


class ReleaseView(Struct, frozen=True, kw_only=True):
    """The week in which the release of a case is expected.

    `slipped`: how often it went to a later one. `released_at`: when it came out.
    """

    week: str = ""
    slipped: int = 0
    released_at: datetime | None = None


class RatingView(Struct, frozen=True, kw_only=True):
    """Whether the contact was asked to rate, and the last rating. Its words are in the history."""

    asked_at: datetime | None = None
    stars: int | None = None
    rated_at: datetime | None = None
