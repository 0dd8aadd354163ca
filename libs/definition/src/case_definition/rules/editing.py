"""Who may fill in a field."""

from typing import Literal

from case_definition.cel.rules import Variables
from case_definition.lookup.definition import Definition

EditLimit = Literal["editable_by", "editable_when"]
"""The rule of a field that excludes a person."""


def edit_limit(
    definition: Definition, field: str, capacity: str, variables: Variables
) -> EditLimit | None:
    """Why a person may not fill in a field of a case with these variables; None if they may."""
    known = definition.fields[field]
    if capacity not in known.editable_by:
        return "editable_by"
    return None if definition.holds(known.editable_when, variables) else "editable_when"
