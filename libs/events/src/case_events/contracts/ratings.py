"""Ratings: a contact's opinion of how a case was handled."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import Trigger, notice
from case_events.contracts.parts import WrittenContent
from case_events.topics import CASES, COMMANDS


@contract("case.rating-requested", CASES, label="rating_requested", notice=notice("rating_link"))
class RatingRequested(Event, frozen=True):
    """The contact was asked to rate the handling of the case, on this scale."""

    lowest: int
    highest: int


@contract(
    "case.rated",
    CASES,
    label="case_rated",
    triggers=(Trigger(name="rated", needs="ratings"),),
    notice=notice("stars", "comment", "author"),
    rule_members=("stars",),
)
class CaseRated(Event, frozen=True):
    """The contact rated the case. The last rating counts; `previous` is the earlier one."""

    stars: int
    previous: int | None = None
    personal: WrittenContent = WrittenContent()


@contract("command.rate-case", COMMANDS, label="rate_case", asked_by="anybody")
class RateCase(Command, frozen=True, kw_only=True):
    """Rate the case, with or without words."""

    stars: int
    personal: WrittenContent = WrittenContent()
