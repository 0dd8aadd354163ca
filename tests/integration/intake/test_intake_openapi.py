"""What generated requests find in intake's API, held against its OpenAPI document (C15)."""

from typing import Any

import pytest
import schemathesis
from httpx import URL
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.integration.intake.test_intake_api import Api, token

SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", Api(limit=25_000_000).app)


@SCHEMA.parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_api_does_what_its_document_says_c15(case: Case[Any]) -> None:
    # Which fields a case has is the tenant's definition's to say, and not the document's: a
    # request that fits the document may be refused with 422.
    answer = case.call(headers={"Authorization": f"Bearer {token()}"})
    excluded: list[Any] = [positive_data_acceptance]
    if case.method == "GET" and fits(str(answer.request.url), case.operation.definition.raw):
        # What was wrong with it did not go over the wire: the log-in that it was made with is not
        # the one it was sent with, and a parameter whose value is an empty list is not sent.
        excluded.append(negative_data_rejection)
    case.validate_response(answer, excluded_checks=excluded)


def fits(url: str, operation: dict[str, Any]) -> bool:
    """Whether the query that was sent is one that the document allows."""
    sent = URL(url).params.multi_items()
    declared = {one["name"]: Draft202012Validator(one["schema"]) for one in operation["parameters"]}
    named = [name for name, _ in sent]
    return len(named) == len(set(named)) and all(
        name in declared and declared[name].is_valid(value) for name, value in sent
    )


@pytest.mark.parametrize(
    ("query", "is_fit"),
    [
        ("", True), ("channel=mail&language=", True), ("channel=1", False), ("chanel=mail", False),
        ("channel=mail&channel=mail", False), ("=", False), (f"language={'x' * 36}", False),
    ],
)  # fmt: skip
def test_only_what_is_right_on_the_wire_is_let_through(query: str, is_fit: bool) -> None:
    """C15: so each wrong query is one that has to be refused."""
    types = SCHEMA["/api/v1/cases/types"]["GET"].definition.raw
    assert fits(f"http://desk.example/api/v1/cases/types?{query}", types) is is_fit
