"""The tags that a principal can add to a case."""

from case_portal.core.principal import Principal
from case_portal.read_model.reading import OpenCase


def may_tag(principal: Principal, case: OpenCase) -> list[str]:
    """The tags that the case does not have yet, in the order of the definition; for agents only."""
    if principal.kind != "agent":
        return []
    view = case.view
    tags = (tag for tag in case.definition.document.tags if tag.is_for(view.case_type))
    return [tag.name for tag in tags if tag.name not in view.tags]
