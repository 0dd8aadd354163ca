"""What all services of access share: their ports, the counting of attempts, the rules of
accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_events.contracts.security import AccessChanged, Change
from msgspec import Struct

from case_portal.access import problems
from case_portal.access.code_issuer import CodeIssuer
from case_portal.access.directory import Somebody, at_address, somebody
from case_portal.access.passwords import password_problem
from case_portal.access.ports import (
    AccountTransaction,
    AccountUnitOfWork,
    Act,
    Credentials,
    Limiter,
    SecretSource,
)
from case_portal.access.user_names import folded, is_address, words_about
from case_portal.core.audit import NOBODY, Client, actor_of
from case_portal.core.principal import Account
from case_portal.core.problem import Problem
from case_portal.mail.ports import Letter


class AccessRateLimits(Struct, frozen=True):
    """The numbers of attempts within the limiter's window."""

    by_name: int = 10
    """For one user name, address or code, from one network address."""
    by_client: int = 100
    """From one network address."""
    mails: int = 5
    """Mails with a code to one person."""
    by_account: int = 100
    """For one account, from all browsers together in which nobody logged in with it before."""


@dataclass(frozen=True, kw_only=True)
class AccessParts:
    """The ports of access."""

    gate: AccountUnitOfWork
    limiter: Limiter
    secret_source: SecretSource
    code_issuer: CodeIssuer
    credentials: Credentials
    reference: Reference
    limits: AccessRateLimits
    now: Callable[[], datetime]

    @classmethod
    def over(cls, parts: "AccessParts", **more: Any) -> Self:
        """A service over these ports; `more` are the members that it adds."""
        return cls(**vars(parts), **more)

    async def counted(self, act: Act, client: Client, name: str) -> Problem | None:
        """Count an attempt by its client and its subject. Returns a problem if there were too
        many."""
        counted = (
            (f"client:{client.network}", self.limits.by_client),
            (f"name:{name}", self.limits.by_name),
        )
        for subject, most in counted:
            wait = await self.limiter.admit(act, subject, most)
            if wait is not None:
                return problems.too_often(wait)
        return None

    def is_anothers_address(self, account: Account) -> bool:
        """Whether the user name of an account is the address of somebody else, at any tenant, and
        not that of its own person."""
        if not is_address(account.user):
            return False
        own = somebody(self.reference, account.tenant, account.kind, account.person)
        if own is not None and folded(own.address) == account.user:
            return False
        return any(
            at_address(self.reference, tenant, account.user) for tenant in self.reference.tenants()
        )

    def password_problem(self, password: str, who: Somebody, user: str) -> Problem | None:
        """The problem with a password of this person; None for a valid one."""
        definition = self.reference.newest(who.tenant)
        account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=user)
        desk = definition.document.name if definition else ""
        return password_problem(password, words_about(account, who.name, who.address, desk))


def changed(
    transaction: AccountTransaction,
    change: Change,
    account: Account,
    client: Client,
    *,
    by: Account | None = None,
    name: str = "",
) -> None:
    """Record a change in the access of an account, made by its owner or by somebody else."""
    event = AccessChanged(change=change, person_kind=account.kind, person=account.person, name=name)
    transaction.record(account.tenant, event, actor_of(by or account), client)


def refused(
    transaction: AccountTransaction, change: Change, problem: Problem, client: Client
) -> Problem:
    """Record that somebody unknown was refused a change. Returns the problem."""
    event = AccessChanged(change=change, outcome="refused", reason=problem.code)
    transaction.record("", event, NOBODY, client)
    return problem


def tell_of_new_password(
    transaction: AccountTransaction, who: Somebody, definition: Definition, user: str, pages: str
) -> None:
    """Mail a person that their password was changed, with the way back in if it was not they."""
    access = definition.document.access
    if access is None or "password_changed" not in access.templates():
        return
    letter = Letter(
        key=f"password_changed/{who.kind}/{who.id}/{transaction.now:%Y%m%dT%H%M%S%f}",
        template="password_changed",
        language=definition.language(who.language),
        to=who.person,
        values={"user": folded(user) or user, "link": f"{pages.rstrip('/')}/access/forgot"},
        secrets={},
    )
    transaction.send(who.tenant, letter, actor_of(account_of(who, user)), definition.key)


def account_of(who: Somebody, user: str) -> Account:
    """The account of a person under a user name."""
    return Account(tenant=who.tenant, kind=who.kind, person=who.id, user=user)
