"""The effect handlers of intake. Each is idempotent."""

import msgspec
from case_events.contracts.links import CaseRequested
from case_events.contracts.submissions import SubmitCase
from case_events.runtime import EffectHandler, EffectResult, PendingEffect
from case_events.wire.codec import decode_opened

from case_intake.application.assign_reference import assign_reference
from case_intake.application.ports import IntakePorts
from case_intake.application.react import NUMBER, SUBMISSION
from case_intake.application.submission import take_submission


def effect_handlers(ports: IntakePorts) -> dict[str, EffectHandler]:
    """The effect handlers by the kind of their effects.

    `NUMBER` gives a reference to a requested case. `SUBMISSION` processes a form of the portal and
    publishes its outcome.
    """

    async def give_number(pending: PendingEffect) -> EffectResult:
        requested = msgspec.json.decode(pending.effect.payload, type=CaseRequested)
        await assign_reference(requested, decode_opened(pending.cause), ports)
        return EffectResult("done")

    async def take_in(pending: PendingEffect) -> EffectResult:
        payload = pending.effect.payload
        submitted = msgspec.json.decode(payload, type=SubmitCase)
        await take_submission(submitted, decode_opened(pending.cause), payload, ports)
        return EffectResult("done")

    return {NUMBER: EffectHandler(give_number), SUBMISSION: EffectHandler(take_in)}
