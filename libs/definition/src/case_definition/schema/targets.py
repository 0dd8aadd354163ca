"""Metrics and targets."""

from typing import Annotated

from pydantic import Field, StringConstraints

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule

Signal = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z_]{0,30}(:[A-Za-z][A-Za-z0-9_]{0,62})?$")
]
"""An event of a case as clocks see it; see `vocabulary.SIGNALS`."""


class MetricTerms(DefinitionModel):
    """A metric: the events with which its clock begins and ends.

    For one of the four known metrics, these are additional beginnings and ends.
    """

    name: Name
    begins: tuple[Signal, ...] = ()
    ends: tuple[Signal, ...] = ()


class TargetTerms(DefinitionModel):
    """One target."""

    metric: Name
    name: Name | None = None
    """The name of the target; default: its metric."""
    case_types: tuple[Name, ...] = ()
    """The case types of the target; default: all."""
    priorities: dict[Name, LengthText] = {}
    """The length by priority. A priority that is left out has no such target."""
    length: LengthText | None = None
    """The length for every priority."""
    when: Rule | None = None
    calendar: Name | None = None
    """The calendar whose hours count; default: the agreement's calendar."""
    elapsed: bool = False
    """Count every hour, open or closed."""
    warnings: tuple[float, ...] = ()
    """When to warn, as rising shares of the length: 0.5 is half of it. They also count if another
    target has warned before this one took over."""
    promised: float = Field(default=1.0, gt=0, le=1)
    """The promised share of cases in which the target is kept."""
    ends: tuple[Signal, ...] = ()
    """Further events that end it, in addition to those of its metric."""
    restart_on_reopening: bool = False
    """Begin again when a case is reopened, instead of continuing."""
    recount_from_change: bool = False
    """Count from a change of priority or agreement, instead of from the start."""

    @property
    def id(self) -> str:
        """The id of the target within its agreement."""
        return self.name or self.metric
