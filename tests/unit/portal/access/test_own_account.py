"""One's own account, on its page and over the API: password, sessions, API tokens."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from case_events.contracts.messages import MessageRequested
from case_portal.cases.pages import _events
from case_portal.core.audit import Client
from case_portal.portal import Portal
from case_portal.read_model.reading import OpenCase, open_case
from case_portal.web.reader import Reader
from starlette.testclient import TestClient

from tests.unit.portal.access.test_getting_in import PASSWORD, given_code, post
from tests.unit.portal.access.test_log_in_attacks import by_api, by_page, send
from tests.unit.portal.portal_access import published_by
from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE

NEW = "four words of another kind"


def signed_in(portal: Portal, who: str = "bob") -> tuple[TestClient, str]:
    """A browser in which somebody logged in, and the token of another session of theirs."""
    client = browser(portal=portal)
    assert by_page(client, who, who) == 200
    token = client.post("/api/v1/session", json={"user": who, "password": who}).json()["token"]
    return client, str(token)


def api(client: TestClient, token: str, method: str, path: str, **json: Any) -> httpx.Response:
    """A request of a program, without the cookies of a browser."""
    headers = {"Authorization": f"Bearer {token}"}
    answer: httpx.Response = client.request(
        method, f"/api/v1{path}", headers=headers, json=json or None
    )
    return answer


def test_a_password_is_changed_on_the_page() -> None:
    """6.2.2, 6.2.3: with the old one; all other sessions and all API tokens end; this browser stays
    logged in, with another session."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    made = api(client, token, "POST", "/tokens", name="archive").json()
    before = client.cookies["casefold_session"]
    wrong = send(client, "/account/password", old="eve", password=NEW, again=NEW)
    assert (wrong.status_code, NEW in wrong.text) == (403, False)
    assert "This is not your present password." in wrong.text
    different = send(client, "/account/password", old="bob", password=NEW, again=PASSWORD)
    assert "Both passwords have to be the same." in different.text
    done = send(client, "/account/password", old="bob", password=NEW, again=NEW)
    assert done.headers["location"] == "/account?notice=password_changed"
    assert client.cookies["casefold_session"] != before
    assert "Your password is changed." in client.get("/account?notice=password_changed").text
    for old in (before, token, made["token"]):
        assert api(client, old, "GET", "/cases").status_code == 401
    assert by_page(browser(portal=portal), "bob", "bob") == 401
    assert by_page(browser(portal=portal), "bob", NEW) == 200


def test_a_password_is_changed_over_the_api() -> None:
    """6.2.2: the answer is a new session."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    wrong = api(client, token, "POST", "/account/password", old="eve", new=NEW)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    done = api(client, token, "POST", "/account/password", old="bob", new=NEW)
    assert done.status_code == 201
    assert api(client, token, "GET", "/sessions").status_code == 401
    assert len(api(client, done.json()["token"], "GET", "/sessions").json()["sessions"]) == 1


def test_the_present_password_is_not_guessed_from_a_session() -> None:
    """D13: whoever finds a browser open has ten attempts."""
    client, token = signed_in(portal_of_desk())
    answers = [api(client, token, "POST", "/account/password", old="x", new=NEW).status_code
               for _ in range(11)]  # fmt: skip
    assert answers == [403] * 10 + [429]


@pytest.mark.parametrize("way", ["reset", "page"])
def test_a_changed_password_is_told_by_mail(way: str) -> None:
    """6.3.7: to the person's own address, in their language, with the way back in."""
    portal = portal_of_desk()
    client, _ = signed_in(portal)
    if way == "page":
        send(client, "/account/password", old="bob", password=NEW, again=NEW)
    else:
        post(client, "/access/reset", code=given_code(portal, "reset"), password=NEW, again=NEW)
    mails = [one.data for one in published_by(portal) if isinstance(one.data, MessageRequested)]
    assert [(one.template, one.personal.address, one.language) for one in mails] == [
        ("password_changed", "bob@acme.example", "en")
    ]
    assert mails[0].values == {"user": "bob", "link": "https://portal.example/access/forgot"}


def test_sessions_are_shown_and_ended_on_the_page() -> None:
    """7.5.2: each one, or all others."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    page = client.get("/account").text
    assert page.count("This browser") == 1
    [other] = re.findall(r'action="/account/sessions/([0-9a-f-]{36})/end"', page)
    ended = send(client, f"/account/sessions/{other}/end")
    assert ended.headers["location"] == "/account?notice=session_ended"
    assert api(client, token, "GET", "/cases").status_code == 401
    assert client.get("/").status_code == 200
    again = send(client, f"/account/sessions/{other}/end")
    assert (again.status_code, "It had ended already." in again.text) == (404, True)
    tokens = [signed_in(portal)[1] for _ in range(2)]
    assert send(client, "/account/sessions/end-others").status_code == 303
    assert [api(client, one, "GET", "/cases").status_code for one in tokens] == [401, 401]
    assert client.get("/").status_code == 200


def test_sessions_are_listed_and_ended_over_the_api() -> None:
    """7.5.2: only one's own."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    foreign, _ = signed_in(portal, "kim")
    listed = api(client, token, "GET", "/sessions").json()["sessions"]
    assert sorted(one["current"] for one in listed) == [False, True]
    assert {(one["address"], one["program"]) for one in listed} == {("testclient", "testclient")}
    theirs = api(foreign, foreign.cookies["casefold_session"], "GET", "/sessions").json()
    one = theirs["sessions"][0]["id"]
    assert api(client, token, "DELETE", f"/sessions/{one}").status_code == 404
    assert api(client, token, "DELETE", f"/sessions/{uuid4()}").status_code == 404
    [browsers] = [one["id"] for one in listed if not one["current"]]
    assert api(client, token, "DELETE", f"/sessions/{browsers}").status_code == 204
    assert client.get("/").status_code == 303
    another = signed_in(portal)[1]
    assert api(client, token, "DELETE", "/sessions").status_code == 204
    assert api(client, another, "GET", "/cases").status_code == 401
    assert api(client, token, "GET", "/cases").status_code == 200
    assert foreign.get("/").status_code == 200


def test_an_api_token_is_made_used_and_revoked_over_the_api() -> None:
    """D13: with a name, a reach and an end; its secret is shown once."""
    client, token = signed_in(portal_of_desk())
    made = api(client, token, "POST", "/tokens", name="archive", reach="read", days=30).json()
    listed = api(client, token, "GET", "/tokens").json()["tokens"]
    assert [(one["id"], one["name"], one["reach"]) for one in listed] == [
        (made["id"], "archive", "read")
    ]
    assert made["token"] not in str(listed)
    assert api(client, made["token"], "GET", "/cases").status_code == 200
    assert api(client, token, "DELETE", f"/tokens/{made['id']}").status_code == 204
    assert api(client, made["token"], "GET", "/cases").status_code == 401
    assert api(client, token, "DELETE", f"/tokens/{made['id']}").status_code == 404


def test_an_api_token_is_made_and_revoked_on_the_page() -> None:
    """D13"""
    client, _ = signed_in(portal_of_desk())
    page = send(client, "/account/tokens", name="archive", reach="write", days="30").text
    shown = re.search(r"<code>([^<]+)</code>", page)
    assert shown is not None
    assert shown[1] not in client.get("/account").text
    assert api(client, shown[1], "GET", "/cases").status_code == 200
    [token] = re.findall(r'action="/account/tokens/([0-9a-f-]{36})/revoke"', page)
    assert send(client, f"/account/tokens/{token}/revoke").status_code == 303
    assert api(client, shown[1], "GET", "/cases").status_code == 401
    for typed in ({"name": " "}, {"name": "x", "days": "0"}, {"name": "x", "days": "999"}):
        assert send(client, "/account/tokens", **typed).status_code == 422


def test_a_token_that_may_only_read_sends_no_command() -> None:
    """D13: and none looks after the account, or is a session of a browser."""
    client, token = signed_in(portal_of_desk())
    reads = api(client, token, "POST", "/tokens", name="one", reach="read").json()["token"]
    writes = api(client, token, "POST", "/tokens", name="two", reach="write").json()["token"]
    path, body = "/cases/CAS-2026-000001/comments", {"text": "Hello?", "public": True}
    refused = api(client, reads, "POST", path, **body)
    assert (refused.status_code, refused.json()["code"]) == (403, "token_reads_only")
    assert api(client, reads, "POST", "/session/pass").status_code == 403
    assert api(client, writes, "POST", path, **body).status_code != 403
    for one in (reads, writes):
        for method, own in (("GET", "/sessions"), ("POST", "/tokens"), ("GET", "/tokens"),
                            ("DELETE", "/sessions"), ("POST", "/account/password"),
                            ("DELETE", "/session/current")):  # fmt: skip
            body = {"name": "x", "old": "bob", "new": NEW} if method == "POST" else {}
            body = {"name": "x"} if own == "/tokens" and method == "POST" else body
            body = {"old": "bob", "new": NEW} if own == "/account/password" else body
            assert api(client, one, method, own, **body).status_code == 403
        client.cookies.set("casefold_session", one)
        assert client.get("/cases").status_code == 303
        assert client.get("/api/v1/cases").status_code == 401


def test_another_site_cannot_send_the_forms_of_the_account() -> None:
    """Nor a form that was made for another browser."""
    client, _ = signed_in(portal_of_desk())
    for path in ("password", "sessions/end-others", f"sessions/{uuid4()}/end", "tokens",
                 f"tokens/{uuid4()}/revoke"):  # fmt: skip
        assert client.post(f"/account/{path}", data={"name": "x"}).status_code == 403


@pytest.mark.parametrize("language", ["bob", "jan"])
def test_the_page_of_the_account_works_in_both_languages(language: str) -> None:
    client, _ = signed_in(portal_of_desk(), language)
    page = client.get("/account").text
    assert f'<html lang="{"nl" if language == "jan" else "en"}">' in page
    assert "<script" not in page
    assert by_api(client, "bob", "bob") == 200


def test_a_live_page_ends_with_its_session() -> None:
    """No change is told after the log-out, though the stream is open."""
    portal = portal_of_desk()
    client, _ = signed_in(portal)
    token = client.cookies["casefold_session"]

    async def heard(logged_out: bool) -> list[str]:
        found = await portal.signed_in(token)
        assert found is not None
        definition = portal.definition_of(found.principal)
        reader = Reader(found.principal, definition, portal.now())
        cases = portal.cases(found.principal)
        case = await open_case(cases, portal.reference, found.principal, REFERENCE)
        assert isinstance(case, OpenCase)
        events = _events(portal, portal.changes, reader, case, token)
        first = await anext(events)
        if logged_out:
            await portal.log_ins.log_out(token, Client())
        return [first] + [event async for event in events]

    assert len(asyncio.run(heard(logged_out=False))) == 3
    assert asyncio.run(heard(logged_out=True)) == ["retry: 2000\n\n"]
