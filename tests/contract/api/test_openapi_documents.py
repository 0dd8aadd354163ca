"""The committed OpenAPI documents are those of the apps."""

import json

import pytest

from tests.contract.api.openapi_documents import DOCS, documents


@pytest.mark.parametrize("name", ["openapi-intake.json", "openapi-portal.json"])
def test_the_committed_openapi_document_is_that_of_the_app(name: str) -> None:
    """After a change: `python -m tests.contract.api.openapi_documents`."""
    assert (DOCS / name).read_text() == documents()[name]


def test_cases_are_posted_to_intake_and_read_at_the_portal() -> None:
    intake, portal = (json.loads(text)["paths"] for text in documents().values())
    assert "post" in intake["/api/v1/cases"]
    assert "get" in portal["/api/v1/cases"]
