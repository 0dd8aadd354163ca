"""Links between cases, and their effects."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from case_definition.schema.model import DefinitionModel, Name, Rule
from case_definition.vocabulary import Capacity


class Linking(DefinitionModel):
    """Who may link cases in one way, and which cases."""

    case_types: tuple[Name, ...] = ()
    """The case types that may be linked; default: all."""
    when: Rule | None = None
    """Who may link them, and in which state of the case."""

    def is_for(self, case_type: str) -> bool:
        """Whether it applies to cases of this type."""
        return not self.case_types or case_type in self.case_types


class Problems(DefinitionModel):
    """Cases with one cause are linked to one problem, which is visible to agents only."""

    case_types: tuple[Name, ...] = Field(min_length=1)
    """The case types that are problems. No contact ever sees one."""
    reports: Linking = Linking()
    """Who may say that a case reports a problem, and which cases."""
    weight: Literal["contacts", "customers"] = "contacts"
    """What the weight of a problem counts: different contacts, or different customers."""
    solved_in: tuple[Name, ...] = Field(min_length=1)
    """The statuses of a problem in which all its reports are informed: each gets the text that came
    with the step, and the trigger `problem_solved`."""


class Merging(Linking):
    """A case may be merged into another case of the same customer."""

    status: Name
    """The final status of a merged case."""


class Splitting(Linking):
    """A case may be split into several."""

    into: tuple[Name, ...] = ()
    """The case types into which it may be split; default: all except problems."""


class FollowUps(Linking):
    """A case that has ended may get a follow-up, a new case that continues it."""

    of: tuple[Name, ...] = Field(min_length=1)
    """The final statuses in which a follow-up may be requested."""
    by: tuple[Capacity, ...] = ("contact", "agent")
    case_type: Name | None = None
    """The type of the follow-up; default: that of the first case."""
    replies_to_closed: Literal["follow_up", "refuse"] = "refuse"
    """The effect of a contact's reply by mail to such a case. A refused reply is answered with the
    text `messages.reply_refused`."""


class Links(DefinitionModel):
    """The kinds of links between two cases. A kind that is left out does not exist."""

    problems: Problems | None = None
    duplicates: Linking | None = None
    merge: Merging | None = None
    split: Splitting | None = None
    follow_up: FollowUps | None = None

    def is_problem(self, case_type: str) -> bool:
        """Whether cases of this type are problems."""
        return self.problems is not None and case_type in self.problems.case_types

    def rules(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every rule, with its place among the links."""
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
