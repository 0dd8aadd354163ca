"""Links between cases: their events, and the commands of people and of other cases.

No transaction spans two cases. The first case records its own side, and sends a command to the
other case. That case records its side, or sends a command back that undoes the first.
"""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import Trigger, notice
from case_events.contracts.parts import (
    Attachment,
    CopiedComment,
    LinkKind,
    SubmittedContent,
    WatcherDetails,
    WrittenContent,
)
from case_events.topics import CASES, COMMANDS

Direction = Literal["to", "from"]
"""The direction of a link. `to`: this case points to the other one: a report to its problem, a
duplicate or merged case to the remaining case, a follow-up or a part to its origin. `from`: the
other case points to this one."""


@contract("case.requested", CASES, label="case_requested", rule_members=("kind",), audience="desk")
class CaseRequested(Event, frozen=True, kw_only=True):
    """This case requested a new one, which intake numbers. `case` is the id of the new case.

    A case without a customer and a contact is internal to the desk: contacts never see it.
    """

    case: UUID
    reference: str
    kind: LinkKind
    case_type: str
    customer: str = ""
    contact: str = ""
    fields: dict[str, str] = {}
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: SubmittedContent = SubmittedContent()
    copied: tuple[CopiedComment, ...] = ()


@contract(
    "case.linked",
    CASES,
    label="case_linked",
    triggers=(Trigger(name="linked"),),
    notice=notice("other", "weight", audience="desk"),
    rule_members=("kind",),
    audience="desk",
)
class CaseLinked(Event, frozen=True, kw_only=True):
    """This case and another one were linked.

    `contact` and `customer` are those of the case that points here. `weight` is the number of
    distinct reporters of a problem, including this report.
    """

    kind: LinkKind
    direction: Direction
    case: UUID
    reference: str
    contact: str = ""
    customer: str = ""
    weight: int = 0


@contract(
    "case.unlinked",
    CASES,
    label="case_unlinked",
    notice=notice("other", "weight", audience="desk"),
    rule_members=("kind", "reason"),
    audience="desk",
)
class CaseUnlinked(Event, frozen=True, kw_only=True):
    """This case and another one are not linked any more.

    `reason` says why the other case could not be linked, if no person removed the link.
    """

    kind: LinkKind
    direction: Direction
    case: UUID
    reference: str
    reason: str = ""
    weight: int = 0


@contract("case.merged", CASES, label="case_merged", notice=notice("other"))
class CaseMerged(Event, frozen=True):
    """This case was merged into another one, which receives everything that comes for it. `status`
    is its status before the merge."""

    case: UUID
    reference: str
    status: str


@contract(
    "case.merge-undone",
    CASES,
    label="merge_undone",
    notice=notice("other"),
    rule_members=("reason",),
)
class MergeUndone(Event, frozen=True):
    """The merge of this case was undone. `reason` says why the other case could not be merged with,
    if no person undid the merge."""

    case: UUID
    reference: str
    reason: str = ""


@contract("case.comment-passed-on", CASES, label="comment_passed_on", informs=True, audience="desk")
class CommentPassedOn(Event, frozen=True):
    """A comment on this merged case was passed on to the case that it was merged into, where its id
    is `comment`. `author` is the side that wrote it."""

    comment: str
    author: str
    case: UUID
    reference: str


@contract("case.watchers-joined", CASES, label="watchers_joined", audience="desk")
class WatchersJoined(Event, frozen=True, kw_only=True):
    """The watchers of a merged case follow this case too. They replace the earlier watchers of that
    case, and are empty once its merge is undone.

    `watchers` are named as in `WatcherAdded`. They see no more of this case than before.
    """

    case: UUID
    reference: str
    watchers: tuple[str, ...] = ()
    personal: WatcherDetails = WatcherDetails()


@contract(
    "case.problem-solved",
    CASES,
    label="problem_solved",
    triggers=(Trigger(name="problem_solved", needs="links.problems"),),
    notice=notice("other", audience="desk"),
    audience="desk",
)
class ProblemSolved(Event, frozen=True):
    """The problem that this case reports was solved. `solution` is the id of the solution."""

    case: UUID
    reference: str
    solution: str


class NewPart(Struct, frozen=True, omit_defaults=True):
    """A part of a case from which a new case is made: type (empty: the same), title and text, and
    the ids of the comments that it copies. `copied` are these comments."""

    case_type: str = ""
    comments: tuple[str, ...] = ()
    copied: tuple[CopiedComment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.split-case", COMMANDS, label="split_case", asked_by="agents")
class SplitCase(Command, frozen=True, kw_only=True):
    """Split a case that is about several things into several new cases. The case itself stays."""

    parts: tuple[NewPart, ...]


class RelatedCaseCommand(Command, frozen=True, kw_only=True):
    """A command about another case: `reference` is its number, `case` its id."""

    reference: str
    case: UUID | None = None


@contract("command.merge-case", COMMANDS, label="merge_case", asked_by="agents")
class MergeCase(RelatedCaseCommand, frozen=True, kw_only=True):
    """Merge this case into another one."""


@contract("command.undo-merge", COMMANDS, label="undo_merge", asked_by="agents")
class UndoMerge(Command, frozen=True, kw_only=True):
    """Undo the merge of this case, which gets its earlier status."""


@contract("command.link-case", COMMANDS, label="link_case", asked_by="agents")
class LinkCase(RelatedCaseCommand, frozen=True, kw_only=True):
    """Link this case to another one, as a report of a problem or as a duplicate."""

    kind: LinkKind


@contract("command.unlink-case", COMMANDS, label="unlink_case", asked_by="agents")
class UnlinkCase(RelatedCaseCommand, frozen=True, kw_only=True):
    """Remove the link between this case and another one."""

    kind: LinkKind


@contract("command.open-problem", COMMANDS, label="open_problem", asked_by="agents")
class OpenProblem(Command, frozen=True, kw_only=True):
    """Open a new problem with a title and a text, of which this case is the first report."""

    case_type: str = ""
    personal: WrittenContent = WrittenContent()


@contract("command.request-follow-up", COMMANDS, label="request_follow_up", asked_by="anybody")
class RequestFollowUp(Command, frozen=True, kw_only=True):
    """Open a new case that follows up this case, which has ended."""

    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


class InterCaseCommand(Command, frozen=True, kw_only=True):
    """A command of one case to another, which only workflow publishes. `case` and `reference` name
    the case that sends it."""

    case: UUID
    reference: str


@contract("command.take-link", COMMANDS, label="take_link", asked_by="cases")
class AcceptLink(InterCaseCommand, frozen=True, kw_only=True):
    """Record the other side of a link. Contact, customer and type are those of the sending case."""

    kind: LinkKind
    direction: Direction
    case_type: str = ""
    contact: str = ""
    customer: str = ""


@contract("command.drop-link", COMMANDS, label="drop_link", asked_by="cases")
class RemoveLink(InterCaseCommand, frozen=True, kw_only=True):
    """Remove a link that was removed on the other side, or that could not be recorded there, with
    the reason."""

    kind: LinkKind
    direction: Direction
    reason: str = ""


@contract("command.take-comment", COMMANDS, label="take_comment", asked_by="cases")
class ForwardComment(InterCaseCommand, frozen=True, kw_only=True):
    """Add a comment that was written on a case which was merged into this one."""

    comment: str
    author: str
    public: bool
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: WrittenContent = WrittenContent()


@contract("command.take-watchers", COMMANDS, label="take_watchers", asked_by="cases")
class ForwardWatchers(InterCaseCommand, frozen=True, kw_only=True):
    """Name all watchers of the merged case, who follow this case from now on."""

    watchers: tuple[str, ...] = ()
    personal: WatcherDetails = WatcherDetails()


@contract("command.take-solution", COMMANDS, label="take_solution", asked_by="cases")
class ForwardSolution(InterCaseCommand, frozen=True, kw_only=True):
    """Tell the contact of this case that the problem it reports was solved, and how.

    `passed_on`: a case that was merged into this one reports it.
    """

    solution: str
    passed_on: bool = False
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()
