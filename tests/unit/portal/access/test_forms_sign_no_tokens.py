"""C16: the log-in page signs what a visitor chooses, and that signature opens nothing else.

A visitor chooses the cookie of the page, and so the text that its form is signed for.
"""

import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from case_definition.lookup.reference import Reference
from case_events.runtime.operations import operation_routes
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryLog
from case_events.tokens import Purpose, read
from case_intake.entrypoints.authenticator import Authenticator
from case_intake.entrypoints.problems import RequestRefused
from case_portal.web.site import SEED
from case_workflow.entrypoints.api import history_api
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import browser
from tests.unit.portal.portal_sample import NOW
from tests.unit.workflow.test_history_api import NOWHERE

UNTIL = (datetime.now(UTC) + timedelta(hours=1)).timestamp()
SEEDS = (
    "AAAA",
    "form:AAAA",
    *(
        urlsafe_b64encode(json.dumps({"for": purpose, "exp": UNTIL} | claims).encode())
        .decode()
        .rstrip("=")
        for purpose in get_args(Purpose)
        for claims in ({}, {"tenant": "here", "kind": "contact", "id": "bob"})
    ),
)


def _signed_by_the_page(seed: str) -> list[str]:
    """What the form on the page is worth as a token, in each spelling."""
    client = browser()
    client.cookies.set(SEED, seed)
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', client.get("/login").text)
    assert found is not None
    signature = bytes.fromhex(found[1])
    encoded = urlsafe_b64encode(signature).decode().rstrip("=")
    return [f"{text}.{encoded}" for text in (seed, f"form:{seed}")]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_form_is_no_token(seed: str) -> None:
    """Of no purpose: intake, the tools' and operators' routes and the rating refuse it, calmly."""
    reference = Reference()
    intake = Authenticator(SECRET, {}, reference, lambda: True)
    tools = TestClient(history_api(NOWHERE, reference, SECRET))
    operators = TestClient(Starlette(routes=operation_routes(MemoryLog(NOW), 4, SECRET)))
    for token in _signed_by_the_page(seed):
        for purpose in get_args(Purpose):
            assert read(SECRET, purpose, token, NOW) is None
        with pytest.raises(RequestRefused) as refused:
            intake.caller(token)
        assert refused.value.status == 401
        headers = {"Authorization": f"Bearer {token}"}
        assert tools.get("/verify", headers=headers).status_code == 401
        assert operators.get("/operations/parked", headers=headers).status_code == 404
        assert browser().get(f"/rate/{token}").status_code == 404
