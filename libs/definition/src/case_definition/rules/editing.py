"""Who may fill in a field."""

from typing import Literal

from case_definition.cel.rules import Variables
from case_definition.lookup.definition import Definition

EditLimit = Literal["editable_by", "editable_when"]
"""What of a field somebody does not meet."""


def edit_limit(
    definition: Definition, field: str, capacity: str, variables: Variables
) -> EditLimit | None:
    """Why somebody may not fill in a field of a case as `facts` tell it; None: they may."""
    known = definition.fields[field]
    if capacity not in known.editable_by:
        return "editable_by"
    return None if definition.holds(known.editable_when, variables) else "editable_when"
