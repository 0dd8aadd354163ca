"""The portal while it starts, and while its database is away: nobody is sent to the log-in page."""

import re
from dataclasses import replace

import pytest
from case_definition.lookup.reference import Reference
from case_events.runtime import Unavailable
from case_portal.core.sessions import Session
from case_portal.web.problems import MEDIA_TYPE

from tests.unit.portal.portal_desk import MemoryIntake, browser, portal_of_desk

FORM = {"case_type": "incident", "key": "k", "field.title": "T", "field.description": "D"}
PAGE = "/cases/new?case_type=incident"


def test_a_form_sent_while_the_portal_starts_is_not_answered_by_the_log_in_page() -> None:
    """A portal that just started knows no person yet. A form that it answered with the log-in page
    was lost, and nobody saw it."""
    intake, is_loaded = MemoryIntake(), [True]
    client = browser("bob", portal_of_desk(intake=intake, loaded=lambda: is_loaded[0]))
    token = re.search(r'name="form_token" value="(\w+)"', client.get(PAGE).text)
    assert token is not None
    form = FORM | {"form_token": token[1]}
    is_loaded[0] = False
    refused = client.post("/cases/new", data=form)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "Nothing was lost" in refused.text
    assert intake.cases == []
    is_loaded[0] = True
    assert client.post("/cases/new", data=form).headers["location"].startswith("/cases/")
    assert [case.key for case in intake.cases] == ["k"]


@pytest.mark.parametrize("path", ["/", "/cases", "/login", "/access/redeem", "/nowhere"])
def test_no_page_answers_while_the_portal_starts(path: str) -> None:
    starting = replace(portal_of_desk(), reference=Reference(), loaded=lambda: False)
    answer = browser("bob", starting).get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "text/html" in answer.headers["content-type"]


def test_a_program_keeps_its_token_while_the_portal_starts() -> None:
    """401 would tell it that the token is no longer valid."""
    client = browser("bob", portal_of_desk(loaded=lambda: False))
    answer = client.get("/api/v1/session")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["code"] == "starting"


def test_what_every_page_loads_is_served_while_the_portal_starts() -> None:
    client = browser("bob", portal_of_desk(loaded=lambda: False))
    assert client.get("/static/casefold.css").status_code == 200


class AccountsAway:
    """Accounts whose database cannot be reached."""

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        raise Unavailable("the database is away")


def test_a_page_says_that_the_database_is_away() -> None:
    """The page of the error must not look for the session that the request could not find."""
    portal = replace(portal_of_desk(), accounts=AccountsAway())
    answer = browser("bob", portal).get("/cases")
    assert answer.status_code == 503
    assert "A part of the platform cannot be reached." in answer.text
