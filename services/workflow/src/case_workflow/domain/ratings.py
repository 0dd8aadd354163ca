"""What the contact was asked and said about how a case was handled."""

from case_events.contracts.ratings import CaseRated, RatingRequested
from msgspec import Struct
from msgspec.structs import replace


class Rating(Struct, frozen=True):
    """Whether it was asked for, and the stars of the last one."""

    asked: bool = False
    stars: int | None = None


def fold_rating(rating: Rating, event: RatingRequested | CaseRated, version: int) -> Rating:
    """The rating after one more event."""
    if isinstance(event, CaseRated):
        return replace(rating, stars=event.stars)
    return replace(rating, asked=True)
