"""Forms of the portal, taken in from their topic: one outcome each (C1, C2, C15)."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from case_events.contracts.base import type_name
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Attachment, InputFault, WrittenContent
from case_events.contracts.refusals import InputRefused
from case_events.contracts.submissions import SubmitCase
from case_events.envelope import Actor, Record
from case_events.kernel import EffectDone
from case_events.topics import INTAKE, REFUSALS
from case_intake.application.react import CaseSnapshot, react
from case_intake.application.submission import take_submission
from msgspec import json
from msgspec.structs import replace

from tests.unit.intake_service.intake_desk import START, World, reference

SUBMISSION, NEW = UUID(int=9), UUID(int=8)
SENT = START - timedelta(hours=3)
FORM = SubmitCase(
    case_type="fault",
    fields={"impact": "big", "seats": 3.0, "urgent": True},
    attachments=(Attachment(sha256="a" * 64, size=3, type="text/plain"),),
    personal=WrittenContent(title="Smoke", text="It is hot.", file_names=("a.txt",)),
)
WRONG = SubmitCase(case_type="fault", fields={"impact": "huge", "cause": "me"})


def sent(form: SubmitCase = FORM, who: str = "anna") -> Record:
    """A form as it lies on its topic."""
    return Record(
        id=SUBMISSION,
        type=type_name(form),
        source="portal/1",
        tenant="desk",
        occurred_at=SENT,
        recorded_at=SENT,
        actor=Actor(kind="contact", id=who, capacity="contact"),
        channel="portal",
        correlation=SUBMISSION,
        definition="desk/1",
        case=NEW,
        data=form,
    )


def taken_in(form: SubmitCase = FORM, who: str = "anna", times: int = 3) -> World:
    """Intake after a form was taken in, so many times."""
    world = World()
    raw = json.encode(form)
    for _ in range(times):
        asyncio.run(take_submission(form, sent(form, who), raw, world.ports))
    return world


def test_a_form_is_one_case_however_often_it_is_taken_in() -> None:
    """C1, C2: under the id that the portal gave it; it happened when it was sent."""
    ((topic, record),) = taken_in().records()
    created = record.data
    assert isinstance(created, CaseCreated)
    assert (topic, record.case, created.reference) == (INTAKE, NEW, "D-2026-0001")
    assert (created.case_type, created.customer, created.contact) == ("fault", "acme", "anna")
    assert created.fields == {"impact": "big", "seats": "3.0", "urgent": "true"}
    assert created.attachments == FORM.attachments
    assert (created.personal.title, created.personal.text) == ("Smoke", "It is hot.")
    assert created.personal.file_names == ("a.txt",)
    assert created.submission == record.causation == record.correlation == SUBMISSION
    assert (record.occurred_at, record.channel, record.actor.id) == (SENT, "portal", "anna")


def test_a_form_that_is_wrong_is_refused_once_with_all_that_is_wrong() -> None:
    """C15: kept whole; the refusal is the outcome of the form."""
    world = taken_in(WRONG)
    ((topic, record),) = world.records()
    refused = record.data
    assert isinstance(refused, InputRefused)
    assert (topic, refused.submission, refused.code) == (REFUSALS, SUBMISSION, "invalid_input")
    assert [(one.field, one.rule) for one in refused.faults] == [
        ("title", "required"), ("impact", "options"), ("cause", "editable_by")]  # fmt: skip
    assert refused.faults[0] == InputFault(refused.field, refused.rule, refused.faults[0].reason)
    assert asyncio.run(world.blobs.get("desk", refused.raw)) == json.encode(WRONG)
    (arrived,) = world.store.arrived()
    assert (arrived.id, arrived.outcome) == (SUBMISSION, "refused")
    assert arrived.raw == sha256(json.encode(WRONG)).hexdigest()


def test_whoever_is_no_active_contact_any_more_is_refused() -> None:
    for who in ("gone", "nobody", "carl"):
        ((_, record),) = taken_in(who=who).records()
        assert isinstance(record.data, InputRefused)
        assert record.data.rule == "known_contact"


def test_what_takes_a_form_in_is_one_effect_of_its_record() -> None:
    (effect,) = react(None, sent(), reference()).effects
    assert effect.key == f"submission/{SUBMISSION}"
    assert json.decode(effect.payload, type=SubmitCase) == FORM


def test_a_form_that_could_not_be_taken_in_is_refused_whole() -> None:
    """C1, C15: nothing is lost, and who sent it is told."""
    done = EffectDone(
        key="k", kind="submission", payload=json.encode(FORM), result="failed", attempts=12,
        detail="no counter",
    )  # fmt: skip
    record = replace(sent(), type=type_name(done), data=done, id=UUID(int=3), causation=SUBMISSION)
    (draft,) = react(CaseSnapshot("desk"), record, reference()).events
    assert draft.topic == REFUSALS
    assert isinstance(draft.event, InputRefused)
    assert draft.event.submission == SUBMISSION
    assert draft.event.personal == FORM.personal
    assert "no counter" in draft.event.reason
