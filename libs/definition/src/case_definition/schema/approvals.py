"""Approvals: work that contacts approve before it is done."""

from typing import Literal

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule
from case_definition.vocabulary import ContactRole

Unit = Literal["hours", "working_days"]
"""The unit of an amount; `working_days` are whole days."""


class AtSubmission(DefinitionModel):
    """The approval that a contact grants by submitting a case."""

    amount: LengthText
    accepts: Name
    """The yes-or-no field of the form by which the contact accepts it."""


class Approval(DefinitionModel):
    """Work that needs the approval of a contact. Work beyond the approval is refused."""

    name: Name
    case_types: tuple[Name, ...] = ()
    """The case types with this approval; default: all."""
    unit: Unit = "hours"
    at_submission: AtSubmission | None = None
    asks: LengthText | None = None
    """The amount that the consequence `ask_approval` asks for."""
    granted_by: tuple[ContactRole, ...] = ()
    """The roles of contacts who may grant it; default: all."""
    when: Rule | None = None
    """The work that it covers; default: all work. `event` has the `kind`, `minutes`, `billable` and
    `why` of the work."""

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type have it."""
        return not self.case_types or case_type in self.case_types
