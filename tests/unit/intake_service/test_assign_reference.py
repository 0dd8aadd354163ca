"""Cases that cases ask for: numbered once, told to the desk where they cannot be (C1, C2, C4)."""

import asyncio
from uuid import UUID

from case_events.contracts.base import Event, type_name
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.links import CaseMerged, CaseRequested, MergeUndone
from case_events.contracts.parts import CopiedComment, OriginCase, SubmittedContent, WrittenContent
from case_events.contracts.refusals import InputRefused
from case_events.envelope import Actor, Record
from case_events.kernel import EffectDone
from case_events.runtime.ports import Snapshot
from case_events.topics import INTAKE, REFUSALS
from case_intake.application.accept import accept
from case_intake.application.assign_reference import assign_reference
from case_intake.application.react import CaseSnapshot, react
from msgspec import json

from tests.unit.intake_service.intake_desk import (
    BEN,
    START,
    World,
    arrival,
    raw_mail,
    reference,
)

ORIGIN, NEW = UUID(int=7), UUID(int=8)
REQUESTED = CaseRequested(
    case=NEW,
    reference="D-2026-0001",
    kind="split",
    case_type="wish",
    customer="acme",
    contact="anna",
    fields={"impact": "big"},
    personal=SubmittedContent(title="More seats"),
    copied=(CopiedComment("c", "contact", personal=WrittenContent(text="Five.")),),
)


def asked(event: Event) -> Record:
    """A record of the history of the case that asks."""
    return Record(
        id=UUID(int=9),
        type=type_name(event),
        source="workflow/1",
        tenant="desk",
        occurred_at=START,
        recorded_at=START,
        actor=Actor(kind="agent", id="ivy", capacity="agent"),
        channel="portal",
        correlation=UUID(int=10),
        definition="desk/1",
        case=ORIGIN,
        version=5,
        data=event,
    )


def test_a_case_that_is_asked_for_is_numbered_once() -> None:
    """C2: asked again, nothing happens; who asked, and why, stands on it."""
    world = World()
    for _ in range(3):
        asyncio.run(assign_reference(REQUESTED, asked(REQUESTED), world.ports))
    ((topic, record),) = world.records()
    created = record.data
    assert isinstance(created, CaseCreated)
    assert (topic, record.case, created.reference) == (INTAKE, NEW, "D-2026-0001")
    assert created.origin == OriginCase(ORIGIN, "D-2026-0001", "split")
    assert (created.language, created.copied) == ("nl", REQUESTED.copied)
    assert (record.actor.id, record.channel, record.definition) == ("ivy", "portal", "desk/1")
    assert (record.causation, record.correlation) == (UUID(int=9), UUID(int=10))


def test_numbers_are_shared_with_what_comes_in_by_itself() -> None:
    world = World()
    first = asyncio.run(accept(arrival(raw_mail()), world.ports))
    asyncio.run(assign_reference(REQUESTED, asked(REQUESTED), world.ports))
    made = [event.reference for event in world.events() if isinstance(event, CaseCreated)]
    assert sorted(made) == [first.reference, "D-2026-0002"]


def test_what_asks_for_a_number_is_one_effect_of_the_new_case() -> None:
    record = asked(REQUESTED)
    (effect,) = react(None, record, reference()).effects
    assert effect.key == f"number/{NEW}"
    assert json.decode(effect.payload, type=CaseRequested) == REQUESTED


def test_a_case_that_could_not_be_numbered_is_kept_for_the_desk() -> None:
    """C1, C15: nothing is lost, and somebody is told."""
    done = EffectDone(
        key="k", kind="number", payload=json.encode(REQUESTED), result="failed", attempts=12,
        detail="no counter",
    )  # fmt: skip
    (draft,) = react(CaseSnapshot("desk"), asked(done), reference()).events
    assert draft.topic == REFUSALS
    assert isinstance(draft.event, InputRefused)
    assert draft.event.personal == WrittenContent(title="More seats")
    assert "no counter" in draft.event.reason


def test_mail_of_a_merged_case_goes_to_the_one_that_lives() -> None:
    """C4: through every merge that its history tells of, until it is undone; never in a circle."""
    world = World()
    cases = [
        asyncio.run(accept(arrival(raw_mail(message_id=f"<{n}@x>")), world.ports)) for n in range(3)
    ]
    first, second, third = (one.case for one in cases)
    assert first and second and third

    def merged(case: UUID, into: UUID) -> None:
        outcome = react(CaseSnapshot("desk"), asked(CaseMerged(into, "D", "new")), reference())
        world.log.state.snapshots[case] = Snapshot(json.encode(outcome.state), 1)

    def reply_lands_in(n: int) -> UUID | None:
        raw = raw_mail("In-Reply-To: <0@x>", sender=BEN.email, message_id=f"<r{n}@x>", body=f"{n}")
        kept = asyncio.run(accept(arrival(raw), world.ports))
        return kept.case

    assert reply_lands_in(1) == first
    merged(first, second)
    merged(second, third)
    assert reply_lands_in(2) == third
    assert [r.case for _, r in world.records() if isinstance(r.data, ReplyReceived)].count(third)
    merged(third, first)
    assert reply_lands_in(3) in (first, second, third)
    undone = react(CaseSnapshot(merged_into=second), asked(MergeUndone(second, "D")), reference())
    world.log.state.snapshots[first] = Snapshot(json.encode(undone.state), 2)
    assert reply_lands_in(4) == first
