"""The port for commands: the gateway to workflow, and the receipt of a command."""

from typing import Protocol
from uuid import UUID

from case_events.contracts.commands import Command
from msgspec import Struct

from case_portal.core.principal import Principal
from case_portal.read_model.view import CommandOutcome, FoundCase


class CommandReceipt(Struct, frozen=True, kw_only=True):
    """A command that was published; `answer` is None if no outcome came in time."""

    command: UUID
    reference: str
    answer: CommandOutcome | None = None


class CommandGateway(Protocol):
    """Publishes commands for workflow, and reads their outcomes."""

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        """Publish a command, and wait a moment for its outcome.

        Raises `ServiceUnavailable` if the command could not be stored.
        """

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        """The receipt of a command of this principal; None for a command of anybody else."""
