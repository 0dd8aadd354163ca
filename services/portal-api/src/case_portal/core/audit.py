"""The port of the security log: who did what, from where, with what outcome."""

from ipaddress import AddressValueError, IPv6Address
from typing import Protocol

from case_events.contracts.security import SecurityEvent
from case_events.envelope import Actor
from msgspec import Struct

from case_portal.core.principal import Account, Principal

NOBODY = Actor(kind="unknown", id="")
"""Somebody who proved nothing yet."""
PORTAL, API = "portal", "api"
MOST_OF_PROGRAM = 200
"""The characters that are kept of what a program calls itself."""


class Client(Struct, frozen=True, kw_only=True):
    """From where a request comes: the network address, what the program calls itself, and the
    channel."""

    address: str = ""
    program: str = ""
    channel: str = PORTAL

    @property
    def network(self) -> str:
        """What attempts are counted by: the address, or the network of an IPv6 address, of which
        one customer of a provider has 2^64."""
        try:
            address = IPv6Address(self.address)
        except AddressValueError:
            return self.address
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else f"{IPv6Address(int(address) >> 64 << 64)}/64"


class Audit(Protocol):
    """The security log."""

    async def record(self, tenant: str, event: SecurityEvent, actor: Actor, client: Client) -> None:
        """Publish an event. Raises `Unavailable` if it is not certain that it will be
        published."""


def actor_of(person: Account | Principal) -> Actor:
    """A person as the actor of an event."""
    of = person.person if isinstance(person, Account) else person.id
    return Actor(kind=person.kind, id=of, capacity=person.kind)
