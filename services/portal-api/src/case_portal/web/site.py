"""The ports and settings that all pages and routes share."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_events.keyring import Keyring
from msgspec import Struct

from case_portal.core.audit import Audit
from case_portal.core.files import Files
from case_portal.core.principal import Account, PerPrincipal, Principal, principal_of
from case_portal.core.sessions import Accounts, Session
from case_portal.read_model.ports import Cases

COOKIE = "casefold_session"
SEED = "casefold_form"
DEVICE = "casefold_device"
FORM = "casefold form"
"""The purpose of the key that signs forms."""


def utc_now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


def new_seed() -> str:
    """A new seed, which ties forms to a browser that is not logged in."""
    return secrets.token_urlsafe(32)


class SignedIn(Struct, frozen=True):
    """A session or API token, and the person behind it."""

    session: Session
    principal: Principal


@dataclass(frozen=True, kw_only=True)
class Site:
    """The ports and settings that all features share.

    `max_upload` is in bytes, for everything that one request contains. Until `loaded`, the
    reference data is not complete, and nobody can be identified.
    """

    cases: PerPrincipal[Cases]
    accounts: Accounts
    audit: Audit
    files: Files
    reference: Reference
    loaded: Callable[[], bool]
    secret: Keyring
    secure_cookies: bool = False
    max_upload: int = 25 * 1024 * 1024
    now: Callable[[], datetime] = utc_now

    async def signed_in(self, token: str, *, used: bool = True) -> SignedIn | None:
        """The session or API token of this secret, and its principal; None if it is no longer
        valid. `used` counts as use of the session."""
        session = await self.accounts.session(token, used=used) if token else None
        principal = self.principal_of(session.account) if session else None
        return SignedIn(session, principal) if session and principal else None

    def principal_of(self, account: Account) -> Principal | None:
        """The person behind an account; None if the person is unknown or inactive."""
        return principal_of(account, self.reference)

    def definition_of(self, principal: Principal) -> Definition:
        """The newest definition of the principal's tenant."""
        definition = self.reference.newest(principal.tenant)
        assert definition is not None, "whoever is logged in has a tenant with a definition"
        return definition

    def form_token(self, seed: str) -> str:
        """The token of a form, which proves that it was issued to the browser with this seed."""
        return self._form_tokens(seed)[0]

    def is_form_token(self, seed: str, token: str) -> bool:
        """Whether a form was issued to the browser with this seed."""
        given = token.encode("utf-8", "replace")
        return bool(seed) and any(
            compare_digest(own.encode(), given) for own in self._form_tokens(seed)
        )

    def _form_tokens(self, seed: str) -> list[str]:
        """The token of a form under each secret; the first one is used."""
        signatures = self.secret.signatures(FORM, seed.encode("utf-8", "replace"))
        return [signature.hex() for signature in signatures]
