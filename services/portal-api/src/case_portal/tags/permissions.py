"""Which tags a principal can put on a case."""

from case_portal.core.principal import Principal
from case_portal.read_model.reading import OpenCase


def may_tag(principal: Principal, case: OpenCase) -> list[str]:
    """The tags that the case does not have yet, for agents; in the order of the definition."""
    if principal.kind != "agent":
        return []
    view = case.view
    tags = (tag for tag in case.definition.document.tags if tag.is_for(view.case_type))
    return [tag.name for tag in tags if tag.name not in view.tags]
