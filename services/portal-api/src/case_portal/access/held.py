"""Sessions and API tokens that accounts hold, in PostgreSQL, in an open transaction."""

import secrets
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from case_events import runtime
from case_events.contracts.security import AccessChanged, SecurityEvent
from case_events.envelope import Actor
from case_events.keyring import Keyring
from case_events.runtime.postgres import PostgresTransaction, load_statements
from msgspec import Struct
from psycopg.rows import TupleRow, dict_row

from case_portal.access.accounts import STATEMENTS as OF_ACCOUNTS
from case_portal.access.accounts import account_in, api_token, known_account, token_hash
from case_portal.access.ports import ApiToken, KnownAccount, Note, OpenSession, TokenReach
from case_portal.audit.outbox import publish
from case_portal.core.audit import Client
from case_portal.core.principal import Account
from case_portal.core.sessions import Session
from case_portal.mail.outbox import MailOutbox

STATEMENTS = load_statements("case_portal.database", "access")


class AccessTimes(Struct, frozen=True):
    """How long attempts count, how long a session lasts, and how long it lasts unused."""

    window: timedelta
    length: timedelta
    idle: timedelta


class HeldAccess(MailOutbox):
    """The part of `access.ports.AccountTransaction` about what accounts hold."""

    def __init__(
        self,
        transaction: runtime.OutboxTransaction[PostgresTransaction],
        secret: Keyring,
        times: AccessTimes,
    ) -> None:
        super().__init__(transaction, secret)
        self.now: datetime = transaction.tx.now
        self._outbox, self._connection = transaction, transaction.tx.connection
        self._times = times

    async def known(self, account: Account) -> KnownAccount | None:
        """See `access.ports.AccountTransaction`, also for all methods below."""
        rows = await self._rows(STATEMENTS["find_known"], _values(account))
        return known_account(rows[0]) if rows else None

    async def open_session(self, known: KnownAccount, client: Client) -> Session | None:
        token = secrets.token_urlsafe(32)
        values = {
            "token": token_hash(token),
            "id": known.id,
            "hash": known.password_hash,
            "length": self._times.length,
            "address": client.address,
            "program": client.program,
        }
        opened = await self._connection.execute(STATEMENTS["open_session"], values)
        row = await opened.fetchone()
        if row is None:
            return None
        return Session(account=known.account, id=row[0], expires_at=row[1], token=token)

    async def end_session(self, token: str) -> Account | None:
        rows = await self._rows(STATEMENTS["end_session"], {"hash": token_hash(token)})
        return account_in(rows[0]) if rows else None

    async def sessions_of(self, account: Account) -> list[OpenSession]:
        values = _values(account) | {"idle": self._times.idle}
        return [OpenSession(**row) for row in await self._rows(STATEMENTS["list_sessions"], values)]

    async def end_sessions(
        self, account: Account, *, only: UUID | None = None, but: UUID | None = None
    ) -> int:
        values = _values(account) | {"only": only, "but": but}
        return (await self._connection.execute(STATEMENTS["end_sessions"], values)).rowcount

    async def tokens_of(self, account: Account) -> list[ApiToken]:
        rows = await self._rows(OF_ACCOUNTS["list_tokens"], _values(account))
        return [api_token(row) for row in rows]

    async def issue_token(
        self, account: Account, name: str, reach: TokenReach, holds: timedelta
    ) -> tuple[ApiToken, str]:
        token = secrets.token_urlsafe(32)
        made = {"hash": token_hash(token), "name": name, "reach": reach, "holds": holds}
        [row] = await self._rows(OF_ACCOUNTS["issue_token"], _values(account) | made)
        return api_token(row), token

    async def revoke_token(self, account: Account, token: UUID) -> ApiToken | None:
        values = _values(account) | {"id": token}
        rows = await self._rows(OF_ACCOUNTS["revoke_token"], values)
        return api_token(rows[0]) if rows else None

    async def holders(self) -> list[Account]:
        rows = await self._rows(STATEMENTS["find_holders"], {})
        return [account_in(row) for row in rows]

    async def end_access(self, account: Account) -> None:
        await self._connection.execute(OF_ACCOUNTS["end_access"], _values(account))

    def record(self, tenant: str, event: SecurityEvent, actor: Actor, client: Client) -> None:
        publish(self._outbox, tenant, event, actor, client)

    async def next_note(self) -> Note | None:
        row = await self._row(STATEMENTS["take_note"])
        if row is None:
            return None
        return Note(tenant=row[0], event=msgspec.convert(row[1], AccessChanged))

    async def _row(self, statement: LiteralString, *values: Any) -> TupleRow | None:
        return await (await self._connection.execute(statement, values)).fetchone()

    async def _rows(self, statement: LiteralString, values: dict[str, Any]) -> list[dict[str, Any]]:
        cursor = self._connection.cursor(row_factory=dict_row)
        await cursor.execute(statement, values)
        return await cursor.fetchall()


def _values(account: Account) -> dict[str, Any]:
    return {
        "tenant": account.tenant,
        "kind": account.kind,
        "person": account.person,
        "user": account.user,
    }
