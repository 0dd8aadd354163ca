"""The effects of intake, as the runtime performs them. Performed again, each finds that it was
done."""

import msgspec
from case_events.codec import decode_opened
from case_events.contracts.links import CaseRequested
from case_events.contracts.submissions import SubmitCase
from case_events.runtime.effect_handlers import EffectHandler, Performed
from case_events.runtime.ports import PendingEffect

from case_intake.application.assign_reference import assign_reference
from case_intake.application.ports import Ports
from case_intake.application.react import NUMBER, SUBMISSION
from case_intake.application.submission import take_submission


def effect_handlers(ports: Ports) -> dict[str, EffectHandler]:
    """How each kind of effect is done: a case that was asked for gets its number, and what was
    submitted on the portal its outcome."""

    async def give_number(pending: PendingEffect) -> Performed:
        requested = msgspec.json.decode(pending.effect.payload, type=CaseRequested)
        await assign_reference(requested, decode_opened(pending.cause), ports)
        return Performed("done")

    async def take_in(pending: PendingEffect) -> Performed:
        payload = pending.effect.payload
        submitted = msgspec.json.decode(payload, type=SubmitCase)
        await take_submission(submitted, decode_opened(pending.cause), payload, ports)
        return Performed("done")

    return {NUMBER: EffectHandler(give_number), SUBMISSION: EffectHandler(take_in)}
