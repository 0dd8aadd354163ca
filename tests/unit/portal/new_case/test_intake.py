"""New cases on their way to intake: who vouches, what is sent, what comes back."""

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from case_events import tokens
from case_portal.app import make_app
from case_portal.core.files import Upload
from case_portal.core.principal import Principal
from case_portal.core.problem import OutOfReach, Problem
from case_portal.new_case.intake import HttpIntake
from case_portal.new_case.ports import NewCase
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import portal_of_desk
from tests.unit.portal.portal_sample import NOW

BOB = Principal(tenant="here", kind="contact", id="bob", name="Bob", language="en")
CASE = NewCase(key="k1", case_type="incident", values={"title": "T", "recurring": True})
SECRET = b"shared"


def create(case: NewCase, answer: Callable[[httpx.Request], httpx.Response]) -> str | list[Problem]:
    transport = httpx.MockTransport(answer)
    return asyncio.run(
        HttpIntake("http://intake", SECRET, lambda: NOW, transport).create(BOB, case)
    )


def test_intake_is_told_who_asks_and_which_key_makes_it_one() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = {"tenant": "here", "kind": "contact", "id": "bob"}
        assert tokens.read(SECRET, token, NOW) == claims
        assert request.headers["idempotency-key"] == "k1"
        assert json.loads(request.content) == {
            "type": "incident",
            "channel": "portal",
            "fields": {"title": "T", "recurring": True},
        }
        return httpx.Response(201, json={"reference": "CAS-7", "case": "x"})

    assert create(CASE, answer) == "CAS-7"


def test_files_go_along_in_a_form() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        body = request.read().decode()
        assert 'name="fields.recurring"\r\n\r\ntrue' in body
        assert 'name="attachments"; filename="a.txt"' in body
        return httpx.Response(201, json={"reference": "CAS-8"})

    file = Upload(name="a.txt", type="text/plain", data=b"hello")
    with_file = NewCase(key="k", case_type="incident", values=CASE.values, files=(file,))
    assert create(with_file, answer) == "CAS-8"


def test_what_intake_refuses_comes_back_by_field() -> None:
    errors = [{"field": "title", "rule": "required", "detail": "Fill it in."}]
    problem = {"status": 422, "detail": "Fill it in.", "errors": errors}
    problems = create(CASE, lambda _: httpx.Response(422, json=problem))
    assert isinstance(problems, list)
    (found,) = problems
    assert (found.field, found.rule, found.reason) == ("title", "required", "Fill it in.")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, json={}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
    ],
)
def test_an_intake_that_does_not_answer_well_is_out_of_reach(answer: httpx.Response) -> None:
    with pytest.raises(OutOfReach):
        create(CASE, lambda _: answer)


def test_an_intake_that_cannot_be_reached_is_out_of_reach() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(OutOfReach):
        create(CASE, answer)


@pytest.mark.parametrize(
    ("who", "vouched"), [("bob", "contact/bob"), ("amy", "agent/amy"), ("aud", "")]
)
def test_a_pass_for_intake_is_for_those_who_bring_cases_in(who: str, vouched: str) -> None:
    """C1: in their own name; who only reads gets none, and nobody without a token."""
    client = TestClient(make_app(portal_of_desk()))
    response = client.post("/api/v1/session/pass", headers={"Authorization": f"Bearer {who}"})
    if vouched:
        assert (response.status_code, response.json()["token"]) == (201, f"pass of {vouched}")
    else:
        assert (response.status_code, response.json()["code"]) == (403, "brings_nothing_in")
    assert client.post("/api/v1/session/pass").status_code == 401
