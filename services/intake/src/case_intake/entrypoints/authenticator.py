"""The caller of the API: a bearer token, read as a person of the directory."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256

from case_events import tokens
from case_events.contracts.parts import UnregisteredContact
from case_events.keyring import Keyring
from msgspec import Struct
from msgspec.structs import replace

from case_intake.application.ports import IntakeDirectory
from case_intake.domain.inbound import Creator, contact_creator
from case_intake.entrypoints.problems import RequestRefused


def the_time() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


class Caller(Struct, frozen=True):
    """A person who is known and active. `way` is their channel if they name none."""

    tenant: str
    creator: Creator
    way: str


class Authenticator:
    """Finds the holder of a token: an API token of the settings, or a pass that the portal signed.

    It does not know the portal's sessions. A pass is valid until its end by `now`.
    """

    def __init__(
        self,
        secret: Keyring,
        api_tokens: Mapping[str, str],
        directory: IntakeDirectory,
        loaded: Callable[[], bool],
        now: Callable[[], datetime] = the_time,
    ) -> None:
        self._secret, self._api_tokens = secret, api_tokens
        self._directory, self._loaded, self._now = directory, loaded, now

    def caller(self, token: str | None) -> Caller:
        """The caller with this token. Raises `RequestRefused`: 401 for an unknown token, 503 while
        the directory is not complete."""
        if not self._loaded():
            raise RequestRefused(503, detail="Starting up.", headers={"Retry-After": "5"})
        found = self._by_api_token(token or "") or self._by_portal(token or "")
        if found is None:
            raise RequestRefused(
                401,
                detail="Give a bearer token that is valid.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return found

    def _by_api_token(self, token: str) -> Caller | None:
        hashed = sha256(token.encode("utf-8", "replace")).hexdigest()
        tenant, _, rest = self._api_tokens.get(hashed, "").partition("/")
        kind, _, who = rest.partition("/")
        return self._known(tenant, kind, who, api=True)

    def _by_portal(self, token: str) -> Caller | None:
        claims = tokens.read(self._secret, "pass", token, self._now())
        if claims is None:
            return None
        tenant, kind, who = (str(claims.get(name, "")) for name in ("tenant", "kind", "id"))
        return self._known(tenant, kind, who)

    def _known(self, tenant: str, kind: str, who: str, api: bool = False) -> Caller | None:
        if kind == "contact":
            contact = self._directory.contact(tenant, who)
            if contact is not None and contact.active:
                creator = contact_creator(contact)
                return Caller(tenant, creator, "api" if api else "portal")
        if kind == "agent":
            agent = self._directory.agent(tenant, who)
            if agent is not None and agent.active:
                creator = Creator(
                    capacity="agent", id=who, roles=agent.roles, language=agent.language
                )
                return Caller(tenant, creator, "api" if api else "phone")
        return None


def creator_for(
    caller: Caller, contact: str, directory: IntakeDirectory, name: str = "", language: str = ""
) -> Creator:
    """The caller as creator, for the contact that they name by id or address.

    For an unregistered contact they also give the `name`, and the `language` if it is not the
    desk's. A person without a mail address is named by `name` alone. A contact is always the
    creator's own contact. An agent who names nobody active names nobody; a person of the directory
    is never an unregistered contact, whatever name is given.
    """
    creator = caller.creator
    if creator.capacity == "contact":
        return creator
    found = directory.contact(caller.tenant, contact) or directory.contact_by_address(
        caller.tenant, contact
    )
    if found is not None:
        return replace(creator, contact=found if found.active else None)
    if not name or directory.agent_by_address(caller.tenant, contact) is not None:
        return creator
    unregistered = UnregisteredContact(address=contact, name=name, language=language)
    return replace(creator, unregistered=unregistered)
