"""The portal over ports in memory."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Article
from case_events.contracts.commands import Command
from case_events.contracts.parts import Attachment
from case_events.envelope import Record
from case_events.runtime import Ids, Outbox
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryBlobs, MemoryLog
from case_events.testing.memory.state import State
from case_portal.access.log_ins import LogInService
from case_portal.access.own_account import OwnAccountService
from case_portal.access.service import AccessService
from case_portal.app import make_app
from case_portal.audit.outbox import OutboxAudit
from case_portal.commands.ports import CommandReceipt
from case_portal.core.principal import Principal, Scope
from case_portal.core.problem import Problem
from case_portal.new_case.ports import NewCase, Pass, Submission
from case_portal.portal import Portal
from case_portal.projection import react
from case_portal.read_model.ports import Listing, Page
from case_portal.read_model.view import (
    CaseOutcome,
    CaseView,
    CommandOutcome,
    FoundCase,
    HistoryEntry,
    LinkView,
    RefusalView,
)
from case_portal.refusals.ports import KeptRefusal, RefusalPage
from case_portal.reports.projection import CycleReading
from case_portal.volumes.projection import Turn
from case_portal.web.site import COOKIE
from starlette.testclient import TestClient

from tests.support.wire import codec
from tests.support.world.access import access_in_memory
from tests.support.world.articles import SimulatedArticles
from tests.support.world.held_access import Book
from tests.support.world.portal import whoever
from tests.support.world.portal_app import OneChange
from tests.support.world.reports import SimulatedReports
from tests.support.world.topics import SimulatedTopics
from tests.support.world.volumes import SimulatedCounts
from tests.unit.portal.portal_access import LoggedSecurityEvents, MemoryAccounts
from tests.unit.portal.portal_sample import (
    CASE,
    NOW,
    REFERENCE,
    reference_data,
    sample_history,
)


class MemoryCases:
    """The read models of some histories, made by the reaction itself. As the database does, it
    shows nothing to a request that nobody said whose it is."""

    def __init__(self, reference: Reference, history: Sequence[Record]) -> None:
        self.principal: Principal | None = None
        self.view, self.history_entries = CaseView(), list[HistoryEntry]()
        self.linked: dict[str, LinkView] = {}
        for one in history:
            outcome = react(self.view, one, reference)
            self.view = outcome.state
            self.history_entries += [
                msgspec.json.decode(row.content, type=HistoryEntry)
                for row in outcome.documents
                if row.key.startswith("entry:")
            ]
            self.linked |= {
                row.key: msgspec.json.decode(row.content, type=LinkView)
                for row in outcome.documents
                if row.key.startswith("link:")
            }

    def of(self, principal: Principal) -> "MemoryCases":
        """These cases, read for one principal from now on."""
        self.principal = principal
        return self

    def _exists(self, scope: Scope) -> bool:
        view = self.view
        return (
            self.principal is not None
            and self.principal.tenant == view.tenant
            and not scope.nothing
            and scope.tenant == view.tenant
            and scope.customer in (None, view.customer)
            and scope.contact in (None, view.contact)
            and scope.viewing_agent not in view.hidden_from
        )

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        return Page([FoundCase(CASE, self.view)] if self._exists(scope) else [])

    async def found(self, scope: Scope, reference: str) -> FoundCase | None:
        known = reference.upper() == self.view.reference and self._exists(scope)
        return FoundCase(CASE, self.view) if known else None

    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        return frozenset([one for one in references if await self.found(scope, one)])

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        return [entry for entry in self.history_entries if internal or not entry.internal]

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        one = self.view.decisions.get(decision)
        waits = one is not None and one.state == "asked" and self._exists(scope)
        return [FoundCase(CASE, self.view)] if waits else []

    async def links(self, case: UUID) -> list[LinkView]:
        return list(self.linked.values())


class MemoryRefusals:
    """What the reaction keeps of refusals; the last comes last."""

    def __init__(self, reference: Reference, records: Sequence[Record]) -> None:
        self.kept = [
            msgspec.json.decode(row.content, type=RefusalView)
            for one in records
            for row in react(None, one, reference).documents
            if row.key.startswith("refused:")
        ]

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        found = [
            KeptRefusal(one, REFERENCE if one.case else "")
            for one in reversed(self.kept)
            if one.tenant == scope.tenant
        ]
        first = (page - 1) * size
        return RefusalPage(found[first : first + size], len(found) > first + size)

    async def refusal(self, scope: Scope, refusal: UUID) -> RefusalView | None:
        found = (one for one in self.kept if (one.tenant, one.id) == (scope.tenant, refusal))
        return next(found, None)


class MemoryCommandGateway:
    """Notes what was asked, and gives the answer it was told to give."""

    def __init__(self, answer: CommandOutcome | None = None) -> None:
        self.answer = answer
        self.commands: list[Command] = []

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        self.commands.append(command)
        return CommandReceipt(command=CASE, reference=case.view.reference, answer=self.answer)

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        if command != CASE or principal.id != "bob":
            return None
        return CommandReceipt(command=command, reference=REFERENCE, answer=self.answer)


BEGUN = CaseOutcome(status="done", version=1, reference="CAS-2026-000002")


class MemoryIntake:
    """Notes what came, and answers what it was told to; None: nothing in time."""

    def __init__(self, outcome: CaseOutcome | Problem | None = BEGUN) -> None:
        self.outcome = outcome
        self.cases: list[NewCase] = []
        self.attachments: tuple[Attachment, ...] = ()

    def pass_for(self, principal: Principal) -> Pass:
        return Pass(token=f"pass of {principal.kind}/{principal.id}", expires_at=NOW)

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        self.cases.append(case)
        self.attachments = attachments
        if isinstance(self.outcome, Problem):
            return self.outcome
        return self._submission(case, self.outcome)

    async def submitted(self, principal: Principal, submission: UUID) -> Submission | None:
        if submission != CASE or principal.id != "jan" or isinstance(self.outcome, Problem):
            return None
        return self._submission(self.cases[-1], self.outcome)

    def _submission(self, case: NewCase, outcome: CaseOutcome | None) -> Submission:
        return Submission(id=CASE, case_type=case.case_type, typed=case.typed, outcome=outcome)


DONE = CommandOutcome(status="done", version=8)


def _state(readings: Sequence[tuple[UUID, CycleReading]]) -> State:
    state = State()
    for place, (case, reading) in enumerate(readings, 1):
        key = f"reading:{reading.target}:{reading.cycle:06}:{place:08}"
        state.documents[case, key] = msgspec.json.encode(reading)
    return state


def portal_of_desk(
    history: Sequence[Record] = (),
    answer: CommandOutcome | None = DONE,
    intake: MemoryIntake | None = None,
    cases: Any = None,
    refused: Sequence[Record] = (),
    readings: Sequence[tuple[UUID, CycleReading]] = (),
    *,
    shelf: Sequence[Article] = (),
    views: Sequence[CaseView] = (),
    turns: tuple[Turn, ...] = (),
    reference: Reference | None = None,
    loaded: Callable[[], bool] = lambda: True,
) -> Portal:
    """The portal over ports in memory; the hour is ten o'clock."""
    reference = reference or reference_data()
    desk, book, log = MemoryCommandGateway(answer), Book(), MemoryLog(NOW)
    outbox = Outbox("portal", log, Ids(Random(1)), 4, codec, lambda: None)
    parts = access_in_memory(outbox, reference, lambda: NOW, SECRET, "https://portal.example", book)
    accounts = parts["credentials"] = MemoryAccounts(book)
    return Portal(
        cases=(cases or MemoryCases(reference, history or sample_history())).of,
        refusals=whoever(MemoryRefusals(reference, refused)),
        reports=whoever(SimulatedReports(_state(readings))),
        articles=whoever(SimulatedArticles(shelf)),
        topics=whoever(SimulatedTopics(lambda: views)),
        counts=whoever(SimulatedCounts(lambda: [(view, turns) for view in views])),
        accounts=accounts,
        audit=OutboxAudit(outbox),
        access=AccessService(**parts),
        log_ins=LogInService(**parts),
        own_account=OwnAccountService(**parts),
        security=whoever(LoggedSecurityEvents(log, reference)),
        desk=desk,
        api_desk=desk,
        intake=intake or MemoryIntake(),
        files=MemoryBlobs(),
        changes=OneChange(),
        reference=reference,
        loaded=loaded,
        secret=SECRET,
        max_upload=100_000,
        now=lambda: NOW + timedelta(hours=1),
    )


def browser(who: str = "", portal: Portal | None = None) -> TestClient:
    """A browser in which somebody is logged in."""
    client = TestClient(make_app(portal or portal_of_desk()), follow_redirects=False)
    if who:
        client.cookies.set(COOKIE, who)
    return client
