"""Sends new cases to intake, vouching for who fills the form in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
from case_events import tokens

from case_portal.core.principal import Principal
from case_portal.core.problem import OutOfReach, Problem
from case_portal.new_case.ports import NewCase, Pass

HOLDS = timedelta(minutes=10)
TIMEOUT = 10.0
UNREADABLE = "Intake gave an answer that cannot be read."


class HttpIntake:
    """`new_case.ports.Intake` over intake's API at `url`."""

    def __init__(
        self,
        url: str,
        secret: bytes,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._secret, self._now = secret, now
        self._client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT, transport=transport)

    async def create(self, principal: Principal, case: NewCase) -> str | list[Problem]:
        """See `new_case.ports.Intake`."""
        headers = {
            "Authorization": f"Bearer {self.pass_for(principal).token}",
            "Idempotency-Key": case.key,
        }
        try:
            response = await self._client.post("/api/v1/cases", headers=headers, **_body(case))
        except httpx.HTTPError as error:
            raise OutOfReach(f"intake: {error}") from error
        return _answer(response)

    def pass_for(self, principal: Principal) -> Pass:
        """See `new_case.ports.Intake`."""
        claims = {"tenant": principal.tenant, "kind": principal.kind, "id": principal.id}
        expires_at = self._now() + HOLDS
        return Pass(token=tokens.issue(self._secret, claims, expires_at), expires_at=expires_at)


def _body(case: NewCase) -> dict[str, Any]:
    """JSON where there are no files; else a form, in which every value is text."""
    if not case.files:
        return {"json": {"type": case.case_type, "channel": "portal", "fields": case.values}}
    values = {f"fields.{name}": _text(value) for name, value in case.values.items()}
    return {
        "data": {"type": case.case_type, "channel": "portal"} | values,
        "files": [("attachments", (file.name, file.data, file.type)) for file in case.files],
    }


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(response: httpx.Response) -> str | list[Problem]:
    if response.status_code >= 500:
        raise OutOfReach(f"intake answered {response.status_code}")
    try:
        answer = response.json()
    except ValueError as error:
        raise OutOfReach(UNREADABLE) from error
    if not isinstance(answer, dict):
        raise OutOfReach(UNREADABLE)
    if response.is_success:
        return str(answer["reference"])
    return [_problem(fault) for fault in answer.get("errors") or [answer]]


def _problem(fault: dict[str, Any]) -> Problem:
    return Problem(
        kind="invalid",
        code=str(fault.get("code", "invalid")),
        field=str(fault.get("field", "")),
        rule=str(fault.get("rule", "")),
        reason=str(fault.get("reason") or fault.get("detail", "")),
    )
