"""The security log: what is recorded, who reads it, and what is never in it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from case_events.contracts.reference import DefinitionPublished
from case_events.contracts.security import (
    AccessChanged,
    Change,
    DataAccessed,
    LogInAttempted,
    SecurityEvent,
)
from case_events.runtime import Unavailable
from case_portal.portal import Portal
from case_portal.web.wording import Wording

from tests.support.wire import codec
from tests.unit.portal.access.test_getting_in import PASSWORD, given_code, post
from tests.unit.portal.access.test_log_in_attacks import by_api, by_page, send
from tests.unit.portal.access.test_own_account import NEW, api, signed_in
from tests.unit.portal.portal_access import published_by
from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    CASE,
    NOW,
    REFERENCE,
    definition_document,
    published,
    reference_data,
)

Seen = tuple[str, str, str, str, str]


def recorded(portal: Portal, type_: type[SecurityEvent] = SecurityEvent) -> list[Any]:
    """The records of the security log, in order."""
    return [one for one in published_by(portal) if isinstance(one.data, type_)]


def log_ins(portal: Portal) -> Iterator[Seen]:
    """Who tried to log in: tenant, actor, outcome, reason, person."""
    for one in recorded(portal, LogInAttempted):
        it = one.data
        yield one.tenant, one.actor.kind, it.outcome, it.reason, f"{it.person_kind}/{it.person}"


def accesses(portal: Portal) -> list[tuple[str, str, str, str]]:
    """What was accessed: by whom, what, the case, the outcome."""
    return [
        (one.actor.id, one.data.what, one.data.reference, one.data.outcome)
        for one in recorded(portal, DataAccessed)
    ]


@pytest.mark.parametrize(("log_in", "channel"), [(by_page, "portal"), (by_api, "api")])
def test_log_ins_are_recorded_with_who_and_from_where(log_in: Any, channel: str) -> None:
    portal = portal_of_desk()
    client = browser(portal=portal)
    log_in(client, "bob", "bob")
    log_in(client, "bob", "a guess")
    log_in(client, "nobody", "a guess")
    assert list(log_ins(portal)) == [
        ("here", "contact", "done", "", "contact/bob"),
        ("here", "unknown", "refused", "wrong_credentials", "contact/bob"),
        ("", "unknown", "refused", "wrong_credentials", "/"),
    ]
    for one in recorded(portal):
        assert (one.data.personal.address, one.data.personal.program) == ("testclient",) * 2
        assert one.channel == channel


def test_too_many_attempts_are_recorded_once_in_a_window() -> None:
    """An attack does not fill the log with what it says already."""
    portal = portal_of_desk()
    client = browser(portal=portal)
    for _ in range(15):
        by_api(client, "bob", "a guess")
    reasons = [reason for _, _, _, reason, _ in log_ins(portal)]
    assert reasons == ["wrong_credentials"] * 10 + ["too_many_attempts"]


def test_changes_of_access_are_recorded() -> None:
    """Invitations, codes, passwords, sessions, tokens: who did it, and whose access it is."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    invited = api(client, "amy", "POST", "/invitations", contact="ned")
    assert invited.status_code == 201
    post(client, "/access/forgot", user="bob")
    while asyncio.run(portal.access.work_off()):
        pass
    post(client, "/access/reset", code="0000-0000-0000-0000-0000", password=NEW, again=NEW)
    made = api(client, token, "POST", "/tokens", name="archive").json()
    api(client, token, "DELETE", f"/tokens/{made['id']}")
    send(client, "/account/password", old="bob", password=NEW, again=NEW)
    post(client, "/logout")
    choice = given_code(portal, "choice", "kim")
    post(client, "/access/account", code=choice, user="kimmy", password=PASSWORD, again=PASSWORD)
    changes = [
        (one.actor.id, one.data.change, one.data.outcome, one.data.person, one.data.name)
        for one in recorded(portal, AccessChanged)
    ]
    assert changes == [
        ("amy", "invited", "done", "ned", ""),
        ("", "reset_requested", "done", "bob", ""),
        ("", "password_changed", "refused", "", ""),
        ("bob", "token_issued", "done", "bob", "archive"),
        ("bob", "token_revoked", "done", "bob", "archive"),
        ("bob", "password_changed", "done", "bob", ""),
        ("bob", "session_ended", "done", "bob", ""),
        ("kim", "account_opened", "done", "kim", ""),
    ]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/cases", "GET /cases"),
        ("/reports", "GET /reports"),
        (f"/cases/{REFERENCE}", "GET /cases/{reference}"),
        ("/api/v1/cases", "GET /api/v1/cases"),
        (f"/api/v1/cases/{REFERENCE}/history", "GET /api/v1/cases/{reference}/history"),
    ],
)
def test_every_reading_of_an_auditor_is_recorded(path: str, what: str) -> None:
    portal = portal_of_desk()
    assert browser("aud", portal).get(path).status_code == 200
    case = REFERENCE if REFERENCE in path else ""
    [(who, read, reference, outcome)] = accesses(portal)
    assert (who, read, outcome) == ("aud", what, "done")
    assert reference == case


@pytest.mark.parametrize("path", [f"/cases/{REFERENCE}", f"/api/v1/cases/{REFERENCE}",
                                  f"/api/v1/cases/{REFERENCE}/links"])  # fmt: skip
@pytest.mark.parametrize(("who", "is_own"), [("bob", True), ("amy", True), ("kim", False),
                                             ("dirk", False)])  # fmt: skip
def test_a_case_outside_ones_own_is_recorded(who: str, path: str, is_own: bool) -> None:
    """Bob's case is assigned to Amy. Kim sees it as his colleague, Dirk as hers."""
    portal = portal_of_desk()
    browser(who, portal).get(path)
    found = [(by, case) for by, _, case, _ in accesses(portal)]
    assert found == ([] if is_own else [(who, REFERENCE)])


@pytest.mark.parametrize(
    ("who", "method", "path", "reason"),
    [
        ("ned", "GET", f"/cases/{REFERENCE}", "not_found"),
        ("ned", "GET", f"/api/v1/cases/{REFERENCE}", "not_found"),
        ("bob", "GET", "/api/v1/refusals", "not_found"),
        ("amy", "GET", "/security", "not_found"),
        ("aud", "POST", "/api/v1/invitations", "forbidden"),
    ],
)
def test_whoever_asks_for_what_is_not_theirs_is_recorded(
    who: str, method: str, path: str, reason: str
) -> None:
    portal = portal_of_desk()
    body = {"contact": "bob"} if method == "POST" else None
    headers = {"Authorization": f"Bearer {who}"} if path.startswith("/api") else {}
    browser(who, portal).request(method, path, json=body, headers=headers)
    [one] = recorded(portal)
    assert (one.actor.id, one.data.outcome, one.data.reason) == (who, "refused", reason)


def test_nothing_is_shown_that_cannot_be_recorded() -> None:
    class AuditAway:
        async def record(self, *event: Any) -> None:
            raise Unavailable("the database is away")

    portal = replace(portal_of_desk(), audit=AuditAway())
    answer = browser("aud", portal).get(f"/cases/{REFERENCE}")
    assert (answer.status_code, "on fire" in answer.text) == (503, False)
    assert browser("bob", portal).get(f"/cases/{REFERENCE}").status_code == 200


def test_no_secret_is_in_the_log() -> None:
    """D13: neither passwords, codes, tokens nor a typed name that nobody has."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    secrets = [token, client.cookies["casefold_session"], "a typed passphrase", NEW, PASSWORD]
    by_page(client, "a-typed-passphrase", "a typed passphrase")
    made = api(client, token, "POST", "/tokens", name="archive").json()
    code = given_code(portal, "reset")
    post(client, "/access/reset", code=code, password=PASSWORD, again=PASSWORD)
    secrets += [made["token"], code, code.replace("-", ""), "a-typed-passphrase"]
    for one in recorded(portal):
        written = codec.opened(codec.encode(one)).decode()
        assert not [secret for secret in secrets if secret in written]


def test_the_log_is_for_administrators_of_the_tenant() -> None:
    portal = portal_of_desk()
    client = browser(portal=portal)
    by_api(client, "bob", "a guess")
    by_api(client, "there@eve", "there@eve")
    browser("aud", portal).get(f"/cases/{REFERENCE}")
    events = browser("dirk", portal).get("/api/v1/security-events").json()["events"]
    assert [(one["type"], one["outcome"], one["who"]["name"]) for one in events] == [
        ("data_accessed", "done", "Aud"), ("log_in_attempted", "refused", "")
    ]  # fmt: skip
    assert (events[0]["reference"], events[0]["address"]) == (REFERENCE, "testclient")
    theirs = browser("there@eve", portal).get("/api/v1/security-events").json()["events"]
    assert [one["who"]["name"] for one in theirs] == ["Eve"]
    for who in ("bob", "amy", "aud"):
        assert browser(who, portal).get("/api/v1/security-events").status_code == 404
        assert browser(who, portal).get("/security").status_code == 404
        assert "/security" not in browser(who, portal).get("/").text


def test_the_log_is_filtered_and_paged() -> None:
    portal = portal_of_desk()
    client = browser(portal=portal)
    by_api(client, "bob", "bob")
    by_api(client, "bob", "a guess")
    for _ in range(50):
        browser("aud", portal).get("/cases")
    admin = browser("dirk", portal)

    def count(query: str) -> tuple[int, bool]:
        found = admin.get(f"/api/v1/security-events?{query}").json()
        return len(found["events"]), found["more"]

    assert count("") == (50, True)
    assert count("page=2") == (2, False)
    assert count("type=log_in_attempted") == (2, False)
    assert count("outcome=refused") == (1, False)
    assert admin.get("/api/v1/security-events?type=everything").status_code == 422


@pytest.mark.parametrize(
    ("who", "title", "words"),
    [("dirk", "Beveiligingslog", ("Inloggen geweigerd", "verkeerd wachtwoord", "Gelezen")),
     ("there@eve", "Security log", ("Log-in refused", "wrong password", "Logged in"))],
)  # fmt: skip
def test_the_page_tells_it_in_both_languages(who: str, title: str, words: tuple[str, ...]) -> None:
    portal = portal_of_desk()
    client = browser(portal=portal)
    for user, password in (("bob", "x"), ("there@eve", "there@eve"), ("there@eve", "<b>x")):
        by_page(client, user, password)
    browser("aud", portal).get(f"/cases/{REFERENCE}")
    page = browser(who, portal).get("/security").text
    assert f"<h1>{title}</h1>" in page
    assert all(word in page for word in words)
    assert "<script" not in page


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_event_has_words(language: str) -> None:
    """Every change with every outcome, in both languages."""
    words = Wording(language, ZoneInfo("UTC"), NOW)
    for about in (*get_args(Change), "log_in_attempted", "data_accessed"):
        for outcome in ("done", "refused"):
            assert words.has(f"security.{about}_{outcome}")


def test_an_event_names_no_case_that_is_hidden_from_its_reader() -> None:
    portal = portal_of_desk()
    ned = browser("ned", portal)
    ned.get(f"/cases/{REFERENCE}")
    ned.get("/cases/CAS-2026-999999")
    events = browser("dirk", portal).get("/api/v1/security-events").json()["events"]
    assert [one["reference"] for one in events] == ["", REFERENCE]


@pytest.mark.parametrize(
    ("asked", "recorded_as"),
    [("T-0009", "T-0009"), ("t-0009", "T-0009"), ("CAS-2026-000009", ""), (str(CASE), "")],
)
def test_only_a_reference_of_ones_own_tenant_is_recorded_as_asked(
    asked: str, recorded_as: str
) -> None:
    """By the tenant's own format. Other text may be a secret, or name a case of another tenant."""
    known = reference_data()
    document = definition_document("here") | {"references": {"format": "T-{number:04}"}}
    known.apply(published(DefinitionPublished("here/2", document | {"version": 2})))
    portal = portal_of_desk(reference=known)
    assert browser("bob", portal).get(f"/cases/{asked}").status_code == 404
    [(_, _, reference, outcome)] = accesses(portal)
    assert (reference, outcome) == (recorded_as, "refused")
