"""The sort orders of names in a definition that are not alphabetical."""

from collections.abc import Mapping, Sequence

from case_definition.lookup.definition import Definition


def ranks_of(definition: Definition | None) -> Mapping[str, Sequence[str]]:
    """The orders of priorities and statuses, as in the definition."""
    if definition is None:
        return {}
    return {
        "priority": definition.document.priorities.scale,
        "status": tuple(definition.statuses),
        "waits_for": ("contact", "agent", "third_party", "none"),
    }
