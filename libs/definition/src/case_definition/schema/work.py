"""How time spent on cases is booked, and what of it is billed."""

from pydantic import Field

from case_definition.schema.approvals import Unit
from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule


class WorkKind(DefinitionModel):
    """A kind of work, with a rate of its own."""

    name: Name
    unit: Unit = "hours"
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    surcharged: bool = True
    """Whether surcharges apply. They never do to whole working days."""

    def is_for(self, case_type: str) -> bool:
        """Whether it can be booked on cases of this type."""
        return not self.case_types or case_type in self.case_types


class Surcharge(DefinitionModel):
    """So many percent on top of the rate, for work outside the hours of a calendar."""

    outside: Name
    percent: int = Field(gt=0, le=1000)


class Allowance(DefinitionModel):
    """The first so much of a case's billable work is free."""

    name: Name
    amount: LengthText
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    when: Rule | None = None

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type have it."""
        return not self.case_types or case_type in self.case_types


class Billing(DefinitionModel):
    """Whether work is billed, and why: its name says it. The first rule that holds decides."""

    name: Name
    billable: bool
    when: Rule | None = None


class WorkTerms(DefinitionModel):
    """Booking of time."""

    case_types: tuple[Name, ...] = ()
    """Only on these; on all when left out."""
    working_day: str = Field(default="PT8H", pattern=r"^PT[0-9HM]+$")
    """What a whole working day counts as."""
    kinds: tuple[WorkKind, ...] = Field(min_length=1)
    surcharges: tuple[Surcharge, ...] = ()
    """Of several that apply at a moment, the first one written counts."""
    allowances: tuple[Allowance, ...] = ()
    """Of several that apply to a case, the first one written counts."""
    billing: tuple[Billing, ...] = Field(min_length=1)

    def is_for(self, case_type: str) -> bool:
        """Whether work is booked on cases of this type."""
        return not self.case_types or case_type in self.case_types
