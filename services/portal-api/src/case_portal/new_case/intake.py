"""Publishes new cases to intake by their topic, and issues passes for intake's own API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import msgspec
from case_events import tokens
from case_events.contracts.parts import Attachment
from case_events.contracts.submissions import SubmitCase
from case_events.envelope import Actor, Record
from case_events.keyring import Keyring
from case_events.runtime import Origin, Outbox, OutboxTransaction, Unavailable
from case_events.runtime.postgres import (
    Connections,
    PostgresTransaction,
    connection,
    load_statements,
)
from case_events.topics import SUBMISSIONS

from case_portal.commands.gateway import Outcomes
from case_portal.core.principal import PerPrincipal, Principal
from case_portal.core.problem import Problem, ServiceUnavailable
from case_portal.new_case.ports import NewCase, Pass, Submission
from case_portal.new_case.service import CHANNEL, OTHER_CASE, digest_of, submit_case
from case_portal.read_model.view import CaseOutcome

HOLDS = timedelta(minutes=2)
"""How long a pass is valid. It is not revoked when its session ends, so it is short."""

STATEMENTS = load_statements("case_portal.database", "new_case")


class _Form(msgspec.Struct, frozen=True):
    """The stored part of a form, with which it can be shown again."""

    case_type: str
    typed: dict[str, str]


class TopicIntake:
    """`new_case.ports.Intake`: records on the topic `submissions`."""

    def __init__(
        self,
        outbox: PerPrincipal[Outbox[PostgresTransaction]],
        connections: PerPrincipal[Connections],
        outcomes: Outcomes,
        secret: Keyring,
        now: Callable[[], datetime],
    ) -> None:
        self._outbox, self._connections, self._outcomes = outbox, connections, outcomes
        self._secret, self._now = secret, now

    def pass_for(self, principal: Principal) -> Pass:
        """See `new_case.ports.Intake`."""
        return pass_for(principal, self._secret, self._now())

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        """See `new_case.ports.Intake`."""
        submitted = submit_case(case, attachments)
        try:
            async with self._outbox(principal).open() as transaction:
                found = await _once(transaction, principal, case, submitted, definition)
        except Unavailable as error:
            raise ServiceUnavailable(str(error)) from error
        if isinstance(found, Problem):
            return found
        outcome = await self._outcomes.in_time(principal, found, CaseOutcome)
        return Submission(id=found, case_type=case.case_type, typed=case.typed, outcome=outcome)

    async def submitted(self, principal: Principal, submission: UUID) -> Submission | None:
        """See `new_case.ports.Intake`."""
        who = [principal.tenant, principal.kind, principal.id]
        async with connection(self._connections(principal)) as db:
            row = await (await db.execute(STATEMENTS["find_form"], [submission, *who])).fetchone()
        if row is None:
            return None
        form = msgspec.convert(row[0], _Form)
        outcome = await self._outcomes.in_time(principal, submission, CaseOutcome)
        return Submission(
            id=submission, case_type=form.case_type, typed=form.typed, outcome=outcome
        )


def pass_for(principal: Principal, secret: Keyring, now: datetime) -> Pass:
    """The pass with which a person uses intake's API, from `now` on."""
    claims = {"tenant": principal.tenant, "kind": principal.kind, "id": principal.id}
    expires_at = now + HOLDS
    return Pass(token=tokens.issue(secret, "pass", claims, expires_at), expires_at=expires_at)


def publish(
    transaction: OutboxTransaction[Any], who: Principal, submitted: SubmitCase, definition: str
) -> Record:
    """Publish a new case under the id that it will have. Returns the record of the case."""
    origin = Origin(
        tenant=who.tenant,
        actor=Actor(kind=who.kind, id=who.id, capacity=who.kind),
        channel=CHANNEL,
        definition=definition,
    )
    return transaction.publish(SUBMISSIONS, submitted, origin, transaction.new_id())


async def _once(
    transaction: OutboxTransaction[PostgresTransaction],
    who: Principal,
    case: NewCase,
    submitted: SubmitCase,
    definition: str,
) -> UUID | Problem:
    """Publish the case unless it was published before. Returns the id of the record that published
    it."""
    db = transaction.tx.connection
    person = (who.tenant, who.kind, who.id)
    digest = digest_of(submitted)
    await db.execute(STATEMENTS["lock_submission"], ["/".join(("submission", *person, case.key))])
    before = await db.execute(STATEMENTS["find_submissions"], [*person, case.key])
    for command, had, status in await before.fetchall():
        if had == digest:
            return cast(UUID, command)
        if status != "refused":
            return OTHER_CASE
    record = publish(transaction, who, submitted, definition)
    form = msgspec.json.encode(_Form(case.case_type, case.typed)).decode()
    values = [record.id, *person, case.key, digest, form]
    await db.execute(STATEMENTS["save_submission"], values)
    return record.id
