"""Asking something of a case: seen, allowed to ask, files kept, published, answered."""

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
"""Commands that take files."""

Complete = Callable[[Cases, Reference, Principal, OpenCase, Command], Awaitable[Command | Problem]]
"""Fills in what a command names by what its principal may see, or says what is wrong with it."""


async def as_asked(
    cases: Cases, reference: Reference, principal: Principal, case: OpenCase, command: Command
) -> Command | Problem:
    """A command that names nothing else is complete."""
    return command


@dataclass(frozen=True)
class CommandService:
    """Where a principal asks things of cases."""

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
        """Ask a command of a case, with files where it takes some.

        Raises `ServiceUnavailable` where it could not be taken in.
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
    """A step, with what comes with it named in the fields of files that it wants. It is public
    there, so a field that contacts do not see names nothing of it by itself."""
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
