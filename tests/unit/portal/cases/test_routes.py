"""The API: who sees what, what is asked, and how it says no."""

from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    SetFields,
)
from case_portal.app import make_app
from case_portal.portal import Portal
from case_portal.read_model.view import CommandOutcome
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import DONE, MemoryCommandGateway, portal_of_desk
from tests.unit.portal.portal_sample import CASE, REFERENCE

HERE = f"/api/v1/cases/{REFERENCE}"


def client_of(portal: Portal | None = None) -> TestClient:
    return TestClient(make_app(portal or portal_of_desk()), raise_server_exceptions=False)


def as_(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


def get(path: str, who: str) -> httpx.Response:
    response: httpx.Response = client_of().get(path, headers=as_(who))
    return response


def problem(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    answer: dict[str, Any] = response.json()
    assert answer["status"] == response.status_code
    return answer


def test_nobody_sees_anything_without_a_token() -> None:
    response = client_of().get("/api/v1/cases")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert problem(response)["code"] == "not_logged_in"


def test_logging_in_gives_a_token() -> None:
    client = client_of()
    good = client.post("/api/v1/session", json={"user": "bob", "password": "bob"})
    token = {"Authorization": f"Bearer {good.json()['token']}"}
    assert client.get("/api/v1/cases", headers=token).status_code == 200
    bad = client_of().post("/api/v1/session", json={"user": "bob", "password": "eve"})
    assert bad.status_code == 401
    assert problem(bad)["field"] == "password"


@pytest.mark.parametrize("who", ["bob", "kim", "amy", "aud"])
def test_a_case_is_seen_by_its_contact_a_key_user_agents_and_auditors(who: str) -> None:
    """C5."""
    assert get(HERE, who).status_code == 200
    assert [c["reference"] for c in get("/api/v1/cases", who).json()["cases"]] == [REFERENCE]


@pytest.mark.parametrize("who", ["ned", "gus", "there@bob"])
@pytest.mark.parametrize("path", ["", "/history", f"/attachments/{'a' * 64}"])
def test_to_anybody_else_the_case_does_not_exist(who: str, path: str) -> None:
    """C5, C16: a colleague, another customer, the same name at another tenant."""
    response = get(HERE + path, who)
    assert response.status_code == 404
    assert problem(response)["code"] == "unknown_case"
    assert get("/api/v1/cases", who).json()["cases"] == []


def test_what_does_not_exist_and_what_is_not_yours_look_the_same() -> None:
    hidden, absent = get(HERE, "gus"), get("/api/v1/cases/CAS-2026-999999", "gus")
    assert hidden.content == absent.content


@pytest.mark.parametrize("command", ["comments", "transitions/close"])
def test_asking_of_a_case_that_is_not_yours_finds_none(command: str) -> None:
    form: Any = {"data": {"text": "x"}} if command == "comments" else {"json": {}}
    response = client_of().post(f"{HERE}/{command}", headers=as_("gus"), **form)
    assert response.status_code == 404


def test_a_contact_never_sees_what_is_internal() -> None:
    """C5: no internal note, file, clock, field or agreement, wherever they look."""
    for path in (HERE, f"{HERE}/history"):
        page = get(path, "bob").text
        for secret in ("smokes", "secret.txt", "loose cable", "b" * 64, "deadline_set"):
            assert secret not in page
    case = get(HERE, "bob").json()
    assert case["clocks"] == []
    assert case["fields"] == {"urgency": "high"}
    assert [file["name"] for file in case["attachments"]] == ["fire.png"]
    assert get(f"{HERE}/attachments/{'b' * 64}", "bob").status_code == 404


@pytest.mark.parametrize("who", ["amy", "aud"])
def test_agents_and_auditors_see_the_whole_history(who: str) -> None:
    """C11."""
    entries = get(f"{HERE}/history", who).json()["entries"]
    assert [entry["version"] for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    status = entries[2]
    assert (status["from"], status["to"]) == ("", "open")
    assert status["who"] == {"kind": "contact", "id": "bob", "capacity": "contact", "name": "Bob"}
    assert (status["channel"], status["definition"]) == ("portal", "here/1")
    assert entries[5]["text"] == "He smokes."
    assert [clock["target"] for clock in get(HERE, who).json()["clocks"]] == ["resolution"]


def test_a_case_tells_which_steps_are_open_to_whom() -> None:
    """D15: the definition decides."""

    def steps(who: str) -> list[str]:
        return [step["name"] for step in get(HERE, who).json()["steps"]]

    assert steps("bob") == ["close"]
    assert steps("amy") == ["ask", "resolve"]
    assert steps("aud") == []


COMMANDS: list[tuple[str, dict[str, Any], Any]] = [
    (
        "transitions/close",
        {"comment": "bye", "seen": 3},
        ChangeStatus(transition="close", seen=3),
    ),
    ("assignment", {"team": "first", "agent": "amy"}, AssignCase(team="first", agent="amy")),
    ("priority", {"priority": "P1"}, AssessPriority(priority="P1")),
    ("priority", {"axes": {"urgency": "high"}}, AssessPriority(axes={"urgency": "high"})),
    ("type", {"case_type": "question"}, ClassifyCase(case_type="question")),
    ("fields", {"fields": {"cause": "x"}}, SetFields(fields={"cause": "x"})),
]


@pytest.mark.parametrize(("path", "body", "command"), COMMANDS)
def test_an_agent_asks_everything(path: str, body: dict[str, Any], command: Any) -> None:
    portal = portal_of_desk()
    response = client_of(portal).post(f"{HERE}/{path}", json=body, headers=as_("amy"))
    assert response.status_code == 200, response.text
    assert response.json()["status"] == "done"
    asked = _asked(portal)
    assert type(asked) is type(command)
    for name in command.__struct_fields__:
        if name != "personal":
            assert getattr(asked, name) == getattr(command, name)


@pytest.mark.parametrize("path", ["assignment", "priority", "type"])
def test_a_contact_does_not_run_the_desk(path: str) -> None:
    body = next(body for known, body, _ in COMMANDS if known == path)
    response = client_of().post(f"{HERE}/{path}", json=body, headers=as_("bob"))
    assert (response.status_code, problem(response)["rule"]) == (403, "capacity")


def test_an_auditor_reads_and_asks_nothing() -> None:
    response = client_of().post(f"{HERE}/comments", data={"text": "x"}, headers=as_("aud"))
    assert response.status_code == 403


def test_a_contact_writes_no_internal_note_and_no_field_of_the_desk() -> None:
    client = client_of()
    note = {"text": "x", "public": "false"}
    assert client.post(f"{HERE}/comments", data=note, headers=as_("bob")).status_code == 403
    fields = {"fields": {"cause": "x"}}
    refused = client.post(f"{HERE}/fields", json=fields, headers=as_("bob"))
    assert (refused.status_code, problem(refused)["field"]) == (422, "cause")


def test_a_step_that_is_not_for_a_contact_does_not_exist_for_them() -> None:
    for step in ("resolve", "nonsense"):
        response = client_of().post(f"{HERE}/transitions/{step}", json={}, headers=as_("bob"))
        assert (response.status_code, problem(response)["field"]) == (404, "transition")


def test_a_comment_takes_its_files_along() -> None:
    """C6: the file is in the blob store before the command is asked."""
    portal = portal_of_desk()
    response = client_of(portal).post(
        f"{HERE}/comments",
        data={"text": "See here"},
        files=[("files", ("../../a\x00b.txt", b"hello", "text/plain"))],
        headers=as_("bob"),
    )
    assert response.status_code == 200, response.text
    command = _asked(portal)
    assert isinstance(command, AddComment)
    assert (command.public, command.personal.text) == (True, "See here")
    assert command.attachments[0].size == 5
    assert "/" not in command.personal.file_names[0]


def test_an_empty_comment_is_refused_by_name() -> None:
    response = client_of().post(f"{HERE}/comments", data={"text": " "}, headers=as_("bob"))
    answer = problem(response)
    assert (response.status_code, answer["field"], answer["rule"]) == (422, "text", "required")


def test_a_refusal_names_field_and_rule() -> None:
    """Issue 3.6: refused with the reason, at once, to the one who gave it."""
    refused = CommandOutcome(
        status="refused", code="not_allowed", field="transition", rule="from", reason="Too late."
    )
    response = client_of(portal_of_desk(answer=refused)).post(
        f"{HERE}/transitions/close", json={}, headers=as_("bob")
    )
    answer = problem(response)
    assert response.status_code == 409
    assert (answer["code"], answer["field"], answer["rule"], answer["detail"]) == (
        "not_allowed",
        "transition",
        "from",
        "Too late.",
    )


def test_without_an_answer_in_time_it_says_where_to_look() -> None:
    """Guarantee 9."""
    client = client_of(portal_of_desk(answer=None))
    response = client.post(f"{HERE}/comments", data={"text": "x"}, headers=as_("bob"))
    assert response.status_code == 202
    where = response.headers["location"]
    assert where == response.json()["href"] == f"/api/v1/commands/{CASE}"
    assert client.get(where, headers=as_("bob")).json()["status"] == "pending"


def test_what_became_of_a_command_is_for_its_asker_alone() -> None:
    assert get(f"/api/v1/commands/{CASE}", "bob").json()["status"] == DONE.status
    for who, command in (("kim", CASE), ("bob", uuid4())):
        assert get(f"/api/v1/commands/{command}", who).status_code == 404


def test_a_cookie_reads_and_asks_nothing() -> None:
    """No page of another site can ask something by a reader's cookie."""
    client = client_of()
    client.cookies.set("casefold_session", "bob")
    assert client.get(HERE).status_code == 200
    assert client.post(f"{HERE}/comments", data={"text": "x"}).status_code == 401


def test_what_does_not_fit_the_schema_names_each_field() -> None:
    body = {"team": 5, "color": "red"}
    response = client_of().post(f"{HERE}/assignment", json=body, headers=as_("amy"))
    answer = problem(response)
    assert (response.status_code, answer["code"]) == (422, "invalid")
    assert {error["field"] for error in answer["errors"]} == {"team", "color"}


def test_more_than_a_request_may_carry_is_refused() -> None:
    data = {"text": "x" * 200_000}
    response = client_of().post(f"{HERE}/comments", data=data, headers=as_("bob"))
    assert (response.status_code, problem(response)["rule"]) == (413, "max_size")


def test_more_than_was_announced_is_refused() -> None:
    def chunks() -> Any:
        yield from [b"x" * 60_000] * 3

    headers = as_("bob") | {"content-type": "multipart/form-data; boundary=x"}
    response = client_of().post(f"{HERE}/comments", content=chunks(), headers=headers)
    assert (response.status_code, problem(response)["rule"]) == (413, "max_size")


def test_unknown_places_and_methods_are_problems_too() -> None:
    client = client_of()
    assert problem(client.get("/api/v1/nothing"))["status"] == 404
    wrong = client.put("/api/v1/cases")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert problem(wrong)["title"] == "Method Not Allowed"


def test_every_problem_of_the_openapi_has_its_schema() -> None:
    document = client_of().get("/api/v1/openapi.json").json()
    assert "ProblemDetails" in document["components"]["schemas"]
    assert "HTTPValidationError" not in msgspec.json.encode(document).decode()


def _asked(portal: Portal) -> Any:
    desk = portal.api_desk
    assert isinstance(desk, MemoryCommandGateway)
    return desk.commands[-1]
