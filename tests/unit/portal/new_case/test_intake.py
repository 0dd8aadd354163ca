"""Who gets a pass for intake's own API."""

import pytest
from case_portal.app import make_app
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import portal_of_desk


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
