"""Watchers of a case, and consultations of colleagues within a case."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import Trigger, notice
from case_events.contracts.parts import Attachment, Person, WrittenContent
from case_events.topics import CASES, COMMANDS


@contract(
    "case.watcher-added",
    CASES,
    label="watcher_added",
    notice=notice("author", recipients=("watcher",)),
)
class WatcherAdded(Event, frozen=True):
    """A watcher follows the case from now on, and receives every message about it.

    `watcher` is `contact/<id>`, `agent/<id>`, or `address/<fingerprint>` of a person who is in no
    directory, whose address is under `personal`.
    """

    watcher: str
    personal: Person = Person()


@contract("case.watcher-removed", CASES, label="watcher_removed")
class WatcherRemoved(Event, frozen=True):
    """A watcher no longer follows the case."""

    watcher: str


@contract(
    "case.consultation-requested",
    CASES,
    label="consultation_requested",
    triggers=(
        Trigger(name="consulted", about="team", section="teams", needs="consultation.teams"),
    ),
    notice=notice("comment", "author", "asked_team", recipients=("consulted",), audience="desk"),
    audience="desk",
)
class ConsultationRequested(Event, frozen=True):
    """A team was consulted about the case. Contacts never see it.

    `consultation` is its id, which is the id of the record that brought it.
    """

    consultation: str
    team: str
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract(
    "case.consultation-answered",
    CASES,
    label="consultation_answered",
    triggers=(
        Trigger(
            name="consultation_answered", about="team", section="teams", needs="consultation.teams"
        ),
    ),
    notice=notice("comment", "author", "asked_team", recipients=("consulted",), audience="desk"),
    audience="desk",
)
class ConsultationAnswered(Event, frozen=True):
    """A team answered a consultation. Contacts never see it."""

    consultation: str
    team: str
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("case.consultation-withdrawn", CASES, label="consultation_withdrawn", audience="desk")
class ConsultationWithdrawn(Event, frozen=True):
    """A consultation was withdrawn, and needs no answer. Contacts never see it."""

    consultation: str
    team: str


@contract("command.add-watcher", COMMANDS, label="add_watcher", asked_by="anybody")
class AddWatcher(Command, frozen=True, kw_only=True):
    """Add a watcher: `contact/<id>`, `agent/<id>`, or empty for the address and name under
    `personal`."""

    watcher: str = ""
    personal: Person = Person()


@contract("command.remove-watcher", COMMANDS, label="remove_watcher", asked_by="anybody")
class RemoveWatcher(Command, frozen=True, kw_only=True):
    """Remove a watcher."""

    watcher: str


@contract(
    "command.consult-team", COMMANDS, label="consult_team", audience="desk", asked_by="agents"
)
class ConsultTeam(Command, frozen=True, kw_only=True):
    """Consult a team about the case."""

    team: str
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract(
    "command.answer-consultation",
    COMMANDS,
    label="answer_consultation",
    audience="desk",
    asked_by="agents",
)
class AnswerConsultation(Command, frozen=True, kw_only=True):
    """Answer a consultation."""

    consultation: str
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract(
    "command.withdraw-consultation",
    COMMANDS,
    label="withdraw_consultation",
    audience="desk",
    asked_by="agents",
)
class WithdrawConsultation(Command, frozen=True, kw_only=True):
    """Withdraw a consultation."""

    consultation: str
