"""What the database is told of whoever asks: its policies show them what exists for them.

It goes by who is logged in and by nothing else, so that it also holds where a scope is wrong.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from case_events.runtime.postgres import Connections, RequestPool

from case_portal.core.principal import PerPrincipal, Principal

T = TypeVar("T")


def for_principals(queries: Callable[[Connections], T], requests: RequestPool) -> PerPrincipal[T]:
    """Queries for one principal each: on connections that the database holds against them."""
    return lambda principal: queries(requests.acting_for(rls_settings(principal)))


def rls_settings(principal: Principal) -> Mapping[str, str]:
    """The settings of a transaction for somebody.

    `reach` is how far they see: `tenant`, `customer`, `contact` (their own cases), or `nothing`.
    """
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
