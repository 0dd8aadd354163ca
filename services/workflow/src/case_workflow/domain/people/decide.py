"""Deciding on watchers and consultations."""

from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.links import ForwardWatchers, WatchersJoined
from case_events.contracts.parts import Person, WatcherDetails
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    ConsultTeam,
    RemoveWatcher,
    WatcherAdded,
    WatcherRemoved,
    WithdrawConsultation,
)
from case_events.contracts.unregistered import is_address, unregistered_id

from case_workflow.domain.case import Case
from case_workflow.domain.links.state import CaseLink
from case_workflow.domain.verdict import UNCHANGED, Refusal, Requester, Verdict, not_allowed

MAX_WATCHERS = 50
MAX_CONSULTATIONS = 50
"""The most consultations of a case that wait for an answer."""
NOT_OPEN = Refusal(
    "unknown", "consultation", "open", "This was not asked here, or needs no answer any more."
)


def add_watcher(
    case: Case, command: AddWatcher, requester: Requester, definition: Definition
) -> Verdict:
    """Add a watcher."""
    rules = definition.document.watchers
    allowed = rules.added_by if command.watcher else rules.addresses_by
    if requester.capacity not in allowed:
        reason = f"A {requester.capacity} does not add anybody to this case."
        return not_allowed("added_by", reason, field="watcher")
    personal = Person()
    if not command.watcher:
        personal = command.personal
        if not is_address(personal.address):
            reason = "Write a mail address as in name@example.org."
            return Refusal("invalid", "address", "address", reason)
    elif not requester.nominee_is_valid:
        reason = "This is no active agent, and no active contact of this case's customer."
        return Refusal("invalid", "watcher", "known", reason)
    watcher = command.watcher or unregistered_id(personal.address)
    if watcher in case.people.watchers or watcher == f"contact/{case.contact}":
        return UNCHANGED
    following = case.people.following()
    if watcher not in following and len(following) >= MAX_WATCHERS:
        reason = f"A case has {MAX_WATCHERS} people involved at the most."
        return Refusal("invalid", "watcher", "most", reason)
    return [WatcherAdded(watcher, personal=personal)]


def remove_watcher(
    case: Case, command: RemoveWatcher, requester: Requester, definition: Definition
) -> Verdict:
    """Remove a watcher, at their own request or at that of a person who may add watchers."""
    own = command.watcher == f"{requester.actor.kind}/{requester.actor.id}"
    if not own and requester.capacity not in definition.document.watchers.added_by:
        reason = f"A {requester.capacity} does not remove anybody from this case."
        return not_allowed("added_by", reason, field="watcher")
    if command.watcher not in case.people.watchers:
        return Refusal("unknown", "watcher", "known", "Nobody of that name follows this case.")
    return [WatcherRemoved(command.watcher)]


def accept_watchers(
    case: Case, command: ForwardWatchers, requester: Requester, definition: Definition
) -> Verdict:
    """Add the watchers of a case that was merged into this one, up to the limit."""
    if case.links.find("merge", "from", command.case) is None:
        return UNCHANGED
    others = case.people.following(without=command.case)
    room = max(0, MAX_WATCHERS - len(others))
    new = [one for one in requester.may_follow if one not in others][:room]
    joining = tuple(one for one in requester.may_follow if one in others or one in new)
    if set(joining) == set(case.people.joined.get(str(command.case), {})):
        return UNCHANGED
    persons = {one: person for one, person in command.personal.persons.items() if one in joining}
    return [
        WatchersJoined(
            case=command.case,
            reference=command.reference,
            watchers=joining,
            personal=WatcherDetails(persons),
        )
    ]


def watchers_left(case: Case, link: CaseLink) -> list[Event]:
    """The event by which the watchers of a case leave after its merge is undone."""
    if str(link.case) not in case.people.joined:
        return []
    return [WatchersJoined(case=link.case, reference=link.reference)]


def consult(
    case: Case, command: ConsultTeam, requester: Requester, definition: Definition
) -> Verdict:
    """Ask a team a question, internally."""
    teams = definition.document.consultation.teams
    if command.team not in teams:
        reason = f"Teams that can be consulted: {', '.join(teams) or 'none'}."
        return Refusal("invalid", "team", "options", reason)
    if not command.personal.text.strip():
        return Refusal("invalid", "text", "required", "Write what you ask.")
    if len(case.people.consultations) >= MAX_CONSULTATIONS:
        reason = f"{MAX_CONSULTATIONS} questions wait for an answer here: take one back first."
        return Refusal("invalid", "team", "most", reason)
    return [
        ConsultationRequested(
            requester.record,
            command.team,
            attachments=command.attachments,
            personal=command.personal,
        )
    ]


def answer_consultation(
    case: Case, command: AnswerConsultation, requester: Requester, definition: Definition
) -> Verdict:
    """Answer a consultation, internally; once."""
    team = case.people.consultations.get(command.consultation)
    if team is None:
        return NOT_OPEN
    if not command.personal.text.strip():
        return Refusal("invalid", "text", "required", "Write the answer.")
    return [
        ConsultationAnswered(
            command.consultation,
            team,
            attachments=command.attachments,
            personal=command.personal,
        )
    ]


def withdraw_consultation(
    case: Case, command: WithdrawConsultation, requester: Requester, definition: Definition
) -> Verdict:
    """Withdraw a consultation: it needs no answer any more."""
    team = case.people.consultations.get(command.consultation)
    return [ConsultationWithdrawn(command.consultation, team)] if team is not None else NOT_OPEN
