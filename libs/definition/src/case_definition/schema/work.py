"""Work: how time is booked on cases, and which of it is billed."""

from pydantic import Field

from case_definition.schema.approvals import Unit
from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule


class WorkKind(DefinitionModel):
    """A kind of work, with its own rate."""

    name: Name
    unit: Unit = "hours"
    case_types: tuple[Name, ...] = ()
    """The case types for this kind of work; default: all."""
    surcharged: bool = True
    """Whether surcharges apply. They never apply to whole working days."""

    def is_for(self, case_type: str) -> bool:
        """Whether it can be booked on cases of this type."""
        return not self.case_types or case_type in self.case_types


class Surcharge(DefinitionModel):
    """A percentage on top of the rate, for work outside the hours of a calendar."""

    outside: Name
    percent: int = Field(gt=0, le=1000)


class Allowance(DefinitionModel):
    """The first part of a case's billable work is free."""

    name: Name
    amount: LengthText
    case_types: tuple[Name, ...] = ()
    """The case types with this allowance; default: all."""
    when: Rule | None = None

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type have it."""
        return not self.case_types or case_type in self.case_types


class Billing(DefinitionModel):
    """Whether work is billed; its name is the reason. The first rule that holds decides."""

    name: Name
    billable: bool
    when: Rule | None = None


class WorkTerms(DefinitionModel):
    """Booking of time."""

    case_types: tuple[Name, ...] = ()
    """The case types on which time is booked; default: all."""
    working_day: str = Field(default="PT8H", pattern=r"^PT[0-9HM]+$")
    """The length of a whole working day."""
    kinds: tuple[WorkKind, ...] = Field(min_length=1)
    surcharges: tuple[Surcharge, ...] = ()
    """Of several surcharges that apply at a moment, the first one counts."""
    allowances: tuple[Allowance, ...] = ()
    """Of several allowances that apply to a case, the first one counts."""
    billing: tuple[Billing, ...] = Field(min_length=1)

    def is_for(self, case_type: str) -> bool:
        """Whether work is booked on cases of this type."""
        return not self.case_types or case_type in self.case_types
