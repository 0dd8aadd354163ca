"""The migration of a case to another version of its definition, and its file."""

from collections.abc import Collection, Mapping

from msgspec import Struct
from pydantic import Field

from case_definition.lookup.definition import Definition
from case_definition.schema.model import DefinitionModel, Name

Names = Mapping[str, Mapping[str, str]]
"""The new name of each name, by section; a name that is left out stays."""

SECTIONS = ("case_types", "statuses", "phases", "priorities", "teams", "fields")


class MigrationDocument(DefinitionModel):
    """The new version for open cases, and, by section, the new names of removed or changed
    names."""

    to: int = Field(gt=0, le=2**31)
    case_types: dict[Name, Name] = {}
    statuses: dict[Name, Name] = {}
    phases: dict[Name, Name] = {}
    priorities: dict[Name, Name] = {}
    teams: dict[Name, Name] = {}
    fields: dict[Name, Name] = {}

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """The changed names by section."""
        return self.model_dump(include=set(SECTIONS), exclude_defaults=True)


class CaseNames(Struct, frozen=True, kw_only=True):
    """The names in a case that must exist in its definition."""

    case_type: str
    status: str
    phase: str
    priority: str
    team: str
    fields: dict[str, str]


class Unmapped(Struct, frozen=True):
    """A name that does not exist in the new version: its section, and a sentence."""

    section: str
    sentence: str


def names_of(definition: Definition) -> Mapping[str, Collection[str]]:
    """The names of a definition that cases have, by section."""
    return {
        "case_types": definition.case_types,
        "statuses": definition.statuses,
        "phases": definition.phases,
        "priorities": definition.document.priorities.scale,
        "teams": definition.teams,
        "fields": definition.fields,
    }


def map_names(carried: CaseNames, mapping: Names, new: Definition) -> CaseNames | Unmapped:
    """The names of the case after the migration, or the first one that the mapping lacks.

    A field that the new case type does not have stays as it is, so nothing is lost.
    """
    for section in mapping:
        if section not in SECTIONS:
            sentence = f"There is no section {section}: map {', '.join(SECTIONS)}."
            return Unmapped(section, sentence)
    carries = {
        "case_types": carried.case_type,
        "statuses": carried.status,
        "phases": carried.phase,
        "priorities": carried.priority,
        "teams": carried.team,
    }
    known = names_of(new)
    becomes = {section: mapping.get(section, {}).get(n, n) for section, n in carries.items()}
    for section, name in becomes.items():
        if name and name not in known[section]:
            sentence = f"{new.key} has no {name}: say under {section} what it becomes."
            return Unmapped(section, sentence)
    renamed = mapping.get("fields", {})
    fields: dict[str, str] = {}
    for name, value in carried.fields.items():
        field = renamed.get(name, name)
        if field in fields:
            sentence = f"Two fields of this case would become {field}: map {name} to another."
            return Unmapped("fields", sentence)
        fields[field] = value
    return CaseNames(
        case_type=becomes["case_types"],
        status=becomes["statuses"],
        phase=becomes["phases"],
        priority=becomes["priorities"],
        team=becomes["teams"],
        fields=fields,
    )
