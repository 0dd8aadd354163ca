"""Taking in: what is kept and published, once for each mail and each key (C1, C2, C4, C16)."""

import asyncio
from uuid import uuid4

import pytest
from case_events.contracts.base import label_of
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.refusals import InputRefused
from case_events.runtime import BlobMissing
from case_events.testing.keys import SECRET
from case_events.tokens.thread import message_id, reply_address
from case_events.topics import INTAKE
from case_intake.application.accept import accept
from case_intake.application.accept_form import accept_form
from case_intake.application.ports import InboundRecord, StoredAnswer
from case_intake.application.record_inbound import UnknownTenant
from case_intake.domain.inbound import Creator, FormSubmission, inbound_mail
from case_intake.domain.mail import read
from case_intake.domain.routing_result import Mistake

from tests.unit.intake_service.intake_desk import (
    ANNA,
    BEN,
    CARL,
    DESK,
    IVY,
    World,
    arrival,
    raw_mail,
)


def take(world: World, raw: bytes, *recipients: str) -> InboundRecord:
    """What intake makes of a mail to the desk."""
    return asyncio.run(accept(arrival(raw, *recipients), world.ports))


def test_a_mail_is_in_the_blob_store_with_its_case_c1_c2() -> None:
    world = World()
    kept = take(world, raw_mail())
    ((topic, record),) = world.records()
    assert (topic, record.tenant, record.case) == (INTAKE, "desk", kept.case)
    assert isinstance(record.data, CaseCreated)
    assert record.data.reference == kept.reference == "D-2026-0001"
    assert asyncio.run(world.blobs.get("desk", record.data.raw)) == raw_mail()


def test_references_count_on_for_each_tenant_c2_c16() -> None:
    world = World()
    references = [take(world, raw_mail(message_id=f"<{n}@x>")).reference for n in range(3)]
    assert references == ["D-2026-0001", "D-2026-0002", "D-2026-0003"]
    raw = raw_mail(sender=CARL.email)
    kept = asyncio.run(
        accept(inbound_mail("second", raw, ("help@second.example",), read(raw)), world.ports)
    )
    assert kept.reference == "D-2026-0001"


def test_the_same_mail_twice_is_one_case_c1() -> None:
    world = World()
    assert take(world, raw_mail()) == take(world, raw_mail("Received: by another way"))
    assert len(world.records()) == 1


def test_the_same_message_id_with_another_body_is_another_case_c1() -> None:
    world = World()
    first, second = take(world, raw_mail()), take(world, raw_mail(body="It is cold."))
    assert first.case != second.case
    assert [type(event) for event in world.events()] == [CaseCreated, CaseCreated]


def test_mails_without_a_message_id_are_told_apart_by_all_of_them_c1() -> None:
    world = World()
    first = take(world, raw_mail(message_id=""))
    again = take(world, raw_mail(message_id=""))
    later = take(world, raw_mail("X-Date: later", message_id=""))
    assert first.case == again.case != later.case


def test_an_unknown_sender_is_answered_once_however_often_the_mail_comes_c4() -> None:
    world = World()
    for _ in range(2):
        take(world, raw_mail(sender="who@x.example"))
    kinds = sorted(label_of(event) for event in world.events())
    assert kinds == ["input_refused", "message_requested"]


def test_replies_find_their_case_by_what_they_answer_c4() -> None:
    world = World()
    case = take(world, raw_mail()).case
    assert case is not None
    address = reply_address(SECRET, "desk", case, DESK, public=True)
    ours = message_id(SECRET, "desk", case, "n", "desk.example", public=True)
    replies = [
        take(world, raw_mail(message_id="<a@x>"), address),
        take(world, raw_mail(f"In-Reply-To: {ours}", message_id="<b@x>")),
        take(world, raw_mail("References: <1@acme.example> <no@x>", message_id="<c@x>")),
        take(world, raw_mail("In-Reply-To: <c@x>", message_id="<d@x>", sender=BEN.email)),
        take(world, raw_mail(message_id="<e@x>", subject="Re: d-2026-0001 smoke")),
    ]
    assert {reply.case for reply in replies} == {case}
    found = [event.found_by for event in world.events() if isinstance(event, ReplyReceived)]
    assert sorted(found) == ["subject", "thread", "thread", "thread", "token"]


def test_no_tenant_reaches_another_tenants_case_c16() -> None:
    world = World()
    case = take(world, raw_mail()).case
    assert case is not None
    raw = raw_mail("In-Reply-To: <1@acme.example>", sender=CARL.email, subject="Re: D-2026-0001")
    address = reply_address(SECRET, "desk", case, "help@second.example", public=True)
    kept = asyncio.run(accept(inbound_mail("second", raw, (address,), read(raw)), world.ports))
    assert kept.outcome == "case"
    assert kept.case != case


def test_a_token_for_a_case_that_intake_never_numbered_finds_nothing_c4() -> None:
    world = World()
    address = reply_address(SECRET, "desk", uuid4(), DESK, public=True)
    assert take(world, raw_mail(), address).outcome == "case"


@pytest.mark.parametrize("address", [DESK, "no-reply@desk.example", "help+x@second.example"])
def test_mail_from_an_address_of_this_platform_is_ours_c4(address: str) -> None:
    world = World()
    assert take(world, raw_mail(sender=address)).outcome == "ignored"
    assert world.records() == []
    assert [kept.why for kept in world.store.arrived()] == ["our own mail"]


def test_nothing_is_promised_for_a_tenant_that_has_not_arrived() -> None:
    world = World()
    raw = raw_mail()
    unknown = inbound_mail("third", raw, ("help@third.example",), read(raw))
    with pytest.raises(UnknownTenant):
        asyncio.run(accept(unknown, world.ports))


def test_nothing_is_kept_where_the_transaction_fails() -> None:
    world = World()

    async def fail() -> None:
        async with world.ports.outbox.open("desk") as transaction:
            await transaction.repository.next_number("desk", 2026)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.run(fail())
    assert take(world, raw_mail()).reference == "D-2026-0001"


POST = FormSubmission(
    tenant="desk",
    creator=Creator(capacity="contact", id="anna", contact=ANNA, roles=("super_user",)),
    channel="portal",
    values={"title": "Smoke", "description": "It is hot", "impact": "big", "seats": 3},
    key="k1",
    raw=b"{}",
)


def post(world: World, arrival: FormSubmission) -> StoredAnswer:
    """What intake answers to a post that makes a case."""
    answered = asyncio.run(accept_form(arrival, world.ports))
    assert isinstance(answered, StoredAnswer)
    return answered


def refused(world: World, arrival: FormSubmission) -> Mistake:
    """The one mistake of a post."""
    mistakes = asyncio.run(accept_form(arrival, world.ports))
    assert isinstance(mistakes, tuple)
    (mistake,) = mistakes
    return mistake


def test_a_post_makes_the_same_event_as_a_mail_c1() -> None:
    world = World()
    answered = post(world, POST)
    ((_, record),) = world.records()
    created = record.data
    assert isinstance(created, CaseCreated)
    assert (created.contact, created.customer, created.case_type) == ("anna", "acme", "fault")
    assert created.fields == {"impact": "big", "seats": "3"}
    assert (created.personal.title, created.personal.text) == ("Smoke", "It is hot")
    assert (record.channel, record.case) == ("portal", answered.case)


def test_the_same_key_and_case_get_the_same_answer_c1() -> None:
    world = World()
    assert post(world, POST) == post(world, POST)
    assert len(world.records()) == 1


def test_the_same_key_with_another_case_is_refused_and_kept_c15() -> None:
    world = World()
    post(world, POST)
    other = FormSubmission(tenant="desk", creator=POST.creator, channel="portal",
                   values={"title": "Fire"}, key="k1", raw=b"other")  # fmt: skip
    mistake = refused(world, other)
    assert (mistake.field, mistake.rule) == ("Idempotency-Key", "same_body")
    assert asyncio.run(world.blobs.get("desk", _refusal(world).raw)) == b"other"


def test_a_key_is_one_persons_c16() -> None:
    world = World()
    agent = Creator(capacity="agent", id="ivy", contact=ANNA, roles=IVY.roles)
    phoned = FormSubmission(tenant="desk", creator=agent, channel="phone", case_type="fault",
                    values={"title": "Fire"}, key="k1")  # fmt: skip
    assert post(world, POST) != post(world, phoned)


@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({}, "title", "required"),
        ({"title": "x" * 51}, "title", "max_length"),
        ({"title": "x", "impact": "vast"}, "impact", "options"),
        ({"title": "x", "colour": "red"}, "colour", "unknown"),
        ({"title": "x", "seats": "many"}, "seats", "type"),
        ({"title": "x", "cause": "me"}, "cause", "editable_by"),
        ({"title": "x", "files": ["smoke.png"]}, "files", "files"),
    ],
)
def test_bad_input_is_refused_by_field_and_rule_and_kept_c15(
    values: dict[str, str], field: str, rule: str
) -> None:
    world = World()
    form = FormSubmission(
        tenant="desk", creator=POST.creator, channel="portal", values=values, raw=b"r"
    )
    mistake = refused(world, form)
    kept = _refusal(world)
    assert (mistake.field, mistake.rule) == (kept.field, kept.rule) == (field, rule)
    assert mistake.reason in kept.reason


@pytest.mark.parametrize(
    ("creator", "channel", "case_type", "rule"),
    [
        (Creator(capacity="contact", id="ben", contact=BEN, roles=("normal",)),
         "portal", "fault", "when"),
        (POST.creator, "portal", "wish", "created_by"),
        (POST.creator, "phone", "fault", "by"),
        (POST.creator, "portal", "ghost", "options"),
        (Creator(capacity="agent", id="ivy"), "phone", "fault", "known_contact"),
    ],
)  # fmt: skip
def test_who_may_create_what_is_the_definitions_o1_c15(
    creator: Creator, channel: str, case_type: str, rule: str
) -> None:
    world = World()
    form = FormSubmission(tenant="desk", creator=creator, channel=channel,
                    case_type=case_type, values={"title": "x"})  # fmt: skip
    mistake = refused(world, form)
    assert mistake.rule == _refusal(world).rule == rule


def test_blobs_are_a_tenants_own_c16() -> None:
    world = World()
    kept = take(world, raw_mail())
    with pytest.raises(BlobMissing):
        asyncio.run(world.blobs.get("second", kept.raw))


def _refusal(world: World) -> InputRefused:
    (kept,) = (event for event in world.events() if isinstance(event, InputRefused))
    return kept
