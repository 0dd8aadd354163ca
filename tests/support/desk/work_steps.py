"""The actions of people with approvals and work on a case."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
from case_events.contracts.commands import Command
from case_events.contracts.parts import WrittenContent
from case_events.contracts.work import CorrectWork, LogWork

from tests.support.desk.values import AccountResponse, Answer, File, Person

if TYPE_CHECKING:
    from tests.support.desk.scenario import Desk


class Asks(Protocol):
    """A person who can send a command."""

    def asks_for(self, command: Command, files: Sequence[File] = ()) -> Answer: ...


class Accounted:
    """The account of a case."""

    desk: "Desk"
    reference: str

    def account_for(self, who: Person, at: datetime | None = None) -> AccountResponse:
        """The account as a person sees it, as known at a time."""
        account = self.desk.driver.account(who, self.reference, at)
        assert account is not None, f"{self.reference} does not exist for {who.id}"
        return account

    @property
    def account(self) -> AccountResponse:
        """The current account."""
        return self.account_for(self.desk.auditor)


class Working:
    """An agent who books work. Amounts are in minutes."""

    def logs(
        self: Asks, minutes: int, kind: str, text: str = "Worked.", began: datetime | None = None
    ) -> Answer:
        """Book work; `began` is its beginning, by default so that it ends now."""
        words = WrittenContent(text=text)
        return self.asks_for(LogWork(minutes=minutes, kind=kind, began=began, personal=words))

    def corrects(self: Asks, entry: int, minutes: int | None = None, kind: str = "") -> Answer:
        """Correct an entry of work."""
        words = WrittenContent(text="It was not so.")
        return self.asks_for(CorrectWork(entry=entry, minutes=minutes, kind=kind, personal=words))

    def asks_approval(
        self: Asks,
        approval: str,
        minutes: int,
        text: str = "",
        *,
        estimate: int = 0,
        files: Sequence[File] = (),
    ) -> Answer:
        """Ask the contact to approve work."""
        words = WrittenContent(text=text)
        command = RequestApproval(
            approval=approval, minutes=minutes, estimate=estimate, personal=words
        )
        return self.asks_for(command, files)


class Approving:
    """A contact who is asked to approve."""

    def grants(self: Asks, request: int, minutes: int = 0, text: str = "") -> Answer:
        """Grant a request, or less."""
        words = WrittenContent(text=text)
        return self.asks_for(GrantApproval(request=request, minutes=minutes, personal=words))

    def declines(self: Asks, request: int, text: str = "") -> Answer:
        """Decline a request."""
        return self.asks_for(DeclineApproval(request=request, personal=WrittenContent(text=text)))
