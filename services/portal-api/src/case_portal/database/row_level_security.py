"""The row-level security settings of a request, by which the database shows only rows of the
principal.

The settings depend only on the logged-in person, so they also hold if a scope is wrong.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from case_events.runtime.postgres import Connections, RequestPool

from case_portal.core.principal import PerPrincipal, Principal

T = TypeVar("T")


def for_principals(queries: Callable[[Connections], T], requests: RequestPool) -> PerPrincipal[T]:
    """Queries for one principal each, on connections that the database checks against that
    principal."""
    return lambda principal: queries(requests.acting_for(rls_settings(principal)))


def rls_settings(principal: Principal) -> Mapping[str, str]:
    """The settings of a transaction for a principal.

    `reach` is `tenant`, `customer`, `contact` (their own cases), or `nothing`. `administers` is
    `yes` for administrators of the desk, who see its security log.
    """
    return {
        "tenant": principal.tenant,
        "kind": principal.kind,
        "person": principal.id,
        "customer": principal.customer,
        "reach": _reach(principal),
        "administers": "yes" if principal.administers else "",
    }


def _reach(principal: Principal) -> str:
    if principal.kind in ("agent", "auditor"):
        return "tenant"
    if principal.kind != "contact":
        return "nothing"
    return "customer" if principal.sees_colleagues else "contact"
