"""Where refusals are read from."""

from typing import Protocol
from uuid import UUID

from msgspec import Struct

from case_portal.core.principal import Scope
from case_portal.read_model.view import RefusalView


class KeptRefusal(Struct, frozen=True):
    """A refusal, with the reference of the case it concerns; empty where there is none."""

    refusal: RefusalView
    reference: str = ""


class RefusalPage(Struct, frozen=True):
    """One page of refusals, and whether there is another."""

    refusals: list[KeptRefusal]
    more: bool = False


class Refusals(Protocol):
    """What was refused at the tenant of a scope. What is another's is not found, nor what was
    asked of a case that is hidden."""

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        """The last first; `page` counts from 1."""

    async def refusal(self, scope: Scope, refusal: UUID) -> RefusalView | None: ...
