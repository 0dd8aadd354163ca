"""The progress of a case, as readers see it: its phase, decisions, releases and rating."""

from collections.abc import Mapping

from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.ratings import CaseRated, RatingRequested
from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from case_events.envelope import Record
from msgspec.structs import replace

from case_portal.read_model.parts import DecisionView, RatingView, ReleaseView


def follow_decisions(
    decisions: Mapping[str, DecisionView], event: DecisionRequested | DecisionMade, record: Record
) -> dict[str, DecisionView]:
    """The decisions after one more question or answer."""
    if isinstance(event, DecisionRequested):
        asked = DecisionView(state="asked", role=event.role, asked_at=record.occurred_at)
        return {**decisions, event.decision: asked}
    before = decisions.get(event.decision)
    made = DecisionView(
        state=event.outcome,
        role=event.role,
        asked_at=before.asked_at if before else None,
        decided_at=record.occurred_at,
        shown=event.shown,
    )
    return {**decisions, event.decision: made}


def follow_release(
    planned: ReleaseView | None,
    event: ReleasePlanned | ReleaseSlipped | CaseReleased,
    record: Record,
) -> ReleaseView:
    """The planned release after one more event."""
    before = planned or ReleaseView()
    match event:
        case CaseReleased():
            return replace(before, released_at=record.occurred_at)
        case ReleaseSlipped():
            return replace(before, week=event.week, slipped=before.slipped + 1)
        case ReleasePlanned():
            return replace(before, week=event.week, released_at=None)


def follow_rating(
    rating: RatingView | None, event: RatingRequested | CaseRated, record: Record
) -> RatingView:
    """The rating after one more event."""
    before = rating or RatingView()
    if isinstance(event, CaseRated):
        return replace(before, stars=event.stars, rated_at=record.occurred_at)
    return replace(before, asked_at=record.occurred_at)
