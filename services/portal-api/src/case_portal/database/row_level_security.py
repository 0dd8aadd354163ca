"""What the database is told of whoever asks: its policies show them what exists for them.

It goes by who is logged in and by nothing else, so that it also holds where a scope is wrong.
"""

from collections.abc import Mapping

from case_portal.core.principal import ASKER, Principal


def told_of_asker() -> Mapping[str, str]:
    """The settings of a transaction for whoever the request at hand is of; none for nobody."""
    asker = ASKER.get()
    return settings_of(asker) if asker is not None else {}


def settings_of(principal: Principal) -> Mapping[str, str]:
    """How far somebody sees: `tenant`, `customer`, `contact` (their own cases), or `nothing`."""
    return {
        "tenant": principal.tenant,
        "kind": principal.kind,
        "person": principal.id,
        "customer": principal.customer,
        "reach": _reach(principal),
    }


def _reach(principal: Principal) -> str:
    if principal.kind in ("agent", "auditor"):
        return "tenant"
    if principal.kind != "contact":
        return "nothing"
    return "customer" if principal.sees_colleagues else "contact"
