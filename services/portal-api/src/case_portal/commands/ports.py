"""Where commands go, and what comes of them."""

from typing import Protocol
from uuid import UUID

from case_events.contracts.commands import Command
from msgspec import Struct

from case_portal.core.principal import Principal
from case_portal.read_model.view import Answer, FoundCase


class CommandReceipt(Struct, frozen=True, kw_only=True):
    """A command that was asked, and its answer where there was one in time."""

    command: UUID
    reference: str
    answer: Answer | None = None


class CommandGateway(Protocol):
    """Takes what people ask of cases to workflow, and hears what came of it."""

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        """Publish a command, and wait a moment for its answer.

        Raises `ServiceUnavailable` where it could not be kept.
        """

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        """What became of a command that this principal asked; None for any other."""
