"""What generated requests find in intake's API, held against its OpenAPI document (C15)."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.integration.intake.test_intake_api import Api, token

SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", Api(limit=25_000_000).app)


@SCHEMA.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_does_what_its_document_says_c15(case: Case[Any]) -> None:
    # Which fields a case has is the tenant's definition's to say, and not the document's: a
    # request that fits the document may be refused with 422.
    headers = {"Authorization": f"Bearer {token()}"}
    excluded: list[Any] = [positive_data_acceptance]
    if case.method == "GET" and set(case.query or {}) <= _declared(case):
        # What it added to the query has no value, and is not sent at all.
        excluded.append(negative_data_rejection)
    case.call_and_validate(headers=headers, excluded_checks=excluded)


def _declared(case: Case[Any]) -> set[str]:
    """The parameters that a query of this request may have."""
    return {one["name"] for one in case.operation.definition.raw.get("parameters", ())}
