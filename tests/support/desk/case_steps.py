"""A case in a scenario: the actions of people, and the state of the case."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    SetFields,
)
from case_events.contracts.links import (
    LinkCase,
    MergeCase,
    NewPart,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
    UnlinkCase,
)
from case_events.contracts.parts import LinkKind, WrittenContent

from tests.support.desk.mails import Letter, answering
from tests.support.desk.progress_steps import Progresses
from tests.support.desk.values import Answer, CaseResponse, ClockResponse, Entry, File, Person
from tests.support.desk.work_steps import Accounted, Approving, Working

if TYPE_CHECKING:
    from tests.support.desk.scenario import Arrival, Desk


class Case(Accounted):
    """A case as the auditor of its desk sees it, with nothing left out."""

    def __init__(self, desk: "Desk", reference: str) -> None:
        self.desk, self.reference = desk, reference

    def __repr__(self) -> str:
        return f"<case {self.reference}>"

    def agent(self, who: Person) -> "AtDesk":
        """An agent who works on this case."""
        return AtDesk(self, who)

    def contact(self, who: Person) -> "Correspondent":
        """A contact who works on this case."""
        return Correspondent(self, who)

    @property
    def shown(self) -> CaseResponse:
        """The current state of the case."""
        shown = self.seen_by(self.desk.auditor)
        assert shown is not None, f"there is no case {self.reference}"
        return shown

    @property
    def status(self) -> str:
        return self.shown.status

    @property
    def priority(self) -> str:
        return self.shown.priority

    @property
    def history(self) -> list[Entry]:
        """Every event, in order."""
        return self.history_for(self.desk.auditor)

    def history_for(self, who: Person) -> list[Entry]:
        """Every event that a person may see, in order."""
        history = self.desk.driver.history(who, self.reference)
        assert history is not None, f"{self.reference} does not exist for {who.id}"
        return history

    def seen_by(self, who: Person) -> CaseResponse | None:
        """The case as a person sees it; None if it does not exist for them."""
        return self.desk.driver.case(who, self.reference)

    def file_for(self, who: Person, sha256: str) -> bytes | None:
        """An attachment, as a person downloads it."""
        return self.desk.driver.file(who, self.reference, sha256)

    def events(self, *types: str) -> list[Entry]:
        """The events of these types, in order."""
        return [entry for entry in self.history if entry.type in types]

    def event(self, kind: str) -> Entry:
        """The only event of a type."""
        found = self.events(kind)
        assert len(found) == 1, f"{self.reference} has {len(found)} of {kind}: {self.story}"
        return found[0]

    @property
    def story(self) -> list[str]:
        """The types of all events, in order."""
        return [entry.type for entry in self.history]

    @property
    def comments(self) -> list[str]:
        """The texts of all comments, in order."""
        return [entry.text for entry in self.events("comment_added")]

    @property
    def clocks(self) -> dict[str, ClockResponse]:
        """The clocks by target."""
        return {clock.target: clock for clock in self.shown.clocks}

    def linked(self, kind: str, direction: str, to: Person | None = None) -> list["Case"]:
        """The cases that are linked to it in this way, as the auditor or the named person sees
        them."""
        shown = self.shown if to is None else self.seen_by(to)
        links = shown.links if shown is not None else []
        return [
            Case(self.desk, link.reference)
            for link in links
            if (link.kind, link.direction) == (kind, direction)
        ]

    def due(self, target: str) -> datetime | None:
        """The due of a target; None while its clock does not run."""
        return self.clocks[target].due

    @property
    def escalations(self) -> list[tuple[str, int]]:
        """The escalation levels that were raised, with their targets, in order."""
        raised = self.events("escalation_raised")
        return [(entry.what["target"], entry.what["level"]) for entry in raised]

    @property
    def flaws(self) -> list[str]:
        """The errors in its hash chain."""
        return self.desk.driver.flaws(self.desk.auditor.tenant, self.reference)

    def mails_to(self, who: Person | str, notice: str = "") -> list[Letter]:
        """The mails about this case that a person got, oldest first."""
        return self.desk.mails_to(who, notice, self.reference)

    def mail_to(self, who: Person | str, notice: str = "") -> Letter:
        """The only mail of that kind about this case that a person got."""
        return self.desk.mail_to(who, notice, self.reference)


class AtCase(Progresses):
    """A person who works on a case. The test fails if an action is refused; `tries` returns the
    refusal instead."""

    def __init__(self, case: Case, who: Person, strict: bool = True) -> None:
        self.case, self.who, self._strict = case, who, strict

    @property
    def tries(self) -> Self:
        """The same person, whose actions may be refused."""
        return type(self)(self.case, self.who, strict=False)

    def asks_for(self, command: Command, files: Sequence[File] = ()) -> Answer:
        """Send a command."""
        answer = self.case.desk.driver.ask(self.who, self.case.reference, command, files)
        assert not self._strict or answer.status in ("done", "unchanged"), (
            f"{self.who.id} was refused {command}: {answer}"
        )
        return answer

    def takes_step(self, step: str, text: str = "", seen: int = 0, **fields: str) -> Answer:
        """Take a step of the definition."""
        words = WrittenContent(text=text)
        command = ChangeStatus(transition=step, fields=fields, personal=words, seen=seen)
        return self.asks_for(command)

    def comments(self, text: str, files: Sequence[File] = ()) -> Answer:
        """Write a public comment on the case."""
        return self.asks_for(AddComment(public=True, personal=WrittenContent(text=text)), files)

    def asks_follow_up(self, text: str, title: str = "") -> Answer:
        """Ask for a new case that continues this one, which has ended."""
        return self.asks_for(RequestFollowUp(personal=WrittenContent(text=text, title=title)))

    def fills_in(self, **fields: str) -> Answer:
        """Fill in or change fields."""
        return self.asks_for(SetFields(fields=fields))

    def replies_by_mail(
        self,
        text: str,
        *,
        to: Letter | None = None,
        by: str = "thread",
        attachments: Sequence[File] = (),
    ) -> "Arrival":
        """Answer the person's last mail about the case, or the given one.

        `by` says how the answer finds its case: by the `token` of the reply address and everything
        else that a mail program sends, only by the `thread`, or only by the `subject`.
        """
        desk = self.case.desk
        letter = to or self.case.mails_to(self.who)[-1]
        quoted = "".join(f"> {line}\n" for line in letter.text.splitlines())
        subject = letter.subject if by != "thread" else "Re: our telephone call"
        return desk.mail_from(
            self.who,
            subject if subject.startswith("Re: ") else f"Re: {subject}",
            f"{text}\n\nOn Monday the desk wrote:\n{quoted}",
            attachments=attachments,
            headers=answering(letter) if by != "subject" else None,
            to=letter.reply_to if by == "token" else "",
        )


class AtDesk(Working, AtCase):
    """An agent."""

    def takes_up(self) -> Answer:
        return self.takes_step("take_up")

    def asks(self, text: str) -> Answer:
        return self.takes_step("ask", text)

    def resumes(self) -> Answer:
        return self.takes_step("resume")

    def holds(self, text: str = "") -> Answer:
        return self.takes_step("hold", text)

    def ends_hold(self) -> Answer:
        return self.takes_step("unhold")

    def hands_over(self, text: str = "") -> Answer:
        return self.takes_step("hand_over", text)

    def takes_back(self) -> Answer:
        return self.takes_step("take_back")

    def resolves(self, text: str, cause: str) -> Answer:
        return self.takes_step("resolve", text, cause=cause)

    def notes(self, text: str, files: Sequence[File] = ()) -> Answer:
        """Write an internal note."""
        return self.asks_for(AddComment(public=False, personal=WrittenContent(text=text)), files)

    def assigns(self, team: str, to: Person | None = None) -> Answer:
        """Assign the case to a team, or to an agent of the team."""
        return self.asks_for(AssignCase(team=team, agent=to.id if to else ""))

    def assesses(self, **axes: str) -> Answer:
        """Set the priority by a choice on each axis of the matrix."""
        return self.asks_for(AssessPriority(axes=axes))

    def sets_priority(self, priority: str, seen: int = 0) -> Answer:
        return self.asks_for(AssessPriority(priority=priority, seen=seen))

    def classifies(self, case_type: str) -> Answer:
        return self.asks_for(ClassifyCase(case_type=case_type))

    def links(self, to: Case, kind: LinkKind = "problem") -> Answer:
        """State that the case reports a problem, or is a duplicate."""
        return self.asks_for(LinkCase(kind=kind, reference=to.reference))

    def unlinks(self, other: Case, kind: LinkKind = "problem") -> Answer:
        """Remove the link between the two cases."""
        return self.asks_for(UnlinkCase(kind=kind, reference=other.reference))

    def merges(self, into: Case) -> Answer:
        """Merge the case into another case."""
        return self.asks_for(MergeCase(reference=into.reference))

    def undoes_merge(self) -> Answer:
        """Undo the merge of the case."""
        return self.asks_for(UndoMerge())

    def splits(self, *parts: NewPart) -> Answer:
        """Split the case into several cases."""
        return self.asks_for(SplitCase(parts=parts))

    def opens_problem(self, title: str, text: str = "") -> Answer:
        """Open a problem. This case is its first report."""
        return self.asks_for(OpenProblem(personal=WrittenContent(title=title, text=text)))


class Correspondent(Approving, AtCase):
    """A contact."""

    def agrees(self) -> Answer:
        return self.takes_step("agree")

    def rejects(self, text: str) -> Answer:
        return self.takes_step("reject", text)

    def closes(self) -> Answer:
        return self.takes_step("close")

    def cancels(self) -> Answer:
        return self.takes_step("cancel")
