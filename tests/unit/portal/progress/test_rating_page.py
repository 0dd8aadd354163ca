"""The link in a mail: a contact rates one case, and does nothing else with it."""

import re
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.cases import StatusChanged
from case_events.contracts.parts import WrittenContent
from case_events.contracts.ratings import RateCase
from case_events.keyring import Keyring
from case_events.testing.keys import ANOTHER_SECRET, SECRET
from case_events.tokens.rating_link import HOLDS, RatingToken, rating_token, read_rating_token
from case_portal.portal import Portal
from case_portal.read_model.view import CommandOutcome
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import MemoryCommandGateway, browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    BOB,
    CASE,
    NOW,
    REFERENCE,
    definition_document,
    record,
    sample_history,
)

TO_BOB = RatingToken("here", REFERENCE, CASE, "bob")


def _portal(answer: CommandOutcome | None = None, *, closed: bool = True) -> Portal:
    """Bob's case, which he has closed; closed cases can be rated."""
    history = sample_history()
    if closed:
        history.append(record(StatusChanged("closed", "open", "close"), 8, actor=BOB))
    portal = portal_of_desk(history, answer or CommandOutcome(status="done", version=9))
    document = definition_document("here") | {"ratings": {"statuses": ["closed"]}}
    portal.reference.add_definition(compile_definition(document))
    return portal


def _link(token: RatingToken = TO_BOB, secret: Keyring = SECRET) -> str:
    return f"/rate/{rating_token(secret, token, NOW)}"


def _asked(portal: Portal) -> list[object]:
    assert isinstance(portal.desk, MemoryCommandGateway)
    return list(portal.desk.commands)


def test_reading_the_page_changes_nothing() -> None:
    """O6, H3: mail programs open links by themselves; nobody logs in."""
    portal = _portal()
    response = browser(portal=portal).get(_link())
    assert response.status_code == 200
    assert 'name="stars" value="5"' in response.text
    assert _asked(portal) == []


def test_the_form_rates_for_the_contact_that_the_link_was_sent_to() -> None:
    """O6, H3: with words; whoever holds the link sees no other page by it."""
    portal = _portal()
    client = browser(portal=portal)
    response = client.post(_link(), data={"stars": "4", "text": "Quick,\r\nand kind."})
    assert response.status_code == 200
    assert "Thank you." in response.text
    assert _asked(portal) == [RateCase(stars=4, personal=WrittenContent(text="Quick,\nand kind."))]
    assert client.get(f"/cases/{REFERENCE}").status_code == 303


def test_what_is_refused_is_said_with_what_was_written() -> None:
    portal = _portal(CommandOutcome(status="refused", code="invalid", field="stars", rule="scale"))
    response = browser(portal=portal).post(_link(), data={"stars": "9", "text": "So good."})
    assert response.status_code == 409
    assert "Choose one of the stars." in response.text
    assert "So good." in response.text


def test_the_page_of_the_case_leads_there_while_it_may_be_rated() -> None:
    """O6, H3: for the contact, and for nobody of the desk."""
    portal = _portal()
    page = browser("bob", portal).get(f"/cases/{REFERENCE}").text
    link = re.search(r'href="(/rate/[^"]+)"', page)
    assert link is not None
    assert 'name="stars" value="5"' in browser(portal=portal).get(link[1]).text
    for who, shown in (("amy", portal), ("bob", _portal(closed=False))):
        assert "/rate/" not in browser(who, shown).get(f"/cases/{REFERENCE}").text


def test_an_open_case_is_not_rated() -> None:
    response = browser(portal=_portal(closed=False)).get(_link())
    assert response.status_code == 200
    assert "<form" not in response.text.partition("<main")[2]


@pytest.mark.parametrize(
    "link",
    [
        _link(secret=ANOTHER_SECRET),
        _link(RatingToken("there", REFERENCE, CASE, "bob")),
        _link(RatingToken("here", REFERENCE, uuid4(), "bob")),
        _link(RatingToken("here", "CAS-2026-000009", CASE, "bob")),
        _link(RatingToken("here", REFERENCE, CASE, "gus")),
        _link(RatingToken("here", REFERENCE, CASE, "nobody")),
        "/rate/nonsense",
        f"/rate/{rating_token(SECRET, TO_BOB, NOW - HOLDS)}",
    ],
    ids=["forged", "tenant", "case", "reference", "customer", "gone", "nonsense", "old"],
)
@pytest.mark.parametrize("how", ["get", "post"])
def test_any_other_link_leads_nowhere(link: str, how: str) -> None:
    """C5, C16: forged, of another tenant, case or customer, or too old."""
    portal = _portal()
    client: TestClient = browser(portal=portal)
    response: httpx.Response = (
        client.get(link) if how == "get" else client.post(link, data={"stars": "1"})
    )
    assert response.status_code == 404
    assert _asked(portal) == []


def test_a_token_of_another_purpose_is_none_to_rate_by() -> None:
    signed = rating_token(SECRET, TO_BOB, NOW)
    assert read_rating_token(SECRET, signed, NOW + timedelta(days=1)) == TO_BOB
    assert read_rating_token(SECRET, signed, NOW + HOLDS) is None
    assert read_rating_token(SECRET, signed + "x", NOW) is None
