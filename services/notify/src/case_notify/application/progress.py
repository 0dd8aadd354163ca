"""The values that mails name about phases, decisions, releases and ratings."""

from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.ratings import RatingRequested
from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from case_events.tokens.rating_link import RatingToken, rating_token

from case_notify.application.situation import Situation
from case_notify.domain.wording import outcome, week


def entered(situation: Situation, event: PhaseChanged, language: str) -> dict[str, str]:
    """The phase, the phase before it, and the comment that came with the change."""
    return {
        "phase": _named(situation, "phases", event.phase, language),
        "previous_phase": _named(situation, "phases", event.previous, language),
        "comment": situation.comment,
    }


def decided(
    situation: Situation, event: DecisionRequested | DecisionMade, language: str
) -> dict[str, str]:
    """The decision, its role and its reason; for a decision that was made, also the outcome."""
    values = {
        "decision": _named(situation, "decisions", event.decision, language),
        "role": _named(situation, "roles", event.role, language),
        "reason": event.personal.text,
    }
    if isinstance(event, DecisionMade):
        values["outcome"] = outcome(event.outcome, language)
    return values


def planned(
    situation: Situation, event: ReleasePlanned | ReleaseSlipped | CaseReleased, language: str
) -> dict[str, str]:
    """The release and its week; for a release that slipped, also the earlier week and the
    reason."""
    values = {
        "release": event.release,
        "week": week(event.week, language) if event.week else "",
        "comment": situation.comment,
    }
    if isinstance(event, ReleaseSlipped):
        before = week(event.previous_week, language) if event.previous_week else event.previous
        values |= {"previous_week": before, "comment": event.personal.text}
    return values


def asked_to_rate(situation: Situation, event: RatingRequested, language: str) -> dict[str, str]:
    """The link by which the contact rates, signed for this case and this contact."""
    state, record = situation.state, situation.record
    if record.case is None:
        raise ValueError(f"{record.type} belongs to no case")
    token = RatingToken(record.tenant, state.reference, record.case, state.contact)
    signed = rating_token(situation.secret, token, record.occurred_at)
    return {"rating_link": f"{situation.portal.rstrip('/')}/rate/{signed}"}


def _named(situation: Situation, section: str, name: str, language: str) -> str:
    return situation.definition.name_of(section, name, language) if name else ""
