"""The language of the acceptance tests: what people do with a desk, and what they see of it.

One text serves two worlds. A `Driver` is the whole platform in one process with a virtual clock, or
the running platform. All input and output uses the same entry points as people do.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Protocol

from case_events.contracts.commands import Command
from case_events.contracts.refusals import Refused
from case_events.envelope import Record

from tests.support.desk.case_steps import AtDesk, Case, Correspondent
from tests.support.desk.mails import Letter, compose
from tests.support.desk.values import (
    AccountResponse,
    Answer,
    ArticleResponse,
    CaseResponse,
    Delivery,
    Entry,
    File,
    Form,
    Person,
    Sent,
    TopicResponse,
    WaitingResponse,
)
from tests.support.desk.visitors import Visitor


class Driver(Protocol):
    """A world for scenarios. After each call the world is at rest, as far as time allows."""

    def now(self) -> datetime: ...
    def pass_until(self, at: datetime) -> None:
        """Let time pass. Raises NotImplementedError in a world with real time."""

    def stop(self, service: str) -> None:
        """Kill a service as by SIGKILL. Input to its entry points is still stored."""

    def start(self, service: str) -> None:
        """Start a killed service again."""

    def deliver(self, raw: bytes, sender: str, to: Sequence[str]) -> Delivery:
        """Pass a mail to the SMTP listener, with its envelope."""

    def create(self, who: Person, form: Form) -> str | list[Answer]:
        """Fill in a form: the reference of the case, or all of its mistakes."""

    def ask(self, who: Person, reference: str, command: Command, files: Sequence[File]) -> Answer:
        """Send a command to a case, by the API."""

    def case(self, who: Person, reference: str) -> CaseResponse | None:
        """A case as a person sees it; None if it does not exist for them."""

    def history(self, who: Person, reference: str) -> list[Entry] | None: ...
    def account(self, who: Person, reference: str, at: datetime | None) -> AccountResponse | None:
        """The account of approvals and work, as known at a time; now by default."""

    def file(self, who: Person, reference: str, sha256: str) -> bytes | None: ...
    def references(self, who: Person, view: str) -> list[str]:
        """The cases in a person's overview, in its order."""

    def invite(self, who: Person, contact: str) -> Answer:
        """Invite a contact to the portal, by the API."""

    def visitor(self) -> Visitor:
        """A person who opens the portal in a browser of their own."""

    def suggestions(self, who: Person, form: Form) -> list[str]:
        """The articles that are suggested to a person who has typed this far, best first."""

    def articles(self, who: Person, search: str) -> list[str]:
        """The articles that a person finds in the knowledge base, best first."""

    def article(self, who: Person, article: str) -> ArticleResponse | None:
        """An article as a person reads it; None if it does not exist for them."""

    def topics(self, who: Person, query: Mapping[str, str]) -> list[TopicResponse] | None:
        """The most reported topics; None for a person without reports."""

    def waiting(self, who: Person, decision: str) -> list[WaitingResponse] | None:
        """The cases that wait for a decision, by rank; None for people who may not see them."""

    def sent(self) -> list[Sent]:
        """Every mail that was sent since the scenario began, oldest first."""

    def refusals(self) -> list[Record]:
        """Every refusal that was stored since the scenario began, oldest first."""

    def arrived(self, tenant: str, sha256: str) -> bytes | None:
        """The raw input in the blob store."""

    def flaws(self, tenant: str, reference: str) -> list[str]:
        """The errors in the hash chain of a case."""


class Desk:
    """A tenant's desk, its contacts and its mailbox. Tests read as `auditor`."""

    def __init__(self, driver: Driver, address: str, auditor: Person) -> None:
        self.driver, self.address, self.auditor = driver, address, auditor
        self._mails = 0

    @property
    def now(self) -> datetime:
        """The current time."""
        return self.driver.now()

    def it_is(self, moment: str) -> None:
        """Let time pass until a given time (ISO 8601 with offset)."""
        self.driver.pass_until(datetime.fromisoformat(moment))

    def time_passes(self, days: float = 0, hours: float = 0, minutes: float = 0,
                    seconds: float = 0) -> None:  # fmt: skip
        """Let time pass."""
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self.driver.pass_until(self.now + span)

    def mail_from(
        self,
        sender: Person | str,
        subject: str = "The screen stays black",
        text: str = "Since this morning nothing works.",
        *,
        html: str = "",
        attachments: Sequence[File] = (),
        headers: Mapping[str, str] | None = None,
        to: str = "",
        envelope_from: str | None = None,
    ) -> "Arrival":
        """A person writes a mail to the desk."""
        address = sender if isinstance(sender, str) else sender.address
        raw = compose(
            address, to or self.address, subject, text,
            at=self.now, message_id=self.new_message_id(), html=html, files=attachments,
            headers=headers,
        )  # fmt: skip
        return self.mail(raw, address if envelope_from is None else envelope_from, to)

    def mail(self, raw: bytes, envelope_from: str, to: str = "") -> "Arrival":
        """A raw mail arrives."""
        recipients = [to or self.address]
        return Arrival(self, raw, envelope_from, recipients, self.driver.deliver(
            raw, envelope_from, recipients
        ))  # fmt: skip

    def new_message_id(self) -> str:
        """A Message-ID that no other mail has."""
        self._mails += 1
        return f"<{self.now.timestamp():.6f}.{self._mails}@a-mail-program.example>"

    def form_from(self, who: Person, form: Form) -> "Case":
        """A person fills in a form in the portal, or an agent does so for a contact who calls."""
        made = self.driver.create(who, form)
        assert isinstance(made, str), f"the form was refused: {made}"
        return self.case(made)

    def refused_form_from(self, who: Person, form: Form) -> list[Answer]:
        """The mistakes of a form that cannot be accepted."""
        made = self.driver.create(who, form)
        assert not isinstance(made, str), f"the form was accepted: {made}"
        return made

    def case(self, reference: str) -> "Case":
        """The case with this reference."""
        return Case(self, reference)

    def cases_of(self, who: Person, view: str = "all") -> list[str]:
        """The references in a person's overview: `active`, `closed` or `all`."""
        return self.driver.references(who, view)

    def suggests(self, who: Person, case_type: str, title: str, text: str = "") -> list[str]:
        """The articles that are suggested to a person while they type a case, best first."""
        form = Form(case_type=case_type, values={"title": title, "description": text})
        return self.driver.suggestions(who, form)

    def finds(self, who: Person, words: str) -> list[str]:
        """The articles that a person finds, best first."""
        return self.driver.articles(who, words)

    def article_for(self, who: Person, article: str) -> ArticleResponse | None:
        """An article as a person reads it; None if it does not exist for them."""
        return self.driver.article(who, article)

    def topics(self, who: Person, **query: str) -> list[TopicResponse] | None:
        """The most reported topics; None for a person without reports."""
        return self.driver.topics(who, query)

    def waiting_for(self, who: Person, decision: str) -> list[WaitingResponse]:
        """The cases that wait for a decision, as a person sees them, most points first."""
        found = self.driver.waiting(who, decision)
        assert found is not None, f"{who.id} does not see what waits for {decision}"
        return found

    def mails_to(self, who: Person | str, notice: str = "", about: str = "") -> list[Letter]:
        """The mails that a person got, oldest first; only of one notice, or about one reference, if
        given."""
        address = who if isinstance(who, str) else who.address
        letters = [Letter(sent) for sent in self.driver.sent() if sent.to == address]
        return [
            letter for letter in letters
            if notice in ("", letter.notice) and about in letter.subject
        ]  # fmt: skip

    def mail_to(self, who: Person | str, notice: str = "", about: str = "") -> Letter:
        """The only mail of that kind that a person got."""
        found = self.mails_to(who, notice, about)
        assert len(found) == 1, f"{who} got {self.mails_to(who)}"
        return found[0]

    def refusals(self, code: str = "") -> list[Record]:
        """The refusals that were stored; only those with the code, if given."""
        kept = [one for one in self.driver.refusals() if isinstance(one.data, Refused)]
        return [one for one in kept if code in ("", getattr(one.data, "code", ""))]

    def stops(self, service: str) -> None:
        """Kill a service. Input to its entry points is still stored."""
        self.driver.stop(service)

    def starts(self, service: str) -> None:
        """Start the service again. It continues where it was."""
        self.driver.start(service)


class Arrival:
    """A mail that was passed to the desk."""

    def __init__(self, desk: Desk, raw: bytes, envelope_from: str, to: Sequence[str],
                 delivery: Delivery) -> None:  # fmt: skip
        self._desk, self.raw, self._from, self._to = desk, raw, envelope_from, to
        self.delivery = delivery

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(message_from_bytes(self.raw, policy=default)["Message-ID"]).strip()

    @property
    def taken(self) -> bool:
        """Whether the listener acknowledged the mail."""
        return self.delivery.code == 250

    @property
    def has_case(self) -> bool:
        """Whether it belongs to a case."""
        return self.delivery.reference != ""

    @property
    def case(self) -> Case:
        """The case that the mail made, or to which it is a reply."""
        assert self.has_case, f"this mail made no case: {self._desk.refusals()}"
        return self._desk.case(self.delivery.reference)

    def again(self, body: bytes | None = None) -> "Arrival":
        """The same mail once more; with another body, if given."""
        head = self.raw.partition(b"\r\n\r\n")[0]
        raw = self.raw if body is None else head + b"\r\n\r\n" + body
        return self._desk.mail(raw, self._from, self._to[0])


__all__ = ["Arrival", "AtDesk", "Case", "Correspondent", "Desk", "Driver"]
