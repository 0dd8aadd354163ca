"""Process timers: what happens by itself after some time, as it stands in YAML."""

from functools import cached_property

from pydantic import Field

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule
from case_definition.schema.targets import Signal, TargetTerms


class ProcessTimer(DefinitionModel):
    """After some time since an event, the trigger `timer:<name>` sets off what follows.

    It begins anew with each event of `since`. One that begins with a status ends when the case
    leaves that status; every other ends when the case does. It stands still in the statuses
    whose `pauses` name it.
    """

    name: Name
    after: LengthText
    """How long, in open time of its calendar; with `elapsed` by the clock on the wall."""
    elapsed: bool = False
    calendar: Name | None = None
    since: tuple[Signal, ...] = Field(min_length=1)
    """The events that it begins with, each time anew."""
    until: tuple[Signal, ...] = ()
    """The events that end it before it fires."""
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    when: Rule | None = None
    """Asked of what targets may ask, whenever that changes."""

    @cached_property
    def terms(self) -> TargetTerms:
        """Its length, as a promise would say it."""
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
        """All that ends it: what is said, and leaving the status that began it."""
        statuses = (signal for signal in self.since if signal.startswith("status:"))
        return (*self.until, *(f"left:{signal.partition(':')[2]}" for signal in statuses))
