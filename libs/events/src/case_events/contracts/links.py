"""Cases that have to do with each other: what happened between them, and what is asked.

No transaction spans two cases. The case that somebody asks says what it did, and asks the other
by a command of its own; the other takes it, or asks back that it is taken away again.
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
"""`to`: this case points to the other: a report to its problem, a duplicate and a merged case to
the one that goes on, a follow-up and a part to the one that they come from. `from`: it is what
the other points to."""


@contract("case.requested", CASES, label="case_requested", rule_members=("kind",), audience="desk")
class CaseRequested(Event, frozen=True, kw_only=True):
    """This case asked for a new one, which intake numbers: `case` is the id that it will have.

    Without a customer and a contact it is the desk's own: no contact ever sees it.
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
    """This case and another have to do with each other.

    `contact` and `customer` are those of the case that points here; `weight` is that of a problem
    with this report: how many different reporters it has.
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
    """The two have nothing to do with each other any more.

    `reason` says why the other case could not be linked, where nobody asked to take it away.
    """

    kind: LinkKind
    direction: Direction
    case: UUID
    reference: str
    reason: str = ""
    weight: int = 0


@contract("case.merged", CASES, label="case_merged", notice=notice("other"))
class CaseMerged(Event, frozen=True):
    """This case goes on in another: what comes for it goes there from now on. `status` is the
    one that it had."""

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
    """This case lives again by itself. `reason` says why the other could not take it, where
    nobody asked to undo it."""

    case: UUID
    reference: str
    reason: str = ""


@contract("case.comment-passed-on", CASES, label="comment_passed_on", informs=True, audience="desk")
class CommentPassedOn(Event, frozen=True):
    """Something was written on this case, and belongs to the case in which it goes on: there it
    is the comment `comment`. `author` is the side that wrote."""

    comment: str
    author: str
    case: UUID
    reference: str


@contract("case.watchers-joined", CASES, label="watchers_joined", audience="desk")
class WatchersJoined(Event, frozen=True, kw_only=True):
    """Who follows a case that goes on here hears of this one too: these from now on, instead of
    whom was named of that case before; nobody any more, once it lives by itself again.

    `watchers` are named as in `WatcherAdded`. They see no more of this case than they did.
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
    """The problem that this case reports was solved. `solution` is the id of that moment."""

    case: UUID
    reference: str
    solution: str


class NewPart(Struct, frozen=True, omit_defaults=True):
    """A case to make of a part of another: its type (empty: the same), title and text, and the
    comments (by their id) that it begins with. `copied` are those comments, as they stand."""

    case_type: str = ""
    comments: tuple[str, ...] = ()
    copied: tuple[CopiedComment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.split-case", COMMANDS, label="split_case", asked_by="agents")
class SplitCase(Command, frozen=True, kw_only=True):
    """Make several new cases of one that is about several things; it stays what it is."""

    parts: tuple[NewPart, ...]


class RelatedCaseCommand(Command, frozen=True, kw_only=True):
    """Something asked of a case about another: `reference` names it, `case` is its id."""

    reference: str
    case: UUID | None = None


@contract("command.merge-case", COMMANDS, label="merge_case", asked_by="agents")
class MergeCase(RelatedCaseCommand, frozen=True, kw_only=True):
    """Let this case go on in another."""


@contract("command.undo-merge", COMMANDS, label="undo_merge", asked_by="agents")
class UndoMerge(Command, frozen=True, kw_only=True):
    """Let a merged case live by itself again, with the status that it had."""


@contract("command.link-case", COMMANDS, label="link_case", asked_by="agents")
class LinkCase(RelatedCaseCommand, frozen=True, kw_only=True):
    """Say that this case reports a problem, or is a duplicate of another."""

    kind: LinkKind


@contract("command.unlink-case", COMMANDS, label="unlink_case", asked_by="agents")
class UnlinkCase(RelatedCaseCommand, frozen=True, kw_only=True):
    """Say that this case and another have nothing to do with each other after all."""

    kind: LinkKind


@contract("command.open-problem", COMMANDS, label="open_problem", asked_by="agents")
class OpenProblem(Command, frozen=True, kw_only=True):
    """Open a new problem, with a title and a text, that this case is the first report of."""

    case_type: str = ""
    personal: WrittenContent = WrittenContent()


@contract("command.request-follow-up", COMMANDS, label="request_follow_up", asked_by="anybody")
class RequestFollowUp(Command, frozen=True, kw_only=True):
    """Open a new case that goes on where this one, which has ended, stopped."""

    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


class InterCaseCommand(Command, frozen=True, kw_only=True):
    """What one case asks of another: workflow alone publishes it. `case` and `reference` name
    the case that asks."""

    case: UUID
    reference: str


@contract("command.take-link", COMMANDS, label="take_link", asked_by="cases")
class AcceptLink(InterCaseCommand, frozen=True, kw_only=True):
    """Record the other side of a link. The contact, customer and type are those of who asks."""

    kind: LinkKind
    direction: Direction
    case_type: str = ""
    contact: str = ""
    customer: str = ""


@contract("command.drop-link", COMMANDS, label="drop_link", asked_by="cases")
class RemoveLink(InterCaseCommand, frozen=True, kw_only=True):
    """Take a link away: it was ended on the other side, or could not be taken there, and why."""

    kind: LinkKind
    direction: Direction
    reason: str = ""


@contract("command.take-comment", COMMANDS, label="take_comment", asked_by="cases")
class ForwardComment(InterCaseCommand, frozen=True, kw_only=True):
    """Take over what was written on a case that goes on here."""

    comment: str
    author: str
    public: bool
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: WrittenContent = WrittenContent()


@contract("command.take-watchers", COMMANDS, label="take_watchers", asked_by="cases")
class ForwardWatchers(InterCaseCommand, frozen=True, kw_only=True):
    """Tell who follows the case that goes on here of this one too; all of them are named."""

    watchers: tuple[str, ...] = ()
    personal: WatcherDetails = WatcherDetails()


@contract("command.take-solution", COMMANDS, label="take_solution", asked_by="cases")
class ForwardSolution(InterCaseCommand, frozen=True, kw_only=True):
    """Tell the contact of this case that the problem it reports was solved, and how.

    `passed_on`: another case that goes on here reports it.
    """

    solution: str
    passed_on: bool = False
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()
