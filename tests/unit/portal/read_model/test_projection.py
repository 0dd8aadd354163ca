"""The portal's reaction: what pages read, and the outcome of every command."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from case_events.contracts import every_contract
from case_events.contracts.base import Event, label_of
from case_events.contracts.cases import (
    AgreementApplied,
    CaseClassified,
    CommentAdded,
    FieldsSet,
    StatusChanged,
)
from case_events.contracts.notices import NoticeSent
from case_events.contracts.parts import Attachment, Person, WrittenContent
from case_events.contracts.refusals import CommandRefused, CommandUnchanged, InputRefused
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetBreached,
    TargetMet,
)
from case_events.envelope import SYSTEM, Actor, Record
from case_events.kernel import Outcome
from case_events.topics import CASES
from case_portal.projection import MOST_ATTACHMENTS, react
from case_portal.read_model.view import CaseView, CommandOutcome, HistoryEntry, RefusalView

from tests.unit.portal.portal_sample import (
    AMY,
    BOB,
    CREATED,
    DUE,
    NOW,
    record,
    reference_data,
    sample_history,
)

REFERENCE_DATA = reference_data()
COMMAND = UUID("018f0000-0000-7000-8000-00000000c0de")
CLOCK: dict[str, Any] = {"target": "resolution", "cycle": 1, "rests_on": 1}


def after(*events: Event, actor: Actor = AMY) -> CaseView:
    """The view after a case was created and these happened."""
    view = react(None, record(CREATED, 1, BOB), REFERENCE_DATA).state
    for version, event in enumerate(events, 2):
        view = follow(view, record(event, version, actor)).state
    return view


def follow(view: CaseView | None, one: Record) -> Outcome[CaseView]:
    return react(view, one, REFERENCE_DATA)


def rows(outcome: Outcome[CaseView]) -> dict[str, bytes]:
    return {row.key: row.content for row in outcome.documents}


def test_a_case_is_remembered_as_lists_show_it() -> None:
    """D14: what the columns, the state and the side of a page show."""
    view = after(*(one.data for one in sample_history()[1:]))
    assert (view.tenant, view.reference, view.title) == (
        "here",
        "CAS-2026-000001",
        "The printer is on fire",
    )
    assert (view.status, view.status_kind, view.waits_for) == ("open", "active", "agent")
    assert (view.team, view.agent, view.priority) == ("second", "amy", "P2")
    assert (view.customer, view.contact, view.channel) == ("acme", "bob", "portal")
    assert view.version == 7
    assert view.definition == "here/1"
    assert [file.name for file in view.attachments] == ["secret.txt", "fire.png"]
    assert [file.internal for file in view.attachments] == [True, False]


def test_every_status_carries_what_the_definition_says_of_it() -> None:
    view = after(StatusChanged("open"), StatusChanged("resolved", "open", "resolve"))
    assert (view.status_kind, view.waits_for, view.stands_out) == ("resolved", "contact", True)


def test_only_a_public_word_of_an_agent_is_an_answer() -> None:
    assert after(CommentAdded("1", "agent", public=False)).last_answer_at is None
    assert after(CommentAdded("1", "contact", public=True), actor=BOB).last_answer_at is None
    assert after(CommentAdded("1", "agent", public=True)).last_answer_at == NOW


def test_fields_type_and_agreement_are_followed() -> None:
    view = after(
        FieldsSet({"cause": "smoke", "title": "Fire"}),
        CaseClassified("question", "incident"),
        AgreementApplied("here/gold/1"),
    )
    assert view.fields == {"urgency": "high", "cause": "smoke"} | {"title": "Fire"}
    assert (view.title, view.case_type, view.agreement) == ("Fire", "question", "here/gold/1")


def deadline(**changed: Any) -> DeadlineSet:
    rest = {"due": DUE, "elapsed": 0, "reason": "", "calendar": "desk", "tz_version": "2026a"}
    return DeadlineSet(**(CLOCK | rest | changed))


@pytest.mark.parametrize(
    ("events", "state", "level"),
    [
        ((deadline(),), "running", 0),
        ((deadline(due=None),), "paused", 0),
        ((deadline(), DeadlineWarned(**CLOCK, share=0.5, due=DUE)), "warned", 0),
        ((deadline(), TargetBreached(**CLOCK, due_at=DUE, detected_at=DUE)), "breached", 0),
        (
            (
                TargetBreached(**CLOCK, due_at=DUE, detected_at=DUE),
                EscalationRaised(**CLOCK, level=2, role="lead", why=""),
                EscalationRaised(**CLOCK, level=1, role="desk", why=""),
            ),
            "breached",
            2,
        ),
        (
            (
                TargetBreached(**CLOCK, due_at=DUE, detected_at=DUE),
                BreachWithdrawn(**CLOCK, fact="x"),
                TargetMet(**CLOCK, elapsed=1, left=1),
                deadline(due=None),
            ),
            "met",
            0,
        ),
        (
            (
                TargetBreached(**CLOCK, due_at=DUE, detected_at=DUE),
                BreachWithdrawn(**CLOCK, fact="x"),
                deadline(due=None),
            ),
            "paused",
            0,
        ),
        ((deadline(), TargetMet(**CLOCK, elapsed=1, left=1)), "met", 0),
        (
            (
                TargetBreached(**CLOCK, due_at=DUE, detected_at=DUE),
                EscalationRaised(**CLOCK, level=2, role="lead", why=""),
                deadline(cycle=2),
            ),
            "running",
            0,
        ),
    ],
)
def test_clocks_stand_as_sla_last_said(events: tuple[Event, ...], state: str, level: int) -> None:
    """D17: due, paused, warned, missed, met, and the highest level told in this cycle."""
    clock = after(*events).clocks["resolution"]
    assert (clock.state, clock.level) == (state, level)


def test_every_event_of_the_history_has_its_entry() -> None:
    """C11: who, when, in which capacity, through which channel, from which state to which."""
    changed = record(StatusChanged("resolved", "open", "resolve"), 12, causation=COMMAND)
    answer = msgspec.json.decode(
        rows(follow(after(), changed))["entry:00000012"], type=HistoryEntry
    )
    assert (answer.type, answer.version, answer.at) == ("status_changed", 12, NOW)
    assert (answer.who.kind, answer.who.id, answer.who.capacity) == ("agent", "amy", "agent")
    assert (answer.before, answer.after, answer.channel) == ("open", "resolved", "portal")
    assert (answer.definition, answer.record, answer.causation) == ("here/1", changed.id, COMMAND)


def _example(event: type[Event]) -> Event:
    """An event of a contract with something in every place that must be filled."""
    examples: dict[Any, Any] = {str: "open", int: 1, float: 0.5, bool: False}
    values = {}
    for field in msgspec.structs.fields(event):
        if field.required:
            values[field.name] = examples.get(field.type, {} if "dict" in str(field.type) else NOW)
    return event(**values)


@pytest.mark.parametrize("event", [one.event for one in every_contract() if CASES in one.topics])
def test_no_event_of_the_history_is_left_out(event: type[Event]) -> None:
    outcome = follow(after(), record(_example(event), 2))
    entry = msgspec.json.decode(rows(outcome)["entry:00000002"], type=HistoryEntry)
    assert entry.type == label_of(event)
    assert outcome.state.version == 2


def test_what_the_desk_keeps_to_itself_is_internal() -> None:
    """C5: internal notes, clocks and notices are marked as not for contacts."""

    def internal(event: Event) -> bool:
        document = rows(follow(after(), record(event, 2)))["entry:00000002"]
        return msgspec.json.decode(document, type=HistoryEntry).internal

    assert internal(CommentAdded("1", "agent", public=False))
    assert internal(deadline())
    assert internal(NoticeSent(notice="n", about=1, recipient="bob"))
    assert internal(AgreementApplied("a"))
    assert not internal(CommentAdded("1", "agent", public=True))
    assert not internal(StatusChanged("open"))


@pytest.mark.parametrize("channel", ["portal", "api"])
def test_what_a_person_asked_here_is_done_when_its_fact_comes(channel: str) -> None:
    """Guarantee 9: the outcome names the command and the version it led to."""
    fact = record(CommentAdded("1", "contact", True), 2, BOB, causation=COMMAND, channel=channel)
    document = rows(follow(after(), fact))[f"outcome:{COMMAND}"]
    assert msgspec.json.decode(document, type=CommandOutcome) == CommandOutcome(
        status="done", version=2
    )


def test_what_came_by_mail_or_by_itself_answers_no_command() -> None:
    by_mail = record(CommentAdded("1", "contact", True), 2, BOB, causation=COMMAND, channel="mail")
    by_itself = record(StatusChanged("open"), 2, SYSTEM, causation=COMMAND)
    for one in (by_mail, by_itself):
        assert f"outcome:{COMMAND}" not in rows(follow(after(), one))


def test_a_refusal_is_the_outcome_of_its_command() -> None:
    refused = CommandRefused(
        code="not_allowed", field="transition", rule="from", reason="Too late.", command="x"
    )
    view = after()
    outcome = follow(view, record(refused, 0, BOB, causation=COMMAND))
    assert outcome.state == view
    assert msgspec.json.decode(
        rows(outcome)[f"outcome:{COMMAND}"], type=CommandOutcome
    ) == CommandOutcome(
        status="refused", code="not_allowed", field="transition", rule="from", reason="Too late."
    )


def test_a_command_that_changed_nothing_has_an_outcome_too() -> None:
    one = record(CommandUnchanged("command.assign-case"), 0, AMY, causation=COMMAND)
    document = rows(follow(None, one))[f"outcome:{COMMAND}"]
    assert msgspec.json.decode(document, type=CommandOutcome).status == "unchanged"


def test_a_refusal_of_an_unknown_case_leaves_nothing_to_be_found() -> None:
    """What is remembered then belongs to no tenant; the case itself can still come."""
    one = record(CommandUnchanged("x"), 0, AMY, causation=COMMAND)
    memory = follow(None, one).state
    assert (memory.tenant, memory.reference) == ("", "")
    assert follow(memory, record(CREATED, 1, BOB)).state.reference == "CAS-2026-000001"


def test_refused_input_is_kept_whole_for_agents_to_see() -> None:
    """C15."""
    event = InputRefused(
        code="unknown_sender",
        field="from",
        rule="known",
        reason="?",
        raw="a" * 64,
        personal=WrittenContent(text="Hi", author=Person(address="eve@x.example")),
    )
    one = record(event, 0, Actor("unknown", ""), channel="mail", case=None)
    document = rows(follow(None, one))[f"refused:{one.id}"]
    kept = msgspec.json.decode(document, type=RefusalView)
    assert (kept.tenant, kept.at, kept.channel, kept.who.kind) == ("here", NOW, "mail", "unknown")
    assert (kept.code, kept.field, kept.rule) == ("unknown_sender", "from", "known")
    assert (kept.text, kept.raw, kept.author.address) == ("Hi", "a" * 64, "eve@x.example")
    assert (kept.command, kept.case) == ("", None)


def test_a_refused_command_is_kept_for_agents_too() -> None:
    """C15: with who asked what of which case, and all that they wrote."""
    refused = CommandRefused(
        code="not_allowed",
        field="text",
        rule="comments_by",
        reason="Too late.",
        command="nl.casefold.command.add-comment.v1",
        personal=WrittenContent(text="One more thing"),
    )
    one = record(refused, 0, BOB, causation=COMMAND)
    document = rows(follow(after(), one))[f"refused:{one.id}"]
    kept = msgspec.json.decode(document, type=RefusalView)
    assert (kept.who.id, kept.case, kept.text) == ("bob", one.case, "One more thing")
    assert kept.command == "nl.casefold.command.add-comment.v1"
    assert (kept.code, kept.rule, kept.reason) == ("not_allowed", "comments_by", "Too late.")


def test_what_is_remembered_is_bounded() -> None:
    view = after()
    for version in range(2, MOST_ATTACHMENTS + 20):
        files = (Attachment(sha256=f"{version:064}", size=1, type="text/plain"),)
        view = follow(
            view, record(CommentAdded("1", "agent", True, attachments=files), version)
        ).state
    assert len(view.attachments) == MOST_ATTACHMENTS
    assert view.attachments[-1].name == "file-1"
