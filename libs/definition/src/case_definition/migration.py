"""What becomes of a case under another version of its definition."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from case_definition.lookup import Definition

Names = Mapping[str, Mapping[str, str]]
"""What a name becomes, by section and name; one that is left out stays as it is."""

SECTIONS = ("case_types", "statuses", "priorities", "teams", "fields")


class Carried(Struct, frozen=True, kw_only=True):
    """What a case carries that has to mean something under its definition."""

    case_type: str
    status: str
    priority: str
    team: str
    fields: dict[str, str]


class Unmapped(Struct, frozen=True):
    """A name that means nothing under the new version: its section, and a sentence."""

    section: str
    sentence: str


def migrated(carried: Carried, mapping: Names, new: Definition) -> Carried | Unmapped:
    """What the case carries from then on, or the first thing that the mapping leaves out.

    A field that the new type of case does not have is kept as it is: nothing is lost.
    """
    known: Mapping[str, Collection[str]] = {
        "case_types": new.case_types,
        "statuses": new.statuses,
        "priorities": new.document.priorities.scale,
        "teams": new.teams,
    }
    for section in mapping:
        if section not in SECTIONS:
            sentence = f"There is no section {section}: map {', '.join(SECTIONS)}."
            return Unmapped(section, sentence)
    carries = {
        "case_types": carried.case_type,
        "statuses": carried.status,
        "priorities": carried.priority,
        "teams": carried.team,
    }
    becomes = {section: mapping.get(section, {}).get(n, n) for section, n in carries.items()}
    for section, name in becomes.items():
        if name and name not in known[section]:
            sentence = f"{new.key} has no {name}: say under {section} what it becomes."
            return Unmapped(section, sentence)
    renamed = mapping.get("fields", {})
    return Carried(
        case_type=becomes["case_types"],
        status=becomes["statuses"],
        priority=becomes["priorities"],
        team=becomes["teams"],
        fields={renamed.get(name, name): value for name, value in carried.fields.items()},
    )
