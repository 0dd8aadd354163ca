"""Serializers of links for the API."""

from case_portal.links.schemas import LinkModel
from case_portal.read_model.view import LinkView


def link_model(link: LinkView) -> LinkModel:
    """A linked case."""
    return LinkModel(kind=link.kind, direction=link.direction, reference=link.reference, at=link.at)
