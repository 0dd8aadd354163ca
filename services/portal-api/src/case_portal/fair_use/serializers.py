"""Serializers of fair use for the API."""

from case_definition.lookup.definition import Definition

from case_portal.fair_use.schemas import UsedModel
from case_portal.fair_use.service import Used


def used_model(one: Used, definition: Definition, language: str) -> UsedModel:
    """A line of the report."""
    return UsedModel(
        customer=one.customer,
        name=one.name,
        title=definition.name_of("fair_use", one.name, language),
        period=one.period,
        counted=one.counted,
        allowed=one.allowed,
        left=one.left,
        over=one.over,
    )
