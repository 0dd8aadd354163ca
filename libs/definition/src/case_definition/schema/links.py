"""Which cases have to do with each other, and what follows from it, as a tenant writes it."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from case_definition.schema.model import DefinitionModel, Name, Rule
from case_definition.vocabulary import Capacity


class Linking(DefinitionModel):
    """Who may link cases in one way, and which."""

    case_types: tuple[Name, ...] = ()
    """Cases of these types; of all when left out."""
    when: Rule | None = None
    """Who of them may, and in which state of the case."""

    def is_for(self, case_type: str) -> bool:
        """Whether it is for cases of this type."""
        return not self.case_types or case_type in self.case_types


class Problems(DefinitionModel):
    """Cases about one cause are linked to one problem, which is the desk's own."""

    case_types: tuple[Name, ...] = Field(min_length=1)
    """The types that are problems. No contact ever sees one."""
    reports: Linking = Linking()
    """Who may say that a case reports a problem, and which."""
    weight: Literal["contacts", "customers"] = "contacts"
    """A problem weighs as many as it has different reporters of this kind."""
    solved_in: tuple[Name, ...] = Field(min_length=1)
    """The statuses of a problem that tell all its reports: each gets the text that came with the
    step, and `problem_solved` sets off what the definition says."""


class Merging(Linking):
    """A case may go on in another case of the same customer."""

    status: Name
    """The final status in which it stands from then on."""


class Splitting(Linking):
    """A case may be split into several."""

    into: tuple[Name, ...] = ()
    """The types of case that it may be split into; all but problems when left out."""


class FollowUps(Linking):
    """A case that has ended may get another that goes on where it stopped."""

    of: tuple[Name, ...] = Field(min_length=1)
    """The final statuses in which it may be asked for."""
    by: tuple[Capacity, ...] = ("contact", "agent")
    case_type: Name | None = None
    """The type that the new case has; that of the first when left out."""
    replies_to_closed: Literal["follow_up", "refuse"] = "refuse"
    """What a contact's reply by mail to such a case becomes; one that is refused is answered with
    the text `messages.reply_refused`."""


class Links(DefinitionModel):
    """What two cases may have to do with each other. What is left out, there is not."""

    problems: Problems | None = None
    duplicates: Linking | None = None
    merge: Merging | None = None
    split: Splitting | None = None
    follow_up: FollowUps | None = None

    def is_problem(self, case_type: str) -> bool:
        """Whether cases of this type are problems."""
        return self.problems is not None and case_type in self.problems.case_types

    def rules(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every rule, with where it stands among the links."""
        parts: dict[tuple[str, ...], Linking | None] = {
            ("problems", "reports"): self.problems.reports if self.problems else None,
            ("duplicates",): self.duplicates,
            ("merge",): self.merge,
            ("split",): self.split,
            ("follow_up",): self.follow_up,
        }
        for place, part in parts.items():
            if part is not None and part.when is not None:
                yield place, part.when
