"""Serializers of the outcome of a command, for the API and the pages."""

from msgspec.structs import asdict

from case_portal.commands.ports import CommandReceipt
from case_portal.commands.schemas import CommandState
from case_portal.core.problem import Problem


def command_state(asked: CommandReceipt) -> CommandState:
    """The state of a command so far."""
    href = f"/api/v1/commands/{asked.command}"
    if asked.answer is None:
        return CommandState(
            command=asked.command, reference=asked.reference, status="pending", href=href
        )
    return CommandState(
        command=asked.command, reference=asked.reference, href=href, **asdict(asked.answer)
    )


def refusal_of(asked: CommandReceipt) -> Problem | None:
    """The refusal of a command as a problem; None if it was not refused."""
    answer = asked.answer
    if answer is None or answer.status != "refused":
        return None
    return Problem(
        kind="unknown" if answer.code == "unknown" else "refused",
        code=answer.code,
        field=answer.field,
        rule=answer.rule,
        reason=answer.reason,
    )
