"""Logging in and out, with the counting of attempts.

An attempt is counted for its network address, for the pair of account and network address, and for
the account. The first two are hard. The last one is soft: it keeps out browsers in which nobody
logged in with the account before, so strangers cannot keep its owner out. A browser becomes known
by a log-in, or by a link in a mail to the owner. A success takes back its own attempt, and clears
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from case_events.contracts.security import AccessChanged, LogInAttempted
from msgspec import Struct
from msgspec.structs import replace

from case_portal.access import problems
from case_portal.access.devices import Device, device_cookie, read_device
from case_portal.access.parts import AccessParts
from case_portal.access.ports import KnownAccount
from case_portal.access.user_names import folded
from case_portal.core.audit import NOBODY, Client, actor_of
from case_portal.core.concurrency import side_by_side
from case_portal.core.principal import principal_of
from case_portal.core.problem import Problem
from case_portal.core.sessions import Session

PRETENDED = "casefold tenant of an unknown name"


class LogInForm(Struct, frozen=True, kw_only=True):
    """What a person or a program sends to log in.

    `device` is the cookie of a browser in which somebody logged in before, and `session` the token
    of its session, which ends.
    """

    user: str
    password: str
    tenant: str | None = None
    device: str = ""
    session: str = ""


class LoggedInHere(Struct, frozen=True):
    """A new session, and the cookie by which the browser is known from now on."""

    session: Session
    device: str


class CountedAttempt(Struct, frozen=True):
    """One attempt at an account, or at a name that nobody has.

    `subjects` are what it was counted by, each with its limit; `wait` is the time until the next
    attempt, if there were too many.
    """

    tenant: str
    known: KnownAccount | None
    subjects: tuple[tuple[str, int], ...] = ()
    wait: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class LogInService(AccessParts):
    """Opens and ends sessions. No answer reveals whether a user name is known."""

    async def log_in(self, form: LogInForm, client: Client) -> LoggedInHere | Problem:
        """A new session."""
        name = folded(form.user)
        known = await self.credentials.named(name, form.tenant) if name else []
        device = read_device(self.code_issuer.secret, form.device, self.now())
        counted = await self._counted_attempts(form, name, known, device, client)
        free = [one.known for one in counted if one.wait is None and one.known is not None]
        if all(one.wait is not None for one in counted):
            await self._refused(counted, client)
            return _wait(counted)
        found = await self.credentials.fitting(free, form.password)
        if found is None:
            await self._refused(counted, client)
            return _wait(counted) if _waits(counted) else problems.WRONG_LOG_IN
        [tried] = [one for one in counted if one.known is found]
        if principal_of(found.account, self.reference) is None or self.is_anothers_address(
            found.account
        ):
            await self._refused([tried], client, problems.GONE)
            return problems.GONE
        return await self._opened(form, tried, found, device, client)

    async def log_out(self, token: str, client: Client) -> None:
        """End a session. Nothing happens if it has ended already."""
        async with self.gate.open() as transaction:
            account = await transaction.end_session(token)
            if account is not None:
                event = AccessChanged(
                    change="session_ended", person_kind=account.kind, person=account.person
                )
                transaction.record(account.tenant, event, actor_of(account), client)

    async def _opened(
        self,
        form: LogInForm,
        tried: CountedAttempt,
        found: KnownAccount,
        device: Device | None,
        client: Client,
    ) -> LoggedInHere | Problem:
        """The session of the account whose password fits, in place of that of this browser."""
        account = found.account
        async with self.gate.open() as transaction:
            session = await transaction.open_session(found, client)
            if session is None:
                return problems.WRONG_LOG_IN
            if form.session:
                await transaction.end_session(form.session)
            event = LogInAttempted(person_kind=account.kind, person=account.person)
            transaction.record(account.tenant, event, actor_of(account), client)
        for subject, most in tried.subjects:
            await self.limiter.give_back("log_in", subject, most)
        cookie = device_cookie(
            self.code_issuer.secret, device, found.id, self.now(), self.secret_source.device_id
        )
        return LoggedInHere(session, cookie)

    async def _counted_attempts(
        self,
        form: LogInForm,
        name: str,
        known: Sequence[KnownAccount],
        device: Device | None,
        client: Client,
    ) -> list[CountedAttempt]:
        """Count the attempt, at every account with the name."""
        by_client = (f"client:{client.network}", self.limits.by_client)
        at_home = {one.id for one in known if device is not None and one.id in device.accounts}
        wait = None
        if len(at_home) < len(known) or not known:
            wait = await self.limiter.admit("log_in", *by_client)

        async def counted(one: KnownAccount) -> CountedAttempt:
            tenant = one.account.tenant
            if device is not None and one.id in at_home:
                own = ((f"device:{device.id}:{one.id}", self.limits.by_name),)
                return await self._admitted(CountedAttempt(tenant, one), own)
            if wait is not None:
                return CountedAttempt(tenant, one, wait=wait)
            subjects = self._subjects(f"{tenant}/{name}", client)
            return await self._admitted(CountedAttempt(tenant, one, (by_client,)), subjects)

        if known:
            # Side by side, or the time would tell at how many tenants a name is known.
            return await side_by_side(map(counted, known), len(known))
        nobody = CountedAttempt(
            form.tenant if form.tenant in self.reference.tenants() else "", None
        )
        if wait is not None:
            return [replace(nobody, wait=wait)]
        tenant = form.tenant if form.tenant is not None else self._pretended(name)
        subjects = self._subjects(f"{tenant}/{name or form.user.strip()}", client)
        return [await self._admitted(nobody, subjects)]

    def _subjects(self, subject: str, client: Client) -> tuple[tuple[str, int], ...]:
        return (
            (f"pair:{subject}:{client.network}", self.limits.by_name),
            (f"account:{subject}", self.limits.by_account),
        )

    async def _admitted(
        self, counted: CountedAttempt, subjects: tuple[tuple[str, int], ...]
    ) -> CountedAttempt:
        """Count an attempt by each of these subjects too."""
        for subject, most in subjects:
            wait = await self.limiter.admit("log_in", subject, most)
            if wait is not None:
                return replace(counted, wait=wait)
        return replace(counted, subjects=(*counted.subjects, *subjects))

    def _pretended(self, name: str) -> str:
        """The tenant at which an unknown name is counted: always the same for one name. A name
        that is known at one tenant is counted there, so counting reveals no names."""
        tenants = self.reference.tenants() or [""]
        digest = self.code_issuer.secret.sign(PRETENDED, name.encode())
        return tenants[int.from_bytes(digest[:8]) % len(tenants)]

    async def _refused(
        self, counted: Sequence[CountedAttempt], client: Client, problem: Problem | None = None
    ) -> None:
        """Record a refused attempt at each account. That there are too many is recorded once in a
        window, or an attack would fill the log."""
        events = []
        for one in counted:
            account = one.known.account if one.known else None
            subject = f"{one.tenant}/{account.user if account else client.network}"
            waits = one.wait is not None
            if waits and await self.limiter.admit("recorded", subject, 1) is not None:
                continue
            why = problem or (problems.WRONG_LOG_IN if one.wait is None else _wait([one]))
            event = LogInAttempted(
                outcome="refused",
                reason=why.code,
                person_kind=account.kind if account else "",
                person=account.person if account else "",
            )
            events.append((one.tenant, event))
        if events:
            async with self.gate.open() as transaction:
                for tenant, event in events:
                    transaction.record(tenant, event, NOBODY, client)


def _waits(counted: Sequence[CountedAttempt]) -> list[timedelta]:
    return [one.wait for one in counted if one.wait is not None]


def _wait(counted: Sequence[CountedAttempt]) -> Problem:
    return problems.too_often(min(_waits(counted)))
