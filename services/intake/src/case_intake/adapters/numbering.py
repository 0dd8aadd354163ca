"""The effect of numbering, as the runtime performs it."""

import msgspec
from case_events.codec import decode_opened
from case_events.contracts.links import CaseRequested
from case_events.runtime.effect_handlers import Attempt, Performed
from case_events.runtime.ports import PendingEffect

from case_intake.application.number import number
from case_intake.application.ports import Ports


def numbering(ports: Ports) -> Attempt:
    """Numbers what a case asked for; asked again, it finds that it was done."""

    async def perform(pending: PendingEffect) -> Performed:
        requested = msgspec.json.decode(pending.effect.payload, type=CaseRequested)
        await number(requested, decode_opened(pending.cause), ports)
        return Performed("done")

    return perform
