"""The API keeps what its OpenAPI says, for whatever fits it and whatever does not."""

from dataclasses import replace
from typing import Any

import schemathesis
from case_portal.app import make_app
from hypothesis import HealthCheck, settings

from tests.unit.portal.portal_desk import portal_of_desk

schema = schemathesis.openapi.from_asgi(
    "/api/v1/openapi.json", make_app(replace(portal_of_desk(), max_upload=10_000_000))
)


@schema.parametrize()
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_documented(case: schemathesis.Case[Any]) -> None:
    """Issue 3.5: schemathesis finds no fault."""
    case.call_and_validate(headers={"Authorization": "Bearer amy"})
