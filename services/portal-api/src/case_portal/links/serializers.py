"""Other cases as the API gives them."""

from case_portal.links.schemas import LinkModel
from case_portal.read_model.view import LinkView


def link_model(link: LinkView) -> LinkModel:
    """Another case that one has to do with."""
    return LinkModel(kind=link.kind, direction=link.direction, reference=link.reference, at=link.at)
