"""Access: invitations, codes, user names and passwords, for the pages and the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from case_events.contracts.security import AccessChanged
from case_events.envelope import Actor
from msgspec import Struct

from case_portal.access import problems
from case_portal.access.code_issuer import CodeRequest, ValidCode, code_name
from case_portal.access.devices import Device, device_cookie
from case_portal.access.directory import Somebody, at_address, somebody
from case_portal.access.parts import (
    AccessParts,
    account_of,
    changed,
    refused,
    tell_of_new_password,
)
from case_portal.access.ports import AccountTransaction, Ask
from case_portal.access.user_names import folded, is_address
from case_portal.core.audit import NOBODY, Client, actor_of
from case_portal.core.principal import Account, Principal
from case_portal.core.problem import Problem

CHOICE_HOLDS = timedelta(minutes=30)
"""The time in which a person may choose a user name after confirming their address."""


BY_MAIL = Client(channel="mail")


class IssuedInvitation(Struct, frozen=True):
    """The invited contact, and the time at which the code expires."""

    contact: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccessService(AccessParts):
    """Access to the portal. Every answer is the same whether an address is known or not."""

    async def invite(
        self, principal: Principal, contact: str, client: Client
    ) -> IssuedInvitation | Problem:
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
            changed_access = AccessChanged(change="invited", person_kind=who.kind, person=who.id)
            transaction.record(tenant, changed_access, actor_of(principal), client)
            return IssuedInvitation(
                who.id, await self.code_issuer.give(transaction, who, definition, request)
            )

    async def redeem(self, text: str, client: Client) -> Problem | None:
        """Redeem a personal code. This sends a mail that confirms the address."""
        if wait := await self.counted("redeem", client, code_name(text)):
            return wait
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "invitation")
            if isinstance(found, Problem):
                return refused(transaction, "invitation_redeemed", found, client)
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
            changed(transaction, "invitation_redeemed", account_of(found.who, ""), client)
            return None

    async def confirm(self, text: str, client: Client) -> str | Problem:
        """Confirm an address. Returns the code with which a user name and password may be
        chosen."""
        if wait := await self.counted("redeem", client, code_name(text)):
            return wait
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "confirmation")
            if isinstance(found, Problem):
                return refused(transaction, "address_confirmed", found, client)
            await transaction.spend(found.code.name)
            changed(transaction, "address_confirmed", account_of(found.who, ""), client)
            expires_at = transaction.now + CHOICE_HOLDS
            return await self.code_issuer.new_code(transaction, found.who, "choice", expires_at)

    async def choose(
        self, text: str, user: str, password: str, client: Client, device: Device | None = None
    ) -> str | Problem:
        """Make the account of a person who confirmed their address. A mistake does not use up the
        code. Returns the cookie by which this browser is known from now on."""
        if wait := await self.counted("redeem", client, code_name(text)):
            return wait
        name = folded(user)
        if not name:
            return problems.USER_NAME
        hashed = await self.secret_source.password_hash(password)
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "choice")
            if isinstance(found, Problem):
                return refused(transaction, "account_opened", found, client)
            who = found.who
            if wrong := self.password_problem(password, who, name):
                return wrong
            if await transaction.account_of(who.tenant, who.kind, who.id):
                return problems.HAS_ACCOUNT
            if is_address(name) and name != folded(who.address):
                return problems.OWN_ADDRESS
            return await self._open(transaction, found, name, hashed, client, device)

    async def ask_reset(self, user: str, client: Client) -> Problem | None:
        """Store a request for a forgotten password. The work is the same for every user name; a
        background worker does the rest."""
        name = folded(user)
        if wait := await self.counted("reset", client, f"{client.network}:{name}"):
            return wait
        async with self.gate.open() as transaction:
            await transaction.keep_ask(Ask(name, client))
        return None

    async def work_off(self) -> bool:
        """Answer the next request for a forgotten password, with a mail if the person is known.
        Returns False if no request waits."""
        async with self.gate.open() as transaction:
            ask = await transaction.next_ask()
            if ask is None:
                return False
            accounts = await transaction.named(ask.user)
            people = {(one.tenant, one.kind, one.person) for one in accounts} | {
                (tenant, kind, person)
                for tenant in self.reference.tenants()
                for kind, person in at_address(self.reference, tenant, ask.user)
            }
            for tenant, kind, person in sorted(people):
                who = somebody(self.reference, tenant, kind, person)
                if who is not None:
                    await self._send_link(transaction, who, ask.client)
        return True

    async def grant(self, tenant: str, contact: str, cause: str, in_reply_to: str) -> None:
        """Answer a contact who asked for access by mail, once for one cause."""
        who = somebody(self.reference, tenant, "contact", contact)
        if who is None:
            return
        async with self.gate.open() as transaction:
            if not await transaction.caused(cause):
                await self._send_link(transaction, who, BY_MAIL, cause, in_reply_to)

    async def reset(
        self, text: str, password: str, client: Client, device: Device | None = None
    ) -> str | Problem:
        """Set a new password, which ends all sessions and API tokens. A person without an account
        gets one under their address. Returns the cookie by which this browser is known from now
        on."""
        if wait := await self.counted("redeem", client, code_name(text)):
            return wait
        hashed = await self.secret_source.password_hash(password)
        async with self.gate.open() as transaction:
            found = await self.code_issuer.entitled(transaction, text, "reset")
            if isinstance(found, Problem):
                return refused(transaction, "password_changed", found, client)
            who = found.who
            account = await transaction.account_of(who.tenant, who.kind, who.id)
            user = account.user if account else folded(who.address)
            if wrong := self.password_problem(password, who, user):
                return wrong
            if account is None:
                return await self._open(transaction, found, user, hashed, client, device)
            if await transaction.known(account) is None:
                return refused(transaction, "password_changed", problems.WRONG_CODE, client)
            await transaction.set_password(account, hashed)
            await transaction.spend(found.code.name)
            changed(transaction, "password_changed", account, client)
            tell_of_new_password(transaction, who, found.definition, user, self.code_issuer.pages)
            return await self._known_browser(transaction, account, device)

    async def _send_link(
        self,
        transaction: AccountTransaction,
        who: Somebody,
        client: Client,
        cause: str = "",
        in_reply_to: str = "",
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
        if account is not None and await transaction.known(account) is None:
            return  # it was closed
        subject = f"{who.tenant}/{who.kind}/{who.id}"
        if await transaction.admit("mail", subject, self.limits.mails) is not None:
            return
        by_mail = asked is not None and bool(cause or account is None)
        event = AccessChanged(change="reset_requested", person_kind=who.kind, person=who.id)
        transaction.record(who.tenant, event, NOBODY, client)
        request = CodeRequest(
            purpose="reset",
            template="access_link" if by_mail else "password_reset",
            path="/access/reset",
            holds=asked.holds if asked is not None and by_mail else access.reset_holds,
            user=account.user if account else folded(who.address),
            cause=cause,
            in_reply_to=in_reply_to,
        )
        await self.code_issuer.give(transaction, who, definition, request)

    async def _open(
        self,
        transaction: AccountTransaction,
        found: ValidCode,
        user: str,
        hashed: str,
        client: Client,
        device: Device | None,
    ) -> str | Problem:
        """Make an account. Its user name may not be the user name or the address of anybody
        else."""
        account = account_of(found.who, user)
        others = self.is_anothers_address(account)
        if not user or others or not await transaction.add_account(account, hashed):
            return problems.TAKEN
        await transaction.spend(found.code.name)
        changed(transaction, "account_opened", account, client)
        return await self._known_browser(transaction, account, device)

    async def _known_browser(
        self, transaction: AccountTransaction, account: Account, device: Device | None
    ) -> str:
        """The cookie of this browser, which its reader of mail proved to be the owner's."""
        known = await transaction.known(account)
        assert known is not None, "the account is active in this transaction"
        return device_cookie(
            self.code_issuer.secret, device, known.id, self.now(), self.secret_source.device_id
        )
