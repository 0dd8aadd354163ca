"""The state of the rating of a case."""

from case_events.contracts.ratings import CaseRated, RatingRequested
from msgspec import Struct
from msgspec.structs import replace


class RatingState(Struct, frozen=True):
    """Whether a rating was requested, and the stars of the last one."""

    asked: bool = False
    stars: int | None = None


def fold_rating(
    rating: RatingState, event: RatingRequested | CaseRated, version: int
) -> RatingState:
    """The rating after one more event."""
    if isinstance(event, CaseRated):
        return replace(rating, stars=event.stars)
    return replace(rating, asked=True)
