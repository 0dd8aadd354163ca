"""Submits commands: checks the permission, stores the files, publishes, and waits for the
outcome."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from case_definition.lookup.form import typed_value
from case_definition.lookup.reference import Reference
from case_events.contracts.approvals import RequestApproval
from case_events.contracts.commands import AddComment, ChangeStatus, Command
from case_events.contracts.links import RequestFollowUp
from case_events.contracts.parts import Attachment
from case_events.contracts.people import AnswerConsultation, ConsultTeam
from msgspec.structs import replace

from case_portal.commands.permissions import check
from case_portal.commands.ports import CommandGateway, CommandReceipt
from case_portal.core.files import Files, Upload
from case_portal.core.principal import Principal
from case_portal.core.problem import MAY_NOT_ASK, Problem
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase, open_case

WithFiles = (
    AddComment | AnswerConsultation | ChangeStatus | ConsultTeam | RequestApproval | RequestFollowUp
)
"""The commands that take files."""

Complete = Callable[[Cases, Reference, Principal, OpenCase, Command], Awaitable[Command | Problem]]
"""Fills in the other things that a command names, from what its principal may see; or returns the
problem."""


async def as_asked(
    cases: Cases, reference: Reference, principal: Principal, case: OpenCase, command: Command
) -> Command | Problem:
    """The command unchanged, for a command that names nothing else."""
    return command


@dataclass(frozen=True)
class CommandService:
    """Submits the commands of a principal."""

    cases: Cases
    files: Files
    reference: Reference
    desk: CommandGateway

    async def submit(
        self,
        principal: Principal,
        case_reference: str,
        command: Command,
        uploads: Sequence[Upload] = (),
        complete: Complete = as_asked,
    ) -> CommandReceipt | Problem:
        """Send a command to a case, with files if the command takes some.

        Raises `ServiceUnavailable` if the command could not be stored.
        """
        case = await open_case(self.cases, self.reference, principal, case_reference)
        if isinstance(case, Problem):
            return case
        if not principal.writes:
            return MAY_NOT_ASK
        if uploads and isinstance(command, WithFiles):
            command = await self._with_files(principal.tenant, command, uploads)
            command = with_fields_of_files(command, case)
        problem = check(principal, case.view, case.definition, command)
        if problem is not None:
            return problem
        asked = await complete(self.cases, self.reference, principal, case, command)
        if isinstance(asked, Problem):
            return asked
        return await self.desk.ask(principal, case.case, asked)

    async def _with_files(
        self, tenant: str, command: WithFiles, uploads: Sequence[Upload]
    ) -> WithFiles:
        keys = await self.files.put(tenant, *(upload.data for upload in uploads))
        attachments = tuple(
            Attachment(sha256=key, size=len(upload.data), type=upload.type)
            for key, upload in zip(keys, uploads, strict=True)
        )
        names = tuple(upload.name for upload in uploads)
        return replace(
            command,
            attachments=attachments,
            personal=replace(command.personal, file_names=names),
        )


def with_fields_of_files(command: WithFiles, case: OpenCase) -> WithFiles:
    """A step that names its files in the fields of files that it requires. A step is public, so it
    does not name a file in a field that contacts do not see."""
    if not isinstance(command, ChangeStatus):
        return command
    step = case.definition.transitions.get(command.transition)
    if step is None:
        return command
    fields = dict(command.fields)
    for name in case.definition.required_by(step, case.view.case_type):
        field = case.definition.fields[name]
        if field.type == "files" and "contact" in field.visible_to:
            named = typed_value(field, fields.get(name, ""))
            fields[name] = ", ".join([*named, *command.personal.file_names])
    return replace(command, fields=fields)
