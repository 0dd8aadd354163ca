"""D13, S7, O1: the pages that mails lead to, and what the API says of getting in."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.messages import AccessRequested
from case_events.contracts.reference import EntryChanged
from case_portal.access.directory import somebody
from case_portal.access.problems import too_often
from case_portal.portal import Portal
from case_portal.projection import react
from starlette.testclient import TestClient

from tests.support.desk.visitors import code_in
from tests.support.world.access import MemoryAccountUnitOfWork
from tests.support.world.held_access import Book
from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    definition_document,
    record,
    reference_data,
)

PASSWORD = "a long enough password"


def post(client: TestClient, path: str, **typed: str) -> httpx.Response:
    """Open a page and send its form."""
    token = re.search(r'name="form_token" value="(\w+)"', client.get("/access/forgot").text)
    assert token is not None
    answer: httpx.Response = client.post(path, data={"form_token": token[1]} | typed)
    return answer


def book_of(portal: Portal) -> Book:
    """The tables behind the way in."""
    gate = portal.access.gate
    assert isinstance(gate, MemoryAccountUnitOfWork)
    return gate.book


def given_code(portal: Portal, purpose: Any, person: str = "bob") -> str:
    """A code as a mail would carry it."""
    who = somebody(portal.reference, "here", "contact", person)
    assert who is not None

    async def give() -> str:
        async with portal.access.gate.open() as transaction:
            expires_at = transaction.now.replace(year=2030)
            return await portal.access.code_issuer.new_code(transaction, who, purpose, expires_at)

    return asyncio.run(give())


@pytest.mark.parametrize("page", ["redeem", "confirm", "forgot", "reset"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_page_works_without_scripts_in_both_languages(page: str, language: str) -> None:
    html = browser().get(f"/access/{page}", headers={"Accept-Language": language}).text
    assert f'<html lang="{language}">' in html
    assert f'<form method="post" action="/access/{page}"' in html
    assert "<script" not in html


def test_the_whole_way_in_by_pages() -> None:
    """D13: redeem, confirm, choose; each page leads to the next."""
    portal = portal_of_desk()
    client = browser(portal=portal)
    assert (
        "second mail" in post(client, "/access/redeem", code=given_code(portal, "invitation")).text
    )
    link = given_code(portal, "confirmation")
    chooses = post(client, "/access/confirm", code=link).text
    choice = code_in(chooses)
    typed = {"code": choice, "user": "bobby", "password": PASSWORD}
    different = post(client, "/access/account", **typed, again="something else")
    assert different.status_code == 422
    assert choice in different.text
    assert 'value="bobby"' in different.text
    assert PASSWORD not in different.text
    done = post(client, "/access/account", **typed, again=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/login?notice=account")
    assert "Your account is there." in client.get("/login?notice=account").text


def test_to_open_a_link_uses_nothing_up() -> None:
    """D13: mail programs look at links before people do."""
    portal = portal_of_desk()
    client, link = browser(portal=portal), given_code(portal, "reset")
    for _ in range(3):
        page = client.get(f"/access/reset?code={link}")
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"
    done = post(client, "/access/reset", code=link, password=PASSWORD, again=PASSWORD)
    assert done.headers["location"] == "/login?notice=password_set"


@pytest.mark.parametrize("path", ["redeem", "confirm", "account", "forgot", "reset"])
def test_another_site_cannot_send_these_forms(path: str) -> None:
    portal = portal_of_desk()
    link = given_code(portal, "reset")
    assert browser(portal=portal).post(f"/access/{path}", data={"code": link}).status_code == 403


@pytest.mark.parametrize("purpose", ["invitation", "confirmation", "choice", "reset"])
def test_a_code_opens_its_own_door_alone(purpose: str) -> None:
    """D13: an invitation, for instance, confirms no address and sets no password."""
    portal = portal_of_desk()
    client, code = browser(portal=portal), given_code(portal, purpose)
    paths = {"invitation": "redeem", "confirmation": "confirm", "choice": "account",
             "reset": "reset"}  # fmt: skip
    for other in paths.values():
        if other != paths[purpose]:
            answer = post(client, f"/access/{other}", code=code, user="bobby",
                          password=PASSWORD, again=PASSWORD)  # fmt: skip
            assert answer.status_code == 422
    right = post(client, f"/access/{paths[purpose]}", code=code, user="bobby",
                 password=PASSWORD, again=PASSWORD)  # fmt: skip
    assert right.status_code < 400


def test_whoever_is_active_no_more_gets_in_with_no_code() -> None:
    """D13: the directory decides, at every step."""
    portal = portal_of_desk()
    code = given_code(portal, "reset")
    known = portal.reference.contact("here", "bob")
    assert known is not None
    document = {"kind": "contact", "tenant": "here", "id": "bob", "name": "Bob", "active": False,
                "customer": "acme", "email": known.email, "language": "en"}  # fmt: skip
    portal.reference.apply(record(EntryChanged("contact", "bob", document), version=0))
    answer = post(browser(portal=portal), "/access/reset", code=code,
                  password=PASSWORD, again=PASSWORD)  # fmt: skip
    assert answer.status_code == 422


def test_the_answer_is_the_same_for_every_user_name() -> None:
    """D13, S7: letter by letter, but for the token of the form."""
    client = browser()
    pages = [post(client, "/access/forgot", user=user).text for user in ("bob", "nobody")]
    assert pages[0] == pages[1]


def test_what_is_done_for_a_forgotten_password_is_the_same_for_every_name() -> None:
    """D13, S7: until the answer is given the name is kept, and nothing looked up or mailed."""
    portal = portal_of_desk()
    client, book = browser(portal=portal), book_of(portal)
    for user in ("bob", "Bob@acme.example", "nobody@nowhere.example"):
        post(client, "/access/forgot", user=user)
    asked = [ask.user for ask in book.asks]
    assert asked == ["bob", "bob@acme.example", "nobody@nowhere.example"]
    assert book.codes == {}
    while asyncio.run(portal.access.work_off()):
        pass
    assert book.asks == []


def test_the_definition_says_which_agents_invite() -> None:
    """D13: Amy is an agent, and no administrator."""
    document = definition_document("here") | {"version": 2}
    document["access"] = {"invitation": {"by": ["administrator"]}}
    portal = portal_of_desk()
    portal.reference.add_definition(compile_definition(document))
    answer = browser(portal=portal).post(
        "/api/v1/invitations", json={"contact": "bob"}, headers={"Authorization": "Bearer amy"}
    )
    assert (answer.status_code, answer.json()["rule"]) == (403, "access.invitation.by")


def test_too_many_attempts_are_told_when_to_come_back() -> None:
    """D13: on the page of the log-in, of a code, and by the API; with Retry-After."""
    portal = portal_of_desk()
    client = browser(portal=portal)
    for _ in range(10):
        assert post(client, "/login", user="bob", password="wrong").status_code == 401
    page = post(client, "/login", user="BOB ", password="bob")
    assert (page.status_code, page.headers["retry-after"]) == (429, "90")
    shown = client.post("/api/v1/session", json={"user": "bob", "password": "bob"})
    assert (shown.status_code, shown.headers["retry-after"]) == (429, "90")
    assert shown.json()["code"] == "too_many_attempts"
    assert (
        client.post("/api/v1/session", json={"user": "kim", "password": "kim"}).status_code == 200
    )
    for _ in range(10):
        post(client, "/access/forgot", user="bob")
    asked = post(client, "/access/forgot", user="bob")
    assert (asked.status_code, asked.headers["retry-after"]) == (429, "90")
    assert "Try again in 90 seconds." in asked.text


def test_one_client_cannot_try_all_names() -> None:
    """D13: a hundred attempts, whatever they are at."""
    client = browser()
    tried = [client.post("/api/v1/session", json={"user": f"u{n}", "password": "x"}).status_code
             for n in range(101)]  # fmt: skip
    assert tried == [401] * 100 + [429]


def test_waiting_is_told_in_whole_seconds() -> None:
    assert too_often(timedelta(milliseconds=1)).retry_after == 1


def test_an_agent_invites_by_the_api() -> None:
    """D13: the contact by id or address; problems name field and rule."""
    client = browser()

    def invite(who: str, contact: str) -> httpx.Response:
        answer: httpx.Response = client.post(
            "/api/v1/invitations", json={"contact": contact},
            headers={"Authorization": f"Bearer {who}"},
        )  # fmt: skip
        return answer

    assert invite("amy", "bob").status_code == 201
    assert invite("amy", "Kim@acme.example").json()["contact"] == "kim"
    assert invite("bob", "kim").status_code == 403
    assert invite("aud", "kim").status_code == 403
    unknown = invite("amy", "eve@nowhere.example")
    assert (unknown.status_code, unknown.json()["field"]) == (404, "contact")
    assert invite("there@eve", "gus").status_code == 404


def test_a_request_by_mail_is_answered_once_for_its_record() -> None:
    """S7: the effect has the record's id as its key."""
    asked = record(AccessRequested("bob", in_reply_to="1@acme.example"), version=0, case=None)
    [effect] = react(None, asked, reference_data()).effects
    assert effect.key == f"access/{asked.id}"
    assert effect.kind == "access"


def test_whoever_may_open_no_case_reads_whom_to_turn_to() -> None:
    """O1: the super users of their own organisation, and the documentation."""
    document = definition_document("here") | {"version": 2}
    kind = document["case_types"][0]
    kind["when"] = "contact.role == 'super_user'"
    kind["redirect"] = {"to": ["key", "super_user"], "text": "ask"}
    texts = {"redirects.ask.found": "Ask {people} of {customer}, or read /help.",
             "redirects.ask.nobody": "Read /help."}  # fmt: skip
    document["texts"] = {one: known | texts for one, known in document["texts"].items()}
    portal = portal_of_desk()
    portal.reference.add_definition(compile_definition(document))
    assert (
        "Ask Kim (kim@acme.example) of Acme, or read /help."
        in browser("bob", portal).get("/cases/new").text
    )
    assert "Read /help." in browser("gus", portal).get("/cases/new").text
