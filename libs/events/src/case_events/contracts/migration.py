"""Cases that go over to another version of their definition, by an explicit mapping."""

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
    """The case is under another version of the definition from here on: `tenant/version`.

    What is called otherwise there comes just after it, as events of their own.
    """

    definition: str
    previous: str


@contract("command.migrate-case", COMMANDS, label="migrate_case")
class MigrateCase(Command, frozen=True, kw_only=True):
    """Bring the case under another version of its definition.

    `mapping` says, by section (`case_types`, `statuses`, `phases`, `priorities`, `teams`,
    `fields`), what becomes of a name that is gone or means something else there.
    """

    definition: str
    mapping: dict[str, dict[str, str]] = {}
