"""The portal's adapter of intake over the log of its simulated process."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec
from case_events.contracts.parts import Attachment
from case_events.contracts.submissions import SubmitCase
from case_events.keyring import Keyring
from case_events.runtime import Outbox
from case_events.testing.memory import MemoryTransaction
from case_events.testing.memory.state import State
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.new_case.intake import pass_for, publish
from case_portal.new_case.ports import NewCase, Pass, Submission
from case_portal.new_case.service import OTHER_CASE, digest_of, submit_case
from case_portal.read_model.view import CaseOutcome
from msgspec import Struct
from msgspec.structs import replace


class _Kept(Struct, frozen=True):
    """A form that was published."""

    who: tuple[str, str, str]
    key: str
    digest: str
    submission: Submission


class SimulatedIntake:
    """`case_portal.new_case.ports.Intake`; `rest` lets the platform come to rest."""

    def __init__(
        self,
        outbox: Outbox[MemoryTransaction],
        state: State,
        secret: Keyring,
        now: Callable[[], datetime],
        rest: Callable[[], Awaitable[None]],
    ) -> None:
        self._outbox, self._state, self._rest = outbox, state, rest
        self._secret, self._now = secret, now
        self._kept: dict[UUID, _Kept] = {}
        self._alone = asyncio.Lock()

    def pass_for(self, principal: Principal) -> Pass:
        """See the port."""
        return pass_for(principal, self._secret, self._now())

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        """See the port."""
        async with self._alone:
            found = await self._once(principal, case, submit_case(case, attachments), definition)
        return found if isinstance(found, Problem) else await self._rested(found)

    async def _once(
        self, principal: Principal, case: NewCase, submitted: SubmitCase, definition: str
    ) -> Submission | Problem:
        who = _person(principal)
        for kept in self._kept.values():
            if (kept.who, kept.key) != (who, case.key):
                continue
            if kept.digest == digest_of(submitted):
                return kept.submission
            outcome = self._outcome(kept.submission.id)
            if outcome is None or outcome.status != "refused":
                return OTHER_CASE
        async with self._outbox.open() as transaction:
            record = publish(transaction, principal, submitted, definition)
            submission = Submission(id=record.id, case_type=case.case_type, typed=case.typed)
            form = _Kept(who, case.key, digest_of(submitted), submission)
            transaction.tx.stage(self._kept.update, {record.id: form})
        return submission

    async def submitted(self, principal: Principal, submission: UUID) -> Submission | None:
        """See the port."""
        kept = self._kept.get(submission)
        if kept is None or kept.who != _person(principal):
            return None
        return await self._rested(kept.submission)

    async def _rested(self, submission: Submission) -> Submission:
        await self._rest()
        return replace(submission, outcome=self._outcome(submission.id))

    def _outcome(self, submission: UUID) -> CaseOutcome | None:
        found = [
            document
            for (_, key), document in self._state.documents.items()
            if key == f"outcome:{submission}"
        ]
        assert len(found) <= 1, f"{submission} has several outcomes: {found}"
        return msgspec.json.decode(found[0], type=CaseOutcome) if found else None


def _person(principal: Principal) -> tuple[str, str, str]:
    return (principal.tenant, principal.kind, principal.id)
