"""The effects of intake, as the runtime performs them."""

import msgspec
from case_events.codec import decode_opened
from case_events.contracts.links import CaseRequested
from case_events.contracts.submissions import SubmitCase
from case_events.runtime.ports import PendingEffect, Perform, Performed

from case_intake.application.number import number
from case_intake.application.ports import Ports
from case_intake.application.react import SUBMISSION
from case_intake.application.submission import take_submission


def intake_effects(ports: Ports) -> Perform:
    """Numbers what a case asked for, and takes in what was submitted on the portal; performed
    again, each finds that it was done."""

    async def perform(pending: PendingEffect) -> Performed:
        cause, payload = decode_opened(pending.cause), pending.effect.payload
        if pending.effect.kind == SUBMISSION:
            submitted = msgspec.json.decode(payload, type=SubmitCase)
            await take_submission(submitted, cause, payload, ports)
        else:
            await number(msgspec.json.decode(payload, type=CaseRequested), cause, ports)
        return Performed("done")

    return perform
