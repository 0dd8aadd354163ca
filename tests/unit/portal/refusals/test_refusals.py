"""What was refused: for the desk alone, of its own tenant alone, with all that was written."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.refusals import CommandRefused, InputRefused
from case_events.envelope import Actor, Record
from case_portal.portal import Portal

from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import BOB, NOW, REFERENCE, record

MESSAGE = b"From: eve@x.example\r\n\r\n<script>"
UNKNOWN = Actor("unknown", "")


def mail(raw: str = "", tenant: str = "here", minutes: int = 0) -> Record:
    """A mail of somebody whom the desk does not know."""
    event = InputRefused(
        code="unknown_sender",
        field="from",
        rule="known",
        reason="The sender is not known.",
        raw=raw,
        personal=WrittenContent(
            title=f"Printer at {tenant}",
            text="It burns <b>brightly</b>.",
            author=Person(address="eve@x.example", name="Eve"),
        ),
    )
    at = NOW + timedelta(minutes=minutes)
    return record(event, 0, UNKNOWN, at, channel="mail", tenant=tenant, case=None)


def comment() -> Record:
    """A comment that came too late."""
    event = CommandRefused(
        code="not_allowed",
        field="text",
        rule="comments_by",
        reason="The case is closed.",
        command="nl.casefold.command.add-comment.v1",
        personal=WrittenContent(text="One more thing"),
    )
    return record(event, 0, BOB, NOW + timedelta(minutes=10))


def desk(*records: Record) -> Portal:
    return portal_of_desk(refused=records)


def listed(who: str, portal: Portal, query: str = "") -> Any:
    answer = browser(who, portal).get(f"/api/v1/refusals{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("who", ["amy", "aud"])
def test_the_desk_sees_what_was_refused_the_last_first(who: str) -> None:
    """C15: who, when, by which channel, the field, the rule, the reason, and the case."""
    found = listed(who, desk(mail("a" * 64), comment()))
    asked, came = found["refusals"]
    assert (asked["who"]["name"], asked["reference"], asked["text"], asked["href"]) == (
        "Bob", REFERENCE, "One more thing", "",
    )  # fmt: skip
    assert asked["command"] == "nl.casefold.command.add-comment.v1"
    assert (came["channel"], came["code"], came["field"], came["rule"]) == (
        "mail", "unknown_sender", "from", "known",
    )  # fmt: skip
    assert (came["title"], came["reference"]) == ("Printer at here", "")
    assert came["author"] == {"address": "eve@x.example", "name": "Eve"}
    assert came["at"] == "2026-03-02T09:00:00Z"
    assert (found["page"], found["more"]) == (1, False)


def test_refusals_go_on_over_pages() -> None:
    portal = desk(*(mail(minutes=minute) for minute in range(25)))
    first, second = listed("amy", portal), listed("amy", portal, "?page=2")
    assert (len(first["refusals"]), first["more"]) == (20, True)
    assert (len(second["refusals"]), second["more"]) == (5, False)
    assert first["refusals"][0]["at"] == "2026-03-02T09:24:00Z"
    page = browser("amy", portal).get("/refused").text
    assert 'href="/refused?page=2"' in page


def test_a_tenants_refusals_are_its_own() -> None:
    """C16."""
    here, there = mail("a" * 64), mail("b" * 64, tenant="there")
    portal = desk(here, there)
    assert [one["title"] for one in listed("amy", portal)["refusals"]] == ["Printer at here"]
    assert [one["title"] for one in listed("there@eve", portal)["refusals"]] == ["Printer at there"]
    assert "Printer at there" not in browser("amy", portal).get("/refused").text
    for place in ("/api/v1/refusals", "/refused"):
        assert browser("amy", portal).get(f"{place}/{there.id}/raw").status_code == 404


@pytest.mark.parametrize("place", ["/api/v1/refusals", "/refused"])
def test_to_contacts_there_are_no_refusals(place: str) -> None:
    """C5: not the list, nor what they sent themselves."""
    portal, one = _with_message()
    for path in (place, f"{place}/{one.id}/raw"):
        answer = browser("bob", portal).get(path)
        assert answer.status_code == 404
        assert "eve@x.example" not in answer.text
    assert "/refused" not in browser("bob", portal).get("/").text


@pytest.mark.parametrize("place", ["/api/v1/refusals", "/refused"])
def test_what_arrived_is_saved_and_never_shown_as_a_page(place: str) -> None:
    portal, one = _with_message()
    answer = browser("amy", portal).get(f"{place}/{one.id}/raw")
    assert answer.content == MESSAGE
    assert answer.headers["content-type"] == "message/rfc822"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{one.id}.eml"')
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("place", ["/api/v1/refusals", "/refused"])
def test_what_brought_no_message_has_none(place: str) -> None:
    one = comment()
    assert browser("amy", desk(one)).get(f"{place}/{one.id}/raw").status_code == 404


def test_the_page_says_what_was_refused_and_why() -> None:
    """C14, C15."""
    portal, one = _with_message()
    page = browser("amy", portal).get("/refused").text
    for shown in (
        "Eve eve@x.example", "E-mail", "New case: Printer at here", "The sender is not known.",
        "It burns &lt;b&gt;brightly&lt;/b&gt;.", "<code>known</code>", f"/refused/{one.id}/raw",
        "<strong>Bob</strong>", "Comment", f'href="/cases/{REFERENCE}"', "One more thing",
    ):  # fmt: skip
        assert shown in page
    assert "Reactie" in browser("dirk", portal).get("/refused").text


def test_an_empty_page_says_what_will_be_here_and_the_desk_finds_it() -> None:
    for who, empty in (("amy", "Nothing was refused."), ("dirk", "Er is niets geweigerd.")):
        assert empty in browser(who).get("/refused").text
        assert 'href="/refused"' in browser(who).get("/cases").text


def _with_message() -> tuple[Portal, Record]:
    """A desk that refused a mail that is in its blob store, and a comment."""
    one = mail(sha256(MESSAGE).hexdigest())
    portal = desk(one, comment())
    asyncio.run(portal.files.put("here", MESSAGE))
    return portal, one
