"""What people do with their own account: password, sessions, API tokens.

Only a session may do this. An API token may not look after the account that it belongs to.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from case_portal.access import problems
from case_portal.access.devices import Device, device_cookie
from case_portal.access.directory import somebody
from case_portal.access.parts import AccessParts, changed, tell_of_new_password
from case_portal.access.ports import ONE_LINE, ApiToken, OpenSession, TokenReach
from case_portal.core.audit import Client
from case_portal.core.problem import Problem
from case_portal.core.sessions import Session

MOST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class OwnAccountService(AccessParts):
    """The account of the person who is logged in."""

    async def change_password(
        self, session: Session, old: str, new: str, client: Client, device: Device | None = None
    ) -> tuple[Session, str] | Problem:
        """Set another password. All sessions and API tokens end. Returns the session that replaces
        the present one, and the cookie of its browser."""
        account = session.account
        if wait := await self.counted("log_in", client, f"old:{account.tenant}/{account.user}"):
            return wait
        known = await self.credentials.named(account.user, account.tenant)
        if await self.credentials.fitting(known, old) is None:
            return problems.WRONG_PASSWORD
        who = somebody(self.reference, account.tenant, account.kind, account.person)
        definition = self.reference.newest(account.tenant)
        if who is None or definition is None:
            return problems.GONE
        if wrong := self.password_problem(new, who, account.user):
            return wrong
        hashed = await self.secret_source.password_hash(new)
        async with self.gate.open() as transaction:
            await transaction.set_password(account, hashed)
            changed(transaction, "password_changed", account, client)
            pages = self.code_issuer.pages
            tell_of_new_password(transaction, who, definition, account.user, pages)
            now_known = await transaction.known(account)
            opened = await transaction.open_session(now_known, client) if now_known else None
            if now_known is None or opened is None:
                return problems.GONE
        secret, new_id = self.code_issuer.secret, self.secret_source.device_id
        return opened, device_cookie(secret, device, now_known.id, self.now(), new_id)

    async def sessions(self, session: Session) -> list[OpenSession]:
        """The sessions of the account, the last used first."""
        async with self.gate.open() as transaction:
            return await transaction.sessions_of(session.account)

    async def end_session(self, session: Session, which: UUID, client: Client) -> Problem | None:
        """End one session."""
        async with self.gate.open() as transaction:
            if not await transaction.end_sessions(session.account, only=which):
                return problems.UNKNOWN_SESSION
            changed(transaction, "session_ended", session.account, client)
        return None

    async def end_others(self, session: Session, client: Client) -> int:
        """End all sessions but the present one. Returns their number."""
        async with self.gate.open() as transaction:
            ended = await transaction.end_sessions(session.account, but=session.id)
            if ended:
                changed(transaction, "session_ended", session.account, client)
        return ended

    async def tokens(self, session: Session) -> list[ApiToken]:
        """The API tokens of the account, the newest first."""
        async with self.gate.open() as transaction:
            return await transaction.tokens_of(session.account)

    async def issue_token(
        self, session: Session, name: str, reach: TokenReach, days: int, client: Client
    ) -> tuple[ApiToken, str] | Problem:
        """Make an API token. Returns it with its secret, which cannot be shown again."""
        named = name.strip()
        if not re.fullmatch(ONE_LINE, named):
            return problems.TOKEN_NAME
        if not 1 <= days <= MOST_DAYS:
            return problems.TOKEN_DAYS
        async with self.gate.open() as transaction:
            made = await transaction.issue_token(
                session.account, named, reach, timedelta(days=days)
            )
            changed(transaction, "token_issued", session.account, client, name=named)
        return made

    async def revoke_token(self, session: Session, which: UUID, client: Client) -> Problem | None:
        """End an API token."""
        async with self.gate.open() as transaction:
            token = await transaction.revoke_token(session.account, which)
            if token is None:
                return problems.UNKNOWN_TOKEN
            changed(transaction, "token_revoked", session.account, client, name=token.name)
        return None
