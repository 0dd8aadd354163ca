"""C4: mail that did not arrive, on the page and in the API of the desk, with a way to mend it."""

from typing import Any

import pytest
from case_events.contracts.base import Event
from case_events.contracts.bounces import AddressMended, MendAddress, NoticeBounced
from case_events.contracts.cases import CommentAdded
from case_events.contracts.notices import NoticeSuppressed
from case_events.contracts.parts import Person, WrittenContent
from case_portal.app import make_app
from case_portal.portal import Portal
from msgspec.structs import replace
from starlette.testclient import TestClient

from tests.unit.portal.cases.test_pages import send
from tests.unit.portal.portal_desk import MemoryCommandGateway, browser, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE, record, sample_history
from tests.unit.portal.read_model.test_projection import after

HERE, PAGE = f"/api/v1/cases/{REFERENCE}", f"/cases/{REFERENCE}"
BOB_AT = "bob@customer.example"
BOUNCE = NoticeBounced(
    notice="confirmation",
    about=1,
    recipient="contact/bob",
    personal=Person(BOB_AT),
    status="5.1.1",
    hard=True,
    reason="550 no such user",
)
DEAD = NoticeSuppressed(notice="answer", about=4, recipient="contact/bob", reason="undeliverable",
                        personal=Person(BOB_AT))  # fmt: skip
MENDED = AddressMended(recipient="contact/bob", personal=Person(BOB_AT.upper()))
HEARD = CommentAdded("c", "contact", public=True, message_id="m@x",
                     personal=WrittenContent(author=Person(BOB_AT)))  # fmt: skip


@pytest.mark.parametrize(
    ("events", "standings"),
    [
        ((BOUNCE,), ["hard"]),
        ((replace(BOUNCE, hard=False),), ["soft"]),
        ((replace(BOUNCE, hard=False, delayed=True),), ["delayed"]),
        ((replace(BOUNCE, delayed=True), BOUNCE), ["hard"]),
        ((DEAD,), ["hard"]),
        ((replace(DEAD, reason="own_action"),), []),
        ((BOUNCE, MENDED), []),
        ((BOUNCE, HEARD), []),
        ((BOUNCE, replace(HEARD, message_id="")), ["hard"]),
        ((BOUNCE, replace(HEARD, personal=WrittenContent(author=Person("x@y.nl")))), ["hard"]),
    ],
)
def test_a_case_shows_the_addresses_that_mail_did_not_reach(
    events: tuple[Event, ...], standings: list[str]
) -> None:
    assert [one.standing for one in after(*events).bounces.values()] == standings


def test_a_suppressed_mail_leaves_the_reason_of_the_bounce() -> None:
    (one,) = after(BOUNCE, DEAD).bounces.values()
    assert one.reason == "550 no such user"


def _portal(*events: Event) -> Portal:
    history = sample_history()
    for event in events or (BOUNCE,):
        history.append(record(event, len(history) + 1))
    return portal_of_desk(history)


@pytest.mark.parametrize(("who", "addresses"), [("amy", [BOB_AT]), ("bob", [])])
def test_the_api_tells_the_desk_alone(who: str, addresses: list[str]) -> None:
    answer = TestClient(make_app(_portal())).get(HERE, headers={"Authorization": f"Bearer {who}"})
    assert [one["address"] for one in answer.json()["bounces"]] == addresses


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [("amy", BOB_AT.upper(), 200), ("amy", "x@y.nl", 404), ("bob", BOB_AT, 404)],
)
def test_the_api_asks_to_mend_an_address_of_the_case(who: str, address: str, status: int) -> None:
    portal = _portal()
    answer = TestClient(make_app(portal)).post(
        f"{HERE}/mended-addresses",
        json={"address": address},
        headers={"Authorization": f"Bearer {who}"},
    )
    assert answer.status_code == status, answer.text
    assert isinstance(portal.api_desk, MemoryCommandGateway)
    asked: list[Any] = [MendAddress(recipient="contact/bob", personal=Person(address))]
    assert portal.api_desk.commands == (asked if status == 200 else [])


def test_the_page_tells_the_desk_with_a_button() -> None:
    portal = _portal()
    client = browser("amy", portal)
    page = client.get(PAGE).text
    assert BOB_AT in page
    assert "550 no such user" in page
    answer = send(client, PAGE, f"{PAGE}/mended-address", address=BOB_AT)
    assert answer.status_code == 303
    assert isinstance(portal.desk, MemoryCommandGateway)
    assert [type(one) for one in portal.desk.commands] == [MendAddress]


def test_the_page_tells_a_contact_nothing() -> None:
    assert BOB_AT not in browser("bob", _portal()).get(PAGE).text
