"""What the API and the pages have at hand, and who is asking."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from case_definition.reference import Reference
from fastapi import Request
from starlette.requests import HTTPConnection

from case_portal.access.service import Access
from case_portal.commands.service import Counter
from case_portal.core.principal import ASKER, Account, Principal, principal_of
from case_portal.knowledge.service import Articles
from case_portal.read_model.ports import (
    Accounts,
    Cases,
    Changes,
    Desk,
    Files,
    Intake,
    Refusals,
)
from case_portal.reports.service import Reports
from case_portal.topics.service import TopicCounts
from case_portal.volumes.service import CaseCounts

COOKIE = "casefold_session"
SEED = "casefold_form"


def the_time() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def new_seed() -> str:
    """What ties forms to a browser that is not logged in."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class Portal:
    """The ports, wired once in `bootstrap.py`. `desk` is asked by pages, `api_desk` by programs.

    `max_upload` is in bytes, of all that one request carries.
    """

    cases: Cases
    refusals: Refusals
    reports: Reports
    articles: Articles
    topics: TopicCounts
    counts: CaseCounts
    accounts: Accounts
    access: Access
    desk: Desk
    api_desk: Desk
    intake: Intake
    files: Files
    changes: Changes
    reference: Reference
    secret: bytes
    secure_cookies: bool = False
    max_upload: int = 25 * 1024 * 1024
    now: Callable[[], datetime] = the_time

    def counter(self, desk: Desk) -> Counter:
        """Where things are asked of cases, through one of the desks."""
        return Counter(self.cases, self.files, self.reference, desk)

    async def principal(self, token: str) -> Principal | None:
        """Who holds this session or API token; None where nobody does any more."""
        session = await self.accounts.session(token) if token else None
        return self.serves(session.account if session else None)

    def serves(self, account: Account | None) -> Principal | None:
        """Whoever a request is of, however it said so; from here on the database shows it what
        exists for them, and for nobody nothing."""
        principal = principal_of(account, self.reference) if account else None
        ASKER.set(principal)
        return principal

    def form_token(self, seed: str) -> str:
        """What a form carries to show that it was given to the browser with this seed."""
        return hmac.new(self.secret, f"form:{seed}".encode(), sha256).hexdigest()

    def is_form_token(self, seed: str, token: str) -> bool:
        """Whether a form was given to the browser with this seed."""
        return bool(seed) and hmac.compare_digest(
            self.form_token(seed).encode(), token.encode("utf-8", "replace")
        )


def portal_of(connection: HTTPConnection) -> Portal:
    """The portal that this app was made for."""
    portal: Portal = connection.app.state.portal
    return portal


def bearer_of(request: Request) -> str:
    """The token of the Authorization header; empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def client_of(connection: HTTPConnection) -> str:
    """The network address that a request comes from: what attempts are counted by."""
    return connection.client.host if connection.client else ""
