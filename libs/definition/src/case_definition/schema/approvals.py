"""What contacts approve before it is done: hours of work."""

from typing import Literal

from case_definition.schema.model import DefinitionModel, LengthText, Name, Rule
from case_definition.vocabulary import ContactRole

Unit = Literal["hours", "working_days"]
"""In which unit an amount is given: `working_days` are whole ones."""


class AtSubmission(DefinitionModel):
    """What a contact approves by submitting a case."""

    amount: LengthText
    accepts: Name
    """The yes-or-no field of the form by which it is accepted."""


class Approval(DefinitionModel):
    """Work that needs the approval of a contact: what is booked beyond it is refused."""

    name: Name
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    unit: Unit = "hours"
    at_submission: AtSubmission | None = None
    asks: LengthText | None = None
    """How much is asked where it is asked by itself (`ask_approval`)."""
    granted_by: tuple[ContactRole, ...] = ()
    """Contacts of which roles may grant it; all when left out."""
    when: Rule | None = None
    """Which work it covers; all when left out. `event` has its `kind`, `minutes`, `billable`
    and `why`."""

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type have it."""
        return not self.case_types or case_type in self.case_types
