"""The API keeps what its OpenAPI says, for whatever fits it and whatever does not."""

from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from case_portal.app import make_app
from case_portal.web.schemas import NO_NUL
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE

PATH = "/api/v1/openapi.json"


def document_without_nul_pattern() -> dict[str, Any]:
    """The document, where texts have a length and no pattern.

    schemathesis writes a length into the pattern, as `^[^\\x00]{1,100000}$`, and takes seconds to
    compile each. It makes no NUL instead; that one is refused is tested below.
    """
    document: dict[str, Any] = make_app(portal_of_desk()).openapi()

    def without(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                name: without(value)
                for name, value in node.items()
                if not (name == "pattern" and value == NO_NUL)
            }
        return [without(one) for one in node] if isinstance(node, list) else node

    stripped: dict[str, Any] = without(document)
    return stripped


app = make_app(replace(portal_of_desk(), max_upload=10_000_000))
app.openapi_schema = document_without_nul_pattern()
schema = schemathesis.openapi.from_asgi(
    PATH, app, config=schemathesis.Config.from_dict({"generation": {"allow-x00": False}})
)


@schema.parametrize()
@settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_documented(case: schemathesis.Case[Any]) -> None:
    """Issue 3.5: schemathesis finds no fault."""
    case.call_and_validate(headers={"Authorization": "Bearer amy"})


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("fields", {"fields": {"urgency": "a\0b"}}),
        ("fields", {"fields": {"a\0b": "high"}}),
    ],
)
def test_a_nul_in_a_text_is_refused(path: str, form: dict[str, Any]) -> None:
    """PostgreSQL keeps none; the document says so of every text."""
    client = TestClient(make_app(portal_of_desk()))
    token = {"Authorization": "Bearer amy"}
    answer = client.post(f"/api/v1/cases/{REFERENCE}/{path}", json=form, headers=token)
    assert answer.status_code == 422
    assert answer.json()["errors"]
