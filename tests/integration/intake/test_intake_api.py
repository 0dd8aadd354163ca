"""Intake's API as programs and forms see it (C1, C15, C16, O1)."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from case_events import tokens
from case_events.contracts.intake import CaseCreated
from case_events.contracts.refusals import InputRefused
from case_events.runtime import Unavailable
from case_events.testing.keys import SECRET
from case_intake.entrypoints.api import create_app
from case_intake.entrypoints.authenticator import Authenticator, the_time
from case_intake.entrypoints.problems import MEDIA_TYPE
from fastapi.testclient import TestClient
from httpx import Response

from tests.unit.intake_service.intake_desk import World

LIMIT = 2_000_000
"""Bytes."""
API_TOKENS = {sha256(b"machine").hexdigest(): "desk/agent/ivy"}


def token(kind: str = "contact", who: str = "anna", tenant: str = "desk", minutes: int = 5) -> str:
    """A token as the portal issues it."""
    claims = {"tenant": tenant, "kind": kind, "id": who}
    return tokens.issue(SECRET, "pass", claims, datetime.now(UTC) + timedelta(minutes=minutes))


class Api:
    """The API over intake in memory."""

    def __init__(
        self,
        limit: int = LIMIT,
        world: World | None = None,
        now: Callable[[], datetime] = the_time,
    ) -> None:
        self.world, self.loaded = world or World(), True
        ports = self.world.ports
        callers = Authenticator(SECRET, API_TOKENS, ports.directory, lambda: self.loaded, now)
        self.app = create_app(ports, callers, limit, now)
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def post(self, body: Any, bearer: str | None = None, key: str = "") -> Response:
        """Post a new case, as a contact where nobody else is said."""
        headers = {"Authorization": f"Bearer {bearer or token()}"}
        if key:
            headers["Idempotency-Key"] = key
        answer: Response = self.client.post("/api/v1/cases", json=body, headers=headers)
        return answer


@pytest.fixture
def api() -> Iterator[Api]:
    """The API over intake in memory."""
    made = Api()
    with made.client:
        yield made


def problem(response: Response) -> tuple[int, str, str]:
    """Status, field and rule of a problem document."""
    assert response.headers["content-type"] == MEDIA_TYPE
    answer = response.json()
    assert answer["status"] == response.status_code
    assert answer["title"]
    assert answer["detail"]
    first = answer["errors"][0] if answer["errors"] else {"field": "", "rule": ""}
    return response.status_code, first["field"], first["rule"]


SMOKE = {"fields": {"title": "Smoke", "description": "It is hot", "impact": "big"}}


def test_a_case_by_api_is_kept_and_named_c1(api: Api) -> None:
    response = api.post(SMOKE, key="k")
    assert response.status_code == 201
    answer = response.json()
    assert answer["reference"] == "D-2026-0001"
    assert response.headers["location"] == f"/api/v1/cases/{answer['case']}"
    ((_, record),) = api.world.records()
    assert (str(record.case), record.channel) == (answer["case"], "portal")
    assert api.post(SMOKE, key="k").json() == answer
    assert problem(api.post({"fields": {"title": "x"}}, key="k")) == (
        422, "Idempotency-Key", "same_body")  # fmt: skip


def test_attachments_come_in_json_and_in_a_form_c1(api: Api) -> None:
    file = {"name": "a/b.txt", "type": "text/plain", "content": b64encode(b"hot").decode()}
    assert api.post(SMOKE | {"attachments": [file]}).status_code == 201
    form = api.client.post(
        "/api/v1/cases",
        data={"type": "fault", "fields.title": "Smoke", "fields.seats": "3", "fields.urgent": "on"},
        files=[("attachments", ("a.txt", b"hot", "text/plain"))],
        headers={"Authorization": f"Bearer {token()}"},
    )
    assert form.status_code == 201
    for event in api.world.events():
        assert isinstance(event, CaseCreated)
        (attachment,) = event.attachments
        assert (attachment.sha256, attachment.size) == (sha256(b"hot").hexdigest(), 3)
    names = {e.personal.file_names for e in api.world.events() if isinstance(e, CaseCreated)}
    assert names == {("a_b.txt",), ("a.txt",)}


def test_an_agent_types_a_call_in_for_a_contact_c1(api: Api) -> None:
    body = SMOKE | {"type": "fault", "contact": "anna@acme.example"}
    assert api.post(body, token("agent", "ivy")).status_code == 201
    assert api.post(body, "machine").status_code == 201
    channels = {(record.channel, record.actor.id) for _, record in api.world.records()}
    assert channels == {("phone", "ivy"), ("api", "ivy")}
    assert problem(api.post(SMOKE, "machine")) == (422, "contact", "known_contact")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"fields": {}}, (422, "title", "required")),
        ({"fields": {"title": "x", "impact": "vast"}}, (422, "impact", "options")),
        ({"type": "ghost", "fields": {}}, (422, "type", "options")),
        ({"type": "wish", "fields": {"title": "x"}}, (403, "type", "created_by")),
        ({"colour": "red"}, (422, "colour", "extra_forbidden")),
        ([], (422, "body", "model_type")),
    ],
)
def test_every_mistake_names_field_and_rule_and_is_kept_c15(
    api: Api, body: Any, expected: tuple[int, str, str]
) -> None:
    assert problem(api.post(body)) == expected
    (refused,) = api.world.events()
    assert isinstance(refused, InputRefused)
    assert (refused.field, refused.rule) == expected[1:]


def test_who_may_not_create_a_case_is_told_so_o1(api: Api) -> None:
    assert problem(api.post(SMOKE, token(who="ben"))) == (403, "type", "when")


@pytest.mark.parametrize(
    "bearer",
    ["nonsense", token(minutes=-1), token(who="gone"), token(who="carl"), token("auditor"),
     token(tenant="third"), token()[:-2] + "xx", "a.é"],
)  # fmt: skip
def test_whoever_is_not_known_is_told_to_say_who_they_are_c16(api: Api, bearer: str) -> None:
    headers = {"Authorization": f"Bearer {bearer}".encode()}
    response = api.client.post("/api/v1/cases", json=SMOKE, headers=headers)
    assert problem(response)[0] == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert api.client.get("/api/v1/cases/types").status_code == 401


def test_what_is_too_large_or_no_case_at_all_is_refused_c15(api: Api) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    large = api.post({"fields": {"title": "x" * LIMIT}})
    assert problem(large) == (413, "body", "max_size")
    text = api.client.post("/api/v1/cases", content=b"x", headers=headers)
    assert problem(text) == (415, "Content-Type", "options")
    broken = api.client.post(
        "/api/v1/cases", content=b"{", headers=headers | {"Content-Type": "application/json"}
    )
    assert problem(broken) == (422, "body", "json_invalid")
    for boundary in ("", "; boundary=b"):
        kind = {"Content-Type": f"multipart/form-data{boundary}"}
        form = api.client.post("/api/v1/cases", content=b"x", headers=headers | kind)
        assert problem(form) == (422, "body", "multipart")


def test_nothing_is_promised_while_the_store_is_down_c1(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(tenant: str, *contents: bytes) -> tuple[str, ...]:
        raise Unavailable("blob store")

    monkeypatch.setattr(api.world.blobs, "put", down)
    cut_off = api.post(SMOKE)
    api.loaded = False
    for response in (cut_off, api.post(SMOKE)):
        assert problem(response)[0] == 503
        assert response.headers["retry-after"]


def test_the_forms_are_those_that_one_may_fill_in_o1(api: Api) -> None:
    def types(bearer: str, **query: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {bearer}"}
        response = api.client.get("/api/v1/cases/types", params=query, headers=headers)
        assert response.status_code == 200
        assert response.json()["definition"] == "desk/1"
        found: list[dict[str, Any]] = response.json()["types"]
        return found

    (fault,) = types(token())
    assert (fault["name"], fault["label"], fault["help"]) == (
        "fault", "Storing", "Something is broken.")  # fmt: skip
    assert types(token(), language="en")[0]["label"] == "Fault"
    by_name = {field["name"]: field for field in fault["fields"]}
    assert by_name["title"]["required"]
    assert by_name["title"]["max_length"] == 50
    assert by_name["impact"]["options"][0] == {"name": "big", "label": "Big"}
    assert "cause" not in by_name
    assert types(token(who="ben")) == []
    assert [kind["name"] for kind in types(token("agent", "ivy"))] == ["fault", "wish"]


def test_the_document_describes_every_answer(api: Api) -> None:
    document = api.client.get("/openapi.json").json()
    post = document["paths"]["/api/v1/cases"]["post"]
    assert set(post["responses"]) == {"201", "401", "403", "413", "415", "422", "503"}
    assert set(post["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    assert "HTTPValidationError" not in json.dumps(document)
    problem(api.client.get("/nowhere"))
    assert api.client.put("/api/v1/cases").headers["allow"]


@pytest.mark.parametrize(("later", "status"), [(4, 200), (6, 401)])
def test_a_pass_holds_by_the_clock_that_the_api_is_given(later: int, status: int) -> None:
    api = Api(now=lambda: datetime.now(UTC) + timedelta(minutes=later))
    bearer = {"Authorization": f"Bearer {token(minutes=5)}"}
    assert api.client.get("/api/v1/cases/types", headers=bearer).status_code == status


@pytest.mark.parametrize(("hour", "types"), [(12, []), (22, ["fault", "wish"])])
def test_the_forms_are_those_of_the_hour_of_that_clock(hour: int, types: list[str]) -> None:
    api = Api(now=lambda: datetime(2026, 11, 23, hour, tzinfo=UTC))
    bearer = {"Authorization": "Bearer machine"}
    response = api.client.get("/api/v1/cases/types?channel=night&contact=anna", headers=bearer)
    assert [one["name"] for one in response.json()["types"]] == types
