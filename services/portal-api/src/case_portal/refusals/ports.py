"""The port from which refusals are read."""

from typing import Protocol
from uuid import UUID

from msgspec import Struct

from case_portal.core.principal import Scope
from case_portal.read_model.view import RefusalView


class KeptRefusal(Struct, frozen=True):
    """A refusal, with the reference of its case; empty without a case."""

    refusal: RefusalView
    reference: str = ""


class RefusalPage(Struct, frozen=True):
    """One page of refusals, and whether there is a next page."""

    refusals: list[KeptRefusal]
    more: bool = False


class Refusals(Protocol):
    """The refusals of the tenant of a scope. Refusals of another tenant, or about a hidden case,
    are not found."""

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        """A page of refusals, latest first; `page` counts from 1."""

    async def refusal(self, scope: Scope, refusal: UUID) -> RefusalView | None: ...
