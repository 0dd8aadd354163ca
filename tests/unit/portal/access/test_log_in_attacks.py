"""What an attacker tried at the log-in, on the page and over the API (issue 13, point 13)."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from case_portal.app import make_app
from case_portal.core.principal import Account
from case_portal.portal import Portal
from starlette.testclient import TestClient

from tests.unit.portal.access.test_getting_in import PASSWORD, book_of, given_code, post
from tests.unit.portal.portal_desk import browser, portal_of_desk

LogIn = Callable[..., int]
EMMA = Account(tenant="here", kind="contact", person="kim", user="emma")
NAMESAKE = Account(tenant="there", kind="contact", person="bob", user="emma")
OTHER = "the password of the namesake"


def from_address(portal: Portal, address: str) -> TestClient:
    """A browser at a network address."""
    return TestClient(make_app(portal), follow_redirects=False, client=(address, 50_000))


def by_page(client: TestClient, user: str, password: str, tenant: str | None = None) -> int:
    """Log in on the page, which names no tenant."""
    status = post(client, "/login", user=user, password=password).status_code
    return 200 if status == 303 else status


def by_api(client: TestClient, user: str, password: str, tenant: str | None = None) -> int:
    """Log in over the API."""
    form = {"user": user, "password": password, "tenant": tenant}
    return int(client.post("/api/v1/session", json=form).status_code)


BOTH_WAYS = pytest.mark.parametrize("log_in", [by_page, by_api])


def with_emma() -> Portal:
    """A portal at which two people of two tenants log in as `emma`."""
    portal = portal_of_desk()
    book_of(portal).open_account(EMMA, PASSWORD)
    book_of(portal).open_account(NAMESAKE, OTHER)
    return portal


@BOTH_WAYS
def test_a_namesakes_success_lifts_no_limit(log_in: LogIn) -> None:
    """D13: nine guesses at Emma, then a log-in of the namesake at another tenant, and so on."""
    client = browser(portal=with_emma())
    answers = []
    for _ in range(3):
        answers += [log_in(client, "emma", f"guess {n}", "here") for n in range(9)]
        log_in(client, "emma", OTHER, "there")
    assert 429 in answers
    assert log_in(client, "emma", PASSWORD, "here") == 429


def test_guesses_at_one_account_hinder_no_namesake() -> None:
    """D13: attempts are counted for the account that is tried."""
    client = browser(portal=with_emma())
    guesses = [by_api(client, "emma", "a guess", "here") for _ in range(11)]
    assert guesses == [401] * 10 + [429]
    assert by_api(client, "emma", OTHER, "there") == 200
    assert by_page(client, "emma", OTHER) == 200


def test_an_unknown_name_is_counted_like_a_known_one() -> None:
    """D13: with and without a tenant, so that counting reveals no names."""
    for user in ("emma", "nobody"):
        portal = portal_of_desk()
        book_of(portal).open_account(EMMA, PASSWORD)
        client = browser(portal=portal)
        for _ in range(10):
            assert by_page(client, user, "a guess") == 401
        assert by_page(client, user, "a guess") == 429
        assert by_api(client, f"{user}2", "a guess") == 401
        every = [by_api(client, user, "a guess", tenant) for tenant in ("here", "there")]
        assert sorted(every) == [401, 429]


@BOTH_WAYS
def test_another_spelling_of_a_name_has_no_count_of_its_own(log_in: LogIn) -> None:
    """D13: a capital I with a dot is the same letter for one lower() and another for the next."""
    portal = portal_of_desk()
    iris = replace_user(EMMA, "iris.kim")
    book_of(portal).open_account(iris, PASSWORD)
    client = browser(portal=portal)
    for _ in range(10):
        assert log_in(client, "iris.kim", "a guess") == 401
    for spelled in ("iris.kim", "IRIS.KIM", " Iris.Kim ", "iris.\u212aim"):
        assert log_in(client, spelled, PASSWORD) == 429
    for other in ("\u0130ris.kim", "ir\u0131s.kim", "iri\u017f.kim"):
        assert log_in(client, other, PASSWORD) == 401


@BOTH_WAYS
def test_nobody_locks_the_owner_out_from_elsewhere(log_in: LogIn) -> None:
    """D13: ten wrong attempts lock out the address that made them, and no other."""
    portal = with_emma()
    far = from_address(portal, "198.51.100.9")
    for _ in range(10):
        assert log_in(far, "emma", "a guess", "here") == 401
    assert log_in(far, "emma", PASSWORD, "here") == 429
    assert log_in(from_address(portal, "192.0.2.1"), "emma", PASSWORD, "here") == 200


def many_guesses(portal: Portal, log_in: LogIn) -> None:
    """Guesses from so many addresses that no browser that is not known may try any more."""
    for place in range(11):
        client = from_address(portal, f"203.0.113.{place}")
        for _ in range(10):
            log_in(client, "kim", "a guess")


@BOTH_WAYS
def test_guesses_from_many_addresses_are_counted_together(log_in: LogIn) -> None:
    """D13: a hundred at one account, wherever they come from."""
    portal = portal_of_desk()
    many_guesses(portal, log_in)
    assert log_in(from_address(portal, "192.0.2.1"), "kim", "kim") == 429


def test_a_browser_that_logged_in_before_passes() -> None:
    """D13: by its cookie; also after it logged out."""
    portal = portal_of_desk()
    own = from_address(portal, "203.0.113.1")
    assert by_page(own, "kim", "kim") == 200
    many_guesses(portal, by_page)
    assert by_page(from_address(portal, "192.0.2.1"), "kim", "kim") == 429
    own.cookies.delete("casefold_session")
    assert by_page(own, "kim", "kim") == 200
    assert by_api(own, "kim", "kim") == 200
    own.cookies.delete("casefold_device")
    assert by_page(own, "kim", "kim") == 429


def test_the_cookie_of_a_browser_is_for_its_own_accounts_and_has_a_count() -> None:
    """D13: another account's cookie, or an altered one, opens nothing; a stolen one is counted."""
    portal = portal_of_desk()
    own = from_address(portal, "192.0.2.1")
    by_page(own, "ned", "ned")
    many_guesses(portal, by_page)
    assert by_page(own, "kim", "kim") == 429
    known = own.cookies["casefold_device"]
    thief = from_address(portal, "192.0.2.2")
    thief.cookies.set("casefold_device", known)
    assert [by_page(thief, "ned", "a guess") for _ in range(11)] == [401] * 10 + [429]
    thief.cookies.set("casefold_device", f"x{known}")
    assert by_page(thief, "kim", "kim") == 429


def test_a_link_in_a_mail_makes_a_browser_known() -> None:
    """D13: the owner of the address gets in, however many guess."""
    portal = portal_of_desk()
    own = from_address(portal, "192.0.2.1")
    by_page(own, "kim", "kim")
    own.cookies.clear()
    many_guesses(portal, by_page)
    assert by_page(own, "kim", "kim") == 429
    code = given_code(portal, "reset", "kim")
    post(own, "/access/reset", code=code, password=PASSWORD, again=PASSWORD)
    assert by_page(own, "kim", PASSWORD) == 200


def test_nobody_keeps_the_owner_from_a_new_password() -> None:
    """D13: asks from elsewhere use up nothing of theirs."""
    portal = portal_of_desk()
    far, own = from_address(portal, "198.51.100.9"), from_address(portal, "192.0.2.1")
    for _ in range(10):
        assert post(far, "/access/forgot", user="kim").status_code == 200
    assert post(far, "/access/forgot", user="kim").status_code == 429
    assert post(own, "/access/forgot", user="kim").status_code == 200


def test_an_ipv6_network_is_one_address() -> None:
    """D13: whoever has one IPv6 address has 2^64."""
    portal = portal_of_desk()
    tried = [by_api(from_address(portal, f"2001:db8::{place:x}"), "kim", "a guess")
             for place in range(11)]  # fmt: skip
    assert tried == [401] * 10 + [429]
    assert by_api(from_address(portal, "2001:db8:0:1::1"), "kim", "kim") == 200


@pytest.mark.parametrize("name", ["kim@acme.example", "amy@desk.example", "eve@desk.example",
                                  "who@nowhere.example", "KIM@ACME.example"])  # fmt: skip
def test_nobody_bears_an_address_that_is_not_theirs(name: str) -> None:
    """D13: of a colleague, of an agent, of somebody at another tenant, of nobody."""
    client = browser(portal=(portal := portal_of_desk()))
    code = given_code(portal, "choice")
    refused = post(client, "/access/account", code=code, user=name,
                   password=PASSWORD, again=PASSWORD)  # fmt: skip
    assert refused.status_code == 422
    assert "A user name with an @ is your own e-mail address." in refused.text
    own = post(client, "/access/account", code=code, user="Bob@Acme.example",
               password=PASSWORD, again=PASSWORD)  # fmt: skip
    assert own.status_code == 303
    assert by_page(client, "bob@acme.example", PASSWORD) == 200


@BOTH_WAYS
def test_an_account_under_the_address_of_somebody_else_does_not_log_in(log_in: LogIn) -> None:
    """D13: by whatever command it was made, and at whichever tenant the address is known."""
    portal = portal_of_desk()
    theirs = Account(tenant="there", kind="contact", person="bob", user="amy@desk.example")
    book_of(portal).open_account(theirs, PASSWORD)
    assert log_in(browser(portal=portal), "amy@desk.example", PASSWORD) == 401


def replace_user(account: Account, user: str) -> Account:
    """The same account under another user name."""
    return Account(tenant=account.tenant, kind=account.kind, person=account.person, user=user)


WEAK = ("short", "1234567890", "123456789012", "password1234", "aaaaaaaaaaaa", "qwertyuiop12",
        "wachtwoord12", "welkomwelkom", "bob@acme.example", "acme.example1", "Bobby12345678",
        "bobbobbobbob", "example desk")  # fmt: skip


@pytest.mark.parametrize("password", WEAK)
def test_a_password_that_is_easy_to_guess_is_refused_on_every_way_in(password: str) -> None:
    """D13: at an invitation, by a link, and while logged in, on the page and over the API."""
    portal = portal_of_desk()
    client = browser(portal=portal)
    typed = {"password": password, "again": password}
    choice, reset = given_code(portal, "choice"), given_code(portal, "reset")
    assert post(client, "/access/account", code=choice, user="bobby", **typed).status_code == 422
    assert post(client, "/access/reset", code=reset, **typed).status_code == 422
    by_page(client, "bob", "bob")
    assert send(client, "/account/password", old="bob", **typed).status_code == 422
    token = client.post("/api/v1/session", json={"user": "bob", "password": "bob"}).json()["token"]
    answer = client.post("/api/v1/account/password", json={"old": "bob", "new": password},
                         headers={"Authorization": f"Bearer {token}"})  # fmt: skip
    assert (answer.status_code, answer.json()["field"]) == (422, "password")


def send(client: TestClient, path: str, **typed: str) -> httpx.Response:
    """Send a form of the page of one's account."""
    token = re.search(r'name="form_token" value="(\w+)"', client.get("/account").text)
    assert token is not None
    answer: httpx.Response = client.post(path, data={"form_token": token[1]} | typed)
    return answer


def test_logging_in_again_ends_the_session_of_that_browser() -> None:
    """7.2.4: the old token opens nothing any more."""
    client = browser(portal=portal_of_desk())
    by_page(client, "bob", "bob")
    old = client.cookies["casefold_session"]
    by_page(client, "bob", "bob")
    assert client.cookies["casefold_session"] != old
    answer = client.get("/api/v1/cases", headers={"Authorization": f"Bearer {old}"})
    assert answer.status_code == 401


def test_a_deactivated_account_gets_no_session() -> None:
    """D13: neither a token of no use nor one that comes back to life."""
    portal = portal_of_desk()
    gone = replace_user(EMMA, "somebody")
    book_of(portal).open_account(
        Account(tenant="here", kind="contact", person="who-left", user=gone.user), PASSWORD
    )
    client = browser(portal=portal)
    assert by_api(client, "somebody", PASSWORD) == 401
    assert "no longer known at this desk" in post(
        client, "/login", user="somebody", password=PASSWORD
    ).text  # fmt: skip


def test_a_session_that_nobody_uses_ends() -> None:
    """7.3.1: after two hours; each use puts the end off, up to twelve hours."""
    portal = portal_of_desk()
    hour = [portal.log_ins.now()]
    accounts = portal.log_ins.credentials
    accounts._now = lambda: hour[0]  # type: ignore[attr-defined]
    client = browser(portal=replace(portal, now=lambda: hour[0]))
    by_page(client, "bob", "bob")
    [session] = book_of(portal).held.values()
    hour[0] = session.opened_at
    for _ in range(6):
        hour[0] += timedelta(minutes=119)
        assert client.get("/").status_code == 200
    hour[0] += timedelta(minutes=9)
    assert client.get("/").status_code == 303
