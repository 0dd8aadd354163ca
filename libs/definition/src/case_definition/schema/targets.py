"""What can be promised, and the promises: metrics and targets, as they stand in YAML."""

from typing import Annotated

from pydantic import Field, StringConstraints

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule

Signal = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z_]{0,30}(:[A-Za-z][A-Za-z0-9_]{0,62})?$")
]
"""What happens to a case, as far as clocks care; see `vocabulary.SIGNALS`."""


class MetricTerms(DefinitionModel):
    """A metric: what its clock runs from, and until.

    One of the four known ones may be named, with what begins or ends it beside its own.
    """

    name: Name
    begins: tuple[Signal, ...] = ()
    ends: tuple[Signal, ...] = ()


class TargetTerms(DefinitionModel):
    """One promise."""

    metric: Name
    name: Name | None = None
    """What the promise is called; its metric when left out."""
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    priorities: dict[Name, LengthText] = {}
    """How long, by priority. A priority that is left out has no such target."""
    length: LengthText | None = None
    """How long, whatever the priority."""
    when: Rule | None = None
    calendar: Name | None = None
    """Which hours count; the agreement's calendar when left out."""
    elapsed: bool = False
    """Count every hour, open or closed."""
    warnings: tuple[float, ...] = ()
    """When to warn, as shares of the length, rising: 0.5 is half-way. Also where another target has
    warned before this one took over."""
    promised: float = Field(default=1.0, gt=0, le=1)
    """The share of cases for which it will be kept."""
    ends: tuple[Signal, ...] = ()
    """What ends it too, beside what ends its metric."""
    restart_on_reopening: bool = False
    """Begin anew when a case is reopened, instead of going on."""
    recount_from_change: bool = False
    """Count from a change of priority or agreement, instead of from the start."""

    @property
    def id(self) -> str:
        """What identifies it within its agreement."""
        return self.name or self.metric
