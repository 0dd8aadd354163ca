"""Migration of open cases to another version of their definition: first rehearsed, then done."""

from dataclasses import dataclass

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.publishing.mapping import mapping_problems
from case_definition.publishing.migration import CaseNames, Names, Unmapped, map_names
from case_events.contracts.migration import MigrateCase
from msgspec import Struct
from msgspec.structs import replace

from case_portal.commands.ports import CommandGateway
from case_portal.core.concurrency import side_by_side
from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import MAY_NOT_ASK, Problem, ValidationFault
from case_portal.read_model.ports import Cases, Listing
from case_portal.read_model.view import FoundCase

A_PAGE = 200
AT_ONCE = 20
UNKNOWN_VERSION = Problem(
    kind="invalid",
    code="unknown_version",
    field="to",
    rule="published",
    reason="This version of the definition has not been published: publish it first.",
)


class MigratedCase(Struct, frozen=True):
    """The result, or possible result, of one case.

    `outcome` is `would`, `done`, `pending` or `refused`; `status` and `phase` are those that the
    case has, or would have, afterwards.
    """

    reference: str
    before: str
    outcome: str
    status: str
    previous_status: str
    phase: str
    previous_phase: str
    reason: str = ""


class MigrationPage(Struct, frozen=True):
    """One page of cases that are under other versions."""

    cases: list[MigratedCase]
    more: bool


@dataclass(frozen=True)
class Migrations:
    """Migrates cases for an administrator."""

    cases: Cases
    reference: Reference
    desk: CommandGateway

    async def migrate(
        self,
        principal: Principal,
        to: int,
        mapping: Names,
        page: int,
        *,
        dry_run: bool,
    ) -> MigrationPage | Problem:
        """Migrate a page of the open cases that are under other versions, or rehearse it.

        Raises `ServiceUnavailable` if a command could not be stored; the call may be repeated.
        """
        if not self._administers(principal):
            return MAY_NOT_ASK
        key = f"{principal.tenant}/{to}"
        if key not in self.reference:
            return UNKNOWN_VERSION
        new = self.reference.definition(key)
        if wrong := self._mistakes(mapping, new):
            return wrong
        listing = Listing(
            view="active", sort="created_at", descending=False, page=page, size=A_PAGE
        )
        found = await self.cases.listed(scope_of(principal), listing)
        others = [case for case in found.cases if case.view.definition != key]
        if dry_run:
            return MigrationPage([_would(case, mapping, new) for case in others], found.more)
        command = MigrateCase(
            definition=key, mapping={section: dict(names) for section, names in mapping.items()}
        )
        moves = [self._move(principal, case, command, new) for case in others]
        return MigrationPage(await side_by_side(moves, AT_ONCE), found.more)

    def _administers(self, principal: Principal) -> bool:
        agent = self.reference.agent(principal.tenant, principal.id)
        return principal.kind == "agent" and agent is not None and "administrator" in agent.roles

    def _mistakes(self, mapping: Names, new: Definition) -> Problem | None:
        """All names in the mapping that no version has."""
        versions, _ = self.reference.terms_of(new.tenant)
        faults = tuple(
            ValidationFault(".".join(("mapping", *map(str, one.path))), "known", one.sentence)
            for one in mapping_problems(mapping, versions, new)
        )
        if not faults:
            return None
        first = faults[0]
        return Problem(
            kind="invalid", code="invalid", field=first.field, rule=first.rule,
            reason=first.reason, faults=faults,
        )  # fmt: skip

    async def _move(
        self, principal: Principal, case: FoundCase, command: MigrateCase, new: Definition
    ) -> MigratedCase:
        would = _would(case, command.mapping, new)
        asked = await self.desk.ask(principal, case, command)
        answer = asked.answer
        if answer is None:
            return replace(would, outcome="pending")
        if answer.status == "refused":
            return _stays(case, answer.reason)
        return replace(would, outcome="done")


def _would(case: FoundCase, mapping: Names, new: Definition) -> MigratedCase:
    view = case.view
    carried = CaseNames(
        case_type=view.case_type,
        status=view.status,
        phase=view.phase,
        priority=view.priority,
        team=view.team,
        fields=view.fields,
    )
    becomes = map_names(carried, mapping, new)
    if isinstance(becomes, Unmapped):
        return _stays(case, becomes.sentence)
    return _moved(case, "would", becomes.status, becomes.phase)


def _stays(case: FoundCase, reason: str) -> MigratedCase:
    return _moved(case, "refused", case.view.status, case.view.phase, reason)


def _moved(
    case: FoundCase, outcome: str, status: str, phase: str, reason: str = ""
) -> MigratedCase:
    view = case.view
    return MigratedCase(
        reference=view.reference,
        before=view.definition,
        outcome=outcome,
        status=status,
        previous_status=view.status,
        phase=phase,
        previous_phase=view.phase,
        reason=reason,
    )
