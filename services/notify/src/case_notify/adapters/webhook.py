"""Calls webhooks: an HTTP POST of JSON with an `Idempotency-Key`."""

import httpx
import msgspec
from case_events.runtime import EffectResult, PendingEffect

from case_notify.domain.webhook import Call

WORTH_ANOTHER_TRY = (408, 425, 429)


class HttpCalls:
    """Makes the call of an effect: an `Attempt` of the runtime."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def __call__(self, pending: PendingEffect) -> EffectResult:
        """Make one call.

        The result is `done` for an answer of 2xx, `failed` for 4xx (but 408, 425 and 429), and
        `again` for every other answer or none. Without an answer, the call may have arrived.
        """
        call = msgspec.json.decode(pending.effect.payload, type=Call)
        headers = {"Content-Type": "application/json", "Idempotency-Key": pending.effect.key}
        try:
            answer = await self._client.post(
                call.url, content=msgspec.json.encode(call.message), headers=headers
            )
        except (httpx.ConnectError, httpx.UnsupportedProtocol) as error:
            return EffectResult("again", f"{type(error).__name__}: {error}")
        except httpx.HTTPError as error:
            return EffectResult("again", f"{type(error).__name__}: {error}", uncertain=True)
        if answer.is_success:
            return EffectResult("done")
        refused = answer.is_client_error and answer.status_code not in WORTH_ANOTHER_TRY
        return EffectResult("failed" if refused else "again", f"answered {answer.status_code}")
