"""Access: invitations, codes, user names and passwords, for the pages and the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from case_definition.lookup.reference import Reference
from case_events.envelope import Actor
from msgspec import Struct

from case_portal.access import problems
from case_portal.access.code_issuer import CodeIssuer, CodeRequest, ValidCode, code_name
from case_portal.access.directory import Somebody, at_address, somebody
from case_portal.access.ports import (
    AccountTransaction,
    AccountUnitOfWork,
    Act,
    Limiter,
    SecretSource,
)
from case_portal.core.principal import Account, Principal
from case_portal.core.problem import Problem
from case_portal.core.sessions import Accounts, Session

CHOICE_HOLDS = timedelta(minutes=30)
"""The time in which a person may choose a user name after confirming their address."""


class AccessRateLimits(Struct, frozen=True):
    """The numbers of attempts within the limiter's window."""

    by_name: int = 10
    """For one user name, address or code."""
    by_client: int = 100
    """From one network address."""
    mails: int = 5
    """Mails with a code to one person."""


class IssuedInvitation(Struct, frozen=True):
    """The invited contact, and the time at which the code expires."""

    contact: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessService:
    """Access to the portal. Every answer is the same whether an address is known or not."""

    gate: AccountUnitOfWork
    limiter: Limiter
    secret_source: SecretSource
    code_issuer: CodeIssuer
    accounts: Accounts
    reference: Reference
    limits: AccessRateLimits

    async def log_in(
        self, user: str, password: str, tenant: str | None, client: str
    ) -> Session | Problem:
        """A new session. Attempts are counted, whether the user name exists or not."""
        name = user.strip().lower()
        wait = await self._counted("log_in", client, name)
        if wait is not None:
            return wait
        session = await self.accounts.log_in(user, password, tenant)
        if session is None:
            return problems.WRONG_LOG_IN
        await self.limiter.forget("log_in", f"name:{name}")
        return session

    async def invite(self, principal: Principal, contact: str) -> IssuedInvitation | Problem:
        """Send a contact, named by id or address, a link and a personal code."""
        tenant = principal.tenant
        definition = self.reference.newest(tenant)
        access = definition.document.access if definition else None
        if definition is None or access is None or access.invitation is None:
            return problems.NO_INVITATIONS
        agent = self.reference.agent(tenant, principal.id) if principal.kind == "agent" else None
        if agent is None or not set(agent.roles) & set(access.invitation.by):
            return problems.MAY_NOT_INVITE
        known = self.reference.contact(tenant, contact) or self.reference.contact_by_address(
            tenant, contact
        )
        who = somebody(self.reference, tenant, "contact", known.id) if known else None
        if who is None:
            return problems.UNKNOWN_CONTACT
        request = CodeRequest(
            purpose="invitation",
            typed=True,
            template="invitation",
            path="/access/redeem",
            holds=access.invitation.holds,
            by=Actor(kind="agent", id=principal.id, capacity="agent"),
        )
        async with self.gate.open() as transaction:
            if await transaction.account_of(tenant, "contact", who.id):
                return problems.HAS_ACCOUNT
            return IssuedInvitation(
                who.id, await self.code_issuer.give(transaction, who, definition, request)
            )

    async def redeem(self, text: str, client: str) -> Problem | None:
        """Redeem a personal code. This sends a mail that confirms the address."""
        if wait := await self._counted("redeem", client, code_name(text)):
            return wait
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "invitation")
            if isinstance(found, Problem):
                return found
            access = found.definition.document.access
            if access is None or access.invitation is None:
                return problems.WRONG_CODE
            await transaction.spend(found.code.name)
            request = CodeRequest(
                purpose="confirmation",
                template="confirm_address",
                path="/access/confirm",
                holds=access.invitation.confirmation_holds,
            )
            await self.code_issuer.give(transaction, found.who, found.definition, request)
            return None

    async def confirm(self, text: str, client: str) -> str | Problem:
        """Confirm an address. Returns the code with which a user name and password may be
        chosen."""
        if wait := await self._counted("redeem", client, code_name(text)):
            return wait
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "confirmation")
            if isinstance(found, Problem):
                return found
            await transaction.spend(found.code.name)
            expires_at = transaction.now + CHOICE_HOLDS
            return await self.code_issuer.new_code(transaction, found.who, "choice", expires_at)

    async def choose(self, text: str, user: str, password: str, client: str) -> Problem | None:
        """Make the account of a person who confirmed their address. A mistake does not use up the
        code."""
        if wait := await self._counted("redeem", client, code_name(text)):
            return wait
        name = user.strip().lower()
        wrong = problems.user_name_problem(name) or problems.password_problem(password, name)
        if wrong:
            return wrong
        hashed = await self.secret_source.password_hash(password)
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "choice")
            if isinstance(found, Problem):
                return found
            who = found.who
            if await transaction.account_of(who.tenant, who.kind, who.id):
                return problems.HAS_ACCOUNT
            return await self._open(transaction, found, name, hashed)

    async def ask_reset(self, user: str, client: str) -> Problem | None:
        """Store a request for a forgotten password. The work is the same for every user name; a
        background worker does the rest."""
        name = user.replace("\0", "").strip().lower()
        if wait := await self._counted("reset", client, name):
            return wait
        async with self.gate.open() as transaction:
            await transaction.keep_ask(name)
        return None

    async def work_off(self) -> bool:
        """Answer the next request for a forgotten password, with a mail if the person is known.
        Returns False if no request waits."""
        async with self.gate.open() as transaction:
            user = await transaction.next_ask()
            if user is None:
                return False
            accounts = await transaction.named(user)
            people = {(one.tenant, one.kind, one.person) for one in accounts} | {
                (tenant, kind, person)
                for tenant in self.reference.tenants()
                for kind, person in at_address(self.reference, tenant, user)
            }
            for tenant, kind, person in sorted(people):
                who = somebody(self.reference, tenant, kind, person)
                if who is not None:
                    await self._send_link(transaction, who)
        return True

    async def grant(self, tenant: str, contact: str, cause: str, in_reply_to: str) -> None:
        """Answer a contact who asked for access by mail, once for one cause."""
        who = somebody(self.reference, tenant, "contact", contact)
        if who is None:
            return
        async with self.gate.open() as transaction:
            if not await transaction.caused(cause):
                await self._send_link(transaction, who, cause, in_reply_to)

    async def reset(self, text: str, password: str, client: str) -> Problem | None:
        """Set a new password. A person without an account gets one under their address."""
        if wait := await self._counted("redeem", client, code_name(text)):
            return wait
        if wrong := problems.password_problem(password, ""):
            return wrong
        hashed = await self.secret_source.password_hash(password)
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "reset")
            if isinstance(found, Problem):
                return found
            who = found.who
            account = await transaction.account_of(who.tenant, who.kind, who.id)
            if account is None:
                return await self._open(transaction, found, who.address.lower(), hashed)
            await transaction.set_password(account, hashed)
            await transaction.spend(found.code.name)
            return None

    async def _send_link(
        self, transaction: AccountTransaction, who: Somebody, cause: str = "", in_reply_to: str = ""
    ) -> None:
        """Mail the link that sets a password, if the definition gives this person access by
        mail."""
        definition = self.reference.newest(who.tenant)
        access = definition.document.access if definition else None
        if definition is None or access is None:
            return
        asked = access.request_by_mail if who.kind == "contact" else None
        account = await transaction.account_of(who.tenant, who.kind, who.id)
        if account is None and asked is None:
            return
        subject = f"{who.tenant}/{who.kind}/{who.id}"
        if await transaction.admit("mail", subject, self.limits.mails) is not None:
            return
        by_mail = asked is not None and bool(cause or account is None)
        request = CodeRequest(
            purpose="reset",
            template="access_link" if by_mail else "password_reset",
            path="/access/reset",
            holds=asked.holds if asked is not None and by_mail else access.reset_holds,
            user=account.user if account else who.address.lower(),
            cause=cause,
            in_reply_to=in_reply_to,
        )
        await self.code_issuer.give(transaction, who, definition, request)

    async def _open(
        self, transaction: AccountTransaction, found: ValidCode, user: str, hashed: str
    ) -> Problem | None:
        """Make an account. Its user name may not be the user name or the address of anybody
        else."""
        who = found.who
        others = set(at_address(self.reference, who.tenant, user)) - {(who.kind, who.id)}
        account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=user)
        if others or not await transaction.add_account(account, hashed):
            return problems.TAKEN
        await transaction.spend(found.code.name)
        return None

    async def _counted(self, act: Act, client: str, name: str) -> Problem | None:
        """Count an attempt by its client and its subject. Returns a problem if there were too
        many."""
        counted = (
            (f"client:{client}", self.limits.by_client),
            (f"name:{name}", self.limits.by_name),
        )
        for subject, most in counted:
            wait = await self.limiter.admit(act, subject, most)
            if wait is not None:
                return problems.too_often(wait)
        return None
