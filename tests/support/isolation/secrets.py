"""Words that nobody can guess, and the people for whom they are."""

from collections.abc import Iterable
from random import Random

from case_portal.core.principal import Principal
from msgspec import Struct


def new_word(chance: Random) -> str:
    """A word that occurs nowhere else."""
    return f"zq{chance.getrandbits(64):016x}"


class Secret(Struct, frozen=True):
    """A word, or an id, of a tenant, and, if given, of a `customer` and `contact`.

    `internal`: for agents and auditors only. `requester`: kind and id of the only person it is
    for. `address`: the address of its author or recipient, who may be in no directory. `walled`:
    whether the database hides it too. `hidden`: the agent from whom its case is hidden.
    """

    word: str
    tenant: str
    customer: str = ""
    contact: str = ""
    internal: bool = False
    requester: tuple[str, str] | None = None
    address: str = ""
    walled: bool = True
    hidden: str = ""

    def is_for(self, who: Principal | None) -> bool:
        """Whether it exists for a person: C5 and C16, written a second time in other words."""
        if who is None or who.tenant != self.tenant:
            return False
        if self.requester is not None:
            return self.requester == (who.kind, who.id)
        if who.kind in ("agent", "auditor"):
            return who.kind == "auditor" or not self.hidden or who.id != self.hidden
        of_tenant = not self.customer and not self.internal
        if who.kind != "contact" or of_tenant:
            return of_tenant
        if self.internal or self.customer != who.customer:
            return False
        return who.sees_colleagues or self.contact in ("", who.id)


def kept_from(who: Principal | None, secrets: Iterable[Secret]) -> list[Secret]:
    """The secrets that do not exist for a person."""
    return [secret for secret in secrets if not secret.is_for(who)]
