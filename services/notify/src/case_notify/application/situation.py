"""One event of a case with its surroundings, and the variables that notice rules read from it."""

from datetime import datetime

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.variables import (
    Variables,
    event_variables,
    parties_of,
    rule_variables,
)
from case_definition.schema.agreements import Agreement
from case_events.contracts.cases import (
    CommentAdded,
    StatusChanged,
)
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.releases import CaseReleased, ReleasePlanned
from case_events.envelope import Record
from case_events.keyring import Keyring
from msgspec import Struct

from case_notify.domain.notification_state import NotificationState


class Situation(Struct, frozen=True, kw_only=True):
    """One event of a case, and everything that is known around it.

    `portal` is the URL of the pages; `secret` signs links to them.
    """

    state: NotificationState
    record: Record
    definition: Definition
    reference: Reference
    portal: str
    secret: Keyring

    @property
    def agreement(self) -> Agreement | None:
        """The agreement that holds for the case."""
        key = self.state.agreement
        return self.reference.agreement(key) if key else None

    @property
    def comment(self) -> str:
        """The public comment that came with the event: its own, or the comment of its
        transition."""
        match self.record.data:
            case CommentAdded(personal=words):
                return words.text
            case StatusChanged() | PhaseChanged() | ReleasePlanned() | CaseReleased():
                return self.state.last_comment.text if self.state.last_comment else ""
            case _:
                return ""


def variables(situation: Situation, at: datetime) -> Variables:
    """The variables that the rules of notices may read."""
    state, record, definition = situation.state, situation.record, situation.definition
    parties = parties_of(state, record.actor, record.tenant, situation.reference)
    event = event_variables(record.data, parties)
    return rule_variables(state, parties, definition, event=event, now=at)
