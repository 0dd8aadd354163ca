"""Process timers: consequences after some time."""

from functools import cached_property

from pydantic import Field

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule
from case_definition.schema.targets import Signal, TargetTerms


class ProcessTimer(DefinitionModel):
    """Some time after an event, the timer fires the trigger `timer:<name>`.

    It begins again with each event of `since`. A timer that began with a status ends when the case
    leaves that status; any other ends with the case. It pauses in the statuses whose `pauses` name
    it.
    """

    name: Name
    after: LengthText
    """The time, in the open hours of its calendar; with `elapsed`, every hour counts."""
    elapsed: bool = False
    calendar: Name | None = None
    since: tuple[Signal, ...] = Field(min_length=1)
    """The events with which it begins, each time again."""
    until: tuple[Signal, ...] = ()
    """The events that end it before it fires."""
    case_types: tuple[Name, ...] = ()
    """The case types of the timer; default: all."""
    when: Rule | None = None
    """A rule over the variables of targets, evaluated whenever one of them changes."""

    @cached_property
    def terms(self) -> TargetTerms:
        """Its length, in the form of a target."""
        return TargetTerms(
            metric=self.name,
            length=self.after,
            elapsed=self.elapsed,
            calendar=self.calendar,
            case_types=self.case_types,
            when=self.when,
        )

    @property
    def ends(self) -> tuple[str, ...]:
        """All events that end it: those of `until`, and leaving the status that began it."""
        statuses = (signal for signal in self.since if signal.startswith("status:"))
        return (*self.until, *(f"left:{signal.partition(':')[2]}" for signal in statuses))
