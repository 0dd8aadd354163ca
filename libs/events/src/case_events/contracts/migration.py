"""Migration of cases to another version of their definition, with an explicit mapping."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.topics import CASES, COMMANDS


@contract(
    "case.definition-migrated",
    CASES,
    label="definition_migrated",
    audience="desk",
    moves_clocks=True,
)
class DefinitionMigrated(Event, frozen=True):
    """The case uses another version of the definition from now on: `tenant/version`.

    Changed names follow directly, as events of their own.
    """

    definition: str
    previous: str


@contract("command.migrate-case", COMMANDS, label="migrate_case")
class MigrateCase(Command, frozen=True, kw_only=True):
    """Migrate the case to another version of its definition.

    `mapping` gives, by section (`case_types`, `statuses`, `phases`, `priorities`, `teams`,
    `fields`), the new name of each name that is gone or has another meaning.
    """

    definition: str
    mapping: dict[str, dict[str, str]] = {}
